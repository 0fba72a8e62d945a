//! The foreign peers, a process of Node's, and what to ask of it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Issuers and a verifier that run until this is dropped.
pub struct Peers {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// What they said first: roots and DIDs.
    about: Value,
    _folder: TempDir,
}

impl Peers {
    /// Starts them; `None`, said loudly, where they cannot be had.
    pub fn start() -> Option<Self> {
        if !at_hand() {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new("node")
            .arg("peers.mjs")
            .arg(folder.path())
            .current_dir(here())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut peers = Self {
            input: process.stdin.take(),
            output: BufReader::new(process.stdout.take().unwrap()),
            process,
            about: Value::Null,
            _folder: folder,
        };
        peers.about = peers.line();
        Some(peers)
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the peers are gone: {line}"))
    }

    /// Asks for something; the answer, or why there is none.
    pub fn try_ask(&mut self, what: &Value) -> Result<Value, String> {
        writeln!(self.input.as_ref().unwrap(), "{what}").unwrap();
        let mut answer = self.line();
        match answer.get("error").and_then(Value::as_str) {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["ok"].take()),
        }
    }

    /// Asks for something that must be there.
    #[track_caller]
    pub fn ask(&mut self, what: &Value) -> Value {
        self.try_ask(what).unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// The PEM file of a root certificate.
    pub fn root(&self, name: &str) -> &str {
        self.about["roots"][name].as_str().unwrap()
    }

    /// The DID of the issuer or the service.
    pub fn did(&self, name: &str) -> &str {
        self.about["dids"][name].as_str().unwrap()
    }

    /// An offer of these configurations: the link, and the code where one was asked for.
    pub fn offer(&mut self, issuer: &str, ids: &[&str], more: &Value) -> (String, Option<String>) {
        let mut what = json!({"do": "offer", "issuer": issuer, "ids": ids});
        what.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.ask(&what);
        (
            made["offer"].as_str().unwrap().to_owned(),
            made["tx_code"].as_str().map(str::to_owned),
        )
    }

    /// A request: its identifier and the link.
    pub fn request(&mut self, client: &str, encrypted: bool, query: &Value, more: &Value) -> (String, String) {
        let mut what = json!({"do": "request", "client": client, "encrypted": encrypted, "dcql": query});
        what.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let made = self.ask(&what);
        (
            made["id"].as_str().unwrap().to_owned(),
            made["link"].as_str().unwrap().to_owned(),
        )
    }

    /// The bodies that were posted to answer a request, as they came.
    pub fn posts(&mut self, id: &str) -> Vec<String> {
        let posts = self.ask(&json!({"do": "posts", "id": id}));
        let bodies = posts.as_array().unwrap().iter();
        bodies.map(|body| body.as_str().unwrap().to_owned()).collect()
    }

    /// What became of a request; null when nothing arrived.
    pub fn result(&mut self, id: &str) -> Value {
        self.ask(&json!({"do": "result", "id": id}))
    }
}

impl Drop for Peers {
    fn drop(&mut self) {
        // The end of its input is its end.
        drop(self.input.take());
        if self.process.wait().is_err() {
            let _ = self.process.kill();
        }
    }
}

/// Where the peers are written down.
pub fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("foreign")
}

/// The packages of `package-lock.json`, installed where they are missing or older than it.
/// Whether the packages are here; where they cannot be had, that is said loudly, and in CI it is a failure.
pub fn at_hand() -> bool {
    let Err(reason) = packages() else { return true };
    let ci = std::env::var("CI").is_ok_and(|ci| ci == "true" || ci == "1");
    assert!(!ci, "the foreign implementations cannot be had: {reason}");
    println!("SKIPPED: the foreign implementations cannot be had: {reason}");
    false
}

fn packages() -> &'static Result<(), String> {
    static PACKAGES: OnceLock<Result<(), String>> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        if !Command::new("node")
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
        {
            return Err("there is no node".to_owned());
        }
        let changed = |name: &str| {
            std::fs::metadata(here().join(name))
                .and_then(|found| found.modified())
                .ok()
        };
        // npm writes this file last.
        let installed = changed("node_modules/.package-lock.json");
        if installed.is_some() && installed >= changed("package-lock.json") {
            return Ok(());
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let install = Command::new(npm)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(here())
            .output();
        match install {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(format!("npm ci: {}", String::from_utf8_lossy(&output.stderr).trim())),
            Err(error) => Err(format!("npm: {error}")),
        }
    })
}
