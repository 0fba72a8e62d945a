//! The queries verifiers have (DCQL, OpenID4VP 1.0, 6 and 7), sent by a foreign one: it finds every answer valid, and what came over
//! the wire, read without its libraries and without the wallet's, holds nothing that was not agreed to.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::peers::Peers;
use crate::sharing::{assert_presented, holding};

const MDL: &str = "org.iso.18013.5.1.mDL";
const ISO: &str = "org.iso.18013.5.1";
const GB: &str = "org.iso.18013.5.1.GB";
const VCT: &str = "https://foreign.example/credentials/membership";

/// Every element of the foreign licence.
const ELEMENTS: [&str; 13] = [
    "family_name",
    "given_name",
    "birth_date",
    "issue_date",
    "expiry_date",
    "issuing_country",
    "document_number",
    "portrait",
    "age_over_18",
    "age_over_25",
    "driving_privileges",
    "welsh_licence",
    "title",
];

/// A query, what the person adds to a yes, and what the verifier reads then.
struct Case {
    what: &'static str,
    query: Value,
    words: &'static [&'static str],
    /// Claims of the membership, where it is shared.
    club: Option<Value>,
    /// Elements of the licence by name space, where it is shared.
    mdl: Option<Value>,
    /// Every disclosure on the wire: its name, or its value where it is an element of an array.
    disclosed: &'static [&'static str],
}

