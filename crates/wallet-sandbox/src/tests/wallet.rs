//! A wallet with everything an issuer may ask for: attestations, bound tokens, encryption. It has no store and asks nobody.

use wallet_credentials::crypto::{PublicKey, Signer as _, SigningKey};
use wallet_protocols::endpoint::{IssuerIdentifier, TransportPolicy};
use wallet_protocols::http::{HttpRequest, HttpResponse, encode_form};
use wallet_protocols::oauth::attestation::{AttestationChallenge, ClientAttestation};
use wallet_protocols::oauth::client::{AuthenticationMethod, ClientAuthentication};
use wallet_protocols::oauth::dpop::{DpopNonces, DpopServer};
use wallet_protocols::openid4vci::{
    AuthorizationRequest, AuthorizationServerMetadata, AwaitingSignIn, Client, CredentialError, CredentialResponse,
    KeyAttestation, KeyProof, Nonce, NotificationEvent, Proofs, ResolvedOffer, ResponseEncryption, SignedIn,
    TokenError, TokenGranted, authorization_server_metadata_requests,
};
use wallet_protocols::wallet_provider::{Challenge, WalletProvider};

use super::holder::{Holder, verify};
use crate::clock::Clock;
use crate::random::OsRandom;

const HTTP: TransportPolicy = TransportPolicy::HttpAllowed;
/// Where answers to a sign-in come to. Nobody listens there: the tests read the address.
pub(super) const REDIRECT: &str = "http://127.0.0.1:8931/callback";

/// A wallet with everything an issuer may ask for.
pub(super) struct Wallet {
    pub(super) http: Holder,
    dpop: SigningKey,
    pub(super) instance: SigningKey,
    nonces: DpopNonces,
    challenge: AttestationChallenge,
    attestation: Option<ClientAttestation>,
    /// The name it is known by where a key is all it has.
    pub(super) client_id: String,
}

impl Wallet {
    pub(super) fn new() -> Self {
        let key = || SigningKey::from_random(&mut OsRandom).unwrap();
        Self {
            http: Holder::new(),
            dpop: key(),
            instance: key(),
            nonces: DpopNonces::default(),
            challenge: AttestationChallenge::default(),
            attestation: None,
            client_id: "a-wallet".to_owned(),
        }
    }

    async fn provider(&self, base: &str) -> WalletProvider {
        let identifier = IssuerIdentifier::parse(&format!("{base}/wallet-provider"), HTTP).unwrap();
        let response = self.http.send(WalletProvider::request(&identifier)).await;
        WalletProvider::read(&identifier, &response, HTTP).unwrap()
    }

    async fn provider_challenge(&self, provider: &WalletProvider) -> Challenge {
        Challenge::read(&self.http.send(provider.challenge_request()).await).unwrap()
    }

    /// Gets ready for a server that takes attested wallets.
    pub(super) async fn attest(&mut self, base: &str) {
        let provider = self.provider(base).await;
        let challenge = self.provider_challenge(&provider).await;
        let request = provider
            .attestation_request(&self.instance, &challenge, Clock.now())
            .unwrap();
        let response = self.http.send(request).await;
        let attestation = provider
            .read_attestation(&response, &self.instance.public_key(), Clock.now())
            .unwrap();
        self.client_id = attestation.client_id().to_owned();
        self.attestation = Some(attestation);
    }

    async fn key_attestation(&self, base: &str, keys: &[SigningKey], nonce: &Nonce) -> KeyAttestation {
        let provider = self.provider(base).await;
        let challenge = self.provider_challenge(&provider).await;
        let proof = |key: &SigningKey| {
            let proof = provider.key_proof(&key.public_key(), &challenge, Clock.now()).unwrap();
            proof.sign(key).unwrap()
        };
        let proofs: Vec<KeyProof> = keys.iter().map(proof).collect();
        let now = Clock.now();
        let request = provider
            .key_attestation_request(&self.instance, &proofs, Some(nonce), &challenge, now)
            .unwrap();
        let response = self.http.send(request).await;
        let keys: Vec<PublicKey> = keys.iter().map(SigningKey::public_key).collect();
        provider
            .read_key_attestation(&response, &keys, Some(nonce), now)
            .unwrap()
    }

