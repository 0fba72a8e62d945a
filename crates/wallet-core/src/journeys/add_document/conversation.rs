//! How the wallet talks with one issuer: who it says it is, the key its tokens are bound to, and the nonces it was given.
//!
//! Every message goes through here: [`Conversation::ask_server`] for the authorization server, [`Conversation::ask_issuer`] for
//! what a token opens. A server may ask for a fresh nonce or challenge; it is given, a bounded number of times.

use serde::{Deserialize, Serialize};
use wallet_credentials::crypto::{CryptoError, PublicKey, Signer as _};
use wallet_protocols::endpoint::IssuerIdentifier;
use wallet_protocols::http::{HttpRequest, HttpResponse};
use wallet_protocols::oauth::attestation::{AttestationChallenge, ClientAttestation};
use wallet_protocols::oauth::client::{AuthenticationMethod, ClientAuthentication};
use wallet_protocols::oauth::dpop::{DpopNonces, DpopServer};
use wallet_protocols::openid4vci::{AuthorizationServerMetadata, KeyAttestation, Nonce};
use wallet_protocols::wallet_provider::reveals_issuer;

use super::CLIENT_ID;
use crate::clock::lower;
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::{Context, provider};
use crate::keys::holder::{IssuanceGrant, NewHolderKey, SystemRandom};
use crate::keys::service_keys::{DpopKey, InstanceKey, SavedKey};
use crate::net::Reach;
use crate::problem::ProblemCode;

/// How often one message may be sent again because the other end asked for something fresh. Each side bounds its own asking;
/// this bounds both together.
const TRIES: usize = 5;

/// Who the wallet is to this issuer.
pub(super) enum Identity {
    /// Nobody.
    Anonymous,
    /// By name only.
    Named(String),
    /// Vouched for by its provider.
    Attested {
        attestation: ClientAttestation,
        key: InstanceKey,
    },
    /// Known by a key the issuer was told of (`private_key_jwt`).
    Keyed { client_id: String, key: InstanceKey },
}

/// A conversation with one issuer.
pub(super) struct Conversation {
    identity: Identity,
    dpop: Option<DpopKey>,
    server: IssuerIdentifier,
    nonces: DpopNonces,
    challenge: AttestationChallenge,
    reach: Reach,
}

/// A conversation as it waits in the encrypted store. Holds keys: no `Debug`.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedConversation {
    server: String,
    identity: SavedIdentity,
    dpop: Option<SavedKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SavedIdentity {
    Anonymous,
    Named(String),
    Attested { attestation: String, key: SavedKey },
    Keyed { client_id: String, key: SavedKey },
}

impl Conversation {
    /// Begins to talk with a server. The wallet names itself only where that is wanted: signing in needs a name, and a
    /// pre-authorized code does not.
    pub(super) async fn begin(
        context: &Context<'_>,
        server: &AuthorizationServerMetadata,
        named: bool,
        reach: Reach,
    ) -> Outcome<Self> {
        let mut ours = vec![AuthenticationMethod::None];
        if provider::is_set(context)? {
            ours.push(AuthenticationMethod::Attestation);
        }
        if context.client_key {
            ours.push(AuthenticationMethod::PrivateKeyJwt);
        }
        let must_name = named || server.anonymous_pre_authorized_code == Some(false);
        let identity = match server.authentication(&ours) {
            Some(AuthenticationMethod::Attestation) => {
                let key = InstanceKey::make().map_err(no_key)?;
                attested(context, key).await?
            }
            Some(AuthenticationMethod::PrivateKeyJwt) => Identity::Keyed {
                client_id: CLIENT_ID.to_owned(),
                key: client_key(context)?,
            },
            // It would refuse whoever comes without.
            None if must_name && server.authentication(&[AuthenticationMethod::Attestation]).is_some() => {
                return Err(Failure::new(ProblemCode::NoWalletProvider, "no wallet provider is set"));
            }
            _ if named => Identity::Named(CLIENT_ID.to_owned()),
            _ => Identity::Anonymous,
        };
        let dpop = server.supports_dpop().then(DpopKey::make).transpose();
        let mut conversation = Self {
            identity,
            dpop: dpop.map_err(no_key)?,
            server: server.issuer.clone(),
            nonces: DpopNonces::default(),
            challenge: AttestationChallenge::default(),
            reach,
        };
        if let (Identity::Attested { .. }, Some(endpoint)) = (&conversation.identity, &server.challenge_endpoint) {
            let response = context.send(&AttestationChallenge::request(endpoint), reach).await?;
            conversation
                .challenge
                .read(&response)
                .map_err(|error| Failure::new(ProblemCode::ServiceUnreachable, error))?;
        }
        Ok(conversation)
    }

