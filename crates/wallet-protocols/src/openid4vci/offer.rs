//! Credential Offers (OpenID4VCI 1.0, 4.1).

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use zeroize::Zeroizing;

use super::govuk;
use crate::endpoint::{Endpoint, EndpointError, IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON, decode_form, encode_form};
use crate::json;

/// The longest offer or offer link, in bytes.
const MAX_OFFER: usize = 64 * 1024;
/// The most credentials one offer may name.
const MAX_CONFIGURATIONS: usize = 32;
/// The longest identifier, code or state, in bytes.
const MAX_TEXT: usize = 8 * 1024;
/// The longest description of a transaction code, in characters (4.1.1).
const MAX_DESCRIPTION: usize = 300;
/// The schemes by which offers arrive: OpenID4VCI 4.1, HAIP A.1, the EU age verification profile A.4.
const SCHEMES: [&str; 5] = [
    "openid-credential-offer",
    "haip-vci",
    "av",
    "eu-eaa-offer",
    "openid4vci",
];
const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

/// Why an offer is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OfferError {
    /// The text is not a link this module knows, or too long.
    #[error("not a credential offer link")]
    NotAnOfferLink,
    /// Both of `credential_offer` and `credential_offer_uri`, or neither (4.1).
    #[error("not exactly one of `credential_offer` and `credential_offer_uri`")]
    NotExactlyOne,
    /// The offer is not a JSON object of the shape 4.1.1 gives.
    #[error("the offer is malformed")]
    Malformed,
    /// The place the offer is to be fetched from is not acceptable.
    #[error("the offer's address is not acceptable: {0}")]
    OfferUri(EndpointError),
    /// The Credential Issuer identifier is not acceptable (12.2.1).
    #[error("the issuer identifier is not acceptable: {0}")]
    Issuer(EndpointError),
    /// The authorization server named in a grant is not acceptable.
    #[error("the authorization server is not acceptable: {0}")]
    AuthorizationServer(EndpointError),
    /// `credential_configuration_ids` is empty, too long, or has a repeated or empty entry (4.1.1).
    #[error("`credential_configuration_ids` is not a list of distinct identifiers")]
    ConfigurationIds,
    /// The description of the transaction code has more than 300 characters, or an unknown input mode (4.1.1).
    #[error("the description of the transaction code is not acceptable")]
    TransactionCode,
    /// The issuer answered the request for the offer with an error.
    #[error("the offer could not be fetched: status {status}")]
    NotFetched {
        /// The HTTP status.
        status: u16,
    },
}

/// What an offer link carries.
#[expect(
    clippy::large_enum_variant,
    reason = "one exists at a time, and it is taken apart at once"
)]
pub enum OfferLink {
    /// The offer itself.
    ByValue(CredentialOffer),
    /// Where to fetch it (4.1.3).
    ByReference(OfferReference),
}

/// Where an offer is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferReference(Endpoint);

/// Whether a text looks like an offer link, without reading the offer.
pub fn is_offer_link(link: &str) -> bool {
    offer_parameters(link).is_ok()
}

impl OfferLink {
    /// Reads a link: one of the offer schemes, or an http(s) link, with `credential_offer` or `credential_offer_uri`.
    ///
    /// # Errors
    /// [`OfferError`].
    pub fn parse(link: &str, policy: TransportPolicy) -> Result<Self, OfferError> {
        Self::from_parameters(offer_parameters(link)?, policy)
    }

    fn from_parameters(parameters: OfferParameters, policy: TransportPolicy) -> Result<Self, OfferError> {
        match parameters {
            (Some(offer), None) => CredentialOffer::parse(offer.as_bytes(), policy).map(Self::ByValue),
            (None, Some(uri)) => Endpoint::parse(&uri, policy)
                .map(|endpoint| Self::ByReference(OfferReference(endpoint)))
                .map_err(OfferError::OfferUri),
            _ => Err(OfferError::NotExactlyOne),
        }
    }
}

type OfferParameters = (Option<String>, Option<String>);

fn offer_parameters(link: &str) -> Result<OfferParameters, OfferError> {
    if link.len() > MAX_OFFER {
        return Err(OfferError::NotAnOfferLink);
    }
    let url = Url::parse(link.trim()).map_err(|_| OfferError::NotAnOfferLink)?;
    if !SCHEMES.contains(&url.scheme()) && !matches!(url.scheme(), "https" | "http") {
        return Err(OfferError::NotAnOfferLink);
    }
    let parameters = decode_form(url.query().unwrap_or_default().as_bytes()).map_err(|_| OfferError::NotAnOfferLink)?;
    let mut found: OfferParameters = (None, None);
    for (name, value) in parameters {
        match name.as_str() {
            "credential_offer" => found.0 = Some(govuk::decoded(value)),
            "credential_offer_uri" => found.1 = Some(value),
            _ => {}
        }
    }
    if found == (None, None) {
        return Err(OfferError::NotAnOfferLink);
    }
    Ok(found)
}