    /// Sends a request to the authorization server: authenticated as it asks, bound with DPoP, again where it asks for that.
    pub(super) async fn ask_server(
        &mut self,
        mut request: HttpRequest,
        server: &AuthorizationServerMetadata,
    ) -> HttpResponse {
        let ours = [
            AuthenticationMethod::Attestation,
            AuthenticationMethod::PrivateKeyJwt,
            AuthenticationMethod::None,
        ];
        let method = server.authentication(&ours).unwrap();
        if let (None, Some(endpoint)) = (self.challenge.newest(), &server.challenge_endpoint) {
            let response = self.http.send(AttestationChallenge::request(endpoint)).await;
            self.challenge.read(&response).unwrap();
        }
        loop {
            let authentication = match method {
                AuthenticationMethod::Attestation => ClientAuthentication::Attestation {
                    attestation: self.attestation.as_ref().unwrap(),
                    signer: &self.instance,
                    challenge: self.challenge.newest(),
                },
                AuthenticationMethod::PrivateKeyJwt => ClientAuthentication::PrivateKeyJwt {
                    client_id: &self.client_id,
                    key_id: None,
                    signer: &self.instance,
                },
                _ => ClientAuthentication::Public {
                    client_id: &self.client_id,
                },
            };
            authentication
                .apply(&mut request, &server.issuer, Clock.now(), &mut OsRandom)
                .unwrap();
            if server.supports_dpop() && request.url.path().ends_with("/token") {
                let at = DpopServer::Authorization;
                self.nonces
                    .prove(&mut request, at, &self.dpop, Clock.now(), &mut OsRandom)
                    .unwrap();
            }
            let response = self.http.try_send_again(&request).await.unwrap();
            let challenged = self.challenge.again(&response);
            if !self.nonces.again(&request, DpopServer::Authorization, &response) && !challenged {
                return response;
            }
        }
    }

    /// Sends a request to the issuer, bound with DPoP where the token is.
    pub(super) async fn ask_issuer(&mut self, mut request: HttpRequest) -> HttpResponse {
        loop {
            let at = DpopServer::Resource;
            self.nonces
                .prove(&mut request, at, &self.dpop, Clock.now(), &mut OsRandom)
                .unwrap();
            let response = self.http.try_send_again(&request).await.unwrap();
            if !self.nonces.again(&request, at, &response) {
                return response;
            }
        }
    }

    pub(super) async fn server(&self, resolved: &ResolvedOffer) -> AuthorizationServerMetadata {
        let server = resolved.authorization_server().clone();
        let request = authorization_server_metadata_requests(&server).remove(0);
        AuthorizationServerMetadata::read(&server, &self.http.send(request).await, HTTP).unwrap()
    }

    /// Asks to sign in.
    pub(super) async fn ask(&mut self, resolved: ResolvedOffer) -> AwaitingSignIn {
        let server = self.server(&resolved).await;
        let key = self.dpop.public_key();
        let client = Client {
            client_id: &self.client_id,
            redirect_uri: REDIRECT,
            dpop_key: Some(&key),
            haip: server.is_haip(),
        };
        let request: AuthorizationRequest = resolved
            .sign_in(&[], server, &client, &mut OsRandom)
            .map_err(|(error, _)| error)
            .unwrap();
        let push = request.push().unwrap();
        let server = request.server().clone();
        let response = self.ask_server(push, &server).await;
        request.pushed(&response).unwrap()
    }

