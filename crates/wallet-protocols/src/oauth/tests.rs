//! The public vectors of OAuth, and both ends of each proof.

use serde_json::json;
use url::Url;
use wallet_credentials::crypto::{PredictableRandom, Signer as _, SigningKey, VerificationKey};
use wallet_credentials::jose::{Jws, SigningHeader, base64url};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::Certificate;

use super::attestation::{self, AttestationChallenge, AttestationError, ClientAttestation, ClientStatement};
use super::client::{self, AuthenticationError, ClientAuthentication};
use super::dpop::{self, DpopNonces, DpopRefusal, DpopServer, Expected};
use super::pkce::{self, CodeVerifier};
use crate::endpoint::{IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, decode_form};
use crate::vectors;

const NOW: Timestamp = Timestamp::from_unix(1_780_000_000);

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn key(seed: u64) -> SigningKey {
    SigningKey::from_random(&mut PredictableRandom::from_seed(seed)).unwrap()
}

fn server() -> IssuerIdentifier {
    IssuerIdentifier::parse("https://as.example/tenant", TransportPolicy::HttpsOnly).unwrap()
}

fn form(request: &HttpRequest, name: &str) -> Option<String> {
    let parameters = decode_form(&request.body).unwrap();
    parameters
        .into_iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

#[test]
fn public_vectors_pkce() {
    let Some(file) = vectors::read("jose/rfc7636-pkce.json") else {
        return;
    };
    let verifier = CodeVerifier::parse(file["code_verifier"].as_str().unwrap()).unwrap();
    let challenge = file["expected_code_challenge_S256"].as_str().unwrap();
    assert_eq!(verifier.challenge(), challenge);
    assert!(pkce::matches(verifier.expose(), challenge));
    let other = CodeVerifier::from_random(&mut PredictableRandom::from_seed(1)).unwrap();
    assert!(!pkce::matches(other.expose(), challenge));
    assert!(CodeVerifier::parse("too short").is_none());
}

#[test]
fn public_vectors_dpop_token_request() {
    let Some(file) = vectors::read("jose/rfc9449-dpop-token-request.json") else {
        return;
    };
    let proof = file["dpop_proof"].as_str().unwrap();
    let payload = &file["expected_payload"];
    let address = url(payload["htu"].as_str().unwrap());
    let expected = Expected {
        method: "POST",
        url: &address,
        access_token: None,
    };
    let at = Timestamp::from_unix(payload["iat"].as_i64().unwrap());
    let verified = dpop::verify(proof, &expected, |nonce| nonce.is_none(), at).unwrap();
    assert_eq!(dpop::jkt(&verified.key), file["jkt"]);
    assert_eq!(verified.jti, payload["jti"]);
    let refused = |expected: &Expected<'_>, at| dpop::verify(proof, expected, |_| true, at).unwrap_err();
    assert_eq!(refused(&expected, NOW), DpopRefusal::Age);
    let get = Expected {
        method: "GET",
        ..expected
    };
    assert_eq!(refused(&get, at), DpopRefusal::OtherRequest);
    let token = Expected {
        access_token: Some("t"),
        ..expected
    };
    assert_eq!(refused(&token, at), DpopRefusal::OtherToken);
}

#[test]
fn a_dpop_proof_is_for_one_request_and_one_token() {
    let (key, random) = (key(1), &mut PredictableRandom::from_seed(2));
    let nonces = DpopNonces::default();
    let address = url("https://issuer.example/credential?tenant=7");
    let mut request =
        HttpRequest::post(address.clone(), "application/json", Vec::new()).with_header("authorization", "DPoP t0ken");
    nonces
        .prove(&mut request, DpopServer::Resource, &key, NOW, random)
        .unwrap();
    let proof = request.header("dpop").unwrap().to_owned();
    // The query is no part of `htu`.
    let payload = Jws::parse(&proof).unwrap().dangerous_unverified_payload().unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(claims["htu"], "https://issuer.example/credential");
    let expected = Expected {
        method: "POST",
        url: &address,
        access_token: Some("t0ken"),
    };
    assert_eq!(
        dpop::verify(&proof, &expected, |_| true, NOW).unwrap().key,
        key.public_key()
    );
    let other = Expected {
        access_token: Some("other"),
        ..expected
    };
    assert_eq!(
        dpop::verify(&proof, &other, |_| true, NOW),
        Err(DpopRefusal::OtherToken)
    );
    assert_eq!(dpop::verify(&proof, &expected, |_| false, NOW), Err(DpopRefusal::Nonce));
    // Each proof is another one, in place of the one before.
    nonces
        .prove(&mut request, DpopServer::Resource, &key, NOW, random)
        .unwrap();
    assert_eq!(request.headers.iter().filter(|(name, _)| *name == "dpop").count(), 1);
    assert_ne!(request.header("dpop"), Some(proof.as_str()));
    // A token that is bound to nothing needs no proof.
    let mut bearer = HttpRequest::get(address, "*/*").with_header("authorization", "Bearer t");
    nonces
        .prove(&mut bearer, DpopServer::Resource, &key, NOW, random)
        .unwrap();
    assert!(bearer.header("dpop").is_none());
}

#[test]
fn a_server_that_wants_its_nonce_gets_it_and_not_for_ever() {
    let (key, random) = (key(1), &mut PredictableRandom::from_seed(2));
    let address = url("https://issuer.example/credential");
    for (server, challenge) in [
        (DpopServer::Authorization, dpop::authorization_challenge("n1")),
        (DpopServer::Resource, dpop::resource_challenge("DPoP", "n1")),
        (DpopServer::Resource, dpop::resource_challenge("dPoP", "n1")),
        (DpopServer::Resource, dpop::resource_challenge("DPOP", "n1")),
    ] {
        let mut nonces = DpopNonces::default();
        let mut request = HttpRequest::post_form(address.clone(), &[]);
        nonces.prove(&mut request, server, &key, NOW, random).unwrap();
        assert!(nonces.again(&request, server, &challenge));
        nonces.prove(&mut request, server, &key, NOW, random).unwrap();
        let expected = Expected {
            method: "POST",
            url: &address,
            access_token: None,
        };
        let proof = request.header("dpop").unwrap();
        assert!(dpop::verify(proof, &expected, |nonce| nonce == Some("n1"), NOW).is_ok());
        assert!(
            nonces.again(&request, server, &challenge),
            "a nonce may have run out meanwhile"
        );
        assert!(!nonces.again(&request, server, &challenge), "but not for ever");
        // An ordinary answer with a nonce is no question, and the nonce is used next.
        let answer = HttpResponse::json(200, &json!({})).with_header("dpop-nonce", "n2");
        assert!(!nonces.again(&request, server, &answer));
        nonces.prove(&mut request, server, &key, NOW, random).unwrap();
        let proof = request.header("dpop").unwrap();
        assert!(dpop::verify(proof, &expected, |nonce| nonce == Some("n2"), NOW).is_ok());
    }
}

#[test]
fn nonces_of_the_two_servers_at_one_address_are_kept_apart() {
    let (key, random) = (key(1), &mut PredictableRandom::from_seed(2));
    let mut nonces = DpopNonces::default();
    let request = HttpRequest::post_form(url("https://one.example/nonce"), &[]);
    let answer = HttpResponse::json(200, &json!({})).with_header("dpop-nonce", "of-the-issuer");
    assert!(!nonces.again(&request, DpopServer::Resource, &answer));
    let address = url("https://one.example/token");
    let mut request = HttpRequest::post_form(address.clone(), &[]);
    nonces
        .prove(&mut request, DpopServer::Authorization, &key, NOW, random)
        .unwrap();
    let expected = Expected {
        method: "POST",
        url: &address,
        access_token: None,
    };
    let proof = request.header("dpop").unwrap();
    assert!(dpop::verify(proof, &expected, |nonce| nonce.is_none(), NOW).is_ok());
}

#[test]
fn a_challenge_without_nonce_or_for_a_request_without_proof_leads_to_nothing() {
    let address = url("https://issuer.example/credential");
    let (key, random) = (key(1), &mut PredictableRandom::from_seed(2));
    let mut nonces = DpopNonces::default();
    let plain = HttpRequest::post_form(address.clone(), &[]);
    assert!(!nonces.again(&plain, DpopServer::Resource, &dpop::resource_challenge("DPoP", "n")));
    let mut proved = HttpRequest::post_form(address, &[]);
    nonces
        .prove(&mut proved, DpopServer::Resource, &key, NOW, random)
        .unwrap();
    let without = HttpResponse::json(400, &json!({"error": "use_dpop_nonce"}));
    assert!(!nonces.again(&proved, DpopServer::Resource, &without));
    let odd = HttpResponse::json(400, &json!({"error": "use_dpop_nonce"})).with_header("dpop-nonce", "a b");
    assert!(!nonces.again(&proved, DpopServer::Resource, &odd));
}

#[test]
fn private_key_jwt_is_for_the_server_and_not_for_its_endpoint() {
    let (key, random) = (key(3), &mut PredictableRandom::from_seed(4));
    let authentication = ClientAuthentication::PrivateKeyJwt {
        client_id: "wallet",
        key_id: Some("k1"),
        signer: &key,
    };
    let mut request = HttpRequest::post_form(url("https://as.example/tenant/token"), &[("code", "c")]);
    authentication.apply(&mut request, &server(), NOW, random).unwrap();
    let first = form(&request, "client_assertion").unwrap();
    authentication.apply(&mut request, &server(), NOW, random).unwrap();
    let assertion = form(&request, "client_assertion").unwrap();
    assert_ne!(first, assertion, "each assertion is used once");
    assert_eq!(form(&request, "client_id").as_deref(), Some("wallet"));
    assert_eq!(form(&request, "code").as_deref(), Some("c"));
    assert_eq!(
        form(&request, "client_assertion_type").as_deref(),
        Some(client::ASSERTION_TYPE)
    );
    let ours = VerificationKey::from(key.public_key());
    assert!(client::verify_assertion(&assertion, "wallet", &ours, "https://as.example/tenant", NOW).is_ok());
    let endpoint = "https://as.example/tenant/token";
    assert!(client::verify_assertion(&assertion, "wallet", &ours, endpoint, NOW).is_err());
    assert!(client::verify_assertion(&assertion, "other", &ours, "https://as.example/tenant", NOW).is_err());
    let late = Timestamp::from_unix(NOW.as_unix() + 600);
    assert!(client::verify_assertion(&assertion, "wallet", &ours, "https://as.example/tenant", late).is_err());
}

#[test]
fn public_vectors_wallet_attestation() {
    let Some(file) = vectors::read("openid4vci/wallet-attestation.json") else {
        return;
    };
    let jwt = file["jwt"].as_str().unwrap();
    let payload = &file["expected_payload"];
    let jws = Jws::parse(jwt).unwrap();
    for name in ["typ", "alg"] {
        assert_eq!(jws.header().members[name], file["expected_header_without_x5c"][name]);
    }
    let leaf = Certificate::from_der(&jws.header().x5c[0]).unwrap();
    let signer = leaf.verification_key().unwrap();
    let at = Timestamp::from_unix(payload["nbf"].as_i64().unwrap());
    let attestation = ClientAttestation::verify(jwt, &signer, at).unwrap();
    assert_eq!(attestation.client_id(), payload["sub"]);
    assert_eq!(attestation.issuer().unwrap(), payload["iss"]);
    assert_eq!(attestation.key().to_jwk()["x"], payload["cnf"]["jwk"]["x"]);
    let after = Timestamp::from_unix(payload["exp"].as_i64().unwrap() + 120);
    assert_eq!(
        ClientAttestation::verify(jwt, &signer, after).err(),
        Some(AttestationError::Age)
    );
    let before = Timestamp::from_unix(payload["nbf"].as_i64().unwrap() - 120);
    assert_eq!(
        ClientAttestation::verify(jwt, &signer, before).err(),
        Some(AttestationError::Age)
    );
    // Its certificate is self-signed, which HAIP 1.0, 4.4.1, forbids.
    let anchors = wallet_credentials::trust::TrustAnchors::new();
    assert_eq!(
        ClientAttestation::verify_chain(jwt, &anchors, at).err(),
        Some(AttestationError::UnknownSigner)
    );
}

fn attested(provider: &SigningKey, instance: &SigningKey) -> ClientAttestation {
    let statement = ClientStatement {
        issuer: "https://provider.example",
        client_id: "https://wallet.example",
        wallet_name: "Wallet",
        issued_at: NOW,
        expires_at: Timestamp::from_unix(NOW.as_unix() + 3600),
    };
    let jwt = attestation::attest(&statement, &instance.public_key(), provider, &[]).unwrap();
    ClientAttestation::read(&jwt, &instance.public_key(), NOW).unwrap()
}

#[test]
fn test_client_attestation_challenge() {
    let (provider, instance, random) = (key(5), key(6), &mut PredictableRandom::from_seed(7));
    let attestation = attested(&provider, &instance);
    let mut challenge = AttestationChallenge::default();
    challenge.read(&attestation::challenge_response("c1")).unwrap();
    let mut send = |challenge: &AttestationChallenge| {
        let authentication = ClientAuthentication::Attestation {
            attestation: &attestation,
            signer: &instance,
            challenge: challenge.newest(),
        };
        let mut request = HttpRequest::post_form(url("https://as.example/par"), &[]);
        authentication.apply(&mut request, &server(), NOW, random).unwrap();
        assert_eq!(form(&request, "client_id").as_deref(), Some("https://wallet.example"));
        request
    };
    let verify = |request: &HttpRequest, expected: &str| {
        let provider = VerificationKey::from(provider.public_key());
        let received = ClientAttestation::verify(request.header(attestation::HEADER).unwrap(), &provider, NOW)?;
        let proof = request.header(attestation::PROOF_HEADER).unwrap();
        let ours = |given: Option<&str>| given == Some(expected);
        attestation::verify_proof(proof, &received, "https://as.example/tenant", ours, NOW)
    };
    let request = send(&challenge);
    assert!(verify(&request, "c1").is_ok());
    assert_eq!(verify(&request, "c2"), Err(AttestationError::Challenge));
    assert!(challenge.again(&attestation::challenge_refusal("c2")));
    assert!(verify(&send(&challenge), "c2").is_ok());
    // A fresh one may come with any answer, and a server that keeps asking is not believed for ever.
    let answer = HttpResponse::json(200, &json!({})).with_header(attestation::CHALLENGE_HEADER, "c3");
    assert!(!challenge.again(&answer));
    assert_eq!(challenge.newest(), Some("c3"));
    let asked = (0..5)
        .filter(|_| challenge.again(&attestation::challenge_refusal("c4")))
        .count();
    assert_eq!(asked, 2);
    let draft = HttpResponse::json(200, &json!({"challenge": "old name"}));
    assert!(AttestationChallenge::default().read(&draft).is_err(), "not a token");
    let draft = HttpResponse::json(200, &json!({"challenge": "old-name"}));
    assert!(AttestationChallenge::default().read(&draft).is_ok());
}

#[test]
fn attestations_of_others_are_no_authentication() {
    let (provider, instance, random) = (key(5), key(6), &mut PredictableRandom::from_seed(7));
    let attestation = attested(&provider, &instance);
    let stolen = ClientAuthentication::Attestation {
        attestation: &attestation,
        signer: &key(8),
        challenge: None,
    };
    let mut request = HttpRequest::post_form(url("https://as.example/par"), &[]);
    let refused = stolen.apply(&mut request, &server(), NOW, random);
    assert_eq!(refused, Err(AuthenticationError::OtherKey));
    let wrong = ClientAttestation::verify(attestation.as_str(), &VerificationKey::from(instance.public_key()), NOW);
    assert_eq!(wrong.err(), Some(AttestationError::Signature));
    let other = ClientAttestation::read(attestation.as_str(), &key(9).public_key(), NOW);
    assert_eq!(other.err(), Some(AttestationError::OtherKey));
    // The issuer tests of the suite: no `sub`, expired, proof for another server, proof by another key.
    let claims = |changes: serde_json::Value| {
        let mut claims =
            json!({"iss": "p", "sub": "w", "exp": NOW.as_unix() + 60, "cnf": {"jwk": instance.public_key().to_jwk()}});
        claims
            .as_object_mut()
            .unwrap()
            .extend(changes.as_object().unwrap().clone());
        SigningHeader::new("oauth-client-attestation+jwt")
            .sign_json(&claims, &provider)
            .unwrap()
    };
    let trusted = VerificationKey::from(provider.public_key());
    let verify = |jwt: &str| ClientAttestation::verify(jwt, &trusted, NOW).err();
    assert_eq!(verify(&claims(json!({}))), None);
    assert_eq!(verify(&claims(json!({"sub": null}))), Some(AttestationError::Malformed));
    assert_eq!(
        verify(&claims(json!({"exp": NOW.as_unix() - 600}))),
        Some(AttestationError::Age)
    );
    let mut request = HttpRequest::post_form(url("https://as.example/par"), &[]);
    let ours = ClientAuthentication::Attestation {
        attestation: &attestation,
        signer: &instance,
        challenge: None,
    };
    ours.apply(&mut request, &server(), NOW, random).unwrap();
    let proof = request.header(attestation::PROOF_HEADER).unwrap();
    let verified = |proof: &str, server: &str| attestation::verify_proof(proof, &attestation, server, |_| true, NOW);
    assert!(verified(proof, "https://as.example/tenant").is_ok());
    assert_eq!(
        verified(proof, "https://other.example"),
        Err(AttestationError::OtherAudience)
    );
    let (start, _) = proof.rsplit_once('.').unwrap();
    let forged = format!("{start}.{}", base64url::encode(&[1; 64]));
    assert_eq!(
        verified(&forged, "https://as.example/tenant"),
        Err(AttestationError::Signature)
    );
}
