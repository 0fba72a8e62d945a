//! What an issuer says now that it did not say before: a plain list, for the person to read.

use std::borrow::Cow;

use serde_json::Value;
use wallet_credentials::credential::Format;
use wallet_protocols::dcql::HeldCredential as _;

use crate::clock::upper;
use crate::journeys::Labels;
use crate::journeys::held::Held;
use crate::labels::date_text;
use crate::view::{ChangeView, ClaimView, Language, PathView};
use crate::words::Words;

/// A document and the words its issuer had for it.
pub(super) struct Edition<'a> {
    pub(super) held: &'a Held,
    pub(super) labels: Labels,
}

/// Every detail that is another, gone, or new, and an end that comes sooner; in the order people read the document. What
/// differs from copy to copy is no change: keys, salts, serial numbers, the times of signing.
pub(super) fn changes(before: Option<&Edition<'_>>, after: &Edition<'_>, language: Language) -> Vec<ChangeView> {
    let old = before.map_or_else(Vec::new, |before| rows(before, language));
    let new = rows(after, language);
    let old_claims = before.map_or(Cow::Owned(Value::Null), |before| before.held.claims());
    let new_claims = after.held.claims();
    let same = |row: &ClaimView| at(&old_claims, &row.path) == at(&new_claims, &row.path);
    let find = |rows: &[ClaimView], path: &PathView| rows.iter().find(|row| row.path == *path).cloned();
    let mut changes: Vec<ChangeView> = new
        .iter()
        .filter(|row| !same(row))
        .map(|row| ChangeView {
            label: row.label.clone(),
            before: find(&old, &row.path),
            after: Some(row.clone()),
        })
        .collect();
    let gone = old.iter().filter(|row| find(&new, &row.path).is_none());
    changes.extend(gone.map(|row| ChangeView {
        label: row.label.clone(),
        before: Some(row.clone()),
        after: None,
    }));
    changes.extend(before.and_then(|before| sooner(before.held, after.held, language)));
    changes
}

/// The details that say something about the person.
fn rows(edition: &Edition<'_>, language: Language) -> Vec<ClaimView> {
    let mut rows = edition.held.details(&edition.labels, language);
    if edition.held.format() == Format::JwtVcJson {
        // Beside the subject stands how it works, and the subject's own id is its key.
        let about = |path: &PathView| path.first().is_some_and(|name| name == "credentialSubject");
        rows.retain(|row| about(&row.path) && row.path.get(1).is_none_or(|name| name != "id"));
    }
    rows
}

fn at<'v>(claims: &'v Value, path: &PathView) -> Option<&'v Value> {
    path.iter().try_fold(claims, |value, part| match part {
        Value::String(name) => value.get(name),
        Value::Number(index) => value.get(usize::try_from(index.as_u64()?).ok()?),
        _ => None,
    })
}

/// A later end is why documents are had anew; a sooner one is told.
fn sooner(before: &Held, after: &Held, language: Language) -> Option<ChangeView> {
    let (old, new) = (before.validity().1, after.validity().1?);
    if old.is_some_and(|old| new >= old) {
        return None;
    }
    let label = Words::for_language(language).message("change-ends", &[]);
    let row = |at: wallet_credentials::time::Timestamp| {
        let date = upper(at).to_string();
        ClaimView {
            path: Vec::new(),
            label: label.clone(),
            text: date_text(&date, language),
            value: Value::String(date),
            picture: false,
            sensitive: false,
            unnamed: false,
            table: None,
        }
    };
    Some(ChangeView {
        before: old.map(row),
        after: Some(row(new)),
        label: label.clone(),
    })
}
