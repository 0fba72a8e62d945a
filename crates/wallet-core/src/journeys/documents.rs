//! The documents a person has: the list, one with its details, its status, its removal.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;
use url::Url;

use super::failure::{Failure, Outcome};
use super::held::Held;
use super::trust::{Known, Trust};
use super::{Context, IssuerWords, add_document, document_name, document_notes, history, status};
use crate::clock::lower;
use crate::consent::record::{Record, RecordedDocument, RecordedParty};
use crate::keys::{KeysError, PinVerified, QuestionId};
use crate::labels::{clean, document_kind};
use crate::problem::ProblemCode;
use crate::store::documents::{CopyCount, DocumentFormat, StoredCopy, StoredDocument, StoredStatus};
use crate::store::history::EntryKind;
use crate::store::parties::Party;
use crate::store::{StoreError, Transaction};
use crate::view::{
    DocumentState, DocumentSummary, DocumentView, HistoryFilter, HistoryKind, PartyView, RecognitionView, StatusView,
};
use crate::words::{Arg, Words};

/// "Ending" begins this many days before the end.
const ENDING_DAYS: i64 = 60;
const DAY: i64 = 24 * 60 * 60;

/// What is needed of a document's copies.
pub(crate) struct StoredParts {
    pub(crate) next: Option<StoredCopy>,
    pub(crate) count: CopyCount,
    linkable: bool,
    issuer: Option<Party>,
}

pub(crate) fn parts(transaction: &Transaction<'_>, document: &StoredDocument) -> Result<StoredParts, StoreError> {
    Ok(StoredParts {
        next: transaction.next_copy(&document.id)?,
        count: transaction.copy_count(&document.id)?,
        linkable: transaction.has_linkable_copies(&document.id)?,
        issuer: transaction.party(&document.issuer)?,
    })
}

/// The state of a document at an instant (experience 1.3).
pub(crate) fn state(document: &StoredDocument, now: Timestamp) -> StatusView {
    let left = document.valid_until.map(|end| end.as_second() - now.as_second());
    let days = left.map(|seconds| seconds.div_euclid(DAY));
    let state = match document.status {
        StoredStatus::Revoked => DocumentState::Revoked,
        StoredStatus::Suspended => DocumentState::Suspended,
        _ if left.is_some_and(|seconds| seconds < 0) => DocumentState::Ended,
        _ if document.valid_from.is_some_and(|start| start > now) => DocumentState::StartsLater,
        _ if days.is_some_and(|days| days < ENDING_DAYS) => DocumentState::Ending,
        StoredStatus::NotChecked => DocumentState::NotChecked,
        StoredStatus::Valid | StoredStatus::None => DocumentState::Valid,
    };
    let days_left = days
        .filter(|_| state == DocumentState::Ending)
        .and_then(|days| u32::try_from(days).ok());
    StatusView {
        state,
        checked_at: document.status_checked_at.map(|at| at.to_string()),
        days_left,
    }
}

/// Every document, newest first.
pub(crate) fn list(context: &Context<'_>) -> Outcome<Vec<DocumentSummary>> {
    let trust = Trust::load(context.store, context.practice, lower(context.now()))?;
    Ok(context.store.read::<_, StoreError>(|transaction| {
        let documents = transaction.documents()?;
        let mut signers = Signers::default();
        let mut parties: HashMap<&str, Option<Party>> = HashMap::new();
        let mut summaries = Vec::with_capacity(documents.len());
        for document in &documents {
            let known = match signers.recognised(document) {
                Some(known) => Some(known.clone()),
                None => {
                    let known = known(context, &trust, document, transaction.next_copy(&document.id)?.as_ref());
                    signers.note(document, known.as_ref());
                    known
                }
            };
            let party = match parties.entry(&document.issuer) {
                Entry::Occupied(met) => met.into_mut(),
                Entry::Vacant(new) => new.insert(transaction.party(&document.issuer)?),
            };
            let count = transaction.copy_count(&document.id)?;
            summaries.push(summary(
                context,
                document,
                count,
                transaction.has_linkable_copies(&document.id)?,
                party_view(document, party.as_ref(), known),
            ));
        }
        Ok(summaries)
    })?)
}

/// What one listing found out about signers. Documents of one type under one signing certificate have one answer, so that
/// neither their credentials are read nor their chains followed again; an answer that recognises nobody is asked for anew.
#[derive(Default)]
struct Signers<'d>(HashMap<(DocumentFormat, &'d str, &'d str), Known>);

