//! A standing grant: the person's yes to "keep this document fresh", with the refresh token that allows it and the keys the
//! token is bound to. It stands in the encrypted store as long as the document does, and goes with it.

use serde::{Deserialize, Serialize};
use wallet_protocols::openid4vci::CredentialTarget;

use super::schedule::Calendar;
use crate::journeys::Context;
use crate::journeys::add_document::grant::{KeptGrant, read_metadata};
use crate::journeys::add_document::received::Kept;
use crate::journeys::failure::Outcome;
use crate::store::{StoreError, Transaction, new_id, random};

/// The kind of journey a standing grant is stored as.
const KIND: &str = "standing";

/// A standing grant as it is kept. Holds tokens: no `Debug`.
#[derive(Serialize, Deserialize)]
pub(super) struct Standing<G = KeptGrant> {
    /// What the issuer granted; none where it gave no refresh token, or takes it no more.
    pub(super) grant: Option<G>,
    /// The issuer gave a refresh token once, and takes it no more.
    #[serde(default)]
    pub(super) ended: bool,
    /// The documents it is for: those of one offer share a refresh token.
    documents: Vec<Fresh>,
}

/// One document that is kept fresh.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::journeys::add_document) struct Fresh {
    document: String,
    /// What to ask for.
    pub(super) target: CredentialTarget,
    /// The issuer's page where the person gets the document anew.
    pub(super) page: Option<String>,
    pub(super) calendar: Calendar,
    /// When its copies were had (UNIX seconds).
    pub(in crate::journeys::add_document) fetched: i64,
}

impl<G> Standing<G> {
    /// The ids of its documents.
    pub(super) fn documents(&self) -> impl Iterator<Item = &str> {
        self.documents.iter().map(|fresh| fresh.document.as_str())
    }

    /// What is known of one of its documents.
    pub(super) fn of(&self, document: &str) -> Option<&Fresh> {
        self.documents.iter().find(|fresh| fresh.document == document)
    }
}

/// Every standing grant.
pub(super) fn all(transaction: &Transaction<'_>) -> Result<Vec<(String, Standing)>, StoreError> {
    let standing = transaction
        .journeys()?
        .into_iter()
        .filter(|journey| journey.kind == KIND);
    standing
        .map(|journey| {
            let standing =
                serde_json::from_value(journey.state).map_err(|_| StoreError::Unreadable("standing grant"))?;
            Ok((journey.id, standing))
        })
        .collect()
}

/// The standing grant of a document.
pub(super) fn of(transaction: &Transaction<'_>, document: &str) -> Result<Option<(String, Standing)>, StoreError> {
    let mut all = all(transaction)?.into_iter();
    Ok(all.find(|(_, standing)| standing.of(document).is_some()))
}

fn put<G: Serialize>(
    transaction: &Transaction<'_>,
    context: &Context<'_>,
    id: &str,
    standing: &Standing<G>,
) -> Result<(), StoreError> {
    let state = serde_json::to_value(standing).map_err(|_| StoreError::Unreadable("standing grant"))?;
    transaction.put_journey(id, KIND, &state, context.now())
}

/// Keeps what was granted for documents that were just added, in the order they were received: with a refresh token they are
/// kept fresh, and where the issuer has a page for that, the person is led there.
pub(in crate::journeys::add_document) fn remember(
    transaction: &Transaction<'_>,
    context: &Context<'_>,
    kept: &Kept,
    ids: &[String],
) -> Outcome<()> {
    let Some(grant) = &kept.grant else { return Ok(()) };
    // What cannot be read here names no page; that is no reason not to keep the document.
    let metadata = read_metadata(context, &grant.issuer.identifier, grant.metadata()).ok();
    let mut documents = Vec::new();
    for (document, id) in kept.documents.iter().zip(ids) {
        let wanted = document.configuration_id.as_str();
        let configuration = metadata
            .as_ref()
            .and_then(|metadata| metadata.configuration(wanted).ok());
        let page = configuration.and_then(|configuration| configuration.gov_uk.as_ref()?.refresh_journey.as_ref());
        documents.push(Fresh {
            document: id.clone(),
            target: CredentialTarget {
                configuration_id: document.configuration_id.clone(),
                identifier: document.identifier.clone(),
            },
            page: page.map(|endpoint| endpoint.url().to_string()),
            calendar: Calendar::begin(*random::<32>()?, context.now()),
            fetched: context.now().as_second(),
        });
    }
    if !grant.can_refresh() {
        documents.retain(|fresh| fresh.page.is_some());
    }
    if documents.is_empty() {
        return Ok(());
    }
    // Another document of the same offer may have come before: one token, one place.
    let same = |known: &KeptGrant| known.is(grant);
    let known = all(transaction)?.into_iter();
    let mut known = known.filter(|(_, standing)| standing.grant.as_ref().is_some_and(same));
    if let Some((id, mut standing)) = known.next() {
        standing.documents.extend(documents);
        return Ok(put(transaction, context, &id, &standing)?);
    }
    let standing = Standing {
        grant: grant.can_refresh().then_some(grant),
        ended: false,
        documents,
    };
    Ok(put(transaction, context, &new_id()?, &standing)?)
}

/// Changes what is known of one document, as it stands in the store now: others may have changed it meanwhile.
pub(in crate::journeys::add_document) fn change(
    transaction: &Transaction<'_>,
    context: &Context<'_>,
    document: &str,
    change: impl FnOnce(&mut Fresh),
) -> Result<(), StoreError> {
    if let Some((id, mut standing)) = of(transaction, document)?
        && let Some(fresh) = standing.documents.iter_mut().find(|fresh| fresh.document == document)
    {
        change(fresh);
        put(transaction, context, &id, &standing)?;
    }
    Ok(())
}

/// The issuer takes the refresh token no more: tokens and keys are forgotten, the page stays.
pub(super) fn end(transaction: &Transaction<'_>, context: &Context<'_>, document: &str) -> Result<(), StoreError> {
    if let Some((id, mut standing)) = of(transaction, document)? {
        standing.ended |= standing.grant.take().is_some();
        put(transaction, context, &id, &standing)?;
    }
    Ok(())
}

/// Forgets what was granted for a document that is removed; the tokens and their keys with the last one. The issuer is not
/// told: it would learn that the document is gone.
pub(super) fn forget(transaction: &Transaction<'_>, context: &Context<'_>, document: &str) -> Result<(), StoreError> {
    let Some((id, mut standing)) = of(transaction, document)? else {
        return Ok(());
    };
    standing.documents.retain(|fresh| fresh.document != document);
    if standing.documents.is_empty() {
        return transaction.forget_journey(&id);
    }
    put(transaction, context, &id, &standing)
}
