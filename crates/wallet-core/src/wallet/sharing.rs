//! Sharing online and showing in person: every question goes through a PIN of its own.

use super::{Journey, Reply, Wallet, guard};
use crate::consent::{Choices, ConsentPrompt, ProposalDigest};
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::{share, show_in_person};
use crate::keys::{Pin, QuestionId};
use crate::problem::{DataLeft, ProblemCode};
use crate::view::{ChoicesView, ProofView, RequestView, ShareResultView, ShowCodeView, ShowQuestionView};

impl Wallet {
    /// Reads a request and makes its question. The same link again is the same question, without a second fetch.
    ///
    /// # Errors
    /// [`ProblemCode::ServiceAskedWrongly`], [`ProblemCode::AlreadyAnswered`], [`ProblemCode::LinkExpired`] and others.
    pub async fn start_sharing(&self, link: &str, cross_device: bool) -> Reply<RequestView> {
        let open = self.opened()?;
        self.session.asked();
        let prompt = share::start(&self.context(&open), link, cross_device)
            .await
            .map_err(|failure| self.explain(failure))?;
        let view = prompt.request_view().cloned();
        *guard(&self.journey) = Journey::Asking(Box::new(prompt));
        view.ok_or_else(|| self.problem(ProblemCode::SomethingWentWrong, DataLeft::No))
    }

    /// Yes to a question, as it was shown (`digest`), with the PIN typed for it.
    ///
    /// # Errors
    /// [`ProblemCode::WrongPin`] (the question stays), [`ProblemCode::ConsentExpired`], [`ProblemCode::SendingFailed`] with
    /// what is known about whether details left, and others.
    pub async fn share(&self, request: &str, digest: &str, choices: ChoicesView, pin: Pin) -> Reply<ShareResultView> {
        let seen = self.digest(digest)?;
        let choices = Choices::from(choices);
        {
            let prompt = self.prompt(request)?;
            let view = prompt.request_view().cloned();
            self.put_back(prompt);
            if let Some(view) = view {
                check_answerable(&view, &choices).map_err(|failure| self.explain(failure))?;
            }
        }
        let verified = self.verify(pin, QuestionId::new(request)).await?;
        let prompt = self.prompt(request)?;
        let open = self.opened()?;
        let _answering = self.session.answering();
        let result = share::share(&self.context(&open), prompt, &seen, &choices, verified)
            .await
            .map_err(|failure| self.explain(failure))?;
        self.remember_return(&result);
        Ok(result)
    }

    /// No to a question. Needs no PIN; the service is told `access_denied` and nothing else.
    ///
    /// # Errors
    /// [`ProblemCode::ConsentExpired`]; the store's.
    pub async fn decline(&self, request: &str) -> Reply<ShareResultView> {
        let prompt = self.prompt(request)?;
        let open = self.opened()?;
        let result = share::decline(&self.context(&open), prompt)
            .await
            .map_err(|failure| self.explain(failure))?;
        self.remember_return(&result);
        Ok(result)
    }

    /// The address a service offered to go back to after an answer, once.
    pub fn take_return(&self, history: &str) -> Option<String> {
        let mut returns = guard(&self.returns);
        let position = returns.iter().position(|(entry, _)| entry == history)?;
        Some(returns.remove(position).1)
    }

    fn remember_return(&self, result: &ShareResultView) {
        if let Some(uri) = &result.redirect_uri {
            let mut returns = guard(&self.returns);
            returns.clear();
            returns.push((result.history.clone(), uri.clone()));
        }
    }

    /// The open question with this id: the one in hand, or a stored request asked again.
    fn prompt(&self, id: &str) -> Reply<ConsentPrompt> {
        {
            let mut journey = guard(&self.journey);
            match std::mem::take(&mut *journey) {
                Journey::Asking(prompt) if prompt.id().as_str() == id => return Ok(*prompt),
                other => *journey = other,
            }
        }
        let open = self.opened()?;
        share::by_id(&self.context(&open), id).map_err(|failure| self.explain(failure))
    }

    fn put_back(&self, prompt: ConsentPrompt) {
        *guard(&self.journey) = Journey::Asking(Box::new(prompt));
    }

    fn digest(&self, text: &str) -> Reply<ProposalDigest> {
        ProposalDigest::from_hex(text).ok_or_else(|| {
            self.explain(Failure::new(
                ProblemCode::ConsentExpired,
                "not the digest of a question",
            ))
        })
    }

    /// The proofs that can be shown in person.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn proofs(&self) -> Reply<Vec<ProofView>> {
        self.with(show_in_person::proofs)
    }

    /// The question before a code is shown.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`], [`ProblemCode::NothingMatches`].
    pub async fn start_showing(&self, proof: &str, seconds: u32) -> Reply<ShowQuestionView> {
        self.session.asked();
        let prompt = self.with(|context| show_in_person::start(context, proof, seconds))?;
        let view = prompt.show_view().cloned();
        *guard(&self.journey) = Journey::Asking(Box::new(prompt));
        view.ok_or_else(|| self.problem(ProblemCode::SomethingWentWrong, DataLeft::No))
    }

    /// Yes: makes the code. It works from now on for the seconds that were drawn.
    ///
    /// # Errors
    /// [`ProblemCode::WrongPin`] (the question stays), [`ProblemCode::ConsentExpired`].
    pub async fn show(&self, question: &str, digest: &str, pin: Pin) -> Reply<ShowCodeView> {
        let seen = self.digest(digest)?;
        if !matches!(&*guard(&self.journey), Journey::Asking(prompt) if prompt.id().as_str() == question) {
            return Err(self.explain(Failure::new(ProblemCode::ConsentExpired, "no such question is open")));
        }
        let verified = self.verify(pin, QuestionId::new(question)).await?;
        let prompt = self.prompt(question)?;
        let _answering = self.session.answering();
        self.with(|context| show_in_person::show(context, prompt, &seen, verified))
    }
}

/// Refuses what no PIN should be typed for.
fn check_answerable(view: &RequestView, choices: &Choices) -> Outcome<()> {
    if let Some(blocked) = &view.blocked {
        let code = match blocked.code.as_str() {
            "nothing-matches" => ProblemCode::NothingMatches,
            "document-out-of-date" => ProblemCode::DocumentOutOfDate,
            "document-withdrawn" => ProblemCode::DocumentWithdrawn,
            _ => ProblemCode::ServiceNotRecognised,
        };
        return Err(Failure::new(code, &blocked.code));
    }
    if !view.warnings.is_empty() && !choices.despite_warnings {
        let codes: Vec<&str> = view.warnings.iter().map(|warning| warning.code.as_str()).collect();
        return Err(Failure::new(ProblemCode::ServiceNotRecognised, codes.join(", ")));
    }
    Ok(())
}
