//! Credential Issuer metadata (OpenID4VCI 1.0, 12.2).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use wallet_credentials::claim::ClaimPath;
use wallet_credentials::credential::Format;
use wallet_credentials::jwt_vc;

use super::MAX_MESSAGE;
use super::govuk::{self, GovUkConfiguration, GovUkIssuer};
use crate::endpoint::{Endpoint, EndpointError, IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON};
use crate::json;

const CONFIGURATIONS: &str = "credential_configurations_supported";
/// The most configurations, and the most entries of any other list, that are read.
const MAX_ENTRIES: usize = 256;
/// The longest name or colour kept from a display entry, in characters.
const MAX_DISPLAY: usize = 512;
/// The longest logo address kept: `data:` images stay small.
const MAX_LOGO: usize = 256 * 1024;

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

/// Why one credential configuration cannot be used; the others of the same issuer still can.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigurationProblem {
    /// The issuer does not list it.
    #[error("the issuer does not offer this")]
    Unknown,
    /// A required member is missing or malformed, such as `vct` or `doctype` (A.2.2, A.3.2).
    #[error("the configuration is malformed")]
    Malformed,
    /// A format this wallet does not hold.
    #[error("the format is not supported")]
    Format,
    /// `proof_types_supported` and `cryptographic_binding_methods_supported` do not come together (12.2.4).
    #[error("binding methods and proof types do not come together")]
    BindingWithoutProof,
    /// No binding method or proof type this wallet can serve: it proves possession of P-256 keys by ES256 `jwt` proofs.
    #[error("no proof of possession this wallet can give")]
    Proof,
    /// The issuer requires a key attestation, and this wallet has no provider that gives any.
    #[error("a key attestation is required")]
    KeyAttestation,
    /// Two claims descriptions contradict each other (B.3).
    #[error("claims descriptions contradict each other")]
    ContradictoryClaims,
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

/// A name in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalName {
    /// The name.
    pub name: String,
    /// The language tag (BCP 47), when given.
    pub locale: Option<String>,
}

/// How something wants to be shown, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    /// The name.
    pub name: String,
    /// The language tag (BCP 47), when given.
    pub locale: Option<String>,
    /// A picture; `https` or `data`, never fetched here.
    pub logo: Option<Logo>,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// A CSS colour for the background.
    pub background_color: Option<String>,
    /// The colour the background runs into, where it is a gradient (GOV.UK's `background_color_2`).
    pub background_color_2: Option<String>,
    /// A CSS colour for the text.
    pub text_color: Option<String>,
}

/// A picture and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// Where it is.
    pub uri: String,
    /// What it shows.
    pub alt_text: Option<String>,
}

impl Display {
    /// The entry for a language such as `cy`: the same primary language, else English, else no language, else the first.
    pub fn for_language<'a>(entries: &'a [Self], language: &str) -> Option<&'a Self> {
        pick(entries, |entry| entry.locale.as_deref(), language)
    }
}

impl LocalName {
    /// The entry for a language, chosen as [`Display::for_language`] does.
    pub fn for_language<'a>(entries: &'a [Self], language: &str) -> Option<&'a Self> {
        pick(entries, |entry| entry.locale.as_deref(), language)
    }
}

fn pick<'a, T>(entries: &'a [T], locale: impl Fn(&T) -> Option<&str>, language: &str) -> Option<&'a T> {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let find = |wanted: &str| {
        entries
            .iter()
            .find(|entry| locale(entry).is_some_and(|tag| primary(tag) == wanted))
    };
    find(&primary(language))
        .or_else(|| find("en"))
        .or_else(|| entries.iter().find(|entry| locale(entry).is_none()))
        .or_else(|| entries.first())
}

/// The format of a configuration and its type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigurationFormat {
    /// `dc+sd-jwt` (A.3).
    SdJwtVc {
        /// The type.
        vct: String,
    },
    /// `mso_mdoc` (A.2).
    Mdoc {
        /// The document type.
        doctype: String,
    },
    /// `jwt_vc_json` (A.1.1).
    JwtVc {
        /// `type` of the credential definition, the type every credential has among them.
        types: Vec<String>,
    },
}

impl ConfigurationFormat {
    /// The format identifier.
    pub fn format(&self) -> Format {
        match self {
            Self::SdJwtVc { .. } => Format::DcSdJwt,
            Self::Mdoc { .. } => Format::MsoMdoc,
            Self::JwtVc { .. } => Format::JwtVcJson,
        }
    }

