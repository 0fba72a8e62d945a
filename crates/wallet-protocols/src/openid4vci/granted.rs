//! A token is there: credentials, deferred ones, notifications and fresh tokens.

use serde::{Deserialize, Serialize};
use wallet_credentials::crypto::{PublicKey, Random};
use wallet_credentials::time::Timestamp;
use zeroize::Zeroizing;

use super::authorization_server::AuthorizationServerMetadata;
use super::credential::{
    CredentialError, Proofs, ResponseEncryption, TransactionId, credential_request, deferred_request,
};
use super::govuk;
use super::key_attestation::KeyAttestation;
use super::metadata::{CredentialConfiguration, IssuerMetadata};
use super::notification::{NotificationEvent, NotificationId, notification_request};
use super::proof::{ProofError, ProofToSign};
use super::token::{AccessToken, Grant, Nonce, RefreshToken, TokenError, TokenType, read_token_response};
use crate::endpoint::{IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON};

/// The longest saved state that is read back, in bytes.
const MAX_SAVED: usize = 512 * 1024;

/// One credential to ask for: by `credential_identifier` when the token response gave one, else by
/// `credential_configuration_id`, never by both (8.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialTarget {
    /// The configuration.
    pub configuration_id: String,
    /// The identifier of the token response.
    pub identifier: Option<String>,
}

/// A token is there; credentials can be asked for.
pub struct TokenGranted {
    pub(super) metadata: IssuerMetadata,
    pub(super) server: AuthorizationServerMetadata,
    token: AccessToken,
    refresh: Option<RefreshToken>,
    expires_in: Option<u64>,
    targets: Vec<CredentialTarget>,
    client_id: Option<String>,
    /// Whether the token request carried a DPoP proof: only then may its answers be of type DPoP.
    proved: bool,
    /// Whether tokens must be bound to a key (HAIP 1.0, 4).
    bound_only: bool,
}

/// How a token was asked for.
pub(super) struct Asked {
    pub(super) client_id: Option<String>,
    pub(super) proved: bool,
    pub(super) bound_only: bool,
}

impl TokenGranted {
    pub(super) fn new(
        metadata: IssuerMetadata,
        server: AuthorizationServerMetadata,
        grant: Grant,
        accepted: Vec<String>,
        asked: Asked,
    ) -> Self {
        let targets = accepted
            .into_iter()
            .flat_map(
                |id| match grant.identifiers.get(&id).filter(|known| !known.is_empty()) {
                    Some(identifiers) => identifiers
                        .iter()
                        .map(|identifier| CredentialTarget {
                            configuration_id: id.clone(),
                            identifier: Some(identifier.clone()),
                        })
                        .collect(),
                    None => vec![CredentialTarget {
                        configuration_id: id,
                        identifier: None,
                    }],
                },
            )
            .collect();
        Self {
            metadata,
            server,
            token: grant.token,
            refresh: grant.refresh,
            expires_in: grant.expires_in,
            targets,
            client_id: asked.client_id,
            proved: asked.proved,
            bound_only: asked.bound_only,
        }
    }

    /// The issuer's metadata.
    pub fn metadata(&self) -> &IssuerMetadata {
        &self.metadata
    }

    /// The authorization server that gave the token: client authentication and refresh are for it.
    pub fn server(&self) -> &AuthorizationServerMetadata {
        &self.server
    }

    /// What to ask for, one request each.
    pub fn targets(&self) -> &[CredentialTarget] {
        &self.targets
    }

    /// The configuration of a target.
    pub fn configuration(&self, target: &CredentialTarget) -> Option<&CredentialConfiguration> {
        self.metadata.configuration(&target.configuration_id).ok()
    }

    /// How the wallet named itself when it redeemed the code: `iss` of its key proofs (F.1).
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// For how many seconds the token is good, when the server says so.
    pub fn expires_in(&self) -> Option<u64> {
        self.expires_in
    }

    /// Whether the token is bound to the DPoP key of the token request: then every request that carries it needs a proof.
    pub fn is_bound(&self) -> bool {
        self.token.token_type() == TokenType::Dpop
    }

    /// The request for a nonce; `None` when the issuer has no nonce endpoint and proofs go without, or with
    /// [`TokenGranted::nonce_in_token`].
    pub fn nonce_request(&self) -> Option<HttpRequest> {
        self.metadata.nonce_endpoint.as_ref().map(Nonce::request)
    }

    /// Prepares the proof of possession of `key` as this issuer wants it: for it, with its nonce, under the name the token was
    /// had with, and with a key attestation where there is one (F.1).
    ///
    /// # Errors
    /// [`ProofError`].
    pub fn proof(
        &self,
        key: &PublicKey,
        nonce: Option<&Nonce>,
        issued_at: Timestamp,
        attestation: Option<&KeyAttestation>,
    ) -> Result<ProofToSign, ProofError> {
        let (issuer, client_id) = (&self.metadata.credential_issuer, self.client_id());
        match attestation {
            _ if self.metadata.gov_uk.is_some() => govuk::proof(key, issuer, nonce, issued_at),
            Some(attestation) => ProofToSign::attested(key, issuer, nonce, issued_at, client_id, attestation),
            None => ProofToSign::new(key, issuer, nonce, issued_at, client_id),
        }
    }

    /// The nonce for the proofs that came with the token itself, as GOV.UK's dialect has it: then there is no nonce endpoint.
    pub fn nonce_in_token(&self) -> Option<Nonce> {
        self.metadata.gov_uk.as_ref()?;
        govuk::nonce_in_token(self.token.expose())
    }

