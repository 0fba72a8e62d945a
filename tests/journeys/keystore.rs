//! The whole journey with the operating system's keystore: a real `gnome-keyring-daemon` in a D-Bus session of its own.

#![cfg(target_os = "linux")]

use std::process::{Command, Stdio};

use serde_json::Value;
use wallet_sandbox::spec::{DocumentType, OfferSpec, ServiceName};

use crate::program::{program, spawn};
use crate::town::{PIN, WRONG_PIN, all_checks_well, ask, learnt, sandbox};

/// A daemon whose keyring is made and unlocked, ready when the shell goes on. The bus is asked who is there;
/// a call to the service itself would have the bus start a second daemon over the keyring the first is writing.
const UNLOCKED: &str = "coproc daemon { exec gnome-keyring-daemon --foreground --unlock --components=secrets 2>/dev/null; }
keyring=$daemon_PID
printf 'a keyring password' >&\"${daemon[1]}\"; exec {daemon[1]}>&-
until dbus-send --session --print-reply --dest=org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep -q true
do kill -0 $keyring || exit 90; done
";

/// Each command's answer on a line of its own, with its exit code before it.
const COMMANDS: &str = "wallet() { answer=$(\"$0\" --practice --json --data-dir \"$HOME/wallet\" --pin-file \"$HOME/$pin\" \"$@\"); echo \"$? $answer\"; }
pin=right
wallet init; wallet doctor; wallet add \"$1\"; wallet share \"$2\" --approve
pin=wrong
wallet documents
pin=right
wallet documents; wallet history verify
kill $keyring; wait $keyring 2>/dev/null
wallet documents
";

fn tools_are_here() -> bool {
    let there = |tool: &&str| {
        spawn(Command::new("which").arg(tool).stdout(Stdio::null()))
            .wait()
            .is_ok_and(|found| found.success())
    };
    let missing: Vec<&str> = ["dbus-run-session", "gnome-keyring-daemon", "dbus-send"]
        .into_iter()
        .filter(|tool| !there(tool))
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

#[tokio::test]
async fn the_whole_journey_with_keys_in_the_keyring() {
    if !tools_are_here() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    for part in ["run", "data"] {
        std::fs::create_dir(home.path().join(part)).unwrap();
    }
    std::fs::set_permissions(
        home.path().join("run"),
        std::os::unix::fs::PermissionsExt::from_mode(0o700),
    )
    .unwrap();
    std::fs::write(home.path().join("right"), PIN).unwrap();
    std::fs::write(home.path().join("wrong"), WRONG_PIN).unwrap();
    let sandbox = sandbox().await;
    let made = sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let request = ask(sandbox, ServiceName::GpRegistration);
    let mut session = Command::new("dbus-run-session");
    session
        .args(["--", "bash", "-c", &format!("{UNLOCKED}{COMMANDS}")])
        .arg(program())
        .args([&made.uri, &request.uri])
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path().join("run"))
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("GNOME_KEYRING_CONTROL")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = spawn(&mut session).wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let answers: Vec<(i32, Value)> = text
        .lines()
        .map(|line| {
            let (exit, answer) = line.split_once(' ').unwrap();
            (exit.parse().unwrap(), serde_json::from_str(answer).unwrap())
        })
        .collect();
    let exits: Vec<i32> = answers.iter().map(|(exit, _)| *exit).collect();
    assert_eq!(
        exits,
        [0, 0, 0, 0, 4, 0, 0, 1],
        "{text}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(answers[0].1["key_protection"], "os");
    assert!(
        !home.path().join("wallet/practice/keyfile").exists(),
        "the secret is in the keyring alone"
    );
    assert!(
        answers[1].1["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["ok"] == true),
        "{text}"
    );
    all_checks_well(&learnt(sandbox, &request));
    assert_eq!(answers[4].1["problem"]["code"], "wrong-pin");
    assert_eq!(answers[5].1["documents"].as_array().unwrap().len(), 1);
    assert_eq!(answers[6].1["ok"], true);
    // The keyring is gone: a named problem, and nothing is made in its place.
    let code = answers[7].1["problem"]["code"].as_str().unwrap();
    assert!(matches!(code, "keystore-unavailable" | "keystore-locked"), "{code}");
}