    /// The `vct` or document type; the last of the types of a JWT VC that says what it is.
    pub fn credential_type(&self) -> &str {
        match self {
            Self::SdJwtVc { vct } => vct,
            Self::Mdoc { doctype } => doctype,
            Self::JwtVc { types } => types
                .iter()
                .rev()
                .find(|name| *name != jwt_vc::BASE_TYPE)
                .map_or(jwt_vc::BASE_TYPE, String::as_str),
        }
    }
}

/// One kind of credential the issuer issues and this wallet can hold.
#[derive(Debug, Clone, PartialEq)]
pub struct CredentialConfiguration {
    /// Format and type.
    pub format: ConfigurationFormat,
    /// The scope to ask for in the authorization code flow.
    pub scope: Option<String>,
    /// Whether keys must be proved; when not, the credential is not bound to a holder.
    pub proof_required: bool,
    /// How they can be proved.
    pub proof_types: ProofTypes,
    /// Its names.
    pub display: Vec<Display>,
    /// What it says, as the issuer describes it.
    pub claims: Vec<ClaimDescription>,
    /// What GOV.UK's dialect says beside.
    pub gov_uk: Option<GovUkConfiguration>,
}

/// The proof types of a configuration that this wallet can give, by ES256 (12.2.4, `proof_types_supported`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofTypes {
    /// `jwt` (F.1).
    pub jwt: Option<ProofType>,
    /// `attestation` (F.3): a key attestation instead of a proof by each key.
    pub attestation: Option<ProofType>,
}

/// What is asked of a proof type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofType {
    /// The key attestation that must go with it, if any.
    pub key_attestation: Option<KeyAttestationRequirement>,
}

/// `key_attestations_required`: what keys must resist (D.2). Empty lists: a key attestation, whatever it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyAttestationRequirement {
    /// What the key storage must resist; one of these.
    pub key_storage: Vec<String>,
    /// What the authentication of its user must resist; one of these.
    pub user_authentication: Vec<String>,
}

impl ProofTypes {
    /// Whether no proof can be given without a key attestation.
    pub fn needs_key_attestation(&self) -> bool {
        let plain = self.jwt.as_ref().is_some_and(|jwt| jwt.key_attestation.is_none());
        !plain && (self.jwt.is_some() || self.attestation.is_some())
    }
}

/// What the issuer says about one claim (B.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimDescription {
    /// Which claim.
    pub path: ClaimPath,
    /// Whether every credential of this kind has it.
    pub mandatory: bool,
    /// Its names.
    pub display: Vec<LocalName>,
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
            display: display(members.get("display")),
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
        match configuration(value, gov_uk, policy) {
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

fn configuration(
    value: &Value,
    gov_uk: bool,
    policy: TransportPolicy,
) -> Result<CredentialConfiguration, ConfigurationProblem> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = |name: &str| {
        text(name)
            .filter(|text| !text.is_empty())
            .ok_or(ConfigurationProblem::Malformed)
    };
    let format = match text("format").ok_or(ConfigurationProblem::Malformed)?.as_str() {
        "dc+sd-jwt" => ConfigurationFormat::SdJwtVc { vct: kind("vct")? },
        "mso_mdoc" => ConfigurationFormat::Mdoc {
            doctype: kind("doctype")?,
        },
        "jwt_vc_json" => ConfigurationFormat::JwtVc {
            types: strings(value.pointer("/credential_definition/type"))
                .filter(|types| types.iter().any(|name| name == jwt_vc::BASE_TYPE))
                .ok_or(ConfigurationProblem::Malformed)?,
        },
        _ => return Err(ConfigurationProblem::Format),
    };
    let metadata = value.get("credential_metadata");
    let proof_types = if gov_uk {
        Some(govuk::proof_types(value)?)
    } else {
        proof_types(value)?
    };
    Ok(CredentialConfiguration {
        format,
        scope: text("scope"),
        proof_required: proof_types.is_some(),
        proof_types: proof_types.unwrap_or_default(),
        gov_uk: gov_uk.then(|| govuk::configuration(value, policy)),
        display: display(metadata.and_then(|metadata| metadata.get("display"))),
        claims: claims(metadata.and_then(|metadata| metadata.get("claims")))?,
    })
}

