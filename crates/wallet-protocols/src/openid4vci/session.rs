//! The way of one offer, from resolved to issued, as consumed states.

use wallet_credentials::crypto::{Random, RandomError};

use super::authorization::{AuthorizationRequest, Client};
use super::authorization_server::{AuthorizationServerMetadata, GrantType};
use super::granted::{Asked, TokenGranted};
use super::metadata::{ConfigurationProblem, CredentialConfiguration, IssuerMetadata};
use super::offer::{CredentialOffer, Grants, PreAuthorizedCodeGrant, TransactionCodeDescription};
use super::token::{TokenRefused, TransactionCode, read_token_response, token_request};
use crate::endpoint::IssuerIdentifier;
use crate::http::{HttpRequest, HttpResponse};
use crate::oauth::error_code;

/// Why an offer cannot be taken up with this issuer's metadata.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// The metadata belongs to another issuer.
    #[error("the metadata is for another issuer")]
    OtherIssuer,
    /// Nothing offered can be used; the reason of the first.
    #[error("nothing in the offer can be used: {0}")]
    NothingUsable(ConfigurationProblem),
    /// The issuer's metadata does not know what is offered (4.1.1).
    #[error("the offer names something the issuer does not know")]
    UnknownConfiguration,
    /// A grant names an authorization server that is not the issuer's (4.1.1).
    #[error("the offer names an authorization server that is not the issuer's")]
    OtherAuthorizationServer,
}

/// An offer whose issuer's metadata is known. Ready to be drawn.
pub struct ResolvedOffer {
    pub(super) offer: CredentialOffer,
    pub(super) metadata: IssuerMetadata,
    offered: Vec<String>,
}

impl ResolvedOffer {
    /// Brings an offer and its issuer's metadata together.
    ///
    /// # Errors
    /// [`ResolveError`]. What this wallet cannot hold is left out as long as something remains.
    pub fn new(offer: CredentialOffer, metadata: IssuerMetadata) -> Result<Self, ResolveError> {
        if offer.credential_issuer != metadata.credential_issuer {
            return Err(ResolveError::OtherIssuer);
        }
        let mut offered = Vec::new();
        let mut problem = ConfigurationProblem::Unknown;
        for id in &offer.credential_configuration_ids {
            match metadata.configuration(id) {
                Ok(_) => offered.push(id.clone()),
                Err(ConfigurationProblem::Unknown) => return Err(ResolveError::UnknownConfiguration),
                Err(reason) => problem = reason,
            }
        }
        if offered.is_empty() {
            return Err(ResolveError::NothingUsable(problem));
        }
        for server in named_servers(&offer.grants) {
            if !metadata.authorization_servers().contains(&server) {
                return Err(ResolveError::OtherAuthorizationServer);
            }
        }
        Ok(Self {
            offer,
            metadata,
            offered,
        })
    }

    /// What the person found with the issuer themselves, without an offer: configurations of its metadata, to be had by
    /// signing in (OpenID4VCI 1.0, 3.3.2).
    ///
    /// # Errors
    /// [`ResolveError`].
    pub fn without_offer(metadata: IssuerMetadata, configuration_ids: Vec<String>) -> Result<Self, ResolveError> {
        if configuration_ids.is_empty() {
            return Err(ResolveError::UnknownConfiguration);
        }
        let offer = CredentialOffer {
            credential_issuer: metadata.credential_issuer.clone(),
            credential_configuration_ids: configuration_ids,
            grants: Grants::default(),
        };
        Self::new(offer, metadata)
    }

    /// The offer itself.
    pub fn into_offer(self) -> CredentialOffer {
        self.offer
    }

    /// The issuer's metadata.
    pub fn metadata(&self) -> &IssuerMetadata {
        &self.metadata
    }

    /// What is offered and can be held, in the order of the offer.
    pub fn offered(&self) -> impl Iterator<Item = (&str, &CredentialConfiguration)> {
        self.offered
            .iter()
            .filter_map(|id| Some((id.as_str(), self.metadata.configuration(id).ok()?)))
    }

    /// Whether the offer can be redeemed without signing in at the issuer.
    pub fn is_pre_authorized(&self) -> bool {
        self.offer.grants.pre_authorized_code.is_some()
    }

    /// Whether the offer can be taken up by signing in at the issuer: it says so, or leaves it to the authorization server
    /// (4.1.1).
    pub fn may_sign_in(&self) -> bool {
        self.offer.grants.authorization_code.is_some() || !self.is_pre_authorized()
    }