impl OfferReference {
    /// The address, for the network layer's rules.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0
    }

    /// The request that fetches the offer.
    pub fn request(&self) -> HttpRequest {
        HttpRequest::get(self.0.url().clone(), JSON)
    }

    /// Reads the answer.
    ///
    /// # Errors
    /// [`OfferError::NotFetched`] for a status other than 200, and whatever is wrong with the offer.
    pub fn read(&self, response: &HttpResponse, policy: TransportPolicy) -> Result<CredentialOffer, OfferError> {
        if response.status != 200 {
            return Err(OfferError::NotFetched {
                status: response.status,
            });
        }
        CredentialOffer::parse(&response.body, policy)
    }
}

/// A Credential Offer (4.1.1). It may carry a one-time code: no `Clone`, no `Debug`.
pub struct CredentialOffer {
    /// The Credential Issuer.
    pub credential_issuer: IssuerIdentifier,
    /// What is offered: keys of `credential_configurations_supported`, distinct, at least one.
    pub credential_configuration_ids: Vec<String>,
    /// How it can be obtained.
    pub grants: Grants,
}

/// The grants of an offer; all absent means that the authorization server's metadata decides (4.1.1).
#[derive(Default)]
pub struct Grants {
    /// The authorization code grant.
    pub authorization_code: Option<AuthorizationCodeGrant>,
    /// The pre-authorized code grant.
    pub pre_authorized_code: Option<PreAuthorizedCodeGrant>,
}

/// Parameters of the authorization code grant.
pub struct AuthorizationCodeGrant {
    /// To be passed unchanged in the authorization request (5.1.3).
    pub issuer_state: Option<Zeroizing<String>>,
    /// Which of the issuer's authorization servers to use.
    pub authorization_server: Option<IssuerIdentifier>,
}

/// Parameters of the pre-authorized code grant.
pub struct PreAuthorizedCodeGrant {
    /// The code.
    pub code: PreAuthorizedCode,
    /// Present when the person must type a code they got another way; even when it describes nothing (4.1.1).
    pub transaction_code: Option<TransactionCodeDescription>,
    /// Which of the issuer's authorization servers to use.
    pub authorization_server: Option<IssuerIdentifier>,
}

/// A one-time code that stands for the person's earlier authorization. Wiped when dropped, never printed.
pub struct PreAuthorizedCode(Zeroizing<String>);

impl PreAuthorizedCode {
    /// Takes a code.
    pub fn new(code: impl Into<String>) -> Self {
        Self(Zeroizing::new(code.into()))
    }

    /// The code, for the token request and the issuer's offer.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// How a transaction code is typed (4.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputMode {
    /// Digits only; the default.
    Numeric,
    /// Any characters.
    Text,
}

/// What the issuer says about the transaction code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionCodeDescription {
    /// How it is typed.
    pub input_mode: InputMode,
    /// How many characters it has, when the issuer says so.
    pub length: Option<u32>,
    /// What the issuer says about how the person got it; from outside, to be cleaned before it is drawn.
    pub description: Option<String>,
}

#[derive(Deserialize)]
struct WireOffer {
    credential_issuer: String,
    credential_configuration_ids: Vec<String>,
    #[serde(default)]
    grants: Option<WireGrants>,
}

#[derive(Deserialize)]
struct WireGrants {
    #[serde(default)]
    authorization_code: Option<WireAuthorizationCode>,
    #[serde(rename = "urn:ietf:params:oauth:grant-type:pre-authorized_code")]
    #[serde(default)]
    pre_authorized_code: Option<WirePreAuthorizedCode>,
}

#[derive(Deserialize)]
struct WireAuthorizationCode {
    #[serde(default)]
    issuer_state: Option<String>,
    #[serde(default)]
    authorization_server: Option<String>,
}

#[derive(Deserialize)]
struct WirePreAuthorizedCode {
    #[serde(rename = "pre-authorized_code")]
    code: String,
    #[serde(default)]
    tx_code: Option<WireTransactionCode>,
    #[serde(default)]
    authorization_server: Option<String>,
}

#[derive(Deserialize)]
struct WireTransactionCode {
    #[serde(default)]
    input_mode: Option<String>,
    #[serde(default)]
    length: Option<u32>,
    #[serde(default)]
    description: Option<String>,
}

impl CredentialOffer {
    /// Reads an offer from JSON text.
    ///
    /// # Errors
    /// [`OfferError`] for anything 4.1.1 does not allow; unknown members and grants are ignored.
    pub fn parse(text: &[u8], policy: TransportPolicy) -> Result<Self, OfferError> {
        let wire: WireOffer = json::parse_as(text, MAX_OFFER).map_err(|_| OfferError::Malformed)?;
        let credential_issuer = IssuerIdentifier::parse(&wire.credential_issuer, policy).map_err(OfferError::Issuer)?;
        let ids = wire.credential_configuration_ids;
        let repeated = |(position, id): (usize, &String)| ids.iter().take(position).any(|earlier| earlier == id);
        if ids.is_empty()
            || ids.len() > MAX_CONFIGURATIONS
            || ids.iter().any(|id| id.is_empty() || id.len() > MAX_TEXT)
            || ids.iter().enumerate().any(repeated)
        {
            return Err(OfferError::ConfigurationIds);
        }
        let grants = match wire.grants {
            None => Grants::default(),
            Some(grants) => Grants {
                authorization_code: grants
                    .authorization_code
                    .map(|grant| authorization_code_grant(grant, policy))
                    .transpose()?,
                pre_authorized_code: grants
                    .pre_authorized_code
                    .map(|grant| pre_authorized_code_grant(grant, policy))
                    .transpose()?,
            },
        };
        Ok(Self {
            credential_issuer,
            credential_configuration_ids: ids,
            grants,
        })
    }

