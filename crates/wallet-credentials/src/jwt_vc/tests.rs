//! JWT VC: the shapes of GOV.UK Wallet and of OpenID4VP, and our three roles against each other.

mod properties;
mod refusals;
mod roles;

use serde_json::{Map, Value, json};

use super::*;
use crate::claim::{ClaimPath, select_claims};
use crate::crypto::{Signer, SigningKey, VerificationKey};
use crate::jose::{SigningHeader, did};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const ISSUER: &str = "https://veterans.example.org";
const KID: &str = "did:web:veterans.example.org#key-1";

fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[1; 32]).unwrap()
}

fn holder() -> SigningKey {
    SigningKey::from_bytes(&[2; 32]).unwrap()
}

fn issuer_key() -> VerificationKey {
    issuer().public_key().into()
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn path(json: &str) -> ClaimPath {
    serde_json::from_str(json).unwrap()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix(NOW.as_unix() + seconds)
}

/// What a Veteran Card says about its subject.
fn veteran() -> Map<String, Value> {
    object(json!({
        "name": [{"nameParts": [{"value": "Tamsin", "type": "GivenName"}, {"value": "Veteran", "type": "FamilyName"}]}],
        "birthDate": [{"value": "1958-11-11"}],
        "veteranCard": [{"expiryDate": "2034-04-08", "serviceNumber": "25057386", "serviceBranch": "British Army",
                         "photo": "/9j/4AAQSkZJRgABAQ=="}],
    }))
}

fn card() -> Issuance {
    Issuance::new(ISSUER, "DigitalVeteranCard", veteran())
        .kid(KID)
        .holder_key(&holder().public_key())
        .issued_at(NOW)
        .valid_from(NOW)
        .valid_until(later(86_400))
}

fn issue() -> String {
    card().sign(&issuer()).unwrap()
}

fn receive(text: &str) -> JwtVc {
    JwtVc::parse(text)
        .unwrap()
        .verify(&issuer_key(), NOW)
        .unwrap()
        .into_inner()
}

/// Signs any payload under any header.
fn sign(typ: &str, payload: &Value) -> String {
    SigningHeader::new(typ).kid(KID).sign_json(payload, &issuer()).unwrap()
}

/// The payload of a credential of data model 2.0, to be spoilt.
fn payload() -> Value {
    json!({
        "iss": ISSUER, "sub": did::did_key(&holder().public_key()), "iat": NOW.as_unix(), "exp": NOW.as_unix() + 60,
        "@context": [CONTEXT_V2, "https://example.org/context"],
        "type": [BASE_TYPE, "DigitalVeteranCard"],
        "issuer": ISSUER,
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-06-01T00:00:00Z",
        "credentialSubject": {"id": did::did_key(&holder().public_key()), "veteranCard": [{"serviceNumber": "1"}]},
    })
}

fn binding() -> PresentationBinding<'static> {
    PresentationBinding {
        audience: "x509_hash:abc",
        nonce: "n-1",
        issued_at: NOW,
    }
}

fn check() -> PresentationCheck<'static> {
    PresentationCheck::new("x509_hash:abc", "n-1", NOW)
}

fn verify(text: &str) -> Result<VerifiedPresentation, JwtVcError> {
    verify_presentation(text, &check(), |_| Some(issuer_key()))
}
