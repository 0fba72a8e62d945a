//! Documents by signing in, by attested wallets, with bound tokens, encrypted, deferred and refreshed: the practice issuers in
//! every form, against the wallet's end of the protocol.

use serde_json::{Value, json};
use wallet_credentials::crypto::{Signer as _, SigningKey};
use wallet_protocols::endpoint::{IssuerIdentifier, TransportPolicy};
use wallet_protocols::openid4vci::{
    AuthorizationResponseError, AuthorizationServerMetadata, Client, CredentialError, CredentialResponse,
    IssuerMetadata, MetadataError, PushError, ResolvedOffer, ResponseEncryption, TokenError, TokenErrorCode,
    TokenGranted, authorization_server_metadata_requests, issuer_metadata_requests,
};

use super::holder::Holder;
use super::sandbox;
use super::wallet::{REDIRECT, Wallet};
use crate::Sandbox;
use crate::random::OsRandom;
use crate::spec::{ClientAuthName, DocumentType, EncryptionName, GrantName, OfferFault, OfferSpec, ProofName};

const HTTP: TransportPolicy = TransportPolicy::HttpAllowed;

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
    let refused = PushError::Refused(TokenErrorCode::InvalidClient);
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