    /// The credential request with these proofs, one for each copy wanted, all with the same nonce and different keys.
    /// `encryption` comes from [`ResponseEncryption::for_issuer`]; `random` encrypts the request where that is needed.
    ///
    /// # Errors
    /// [`CredentialError::Encryption`] when the issuer requires encryption that cannot be done.
    pub fn credential_request<'p>(
        &self,
        target: &CredentialTarget,
        proofs: impl Into<Proofs<'p>>,
        encryption: Option<&ResponseEncryption>,
        random: &mut dyn Random,
    ) -> Result<HttpRequest, CredentialError> {
        credential_request(&self.metadata, &self.token, target, proofs.into(), encryption, random)
    }

    /// The request for a credential that was not ready (9.1); `None` when the issuer has no such endpoint.
    ///
    /// # Errors
    /// As [`TokenGranted::credential_request`].
    pub fn deferred_request(
        &self,
        id: &TransactionId,
        encryption: Option<&ResponseEncryption>,
        random: &mut dyn Random,
    ) -> Result<Option<HttpRequest>, CredentialError> {
        let Some(endpoint) = &self.metadata.deferred_credential_endpoint else {
            return Ok(None);
        };
        deferred_request(endpoint, &self.metadata, &self.token, id, encryption, random).map(Some)
    }

    /// Tells the issuer what became of the credential (11); `None` when it does not want to know.
    pub fn notification_request(&self, id: &NotificationId, event: NotificationEvent) -> Option<HttpRequest> {
        let endpoint = self.metadata.notification_endpoint.as_ref()?;
        Some(notification_request(endpoint, &self.token, id, event))
    }

    /// Whether there is a refresh token.
    pub fn can_refresh(&self) -> bool {
        self.refresh.is_some()
    }

    /// The request for a fresh token (RFC 6749, 6); `None` without a refresh token.
    pub fn refresh_request(&self) -> Option<HttpRequest> {
        let refresh = self.refresh.as_ref()?;
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose())];
        let endpoint = self.server.token_endpoint.url().clone();
        Some(HttpRequest::post_form(endpoint, &parameters).with_header("accept", JSON))
    }

    /// Reads the answer to [`TokenGranted::refresh_request`]. What was granted before stays: which credentials, and the
    /// refresh token where no new one comes.
    ///
    /// # Errors
    /// [`TokenError`], with the old state: the old token may still be good.
    pub fn refreshed(mut self, response: &HttpResponse) -> Result<Self, (TokenError, Box<Self>)> {
        match read_token_response(response, false, self.proved, self.bound_only) {
            Err(error) => Err((error, Box::new(self))),
            Ok(grant) => {
                self.token = grant.token;
                self.expires_in = grant.expires_in;
                self.refresh = grant.refresh.or(self.refresh);
                for target in &mut self.targets {
                    let fresh = grant.identifiers.get(&target.configuration_id);
                    if let Some([only]) = fresh.map(Vec::as_slice) {
                        target.identifier = Some(only.clone());
                    }
                }
                Ok(self)
            }
        }
    }

    /// Everything but the issuer's metadata as text, to go on after a restart: it holds the tokens, so it belongs in the
    /// encrypted store and nowhere else.
    ///
    /// # Errors
    /// [`SavedError`] when it does not serialise.
    pub fn save(&self) -> Result<Zeroizing<String>, SavedError> {
        let saved = Saved {
            token: Zeroizing::new(self.token.expose().to_owned()),
            bound: self.is_bound(),
            refresh: self
                .refresh
                .as_ref()
                .map(|token| Zeroizing::new(token.expose().to_owned())),
            expires_in: self.expires_in,
            targets: self.targets.clone(),
            client_id: self.client_id.clone(),
            proved: self.proved,
            bound_only: self.bound_only,
            server: self.server.to_json().to_string(),
        };
        serde_json::to_string(&saved)
            .map(Zeroizing::new)
            .map_err(|_| SavedError)
    }

    /// Goes on from what [`TokenGranted::save`] gave, with the issuer's metadata.
    ///
    /// # Errors
    /// [`SavedError`] when it is not that.
    pub fn resume(saved: &str, metadata: IssuerMetadata, policy: TransportPolicy) -> Result<Self, SavedError> {
        if saved.len() > MAX_SAVED {
            return Err(SavedError);
        }
        let saved: Saved = serde_json::from_str(saved).map_err(|_| SavedError)?;
        let kind = if saved.bound {
            TokenType::Dpop
        } else {
            TokenType::Bearer
        };
        Ok(Self {
            metadata,
            server: resume_server(&saved.server, policy)?,
            token: AccessToken::of_type(kind, saved.token),
            refresh: saved.refresh.map(RefreshToken::new),
            expires_in: saved.expires_in,
            targets: saved.targets,
            client_id: saved.client_id,
            proved: saved.proved,
            bound_only: saved.bound_only,
        })
    }
}

/// A saved state cannot be written or read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the saved state of an issuance is damaged")]
pub struct SavedError;

/// Authorization server metadata as it was saved.
pub(super) fn resume_server(text: &str, policy: TransportPolicy) -> Result<AuthorizationServerMetadata, SavedError> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| SavedError)?;
    let issuer = value
        .get("issuer")
        .and_then(serde_json::Value::as_str)
        .ok_or(SavedError)?;
    let issuer = IssuerIdentifier::parse(issuer, policy).map_err(|_| SavedError)?;
    AuthorizationServerMetadata::read(&issuer, &HttpResponse::json(200, &value), policy).map_err(|_| SavedError)
}

#[derive(Serialize, Deserialize)]
struct Saved {
    token: Zeroizing<String>,
    bound: bool,
    refresh: Option<Zeroizing<String>>,
    expires_in: Option<u64>,
    targets: Vec<CredentialTarget>,
    client_id: Option<String>,
    proved: bool,
    bound_only: bool,
    server: String,
}
