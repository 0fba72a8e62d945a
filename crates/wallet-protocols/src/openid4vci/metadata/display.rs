//! Names, colours and pictures: what is only for show (OpenID4VCI 1.0, 12.2.4).

use serde_json::Value;

use super::MAX_ENTRIES;

/// The longest name or colour kept from a display entry, in characters.
const MAX_DISPLAY: usize = 512;

/// The longest logo address kept: `data:` images stay small.
const MAX_LOGO: usize = 256 * 1024;

/// A name in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalName {
    /// The name.
    pub name: String,
    /// The language tag (BCP 47), when given.
    pub locale: Option<String>,
}

/// How something wants to be shown, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Display {
    /// The name.
    pub name: String,
    /// The language tag (BCP 47), when given.
    pub locale: Option<String>,
    /// A picture; `https` or `data`, never fetched here.
    pub logo: Option<Logo>,
    /// What it is, in a sentence.
    pub description: Option<String>,
    /// A CSS colour for the background.
    pub background_color: Option<String>,
    /// The colour the background runs into, where it is a gradient (GOV.UK's `background_color_2`).
    pub background_color_2: Option<String>,
    /// A CSS colour for the text.
    pub text_color: Option<String>,
}

/// A picture and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// Where it is.
    pub uri: String,
    /// What it shows.
    pub alt_text: Option<String>,
}

impl Display {
    /// The entry for a language such as `cy`: the same primary language, else English, else no language, else the first.
    pub fn for_language<'a>(entries: &'a [Self], language: &str) -> Option<&'a Self> {
        pick(entries, |entry| entry.locale.as_deref(), language)
    }
}

impl LocalName {
    /// The entry for a language, chosen as [`Display::for_language`] does.
    pub fn for_language<'a>(entries: &'a [Self], language: &str) -> Option<&'a Self> {
        pick(entries, |entry| entry.locale.as_deref(), language)
    }
}

fn pick<'a, T>(entries: &'a [T], locale: impl Fn(&T) -> Option<&str>, language: &str) -> Option<&'a T> {
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let find = |wanted: &str| {
        entries
            .iter()
            .find(|entry| locale(entry).is_some_and(|tag| primary(tag) == wanted))
    };
    find(&primary(language))
        .or_else(|| find("en"))
        .or_else(|| entries.iter().find(|entry| locale(entry).is_none()))
        .or_else(|| entries.first())
}

/// What is only for show never makes metadata unusable: entries that are not understood are left out.
pub(super) fn read(value: Option<&Value>) -> Vec<Display> {
    let entries = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let short = |entry: &Value, name: &str| {
        entry
            .get(name)
            .and_then(Value::as_str)
            .map(|text| shortened(text, MAX_DISPLAY))
    };
    entries
        .iter()
        .take(MAX_ENTRIES)
        .filter_map(|entry| {
            Some(Display {
                name: short(entry, "name")?,
                locale: short(entry, "locale"),
                logo: entry.get("logo").and_then(logo),
                description: short(entry, "description"),
                background_color: short(entry, "background_color").or_else(|| short(entry, "background_color_1")),
                background_color_2: short(entry, "background_color_2"),
                text_color: short(entry, "text_color"),
            })
        })
        .collect()
}

fn logo(value: &Value) -> Option<Logo> {
    let uri = value
        .get("uri")
        .and_then(Value::as_str)
        .filter(|uri| uri.len() <= MAX_LOGO)?;
    let alt_text = value.get("alt_text").and_then(Value::as_str);
    Some(Logo {
        uri: uri.to_owned(),
        alt_text: alt_text.map(|text| shortened(text, MAX_DISPLAY)),
    })
}

fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

pub(super) fn local_names(value: Option<&Value>) -> Vec<LocalName> {
    read(value)
        .into_iter()
        .map(|entry| LocalName {
            name: entry.name,
            locale: entry.locale,
        })
        .collect()
}
