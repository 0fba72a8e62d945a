//! Hostile input of up to a megabyte: read or refused in bounded memory, and never a panic. Lengths and counts are bounded,
//! so that time is, too.

use super::super::did_web::{DidDocument, DidWeb};
use super::*;
use crate::jwt_vc::{self, JwtVc};
use crate::sd_jwt_vc::{self, SdJwtVc, type_metadata};
use crate::status::StatusListToken;
use crate::time::Timestamp;

/// How many bytes a reader may hold for each byte it was given, and what it may hold in any case.
const FACTOR: u64 = 32;
const ALLOWANCE: u64 = 512 * 1024;

/// Readers of whole JSON documents.
fn read_document(json: &[u8]) {
    let _ = json::parse(json);
    let _ = JwkSet::parse(json);
    let _ = DidDocument::parse(json, &DidWeb::parse("did:web:example.org").unwrap());
    let _ = type_metadata::resolve("urn:t", None, |_| Some(json));
    let _ = sd_jwt_vc::issuer_metadata::IssuerMetadata::parse(json, "https://example.org");
    if let Ok(text) = std::str::from_utf8(json) {
        let _ = sd_jwt_vc::compact_forms(text);
    }
}

/// Readers of JWTs, and of what is built on them.
fn read_token(text: &str) {
    let now = Timestamp::from_unix(0);
    let unbound = sd_jwt_vc::PresentationCheck {
        key_binding_required: false,
        ..sd_jwt_vc::PresentationCheck::new("a", "n", now)
    };
    let _ = SdJwtVc::parse(text);
    let _ = sd_jwt_vc::verify_presentation(text, &unbound, |_| None);
    let _ = JwtVc::parse(text);
    let _ = jwt_vc::verify_presentation(text, &jwt_vc::PresentationCheck::new("a", "n", now), |_| None);
    let _ = StatusListToken::parse(text.as_bytes());
    let _ = JweHeader::peek(text);
    if let Ok(jws) = Jws::parse(text) {
        let _ = jws.dangerous_unverified_payload();
    }
}

fn bounded(what: &str, input: &[u8], read: impl Fn()) {
    let used = allocation_counter::measure(&read).bytes_max;
    let most = FACTOR * input.len() as u64 + ALLOWANCE;
    assert!(
        used <= most,
        "{what}: {used} bytes for {}, {} times",
        input.len(),
        used / input.len() as u64
    );
}

fn document(what: &str, json: &str) {
    bounded(what, json.as_bytes(), || read_document(json.as_bytes()));
    // The same as the payload and the header of a token, and as a disclosure.
    let part = base64url::encode(json.as_bytes());
    let header = |typ: &str| base64url::encode(format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#).as_bytes());
    let (sd_jwt, empty) = (header("dc+sd-jwt"), base64url::encode(br#"{"vct":"v"}"#));
    for text in [
        format!("{sd_jwt}.{part}.AA~"),
        format!("{part}.e30.AA~"),
        format!("{sd_jwt}.{empty}.AA~{part}~"),
        format!("{sd_jwt}.{empty}.AA~{part}.{part}.AA"),
        format!("{}.{part}.AA", header("vc+jwt")),
        format!("{}.{part}.AA", header("vp+jwt")),
        format!("{}.{part}.AA", header("JWT")),
    ] {
        bounded(what, text.as_bytes(), || read_token(&text));
    }
}

/// So many bytes of `filling` between two ends.
fn sized(bytes: usize, start: &str, filling: &str, end: &str) -> String {
    let room = bytes - start.len() - end.len();
    format!("{start}{}{end}", filling.repeat(room / filling.len()))
}

/// Enough to tell a proportion from the allowance, and quickly read.
fn filled(start: &str, filling: &str, end: &str) -> String {
    sized(120_000, start, filling, end)
}

#[test]
fn documents_of_many_small_things_stay_in_proportion() {
    for (what, json) in [
        // As a token this is just below a megabyte.
        (
            "a megabyte of numbers",
            sized(700_000, "{\"vct\":\"v\",\"a\":[0", ",0", "]}"),
        ),
        ("numbers", filled("[0", ",0", "]")),
        ("empty texts", filled("[\"\"", ",\"\"", "]")),
        ("empty arrays", filled("[[]", ",[]", "]")),
        ("empty objects", filled("[{}", ",{}", "]")),
        ("small objects", filled("[{\"a\":0}", ",{\"a\":0}", "]")),
        ("arrays of one", filled("[[0]", ",[0]", "]")),
        ("nested objects", filled("[0", ",{\"a\":{\"a\":{\"a\":{}}}}", "]")),
        ("placeholders", filled("{\"a\":[0", ",{\"...\":\"x\"}", "]}")),
        ("digests", filled("{\"vct\":\"v\",\"_sd\":[\"x\"", ",\"x\"", "]}")),
        ("in a claim", filled("{\"vct\":\"v\",\"a\":[0", ",0", "]}")),
        ("in a vc", filled("{\"vc\":{\"a\":[0", ",{}", "]}}")),
        ("a long text", filled("[\"", "a", "\"]")),
        ("escapes", filled("[\"", "\\u0000", "\"]")),
        ("blanks", filled("[", " ", "]")),
        ("keys of a set", filled("{\"keys\":[{}", ",{}", "]}")),
        (
            "disclosures",
            filled("{\"payload\":\"a\",\"header\":{\"disclosures\":[\"a\"", ",\"a\"", "]}}"),
        ),
        (
            "verification methods",
            filled(
                "{\"id\":\"did:web:example.org\",\"verificationMethod\":[{}",
                ",{}",
                "]}",
            ),
        ),
        (
            "claims of a type",
            filled("{\"vct\":\"urn:t\",\"claims\":[{}", ",{}", "]}"),
        ),
    ] {
        document(what, &json);
    }
    let members: String = (0..12_000).map(|at| format!(",\"{at:x}\":0")).collect();
    document("members", &format!("{{\"vct\":\"v\"{members}}}"));
    let digests: String = (0..20_000).map(|at| format!(",\"{at:x}\"")).collect();
    document(
        "different digests",
        &format!("{{\"vct\":\"v\",\"_sd\":[\"x\"{digests}]}}"),
    );
}

#[test]
fn depth_ends_where_it_must() {
    for depth in [31, 32, 33, 100_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let json = format!("{}0{}", open.repeat(depth), close.repeat(depth));
            let parsed = json::parse(json.as_bytes());
            assert_eq!(parsed.is_ok(), depth <= json::MAX_DEPTH, "{depth}");
            document("depth", &json);
        }
    }
}

#[test]
fn tokens_of_many_parts_stay_in_proportion() {
    for filling in [
        ".",
        "~",
        "a.",
        "a~",
        "~~.",
        "e30~",
        "WyJhIiwxXQ~",
        "-",
        "=",
        "é",
        "\0",
        "A",
    ] {
        let text = filling.repeat(700_000 / filling.len());
        bounded(filling, text.as_bytes(), || read_token(&text));
        let header = base64url::encode(br#"{"alg":"ES256","typ":"dc+sd-jwt"}"#);
        let text = format!("{header}.e30.AA~{text}");
        bounded(filling, text.as_bytes(), || read_token(&text));
    }
}
