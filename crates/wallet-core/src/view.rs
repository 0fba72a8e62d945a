//! What crosses to a screen or to the terminal: plain data, already bounded and cleaned, in the person's language.
//!
//! Only the types of this file and of `problem.rs` are exported to TypeScript. Keys, tokens, nonces, raw credentials,
//! links and paths of files have no type here.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::problem::DataLeft;

/// The language words are spoken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Welsh.
    Cy,
}

/// Where the wallet stands, before and after unlocking.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct WalletStateView {
    /// A store exists here.
    pub initialised: bool,
    /// The store is closed.
    pub locked: bool,
    /// This is the practice profile.
    pub practice: bool,
    /// `os` or `file`.
    pub key_protection: KeyProtection,
    /// The language chosen.
    pub language: Language,
    /// Something arrived (a link) and waits for the person; its host, unverified.
    pub waiting: Option<WaitingView>,
}

/// A link that arrived from outside and waits to be opened.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct WaitingView {
    /// An offer of a document, or a request for details.
    pub kind: LinkKind,
    /// The host the link names, unverified.
    pub host: String,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum LinkKind {
    /// A credential offer (OpenID4VCI).
    Offer,
    /// A presentation request (OpenID4VP).
    Request,
}

/// What protects the keys beside the PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
#[ts(export)]
pub enum KeyProtection {
    /// The operating system's keystore.
    Os,
    /// A key file beside the store: weaker.
    File,
}

/// What the wallet knows about an issuer or service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum RecognitionView {
    /// On the trust list or register.
    Recognised,
    /// Under an anchor the person added.
    AddedByYou,
    /// On no list.
    NotListed,
    /// It was listed and is no longer.
    Withdrawn,
}

/// An issuer or a service.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct PartyView {
    /// Stable id of the party in this wallet.
    pub id: String,
    /// Its name: checked when recognised, else its own word for itself.
    pub name: String,
    /// What the wallet knows about it.
    pub recognition: RecognitionView,
    /// The host it speaks from.
    pub host: String,
}

/// One part of a path: a name, an index, or null for every element (OpenID4VP 7).
pub type PathView = Vec<serde_json::Value>;

/// One detail with its value.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ClaimView {
    /// Where it stands in the document.
    pub path: PathView,
    /// Its label in the person's language.
    pub label: String,
    /// Its value as data: text, number, true/false, list; a `data:` URI where it is a picture.
    pub value: serde_json::Value,
    /// Its value as people read it; empty for a picture.
    pub text: String,
    /// The value is a picture.
    pub picture: bool,
    /// A detail to be careful with: photo, health, immigration, benefits, national numbers.
    pub sensitive: bool,
    /// Nobody gave this detail a name people read: the label is the name it has inside the document.
    pub unnamed: bool,
    /// The value as a table, where it is a list of the same things: what one may drive, qualifications.
    pub table: Option<TableView>,
}

/// A detail that is a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct TableView {
    /// What stands above the columns.
    pub columns: Vec<String>,
    /// The rows; every one has a cell for every column, empty where there is nothing.
    pub rows: Vec<Vec<String>>,
}

/// A kind of document, for its colour, pattern and glyph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum DocumentKind {
    /// Driving licence.
    DrivingLicence,
    /// Passport.
    Passport,
    /// Right to work, eVisa.
    ImmigrationStatus,
    /// Proof of age.
    ProofOfAge,
    /// NHS number, health.
    Health,
    /// Veteran Card.
    Veteran,
    /// Student, education.
    Student,
    /// Benefits.
    Benefits,
    /// Anything else.
    Other,
}

/// The state of a document (experience 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum DocumentState {
    /// In date and not withdrawn, as far as the last check tells.
    Valid,
    /// In date; the issuer could not be asked.
    NotChecked,
    /// Not valid yet.
    StartsLater,
    /// Ends within 60 days.
    Ending,
    /// Past its end.
    Ended,
    /// Paused by the issuer.
    Suspended,
    /// Cancelled by the issuer.
    Revoked,
    /// Damaged, or its key is gone.
    Broken,
}

