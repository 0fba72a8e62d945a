//! Tools that cargo can build, kept in `.tools` of the working copy.

use std::path::PathBuf;
use std::process::Command;

use crate::place::Place;
use crate::process::{self, Failure};

const CARGO_DENY: &str = "0.20.2";
const CARGO_FUZZ: &str = "0.13.2";

/// cargo-deny: the one on the search path if there is one, else one built into `.tools` (about three minutes, once).
pub fn cargo_deny(place: &Place) -> Result<PathBuf, Failure> {
    tool(place, "cargo-deny", CARGO_DENY)
}

/// cargo-fuzz, found or built in the same way (about half a minute).
pub fn cargo_fuzz(place: &Place) -> Result<PathBuf, Failure> {
    tool(place, "cargo-fuzz", CARGO_FUZZ)
}

fn tool(place: &Place, name: &str, version: &str) -> Result<PathBuf, Failure> {
    if process::output(Command::new(name).arg("--version")).is_some() {
        return Ok(name.into());
    }
    let program = place
        .tools()
        .join("bin")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if process::output(Command::new(&program).arg("--version")).is_some_and(|found| found.contains(version)) {
        return Ok(program);
    }
    let build = place.tools().join("build");
    // Unoptimised: it is built more slowly than it runs.
    let mut install = place.cargo(&["install", name, "--locked", "--debug", "--force", "--version", version]);
    install.arg("--root").arg(place.tools()).arg("--target-dir").arg(&build);
    install
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0");
    process::run(&mut install).map_err(|failure| {
        Failure::new(format!(
            "{failure}\n{name} could not be built; it needs the crate registry once."
        ))
    })?;
    // A leftover build folder costs a gigabyte and nothing else.
    let _ = std::fs::remove_dir_all(&build);
    Ok(program)
}
