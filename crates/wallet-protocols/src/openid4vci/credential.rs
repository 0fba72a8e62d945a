//! Credential requests and responses (OpenID4VCI 1.0, 8 to 10).

use serde::Deserialize;
use serde_json::{Value, json};
use wallet_credentials::crypto::{AgreementKey, PublicKey, Random};
use wallet_credentials::jose::{ContentEncryption, EncryptionKey, jwe};

use super::MAX_MESSAGE;
use super::govuk;
use super::granted::CredentialTarget;
use super::key_attestation::KeyAttestation;
use super::metadata::IssuerMetadata;
use super::notification::NotificationId;
use super::proof::KeyProof;
use super::token::{AccessToken, MAX_TOKEN};
use crate::endpoint::Endpoint;
use crate::http::{HttpRequest, HttpResponse, JSON, JWT};
use crate::json;
use crate::oauth::{error_code, printable, refuses_token};

/// `zip`: the only compression there is (RFC 7518, 7.3).
pub(super) const DEFLATE: &str = "DEF";
/// How long to wait where a draft's `issuance_pending` does not say, in seconds.
const PENDING_INTERVAL: f64 = 5.0;
/// The most credentials of one response.
const MAX_CREDENTIALS: usize = 256;

/// Why there is no credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// The nonce of the proofs is too old: fetch a new one and try once more (8.3.1.2).
    #[error("the issuer wants a fresh nonce")]
    InvalidNonce,
    /// The issuer does not accept the proofs.
    #[error("the issuer does not accept the key proof")]
    InvalidProof,
    /// The issuer does not know the configuration.
    #[error("the issuer does not know this kind of credential")]
    UnknownConfiguration,
    /// The issuer does not know the credential identifier.
    #[error("the issuer does not know this credential")]
    UnknownIdentifier,
    /// The issuer finds the request malformed.
    #[error("the issuer does not understand the request")]
    InvalidRequest,
    /// The issuer cannot serve the encryption that was asked for.
    #[error("the issuer cannot encrypt as asked")]
    InvalidEncryptionParameters,
    /// The issuer does not know the deferred issuance, or it is over (9.3): asking again is of no use.
    #[error("the issuer does not know this deferred issuance")]
    InvalidTransaction,
    /// The issuer decided not to issue.
    #[error("the issuer refused to issue")]
    Denied,
    /// Another error code of the issuer.
    #[error("the issuer answered with an error")]
    Refused {
        /// The code, printable ASCII only.
        code: String,
    },
    /// The access token is not or no longer good.
    #[error("the access token was not accepted")]
    TokenNotAccepted,
    /// An answer that is not of this protocol: a bare 500, HTML, nothing.
    #[error("the issuer failed: status {status}")]
    Failed {
        /// The HTTP status.
        status: u16,
    },
    /// A success that is not a credential response (8.3).
    #[error("the credential response is malformed")]
    Malformed,
    /// Encryption was asked for and the response is not encrypted (8.3, 10).
    #[error("the credential response is not encrypted")]
    NotEncrypted,
    /// The encrypted response cannot be opened.
    #[error("the credential response cannot be decrypted")]
    NotDecrypted,
    /// The proofs are not of the kind or number this issuer takes.
    #[error("the proofs are not what the issuer takes")]
    Proofs,
    /// The issuer requires encryption this wallet does not have, or the request could not be encrypted.
    #[error("no encryption both sides support")]
    Encryption,
}

/// A credential as issued: an SD-JWT VC as text, an mdoc `IssuerSigned` in base64url without the padding that some issuers
/// add. Holds a person's data: no `Debug`.
pub struct IssuedCredential(String);

impl IssuedCredential {
    /// A credential that was kept as it was issued, before it could be verified.
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The credential exactly as issued.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The handle of a credential that is not ready yet.
#[derive(Clone, PartialEq, Eq)]
pub struct TransactionId(String);

impl TransactionId {
    /// A handle that was kept, to ask with after a restart.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The handle.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A successful answer.
pub enum CredentialResponse {
    /// The credentials. Their order is not the order of the proofs: see [`match_to_keys`].
    Issued {
        /// At least one.
        credentials: Vec<IssuedCredential>,
        /// The handle for notifications.
        notification_id: Option<NotificationId>,
    },
    /// Not ready yet (status 202).
    Deferred {
        /// The handle to ask with.
        transaction_id: TransactionId,
        /// How long to wait before asking, in seconds.
        interval: f64,
    },
}

/// The key a response is to be encrypted to (8.2). Made afresh for each request.
pub struct ResponseEncryption {
    key: AgreementKey,
    enc: ContentEncryption,
    zip: bool,
}

impl ResponseEncryption {
    /// What the issuer's metadata asks for: `Some` when it encrypts responses and this wallet can read them.
    ///
    /// # Errors
    /// [`CredentialError::Encryption`] when encryption is required and there is no common algorithm, or when the source of
    /// randomness failed.
    pub fn for_issuer(metadata: &IssuerMetadata, random: &mut dyn Random) -> Result<Option<Self>, CredentialError> {
        let Some(offered) = &metadata.response_encryption else {
            return Ok(None);
        };
        let enc = preferred(&offered.enc_values).filter(|_| offered.alg_values.iter().any(|alg| alg == "ECDH-ES"));
        // Without a usable key to encrypt the request with, encryption cannot be asked for (8.2).
        match enc.filter(|_| RequestEncryption::for_issuer(metadata).is_ok_and(|found| found.is_some())) {
            Some(enc) => Ok(Some(Self {
                key: AgreementKey::from_random(random).map_err(|_| CredentialError::Encryption)?,
                enc,
                zip: offered.zip_values.iter().any(|zip| zip == DEFLATE),
            })),
            None if offered.required => Err(CredentialError::Encryption),
            None => Ok(None),
        }
    }

