//! What is seen of the record of who has had what.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AgreementView, DocumentKind, PartyView, PathView};
use crate::problem::DataLeft;

/// What kind of event a history entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export)]
pub enum HistoryKind {
    /// A document was added.
    Added,
    /// A document says something new.
    Renewed,
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
    /// What was to be agreed to beyond sharing, in the words it was shown in: a yes agreed to it, a no did not.
    pub agreements: Vec<AgreementView>,
    /// The organisation that asked on the service's behalf and passed the details on.
    pub intermediary: Option<String>,
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
