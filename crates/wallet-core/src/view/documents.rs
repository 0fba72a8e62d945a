//! What is seen of the documents held.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ClaimView, HistoryEntryView, PartyView};

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
    /// Its copies carry something in common beside the details, so that services could match them.
    pub linkable: bool,
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
    /// Where its copies come from.
    pub fresh: FreshView,
}

/// Where a document's copies come from, and whether fresh ones do.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct FreshView {
    /// The wallet gets fresh copies by itself before these run out.
    pub kept: bool,
    /// It did, and the issuer gives no more.
    pub ended: bool,
    /// The issuer's page where the person gets the document anew.
    pub page: Option<String>,
    /// When the copies were had (RFC 3339), where the wallet keeps account of it.
    pub fetched_at: Option<String>,
    /// One that says something new came, and waits to be checked.
    pub waiting: bool,
}