    /// A given key, for tests and for requests that are continued.
    pub fn with_key(key: AgreementKey, enc: ContentEncryption) -> Self {
        Self { key, enc, zip: false }
    }

    fn to_json(&self) -> Value {
        let key = EncryptionKey {
            key: self.key.public_key(),
            kid: Some("response".to_owned()),
        };
        let mut value = json!({"jwk": key.to_jwk(), "enc": self.enc.as_str()});
        if let (true, Some(members)) = (self.zip, value.as_object_mut()) {
            members.insert("zip".to_owned(), json!(DEFLATE));
        }
        value
    }
}

/// The issuer's key that requests are encrypted to (10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestEncryption {
    key: EncryptionKey,
    enc: ContentEncryption,
}

impl RequestEncryption {
    /// What the issuer's metadata offers, when this wallet can use it.
    ///
    /// # Errors
    /// [`CredentialError::Encryption`] when encryption is required and nothing usable is offered.
    pub fn for_issuer(metadata: &IssuerMetadata) -> Result<Option<Self>, CredentialError> {
        let Some(offered) = &metadata.request_encryption else {
            return Ok(None);
        };
        let key = offered.keys.iter().find_map(|jwk| EncryptionKey::from_jwk(jwk).ok());
        match (key, preferred(&offered.enc_values)) {
            (Some(key), Some(enc)) => Ok(Some(Self { key, enc })),
            _ if offered.required => Err(CredentialError::Encryption),
            _ => Ok(None),
        }
    }
}

/// A256GCM if offered, else the first this wallet has.
pub(crate) fn preferred(offered: &[String]) -> Option<ContentEncryption> {
    let known = |name: &String| ContentEncryption::from_jose_name(name).ok();
    offered
        .iter()
        .filter_map(known)
        .find(|enc| *enc == ContentEncryption::A256Gcm)
        .or_else(|| offered.iter().find_map(known))
}

/// What proves the keys of a credential request (8.2, F).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Proofs<'p> {
    /// A `jwt` proof by each key (F.1); none where the credential is bound to no key.
    Jwt(&'p [KeyProof]),
    /// One key attestation for all of them (F.3).
    Attestation(&'p KeyAttestation),
}

impl<'p> From<&'p KeyAttestation> for Proofs<'p> {
    fn from(attestation: &'p KeyAttestation) -> Self {
        Self::Attestation(attestation)
    }
}

impl<'p> From<&'p [KeyProof]> for Proofs<'p> {
    fn from(proofs: &'p [KeyProof]) -> Self {
        Self::Jwt(proofs)
    }
}

impl<'p> From<&'p Vec<KeyProof>> for Proofs<'p> {
    fn from(proofs: &'p Vec<KeyProof>) -> Self {
        Self::Jwt(proofs)
    }
}

impl<'p, const N: usize> From<&'p [KeyProof; N]> for Proofs<'p> {
    fn from(proofs: &'p [KeyProof; N]) -> Self {
        Self::Jwt(proofs)
    }
}

/// The credential request (8.2), encrypted when the issuer requires it or the response is to be encrypted.
pub(super) fn credential_request(
    metadata: &IssuerMetadata,
    token: &AccessToken,
    target: &CredentialTarget,
    proofs: Proofs<'_>,
    encryption: Option<&ResponseEncryption>,
    random: &mut dyn Random,
) -> Result<HttpRequest, CredentialError> {
    if metadata.gov_uk.is_some() {
        return govuk::credential_request(&metadata.credential_endpoint, token, proofs);
    }
    let mut body = match &target.identifier {
        Some(identifier) => json!({"credential_identifier": identifier}),
        None => json!({"credential_configuration_id": target.configuration_id}),
    };
    if let Some(members) = body.as_object_mut() {
        match proofs {
            Proofs::Attestation(attestation) => {
                members.insert("proofs".to_owned(), json!({"attestation": [attestation.as_str()]}));
            }
            Proofs::Jwt([]) => {}
            Proofs::Jwt(proofs) => {
                let jwts: Vec<&str> = proofs.iter().map(KeyProof::as_str).collect();
                members.insert("proofs".to_owned(), json!({"jwt": jwts}));
            }
        }
        if let Some(response) = encryption {
            members.insert("credential_response_encryption".to_owned(), response.to_json());
        }
    }
    request(
        &metadata.credential_endpoint,
        metadata,
        token,
        &body,
        (encryption.is_some(), random),
    )
}

