//! Request links and the fetching of request objects (OpenID4VP 1.0, 5.10).

use serde_json::{Map, Value};
use url::Url;

use super::client_id::ClientId;
use super::error::RequestError;
use super::metadata::wallet_metadata;
use super::request::{Source, UnverifiedRequest};
use super::{MAX_MESSAGE, REQUEST_OBJECT};
use crate::endpoint::{Endpoint, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, decode_form};
use crate::json;

/// How the request object is fetched (5.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestUriMethod {
    /// GET, the default.
    Get,
    /// POST with `wallet_nonce` and `wallet_metadata`.
    Post,
}

/// A request link that was understood. Of its parameters only `client_id`, `request_uri` and `request_uri_method` count,
/// unless the whole request is in it (5.10.1).
pub struct RequestLink {
    client_id: ClientId,
    carried: Carried,
    policy: TransportPolicy,
}

enum Carried {
    ByReference(Endpoint, RequestUriMethod),
    Object(String),
    Parameters(Map<String, Value>),
}

/// What a link leads to.
pub enum RequestStart {
    /// The request object must be fetched: send the request and give the answer to [`AwaitingRequest::received`].
    Fetch(HttpRequest, AwaitingRequest),
    /// The request was in the link.
    Ready(UnverifiedRequest),
}

/// A request object is being fetched.
pub struct AwaitingRequest {
    client_id: ClientId,
    wallet_nonce: Option<String>,
    policy: TransportPolicy,
}

/// Whether a text looks like a link to a presentation request.
pub fn is_request_link(link: &str) -> bool {
    parameters(link).is_ok()
}

fn parameters(link: &str) -> Result<Vec<(String, String)>, RequestError> {
    if link.len() > MAX_MESSAGE {
        return Err(RequestError::NotARequestLink);
    }
    let url = Url::parse(link.trim()).map_err(|_| RequestError::NotARequestLink)?;
    // openid4vp, mdoc-openid4vp, eudi-openid4vp; HAIP A.1; the EU age verification profile A.5; universal links.
    let scheme = url.scheme();
    if !scheme.ends_with("openid4vp") && !matches!(scheme, "haip-vp" | "av" | "https" | "http") {
        return Err(RequestError::NotARequestLink);
    }
    let parameters = decode_form(url.query().unwrap_or_default().as_bytes()).map_err(|_| RequestError::Parameters)?;
    let carries = |name: &str| parameters.iter().any(|(known, _)| known == name);
    if carries("request_uri") || carries("request") || carries("response_type") || carries("dcql_query") {
        Ok(parameters)
    } else {
        Err(RequestError::NotARequestLink)
    }
}

