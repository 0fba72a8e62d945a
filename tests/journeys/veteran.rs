//! A Veteran Card: a JWT VC, which cannot hide anything. It is believed when the person says so, shown whole or not at all, and
//! the person is told.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{DocumentKind, HistoryKind, Language, RecognitionView};
use wallet_core::words::Words;
use wallet_core::{AnchorRole, Wallet};
use wallet_sandbox::Sandbox;
use wallet_sandbox::spec::{DocumentType, MadeRequest, OfferSpec, RequestSpec, ServiceName};

use crate::town::{add, add_offered, empty, history, holds, knows_nothing, learnt, refused, sandbox, say_yes};

/// The did:web of the practice Ministry of Defence.
fn did(sandbox: &Sandbox) -> String {
    format!("did:web:localhost%3A{}:issuers:mod", sandbox.port())
}

/// A wallet with a Veteran Card, whose issuer the person trusts.
pub async fn veteran() -> (tempfile::TempDir, Wallet, &'static Sandbox) {
    let (folder, wallet) = empty().await;
    let sandbox = sandbox().await;
    wallet.add_anchor(&did(sandbox), AnchorRole::Issuer).await.unwrap();
    add(&wallet, sandbox, DocumentType::VeteranCard).await;
    (folder, wallet, sandbox)
}

/// A service that wants one detail of a Veteran Card.
fn asked(sandbox: &Sandbox, name: ServiceName, type_values: Value) -> MadeRequest {
    sandbox
        .request(RequestSpec {
            dcql_query: Some(json!({ "credentials": [{
                "id": "veteran", "format": "jwt_vc_json", "meta": { "type_values": type_values },
                "claims": [{ "path": ["credentialSubject", "veteranCard", null, "serviceBranch"] }],
            }] })),
            ..RequestSpec::of(name)
        })
        .unwrap()
}

fn told(language: Language) -> String {
    Words::for_language(language).message("note-shared-whole", &[])
}

#[tokio::test]
async fn a_veteran_card_is_believed_only_when_the_person_says_so() {
    let (_folder, wallet) = empty().await;
    let sandbox = sandbox().await;
    let spec = OfferSpec::of(DocumentType::VeteranCard);
    let made = sandbox.offer(&spec).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    assert_eq!(offer.issuer.recognition, RecognitionView::NotListed);
    assert_eq!(
        (offer.documents[0].format.as_str(), offer.documents[0].kind),
        ("jwt_vc_json", DocumentKind::Veteran)
    );
    assert!(offer.documents[0].notes.contains(&told(Language::En)));
    let refusal = wallet.accept_offer(&offer.id, Vec::new(), None).await;
    refused(refusal, ProblemCode::IssuerNotRecognised, DataLeft::No);
    // Another DID, or the right one as a service, is not this issuer.
    wallet
        .add_anchor("did:web:localhost%3A1:issuers:mod", AnchorRole::Issuer)
        .await
        .unwrap();
    wallet.add_anchor(&did(sandbox), AnchorRole::Service).await.unwrap();
    let made = sandbox.offer(&spec).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let refusal = wallet.accept_offer(&offer.id, Vec::new(), None).await;
    refused(refusal, ProblemCode::IssuerNotRecognised, DataLeft::No);
    assert!(wallet.documents().await.unwrap().is_empty());

    wallet.add_anchor(&did(sandbox), AnchorRole::Issuer).await.unwrap();
    let kept = add_offered(&wallet, &sandbox.offer(&spec).unwrap()).await;
    assert_eq!(kept[0].issuer.recognition, RecognitionView::AddedByYou);
    assert_eq!(kept[0].name, "Veteran Card");
    // A signature that is not the one the DID document vouches for brings nothing.
    let spec = OfferSpec {
        fault: Some(wallet_sandbox::spec::OfferFault::BadSignature),
        ..spec
    };
    let offer = wallet.start_adding(&sandbox.offer(&spec).unwrap().uri).await.unwrap();
    let refusal = wallet.accept_offer(&offer.id, Vec::new(), None).await;
    refused(refusal, ProblemCode::DocumentNotAsPromised, DataLeft::No);
    assert_eq!(wallet.documents().await.unwrap().len(), 1);
}