    /// The offer as JSON, for the issuer that makes one. It contains the pre-authorized code.
    pub fn to_json(&self) -> Value {
        let mut grants = serde_json::Map::new();
        if let Some(grant) = &self.grants.authorization_code {
            let mut members = serde_json::Map::new();
            if let Some(state) = &grant.issuer_state {
                members.insert("issuer_state".to_owned(), json!(state.as_str()));
            }
            if let Some(server) = &grant.authorization_server {
                members.insert("authorization_server".to_owned(), json!(server.as_str()));
            }
            grants.insert("authorization_code".to_owned(), Value::Object(members));
        }
        if let Some(grant) = &self.grants.pre_authorized_code {
            let mut members = serde_json::Map::new();
            members.insert("pre-authorized_code".to_owned(), json!(grant.code.expose()));
            if let Some(code) = &grant.transaction_code {
                members.insert("tx_code".to_owned(), code.to_json());
            }
            if let Some(server) = &grant.authorization_server {
                members.insert("authorization_server".to_owned(), json!(server.as_str()));
            }
            grants.insert(PRE_AUTHORIZED.to_owned(), Value::Object(members));
        }
        let mut offer = json!({
            "credential_issuer": self.credential_issuer.as_str(),
            "credential_configuration_ids": self.credential_configuration_ids,
        });
        if let (false, Value::Object(members)) = (grants.is_empty(), &mut offer) {
            members.insert("grants".to_owned(), Value::Object(grants));
        }
        offer
    }

    /// The link that carries this offer by value, in a scheme such as `openid-credential-offer`.
    pub fn to_link(&self, scheme: &str) -> String {
        let query = encode_form(&[("credential_offer", &self.to_json().to_string())]);
        format!("{scheme}://?{query}")
    }

    /// The link that refers to an offer served at `uri` (4.1.3).
    pub fn reference_link(scheme: &str, uri: &str) -> String {
        format!("{scheme}://?{}", encode_form(&[("credential_offer_uri", uri)]))
    }
}

impl TransactionCodeDescription {
    fn to_json(&self) -> Value {
        let mut members = serde_json::Map::new();
        let mode = match self.input_mode {
            InputMode::Numeric => "numeric",
            InputMode::Text => "text",
        };
        members.insert("input_mode".to_owned(), json!(mode));
        if let Some(length) = self.length {
            members.insert("length".to_owned(), json!(length));
        }
        if let Some(description) = &self.description {
            members.insert("description".to_owned(), json!(description));
        }
        Value::Object(members)
    }
}

fn authorization_code_grant(
    wire: WireAuthorizationCode,
    policy: TransportPolicy,
) -> Result<AuthorizationCodeGrant, OfferError> {
    if wire.issuer_state.as_ref().is_some_and(|state| state.len() > MAX_TEXT) {
        return Err(OfferError::Malformed);
    }
    Ok(AuthorizationCodeGrant {
        issuer_state: wire.issuer_state.map(Zeroizing::new),
        authorization_server: authorization_server(wire.authorization_server, policy)?,
    })
}

fn pre_authorized_code_grant(
    wire: WirePreAuthorizedCode,
    policy: TransportPolicy,
) -> Result<PreAuthorizedCodeGrant, OfferError> {
    if wire.code.is_empty() || wire.code.len() > MAX_TEXT {
        return Err(OfferError::Malformed);
    }
    Ok(PreAuthorizedCodeGrant {
        code: PreAuthorizedCode::new(wire.code),
        transaction_code: wire.tx_code.map(transaction_code).transpose()?,
        authorization_server: authorization_server(wire.authorization_server, policy)?,
    })
}

fn authorization_server(
    server: Option<String>,
    policy: TransportPolicy,
) -> Result<Option<IssuerIdentifier>, OfferError> {
    server
        .map(|text| IssuerIdentifier::parse(&text, policy).map_err(OfferError::AuthorizationServer))
        .transpose()
}

fn transaction_code(wire: WireTransactionCode) -> Result<TransactionCodeDescription, OfferError> {
    let input_mode = match wire.input_mode.as_deref() {
        None | Some("numeric") => InputMode::Numeric,
        Some("text") => InputMode::Text,
        Some(_) => return Err(OfferError::TransactionCode),
    };
    let too_long = |text: &String| text.chars().count() > MAX_DESCRIPTION;
    if wire.description.as_ref().is_some_and(too_long) {
        return Err(OfferError::TransactionCode);
    }
    Ok(TransactionCodeDescription {
        input_mode,
        length: wire.length,
        description: wire.description,
    })
}
