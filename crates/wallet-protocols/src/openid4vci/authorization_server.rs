//! Authorization server metadata (RFC 8414; OpenID4VCI 1.0, 12.3).

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Value, json};

use super::MAX_MESSAGE;
use super::metadata::MetadataError;
use crate::endpoint::{Endpoint, IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON};
use crate::json;

/// What the wallet needs to know of an authorization server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationServerMetadata {
    /// Its identifier, equal to the one it was asked for under.
    pub issuer: IssuerIdentifier,
    /// Where tokens are requested.
    pub token_endpoint: Endpoint,
    /// Whether a pre-authorized code may be redeemed without a `client_id` (OpenID4VCI 1.0, 12.3). Issuers that say
    /// nothing usually allow it.
    pub anonymous_pre_authorized_code: Option<bool>,
}

#[derive(Deserialize)]
struct Wire {
    issuer: String,
    token_endpoint: String,
    #[serde(default, rename = "pre-authorized_grant_anonymous_access_supported")]
    anonymous: Option<bool>,
}

/// The requests that may find the metadata, best first: RFC 8414, 3.1, then OpenID Connect Discovery, then each name where
/// the other specification would put it.
pub fn authorization_server_metadata_requests(server: &IssuerIdentifier) -> Vec<HttpRequest> {
    let mut urls = vec![
        server.well_known_inserted("oauth-authorization-server"),
        server.well_known_appended("openid-configuration"),
        server.well_known_inserted("openid-configuration"),
        server.well_known_appended("oauth-authorization-server"),
    ];
    // Without a path in the identifier, both places are one.
    let mut seen = BTreeSet::new();
    urls.retain(|url| seen.insert(url.clone()));
    urls.into_iter().map(|url| HttpRequest::get(url, JSON)).collect()
}

impl AuthorizationServerMetadata {
    /// Reads the answer of `server`.
    ///
    /// # Errors
    /// [`MetadataError`]; `issuer` must equal the identifier asked for, code point by code point (RFC 8414, 3.3).
    pub fn read(
        server: &IssuerIdentifier,
        response: &HttpResponse,
        policy: TransportPolicy,
    ) -> Result<Self, MetadataError> {
        if response.status != 200 {
            return Err(MetadataError::NotFetched {
                status: response.status,
            });
        }
        let wire: Wire = json::parse_as(&response.body, MAX_MESSAGE).map_err(|_| MetadataError::Malformed)?;
        if wire.issuer != server.as_str() {
            return Err(MetadataError::OtherIssuer);
        }
        Ok(Self {
            issuer: server.clone(),
            token_endpoint: Endpoint::parse(&wire.token_endpoint, policy)
                .map_err(|reason| MetadataError::Endpoint("token_endpoint", reason))?,
            anonymous_pre_authorized_code: wire.anonymous,
        })
    }

    /// The metadata as JSON, for the server that publishes it.
    pub fn to_json(&self) -> Value {
        json!({
            "issuer": self.issuer.as_str(),
            "token_endpoint": self.token_endpoint.as_str(),
            "grant_types_supported": ["urn:ietf:params:oauth:grant-type:pre-authorized_code"],
            "response_types_supported": ["none"],
            "token_endpoint_auth_methods_supported": ["none"],
            "pre-authorized_grant_anonymous_access_supported": self.anonymous_pre_authorized_code.unwrap_or(true),
        })
    }
}