#[tokio::test]
async fn its_page_reads_well_and_says_that_it_cannot_hide_anything() {
    let (_folder, wallet, _) = veteran().await;
    let id = wallet.documents().await.unwrap().remove(0).id;
    for (language, labels) in [
        (
            Language::En,
            ["Full name", "Date of birth", "Service branch", "Photo", "Signed by"],
        ),
        (
            Language::Cy,
            [
                "Enw llawn",
                "Dyddiad geni",
                "Cangen y lluoedd",
                "Llun",
                "Llofnodwyd gan",
            ],
        ),
    ] {
        wallet.set_language(language).unwrap();
        let page = wallet.document(&id).await.unwrap();
        assert!(page.summary.notes.contains(&told(language)), "{:?}", page.summary.notes);
        let unnamed: Vec<&str> = page
            .claims
            .iter()
            .filter(|c| c.unnamed)
            .map(|c| c.label.as_str())
            .collect();
        assert!(unnamed.is_empty(), "{unnamed:?}");
        for label in &labels[..4] {
            assert!(page.claims.iter().any(|claim| claim.label == *label), "{label}");
        }
        let text = |name: &str| {
            let claim = page
                .claims
                .iter()
                .find(|c| c.path.iter().any(|part| part == name))
                .unwrap();
            (claim.text.clone(), claim.picture)
        };
        assert_eq!(text("name").0, "Tamsin Veteran");
        let branch = if language == Language::En {
            "Royal Navy"
        } else {
            "Y Llynges Frenhinol"
        };
        assert_eq!(text("serviceBranch").0, branch);
        assert_eq!(text("photo"), (String::new(), true));
    }
}

#[tokio::test]
async fn it_is_shared_whole_and_the_question_lists_all_of_it() {
    let (_folder, wallet, sandbox) = veteran().await;
    let request = asked(
        sandbox,
        ServiceName::ShopAge,
        json!([["VerifiableCredential", "DigitalVeteranCard"]]),
    );
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    knows_nothing(sandbox, &request);
    let candidate = &question.asks[0].candidates[0];
    assert!(candidate.notes.contains(&told(Language::En)));
    assert!(
        candidate.not_shared.is_empty(),
        "nothing is kept back: {:?}",
        candidate.not_shared
    );
    let words = Words::for_language(Language::En);
    for kept_back in ["not-learned-name", "not-learned-birth-date", "not-learned-photo"] {
        assert!(
            !question.not_learned.contains(&words.message(kept_back, &[])),
            "{kept_back}"
        );
    }
    let result = wallet
        .share(
            &question.id,
            &question.digest,
            wallet_core::view::ChoicesView {
                despite_warnings: true,
                ..Default::default()
            },
            crate::town::pin(),
        )
        .await
        .unwrap();
    assert_eq!(result.data_left, DataLeft::Yes);
    let report = learnt(sandbox, &request);
    assert_eq!(report["valid"], true, "{report}");
    // Every value the service has stands under a path the question listed, and every path listed is there.
    let listed: BTreeSet<String> = candidate
        .claims
        .iter()
        .map(|claim| json!(claim.path).to_string())
        .collect();
    let mut there = BTreeSet::new();
    for claim in report["answers"][0]["claims"].as_array().unwrap() {
        leaves(
            &claim["value"],
            claim["path"].as_array().unwrap().clone(),
            &listed,
            &mut there,
        );
    }
    assert_eq!(there, listed);
    let entry = wallet.history_entry(&result.history).await.unwrap();
    assert_eq!(entry.kind, HistoryKind::Shared);
    let written: BTreeSet<String> = entry.claims.iter().map(|path| json!(path).to_string()).collect();
    assert_eq!(written, listed);
    assert_eq!(result.details as usize, listed.len());
    holds(wallet.verify_history().await);
}

/// Walks down until a listed path; a value that no listed path covers is a value nobody agreed to.
fn leaves(value: &Value, path: Vec<Value>, listed: &BTreeSet<String>, there: &mut BTreeSet<String>) {
    let text = json!(path).to_string();
    if listed.contains(&text) {
        there.insert(text);
        return;
    }
    let below: Vec<(Value, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (json!(name), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (json!(at), item)).collect(),
        _ => Vec::new(),
    };
    assert!(!below.is_empty(), "{text} left and was not listed");
    for (part, value) in below {
        let mut path = path.clone();
        path.push(part);
        leaves(value, path, listed, there);
    }
}

#[tokio::test]
async fn a_no_sends_nothing_and_another_type_finds_nothing() {
    let (_folder, wallet, sandbox) = veteran().await;
    let request = asked(sandbox, ServiceName::ShopAge, json!([["DigitalVeteranCard"]]));
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let result = wallet.decline(&question.id).await.unwrap();
    assert!(result.declined && result.shared.is_empty());
    knows_nothing(sandbox, &request);
    assert_eq!(history(&wallet).await[0].kind, HistoryKind::Declined);

    let request = asked(sandbox, ServiceName::ShopAge, json!([["SocialSecurityCredential"]]));
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert!(!question.can_share);
    assert!(say_yes(&wallet, &question, Default::default()).await.is_err());
    knows_nothing(sandbox, &request);
}

/// A service on no register may not have a photo, and this document always brings one.
#[tokio::test]
async fn a_stranger_cannot_have_it_at_all() {
    let (_folder, wallet, sandbox) = veteran().await;
    let request = asked(sandbox, ServiceName::TooMuch, json!([["DigitalVeteranCard"]]));
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert!(!question.can_share);
    assert_eq!(question.blocked.as_ref().unwrap().code, "sensitive-to-stranger");
    knows_nothing(sandbox, &request);
}
