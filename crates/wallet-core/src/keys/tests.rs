//! PIN, header and holder keys with a key file; the operating system's keystore is in `os_keystore`.

#[cfg(target_os = "linux")]
mod os_keystore;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;
use wallet_credentials::crypto::{PublicKey, Signer as _, verify_es256};
use wallet_protocols::endpoint::{IssuerIdentifier, TransportPolicy};
use wallet_protocols::openid4vci::ProofToSign;

use super::holder::{IssuanceGrant, NewHolderKey};
use super::*;
use crate::clock::{after, seconds};
use crate::store::holder_keys::KeyId;
use crate::store::tests::{child, child_folder};

const PIN: &str = "294817";
const WRONG: &str = "294818";

fn now() -> Timestamp {
    seconds(1_780_000_000)
}

fn pin(text: &str) -> Pin {
    Pin::new(text.to_owned())
}

fn dir(folder: &Path) -> Arc<DataDir> {
    Arc::new(DataDir::open(folder, false).unwrap())
}

/// A wallet with a key file.
fn wallet() -> (TempDir, Keys, Store) {
    let folder = tempfile::tempdir().unwrap();
    let (keys, store) = Keys::create(dir(folder.path()), KeystoreKind::File, &pin(PIN), now()).unwrap();
    (folder, keys, store)
}

/// The wallet after a restart.
fn restarted(folder: &TempDir, keys: Keys) -> Keys {
    drop(keys);
    Keys::load(dir(folder.path())).unwrap()
}

fn wrong_pin(keys: &Keys, at: Timestamp) -> KeysError {
    keys.unlock(&pin(WRONG), at).err().expect("a wrong PIN opens nothing")
}

fn edit_header(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join("header.json");
    let mut value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut value);
    // Somebody who changes it on purpose mends the checksum too.
    let header: header::Header = serde_json::from_value(value["header"].clone()).unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(serde_json::to_vec(&header).unwrap());
    value["sha256"] = serde_json::to_value(wrap::Blob(digest.to_vec())).unwrap();
    fs::write(path, serde_json::to_vec(&value).unwrap()).unwrap();
}

#[test]
fn a_wallet_opens_with_its_pin_after_a_restart() {
    let (folder, keys, store) = wallet();
    store.write(|tx| tx.set_setting("language", "cy")).unwrap();
    drop(store);
    let keys = restarted(&folder, keys);
    let store = keys.unlock(&pin(PIN), now()).unwrap();
    assert_eq!(store.read(|tx| tx.setting("language")).unwrap().as_deref(), Some("cy"));
    assert_eq!(keys.keystore_kind(), KeystoreKind::File);
}

#[test]
fn there_is_no_wallet_in_an_empty_directory() {
    let folder = tempfile::tempdir().unwrap();
    let dir = dir(folder.path());
    assert!(!Keys::exist(&dir));
    assert_eq!(Keys::load(dir).err(), Some(KeysError::NotInitialised));
}

#[test]
fn a_second_wallet_is_not_made_over_the_first() {
    let (folder, keys, store) = wallet();
    drop((keys, store));
    let again = |dir| Keys::create(dir, KeystoreKind::File, &pin("730164"), now()).err();
    assert_eq!(again(dir(folder.path())), Some(KeysError::AlreadyInitialised));
    // Nor when its header is gone: a copy of the header may still open it.
    let header = fs::read(folder.path().join("header.json")).unwrap();
    fs::remove_file(folder.path().join("header.json")).unwrap();
    assert_eq!(
        again(dir(folder.path())),
        Some(KeysError::HeaderDamaged("it is missing"))
    );
    assert_eq!(
        Keys::load(dir(folder.path())).err(),
        Some(KeysError::HeaderDamaged("it is missing"))
    );
    fs::write(folder.path().join("header.json"), header).unwrap();
    assert!(Keys::load(dir(folder.path())).unwrap().unlock(&pin(PIN), now()).is_ok());
}

