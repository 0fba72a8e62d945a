//! The verifier's side (OpenID4VP 1.0, B.1.3.1.5; VC-JOSE-COSE, 3.1.2 and 5).

use std::time::Duration;

use serde_json::{Map, Value};

use super::credential::JwtVc;
use super::presentation::ENVELOPE;
use super::{CLOCK_LEEWAY, JwtVcError, PRESENTATION_TYPE};
use crate::crypto::VerificationKey;
use crate::jose::{Jws, json, numeric_date};
use crate::time::Timestamp;
use crate::verified::{Unverified, Verified};

/// How old a presentation may be unless [`PresentationCheck::max_age`] says otherwise.
const MAX_AGE: Duration = Duration::from_secs(300);

/// What a verifier demands of a presentation.
#[derive(Clone, Copy)]
pub struct PresentationCheck<'a> {
    /// The audience the presentation must name: this verifier's full client identifier.
    pub audience: &'a str,
    /// The nonce of the request.
    pub nonce: &'a str,
    /// Now.
    pub now: Timestamp,
    /// How old the presentation may be, if it says when it was made.
    pub max_age: Duration,
    /// Whether the proof of the holder must be there. One that is there must be right in any case.
    pub holder_required: bool,
}

impl<'a> PresentationCheck<'a> {
    /// A check that requires the proof of the holder, at most five minutes old, to this audience and nonce.
    #[must_use]
    pub const fn new(audience: &'a str, nonce: &'a str, now: Timestamp) -> Self {
        Self {
            audience,
            nonce,
            now,
            max_age: MAX_AGE,
            holder_required: true,
        }
    }
}

/// A presentation that passed every check. The status of its credential has not been looked up.
#[derive(Clone)]
pub struct VerifiedPresentation {
    credential: Verified<JwtVc>,
    by_holder: bool,
}

impl VerifiedPresentation {
    /// The credential, all of it.
    #[must_use]
    pub const fn credential(&self) -> &Verified<JwtVc> {
        &self.credential
    }

    /// Whether the holder of the credential signed the presentation; `false` for a bare credential.
    #[must_use]
    pub const fn is_by_holder(&self) -> bool {
        self.by_holder
    }
}

/// Verifies a presented JWT VC: a presentation of data model 1.1 or 2.0 with exactly one credential, or, if the check allows
/// it, the bare credential. `issuer_key` answers which key the issuer's signature must verify with, or `None`.
///
/// # Errors
/// The first rule that is broken.
pub fn verify_presentation(
    text: &str,
    check: &PresentationCheck<'_>,
    issuer_key: impl FnOnce(&Unverified<JwtVc>) -> Option<VerificationKey>,
) -> Result<VerifiedPresentation, JwtVcError> {
    let credential = |text: &str| {
        let credential = JwtVc::parse(text)?;
        let key = issuer_key(&credential).ok_or(JwtVcError::IssuerKey)?;
        credential.verify(&key, check.now)
    };
    let jws = Jws::parse(text).map_err(|_| JwtVcError::Malformed)?;
    let payload = jws.dangerous_unverified_payload().map_err(|_| JwtVcError::Malformed)?;
    let claims = json::parse_object(&payload).map_err(|_| JwtVcError::Malformed)?;
    let presented = if jws.header().is_type(PRESENTATION_TYPE) {
        enveloped(&claims)?
    } else if claims.contains_key("vp") {
        in_vp_claim(&jws, &claims)?
    } else if check.holder_required {
        return Err(JwtVcError::HolderMissing);
    } else {
        return Ok(VerifiedPresentation {
            credential: credential(text)?,
            by_holder: false,
        });
    };
    let credential = credential(presented)?;
    let holder = credential.holder().ok_or(JwtVcError::HolderKey)?;
    jws.verify_signature(&holder.key.into())
        .map_err(|_| JwtVcError::HolderSignature)?;
    // Names may be left out; what is named must be the holder.
    let names = [
        claims.get("iss"),
        claims.get("holder").map(|holder| holder.get("id").unwrap_or(holder)),
    ];
    if !names
        .iter()
        .flatten()
        .all(|name| name.as_str().is_some_and(|name| holder.is(name)))
    {
        return Err(JwtVcError::HolderSignature);
    }
    check_binding(&claims, check)?;
    Ok(VerifiedPresentation {
        credential,
        by_holder: true,
    })
}

/// The credential in a `vp` claim (VCDM 1.1, 6.3.1).
fn in_vp_claim<'c>(jws: &Jws<'_>, claims: &'c Map<String, Value>) -> Result<&'c str, JwtVcError> {
    let plain = jws.header().typ.is_none() || jws.header().is_type("JWT");
    let vp = claims
        .get("vp")
        .and_then(Value::as_object)
        .ok_or(JwtVcError::Presentation)?;
    if !plain || !is_presentation(vp) {
        return Err(JwtVcError::Presentation);
    }
    only(vp.get("verifiableCredential"))?
        .as_str()
        .ok_or(JwtVcError::Presentation)
}

/// The credential in an envelope (VC-JOSE-COSE, 3.1.2; VCDM 2.0, 4.13.1).
fn enveloped(claims: &Map<String, Value>) -> Result<&str, JwtVcError> {
    if !is_presentation(claims) || claims.contains_key("vp") || claims.contains_key("vc") {
        return Err(JwtVcError::Presentation);
    }
    let envelope = only(claims.get("verifiableCredential"))?;
    let is_envelope = has_type(envelope.get("type"), "EnvelopedVerifiableCredential");
    let id = envelope.get("id").and_then(Value::as_str).filter(|_| is_envelope);
    id.and_then(|id| id.strip_prefix(ENVELOPE))
        .ok_or(JwtVcError::Presentation)
}

fn is_presentation(presentation: &Map<String, Value>) -> bool {
    has_type(presentation.get("type"), "VerifiablePresentation")
}

fn has_type(value: Option<&Value>, name: &str) -> bool {
    match value {
        Some(Value::Array(types)) => types.iter().any(|found| found == name),
        Some(found) => found == name,
        None => false,
    }
}

/// The one entry of a list, or the one thing that stands there without a list.
fn only(value: Option<&Value>) -> Result<&Value, JwtVcError> {
    match value {
        Some(Value::Array(entries)) => match entries.as_slice() {
            [entry] => Ok(entry),
            _ => Err(JwtVcError::Presentation),
        },
        Some(entry) => Ok(entry),
        None => Err(JwtVcError::Presentation),
    }
}

/// `aud`, `nonce` and the times.
fn check_binding(claims: &Map<String, Value>, check: &PresentationCheck<'_>) -> Result<(), JwtVcError> {
    if only(claims.get("aud")).ok().and_then(Value::as_str) != Some(check.audience) {
        return Err(JwtVcError::Audience);
    }
    if claims.get("nonce").and_then(Value::as_str) != Some(check.nonce) {
        return Err(JwtVcError::Nonce);
    }
    let instant = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => numeric_date(value).map(Some).ok_or(JwtVcError::Presentation),
    };
    let earliest = check.now.minus(check.max_age).minus(CLOCK_LEEWAY);
    let latest = check.now.plus(CLOCK_LEEWAY);
    let fresh = instant("iat")?.is_none_or(|issued_at| (earliest..=latest).contains(&issued_at))
        && instant("nbf")?.is_none_or(|not_before| not_before <= latest)
        && instant("exp")?.is_none_or(|expires_at| check.now.minus(CLOCK_LEEWAY) < expires_at);
    if fresh {
        Ok(())
    } else {
        Err(JwtVcError::PresentationTime)
    }
}
