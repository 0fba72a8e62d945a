//! Who asks for more than they registered, or than they need, is found out, also in small steps.

use serde_json::{Value, json};
use wallet_core::consent::record::{Record, RecordedShare};
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::store::StoreError;
use wallet_core::store::history::EntryKind;
use wallet_core::view::{ChoicesView, RequestView};
use wallet_sandbox::spec::{DocumentType, MadeRequest, RequestSpec, ServiceName};

use crate::town::{
    adding, all_checks_well, furnished, inside, knows_nothing, learnt, open, received, refused, sandbox, say_yes,
};

const ISO: &str = "org.iso.18013.5.1";

fn licence(id: &str, elements: &[&str]) -> Value {
    let claims: Vec<Value> = elements
        .iter()
        .map(|element| json!({ "path": [ISO, element] }))
        .collect();
    json!({
        "id": id, "format": "mso_mdoc", "meta": { "doctype_value": DocumentType::DrivingLicence.type_id() }, "claims": claims,
    })
}

async fn asked_by(name: ServiceName, query: Value) -> MadeRequest {
    let spec = RequestSpec {
        dcql_query: Some(query),
        ..RequestSpec::of(name)
    };
    sandbox().await.request(spec).unwrap()
}

fn only(elements: &[&str]) -> Value {
    json!({ "credentials": [licence("licence", elements)] })
}

fn codes(question: &RequestView) -> Vec<&str> {
    question.warnings.iter().map(|warning| warning.code.as_str()).collect()
}

fn despite() -> ChoicesView {
    ChoicesView {
        despite_warnings: true,
        ..ChoicesView::default()
    }
}

#[tokio::test]
async fn what_a_stranger_does_not_need_is_named_in_the_wallets_own_view() {
    let (_folder, wallet) = furnished().await;
    let request = asked_by(
        ServiceName::TooMuch,
        only(&["age_over_18", "birth_date", "resident_address"]),
    )
    .await;
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert!(question.can_share);
    assert_eq!(codes(&question), ["not-registered", "not-needed"]);
    let warning = &question.warnings[1];
    assert_eq!(warning.details, ["Address", "Date of birth"]);
    assert!(warning.text.contains("that you are old enough") && warning.text.contains("our view"));
    refused(
        say_yes(&wallet, &question, ChoicesView::default()).await,
        ProblemCode::ServiceNotRecognised,
        DataLeft::No,
    );
    knows_nothing(sandbox().await, &request);
    // A name alone says nothing about what it is for.
    let request = asked_by(ServiceName::TooMuch, only(&["family_name"])).await;
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert_eq!(codes(&question), ["not-registered"]);
}

#[tokio::test]
async fn what_was_not_registered_cannot_be_added() {
    let (_folder, wallet) = furnished().await;
    let query = json!({
        "credentials": [licence("age", &["age_over_18"]), licence("name", &["family_name"]), licence("photo", &["portrait"])],
        "credential_sets": [
            { "options": [["age"]] }, { "options": [["name"]], "required": false }, { "options": [["photo"]], "required": false },
        ],
    });
    let request = asked_by(ServiceName::ShopAge, query).await;
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    // What must be given is as registered, so nothing stops the person.
    assert!(question.warnings.is_empty() && question.can_share);
    let ask = |id: &str| question.asks.iter().find(|ask| ask.query == id).unwrap();
    let name = ask("name");
    let caution = name.caution.as_ref().unwrap();
    assert!(name.closed && caution.details == ["Last name"]);
    assert!(ask("photo").caution.is_none() && !ask("photo").closed && !ask("age").closed);
    for choices in [adding(&["name"]), adding(&["name", "photo"])] {
        refused(
            say_yes(&wallet, &question, choices).await,
            ProblemCode::ServiceNotRecognised,
            DataLeft::No,
        );
        knows_nothing(sandbox().await, &request);
    }
    say_yes(&wallet, &question, adding(&["photo"])).await.unwrap();
    let report = learnt(sandbox().await, &request);
    all_checks_well(&report);
    assert!(!received(&report).iter().any(|claim| claim.contains("family_name")));
}

#[tokio::test]
async fn small_requests_are_counted_together_for_thirty_days() {
    let (folder, wallet) = furnished().await;
    let shop = ServiceName::ShopAge;
    let first = asked_by(shop, only(&["age_over_18", "family_name"])).await;
    let question = wallet.start_sharing(&first.uri, false).await.unwrap();
    assert_eq!(codes(&question), ["asks-too-much"]);
    say_yes(&wallet, &question, despite()).await.unwrap();

    // The same again is no news: what it asks now is as registered, and it has it already.
    let again = asked_by(shop, only(&["age_over_18"])).await;
    let question = wallet.start_sharing(&again.uri, false).await.unwrap();
    assert!(question.warnings.is_empty());

    let more = asked_by(shop, only(&["portrait"])).await;
    let question = wallet.start_sharing(&more.uri, false).await.unwrap();
    assert_eq!(codes(&question), ["asks-too-much-together"]);
    assert_eq!(question.warnings[0].details, ["18 or over", "Last name", "Photo"]);
    refused(
        say_yes(&wallet, &question, ChoicesView::default()).await,
        ProblemCode::ServiceNotRecognised,
        DataLeft::No,
    );
    knows_nothing(sandbox().await, &more);
    // Another service is not judged by what this one had.
    let other = asked_by(ServiceName::GpRegistration, only(&["birth_date"])).await;
    let question = wallet.start_sharing(&other.uri, false).await.unwrap();
    assert!(question.warnings.is_empty());

    // A stranger in two steps: an age, then the date of birth it was not to be told.
    let first = asked_by(ServiceName::TooMuch, only(&["age_over_18"])).await;
    let question = wallet.start_sharing(&first.uri, false).await.unwrap();
    say_yes(&wallet, &question, despite()).await.unwrap();
    let second = asked_by(ServiceName::TooMuch, only(&["birth_date"])).await;
    let question = wallet.start_sharing(&second.uri, false).await.unwrap();
    assert_eq!(codes(&question), ["not-registered", "asks-too-much-together"]);
    assert_eq!(question.warnings[1].details, ["18 or over", "Date of birth"]);
    drop(wallet);
    drop(folder);
}

#[tokio::test]
async fn what_was_shared_more_than_thirty_days_ago_is_not_held_against_a_service() {
    let (folder, wallet) = furnished().await;
    let shop = ServiceName::ShopAge;
    let first = asked_by(shop, only(&["age_over_18"])).await;
    let party = wallet.start_sharing(&first.uri, false).await.unwrap().service.party.id;
    drop(wallet);
    let record = Record {
        shared: vec![RecordedShare {
            query: "licence".to_owned(),
            document: "a licence".to_owned(),
            type_id: Some(DocumentType::DrivingLicence.type_id().to_owned()),
            claims: vec![vec![json!(ISO), json!("family_name")]],
            labels: vec!["Last name".to_owned()],
        }],
        ..Record::default()
    };
    let day = jiff::SignedDuration::from_hours(24);
    for (days, warned) in [(31, false), (29, true)] {
        let at = jiff::Timestamp::now() - day * days;
        inside(folder.path())
            .write::<_, StoreError>(|transaction| record.append(transaction, EntryKind::Sharing, Some(&party), at))
            .unwrap();
        let wallet = open(folder.path()).await;
        let request = asked_by(shop, only(&["age_over_18"])).await;
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        let expected: &[&str] = if warned { &["asks-too-much-together"] } else { &[] };
        assert_eq!(codes(&question), expected);
    }
}
