//! Add a document: every document, every way an offer comes, and everything that can be wrong with what arrives.

use std::collections::HashSet;
use std::sync::mpsc;

use serde_json::Value;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::store::StoreError;
use wallet_core::view::{AddingStep, DocumentState, HistoryKind, RecognitionView};
use wallet_core::{AnchorRole, TxCode, Wallet};
use wallet_sandbox::spec::{By, DocumentType, OfferFault, OfferSpec};

use crate::line::{Fate, Moment, body};
use crate::town::{
    FarTown, GetsOffered as _, add_offered, code, config, empty, history, holds, inside, no_orphan_keys, open, pin,
    refused, sandbox, wrong_pin,
};

/// Nothing is there of it: no document, nothing received, no entry in the history.
async fn nothing_came(wallet: &Wallet) {
    assert!(wallet.documents().await.unwrap().is_empty());
    assert!(wallet.pending_received().await.unwrap().is_empty());
    assert!(history(wallet).await.is_empty());
}

#[tokio::test]
async fn each_document_comes_by_value_and_by_reference_with_and_without_a_code() {
    let (folder, wallet) = empty().await;
    let sandbox = sandbox().await;
    let mut expected = 0;
    for name in DocumentType::ALL {
        let ways = [
            (By::Value, false),
            (By::Reference, true),
            (By::Value, true),
            (By::Reference, false),
        ];
        // Each of the four ways for some document, each document by value and by reference.
        let ways = if name == DocumentType::DrivingLicence {
            &ways[..]
        } else {
            &ways[..2]
        };
        for (by, with_code) in ways {
            let spec = OfferSpec {
                by: *by,
                tx_code: Some(*with_code),
                ..OfferSpec::of(name)
            };
            let made = sandbox.offer(&spec).unwrap();
            let offer = wallet.start_adding(&made.uri).await.unwrap();
            assert_eq!(offer.needs_code, *with_code);
            assert_eq!(offer.code.is_some(), *with_code);
            assert_eq!(offer.grant, "pre-authorized_code");
            assert_eq!(offer.documents.len(), 1);
            assert_eq!(offer.documents[0].configuration_id, name.as_str());
            assert!(offer.insecure, "plain http is said");
            let received = wallet.get_offered(&offer.id, Vec::new(), code(&made)).await.unwrap();
            // What the person checks, before anything is in the list.
            assert_eq!(received.issuer.recognition, RecognitionView::Recognised);
            assert!(!received.documents[0].claims.is_empty());
            assert_eq!(wallet.documents().await.unwrap().len(), expected);
            let kept = wallet.keep_received(&received.id, pin()).await.unwrap();
            expected += 1;
            assert_eq!(kept.len(), 1);
            assert_eq!(
                (kept[0].type_id.as_str(), kept[0].format.as_str()),
                (name.type_id().as_str(), name.format().as_str())
            );
            assert!(matches!(kept[0].status, DocumentState::Valid | DocumentState::Ending));
            assert!(kept[0].status_detail.checked_at.is_some(), "the issuer's list was read");
            assert!(kept[0].practice);
            assert_eq!(kept[0].copies, offer.documents[0].copies);
            assert_eq!(kept[0].copies_left, kept[0].copies);
            let copies = if name.as_str().starts_with("proof-of-age") {
                10
            } else {
                5
            };
            assert_eq!(kept[0].copies, copies);
            assert_eq!(wallet.documents().await.unwrap().len(), expected);
            assert!(wallet.pending_received().await.unwrap().is_empty());
        }
    }
    let entries = history(&wallet).await;
    assert_eq!(entries.len(), expected);
    assert!(
        entries
            .iter()
            .all(|entry| entry.kind == HistoryKind::Added && entry.data_left == DataLeft::No)
    );
    holds(wallet.verify_history().await);

    // Every copy of every document has a key of its own, and no two copies are the same bytes.
    drop(wallet);
    let store = inside(folder.path());
    let copies = store
        .read::<_, StoreError>(|transaction| {
            let documents = transaction.documents()?;
            documents
                .iter()
                .map(|document| transaction.copies(&document.id))
                .collect::<Result<Vec<_>, _>>()
        })
        .unwrap()
        .concat();
    let keys: HashSet<&str> = copies.iter().map(|copy| copy.holder_key.as_str()).collect();
    let credentials: HashSet<&[u8]> = copies.iter().map(|copy| copy.credential.as_slice()).collect();
    assert_eq!((keys.len(), credentials.len()), (copies.len(), copies.len()));
    // A place in the status list of its own too: the list does not tell two copies of one document.
    let places: HashSet<_> = copies.iter().map(|copy| copy.status.clone().unwrap()).collect();
    assert_eq!(places.len(), copies.len());
    no_orphan_keys(&store);
}

