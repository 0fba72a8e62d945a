//! No input of up to one megabyte takes more than 32 times its size in memory, however it is made.
//!
//! Every parser gets every hostile document of its kind: nested as deep as bytes allow, long lists of the smallest items,
//! huge announced lengths, names repeated over and over, streams that inflate a thousandfold.

#![expect(clippy::unwrap_used, reason = "a test: what fails, fails it")]

use std::io::Write as _;

use serde_json::{Value, json};
use wallet_credentials::cose::{Mac0, Sign1};
use wallet_credentials::crypto::{PredictableRandom, PublicKey};
use wallet_credentials::jose::did_web::DidWeb;
use wallet_credentials::jose::{ContentEncryption, Jws, base64url, choose_encryption_key, did, json as strict, jwe};
use wallet_credentials::jwt_vc::JwtVc;
use wallet_credentials::mdoc::{
    DeviceEngagement, DeviceRequest, DeviceResponse, ElementValue, EncryptionInfo, IssuerSigned, OfflineProof,
    SessionTranscript,
};
use wallet_credentials::sd_jwt_vc::issuer_metadata::IssuerMetadata as IssuerKeys;
use wallet_credentials::sd_jwt_vc::type_metadata::resolve;
use wallet_credentials::sd_jwt_vc::{PresentationCheck, SdJwtVc, compact_forms, verify_presentation};
use wallet_credentials::status::{StatusList, StatusListToken, StatusSize};
use wallet_credentials::trust::{
    Certificate, ListContext, ListError, ListedRevocations, Register, RevocationList, TrustList,
};
use wallet_fuzz_targets::made;
use wallet_fuzz_targets::world::{ISSUER, LIST_ISSUER, NONCE, NOW, world};
use wallet_protocols::dcql::DcqlQuery;
use wallet_protocols::endpoint::{Endpoint, IssuerIdentifier, TransportPolicy};
use wallet_protocols::http::{HttpResponse, JSON, decode_form};
use wallet_protocols::openid4vci::issuer::{ReceivedCredentialRequest, TokenRequest, read_notification};
use wallet_protocols::openid4vci::{
    AuthorizationServerMetadata, CredentialOffer, CredentialResponse, IssuerMetadata, Nonce, OfferLink,
};
use wallet_protocols::openid4vp::dc_api::{self, DcApiProtocol};
use wallet_protocols::openid4vp::verifier::ReceivedResponse;
use wallet_protocols::openid4vp::{ClientId, Reply, RequestLink, RequestStart};

/// The size of most hostile documents: a matrix of megabytes would take minutes.
const SIZE: usize = 60_000;

/// The size of those that are tried by the megabyte too.
const LARGE: usize = 1_000_000;

/// What a parser may take at once for each byte of its input.
const TIMES: u64 = 32;

/// What it may take besides: tables, windows, contexts of cryptography.
const BESIDES: u64 = 64 * 1024;

const POLICY: TransportPolicy = TransportPolicy::HttpsOnly;

