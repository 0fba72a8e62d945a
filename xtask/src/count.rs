//! `cargo xtask count`: the instructions of the code around the cryptography, counted by valgrind.
//!
//! A count does not depend on what else the machine does, as time does. What is counted stands in
//! `crates/wallet-protocols/benches/counts.rs`, how much it was beside it in `counts.txt`; more than a tenth over that fails.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::place::Place;
use crate::process::{self, Failure, Outcome};
use crate::system;

/// How far a count may be above the one that is written down, in percent. Keys and certificates are new in each run, and
/// other versions of the C library count a little differently.
const SLACK: u64 = 10;

/// The function that is counted with everything it calls.
const COUNTED: &str = "counts::counted*";

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
    let file = folder.join(&name);
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}.", file.display()));
    fs::create_dir_all(&folder).map_err(failed)?;
    let runner = [
        "valgrind".to_owned(),
        "--quiet".to_owned(),
        "--tool=callgrind".to_owned(),
        "--collect-atstart=no".to_owned(),
        format!("--toggle-collect={COUNTED}"),
        format!("--callgrind-out-file={}", file.display()),
    ];
    let mut command = program(place, &runner, &name);
    let output = command
        .output()
        .map_err(|error| process::cannot_start(&command, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("{name} did not run under valgrind:\n{said}")));
    }
    let profile = fs::read_to_string(&file).map_err(failed)?;
    match without_cryptography(&profile) {
        Some(instructions) if instructions > 0 => Ok(Count { name, instructions }),
        _ => Err(Failure::new(format!(
            "Nothing was counted for {name}: is there a function `{COUNTED}`?"
        ))),
    }
}

/// The instructions of a profile of callgrind, less those of the calls that Rust makes into the libraries of cryptography: hashes,
/// signatures, points of curves take what they take, and here without the instructions for them that processors have.
fn without_cryptography(profile: &str) -> Option<u64> {
    let mut names = HashMap::new();
    let (mut caller, mut called) = ("", "");
    let (mut total, mut cryptography) = (None, 0);
    let mut lines = profile.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("fn=") {
            caller = full_name(&mut names, name)?;
        } else if let Some(name) = line.strip_prefix("cfn=") {
            called = full_name(&mut names, name)?;
        } else if line.starts_with("calls=") {
            // The next line says what these calls took with everything below them.
            let inclusive: u64 = lines.next()?.rsplit(' ').next()?.parse().ok()?;
            if is_cryptography(called) && is_rust(caller) && !is_cryptography(caller) {
                cryptography += inclusive;
            }
        } else if let Some(number) = line.strip_prefix("totals: ") {
            total = number.trim().parse::<u64>().ok();
        }
    }
    total?.checked_sub(cryptography)
}

/// `(12) name` when a name comes first, `(12)` from then on.
fn full_name<'p>(names: &mut HashMap<&'p str, &'p str>, written: &'p str) -> Option<&'p str> {
    match written.split_once(' ') {
        Some((number, name)) => {
            names.insert(number, name);
            Some(name)
        }
        None => names.get(written).copied(),
    }
}

/// SHA-2 of RustCrypto, and the C of aws-lc, whose names are no paths.
fn is_cryptography(function: &str) -> bool {
    function.starts_with("sha2::") || function.starts_with("aws_lc_") && !is_rust(function)
}

fn is_rust(function: &str) -> bool {
    function.contains("::")
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

#[cfg(test)]
mod tests {
    use super::*;

    /// As callgrind writes: names once, then numbers; what a call took stands below it.
    const PROFILE: &str = "\
fn=(1) wallet_credentials::verify
10 100
cfn=(2) aws_lc_0_47_0_EVP_DigestVerify
calls=2 0
11 5000
cfn=(3) sha2::sha256::soft::compress
calls=1 0
12 700
fn=(2)
1 1000
cfn=(4) pkey_ec_verify
calls=2 0
2 4000
fn=(4)
1 1000
cfn=(5) aws_lc_0_47_0_ECDSA_verify
calls=2 0
2 3000
fn=(6) other::digest
1 50
cfn=(3)
calls=1 0
+1 300

totals: 7000
";

    #[test]
    fn what_cryptography_took_is_left_out_once() {
        assert_eq!(without_cryptography(PROFILE), Some(7000 - 5000 - 700 - 300));
        assert_eq!(without_cryptography("totals: 12\n"), Some(12));
        for broken in [
            "",
            "totals: x",
            "fn=(9)\ntotals: 1",
            "totals: 1\nfn=(1) a::b\ncfn=(2) sha2::c\ncalls=1 0\n1 5",
        ] {
            assert_eq!(without_cryptography(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_tenth_more_passes_and_more_than_that_does_not() {
        let counts = |instructions| parse(&format!("a {instructions}\nb 5\n")).unwrap();
        assert!(compare(&counts(110), &counts(100)).is_ok());
        assert!(compare(&counts(10), &counts(100)).is_ok());
        assert!(compare(&counts(111), &counts(100)).is_err());
        assert!(compare(&counts(100), &counts(100)[..1]).is_err());
        assert!(compare(&counts(100)[..1], &counts(100)).is_err());
        assert_eq!(listed(&counts(7)), "a 7\nb 5\n");
        assert!(parse("a").is_err() && parse("a b").is_err());
    }
}
