//! The public DCQL cases, and properties.

use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, json};
use wallet_credentials::credential::Format;
use wallet_credentials::jose::base64url;

use super::*;
use crate::vectors;

mod differential;
mod ways;

struct Held {
    format: Format,
    credential_type: String,
    further_types: Vec<String>,
    bound: bool,
    authorities: Vec<Vec<u8>>,
    trust_lists: Vec<String>,
    federation: Vec<String>,
    validity: Validity,
    always_shared: usize,
    claims: Value,
}

impl HeldCredential for Held {
    fn format(&self) -> Format {
        self.format
    }
    fn credential_type(&self) -> &str {
        &self.credential_type
    }
    fn further_types(&self) -> &[String] {
        &self.further_types
    }
    fn is_holder_bound(&self) -> bool {
        self.bound
    }
    fn trust_lists(&self) -> &[String] {
        &self.trust_lists
    }
    fn federation_entities(&self) -> &[String] {
        &self.federation
    }
    fn validity(&self) -> Validity {
        self.validity
    }
    fn always_shared(&self) -> usize {
        self.always_shared
    }
    fn authority_key_identifiers(&self) -> &[Vec<u8>] {
        &self.authorities
    }
    fn claims(&self) -> Cow<'_, Value> {
        Cow::Borrowed(&self.claims)
    }
}

fn held(value: &Value) -> Option<Held> {
    let (format, credential_type, claims) = match value["format"].as_str()? {
        "dc+sd-jwt" => (Format::DcSdJwt, value["vct"].as_str()?, &value["claims"]),
        "mso_mdoc" => (Format::MsoMdoc, value["doctype"].as_str()?, &value["namespaces"]),
        _ => return None,
    };
    let akis = value["akis"].as_array().cloned().unwrap_or_default();
    Some(Held {
        format,
        credential_type: credential_type.to_owned(),
        bound: value["holder_binding"].as_bool().unwrap_or(true),
        authorities: akis
            .iter()
            .map(|aki| base64url::decode(aki.as_str().unwrap()).unwrap())
            .collect(),
        claims: claims.clone(),
        ..person("", true)
    })
}

/// Renders what we found in the neutral form of the vectors.
fn render(query: &DcqlQuery, names: &[String], matches: &Matches) -> Value {
    let id = |position: &usize| query.credentials()[*position].id.as_str();
    let found = matches.queries.iter().map(|found| {
        let candidates: Vec<Value> = found
            .candidates
            .iter()
            .map(|c| json!({"credential": names[c.credential], "claim_set": c.claim_set, "paths": c.disclose}))
            .collect();
        assert_eq!(found.miss.is_some(), candidates.is_empty());
        (found.id.as_str().to_owned(), Value::Array(candidates))
    });
    let mut rendered = json!({
        "valid": true,
        "matches": found.collect::<serde_json::Map<_, _>>(),
        "satisfiable": matches.satisfiable,
    });
    if !matches.sets.is_empty() {
        let sets = matches.sets.iter().map(|set| {
            let options: Vec<Vec<&str>> = set
                .satisfiable_options
                .iter()
                .map(|o| o.iter().map(id).collect())
                .collect();
            json!({"required": set.required, "satisfiable_options": options})
        });
        rendered["credential_sets"] = sets.collect();
    }
    rendered
}

#[test]
fn public_vectors_dcql_cases() {
    let Some(file) = vectors::read("dcql/cases.json") else {
        return;
    };
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 64);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let expected = &case["expected"];
        let parsed = DcqlQuery::parse(case["query"].to_string().as_bytes());
        assert_eq!(parsed.is_ok(), expected["valid"] == true, "{name}: {:?}", parsed.err());
        let Ok(query) = parsed else { continue };
        let (names, credentials): (Vec<String>, Vec<Held>) = case["credentials"]
            .as_object()
            .unwrap()
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), held(value)?)))
            .unzip();
        let matches = query.matches(&credentials, &HeldIndex::new(&credentials));
        let mut rendered = render(&query, &names, &matches);
        let mut wanted = expected.clone();
        // serde_json's map orders names by the alphabet, so "wallet order" of a case cannot be told: compare as sets.
        for side in [&mut rendered, &mut wanted] {
            for candidates in side["matches"].as_object_mut().unwrap().values_mut() {
                candidates
                    .as_array_mut()
                    .unwrap()
                    .sort_by_key(|c| c["credential"].to_string());
            }
        }
        assert_eq!(rendered, wanted, "{name}");
    }
}

fn person(vct: &str, bound: bool) -> Held {
    Held {
        format: Format::DcSdJwt,
        credential_type: vct.to_owned(),
        bound,
        further_types: Vec::new(),
        authorities: Vec::new(),
        trust_lists: Vec::new(),
        federation: Vec::new(),
        validity: Validity::Valid,
        always_shared: 0,
        claims: json!({"given_name": "Ada", "age": {"18": true}}),
    }
}

fn matches(query: &Value, held: &[Held]) -> Matches {
    DcqlQuery::from_value(query.clone())
        .unwrap()
        .matches(held, &HeldIndex::new(held))
}

