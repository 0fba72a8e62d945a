//! When issuers are asked: at appointments, never by sharing.

use std::path::Path;

use serde_json::json;
use wallet_core::clock::Clock;
use wallet_core::store::StoreError;
use wallet_core::{Client, Wallet, WalletConfig};
use wallet_sandbox::spec::ServiceName;

use super::{copies, give_away, have, plain, share};
use crate::town::{AtRest, FarTown, ask, config, empty, inside, open, pin};

const DAY: i64 = 24 * 60 * 60;

/// Lets days pass for what was granted to a closed wallet: its appointments come.
fn days_later(folder: &Path, days: i64) {
    inside(folder)
        .write::<_, StoreError>(|transaction| {
            for mut journey in transaction.journeys()? {
                if journey.kind == "standing" {
                    for fresh in journey.state["documents"].as_array_mut().unwrap() {
                        for time in ["/calendar/since", "/fetched"] {
                            let time = fresh.pointer_mut(time).unwrap();
                            *time = json!(time.as_i64().unwrap() - days * DAY);
                        }
                    }
                    transaction.put_journey(&journey.id, &journey.kind, &journey.state, Clock.now())?;
                }
            }
            Ok(())
        })
        .unwrap();
}

/// However often something is shared, and whatever has become due: no issuer hears of it.
#[tokio::test]
async fn sharing_never_asks_the_issuer() {
    let far = FarTown::new().await;
    let (folder, wallet) = empty().await;
    let had = have(&wallet, &far.sandbox, &plain()).await;
    drop(wallet);
    days_later(folder.path(), 3);
    let wallet = open(folder.path()).await;
    let before = far.line.seen().len();
    for left in (0..10).rev() {
        share(&wallet, &far.sandbox).await;
        assert_eq!(wallet.documents().await.unwrap()[0].copies_left, left);
        // The appointment that has come finds the document as it was then: with enough copies.
        let upkeep = wallet.keep_fresh().await.unwrap();
        assert!(!upkeep.changed);
        assert!(upkeep.again_in_s.is_some());
    }
    // And used up, it can be shared on.
    share(&wallet, &far.sandbox).await;
    let seen = far.line.seen().split_off(before);
    assert!(seen.len() >= 22, "{}", seen.len());
    let elsewhere: Vec<_> = seen
        .iter()
        .filter(|exchange| !exchange.target.contains("/services/"))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    drop(wallet);
    assert_eq!(copies(&inside(folder.path()), &had.id).len(), 10);
}

/// The app's run-time moves its commands between threads.
fn on_any_thread<T: Send>(work: T) -> T {
    work
}

#[tokio::test]
async fn an_appointment_finds_the_document_as_it_was_then() {
    let far = FarTown::new().await;
    let messages = || far.line.seen().len();
    let (folder, wallet) = empty().await;
    let had = have(&wallet, &far.sandbox, &plain()).await;
    // Just had: no appointment yet.
    let before = messages();
    let upkeep = on_any_thread(wallet.keep_fresh()).await.unwrap();
    assert!(!upkeep.changed && upkeep.again_in_s.is_some_and(|wait| wait > 0));
    drop(wallet);
    let just_had = AtRest::of(folder.path());

    // Given away since the last appointment: not looked at yet.
    days_later(folder.path(), 5);
    give_away(folder.path(), &had.id, 8, 0);
    let wallet = open(folder.path()).await;
    assert!(!wallet.keep_fresh().await.unwrap().changed);
    assert_eq!(messages(), before);
    drop(wallet);

    // Before it: few are left, and that waits while the wallet is used to share.
    let folder = just_had.unpack();
    days_later(folder.path(), 5);
    give_away(folder.path(), &had.id, 8, 3 * DAY);
    let wallet = open(folder.path()).await;
    share(&wallet, &far.sandbox).await;
    let before = messages();
    assert!(!wallet.keep_fresh().await.unwrap().changed);
    assert_eq!(messages(), before);
    drop(wallet);
    let wallet = open(folder.path()).await;
    assert!(wallet.keep_fresh().await.unwrap().changed);
    assert_eq!(wallet.documents().await.unwrap()[0].copies_left, 10);
    assert!(messages() > before);
    // Kept: not again before the next.
    let before = messages();
    assert!(!wallet.keep_fresh().await.unwrap().changed);
    assert_eq!(messages(), before);
    drop(wallet);

    // With none left it is urgent, and done though something was shared meanwhile.
    give_away(folder.path(), &had.id, 10, 3 * DAY);
    days_later(folder.path(), 5);
    let wallet = open(folder.path()).await;
    share(&wallet, &far.sandbox).await;
    assert!(wallet.keep_fresh().await.unwrap().changed);
    assert_eq!(wallet.documents().await.unwrap()[0].copies_left, 10);
}

#[tokio::test]
async fn the_app_lets_time_pass_before_it_asks_and_asks_nothing_while_a_question_is_open() {
    let far = FarTown::new().await;
    let (folder, wallet) = empty().await;
    have(&wallet, &far.sandbox, &plain()).await;
    drop(wallet);
    days_later(folder.path(), 5);
    let before = far.line.seen().len();
    let app = WalletConfig {
        client: Client::App,
        ..config(folder.path())
    };
    let wallet = open_as(app).await;
    let upkeep = wallet.keep_fresh().await.unwrap();
    assert!(
        !upkeep.changed && upkeep.again_in_s.is_some_and(|wait| (25..=240).contains(&wait)),
        "{upkeep:?}"
    );
    drop(wallet);
    assert_eq!(far.line.seen().len(), before);
    // A wallet with nothing to keep fresh has nothing to come back for.
    let (folder, wallet) = empty().await;
    assert_eq!(wallet.keep_fresh().await.unwrap().again_in_s, None);
    drop(wallet);
    let app = WalletConfig {
        client: Client::App,
        ..config(folder.path())
    };
    assert_eq!(open_as(app).await.keep_fresh().await.unwrap().again_in_s, None);

    let (folder, wallet) = empty().await;
    let had = have(&wallet, &far.sandbox, &plain()).await;
    drop(wallet);
    give_away(folder.path(), &had.id, 10, 4 * DAY);
    days_later(folder.path(), 5);
    let wallet = open(folder.path()).await;
    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    wallet.start_sharing(&request.uri, false).await.unwrap();
    let before = far.line.seen().len();
    let upkeep = wallet.keep_fresh().await.unwrap();
    assert!(!upkeep.changed && upkeep.again_in_s.is_some_and(|wait| wait > 0));
    assert_eq!(far.line.seen().len(), before);
}

async fn open_as(config: WalletConfig) -> Wallet {
    let wallet = Wallet::open(config).await.unwrap();
    wallet.unlock(pin()).await.unwrap();
    wallet
}
