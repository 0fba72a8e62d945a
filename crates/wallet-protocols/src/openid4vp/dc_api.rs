//! Requests that come through the Digital Credentials API of a browser (OpenID4VP 1.0, Appendix A): pure functions from what the
//! browser hands over to what it takes back. Nothing here talks to a browser.

use serde_json::{Map, Value, json};
use wallet_credentials::crypto::{Random, sha256};
use wallet_credentials::jose::{ContentEncryption, EncryptionKey};
use wallet_credentials::mdoc::SessionTranscript;
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::TrustAnchors;

use super::MAX_MESSAGE;
use super::authenticate::{Authenticated, Grounds, MultiSigned, VerifierIdentity, claimed_client_id, request_object};
use super::client_id::ClientId;
use super::error::RequestError;
use super::parameters::{self, Shared, VerifierInfo};
use super::request::check_times;
use super::response::{AuthorizationErrorCode, ResponseError, VpToken, encrypt};
use super::transaction_data::TransactionData;
use crate::dcql::DcqlQuery;

/// The most origins a request may be meant for.
const MAX_ORIGINS: usize = 64;
/// The longest origin, in bytes.
const MAX_ORIGIN: usize = 4096;

/// The protocols of A.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DcApiProtocol {
    /// `openid4vp-v1-unsigned`.
    Unsigned,
    /// `openid4vp-v1-signed`.
    Signed,
    /// `openid4vp-v1-multisigned`.
    MultiSigned,
}

impl DcApiProtocol {
    /// Reads a protocol identifier.
    ///
    /// # Errors
    /// [`RequestError::Protocol`].
    pub fn parse(name: &str) -> Result<Self, RequestError> {
        match name {
            "openid4vp-v1-unsigned" => Ok(Self::Unsigned),
            "openid4vp-v1-signed" => Ok(Self::Signed),
            "openid4vp-v1-multisigned" => Ok(Self::MultiSigned),
            _ => Err(RequestError::Protocol),
        }
    }
}

/// How the answer travels back through the browser (A.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DcApiMode {
    /// `dc_api`: in the clear.
    DcApi,
    /// `dc_api.jwt`: encrypted.
    DcApiJwt {
        /// The service's key.
        key: EncryptionKey,
        /// The content encryption.
        enc: ContentEncryption,
    },
}

/// A verified request.
#[derive(Debug, Clone)]
pub struct DcApiRequest {
    origin: String,
    client_id: Option<ClientId>,
    verifier: VerifierIdentity,
    mode: DcApiMode,
    shared: SharedParts,
    digest: [u8; 32],
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
struct SharedParts {
    nonce: String,
    query: DcqlQuery,
    transaction_data: Vec<TransactionData>,
    verifier_info: Vec<VerifierInfo>,
    client_name: Option<String>,
}

/// Verifies what the browser hands over: `data` of one request, and the origin of the page that asks, exactly as the browser
/// names it.
///
/// # Errors
/// [`RequestError`].
pub fn verify(
    protocol: DcApiProtocol,
    data: &Value,
    origin: &str,
    anchors: &TrustAnchors,
    now: Timestamp,
) -> Result<DcApiRequest, RequestError> {
    if origin.is_empty() || origin.len() > MAX_ORIGIN {
        return Err(RequestError::Origin);
    }
    let written = data.to_string();
    if written.len() > MAX_MESSAGE {
        return Err(RequestError::Malformed);
    }
    let (client_id, authenticated) = authenticate(protocol, data, anchors, now)?;
    let claims = &authenticated.claims;
    if client_id.is_some() {
        check_origin(claims, origin)?;
    }
    let expires_at = check_times(claims, now)?;
    let mode = match parameters::text(claims, "response_mode")? {
        Some("dc_api") => DcApiMode::DcApi,
        Some("dc_api.jwt") => {
            let (key, enc) = parameters::encryption(claims)?;
            DcApiMode::DcApiJwt { key, enc }
        }
        _ => return Err(RequestError::ResponseMode),
    };
    let shared = Shared::read(claims)?;
    Ok(DcApiRequest {
        origin: origin.to_owned(),
        client_id,
        verifier: authenticated.identity,
        mode,
        shared: SharedParts {
            nonce: shared.nonce,
            query: shared.query,
            transaction_data: shared.transaction_data,
            verifier_info: shared.verifier_info,
            client_name: shared.client_name,
        },
        digest: sha256(written.as_bytes()),
        expires_at,
    })
}

fn authenticate(
    protocol: DcApiProtocol,
    data: &Value,
    anchors: &TrustAnchors,
    now: Timestamp,
) -> Result<(Option<ClientId>, Authenticated), RequestError> {
    let grounds = Grounds {
        anchors,
        now,
        did_document: None,
    };
    match protocol {
        DcApiProtocol::Unsigned => {
            let claims = data.as_object().cloned().ok_or(RequestError::Malformed)?;
            let identity = VerifierIdentity::Unsigned;
            let redirect_uris = None;
            // `client_id` and `expected_origins` say nothing here and are not looked at (A.2).
            Ok((
                None,
                Authenticated {
                    claims,
                    identity,
                    redirect_uris,
                },
            ))
        }
        DcApiProtocol::Signed => {
            let text = data
                .get("request")
                .and_then(Value::as_str)
                .ok_or(RequestError::Malformed)?;
            // The client identifier is inside only: it is read first to know which rule verifies it.
            let client_id = claimed_client_id(text)?;
            let found = request_object(text, &client_id, &grounds)?;
            Ok((Some(client_id), found))
        }
        DcApiProtocol::MultiSigned => {
            let signed = data.get("request").unwrap_or(data);
            let (client_id, found) = MultiSigned::parse(signed)?.authenticate(None, &grounds)?;
            Ok((Some(client_id), found))
        }
    }
}

/// The request must be meant for the page that shows it: plain comparison of text (A.2).
fn check_origin(claims: &Map<String, Value>, origin: &str) -> Result<(), RequestError> {
    let expected = claims.get("expected_origins").and_then(Value::as_array);
    let expected = expected.filter(|list| list.len() <= MAX_ORIGINS);
    let meant = expected.is_some_and(|list| list.iter().any(|one| one.as_str() == Some(origin)));
    if meant { Ok(()) } else { Err(RequestError::Origin) }
}

impl DcApiRequest {
    /// The origin of the page that asks.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The `aud` of key binding JWTs: the origin behind `origin:`, for signed requests too (A.4).
    pub fn audience(&self) -> String {
        format!("origin:{}", self.origin)
    }

