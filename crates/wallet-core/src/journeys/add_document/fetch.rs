//! Ask for the credentials: keys, proofs, nonces, and what the issuer is told.

use wallet_credentials::credential::Format;
use wallet_credentials::crypto::PublicKey;
use wallet_protocols::openid4vci::{
    CredentialError, CredentialResponse, CredentialTarget, IssuedCredential, KeyAttestation, KeyProof, Nonce,
    NonceRetry, NotificationEvent, NotificationId, Proofs, ResponseEncryption, TransactionId,
};

use wallet_protocols::wallet_provider::reveals_issuer;

use super::grant::Grant;
use super::iacas::published;
use super::later::{Promise, Whose, promised_of};
use super::offer::{done, forget};
use super::received::{Kept, KeptDocument, commit, view};
use super::verify::verify;
use super::{Accepted, Arrived, COPIES};
use crate::clock::lower;
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::trust::Trust;
use crate::journeys::{Context, status};
use crate::keys::holder::{IssuanceGrant, NewHolderKey, SystemRandom};
use crate::net::Reach;
use crate::problem::ProblemCode;
use crate::store::documents::StoredStatus;
use crate::store::holder_keys::KeyId;
use crate::store::new_id;
use crate::view::{AddingStep, PendingView};

/// Asks for everything that was granted. What is here is committed as received, what comes later as promised.
pub(super) async fn fetch(context: &Context<'_>, mut grant: Grant, accepted: &Accepted) -> Outcome<Arrived> {
    let trust = Trust::load(context.store, context.practice, lower(context.now()))?;
    let trust = trust.narrowed(published(context, &grant).await?);
    let id = new_id()?;
    let journey = accepted.journey.as_str();
    let mut kept = Kept::new(&grant)?;
    let mut promised = Vec::new();
    let targets = grant.token.targets().to_vec();
    let documents = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    // What was promised before this journey was broken off is not asked for again: the issuer would make it twice.
    let (done, waiting) = (done(context, journey)?, promised_of(context, journey)?);
    for (target, document) in targets.iter().zip(1..) {
        if done.contains(target) {
            continue;
        }
        if let Some((_, view)) = waiting.iter().find(|(promised, _)| promised == target) {
            promised.push(view.clone());
            continue;
        }
        let progress = |step| context.progress.done(step, document, documents);
        progress(AddingStep::Asked);
        let asked = request(context, &mut grant, accepted, target, &progress);
        let answer = context.in_time(asked).await?;
        match answer {
            Answer::Issued(issued) => {
                progress(AddingStep::Received);
                let place = (id.as_str(), journey);
                match take_in(context, &mut grant, &mut kept, &trust, issued, place).await? {
                    Some(waits) => promised.push(waits),
                    None => progress(AddingStep::Checked),
                }
            }
            Answer::Later(later) => {
                promised.push(Promise::keep(context, &grant, target, later, Whose::Offer(journey))?);
            }
        }
    }
    if kept.documents.is_empty() {
        // Nothing to check; the promise holds the token now.
        forget(context, journey);
        return Ok(Arrived {
            received: None,
            pending: promised,
        });
    }
    commit(context, &id, journey, &kept, |_| Ok(()))?;
    Ok(Arrived {
        received: Some(view(context, &id, &kept)?),
        pending: promised,
    })
}

/// Whether what arrives can only be verified with a key that is published somewhere.
fn needs_the_issuers_key(grant: &Grant, target: &CredentialTarget) -> bool {
    let configuration = grant.token.configuration(target);
    configuration.is_some_and(|configuration| configuration.format.format() == Format::JwtVcJson)
}

/// Takes what the issuer handed over, as `id` of a journey. Where the issuer's key must be fetched first, it is written down
/// before: the issuer may hand it over once. Where the key cannot be had now, it waits.
pub(super) async fn take_in(
    context: &Context<'_>,
    grant: &mut Grant,
    kept: &mut Kept,
    trust: &Trust,
    issued: Issued,
    (id, journey): (&str, &str),
) -> Outcome<Option<PendingView>> {
    let handed_over = match needs_the_issuers_key(grant, &issued.target) {
        true => Some(Promise::hand_over(context, grant, &issued, journey)?),
        false => None,
    };
    let taken = take(context, grant, kept, trust, issued, |kept| {
        commit(context, id, journey, kept, |transaction| {
            handed_over
                .as_ref()
                .map_or(Ok(()), |promise| promise.taken(transaction, journey))
        })
    });
    match (taken.await, handed_over) {
        (Ok(()), _) => Ok(None),
        // It is here and waits to be verified.
        (Err(failure), Some(promise)) if failure.code == ProblemCode::ServiceUnreachable => Ok(Some(promise.view)),
        (Err(failure), Some(promise)) => {
            promise.forget(context)?;
            Err(failure)
        }
        (Err(failure), None) => Err(failure),
    }
}

