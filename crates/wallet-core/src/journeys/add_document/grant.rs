//! What an issuer granted, as it waits in the encrypted store: the token, and the keys it is used with.

use serde::{Deserialize, Serialize};
use wallet_protocols::endpoint::IssuerIdentifier;
use wallet_protocols::http::HttpResponse;
use wallet_protocols::openid4vci::{IssuerMetadata, TokenGranted};

use super::Issuer;
use super::conversation::{Conversation, SavedConversation};
use crate::journeys::Context;
use crate::journeys::failure::{Failure, Outcome};
use crate::net::Reach;
use crate::problem::ProblemCode;

/// A token and everything needed to go on with it. Holds secrets: no `Debug`.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptGrant {
    token: String,
    conversation: SavedConversation,
    metadata: String,
    pub(super) issuer: Issuer,
    local: bool,
}

/// Something granted, ready to be used.
pub(super) struct Grant {
    pub(super) token: TokenGranted,
    pub(super) conversation: Conversation,
    /// The issuer's metadata as it was read.
    pub(super) metadata: String,
    pub(super) issuer: Issuer,
}

impl Grant {
    /// To be kept.
    pub(super) fn save(&self) -> Outcome<KeptGrant> {
        let token = self
            .token
            .save()
            .map_err(|error| Failure::new(ProblemCode::SomethingWentWrong, error))?;
        Ok(KeptGrant {
            token: token.as_str().to_owned(),
            conversation: self.conversation.save(),
            metadata: self.metadata.clone(),
            issuer: self.issuer.clone(),
            local: self.conversation.reach() == Reach::Local,
        })
    }

    /// Asks for a fresh token. The old one is gone with the answer, so what comes back is to be kept at once.
    ///
    /// # Errors
    /// The issuer refused; without a refresh token there is nothing to ask with.
    pub(super) async fn refresh(mut self, context: &Context<'_>) -> Outcome<Self> {
        let request = self
            .token
            .refresh_request()
            .ok_or_else(|| Failure::new(ProblemCode::IssuerRefused, "no refresh token"))?;
        let response = self.conversation.ask_server(context, request).await?;
        match self.token.refreshed(&response) {
            Ok(token) => Ok(Self { token, ..self }),
            Err((error, _)) => Err(Failure::new(ProblemCode::IssuerRefused, error)),
        }
    }
}

impl KeptGrant {
    /// Goes on with what was kept.
    pub(super) async fn resume(&self, context: &Context<'_>) -> Outcome<Grant> {
        let damaged = || Failure::new(ProblemCode::StoreDamaged, "what an issuer granted");
        let reach = if self.local && context.local_links {
            Reach::Local
        } else {
            Reach::Public
        };
        let metadata = read_metadata(context, &self.issuer.identifier, &self.metadata).map_err(|_| damaged())?;
        Ok(Grant {
            token: TokenGranted::resume(&self.token, metadata, context.policy()).map_err(|_| damaged())?,
            conversation: Conversation::resume(context, &self.conversation, reach).await?,
            metadata: self.metadata.clone(),
            issuer: self.issuer.clone(),
        })
    }
}

/// Reads metadata that was kept as text.
pub(super) fn read_metadata(context: &Context<'_>, issuer: &str, text: &str) -> Outcome<IssuerMetadata> {
    let issuer = IssuerIdentifier::parse(issuer, context.policy())
        .map_err(|error| Failure::new(ProblemCode::LinkNotUnderstood, error))?;
    let response = HttpResponse::new(200, "application/json", text.to_owned());
    Ok(IssuerMetadata::read(&issuer, &response, context.policy())?)
}
