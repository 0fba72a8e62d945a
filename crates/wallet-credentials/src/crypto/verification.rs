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
    /// Reads a public JWK of key type EC or OKP. Whether a P-384 or P-521 point is on its curve is found out by the
    /// first verification.
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
            (Some("EC"), Some("P-384")) => uncompressed(&coordinate("x")?, &coordinate("y")?).map(Self::P384),
            (Some("EC"), Some("P-521")) => uncompressed(&coordinate("x")?, &coordinate("y")?).map(Self::P521),
            (Some("OKP"), Some("Ed25519")) => coordinate("x")?
                .try_into()
                .map(Self::Ed25519)
                .map_err(|_| CryptoError::InvalidPublicKey),
            _ => Err(CryptoError::Unsupported),
        }
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

/// `04 ‖ x ‖ y` of exactly `N` bytes.
fn uncompressed<const N: usize>(x: &[u8], y: &[u8]) -> Result<Box<[u8; N]>, CryptoError> {
    if x.len() != y.len() {
        return Err(CryptoError::InvalidPublicKey);
    }
    let point = [&[4], x, y].concat();
    Ok(Box::new(point.try_into().map_err(|_| CryptoError::InvalidPublicKey)?))
}
