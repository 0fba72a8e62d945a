//! The `wallet` program on a fresh store of its own.

use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A real wallet, not a practice one, with a key file.
pub struct Wallet {
    folder: TempDir,
}

/// What a command answered: its JSON and its exit code.
pub struct Answer {
    /// The one JSON object on standard output.
    pub json: Value,
    /// The exit code.
    pub exit: i32,
}

impl Wallet {
    /// A wallet with a PIN and nothing in it.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pin"), "482951\n").unwrap();
        let wallet = Self { folder };
        wallet.done(&["init"]);
        wallet
    }

    /// A wallet that trusts these roots of issuers.
    pub fn trusting(roots: &[&str]) -> Self {
        let wallet = Self::new();
        for root in roots {
            wallet.done(&["trust", "add", root, "--as", "issuer"]);
        }
        wallet
    }

    /// Runs one command.
    pub fn run(&self, words: &[&str]) -> Answer {
        let output = Command::new(wallet_tests::wallet_program())
            .args(["--keystore", "file", "--json", "--data-dir"])
            .arg(self.folder.path().join("store"))
            .arg("--pin-file")
            .arg(self.folder.path().join("pin"))
            .args(words)
            .env_remove("BROWSER")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr);
        Answer {
            json: serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}\n{said}")),
            exit: output.status.code().unwrap(),
        }
    }

    /// Runs one command that does what it was told.
    #[track_caller]
    pub fn done(&self, words: &[&str]) -> Value {
        let answer = self.run(words);
        assert_eq!(answer.exit, 0, "{words:?}: {}", answer.json);
        answer.json
    }

    /// Runs one command that meets this problem, after which nothing has left.
    #[track_caller]
    pub fn refused(&self, words: &[&str], code: &str, exit: i32) {
        let answer = self.run(words);
        let problem = &answer.json["problem"];
        assert_eq!(
            (&problem["code"], answer.exit),
            (&code.into(), exit),
            "{words:?}: {}",
            answer.json
        );
        assert_eq!(problem["data_left"], "no");
    }
}
