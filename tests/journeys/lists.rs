//! The signed lists: a wallet takes newer ones when a journey begins, and none that is older, ended or not signed right.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use wallet_core::Wallet;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::store::StoreError;
use wallet_core::store::lists::{ListKind, StoredList};
use wallet_core::view::{ChoicesView, RecognitionView};
use wallet_credentials::crypto::sha256;
use wallet_credentials::trust::ListState;
use wallet_sandbox::spec::{DialectName, DocumentType, ListFault, ListSpec, OfferSpec, ServiceName};
use wallet_sandbox::{Sandbox, SandboxConfig};

use crate::program::http;
use crate::town::{
    FarTown, GetsOffered as _, add, ask, code, config, empty, furnished, inside, knows_nothing, no_orphan_keys, open,
    pin, refused, say_yes, start,
};

/// What a wallet makes of the shop that asks for an age, by a new request.
async fn shop(wallet: &Wallet, sandbox: &Sandbox) -> RecognitionView {
    let request = ask(sandbox, ServiceName::ShopAge);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    question.service.party.recognition
}

/// Both lists as they stand in the store of a wallet that is closed.
fn kept(folder: &std::path::Path) -> [Option<StoredList>; 2] {
    inside(folder)
        .read::<_, StoreError>(|transaction| {
            Ok([
                transaction.list(ListKind::TrustList)?,
                transaction.list(ListKind::Register)?,
            ])
        })
        .unwrap()
}

/// As if six hours had gone by since the lists were fetched.
fn hours_later(folder: &std::path::Path) {
    inside(folder)
        .write::<_, StoreError>(|transaction| transaction.ask_for_lists_again_at(Timestamp::UNIX_EPOCH))
        .unwrap();
}

fn withdrawing_the_shop(fault: Option<ListFault>) -> ListSpec {
    ListSpec {
        withdrawn_services: vec![ServiceName::ShopAge],
        fault,
        ..ListSpec::default()
    }
}

/// What is known of who issued each document.
async fn recognitions(wallet: &Wallet) -> Vec<RecognitionView> {
    let documents = wallet.documents().await.unwrap();
    documents
        .into_iter()
        .map(|document| document.issuer.recognition)
        .collect()
}

/// What `doctor` says of the lists.
async fn doctor(wallet: &Wallet) -> (bool, String) {
    let checks = wallet.doctor(None).await.unwrap();
    let check = checks.into_iter().find(|check| check.name == "Trust list").unwrap();
    (check.ok, check.detail)
}

#[tokio::test]
async fn a_service_that_was_withdrawn_meanwhile_is_known_as_such_and_does_not_come_back() {
    let (folder, wallet) = furnished().await;
    let sandbox = start(SandboxConfig::new()).await;
    assert_eq!(shop(&wallet, &sandbox).await, RecognitionView::Recognised);

    sandbox.serve_lists(&withdrawing_the_shop(None)).unwrap();
    // Not due yet: the wallet asks nobody.
    assert_eq!(shop(&wallet, &sandbox).await, RecognitionView::Recognised);
    drop(wallet);
    hours_later(folder.path());
    let wallet = open(folder.path()).await;
    let request = ask(&sandbox, ServiceName::ShopAge);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert_eq!(question.service.party.recognition, RecognitionView::Withdrawn);
    let choices = ChoicesView {
        despite_warnings: true,
        ..ChoicesView::default()
    };
    let outcome = say_yes(&wallet, &question, choices).await;
    refused(outcome, ProblemCode::ServiceNotRecognised, DataLeft::No);
    knows_nothing(&sandbox, &request);
    let (well, detail) = doctor(&wallet).await;
    assert!(well && detail.starts_with("Fetched "), "{detail}");
    drop(wallet);

    // The register from before, in which the shop still counts, is played back.
    let newest = kept(folder.path());
    let older = ListSpec {
        fault: Some(ListFault::Older),
        ..ListSpec::default()
    };
    sandbox.serve_lists(&older).unwrap();
    hours_later(folder.path());
    let wallet = open(folder.path()).await;
    assert_eq!(shop(&wallet, &sandbox).await, RecognitionView::Withdrawn);
    drop(wallet);
    assert_eq!(kept(folder.path()), newest);
}

