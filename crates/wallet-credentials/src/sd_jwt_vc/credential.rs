//! The credential as its holder keeps it.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::issuer_key::IssuerKeyReference;
use super::process::{Processed, process};
use super::text::SdJwtText;
use super::type_metadata::{Integrity, IssuedClaims};
use super::{CLOCK_LEEWAY, CREDENTIAL_TYPE, SdJwtError};
use crate::claim::{ClaimPath, PathElement};
use crate::crypto::{PublicKey, VerificationKey};
use crate::jose::{Jws, JwsHeader, base64url, json, numeric_date};
use crate::status::StatusReference;
use crate::time::Timestamp;
use crate::verified::{Unverified, Verification};

/// The most types in `aka_vcts`.
const MAX_AKA_VCTS: usize = 32;

/// An issued SD-JWT VC with all its disclosures.
#[derive(Clone)]
pub struct SdJwtVc {
    pub(super) text: SdJwtText,
    pub(super) processed: Arc<Processed>,
    header: JwsHeader,
    registered: Registered,
}

/// The claims every part of the wallet asks for.
#[derive(Clone)]
pub(super) struct Registered {
    pub(super) vct: String,
    pub(super) aka_vcts: Vec<String>,
    pub(super) vct_integrity: Option<Integrity>,
    pub(super) iss: Option<String>,
    pub(super) issued_at: Option<Timestamp>,
    pub(super) not_before: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) holder_key: Option<PublicKey>,
    pub(super) status: Option<StatusReference>,
}

impl Registered {
    pub(super) fn read(claims: &Map<String, Value>) -> Result<Self, SdJwtError> {
        let text = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(SdJwtError::Claim),
        };
        let instant = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => numeric_date(value).map(Some).ok_or(SdJwtError::Claim),
        };
        let vct = text("vct")
            .ok()
            .flatten()
            .filter(|vct| !vct.is_empty())
            .ok_or(SdJwtError::Vct)?;
        Ok(Self {
            aka_vcts: aka_vcts(claims, &vct)?,
            vct_integrity: text("vct#integrity")?
                .map(|text| Integrity::parse(&text))
                .transpose()
                .map_err(|_| SdJwtError::Claim)?,
            vct,
            iss: text("iss")?,
            issued_at: instant("iat")?,
            not_before: instant("nbf")?,
            expires_at: instant("exp")?,
            holder_key: holder_key(claims)?,
            status: claims
                .get("status")
                .map(StatusReference::from_status_claim)
                .transpose()
                .map_err(|_| SdJwtError::Claim)?
                .flatten(),
        })
    }

    /// `nbf` and `exp` (RFC 7519, 4.1.4 and 4.1.5), with the leeway of [`CLOCK_LEEWAY`].
    pub(super) fn check_time(&self, now: Timestamp) -> Result<(), SdJwtError> {
        if self
            .not_before
            .is_some_and(|not_before| now.plus(CLOCK_LEEWAY) < not_before)
        {
            return Err(SdJwtError::NotYetValid);
        }
        if self
            .expires_at
            .is_some_and(|expires_at| now.minus(CLOCK_LEEWAY) >= expires_at)
        {
            return Err(SdJwtError::Expired);
        }
        Ok(())
    }
}

/// `aka_vcts`: a non-empty list of texts without `vct` itself (draft-ietf-oauth-sd-jwt-vc, 2.2.2.2).
fn aka_vcts(claims: &Map<String, Value>, vct: &str) -> Result<Vec<String>, SdJwtError> {
    match claims.get("aka_vcts") {
        None => Ok(Vec::new()),
        Some(Value::Array(types)) if (1..=MAX_AKA_VCTS).contains(&types.len()) => types
            .iter()
            .map(|name| match name.as_str() {
                Some(name) if !name.is_empty() && name != vct => Ok(name.to_owned()),
                _ => Err(SdJwtError::AkaVcts),
            })
            .collect(),
        Some(_) => Err(SdJwtError::AkaVcts),
    }
}

/// The key in `cnf.jwk` (RFC 9901, 4.1.2; HAIP 1.0, 6.1.1.1).
pub(super) fn holder_key(claims: &Map<String, Value>) -> Result<Option<PublicKey>, SdJwtError> {
    let Some(confirmation) = claims.get("cnf") else {
        return Ok(None);
    };
    let jwk = confirmation.get("jwk").ok_or(SdJwtError::HolderKey)?;
    PublicKey::from_jwk(jwk).map(Some).map_err(|_| SdJwtError::HolderKey)
}

impl SdJwtVc {
    /// Reads an issued SD-JWT VC and puts every disclosure in its place.
    ///
    /// # Errors
    /// Every reason in [`SdJwtError`] that needs neither key nor clock.
    pub fn parse(text: &str) -> Result<Unverified<Self>, SdJwtError> {
        let text = SdJwtText::split(text)?;
        if text.key_binding().is_some() {
            return Err(SdJwtError::UnexpectedKeyBinding);
        }
        let (header, payload) = issuer_jwt(&text)?;
        if !header.is_type(CREDENTIAL_TYPE) {
            return Err(SdJwtError::Type);
        }
        let processed = process(payload, text.disclosures())?;
        processed.refuse_protected()?;
        let registered = Registered::read(&processed.claims)?;
        Ok(Unverified::new(Self {
            text,
            processed: Arc::new(processed),
            header,
            registered,
        }))
    }

