//! What is counted in instructions: the code around the cryptography. `cargo xtask count` runs each piece of work under
//! valgrind, which counts the same however busy the machine is, and compares with `counts.txt`.
//!
//! `counts NAME` does one piece of work, `counts --list` names them all; without a word all is done, so that `cargo bench` notices
//! what broke.

#![expect(clippy::unwrap_used, reason = "work that cannot be made counts nothing")]

#[expect(dead_code, reason = "each crate measures with a part of it")]
#[path = "../../wallet-credentials/benches/support/mod.rs"]
mod support;

use std::borrow::Cow;
use std::hint::black_box;
use std::rc::Rc;

use serde_json::{Value, json};
use support::{DOCUMENT_SIGNER, ISO, MDL, Party, READER, SHOWN, VCT};
use wallet_credentials::credential::Format;
use wallet_credentials::crypto::{Signer as _, SigningKey};
use wallet_credentials::jwt_vc::{self, JwtVc, PresentationBinding};
use wallet_credentials::mdoc::{DeviceResponse, DeviceResponseContext, IssuerSigned, SessionTranscript};
use wallet_credentials::sd_jwt_vc::{self, KeyBinding, SdJwtVc};
use wallet_credentials::status::{StatusListBuilder, StatusSize};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Role, TrustAnchors};
use wallet_protocols::dcql::{DcqlQuery, HeldCredential, HeldIndex};

const AUDIENCE: &str = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
const NONCE: &str = "n-0S6_WzA2MjFh4v8xkQ";

type Work = Box<dyn FnMut()>;
type Named = (&'static str, fn() -> Work);

/// What is counted, by name; making one is not.
const ALL: &[Named] = &[
    ("sd_jwt_vc_parse", || SdJwt::new().parse()),
    ("sd_jwt_vc_build", || SdJwt::new().build()),
    ("sd_jwt_vc_verify", || SdJwt::new().verify()),
    ("jwt_vc_parse", || Veteran::new().parse()),
    ("jwt_vc_present", || Veteran::new().present()),
    ("jwt_vc_verify", || Veteran::new().verify()),
    ("mdoc_parse", || Licence::new().parse()),
    ("mdoc_build", || Licence::new().build()),
    ("mdoc_verify", || Licence::new().verify(&SHOWN)),
    ("mdoc_verify_age", || Licence::new().verify(&["age_over_18"])),
    ("dcql_one_of_10000", || dcql(usize::MAX)),
    ("dcql_1000_of_10000", || dcql(10)),
    ("status_one_of_1M", status),
];

fn main() {
    // Cargo adds a word of its own.
    let word = std::env::args().skip(1).find(|word| word != "--bench");
    if word.as_deref() == Some("--list") {
        ALL.iter().for_each(|(name, _)| println!("{name}"));
        return;
    }
    let chosen = |name: &str| word.as_deref().is_none_or(|word| word == name);
    for (_, make) in ALL.iter().filter(|(name, _)| chosen(name)) {
        let mut work = make();
        // Once for what is set up at first use.
        work();
        counted(&mut work);
    }
}

/// Instructions are counted while this runs: valgrind is told its name.
#[inline(never)]
fn counted(work: &mut Work) {
    black_box(work)();
}

fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-01T12:00:00Z").unwrap()
}

/// Twenty disclosures, of which three are shown.
struct SdJwt {
    issuer: Party,
    holder: SigningKey,
    text: String,
}

impl SdJwt {
    fn new() -> Self {
        let issuer = Party::authority("Root").certify("Issuer", READER);
        let holder = support::holder(4);
        let text = support::person_credential(&issuer, &holder.public_key(), VCT, now());
        Self { issuer, holder, text }
    }

    fn held(&self) -> SdJwtVc {
        SdJwtVc::parse(&self.text)
            .unwrap()
            .dangerous_assume_verified()
            .into_inner()
    }

    fn binding() -> KeyBinding<'static> {
        KeyBinding {
            audience: AUDIENCE,
            nonce: NONCE,
            issued_at: now(),
            transaction_data: None,
        }
    }

    fn parse(self) -> Work {
        Box::new(move || drop(black_box(SdJwtVc::parse(&self.text).unwrap())))
    }

    fn build(self) -> Work {
        let (held, paths) = (self.held(), support::shown_of_person());
        Box::new(move || {
            let input = held.narrow(&paths).unwrap().prepare(&Self::binding()).unwrap();
            drop(black_box(input.finalise(&[7; 64])));
        })
    }

    fn verify(self) -> Work {
        let narrowed = self.held().narrow(&support::shown_of_person()).unwrap();
        let presentation = narrowed.present(&Self::binding(), &self.holder).unwrap();
        let key = self.issuer.certificate.verification_key().unwrap();
        Box::new(move || {
            let check = sd_jwt_vc::PresentationCheck::new(AUDIENCE, NONCE, now());
            let verified = sd_jwt_vc::verify_presentation(&presentation, &check, |_| Some(key.clone()));
            drop(black_box(verified.unwrap()));
        })
    }
}

/// A Veteran Card with its photo, always shown whole.
struct Veteran {
    issuer: SigningKey,
    holder: SigningKey,
    text: String,
}