#[tokio::test]
async fn two_documents_of_one_offer_come_together_or_one_of_them() {
    let (folder, wallet) = empty().await;
    let both = OfferSpec {
        also: vec![DocumentType::ProofOfAgeSdJwt],
        ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
    };
    let kept = add_offered(&wallet, &sandbox().await.offer(&both).unwrap()).await;
    assert_eq!(kept.len(), 2);
    let made = sandbox().await.offer(&both).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let only = vec![DocumentType::ProofOfAgeSdJwt.as_str().to_owned()];
    let received = wallet.get_offered(&offer.id, only, None).await.unwrap();
    assert_eq!(received.documents.len(), 1);
    assert!(received.documents[0].already_held);
    wallet.keep_received(&received.id, pin()).await.unwrap();
    assert_eq!(wallet.documents().await.unwrap().len(), 3);
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn what_was_received_waits_through_a_restart_and_a_wrong_pin() {
    let (folder, wallet) = empty().await;
    let made = sandbox()
        .await
        .offer(&OfferSpec::of(DocumentType::DrivingLicence))
        .unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let received = wallet.get_offered(&offer.id, Vec::new(), None).await.unwrap();
    refused(
        wallet.keep_received(&received.id, wrong_pin()).await,
        ProblemCode::WrongPin,
        DataLeft::No,
    );
    assert!(wallet.documents().await.unwrap().is_empty());
    drop(wallet);

    let wallet = open(folder.path()).await;
    let waiting = wallet.pending_received().await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].id, received.id);
    // The same link leads there too, without another word to the issuer.
    let again = wallet.start_adding(&made.uri).await.unwrap();
    let again = wallet.get_offered(&again.id, Vec::new(), None).await.unwrap();
    assert_eq!(again.id, received.id);
    let kept = wallet.keep_received(&received.id, pin()).await.unwrap();
    assert_eq!((kept[0].copies_left, kept[0].copies), (5, 5));
    // Once.
    refused(
        wallet.keep_received(&received.id, pin()).await,
        ProblemCode::NotFound,
        DataLeft::No,
    );
    assert_eq!(wallet.documents().await.unwrap().len(), 1);
    let view = wallet.document(&kept[0].id).await.unwrap();
    assert!(view.claims.iter().any(|claim| claim.value == "Specimen"));
}

