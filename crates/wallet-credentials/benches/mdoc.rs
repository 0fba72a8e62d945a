//! Every operation on an mdoc besides presenting and verifying it (`credentials.rs`): issuing, receiving, asking, meeting.
//! Each stands beside the signatures, agreements and hashes it cannot do without, made with the same libraries in the
//! same run.

#![expect(clippy::unwrap_used, reason = "a bench whose input cannot be made measures nothing")]

#[expect(dead_code, reason = "each crate measures with a part of it")]
mod support;

use std::hint::black_box;

use criterion::measurement::Measurement;
use criterion::{BenchmarkGroup, Criterion};
use support::{DOCUMENT_SIGNER, ISO, MDL, Party, ProcessorTime, READER, SHOWN};
use wallet_credentials::cose::{Mac0, Sign1, UnsignedSign1};
use wallet_credentials::crypto::{AgreementKey, PredictableRandom, Signer, SigningKey, sha256, verify_es256};
use wallet_credentials::mdoc::{
    BleOptions, DeviceEngagement, DeviceRequest, DeviceRequestBuilder, DeviceResponse, DeviceResponseContext, Handover,
    HolderSession, IssuerSigned, MdocBuilder, ReaderSession, RequestedElement, RetrievalMethod, SessionTranscript,
};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::Role;

fn main() {
    let mut criterion = Criterion::default()
        .with_measurement(ProcessorTime)
        .configure_from_args();
    issue(&mut criterion);
    mac(&mut criterion);
    request(&mut criterion);
    session(&mut criterion);
    cose(&mut criterion);
    criterion.final_summary();
}

fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-01T12:00:00Z").unwrap()
}

fn agreement_key(seed: u64) -> AgreementKey {
    AgreementKey::from_random(&mut PredictableRandom::from_seed(seed)).unwrap()
}

/// `count` verifications of messages of these lengths, and the digests of these.
fn bare_verifications<M: Measurement>(group: &mut BenchmarkGroup<'_, M>, lengths: &[usize], digests: &[usize]) {
    let key = support::holder(9);
    let signed: Vec<_> = lengths
        .iter()
        .map(|length| {
            let message = vec![0x5a; *length];
            let signature = key.sign(&message).unwrap();
            (message, signature)
        })
        .collect();
    let hashed: Vec<_> = digests.iter().map(|length| vec![0xa5; *length]).collect();
    group.bench_function(format!("bare_{}_verifications_and_digests", lengths.len()), |bencher| {
        bencher.iter(|| {
            for (message, signature) in &signed {
                verify_es256(&key.public_key(), black_box(message), signature).unwrap();
            }
            hashed
                .iter()
                .map(|bytes| sha256(black_box(bytes)))
                .fold(0, |sum, digest| sum ^ digest[0])
        });
    });
}

fn bare_signature<M: Measurement>(group: &mut BenchmarkGroup<'_, M>, length: usize) {
    let (key, message) = (support::holder(9), vec![0x5a; length]);
    group.bench_function("bare_signature", |bencher| {
        bencher.iter(|| key.sign(black_box(&message)).unwrap());
    });
}

fn bare_agreement<M: Measurement>(group: &mut BenchmarkGroup<'_, M>) {
    let (ours, theirs) = (agreement_key(1), agreement_key(2).public_key());
    group.bench_function("bare_agreement", |bencher| {
        bencher.iter(|| ours.agree(black_box(&theirs)).unwrap());
    });
}

