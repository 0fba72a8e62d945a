//! What is seen while a document is offered, fetched and received.

use serde::Serialize;
use ts_rs::TS;

use super::{ClaimView, DocumentKind, DocumentSummary, PartyView};

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
    /// The document it takes the place of, where it was had anew.
    pub replaces: Option<String>,
    /// What it says that the other did not.
    pub changes: Vec<ChangeView>,
    /// What everybody who holds one should know, a sentence each.
    pub notes: Vec<String>,
}

/// A detail that changed since a document was last had: another, new, or gone.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct ChangeView {
    /// Its label.
    pub label: String,
    /// What it was; nothing where it is new.
    pub before: Option<ClaimView>,
    /// What it is now; nothing where it is gone.
    pub after: Option<ClaimView>,
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

/// What came of asking for fresh copies.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct RenewedView {
    /// The document as it is now.
    pub document: DocumentSummary,
    /// Fresh copies are in the place of the old ones; they say the same.
    pub fetched: bool,
    /// What came says something new, and waits to be checked.
    pub received: Option<ReceivedView>,
    /// What comes later.
    pub pending: Vec<PendingView>,
}

/// What the wallet did by itself to keep documents fresh.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[ts(export)]
pub struct UpkeepView {
    /// There are fresh copies, or something new to check.
    pub changed: bool,
    /// In how many seconds there may be something to do again; nothing where there never is.
    pub again_in_s: Option<u32>,
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
