//! The wallet provider: who vouches for this wallet and its keys, where an issuer wants somebody to.
//!
//! The provider never learns the issuer: no message names one, every issuer gets an instance key of its own, and a nonce that
//! tells whose it is is not handed on.

use serde_json::json;
use wallet_credentials::crypto::{PublicKey, Signer};
use wallet_protocols::endpoint::IssuerIdentifier;
use wallet_protocols::oauth::attestation::ClientAttestation;
use wallet_protocols::openid4vci::{KeyAttestation, Nonce};
use wallet_protocols::wallet_provider::{Challenge, ProviderError, WalletProvider};

use super::Context;
use super::add_document::client_key;
use super::failure::{Failure, Outcome};
use crate::clock::lower;
use crate::keys::holder::{IssuanceGrant, NewHolderKey};
use crate::keys::service_keys::InstanceKey;
use crate::net::Reach;
use crate::problem::ProblemCode;
use crate::store::StoreError;
use crate::view::ProviderView;

/// The setting that names it.
const SETTING: &str = "wallet-provider";

/// A wallet provider that was found and answered.
pub(crate) struct Provider {
    found: WalletProvider,
    reach: Reach,
}

/// Names the provider, after looking that there is one.
pub(crate) async fn set(context: &Context<'_>, url: &str) -> Outcome<ProviderView> {
    let provider = find(context, url).await?;
    context
        .store
        .write::<_, StoreError>(|transaction| transaction.set_setting(SETTING, url))?;
    provider.view(context)
}

/// The provider as it describes itself now.
pub(crate) async fn show(context: &Context<'_>) -> Outcome<ProviderView> {
    match current(context).await? {
        Some(provider) => provider.view(context),
        None => Err(Failure::new(ProblemCode::NotFound, "no wallet provider is set")),
    }
}

/// Whether one is set.
pub(crate) fn is_set(context: &Context<'_>) -> Outcome<bool> {
    Ok(setting(context)?.is_some())
}

/// The provider that is set.
pub(crate) async fn current(context: &Context<'_>) -> Outcome<Option<Provider>> {
    match setting(context)? {
        Some(url) => find(context, &url).await.map(Some),
        None => Ok(None),
    }
}

fn setting(context: &Context<'_>) -> Outcome<Option<String>> {
    Ok(context
        .store
        .read::<_, StoreError>(|transaction| transaction.setting(SETTING))?)
}

async fn find(context: &Context<'_>, url: &str) -> Outcome<Provider> {
    let identifier = IssuerIdentifier::parse(url, context.policy())
        .map_err(|error| Failure::new(ProblemCode::LinkNotUnderstood, error))?;
    let reach = context.reach(identifier.url()).await;
    let response = context.send(&WalletProvider::request(&identifier), reach).await?;
    let found = WalletProvider::read(&identifier, &response, context.policy())?;
    Ok(Provider { found, reach })
}

impl Provider {
    fn view(&self, context: &Context<'_>) -> Outcome<ProviderView> {
        let client_jwks = match context.client_key {
            true => Some(json!({ "keys": [client_key(context)?.public_key().to_jwk()] })),
            false => None,
        };
        Ok(ProviderView {
            client_jwks,
            client_id: self.found.client_id.clone(),
            issuer: self.found.issuer.as_str().to_owned(),
            trust_anchor_pem: self.found.trust_anchor.to_pem(),
            key_attestation_trust_anchor_pem: self.found.key_attestation_trust_anchor.to_pem(),
        })
    }

    /// A wallet attestation for a key that one issuer will see.
    pub(crate) async fn attest(&self, context: &Context<'_>, key: &InstanceKey) -> Outcome<ClientAttestation> {
        let challenge = self.challenge(context).await?;
        let now = lower(context.now());
        let request = self.found.attestation_request(key, &challenge, now)?;
        let response = context.send(&request, self.reach).await?;
        Ok(self.found.read_attestation(&response, &key.public_key(), now)?)
    }

    /// A key attestation for keys of documents, with the issuer's nonce in it: one that does not tell whose it is.
    pub(crate) async fn attest_keys(
        &self,
        context: &Context<'_>,
        instance: &InstanceKey,
        grant: &impl IssuanceGrant,
        keys: &[NewHolderKey],
        nonce: Option<&Nonce>,
    ) -> Outcome<KeyAttestation> {
        let challenge = self.challenge(context).await?;
        let now = lower(context.now());
        let holder_keys = context.keys.holder_keys();
        let proofs = keys
            .iter()
            .map(|key| {
                let proof = self.found.key_proof(&key.public_key(), &challenge, now);
                let proof = proof.map_err(|error| Failure::from(ProviderError::from(error)))?;
                Ok(holder_keys.prove_possession(key, grant, proof)?)
            })
            .collect::<Outcome<Vec<_>>>()?;
        let request = self
            .found
            .key_attestation_request(instance, &proofs, nonce, &challenge, now)?;
        let response = context.send(&request, self.reach).await?;
        let keys: Vec<PublicKey> = keys.iter().map(NewHolderKey::public_key).collect();
        Ok(self.found.read_key_attestation(&response, &keys, nonce, now)?)
    }

    async fn challenge(&self, context: &Context<'_>) -> Outcome<Challenge> {
        let response = context.send(&self.found.challenge_request(), self.reach).await?;
        Ok(Challenge::read(&response)?)
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        Self::new(ProblemCode::ServiceUnreachable, format!("wallet provider: {error}"))
    }
}
