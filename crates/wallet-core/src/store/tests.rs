//! The store on a real disk: what it keeps, what it refuses, and what it says when the file is not as it was.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::anchors::{Anchor, AnchorRole};
use super::documents::{CopyCount, DocumentFormat, StoredCopy, StoredDocument, StoredStatus};
use super::history::{EntryFilter, EntryKind, NewEntry};
use super::holder_keys::{KeyId, SealedKey};
use super::offers::StoredOffer;
use super::parties::PartyRole;
use super::received::Received;
use super::requests::StoredRequest;
use super::*;
use crate::clock::{after, seconds};

const STORE_ID: &str = "the-store";

/// A store in a temporary directory, and how to open it again.
struct Fixture {
    folder: TempDir,
    dir: Arc<DataDir>,
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = Arc::new(DataDir::open(folder.path(), false).unwrap());
        Store::create(&dir, &key(7)).unwrap();
        Self { folder, dir }
    }

    fn open(&self) -> Store {
        Store::open(&self.dir, &key(7), STORE_ID).unwrap()
    }

    fn error(&self) -> StoreError {
        Store::open(&self.dir, &key(7), STORE_ID)
            .err()
            .expect("the store must not open")
    }

    fn db(&self) -> std::path::PathBuf {
        self.folder.path().join("wallet.db")
    }

    /// Everything the directory holds, as bytes.
    fn bytes(&self) -> Vec<u8> {
        let mut all = Vec::new();
        for entry in fs::read_dir(self.folder.path()).unwrap() {
            all.extend(fs::read(entry.unwrap().path()).unwrap());
        }
        all
    }
}

fn key(byte: u8) -> StoreKey {
    StoreKey::new(Zeroizing::new([byte; 32]))
}

fn now() -> Timestamp {
    seconds(1_780_000_000)
}

