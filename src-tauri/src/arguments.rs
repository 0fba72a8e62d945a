//! What the app is started with.

use std::ffi::OsString;
use std::path::PathBuf;

/// Help for `--help`, and after wrong use.
pub const HELP: &str = "\
citizen-wallet [--practice] [--data-dir DIR] [--keystore os|file] [LINK]

  --practice          the practice profile: its own documents, the sandbox's lists, fictional people
  --data-dir DIR      where the encrypted store lives (also: WALLET_DATA_DIR)
  --keystore os|file  file: for a machine with no system keystore; weaker, and the wallet says so
  LINK                an offer or a request to read: openid-credential-offer:// or openid4vp://

The same wallet for terminals and scripts is the program `wallet`.";

/// The arguments, read but for the link not looked into.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The practice profile.
    pub practice: bool,
    /// A data directory of the person's choice.
    pub data_dir: Option<PathBuf>,
    /// The keystore asked for; `true` is the key file.
    pub key_file: Option<bool>,
    /// A link from outside, not yet trusted in any way.
    pub link: Option<String>,
    /// Only `--help` was asked for.
    pub help: bool,
}

/// An argument that is not understood.
#[derive(Debug, PartialEq, Eq)]
pub struct WrongUse(pub String);

impl Arguments {
    /// Reads the arguments that follow the program's name.
    ///
    /// # Errors
    /// An option that does not exist or lacks its value, or a second link.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, WrongUse> {
        let mut read = Self::default();
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let text = word.to_string_lossy().into_owned();
            match text.as_str() {
                "--practice" => read.practice = true,
                "--help" | "-h" => read.help = true,
                "--data-dir" => {
                    let folder = words
                        .next()
                        .ok_or_else(|| WrongUse("--data-dir needs a folder".into()))?;
                    read.data_dir = Some(folder.into());
                }
                "--keystore" => match words.next().and_then(|kind| kind.into_string().ok()).as_deref() {
                    Some("os") => read.key_file = Some(false),
                    Some("file") => read.key_file = Some(true),
                    _ => return Err(WrongUse("--keystore is os or file".into())),
                },
                option if option.starts_with('-') => return Err(WrongUse(format!("{option} is not an option"))),
                _ if read.link.is_some() => return Err(WrongUse("only one link at a time".into())),
                _ => read.link = Some(text),
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Arguments, WrongUse> {
        Arguments::read(words.iter().map(OsString::from))
    }

    #[test]
    fn nothing_is_the_real_profile_in_its_usual_place() {
        assert_eq!(read(&[]), Ok(Arguments::default()));
    }

    #[test]
    fn options_and_a_link_in_any_order() {
        let wanted = Arguments {
            practice: true,
            data_dir: Some("/tmp/w".into()),
            key_file: Some(true),
            link: Some("openid4vp://?request_uri=x".into()),
            help: false,
        };
        let words = [
            "openid4vp://?request_uri=x",
            "--keystore",
            "file",
            "--practice",
            "--data-dir",
            "/tmp/w",
        ];
        assert_eq!(read(&words), Ok(wanted));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for words in [
            &["--keystore", "cloud"][..],
            &["--data-dir"],
            &["--real"],
            &["a:b", "c:d"],
        ] {
            assert!(read(words).is_err(), "{words:?} was read");
        }
    }
}
