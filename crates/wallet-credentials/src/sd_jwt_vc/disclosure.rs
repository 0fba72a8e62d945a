//! Disclosures and their digests (RFC 9901, 4.2).

use aws_lc_rs::digest;
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::SdJwtError;
use crate::jose::{base64url, json};

/// A hash algorithm of `_sd_alg` (RFC 9901, 4.1.1; names of the IANA Named Information Hash Algorithm Registry): those of the
/// registry with at least 256 bits, except the BLAKE2 ones, for which no library here stands ready and no issuer is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// `sha-256`, the default.
    #[default]
    Sha256,
    /// `sha-384`.
    Sha384,
    /// `sha-512`.
    Sha512,
    /// `sha3-256` (FIPS 202).
    Sha3_256,
    /// `sha3-384`.
    Sha3_384,
    /// `sha3-512`.
    Sha3_512,
}

impl DigestAlgorithm {
    /// The algorithm of this name; names are case-sensitive.
    ///
    /// # Errors
    /// [`SdJwtError::DigestAlgorithm`].
    pub fn from_name(name: &str) -> Result<Self, SdJwtError> {
        match name {
            "sha-256" => Ok(Self::Sha256),
            "sha-384" => Ok(Self::Sha384),
            "sha-512" => Ok(Self::Sha512),
            "sha3-256" => Ok(Self::Sha3_256),
            "sha3-384" => Ok(Self::Sha3_384),
            "sha3-512" => Ok(Self::Sha3_512),
            _ => Err(SdJwtError::DigestAlgorithm),
        }
    }

    /// The name in `_sd_alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
            Self::Sha3_256 => "sha3-256",
            Self::Sha3_384 => "sha3-384",
            Self::Sha3_512 => "sha3-512",
        }
    }

    /// The base64url digest of a text, over its bytes as they are.
    #[must_use]
    pub fn digest(self, text: &str) -> String {
        match self {
            Self::Sha256 => base64url::encode(&Sha256::digest(text)),
            Self::Sha384 => base64url::encode(&Sha384::digest(text)),
            Self::Sha512 => base64url::encode(&Sha512::digest(text)),
            Self::Sha3_256 => sha3(&digest::SHA3_256, text),
            Self::Sha3_384 => sha3(&digest::SHA3_384, text),
            Self::Sha3_512 => sha3(&digest::SHA3_512, text),
        }
    }
}

fn sha3(algorithm: &'static digest::Algorithm, text: &str) -> String {
    base64url::encode(digest::digest(algorithm, text.as_bytes()).as_ref())
}

/// A decoded disclosure. Its text stays in the SD-JWT.
#[derive(Debug)]
pub(super) enum Disclosure {
    /// `[salt, name, value]`: a member of an object.
    Member {
        /// The claim name.
        name: String,
        /// The claim value, perhaps with further digests in it.
        value: Value,
    },
    /// `[salt, value]`: an element of an array.
    Element {
        /// The element, perhaps with further digests in it.
        value: Value,
    },
}

impl Disclosure {
    /// Decodes a disclosure: strict base64url, JSON without repeated members, a salt that is a string. `buffer` is scratch
    /// space, to be used again.
    pub(super) fn parse(text: &str, buffer: &mut Vec<u8>) -> Result<Self, SdJwtError> {
        buffer.clear();
        base64url::decode_into(text, buffer).map_err(|_| SdJwtError::Disclosure)?;
        let json::SaltedArray { second, third } = json::parse_salted(buffer).map_err(|_| SdJwtError::Disclosure)?;
        match (second, third) {
            (Value::String(name), Some(value)) => Ok(Self::Member { name, value }),
            (value, None) => Ok(Self::Element { value }),
            _ => Err(SdJwtError::Disclosure),
        }
    }
}
