//! Client authentication by attestation (draft-ietf-oauth-attestation-based-client-auth-07): the wallet provider vouches for
//! the wallet in a *client attestation*, which OpenID4VCI 1.0, Appendix E, calls Wallet Attestation, and the wallet proves
//! that it is the one by a fresh proof of possession for each request.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use wallet_credentials::crypto::{PublicKey, Random, Signer, VerificationKey};
use wallet_credentials::jose::{self, Jws, JwsError, SigningHeader};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, Profile, TrustAnchors, verify_chain};

use super::client::AuthenticationError;
use super::{error_code, unguessable};
use crate::endpoint::{Endpoint, IssuerIdentifier};
use crate::http::{HttpRequest, HttpResponse, JSON};
use crate::json as bounded;

/// The header of the client attestation (6.1).
pub const HEADER: &str = "oauth-client-attestation";
/// The header of its proof of possession (6.1).
pub const PROOF_HEADER: &str = "oauth-client-attestation-pop";
/// The header in which a server gives its challenge (8.1).
pub const CHALLENGE_HEADER: &str = "oauth-client-attestation-challenge";
/// `typ` of a client attestation (5.1).
const TYPE: &str = "oauth-client-attestation+jwt";
/// `typ` of the proof (5.2).
const PROOF_TYPE: &str = "oauth-client-attestation-pop+jwt";
/// The longest JWT of these that is read, in bytes.
const MAX_JWT: usize = 32 * 1024;
/// The longest challenge, in bytes.
const MAX_CHALLENGE: usize = 4096;
/// How far clocks may differ, in seconds.
const SKEW: i64 = 60;
/// How far the time of a proof may lie from now, in seconds.
const PROOF_AGE: i64 = 300;
/// How often in a row a server may ask for another challenge.
const MAX_CHALLENGES: u8 = 2;

/// Why a client attestation or its proof is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttestationError {
    /// Not a JWT of this type with the claims of 5.1 or 5.2.
    #[error("the client attestation is malformed")]
    Malformed,
    /// The signature does not verify.
    #[error("the client attestation is not signed by the one who should have")]
    Signature,
    /// The signer's certificate leads to nobody who is trusted for this, or is self-signed (HAIP 1.0, 4.4.1).
    #[error("the client attestation is signed by a stranger")]
    UnknownSigner,
    /// Too old, or not yet good.
    #[error("the client attestation is out of time")]
    Age,
    /// For another key.
    #[error("the client attestation is for another key")]
    OtherKey,
    /// The proof is of another client, or for another server.
    #[error("the proof of possession is for somebody else")]
    OtherAudience,
    /// The proof does not carry a challenge of this server.
    #[error("the proof of possession has no challenge of this server")]
    Challenge,
}

/// A client attestation: who the wallet is, with which key, until when. Not printed: shown to two issuers it makes them
/// recognise the wallet (HAIP 1.0, 4.4.1: not reused across issuers).
pub struct ClientAttestation {
    jwt: String,
    client_id: String,
    key: PublicKey,
    issuer: Option<String>,
    expires_at: Timestamp,
}

impl ClientAttestation {
    /// Reads the attestation this wallet was given for its key `instance`. The signature is for the server to check: the
    /// wallet got this from its provider itself.
    ///
    /// # Errors
    /// [`AttestationError::Malformed`], [`AttestationError::OtherKey`] and [`AttestationError::Age`].
    pub fn read(jwt: &str, instance: &PublicKey, now: Timestamp) -> Result<Self, AttestationError> {
        let jws = parse(jwt, TYPE, MAX_JWT)?;
        let payload = jws
            .dangerous_unverified_payload()
            .map_err(|_| AttestationError::Malformed)?;
        let read = Self::from_claims(jwt, &payload, now)?;
        if read.key != *instance {
            return Err(AttestationError::OtherKey);
        }
        Ok(read)
    }

    /// Verifies an attestation with the key of the one who should have signed it; the server's end.
    ///
    /// # Errors
    /// [`AttestationError`].
    pub fn verify(jwt: &str, signer: &VerificationKey, now: Timestamp) -> Result<Self, AttestationError> {
        let payload = parse(jwt, TYPE, MAX_JWT)?
            .verify(signer)
            .map_err(|_| AttestationError::Signature)?;
        Self::from_claims(jwt, &payload, now)
    }

    /// Verifies an attestation whose signer shows who they are by `x5c`, under these anchors; the server's end.
    ///
    /// # Errors
    /// [`AttestationError`].
    pub fn verify_chain(jwt: &str, anchors: &TrustAnchors, now: Timestamp) -> Result<Self, AttestationError> {
        let key = chain_key(&parse(jwt, TYPE, MAX_JWT)?, anchors, now)?;
        Self::verify(jwt, &key, now)
    }

