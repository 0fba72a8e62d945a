//! What a signed list is, whatever it lists: a compact JWS whose signer leads to an anchor, for a limited time, with a
//! sequence number that never goes back.

use std::collections::HashSet;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::anchors::{Role, TrustAnchors};
use super::certificate::{Certificate, CertificateError};
use super::chain::{ChainError, Profile, verify_chain};
use super::name::plain;
use super::shape::ShapeError;
use crate::crypto::{Signer, sha256};
use crate::jose::base64url;
use crate::jose::jws::{Jws, JwsError, SigningHeader};
use crate::time::Timestamp;

/// The most bytes of one list, as it travels.
pub const MAX_LIST_BYTES: usize = 4 * 1024 * 1024;

/// The most entries of one list.
pub const MAX_ENTRIES: usize = 20_000;

/// The highest sequence number: what every JSON reader can count to (RFC 8259, 6).
pub const MAX_SEQUENCE: u64 = (1 << 53) - 1;

/// How far the issuer's clock may be ahead.
const CLOCK_SKEW: Duration = Duration::from_secs(300);

/// The most characters of one text of a list.
const MAX_TEXT_CHARACTERS: usize = 1_000;

/// Why a signed list was refused. The wallet then keeps the list it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// More than [`MAX_LIST_BYTES`].
    #[error("the list is too large")]
    TooLarge,
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
    /// The payload is not a list, has too many entries, or a sequence number above [`MAX_SEQUENCE`].
    #[error("the list is malformed")]
    Malformed,
    /// An entry is not as entries must be.
    #[error("an entry of the list: {0}")]
    Entry(#[from] ShapeError),
    /// `iss` is not the expected one.
    #[error("the list comes from another issuer")]
    Issuer,
    /// `iat` lies in the future.
    #[error("the list was issued in the future")]
    IssuedInFuture,
    /// `exp` lies in the past.
    #[error("the list has expired")]
    Expired,
    /// It was issued longer ago than the caller accepts, whatever `exp` says.
    #[error("the list was issued too long ago")]
    TooOld,
    /// `sequence` is lower than that of a list seen before.
    #[error("the list is older than one seen before")]
    OlderThanSeen,
    /// `sequence` is that of a list seen before, with another content: its issuer says different things to different
    /// people, or forgot to count.
    #[error("the list has the number of another one seen before")]
    SequenceReused,
}

/// An entry of a signed list.
pub trait ListEntry: Serialize + DeserializeOwned {
    /// `typ` of a list of such entries.
    const TYP: &'static str;

    /// Whether the entry is as entries must be: named, bounded, nothing twice.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn check_shape(&self) -> Result<(), ShapeError>;

    /// What no two entries of one list may have in common: the certificates it names, in the role it names them for.
    fn identities(&self) -> impl Iterator<Item = (Role, [u8; 32])>;
}

/// What a wallet keeps of the newest list it took from an issuer, and shows again when the next one comes. It holds for one
/// kind of list; without it an old list could be played back and bring a withdrawn service back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListState {
    /// Who issued it.
    pub iss: String,
    /// Its sequence number.
    pub sequence: u64,
    /// SHA-256 of its text.
    pub sha256: [u8; 32],
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
    /// Whom the wallet trusts to sign lists ([`Role::ListSigner`]).
    pub anchors: &'a TrustAnchors,
    /// The expected `iss`.
    pub iss: &'a str,
    /// What was kept of the newest list taken so far, if any was.
    pub seen: Option<&'a ListState>,
    /// How long ago it may have been issued at most.
    pub max_age: Option<Duration>,
}

impl<E: ListEntry> SignedList<E> {
    /// Verifies a list: size, `typ`, the signer's chain in `x5c`, signature, `iss`, `iat`, `exp`, `sequence`, and the shape
    /// of every entry.
    ///
    /// # Errors
    /// [`ListError`] says which rule was broken.
    pub fn verify(text: &str, context: ListContext<'_>, now: Timestamp) -> Result<Self, ListError> {
        Self::verify_next(text, context, now).map(|(list, _)| list)
    }

    /// Verifies a list as [`SignedList::verify`] does, and answers with it what to keep for the next one.
    ///
    /// # Errors
    /// [`ListError`] says which rule was broken; the state that was kept stays as it is.
    pub fn verify_next(text: &str, context: ListContext<'_>, now: Timestamp) -> Result<(Self, ListState), ListError> {
        let text = text.trim();
        if text.len() > MAX_LIST_BYTES {
            return Err(ListError::TooLarge);
        }
        let jws = Jws::parse(text)?;
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
        let WireList::<E> {
            iss,
            iat,
            exp,
            sequence,
            entries,
        } = serde_json::from_slice(&payload).map_err(|_| ListError::Malformed)?;
        if entries.len() > MAX_ENTRIES || sequence > MAX_SEQUENCE {
            return Err(ListError::Malformed);
        }
        if iss != context.iss {
            return Err(ListError::Issuer);
        }
        if iat > now.plus(CLOCK_SKEW) {
            return Err(ListError::IssuedInFuture);
        }
        if exp <= now {
            return Err(ListError::Expired);
        }
        if context.max_age.is_some_and(|most| iat.plus(most) < now) {
            return Err(ListError::TooOld);
        }
        let state = ListState {
            iss: iss.clone(),
            sequence,
            sha256: sha256(text.as_bytes()),
        };
        match context.seen.filter(|seen| seen.iss == state.iss) {
            Some(seen) if sequence < seen.sequence => return Err(ListError::OlderThanSeen),
            Some(seen) if sequence == seen.sequence && seen.sha256 != state.sha256 => {
                return Err(ListError::SequenceReused);
            }
            _ => {}
        }
        check_entries(&entries)?;
        let list = Self {
            iss,
            iat,
            exp,
            sequence,
            entries,
        };
        Ok((list, state))
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

/// The shape of each entry, and that no two name the same certificate in the same role: which of them counts could not be
/// told.
fn check_entries<E: ListEntry>(entries: &[E]) -> Result<(), ShapeError> {
    let mut named = HashSet::new();
    for entry in entries {
        entry.check_shape()?;
        if !entry.identities().all(|identity| named.insert(identity)) {
            return Err(ShapeError::NamedTwice);
        }
    }
    Ok(())
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
