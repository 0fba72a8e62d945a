//! What a yes would agree to beyond sharing details, and which documents can carry it (OpenID4VP 1.0, 5.1 and 8.4).

use std::collections::BTreeSet;

use wallet_protocols::openid4vp::PresentationRequest;
use wallet_protocols::openid4vp::transaction_data::{TransactionDataType, assign};

use super::super::super::failure::{Failure, Outcome};
use super::drawn::Parts;
use super::warnings::warning;
use crate::consent::Agreement;
use crate::problem::ProblemCode;
use crate::view::{Language, WarningView};
use crate::words::Words;

/// Everything the request wants agreed to, in words. What has no words is refused as a whole: nobody agrees to what they were not
/// shown.
pub(super) fn agreements(request: &PresentationRequest, language: Language) -> Outcome<Vec<Agreement>> {
    let entries = request.transaction_data().iter();
    entries
        .map(|entry| {
            Agreement::of(entry, language).map_err(|error| Failure::new(ProblemCode::ServiceAskedWrongly, error))
        })
        .collect()
}

/// Leaves the ways of answering in which a document carries each agreement, and of each part the documents that can carry what it
/// must. A part that nothing else can stand in for is no choice any more. Says why nothing may be agreed to where no way is left.
pub(super) fn settle(request: &PresentationRequest, parts: &mut Parts, words: &Words) -> Option<WarningView> {
    let entries = request.transaction_data();
    if entries.is_empty() || carried(request, parts).is_some() {
        return None;
    }
    let text = words.message("warning-cannot-agree", &[]);
    Some(warning("cannot-agree", text, Vec::new()))
}

fn carried(request: &PresentationRequest, parts: &mut Parts) -> Option<()> {
    let (entries, query) = (request.transaction_data(), request.query());
    let made = &parts.made;
    let able = |at: usize, kind: &TransactionDataType| {
        let of_query = made.iter().filter(|part| part.query == at);
        of_query
            .flat_map(|part| &part.proposed.candidates)
            .any(|candidate| candidate.credential.can_carry(kind))
    };
    let carries = |answered: BTreeSet<usize>| {
        let answered: Vec<usize> = answered.into_iter().collect();
        assign(entries, query, &answered, able).ok()
    };
    let sets = &mut parts.sets;
    let proposed = sets.proposed();
    let assigned = carries(proposed.clone())
        .or_else(|| carries(&proposed | &sets.addable()))
        .or_else(|| carries(sets.all()))?;
    for query in assigned.keys().filter(|query| !proposed.contains(query)) {
        sets.require(*query);
    }
    let mut carriers = carries(sets.proposed())?;
    for set in 0..sets.0.len() {
        let mut kept = Vec::new();
        for option in 1..sets.0.get(set)?.options.len() {
            let carried = carries(sets.proposed_with(set, option));
            kept.push(carried.is_some());
            for (query, entries) in carried.into_iter().flatten() {
                carriers.entry(query).or_insert(entries);
            }
        }
        let mut kept = std::iter::once(true).chain(kept);
        sets.0.get_mut(set)?.options.retain(|_| kept.next() == Some(true));
    }
    for part in &mut parts.made {
        let Some(entries) = carriers.get(&part.query) else {
            continue;
        };
        let candidates = part.proposed.candidates.iter();
        let can: Vec<bool> = candidates
            .map(|candidate| {
                entries
                    .iter()
                    .all(|entry| candidate.credential.can_carry(entry.data_type()))
            })
            .collect();
        let mut keep = can.iter();
        part.proposed.candidates.retain(|_| keep.next() == Some(&true));
        let mut keep = can.iter();
        part.drawn.candidates.retain(|_| keep.next() == Some(&true));
        if part.proposed.candidates.is_empty() {
            return None;
        }
    }
    Some(())
}
