//! See history: entries as people read them, filters, and the proof of the chain.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::consent::record::{Channel, Record, RecordedAgreement};
use crate::labels::clean;
use crate::problem::DataLeft;
use crate::store::history::{EntryFilter, EntryKind, HistoryEntry};
use crate::store::{Store, StoreError, Transaction};
use crate::view::{
    AgreementView, FactView, HistoryDocumentView, HistoryEntryView, HistoryFilter, HistoryKind, HistoryProofView,
    OutcomeView, PartyView, RecognitionView,
};

/// Lists the history, newest first; outcomes are folded into the entry they are about.
pub(crate) fn list(store: &Store, filter: &HistoryFilter) -> Result<Vec<HistoryEntryView>, StoreError> {
    store.read(|transaction| {
        let since = filter.since.as_deref().and_then(|text| {
            let date: Date = text.parse().ok()?;
            TimeZone::get("Europe/London")
                .unwrap_or(TimeZone::UTC)
                .to_timestamp(date.at(0, 0, 0, 0))
                .ok()
        });
        let entries = transaction.history(&EntryFilter {
            party: filter.service.clone(),
            kind: None,
            since: None,
        })?;
        let outcomes = outcomes(&entries);
        let held = held(transaction)?;
        let search = filter.search.as_deref().map(str::to_lowercase);
        let mut views = Vec::new();
        for entry in &entries {
            if since.is_some_and(|since| entry.at.is_none_or(|at| at < since)) {
                continue;
            }
            let Some(view) = view(entry, outcomes.get(&entry.id), &held) else {
                continue;
            };
            let wanted = filter.kind.is_none_or(|kind| kind == view.kind)
                && filter
                    .document
                    .as_ref()
                    .is_none_or(|id| view.documents.iter().any(|d| d.id == *id))
                && search.as_deref().is_none_or(|text| mentions(&view, text));
            if wanted {
                views.push(view);
            }
        }
        Ok(views)
    })
}

/// One entry with what became of it.
pub(crate) fn entry(store: &Store, id: &str) -> Result<Option<HistoryEntryView>, StoreError> {
    store.read(|transaction| {
        let Some(entry) = transaction.history_entry(id)? else {
            return Ok(None);
        };
        let about = transaction.history_about(id)?;
        Ok(view(&entry, outcomes(&about).get(id), &held(transaction)?))
    })
}

/// Walks the chain.
pub(crate) fn verify(store: &Store) -> Result<HistoryProofView, StoreError> {
    store.read(|transaction| {
        let proof = transaction.verify_history()?;
        Ok(HistoryProofView {
            ok: proof.ok(),
            entries: proof.entries,
            head: hex(&proof.head),
            first_broken: proof.first_broken,
        })
    })
}

/// The last outcome for each entry.
fn outcomes(entries: &[HistoryEntry]) -> HashMap<String, Record> {
    let mut ordered: Vec<&HistoryEntry> = entries.iter().filter(|e| e.kind == EntryKind::Outcome).collect();
    ordered.sort_by_key(|e| e.number);
    ordered
        .into_iter()
        .filter_map(|e| Some((e.refers_to.clone()?, Record::read(e.details.as_ref()?))))
        .collect()
}

fn held(transaction: &Transaction<'_>) -> Result<HashSet<String>, StoreError> {
    Ok(transaction.document_ids()?.into_iter().collect())
}

fn mentions(view: &HistoryEntryView, text: &str) -> bool {
    let names = view.service.iter().map(|s| s.name.as_str());
    let documents = view.documents.iter().map(|d| d.name.as_str());
    let agreed = view.agreements.iter().map(|one| &one.text).chain(&view.intermediary);
    let details = view.details.iter().chain(&view.asked).chain(agreed).map(String::as_str);
    names
        .chain(documents)
        .chain(details)
        .any(|name| name.to_lowercase().contains(text))
}

