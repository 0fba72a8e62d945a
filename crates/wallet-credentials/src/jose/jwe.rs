//! JWE in compact serialisation with ECDH-ES on P-256 (RFC 7516, RFC 7518 4.6): encrypted answers of OpenID4VP and
//! encrypted responses of OpenID4VCI.

use std::io::{Read as _, Write as _};

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::cipher::{
    AES_128, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::hmac;
use aws_lc_rs::iv::FixedLength;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::jwk::EncryptionKey;
use super::{base64url, json};
use crate::crypto::{AgreementKey, PublicKey, Random};

/// The longest compact JWE that is read, in bytes.
pub const MAX_JWE_BYTES: usize = 4 * 1024 * 1024;

/// The longest protected header, in bytes of base64url.
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// `zip`: DEFLATE (RFC 7518, 7.3).
const DEFLATE: &str = "DEF";

/// How many times its compressed size a message may have. Credentials are signatures, digests and pictures, which hardly
/// compress; what inflates a thousandfold is no message.
const MAX_INFLATION: usize = 8;

/// How large a message may be in any case, however well it compresses.
const SPARE_INFLATION: usize = 16 * 1024;

/// Why a JWE could not be made or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JweError {
    /// The JWE could not be opened. One error for every reason, so that nobody learns from it which it was.
    #[error("the message could not be decrypted")]
    NotDecrypted,
    /// The JWE could not be made: the source of randomness failed, or the message is too long.
    #[error("the message could not be encrypted")]
    NotEncrypted,
    /// Content encryption this wallet does not have.
    #[error("the content encryption is not supported")]
    Unsupported,
}

/// A content encryption algorithm (`enc`; RFC 7518, 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentEncryption {
    /// AES-128 in Galois/Counter Mode.
    A128Gcm,
    /// AES-256 in Galois/Counter Mode.
    A256Gcm,
    /// AES-128 in CBC mode with HMAC-SHA-256 (RFC 7518, 5.2.3).
    A128CbcHs256,
}

impl ContentEncryption {
    /// The algorithm of this JOSE name.
    ///
    /// # Errors
    /// [`JweError::Unsupported`].
    pub fn from_jose_name(name: &str) -> Result<Self, JweError> {
        match name {
            "A128GCM" => Ok(Self::A128Gcm),
            "A256GCM" => Ok(Self::A256Gcm),
            "A128CBC-HS256" => Ok(Self::A128CbcHs256),
            _ => Err(JweError::Unsupported),
        }
    }

    /// The JOSE name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
            Self::A128CbcHs256 => "A128CBC-HS256",
        }
    }

    const fn key_bytes(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A256Gcm | Self::A128CbcHs256 => 32,
        }
    }

    const fn iv_bytes(self) -> usize {
        match self {
            Self::A128Gcm | Self::A256Gcm => 12,
            Self::A128CbcHs256 => 16,
        }
    }

    const fn gcm(self) -> Option<&'static Algorithm> {
        match self {
            Self::A128Gcm => Some(&AES_128_GCM),
            Self::A256Gcm => Some(&AES_256_GCM),
            Self::A128CbcHs256 => None,
        }
    }
}

/// Bytes of the authentication tag, for every algorithm here.
const TAG_BYTES: usize = 16;

/// To whom and how a message is encrypted.
#[derive(Clone, Copy)]
pub struct Recipient<'a> {
    /// The key of the recipient; its `kid` goes into the header.
    pub key: &'a EncryptionKey,
    /// The content encryption the recipient can open.
    pub enc: ContentEncryption,
    /// `apu`: information about the producer, bound into the key; empty to leave it out.
    pub apu: &'a [u8],
    /// `apv`: information about the recipient, bound into the key; empty to leave it out.
    pub apv: &'a [u8],
    /// Whether the message is compressed first (`zip` DEF; RFC 7516, 4.1.3): only where the recipient asked for it, because
    /// the length of what is compressed tells about its content.
    pub compressed: bool,
}

impl<'a> Recipient<'a> {
    /// This key and content encryption, without `apu` and `apv`.
    #[must_use]
    pub const fn new(key: &'a EncryptionKey, enc: ContentEncryption) -> Self {
        Self {
            key,
            enc,
            apu: &[],
            apv: &[],
            compressed: false,
        }
    }

