//! GOV.UK Wallet's dialect of OpenID4VCI: draft 14 as its technical documentation profiles it. It goes through the same
//! states as version 1.0; this module is where it differs.
//!
//! | what | here |
//! |---|---|
//! | offer | by value in an https link, percent-encoded JSON or base64url of it |
//! | nonce | the claim `c_nonce` of the access token, which is a JWT; no nonce endpoint |
//! | proof | one `proof`, with the key as did:key in `kid` and a fixed `iss` |
//! | request | the proof and nothing else: the token says what is asked for |
//! | signers | certificates behind `mdoc_iacas_uri`, with fingerprints |
//! | again | a page of the issuer (`credential_refresh_web_journey_url`), or a refresh token |

mod issuer;

pub use issuer::{AccessTokenClaims, PreAuthorizedClaims, jwks, key_id, read_request, verify_proof};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use wallet_credentials::crypto::PublicKey;
use wallet_credentials::jose::{Jws, SigningHeader, base64url, did};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::Certificate;

use super::MAX_MESSAGE;
use super::authorization_server::AuthorizationServerMetadata;
use super::credential::{CredentialError, Proofs};
use super::metadata::{ConfigurationProblem, MetadataError, ProofType, ProofTypes, strings};
use super::proof::{PROOF_TYPE, ProofError, ProofToSign, claims};
use super::token::{AccessToken, MAX_TOKEN, Nonce};
use crate::endpoint::{Endpoint, IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, JSON};
use crate::json;

/// `iss` of every proof: the documentation names the one wallet it knows.
pub const PROOF_ISSUER: &str = "urn:fdc:gov:uk:wallet";
/// The most certificates behind `mdoc_iacas_uri`.
const MAX_IACAS: usize = 64;
/// The longest life of a credential that is believed, in days.
const MAX_DAYS: u64 = 36_500;

/// What an issuer of this dialect says beside the specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GovUkIssuer {
    /// Where the certificates are under which its mdocs are signed.
    pub iacas: Option<Endpoint>,
}

/// What a configuration of this dialect says beside the specification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GovUkConfiguration {
    /// The page where the person gets the document anew; on gov.uk only.
    pub refresh_journey: Option<Endpoint>,
    /// For how many days a credential is good at most.
    pub validity_days: Option<u64>,
}

/// The dialect is recognised by members of its own, in metadata that has none of the nonce endpoint of version 1.0.
pub(super) fn recognised(
    members: &Map<String, Value>,
    policy: TransportPolicy,
) -> Result<Option<GovUkIssuer>, MetadataError> {
    let configurations = members
        .get("credential_configurations_supported")
        .and_then(Value::as_object);
    let refreshes = configurations.is_some_and(|configurations| {
        let mut values = configurations.values();
        values.any(|value| value.get("credential_refresh_web_journey_url").is_some())
    });
    let iacas = members.get("mdoc_iacas_uri");
    if members.contains_key("nonce_endpoint") || (iacas.is_none() && !refreshes) {
        return Ok(None);
    }
    let iacas = iacas.map(|value| {
        let text = value.as_str().ok_or(MetadataError::Value("mdoc_iacas_uri"))?;
        Endpoint::parse(text, policy).map_err(|reason| MetadataError::Endpoint("mdoc_iacas_uri", reason))
    });
    Ok(Some(GovUkIssuer {
        iacas: iacas.transpose()?,
    }))
}

/// Proofs are always by `jwt`; mdoc configurations do not say so.
pub(super) fn proof_types(value: &Value) -> Result<ProofTypes, ConfigurationProblem> {
    let binding = strings(value.get("cryptographic_binding_methods_supported"));
    let known = |method: &String| ["jwk", "cose_key", "did:key"].contains(&method.as_str());
    if !binding.is_some_and(|binding| binding.iter().any(known)) {
        return Err(ConfigurationProblem::Proof);
    }
    Ok(ProofTypes {
        jwt: Some(ProofType::default()),
        attestation: None,
    })
}

pub(super) fn configuration(value: &Value, policy: TransportPolicy) -> GovUkConfiguration {
    let journey = value.get("credential_refresh_web_journey_url").and_then(Value::as_str);
    let journey = journey.and_then(|text| Endpoint::parse(text, policy).ok());
    let days = value.get("credential_validity_period_max_days").and_then(Value::as_u64);
    GovUkConfiguration {
        refresh_journey: journey.filter(|endpoint| is_gov_uk(endpoint, policy)),
        validity_days: days.filter(|days| *days <= MAX_DAYS),
    }
}

/// Whether a page is the government's, or, where plain http is allowed, practice on this machine.
fn is_gov_uk(endpoint: &Endpoint, policy: TransportPolicy) -> bool {
    let host = endpoint.host();
    let practice = policy == TransportPolicy::HttpAllowed && matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    practice || host == "gov.uk" || host.ends_with(".gov.uk")
}

/// An offer as the link has it: JSON, or base64url of JSON, as the documentation's text says and its examples do not.
pub(super) fn decoded(offer: String) -> String {
    if offer.trim_start().starts_with('{') {
        return offer;
    }
    let decoded = base64url::decode(offer.trim().trim_end_matches('=')).ok();
    decoded.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(offer)
}

