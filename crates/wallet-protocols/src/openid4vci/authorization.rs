//! Signing in at the issuer: the authorization code grant (OpenID4VCI 1.0, 5; RFC 6749, 4.1) with pushed requests (RFC 9126),
//! PKCE (RFC 7636) and the `iss` of the answer (RFC 9207).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use wallet_credentials::crypto::{PublicKey, Random};
use zeroize::Zeroizing;

use super::MAX_MESSAGE;
use super::authorization_server::AuthorizationServerMetadata;
use super::granted::{Asked, SavedError, TokenGranted, resume_server};
use super::metadata::IssuerMetadata;
use super::session::{AcceptError, ResolvedOffer};
use super::token::{TokenError, read_token_response};
use crate::endpoint::{Endpoint, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON, decode_form};
use crate::json as bounded;
use crate::oauth::pkce::{self, CodeVerifier};
use crate::oauth::{OAuthErrorCode, dpop, error_code, unguessable};

/// The longest answer address that is read, in bytes.
const MAX_REDIRECT: usize = 64 * 1024;
/// The longest code, in bytes.
const MAX_CODE: usize = 16 * 1024;
/// The longest `request_uri`, in bytes.
const MAX_REQUEST_URI: usize = 4096;
/// The longest saved state that is read back, in bytes.
const MAX_SAVED: usize = 512 * 1024;

/// How this wallet signs in.
#[derive(Debug, Clone, Copy)]
pub struct Client<'a> {
    /// Its name with this server: what client authentication says too.
    pub client_id: &'a str,
    /// Where the answer comes to: a loopback address, a scheme of its own, or an https link (RFC 8252, 7).
    pub redirect_uri: &'a str,
    /// The key tokens will be bound to, when DPoP is used. The code is bound to it too (RFC 9449, 10).
    pub dpop_key: Option<&'a PublicKey>,
    /// Whether HAIP 1.0, 4, applies: pushed requests, `scope`, bound tokens, and `iss` in the answer are then required.
    pub haip: bool,
}

/// What the answer must fit.
struct Expected {
    metadata: IssuerMetadata,
    server: AuthorizationServerMetadata,
    accepted: Vec<String>,
    client_id: String,
    redirect_uri: String,
    state: Zeroizing<String>,
    verifier: CodeVerifier,
    proved: bool,
    haip: bool,
}