impl Case {
    fn club(what: &'static str, credential: Value, club: Value, disclosed: &'static [&'static str]) -> Self {
        Self {
            what,
            query: json!({ "credentials": [credential] }),
            words: &[],
            club: Some(club),
            mdl: None,
            disclosed,
        }
    }

    fn mdl(what: &'static str, credential: Value, mdl: Value) -> Self {
        Self {
            what,
            query: json!({ "credentials": [credential] }),
            words: &[],
            club: None,
            mdl: Some(mdl),
            disclosed: &[],
        }
    }
}

fn club(claims: Value) -> Value {
    json!({"id": "club", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, "claims": claims})
}

fn mdl(claims: Value) -> Value {
    json!({"id": "mdl", "format": "mso_mdoc", "meta": {"doctype_value": MDL}, "claims": claims})
}

fn with(mut credential: Value, name: &str, value: Value) -> Value {
    credential[name] = value;
    credential
}

/// The queries. The nationalities stand in the clear as a list whose elements are hidden: an empty list remains.
fn cases() -> Vec<Case> {
    let nobodys =
        json!({"id": "nobodys", "format": "mso_mdoc", "meta": {"doctype_value": "com.example.nobody.has.this"}});
    let both = |sets: Value| {
        json!({
            "credentials": [
                club(json!([{"path": ["given_name"]}])),
                mdl(json!([{"path": [ISO, "given_name"]}, {"path": [ISO, "age_over_18"]}])),
                nobodys,
            ],
            "credential_sets": sets,
        })
    };
    let given = json!({"given_name": "Fiona", "nationalities": []});
    let licence = json!({ISO: {"given_name": "Fiona", "age_over_18": true}});
    let set = |what, query, words, club, mdl, disclosed| Case {
        what,
        query,
        words,
        club,
        mdl,
        disclosed,
    };
    vec![
        Case::club(
            "one claim",
            club(json!([{"path": ["given_name"]}])),
            given.clone(),
            &["given_name"],
        ),
        Case::club(
            "a nested claim",
            club(json!([{"path": ["address", "country"]}])),
            json!({"address": {"country": "GB"}, "nationalities": []}),
            &["address", "country"],
        ),
        Case::club(
            "a whole object",
            club(json!([{"path": ["address"]}])),
            json!({"address": {"locality": "Aberystwyth", "country": "GB"}, "nationalities": []}),
            &["address", "country", "locality"],
        ),
        Case::club(
            "every element of a list",
            club(json!([{"path": ["nationalities", null]}])),
            json!({"nationalities": ["GB", "IE"]}),
            &["GB", "IE"],
        ),
        Case::club(
            "one element of a list",
            club(json!([{"path": ["nationalities", 1]}])),
            json!({"nationalities": ["IE"]}),
            &["IE"],
        ),
        Case::club(
            "values: a text, a number, a yes",
            club(json!([
                {"path": ["given_name"], "values": ["Bob", "Fiona"]},
                {"path": ["member_since"], "values": [2019]},
                {"path": ["over_18"], "values": [true]},
            ])),
            json!({"given_name": "Fiona", "member_since": 2019, "over_18": true, "nationalities": []}),
            &["given_name", "member_since", "over_18"],
        ),
        Case::club(
            "the first set of claims that is there",
            with(
                club(json!([
                    {"id": "a", "path": ["nickname"]}, {"id": "b", "path": ["family_name"]}, {"id": "c", "path": ["over_18"]},
                ])),
                "claim_sets",
                json!([["a"], ["c"], ["b", "c"]]),
            ),
            json!({"over_18": true, "nationalities": []}),
            &["over_18"],
        ),
        Case::club(
            "nothing but the document",
            json!({"id": "club", "format": "dc+sd-jwt", "meta": {"vct_values": ["https://other.example/x", VCT]}}),
            json!({"nationalities": []}),
            &[],
        ),
        Case::club(
            "as many as there are",
            with(club(json!([{"path": ["given_name"]}])), "multiple", json!(true)),
            given.clone(),
            &["given_name"],
        ),
        Case::club(
            "whether bound to the holder or not",
            with(
                club(json!([{"path": ["given_name"]}])),
                "require_cryptographic_holder_binding",
                json!(false),
            ),
            given.clone(),
            &["given_name"],
        ),
        Case::mdl(
            "one element",
            mdl(json!([{"path": [ISO, "age_over_18"], "intent_to_retain": true}])),
            json!({ISO: {"age_over_18": true}}),
        ),
        Case::mdl(
            "two name spaces",
            mdl(json!([{"path": [GB, "welsh_licence"]}, {"path": [ISO, "age_over_18"]}])),
            json!({ISO: {"age_over_18": true}, GB: {"welsh_licence": true}}),
        ),
        Case::mdl(
            "values of an mdoc, the second set of claims",
            with(
                mdl(json!([
                    {"id": "old", "path": [ISO, "age_over_25"], "values": [true]},
                    {"id": "adult", "path": [ISO, "age_over_18"], "values": [true]},
                ])),
                "claim_sets",
                json!([["old"], ["adult"]]),
            ),
            json!({ISO: {"age_over_18": true}}),
        ),
        set(
            "either, and the one that shares least",
            both(json!([{"options": [["mdl"], ["club"]]}])),
            &[],
            Some(given.clone()),
            None,
            &["given_name"],
        ),
        set(
            "one that nobody has, or both others",
            both(json!([{"options": [["nobodys"], ["club", "mdl"]]}])),
            &[],
            Some(given.clone()),
            Some(licence.clone()),
            &["given_name"],
        ),
        set(
            "an optional one that is left out, and one that nobody has",
            both(json!([
                {"options": [["mdl"]]}, {"options": [["club"]], "required": false}, {"options": [["nobodys"]], "required": false},
            ])),
            &[],
            None,
            Some(licence.clone()),
            &[],
        ),
        set(
            "an optional one that is added",
            both(json!([{"options": [["mdl"]]}, {"options": [["club"]], "required": false}])),
            &["--add", "club"],
            Some(given),
            Some(licence),
            &["given_name"],
        ),
    ]
}

/// The presentations of a plain answer, by query.
fn presentations(posts: &[String]) -> Vec<(String, String)> {
    let [body] = posts else {
        panic!("one answer: {}", posts.len())
    };
    let form: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["vp_token", "state"]);
    let token: Value = serde_json::from_str(&form[0].1).unwrap();
    let entries = token.as_object().unwrap().iter();
    entries
        .map(|(query, presentations)| {
            let [one] = presentations.as_array().unwrap().as_slice() else {
                panic!("one presentation: {presentations}")
            };
            (query.clone(), one.as_str().unwrap().to_owned())
        })
        .collect()
}

