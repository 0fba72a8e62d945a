//! JWKs: thumbprints (RFC 7638) and the choice of a key to encrypt to (OpenID4VP 1.0, 8.3).

use serde_json::Value;

use super::json;
use crate::crypto::{CryptoError, PublicKey, SignatureAlgorithm, VerificationKey, sha256};

/// The most keys of a JWK Set that are looked at.
const MAX_KEYS: usize = 64;

/// The SHA-256 thumbprint of a JWK of key type EC, OKP or RSA (RFC 7638, section 3; RFC 8037, section 2).
///
/// # Errors
/// [`CryptoError::Unsupported`] for another key type or when a required member is missing.
pub fn thumbprint(jwk: &Value) -> Result<[u8; 32], CryptoError> {
    let required: &[&str] = match jwk.get("kty").and_then(Value::as_str) {
        Some("EC") => &["crv", "kty", "x", "y"],
        Some("OKP") => &["crv", "kty", "x"],
        Some("RSA") => &["e", "kty", "n"],
        _ => return Err(CryptoError::Unsupported),
    };
    let mut canonical = serde_json::Map::new();
    for name in required {
        let value = jwk.get(*name).and_then(Value::as_str).ok_or(CryptoError::Unsupported)?;
        canonical.insert((*name).to_owned(), value.into());
    }
    // The names above are in lexicographic order, and Map keeps one order for all of them.
    let bytes = serde_json::to_vec(&canonical).map_err(|_| CryptoError::Unsupported)?;
    Ok(sha256(&bytes))
}

/// A key that messages can be encrypted to with ECDH-ES on P-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptionKey {
    /// The public key.
    pub key: PublicKey,
    /// Its `kid`, which goes into the JWE header when present.
    pub kid: Option<String>,
}

impl EncryptionKey {
    /// Reads a JWK meant for encryption: P-256, `alg` ECDH-ES, and `use`, if present, `enc`.
    ///
    /// # Errors
    /// [`CryptoError::Unsupported`] when it is another kind of key, otherwise as [`PublicKey::from_jwk`].
    pub fn from_jwk(jwk: &Value) -> Result<Self, CryptoError> {
        let member = |name: &str| jwk.get(name).and_then(Value::as_str);
        // `alg` is required in OpenID4VP 1.0, 8.3; ECDH-ES is the only one here, so nothing is guessed without it.
        let for_encryption = jwk.get("use").is_none_or(|usage| usage == "enc")
            && jwk.get("alg").is_none_or(|alg| alg == "ECDH-ES")
            && jwk.get("key_ops").is_none_or(|operations| {
                operations.as_array().is_some_and(|operations| {
                    operations
                        .iter()
                        .any(|operation| operation == "deriveKey" || operation == "deriveBits")
                })
            });
        if !for_encryption {
            return Err(CryptoError::Unsupported);
        }
        Ok(Self {
            key: PublicKey::from_jwk(jwk)?,
            kid: member("kid").map(str::to_owned),
        })
    }

    /// The JWK a service or wallet publishes for encryption to this key.
    #[must_use]
    pub fn to_jwk(&self) -> Value {
        let mut jwk = self.key.to_jwk();
        if let Some(members) = jwk.as_object_mut() {
            members.insert("use".to_owned(), "enc".into());
            members.insert("alg".to_owned(), "ECDH-ES".into());
            if let Some(kid) = &self.kid {
                members.insert("kid".to_owned(), kid.as_str().into());
            }
        }
        jwk
    }
}

/// Chooses the first usable encryption key of a JWK Set and skips every key it cannot use, of whatever type
/// (OpenID4VP 1.0, 8.3). `None` when there is none.
#[must_use]
pub fn choose_encryption_key(jwks: &Value) -> Option<EncryptionKey> {
    let keys = jwks.get("keys")?.as_array()?;
    keys.iter()
        .take(MAX_KEYS)
        .find_map(|jwk| EncryptionKey::from_jwk(jwk).ok())
}

/// The keys of a JWK Set that signatures can be verified with (RFC 7517, 5). Keys of other kinds and for other uses are left
/// out.
#[derive(Clone, Debug)]
pub struct JwkSet(Vec<(Option<String>, VerificationKey)>);

impl JwkSet {
    /// Reads a JWK Set document.
    ///
    /// # Errors
    /// [`CryptoError::InvalidPublicKey`] when it is none, or has more than 64 keys.
    pub fn parse(document: &[u8]) -> Result<Self, CryptoError> {
        Self::from_value(&from_json(document)?)
    }

    /// Reads a JWK Set.
    ///
    /// # Errors
    /// As [`JwkSet::parse`].
    pub fn from_value(jwks: &Value) -> Result<Self, CryptoError> {
        let keys = jwks
            .get("keys")
            .and_then(Value::as_array)
            .filter(|keys| keys.len() <= MAX_KEYS && keys.iter().all(Value::is_object))
            .ok_or(CryptoError::InvalidPublicKey)?;
        let usable = keys.iter().filter(|jwk| is_for_signatures(jwk)).filter_map(|jwk| {
            let key = VerificationKey::from_jwk(jwk).ok()?;
            // `alg`, if present, is the one algorithm the key is for (RFC 7517, 4.4).
            let right_algorithm = jwk.get("alg").is_none_or(|alg| {
                let alg = alg.as_str().map(SignatureAlgorithm::from_jose_name);
                alg.is_some_and(|alg| alg == Ok(key.algorithm()))
            });
            if !right_algorithm {
                return None;
            }
            Some((jwk.get("kid").and_then(Value::as_str).map(str::to_owned), key))
        });
        Ok(Self(usable.collect()))
    }

    /// The key of this `kid`; without one, the only key. `None` when there is no such key or more than one.
    #[must_use]
    pub fn signature_key(&self, kid: Option<&str>) -> Option<&VerificationKey> {
        let mut found = self
            .0
            .iter()
            .filter(|(name, _)| kid.is_none() || name.as_deref() == kid);
        match (found.next(), found.next()) {
            (Some((_, key)), None) => Some(key),
            _ => None,
        }
    }
}

/// `use` and `key_ops`, if present, allow verifying (RFC 7517, 4.2 and 4.3).
fn is_for_signatures(jwk: &Value) -> bool {
    let verifies = |operations: &Value| {
        let mut operations = operations.as_array().into_iter().flatten();
        operations.any(|operation| operation == "verify")
    };
    jwk.get("use").is_none_or(|usage| usage == "sig") && jwk.get("key_ops").is_none_or(verifies)
}

/// Reads a JWK from JSON text, refusing repeated members.
pub(super) fn from_json(bytes: &[u8]) -> Result<Value, CryptoError> {
    json::parse_object(bytes)
        .map(Value::Object)
        .map_err(|_| CryptoError::InvalidPublicKey)
}
