//! Credential requests and responses in every variant: batches, key attestations, encryption, deferred issuance.

use serde_json::{Value, json};
use wallet_credentials::crypto::{
    AgreementKey, PredictableRandom, PublicKey, Random as _, Signer as _, SigningKey, VerificationKey,
};
use wallet_credentials::time::Timestamp;

use super::conformance::NOW;
use super::*;
use crate::oauth::attestation::AttestationError;

const ISSUER: &str = "https://issuer.example";

fn key(seed: u64) -> SigningKey {
    SigningKey::from_random(&mut PredictableRandom::from_seed(seed)).unwrap()
}

/// A token for the degree of an issuer with these members more.
fn granted(changes: &Value, configured: &Value) -> TokenGranted {
    let mut published = metadata(false);
    published
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    let configuration = &mut published["credential_configurations_supported"]["UniversityDegreeCredential"];
    configuration
        .as_object_mut()
        .unwrap()
        .extend(configured.as_object().unwrap().clone());
    let read = read_metadata(&published).unwrap();
    // What an issuer publishes and a wallet reads is the same.
    assert_eq!(read_metadata(&issuer::metadata_json(&read)).unwrap(), read);
    assert_schema("credential_issuer_metadata-1_0.json", &issuer::metadata_json(&read));
    let offer = json!({
        "credential_issuer": ISSUER,
        "credential_configuration_ids": ["UniversityDegreeCredential"],
        "grants": {"urn:ietf:params:oauth:grant-type:pre-authorized_code": {"pre-authorized_code": "x"}},
    });
    let offer = CredentialOffer::parse(offer.to_string().as_bytes(), HTTPS).unwrap();
    let accepted = ResolvedOffer::new(offer, read).unwrap().accept(&[], None, server());
    let accepted = accepted.map_err(|(error, _)| error).unwrap();
    accepted
        .granted(&issuer::token_response("t", 60, &[]))
        .map_err(|refused| refused.error)
        .unwrap()
}

fn nonce() -> Nonce {
    Nonce::read(&issuer::nonce_response("n0nce")).unwrap()
}

fn proofs(granted: &TokenGranted, keys: &[SigningKey], attestation: Option<&KeyAttestation>) -> Vec<KeyProof> {
    keys.iter()
        .map(|key| {
            let proof = granted
                .proof(&key.public_key(), Some(&nonce()), NOW, attestation)
                .unwrap();
            proof.sign(key).unwrap()
        })
        .collect()
}

fn receive(request: &HttpRequest) -> issuer::ReceivedCredentialRequest {
    let content_type = request.header("content-type").unwrap();
    issuer::ReceivedCredentialRequest::read(content_type, &request.body, Some(&issuer_key())).unwrap()
}

fn attestation(keys: &[SigningKey], provider: &SigningKey) -> KeyAttestation {
    let keys: Vec<PublicKey> = keys.iter().map(Signer::public_key).collect();
    let statement = KeyStatement {
        issuer: "https://provider.example",
        keys: &keys,
        nonce: Some("n0nce"),
        key_storage: &["iso_18045_moderate"],
        user_authentication: &[],
        issued_at: NOW,
        expires_at: Timestamp::from_unix(NOW.as_unix() + 600),
    };
    let jwt = attest_keys(&statement, provider, &[]).unwrap();
    KeyAttestation::read(&jwt, &keys, Some("n0nce"), NOW).unwrap()
}

#[test]
fn test_credential_issuance() {
    let sd_jwt = json!({});
    let mdoc = json!({"format": "mso_mdoc", "doctype": "org.iso.18013.5.1.mDL",
        "credential_signing_alg_values_supported": [-7], "cryptographic_binding_methods_supported": ["cose_key"]});
    for configured in [sd_jwt, mdoc] {
        let granted = granted(&json!({}), &configured);
        let random = &mut PredictableRandom::from_seed(1);
        let proofs = proofs(&granted, &[key(20)], None);
        let request = granted
            .credential_request(&granted.targets()[0], &proofs, None, random)
            .unwrap();
        assert_schema("credential_request-1_0.json", &body(&request));
        assert_eq!(request.header("content-type"), Some("application/json"));
        let received = receive(&request);
        assert_eq!(received.target.configuration_id, "UniversityDegreeCredential");
        assert!(received.response_encryption.is_none());
        let response = issuer::credential_response(&["c".to_owned()], None, None, random).unwrap();
        let read = CredentialResponse::read(&response, None);
        assert!(matches!(read, Ok(CredentialResponse::Issued { credentials, .. }) if credentials.len() == 1));
    }
}

