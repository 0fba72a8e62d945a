//! Answers to a verified request (OpenID4VP 1.0, 8).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::Url;
use wallet_credentials::crypto::Random;
use wallet_credentials::jose::jwe;
use wallet_credentials::mdoc::SessionTranscript;
use zeroize::Zeroizing;

use super::MAX_MESSAGE;
use super::request::{PresentationRequest, ResponseMode};
use crate::dcql::DcqlQuery;
use crate::endpoint::TransportPolicy;
use crate::http::{HttpRequest, HttpResponse, JSON};
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
    /// The wallet cannot answer now.
    WalletUnavailable,
}

impl AuthorizationErrorCode {
    /// The code on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::InvalidRequest => "invalid_request",
            Self::WalletUnavailable => "wallet_unavailable",
        }
    }
}

impl PresentationRequest {
    /// The session transcript that mdoc presentations are bound to (B.2.6.1).
    pub fn session_transcript(&self) -> SessionTranscript {
        let thumbprint = match &self.mode {
            ResponseMode::DirectPost => None,
            ResponseMode::DirectPostJwt { key, .. } => Some(key.key.thumbprint()),
        };
        let client_id = self.client_id.as_str();
        SessionTranscript::openid4vp(client_id, &self.nonce, thumbprint.as_ref(), self.response_uri.as_str())
    }

    /// The request that delivers the presentations (8.2, 8.3.1).
    ///
    /// # Errors
    /// [`ResponseError::Empty`] and [`ResponseError::NotEncrypted`].
    pub fn respond(&self, token: &VpToken, random: &mut dyn Random) -> Result<HttpRequest, ResponseError> {
        if token.0.is_empty() {
            return Err(ResponseError::Empty);
        }
        let url = self.response_uri.url().clone();
        match &self.mode {
            ResponseMode::DirectPost => {
                let token = Zeroizing::new(token.to_json().to_string());
                let mut form = vec![("vp_token", token.as_str())];
                form.extend(self.state.as_deref().map(|state| ("state", state)));
                Ok(HttpRequest::post_form(url, &form).with_header("accept", JSON))
            }
            ResponseMode::DirectPostJwt { key, enc } => {
                let mut body = json!({"vp_token": token.to_json()});
                if let (Some(state), Some(members)) = (&self.state, body.as_object_mut()) {
                    members.insert("state".to_owned(), json!(state));
                }
                let plaintext = Zeroizing::new(body.to_string());
                let encrypted = jwe::encrypt(plaintext.as_bytes(), &jwe::Recipient::new(key, *enc), random)
                    .map_err(|_| ResponseError::NotEncrypted)?;
                Ok(HttpRequest::post_form(url, &[("response", &encrypted)]).with_header("accept", JSON))
            }
        }
    }

    /// The request that tells the service no (8.5). Unencrypted, as 8.3 allows: it holds nothing about the person.
    pub fn refuse(&self, code: AuthorizationErrorCode) -> HttpRequest {
        let mut form = vec![("error", code.as_str())];
        form.extend(self.state.as_deref().map(|state| ("state", state)));
        HttpRequest::post_form(self.response_uri.url().clone(), &form).with_header("accept", JSON)
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
