//! `cargo xtask test`: everything CI runs.
//!
//! The steps share one target folder, one profile and one set of features, so that no dependency is built twice for
//! the same purpose: what a step compiles, the next finds.

use std::process::Command;

use crate::audit;
use crate::place::Place;
use crate::process::{self, Failure, Outcome};
use crate::steps::{self, Step};
use crate::system;

/// The app with its screens embedded, as it is shipped, and the programs beside it.
pub const PROGRAMS: &[&str] = &[
    "build",
    "--package=citizen-wallet",
    "--package=wallet-cli",
    "--package=wallet-sandbox",
    "--features=tauri/custom-protocol",
];

const STEPS: &[Step] = &[
    Step {
        name: "system",
        title: "system packages",
        needs: &[],
        work: |_| system::to_test(),
    },
    Step {
        name: "fmt",
        title: "Rust is formatted",
        needs: &[],
        work: |place| process::run(&mut place.cargo(&["fmt", "--all", "--check"])),
    },
    Step {
        name: "ui-install",
        title: "packages of the screens, as locked",
        needs: &["system"],
        work: ui_install,
    },
    Step {
        name: "ui-build",
        title: "the screens are built",
        needs: &["ui-install"],
        work: |place| npm(place, "build"),
    },
    Step {
        name: "ui-check",
        title: "types of the screens",
        needs: &["ui-install"],
        work: |place| npm(place, "check"),
    },
    Step {
        name: "ui-lint",
        title: "rules of the screens' code",
        needs: &["ui-install"],
        work: |place| npm(place, "lint"),
    },
    Step {
        name: "ui-unit",
        title: "unit tests of the screens",
        needs: &["ui-install"],
        work: |place| npm(place, "test"),
    },
    Step {
        name: "clippy",
        title: "Rust without warnings",
        needs: &["system", "ui-build"],
        work: clippy,
    },
    Step {
        name: "test",
        title: "Rust tests: units, vectors, journeys, floors, what must not compile, the window's commands",
        needs: &["system", "ui-build"],
        work: rust_tests,
    },
    Step {
        name: "clean",
        title: "what is generated is committed",
        needs: &["test"],
        work: clean,
    },
    Step {
        name: "docs",
        title: "documentation without warnings",
        needs: &["system", "ui-build"],
        work: docs,
    },
    Step {
        name: "app",
        title: "the app, the terminal wallet and the sandbox are built",
        needs: &["system", "ui-build"],
        work: |place| process::run(&mut place.cargo(PROGRAMS)),
    },
    Step {
        name: "ui-screens",
        title: "every screen in a browser, with accessibility checks",
        needs: &["ui-build"],
        work: |place| npm(place, "test:ui"),
    },
    Step {
        name: "window",
        title: "the real window, with a real keystore",
        needs: &["app"],
        work: window,
    },
    Step {
        name: "deny",
        title: "licences, sources and bans of dependencies",
        needs: &[],
        work: audit::offline,
    },
];

/// Runs every step.
pub fn all(place: &Place) -> Outcome {
    steps::run(place, &STEPS.iter().collect::<Vec<_>>())
}

/// Runs the steps named, in their usual order.
pub fn only(place: &Place, names: &str) -> Outcome {
    let names: Vec<&str> = names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        return Err(Failure::new(format!(
            "There is no step `{unknown}`. `cargo xtask test --list` names them all."
        )));
    }
    if names.is_empty() {
        return Err(Failure::new(
            "Name the steps to run: cargo xtask test --only fmt,clippy",
        ));
    }
    steps::run(
        place,
        &STEPS
            .iter()
            .filter(|step| names.contains(&step.name))
            .collect::<Vec<_>>(),
    )
}

/// Prints every step.
pub fn list() {
    for step in STEPS {
        println!("{:<12} {}", step.name, step.title);
    }
}

fn npm(place: &Place, script: &str) -> Outcome {
    process::run(&mut place.npm(&["run", "--silent", script]))
}

/// `npm ci` downloads no browser: the pages are tested with the system's Chromium.
fn ui_install(place: &Place) -> Outcome {
    process::run(
        place
            .npm(&["ci", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )
}

fn clippy(place: &Place) -> Outcome {
    process::run(&mut place.cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--features=tauri/custom-protocol",
        "--",
        "-D",
        "warnings",
    ]))
}

fn rust_tests(place: &Place) -> Outcome {
    process::run(&mut place.cargo(&[
        "test",
        "--workspace",
        "--features=tauri/custom-protocol",
        "--no-fail-fast",
    ]))
}

/// What the tests generate must be what is committed; in CI nothing else may have changed either (`Cargo.lock`).
fn clean(place: &Place) -> Outcome {
    let in_ci = std::env::var_os("CI").is_some();
    let looked_at = if in_ci { "." } else { "ui/src/wallet/bindings" };
    let mut git = place.here(Command::new("git"));
    let changed = process::output(git.args(["status", "--porcelain", "--", looked_at]))
        .ok_or_else(|| Failure::new("git could not be asked what changed."))?;
    if changed.trim().is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "Building and testing changed files that are committed otherwise; commit these:\n{changed}"
    )))
}

fn docs(place: &Place) -> Outcome {
    let mut command = place.cargo(&[
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
        "--features=tauri/custom-protocol",
    ]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn window(place: &Place) -> Outcome {
    if !cfg!(target_os = "linux") {
        println!("  the window is driven on Linux only: WebDriver for the system's webview is missing elsewhere");
        return Ok(());
    }
    let mut command = place.here(Command::new("node"));
    process::run(command.arg("tests/window/run.mjs").arg(&place.programs))
}
