//! Answers to a verified request (OpenID4VP 1.0, 8).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::Url;
use wallet_credentials::crypto::Random;
use wallet_credentials::jose::{ContentEncryption, EncryptionKey, jwe};
use wallet_credentials::mdoc::SessionTranscript;
use zeroize::Zeroizing;

use super::MAX_MESSAGE;
use super::request::{PresentationRequest, ResponseMode};
use crate::dcql::DcqlQuery;
use crate::endpoint::{Endpoint, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON, encode_form};
use crate::json;

/// Why an answer could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The query asks for nothing of this identifier.
    #[error("nothing of this identifier was asked for")]
    UnknownQuery,
    /// More than one presentation for a query that takes one (6.1).
    #[error("only one presentation may answer this query")]
    OnlyOne,
    /// An answer without any presentation: a refusal is an error response, never an empty `vp_token` (8.5).
    #[error("there is no presentation")]
    Empty,
    /// The answer could not be encrypted.
    #[error("the response could not be encrypted")]
    NotEncrypted,
}

/// Presentations by query identifier (8.1). They hold a person's data: no `Debug`, wiped when dropped.
#[derive(Default)]
pub struct VpToken(BTreeMap<String, Vec<Zeroizing<String>>>);

impl VpToken {
    /// An empty token, to add to.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one presentation: an SD-JWT VC with its key binding, or a base64url DeviceResponse.
    ///
    /// # Errors
    /// [`ResponseError::UnknownQuery`] and [`ResponseError::OnlyOne`].
    pub fn add(&mut self, query: &DcqlQuery, id: &str, presentation: String) -> Result<(), ResponseError> {
        let asked = query.credential(id).ok_or(ResponseError::UnknownQuery)?;
        let entries = self.0.entry(id.to_owned()).or_default();
        if !entries.is_empty() && !asked.multiple {
            return Err(ResponseError::OnlyOne);
        }
        entries.push(Zeroizing::new(presentation));
        Ok(())
    }

    /// The parameters of a response as JSON members.
    pub(super) fn members(&self, state: Option<&str>) -> Result<Value, ResponseError> {
        if self.0.is_empty() {
            return Err(ResponseError::Empty);
        }
        let mut members = json!({"vp_token": self.to_json()});
        if let (Some(state), Some(members)) = (state, members.as_object_mut()) {
            members.insert("state".to_owned(), json!(state));
        }
        Ok(members)
    }

    fn to_json(&self) -> Value {
        let entries = self.0.iter().map(|(id, presentations)| {
            let presentations: Vec<&str> = presentations.iter().map(|text| text.as_str()).collect();
            (id.clone(), json!(presentations))
        });
        Value::Object(entries.collect())
    }
}

/// An error code of the authorization response (8.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorizationErrorCode {
    /// The person said no, or nothing matches.
    AccessDenied,
    /// The request breaks a rule.
    InvalidRequest,
    /// `request_uri_method` is neither `get` nor `post`.
    InvalidRequestUriMethod,
    /// Transaction data is unknown, malformed, or nothing shared can carry it.
    InvalidTransactionData,
    /// A query by a `scope` that is not known (RFC 6749, 4.1.2.1).
    InvalidScope,
    /// None of the formats is supported.
    VpFormatsNotSupported,
    /// The wallet cannot answer now.
    WalletUnavailable,
}

impl AuthorizationErrorCode {
    /// The code on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidRequestUriMethod => "invalid_request_uri_method",
            Self::InvalidTransactionData => "invalid_transaction_data",
            Self::InvalidScope => "invalid_scope",
            Self::VpFormatsNotSupported => "vp_formats_not_supported",
            Self::WalletUnavailable => "wallet_unavailable",
        }
    }
}

/// How an answer leaves.
#[derive(Debug)]
pub enum Delivery {
    /// Send this; [`Reply::read`] reads what comes back.
    Post(HttpRequest),
    /// Open this in the browser of this device. It holds what was agreed to: whoever sees the address has read it.
    Open(Url),
}

impl Delivery {
    /// The message, where one is sent.
    pub fn into_post(self) -> Option<HttpRequest> {
        match self {
            Self::Post(request) => Some(request),
            Self::Open(_) => None,
        }
    }
}

/// Encrypts the members of a response: an unsigned JWE (8.3).
pub(super) fn encrypt(
    members: &Value,
    key: &EncryptionKey,
    enc: ContentEncryption,
    random: &mut dyn Random,
) -> Result<String, ResponseError> {
    let plaintext = Zeroizing::new(members.to_string());
    jwe::encrypt(plaintext.as_bytes(), &jwe::Recipient::new(key, enc), random).map_err(|_| ResponseError::NotEncrypted)
}