/// State with its dates.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct StatusView {
    /// The state.
    pub state: DocumentState,
    /// When the issuer's list was last read (RFC 3339).
    pub checked_at: Option<String>,
    /// Days until the end, when ending.
    pub days_left: Option<u32>,
}

/// A document in the list.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct DocumentSummary {
    /// Id in this wallet.
    pub id: String,
    /// The type's identifier: doctype or vct.
    #[serde(rename = "type")]
    pub type_id: String,
    /// What kind of document.
    pub kind: DocumentKind,
    /// Its name in the person's language.
    pub name: String,
    /// Who signed it.
    pub issuer: PartyView,
    /// `mso_mdoc` or `dc+sd-jwt`.
    pub format: String,
    /// Its state: `valid`, `revoked`…
    pub status: DocumentState,
    /// State with dates.
    pub status_detail: StatusView,
    /// When it starts (RFC 3339).
    pub valid_from: Option<String>,
    /// When it ends (RFC 3339).
    pub valid_until: Option<String>,
    /// Copies not yet used.
    pub copies_left: u32,
    /// Copies received.
    pub copies: u32,
    /// A practice document.
    pub practice: bool,
    /// What everybody who holds it should know, a sentence each.
    pub notes: Vec<String>,
}

/// One document with its details.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct DocumentView {
    /// The summary, flattened.
    #[serde(flatten)]
    pub summary: DocumentSummary,
    /// Every detail.
    pub claims: Vec<ClaimView>,
    /// When it was added (RFC 3339).
    pub added_at: String,
    /// Who has had it, newest first.
    pub shared: Vec<HistoryEntryView>,
    /// The issuer's certificate subject or DID, for the technical part.
    pub signed_by: String,
}

/// A document on offer.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct OfferedDocumentView {
    /// The issuer's id of the configuration.
    pub configuration_id: String,
    /// `mso_mdoc` or `dc+sd-jwt`.
    pub format: String,
    /// doctype or vct.
    #[serde(rename = "type")]
    pub type_id: String,
    /// What kind of document.
    pub kind: DocumentKind,
    /// Its name.
    pub name: String,
    /// Labels of the details it will hold.
    pub claims: Vec<String>,
    /// How many copies will be asked for.
    pub copies: u32,
    /// This wallet can hold it; where not, it cannot be chosen.
    pub supported: bool,
    /// What everybody who holds one should know, a sentence each.
    pub notes: Vec<String>,
}

/// The code the issuer sent by another way.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct CodeView {
    /// How many characters.
    pub length: Option<u32>,
    /// Digits only.
    pub numeric: bool,
    /// The issuer's words about it.
    pub description: Option<String>,
}

/// An offer, read and checked; nothing added yet.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct OfferView {
    /// Id of this offer in this wallet.
    pub id: String,
    /// Who offers.
    pub issuer: PartyView,
    /// What.
    pub documents: Vec<OfferedDocumentView>,
    /// A code is needed.
    pub needs_code: bool,
    /// What the code looks like.
    pub code: Option<CodeView>,
    /// `pre-authorized_code` or `authorization_code`.
    pub grant: String,
    /// The connection is not protected (plain http on this machine).
    pub insecure: bool,
}

/// What arrived from the issuer and was verified, for the person to check before it is kept.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ReceivedView {
    /// Id of this reception.
    pub id: String,
    /// Who signed.
    pub issuer: PartyView,
    /// The documents with all their details.
    pub documents: Vec<ReceivedDocumentView>,
}

/// One received document.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ReceivedDocumentView {
    /// What kind.
    pub kind: DocumentKind,
    /// Its name.
    pub name: String,
    /// When it ends.
    pub valid_until: Option<String>,
    /// How many copies arrived.
    pub copies: u32,
    /// Every detail.
    pub claims: Vec<ClaimView>,
    /// A document of this type is already held.
    pub already_held: bool,
    /// What everybody who holds one should know, a sentence each.
    pub notes: Vec<String>,
}

