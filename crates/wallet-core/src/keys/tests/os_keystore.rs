//! The real Secret Service: a `gnome-keyring-daemon` of our own, in a D-Bus session of our own, with a home of its own.
//!
//! Each test starts this test binary again inside `dbus-run-session`; the child does the work and the parent reads its
//! verdict. Nothing here can touch the keyring of whoever runs the tests.

use std::path::Path;
use std::process::{Command, Output};

use super::*;

/// Runs one ignored test of this module in a fresh session. `daemon` is shell that readies the keyring.
fn in_session(test: &str, daemon: &str) -> Option<Output> {
    in_session_of(&[], test, daemon)
}

fn in_session_of(options: &[&str], test: &str, daemon: &str) -> Option<Output> {
    if !tools_are_here() {
        return None;
    }
    let home = tempfile::tempdir().unwrap();
    for part in ["run", "data", "wallet"] {
        fs::create_dir(home.path().join(part)).unwrap();
    }
    fs::set_permissions(
        home.path().join("run"),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    let inner = child(&format!("keys::tests::os_keystore::{test}"), home.path());
    let mut session = Command::new("dbus-run-session");
    session
        .args(options)
        .args(["--", "bash", "-c"])
        .arg(format!(
            "{daemon}\n\"$0\" \"$@\"; code=$?\n[ -z \"$keyring\" ] || kill \"$keyring\"\nexit $code"
        ))
        .arg(inner.get_program())
        .args(inner.get_args())
        .env("WALLET_TEST_FOLDER", home.path().join("wallet"))
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path().join("run"))
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("GNOME_KEYRING_CONTROL")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    Some(session.output().unwrap())
}

/// A daemon whose login keyring is made and unlocked, ready when the shell goes on; `$keyring` is its process. The bus is asked who is there;
/// a call to the service itself would have the bus start a second daemon over the keyring the first is writing.
const UNLOCKED: &str = "coproc daemon { exec gnome-keyring-daemon --foreground --unlock --components=secrets 2>/dev/null; }
keyring=$daemon_PID
printf 'a keyring password' >&\"${daemon[1]}\"; exec {daemon[1]}>&-
until dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q true
do kill -0 $keyring || exit 90; done";

fn tools_are_here() -> bool {
    let missing: Vec<&str> = ["dbus-run-session", "gnome-keyring-daemon", "dbus-send"]
        .into_iter()
        .filter(|tool| {
            Command::new("which")
                .arg(tool)
                .output()
                .map_or(true, |found| !found.status.success())
        })
        .collect();
    if missing.is_empty() {
        return true;
    }
    let words = format!("the Secret Service is tested with {missing:?}, which this machine lacks");
    assert!(std::env::var_os("CI").is_none(), "{words}");
    println!("SKIPPED: {words}");
    eprintln!("SKIPPED: {words}");
    false
}

