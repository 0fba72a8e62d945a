//! What documents and details are called, in English and Welsh, and how their values read.
//!
//! The words are data: `documents.json` (types of `uk.md` and of the standards), `claims.json` (ISO/IEC 18013-5,
//! ISO/IEC TS 23220, the EU profiles, the practice types) and `countries.json` (ISO 3166-1 and the codes ICAO Doc 9303-3
//! adds, with the names Unicode CLDR has for them). A namespace of ISO mdoc means the same in every document, so
//! details are looked up by namespace; a detail of an SD-JWT VC is looked up in the namespaces its type is made of, then
//! among the names every issuer uses; a detail of a JWT VC under [`JWT_VC`].

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::view::{DocumentKind, Language};

mod table;
mod text;

pub use table::table_of;
pub use text::{clean, date_text, instant_text, money, text_of};

/// Where the words for the details of a JWT VC stand: its properties mean the same in every one (VCDM 2.0, 4). The first
/// name of such a path, before `credentialSubject` and the like.
pub const JWT_VC: &str = "jwt_vc_json";

/// Characters of a label, at most.
pub const LABEL_MAX: usize = 80;
/// Characters of a value as text, at most.
pub const TEXT_MAX: usize = 400;

static DOCUMENTS: LazyLock<HashMap<String, DocumentEntry>> = LazyLock::new(|| {
    let entries: Vec<DocumentEntry> = serde_json::from_str(include_str!("documents.json")).unwrap_or_default();
    let mut by_type = HashMap::new();
    for entry in entries {
        for type_id in &entry.types {
            by_type.insert(type_key(type_id), entry.clone());
        }
    }
    by_type
});
// The file is part of the program and a test reads it whole.
static CLAIMS: LazyLock<Claims> =
    LazyLock::new(|| serde_json::from_str(include_str!("claims.json")).unwrap_or_default());
static COUNTRIES: LazyLock<HashMap<String, Pair>> = LazyLock::new(|| {
    let rows: Vec<(String, String, String)> = serde_json::from_str(include_str!("countries.json")).unwrap_or_default();
    let mut by_code = HashMap::new();
    for (codes, en, cy) in rows {
        for code in codes.split(' ') {
            by_code.insert(code.to_owned(), [en.clone(), cy.clone()]);
        }
    }
    by_code
});

#[derive(Clone, Deserialize)]
struct DocumentEntry {
    kind: DocumentKind,
    en: String,
    cy: String,
    note: Option<Pair>,
    types: Vec<String>,
    namespaces: Vec<String>,
}

type Pair = [String; 2];

#[derive(Default, Deserialize)]
struct Claims {
    namespaces: HashMap<String, HashMap<String, ClaimEntry>>,
    common: HashMap<String, ClaimEntry>,
    sensitive_words: Vec<String>,
    values: HashMap<String, HashMap<String, Pair>>,
    months: Months,
    inner: HashMap<String, Pair>,
}

#[derive(Default, Deserialize)]
struct Months {
    en: Vec<String>,
    cy: Vec<String>,
}

#[derive(Deserialize)]
struct ClaimEntry {
    en: String,
    cy: String,
    #[serde(rename = "as", default)]
    shape: Shape,
    values: Option<String>,
    #[serde(default)]
    sensitive: bool,
}

/// How a value reads.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Shape {
    /// As it is.
    #[default]
    Plain,
    /// A civil date, or the day of an instant.
    Date,
    /// An instant: day and time.
    Instant,
    /// `[{"nameParts": [{"type": "GivenName", "value": …}]}]`, as GOV.UK issuers write a name.
    NameParts,
    /// Seconds since 1970 (RFC 7519 `NumericDate`).
    Epoch,
    /// True or false about a thing.
    Bool,
    /// True or false about the person ("I am").
    BoolAm,
    /// True or false about there being something.
    BoolIs,
    /// ISO 3166-1 code, or a list of them.
    Country,
    /// ISO/IEC 5218.
    Sex,
    /// ISO/IEC 18013-5, 7.2.4 driving privileges.
    Privileges,
    /// Ten digits, read 3-3-4.
    NhsNumber,
    /// National Insurance number, read in pairs.
    Nino,
    /// A picture; it has no text.
    Picture,
    /// Bytes; they have no text.
    Bytes,
}

/// What kind of document a doctype or `vct` is; `Other` for what is not known.
#[must_use]
pub fn document_kind(type_id: &str) -> DocumentKind {
    DOCUMENTS
        .get(&type_key(type_id))
        .map_or(DocumentKind::Other, |entry| entry.kind)
}

/// The name of a known type, in the person's language.
#[must_use]
pub fn document_name(type_id: &str, language: Language) -> Option<String> {
    DOCUMENTS.get(&type_key(type_id)).map(|entry| match language {
        Language::En => entry.en.clone(),
        Language::Cy => entry.cy.clone(),
    })
}

/// What everybody who holds a document of this type should know about it, in one line.
#[must_use]
pub fn document_note(type_id: &str, language: Language) -> Option<String> {
    let note = DOCUMENTS.get(&type_key(type_id))?.note.as_ref()?;
    Some(text::pick(note, language).to_owned())
}

/// Whether anybody gave a detail a name: this wallet, or the issuer. What nobody named is shown as such.
#[must_use]
pub fn is_named(type_id: &str, path: &[Value], issuer_label: Option<&str>) -> bool {
    entry_of(type_id, path).is_some()
        || age_of(path).is_some()
        || issuer_label.is_some_and(|label| !clean(label, LABEL_MAX).is_empty())
}

