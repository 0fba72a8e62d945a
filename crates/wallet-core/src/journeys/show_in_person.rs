//! Show a proof in person: a code that carries an mdoc presentation, for a short time and never online.
//!
//! Nobody can send a nonce, so consent comes first, for anyone who reads the code before it ends. The presentation is bound
//! to a transcript of its own kind with its times in it, so it cannot be used in an online session or after its end.

use wallet_credentials::claim::ClaimPath;
use wallet_credentials::credential::Format;
use wallet_protocols::dcql::HeldCredential as _;

use super::documents::{self, StoredParts};
use super::failure::{Failure, Outcome};
use super::held::{Held, path_view};
use super::share::question::{self, Source};
use super::{Context, IssuerWords};
use crate::age;
use crate::clock::after;
use crate::consent::record::{Channel, Record};
use crate::consent::{
    Choices, ConsentPrompt, DisclosureProposal, Drawn, OfflineTerms, ProposalDigest, ProposedPart, ProposedSet,
    Recipient,
};
use crate::keys::{PinVerified, QuestionId};
use crate::pictures::QrCode;
use crate::problem::{DataLeft, ProblemCode};
use crate::store::documents::{DocumentFormat, StoredDocument};
use crate::store::{StoreError, new_id};
use crate::view::{DocumentState, ProofView, ShowCodeView, ShowQuestionView};
use crate::words::{Arg, Words};

/// For how long a code may work, in seconds.
const SECONDS: std::ops::RangeInclusive<u32> = 30..=600;
/// The ages that can be proved, the least telling first.
const AGES: [u8; 5] = [18, 25, 21, 16, 13];
/// The element that answers the question of the Tobacco and Vapes Act 2026, s. 1. No `age_over_NN` does: it says what was
/// true on a day, and this is true or false for life.
const BORN_BEFORE_2009: &str = "born_before_20090101";
/// How long the question itself stays open, in seconds.
const OPEN: u32 = 10 * 60;
/// The one part of such a question.
const QUERY: &str = "proof";

/// A fact that can be shown in person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// The person is this old or older.
    Age(u8),
    /// The person was born before 1 January 2009.
    BornBefore2009,
}

impl Proof {
    fn all() -> impl Iterator<Item = Self> {
        AGES.into_iter().map(Self::Age).chain([Self::BornBefore2009])
    }

    fn id(self) -> String {
        match self {
            Self::Age(age) => format!("age-{age}"),
            Self::BornBefore2009 => "born-before-2009".to_owned(),
        }
    }

    fn from_id(id: &str) -> Option<Self> {
        Self::all().find(|proof| proof.id() == id)
    }

    fn view(self, context: &Context<'_>, available: bool) -> ProofView {
        let words = Words::for_language(context.language);
        ProofView {
            id: self.id(),
            name: match self {
                Self::Age(age) => words.message("proof-age", &[("age", Arg::Count(u32::from(age)))]),
                Self::BornBefore2009 => words.message("proof-born-before-2009", &[]),
            },
            available,
        }
    }

    /// The element of a document that proves this.
    fn element(self, held: &Held) -> Option<ClaimPath> {
        if held.format() != Format::MsoMdoc {
            return None;
        }
        let claims = held.claims();
        let elements = claims.as_object()?.iter().flat_map(|(space, elements)| {
            let elements = elements.as_object().into_iter().flatten();
            elements.filter_map(move |(name, value)| Some((space.as_str(), name.as_str(), value.as_bool()?)))
        });
        let (space, name) = match self {
            Self::Age(age) => {
                let statements =
                    elements.filter_map(|(space, name, over)| Some((age::stated(name)?, over, (space, name))));
                // A "no" is an answer, and not one anybody shows.
                age::nearest(statements, age)
                    .filter(|(over, _)| *over)
                    .map(|(_, at)| at)?
            }
            Self::BornBefore2009 => elements
                .filter(|(_, name, value)| *value && *name == BORN_BEFORE_2009)
                .map(|(space, name, _)| (space, name))
                .next()?,
        };
        ClaimPath::from_names([space, name]).ok()
    }
}

/// A document that proves something, with the element that does.
struct Prover {
    document: StoredDocument,
    parts: StoredParts,
    held: Held,
    element: ClaimPath,
}

impl Source for Prover {
    fn document(&self) -> &StoredDocument {
        &self.document
    }

    fn parts(&self) -> &StoredParts {
        &self.parts
    }

    fn held(&self) -> &Held {
        &self.held
    }
}

/// Every proof this wallet knows, and whether a document here can give it.
pub(crate) fn proofs(context: &Context<'_>) -> Outcome<Vec<ProofView>> {
    let held = mdocs(context)?;
    Ok(Proof::all()
        .map(|proof| proof.view(context, held.iter().any(|(_, _, h)| proof.element(h).is_some())))
        .collect())
}

/// The mdocs that can be used now.
fn mdocs(context: &Context<'_>) -> Outcome<Vec<(StoredDocument, StoredParts, Held)>> {
    let now = context.now();
    let all = context.store.read::<_, StoreError>(|transaction| {
        let mdocs = transaction
            .documents()?
            .into_iter()
            .filter(|d| d.format == DocumentFormat::Mdoc);
        mdocs
            .map(|d| Ok((documents::parts(transaction, &d)?, d)))
            .collect::<Result<Vec<_>, StoreError>>()
    })?;
    let usable = all.into_iter().filter_map(|(parts, document)| {
        let state = documents::state(&document, now).state;
        if !matches!(
            state,
            DocumentState::Valid | DocumentState::NotChecked | DocumentState::Ending
        ) {
            return None;
        }
        let held = Held::from_store(document.format, &parts.next.as_ref()?.credential).ok()?;
        Some((document, parts, held))
    });
    Ok(usable.collect())
}

