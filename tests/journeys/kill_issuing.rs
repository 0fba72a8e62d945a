//! The program killed at any message of the longer ways to a document: signing in at an issuer that wants attested wallets and
//! encrypted messages, attested keys, an issuer that must be looked up, and collecting what was promised. Afterwards the document is there, whole and once, or it is not and the
//! link says why; nothing half is left, and what the issuer is to be told is told in the end.

#![cfg(unix)]

use std::path::Path;

use serde_json::Value;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::DocumentSummary;
use wallet_core::{AnchorRole, Wallet};
use wallet_sandbox::spec::{ClientAuthName, DocumentType, EncryptionName, MadeOffer, OfferSpec, ProofName};

use crate::issuance::{signing_in, with_browser, with_provider};
use crate::kill::{End, killed_at, reached};
use crate::line::{Exchange, MOMENTS, Moment};
use crate::program::{command, done};
use crate::town::{AtRest, FarTown, block_on, empty_at_rest, holds, inside, no_orphan_keys, open, pin};

/// A wallet with the wallet provider of this town, and somebody who believes its Ministry of Defence, at rest.
async fn at_home_at_rest(far: &FarTown) -> AtRest {
    let folder = empty_at_rest().await.unpack();
    let wallet = open(folder.path()).await;
    with_provider(&wallet, &far.sandbox).await;
    let veterans = format!("did:web:localhost%3A{}:issuers:mod", far.line.port());
    wallet.add_anchor(&veterans, AnchorRole::Issuer).await.unwrap();
    drop(wallet);
    AtRest::of(folder.path())
}

fn position(line: &[Exchange], end: &str) -> Option<usize> {
    line.iter().rposition(|exchange| exchange.target.ends_with(end))
}

/// Whether a message of this kind was the last of all: what it brought may not have been written down.
fn ended_with(line: &[Exchange], end: &str) -> bool {
    position(line, end).is_some_and(|at| at + 1 == line.len())
}

/// What is there is kept, what is promised is fetched, and if neither is, the link is opened again.
async fn brought_to_its_end(wallet: &Wallet, made: &MadeOffer, line: &[Exchange], what: &str) {
    let _opened = with_browser(wallet, "yes");
    let waiting = wallet.pending_received().await.unwrap();
    let promised = wallet.promised().await.unwrap();
    let there = wallet.documents().await.unwrap();
    assert!(
        waiting.len() + promised.len() + there.len() <= 1,
        "{what}: more than one of it"
    );
    if there.is_empty() && waiting.is_empty() && promised.is_empty() {
        let offer = wallet.start_adding(&made.uri).await.unwrap();
        match wallet.accept_offer(&offer.id, Vec::new(), None).await {
            Ok(arrived) => assert_eq!(
                arrived.pending.len() + usize::from(arrived.received.is_some()),
                1,
                "{what}"
            ),
            Err(problem) => {
                // Only what the issuer gives once, and may have given when the program was killed, is gone, and that is said.
                assert!(ended_with(line, "/token"), "{what}: {problem:?}");
                assert_eq!(problem.data_left, DataLeft::No);
                assert!(
                    matches!(problem.code, ProblemCode::LinkExpired | ProblemCode::IssuerRefused),
                    "{what}: {problem:?}"
                );
            }
        }
    }
    while !wallet.promised().await.unwrap().is_empty() {
        match wallet.collect(None).await {
            // When it may be asked again is said in real seconds.
            Ok(_) => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
            Err(problem) => {
                assert!(ended_with(line, "/deferred"), "{what}: {problem:?}");
                assert_eq!(
                    (problem.code, problem.data_left),
                    (ProblemCode::IssuerRefused, DataLeft::No)
                );
            }
        }
    }
    for received in wallet.pending_received().await.unwrap() {
        wallet.keep_received(&received.id, pin()).await.unwrap();
    }
}

/// Whole and once, or not at all; and who issued it has heard.
fn sound(far: &FarTown, folder: &Path, made: &MadeOffer, line: &[Exchange], copies: u32, what: &str) {
    let kept: Vec<DocumentSummary> = block_on(async {
        let wallet = open(folder).await;
        brought_to_its_end(&wallet, made, line, what).await;
        // What is still to be told is told with whatever comes next.
        wallet.collect(None).await.unwrap();
        let kept = wallet.documents().await.unwrap();
        assert_eq!(holds(wallet.verify_history().await) as usize, kept.len(), "{what}");
        for document in &kept {
            assert_eq!((document.copies, document.copies_left), (copies, copies), "{what}");
            assert!(
                !wallet.document(&document.id).await.unwrap().claims.is_empty(),
                "{what}"
            );
        }
        kept
    });
    assert!(kept.len() <= 1, "{what}: twice");
    let seen = far.line.seen();
    let last = seen.iter().rfind(|exchange| exchange.target.ends_with("/notification"));
    if !kept.is_empty() {
        let last = last.expect("the issuer is told");
        assert_eq!(last.status(), 204, "{what}");
        let told: Value = serde_json::from_slice(&last.body).unwrap();
        assert_eq!(told["event"], "credential_accepted", "{what}");
    }
    let store = inside(folder);
    no_orphan_keys(&store);
}

