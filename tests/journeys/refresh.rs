//! Copies and where they come from: which can be matched with one another, and how fresh ones are had.

use wallet_core::view::DocumentSummary;
use wallet_sandbox::spec::{DocumentType, OfferFault, OfferSpec, RequestSpec, ServiceName};

use crate::town::{add_offered, empty, sandbox};

#[tokio::test]
async fn copies_that_can_be_matched_are_marked_and_said() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = empty().await;
    let spec = |fault| OfferSpec {
        fault,
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let ask = || sandbox.request(RequestSpec::of(ServiceName::GpRegistration)).unwrap();
    let said = |document: &DocumentSummary| {
        let alike = "made the copies of this document alike";
        document.notes.iter().any(|note| note.contains(alike))
    };

    let licence = add_offered(&wallet, &sandbox.offer(&spec(None)).unwrap())
        .await
        .remove(0);
    let seen = wallet.document(&licence.id).await.unwrap().summary;
    assert!(!licence.linkable && !seen.linkable && !said(&seen));
    let question = wallet.start_sharing(&ask().uri, false).await.unwrap();
    assert!(!question.asks[0].candidates[0].linkable);

    let alike = spec(Some(OfferFault::SharedStatus));
    let alike = add_offered(&wallet, &sandbox.offer(&alike).unwrap()).await.remove(0);
    let seen = wallet.document(&alike.id).await.unwrap().summary;
    assert!(alike.linkable && seen.linkable && said(&seen));
    let listed = wallet.documents().await.unwrap();
    let linkable: Vec<_> = listed
        .iter()
        .filter(|document| document.linkable)
        .map(|document| &document.id)
        .collect();
    assert_eq!(linkable, [&alike.id]);
    // The question that would give one away says so too, and does not promise that visits stay apart.
    let question = wallet.start_sharing(&ask().uri, false).await.unwrap();
    let candidate = |id: &str| {
        question.asks[0]
            .candidates
            .iter()
            .find(|candidate| candidate.document == id)
            .unwrap()
    };
    assert!(candidate(&alike.id).linkable && !candidate(&licence.id).linkable);
}
