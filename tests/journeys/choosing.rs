//! Which of the ways a service accepts is taken: the one that shares least, until the person chooses another.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::store::StoreError;
use wallet_core::store::documents::StoredStatus;
use wallet_core::view::{AskView, ChoicesView, ClaimView, HistoryKind, RequestView};
use wallet_sandbox::spec::{DocumentType, MadeRequest, OfferSpec, RequestMethod, RequestSpec, ServiceName};

use crate::town::{
    add, add_offered, agreed, all_checks_well, empty, furnished, history, inside, knows_nothing, learnt, open,
    received, refused, sandbox, say_yes, taken,
};

const ISO: &str = "org.iso.18013.5.1";

async fn asked(query: &Value) -> MadeRequest {
    let spec = RequestSpec {
        dcql_query: Some(query.clone()),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    sandbox().await.request(spec).unwrap()
}

fn licence(id: &str, elements: &[&str]) -> Value {
    let claims: Vec<Value> = elements
        .iter()
        .map(|element| json!({ "path": [ISO, element] }))
        .collect();
    json!({
        "id": id, "format": "mso_mdoc", "meta": { "doctype_value": DocumentType::DrivingLicence.type_id() }, "claims": claims,
    })
}

fn despite() -> ChoicesView {
    ChoicesView {
        despite_warnings: true,
        ..ChoicesView::default()
    }
}

fn using(query: &str, documents: &[&str]) -> ChoicesView {
    ChoicesView {
        documents: BTreeMap::from([(query.to_owned(), documents.iter().map(|id| (*id).to_owned()).collect())]),
        ..despite()
    }
}

fn parts<'v>(question: &'v RequestView, queries: &[&str]) -> Vec<&'v AskView> {
    let all = question.asks.iter().chain(&question.alternatives);
    all.filter(|ask| queries.contains(&ask.query.as_str())).collect()
}

#[tokio::test]
async fn the_option_that_shares_least_is_proposed_and_another_is_chosen_by_hand() {
    let (_folder, wallet) = furnished().await;
    let age = json!({
        "id": "age", "format": "dc+sd-jwt", "meta": { "vct_values": [DocumentType::ProofOfAgeSdJwt.type_id()] },
        "claims": [{ "path": ["age_over_18"] }],
    });
    // The service would rather have the licence.
    let query = json!({
        "credentials": [licence("licence", &["age_over_18", "family_name", "birth_date"]), age],
        "credential_sets": [{ "options": [["licence"], ["age"]] }],
    });
    let request = asked(&query).await;
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let queries: Vec<&str> = question.asks.iter().map(|ask| ask.query.as_str()).collect();
    assert_eq!(queries, ["age"]);
    assert_eq!(question.alternatives[0].query, "licence");
    let options = &question.sets[0].options;
    assert_eq!((options[0].details, options[0].shares_least), (1, true));
    assert_eq!((options[1].details, options[1].shares_least), (3, false));
    assert_eq!(options[1].queries, ["licence"]);
    // Only what was asked and could be chosen is said not to be learnt.
    assert!(!question.not_learned.iter().any(|line| line.contains("date of birth")));
    let result = say_yes(&wallet, &question, despite()).await.unwrap();
    assert_eq!(result.details, 1);
    let report = learnt(sandbox().await, &request);
    all_checks_well(&report);
    assert_eq!(received(&report), agreed(&question, &despite()));

    // By naming a document of the other part, and by the number of the option.
    let numbered = ChoicesView {
        options: BTreeMap::from([(0, 1)]),
        ..despite()
    };
    for choices in [
        using("licence", &[&question.alternatives[0].candidates[0].document]),
        numbered,
    ] {
        let request = asked(&query).await;
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        let result = say_yes(&wallet, &question, choices.clone()).await.unwrap();
        assert_eq!((result.shared.len(), result.details), (1, 3));
        let report = learnt(sandbox().await, &request);
        all_checks_well(&report);
        let chosen = parts(&question, &["licence"]);
        assert_eq!(received(&report), taken(chosen.into_iter(), &choices));
        let entry = wallet.history_entry(&result.history).await.unwrap();
        assert_eq!(entry.claims.len(), 3);
    }
}

