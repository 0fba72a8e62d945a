//! The verifier's side (RFC 9901, 7.1 and 7.3; draft-ietf-oauth-sd-jwt-vc, 2.4).

use std::time::Duration;

use serde_json::{Map, Value};

use super::credential::{Registered, holder_key};
use super::issuer_key::IssuerKeyReference;
use super::process::{Processed, process};
use super::text::SdJwtText;
use super::transaction_data::TransactionDataHashes;
use super::type_metadata::{Integrity, IssuedClaims};
use super::{CLOCK_LEEWAY, CREDENTIAL_TYPE, KEY_BINDING_TYPE, SdJwtError};
use crate::claim::ClaimPath;
use crate::crypto::{PublicKey, VerificationKey};
use crate::jose::{Jws, JwsHeader, json, numeric_date};
use crate::status::StatusReference;
use crate::time::Timestamp;

/// How old a Key Binding JWT may be unless [`PresentationCheck::key_binding_max_age`] says otherwise.
const KEY_BINDING_MAX_AGE: Duration = Duration::from_secs(300);

/// What a verifier demands of a presentation. Its policy decides, never the presentation (RFC 9901, 9.5).
#[derive(Clone, Copy)]
pub struct PresentationCheck<'a> {
    /// The audience the key binding must name: this verifier's full client identifier.
    pub audience: &'a str,
    /// The nonce of the request.
    pub nonce: &'a str,
    /// Now.
    pub now: Timestamp,
    /// How old the key binding may be.
    pub key_binding_max_age: Duration,
    /// Whether a key binding must be there. One that is there must be right in any case.
    pub key_binding_required: bool,
    /// The transaction data the key binding must confirm, if the request had any.
    pub transaction_data: Option<&'a TransactionDataHashes>,
}

impl<'a> PresentationCheck<'a> {
    /// A check that requires a key binding, at most five minutes old, to this audience and nonce.
    #[must_use]
    pub const fn new(audience: &'a str, nonce: &'a str, now: Timestamp) -> Self {
        Self {
            audience,
            nonce,
            now,
            key_binding_max_age: KEY_BINDING_MAX_AGE,
            key_binding_required: true,
            transaction_data: None,
        }
    }
}

/// A presentation that passed every check. Its status has not been looked up.
#[derive(Clone)]
pub struct VerifiedPresentation {
    text: SdJwtText,
    processed: Processed,
    registered: Registered,
    key_bound_at: Option<Timestamp>,
}

impl VerifiedPresentation {
    /// The claims that were disclosed, with those that stand in the clear.
    #[must_use]
    pub const fn claims(&self) -> &Map<String, Value> {
        &self.processed.claims
    }

    /// The places, in [`VerifiedPresentation::claims`], of the claims that came in disclosures.
    #[must_use]
    pub fn disclosed(&self) -> &[ClaimPath] {
        &self.processed.places
    }

    /// `vct`.
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

    /// The claims as issued, with gaps where something is withheld, to be judged by the Type Metadata.
    ///
    /// # Errors
    /// None that verifying would not have answered.
    pub fn issued_claims(&self) -> Result<IssuedClaims, SdJwtError> {
        IssuedClaims::read(&self.text, false)
    }

    /// `iss`.
    #[must_use]
    pub fn iss(&self) -> Option<&str> {
        self.registered.iss.as_deref()
    }

    /// `exp`.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.registered.expires_at
    }

    /// Where the status of the credential is found.
    #[must_use]
    pub const fn status(&self) -> Option<&StatusReference> {
        self.registered.status.as_ref()
    }

    /// The key the credential is bound to.
    #[must_use]
    pub const fn holder_key(&self) -> Option<&PublicKey> {
        self.registered.holder_key.as_ref()
    }

    /// When the holder key signed; `None` when there was no key binding.
    #[must_use]
    pub const fn key_bound_at(&self) -> Option<Timestamp> {
        self.key_bound_at
    }
}

