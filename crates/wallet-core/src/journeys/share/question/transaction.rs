//! What a yes would agree to beyond sharing details, and which documents can carry it (OpenID4VP 1.0, 5.1 and 8.4).

use wallet_protocols::openid4vp::PresentationRequest;
use wallet_protocols::openid4vp::transaction_data::{TransactionDataType, assign};

use super::super::super::failure::{Failure, Outcome};
use super::warnings::warning;
use crate::consent::{Agreement, ProposedPart};
use crate::problem::ProblemCode;
use crate::view::{AskView, Language, WarningView};
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

/// Leaves of each part that must carry an agreement the documents that can, and makes a part that nothing else can stand in for a
/// required one. Says why nothing may be agreed to where no document can carry it.
///
/// `parts` and `asks` are the same parts in the same order.
pub(super) fn settle(
    request: &PresentationRequest,
    parts: &mut [ProposedPart],
    asks: &mut [AskView],
    words: &Words,
) -> Option<WarningView> {
    let entries = request.transaction_data();
    if entries.is_empty() {
        return None;
    }
    let query = request.query();
    let credentials = query.credentials();
    let position = |part: &ProposedPart| credentials.iter().position(|asked| asked.id.as_str() == part.query);
    let answered = |optional_too: bool| -> Vec<usize> {
        let parts = parts.iter().filter(|part| optional_too || !part.optional);
        parts.filter_map(position).collect()
    };
    let able = |at: usize, kind: &TransactionDataType| {
        let of_query = parts.iter().filter(|part| position(part) == Some(at));
        of_query
            .flat_map(|part| &part.candidates)
            .any(|candidate| candidate.credential.can_carry(kind))
    };
    let assigned =
        assign(entries, query, &answered(false), able).or_else(|_| assign(entries, query, &answered(true), able));
    let none = || {
        Some(warning(
            "cannot-agree",
            words.message("warning-cannot-agree", &[]),
            Vec::new(),
        ))
    };
    let Ok(assigned) = assigned else { return none() };
    for (part, ask) in parts.iter_mut().zip(asks) {
        let Some(carried) = position(part).and_then(|at| assigned.get(&at)) else {
            continue;
        };
        part.optional = false;
        ask.optional = false;
        let can: Vec<bool> = part
            .candidates
            .iter()
            .map(|candidate| {
                carried
                    .iter()
                    .all(|entry| candidate.credential.can_carry(entry.data_type()))
            })
            .collect();
        let mut keep = can.iter();
        part.candidates.retain(|_| keep.next() == Some(&true));
        let mut keep = can.iter();
        ask.candidates.retain(|_| keep.next() == Some(&true));
        if part.candidates.is_empty() {
            return none();
        }
    }
    None
}
