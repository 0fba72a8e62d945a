//! Copies and where they come from: which can be matched with one another, how fresh ones are had, when an issuer is asked and
//! when it is not, and what the person is told of what changed.

mod kill;
mod schedule;

use std::path::Path;

use serde_json::{Value, json};
use wallet_core::Wallet;
use wallet_core::clock::{Clock, seconds};
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::store::{Store, StoreError};
use wallet_core::view::{ChangeView, ChoicesView, DocumentSummary, HistoryKind, ReceivedView};
use wallet_sandbox::spec::{
    Again, ClientAuthName, DialectName, DocumentType, EncryptionName, OfferFault, OfferSpec, ProofName, RequestSpec,
    ServiceName,
};
use wallet_sandbox::{Sandbox, SandboxConfig};

use crate::line::{Fate, Moment};
use crate::program::done;
use crate::town::{
    FarTown, add_offered, all_checks_well, ask, empty, history, holds, inside, learnt, no_orphan_keys, open, pin,
    refused, sandbox, say_yes, start,
};

/// A driving licence in ten copies.
fn plain() -> OfferSpec {
    OfferSpec {
        batch_size: Some(10),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    }
}

/// One that differs in this way when it is had anew.
fn licence(again: Again) -> OfferSpec {
    OfferSpec {
        again: Some(again),
        ..plain()
    }
}

fn fails_again(fault: OfferFault) -> OfferSpec {
    licence(Again {
        fault: Some(fault),
        ..Again::default()
    })
}

fn changed() -> OfferSpec {
    licence(Again {
        changed: true,
        ..Again::default()
    })
}

async fn have(wallet: &Wallet, sandbox: &Sandbox, spec: &OfferSpec) -> DocumentSummary {
    add_offered(wallet, &sandbox.offer(spec).unwrap()).await.remove(0)
}

/// Gives copies of a document of a closed wallet away, so many seconds ago.
fn give_away(folder: &Path, document: &str, copies: usize, ago: i64) {
    give_away_in(&inside(folder), document, copies, ago);
}

fn give_away_in(store: &Store, document: &str, copies: usize, ago: i64) {
    let at = seconds(Clock.now().as_second() - ago);
    store
        .write::<_, StoreError>(|transaction| {
            let unused = transaction.copies(document)?;
            unused
                .iter()
                .take(copies)
                .try_for_each(|copy| transaction.spend_copy(&copy.id, at))
        })
        .unwrap();
}

/// How many grants stand, and how many journeys of any kind.
fn standing(store: &Store) -> (usize, usize) {
    let journeys = store
        .read::<_, StoreError>(|transaction| transaction.journeys())
        .unwrap();
    let standing = journeys.iter().filter(|journey| journey.kind == "standing");
    (standing.count(), journeys.len())
}

/// Keys and credentials of the copies of a document.
fn copies(store: &Store, document: &str) -> Vec<(String, Vec<u8>)> {
    no_orphan_keys(store);
    let copies = store
        .read::<_, StoreError>(|transaction| transaction.copies(document))
        .unwrap();
    let parts = copies
        .into_iter()
        .map(|copy| (copy.holder_key.as_str().to_owned(), copy.credential));
    parts.collect()
}

/// Shares it with the surgery, which checks everything.
async fn share(wallet: &Wallet, sandbox: &Sandbox) {
    let request = ask(sandbox, ServiceName::GpRegistration);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    say_yes(wallet, &question, ChoicesView::default()).await.unwrap();
    all_checks_well(&learnt(sandbox, &request));
}

/// What changed, as "label: before → after".
fn said(changes: &[ChangeView]) -> Vec<String> {
    let text = |claim: &Option<wallet_core::view::ClaimView>| {
        claim
            .as_ref()
            .map_or_else(|| "–".to_owned(), |claim| claim.text.clone())
    };
    let said = changes
        .iter()
        .map(|change| format!("{}: {} → {}", change.label, text(&change.before), text(&change.after)));
    said.collect()
}

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

    let licence = have(&wallet, sandbox, &spec(None)).await;
    let seen = wallet.document(&licence.id).await.unwrap().summary;
    assert!(!licence.linkable && !seen.linkable && !said(&seen));
    let question = wallet.start_sharing(&ask().uri, false).await.unwrap();
    assert!(!question.asks[0].candidates[0].linkable);

    let alike = have(&wallet, sandbox, &spec(Some(OfferFault::SharedStatus))).await;
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
        let mut candidates = question.asks[0].candidates.iter();
        candidates.find(|candidate| candidate.document == id).unwrap()
    };
    assert!(candidate(&alike.id).linkable && !candidate(&licence.id).linkable);
}

