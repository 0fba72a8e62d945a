//! Presentations made by this project, built and verified here and by others, in one run.
//!
//! `cargo bench --manifest-path tests/peers/Cargo.toml`; `docs/performance.md` reads the figures.

#![expect(clippy::unwrap_used, reason = "a bench whose input cannot be made measures nothing")]

#[expect(dead_code, reason = "the peers have no JWT VC")]
#[path = "../../../crates/wallet-credentials/benches/support/mod.rs"]
mod support;

use std::hint::black_box;

use criterion::Criterion;
use isomdl::definitions::session::SessionTranscript as PeerTranscript;
use isomdl::definitions::x509::trust_anchor::{PemTrustAnchor, TrustAnchorRegistry, TrustPurpose};
use isomdl::definitions::x509::validation::ValidationRuleset;
use isomdl::presentation::authentication::mdoc::{device_authentication, issuer_authentication};
use isomdl::presentation::reader;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use p256::pkcs8::EncodePrivateKey as _;
use sd_jwt_rs::{SDJWTHolder, SDJWTSerializationFormat, SDJWTVerifier};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use support::{DOCUMENT_SIGNER, ISO, MDL, Party, ProcessorTime, READER, SHOWN, VCT};
use wallet_credentials::crypto::{Signer as _, SigningKey, verify_es256};
use wallet_credentials::mdoc::{DeviceResponse, DeviceResponseContext, IssuerSigned, SessionTranscript};
use wallet_credentials::sd_jwt_vc::{KeyBinding, PresentationCheck, SdJwtVc, verify_presentation};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::Role;

const AUDIENCE: &str = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
const NONCE: &str = "n-0S6_WzA2MjFh4v8xkQ";

fn main() {
    let mut criterion = Criterion::default()
        .with_measurement(ProcessorTime)
        .configure_from_args();
    bare(&mut criterion);
    mdoc(&mut criterion);
    sd_jwt(&mut criterion);
    criterion.final_summary();
}

/// The peers read the clock themselves.
fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Timestamp::from_unix(i64::try_from(since.as_secs()).unwrap())
}

fn pkcs8(key: &SigningKey) -> Vec<u8> {
    let secret = p256::SecretKey::from_slice(key.to_bytes().as_ref()).unwrap();
    secret.to_pkcs8_der().unwrap().as_bytes().to_vec()
}

/// Signatures alone, in our libraries and in the peers'.
fn bare(criterion: &mut Criterion<ProcessorTime>) {
    let mut group = criterion.benchmark_group("bare");
    let (key, message) = (support::holder(1), vec![0x5a; 256]);
    let signature = key.sign(&message).unwrap();
    group.bench_function("sign", |bencher| {
        bencher.iter(|| key.sign(black_box(&message)).unwrap())
    });
    group.bench_function("verify", |bencher| {
        bencher.iter(|| verify_es256(&key.public_key(), black_box(&message), &signature).unwrap());
    });
    let peer = EncodingKey::from_ec_der(&pkcs8(&key));
    group.bench_function("sign_of_sd-jwt-rs", |bencher| {
        bencher.iter(|| jsonwebtoken::crypto::sign(black_box(&message), &peer, Algorithm::ES256).unwrap());
    });
    let text = jsonwebtoken::crypto::sign(&message, &peer, Algorithm::ES256).unwrap();
    let public = DecodingKey::from_ec_der(key.public_key().as_sec1());
    group.bench_function("verify_of_sd-jwt-rs", |bencher| {
        bencher.iter(|| {
            assert!(jsonwebtoken::crypto::verify(&text, black_box(&message), &public, Algorithm::ES256).unwrap());
        });
    });
    group.finish();
}

/// Our transcript, for isomdl: any CBOR will do there.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
struct Transcript(ciborium::Value);

impl PeerTranscript for Transcript {}

