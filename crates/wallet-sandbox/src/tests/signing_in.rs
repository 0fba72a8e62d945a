//! Documents by signing in, by attested wallets, with bound tokens, encrypted, deferred and refreshed: the practice issuers in
//! every form, against the wallet's end of the protocol.

use serde_json::{Value, json};
use wallet_credentials::crypto::{PublicKey, Signer as _, SigningKey};
use wallet_protocols::endpoint::{IssuerIdentifier, TransportPolicy};
use wallet_protocols::http::{HttpRequest, HttpResponse, encode_form};
use wallet_protocols::oauth::attestation::{AttestationChallenge, ClientAttestation};
use wallet_protocols::oauth::client::{AuthenticationMethod, ClientAuthentication};
use wallet_protocols::oauth::dpop::{DpopNonces, DpopServer};
use wallet_protocols::openid4vci::{
    AuthorizationRequest, AuthorizationResponseError, AuthorizationServerMetadata, AwaitingSignIn, Client,
    CredentialError, CredentialResponse, IssuerMetadata, KeyAttestation, KeyProof, MetadataError, Nonce,
    NotificationEvent, Proofs, ResolvedOffer, ResponseEncryption, SignedIn, TokenError, TokenErrorCode, TokenGranted,
    authorization_server_metadata_requests, issuer_metadata_requests,
};
use wallet_protocols::wallet_provider::{Challenge, WalletProvider};

use super::holder::{Holder, verify};
use super::sandbox;
use crate::Sandbox;
use crate::clock::Clock;
use crate::random::OsRandom;
use crate::spec::{ClientAuthName, DocumentType, EncryptionName, GrantName, OfferFault, OfferSpec, ProofName};

const HTTP: TransportPolicy = TransportPolicy::HttpAllowed;
const REDIRECT: &str = "http://127.0.0.1:8931/callback";

/// A wallet with everything an issuer may ask for.
struct Wallet {
    http: Holder,
    dpop: SigningKey,
    instance: SigningKey,
    nonces: DpopNonces,
    challenge: AttestationChallenge,
    attestation: Option<ClientAttestation>,
    /// The name it is known by where a key is all it has.
    client_id: String,
}

