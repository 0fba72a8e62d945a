//! The wire form of a DCQL query (OpenID4VP 1.0, 6). Unknown members are ignored, `null` is not "absent".

use serde::Deserialize;
use serde_json::{Map, Value};
use wallet_credentials::claim::ClaimPath;

use crate::json::present;

#[derive(Deserialize)]
pub(super) struct Query {
    pub(super) credentials: Vec<Credential>,
    #[serde(default, deserialize_with = "present")]
    pub(super) credential_sets: Option<Vec<CredentialSet>>,
}

#[derive(Deserialize)]
pub(super) struct Credential {
    pub(super) id: String,
    pub(super) format: String,
    #[serde(default, deserialize_with = "present")]
    pub(super) multiple: Option<bool>,
    pub(super) meta: Map<String, Value>,
    #[serde(default, deserialize_with = "present")]
    pub(super) trusted_authorities: Option<Vec<Authority>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) require_cryptographic_holder_binding: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    pub(super) claims: Option<Vec<Claim>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) claim_sets: Option<Vec<Vec<String>>>,
}

#[derive(Deserialize)]
pub(super) struct Authority {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) values: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Claim {
    #[serde(default, deserialize_with = "present")]
    pub(super) id: Option<String>,
    pub(super) path: ClaimPath,
    #[serde(default, deserialize_with = "present")]
    pub(super) values: Option<Vec<Value>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) intent_to_retain: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct CredentialSet {
    pub(super) options: Vec<Vec<String>>,
    #[serde(default, deserialize_with = "present")]
    pub(super) required: Option<bool>,
}