#[test]
fn a_simple_pin_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let refused = Keys::create(dir(folder.path()), KeystoreKind::File, &pin("123456"), now()).err();
    assert_eq!(refused, Some(PinError::TooSimple(PinRule::Sequence).into()));
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["wallet.lock"]);
}

#[test]
fn an_init_cut_short_can_be_finished_or_begun_again() {
    let (folder, keys, store) = wallet();
    drop((keys, store));
    let at = |name: &str| folder.path().join(name);
    // Killed after the header: the store gets its name at the first unlock.
    fs::rename(at("wallet.db"), at("wallet.db.new")).unwrap();
    assert!(Keys::load(dir(folder.path())).unwrap().unlock(&pin(PIN), now()).is_ok());
    assert!(at("wallet.db").exists());
    // Killed before the header: nothing names the key of what is there, and `init` starts anew.
    fs::rename(at("wallet.db"), at("wallet.db.new")).unwrap();
    fs::remove_file(at("header.json")).unwrap();
    assert_eq!(Keys::load(dir(folder.path())).err(), Some(KeysError::NotInitialised));
    assert!(Keys::create(dir(folder.path()), KeystoreKind::File, &pin("730164"), now()).is_ok());
}

#[test]
fn the_two_profiles_do_not_mix() {
    let (folder, keys, store) = wallet();
    drop((keys, store));
    let practice = Arc::new(DataDir::open(folder.path(), true).unwrap());
    assert!(!Keys::exist(&practice));
    for name in ["header.json", "wallet.db", "keyfile", "keyfile.attempts"] {
        fs::copy(folder.path().join(name), folder.path().join("practice").join(name)).unwrap();
    }
    assert_eq!(
        Keys::load(practice).err(),
        Some(KeysError::HeaderDamaged("it belongs to the other profile"))
    );
}

#[test]
fn five_wrong_pins_are_free_and_then_the_waits_grow() {
    let (folder, keys, store) = wallet();
    drop(store);
    for tries_left in [4, 3, 2, 1] {
        assert_eq!(wrong_pin(&keys, now()), PinError::Wrong { tries_left }.into());
    }
    let mut at = now();
    for minutes in [1, 5, 15, 60, 60] {
        let until = after(at, minutes * 60);
        assert_eq!(wrong_pin(&keys, at), PinError::Blocked { until }.into());
        // Until then the right PIN is not even looked at, and asking does not lengthen the wait.
        let early = keys.unlock(&pin(PIN), seconds(until.as_second() - 1)).err();
        assert_eq!(early, Some(PinError::Blocked { until }.into()));
        at = until;
    }
    let keys = restarted(&folder, keys);
    assert_eq!(keys.blocked_until(at).unwrap(), None);
    assert!(keys.unlock(&pin(PIN), at).is_ok());
    assert_eq!(
        wrong_pin(&keys, at),
        PinError::Wrong { tries_left: 4 }.into(),
        "a right PIN clears the count"
    );
}

#[test]
fn questions_and_unlocking_share_one_count() {
    let (_folder, keys, _store) = wallet();
    for tries_left in [4, 3, 2, 1] {
        let refused = keys.verify(&pin(WRONG), QuestionId::new("q"), now()).err();
        assert_eq!(refused, Some(PinError::Wrong { tries_left }.into()));
    }
    assert_eq!(
        wrong_pin(&keys, now()),
        PinError::Blocked {
            until: after(now(), 60)
        }
        .into()
    );
}

#[test]
fn a_clock_set_back_ends_no_wait_and_makes_none_longer_than_it_is() {
    let (_folder, keys, store) = wallet();
    drop(store);
    for _ in 0..5 {
        wrong_pin(&keys, now());
    }
    let back = seconds(now().as_second() - 365 * 86_400);
    let until = after(back, 60);
    assert_eq!(
        keys.unlock(&pin(PIN), back).err(),
        Some(PinError::Blocked { until }.into())
    );
    assert!(keys.unlock(&pin(PIN), until).is_ok());
}

