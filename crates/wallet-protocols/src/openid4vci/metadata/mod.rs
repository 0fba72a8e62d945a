//! Credential Issuer metadata (OpenID4VCI 1.0, 12.2).

mod configuration;
mod display;

pub use configuration::{
    ClaimDescription, ConfigurationFormat, ConfigurationProblem, CredentialConfiguration, KeyAttestationRequirement,
    ProofType, ProofTypes,
};
pub use display::{Display, LocalName, Logo};

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::MAX_MESSAGE;
use super::govuk::{self, GovUkIssuer};
use crate::endpoint::{Endpoint, EndpointError, IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON};
use crate::json;

const CONFIGURATIONS: &str = "credential_configurations_supported";
/// The most configurations, and the most entries of any other list, that are read.
const MAX_ENTRIES: usize = 256;

/// Why metadata is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// The server answered with an error.
    #[error("the metadata could not be fetched: status {status}")]
    NotFetched {
        /// The HTTP status.
        status: u16,
    },
    /// Not a JSON object, or a required member is missing or of the wrong type.
    #[error("the metadata is malformed")]
    Malformed,
    /// The metadata names another issuer than the one asked for (12.2.4; RFC 8414, 3.3).
    #[error("the metadata is for another issuer")]
    OtherIssuer,
    /// An endpoint is not acceptable.
    #[error("`{0}` is not acceptable: {1}")]
    Endpoint(&'static str, EndpointError),
    /// A member has a value it may not have (12.2.4).
    #[error("`{0}` has a value it may not have")]
    Value(&'static str),
    /// Response encryption is offered without the keys to encrypt requests with (8.2, 12.2.4).
    #[error("response encryption is offered without request encryption")]
    ResponseEncryptionOnly,
}

/// The requests that may find the metadata, best first: the inserted well-known form (12.2.2), then the older appended one.
pub fn issuer_metadata_requests(issuer: &IssuerIdentifier) -> Vec<HttpRequest> {
    let name = "openid-credential-issuer";
    let mut urls = vec![
        issuer.well_known_inserted_verbatim(name),
        issuer.well_known_inserted(name),
        issuer.well_known_appended(name),
    ];
    let mut seen = BTreeSet::new();
    urls.retain(|url| seen.insert(url.clone()));
    urls.into_iter().map(|url| HttpRequest::get(url, JSON)).collect()
}

/// What an issuer says about itself. Texts in it come from outside: clean and shorten them before drawing.
#[derive(Debug, Clone, PartialEq)]
pub struct IssuerMetadata {
    /// The identifier, equal to the one asked for.
    pub credential_issuer: IssuerIdentifier,
    /// The authorization servers; empty when the issuer is its own.
    pub authorization_servers: Vec<IssuerIdentifier>,
    /// Where credentials are requested.
    pub credential_endpoint: Endpoint,
    /// Where nonces come from; absent when proofs need none.
    pub nonce_endpoint: Option<Endpoint>,
    /// Where deferred credentials are fetched.
    pub deferred_credential_endpoint: Option<Endpoint>,
    /// Where the issuer is told what became of a credential.
    pub notification_endpoint: Option<Endpoint>,
    /// How requests are encrypted.
    pub request_encryption: Option<EncryptionRequirement>,
    /// How responses are encrypted.
    pub response_encryption: Option<CredentialResponseEncryptionMetadata>,
    /// Whether several copies can be asked for at once.
    pub batch: Option<BatchIssuance>,
    /// The issuer's names.
    pub display: Vec<Display>,
    /// What can be issued, by configuration identifier.
    pub configurations: BTreeMap<String, CredentialConfiguration>,
    /// What this wallet cannot use, and why.
    pub unusable: BTreeMap<String, ConfigurationProblem>,
    /// Set where the issuer speaks GOV.UK's dialect of draft 14 instead.
    pub gov_uk: Option<GovUkIssuer>,
}

/// `credential_request_encryption`.
#[derive(Debug, Clone, PartialEq)]
pub struct EncryptionRequirement {
    /// The issuer's keys, as JWKs; unusable ones are to be skipped.
    pub keys: Vec<Value>,
    /// JWE `enc` values.
    pub enc_values: Vec<String>,
    /// JWE `zip` values; empty when requests are not compressed.
    pub zip_values: Vec<String>,
    /// Whether requests must be encrypted.
    pub required: bool,
}

/// `credential_response_encryption`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialResponseEncryptionMetadata {
    /// JWE `alg` values.
    pub alg_values: Vec<String>,
    /// JWE `enc` values.
    pub enc_values: Vec<String>,
    /// JWE `zip` values; empty when responses are not compressed.
    pub zip_values: Vec<String>,
    /// Whether responses are always encrypted.
    pub required: bool,
}

