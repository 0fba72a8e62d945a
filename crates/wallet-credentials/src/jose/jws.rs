//! JWS in compact serialisation (RFC 7515).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Map, Value};

use super::base64url;
use super::json;
use crate::crypto::{CryptoError, PublicKey, SignatureAlgorithm, Signer, VerificationKey};

/// The longest compact JWS that is read, in bytes. Only status list tokens come near it.
pub const MAX_JWS_BYTES: usize = 8 * 1024 * 1024;

/// The longest protected header, in bytes of base64url: certificate chains are the largest part.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// The most certificates in `x5c`.
const MAX_CERTIFICATES: usize = 10;

/// Why a JWS was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwsError {
    /// Larger than [`MAX_JWS_BYTES`], or a header larger than 64 KiB.
    #[error("the JWS is too large")]
    TooLarge,
    /// Not three base64url parts, or a header that is no JSON object with an `alg`.
    #[error("not a compact JWS")]
    Malformed,
    /// `crit` names extensions, and this wallet knows none (RFC 7515, 4.1.11).
    #[error("the header has critical parameters this wallet does not know")]
    CriticalHeader,
    /// The algorithm is not one this wallet verifies, or not the one of the key; `none` among them.
    #[error("the signature algorithm is not acceptable")]
    Algorithm,
    /// The signature does not verify.
    #[error("the signature does not verify")]
    Signature,
    /// The signer could not sign, or a header does not serialise.
    #[error("the JWS could not be signed")]
    NotSigned,
}

/// The protected header of a JWS. Parameters this wallet does not know are ignored (RFC 7515, 4).
#[derive(Clone, Debug)]
pub struct JwsHeader {
    /// `alg`: the signature algorithm as named.
    pub alg: String,
    /// `typ`: the media type of the whole object, as written.
    pub typ: Option<String>,
    /// `kid`: which key signed. A `kid` that is no string says nothing and is dropped.
    pub kid: Option<String>,
    /// `x5c`: the certificate chain in DER, the signer's first. Empty when absent.
    pub x5c: Vec<Vec<u8>>,
    /// `jwk`: the public key, as written.
    pub jwk: Option<Value>,
    /// All parameters as written.
    pub members: Map<String, Value>,
}

impl JwsHeader {
    fn parse(part: &str) -> Result<Self, JwsError> {
        if part.len() > MAX_HEADER_BYTES {
            return Err(JwsError::TooLarge);
        }
        let bytes = base64url::decode(part).map_err(|_| JwsError::Malformed)?;
        let members = json::parse_object(&bytes).map_err(|_| JwsError::Malformed)?;
        // `b64` changes what is signed and must be critical (RFC 7797, 6); without `crit` it is a trap.
        if members.contains_key("crit") || members.contains_key("b64") {
            return Err(JwsError::CriticalHeader);
        }
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self {
            alg: text("alg").ok_or(JwsError::Malformed)?,
            typ: match members.get("typ") {
                None => None,
                Some(Value::String(typ)) => Some(typ.clone()),
                Some(_) => return Err(JwsError::Malformed),
            },
            kid: text("kid"),
            x5c: members.get("x5c").map(certificates).transpose()?.unwrap_or_default(),
            jwk: members.get("jwk").cloned(),
            members,
        })
    }

    /// Verifies the signature of the compact JWS this header was read from, without reading the header again.
    ///
    /// # Errors
    /// As [`Jws::verify`].
    pub(crate) fn verify_compact(&self, text: &str, key: &VerificationKey) -> Result<(), JwsError> {
        let (signing_input, signature) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
        self.verify_parts(signing_input, signature, key)
    }

    fn verify_parts(&self, signing_input: &str, signature: &str, key: &VerificationKey) -> Result<(), JwsError> {
        let algorithm = SignatureAlgorithm::from_jose_name(&self.alg).map_err(|_| JwsError::Algorithm)?;
        let signature = base64url::decode(signature).map_err(|_| JwsError::Malformed)?;
        key.verify(algorithm, signing_input.as_bytes(), &signature)
            .map_err(|error| match error {
                CryptoError::Unsupported => JwsError::Algorithm,
                _ => JwsError::Signature,
            })
    }

    /// Whether `typ` is exactly this media type, with or without its `application/` (RFC 7515, 4.1.9).
    #[must_use]
    pub fn is_type(&self, expected: &str) -> bool {
        self.typ
            .as_deref()
            .is_some_and(|typ| typ.strip_prefix("application/").unwrap_or(typ) == expected)
    }
}

