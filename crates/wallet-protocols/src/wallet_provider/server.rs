//! The provider's end.

use serde::Deserialize;
use serde_json::{Value, json};
use wallet_credentials::crypto::{PublicKey, VerificationKey};
use wallet_credentials::jose::{self, Jws};
use wallet_credentials::time::Timestamp;

use super::{INSTANCE_PROOF, KEY_PROOF, MAX_MESSAGE, MAX_PROOFS, MAX_TEXT, WalletProvider};
use crate::http::HttpResponse;
use crate::json as bounded;

/// How far the time of a proof may lie from now, in seconds.
const PROOF_AGE: i64 = 300;

/// Why the provider attests nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
#[non_exhaustive]
pub enum ProviderRefusal {
    /// The request is malformed.
    InvalidRequest,
    /// A proof does not verify, or is for somebody else, or a key is proved twice.
    InvalidProof,
    /// The challenge is not one of ours, too old, or not the same in all proofs.
    InvalidChallenge,
}

impl ProviderRefusal {
    /// The code on the wire.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidProof => "invalid_proof",
            Self::InvalidChallenge => "invalid_challenge",
        }
    }

    /// The error response.
    #[must_use]
    pub fn response(&self) -> HttpResponse {
        no_store(HttpResponse::json(400, &json!({"error": self.code()})))
    }
}

/// A request for a wallet attestation, verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttestationRequest {
    /// The key to attest.
    pub instance: PublicKey,
}

impl AttestationRequest {
    /// Reads and verifies a request body. `is_ours` is asked once about its challenge, and uses it up.
    ///
    /// # Errors
    /// [`ProviderRefusal`].
    pub fn read(
        body: &[u8],
        provider: &str,
        is_ours: impl FnOnce(&str) -> bool,
        now: Timestamp,
    ) -> Result<Self, ProviderRefusal> {
        #[derive(Deserialize)]
        struct Wire {
            instance_proof: String,
        }
        let wire: Wire = bounded::parse_as(body, MAX_MESSAGE).map_err(|_| ProviderRefusal::InvalidRequest)?;
        let (instance, challenge) = verify(&wire.instance_proof, INSTANCE_PROOF, provider, now)?;
        if !is_ours(&challenge) {
            return Err(ProviderRefusal::InvalidChallenge);
        }
        Ok(Self { instance })
    }
}

/// A request for a key attestation, verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAttestationRequest {
    /// The wallet's key.
    pub instance: PublicKey,
    /// The keys to attest.
    pub keys: Vec<PublicKey>,
    /// The nonce that goes into the attestation.
    pub nonce: Option<String>,
}

impl KeyAttestationRequest {
    /// Reads and verifies a request body. `is_ours` is asked once about its challenge, and uses it up.
    ///
    /// # Errors
    /// [`ProviderRefusal`].
    pub fn read(
        body: &[u8],
        provider: &str,
        is_ours: impl FnOnce(&str) -> bool,
        now: Timestamp,
    ) -> Result<Self, ProviderRefusal> {
        #[derive(Deserialize)]
        struct Wire {
            instance_proof: String,
            key_proofs: Vec<String>,
            #[serde(default)]
            nonce: Option<String>,
        }
        let wire: Wire = bounded::parse_as(body, MAX_MESSAGE).map_err(|_| ProviderRefusal::InvalidRequest)?;
        let endless = wire.nonce.as_ref().is_some_and(|nonce| nonce.len() > MAX_TEXT);
        if wire.key_proofs.is_empty() || wire.key_proofs.len() > MAX_PROOFS || endless {
            return Err(ProviderRefusal::InvalidRequest);
        }
        let (instance, challenge) = verify(&wire.instance_proof, INSTANCE_PROOF, provider, now)?;
        let mut keys = Vec::with_capacity(wire.key_proofs.len());
        for proof in &wire.key_proofs {
            let (key, same) = verify(proof, KEY_PROOF, provider, now)?;
            if same != challenge {
                return Err(ProviderRefusal::InvalidChallenge);
            }
            if keys.contains(&key) {
                return Err(ProviderRefusal::InvalidProof);
            }
            keys.push(key);
        }
        if !is_ours(&challenge) {
            return Err(ProviderRefusal::InvalidChallenge);
        }
        Ok(Self {
            instance,
            keys,
            nonce: wire.nonce,
        })
    }
}

/// The key and challenge of a proof.
fn verify(proof: &str, kind: &str, provider: &str, now: Timestamp) -> Result<(PublicKey, String), ProviderRefusal> {
    let refused = ProviderRefusal::InvalidProof;
    if proof.len() > MAX_TEXT {
        return Err(refused);
    }
    let jws = Jws::parse(proof).map_err(|_| refused)?;
    let jwk = jws
        .header()
        .jwk
        .as_ref()
        .filter(|_| jws.header().is_type(kind))
        .ok_or(refused)?;
    let key = PublicKey::from_jwk(jwk).map_err(|_| refused)?;
    let payload = jws.verify(&VerificationKey::from(key)).map_err(|_| refused)?;
    let claims = bounded::parse(&payload, MAX_TEXT).map_err(|_| refused)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let issued_at = claims.get("iat").and_then(jose::numeric_date).ok_or(refused)?;
    if text("aud") != Some(provider) || now.seconds_since(issued_at).abs() > PROOF_AGE {
        return Err(refused);
    }
    let challenge = text("challenge").ok_or(ProviderRefusal::InvalidChallenge)?;
    Ok((key, challenge.to_owned()))
}

/// What a provider publishes about itself.
#[must_use]
pub fn provider_json(provider: &WalletProvider) -> Value {
    json!({
        "issuer": provider.issuer.as_str(),
        "client_id": provider.client_id,
        "trust_anchor_pem": provider.trust_anchor.to_pem(),
        "key_attestation_trust_anchor_pem": provider.key_attestation_trust_anchor.to_pem(),
        "challenge_endpoint": provider.challenge_endpoint.as_str(),
        "wallet_attestation_endpoint": provider.wallet_attestation_endpoint.as_str(),
        "key_attestation_endpoint": provider.key_attestation_endpoint.as_str(),
    })
}

/// The answer with a challenge.
#[must_use]
pub fn challenge_response(challenge: &str) -> HttpResponse {
    no_store(HttpResponse::json(200, &json!({"challenge": challenge})))
}

/// The answer with a wallet attestation.
#[must_use]
pub fn wallet_attestation_response(jwt: &str) -> HttpResponse {
    no_store(HttpResponse::json(200, &json!({"wallet_attestation": jwt})))
}

/// The answer with a key attestation.
#[must_use]
pub fn key_attestation_response(jwt: &str) -> HttpResponse {
    no_store(HttpResponse::json(200, &json!({"key_attestation": jwt})))
}

fn no_store(response: HttpResponse) -> HttpResponse {
    response.with_header("cache-control", "no-store")
}
