//! Public keys that name themselves: did:jwk and did:key. Both are resolved from the name alone. For did:web see
//! [`super::did_web`].

use super::{base64url, jwk};
use crate::crypto::{CryptoError, PublicKey, VerificationKey};

/// The longest DID URL that is read, in bytes.
const MAX_DID_BYTES: usize = 4096;

/// Multicodec prefixes of did:key (unsigned varints).
const CODEC_P256: [u8; 2] = [0x80, 0x24];
const CODEC_P384: [u8; 2] = [0x81, 0x24];
const CODEC_P521: [u8; 2] = [0x82, 0x24];
const CODEC_ED25519: [u8; 2] = [0xed, 0x01];
const CODEC_JWK_JCS: [u8; 3] = [0xd1, 0xd6, 0x03];

/// The key a `did:jwk` or `did:key` URL stands for. A fragment must point at the one key of the document.
///
/// # Errors
/// [`CryptoError::Unsupported`] for another DID method, fragment or key type, [`CryptoError::InvalidPublicKey`] when
/// the name holds no key, [`CryptoError::PrivateKeyMaterial`] when it holds a private one.
pub fn resolve(did_url: &str) -> Result<VerificationKey, CryptoError> {
    if did_url.len() > MAX_DID_BYTES {
        return Err(CryptoError::Unsupported);
    }
    let (did, fragment) = match did_url.split_once('#') {
        Some((did, fragment)) => (did, Some(fragment)),
        None => (did_url, None),
    };
    if let Some(name) = did.strip_prefix("did:jwk:") {
        if fragment.is_some_and(|fragment| fragment != "0") {
            return Err(CryptoError::Unsupported);
        }
        let json = base64url::decode(name).map_err(|_| CryptoError::InvalidPublicKey)?;
        return VerificationKey::from_jwk(&jwk::from_json(&json)?);
    }
    if let Some(name) = did.strip_prefix("did:key:") {
        if fragment.is_some_and(|fragment| fragment != name) {
            return Err(CryptoError::Unsupported);
        }
        return from_multibase(name);
    }
    Err(CryptoError::Unsupported)
}

/// The `did:key` of a P-256 key (did:key method, 3.1): what a wallet names itself by where `kid` or `sub` is a DID.
#[must_use]
pub fn did_key(key: &PublicKey) -> String {
    let parity = key.y().last().map_or(0, |last| last & 1);
    let bytes = [&CODEC_P256[..], &[2 + parity], key.x()].concat();
    format!("did:key:z{}", bs58::encode(bytes).into_string())
}

/// The key of a Multikey text: multibase base58btc of a multicodec prefix and the key.
pub(super) fn from_multibase(name: &str) -> Result<VerificationKey, CryptoError> {
    let encoded = name.strip_prefix('z').ok_or(CryptoError::Unsupported)?;
    let bytes = bs58::decode(encoded)
        .into_vec()
        .map_err(|_| CryptoError::InvalidPublicKey)?;
    if let Some(point) = bytes.strip_prefix(&CODEC_P256) {
        return PublicKey::from_sec1(point).map(VerificationKey::P256);
    }
    if let Some(point) = bytes.strip_prefix(&CODEC_P384) {
        return VerificationKey::p384_from_sec1(point);
    }
    if let Some(point) = bytes.strip_prefix(&CODEC_P521) {
        return VerificationKey::p521_from_sec1(point);
    }
    if let Some(key) = bytes.strip_prefix(&CODEC_ED25519) {
        return key
            .try_into()
            .map(VerificationKey::Ed25519)
            .map_err(|_| CryptoError::InvalidPublicKey);
    }
    if let Some(json) = bytes.strip_prefix(&CODEC_JWK_JCS) {
        return VerificationKey::from_jwk(&jwk::from_json(json)?);
    }
    Err(CryptoError::Unsupported)
}
