//! What arrived and waits for the person: kept, shown, and then added or thrown away.

use serde::{Deserialize, Serialize};
use wallet_credentials::credential::Format;
use wallet_credentials::linkable::{LinkingMarks, linkable};

use super::grant::{Grant, KeptGrant};
use super::refresh::standing;
use super::{Issuer, refresh, told};
use crate::clock::upper;
use crate::consent::record::{Record, RecordedDocument, RecordedParty};
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::held::Held;
use crate::journeys::trust::Known;
use crate::journeys::{Context, IssuerWords, document_name};
use crate::keys::{KeysError, PinVerified, QuestionId};
use crate::labels::document_kind;
use crate::problem::ProblemCode;
use crate::store::documents::{DocumentFormat, StoredCopy, StoredDocument, StoredStatus};
use crate::store::history::EntryKind;
use crate::store::holder_keys::KeyId;
use crate::store::parties::PartyRole;
use crate::store::received::Received;
use crate::store::{FromWord as _, StoreError, Transaction, new_id};
use crate::view::{ReceivedDocumentView, ReceivedView};

/// What arrived, as kept until the person has checked it.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) issuer: Issuer,
    pub(super) documents: Vec<KeptDocument>,
    /// What the issuer granted: it is told what became of the documents.
    #[serde(default)]
    pub(super) grant: Option<KeptGrant>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct KeptDocument {
    pub(super) configuration_id: String,
    /// The `credential_identifier` it was asked for by, where there was one.
    #[serde(default)]
    pub(super) identifier: Option<String>,
    /// The document it was had anew for.
    #[serde(default)]
    pub(super) replaces: Option<String>,
    pub(super) format: Format,
    pub(super) type_id: String,
    pub(super) words: IssuerWords,
    pub(super) signed_by: String,
    pub(super) status: String,
    pub(super) status_checked_at: Option<i64>,
    /// The handle for what the issuer is told (OpenID4VCI 1.0, 11).
    #[serde(default)]
    pub(super) notification: Option<String>,
    pub(super) copies: Vec<KeptCopy>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct KeptCopy {
    pub(super) credential: String,
    pub(super) key: String,
}

impl Kept {
    pub(super) fn new(grant: &Grant) -> Outcome<Self> {
        Ok(Self {
            issuer: grant.issuer.clone(),
            documents: Vec::new(),
            grant: Some(grant.save()?),
        })
    }

    /// Takes a verified document. Its signature says who the issuer is, more than its metadata could.
    pub(super) fn take(&mut self, document: KeptDocument, known: Known) {
        if self.documents.is_empty() || self.issuer.recognition == known.recognition {
            self.issuer.recognition = known.recognition;
            self.issuer.name = known.name.unwrap_or_else(|| std::mem::take(&mut self.issuer.name));
        }
        self.documents.push(document);
    }
}

impl KeptDocument {
    fn bytes(&self, copy: &KeptCopy) -> Outcome<Vec<u8>> {
        Held::kept_form(self.format, &copy.credential)
            .map_err(|_| Failure::new(ProblemCode::StoreDamaged, "a received document"))
    }

    pub(super) fn stored_format(&self) -> DocumentFormat {
        match self.format {
            Format::DcSdJwt => DocumentFormat::SdJwtVc,
            Format::MsoMdoc => DocumentFormat::Mdoc,
            Format::JwtVcJson => DocumentFormat::JwtVc,
        }
    }

    pub(super) fn first(&self) -> Outcome<Held> {
        let damaged = || Failure::new(ProblemCode::StoreDamaged, "a received document");
        let copy = self.copies.first().ok_or_else(damaged)?;
        Held::from_store(self.stored_format(), &self.bytes(copy)?).map_err(|_| damaged())
    }
}

pub(super) fn kept(received: &Received) -> Outcome<Kept> {
    serde_json::from_slice(&received.content).map_err(|_| StoreError::Unreadable("received document").into())
}

/// Writes down what has arrived so far. In the same step a promise it was becomes a document that waits to be checked, and
/// whatever else follows from that is done.
pub(super) fn commit(
    context: &Context<'_>,
    id: &str,
    journey: &str,
    kept: &Kept,
    with: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
) -> Outcome<()> {
    let content = serde_json::to_vec(kept).map_err(|_| StoreError::Unreadable("received document"))?;
    let received = Received {
        id: id.to_owned(),
        journey: journey.to_owned(),
        content,
        received_at: context.now(),
    };
    context.store.write::<_, StoreError>(|transaction| {
        transaction.forget_received_in(journey)?;
        transaction.keep_received(&received)?;
        transaction.forget_journey(journey)?;
        with(transaction)
    })?;
    Ok(())
}

/// What arrived, for the person to check.
pub(super) fn view(context: &Context<'_>, id: &str, kept: &Kept) -> Outcome<ReceivedView> {
    let held_types: Vec<String> = context
        .store
        .read::<_, StoreError>(|transaction| Ok(transaction.documents()?.into_iter().map(|d| d.type_id).collect()))?;
    let documents = kept
        .documents
        .iter()
        .map(|document| {
            let held = document.first()?;
            let (_, until) = held.validity();
            let changes = refresh::changes_of(context, document)?;
            Ok(ReceivedDocumentView {
                kind: document_kind(&document.type_id),
                name: document_name(&document.type_id, &document.words, context.language),
                valid_until: until.map(|at| at.to_rfc3339()),
                copies: u32::try_from(document.copies.len()).unwrap_or(u32::MAX),
                claims: held.details(&document.words.labels(context.language), context.language),
                already_held: changes.is_none() && held_types.contains(&document.type_id),
                replaces: document.replaces.clone().filter(|_| changes.is_some()),
                changes: changes.unwrap_or_default(),
                notes: super::super::document_notes(document.format.as_str(), &document.type_id, context.language),
            })
        })
        .collect::<Outcome<_>>()?;
    Ok(ReceivedView {
        id: id.to_owned(),
        issuer: kept.issuer.view(),
        documents,
    })
}

/// Everything received and not yet checked: after a kill, the journey goes on here.
pub(crate) fn pending(context: &Context<'_>) -> Outcome<Vec<ReceivedView>> {
    let all = context
        .store
        .read::<_, StoreError>(|transaction| transaction.all_received())?;
    let mut views = Vec::new();
    for received in &all {
        let kept = kept(received)?;
        // What says nothing new is no question: it is put in its place the next time the wallet looks after its copies.
        if !refresh::says_nothing_new(context, &kept)? {
            views.push(view(context, &received.id, &kept)?);
        }
    }
    Ok(views)
}

/// After the person stopped a journey: what it had brought already, else its keys are forgotten. The code of the offer may be
/// spent; its token is kept, and the same link goes on with it.
pub(crate) fn stopped(context: &Context<'_>, journey: &str) -> Outcome<Option<ReceivedView>> {
    let arrived = context.store.write::<_, StoreError>(|transaction| {
        let arrived = transaction.received_in(journey)?;
        if arrived.is_none() {
            transaction.forget_pending_keys(journey)?;
        }
        Ok(arrived)
    })?;
    arrived
        .map(|received| view(context, &received.id, &kept(&received)?))
        .transpose()
}

/// The question whose PIN keeps what was received.
pub(crate) fn keeping(id: &str) -> QuestionId {
    QuestionId::new(format!("keep {id}"))
}

/// Keeps what was received: documents, copies, keys and the history entry in one transaction. Returns the new ids.
pub(crate) fn keep(context: &Context<'_>, id: &str, pin: PinVerified) -> Outcome<Vec<String>> {
    if *pin.question() != keeping(id) {
        return Err(KeysError::OtherQuestion.into());
    }
    let now = context.now();
    context.store.write(|transaction| {
        let received = transaction
            .received(id)?
            .ok_or(StoreError::NotFound("received document"))?;
        let kept = kept(&received)?;
        let party = transaction.meet_party(PartyRole::Issuer, &kept.issuer.identifier, &kept.issuer.name, None, now)?;
        let mut record = Record {
            party: Some(RecordedParty {
                name: kept.issuer.name.clone(),
                recognition: kept.issuer.recognition,
                host: kept.issuer.host.clone(),
                intermediary: None,
            }),
            ..Record::default()
        };
        let (ids, renewed) = place(transaction, context, &kept, &party)?;
        for (document, id) in kept.documents.iter().zip(&ids) {
            record.documents.push(RecordedDocument {
                id: id.clone(),
                name: document_name(&document.type_id, &document.words, context.language),
                kind: document_kind(&document.type_id),
            });
        }
        let kind = if renewed { EntryKind::Renewed } else { EntryKind::Added };
        record.append(transaction, kind, Some(&party), now)?;
        done(transaction, context, kept, &received)?;
        Ok(ids)
    })
}

/// Puts what was received and says nothing new in its place: no question, no entry in the history.
pub(super) fn keep_quietly(context: &Context<'_>, received: &Received) -> Outcome<()> {
    context.store.write(|transaction| {
        let kept = kept(received)?;
        let party = transaction.meet_party(
            PartyRole::Issuer,
            &kept.issuer.identifier,
            &kept.issuer.name,
            None,
            context.now(),
        )?;
        place(transaction, context, &kept, &party)?;
        done(transaction, context, kept, received)
    })
}

/// Documents, copies and keys, each new or in the place of what it was had anew for; and what was granted for the new ones.
/// Their ids, and whether all of them were there before.
fn place(
    transaction: &Transaction<'_>,
    context: &Context<'_>,
    kept: &Kept,
    party: &str,
) -> Outcome<(Vec<String>, bool)> {
    let mut ids = Vec::with_capacity(kept.documents.len());
    let mut renewed = true;
    for document in &kept.documents {
        let before = match &document.replaces {
            Some(id) => transaction.document(id)?,
            None => None,
        };
        renewed &= before.is_some();
        ids.push(match before {
            Some(before) => renew(transaction, context, document, before)?,
            None => add(transaction, context, document, party)?,
        });
    }
    if !renewed {
        standing::remember(transaction, context, kept, &ids)?;
    }
    Ok((ids, renewed))
}

/// What was received has its place: nothing of the journey stays but what the issuer is to be told.
fn done(transaction: &Transaction<'_>, context: &Context<'_>, kept: Kept, received: &Received) -> Outcome<()> {
    told::remember(transaction, context, kept, true)?;
    transaction.forget_received(&received.id)?;
    transaction.forget_pending_keys(&received.journey)?;
    Ok(transaction.forget_offer(&received.journey, context.now())?)
}

/// The row of a received document.
fn row(context: &Context<'_>, document: &KeptDocument, id: String, party: &str) -> Outcome<StoredDocument> {
    let (from, until) = document.first()?.validity();
    Ok(StoredDocument {
        id,
        type_id: document.type_id.clone(),
        format: document.stored_format(),
        name: document_name(&document.type_id, &document.words, context.language),
        issuer: party.to_owned(),
        configuration_id: document.configuration_id.clone(),
        metadata: document.words.to_json(),
        signed_by: document.signed_by.clone(),
        valid_from: from.map(upper),
        valid_until: until.map(upper),
        status: StoredStatus::from_word(&document.status).unwrap_or(StoredStatus::NotChecked),
        status_checked_at: document.status_checked_at.map(crate::clock::seconds),
        added_at: context.now(),
        practice: context.practice,
    })
}

fn add(transaction: &Transaction<'_>, context: &Context<'_>, document: &KeptDocument, party: &str) -> Outcome<String> {
    let id = new_id()?;
    transaction.add_document(&row(context, document, id.clone(), party)?)?;
    for copy in copies(document, &id, Vec::new())? {
        transaction.add_copy(&copy)?;
    }
    Ok(id)
}

/// The whole batch in the place of the old one: the old copies go, given away or not, and their keys with them.
fn renew(
    transaction: &Transaction<'_>,
    context: &Context<'_>,
    document: &KeptDocument,
    before: StoredDocument,
) -> Outcome<String> {
    let earlier = transaction.copies(&before.id)?;
    let earlier = earlier.iter().filter_map(|copy| {
        // One that cannot be read was given to nobody.
        Some(Held::from_store(before.format, &copy.credential).ok()?.linking_marks())
    });
    let fresh = copies(document, &before.id, earlier.collect())?;
    transaction.remove_copies(&before.id)?;
    for copy in fresh {
        transaction.add_copy(&copy)?;
    }
    transaction.renew_document(&row(context, document, before.id.clone(), &before.issuer)?)?;
    standing::change(transaction, context, &before.id, |fresh| {
        fresh.fetched = context.now().as_second();
    })?;
    Ok(before.id)
}

/// Forgets what was received in the place of a document that is gone, and the keys of it.
pub(super) fn forget_anew(transaction: &Transaction<'_>, document: &str) -> Outcome<()> {
    for received in transaction.all_received()? {
        let replaces = |one: &KeptDocument| one.replaces.as_deref() == Some(document);
        if kept(&received)?.documents.iter().any(replaces) {
            transaction.forget_received(&received.id)?;
            transaction.forget_pending_keys(&received.journey)?;
        }
    }
    Ok(())
}

/// The copies of a document as they are stored; each is marked where it can be matched with another of them, or with one of
/// `earlier`, which services may have seen.
fn copies(document: &KeptDocument, id: &str, earlier: Vec<LinkingMarks>) -> Outcome<Vec<StoredCopy>> {
    let mut stored = Vec::with_capacity(document.copies.len());
    let mut marks = Vec::with_capacity(document.copies.len());
    for copy in &document.copies {
        let credential = document.bytes(copy)?;
        let held = Held::from_store(document.stored_format(), &credential)
            .map_err(|_| Failure::new(ProblemCode::StoreDamaged, "a received document"))?;
        marks.push(held.linking_marks());
        stored.push(StoredCopy {
            id: new_id()?,
            document: id.to_owned(),
            status: held.status(),
            credential,
            holder_key: KeyId::stored(copy.key.clone()),
            spent_at: None,
            linkable: false,
        });
    }
    marks.extend(earlier);
    for (copy, linkable) in stored.iter_mut().zip(linkable(&marks)) {
        copy.linkable = linkable;
    }
    Ok(stored)
}

/// Says no to what was received: nothing is kept, and the history says that an offer was declined.
pub(crate) fn discard(context: &Context<'_>, id: &str) -> Outcome<()> {
    let now = context.now();
    context.store.write(|transaction| {
        let received = transaction
            .received(id)?
            .ok_or(StoreError::NotFound("received document"))?;
        let kept = kept(&received)?;
        let party = transaction.meet_party(PartyRole::Issuer, &kept.issuer.identifier, &kept.issuer.name, None, now)?;
        let record = Record {
            party: Some(RecordedParty {
                name: kept.issuer.name.clone(),
                recognition: kept.issuer.recognition,
                host: kept.issuer.host.clone(),
                intermediary: None,
            }),
            ..Record::default()
        };
        record.append(transaction, EntryKind::OfferDeclined, Some(&party), now)?;
        refresh::not_wanted(transaction, context, &kept)?;
        told::remember(transaction, context, kept, false)?;
        transaction.forget_received(id)?;
        transaction.forget_pending_keys(&received.journey)?;
        transaction.forget_offer(&received.journey, now)?;
        Ok(())
    })
}
