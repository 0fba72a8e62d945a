//! Error codes of OAuth (RFC 6749, 4.1.2.1 and 5.2; RFC 9126, 2.3; RFC 9449, 12.2; attestation-based client
//! authentication -07, 6.2).

use serde::Deserialize;

use crate::http::HttpResponse;
use crate::json;

/// The longest error response that is read, in bytes.
const MAX_ERROR: usize = 64 * 1024;
/// The longest unknown code that is kept, in characters.
const MAX_CODE: usize = 64;

/// An error code of an authorization server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OAuthErrorCode {
    /// The code was used, is too old or unknown, or the transaction code is wrong.
    InvalidGrant,
    /// Something is missing or too much: such as a transaction code.
    InvalidRequest,
    /// The server wants to know the client, or did not accept how it named itself.
    InvalidClient,
    /// The client may not use this grant.
    UnauthorizedClient,
    /// The server does not know this grant.
    UnsupportedGrantType,
    /// The person, or the server for them, said no.
    AccessDenied,
    /// The server does not answer with a code.
    UnsupportedResponseType,
    /// The scope is unknown or malformed.
    InvalidScope,
    /// The authorization details are unknown or malformed (RFC 9396, 5).
    InvalidAuthorizationDetails,
    /// Something inside the server failed.
    ServerError,
    /// The server is busy.
    TemporarilyUnavailable,
    /// The person must take part, and the server could not ask them: sign-in, choice or consent (OpenID Connect Core, 3.1.2.6).
    InteractionRequired,
    /// The pushed request is unknown or too old.
    InvalidRequestUri,
    /// The proof of possession of the token's key is not good.
    InvalidDpopProof,
    /// The server wants its own nonce in the proof.
    UseDpopNonce,
    /// The server wants its own challenge in the proof of the wallet attestation.
    UseAttestationChallenge,
    /// The wallet attestation is too old for the server.
    UseFreshAttestation,
    /// The wallet attestation, or its proof of possession, is not good.
    InvalidClientAttestation,
    /// Another code, printable ASCII only.
    Other(String),
}

const CODES: [(&str, OAuthErrorCode); 18] = [
    ("invalid_grant", OAuthErrorCode::InvalidGrant),
    ("invalid_request", OAuthErrorCode::InvalidRequest),
    ("invalid_client", OAuthErrorCode::InvalidClient),
    ("unauthorized_client", OAuthErrorCode::UnauthorizedClient),
    ("unsupported_grant_type", OAuthErrorCode::UnsupportedGrantType),
    ("access_denied", OAuthErrorCode::AccessDenied),
    ("unsupported_response_type", OAuthErrorCode::UnsupportedResponseType),
    ("invalid_scope", OAuthErrorCode::InvalidScope),
    (
        "invalid_authorization_details",
        OAuthErrorCode::InvalidAuthorizationDetails,
    ),
    ("server_error", OAuthErrorCode::ServerError),
    ("temporarily_unavailable", OAuthErrorCode::TemporarilyUnavailable),
    ("interaction_required", OAuthErrorCode::InteractionRequired),
    ("invalid_request_uri", OAuthErrorCode::InvalidRequestUri),
    ("invalid_dpop_proof", OAuthErrorCode::InvalidDpopProof),
    ("use_dpop_nonce", OAuthErrorCode::UseDpopNonce),
    ("use_attestation_challenge", OAuthErrorCode::UseAttestationChallenge),
    ("use_fresh_attestation", OAuthErrorCode::UseFreshAttestation),
    ("invalid_client_attestation", OAuthErrorCode::InvalidClientAttestation),
];

impl OAuthErrorCode {
    pub(crate) fn parse(code: &str) -> Self {
        match code {
            "login_required" | "account_selection_required" | "consent_required" => Self::InteractionRequired,
            _ => CODES
                .iter()
                .find(|(known, _)| *known == code)
                .map_or_else(|| Self::Other(printable(code)), |(_, found)| found.clone()),
        }
    }

    /// The code on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Other(code) => code,
            known => CODES
                .iter()
                .find(|(_, code)| code == known)
                .map_or("server_error", |(name, _)| name),
        }
    }
}

/// A code from outside, cut and reduced to what can be shown.
pub(crate) fn printable(code: &str) -> String {
    code.chars().filter(char::is_ascii_graphic).take(MAX_CODE).collect()
}

#[derive(Deserialize)]
struct WireError {
    error: String,
}

/// The `error` of a JSON error response.
pub(crate) fn error_code(response: &HttpResponse) -> Option<String> {
    json::parse_as::<WireError>(&response.body, MAX_ERROR)
        .ok()
        .map(|wire| wire.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_their_names() {
        for (name, code) in CODES {
            assert_eq!(OAuthErrorCode::parse(name), code);
            assert_eq!(code.as_str(), name);
        }
        assert_eq!(OAuthErrorCode::parse("a\u{202e}b c").as_str(), "abc");
    }
}
