//! The `wallet` program itself, as a process of its own, and a few words of HTTP for the sandbox's pages.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::town::PIN;

/// Between fork and exec a new process has a copy of every file that is open here, the locks of other tests' wallets among
/// them. Whoever opens a wallet waits until no process is being made.
pub fn nobody_is_born() -> MutexGuard<'static, ()> {
    static BIRTHS: Mutex<()> = Mutex::new(());
    BIRTHS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a process.
pub fn spawn(command: &mut Command) -> Child {
    let _alone = nobody_is_born();
    command.spawn().unwrap()
}

/// The program. Where it has to be built first, nobody else makes a process meanwhile.
pub fn program() -> &'static Path {
    let _alone = nobody_is_born();
    wallet_tests::wallet_program()
}

/// The program on a practice wallet with a key file; the PIN is in a file beside it.
pub fn command(folder: &Path, words: &[&str]) -> Command {
    let pin = folder.join("pin");
    if !pin.exists() {
        std::fs::write(&pin, PIN).unwrap();
    }
    let mut command = Command::new(program());
    command
        .args(["--practice", "--keystore", "file", "--json", "--data-dir"])
        .arg(folder)
        .arg("--pin-file")
        .arg(pin)
        .args(words)
        .env_remove("BROWSER")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the program to its end: its answer and its exit code.
#[track_caller]
pub fn run(folder: &Path, words: &[&str]) -> (Value, i32) {
    said(&spawn(&mut command(folder, words)).wait_with_output().unwrap())
}

/// The one JSON object of standard output, and the exit code.
#[track_caller]
pub fn said(output: &Output) -> (Value, i32) {
    let text = String::from_utf8_lossy(&output.stdout);
    let value = serde_json::from_str(&text)
        .unwrap_or_else(|_| panic!("not JSON: {text}\n{}", String::from_utf8_lossy(&output.stderr)));
    (value, output.status.code().expect("it was not killed"))
}

/// It did what it was told.
#[track_caller]
pub fn done(folder: &Path, words: &[&str]) -> Value {
    let (answer, exit) = run(folder, words);
    assert_eq!(exit, 0, "{words:?}: {answer}");
    answer
}

/// One HTTP request to a port of this machine under the name it knows itself by; the whole answer as text.
pub fn http(port: u16, url: &str, what: &str, content_type: &str, body: &[u8]) -> String {
    try_http(port, url, what, content_type, body).unwrap()
}

/// The same where nobody may be there any more.
pub fn try_http(port: u16, url: &str, what: &str, content_type: &str, body: &[u8]) -> std::io::Result<String> {
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let head = format!(
        "{what} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