    /// The client identifier of a signed request.
    pub fn client_id(&self) -> Option<&ClientId> {
        self.client_id.as_ref()
    }

    /// Who signed.
    pub fn verifier(&self) -> &VerifierIdentity {
        &self.verifier
    }

    /// The nonce that presentations are bound to.
    pub fn nonce(&self) -> &str {
        &self.shared.nonce
    }

    /// How the answer travels.
    pub fn mode(&self) -> &DcApiMode {
        &self.mode
    }

    /// What is asked for.
    pub fn query(&self) -> &DcqlQuery {
        &self.shared.query
    }

    /// What the person is asked to agree to beyond that.
    pub fn transaction_data(&self) -> &[TransactionData] {
        &self.shared.transaction_data
    }

    /// What others say about the service.
    pub fn verifier_info(&self) -> &[VerifierInfo] {
        &self.shared.verifier_info
    }

    /// What the service calls itself: nobody vouches for it, and it must be cleaned before drawing.
    pub fn client_name(&self) -> Option<&str> {
        self.shared.client_name.as_deref()
    }

    /// SHA-256 of the request as handed over.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Until when the service waits, when it says so.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// The session transcript that mdoc presentations are bound to (B.2.6.2).
    pub fn session_transcript(&self) -> SessionTranscript {
        let thumbprint = match &self.mode {
            DcApiMode::DcApi => None,
            DcApiMode::DcApiJwt { key, .. } => Some(key.key.thumbprint()),
        };
        SessionTranscript::openid4vp_dc_api(&self.origin, &self.shared.nonce, thumbprint.as_ref())
    }

    /// The `data` member of the answer (A.4).
    ///
    /// # Errors
    /// [`ResponseError::Empty`] and [`ResponseError::NotEncrypted`].
    pub fn respond(&self, token: &VpToken, random: &mut dyn Random) -> Result<Value, ResponseError> {
        let members = token.members(None)?;
        match &self.mode {
            DcApiMode::DcApi => Ok(members),
            DcApiMode::DcApiJwt { key, enc } => Ok(json!({"response": encrypt(&members, key, *enc, random)?})),
        }
    }

    /// The `data` member that says no (A.4). Where only wallets that can answer are offered at all, even this tells that one
    /// could; it is better not to answer when the person says no.
    pub fn refuse(code: AuthorizationErrorCode) -> Value {
        json!({"error": code.as_str()})
    }
}
