//! The issuer's side: making a JWT VC.

use serde_json::{Map, Value, json};

use super::credential::DataModel;
use super::{BASE_TYPE, CONTEXT_V1, CONTEXT_V2, CREDENTIAL_TYPE};
use crate::crypto::{PublicKey, Signer};
use crate::jose::{SigningHeader, did};
use crate::status::StatusReference;
use crate::time::Timestamp;

/// Why a credential could not be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// The claims hold `id`, which names the subject; [`Issuance::holder_key`] sets it.
    #[error("the claims name the subject")]
    SubjectNamed,
    /// The credential could not be signed.
    #[error("the credential could not be signed")]
    NotSigned,
}

/// A JWT VC about to be issued, in the shape of GOV.UK Wallet's issuers.
#[derive(Clone)]
pub struct Issuance {
    model: DataModel,
    issuer: String,
    kind: String,
    subject: Map<String, Value>,
    header: SigningHeader,
    holder: Option<String>,
    id: Option<String>,
    name: Option<String>,
    issued_at: Option<Timestamp>,
    valid_from: Option<Timestamp>,
    valid_until: Option<Timestamp>,
    expected_update: Option<Timestamp>,
    status: Option<StatusReference>,
}

impl Issuance {
    /// A credential of data model 2.0, of type `kind` beside [`BASE_TYPE`], by this issuer, with these claims about its
    /// subject.
    #[must_use]
    pub fn new(issuer: &str, kind: &str, subject: Map<String, Value>) -> Self {
        Self {
            model: DataModel::V2_0,
            issuer: issuer.to_owned(),
            kind: kind.to_owned(),
            subject,
            header: SigningHeader::new(CREDENTIAL_TYPE).member("cty", "vc".into()),
            holder: None,
            id: None,
            name: None,
            issued_at: None,
            valid_from: None,
            valid_until: None,
            expected_update: None,
            status: None,
        }
    }

    /// In data model 1.1: in a `vc` claim.
    #[must_use]
    pub fn in_vc_claim(mut self) -> Self {
        self.model = DataModel::V1_1;
        self.header = SigningHeader::new("JWT");
        self
    }

    /// With `kid`: the DID URL of the issuer's key.
    #[must_use]
    pub fn kid(mut self, kid: &str) -> Self {
        self.header = self.header.kid(kid);
        self
    }

    /// Bound to this key: the subject is its did:key.
    #[must_use]
    pub fn holder_key(mut self, key: &PublicKey) -> Self {
        self.holder = Some(did::did_key(key));
        self
    }

    /// With `id`, a URI.
    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    /// With `name`, for people.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Signed at this instant (`iat`).
    #[must_use]
    pub const fn issued_at(mut self, instant: Timestamp) -> Self {
        self.issued_at = Some(instant);
        self
    }

    /// Valid from this instant on (`validFrom` and `nbf`).
    #[must_use]
    pub const fn valid_from(mut self, instant: Timestamp) -> Self {
        self.valid_from = Some(instant);
        self
    }

    /// Valid until this instant (`validUntil` and `exp`).
    #[must_use]
    pub const fn valid_until(mut self, instant: Timestamp) -> Self {
        self.valid_until = Some(instant);
        self
    }

    /// To be fetched afresh from this instant on (`expectedUpdate`).
    #[must_use]
    pub const fn expected_update(mut self, instant: Timestamp) -> Self {
        self.expected_update = Some(instant);
        self
    }

    /// With a place in a status list.
    #[must_use]
    pub fn status(mut self, reference: &StatusReference) -> Self {
        self.status = Some(reference.clone());
        self
    }

    /// Signs the credential.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn sign(self, signer: &dyn Signer) -> Result<String, IssueError> {
        let header = self.header.clone();
        header
            .sign_json(&Value::Object(self.payload()?), signer)
            .map_err(|_| IssueError::NotSigned)
    }

    fn payload(self) -> Result<Map<String, Value>, IssueError> {
        let mut subject = self.subject;
        if subject.contains_key("id") {
            return Err(IssueError::SubjectNamed);
        }
        if let Some(holder) = &self.holder {
            subject.insert("id".to_owned(), holder.as_str().into());
        }
        let mut payload = Map::new();
        let mut credential = Map::new();
        let mut claim = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                payload.insert(name.to_owned(), value);
            }
        };
        let seconds = |instant: Option<Timestamp>| instant.map(|instant| instant.as_unix().into());
        claim("iss", Some(self.issuer.as_str().into()));
        claim("sub", self.holder.map(Value::from));
        claim("iat", seconds(self.issued_at));
        claim("nbf", seconds(self.valid_from));
        claim("exp", seconds(self.valid_until));
        claim("status", self.status.map(|reference| reference.to_status_claim()));

        let mut property = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                credential.insert(name.to_owned(), value);
            }
        };
        let date = |instant: Option<Timestamp>| instant.map(|instant| instant.to_rfc3339().into());
        let (context, from, until) = match self.model {
            DataModel::V1_1 => (CONTEXT_V1, "issuanceDate", "expirationDate"),
            DataModel::V2_0 => (CONTEXT_V2, "validFrom", "validUntil"),
        };
        property("@context", Some(json!([context])));
        property("type", Some(json!([BASE_TYPE, self.kind])));
        property("issuer", Some(self.issuer.into()));
        property("id", self.id.map(Value::from));
        property("name", self.name.map(Value::from));
        property(from, date(self.valid_from));
        property(until, date(self.valid_until));
        property("expectedUpdate", date(self.expected_update));
        property("credentialSubject", Some(subject.into()));
        match self.model {
            DataModel::V1_1 => {
                payload.insert("vc".to_owned(), credential.into());
            }
            DataModel::V2_0 => payload.extend(credential),
        }
        Ok(payload)
    }
}