/// `None` when the credential is bound to no key.
fn proof_types(value: &Value) -> Result<Option<ProofTypes>, ConfigurationProblem> {
    let binding = value.get("cryptographic_binding_methods_supported");
    let proofs = value.get("proof_types_supported");
    let (binding, proofs) = match (binding, proofs) {
        (None, None) => return Ok(None),
        (Some(binding), Some(proofs)) => (binding, proofs),
        _ => return Err(ConfigurationProblem::BindingWithoutProof),
    };
    let binding = strings(Some(binding)).ok_or(ConfigurationProblem::Malformed)?;
    if !binding.iter().any(|method| method == "jwk" || method == "cose_key") {
        return Err(ConfigurationProblem::Proof);
    }
    let types = ProofTypes {
        jwt: proofs.get("jwt").map(proof_type).transpose()?.flatten(),
        attestation: proofs.get("attestation").map(proof_type).transpose()?.flatten(),
    };
    if types == ProofTypes::default() {
        return Err(ConfigurationProblem::Proof);
    }
    Ok(Some(types))
}

/// `None` when it asks for another algorithm than ES256.
fn proof_type(value: &Value) -> Result<Option<ProofType>, ConfigurationProblem> {
    let algorithms = value
        .get("proof_signing_alg_values_supported")
        .and_then(Value::as_array);
    if !algorithms.is_some_and(|known| known.contains(&json!("ES256"))) {
        return Ok(None);
    }
    let required = value
        .get("key_attestations_required")
        .filter(|required| !required.is_null());
    let list = |required: &Value, name: &str| match required.get(name).filter(|value| !value.is_null()) {
        None => Ok(Vec::new()),
        Some(value) => strings(Some(value)).ok_or(ConfigurationProblem::Malformed),
    };
    let requirement = required.map(|required| {
        Ok(KeyAttestationRequirement {
            key_storage: list(required, "key_storage")?,
            user_authentication: list(required, "user_authentication")?,
        })
    });
    Ok(Some(ProofType {
        key_attestation: requirement.transpose()?,
    }))
}

/// What is only for show never makes metadata unusable: entries that are not understood are left out.
fn display(value: Option<&Value>) -> Vec<Display> {
    let entries = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let short = |entry: &Value, name: &str| {
        entry
            .get(name)
            .and_then(Value::as_str)
            .map(|text| shortened(text, MAX_DISPLAY))
    };
    entries
        .iter()
        .take(MAX_ENTRIES)
        .filter_map(|entry| {
            Some(Display {
                name: short(entry, "name")?,
                locale: short(entry, "locale"),
                logo: entry.get("logo").and_then(logo),
                description: short(entry, "description"),
                background_color: short(entry, "background_color").or_else(|| short(entry, "background_color_1")),
                background_color_2: short(entry, "background_color_2"),
                text_color: short(entry, "text_color"),
            })
        })
        .collect()
}

fn logo(value: &Value) -> Option<Logo> {
    let uri = value
        .get("uri")
        .and_then(Value::as_str)
        .filter(|uri| uri.len() <= MAX_LOGO)?;
    let alt_text = value.get("alt_text").and_then(Value::as_str);
    Some(Logo {
        uri: uri.to_owned(),
        alt_text: alt_text.map(|text| shortened(text, MAX_DISPLAY)),
    })
}

fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

fn claims(value: Option<&Value>) -> Result<Vec<ClaimDescription>, ConfigurationProblem> {
    let entries = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut claims: Vec<ClaimDescription> = Vec::new();
    for entry in entries.iter().take(MAX_ENTRIES) {
        let Some(Ok(path)) = entry.get("path").cloned().map(serde_json::from_value::<ClaimPath>) else {
            continue;
        };
        let mandatory = entry.get("mandatory").and_then(Value::as_bool).unwrap_or(false);
        match claims.iter().find(|known| known.path == path) {
            Some(known) if known.mandatory != mandatory => return Err(ConfigurationProblem::ContradictoryClaims),
            Some(_) => {}
            None => claims.push(ClaimDescription {
                path,
                mandatory,
                display: local_names(entry.get("display")),
            }),
        }
    }
    Ok(claims)
}

fn local_names(value: Option<&Value>) -> Vec<LocalName> {
    display(value)
        .into_iter()
        .map(|entry| LocalName {
            name: entry.name,
            locale: entry.locale,
        })
        .collect()
}
