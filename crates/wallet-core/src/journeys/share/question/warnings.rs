//! What is wrong with a request: what needs a second yes, and what the wallet lets nobody agree to.

use wallet_credentials::trust::Detail;
use wallet_protocols::dcql::{DcqlQuery, Matches, NoMatch, Unsatisfied};

use super::super::super::Context;
use super::super::super::held::path_view;
use super::super::super::trust::Known;
use super::asked::{Asked, asked_for};
use super::candidates::Possible;
use crate::problem::ProblemCode;
use crate::rules::is_blocked_from_strangers;
use crate::view::{AskView, DocumentState, RecognitionView, WarningView};
use crate::words::Words;

/// What is said of a service that is not on the register: nobody registered it, or somebody on the list vouches for it.
pub(super) fn unregistered(known: &Known, words: &Words) -> Option<WarningView> {
    match known.recognition {
        RecognitionView::NotListed => {
            let text = words.message("warning-not-registered", &[]);
            Some(warning("not-registered", text, Vec::new()))
        }
        RecognitionView::VouchedFor => {
            let by = known.vouched_by.as_deref().unwrap_or_default();
            let text = words.message("warning-vouched-for", &[("name", by.into())]);
            Some(warning("vouched-for", text, Vec::new()))
        }
        _ => None,
    }
}

pub(super) fn warning(code: &str, text: String, details: Vec<String>) -> WarningView {
    WarningView {
        code: code.to_owned(),
        text,
        details,
    }
}

/// Would a detail leave that no stranger gets, or is one asked for? What stands in the clear beside what was asked counts.
pub(super) fn is_sensitive<'a>(requested: &[Asked], asks: impl Iterator<Item = &'a AskView>) -> bool {
    let asked = |asked: &Asked| {
        let Detail { document_type, path } = &asked.detail;
        is_blocked_from_strangers(document_type, &path_view(path))
    };
    let mut rows = asks
        .flat_map(|ask| &ask.candidates)
        .flat_map(|candidate| &candidate.claims);
    requested.iter().any(asked) || rows.any(|row| row.sensitive)
}

/// Why the wallet lets nothing leave, where it does not.
pub(super) fn blocked(
    known: &Known,
    sensitive: bool,
    matches: &Matches,
    possible: &[Possible],
    query: &DcqlQuery,
    context: &Context<'_>,
) -> Option<WarningView> {
    let words = Words::for_language(context.language);
    if known.recognition == RecognitionView::Withdrawn {
        let text = words.message("warning-registration-withdrawn", &[]);
        return Some(warning("registration-withdrawn", text, Vec::new()));
    }
    let unregistered = matches!(
        known.recognition,
        RecognitionView::NotListed | RecognitionView::VouchedFor
    );
    if unregistered && sensitive {
        let text = words.message("warning-sensitive-to-stranger", &[]);
        return Some(warning("sensitive-to-stranger", text, Vec::new()));
    }
    if matches.satisfiable {
        return None;
    }
    let code = unusable(matches, possible).unwrap_or(ProblemCode::NothingMatches);
    let text = words.problem(code, crate::problem::DataLeft::No).title;
    Some(warning(code.as_str(), text, asked_for(query, context)))
}

/// Would a document that is out of date or withdrawn have answered what nothing answers? Then it is said which.
fn unusable(matches: &Matches, possible: &[Possible]) -> Option<ProblemCode> {
    let failing = matches.unsatisfied().into_iter().flat_map(|part| match part {
        Unsatisfied::Query(query) => vec![query],
        Unsatisfied::Set { options, .. } => options.concat(),
    });
    let misses = failing.filter_map(|query| matches.queries.get(query)?.miss.as_ref());
    let mut nearest = misses
        .filter(|miss| miss.reason == NoMatch::NotValid)
        .filter_map(|miss| possible.get(miss.nearest?));
    nearest.next().map(|document| match document.status.state {
        DocumentState::Ended | DocumentState::StartsLater => ProblemCode::DocumentOutOfDate,
        _ => ProblemCode::DocumentWithdrawn,
    })
}