    /// Does what the person does in the browser; gives the address the browser is sent to.
    pub(super) async fn browse(&self, waiting: &AwaitingSignIn, decision: &str) -> String {
        let page = self.http.get(waiting.url().as_str()).await;
        assert_eq!(page.status, 200);
        let page = String::from_utf8(page.body).unwrap();
        let value = |before: &str| {
            let (_, rest) = page.split_once(before).unwrap();
            rest.split('"').next().unwrap().to_owned()
        };
        let action = value("<form method=\"post\" action=\"");
        let request = value("name=\"request\" value=\"");
        let url = waiting.url().join(&action).unwrap();
        let form = [("request", request.as_str()), ("decision", decision)];
        let answer = self.http.send(HttpRequest::post_form(url, &form)).await;
        assert_eq!(answer.status, 303, "{}", encode_form(&form));
        answer.header("location").unwrap().to_owned()
    }

    pub(super) async fn redeem(&mut self, signed_in: SignedIn) -> Result<TokenGranted, TokenError> {
        let server = signed_in.server().clone();
        let response = self.ask_server(signed_in.token_request(), &server).await;
        signed_in.granted(&response)
    }

    /// From an offer to a token, by signing in.
    pub(super) async fn token(&mut self, link: &str) -> TokenGranted {
        let resolved = self.http.resolve(link).await;
        let waiting = self.ask(resolved).await;
        let answer = self.browse(&waiting, "yes").await;
        assert!(waiting.is_answer(&answer));
        let signed_in = waiting.answered(&answer).map_err(|(error, _)| error).unwrap();
        self.redeem(signed_in).await.unwrap()
    }

    async fn nonce(&mut self, granted: &TokenGranted) -> Nonce {
        let response = self.ask_issuer(granted.nonce_request().unwrap()).await;
        Nonce::read(&response).unwrap()
    }

    /// Asks for the first document with these keys.
    pub(super) async fn request(
        &mut self,
        granted: &TokenGranted,
        keys: &[SigningKey],
    ) -> (Result<CredentialResponse, CredentialError>, Option<ResponseEncryption>) {
        let nonce = self.nonce(granted).await;
        let target = &granted.targets()[0];
        let types = granted.configuration(target).unwrap().proof_types.clone();
        let base = granted
            .metadata()
            .credential_issuer
            .as_str()
            .split("/issuers/")
            .next()
            .unwrap()
            .to_owned();
        let attestation = if types.needs_key_attestation() {
            Some(self.key_attestation(&base, keys, &nonce).await)
        } else {
            None
        };
        let proofs: Vec<KeyProof> = keys
            .iter()
            .map(|key| {
                let proof = granted.proof(&key.public_key(), Some(&nonce), Clock.now(), attestation.as_ref());
                proof.unwrap().sign(key).unwrap()
            })
            .collect();
        let proofs = match &attestation {
            Some(attestation) if types.jwt.is_none() => Proofs::Attestation(attestation),
            _ => Proofs::Jwt(&proofs),
        };
        let encryption = ResponseEncryption::for_issuer(granted.metadata(), &mut OsRandom).unwrap();
        let request = granted
            .credential_request(target, proofs, encryption.as_ref(), &mut OsRandom)
            .unwrap();
        let response = self.ask_issuer(request).await;
        (CredentialResponse::read(&response, encryption.as_ref()), encryption)
    }

    /// Checks that what was issued verifies and is bound to these keys, and tells the issuer.
    pub(super) async fn keep(&mut self, granted: &TokenGranted, keys: &[SigningKey], response: CredentialResponse) {
        let CredentialResponse::Issued {
            credentials,
            notification_id,
        } = response
        else {
            panic!("not issued")
        };
        let issuer = granted.metadata().credential_issuer.as_str();
        let anchors = self.http.anchors(issuer).await;
        let configuration = granted.configuration(&granted.targets()[0]).unwrap();
        let type_id = configuration.format.credential_type();
        let bound: Vec<PublicKey> = credentials
            .iter()
            .map(|one| verify(one.as_str(), &anchors, type_id))
            .collect();
        assert_eq!(bound.len(), keys.len());
        assert!(keys.iter().all(|key| bound.contains(&key.public_key())));
        for event in [NotificationEvent::Accepted, NotificationEvent::Deleted] {
            let told = granted
                .notification_request(notification_id.as_ref().unwrap(), event)
                .unwrap();
            assert_eq!(self.ask_issuer(told).await.status, 204);
        }
    }
}
