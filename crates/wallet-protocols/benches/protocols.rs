//! DCQL over small and large wallets; a signed request in and an encrypted answer out, without the network and without
//! the PIN, beside the cryptography that takes. `docs/performance.md` reads the figures.

#![expect(clippy::unwrap_used, reason = "a bench whose input cannot be made measures nothing")]

#[expect(dead_code, reason = "each crate measures with a part of it")]
#[path = "../../wallet-credentials/benches/support/mod.rs"]
mod support;

use std::borrow::Cow;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion};
use serde_json::{Value, json};
use support::{DOCUMENT_SIGNER, ISO, MDL, Party, ProcessorTime, READER, SHOWN, VCT};
use wallet_credentials::credential::Format;
use wallet_credentials::crypto::{AgreementKey, PredictableRandom, Signer as _, SigningKey, verify_es256};
use wallet_credentials::jose::{EncryptionKey, base64url};
use wallet_credentials::mdoc::IssuerSigned;
use wallet_credentials::sd_jwt_vc::{KeyBinding, SdJwtVc};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Role, TrustAnchors};
use wallet_protocols::dcql::{DcqlQuery, HeldCredential, HeldIndex};
use wallet_protocols::endpoint::TransportPolicy;
use wallet_protocols::http::HttpResponse;
use wallet_protocols::openid4vp::verifier::{RequestToSend, request_link, request_object_response};
use wallet_protocols::openid4vp::{
    ClientId, PresentationRequest, RequestLink, RequestStart, RequestUriMethod, VpToken,
};

const NONCE: &str = "n-0S6_WzA2MjFh4v8xkQ";
const RESPONSE_URI: &str = "https://service.example.org/response";
const REQUEST_URI: &str = "https://service.example.org/request/1";

fn main() {
    let mut criterion = Criterion::default()
        .with_measurement(ProcessorTime)
        .configure_from_args();
    dcql(&mut criterion);
    flow(&mut criterion);
    criterion.final_summary();
}

fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-01T12:00:00Z").unwrap()
}

/// A credential as matching sees it.
struct Held {
    format: Format,
    credential_type: String,
    claims: Value,
}

impl HeldCredential for Held {
    fn format(&self) -> Format {
        self.format
    }

    fn credential_type(&self) -> &str {
        &self.credential_type
    }

    fn is_holder_bound(&self) -> bool {
        true
    }

    fn authority_key_identifiers(&self) -> &[Vec<u8>] {
        &[]
    }

    fn claims(&self) -> Cow<'_, Value> {
        Cow::Borrowed(&self.claims)
    }
}

/// A wallet of `count` documents of twenty claims, one in `every` of the type that is asked for.
fn wallet(count: usize, every: usize) -> Vec<Held> {
    let document = |position: usize| {
        let credential_type = if position.is_multiple_of(every) {
            VCT.to_owned()
        } else {
            format!("{VCT}/{}", position % 97)
        };
        Held {
            format: Format::DcSdJwt,
            credential_type,
            claims: Value::Object(support::person()),
        }
    };
    (0..count).map(document).collect()
}

fn dcql(criterion: &mut Criterion<ProcessorTime>) {
    let query = DcqlQuery::from_value(json!({"credentials": [{
        "id": "person", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]},
        "claims": [{"path": ["given_name"]}, {"path": ["family_name"]}, {"path": ["birthdate"]}],
    }]}))
    .unwrap();
    let mut group = criterion.benchmark_group("dcql");
    for count in [10, 1_000, 10_000] {
        for (name, every) in [("one_candidate", usize::MAX), ("a_tenth_are_candidates", 10)] {
            let held = wallet(count, every);
            let index = HeldIndex::new(&held);
            assert!(query.matches(&held, &index).satisfiable);
            group.bench_function(BenchmarkId::new(name, count), |bencher| {
                bencher.iter(|| query.matches(black_box(&held), &index));
            });
        }
        let held = wallet(count, 10);
        group.bench_function(BenchmarkId::new("index", count), |bencher| {
            bencher.iter(|| HeldIndex::new(black_box(&held)));
        });
    }
    group.finish();
}

/// A service, and a wallet with one document of each format.
struct Flow {
    link: String,
    response: HttpResponse,
    anchors: TrustAnchors,
    holder: SigningKey,
    mdoc: IssuerSigned,
    sd_jwt_vc: SdJwtVc,
}

