//! The token and nonce endpoints (OpenID4VCI 1.0, 6 and 7).

use std::collections::BTreeMap;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::MAX_MESSAGE;
use super::offer::PreAuthorizedCodeGrant;
use crate::endpoint::Endpoint;
use crate::http::{HttpRequest, HttpResponse, JSON};
use crate::json;

pub(super) const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
/// The longest token, nonce or identifier, in bytes. Nonces that are JWTs of several hundred characters are in use.
pub(super) const MAX_TOKEN: usize = 16 * 1024;

/// A transaction code as the person typed it. Wiped when dropped, never printed.
pub struct TransactionCode(Zeroizing<String>);

impl TransactionCode {
    /// Takes what was typed; spaces around it are not part of it.
    pub fn new(typed: &str) -> Self {
        Self(Zeroizing::new(typed.trim().to_owned()))
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// An access token. Wiped when dropped, never printed.
pub struct AccessToken(Zeroizing<String>);

impl AccessToken {
    /// Takes a token.
    pub fn new(token: impl Into<String>) -> Self {
        Self(Zeroizing::new(token.into()))
    }

    /// The `Authorization` header (RFC 6750, 2.1).
    pub(super) fn authorization(&self) -> String {
        format!("Bearer {}", self.0.as_str())
    }
}

/// A `c_nonce`: the issuer's challenge for key proofs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// The nonce.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An error code of the token endpoint (RFC 6749, 5.2; OpenID4VCI 1.0, 6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenErrorCode {
    /// The code was used, is too old or unknown, or the transaction code is wrong.
    InvalidGrant,
    /// Something is missing or too much: such as a transaction code.
    InvalidRequest,
    /// The server wants to know the client.
    InvalidClient,
    /// The client may not use this grant.
    UnauthorizedClient,
    /// The server does not know this grant.
    UnsupportedGrantType,
    /// Another code.
    Other(String),
}

impl TokenErrorCode {
    fn parse(code: &str) -> Self {
        match code {
            "invalid_grant" => Self::InvalidGrant,
            "invalid_request" => Self::InvalidRequest,
            "invalid_client" => Self::InvalidClient,
            "unauthorized_client" => Self::UnauthorizedClient,
            "unsupported_grant_type" => Self::UnsupportedGrantType,
            other => Self::Other(other.chars().take(64).filter(char::is_ascii_graphic).collect()),
        }
    }

    /// The code on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::Other(code) => code,
        }
    }
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The server refused.
    #[error("the authorization server refused: {code:?}")]
    Refused {
        /// Its code.
        code: TokenErrorCode,
        /// Whether a transaction code was sent: with `invalid_grant` it is the likely cause.
        with_transaction_code: bool,
    },
    /// An answer that is not OAuth: a bare 500, HTML, nothing at all.
    #[error("the authorization server failed: status {status}")]
    Failed {
        /// The HTTP status.
        status: u16,
    },
    /// A success that is not a token response (RFC 6749, 5.1).
    #[error("the token response is malformed")]
    Malformed,
    /// A token of a type this wallet cannot use, such as one bound to a DPoP key it did not offer.
    #[error("the token type is not supported")]
    TokenType,
}

impl TokenError {
    /// Whether the person most likely typed the wrong code (6.3): worth asking them again.
    pub fn is_wrong_transaction_code(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                code: TokenErrorCode::InvalidGrant,
                with_transaction_code: true
            }
        )
    }
}

/// No token, and the offer back so that another transaction code can be tried.
pub struct TokenRefused {
    /// Why.
    pub error: TokenError,
    /// The offer as it was before it was accepted.
    pub offer: Box<super::ResolvedOffer>,
}

/// What a token response grants.
pub(super) struct Grant {
    pub(super) token: AccessToken,
    pub(super) expires_in: Option<u64>,
    /// `credential_identifiers` by configuration identifier.
    pub(super) identifiers: BTreeMap<String, Vec<String>>,
}

