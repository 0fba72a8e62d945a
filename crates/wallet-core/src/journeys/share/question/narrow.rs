//! A document narrowed to what would leave, and drawn as exactly that.

use wallet_credentials::claim::ClaimPath;
use wallet_credentials::credential::Format;
use wallet_protocols::dcql::{HeldCredential as _, QueryMatches};

use super::super::super::documents::{self, StoredParts};
use super::super::super::failure::{Failure, Outcome};
use super::super::super::held::{Held, narrowed_details, path_view};
use super::super::super::{Context, IssuerWords, document_name, document_notes};
use super::candidates::Usable;
use crate::consent::record::RecordedDocument;
use crate::consent::{ProposedCandidate, ProposedPart};
use crate::labels::document_kind;
use crate::problem::ProblemCode;
use crate::store::documents::StoredDocument;
use crate::view::{AskView, CandidateView, ClaimView, PathView};

/// A document with its next copy, for [`propose`].
pub(crate) trait Source {
    fn document(&self) -> &StoredDocument;
    fn parts(&self) -> &StoredParts;
    fn held(&self) -> &Held;
}

/// One part of the question with its candidates, narrowed.
pub(super) fn part(
    context: &Context<'_>,
    found: &QueryMatches,
    optional: bool,
    usable: &[Usable],
) -> Outcome<(ProposedPart, AskView)> {
    let mut proposed = Vec::new();
    let mut drawn = Vec::new();
    for candidate in &found.candidates {
        let Some(source) = usable.get(candidate.credential) else {
            continue;
        };
        let (one, view) = propose(context, source, &candidate.disclose)?;
        proposed.push(one);
        drawn.push(view);
    }
    let query = found.id.as_str().to_owned();
    Ok((
        ProposedPart {
            query: query.clone(),
            optional,
            candidates: proposed,
        },
        AskView {
            query,
            optional,
            why: None,
            candidates: drawn,
        },
    ))
}

/// Narrows one document to what would leave, and draws exactly that.
pub(crate) fn propose(
    context: &Context<'_>,
    source: &impl Source,
    disclose: &[ClaimPath],
) -> Outcome<(ProposedCandidate, CandidateView)> {
    let document = source.document();
    let language = context.language;
    let issuer_words = IssuerWords::read(&document.metadata);
    let labels = issuer_words.labels(language);
    let damaged = |_| Failure::new(ProblemCode::StoreDamaged, "a document");
    let narrowed = source.held().narrow(disclose).map_err(damaged)?;
    let claims = narrowed_details(&narrowed, &document.type_id, &labels, language);
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
    let view = CandidateView {
        document: document.id.clone(),
        kind,
        name,
        claims,
        not_shared,
        status: documents::state(document, context.now()),
        linkable: !one_time || copy.linkable,
        notes: document_notes(document.format.as_str(), &document.type_id, language),
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