/// In every form an issuer may have.
#[tokio::test]
async fn a_whole_batch_takes_the_place_of_the_old_copies() {
    let sandbox = start(SandboxConfig::new()).await;
    let forms = [
        plain(),
        OfferSpec { dpop: true, ..plain() },
        OfferSpec {
            client_auth: ClientAuthName::Attestation,
            encryption: Some(EncryptionName::Required),
            ..plain()
        },
        OfferSpec {
            haip: true,
            proof: ProofName::JwtWithAttestation,
            batch_size: Some(5),
            ..plain()
        },
        OfferSpec::of(DocumentType::NhsDetails),
        OfferSpec {
            dialect: Some(DialectName::GovUk),
            ..OfferSpec::of(DocumentType::DrivingLicence)
        },
    ];
    for (at, form) in forms.into_iter().enumerate() {
        let (folder, wallet) = empty().await;
        wallet
            .set_provider(&format!("{}/wallet-provider", sandbox.url()))
            .await
            .unwrap();
        let had = have(&wallet, &sandbox, &form).await;
        let before = wallet.document(&had.id).await.unwrap();
        assert!(
            before.fresh.kept && !before.fresh.ended && !before.fresh.waiting,
            "{at}"
        );
        let renewed = wallet.renew_document(&had.id, true).await.unwrap();
        assert!(
            renewed.fetched && renewed.received.is_none() && renewed.pending.is_empty(),
            "{at}"
        );
        assert_eq!(
            (renewed.document.copies, renewed.document.copies_left),
            (had.copies, had.copies),
            "{at}"
        );
        let after = wallet.document(&had.id).await.unwrap();
        assert_eq!(json!(after.claims), json!(before.claims), "{at}");
        assert_eq!(after.added_at, before.added_at, "{at}");
        assert!(after.fresh.kept && !after.summary.linkable, "{at}");
        assert_eq!(wallet.documents().await.unwrap().len(), 1, "{at}");
        // Nothing new was said, so there is nothing new in the history.
        assert_eq!(holds(wallet.verify_history().await), 1, "{at}");
        if had.type_id.ends_with(".mDL") && at < 4 {
            share(&wallet, &sandbox).await;
        }
        drop(wallet);
        // One grant, nothing that is still to be told, and a key for each copy.
        let store = inside(folder.path());
        assert_eq!(standing(&store), (1, 1), "{at}");
        no_orphan_keys(&store);
    }
}

#[tokio::test]
async fn nobody_is_asked_where_enough_is_left() {
    let far = FarTown::new().await;
    let (folder, wallet) = empty().await;
    let had = have(&wallet, &far.sandbox, &plain()).await;
    drop(wallet);
    give_away(folder.path(), &had.id, 7, 60);
    let wallet = open(folder.path()).await;
    let before = far.line.seen().len();
    let renewed = wallet.renew_document(&had.id, false).await.unwrap();
    assert!(!renewed.fetched);
    assert_eq!(renewed.document.copies_left, 3);
    assert_eq!(far.line.seen().len(), before);
    drop(wallet);
    give_away(folder.path(), &had.id, 1, 60);
    let wallet = open(folder.path()).await;
    let renewed = wallet.renew_document(&had.id, false).await.unwrap();
    assert!(renewed.fetched);
    assert_eq!(renewed.document.copies_left, 10);
    assert!(far.line.seen().len() > before);
}

