//! From a yes to a token: by the code of the offer, or by signing in at the issuer. A code is good once, so the token is
//! committed before anything is asked for with it.

use wallet_protocols::oauth::refuses_client;
use wallet_protocols::openid4vci::{
    AuthorizationServerMetadata, GrantType, ResolvedOffer, TransactionCode, authorization_server_metadata_requests,
};

use super::conversation::Conversation;
use super::grant::Grant;
use super::offer::{KeptOffer, forget, kept_offer};
use super::{Adding, CLIENT_ID, sign_in};
use crate::journeys::Context;
use crate::journeys::failure::{Failure, Outcome};
use crate::net::{NetError, Reach};
use crate::problem::ProblemCode;
use crate::store::StoreError;

/// How many authorization servers of an issuer are asked whether they give tokens.
const SERVERS: usize = 8;

/// The token, or why there is none; with the offer where it can be tried again.
pub(super) type Granted = Result<Grant, (Failure, Option<Box<Adding>>)>;

/// What this offer's code or sign-in brought before, where nothing came of it yet.
pub(super) async fn granted_before(context: &Context<'_>, id: &str) -> Outcome<Option<Grant>> {
    let now = context.now();
    let stored = context
        .store
        .read::<_, StoreError>(|transaction| transaction.offer(id, now))?;
    let kept = stored.map(|stored| kept_offer(&stored)).transpose()?;
    match kept.and_then(|kept| kept.granted) {
        Some(granted) => granted.resume(context).await.map(Some),
        None => Ok(None),
    }
}

/// Keeps what was granted with its offer.
pub(super) fn remember(context: &Context<'_>, id: &str, grant: &Grant) -> Outcome<()> {
    let now = context.now();
    let granted = grant.save()?;
    context.store.write(|transaction| {
        // An offer that ended meanwhile is not kept: what arrives still is.
        let Some(mut stored) = transaction.offer(id, now)? else {
            return Ok(());
        };
        let kept = KeptOffer {
            granted: Some(granted),
            ..kept_offer(&stored)?
        };
        stored.content = serde_json::to_vec(&kept).map_err(|_| StoreError::Unreadable("offer"))?;
        Ok(transaction.keep_offer(&stored)?)
    })
}

/// Gets a token for the chosen documents.
pub(super) async fn redeem(
    context: &Context<'_>,
    adding: Adding,
    only: &[String],
    code: Option<TransactionCode>,
) -> Granted {
    if adding.resolved.is_pre_authorized() {
        redeem_code(context, adding, only, code).await
    } else {
        sign_in::sign_in(context, adding, only).await
    }
}

/// Redeems the code of the offer; a second time, by name, where the server does not redeem codes anonymously.
async fn redeem_code(context: &Context<'_>, adding: Adding, only: &[String], code: Option<TransactionCode>) -> Granted {
    let reach = adding.about.reach;
    let server = match server(context, &adding.resolved, GrantType::PreAuthorizedCode, reach).await {
        Ok(server) => server,
        Err(failure) => return Err((failure, Some(Box::new(adding)))),
    };
    let mut conversation = match Conversation::begin(context, &server, false, reach).await {
        Ok(conversation) => conversation,
        Err(failure) => return Err((failure, Some(Box::new(adding)))),
    };
    let Adding { about, resolved } = adding;
    let again = |resolved: ResolvedOffer| {
        let about = about.clone();
        Some(Box::new(Adding { about, resolved }))
    };
    let accepted = match resolved.accept(only, code, server) {
        Ok(accepted) => accepted,
        Err((error, resolved)) => return Err((error.into(), again(*resolved))),
    };
    if accepted.refuses_anonymous() {
        conversation.name();
    }
    let mut accepted = match conversation.client_id() {
        Some(client_id) => accepted.as_client(client_id),
        None => accepted,
    };
    if conversation.dpop_key().is_some() {
        accepted = accepted.with_dpop();
    }
    let asked = async {
        let response = conversation.ask_server(context, accepted.token_request()).await?;
        if !accepted.asks_for_client_id(&response) {
            return Ok((accepted, response));
        }
        conversation.name();
        let mut accepted = accepted.as_client(CLIENT_ID);
        let mut response = conversation.ask_server(context, accepted.token_request()).await?;
        if refuses_client(&response) && conversation.vouch(context, accepted.server()).await? {
            accepted = match conversation.client_id() {
                Some(client_id) => accepted.as_client(client_id),
                None => accepted,
            };
            response = conversation.ask_server(context, accepted.token_request()).await?;
        }
        Ok((accepted, response))
    };
    let (accepted, response) = context.in_time(asked).await.map_err(|failure| (failure, None))?;
    match accepted.granted(&response) {
        Ok(token) => Grant::new(token, conversation, about.metadata, about.issuer).map_err(|failure| (failure, None)),
        Err(refused) => {
            let failure = Failure::from(&refused.error);
            let back = (failure.code == ProblemCode::WrongCode)
                .then(|| again(*refused.offer))
                .flatten();
            if back.is_none() {
                forget(context, &about.id);
            }
            Err((failure, back))
        }
    }
}

/// The authorization server that gives tokens for this grant: the first of those that may which does.
pub(super) async fn server(
    context: &Context<'_>,
    resolved: &ResolvedOffer,
    grant: GrantType,
    reach: Reach,
) -> Outcome<AuthorizationServerMetadata> {
    context.in_time(find_server(context, resolved, grant, reach)).await
}

async fn find_server(
    context: &Context<'_>,
    resolved: &ResolvedOffer,
    grant: GrantType,
    reach: Reach,
) -> Outcome<AuthorizationServerMetadata> {
    let mut failure = None;
    for server in resolved.authorization_servers(grant).into_iter().take(SERVERS) {
        for request in authorization_server_metadata_requests(server) {
            let response = match context.send(&request, reach).await {
                Ok(response) => response,
                Err(error) => {
                    let elsewhere = matches!(error, NetError::Redirected);
                    _ = failure.get_or_insert(Failure::from(error));
                    // Who does not answer does not do so at the next address either; another server may.
                    if elsewhere {
                        continue;
                    }
                    break;
                }
            };
            match AuthorizationServerMetadata::read(server, &response, context.policy()).map_err(Failure::from) {
                Ok(metadata) if metadata.supports(grant) => return Ok(metadata),
                Ok(_) => break,
                Err(error) => _ = failure.get_or_insert(error),
            }
        }
    }
    Err(failure.unwrap_or_else(|| {
        Failure::new(
            ProblemCode::IssuerRefused,
            "no authorization server of the issuer gives tokens this way",
        )
    }))
}