/// The authorization request, not yet made.
pub struct AuthorizationRequest {
    expected: Expected,
    endpoint: Endpoint,
    parameters: Vec<(&'static str, Zeroizing<String>)>,
}

impl AuthorizationRequest {
    pub(super) fn new(
        resolved: ResolvedOffer,
        accepted: Vec<String>,
        server: AuthorizationServerMetadata,
        client: &Client<'_>,
        random: &mut dyn Random,
    ) -> Result<Self, (AcceptError, Box<ResolvedOffer>)> {
        let problem = if server.authorization_endpoint.is_none() {
            Some(AcceptError::NoAuthorizationEndpoint)
        } else if !server.supports_pkce() {
            Some(AcceptError::NoPkce)
        } else if client.haip && server.pushed_authorization_request_endpoint.is_none() {
            Some(AcceptError::NoPushedRequests)
        } else {
            None
        };
        let wanted = match problem {
            Some(problem) => Err(problem),
            None => wanted(&resolved.metadata, &accepted, &server, client.haip),
        };
        let secrets = wanted.and_then(|wanted| {
            let verifier = CodeVerifier::from_random(random)?;
            Ok((wanted, verifier, Zeroizing::new(unguessable(random)?)))
        });
        let (wanted, verifier, state, endpoint) = match (secrets, server.authorization_endpoint.clone()) {
            (Ok((wanted, verifier, state)), Some(endpoint)) => (wanted, verifier, state, endpoint),
            (Err(problem), _) => return Err((problem, Box::new(resolved))),
            (_, None) => return Err((AcceptError::NoAuthorizationEndpoint, Box::new(resolved))),
        };
        let mut parameters: Vec<(&'static str, Zeroizing<String>)> = Vec::new();
        let mut set = |name, value: &str| parameters.push((name, Zeroizing::new(value.to_owned())));
        set("response_type", "code");
        set("client_id", client.client_id);
        set("redirect_uri", client.redirect_uri);
        set("state", &state);
        set("code_challenge", &verifier.challenge());
        set("code_challenge_method", pkce::METHOD);
        for (name, value) in &wanted {
            set(name, value);
        }
        if let Some(key) = client.dpop_key {
            set("dpop_jkt", &dpop::jkt(key));
        }
        let grant = resolved.offer.grants.authorization_code.as_ref();
        if let Some(issuer_state) = grant.and_then(|grant| grant.issuer_state.as_ref()) {
            set("issuer_state", issuer_state);
        }
        let expected = Expected {
            metadata: resolved.metadata,
            server,
            accepted,
            client_id: client.client_id.to_owned(),
            redirect_uri: client.redirect_uri.to_owned(),
            state,
            verifier,
            proved: client.dpop_key.is_some(),
            haip: client.haip,
        };
        Ok(Self {
            expected,
            endpoint,
            parameters,
        })
    }

    /// The authorization server.
    pub fn server(&self) -> &AuthorizationServerMetadata {
        &self.expected.server
    }

    /// The pushed authorization request (RFC 9126, 2.1), to be authenticated by the caller; `None` when the server takes
    /// none and [`AuthorizationRequest::unpushed`] is the way.
    pub fn push(&self) -> Option<HttpRequest> {
        let endpoint = self.expected.server.pushed_authorization_request_endpoint.as_ref()?;
        let request = HttpRequest::post_form(endpoint.url().clone(), &self.pairs());
        Some(request.with_header("accept", JSON))
    }

    /// The same request under another name: the one an attestation gives the wallet.
    #[must_use]
    pub fn as_client(mut self, client_id: &str) -> Self {
        for (name, value) in &mut self.parameters {
            if *name == "client_id" {
                *value = Zeroizing::new(client_id.to_owned());
            }
        }
        client_id.clone_into(&mut self.expected.client_id);
        self
    }

    /// Reads the answer to the pushed request.
    ///
    /// # Errors
    /// [`PushError`].
    pub fn pushed(self, response: &HttpResponse) -> Result<AwaitingSignIn, PushError> {
        #[derive(Deserialize)]
        struct Wire {
            request_uri: String,
        }
        if !response.is_success() {
            return Err(match error_code(response) {
                Some(code) => PushError::Refused(OAuthErrorCode::parse(&code)),
                None => PushError::Failed {
                    status: response.status,
                },
            });
        }
        let wire: Wire = bounded::parse_as(&response.body, MAX_MESSAGE).map_err(|_| PushError::Malformed)?;
        if wire.request_uri.is_empty() || wire.request_uri.len() > MAX_REQUEST_URI {
            return Err(PushError::Malformed);
        }
        // Nothing else: the request stands at the server (RFC 9126, 4).
        let pairs = [
            ("client_id", self.expected.client_id.as_str()),
            ("request_uri", wire.request_uri.as_str()),
        ];
        let url = with_query(&self.endpoint, &pairs);
        Ok(AwaitingSignIn {
            url,
            expected: self.expected,
        })
    }

    /// Goes on without pushing, for a server that takes no pushed requests.
    ///
    /// # Errors
    /// [`PushError::Required`] where the request must be pushed.
    pub fn unpushed(self) -> Result<AwaitingSignIn, PushError> {
        if self.expected.haip || self.expected.server.require_pushed_authorization_requests {
            return Err(PushError::Required);
        }
        let url = with_query(&self.endpoint, &self.pairs());
        Ok(AwaitingSignIn {
            url,
            expected: self.expected,
        })
    }

    fn pairs(&self) -> Vec<(&str, &str)> {
        let pairs = self.parameters.iter();
        pairs.map(|(name, value)| (*name, value.as_str())).collect()
    }
}

/// How what is wanted is named: by `scope` where HAIP 1.0, 4.2, applies or the server knows nothing else, else by
/// `authorization_details` (5.1.1, 5.1.2).
fn wanted(
    metadata: &IssuerMetadata,
    accepted: &[String],
    server: &AuthorizationServerMetadata,
    haip: bool,
) -> Result<Vec<(&'static str, String)>, AcceptError> {
    let scopes: Option<Vec<&str>> = accepted
        .iter()
        .map(|id| metadata.configuration(id).ok()?.scope.as_deref())
        .collect();
    let issuer = metadata.credential_issuer.as_str();
    if !haip && (server.supports_authorization_details() || scopes.is_none()) {
        let details: Vec<Value> = accepted
            .iter()
            .map(|id| {
                let mut entry = json!({"type": "openid_credential", "credential_configuration_id": id});
                if let (false, Some(members)) = (metadata.authorization_servers.is_empty(), entry.as_object_mut()) {
                    members.insert("locations".to_owned(), json!([issuer]));
                }
                entry
            })
            .collect();
        return Ok(vec![("authorization_details", Value::Array(details).to_string())]);
    }
    let mut scopes = scopes.ok_or(AcceptError::NoScope)?;
    scopes.sort_unstable();
    scopes.dedup();
    let mut parameters = vec![("scope", scopes.join(" "))];
    // Which of several issuers is meant (5.1.2; RFC 8707). A server that is the issuer knows.
    if !haip && !metadata.authorization_servers.is_empty() && server.issuer != metadata.credential_issuer {
        parameters.push(("resource", issuer.to_owned()));
    }
    Ok(parameters)
}

fn with_query(endpoint: &Endpoint, pairs: &[(&str, &str)]) -> Url {
    let mut url = endpoint.url().clone();
    for (name, value) in pairs {
        url.query_pairs_mut().append_pair(name, value);
    }
    url
}

/// Why the authorization request was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PushError {
    /// The server refused it.
    #[error("the authorization server refused the request: {0:?}")]
    Refused(OAuthErrorCode),
    /// An answer that is not OAuth.
    #[error("the authorization server failed: status {status}")]
    Failed {
        /// The HTTP status.
        status: u16,
    },
    /// A success without `request_uri` (RFC 9126, 2.2).
    #[error("the answer to the pushed request is malformed")]
    Malformed,
    /// The request must be pushed, and was not.
    #[error("the authorization request must be pushed")]
    Required,
}

/// The person is with their browser at the issuer's authorization server.
pub struct AwaitingSignIn {
    url: Url,
    expected: Expected,
}

/// Why an answer is not accepted, or what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationResponseError {
    /// It came to another address, or is no URL.
    #[error("the answer came to another address")]
    OtherAddress,
    /// A parameter is there twice, or there is neither code nor error (RFC 6749, 4.1.2).
    #[error("the answer is malformed")]
    Malformed,
    /// Without the `state` of the request, or with another (RFC 6749, 10.12).
    #[error("the answer does not belong to this request")]
    State,
    /// From another authorization server than was asked (RFC 9207, 2.4).
    #[error("the answer is from another authorization server")]
    OtherIssuer,
    /// It does not say who it is from, where it must (RFC 9207, 2.4; HAIP 1.0, 4).
    #[error("the answer does not say who it is from")]
    NoIssuer,
    /// The server, or the person there, said no.
    #[error("the authorization server refused: {0:?}")]
    Refused(OAuthErrorCode),
}

