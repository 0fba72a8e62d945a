//! What is seen of a proof shown in person as a code.

use serde::Serialize;
use ts_rs::TS;

use super::ClaimView;

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