    /// What the issuer says about the transaction code, when one must be typed.
    pub fn transaction_code(&self) -> Option<&TransactionCodeDescription> {
        self.offer
            .grants
            .pre_authorized_code
            .as_ref()?
            .transaction_code
            .as_ref()
    }

    /// The authorization server to ask first: the one the grant names, else the issuer's first, else the issuer itself
    /// (12.2.4).
    pub fn authorization_server(&self) -> &IssuerIdentifier {
        let named = match self.is_pre_authorized() {
            true => self.named_server(GrantType::PreAuthorizedCode),
            false => self.named_server(GrantType::AuthorizationCode),
        };
        named
            .or_else(|| self.metadata.authorization_servers.first())
            .unwrap_or(&self.metadata.credential_issuer)
    }

    /// The authorization servers that may give a token for this grant, to be asked in this order until the metadata of one
    /// [supports](AuthorizationServerMetadata::supports) it: the one the grant names and no other, or all of the issuer's
    /// (12.2.4).
    pub fn authorization_servers(&self, grant: GrantType) -> Vec<&IssuerIdentifier> {
        match self.named_server(grant) {
            Some(named) => vec![named],
            None => self.metadata.authorization_servers(),
        }
    }

    fn named_server(&self, grant: GrantType) -> Option<&IssuerIdentifier> {
        let grants = &self.offer.grants;
        match grant {
            GrantType::PreAuthorizedCode => grants.pre_authorized_code.as_ref()?.authorization_server.as_ref(),
            GrantType::AuthorizationCode => grants.authorization_code.as_ref()?.authorization_server.as_ref(),
        }
    }

    /// The person said yes to these configurations (none named: to all) and will sign in at the issuer. `random` makes
    /// `state` and the code verifier.
    ///
    /// # Errors
    /// [`AcceptError`], with the offer.
    pub fn sign_in(
        self,
        only: &[String],
        server: AuthorizationServerMetadata,
        client: &Client<'_>,
        random: &mut dyn Random,
    ) -> Result<AuthorizationRequest, (AcceptError, Box<Self>)> {
        let error = if !self.may_sign_in() {
            Some(AcceptError::GrantNotSupported)
        } else {
            self.choice_problem(only, &server, GrantType::AuthorizationCode)
        };
        match error {
            Some(error) => Err((error, Box::new(self))),
            None => {
                let accepted = self.chosen(only);
                AuthorizationRequest::new(self, accepted, server, client, random)
            }
        }
    }

    fn choice_problem(
        &self,
        only: &[String],
        server: &AuthorizationServerMetadata,
        grant: GrantType,
    ) -> Option<AcceptError> {
        if !self.authorization_servers(grant).contains(&&server.issuer) {
            return Some(AcceptError::OtherAuthorizationServer);
        }
        let foreign = only.iter().any(|id| !self.offered.contains(id));
        foreign.then_some(AcceptError::NotOffered)
    }

    fn chosen(&self, only: &[String]) -> Vec<String> {
        let wanted = self.offered.iter().filter(|id| only.is_empty() || only.contains(id));
        wanted.cloned().collect()
    }

    /// The person said yes to these configurations (none named: to all), and typed this code.
    ///
    /// # Errors
    /// [`AcceptError`], with the offer, so that they can be asked again.
    pub fn accept(
        mut self,
        only: &[String],
        code: Option<TransactionCode>,
        server: AuthorizationServerMetadata,
    ) -> Result<AcceptedOffer, (AcceptError, Box<Self>)> {
        let Some(grant) = &self.offer.grants.pre_authorized_code else {
            return Err((AcceptError::GrantNotSupported, Box::new(self)));
        };
        let missing = code.as_ref().is_none_or(|code| code.expose().is_empty());
        let error = match &grant.transaction_code {
            Some(_) if missing => Some(AcceptError::TransactionCodeMissing),
            None if code.is_some() => Some(AcceptError::TransactionCodeNotAsked),
            _ => self.choice_problem(only, &server, GrantType::PreAuthorizedCode),
        };
        let grant = match (error, self.offer.grants.pre_authorized_code.take()) {
            (None, Some(grant)) => grant,
            (error, grant) => {
                self.offer.grants.pre_authorized_code = grant;
                return Err((error.unwrap_or(AcceptError::GrantNotSupported), Box::new(self)));
            }
        };
        let accepted = self.chosen(only);
        Ok(AcceptedOffer {
            resolved: self,
            grant,
            accepted,
            code,
            server,
            client_id: None,
            proved: false,
        })
    }
}

