//! Documents that come later (OpenID4VCI 1.0, 9): what was promised is kept, and asked for when the issuer wants to be asked.
//! A restart loses nothing; a document that has come waits to be checked like any other. One that was handed over and cannot be
//! verified yet, because its issuer's key cannot be fetched, waits here too.

use serde::{Deserialize, Serialize};
use wallet_credentials::crypto::PublicKey;
use wallet_protocols::openid4vci::{
    CredentialError, CredentialResponse, CredentialTarget, IssuedCredential, NotificationId, ResponseEncryption,
    TransactionId,
};

use super::Arrived;
use super::fetch::{Issued, Later, take};
use super::grant::{Grant, KeptGrant};
use super::iacas::published;
use super::offer::has_come;
use super::received::{Kept, commit};
use super::refresh::settle;
use crate::clock::{after, lower};
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::trust::Trust;
use crate::journeys::{Context, IssuerWords, document_name};
use crate::keys::holder::SystemRandom;
use crate::labels::document_kind;
use crate::problem::ProblemCode;
use crate::store::holder_keys::KeyId;
use crate::store::offers::StoredJourney;
use crate::store::{StoreError, Transaction, new_id};
use crate::view::PendingView;

/// The kind of journey a promise is stored as.
const KIND: &str = "promised";
/// The shortest and the longest wait between two questions, in seconds: an issuer may not be asked without end, nor be
/// forgotten for ever.
const WAIT: std::ops::RangeInclusive<i64> = 1..=7 * 24 * 60 * 60;
/// For how long a promise is waited for, in seconds: half a year. An issuer that says "later" for ever is not asked for ever.
const KEPT_FOR: u32 = 180 * 24 * 60 * 60;

/// A promise as it is kept. Holds a token: no `Debug`.
#[derive(Serialize, Deserialize)]
pub(super) struct Promise {
    grant: KeptGrant,
    target: CredentialTarget,
    /// What the issuer calls it; nothing where it has handed the document over.
    #[serde(default)]
    transaction: Option<String>,
    /// What the issuer handed over and was not verified yet.
    #[serde(default)]
    handed_over: Option<HandedOver>,
    /// The offer it is of, as long as that is open.
    #[serde(default)]
    offer: Option<String>,
    /// The document this is had anew for.
    #[serde(default)]
    replaces: Option<String>,
    keys: Vec<String>,
    /// When the issuer wants to be asked, at the earliest (UNIX seconds).
    not_before: i64,
    type_id: String,
    words: IssuerWords,
}

