//! JOSE: signed (JWS) and encrypted (JWE) compact objects, and the JWKs they are checked and made with.

pub mod base64url;
pub mod did;
pub mod did_web;
pub mod json;
pub mod jwe;
pub mod jwk;
pub mod jws;

pub use jwe::{ContentEncryption, JweError};
pub use jwk::{EncryptionKey, JwkSet, choose_encryption_key, thumbprint};
pub use jws::{Jws, JwsError, JwsHeader, SigningHeader, SigningInput};

use serde_json::Value;

use crate::time::Timestamp;

/// Reads a NumericDate (RFC 7519, section 2): seconds since the epoch, perhaps with a fraction, which is cut off.
/// `None` for anything that is no number or no instant.
#[must_use]
pub fn numeric_date(value: &Value) -> Option<Timestamp> {
    if let Some(seconds) = value.as_i64() {
        return Some(Timestamp::from_unix(seconds));
    }
    // Beyond ±2⁵³ a double no longer counts seconds.
    let seconds = value
        .as_f64()
        .filter(|seconds| seconds.abs() < 9_007_199_254_740_992.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "bounded above; the fraction is meant to go"
    )]
    Some(Timestamp::from_unix(seconds.floor() as i64))
}

#[cfg(test)]
mod tests;
