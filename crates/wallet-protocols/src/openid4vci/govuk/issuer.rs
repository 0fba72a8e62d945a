//! The issuer's end of the dialect, and that of the token server it relies on.

use serde::Deserialize;
use serde_json::{Value, json};
use wallet_credentials::crypto::{PublicKey, Signer, VerificationKey};
use wallet_credentials::jose::{self, Jws, JwsError, SigningHeader, base64url, did};
use wallet_credentials::time::Timestamp;

use super::super::issuer::Refusal;
use super::super::proof::PROOF_TYPE;
use super::super::token::MAX_TOKEN;
use super::{MAX_MESSAGE, PROOF_ISSUER};
use crate::json as bounded;

/// How far the time of a proof may lie from now, in seconds.
const PROOF_AGE: i64 = 300;
/// The longest life of a pre-authorized code, in seconds.
const MAX_CODE_LIFE: i64 = 60 * 60;

/// The one proof of a credential request.
///
/// # Errors
/// [`Refusal::InvalidProof`]: the dialect has no other word for a request that is not this.
pub fn read_request(body: &[u8]) -> Result<String, Refusal> {
    #[derive(Deserialize)]
    struct Proof {
        proof_type: String,
        jwt: String,
    }
    #[derive(Deserialize)]
    struct Wire {
        proof: Proof,
    }
    let wire: Wire = bounded::parse_as(body, MAX_MESSAGE).map_err(|_| Refusal::InvalidProof)?;
    if wire.proof.proof_type != "jwt" {
        return Err(Refusal::InvalidProof);
    }
    Ok(wire.proof.jwt)
}

/// Verifies the proof, with the nonce of the access token; gives the proved key.
///
/// # Errors
/// [`Refusal::InvalidNonce`] for the nonce, [`Refusal::InvalidProof`] for everything else.
pub fn verify_proof(jwt: &str, issuer: &str, nonce: &str, now: Timestamp) -> Result<PublicKey, Refusal> {
    let refused = Refusal::InvalidProof;
    let jws = Jws::parse(jwt).map_err(|_| refused)?;
    let header = jws.header();
    let kid = header
        .kid
        .as_deref()
        .filter(|kid| kid.starts_with("did:key:"))
        .ok_or(refused)?;
    if !header.is_type(PROOF_TYPE) || header.jwk.is_some() || !header.x5c.is_empty() {
        return Err(refused);
    }
    let Ok(VerificationKey::P256(key)) = did::resolve(kid) else {
        return Err(refused);
    };
    let payload = jws.verify(&VerificationKey::from(key)).map_err(|_| refused)?;
    let claims = bounded::parse(&payload, MAX_TOKEN).map_err(|_| refused)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let issued_at = claims.get("iat").and_then(jose::numeric_date).ok_or(refused)?;
    let in_time = now.seconds_since(issued_at).abs() <= PROOF_AGE;
    if text("iss") != Some(PROOF_ISSUER) || text("aud") != Some(issuer) || !in_time {
        return Err(refused);
    }
    match text("nonce") {
        Some(given) if given == nonce => Ok(key),
        _ => Err(Refusal::InvalidNonce),
    }
}

/// What a pre-authorized code says: it is a JWT by the issuer for the token server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreAuthorizedClaims {
    /// The token server.
    pub audience: String,
    /// The issuer.
    pub issuer: String,
    /// The issuer's client with the token server.
    pub client_id: String,
    /// The one document it is for.
    pub identifier: String,
    /// When it was made.
    pub issued_at: Timestamp,
    /// Until when it counts: an hour at most.
    pub expires_at: Timestamp,
}

