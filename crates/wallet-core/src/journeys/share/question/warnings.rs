//! What is wrong with a request: what needs a second yes, and what the wallet lets nobody agree to.

use std::collections::BTreeSet;

use wallet_credentials::credential::Format;
use wallet_credentials::trust::Detail;
use wallet_protocols::dcql::{DcqlQuery, HeldCredential as _, Matches, RequestedType};

use super::super::super::Context;
use super::super::super::held::path_view;
use super::super::super::trust::Known;
use super::asked::{asked_for, label, specific};
use super::candidates::Unusable;
use crate::problem::ProblemCode;
use crate::view::{AskView, RecognitionView, WarningView};
use crate::words::{Arg, Words};

pub(super) fn warnings(known: &Known, extra: &[Detail], words: &Words, context: &Context<'_>) -> Vec<WarningView> {
    let mut warnings = Vec::new();
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
pub(super) fn is_sensitive(requested: &[Detail], asks: &[AskView]) -> bool {
    let asked = |detail: &Detail| crate::labels::is_sensitive(&detail.document_type, &path_view(&detail.path));
    let rows = || {
        asks.iter()
            .flat_map(|ask| &ask.candidates)
            .flat_map(|candidate| &candidate.claims)
    };
    requested.iter().any(asked) || rows().any(|row| row.sensitive)
}

/// Why the wallet lets nothing leave, where it does not.
pub(super) fn blocked(
    known: &Known,
    sensitive: bool,
    matches: &Matches,
    unusable: &[Unusable],
    query: &DcqlQuery,
    context: &Context<'_>,
) -> Option<WarningView> {
    let words = Words::for_language(context.language);
    if known.recognition == RecognitionView::Withdrawn {
        let text = words.message("warning-registration-withdrawn", &[]);
        return Some(warning("registration-withdrawn", text, Vec::new()));
    }
    if known.recognition == RecognitionView::NotListed && sensitive {
        let text = words.message("warning-sensitive-to-stranger", &[]);
        return Some(warning("sensitive-to-stranger", text, Vec::new()));
    }
    if matches.satisfiable {
        return None;
    }
    // Would a document that is out of date or withdrawn have answered? Then say so.
    let reason = unusable.iter().find(|(candidate, _)| {
        query
            .credentials()
            .iter()
            .any(|credential| match &credential.requested {
                RequestedType::SdJwtVc(Some(types)) => {
                    candidate.held.format() == Format::DcSdJwt && types.contains(&candidate.document.type_id)
                }
                RequestedType::Mdoc(Some(doctype)) => *doctype == candidate.document.type_id,
                RequestedType::JwtVc(Some(alternatives)) => {
                    candidate.held.format() == Format::JwtVcJson
                        && specific(alternatives).contains(&candidate.document.type_id)
                }
                _ => true,
            })
    });
    let code = reason.map_or(ProblemCode::NothingMatches, |(_, code)| *code);
    let text = words.problem(code, crate::problem::DataLeft::No).title;
    Some(warning(code.as_str(), text, asked_for(query, context)))
}
