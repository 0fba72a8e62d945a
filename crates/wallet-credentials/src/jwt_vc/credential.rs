//! The credential as its holder keeps it.

use serde_json::{Map, Value};

use super::holder::{self, Holder};
use super::issuer_key::IssuerKeySource;
use super::{BASE_TYPE, CLOCK_LEEWAY, CONTEXT_V1, CONTEXT_V2, CREDENTIAL_TYPE, JwtVcError, MAX_TEXT_BYTES};
use crate::claim::{ClaimPath, MAX_PATH_LENGTH, PathElement};
use crate::crypto::{PublicKey, VerificationKey};
use crate::jose::{Jws, JwsHeader, json, numeric_date};
use crate::status::StatusReference;
use crate::time::Timestamp;
use crate::verified::{Unverified, Verification};

/// The most types, contexts, subjects and status entries of a credential.
const MAX_ENTRIES: usize = 32;

/// Which W3C Verifiable Credentials Data Model a credential follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DataModel {
    /// Version 1.1: the credential stands in a `vc` claim, and JWT claims replace some of its properties.
    V1_1,
    /// Version 2.0: the credential is the payload.
    V2_0,
}

/// An issued JWT VC. What is in it can only be shown as a whole.
#[derive(Clone)]
pub struct JwtVc {
    text: String,
    header: JwsHeader,
    model: DataModel,
    claims: Map<String, Value>,
    issuer: String,
    types: Vec<String>,
    id: Option<String>,
    issued_at: Option<Timestamp>,
    not_before: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    expected_update: Option<Timestamp>,
    holder: Option<Holder>,
    status: Option<StatusReference>,
    other_status: bool,
}

impl JwtVc {
    /// Reads an issued JWT VC.
    ///
    /// # Errors
    /// Every reason in [`JwtVcError`] that needs neither key nor clock.
    pub fn parse(text: &str) -> Result<Unverified<Self>, JwtVcError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(JwtVcError::TooLarge);
        }
        let jws = Jws::parse(text).map_err(|_| JwtVcError::Malformed)?;
        let payload = jws.dangerous_unverified_payload().map_err(|_| JwtVcError::Malformed)?;
        let header = jws.into_header();
        let payload = json::parse_object(&payload).map_err(|_| JwtVcError::Malformed)?;
        let model = data_model(&header, &payload)?;
        let (claims, beside) = match model {
            DataModel::V2_0 => (payload, None),
            DataModel::V1_1 => decode_v1(payload).map(|(claims, beside)| (claims, Some(beside)))?,
        };
        let payload = beside.as_ref().unwrap_or(&claims);
        let read = Reading {
            model,
            payload,
            claims: &claims,
        };
        let (status, other_status) = read.status()?;
        let (not_before, expires_at) = read.validity(model)?;
        Ok(Unverified::new(Self {
            text: text.to_owned(),
            model,
            issuer: read.issuer()?,
            types: read.types()?,
            id: read.id()?,
            issued_at: numeric(payload.get("iat"))?,
            not_before,
            expires_at,
            expected_update: date_time(claims.get("expectedUpdate"))?,
            holder: holder::read(payload, read.subject()?)?,
            status,
            other_status,
            header,
            claims,
        }))
    }

    /// The JWT as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Which data model it follows.
    #[must_use]
    pub const fn data_model(&self) -> DataModel {
        self.model
    }

    /// Everything the credential says, the properties of the credential at the root (OpenID4VP 1.0, B.1.2): `type`,
    /// `issuer`, `credentialSubject` and so on, and the JWT claims beside them. For data model 1.1 the `vc` claim is unpacked
    /// as VCDM 1.1, 6.3.1, says.
    #[must_use]
    pub const fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The places of all values, down to the last one. All of them leave whenever this credential is shown: there is no
    /// other way to show it.
    #[must_use]
    pub fn always_disclosed(&self) -> Vec<ClaimPath> {
        let mut found = Vec::new();
        for (name, value) in &self.claims {
            leaves(value, &mut vec![PathElement::Name(name.clone())], &mut found);
        }
        found
    }

    /// `issuer`, or its `id`: a URL, perhaps a DID.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `type`, [`BASE_TYPE`] among them.
    #[must_use]
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// The types that say what it is, without [`BASE_TYPE`]: `DigitalVeteranCard`.
    pub fn specific_types(&self) -> impl Iterator<Item = &str> {
        self.types.iter().map(String::as_str).filter(|name| *name != BASE_TYPE)
    }

    /// Whether it has every one of these types, as one alternative of `type_values` demands (OpenID4VP 1.0, B.1.1). The
    /// expanded name of the base type is known; all others are compared as they are written.
    #[must_use]
    pub fn has_types<S: AsRef<str>>(&self, wanted: &[S]) -> bool {
        wanted.iter().map(AsRef::as_ref).all(|wanted| {
            let plain = match wanted.strip_prefix("https://www.w3.org/2018/credentials#") {
                Some(BASE_TYPE) => BASE_TYPE,
                _ => wanted,
            };
            self.types.iter().any(|name| name == plain)
        })
    }

    /// `id` of the credential.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// `iat`: when the JWT was signed.
    #[must_use]
    pub const fn issued_at(&self) -> Option<Timestamp> {
        self.issued_at
    }

    /// The later of `validFrom` (`issuanceDate` in data model 1.1) and `nbf`.
    #[must_use]
    pub const fn not_before(&self) -> Option<Timestamp> {
        self.not_before
    }

    /// The earlier of `validUntil` (`expirationDate` in data model 1.1) and `exp`.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// `expectedUpdate`: when GOV.UK issuers expect the wallet to fetch a fresh copy.
    #[must_use]
    pub const fn expected_update(&self) -> Option<Timestamp> {
        self.expected_update
    }

    /// The key the credential is bound to: `cnf.jwk`, or the subject's did:key or did:jwk.
    #[must_use]
    pub fn holder_key(&self) -> Option<&PublicKey> {
        self.holder.as_ref().map(|holder| &holder.key)
    }

    pub(super) const fn holder(&self) -> Option<&Holder> {
        self.holder.as_ref()
    }

    /// Where its status is found: `status.status_list` (Token Status List, 6.2), as a claim or in `credentialStatus`.
    #[must_use]
    pub const fn status(&self) -> Option<&StatusReference> {
        self.status.as_ref()
    }

    /// Whether it names a status this wallet cannot look up, such as a Bitstring Status List. Then nobody here knows whether
    /// it was revoked, and the person should read that.
    #[must_use]
    pub const fn has_other_status(&self) -> bool {
        self.other_status
    }

    /// What it says about the issuer's key.
    ///
    /// # Errors
    /// As for [`Unverified<JwtVc>`](Unverified).
    pub fn issuer_key(&self) -> Result<IssuerKeySource<'_>, JwtVcError> {
        IssuerKeySource::find(&self.header, &self.issuer)
    }
}

