//! Add a document: read an offer, fetch what it offers, check it, let the person check it, keep it.
//!
//! ```text
//! link ─► Adding (offer, metadata, issuer) ─► accepted ─► token ─► keys, proofs ─► credentials, verified
//!      ─► received (committed) ─► the person checks, PIN ─► document, copies, keys, history in one transaction
//! ```
//!
//! Keys are committed before the issuer hears of them, a token before it is used, what was handed over before anything else is
//! fetched for it, and what arrived before the person is asked. A kill resumes at the last of these, from the list of what
//! waits or from the same link; keys that got nothing are forgotten at the next start. One moment cannot be guarded from here:
//! a code is spent when the server reads it, and the token is on the disk a little later (decision 18).

mod conversation;
mod fetch;
mod grant;
mod iacas;
mod later;
mod offer;
mod received;
mod refresh;
mod sign_in;
mod token;
mod told;
mod verify;

pub(crate) use self::conversation::client_key;
pub(crate) use self::iacas::Published;
pub(crate) use self::later::{collect, promised};
pub(crate) use self::offer::{start, start_at};
pub(crate) use self::received::{discard, keep, keeping, pending, stopped};
pub(crate) use self::refresh::{forget as forget_granted, fresh_view, is_anything_kept_fresh, keep_fresh, renew};
pub(crate) use self::sign_in::Browser;
pub use self::sign_in::BrowserOpener;
pub(crate) use self::told::tell;

use serde::{Deserialize, Serialize};
use wallet_protocols::openid4vci::{ResolvedOffer, TransactionCode};

use self::fetch::fetch;
use self::offer::forget;
use self::received::{kept, view};
use self::token::{granted_before, redeem, remember};
use super::Context;
use super::failure::{Failure, Outcome};
use crate::keys::holder::IssuanceGrant;
use crate::net::Reach;
use crate::problem::ProblemCode;
use crate::store::StoreError;
use crate::view::{PartyView, PendingView, ReceivedView, RecognitionView};

/// Copies asked for where the issuer gives batches: enough that services rarely see one twice, few enough to fetch quickly.
const COPIES: u32 = 10;

/// How the wallet names itself where an issuer insists: the same for everybody.
const CLIENT_ID: &str = "citizen-wallet";

/// How long an offer that was read is kept, in seconds.
const OPEN: u32 = 60 * 60;

/// An offer that was read and checked, and what is needed to go on.
pub(crate) struct Adding {
    about: About,
    resolved: ResolvedOffer,
}

/// What is known beside the offer itself.
#[derive(Clone)]
struct About {
    id: String,
    reach: Reach,
    /// The issuer's metadata as it was read.
    metadata: String,
    issuer: Issuer,
}

/// The yes to an offer: what allows proofs of possession (wall 2).
struct Accepted {
    journey: String,
}

impl IssuanceGrant for Accepted {
    fn journey(&self) -> &str {
        &self.journey
    }
}

/// The issuer as it names itself and as this wallet knows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Issuer {
    identifier: String,
    name: String,
    host: String,
    recognition: RecognitionView,
}

impl Issuer {
    /// Somebody this wallet knows signed its metadata.
    const fn is_known(&self) -> bool {
        matches!(
            self.recognition,
            RecognitionView::Recognised | RecognitionView::AddedByYou
        )
    }

    fn view(&self) -> PartyView {
        PartyView {
            id: self.identifier.clone(),
            name: self.name.clone(),
            recognition: self.recognition,
            host: self.host.clone(),
        }
    }
}

/// What a yes brought: what is here, and what comes later.
pub(crate) struct Arrived {
    pub(crate) received: Option<ReceivedView>,
    pub(crate) pending: Vec<PendingView>,
}

impl Adding {
    /// Its id in this wallet.
    pub(crate) fn id(&self) -> &str {
        &self.about.id
    }

    /// Accepts the offer, fetches and verifies everything chosen, and commits it as received. Where the code was wrong the
    /// offer comes back, to be tried again.
    pub(crate) async fn accept(
        self,
        context: &Context<'_>,
        only: &[String],
        code: Option<TransactionCode>,
    ) -> Result<Arrived, (Failure, Option<Box<Self>>)> {
        let id = self.about.id.clone();
        match self.arrived(context) {
            Ok(Some(arrived)) => return Ok(arrived),
            Ok(None) => {}
            Err(failure) => return Err((failure, Some(Box::new(self)))),
        }
        let grant = match granted_before(context, &id).await {
            Ok(Some(grant)) => grant,
            Ok(None) => {
                let grant = redeem(context, self, only, code).await?;
                remember(context, &id, &grant).map_err(|failure| (failure, None))?;
                grant
            }
            Err(failure) => return Err((failure, Some(Box::new(self)))),
        };
        let accepted = Accepted { journey: id };
        match fetch(context, grant, &accepted).await {
            Ok(arrived) => Ok(arrived),
            Err(failure) => {
                // What this journey left is bound to nothing; that it stays is no reason to hide the first problem. Where only
                // the line failed, the same link goes on with the token; otherwise it is a new question to the issuer.
                if failure.code != ProblemCode::ServiceUnreachable {
                    forget(context, &accepted.journey);
                }
                let _ = context.store.write::<_, StoreError>(|transaction| {
                    transaction.forget_received_in(&accepted.journey)?;
                    transaction.forget_pending_keys(&accepted.journey)
                });
                Err((failure, None))
            }
        }
    }

    /// What arrived for this offer before, where this program was ended before the person had checked it: its code is spent,
    /// and the same link leads to what it brought.
    fn arrived(&self, context: &Context<'_>) -> Outcome<Option<Arrived>> {
        let received = context
            .store
            .read::<_, StoreError>(|transaction| transaction.received_in(&self.about.id))?;
        received
            .map(|received| {
                Ok(Arrived {
                    received: Some(view(context, &received.id, &kept(&received)?)?),
                    pending: Vec::new(),
                })
            })
            .transpose()
    }
}
