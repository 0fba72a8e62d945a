//! `cargo xtask fuzz`: every target of `tests/fuzz`, one after the other, for a while each.
//!
//! It needs rustup with a nightly toolchain, which it does not install; cargo-fuzz it builds itself where it is missing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::place::Place;
use crate::process::{self, Failure, Outcome};
use crate::tools;

/// How long each target runs unless `--seconds` says otherwise.
const SECONDS: u32 = 600;

/// The longest input, in bytes; and how much memory and time one may take before it is a finding.
const LIMITS: [&str; 3] = ["-max_len=65536", "-rss_limit_mb=2048", "-timeout=25"];

/// What one target did.
struct Run {
    target: String,
    executions: u64,
    per_second: u64,
    edges: u64,
    findings: usize,
}

/// Builds and runs the targets named, or all of them.
pub fn fuzz(place: &Place, words: &[&str]) -> Outcome {
    let (seconds, named) = options(words)?;
    let path = search_path(place)?;
    let project = place.root.join("tests/fuzz");
    let known = targets(&project)?;
    if let Some(unknown) = named.iter().find(|name| !known.iter().any(|target| target == *name)) {
        return Err(Failure::new(format!(
            "There is no target `{unknown}`. There are: {}.",
            known.join(", ")
        )));
    }
    let chosen: Vec<&str> = known
        .iter()
        .map(String::as_str)
        .filter(|target| named.is_empty() || named.contains(target))
        .collect();
    let mut corpus = place.cargo(&[
        "run",
        "--quiet",
        "--package=wallet-fuzz-targets",
        "--bin=fuzz-corpus",
        "--",
    ]);
    process::run(corpus.arg(&project))?;
    process::run(cargo_fuzz(place, &path, "build").args(if let [only] = chosen[..] { vec![only] } else { vec![] }))?;
    let mut runs = Vec::new();
    for target in chosen {
        println!("── {target}, {seconds} s");
        runs.push(run(place, &path, &project, target, seconds)?);
    }
    report(&runs, seconds)
}

/// `--seconds N`, and the names of targets.
fn options<'w>(words: &[&'w str]) -> Result<(u32, Vec<&'w str>), Failure> {
    match words {
        ["--seconds", number, named @ ..] => number
            .parse()
            .ok()
            .filter(|seconds| *seconds > 0)
            .map(|seconds| (seconds, named.to_vec()))
            .ok_or_else(|| Failure::new("`--seconds` takes a number of seconds.")),
        [option, ..] if option.starts_with('-') => Err(Failure::new("cargo xtask fuzz [--seconds N] [TARGET…]")),
        named => Ok((SECONDS, named.to_vec())),
    }
}

/// The search path with a cargo-fuzz on it.
fn search_path(place: &Place) -> Result<std::ffi::OsString, Failure> {
    if process::output(Command::new("rustup").args(["run", "nightly", "rustc", "--version"])).is_none() {
        return Err(Failure::new(
            "Fuzzing needs rustup with a nightly toolchain: rustup toolchain install nightly",
        ));
    }
    let tool = tools::cargo_fuzz(place)?;
    let folder = tool.parent().unwrap_or(Path::new("")).to_path_buf();
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder).chain(std::env::split_paths(&rest));
    std::env::join_paths(folders.filter(|folder| !folder.as_os_str().is_empty()))
        .map_err(|error| Failure::new(format!("The search path cannot be used: {error}.")))
}

/// The programs of the fuzz project.
fn targets(project: &Path) -> Result<Vec<String>, Failure> {
    let manifest = fs::read_to_string(project.join("Cargo.toml"))
        .map_err(|error| Failure::new(format!("tests/fuzz/Cargo.toml: {error}.")))?;
    let programs = manifest.split("[[bin]]").skip(1);
    Ok(programs
        .filter_map(|program| program.split('"').nth(1).map(str::to_owned))
        .collect())
}

fn cargo_fuzz(place: &Place, path: &std::ffi::OsStr, step: &str) -> Command {
    let mut command = place.here(Command::new("rustup"));
    command
        .args(["run", "nightly", "cargo", "fuzz", step, "--fuzz-dir=tests/fuzz"])
        .env("PATH", path);
    command
}

fn run(place: &Place, path: &std::ffi::OsStr, project: &Path, target: &str, seconds: u32) -> Result<Run, Failure> {
    let logs = place.root.join("target/fuzz-logs");
    let log = logs.join(format!("{target}.log"));
    let file = fs::create_dir_all(&logs).and_then(|()| File::create(&log));
    let file = file.map_err(|error| Failure::new(format!("{}: {error}.", log.display())))?;
    let before = findings(project, target);
    let mut command = cargo_fuzz(place, path, "run");
    command
        .args([target, "--"])
        .args(LIMITS)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-dict=tests/fuzz/dictionaries/{target}.dict"))
        .arg("-print_final_stats=1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file);
    let status = command
        .status()
        .map_err(|error| process::cannot_start(&command, &error))?;
    let bytes = fs::read(&log).map_err(|error| Failure::new(format!("{}: {error}.", log.display())))?;
    let text = String::from_utf8_lossy(&bytes);
    let found = findings(project, target) - before.min(findings(project, target));
    if !status.success() && found == 0 {
        return Err(Failure::new(format!("{target} did not run: see {}.", log.display())));
    }
    Ok(Run {
        target: target.to_owned(),
        executions: last_number(&text, "stat::number_of_executed_units:"),
        per_second: last_number(&text, "stat::average_exec_per_sec:"),
        edges: last_number(&text, "cov:"),
        findings: found,
    })
}

/// The number after the last mention of `name`.
fn last_number(text: &str, name: &str) -> u64 {
    let after = text.rsplit(name).next().unwrap_or_default();
    let number = after.split_whitespace().next().unwrap_or_default();
    number.parse().unwrap_or_default()
}

/// Inputs that stopped the target, from this run or earlier ones.
fn findings(project: &Path, target: &str) -> usize {
    let folder: PathBuf = project.join("artifacts").join(target);
    fs::read_dir(folder).map_or(0, |entries| entries.flatten().count())
}

fn report(runs: &[Run], seconds: u32) -> Outcome {
    println!("\n| target | seconds | executions | per second | edges | findings |");
    println!("|---|---|---|---|---|---|");
    for run in runs {
        println!(
            "| {} | {seconds} | {} | {} | {} | {} |",
            run.target, run.executions, run.per_second, run.edges, run.findings
        );
    }
    if runs.iter().all(|run| run.findings == 0) {
        return Ok(());
    }
    Err(Failure::new(
        "There are findings: the inputs are in tests/fuzz/artifacts, what they did in target/fuzz-logs.",
    ))
}