#[test]
fn test_batch_credential_issuance() {
    let granted = granted(&json!({"batch_credential_issuance": {"batch_size": 10}}), &json!({}));
    assert_eq!(granted.metadata().batch_size(), 10);
    let keys: Vec<SigningKey> = (20..30).map(key).collect();
    let random = &mut PredictableRandom::from_seed(1);
    let proofs = proofs(&granted, &keys, None);
    let request = granted
        .credential_request(&granted.targets()[0], &proofs, None, random)
        .unwrap();
    assert_schema("credential_request-1_0.json", &body(&request));
    let issuer::ReceivedProofs::Jwt(received) = receive(&request).proofs else {
        panic!("jwt proofs")
    };
    // One nonce, ten different keys.
    let verify = |proof: &String| issuer::verify_proof(proof, ISSUER, |nonce| nonce == "n0nce", NOW).unwrap();
    let bound: Vec<PublicKey> = received.iter().map(verify).collect();
    assert!(bound.iter().enumerate().all(|(at, key)| !bound[..at].contains(key)));
    // They come back in the other order, one fewer, and each finds its key.
    let credentials: Vec<String> = (0..9).rev().map(|at| format!("credential {at}")).collect();
    let response = issuer::credential_response(&credentials, None, None, random).unwrap();
    let Ok(CredentialResponse::Issued { credentials, .. }) = CredentialResponse::read(&response, None) else {
        panic!("issued")
    };
    let arrived = bound[..9]
        .iter()
        .rev()
        .copied()
        .zip(credentials.iter().map(IssuedCredential::as_str));
    let handles = bound.iter().copied().zip(0..);
    for (at, credential) in match_to_keys(arrived, handles).unwrap() {
        assert_eq!(credential, format!("credential {at}"));
    }
}

#[test]
fn key_attestations_go_into_the_header_of_the_proofs() {
    let required = json!({"proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"],
        "key_attestations_required": {"key_storage": ["iso_18045_moderate"]}}}});
    let granted = granted(&json!({}), &required);
    let configuration = granted.configuration(&granted.targets()[0]).unwrap();
    assert!(configuration.proof_types.needs_key_attestation());
    let requirement = configuration.proof_types.jwt.clone().unwrap().key_attestation.unwrap();
    assert_eq!(requirement.key_storage, ["iso_18045_moderate"]);
    let (keys, provider) = ([key(20), key(21)], key(40));
    let attestation = attestation(&keys, &provider);
    let proofs = proofs(&granted, &keys, Some(&attestation));
    let random = &mut PredictableRandom::from_seed(1);
    let request = granted
        .credential_request(&granted.targets()[0], &proofs, None, random)
        .unwrap();
    let issuer::ReceivedProofs::Jwt(received) = receive(&request).proofs else {
        panic!("jwt proofs")
    };
    let trusted = VerificationKey::from(provider.public_key());
    for proof in &received {
        let key = issuer::verify_proof(proof, ISSUER, |nonce| nonce == "n0nce", NOW).unwrap();
        let jwt = issuer::key_attestation_in(proof).unwrap().unwrap();
        let attested = KeyAttestation::verify(&jwt, &trusted, NOW).unwrap();
        assert!(attested.keys().contains(&key) && attested.nonce() == Some("n0nce"));
        assert!(attested.expires_at().is_some());
    }
    // An attestation of other keys, or for another nonce, goes into no proof.
    let stranger = key(22).public_key();
    let refused = granted.proof(&stranger, Some(&nonce()), NOW, Some(&attestation));
    assert_eq!(refused.map(drop), Err(ProofError::NotAttested));
    let refused = granted.proof(&keys[0].public_key(), None, NOW, Some(&attestation));
    assert_eq!(refused.map(drop), Err(ProofError::NotAttested));
    let wrong = KeyAttestation::verify(attestation.as_str(), &VerificationKey::from(stranger), NOW);
    assert_eq!(wrong.err(), Some(AttestationError::Signature));
    let late = Timestamp::from_unix(NOW.as_unix() + 3600);
    assert_eq!(
        KeyAttestation::verify(attestation.as_str(), &trusted, late).err(),
        Some(AttestationError::Age)
    );
}

