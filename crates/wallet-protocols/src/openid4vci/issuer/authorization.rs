//! The authorization server's end: authorization requests, their answers, token requests and responses.

use serde_json::{Map, Value, json};
use url::Url;
use zeroize::Zeroizing;

use super::super::token::PRE_AUTHORIZED;
use super::{Refusal, no_store};
use crate::http::{HttpResponse, decode_form, encode_form};
use crate::json as bounded;
use crate::oauth::pkce;

/// The longest `authorization_details` that is read, in bytes.
const MAX_DETAILS: usize = 64 * 1024;

/// The parameters of an authorization request, as pushed or as they came in the address (OpenID4VCI 1.0, 5.1; RFC 9126, 2.1).
pub struct AuthorizationParameters {
    /// The wallet's name.
    pub client_id: String,
    /// Where the answer goes.
    pub redirect_uri: Url,
    /// To be given back unchanged.
    pub state: Option<String>,
    /// The S256 challenge.
    pub code_challenge: String,
    /// Scopes asked for.
    pub scopes: Vec<String>,
    /// Configurations asked for by `authorization_details`.
    pub configuration_ids: Vec<String>,
    /// What the offer said.
    pub issuer_state: Option<String>,
    /// The thumbprint of the key the code is bound to (RFC 9449, 10).
    pub dpop_jkt: Option<String>,
}

impl AuthorizationParameters {
    /// Reads form parameters; `issuer` is the Credential Issuer, which `locations` must name where it is there.
    ///
    /// # Errors
    /// [`Refusal::InvalidRequest`].
    pub fn read(form: &[u8], issuer: &str) -> Result<Self, Refusal> {
        let mut parameters = decode_form(form).map_err(|_| Refusal::InvalidRequest)?;
        let mut take = |name: &str| {
            let position = parameters.iter().position(|(known, _)| known == name)?;
            Some(parameters.swap_remove(position).1)
        };
        let is = |value: Option<String>, expected: &str| value.as_deref() == Some(expected);
        // A pushed request must not point at another one (RFC 9126, 2.1).
        let pushed_again = take("request_uri").is_some() || take("request").is_some();
        let method_fits = is(take("code_challenge_method"), pkce::METHOD);
        if pushed_again || !method_fits || !is(take("response_type"), "code") {
            return Err(Refusal::InvalidRequest);
        }
        let redirect_uri = take("redirect_uri").and_then(|text| Url::parse(&text).ok());
        let code_challenge = take("code_challenge").filter(|challenge| challenge.len() == 43);
        let scopes = take("scope").map(|text| text.split(' ').map(str::to_owned).collect());
        let configuration_ids = take("authorization_details").map(|text| details(&text, issuer));
        Ok(Self {
            client_id: take("client_id").ok_or(Refusal::InvalidRequest)?,
            redirect_uri: redirect_uri.ok_or(Refusal::InvalidRequest)?,
            state: take("state"),
            code_challenge: code_challenge.ok_or(Refusal::InvalidRequest)?,
            scopes: scopes.unwrap_or_default(),
            configuration_ids: configuration_ids.transpose()?.unwrap_or_default(),
            issuer_state: take("issuer_state"),
            dpop_jkt: take("dpop_jkt"),
        })
    }
}

fn details(text: &str, issuer: &str) -> Result<Vec<String>, Refusal> {
    let value = bounded::parse(text.as_bytes(), MAX_DETAILS).map_err(|_| Refusal::InvalidRequest)?;
    let entries = value.as_array().ok_or(Refusal::InvalidRequest)?;
    entries
        .iter()
        .map(|entry| {
            let elsewhere = entry
                .get("locations")
                .is_some_and(|locations| *locations != json!([issuer]));
            let id = entry.get("credential_configuration_id").and_then(Value::as_str);
            match (entry.get("type").and_then(Value::as_str), id) {
                (Some("openid_credential"), Some(id)) if !elsewhere => Ok(id.to_owned()),
                _ => Err(Refusal::InvalidRequest),
            }
        })
        .collect()
}

/// The answer to an authorization request, as it goes back through the person's browser (5.2; RFC 9207, 2).
#[derive(Debug, Clone, Copy)]
pub struct AuthorizationAnswer<'a> {
    /// The code, or an error code of RFC 6749, 4.1.2.1.
    pub outcome: Result<&'a str, &'a str>,
    /// The `state` of the request.
    pub state: Option<&'a str>,
    /// Who answers; left out only to play a server that does not say.
    pub iss: Option<&'a str>,
}

