//! The words people read, in English and Welsh (Fluent; `locales/en.ftl` and `locales/cy.ftl`).
//!
//! The core answers for problems, warnings, proofs and the checks of `doctor`; the terminal takes its own sentences
//! (`cli-…`) from the same two files, so both always say the same thing. English is the fallback: a message missing in
//! Welsh is a failing test, never an empty line.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

use crate::problem::{DataLeft, ProblemCode};
use crate::view::Language;

const ENGLISH: &str = include_str!("../locales/en.ftl");
const WELSH: &str = include_str!("../locales/cy.ftl");

static EN: LazyLock<Words> = LazyLock::new(|| Words::read(Language::En, ENGLISH, None));
static CY: LazyLock<Words> = LazyLock::new(|| Words::read(Language::Cy, WELSH, Some(&EN)));

/// One language's words. `Send` and `Sync`; the two catalogues are read once.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
    fallback: Option<&'static LazyLock<Words>>,
}

/// A fact put into a sentence. Text from outside must have been through [`crate::labels::clean`].
#[derive(Debug, Clone, Copy)]
pub enum Arg<'a> {
    /// Text.
    Text(&'a str),
    /// A count; it chooses the plural form (Welsh has six).
    Count(u32),
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Arg<'_> {
    fn from(count: u32) -> Self {
        Self::Count(count)
    }
}

impl From<usize> for Arg<'_> {
    fn from(count: usize) -> Self {
        Self::Count(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

/// The words of a problem: what happened and whether anything left, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemWords {
    /// A heading.
    pub title: String,
    /// What happened, ending with the sentence that says whether anything left the wallet.
    pub happened: String,
    /// What to do now.
    pub what_to_do: String,
}

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn for_language(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::Cy => &CY,
        }
    }

    /// The language of these words.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    fn read(language: Language, source: &str, fallback: Option<&'static LazyLock<Words>>) -> Self {
        let locale = match language {
            Language::En => langid!("en-GB"),
            Language::Cy => langid!("cy-GB"),
        };
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Text from outside is cleaned of direction controls before it comes here, and a terminal shows the isolation
        // marks as boxes.
        bundle.set_use_isolating(false);
        // A syntax error loses one message, which the test of this module reports.
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        Self {
            language,
            bundle,
            fallback,
        }
    }

    /// A sentence. Returns the id itself where no catalogue has it, so that a defect is seen rather than hidden.
    #[must_use]
    pub fn message(&self, id: &str, args: &[(&'static str, Arg<'_>)]) -> String {
        self.find(id, None, args).unwrap_or_else(|| id.to_owned())
    }

    /// Whether a message of this id exists, here or in the fallback.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.bundle.has_message(id) || self.fallback.is_some_and(|english| english.has(id))
    }

    /// The words for a problem, with the sentence that says whether anything left.
    #[must_use]
    pub fn problem(&self, code: ProblemCode, left: DataLeft) -> ProblemWords {
        let id = format!("problem-{}", code.as_str());
        let left = [("left", Arg::Text(left_word(left)))];
        let part = |attribute| self.find(&id, attribute, &left).unwrap_or_else(|| id.clone());
        ProblemWords {
            title: part(None),
            happened: format!("{} {}", part(Some("happened")), self.message("data-left", &left)),
            what_to_do: part(Some("do")),
        }
    }

    /// Every id of this language's own file, with the attributes of each, for the test that compares the files.
    #[doc(hidden)]
    #[must_use]
    pub fn ids(language: Language) -> Vec<String> {
        let source = match language {
            Language::En => ENGLISH,
            Language::Cy => WELSH,
        };
        let mut ids = Vec::new();
        let mut message = "";
        for line in source.lines() {
            if let Some((name, _)) = line.split_once(" =") {
                if let Some(attribute) = name.strip_prefix("    .") {
                    ids.push(format!("{message}.{attribute}"));
                } else if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    message = name;
                    ids.push(name.to_owned());
                }
            }
        }
        ids
    }

    fn find(&self, id: &str, attribute: Option<&str>, args: &[(&'static str, Arg<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(id).and_then(|message| match attribute {
            None => message.value(),
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
        });
        let Some(pattern) = pattern else {
            return self.fallback.and_then(|english| english.find(id, attribute, args));
        };
        let mut facts = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            let value = match *value {
                Arg::Text(text) => FluentValue::from(text),
                Arg::Count(count) => FluentValue::from(count),
            };
            facts.set(*name, value);
        }
        let mut errors = Vec::new();
        Some(
            self.bundle
                .format_pattern(pattern, Some(&facts), &mut errors)
                .into_owned(),
        )
    }
}

fn left_word(left: DataLeft) -> &'static str {
    match left {
        DataLeft::No => "no",
        DataLeft::Yes => "yes",
        DataLeft::Unknown => "unknown",
    }
}

#[cfg(test)]
mod tests;
