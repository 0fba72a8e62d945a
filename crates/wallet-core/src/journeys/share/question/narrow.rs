//! A document narrowed to what would leave, and drawn as exactly that.

use wallet_credentials::claim::ClaimPath;
use wallet_credentials::credential::Format;
use wallet_protocols::dcql::{Candidate, CredentialQuery, HeldCredential as _, QueryMatches};

use super::super::super::documents::{self, StoredParts};
use super::super::super::failure::{Failure, Outcome};
use super::super::super::held::{Held, is_nhs_number, narrowed_details, path_view};
use super::super::super::{Context, IssuerWords, document_name, document_notes};
use super::candidates::Possible;
use crate::consent::record::RecordedDocument;
use crate::consent::{ProposedCandidate, ProposedPart};
use crate::labels::{document_kind, instant_text};
use crate::problem::ProblemCode;
use crate::store::documents::{StoredDocument, StoredStatus};
use crate::view::{AskView, CandidateView, ClaimView, PathView, StatusView};
use crate::words::{Arg, Words};

/// A document with its next copy, for [`propose`].
pub(crate) trait Source {
    fn document(&self) -> &StoredDocument;
    fn parts(&self) -> &StoredParts;
    fn held(&self) -> &Held;
}

/// Candidates of one part that are drawn; nobody reads through more.
const CANDIDATES_DRAWN: usize = 100;
/// Further sets of details that are offered of one document.
const SETS_OFFERED: usize = 7;

/// One part of the question with its candidates in this order, narrowed.
pub(super) fn part(
    context: &Context<'_>,
    query: &CredentialQuery,
    found: &QueryMatches,
    order: &[usize],
    possible: &[Possible],
) -> Outcome<(ProposedPart, AskView)> {
    let mut proposed = Vec::new();
    let mut drawn = Vec::new();
    for candidate in order.iter().filter_map(|place| found.candidates.get(*place)) {
        let Some(source) = possible.get(candidate.credential) else {
            continue;
        };
        for (claim_set, disclose) in ways(query, candidate, source) {
            if drawn.len() < CANDIDATES_DRAWN {
                let (one, view) = propose(context, source, &disclose, claim_set)?;
                proposed.push(one);
                drawn.push(view);
            }
        }
    }
    let id = found.id.as_str().to_owned();
    Ok((
        ProposedPart {
            query: id.clone(),
            multiple: found.multiple,
            closed: false,
            candidates: proposed,
        },
        AskView {
            query: id,
            optional: false,
            why: None,
            multiple: found.multiple,
            caution: None,
            closed: false,
            candidates: drawn,
        },
    ))
}

/// The sets of details one document can answer with, the service's first choice first (OpenID4VP 1.0, 6.4.1). Of a JWT VC
/// all leaves whatever was asked, so there is one.
fn ways(query: &CredentialQuery, candidate: &Candidate, source: &Possible) -> Vec<(Option<u32>, Vec<ClaimPath>)> {
    let number = |set: usize| u32::try_from(set).ok();
    let mut ways = vec![(candidate.claim_set.and_then(number), candidate.disclose.clone())];
    if candidate.claim_set.is_some() && source.held.format() != Format::JwtVcJson {
        for (set, disclose) in query.satisfied_sets(&source.held.claims()) {
            if ways.len() <= SETS_OFFERED && ways.iter().all(|(_, known)| !same(known, &disclose)) {
                ways.push((number(set), disclose));
            }
        }
    }
    ways
}

fn same(one: &[ClaimPath], other: &[ClaimPath]) -> bool {
    one.len() == other.len() && one.iter().all(|path| other.contains(path))
}