/// What a promise is of.
#[derive(Clone, Copy)]
pub(super) enum Whose<'a> {
    /// An offer.
    Offer(&'a str),
    /// A document that is had anew.
    Document(&'a str),
}

/// Credentials as they came. Holds the person's details: no `Debug`.
#[derive(Clone, Serialize, Deserialize)]
struct HandedOver {
    credentials: Vec<String>,
    notification: Option<String>,
}

impl HandedOver {
    fn of(credentials: &[IssuedCredential], notification: Option<&NotificationId>) -> Self {
        Self {
            credentials: credentials.iter().map(|one| one.as_str().to_owned()).collect(),
            notification: notification.map(|id| id.as_str().to_owned()),
        }
    }
}

/// What was handed over, written down before it is verified.
pub(super) struct Written {
    id: String,
    keys: Vec<KeyId>,
    pub(super) view: PendingView,
}

impl Written {
    /// It was verified: its keys go back to the journey it came in.
    pub(super) fn taken(&self, transaction: &Transaction<'_>, journey: &str) -> Result<(), StoreError> {
        transaction.move_pending_keys(&self.keys, journey)?;
        transaction.forget_journey(&self.id)
    }

    /// It is not what was promised.
    pub(super) fn forget(&self, context: &Context<'_>) -> Outcome<()> {
        forget(context, &self.id)
    }
}

impl Promise {
    /// Keeps what an issuer promised, with the keys that were proved for it.
    ///
    /// # Errors
    /// The issuer promises what it has no place to be asked for at (9).
    pub(super) fn keep(
        context: &Context<'_>,
        grant: &Grant,
        target: &CredentialTarget,
        later: Later,
        whose: Whose<'_>,
    ) -> Outcome<PendingView> {
        if grant.token.metadata().deferred_credential_endpoint.is_none() {
            return Err(Failure::new(
                ProblemCode::IssuerAskedWrongly,
                "the issuer promises a document and has no place to ask for it at",
            ));
        }
        let promise = Self {
            transaction: Some(later.transaction.as_str().to_owned()),
            not_before: context.now().as_second().saturating_add(wait(later.interval)),
            ..Self::of(grant, target, &later.keys, whose)?
        };
        promise.write(context, &later.keys).map(|written| written.view)
    }

    /// Keeps what an issuer handed over, before anything is done with it.
    pub(super) fn hand_over(context: &Context<'_>, grant: &Grant, issued: &Issued, offer: &str) -> Outcome<Written> {
        let whose = match &issued.replaces {
            Some(document) => Whose::Document(document),
            None => Whose::Offer(offer),
        };
        let keys: Vec<KeyId> = issued.keys.iter().map(|(_, id)| id.clone()).collect();
        let handed_over = HandedOver::of(&issued.credentials, issued.notification.as_ref());
        let promise = Self {
            handed_over: Some(handed_over),
            ..Self::of(grant, &issued.target, &keys, whose)?
        };
        promise.write(context, &keys)
    }

    fn of(grant: &Grant, target: &CredentialTarget, keys: &[KeyId], whose: Whose<'_>) -> Outcome<Self> {
        let (offer, replaces) = match whose {
            Whose::Offer(id) => (Some(id.to_owned()), None),
            Whose::Document(id) => (None, Some(id.to_owned())),
        };
        let configuration = grant
            .token
            .configuration(target)
            .ok_or_else(|| Failure::new(ProblemCode::DocumentNotAsPromised, "a configuration is gone"))?;
        Ok(Self {
            grant: grant.save()?,
            target: target.clone(),
            transaction: None,
            handed_over: None,
            offer,
            replaces,
            keys: keys.iter().map(|key| key.as_str().to_owned()).collect(),
            not_before: 0,
            type_id: configuration.format.credential_type().to_owned(),
            words: IssuerWords::of(configuration),
        })
    }

    fn write(&self, context: &Context<'_>, keys: &[KeyId]) -> Outcome<Written> {
        let id = new_id()?;
        context.store.write::<_, Failure>(|transaction| {
            // From now on the keys belong to the promise: they wait with it.
            transaction.move_pending_keys(keys, &id)?;
            Ok(transaction.put_journey(&id, KIND, &self.to_json()?, context.now())?)
        })?;
        Ok(Written {
            view: self.view(context, &id),
            keys: keys.to_vec(),
            id,
        })
    }

    fn to_json(&self) -> Outcome<serde_json::Value> {
        serde_json::to_value(self).map_err(|_| StoreError::Unreadable("promised document").into())
    }

    fn view(&self, context: &Context<'_>, id: &str) -> PendingView {
        let wait = self.not_before.saturating_sub(context.now().as_second()).max(0);
        PendingView {
            id: id.to_owned(),
            issuer: self.grant.issuer.view(),
            name: document_name(&self.type_id, &self.words, context.language),
            kind: document_kind(&self.type_id),
            poll_after_s: u32::try_from(wait).unwrap_or(u32::MAX),
        }
    }
}

/// Whole seconds to wait, rounded up: an issuer may say 1.5.
fn wait(interval: f64) -> i64 {
    // A float that is no number, or larger than any wait, becomes the nearest end of the range.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float converts to the nearest integer there is"
    )]
    let seconds = interval.ceil() as i64;
    seconds.clamp(*WAIT.start(), *WAIT.end())
}

/// Everything that was promised and has not come.
pub(crate) fn promised(context: &Context<'_>) -> Outcome<Vec<PendingView>> {
    Ok(all(context)?
        .into_iter()
        .map(|kept| kept.promise.view(context, &kept.id))
        .collect())
}

/// What was promised of an offer and has not come, by what was asked for.
pub(super) fn promised_of(context: &Context<'_>, offer: &str) -> Outcome<Vec<(CredentialTarget, PendingView)>> {
    Ok(all(context)?
        .into_iter()
        .filter(|kept| kept.promise.offer.as_deref() == Some(offer))
        .map(|kept| (kept.promise.target.clone(), kept.promise.view(context, &kept.id)))
        .collect())
}

