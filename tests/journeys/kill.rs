//! The program killed at any point of `add` and `share`: the store opens, the history tells the truth, nothing is lost.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{ChoicesView, HistoryKind};
use wallet_sandbox::spec::{DocumentType, MadeOffer, MadeRequest, OfferSpec, ServiceName};

use crate::issuance::sign_in;
use crate::line::{Exchange, Fate, Line, MOMENTS, Moment};
use crate::program::{command, spawn};
use crate::town::{
    FarTown, GetsOffered as _, add, all_checks_well, ask, block_on, code, empty_at_rest, furnished_at_rest, history,
    holds, inside, knows_nothing, learnt, no_orphan_keys, open, pin, refused, say_yes,
};

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// By itself, with this exit code.
    Finished(i32),
    /// It was killed.
    Killed,
}

/// Runs a command to its end, however it comes. `armed` is given the way to kill it, before it runs. A page it names to sign in
/// at is gone to, by somebody who says yes.
fn run_to_its_end(mut command: Command, armed: impl FnOnce(Arc<Mutex<Option<Child>>>)) -> End {
    let slot = Arc::new(Mutex::new(None));
    armed(Arc::clone(&slot));
    let mut output = {
        let mut slot = slot.lock().unwrap();
        let mut child: Child = spawn(command.stderr(Stdio::piped()));
        let output = child.stdout.take().unwrap();
        let says = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || {
            for line in says.lines().map_while(Result::ok) {
                if line.starts_with("http") {
                    // Whoever is killed meanwhile is not there to come back to.
                    let _ = sign_in(&line);
                }
            }
        });
        *slot = Some(child);
        output
    };
    // Ends when the program does.
    output.read_to_end(&mut Vec::new()).unwrap();
    let status = slot.lock().unwrap().take().unwrap().wait().unwrap();
    status.code().map_or(End::Killed, End::Finished)
}

