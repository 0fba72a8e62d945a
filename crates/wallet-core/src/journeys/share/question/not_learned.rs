//! What the service will not learn: computed from what would be shared, never promised.

use std::collections::BTreeSet;

use crate::view::{AskView, ClaimView};
use crate::words::Words;

/// What people most want to know is kept back, and the details that tell it.
const KEPT_BACK: &[(&str, &[&str])] = &[
    (
        "not-learned-name",
        &[
            "family_name",
            "given_name",
            "name",
            "family_name_unicode",
            "given_name_unicode",
            "family_name_latin1",
            "given_name_latin1",
            "family_name_national_character",
            "given_name_national_character",
        ],
    ),
    ("not-learned-birth-date", &["birth_date", "birthdate", "birthDate"]),
    (
        "not-learned-address",
        &["resident_address", "address", "resident_postal_code"],
    ),
    ("not-learned-photo", &["portrait", "picture", "photo"]),
    (
        "not-learned-document-number",
        &["document_number", "travel_document_number"],
    ),
];

/// What they will not learn: computed from what would be shared, never promised.
pub(super) fn not_learned<'a>(asks: impl Iterator<Item = &'a AskView> + Clone, words: &Words) -> Vec<String> {
    if asks.clone().next().is_none() {
        return Vec::new();
    }
    let offered = || asks.clone().flat_map(|ask| &ask.candidates);
    let names = |rows: &[ClaimView]| -> BTreeSet<String> {
        rows.iter()
            .flat_map(|row| row.path.iter().filter_map(|part| part.as_str().map(str::to_owned)))
            .collect()
    };
    let told: BTreeSet<String> = offered().flat_map(|candidate| names(&candidate.claims)).collect();
    let mut lines: Vec<String> = KEPT_BACK
        .iter()
        .filter(|(_, details)| !details.iter().any(|detail| told.contains(*detail)))
        .map(|(line, _)| words.message(line, &[]))
        .collect();
    lines.push(words.message("not-learned-other-documents", &[]));
    // True only if every copy that can be chosen is a fresh one: the same signature twice could be recognised.
    let mut used = offered().peekable();
    if used.peek().is_some() && used.all(|candidate| !candidate.linkable) {
        lines.push(words.message("not-learned-elsewhere", &[]));
    }
    lines
}