/// A warning about a request.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct WarningView {
    /// `not-registered`, `asks-too-much`, `plain-http`, `status-not-checked`, `sensitive-to-stranger`…
    pub code: String,
    /// The warning in plain words.
    pub text: String,
    /// The labels of the details it is about.
    pub details: Vec<String>,
}

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
    /// Documents that answer, the one proposed first.
    pub candidates: Vec<CandidateView>,
}

/// A document that would answer.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct CandidateView {
    /// Id of the document.
    pub document: String,
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
    /// What is asked.
    pub asks: Vec<AskView>,
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
    /// Bound transaction data (none is supported yet; such requests are refused).
    pub transaction_data: Vec<serde_json::Value>,
    /// The request ends (RFC 3339).
    pub expires_at: String,
    /// It came by QR code or picture from another screen: ask "is this where you started?".
    pub cross_device: bool,
}

/// The person's choices with a yes.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[ts(export)]
pub struct ChoicesView {
    /// Which document answers which query, where several fit: query → document.
    #[serde(default)]
    pub documents: std::collections::BTreeMap<String, String>,
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

/// A proof that can be shown in person.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ProofView {
    /// `age-18`, `age-25`…, `born-before-2009`.
    pub id: String,
    /// "I am 18 or over".
    pub name: String,
    /// A document here can prove it.
    pub available: bool,
}

/// The question before a code is shown: exactly what anyone who reads it will see.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ShowQuestionView {
    /// Id of the question.
    pub id: String,
    /// Digest of the proposal as drawn.
    pub digest: String,
    /// The proof.
    pub proof: ProofView,
    /// The document used.
    pub document: String,
    /// Its name.
    pub document_name: String,
    /// What they will see.
    pub claims: Vec<ClaimView>,
    /// What they will not see.
    pub not_shared: Vec<String>,
    /// For how many seconds the code works.
    pub seconds: u32,
}

/// A code being shown.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ShowCodeView {
    /// Modules along one side, without the quiet zone.
    pub size: u32,
    /// SVG path data of the dark modules, one unit a module.
    pub path: String,
    /// QR version, 1 to 40.
    pub version: u32,
    /// Bytes in the code.
    pub bytes: u32,
    /// Ends at (RFC 3339).
    pub expires_at: String,
    /// For how many seconds from now.
    pub seconds: u32,
    /// What it proves.
    pub proof: ProofView,
    /// What they see.
    pub claims: Vec<ClaimView>,
    /// The history entry.
    pub history: String,
    /// The payload itself, for the terminal only.
    #[serde(skip)]
    #[ts(skip)]
    pub payload: Vec<u8>,
}

/// What kind of event a history entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum HistoryKind {
    /// A document was added.
    Added,
    /// A document was removed.
    Removed,
    /// Details were shared with a service.
    Shared,
    /// A code was shown in person.
    Shown,
    /// The person said no.
    Declined,
    /// The wallet refused a request.
    Refused,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum OutcomeView {
    /// It was done.
    Done,
    /// The person said no.
    Declined,
    /// It failed before anything left.
    Failed,
    /// Nobody here can tell.
    NotSure,
}

