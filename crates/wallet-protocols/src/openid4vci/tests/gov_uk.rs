//! GOV.UK Wallet's dialect, as its technical documentation and its example issuer have it.

use serde_json::{Value, json};
use wallet_credentials::crypto::{PredictableRandom, Signer as _, SigningKey, VerificationKey};
use wallet_credentials::jose::{Jws, SigningHeader, did};
use wallet_credentials::trust::Certificate;

use super::conformance::NOW;
use super::*;

const ISSUER: &str = "https://example-credential-issuer.gov.uk";
const ID: &str = "FishingLicenceCredential";

/// The metadata of the documentation's example, with the display of the example issuer.
fn published() -> Value {
    json!({
        "credential_issuer": ISSUER,
        "authorization_servers": ["https://token.account.gov.uk"],
        "credential_endpoint": "https://example-credential-issuer.gov.uk/credential",
        "mdoc_iacas_uri": "https://example-credential-issuer.gov.uk/iacas",
        "notification_endpoint": "https://example-credential-issuer.gov.uk/notification",
        "credential_configurations_supported": {
            ID: {
                "format": "mso_mdoc",
                "doctype": "uk.gov.example-credential-issuer.fishingLicence.1",
                "cryptographic_binding_methods_supported": ["cose_key"],
                "credential_signing_alg_values_supported": ["ES256"],
                "credential_refresh_web_journey_url": "https://example-credential-issuer.gov.uk/fishing-refresh",
                "credential_validity_period_max_days": 90,
                "credential_metadata": {
                    "display": [
                        {"locale": "en", "name": "Fishing licence", "background_color_1": "#74ebd5",
                            "background_color_2": "#acb6e5"},
                        {"locale": "cy", "name": "Trwydded bysgota"},
                    ],
                    "claims": [{"path": ["org.iso.18013.5.1", "document_number"], "mandatory": true,
                        "value_type": "string",
                        "display": [{"locale": "en", "name": "Licence number"}, {"locale": "cy", "name": "Rhif trwydded"}]}],
                },
            },
            "DigitalVeteranCard": {
                "format": "jwt_vc_json",
                "credential_definition": {"type": ["VerifiableCredential", "digitalVeteranCard"]},
                "cryptographic_binding_methods_supported": ["did:key"],
                "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
            },
        },
    })
}

fn offer() -> Value {
    json!({
        "credential_configuration_ids": [ID],
        "grants": {"urn:ietf:params:oauth:grant-type:pre-authorized_code": {"pre-authorized_code": "eyJ.eyJ.sig"}},
        "credential_issuer": ISSUER,
    })
}

fn resolved() -> ResolvedOffer {
    let offer = CredentialOffer::parse(offer().to_string().as_bytes(), HTTPS).unwrap();
    ResolvedOffer::new(offer, read_metadata(&published()).unwrap()).unwrap()
}

/// An access token as the documentation shows it.
fn access_token(claims: &Value) -> String {
    let server = SigningKey::from_random(&mut PredictableRandom::from_seed(50)).unwrap();
    SigningHeader::new("at+jwt").sign_json(claims, &server).unwrap()
}

fn granted(token: &str) -> TokenGranted {
    let resolved = resolved();
    let server = govuk::unpublished_server(resolved.authorization_server(), HTTPS).unwrap();
    let accepted = resolved.accept(&[], None, server).map_err(|(error, _)| error).unwrap();
    let request = accepted.token_request();
    assert_eq!(request.url.as_str(), "https://token.account.gov.uk/token");
    let form = String::from_utf8(request.body.to_vec()).unwrap();
    assert!(!form.contains("client_id"));
    let answer = issuer::TokenAnswer {
        expires_in: Some(180),
        refresh_token: Some("r"),
        ..issuer::TokenAnswer::bearer(token)
    };
    accepted
        .granted(&answer.response())
        .map_err(|refused| refused.error)
        .unwrap()
}

