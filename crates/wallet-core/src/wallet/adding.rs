//! Adding documents: offers, what was received, what was promised.

use std::sync::Arc;

use tokio::sync::Notify;

use super::{BrowserOpener, Journey, ProgressListener, Reply, Wallet, guard};
use crate::journeys::add_document::{self, Arrived};
use crate::journeys::failure::Failure;
use crate::journeys::{documents, provider};
use crate::keys::Pin;
use crate::problem::ProblemCode;
use crate::view::{ArrivedView, DocumentSummary, OfferView, PendingView, ProviderView, ReceivedView};

impl Wallet {
    /// Reads an offer. Adds nothing.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`], [`ProblemCode::LinkExpired`], [`ProblemCode::ServiceUnreachable`].
    pub async fn start_adding(&self, link: &str) -> Reply<OfferView> {
        let open = self.opened()?;
        let context = self.context(&open);
        let adding = add_document::start(&context, link)
            .await
            .map_err(|failure| self.explain(failure))?;
        let view = adding.view(&context);
        *guard(&self.journey) = Journey::Adding(Box::new(adding));
        Ok(view)
    }

    /// Starts from this side: documents of an issuer, by its identifier and their configurations there, to be had by signing
    /// in. Adds nothing.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`], [`ProblemCode::ServiceUnreachable`].
    pub async fn start_adding_at(&self, issuer: &str, configurations: &[String]) -> Reply<OfferView> {
        let open = self.opened()?;
        let context = self.context(&open);
        let adding = add_document::start_at(&context, issuer, configurations)
            .await
            .map_err(|failure| self.explain(failure))?;
        let view = adding.view(&context);
        *guard(&self.journey) = Journey::Adding(Box::new(adding));
        Ok(view)
    }

    /// How pages are opened in the person's browser, for signing in at an issuer; `port` fixes where its answers come to.
    pub fn set_browser(&self, opener: BrowserOpener, port: Option<u16>) {
        self.browser.set(opener, port);
    }