fn kill(slot: &Mutex<Option<Child>>) {
    if let Some(child) = slot.lock().unwrap().as_mut() {
        // It may just have ended by itself.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Kills the program at this moment of its `number`th exchange over the line. The end, and what went over the line.
pub(super) fn killed_at(line: &Line, command: Command, at: Moment, number: usize) -> (End, Vec<Exchange>) {
    let before = line.seen().len();
    let end = run_to_its_end(command, |slot| {
        line.plan(move |moment, exchange| {
            if moment == at && exchange.number == before + number {
                kill(&slot);
                return Fate::Lost;
            }
            Fate::Pass
        });
    });
    line.plan(|_, _| Fate::Pass);
    (end, line.seen().split_off(before))
}

/// The program came as far as this and no further; once an answer is delivered, it runs on for as long as the machine takes
/// to kill it.
pub(super) fn reached(line: &[Exchange], at: Moment, number: usize) -> bool {
    line.len() == number || at == Moment::Delivered && line.len() > number
}

/// Kills the program after this time.
fn killed_after(line: &Line, command: Command, delay: Duration) -> (End, Vec<Exchange>) {
    let before = line.seen().len();
    let mut killer = None;
    let end = run_to_its_end(command, |slot| {
        killer = Some(thread::spawn(move || {
            // Not to wait for anything: the moment itself is what is random.
            thread::sleep(delay);
            kill(&slot);
        }));
    });
    killer.unwrap().join().unwrap();
    (end, line.seen().split_off(before))
}

fn add_command(folder: &Path, made: &MadeOffer) -> Command {
    let mut words = vec!["add", &made.uri];
    if let Some(code) = &made.tx_code {
        words.extend(["--code", code]);
    }
    command(folder, &words)
}

/// After an `add` that was cut short: whatever is there is whole, and the person gets the document if it can be had at all.
fn still_sound_after_add(far: &FarTown, folder: &Path, made: &MadeOffer, line: &[Exchange], what: &str) {
    let offered = block_on(async {
        let wallet = open(folder).await;
        let entries = holds(wallet.verify_history().await);
        let documents = wallet.documents().await.unwrap();
        let waiting = wallet.pending_received().await.unwrap();
        let waiting_documents: usize = waiting.iter().map(|received| received.documents.len()).sum();
        let there = documents.len() + waiting_documents;
        // The history has the adding if and only if the document is there.
        assert_eq!(entries, u32::from(!documents.is_empty()), "{what}");
        assert!(
            history(&wallet)
                .await
                .iter()
                .all(|entry| entry.kind == HistoryKind::Added && entry.data_left == DataLeft::No)
        );
        assert!(
            waiting.len() <= 1 && (documents.is_empty() || waiting.is_empty()),
            "{what}"
        );
        // What came whole over the line and was followed by anything else had been written down.
        let last_credential = line
            .iter()
            .rposition(|exchange| exchange.target.ends_with("/credential"));
        let came = line
            .iter()
            .filter(|exchange| exchange.target.ends_with("/credential"))
            .count();
        let followed = last_credential.is_some_and(|at| at + 1 < line.len());
        assert!(
            there >= if followed { came } else { came.saturating_sub(1) },
            "{what}: {there} of {came}"
        );
        for before in &waiting {
            // The same link leads to what it brought.
            let offer = wallet.start_adding(&made.uri).await.unwrap();
            let received = wallet.get_offered(&offer.id, Vec::new(), code(made)).await.unwrap();
            assert_eq!(received.id, before.id, "{what}");
            wallet.keep_received(&received.id, pin()).await.unwrap();
        }
        if there == 0 {
            // The offer is as it was, or its code is spent and that is said.
            let offer = wallet.start_adding(&made.uri).await.unwrap();
            match wallet.get_offered(&offer.id, Vec::new(), code(made)).await {
                Ok(received) => drop(wallet.keep_received(&received.id, pin()).await.unwrap()),
                Err(problem) => {
                    // A token that was followed by another message had been written down, and the same link goes on with it.
                    let token = line.iter().position(|exchange| exchange.target.ends_with("/token"));
                    assert!(
                        came > 0 || token.is_none_or(|at| at + 1 >= line.len()),
                        "{what}: a redeemed code was lost: {problem:?}"
                    );
                    assert!(
                        line.iter().any(|exchange| exchange.target.ends_with("/token")),
                        "{what}: {problem:?}"
                    );
                    assert_eq!(problem.data_left, DataLeft::No);
                    assert!(
                        matches!(problem.code, ProblemCode::LinkExpired | ProblemCode::WrongCode),
                        "{what}: {problem:?}"
                    );
                }
            }
        }
        // Once, and with every copy.
        let kept = wallet.documents().await.unwrap();
        let types: std::collections::BTreeSet<&str> = kept.iter().map(|document| document.type_id.as_str()).collect();
        assert_eq!(types.len(), kept.len(), "{what}: twice");
        for document in &kept {
            assert!(
                document.copies >= 5 && document.copies == document.copies_left,
                "{what}: {document:?}"
            );
            assert!(
                !wallet.document(&document.id).await.unwrap().claims.is_empty(),
                "{what}"
            );
        }
        // And the wallet goes on.
        add(&wallet, &far.sandbox, DocumentType::NhsDetails).await;
        holds(wallet.verify_history().await);
        kept.len()
    });
    let store = inside(folder);
    no_orphan_keys(&store);
    drop(store);
    // Each copy that is there opens its key: it can sign.
    if offered > 0 {
        every_document_signs(far, folder, what);
    }
}

/// Every copy of the licence signs, as the service sees it.
fn every_document_signs(far: &FarTown, folder: &Path, what: &str) {
    block_on(async {
        let wallet = open(folder).await;
        let documents = wallet.documents().await.unwrap();
        let Some(licence) = documents.iter().find(|document| document.type_id.ends_with(".mDL")) else {
            return;
        };
        // One first use and one last of those that are left would do; the keys between are made by the same line of code.
        for _ in 0..licence.copies_left.min(2) {
            let request = ask(&far.sandbox, ServiceName::GpRegistration);
            let question = wallet.start_sharing(&request.uri, false).await.unwrap();
            say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
            let report = learnt(&far.sandbox, &request);
            assert_eq!(report["valid"], true, "{what}: {report}");
        }
    });
}

#[test]
fn add_survives_a_kill_before_and_after_every_message() {
    let far = block_on(FarTown::new());
    let at_rest = block_on(empty_at_rest());
    let mut most = 0;
    for at in MOMENTS {
        for number in 1.. {
            let folder = at_rest.unpack();
            let made = far.sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
            let (end, line) = killed_at(&far.line, add_command(folder.path(), &made), at, number);
            if end == End::Finished(0) && line.len() < number {
                most = most.max(line.len());
                break;
            }
            assert!(number < 30, "more messages than a document needs");
            let what = format!(
                "add, killed at {at:?} {number}: {}",
                line.last().map_or("", |last| last.target.as_str())
            );
            assert!(reached(&line, at, number), "{what} ({end:?})");
            still_sound_after_add(&far, folder.path(), &made, &line, &what);
        }
    }
    // Metadata, token, nonce, credential, status, notification: fewer would mean that this test kills at nothing.
    assert!(most >= 6, "{most}");
}

/// After a `share` that was cut short: the history says no less than the service knows, and no more than can be known.
fn still_sound_after_share(far: &FarTown, folder: &Path, request: &MadeRequest, what: &str) {
    let report = learnt(&far.sandbox, request);
    let service_has_it = report["stage"] == "answered";
    block_on(async {
        let wallet = open(folder).await;
        holds(wallet.verify_history().await);
        let shared: Vec<_> = history(&wallet)
            .await
            .into_iter()
            .filter(|entry| entry.kind == HistoryKind::Shared)
            .collect();
        assert!(shared.len() <= 1, "{what}");
        let documents = wallet.documents().await.unwrap();
        assert_eq!(documents.len(), 5, "{what}");
        let spent: u32 = documents
            .iter()
            .map(|document| document.copies - document.copies_left)
            .sum();
        assert_eq!(
            spent as usize,
            shared.len(),
            "{what}: a copy is spent with the entry and not without"
        );
        match shared.first() {
            Some(entry) => {
                if service_has_it {
                    all_checks_well(&report);
                    assert_ne!(entry.data_left, DataLeft::No, "{what}: the service has it");
                } else {
                    assert_ne!(entry.data_left, DataLeft::Yes, "{what}: the service does not have it");
                }
                // Not sent twice, and the person is led to what is known.
                let again = refused(
                    wallet.start_sharing(&request.uri, false).await,
                    ProblemCode::AlreadyAnswered,
                    DataLeft::No,
                );
                assert_eq!(again.history.as_ref(), Some(&entry.id), "{what}");
            }
            None => {
                knows_nothing(&far.sandbox, request);
                // The yes was not written down, so it was not said: the question can be answered.
                let question = wallet.start_sharing(&request.uri, false).await.unwrap();
                say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
                all_checks_well(&learnt(&far.sandbox, request));
            }
        }
        // And the wallet goes on, with another copy.
        let next = ask(&far.sandbox, ServiceName::GpRegistration);
        let question = wallet.start_sharing(&next.uri, false).await.unwrap();
        assert!(
            question.asks[0].candidates.iter().all(|candidate| !candidate.linkable),
            "{what}"
        );
        say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
        all_checks_well(&learnt(&far.sandbox, &next));
        holds(wallet.verify_history().await);
    });
    no_orphan_keys(&inside(folder));
}

#[test]
fn share_survives_a_kill_before_and_after_every_message() {
    let far = block_on(FarTown::new());
    let at_rest = block_on(furnished_at_rest());
    let mut outcomes: Vec<Value> = Vec::new();
    for at in MOMENTS {
        for number in 1.. {
            let folder = at_rest.unpack();
            let request = ask(&far.sandbox, ServiceName::GpRegistration);
            let program = command(folder.path(), &["share", &request.uri, "--approve"]);
            let (end, line) = killed_at(&far.line, program, at, number);
            if end == End::Finished(0) && line.len() < number {
                assert_eq!(line.len(), 2, "a request and its answer");
                break;
            }
            let what = format!("share, killed at {at:?} {number}");
            assert!(reached(&line, at, number) && number <= 2, "{what} ({end:?})");
            outcomes.push(learnt(&far.sandbox, &request)["stage"].clone());
            still_sound_after_share(&far, folder.path(), &request, &what);
        }
    }
    // Not asked for yet, asked for, answered: the kills hit on both sides of what counts. After the request is delivered the
    // answer may just have left.
    outcomes.remove(4);
    assert_eq!(outcomes, ["waiting", "fetched", "fetched", "answered", "answered"]);
}

#[test]
fn decline_survives_a_kill_before_and_after_its_message() {
    let far = block_on(FarTown::new());
    let at_rest = block_on(furnished_at_rest());
    for at in MOMENTS {
        let folder = at_rest.unpack();
        let request = ask(&far.sandbox, ServiceName::GpRegistration);
        let (_, line) = killed_at(&far.line, command(folder.path(), &["decline", &request.uri]), at, 2);
        assert_eq!(line.len(), 2);
        knows_nothing(&far.sandbox, &request);
        block_on(async {
            let wallet = open(folder.path()).await;
            holds(wallet.verify_history().await);
            let entries = history(&wallet).await;
            assert_eq!(
                (entries[0].kind, entries[0].data_left),
                (HistoryKind::Declined, DataLeft::No)
            );
            refused(
                wallet.start_sharing(&request.uri, false).await,
                ProblemCode::AlreadyAnswered,
                DataLeft::No,
            );
        });
    }
}

/// Always the same numbers: xorshift, printed with every failure.
struct Dice(u64);

impl Dice {
    const SEED: u64 = 0x2026_1125_c171_2e45;

    /// A part of a time, anywhere in it.
    fn part_of(&mut self, whole: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let permille = u32::try_from(self.0 % 1_000).unwrap();
        whole * permille / 1_000
    }
}

/// How many random kills of each command.
const ROUNDS: usize = 8;

#[test]
fn add_survives_kills_at_random_moments() {
    let far = block_on(FarTown::new());
    let at_rest = block_on(empty_at_rest());
    // Two documents in one offer, so that a kill may come between them.
    let both = || {
        let spec = OfferSpec {
            also: vec![DocumentType::ProofOfAgeSdJwt],
            ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
        };
        far.sandbox.offer(&spec).unwrap()
    };
    let folder = at_rest.unpack();
    let begun = Instant::now();
    let end = run_to_its_end(add_command(folder.path(), &both()), drop);
    let whole = begun.elapsed();
    assert_eq!(end, End::Finished(0));
    let mut dice = Dice(Dice::SEED);
    for round in 0..ROUNDS {
        let delay = dice.part_of(whole);
        let (folder, made) = (at_rest.unpack(), both());
        let (end, line) = killed_after(&far.line, add_command(folder.path(), &made), delay);
        let what = format!(
            "add, seed {:#x}, round {round}, killed after {delay:?} of {whole:?} ({end:?})",
            Dice::SEED
        );
        println!("{what}: {} messages", line.len());
        still_sound_after_add(&far, folder.path(), &made, &line, &what);
    }
}

#[test]
fn share_survives_kills_at_random_moments() {
    let far = block_on(FarTown::new());
    let at_rest = block_on(furnished_at_rest());
    let folder = at_rest.unpack();
    let begun = Instant::now();
    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    let end = run_to_its_end(command(folder.path(), &["share", &request.uri, "--approve"]), drop);
    let whole = begun.elapsed();
    assert_eq!(end, End::Finished(0));
    let mut dice = Dice(!Dice::SEED);
    for round in 0..ROUNDS {
        let delay = dice.part_of(whole);
        let folder = at_rest.unpack();
        let request = ask(&far.sandbox, ServiceName::GpRegistration);
        let program = command(folder.path(), &["share", &request.uri, "--approve"]);
        let (end, line) = killed_after(&far.line, program, delay);
        let what = format!(
            "share, seed {:#x}, round {round}, killed after {delay:?} of {whole:?} ({end:?})",
            !Dice::SEED
        );
        println!("{what}: {} messages", line.len());
        still_sound_after_share(&far, folder.path(), &request, &what);
    }
}