/// An issuer makes a licence of twenty elements with a portrait of 10 KB; a wallet receives and verifies it.
fn issue(criterion: &mut Criterion<ProcessorTime>) {
    let authority = Party::authority("IACA");
    let issuer = authority.certify("Document signer", DOCUMENT_SIGNER);
    let anchors = authority.as_anchor(Role::Issuer);
    let (holder, portrait) = (support::holder(2).public_key(), support::portrait());
    let issued = support::licence(&issuer, &holder, MDL, &portrait, now());
    let mut group = criterion.benchmark_group("mdoc_issue_20_portrait_10k");
    // The twenty elements of the licence, as values; the key is at hand.
    let elements: Vec<_> = {
        let held = IssuerSigned::parse(&issued).unwrap().dangerous_assume_verified();
        let copy = held
            .elements()
            .map(|(_, element)| (element.identifier().to_owned(), element.value().clone()));
        copy.collect()
    };
    let (key, chain) = (issuer.signing_key(), [issuer.certificate.clone()]);
    let validity = IssuerSigned::parse(&issued)
        .unwrap()
        .dangerous_assume_verified()
        .mso()
        .validity();
    group.bench_function("issue", |bencher| {
        bencher.iter(|| {
            let builder = MdocBuilder::new(MDL, holder, validity);
            let builder = black_box(&elements).iter().fold(builder, |builder, (name, value)| {
                builder.element(ISO, name, value.clone())
            });
            builder
                .sign(&key, &chain, &mut PredictableRandom::from_seed(7))
                .unwrap()
        });
    });
    bare_signature(&mut group, 1_600);
    group.bench_function("receive_and_verify", |bencher| {
        bencher.iter(|| {
            IssuerSigned::parse(black_box(&issued))
                .unwrap()
                .verify(&anchors, now())
                .unwrap()
        });
    });
    let mut digests = [90; 20];
    digests[0] += support::PORTRAIT;
    bare_verifications(&mut group, &[500, 1_600], &digests);
    group.finish();
}

/// Device authentication with a MAC: one key agreement at each end.
fn mac(criterion: &mut Criterion<ProcessorTime>) {
    let authority = Party::authority("IACA");
    let issuer = authority.certify("Document signer", DOCUMENT_SIGNER);
    let anchors = authority.as_anchor(Role::Issuer);
    let device = AgreementKey::from_bytes(&[2; 32]).unwrap();
    let reader = agreement_key(3);
    let issued = support::licence(&issuer, &device.public_key(), MDL, &support::portrait(), now());
    let held = IssuerSigned::parse(&issued).unwrap().verify(&anchors, now()).unwrap();
    let transcript = SessionTranscript::offline(1, 2, &[0; 16]);
    let wanted: Vec<(&str, &str)> = SHOWN.iter().map(|element| (ISO, *element)).collect();
    let present = || {
        let narrowed = held.narrow(&wanted).unwrap();
        narrowed
            .authenticate(&transcript, &device, &reader.public_key())
            .unwrap()
    };
    let response = present();
    let mut group = criterion.benchmark_group("mdoc_mac_3_of_20_portrait_10k");
    group.bench_function("build", |bencher| bencher.iter(present));
    bare_agreement(&mut group);
    group.bench_function("verify", |bencher| {
        let context = DeviceResponseContext {
            anchors: &anchors,
            transcript: &transcript,
            reader_key: Some(&reader),
        };
        bencher.iter(|| {
            DeviceResponse::parse(black_box(&response))
                .unwrap()
                .verify(context, now())
                .unwrap()
        });
    });
    bare_verifications(&mut group, &[500, 1_600], &[support::PORTRAIT + 90, 90, 90]);
    group.finish();
}

/// A reader asks for three elements and says who it is.
fn request(criterion: &mut Criterion<ProcessorTime>) {
    let authority = Party::authority("Reader root");
    let reader = authority.certify("Reader", READER);
    let anchors = authority.as_anchor(Role::Service);
    let (key, chain) = (reader.signing_key(), [reader.certificate]);
    let transcript = SessionTranscript::offline(1, 2, &[0; 16]);
    let elements = SHOWN.map(|identifier| RequestedElement {
        name_space: ISO.into(),
        identifier: identifier.into(),
        intent_to_retain: false,
    });
    let ask = |key: &SigningKey| {
        let builder = DeviceRequestBuilder::new();
        builder
            .ask_as(MDL, &elements, &transcript, key, &chain)
            .unwrap()
            .encode()
    };
    let bytes = ask(&key);
    let mut group = criterion.benchmark_group("mdoc_request_3");
    group.bench_function("ask", |bencher| bencher.iter(|| ask(black_box(&key))));
    bare_signature(&mut group, 400);
    group.bench_function("parse", |bencher| {
        bencher.iter(|| DeviceRequest::parse(black_box(&bytes)).unwrap());
    });
    group.bench_function("parse_and_verify_reader", |bencher| {
        bencher.iter(|| {
            let request = DeviceRequest::parse(black_box(&bytes)).unwrap();
            let (_, anchor) = request.requests()[0]
                .verify_reader(&transcript, &anchors, now())
                .unwrap();
            assert!(anchor.is_some());
        });
    });
    bare_verifications(&mut group, &[500, 400], &[]);
    group.finish();
}

