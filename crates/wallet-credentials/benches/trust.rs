//! Status list tokens, chains, revocation lists and signed lists, each beside the signatures it cannot do without, made with
//! the same libraries in the same run. `docs/performance.md` reads the figures.

#![expect(clippy::unwrap_used, reason = "a bench whose input cannot be made measures nothing")]

#[expect(dead_code, reason = "each crate measures with a part of it")]
mod support;

use std::hint::black_box;
use std::time::Duration;

use criterion::Criterion;
use support::{DOCUMENT_SIGNER, Party, ProcessorTime, READER};
use wallet_credentials::claim::ClaimPath;
use wallet_credentials::crypto::{Signer as _, sha256, verify_es256};
use wallet_credentials::jose::SigningHeader;
use wallet_credentials::status::{
    Lifetime, StatusAnchors, StatusListBuilder, StatusListExpectation, StatusListToken, StatusSigners, StatusSize,
    StatusType,
};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{
    Certificate, CertificateHash, Detail, ListContext, LocalizedText, Profile, Purpose, Register, RegisterEntry,
    RevocationList, Role, SignedList, TrustAnchors, verify_chain,
};

/// Extended key usage of a signer of status lists.
const STATUS_SIGNER: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 30];
const URI: &str = "https://status.example.org/lists/1";
const ISS: &str = "https://lists.example.org";

fn main() {
    let mut criterion = Criterion::default()
        .with_measurement(ProcessorTime)
        .configure_from_args();
    bare(&mut criterion);
    status_token(&mut criterion);
    chain(&mut criterion);
    register(&mut criterion);
    criterion.final_summary();
}

fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-01T12:00:00Z").unwrap()
}

/// One and two verifications.
fn bare(criterion: &mut Criterion<ProcessorTime>) {
    let mut group = criterion.benchmark_group("trust_bare");
    let key = support::holder(1);
    let message = vec![0x5a; 400];
    let signature = key.sign(&message).unwrap();
    let public = key.public_key();
    for count in [1, 2] {
        group.bench_function(format!("{count}_verifications"), |bencher| {
            bencher.iter(|| {
                for _ in 0..count {
                    verify_es256(black_box(&public), &message, &signature).unwrap();
                }
            });
        });
    }
    group.finish();
}

/// A token as it comes from the network: parsed, its signer followed to the issuer's anchor, the list checked whole, one
/// status read from the middle. One entry in a hundred is set.
fn status_token(criterion: &mut Criterion<ProcessorTime>) {
    let issuer = Party::authority("IACA");
    let signer = issuer.certify("Status signer", STATUS_SIGNER);
    let known = issuer.as_anchor(Role::Issuer);
    let document_signer = issuer.certify("Document signer", DOCUMENT_SIGNER);
    let chain = [document_signer.certificate];
    let profile = Profile::DocumentSigner { lenient: false };
    let anchors = StatusAnchors::of(verify_chain(&chain, &known, now(), profile).unwrap(), &known);
    let lifetime = Lifetime {
        validity: Duration::from_secs(86_400),
        time_to_live: Duration::from_secs(3_600),
    };
    let mut group = criterion.benchmark_group("status_token");
    for (name, entries) in [("1M", 1_000_000_u64), ("100M", 100_000_000)] {
        let mut builder = StatusListBuilder::new(StatusSize::One, entries).unwrap();
        let mut set = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..entries / 100 {
            set = set
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            builder.set((set >> 20) % entries, StatusType::Invalid).unwrap();
        }
        let header = SigningHeader::new("").x5c(&[signer.certificate.as_der()]);
        let key = signer.signing_key();
        // A list of 100 million is longer than a JWT may be here; it travels as CWT.
        let jwt =
            (entries < 10_000_000).then(|| builder.sign(URI, now(), lifetime, header, &key).unwrap().into_bytes());
        let certificates = [signer.certificate.clone()];
        let cwt = builder.sign_cwt(URI, now(), lifetime, &certificates, &key).unwrap();
        for (form, token) in [("jwt", jwt), ("cwt", Some(cwt))] {
            let Some(token) = token else { continue };
            println!("status token of {name} as {form}: {} bytes", token.len());
            group.bench_function(format!("{form}_of_{name}"), |bencher| {
                bencher.iter(|| {
                    let expected = StatusListExpectation {
                        signers: StatusSigners::Anchors(&anchors),
                        uri: URI,
                    };
                    let token = StatusListToken::parse(black_box(&token)).unwrap();
                    token.verify(expected, now()).unwrap().status_at(entries / 2).unwrap()
                });
            });
        }
    }
    group.finish();
}

