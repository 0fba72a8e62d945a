//! What several test programs share.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "only tests use this: a failed expectation ends them"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The terminal wallet, `wallet`, in the target folder of the running test. `cargo test --workspace` has built it by now; where
/// it is missing or older than its sources (one test run alone), it is built here.
///
/// # Panics
/// When it does not build.
#[must_use]
pub fn wallet_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // target/debug/deps/journeys-…
        let test = std::env::current_exe().unwrap();
        let profile = test.ancestors().nth(2).unwrap();
        let program = profile.join(format!("wallet{}", std::env::consts::EXE_SUFFIX));
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let sources = ["wallet-cli", "wallet-core", "wallet-protocols", "wallet-credentials"].map(|name| {
            let parts = ["src", "locales", "migrations"].map(|part| newest(&root.join("crates").join(name).join(part)));
            parts.into_iter().max()
        });
        let built = std::fs::metadata(&program).and_then(|found| found.modified()).ok();
        if built < sources.into_iter().max().flatten() {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let mut build = Command::new(cargo);
            build
                .args(["build", "--quiet", "--package", "wallet-cli"])
                .current_dir(root);
            build.env("CARGO_TARGET_DIR", profile.parent().unwrap());
            if !cfg!(debug_assertions) {
                build.arg("--release");
            }
            let status = build.status().expect("cargo starts");
            assert!(status.success(), "the terminal wallet does not build");
        }
        program
    })
}

/// When the newest file of a folder was changed, tests left out: the program is not made of them.
fn newest(folder: &Path) -> SystemTime {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return SystemTime::UNIX_EPOCH;
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let times = paths
        .filter(|path| path.file_stem().is_none_or(|name| name != "tests"))
        .map(|path| {
            if path.is_dir() {
                newest(&path)
            } else {
                path.metadata().unwrap().modified().unwrap()
            }
        });
    times.max().unwrap_or(SystemTime::UNIX_EPOCH)
}