impl AuthorizationAnswer<'_> {
    /// The address to send the browser to.
    pub fn redirect(&self, redirect_uri: &Url) -> Url {
        let mut pairs = vec![match self.outcome {
            Ok(code) => ("code", code),
            Err(error) => ("error", error),
        }];
        pairs.extend(self.state.map(|state| ("state", state)));
        pairs.extend(self.iss.map(|iss| ("iss", iss)));
        let mut url = redirect_uri.clone();
        let added = encode_form(&pairs);
        let query = match url.query() {
            Some(before) if !before.is_empty() => format!("{before}&{added}"),
            _ => added,
        };
        url.set_query(Some(&query));
        url
    }
}

/// A token request.
pub enum TokenRequest {
    /// Redeems a pre-authorized code (6.1).
    PreAuthorizedCode {
        /// The code.
        code: Zeroizing<String>,
        /// The transaction code.
        transaction_code: Option<Zeroizing<String>>,
    },
    /// Redeems the code of a sign-in (RFC 6749, 4.1.3; RFC 7636, 4.5).
    AuthorizationCode {
        /// The code.
        code: Zeroizing<String>,
        /// Where the code was sent.
        redirect_uri: String,
        /// What belongs to the challenge.
        code_verifier: Zeroizing<String>,
    },
    /// Asks for a fresh token (RFC 6749, 6).
    RefreshToken {
        /// The refresh token.
        refresh_token: Zeroizing<String>,
    },
}

impl TokenRequest {
    /// Reads a form body.
    ///
    /// # Errors
    /// [`Refusal::InvalidRequest`] and [`Refusal::UnsupportedGrantType`].
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let mut parameters = decode_form(body).map_err(|_| Refusal::InvalidRequest)?;
        let mut take = |name: &str| {
            let position = parameters.iter().position(|(known, _)| known == name)?;
            let value = Zeroizing::new(parameters.swap_remove(position).1);
            (!value.is_empty()).then_some(value)
        };
        let grant = take("grant_type").ok_or(Refusal::InvalidRequest)?;
        match grant.as_str() {
            PRE_AUTHORIZED => Ok(Self::PreAuthorizedCode {
                code: take("pre-authorized_code").ok_or(Refusal::InvalidRequest)?,
                transaction_code: take("tx_code"),
            }),
            "authorization_code" => Ok(Self::AuthorizationCode {
                code: take("code").ok_or(Refusal::InvalidRequest)?,
                redirect_uri: take("redirect_uri").ok_or(Refusal::InvalidRequest)?.to_string(),
                code_verifier: take("code_verifier").ok_or(Refusal::InvalidRequest)?,
            }),
            "refresh_token" => Ok(Self::RefreshToken {
                refresh_token: take("refresh_token").ok_or(Refusal::InvalidRequest)?,
            }),
            _ => Err(Refusal::UnsupportedGrantType),
        }
    }
}

/// A token response (6.2).
#[derive(Clone, Copy)]
pub struct TokenAnswer<'a> {
    /// The token.
    pub access_token: &'a str,
    /// `Bearer` or `DPoP`, in whatever case.
    pub token_type: &'a str,
    /// Seconds it is good for, where the server says so.
    pub expires_in: Option<u64>,
    /// The refresh token.
    pub refresh_token: Option<&'a str>,
    /// `credential_identifiers` by configuration; empty to leave `authorization_details` out.
    pub identifiers: &'a [(String, Vec<String>)],
}

impl<'a> TokenAnswer<'a> {
    /// A bearer token and nothing else.
    pub fn bearer(access_token: &'a str) -> Self {
        Self {
            access_token,
            token_type: "Bearer",
            expires_in: None,
            refresh_token: None,
            identifiers: &[],
        }
    }

    /// The response.
    pub fn response(&self) -> HttpResponse {
        let mut body = Map::new();
        body.insert("access_token".to_owned(), json!(self.access_token));
        body.insert("token_type".to_owned(), json!(self.token_type));
        if let Some(seconds) = self.expires_in {
            body.insert("expires_in".to_owned(), json!(seconds));
        }
        if let Some(token) = self.refresh_token {
            body.insert("refresh_token".to_owned(), json!(token));
        }
        if !self.identifiers.is_empty() {
            let entries = self.identifiers.iter().map(|(id, identifiers)| {
                json!({
                    "type": "openid_credential",
                    "credential_configuration_id": id,
                    "credential_identifiers": identifiers,
                })
            });
            body.insert("authorization_details".to_owned(), Value::Array(entries.collect()));
        }
        no_store(HttpResponse::json(200, &Value::Object(body)))
    }
}

/// The answer to a pushed authorization request (RFC 9126, 2.2).
pub fn pushed_response(request_uri: &str, expires_in: u64) -> HttpResponse {
    no_store(HttpResponse::json(
        201,
        &json!({"request_uri": request_uri, "expires_in": expires_in}),
    ))
}
