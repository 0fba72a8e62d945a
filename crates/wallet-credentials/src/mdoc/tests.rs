//! The vectors of `mdoc-annex-d/`, `mdoc-interop/`, `openid4vp/handover-*`, `age-verification/dc-api-*` and
//! `negative/mdoc-*`, and our three roles against each other.

mod annex_d;
mod bounds;
mod foreign;
mod interop;
mod name_spaces;
mod negative;
mod offline;
mod properties;
mod requests;
mod roles;
mod sessions;
mod strict;
mod transcripts;

use serde_json::Value;

use super::*;
use crate::cose::tests::hex;
use crate::cose::{CborError, CoseError, cbor};
use crate::crypto::{AgreementKey, PredictableRandom, PublicKey, Signer, SigningKey};
use crate::jose::base64url;
use crate::status::StatusReference;
use crate::time::{CivilDate, Timestamp};
use crate::trust::tests::{DOCUMENT_SIGNER, Party, anchors, at, key, now, root, signer_params};
use crate::trust::{Certificate, ChainError, Role, TrustAnchor, TrustAnchors};
use crate::vectors;

const MDL: &str = "org.iso.18013.5.1.mDL";
const ISO: &str = "org.iso.18013.5.1";
const GB: &str = "org.iso.18013.5.1.GB";

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

fn trusting(certificate: Certificate) -> TrustAnchors {
    [TrustAnchor::from_certificate(certificate, Role::Issuer)]
        .into_iter()
        .collect()
}

fn first_pem(file: &Value) -> TrustAnchors {
    trusting(Certificate::from_pem(file["certificates_pem"][0].as_str().unwrap()).unwrap())
}

struct World {
    anchors: TrustAnchors,
    signer: Party,
    device: SigningKey,
    transcript: SessionTranscript,
}

impl World {
    fn new() -> Self {
        let root = root();
        let signer = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
        Self {
            anchors: anchors(&root, Role::Issuer),
            signer,
            device: SigningKey::from_random(&mut PredictableRandom::from_seed(1)).unwrap(),
            transcript: SessionTranscript::openid4vp(
                "x509_hash:abc",
                "nonce",
                Some(&[5; 32]),
                "https://rp.example/r?a=b",
            ),
        }
    }

    fn validity() -> ValidityInfo {
        ValidityInfo {
            signed: at("2026-05-01T00:00:00Z"),
            valid_from: at("2026-05-01T00:00:00Z"),
            valid_until: at("2026-12-01T00:00:00Z"),
            expected_update: Some(at("2026-11-01T00:00:00Z")),
        }
    }

    fn builder(&self) -> MdocBuilder {
        MdocBuilder::new(MDL, self.device.public_key(), Self::validity())
    }

    fn issue(&self, builder: MdocBuilder) -> Vec<u8> {
        let chain = [self.signer.certificate.clone()];
        builder
            .sign(&self.signer.signing_key(), &chain, &mut PredictableRandom::from_seed(2))
            .unwrap()
    }

    fn licence(&self) -> Vec<u8> {
        let category = ElementValue::Map(vec![("vehicle_category_code".into(), "B".into())]);
        self.issue(
            self.builder()
                .element(ISO, "family_name", "Édouard-Jones")
                .element(ISO, "birth_date", CivilDate::parse("1990-02-03").unwrap())
                .element(ISO, "age_over_18", true)
                .element(ISO, "portrait", ElementValue::Bytes(vec![0xff; 10_000]))
                .element(ISO, "driving_privileges", ElementValue::Array(vec![category]))
                .element(GB, "welsh_licence", false)
                .status(StatusReference {
                    index: 412,
                    uri: "https://status.example/1".into(),
                })
                .key_authorizations(KeyAuthorizations {
                    name_spaces: vec![ISO.into(), GB.into()],
                    elements: Vec::new(),
                }),
        )
    }

    fn held(&self, bytes: &[u8]) -> crate::verified::Verified<IssuerSigned> {
        IssuerSigned::parse(bytes)
            .unwrap()
            .verify(&self.anchors, now())
            .unwrap()
    }

    fn check(&self, response: &[u8], now: Timestamp) -> Result<crate::verified::Verified<DeviceResponse>, MdocError> {
        let context = DeviceResponseContext {
            anchors: &self.anchors,
            transcript: &self.transcript,
            reader_key: None,
        };
        DeviceResponse::parse(response)?.verify(context, now)
    }
}