#[test]
fn gov_uk_offers_are_read_percent_encoded_and_base64url() {
    let json = offer().to_string();
    for place in [
        "mobile.account.gov.uk/wallet",
        "mobile.integration.account.gov.uk/wallet-test",
    ] {
        let percent = crate::http::encode_form(&[("credential_offer", &json)]);
        let plain = format!("https://{place}/add?{percent}");
        let encoded = format!(
            "https://{place}/add?credential_offer={}",
            base64url::encode(json.as_bytes())
        );
        let padded = format!("{encoded}==");
        for link in [plain, encoded, padded] {
            assert!(is_offer_link(&link));
            let Ok(OfferLink::ByValue(read)) = OfferLink::parse(&link, HTTPS) else {
                panic!("{link}")
            };
            assert_eq!(read.to_json(), offer());
        }
    }
    let nonsense = "https://mobile.account.gov.uk/wallet/add?credential_offer=bm90IGpzb24";
    assert_eq!(OfferLink::parse(nonsense, HTTPS).err(), Some(OfferError::Malformed));
}

#[test]
fn gov_uk_metadata_is_recognised_by_its_own_members() {
    let read = read_metadata(&published()).unwrap();
    assert!(read.gov_uk.as_ref().unwrap().iacas.is_some());
    assert_eq!(read.batch_size(), 1);
    let veteran = read.configuration("DigitalVeteranCard").unwrap();
    assert_eq!(
        veteran.format.format(),
        wallet_credentials::credential::Format::JwtVcJson
    );
    assert_eq!(veteran.format.credential_type(), "digitalVeteranCard");
    assert!(veteran.proof_required);
    let licence = read.configuration(ID).unwrap();
    assert!(licence.proof_required && !licence.proof_types.needs_key_attestation());
    let beside = licence.gov_uk.as_ref().unwrap();
    assert_eq!(beside.validity_days, Some(90));
    assert_eq!(
        beside.refresh_journey.as_ref().unwrap().as_str(),
        "https://example-credential-issuer.gov.uk/fishing-refresh"
    );
    let display = Display::for_language(&licence.display, "en").unwrap();
    assert_eq!(display.background_color.as_deref(), Some("#74ebd5"));
    assert_eq!(display.background_color_2.as_deref(), Some("#acb6e5"));
    assert_eq!(
        Display::for_language(&licence.display, "cy").unwrap().name,
        "Trwydded bysgota"
    );
    assert_eq!(
        LocalName::for_language(&licence.claims[0].display, "cy").unwrap().name,
        "Rhif trwydded"
    );

    // Without those members it is version 1.0, which refuses what this dialect leaves out.
    let mut plain = published();
    plain.as_object_mut().unwrap().remove("mdoc_iacas_uri");
    let configuration = &mut plain["credential_configurations_supported"][ID];
    configuration
        .as_object_mut()
        .unwrap()
        .remove("credential_refresh_web_journey_url");
    let read = read_metadata(&plain).unwrap();
    assert!(read.gov_uk.is_none());
    assert_eq!(
        read.configuration(ID).err(),
        Some(ConfigurationProblem::BindingWithoutProof)
    );
    let mut nonces = published();
    nonces["nonce_endpoint"] = json!("https://example-credential-issuer.gov.uk/nonce");
    assert!(read_metadata(&nonces).unwrap().gov_uk.is_none());
}

#[test]
fn a_gov_uk_refresh_journey_is_on_gov_uk() {
    for (url, expected) in [
        ("https://service.gov.uk/refresh", true),
        ("https://gov.uk.example/refresh", false),
        ("https://notgov.uk/refresh", false),
        ("http://service.gov.uk/refresh", false),
    ] {
        let mut value = published();
        value["credential_configurations_supported"][ID]["credential_refresh_web_journey_url"] = json!(url);
        let read = read_metadata(&value).unwrap();
        let beside = read.configuration(ID).unwrap().gov_uk.clone().unwrap();
        assert_eq!(beside.refresh_journey.is_some(), expected, "{url}");
    }
}