impl Unverified<JwtVc> {
    /// Where the key is found that must verify it. The key is tied to the issuer here: a did:web counts only for issuers of
    /// its domain, a did:key only for itself.
    ///
    /// # Errors
    /// [`JwtVcError::IssuerKey`] when it names no key, or one that is not the issuer's.
    pub fn issuer_key(&self) -> Result<IssuerKeySource<'_>, JwtVcError> {
        self.inside().issuer_key()
    }

    /// Who says it is the issuer.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.inside().issuer()
    }
}

impl Verification for JwtVc {
    type Against<'a> = &'a VerificationKey;
    type Error = JwtVcError;

    /// The issuer's signature, and that it is valid now (VCDM 2.0, 4.9; RFC 7519, 4.1.4 and 4.1.5).
    fn check(&self, issuer_key: &VerificationKey, now: Timestamp) -> Result<(), JwtVcError> {
        self.header
            .verify_compact(&self.text, issuer_key)
            .map_err(|_| JwtVcError::IssuerSignature)?;
        if self
            .not_before
            .is_some_and(|not_before| now.plus(CLOCK_LEEWAY) < not_before)
        {
            return Err(JwtVcError::NotYetValid);
        }
        if self
            .expires_at
            .is_some_and(|expires_at| now.minus(CLOCK_LEEWAY) >= expires_at)
        {
            return Err(JwtVcError::Expired);
        }
        Ok(())
    }
}

/// Which data model this is, from the header and from where the credential stands.
fn data_model(header: &JwsHeader, payload: &Map<String, Value>) -> Result<DataModel, JwtVcError> {
    let is_media_type = |name: &str, expected: &str| match header.members.get(name) {
        None => true,
        Some(Value::String(found)) => found.strip_prefix("application/").unwrap_or(found) == expected,
        Some(_) => false,
    };
    if payload.contains_key("vp") {
        return Err(JwtVcError::DataModel);
    }
    if header.is_type(CREDENTIAL_TYPE) {
        if !is_media_type("cty", "vc") {
            return Err(JwtVcError::Type);
        }
        if payload.contains_key("vc") {
            return Err(JwtVcError::DataModel);
        }
        return Ok(DataModel::V2_0);
    }
    // Data model 1.1 says `JWT` if it says anything (VCDM 1.1, 6.3.1); without its `vc` claim it is any JWT.
    if is_media_type("typ", "JWT") && payload.contains_key("vc") {
        Ok(DataModel::V1_1)
    } else {
        Err(JwtVcError::Type)
    }
}

