//! A foreign verifier reads what the wallet shares.

use serde_json::{Value, json};

use crate::peers::Peers;
use crate::wallet::Wallet;

const MDL: &str = "org.iso.18013.5.1.mDL";
const NAME_SPACE: &str = "org.iso.18013.5.1";
const VCT: &str = "https://foreign.example/credentials/membership";

/// DCQL over both formats: a nested claim and all elements of an array among them.
fn both() -> Value {
    json!({"credentials": [
        {"id": "club", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]},
            "claims": [{"path": ["given_name"]}, {"path": ["address", "country"]}, {"path": ["nationalities", null]}]},
        {"id": "mdl", "format": "mso_mdoc", "meta": {"doctype_value": MDL},
            "claims": [{"path": [NAME_SPACE, "given_name"]}, {"path": [NAME_SPACE, "age_over_18"], "intent_to_retain": false}]},
    ]})
}

/// A wallet with both documents of this issuer, which trusts the verifier.
pub fn holding(peers: &mut Peers, issuer: &str) -> Wallet {
    let wallet = Wallet::trusting(&[peers.root("issuer"), peers.root("iaca")]);
    let (link, _) = peers.offer(issuer, &["membership", "licence"], &json!({}));
    wallet.done(&["add", &link]);
    wallet.done(&["trust", "add", peers.root("service"), "--as", "service"]);
    wallet
}

/// The verifier reads these claims and elements (by name space) and no others.
#[track_caller]
pub fn assert_presented(result: &Value, club: Option<&Value>, mdl: Option<&Value>) {
    let presented = result["credentials"].as_object().unwrap();
    let expected = usize::from(club.is_some()) + usize::from(mdl.is_some());
    assert_eq!(presented.len(), expected, "{result}");
    if let Some(club) = club {
        let mut claims = presented["club"][0].as_object().unwrap().clone();
        claims.retain(|name, _| !["iss", "iat", "nbf", "exp", "vct", "cnf"].contains(&name.as_str()));
        assert_eq!(Value::Object(claims), *club);
    }
    if let Some(mdl) = mdl {
        let document = &presented["mdl"][0][0];
        assert_eq!(document["elements"], *mdl);
        assert_eq!(
            (&document["docType"], &document["by_both"]),
            (&json!(MDL), &json!(true))
        );
    }
}

/// The verifier found everything right and reads these claims and no others.
#[track_caller]
fn assert_valid(result: &Value, club: &Value, mdl: &Value) {
    assert_eq!(result["valid"], true, "{result}");
    let elements = json!({ NAME_SPACE: mdl });
    let shared = |value: &Value| !value.is_null();
    assert_presented(
        result,
        Some(club).filter(|club| shared(club)),
        Some(&elements).filter(|_| shared(mdl)),
    );
}

fn club() -> Value {
    json!({"given_name": "Fiona", "address": {"country": "GB"}, "nationalities": ["GB", "IE"]})
}

fn mdl() -> Value {
    json!({"given_name": "Fiona", "age_over_18": true})
}

#[test]
fn a_foreign_verifier_finds_what_was_shared_valid() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = holding(&mut peers, "plain");
    for (client, encrypted, more) in [
        ("x509_hash", true, json!({})),
        ("x509_hash", false, json!({"aud": "https://self-issued.me/v2"})),
        ("x509_san_dns", true, json!({"method": "post"})),
        ("x509_san_dns", false, json!({})),
    ] {
        let (id, link) = peers.request(client, encrypted, &both(), &more);
        let asked = wallet.done(&["request", &link]);
        assert_eq!(asked["request"]["can_share"], true, "{asked}");
        assert_eq!(asked["request"]["service"]["recognition"], "added-by-you", "{asked}");
        assert_eq!(peers.result(&id), Value::Null);
        let shared = wallet.done(&["share", &link, "--approve"]);
        assert_eq!(shared["redirect_uri"].is_string(), encrypted, "{shared}");
        assert_valid(&peers.result(&id), &club(), &mdl());
    }
    let history = wallet.done(&["history"]);
    let shared = |entry: &&Value| entry["kind"] == "shared";
    assert_eq!(
        history["entries"].as_array().unwrap().iter().filter(shared).count(),
        4,
        "{history}"
    );
    assert_eq!(wallet.done(&["history", "verify"])["ok"], true);
}

#[test]
fn documents_of_unusual_issuers_can_be_shared() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = holding(&mut peers, "unusual");
    let (id, link) = peers.request("x509_hash", true, &both(), &json!({}));
    wallet.done(&["share", &link, "--approve"]);
    assert_valid(&peers.result(&id), &club(), &mdl());

    wallet.done(&["trust", "add", peers.did("issuer"), "--as", "issuer"]);
    let (link, _) = peers.offer("plain", &["membership"], &json!({"by": "did"}));
    let added = wallet.done(&["add", &link]);
    let query = json!({"credentials": [{"id": "club", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]},
        "claims": [{"path": ["over_18"]}]}]});
    let (id, link) = peers.request("x509_hash", false, &query, &json!({}));
    let choice = format!("club={}", added["documents"][0]["id"].as_str().unwrap());
    wallet.done(&["share", &link, "--approve", "--use", &choice]);
    assert_valid(
        &peers.result(&id),
        &json!({"over_18": true, "nationalities": []}),
        &Value::Null,
    );
}

#[test]
fn services_that_vouch_for_themselves_are_served_when_they_were_trusted() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = holding(&mut peers, "plain");
    // A certificate nobody else signed is refused, unless the person chose it.
    let (_, link) = peers.request("x509_hash_lonely", true, &both(), &json!({}));
    wallet.refused(&["request", &link], "service-asked-wrongly", 1);
    wallet.done(&["trust", "add", peers.root("lonely_service"), "--as", "service"]);
    wallet.done(&["trust", "add", peers.did("service"), "--as", "service"]);
    for client in ["x509_hash_lonely", "did"] {
        let (id, link) = peers.request(client, true, &both(), &json!({}));
        wallet.done(&["share", &link, "--approve"]);
        assert_valid(&peers.result(&id), &club(), &mdl());
    }
}

#[test]
fn a_stranger_is_warned_of_and_a_refusal_arrives() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = holding(&mut peers, "plain");
    let (id, link) = peers.request("x509_hash_stranger", true, &both(), &json!({}));
    let asked = wallet.done(&["request", &link]);
    assert_eq!(asked["request"]["service"]["recognition"], "not-listed", "{asked}");
    assert_ne!(asked["request"]["warnings"], json!([]));
    wallet.refused(&["share", &link, "--approve"], "service-not-recognised", 3);
    assert_eq!(peers.result(&id), Value::Null);
    wallet.done(&["decline", &link]);
    assert_eq!(
        peers.result(&id),
        json!({"refused": "access_denied", "state_repeated": true})
    );
    // What was shared with nobody is in no document's history as shared.
    let history = wallet.done(&["history"]);
    assert!(
        history["entries"]
            .as_array()
            .unwrap()
            .iter()
            .all(|entry| entry["kind"] != "shared"),
        "{history}"
    );
}