impl RequestLink {
    /// Reads a link.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn parse(link: &str, policy: TransportPolicy) -> Result<Self, RequestError> {
        Self::from_parameters(parameters(link)?, policy)
    }

    pub(super) fn from_parameters(
        parameters: Vec<(String, String)>,
        policy: TransportPolicy,
    ) -> Result<Self, RequestError> {
        let get = |name: &str| {
            parameters
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        let client_id = ClientId::parse(get("client_id").ok_or(RequestError::ClientIdMissing)?)?;
        let method = match get("request_uri_method") {
            None => None,
            Some("get") => Some(RequestUriMethod::Get),
            Some("post") => Some(RequestUriMethod::Post),
            Some(_) => return Err(RequestError::RequestUriMethod),
        };
        let carried = match (get("request_uri"), get("request")) {
            (Some(_), Some(_)) => return Err(RequestError::Parameters),
            (Some(uri), None) => {
                let endpoint = Endpoint::parse(uri, policy).map_err(RequestError::RequestUri)?;
                Carried::ByReference(endpoint, method.unwrap_or(RequestUriMethod::Get))
            }
            (None, _) if method.is_some() => return Err(RequestError::RequestUriMethod),
            (None, Some(object)) => Carried::Object(object.to_owned()),
            (None, None) => Carried::Parameters(unsigned(&parameters)?),
        };
        Ok(Self {
            client_id,
            carried,
            policy,
        })
    }

    /// Who claims to ask; nothing about it is verified yet.
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// Where the request object is fetched, when it is.
    pub fn request_uri(&self) -> Option<&Endpoint> {
        match &self.carried {
            Carried::ByReference(endpoint, _) => Some(endpoint),
            _ => None,
        }
    }

    /// Goes on: to fetch the request object, or straight to the request. `wallet_nonce` is a fresh random text of
    /// unreserved characters, sent when the service takes POST and then required in its request object.
    pub fn start(self, wallet_nonce: String) -> RequestStart {
        let ready = |client_id, source, policy| {
            RequestStart::Ready(UnverifiedRequest {
                client_id,
                source,
                wallet_nonce: None,
                policy,
                did_document: None,
            })
        };
        match self.carried {
            Carried::Object(object) => ready(self.client_id, Source::Object(object), self.policy),
            Carried::Parameters(parameters) => ready(self.client_id, Source::Parameters(parameters), self.policy),
            Carried::ByReference(endpoint, method) => {
                let accept = format!("application/{REQUEST_OBJECT}");
                let (request, wallet_nonce) = match method {
                    RequestUriMethod::Get => (HttpRequest::get(endpoint.url().clone(), &accept), None),
                    RequestUriMethod::Post => {
                        let metadata = wallet_metadata(self.client_id.prefix()).to_string();
                        let form = [("wallet_nonce", wallet_nonce.as_str()), ("wallet_metadata", &metadata)];
                        let request = HttpRequest::post_form(endpoint.url().clone(), &form);
                        (request.with_header("accept", accept), Some(wallet_nonce))
                    }
                };
                RequestStart::Fetch(
                    request,
                    AwaitingRequest {
                        client_id: self.client_id,
                        wallet_nonce,
                        policy: self.policy,
                    },
                )
            }
        }
    }
}

/// An unsigned request in the link: texts, except for the two members that are JSON (5.1).
fn unsigned(parameters: &[(String, String)]) -> Result<Map<String, Value>, RequestError> {
    // The times of a JWT say nothing outside of one: unknown parameters, which are ignored (5).
    let of_a_jwt = |name: &str| matches!(name, "iat" | "nbf" | "exp");
    parameters
        .iter()
        .filter(|(name, _)| !of_a_jwt(name))
        .map(|(name, value)| {
            let value = match name.as_str() {
                "dcql_query" | "client_metadata" | "transaction_data" | "verifier_info" => {
                    json::parse(value.as_bytes(), MAX_MESSAGE).map_err(|_| RequestError::Malformed)?
                }
                _ => Value::String(value.clone()),
            };
            Ok((name.clone(), value))
        })
        .collect()
}

impl AwaitingRequest {
    /// Reads the answer.
    ///
    /// # Errors
    /// [`RequestError::NotFetched`] for a status other than 200; redirects are not followed (5.10.2).
    pub fn received(self, response: &HttpResponse) -> Result<UnverifiedRequest, RequestError> {
        if response.status != 200 {
            return Err(RequestError::NotFetched {
                status: response.status,
            });
        }
        if response.body.len() > MAX_MESSAGE {
            return Err(RequestError::Malformed);
        }
        let object = std::str::from_utf8(&response.body)
            .map_err(|_| RequestError::Malformed)?
            .trim();
        // A request signed for several trust frameworks is no compact JWS but JSON (A.3.2.2).
        let source = if object.starts_with('{') {
            let object = json::parse(object.as_bytes(), MAX_MESSAGE).map_err(|_| RequestError::Malformed)?;
            Source::MultiSigned(object)
        } else {
            Source::Object(object.to_owned())
        };
        Ok(UnverifiedRequest {
            client_id: self.client_id,
            source,
            wallet_nonce: self.wallet_nonce,
            policy: self.policy,
            did_document: None,
        })
    }
}
