//! The wallet as a person meets it: unlocking, the list of documents, the question on the screen, the history, a QR code.
//! `docs/performance.md` reads the figures.
//!
//! One store in the practice profile serves them all: 1,000 documents of twenty types (one driving licence, the others
//! half mdoc, half SD-JWT VC; every mdoc with a portrait of about 10 KB), a copy and a holder key each, two trust anchors,
//! 1,000 history entries with 1,000 outcomes.

#![expect(clippy::unwrap_used, reason = "a bench whose input cannot be made measures nothing")]

#[expect(dead_code, reason = "each crate measures with a part of it")]
#[path = "../../wallet-credentials/benches/support/mod.rs"]
mod support;

use std::fs::File;
use std::hint::black_box;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cpu_time::ThreadTime;
use criterion::{BatchSize, Criterion};
use jiff::Timestamp;
use serde_json::{Value, json};
use support::{DOCUMENT_SIGNER, ISO, MDL, Party, ProcessorTime, READER, SHOWN, VCT};
use tokio::runtime::Runtime;
use wallet_core::clock::{Clock, lower};
use wallet_core::consent::record::{Channel, Record, RecordedDocument, RecordedParty, RecordedShare};
use wallet_core::keys::{Keys, KeystoreKind, Pin};
use wallet_core::pictures::QrCode;
use wallet_core::store::anchors::{Anchor, AnchorRole};
use wallet_core::store::documents::{DocumentFormat, StoredCopy, StoredDocument, StoredStatus};
use wallet_core::store::history::{EntryKind, NewEntry};
use wallet_core::store::parties::PartyRole;
use wallet_core::store::{DataDir, Store, StoreError, Transaction, new_id};
use wallet_core::view::{DocumentKind, HistoryFilter, Language, RecognitionView};
use wallet_core::{Client, DataLeft, TimeLimits, Wallet, WalletConfig};
use wallet_credentials::crypto::{AgreementKey, PredictableRandom, PublicKey, sha256};
use wallet_credentials::jose::EncryptionKey;
use wallet_protocols::openid4vp::ClientId;
use wallet_protocols::openid4vp::verifier::RequestToSend;

const DOCUMENTS: usize = 1_000;
const TYPES: usize = 20;
const ENTRIES: usize = 1_000;
const PIN: &str = "a practice passphrase";

fn main() {
    let mut computing = Criterion::default()
        .with_measurement(ProcessorTime)
        .configure_from_args();
    let mut waiting = Criterion::default().configure_from_args();
    qr(&mut computing);
    let place = tempfile::tempdir().unwrap();
    let world = World::make(place.path());
    derivation_and_unlock(&mut computing, &mut waiting, place.path());
    screens(&mut computing, place.path(), &world);
    // Last: it lengthens the history.
    durable_entry(&mut waiting, place.path());
    computing.final_summary();
}

fn pin() -> Pin {
    Pin::new(PIN.to_owned())
}

/// Who is outside the wallet, and when it is.
struct World {
    issuers: Party,
    services: Party,
    service: Party,
    now: Timestamp,
}

impl World {
    /// Makes the store in `place` and closes it.
    fn make(place: &Path) -> Self {
        let services = Party::authority("Practice services of the bench");
        let world = Self {
            issuers: Party::authority("Practice issuers of the bench"),
            service: services.certify("Service", READER),
            services,
            now: Clock.now(),
        };
        let dir = Arc::new(DataDir::open(place, true).unwrap());
        let (keys, store) = Keys::create(dir, KeystoreKind::File, &pin(), world.now).unwrap();
        world.trust(&store);
        world.fill(&keys, &store);
        store.write::<_, StoreError>(history).unwrap();
        world
    }

