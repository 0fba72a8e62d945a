//! Integrity of referenced documents (draft-ietf-oauth-sd-jwt-vc, 6; W3C Subresource Integrity, 3, for the syntax).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::TypeMetadataError;

/// The longest integrity metadata that is read, in bytes.
const MAX_BYTES: usize = 4096;

/// Padding may be there or not; trailing bits are as they come, because only the octets count.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What a document's octets must hash to: "integrity metadata", one or more hash expressions as in `sha256-…=`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integrity(Vec<Expression>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Expression {
    algorithm: Algorithm,
    /// `None` when it is no digest at all, which no document matches.
    digest: Option<Vec<u8>>,
}

/// The algorithms, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Unknown,
    Sha256,
    Sha384,
    Sha512,
}

impl Integrity {
    /// Reads integrity metadata. Unknown algorithms are read too; documents match by known ones only.
    ///
    /// # Errors
    /// [`TypeMetadataError::Malformed`] when it is none.
    pub fn parse(text: &str) -> Result<Self, TypeMetadataError> {
        if text.len() > MAX_BYTES {
            return Err(TypeMetadataError::TooLarge);
        }
        let expressions: Vec<_> = text
            .split_ascii_whitespace()
            .map(expression)
            .collect::<Option<_>>()
            .ok_or(TypeMetadataError::Malformed)?;
        if expressions.is_empty() {
            return Err(TypeMetadataError::Malformed);
        }
        Ok(Self(expressions))
    }

    /// Whether these octets are the document. Only the strongest known algorithm counts; any of its expressions will do.
    #[must_use]
    pub fn matches(&self, document: &[u8]) -> bool {
        let strongest = self.0.iter().map(|expression| expression.algorithm).max();
        let digest = match strongest {
            Some(Algorithm::Sha256) => Sha256::digest(document).to_vec(),
            Some(Algorithm::Sha384) => Sha384::digest(document).to_vec(),
            Some(Algorithm::Sha512) => Sha512::digest(document).to_vec(),
            Some(Algorithm::Unknown) | None => return false,
        };
        self.0
            .iter()
            .filter(|expression| Some(expression.algorithm) == strongest)
            .any(|expression| expression.digest.as_ref() == Some(&digest))
    }
}

/// `algorithm-base64` with perhaps `?options`, which mean nothing yet.
fn expression(text: &str) -> Option<Expression> {
    let text = text.split('?').next().unwrap_or_default();
    let (algorithm, digest) = text.split_once('-')?;
    let value = digest.trim_end_matches('=');
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    let well_formed = !algorithm.is_empty()
        && algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !value.is_empty()
        && value.bytes().all(is_base64)
        && digest.len() - value.len() <= 2;
    well_formed.then(|| Expression {
        algorithm: match algorithm {
            "sha256" => Algorithm::Sha256,
            "sha384" => Algorithm::Sha384,
            "sha512" => Algorithm::Sha512,
            _ => Algorithm::Unknown,
        },
        // The grammar allows both alphabets (CSP3, `base64-value`).
        digest: BASE64.decode(value.replace('-', "+").replace('_', "/")).ok(),
    })
}