#[test]
fn a_key_attestation_is_a_proof_by_itself() {
    let only = json!({"proof_types_supported": {"attestation": {"proof_signing_alg_values_supported": ["ES256"],
        "key_attestations_required": {}}}});
    let granted = granted(&json!({}), &only);
    let (keys, provider) = ([key(20), key(21)], key(40));
    let attestation = attestation(&keys, &provider);
    let random = &mut PredictableRandom::from_seed(1);
    let request = granted
        .credential_request(&granted.targets()[0], &attestation, None, random)
        .unwrap();
    assert_schema("credential_request-1_0.json", &body(&request));
    assert_eq!(
        receive(&request).proofs,
        issuer::ReceivedProofs::Attestation(attestation.as_str().to_owned())
    );
    let without = granted.metadata().clone().without_key_attestations();
    assert_eq!(
        without.configuration("UniversityDegreeCredential").err(),
        Some(ConfigurationProblem::KeyAttestation)
    );
    // More than one is malformed (F.3).
    let text = attestation.as_str();
    let two =
        json!({"credential_configuration_id": "UniversityDegreeCredential", "proofs": {"attestation": [text, text]}});
    let read = issuer::ReceivedCredentialRequest::read("application/json", two.to_string().as_bytes(), None);
    assert_eq!(read.err(), Some(issuer::Refusal::InvalidProof));
}

fn encrypting(zip: bool) -> Value {
    let mut published = metadata(true);
    let mut changes = serde_json::Map::new();
    for name in ["credential_request_encryption", "credential_response_encryption"] {
        let mut value = published[name].take();
        if zip {
            value["zip_values_supported"] = json!(["DEF"]);
        }
        changes.insert(name.to_owned(), value);
    }
    Value::Object(changes)
}

#[test]
fn test_credential_issuance_encrypted() {
    for zip in [false, true] {
        let random = &mut PredictableRandom::from_seed(9);
        let granted = granted(&encrypting(zip), &json!({}));
        let encryption = ResponseEncryption::for_issuer(granted.metadata(), random)
            .unwrap()
            .unwrap();
        let proofs = proofs(&granted, &[key(20)], None);
        let request = granted
            .credential_request(&granted.targets()[0], &proofs, Some(&encryption), random)
            .unwrap();
        assert_eq!(request.header("content-type"), Some("application/jwt"));
        let wanted = receive(&request).response_encryption.unwrap();
        assert_eq!(wanted.zip, zip);
        // Compresses as documents may, to an eighth at most: what shrinks further is not read.
        let mut bytes = [0; 6_250];
        random.fill(&mut bytes).unwrap();
        let portrait: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
        let response =
            issuer::credential_response(std::slice::from_ref(&portrait), Some("n"), Some(&wanted), random).unwrap();
        assert_eq!(response.media_type(), "application/jwt");
        assert_eq!(response.body.len() < 20_000, zip);
        let Ok(CredentialResponse::Issued { credentials, .. }) = CredentialResponse::read(&response, Some(&encryption))
        else {
            panic!("issued")
        };
        assert_eq!(credentials[0].as_str(), portrait);
        // Another wallet's key opens nothing; a plain answer is refused; an error is never encrypted.
        let other = ResponseEncryption::for_issuer(granted.metadata(), random)
            .unwrap()
            .unwrap();
        let read = |response: &HttpResponse, key| CredentialResponse::read(response, Some(key)).map(drop);
        assert_eq!(read(&response, &other), Err(CredentialError::NotDecrypted));
        let plain = issuer::credential_response(std::slice::from_ref(&portrait), None, None, random).unwrap();
        assert_eq!(read(&plain, &encryption), Err(CredentialError::NotEncrypted));
        let refusal = issuer::Refusal::InvalidProof.response();
        assert_eq!(read(&refusal, &encryption), Err(CredentialError::InvalidProof));
    }
}