#[tokio::test]
async fn a_signer_its_authority_revoked_is_withdrawn_and_signs_nothing_new_for_this_wallet() {
    let (folder, wallet) = furnished().await;
    assert_eq!(recognitions(&wallet).await, [RecognitionView::Recognised; 5]);
    drop(wallet);
    let sandbox = start(SandboxConfig::new()).await;
    // One signs mdocs, the other SD-JWT VCs.
    let revoked = [DocumentType::DrivingLicence, DocumentType::NhsDetails];
    let spec = ListSpec {
        revoked_signers: revoked.to_vec(),
        ..ListSpec::default()
    };
    sandbox.serve_lists(&spec).unwrap();
    hours_later(folder.path());
    let wallet = open(folder.path()).await;
    // The lists come with the next journey, whatever it is about.
    assert_eq!(shop(&wallet, &sandbox).await, RecognitionView::Recognised);
    let names = ["DVLA (SANDBOX)", "NHS England (SANDBOX)"];
    for document in wallet.documents().await.unwrap() {
        let expected = if names.contains(&document.issuer.name.as_str()) {
            RecognitionView::Withdrawn
        } else {
            RecognitionView::Recognised
        };
        assert_eq!(document.issuer.recognition, expected, "{}", document.issuer.name);
    }
    for name in revoked {
        let made = sandbox.offer(&OfferSpec::of(name)).unwrap();
        let offer = wallet.start_adding(&made.uri).await.unwrap();
        let outcome = wallet.get_offered(&offer.id, Vec::new(), code(&made)).await;
        refused(outcome, ProblemCode::IssuerNotRecognised, DataLeft::No);
    }
    add(&wallet, &sandbox, DocumentType::ProofOfAgeMdoc).await;
    drop(wallet);

    // The list from before, in which nobody is revoked, is played back.
    let older = ListSpec {
        fault: Some(ListFault::Older),
        ..ListSpec::default()
    };
    sandbox.serve_lists(&older).unwrap();
    hours_later(folder.path());
    let wallet = open(folder.path()).await;
    shop(&wallet, &sandbox).await;
    let withdrawn = recognitions(&wallet).await;
    let withdrawn = withdrawn
        .iter()
        .filter(|recognition| **recognition == RecognitionView::Withdrawn);
    assert_eq!(withdrawn.count(), 2);
}

