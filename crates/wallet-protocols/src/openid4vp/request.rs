//! From a request object to a verified request (OpenID4VP 1.0, 5 and 8).

use serde_json::{Map, Value};
use wallet_credentials::crypto::{VerificationKey, sha256};
use wallet_credentials::jose::{self, ContentEncryption, EncryptionKey, Jws, JwsError, base64url, did};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, ChainError, Profile, TrustAnchor, TrustAnchors, verify_chain};

use super::client_id::{ClientId, ClientIdError, ClientIdPrefix};
use super::{MAX_MESSAGE, REQUEST_OBJECT};
use crate::dcql::{DcqlError, DcqlQuery};
use crate::endpoint::{Endpoint, EndpointError, TransportPolicy};
use crate::json;
use crate::openid4vci::preferred_encryption;

/// The longest nonce or state, in bytes.
const MAX_TEXT: usize = 4096;
/// The most keys of `client_metadata` that are looked at.
const MAX_KEYS: usize = 64;
/// How far the clocks of both sides may differ, in seconds.
const CLOCK_SKEW: i64 = 300;

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The text is not a link this module knows, or too long.
    #[error("not a presentation request link")]
    NotARequestLink,
    /// Parameters are repeated, too many, or exclude each other.
    #[error("the link's parameters contradict each other")]
    Parameters,
    /// There is no `client_id` beside the `request_uri` (5.10.1).
    #[error("`client_id` is missing")]
    ClientIdMissing,
    /// The client identifier is refused.
    #[error(transparent)]
    ClientId(#[from] ClientIdError),
    /// `request_uri_method` is neither `get` nor `post`, or stands without `request_uri` (5.10).
    #[error("`request_uri_method` is not acceptable")]
    RequestUriMethod,
    /// The address of the request object is not acceptable.
    #[error("`request_uri` is not acceptable: {0}")]
    RequestUri(EndpointError),
    /// The request object could not be fetched (5.10.2).
    #[error("the request object could not be fetched: status {status}")]
    NotFetched {
        /// The HTTP status.
        status: u16,
    },
    /// Not a request object, or members of the wrong type.
    #[error("the request object is malformed")]
    Malformed,
    /// `typ` is not `oauth-authz-req+jwt` (5).
    #[error("the request object has another type")]
    Type,
    /// The client identifier inside differs from the one outside (5.10.1).
    #[error("the client identifiers differ")]
    ClientIdMismatch,
    /// The prefix is not one this wallet authenticates, or the client is not registered (5.9.2).
    #[error("the kind of client identifier is not supported")]
    ClientIdNotSupported,
    /// A prefix that needs a signed request came without, or `redirect_uri:` with one (5.9.3).
    #[error("the request is signed and must not be, or the other way round")]
    SignedOrNot,
    /// The certificate, key or name does not fit the client identifier (5.9.3).
    #[error("the signer is not who the client identifier names")]
    OtherSigner,
    /// A certificate of the chain is not usable.
    #[error("the signer's certificate is not acceptable: {0}")]
    Chain(ChainError),
    /// The signature does not verify, or is of an unacceptable algorithm.
    #[error("the request object's signature is not acceptable: {0}")]
    Signature(JwsError),
    /// The request is too old, or from the future.
    #[error("the request has expired or is not valid yet")]
    NotCurrent,
    /// The request object does not repeat the `wallet_nonce` (5.10.1).
    #[error("`wallet_nonce` was not repeated")]
    WalletNonce,
    /// `response_type` is not `vp_token` (5.4).
    #[error("the response type is not supported")]
    ResponseType,
    /// `response_mode` is neither `direct_post` nor `direct_post.jwt`.
    #[error("the response mode is not supported")]
    ResponseMode,
    /// `redirect_uri` stands beside `direct_post` (8.2).
    #[error("`redirect_uri` is not allowed with direct post")]
    RedirectUri,
    /// `response_uri` is missing, not acceptable, or not the client's (5.9.3, 8.2).
    #[error("`response_uri` is missing or not acceptable")]
    ResponseUri,
    /// `nonce` is missing, empty, too long, or has other than unreserved characters (5.2).
    #[error("`nonce` is missing or not acceptable")]
    Nonce,
    /// `state` is not acceptable, or is missing although no holder binding is asked for (5.3).
    #[error("`state` is missing or not acceptable")]
    State,
    /// Not exactly one of `dcql_query` and `scope` (5.1); pre-1.0 queries are no query.
    #[error("not exactly one of `dcql_query` and `scope`")]
    QueryOrScope,
    /// A query by `scope`, which this wallet does not know.
    #[error("queries by scope are not supported")]
    Scope,
    /// The query is not valid.
    #[error("the query is not valid: {0}")]
    Query(#[from] DcqlError),
    /// `transaction_data` is there, and this wallet supports no type of it (5.1, 8.4).
    #[error("transaction data is not supported")]
    TransactionData,
    /// No key or algorithm to encrypt the response with (8.3).
    #[error("the response cannot be encrypted for this service")]
    Encryption,
}

/// A request object as fetched, or the parameters of an unsigned request.
pub(super) enum Source {
    Object(String),
    Parameters(Map<String, Value>),
}

/// A request of which nothing is verified. It has no accessor but to the way forward.
pub struct UnverifiedRequest {
    pub(super) client_id: ClientId,
    pub(super) source: Source,
    pub(super) wallet_nonce: Option<String>,
    pub(super) policy: TransportPolicy,
}

/// Who asks, as far as cryptography says.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum VerifierIdentity {
    /// A certificate, the signer's first. `trusted_by` is the anchor it leads to; without one somebody signed, and nobody
    /// this wallet knows vouches for them.
    Certificate {
        /// The chain as sent.
        chain: Vec<Certificate>,
        /// The anchor.
        trusted_by: Option<TrustAnchor>,
    },
    /// A key that names itself (`did:jwk`, `did:key`): the same party as last time, and no more.
    Key(VerificationKey),
    /// Nobody signed.
    Unsigned,
}