/// The request that redeems a pre-authorized code (6.1).
pub(super) fn token_request(
    endpoint: &Endpoint,
    grant: &PreAuthorizedCodeGrant,
    code: Option<&TransactionCode>,
    client_id: Option<&str>,
) -> HttpRequest {
    let mut parameters = vec![
        ("grant_type", PRE_AUTHORIZED),
        ("pre-authorized_code", grant.code.expose()),
    ];
    if let Some(code) = code {
        parameters.push(("tx_code", code.expose()));
    }
    if let Some(client_id) = client_id {
        parameters.push(("client_id", client_id));
    }
    HttpRequest::post_form(endpoint.url().clone(), &parameters).with_header("accept", JSON)
}

#[derive(Deserialize)]
struct WireToken {
    access_token: String,
    token_type: String,
    #[serde(default)]
    expires_in: Option<serde_json::Value>,
    #[serde(default)]
    authorization_details: Option<Vec<WireDetails>>,
}

#[derive(Deserialize)]
struct WireDetails {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    credential_configuration_id: Option<String>,
    #[serde(default)]
    credential_identifiers: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct WireError {
    error: String,
}

/// The `error` of a JSON error response.
pub(super) fn error_code(response: &HttpResponse) -> Option<String> {
    json::parse_as::<WireError>(&response.body, MAX_MESSAGE)
        .ok()
        .map(|wire| wire.error)
}

/// Reads the answer to a token request; members of drafts such as `c_nonce` are ignored.
pub(super) fn read_token_response(response: &HttpResponse, with_transaction_code: bool) -> Result<Grant, TokenError> {
    if !response.is_success() {
        return Err(match error_code(response) {
            Some(code) => TokenError::Refused {
                code: TokenErrorCode::parse(&code),
                with_transaction_code,
            },
            None => TokenError::Failed {
                status: response.status,
            },
        });
    }
    let wire: WireToken = json::parse_as(&response.body, MAX_MESSAGE).map_err(|_| TokenError::Malformed)?;
    let token = AccessToken::new(wire.access_token);
    let acceptable = |byte: u8| byte.is_ascii_graphic();
    if token.0.is_empty() || token.0.len() > MAX_TOKEN || !token.0.bytes().all(acceptable) {
        return Err(TokenError::Malformed);
    }
    if !wire.token_type.eq_ignore_ascii_case("bearer") {
        return Err(TokenError::TokenType);
    }
    let mut identifiers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for details in wire.authorization_details.unwrap_or_default() {
        if details.kind != "openid_credential" {
            continue;
        }
        let id = details.credential_configuration_id.ok_or(TokenError::Malformed)?;
        let known = details.credential_identifiers.unwrap_or_default();
        if known
            .iter()
            .any(|identifier| identifier.is_empty() || identifier.len() > MAX_TOKEN)
        {
            return Err(TokenError::Malformed);
        }
        identifiers.entry(id).or_default().extend(known);
    }
    Ok(Grant {
        token,
        expires_in: wire.expires_in.as_ref().and_then(serde_json::Value::as_u64),
        identifiers,
    })
}

/// Why there is no nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NonceError {
    /// The nonce endpoint answered with an error.
    #[error("the nonce endpoint failed: status {status}")]
    Failed {
        /// The HTTP status.
        status: u16,
    },
    /// The answer holds no usable `c_nonce` (7.2).
    #[error("the nonce response is malformed")]
    Malformed,
}

#[derive(Deserialize)]
struct WireNonce {
    c_nonce: String,
}

impl Nonce {
    /// The request for a nonce (7.1): a POST without body and without access token.
    pub(super) fn request(endpoint: &Endpoint) -> HttpRequest {
        HttpRequest::post_form(endpoint.url().clone(), &[]).with_header("accept", JSON)
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// [`NonceError`].
    pub fn read(response: &HttpResponse) -> Result<Self, NonceError> {
        if !response.is_success() {
            return Err(NonceError::Failed {
                status: response.status,
            });
        }
        let wire: WireNonce = json::parse_as(&response.body, MAX_MESSAGE).map_err(|_| NonceError::Malformed)?;
        if wire.c_nonce.is_empty() || wire.c_nonce.len() > MAX_TOKEN {
            return Err(NonceError::Malformed);
        }
        Ok(Self(wire.c_nonce))
    }
}
