//! Verifying signatures. Holders sign with ES256 only; issuers and services may use the other algorithms here.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, UnparsedPublicKey,
};
use serde_json::Value;

use super::public_key::refuse_private_members;
use super::{CryptoError, PublicKey};
use crate::jose::base64url;

/// A JOSE signature algorithm this wallet can verify (RFC 7518, 3.1; RFC 8037; RFC 9864).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// ECDSA with P-521 and SHA-512.
    Es512,
    /// Ed25519, named `EdDSA` or `Ed25519`.
    Ed25519,
}

impl SignatureAlgorithm {
    /// The algorithm of this JOSE name; `none` and every symmetric algorithm are unsupported.
    ///
    /// # Errors
    /// [`CryptoError::Unsupported`].
    pub fn from_jose_name(name: &str) -> Result<Self, CryptoError> {
        match name {
            "ES256" | "ESP256" => Ok(Self::Es256),
            "ES384" | "ESP384" => Ok(Self::Es384),
            "ES512" | "ESP512" => Ok(Self::Es512),
            "EdDSA" | "Ed25519" => Ok(Self::Ed25519),
            _ => Err(CryptoError::Unsupported),
        }
    }
}

/// A public key that signatures are verified with. The key fixes the algorithm: there is nothing to confuse.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerificationKey {
    /// A P-256 key, for ES256.
    P256(PublicKey),
    /// A P-384 key (uncompressed SEC1), for ES384.
    P384(Box<[u8; 97]>),
    /// A P-521 key (uncompressed SEC1), for ES512.
    P521(Box<[u8; 133]>),
    /// An Ed25519 key.
    Ed25519([u8; 32]),
}

impl From<PublicKey> for VerificationKey {
    fn from(key: PublicKey) -> Self {
        Self::P256(key)
    }
}

impl VerificationKey {
    /// Reads a public JWK of key type EC or OKP; the coordinates have the full width of the curve (RFC 7518, 6.2.1.2).
    ///
    /// # Errors
    /// As [`PublicKey::from_jwk`].
    pub fn from_jwk(jwk: &Value) -> Result<Self, CryptoError> {
        refuse_private_members(jwk)?;
        let member = |name: &str| jwk.get(name).and_then(Value::as_str);
        let coordinate = |name: &str| {
            member(name)
                .and_then(|text| base64url::decode(text).ok())
                .ok_or(CryptoError::InvalidPublicKey)
        };
        match (member("kty"), member("crv")) {
            (Some("EC"), Some("P-256")) => PublicKey::from_jwk(jwk).map(Self::P256),
            (Some("EC"), Some("P-384")) => {
                Self::p384_from_sec1(&uncompressed::<48>(&coordinate("x")?, &coordinate("y")?)?)
            }
            (Some("EC"), Some("P-521")) => {
                Self::p521_from_sec1(&uncompressed::<66>(&coordinate("x")?, &coordinate("y")?)?)
            }
            (Some("OKP"), Some("Ed25519")) => coordinate("x")?
                .try_into()
                .map(Self::Ed25519)
                .map_err(|_| CryptoError::InvalidPublicKey),
            _ => Err(CryptoError::Unsupported),
        }
    }

    /// Reads a SEC1 point of P-384, compressed or not.
    ///
    /// # Errors
    /// [`CryptoError::InvalidPublicKey`] when it is not a point of the curve or is the point at infinity.
    pub fn p384_from_sec1(bytes: &[u8]) -> Result<Self, CryptoError> {
        use p384::elliptic_curve::sec1::ToSec1Point;
        let key = p384::PublicKey::from_sec1_bytes(bytes).map_err(|_| CryptoError::InvalidPublicKey)?;
        let point = key.to_sec1_point(false);
        let sec1 = point.as_bytes().try_into().map_err(|_| CryptoError::InvalidPublicKey)?;
        Ok(Self::P384(Box::new(sec1)))
    }

    /// Reads a SEC1 point of P-521, compressed or not.
    ///
    /// # Errors
    /// [`CryptoError::InvalidPublicKey`] when it is not a point of the curve or is the point at infinity.
    pub fn p521_from_sec1(bytes: &[u8]) -> Result<Self, CryptoError> {
        use p521::elliptic_curve::sec1::ToSec1Point;
        let key = p521::PublicKey::from_sec1_bytes(bytes).map_err(|_| CryptoError::InvalidPublicKey)?;
        let point = key.to_sec1_point(false);
        let sec1 = point.as_bytes().try_into().map_err(|_| CryptoError::InvalidPublicKey)?;
        Ok(Self::P521(Box::new(sec1)))
    }

    /// The one algorithm this key verifies.
    #[must_use]
    pub const fn algorithm(&self) -> SignatureAlgorithm {
        match self {
            Self::P256(_) => SignatureAlgorithm::Es256,
            Self::P384(_) => SignatureAlgorithm::Es384,
            Self::P521(_) => SignatureAlgorithm::Es512,
            Self::Ed25519(_) => SignatureAlgorithm::Ed25519,
        }
    }

    /// Verifies a signature in JOSE form (`r ‖ s` for ECDSA).
    ///
    /// # Errors
    /// [`CryptoError::Unsupported`] when `algorithm` is not the one of this key, else
    /// [`CryptoError::InvalidSignature`].
    pub fn verify(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
        if algorithm != self.algorithm() {
            return Err(CryptoError::Unsupported);
        }
        let outcome = match self {
            Self::P256(key) => return verify_es256(key, message, signature),
            Self::P384(key) => {
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, key.as_slice()).verify(message, signature)
            }
            Self::P521(key) => {
                UnparsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, key.as_slice()).verify(message, signature)
            }
            Self::Ed25519(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
        };
        outcome.map_err(|_| CryptoError::InvalidSignature)
    }
}

/// Verifies an ES256 signature (`r ‖ s`, 64 bytes) over `message`.
///
/// # Errors
/// [`CryptoError::InvalidSignature`].
pub fn verify_es256(key: &PublicKey, message: &[u8], signature: &[u8]) -> Result<(), CryptoError> {
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.as_sec1())
        .verify(message, signature)
        .map_err(|_| CryptoError::InvalidSignature)
}

/// `04 ‖ x ‖ y` for coordinates of exactly `N` bytes.
fn uncompressed<const N: usize>(x: &[u8], y: &[u8]) -> Result<Vec<u8>, CryptoError> {
    if x.len() != N || y.len() != N {
        return Err(CryptoError::InvalidPublicKey);
    }
    Ok([&[4], x, y].concat())
}