    fn from_claims(jwt: &str, payload: &[u8], now: Timestamp) -> Result<Self, AttestationError> {
        let claims = bounded::parse(payload, MAX_JWT).map_err(|_| AttestationError::Malformed)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let client_id = text("sub")
            .filter(|sub| !sub.is_empty() && sub.len() <= 2048)
            .ok_or(AttestationError::Malformed)?;
        let jwk = claims.pointer("/cnf/jwk").ok_or(AttestationError::Malformed)?;
        let key = PublicKey::from_jwk(jwk).map_err(|_| AttestationError::Malformed)?;
        let expires_at = claims
            .get("exp")
            .and_then(jose::numeric_date)
            .ok_or(AttestationError::Malformed)?;
        let not_before = claims
            .get("nbf")
            .map(|value| jose::numeric_date(value).ok_or(AttestationError::Malformed));
        let early = not_before
            .transpose()?
            .is_some_and(|start| start.seconds_since(now) > SKEW);
        if now.seconds_since(expires_at) >= SKEW || early {
            return Err(AttestationError::Age);
        }
        Ok(Self {
            jwt: jwt.to_owned(),
            client_id: client_id.to_owned(),
            key,
            issuer: text("iss").map(str::to_owned),
            expires_at,
        })
    }

    /// The JWT.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.jwt
    }

    /// The `client_id` of the wallet, the same for all who use it (`sub`).
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The key it is for (`cnf`).
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Who vouches (`iss`), where they say so.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Until when it is good.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }
}

/// What a wallet provider says in a client attestation (5.1; OpenID4VCI 1.0, Appendix E).
#[derive(Debug, Clone, Copy)]
pub struct ClientStatement<'a> {
    /// Who says it.
    pub issuer: &'a str,
    /// The `client_id` of all wallets of this provider.
    pub client_id: &'a str,
    /// The wallet's name, for people.
    pub wallet_name: &'a str,
    /// When it is said.
    pub issued_at: Timestamp,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

/// Signs a client attestation for the key `instance`, with the signer's chain but not its anchor (HAIP 1.0, 4.4.1).
///
/// # Errors
/// [`JwsError::NotSigned`].
pub fn attest(
    statement: &ClientStatement<'_>,
    instance: &PublicKey,
    signer: &dyn Signer,
    chain: &[Certificate],
) -> Result<String, JwsError> {
    let claims = json!({
        "iss": statement.issuer,
        "sub": statement.client_id,
        "wallet_name": statement.wallet_name,
        "iat": statement.issued_at.as_unix(),
        "nbf": statement.issued_at.as_unix(),
        "exp": statement.expires_at.as_unix(),
        "cnf": {"jwk": instance.to_jwk()},
    });
    with_chain(SigningHeader::new(TYPE), chain).sign_json(&claims, signer)
}

/// A header with the certificates of the signer, where there are any.
pub(crate) fn with_chain(header: SigningHeader, chain: &[Certificate]) -> SigningHeader {
    if chain.is_empty() {
        return header;
    }
    let chain: Vec<&[u8]> = chain.iter().map(Certificate::as_der).collect();
    header.x5c(&chain)
}

/// The proof of possession for one request (5.2).
pub(super) fn proof(
    client_id: &str,
    server: &IssuerIdentifier,
    challenge: Option<&str>,
    signer: &dyn Signer,
    now: Timestamp,
    random: &mut dyn Random,
) -> Result<String, AuthenticationError> {
    let mut claims = Map::new();
    claims.insert("iss".to_owned(), json!(client_id));
    claims.insert("aud".to_owned(), json!(server.as_str()));
    claims.insert("jti".to_owned(), json!(unguessable(random)?));
    claims.insert("iat".to_owned(), json!(now.as_unix()));
    // Not asked for any more, and some servers of earlier drafts do not do without.
    claims.insert("exp".to_owned(), json!(now.as_unix().saturating_add(PROOF_AGE)));
    if let Some(challenge) = challenge {
        claims.insert("challenge".to_owned(), json!(challenge));
    }
    Ok(SigningHeader::new(PROOF_TYPE).sign_json(&Value::Object(claims), signer)?)
}

/// Verifies the proof that goes with a verified attestation (9); gives its `jti`, to notice a second use. `is_ours` is asked
/// about the challenge, or about there being none.
///
/// # Errors
/// [`AttestationError`].
pub fn verify_proof(
    proof: &str,
    attestation: &ClientAttestation,
    server: &str,
    is_ours: impl FnOnce(Option<&str>) -> bool,
    now: Timestamp,
) -> Result<String, AttestationError> {
    let payload = parse(proof, PROOF_TYPE, MAX_JWT)?
        .verify(&VerificationKey::from(attestation.key))
        .map_err(|_| AttestationError::Signature)?;
    let claims = bounded::parse(&payload, MAX_JWT).map_err(|_| AttestationError::Malformed)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(attestation.client_id()) || text("aud") != Some(server) {
        return Err(AttestationError::OtherAudience);
    }
    let issued_at = claims
        .get("iat")
        .and_then(jose::numeric_date)
        .ok_or(AttestationError::Malformed)?;
    if now.seconds_since(issued_at).abs() > PROOF_AGE {
        return Err(AttestationError::Age);
    }
    if !is_ours(text("challenge")) {
        return Err(AttestationError::Challenge);
    }
    text("jti").map(str::to_owned).ok_or(AttestationError::Malformed)
}