/// One entry of the sharing history: names of details, never their values.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct HistoryEntryView {
    /// Id.
    pub id: String,
    /// When (RFC 3339).
    pub at: String,
    /// What.
    pub kind: HistoryKind,
    /// Service or issuer.
    pub service: Option<PartyView>,
    /// How it ended.
    pub outcome: OutcomeView,
    /// Whether details left.
    pub data_left: DataLeft,
    /// Documents concerned: their names at the time.
    pub documents: Vec<HistoryDocumentView>,
    /// The first document's id, for scripts.
    pub document: Option<String>,
    /// Paths of the details that were shared, over all documents.
    pub claims: Vec<PathView>,
    /// Labels of the details that were shared.
    pub details: Vec<String>,
    /// Labels of the details that were asked for.
    pub asked: Vec<String>,
    /// Why, in the service's words.
    pub purpose: Option<String>,
    /// How long they said they keep it.
    pub retention: Option<String>,
    /// Legal basis stated.
    pub legal_basis: Option<String>,
    /// Privacy notice.
    pub privacy_url: Option<String>,
    /// Codes of the warnings the person saw.
    pub warnings: Vec<String>,
    /// How it reached them: `online`, `in-person`.
    pub channel: Option<String>,
    /// Link of the chain (hex), the proof of its place in the history.
    pub link: String,
    /// Place in the chain.
    pub number: u32,
}

/// A document named in a history entry.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct HistoryDocumentView {
    /// Id in this wallet (it may be gone).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: DocumentKind,
    /// Still held.
    pub held: bool,
}

/// What to list.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[ts(export)]
pub struct HistoryFilter {
    /// A service's id.
    #[serde(default)]
    pub service: Option<String>,
    /// A document's id.
    #[serde(default)]
    pub document: Option<String>,
    /// A kind.
    #[serde(default)]
    pub kind: Option<HistoryKind>,
    /// From this date on (`YYYY-MM-DD`).
    #[serde(default)]
    pub since: Option<String>,
    /// Words in names.
    #[serde(default)]
    pub search: Option<String>,
}

/// Result of walking the chain.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct HistoryProofView {
    /// Every link holds.
    pub ok: bool,
    /// How many entries.
    pub entries: u32,
    /// The first that does not hold.
    pub first_broken: Option<String>,
    /// The last link (hex).
    pub head: String,
}

/// A check of `doctor`.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct CheckView {
    /// What was looked at.
    pub name: String,
    /// It is as it should be.
    pub ok: bool,
    /// More words.
    pub detail: String,
}

/// A trust anchor.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct AnchorView {
    /// Id.
    pub id: String,
    /// Certificate subject or DID.
    pub subject: String,
    /// `issuer`, `service`, `status`.
    pub role: String,
    /// When it ends (RFC 3339).
    pub not_after: Option<String>,
    /// It comes with the practice profile.
    pub sandbox: bool,
}

/// How far the getting of a document is. The steps come in this order, once for each document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum AddingStep {
    /// The issuer was asked, and said yes.
    Asked,
    /// Keys were made and kept.
    KeysMade,
    /// The document is here. From now on, stopping throws nothing away.
    Received,
    /// Its signature, its dates and its type are right.
    Checked,
}

/// A step that was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct AddingProgressView {
    /// The step.
    pub step: AddingStep,
    /// Which of the documents, from 1.
    pub document: u32,
    /// How many documents are fetched.
    pub documents: u32,
}

/// A wallet provider, as an issuer needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderView {
    /// The `client_id` of its wallets.
    pub client_id: String,
    /// Who signs its attestations.
    pub issuer: String,
    /// The anchor of wallet attestations (PEM).
    pub trust_anchor_pem: String,
    /// The anchor of key attestations (PEM).
    pub key_attestation_trust_anchor_pem: String,
    /// The key this wallet is known by where an issuer is told of it (`private_key_jwt`): a JWK set, in the terminal only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_jwks: Option<serde_json::Value>,
}

/// A document its issuer promised for later.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct PendingView {
    /// Id in this wallet.
    pub id: String,
    /// Who promised it.
    pub issuer: PartyView,
    /// What it will be called.
    pub name: String,
    /// What kind of document.
    pub kind: DocumentKind,
    /// In how many seconds the issuer wants to be asked, at the earliest.
    pub poll_after_s: u32,
}

/// What a yes to an offer brought.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ArrivedView {
    /// What is here and waits to be checked.
    pub received: Option<ReceivedView>,
    /// What comes later.
    pub pending: Vec<PendingView>,
}