/// The documents that were promised anew and have not come: for each the promise, and whether its time has come.
pub(super) fn promised_anew(context: &Context<'_>) -> Outcome<Vec<(String, Promised)>> {
    let now = context.now().as_second();
    let promises = all(context)?.into_iter();
    Ok(promises
        .filter_map(|KeptPromise { id, promise, .. }| {
            let ready = promise.not_before <= now;
            Some((promise.replaces?, Promised { id, ready }))
        })
        .collect())
}

/// What is known of a promise.
pub(super) struct Promised {
    pub(super) id: String,
    /// The issuer may be asked.
    pub(super) ready: bool,
}

/// Forgets what was promised in the place of a document that is gone, and the keys that wait for it.
pub(super) fn forget_anew(transaction: &Transaction<'_>, document: &str) -> Result<(), StoreError> {
    for journey in transaction.journeys()? {
        if journey.kind == KIND && journey.state["replaces"] == document {
            transaction.forget_journey(&journey.id)?;
            transaction.forget_pending_keys(&journey.id)?;
        }
    }
    Ok(())
}

/// A promise as it stands in the store.
struct KeptPromise {
    id: String,
    promise: Promise,
    /// Half a year has gone by.
    over: bool,
}

fn all(context: &Context<'_>) -> Outcome<Vec<KeptPromise>> {
    let journeys = context
        .store
        .read::<_, StoreError>(|transaction| transaction.journeys())?;
    journeys
        .into_iter()
        .filter(|journey| journey.kind == KIND)
        .map(|journey| {
            let StoredJourney {
                id, state, started_at, ..
            } = journey;
            let promise = serde_json::from_value(state).map_err(|_| StoreError::Unreadable("promised document"))?;
            let over = after(started_at, KEPT_FOR) < context.now();
            Ok(KeptPromise { id, promise, over })
        })
        .collect()
}

/// Asks for what was promised: one, or everything whose time has come. What an issuer no longer knows is forgotten, and said.
pub(crate) async fn collect(context: &Context<'_>, only: Option<&str>) -> Outcome<(Vec<Arrived>, Option<Failure>)> {
    let mut promises = all(context)?;
    if let Some(only) = only {
        promises.retain(|kept| kept.id == only);
        if promises.is_empty() {
            return Err(StoreError::NotFound("promised document").into());
        }
    }
    let mut arrived = Vec::new();
    let mut failed = None;
    for KeptPromise { id, .. } in promises {
        // Read anew: one answer may have brought a fresh token for all.
        let Some(KeptPromise { promise, over, .. }) = all(context)?.into_iter().find(|known| known.id == id) else {
            continue;
        };
        if over {
            forget(context, &id)?;
            let ended = Failure::new(
                ProblemCode::LinkExpired,
                "the issuer did not keep its promise in half a year",
            );
            _ = failed.get_or_insert(ended);
            continue;
        }
        if promise.not_before > context.now().as_second() {
            arrived.push(waiting(context, &id, &promise));
            continue;
        }
        match ask(context, &id, promise).await {
            Ok(done) => arrived.push(done),
            Err(failure) => _ = failed.get_or_insert(failure),
        }
    }
    Ok((arrived, failed))
}

fn waiting(context: &Context<'_>, id: &str, promise: &Promise) -> Arrived {
    Arrived {
        received: None,
        pending: vec![promise.view(context, id)],
    }
}

async fn ask(context: &Context<'_>, id: &str, mut promise: Promise) -> Outcome<Arrived> {
    let mut grant = promise.grant.resume(context).await?;
    let transaction = match (&promise.handed_over, &promise.transaction) {
        (Some(_), _) => return check(context, id, &mut grant, &promise).await,
        (None, Some(transaction)) => TransactionId::new(transaction.clone()),
        (None, None) => return Err(StoreError::Unreadable("promised document").into()),
    };
    let mut refreshed = false;
    let answer = loop {
        let encryption = ResponseEncryption::for_issuer(grant.token.metadata(), &mut SystemRandom)?;
        let request = grant
            .token
            .deferred_request(&transaction, encryption.as_ref(), &mut SystemRandom)?
            .ok_or_else(|| Failure::new(ProblemCode::IssuerAskedWrongly, "the issuer has no place to ask at"))?;
        let asked = grant.conversation.ask_issuer(context, request);
        let response = context.in_time(asked).await?;
        match CredentialResponse::read_deferred(&response, encryption.as_ref(), &transaction) {
            Err(CredentialError::TokenNotAccepted) if !refreshed && grant.token.can_refresh() => {
                refreshed = true;
                grant = grant.refresh(context).await?;
                promise.grant = grant.save()?;
            }
            answer => break answer,
        }
    };
    match answer {
        Ok(CredentialResponse::Deferred { interval, .. }) => {
            promise.not_before = context.now().as_second().saturating_add(wait(interval));
            remember(context, id, &promise)?;
            Ok(waiting(context, id, &promise))
        }
        Ok(CredentialResponse::Issued {
            credentials,
            notification_id,
        }) => {
            // The issuer hands it over once: whatever happens while it is verified, it is here.
            promise.handed_over = Some(HandedOver::of(&credentials, notification_id.as_ref()));
            remember(context, id, &promise)?;
            check(context, id, &mut grant, &promise).await
        }
        Err(error) => {
            let failure = Failure::from(error);
            if failure.code != ProblemCode::ServiceUnreachable {
                forget(context, id)?;
            }
            Err(failure)
        }
    }
}

