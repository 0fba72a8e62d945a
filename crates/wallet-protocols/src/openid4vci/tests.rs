//! The public OpenID4VCI vectors, the schemas of the official suite, and our issuer against our holder.

use serde_json::{Value, json};
use wallet_credentials::crypto::{AgreementKey, PredictableRandom, Signer, SigningKey};
use wallet_credentials::jose::{ContentEncryption, EncryptionKey, base64url};
use wallet_credentials::time::Timestamp;

use super::*;
use crate::endpoint::{IssuerIdentifier, TransportPolicy};
use crate::http::{HttpRequest, HttpResponse, Method};
use crate::vectors;

mod conformance;
mod gov_uk;
mod issuing;
mod unusual;

const HTTPS: TransportPolicy = TransportPolicy::HttpsOnly;

fn identifier(text: &str) -> IssuerIdentifier {
    IssuerIdentifier::parse(text, HTTPS).unwrap()
}

fn read_metadata(value: &Value) -> Result<IssuerMetadata, MetadataError> {
    let issuer = identifier(value["credential_issuer"].as_str().unwrap());
    IssuerMetadata::read(&issuer, &HttpResponse::json(200, value), HTTPS)
}

fn agreement_key(jwk: &Value) -> AgreementKey {
    AgreementKey::from_bytes(&base64url::decode(jwk["d"].as_str().unwrap()).unwrap()).unwrap()
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn assert_schema(name: &str, value: &Value) {
    let Some(schema) = vectors::read(&format!("schemas/{name}")) else {
        return;
    };
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{name}: {errors:?}");
}

#[test]
fn public_vectors_credential_offers() {
    let Some(file) = vectors::read("openid4vci/credential-offers.json") else {
        return;
    };
    for case in file["cases"].as_array().unwrap() {
        let offer = CredentialOffer::parse(case["offer"].to_string().as_bytes(), HTTPS).unwrap();
        let expected = &case["expected"];
        assert_eq!(offer.credential_issuer.as_str(), expected["issuer"]);
        assert_eq!(json!(offer.credential_configuration_ids), expected["configuration_ids"]);
        let grant = offer.grants.pre_authorized_code.as_ref();
        let code = grant.and_then(|grant| grant.transaction_code.as_ref());
        assert_eq!(code.is_some(), expected["tx_code_required"] == true);
        if let Some(code) = code {
            assert_eq!(json!(code.description), expected["tx_code"]["description"]);
            assert_eq!(
                json!(code.length),
                *expected["tx_code"].get("length").unwrap_or(&Value::Null)
            );
            let mode = if code.input_mode == InputMode::Numeric {
                "numeric"
            } else {
                "text"
            };
            assert_eq!(mode, expected["input_mode_effective"]);
        }
        // What we would emit says the same, and the official suite accepts it.
        assert_schema("credential_offer-1_0.json", &offer.to_json());
        let again = CredentialOffer::parse(offer.to_json().to_string().as_bytes(), HTTPS).unwrap();
        assert_eq!(again.to_json(), offer.to_json());
    }
    for case in file["uri_cases"].as_array().unwrap() {
        let uri = case["uri"].as_str().unwrap();
        assert!(is_offer_link(uri));
        match OfferLink::parse(uri, HTTPS).unwrap() {
            OfferLink::ByValue(offer) => {
                assert_eq!(case["expected_param"], "credential_offer");
                assert_eq!(offer.to_json(), case["decoded"]);
            }
            OfferLink::ByReference(reference) => {
                assert_eq!(case["expected_param"], "credential_offer_uri");
                assert_eq!(reference.endpoint().as_str(), case["decoded"]);
                assert_eq!(reference.request().method, Method::Get);
            }
        }
    }
}

#[test]
fn public_vectors_age_verification_offers() {
    let Some(file) = vectors::read("age-verification/credential-offers.json") else {
        return;
    };
    for case in file["cases"].as_array().unwrap() {
        let OfferLink::ByValue(offer) = OfferLink::parse(case["uri"].as_str().unwrap(), HTTPS).unwrap() else {
            panic!("by value")
        };
        assert_eq!(offer.to_json(), case["decoded"]);
    }
}

#[test]
fn a_code_asked_for_without_description_is_still_asked_for() {
    let text = br#"{"credential_issuer":"https://i.example","credential_configuration_ids":["a"],
        "grants":{"urn:ietf:params:oauth:grant-type:pre-authorized_code":{"pre-authorized_code":"x","tx_code":{}}}}"#;
    let offer = CredentialOffer::parse(text, HTTPS).unwrap();
    let code = offer.grants.pre_authorized_code.unwrap().transaction_code.unwrap();
    assert_eq!(
        (code.input_mode, code.length, code.description),
        (InputMode::Numeric, None, None)
    );
}