impl Veteran {
    fn new() -> Self {
        let (issuer, holder) = (support::holder(5), support::holder(6));
        let text = support::veteran_card(&issuer, &holder.public_key(), now());
        Self { issuer, holder, text }
    }

    fn held(&self) -> JwtVc {
        JwtVc::parse(&self.text)
            .unwrap()
            .dangerous_assume_verified()
            .into_inner()
    }

    fn binding() -> PresentationBinding<'static> {
        PresentationBinding {
            audience: AUDIENCE,
            nonce: NONCE,
            issued_at: now(),
        }
    }

    fn parse(self) -> Work {
        Box::new(move || drop(black_box(JwtVc::parse(&self.text).unwrap())))
    }

    fn present(self) -> Work {
        let held = self.held();
        Box::new(move || {
            let input = held.whole().prepare(&Self::binding()).unwrap();
            drop(black_box(input.finalise(&[7; 64])));
        })
    }

    fn verify(self) -> Work {
        let presentation = self.held().whole().present(&Self::binding(), &self.holder).unwrap();
        let key = self.issuer.public_key();
        Box::new(move || {
            let check = jwt_vc::PresentationCheck::new(AUDIENCE, NONCE, now());
            let verified = jwt_vc::verify_presentation(&presentation, &check, |_| Some(key.into()));
            drop(black_box(verified.unwrap()));
        })
    }
}

/// Twenty elements, a portrait of 10 KB among them.
struct Licence {
    anchors: TrustAnchors,
    holder: SigningKey,
    stored: Vec<u8>,
    transcript: SessionTranscript,
}

impl Licence {
    fn new() -> Self {
        let authority = Party::authority("IACA");
        let issuer = authority.certify("Document signer", DOCUMENT_SIGNER);
        let holder = support::holder(2);
        Self {
            anchors: authority.as_anchor(Role::Issuer),
            stored: support::licence(&issuer, &holder.public_key(), MDL, &support::portrait(), now()),
            holder,
            transcript: SessionTranscript::openid4vp(AUDIENCE, NONCE, None, "https://service.example.org/response"),
        }
    }

    fn held(&self) -> IssuerSigned {
        IssuerSigned::parse(&self.stored)
            .unwrap()
            .dangerous_assume_verified()
            .into_inner()
    }

    fn parse(self) -> Work {
        Box::new(move || drop(black_box(IssuerSigned::parse(&self.stored).unwrap())))
    }

    fn build(self) -> Work {
        let held = self.held();
        Box::new(move || {
            let unsigned = held.narrow(&SHOWN.map(|element| (ISO, element))).unwrap();
            drop(black_box(unsigned.prepare(&self.transcript).finalise(&[7; 64])));
        })
    }

    fn verify(self, elements: &[&str]) -> Work {
        let wanted: Vec<_> = elements.iter().map(|element| (ISO, *element)).collect();
        let narrowed = self.held().narrow(&wanted).unwrap();
        let response = narrowed.sign(&self.transcript, &self.holder).unwrap();
        Box::new(move || {
            let context = DeviceResponseContext {
                anchors: &self.anchors,
                transcript: &self.transcript,
                reader_key: None,
            };
            let verified = DeviceResponse::parse(&response).unwrap().verify(context, now());
            drop(black_box(verified.unwrap()));
        })
    }
}

/// A document as matching sees it.
struct Held(String, Rc<Value>);

impl HeldCredential for Held {
    fn format(&self) -> Format {
        Format::DcSdJwt
    }

    fn credential_type(&self) -> &str {
        &self.0
    }

    fn is_holder_bound(&self) -> bool {
        true
    }

    fn authority_key_identifiers(&self) -> &[Vec<u8>] {
        &[]
    }

    fn claims(&self) -> Cow<'_, Value> {
        Cow::Borrowed(&self.1)
    }
}

/// Three claims asked of 10,000 documents, one in `every` of the right type.
fn dcql(every: usize) -> Work {
    let query = DcqlQuery::from_value(json!({"credentials": [{
        "id": "person", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]},
        "claims": [{"path": ["given_name"]}, {"path": ["family_name"]}, {"path": ["birthdate"]}],
    }]}))
    .unwrap();
    let claims = Rc::new(Value::Object(support::person()));
    let held: Vec<_> = (0..10_000_usize)
        .map(|position| {
            let other = (!position.is_multiple_of(every)).then(|| format!("{VCT}/{}", position % 97));
            Held(other.unwrap_or_else(|| VCT.to_owned()), Rc::clone(&claims))
        })
        .collect();
    let index = HeldIndex::new(&held);
    Box::new(move || assert!(query.matches(&held, &index).satisfiable))
}

/// One status from the middle of a million, one in a hundred set.
fn status() -> Work {
    const ENTRIES: u64 = 1_000_000;
    let mut list = StatusListBuilder::new(StatusSize::One, ENTRIES).unwrap();
    for nth in 0..ENTRIES / 100 {
        let scattered = (nth * 100).wrapping_mul(0x9e37_79b9) % ENTRIES;
        list.set(scattered, wallet_credentials::status::StatusType::Invalid)
            .unwrap();
    }
    let list = list.compress().unwrap();
    Box::new(move || {
        black_box(list.status_at(ENTRIES / 2).unwrap());
    })
}
