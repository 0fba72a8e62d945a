//! Where the status of a credential is found (section 6).

use std::fmt;

use ciborium::value::Value as CborValue;
use minicbor::Decoder;
use serde_json::{Value, json};

use super::StatusError;
use super::signed::claim;
use crate::cose::cbor;

/// The longest URI of a status list, in bytes.
const MAX_URI_BYTES: usize = 2048;

/// The place of one credential in a status list: the `status_list` member of the `status` claim (sections 6.2, 6.3).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StatusReference {
    /// `idx`: which entry of the list.
    pub index: u64,
    /// `uri`: which list, and where it is fetched.
    pub uri: String,
}

/// Says nothing: list and index together name one credential.
impl fmt::Debug for StatusReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("StatusReference").finish_non_exhaustive()
    }
}

impl StatusReference {
    /// Reads the value of the `status` claim of an SD-JWT or JWT. `None` when it names no status list but another
    /// mechanism.
    ///
    /// # Errors
    /// [`StatusError::Reference`].
    pub fn from_status_claim(status: &Value) -> Result<Option<Self>, StatusError> {
        let Some(reference) = status.as_object().ok_or(StatusError::Reference)?.get("status_list") else {
            return Ok(None);
        };
        let index = reference
            .get("idx")
            .and_then(Value::as_u64)
            .ok_or(StatusError::Reference)?;
        let uri = reference
            .get("uri")
            .and_then(Value::as_str)
            .ok_or(StatusError::Reference)?;
        Self::bounded(index, uri).map(Some)
    }

    /// Reads the value of the `status` element of a Mobile Security Object or of claim 65535 of a CWT. `None` when it
    /// names no status list but another mechanism.
    ///
    /// # Errors
    /// [`StatusError::Reference`].
    pub fn from_cbor(status: &CborValue) -> Result<Option<Self>, StatusError> {
        let Some(reference) = cbor_member(status.as_map().ok_or(StatusError::Reference)?, "status_list") else {
            return Ok(None);
        };
        let reference = reference.as_map().ok_or(StatusError::Reference)?;
        let index = cbor_member(reference, "idx")
            .and_then(CborValue::as_integer)
            .ok_or(StatusError::Reference)?;
        let index = u64::try_from(i128::from(index)).map_err(|_| StatusError::Reference)?;
        let uri = cbor_member(reference, "uri")
            .and_then(CborValue::as_text)
            .ok_or(StatusError::Reference)?;
        Self::bounded(index, uri).map(Some)
    }

    /// Reads the claims set of a CWT: claim 65535 (section 6.3). `None` when the claim is absent or names another
    /// mechanism. The CWT itself is verified first, by whoever knows its kind (section 8.3).
    ///
    /// # Errors
    /// [`StatusError::Malformed`] for bytes that are not a claims set, and [`StatusError::Reference`].
    pub fn from_cwt_claims(claims: &[u8]) -> Result<Option<Self>, StatusError> {
        cbor::check(claims)?;
        let mut status = None;
        cbor::map::<StatusError>(&mut Decoder::new(claims), |decoder, label| {
            let value = cbor::raw(decoder)?;
            if label == cbor::Label::Int(claim::STATUS) {
                status = Some(ciborium::from_reader(value).map_err(|_| StatusError::Reference)?);
            }
            Ok(())
        })?;
        status.as_ref().map_or(Ok(None), Self::from_cbor)
    }

    fn bounded(index: u64, uri: &str) -> Result<Self, StatusError> {
        if uri.is_empty() || uri.len() > MAX_URI_BYTES || uri.chars().any(char::is_control) {
            return Err(StatusError::Reference);
        }
        Ok(Self {
            index,
            uri: uri.to_owned(),
        })
    }

    /// The value of the `status` claim of an SD-JWT.
    #[must_use]
    pub fn to_status_claim(&self) -> Value {
        json!({"status_list": {"idx": self.index, "uri": self.uri}})
    }

    /// The value of the `status` element of a Mobile Security Object.
    #[must_use]
    pub fn to_cbor(&self) -> CborValue {
        let text = |text: &str| CborValue::Text(text.to_owned());
        CborValue::Map(vec![(
            text("status_list"),
            CborValue::Map(vec![
                (text("idx"), CborValue::Integer(self.index.into())),
                (text("uri"), text(&self.uri)),
            ]),
        )])
    }
}

fn cbor_member<'m>(map: &'m [(CborValue, CborValue)], name: &str) -> Option<&'m CborValue> {
    map.iter()
        .find(|(key, _)| key.as_text() == Some(name))
        .map(|(_, value)| value)
}
