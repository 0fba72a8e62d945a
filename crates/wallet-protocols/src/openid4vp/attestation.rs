//! Verifier Attestation JWTs: a trusted party says which key a service signs its requests with (OpenID4VP 1.0, 12).

use serde_json::{Map, Value};
use url::Url;
use wallet_credentials::crypto::VerificationKey;
use wallet_credentials::jose::{Jws, JwsHeader, numeric_date};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, Profile, TrustAnchor, verify_chain};

use super::authenticate::{Grounds, certificates};
use super::client_id::ClientId;
use super::error::RequestError;
use super::{CLOCK_SKEW, MAX_MESSAGE, VERIFIER_ATTESTATION};
use crate::json;

/// The most addresses an attestation names.
const MAX_URIS: usize = 256;

/// What an attestation says.
pub(super) struct Attested {
    pub(super) issuer: String,
    pub(super) chain: Vec<Certificate>,
    pub(super) trusted_by: TrustAnchor,
    pub(super) key: VerificationKey,
    pub(super) redirect_uris: Option<Vec<String>>,
}

/// Verifies the attestation in the `jwt` header of a request object. Its issuer signs with a certificate that leads to an anchor
/// of [`wallet_credentials::trust::Role::VerifierAttestation`] and names the host of `iss`; where nobody is trusted the request
/// is refused (5.9.3).
pub(super) fn verify(
    header: &JwsHeader,
    client_id: &ClientId,
    grounds: &Grounds<'_>,
) -> Result<Attested, RequestError> {
    let text = header.members.get("jwt").and_then(Value::as_str);
    let jws = Jws::parse(text.ok_or(RequestError::Attestation)?).map_err(|_| RequestError::Attestation)?;
    if !jws.header().is_type(VERIFIER_ATTESTATION) {
        return Err(RequestError::Attestation);
    }
    let chain = certificates(&jws.header().x5c)?;
    let signer = chain.first().ok_or(RequestError::Attestation)?;
    let key = signer.verification_key().map_err(|_| RequestError::Attestation)?;
    let payload = jws.verify(&key).map_err(|_| RequestError::Attestation)?;
    let trusted_by = verify_chain(&chain, grounds.anchors, grounds.now, Profile::VerifierAttestation)
        .map_err(RequestError::Chain)?
        .clone();
    let claims = match json::parse(&payload, MAX_MESSAGE) {
        Ok(Value::Object(claims)) => claims,
        _ => return Err(RequestError::Attestation),
    };
    let text = |name: &str| {
        claims
            .get(name)
            .and_then(Value::as_str)
            .ok_or(RequestError::Attestation)
    };
    let issuer = text("iss")?.to_owned();
    if !names(signer, &issuer) || text("sub")? != client_id.value() {
        return Err(RequestError::Attestation);
    }
    check_times(&claims, grounds.now)?;
    let jwk = claims.get("cnf").and_then(|cnf| cnf.get("jwk"));
    let key = VerificationKey::from_jwk(jwk.ok_or(RequestError::Attestation)?);
    Ok(Attested {
        issuer,
        trusted_by,
        key: key.map_err(|_| RequestError::Attestation)?,
        redirect_uris: redirect_uris(claims.get("redirect_uris"))?,
        chain,
    })
}

/// Whether a certificate names the host of an `iss`: an https URL, or the name alone.
fn names(signer: &Certificate, issuer: &str) -> bool {
    let host = match Url::parse(issuer) {
        Ok(url) if url.scheme() == "https" => url.host_str().map(str::to_owned),
        _ => Some(issuer.to_owned()),
    };
    let is_host = |name: &String| host.as_ref().is_some_and(|host| name.eq_ignore_ascii_case(host));
    signer.dns_names().iter().any(is_host)
}

/// `exp` is required; `nbf` and `iat` count where they are.
fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<(), RequestError> {
    let instant = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => numeric_date(value).map(Some).ok_or(RequestError::Attestation),
    };
    let expires_at = instant("exp")?.ok_or(RequestError::Attestation)?;
    let early = |start: Option<Timestamp>| start.is_some_and(|start| start.seconds_since(now) > CLOCK_SKEW);
    if now.seconds_since(expires_at) > CLOCK_SKEW || early(instant("nbf")?) || early(instant("iat")?) {
        return Err(RequestError::Attestation);
    }
    Ok(())
}

fn redirect_uris(value: Option<&Value>) -> Result<Option<Vec<String>>, RequestError> {
    let Some(value) = value else { return Ok(None) };
    let list = value.as_array().filter(|list| list.len() <= MAX_URIS);
    let uris = list
        .ok_or(RequestError::Attestation)?
        .iter()
        .map(|uri| uri.as_str().map(str::to_owned));
    uris.collect::<Option<Vec<_>>>()
        .map(Some)
        .ok_or(RequestError::Attestation)
}