/// Something new is listed, and replaces nothing before the person said so.
#[tokio::test]
async fn what_changed_is_listed_and_kept_only_with_a_yes() {
    let sandbox = start(SandboxConfig::new()).await;
    let (folder, wallet) = empty().await;
    let had = have(&wallet, &sandbox, &changed()).await;
    let before = wallet.document(&had.id).await.unwrap();
    let renewed = wallet.renew_document(&had.id, true).await.unwrap();
    assert!(!renewed.fetched);
    let received = renewed.received.expect("something new to check");
    let is_listed = |received: &ReceivedView| {
        let document = &received.documents[0];
        assert_eq!(document.replaces.as_ref(), Some(&had.id));
        assert!(!document.already_held);
        let said = said(&document.changes);
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(
            said[0].starts_with("Last name: ") && said[0].ends_with("-Newydd"),
            "{said:?}"
        );
        assert!(said[1].starts_with("Nationality: – → "), "{said:?}");
        assert!(
            said[2].starts_with("Place of birth: ") && said[2].ends_with(" → –"),
            "{said:?}"
        );
    };
    is_listed(&received);
    // Nothing here has changed, and asking again does not ask the issuer again.
    let meanwhile = wallet.document(&had.id).await.unwrap();
    assert_eq!(json!(meanwhile.claims), json!(before.claims));
    assert!(meanwhile.fresh.waiting);
    let again = wallet.renew_document(&had.id, true).await.unwrap().received.unwrap();
    assert_eq!(again.id, received.id);
    share(&wallet, &sandbox).await;
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));

    // A restart loses nothing; what the person says no to is not kept.
    let at_rest = crate::town::AtRest::of(folder.path());
    let wallet = open(folder.path()).await;
    let waiting = wallet.pending_received().await.unwrap();
    assert_eq!(waiting.len(), 1);
    is_listed(&waiting[0]);
    wallet.discard_received(&received.id).await.unwrap();
    let kept = wallet.document(&had.id).await.unwrap();
    assert_eq!(json!(kept.claims), json!(before.claims));
    assert!(!kept.fresh.waiting && kept.fresh.kept);
    assert_eq!(kept.summary.copies_left, 9);
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));

    // With a yes it is the same document, and says the new.
    let folder = at_rest.unpack();
    let wallet = open(folder.path()).await;
    let kept = wallet.keep_received(&received.id, pin()).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((&kept[0].id, kept[0].copies, kept[0].copies_left), (&had.id, 10, 10));
    let after = wallet.document(&had.id).await.unwrap();
    let name = after.claims.iter().find(|claim| claim.label == "Last name").unwrap();
    assert!(name.text.ends_with("-Newydd"), "{}", name.text);
    // Who has had it is still known.
    assert_eq!(after.shared.len(), 1);
    let newest = &history(&wallet).await[0];
    assert_eq!((newest.kind, newest.data_left), (HistoryKind::Renewed, DataLeft::No));
    assert_eq!(newest.document.as_ref(), Some(&had.id));
    share(&wallet, &sandbox).await;
    // The same again says nothing new.
    assert!(wallet.renew_document(&had.id, true).await.unwrap().fetched);
    drop(wallet);
    let store = inside(folder.path());
    assert_eq!(copies(&store, &had.id).len(), 10);
    assert_eq!(standing(&store), (1, 1));
}

#[tokio::test]
async fn what_is_not_as_promised_replaces_nothing() {
    use OfferFault as Fault;
    let sandbox = sandbox().await;
    for (fault, code) in [
        (Fault::WrongKey, ProblemCode::DocumentNotAsPromised),
        (Fault::WrongType, ProblemCode::DocumentNotAsPromised),
        (Fault::BadSignature, ProblemCode::DocumentNotAsPromised),
        (Fault::ExpiredDocument, ProblemCode::DocumentOutOfDate),
        (Fault::Error500OnCredential, ProblemCode::ServiceUnreachable),
        (Fault::DropConnectionOnCredential, ProblemCode::ServiceUnreachable),
    ] {
        let (folder, wallet) = empty().await;
        let had = have(&wallet, sandbox, &fails_again(fault)).await;
        drop(wallet);
        let mut before = copies(&inside(folder.path()), &had.id);
        before.sort();
        let wallet = open(folder.path()).await;
        refused(wallet.renew_document(&had.id, true).await, code, DataLeft::No);
        assert_eq!(wallet.pending_received().await.unwrap().len(), 0, "{fault:?}");
        let document = wallet.document(&had.id).await.unwrap();
        assert!(document.fresh.kept && !document.fresh.ended, "{fault:?}");
        share(&wallet, sandbox).await;
        drop(wallet);
        let store = inside(folder.path());
        let mut after = copies(&store, &had.id);
        after.sort();
        assert_eq!(after, before, "{fault:?}");
        assert_eq!(standing(&store), (1, 1), "{fault:?}");
    }
}

#[tokio::test]
async fn a_smaller_batch_is_a_batch() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = empty().await;
    let had = have(&wallet, sandbox, &fails_again(OfferFault::MissingCopy)).await;
    let renewed = wallet.renew_document(&had.id, true).await.unwrap();
    assert!(renewed.fetched);
    assert_eq!((renewed.document.copies, renewed.document.copies_left), (9, 9));
}

