//! The issuer's end of OpenID4VCI 1.0, for the practice sandbox and for tests: the same messages, read and written the
//! other way round.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use wallet_credentials::crypto::{AgreementKey, PublicKey, Random, VerificationKey};
use wallet_credentials::jose::{self, ContentEncryption, EncryptionKey, Jws, jwe};
use wallet_credentials::time::Timestamp;

mod authorization;
mod metadata;

pub use authorization::{AuthorizationAnswer, AuthorizationParameters, TokenAnswer, TokenRequest, pushed_response};
pub use metadata::metadata_json;

use super::credential::DEFLATE;
use super::notification::NotificationEvent;
use super::proof::PROOF_TYPE;
use super::{CredentialTarget, MAX_MESSAGE};
use crate::http::{HttpResponse, JWT};
use crate::json::{self, present};

/// The most proofs of one request that are looked at.
const MAX_PROOFS: usize = 256;
/// How far the time of a proof may lie from now, in seconds.
const PROOF_AGE: i64 = 300;

/// Why a request is refused; each is an error code of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
#[non_exhaustive]
pub enum Refusal {
    /// The request is malformed (RFC 6749, 5.2).
    InvalidRequest,
    /// The client is not known, or not authenticated (RFC 6749, 5.2).
    InvalidClient,
    /// The wallet attestation or its proof is not good (attestation-based client authentication -07, 6.2).
    InvalidClientAttestation,
    /// The DPoP proof is not good (RFC 9449, 5).
    InvalidDpopProof,
    /// The pushed request is unknown, used or too old (RFC 9126, 4).
    InvalidRequestUri,
    /// The code is used, unknown or too old, or the transaction code is wrong (6.3).
    InvalidGrant,
    /// Another grant type.
    UnsupportedGrantType,
    /// The access token is not good (RFC 6750, 3.1).
    InvalidToken,
    /// The credential request is malformed (8.3.1.2).
    InvalidCredentialRequest,
    /// No such configuration.
    UnknownCredentialConfiguration,
    /// No such identifier.
    UnknownCredentialIdentifier,
    /// A proof is missing or does not verify.
    InvalidProof,
    /// The nonce is not one of ours or too old.
    InvalidNonce,
    /// The encryption parameters cannot be served.
    InvalidEncryptionParameters,
    /// We will not issue.
    CredentialRequestDenied,
    /// No such deferred transaction (9.3).
    InvalidTransactionId,
    /// No such notification (11.3).
    InvalidNotificationId,
    /// The notification is malformed (11.3).
    InvalidNotificationRequest,
}

impl Refusal {
    /// The code on the wire.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidClientAttestation => "invalid_client_attestation",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidToken => "invalid_token",
            Self::InvalidCredentialRequest => "invalid_credential_request",
            Self::UnknownCredentialConfiguration => "unknown_credential_configuration",
            Self::UnknownCredentialIdentifier => "unknown_credential_identifier",
            Self::InvalidProof => "invalid_proof",
            Self::InvalidNonce => "invalid_nonce",
            Self::InvalidEncryptionParameters => "invalid_encryption_parameters",
            Self::CredentialRequestDenied => "credential_request_denied",
            Self::InvalidTransactionId => "invalid_transaction_id",
            Self::InvalidNotificationId => "invalid_notification_id",
            Self::InvalidNotificationRequest => "invalid_notification_request",
        }
    }

    /// The error response.
    pub fn response(&self) -> HttpResponse {
        let status = match self {
            Self::InvalidToken | Self::InvalidClient => 401,
            _ => 400,
        };
        no_store(HttpResponse::json(status, &json!({"error": self.code()})))
    }
}

fn no_store(mut response: HttpResponse) -> HttpResponse {
    response
        .headers
        .push(("cache-control".to_owned(), "no-store".to_owned()));
    response
}

/// The token response (6.2) with a bearer token. `identifiers` gives `credential_identifiers` by configuration; empty to leave
/// `authorization_details` out.
pub fn token_response(access_token: &str, expires_in: u64, identifiers: &[(String, Vec<String>)]) -> HttpResponse {
    TokenAnswer {
        expires_in: Some(expires_in),
        identifiers,
        ..TokenAnswer::bearer(access_token)
    }
    .response()
}

/// The nonce response (7.2).
pub fn nonce_response(nonce: &str) -> HttpResponse {
    no_store(HttpResponse::json(200, &json!({"c_nonce": nonce})))
}

/// A credential request as received.
pub struct ReceivedCredentialRequest {
    /// What is asked for. For a `credential_identifier` the configuration is empty: the issuer knows which it gave.
    pub target: CredentialTarget,
    /// What proves the keys.
    pub proofs: ReceivedProofs,
    /// How the response is to be encrypted.
    pub response_encryption: Option<WantedEncryption>,
}

/// The proofs of a credential request, not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceivedProofs {
    /// None.
    None,
    /// `jwt` proofs.
    Jwt(Vec<String>),
    /// A key attestation.
    Attestation(String),
}