    /// The same, with the message compressed first.
    #[must_use]
    pub const fn compressed(mut self) -> Self {
        self.compressed = true;
        self
    }
}

/// The protected header of a JWE that parsed. Nothing in it is authenticated before the JWE is opened.
#[derive(Clone, Debug)]
pub struct JweHeader {
    /// `enc`.
    pub enc: ContentEncryption,
    /// `kid`: the key it was encrypted to.
    pub kid: Option<String>,
    /// `cty`: the media type of the content.
    pub cty: Option<String>,
    epk: PublicKey,
    apu: Vec<u8>,
    apv: Vec<u8>,
    compressed: bool,
}

impl JweHeader {
    /// Reads the header of a compact JWE, to find the key that opens it.
    ///
    /// # Errors
    /// [`JweError::NotDecrypted`] for anything this wallet could not open.
    pub fn peek(text: &str) -> Result<Self, JweError> {
        Parts::split(text)
            .and_then(|parts| Self::parse(parts.header))
            .filter(|header| !header.compressed)
            .ok_or(JweError::NotDecrypted)
    }

    fn parse(part: &str) -> Option<Self> {
        if part.len() > MAX_HEADER_BYTES {
            return None;
        }
        let members = json::parse_object(&base64url::decode(part).ok()?).ok()?;
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        if text("alg") != Some("ECDH-ES") || members.contains_key("crit") {
            return None;
        }
        let compressed = match members.get("zip") {
            None => false,
            Some(zip) if zip == DEFLATE => true,
            Some(_) => return None,
        };
        let party = |name: &str| match members.get(name) {
            None => Some(Vec::new()),
            Some(value) => base64url::decode(value.as_str()?).ok(),
        };
        Some(Self {
            enc: ContentEncryption::from_jose_name(text("enc")?).ok()?,
            kid: text("kid").map(str::to_owned),
            cty: text("cty").map(str::to_owned),
            epk: PublicKey::from_jwk(members.get("epk")?).ok()?,
            apu: party("apu")?,
            apv: party("apv")?,
            compressed,
        })
    }
}

/// An opened JWE.
pub struct Decrypted {
    /// The header, authenticated now.
    pub header: JweHeader,
    /// The content; wiped when dropped.
    pub plaintext: Zeroizing<Vec<u8>>,
}

/// Encrypts `plaintext` with ECDH-ES in direct key agreement mode and a fresh ephemeral key from `random`.
///
/// # Errors
/// [`JweError::NotEncrypted`] when the source of randomness failed.
pub fn encrypt(plaintext: &[u8], to: &Recipient<'_>, random: &mut dyn Random) -> Result<String, JweError> {
    let ephemeral = AgreementKey::from_random(random).map_err(|_| JweError::NotEncrypted)?;
    let mut iv = [0_u8; 16];
    let iv = iv.get_mut(..to.enc.iv_bytes()).ok_or(JweError::NotEncrypted)?;
    random.fill(iv).map_err(|_| JweError::NotEncrypted)?;

    let mut members = Map::new();
    members.insert("alg".to_owned(), "ECDH-ES".into());
    members.insert("enc".to_owned(), to.enc.as_str().into());
    if let Some(kid) = &to.key.kid {
        members.insert("kid".to_owned(), kid.as_str().into());
    }
    if to.compressed {
        members.insert("zip".to_owned(), DEFLATE.into());
    }
    members.insert("epk".to_owned(), ephemeral.public_key().to_jwk());
    for (name, party) in [("apu", to.apu), ("apv", to.apv)] {
        if !party.is_empty() {
            members.insert(name.to_owned(), base64url::encode(party).into());
        }
    }
    let header = serde_json::to_vec(&members).map_err(|_| JweError::NotEncrypted)?;

    let mut text = String::with_capacity((header.len() + plaintext.len()) * 4 / 3 + 128);
    base64url::encode_into(&header, &mut text);
    let key = derive_key(&ephemeral, &to.key.key, to.enc, to.apu, to.apv).ok_or(JweError::NotEncrypted)?;
    let deflated = to.compressed.then(|| deflate(plaintext)).transpose()?;
    let content = deflated.as_deref().map_or(plaintext, Vec::as_slice);
    let (ciphertext, tag) = seal(to.enc, &key, iv, text.as_bytes(), content).ok_or(JweError::NotEncrypted)?;
    text.push_str("..");
    base64url::encode_into(iv, &mut text);
    text.push('.');
    base64url::encode_into(&ciphertext, &mut text);
    text.push('.');
    base64url::encode_into(&tag, &mut text);
    Ok(text)
}