/// Verifies what was handed over. It stays where that cannot be done now, and is forgotten where it is not as promised.
async fn check(context: &Context<'_>, id: &str, grant: &mut Grant, promise: &Promise) -> Outcome<Arrived> {
    let received = receive(context, id, grant, promise).await;
    let wrong = |failure: &Failure| failure.code != ProblemCode::ServiceUnreachable;
    if received.as_ref().is_err_and(wrong) {
        forget(context, id)?;
    }
    received
}

async fn receive(context: &Context<'_>, id: &str, grant: &mut Grant, promise: &Promise) -> Outcome<Arrived> {
    let handed_over = promise
        .handed_over
        .clone()
        .ok_or(StoreError::Unreadable("promised document"))?;
    let issued = Issued {
        target: promise.target.clone(),
        credentials: handed_over
            .credentials
            .into_iter()
            .map(IssuedCredential::kept)
            .collect(),
        keys: keys(context, &promise.keys)?,
        notification: handed_over.notification.map(NotificationId::new),
        replaces: promise.replaces.clone(),
    };
    let trust = Trust::load(context.store, context.practice, lower(context.now()))?;
    let trust = trust.narrowed(published(context, grant).await?);
    let mut kept = Kept::new(grant)?;
    let received = new_id()?;
    let now = context.now();
    let first = |kept: &Kept| {
        commit(context, &received, id, kept, |transaction| {
            let offer = promise.offer.as_deref();
            offer.map_or(Ok(()), |offer| has_come(transaction, offer, &promise.target, now))
        })
    };
    let taken = take(context, grant, &mut kept, &trust, issued, first).await;
    if let Err(failure) = taken {
        context
            .store
            .write::<_, StoreError>(|transaction| transaction.forget_received_in(id))?;
        return Err(failure);
    }
    commit(context, &received, id, &kept, |_| Ok(()))?;
    Ok(Arrived {
        received: settle(context, &received)?.waits(),
        pending: Vec::new(),
    })
}

fn keys(context: &Context<'_>, ids: &[String]) -> Outcome<Vec<(PublicKey, KeyId)>> {
    context.store.read::<_, Failure>(|transaction| {
        ids.iter()
            .map(|id| {
                let id = KeyId::stored(id.clone());
                let point = transaction.holder_key_point(&id)?;
                let key = PublicKey::from_sec1(&point)
                    .map_err(|_| Failure::new(ProblemCode::StoreDamaged, "the key of a promised document"))?;
                Ok((key, id))
            })
            .collect()
    })
}

fn remember(context: &Context<'_>, id: &str, promise: &Promise) -> Outcome<()> {
    let state = promise.to_json()?;
    Ok(context
        .store
        .write::<_, StoreError>(|transaction| transaction.put_journey(id, KIND, &state, context.now()))?)
}

fn forget(context: &Context<'_>, id: &str) -> Outcome<()> {
    Ok(context.store.write::<_, StoreError>(|transaction| {
        transaction.forget_journey(id)?;
        transaction.forget_pending_keys(id)
    })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_asked_neither_without_end_nor_never() {
        for (said, waited) in [
            (0.1, 1),
            (1.0, 1),
            (1.5, 2),
            (300.0, 300),
            (1e300, 604_800),
            (f64::NAN, 1),
        ] {
            assert_eq!(wait(said), waited, "{said}");
        }
    }
}
