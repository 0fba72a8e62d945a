//! With the token: nonces, credentials, promises, and what is said about both.

use serde_json::{Value, json};
use wallet_core::problem::ProblemCode::{
    DocumentNotAsPromised, DocumentOutOfDate, DocumentWithdrawn, IssuerAskedWrongly, IssuerRefused, LinkExpired,
    LinkNotUnderstood, ServiceUnreachable,
};
use wallet_sandbox::spec::{DialectName, DocumentType, EncryptionName, OfferFault, OfferSpec, ProofName};

use super::Step::{Accepting, Collecting, HalfAYearLater};
use super::{Hostile, Whose, edited, hostile};
use crate::line::{Fate, Moment, answer, body, json_answer};
use crate::program::http;

const METADATA: &str = "/.well-known/openid-credential-issuer";

fn licence() -> OfferSpec {
    OfferSpec::of(DocumentType::DrivingLicence)
}

fn with(fault: OfferFault) -> OfferSpec {
    OfferSpec {
        fault: Some(fault),
        ..licence()
    }
}

fn sd_jwt(fault: OfferFault) -> OfferSpec {
    OfferSpec {
        fault: Some(fault),
        ..OfferSpec::of(DocumentType::ProofOfAgeSdJwt)
    }
}

fn encrypted(fault: OfferFault) -> OfferSpec {
    OfferSpec {
        encryption: Some(EncryptionName::Required),
        zip: true,
        ..with(fault)
    }
}

fn deferred(fault: Option<OfferFault>) -> OfferSpec {
    OfferSpec {
        deferred: Some(1),
        fault,
        ..licence()
    }
}

fn gov_uk() -> OfferSpec {
    OfferSpec {
        dialect: Some(DialectName::GovUk),
        ..licence()
    }
}

fn veteran() -> OfferSpec {
    OfferSpec::of(DocumentType::VeteranCard)
}

/// A whole list of one copy twice.
fn one_more(answer: &mut Value) {
    let credentials = answer["credentials"].as_array_mut().unwrap();
    credentials.push(credentials[0].clone());
}