/// `batch_credential_issuance`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchIssuance {
    /// The most proofs in one request; at least 2.
    pub batch_size: u32,
}

impl IssuerMetadata {
    /// Reads the answer of `issuer`.
    ///
    /// # Errors
    /// [`MetadataError`]. Trouble with a single configuration is not an error: it stands in [`IssuerMetadata::unusable`].
    pub fn read(
        issuer: &IssuerIdentifier,
        response: &HttpResponse,
        policy: TransportPolicy,
    ) -> Result<Self, MetadataError> {
        if response.status != 200 {
            return Err(MetadataError::NotFetched {
                status: response.status,
            });
        }
        let mut value = json::parse(&response.body, MAX_MESSAGE).map_err(|_| MetadataError::Malformed)?;
        remove_nulls(&mut value);
        if let Some(supported) = value.get_mut(CONFIGURATIONS).and_then(Value::as_object_mut) {
            supported.values_mut().for_each(remove_nulls);
        }
        let members = value.as_object().ok_or(MetadataError::Malformed)?;
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        if text("credential_issuer").ok_or(MetadataError::Malformed)? != issuer.as_str() {
            return Err(MetadataError::OtherIssuer);
        }
        let endpoint = |name: &'static str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(url)) => Endpoint::parse(url, policy)
                .map(Some)
                .map_err(|reason| MetadataError::Endpoint(name, reason)),
            Some(_) => Err(MetadataError::Value(name)),
        };
        let request_encryption = members
            .get("credential_request_encryption")
            .map(request_encryption)
            .transpose()?;
        let response_encryption = members
            .get("credential_response_encryption")
            .map(response_encryption)
            .transpose()?;
        if response_encryption.is_some() && request_encryption.is_none() {
            return Err(MetadataError::ResponseEncryptionOnly);
        }
        let gov_uk = govuk::recognised(members, policy)?;
        let (configurations, unusable) = configurations(members, gov_uk.is_some(), policy)?;
        Ok(Self {
            credential_issuer: issuer.clone(),
            authorization_servers: authorization_servers(members, policy)?,
            credential_endpoint: endpoint("credential_endpoint")?.ok_or(MetadataError::Value("credential_endpoint"))?,
            nonce_endpoint: endpoint("nonce_endpoint")?,
            deferred_credential_endpoint: endpoint("deferred_credential_endpoint")?,
            notification_endpoint: endpoint("notification_endpoint")?,
            request_encryption,
            response_encryption,
            batch: members.get("batch_credential_issuance").map(batch).transpose()?,
            display: display::read(members.get("display")),
            configurations,
            unusable,
            gov_uk,
        })
    }

    /// The same for a wallet without a wallet provider: what needs a key attestation is unusable.
    #[must_use]
    pub fn without_key_attestations(mut self) -> Self {
        let needing = |configuration: &CredentialConfiguration| configuration.proof_types.needs_key_attestation();
        let needing: Vec<String> = self
            .configurations
            .iter()
            .filter(|(_, configuration)| needing(configuration))
            .map(|(id, _)| id.clone())
            .collect();
        for id in needing {
            self.configurations.remove(&id);
            self.unusable.insert(id, ConfigurationProblem::KeyAttestation);
        }
        for configuration in self.configurations.values_mut() {
            configuration.proof_types.attestation = None;
        }
        self
    }

    /// The configuration with this identifier.
    ///
    /// # Errors
    /// Why this wallet cannot use it.
    pub fn configuration(&self, id: &str) -> Result<&CredentialConfiguration, ConfigurationProblem> {
        self.configurations
            .get(id)
            .ok_or_else(|| self.unusable.get(id).copied().unwrap_or(ConfigurationProblem::Unknown))
    }

    /// The authorization servers to choose from: those listed, or the issuer itself (12.2.4).
    pub fn authorization_servers(&self) -> Vec<&IssuerIdentifier> {
        if self.authorization_servers.is_empty() {
            vec![&self.credential_issuer]
        } else {
            self.authorization_servers.iter().collect()
        }
    }

    /// How many proofs one request may carry.
    pub fn batch_size(&self) -> u32 {
        match &self.gov_uk {
            Some(_) => 1,
            None => self.batch.map_or(1, |batch| batch.batch_size),
        }
    }
}

