//! A DCQL query that obeys the rules of OpenID4VP 1.0, 6 and 7.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde_json::Value;
use wallet_credentials::claim::{ClaimPath, PathElement};
use wallet_credentials::credential::Format;
use wallet_credentials::jose::base64url;

use super::wire;
use crate::json;

/// The longest query, in bytes of JSON.
const MAX_QUERY: usize = 256 * 1024;
/// Most credential queries, sets, options of a set, claim sets, and members of an option or claim set.
const MAX_ENTRIES: usize = 64;
/// Most claims of one credential query, values of one claim, values of a type or authority.
const MAX_CLAIMS: usize = 256;
/// The longest identifier or type value, in bytes.
const MAX_NAME: usize = 1024;

/// Why a query is not valid; the answer to the service is `invalid_request`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DcqlError {
    /// Not a JSON object of the shape section 6 gives, or a required member is missing.
    #[error("the query does not have the shape of a DCQL query")]
    Shape,
    /// An array that must not be empty is empty.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// More entries or longer names than this wallet takes.
    #[error("`{0}` is too large")]
    TooLarge(&'static str),
    /// An identifier has other characters than letters, digits, `_` and `-` (6.1, 6.3).
    #[error("an identifier has characters it may not have")]
    Identifier,
    /// Two credential queries, or two claims of one query, have the same identifier (6.1, 6.3).
    #[error("an identifier is used twice")]
    DuplicateIdentifier,
    /// `claim_sets` or `credential_sets` names an identifier that does not exist (6.1, 6.2).
    #[error("an unknown identifier is referred to")]
    UnknownIdentifier,
    /// `claim_sets` without `claims`, or with claims that have no identifier (6.1, 6.3).
    #[error("`claim_sets` needs `claims` with identifiers")]
    ClaimSetsWithoutIdentifiers,
    /// `meta` does not have the shape its format gives (B.2.3, B.3.5).
    #[error("`meta` does not fit the format")]
    Meta,
    /// An mdoc path is not exactly a namespace and an element name (7.2).
    #[error("the path of an mdoc claim is not a namespace and an element name")]
    MdocPath,
    /// A value to match is not a string, integer or boolean (6.3).
    #[error("a value to match is not a string, an integer or a boolean")]
    Value,
}

/// The identifier of a credential query: the key of its answer in `vp_token`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryId(String);

impl QueryId {
    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for QueryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// Which credentials a query is about: `format` and `meta`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestedType {
    /// `dc+sd-jwt` with one of these `vct` values; any, when the query names none.
    SdJwtVc(Option<Vec<String>>),
    /// `mso_mdoc` of this document type; any, when the query names none.
    Mdoc(Option<String>),
    /// `jwt_vc_json` with every type of one of these lists; any, when the query names none (B.1.1).
    JwtVc(Option<Vec<Vec<String>>>),
    /// A format this wallet does not hold; such a query never matches, but it is not an error.
    Unsupported(String),
}

impl RequestedType {
    /// The format, when it is one this wallet holds.
    pub fn format(&self) -> Option<Format> {
        match self {
            Self::SdJwtVc(_) => Some(Format::DcSdJwt),
            Self::Mdoc(_) => Some(Format::MsoMdoc),
            Self::JwtVc(_) => Some(Format::JwtVcJson),
            Self::Unsupported(_) => None,
        }
    }
}

/// A value a claim must have: compared by type and value (6.4.1).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimValue {
    /// A string.
    Text(String),
    /// An integer.
    Integer(i128),
    /// A boolean.
    Boolean(bool),
}

impl ClaimValue {
    fn parse(value: &Value) -> Result<Self, DcqlError> {
        match value {
            Value::String(text) if text.len() > MAX_NAME => Err(DcqlError::TooLarge("values")),
            Value::String(text) => Ok(Self::Text(text.clone())),
            Value::Bool(flag) => Ok(Self::Boolean(*flag)),
            Value::Number(_) => integer(value).map(Self::Integer).ok_or(DcqlError::Value),
            _ => Err(DcqlError::Value),
        }
    }

