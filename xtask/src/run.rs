//! `cargo xtask run`: from a fresh clone to an open wallet with somebody to talk to.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use crate::place::Place;
use crate::process::{self, Failure, Outcome};
use crate::system;
use crate::test::PROGRAMS;

const NO_DISPLAY: &str = "\
This machine has no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so there is no window to open.
The same wallet works in a terminal; in one terminal start the practice issuers and services, in another the wallet:

  cargo run --package wallet-sandbox
  cargo run --package wallet-cli -- --practice --help";

/// Builds the wallet, starts the sandbox and opens the window in the practice profile; returns when it is closed.
pub fn run(place: &Place) -> Outcome {
    if cfg!(target_os = "linux") && !has_display() {
        return Err(Failure::new(NO_DISPLAY));
    }
    title(1, "What the system needs");
    system::to_run()?;
    title(2, "The screens");
    if ui_packages_are_old(place) {
        process::run(
            place
                .npm(&["ci", "--no-audit", "--no-fund"])
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
        )?;
    }
    process::run(&mut place.npm(&["run", "--silent", "build"]))?;
    title(3, "The wallet (the first time about ten minutes on two cores)");
    process::run(&mut place.cargo(PROGRAMS))?;
    title(4, "Practice issuers and services");
    let mut sandbox = Sandbox::start(place)?;
    title(5, "The wallet's window; close it to stop everything");
    let mut wallet = Command::new(place.program("citizen-wallet"));
    wallet.arg("--practice");
    if !has_session_bus() {
        println!(
            "  This session has no system keystore (no D-Bus session bus): practice keys go into a file, which is weaker."
        );
        wallet.args(["--keystore", "file"]);
    }
    let outcome = process::run(&mut wallet);
    sandbox.stop();
    outcome
}

fn title(number: u32, words: &str) {
    println!("\n── {number}/5 {words}");
    let _ = std::io::stdout().flush();
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Outside Linux the keystore is part of the system.
fn has_session_bus() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let named = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|value| !value.is_empty());
    let usual =
        std::env::var_os("XDG_RUNTIME_DIR").is_some_and(|folder| std::path::Path::new(&folder).join("bus").exists());
    named || usual
}

/// npm writes `node_modules/.package-lock.json` last: older than the lock file means stale.
fn ui_packages_are_old(place: &Place) -> bool {
    let time = |path: &str| {
        std::fs::metadata(place.ui().join(path))
            .and_then(|data| data.modified())
            .ok()
    };
    match (time("package-lock.json"), time("node_modules/.package-lock.json")) {
        (Some(locked), Some(installed)) => installed < locked,
        _ => true,
    }
}

/// The running sandbox; it ends with this value.
struct Sandbox(Child);

impl Sandbox {
    /// Starts it on its usual port and waits for the line it prints when it is ready; on any port if that one is taken.
    fn start(place: &Place) -> Result<Self, Failure> {
        match Self::start_on(place, &[]) {
            Ok(sandbox) => Ok(sandbox),
            Err(failure) => {
                println!("  {failure} Trying another port.");
                Self::start_on(place, &["--port", "0"])
            }
        }
    }

    fn start_on(place: &Place, arguments: &[&str]) -> Result<Self, Failure> {
        let mut command = Command::new(place.program("wallet-sandbox"));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .map_err(|error| process::cannot_start(&command, &error))?;
        let Some(output) = child.stdout.take() else {
            return Err(Failure::new("The sandbox has no output to read."));
        };
        let mut output = BufReader::new(output);
        let mut line = String::new();
        let read = output.read_line(&mut line).unwrap_or(0);
        if read == 0 {
            let _ = child.kill();
            let ended = child
                .wait()
                .map_or_else(|error| error.to_string(), |status| status.to_string());
            return Err(Failure::new(format!(
                "The sandbox ended before it was ready ({ended})."
            )));
        }
        print!("  {line}");
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                println!("  {line}");
            }
        });
        Ok(Self(child))
    }

    fn stop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
    }
}
