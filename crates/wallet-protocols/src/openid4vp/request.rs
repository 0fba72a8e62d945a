//! From a request object to a verified request (OpenID4VP 1.0, 5 and 8).

use serde_json::{Map, Value};
use wallet_credentials::crypto::sha256;
use wallet_credentials::jose::did_web::{DidDocument, DidWeb};
use wallet_credentials::jose::{self, ContentEncryption, EncryptionKey};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::TrustAnchors;

use super::CLOCK_SKEW;
use super::authenticate::{Authenticated, Grounds, MultiSigned, VerifierIdentity, request_object};
use super::client_id::{ClientId, ClientIdPrefix};
use super::error::{ErrorResponse, RefusedRequest, RequestError};
use super::parameters::{self, Shared, VerifierInfo};
use super::response::refusal;
use super::transaction_data::TransactionData;
use crate::dcql::DcqlQuery;
use crate::endpoint::{Endpoint, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON};

/// A request object as fetched, or the parameters of an unsigned request.
pub(super) enum Source {
    Object(String),
    MultiSigned(Value),
    Parameters(Map<String, Value>),
}

/// A request of which nothing is verified. It has no accessor but to the way forward.
pub struct UnverifiedRequest {
    pub(super) client_id: ClientId,
    pub(super) source: Source,
    pub(super) wallet_nonce: Option<String>,
    pub(super) policy: TransportPolicy,
    pub(super) did_document: Option<DidDocument>,
}

/// How the answer travels (8.1 to 8.3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
    /// `fragment`: in the fragment of the `redirect_uri`, opened in the browser of the same device.
    Fragment,
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
    pub(super) transaction_data: Vec<TransactionData>,
    pub(super) verifier_info: Vec<VerifierInfo>,
    pub(super) client_name: Option<String>,
    pub(super) digest: [u8; 32],
    pub(super) expires_at: Option<Timestamp>,
}

impl UnverifiedRequest {
    /// What must be fetched before the request can be verified: the DID document of a did:web client. Give the answer to
    /// [`UnverifiedRequest::fetched`].
    pub fn to_fetch(&self) -> Option<HttpRequest> {
        if self.did_document.is_some() {
            return None;
        }
        let mut url = self.did_web()?.url().clone();
        // did:web knows https only. Where plain http is allowed, it is for services of this very machine.
        if self.policy == TransportPolicy::HttpAllowed && url.host_str() == Some("localhost") {
            url.set_scheme("http").ok()?;
        }
        Some(HttpRequest::get(url, JSON))
    }

    fn did_web(&self) -> Option<DidWeb> {
        match self.client_id.prefix() {
            ClientIdPrefix::DecentralizedIdentifier => DidWeb::parse(self.client_id.value()).ok(),
            _ => None,
        }
    }

    /// Takes the answer to [`UnverifiedRequest::to_fetch`].
    ///
    /// # Errors
    /// [`RequestError::NotFetched`] for a status other than 200, [`RequestError::Did`] for a document that cannot be used.
    pub fn fetched(mut self, response: &HttpResponse) -> Result<Self, RequestError> {
        let Some(did) = self.did_web() else { return Ok(self) };
        if response.status != 200 {
            return Err(RequestError::NotFetched {
                status: response.status,
            });
        }
        self.did_document = Some(DidDocument::parse(&response.body, &did).map_err(RequestError::Did)?);
        Ok(self)
    }

    /// Verifies the request at `now`: type, signature, signer against client identifier, and every rule about its
    /// parameters. A chain that leads to none of `anchors` is not an error here: see [`VerifierIdentity::Certificate`].
    ///
    /// # Errors
    /// [`RequestError`]. The request is gone then; there is nothing to answer.
    pub fn verify(self, anchors: &TrustAnchors, now: Timestamp) -> Result<PresentationRequest, RequestError> {
        self.verify_or_answer(anchors, now).map_err(|refused| refused.error)
    }

    /// The same; where an authenticated service broke a rule, with the error response it may be given (8.5).
    ///
    /// # Errors
    /// [`RefusedRequest`].
    pub fn verify_or_answer(
        self,
        anchors: &TrustAnchors,
        now: Timestamp,
    ) -> Result<PresentationRequest, RefusedRequest> {
        let grounds = Grounds {
            anchors,
            now,
            did_document: self.did_document.as_ref(),
        };
        let (authenticated, digest) = authenticate(&self.source, &self.client_id, &grounds)?;
        let claims = &authenticated.claims;
        let expires_at = check_times(claims, now)?;
        if let Some(sent) = &self.wallet_nonce
            && claims.get("wallet_nonce").and_then(Value::as_str) != Some(sent)
        {
            return Err(RequestError::WalletNonce.into());
        }
        if claims.get("client_id").and_then(Value::as_str) != Some(self.client_id.as_str()) {
            return Err(RequestError::ClientIdMismatch.into());
        }
        let place = Place {
            client_id: &self.client_id,
            authenticated: &authenticated,
            policy: self.policy,
        };
        let refuse = |error| RefusedRequest {
            error,
            answer: place.refusal(error).map(Box::new),
        };
        let (mode, response_uri) = place.mode().map_err(refuse)?;
        let shared = Shared::read(claims).map_err(refuse)?;
        let mode = match mode {
            Mode::DirectPost => ResponseMode::DirectPost,
            Mode::Fragment => ResponseMode::Fragment,
            Mode::DirectPostJwt => {
                let (key, enc) = parameters::encryption(claims).map_err(refuse)?;
                ResponseMode::DirectPostJwt { key, enc }
            }
        };
        let state = parameters::state(claims, &shared.query).map_err(refuse)?;
        Ok(PresentationRequest {
            verifier: authenticated.identity,
            nonce: shared.nonce,
            query: shared.query,
            transaction_data: shared.transaction_data,
            verifier_info: shared.verifier_info,
            client_name: shared.client_name,
            client_id: self.client_id,
            state,
            response_uri,
            mode,
            digest,
            expires_at,
        })
    }
}

