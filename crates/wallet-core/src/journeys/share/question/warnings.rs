//! What is wrong with a request: what needs a second yes, and what the wallet lets nobody agree to.

use std::collections::BTreeSet;

use wallet_credentials::trust::Detail;
use wallet_protocols::dcql::{DcqlQuery, Matches, NoMatch, Unsatisfied};

use super::super::super::Context;
use super::super::super::held::path_view;
use super::super::super::trust::Known;
use super::asked::{asked_for, label};
use super::candidates::Possible;
use crate::problem::ProblemCode;
use crate::view::{AskView, DocumentState, RecognitionView, WarningView};
use crate::words::{Arg, Words};

pub(super) fn warnings(known: &Known, extra: &[Detail], words: &Words, context: &Context<'_>) -> Vec<WarningView> {
    let mut warnings = Vec::new();
    if known.recognition == RecognitionView::VouchedFor {
        let by = known.vouched_by.as_deref().unwrap_or_default();
        warnings.push(warning(
            "vouched-for",
            words.message("warning-vouched-for", &[("name", by.into())]),
            Vec::new(),
        ));
    }
    if known.recognition == RecognitionView::NotListed {
        warnings.push(warning(
            "not-registered",
            words.message("warning-not-registered", &[]),
            Vec::new(),
        ));
    }
    if !extra.is_empty() {
        let details: Vec<String> = extra
            .iter()
            .map(|detail| label(detail, context))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let count = u32::try_from(details.len()).unwrap_or(u32::MAX);
        warnings.push(warning(
            "asks-too-much",
            words.message("warning-asks-too-much", &[("count", Arg::Count(count))]),
            details,
        ));
    }
    warnings
}

pub(super) fn warning(code: &str, text: String, details: Vec<String>) -> WarningView {
    WarningView {
        code: code.to_owned(),
        text,
        details,
    }
}

/// Would a detail to be careful with leave, or is one asked for? What stands in the clear beside what was asked counts.
pub(super) fn is_sensitive<'a>(requested: &[Detail], asks: impl Iterator<Item = &'a AskView>) -> bool {
    let asked = |detail: &Detail| crate::labels::is_sensitive(&detail.document_type, &path_view(&detail.path));
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
