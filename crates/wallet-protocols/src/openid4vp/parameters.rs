//! The parameters that every kind of request has (OpenID4VP 1.0, 5.1 to 5.3, 8.3). Unknown ones are ignored (5).

use serde_json::{Map, Value};
use wallet_credentials::jose::{ContentEncryption, EncryptionKey};

use super::error::RequestError;
use super::transaction_data::{self, TransactionData};
use crate::dcql::DcqlQuery;
use crate::openid4vci::preferred_encryption;

/// The longest nonce or state, in bytes.
const MAX_TEXT: usize = 4096;
/// The most keys of `client_metadata` that are looked at.
const MAX_KEYS: usize = 64;
/// The most entries of `verifier_info`.
const MAX_INFO: usize = 32;

/// Something somebody else says about the service: an entry of `verifier_info` (5.1). Nothing of it is verified here.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifierInfo {
    /// Which kind of statement `data` is.
    pub format: String,
    /// The statement: a text or an object.
    pub data: Value,
    /// The credential queries it is about, as positions in [`DcqlQuery::credentials`]; empty when about all.
    pub credentials: Vec<usize>,
}

/// What all requests have.
pub(super) struct Shared {
    pub(super) nonce: String,
    pub(super) query: DcqlQuery,
    pub(super) transaction_data: Vec<TransactionData>,
    pub(super) verifier_info: Vec<VerifierInfo>,
    pub(super) client_name: Option<String>,
}

impl Shared {
    pub(super) fn read(claims: &Map<String, Value>) -> Result<Self, RequestError> {
        if text(claims, "response_type")? != Some("vp_token") {
            return Err(RequestError::ResponseType);
        }
        let query = match (claims.get("dcql_query"), claims.get("scope")) {
            (Some(query), None) => DcqlQuery::from_value(query.clone())?,
            (None, Some(_)) => return Err(RequestError::Scope),
            _ => return Err(RequestError::QueryOrScope),
        };
        Ok(Self {
            nonce: nonce(text(claims, "nonce")?)?,
            transaction_data: match claims.get("transaction_data") {
                None => Vec::new(),
                Some(data) => transaction_data::read(data, &query)?,
            },
            verifier_info: verifier_info(claims.get("verifier_info"), &query)?,
            client_name: metadata(claims)?
                .and_then(|members| members.get("client_name"))
                .and_then(Value::as_str)
                .map(|name| name.chars().take(128).collect()),
            query,
        })
    }
}

/// A parameter that is text.
pub(super) fn text<'c>(claims: &'c Map<String, Value>, name: &str) -> Result<Option<&'c str>, RequestError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(RequestError::Malformed),
    }
}

fn metadata(claims: &Map<String, Value>) -> Result<Option<&Map<String, Value>>, RequestError> {
    match claims.get("client_metadata") {
        None => Ok(None),
        Some(Value::Object(metadata)) => Ok(Some(metadata)),
        Some(_) => Err(RequestError::Malformed),
    }
}

fn nonce(nonce: Option<&str>) -> Result<String, RequestError> {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    nonce
        .filter(|nonce| !nonce.is_empty() && nonce.len() <= MAX_TEXT && nonce.bytes().all(unreserved))
        .map(str::to_owned)
        .ok_or(RequestError::Nonce)
}

/// Whether a state can be echoed: any printable one, for it means nothing here.
pub(super) fn is_state(state: &str) -> bool {
    state.len() <= MAX_TEXT && state.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The state; required where presentations come without holder binding (5.3).
pub(super) fn state(claims: &Map<String, Value>, query: &DcqlQuery) -> Result<Option<String>, RequestError> {
    match text(claims, "state")? {
        Some(state) if is_state(state) => Ok(Some(state.to_owned())),
        None if query.credentials().iter().all(|query| query.require_holder_binding) => Ok(None),
        _ => Err(RequestError::State),
    }
}

fn verifier_info(value: Option<&Value>, query: &DcqlQuery) -> Result<Vec<VerifierInfo>, RequestError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let entries = value.as_array().filter(|list| (1..=MAX_INFO).contains(&list.len()));
    let read = |entry: &Value| {
        let format = entry.get("format")?.as_str().filter(|format| !format.is_empty())?;
        let data = entry.get("data").filter(|data| data.is_string() || data.is_object())?;
        let asked = query.credentials();
        let position = |id: &Value| asked.iter().position(|one| Some(one.id.as_str()) == id.as_str());
        let credentials = match entry.get("credential_ids") {
            None => Vec::new(),
            Some(ids) => {
                let ids = ids.as_array().filter(|ids| !ids.is_empty())?;
                ids.iter().map(position).collect::<Option<_>>()?
            }
        };
        Some(VerifierInfo {
            format: format.to_owned(),
            data: data.clone(),
            credentials,
        })
    };
    entries
        .ok_or(RequestError::Malformed)?
        .iter()
        .map(read)
        .collect::<Option<_>>()
        .ok_or(RequestError::Malformed)
}

/// The first usable key that names its algorithm, and the preferred content encryption (8.3).
pub(super) fn encryption(claims: &Map<String, Value>) -> Result<(EncryptionKey, ContentEncryption), RequestError> {
    let metadata = metadata(claims)?.ok_or(RequestError::Encryption)?;
    let keys = metadata
        .get("jwks")
        .and_then(|jwks| jwks.get("keys"))
        .and_then(Value::as_array);
    let key = keys
        .and_then(|keys| {
            keys.iter()
                .take(MAX_KEYS)
                .filter(|jwk| jwk.get("alg").is_some())
                .find_map(|jwk| EncryptionKey::from_jwk(jwk).ok())
        })
        .ok_or(RequestError::Encryption)?;
    let enc = match metadata.get("encrypted_response_enc_values_supported") {
        None => Some(ContentEncryption::A128Gcm),
        Some(Value::Array(values)) => {
            let names: Vec<String> = values.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            preferred_encryption(&names)
        }
        Some(_) => None,
    };
    Ok((key, enc.ok_or(RequestError::Encryption)?))
}
