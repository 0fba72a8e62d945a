//! What the person gives: the PIN, a link, a code. PINs come from a file, one line of standard input or the terminal without
//! echo, never from the command line; they are wiped when done with.

use std::fs::File;
use std::io::{IsTerminal as _, Read, Write as _};
use std::path::{Path, PathBuf};

use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::LinkKind;
use wallet_core::{Pin, Wallet};
use zeroize::Zeroizing;

use crate::answer::{Failure, complain};
use crate::say::Say;

/// A PIN or a passphrase is no longer than this, in bytes.
const PIN_MAX: u64 = 1_024;
/// A link is no longer than this, in bytes.
const LINK_MAX: u64 = 256 * 1_024;
/// A picture is no larger than this, in bytes.
const PICTURE_MAX: u64 = 8 * 1_024 * 1_024;

/// Where the PIN comes from.
pub struct PinSource {
    file: Option<PathBuf>,
    say: Say,
}

/// A PIN that was typed once and is needed twice: to unlock, and for the question.
pub struct TypedPin(Zeroizing<String>);

impl TypedPin {
    /// The PIN, for one use.
    pub fn pin(&self) -> Pin {
        Pin::new(self.0.as_str().to_owned())
    }
}

impl PinSource {
    /// From `--pin-file`, else the terminal.
    pub fn new(file: Option<PathBuf>, say: Say) -> Self {
        Self { file, say }
    }

    /// The PIN was given with `--pin-file`, so nobody needs to be asked.
    pub fn is_given(&self) -> bool {
        self.file.is_some()
    }

    /// Standard input gives the PIN.
    pub fn is_standard_input(&self) -> bool {
        self.file.as_deref() == Some(Path::new("-"))
    }

    /// Reads the PIN, or asks for it.
    pub fn read(&self) -> Result<TypedPin, Failure> {
        match &self.file {
            Some(_) => self.given(),
            None => self.ask("cli-ask-pin"),
        }
    }

    /// Reads a new PIN; on a terminal it is asked for twice.
    pub fn read_new(&self) -> Result<TypedPin, Failure> {
        if self.is_given() {
            return self.given();
        }
        complain(&format!("{}\n", self.say.say("cli-new-pin-rules")));
        let first = self.ask("cli-ask-new-pin")?;
        let second = self.ask("cli-ask-new-pin-again")?;
        if first.0 == second.0 {
            Ok(first)
        } else {
            Err(Failure::WrongUse(self.say.say("cli-pins-differ")))
        }
    }

    fn given(&self) -> Result<TypedPin, Failure> {
        let Some(file) = &self.file else {
            return self.ask("cli-ask-pin");
        };
        let bytes = if self.is_standard_input() {
            first_line(std::io::stdin().lock())
        } else {
            File::open(file).and_then(first_line)
        };
        let line = bytes.ok().and_then(|mut bytes| {
            String::from_utf8(std::mem::take(&mut *bytes))
                .map(Zeroizing::new)
                .ok()
                .filter(|line| !line.is_empty())
        });
        line.map(TypedPin).ok_or_else(|| {
            let file = file.display().to_string();
            Failure::WrongUse(
                self.say
                    .say_with("cli-pin-file-unreadable", &[("file", (&file).into())]),
            )
        })
    }

    fn ask(&self, id: &str) -> Result<TypedPin, Failure> {
        let prompt = format!("{} ", self.say.say(id));
        match rpassword::prompt_password(prompt) {
            Ok(pin) if !pin.is_empty() => Ok(TypedPin(Zeroizing::new(pin))),
            // No terminal, or it was closed.
            _ => Err(Failure::WrongUse(self.say.say("cli-pin-not-asked"))),
        }
    }
}

/// One line without its end; the buffers it went through are wiped.
fn first_line(source: impl Read) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::new(Vec::with_capacity(64));
    let mut byte = Zeroizing::new([0_u8; 1]);
    let mut source = source.take(PIN_MAX);
    // Byte by byte: a buffered reader would keep a copy, and would take what comes after the line.
    while source.read(&mut *byte)? == 1 {
        if byte[0] == b'\n' {
            break;
        }
        line.push(byte[0]);
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(line)
}

/// A link as given, and whether it came as a picture from another screen.
pub struct GivenLink {
    /// The link's text.
    pub text: String,
    /// It was in a picture of a QR code.
    pub from_picture: bool,
}

/// Reads a link: the argument itself, `-` for standard input, or a picture file.
pub fn link(wallet: &Wallet, argument: &str, wanted: LinkKind, say: Say) -> Result<GivenLink, Failure> {
    let given = if argument == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().take(PICTURE_MAX + 1).read_to_end(&mut bytes);
        read.map_err(|_| wallet.problem(ProblemCode::LinkNotUnderstood, DataLeft::No))?;
        from_bytes(wallet, bytes)?
    } else if !argument.contains("://") && Path::new(argument).is_file() {
        let mut bytes = Vec::new();
        let read = File::open(argument).and_then(|file| file.take(PICTURE_MAX + 1).read_to_end(&mut bytes));
        read.map_err(|_| wallet.problem(ProblemCode::LinkNotUnderstood, DataLeft::No))?;
        from_bytes(wallet, bytes)?
    } else {
        GivenLink {
            text: argument.trim().to_owned(),
            from_picture: false,
        }
    };
    let kind = wallet.read_link(&given.text)?;
    if kind != wanted {
        let mut problem = wallet.problem(ProblemCode::LinkNotUnderstood, DataLeft::No);
        problem.what_to_do = match kind {
            LinkKind::Offer => say.say("cli-link-is-an-offer"),
            LinkKind::Request => say.say("cli-link-is-a-request"),
        };
        return Err(problem.into());
    }
    Ok(given)
}

fn from_bytes(wallet: &Wallet, bytes: Vec<u8>) -> Result<GivenLink, Failure> {
    let picture = bytes.starts_with(b"\x89PNG\r\n") || bytes.starts_with(&[0xff, 0xd8, 0xff]);
    let limit = if picture { PICTURE_MAX } else { LINK_MAX };
    let too_long = u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit;
    let unreadable = || wallet.problem(ProblemCode::LinkNotUnderstood, DataLeft::No);
    if too_long {
        return Err(unreadable().into());
    }
    if picture {
        return Ok(GivenLink {
            text: wallet.read_picture(&bytes)?,
            from_picture: true,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
    Ok(GivenLink {
        text: text.trim().to_owned(),
        from_picture: false,
    })
}

/// Asks for a line on the terminal, echoed (the code an issuer sent). `None` where nobody can be asked.
pub fn ask_line(prompt: &str) -> Option<String> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return None;
    }
    complain(&format!("{prompt} "));
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line).ok()?;
    let line = line.trim().to_owned();
    (read > 0 && !line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_line_is_the_pin_and_the_rest_stays_unread() {
        let mut source: &[u8] = b"a long phrase\r\nhttps://rest.example\n";
        let line = first_line(&mut source).unwrap();
        assert_eq!(line.as_slice(), b"a long phrase");
        assert_eq!(source, b"https://rest.example\n");
        assert_eq!(first_line(&b"482951"[..]).unwrap().as_slice(), b"482951");
        assert_eq!(first_line(&[b'9'; 5_000][..]).unwrap().len(), 1_024);
    }
}