/// An error response. Unencrypted, as 8.3 allows: it holds nothing about the person.
pub(super) fn refusal(to: &Endpoint, code: AuthorizationErrorCode, state: Option<&str>) -> HttpRequest {
    let mut form = vec![("error", code.as_str())];
    form.extend(state.map(|state| ("state", state)));
    HttpRequest::post_form(to.url().clone(), &form).with_header("accept", JSON)
}

fn in_fragment(to: &Endpoint, parameters: &[(&str, &str)]) -> Url {
    let mut url = to.url().clone();
    url.set_fragment(Some(&encode_form(parameters)));
    url
}

impl PresentationRequest {
    /// The session transcript that mdoc presentations are bound to (B.2.6.1).
    pub fn session_transcript(&self) -> SessionTranscript {
        let thumbprint = match &self.mode {
            ResponseMode::DirectPost | ResponseMode::Fragment => None,
            ResponseMode::DirectPostJwt { key, .. } => Some(key.key.thumbprint()),
        };
        let client_id = self.client_id.as_str();
        SessionTranscript::openid4vp(client_id, &self.nonce, thumbprint.as_ref(), self.response_uri.as_str())
    }

    /// What delivers the presentations (8.1, 8.2, 8.3.1).
    ///
    /// # Errors
    /// [`ResponseError::Empty`] and [`ResponseError::NotEncrypted`].
    pub fn respond(&self, token: &VpToken, random: &mut dyn Random) -> Result<Delivery, ResponseError> {
        let state = self.state.as_deref();
        let members = token.members(state)?;
        let url = self.response_uri.url().clone();
        let post =
            |form: &[(&str, &str)]| Delivery::Post(HttpRequest::post_form(url, form).with_header("accept", JSON));
        if let ResponseMode::DirectPostJwt { key, enc } = &self.mode {
            let encrypted = encrypt(&members, key, *enc, random)?;
            return Ok(post(&[("response", &encrypted)]));
        }
        let token = Zeroizing::new(token.to_json().to_string());
        let mut form = vec![("vp_token", token.as_str())];
        form.extend(state.map(|state| ("state", state)));
        match self.mode {
            ResponseMode::Fragment => Ok(Delivery::Open(in_fragment(&self.response_uri, &form))),
            _ => Ok(post(&form)),
        }
    }

    /// What tells the service no (8.5), the state kept.
    pub fn refuse(&self, code: AuthorizationErrorCode) -> Delivery {
        let state = self.state.as_deref();
        match self.mode {
            ResponseMode::Fragment => {
                let mut form = vec![("error", code.as_str())];
                form.extend(state.map(|state| ("state", state)));
                Delivery::Open(in_fragment(&self.response_uri, &form))
            }
            _ => Delivery::Post(refusal(&self.response_uri, code, state)),
        }
    }
}

/// What the service said to our answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Where the person may go on, fragment and all; only http(s).
    pub redirect_uri: Option<Url>,
}

/// The service did not take the answer. It was delivered all the same: data may have been read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the service answered with status {status}")]
pub struct ReplyError {
    /// The HTTP status.
    pub status: u16,
    /// Its error code, printable ASCII only.
    pub code: Option<String>,
}

impl Reply {
    /// Reads the answer to a response or refusal. `{}`, an empty body and bodies of other kinds all mean "received";
    /// a `redirect_uri` that is no acceptable web address is left out (8.2).
    ///
    /// # Errors
    /// [`ReplyError`] for every status that is not 2xx; redirects are not followed.
    pub fn read(response: &HttpResponse, policy: TransportPolicy) -> Result<Self, ReplyError> {
        let body = json::parse(&response.body, MAX_MESSAGE).unwrap_or(Value::Null);
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        if !response.is_success() {
            return Err(ReplyError {
                status: response.status,
                code: text("error").map(|code| code.chars().filter(char::is_ascii_graphic).take(64).collect()),
            });
        }
        let acceptable = |url: &Url| {
            let scheme = url.scheme() == "https" || (url.scheme() == "http" && policy == TransportPolicy::HttpAllowed);
            scheme && url.host_str().is_some() && url.username().is_empty() && url.password().is_none()
        };
        Ok(Self {
            redirect_uri: text("redirect_uri")
                .and_then(|uri| Url::parse(uri).ok())
                .filter(acceptable),
        })
    }
}