impl Flow {
    fn new(query: &Value) -> Self {
        let services = Party::authority("Services");
        let service = services.certify("Service", READER);
        let issuer = Party::authority("Issuers").certify("Issuer", DOCUMENT_SIGNER);
        let holder = support::holder(4);
        let client_id = ClientId::x509_hash(&service.certificate);
        let key = AgreementKey::from_random(&mut PredictableRandom::from_seed(9)).unwrap();
        let object = RequestToSend {
            client_id: &client_id,
            response_uri: RESPONSE_URI,
            nonce: NONCE,
            state: Some("af0ifjsldkj"),
            dcql_query: query,
            encrypt_to: Some(&EncryptionKey {
                key: key.public_key(),
                kid: Some("1".to_owned()),
            }),
            client_name: Some("Service"),
            wallet_nonce: None,
            issued_at: now(),
            expires_at: None,
        }
        .sign(std::slice::from_ref(&service.certificate), &service.signing_key())
        .unwrap();
        let licence = support::licence(&issuer, &holder.public_key(), MDL, &support::portrait(), now());
        let person = support::person_credential(&issuer, &holder.public_key(), VCT, now());
        Self {
            link: request_link("openid4vp", &client_id, REQUEST_URI, RequestUriMethod::Get),
            response: request_object_response(object),
            anchors: services.as_anchor(Role::Service),
            holder,
            mdoc: IssuerSigned::parse(&licence)
                .unwrap()
                .dangerous_assume_verified()
                .into_inner(),
            sd_jwt_vc: SdJwtVc::parse(&person)
                .unwrap()
                .dangerous_assume_verified()
                .into_inner(),
        }
    }

    /// From the request's bytes to a request that may be shown.
    fn request(&self) -> PresentationRequest {
        let link = RequestLink::parse(black_box(&self.link), TransportPolicy::HttpsOnly).unwrap();
        let unverified = match link.start(String::new()) {
            RequestStart::Fetch(_, awaiting) => awaiting.received(&self.response).unwrap(),
            RequestStart::Ready(unverified) => unverified,
        };
        unverified.verify(&self.anchors, now()).unwrap()
    }

    fn present_mdoc(&self, request: &PresentationRequest) -> String {
        let wanted: Vec<(&str, &str)> = SHOWN.iter().map(|element| (ISO, *element)).collect();
        let narrowed = self.mdoc.narrow(&wanted).unwrap();
        base64url::encode(&narrowed.sign(&request.session_transcript(), &self.holder).unwrap())
    }

    fn present_sd_jwt_vc(&self, request: &PresentationRequest) -> String {
        let binding = KeyBinding {
            audience: request.client_id().as_str(),
            nonce: request.nonce(),
            issued_at: now(),
            transaction_data: None,
        };
        self.sd_jwt_vc
            .narrow(&support::shown_of_person())
            .unwrap()
            .present(&binding, &self.holder)
            .unwrap()
    }

    /// The message that delivers one presentation, encrypted; answers its length.
    fn answer(&self, request: &PresentationRequest, id: &str, presentation: String) -> usize {
        let mut token = VpToken::new();
        token.add(request.query(), id, presentation).unwrap();
        request
            .respond(&token, &mut PredictableRandom::from_seed(10))
            .unwrap()
            .into_post()
            .unwrap()
            .body
            .len()
    }
}

fn flow(criterion: &mut Criterion<ProcessorTime>) {
    let person = Flow::new(&json!({"credentials": [{
        "id": "person", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]},
        "claims": [{"path": ["given_name"]}, {"path": ["family_name"]}, {"path": ["birthdate"]}],
    }]}));
    let licence = Flow::new(&json!({"credentials": [{
        "id": "licence", "format": "mso_mdoc", "meta": {"doctype_value": MDL},
        "claims": SHOWN.map(|element| json!({"path": [ISO, element]})),
    }]}));
    let mut group = criterion.benchmark_group("openid4vp");
    group.bench_function("signed_request_read_and_verified", |bencher| {
        bencher.iter(|| person.request())
    });
    group.bench_function("request_in_answer_out_sd_jwt_vc", |bencher| {
        bencher.iter(|| {
            let request = person.request();
            person.answer(&request, "person", person.present_sd_jwt_vc(&request))
        });
    });
    group.bench_function("request_in_answer_out_mdoc_portrait_10k", |bencher| {
        bencher.iter(|| {
            let request = licence.request();
            licence.answer(&request, "licence", licence.present_mdoc(&request))
        });
    });
    // What no implementation can do without: the chain and the request verified, one signature, one fresh key, one agreement.
    let key = support::holder(5);
    let public = key.public_key();
    let (message, service) = (
        vec![0x5a; 900],
        AgreementKey::from_random(&mut PredictableRandom::from_seed(11)).unwrap(),
    );
    let signature = key.sign(&message).unwrap();
    let verify = || verify_es256(black_box(&public), &message, &signature).unwrap();
    group.bench_function("bare_2_verifications", |bencher| {
        bencher.iter(|| {
            verify();
            verify();
        });
    });
    group.bench_function("bare_2_verifications_1_signature_1_agreement", |bencher| {
        bencher.iter(|| {
            verify();
            verify();
            let signature = key.sign(black_box(&message)).unwrap();
            let ephemeral = AgreementKey::from_random(&mut PredictableRandom::from_seed(12)).unwrap();
            (signature, ephemeral.agree(&service.public_key()).unwrap())
        });
    });
    group.finish();
}