/// The metadata of an authorization server that publishes none: only its token endpoint is known, by custom.
///
/// # Errors
/// [`MetadataError::Endpoint`].
pub fn unpublished_server(
    server: &IssuerIdentifier,
    policy: TransportPolicy,
) -> Result<AuthorizationServerMetadata, MetadataError> {
    let token = format!("{}/token", server.as_str().trim_end_matches('/'));
    let endpoint =
        Endpoint::parse(&token, policy).map_err(|reason| MetadataError::Endpoint("token_endpoint", reason))?;
    Ok(AuthorizationServerMetadata::new(server.clone(), endpoint))
}

/// The `c_nonce` of an access token. Whether the token is genuine is for the issuer to say, who gets it back.
pub(super) fn nonce_in_token(token: &str) -> Option<Nonce> {
    #[derive(Deserialize)]
    struct Claims {
        c_nonce: String,
    }
    let payload = Jws::parse(token).ok()?.dangerous_unverified_payload().ok()?;
    let claims: Claims = json::parse_as(&payload, MAX_TOKEN).ok()?;
    let good = !claims.c_nonce.is_empty() && claims.c_nonce.len() <= MAX_TOKEN;
    good.then_some(Nonce(claims.c_nonce))
}

/// The proof: `kid` is the key itself as did:key.
pub(super) fn proof(
    key: &PublicKey,
    issuer: &IssuerIdentifier,
    nonce: Option<&Nonce>,
    issued_at: Timestamp,
) -> Result<ProofToSign, ProofError> {
    let header = SigningHeader::new(PROOF_TYPE).kid(&did::did_key(key));
    let claims = claims(issuer.as_str(), nonce, issued_at, Some(PROOF_ISSUER));
    ProofToSign::prepare(key, &header, claims)
}

/// The credential request: one proof.
pub(super) fn credential_request(
    endpoint: &Endpoint,
    token: &AccessToken,
    proofs: Proofs<'_>,
) -> Result<HttpRequest, CredentialError> {
    let Proofs::Jwt([proof]) = proofs else {
        return Err(CredentialError::Proofs);
    };
    let body = json!({"proof": {"proof_type": "jwt", "jwt": proof.as_str()}});
    Ok(
        HttpRequest::post(endpoint.url().clone(), JSON, body.to_string().into_bytes())
            .with_header("accept", JSON)
            .with_header("authorization", token.authorization()),
    )
}

/// Why the certificates of an issuer are not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IacasError {
    /// The server answered with an error.
    #[error("the certificates could not be fetched: status {status}")]
    NotFetched {
        /// The HTTP status.
        status: u16,
    },
    /// Not the JSON that is documented, or a certificate that is none.
    #[error("the certificates are malformed")]
    Malformed,
    /// A certificate is not the one its fingerprint names.
    #[error("a certificate does not have the fingerprint it is listed with")]
    Fingerprint,
}

impl GovUkIssuer {
    /// The request for the certificates.
    #[must_use]
    pub fn iacas_request(&self) -> Option<HttpRequest> {
        let endpoint = self.iacas.as_ref()?;
        Some(HttpRequest::get(endpoint.url().clone(), JSON))
    }
}

/// Reads the certificates: those that are active, each with the fingerprint it is listed with (SHA-256 of the DER, in hex).
/// They are what this issuer says of itself: to be trusted for this issuer only, by whoever trusts the issuer.
///
/// # Errors
/// [`IacasError`].
pub fn read_iacas(response: &HttpResponse) -> Result<Vec<Certificate>, IacasError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Entry {
        active: bool,
        certificate_pem: String,
        certificate_fingerprint: String,
    }
    #[derive(Deserialize)]
    struct Wire {
        data: Vec<Entry>,
    }
    if response.status != 200 {
        return Err(IacasError::NotFetched {
            status: response.status,
        });
    }
    let wire: Wire = json::parse_as(&response.body, MAX_MESSAGE).map_err(|_| IacasError::Malformed)?;
    if wire.data.len() > MAX_IACAS {
        return Err(IacasError::Malformed);
    }
    let mut certificates = Vec::new();
    for entry in wire.data.iter().filter(|entry| entry.active) {
        let certificate = Certificate::from_pem(&entry.certificate_pem).map_err(|_| IacasError::Malformed)?;
        if !entry
            .certificate_fingerprint
            .eq_ignore_ascii_case(&fingerprint(&certificate))
        {
            return Err(IacasError::Fingerprint);
        }
        certificates.push(certificate);
    }
    Ok(certificates)
}

/// The fingerprint of a certificate as the dialect writes it.
#[must_use]
pub fn fingerprint(certificate: &Certificate) -> String {
    certificate.sha256().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The certificates as an issuer publishes them.
#[must_use]
pub fn iacas_json(certificates: &[&Certificate]) -> Value {
    let entries = certificates.iter().map(|certificate| {
        // The documentation's instants have milliseconds, and its harness compares them as text.
        let instant = |at: Timestamp| at.to_rfc3339().replace('Z', ".000Z");
        let jwk = certificate.public_key().ok().map(|key| {
            let mut jwk = key.to_jwk();
            if let Some(members) = jwk.as_object_mut() {
                members.insert("alg".to_owned(), json!("ES256"));
            }
            jwk
        });
        json!({
            "id": fingerprint(certificate),
            "active": true,
            "certificatePem": certificate.to_pem(),
            "certificateData": {
                "notBefore": instant(certificate.not_before()),
                "notAfter": instant(certificate.not_after()),
                "country": "GB",
                "commonName": certificate.common_name(),
            },
            "certificateFingerprint": fingerprint(certificate),
            "publicKeyJwk": jwk,
        })
    });
    json!({"data": entries.collect::<Vec<_>>()})
}