#[tokio::test]
async fn the_details_the_person_chooses_are_the_ones_that_leave() {
    let (_folder, wallet) = furnished().await;
    let query = json!({ "credentials": [{
        "id": "age", "format": "dc+sd-jwt", "meta": { "vct_values": [DocumentType::ProofOfAgeSdJwt.type_id()] },
        "claims": [
            { "id": "photo", "path": ["portrait"] }, { "id": "none", "path": ["favourite_colour"] },
            { "id": "age", "path": ["age_over_18"] },
        ],
        "claim_sets": [["none"], ["photo", "age"], ["age"]],
    }] });
    for (claim_set, count) in [(None, 2), (Some(1), 2), (Some(2), 1)] {
        let request = asked(&query).await;
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        let sets: Vec<Option<u32>> = question.asks[0].candidates.iter().map(|c| c.claim_set).collect();
        // The first that can be answered, as the service would have it, then the others; the set nothing answers is none.
        assert_eq!(sets, [Some(1), Some(2)]);
        let choices = ChoicesView {
            details: claim_set.map(|set| ("age".to_owned(), set)).into_iter().collect(),
            ..despite()
        };
        let result = say_yes(&wallet, &question, choices.clone()).await.unwrap();
        assert_eq!(result.details, count);
        let report = learnt(sandbox().await, &request);
        all_checks_well(&report);
        assert_eq!(received(&report), agreed(&question, &choices));
    }
    let request = asked(&query).await;
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let unknown = ChoicesView {
        details: BTreeMap::from([("age".to_owned(), 0)]),
        ..despite()
    };
    refused(
        say_yes(&wallet, &question, unknown).await,
        ProblemCode::NotFound,
        DataLeft::No,
    );
    knows_nothing(sandbox().await, &request);
}

#[tokio::test]
async fn several_documents_leave_only_where_the_service_takes_several_and_the_person_says_which() {
    let (_folder, wallet) = furnished().await;
    add(&wallet, sandbox().await, DocumentType::DrivingLicence).await;
    let mut several = licence("licence", &["age_over_18"]);
    several["multiple"] = true.into();
    let one = licence("licence", &["age_over_18"]);
    for (credential, by_hand, answers) in [(&several, false, 1), (&several, true, 2), (&one, true, 0)] {
        let request = asked(&json!({ "credentials": [credential] })).await;
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        assert_eq!(question.asks[0].multiple, credential["multiple"] == true);
        let documents: Vec<&str> = question.asks[0]
            .candidates
            .iter()
            .map(|c| c.document.as_str())
            .collect();
        assert_eq!(documents.len(), 2);
        let choices = if by_hand {
            using("licence", &documents)
        } else {
            despite()
        };
        let outcome = say_yes(&wallet, &question, choices).await;
        if answers == 0 {
            refused(outcome, ProblemCode::NotFound, DataLeft::No);
            knows_nothing(sandbox().await, &request);
            continue;
        }
        assert_eq!(outcome.unwrap().shared.len(), answers);
        let report = learnt(sandbox().await, &request);
        all_checks_well(&report);
        assert_eq!(report["answers"].as_array().unwrap().len(), answers);
    }
    // Each answer of the two had its own copy.
    let used: Vec<u32> = wallet
        .documents()
        .await
        .unwrap()
        .iter()
        .filter(|document| document.type_id == DocumentType::DrivingLicence.type_id())
        .map(|document| document.copies - document.copies_left)
        .collect();
    assert_eq!(used.iter().sum::<u32>(), 3);
    assert!(used.iter().all(|used| *used >= 1));
    let told: Vec<usize> = history(&wallet)
        .await
        .iter()
        .filter(|entry| entry.kind == HistoryKind::Shared)
        .map(|entry| entry.claims.len())
        .collect();
    assert_eq!(told, [2, 1]);
}