/// The DER certificates of `x5c`: standard base64, padded (RFC 7515, 4.1.6).
fn certificates(value: &Value) -> Result<Vec<Vec<u8>>, JwsError> {
    let chain = value
        .as_array()
        .filter(|chain| !chain.is_empty())
        .ok_or(JwsError::Malformed)?;
    if chain.len() > MAX_CERTIFICATES {
        return Err(JwsError::TooLarge);
    }
    chain
        .iter()
        .map(|entry| {
            STANDARD
                .decode(entry.as_str().ok_or(JwsError::Malformed)?)
                .map_err(|_| JwsError::Malformed)
        })
        .collect()
}

/// A compact JWS that parsed. Its header can be read, to find the key; its payload only after [`Jws::verify`].
pub struct Jws<'t> {
    header: JwsHeader,
    signing_input: &'t str,
    payload: &'t str,
    signature: &'t str,
}

impl<'t> Jws<'t> {
    /// Splits `text` and reads the header.
    ///
    /// # Errors
    /// [`JwsError::TooLarge`], [`JwsError::Malformed`] and [`JwsError::CriticalHeader`].
    pub fn parse(text: &'t str) -> Result<Self, JwsError> {
        if text.len() > MAX_JWS_BYTES {
            return Err(JwsError::TooLarge);
        }
        let (signing_input, signature) = text.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Malformed)?;
        if payload.contains('.') {
            return Err(JwsError::Malformed);
        }
        Ok(Self {
            header: JwsHeader::parse(header)?,
            signing_input,
            payload,
            signature,
        })
    }

    /// The protected header. Nothing in it is verified yet.
    #[must_use]
    pub const fn header(&self) -> &JwsHeader {
        &self.header
    }

    /// The protected header, kept. Nothing in it is verified by that.
    #[must_use]
    pub fn into_header(self) -> JwsHeader {
        self.header
    }

    /// Verifies the signature with `key` and gives the payload.
    ///
    /// # Errors
    /// [`JwsError::Algorithm`] when `alg` is not the algorithm of the key, [`JwsError::Signature`] when the signature
    /// is not of this key, [`JwsError::Malformed`] when a part is not base64url.
    pub fn verify(&self, key: &VerificationKey) -> Result<Vec<u8>, JwsError> {
        self.verify_signature(key)?;
        self.dangerous_unverified_payload()
    }

    /// Verifies the signature with `key` without reading the payload.
    ///
    /// # Errors
    /// As [`Jws::verify`].
    pub fn verify_signature(&self, key: &VerificationKey) -> Result<(), JwsError> {
        self.header.verify_parts(self.signing_input, self.signature, key)
    }

    /// The payload before anything was verified: to find the key that must then verify it, and to refuse early.
    ///
    /// # Errors
    /// [`JwsError::Malformed`] when it is not base64url.
    pub fn dangerous_unverified_payload(&self) -> Result<Vec<u8>, JwsError> {
        base64url::decode(self.payload).map_err(|_| JwsError::Malformed)
    }
}

/// The protected header of a JWS to be made: ES256 always, the rest as set.
#[derive(Clone, Debug)]
pub struct SigningHeader(Map<String, Value>);

impl SigningHeader {
    /// A header with `alg` ES256 and this `typ`.
    #[must_use]
    pub fn new(typ: &str) -> Self {
        let mut members = Map::new();
        members.insert("alg".to_owned(), "ES256".into());
        members.insert("typ".to_owned(), typ.into());
        Self(members)
    }

