//! Redeem the code of an offer for an access token, once.

use wallet_protocols::http::HttpResponse;
use wallet_protocols::openid4vci::{
    AcceptedOffer, AuthorizationServerMetadata, ResolvedOffer, authorization_server_metadata_requests,
};

use super::CLIENT_ID;
use super::offer::{KeptOffer, Redeemed, kept_offer};
use crate::journeys::Context;
use crate::journeys::failure::{Failure, Outcome};
use crate::net::{NetError, Reach};
use crate::problem::ProblemCode;
use crate::store::StoreError;

impl Redeemed {
    /// The offer and the answer as they were when the program ended.
    pub(super) fn go_on(self, accepted: AcceptedOffer) -> (AcceptedOffer, HttpResponse) {
        let accepted = if self.named {
            accepted.as_client(CLIENT_ID)
        } else {
            accepted
        };
        (accepted, HttpResponse::new(200, "application/json", self.body))
    }
}

/// The answer that redeemed this offer's code before, where nothing came of it yet.
pub(super) fn redeemed_before(context: &Context<'_>, id: &str) -> Outcome<Option<Redeemed>> {
    let now = context.now();
    let stored = context
        .store
        .read::<_, StoreError>(|transaction| transaction.offer(id, now))?;
    Ok(stored
        .map(|stored| kept_offer(&stored))
        .transpose()?
        .and_then(|kept| kept.redeemed))
}

/// Keeps the answer that redeemed an offer's code. Committed before anything is asked for with it.
pub(super) fn remember(context: &Context<'_>, id: &str, response: &HttpResponse, named: bool) -> Outcome<()> {
    let now = context.now();
    let body = String::from_utf8_lossy(&response.body).into_owned();
    context.store.write(|transaction| {
        // An offer that ended meanwhile is not kept: what arrives still is.
        let Some(mut stored) = transaction.offer(id, now)? else {
            return Ok(());
        };
        let kept = KeptOffer {
            redeemed: Some(Redeemed { body, named }),
            ..kept_offer(&stored)?
        };
        stored.content = serde_json::to_vec(&kept).map_err(|_| StoreError::Unreadable("offer"))?;
        Ok(transaction.keep_offer(&stored)?)
    })
}

/// Sends the token request; a second time, by name, where the server does not redeem codes anonymously.
pub(super) async fn redeem(
    context: &Context<'_>,
    accepted: AcceptedOffer,
    reach: Reach,
) -> Result<(AcceptedOffer, HttpResponse), NetError> {
    let accepted = if accepted.refuses_anonymous() {
        accepted.as_client(CLIENT_ID)
    } else {
        accepted
    };
    let response = context.send(&accepted.token_request(), reach).await?;
    if !accepted.asks_for_client_id(&response) {
        return Ok((accepted, response));
    }
    let accepted = accepted.as_client(CLIENT_ID);
    let response = context.send(&accepted.token_request(), reach).await?;
    Ok((accepted, response))
}

pub(super) async fn authorization_server(
    context: &Context<'_>,
    resolved: &ResolvedOffer,
    reach: Reach,
) -> Outcome<AuthorizationServerMetadata> {
    let server = resolved.authorization_server();
    let mut failure = None;
    for request in authorization_server_metadata_requests(server) {
        let read = match context.send(&request, reach).await {
            Ok(response) => {
                AuthorizationServerMetadata::read(server, &response, context.policy()).map_err(Failure::from)
            }
            Err(error) => Err(error.into()),
        };
        match read {
            Ok(metadata) => return Ok(metadata),
            Err(error) => _ = failure.get_or_insert(error),
        }
    }
    Err(failure.unwrap_or_else(|| Failure::new(ProblemCode::ServiceUnreachable, "no authorization server")))
}
