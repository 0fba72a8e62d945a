//! The wallet and its provider: a small protocol of this project. A wallet proves possession of keys and is given what
//! issuers want to see: a wallet attestation for its instance key (OpenID4VCI 1.0, Appendix E), a key attestation for keys
//! that documents will be bound to (Appendix D).
//!
//! | request | answer |
//! |---|---|
//! | `GET PROVIDER/.well-known/wallet-provider` | what an issuer must know to trust it, and the three endpoints |
//! | `POST challenge_endpoint` | `{"challenge"}`: for every proof of the next request |
//! | `POST wallet_attestation_endpoint` `{"instance_proof"}` | `{"wallet_attestation"}` |
//! | `POST key_attestation_endpoint` `{"instance_proof","key_proofs":[…],"nonce"}` | `{"key_attestation"}` |
//!
//! A proof is a JWT by the key it is about: `typ` `wallet-instance-proof+jwt` or `wallet-key-proof+jwt`, `jwk` in the header,
//! `aud` the provider, `iat`, `challenge`.
//!
//! **The provider never learns the issuer.** No request names one, and a wallet makes a fresh instance key for each, so that
//! neither issuers nor the provider can tell which belong together. One thing the wallet cannot choose: the issuer's `c_nonce`
//! must stand in the key attestation, and a nonce can be written so that it tells whose it is. [`reveals_issuer`] says when.

mod server;

pub use server::{
    AttestationRequest, KeyAttestationRequest, ProviderRefusal, challenge_response, key_attestation_response,
    provider_json, wallet_attestation_response,
};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;
use wallet_credentials::crypto::{PublicKey, Signer};
use wallet_credentials::jose::{SigningHeader, base64url};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::Certificate;

use crate::endpoint::{Endpoint, EndpointError, IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON};
use crate::json as bounded;
use crate::oauth::attestation::{AttestationError, ClientAttestation};
use crate::openid4vci::{KeyAttestation, KeyProof, Nonce, ProofError, ProofToSign};

/// The name under `.well-known`.
const WELL_KNOWN: &str = "wallet-provider";
/// `typ` of the proof by the instance key.
const INSTANCE_PROOF: &str = "wallet-instance-proof+jwt";
/// `typ` of the proof by a key of a document.
const KEY_PROOF: &str = "wallet-key-proof+jwt";
/// The longest message that is read, in bytes.
const MAX_MESSAGE: usize = 1024 * 1024;
/// The most proofs of one request.
const MAX_PROOFS: usize = 64;
/// The longest text of a member, in bytes.
const MAX_TEXT: usize = 16 * 1024;

/// The resistance this wallet's keys have (OpenID4VCI 1.0, D.2): they live in software, sealed under the person's PIN, and
/// nobody certified that. A value of our own, because the least of the specification's would already claim a certification.
pub const SOFTWARE_KEYS: &str = "org.citizen-wallet.key-storage.software";

/// What a provider says about itself: an issuer, or a test suite, is configured from this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalletProvider {
    /// Who signs: `iss` of the attestations.
    pub issuer: IssuerIdentifier,
    /// The `client_id` of its wallets.
    pub client_id: String,
    /// The anchor of wallet attestations.
    pub trust_anchor: Certificate,
    /// The anchor of key attestations.
    pub key_attestation_trust_anchor: Certificate,
    /// Where challenges come from.
    pub challenge_endpoint: Endpoint,
    /// Where wallet attestations come from.
    pub wallet_attestation_endpoint: Endpoint,
    /// Where key attestations come from.
    pub key_attestation_endpoint: Endpoint,
}

