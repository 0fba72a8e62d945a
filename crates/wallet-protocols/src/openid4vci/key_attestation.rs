//! Key attestations (OpenID4VCI 1.0, Appendix D): a wallet provider says in what kind of storage keys are. They travel in
//! the header of a `jwt` proof (F.1) or are a proof by themselves (F.3).

use serde_json::{Map, Value, json};
use wallet_credentials::crypto::{PublicKey, Signer, VerificationKey};
use wallet_credentials::jose::{self, JwsError, SigningHeader};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, TrustAnchors};

use crate::json as bounded;
use crate::oauth::attestation::{AttestationError, chain_key, parse, with_chain};

/// `typ` of a key attestation (D.1).
const TYPE: &str = "key-attestation+jwt";
/// The longest key attestation that is read, in bytes.
const MAX_JWT: usize = 256 * 1024;
/// The most keys one may attest.
const MAX_KEYS: usize = 256;
/// The most values of a list of resistances.
const MAX_VALUES: usize = 16;
/// How far clocks may differ, in seconds.
const SKEW: i64 = 60;

/// A key attestation.
pub struct KeyAttestation {
    jwt: String,
    keys: Vec<PublicKey>,
    nonce: Option<String>,
    key_storage: Vec<String>,
    user_authentication: Vec<String>,
    expires_at: Option<Timestamp>,
}

impl KeyAttestation {
    /// Reads the attestation this wallet was given for its keys, with the nonce it is to carry. The signature is for the
    /// issuer to check: the wallet got this from its provider itself.
    ///
    /// # Errors
    /// [`AttestationError::Malformed`], [`AttestationError::Age`], [`AttestationError::Challenge`] for another nonce, and
    /// [`AttestationError::OtherKey`] where one of the keys is missing.
    pub fn read(jwt: &str, keys: &[PublicKey], nonce: Option<&str>, now: Timestamp) -> Result<Self, AttestationError> {
        let payload = parse(jwt, TYPE, MAX_JWT)?
            .dangerous_unverified_payload()
            .map_err(|_| AttestationError::Malformed)?;
        let read = Self::from_claims(jwt, &payload, now)?;
        if read.nonce.as_deref() != nonce {
            return Err(AttestationError::Challenge);
        }
        if keys.iter().any(|key| !read.keys.contains(key)) {
            return Err(AttestationError::OtherKey);
        }
        Ok(read)
    }

    /// Verifies an attestation with the key of the one who should have signed it; the issuer's end.
    ///
    /// # Errors
    /// [`AttestationError`].
    pub fn verify(jwt: &str, signer: &VerificationKey, now: Timestamp) -> Result<Self, AttestationError> {
        let payload = parse(jwt, TYPE, MAX_JWT)?
            .verify(signer)
            .map_err(|_| AttestationError::Signature)?;
        Self::from_claims(jwt, &payload, now)
    }

    /// Verifies an attestation whose signer shows who they are by `x5c`, under these anchors (HAIP 1.0, 4.5.1); the issuer's
    /// end.
    ///
    /// # Errors
    /// [`AttestationError`].
    pub fn verify_chain(jwt: &str, anchors: &TrustAnchors, now: Timestamp) -> Result<Self, AttestationError> {
        let key = chain_key(&parse(jwt, TYPE, MAX_JWT)?, anchors, now)?;
        Self::verify(jwt, &key, now)
    }

    fn from_claims(jwt: &str, payload: &[u8], now: Timestamp) -> Result<Self, AttestationError> {
        let malformed = AttestationError::Malformed;
        let claims = bounded::parse(payload, MAX_JWT).map_err(|_| malformed)?;
        let instant = |name: &str| claims.get(name).map(|value| jose::numeric_date(value).ok_or(malformed));
        let issued_at = instant("iat").ok_or(malformed)??;
        let expires_at = instant("exp").transpose()?;
        let over = expires_at.is_some_and(|end| now.seconds_since(end) >= SKEW);
        if over || issued_at.seconds_since(now) > SKEW {
            return Err(AttestationError::Age);
        }
        let attested = claims.get("attested_keys").and_then(Value::as_array).ok_or(malformed)?;
        if attested.is_empty() || attested.len() > MAX_KEYS {
            return Err(malformed);
        }
        let keys = attested.iter().map(PublicKey::from_jwk).collect::<Result<_, _>>();
        let list = |name: &str| -> Result<Vec<String>, AttestationError> {
            let Some(value) = claims.get(name) else {
                return Ok(Vec::new());
            };
            let values = value.as_array().filter(|values| values.len() <= MAX_VALUES);
            let texts = values
                .ok_or(malformed)?
                .iter()
                .map(|value| value.as_str().map(str::to_owned));
            texts.collect::<Option<_>>().ok_or(malformed)
        };
        Ok(Self {
            jwt: jwt.to_owned(),
            keys: keys.map_err(|_| malformed)?,
            nonce: claims.get("nonce").and_then(Value::as_str).map(str::to_owned),
            key_storage: list("key_storage")?,
            user_authentication: list("user_authentication")?,
            expires_at,
        })
    }

    /// The JWT.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.jwt
    }

    /// The attested keys.
    #[must_use]
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The issuer's nonce it was made for.
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.nonce.as_deref()
    }

    /// What the key storage resists (D.2).
    #[must_use]
    pub fn key_storage(&self) -> &[String] {
        &self.key_storage
    }

    /// What the authentication of its user resists (D.2).
    #[must_use]
    pub fn user_authentication(&self) -> &[String] {
        &self.user_authentication
    }

    /// Until when it counts; required in the header of a `jwt` proof (D.1).
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }
}

/// What a wallet provider says in a key attestation (D.1).
#[derive(Debug, Clone, Copy)]
pub struct KeyStatement<'a> {
    /// Who says it.
    pub issuer: &'a str,
    /// The keys.
    pub keys: &'a [PublicKey],
    /// The issuer's nonce.
    pub nonce: Option<&'a str>,
    /// What the key storage resists, no more than is true; left out when empty.
    pub key_storage: &'a [&'a str],
    /// What the authentication of its user resists; left out when empty.
    pub user_authentication: &'a [&'a str],
    /// When it is said.
    pub issued_at: Timestamp,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

/// Signs a key attestation, with the signer's chain but not its anchor (HAIP 1.0, 4.5.1).
///
/// # Errors
/// [`JwsError::NotSigned`].
pub fn attest_keys(
    statement: &KeyStatement<'_>,
    signer: &dyn Signer,
    chain: &[Certificate],
) -> Result<String, JwsError> {
    let mut claims = Map::new();
    let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    set("iss", json!(statement.issuer));
    set("iat", json!(statement.issued_at.as_unix()));
    set("exp", json!(statement.expires_at.as_unix()));
    set("attested_keys", statement.keys.iter().map(PublicKey::to_jwk).collect());
    if let Some(nonce) = statement.nonce {
        set("nonce", json!(nonce));
    }
    for (name, values) in [
        ("key_storage", statement.key_storage),
        ("user_authentication", statement.user_authentication),
    ] {
        if !values.is_empty() {
            set(name, json!(values));
        }
    }
    with_chain(SigningHeader::new(TYPE), chain).sign_json(&Value::Object(claims), signer)
}