fn contains(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

/// A document with one copy whose key waits for it.
fn add_document(tx: &Transaction<'_>, id: &str) -> Result<StoredDocument, StoreError> {
    let issuer = tx.meet_party(PartyRole::Issuer, "https://dvla.example", "DVLA", None, now())?;
    let document = StoredDocument {
        id: id.to_owned(),
        type_id: "org.iso.18013.5.1.mDL".to_owned(),
        format: DocumentFormat::Mdoc,
        name: "Driving licence".to_owned(),
        issuer,
        configuration_id: "mdl".to_owned(),
        metadata: json!({ "display": [{ "name": "Driving licence" }] }).to_string(),
        signed_by: "-----BEGIN CERTIFICATE-----".to_owned(),
        valid_from: Some(now()),
        valid_until: Some(after(now(), 86_400)),
        status: StoredStatus::NotChecked,
        status_checked_at: None,
        added_at: now(),
        practice: true,
    };
    tx.add_document(&document)?;
    for copy in 0..2 {
        let key = KeyId::stored(format!("key-{id}-{copy}"));
        let row = SealedKey {
            id: key.clone(),
            thumbprint: format!("thumb-{id}-{copy}"),
            public: [4; 65],
            sealed: vec![1; 113],
            journey: "journey".to_owned(),
        };
        tx.add_holder_key(&row, now())?;
        tx.add_copy(&StoredCopy {
            id: format!("copy-{id}-{copy}"),
            document: id.to_owned(),
            credential: b"MORGAN-THE-PLAINTEXT".to_vec(),
            holder_key: key,
            status: Some(("https://dvla.example/status/1".to_owned(), 42)),
            spent_at: None,
            linkable: false,
        })?;
    }
    Ok(document)
}

fn event(kind: EntryKind) -> NewEntry {
    NewEntry {
        at: now(),
        kind,
        refers_to: None,
        party: None,
        details: json!({ "asked": ["family_name"] }),
    }
}

fn request(id: &str) -> StoredRequest {
    StoredRequest {
        id: id.to_owned(),
        link: link_digest("openid4vp://?request_uri=…"),
        fingerprint: [3; 32],
        content: b"the verified request".to_vec(),
        read_at: now(),
        expires_at: after(now(), 300),
    }
}

#[test]
fn documents_survive_closing_and_opening() {
    let fixture = Fixture::new();
    let added = fixture.open().write(|tx| add_document(tx, "d1")).unwrap();
    let store = fixture.open();
    let (documents, copies, count) = store
        .read(|tx| Ok::<_, StoreError>((tx.documents()?, tx.copies("d1")?, tx.copy_count("d1")?)))
        .unwrap();
    assert_eq!(documents, [added]);
    assert_eq!(copies[0].credential, b"MORGAN-THE-PLAINTEXT");
    assert_eq!(copies[0].status, Some(("https://dvla.example/status/1".to_owned(), 42)));
    assert_eq!(count, CopyCount { all: 2, left: 2 });
    store.check().unwrap();
}

#[test]
fn nothing_readable_lies_in_the_directory() {
    let fixture = Fixture::new();
    let store = fixture.open();
    store.write(|tx| add_document(tx, "d1")).unwrap();
    store.write(|tx| tx.append_history(&event(EntryKind::Added))).unwrap();
    // While open (database and log), and once closed (database alone).
    let open = fixture.bytes();
    assert!(open.len() > 64 * 1024, "the directory was read");
    drop(store);
    for bytes in [open, fixture.bytes()] {
        for part in [
            "MORGAN-THE-PLAINTEXT",
            "Driving licence",
            "family_name",
            "CREATE TABLE",
            "SQLite format",
        ] {
            assert!(!contains(&bytes, part), "{part} lies open");
        }
    }
}

#[test]
fn another_key_opens_nothing_and_changes_nothing() {
    let fixture = Fixture::new();
    fixture.open().write(|tx| add_document(tx, "d1")).unwrap();
    let before = fs::read(fixture.db()).unwrap();
    let refused = Store::open(&fixture.dir, &key(8), STORE_ID).err();
    assert_eq!(refused, Some(StoreError::Damaged("not a database, or another key")));
    assert_eq!(fs::read(fixture.db()).unwrap(), before);
    assert_eq!(fixture.open().read(|tx| tx.documents()).unwrap().len(), 1);
}

#[test]
fn a_newer_file_is_refused_and_kept() {
    let fixture = Fixture::new();
    let store = fixture.open();
    store.lock().pragma_update(None, "user_version", 999).unwrap();
    drop(store);
    let before = fs::read(fixture.db()).unwrap();
    assert_eq!(
        fixture.error(),
        StoreError::FromNewerApp {
            found: 999,
            known: migrations::NEWEST
        }
    );
    assert_eq!(fs::read(fixture.db()).unwrap(), before);
}

#[test]
fn a_file_cut_short_is_damaged() {
    for keep in [0, 100, 4096, 3 * 4096 + 17] {
        let fixture = Fixture::new();
        fixture.open().write(|tx| add_document(tx, "d1")).unwrap();
        let whole = fs::read(fixture.db()).unwrap();
        fs::write(fixture.db(), &whole[..keep]).unwrap();
        let error = fixture.error();
        assert!(matches!(error, StoreError::Damaged(_)), "{keep} bytes: {error:?}");
        // What is left of the file is left alone.
        assert_eq!(fs::read(fixture.db()).unwrap(), &whole[..keep]);
    }
}

#[test]
fn a_missing_file_is_damaged_and_not_made_anew() {
    let fixture = Fixture::new();
    drop(fixture.open());
    fs::remove_file(fixture.db()).unwrap();
    assert_eq!(fixture.error(), StoreError::Damaged("the file is missing"));
    assert!(!fixture.db().exists());
}

#[test]
fn a_changed_page_is_found_by_the_check() {
    let fixture = Fixture::new();
    fixture.open().write(|tx| add_document(tx, "d1")).unwrap();
    let mut bytes = fs::read(fixture.db()).unwrap();
    let last = bytes.len() - 2000;
    bytes[last] ^= 1;
    fs::write(fixture.db(), bytes).unwrap();
    let verdict = Store::open(&fixture.dir, &key(7), STORE_ID).and_then(|store| store.check());
    assert!(matches!(verdict, Err(StoreError::Damaged(_))), "{verdict:?}");
}

#[test]
fn one_program_at_a_time() {
    let fixture = Fixture::new();
    assert_eq!(
        DataDir::open(fixture.folder.path(), false).err(),
        Some(StoreError::InUse)
    );
    // The practice profile is another store.
    assert!(DataDir::open(fixture.folder.path(), true).is_ok());
    let Fixture { folder, dir } = fixture;
    drop(dir);
    assert!(DataDir::open(folder.path(), false).is_ok());
}

#[test]
fn another_process_is_told_that_the_store_is_in_use() {
    let fixture = Fixture::new();
    let output = child("store::tests::child_opens_the_directory", fixture.folder.path())
        .output()
        .unwrap();
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("CHILD: in use"),
        "{output:?}"
    );
}