impl PreAuthorizedClaims {
    /// Signs the code.
    ///
    /// # Errors
    /// [`JwsError::NotSigned`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<String, JwsError> {
        let claims = json!({
            "aud": self.audience,
            "iss": self.issuer,
            "clientId": self.client_id,
            "credential_identifiers": [self.identifier],
            "iat": self.issued_at.as_unix(),
            "exp": self.expires_at.as_unix(),
        });
        let key_id = key_id(&signer.public_key());
        SigningHeader::new("JWT").kid(&key_id).sign_json(&claims, signer)
    }

    /// Verifies a code with the issuer's key, for this token server.
    ///
    /// # Errors
    /// [`Refusal::InvalidGrant`].
    pub fn verify(code: &str, key: &VerificationKey, audience: &str, now: Timestamp) -> Result<Self, Refusal> {
        let refused = Refusal::InvalidGrant;
        let payload = Jws::parse(code).and_then(|jws| jws.verify(key)).map_err(|_| refused)?;
        let claims = bounded::parse(&payload, MAX_TOKEN).map_err(|_| refused)?;
        let text = |name: &str| {
            claims
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or(refused)
        };
        let instant = |name: &str| claims.get(name).and_then(jose::numeric_date).ok_or(refused);
        let identifiers = claims.get("credential_identifiers").and_then(Value::as_array);
        let [Value::String(identifier)] = identifiers.ok_or(refused)?.as_slice() else {
            return Err(refused);
        };
        let read = Self {
            audience: text("aud")?,
            issuer: text("iss")?,
            client_id: text("clientId")?,
            identifier: identifier.clone(),
            issued_at: instant("iat")?,
            expires_at: instant("exp")?,
        };
        let life = read.expires_at.seconds_since(read.issued_at);
        let over = now.seconds_since(read.expires_at) >= 0;
        if !same_server(&read.audience, audience) || over || life > MAX_CODE_LIFE {
            return Err(refused);
        }
        Ok(read)
    }
}

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessTokenClaims {
    /// The token server.
    pub issuer: String,
    /// The Credential Issuer.
    pub audience: String,
    /// The person's wallet, as the token server knows it (`wallet_subject_id`).
    pub subject: String,
    /// The document, at the first issuance; none when it is had anew.
    pub identifier: Option<String>,
    /// The nonce for the proof.
    pub nonce: String,
    /// Its unique name.
    pub jti: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

impl AccessTokenClaims {
    /// Signs the token.
    ///
    /// # Errors
    /// [`JwsError::NotSigned`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<String, JwsError> {
        let mut claims = json!({
            "iss": self.issuer,
            "aud": self.audience,
            "sub": self.subject,
            "c_nonce": self.nonce,
            "jti": self.jti,
            "exp": self.expires_at.as_unix(),
        });
        if let (Some(identifier), Some(members)) = (&self.identifier, claims.as_object_mut()) {
            members.insert("credential_identifiers".to_owned(), json!([identifier]));
        }
        let key_id = key_id(&signer.public_key());
        SigningHeader::new("at+jwt").kid(&key_id).sign_json(&claims, signer)
    }

    /// Verifies a token with the key its `kid` names among `keys`, a JWK Set, for this issuer and from this token server.
    ///
    /// # Errors
    /// [`Refusal::InvalidToken`].
    pub fn verify(token: &str, keys: &Value, server: &str, issuer: &str, now: Timestamp) -> Result<Self, Refusal> {
        let refused = Refusal::InvalidToken;
        let jws = Jws::parse(token).map_err(|_| refused)?;
        let kid = jws.header().kid.as_deref().ok_or(refused)?;
        let keys = keys.get("keys").and_then(Value::as_array).ok_or(refused)?;
        let jwk = keys
            .iter()
            .find(|jwk| jwk.get("kid").and_then(Value::as_str) == Some(kid))
            .ok_or(refused)?;
        let key = VerificationKey::from_jwk(jwk).map_err(|_| refused)?;
        if !jws.header().is_type("at+jwt") {
            return Err(refused);
        }
        let payload = jws.verify(&key).map_err(|_| refused)?;
        let claims = bounded::parse(&payload, MAX_TOKEN).map_err(|_| refused)?;
        let text = |name: &str| {
            claims
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or(refused)
        };
        let identifier = match claims.get("credential_identifiers").map(Value::as_array) {
            None => None,
            Some(Some(identifiers)) => match identifiers.as_slice() {
                [Value::String(identifier)] => Some(identifier.clone()),
                _ => return Err(refused),
            },
            Some(None) => return Err(refused),
        };
        let read = Self {
            issuer: text("iss")?,
            audience: text("aud")?,
            subject: text("sub")?,
            identifier,
            nonce: text("c_nonce")?,
            jti: text("jti")?,
            expires_at: claims.get("exp").and_then(jose::numeric_date).ok_or(refused)?,
        };
        let over = now.seconds_since(read.expires_at) >= 0;
        if !same_server(&read.issuer, server) || !same_server(&read.audience, issuer) || over {
            return Err(refused);
        }
        Ok(read)
    }
}

/// The documentation writes these with and without a slash at the end.
fn same_server(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}

/// The `kid` of a key: its thumbprint.
#[must_use]
pub fn key_id(key: &PublicKey) -> String {
    base64url::encode(&key.thumbprint())
}

/// The JWK Set of one signing key, as the dialect publishes it.
#[must_use]
pub fn jwks(key: &PublicKey) -> Value {
    let mut jwk = key.to_jwk();
    if let Some(members) = jwk.as_object_mut() {
        members.insert("kid".to_owned(), json!(key_id(key)));
        members.insert("use".to_owned(), json!("sig"));
        members.insert("alg".to_owned(), json!("ES256"));
    }
    json!({"keys": [jwk]})
}