/// How the answer travels (8.2, 8.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResponseMode {
    /// `direct_post`: a form.
    DirectPost,
    /// `direct_post.jwt`: a form with one encrypted parameter.
    DirectPostJwt {
        /// The service's key.
        key: EncryptionKey,
        /// The content encryption.
        enc: ContentEncryption,
    },
}

/// A verified request. The only way to one leads through [`UnverifiedRequest::verify`].
#[derive(Debug, Clone)]
pub struct PresentationRequest {
    pub(super) client_id: ClientId,
    pub(super) verifier: VerifierIdentity,
    pub(super) nonce: String,
    pub(super) state: Option<String>,
    pub(super) response_uri: Endpoint,
    pub(super) mode: ResponseMode,
    pub(super) query: DcqlQuery,
    pub(super) client_name: Option<String>,
    pub(super) digest: [u8; 32],
    pub(super) expires_at: Option<Timestamp>,
}

impl UnverifiedRequest {
    /// Verifies the request at `now`: type, signature, signer against client identifier, and every rule about its
    /// parameters. A chain that leads to none of `anchors` is not an error here: see [`VerifierIdentity::Certificate`].
    ///
    /// # Errors
    /// [`RequestError`]. The request is gone then; there is nothing to answer.
    pub fn verify(self, anchors: &TrustAnchors, now: Timestamp) -> Result<PresentationRequest, RequestError> {
        let (claims, verifier, digest) = match self.source {
            Source::Parameters(parameters) => {
                if self.client_id.prefix() != ClientIdPrefix::RedirectUri {
                    return Err(unsigned_refusal(&self.client_id));
                }
                let text = Value::Object(parameters.clone()).to_string();
                (parameters, VerifierIdentity::Unsigned, sha256(text.as_bytes()))
            }
            Source::Object(text) => {
                let (claims, verifier) = open(&text, &self.client_id, anchors, now)?;
                (claims, verifier, sha256(text.as_bytes()))
            }
        };
        let expires_at = check_times(&claims, now)?;
        if let Some(sent) = &self.wallet_nonce
            && claims.get("wallet_nonce").and_then(Value::as_str) != Some(sent)
        {
            return Err(RequestError::WalletNonce);
        }
        let request = parameters(&claims, self.client_id, self.policy)?;
        if let VerifierIdentity::Certificate { .. } = verifier
            && request.client_id.prefix() == ClientIdPrefix::X509SanDns
            && !request
                .response_uri
                .host()
                .eq_ignore_ascii_case(request.client_id.value())
        {
            return Err(RequestError::ResponseUri);
        }
        Ok(PresentationRequest {
            verifier,
            digest,
            expires_at,
            ..request
        })
    }
}

fn unsigned_refusal(client_id: &ClientId) -> RequestError {
    match client_id.prefix() {
        ClientIdPrefix::X509Hash | ClientIdPrefix::X509SanDns | ClientIdPrefix::DecentralizedIdentifier => {
            RequestError::SignedOrNot
        }
        _ => RequestError::ClientIdNotSupported,
    }
}

