//! What came for a document that is here already: it says the same and takes the place of the old copies, or it says something
//! new and waits for the person.

use super::changes::{Edition, changes};
use super::standing;
use crate::journeys::add_document::later;
use crate::journeys::add_document::received::{self, Kept, KeptDocument, keep_quietly, kept, view};
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::held::Held;
use crate::journeys::{Context, IssuerWords};
use crate::store::{StoreError, Transaction};
use crate::view::{ChangeView, ReceivedView};

/// What became of something that was received.
pub(in crate::journeys::add_document) enum Settled {
    /// It took the place of the old copies.
    InPlace,
    /// It says something new, or is no document that was had anew: the person decides.
    Waits(Box<ReceivedView>),
    /// Something is being shared at this moment: it is put in its place later.
    Postponed,
    /// The person removed what it was to take the place of.
    Gone,
}

impl Settled {
    /// What the person is to check.
    pub(in crate::journeys::add_document) fn waits(self) -> Option<ReceivedView> {
        match self {
            Self::Waits(received) => Some(*received),
            Self::InPlace | Self::Postponed | Self::Gone => None,
        }
    }
}

/// What was received anew and says nothing new takes the place of the old copies; anything else is for the person.
pub(in crate::journeys::add_document) fn settle(context: &Context<'_>, received: &str) -> Outcome<Settled> {
    let found = context
        .store
        .read::<_, StoreError>(|transaction| transaction.received(received))?;
    let found = found.ok_or(StoreError::NotFound("received document"))?;
    let what = kept(&found)?;
    if let Some(gone) = gone(context, &what)? {
        context
            .store
            .write::<_, Failure>(|transaction| forget_anew(transaction, &gone))?;
        return Ok(Settled::Gone);
    }
    if !says_nothing_new(context, &what)? {
        return view(context, received, &what).map(|view| Settled::Waits(Box::new(view)));
    }
    if context.is_answering() {
        return Ok(Settled::Postponed);
    }
    keep_quietly(context, &found)?;
    Ok(Settled::InPlace)
}

/// Puts everything in its place that came and could not be put there: this program was ended, or something was shared at that
/// moment. Whether there was any.
pub(super) fn settle_all(context: &Context<'_>) -> Outcome<bool> {
    let all = context
        .store
        .read::<_, StoreError>(|transaction| transaction.all_received())?;
    let mut settled = false;
    for received in &all {
        let what = kept(received)?;
        if says_nothing_new(context, &what)? || gone(context, &what)?.is_some() {
            settled |= matches!(settle(context, &received.id)?, Settled::InPlace);
        }
    }
    Ok(settled)
}

/// Whether all of it was had anew and says what the documents here say.
pub(in crate::journeys::add_document) fn says_nothing_new(context: &Context<'_>, kept: &Kept) -> Outcome<bool> {
    for document in &kept.documents {
        match changes_of(context, document)? {
            Some(changes) if changes.is_empty() => {}
            _ => return Ok(false),
        }
    }
    Ok(!kept.documents.is_empty())
}

/// A document that was had anew and is not here any more.
fn gone(context: &Context<'_>, kept: &Kept) -> Outcome<Option<String>> {
    let replaced = kept
        .documents
        .iter()
        .filter_map(|document| document.replaces.as_deref());
    for id in replaced {
        let here = context
            .store
            .read::<_, StoreError>(|transaction| transaction.document(id))?;
        if here.is_none() {
            return Ok(Some(id.to_owned()));
        }
    }
    Ok(None)
}

/// What a document that was had anew says that the one here does not; `None` where it takes the place of none.
pub(in crate::journeys::add_document) fn changes_of(
    context: &Context<'_>,
    document: &KeptDocument,
) -> Outcome<Option<Vec<ChangeView>>> {
    let Some(id) = &document.replaces else { return Ok(None) };
    let found = context.store.read::<_, StoreError>(|transaction| {
        let stored = transaction.document(id)?;
        Ok(stored.zip(transaction.next_copy(id)?))
    })?;
    let Some((stored, copy)) = found else { return Ok(None) };
    let after = document.first()?;
    let after = Edition {
        held: &after,
        labels: document.words.labels(context.language),
    };
    // One that cannot be read any more said nothing.
    let before = Held::from_store(stored.format, &copy.credential).ok();
    let before = before.as_ref().map(|held| Edition {
        held,
        labels: IssuerWords::read(&stored.metadata).labels(context.language),
    });
    Ok(Some(changes(before.as_ref(), &after, context.language)))
}

/// What came for a document, says something new, and waits to be checked.
pub(super) fn waiting(context: &Context<'_>, id: &str) -> Outcome<Option<ReceivedView>> {
    let all = context
        .store
        .read::<_, StoreError>(|transaction| transaction.all_received())?;
    for received in &all {
        let what = kept(received)?;
        let replaces = |document: &KeptDocument| document.replaces.as_deref() == Some(id);
        if what.documents.iter().any(replaces) && !says_nothing_new(context, &what)? {
            return view(context, &received.id, &what).map(Some);
        }
    }
    Ok(None)
}

/// Forgets everything that was granted, promised or received in the place of a document that is removed, and the keys of it.
pub(crate) fn forget(transaction: &Transaction<'_>, context: &Context<'_>, document: &str) -> Outcome<()> {
    standing::forget(transaction, context, document)?;
    forget_anew(transaction, document)
}

fn forget_anew(transaction: &Transaction<'_>, document: &str) -> Outcome<()> {
    later::forget_anew(transaction, document)?;
    received::forget_anew(transaction, document)
}

/// The person does not want what came: the issuer is left alone for longer.
pub(in crate::journeys::add_document) fn not_wanted(
    transaction: &Transaction<'_>,
    context: &Context<'_>,
    kept: &Kept,
) -> Outcome<()> {
    for id in kept
        .documents
        .iter()
        .filter_map(|document| document.replaces.as_deref())
    {
        standing::change(transaction, context, id, |fresh| {
            fresh.calendar.keep(context.now(), true)
        })?;
    }
    Ok(())
}
