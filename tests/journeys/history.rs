//! The sharing history: whole after everything, names of details and never their values, and it outlives the documents.

use std::collections::BTreeMap;

use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{ChoicesView, HistoryFilter, HistoryKind};
use wallet_sandbox::spec::{DocumentType, RequestFault, RequestSpec, ServiceName};

use crate::town::{
    FarTown, add, adding, ask, entries, furnished, history, holds, inside, no_orphan_keys, open, pin, refused, sandbox,
    say_yes, wrong_pin,
};

/// What is in the documents of the two people, as people and as formats write it.
const VALUES: [&str; 17] = [
    "rhiannon",
    "specimen",
    "hiroshi",
    "1992",
    "15 march",
    "stryd",
    "cwrt",
    "xx1 3xx",
    "cardiff",
    "9990000018",
    "meddygfa",
    "w99001",
    "data:image",
    "gbr",
    "jpn",
    "/9j/",
    "p9",
];

#[tokio::test]
async fn it_names_what_was_shared_and_holds_no_value_of_it() {
    let (folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    // One of everything: shared, declined, failed, unknown, shown, removed, wrong PIN.
    for name in [
        ServiceName::GpRegistration,
        ServiceName::ShopAge,
        ServiceName::EmployerRightToWork,
    ] {
        let question = wallet.start_sharing(&ask(sandbox, name).uri, false).await.unwrap();
        let optional = if name == ServiceName::GpRegistration {
            adding(&["nhs"])
        } else {
            ChoicesView::default()
        };
        let wrong = wallet
            .share(&question.id, &question.digest, optional.clone(), wrong_pin())
            .await;
        refused(wrong, ProblemCode::WrongPin, DataLeft::No);
        say_yes(&wallet, &question, optional).await.unwrap();
    }
    let question = wallet
        .start_sharing(&ask(sandbox, ServiceName::TooMuch).uri, false)
        .await
        .unwrap();
    wallet.decline(&question.id).await.unwrap();
    let fault = RequestSpec {
        fault: Some(RequestFault::Error500),
        ..RequestSpec::of(ServiceName::GpRegistration)
    };
    let question = wallet
        .start_sharing(&sandbox.request(fault).unwrap().uri, false)
        .await
        .unwrap();
    say_yes(&wallet, &question, ChoicesView::default()).await.unwrap_err();
    let mut far = FarTown::new().await;
    let question = wallet
        .start_sharing(&ask(&far.sandbox, ServiceName::GpRegistration).uri, false)
        .await
        .unwrap();
    far.line.hang_up();
    say_yes(&wallet, &question, ChoicesView::default()).await.unwrap_err();
    let question = wallet.start_showing("age-18", 60).await.unwrap();
    wallet.show(&question.id, &question.digest, pin()).await.unwrap();
    let licence = wallet
        .documents()
        .await
        .unwrap()
        .into_iter()
        .find(|d| d.type_id.ends_with(".mDL"))
        .unwrap();
    wallet.remove_document(&licence.id, pin()).await.unwrap();

    let listed = history(&wallet).await;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &listed {
        *kinds
            .entry(format!("{:?} {:?}", entry.kind, entry.data_left))
            .or_default() += 1;
    }
    let expected = [
        ("Added No", 5),
        ("Declined No", 1),
        ("Removed No", 1),
        ("Shared No", 1),
        ("Shared Unknown", 1),
        ("Shared Yes", 3),
        ("Shown Unknown", 1),
    ];
    assert_eq!(kinds, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
    // Five outcomes stand beside their entries: of three that arrived, one unknown, one that did not leave.
    assert_eq!(holds(wallet.verify_history().await) as usize, listed.len() + 5);

    // Who had what, by name.
    let gp = listed
        .iter()
        .find(|entry| entry.details.iter().any(|label| label == "NHS number"))
        .unwrap();
    assert_eq!(
        (gp.kind, gp.data_left, gp.details.len()),
        (HistoryKind::Shared, DataLeft::Yes, 7)
    );
    assert!(
        gp.service
            .as_ref()
            .is_some_and(|service| service.name.contains("Larkfield Practice Surgery"))
    );
    assert!(
        listed
            .iter()
            .filter(|entry| entry.kind == HistoryKind::Shared)
            .all(|entry| !entry.asked.is_empty())
    );

    drop(wallet);
    let store = inside(folder.path());
    no_orphan_keys(&store);
    let stored = entries(&store);
    assert_eq!(stored.len(), listed.len() + 5);
    for entry in &stored {
        let content = format!("{:?} {}", entry.party, entry.details.as_ref().unwrap()).to_lowercase();
        // Base64url of 16 and 32 random bytes may hold any two letters: ids and digests are not values.
        for value in VALUES.into_iter().filter(|value| value.len() > 2) {
            assert!(!content.contains(value), "{value:?} in {content}");
        }
        assert!(
            !content.contains(":true") && !content.contains(":false"),
            "no result of a yes or no question: {content}"
        );
    }
}

#[tokio::test]
async fn it_outlives_the_documents_and_a_restart() {
    let (folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let question = wallet
        .start_sharing(&ask(sandbox, ServiceName::GpRegistration).uri, false)
        .await
        .unwrap();
    let shared = say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
    let before = wallet.history_entry(&shared.history).await.unwrap();
    assert!(before.documents[0].held);
    for document in wallet.documents().await.unwrap() {
        refused(
            wallet.remove_document(&document.id, wrong_pin()).await,
            ProblemCode::WrongPin,
            DataLeft::No,
        );
        wallet.remove_document(&document.id, pin()).await.unwrap();
        refused(
            wallet.remove_document(&document.id, pin()).await,
            ProblemCode::NotFound,
            DataLeft::No,
        );
        refused(wallet.document(&document.id).await, ProblemCode::NotFound, DataLeft::No);
    }
    drop(wallet);
    let wallet = open(folder.path()).await;
    assert!(wallet.documents().await.unwrap().is_empty());
    let after = wallet.history_entry(&shared.history).await.unwrap();
    assert!(!after.documents[0].held);
    assert_eq!(
        (&after.details, &after.link, after.number),
        (&before.details, &before.link, before.number)
    );
    assert_eq!(after.documents[0].name, before.documents[0].name);
    assert_eq!(
        history(&wallet)
            .await
            .iter()
            .filter(|entry| entry.kind == HistoryKind::Removed)
            .count(),
        5
    );
    holds(wallet.verify_history().await);
    // A removed document takes its keys with it.
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn it_can_be_asked_by_service_document_kind_and_word() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    for name in [
        ServiceName::GpRegistration,
        ServiceName::GpRegistration,
        ServiceName::ShopAge,
    ] {
        let question = wallet.start_sharing(&ask(sandbox, name).uri, false).await.unwrap();
        assert_eq!(
            question.service.shared_before,
            u32::from(name == ServiceName::GpRegistration && history(&wallet).await.len() > 5)
        );
        say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
    }
    let all = history(&wallet).await;
    let gp = all
        .iter()
        .find(|entry| {
            entry
                .service
                .as_ref()
                .is_some_and(|s| s.name.contains("Larkfield Practice"))
        })
        .unwrap();
    let filter = HistoryFilter {
        service: gp.service.as_ref().map(|s| s.id.clone()),
        ..HistoryFilter::default()
    };
    assert_eq!(wallet.history(filter).await.unwrap().len(), 2);
    let filter = HistoryFilter {
        document: gp.document.clone(),
        ..HistoryFilter::default()
    };
    // Added once, shared twice.
    assert_eq!(wallet.history(filter).await.unwrap().len(), 3);
    let filter = HistoryFilter {
        kind: Some(HistoryKind::Shared),
        ..HistoryFilter::default()
    };
    assert_eq!(wallet.history(filter).await.unwrap().len(), 3);
    let filter = HistoryFilter {
        search: Some("corner shop".to_owned()),
        ..HistoryFilter::default()
    };
    assert_eq!(wallet.history(filter).await.unwrap().len(), 1);
    let filter = HistoryFilter {
        since: Some("2999-01-01".to_owned()),
        ..HistoryFilter::default()
    };
    assert!(wallet.history(filter).await.unwrap().is_empty());
    // A document says who has had it.
    let document = wallet.document(gp.document.as_ref().unwrap()).await.unwrap();
    assert_eq!(document.shared.len(), 2);
    refused(
        wallet.history_entry("no such entry").await,
        ProblemCode::NotFound,
        DataLeft::No,
    );
    add(&wallet, sandbox, DocumentType::DrivingLicence).await;
    holds(wallet.verify_history().await);
}
