//! What the issuer is told once the person has decided (OpenID4VCI 1.0, 11): that the document is kept, or that it is not
//! wanted; nothing else, and never when it is used or removed later. What could not be told is told another time.

use serde::{Deserialize, Serialize};
use wallet_protocols::openid4vci::{NotificationEvent, NotificationId};

use super::grant::KeptGrant;
use super::received::Kept;
use crate::clock::after;
use crate::journeys::Context;
use crate::journeys::failure::{Failure, Outcome};
use crate::problem::ProblemCode;
use crate::store::{StoreError, Transaction, new_id};

/// The kind of journey a message that is to be told is stored as.
const KIND: &str = "to-be-told";
/// For how long it is tried, in seconds: a week. An issuer that never hears of it loses nothing.
const TRIED_FOR: u32 = 7 * 24 * 60 * 60;

/// What is to be told. Holds a token: no `Debug`.
#[derive(Serialize, Deserialize)]
struct ToBeTold {
    grant: KeptGrant,
    handles: Vec<String>,
    kept: bool,
}

/// Writes down, with the person's decision, what the issuer is to be told of it.
pub(super) fn remember(transaction: &Transaction<'_>, context: &Context<'_>, kept: Kept, wanted: bool) -> Outcome<()> {
    let handles: Vec<String> = kept.documents.into_iter().filter_map(|d| d.notification).collect();
    let Some(grant) = kept.grant.filter(|_| !handles.is_empty()) else {
        return Ok(());
    };
    let told = ToBeTold {
        grant,
        handles,
        kept: wanted,
    };
    let state = serde_json::to_value(&told).map_err(|_| StoreError::Unreadable("what an issuer is to be told"))?;
    Ok(transaction.put_journey(&new_id()?, KIND, &state, context.now())?)
}

/// Tells everything that is to be told. That an issuer does not hear is harmless: it is tried again another time.
pub(crate) async fn tell(context: &Context<'_>) {
    let Ok(journeys) = context
        .store
        .read::<_, StoreError>(|transaction| transaction.journeys())
    else {
        return;
    };
    for journey in journeys.into_iter().filter(|journey| journey.kind == KIND) {
        let over = after(journey.started_at, TRIED_FOR) < context.now();
        let told = match serde_json::from_value::<ToBeTold>(journey.state) {
            Ok(told) if !over => told.tell(context).await,
            _ => Ok(()),
        };
        let again = told.is_err_and(|failure| failure.code == ProblemCode::ServiceUnreachable);
        if !again {
            // That it stays would only mean to tell it twice; issuers are used to that (11.1).
            let _ = context
                .store
                .write::<_, StoreError>(|transaction| transaction.forget_journey(&journey.id));
        }
    }
}

impl ToBeTold {
    async fn tell(&self, context: &Context<'_>) -> Result<(), Failure> {
        let mut grant = self.grant.resume(context).await?;
        let event = if self.kept {
            NotificationEvent::Accepted
        } else {
            NotificationEvent::Deleted
        };
        for handle in &self.handles {
            let handle = NotificationId::new(handle.clone());
            if let Some(request) = grant.token.notification_request(&handle, event) {
                grant.conversation.ask_issuer(context, request).await?;
            }
        }
        Ok(())
    }
}