    /// The salt of every disclosure (RFC 9901, 4.2.1).
    pub(crate) fn salts(&self) -> impl Iterator<Item = Vec<u8>> {
        self.text.disclosures().filter_map(|disclosure| {
            // Each was read when the credential was: what does not read here does not exist.
            let decoded = base64url::decode(disclosure).ok()?;
            let parts: Vec<Value> = serde_json::from_slice(&decoded).ok()?;
            Some(parts.first()?.as_str()?.as_bytes().to_vec())
        })
    }

    /// The SD-JWT as received, every disclosure included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// All claims, disclosures in their places: the Processed SD-JWT Payload (RFC 9901, 7.1).
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.processed.claims
    }

    /// `vct`: what kind of credential this is.
    #[must_use]
    pub fn vct(&self) -> &str {
        &self.registered.vct
    }

    /// `aka_vcts`: further kinds of credential this one is, as its issuer says. That alone makes nobody an issuer of those kinds
    /// (draft-ietf-oauth-sd-jwt-vc, 2.2.2.2 and 7.7).
    #[must_use]
    pub fn aka_vcts(&self) -> &[String] {
        &self.registered.aka_vcts
    }

    /// `vct#integrity`: what the Type Metadata document of `vct` must hash to.
    #[must_use]
    pub const fn vct_integrity(&self) -> Option<&Integrity> {
        self.registered.vct_integrity.as_ref()
    }

    /// The claims as issued, to be judged by the Type Metadata.
    ///
    /// # Errors
    /// None that parsing would not have answered.
    pub fn issued_claims(&self) -> Result<IssuedClaims, SdJwtError> {
        IssuedClaims::read(&self.text, true)
    }

    /// `iss`: who issued it; may be absent when the issuer is named by certificate.
    #[must_use]
    pub fn iss(&self) -> Option<&str> {
        self.registered.iss.as_deref()
    }

    /// `iat`: when it was issued.
    #[must_use]
    pub const fn issued_at(&self) -> Option<Timestamp> {
        self.registered.issued_at
    }

    /// `nbf`: from when it is valid.
    #[must_use]
    pub const fn not_before(&self) -> Option<Timestamp> {
        self.registered.not_before
    }

    /// `exp`: until when it is valid.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.registered.expires_at
    }

    /// The key in `cnf`: who holds its private half can present the credential.
    #[must_use]
    pub const fn holder_key(&self) -> Option<&PublicKey> {
        self.registered.holder_key.as_ref()
    }

    /// Where its status is found.
    #[must_use]
    pub const fn status(&self) -> Option<&StatusReference> {
        self.registered.status.as_ref()
    }

    /// What it says about the issuer's key.
    #[must_use]
    pub fn issuer_key(&self) -> IssuerKeyReference<'_> {
        IssuerKeyReference::new(&self.header, self.iss())
    }

    /// The places of all claims that can be disclosed or withheld, in the order of the disclosures.
    #[must_use]
    pub fn disclosable(&self) -> &[ClaimPath] {
        &self.processed.places
    }

    /// The places of all claims that every presentation shows: the largest parts of the claims that are not, and do
    /// not contain, something disclosable. `iss`, `vct`, `cnf` and their like are among them.
    #[must_use]
    pub fn always_disclosed(&self) -> Vec<ClaimPath> {
        let mut found = Vec::new();
        let mut path = Vec::new();
        for (name, value) in &self.processed.claims {
            path.push(PathElement::Name(name.clone()));
            self.collect_clear(value, &mut path, &mut found);
            path.pop();
        }
        found
    }

    fn collect_clear(&self, value: &Value, path: &mut Vec<PathElement>, found: &mut Vec<ClaimPath>) {
        let places = &self.processed.places;
        if places.iter().any(|place| place.elements() == path.as_slice()) {
            return;
        }
        let holds_disclosable = places.iter().any(|place| place.elements().starts_with(path));
        if !holds_disclosable {
            found.extend(ClaimPath::new(path.clone()));
            return;
        }
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
        for (element, value) in below {
            path.push(element);
            self.collect_clear(value, path, found);
            path.pop();
        }
    }
}

/// The header and payload of the Issuer-signed JWT, before anything is verified.
pub(super) fn issuer_jwt(text: &SdJwtText) -> Result<(JwsHeader, Map<String, Value>), SdJwtError> {
    let jws = Jws::parse(text.issuer_jwt()).map_err(|_| SdJwtError::IssuerJwt)?;
    let payload = jws.dangerous_unverified_payload().map_err(|_| SdJwtError::IssuerJwt)?;
    let payload = json::parse_object(&payload).map_err(|_| SdJwtError::IssuerJwt)?;
    Ok((jws.into_header(), payload))
}

impl Unverified<SdJwtVc> {
    /// What it says about the issuer's key, to find the key that must verify it.
    #[must_use]
    pub fn issuer_key(&self) -> IssuerKeyReference<'_> {
        self.inside().issuer_key()
    }
}

impl Verification for SdJwtVc {
    type Against<'a> = &'a VerificationKey;
    type Error = SdJwtError;

    /// The issuer's signature, `nbf` and `exp` (RFC 9901, 7.1 and 7.2; draft-ietf-oauth-sd-jwt-vc, 2.4).
    fn check(&self, issuer_key: &VerificationKey, now: Timestamp) -> Result<(), SdJwtError> {
        self.header
            .verify_compact(self.text.issuer_jwt(), issuer_key)
            .map_err(|_| SdJwtError::IssuerSignature)?;
        self.registered.check_time(now)
    }
}