type Claims = Map<String, Value>;

/// Unpacks the `vc` claim and puts the JWT claims where data model 1.1 has their properties (VCDM 1.1, 6.3.1, "JWT
/// Decoding"). Answers the credential, and the JWT claims that stood beside it.
fn decode_v1(mut payload: Claims) -> Result<(Claims, Claims), JwtVcError> {
    let Some(Value::Object(mut credential)) = payload.remove("vc") else {
        return Err(JwtVcError::DataModel);
    };
    let beside = payload.clone();
    // `iss` is required for this form; `exp` and `nbf` replace dates; `jti` and `sub` replace names.
    let text = |name: &str| payload.get(name).and_then(Value::as_str).map(Value::from);
    let date = |name: &str| -> Result<Option<Value>, JwtVcError> {
        Ok(numeric(payload.get(name))?.map(|instant| instant.to_rfc3339().into()))
    };
    let replaced = [
        ("issuer", text("iss")),
        ("id", text("jti")),
        ("issuanceDate", date("nbf")?),
        ("expirationDate", date("exp")?),
    ];
    for (name, value) in replaced {
        if let (Some(value), None) = (value, credential.get(name)) {
            credential.insert(name.to_owned(), value);
        }
    }
    if let (Some(Value::Object(subject)), Some(id)) = (credential.get_mut("credentialSubject"), text("sub")) {
        subject.entry("id").or_insert(id);
    }
    for name in ["iss", "jti", "nbf", "exp", "sub"] {
        payload.remove(name);
    }
    for (name, value) in payload {
        // What stands beside `vc` leaves with it: it must have a place where it can be read.
        if credential.insert(name, value).is_some() {
            return Err(JwtVcError::Contradiction);
        }
    }
    Ok((credential, beside))
}

/// Reads properties out of a decoded credential and the payload it came in.
struct Reading<'a> {
    model: DataModel,
    /// In data model 1.1 without its `vc` claim.
    payload: &'a Map<String, Value>,
    claims: &'a Map<String, Value>,
}

impl<'a> Reading<'a> {
    /// `type`, with the context of the data model.
    fn types(&self) -> Result<Vec<String>, JwtVcError> {
        let contexts = one_or_more(self.claims.get("@context").ok_or(JwtVcError::DataModel)?)?;
        let first = contexts.first().and_then(|first| first.as_str());
        let expected = if self.model == DataModel::V1_1 {
            CONTEXT_V1
        } else {
            CONTEXT_V2
        };
        if first != Some(expected) {
            return Err(JwtVcError::DataModel);
        }
        let types: Vec<String> = one_or_more(self.claims.get("type").ok_or(JwtVcError::DataModel)?)?
            .into_iter()
            .map(|name| name.as_str().map(str::to_owned).ok_or(JwtVcError::Claim))
            .collect::<Result<_, _>>()?;
        if types.iter().any(|name| name == BASE_TYPE) {
            Ok(types)
        } else {
            Err(JwtVcError::DataModel)
        }
    }

    fn issuer(&self) -> Result<String, JwtVcError> {
        let issuer = match self.claims.get("issuer") {
            Some(Value::Object(issuer)) => issuer.get("id").and_then(Value::as_str),
            Some(Value::String(issuer)) => Some(issuer.as_str()),
            _ => None,
        };
        let issuer = issuer.filter(|issuer| !issuer.is_empty()).ok_or(JwtVcError::Claim)?;
        self.same_as_claim("iss", issuer)?;
        Ok(issuer.to_owned())
    }

    fn id(&self) -> Result<Option<String>, JwtVcError> {
        let id = match self.claims.get("id") {
            None => return Ok(None),
            Some(id) => id.as_str().ok_or(JwtVcError::Claim)?,
        };
        self.same_as_claim("jti", id)?;
        Ok(Some(id.to_owned()))
    }