    /// Whether the claim has exactly this type and value.
    pub fn equals(&self, value: &Value) -> bool {
        match self {
            Self::Text(text) => value.as_str() == Some(text),
            Self::Integer(number) => integer(value) == Some(*number),
            Self::Boolean(flag) => value.as_bool() == Some(*flag),
        }
    }
}

fn integer(value: &Value) -> Option<i128> {
    value
        .as_i64()
        .map(i128::from)
        .or_else(|| value.as_u64().map(i128::from))
}

impl fmt::Debug for ClaimValue {
    /// Names the type only: the value may be somebody's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text",
            Self::Integer(_) => "Integer",
            Self::Boolean(_) => "Boolean",
        })
    }
}

/// One claim a query asks for (6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimQuery {
    /// Where the claim is.
    pub path: ClaimPath,
    /// The values it may have; empty when any will do.
    pub values: Vec<ClaimValue>,
    /// For mdoc: whether the service says it will keep the value (B.2.4).
    pub intent_to_retain: Option<bool>,
}

/// Who must stand behind the credential (6.1.1). Any one entry suffices.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustedAuthority {
    /// `aki`: key identifiers, one of which must be in a certificate of the issuer's chain.
    KeyIdentifiers(Vec<Vec<u8>>),
    /// `etsi_tl`: identifiers of trust lists, one of which must name the issuer (ETSI TS 119 612).
    TrustLists(Vec<String>),
    /// `openid_federation`: entity identifiers, one of which must be in a trust path of the issuer (OpenID Federation 1.0).
    FederationEntities(Vec<String>),
    /// Any other type, which this wallet cannot evaluate and which therefore never matches.
    Other(String),
}

/// One credential asked for (6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialQuery {
    /// The key of its answer.
    pub id: QueryId,
    /// Format and type.
    pub requested: RequestedType,
    /// Whether several credentials may answer.
    pub multiple: bool,
    /// Acceptable authorities; empty when any will do.
    pub trusted_authorities: Vec<TrustedAuthority>,
    /// Whether the holder must prove possession of a key.
    pub require_holder_binding: bool,
    /// The claims; empty means "nothing selectively disclosable" (6.4.1).
    pub claims: Vec<ClaimQuery>,
    /// Alternatives in order of preference, as positions in `claims`; empty means "all claims".
    pub claim_sets: Vec<Vec<usize>>,
}

/// One set of alternatives between credential queries (6.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialSetQuery {
    /// The options in order of preference, as positions in [`DcqlQuery::credentials`].
    pub options: Vec<Vec<usize>>,
    /// Whether one of the options must be answered.
    pub required: bool,
}

/// A valid query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DcqlQuery {
    credentials: Vec<CredentialQuery>,
    sets: Vec<CredentialSetQuery>,
}

impl DcqlQuery {
    /// Reads a query from JSON text.
    ///
    /// # Errors
    /// [`DcqlError`] for anything sections 6 and 7 do not allow.
    pub fn parse(text: &[u8]) -> Result<Self, DcqlError> {
        let value = json::parse(text, MAX_QUERY).map_err(|_| DcqlError::Shape)?;
        Self::from_value(value)
    }

