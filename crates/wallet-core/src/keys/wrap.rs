//! Keys that wrap keys: Argon2id (RFC 9106), HKDF-SHA256 (RFC 5869), AES-256-GCM (NIST SP 800-38D).

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::header::KdfParams;
use super::{KeysError, Pin, random};

/// What a derived key is for. Part of every derivation, so that no key serves two ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    StoreKey,
    HolderOpeningKey,
    WalletPrivateKey,
    Keyfile,
}

impl Label {
    fn as_str(self) -> &'static str {
        match self {
            Self::StoreKey => "store key",
            Self::HolderOpeningKey => "holder-opening key",
            Self::WalletPrivateKey => "wallet private key",
            Self::Keyfile => "keyfile",
        }
    }
}

/// Bytes that are written as base64.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Blob(pub(super) Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(de::Error::custom)
    }
}

/// The key made of the PIN alone. Half of what opens anything.
pub(super) struct PinKey(Zeroizing<[u8; 32]>);

impl PinKey {
    /// Argon2id over the PIN: about a fifth of a second and 64 MiB.
    pub(super) fn derive(pin: &Pin, kdf: &KdfParams) -> Result<Self, KeysError> {
        let refused = |_| KeysError::HeaderDamaged("its Argon2 parameters");
        let params = Params::new(kdf.memory_kib, kdf.passes, kdf.lanes, Some(32)).map_err(refused)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(pin.as_bytes(), &kdf.salt.0, key.as_mut_slice())
            .map_err(refused)?;
        Ok(Self(key))
    }

    /// Seals the secret of `--keystore file`, so that the file is no use to who has not the PIN.
    pub(super) fn seal_keyfile(&self, store_id: &str, secret: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, KeysError> {
        seal_under(&self.0, store_id, Label::Keyfile, secret, &[]).map(|blob| Zeroizing::new(blob.0))
    }

    /// Opens it; nothing when the PIN is wrong.
    pub(super) fn open_keyfile(&self, store_id: &str, sealed: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        key_bytes(&open_under(&self.0, store_id, Label::Keyfile, sealed, &[])?)
    }
}

/// A key made of both halves, for one end.
pub(super) struct WrappingKey(Zeroizing<[u8; 32]>);

impl WrappingKey {
    /// HKDF-SHA256(keystore secret ‖ PIN key; info = store id ‖ label).
    pub(super) fn derive(secret: &[u8; 32], pin_key: &PinKey, store_id: &str, label: Label) -> Result<Self, KeysError> {
        let mut both = Zeroizing::new([0; 64]);
        both[..32].copy_from_slice(secret);
        both[32..].copy_from_slice(pin_key.0.as_slice());
        expand(both.as_slice(), store_id, label).map(Self)
    }

    /// Wraps a key, bound to the facts of the header.
    pub(super) fn wrap(&self, key: &[u8; 32], bound: &[u8; 32]) -> Result<Blob, KeysError> {
        seal(&self.0, key, bound)
    }

    /// Unwraps it; nothing when a half, the facts or the wrapped key are not the ones it was made with.
    pub(super) fn unwrap(&self, wrapped: &Blob, bound: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
        key_bytes(&open(&self.0, &wrapped.0, bound)?)
    }
}

/// Seals under a key derived from `key` for one end.
pub(super) fn seal_under(
    key: &[u8; 32],
    store_id: &str,
    label: Label,
    plain: &[u8],
    bound: &[u8],
) -> Result<Blob, KeysError> {
    seal(&*expand(key, store_id, label)?, plain, bound)
}

/// Opens what [`seal_under`] sealed.
pub(super) fn open_under(
    key: &[u8; 32],
    store_id: &str,
    label: Label,
    sealed: &[u8],
    bound: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    open(&*expand(key, store_id, label).ok()?, sealed, bound)
}

/// The 32 bytes of a key.
pub(super) fn key_bytes(bytes: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    Some(Zeroizing::new(bytes.try_into().ok()?))
}

/// A digest by which the keystore's item is known again: of 32 random bytes or of a sealed file, so it tells nothing.
pub(super) fn item_digest(item: &[u8]) -> Blob {
    Blob(
        Sha256::new()
            .chain_update(b"citizen-wallet keystore item\0")
            .chain_update(item)
            .finalize()
            .to_vec(),
    )
}

fn expand(key: &[u8], store_id: &str, label: Label) -> Result<Zeroizing<[u8; 32]>, KeysError> {
    let mut derived = Zeroizing::new([0; 32]);
    // The store id has no zero byte, so the two parts of the info cannot run into one another.
    Hkdf::<Sha256>::new(None, key)
        .expand_multi_info(
            &[store_id.as_bytes(), b"\0", label.as_str().as_bytes()],
            derived.as_mut_slice(),
        )
        .map_err(|_| KeysError::HeaderDamaged("its key sizes"))?;
    Ok(derived)
}

/// Nonce (12 bytes), ciphertext, tag (16 bytes). The nonce is random; each key seals once or a handful of times.
fn seal(key: &[u8; 32], plain: &[u8], bound: &[u8]) -> Result<Blob, KeysError> {
    let nonce = random::<12>()?;
    let sealed = Aes256Gcm::new(key.into())
        .encrypt((&*nonce).into(), Payload { msg: plain, aad: bound })
        .map_err(|_| KeysError::HeaderDamaged("its key sizes"))?;
    Ok(Blob([nonce.as_slice(), &sealed].concat()))
}

fn open(key: &[u8; 32], sealed: &[u8], bound: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<12>()?;
    let plain = Aes256Gcm::new(key.into())
        .decrypt(
            nonce.into(),
            Payload {
                msg: sealed,
                aad: bound,
            },
        )
        .ok()?;
    Some(Zeroizing::new(plain))
}
