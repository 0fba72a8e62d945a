//! Presentations built and verified, each beside the signatures and hashes it cannot do without, made with the same
//! libraries in the same run. `docs/performance.md` reads the figures.

#![expect(clippy::unwrap_used, reason = "a bench whose input cannot be made measures nothing")]

#[expect(dead_code, reason = "each crate measures with a part of it")]
mod support;

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use support::{DOCUMENT_SIGNER, ISO, MDL, Party, ProcessorTime, SHOWN, VCT};
use wallet_credentials::claim::ClaimPath;
use wallet_credentials::crypto::{Signer, SigningKey, sha256, verify_es256};
use wallet_credentials::jwt_vc::{self, JwtVc, PresentationBinding};
use wallet_credentials::mdoc::{DeviceResponse, DeviceResponseContext, IssuerSigned, SessionTranscript};
use wallet_credentials::sd_jwt_vc::{KeyBinding, PresentationCheck, SdJwtVc, verify_presentation};
use wallet_credentials::status::{StatusListBuilder, StatusSize, StatusType};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, Profile, Role, TrustAnchor, TrustAnchors, verify_chain};
use wallet_credentials::verified::Verified;

const AUDIENCE: &str = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
const NONCE: &str = "n-0S6_WzA2MjFh4v8xkQ";

fn main() {
    let mut criterion = Criterion::default()
        .with_measurement(ProcessorTime)
        .configure_from_args();
    bare(&mut criterion);
    mdoc(&mut criterion);
    age(&mut criterion);
    sd_jwt_vc(&mut criterion);
    jwt_vc(&mut criterion);
    status(&mut criterion);
    criterion.final_summary();
}

fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-01T12:00:00Z").unwrap()
}

/// Messages with their signatures: what any implementation has to verify.
struct Signed(SigningKey, Vec<(Vec<u8>, [u8; 64])>);

impl Signed {
    fn of_lengths(lengths: &[usize]) -> Self {
        let key = support::holder(3);
        let signed = lengths.iter().map(|length| vec![0x5a; *length]);
        let signed = signed
            .map(|message| (message.clone(), key.sign(&message).unwrap()))
            .collect();
        Self(key, signed)
    }

    fn verify(&self) {
        let key = self.0.public_key();
        for (message, signature) in &self.1 {
            verify_es256(black_box(&key), message, signature).unwrap();
        }
    }
}

/// One signature, one verification.
fn bare(criterion: &mut Criterion<ProcessorTime>) {
    let mut group = criterion.benchmark_group("bare");
    let key = support::holder(1);
    let message = vec![0x5a; 256];
    group.bench_function("sign", |bencher| {
        bencher.iter(|| key.sign(black_box(&message)).unwrap())
    });
    let one = Signed::of_lengths(&[256]);
    group.bench_function("verify", |bencher| bencher.iter(|| one.verify()));
    group.finish();
}

/// A licence with a 10 KB portrait, as the wallet holds it.
struct Licence {
    anchors: TrustAnchors,
    holder: SigningKey,
    stored: Vec<u8>,
    held: Verified<IssuerSigned>,
    transcript: SessionTranscript,
}

impl Licence {
    fn new() -> Self {
        let authority = Party::authority("IACA");
        let issuer = authority.certify("Document signer", DOCUMENT_SIGNER);
        let holder = support::holder(2);
        let anchors = authority.as_anchor(Role::Issuer);
        let stored = support::licence(&issuer, &holder.public_key(), MDL, &support::portrait(), now());
        let held = IssuerSigned::parse(&stored).unwrap().verify(&anchors, now()).unwrap();
        let transcript =
            SessionTranscript::openid4vp(AUDIENCE, NONCE, Some(&[7; 32]), "https://service.example.org/response");
        Self {
            anchors,
            holder,
            stored,
            held,
            transcript,
        }
    }

    fn present(&self, held: &IssuerSigned, elements: &[&str]) -> Vec<u8> {
        let wanted: Vec<(&str, &str)> = elements.iter().map(|element| (ISO, *element)).collect();
        held.narrow(&wanted)
            .unwrap()
            .sign(&self.transcript, &self.holder)
            .unwrap()
    }

    fn verify(&self, response: &[u8], anchors: &TrustAnchors) {
        let context = DeviceResponseContext {
            anchors,
            transcript: &self.transcript,
            reader_key: None,
        };
        DeviceResponse::parse(black_box(response))
            .unwrap()
            .verify(context, now())
            .unwrap();
    }
}

