//! The way of one offer, from resolved to issued, as consumed states.

use wallet_credentials::crypto::Random;

use super::authorization_server::AuthorizationServerMetadata;
use super::credential::{CredentialError, ResponseEncryption, TransactionId, credential_request, deferred_request};
use super::metadata::{ConfigurationProblem, CredentialConfiguration, IssuerMetadata};
use super::notification::{NotificationEvent, NotificationId, notification_request};
use super::offer::{CredentialOffer, Grants, PreAuthorizedCodeGrant, TransactionCodeDescription};
use super::proof::KeyProof;
use super::token::{AccessToken, Nonce, TokenRefused, TransactionCode, error_code, read_token_response, token_request};
use crate::endpoint::IssuerIdentifier;
use crate::http::{HttpRequest, HttpResponse};

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
    offer: CredentialOffer,
    metadata: IssuerMetadata,
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

    /// What the issuer says about the transaction code, when one must be typed.
    pub fn transaction_code(&self) -> Option<&TransactionCodeDescription> {
        self.offer
            .grants
            .pre_authorized_code
            .as_ref()?
            .transaction_code
            .as_ref()
    }

    /// The authorization server whose metadata [`ResolvedOffer::accept`] needs: the one the grant names, else the
    /// issuer's first, else the issuer itself (12.2.4).
    pub fn authorization_server(&self) -> &IssuerIdentifier {
        let grants = &self.offer.grants;
        let named = match &grants.pre_authorized_code {
            Some(grant) => grant.authorization_server.as_ref(),
            None => grants
                .authorization_code
                .as_ref()
                .and_then(|grant| grant.authorization_server.as_ref()),
        };
        named
            .or_else(|| self.metadata.authorization_servers.first())
            .unwrap_or(&self.metadata.credential_issuer)
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
            _ if server.issuer != *self.authorization_server() => Some(AcceptError::OtherAuthorizationServer),
            _ if only.iter().any(|id| !self.offered.contains(id)) => Some(AcceptError::NotOffered),
            _ => None,
        };
        let grant = match (error, self.offer.grants.pre_authorized_code.take()) {
            (None, Some(grant)) => grant,
            (error, grant) => {
                self.offer.grants.pre_authorized_code = grant;
                return Err((error.unwrap_or(AcceptError::GrantNotSupported), Box::new(self)));
            }
        };
        let accepted = self
            .offered
            .iter()
            .filter(|id| only.is_empty() || only.contains(id))
            .cloned()
            .collect();
        Ok(AcceptedOffer {
            resolved: self,
            grant,
            accepted,
            code,
            server,
            client_id: None,
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
    /// The offer has no pre-authorized code: signing in at the issuer is not supported.
    #[error("the offer has no pre-authorized code")]
    GrantNotSupported,
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
        let grant = match read_token_response(response, self.code.is_some()) {
            Ok(grant) => grant,
            Err(error) => {
                let mut offer = Box::new(self.resolved);
                offer.offer.grants.pre_authorized_code = Some(self.grant);
                return Err(TokenRefused { error, offer });
            }
        };
        let targets = self
            .accepted
            .into_iter()
            .flat_map(
                |id| match grant.identifiers.get(&id).filter(|known| !known.is_empty()) {
                    Some(identifiers) => identifiers
                        .iter()
                        .map(|identifier| CredentialTarget {
                            configuration_id: id.clone(),
                            identifier: Some(identifier.clone()),
                        })
                        .collect(),
                    None => vec![CredentialTarget {
                        configuration_id: id,
                        identifier: None,
                    }],
                },
            )
            .collect();
        Ok(TokenGranted {
            metadata: self.resolved.metadata,
            token: grant.token,
            expires_in: grant.expires_in,
            targets,
            client_id: self.client_id,
        })
    }
}

/// One credential to ask for: by `credential_identifier` when the token response gave one, else by
/// `credential_configuration_id`, never by both (8.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialTarget {
    /// The configuration.
    pub configuration_id: String,
    /// The identifier of the token response.
    pub identifier: Option<String>,
}

/// A token is there; credentials can be asked for.
pub struct TokenGranted {
    metadata: IssuerMetadata,
    token: AccessToken,
    expires_in: Option<u64>,
    targets: Vec<CredentialTarget>,
    client_id: Option<String>,
}

impl TokenGranted {
    /// The issuer's metadata.
    pub fn metadata(&self) -> &IssuerMetadata {
        &self.metadata
    }

    /// What to ask for, one request each.
    pub fn targets(&self) -> &[CredentialTarget] {
        &self.targets
    }

    /// The configuration of a target.
    pub fn configuration(&self, target: &CredentialTarget) -> Option<&CredentialConfiguration> {
        self.metadata.configuration(&target.configuration_id).ok()
    }

    /// How the wallet named itself when it redeemed the code: `iss` of its key proofs (F.1).
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// For how many seconds the token is good, when the server says so.
    pub fn expires_in(&self) -> Option<u64> {
        self.expires_in
    }

    /// The request for a nonce; `None` when the issuer has no nonce endpoint and proofs go without.
    pub fn nonce_request(&self) -> Option<HttpRequest> {
        self.metadata.nonce_endpoint.as_ref().map(Nonce::request)
    }

    /// The credential request with these proofs, one for each copy wanted, all with the same nonce and different keys.
    /// `encryption` comes from [`ResponseEncryption::for_issuer`]; `random` encrypts the request where that is needed.
    ///
    /// # Errors
    /// [`CredentialError::Encryption`] when the issuer requires encryption that cannot be done.
    pub fn credential_request(
        &self,
        target: &CredentialTarget,
        proofs: &[KeyProof],
        encryption: Option<&ResponseEncryption>,
        random: &mut dyn Random,
    ) -> Result<HttpRequest, CredentialError> {
        credential_request(&self.metadata, &self.token, target, proofs, encryption, random)
    }

    /// The request for a credential that was not ready (9.1); `None` when the issuer has no such endpoint.
    ///
    /// # Errors
    /// As [`TokenGranted::credential_request`].
    pub fn deferred_request(
        &self,
        id: &TransactionId,
        encryption: Option<&ResponseEncryption>,
        random: &mut dyn Random,
    ) -> Result<Option<HttpRequest>, CredentialError> {
        let Some(endpoint) = &self.metadata.deferred_credential_endpoint else {
            return Ok(None);
        };
        deferred_request(endpoint, &self.metadata, &self.token, id, encryption, random).map(Some)
    }

    /// Tells the issuer what became of the credential (11); `None` when it does not want to know.
    pub fn notification_request(&self, id: &NotificationId, event: NotificationEvent) -> Option<HttpRequest> {
        let endpoint = self.metadata.notification_endpoint.as_ref()?;
        Some(notification_request(endpoint, &self.token, id, event))
    }
}