    fn trust(&self, store: &Store) {
        let anchor = |role, party: &Party| Anchor {
            id: new_id().unwrap(),
            role,
            material: party.pem.clone(),
            subject: "bench".to_owned(),
            not_after: None,
            added_at: self.now,
            sandbox: false,
        };
        store
            .write::<_, StoreError>(|transaction| {
                transaction.add_anchor(&anchor(AnchorRole::Issuer, &self.issuers))?;
                transaction.add_anchor(&anchor(AnchorRole::Service, &self.services))
            })
            .unwrap();
    }

    fn fill(&self, keys: &Keys, store: &Store) {
        let signers: Vec<Party> = (0..TYPES)
            .map(|kind| self.issuers.certify(&format!("Signer {kind}"), DOCUMENT_SIGNER))
            .collect();
        let portrait = jpeg();
        println!(
            "store: {DOCUMENTS} documents of {TYPES} types, portraits of {} bytes",
            portrait.len()
        );
        let holder_keys = keys.holder_keys();
        store
            .write::<_, wallet_core::keys::KeysError>(|transaction| {
                for position in 0..DOCUMENTS {
                    let kind = if position == 0 { 0 } else { 1 + position % (TYPES - 1) };
                    let key = holder_keys.make(transaction, "bench", self.now)?;
                    let signer = &signers[kind];
                    let (format, type_id, credential) = self.credential(kind, signer, &key.public_key(), &portrait);
                    let issuer = format!("https://issuer-{kind}.example.org");
                    let issuer = transaction.meet_party(PartyRole::Issuer, &issuer, "Issuer", None, self.now)?;
                    let id = new_id()?;
                    transaction.add_document(&StoredDocument {
                        id: id.clone(),
                        type_id,
                        format,
                        name: "Document".to_owned(),
                        issuer,
                        configuration_id: format!("configuration-{kind}"),
                        metadata: issuer_words().to_string(),
                        signed_by: hex(&signer.certificate.sha256()),
                        valid_from: Some(self.now),
                        valid_until: self.now.checked_add(Duration::from_secs(86_400 * 1_800)).ok(),
                        status: StoredStatus::None,
                        status_checked_at: None,
                        added_at: self.now,
                        practice: true,
                    })?;
                    transaction.add_copy(&StoredCopy {
                        id: new_id()?,
                        document: id,
                        credential,
                        holder_key: key.id().clone(),
                        status: None,
                        spent_at: None,
                        linkable: false,
                    })?;
                }
                Ok(())
            })
            .unwrap();
    }

    /// Kind 0 is the one licence; the others are mdoc and SD-JWT VC in turn.
    fn credential(
        &self,
        kind: usize,
        signer: &Party,
        key: &PublicKey,
        portrait: &[u8],
    ) -> (DocumentFormat, String, Vec<u8>) {
        let now = lower(self.now);
        if kind.is_multiple_of(2) {
            let doc_type = if kind == 0 {
                MDL.to_owned()
            } else {
                format!("org.example.document.{kind}")
            };
            let bytes = support::licence(signer, key, &doc_type, portrait, now);
            (DocumentFormat::Mdoc, doc_type, bytes)
        } else {
            let vct = format!("{VCT}/{kind}");
            let text = support::person_credential(signer, key, &vct, now);
            (DocumentFormat::SdJwtVc, vct, text.into_bytes())
        }
    }

    /// A link that carries a freshly signed request.
    fn request(&self, query: &Value) -> String {
        let client_id = ClientId::x509_hash(&self.service.certificate);
        let key = AgreementKey::from_random(&mut PredictableRandom::from_seed(9)).unwrap();
        let nonce = new_id().unwrap();
        let object = RequestToSend {
            client_id: &client_id,
            response_uri: "https://127.0.0.1:8443/response",
            nonce: &nonce,
            state: None,
            dcql_query: query,
            encrypt_to: Some(&EncryptionKey {
                key: key.public_key(),
                kid: None,
            }),
            client_name: None,
            wallet_nonce: None,
            issued_at: lower(Clock.now()),
            expires_at: None,
        }
        .sign(
            std::slice::from_ref(&self.service.certificate),
            &self.service.signing_key(),
        )
        .unwrap();
        let mut link = url::Url::parse("openid4vp://").unwrap();
        link.query_pairs_mut()
            .append_pair("client_id", client_id.as_str())
            .append_pair("request", &object);
        link.into()
    }
}