/// Kills an `add` at this moment of each of its messages; how many there are.
fn killed_while_adding(far: &FarTown, at: Moment, spec: &OfferSpec, copies: u32) -> usize {
    let at_rest = block_on(at_home_at_rest(far));
    for number in 1.. {
        let folder = at_rest.unpack();
        let made = far.sandbox.offer(spec).unwrap();
        let add = command(folder.path(), &["add", &made.uri]);
        let (end, line) = killed_at(&far.line, add, at, number);
        if end == End::Finished(0) && line.len() < number {
            return line.len();
        }
        assert!(number < 60, "more messages than a document needs");
        let last = line.last().map_or("", |last| last.target.as_str());
        let what = format!("add, killed at {at:?} {number}: {last}");
        assert!(reached(&line, at, number), "{what} ({end:?})");
        sound(far, folder.path(), &made, &line, copies, &what);
    }
    unreachable!()
}

#[test]
fn signing_in_attested_and_encrypted_survives_a_kill_after_every_message() {
    let far = block_on(FarTown::new());
    let spec = OfferSpec {
        haip: true,
        encryption: Some(EncryptionName::Required),
        batch_size: Some(2),
        ..signing_in(DocumentType::ProofOfAgeSdJwt)
    };
    let messages = killed_while_adding(&far, Moment::Answered, &spec, 2);
    // Metadata, provider, challenge, push, page, decision, token, nonce, credential, status, notification: fewer would mean that
    // this test kills at nothing.
    assert!(messages >= 14, "{messages}");
}

#[test]
fn attested_keys_and_a_batch_survive_a_kill_before_every_message() {
    let far = block_on(FarTown::new());
    let spec = OfferSpec {
        client_auth: ClientAuthName::Attestation,
        proof: ProofName::Attestation,
        batch_size: Some(3),
        ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
    };
    let messages = killed_while_adding(&far, Moment::Asked, &spec, 3);
    assert!(messages >= 12, "{messages}");
}

#[test]
fn a_document_whose_issuer_is_looked_up_survives_a_kill_after_every_message() {
    let far = block_on(FarTown::new());
    let spec = OfferSpec::of(DocumentType::VeteranCard);
    let copies = block_on(async {
        let (_folder, wallet) = crate::town::empty().await;
        let made = far.sandbox.offer(&spec).unwrap();
        wallet.start_adding(&made.uri).await.unwrap().documents[0].copies
    });
    // The document itself, and the one with its issuer's key.
    assert!(killed_while_adding(&far, Moment::Answered, &spec, copies) >= 7);
}

#[test]
fn collecting_what_was_promised_survives_a_kill_before_and_after_every_message() {
    let far = block_on(FarTown::new());
    let at_rest = block_on(empty_at_rest());
    let spec = OfferSpec {
        deferred: Some(0),
        encryption: Some(EncryptionName::Required),
        batch_size: Some(2),
        ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
    };
    let mut most = 0;
    for at in MOMENTS {
        for number in 1.. {
            let folder = at_rest.unpack();
            let made = far.sandbox.offer(&spec).unwrap();
            let promised = done(folder.path(), &["add", &made.uri]);
            assert_eq!(promised["pending"].as_array().unwrap().len(), 1, "{promised}");
            // Not before the issuer wants to be asked.
            let wait = promised["pending"][0]["poll_after_s"].as_u64().unwrap();
            std::thread::sleep(std::time::Duration::from_secs(wait));
            let (end, line) = killed_at(&far.line, command(folder.path(), &["collect"]), at, number);
            if end == End::Finished(0) && line.len() < number {
                most = most.max(line.len());
                break;
            }
            assert!(number < 20, "more messages than a promise needs");
            let last = line.last().map_or("", |last| last.target.as_str());
            let what = format!("collect, killed at {at:?} {number}: {last}");
            assert!(reached(&line, at, number), "{what} ({end:?})");
            sound(&far, folder.path(), &made, &line, 2, &what);
        }
    }
    // The document, its status, the notification.
    assert!(most >= 3, "{most}");
}
