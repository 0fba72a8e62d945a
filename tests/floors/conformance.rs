//! `docs/conformance.md` names code and tests: all of them must exist.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The words between back quotes of the page's table rows, by column.
fn named(page: &str, column: usize) -> Vec<String> {
    page.lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("|---"))
        .filter_map(|line| line.split('|').nth(column))
        .flat_map(|cell| {
            cell.split('`')
                .skip(1)
                .step_by(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

/// All Rust sources of the crates, in one text.
fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn the_page_names_files_that_exist() {
    let page = fs::read_to_string(root().join("docs/conformance.md")).unwrap();
    let files = named(&page, 2);
    assert!(files.len() > 30, "the page was not understood");
    let missing: Vec<_> = files.iter().filter(|file| !root().join(file).is_file()).collect();
    assert!(
        missing.is_empty(),
        "docs/conformance.md names files that are not there: {missing:?}"
    );
}

#[test]
fn the_page_names_tests_that_exist() {
    let page = fs::read_to_string(root().join("docs/conformance.md")).unwrap();
    let mut code = String::new();
    for folder in ["crates", "tests/journeys", "tests/foreign", "tests/fuzz/targets"] {
        let folder = root().join(folder);
        if folder.is_dir() {
            sources(&folder, &mut code);
        }
    }
    let tests = named(&page, 3);
    assert!(tests.len() > 30, "the page was not understood");
    // A test is a function, or a row of a macro that makes one for each file of vectors.
    let exists = |name: &String| {
        ["fn NAME(", "NAME:", "(NAME,", "(NAME)", "NAME =>", "NAME,", "NAME;"]
            .iter()
            .any(|form| code.contains(&form.replace("NAME", name)))
    };
    let missing: Vec<_> = tests.iter().filter(|name| !exists(name)).collect();
    assert!(
        missing.is_empty(),
        "docs/conformance.md names tests that are not there: {missing:?}"
    );
}
