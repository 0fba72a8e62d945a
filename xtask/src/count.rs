//! `cargo xtask count`: the instructions of the code around the cryptography, counted by valgrind.
//!
//! A count does not depend on what else the machine does, as time does. What is counted stands in
//! `crates/wallet-protocols/benches/counts.rs`, how much it was beside it in `counts.txt`; more than a tenth over that fails.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::place::Place;
use crate::process::{self, Failure, Outcome};
use crate::system;

/// How far a count may be above the one that is written down, in percent. Keys and certificates are new in each run, and
/// other versions of the C library count a little differently.
const SLACK: u64 = 10;

/// The function that is counted with everything it calls.
const COUNTED: &str = "counts::counted*";

/// What it calls and is not counted: cryptography, which takes what it takes.
const NOT_COUNTED: &[&str] = &[];

/// One piece of work with its count.
struct Count {
    name: String,
    instructions: u64,
}

/// Counts everything and compares; with `--write`, writes the counts down instead.
pub fn count(place: &Place, words: &[&str]) -> Outcome {
    let write = match words {
        [] => false,
        ["--write"] => true,
        _ => return Err(Failure::new("cargo xtask count [--write]")),
    };
    if !cfg!(target_os = "linux") {
        return Err(Failure::new(
            "Instructions are counted on Linux only: valgrind is missing elsewhere.",
        ));
    }
    system::install(&["valgrind"])?;
    let counts = names(place)?
        .into_iter()
        .map(|name| one(place, name))
        .collect::<Result<Vec<_>, _>>()?;
    let path = place.root.join("crates/wallet-protocols/benches/counts.txt");
    let unreadable = |error| Failure::new(format!("{}: {error}.", path.display()));
    if write {
        return fs::write(&path, listed(&counts)).map_err(unreadable);
    }
    compare(&counts, &parse(&fs::read_to_string(&path).map_err(unreadable)?)?)
}

/// The program that does the work, built as it is shipped but with the names of its functions, under `runner`.
fn program(place: &Place, runner: &[String], argument: &str) -> Command {
    let mut command = place.cargo(&[]);
    if !runner.is_empty() {
        let words: Vec<String> = runner.iter().map(|word| format!("{word:?}")).collect();
        command.arg("--config");
        command.arg(format!("target.'cfg(all())'.runner = [{}]", words.join(", ")));
    }
    command
        .args(["bench", "--quiet", "--package=wallet-protocols", "--bench=counts", "--"])
        .arg(argument)
        .env("CARGO_PROFILE_BENCH_STRIP", "none");
    command
}

fn names(place: &Place) -> Result<Vec<String>, Failure> {
    let listed = process::output(&mut program(place, &[], "--list"));
    let listed = listed.ok_or_else(|| {
        Failure::new("What is to be counted does not build: cargo bench --package=wallet-protocols --bench=counts")
    })?;
    Ok(listed.lines().map(str::to_owned).collect())
}

fn one(place: &Place, name: String) -> Result<Count, Failure> {
    let folder = place.root.join("target/counts");
    fs::create_dir_all(&folder).map_err(|error| Failure::new(format!("{}: {error}.", folder.display())))?;
    let profile: PathBuf = folder.join(&name);
    let toggles = std::iter::once(&COUNTED).chain(NOT_COUNTED);
    let mut runner = ["valgrind", "--quiet", "--tool=callgrind", "--collect-atstart=no"]
        .map(str::to_owned)
        .to_vec();
    runner.extend(toggles.map(|function| format!("--toggle-collect={function}")));
    runner.push(format!("--callgrind-out-file={}", profile.display()));
    let mut command = program(place, &runner, &name);
    let output = command
        .output()
        .map_err(|error| process::cannot_start(&command, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("{name} did not run under valgrind:\n{said}")));
    }
    let text =
        fs::read_to_string(&profile).map_err(|error| Failure::new(format!("{}: {error}.", profile.display())))?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    match total.and_then(|total| total.trim().parse().ok()) {
        Some(instructions) if instructions > 0 => Ok(Count { name, instructions }),
        _ => Err(Failure::new(format!(
            "Nothing was counted for {name}: is there a function `{COUNTED}`?"
        ))),
    }
}

fn listed(counts: &[Count]) -> String {
    let mut text = String::new();
    for count in counts {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{} {}", count.name, count.instructions);
    }
    text
}

fn parse(text: &str) -> Result<Vec<Count>, Failure> {
    let line = |line: &str| {
        let (name, number) = line.split_once(' ')?;
        Some(Count {
            name: name.to_owned(),
            instructions: number.parse().ok()?,
        })
    };
    text.lines()
        .map(|text| line(text).ok_or_else(|| Failure::new(format!("counts.txt: `{text}` is not a name and a number."))))
        .collect()
}

/// Prints both, and fails where too much is counted or where the names differ.
fn compare(counts: &[Count], before: &[Count]) -> Outcome {
    let mut wrong = Vec::new();
    println!("{:<24}{:>12}{:>12}", "instructions", "now", "before");
    for count in counts {
        let Some(known) = before.iter().find(|known| known.name == count.name) else {
            println!("{:<24}{:>12}{:>12}", count.name, count.instructions, "-");
            wrong.push(count.name.as_str());
            continue;
        };
        println!("{:<24}{:>12}{:>12}", count.name, count.instructions, known.instructions);
        if count.instructions * 100 > known.instructions * (100 + SLACK) {
            wrong.push(&count.name);
        }
    }
    let gone = before
        .iter()
        .filter(|known| counts.iter().all(|count| count.name != known.name));
    wrong.extend(gone.map(|known| known.name.as_str()));
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "More than {SLACK} % over what counts.txt has, or not the same work: {}. Where the new counts are worth it:\n  \
         cargo xtask count --write",
        wrong.join(", ")
    )))
}
