//! `cargo xtask audit`: what CI checks of the dependencies, and the advisories it cannot check without a network.

use std::process::Command;

use crate::place::Place;
use crate::process::{self, Failure, Outcome};
use crate::tools;

/// Licences, bans and sources; fast, and without a network.
pub fn offline(place: &Place) -> Outcome {
    let deny = tools::cargo_deny(place)?;
    process::run(place.here(Command::new(deny)).args([
        "--workspace",
        "--all-features",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))
}

/// Everything, RustSec's and npm's advisories among it.
pub fn audit(place: &Place) -> Outcome {
    let deny = tools::cargo_deny(place)?;
    let mut failures = Vec::new();
    for command in [
        place
            .here(Command::new(deny))
            .args(["--workspace", "--all-features", "check"]),
        place.npm(&["audit", "--omit=dev"]).args(["--audit-level", "low"]),
        place.npm(&["audit"]).args(["--audit-level", "high"]),
    ] {
        if let Err(failure) = process::run(command) {
            failures.push(failure.to_string());
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(failures.join("\n")))
    }
}