/// In both dialects: the person hears that the issuer gives no more, and where GOV.UK's has a page for it, which.
#[tokio::test]
async fn a_grant_that_ended_is_said_and_what_is_here_stays() {
    let sandbox = start(SandboxConfig::new()).await;
    for dialect in [None, Some(DialectName::GovUk)] {
        let (folder, wallet) = empty().await;
        let spec = OfferSpec {
            dialect,
            batch_size: None,
            ..fails_again(OfferFault::NoRefresh)
        };
        let had = have(&wallet, &sandbox, &spec).await;
        let problem = wallet.renew_document(&had.id, true).await;
        refused(problem, ProblemCode::CannotBeRenewed, DataLeft::No);
        let document = wallet.document(&had.id).await.unwrap();
        assert!(document.fresh.ended && !document.fresh.kept);
        let page = document.fresh.page.as_deref();
        assert_eq!(page.is_some(), dialect.is_some(), "{page:?}");
        assert!(page.is_none_or(|page| page.starts_with(sandbox.url())), "{page:?}");
        assert_eq!(document.summary.copies_left, had.copies_left);
        // Nothing is asked any more by itself.
        assert_eq!(wallet.keep_fresh().await.unwrap().again_in_s, None);
        drop(wallet);
        let store = inside(folder.path());
        let journeys = store
            .read::<_, StoreError>(|transaction| transaction.journeys())
            .unwrap();
        assert!(
            journeys.iter().all(|journey| journey.state["grant"].is_null()),
            "tokens and keys are forgotten"
        );
    }
}

