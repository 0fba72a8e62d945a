//! Who asks: services that somebody vouches for, and services that ask through another.

use serde_json::json;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{ChoicesView, Language, RecognitionView, RequestView};
use wallet_sandbox::spec::{ClientIdPrefix, RequestFault, RequestMethod, RequestSpec, RequestUriMethod, ServiceName};

use crate::town::{all_checks_well, ask, furnished, knows_nothing, learnt, refused, sandbox, say_yes};

const ATTESTER: &str = "Practice verifier attester (SANDBOX)";

/// One harmless fact.
fn attested() -> RequestSpec {
    RequestSpec {
        client_id_prefix: Some(ClientIdPrefix::VerifierAttestation),
        dcql_query: Some(json!({"credentials": [{
            "id": "age",
            "format": "mso_mdoc",
            "meta": {"doctype_value": "uk.gov.sandbox.proofOfAge.1"},
            "claims": [{"path": ["org.iso.18013.5.1", "age_over_18"]}],
        }]})),
        ..RequestSpec::of(ServiceName::ShopAge)
    }
}

fn codes(question: &RequestView) -> Vec<&str> {
    question.warnings.iter().map(|warning| warning.code.as_str()).collect()
}

#[tokio::test]
async fn a_service_that_somebody_on_the_list_vouches_for_is_named_with_them() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    for spec in [
        attested(),
        RequestSpec {
            request_uri_method: Some(RequestUriMethod::Post),
            ..attested()
        },
        RequestSpec {
            request_method: Some(RequestMethod::Value),
            ..attested()
        },
    ] {
        let request = sandbox.request(spec).unwrap();
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        let service = &question.service;
        assert_eq!(
            (service.party.recognition, service.vouched_by.as_deref()),
            (RecognitionView::VouchedFor, Some(ATTESTER))
        );
        assert_eq!(service.party.name, "shop", "the name that was vouched for");
        // Vouched for is not registered: nobody said what it may ask for, so a yes is a deliberate one.
        assert_eq!(codes(&question), ["vouched-for"]);
        assert!(question.purpose.is_none() && question.can_share);
        let hasty = say_yes(&wallet, &question, ChoicesView::default()).await;
        refused(hasty, ProblemCode::ServiceNotRecognised, DataLeft::No);
        let choices = ChoicesView {
            despite_warnings: true,
            ..ChoicesView::default()
        };
        let result = say_yes(&wallet, &question, choices).await.unwrap();
        all_checks_well(&learnt(sandbox, &request));
        let entry = wallet.history_entry(&result.history).await.unwrap();
        assert_eq!(entry.service.unwrap().recognition, RecognitionView::VouchedFor);
    }
    wallet.set_language(Language::Cy).unwrap();
    let request = sandbox.request(attested()).unwrap();
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert_eq!(
        question.service.vouched_by.as_deref(),
        Some("Tystiwr gwasanaethau ymarfer (BLWCH TYWOD)")
    );
}

#[tokio::test]
async fn vouched_for_is_not_enough_for_sensitive_details() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    let mut spec = attested();
    spec.dcql_query = Some(json!({"credentials": [{
        "id": "licence",
        "format": "mso_mdoc",
        "meta": {"doctype_value": "org.iso.18013.5.1.mDL"},
        "claims": [{"path": ["org.iso.18013.5.1", "portrait"]}],
    }]}));
    let request = sandbox.request(spec).unwrap();
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert_eq!(question.blocked.unwrap().code, "sensitive-to-stranger");
    assert!(!question.can_share);
    knows_nothing(sandbox, &request);
}

#[tokio::test]
async fn an_attestation_that_does_not_hold_vouches_for_nobody() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    for fault in [
        RequestFault::AttestationExpired,
        RequestFault::AttestationOfAnother,
        RequestFault::AttestedElsewhere,
        RequestFault::UntrustedAttester,
        RequestFault::BadSignature,
        RequestFault::Unsigned,
    ] {
        let request = sandbox
            .request(RequestSpec {
                fault: Some(fault),
                ..attested()
            })
            .unwrap();
        let outcome = wallet.start_sharing(&request.uri, false).await;
        assert!(outcome.is_err(), "{fault:?}");
        refused(outcome, ProblemCode::ServiceAskedWrongly, DataLeft::No);
        let report = learnt(sandbox, &request);
        assert_eq!(report["stage"], "fetched", "{fault:?}: told nobody");
    }
}

#[tokio::test]
async fn who_asks_and_for_whom_are_both_named_then_and_later() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    let asked = ask(sandbox, ServiceName::EmployerRightToWork);
    let question = wallet.start_sharing(&asked.uri, false).await.unwrap();
    assert_eq!(
        question.service.intermediary.as_deref(),
        Some("Beacon Identity (SANDBOX)")
    );
    assert_eq!(
        question.service.party.name, "Harbour Recruitment",
        "for whom they ask comes first"
    );
    let result = say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
    let entry = wallet.history_entry(&result.history).await.unwrap();
    assert_eq!(entry.intermediary, question.service.intermediary);
    assert_eq!(entry.service.unwrap().name, "Harbour Recruitment");
    // Found under either name.
    for name in ["beacon", "harbour"] {
        let found = wallet
            .history(wallet_core::view::HistoryFilter {
                search: Some(name.to_owned()),
                ..wallet_core::view::HistoryFilter::default()
            })
            .await
            .unwrap();
        assert_eq!(found.len(), 1, "{name}");
    }
    // Who asks for themselves asks through nobody.
    let own = ask(sandbox, ServiceName::ShopAge);
    let question = wallet.start_sharing(&own.uri, false).await.unwrap();
    assert_eq!(question.service.intermediary, None);
}