impl AwaitingSignIn {
    /// The address to open in the person's browser.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Where the answer comes to.
    pub fn redirect_uri(&self) -> &str {
        &self.expected.redirect_uri
    }

    /// The `state` of the request: which of several sign-ins an answer belongs to.
    pub fn state(&self) -> &str {
        &self.expected.state
    }

    /// Whether an address that was opened, or called on loopback, is where the answer comes to.
    pub fn is_answer(&self, url: &str) -> bool {
        answer_query(&self.expected.redirect_uri, url).is_some()
    }

    /// Reads the answer: the redirect address as it was called.
    ///
    /// # Errors
    /// [`AuthorizationResponseError`], with the state: an answer that does not belong here may be somebody's trick, and the
    /// right one may still come.
    pub fn answered(self, url: &str) -> Result<SignedIn, (AuthorizationResponseError, Box<Self>)> {
        match self.code(url) {
            Ok(code) => Ok(SignedIn {
                code,
                expected: self.expected,
            }),
            Err(error) => Err((error, Box::new(self))),
        }
    }

    fn code(&self, url: &str) -> Result<Zeroizing<String>, AuthorizationResponseError> {
        use AuthorizationResponseError as E;
        let query = answer_query(&self.expected.redirect_uri, url).ok_or(E::OtherAddress)?;
        let mut parameters = decode_form(query.as_bytes()).map_err(|_| E::Malformed)?;
        let mut take = |name: &str| {
            let position = parameters.iter().position(|(known, _)| known == name)?;
            Some(Zeroizing::new(parameters.swap_remove(position).1))
        };
        let (state, iss, code, error) = (take("state"), take("iss"), take("code"), take("error"));
        // An error may come without state: servers that failed early do not know it. It costs nothing but a try.
        let excused = state.is_none() && error.is_some();
        if !excused && state.as_ref().map(|state| state.as_str()) != Some(self.expected.state.as_str()) {
            return Err(E::State);
        }
        match iss {
            Some(iss) if iss.as_str() != self.expected.server.issuer.as_str() => return Err(E::OtherIssuer),
            None if error.is_none() && (self.expected.haip || self.expected.server.iss_in_response) => {
                return Err(E::NoIssuer);
            }
            _ => {}
        }
        match (code, error) {
            (None, Some(error)) => Err(E::Refused(OAuthErrorCode::parse(&error))),
            (Some(code), None) if !code.is_empty() && code.len() <= MAX_CODE => Ok(code),
            _ => Err(E::Malformed),
        }
    }