#[tokio::test]
async fn without_a_refresh_token_nothing_stands_and_that_is_said_when_asked() {
    let sandbox = sandbox().await;
    let (folder, wallet) = empty().await;
    let spec = OfferSpec {
        fault: Some(OfferFault::NoRefreshToken),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let had = have(&wallet, sandbox, &spec).await;
    let fresh = wallet.document(&had.id).await.unwrap().fresh;
    assert!(!fresh.kept && !fresh.ended && fresh.page.is_none());
    assert!(!wallet.renew_document(&had.id, false).await.unwrap().fetched);
    refused(
        wallet.renew_document(&had.id, true).await,
        ProblemCode::CannotBeRenewed,
        DataLeft::No,
    );
    refused(
        wallet.renew_document("unknown", true).await,
        ProblemCode::NotFound,
        DataLeft::No,
    );
    drop(wallet);
    assert_eq!(standing(&inside(folder.path())), (0, 0));
}

/// The answer with the next refresh token gets lost: an issuer that takes the old one until the next is used gives again, and
/// one that does not is named.
#[tokio::test]
async fn an_answer_that_got_lost_costs_the_grant_only_where_the_issuer_is_strict() {
    let mut far = FarTown::new().await;
    for strict in [false, true] {
        let (folder, wallet) = empty().await;
        let spec = OfferSpec {
            fault: strict.then_some(OfferFault::RefreshTokenOnce),
            ..plain()
        };
        let had = have(&wallet, &far.sandbox, &spec).await;
        far.line.lose(Moment::Answered, "/token");
        refused(
            wallet.renew_document(&had.id, true).await,
            ProblemCode::ServiceUnreachable,
            DataLeft::No,
        );
        far.line.plan(|_, _| Fate::Pass);
        let renewed = wallet.renew_document(&had.id, true).await;
        if strict {
            refused(renewed, ProblemCode::CannotBeRenewed, DataLeft::No);
        } else {
            assert!(renewed.unwrap().fetched);
        }
        share(&wallet, &far.sandbox).await;
        drop(wallet);
        assert_eq!(copies(&inside(folder.path()), &had.id).len(), 10);
    }
    far.line.hang_up();
}

/// The documents of one offer share a refresh token that changes each time; each goes by itself, and the last takes it along.
#[tokio::test]
async fn documents_of_one_offer_share_their_grant_and_the_last_takes_it_along() {
    let sandbox = sandbox().await;
    let (folder, wallet) = empty().await;
    let spec = OfferSpec {
        also: vec![DocumentType::ProofOfAgeSdJwt],
        fault: Some(OfferFault::RefreshTokenOnce),
        again: Some(Again {
            fault: Some(OfferFault::RefreshTokenOnce),
            ..Again::default()
        }),
        ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
    };
    let had = add_offered(&wallet, &sandbox.offer(&spec).unwrap()).await;
    assert_eq!(had.len(), 2);
    for document in had.iter().chain(&had) {
        assert!(wallet.renew_document(&document.id, true).await.unwrap().fetched);
    }
    drop(wallet);
    assert_eq!(standing(&inside(folder.path())), (1, 1));
    let wallet = open(folder.path()).await;
    wallet.remove_document(&had[0].id, pin()).await.unwrap();
    assert!(wallet.renew_document(&had[1].id, true).await.unwrap().fetched);
    wallet.remove_document(&had[1].id, pin()).await.unwrap();
    drop(wallet);
    assert_eq!(standing(&inside(folder.path())), (0, 0));
    no_orphan_keys(&inside(folder.path()));
}

/// What came, or was promised, in the place of a document goes with it; nothing of it can come back.
#[tokio::test]
async fn a_document_that_is_removed_takes_along_what_came_in_its_place() {
    let sandbox = sandbox().await;
    let deferred = licence(Again {
        deferred: Some(9),
        ..Again::default()
    });
    for spec in [changed(), deferred] {
        let (folder, wallet) = empty().await;
        let had = have(&wallet, sandbox, &spec).await;
        let renewed = wallet.renew_document(&had.id, true).await.unwrap();
        assert!(renewed.received.is_some() || renewed.pending.len() == 1);
        wallet.remove_document(&had.id, pin()).await.unwrap();
        assert_eq!(wallet.pending_received().await.unwrap().len(), 0);
        assert_eq!(wallet.promised().await.unwrap().len(), 0);
        drop(wallet);
        let store = inside(folder.path());
        let left = store
            .read::<_, StoreError>(|transaction| transaction.journeys())
            .unwrap();
        assert!(left.is_empty());
        no_orphan_keys(&store);
    }
}

#[tokio::test]
async fn fresh_copies_may_come_later_and_survive_a_restart() {
    let sandbox = sandbox().await;
    let (folder, wallet) = empty().await;
    let spec = licence(Again {
        deferred: Some(1),
        ..Again::default()
    });
    let had = have(&wallet, sandbox, &spec).await;
    let renewed = wallet.renew_document(&had.id, true).await.unwrap();
    assert!(!renewed.fetched && renewed.pending.len() == 1);
    assert_eq!(renewed.document.copies_left, 10);
    drop(wallet);
    let old = copies(&inside(folder.path()), &had.id);
    let wallet = open(folder.path()).await;
    assert_eq!(wallet.promised().await.unwrap().len(), 1);
    // The issuer is asked for what it promised, not for another.
    let mut tries = 0;
    let renewed = loop {
        let renewed = wallet.renew_document(&had.id, true).await.unwrap();
        if renewed.pending.is_empty() {
            break renewed;
        }
        tries += 1;
        assert!(tries < 200, "it never came");
        // The issuer's own interval, in whole seconds.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert!(renewed.fetched && renewed.received.is_none());
    assert_eq!(wallet.documents().await.unwrap().len(), 1);
    drop(wallet);
    let store = inside(folder.path());
    let new = copies(&store, &had.id);
    assert_eq!(new.len(), 10);
    // Every key and every copy is a new one.
    assert!(
        new.iter()
            .all(|(key, text)| old.iter().all(|(k, t)| k != key && t != text))
    );
    assert_eq!(standing(&store), (1, 1));
}

/// The terminal says the same, and its JSON what the contract promises and more.
#[tokio::test]
async fn the_terminal_refreshes_says_what_changed_and_keeps_it() {
    let sandbox = start(SandboxConfig::new()).await;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    done(folder, &["init"]);
    let add = |spec: &OfferSpec| {
        let made = sandbox.offer(spec).unwrap();
        let id = done(folder, &["add", &made.uri])["documents"][0]["id"].clone();
        id.as_str().unwrap().to_owned()
    };
    let id = add(&changed());
    let row = |answer: &Value| answer["documents"][0].clone();
    let quiet = row(&done(folder, &["refresh", &id]));
    assert_eq!(
        (
            &quiet["status"],
            &quiet["copies_left"],
            &quiet["fetched"],
            &quiet["changes"]
        ),
        (&json!("valid"), &json!(10), &json!(false), &json!([]))
    );
    give_away(folder, &id, 9, 0);
    assert_eq!(done(folder, &["documents"])["documents"][0]["copies_left"], 1);
    let refreshed = row(&done(folder, &["refresh"]));
    assert_eq!(
        (&refreshed["copies_left"], &refreshed["fetched"]),
        (&json!(10), &json!(true))
    );
    let changes = refreshed["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 3);
    assert_eq!(changes[0]["label"], "Last name");
    assert!(changes[0]["after"].as_str().unwrap().ends_with("-Newydd"));
    assert_eq!(changes[2]["after"], Value::Null);
    let again = row(&done(folder, &["refresh", "--again", &id]));
    assert_eq!((&again["fetched"], &again["changes"]), (&json!(true), &json!([])));
    let fresh = &done(folder, &["document", &id])["document"]["fresh"];
    assert_eq!((&fresh["kept"], &fresh["waiting"]), (&json!(true), &json!(false)));
    let kinds: Vec<Value> = done(folder, &["history"])["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].clone())
        .collect();
    assert_eq!(kinds, ["renewed", "added"]);
}
