//! What is seen of a request for details, and of its end.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ClaimView, DocumentKind, PartyView, PathView, StatusView, WarningView};
use crate::problem::DataLeft;

/// One thing that was asked for, and what could answer it.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct AskView {
    /// Id of the DCQL query.
    pub query: String,
    /// The person may leave it out.
    pub optional: bool,
    /// Why it is asked, where the service said so for this part.
    pub why: Option<String>,
    /// Several documents may answer it together.
    pub multiple: bool,
    /// What is wrong with asking it, of a part that may be left out.
    pub caution: Option<WarningView>,
    /// It stays left out, whatever the person chooses.
    pub closed: bool,
    /// What could answer, the one proposed first: a document for each set of details the service accepts.
    pub candidates: Vec<CandidateView>,
}

/// Parts of a request that stand for each other: one of the options is enough.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct SetView {
    /// One option must be answered; otherwise the person may leave all of them out.
    pub required: bool,
    /// The options that can be answered, the one proposed first.
    pub options: Vec<OptionView>,
}

/// One way of answering a set.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct OptionView {
    /// Ids of the DCQL queries that are answered together.
    pub queries: Vec<String>,
    /// How many details it would share.
    pub details: u32,
    /// No other option of the set shares less, and one shares more.
    pub shares_least: bool,
}

/// A document that would answer.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct CandidateView {
    /// Id of the document.
    pub document: String,
    /// Which of the sets of details the service accepts this is, where it accepts several.
    pub claim_set: Option<u32>,
    /// Its kind.
    pub kind: DocumentKind,
    /// Its name.
    pub name: String,
    /// Exactly what would be shared from it.
    pub claims: Vec<ClaimView>,
    /// Labels of what is in it and would not be shared.
    pub not_shared: Vec<String>,
    /// Its state.
    pub status: StatusView,
    /// This copy was used before or is linkable, so two services could compare.
    pub linkable: bool,
    /// What the person should know about this document before sharing it, a sentence each.
    pub notes: Vec<String>,
}

/// The service of a request.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ServiceView {
    /// The party, flattened.
    #[serde(flatten)]
    pub party: PartyView,
    /// Its legal name, from the register.
    pub legal_name: Option<String>,
    /// The organisation that asks on its behalf.
    pub intermediary: Option<String>,
    /// Who vouches for who it is, where the wallet knows it by that alone (OpenID4VP 1.0, 12).
    pub vouched_by: Option<String>,
    /// Purposes it registered, in the person's language.
    pub registered_purposes: Vec<String>,
    /// Registered until (RFC 3339).
    pub registered_until: Option<String>,
    /// How often details were shared with it before.
    pub shared_before: u32,
}

/// One question, asked once (experience 2.2). `share` must repeat `digest`.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct RequestView {
    /// Id of the question.
    pub id: String,
    /// Digest of the proposal as drawn.
    pub digest: String,
    /// Who asks.
    pub service: ServiceView,
    /// What is asked: the parts that are proposed, and those the person may add.
    pub asks: Vec<AskView>,
    /// Parts the person may choose instead of proposed ones.
    pub alternatives: Vec<AskView>,
    /// Which parts stand for which. A request that needs all its parts has one set with one option.
    pub sets: Vec<SetView>,
    /// Why, in the service's registered words.
    pub purpose: Option<String>,
    /// How long they say they keep it.
    pub retention: Option<String>,
    /// Legal basis they state.
    pub legal_basis: Option<String>,
    /// Their privacy notice (shown, opened only by the person).
    pub privacy_url: Option<String>,
    /// What they will not learn, computed.
    pub not_learned: Vec<String>,
    /// Warnings; any of them needs an extra yes.
    pub warnings: Vec<WarningView>,
    /// The wallet lets the person say yes.
    pub can_share: bool,
    /// Why not, where it does not.
    pub blocked: Option<WarningView>,
    /// What a yes also agrees to, beyond sharing details (OpenID4VP 1.0, 8.4). All of it is signed, or nothing is shared.
    pub transaction_data: Vec<AgreementView>,
    /// The request ends (RFC 3339).
    pub expires_at: String,
    /// It came by QR code or picture from another screen: ask "is this where you started?".
    pub cross_device: bool,
}

/// One thing a yes agrees to: a payment, the text of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AgreementView {
    /// The type of the entry, such as `org.citizen-wallet.payment.1`.
    pub kind: String,
    /// What is agreed to, in one sentence.
    pub text: String,
    /// Every field of it, in the order of the type. The texts are the service's own.
    pub facts: Vec<FactView>,
}

/// A named fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct FactView {
    /// What it is.
    pub label: String,
    /// What it says.
    pub text: String,
}

/// The person's choices with a yes.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[ts(export)]
pub struct ChoicesView {
    /// Which document answers which query, where several fit: query → document, or documents where several may answer
    /// together. Naming one for a part that stands for another chooses that part.
    #[serde(default)]
    pub documents: std::collections::BTreeMap<String, Vec<String>>,
    /// Which set of details, where the service accepts several: query → [`CandidateView::claim_set`].
    #[serde(default)]
    pub details: std::collections::BTreeMap<String, u32>,
    /// Which option of which set: position in [`RequestView::sets`] → position in [`SetView::options`].
    #[serde(default)]
    pub options: std::collections::BTreeMap<u32, u32>,
    /// Optional queries the person added.
    #[serde(default)]
    pub add: Vec<String>,
    /// The person ticked "I know" on the interruption page.
    #[serde(default)]
    pub despite_warnings: bool,
}

/// What was shared from one document.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct SharedView {
    /// DCQL query.
    pub query: String,
    /// Document.
    pub document: String,
    /// Paths shared.
    pub claims: Vec<PathView>,
}

/// The end of a request.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ShareResultView {
    /// What left the wallet; empty after a no.
    pub shared: Vec<SharedView>,
    /// The person said no.
    pub declined: bool,
    /// Whether the details arrived.
    pub data_left: DataLeft,
    /// The service offers a page to go back to; its host. The address itself stays in the core.
    pub return_host: Option<String>,
    /// The address to go back to, for the terminal only.
    #[serde(skip)]
    #[ts(skip)]
    pub redirect_uri: Option<String>,
    /// The history entry.
    pub history: String,
    /// The service's name.
    pub service: String,
    /// How many details were shared.
    pub details: u32,
}