    /// Reads a query from a JSON value that was read without repeated members.
    ///
    /// # Errors
    /// [`DcqlError`] for anything sections 6 and 7 do not allow.
    pub fn from_value(value: Value) -> Result<Self, DcqlError> {
        let wire: wire::Query = json::shape(value).map_err(|_| DcqlError::Shape)?;
        bounded("credentials", wire.credentials.len(), MAX_ENTRIES)?;
        let credentials = wire
            .credentials
            .into_iter()
            .map(credential_query)
            .collect::<Result<Vec<_>, _>>()?;
        let mut positions = HashMap::new();
        for (position, query) in credentials.iter().enumerate() {
            if positions.insert(query.id.as_str(), position).is_some() {
                return Err(DcqlError::DuplicateIdentifier);
            }
        }
        let sets = match wire.credential_sets {
            None => Vec::new(),
            Some(sets) => {
                bounded("credential_sets", sets.len(), MAX_ENTRIES)?;
                sets.into_iter()
                    .map(|set| {
                        Ok(CredentialSetQuery {
                            options: alternatives("options", &set.options, &positions)?,
                            required: set.required.unwrap_or(true),
                        })
                    })
                    .collect::<Result<_, DcqlError>>()?
            }
        };
        Ok(Self { credentials, sets })
    }

    /// The credential queries, in the order of the request; at least one.
    pub fn credentials(&self) -> &[CredentialQuery] {
        &self.credentials
    }

    /// The sets; empty when every credential query must be answered.
    pub fn sets(&self) -> &[CredentialSetQuery] {
        &self.sets
    }

    /// The credential query with this identifier.
    pub fn credential(&self, id: &str) -> Option<&CredentialQuery> {
        self.credentials.iter().find(|query| query.id.as_str() == id)
    }
}

fn credential_query(wire: wire::Credential) -> Result<CredentialQuery, DcqlError> {
    let id = identifier(wire.id)?;
    let requested = requested_type(wire.format, &wire.meta)?;
    let claims = match wire.claims {
        None => Vec::new(),
        Some(claims) => {
            bounded("claims", claims.len(), MAX_CLAIMS)?;
            claims
        }
    };
    let mut positions = HashMap::new();
    for (position, claim) in claims.iter().enumerate() {
        if let Some(id) = &claim.id {
            let id = identifier(id.clone())?;
            if positions.insert(id.0, position).is_some() {
                return Err(DcqlError::DuplicateIdentifier);
            }
        }
    }
    let claim_sets = match wire.claim_sets {
        None => Vec::new(),
        Some(_) if claims.is_empty() || claims.iter().any(|claim| claim.id.is_none()) => {
            return Err(DcqlError::ClaimSetsWithoutIdentifiers);
        }
        Some(sets) => {
            let positions = positions.iter().map(|(id, at)| (id.as_str(), *at)).collect();
            alternatives("claim_sets", &sets, &positions)?
        }
    };
    let mdoc = matches!(requested, RequestedType::Mdoc(_));
    Ok(CredentialQuery {
        id,
        requested,
        multiple: wire.multiple.unwrap_or(false),
        trusted_authorities: trusted_authorities(wire.trusted_authorities)?,
        require_holder_binding: wire.require_cryptographic_holder_binding.unwrap_or(true),
        claims: claims
            .into_iter()
            .map(|claim| claim_query(claim, mdoc))
            .collect::<Result<_, _>>()?,
        claim_sets,
    })
}

fn claim_query(wire: wire::Claim, mdoc: bool) -> Result<ClaimQuery, DcqlError> {
    if mdoc && !matches!(wire.path.elements(), [PathElement::Name(_), PathElement::Name(_)]) {
        return Err(DcqlError::MdocPath);
    }
    let values = match wire.values {
        None => Vec::new(),
        Some(values) => {
            bounded("values", values.len(), MAX_CLAIMS)?;
            values.iter().map(ClaimValue::parse).collect::<Result<_, _>>()?
        }
    };
    Ok(ClaimQuery {
        path: wire.path,
        values,
        intent_to_retain: wire.intent_to_retain,
    })
}

