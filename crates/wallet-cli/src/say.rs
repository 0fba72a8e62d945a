//! Sentences of the terminal, with the name of this very wallet in those that say what to type.

use wallet_core::view::Language;
use wallet_core::words::{Arg, Words};

/// The words of a language, and how the program was called.
#[derive(Clone, Copy)]
pub struct Say {
    words: &'static Words,
    practice: bool,
}

impl Say {
    /// Speaks a language; in the practice profile what to type has `--practice` in it.
    pub fn new(language: Language, practice: bool) -> Self {
        Self {
            words: Words::for_language(language),
            practice,
        }
    }

    /// The language.
    pub fn language(self) -> Language {
        self.words.language()
    }

    /// A sentence.
    pub fn say(self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// A sentence with facts.
    pub fn say_with(self, id: &str, args: &[(&'static str, Arg<'_>)]) -> String {
        let program = if self.practice { "wallet --practice" } else { "wallet" };
        let mut all = Vec::with_capacity(args.len() + 1);
        all.push(("wallet", Arg::Text(program)));
        all.extend_from_slice(args);
        self.words.message(id, &all)
    }

    /// A sentence there may be.
    pub fn say_if_known(self, id: &str) -> Option<String> {
        self.words.has(id).then(|| self.say(id))
    }
}
