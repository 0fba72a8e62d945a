//! Authorization server metadata (RFC 8414; OpenID4VCI 1.0, 12.3).

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::MAX_MESSAGE;
use super::metadata::MetadataError;
use super::token::PRE_AUTHORIZED;
use crate::endpoint::{Endpoint, IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON};
use crate::json;
use crate::oauth::client::AuthenticationMethod;
use crate::oauth::pkce;

/// The most entries of a list that are read.
const MAX_ENTRIES: usize = 64;

/// A way to get a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GrantType {
    /// The person signs in at the issuer (RFC 6749, 4.1).
    AuthorizationCode,
    /// They were asked before, and the offer carries the code (OpenID4VCI 1.0, 3.5).
    PreAuthorizedCode,
}

impl GrantType {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::PreAuthorizedCode => PRE_AUTHORIZED,
        }
    }
}

/// What the wallet needs to know of an authorization server. A list that is absent says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationServerMetadata {
    /// Its identifier, equal to the one it was asked for under.
    pub issuer: IssuerIdentifier,
    /// Where tokens are requested.
    pub token_endpoint: Endpoint,
    /// Where the person signs in.
    pub authorization_endpoint: Option<Endpoint>,
    /// Where authorization requests are pushed (RFC 9126, 5).
    pub pushed_authorization_request_endpoint: Option<Endpoint>,
    /// Whether they must be (RFC 9126, 5).
    pub require_pushed_authorization_requests: bool,
    /// Where challenges for wallet attestations come from (attestation-based client authentication -07, 8).
    pub challenge_endpoint: Option<Endpoint>,
    /// `grant_types_supported`.
    pub grant_types: Option<Vec<String>>,
    /// `token_endpoint_auth_methods_supported`.
    pub authentication_methods: Option<Vec<String>>,
    /// `code_challenge_methods_supported`.
    pub code_challenge_methods: Option<Vec<String>>,
    /// `dpop_signing_alg_values_supported` (RFC 9449, 5.1).
    pub dpop_algorithms: Option<Vec<String>>,
    /// `authorization_details_types_supported` (RFC 9396, 10).
    pub authorization_details_types: Option<Vec<String>>,
    /// Whether authorization responses carry `iss` (RFC 9207, 3).
    pub iss_in_response: bool,
    /// Whether a pre-authorized code may be redeemed without a `client_id` (OpenID4VCI 1.0, 12.3). Issuers that say
    /// nothing usually allow it.
    pub anonymous_pre_authorized_code: Option<bool>,
}