/// Makes the question: exactly what anyone who reads the code will see.
pub(crate) fn start(context: &Context<'_>, proof_id: &str, seconds: u32) -> Outcome<ConsentPrompt> {
    let proof = Proof::from_id(proof_id).ok_or_else(|| Failure::new(ProblemCode::NotFound, "no such proof"))?;
    let seconds = seconds.clamp(*SECONDS.start(), *SECONDS.end());
    let mut provers: Vec<Prover> = mdocs(context)?
        .into_iter()
        .filter_map(|(document, parts, held)| {
            let element = proof.element(&held)?;
            Some(Prover {
                document,
                parts,
                held,
                element,
            })
        })
        .collect();
    // The document that says least about the person comes first: fewer elements stand behind the same signature, and a
    // fresh copy cannot be recognised.
    provers.sort_by_key(|prover| {
        let fresh = prover.parts.count.left > 0;
        let size = prover.held.claims().as_object().map_or(0, |spaces| {
            spaces
                .values()
                .filter_map(|elements| elements.as_object())
                .map(serde_json::Map::len)
                .sum()
        });
        (!fresh, size)
    });
    let prover = provers
        .into_iter()
        .next()
        .ok_or_else(|| Failure::new(ProblemCode::NothingMatches, "no document here proves that"))?;
    let (candidate, drawn) = question::propose(context, &prover, std::slice::from_ref(&prover.element), None)?;
    let parts = vec![ProposedPart {
        query: QUERY.to_owned(),
        multiple: false,
        closed: false,
        candidates: vec![candidate],
    }];
    let now = context.now();
    let issued_at = u64::try_from(now.as_second()).map_err(|_| Failure::new(ProblemCode::ClockWrong, "before 1970"))?;
    let question = new_id()?;
    let view = ShowQuestionView {
        id: String::new(),
        digest: String::new(),
        proof: proof.view(context, true),
        document: drawn.document,
        document_name: drawn.name,
        claims: drawn.claims,
        not_shared: drawn.not_shared,
        seconds,
    };
    let terms = OfflineTerms {
        issued_at,
        expires_at: issued_at + u64::from(seconds),
        salt: crate::store::random::<16>()?.to_vec(),
    };
    let record = Record {
        asked: vec![crate::labels::claim_label(
            &prover.document.type_id,
            &path_view(&prover.element),
            IssuerWords::read(&prover.document.metadata)
                .labels(context.language)
                .get(&path_view(&prover.element))
                .as_deref(),
            context.language,
        )],
        channel: Some(Channel::InPerson),
        ..Record::default()
    };
    Ok(ConsentPrompt::new(DisclosureProposal {
        question: QuestionId::new(question),
        request: None,
        party: None,
        recipient: Recipient::AnyoneWhoReads(terms),
        sets: vec![ProposedSet::all_of(&parts)],
        parts,
        agreements: Vec::new(),
        record,
        needs_second_yes: false,
        blocked: false,
        expires_at: after(now, OPEN),
        drawn: Drawn::Show(Box::new(view)),
    }))
}

/// Yes: writes the history, signs, and draws the code. The time begins with the yes.
pub(crate) fn show(
    context: &Context<'_>,
    mut prompt: ConsentPrompt,
    seen: &ProposalDigest,
    pin: PinVerified,
) -> Outcome<ShowCodeView> {
    let now = context.now();
    let drawn = prompt
        .show_view()
        .cloned()
        .ok_or_else(|| Failure::new(ProblemCode::ConsentExpired, "another kind of question"))?;
    let issued_at = u64::try_from(now.as_second()).map_err(|_| Failure::new(ProblemCode::ClockWrong, "before 1970"))?;
    prompt.begin_at(issued_at, drawn.seconds);
    let expires_at = after(now, drawn.seconds);
    let consented = context
        .store
        .write::<_, Failure>(|transaction| Ok(prompt.share(seen, &Choices::default(), pin, transaction, now)?))?;
    let history = consented.history().to_owned();
    let signed = consented
        .sign(&context.keys.holder_keys(), context.store, now)
        .map_err(Failure::from)
        .and_then(|presentation| {
            presentation
                .into_offline()
                .ok_or_else(|| Failure::new(ProblemCode::SomethingWentWrong, "no code was made"))
        });
    let made = signed.and_then(|payload| Ok((QrCode::encode(&payload).map_err(Failure::from)?, payload)));
    let (code, payload) = match made {
        Ok(made) => made,
        Err(failure) => {
            // No code was drawn, so nobody can have read it.
            context.store.write::<_, StoreError>(|transaction| {
                let code = Some(failure.code.as_str());
                Record::append_outcome(transaction, &history, None, DataLeft::No, code, context.now()).map(drop)
            })?;
            return Err(failure.recorded(history));
        }
    };
    Ok(ShowCodeView {
        size: code.size,
        path: code.path,
        version: code.version,
        bytes: u32::try_from(payload.len()).unwrap_or(u32::MAX),
        expires_at: expires_at.to_string(),
        seconds: drawn.seconds,
        proof: drawn.proof,
        claims: drawn.claims,
        history,
        payload,
    })
}