/// What an issuer's metadata says of twenty details in two languages, as the wallet keeps it.
fn issuer_words() -> Value {
    let names = |name: &str| json!([{"text": name, "locale": "en-GB"}, {"text": name, "locale": "cy-GB"}]);
    let claims: Vec<Value> = support::person()
        .keys()
        .map(|name| json!({"path": [name], "names": names(&name.replace('_', " "))}))
        .collect();
    json!({"names": names("Document"), "claims": claims})
}

/// A photograph as far as a decoder can tell: about 10 KB of JPEG, 240 by 300 pixels.
fn jpeg() -> Vec<u8> {
    let grain = (0_u32..1_024).map(|n| sha256(&n.to_be_bytes())[0]).collect::<Vec<_>>();
    let picture = image::RgbImage::from_fn(240, 300, |x, y| {
        let noise = grain[((x / 2 * 31 + y / 2 * 17) % 1_024) as usize] / 8;
        image::Rgb([
            (x / 2) as u8 + noise,
            (y / 3) as u8 + noise,
            ((x + y) / 5) as u8 + noise,
        ])
    });
    let mut out = Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 40);
    picture.write_with_encoder(encoder).unwrap();
    out.into_inner()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A sharing as it is recorded.
fn sharing() -> Record {
    let labels: Vec<String> = SHOWN.iter().map(|name| name.replace('_', " ")).collect();
    Record {
        party: Some(RecordedParty {
            name: "Leith Surgery".to_owned(),
            recognition: RecognitionView::Recognised,
            host: "surgery.example.org".to_owned(),
            intermediary: None,
        }),
        documents: vec![RecordedDocument {
            id: "3q2-7wAAAAAAAAAAAAAAAA".to_owned(),
            name: "Driving licence".to_owned(),
            kind: DocumentKind::DrivingLicence,
        }],
        shared: vec![RecordedShare {
            query: "licence".to_owned(),
            document: "3q2-7wAAAAAAAAAAAAAAAA".to_owned(),
            type_id: Some(MDL.to_owned()),
            claims: SHOWN.iter().map(|name| vec![json!(ISO), json!(name)]).collect(),
            labels: labels.clone(),
        }],
        asked: labels,
        purpose: Some("To register you with the practice and to find your health record.".to_owned()),
        retention: Some("As long as you are registered with us.".to_owned()),
        legal_basis: Some("Public task".to_owned()),
        privacy_url: Some("https://surgery.example.org/privacy".to_owned()),
        channel: Some(Channel::Online),
        ..Record::default()
    }
}

fn history(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let now = Clock.now();
    for position in 0..ENTRIES {
        let service = format!("service-{}.example.org", position % 50);
        let party = transaction.meet_party(PartyRole::Service, &service, "Leith Surgery", None, now)?;
        let entry = sharing().append(transaction, EntryKind::Sharing, Some(&party), now)?;
        Record::append_outcome(transaction, &entry, Some(&party), DataLeft::Yes, None, now)?;
    }
    Ok(())
}