#[test]
fn other_links_are_not_offers() {
    for link in [
        "",
        "hello",
        "openid4vp://?client_id=a&request_uri=https://x",
        "https://x/",
        "openid-credential-offer://",
    ] {
        assert!(!is_offer_link(link), "{link}");
    }
    assert!(is_offer_link("haip-vci://?credential_offer_uri=https%3A%2F%2Fx"));
    assert!(is_offer_link(
        "https://wallet.example/add?credential_offer_uri=https%3A%2F%2Fx"
    ));
    let plain = "openid-credential-offer://?credential_offer_uri=http%3A%2F%2F127.0.0.1%3A9000%2Fo";
    assert!(OfferLink::parse(plain, HTTPS).is_err());
    assert!(OfferLink::parse(plain, TransportPolicy::HttpAllowed).is_ok());
}

#[test]
fn public_vectors_well_known_urls() {
    let Some(file) = vectors::read("openid4vci/well-known-urls.json") else {
        return;
    };
    for case in file["cases"].as_array().unwrap() {
        let issuer = identifier(case["credential_issuer"].as_str().unwrap());
        assert_eq!(
            issuer_metadata_requests(&issuer)[0].url.as_str(),
            case["issuer_metadata_url"]
        );
        let server = authorization_server_metadata_requests(&issuer);
        assert_eq!(server[0].url.as_str(), case["as_metadata_url_if_issuer_is_as"]);
        for wrong in file["wrong_but_common"].as_array().unwrap() {
            assert_ne!(issuer_metadata_requests(&issuer)[0].url.as_str(), wrong);
        }
    }
}

#[test]
fn public_vectors_issuer_metadata() {
    let Some(file) = vectors::read("openid4vci/issuer-metadata-sd-jwt.json") else {
        return;
    };
    let metadata = read_metadata(&file["metadata"]).unwrap();
    let expected = &file["expected"];
    assert_eq!(metadata.nonce_endpoint.is_some(), expected["nonce_endpoint"] == true);
    assert_eq!(
        json!(metadata.request_encryption.as_ref().unwrap().required),
        expected["request_encryption_required"]
    );
    assert_eq!(
        json!(metadata.response_encryption.as_ref().unwrap().required),
        expected["response_encryption_required"]
    );
    assert_eq!(json!(metadata.batch_size()), expected["batch_size"]);
    assert_eq!(
        Display::for_language(&metadata.display, "fr").unwrap().name,
        "Example Université"
    );
    assert_eq!(
        Display::for_language(&metadata.display, "cy").unwrap().name,
        "Example University"
    );
    // This issuer wants a key attestation, which a wallet without provider cannot give: said, not overlooked.
    let id = expected["configuration_ids"][0].as_str().unwrap();
    assert!(metadata.configuration(id).unwrap().proof_types.needs_key_attestation());
    assert_eq!(
        metadata.without_key_attestations().configuration(id).err(),
        Some(ConfigurationProblem::KeyAttestation)
    );
    let mut without = file["metadata"].clone();
    without["credential_configurations_supported"][id]["proof_types_supported"]["jwt"]
        .as_object_mut()
        .unwrap()
        .remove("key_attestations_required");
    let metadata = read_metadata(&without).unwrap();
    let configuration = metadata.configuration(id).unwrap();
    assert_eq!(configuration.format.credential_type(), id);
    assert_eq!(configuration.claims.len(), 13);
    assert_eq!(
        LocalName::for_language(&configuration.claims[0].display, "de")
            .unwrap()
            .name,
        "Vorname"
    );
}

#[test]
fn public_vectors_issuer_metadata_mdoc() {
    let Some(file) = vectors::read("openid4vci/issuer-metadata-mdoc.json") else {
        return;
    };
    let mut value = file["metadata_fragment"].clone();
    value["credential_issuer"] = json!("https://issuer.example");
    value["credential_endpoint"] = json!("https://issuer.example/credential");
    let id = "org.iso.18013.5.1.mDL";
    let problem = read_metadata(&value).unwrap().configuration(id).err();
    assert_eq!(problem, Some(ConfigurationProblem::BindingWithoutProof));
    value["credential_configurations_supported"][id]["proof_types_supported"] =
        json!({"jwt": {"proof_signing_alg_values_supported": ["ES256"]}});
    let metadata = read_metadata(&value).unwrap();
    let configuration = metadata.configuration(id).unwrap();
    assert_eq!(configuration.format.format().as_str(), file["expected"]["format"]);
    assert_eq!(configuration.format.credential_type(), file["expected"]["doctype"]);
    assert!(configuration.claims.iter().any(|claim| claim.mandatory));
}

