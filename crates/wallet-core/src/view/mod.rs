//! What crosses to a screen or to the terminal: plain data, already bounded and cleaned, in the person's language.
//!
//! Only the types of this folder and of `problem.rs` are exported to TypeScript. Keys, tokens, nonces, raw credentials,
//! links and paths of files have no type here.

mod adding;
mod documents;
mod history;
mod sharing;
mod showing;
mod trust;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use adding::{
    AddingProgressView, AddingStep, ArrivedView, ChangeView, CodeView, OfferView, OfferedDocumentView, PendingView,
    ReceivedDocumentView, ReceivedView, RenewedView, UpkeepView, WarningView,
};
pub use documents::{DocumentKind, DocumentState, DocumentSummary, DocumentView, FreshView, StatusView, TableView};
pub use history::{
    CheckView, HistoryDocumentView, HistoryEntryView, HistoryFilter, HistoryKind, HistoryProofView, OutcomeView,
};
pub use sharing::{
    AgreementView, AskView, CandidateView, ChoicesView, FactView, OptionView, RequestView, ServiceView, SetView,
    ShareResultView, SharedView,
};
pub use showing::{ProofView, ShowCodeView, ShowQuestionView};
pub use trust::{AnchorView, ProviderView};

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
    /// On no register; somebody on the trust list vouches for who it is (OpenID4VP 1.0, 12).
    VouchedFor,
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
