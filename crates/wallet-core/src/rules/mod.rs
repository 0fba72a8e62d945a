//! What a service of a kind needs, and what it does not: the wallet's own view, beside what the register says.
//!
//! The rules are data (`categories.json`), from the laws and codes that `docs/decisions/0020` names. Details are sorted into
//! groups by name, so that a rule holds for every document that has such a detail. A category has
//!
//! - `ids`: what a register calls it;
//! - `marks`: groups that show that a request is about it, for services that registered nothing;
//! - `needed`: what such a service needs;
//! - `not_needed`: what it does not, each with the sentence the person reads. What stands in neither is not judged.
//!
//! `blocked_from_strangers` are the groups that nobody gets who is not on the register.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::labels;
use crate::view::Language;

// The file is part of the program and a test reads it whole.
static RULES: LazyLock<Rules> =
    LazyLock::new(|| serde_json::from_str(include_str!("categories.json")).unwrap_or_default());

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    groups: HashMap<String, Vec<String>>,
    blocked_from_strangers: Vec<String>,
    categories: Vec<Category>,
}

/// The rules for one kind of service.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    ids: Vec<String>,
    marks: Vec<String>,
    needed: Vec<String>,
    not_needed: Vec<NotNeeded>,
}

/// What a service of this kind does not need, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotNeeded {
    groups: Vec<String>,
    en: String,
    cy: String,
}

impl NotNeeded {
    /// The sentence the person reads.
    #[must_use]
    pub fn why(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Cy => &self.cy,
        }
    }
}

impl Category {
    /// The rules of a category a service registered; `None` where there are none for it.
    #[must_use]
    pub fn registered(id: &str) -> Option<&'static Self> {
        RULES
            .categories
            .iter()
            .find(|category| category.ids.iter().any(|own| own == id))
    }

    /// The rules for a request of somebody who registered nothing: of the categories it could belong to, the one that finds most
    /// that is not needed.
    #[must_use]
    pub fn strictest<'p>(paths: impl Iterator<Item = &'p [Value]> + Clone) -> Option<&'static Self> {
        let fits = |category: &&Self| paths.clone().any(|path| is_in(&category.marks, path));
        let found = |category: &&Self| paths.clone().filter(|path| category.not_needed(path).is_some()).count();
        // Of equals the first.
        let fitting = RULES.categories.iter().rev().filter(fits);
        fitting.max_by_key(found)
    }

    /// Why a service of this kind does not need a detail; `None` where it does, or where nothing is said about it.
    #[must_use]
    pub fn not_needed(&self, path: &[Value]) -> Option<&NotNeeded> {
        if is_in(&self.needed, path) {
            return None;
        }
        self.not_needed.iter().find(|rule| is_in(&rule.groups, path))
    }
}

/// Whether a detail leaves for nobody who is not on the register.
#[must_use]
pub fn is_blocked_from_strangers(type_id: &str, path: &[Value]) -> bool {
    is_in(&RULES.blocked_from_strangers, path) || labels::is_sensitive(type_id, path)
}

fn is_in(groups: &[String], path: &[Value]) -> bool {
    let names = || path.iter().filter_map(Value::as_str);
    let fits = |pattern: &String| match pattern.strip_suffix('*') {
        Some(start) => names().any(|name| name.starts_with(start)),
        None => names().any(|name| name == pattern),
    };
    groups
        .iter()
        .filter_map(|group| RULES.groups.get(group))
        .flatten()
        .any(fits)
}

#[cfg(test)]
mod tests;
