//! Promises, and what was handed over and cannot be verified yet: had once, and not lost, whatever happens between.

use std::time::Duration;

use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::ReceivedView;
use wallet_core::{AnchorRole, Wallet};
use wallet_sandbox::spec::{DocumentType, OfferSpec};

use crate::line::{Fate, Moment};
use crate::town::{FarTown, empty, inside, no_orphan_keys, open, pin, refused};

/// How often something was asked for.
fn asked(far: &FarTown, end: &str) -> usize {
    let seen = far.line.seen();
    seen.iter().filter(|exchange| exchange.target.ends_with(end)).count()
}

/// Asks for everything promised until something of it is there. The issuer says when it may be asked, in real seconds.
async fn collected(wallet: &Wallet) -> Vec<ReceivedView> {
    loop {
        let arrived = wallet.collect(None).await.unwrap();
        let received: Vec<_> = arrived.into_iter().filter_map(|one| one.received).collect();
        if !received.is_empty() {
            return received;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Two documents of one offer, both for later; the second is lost on the line.
async fn half_promised(far: &FarTown, wallet: &Wallet) -> String {
    let both = OfferSpec {
        also: vec![DocumentType::ProofOfAgeSdJwt],
        deferred: Some(1),
        ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
    };
    let made = far.sandbox.offer(&both).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let mut times = 0;
    far.line.plan(move |when, exchange| {
        let credential = when == Moment::Asked && exchange.target.ends_with("/credential");
        times += usize::from(credential);
        if credential && times == 2 {
            Fate::Lost
        } else {
            Fate::Pass
        }
    });
    let outcome = wallet.accept_offer(&offer.id, Vec::new(), None).await;
    refused(outcome, ProblemCode::ServiceUnreachable, DataLeft::No);
    far.line.plan(|_, _| Fate::Pass);
    assert_eq!(wallet.promised().await.unwrap().len(), 1);
    made.uri
}

#[tokio::test]
async fn what_was_promised_before_the_rest_failed_is_promised_once() {
    let far = FarTown::new().await;
    let (folder, wallet) = empty().await;
    let link = half_promised(&far, &wallet).await;
    let first = wallet.promised().await.unwrap().remove(0).id;
    drop(wallet);
    let wallet = open(folder.path()).await;
    let offer = wallet.start_adding(&link).await.unwrap();
    let arrived = wallet.accept_offer(&offer.id, Vec::new(), None).await.unwrap();
    // The one that was there and the one that failed; the first was not asked for again.
    assert_eq!(arrived.pending.len(), 2);
    assert!(arrived.pending.iter().any(|promised| promised.id == first));
    assert_eq!(
        (asked(&far, "/credential"), wallet.promised().await.unwrap().len()),
        (3, 2)
    );
    while !wallet.promised().await.unwrap().is_empty() {
        for received in collected(&wallet).await {
            wallet.keep_received(&received.id, pin()).await.unwrap();
        }
    }
    assert_eq!(wallet.documents().await.unwrap().len(), 2);
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn what_was_promised_and_has_come_is_not_asked_for_again_either() {
    let far = FarTown::new().await;
    let (folder, wallet) = empty().await;
    let link = half_promised(&far, &wallet).await;
    for received in collected(&wallet).await {
        wallet.keep_received(&received.id, pin()).await.unwrap();
    }
    assert_eq!(wallet.documents().await.unwrap().len(), 1);
    let offer = wallet.start_adding(&link).await.unwrap();
    let arrived = wallet.accept_offer(&offer.id, Vec::new(), None).await.unwrap();
    assert_eq!((arrived.pending.len(), asked(&far, "/credential")), (1, 3));
    for received in collected(&wallet).await {
        wallet.keep_received(&received.id, pin()).await.unwrap();
    }
    let documents = wallet.documents().await.unwrap();
    let formats: std::collections::BTreeSet<&str> = documents.iter().map(|one| one.format.as_str()).collect();
    assert_eq!((documents.len(), formats.len()), (2, 2));
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn a_document_whose_issuer_cannot_be_looked_up_waits_and_is_not_lost() {
    let far = FarTown::new().await;
    for deferred in [None, Some(1)] {
        let (folder, wallet) = empty().await;
        let did = format!("did:web:localhost%3A{}:issuers:mod", far.line.port());
        wallet.add_anchor(&did, AnchorRole::Issuer).await.unwrap();
        let spec = OfferSpec {
            deferred,
            ..OfferSpec::of(DocumentType::VeteranCard)
        };
        far.line.lose(Moment::Asked, "/did.json");
        let (before, later_before) = (asked(&far, "/credential"), asked(&far, "/deferred"));
        let made = far.sandbox.offer(&spec).unwrap();
        let offer = wallet.start_adding(&made.uri).await.unwrap();
        let arrived = wallet.accept_offer(&offer.id, Vec::new(), None).await.unwrap();
        assert!(arrived.received.is_none() && arrived.pending.len() == 1);
        let problem = loop {
            match wallet.collect(None).await {
                Ok(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                Err(problem) => break problem,
            }
        };
        assert_eq!(problem.code, ProblemCode::ServiceUnreachable);
        // It is here, through a restart, and the issuer is not asked a second time for what it gives once.
        drop(wallet);
        let wallet = open(folder.path()).await;
        assert_eq!(wallet.promised().await.unwrap().len(), 1);
        let later = asked(&far, "/deferred");
        far.line.plan(|_, _| Fate::Pass);
        let received = collected(&wallet).await;
        assert_eq!(wallet.keep_received(&received[0].id, pin()).await.unwrap().len(), 1);
        assert_eq!(
            (asked(&far, "/credential") - before, asked(&far, "/deferred")),
            (1, later)
        );
        assert_eq!(later > later_before, deferred.is_some());
        assert!(wallet.promised().await.unwrap().is_empty());
        drop(wallet);
        no_orphan_keys(&inside(folder.path()));
    }
}
