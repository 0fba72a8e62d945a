//! The program killed at any point of `refresh`: the old copies are there whole, or the new ones are.

#![cfg(unix)]

use wallet_core::view::DocumentSummary;

use super::{give_away_in, have, plain};
use crate::kill::{End, killed_at, reached};
use crate::line::{Exchange, Moment};
use crate::program::command;
use crate::town::{FarTown, block_on, empty, holds, inside, no_orphan_keys, open};

fn went(line: &[Exchange], what: &str) -> Option<usize> {
    line.iter().position(|exchange| exchange.target.ends_with(what))
}

#[test]
fn refresh_survives_a_kill_before_and_after_every_message() {
    let far = block_on(FarTown::new());
    let (folder, had) = block_on(async {
        let (folder, wallet) = empty().await;
        let had: DocumentSummary = have(&wallet, &far.sandbox, &plain()).await;
        (folder, had)
    });
    let folder = folder.path();
    give_away_in(&inside(folder), &had.id, 9, 0);
    let mut most = 0;
    for at in [Moment::Asked, Moment::Answered] {
        // The same wallet all the time: it has to get over each kill to be ready for the next.
        for number in 1.. {
            let (end, line) = killed_at(&far.line, command(folder, &["refresh"]), at, number);
            let what = format!(
                "refresh, killed at {at:?} {number}: {}",
                line.last().map_or("", |last| last.target.as_str())
            );
            let finished = end == End::Finished(0) && line.len() < number;
            assert!(finished || reached(&line, at, number), "{what} ({end:?})");
            assert!(number < 30, "more messages than fresh copies need");
            block_on(async {
                let wallet = open(folder).await;
                let documents = wallet.documents().await.unwrap();
                assert_eq!(documents.len(), 1, "{what}");
                let found = (documents[0].copies, documents[0].copies_left);
                assert!([(10, 1), (10, 10)].contains(&found), "{what}: {found:?}");
                assert_eq!(
                    wallet.pending_received().await.unwrap().len(),
                    0,
                    "{what}: nothing new was said"
                );
                // What came whole and was followed by anything else had been written down: the issuer need not give it again.
                let credential = went(&line, "/credential");
                let written = credential.is_some_and(|credential| credential + 1 < line.len());
                let before = far.line.seen().len();
                let renewed = wallet.renew_document(&had.id, false).await.unwrap();
                assert_eq!(
                    (renewed.document.copies, renewed.document.copies_left),
                    (10, 10),
                    "{what}"
                );
                let since = far.line.seen().split_off(before);
                assert!(!written || went(&since, "/credential").is_none(), "{what}: asked twice");
                assert_eq!(wallet.document(&had.id).await.unwrap().claims.len(), 21, "{what}");
                // Nothing new was said: the history has the adding alone.
                assert_eq!(holds(wallet.verify_history().await), 1, "{what}");
            });
            let store = inside(folder);
            no_orphan_keys(&store);
            give_away_in(&store, &had.id, 9, 0);
            drop(store);
            if finished {
                most = most.max(line.len());
                break;
            }
        }
    }
    // Status, metadata, token, nonce, credential, status, notification: fewer would mean that this test kills at nothing.
    assert!(most >= 7, "{most}");
}