    /// Everything but the issuer's metadata as text, to go on after a restart: on a phone the browser may push the wallet
    /// out. It holds the code verifier, so it belongs in the encrypted store and nowhere else.
    ///
    /// # Errors
    /// [`SavedError`] when it does not serialise.
    pub fn save(&self) -> Result<Zeroizing<String>, SavedError> {
        let expected = &self.expected;
        let saved = Saved {
            url: self.url.to_string(),
            server: expected.server.to_json().to_string(),
            accepted: expected.accepted.clone(),
            client_id: expected.client_id.clone(),
            redirect_uri: expected.redirect_uri.clone(),
            state: expected.state.clone(),
            verifier: Zeroizing::new(expected.verifier.expose().to_owned()),
            proved: expected.proved,
            haip: expected.haip,
        };
        serde_json::to_string(&saved)
            .map(Zeroizing::new)
            .map_err(|_| SavedError)
    }

    /// Goes on from what [`AwaitingSignIn::save`] gave, with the issuer's metadata.
    ///
    /// # Errors
    /// [`SavedError`] when it is not that.
    pub fn resume(saved: &str, metadata: IssuerMetadata, policy: TransportPolicy) -> Result<Self, SavedError> {
        if saved.len() > MAX_SAVED {
            return Err(SavedError);
        }
        let saved: Saved = serde_json::from_str(saved).map_err(|_| SavedError)?;
        Ok(Self {
            url: Url::parse(&saved.url).map_err(|_| SavedError)?,
            expected: Expected {
                metadata,
                server: resume_server(&saved.server, policy)?,
                accepted: saved.accepted,
                client_id: saved.client_id,
                redirect_uri: saved.redirect_uri,
                state: saved.state,
                verifier: CodeVerifier::parse(&saved.verifier).ok_or(SavedError)?,
                proved: saved.proved,
                haip: saved.haip,
            },
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Saved {
    url: String,
    server: String,
    accepted: Vec<String>,
    client_id: String,
    redirect_uri: String,
    state: Zeroizing<String>,
    verifier: Zeroizing<String>,
    proved: bool,
    haip: bool,
}

/// The query of an answer that came to this redirect address.
fn answer_query<'u>(redirect_uri: &str, url: &'u str) -> Option<&'u str> {
    if url.len() > MAX_REDIRECT {
        return None;
    }
    let (address, query) = url.split_once('#').map_or(url, |(before, _)| before).split_once('?')?;
    let same = match (Url::parse(redirect_uri), Url::parse(address)) {
        // The browser may have written the address another way, such as with a slash after the host.
        (Ok(ours), Ok(theirs)) => ours == theirs,
        _ => redirect_uri == address,
    };
    same.then_some(query)
}

/// The person signed in, and the answer brought a code.
pub struct SignedIn {
    code: Zeroizing<String>,
    expected: Expected,
}

impl SignedIn {
    /// The authorization server.
    pub fn server(&self) -> &AuthorizationServerMetadata {
        &self.expected.server
    }

    /// The token request (6.1; RFC 6749, 4.1.3), to be authenticated, and bound with DPoP, by the caller.
    pub fn token_request(&self) -> HttpRequest {
        let parameters = [
            ("grant_type", "authorization_code"),
            ("code", self.code.as_str()),
            ("redirect_uri", self.expected.redirect_uri.as_str()),
            ("code_verifier", self.expected.verifier.expose()),
            ("client_id", self.expected.client_id.as_str()),
        ];
        let endpoint = self.expected.server.token_endpoint.url().clone();
        HttpRequest::post_form(endpoint, &parameters).with_header("accept", JSON)
    }

    /// Reads the token response.
    ///
    /// # Errors
    /// [`TokenError`]. The code is spent either way.
    pub fn granted(self, response: &HttpResponse) -> Result<TokenGranted, TokenError> {
        let expected = self.expected;
        let grant = read_token_response(response, false, expected.proved, expected.haip)?;
        let asked = Asked {
            client_id: Some(expected.client_id),
            proved: expected.proved,
            bound_only: expected.haip,
        };
        Ok(TokenGranted::new(
            expected.metadata,
            expected.server,
            grant,
            expected.accepted,
            asked,
        ))
    }
}