/// The deferred credential request (9.1).
pub(super) fn deferred_request(
    endpoint: &Endpoint,
    metadata: &IssuerMetadata,
    token: &AccessToken,
    id: &TransactionId,
    encryption: Option<&ResponseEncryption>,
    random: &mut dyn Random,
) -> Result<HttpRequest, CredentialError> {
    let mut body = json!({"transaction_id": id.as_str()});
    if let (Some(members), Some(response)) = (body.as_object_mut(), encryption) {
        members.insert("credential_response_encryption".to_owned(), response.to_json());
    }
    request(endpoint, metadata, token, &body, (encryption.is_some(), random))
}

fn request(
    endpoint: &Endpoint,
    metadata: &IssuerMetadata,
    token: &AccessToken,
    body: &Value,
    (wanted, random): (bool, &mut dyn Random),
) -> Result<HttpRequest, CredentialError> {
    let offered = RequestEncryption::for_issuer(metadata)?;
    let required = metadata.request_encryption.as_ref().is_some_and(|offer| offer.required);
    let (content_type, bytes) = if wanted || required {
        let to = offered.ok_or(CredentialError::Encryption)?;
        let recipient = jwe::Recipient::new(&to.key, to.enc);
        let text = jwe::encrypt(body.to_string().as_bytes(), &recipient, random);
        (JWT, text.map_err(|_| CredentialError::Encryption)?.into_bytes())
    } else {
        (JSON, body.to_string().into_bytes())
    };
    Ok(HttpRequest::post(endpoint.url().clone(), content_type, bytes)
        .with_header(
            "accept",
            if content_type == JWT {
                "application/jwt, application/json"
            } else {
                JSON
            },
        )
        .with_header("authorization", token.authorization()))
}

/// Some issuers write `null` for members they leave out.
#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    credentials: Option<Vec<WireCredential>>,
    #[serde(default)]
    transaction_id: Option<String>,
    #[serde(default)]
    interval: Option<f64>,
    #[serde(default)]
    notification_id: Option<String>,
}

#[derive(Deserialize)]
struct WireCredential {
    credential: String,
}

impl CredentialResponse {
    /// Reads the answer to a credential or deferred credential request. `encryption` is what the request asked for.
    ///
    /// # Errors
    /// [`CredentialError`]. Error responses are never encrypted (8.3.1.2); a success must be when that was asked for.
    pub fn read(response: &HttpResponse, encryption: Option<&ResponseEncryption>) -> Result<Self, CredentialError> {
        if !response.is_success() {
            return Err(refusal(response));
        }
        let wire: Wire = match encryption {
            None => json::parse_as(&response.body, MAX_MESSAGE).map_err(|_| CredentialError::Malformed)?,
            Some(encryption) => {
                let body = std::str::from_utf8(&response.body).map_err(|_| CredentialError::NotEncrypted)?;
                if response.media_type() != JWT {
                    return Err(CredentialError::NotEncrypted);
                }
                let opened = if encryption.zip {
                    jwe::decrypt_compressed(body.trim(), &encryption.key, MAX_MESSAGE)
                } else {
                    jwe::decrypt(body.trim(), &encryption.key)
                };
                let opened = opened.map_err(|_| CredentialError::NotDecrypted)?;
                json::parse_as(&opened.plaintext, MAX_MESSAGE).map_err(|_| CredentialError::Malformed)?
            }
        };
        Self::from_wire(wire, response.status)
    }