#[test]
fn the_reason_for_no_match_is_the_nearest_miss() {
    let query = |extra: Value| {
        let mut credential = json!({"id": "c", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:a"]}});
        credential
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        json!({"credentials": [credential]})
    };
    let miss = |query: &Value, held: &[Held]| matches(query, held).queries[0].miss.clone();
    let reason = |query: &Value, held: &[Held]| miss(query, held).map(|miss| miss.reason);
    assert_eq!(reason(&query(json!({})), &[]), Some(NoMatch::NothingOfThisFormat));
    assert_eq!(
        reason(&query(json!({})), &[person("urn:a", false)]),
        Some(NoMatch::NotHolderBound)
    );
    let authority = query(json!({"trusted_authorities": [{"type": "etsi_tl", "values": ["https://x"]}]}));
    assert_eq!(
        reason(&authority, &[person("urn:a", true)]),
        Some(NoMatch::OtherAuthority)
    );
    let claims = query(json!({"claims": [{"path": ["given_name"]}, {"path": ["family_name"]}]}));
    let found = miss(&claims, &[person("urn:a", false), person("urn:a", true)]).unwrap();
    assert_eq!(found.nearest, Some(1));
    let NoMatch::ClaimsMissing(missing) = found.reason else {
        panic!("claims missing")
    };
    let told: Vec<_> = missing
        .iter()
        .map(|one| (one.claim, one.path.to_string(), one.problem))
        .collect();
    assert_eq!(told, [(1, r#"["family_name"]"#.to_owned(), ClaimProblem::Absent)]);
    let value = query(json!({"claims": [{"path": ["given_name"], "values": ["Grace"]}]}));
    let Some(NoMatch::ClaimsMissing(missing)) = reason(&value, &[person("urn:a", true)]) else {
        panic!("claims missing")
    };
    assert_eq!(missing[0].problem, ClaimProblem::OtherValue);
    let ended = Held {
        validity: Validity::NotValid,
        ..person("urn:a", true)
    };
    assert_eq!(reason(&query(json!({})), &[ended]), Some(NoMatch::NotValid));
    let unknown = json!({"credentials": [{"id": "c", "format": "ldp_vc", "meta": {}}]});
    assert_eq!(
        reason(&unknown, &[person("urn:a", true)]),
        Some(NoMatch::UnsupportedFormat)
    );
    assert_eq!(
        reason(&claims, &[person("urn:b", true)]),
        Some(NoMatch::NothingOfThisType)
    );
}

#[test]
fn choices_among_sets() {
    let query = json!({
        "credentials": [
            {"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:a"]}},
            {"id": "b", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:b"]}},
        ],
        "credential_sets": [{"options": [["b"], ["a"]]}, {"options": [["b"]], "required": false}],
    });
    let found = matches(&query, &[person("urn:a", true), person("urn:b", true)]);
    assert_eq!(found.proposal().unwrap().choice, [Some(0), None]);
    assert_eq!(
        found
            .queries_to_answer(&[Some(1), None])
            .unwrap()
            .into_iter()
            .collect::<Vec<_>>(),
        [0]
    );
    assert_eq!(found.queries_to_answer(&[Some(1), Some(0)]).unwrap().len(), 2);
    assert_eq!(found.queries_to_answer(&[None, Some(0)]), Err(ChoiceError::Required));
    assert_eq!(found.queries_to_answer(&[Some(2), None]), Err(ChoiceError::Option));
    assert_eq!(found.queries_to_answer(&[]), Err(ChoiceError::Count));
    let nothing = matches(&query, &[]);
    assert_eq!(
        nothing.queries_to_answer(&[None, None]),
        Err(ChoiceError::NotSatisfiable)
    );
}

#[test]
fn sizes_are_bounded() {
    let many: Vec<Value> = (0..65)
        .map(|n| json!({"id": format!("c{n}"), "format": "dc+sd-jwt", "meta": {}}))
        .collect();
    assert_eq!(
        DcqlQuery::from_value(json!({"credentials": many})),
        Err(DcqlError::TooLarge("credentials"))
    );
    let options = vec![["a"]; 65];
    let sets = json!({"credentials": [{"id": "a", "format": "mso_mdoc", "meta": {}}],
        "credential_sets": [{"options": options}]});
    assert_eq!(DcqlQuery::from_value(sets), Err(DcqlError::TooLarge("options")));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z+_-]{0,6}".prop_map(Value::from),
    ];
    let name = prop_oneof![
        Just("credentials".to_owned()),
        Just("id".to_owned()),
        Just("format".to_owned()),
        Just("meta".to_owned()),
        Just("claims".to_owned()),
        Just("path".to_owned()),
        Just("claim_sets".to_owned()),
        Just("options".to_owned()),
        Just("credential_sets".to_owned()),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_query_and_no_claims_make_it_panic(query in any_json(), claims in any_json(), path in prop::collection::vec(any_json(), 0..4)) {
        let held = [Held { claims, ..person("urn:a", true) }];
        let _ = DcqlQuery::from_value(query);
        let narrow = json!({"credentials": [{"id": "c", "format": "dc+sd-jwt", "meta": {}, "claims": [{"path": path}]}]});
        if let Ok(query) = DcqlQuery::from_value(narrow) {
            let found = query.matches(&held, &HeldIndex::new(&held));
            prop_assert_eq!(found.satisfiable, found.queries[0].miss.is_none());
        }
    }
}
