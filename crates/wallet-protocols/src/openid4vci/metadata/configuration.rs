//! One entry of `credential_configurations_supported` (OpenID4VCI 1.0, 12.2.4, A.2.2, A.3.2, B.2).

use serde_json::{Value, json};
use wallet_credentials::claim::ClaimPath;
use wallet_credentials::credential::Format;
use wallet_credentials::jwt_vc;

use super::display::{self, Display, LocalName};
use super::{MAX_ENTRIES, strings};
use crate::endpoint::TransportPolicy;
use crate::openid4vci::govuk::{self, GovUkConfiguration};

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

pub(super) fn read(
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
        display: display::read(metadata.and_then(|metadata| metadata.get("display"))),
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
                display: display::local_names(entry.get("display")),
            }),
        }
    }
    Ok(claims)
}