pub(super) fn issuers() -> Vec<Hostile> {
    let now = |name, offer, code| hostile(name, offer, Accepting, code);
    let wrong = |name, offer| hostile(name, offer, Accepting, DocumentNotAsPromised);
    let later = |name, offer, code| hostile(name, offer, Collecting, code);
    vec![
        wrong("an mdoc with a signature that does not verify", with(OfferFault::BadSignature)),
        wrong("an SD-JWT VC with a signature that does not verify", sd_jwt(OfferFault::BadSignature)),
        wrong("an mdoc bound to somebody else's key", with(OfferFault::WrongKey)),
        wrong("an SD-JWT VC bound to somebody else's key", sd_jwt(OfferFault::WrongKey)),
        wrong("an mdoc of another doctype", with(OfferFault::WrongType)),
        wrong("an SD-JWT VC of another vct", sd_jwt(OfferFault::WrongType)),
        now("an mdoc that has ended", with(OfferFault::ExpiredDocument), DocumentOutOfDate),
        now("an SD-JWT VC that has ended", sd_jwt(OfferFault::ExpiredDocument), DocumentOutOfDate),
        now(
            "a document that is withdrawn already",
            OfferSpec {
                person: Some("viv-revoked".to_owned()),
                ..licence()
            },
            DocumentWithdrawn,
        ),
        wrong("every copy for one key", with(OfferFault::SharedKey)),
        wrong("a copy more than was asked for", licence()).edits("/credential", one_more),
        wrong("the same copy for every key", licence()).edits("/credential", |answer| {
            let credentials = answer["credentials"].as_array_mut().unwrap();
            let first = credentials[0].clone();
            credentials.fill(first);
        }),
        wrong("a hundred thousand copies of nothing", licence()).edits("/credential", |answer| {
            answer["credentials"] = json!(vec![json!({ "credential": "a" }); 100_000]);
        }),
        wrong("no document at all", licence()).edits("/credential", |answer| answer["credentials"] = json!([])),
        wrong("a document and a promise at once", licence())
            .edits("/credential", |answer| answer["transaction_id"] = json!("later")),
        wrong("an answer with a member twice", licence()).rewrites("/credential", "{", r#"{"credentials":[],"#),
        wrong("an answer in HTML", with(OfferFault::NotJson)),
        wrong("an answer in plain where an encrypted one was asked for", encrypted(OfferFault::PlainResponse)),
        wrong("an encrypted answer where none was asked for", licence()).says(
            "/credential",
            answer(200, "Content-Type: application/jwt\r\n", b"eyJhbGciOiJFQ0RILUVTIn0..AAAA.AAAA.AAAA"),
        ),
        wrong("an answer encrypted to somebody else", encrypted(OfferFault::OtherEncryptionKey)),
        wrong("an encrypted answer that grows when it is unpacked", encrypted(OfferFault::ZipBomb)),
        now("an answer of three megabytes", licence(), ServiceUnreachable).says(
            "/credential",
            answer(200, "Content-Type: application/json\r\n", &vec![b' '; 3 * 1024 * 1024]),
        ),
        now("an answer that comes a byte at a time", licence(), ServiceUnreachable).drips("/credential"),
        now("an answer that breaks off", with(OfferFault::DropConnectionOnCredential), ServiceUnreachable),
        now("a credential endpoint that fails", with(OfferFault::Error500OnCredential), ServiceUnreachable),
        now("a credential endpoint that sends the token elsewhere", licence(), ServiceUnreachable)
            .says("/credential", answer(307, "Location: https://attacker.example/credential\r\n", b"")),
        now("a credential endpoint inside the network", with(OfferFault::InternalEndpoint), LinkNotUnderstood),
        now("a credential endpoint that wants another nonce for ever", with(OfferFault::InvalidNonceAlways), IssuerRefused)
            .also(|seen| assert_eq!(asked(seen, "/credential"), 2)),
        now("a nonce that was used before", licence(), IssuerRefused)
            .says("/nonce", json_answer(200, &json!({ "c_nonce": "used-before" })))
            .also(|seen| assert_eq!(asked(seen, "/credential"), 2)),
        now("a nonce without end", licence(), ServiceUnreachable)
            .says("/nonce", json_answer(200, &json!({ "c_nonce": "a".repeat(20_000) }))),
        now("a nonce that comes a byte at a time", licence(), ServiceUnreachable).drips("/nonce"),
        now(
            "an issuer that wants another DPoP nonce for ever",
            OfferSpec {
                dpop: true,
                ..with(OfferFault::DpopNonceForever)
            },
            IssuerRefused,
        )
        .also(|seen| assert!(asked(seen, "/credential") <= 6)),
        now(
            "a nonce that would tell the wallet provider whose it is",
            OfferSpec {
                proof: ProofName::Attestation,
                ..licence()
            },
            IssuerAskedWrongly,
        )
        .of(Whose::Vouched)
        .says("/nonce", json_answer(200, &json!({ "c_nonce": "for-localhost-1" })))
        .also(|seen| {
            let told = |exchange: &&crate::line::Exchange| {
                let body = String::from_utf8_lossy(&exchange.body).into_owned();
                exchange.target.contains("/wallet-provider") && body.contains("for-localhost-1")
            };
            assert!(!seen.iter().any(|exchange| told(&exchange)), "the provider was told");
        }),
        // The proof says for whom it was made: nobody else can use it.
        now("an issuer that passes the wallet's proof on to another", licence(), IssuerRefused)
            .link(|far, link| {
                let evil = format!("{}/issuers/evil", far.sandbox.url());
                edited(&link, |offer| offer["credential_issuer"] = json!(evil))
            })
            .trick(|far| {
                let honest = format!("GET {METADATA}/issuers/dvla");
                let answer = http(far.sandbox.port(), far.sandbox.url(), &honest, "text/plain", b"");
                let mut metadata: Value = serde_json::from_slice(body(answer.as_bytes())).unwrap();
                metadata["authorization_servers"] = json!([metadata["credential_issuer"]]);
                metadata["credential_issuer"] = json!(format!("{}/issuers/evil", far.sandbox.url()));
                Box::new(move |when, exchange| match when {
                    Moment::Asked if exchange.target.ends_with("/issuers/evil") => {
                        Fate::Instead(json_answer(200, &metadata))
                    }
                    _ => Fate::Pass,
                })
            })
            .also(|seen| assert_eq!(asked(seen, "/dvla/credential"), 1)),
        now("a promise and no place to ask for it at", deferred(None), IssuerAskedWrongly).edits(METADATA, |metadata| {
            metadata.as_object_mut().unwrap().remove("deferred_credential_endpoint");
        }),
        wrong("a promise that may be asked for after no time at all", deferred(None))
            .edits("/credential", |answer| answer["interval"] = json!(-1)),
        later(
            "a promise that changes its name",
            deferred(Some(OfferFault::ChangingTransaction)),
            DocumentNotAsPromised,
        ),
        later("a promise that is taken back", deferred(Some(OfferFault::DeferredDenied)), IssuerRefused),
        later(
            "a promise kept with somebody else's document",
            deferred(Some(OfferFault::WrongKey)),
            DocumentNotAsPromised,
        ),
        hostile("a promise that is put off for ever", deferred(None), HalfAYearLater, LinkExpired).says(
            "/deferred",
            // A million years.
            json_answer(400, &json!({ "error": "issuance_pending", "interval": 3.2e13 })),
        ),
        now("authorities under a fingerprint that is not theirs", gov_uk(), IssuerAskedWrongly).edits("/iacas", |list| {
            list["data"][0]["certificateFingerprint"] = json!("00".repeat(32));
        }),
        now("authorities at another origin", gov_uk(), IssuerAskedWrongly).edits(METADATA, |metadata| {
            let elsewhere = metadata["mdoc_iacas_uri"].as_str().unwrap().replace("localhost", "127.0.0.1");
            metadata["mdoc_iacas_uri"] = json!(elsewhere);
        }),
        wrong("a document under none of the issuer's own authorities", gov_uk())
            .edits("/iacas", |list| list["data"][0]["active"] = json!(false)),
        now("authorities that come a byte at a time", gov_uk(), ServiceUnreachable).drips("/iacas"),
        wrong("a DID document with another key", veteran()).edits("/did.json", |document| {
            // RFC 7515, A.3.
            document["verificationMethod"][0]["publicKeyJwk"] = json!({ "kty": "EC", "crv": "P-256",
                "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" });
        }),
        wrong("a DID document of somebody else", veteran())
            .edits("/did.json", |document| document["id"] = json!("did:web:attacker.example")),
    ]
}

/// How often something was asked for.
fn asked(seen: &[crate::line::Exchange], end: &str) -> usize {
    seen.iter().filter(|exchange| exchange.target.ends_with(end)).count()
}