/// Opens a compact JWE that was encrypted to `key`, and is not compressed: `zip` is refused where nobody asked for it.
///
/// # Errors
/// [`JweError::NotDecrypted`], whatever the reason.
pub fn decrypt(text: &str, key: &AgreementKey) -> Result<Decrypted, JweError> {
    open(text, key)
        .filter(|opened| !opened.header.compressed)
        .ok_or(JweError::NotDecrypted)
}

/// Opens a compact JWE that was encrypted to `key`, and may be compressed (`zip` DEF) because that was asked for. What it
/// holds has at most `limit` bytes, and no more than credentials and messages make of what was compressed.
///
/// # Errors
/// [`JweError::NotDecrypted`], whatever the reason, more bytes than `limit` included.
pub fn decrypt_compressed(text: &str, key: &AgreementKey, limit: usize) -> Result<Decrypted, JweError> {
    let mut opened = open(text, key).ok_or(JweError::NotDecrypted)?;
    if opened.header.compressed {
        opened.plaintext = inflate(&opened.plaintext, limit).ok_or(JweError::NotDecrypted)?;
    }
    if opened.plaintext.len() > limit {
        return Err(JweError::NotDecrypted);
    }
    Ok(opened)
}

/// Raw DEFLATE (RFC 1951), as RFC 7516, 4.1.3, has it.
fn deflate(plaintext: &[u8]) -> Result<Zeroizing<Vec<u8>>, JweError> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plaintext).map_err(|_| JweError::NotEncrypted)?;
    encoder.finish().map(Zeroizing::new).map_err(|_| JweError::NotEncrypted)
}

/// The content of one DEFLATE stream, when it is no longer than `limit`. It is never held beyond that.
fn inflate(compressed: &[u8], limit: usize) -> Option<Zeroizing<Vec<u8>>> {
    let in_proportion = compressed
        .len()
        .saturating_mul(MAX_INFLATION)
        .saturating_add(SPARE_INFLATION);
    let limit = limit.min(in_proportion);
    let most = u64::try_from(limit).ok()?.checked_add(1)?;
    let mut content = Zeroizing::new(Vec::new());
    DeflateDecoder::new(compressed)
        .take(most)
        .read_to_end(&mut content)
        .ok()?;
    (content.len() <= limit).then_some(content)
}

fn open(text: &str, key: &AgreementKey) -> Option<Decrypted> {
    let parts = Parts::split(text)?;
    let header = JweHeader::parse(parts.header)?;
    // Direct key agreement has no encrypted key (RFC 7518, 4.6).
    if !parts.encrypted_key.is_empty() {
        return None;
    }
    let iv = base64url::decode(parts.iv).ok()?;
    let tag = base64url::decode(parts.tag).ok()?;
    if iv.len() != header.enc.iv_bytes() || tag.len() != TAG_BYTES {
        return None;
    }
    let ciphertext = base64url::decode(parts.ciphertext).ok()?;
    let content_key = derive_key(key, &header.epk, header.enc, &header.apu, &header.apv)?;
    let plaintext = unseal(header.enc, &content_key, &iv, parts.header.as_bytes(), ciphertext, &tag)?;
    Some(Decrypted { header, plaintext })
}

struct Parts<'t> {
    header: &'t str,
    encrypted_key: &'t str,
    iv: &'t str,
    ciphertext: &'t str,
    tag: &'t str,
}