/// The child ran its one test to the end and it held.
#[track_caller]
fn assert_held(output: Option<Output>) {
    let Some(output) = output else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn child_dir() -> Option<Arc<DataDir>> {
    child_folder().map(|folder| dir(Path::new(&folder)))
}

fn create(dir: Arc<DataDir>) -> Result<(Keys, Store), KeysError> {
    Keys::create(dir, KeystoreKind::Os, &pin(PIN), now())
}

#[test]
fn a_wallet_lives_in_the_keyring() {
    assert_held(in_session("child_lives_in_the_keyring", UNLOCKED));
}

#[test]
#[ignore = "run by a_wallet_lives_in_the_keyring"]
fn child_lives_in_the_keyring() {
    let Some(dir) = child_dir() else { return };
    let (keys, store) = create(Arc::clone(&dir)).unwrap();
    drop(store);
    assert!(!dir.file("keyfile").exists());
    assert_eq!(wrong_pin(&keys, now()), PinError::Wrong { tries_left: 4 }.into());
    drop(keys);
    // The count is in the keyring, not in this process.
    let keys = Keys::load(Arc::clone(&dir)).unwrap();
    assert_eq!(wrong_pin(&keys, now()), PinError::Wrong { tries_left: 3 }.into());
    assert!(keys.unlock(&pin(PIN), now()).is_ok());

    // From inside an asynchronous run-time too: on its worker threads and on those for blocking work.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let keys = Arc::new(keys);
    runtime.block_on(async {
        assert!(keys.unlock(&pin(PIN), now()).is_ok());
        let inside = Arc::clone(&keys);
        assert!(
            tokio::spawn(async move { inside.unlock(&pin(PIN), now()).is_ok() })
                .await
                .unwrap()
        );
        let inside = Arc::clone(&keys);
        assert!(
            tokio::task::spawn_blocking(move || inside.unlock(&pin(PIN), now()).is_ok())
                .await
                .unwrap()
        );
    });
}

#[test]
fn a_missing_entry_is_named_and_nothing_is_made_in_its_place() {
    assert_held(in_session("child_finds_its_entry_missing", UNLOCKED));
}

#[test]
#[ignore = "run by a_missing_entry_is_named_and_nothing_is_made_in_its_place"]
fn child_finds_its_entry_missing() {
    let Some(dir) = child_dir() else { return };
    let (keys, store) = create(Arc::clone(&dir)).unwrap();
    drop(store);
    let secret = keys.keystore.get(Item::Secret).unwrap();
    keys.keystore.remove(Item::Secret).unwrap();
    for _ in 0..2 {
        assert_eq!(keys.unlock(&pin(PIN), now()).err(), Some(KeystoreError::Missing.into()));
        assert_eq!(create(Arc::clone(&dir)).err(), Some(KeysError::AlreadyInitialised));
    }
    // The person brings the entry back, for instance from a backup of the keyring: everything is there.
    keys.keystore.put(Item::Secret, &secret).unwrap();
    assert!(keys.unlock(&pin(PIN), now()).is_ok());
}

#[test]
fn a_locked_keyring_is_named_and_costs_no_attempt() {
    assert_held(in_session("child_finds_the_keyring_locked", UNLOCKED));
}

#[test]
#[ignore = "run by a_locked_keyring_is_named_and_costs_no_attempt"]
fn child_finds_the_keyring_locked() {
    let Some(dir) = child_dir() else { return };
    let (keys, store) = create(dir).unwrap();
    drop(store);
    let locked = Command::new("dbus-send")
        .args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
            "/org/freedesktop/secrets",
        ])
        .args([
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/aliases/default",
        ])
        .output()
        .unwrap();
    assert!(locked.status.success(), "{locked:?}");
    for _ in 0..6 {
        assert_eq!(keys.unlock(&pin(PIN), now()).err(), Some(KeystoreError::Locked.into()));
    }
}

#[test]
fn a_keyring_that_was_never_unlocked_is_locked() {
    // The daemon is started by D-Bus itself at the first call, and nobody has given it a password.
    assert_held(in_session("child_meets_a_locked_keyring", "keyring="));
}

#[test]
#[ignore = "run by a_keyring_that_was_never_unlocked_is_locked"]
fn child_meets_a_locked_keyring() {
    let Some(dir) = child_dir() else { return };
    assert_eq!(create(Arc::clone(&dir)).err(), Some(KeystoreError::Locked.into()));
    let keystore = Keystore::new(KeystoreKind::Os, "a store".to_owned(), Arc::clone(&dir));
    assert_eq!(keystore.get(Item::Secret).err(), Some(KeystoreError::Locked));
    assert!(!Keys::exist(&dir), "nothing was made");
}

#[test]
fn no_bus_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut alone = child("keys::tests::os_keystore::child_has_no_keystore", folder.path());
    alone
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .env("XDG_RUNTIME_DIR", folder.path());
    assert_held(Some(alone.output().unwrap()));
}

#[test]
fn a_bus_without_a_secret_service_is_named() {
    // No service directories: the bus can start nothing by its name.
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("bus.conf");
    fs::write(
        &config,
        "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context='default'>\
         <allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>",
    )
    .unwrap();
    let option = format!("--config-file={}", config.display());
    assert_held(in_session_of(&[&option], "child_has_no_keystore", "keyring="));
}

#[test]
#[ignore = "run by no_bus_is_named and a_bus_without_a_secret_service_is_named"]
fn child_has_no_keystore() {
    let Some(dir) = child_dir() else { return };
    assert_eq!(create(Arc::clone(&dir)).err(), Some(KeystoreError::Unavailable.into()));
    assert!(!Keys::exist(&dir), "nothing was made");
}
