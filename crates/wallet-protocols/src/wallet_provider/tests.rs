//! The wallet's end against the provider's.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, PKCS_ECDSA_P256_SHA256};
use wallet_credentials::crypto::{PredictableRandom, SigningKey};
use wallet_credentials::trust::{Role, TrustAnchor, TrustAnchors};

use super::*;
use crate::oauth::attestation::{ClientStatement, attest};
use crate::openid4vci::{KeyStatement, attest_keys};

const NOW: Timestamp = Timestamp::from_unix(1_780_000_000);
const HTTPS: TransportPolicy = TransportPolicy::HttpsOnly;
const PROVIDER: &str = "https://provider.example";

fn key(seed: u64) -> SigningKey {
    SigningKey::from_random(&mut PredictableRandom::from_seed(seed)).unwrap()
}

/// A provider with a certificate under an authority.
struct Provider {
    known: WalletProvider,
    signer: SigningKey,
    chain: Vec<Certificate>,
}

fn provider() -> Provider {
    let (root_key, leaf_key) = (
        KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(),
        KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(),
    );
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, "provider root");
    let root = Certificate::from_der(params.self_signed(&root_key).unwrap().der()).unwrap();
    let issuer = Issuer::new(params, root_key);
    let mut params = CertificateParams::default();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    params.distinguished_name.push(rcgen::DnType::CommonName, "provider");
    let leaf = Certificate::from_der(params.signed_by(&leaf_key, &issuer).unwrap().der()).unwrap();
    let der = leaf_key.serialize_der();
    let secret = <p256::SecretKey as p256::pkcs8::DecodePrivateKey>::from_pkcs8_der(&der).unwrap();
    let endpoint = |path: &str| Endpoint::parse(&format!("{PROVIDER}/{path}"), HTTPS).unwrap();
    Provider {
        known: WalletProvider {
            issuer: IssuerIdentifier::parse(PROVIDER, HTTPS).unwrap(),
            client_id: "https://wallet.example".to_owned(),
            trust_anchor: root.clone(),
            key_attestation_trust_anchor: root,
            challenge_endpoint: endpoint("challenge"),
            wallet_attestation_endpoint: endpoint("wallet"),
            key_attestation_endpoint: endpoint("keys"),
        },
        signer: SigningKey::from_bytes(&secret.to_bytes()).unwrap(),
        chain: vec![leaf],
    }
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_unix(NOW.as_unix() + seconds)
}

fn anchors(provider: &Provider) -> TrustAnchors {
    let anchor = TrustAnchor::authority(provider.known.trust_anchor.clone(), Role::WalletProvider);
    [anchor].into_iter().collect()
}

#[test]
fn a_provider_is_found_and_is_who_it_says() {
    let known = provider().known;
    let published = HttpResponse::json(200, &provider_json(&known));
    let request = WalletProvider::request(&known.issuer);
    assert_eq!(
        request.url.as_str(),
        "https://provider.example/.well-known/wallet-provider"
    );
    assert_eq!(WalletProvider::read(&known.issuer, &published, HTTPS).unwrap(), known);
    let other = IssuerIdentifier::parse("https://other.example", HTTPS).unwrap();
    let read = WalletProvider::read(&other, &published, HTTPS);
    assert_eq!(read.err(), Some(ProviderError::OtherProvider));
    let page = HttpResponse::new(404, "text/html", "");
    let read = WalletProvider::read(&known.issuer, &page, HTTPS);
    assert_eq!(read.err(), Some(ProviderError::Failed { status: 404 }));
}

#[test]
fn a_wallet_gets_an_attestation_for_its_key_and_an_issuer_trusts_it() {
    let provider = provider();
    let instance = key(1);
    let challenge = Challenge::read(&challenge_response("c1")).unwrap();
    let request = provider.known.attestation_request(&instance, &challenge, NOW).unwrap();
    let received = AttestationRequest::read(&request.body, PROVIDER, |given| given == "c1", NOW).unwrap();
    assert_eq!(received.instance, instance.public_key());
    let statement = ClientStatement {
        issuer: PROVIDER,
        client_id: &provider.known.client_id,
        wallet_name: "Wallet",
        issued_at: NOW,
        expires_at: later(3600),
    };
    let jwt = attest(&statement, &received.instance, &provider.signer, &provider.chain).unwrap();
    let answer = wallet_attestation_response(&jwt);
    let attestation = provider
        .known
        .read_attestation(&answer, &instance.public_key(), NOW)
        .unwrap();
    let verified = ClientAttestation::verify_chain(attestation.as_str(), &anchors(&provider), NOW).unwrap();
    assert_eq!(verified.client_id(), "https://wallet.example");
    let nobody = ClientAttestation::verify_chain(attestation.as_str(), &TrustAnchors::new(), NOW);
    assert_eq!(nobody.err(), Some(AttestationError::UnknownSigner));
    let other = provider.known.read_attestation(&answer, &key(2).public_key(), NOW);
    assert_eq!(
        other.err(),
        Some(ProviderError::Attestation(AttestationError::OtherKey))
    );

    // A challenge of somebody else, and a proof for somebody else.
    let refused = AttestationRequest::read(&request.body, PROVIDER, |_| false, NOW);
    assert_eq!(refused.err(), Some(ProviderRefusal::InvalidChallenge));
    let refused = AttestationRequest::read(&request.body, "https://other.example", |_| true, NOW);
    assert_eq!(refused.err(), Some(ProviderRefusal::InvalidProof));
    let refused = AttestationRequest::read(&request.body, PROVIDER, |_| true, later(3600));
    assert_eq!(refused.err(), Some(ProviderRefusal::InvalidProof));
}

