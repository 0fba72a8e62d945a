//! Key proofs of type `jwt` (OpenID4VCI 1.0, F.1): prepared here, signed by whoever has the key, completed here.

use serde_json::{Map, Value, json};
use wallet_credentials::crypto::{CryptoError, PublicKey, Signer};
use wallet_credentials::jose::{SigningHeader, SigningInput};
use wallet_credentials::time::Timestamp;

use super::key_attestation::KeyAttestation;
use super::token::Nonce;
use crate::endpoint::IssuerIdentifier;

/// The media type of a key proof.
pub(super) const PROOF_TYPE: &str = "openid4vci-proof+jwt";

/// A key proof could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The header or payload does not serialise.
    #[error("the key proof could not be prepared")]
    NotPrepared,
    /// The key attestation does not attest this key, or does not say until when it counts (F.1, D.1).
    #[error("the key attestation is not for this proof")]
    NotAttested,
    /// The signer could not sign.
    #[error("the key proof could not be signed: {0}")]
    NotSigned(#[from] CryptoError),
}

/// A key proof that waits for its signature.
#[must_use]
pub struct ProofToSign {
    key: PublicKey,
    input: SigningInput,
}

/// A signed key proof.
pub struct KeyProof {
    key: PublicKey,
    jwt: String,
}

impl ProofToSign {
    /// Prepares the proof that `key` is ours, for this issuer and challenge, at `issued_at`.
    ///
    /// `client_id` becomes `iss`; it must be left out when the pre-authorized code was redeemed anonymously (F.1).
    ///
    /// # Errors
    /// [`ProofError::NotPrepared`].
    pub fn new(
        key: &PublicKey,
        issuer: &IssuerIdentifier,
        nonce: Option<&Nonce>,
        issued_at: Timestamp,
        client_id: Option<&str>,
    ) -> Result<Self, ProofError> {
        let header = SigningHeader::new(PROOF_TYPE).jwk(key);
        Self::prepare(key, &header, claims(issuer.as_str(), nonce, issued_at, client_id))
    }

    /// The same with a key attestation in its header (F.1), which must be for this key and say until when it counts (D.1).
    ///
    /// # Errors
    /// [`ProofError::NotAttested`] and [`ProofError::NotPrepared`].
    pub fn attested(
        key: &PublicKey,
        issuer: &IssuerIdentifier,
        nonce: Option<&Nonce>,
        issued_at: Timestamp,
        client_id: Option<&str>,
        attestation: &KeyAttestation,
    ) -> Result<Self, ProofError> {
        // The proof itself is fresh by its own nonce; an attestation without one says nothing else.
        let same_nonce = attestation
            .nonce()
            .is_none_or(|attested| Some(attested) == nonce.map(Nonce::as_str));
        if !attestation.keys().contains(key) || attestation.expires_at().is_none() || !same_nonce {
            return Err(ProofError::NotAttested);
        }
        let header = SigningHeader::new(PROOF_TYPE)
            .jwk(key)
            .member("key_attestation", json!(attestation.as_str()));
        Self::prepare(key, &header, claims(issuer.as_str(), nonce, issued_at, client_id))
    }

    /// A proof with another header or payload than the specification's: a dialect's, or one for the wallet provider.
    pub(crate) fn prepare(
        key: &PublicKey,
        header: &SigningHeader,
        claims: Map<String, Value>,
    ) -> Result<Self, ProofError> {
        let payload = serde_json::to_vec(&claims).map_err(|_| ProofError::NotPrepared)?;
        Ok(Self {
            key: *key,
            input: header.prepare(&payload).map_err(|_| ProofError::NotPrepared)?,
        })
    }

    /// The bytes to sign with ES256.
    pub fn as_bytes(&self) -> &[u8] {
        self.input.as_bytes()
    }

    /// Completes the proof with the signature (`r ‖ s`) over [`ProofToSign::as_bytes`].
    pub fn finalise(self, signature: &[u8; 64]) -> KeyProof {
        KeyProof {
            key: self.key,
            jwt: self.input.finalise(signature),
        }
    }

    /// Signs with a key at hand.
    ///
    /// # Errors
    /// [`ProofError::NotSigned`].
    pub fn sign(self, signer: &dyn Signer) -> Result<KeyProof, ProofError> {
        let signature = signer.sign(self.as_bytes())?;
        Ok(self.finalise(&signature))
    }
}

/// The claims of a proof (F.1).
pub(super) fn claims(
    audience: &str,
    nonce: Option<&Nonce>,
    issued_at: Timestamp,
    client_id: Option<&str>,
) -> Map<String, Value> {
    let mut claims = Map::new();
    if let Some(client_id) = client_id {
        claims.insert("iss".to_owned(), json!(client_id));
    }
    claims.insert("aud".to_owned(), json!(audience));
    claims.insert("iat".to_owned(), json!(issued_at.as_unix()));
    if let Some(nonce) = nonce {
        claims.insert("nonce".to_owned(), json!(nonce.as_str()));
    }
    claims
}

impl KeyProof {
    /// The key that was proved.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The JWT.
    pub fn as_str(&self) -> &str {
        &self.jwt
    }
}