#[test]
fn a_gov_uk_document_is_had_with_one_proof_and_the_nonce_of_the_token() {
    let token = access_token(
        &json!({"sub": "urn:fdc:wallet.account.gov.uk:2024:x", "iss": "https://token.account.gov.uk",
        "aud": ISSUER, "credential_identifiers": ["daa01d3e-b17c-4c8a-8adf-ef808b456c9c"],
        "c_nonce": "657a09cd-7165-486d-a858-065eb23f7a8d"}),
    );
    let granted = granted(&token);
    assert!(granted.nonce_request().is_none());
    let nonce = granted.nonce_in_token().unwrap();
    assert_eq!(nonce.as_str(), "657a09cd-7165-486d-a858-065eb23f7a8d");
    let random = &mut PredictableRandom::from_seed(51);
    let key = SigningKey::from_random(random).unwrap();
    let proof = granted.proof(&key.public_key(), Some(&nonce), NOW, None).unwrap();
    let proof = proof.sign(&key).unwrap();
    let jws = Jws::parse(proof.as_str()).unwrap();
    assert_eq!(
        jws.header().kid.as_deref(),
        Some(did::did_key(&key.public_key()).as_str())
    );
    assert!(jws.header().is_type("openid4vci-proof+jwt") && jws.header().jwk.is_none());
    let payload = jws.verify(&VerificationKey::from(key.public_key())).unwrap();
    let claims: Value = serde_json::from_slice(&payload).unwrap();
    let expected =
        json!({"iss": "urn:fdc:gov:uk:wallet", "aud": ISSUER, "iat": NOW.as_unix(), "nonce": nonce.as_str()});
    assert_eq!(claims, expected);

    let verify = |issuer: &str, nonce: &str| govuk::verify_proof(proof.as_str(), issuer, nonce, NOW);
    assert_eq!(verify(ISSUER, nonce.as_str()), Ok(key.public_key()));
    assert_eq!(verify(ISSUER, "other"), Err(issuer::Refusal::InvalidNonce));
    assert_eq!(
        verify("https://other.gov.uk", nonce.as_str()),
        Err(issuer::Refusal::InvalidProof)
    );
    let proofs = [proof];
    let request = granted
        .credential_request(&granted.targets()[0], &proofs, None, random)
        .unwrap();
    assert_eq!(
        body(&request),
        json!({"proof": {"proof_type": "jwt", "jwt": proofs[0].as_str()}})
    );
    assert_eq!(
        request.header("authorization"),
        Some(format!("Bearer {token}").as_str())
    );
    let none: [KeyProof; 0] = [];
    let refused = granted.credential_request(&granted.targets()[0], &none, None, random);
    assert_eq!(refused.err(), Some(CredentialError::Proofs));
    let response = issuer::credential_response(&["b64".to_owned()], Some("n"), None, random).unwrap();
    let Ok(CredentialResponse::Issued { notification_id, .. }) = CredentialResponse::read(&response, None) else {
        panic!("issued")
    };
    let told = granted
        .notification_request(&notification_id.unwrap(), NotificationEvent::Accepted)
        .unwrap();
    assert_eq!(told.url.path(), "/notification");

    // Again, with the refresh token: another token, and with it another nonce.
    let fresh = access_token(&json!({"c_nonce": "second"}));
    let answer = issuer::TokenAnswer::bearer(&fresh).response();
    let granted = granted.refreshed(&answer).map_err(|(error, _)| error).unwrap();
    assert_eq!(granted.nonce_in_token().unwrap().as_str(), "second");
}

#[test]
fn a_token_without_nonce_gives_none() {
    for token in [
        "opaque".to_owned(),
        access_token(&json!({"sub": "x"})),
        access_token(&json!({"c_nonce": ""})),
    ] {
        assert!(granted(&token).nonce_in_token().is_none());
    }
    // In version 1.0 a nonce is never taken from a token.
    let token = access_token(&json!({"c_nonce": "n"}));
    let plain = accept(&json!({"urn:ietf:params:oauth:grant-type:pre-authorized_code": {"pre-authorized_code": "x"}}));
    let plain = plain
        .granted(&issuer::token_response(&token, 60, &[]))
        .map_err(|refused| refused.error)
        .unwrap();
    assert!(plain.nonce_in_token().is_none());
}

