//! Ask for the credentials: keys, proofs, nonces, and what the issuer is told.

use wallet_protocols::http::HttpRequest;
use wallet_protocols::openid4vci::{
    CredentialResponse, CredentialTarget, IssuedCredential, KeyProof, Nonce, NonceRetry, NotificationEvent,
    ProofToSign, ResponseEncryption, TokenGranted,
};

use super::received::{Kept, KeptDocument, commit, view};
use super::verify::verify;
use super::{Accepted, COPIES, Issuer};
use crate::clock::lower;
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::trust::Trust;
use crate::journeys::{Context, status};
use crate::keys::holder::{NewHolderKey, SystemRandom};
use crate::net::Reach;
use crate::problem::ProblemCode;
use crate::store::documents::StoredStatus;
use crate::store::new_id;

use crate::view::{AddingStep, ReceivedView};

/// What the issuer is told once the person has decided (OpenID4VCI 1.0, 11).
pub(crate) struct Notification {
    accepted: Vec<HttpRequest>,
    deleted: Vec<HttpRequest>,
    reach: Reach,
}

impl Notification {
    /// Tells the issuer. That it did not hear is harmless.
    pub(crate) async fn send(self, context: &Context<'_>, kept: bool) {
        for request in if kept { self.accepted } else { self.deleted } {
            let _ = context.send(&request, self.reach).await;
        }
    }
}

pub(super) async fn fetch(
    context: &Context<'_>,
    granted: &TokenGranted,
    grant: &Accepted,
    reach: Reach,
    issuer: Issuer,
) -> Outcome<(ReceivedView, Option<Notification>)> {
    let now = context.now();
    let trust = Trust::load(context.store, context.practice, lower(now))?;
    let id = new_id()?;
    let mut notification = Notification {
        accepted: Vec::new(),
        deleted: Vec::new(),
        reach,
    };
    let mut kept = Kept {
        issuer,
        documents: Vec::new(),
    };
    let documents = u32::try_from(granted.targets().len()).unwrap_or(u32::MAX);
    for (target, document) in granted.targets().iter().zip(1..) {
        let progress = |step| context.progress.done(step, document, documents);
        progress(AddingStep::Asked);
        let configuration = granted
            .configuration(target)
            .ok_or_else(|| Failure::new(ProblemCode::DocumentNotAsPromised, "a configuration is gone"))?;
        let (credentials, keys, notification_id) = request(context, granted, grant, target, reach, &progress).await?;
        progress(AddingStep::Received);
        let told = |event| {
            notification_id
                .as_ref()
                .and_then(|id| granted.notification_request(id, event))
        };
        notification.accepted.extend(told(NotificationEvent::Accepted));
        notification.deleted.extend(told(NotificationEvent::Deleted));
        let checked = async {
            let (document, known) = verify(context, &trust, target, configuration, credentials, keys)?;
            kept.take(document, known);
            // Committed at once: the code of the offer is spent, and whatever ends this program now, the document is here.
            commit(context, &id, grant, &kept, now)?;
            match kept.documents.last_mut() {
                Some(document) => check_status(context, &trust, document, reach).await,
                None => Ok(()),
            }
        };
        if let Err(failure) = checked.await {
            if let Some(request) = told(NotificationEvent::Failure) {
                let _ = context.send(&request, reach).await;
            }
            return Err(failure);
        }
        progress(AddingStep::Checked);
    }
    commit(context, &id, grant, &kept, now)?;
    let has_endpoint = !notification.accepted.is_empty();
    Ok((view(context, &id, &kept)?, has_endpoint.then_some(notification)))
}

/// Asks the issuer's list whether the document is good: one that is withdrawn already is not kept. Where nobody answers, the
/// document says that it was not checked.
async fn check_status(context: &Context<'_>, trust: &Trust, document: &mut KeptDocument, reach: Reach) -> Outcome<()> {
    let held = document.first()?;
    let Some((uri, index)) = held.status() else {
        return Ok(());
    };
    match status::fetch(context, trust, &held, (&uri, index), reach).await {
        Ok(StoredStatus::Revoked | StoredStatus::Suspended) => Err(Failure::new(
            ProblemCode::DocumentWithdrawn,
            "the issuer has already withdrawn it",
        )),
        Ok(status) => {
            document.status = status.as_str().to_owned();
            document.status_checked_at = Some(context.now().as_second());
            Ok(())
        }
        Err(_) => Ok(()),
    }
}

type Fetched = (
    Vec<IssuedCredential>,
    Vec<NewHolderKey>,
    Option<wallet_protocols::openid4vci::NotificationId>,
);

/// Makes keys, proves them and asks for the credentials; one more try with a fresh nonce where the issuer wants one.
async fn request(
    context: &Context<'_>,
    granted: &TokenGranted,
    grant: &Accepted,
    target: &CredentialTarget,
    reach: Reach,
    progress: &(impl Fn(AddingStep) + Sync),
) -> Outcome<Fetched> {
    let now = context.now();
    let configuration = granted.configuration(target);
    let copies = if configuration.is_some_and(|configuration| configuration.proof_required) {
        granted.metadata().batch_size().min(COPIES)
    } else {
        0
    };
    let holder_keys = context.keys.holder_keys();
    // Committed before the issuer hears of them.
    let keys: Vec<NewHolderKey> = context.store.write::<_, Failure>(|transaction| {
        (0..copies)
            .map(|_| {
                holder_keys
                    .make(transaction, &grant.journey, now)
                    .map_err(Failure::from)
            })
            .collect()
    })?;
    progress(AddingStep::KeysMade);
    let mut retry = NonceRetry::default();
    loop {
        let nonce = match granted.nonce_request() {
            Some(request) => {
                let response = context.send(&request, reach).await?;
                let nonce =
                    Nonce::read(&response).map_err(|error| Failure::new(ProblemCode::ServiceUnreachable, error))?;
                Some(nonce)
            }
            None => None,
        };
        let proofs = prove(context, granted, grant, &keys, nonce.as_ref())?;
        let encryption = ResponseEncryption::for_issuer(granted.metadata(), &mut SystemRandom)?;
        let request = granted.credential_request(target, &proofs, encryption.as_ref(), &mut SystemRandom)?;
        let response = context.send(&request, reach).await?;
        match CredentialResponse::read(&response, encryption.as_ref()) {
            Ok(CredentialResponse::Issued {
                credentials,
                notification_id,
            }) => {
                return Ok((credentials, keys, notification_id));
            }
            Ok(CredentialResponse::Deferred { .. }) => {
                return Err(Failure::new(
                    ProblemCode::IssuerRefused,
                    "the issuer wants to send the document later, which this wallet does not do yet",
                ));
            }
            Err(error) if retry.allows(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn prove(
    context: &Context<'_>,
    granted: &TokenGranted,
    grant: &Accepted,
    keys: &[NewHolderKey],
    nonce: Option<&Nonce>,
) -> Outcome<Vec<KeyProof>> {
    let issuer = &granted.metadata().credential_issuer;
    let holder_keys = context.keys.holder_keys();
    keys.iter()
        .map(|key| {
            let proof = ProofToSign::new(
                &key.public_key(),
                issuer,
                nonce,
                lower(context.now()),
                granted.client_id(),
            )
            .map_err(|error| Failure::new(ProblemCode::SomethingWentWrong, error))?;
            Ok(holder_keys.prove_possession(key, grant, proof)?)
        })
        .collect()
}