#[test]
fn a_lost_count_frees_no_attempt_and_locks_nobody_out() {
    for lose in [None, Some("not a count")] {
        let (folder, keys, store) = wallet();
        drop(store);
        let path = folder.path().join("keyfile.attempts");
        match lose {
            None => fs::remove_file(path).unwrap(),
            Some(text) => fs::write(path, text).unwrap(),
        }
        let until = after(now(), 60);
        assert_eq!(
            keys.unlock(&pin(PIN), now()).err(),
            Some(PinError::Blocked { until }.into())
        );
        assert!(keys.unlock(&pin(PIN), until).is_ok());
    }
}

#[test]
fn an_attempt_is_counted_before_the_pin_is_looked_at() {
    let (folder, keys, _store) = wallet();
    // As far as a program gets that is killed the moment the count is written.
    Attempts::load(&keys.keystore, now())
        .unwrap()
        .count(&keys.keystore, now())
        .unwrap();
    let keys = restarted(&folder, keys);
    assert_eq!(wrong_pin(&keys, now()), PinError::Wrong { tries_left: 3 }.into());
}

#[test]
fn killing_the_program_between_attempts_saves_no_attempt() {
    let (folder, keys, store) = wallet();
    drop((keys, store));
    for tries_left in [4, 3, 2, 1] {
        let mut killed = child("keys::tests::child_types_a_wrong_pin", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(killed.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .find(|line| line.contains("CHILD:"))
            .unwrap();
        assert!(said.ends_with(&format!("CHILD: {tries_left} left")), "{said}");
        // SIGKILL on Unix: the child has no say.
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    let keys = Keys::load(dir(folder.path())).unwrap();
    assert_eq!(
        wrong_pin(&keys, now()),
        PinError::Blocked {
            until: after(now(), 60)
        }
        .into()
    );
}

#[test]
#[ignore = "run by killing_the_program_between_attempts_saves_no_attempt"]
fn child_types_a_wrong_pin() {
    let Some(folder) = child_folder() else { return };
    let keys = Keys::load(dir(Path::new(&folder))).unwrap();
    match wrong_pin(&keys, now()) {
        KeysError::Pin(PinError::Wrong { tries_left }) => println!("CHILD: {tries_left} left"),
        error => println!("CHILD: {error}"),
    }
    // Waits to be killed: nobody ever writes to this.
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn a_missing_key_file_is_named_and_costs_no_attempt() {
    let (folder, keys, store) = wallet();
    drop(store);
    let path = folder.path().join("keyfile");
    let kept = fs::read(&path).unwrap();
    fs::remove_file(&path).unwrap();
    for _ in 0..6 {
        assert_eq!(keys.unlock(&pin(PIN), now()).err(), Some(KeystoreError::Missing.into()));
    }
    // Another wallet's key file is not this one's.
    let (other, ..) = wallet();
    fs::copy(other.path().join("keyfile"), &path).unwrap();
    assert_eq!(
        keys.unlock(&pin(PIN), now()).err(),
        Some(KeystoreError::Unexpected.into())
    );
    assert_eq!(keys.check_keystore(), Err(KeystoreError::Unexpected.into()));
    fs::write(&path, kept).unwrap();
    assert!(keys.unlock(&pin(PIN), now()).is_ok());
}

#[test]
fn a_key_file_holds_no_secret_that_works_without_the_pin() {
    let (folder, ..) = wallet();
    let item = fs::read(folder.path().join("keyfile")).unwrap();
    assert_eq!(item.len(), 12 + 32 + 16, "nonce, sealed secret, tag");
}

#[test]
fn a_damaged_header_is_not_a_wrong_pin() {
    for damage in [&b""[..], b"{", b"{\"header\":{}}", b"[]"] {
        let (folder, keys, store) = wallet();
        drop((keys, store));
        fs::write(folder.path().join("header.json"), damage).unwrap();
        let error = Keys::load(dir(folder.path())).err();
        assert!(matches!(error, Some(KeysError::HeaderDamaged(_))), "{error:?}");
    }
    let (folder, keys, store) = wallet();
    drop((keys, store));
    let path = folder.path().join("header.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"lanes\": 1", "\"lanes\": 2")).unwrap();
    assert_eq!(
        Keys::load(dir(folder.path())).err(),
        Some(KeysError::HeaderDamaged("its checksum"))
    );
}

#[test]
fn a_newer_header_is_refused() {
    let (folder, keys, store) = wallet();
    drop((keys, store));
    edit_header(folder.path(), |value| value["header"]["facts"]["format"] = 2.into());
    assert_eq!(
        Keys::load(dir(folder.path())).err(),
        Some(KeysError::HeaderFromNewerApp { found: 2, known: 1 })
    );
}

#[test]
fn a_header_changed_on_purpose_opens_nothing() {
    // Weaker parameters are refused outright.
    let (folder, keys, store) = wallet();
    drop((keys, store));
    edit_header(folder.path(), |value| {
        value["header"]["facts"]["kdf"]["memory_kib"] = 8.into()
    });
    assert_eq!(
        Keys::load(dir(folder.path())).err(),
        Some(KeysError::HeaderDamaged("its Argon2 parameters"))
    );

    // Another public key, to which new holder keys would be sealed: the wrapped keys are bound to the old one.
    let (folder, keys, store) = wallet();
    drop((keys, store));
    let (public, _) = holder::new_wallet_key().unwrap();
    edit_header(folder.path(), |value| {
        value["header"]["facts"]["wallet_public_key"] = serde_json::to_value(public).unwrap();
    });
    let keys = Keys::load(dir(folder.path())).unwrap();
    assert_eq!(
        keys.unlock(&pin(PIN), now()).err(),
        Some(PinError::Wrong { tries_left: 4 }.into())
    );
}

struct Grant(&'static str);

impl IssuanceGrant for Grant {
    fn journey(&self) -> &str {
        self.0
    }
}

fn proof_for(key: &PublicKey) -> ProofToSign {
    let issuer = IssuerIdentifier::parse("https://dvla.example", TransportPolicy::HttpsOnly).unwrap();
    ProofToSign::new(key, &issuer, None, crate::clock::lower(now()), None).unwrap()
}

/// A key made for the journey `add`, written down.
fn new_key(keys: &Keys, store: &Store) -> NewHolderKey {
    store.write(|tx| keys.holder_keys().make(tx, "add", now())).unwrap()
}

/// Opens keys as consent would.
fn open(keys: &Keys, store: &Store, verified: PinVerified, ids: &[KeyId]) -> Result<Vec<holder::AgreedKey>, KeysError> {
    store.read(|tx| keys.holder_keys().open_agreed(tx, verified, &QuestionId::new("q"), ids))
}

#[test]
fn a_new_key_proves_possession_in_its_journey_alone() {
    let (_folder, keys, store) = wallet();
    let key = new_key(&keys, &store);
    let proof = keys
        .holder_keys()
        .prove_possession(&key, &Grant("add"), proof_for(&key.public_key()))
        .unwrap();
    let parts: Vec<&str> = proof.as_str().split('.').collect();
    let part = |n: usize| wallet_credentials::jose::base64url::decode(parts[n]).unwrap();
    let header: Value = serde_json::from_slice(&part(0)).unwrap();
    let claims: Value = serde_json::from_slice(&part(1)).unwrap();
    assert_eq!(header["typ"], "openid4vci-proof+jwt");
    assert_eq!(header["jwk"], key.public_key().to_jwk());
    assert_eq!(
        claims,
        serde_json::json!({ "aud": "https://dvla.example", "iat": 1_780_000_000 })
    );
    let signed = format!("{}.{}", parts[0], parts[1]);
    assert!(verify_es256(&key.public_key(), signed.as_bytes(), &part(2)).is_ok());

    let refused = keys
        .holder_keys()
        .prove_possession(&key, &Grant("another"), proof_for(&key.public_key()))
        .err();
    assert_eq!(refused, Some(KeysError::OtherJourney));

    let another = new_key(&keys, &store);
    let refused = keys
        .holder_keys()
        .prove_possession(&key, &Grant("add"), proof_for(&another.public_key()))
        .err();
    assert_eq!(refused, Some(KeysError::CannotSign));
}

#[test]
fn a_pin_for_the_question_opens_its_keys_after_a_restart() {
    let (folder, keys, store) = wallet();
    let made = new_key(&keys, &store);
    let (id, public) = (made.id().clone(), made.public_key());
    drop((made, store));
    let keys = restarted(&folder, keys);
    let store = keys.unlock(&pin(PIN), now()).unwrap();
    let verified = keys.verify(&pin(PIN), QuestionId::new("q"), now()).unwrap();
    let opened = open(&keys, &store, verified, std::slice::from_ref(&id)).unwrap();
    assert_eq!(opened[0].id(), &id);
    let signature = opened[0].sign(b"a presentation").unwrap();
    assert!(verify_es256(&public, b"a presentation", &signature).is_ok());
}

#[test]
fn a_pin_for_another_question_opens_nothing() {
    let (_folder, keys, store) = wallet();
    let made = new_key(&keys, &store);
    let verified = keys.verify(&pin(PIN), QuestionId::new("another"), now()).unwrap();
    assert_eq!(
        open(&keys, &store, verified, &[made.id().clone()]).err(),
        Some(KeysError::OtherQuestion)
    );
}

#[test]
fn another_wallets_pin_opens_nothing() {
    let (_folder, keys, store) = wallet();
    let (_other, others, _others_store) = wallet();
    let made = new_key(&keys, &store);
    let verified = others.verify(&pin(PIN), QuestionId::new("q"), now()).unwrap();
    assert_eq!(
        open(&keys, &store, verified, &[made.id().clone()]).err(),
        Some(KeysError::HolderKeyDamaged)
    );
}

#[test]
fn a_sealed_key_moved_to_another_row_does_not_open() {
    let (_folder, keys, store) = wallet();
    let (one, two) = (new_key(&keys, &store), new_key(&keys, &store));
    let moved = store.write(|tx| {
        let mut row = tx.sealed_holder_key(one.id())?;
        row.sealed = tx.sealed_holder_key(two.id())?.sealed;
        row.id = KeyId::stored("moved".to_owned());
        row.thumbprint = "moved".to_owned();
        tx.add_holder_key(&row, now())?;
        Ok::<_, StoreError>(row.id)
    });
    let verified = keys.verify(&pin(PIN), QuestionId::new("q"), now()).unwrap();
    assert_eq!(
        open(&keys, &store, verified, &[moved.unwrap()]).err(),
        Some(KeysError::HolderKeyDamaged)
    );
}

#[test]
fn what_is_stored_of_a_key_is_not_the_key() {
    let (_folder, keys, store) = wallet();
    let made = new_key(&keys, &store);
    let row = store.read(|tx| tx.sealed_holder_key(made.id())).unwrap();
    assert_eq!(row.sealed.len(), 65 + 32 + 16, "encapsulated key, sealed scalar, tag");
    let verified = keys.verify(&pin(PIN), QuestionId::new("q"), now()).unwrap();
    let opened = open(&keys, &store, verified, &[made.id().clone()]).unwrap();
    let (x, y) = (opened[0].public_key().x().to_vec(), opened[0].public_key().y().to_vec());
    assert_eq!(row.public.to_vec(), [&[4], x.as_slice(), y.as_slice()].concat());
}

/// Wall 2 inside the crate, where the compiler does not say no: only consent goes through the second door.
#[test]
fn only_consent_opens_keys_for_a_presentation() {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && fs::read_to_string(&path).unwrap().contains("open_agreed")
            {
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(
        found.iter().any(|path| path.ends_with("src/keys/holder.rs")),
        "the door is looked for by its name"
    );
    let allowed = |path: &&String| path.contains("/src/keys/") || path.contains("/src/consent/");
    assert_eq!(found.iter().find(|path| !allowed(path)), None);
}