impl<'d> Signers<'d> {
    fn recognised(&self, document: &'d StoredDocument) -> Option<&Known> {
        self.0
            .get(&(document.format, document.type_id.as_str(), document.signed_by.as_str()))
    }

    fn note(&mut self, document: &'d StoredDocument, known: Option<&Known>) {
        // Without a certificate there is nothing that two documents would have in common.
        let Some(known) = known.filter(|known| known.recognition != RecognitionView::NotListed) else {
            return;
        };
        if !document.signed_by.is_empty() {
            self.0
                .insert((document.format, &document.type_id, &document.signed_by), known.clone());
        }
    }
}

fn summary(
    context: &Context<'_>,
    document: &StoredDocument,
    copies: CopyCount,
    linkable: bool,
    issuer: PartyView,
) -> DocumentSummary {
    let words = IssuerWords::read(&document.metadata);
    let status_detail = state(document, context.now());
    DocumentSummary {
        id: document.id.clone(),
        kind: document_kind(&document.type_id),
        name: document_name(&document.type_id, &words, context.language),
        issuer,
        format: document.format.as_str().to_owned(),
        status: status_detail.state,
        status_detail,
        valid_from: document.valid_from.map(|at| at.to_string()),
        valid_until: document.valid_until.map(|at| at.to_string()),
        copies_left: copies.left,
        copies: copies.all,
        linkable,
        practice: document.practice,
        notes: document_notes(document.format.as_str(), &document.type_id, context.language),
        type_id: clean(&document.type_id, 200),
    }
}

/// The summary of one document, with its parts at hand.
fn summary_of(context: &Context<'_>, trust: &Trust, document: &StoredDocument, parts: &StoredParts) -> DocumentSummary {
    let issuer = issuer(context, trust, document, parts);
    summary(context, document, parts.count, parts.linkable, issuer)
}

/// The issuer as it is known today: an anchor that was removed since shows.
fn issuer(context: &Context<'_>, trust: &Trust, document: &StoredDocument, parts: &StoredParts) -> PartyView {
    party_view(
        document,
        parts.issuer.as_ref(),
        known(context, trust, document, parts.next.as_ref()),
    )
}

/// What is known today of who signed this copy; nothing where it cannot be read.
fn known(context: &Context<'_>, trust: &Trust, document: &StoredDocument, copy: Option<&StoredCopy>) -> Option<Known> {
    let held = Held::from_store(document.format, &copy?.credential).ok()?;
    let profile = held.issuer_profile();
    let now = lower(context.now());
    if document.format == DocumentFormat::SdJwtVc && held.chain().is_empty() {
        let key = held.sd_jwt_vc()?.issuer_key();
        return trust
            .issuer_key(&key, Some(&document.type_id), context.language, now)
            .map(|(_, known)| known);
    }
    if let Some(credential) = held.jwt_vc() {
        let source = credential.issuer_key().ok()?;
        return trust.jwt_vc_issuer(&source, credential.issuer(), &document.type_id, context.language, now);
    }
    Some(trust.issuer(&held.chain(), profile, Some(&document.type_id), context.language, now))
}

fn party_view(document: &StoredDocument, party: Option<&Party>, known: Option<Known>) -> PartyView {
    let (identifier, stored_name) = match party {
        Some(party) => (party.identifier.clone(), clean(&party.name, 120)),
        None => (document.issuer.clone(), String::new()),
    };
    let host = Url::parse(&identifier)
        .ok()
        .and_then(|url| Some(clean(url.host_str()?, 253)))
        .unwrap_or_default();
    PartyView {
        id: document.issuer.clone(),
        name: known
            .as_ref()
            .and_then(|known| known.name.clone())
            .unwrap_or(stored_name),
        recognition: known.map_or(RecognitionView::NotListed, |known| known.recognition),
        host,
    }
}

fn find(context: &Context<'_>, id: &str) -> Outcome<(StoredDocument, StoredParts)> {
    let found = context.store.read::<_, StoreError>(|transaction| {
        let Some(document) = transaction.document(id)? else {
            return Ok(None);
        };
        let parts = parts(transaction, &document)?;
        Ok(Some((document, parts)))
    })?;
    found.ok_or_else(|| Failure::new(ProblemCode::NotFound, "no such document"))
}