#[test]
fn a_compressed_answer_that_nobody_asked_for_or_that_is_endless_is_refused() {
    let random = &mut PredictableRandom::from_seed(9);
    let key = AgreementKey::from_random(random).unwrap();
    let wanted = issuer::WantedEncryption {
        key: EncryptionKey {
            key: key.public_key(),
            kid: None,
        },
        enc: ContentEncryption::A256Gcm,
        zip: true,
    };
    let response = issuer::credential_response(&["c".to_owned()], None, Some(&wanted), random).unwrap();
    let ours = ResponseEncryption::with_key(key, ContentEncryption::A256Gcm);
    let read = CredentialResponse::read(&response, Some(&ours)).map(drop);
    assert_eq!(read, Err(CredentialError::NotDecrypted));

    let granted = granted(&encrypting(true), &json!({}));
    let encryption = ResponseEncryption::for_issuer(granted.metadata(), random)
        .unwrap()
        .unwrap();
    let request = granted
        .credential_request(&granted.targets()[0], &[], Some(&encryption), random)
        .unwrap();
    let wanted = receive(&request).response_encryption.unwrap();
    let bomb = "a".repeat(MAX_MESSAGE + 1);
    let response = issuer::credential_response(&[bomb], None, Some(&wanted), random).unwrap();
    assert!(response.body.len() < 100_000);
    let read = CredentialResponse::read(&response, Some(&encryption)).map(drop);
    assert_eq!(read, Err(CredentialError::NotDecrypted));
}

#[test]
fn test_credential_issuance_deferred() {
    for encrypted in [false, true] {
        let random = &mut PredictableRandom::from_seed(9);
        let mut changes = if encrypted { encrypting(false) } else { json!({}) };
        changes["deferred_credential_endpoint"] = json!("https://issuer.example/deferred");
        let granted = granted(&changes, &json!({}));
        let encryption = ResponseEncryption::for_issuer(granted.metadata(), random).unwrap();
        let request = granted
            .credential_request(&granted.targets()[0], &[], encryption.as_ref(), random)
            .unwrap();
        let wanted = receive(&request).response_encryption;
        let response = issuer::deferred_response("t1", 0.25, wanted.as_ref(), random).unwrap();
        assert_eq!(response.status, 202);
        let Ok(CredentialResponse::Deferred {
            transaction_id,
            interval,
        }) = CredentialResponse::read(&response, encryption.as_ref())
        else {
            panic!("deferred")
        };
        assert_eq!((transaction_id.as_str(), interval), ("t1", 0.25));

        // After a restart: the handle as text, the token as it was saved, a fresh key for the answer.
        let saved = (transaction_id.as_str().to_owned(), granted.save().unwrap());
        let granted = TokenGranted::resume(&saved.1, granted.metadata().clone(), HTTPS).unwrap();
        let id = TransactionId::new(saved.0);
        let fresh = ResponseEncryption::for_issuer(granted.metadata(), random).unwrap();
        let request = granted.deferred_request(&id, fresh.as_ref(), random).unwrap().unwrap();
        assert_eq!(request.url.as_str(), "https://issuer.example/deferred");
        assert_eq!(request.header("authorization"), Some("Bearer t"));
        let content_type = request.header("content-type").unwrap();
        let (asked, wanted_now) =
            issuer::read_deferred_request(content_type, &request.body, Some(&issuer_key())).unwrap();
        assert_eq!(asked, "t1");
        assert_eq!(wanted_now.is_some(), encrypted);
        assert!(!encrypted || wanted_now != wanted, "a fresh key for each poll");
        let pending = issuer::deferred_response("t1", 60.0, wanted_now.as_ref(), random).unwrap();
        let read = CredentialResponse::read_deferred(&pending, fresh.as_ref(), &id);
        assert!(matches!(read, Ok(CredentialResponse::Deferred { interval: 60.0, .. })));
        let other = issuer::deferred_response("t2", 60.0, wanted_now.as_ref(), random).unwrap();
        let read = CredentialResponse::read_deferred(&other, fresh.as_ref(), &id).map(drop);
        assert_eq!(read, Err(CredentialError::Malformed), "the handle stays the same");
        let ready = issuer::credential_response(&["c".to_owned()], Some("n1"), wanted_now.as_ref(), random).unwrap();
        let read = CredentialResponse::read_deferred(&ready, fresh.as_ref(), &id);
        assert!(matches!(read, Ok(CredentialResponse::Issued { .. })));
    }
}