/// Verifies a request object and gives its claims.
fn open(
    text: &str,
    client_id: &ClientId,
    anchors: &TrustAnchors,
    now: Timestamp,
) -> Result<(Map<String, Value>, VerifierIdentity), RequestError> {
    let jws = Jws::parse(text).map_err(|_| RequestError::Malformed)?;
    if !jws.header().is_type(REQUEST_OBJECT) {
        return Err(RequestError::Type);
    }
    let (payload, identity) = match client_id.prefix() {
        ClientIdPrefix::RedirectUri => {
            // Requests of this prefix cannot be signed; an unsecured JWT is how they travel by reference.
            if jws.header().alg != "none" || !text.ends_with('.') {
                return Err(RequestError::SignedOrNot);
            }
            let payload = jws
                .dangerous_unverified_payload()
                .map_err(|_| RequestError::Malformed)?;
            (payload, VerifierIdentity::Unsigned)
        }
        ClientIdPrefix::X509Hash | ClientIdPrefix::X509SanDns => signed_by_certificate(&jws, client_id, anchors, now)?,
        ClientIdPrefix::DecentralizedIdentifier => {
            let kid = jws.header().kid.as_deref().ok_or(RequestError::OtherSigner)?;
            if kid.split('#').next() != Some(client_id.value()) {
                return Err(RequestError::OtherSigner);
            }
            let key = did::resolve(kid).map_err(|_| RequestError::OtherSigner)?;
            (
                jws.verify(&key).map_err(RequestError::Signature)?,
                VerifierIdentity::Key(key),
            )
        }
        _ => return Err(RequestError::ClientIdNotSupported),
    };
    let claims = match json::parse(&payload, MAX_MESSAGE) {
        Ok(Value::Object(claims)) => claims,
        _ => return Err(RequestError::Malformed),
    };
    Ok((claims, identity))
}

fn signed_by_certificate(
    jws: &Jws<'_>,
    client_id: &ClientId,
    anchors: &TrustAnchors,
    now: Timestamp,
) -> Result<(Vec<u8>, VerifierIdentity), RequestError> {
    let chain = jws
        .header()
        .x5c
        .iter()
        .map(|der| Certificate::from_der(der).map_err(|_| RequestError::Malformed))
        .collect::<Result<Vec<_>, _>>()?;
    let leaf = chain.first().ok_or(RequestError::OtherSigner)?;
    let named = match client_id.prefix() {
        ClientIdPrefix::X509Hash => base64url::encode(&leaf.sha256()) == client_id.value(),
        _ => leaf
            .dns_names()
            .iter()
            .any(|name| name.eq_ignore_ascii_case(client_id.value())),
    };
    if !named {
        return Err(RequestError::OtherSigner);
    }
    let key = leaf.verification_key().map_err(|_| RequestError::OtherSigner)?;
    let payload = jws.verify(&key).map_err(RequestError::Signature)?;
    let trusted_by = match verify_chain(&chain, anchors, now, Profile::Reader) {
        Ok(anchor) => Some(anchor.clone()),
        Err(ChainError::UnknownIssuer) => None,
        Err(reason) => return Err(RequestError::Chain(reason)),
    };
    Ok((payload, VerifierIdentity::Certificate { chain, trusted_by }))
}

/// Checks `exp`, `nbf` and `iat` where present, and gives `exp`.
fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<Option<Timestamp>, RequestError> {
    let instant = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => jose::numeric_date(value).map(Some).ok_or(RequestError::Malformed),
    };
    let expires_at = instant("exp")?;
    let expired = expires_at.is_some_and(|end| now.seconds_since(end) > CLOCK_SKEW);
    let early = |start: Option<Timestamp>| start.is_some_and(|start| start.seconds_since(now) > CLOCK_SKEW);
    if expired || early(instant("nbf")?) || early(instant("iat")?) {
        return Err(RequestError::NotCurrent);
    }
    Ok(expires_at)
}

/// Reads the parameters of a request whose origin is settled. The identity is filled in by the caller.
fn parameters(
    claims: &Map<String, Value>,
    client_id: ClientId,
    policy: TransportPolicy,
) -> Result<PresentationRequest, RequestError> {
    let text = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(RequestError::Malformed),
    };
    if text("client_id")? != Some(client_id.as_str()) {
        return Err(RequestError::ClientIdMismatch);
    }
    if text("response_type")? != Some("vp_token") {
        return Err(RequestError::ResponseType);
    }
    let encrypted = match text("response_mode")? {
        Some("direct_post") => false,
        Some("direct_post.jwt") => true,
        _ => return Err(RequestError::ResponseMode),
    };
    if claims.contains_key("redirect_uri") {
        return Err(RequestError::RedirectUri);
    }
    if claims.contains_key("transaction_data") {
        return Err(RequestError::TransactionData);
    }
    let metadata = match claims.get("client_metadata") {
        None => None,
        Some(Value::Object(metadata)) => Some(metadata),
        Some(_) => return Err(RequestError::Malformed),
    };
    let query = query(claims)?;
    let state = state(text("state")?, &query)?;
    Ok(PresentationRequest {
        response_uri: response_uri(text("response_uri")?, &client_id, policy)?,
        nonce: nonce(text("nonce")?)?,
        mode: if encrypted {
            encryption(metadata)?
        } else {
            ResponseMode::DirectPost
        },
        client_name: metadata
            .and_then(|members| members.get("client_name"))
            .and_then(Value::as_str)
            .map(|name| name.chars().take(128).collect()),
        client_id,
        verifier: VerifierIdentity::Unsigned,
        state,
        query,
        digest: [0; 32],
        expires_at: None,
    })
}

