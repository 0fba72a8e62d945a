//! What a service has had of the person lately, from the history.

use std::collections::BTreeSet;

use serde_json::Value;
use wallet_credentials::claim::{ClaimPath, PathElement};
use wallet_credentials::trust::{Detail, RegisterEntry};

use super::super::super::Context;
use super::super::super::failure::Outcome;
use crate::consent::record::Record;
use crate::problem::DataLeft;
use crate::store::history::{EntryFilter, EntryKind, HistoryEntry};
use crate::store::parties::PartyRole;
use crate::store::{StoreError, Transaction};

/// How far back what a service has had is counted together with what it asks now, in days.
const DAYS: i64 = 30;

/// The details this party has had, under any of the certificates it is registered with. What certainly did not arrive does not
/// count.
pub(super) fn had(context: &Context<'_>, party: &str, entry: Option<&RegisterEntry>) -> Outcome<Vec<Detail>> {
    let since = context.now().as_second() - DAYS * 24 * 60 * 60;
    let entries = context.store.read::<_, StoreError>(|transaction| {
        let mut parties = BTreeSet::from([party.to_owned()]);
        for certificate in entry.iter().flat_map(|entry| &entry.cert_sha256) {
            parties.extend(transaction.parties_certified_by(PartyRole::Service, &certificate.0)?);
        }
        let mut entries = Vec::new();
        for party in parties {
            let filter = EntryFilter {
                party: Some(party),
                kind: Some(EntryKind::Sharing),
                since: Some(crate::clock::seconds(since)),
            };
            for entry in transaction.history(&filter)? {
                if arrived(transaction, &entry)? {
                    entries.push(entry);
                }
            }
        }
        Ok(entries)
    })?;
    let records = entries
        .iter()
        .filter_map(|entry| entry.details.as_ref())
        .map(Record::read);
    let mut had: Vec<Detail> = Vec::new();
    for share in records.flat_map(|record| record.shared) {
        let Some(type_id) = &share.type_id else { continue };
        for detail in share.claims.iter().filter_map(|path| detail(type_id, path)) {
            if !had.contains(&detail) {
                had.push(detail);
            }
        }
    }
    Ok(had)
}

/// Whether it is not known that nothing left.
fn arrived(transaction: &Transaction<'_>, entry: &HistoryEntry) -> Result<bool, StoreError> {
    let outcomes = transaction.history_about(&entry.id)?;
    let left = |outcome: &HistoryEntry| Record::read(outcome.details.as_ref()?).data_left;
    Ok(!outcomes.iter().any(|outcome| left(outcome) == Some(DataLeft::No)))
}

/// A detail as the history has it.
fn detail(document_type: &str, path: &[Value]) -> Option<Detail> {
    let elements = path.iter().map(|element| match element {
        Value::String(name) => Some(PathElement::Name(name.clone())),
        Value::Number(place) => place.as_u64().map(PathElement::Index),
        Value::Null => Some(PathElement::All),
        _ => None,
    });
    Some(Detail {
        document_type: document_type.to_owned(),
        path: ClaimPath::new(elements.collect::<Option<_>>()?).ok()?,
    })
}