#[tokio::test]
async fn a_document_whose_status_is_old_or_unknown_is_never_chosen_silently() {
    let (folder, wallet) = furnished().await;
    let older = wallet.documents().await.unwrap();
    let older = older
        .iter()
        .find(|d| d.type_id == DocumentType::DrivingLicence.type_id())
        .unwrap();
    let newer = add(&wallet, sandbox().await, DocumentType::DrivingLicence).await;
    let older = older.id.clone();
    drop(wallet);
    let now = jiff::Timestamp::now();
    let day = jiff::SignedDuration::from_hours(24);
    let query = json!({ "credentials": [licence("licence", &["age_over_18"])] });
    let old_enough = now - day * 3;
    for (status, checked_at, first, said) in [
        (StoredStatus::Valid, now, &newer.id, None),
        (StoredStatus::Valid, old_enough, &newer.id, Some("We last checked on ")),
        // In doubt: the other document is proposed.
        (
            StoredStatus::NotChecked,
            old_enough,
            &older,
            Some("We last checked on "),
        ),
    ] {
        inside(folder.path())
            .write::<_, StoreError>(|transaction| {
                transaction.set_document_status(&older, StoredStatus::Valid, now)?;
                transaction.set_document_status(&newer.id, status, checked_at)
            })
            .unwrap();
        let wallet = open(folder.path()).await;
        let question = wallet.start_sharing(&asked(&query).await.uri, false).await.unwrap();
        let candidates = &question.asks[0].candidates;
        assert_eq!((candidates.len(), &candidates[0].document), (2, first), "{status:?}");
        let noted = candidates.iter().find(|c| c.document == newer.id).unwrap();
        let says = noted.notes.iter().find(|note| note.starts_with("We last checked"));
        assert_eq!(says.is_some(), said.is_some(), "{:?}", noted.notes);
        let other = candidates.iter().find(|c| c.document == older).unwrap();
        assert!(other.notes.is_empty(), "{:?}", other.notes);
    }
}

#[tokio::test]
async fn an_nhs_number_nobody_proved_is_shared_and_not_shown() {
    for (person, shown) in [("maryam-asylum", false), ("rhiannon-specimen", true)] {
        let (_folder, wallet) = empty().await;
        let offer = OfferSpec {
            person: Some(person.to_owned()),
            ..OfferSpec::of(DocumentType::NhsDetails)
        };
        let document = add_offered(&wallet, &sandbox().await.offer(&offer).unwrap())
            .await
            .remove(0);
        let row = |claims: &[ClaimView]| {
            let row = claims.iter().find(|row| row.path.last() == Some(&json!("nhs_number")));
            row.map(|row| (row.text.clone(), row.value.clone())).unwrap()
        };
        let page = wallet.document(&document.id).await.unwrap();
        let query = json!({ "credentials": [{
            "id": "nhs", "format": "dc+sd-jwt", "meta": { "vct_values": [DocumentType::NhsDetails.type_id()] },
            "claims": [{ "path": ["nhs_number"] }],
        }] });
        let request = sandbox().await.request(RequestSpec {
            dcql_query: Some(query),
            ..RequestSpec::of(ServiceName::GpRegistration)
        });
        let request = request.unwrap();
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        let candidate = &question.asks[0].candidates[0];
        let hidden = |notes: &[String]| notes.iter().any(|note| note.contains("Nobody has checked"));
        for (claims, notes) in [
            (&page.claims, &page.summary.notes),
            (&candidate.claims, &candidate.notes),
        ] {
            let (text, value) = row(claims);
            if shown {
                // The level is said where the number is, also where only the number is asked for.
                assert!(text.starts_with("999 000 ") && text.ends_with(" (P9)"), "{text}");
                assert!(value.is_string() && !hidden(notes));
            } else {
                assert_eq!(
                    (text.as_str(), &value, hidden(notes)),
                    ("Not shown", &Value::Null, true)
                );
            }
        }
        say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
        let report = learnt(sandbox().await, &request);
        all_checks_well(&report);
        assert!(report.to_string().contains("\"99900"));
    }
}

#[tokio::test]
async fn a_request_that_was_answered_is_known_again_under_another_link() {
    let (_folder, wallet) = furnished().await;
    let request = sandbox().await.request(RequestSpec {
        request_method: Some(RequestMethod::Value),
        ..RequestSpec::of(ServiceName::ShopAge)
    });
    let request = request.unwrap();
    let other = format!("{}&from=a-copied-page", request.uri);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    // Both links are the same question until it is answered, and the same entry afterwards.
    let again = wallet.start_sharing(&other, true).await.unwrap();
    let result = say_yes(&wallet, &again, ChoicesView::default()).await.unwrap();
    for link in [&other, &request.uri] {
        let problem = refused(
            wallet.start_sharing(link, false).await,
            ProblemCode::AlreadyAnswered,
            DataLeft::No,
        );
        assert_eq!(problem.history.as_deref(), Some(result.history.as_str()));
    }
    let late = say_yes(&wallet, &question, ChoicesView::default()).await;
    assert_eq!(late.unwrap_err().data_left, DataLeft::No);
    let shared = history(&wallet).await;
    assert_eq!(
        shared.iter().filter(|entry| entry.kind == HistoryKind::Shared).count(),
        1
    );
}