#[test]
fn public_vectors_negative_openid4vci() {
    let Some(file) = vectors::read("negative/openid4vci.json") else {
        return;
    };
    let context = &file["context"];
    let mut counted = 0;
    for case in file["cases"].as_array().unwrap() {
        let accepted = match case["kind"].as_str().unwrap() {
            "offer" => offer_case(case, &context["metadata_for_offer_cases"]),
            "issuer_metadata" => {
                let issuer = identifier(case["requested_issuer"].as_str().unwrap());
                IssuerMetadata::read(&issuer, &HttpResponse::json(200, &case["metadata"]), HTTPS)
                    .is_ok_and(|metadata| metadata.configuration("pid").is_ok())
            }
            "credential_response" => {
                let key = agreement_key(&context["response_decryption_jwk"]);
                let encryption = ResponseEncryption::with_key(key, ContentEncryption::A256Gcm);
                let asked = case["context"]["encryption_requested"] == true;
                let response = &case["response"];
                let response = HttpResponse::new(
                    u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
                    response["content_type"].as_str().unwrap(),
                    response["body"].as_str().unwrap(),
                );
                CredentialResponse::read(&response, asked.then_some(&encryption)).is_ok()
            }
            other => panic!("unknown kind {other}"),
        };
        assert_eq!(accepted, case["accept"] == true, "{}", case["name"]);
        counted += 1;
    }
    assert_eq!(counted, 34);
}