/// One document with its details, and who has had it.
pub(crate) fn one(context: &Context<'_>, id: &str) -> Outcome<DocumentView> {
    let (document, parts) = find(context, id)?;
    let trust = Trust::load(context.store, context.practice, lower(context.now()))?;
    let mut summary = summary_of(context, &trust, &document, &parts);
    let held = parts
        .next
        .as_ref()
        .map(|copy| Held::from_store(document.format, &copy.credential));
    let labels = IssuerWords::read(&document.metadata).labels(context.language);
    if summary.linkable {
        summary
            .notes
            .push(Words::for_language(context.language).message("note-copies-linkable", &[]));
    }
    let claims = match held {
        Some(Ok(held)) => {
            summary.notes.extend(held.traced_number_note(context.language));
            if let Some(age) = held.age_reached_since(context.now()) {
                let words = Words::for_language(context.language);
                summary
                    .notes
                    .push(words.message("note-age-reached", &[("age", Arg::Count(u32::from(age)))]));
            }
            held.details(&labels, context.language)
        }
        // Nothing is lost: the row stays, and says that it cannot be used.
        Some(Err(_)) | None => {
            summary.status = DocumentState::Broken;
            summary.status_detail.state = DocumentState::Broken;
            Vec::new()
        }
    };
    let filter = HistoryFilter {
        document: Some(id.to_owned()),
        ..HistoryFilter::default()
    };
    let shared = history::list(context.store, &filter)?
        .into_iter()
        .filter(|entry| matches!(entry.kind, HistoryKind::Shared | HistoryKind::Shown))
        .collect();
    Ok(DocumentView {
        summary,
        claims,
        added_at: document.added_at.to_string(),
        shared,
        signed_by: document.signed_by,
        fresh: add_document::fresh_view(context, id)?,
    })
}

/// The summary of one document.
pub(crate) fn summary_by_id(context: &Context<'_>, id: &str) -> Outcome<DocumentSummary> {
    let (document, parts) = find(context, id)?;
    let trust = Trust::load(context.store, context.practice, lower(context.now()))?;
    Ok(summary_of(context, &trust, &document, &parts))
}

/// Asks the issuer's status list. Done only when the person asks: never when a service does.
pub(crate) async fn check(context: &Context<'_>, id: &str) -> Outcome<DocumentSummary> {
    let (document, parts) = find(context, id)?;
    let now = context.now();
    let trust = Trust::load(context.store, context.practice, lower(now))?;
    let asked = parts.next.as_ref().and_then(|copy| {
        let held = Held::from_store(document.format, &copy.credential).ok()?;
        Some((held, copy.status.clone()?))
    });
    if let Some((held, (uri, index))) = asked {
        let url = Url::parse(&uri).map_err(|_| Failure::new(ProblemCode::StatusUnknown, "not an address"))?;
        let reach = context.reach(&url).await;
        let status = status::fetch(context, &trust, &held, (&uri, index), reach)
            .await
            .map_err(|error| Failure::new(ProblemCode::StatusUnknown, error))?;
        context
            .store
            .write::<_, StoreError>(|transaction| transaction.set_document_status(id, status, now))?;
    }
    let (document, parts) = if parts.next.is_some() {
        find(context, id)?
    } else {
        (document, parts)
    };
    Ok(summary_of(context, &trust, &document, &parts))
}

/// The question whose PIN removes a document.
pub(crate) fn removal(id: &str) -> QuestionId {
    QuestionId::new(format!("remove {id}"))
}

/// Removes a document with its copies and keys, and writes that into the history. Tells nobody.
pub(crate) fn remove(context: &Context<'_>, id: &str, pin: PinVerified) -> Outcome<()> {
    if *pin.question() != removal(id) {
        return Err(KeysError::OtherQuestion.into());
    }
    let (document, parts) = find(context, id)?;
    let trust = Trust::load(context.store, context.practice, lower(context.now()))?;
    let issuer = issuer(context, &trust, &document, &parts);
    let words = IssuerWords::read(&document.metadata);
    let record = Record {
        party: Some(RecordedParty {
            name: issuer.name,
            recognition: issuer.recognition,
            host: issuer.host,
            intermediary: None,
        }),
        documents: vec![RecordedDocument {
            id: id.to_owned(),
            name: document_name(&document.type_id, &words, context.language),
            kind: document_kind(&document.type_id),
        }],
        ..Record::default()
    };
    context.store.write(|transaction| {
        transaction.remove_document(id)?;
        add_document::forget_granted(transaction, context, id)?;
        record.append(transaction, EntryKind::Removed, Some(&document.issuer), context.now())?;
        Ok(())
    })
}