/// How a wallet wants its response encrypted (8.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedEncryption {
    /// Its key.
    pub key: EncryptionKey,
    /// The content encryption.
    pub enc: ContentEncryption,
    /// Whether the response is compressed first.
    pub zip: bool,
}

#[derive(Deserialize)]
struct WireRequest {
    #[serde(default, deserialize_with = "present")]
    credential_configuration_id: Option<String>,
    #[serde(default, deserialize_with = "present")]
    credential_identifier: Option<String>,
    #[serde(default, deserialize_with = "present")]
    proofs: Option<Map<String, Value>>,
    #[serde(default, deserialize_with = "present")]
    credential_response_encryption: Option<WireEncryption>,
}

#[derive(Deserialize)]
struct WireEncryption {
    jwk: Value,
    enc: String,
    #[serde(default)]
    zip: Option<String>,
}

impl ReceivedCredentialRequest {
    /// Reads a request body; `key` opens encrypted ones.
    ///
    /// # Errors
    /// [`Refusal`] as 8.3.1.2 says.
    pub fn read(content_type: &str, body: &[u8], key: Option<&AgreementKey>) -> Result<Self, Refusal> {
        let (wire, encrypted): (WireRequest, bool) = opened(content_type, body, key)?;
        let target = match (wire.credential_configuration_id, wire.credential_identifier) {
            (Some(configuration_id), None) => CredentialTarget {
                configuration_id,
                identifier: None,
            },
            (None, Some(identifier)) => CredentialTarget {
                configuration_id: String::new(),
                identifier: Some(identifier),
            },
            _ => return Err(Refusal::InvalidCredentialRequest),
        };
        let response_encryption = wanted_encryption(wire.credential_response_encryption, encrypted)?;
        Ok(Self {
            target,
            proofs: wire.proofs.map_or(Ok(ReceivedProofs::None), proofs)?,
            response_encryption,
        })
    }
}

/// The message of a request, and whether it was encrypted (10).
fn opened<T: serde::de::DeserializeOwned>(
    content_type: &str,
    body: &[u8],
    key: Option<&AgreementKey>,
) -> Result<(T, bool), Refusal> {
    let encrypted = content_type.split(';').next().unwrap_or_default().trim() == JWT;
    let wire = if encrypted {
        let text = std::str::from_utf8(body).map_err(|_| Refusal::InvalidEncryptionParameters)?;
        let key = key.ok_or(Refusal::InvalidEncryptionParameters)?;
        let opened = jwe::decrypt_compressed(text, key, MAX_MESSAGE);
        let opened = opened.map_err(|_| Refusal::InvalidEncryptionParameters)?;
        json::parse_as(&opened.plaintext, MAX_MESSAGE)
    } else {
        json::parse_as(body, MAX_MESSAGE)
    };
    Ok((wire.map_err(|_| Refusal::InvalidCredentialRequest)?, encrypted))
}

fn wanted_encryption(wire: Option<WireEncryption>, encrypted: bool) -> Result<Option<WantedEncryption>, Refusal> {
    let Some(wire) = wire else {
        return Ok(None);
    };
    let zip = match wire.zip.as_deref() {
        None => Some(false),
        Some(DEFLATE) => Some(true),
        Some(_) => None,
    };
    let parts = (
        EncryptionKey::from_jwk(&wire.jwk),
        ContentEncryption::from_jose_name(&wire.enc),
        zip,
    );
    match parts {
        // Who asks for an encrypted response must encrypt the request (8.2).
        (Ok(key), Ok(enc), Some(zip)) if encrypted => Ok(Some(WantedEncryption { key, enc, zip })),
        _ => Err(Refusal::InvalidEncryptionParameters),
    }
}

fn proofs(wire: Map<String, Value>) -> Result<ReceivedProofs, Refusal> {
    let mut types = wire.into_iter();
    let (Some((name, Value::Array(values))), None) = (types.next(), types.next()) else {
        return Err(Refusal::InvalidProof);
    };
    if values.is_empty() || values.len() > MAX_PROOFS {
        return Err(Refusal::InvalidProof);
    }
    let texts = values.into_iter().map(|value| match value {
        Value::String(text) => Ok(text),
        _ => Err(Refusal::InvalidProof),
    });
    let mut texts = texts.collect::<Result<Vec<String>, Refusal>>()?;
    match (name.as_str(), texts.len()) {
        ("jwt", _) => Ok(ReceivedProofs::Jwt(texts)),
        ("attestation", 1) => Ok(ReceivedProofs::Attestation(texts.remove(0))),
        _ => Err(Refusal::InvalidProof),
    }
}

/// A deferred credential request as received (9.1): the handle, and how the response is to be encrypted.
///
/// # Errors
/// [`Refusal`] as 8.3.1.2 says.
pub fn read_deferred_request(
    content_type: &str,
    body: &[u8],
    key: Option<&AgreementKey>,
) -> Result<(String, Option<WantedEncryption>), Refusal> {
    #[derive(Deserialize)]
    struct Wire {
        transaction_id: String,
        #[serde(default, deserialize_with = "present")]
        credential_response_encryption: Option<WireEncryption>,
    }
    let (wire, encrypted): (Wire, bool) = opened(content_type, body, key)?;
    let wanted = wanted_encryption(wire.credential_response_encryption, encrypted)?;
    Ok((wire.transaction_id, wanted))
}