/// The derivation of the PIN key, unlocking as a whole, and what unlocking computes beside the derivation: the keystore's
/// file, the count of attempts (on the disk before the PIN is tried and after), the key unwrapped, the encrypted file opened
/// with its settings and its format.
fn derivation_and_unlock(computing: &mut Criterion<ProcessorTime>, waiting: &mut Criterion, place: &Path) {
    let keys = Keys::load(Arc::new(DataDir::open(place, true).unwrap())).unwrap();
    let (argon2, salt) = derivation(place);
    let derive = || {
        let mut key = [0_u8; 32];
        argon2
            .hash_password_into(PIN.as_bytes(), black_box(&salt), &mut key)
            .unwrap();
        key
    };
    let pin = pin();
    let mut group = computing.benchmark_group("unlock");
    group.sample_size(20);
    group.bench_function("pin_derivation_alone", |bencher| bencher.iter(derive));
    // One after the other, so that a neighbour on the machine disturbs both alike.
    group.bench_function("all_but_the_derivation", |bencher| {
        bencher.iter_custom(|times| {
            let mut beside = Duration::ZERO;
            for _ in 0..times {
                let started = ThreadTime::now();
                black_box(derive());
                let derived = started.elapsed();
                let started = ThreadTime::now();
                let store = keys.unlock(&pin, Clock.now()).unwrap();
                beside += started.elapsed().saturating_sub(derived);
                drop(store);
            }
            beside.max(Duration::from_nanos(1))
        });
    });
    group.finish();
    let mut group = waiting.benchmark_group("unlock");
    group.sample_size(20);
    group.bench_function("unlock_1000_documents_on_the_wall", |bencher| {
        bencher.iter_with_large_drop(|| keys.unlock(&pin, Clock.now()).unwrap());
    });
    group.finish();
}

/// The derivation this store's header asks for.
fn derivation(place: &Path) -> (Argon2<'static>, Vec<u8>) {
    let header: Value = serde_json::from_slice(&std::fs::read(place.join("practice/header.json")).unwrap()).unwrap();
    let kdf = &header["header"]["facts"]["kdf"];
    let number = |name: &str| u32::try_from(kdf[name].as_u64().unwrap()).unwrap();
    let salt = STANDARD.decode(kdf["salt"].as_str().unwrap()).unwrap();
    let params = Params::new(number("memory_kib"), number("passes"), number("lanes"), Some(32)).unwrap();
    (Argon2::new(Algorithm::Argon2id, Version::V0x13, params), salt)
}

/// One entry, on the disk when the call returns; beside it what the disk takes for one page alone.
fn durable_entry(criterion: &mut Criterion, place: &Path) {
    let keys = Keys::load(Arc::new(DataDir::open(place, true).unwrap())).unwrap();
    let store = keys.unlock(&pin(), Clock.now()).unwrap();
    let entry = NewEntry {
        at: Clock.now(),
        kind: EntryKind::Declined,
        refers_to: None,
        party: None,
        details: serde_json::to_value(sharing()).unwrap(),
    };
    let mut group = criterion.benchmark_group("history");
    group.bench_function("one_durable_entry", |bencher| {
        bencher.iter(|| {
            store
                .write::<_, StoreError>(|transaction| transaction.append_history(&entry))
                .unwrap()
        });
    });
    let mut file = File::create(place.join("bare")).unwrap();
    group.bench_function("bare_write_and_flush_of_4_kib", |bencher| {
        bencher.iter(|| {
            file.write_all(black_box(&[7; 4_096])).unwrap();
            file.sync_data().unwrap();
        });
    });
    group.finish();
}

