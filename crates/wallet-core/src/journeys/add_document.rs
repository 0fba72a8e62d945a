//! Add a document: read an offer, fetch what it offers, check it, let the person check it, keep it.
//!
//! ```text
//! link ─► Adding (offer, metadata, issuer) ─► accepted ─► token ─► keys, proofs ─► credentials, verified
//!      ─► received (committed) ─► the person checks, PIN ─► document, copies, keys, history in one transaction
//! ```
//!
//! Keys are committed before the issuer hears of them, and what arrived is committed before the person is asked. A kill
//! resumes at "received", from the list of what waits or from the same link; before that, the code of the offer may be
//! spent, and the keys are forgotten at the next start.

mod fetch;
mod offer;
mod received;
mod token;
mod verify;

pub(crate) use self::fetch::Notification;
pub(crate) use self::offer::start;
pub(crate) use self::received::{discard, keep, keeping, pending, stopped};

use serde::{Deserialize, Serialize};
use wallet_protocols::openid4vci::{ResolvedOffer, TransactionCode};

use self::fetch::fetch;
use self::offer::forget;
use self::received::{kept, view};
use self::token::{authorization_server, redeem, redeemed_before, remember};
use super::Context;
use super::failure::{Failure, Outcome};
use crate::keys::holder::IssuanceGrant;
use crate::net::Reach;
use crate::problem::ProblemCode;
use crate::store::StoreError;
use crate::view::{PartyView, ReceivedView, RecognitionView};

/// Copies asked for where the issuer gives batches: enough that services rarely see one twice, few enough to fetch quickly.
const COPIES: u32 = 10;

/// How the wallet names itself where an issuer insists: the same for everybody.
const CLIENT_ID: &str = "citizen-wallet";

/// How long an offer that was read is kept, in seconds.
const OPEN: u32 = 60 * 60;

/// An offer that was read and checked, and what is needed to go on.
pub(crate) struct Adding {
    pub(crate) id: String,
    reach: Reach,
    resolved: ResolvedOffer,
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
    fn view(&self) -> PartyView {
        PartyView {
            id: self.identifier.clone(),
            name: self.name.clone(),
            recognition: self.recognition,
            host: self.host.clone(),
        }
    }
}

impl Adding {
    /// Accepts the offer, fetches and verifies everything chosen, and commits it as received. Where the code was wrong the
    /// offer comes back, to be tried again.
    pub(crate) async fn accept(
        self,
        context: &Context<'_>,
        only: &[String],
        code: Option<TransactionCode>,
    ) -> Result<(ReceivedView, Option<Notification>), (Failure, Option<Box<Self>>)> {
        match self.arrived(context) {
            Ok(Some(view)) => return Ok((view, None)),
            Ok(None) => {}
            Err(failure) => return Err((failure, Some(Box::new(self)))),
        }
        let Self {
            id,
            reach,
            resolved,
            issuer,
        } = self;
        let back = |resolved: ResolvedOffer| {
            Some(Box::new(Self {
                id: id.clone(),
                reach,
                resolved,
                issuer: issuer.clone(),
            }))
        };
        let server = match authorization_server(context, &resolved, reach).await {
            Ok(server) => server,
            Err(failure) => return Err((failure, back(resolved))),
        };
        let accepted = match resolved.accept(only, code, server) {
            Ok(accepted) => accepted,
            Err((error, resolved)) => return Err((error.into(), back(*resolved))),
        };
        let (accepted, response) = match redeemed_before(context, &id) {
            Ok(Some(before)) => before.go_on(accepted),
            Ok(None) => match redeem(context, accepted, reach).await {
                Ok(redeemed) => redeemed,
                Err(error) => return Err((error.into(), None)),
            },
            Err(failure) => return Err((failure, None)),
        };
        let named = accepted.client_id().is_some();
        let granted = match accepted.granted(&response) {
            Ok(granted) => granted,
            Err(refused) => {
                let failure = Failure::from(&refused.error);
                let back = (failure.code == ProblemCode::WrongCode)
                    .then(|| back(*refused.offer))
                    .flatten();
                if back.is_none() {
                    forget(context, &id);
                }
                return Err((failure, back));
            }
        };
        if let Err(failure) = remember(context, &id, &response, named) {
            return Err((failure, None));
        }
        let grant = Accepted { journey: id };
        match fetch(context, &granted, &grant, reach, issuer).await {
            Ok(done) => Ok(done),
            Err(failure) => {
                // What this journey left is bound to nothing; that it stays is no reason to hide the first problem. Where only
                // the line failed, the same link goes on with the token; otherwise it is a new question to the issuer.
                if failure.code != ProblemCode::ServiceUnreachable {
                    forget(context, &grant.journey);
                }
                let _ = context.store.write::<_, StoreError>(|transaction| {
                    transaction.forget_received_in(&grant.journey)?;
                    transaction.forget_pending_keys(&grant.journey)
                });
                Err((failure, None))
            }
        }
    }
}

impl Adding {
    /// What arrived for this offer before, where this program was ended before the person had checked it: its code is spent,
    /// and the same link leads to what it brought.
    fn arrived(&self, context: &Context<'_>) -> Outcome<Option<ReceivedView>> {
        let received = context
            .store
            .read::<_, StoreError>(|transaction| transaction.received_in(&self.id))?;
        received
            .map(|received| view(context, &received.id, &kept(&received)?))
            .transpose()
    }
}