#[test]
fn deferred_answers_of_every_kind_are_understood() {
    let id = TransactionId::new("t1");
    let read = |response: &HttpResponse| CredentialResponse::read_deferred(response, None, &id);
    for (body, expected) in [
        (json!({"error": "issuance_pending", "interval": 7.5}), 7.5),
        (json!({"error": "issuance_pending"}), 5.0),
        (json!({"error": "issuance_pending", "interval": -1}), 5.0),
    ] {
        let Ok(CredentialResponse::Deferred {
            interval,
            transaction_id,
        }) = read(&HttpResponse::json(400, &body))
        else {
            panic!("pending")
        };
        assert_eq!((interval, transaction_id.as_str()), (expected, "t1"));
    }
    let gone = issuer::Refusal::InvalidTransactionId.response();
    assert_eq!(read(&gone).map(drop), Err(CredentialError::InvalidTransaction));
    let denied = issuer::Refusal::CredentialRequestDenied.response();
    assert_eq!(read(&denied).map(drop), Err(CredentialError::Denied));
    for refused in [
        json!({"transaction_id": "t1"}),
        json!({"transaction_id": "t1", "interval": 0}),
        json!({"transaction_id": "t1", "interval": 5, "credentials": [{"credential": "c"}]}),
    ] {
        assert!(read(&HttpResponse::json(202, &refused)).is_err(), "{refused}");
    }
    // An issuer without the endpoint cannot be asked.
    let granted = granted(&json!({}), &json!({}));
    let request = granted.deferred_request(&id, None, &mut PredictableRandom::from_seed(1));
    assert!(request.unwrap().is_none());
}

#[test]
fn every_error_of_the_credential_endpoint_has_its_kind() {
    for (refusal, expected) in [
        (
            issuer::Refusal::InvalidCredentialRequest,
            CredentialError::InvalidRequest,
        ),
        (
            issuer::Refusal::UnknownCredentialConfiguration,
            CredentialError::UnknownConfiguration,
        ),
        (
            issuer::Refusal::UnknownCredentialIdentifier,
            CredentialError::UnknownIdentifier,
        ),
        (issuer::Refusal::InvalidProof, CredentialError::InvalidProof),
        (issuer::Refusal::InvalidNonce, CredentialError::InvalidNonce),
        (
            issuer::Refusal::InvalidEncryptionParameters,
            CredentialError::InvalidEncryptionParameters,
        ),
        (issuer::Refusal::CredentialRequestDenied, CredentialError::Denied),
        (issuer::Refusal::InvalidToken, CredentialError::TokenNotAccepted),
        (
            issuer::Refusal::InvalidTransactionId,
            CredentialError::InvalidTransaction,
        ),
    ] {
        let read = CredentialResponse::read(&refusal.response(), None).map(drop);
        assert_eq!(read, Err(expected), "{refusal}");
    }
}

#[test]
fn test_credential_issuance_notification() {
    let granted = granted(&json!({}), &json!({}));
    let random = &mut PredictableRandom::from_seed(1);
    let response = issuer::credential_response(&["c".to_owned()], Some("n/1"), None, random).unwrap();
    let Ok(CredentialResponse::Issued { notification_id, .. }) = CredentialResponse::read(&response, None) else {
        panic!("issued")
    };
    for event in [
        NotificationEvent::Accepted,
        NotificationEvent::Failure,
        NotificationEvent::Deleted,
    ] {
        let request = granted
            .notification_request(notification_id.as_ref().unwrap(), event)
            .unwrap();
        assert_eq!(request.header("content-type"), Some("application/json"));
        assert_eq!(request.header("authorization"), Some("Bearer t"));
        assert_eq!(issuer::read_notification(&request.body), Ok(("n/1".to_owned(), event)));
    }
}
