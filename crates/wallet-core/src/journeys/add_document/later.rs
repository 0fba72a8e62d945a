//! Documents that come later (OpenID4VCI 1.0, 9): what was promised is kept, and asked for when the issuer wants to be asked.
//! A restart loses nothing; a document that has come waits to be checked like any other.

use serde::{Deserialize, Serialize};
use wallet_credentials::crypto::PublicKey;
use wallet_protocols::openid4vci::{
    CredentialError, CredentialResponse, CredentialTarget, ResponseEncryption, TransactionId,
};

use super::Arrived;
use super::fetch::{Issued, Later, take};
use super::grant::{Grant, KeptGrant};
use super::received::{Kept, commit, view};
use crate::clock::lower;
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::trust::Trust;
use crate::journeys::{Context, IssuerWords, document_name};
use crate::keys::holder::SystemRandom;
use crate::labels::document_kind;
use crate::problem::ProblemCode;
use crate::store::holder_keys::KeyId;
use crate::store::offers::StoredJourney;
use crate::store::{StoreError, new_id};
use crate::view::PendingView;

/// The kind of journey a promise is stored as.
const KIND: &str = "promised";
/// The shortest and the longest wait between two questions, in seconds: an issuer may not be asked without end, nor be
/// forgotten for ever.
const WAIT: std::ops::RangeInclusive<i64> = 1..=7 * 24 * 60 * 60;

/// A promise as it is kept. Holds a token: no `Debug`.
#[derive(Serialize, Deserialize)]
pub(super) struct Promise {
    grant: KeptGrant,
    target: CredentialTarget,
    transaction: String,
    keys: Vec<String>,
    /// When the issuer wants to be asked, at the earliest (UNIX seconds).
    not_before: i64,
    type_id: String,
    words: IssuerWords,
}

impl Promise {
    /// Keeps what an issuer promised, with the keys that were proved for it.
    pub(super) fn keep(
        context: &Context<'_>,
        grant: &Grant,
        target: &CredentialTarget,
        later: Later,
    ) -> Outcome<PendingView> {
        let configuration = grant
            .token
            .configuration(target)
            .ok_or_else(|| Failure::new(ProblemCode::DocumentNotAsPromised, "a configuration is gone"))?;
        let now = context.now();
        let promise = Self {
            grant: grant.save()?,
            target: target.clone(),
            transaction: later.transaction.as_str().to_owned(),
            keys: later.keys.iter().map(|key| key.as_str().to_owned()).collect(),
            not_before: now.as_second().saturating_add(wait(later.interval)),
            type_id: configuration.format.credential_type().to_owned(),
            words: IssuerWords::of(configuration),
        };
        let id = new_id()?;
        context.store.write::<_, Failure>(|transaction| {
            // From now on the keys belong to the promise: they wait with it.
            transaction.move_pending_keys(&later.keys, &id)?;
            Ok(transaction.put_journey(&id, KIND, &promise.to_json()?, now)?)
        })?;
        Ok(promise.view(context, &id))
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
        .map(|(id, promise)| promise.view(context, &id))
        .collect())
}

fn all(context: &Context<'_>) -> Outcome<Vec<(String, Promise)>> {
    let journeys = context
        .store
        .read::<_, StoreError>(|transaction| transaction.journeys())?;
    journeys
        .into_iter()
        .filter(|journey| journey.kind == KIND)
        .map(|StoredJourney { id, state, .. }| {
            let promise = serde_json::from_value(state).map_err(|_| StoreError::Unreadable("promised document"))?;
            Ok((id, promise))
        })
        .collect()
}

/// Asks for what was promised: one, or everything whose time has come. What an issuer no longer knows is forgotten, and said.
pub(crate) async fn collect(context: &Context<'_>, only: Option<&str>) -> Outcome<(Vec<Arrived>, Option<Failure>)> {
    let mut promises = all(context)?;
    if let Some(only) = only {
        promises.retain(|(id, _)| id == only);
        if promises.is_empty() {
            return Err(StoreError::NotFound("promised document").into());
        }
    }
    let mut arrived = Vec::new();
    let mut failed = None;
    for (id, promise) in promises {
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
    let transaction_id = TransactionId::new(promise.transaction.clone());
    let mut refreshed = false;
    let answer = loop {
        let encryption = ResponseEncryption::for_issuer(grant.token.metadata(), &mut SystemRandom)?;
        let request = grant
            .token
            .deferred_request(&transaction_id, encryption.as_ref(), &mut SystemRandom)?
            .ok_or_else(|| Failure::new(ProblemCode::IssuerRefused, "the issuer has no place to ask at"))?;
        let response = grant.conversation.ask_issuer(context, request).await?;
        match CredentialResponse::read_deferred(&response, encryption.as_ref(), &transaction_id) {
            Err(CredentialError::TokenNotAccepted) if !refreshed && grant.token.can_refresh() => {
                refreshed = true;
                grant = grant.refresh(context).await?;
                promise.grant = grant.save()?;
                // The old token is gone: the new one is kept before it is used.
                remember(context, id, &promise)?;
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
            let issued = Issued {
                target: promise.target.clone(),
                credentials,
                keys: keys(context, &promise.keys)?,
                notification: notification_id,
            };
            let received = receive(context, id, &mut grant, issued).await;
            if received
                .as_ref()
                .is_err_and(|failure| failure.code != ProblemCode::ServiceUnreachable)
            {
                forget(context, id)?;
            }
            received
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

async fn receive(context: &Context<'_>, id: &str, grant: &mut Grant, issued: Issued) -> Outcome<Arrived> {
    let trust = Trust::load(context.store, context.practice, lower(context.now()))?;
    let mut kept = Kept::new(grant)?;
    let received = new_id()?;
    let commit = |kept: &Kept| commit(context, &received, id, kept);
    let taken = take(context, grant, &mut kept, &trust, issued, commit).await;
    if let Err(failure) = taken {
        context
            .store
            .write::<_, StoreError>(|transaction| transaction.forget_received_in(id))?;
        return Err(failure);
    }
    commit(&kept)?;
    Ok(Arrived {
        received: Some(view(context, &received, &kept)?),
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