#[tokio::test]
async fn an_issuer_that_signs_its_metadata_is_not_believed_on_other_terms() {
    let (folder, wallet) = empty().await;
    let sandbox = start(SandboxConfig::new()).await;
    let spec = ListSpec {
        signs_metadata: vec![DocumentType::DrivingLicence],
        ..ListSpec::default()
    };
    sandbox.serve_lists(&spec).unwrap();
    // In GOV.UK's dialect it signs nothing but the document.
    let unsigned = OfferSpec {
        dialect: Some(DialectName::GovUk),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let made = sandbox.offer(&unsigned).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let outcome = wallet.get_offered(&offer.id, Vec::new(), code(&made)).await;
    refused(outcome, ProblemCode::DocumentNotAsPromised, DataLeft::No);
    assert!(wallet.documents().await.unwrap().is_empty());
    add(&wallet, &sandbox, DocumentType::DrivingLicence).await;
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn a_list_that_has_ended_was_changed_or_is_signed_by_another_changes_nothing() {
    let (folder, wallet) = furnished().await;
    drop(wallet);
    let sandbox = start(SandboxConfig::new()).await;
    let before = kept(folder.path());
    assert!(
        before.iter().all(Option::is_some),
        "the lists came with the first document"
    );
    for fault in [
        ListFault::Expired,
        ListFault::Tampered,
        ListFault::FromTheFuture,
        ListFault::WrongSigner,
    ] {
        sandbox.serve_lists(&withdrawing_the_shop(Some(fault))).unwrap();
        hours_later(folder.path());
        let wallet = open(folder.path()).await;
        assert_eq!(shop(&wallet, &sandbox).await, RecognitionView::Recognised, "{fault:?}");
        drop(wallet);
        assert_eq!(kept(folder.path()), before, "{fault:?}");
    }
}

#[tokio::test]
async fn what_was_fetched_and_ran_out_recognises_nobody_and_doctor_says_so() {
    let (folder, wallet) = furnished().await;
    assert_eq!(recognitions(&wallet).await, [RecognitionView::Recognised; 5]);
    drop(wallet);
    // Lists that were taken once and have ended since, with numbers the bundled ones do not reach.
    let sandbox = start(SandboxConfig::new()).await;
    let ended = ListSpec {
        fault: Some(ListFault::Expired),
        ..ListSpec::default()
    };
    sandbox.serve_lists(&ended).unwrap();
    let store = inside(folder.path());
    for (kind, path) in [(ListKind::TrustList, "/trust-list"), (ListKind::Register, "/register")] {
        let answer = http(sandbox.port(), sandbox.url(), &format!("GET {path}"), "text/plain", b"");
        let text = answer[answer.find("eyJ").unwrap()..].trim().to_owned();
        let payload = URL_SAFE_NO_PAD.decode(text.split('.').nth(1).unwrap()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        let list = StoredList {
            kind,
            state: ListState {
                iss: "https://lists.practice.example".to_owned(),
                sequence: claims["sequence"].as_u64().unwrap(),
                sha256: sha256(text.as_bytes()),
            },
            text,
            fetched_at: Timestamp::UNIX_EPOCH,
        };
        store
            .write::<_, StoreError>(|transaction| transaction.keep_list(&list))
            .unwrap();
    }
    drop(store);
    let wallet = open(folder.path()).await;
    assert_eq!(recognitions(&wallet).await, [RecognitionView::NotListed; 5]);
    let (well, detail) = doctor(&wallet).await;
    assert!(!well && detail.starts_with("Out of date."), "{detail}");
}

#[tokio::test]
async fn lists_are_fetched_whole_once_and_not_again_within_hours() {
    let (folder, wallet) = empty().await;
    let (well, detail) = doctor(&wallet).await;
    assert!(well && detail.starts_with("As it came with this program."), "{detail}");
    let far = FarTown::new().await;
    add(&wallet, &far.sandbox, DocumentType::DrivingLicence).await;
    add(&wallet, &far.sandbox, DocumentType::ProofOfAgeMdoc).await;
    shop(&wallet, &far.sandbox).await;
    let asked: Vec<String> = far
        .line
        .seen()
        .into_iter()
        .map(|exchange| exchange.target)
        .filter(|target| target.contains("trust-list") || target.contains("register"))
        .collect();
    assert_eq!(asked, ["GET /trust-list", "GET /register"]);
    drop(wallet);
    assert!(kept(folder.path()).iter().all(Option::is_some));
}

#[tokio::test]
async fn a_journey_goes_on_without_lists_and_a_real_wallet_asks_for_none() {
    let far = FarTown::new().await;
    far.line.lose(crate::line::Moment::Asked, "/trust-list");
    let (folder, wallet) = empty().await;
    add(&wallet, &far.sandbox, DocumentType::DrivingLicence).await;
    assert_eq!(shop(&wallet, &far.sandbox).await, RecognitionView::Recognised);
    drop(wallet);
    assert_eq!(kept(folder.path()), [None, None]);

    let before = far.line.seen().len();
    let folder = tempfile::tempdir().unwrap();
    let real = wallet_core::WalletConfig {
        practice: false,
        ..config(folder.path())
    };
    let wallet = Wallet::open(real).await.unwrap();
    wallet.init(pin()).await.unwrap();
    let made = far.sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    wallet.start_adding(&made.uri).await.unwrap();
    let asked = far.line.seen().split_off(before);
    assert!(!asked.is_empty() && asked.iter().all(|exchange| !exchange.target.contains("list")));
}