    /// The `id` of the subject, if there is one subject and it has one.
    fn subject(&self) -> Result<Option<&'a str>, JwtVcError> {
        let subjects = one_or_more(self.claims.get("credentialSubject").ok_or(JwtVcError::Claim)?)?;
        if subjects.is_empty() || subjects.iter().any(|subject| !subject.is_object()) {
            return Err(JwtVcError::Claim);
        }
        let claimed = match self.payload.get("sub") {
            None => None,
            Some(sub) => Some(sub.as_str().ok_or(JwtVcError::Claim)?),
        };
        let [subject] = subjects.as_slice() else {
            return Ok(claimed);
        };
        match subject.get("id") {
            None => Ok(claimed),
            Some(Value::String(id)) => {
                self.same_as_claim("sub", id)?;
                Ok(Some(id))
            }
            Some(_) => Err(JwtVcError::Claim),
        }
    }

    fn same_as_claim(&self, name: &str, property: &str) -> Result<(), JwtVcError> {
        match self.payload.get(name) {
            None => Ok(()),
            Some(Value::String(claim)) if claim == property => Ok(()),
            Some(_) => Err(JwtVcError::Contradiction),
        }
    }

    /// From when until when it is valid: both of what the JWT and what the credential says.
    fn validity(&self, model: DataModel) -> Result<(Option<Timestamp>, Option<Timestamp>), JwtVcError> {
        let (from, until) = match model {
            DataModel::V1_1 => ("issuanceDate", "expirationDate"),
            DataModel::V2_0 => ("validFrom", "validUntil"),
        };
        let not_before = [date_time(self.claims.get(from))?, numeric(self.payload.get("nbf"))?];
        let expires_at = [date_time(self.claims.get(until))?, numeric(self.payload.get("exp"))?];
        Ok((
            not_before.into_iter().flatten().max(),
            expires_at.into_iter().flatten().min(),
        ))
    }

    /// The status list entry, and whether there is a status of another kind.
    fn status(&self) -> Result<(Option<StatusReference>, bool), JwtVcError> {
        let mut found = None;
        let mut other = false;
        let in_credential = match self.claims.get("credentialStatus") {
            None => Vec::new(),
            Some(entries) => one_or_more(entries)?,
        };
        for entry in self.claims.get("status").into_iter().chain(in_credential) {
            match StatusReference::from_status_claim(entry).map_err(|_| JwtVcError::Claim)? {
                // Two lists that could disagree: which one counts would be a guess.
                Some(reference) if found.as_ref().is_some_and(|found| *found != reference) => {
                    return Err(JwtVcError::Contradiction);
                }
                Some(reference) => found = Some(reference),
                None => other = true,
            }
        }
        Ok((found, other))
    }
}

/// A value that is one thing or a list of them, as JSON-LD has it.
fn one_or_more(value: &Value) -> Result<Vec<&Value>, JwtVcError> {
    match value {
        Value::Array(entries) if entries.len() > MAX_ENTRIES => Err(JwtVcError::Claim),
        Value::Array(entries) => Ok(entries.iter().collect()),
        one => Ok(vec![one]),
    }
}

/// A NumericDate. The examples of GOV.UK's documentation write it as text of digits, which is taken for what it means.
fn numeric(value: Option<&Value>) -> Result<Option<Timestamp>, JwtVcError> {
    let instant = match value {
        None => return Ok(None),
        Some(Value::String(digits)) if (1..=12).contains(&digits.len()) => digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| digits.parse().ok())
            .flatten()
            .map(Timestamp::from_unix),
        Some(value) => numeric_date(value),
    };
    instant.map(Some).ok_or(JwtVcError::Claim)
}

/// A dateTimeStamp (VCDM 2.0, 4.9).
fn date_time(value: Option<&Value>) -> Result<Option<Timestamp>, JwtVcError> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Timestamp::parse_rfc3339(text).map(Some).map_err(|_| JwtVcError::Claim),
        Some(_) => Err(JwtVcError::Claim),
    }
}

/// The places of the values in `value` that hold no further ones; a path that would grow too long ends early.
fn leaves(value: &Value, path: &mut Vec<PathElement>, found: &mut Vec<ClaimPath>) {
    let below: Vec<_> = match value {
        Value::Object(object) => object
            .iter()
            .map(|(name, value)| (PathElement::Name(name.clone()), value))
            .collect(),
        Value::Array(array) => (0..)
            .zip(array)
            .map(|(at, value)| (PathElement::Index(at), value))
            .collect(),
        _ => Vec::new(),
    };
    if below.is_empty() || path.len() == MAX_PATH_LENGTH {
        found.extend(ClaimPath::new(path.clone()));
        return;
    }
    for (element, value) in below {
        path.push(element);
        leaves(value, path, found);
        path.pop();
    }
}