fn offer_case(case: &Value, metadata: &Value) -> bool {
    let parameters: Vec<(&str, &str)> = case["uri_parameters"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    let link = format!("openid-credential-offer://?{}", crate::http::encode_form(&parameters));
    match OfferLink::parse(&link, HTTPS) {
        Ok(OfferLink::ByValue(offer)) => ResolvedOffer::new(offer, read_metadata(metadata).unwrap()).is_ok(),
        Ok(OfferLink::ByReference(_)) => true,
        Err(_) => false,
    }
}

#[test]
fn public_vectors_jwt_proof() {
    let Some(file) = vectors::read("openid4vci/jwt-proof-spec.json") else {
        return;
    };
    let payload = &file["expected_payload"];
    let issuer = payload["aud"].as_str().unwrap();
    let issued_at = Timestamp::from_unix(payload["iat"].as_i64().unwrap());
    let jwt = file["proof_jwt"].as_str().unwrap();
    let key = issuer::verify_proof(jwt, issuer, |nonce| payload["nonce"] == nonce, issued_at).unwrap();
    assert_eq!(key.to_jwk(), file["expected_header"]["jwk"]);
    assert_schema("credential_request-1_0.json", &file["request_body"]);
    // Ours has the same header and payload, to the byte of each.
    let nonce = Nonce::read(&HttpResponse::json(200, &json!({"c_nonce": payload["nonce"]}))).unwrap();
    let proof = ProofToSign::new(&key, &identifier(issuer), Some(&nonce), issued_at, None).unwrap();
    let text = String::from_utf8(proof.as_bytes().to_vec()).unwrap();
    let (header, claims) = text.split_once('.').unwrap();
    let decode = |part: &str| serde_json::from_slice::<Value>(&base64url::decode(part).unwrap()).unwrap();
    assert_eq!(decode(header), file["expected_header"]);
    assert_eq!(decode(claims), *payload);
}

#[test]
fn public_vectors_encrypted_credential_response() {
    let Some(file) = vectors::read("openid4vci/encrypted-credential-response.json") else {
        return;
    };
    let key = agreement_key(&file["wallet_private_jwk"]);
    let encryption = ResponseEncryption::with_key(key, ContentEncryption::A256Gcm);
    let response = HttpResponse::new(
        200,
        file["response_content_type"].as_str().unwrap(),
        file["response_body"].as_str().unwrap(),
    );
    let Ok(CredentialResponse::Issued {
        credentials,
        notification_id,
    }) = CredentialResponse::read(&response, Some(&encryption))
    else {
        panic!("issued")
    };
    assert_eq!(
        credentials[0].as_str(),
        file["expected_payload"]["credentials"][0]["credential"]
    );
    assert_eq!(
        notification_id.unwrap().as_str(),
        file["expected_payload"]["notification_id"]
    );
}

#[test]
fn public_vectors_token_and_credential_responses() {
    let Some(file) = vectors::read("openid4vci/token-and-credential-responses.json") else {
        return;
    };
    let granted =
        accept(&json!({"urn:ietf:params:oauth:grant-type:pre-authorized_code": {"pre-authorized_code": "x"}}))
            .granted(&HttpResponse::json(200, &file["token_response_with_identifiers"]))
            .ok()
            .unwrap();
    let identifiers: Vec<&str> = granted
        .targets()
        .iter()
        .filter_map(|target| target.identifier.as_deref())
        .collect();
    assert_eq!(
        identifiers,
        ["CivilEngineeringDegree-2023", "ElectricalEngineeringDegree-2023"]
    );
    let random = &mut PredictableRandom::from_seed(1);
    let request = granted
        .credential_request(&granted.targets()[0], &[], None, random)
        .unwrap();
    assert_eq!(
        body(&request),
        json!({"credential_identifier": "CivilEngineeringDegree-2023"})
    );
    assert_eq!(
        Nonce::read(&HttpResponse::json(200, &file["nonce_response"]))
            .unwrap()
            .as_str(),
        "wKI4LT17ac15ES9bw8ac4"
    );
    let read = |name: &str| {
        let case = &file[name];
        let status = u16::try_from(case["status"].as_u64().unwrap()).unwrap();
        CredentialResponse::read(&HttpResponse::json(status, &case["body"]), None)
            .ok()
            .unwrap()
    };
    assert!(matches!(read("credential_response_immediate"),
        CredentialResponse::Issued { credentials, .. } if credentials.len() == 2));
    for (name, seconds) in [
        ("credential_response_deferred", 3600.0),
        ("deferred_still_pending", 86400.0),
    ] {
        assert!(matches!(read(name), CredentialResponse::Deferred { interval, .. } if interval == seconds));
    }
    for event in file["notification_events"].as_array().unwrap() {
        assert_eq!(
            NotificationEvent::parse(event.as_str().unwrap()).unwrap().as_str(),
            event
        );
    }
}

/// An issuer that offers one degree, and the holder's yes.
fn accept(grants: &Value) -> AcceptedOffer {
    resolve(grants).accept(&[], None, server()).ok().unwrap()
}

fn server() -> AuthorizationServerMetadata {
    let issuer = identifier("https://issuer.example");
    let value = json!({"issuer": issuer.as_str(), "token_endpoint": "https://issuer.example/token"});
    AuthorizationServerMetadata::read(&issuer, &HttpResponse::json(200, &value), HTTPS).unwrap()
}

fn resolve(grants: &Value) -> ResolvedOffer {
    let offer = json!({
        "credential_issuer": "https://issuer.example",
        "credential_configuration_ids": ["UniversityDegreeCredential"],
        "grants": grants,
    });
    let offer = CredentialOffer::parse(offer.to_string().as_bytes(), HTTPS).unwrap();
    ResolvedOffer::new(offer, read_metadata(&metadata(false)).unwrap()).unwrap()
}

fn metadata(encrypted: bool) -> Value {
    let mut value = json!({
        "credential_issuer": "https://issuer.example",
        "credential_endpoint": "https://issuer.example/credential",
        "nonce_endpoint": "https://issuer.example/nonce",
        "notification_endpoint": "https://issuer.example/notification",
        "batch_credential_issuance": {"batch_size": 3},
        "display": [{"name": "Prifysgol Enghraifft", "locale": "cy"}, {"name": "Example University", "locale": "en"}],
        "credential_configurations_supported": {"UniversityDegreeCredential": {
            "format": "dc+sd-jwt",
            "vct": "urn:degree",
            "scope": "degree",
            "credential_signing_alg_values_supported": ["ES256"],
            "cryptographic_binding_methods_supported": ["jwk"],
            "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
            "credential_metadata": {
                "display": [{"name": "Degree", "locale": "en", "logo": {"uri": "data:image/png;base64,AA==", "alt_text": "a hat"}}],
                "claims": [{"path": ["given_name"], "mandatory": true, "display": [{"name": "Enw", "locale": "cy"}]}],
            },
        }},
    });
    if encrypted {
        let key = EncryptionKey {
            key: issuer_key().public_key(),
            kid: Some("issuer".to_owned()),
        };
        value["credential_request_encryption"] =
            json!({"jwks": {"keys": [key.to_jwk()]}, "enc_values_supported": ["A256GCM"], "encryption_required": true});
        value["credential_response_encryption"] = json!({"alg_values_supported": ["ECDH-ES"],
            "enc_values_supported": ["A128GCM", "A256GCM"], "encryption_required": true});
    }
    value
}

fn issuer_key() -> AgreementKey {
    AgreementKey::from_random(&mut PredictableRandom::from_seed(7)).unwrap()
}

#[test]
fn metadata_we_publish_is_the_metadata_we_read() {
    for encrypted in [false, true] {
        let read = read_metadata(&metadata(encrypted)).unwrap();
        let published = issuer::metadata_json(&read);
        assert_eq!(published, metadata(encrypted));
        assert_schema("credential_issuer_metadata-1_0.json", &published);
    }
}

#[test]
fn a_wrong_code_gives_the_offer_back() {
    let grants = json!({"urn:ietf:params:oauth:grant-type:pre-authorized_code":
        {"pre-authorized_code": "c0de", "tx_code": {"length": 4}}});
    let resolved = resolve(&grants);
    let Err((error, resolved)) = resolved.accept(&[], None, server()) else {
        panic!("a code is needed")
    };
    assert_eq!(error, AcceptError::TransactionCodeMissing);
    let accepted = resolved
        .accept(&[], Some(TransactionCode::new(" 1111 ")), server())
        .ok()
        .unwrap();
    assert_eq!(redeemed(&accepted), ("c0de".to_owned(), "1111".to_owned()));
    let Err(refused) = accepted.granted(&issuer::Refusal::InvalidGrant.response()) else {
        panic!("refused")
    };
    assert!(refused.error.is_wrong_transaction_code());
    let again = refused
        .offer
        .accept(&[], Some(TransactionCode::new("2222")), server())
        .ok()
        .unwrap();
    assert_eq!(redeemed(&again).1, "2222");
    assert!(again.granted(&issuer::token_response("t", 60, &[])).is_ok());
}

/// The code and transaction code a server reads from the token request.
fn redeemed(accepted: &AcceptedOffer) -> (String, String) {
    let issuer::TokenRequest::PreAuthorizedCode { code, transaction_code } =
        issuer::TokenRequest::read(&accepted.token_request().body).unwrap()
    else {
        panic!("another grant")
    };
    (code.to_string(), transaction_code.unwrap().to_string())
}

#[test]
fn answers_that_are_not_oauth_are_failures() {
    let grants = json!({"urn:ietf:params:oauth:grant-type:pre-authorized_code": {"pre-authorized_code": "x"}});
    for response in [
        HttpResponse::new(500, "text/html", "<h1>oh"),
        HttpResponse::new(200, "text/html", "<h1>hello"),
        HttpResponse::new(200, "application/json", ""),
        HttpResponse::json(200, &json!({"access_token": "t", "token_type": "DPoP"})),
        HttpResponse::json(200, &json!({"access_token": "a\nb", "token_type": "bearer"})),
    ] {
        assert!(accept(&grants).granted(&response).is_err(), "{response:?}");
        assert!(CredentialResponse::read(&response, None).is_err());
    }
    // Draft members do no harm, nor does the case of the token type or a missing lifetime.
    let draft = json!({"access_token": "t", "token_type": "bEARER", "c_nonce": "n", "c_nonce_expires_in": 5});
    assert!(accept(&grants).granted(&HttpResponse::json(200, &draft)).is_ok());
}

#[test]
fn a_nonce_is_refreshed_once() {
    let response = issuer::Refusal::InvalidNonce.response();
    let Err(error) = CredentialResponse::read(&response, None) else {
        panic!("an error")
    };
    let mut retry = NonceRetry::default();
    assert!(!retry.allows(&CredentialError::InvalidProof));
    assert!(retry.allows(&error));
    assert!(!retry.allows(&error));
}

#[test]
fn our_issuer_and_our_holder_understand_each_other() {
    let now = Timestamp::from_unix(1_780_000_000);
    for encrypted in [false, true] {
        let random = &mut PredictableRandom::from_seed(42);
        let offer = json!({
            "credential_issuer": "https://issuer.example",
            "credential_configuration_ids": ["UniversityDegreeCredential"],
            "grants": {"urn:ietf:params:oauth:grant-type:pre-authorized_code": {"pre-authorized_code": "x"}},
        });
        let link = CredentialOffer::parse(offer.to_string().as_bytes(), HTTPS)
            .unwrap()
            .to_link("openid-credential-offer");
        let OfferLink::ByValue(offer) = OfferLink::parse(&link, HTTPS).unwrap() else {
            panic!("by value")
        };
        let resolved = ResolvedOffer::new(offer, read_metadata(&metadata(encrypted)).unwrap()).unwrap();
        assert_eq!(resolved.authorization_server().as_str(), "https://issuer.example");
        let accepted = resolved.accept(&[], None, server()).ok().unwrap();
        let granted = accepted
            .granted(&issuer::token_response("t0ken", 60, &[]))
            .ok()
            .unwrap();

        let nonce = Nonce::read(&issuer::nonce_response("n0nce")).unwrap();
        let keys: Vec<SigningKey> = (0..3).map(|_| SigningKey::from_random(random).unwrap()).collect();
        let proofs: Vec<KeyProof> = keys
            .iter()
            .map(|key| {
                let issuer = &granted.metadata().credential_issuer;
                ProofToSign::new(&key.public_key(), issuer, Some(&nonce), now, None)
                    .unwrap()
                    .sign(key)
                    .unwrap()
            })
            .collect();
        let encryption = ResponseEncryption::for_issuer(granted.metadata(), random).unwrap();
        assert_eq!(encryption.is_some(), encrypted);
        let target = granted.targets()[0].clone();
        let request = granted
            .credential_request(&target, &proofs, encryption.as_ref(), random)
            .unwrap();
        assert_eq!(request.header("authorization"), Some("Bearer t0ken"));
        if !encrypted {
            assert_schema("credential_request-1_0.json", &body(&request));
        }

        let content_type = request.header("content-type").unwrap();
        let received =
            issuer::ReceivedCredentialRequest::read(content_type, &request.body, Some(&issuer_key())).unwrap();
        assert_eq!(received.target.configuration_id, "UniversityDegreeCredential");
        let verify = |proof: &String| {
            issuer::verify_proof(proof, "https://issuer.example", |nonce| nonce == "n0nce", now).unwrap()
        };
        let issuer::ReceivedProofs::Jwt(received_proofs) = &received.proofs else {
            panic!("jwt proofs")
        };
        let bound: Vec<_> = received_proofs.iter().map(verify).collect();
        assert_eq!(bound, keys.iter().map(Signer::public_key).collect::<Vec<_>>());
        assert_eq!(
            issuer::verify_proof(&received_proofs[0], "https://issuer.example", |_| false, now),
            Err(issuer::Refusal::InvalidNonce)
        );
        assert_eq!(
            issuer::verify_proof(&received_proofs[0], "https://other.example", |_| true, now),
            Err(issuer::Refusal::InvalidProof)
        );

        // The issuer answers in another order than it was asked in.
        let issued: Vec<String> = ["third", "second", "first"].map(str::to_owned).to_vec();
        let response =
            issuer::credential_response(&issued, Some("n1"), received.response_encryption.as_ref(), random).unwrap();
        let CredentialResponse::Issued {
            credentials,
            notification_id,
        } = CredentialResponse::read(&response, encryption.as_ref()).ok().unwrap()
        else {
            panic!("issued")
        };
        let bound = keys.iter().rev().map(Signer::public_key);
        let credentials = bound.zip(credentials.iter().map(IssuedCredential::as_str));
        let handles = keys.iter().map(Signer::public_key).zip(["first", "second", "third"]);
        for (handle, credential) in match_to_keys(credentials, handles).unwrap() {
            assert_eq!(handle, credential);
        }
        let told = granted
            .notification_request(&notification_id.unwrap(), NotificationEvent::Accepted)
            .unwrap();
        let read = issuer::read_notification(&told.body).unwrap();
        assert_eq!(read, ("n1".to_owned(), NotificationEvent::Accepted));
    }
}

#[test]
fn credentials_bound_to_foreign_or_shared_keys_are_refused() {
    let random = &mut PredictableRandom::from_seed(3);
    let ours = SigningKey::from_random(random).unwrap().public_key();
    let foreign = SigningKey::from_random(random).unwrap().public_key();
    assert_eq!(
        match_to_keys([(foreign, ())], [(ours, ())]).err(),
        Some(MatchError::ForeignKey)
    );
    assert_eq!(
        match_to_keys([(ours, ()), (ours, ())], [(ours, ())]).err(),
        Some(MatchError::SameKey)
    );
}