    /// The name the wallet goes by here, if any.
    pub(super) fn client_id(&self) -> Option<&str> {
        match &self.identity {
            Identity::Anonymous => None,
            Identity::Named(client_id) | Identity::Keyed { client_id, .. } => Some(client_id),
            Identity::Attested { attestation, .. } => Some(attestation.client_id()),
        }
    }

    /// From now on somebody vouches for the wallet, where there is somebody and nobody did before: for a server that refuses the
    /// wallet as it is, and does not say in its metadata what it wants.
    pub(super) async fn vouch(&mut self, context: &Context<'_>, server: &AuthorizationServerMetadata) -> Outcome<bool> {
        let silent = server.authentication_methods.is_none();
        let unknown = matches!(self.identity, Identity::Anonymous | Identity::Named(_));
        if !silent || !unknown || !provider::is_set(context)? {
            return Ok(false);
        }
        let key = InstanceKey::make().map_err(no_key)?;
        self.identity = attested(context, key).await?;
        Ok(true)
    }

    /// From now on the wallet names itself.
    pub(super) fn name(&mut self) {
        if matches!(self.identity, Identity::Anonymous) {
            self.identity = Identity::Named(CLIENT_ID.to_owned());
        }
    }

    /// The public half of the key tokens are bound to, where they are.
    pub(super) fn dpop_key(&self) -> Option<PublicKey> {
        self.dpop.as_ref().map(DpopKey::public_key)
    }

    pub(super) fn reach(&self) -> Reach {
        self.reach
    }

    /// A key attestation for new keys of documents, where this issuer wants one. Whoever vouches sees the instance key this
    /// issuer knows too, or a fresh one.
    pub(super) async fn attest_keys(
        &self,
        context: &Context<'_>,
        grant: &impl IssuanceGrant,
        keys: &[NewHolderKey],
        nonce: Option<&Nonce>,
        issuer: &IssuerIdentifier,
    ) -> Outcome<KeyAttestation> {
        if nonce.is_some_and(|nonce| reveals_issuer(nonce, issuer)) {
            return Err(Failure::new(
                ProblemCode::IssuerAskedWrongly,
                "the issuer's nonce would tell the wallet provider who it is",
            ));
        }
        let Some(provider) = provider::current(context).await? else {
            return Err(Failure::new(ProblemCode::NoWalletProvider, "no wallet provider is set"));
        };
        match &self.identity {
            Identity::Attested { key, .. } => provider.attest_keys(context, key, grant, keys, nonce).await,
            _ => {
                let key = InstanceKey::make().map_err(no_key)?;
                provider.attest_keys(context, &key, grant, keys, nonce).await
            }
        }
    }

    /// Sends a form to the authorization server, authenticated, and with a proof of the key the token will be bound to.
    pub(super) async fn ask_server(
        &mut self,
        context: &Context<'_>,
        mut request: HttpRequest,
    ) -> Outcome<HttpResponse> {
        for _ in 1..TRIES {
            self.authenticate(context, &mut request)?;
            self.prove(context, &mut request, DpopServer::Authorization)?;
            let response = context.send(&request, self.reach).await?;
            // Both, always: an answer may bring a nonce and a challenge at once.
            let nonce = self.nonces.again(&request, DpopServer::Authorization, &response);
            let challenge = self.challenge.again(&response);
            if !nonce && !challenge {
                return Ok(response);
            }
        }
        Err(Failure::new(
            ProblemCode::IssuerAskedWrongly,
            "the authorization server keeps asking for something fresh",
        ))
    }

    /// Sends a message to the issuer: with a proof for the token it carries, where the token is bound.
    pub(super) async fn ask_issuer(
        &mut self,
        context: &Context<'_>,
        mut request: HttpRequest,
    ) -> Result<HttpResponse, Failure> {
        for _ in 1..TRIES {
            // What carries no token needs no proof: the nonce endpoint learns nothing.
            if request.header("authorization").is_some() {
                self.prove(context, &mut request, DpopServer::Resource)?;
            }
            let response = context.send(&request, self.reach).await?;
            if !self.nonces.again(&request, DpopServer::Resource, &response) {
                return Ok(response);
            }
        }
        Err(Failure::new(
            ProblemCode::IssuerAskedWrongly,
            "the issuer keeps asking for another nonce",
        ))
    }