fn mdoc(criterion: &mut Criterion<ProcessorTime>) {
    let licence = Licence::new();
    let response = licence.present(&licence.held, &SHOWN);
    println!(
        "mdoc: stored {} bytes, response {} bytes",
        licence.stored.len(),
        response.len()
    );
    let mut group = criterion.benchmark_group("mdoc_3_of_20_portrait_10k");
    group.bench_function("build", |bencher| {
        bencher.iter(|| licence.present(black_box(&licence.held), &SHOWN))
    });
    group.bench_function("build_from_stored_bytes", |bencher| {
        bencher.iter(|| {
            let held = IssuerSigned::parse(black_box(&licence.stored))
                .unwrap()
                .dangerous_assume_verified();
            licence.present(&held, &SHOWN)
        });
    });
    group.bench_function("build_without_signature", |bencher| {
        let wanted: Vec<(&str, &str)> = SHOWN.iter().map(|element| (ISO, *element)).collect();
        bencher.iter(|| {
            let unsigned = licence
                .held
                .narrow(black_box(&wanted))
                .unwrap()
                .prepare(&licence.transcript);
            unsigned.finalise(&[7; 64])
        });
    });
    group.bench_function("verify", |bencher| {
        bencher.iter(|| licence.verify(&response, &licence.anchors))
    });
    group.bench_function("parse_issued", |bencher| {
        bencher.iter(|| {
            IssuerSigned::parse(black_box(&licence.stored))
                .unwrap()
                .dangerous_assume_verified()
        });
    });
    // Certificate, MSO, device authentication; the items that were shown.
    let signatures = Signed::of_lengths(&[certificate_length(licence.held.chain()), 1_600, 220]);
    group.bench_function("bare_3_verifications", |bencher| bencher.iter(|| signatures.verify()));
    let items: Vec<Vec<u8>> = vec![vec![1; support::PORTRAIT + 90], vec![2; 90], vec![3; 90]];
    group.bench_function("bare_3_verifications_and_digests", |bencher| {
        bencher.iter(|| {
            signatures.verify();
            items
                .iter()
                .map(|item| sha256(black_box(item)))
                .fold(0, |sum, digest| sum ^ digest[0])
        });
    });
    group.finish();
}

/// The part of a certificate that is signed is nearly all of it.
fn certificate_length(chain: &[Certificate]) -> usize {
    chain.first().map_or(0, |certificate| certificate.as_der().len() - 80)
}

/// The one element of a proof of age, as a checker verifies it.
fn age(criterion: &mut Criterion<ProcessorTime>) {
    let licence = Licence::new();
    let response = licence.present(&licence.held, &["age_over_18"]);
    let pinned: TrustAnchors = licence
        .held
        .chain()
        .iter()
        .map(|certificate| TrustAnchor::pinned(certificate.clone(), Role::Issuer))
        .collect();
    let mut group = criterion.benchmark_group("age_proof");
    group.throughput(Throughput::Elements(1));
    group.bench_function("verify", |bencher| {
        bencher.iter(|| licence.verify(&response, &licence.anchors))
    });
    // A checker that has judged the signer's certificate before has two signatures left.
    group.bench_function("verify_known_signer", |bencher| {
        bencher.iter(|| licence.verify(&response, &pinned))
    });
    group.finish();
}

fn sd_jwt_vc(criterion: &mut Criterion<ProcessorTime>) {
    let authority = Party::authority("Root");
    let issuer = authority.certify("Issuer", &[1, 3, 6, 1, 5, 5, 7, 3, 99]);
    let anchors = authority.as_anchor(Role::Issuer);
    let issuer_key = issuer.certificate.verification_key().unwrap();
    let holder = support::holder(4);
    let text = support::person_credential(&issuer, &holder.public_key(), VCT, now());
    let held = SdJwtVc::parse(&text).unwrap().dangerous_assume_verified();
    let paths = support::shown_of_person();
    let present = |held: &SdJwtVc, paths: &[ClaimPath]| {
        let binding = KeyBinding {
            audience: AUDIENCE,
            nonce: NONCE,
            issued_at: now(),
            transaction_data: None,
        };
        held.narrow(paths).unwrap().present(&binding, &holder).unwrap()
    };
    let presentation = present(&held, &paths);
    println!(
        "SD-JWT VC: stored {} bytes, presentation {} bytes",
        text.len(),
        presentation.len()
    );
    let mut group = criterion.benchmark_group("sd_jwt_vc_3_of_20");
    group.bench_function("build", |bencher| bencher.iter(|| present(black_box(&held), &paths)));
    group.bench_function("build_from_stored_text", |bencher| {
        bencher.iter(|| {
            present(
                &SdJwtVc::parse(black_box(&text)).unwrap().dangerous_assume_verified(),
                &paths,
            )
        });
    });
    group.bench_function("build_without_signature", |bencher| {
        let binding = KeyBinding {
            audience: AUDIENCE,
            nonce: NONCE,
            issued_at: now(),
            transaction_data: None,
        };
        bencher.iter(|| {
            held.narrow(black_box(&paths))
                .unwrap()
                .prepare(&binding)
                .unwrap()
                .finalise(&[7; 64])
        });
    });
    group.bench_function("parse_issued", |bencher| {
        bencher.iter(|| SdJwtVc::parse(black_box(&text)).unwrap().dangerous_assume_verified());
    });
    let check = PresentationCheck::new(AUDIENCE, NONCE, now());
    group.bench_function("verify_known_issuer", |bencher| {
        bencher.iter(|| verify_presentation(black_box(&presentation), &check, |_| Some(issuer_key.clone())).unwrap());
    });
    group.bench_function("verify_with_chain", |bencher| {
        bencher.iter(|| {
            verify_presentation(black_box(&presentation), &check, |reference| {
                let chain: Vec<Certificate> = reference
                    .x5c
                    .iter()
                    .map(|der| Certificate::from_der(der))
                    .collect::<Result<_, _>>()
                    .ok()?;
                verify_chain(&chain, &anchors, now(), Profile::JwtSigner).ok()?;
                chain.first()?.verification_key().ok()
            })
            .unwrap()
        });
    });
    // The issuer's JWT and the key binding; what was presented, for sd_hash; the three disclosures.
    let issuer_jwt = text.find('~').unwrap_or(text.len()) - 88;
    let signatures = Signed::of_lengths(&[issuer_jwt, 330]);
    group.bench_function("bare_2_verifications", |bencher| bencher.iter(|| signatures.verify()));
    let hashed: Vec<Vec<u8>> = vec![vec![1; presentation.len() - 430], vec![2; 70], vec![3; 70], vec![4; 70]];
    group.bench_function("bare_2_verifications_and_digests", |bencher| {
        bencher.iter(|| {
            signatures.verify();
            hashed
                .iter()
                .map(|text| sha256(black_box(text)))
                .fold(0, |sum, digest| sum ^ digest[0])
        });
    });
    group.finish();
}

