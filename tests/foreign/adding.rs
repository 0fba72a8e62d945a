//! Documents of foreign issuers.

use serde_json::{Value, json};

use crate::peers::Peers;
use crate::wallet::Wallet;

/// Format and copies of the documents of an answer, by format.
fn kinds(answer: &Value) -> Vec<(&str, u64)> {
    let documents = answer["documents"].as_array().unwrap();
    let mut kinds: Vec<_> = documents
        .iter()
        .map(|document| {
            (
                document["format"].as_str().unwrap(),
                document["copies"].as_u64().unwrap(),
            )
        })
        .collect();
    kinds.sort_unstable();
    kinds
}

#[test]
fn a_fresh_wallet_adds_both_formats_once_their_roots_are_trusted() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = Wallet::new();
    let (link, _) = peers.offer("plain", &["membership", "licence"], &json!({}));
    let offer = wallet.done(&["offer", &link]);
    assert_eq!(offer["issuer"]["name"], "Foreign Issuer");
    assert_eq!(
        (&offer["needs_code"], &offer["insecure"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(offer["documents"].as_array().unwrap().len(), 2);
    wallet.refused(&["add", &link], "issuer-not-recognised", 1);
    assert_eq!(wallet.done(&["documents"])["documents"], json!([]));

    for root in ["issuer", "iaca"] {
        wallet.done(&["trust", "add", peers.root(root), "--as", "issuer"]);
    }
    let (link, _) = peers.offer("plain", &["membership", "licence"], &json!({}));
    let added = wallet.done(&["add", &link]);
    assert_eq!(kinds(&added), [("dc+sd-jwt", 4), ("mso_mdoc", 4)]);
    let listed = wallet.done(&["documents"]);
    assert_eq!(kinds(&listed).len(), 2);
    for document in listed["documents"].as_array().unwrap() {
        let shown = wallet.done(&["document", document["id"].as_str().unwrap()]);
        let text = shown.to_string();
        assert!(text.contains("Fiona"), "{text}");
    }
    // A code is good for one document only, and the issuer says so.
    let again = wallet.run(&["add", &link]);
    assert_ne!(again.exit, 0, "{}", again.json);
}

#[test]
fn a_code_from_a_letter_is_asked_for_and_may_be_mistyped() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = Wallet::trusting(&[peers.root("issuer"), peers.root("iaca")]);
    let (link, code) = peers.offer(
        "plain",
        &["membership", "licence"],
        &json!({"txCode": true, "byReference": true}),
    );
    let offer = wallet.done(&["offer", &link]);
    assert_eq!(offer["needs_code"], true);
    assert_eq!(
        offer["code"],
        json!({"length": 6, "numeric": true, "description": "The six digits of our letter"})
    );
    wallet.refused(&["add", &link, "--code", "000000"], "wrong-code", 1);
    let added = wallet.done(&["add", &link, "--code", &code.unwrap(), "--only", "licence"]);
    assert_eq!(kinds(&added), [("mso_mdoc", 4)]);
}

#[test]
fn an_issuer_may_be_a_did() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = Wallet::new();
    let (link, _) = peers.offer("plain", &["membership"], &json!({"by": "did"}));
    wallet.refused(&["add", &link], "issuer-not-recognised", 1);
    wallet.done(&["trust", "add", peers.did("issuer"), "--as", "issuer"]);
    let (link, _) = peers.offer("plain", &["membership"], &json!({"by": "did"}));
    assert_eq!(kinds(&wallet.done(&["add", &link])), [("dc+sd-jwt", 4)]);
}

/// Metadata where drafts put it, an authorization server with a path known to OpenID Connect Discovery alone, no nonce
/// endpoint, no anonymous token requests, credential identifiers, status 201, no names, no `iss`, no dates, 96-bit salts,
/// roots that travel along, a document signer without extended key usage, a `kid` without a value.
#[test]
fn an_issuer_may_be_unusual() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = Wallet::trusting(&[peers.root("issuer"), peers.root("iaca")]);
    let (link, code) = peers.offer(
        "unusual",
        &["membership", "licence"],
        &json!({"txCode": true, "byReference": true}),
    );
    let added = wallet.done(&["add", &link, "--code", &code.unwrap()]);
    assert_eq!(kinds(&added), [("dc+sd-jwt", 1), ("mso_mdoc", 1)]);
}

#[test]
fn an_issuer_may_have_signed_its_own_certificate() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = Wallet::new();
    let (link, _) = peers.offer("lonely", &["membership"], &json!({}));
    wallet.refused(&["add", &link], "issuer-not-recognised", 1);
    wallet.done(&["trust", "add", peers.root("lonely_issuer"), "--as", "issuer"]);
    let (link, _) = peers.offer("lonely", &["membership"], &json!({}));
    assert_eq!(kinds(&wallet.done(&["add", &link])), [("dc+sd-jwt", 4)]);
}

#[test]
fn foreign_status_lists_are_read() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = Wallet::trusting(&[peers.root("issuer"), peers.did("issuer")]);
    for by in ["x5c", "did"] {
        let (link, _) = peers.offer("plain", &["membership"], &json!({"by": by, "status": 2}));
        let added = wallet.done(&["add", &link]);
        let status = &added["documents"][0]["status_detail"];
        assert!(status["checked_at"].is_string(), "{by}: {status}");
        let (link, _) = peers.offer("plain", &["membership"], &json!({"by": by, "status": 3}));
        wallet.refused(&["add", &link], "document-withdrawn", 1);
    }
    assert_eq!(wallet.done(&["documents"])["documents"].as_array().unwrap().len(), 2);
}