/// A signer's certificate from its bytes to the anchor (one verification), and a revocation list of a thousand (one).
fn chain(criterion: &mut Criterion<ProcessorTime>) {
    let mut group = criterion.benchmark_group("chain");
    let root = Party::authority("IACA");
    let signer = root.certify("Document signer", DOCUMENT_SIGNER);
    let anchors = root.as_anchor(Role::Issuer);
    let der = signer.certificate.as_der().to_vec();
    group.bench_function("parse_certificate", |bencher| {
        bencher.iter(|| Certificate::from_der(black_box(&der)).unwrap());
    });
    group.bench_function("parse_and_verify", |bencher| {
        bencher.iter(|| {
            let chain = [Certificate::from_der(black_box(&der)).unwrap()];
            verify_chain(&chain, &anchors, now(), Profile::DocumentSigner { lenient: false })
                .map(|anchor| anchor.role())
                .unwrap()
        });
    });
    let list = root.revocation_list(1_000);
    println!("revocation list of 1,000: {} bytes", list.len());
    group.bench_function("revocation_list_of_1000", |bencher| {
        bencher.iter(|| {
            let list = RevocationList::from_der(black_box(&list)).unwrap();
            list.verify(&root.certificate, now())
                .unwrap()
                .check_certificate(&signer.certificate)
                .unwrap();
        });
    });
    let signed = vec![7_u8; list.len()];
    group.bench_function("bare_digest_of_that_length", |bencher| {
        bencher.iter(|| sha256(black_box(&signed)))
    });
    group.finish();
}

/// A register of a thousand services: two verifications.
fn register(criterion: &mut Criterion<ProcessorTime>) {
    let mut group = criterion.benchmark_group("register");
    let root = Party::authority("Lists");
    let signer = root.certify("List signer", &[1, 3, 6, 1, 5, 5, 7, 3, 4]);
    let service = root.certify("Service", READER);
    let words = |en: &str| LocalizedText {
        en: en.to_owned(),
        cy: Some(en.to_owned()),
    };
    let entries = (0..1_000_u32).map(|number| RegisterEntry {
        legal_name: format!("Service {number} Limited"),
        trading_name: format!("Service {number}"),
        intermediary: None,
        cert_sha256: vec![match number {
            500 => CertificateHash(service.certificate.sha256()),
            _ => CertificateHash(sha256(&number.to_be_bytes())),
        }],
        valid_until: Timestamp::parse_rfc3339("2030-01-01T00:00:00Z").unwrap(),
        withdrawn_at: None,
        purposes: vec![Purpose {
            id: "age".to_owned(),
            category: "age_check".to_owned(),
            text: words("To check your age"),
            lawful_basis: "legal obligation".to_owned(),
            retention: words("Not kept"),
            allowed: vec![Detail {
                document_type: support::MDL.to_owned(),
                path: ClaimPath::from_names([support::ISO, "age_over_18"]).unwrap(),
            }],
        }],
        privacy_url: "https://service.example.org/privacy".to_owned(),
        contact: "privacy@service.example.org".to_owned(),
    });
    let list: Register = SignedList {
        iss: ISS.to_owned(),
        iat: now(),
        exp: Timestamp::parse_rfc3339("2027-01-01T00:00:00Z").unwrap(),
        sequence: 7,
        entries: entries.collect(),
    };
    let text = list
        .sign(&signer.signing_key(), std::slice::from_ref(&signer.certificate))
        .unwrap();
    println!("register of 1,000: {} bytes", text.len());
    let anchors = root.as_anchor(Role::ListSigner);
    let context = ListContext {
        anchors: &anchors,
        iss: ISS,
        seen: None,
        max_age: None,
    };
    group.bench_function("verify_1000", |bencher| {
        bencher.iter(|| Register::verify(black_box(&text), context, now()).unwrap());
    });
    let (chain, nobody) = ([service.certificate.clone()], TrustAnchors::new());
    group.bench_function("recognise_among_1000", |bencher| {
        bencher.iter(|| list.recognise(black_box(&chain), &nobody, now()).0);
    });
    group.finish();
}