/// Takes credentials that arrived: verified, committed, and asked whether they are still good. The issuer hears where they
/// are not as promised.
pub(super) async fn take(
    context: &Context<'_>,
    grant: &mut Grant,
    kept: &mut Kept,
    trust: &Trust,
    issued: Issued,
    commit: impl Fn(&Kept) -> Outcome<()>,
) -> Outcome<()> {
    let notification = issued.notification.clone();
    let reach = grant.conversation.reach();
    let checked = async {
        let configuration = grant
            .token
            .configuration(&issued.target)
            .ok_or_else(|| Failure::new(ProblemCode::DocumentNotAsPromised, "a configuration is gone"))?;
        let (mut document, known) = verify(
            context,
            reach,
            trust,
            &issued.target,
            configuration,
            (issued.credentials, issued.keys),
        )
        .await?;
        if known.signs_metadata && !grant.issuer.is_known() {
            return Err(Failure::new(
                ProblemCode::DocumentNotAsPromised,
                "its issuer signs what it says about itself, and what was said here is not signed",
            ));
        }
        document.notification = issued.notification.map(|id| id.as_str().to_owned());
        document.replaces = issued.replaces;
        kept.take(document, known);
        // Committed at once: the code of the offer is spent, and whatever ends this program now, the document is here.
        commit(kept)?;
        match kept.documents.last_mut() {
            Some(document) => check_status(context, trust, document, reach).await,
            None => Ok(()),
        }
    };
    match checked.await {
        Ok(()) => Ok(()),
        // Not yet known whether it is as promised.
        Err(failure) if failure.code == ProblemCode::ServiceUnreachable => Err(failure),
        Err(failure) => {
            let told = notification.and_then(|id| grant.token.notification_request(&id, NotificationEvent::Failure));
            if let Some(request) = told {
                // That the issuer did not hear is harmless.
                let _ = grant.conversation.ask_issuer(context, request).await;
            }
            Err(failure)
        }
    }
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

/// What a credential request brought.
pub(super) enum Answer {
    /// Credentials.
    Issued(Issued),
    /// A promise.
    Later(Later),
}

/// Credentials, the keys that were proved for them, and the handle for what the issuer is told.
pub(super) struct Issued {
    pub(super) target: CredentialTarget,
    pub(super) credentials: Vec<IssuedCredential>,
    pub(super) keys: Vec<(PublicKey, KeyId)>,
    pub(super) notification: Option<NotificationId>,
    /// The document this is had anew for.
    pub(super) replaces: Option<String>,
}

/// The issuer needs time.
pub(super) struct Later {
    pub(super) transaction: TransactionId,
    /// How long it wants to be left alone, in seconds.
    pub(super) interval: f64,
    pub(super) keys: Vec<KeyId>,
}

/// Makes keys, proves them and asks for the credentials; one more try with a fresh nonce where the issuer wants one.
pub(super) async fn request(
    context: &Context<'_>,
    grant: &mut Grant,
    accepted: &impl IssuanceGrant,
    target: &CredentialTarget,
    progress: &(impl Fn(AddingStep) + Sync),
) -> Outcome<Answer> {
    let now = context.now();
    let configuration = grant.token.configuration(target);
    let copies = if configuration.is_some_and(|configuration| configuration.proof_required) {
        grant.token.metadata().batch_size().min(COPIES)
    } else {
        0
    };
    let holder_keys = context.keys.holder_keys();
    // Committed before the issuer hears of them.
    let keys: Vec<NewHolderKey> = context.store.write::<_, Failure>(|transaction| {
        (0..copies)
            .map(|_| {
                holder_keys
                    .make(transaction, accepted.journey(), now)
                    .map_err(Failure::from)
            })
            .collect()
    })?;
    progress(AddingStep::KeysMade);
    let mut retry = NonceRetry::default();
    // One proof speaks for all the keys of the attestation in its header, and the issuer makes a document for each (F.1).
    let mut one_for_all = true;
    loop {
        let nonce = match grant.token.nonce_request() {
            Some(request) => {
                let response = grant.conversation.ask_issuer(context, request).await?;
                let nonce =
                    Nonce::read(&response).map_err(|error| Failure::new(ProblemCode::ServiceUnreachable, error))?;
                Some(nonce)
            }
            None => grant.token.nonce_in_token(),
        };
        let attestation = attestation(context, grant, accepted, target, &keys, nonce.as_ref()).await?;
        let proofs = match &attestation {
            // The attestation itself is the proof (F.3).
            Some(attestation) if plain_attestation(grant, target) => ProofsOf::Attestation(attestation),
            attestation => {
                let proved = keys.get(..1).filter(|_| one_for_all && attestation.is_some());
                let proved = proved.unwrap_or(&keys);
                ProofsOf::Keys(prove(
                    context,
                    grant,
                    accepted,
                    proved,
                    nonce.as_ref(),
                    attestation.as_ref(),
                )?)
            }
        };
        let encryption = ResponseEncryption::for_issuer(grant.token.metadata(), &mut SystemRandom)?;
        let request =
            grant
                .token
                .credential_request(target, proofs.borrow(), encryption.as_ref(), &mut SystemRandom)?;
        let response = grant.conversation.ask_issuer(context, request).await?;
        match CredentialResponse::read(&response, encryption.as_ref()) {
            Ok(CredentialResponse::Issued {
                credentials,
                notification_id,
            }) => {
                let keys = keys.into_iter().map(|key| (key.public_key(), key.id().clone()));
                return Ok(Answer::Issued(Issued {
                    target: target.clone(),
                    credentials,
                    keys: keys.collect(),
                    notification: notification_id,
                    replaces: None,
                }));
            }
            Ok(CredentialResponse::Deferred {
                transaction_id,
                interval,
            }) => {
                return Ok(Answer::Later(Later {
                    transaction: transaction_id,
                    interval,
                    keys: keys.into_iter().map(|key| key.id().clone()).collect(),
                }));
            }
            Err(error) if retry.allows(&error) => {}
            // An issuer that wants each key proved by itself.
            Err(CredentialError::InvalidProof) if attestation.is_some() && keys.len() > 1 && one_for_all => {
                one_for_all = false;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// What proves the keys: each by itself, or an attestation for all.
enum ProofsOf<'a> {
    Keys(Vec<KeyProof>),
    Attestation(&'a KeyAttestation),
}

impl ProofsOf<'_> {
    fn borrow(&self) -> Proofs<'_> {
        match self {
            Self::Keys(proofs) => Proofs::from(proofs),
            Self::Attestation(attestation) => Proofs::from(*attestation),
        }
    }
}

/// Whether the issuer takes a key attestation and no proofs beside it.
fn plain_attestation(grant: &Grant, target: &CredentialTarget) -> bool {
    let configuration = grant.token.configuration(target);
    configuration.is_some_and(|c| c.proof_types.jwt.is_none() && c.proof_types.attestation.is_some())
}

/// The key attestation the issuer wants, if it wants one.
async fn attestation(
    context: &Context<'_>,
    grant: &Grant,
    accepted: &impl IssuanceGrant,
    target: &CredentialTarget,
    keys: &[NewHolderKey],
    nonce: Option<&Nonce>,
) -> Outcome<Option<KeyAttestation>> {
    let configuration = grant.token.configuration(target);
    if !configuration.is_some_and(|c| c.proof_required && c.proof_types.needs_key_attestation()) {
        return Ok(None);
    }
    let issuer = &grant.token.metadata().credential_issuer;
    // In the header of a proof that has the nonce itself, an attestation can do without: better than to tell the provider whose
    // nonce it is. As a proof of its own it cannot (F.3), and is refused.
    let plain = plain_attestation(grant, target);
    let nonce = nonce.filter(|nonce| plain || !reveals_issuer(nonce, issuer));
    grant
        .conversation
        .attest_keys(context, accepted, keys, nonce, issuer)
        .await
        .map(Some)
}

fn prove(
    context: &Context<'_>,
    grant: &Grant,
    accepted: &impl IssuanceGrant,
    keys: &[NewHolderKey],
    nonce: Option<&Nonce>,
    attestation: Option<&KeyAttestation>,
) -> Outcome<Vec<KeyProof>> {
    let holder_keys = context.keys.holder_keys();
    keys.iter()
        .map(|key| {
            let proof = grant
                .token
                .proof(&key.public_key(), nonce, lower(context.now()), attestation)
                .map_err(|error| Failure::new(ProblemCode::SomethingWentWrong, error))?;
            Ok(holder_keys.prove_possession(key, accepted, proof)?)
        })
        .collect()
}