/// A Veteran Card with a photo of 10 KB, which is shown whole or not at all.
fn jwt_vc(criterion: &mut Criterion<ProcessorTime>) {
    let (issuer, holder) = (support::holder(5), support::holder(6));
    let text = support::veteran_card(&issuer, &holder.public_key(), now());
    let held = JwtVc::parse(&text).unwrap().dangerous_assume_verified();
    let binding = PresentationBinding {
        audience: AUDIENCE,
        nonce: NONCE,
        issued_at: now(),
    };
    let presentation = held.whole().present(&binding, &holder).unwrap();
    println!(
        "JWT VC: stored {} bytes, presentation {} bytes",
        text.len(),
        presentation.len()
    );
    let mut group = criterion.benchmark_group("jwt_vc_photo_10k");
    group.bench_function("parse_issued", |bencher| {
        bencher.iter(|| JwtVc::parse(black_box(&text)).unwrap().dangerous_assume_verified());
    });
    group.bench_function("receive", |bencher| {
        let key = issuer.public_key().into();
        bencher.iter(|| JwtVc::parse(black_box(&text)).unwrap().verify(&key, now()).unwrap());
    });
    group.bench_function("present", |bencher| {
        bencher.iter(|| black_box(&held).whole().present(&binding, &holder).unwrap());
    });
    let check = jwt_vc::PresentationCheck::new(AUDIENCE, NONCE, now());
    group.bench_function("verify", |bencher| {
        bencher.iter(|| {
            jwt_vc::verify_presentation(black_box(&presentation), &check, |_| Some(issuer.public_key().into())).unwrap()
        });
    });
    // What is signed is the whole: both signatures hash the photo, in base64 once and twice.
    let whole = vec![0x5a; presentation.len()];
    group.bench_function("bare_1_signature", |bencher| {
        bencher.iter(|| holder.sign(black_box(&whole)).unwrap())
    });
    let one = Signed::of_lengths(&[text.len()]);
    group.bench_function("bare_1_verification", |bencher| bencher.iter(|| one.verify()));
    let both = Signed::of_lengths(&[text.len(), presentation.len()]);
    group.bench_function("bare_2_verifications", |bencher| bencher.iter(|| both.verify()));
    group.finish();
}

/// One status of a list of a million, one in a hundred set, from the middle; and the whole list checked.
fn status(criterion: &mut Criterion<ProcessorTime>) {
    let mut group = criterion.benchmark_group("status_list");
    for (name, entries) in [("1M", 1_000_000_u64), ("100M", 100_000_000)] {
        let mut builder = StatusListBuilder::new(StatusSize::One, entries).unwrap();
        let mut set = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..entries / 100 {
            set = set
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            builder.set((set >> 20) % entries, StatusType::Invalid).unwrap();
        }
        let list = builder.compress().unwrap();
        group.bench_function(format!("read_one_of_{name}"), |bencher| {
            bencher.iter(|| black_box(&list).status_at(entries / 2).unwrap());
        });
        group.bench_function(format!("check_whole_{name}"), |bencher| {
            bencher.iter(|| black_box(&list).check().unwrap());
        });
    }
    group.finish();
}
