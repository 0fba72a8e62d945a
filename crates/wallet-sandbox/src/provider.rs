//! The practice wallet provider: it attests every wallet that asks, and every key that was proved, and says what is true of
//! both: practice wallets, keys in software.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wallet_protocols::endpoint::{Endpoint, IssuerIdentifier, TransportPolicy};
use wallet_protocols::oauth::attestation::{ClientStatement, attest};
use wallet_protocols::openid4vci::{KeyStatement, attest_keys};
use wallet_protocols::wallet_provider::{
    AttestationRequest, KeyAttestationRequest, SOFTWARE_KEYS, WalletProvider, challenge_response,
    key_attestation_response, provider_json, wallet_attestation_response,
};

use crate::house::House;
use crate::reply::{failed, protocol};

/// The `client_id` of every practice wallet.
const CLIENT_ID: &str = "https://wallet.practice.example";
/// How long a wallet attestation is good: less than a day, so that a lost wallet is not vouched for long.
const WALLET_LIFE: Duration = Duration::from_secs(12 * 60 * 60);
/// How long a key attestation is good.
const KEYS_LIFE: Duration = Duration::from_secs(60 * 60);

fn identifier(house: &House) -> String {
    format!("{}/wallet-provider", house.base())
}

/// `GET /.well-known/wallet-provider/wallet-provider`.
pub(crate) async fn about(State(house): State<Arc<House>>) -> Response {
    let base = identifier(&house);
    let endpoint = |name: &str| Endpoint::parse(&format!("{base}/{name}"), TransportPolicy::HttpAllowed);
    let anchor = house.pki().provider_authority.certificate();
    let made = (
        IssuerIdentifier::parse(&base, TransportPolicy::HttpAllowed),
        endpoint("challenge"),
        endpoint("wallet-attestation"),
        endpoint("key-attestation"),
    );
    let (Ok(issuer), Ok(challenge_endpoint), Ok(wallet_attestation_endpoint), Ok(key_attestation_endpoint)) = made
    else {
        return failed();
    };
    let provider = WalletProvider {
        issuer,
        client_id: CLIENT_ID.to_owned(),
        trust_anchor: anchor.clone(),
        key_attestation_trust_anchor: anchor.clone(),
        challenge_endpoint,
        wallet_attestation_endpoint,
        key_attestation_endpoint,
    };
    Json(provider_json(&provider)).into_response()
}

/// `POST /wallet-provider/challenge`.
pub(crate) async fn challenge(State(house): State<Arc<House>>) -> Response {
    let made = house.access().challenge(house.now());
    match made {
        Ok(challenge) => protocol(challenge_response(&challenge)),
        Err(_) => failed(),
    }
}

/// Whether a challenge was given out here; it is used up.
fn is_ours(house: &House) -> impl FnOnce(&str) -> bool {
    |challenge| house.access().challenges.take(challenge, house.now()).is_some()
}

/// `POST /wallet-provider/wallet-attestation`.
pub(crate) async fn wallet_attestation(State(house): State<Arc<House>>, body: Bytes) -> Response {
    let (now, provider) = (house.now(), identifier(&house));
    let request = match AttestationRequest::read(&body, &provider, is_ours(&house), now) {
        Ok(request) => request,
        Err(refusal) => return protocol(refusal.response()),
    };
    let statement = ClientStatement {
        issuer: &provider,
        client_id: CLIENT_ID,
        wallet_name: "Citizen Wallet (practice)",
        issued_at: now,
        expires_at: now.plus(WALLET_LIFE),
    };
    let signer = &house.pki().provider;
    let chain = [signer.certificate().clone()];
    match attest(&statement, &request.instance, signer.signer(), &chain) {
        Ok(jwt) => protocol(wallet_attestation_response(&jwt)),
        Err(_) => failed(),
    }
}

/// `POST /wallet-provider/key-attestation`.
pub(crate) async fn key_attestation(State(house): State<Arc<House>>, body: Bytes) -> Response {
    let (now, provider) = (house.now(), identifier(&house));
    let request = match KeyAttestationRequest::read(&body, &provider, is_ours(&house), now) {
        Ok(request) => request,
        Err(refusal) => return protocol(refusal.response()),
    };
    let statement = KeyStatement {
        issuer: &provider,
        keys: &request.keys,
        nonce: request.nonce.as_deref(),
        key_storage: &[SOFTWARE_KEYS],
        user_authentication: &[],
        issued_at: now,
        expires_at: now.plus(KEYS_LIFE),
    };
    let signer = &house.pki().provider;
    let chain = [signer.certificate().clone()];
    match attest_keys(&statement, signer.signer(), &chain) {
        Ok(jwt) => protocol(key_attestation_response(&jwt)),
        Err(_) => failed(),
    }
}
