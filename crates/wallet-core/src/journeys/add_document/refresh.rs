//! Keep documents fresh: whole batches of new copies, with the refresh token that came with them, before the old ones run out.
//!
//! ```text
//! standing grant ─► metadata ─► fresh token (committed) ─► keys (committed) ─► credentials, verified like the first
//!      ─► received (committed) ─► says nothing new: in the place of the old copies, in one transaction
//!                              └► says something new: the person reads what, and keeps it with the PIN or does not
//! ```
//!
//! The issuer is asked at appointments ([`schedule`]), or when the person asks; never by sharing. Until the last transaction
//! the old copies are as they were, so a kill anywhere loses at most a batch that the issuer gives again.

mod changes;
mod schedule;
mod settled;
pub(super) mod standing;

use jiff::Timestamp;
use wallet_protocols::endpoint::IssuerIdentifier;
use wallet_protocols::openid4vci::{CredentialTarget, IssuerMetadata};

use self::schedule::{Stock, Want};
pub(crate) use self::settled::forget;
use self::settled::{Settled, settle_all, waiting};
pub(super) use self::settled::{changes_of, not_wanted, says_nothing_new, settle};
use self::standing::{Fresh, Standing};
use super::fetch::{Answer, Issued, request, take_in};
use super::grant::{Grant, KeptGrant};
use super::iacas::published;
use super::later::{self, Promise, Whose, promised_anew};
use super::offer::issuer_metadata;
use super::received::{Kept, commit};
use crate::clock::{lower, seconds, upper};
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::held::Held;
use crate::journeys::trust::Trust;
use crate::journeys::{Context, lists};
use crate::keys::holder::IssuanceGrant;
use crate::problem::ProblemCode;
use crate::store::documents::{StoredDocument, StoredStatus};
use crate::store::{StoreError, new_id};
use crate::view::{FreshView, PendingView, ReceivedView};

/// The standing yes to "keep this document fresh", in one attempt at it: keys made in another prove nothing (wall 2).
struct StandingGrant {
    attempt: String,
}

impl IssuanceGrant for StandingGrant {
    fn journey(&self) -> &str {
        &self.attempt
    }
}

/// What came of asking.
#[derive(Default)]
pub(crate) struct Renewal {
    /// A fresh batch is in its place.
    pub(crate) fetched: bool,
    /// What came says something new, and waits to be checked.
    pub(crate) received: Option<ReceivedView>,
    /// The issuer needs time.
    pub(crate) pending: Vec<PendingView>,
}

/// What is known of a document that may be had anew.
struct Known {
    document: StoredDocument,
    stock: Stock,
    fresh: Fresh,
    standing: Standing,
}

impl Known {
    /// Nobody is asked for copies of what was taken back: only the person may want to know more.
    fn is_withdrawn(&self) -> bool {
        matches!(self.document.status, StoredStatus::Revoked | StoredStatus::Suspended)
    }
}

/// Gets fresh copies of a document because the person asks: where they run low, or `always`.
///
/// # Errors
/// [`ProblemCode::CannotBeRenewed`] where they are wanted and the issuer gives none; else as for a first receipt.
pub(crate) async fn renew(context: &Context<'_>, id: &str, always: bool) -> Outcome<Renewal> {
    settle_all(context)?;
    if let Some(received) = waiting(context, id)? {
        return Ok(Renewal {
            received: Some(received),
            ..Renewal::default()
        });
    }
    let promised = promised_anew(context)?.into_iter().find(|(document, _)| document == id);
    if let Some((_, promised)) = promised {
        return collect(context, &promised.id).await;
    }
    let Some(known) = known(context, id)? else {
        return match always {
            true => Err(cannot("nothing was granted for longer")),
            false => Ok(Renewal::default()),
        };
    };
    let wanted = known.stock.wants(context.now(), &known.fresh.calendar).is_some();
    if !always && (known.is_withdrawn() || !wanted) {
        return Ok(Renewal::default());
    }
    ask(context, known).await
}

/// Keeps the appointments that have come. `quiet` where the wallet was not used to share since it was opened: only then is an
/// issuer asked for what is not urgent. Whether anything changed, and when the next appointment comes.
///
/// What an issuer answers wrongly, or not, is noted and tried again at a later appointment.
///
/// # Errors
/// The store's.
pub(crate) async fn keep_fresh(context: &Context<'_>, quiet: bool) -> Outcome<(bool, Option<Timestamp>)> {
    let mut changed = settle_all(context)?;
    for (_, promised) in promised_anew(context)? {
        if promised.ready {
            // The promise says when the issuer wants to be asked again.
            let came = collect(context, &promised.id).await;
            changed |= came.is_ok_and(|renewal| renewal.fetched || renewal.received.is_some());
        }
    }
    for id in documents(context)? {
        if wanted(context, &id, quiet)?
            && let Some(known) = known(context, &id)?
        {
            let came = ask(context, known).await;
            changed |= came.is_ok_and(|renewal| renewal.fetched || renewal.received.is_some());
        }
    }
    Ok((changed, next(context)?))
}