    /// What issuers promised for later.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn promised(&self) -> Reply<Vec<PendingView>> {
        self.with(add_document::promised)
    }

    /// Asks for what was promised: one, or everything whose time has come. What is here waits to be checked, as after
    /// [`Wallet::accept_offer`].
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the first problem with an issuer, when nothing else came of it.
    pub async fn collect(&self, only: Option<&str>) -> Reply<Vec<ArrivedView>> {
        let open = self.opened()?;
        let context = self.context(&open);
        add_document::tell(&context).await;
        let (arrived, failed) = add_document::collect(&context, only)
            .await
            .map_err(|failure| self.explain(failure))?;
        match failed {
            Some(failure) if arrived.iter().all(|one| one.received.is_none()) => Err(self.explain(failure)),
            _ => Ok(arrived.into_iter().map(ArrivedView::from).collect()),
        }
    }

    /// Names the wallet provider, which vouches for this wallet where an issuer wants that.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`], [`ProblemCode::ServiceUnreachable`].
    pub async fn set_provider(&self, url: &str) -> Reply<ProviderView> {
        let open = self.opened()?;
        provider::set(&self.context(&open), url)
            .await
            .map_err(|failure| self.explain(failure))
    }

    /// The wallet provider, as an issuer needs to know it.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`] when none is set; [`ProblemCode::ServiceUnreachable`].
    pub async fn provider(&self) -> Reply<ProviderView> {
        let open = self.opened()?;
        provider::show(&self.context(&open))
            .await
            .map_err(|failure| self.explain(failure))
    }

    /// Accepts an offer and fetches what it offers; with an empty `only`, everything. What arrived is verified and stored as
    /// received; nothing is in the list of documents yet.
    ///
    /// # Errors
    /// [`ProblemCode::WrongCode`] (try again), [`ProblemCode::LinkExpired`], [`ProblemCode::IssuerRefused`],
    /// [`ProblemCode::IssuerNotRecognised`], [`ProblemCode::DocumentNotAsPromised`], [`ProblemCode::Stopped`] and others.
    pub async fn accept_offer(&self, offer: &str, only: Vec<String>, code: Option<TxCode>) -> Reply<ArrivedView> {
        let open = self.opened()?;
        let context = self.context(&open);
        let adding = {
            let mut journey = guard(&self.journey);
            match std::mem::take(&mut *journey) {
                Journey::Adding(adding) if adding.id() == offer => adding,
                other => {
                    *journey = other;
                    drop(journey);
                    return Err(self.explain(Failure::new(ProblemCode::ConsentExpired, "no such offer is open")));
                }
            }
        };
        let stop = Arc::new(Notify::new());
        *guard(&self.fetching) = Some((offer.to_owned(), Arc::clone(&stop)));
        let outcome = tokio::select! {
            outcome = adding.accept(&context, &only, code.map(TxCode::into_lower)) => Some(outcome),
            () = stop.notified() => None,
        };
        *guard(&self.fetching) = None;
        let Some(outcome) = outcome else {
            // Stopped between two steps, as if the program had ended there; what is here already is asked about.
            return match add_document::stopped(&context, offer) {
                Ok(Some(view)) => Ok(ArrivedView {
                    received: Some(view),
                    pending: Vec::new(),
                }),
                Ok(None) => Err(self.explain(Failure::new(ProblemCode::Stopped, "the person stopped it"))),
                Err(failure) => Err(self.explain(failure)),
            };
        };
        match outcome {
            Ok(arrived) => Ok(arrived.into()),
            Err((failure, back)) => {
                if let Some(adding) = back {
                    *guard(&self.journey) = Journey::Adding(adding);
                }
                Err(self.explain(failure))
            }
        }
    }

    /// Keeps what was received, after the person checked it and typed the PIN.
    ///
    /// # Errors
    /// [`ProblemCode::WrongPin`], [`ProblemCode::NotFound`]; the store's.
    pub async fn keep_received(&self, received: &str, pin: Pin) -> Reply<Vec<DocumentSummary>> {
        let verified = self.verify(pin, add_document::keeping(received)).await?;
        let open = self.opened()?;
        let context = self.context(&open);
        let ids = add_document::keep(&context, received, verified).map_err(|failure| self.explain(failure))?;
        add_document::tell(&context).await;
        let all = documents::list(&context).map_err(|failure| self.explain(failure))?;
        Ok(all.into_iter().filter(|document| ids.contains(&document.id)).collect())
    }

    /// Says no to what was received.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the store's.
    pub async fn discard_received(&self, received: &str) -> Reply<()> {
        let open = self.opened()?;
        let context = self.context(&open);
        add_document::discard(&context, received).map_err(|failure| self.explain(failure))?;
        add_document::tell(&context).await;
        Ok(())
    }

    /// What was received and not yet checked: after a kill, the journey goes on here.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn pending_received(&self) -> Reply<Vec<ReceivedView>> {
        self.with(add_document::pending)
    }

    /// Whoever shows the wallet hears from now on how far the getting of a document is.
    pub fn on_adding_progress(&self, listener: ProgressListener) {
        self.progress.listen(listener);
    }

    /// Leaves an offer unanswered; while its documents are fetched, stops that, and `accept_offer` ends with
    /// [`ProblemCode::Stopped`]. What has arrived stays, to be checked.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`].
    pub async fn cancel_adding(&self, offer: &str) -> Reply<()> {
        if let Some((fetching, stop)) = &*guard(&self.fetching)
            && fetching == offer
        {
            stop.notify_one();
        }
        let mut journey = guard(&self.journey);
        if matches!(&*journey, Journey::Adding(adding) if adding.id() == offer) {
            *journey = Journey::None;
        }
        Ok(())
    }
}

/// A transaction code as typed; wiped when dropped.
pub struct TxCode(zeroize::Zeroizing<String>);

impl TxCode {
    /// Takes what was typed.
    #[must_use]
    pub fn new(typed: String) -> Self {
        Self(zeroize::Zeroizing::new(typed))
    }

    fn into_lower(self) -> wallet_protocols::openid4vci::TransactionCode {
        wallet_protocols::openid4vci::TransactionCode::new(&self.0)
    }
}

impl From<Arrived> for ArrivedView {
    fn from(arrived: Arrived) -> Self {
        Self {
            received: arrived.received,
            pending: arrived.pending,
        }
    }
}
