//! What this wallet holds that could answer, and which parts of the request are answered.

use std::collections::BTreeSet;

use wallet_protocols::dcql::{DcqlQuery, HeldIndex, Matches, RequestedType};

use super::super::super::Context;
use super::super::super::documents::{self, StoredParts};
use super::super::super::failure::Outcome;
use super::super::super::held::Held;
use super::narrow::Source;
use crate::problem::ProblemCode;
use crate::store::StoreError;
use crate::store::documents::{DocumentFormat, StoredDocument};
use crate::view::DocumentState;

/// A document that could be used, with its next copy.
pub(super) struct Usable {
    pub(super) document: StoredDocument,
    pub(super) parts: StoredParts,
    pub(super) held: Held,
}

/// A document that cannot be used now, and why.
pub(super) type Unusable = (Usable, ProblemCode);

impl Source for Usable {
    fn document(&self) -> &StoredDocument {
        &self.document
    }

    fn parts(&self) -> &StoredParts {
        &self.parts
    }

    fn held(&self) -> &Held {
        &self.held
    }
}

/// The documents of a requested type: those that can be used now, and those that cannot, with why.
pub(super) fn candidates(context: &Context<'_>, query: &DcqlQuery) -> Outcome<(Vec<Usable>, Vec<Unusable>)> {
    let now = context.now();
    let all = context.store.read::<_, StoreError>(|transaction| {
        let documents = transaction.documents()?.into_iter().filter(|d| is_asked(query, d));
        documents
            .map(|document| {
                let parts = documents::parts(transaction, &document)?;
                Ok((document, parts))
            })
            .collect::<Result<Vec<_>, StoreError>>()
    })?;
    let (mut usable, mut unusable) = (Vec::new(), Vec::new());
    for (document, parts) in all {
        let Some(copy) = &parts.next else { continue };
        // A damaged document is shown as such in the list; here it answers nothing.
        let Ok(held) = Held::from_store(document.format, &copy.credential) else {
            continue;
        };
        let state = documents::state(&document, now).state;
        let candidate = Usable { document, parts, held };
        match state {
            DocumentState::Ended | DocumentState::StartsLater => {
                unusable.push((candidate, ProblemCode::DocumentOutOfDate));
            }
            DocumentState::Revoked | DocumentState::Suspended | DocumentState::Broken => {
                unusable.push((candidate, ProblemCode::DocumentWithdrawn));
            }
            DocumentState::Valid | DocumentState::NotChecked | DocumentState::Ending => usable.push(candidate),
        }
    }
    Ok((usable, unusable))
}

fn is_asked(query: &DcqlQuery, document: &StoredDocument) -> bool {
    query
        .credentials()
        .iter()
        .any(|credential| match (&credential.requested, document.format) {
            (RequestedType::SdJwtVc(None), DocumentFormat::SdJwtVc)
            | (RequestedType::Mdoc(None), DocumentFormat::Mdoc)
            // Its types are compared when it has been read.
            | (RequestedType::JwtVc(_), DocumentFormat::JwtVc) => true,
            (RequestedType::SdJwtVc(Some(types)), DocumentFormat::SdJwtVc) => types.contains(&document.type_id),
            (RequestedType::Mdoc(Some(doctype)), DocumentFormat::Mdoc) => *doctype == document.type_id,
            _ => false,
        })
}

pub(super) fn matches(query: &DcqlQuery, usable: &[Usable]) -> Matches {
    let held: Vec<&Held> = usable.iter().map(|u| &u.held).collect();
    let index = HeldIndex::new(&held);
    query.matches(&held, &index)
}

/// Which queries are answered, and whether each is optional. Of a required set the option that shares least is taken; an
/// optional set is offered and left out unless the person adds it.
pub(super) fn answered(matches: &Matches) -> Vec<(usize, bool)> {
    if !matches.satisfiable {
        return Vec::new();
    }
    if matches.sets.is_empty() {
        return (0..matches.queries.len()).map(|position| (position, false)).collect();
    }
    let cost = |option: &Vec<usize>| {
        let details = |position: &usize| {
            let candidate = matches
                .queries
                .get(*position)
                .and_then(|found| found.candidates.first());
            candidate.map_or(usize::MAX, |candidate| candidate.disclose.len().max(1))
        };
        option.iter().map(details).fold(0_usize, usize::saturating_add)
    };
    let mut required = BTreeSet::new();
    let mut optional = BTreeSet::new();
    for set in &matches.sets {
        if let Some(option) = set.satisfiable_options.iter().min_by_key(|option| cost(option)) {
            let into = if set.required { &mut required } else { &mut optional };
            into.extend(option.iter().copied());
        }
    }
    let mut all: Vec<(usize, bool)> = required.iter().map(|position| (*position, false)).collect();
    all.extend(optional.difference(&required).map(|position| (*position, true)));
    all
}