/// Settles who signed, and names the request by its hash.
fn authenticate(
    source: &Source,
    client_id: &ClientId,
    grounds: &Grounds<'_>,
) -> Result<(Authenticated, [u8; 32]), RequestError> {
    match source {
        Source::Parameters(parameters) => {
            if client_id.prefix() != ClientIdPrefix::RedirectUri {
                return Err(unsigned_refusal(client_id));
            }
            let text = Value::Object(parameters.clone()).to_string();
            let authenticated = Authenticated {
                claims: parameters.clone(),
                identity: VerifierIdentity::Unsigned,
                redirect_uris: None,
            };
            Ok((authenticated, sha256(text.as_bytes())))
        }
        Source::Object(text) => Ok((request_object(text, client_id, grounds)?, sha256(text.as_bytes()))),
        Source::MultiSigned(value) => {
            let (_, authenticated) = MultiSigned::parse(value)?.authenticate(Some(client_id), grounds)?;
            Ok((authenticated, sha256(value.to_string().as_bytes())))
        }
    }
}

fn unsigned_refusal(client_id: &ClientId) -> RequestError {
    match client_id.prefix() {
        ClientIdPrefix::OpenidFederation => RequestError::ClientIdNotSupported,
        ClientIdPrefix::PreRegistered => RequestError::NotRegistered,
        _ => RequestError::SignedOrNot,
    }
}

/// Checks `exp`, `nbf` and `iat` where present, and gives `exp`.
pub(super) fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<Option<Timestamp>, RequestError> {
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

enum Mode {
    DirectPost,
    DirectPostJwt,
    Fragment,
}

/// Where the answer to an authenticated request goes.
struct Place<'a> {
    client_id: &'a ClientId,
    authenticated: &'a Authenticated,
    policy: TransportPolicy,
}

impl Place<'_> {
    fn mode(&self) -> Result<(Mode, Endpoint), RequestError> {
        let claims = &self.authenticated.claims;
        let mode = match parameters::text(claims, "response_mode")? {
            Some("direct_post") => Mode::DirectPost,
            Some("direct_post.jwt") => Mode::DirectPostJwt,
            // The default of the response type `vp_token` (5.6).
            None | Some("fragment") => Mode::Fragment,
            Some(_) => return Err(RequestError::ResponseMode),
        };
        let parameter = match mode {
            Mode::Fragment => "redirect_uri",
            _ if claims.contains_key("redirect_uri") => return Err(RequestError::RedirectUri),
            _ => "response_uri",
        };
        Ok((mode, self.endpoint(parameter)?))
    }

    /// An address of the client (5.9.3).
    fn endpoint(&self, parameter: &str) -> Result<Endpoint, RequestError> {
        let named = parameters::text(&self.authenticated.claims, parameter)?;
        let uri = match (named, self.client_id.prefix()) {
            (Some(uri), ClientIdPrefix::RedirectUri) if uri != self.client_id.value() => {
                return Err(RequestError::ResponseUri);
            }
            (Some(uri), _) => uri,
            // The value after the prefix is the address.
            (None, ClientIdPrefix::RedirectUri) => self.client_id.value(),
            (None, _) => return Err(RequestError::ResponseUri),
        };
        if let Some(allowed) = &self.authenticated.redirect_uris
            && !allowed.iter().any(|allowed| allowed == uri)
        {
            return Err(RequestError::ResponseUri);
        }
        let endpoint = Endpoint::parse(uri, self.policy).map_err(|_| RequestError::ResponseUri)?;
        let own_host = endpoint.host().eq_ignore_ascii_case(self.client_id.value());
        if self.client_id.prefix() == ClientIdPrefix::X509SanDns && !own_host {
            return Err(RequestError::ResponseUri);
        }
        Ok(endpoint)
    }

    /// The error response for a service that signed its request, where it can be posted to an address that is its own.
    fn refusal(&self, error: RequestError) -> Option<ErrorResponse> {
        let claims = &self.authenticated.claims;
        let posted = claims.get("response_mode").and_then(Value::as_str);
        let posted = posted.is_some_and(|mode| mode.starts_with("direct_post"));
        if !posted || matches!(self.authenticated.identity, VerifierIdentity::Unsigned) {
            return None;
        }
        let endpoint = self.endpoint("response_uri").ok()?;
        let state = claims.get("state").and_then(Value::as_str);
        let state = state.filter(|state| parameters::is_state(state));
        Some(ErrorResponse {
            client_id: self.client_id.clone(),
            verifier: self.authenticated.identity.clone(),
            message: refusal(&endpoint, error.code(), state),
        })
    }
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

    /// Where the answer goes, exactly as written: it is part of the session transcript. The `redirect_uri` for
    /// [`ResponseMode::Fragment`], else the `response_uri`.
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

    /// What the person is asked to agree to beyond that; see [`super::transaction_data::assign`].
    pub fn transaction_data(&self) -> &[TransactionData] {
        &self.transaction_data
    }

    /// What others say about the service (5.1); formats this wallet does not know are to be ignored.
    pub fn verifier_info(&self) -> &[VerifierInfo] {
        &self.verifier_info
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