#[test]
fn gov_uk_certificates_have_the_fingerprints_they_are_listed_with() {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let made = rcgen::CertificateParams::default().self_signed(&key).unwrap();
    let certificate = Certificate::from_der(made.der()).unwrap();
    let listed = govuk::iacas_json(&[&certificate]);
    let read = |value: &Value| govuk::read_iacas(&HttpResponse::json(200, value));
    assert_eq!(read(&listed).unwrap(), [certificate]);
    let mut changed = listed.clone();
    changed["data"][0]["certificateFingerprint"] = json!("00".repeat(32));
    assert_eq!(read(&changed), Err(govuk::IacasError::Fingerprint));
    changed["data"][0]["active"] = json!(false);
    assert_eq!(read(&changed).unwrap(), []);
    let mut changed = listed;
    changed["data"][0]["certificatePem"] = json!("-----BEGIN");
    assert_eq!(read(&changed), Err(govuk::IacasError::Malformed));
    let endpoint = read_metadata(&published())
        .unwrap()
        .gov_uk
        .unwrap()
        .iacas_request()
        .unwrap();
    assert_eq!(endpoint.url.path(), "/iacas");
}

#[test]
fn gov_uk_codes_and_tokens_are_for_one_server_and_one_issuer() {
    let key = |seed| SigningKey::from_random(&mut PredictableRandom::from_seed(seed)).unwrap();
    let (signer, other) = (key(60), key(61));
    let server = "https://token.account.gov.uk";
    let at = |seconds: i64| wallet_credentials::time::Timestamp::from_unix(NOW.as_unix() + seconds);
    let code = govuk::PreAuthorizedClaims {
        audience: format!("{server}/"),
        issuer: ISSUER.to_owned(),
        client_id: "client".to_owned(),
        identifier: "daa01d3e".to_owned(),
        issued_at: NOW,
        expires_at: at(900),
    };
    let verify = |code: &govuk::PreAuthorizedClaims, by: &SigningKey, now| {
        let text = code.sign(&signer).unwrap();
        govuk::PreAuthorizedClaims::verify(&text, &VerificationKey::from(by.public_key()), server, now)
    };
    assert_eq!(verify(&code, &signer, NOW), Ok(code.clone()));
    assert_eq!(verify(&code, &other, NOW), Err(issuer::Refusal::InvalidGrant));
    assert_eq!(verify(&code, &signer, at(900)), Err(issuer::Refusal::InvalidGrant));
    let endless = govuk::PreAuthorizedClaims {
        expires_at: at(7200),
        ..code
    };
    assert_eq!(verify(&endless, &signer, NOW), Err(issuer::Refusal::InvalidGrant));

    let token = govuk::AccessTokenClaims {
        issuer: server.to_owned(),
        audience: ISSUER.to_owned(),
        subject: "urn:fdc:wallet.account.gov.uk:2024:x".to_owned(),
        identifier: Some("daa01d3e".to_owned()),
        nonce: "n".to_owned(),
        jti: "j".to_owned(),
        expires_at: at(180),
    };
    let text = token.sign(&signer).unwrap();
    let verify = |text: &str, by: &SigningKey, issuer: &str, now| {
        govuk::AccessTokenClaims::verify(text, &govuk::jwks(&by.public_key()), server, issuer, now)
    };
    assert_eq!(verify(&text, &signer, ISSUER, NOW), Ok(token));
    let refused = Err(issuer::Refusal::InvalidToken);
    assert_eq!(verify(&text, &other, ISSUER, NOW), refused);
    assert_eq!(verify(&text, &signer, "https://other.gov.uk", NOW), refused);
    assert_eq!(verify(&text, &signer, ISSUER, at(180)), refused);
    assert_eq!(verify(&format!("{text}x"), &signer, ISSUER, NOW), refused);
}