/// Narrows one document to what would leave, and draws exactly that.
pub(crate) fn propose(
    context: &Context<'_>,
    source: &impl Source,
    disclose: &[ClaimPath],
    claim_set: Option<u32>,
) -> Outcome<(ProposedCandidate, CandidateView)> {
    let document = source.document();
    let language = context.language;
    let issuer_words = IssuerWords::read(&document.metadata);
    let labels = issuer_words.labels(language);
    let damaged = |_| Failure::new(ProblemCode::StoreDamaged, "a document");
    let narrowed = source.held().narrow(disclose).map_err(damaged)?;
    let mut claims = narrowed_details(&narrowed, &document.type_id, &labels, language).map_err(damaged)?;
    source.held().mask_traced_number(&mut claims, language);
    let not_shared = source
        .held()
        .details(&labels, language)
        .into_iter()
        .filter(|row| !claims.iter().any(|shown| shown.path == row.path))
        .map(|row| row.label)
        .collect::<Vec<_>>();
    let copy = source
        .parts()
        .next
        .as_ref()
        .ok_or_else(|| Failure::new(ProblemCode::StoreDamaged, "a document without copies"))?;
    let one_time = source.parts().count.all > 1 && copy.spent_at.is_none();
    let name = document_name(&document.type_id, &issuer_words, language);
    let kind = document_kind(&document.type_id);
    let recorded = RecordedDocument {
        id: document.id.clone(),
        name: name.clone(),
        kind,
    };
    let proposed = ProposedCandidate {
        document: recorded,
        type_id: document.type_id.clone(),
        claim_set,
        copy: copy.id.clone(),
        one_time,
        key: copy.holder_key.clone(),
        credential: narrowed,
        claims: match source.held().format() {
            // All of it leaves, whatever was asked.
            Format::JwtVcJson => claims.iter().map(|row| row.path.clone()).collect(),
            _ => paths(disclose, &claims),
        },
        labels: claims.iter().map(|row| row.label.clone()).collect(),
    };
    let status = documents::state(document, context.now());
    let number = claims.iter().any(|row| is_nhs_number(&row.path));
    let traced = source.held().traced_number_note(language).filter(|_| number);
    let nothing_in_it = claims
        .is_empty()
        .then(|| Words::for_language(language).message("note-only-that-you-have-it", &[]));
    let notes = traced
        .into_iter()
        .chain(doubts(document, &status, context))
        .chain(document_notes(document.format.as_str(), &document.type_id, language))
        .chain(nothing_in_it)
        .collect();
    let view = CandidateView {
        document: document.id.clone(),
        claim_set,
        kind,
        name,
        claims,
        not_shared,
        status,
        linkable: !one_time || copy.linkable,
        notes,
    };
    Ok((proposed, view))
}

/// The paths that leave: those asked for, and whatever stands in the clear beside them.
fn paths(disclose: &[ClaimPath], rows: &[ClaimView]) -> Vec<PathView> {
    let mut paths: Vec<PathView> = disclose.iter().map(path_view).collect();
    // A list is one row however deep the request reaches into it, so either may be the longer path.
    let covered = |row: &ClaimView, asked: &PathView| {
        asked
            .iter()
            .zip(&row.path)
            .all(|(asked, row)| asked.is_null() || asked == row)
    };
    let asked = paths.clone();
    let beside = rows.iter().filter(|row| !asked.iter().any(|path| covered(row, path)));
    paths.extend(beside.map(|row| row.path.clone()));
    paths
}

/// A status that was checked this long ago, in seconds, is one to be told about. Lists of status live half a day to a day.
const FRESH: i64 = 24 * 60 * 60;

/// Why a document might not be good any more when it arrives: it ends soon, or its issuer was not asked lately.
fn doubts(document: &StoredDocument, status: &StatusView, context: &Context<'_>) -> Vec<String> {
    let words = Words::for_language(context.language);
    let ends = status
        .days_left
        .map(|days| words.message("note-ends", &[("count", Arg::Count(days))]));
    let stale = match (document.status, document.status_checked_at) {
        (StoredStatus::None, _) => None,
        (_, None) => Some(words.message("note-never-checked", &[])),
        (_, Some(at)) if context.now().as_second() - at.as_second() > FRESH => {
            let date = instant_text(&at.to_string(), context.language);
            Some(words.message("note-last-checked", &[("date", Arg::Text(&date))]))
        }
        _ => None,
    };
    ends.into_iter().chain(stale).collect()
}
