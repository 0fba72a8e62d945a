//! Commands in, words out: every file of `tests/cmd` is typed into a fresh folder, against a real store and a key file.
//!
//! ```text
//! # a remark
//! @ pin 482951            a file with this one line
//! $ wallet documents      a command; `--keystore file` stands in the environment's place
//! < text                  its standard input
//! = 4                     its exit code (0 where not said)
//! > You have no documents standard output has a line with this in it, in this order
//! > (nothing)             standard output is empty
//! ! Nothing was shared.   standard error has a line with this in it, in this order
//! j /problem/code "x"     standard output is one JSON object with this value at this pointer (RFC 6901)
//! ```

#![cfg_attr(
    test,
    expect(clippy::unwrap_used, reason = "a test that cannot read its own files has failed")
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

struct Step {
    line: usize,
    words: Vec<String>,
    input: String,
    code: i32,
    checks: Vec<(char, String)>,
}

#[test]
fn commands_in_words_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 4, "the cases are gone");
    let mut failures = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        failures.extend(
            play(&std::fs::read_to_string(file).unwrap())
                .into_iter()
                .map(|what| format!("{name}:{what}")),
        );
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// Plays one file and tells what did not come as written.
fn play(script: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut failures = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    for (number, line) in script.lines().enumerate() {
        let (mark, rest) = line.split_at_checked(2).unwrap_or((line, ""));
        match mark {
            "" | "# " | "#" => {}
            "@ " => {
                let (name, content) = rest.split_once(' ').unwrap();
                std::fs::write(folder.path().join(name), format!("{content}\n")).unwrap();
            }
            "$ " => steps.push(Step {
                line: number + 1,
                words: split(rest),
                input: String::new(),
                code: 0,
                checks: Vec::new(),
            }),
            _ => {
                let step = steps.last_mut().unwrap();
                match mark {
                    "< " => step.input.push_str(&format!("{rest}\n")),
                    "= " => step.code = rest.parse().unwrap(),
                    "> " | "! " | "j " => step.checks.push((mark.chars().next().unwrap(), rest.to_owned())),
                    _ => failures.push(format!("{}: not understood: {line}", number + 1)),
                }
            }
        }
    }
    for step in &steps {
        let output = run(folder.path(), step);
        let (stdout, stderr) = (
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        );
        let mut wrong = Vec::new();
        if output.status.code() != Some(step.code) {
            wrong.push(format!("exit code {:?} instead of {}", output.status.code(), step.code));
        }
        for (mark, text) in [('>', &stdout), ('!', &stderr)] {
            let mut lines = text.lines();
            for (_, wanted) in step.checks.iter().filter(|(kind, _)| *kind == mark) {
                let found = if wanted == "(nothing)" {
                    text.is_empty()
                } else {
                    lines.any(|line| line.contains(wanted.as_str()))
                };
                if !found {
                    wrong.push(format!("no line with: {wanted}"));
                }
            }
        }
        for (_, check) in step.checks.iter().filter(|(kind, _)| *kind == 'j') {
            if let Err(what) = json(&stdout, check) {
                wrong.push(what);
            }
        }
        if !wrong.is_empty() {
            let typed = step.words.join(" ");
            failures.push(format!(
                "{}: {typed}\n  {}\n--- stdout\n{stdout}--- stderr\n{stderr}",
                step.line,
                wrong.join("\n  ")
            ));
        }
    }
    failures
}

fn run(folder: &Path, step: &Step) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wallet"))
        .args(step.words.iter().skip(1))
        .current_dir(folder)
        .env("WALLET_DATA_DIR", folder.join("store"))
        .env_remove("BROWSER")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(step.input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Words apart by spaces; single quotes keep a word together.
fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in line.split('\'').enumerate() {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

fn json(stdout: &str, check: &str) -> Result<(), String> {
    let value: serde_json::Value =
        serde_json::from_str(stdout).map_err(|error| format!("not one JSON object: {error}"))?;
    let (pointer, wanted) = check.split_once(' ').unwrap_or((check, ""));
    let found = value.pointer(pointer);
    if !value.is_object() || stdout.lines().count() != 1 {
        return Err("not one JSON object on one line".to_owned());
    }
    match (found, wanted) {
        (Some(_), "") => Ok(()),
        (Some(found), wanted)
            if serde_json::from_str(wanted).is_ok_and(|wanted: serde_json::Value| *found == wanted) =>
        {
            Ok(())
        }
        (found, _) => Err(format!("{pointer} is {found:?} instead of {wanted}")),
    }
}