    /// Reads the answer to a deferred credential request (9.2) for `id`. Drafts said `issuance_pending` as an error; who still
    /// does means the same.
    ///
    /// # Errors
    /// As [`CredentialResponse::read`]; [`CredentialError::InvalidTransaction`] and [`CredentialError::Denied`] are final.
    pub fn read_deferred(
        response: &HttpResponse,
        encryption: Option<&ResponseEncryption>,
        id: &TransactionId,
    ) -> Result<Self, CredentialError> {
        #[derive(Deserialize)]
        struct Pending {
            #[serde(default)]
            interval: Option<f64>,
        }
        if !response.is_success() && error_code(response).as_deref() == Some("issuance_pending") {
            let pending: Option<Pending> = json::parse_as(&response.body, MAX_MESSAGE).ok();
            let interval = pending.and_then(|pending| pending.interval);
            return Ok(Self::Deferred {
                transaction_id: id.clone(),
                interval: interval
                    .filter(|seconds| usable_interval(*seconds))
                    .unwrap_or(PENDING_INTERVAL),
            });
        }
        match Self::read(response, encryption)? {
            // The handle stays the same while the credential is not ready (9.2).
            Self::Deferred { transaction_id, .. } if transaction_id != *id => Err(CredentialError::Malformed),
            answer => Ok(answer),
        }
    }

    fn from_wire(wire: Wire, status: u16) -> Result<Self, CredentialError> {
        let usable = |text: &String| !text.is_empty() && text.len() <= MAX_TOKEN;
        match (wire.credentials, wire.transaction_id) {
            (Some(credentials), None) if !credentials.is_empty() && credentials.len() <= MAX_CREDENTIALS => {
                if credentials.iter().any(|entry| entry.credential.is_empty()) {
                    return Err(CredentialError::Malformed);
                }
                Ok(Self::Issued {
                    credentials: credentials
                        .into_iter()
                        .map(|entry| IssuedCredential(entry.credential.trim_end_matches('=').to_owned()))
                        .collect(),
                    notification_id: wire.notification_id.filter(usable).map(NotificationId),
                })
            }
            (None, Some(id)) if status == 202 && usable(&id) && wire.notification_id.is_none() => {
                let interval = wire.interval.filter(|seconds| usable_interval(*seconds));
                Ok(Self::Deferred {
                    transaction_id: TransactionId(id),
                    interval: interval.ok_or(CredentialError::Malformed)?,
                })
            }
            _ => Err(CredentialError::Malformed),
        }
    }
}

fn usable_interval(seconds: f64) -> bool {
    seconds.is_finite() && seconds > 0.0
}

fn refusal(response: &HttpResponse) -> CredentialError {
    match (error_code(response).as_deref(), response.status) {
        (Some("invalid_nonce"), _) => CredentialError::InvalidNonce,
        (Some("invalid_proof"), _) => CredentialError::InvalidProof,
        (Some("unknown_credential_configuration"), _) => CredentialError::UnknownConfiguration,
        (Some("unknown_credential_identifier"), _) => CredentialError::UnknownIdentifier,
        (Some("invalid_credential_request"), _) => CredentialError::InvalidRequest,
        (Some("invalid_encryption_parameters"), _) => CredentialError::InvalidEncryptionParameters,
        (Some("invalid_transaction_id"), _) => CredentialError::InvalidTransaction,
        (Some("credential_request_denied"), _) => CredentialError::Denied,
        (Some("invalid_token"), _) | (_, 401) => CredentialError::TokenNotAccepted,
        _ if refuses_token(response) => CredentialError::TokenNotAccepted,
        (Some(code), _) => CredentialError::Refused { code: printable(code) },
        (None, status) => CredentialError::Failed { status },
    }
}

/// Remembers that a nonce may be refreshed once, and only once (8.3.1.2).
#[derive(Debug, Default)]
pub struct NonceRetry {
    used: bool,
}

impl NonceRetry {
    /// Whether this error is worth one more try with a fresh nonce; says yes once.
    pub fn allows(&mut self, error: &CredentialError) -> bool {
        let allowed = !self.used && *error == CredentialError::InvalidNonce;
        self.used |= allowed;
        allowed
    }
}

/// The credentials of a response do not fit the keys that were proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MatchError {
    /// A credential is bound to a key that was not proved in this request.
    #[error("a credential is bound to a foreign key")]
    ForeignKey,
    /// Two credentials are bound to the same key.
    #[error("two credentials are bound to one key")]
    SameKey,
}

/// Gives each credential the key it is bound to, whatever the order of the response (8.2, 8.3). Keys without a credential
/// are left out: an issuer may issue fewer than were asked for.
///
/// # Errors
/// [`MatchError`].
pub fn match_to_keys<C, K>(
    credentials: impl IntoIterator<Item = (PublicKey, C)>,
    keys: impl IntoIterator<Item = (PublicKey, K)>,
) -> Result<Vec<(K, C)>, MatchError> {
    let mut keys: Vec<(PublicKey, Option<K>)> = keys.into_iter().map(|(key, handle)| (key, Some(handle))).collect();
    credentials
        .into_iter()
        .map(|(bound_to, credential)| {
            let (_, handle) = keys
                .iter_mut()
                .find(|(key, _)| *key == bound_to)
                .ok_or(MatchError::ForeignKey)?;
            Ok((handle.take().ok_or(MatchError::SameKey)?, credential))
        })
        .collect()
}