#[test]
#[ignore = "run by another_process_is_told_that_the_store_is_in_use"]
fn child_opens_the_directory() {
    let Some(folder) = child_folder() else { return };
    match DataDir::open(Path::new(&folder), false) {
        Err(StoreError::InUse) => println!("CHILD: in use"),
        Err(error) => println!("CHILD: {error}"),
        Ok(_) => println!("CHILD: opened"),
    }
}

#[test]
#[cfg(unix)]
fn only_the_owner_can_look_into_the_directory() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::open(&folder.path().join("wallet"), true).unwrap();
    dir.replace("header.json", b"{}").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("wallet/practice")), 0o700);
    assert_eq!(mode(&folder.path().join("wallet/practice/header.json")), 0o600);
}

/// A file-size limit stands for a full disk: the system refuses the write in the same place.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_named_and_loses_nothing() {
    let fixture = Fixture::new();
    fixture.open().write(|tx| add_document(tx, "before")).unwrap();
    let Fixture { folder, dir } = fixture;
    drop(dir);
    let mut limited = Command::new("bash");
    let inner = child("store::tests::child_fills_the_disk", folder.path());
    limited.args(["-c", "trap '' XFSZ; ulimit -f 512; exec \"$0\" \"$@\""]);
    limited
        .arg(inner.get_program())
        .args(inner.get_args())
        .env("WALLET_TEST_FOLDER", folder.path());
    let output = limited.output().unwrap();
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("CHILD: disk full"),
        "{output:?}"
    );

    let dir = DataDir::open(folder.path(), false).unwrap();
    let store = Store::open(&dir, &key(7), STORE_ID).unwrap();
    store.check().unwrap();
    let (documents, received) = store
        .read(|tx| Ok::<_, StoreError>((tx.documents()?, tx.all_received()?)))
        .unwrap();
    assert_eq!(documents.len(), 1);
    assert!(
        received.is_empty(),
        "the transaction that found no room left nothing behind"
    );
}

#[test]
#[ignore = "run by a_full_disk_is_named_and_loses_nothing"]
fn child_fills_the_disk() {
    let Some(folder) = child_folder() else { return };
    let dir = DataDir::open(Path::new(&folder), false).unwrap();
    let store = Store::open(&dir, &key(7), STORE_ID).unwrap();
    let big = Received {
        id: "r".to_owned(),
        journey: "j".to_owned(),
        content: vec![5; 4 * 1024 * 1024],
        received_at: now(),
    };
    match store.write(|tx| tx.keep_received(&big)) {
        Err(StoreError::DiskFull(_)) => println!("CHILD: disk full"),
        other => println!("CHILD: {other:?}"),
    }
}