    /// With `kid`.
    #[must_use]
    pub fn kid(self, kid: &str) -> Self {
        self.member("kid", kid.into())
    }

    /// With `jwk`: the public key the signature verifies with.
    #[must_use]
    pub fn jwk(self, key: &PublicKey) -> Self {
        self.member("jwk", key.to_jwk())
    }

    /// With `x5c`: certificates in DER, the signer's first, without the trust anchor (HAIP 1.0, 6.1.1).
    #[must_use]
    pub fn x5c<C: AsRef<[u8]>>(self, chain: &[C]) -> Self {
        let chain = chain
            .iter()
            .map(|certificate| Value::String(STANDARD.encode(certificate)))
            .collect();
        self.member("x5c", Value::Array(chain))
    }

    /// With any other parameter; `alg` stays ES256.
    #[must_use]
    pub fn member(mut self, name: &str, value: Value) -> Self {
        if name != "alg" {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    /// Prepares the bytes to be signed over this payload.
    ///
    /// # Errors
    /// [`JwsError::NotSigned`] when the header does not serialise.
    pub fn prepare(&self, payload: &[u8]) -> Result<SigningInput, JwsError> {
        let header = serde_json::to_vec(&self.0).map_err(|_| JwsError::NotSigned)?;
        Ok(SigningInput::of(&header, payload))
    }

    /// Signs this payload.
    ///
    /// # Errors
    /// [`JwsError::NotSigned`] when the signer could not sign.
    pub fn sign(&self, payload: &[u8], signer: &dyn Signer) -> Result<String, JwsError> {
        self.prepare(payload)?.sign(signer)
    }

    /// Signs a JSON payload, as every JWT has.
    ///
    /// # Errors
    /// As [`SigningHeader::sign`].
    pub fn sign_json(&self, claims: &Value, signer: &dyn Signer) -> Result<String, JwsError> {
        self.sign(&serde_json::to_vec(claims).map_err(|_| JwsError::NotSigned)?, signer)
    }
}

/// Header and payload, ready to be signed by a key that may live elsewhere (RFC 7515, 5.1).
#[must_use]
pub struct SigningInput(String);

impl SigningInput {
    /// For a header with nothing but `alg` ES256 and this `typ`, and a payload, which both become JSON here.
    pub(crate) fn of_type<P: Serialize>(typ: &str, payload: &P) -> Result<Self, JwsError> {
        #[derive(Serialize)]
        struct Header<'t> {
            alg: &'static str,
            typ: &'t str,
        }
        let header = serde_json::to_vec(&Header { alg: "ES256", typ }).map_err(|_| JwsError::NotSigned)?;
        let payload = serde_json::to_vec(payload).map_err(|_| JwsError::NotSigned)?;
        Ok(Self::of(&header, &payload))
    }

    fn of(header: &[u8], payload: &[u8]) -> Self {
        // What follows is a dot and a signature of 86 characters.
        let mut text = String::with_capacity((header.len() + payload.len()) * 4 / 3 + 96);
        base64url::encode_into(header, &mut text);
        text.push('.');
        base64url::encode_into(payload, &mut text);
        Self(text)
    }

    /// The bytes to sign with ES256.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Completes the JWS with the signature over [`SigningInput::as_bytes`].
    #[must_use]
    pub fn finalise(mut self, signature: &[u8; 64]) -> String {
        self.0.push('.');
        base64url::encode_into(signature, &mut self.0);
        self.0
    }

    /// Signs with a key at hand and completes the JWS.
    ///
    /// # Errors
    /// [`JwsError::NotSigned`] when the signer could not sign.
    pub fn sign(self, signer: &dyn Signer) -> Result<String, JwsError> {
        let signature = signer.sign(self.as_bytes()).map_err(|_| JwsError::NotSigned)?;
        Ok(self.finalise(&signature))
    }
}
