//! The floors of the house (docs/architecture.md): dependencies go down only.
//!
//! Between crates the manifests are read, through `cargo metadata`; inside `wallet-core`, and for what the floors
//! without I/O must not touch, the source itself.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests: a failed expectation ends them"
)]

mod conformance;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Each crate, and the crates of this workspace it may name.
const FLOORS: &[(&str, &[&str])] = &[
    ("wallet-credentials", &[]),
    ("wallet-protocols", &["wallet-credentials"]),
    ("wallet-core", &["wallet-credentials", "wallet-protocols"]),
    ("wallet-cli", &["wallet-core"]),
    ("citizen-wallet", &["wallet-core"]),
    ("wallet-sandbox", &["wallet-credentials", "wallet-protocols"]),
    (
        "wallet-tests",
        &[
            "wallet-credentials",
            "wallet-protocols",
            "wallet-core",
            "wallet-sandbox",
        ],
    ),
    // What must hold for any input: run by cargo-fuzz, and by the tests over the corpus.
    ("wallet-fuzz-targets", &["wallet-credentials", "wallet-protocols"]),
    ("xtask", &[]),
];

/// What tests of a crate may name on top: the sandbox is the other party of every journey.
const FOR_TESTS: &[(&str, &[&str])] = &[
    ("wallet-core", &["wallet-sandbox"]),
    ("wallet-cli", &["wallet-sandbox"]),
];

/// Floors 1 and 2 know no disk, network, clock or randomness: these crates would bring them.
const DOORS: &[&str] = &[
    "axum",
    "getrandom",
    "hyper",
    "keyring-core",
    "mio",
    "rand",
    "reqwest",
    "rusqlite",
    "tauri",
    "tokio",
    "ureq",
];

/// The same in source: what the standard library and jiff would bring.
const DOORS_IN_SOURCE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "Instant::now",
    "OsRng",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "println!",
];

/// The modules of `wallet-core`, highest first, and what each may name: journeys → consent → keys → store, net → clock.
const CORE: &[(&str, &[&str])] = &[
    (
        "wallet",
        &[
            "journeys", "consent", "keys", "store", "net", "words", "labels", "pictures", "view", "problem", "clock",
        ],
    ),
    (
        "journeys",
        &[
            "consent", "keys", "store", "net", "words", "rules", "labels", "pictures", "view", "problem", "clock",
            "age",
        ],
    ),
    (
        "consent",
        &["keys", "store", "net", "words", "labels", "view", "problem", "clock"],
    ),
    ("keys", &["store", "problem", "clock"]),
    ("store", &["problem", "clock"]),
    ("net", &["problem", "clock"]),
    ("pictures", &["problem"]),
    ("words", &["labels", "view", "problem"]),
    ("rules", &["labels", "view"]),
    ("labels", &["view", "clock", "age"]),
    ("view", &["problem"]),
    ("problem", &[]),
    ("clock", &[]),
    ("age", &[]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn packages() -> Vec<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

fn allowed(table: &[(&str, &[&'static str])], name: &str) -> Vec<&'static str> {
    table
        .iter()
        .find(|(crate_name, _)| *crate_name == name)
        .map(|(_, below)| below.to_vec())
        .unwrap_or_default()
}

#[test]
fn crates_name_only_the_floors_below() {
    let packages = packages();
    let ours: BTreeSet<&str> = packages
        .iter()
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    let known: BTreeSet<&str> = FLOORS.iter().map(|(name, _)| *name).collect();
    assert_eq!(ours, known, "every crate of the workspace has its floor here");
    let mut upward = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let below = dependency["name"].as_str().unwrap();
            if !ours.contains(below) {
                continue;
            }
            let mut may = allowed(FLOORS, name);
            if dependency["kind"] == "dev" {
                may.extend(allowed(FOR_TESTS, name));
            }
            if !may.contains(&below) {
                upward.push(format!("{name} names {below}"));
            }
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn floors_one_and_two_depend_on_nothing_with_a_door_to_the_world() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        if !["wallet-credentials", "wallet-protocols"].contains(&name) {
            continue;
        }
        for dependency in package["dependencies"].as_array().unwrap() {
            let below = dependency["name"].as_str().unwrap();
            let door = dependency["kind"] != "dev" && DOORS.contains(&below);
            assert!(!door, "{name} depends on {below}");
        }
    }
}

#[test]
fn floors_one_and_two_read_no_file_clock_or_network() {
    for name in ["wallet-credentials", "wallet-protocols"] {
        let sources = sources(&root().join("crates").join(name).join("src"));
        assert!(!sources.is_empty(), "{name} has no source");
        for (file, code) in sources {
            for door in DOORS_IN_SOURCE {
                assert!(!code.contains(door), "{} uses {door}", file.display());
            }
        }
    }
}

#[test]
fn modules_of_the_core_name_only_those_below() {
    let src = root().join("crates/wallet-core/src");
    let names: Vec<&str> = CORE.iter().map(|(name, _)| *name).collect();
    let mut upward = Vec::new();
    for (file, code) in sources(&src) {
        let inside = file.strip_prefix(&src).unwrap();
        let module = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        assert!(
            names.contains(&module),
            "the module {module} of wallet-core has no floor in this test"
        );
        let may = allowed(CORE, module);
        for below in named_modules(&code) {
            if below != module && names.contains(&below.as_str()) && !may.contains(&below.as_str()) {
                upward.push(format!("{} names {below}", inside.display()));
            }
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

/// The first part of every `crate::` path; of `crate::{…}` each of its parts.
fn named_modules(code: &str) -> BTreeSet<String> {
    let word = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
            .collect()
    };
    let mut names = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let Some(group) = after.strip_prefix('{') else {
            names.insert(word(after));
            continue;
        };
        let mut depth = 0_usize;
        let mut starts = true;
        for (at, letter) in group.char_indices() {
            if starts && depth == 0 && !letter.is_whitespace() {
                names.insert(word(&group[at..]));
                starts = false;
            }
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => starts = true,
                _ => {}
            }
        }
    }
    names
}

#[test]
fn grouped_paths_are_read() {
    let code = "use crate::{keys::{Pin, x}, store}; use crate::view::A; pub(crate) fn f() { crate::net::go() }";
    let names: Vec<String> = named_modules(code).into_iter().collect();
    assert_eq!(names, ["keys", "net", "store", "view"]);
}

/// Every source file below a folder without its comments and without tests: files named for them, and what follows
/// `#[cfg(test)]`.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if name == "tests" || name.ends_with("_tests") || name == "vectors" {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let code: Vec<&str> = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            found.push((path, code.join("\n")));
        }
    }
    found
}