/// The documents something stands for.
fn documents(context: &Context<'_>) -> Outcome<Vec<String>> {
    let standing = context.store.read::<_, StoreError>(standing::all)?;
    let with_grant = standing.iter().filter(|(_, standing)| standing.grant.is_some());
    let ids = with_grant.flat_map(|(_, standing)| standing.documents().map(str::to_owned));
    Ok(ids.collect())
}

/// Whether there is any appointment to keep.
pub(crate) fn is_anything_kept_fresh(context: &Context<'_>) -> Outcome<bool> {
    Ok(!documents(context)?.is_empty())
}

/// Whether an appointment has come at which this document wanted fresh copies.
fn wanted(context: &Context<'_>, id: &str, quiet: bool) -> Outcome<bool> {
    let now = context.now();
    let Some((_, standing)) = context
        .store
        .read::<_, StoreError>(|transaction| standing::of(transaction, id))?
    else {
        return Ok(false);
    };
    let Some(appointment) = standing.of(id).and_then(|fresh| fresh.calendar.due(now)) else {
        return Ok(false);
    };
    let promised = promised_anew(context)?.into_iter().any(|(document, _)| document == id);
    if promised || waiting(context, id)?.is_some() {
        return Ok(false);
    }
    let Some(known) = known(context, id)? else {
        return Ok(false);
    };
    Ok(match known.stock.wants(appointment, &known.fresh.calendar) {
        _ if known.is_withdrawn() => false,
        Some(Want::NoneLeft) => true,
        Some(Want::FewLeft | Want::Ending | Want::Updated) => quiet,
        None => false,
    })
}

/// When the next appointment of any document comes.
fn next(context: &Context<'_>) -> Outcome<Option<Timestamp>> {
    let now = context.now();
    let standing = context.store.read::<_, StoreError>(standing::all)?;
    let with_grant = standing.iter().filter(|(_, standing)| standing.grant.is_some());
    let fresh = with_grant.flat_map(|(_, standing)| standing.documents().filter_map(|id| standing.of(id)));
    Ok(fresh.map(|fresh| fresh.calendar.next(now)).min())
}

/// A document and what was granted for it.
fn known(context: &Context<'_>, id: &str) -> Outcome<Option<Known>> {
    context.store.read(|transaction| {
        let document = transaction.document(id)?.ok_or(StoreError::NotFound("document"))?;
        let Some((_, standing)) = standing::of(transaction, id)? else {
            return Ok(None);
        };
        let Some(fresh) = standing.of(id).cloned() else {
            return Ok(None);
        };
        let copies = transaction.copies(id)?;
        let first = copies.first();
        let held = first.and_then(|copy| Held::from_store(document.format, &copy.credential).ok());
        Ok(Some(Known {
            stock: Stock {
                copies: copies.iter().map(|copy| copy.spent_at).collect(),
                fetched: seconds(fresh.fetched),
                until: document.valid_until,
                update: held.and_then(|held| held.expected_update()).map(upper),
            },
            document,
            fresh,
            standing,
        }))
    })
}

/// Asks the issuer, and notes in the calendar that it was asked.
async fn ask(context: &Context<'_>, known: Known) -> Outcome<Renewal> {
    let id = known.document.id.clone();
    let outcome = fetch_anew(context, known).await;
    let ended = matches!(&outcome, Err(failure) if failure.code == ProblemCode::CannotBeRenewed);
    context.store.write::<_, StoreError>(|transaction| {
        standing::change(transaction, context, &id, |fresh| {
            fresh.calendar.keep(context.now(), outcome.is_err());
        })?;
        match ended {
            true => standing::end(transaction, context, &id),
            false => Ok(()),
        }
    })?;
    outcome
}

async fn fetch_anew(context: &Context<'_>, mut known: Known) -> Outcome<Renewal> {
    let kept = known.standing.grant.take();
    let kept = kept.ok_or_else(|| cannot("what was granted has ended"))?;
    let mut grant = context.in_time(fresh_token(context, kept, &known)).await?;
    let standing = StandingGrant { attempt: new_id()? };
    let outcome = fetch(context, &mut grant, &standing, &known).await;
    if outcome.is_err() {
        // What this attempt left is bound to nothing. That it stays until the next start is no reason to hide the problem.
        let _ = context.store.write::<_, StoreError>(|transaction| {
            transaction.forget_received_in(&standing.attempt)?;
            transaction.forget_pending_keys(&standing.attempt)
        });
    }
    outcome
}

