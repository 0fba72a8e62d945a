//! The token and nonce endpoints (OpenID4VCI 1.0, 6 and 7).

use std::collections::BTreeMap;

use serde::Deserialize;
use zeroize::Zeroizing;

use super::MAX_MESSAGE;
use super::offer::PreAuthorizedCodeGrant;
use crate::endpoint::Endpoint;
use crate::http::{HttpRequest, HttpResponse, JSON};
use crate::json;
use crate::oauth::{OAuthErrorCode, error_code};

pub(super) const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
/// The longest token, nonce or identifier, in bytes. Nonces that are JWTs of several hundred characters are in use.
pub(super) const MAX_TOKEN: usize = 16 * 1024;
/// The most credentials one token is used for.
const MAX_IDENTIFIERS: usize = 64;

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

/// How an access token is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenType {
    /// By whoever has it (RFC 6750).
    Bearer,
    /// Together with a proof of possession of its key (RFC 9449).
    Dpop,
}

/// An access token. Wiped when dropped, never printed.
pub struct AccessToken {
    token: Zeroizing<String>,
    kind: TokenType,
}

impl AccessToken {
    /// Takes a bearer token.
    pub fn new(token: impl Into<String>) -> Self {
        Self::of_type(TokenType::Bearer, Zeroizing::new(token.into()))
    }

    pub(super) fn of_type(kind: TokenType, token: Zeroizing<String>) -> Self {
        Self { token, kind }
    }

    /// The `Authorization` header (RFC 6750, 2.1; RFC 9449, 7.1).
    pub(super) fn authorization(&self) -> String {
        let scheme = match self.kind {
            TokenType::Bearer => "Bearer",
            TokenType::Dpop => "DPoP",
        };
        format!("{scheme} {}", self.token.as_str())
    }

    pub(super) fn token_type(&self) -> TokenType {
        self.kind
    }

    pub(super) fn expose(&self) -> &str {
        &self.token
    }
}

/// A refresh token. Wiped when dropped, never printed.
pub(super) struct RefreshToken(Zeroizing<String>);

impl RefreshToken {
    pub(super) fn new(token: Zeroizing<String>) -> Self {
        Self(token)
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

/// A `c_nonce`: the issuer's challenge for key proofs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nonce(pub(super) String);

impl Nonce {
    /// The nonce.
    pub fn as_str(&self) -> &str {
        &self.0
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
        code: OAuthErrorCode,
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
    /// A token of a type this wallet cannot use: bound to a DPoP key it did not offer, or bound to none where it must be.
    #[error("the token type is not supported")]
    TokenType,
}

impl TokenError {
    /// Whether the person most likely typed the wrong code (6.3): worth asking them again.
    pub fn is_wrong_transaction_code(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                code: OAuthErrorCode::InvalidGrant,
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
    pub(super) refresh: Option<RefreshToken>,
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
    refresh_token: Option<String>,
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

/// Reads the answer to a token request; members of drafts such as `c_nonce` are ignored.
///
/// `proved` says whether the request carried a DPoP proof: only then may the token be of type DPoP. With `bound_only` it must
/// be (HAIP 1.0, 4).
pub(super) fn read_token_response(
    response: &HttpResponse,
    with_transaction_code: bool,
    proved: bool,
    bound_only: bool,
) -> Result<Grant, TokenError> {
    if !response.is_success() {
        return Err(match error_code(response) {
            Some(code) => TokenError::Refused {
                code: OAuthErrorCode::parse(&code),
                with_transaction_code,
            },
            None => TokenError::Failed {
                status: response.status,
            },
        });
    }
    let wire: WireToken = json::parse_as(&response.body, MAX_MESSAGE).map_err(|_| TokenError::Malformed)?;
    let token = usable(wire.access_token).ok_or(TokenError::Malformed)?;
    let kind = match wire.token_type.to_ascii_lowercase().as_str() {
        "bearer" if !bound_only => TokenType::Bearer,
        "dpop" if proved => TokenType::Dpop,
        _ => return Err(TokenError::TokenType),
    };
    let mut identifiers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut most = MAX_IDENTIFIERS;
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
        // One request each: a token must not make a wallet ask without end.
        most = most.checked_sub(known.len()).ok_or(TokenError::Malformed)?;
        let all = identifiers.entry(id).or_default();
        for identifier in known {
            if all.contains(&identifier) {
                return Err(TokenError::Malformed);
            }
            all.push(identifier);
        }
    }
    Ok(Grant {
        token: AccessToken::of_type(kind, token),
        refresh: wire.refresh_token.and_then(usable).map(RefreshToken),
        expires_in: wire.expires_in.as_ref().and_then(serde_json::Value::as_u64),
        identifiers,
    })
}

/// A token that can stand in a header and is not endless.
fn usable(token: String) -> Option<Zeroizing<String>> {
    let token = Zeroizing::new(token);
    let good = !token.is_empty() && token.len() <= MAX_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic());
    good.then_some(token)
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