/// Why a provider is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// It refused, with this code.
    #[error("the wallet provider refused: {0}")]
    Refused(String),
    /// An answer that is not of this protocol.
    #[error("the wallet provider failed: status {status}")]
    Failed {
        /// The HTTP status.
        status: u16,
    },
    /// A success without what was asked for.
    #[error("the answer of the wallet provider is malformed")]
    Malformed,
    /// It says it is somebody else than was asked.
    #[error("the wallet provider says it is another")]
    OtherProvider,
    /// An endpoint is not acceptable.
    #[error("`{0}` is not acceptable: {1}")]
    Endpoint(&'static str, EndpointError),
    /// What it attested is not what was asked for.
    #[error(transparent)]
    Attestation(#[from] AttestationError),
    /// A proof could not be made.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

/// A challenge of the provider, for all proofs of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge(String);

impl WalletProvider {
    /// The request that finds a provider.
    #[must_use]
    pub fn request(provider: &IssuerIdentifier) -> HttpRequest {
        HttpRequest::get(provider.well_known_inserted(WELL_KNOWN), JSON)
    }

    /// Reads its answer.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn read(
        provider: &IssuerIdentifier,
        response: &HttpResponse,
        policy: TransportPolicy,
    ) -> Result<Self, ProviderError> {
        #[derive(Deserialize)]
        struct Wire {
            issuer: String,
            client_id: String,
            trust_anchor_pem: String,
            key_attestation_trust_anchor_pem: String,
            challenge_endpoint: String,
            wallet_attestation_endpoint: String,
            key_attestation_endpoint: String,
        }
        let wire: Wire = success(response)?;
        if wire.issuer != provider.as_str() {
            return Err(ProviderError::OtherProvider);
        }
        if wire.client_id.is_empty() || wire.client_id.len() > 2048 {
            return Err(ProviderError::Malformed);
        }
        let endpoint = |name: &'static str, text: &str| {
            Endpoint::parse(text, policy).map_err(|reason| ProviderError::Endpoint(name, reason))
        };
        let certificate = |pem: &str| Certificate::from_pem(pem).map_err(|_| ProviderError::Malformed);
        Ok(Self {
            issuer: provider.clone(),
            client_id: wire.client_id,
            trust_anchor: certificate(&wire.trust_anchor_pem)?,
            key_attestation_trust_anchor: certificate(&wire.key_attestation_trust_anchor_pem)?,
            challenge_endpoint: endpoint("challenge_endpoint", &wire.challenge_endpoint)?,
            wallet_attestation_endpoint: endpoint("wallet_attestation_endpoint", &wire.wallet_attestation_endpoint)?,
            key_attestation_endpoint: endpoint("key_attestation_endpoint", &wire.key_attestation_endpoint)?,
        })
    }

    /// The request for a challenge.
    #[must_use]
    pub fn challenge_request(&self) -> HttpRequest {
        HttpRequest::post_form(self.challenge_endpoint.url().clone(), &[]).with_header("accept", JSON)
    }

    /// The request for a wallet attestation for the key `instance`, which is used with one issuer only.
    ///
    /// # Errors
    /// [`ProviderError::Proof`].
    pub fn attestation_request(
        &self,
        instance: &dyn Signer,
        challenge: &Challenge,
        now: Timestamp,
    ) -> Result<HttpRequest, ProviderError> {
        let proof = self.instance_proof(instance, challenge, now)?;
        Ok(post(
            self.wallet_attestation_endpoint.url(),
            &json!({"instance_proof": proof.as_str()}),
        ))
    }

    /// Reads the wallet attestation: for this key, in the name of this provider's wallets, in time.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn read_attestation(
        &self,
        response: &HttpResponse,
        instance: &PublicKey,
        now: Timestamp,
    ) -> Result<ClientAttestation, ProviderError> {
        #[derive(Deserialize)]
        struct Wire {
            wallet_attestation: String,
        }
        let wire: Wire = success(response)?;
        let attestation = ClientAttestation::read(&wire.wallet_attestation, instance, now)?;
        if attestation.client_id() != self.client_id {
            return Err(ProviderError::OtherProvider);
        }
        Ok(attestation)
    }

    /// Prepares the proof by a key that a document will be bound to.
    ///
    /// # Errors
    /// [`ProofError::NotPrepared`].
    pub fn key_proof(&self, key: &PublicKey, challenge: &Challenge, now: Timestamp) -> Result<ProofToSign, ProofError> {
        prepare(KEY_PROOF, key, self.issuer.as_str(), challenge, now)
    }

    /// The request for a key attestation for proved keys, with the issuer's nonce.
    ///
    /// # Errors
    /// [`ProviderError::Proof`].
    pub fn key_attestation_request(
        &self,
        instance: &dyn Signer,
        proofs: &[KeyProof],
        nonce: Option<&Nonce>,
        challenge: &Challenge,
        now: Timestamp,
    ) -> Result<HttpRequest, ProviderError> {
        let instance_proof = self.instance_proof(instance, challenge, now)?;
        let proofs: Vec<&str> = proofs.iter().map(KeyProof::as_str).collect();
        let mut body = Map::new();
        body.insert("instance_proof".to_owned(), json!(instance_proof.as_str()));
        body.insert("key_proofs".to_owned(), json!(proofs));
        if let Some(nonce) = nonce {
            body.insert("nonce".to_owned(), json!(nonce.as_str()));
        }
        Ok(post(self.key_attestation_endpoint.url(), &Value::Object(body)))
    }

    /// Reads the key attestation: for all of these keys, with this nonce, in time.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn read_key_attestation(
        &self,
        response: &HttpResponse,
        keys: &[PublicKey],
        nonce: Option<&Nonce>,
        now: Timestamp,
    ) -> Result<KeyAttestation, ProviderError> {
        #[derive(Deserialize)]
        struct Wire {
            key_attestation: String,
        }
        let wire: Wire = success(response)?;
        let nonce = nonce.map(Nonce::as_str);
        Ok(KeyAttestation::read(&wire.key_attestation, keys, nonce, now)?)
    }

    fn instance_proof(
        &self,
        instance: &dyn Signer,
        challenge: &Challenge,
        now: Timestamp,
    ) -> Result<KeyProof, ProofError> {
        prepare(
            INSTANCE_PROOF,
            &instance.public_key(),
            self.issuer.as_str(),
            challenge,
            now,
        )?
        .sign(instance)
    }
}