fn query(claims: &Map<String, Value>) -> Result<DcqlQuery, RequestError> {
    match (claims.get("dcql_query"), claims.get("scope")) {
        (Some(query), None) => Ok(DcqlQuery::from_value(query.clone())?),
        (None, Some(_)) => Err(RequestError::Scope),
        _ => Err(RequestError::QueryOrScope),
    }
}

fn response_uri(uri: Option<&str>, client_id: &ClientId, policy: TransportPolicy) -> Result<Endpoint, RequestError> {
    let uri = match (uri, client_id.prefix()) {
        (Some(uri), ClientIdPrefix::RedirectUri) if uri != client_id.value() => return Err(RequestError::ResponseUri),
        (Some(uri), _) => uri,
        // The value after the prefix is the response URI (5.9.3).
        (None, ClientIdPrefix::RedirectUri) => client_id.value(),
        (None, _) => return Err(RequestError::ResponseUri),
    };
    Endpoint::parse(uri, policy).map_err(|_| RequestError::ResponseUri)
}

fn nonce(nonce: Option<&str>) -> Result<String, RequestError> {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    nonce
        .filter(|nonce| !nonce.is_empty() && nonce.len() <= MAX_TEXT && nonce.bytes().all(unreserved))
        .map(str::to_owned)
        .ok_or(RequestError::Nonce)
}

/// Takes any printable state: it is echoed and means nothing here.
fn state(state: Option<&str>, query: &DcqlQuery) -> Result<Option<String>, RequestError> {
    match state {
        Some(state) if state.len() <= MAX_TEXT && state.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Ok(Some(state.to_owned()))
        }
        None if query.credentials().iter().all(|query| query.require_holder_binding) => Ok(None),
        _ => Err(RequestError::State),
    }
}

/// The first usable key that names its algorithm, and the preferred content encryption (8.3).
fn encryption(metadata: Option<&Map<String, Value>>) -> Result<ResponseMode, RequestError> {
    let metadata = metadata.ok_or(RequestError::Encryption)?;
    let keys = metadata
        .get("jwks")
        .and_then(|jwks| jwks.get("keys"))
        .and_then(Value::as_array);
    let key = keys
        .and_then(|keys| {
            keys.iter()
                .take(MAX_KEYS)
                .filter(|jwk| jwk.get("alg").is_some())
                .find_map(|jwk| EncryptionKey::from_jwk(jwk).ok())
        })
        .ok_or(RequestError::Encryption)?;
    let enc = match metadata.get("encrypted_response_enc_values_supported") {
        None => Some(ContentEncryption::A128Gcm),
        Some(Value::Array(values)) => {
            let names: Vec<String> = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            preferred_encryption(&names)
        }
        Some(_) => None,
    };
    Ok(ResponseMode::DirectPostJwt {
        key,
        enc: enc.ok_or(RequestError::Encryption)?,
    })
}

impl PresentationRequest {
    /// The whole client identifier: the `aud` of key binding JWTs (14.8, B.3.6).
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// Who asks.
    pub fn verifier(&self) -> &VerifierIdentity {
        &self.verifier
    }

    /// The nonce that presentations are bound to.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Where the answer goes, exactly as written: it is part of the session transcript.
    pub fn response_uri(&self) -> &Endpoint {
        &self.response_uri
    }

    /// How the answer travels.
    pub fn mode(&self) -> &ResponseMode {
        &self.mode
    }

    /// What is asked for.
    pub fn query(&self) -> &DcqlQuery {
        &self.query
    }

    /// What the service calls itself in `client_metadata`: nobody vouches for it, and it must be cleaned before drawing.
    pub fn client_name(&self) -> Option<&str> {
        self.client_name.as_deref()
    }

    /// SHA-256 of the request as received: names it in the history without keeping it.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// Until when the service waits, when it says so.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }
}