fn named_servers(grants: &Grants) -> impl Iterator<Item = &IssuerIdentifier> {
    let authorization_code = grants.authorization_code.as_ref();
    let pre_authorized = grants.pre_authorized_code.as_ref();
    authorization_code
        .and_then(|grant| grant.authorization_server.as_ref())
        .into_iter()
        .chain(pre_authorized.and_then(|grant| grant.authorization_server.as_ref()))
}

/// Why an offer cannot be accepted like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AcceptError {
    /// The offer needs a code that was not typed.
    #[error("a transaction code is needed")]
    TransactionCodeMissing,
    /// A code was typed that the offer does not ask for.
    #[error("no transaction code is asked for")]
    TransactionCodeNotAsked,
    /// The offer cannot be taken up this way: it has no pre-authorized code, or nothing but one.
    #[error("the offer is not of this grant")]
    GrantNotSupported,
    /// The authorization server has no place to sign in.
    #[error("the authorization server does not let people sign in")]
    NoAuthorizationEndpoint,
    /// The authorization server does not take pushed requests, which HAIP 1.0, 4, requires.
    #[error("the authorization server takes no pushed requests")]
    NoPushedRequests,
    /// The authorization server lists PKCE methods, and `S256` is not among them.
    #[error("the authorization server does not know PKCE with S256")]
    NoPkce,
    /// Something chosen has no `scope`, and the server does not know `authorization_details`, or HAIP 1.0, 4.2, rules them
    /// out.
    #[error("there is no way to ask for this document")]
    NoScope,
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Something was chosen that is not in the offer.
    #[error("not part of the offer")]
    NotOffered,
    /// The metadata is of an authorization server the offer does not lead to.
    #[error("the metadata is of another authorization server")]
    OtherAuthorizationServer,
}

/// The person said yes to adding.
pub struct AcceptedOffer {
    /// Without its pre-authorized code, which is in `grant` until it is redeemed or handed back.
    resolved: ResolvedOffer,
    grant: PreAuthorizedCodeGrant,
    accepted: Vec<String>,
    code: Option<TransactionCode>,
    server: AuthorizationServerMetadata,
    /// How the wallet names itself; anonymous otherwise.
    client_id: Option<String>,
    /// Whether the token request carries a DPoP proof.
    proved: bool,
}

impl AcceptedOffer {
    /// Names the wallet in what follows: in the token request, and in the key proofs (F.1).
    #[must_use]
    pub fn as_client(self, client_id: &str) -> Self {
        Self {
            client_id: Some(client_id.to_owned()),
            ..self
        }
    }

    /// The token request will carry a DPoP proof: the token may be bound to its key.
    #[must_use]
    pub fn with_dpop(self) -> Self {
        Self { proved: true, ..self }
    }

    /// The authorization server that redeems the code.
    pub fn server(&self) -> &AuthorizationServerMetadata {
        &self.server
    }

    /// How the wallet names itself, where it does.
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// The token request (6.1); without a client identifier unless [`AcceptedOffer::as_client`] gave one.
    pub fn token_request(&self) -> HttpRequest {
        let client_id = self.client_id.as_deref();
        token_request(&self.server.token_endpoint, &self.grant, self.code.as_ref(), client_id)
    }

    /// Whether the server's metadata says that it redeems no code of a wallet that does not name itself (12.3). Servers
    /// that say nothing usually do.
    pub fn refuses_anonymous(&self) -> bool {
        self.server.anonymous_pre_authorized_code == Some(false)
    }

    /// Whether this answer to an anonymous token request means that the wallet should name itself (6.3).
    pub fn asks_for_client_id(&self, response: &HttpResponse) -> bool {
        let refused = !response.is_success() && error_code(response).as_deref() == Some("invalid_client");
        refused && self.client_id.is_none()
    }

    /// Reads the token response.
    ///
    /// # Errors
    /// [`TokenRefused`], with the offer, so that another code can be tried.
    pub fn granted(self, response: &HttpResponse) -> Result<TokenGranted, TokenRefused> {
        let grant = match read_token_response(response, self.code.is_some(), self.proved, false) {
            Ok(grant) => grant,
            Err(error) => {
                let mut offer = Box::new(self.resolved);
                offer.offer.grants.pre_authorized_code = Some(self.grant);
                return Err(TokenRefused { error, offer });
            }
        };
        let asked = Asked {
            client_id: self.client_id,
            proved: self.proved,
            bound_only: false,
        };
        Ok(TokenGranted::new(
            self.resolved.metadata,
            self.server,
            grant,
            self.accepted,
            asked,
        ))
    }
}