/// The label of a detail. What this wallet knows goes before what the issuer says (`issuer_label`, from its metadata), so
/// that nobody can call a date of birth a favourite colour; where neither has a word, the last name of the path is read out.
#[must_use]
pub fn claim_label(type_id: &str, path: &[Value], issuer_label: Option<&str>, language: Language) -> String {
    if let Some(entry) = entry_of(type_id, path) {
        return match language {
            Language::En => entry.en.clone(),
            Language::Cy => entry.cy.clone(),
        };
    }
    if let Some(age) = age_of(path) {
        return match language {
            Language::En => format!("{age} or over"),
            Language::Cy => format!("{age} oed neu drosodd"),
        };
    }
    if let Some(label) = issuer_label
        .map(|label| clean(label, LABEL_MAX))
        .filter(|label| !label.is_empty())
    {
        return label;
    }
    if let Some(pair) = names(path).last().and_then(|name| CLAIMS.inner.get(*name)) {
        return text::pick(pair, language).to_owned();
    }
    humanise(names(path).last().copied().unwrap_or_default())
}

/// Whether a detail is one to be careful with: photo, health, immigration, benefits, national numbers.
#[must_use]
pub fn is_sensitive(type_id: &str, path: &[Value]) -> bool {
    if let Some(entry) = entry_of(type_id, path) {
        return entry.sensitive;
    }
    names(path).iter().any(|name| {
        let name = name.to_ascii_lowercase();
        // An mdoc namespace is not the detail's name.
        !name.contains('.') && CLAIMS.sensitive_words.iter().any(|word| name.contains(word.as_str()))
    })
}

/// Whether a detail is read as one although it has parts, as a name is.
#[must_use]
pub fn is_read_whole(type_id: &str, path: &[Value]) -> bool {
    entry_of(type_id, path).is_some_and(|entry| entry.shape == Shape::NameParts)
}

/// Whether a detail is a picture, by what is known of its name.
#[must_use]
pub fn is_picture(type_id: &str, path: &[Value]) -> bool {
    entry_of(type_id, path).is_some_and(|entry| entry.shape == Shape::Picture)
}

fn entry_of(type_id: &str, path: &[Value]) -> Option<&'static ClaimEntry> {
    let names = names(path);
    let (&first, rest) = names.split_first()?;
    if let Some(namespace) = CLAIMS.namespaces.get(namespace_key(first)) {
        return match rest {
            [element] if first != JWT_VC => namespace.get(*element).or_else(|| CLAIMS.common.get(*element)),
            _ => namespace.get(&rest.join("/")),
        };
    }
    let joined = names.join("/");
    if let Some(document) = DOCUMENTS.get(&type_key(type_id)) {
        let found = document
            .namespaces
            .iter()
            .find_map(|name| CLAIMS.namespaces.get(name)?.get(&joined));
        if found.is_some() {
            return found;
        }
    }
    // A namespace nobody here knows (mdoc), or the plain names of an SD-JWT VC.
    CLAIMS.common.get(&joined).or_else(|| match rest {
        [element] if first.contains('.') || first.contains(':') => CLAIMS.common.get(*element),
        _ => None,
    })
}

/// `age_over_NN` (ISO/IEC 18013-5, 7.2.5), `age_equal_or_over.NN` (EU PID).
fn age_of(path: &[Value]) -> Option<u8> {
    let names = names(path);
    let (&last, before) = names.split_last()?;
    let digits = match before.last() {
        Some(&"age_equal_or_over") => last,
        _ => return crate::age::stated(last),
    };
    (digits.len() == 2).then(|| digits.parse().ok()).flatten()
}

/// The names on a path; places and wildcards in a list have no name.
fn names(path: &[Value]) -> Vec<&str> {
    path.iter().filter_map(Value::as_str).collect()
}

/// The two spellings of the photo ID namespaces in circulation (ISO/IEC TS 23220-4) are one.
fn namespace_key(namespace: &str) -> &str {
    match namespace {
        "org.iso.23220.photoid.1" | "org.iso.23220.2.photoid.1" => "org.iso.23220.photoID.1",
        other => other,
    }
}

/// Types of the practice issuers are compared without regard to how words are joined.
fn type_key(type_id: &str) -> String {
    match type_id.strip_prefix("urn:example:uk-sandbox:") {
        Some(name) => {
            let name: String = name
                .chars()
                .filter(|c| !matches!(c, '_' | '-'))
                .flat_map(char::to_lowercase)
                .collect();
            format!("urn:example:uk-sandbox:{name}")
        }
        None => type_id.to_owned(),
    }
}

/// "person_id" and "personId" read "Person id".
fn humanise(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut lower_before = false;
    for c in clean(name, LABEL_MAX).chars() {
        if matches!(c, '_' | '-' | '.' | '/') {
            words.push(' ');
            lower_before = false;
        } else {
            if c.is_uppercase() && lower_before {
                words.push(' ');
                words.extend(c.to_lowercase());
            } else {
                words.push(c);
            }
            lower_before = c.is_lowercase() || c.is_ascii_digit();
        }
    }
    let words = clean(&words, LABEL_MAX);
    let mut chars = words.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "—".to_owned(),
    }
}

#[cfg(test)]
mod tests;
