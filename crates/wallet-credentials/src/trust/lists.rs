//! What a signed list is, whatever it lists: a compact JWS whose signer leads to an anchor, for a limited time, with a
//! sequence number that never goes back.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::anchors::TrustAnchors;
use super::certificate::{Certificate, CertificateError};
use super::chain::{ChainError, Profile, verify_chain};
use super::name::plain;
use crate::crypto::Signer;
use crate::jose::base64url;
use crate::jose::jws::{Jws, JwsError, SigningHeader};
use crate::time::Timestamp;

/// The most entries of one list.
pub const MAX_ENTRIES: usize = 20_000;

/// How far the issuer's clock may be ahead, in seconds.
const CLOCK_SKEW: std::time::Duration = std::time::Duration::from_secs(300);

/// The most characters of one text of a list.
const MAX_TEXT_CHARACTERS: usize = 1_000;

/// Why a signed list was refused. The wallet then keeps the list it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// Not a JWS, or its signature is wrong.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// `typ` names another kind of object.
    #[error("the list is of another type")]
    Type,
    /// No certificate of the signer in `x5c`, or one that cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The signer is not trusted to sign lists.
    #[error("signer of the list: {0}")]
    Signer(#[from] ChainError),
    /// The payload is not a list, or has too many entries.
    #[error("the list is malformed")]
    Malformed,
    /// `iss` is not the expected one.
    #[error("the list comes from another issuer")]
    Issuer,
    /// `iat` lies in the future.
    #[error("the list was issued in the future")]
    IssuedInFuture,
    /// `exp` lies in the past.
    #[error("the list has expired")]
    Expired,
    /// `sequence` is lower than that of a list seen before.
    #[error("the list is older than one seen before")]
    OlderThanSeen,
}

/// An entry of a signed list.
pub trait ListEntry: Serialize + DeserializeOwned {
    /// `typ` of a list of such entries.
    const TYP: &'static str;
}

/// A list of entries and the claims that bound it. From outside it comes only through [`SignedList::verify`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignedList<E> {
    /// Who issues the list.
    pub iss: String,
    /// When it was issued.
    pub iat: Timestamp,
    /// Until when it may be used.
    pub exp: Timestamp,
    /// Grows by at least one with every change.
    pub sequence: u64,
    /// What is listed.
    pub entries: Vec<E>,
}

/// The same on the wire: only verified lists become a [`SignedList`].
#[derive(Deserialize)]
struct WireList<E> {
    iss: String,
    iat: Timestamp,
    exp: Timestamp,
    sequence: u64,
    entries: Vec<E>,
}

/// What a list must fit.
#[derive(Clone, Copy)]
pub struct ListContext<'a> {
    /// Whom the wallet trusts to sign lists ([`Role::ListSigner`](super::Role::ListSigner)).
    pub anchors: &'a TrustAnchors,
    /// The expected `iss`.
    pub iss: &'a str,
    /// The highest sequence number seen so far.
    pub last_sequence: Option<u64>,
}

impl<E: ListEntry> SignedList<E> {
    /// Verifies a list: `typ`, the signer's chain in `x5c`, signature, `iss`, `iat`, `exp` and `sequence`.
    ///
    /// # Errors
    /// [`ListError`] says which rule was broken.
    pub fn verify(text: &str, context: ListContext<'_>, now: Timestamp) -> Result<Self, ListError> {
        let jws = Jws::parse(text.trim())?;
        if !jws.header().is_type(E::TYP) {
            return Err(ListError::Type);
        }
        let chain = jws
            .header()
            .x5c
            .iter()
            .map(|der| Certificate::from_der(der))
            .collect::<Result<Vec<_>, _>>()?;
        verify_chain(&chain, context.anchors, now, Profile::ListSigner)?;
        let signer = chain.first().ok_or(ChainError::Empty)?;
        let payload = jws.verify(&signer.verification_key()?)?;
        let list: WireList<E> = serde_json::from_slice(&payload).map_err(|_| ListError::Malformed)?;
        if list.entries.len() > MAX_ENTRIES {
            Err(ListError::Malformed)
        } else if list.iss != context.iss {
            Err(ListError::Issuer)
        } else if list.iat > now.plus(CLOCK_SKEW) {
            Err(ListError::IssuedInFuture)
        } else if list.exp <= now {
            Err(ListError::Expired)
        } else if context.last_sequence.is_some_and(|last| list.sequence < last) {
            Err(ListError::OlderThanSeen)
        } else {
            let WireList {
                iss,
                iat,
                exp,
                sequence,
                entries,
            } = list;
            Ok(Self {
                iss,
                iat,
                exp,
                sequence,
                entries,
            })
        }
    }

    /// Signs the list as a compact JWS; `chain` is the signer's certificate first.
    ///
    /// # Errors
    /// [`ListError::Jws`] when the signer could not sign, [`ListError::Malformed`] when an entry does not serialise.
    pub fn sign(&self, signer: &dyn Signer, chain: &[Certificate]) -> Result<String, ListError> {
        let payload = serde_json::to_vec(self).map_err(|_| ListError::Malformed)?;
        let der: Vec<_> = chain.iter().map(Certificate::as_der).collect();
        Ok(SigningHeader::new(E::TYP).x5c(&der).sign(&payload, signer)?)
    }
}

/// A text in English and, where there is one, in Welsh.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalizedText {
    /// English.
    #[serde(deserialize_with = "plain_text")]
    pub en: String,
    /// Welsh.
    #[serde(
        default,
        deserialize_with = "optional_plain_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub cy: Option<String>,
}

impl LocalizedText {
    /// The Welsh text, or the English one where there is none.
    #[must_use]
    pub fn cy_or_en(&self) -> &str {
        self.cy.as_deref().unwrap_or(&self.en)
    }
}

/// SHA-256 of a certificate's DER, written in unpadded base64url as in `x509_hash`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CertificateHash(pub [u8; 32]);

impl Serialize for CertificateHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64url::encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for CertificateHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = base64url::decode(&String::deserialize(deserializer)?)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        bytes
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("not the base64url of a SHA-256"))
    }
}

/// A text from a list: bounded, without control and bidirectional characters.
pub(super) fn plain_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(plain(&String::deserialize(deserializer)?, MAX_TEXT_CHARACTERS))
}

pub(super) fn optional_plain_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| plain(&text, MAX_TEXT_CHARACTERS)))
}
