//! Running other programs, and saying what went wrong.

use std::ffi::OsStr;
use std::fmt;
use std::io::Write;
use std::process::{Command, Stdio};

/// Why a step or command did not succeed, in words for the person at the terminal.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure with its explanation.
    pub fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a step ends with.
pub type Outcome = Result<(), Failure>;

/// Prints the command, runs it with its output shown, and fails unless it exits with 0.
pub fn run(command: &mut Command) -> Outcome {
    let shown = line(command);
    println!("  $ {shown}");
    let _ = std::io::stdout().flush();
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{shown}` ended with {status}.")))
}

/// Runs a command silently; its standard output when it exits with 0, `None` when it fails or cannot be started.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program can be started at all; it is called with `--version`.
pub fn exists(program: &str) -> bool {
    output(Command::new(program).arg("--version")).is_some()
}

/// npm, which on Windows is a script with another name.
pub fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// The cargo that started this program.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The failure for a program that could not be started.
pub fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "{} could not be started: {error}.",
        command.get_program().display()
    ))
}

fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    std::iter::once(program)
        .chain(command.get_args().map(OsStr::to_string_lossy).map(|argument| {
            if argument.contains(' ') {
                format!("'{argument}'")
            } else {
                argument.into_owned()
            }
        }))
        .collect::<Vec<_>>()
        .join(" ")
}
