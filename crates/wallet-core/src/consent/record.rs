//! What a history entry says: names of details and facts about the exchange, never their values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::problem::DataLeft;
use crate::store::history::{EntryKind, NewEntry};
use crate::store::{StoreError, Transaction};
use crate::view::{DocumentKind, PathView, RecognitionView};

/// How details reached the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// Over the network.
    Online,
    /// A code was shown.
    InPerson,
}

/// A document as it was called then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedDocument {
    /// Id in this wallet.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: DocumentKind,
}

/// Details that were shared from one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedShare {
    /// The DCQL query it answered.
    pub query: String,
    /// The document.
    pub document: String,
    /// Its docType or `vct`; entries of older versions do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_id: Option<String>,
    /// Paths of the details.
    pub claims: Vec<PathView>,
    /// Their labels.
    pub labels: Vec<String>,
}

/// What was to be agreed to beyond sharing details, in the words it was shown in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedAgreement {
    /// Its type.
    pub kind: String,
    /// The sentence.
    pub text: String,
    /// Labels and texts of its fields.
    pub facts: Vec<(String, String)>,
    /// SHA-256 (hex) of the entry as it was received: what the signature is over.
    pub sha256: String,
}

/// The other side as it was known then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedParty {
    /// Name.
    pub name: String,
    /// What the wallet knew about it.
    pub recognition: RecognitionView,
    /// Host it spoke from.
    pub host: String,
    /// The organisation that asked on its behalf and passed the details on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intermediary: Option<String>,
}

/// The content of a history entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// The other side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<RecordedParty>,
    /// Documents concerned.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<RecordedDocument>,
    /// What was shared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<RecordedShare>,
    /// What was to be agreed to beyond that: a yes agreed to all of it, a no to nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agreements: Vec<RecordedAgreement>,
    /// Labels of what was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    /// Why, in the service's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// How long they said they keep it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention: Option<String>,
    /// Legal basis they stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// Privacy notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privacy_url: Option<String>,
    /// Codes of the warnings shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// How it reached them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Until when a shown code could be read (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// SHA-256 (hex) of the question as it was drawn: what the person was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
    /// For an outcome: whether details left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_left: Option<DataLeft>,
    /// For an outcome or a refusal: the code of the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Record {
    /// Appends this record to the history and returns the entry's id.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn append(
        &self,
        transaction: &Transaction<'_>,
        kind: EntryKind,
        party: Option<&str>,
        at: Timestamp,
    ) -> Result<String, StoreError> {
        transaction.append_history(&NewEntry {
            at,
            kind,
            refers_to: None,
            party: party.map(str::to_owned),
            details: self.to_value()?,
        })
    }

    /// Appends what became of an earlier entry.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn append_outcome(
        transaction: &Transaction<'_>,
        about: &str,
        party: Option<&str>,
        left: DataLeft,
        problem: Option<&str>,
        at: Timestamp,
    ) -> Result<String, StoreError> {
        let record = Self {
            data_left: Some(left),
            problem: problem.map(str::to_owned),
            ..Self::default()
        };
        transaction.append_history(&NewEntry {
            at,
            kind: EntryKind::Outcome,
            refers_to: Some(about.to_owned()),
            party: party.map(str::to_owned),
            details: record.to_value()?,
        })
    }

    fn to_value(&self) -> Result<serde_json::Value, StoreError> {
        serde_json::to_value(self).map_err(|_| StoreError::Unreadable("history record"))
    }

    /// Reads the content of an entry; what an older or newer version left out or added is passed over.
    #[must_use]
    pub fn read(details: &serde_json::Value) -> Self {
        serde_json::from_value(details.clone()).unwrap_or_default()
    }
}