/// What is needed before anything can be asked for: what the issuer says about itself now, and a token, written down.
async fn fresh_token(context: &Context<'_>, kept: KeptGrant, known: &Known) -> Outcome<Grant> {
    let issuer = IssuerIdentifier::parse(&kept.issuer.identifier, context.policy())
        .map_err(|_| Failure::new(ProblemCode::StoreDamaged, "what an issuer granted"))?;
    let reach = kept.reach(context);
    lists::refresh(context, issuer.url(), reach).await?;
    // In a year an issuer may have other endpoints and other keys.
    let read = issuer_metadata(context, &issuer, reach).await?;
    still_promised(&read.metadata, &known.fresh.target, &known.document)?;
    kept.with_metadata(read.text, read.known.recognition)
        .resume(context)
        .await?
        .refresh(context)
        .await
}

/// The issuer has this document still, of the same type and form.
fn still_promised(metadata: &IssuerMetadata, target: &CredentialTarget, document: &StoredDocument) -> Outcome<()> {
    let changed = |cause: &str| Failure::new(ProblemCode::DocumentNotAsPromised, cause);
    let configuration = metadata
        .configuration(&target.configuration_id)
        .map_err(|_| changed("the issuer has this document no longer"))?;
    let form = configuration.format.format().as_str();
    if configuration.format.credential_type() != document.type_id || form != document.format.as_str() {
        return Err(changed("the issuer offers another type of document now"));
    }
    Ok(())
}

async fn fetch(context: &Context<'_>, grant: &mut Grant, standing: &StandingGrant, known: &Known) -> Outcome<Renewal> {
    let target = target(grant, &known.fresh.target);
    let replaces = Some(known.document.id.clone());
    let trust = Trust::load(context.store, context.practice, lower(context.now()))?;
    let trust = trust.narrowed(published(context, grant).await?);
    let asked = request(context, grant, standing, &target, &|_| {});
    let pending = match context.in_time(asked).await? {
        Answer::Issued(issued) => {
            let mut kept = Kept::new(grant)?;
            let received = new_id()?;
            let place = (received.as_str(), standing.attempt.as_str());
            let issued = Issued { replaces, ..issued };
            match take_in(context, grant, &mut kept, &trust, issued, place).await? {
                None => {
                    commit(context, &received, &standing.attempt, &kept, |_| Ok(()))?;
                    let settled = settle(context, &received)?;
                    return Ok(Renewal {
                        fetched: matches!(settled, Settled::InPlace),
                        received: settled.waits(),
                        pending: Vec::new(),
                    });
                }
                Some(waits) => waits,
            }
        }
        Answer::Later(later) => {
            let whose = Whose::Document(&known.document.id);
            Promise::keep(context, grant, &target, later, whose)?
        }
    };
    Ok(Renewal {
        pending: vec![pending],
        ..Renewal::default()
    })
}

/// What to ask for: as before, or by the name that came with the fresh token.
fn target(grant: &Grant, before: &CredentialTarget) -> CredentialTarget {
    let targets = grant.token.targets();
    if targets.contains(before) {
        return before.clone();
    }
    let mut same = targets
        .iter()
        .filter(|target| target.configuration_id == before.configuration_id);
    match (same.next(), same.next()) {
        (Some(only), None) => only.clone(),
        _ => before.clone(),
    }
}

/// Asks for what was promised in the place of a document.
async fn collect(context: &Context<'_>, promise: &str) -> Outcome<Renewal> {
    let (arrived, failed) = later::collect(context, Some(promise)).await?;
    if let Some(failure) = failed {
        return Err(failure);
    }
    let mut renewal = Renewal::default();
    for one in arrived {
        renewal.fetched |= one.received.is_none() && one.pending.is_empty();
        renewal.received = one.received.or(renewal.received);
        renewal.pending.extend(one.pending);
    }
    Ok(renewal)
}

/// Where a document's copies come from, for its page.
pub(crate) fn fresh_view(context: &Context<'_>, id: &str) -> Outcome<FreshView> {
    let standing = context
        .store
        .read::<_, StoreError>(|transaction| standing::of(transaction, id))?;
    let standing = standing.map(|(_, standing)| standing);
    let fresh = standing.as_ref().and_then(|standing| standing.of(id));
    Ok(FreshView {
        kept: standing.as_ref().is_some_and(|standing| standing.grant.is_some()),
        ended: standing.as_ref().is_some_and(|standing| standing.ended),
        page: fresh.and_then(|fresh| fresh.page.clone()),
        fetched_at: fresh.map(|fresh| seconds(fresh.fetched).to_string()),
        waiting: waiting(context, id)?.is_some(),
    })
}

fn cannot(cause: &str) -> Failure {
    Failure::new(ProblemCode::CannotBeRenewed, cause)
}