impl Challenge {
    /// Reads the answer to [`WalletProvider::challenge_request`].
    ///
    /// # Errors
    /// [`ProviderError`].
    pub fn read(response: &HttpResponse) -> Result<Self, ProviderError> {
        #[derive(Deserialize)]
        struct Wire {
            challenge: String,
        }
        let wire: Wire = success(response)?;
        if wire.challenge.is_empty() || wire.challenge.len() > MAX_TEXT {
            return Err(ProviderError::Malformed);
        }
        Ok(Self(wire.challenge))
    }
}

/// Whether an issuer's nonce would tell the provider whose it is: the issuer's host stands in it, as text or in a part that
/// is base64url, as in a JWT. Nonces that are sealed or random do not.
#[must_use]
pub fn reveals_issuer(nonce: &Nonce, issuer: &IssuerIdentifier) -> bool {
    let host = issuer.host().to_ascii_lowercase();
    let names_it = |bytes: &[u8]| {
        let text = bytes.to_ascii_lowercase();
        text.windows(host.len().max(1)).any(|window| window == host.as_bytes())
    };
    let text = nonce.as_str();
    names_it(text.as_bytes())
        || text
            .split(['.', '~', ':'])
            .any(|part| base64url::decode(part.trim_end_matches('=')).is_ok_and(|bytes| names_it(&bytes)))
}

fn prepare(
    kind: &str,
    key: &PublicKey,
    provider: &str,
    challenge: &Challenge,
    now: Timestamp,
) -> Result<ProofToSign, ProofError> {
    let mut claims = Map::new();
    claims.insert("aud".to_owned(), json!(provider));
    claims.insert("iat".to_owned(), json!(now.as_unix()));
    claims.insert("challenge".to_owned(), json!(challenge.0));
    ProofToSign::prepare(key, &SigningHeader::new(kind).jwk(key), claims)
}

fn post(url: &Url, body: &Value) -> HttpRequest {
    HttpRequest::post(url.clone(), JSON, body.to_string().into_bytes()).with_header("accept", JSON)
}

fn success<T: serde::de::DeserializeOwned>(response: &HttpResponse) -> Result<T, ProviderError> {
    if !response.is_success() {
        return Err(match crate::oauth::error_code(response) {
            Some(code) => ProviderError::Refused(crate::oauth::printable(&code)),
            None => ProviderError::Failed {
                status: response.status,
            },
        });
    }
    bounded::parse_as(&response.body, MAX_MESSAGE).map_err(|_| ProviderError::Malformed)
}

#[cfg(test)]
mod tests;