#[test]
fn what_is_written_together_is_undone_together() {
    let fixture = Fixture::new();
    let store = fixture.open();
    store
        .write(|tx| {
            add_document(tx, "d1")?;
            tx.keep_request(&request("q1"))
        })
        .unwrap();
    let answer = |copy: &'static str| {
        store.write(move |tx| {
            let entry = tx.append_history(&event(EntryKind::Sharing))?;
            tx.use_request("q1", &entry, now())?;
            tx.spend_copy(copy, now())?;
            Ok::<_, StoreError>(entry)
        })
    };
    assert_eq!(answer("no such copy"), Err(StoreError::CopySpent));
    let open = store
        .read(|tx| Ok::<_, StoreError>((tx.history(&EntryFilter::default())?, tx.request("q1", now())?)))
        .unwrap();
    assert!(
        open.0.is_empty() && open.1.is_some(),
        "nothing of the failed answer is left"
    );

    let entry = answer("copy-d1-0").unwrap();
    store
        .read(|tx| {
            assert_eq!(tx.answered_by_link(&request("q1").link)?.unwrap().history, entry);
            assert_eq!(tx.copy_count("d1")?, CopyCount { all: 2, left: 1 });
            assert_eq!(tx.next_copy("d1")?.unwrap().id, "copy-d1-1");
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(answer("copy-d1-1"), Err(StoreError::NotFound("request")));
    // Once none is left the one used longest ago comes again; when each was first given away stays.
    let minute = |minutes: u32| after(now(), minutes * 60);
    let copies = store
        .write(|tx| {
            tx.use_copy_again("copy-d1-1", minute(1))?;
            assert_eq!(tx.next_copy("d1")?.unwrap().id, "copy-d1-0");
            tx.use_copy_again("copy-d1-0", minute(2))?;
            assert_eq!(tx.next_copy("d1")?.unwrap().id, "copy-d1-1");
            tx.copies("d1")
        })
        .unwrap();
    let given: Vec<_> = copies.iter().map(|copy| copy.spent_at).collect();
    assert_eq!(given, [Some(now()), Some(minute(1))]);
    // The same request under another link is the same question.
    assert_eq!(
        store.write(|tx| tx.keep_request(&request("q2"))),
        Err(StoreError::AlreadyAnswered)
    );
}

#[test]
fn a_request_and_an_offer_end() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let offer = StoredOffer {
        id: "o1".to_owned(),
        link: link_digest("openid-credential-offer://…"),
        content: b"{}".to_vec(),
        read_at: now(),
        expires_at: after(now(), 300),
    };
    store
        .write(|tx| {
            tx.keep_offer(&offer)?;
            tx.keep_request(&request("q1"))
        })
        .unwrap();
    store
        .write(|tx| {
            let later = after(now(), 300);
            assert!(tx.offer_by_link(&offer.link, now())?.is_some_and(|kept| kept == offer));
            assert!(tx.offer("o1", later)?.is_none());
            assert!(tx.request("q1", later)?.is_none());
            assert_eq!(tx.use_request("q1", "h", later), Err(StoreError::NotFound("request")));
            tx.forget_expired_requests(later)?;
            tx.forget_offer("another", later)?;
            assert!(tx.request("q1", now())?.is_none() && tx.offer("o1", now())?.is_none());
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

#[test]
fn removing_a_document_removes_its_copies_and_keys() {
    let fixture = Fixture::new();
    let store = fixture.open();
    store
        .write(|tx| add_document(tx, "d1").and_then(|_| add_document(tx, "d2")))
        .unwrap();
    store.write(|tx| tx.remove_document("d1")).unwrap();
    store
        .read(|tx| {
            assert!(tx.document("d1")?.is_none());
            assert!(tx.copies("d1")?.is_empty());
            assert_eq!(
                tx.sealed_holder_key(&KeyId::stored("key-d1-0".to_owned())).err(),
                Some(StoreError::NotFound("holder key"))
            );
            assert!(tx.sealed_holder_key(&KeyId::stored("key-d2-0".to_owned())).is_ok());
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(
        store.write(|tx| tx.remove_document("d1")),
        Err(StoreError::NotFound("document"))
    );
}

#[test]
fn a_key_is_bound_to_one_copy() {
    let fixture = Fixture::new();
    let store = fixture.open();
    store.write(|tx| add_document(tx, "d1")).unwrap();
    let again = StoredCopy {
        id: "another".to_owned(),
        document: "d1".to_owned(),
        credential: Vec::new(),
        holder_key: KeyId::stored("key-d1-0".to_owned()),
        status: None,
        spent_at: None,
        linkable: false,
    };
    assert_eq!(
        store.write(|tx| tx.add_copy(&again)),
        Err(StoreError::NotFound("holder key"))
    );
}

#[test]
fn what_was_received_waits_across_a_restart() {
    let fixture = Fixture::new();
    let received = Received {
        id: "r1".to_owned(),
        journey: "j1".to_owned(),
        content: b"response".to_vec(),
        received_at: now(),
    };
    fixture.open().write(|tx| tx.keep_received(&received)).unwrap();
    fixture
        .open()
        .write(|tx| tx.put_journey("j1", "add", &json!({ "step": 2 }), now()))
        .unwrap();
    let store = fixture.open();
    assert!(store.read(|tx| tx.all_received()).unwrap() == [received]);
    assert_eq!(store.read(|tx| tx.journeys()).unwrap()[0].state, json!({ "step": 2 }));
    store
        .write(|tx| tx.forget_received("r1").and_then(|()| tx.forget_journey("j1")))
        .unwrap();
    assert_eq!(
        store.write(|tx| tx.forget_received("r1")),
        Err(StoreError::NotFound("received document"))
    );
}

#[test]
fn settings_parties_and_anchors_are_kept_once() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let anchor = Anchor {
        id: "a1".to_owned(),
        role: AnchorRole::Issuer,
        material: "did:web:issuer.example".to_owned(),
        subject: "did:web:issuer.example".to_owned(),
        not_after: None,
        added_at: now(),
        sandbox: false,
    };
    store
        .write(|tx| {
            tx.set_setting("language", "en")?;
            tx.set_setting("language", "cy")?;
            assert_eq!(tx.setting("language")?.as_deref(), Some("cy"));
            assert_eq!(tx.setting("nothing")?, None);

            let first = tx.meet_party(PartyRole::Service, "x509_hash:abc", "A GP", Some(&[1; 32]), now())?;
            let again = tx.meet_party(
                PartyRole::Service,
                "x509_hash:abc",
                "A GP surgery",
                None,
                after(now(), 5),
            )?;
            assert_eq!(first, again);
            let party = tx.party(&first)?.unwrap();
            assert_eq!(
                (party.name.as_str(), party.last_seen),
                ("A GP surgery", after(now(), 5))
            );

            tx.add_anchor(&anchor)?;
            tx.add_anchor(&Anchor {
                id: "a2".to_owned(),
                ..anchor.clone()
            })?;
            assert_eq!(tx.anchors()?, std::slice::from_ref(&anchor));
            tx.remove_anchor("a1")?;
            assert_eq!(tx.remove_anchor("a1"), Err(StoreError::NotFound("anchor")));
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

mod history {
    use super::*;

    /// A history of `n` entries and their ids.
    fn written(n: usize) -> (Fixture, Store, Vec<String>) {
        let fixture = Fixture::new();
        let store = fixture.open();
        let ids = (0..n)
            .map(|_| store.write(|tx| tx.append_history(&event(EntryKind::Sharing))).unwrap())
            .collect();
        (fixture, store, ids)
    }

    /// Somebody with the store key and a database tool: the triggers are no obstacle.
    fn tamper(store: &Store, sql: &str) {
        let connection = store.lock();
        connection
            .execute_batch(
                "DROP TRIGGER history_only_appends; DROP TRIGGER history_is_kept; DROP TRIGGER history_is_not_rewritten;",
            )
            .unwrap();
        connection.execute_batch(sql).unwrap();
    }

    #[test]
    fn an_untouched_chain_holds() {
        let (fixture, store, _) = written(4);
        let proof = store.read(|tx| tx.verify_history()).unwrap();
        assert!(proof.ok() && proof.entries == 4);
        let entries = store.read(|tx| tx.history(&EntryFilter::default())).unwrap();
        assert_eq!(entries[0].number, 4);
        assert_eq!(entries[0].link, proof.head);
        assert_eq!(entries[0].details, Some(json!({ "asked": ["family_name"] })));
        drop(store);
        assert_eq!(fixture.open().read(|tx| tx.verify_history()).unwrap(), proof);
    }

    #[test]
    fn an_empty_history_holds_and_its_head_is_the_stores_own() {
        let (fixture, store, _) = written(0);
        let proof = store.read(|tx| tx.verify_history()).unwrap();
        assert!(proof.ok() && proof.entries == 0);
        drop(store);
        let other = Store::open(&fixture.dir, &key(7), "another").unwrap();
        assert_ne!(other.read(|tx| tx.verify_history()).unwrap().head, proof.head);
    }

    #[test]
    fn the_database_refuses_to_change_it() {
        let (_fixture, store, _) = written(2);
        for sql in [
            "DELETE FROM history WHERE number = 2",
            "DELETE FROM history",
            "UPDATE history SET content = '{}' WHERE number = 1",
            "UPDATE history SET kind = 'erased' WHERE number = 1",
            "UPDATE history SET kind = 'erased', key = NULL, content = NULL, at = NULL, party = NULL, refers_to = NULL,
             link = zeroblob(32) WHERE number = 1",
            "INSERT INTO history (number, id, link, commitment, kind) VALUES (9, 'x', zeroblob(32), zeroblob(32), 'added')",
        ] {
            assert!(store.lock().execute_batch(sql).is_err(), "{sql}");
        }
        assert!(store.read(|tx| tx.verify_history()).unwrap().ok());
    }

    #[test]
    fn every_change_shows_at_its_entry() {
        for (sql, broken) in [
            (
                "UPDATE history SET content = replace(content, 'family_name', 'given_name') WHERE number = 2",
                1,
            ),
            ("UPDATE history SET kind = 'declined' WHERE number = 2", 1),
            ("UPDATE history SET at = at + 1 WHERE number = 2", 1),
            ("UPDATE history SET party = 'somebody' WHERE number = 2", 1),
            ("UPDATE history SET key = zeroblob(32) WHERE number = 2", 1),
            ("UPDATE history SET commitment = zeroblob(32) WHERE number = 2", 1),
            ("UPDATE history SET key = NULL, content = NULL WHERE number = 2", 1),
            ("UPDATE history SET id = 'x' WHERE number = 3", 2),
            ("DELETE FROM history WHERE number = 2", 2),
            (
                "DELETE FROM history WHERE number = 2; UPDATE history SET number = 2 WHERE number = 3;
                 UPDATE history SET number = 3 WHERE number = 4;",
                2,
            ),
        ] {
            let (_fixture, store, mut ids) = written(4);
            tamper(&store, sql);
            if sql.contains("'x'") {
                ids[2] = "x".to_owned();
            }
            let proof = store.read(|tx| tx.verify_history()).unwrap();
            assert_eq!(proof.first_broken.as_ref(), Some(&ids[broken]), "{sql}");
        }
    }

    #[test]
    fn the_owner_can_erase_and_the_chain_still_holds() {
        let (_fixture, store, ids) = written(3);
        let outcome = NewEntry {
            refers_to: Some(ids[1].clone()),
            ..event(EntryKind::Outcome)
        };
        let outcome = store.write(|tx| tx.append_history(&outcome)).unwrap();
        let before = store.read(|tx| tx.verify_history()).unwrap();

        store.erase_history_entry(&ids[1]).unwrap();
        for id in [&ids[1], &outcome] {
            let erased = store.read(|tx| tx.history_entry(id)).unwrap().unwrap();
            assert_eq!(
                (erased.kind, erased.at, erased.details),
                (EntryKind::Erased, None, None)
            );
        }
        assert_eq!(store.read(|tx| tx.verify_history()).unwrap(), before);
        assert_eq!(
            store.erase_history_entry("nothing"),
            Err(StoreError::NotFound("history entry"))
        );
    }

    #[test]
    fn lists_can_be_narrowed() {
        let (_fixture, store, ids) = written(1);
        store
            .write(|tx| {
                tx.append_history(&NewEntry {
                    party: Some("gp".to_owned()),
                    ..event(EntryKind::Declined)
                })?;
                tx.append_history(&NewEntry {
                    at: after(now(), 60),
                    refers_to: Some(ids[0].clone()),
                    ..event(EntryKind::Outcome)
                })
            })
            .unwrap();
        let count = |filter: EntryFilter| store.read(|tx| tx.history(&filter)).unwrap().len();
        assert_eq!(count(EntryFilter::default()), 3);
        assert_eq!(
            count(EntryFilter {
                party: Some("gp".to_owned()),
                ..EntryFilter::default()
            }),
            1
        );
        assert_eq!(
            count(EntryFilter {
                kind: Some(EntryKind::Sharing),
                ..EntryFilter::default()
            }),
            1
        );
        assert_eq!(
            count(EntryFilter {
                since: Some(after(now(), 1)),
                ..EntryFilter::default()
            }),
            1
        );
        assert_eq!(store.read(|tx| tx.history_about(&ids[0])).unwrap().len(), 1);
    }
}

/// This test binary again, running one ignored test on a folder.
pub(crate) fn child(test: &str, folder: &Path) -> Command {
    // The tests' own path within the binary, whatever crate it was built as.
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]);
    command.env("WALLET_TEST_FOLDER", folder);
    command
}

/// The folder a child was started for; none when somebody ran the ignored tests by hand.
pub(crate) fn child_folder() -> Option<std::ffi::OsString> {
    std::env::var_os("WALLET_TEST_FOLDER")
}