#[test]
fn keys_are_attested_when_each_was_proved_and_the_nonce_is_the_issuers() {
    let provider = provider();
    let (instance, keys) = (key(1), [key(2), key(3)]);
    let challenge = Challenge::read(&challenge_response("c1")).unwrap();
    let nonce = Nonce::read(&crate::openid4vci::issuer::nonce_response("n0nce")).unwrap();
    let proof = |key: &SigningKey| {
        let proof = provider.known.key_proof(&key.public_key(), &challenge, NOW).unwrap();
        proof.sign(key).unwrap()
    };
    let proofs: Vec<KeyProof> = keys.iter().map(proof).collect();
    let request = |proofs: &[KeyProof]| {
        let request = provider
            .known
            .key_attestation_request(&instance, proofs, Some(&nonce), &challenge, NOW);
        request.unwrap()
    };
    let body = request(&proofs).body;
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(!text.contains("issuer.example"), "the provider never learns the issuer");
    let received = KeyAttestationRequest::read(&body, PROVIDER, |given| given == "c1", NOW).unwrap();
    let ours: Vec<PublicKey> = keys.iter().map(Signer::public_key).collect();
    assert_eq!((&received.keys, received.nonce.as_deref()), (&ours, Some("n0nce")));
    let statement = KeyStatement {
        issuer: PROVIDER,
        keys: &received.keys,
        nonce: received.nonce.as_deref(),
        key_storage: &[SOFTWARE_KEYS],
        user_authentication: &[],
        issued_at: NOW,
        expires_at: later(600),
    };
    let jwt = attest_keys(&statement, &provider.signer, &provider.chain).unwrap();
    let answer = key_attestation_response(&jwt);
    let attestation = provider
        .known
        .read_key_attestation(&answer, &ours, Some(&nonce), NOW)
        .unwrap();
    let verified = KeyAttestation::verify_chain(attestation.as_str(), &anchors(&provider), NOW).unwrap();
    assert_eq!(verified.keys(), ours);
    assert_eq!(verified.key_storage(), [SOFTWARE_KEYS], "the true grade");

    // Less than asked for, or for another nonce, is not taken.
    let more = [ours.clone(), vec![key(4).public_key()]].concat();
    let read = provider.known.read_key_attestation(&answer, &more, Some(&nonce), NOW);
    assert_eq!(read.err(), Some(ProviderError::Attestation(AttestationError::OtherKey)));
    let read = provider.known.read_key_attestation(&answer, &ours, None, NOW);
    assert_eq!(
        read.err(),
        Some(ProviderError::Attestation(AttestationError::Challenge))
    );
    // A key proved twice, none at all, and a proof of the wrong kind.
    let twice = request(&[proof(&keys[0]), proof(&keys[0])]).body;
    let refused = |body: &[u8]| KeyAttestationRequest::read(body, PROVIDER, |_| true, NOW).err();
    assert_eq!(refused(&twice), Some(ProviderRefusal::InvalidProof));
    assert_eq!(refused(&request(&[]).body), Some(ProviderRefusal::InvalidRequest));
    let wrong = provider.known.instance_proof(&keys[0], &challenge, NOW).unwrap();
    assert_eq!(refused(&request(&[wrong]).body), Some(ProviderRefusal::InvalidProof));
}

#[test]
fn a_nonce_that_tells_whose_it_is_is_noticed() {
    let issuer = IssuerIdentifier::parse("https://Issuer.example/tenant", HTTPS).unwrap();
    let nonce = |text: &str| Nonce::read(&crate::openid4vci::issuer::nonce_response(text)).unwrap();
    let claims = base64url::encode(br#"{"aud":"https://issuer.example/tenant"}"#);
    for telling in [
        "https://issuer.example/1".to_owned(),
        format!("eyJhbGciOiJFUzI1NiJ9.{claims}.c2ln"),
        format!("{claims}=="),
    ] {
        assert!(reveals_issuer(&nonce(&telling), &issuer), "{telling}");
    }
    for silent in ["wKI4LT17ac15ES9bw8ac4", "a.b.c", "{}"] {
        assert!(!reveals_issuer(&nonce(silent), &issuer), "{silent}");
    }
}
