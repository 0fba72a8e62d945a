//! SD-JWT VC: the examples of the RFC and the drafts, the negative set, and our three roles against each other.

mod issuer_metadata;
mod json_form;
mod musts;
mod properties;
mod roles;
mod transaction_data;
mod vectors;

use serde_json::{Map, Value, json};

use super::*;
use crate::crypto::{PredictableRandom, PublicKey, Signer, SigningKey, VerificationKey};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const VCT: &str = "urn:example:vct";

fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[1; 32]).unwrap()
}

fn holder() -> SigningKey {
    SigningKey::from_bytes(&[2; 32]).unwrap()
}

fn issuer_key() -> VerificationKey {
    issuer().public_key().into()
}

fn random() -> PredictableRandom {
    PredictableRandom::from_seed(11)
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn path(json: &str) -> ClaimPath {
    serde_json::from_str(json).unwrap()
}

/// A credential of these claims, bound to [`holder`], with these claims disclosable.
fn issue(claims: Value, disclosable: &[&str]) -> String {
    Issuance::new(VCT, object(claims))
        .iss("https://issuer.example.org")
        .issued_at(NOW)
        .expires_at(Timestamp::from_unix(NOW.as_unix() + 86_400))
        .holder_key(&holder().public_key())
        .selectively_disclosable(disclosable.iter().map(|text| path(text)))
        .sign(&issuer(), &mut random())
        .unwrap()
}

fn receive(text: &str) -> SdJwtVc {
    SdJwtVc::parse(text)
        .unwrap()
        .verify(&issuer_key(), NOW)
        .unwrap()
        .into_inner()
}

fn binding() -> KeyBinding<'static> {
    KeyBinding {
        audience: "x509_hash:abc",
        nonce: "n-1",
        issued_at: NOW,
        transaction_data: None,
    }
}

fn check() -> PresentationCheck<'static> {
    PresentationCheck::new("x509_hash:abc", "n-1", NOW)
}

fn verify(text: &str) -> Result<VerifiedPresentation, SdJwtError> {
    verify_presentation(text, &check(), |_| Some(issuer_key()))
}
