//! What the person chooses is what leaves: the option, the document, the details. What nobody proposed leaves never.

use super::*;

/// Three parts over two copies: an age, the same from elsewhere, and a name.
fn parts(fixture: &Fixture) -> Vec<ProposedPart> {
    vec![
        fixture.part("age", 0),
        fixture.part("licence", 1),
        fixture.part("name", 1),
    ]
}

fn with_sets(fixture: &Fixture, sets: &[ProposedSet]) -> DisclosureProposal {
    DisclosureProposal {
        parts: parts(fixture),
        sets: sets.to_vec(),
        ..fixture.proposal()
    }
}

fn using(named: &[&str]) -> Choices {
    let licence = |query: &&str| ((*query).to_owned(), vec!["licence".to_owned()]);
    Choices {
        documents: named.iter().map(licence).collect(),
        ..Choices::default()
    }
}

fn adding(queries: &[&str]) -> Choices {
    Choices {
        add: queries.iter().map(|query| (*query).to_owned()).collect(),
        ..Choices::default()
    }
}

/// The queries answered, in a wallet of their own; nothing is left behind where it is refused.
fn answered(sets: &[ProposedSet], choices: &Choices) -> Result<Vec<String>, ShareRefused> {
    let fixture = Fixture::new();
    let yes = fixture.yes(ConsentPrompt::new(with_sets(&fixture, sets)), choices);
    if yes.is_err() {
        assert_eq!((fixture.entries().len(), fixture.spent()), (0, 0));
    }
    yes.map(|yes| yes.shared().into_iter().map(|part| part.query).collect())
}

#[test]
fn of_parts_that_stand_for_each_other_one_leaves() {
    let sets = [set(true, &[&["age"], &["licence", "name"]])];
    let numbered = |option| Choices {
        options: [(0, option)].into(),
        ..Choices::default()
    };
    for (choices, leaves) in [
        (Choices::default(), vec!["age"]),
        (numbered(0), vec!["age"]),
        (numbered(1), vec!["licence", "name"]),
        // Naming a document for a part chooses the option it is in, and that option is answered whole.
        (using(&["licence"]), vec!["licence", "name"]),
        (using(&["age"]), vec!["age"]),
    ] {
        assert_eq!(answered(&sets, &choices).unwrap(), leaves, "{choices:?}");
    }
    let beyond = Choices {
        options: [(1, 0)].into(),
        ..Choices::default()
    };
    for choices in [numbered(2), beyond, adding(&["licence"])] {
        let refused = answered(&sets, &choices);
        assert!(matches!(refused, Err(ShareRefused::UnknownChoice)), "{choices:?}");
    }
}

#[test]
fn an_optional_option_is_added_whole_or_not_at_all() {
    let sets = [set(true, &[&["age"]]), set(false, &[&["licence", "name"], &["name"]])];
    for (choices, leaves) in [
        (Choices::default(), vec!["age"]),
        (adding(&["name"]), vec!["age", "name"]),
        (adding(&["licence", "name"]), vec!["age", "licence", "name"]),
        // To name a document for a part that is left out adds nothing.
        (using(&["name"]), vec!["age"]),
    ] {
        assert_eq!(answered(&sets, &choices).unwrap(), leaves, "{choices:?}");
    }
    assert!(matches!(
        answered(&sets, &adding(&["licence"])),
        Err(ShareRefused::UnknownChoice)
    ));
}

#[test]
fn several_documents_answer_only_where_the_service_takes_several() {
    let fixture = Fixture::new();
    let offered = |multiple| {
        let other = ProposedCandidate {
            document: RecordedDocument {
                id: "another".to_owned(),
                ..fixture.candidate(1).document
            },
            ..fixture.candidate(1)
        };
        let parts = vec![ProposedPart {
            multiple,
            candidates: vec![fixture.candidate(0), other],
            ..fixture.part("age", 0)
        }];
        ConsentPrompt::new(DisclosureProposal {
            parts,
            ..fixture.proposal()
        })
    };
    let documents = |ids: &[&str]| Choices {
        documents: [("age".to_owned(), ids.iter().map(|id| (*id).to_owned()).collect())].into(),
        ..Choices::default()
    };
    for (multiple, ids) in [
        (false, vec!["licence", "another"]),
        (true, vec!["licence", "licence"]),
        (true, vec![]),
        (true, vec!["licence", "passport"]),
    ] {
        let refused = fixture.yes(offered(multiple), &documents(&ids));
        assert!(matches!(refused, Err(ShareRefused::UnknownChoice)), "{ids:?}");
        fixture.untouched();
    }
    let yes = fixture.yes(offered(true), &documents(&["another", "licence"])).unwrap();
    let shared: Vec<_> = yes
        .shared()
        .into_iter()
        .map(|part| (part.query, part.document))
        .collect();
    let age = |document: &str| ("age".to_owned(), document.to_owned());
    assert_eq!(shared, [age("another"), age("licence")]);
    assert_eq!(fixture.spent(), 2);
}

#[test]
fn the_details_chosen_are_the_details_that_leave() {
    let fixture = Fixture::new();
    let offered = || {
        let (name, age) = (fixture.candidate(0), fixture.candidate(0));
        let name = ProposedCandidate {
            claim_set: Some(0),
            claims: vec![vec![json!(ISO), json!("family_name")]],
            ..name
        };
        let age = ProposedCandidate {
            claim_set: Some(2),
            ..age
        };
        ConsentPrompt::new(DisclosureProposal {
            parts: vec![ProposedPart {
                candidates: vec![name, age],
                ..fixture.part("age", 0)
            }],
            ..fixture.proposal()
        })
    };
    let with = |claim_set| Choices {
        details: [("age".to_owned(), claim_set)].into(),
        ..Choices::default()
    };
    assert!(matches!(
        fixture.yes(offered(), &with(1)),
        Err(ShareRefused::UnknownChoice)
    ));
    fixture.untouched();
    let yes = fixture.yes(offered(), &with(2)).unwrap();
    assert_eq!(yes.shared()[0].claims, [vec![json!(ISO), json!("age_over_18")]]);
    let recorded = Record::read(fixture.entries()[0].details.as_ref().unwrap());
    assert_eq!(recorded.shared[0].claims, yes.shared()[0].claims);
}