fn authorization_servers(
    members: &Map<String, Value>,
    policy: TransportPolicy,
) -> Result<Vec<IssuerIdentifier>, MetadataError> {
    let name = "authorization_servers";
    let Some(servers) = members.get(name) else {
        return Ok(Vec::new());
    };
    let servers = servers.as_array().ok_or(MetadataError::Value(name))?;
    if servers.is_empty() || servers.len() > MAX_ENTRIES {
        return Err(MetadataError::Value(name));
    }
    servers
        .iter()
        .map(|server| {
            let text = server.as_str().ok_or(MetadataError::Value(name))?;
            IssuerIdentifier::parse(text, policy).map_err(|reason| MetadataError::Endpoint(name, reason))
        })
        .collect()
}

fn batch(value: &Value) -> Result<BatchIssuance, MetadataError> {
    value
        .get("batch_size")
        .and_then(Value::as_u64)
        .and_then(|size| u32::try_from(size).ok())
        .filter(|size| *size >= 2)
        .map(|batch_size| BatchIssuance { batch_size })
        .ok_or(MetadataError::Value("batch_credential_issuance"))
}

fn request_encryption(value: &Value) -> Result<EncryptionRequirement, MetadataError> {
    let name = "credential_request_encryption";
    let keys = value.pointer("/jwks/keys").and_then(Value::as_array);
    Ok(EncryptionRequirement {
        keys: keys
            .ok_or(MetadataError::Value(name))?
            .iter()
            .take(MAX_ENTRIES)
            .cloned()
            .collect(),
        enc_values: strings(value.get("enc_values_supported")).ok_or(MetadataError::Value(name))?,
        zip_values: value
            .get("zip_values_supported")
            .filter(|value| !value.is_null())
            .map_or(Some(Vec::new()), |value| strings(Some(value)))
            .ok_or(MetadataError::Value(name))?,
        required: value
            .get("encryption_required")
            .and_then(Value::as_bool)
            .unwrap_or(false),
    })
}

fn response_encryption(value: &Value) -> Result<CredentialResponseEncryptionMetadata, MetadataError> {
    let name = "credential_response_encryption";
    Ok(CredentialResponseEncryptionMetadata {
        alg_values: strings(value.get("alg_values_supported")).ok_or(MetadataError::Value(name))?,
        enc_values: strings(value.get("enc_values_supported")).ok_or(MetadataError::Value(name))?,
        zip_values: value
            .get("zip_values_supported")
            .filter(|value| !value.is_null())
            .map_or(Some(Vec::new()), |value| strings(Some(value)))
            .ok_or(MetadataError::Value(name))?,
        required: value
            .get("encryption_required")
            .and_then(Value::as_bool)
            .unwrap_or(false),
    })
}

pub(super) fn strings(value: Option<&Value>) -> Option<Vec<String>> {
    value?
        .as_array()?
        .iter()
        .take(MAX_ENTRIES)
        .map(|item| item.as_str().map(str::to_owned))
        .collect()
}

type Configurations = (
    BTreeMap<String, CredentialConfiguration>,
    BTreeMap<String, ConfigurationProblem>,
);

fn configurations(
    members: &Map<String, Value>,
    gov_uk: bool,
    policy: TransportPolicy,
) -> Result<Configurations, MetadataError> {
    let supported = members
        .get(CONFIGURATIONS)
        .and_then(Value::as_object)
        .ok_or(MetadataError::Value(CONFIGURATIONS))?;
    if supported.len() > MAX_ENTRIES {
        return Err(MetadataError::Value(CONFIGURATIONS));
    }
    let mut found = Configurations::default();
    for (id, value) in supported {
        match configuration::read(value, gov_uk, policy) {
            Ok(configuration) => drop(found.0.insert(id.clone(), configuration)),
            Err(problem) => drop(found.1.insert(id.clone(), problem)),
        }
    }
    Ok(found)
}

/// Some issuers write `null` for members they leave out.
fn remove_nulls(value: &mut Value) {
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
}