fn view(entry: &HistoryEntry, outcome: Option<&Record>, held: &HashSet<String>) -> Option<HistoryEntryView> {
    let kind = match entry.kind {
        EntryKind::Added => HistoryKind::Added,
        EntryKind::Renewed => HistoryKind::Renewed,
        EntryKind::Removed => HistoryKind::Removed,
        EntryKind::Sharing => HistoryKind::Shared,
        EntryKind::Showing => HistoryKind::Shown,
        EntryKind::Declined | EntryKind::OfferDeclined => HistoryKind::Declined,
        EntryKind::Refused => HistoryKind::Refused,
        // Outcomes stand with their entry; an adding that failed left nothing behind; an erased entry has nothing to show.
        EntryKind::Outcome | EntryKind::AddingFailed | EntryKind::Erased => return None,
    };
    let at = entry.at?;
    let record = Record::read(entry.details.as_ref()?);
    let data_left = match entry.kind {
        EntryKind::Sharing => outcome.and_then(|o| o.data_left).unwrap_or(DataLeft::Unknown),
        // Nobody can tell who read a code that was on the screen.
        EntryKind::Showing => outcome.and_then(|o| o.data_left).unwrap_or(DataLeft::Unknown),
        _ => DataLeft::No,
    };
    let outcome = match (entry.kind, data_left) {
        (EntryKind::Declined | EntryKind::OfferDeclined, _) => OutcomeView::Declined,
        (EntryKind::Refused, _) => OutcomeView::Failed,
        (EntryKind::Showing, DataLeft::Unknown) => OutcomeView::Done,
        (EntryKind::Sharing | EntryKind::Showing, DataLeft::No) => OutcomeView::Failed,
        (EntryKind::Sharing, DataLeft::Unknown) => OutcomeView::NotSure,
        _ => OutcomeView::Done,
    };
    let service = record.party.as_ref().map(|party| PartyView {
        id: entry.party.clone().unwrap_or_default(),
        name: clean(&party.name, 120),
        recognition: party.recognition,
        host: clean(&party.host, 253),
    });
    let service = service.or_else(|| {
        entry.party.clone().map(|id| PartyView {
            id,
            name: String::new(),
            recognition: RecognitionView::NotListed,
            host: String::new(),
        })
    });
    let documents: Vec<HistoryDocumentView> = record
        .documents
        .iter()
        .map(|d| HistoryDocumentView {
            id: d.id.clone(),
            name: d.name.clone(),
            kind: d.kind,
            held: held.contains(&d.id),
        })
        .collect();
    Some(HistoryEntryView {
        id: entry.id.clone(),
        at: at.to_string(),
        kind,
        service,
        outcome,
        data_left,
        document: documents.first().map(|d| d.id.clone()),
        documents,
        claims: record.shared.iter().flat_map(|s| s.claims.clone()).collect(),
        details: record.shared.iter().flat_map(|s| s.labels.clone()).collect(),
        asked: record.asked,
        agreements: record.agreements.iter().map(agreement).collect(),
        intermediary: record
            .party
            .as_ref()
            .and_then(|party| party.intermediary.as_deref())
            .map(|name| clean(name, 120)),
        purpose: record.purpose,
        retention: record.retention,
        legal_basis: record.legal_basis,
        privacy_url: record.privacy_url,
        warnings: record.warnings,
        channel: record.channel.map(|c| match c {
            Channel::Online => "online".to_owned(),
            Channel::InPerson => "in-person".to_owned(),
        }),
        link: hex(&entry.link),
        number: entry.number,
    })
}

/// The words a thing was agreed to in, as they were kept.
fn agreement(kept: &RecordedAgreement) -> AgreementView {
    AgreementView {
        kind: kept.kind.clone(),
        text: clean(&kept.text, 600),
        facts: kept
            .facts
            .iter()
            .map(|(label, text)| FactView {
                label: clean(label, 120),
                text: clean(text, 600),
            })
            .collect(),
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