/// A parser, with what is read only to be dropped.
type Parser = (&'static str, fn(&[u8]));

fn within_bounds(parser: Parser, what: &str, input: &[u8]) -> Result<(), String> {
    // Once before, so that what is made on first use is not counted.
    (parser.1)(b"");
    let used = allocation_counter::measure(|| (parser.1)(input));
    let (size, most) = (input.len() as u64, TIMES * input.len() as u64 + BESIDES);
    if used.bytes_max <= most {
        return Ok(());
    }
    let times = used.bytes_max / size.max(1);
    Err(format!("{}: {what}: {times} times its {size} bytes", parser.0))
}

fn all(parsers: &[Parser], documents: &[(String, Vec<u8>)]) {
    assert!(documents.iter().all(|(_, document)| document.len() <= 1024 * 1024));
    let findings: Vec<String> = parsers
        .iter()
        .flat_map(|parser| documents.iter().map(move |document| (parser, document)))
        .filter_map(|(parser, (what, document))| within_bounds(*parser, what, document).err())
        .collect();
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

fn text(data: &[u8]) -> &str {
    std::str::from_utf8(data).unwrap_or_default()
}

/// `unit` over and over, between two ends.
fn filled(head: &[u8], unit: &[u8], tail: &[u8]) -> Vec<u8> {
    filled_to(SIZE, head, unit, tail)
}

fn filled_to(size: usize, head: &[u8], unit: &[u8], tail: &[u8]) -> Vec<u8> {
    let times = (size - head.len() - tail.len()) / unit.len();
    [head, &unit.repeat(times), tail].concat()
}

/// A list of lists: `inner` items in each, as many as fit, at most 4,000.
fn cbor_lists(size: usize, inner: u16, item: &[u8]) -> Vec<u8> {
    let head = |count: u16| [&[0x99][..], &count.to_be_bytes()].concat();
    let list = [head(inner), item.repeat(usize::from(inner))].concat();
    let count = u16::try_from((size / list.len()).min(4_000)).unwrap();
    [head(count), list.repeat(usize::from(count))].concat()
}

fn cbor_documents() -> Vec<(String, Vec<u8>)> {
    let text = |length: usize| {
        let mut head = vec![0x7a];
        head.extend(u32::try_from(length).unwrap().to_be_bytes());
        head.extend(vec![b'n'; length]);
        head
    };
    // {name: {"0": .., "1": ..}} with a name of half the size and as many short entries as a map may have.
    let long_name = |value: &[u8]| {
        let entries: u16 = 4_000;
        let mut map = [&[0xb9][..], &entries.to_be_bytes()].concat();
        for number in 0..entries {
            map.push(0x62);
            map.extend(format!("{number:04}").bytes().take(2));
            map.extend(value);
        }
        [vec![0xa1], text(SIZE / 2), map].concat()
    };
    let mut documents = vec![
        ("lists in lists", vec![0x81; SIZE]),
        ("open lists in lists", vec![0x9f; SIZE]),
        ("tags on tags", vec![0xc0; SIZE]),
        ("maps in keys of maps", vec![0xa1; SIZE]),
        ("an open list of zeroes", filled(&[0x9f], &[0x00], &[0xff])),
        ("an open list of empty texts", filled(&[0x9f], &[0x60], &[0xff])),
        ("an open map", filled(&[0xbf], &[0x00, 0x00], &[0xff])),
        ("a text of empty pieces", filled(&[0x7f], &[0x60], &[0xff])),
        ("bytes of empty pieces", filled(&[0x5f], &[0x40], &[0xff])),
        ("bytes of short pieces", filled(&[0x5f], &[0x41, 0x00], &[0xff])),
        ("one long text", text(SIZE)),
        ("lists of 4,000 zeroes", cbor_lists(SIZE, 4_000, &[0x00])),
        ("lists of 2,049 zeroes", cbor_lists(SIZE, 2_049, &[0x00])),
        ("lists of 257 empty lists", cbor_lists(SIZE, 257, &[0x80])),
        ("lists of 100 empty maps", cbor_lists(SIZE, 100, &[0xa0])),
        ("lists of 33 tagged zeroes", cbor_lists(SIZE, 33, &[0xc1, 0x00])),
        (
            "lists of 33 tag-24 items",
            cbor_lists(SIZE, 33, &[0xd8, 0x18, 0x41, 0x00]),
        ),
        ("a long name over many entries", long_name(&[0xf4])),
    ];
    for (what, head) in [
        ("an announced list", [0x9b]),
        ("an announced map", [0xbb]),
        ("an announced text", [0x7b]),
        ("announced bytes", [0x5b]),
    ] {
        documents.push((what, [&head[..], &[0x00, 0x00, 0x00, 0x7f], &vec![0xff; SIZE]].concat()));
    }
    let mut documents: Vec<(String, Vec<u8>)> = documents
        .into_iter()
        .map(|(what, document)| (what.to_owned(), document))
        .collect();
    let inner = documents.clone();
    // The same where the structures of mdoc have their members.
    for (what, document) in inner {
        if document.len() > SIZE + 16 {
            continue;
        }
        let text = |text: &str| [&[0x60 + u8::try_from(text.len()).unwrap()][..], text.as_bytes()].concat();
        let tagged = |bytes: &[u8]| {
            let mut out = vec![0xd8, 0x18, 0x5a];
            out.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
            out.extend(bytes);
            out
        };
        let items = [
            vec![0xa2],
            text("docType"),
            text("x"),
            text("nameSpaces"),
            document.clone(),
        ]
        .concat();
        let requests = [
            vec![0xa2],
            text("version"),
            text("1.0"),
            text("docRequests"),
            vec![0x81, 0xa1],
        ]
        .concat();
        let requests = [requests, text("itemsRequest"), tagged(&items)].concat();
        documents.push((format!("a request with {what}"), requests));
        let spaces = [vec![0xa1], text("nameSpaces"), document.clone()].concat();
        documents.push((format!("name spaces with {what}"), spaces));
        let device = [vec![0xa1], text("nameSpaces"), tagged(&document)].concat();
        let device = [vec![0xa1], text("deviceSigned"), device].concat();
        let response = [vec![0xa1], text("documents"), vec![0x81], device].concat();
        documents.push((format!("elements of the device with {what}"), response));
        let cose = [&[0x84, 0x40, 0xa1, 0x04][..], &document, &[0x40, 0x40]].concat();
        documents.push((format!("a COSE header with {what}"), cose));
        documents.push((format!("an MSO with {what}"), mso(&document)));
    }
    documents.retain(|(_, document)| document.len() <= 1024 * 1024);
    documents
}

/// An `IssuerSigned` whose MSO has this for `valueDigests` and more.
fn mso(document: &[u8]) -> Vec<u8> {
    let text = |text: &str| [&[0x60 + u8::try_from(text.len()).unwrap()][..], text.as_bytes()].concat();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_be_bytes();
    let content = [
        vec![0xa2],
        text("valueDigests"),
        document.to_vec(),
        text("deviceKeyInfo"),
        vec![0xa0],
    ]
    .concat();
    wallet_fuzz_targets::wrap_mso(&[&[0xd8, 0x18, 0x5a][..], &length(&content), &content].concat())
}

#[test]
fn cbor_stays_within_32_times_its_size() {
    let parsers: &[Parser] = &[
        ("ElementValue", |data| drop(ElementValue::from_cbor(data))),
        ("Sign1", |data| drop(Sign1::parse(data))),
        ("Mac0", |data| drop(Mac0::parse(data))),
        ("COSE_Key", |data| drop(PublicKey::from_cose_key(data).map(Box::new))),
        ("IssuerSigned", |data| drop(IssuerSigned::parse(data))),
        ("DeviceResponse", |data| drop(DeviceResponse::parse(data))),
        ("DeviceRequest", |data| drop(DeviceRequest::parse(data))),
        ("DeviceEngagement", |data| drop(DeviceEngagement::parse(data))),
        ("EncryptionInfo", |data| drop(EncryptionInfo::parse(text(data)))),
        ("SessionTranscript", |data| {
            drop(SessionTranscript::from_encoded(data.to_vec()))
        }),
        ("OfflineProof", |data| drop(OfflineProof::decode(data))),
        ("StatusListToken", |data| drop(StatusListToken::parse(data))),
    ];
    all(parsers, &cbor_documents());
}

/// Hostile JSON by itself.
fn json_values(whole: usize) -> Vec<(String, String)> {
    let repeat = |head: &str, unit: &str, tail: &str, size: usize| {
        let times = (size - head.len() - tail.len()) / unit.len();
        format!("{head}{}{tail}", unit.repeat(times))
    };
    let size = whole - 4_096;
    let mut members = String::from("{");
    for number in 0.. {
        if members.len() > size - 16 {
            break;
        }
        members.push_str(&format!("\"{number:x}\":0,"));
    }
    members.push_str("\"\":0}");
    [
        ("lists in lists", "[".repeat(size)),
        ("objects in objects", repeat("", "{\"\":", "", size)),
        ("a list of zeroes", repeat("[", "0,", "0]", size)),
        ("a list of empty texts", repeat("[", "\"\",", "\"\"]", size)),
        ("a list of empty lists", repeat("[", "[],", "[]]", size)),
        ("a list of empty objects", repeat("[", "{},", "{}]", size)),
        ("a list of lists of zeroes", repeat("[", "[0,0,0,0,0],", "[]]", size)),
        ("a list of small objects", repeat("[", "{\"a\":0},", "{}]", size)),
        ("many members", members),
        ("a long text", repeat("\"", "x", "\"", size)),
        ("a text of escapes", repeat("\"", "\\u0000", "\"", size)),
        ("a long number", repeat("", "1", "", size)),
        ("a list of numbers", repeat("[", "1e9,", "0]", size)),
    ]
    .into_iter()
    .map(|(what, json)| (what.to_owned(), json))
    .collect()
}

/// The same as the members messages have, so that what comes after JSON sees it too.
fn json_documents() -> Vec<(String, Vec<u8>)> {
    const MEMBERS: &[&str] = &[
        "credential_configurations_supported",
        "authorization_servers",
        "display",
        "jwks",
        "credential_configuration_ids",
        "grants",
        "credentials",
        "authorization_details",
        "entries",
        "_sd",
        "keys",
        "claims",
        "signatures",
    ];
    let rest = format!(
        r#""credential_issuer":"{ISSUER}","issuer":"{ISSUER}","credential_endpoint":"{ISSUER}/c",
        "token_endpoint":"{ISSUER}/t","iss":"{LIST_ISSUER}","iat":"2026-05-31T00:00:00Z","exp":"2026-06-02T00:00:00Z",
        "sequence":9,"access_token":"x","token_type":"bearer","c_nonce":"n","sub":"x""#
    );
    let mut documents: Vec<(String, Vec<u8>)> = Vec::new();
    for (what, value) in json_values(SIZE) {
        for member in MEMBERS {
            let document = format!("{{\"{member}\":{value},{rest}}}");
            documents.push((format!("{member}: {what}"), document.into_bytes()));
        }
        documents.push((what, value.into_bytes()));
    }
    for unit in [
        r#"{"id":"a","format":"mso_mdoc","meta":{}}"#,
        r#"{"name":""}"#,
        r#"{"path":[""]}"#,
        r#"{"credential":"x"}"#,
        r#"{"type":"openid_credential","credential_configuration_id":""}"#,
        r#"{"kty":"EC","crv":"P-256","x":"","y":""}"#,
    ] {
        let list = format!(
            "[{}{unit}]",
            format!("{unit},").repeat((SIZE - 2_048) / (unit.len() + 1))
        );
        for member in ["credentials", "display", "authorization_details", "keys", "junk"] {
            documents.push((
                format!("{member}: a list of {unit}"),
                format!("{{\"{member}\":{list},{rest}}}").into_bytes(),
            ));
        }
    }
    documents
}

/// Whole megabytes, of the documents that have the most items for their size.
#[test]
fn megabytes_stay_within_32_times_their_size() {
    let cbor: &[Parser] = &[
        ("ElementValue", |data| drop(ElementValue::from_cbor(data))),
        ("IssuerSigned", |data| drop(IssuerSigned::parse(data))),
    ];
    let documents = [
        ("lists of 2,049 zeroes", cbor_lists(LARGE, 2_049, &[0x00])),
        ("lists of 257 empty lists", cbor_lists(LARGE, 257, &[0x80])),
        ("an open list of zeroes", filled_to(LARGE, &[0x9f], &[0x00], &[0xff])),
        ("bytes of empty pieces", filled_to(LARGE, &[0x5f], &[0x40], &[0xff])),
    ];
    all(cbor, &documents.map(|(what, document)| (what.to_owned(), document)));
    let json: &[Parser] = &[
        ("strict JSON", |data| drop(strict::parse(data))),
        ("issuer metadata", |data| {
            let issuer = IssuerIdentifier::parse(ISSUER, POLICY).unwrap();
            drop(IssuerMetadata::read(
                &issuer,
                &HttpResponse::new(200, JSON, data),
                POLICY,
            ));
        }),
        ("credential response", |data| {
            drop(CredentialResponse::read(&HttpResponse::new(200, JSON, data), None));
        }),
    ];
    let documents: Vec<_> = json_values(LARGE)
        .into_iter()
        .map(|(what, json)| (what, json.into_bytes()))
        .collect();
    all(json, &documents);
}

#[test]
fn json_messages_stay_within_32_times_their_size() {
    let parsers: &[Parser] = &[
        ("strict JSON", |data| drop(strict::parse(data))),
        ("DCQL", |data| drop(DcqlQuery::parse(data))),
        ("offer", |data| drop(CredentialOffer::parse(data, POLICY))),
        ("issuer metadata", |data| {
            let issuer = IssuerIdentifier::parse(ISSUER, POLICY).unwrap();
            drop(IssuerMetadata::read(
                &issuer,
                &HttpResponse::new(200, JSON, data),
                POLICY,
            ));
        }),
        ("server metadata", |data| {
            let issuer = IssuerIdentifier::parse(ISSUER, POLICY).unwrap();
            drop(AuthorizationServerMetadata::read(
                &issuer,
                &HttpResponse::new(200, JSON, data),
                POLICY,
            ));
        }),
        ("nonce", |data| drop(Nonce::read(&HttpResponse::new(200, JSON, data)))),
        ("credential response", |data| {
            drop(CredentialResponse::read(&HttpResponse::new(200, JSON, data), None));
        }),
        ("credential request", |data| {
            drop(ReceivedCredentialRequest::read(JSON, data, None))
        }),
        ("notification", |data| drop(read_notification(data))),
        ("reply", |data| {
            drop(Reply::read(&HttpResponse::new(200, JSON, data), POLICY))
        }),
        ("type metadata", |data| drop(resolve("urn:x", None, |_| Some(data)))),
        ("issuer keys", |data| drop(IssuerKeys::parse(data, ISSUER))),
        ("JSON serialisation", |data| drop(compact_forms(text(data)))),
        ("browser request", |data| {
            if let Ok(value) = strict::parse(data) {
                drop(dc_api::verify(
                    DcApiProtocol::Unsigned,
                    &value,
                    "https://x.example",
                    &world().anchors,
                    NOW,
                ));
            }
        }),
        ("JWK Set", |data| {
            if let Ok(set) = strict::parse(data) {
                let _ = choose_encryption_key(&set);
            }
        }),
    ];
    all(parsers, &json_documents());
}

#[test]
fn jwts_stay_within_32_times_their_size() {
    let parsers: &[Parser] = &[
        ("JWS", |data| {
            drop(Jws::parse(text(data)).map(|jws| jws.dangerous_unverified_payload()))
        }),
        ("SD-JWT VC", |data| drop(SdJwtVc::parse(text(data)))),
        ("presentation", |data| {
            let check = PresentationCheck::new(made::AUDIENCE, NONCE, NOW);
            let key = world().issuer.verification_key();
            drop(verify_presentation(text(data), &check, |_| Some(key)));
        }),
        ("JWT VC", |data| drop(JwtVc::parse(text(data)))),
        ("status token", |data| drop(StatusListToken::parse(data))),
        ("request object", |data| {
            let link =
                "openid4vp://?client_id=x509_san_dns%3Aclient.example.org&request_uri=https%3A%2F%2Fx.example%2F";
            let Ok(RequestStart::Fetch(_, awaiting)) =
                RequestLink::parse(link, POLICY).map(|link| link.start(String::new()))
            else {
                return;
            };
            let received = awaiting.received(&HttpResponse::new(200, JSON, data));
            drop(received.and_then(|request| request.verify(&world().anchors, NOW)));
        }),
        ("trust list", |data| drop(TrustList::verify(text(data), lists(), NOW))),
        ("register", |data| drop(Register::verify(text(data), lists(), NOW))),
    ];
    let mut documents = Vec::new();
    // Three quarters: base64 makes the rest.
    for (what, json) in json_documents() {
        if !what.contains(": ") || !["_sd", "entries", "keys"].iter().any(|m| what.starts_with(m)) {
            continue;
        }
        let payload = shortened(&json);
        for typ in ["dc+sd-jwt", "statuslist+jwt", "vc+jwt"] {
            let header = base64url::encode(json!({"alg": "ES256", "typ": typ}).to_string().as_bytes());
            let jwt = format!("{header}.{}.AAAA", base64url::encode(&payload));
            let tail = if typ == "dc+sd-jwt" { "~" } else { "" };
            documents.push((format!("{typ} with {what}"), format!("{jwt}{tail}").into_bytes()));
        }
    }
    for (what, value) in json_values(SIZE / 4 * 3) {
        let header = base64url::encode(br#"{"alg":"ES256","typ":"JWT"}"#);
        let payload = base64url::encode(format!("{{\"vc\":{{}},\"junk\":{value}}}").as_bytes());
        documents.push((
            format!("data model 1.1 beside {what}"),
            format!("{header}.{payload}.AAAA").into_bytes(),
        ));
    }
    let signed = |typ: &str, payload: &[u8]| made::sign_list(typ, payload).into_bytes();
    for (what, json) in json_documents() {
        if what.starts_with("entries: ") {
            let payload = shortened(&json);
            documents.push((
                format!("trust list with {what}"),
                signed("wallet-trust-list+jwt", &payload),
            ));
            documents.push((format!("register with {what}"), signed("wallet-register+jwt", &payload)));
        }
    }
    let jwt = made::open_person();
    documents.push(("tildes".to_owned(), filled(jwt.as_bytes(), b"~", b"")));
    documents.push(("short disclosures".to_owned(), filled(jwt.as_bytes(), b"A~", b"")));
    documents.push(("dots".to_owned(), vec![b'.'; SIZE]));
    documents.push(("a long header".to_owned(), filled(b"", b"e", b"..")));
    all(parsers, &documents);
}

/// The document with its longest member cut to what base64 leaves room for.
fn shortened(json: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(json).unwrap();
    let room = SIZE / 4 * 3 - 2_048;
    if json.len() <= room {
        return json.to_vec();
    }
    // Cut units out of the middle: hostile values are the same all over.
    let (from, unit) = (json.len() / 2, json.len() - room);
    let start = text[..from].rfind(',').unwrap_or(from);
    let end = text[from..].find(',').map_or(from, |at| from + at);
    let whole = end.saturating_sub(start);
    if whole == 0 || whole > unit {
        return json[..room].to_vec();
    }
    let cut = start + unit / whole * whole;
    match text.get(cut..) {
        Some(rest) if rest.starts_with(',') => [&json[..start], rest.as_bytes()].concat(),
        _ => json[..room].to_vec(),
    }
}

/// Megabytes of signed lists whose entries can be read, with as many of their smallest parts as fit: that there are too many of
/// them is found out afterwards.
#[test]
fn signed_lists_stay_within_32_times_their_size() {
    let (now, end) = (NOW.as_unix(), NOW.as_unix() + 60);
    let many = |unit: String| vec![unit.as_str(); LARGE / 4 * 3 / (unit.len() + 1) - 1_000].join(",");
    let list = |what: &str, typ: &str, entries: String| {
        let payload =
            format!(r#"{{"iss":"{LIST_ISSUER}","iat":{now},"exp":{end},"sequence":9,"entries":[{entries}]}}"#);
        (what.to_owned(), made::sign_list(typ, payload.as_bytes()).into_bytes())
    };
    let issuer = |member: &str, items: String| {
        format!(r#"{{"name":{{"en":"a"}},"role":"issuer","certificates":[],"valid_until":{end},"{member}":[{items}]}}"#)
    };
    let service = |purposes: String| {
        format!(
            r#"{{"legal_name":"a","trading_name":"a","cert_sha256":[],"valid_until":{end},
            "privacy_url":"","contact":"","purposes":[{purposes}]}}"#
        )
    };
    let purpose = |allowed: String| {
        format!(
            r#"{{"id":"","category":"","text":{{"en":""}},"lawful_basis":"","retention":{{"en":""}},"allowed":[{allowed}]}}"#
        )
    };
    let revocations = |serials| {
        let der = made::revoking(&world().authority, serials);
        serde_json::to_string(&ListedRevocations::from_der(&der).unwrap()).unwrap()
    };
    let (detail, hash) = (r#"{"type":"","path":[0]}"#, format!("\"{}\"", "A".repeat(43)));
    let trust_list = |what: &str, entries| list(what, "wallet-trust-list+jwt", entries);
    let trust_lists = [
        trust_list("many issuers", many(issuer("document_types", String::new()))),
        trust_list("many types", issuer("document_types", many("\"\"".to_owned()))),
        trust_list("many issuers spoken for", issuer("speaks_for", many(hash))),
        trust_list("a long revocation list", issuer("revocations", revocations(0..10_000))),
        trust_list("many revocation lists", issuer("revocations", many(revocations(3..4)))),
    ];
    let register = |what: &str, entries| list(what, "wallet-register+jwt", entries);
    let registers = [
        register("many services", many(service(String::new()))),
        register("many purposes", service(many(purpose(String::new())))),
        register("many details", service(purpose(many(detail.to_owned())))),
    ];
    // What is refused is the shape: all of it was read.
    let shape = |what: &str, outcome| assert!(matches!(outcome, Some(ListError::Entry(_))), "{what}: {outcome:?}");
    for (what, document) in &trust_lists {
        shape(what, TrustList::verify(text(document), lists(), NOW).err());
    }
    for (what, document) in &registers {
        shape(what, Register::verify(text(document), lists(), NOW).err());
    }
    let parser: Parser = ("trust list", |data| drop(TrustList::verify(text(data), lists(), NOW)));
    all(&[parser], &trust_lists);
    let parser: Parser = ("register", |data| drop(Register::verify(text(data), lists(), NOW)));
    all(&[parser], &registers);
}

fn lists() -> ListContext<'static> {
    ListContext {
        anchors: &world().anchors,
        iss: LIST_ISSUER,
        seen: None,
        max_age: None,
    }
}

#[test]
fn texts_keys_and_certificates_stay_within_32_times_their_size() {
    let parsers: &[Parser] = &[
        ("form", |data| drop(decode_form(data))),
        ("offer link", |data| drop(OfferLink::parse(text(data), POLICY))),
        ("request link", |data| drop(RequestLink::parse(text(data), POLICY))),
        ("client identifier", |data| drop(ClientId::parse(text(data)))),
        ("endpoint", |data| drop(Endpoint::parse(text(data), POLICY))),
        ("token request", |data| drop(TokenRequest::read(data))),
        ("answer", |data| {
            drop(ReceivedResponse::read(data, Some(&world().agreement)))
        }),
        ("JWE", |data| drop(jwe::decrypt(text(data), &world().agreement))),
        ("DID", |data| drop(did::resolve(text(data)))),
        ("did:web", |data| drop(DidWeb::parse(text(data)))),
        ("base64url", |data| drop(base64url::decode(text(data)))),
        ("certificate", |data| drop(Certificate::from_der(data))),
        ("revocation list", |data| drop(RevocationList::from_der(data))),
        ("PEM", |data| drop(Certificate::all_from_pem(text(data)))),
        ("device engagement", |data| drop(DeviceEngagement::from_qr(text(data)))),
    ];
    let pem = world().issuer.certificate.to_pem();
    let header = base64url::encode(
        json!({"alg": "ECDH-ES", "enc": "A256GCM", "epk": world().encryption.key.to_jwk()})
            .to_string()
            .as_bytes(),
    );
    let der =
        |content: &[u8], head: &[u8]| [&[0x30, 0x83][..], &(SIZE as u32).to_be_bytes()[1..], head, content].concat();
    let documents: Vec<(String, Vec<u8>)> = [
        ("many parameters", filled(b"openid-credential-offer://?", b"a=&", b"")),
        (
            "one parameter in percent",
            filled(b"openid4vp://?client_id=x&request=", b"%41", b""),
        ),
        (
            "one long offer",
            filled(b"openid-credential-offer://?credential_offer=", b"%7B", b""),
        ),
        ("a long host", filled(b"https://", b"a.", b"example/")),
        ("a long path", filled(b"https://a.example/", b"%2f", b"")),
        (
            "an international host",
            filled(b"https://", "\u{e4}".as_bytes(), b".example/"),
        ),
        ("a long did:key", filled(b"did:key:z", b"1", b"")),
        ("a long did:jwk", filled(b"did:jwk:", b"A", b"")),
        ("a long did:web", filled(b"did:web:a.example", b":a", b"")),
        ("certificates", filled(b"", pem.as_bytes(), b"")),
        (
            "a PEM of white space",
            filled(b"-----BEGIN CERTIFICATE-----", b" ", b"-----END CERTIFICATE-----"),
        ),
        (
            "a long JWE",
            filled(
                format!("{header}..AAAAAAAAAAAAAAAA.").as_bytes(),
                b"A",
                b".AAAAAAAAAAAAAAAAAAAAAA",
            ),
        ),
        ("a response", filled(b"response=", b"A", b"")),
        (
            "a vp_token",
            filled(b"vp_token=%7B%22a%22%3A%5B", b"%22%22%2C", b"%22%22%5D%7D"),
        ),
        ("sequences in DER", der(&[0x30, 0x80].repeat(SIZE / 2), &[])),
        (
            "integers in DER",
            der(&[0x02, 0x01, 0x00].repeat(SIZE / 3), &[0x30, 0x80]),
        ),
        ("an mdoc: QR code", filled(b"mdoc:", b"g", b"")),
    ]
    .into_iter()
    .map(|(what, document)| (what.to_owned(), document))
    .collect();
    all(parsers, &documents);
}

/// A megabyte of zlib can stand for a gigabyte; sixteen megabytes of a list are read, window by window, and no more.
#[test]
fn zlib_bombs_stay_within_32_times_their_size() {
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    while zlib.get_ref().len() < 256 * 1024 {
        zlib.write_all(&[0; 1 << 20]).unwrap();
    }
    let bomb = zlib.finish().unwrap();
    let list: Parser = ("status list", |data| {
        let list = StatusList::from_zlib(StatusSize::One, data.to_vec());
        assert!(list.check().is_err(), "more than a list may hold");
        let _ = list.status_at(1 << 26);
    });
    assert_eq!(within_bounds((list.0, |_| ()), "nothing", &bomb), Ok(()));
    let used = allocation_counter::measure(|| (list.1)(&bomb));
    assert!(used.bytes_max <= TIMES * bomb.len() as u64, "{} bytes", used.bytes_max);
    let claims = json!({"sub": "x", "iat": 1, "status_list": {"bits": 1, "lst": base64url::encode(&bomb)}});
    let token = |claims: &Value| {
        let header = base64url::encode(br#"{"alg":"ES256","typ":"statuslist+jwt"}"#);
        format!("{header}.{}.AAAA", base64url::encode(claims.to_string().as_bytes()))
    };
    all(
        &[("status token", |data| drop(StatusListToken::parse(data)))],
        &[("a bomb".to_owned(), token(&claims).into_bytes())],
    );
}

/// The same for a compressed message.
#[test]
fn compressed_messages_stay_within_32_times_their_size() {
    let to = jwe::Recipient::new(&world().encryption, ContentEncryption::A256Gcm).compressed();
    let random = &mut PredictableRandom::from_seed(1);
    let bomb = jwe::encrypt(&vec![b' '; 4 * 1024 * 1024], &to, random).unwrap();
    let open: Parser = ("compressed JWE", |data| {
        drop(jwe::decrypt_compressed(text(data), &world().agreement, 4 * 1024 * 1024));
    });
    all(&[open], &[("a bomb".to_owned(), bomb.into_bytes())]);
}