/// Some servers write `null` for members they leave out.
#[derive(Deserialize)]
struct Wire {
    issuer: String,
    token_endpoint: String,
    #[serde(default)]
    authorization_endpoint: Option<String>,
    #[serde(default)]
    pushed_authorization_request_endpoint: Option<String>,
    #[serde(default)]
    require_pushed_authorization_requests: Option<bool>,
    #[serde(default)]
    challenge_endpoint: Option<String>,
    #[serde(default)]
    grant_types_supported: Option<Vec<String>>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    dpop_signing_alg_values_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_details_types_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: Option<bool>,
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
        let endpoint = |name: &'static str, text: Option<String>| {
            text.map(|text| Endpoint::parse(&text, policy).map_err(|reason| MetadataError::Endpoint(name, reason)))
                .transpose()
        };
        let list = |entries: Option<Vec<String>>| {
            entries.map(|entries| entries.into_iter().take(MAX_ENTRIES).collect::<Vec<String>>())
        };
        Ok(Self {
            issuer: server.clone(),
            token_endpoint: Endpoint::parse(&wire.token_endpoint, policy)
                .map_err(|reason| MetadataError::Endpoint("token_endpoint", reason))?,
            authorization_endpoint: endpoint("authorization_endpoint", wire.authorization_endpoint)?,
            pushed_authorization_request_endpoint: endpoint(
                "pushed_authorization_request_endpoint",
                wire.pushed_authorization_request_endpoint,
            )?,
            require_pushed_authorization_requests: wire.require_pushed_authorization_requests.unwrap_or(false),
            challenge_endpoint: endpoint("challenge_endpoint", wire.challenge_endpoint)?,
            grant_types: list(wire.grant_types_supported),
            authentication_methods: list(wire.token_endpoint_auth_methods_supported),
            code_challenge_methods: list(wire.code_challenge_methods_supported),
            dpop_algorithms: list(wire.dpop_signing_alg_values_supported),
            authorization_details_types: list(wire.authorization_details_types_supported),
            iss_in_response: wire.authorization_response_iss_parameter_supported.unwrap_or(false),
            anonymous_pre_authorized_code: wire.anonymous,
        })
    }

    /// Metadata with an identifier and a token endpoint, and nothing said about the rest.
    pub fn new(issuer: IssuerIdentifier, token_endpoint: Endpoint) -> Self {
        Self {
            issuer,
            token_endpoint,
            authorization_endpoint: None,
            pushed_authorization_request_endpoint: None,
            require_pushed_authorization_requests: false,
            challenge_endpoint: None,
            grant_types: None,
            authentication_methods: None,
            code_challenge_methods: None,
            dpop_algorithms: None,
            authorization_details_types: None,
            iss_in_response: false,
            anonymous_pre_authorized_code: None,
        }
    }

    /// Whether a grant can be had here. A server that lists none is asked for what its endpoints are for.
    pub fn supports(&self, grant: GrantType) -> bool {
        let listed = self
            .grant_types
            .as_deref()
            .is_none_or(|listed| has(listed, grant.as_str()));
        listed && (grant == GrantType::PreAuthorizedCode || self.authorization_endpoint.is_some())
    }

    /// The strongest client authentication both sides have: an attestation, a key, none. `None` when there is none in
    /// common. A server that lists nothing is told a name only.
    pub fn authentication(&self, ours: &[AuthenticationMethod]) -> Option<AuthenticationMethod> {
        let preference = [
            AuthenticationMethod::Attestation,
            AuthenticationMethod::PrivateKeyJwt,
            AuthenticationMethod::None,
        ];
        preference.into_iter().find(|method| {
            let theirs = match &self.authentication_methods {
                Some(listed) => has(listed, method.as_str()),
                None => *method == AuthenticationMethod::None,
            };
            theirs && ours.contains(method)
        })
    }

    /// Whether tokens can be bound to a P-256 key (RFC 9449).
    pub fn supports_dpop(&self) -> bool {
        self.dpop_algorithms
            .as_deref()
            .is_some_and(|listed| has(listed, "ES256"))
    }

    /// Whether `S256` is acceptable here: listed, or nothing listed (RFC 8414, 2).
    pub fn supports_pkce(&self) -> bool {
        self.code_challenge_methods
            .as_deref()
            .is_none_or(|listed| has(listed, pkce::METHOD))
    }

    /// Whether `authorization_details` of OpenID4VCI are understood here (12.2.4, `scope`).
    pub fn supports_authorization_details(&self) -> bool {
        self.authorization_details_types
            .as_deref()
            .is_some_and(|listed| has(listed, "openid_credential"))
    }

    /// Whether this server keeps to HAIP 1.0, 4: it takes attested wallets only, pushed requests and bound tokens.
    pub fn is_haip(&self) -> bool {
        let attestation_only = self.authentication_methods.as_deref().is_some_and(|listed| {
            !listed.is_empty()
                && listed
                    .iter()
                    .all(|name| *name == AuthenticationMethod::Attestation.as_str())
        });
        attestation_only && self.pushed_authorization_request_endpoint.is_some() && self.supports_dpop()
    }

    /// The metadata as JSON, for the server that publishes it.
    pub fn to_json(&self) -> Value {
        let mut members = Map::new();
        let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
        set("issuer", json!(self.issuer.as_str()));
        set("token_endpoint", json!(self.token_endpoint.as_str()));
        let endpoints = [
            ("authorization_endpoint", &self.authorization_endpoint),
            (
                "pushed_authorization_request_endpoint",
                &self.pushed_authorization_request_endpoint,
            ),
            ("challenge_endpoint", &self.challenge_endpoint),
        ];
        for (name, endpoint) in endpoints {
            if let Some(endpoint) = endpoint {
                set(name, json!(endpoint.as_str()));
            }
        }
        let lists = [
            ("grant_types_supported", &self.grant_types),
            ("token_endpoint_auth_methods_supported", &self.authentication_methods),
            ("code_challenge_methods_supported", &self.code_challenge_methods),
            ("dpop_signing_alg_values_supported", &self.dpop_algorithms),
            (
                "authorization_details_types_supported",
                &self.authorization_details_types,
            ),
        ];
        for (name, list) in lists {
            if let Some(list) = list {
                set(name, json!(list));
            }
        }
        let offers_attestation = self
            .authentication_methods
            .as_deref()
            .is_some_and(|listed| has(listed, AuthenticationMethod::Attestation.as_str()));
        if offers_attestation {
            set("client_attestation_signing_alg_values_supported", json!(["ES256"]));
            set("client_attestation_pop_signing_alg_values_supported", json!(["ES256"]));
        }
        let signs_in = self.authorization_endpoint.is_some();
        set(
            "response_types_supported",
            if signs_in { json!(["code"]) } else { json!([]) },
        );
        if self.require_pushed_authorization_requests {
            set("require_pushed_authorization_requests", json!(true));
        }
        if self.iss_in_response {
            set("authorization_response_iss_parameter_supported", json!(true));
        }
        if let Some(anonymous) = self.anonymous_pre_authorized_code {
            set("pre-authorized_grant_anonymous_access_supported", json!(anonymous));
        }
        Value::Object(members)
    }
}

fn has(listed: &[String], name: &str) -> bool {
    listed.iter().any(|entry| entry == name)
}