#[tokio::test]
async fn what_was_received_can_be_discarded() {
    let (folder, wallet) = empty().await;
    let made = sandbox()
        .await
        .offer(&OfferSpec::of(DocumentType::DrivingLicence))
        .unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let received = wallet.get_offered(&offer.id, Vec::new(), None).await.unwrap();
    wallet.discard_received(&received.id).await.unwrap();
    refused(
        wallet.discard_received(&received.id).await,
        ProblemCode::NotFound,
        DataLeft::No,
    );
    assert!(wallet.documents().await.unwrap().is_empty());
    assert!(wallet.pending_received().await.unwrap().is_empty());
    let entries = history(&wallet).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].kind, entries[0].data_left),
        (HistoryKind::Declined, DataLeft::No)
    );
    holds(wallet.verify_history().await);
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn a_wrong_code_can_be_corrected() {
    let (folder, wallet) = empty().await;
    let made = sandbox().await.offer(&OfferSpec::of(DocumentType::NhsDetails)).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let wrong = TxCode::new("000000".to_owned());
    refused(
        wallet.get_offered(&offer.id, Vec::new(), Some(wrong)).await,
        ProblemCode::WrongCode,
        DataLeft::No,
    );
    // None at all is a wrong code too.
    refused(
        wallet.get_offered(&offer.id, Vec::new(), None).await,
        ProblemCode::WrongCode,
        DataLeft::No,
    );
    nothing_came(&wallet).await;
    let received = wallet.get_offered(&offer.id, Vec::new(), code(&made)).await.unwrap();
    wallet.keep_received(&received.id, pin()).await.unwrap();
    assert_eq!(wallet.documents().await.unwrap().len(), 1);
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn three_wrong_codes_end_the_offer() {
    let (_folder, wallet) = empty().await;
    let made = sandbox().await.offer(&OfferSpec::of(DocumentType::NhsDetails)).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    for _ in 0..3 {
        let wrong = TxCode::new("000000".to_owned());
        refused(
            wallet.get_offered(&offer.id, Vec::new(), Some(wrong)).await,
            ProblemCode::WrongCode,
            DataLeft::No,
        );
    }
    // The issuer does not say whether the code is wrong or the offer over.
    wallet
        .get_offered(&offer.id, Vec::new(), code(&made))
        .await
        .unwrap_err();
    nothing_came(&wallet).await;
}

#[tokio::test]
async fn an_offer_that_has_ended_or_was_used_is_over() {
    let (_folder, wallet) = empty().await;
    let sandbox = sandbox().await;
    let ended = OfferSpec {
        expires_in: Some(0),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let used = sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let (_other_folder, other) = empty().await;
    add_offered(&other, &used).await;
    for made in [sandbox.offer(&ended).unwrap(), used] {
        let offer = wallet.start_adding(&made.uri).await.unwrap();
        refused(
            wallet.get_offered(&offer.id, Vec::new(), None).await,
            ProblemCode::LinkExpired,
            DataLeft::No,
        );
        nothing_came(&wallet).await;
    }
    let gone = format!(
        "openid-credential-offer://?credential_offer_uri={}/issuers/dvla/offers/none",
        sandbox.url()
    );
    refused(wallet.start_adding(&gone).await, ProblemCode::LinkExpired, DataLeft::No);
}

#[tokio::test]
async fn what_is_no_offer_is_not_understood() {
    let (_folder, wallet) = empty().await;
    for link in [
        "openid-credential-offer://",
        "openid-credential-offer://?credential_offer=%7B%7D",
        "https://example.org/",
        "",
    ] {
        refused(
            wallet.start_adding(link).await,
            ProblemCode::LinkNotUnderstood,
            DataLeft::No,
        );
    }
}

#[tokio::test]
async fn a_cancelled_offer_is_no_longer_open() {
    let (_folder, wallet) = empty().await;
    let made = sandbox()
        .await
        .offer(&OfferSpec::of(DocumentType::DrivingLicence))
        .unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    wallet.cancel_adding(&offer.id).await.unwrap();
    refused(
        wallet.get_offered(&offer.id, Vec::new(), None).await,
        ProblemCode::ConsentExpired,
        DataLeft::No,
    );
    // The link is as good as before.
    add_offered(&wallet, &made).await;
}

#[tokio::test]
async fn an_issuer_that_cannot_be_reached_is_named() {
    let (_folder, wallet) = empty().await;
    let mut far = FarTown::new().await;
    let made = far.sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let by_reference = OfferSpec {
        by: By::Reference,
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let by_reference = far.sandbox.offer(&by_reference).unwrap();
    let not_read = far.sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    far.line.hang_up();
    refused(
        wallet.get_offered(&offer.id, Vec::new(), None).await,
        ProblemCode::ServiceUnreachable,
        DataLeft::No,
    );
    refused(
        wallet.start_adding(&not_read.uri).await,
        ProblemCode::ServiceUnreachable,
        DataLeft::No,
    );
    refused(
        wallet.start_adding(&by_reference.uri).await,
        ProblemCode::ServiceUnreachable,
        DataLeft::No,
    );
    nothing_came(&wallet).await;
}

#[tokio::test]
async fn the_line_may_break_anywhere_and_nothing_half_is_kept() {
    let (folder, wallet) = empty().await;
    let far = FarTown::new().await;
    for part in ["/.well-known/", "/token", "/nonce", "/credential"] {
        for when in [Moment::Asked, Moment::Answered] {
            far.line.lose(when, part);
            let made = far.sandbox.offer(&OfferSpec::of(DocumentType::ProofOfAgeMdoc)).unwrap();
            let outcome = match wallet.start_adding(&made.uri).await {
                Ok(offer) => wallet.get_offered(&offer.id, Vec::new(), None).await.map(drop),
                Err(problem) => Err(problem),
            };
            refused(outcome, ProblemCode::ServiceUnreachable, DataLeft::No);
            nothing_came(&wallet).await;
        }
    }
    // The status list and the notification are not worth a document.
    for part in ["/status/", "/notification"] {
        far.line.lose(Moment::Asked, part);
        let made = far.sandbox.offer(&OfferSpec::of(DocumentType::ProofOfAgeMdoc)).unwrap();
        let kept = add_offered(&wallet, &made).await;
        let checked = kept[0].status_detail.checked_at.is_some();
        assert_eq!(checked, part == "/notification");
        if !checked {
            assert_eq!(kept[0].status, DocumentState::NotChecked);
            far.line.plan(|_, _| crate::line::Fate::Pass);
            let checked = wallet.check_document(&kept[0].id).await.unwrap();
            assert!(checked.status_detail.checked_at.is_some());
        }
    }
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn what_arrives_and_is_not_as_promised_is_not_kept() {
    use OfferFault as Fault;
    let (folder, wallet) = empty().await;
    let sandbox = sandbox().await;
    for name in [DocumentType::ProofOfAgeMdoc, DocumentType::ProofOfAgeSdJwt] {
        for (fault, code) in [
            (Fault::BadSignature, ProblemCode::DocumentNotAsPromised),
            (Fault::WrongKey, ProblemCode::DocumentNotAsPromised),
            (Fault::WrongType, ProblemCode::DocumentNotAsPromised),
            (Fault::ExpiredDocument, ProblemCode::DocumentOutOfDate),
            (Fault::InvalidNonceAlways, ProblemCode::IssuerRefused),
            (Fault::Error500OnToken, ProblemCode::ServiceUnreachable),
            (Fault::Error500OnCredential, ProblemCode::ServiceUnreachable),
            (Fault::DropConnectionOnCredential, ProblemCode::ServiceUnreachable),
            (Fault::NotJson, ProblemCode::DocumentNotAsPromised),
        ] {
            let made = sandbox
                .offer(&OfferSpec {
                    fault: Some(fault),
                    ..OfferSpec::of(name)
                })
                .unwrap();
            let offer = wallet.start_adding(&made.uri).await.unwrap();
            let outcome = wallet.get_offered(&offer.id, Vec::new(), None).await;
            assert_eq!(
                outcome.as_ref().err().map(|problem| problem.code),
                Some(code),
                "{name:?} {fault:?} {outcome:?}"
            );
            refused(outcome, code, DataLeft::No);
            nothing_came(&wallet).await;
        }
    }
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn what_is_unusual_and_legal_is_kept() {
    use OfferFault as Fault;
    let (folder, wallet) = empty().await;
    for name in [DocumentType::ProofOfAgeMdoc, DocumentType::ProofOfAgeSdJwt] {
        for (fault, copies) in [
            (Fault::InvalidNonceOnce, 10),
            (Fault::ReverseOrder, 10),
            (Fault::MissingCopy, 9),
        ] {
            let made = sandbox()
                .await
                .offer(&OfferSpec {
                    fault: Some(fault),
                    ..OfferSpec::of(name)
                })
                .unwrap();
            let kept = add_offered(&wallet, &made).await;
            assert_eq!(kept[0].copies, copies, "{fault:?}");
        }
    }
    drop(wallet);
    // The key of the copy that did not come is forgotten.
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn one_spoilt_copy_among_good_ones_spoils_the_batch() {
    let (folder, wallet) = empty().await;
    let far = FarTown::new().await;
    far.line.change("/credential", |body| {
        let mut answer: Value = serde_json::from_slice(body).unwrap();
        let last = answer["credentials"].as_array_mut().unwrap().last_mut().unwrap();
        let text = last["credential"].as_str().unwrap();
        // Another signature at the end of the signed part.
        let end = text.find('~').unwrap();
        let other = if text.as_bytes()[end - 10] == b'A' { "B" } else { "A" };
        last["credential"] = format!("{}{other}{}", &text[..end - 10], &text[end - 9..]).into();
        answer.to_string().into_bytes()
    });
    let made = far
        .sandbox
        .offer(&OfferSpec::of(DocumentType::ProofOfAgeSdJwt))
        .unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let outcome = wallet.get_offered(&offer.id, Vec::new(), None).await;
    refused(outcome, ProblemCode::DocumentNotAsPromised, DataLeft::No);
    nothing_came(&wallet).await;
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn the_issuer_hears_what_became_of_it() {
    let (_folder, wallet) = empty().await;
    let far = FarTown::new().await;
    let notified = || -> Vec<Value> {
        let seen = far.line.seen();
        let notes = seen.iter().filter(|exchange| exchange.target.contains("/notification"));
        notes
            .map(|exchange| serde_json::from_slice::<Value>(&exchange.body).unwrap()["event"].clone())
            .collect()
    };
    let made = far.sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    add_offered(&wallet, &made).await;
    assert_eq!(notified(), ["credential_accepted"]);
    let made = far.sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let received = wallet.get_offered(&offer.id, Vec::new(), None).await.unwrap();
    wallet.discard_received(&received.id).await.unwrap();
    assert_eq!(notified(), ["credential_accepted", "credential_deleted"]);
    let bad = OfferSpec {
        fault: Some(OfferFault::BadSignature),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let made = far.sandbox.offer(&bad).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    wallet.get_offered(&offer.id, Vec::new(), None).await.unwrap_err();
    assert_eq!(
        notified(),
        ["credential_accepted", "credential_deleted", "credential_failure"]
    );
    // Every one was answered well: no content.
    let seen = far.line.seen();
    let answers = seen.iter().filter(|exchange| exchange.target.contains("/notification"));
    assert!(
        answers
            .into_iter()
            .all(|exchange| exchange.answer.starts_with(b"HTTP/1.1 204") && body(&exchange.answer).is_empty())
    );
}

#[tokio::test]
async fn a_real_wallet_takes_nothing_from_the_practice_issuers_and_not_their_root() {
    let folder = tempfile::tempdir().unwrap();
    let real = wallet_core::WalletConfig {
        practice: false,
        ..config(folder.path())
    };
    let wallet = Wallet::open(real).await.unwrap();
    wallet.init(pin()).await.unwrap();
    let sandbox = sandbox().await;
    for name in [DocumentType::DrivingLicence, DocumentType::NhsDetails] {
        let made = sandbox.offer(&OfferSpec::of(name)).unwrap();
        let offer = wallet.start_adding(&made.uri).await.unwrap();
        assert_eq!(offer.issuer.recognition, RecognitionView::NotListed);
        let outcome = wallet.get_offered(&offer.id, Vec::new(), code(&made)).await;
        refused(outcome, ProblemCode::IssuerNotRecognised, DataLeft::No);
        nothing_came(&wallet).await;
    }
    let certificate = |name: &str| {
        let answer = crate::program::http(
            sandbox.port(),
            sandbox.url(),
            &format!("GET /certificates/{name}"),
            "text/plain",
            b"",
        );
        answer[answer.find("-----BEGIN").unwrap()..].to_owned()
    };
    // Every practice key is published: neither the root nor an authority under or beside it may enter, in no role.
    let names = [
        "root",
        "dvla",
        "home-office",
        "age",
        "nhs",
        "status",
        "services",
        "stranger",
        "list-signer",
        "verifier-attester",
    ];
    for name in names {
        for role in [
            AnchorRole::Issuer,
            AnchorRole::Service,
            AnchorRole::Status,
            AnchorRole::VerifierAttestation,
        ] {
            let outcome = wallet.add_anchor(&certificate(&format!("{name}.pem")), role).await;
            refused(outcome, ProblemCode::IssuerNotRecognised, DataLeft::No);
        }
    }
    refused(
        wallet.add_anchor("not a certificate", AnchorRole::Issuer).await,
        ProblemCode::LinkNotUnderstood,
        DataLeft::No,
    );
    // Who vouches for services signs with certificates.
    refused(
        wallet
            .add_anchor("did:example:attester", AnchorRole::VerifierAttestation)
            .await,
        ProblemCode::LinkNotUnderstood,
        DataLeft::No,
    );
    assert!(wallet.anchors().await.unwrap().is_empty());
}

#[tokio::test]
async fn every_step_of_fetching_is_told_once_for_each_document() {
    let (_folder, wallet) = empty().await;
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let hears = std::sync::Arc::clone(&heard);
    wallet.on_adding_progress(std::sync::Arc::new(move |done| {
        hears.lock().unwrap().push((done.step, done.document, done.documents));
    }));
    let made = sandbox()
        .await
        .offer(&OfferSpec::of(DocumentType::DrivingLicence))
        .unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    wallet.get_offered(&offer.id, Vec::new(), None).await.unwrap();
    let steps = [
        AddingStep::Asked,
        AddingStep::KeysMade,
        AddingStep::Received,
        AddingStep::Checked,
    ];
    assert_eq!(*heard.lock().unwrap(), steps.map(|step| (step, 1, 1)));
}

/// Holds every message with this in its path on the line, tells that one is there, and waits until it may go on.
fn hold(far: &FarTown, when: Moment, part: &'static str) -> (tokio::sync::oneshot::Receiver<()>, mpsc::Sender<()>) {
    let (there, hears) = tokio::sync::oneshot::channel();
    let (go_on, waits) = mpsc::channel();
    let mut there = Some(there);
    far.line.plan(move |moment, exchange| {
        if moment == when
            && exchange.target.contains(part)
            && let Some(there) = there.take()
        {
            there.send(()).unwrap();
            waits.recv().unwrap();
        }
        Fate::Pass
    });
    (hears, go_on)
}

#[tokio::test]
async fn stopped_before_the_document_is_here_nothing_is_added_and_the_link_goes_on() {
    let far = FarTown::new().await;
    for (when, part) in [
        (Moment::Asked, "/token"),
        (Moment::Asked, "/nonce"),
        (Moment::Asked, "/credential"),
        (Moment::Answered, "/credential"),
    ] {
        let (folder, wallet) = empty().await;
        let made = far.sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
        let offer = wallet.start_adding(&made.uri).await.unwrap();
        let (there, go_on) = hold(&far, when, part);
        let accepting = wallet.get_offered(&offer.id, Vec::new(), None);
        let stopping = async {
            there.await.unwrap();
            wallet.cancel_adding(&offer.id).await.unwrap();
        };
        let (outcome, ()) = tokio::join!(accepting, stopping);
        go_on.send(()).unwrap();
        refused(outcome, ProblemCode::Stopped, DataLeft::No);
        nothing_came(&wallet).await;
        if part != "/token" {
            // The code is spent and its token kept: the same link brings the document after all.
            let offer = wallet.start_adding(&made.uri).await.unwrap();
            let received = wallet.get_offered(&offer.id, Vec::new(), None).await.unwrap();
            wallet.keep_received(&received.id, pin()).await.unwrap();
            assert_eq!(wallet.documents().await.unwrap().len(), 1, "{part}");
        }
        drop(wallet);
        no_orphan_keys(&inside(folder.path()));
    }
}

#[tokio::test]
async fn stopped_when_the_document_is_here_it_is_asked_about() {
    let far = FarTown::new().await;
    let (_folder, wallet) = empty().await;
    let made = far.sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    // What comes after the document: whether it is still good.
    let (there, go_on) = hold(&far, Moment::Asked, "/status");
    let accepting = wallet.get_offered(&offer.id, Vec::new(), None);
    let stopping = async {
        there.await.unwrap();
        wallet.cancel_adding(&offer.id).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(accepting, stopping);
    go_on.send(()).unwrap();
    let received = outcome.unwrap();
    let kept = wallet.keep_received(&received.id, pin()).await.unwrap();
    assert_eq!(kept.len(), 1);
}