/// What a tap waits for, through the facade both programs use.
fn screens(criterion: &mut Criterion<ProcessorTime>, place: &Path, world: &World) {
    let runtime = Runtime::new().unwrap();
    let wallet = runtime.block_on(async {
        let wallet = Wallet::open(WalletConfig {
            data_dir: Some(place.to_path_buf()),
            practice: true,
            keystore: None,
            language: Some(Language::En),
            tls_roots: Vec::new(),
            client: Client::App,
            time_limits: TimeLimits::default(),
        })
        .await
        .unwrap_or_else(|problem| panic!("{}", problem.code));
        wallet
            .unlock(pin())
            .await
            .unwrap_or_else(|problem| panic!("{}", problem.code));
        wallet
    });
    let list = || {
        runtime
            .block_on(wallet.documents())
            .unwrap_or_else(|problem| panic!("{}", problem.code))
    };
    let all = list();
    assert_eq!(all.len(), DOCUMENTS);
    assert!(
        all.iter()
            .all(|document| document.issuer.recognition == RecognitionView::AddedByYou)
    );
    let licence = all
        .iter()
        .find(|document| document.type_id == MDL)
        .map(|document| document.id.clone())
        .unwrap();

    let mut group = criterion.benchmark_group("screens");
    group.sample_size(20);
    group.bench_function("list_1000_documents", |bencher| bencher.iter(list));
    group.bench_function("one_document_with_portrait", |bencher| {
        bencher.iter(|| runtime.block_on(wallet.document(&licence)).is_ok());
    });
    group.bench_function("history_all_entries", |bencher| {
        bencher.iter(|| runtime.block_on(wallet.history(HistoryFilter::default())).is_ok());
    });
    group.bench_function("history_search", |bencher| {
        let filter = HistoryFilter {
            search: Some("nothing has this name".to_owned()),
            ..HistoryFilter::default()
        };
        bencher.iter(|| runtime.block_on(wallet.history(filter.clone())).is_ok());
    });
    let licence = json!({"credentials": [{
        "id": "licence", "format": "mso_mdoc", "meta": {"doctype_value": MDL},
        "claims": SHOWN.map(|element| json!({"path": [ISO, element]})),
    }]});
    let many = json!({"credentials": [{
        "id": "person", "format": "dc+sd-jwt", "meta": {"vct_values": [format!("{VCT}/1")]},
        "claims": [{"path": ["given_name"]}, {"path": ["family_name"]}, {"path": ["birthdate"]}],
    }]});
    for (name, query, candidates) in [
        ("question_one_candidate", &licence, 1),
        ("question_52_candidates", &many, DOCUMENTS.div_ceil(TYPES - 1) - 1),
    ] {
        let ask = |link: &str| {
            runtime
                .block_on(wallet.start_sharing(link, false))
                .unwrap_or_else(|problem| panic!("{}", problem.code))
        };
        let view = ask(&world.request(query));
        assert!(view.can_share);
        assert_eq!(view.asks[0].candidates.len(), candidates);
        // The request is new each time: the same link again would be the same question.
        group.bench_function(name, |bencher| {
            bencher.iter_batched(|| world.request(query), |link| ask(&link), BatchSize::PerIteration);
        });
    }
    group.finish();
}

/// 1,000 bytes as the picture on the screen, beside two other encoders.
fn qr(criterion: &mut Criterion<ProcessorTime>) {
    let payload: Vec<u8> = (0_u32..32).flat_map(|n| sha256(&n.to_be_bytes())).take(1_000).collect();
    let ours = || QrCode::encode(black_box(&payload)).unwrap().to_svg();
    let qrcode = || {
        let code = qrcode::QrCode::with_error_correction_level(black_box(&payload), qrcode::EcLevel::L).unwrap();
        code.render::<qrcode::render::svg::Color<'_>>().build()
    };
    let qrcodegen = || {
        let code = qrcodegen::QrCode::encode_binary(black_box(&payload), qrcodegen::QrCodeEcc::Low).unwrap();
        let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let path: String = dark
            .filter(|(x, y)| code.get_module(*x, *y))
            .map(|(x, y)| format!("M{x},{y}h1v1h-1z"))
            .collect();
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"{path}\"/></svg>")
    };
    println!(
        "qr: ours {} bytes, qrcode {} bytes, qrcodegen {} bytes",
        ours().len(),
        qrcode().len(),
        qrcodegen().len()
    );
    let mut group = criterion.benchmark_group("qr_1000_bytes_to_svg");
    group.bench_function("ours", |bencher| bencher.iter(ours));
    group.bench_function("qrcode", |bencher| bencher.iter(qrcode));
    group.bench_function("qrcodegen", |bencher| bencher.iter(qrcodegen));
    group.finish();
}
