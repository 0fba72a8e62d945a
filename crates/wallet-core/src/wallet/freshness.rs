//! Fresh copies: when the person asks, and by themselves while the wallet is open. No answer to a service begins either.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use jiff::Timestamp;

use super::{Client, Journey, Reply, Wallet, guard};
use crate::clock::{Clock, after, seconds};
use crate::journeys::failure::Failure;
use crate::journeys::{add_document, documents};
#[cfg(doc)]
use crate::problem::ProblemCode;
use crate::store::random;
use crate::view::{RenewedView, UpkeepView};

/// The shortest and the longest wait after the wallet was opened, in seconds. The wallet locks after five idle minutes.
const SETTLING: std::ops::Range<u32> = 30..240;
/// While a question is open nothing is asked of issuers; in so many seconds it is looked again.
const QUESTION_OPEN: u32 = 60;

/// What matters of the time since the wallet was opened.
#[derive(Default)]
pub(super) struct Session {
    /// Before this nothing is asked of issuers by itself: opening the wallet is not asking.
    not_before: std::sync::Mutex<Option<Timestamp>>,
    /// A service asked, or a code was to be shown, since the wallet was opened.
    asked: AtomicBool,
    /// How many answers are being given at this moment.
    pub(super) answering: AtomicUsize,
    /// One at a time keeps the copies fresh.
    upkeep: tokio::sync::Mutex<()>,
}

impl Session {
    /// The wallet was opened.
    pub(super) fn begin(&self, client: Client, now: Timestamp) {
        self.asked.store(false, Ordering::SeqCst);
        let wait = match client {
            Client::App => settling(),
            // There every command is the person's.
            Client::Terminal => 0,
        };
        *self.not_before.lock().unwrap_or_else(PoisonError::into_inner) = Some(after(now, wait));
    }

    /// A question to the person was opened.
    pub(super) fn asked(&self) {
        self.asked.store(true, Ordering::SeqCst);
    }

    /// An answer is being given, until what comes back is dropped.
    pub(super) fn answering(&self) -> Answering<'_> {
        self.asked();
        self.answering.fetch_add(1, Ordering::SeqCst);
        Answering(&self.answering)
    }

    /// Seconds until issuers may be asked.
    fn wait(&self, now: Timestamp) -> u32 {
        let not_before = *self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
        let not_before = not_before.unwrap_or(seconds(0));
        u32::try_from(not_before.as_second().saturating_sub(now.as_second())).unwrap_or(0)
    }
}

/// A time in [`SETTLING`]; its longest where there is no randomness.
fn settling() -> u32 {
    let Ok(bytes) = random::<4>() else {
        return SETTLING.end;
    };
    SETTLING.start + u32::from_be_bytes(*bytes) % (SETTLING.end - SETTLING.start)
}

/// An answer is being given.
pub(super) struct Answering<'s>(&'s AtomicUsize);

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Wallet {
    /// Gets fresh copies of a document because the person asks: where they run low, or `always`. What says something new waits
    /// to be checked, as after [`Wallet::accept_offer`], with a list of what changed.
    ///
    /// # Errors
    /// [`ProblemCode::CannotBeRenewed`] where copies are wanted and the issuer gives none; [`ProblemCode::NotFound`]; as for a
    /// first receipt.
    pub async fn renew_document(&self, id: &str, always: bool) -> Reply<RenewedView> {
        let open = self.opened()?;
        let context = self.context(&open);
        let renewal = {
            let _one = self.session.upkeep.lock().await;
            add_document::renew(&context, id, always).await
        };
        add_document::tell(&context).await;
        let renewal = renewal.map_err(|failure| self.explain(failure))?;
        let document = documents::summary_by_id(&context, id).map_err(|failure| self.explain(failure))?;
        Ok(RenewedView {
            document,
            fetched: renewal.fetched,
            received: renewal.received,
            pending: renewal.pending,
        })
    }

    /// Keeps the appointments that have come, and says when to call again. Whoever shows the wallet calls this after opening
    /// it, and again when it says so; in between there is nothing to do.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's. What issuers do wrong is tried again at a later appointment.
    pub async fn keep_fresh(&self) -> Reply<UpkeepView> {
        let open = self.opened()?;
        let now = Clock.now();
        let wait = match self.session.wait(now) {
            0 if matches!(&*guard(&self.journey), Journey::Asking(_)) => QUESTION_OPEN,
            wait => wait,
        };
        let later = UpkeepView {
            changed: false,
            again_in_s: Some(wait),
        };
        if wait > 0 {
            // With nothing to look after there is no reason to come back.
            let any = self.with(add_document::is_anything_kept_fresh)?;
            return Ok(UpkeepView {
                again_in_s: later.again_in_s.filter(|_| any),
                ..later
            });
        }
        let Ok(_one) = self.session.upkeep.try_lock() else {
            return Ok(UpkeepView {
                again_in_s: Some(QUESTION_OPEN),
                ..later
            });
        };
        let context = self.context(&open);
        let quiet = !self.session.asked.load(Ordering::SeqCst);
        let (changed, next) = add_document::keep_fresh(&context, quiet)
            .await
            .map_err(|failure: Failure| self.explain(failure))?;
        if changed {
            add_document::tell(&context).await;
        }
        let seconds = |next: Timestamp| next.as_second().saturating_sub(Clock.now().as_second()).max(1);
        Ok(UpkeepView {
            changed,
            again_in_s: next.map(|next| u32::try_from(seconds(next)).unwrap_or(u32::MAX)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_that_was_just_opened_leaves_issuers_alone_for_a_time_nobody_knows() {
        let now = seconds(1_800_000_000);
        let mut waits = std::collections::BTreeSet::new();
        for _ in 0..100 {
            let session = Session::default();
            session.begin(Client::App, now);
            let wait = session.wait(now);
            assert!(SETTLING.contains(&wait), "{wait}");
            assert_eq!(session.wait(after(now, wait)), 0);
            waits.insert(wait);
        }
        assert!(waits.len() > 20, "{waits:?}");
        let session = Session::default();
        session.begin(Client::Terminal, now);
        assert_eq!(session.wait(now), 0);
    }

    #[test]
    fn an_answer_is_being_given_until_it_was_given() {
        let session = Session::default();
        session.begin(Client::App, seconds(0));
        assert!(!session.asked.load(Ordering::SeqCst));
        let (one, other) = (session.answering(), session.answering());
        drop(one);
        assert_eq!(session.answering.load(Ordering::SeqCst), 1);
        drop(other);
        assert_eq!(session.answering.load(Ordering::SeqCst), 0);
        assert!(session.asked.load(Ordering::SeqCst), "and is remembered");
        session.begin(Client::App, seconds(0));
        assert!(!session.asked.load(Ordering::SeqCst));
    }
}