impl Wallet {
    fn new() -> Self {
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
    async fn attest(&mut self, base: &str) {
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
    async fn ask_server(&mut self, mut request: HttpRequest, server: &AuthorizationServerMetadata) -> HttpResponse {
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
    async fn ask_issuer(&mut self, mut request: HttpRequest) -> HttpResponse {
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

    async fn server(&self, resolved: &ResolvedOffer) -> AuthorizationServerMetadata {
        let server = resolved.authorization_server().clone();
        let request = authorization_server_metadata_requests(&server).remove(0);
        AuthorizationServerMetadata::read(&server, &self.http.send(request).await, HTTP).unwrap()
    }

    /// Asks to sign in.
    async fn ask(&mut self, resolved: ResolvedOffer) -> AwaitingSignIn {
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
    async fn browse(&self, waiting: &AwaitingSignIn, decision: &str) -> String {
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

    async fn redeem(&mut self, signed_in: SignedIn) -> Result<TokenGranted, TokenError> {
        let server = signed_in.server().clone();
        let response = self.ask_server(signed_in.token_request(), &server).await;
        signed_in.granted(&response)
    }

    /// From an offer to a token, by signing in.
    async fn token(&mut self, link: &str) -> TokenGranted {
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
    async fn request(
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
    async fn keep(&mut self, granted: &TokenGranted, keys: &[SigningKey], response: CredentialResponse) {
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

fn keys(count: usize) -> Vec<SigningKey> {
    (0..count)
        .map(|_| SigningKey::from_random(&mut OsRandom).unwrap())
        .collect()
}

fn offer(sandbox: &Sandbox, spec: OfferSpec) -> String {
    sandbox.offer(&spec).unwrap().uri
}

fn by_signing_in(name: DocumentType) -> OfferSpec {
    OfferSpec {
        grant: GrantName::AuthorizationCode,
        ..OfferSpec::of(name)
    }
}

fn haip(name: DocumentType) -> OfferSpec {
    OfferSpec {
        haip: true,
        ..by_signing_in(name)
    }
}

/// The whole way for one form of the issuer.
async fn whole_way(sandbox: &Sandbox, spec: OfferSpec, count: usize) -> (Wallet, TokenGranted) {
    let mut wallet = Wallet::new();
    wallet.attest(sandbox.url()).await;
    let link = offer(sandbox, spec);
    let granted = wallet.token(&link).await;
    let keys = keys(count);
    let (response, _) = wallet.request(&granted, &keys).await;
    wallet.keep(&granted, &keys, response.unwrap()).await;
    (wallet, granted)
}

#[tokio::test]
async fn a_plain_issuer_issues_to_who_signs_in() {
    let sandbox = sandbox().await;
    for name in [DocumentType::DrivingLicence, DocumentType::ProofOfAgeSdJwt] {
        let (_, granted) = whole_way(&sandbox, by_signing_in(name), 3).await;
        // It knows authorization details, so the documents have identifiers.
        assert!(granted.targets()[0].identifier.is_some());
        assert!(granted.is_bound(), "whoever proves a key gets a token bound to it");
    }
}

#[tokio::test]
async fn a_haip_issuer_issues_to_attested_wallets() {
    let sandbox = sandbox().await;
    for name in [DocumentType::DrivingLicence, DocumentType::ProofOfAgeSdJwt] {
        let (_, granted) = whole_way(&sandbox, haip(name), 1).await;
        assert!(granted.targets()[0].identifier.is_none(), "`scope`, no details");
        assert!(granted.is_bound());
    }
}

#[tokio::test]
async fn every_form_of_encryption_proof_and_batch_is_served() {
    let sandbox = sandbox().await;
    for (encryption, zip) in [
        (Some(EncryptionName::Offered), false),
        (Some(EncryptionName::Required), false),
        (Some(EncryptionName::Required), true),
    ] {
        let spec = OfferSpec {
            encryption,
            zip,
            ..haip(DocumentType::DrivingLicence)
        };
        whole_way(&sandbox, spec, 2).await;
    }
    for proof in [ProofName::JwtWithAttestation, ProofName::Attestation] {
        let spec = OfferSpec {
            proof,
            batch_size: Some(8),
            ..haip(DocumentType::ProofOfAgeSdJwt)
        };
        whole_way(&sandbox, spec, 8).await;
    }
    let spec = OfferSpec {
        batch_size: Some(1),
        ..by_signing_in(DocumentType::ProofOfAgeSdJwt)
    };
    let (_, granted) = whole_way(&sandbox, spec, 1).await;
    assert!(granted.metadata().batch.is_none());
}

#[tokio::test]
async fn a_client_known_by_its_key_is_served_and_others_are_not() {
    let sandbox = sandbox().await;
    let spec = || OfferSpec {
        client_auth: ClientAuthName::PrivateKeyJwt,
        ..by_signing_in(DocumentType::DrivingLicence)
    };
    let mut wallet = Wallet::new();
    let body = json!({"client_id": wallet.client_id, "jwk": wallet.instance.public_key().to_jwk()});
    let told = wallet
        .http
        .post_json(&format!("{}/control/client", sandbox.url()), &body)
        .await;
    assert_eq!(told.status, 201);
    let granted = wallet.token(&offer(&sandbox, spec())).await;
    let keys = keys(1);
    let (response, _) = wallet.request(&granted, &keys).await;
    wallet.keep(&granted, &keys, response.unwrap()).await;

    let mut stranger = Wallet::new();
    let resolved = stranger.http.resolve(&offer(&sandbox, spec())).await;
    let server = stranger.server(&resolved).await;
    let client = Client {
        client_id: "a-wallet",
        redirect_uri: REDIRECT,
        dpop_key: None,
        haip: false,
    };
    let request = resolved
        .sign_in(&[], server.clone(), &client, &mut OsRandom)
        .map_err(|(error, _)| error)
        .unwrap();
    let response = stranger.ask_server(request.push().unwrap(), &server).await;
    let refused = wallet_protocols::openid4vci::PushError::Refused(TokenErrorCode::InvalidClient);
    assert_eq!(request.pushed(&response).err(), Some(refused));
}

#[tokio::test]
async fn a_deferred_document_is_fetched_after_a_restart_of_the_wallet() {
    let sandbox = sandbox().await;
    for encryption in [None, Some(EncryptionName::Required)] {
        let spec = OfferSpec {
            deferred: Some(2),
            encryption,
            ..haip(DocumentType::DrivingLicence)
        };
        let mut wallet = Wallet::new();
        wallet.attest(sandbox.url()).await;
        let granted = wallet.token(&offer(&sandbox, spec)).await;
        let keys = keys(2);
        let (response, _) = wallet.request(&granted, &keys).await;
        let CredentialResponse::Deferred {
            transaction_id,
            interval,
        } = response.unwrap()
        else {
            panic!("deferred")
        };
        assert!(interval > 0.0 && interval < 1.0, "a fraction of a second");
        let saved = granted.save().unwrap();
        let granted = TokenGranted::resume(&saved, granted.metadata().clone(), HTTP).unwrap();
        let mut polls = 0;
        let issued = loop {
            polls += 1;
            let encryption = ResponseEncryption::for_issuer(granted.metadata(), &mut OsRandom).unwrap();
            let request = granted
                .deferred_request(&transaction_id, encryption.as_ref(), &mut OsRandom)
                .unwrap()
                .unwrap();
            let response = wallet.ask_issuer(request).await;
            match CredentialResponse::read_deferred(&response, encryption.as_ref(), &transaction_id).unwrap() {
                CredentialResponse::Deferred { .. } => {}
                issued => break issued,
            }
        };
        assert_eq!(polls, 3);
        wallet.keep(&granted, &keys, issued).await;
        // The handle is spent.
        let encryption = ResponseEncryption::for_issuer(granted.metadata(), &mut OsRandom).unwrap();
        let request = granted
            .deferred_request(&transaction_id, encryption.as_ref(), &mut OsRandom)
            .unwrap()
            .unwrap();
        let response = wallet.ask_issuer(request).await;
        let read = CredentialResponse::read_deferred(&response, encryption.as_ref(), &transaction_id).map(drop);
        assert_eq!(read, Err(CredentialError::InvalidTransaction));
    }
}

#[tokio::test]
async fn fresh_copies_are_had_with_a_fresh_token() {
    let sandbox = sandbox().await;
    let (mut wallet, granted) = whole_way(&sandbox, haip(DocumentType::ProofOfAgeMdoc), 2).await;
    let server = granted.server().clone();
    let response = wallet.ask_server(granted.refresh_request().unwrap(), &server).await;
    let granted = granted.refreshed(&response).map_err(|(error, _)| error).unwrap();
    let fresh = keys(3);
    let (response, _) = wallet.request(&granted, &fresh).await;
    wallet.keep(&granted, &fresh, response.unwrap()).await;
    // The key of another wallet refreshes nothing.
    let mut thief = Wallet::new();
    thief.attest(sandbox.url()).await;
    let response = thief.ask_server(granted.refresh_request().unwrap(), &server).await;
    let (error, _) = granted.refreshed(&response).err().unwrap();
    assert!(matches!(
        error,
        TokenError::Refused {
            code: TokenErrorCode::InvalidGrant,
            ..
        }
    ));

    let report = wallet.http.get(&format!("{}/control/documents", sandbox.url())).await;
    let report: Value = serde_json::from_slice(&report.body).unwrap();
    let events = json!(["credential_accepted", "credential_deleted"]);
    let documents = report["documents"].as_array().unwrap();
    assert!(documents.len() == 2 && documents.iter().all(|document| document["notifications"] == events));
}

#[tokio::test]
async fn a_person_who_says_no_is_sent_back_with_that() {
    let sandbox = sandbox().await;
    let mut wallet = Wallet::new();
    let resolved = wallet
        .http
        .resolve(&offer(&sandbox, by_signing_in(DocumentType::DrivingLicence)))
        .await;
    let waiting = wallet.ask(resolved).await;
    let answer = wallet.browse(&waiting, "no").await;
    let (error, waiting) = waiting.answered(&answer).err().unwrap();
    assert_eq!(error, AuthorizationResponseError::Refused(TokenErrorCode::AccessDenied));
    // The request is spent.
    assert_eq!(wallet.http.get(waiting.url().as_str()).await.status, 400);
}

#[tokio::test]
async fn who_comes_without_an_offer_is_served_too() {
    let sandbox = sandbox().await;
    let mut wallet = Wallet::new();
    let issuer = IssuerIdentifier::parse(&format!("{}/issuers/dvla.encrypted", sandbox.url()), HTTP).unwrap();
    let response = wallet.http.send(issuer_metadata_requests(&issuer).remove(0)).await;
    let metadata = IssuerMetadata::read(&issuer, &response, HTTP).unwrap();
    let resolved = ResolvedOffer::without_offer(metadata, vec!["driving-licence".to_owned()]).unwrap();
    let waiting = wallet.ask(resolved).await;
    let answer = wallet.browse(&waiting, "yes").await;
    let signed_in = waiting.answered(&answer).map_err(|(error, _)| error).unwrap();
    let granted = wallet.redeem(signed_in).await.unwrap();
    let keys = keys(1);
    let (response, encryption) = wallet.request(&granted, &keys).await;
    assert!(encryption.is_some());
    wallet.keep(&granted, &keys, response.unwrap()).await;
}

#[tokio::test]
async fn answers_of_attackers_are_refused_and_odd_ones_are_not() {
    let sandbox = sandbox().await;
    let ask = async |fault| {
        let mut wallet = Wallet::new();
        wallet.attest(sandbox.url()).await;
        let spec = OfferSpec {
            fault: Some(fault),
            ..haip(DocumentType::DrivingLicence)
        };
        let resolved = wallet.http.resolve(&offer(&sandbox, spec)).await;
        let waiting = wallet.ask(resolved).await;
        let answer = wallet.browse(&waiting, "yes").await;
        (wallet, waiting.answered(&answer).map_err(|(error, _)| error))
    };
    for (fault, expected) in [
        (OfferFault::WrongIss, AuthorizationResponseError::OtherIssuer),
        (OfferFault::MissingIss, AuthorizationResponseError::NoIssuer),
        (OfferFault::WrongState, AuthorizationResponseError::State),
        (OfferFault::MissingState, AuthorizationResponseError::State),
    ] {
        let (_, answered) = ask(fault).await;
        assert_eq!(answered.err(), Some(expected), "{fault:?}");
    }
    for fault in [
        OfferFault::NoExpiresIn,
        OfferFault::OddTokenType,
        OfferFault::OddDpopScheme,
    ] {
        let (mut wallet, answered) = ask(fault).await;
        let granted = wallet.redeem(answered.unwrap()).await.unwrap();
        assert!(granted.is_bound());
        assert_eq!(granted.expires_in().is_none(), fault == OfferFault::NoExpiresIn);
        let keys = keys(1);
        let (response, _) = wallet.request(&granted, &keys).await;
        wallet.keep(&granted, &keys, response.unwrap()).await;
    }
    let (mut wallet, answered) = ask(OfferFault::DpopNonceForever).await;
    let refused = wallet.redeem(answered.unwrap()).await.err();
    assert!(matches!(
        refused,
        Some(TokenError::Refused {
            code: TokenErrorCode::UseDpopNonce,
            ..
        })
    ));
}

#[tokio::test]
async fn faults_while_the_document_is_fetched_are_noticed() {
    let sandbox = sandbox().await;
    let fetch = async |spec: OfferSpec| {
        let mut wallet = Wallet::new();
        wallet.attest(sandbox.url()).await;
        let granted = wallet.token(&offer(&sandbox, spec)).await;
        let (response, encryption) = wallet.request(&granted, &keys(1)).await;
        (wallet, granted, response, encryption)
    };
    let spec = OfferSpec {
        encryption: Some(EncryptionName::Required),
        fault: Some(OfferFault::PlainResponse),
        ..haip(DocumentType::DrivingLicence)
    };
    let (.., response, _) = fetch(spec).await;
    assert_eq!(response.map(drop), Err(CredentialError::NotEncrypted));
    for (fault, waits, expected) in [
        (OfferFault::ChangingTransaction, 1, CredentialError::Malformed),
        (OfferFault::DeferredDenied, 0, CredentialError::Denied),
    ] {
        let spec = OfferSpec {
            deferred: Some(waits),
            fault: Some(fault),
            ..haip(DocumentType::DrivingLicence)
        };
        let (mut wallet, granted, response, encryption) = fetch(spec).await;
        let CredentialResponse::Deferred { transaction_id, .. } = response.unwrap() else {
            panic!("deferred")
        };
        let request = granted
            .deferred_request(&transaction_id, encryption.as_ref(), &mut OsRandom)
            .unwrap()
            .unwrap();
        let response = wallet.ask_issuer(request).await;
        let read = CredentialResponse::read_deferred(&response, encryption.as_ref(), &transaction_id).map(drop);
        assert_eq!(read, Err(expected), "{fault:?}");
    }
    let spec = OfferSpec {
        fault: Some(OfferFault::NoRefresh),
        ..haip(DocumentType::DrivingLicence)
    };
    let (mut wallet, granted, ..) = fetch(spec).await;
    let server = granted.server().clone();
    let response = wallet.ask_server(granted.refresh_request().unwrap(), &server).await;
    assert!(granted.refreshed(&response).is_err());
}

#[tokio::test]
async fn metadata_of_hostile_issuers_is_as_promised() {
    let sandbox = sandbox().await;
    let holder = Holder::new();
    let fetch = async |fault: OfferFault| {
        let spec = OfferSpec {
            fault: Some(fault),
            ..OfferSpec::of(DocumentType::DrivingLicence)
        };
        let link = offer(&sandbox, spec);
        let word = fault.word();
        assert!(link.contains(&word), "{link}");
        let issuer = IssuerIdentifier::parse(&format!("{}/issuers/dvla.{word}", sandbox.url()), HTTP).unwrap();
        let response = holder.send(issuer_metadata_requests(&issuer).remove(0)).await;
        (issuer, response)
    };
    for (fault, expected) in [
        (OfferFault::EndlessRedirects, MetadataError::NotFetched { status: 307 }),
        (OfferFault::ForeignRedirect, MetadataError::NotFetched { status: 307 }),
        (OfferFault::OtherIssuerMetadata, MetadataError::OtherIssuer),
        (OfferFault::DeepMetadata, MetadataError::Malformed),
        (OfferFault::HugeMetadata, MetadataError::Malformed),
    ] {
        let (issuer, response) = fetch(fault).await;
        assert_eq!(
            IssuerMetadata::read(&issuer, &response, HTTP).err(),
            Some(expected),
            "{fault:?}"
        );
    }
    let (issuer, response) = fetch(OfferFault::InternalEndpoint).await;
    let read = IssuerMetadata::read(&issuer, &response, HTTP).unwrap();
    assert_eq!(
        read.credential_endpoint.host(),
        "169.254.169.254",
        "for the network's rules to refuse"
    );
    let (issuer, response) = fetch(OfferFault::BidiNames).await;
    let read = IssuerMetadata::read(&issuer, &response, HTTP).unwrap();
    assert!(read.display[0].name.contains('\u{202e}'), "for the screens to clean");
    let (issuer, _) = fetch(OfferFault::OtherServerMetadata).await;
    let response = holder
        .send(authorization_server_metadata_requests(&issuer).remove(0))
        .await;
    let read = AuthorizationServerMetadata::read(&issuer, &response, HTTP);
    assert_eq!(read.err(), Some(MetadataError::OtherIssuer));
}

#[tokio::test]
async fn stolen_codes_and_tokens_are_worth_nothing() {
    let sandbox = sandbox().await;
    let mut wallet = Wallet::new();
    wallet.attest(sandbox.url()).await;
    let resolved = wallet
        .http
        .resolve(&offer(&sandbox, haip(DocumentType::DrivingLicence)))
        .await;
    let waiting = wallet.ask(resolved).await;
    let answer = wallet.browse(&waiting, "yes").await;
    let signed_in = waiting.answered(&answer).map_err(|(error, _)| error).unwrap();
    let server = signed_in.server().clone();
    // Another wallet has the whole request, but not the key the code is bound to; the code is spent by the attempt.
    let mut thief = Wallet::new();
    thief.attest(sandbox.url()).await;
    let response = thief.ask_server(signed_in.token_request(), &server).await;
    assert_eq!(response.status, 400);
    let response = wallet.ask_server(signed_in.token_request(), &server).await;
    assert!(matches!(
        signed_in.granted(&response),
        Err(TokenError::Refused {
            code: TokenErrorCode::InvalidGrant,
            ..
        })
    ));

    // A token without its proof, or with a proof by another key.
    let granted = wallet.token(&offer(&sandbox, haip(DocumentType::DrivingLicence))).await;
    let request = granted
        .credential_request(&granted.targets()[0], &[], None, &mut OsRandom)
        .unwrap();
    assert_eq!(wallet.http.send(request).await.status, 401);
    let request = granted
        .credential_request(&granted.targets()[0], &[], None, &mut OsRandom)
        .unwrap();
    let response = thief.ask_issuer(request).await;
    assert_eq!(
        CredentialResponse::read(&response, None).map(drop),
        Err(CredentialError::TokenNotAccepted)
    );
}