/// Verifies a presented SD-JWT VC. `issuer_key` answers which key the issuer's signature must verify with: it judges
/// the certificate chain against trust anchors, or resolves a DID, or answers `None`.
///
/// # Errors
/// The first rule that is broken.
pub fn verify_presentation(
    text: &str,
    check: &PresentationCheck<'_>,
    issuer_key: impl FnOnce(&IssuerKeyReference<'_>) -> Option<VerificationKey>,
) -> Result<VerifiedPresentation, SdJwtError> {
    let verified = verify_sd_jwt(text, check, issuer_key)?;
    if !verified.header.is_type(CREDENTIAL_TYPE) {
        return Err(SdJwtError::Type);
    }
    verified.processed.refuse_protected()?;
    let registered = Registered::read(&verified.processed.claims)?;
    registered.check_time(check.now)?;
    Ok(VerifiedPresentation {
        text: verified.text,
        processed: verified.processed,
        registered,
        key_bound_at: verified.key_bound_at,
    })
}

/// What [`verify_sd_jwt`] found.
pub(super) struct VerifiedSdJwt {
    text: SdJwtText,
    pub(super) header: JwsHeader,
    pub(super) processed: Processed,
    pub(super) key_bound_at: Option<Timestamp>,
}

/// The rules of RFC 9901 alone, which know no `typ` and no `vct`.
pub(super) fn verify_sd_jwt(
    text: &str,
    check: &PresentationCheck<'_>,
    issuer_key: impl FnOnce(&IssuerKeyReference<'_>) -> Option<VerificationKey>,
) -> Result<VerifiedSdJwt, SdJwtError> {
    let text = SdJwtText::split(text)?;
    let jws = Jws::parse(text.issuer_jwt()).map_err(|_| SdJwtError::IssuerJwt)?;
    let payload = jws.dangerous_unverified_payload().map_err(|_| SdJwtError::IssuerJwt)?;
    let payload = json::parse_object(&payload).map_err(|_| SdJwtError::IssuerJwt)?;
    let iss = payload.get("iss").and_then(Value::as_str);
    let key = issuer_key(&IssuerKeyReference::new(jws.header(), iss)).ok_or(SdJwtError::IssuerKey)?;
    jws.verify_signature(&key).map_err(|_| SdJwtError::IssuerSignature)?;
    let processed = process(payload, text.disclosures())?;
    let key_bound_at = match text.key_binding() {
        Some(key_binding) => {
            // The key is taken from the claims as signed by the issuer; one out of a disclosure is refused elsewhere.
            let holder_key = holder_key(&processed.claims)?.ok_or(SdJwtError::HolderKey)?;
            let hash = processed.algorithm.digest(text.before_key_binding());
            Some(verify_key_binding(key_binding, &holder_key, &hash, check)?)
        }
        None if check.key_binding_required => return Err(SdJwtError::KeyBindingMissing),
        None => None,
    };
    let header = jws.into_header();
    Ok(VerifiedSdJwt {
        header,
        text,
        processed,
        key_bound_at,
    })
}

/// The rules of RFC 9901, 7.3, step 5; answers `iat`.
fn verify_key_binding(
    jwt: &str,
    holder_key: &PublicKey,
    hash: &str,
    check: &PresentationCheck<'_>,
) -> Result<Timestamp, SdJwtError> {
    let jws = Jws::parse(jwt).map_err(|_| SdJwtError::KeyBindingMalformed)?;
    if !jws.header().is_type(KEY_BINDING_TYPE) {
        return Err(SdJwtError::KeyBindingMalformed);
    }
    let payload = jws
        .verify(&(*holder_key).into())
        .map_err(|_| SdJwtError::KeyBindingSignature)?;
    let claims = json::parse_object(&payload).map_err(|_| SdJwtError::KeyBindingMalformed)?;
    let text = |name: &str| {
        claims
            .get(name)
            .and_then(Value::as_str)
            .ok_or(SdJwtError::KeyBindingMalformed)
    };
    let instant = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => numeric_date(value).map(Some).ok_or(SdJwtError::KeyBindingMalformed),
    };

    let issued_at = instant("iat")?.ok_or(SdJwtError::KeyBindingMalformed)?;
    let earliest = check.now.minus(check.key_binding_max_age).minus(CLOCK_LEEWAY);
    let latest = check.now.plus(CLOCK_LEEWAY);
    let in_force = instant("nbf")?.is_none_or(|not_before| not_before <= latest)
        && instant("exp")?.is_none_or(|expires_at| check.now.minus(CLOCK_LEEWAY) < expires_at);
    if issued_at < earliest || issued_at > latest || !in_force {
        return Err(SdJwtError::KeyBindingTime);
    }
    if text("aud")? != check.audience {
        return Err(SdJwtError::Audience);
    }
    if text("nonce")? != check.nonce {
        return Err(SdJwtError::Nonce);
    }
    if text("sd_hash")? != hash {
        return Err(SdJwtError::PresentationHash);
    }
    check_transaction_data(&claims, check.transaction_data)?;
    Ok(issued_at)
}

/// The hashes must be exactly those of the request (OpenID4VP 1.0, B.3.3); without transaction data none may be there.
fn check_transaction_data(
    claims: &Map<String, Value>,
    expected: Option<&TransactionDataHashes>,
) -> Result<(), SdJwtError> {
    let hashes = expected.map(|data| Value::from(data.hashes.as_slice()));
    let algorithm = expected.and_then(|data| data.algorithm.as_deref()).map(Value::from);
    let right = claims.get("transaction_data_hashes") == hashes.as_ref()
        && claims.get("transaction_data_hashes_alg") == algorithm.as_ref();
    if right {
        Ok(())
    } else {
        Err(SdJwtError::TransactionData)
    }
}
