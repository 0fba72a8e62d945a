//! What an issuer granted, as it waits in the encrypted store: the token, and the keys it is used with.

use serde::{Deserialize, Serialize};
use wallet_protocols::endpoint::IssuerIdentifier;
use wallet_protocols::http::HttpResponse;
use wallet_protocols::oauth::OAuthErrorCode;
use wallet_protocols::openid4vci::{IssuerMetadata, TokenError, TokenGranted};

use super::Issuer;
use super::conversation::{Conversation, SavedConversation};
use crate::journeys::Context;
use crate::journeys::failure::{Failure, Outcome};
use crate::net::Reach;
use crate::problem::ProblemCode;
use crate::store::{StoreError, Transaction, new_id};
use crate::view::RecognitionView;

/// A token and everything needed to go on with it. Holds secrets: no `Debug`.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptGrant {
    /// One yes of one issuer: wherever what it granted is kept, it is kept under this.
    #[serde(default)]
    id: String,
    /// There is a refresh token.
    #[serde(default)]
    refreshable: bool,
    token: String,
    conversation: SavedConversation,
    metadata: String,
    pub(super) issuer: Issuer,
    local: bool,
}

/// Something granted, ready to be used.
pub(super) struct Grant {
    id: String,
    pub(super) token: TokenGranted,
    pub(super) conversation: Conversation,
    /// The issuer's metadata as it was read.
    pub(super) metadata: String,
    pub(super) issuer: Issuer,
}

impl Grant {
    /// What was granted just now.
    pub(super) fn new(
        token: TokenGranted,
        conversation: Conversation,
        metadata: String,
        issuer: Issuer,
    ) -> Outcome<Self> {
        Ok(Self {
            id: new_id()?,
            token,
            conversation,
            metadata,
            issuer,
        })
    }

    /// To be kept.
    pub(super) fn save(&self) -> Outcome<KeptGrant> {
        let token = self
            .token
            .save()
            .map_err(|error| Failure::new(ProblemCode::SomethingWentWrong, error))?;
        Ok(KeptGrant {
            id: self.id.clone(),
            refreshable: self.token.can_refresh(),
            token: token.as_str().to_owned(),
            conversation: self.conversation.save(),
            metadata: self.metadata.clone(),
            issuer: self.issuer.clone(),
            local: self.conversation.reach() == Reach::Local,
        })
    }

    /// Asks for a fresh token. The old one may be gone with the answer: what came is written down wherever this grant is kept,
    /// before it is used.
    ///
    /// # Errors
    /// [`ProblemCode::CannotBeRenewed`] when there is no refresh token, or the issuer takes it no more;
    /// [`ProblemCode::IssuerRefused`] when it refused for another reason.
    pub(super) async fn refresh(mut self, context: &Context<'_>) -> Outcome<Self> {
        let request = self
            .token
            .refresh_request()
            .ok_or_else(|| Failure::new(ProblemCode::CannotBeRenewed, "no refresh token"))?;
        let response = self.conversation.ask_server(context, request).await?;
        match self.token.refreshed(&response) {
            Ok(token) => {
                let fresh = Self { token, ..self };
                fresh.write_down(context)?;
                Ok(fresh)
            }
            Err((error, _)) => Err(Failure::new(refusal(&error), error)),
        }
    }

    /// Writes this grant down in the place of every older one of the same yes: of what stands, what was promised, what waits
    /// to be checked and what is to be told.
    fn write_down(&self, context: &Context<'_>) -> Outcome<()> {
        let kept = serde_json::to_value(self.save()?).map_err(|_| StoreError::Unreadable("granted token"))?;
        let older = |state: &mut serde_json::Value| {
            let found = state.get_mut("grant").filter(|grant| grant["id"] == kept["id"]);
            found.map(|grant| *grant = kept.clone()).is_some()
        };
        Ok(context
            .store
            .write::<_, StoreError>(|transaction| replace_grants(transaction, context, older))?)
    }
}

/// What a refused refresh means: `invalid_grant` is final (RFC 6749, 5.2), a server that fails is asked another time.
fn refusal(error: &TokenError) -> ProblemCode {
    match error {
        TokenError::Refused {
            code: OAuthErrorCode::InvalidGrant,
            ..
        } => ProblemCode::CannotBeRenewed,
        TokenError::Failed { .. } | TokenError::Malformed => ProblemCode::ServiceUnreachable,
        _ => ProblemCode::IssuerRefused,
    }
}

fn replace_grants(
    transaction: &Transaction<'_>,
    context: &Context<'_>,
    older: impl Fn(&mut serde_json::Value) -> bool,
) -> Result<(), StoreError> {
    for mut journey in transaction.journeys()? {
        if older(&mut journey.state) {
            transaction.put_journey(&journey.id, &journey.kind, &journey.state, context.now())?;
        }
    }
    for mut received in transaction.all_received()? {
        let unreadable = |_| StoreError::Unreadable("received document");
        let mut content = serde_json::from_slice(&received.content).map_err(unreadable)?;
        if older(&mut content) {
            received.content = serde_json::to_vec(&content).map_err(unreadable)?;
            transaction.forget_received(&received.id)?;
            transaction.keep_received(&received)?;
        }
    }
    Ok(())
}

impl KeptGrant {
    /// Whether fresh tokens can be had with it.
    pub(super) fn can_refresh(&self) -> bool {
        self.refreshable
    }

    /// Whether both are of the same yes.
    pub(super) fn is(&self, other: &Self) -> bool {
        !self.id.is_empty() && self.id == other.id
    }

    /// The issuer's metadata as it was read.
    pub(super) fn metadata(&self) -> &str {
        &self.metadata
    }

    /// The same, with metadata that was read since, and how well its signer is known.
    pub(super) fn with_metadata(mut self, metadata: String, signer: RecognitionView) -> Self {
        self.issuer.recognition = signer;
        Self { metadata, ..self }
    }

    /// Where what this issuer says may lead.
    pub(super) fn reach(&self, context: &Context<'_>) -> Reach {
        if self.local && context.local_links {
            Reach::Local
        } else {
            Reach::Public
        }
    }

    /// Goes on with what was kept.
    pub(super) async fn resume(&self, context: &Context<'_>) -> Outcome<Grant> {
        let damaged = || Failure::new(ProblemCode::StoreDamaged, "what an issuer granted");
        let metadata = read_metadata(context, &self.issuer.identifier, &self.metadata).map_err(|_| damaged())?;
        Ok(Grant {
            id: self.id.clone(),
            token: TokenGranted::resume(&self.token, metadata, context.policy()).map_err(|_| damaged())?,
            conversation: Conversation::resume(context, &self.conversation, self.reach(context)).await?,
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