    fn authenticate(&self, context: &Context<'_>, request: &mut HttpRequest) -> Outcome<()> {
        let authentication = match &self.identity {
            Identity::Anonymous => ClientAuthentication::Anonymous,
            Identity::Named(client_id) => ClientAuthentication::Public { client_id },
            Identity::Attested { attestation, key } => ClientAuthentication::Attestation {
                attestation,
                signer: key,
                challenge: self.challenge.newest(),
            },
            Identity::Keyed { client_id, key } => ClientAuthentication::PrivateKeyJwt {
                client_id,
                key_id: None,
                signer: key,
            },
        };
        authentication
            .apply(request, &self.server, lower(context.now()), &mut SystemRandom)
            .map_err(|error| Failure::new(ProblemCode::SomethingWentWrong, error))
    }

    fn prove(&self, context: &Context<'_>, request: &mut HttpRequest, server: DpopServer) -> Outcome<()> {
        let Some(key) = &self.dpop else { return Ok(()) };
        self.nonces
            .prove(request, server, key, lower(context.now()), &mut SystemRandom)
            .map_err(|error| Failure::new(ProblemCode::SomethingWentWrong, error))
    }

    /// To be kept in the encrypted store. Nonces and challenges are not worth keeping.
    pub(super) fn save(&self) -> SavedConversation {
        SavedConversation {
            server: self.server.as_str().to_owned(),
            identity: match &self.identity {
                Identity::Anonymous => SavedIdentity::Anonymous,
                Identity::Named(client_id) => SavedIdentity::Named(client_id.clone()),
                Identity::Attested { attestation, key } => SavedIdentity::Attested {
                    attestation: attestation.as_str().to_owned(),
                    key: key.save(),
                },
                Identity::Keyed { client_id, key } => SavedIdentity::Keyed {
                    client_id: client_id.clone(),
                    key: key.save(),
                },
            },
            dpop: self.dpop.as_ref().map(DpopKey::save),
        }
    }

    /// Goes on with what was kept.
    pub(super) async fn resume(context: &Context<'_>, saved: &SavedConversation, reach: Reach) -> Outcome<Self> {
        let damaged = || Failure::new(ProblemCode::StoreDamaged, "a kept conversation");
        let key = |saved: &SavedKey| InstanceKey::resume(saved).map_err(|_| damaged());
        let identity = match &saved.identity {
            SavedIdentity::Anonymous => Identity::Anonymous,
            SavedIdentity::Named(client_id) => Identity::Named(client_id.clone()),
            SavedIdentity::Keyed { client_id, key: saved } => Identity::Keyed {
                client_id: client_id.clone(),
                key: key(saved)?,
            },
            SavedIdentity::Attested {
                attestation,
                key: saved,
            } => {
                let key = key(saved)?;
                match ClientAttestation::read(attestation, &key.public_key(), lower(context.now())) {
                    Ok(attestation) => Identity::Attested { attestation, key },
                    // It has ended meanwhile: another one for the same key.
                    Err(_) => attested(context, key).await?,
                }
            }
        };
        Ok(Self {
            identity,
            dpop: saved
                .dpop
                .as_ref()
                .map(|saved| DpopKey::resume(saved).map_err(|_| damaged()))
                .transpose()?,
            server: IssuerIdentifier::parse(&saved.server, context.policy()).map_err(|_| damaged())?,
            nonces: DpopNonces::default(),
            challenge: AttestationChallenge::default(),
            reach,
        })
    }
}

/// The wallet as its provider vouches for it, with this key.
async fn attested(context: &Context<'_>, key: InstanceKey) -> Outcome<Identity> {
    match provider::current(context).await? {
        Some(provider) => Ok(Identity::Attested {
            attestation: provider.attest(context, &key).await?,
            key,
        }),
        None => Err(Failure::new(ProblemCode::NoWalletProvider, "no wallet provider is set")),
    }
}

/// The one key this wallet is known by where an issuer was told of it (`private_key_jwt`).
pub(crate) fn client_key(context: &Context<'_>) -> Outcome<InstanceKey> {
    const SETTING: &str = "client-key";
    let damaged = || Failure::new(ProblemCode::StoreDamaged, "the client key");
    context.store.write(|transaction| match transaction.setting(SETTING)? {
        Some(saved) => {
            let saved: SavedKey = serde_json::from_str(&saved).map_err(|_| damaged())?;
            InstanceKey::resume(&saved).map_err(|_| damaged())
        }
        None => {
            let key = InstanceKey::make().map_err(no_key)?;
            let saved = serde_json::to_string(&key.save()).map_err(|_| damaged())?;
            transaction.set_setting(SETTING, &saved)?;
            Ok(key)
        }
    })
}

fn no_key(error: CryptoError) -> Failure {
    Failure::new(ProblemCode::SomethingWentWrong, error)
}