/// The key attestation in the header of a `jwt` proof (F.1), to be verified for itself.
///
/// # Errors
/// [`Refusal::InvalidProof`] when it is no text, or the proof no JWT.
pub fn key_attestation_in(proof: &str) -> Result<Option<String>, Refusal> {
    let jws = Jws::parse(proof).map_err(|_| Refusal::InvalidProof)?;
    match jws.header().members.get("key_attestation") {
        None => Ok(None),
        Some(Value::String(attestation)) => Ok(Some(attestation.clone())),
        Some(_) => Err(Refusal::InvalidProof),
    }
}

/// Verifies one `jwt` proof (F.1) and gives the proved key. `is_ours` says whether a nonce was given out and still counts.
///
/// # Errors
/// [`Refusal::InvalidNonce`] for the nonce, [`Refusal::InvalidProof`] for everything else.
pub fn verify_proof(
    jwt: &str,
    issuer: &str,
    is_ours: impl FnOnce(&str) -> bool,
    now: Timestamp,
) -> Result<PublicKey, Refusal> {
    let jws = Jws::parse(jwt).map_err(|_| Refusal::InvalidProof)?;
    let header = jws.header();
    let other_key = ["kid", "x5c"].iter().any(|name| header.members.contains_key(*name));
    if !header.is_type(PROOF_TYPE) || other_key {
        return Err(Refusal::InvalidProof);
    }
    let jwk = header.jwk.as_ref().ok_or(Refusal::InvalidProof)?;
    let key = PublicKey::from_jwk(jwk).map_err(|_| Refusal::InvalidProof)?;
    let payload = jws
        .verify(&VerificationKey::from(key))
        .map_err(|_| Refusal::InvalidProof)?;
    let claims = json::parse(&payload, MAX_MESSAGE).map_err(|_| Refusal::InvalidProof)?;
    let issued_at = claims
        .get("iat")
        .and_then(jose::numeric_date)
        .ok_or(Refusal::InvalidProof)?;
    if claims.get("aud").and_then(Value::as_str) != Some(issuer) || now.seconds_since(issued_at).abs() > PROOF_AGE {
        return Err(Refusal::InvalidProof);
    }
    match claims.get("nonce").and_then(Value::as_str) {
        Some(nonce) if is_ours(nonce) => Ok(key),
        _ => Err(Refusal::InvalidNonce),
    }
}

/// The response with credentials (8.3), encrypted when that was asked for.
///
/// # Errors
/// [`Refusal::InvalidEncryptionParameters`] when it cannot be encrypted.
pub fn credential_response(
    credentials: &[String],
    notification_id: Option<&str>,
    encryption: Option<&WantedEncryption>,
    random: &mut dyn Random,
) -> Result<HttpResponse, Refusal> {
    let entries: Vec<Value> = credentials
        .iter()
        .map(|credential| json!({"credential": credential}))
        .collect();
    let mut body = json!({"credentials": entries});
    if let (Some(id), Some(members)) = (notification_id, body.as_object_mut()) {
        members.insert("notification_id".to_owned(), json!(id));
    }
    message(200, &body, encryption, random)
}

/// The response that a credential is not ready (8.3, 9.2); `interval` in seconds. Encrypted like any other success.
///
/// # Errors
/// [`Refusal::InvalidEncryptionParameters`] when it cannot be encrypted.
pub fn deferred_response(
    transaction_id: &str,
    interval: f64,
    encryption: Option<&WantedEncryption>,
    random: &mut dyn Random,
) -> Result<HttpResponse, Refusal> {
    let body = json!({"transaction_id": transaction_id, "interval": interval});
    message(202, &body, encryption, random)
}

fn message(
    status: u16,
    body: &Value,
    encryption: Option<&WantedEncryption>,
    random: &mut dyn Random,
) -> Result<HttpResponse, Refusal> {
    let response = match encryption {
        None => HttpResponse::json(status, body),
        Some(wanted) => {
            let recipient = jwe::Recipient::new(&wanted.key, wanted.enc);
            let recipient = if wanted.zip { recipient.compressed() } else { recipient };
            let text = jwe::encrypt(body.to_string().as_bytes(), &recipient, random);
            HttpResponse::new(status, JWT, text.map_err(|_| Refusal::InvalidEncryptionParameters)?)
        }
    };
    Ok(no_store(response))
}

/// Reads a notification (11.1): the handle and the event.
///
/// # Errors
/// [`Refusal::InvalidNotificationRequest`].
pub fn read_notification(body: &[u8]) -> Result<(String, NotificationEvent), Refusal> {
    #[derive(Deserialize)]
    struct Wire {
        notification_id: String,
        event: String,
    }
    let wire: Wire = json::parse_as(body, MAX_MESSAGE).map_err(|_| Refusal::InvalidNotificationRequest)?;
    let event = NotificationEvent::parse(&wire.event).ok_or(Refusal::InvalidNotificationRequest)?;
    Ok((wire.notification_id, event))
}