impl<'t> Parts<'t> {
    fn split(text: &'t str) -> Option<Self> {
        if text.len() > MAX_JWE_BYTES {
            return None;
        }
        let mut parts = text.split('.');
        let split = Self {
            header: parts.next()?,
            encrypted_key: parts.next()?,
            iv: parts.next()?,
            ciphertext: parts.next()?,
            tag: parts.next()?,
        };
        parts.next().is_none().then_some(split)
    }
}

fn derive_key(
    ours: &AgreementKey,
    theirs: &PublicKey,
    enc: ContentEncryption,
    apu: &[u8],
    apv: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let shared = ours.agree(theirs).ok()?;
    concat_kdf(shared.as_ref(), enc.as_str(), apu, apv, enc.key_bytes())
}

/// Concat KDF with SHA-256 (NIST SP 800-56A, 5.8.1, as RFC 7518, 4.6.2 uses it) for keys of at most 32 bytes.
pub(super) fn concat_kdf(
    shared: &[u8],
    algorithm: &str,
    apu: &[u8],
    apv: &[u8],
    key_bytes: usize,
) -> Option<Zeroizing<Vec<u8>>> {
    let mut hash = Sha256::new();
    hash.update(1_u32.to_be_bytes());
    hash.update(shared);
    for field in [algorithm.as_bytes(), apu, apv] {
        hash.update(u32::try_from(field.len()).ok()?.to_be_bytes());
        hash.update(field);
    }
    hash.update(u32::try_from(key_bytes.checked_mul(8)?).ok()?.to_be_bytes());
    let mut key = Zeroizing::new(hash.finalize().to_vec());
    if key_bytes > key.len() {
        return None;
    }
    key.truncate(key_bytes);
    Some(key)
}

fn seal(enc: ContentEncryption, key: &[u8], iv: &[u8], aad: &[u8], plaintext: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut content = plaintext.to_vec();
    if let Some(algorithm) = enc.gcm() {
        let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
        let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
        let tag = key
            .seal_in_place_separate_tag(nonce, Aad::from(aad), &mut content)
            .ok()?;
        return Some((content, tag.as_ref().to_vec()));
    }
    let (mac_key, cipher_key) = key.split_at_checked(16)?;
    let cipher = PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, cipher_key).ok()?).ok()?;
    let context = EncryptionContext::Iv128(FixedLength::from(<[u8; 16]>::try_from(iv).ok()?));
    cipher.less_safe_encrypt(&mut content, context).ok()?;
    let tag = cbc_tag(mac_key, aad, iv, &content)?;
    Some((content, tag.to_vec()))
}

fn unseal(
    enc: ContentEncryption,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    mut ciphertext: Vec<u8>,
    tag: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    if let Some(algorithm) = enc.gcm() {
        let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
        let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
        let mut content = Zeroizing::new(ciphertext);
        content.extend_from_slice(tag);
        let length = key.open_in_place(nonce, Aad::from(aad), &mut content).ok()?.len();
        content.truncate(length);
        return Some(content);
    }
    let (mac_key, cipher_key) = key.split_at_checked(16)?;
    // The tag first: whether the padding was right must not be seen (RFC 7518, 5.2.2.2).
    if !bool::from(cbc_tag(mac_key, aad, iv, &ciphertext)?.as_slice().ct_eq(tag)) {
        return None;
    }
    let cipher = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, cipher_key).ok()?).ok()?;
    let context = DecryptionContext::Iv128(FixedLength::from(<[u8; 16]>::try_from(iv).ok()?));
    let length = cipher.decrypt(&mut ciphertext, context).ok()?.len();
    let mut content = Zeroizing::new(ciphertext);
    content.truncate(length);
    Some(content)
}

/// The tag of AES_CBC_HMAC_SHA2: the first half of HMAC over AAD, IV, ciphertext and the AAD's length in bits.
fn cbc_tag(mac_key: &[u8], aad: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<[u8; TAG_BYTES]> {
    let mut mac = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, mac_key));
    mac.update(aad);
    mac.update(iv);
    mac.update(ciphertext);
    mac.update(&u64::try_from(aad.len()).ok()?.checked_mul(8)?.to_be_bytes());
    mac.sign().as_ref().get(..TAG_BYTES)?.try_into().ok()
}