/// A JWT of one type, no longer than `max` bytes.
pub(crate) fn parse<'j>(jwt: &'j str, typ: &str, max: usize) -> Result<Jws<'j>, AttestationError> {
    if jwt.len() > max {
        return Err(AttestationError::Malformed);
    }
    let jws = Jws::parse(jwt).map_err(|_| AttestationError::Malformed)?;
    jws.header()
        .is_type(typ)
        .then_some(jws)
        .ok_or(AttestationError::Malformed)
}

/// The key of the certificate in `x5c`, when its chain leads to an anchor for wallet providers and brings none along.
pub(crate) fn chain_key(
    jws: &Jws<'_>,
    anchors: &TrustAnchors,
    now: Timestamp,
) -> Result<VerificationKey, AttestationError> {
    let chain = jws.header().x5c.iter().map(|der| Certificate::from_der(der));
    let chain: Vec<Certificate> = chain
        .collect::<Result<_, _>>()
        .map_err(|_| AttestationError::Malformed)?;
    let leaf = chain.first().ok_or(AttestationError::UnknownSigner)?;
    if chain.iter().any(Certificate::is_self_issued) {
        return Err(AttestationError::UnknownSigner);
    }
    verify_chain(&chain, anchors, now, Profile::WalletProvider).map_err(|_| AttestationError::UnknownSigner)?;
    leaf.verification_key().map_err(|_| AttestationError::Malformed)
}

/// The newest challenge of one authorization server.
#[derive(Debug, Default)]
pub struct AttestationChallenge {
    newest: Option<String>,
    challenged: u8,
}

#[derive(Deserialize)]
struct WireChallenge {
    attestation_challenge: Option<String>,
    /// What implementations before -07 called it.
    challenge: Option<String>,
}

impl AttestationChallenge {
    /// The request for a challenge (8).
    #[must_use]
    pub fn request(endpoint: &Endpoint) -> HttpRequest {
        HttpRequest::post_form(endpoint.url().clone(), &[]).with_header("accept", JSON)
    }

    /// Reads the answer of the challenge endpoint (8).
    ///
    /// # Errors
    /// [`AttestationError::Challenge`] when it brings none.
    pub fn read(&mut self, response: &HttpResponse) -> Result<(), AttestationError> {
        let wire: Option<WireChallenge> = response
            .is_success()
            .then(|| bounded::parse_as(&response.body, MAX_JWT).ok())
            .flatten();
        let challenge = wire.and_then(|wire| wire.attestation_challenge.or(wire.challenge));
        let challenge = challenge.filter(|text| acceptable(text));
        self.newest = Some(challenge.ok_or(AttestationError::Challenge)?);
        Ok(())
    }

    /// Remembers the challenge an answer of the server brings (8.1), and says whether the answer asks for the request to be
    /// sent once more with it.
    pub fn again(&mut self, response: &HttpResponse) -> bool {
        let fresh = response.header(CHALLENGE_HEADER).filter(|text| acceptable(text));
        if let Some(fresh) = fresh {
            self.newest = Some(fresh.to_owned());
        }
        let asks = !response.is_success() && error_code(response).as_deref() == Some("use_attestation_challenge");
        self.challenged = if asks { self.challenged.saturating_add(1) } else { 0 };
        asks && fresh.is_some() && self.challenged <= MAX_CHALLENGES
    }

    /// The challenge for the next proof.
    #[must_use]
    pub fn newest(&self) -> Option<&str> {
        self.newest.as_deref()
    }
}

fn acceptable(challenge: &str) -> bool {
    !challenge.is_empty() && challenge.len() <= MAX_CHALLENGE && challenge.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The answer of the challenge endpoint (8).
#[must_use]
pub fn challenge_response(challenge: &str) -> HttpResponse {
    HttpResponse::json(200, &json!({"attestation_challenge": challenge})).with_header("cache-control", "no-store")
}

/// The refusal that asks for this challenge (6.2).
#[must_use]
pub fn challenge_refusal(challenge: &str) -> HttpResponse {
    HttpResponse::json(400, &json!({"error": "use_attestation_challenge"}))
        .with_header(CHALLENGE_HEADER, challenge)
        .with_header("cache-control", "no-store")
}