fn requested_type(format: String, meta: &serde_json::Map<String, Value>) -> Result<RequestedType, DcqlError> {
    match format.as_str() {
        "dc+sd-jwt" => {
            let Some(values) = meta.get("vct_values") else {
                return Ok(RequestedType::SdJwtVc(None));
            };
            Ok(RequestedType::SdJwtVc(Some(names("vct_values", values)?)))
        }
        "mso_mdoc" => match meta.get("doctype_value") {
            None => Ok(RequestedType::Mdoc(None)),
            Some(Value::String(doctype)) => Ok(RequestedType::Mdoc(Some(doctype.clone()))),
            Some(_) => Err(DcqlError::Meta),
        },
        "jwt_vc_json" => {
            let Some(alternatives) = meta.get("type_values") else {
                return Ok(RequestedType::JwtVc(None));
            };
            let alternatives = alternatives.as_array().ok_or(DcqlError::Meta)?;
            bounded("type_values", alternatives.len(), MAX_ENTRIES)?;
            let alternatives = alternatives
                .iter()
                .map(|types| names("type_values", types))
                .collect::<Result<_, _>>()?;
            Ok(RequestedType::JwtVc(Some(alternatives)))
        }
        "" => Err(DcqlError::Empty("format")),
        other if other.len() > MAX_NAME => Err(DcqlError::TooLarge("format")),
        _ => Ok(RequestedType::Unsupported(format)),
    }
}

/// A list of type names, none of them empty of members.
fn names(member: &'static str, list: &Value) -> Result<Vec<String>, DcqlError> {
    let list = list.as_array().ok_or(DcqlError::Meta)?;
    bounded(member, list.len(), MAX_CLAIMS)?;
    list.iter()
        .map(|name| name.as_str().map(str::to_owned).ok_or(DcqlError::Meta))
        .collect()
}

fn trusted_authorities(wire: Option<Vec<wire::Authority>>) -> Result<Vec<TrustedAuthority>, DcqlError> {
    let Some(wire) = wire else {
        return Ok(Vec::new());
    };
    bounded("trusted_authorities", wire.len(), MAX_ENTRIES)?;
    wire.into_iter()
        .map(|authority| {
            bounded("values", authority.values.len(), MAX_CLAIMS)?;
            match authority.kind.as_str() {
                "aki" => {}
                "etsi_tl" => return Ok(TrustedAuthority::TrustLists(authority.values)),
                "openid_federation" => return Ok(TrustedAuthority::FederationEntities(authority.values)),
                _ => return Ok(TrustedAuthority::Other(authority.kind)),
            }
            // A value that is no base64url cannot be anybody's key identifier: it matches nothing, which is not an error.
            let identifiers = authority
                .values
                .iter()
                .filter_map(|value| base64url::decode(value).ok())
                .collect();
            Ok(TrustedAuthority::KeyIdentifiers(identifiers))
        })
        .collect()
}

/// Turns lists of identifiers into lists of positions.
fn alternatives(
    name: &'static str,
    lists: &[Vec<String>],
    positions: &HashMap<&str, usize>,
) -> Result<Vec<Vec<usize>>, DcqlError> {
    bounded(name, lists.len(), MAX_ENTRIES)?;
    lists
        .iter()
        .map(|list| {
            bounded(name, list.len(), MAX_CLAIMS)?;
            let mut seen = HashSet::new();
            let mut found = Vec::with_capacity(list.len());
            for id in list {
                let position = *positions.get(id.as_str()).ok_or(DcqlError::UnknownIdentifier)?;
                if seen.insert(position) {
                    found.push(position);
                }
            }
            Ok(found)
        })
        .collect()
}

fn identifier(id: String) -> Result<QueryId, DcqlError> {
    if id.is_empty() || id.len() > MAX_NAME {
        return Err(DcqlError::Identifier);
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if id.bytes().all(allowed) {
        Ok(QueryId(id))
    } else {
        Err(DcqlError::Identifier)
    }
}

fn bounded(name: &'static str, length: usize, most: usize) -> Result<(), DcqlError> {
    match length {
        0 => Err(DcqlError::Empty(name)),
        length if length > most => Err(DcqlError::TooLarge(name)),
        _ => Ok(()),
    }
}