fn mdoc(criterion: &mut Criterion<ProcessorTime>) {
    let authority = Party::authority("IACA");
    let issuer = authority.certify("Document signer", DOCUMENT_SIGNER);
    let holder = support::holder(2);
    let anchors = authority.as_anchor(Role::Issuer);
    let stored = support::licence(&issuer, &holder.public_key(), MDL, &support::portrait(), now());
    let held = IssuerSigned::parse(&stored).unwrap().verify(&anchors, now()).unwrap();
    let transcript = SessionTranscript::openid4vp(AUDIENCE, NONCE, None, "https://service.example.org/response");
    let wanted: Vec<(&str, &str)> = SHOWN.iter().map(|element| (ISO, *element)).collect();
    let response = held.narrow(&wanted).unwrap().sign(&transcript, &holder).unwrap();

    let mut group = criterion.benchmark_group("mdoc_3_of_20_portrait_10k");
    group.bench_function("verify_ours", |bencher| {
        bencher.iter(|| {
            let context = DeviceResponseContext {
                anchors: &anchors,
                transcript: &transcript,
                reader_key: None,
            };
            DeviceResponse::parse(black_box(&response))
                .unwrap()
                .verify(context, now())
                .unwrap();
        });
    });
    let registry = TrustAnchorRegistry::from_pem_certificates(vec![PemTrustAnchor {
        certificate_pem: authority.pem.clone(),
        purpose: TrustPurpose::Iaca,
    }])
    .unwrap();
    let peer_transcript = Transcript(ciborium::from_reader(transcript.as_bytes()).unwrap());
    // The three checks it has. It compares no digest with the MSO; what it says of our short certificates does not count here.
    group.bench_function("verify_isomdl", |bencher| {
        bencher.iter(|| {
            let response: isomdl::definitions::DeviceResponse = isomdl::cbor::from_slice(black_box(&response)).unwrap();
            let (document, chain, _) = reader::parse(&response).unwrap();
            black_box(ValidationRuleset::Mdl.validate(&chain, &registry));
            issuer_authentication(chain, &document.issuer_signed).unwrap();
            device_authentication(document, peer_transcript.clone()).unwrap();
        });
    });
    group.finish();
}

fn sd_jwt(criterion: &mut Criterion<ProcessorTime>) {
    let issuer = Party::authority("Root").certify("Issuer", READER);
    let issuer_key = issuer.certificate.verification_key().unwrap();
    let holder = support::holder(4);
    let text = support::person_credential(&issuer, &holder.public_key(), VCT, now());
    let paths = support::shown_of_person();
    let binding = KeyBinding {
        audience: AUDIENCE,
        nonce: NONCE,
        issued_at: now(),
        transaction_data: None,
    };

    let mut group = criterion.benchmark_group("sd_jwt_3_of_20");
    group.bench_function("build_from_text_ours", |bencher| {
        bencher.iter(|| {
            let held = SdJwtVc::parse(black_box(&text)).unwrap().dangerous_assume_verified();
            held.narrow(&paths).unwrap().present(&binding, &holder).unwrap()
        });
    });
    group.bench_function("build_from_text_without_signature_ours", |bencher| {
        bencher.iter(|| {
            let held = SdJwtVc::parse(black_box(&text)).unwrap().dangerous_assume_verified();
            held.narrow(&paths)
                .unwrap()
                .prepare(&binding)
                .unwrap()
                .finalise(&[7; 64])
        });
    });
    let key = EncodingKey::from_ec_der(&pkcs8(&holder));
    let shown: Map<String, Value> = ["given_name", "family_name", "birthdate"]
        .iter()
        .map(|name| ((*name).to_owned(), Value::Bool(true)))
        .collect();
    let build = || {
        let mut peer = SDJWTHolder::new(black_box(&text).clone(), SDJWTSerializationFormat::Compact).unwrap();
        let nonce = Some(NONCE.to_owned());
        let audience = Some(AUDIENCE.to_owned());
        peer.create_presentation(
            shown.clone(),
            nonce,
            audience,
            Some(key.clone()),
            Some("ES256".to_owned()),
        )
        .unwrap()
    };
    group.bench_function("build_from_text_sd-jwt-rs", |bencher| bencher.iter(build));

    let held = SdJwtVc::parse(&text).unwrap().dangerous_assume_verified();
    let ours = held.narrow(&paths).unwrap().present(&binding, &holder).unwrap();
    let check = PresentationCheck::new(AUDIENCE, NONCE, now());
    group.bench_function("verify_ours", |bencher| {
        bencher.iter(|| verify_presentation(black_box(&ours), &check, |_| Some(issuer_key.clone())).unwrap());
    });
    let sec1 = issuer.signing_key().public_key().as_sec1().to_vec();
    group.bench_function("verify_sd-jwt-rs", |bencher| {
        bencher.iter(|| {
            let sec1 = sec1.clone();
            SDJWTVerifier::new(
                black_box(&ours).clone(),
                Box::new(move |_, _| DecodingKey::from_ec_der(&sec1)),
                Some(AUDIENCE.to_owned()),
                Some(NONCE.to_owned()),
                SDJWTSerializationFormat::Compact,
            )
            .unwrap();
        });
    });
    group.finish();
}