/// Two devices meet: engagement, keys at both ends, one request of 500 bytes, one response of 12 KB.
fn session(criterion: &mut Criterion<ProcessorTime>) {
    let methods = vec![RetrievalMethod::Ble(BleOptions {
        central_client_mode: true,
        central_client_uuid: Some([7; 16]),
        ..BleOptions::default()
    })];
    let reader_key = agreement_key(2);
    let engagement = DeviceEngagement::new(agreement_key(1).public_key(), methods);
    let (code, request, response) = (engagement.to_qr(), vec![1; 500], vec![2; 12 * 1024]);
    let meet = || {
        let scanned = DeviceEngagement::from_qr(black_box(&code)).unwrap();
        let mut reader = ReaderSession::new(&scanned, &reader_key, &Handover::Qr).unwrap();
        let mut holder = HolderSession::new(engagement.clone(), agreement_key(1), Handover::Qr).unwrap();
        let asked = holder.receive(&reader.send(&request).unwrap()).unwrap();
        assert!(asked.data.is_some());
        (holder, reader)
    };
    let mut group = criterion.benchmark_group("mdoc_session");
    group.bench_function("scan", |bencher| {
        bencher.iter(|| DeviceEngagement::from_qr(black_box(&code)).unwrap());
    });
    // The device key is made anew; each end agrees on the secret.
    group.bench_function("meet_and_ask", |bencher| bencher.iter(meet));
    group.bench_function("bare_1_key_2_agreements", |bencher| {
        let (one, other) = (agreement_key(1), agreement_key(2));
        bencher.iter(|| {
            let fresh = agreement_key(black_box(1));
            let first = fresh.agree(&other.public_key()).unwrap();
            let second = other.agree(&one.public_key()).unwrap();
            assert!(first == second);
        });
    });
    let (mut holder, mut reader) = meet();
    group.bench_function("answer_12k_both_ends", |bencher| {
        bencher.iter(|| {
            let received = reader.receive(&holder.send(black_box(&response)).unwrap()).unwrap();
            assert!(received.data.is_some());
        });
    });
    group.finish();
}

/// The COSE structures alone, over 1,600 bytes.
fn cose(criterion: &mut Criterion<ProcessorTime>) {
    let key = support::holder(5);
    let payload = vec![0x5a; 1_600];
    let sign1 = UnsignedSign1::attached(payload.clone(), &[]).sign(&key).unwrap();
    let mac0 = Mac0::make_detached(&[3; 32], &payload);
    let verification_key = key.public_key().into();
    let mut group = criterion.benchmark_group("cose_1600");
    group.bench_function("sign1_make", |bencher| {
        bencher.iter(|| {
            UnsignedSign1::attached(black_box(payload.clone()), &[])
                .sign(&key)
                .unwrap()
        });
    });
    bare_signature(&mut group, 1_630);
    group.bench_function("sign1_verify", |bencher| {
        bencher.iter(|| {
            Sign1::parse(black_box(&sign1))
                .unwrap()
                .verify(&verification_key, None, &[])
                .unwrap()
        });
    });
    bare_verifications(&mut group, &[1_630], &[]);
    group.bench_function("mac0_verify", |bencher| {
        bencher.iter(|| {
            Mac0::parse(black_box(&mac0))
                .unwrap()
                .verify(&[3; 32], Some(&payload), &[])
                .unwrap()
        });
    });
    group.finish();
}
