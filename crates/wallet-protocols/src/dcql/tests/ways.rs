//! Formats, authorities, and the way of answering that shares least.

use serde_json::{Value, json};
use wallet_credentials::credential::Format;

use super::{Held, matches, person};
use crate::dcql::{NoMatch, Shares, Unsatisfied, Validity};

fn one(extra: Value) -> Value {
    let mut credential = json!({"id": "c", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:a"]}});
    credential
        .as_object_mut()
        .unwrap()
        .extend(extra.as_object().unwrap().clone());
    json!({"credentials": [credential]})
}

#[test]
fn every_kind_of_trusted_authority() {
    let known = Held {
        authorities: vec![vec![1, 2, 3]],
        trust_lists: vec!["https://lists.example/tl".to_owned()],
        federation: vec!["https://federation.example".to_owned()],
        ..person("urn:a", true)
    };
    let fits = |authorities: Value, held: &Held| {
        let held = std::slice::from_ref(held);
        matches(&one(json!({"trusted_authorities": authorities})), held).satisfiable
    };
    let stranger = person("urn:a", true);
    for authority in [
        json!({"type": "aki", "values": ["AQID"]}),
        json!({"type": "etsi_tl", "values": ["https://lists.example/tl"]}),
        json!({"type": "openid_federation", "values": ["https://other.example", "https://federation.example"]}),
    ] {
        assert!(fits(json!([authority]), &known), "{authority}");
        assert!(!fits(json!([authority]), &stranger), "{authority}");
        // Any one entry suffices; an unknown type is no entry.
        let other = json!({"type": "of_the_moon", "values": ["AQID"]});
        assert!(!fits(json!([other]), &known));
        assert!(fits(json!([other, authority]), &known));
    }
}

#[test]
fn a_jwt_vc_answers_when_it_has_every_type_of_one_alternative() {
    let card = Held {
        format: Format::JwtVcJson,
        further_types: vec!["VerifiableCredential".to_owned(), "DigitalVeteranCard".to_owned()],
        ..person("DigitalVeteranCard", true)
    };
    let asks =
        |types: Value| json!({"credentials": [{"id": "c", "format": "jwt_vc_json", "meta": {"type_values": types}}]});
    let held = [card, person("DigitalVeteranCard", true)];
    for types in [
        json!([["DigitalVeteranCard"]]),
        json!([["VerifiableCredential", "DigitalVeteranCard"]]),
        json!([["https://www.w3.org/2018/credentials#VerifiableCredential"]]),
        json!([["Other"], ["DigitalVeteranCard"]]),
    ] {
        let found = matches(&asks(types.clone()), &held);
        let positions: Vec<usize> = found.queries[0].candidates.iter().map(|one| one.credential).collect();
        assert_eq!(positions, [0], "{types}");
    }
    let found = matches(&asks(json!([["DigitalVeteranCard", "Other"]])), &held);
    assert_eq!(
        found.queries[0].miss.as_ref().unwrap().reason,
        NoMatch::NothingOfThisType
    );
}

#[test]
fn another_name_of_a_type_is_found_too() {
    let renamed = Held {
        further_types: vec!["urn:a".to_owned()],
        ..person("urn:a:2", true)
    };
    assert!(matches(&one(json!({})), &[renamed]).satisfiable);
}

/// Two documents of the same type, a name from either, and a third way with less.
fn two_ways() -> Value {
    json!({
        "credentials": [
            {"id": "full", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:a"]}, "claims": [{"path": ["given_name"]}, {"path": ["age", "18"]}]},
            {"id": "age", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:a"]}, "claims": [{"path": ["age", "18"]}]},
            {"id": "extra", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:b"]}},
        ],
        "credential_sets": [{"options": [["full"], ["age"]]}, {"options": [["extra"]], "required": false}],
    })
}

#[test]
fn the_option_that_shares_least_is_proposed_and_every_other_is_there() {
    let held = [person("urn:a", true), person("urn:b", true)];
    let found = matches(&two_ways(), &held);
    let proposal = found.proposal().unwrap();
    assert_eq!(proposal.choice, [Some(1), None]);
    assert_eq!(
        proposal.shares,
        Shares {
            doubtful: 0,
            details: 1,
            credentials: 1
        }
    );
    assert_eq!(proposal.answers.len(), 1);
    let details: Vec<usize> = found.shares_of_options(0).iter().map(|shares| shares.details).collect();
    assert_eq!(details, [2, 1]);
    let with_extra = found.proposal_for(&[Some(0), Some(0)]).unwrap();
    assert_eq!(
        with_extra.shares,
        Shares {
            doubtful: 0,
            details: 3,
            credentials: 2
        }
    );
}

#[test]
fn sets_that_ask_for_the_same_document_are_weighed_together() {
    // Alone, ["b"] shares less than ["a"]; but the other set needs ["a"] in any case.
    let query = json!({
        "credentials": [
            {"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:a"]}, "claims": [{"path": ["given_name"]}, {"path": ["age"]}]},
            {"id": "b", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:b"]}, "claims": [{"path": ["given_name"]}]},
        ],
        "credential_sets": [{"options": [["b"], ["a"]]}, {"options": [["a"]]}],
    });
    let found = matches(&query, &[person("urn:a", true), person("urn:b", true)]);
    assert_eq!(found.proposal().unwrap().choice, [Some(1), Some(0)]);
}

#[test]
fn a_document_in_doubt_is_never_preferred_and_one_that_ended_never_chosen() {
    let doubtful = || Held {
        validity: Validity::Doubtful,
        ..person("urn:a", true)
    };
    let ended = || Held {
        validity: Validity::NotValid,
        ..person("urn:a", true)
    };
    let talkative = || Held {
        always_shared: 3,
        ..person("urn:a", true)
    };
    let query = one(json!({"claims": [{"path": ["given_name"]}]}));
    let chosen = |held: &[Held]| {
        let found = matches(&query, held);
        let proposal = found.proposal().unwrap();
        let candidate = &found.queries[0].candidates[proposal.answers[0].candidate];
        (candidate.credential, proposal.shares.doubtful)
    };
    assert_eq!(chosen(&[doubtful(), ended(), talkative()]), (2, 0));
    assert_eq!(chosen(&[talkative(), person("urn:a", true)]), (1, 0));
    assert_eq!(chosen(&[ended(), doubtful()]), (1, 1), "said, not silent");
    assert!(matches(&query, &[ended()]).proposal().is_none());
}

#[test]
fn what_stands_in_the_way_is_named() {
    let found = matches(&two_ways(), &[person("urn:b", true)]);
    let in_the_way = found.unsatisfied();
    assert_eq!(
        in_the_way,
        [Unsatisfied::Set {
            set: 0,
            options: vec![vec![0], vec![1]],
            nearest: 0
        }]
    );
    let both =
        json!({"credentials": [one(json!({}))["credentials"][0], {"id": "d", "format": "mso_mdoc", "meta": {}}]});
    assert_eq!(
        matches(&both, &[person("urn:a", true)]).unsatisfied(),
        [Unsatisfied::Query(1)]
    );
}

#[test]
fn exponential_sets_are_answered_within_bounds() {
    // 64 sets of 64 options: 64⁶⁴ combinations.
    let ids: Vec<String> = (0..64).map(|number| format!("q{number}")).collect();
    let credentials: Vec<Value> = ids
        .iter()
        .map(|id| json!({"id": id, "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:a"]}, "claims": [{"path": ["given_name"]}]}))
        .collect();
    let options: Vec<Value> = ids.iter().map(|id| json!([id])).collect();
    let sets: Vec<Value> = (0..64).map(|_| json!({"options": options})).collect();
    let query = json!({"credentials": credentials, "credential_sets": sets});
    let held: Vec<Held> = (0..200).map(|_| person("urn:a", true)).collect();
    let found = matches(&query, &held);
    let proposal = found.proposal().unwrap();
    assert_eq!(proposal.shares.credentials, 1);
    assert!(found.queries_to_answer(&proposal.choice).is_ok());
}