/// What an SD-JWT discloses: names of members, values of elements.
fn disclosures(presentation: &str) -> Vec<String> {
    let parts: Vec<&str> = presentation.split('~').collect();
    let [_, disclosures @ .., key_binding] = parts.as_slice() else {
        panic!("an SD-JWT")
    };
    assert_eq!(key_binding.split('.').count(), 3, "bound to the verifier");
    let mut told: Vec<String> = disclosures
        .iter()
        .map(|text| {
            let disclosure: Vec<Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
            disclosure[1].as_str().unwrap().to_owned()
        })
        .collect();
    told.sort();
    told
}

/// The names of elements that occur in an mdoc response. The signed object of the issuer names none: it has digests.
fn elements(presentation: &str) -> BTreeSet<&'static str> {
    let bytes = URL_SAFE_NO_PAD.decode(presentation).unwrap();
    let occurs = |name: &&str| bytes.windows(name.len()).any(|window| window == name.as_bytes());
    ELEMENTS.into_iter().filter(occurs).collect()
}

#[test]
fn every_query_of_a_foreign_verifier_is_answered_with_what_was_agreed_and_no_more() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = holding(&mut peers, "plain");
    for case in cases() {
        let what = case.what;
        let (id, link) = peers.request("x509_hash", false, &case.query, &json!({}));
        let mut words = vec!["share", &link, "--approve"];
        words.extend(case.words);
        let shared = wallet.done(&words);
        let result = peers.result(&id);
        assert_eq!(result["valid"], true, "{what}: {result}");
        assert_presented(&result, case.club.as_ref(), case.mdl.as_ref());

        let agreed: BTreeSet<&str> = shared["shared"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part["query"].as_str().unwrap())
            .collect();
        let sent = presentations(&peers.posts(&id));
        let queries: BTreeSet<&str> = sent.iter().map(|(query, _)| query.as_str()).collect();
        assert_eq!(queries, agreed, "{what}");
        assert_eq!(queries.contains("club"), case.club.is_some(), "{what}");
        assert_eq!(queries.contains("mdl"), case.mdl.is_some(), "{what}");
        for (query, presentation) in &sent {
            if query == "club" {
                assert_eq!(disclosures(presentation), case.disclosed, "{what}");
            } else {
                let wanted = case.mdl.as_ref().unwrap().as_object().unwrap().values();
                let wanted: BTreeSet<&str> = wanted
                    .flat_map(|elements| elements.as_object().unwrap().keys().map(String::as_str))
                    .collect();
                assert_eq!(elements(presentation), wanted, "{what}");
            }
        }
    }
}

#[test]
fn a_query_that_nothing_answers_hears_a_no_and_nothing_else() {
    let Some(mut peers) = Peers::start() else { return };
    let wallet = holding(&mut peers, "plain");
    for query in [
        json!({"credentials": [club(json!([{"path": ["given_name"], "values": ["Bob"]}]))]}),
        json!({"credentials": [club(json!([{"path": ["member_since"], "values": ["2019"]}]))]}),
        json!({"credentials": [mdl(json!([{"path": [ISO, "nickname"]}]))]}),
        json!({"credentials": [club(json!([{"path": ["given_name"]}])), mdl(json!([{"path": [GB, "nickname"]}]))]}),
    ] {
        let (id, link) = peers.request("x509_hash", true, &query, &json!({}));
        wallet.refused(&["share", &link, "--approve"], "nothing-matches", 1);
        assert_eq!(peers.result(&id), Value::Null, "{query}");
        wallet.done(&["decline", &link]);
        assert_eq!(
            peers.result(&id),
            json!({"refused": "access_denied", "state_repeated": true}),
            "{query}"
        );
        let posts = peers.posts(&id);
        let [no] = posts.as_slice() else { panic!("one answer") };
        let form: Vec<(String, String)> = url::form_urlencoded::parse(no.as_bytes()).into_owned().collect();
        assert_eq!(form[0], ("error".to_owned(), "access_denied".to_owned()));
        assert_eq!((form.len(), form[1].0.as_str()), (2, "state"));
    }
}
