//! The two files of words and the code that speaks them fit: nothing missing, nothing left over.

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot read the sources has failed")
)]

use std::collections::BTreeSet;
use std::path::Path;

use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::Language;
use wallet_core::words::Words;

/// Ids the code puts together from a code, with what the second part is.
const FAMILIES: &[&str] = &["warning-", "cli-stopped-"];
/// Types of transaction data, put after `agreement-` with the names of their fields: a test of the core speaks every one.
const AGREEMENTS: &[&str] = &[
    "agreement-org-citizen-wallet-payment-1",
    "agreement-org-citizen-wallet-agreement-1",
];
/// Codes of others (UK GDPR, article 6), put after `legal-basis-`.
const LEGAL_BASES: &[&str] = &[
    "public-task",
    "legal-obligation",
    "legitimate-interests",
    "consent",
    "contract",
    "vital-interests",
];

fn sources(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            text.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// Every string in the sources that looks like an id.
fn literals() -> BTreeSet<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    sources(&here.join("src"), &mut text);
    sources(&here.join("../wallet-core/src"), &mut text);
    let is_id = |word: &&str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    text.split('"').filter(is_id).map(str::to_owned).collect()
}

#[test]
fn no_message_is_left_over() {
    let spoken = literals();
    for id in Words::ids(Language::En) {
        let help_is_tested_beside_the_commands = id.starts_with("cli-help");
        let problem = id
            .strip_prefix("problem-")
            .or_else(|| id.strip_prefix("cli-hint-"))
            .map(|rest| rest.split('.').next().unwrap_or(rest));
        let known = problem.is_some_and(|code| ProblemCode::ALL.iter().any(|known| known.as_str() == code));
        let in_family = FAMILIES
            .iter()
            .filter_map(|family| id.strip_prefix(family))
            .any(|rest| {
                let rest = rest
                    .strip_suffix("-happened")
                    .or_else(|| rest.strip_suffix("-do"))
                    .unwrap_or(rest);
                spoken.contains(rest)
            });
        let legal_basis = id
            .strip_prefix("legal-basis-")
            .is_some_and(|basis| LEGAL_BASES.contains(&basis));
        let agreement = AGREEMENTS.iter().any(|known| id.starts_with(known));
        assert!(
            agreement
                || legal_basis
                || help_is_tested_beside_the_commands
                || known
                || in_family
                || spoken.contains(&id),
            "{id} is in the files and nobody says it"
        );
    }
}

#[test]
fn no_message_is_missing() {
    let words = Words::for_language(Language::En);
    for id in literals() {
        let meant = ["cli-", "problem-", "warning-", "check-", "not-learned-", "proof-age"];
        let whole = !id.ends_with('-') && !FAMILIES.contains(&id.as_str());
        if whole && meant.iter().any(|start| id.starts_with(start)) && !id.starts_with("cli-help") {
            assert!(words.has(&id), "{id} is said and is in no file");
        }
    }
}

#[test]
fn every_problem_tells_in_both_languages_whether_anything_left() {
    for language in [Language::En, Language::Cy] {
        let words = Words::for_language(language);
        for &code in ProblemCode::ALL {
            for left in [DataLeft::No, DataLeft::Yes, DataLeft::Unknown] {
                let problem = words.problem(code, left);
                for text in [problem.title, problem.happened, problem.what_to_do] {
                    assert!(
                        !text.trim().is_empty() && !text.contains("problem-"),
                        "{language:?} {code:?}"
                    );
                }
            }
        }
    }
}
