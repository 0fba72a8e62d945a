//! What issuers in use do that is legal, or harmless, and unusual: none of it may cost a person their document.

use serde_json::{Value, json};

use super::*;

const PLAIN_HTTP: TransportPolicy = TransportPolicy::HttpAllowed;

/// The metadata of [`super::metadata`] with members added, replaced or, where `null`, written as `null`.
fn with(changes: &Value) -> Value {
    let mut value = metadata(false);
    let members = value.as_object_mut().unwrap();
    members.extend(changes.as_object().unwrap().clone());
    value
}

/// The same for the members of its one configuration.
fn configured(changes: &Value) -> Value {
    let mut value = metadata(false);
    let configuration = &mut value["credential_configurations_supported"]["UniversityDegreeCredential"];
    configuration
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    value
}

#[test]
fn metadata_of_unusual_issuers_is_read() {
    for (what, value) in [
        ("no names", with(&json!({"display": [{"locale": "de"}]}))),
        ("no display, written as null", with(&json!({"display": null}))),
        (
            "no nonces, written as null",
            with(&json!({"nonce_endpoint": null, "batch_credential_issuance": null})),
        ),
        (
            "no encryption, written as null",
            with(&json!({"credential_response_encryption": null})),
        ),
        (
            "an endpoint with a query",
            with(&json!({"credential_endpoint": "https://issuer.example/c?tenant=7"})),
        ),
        (
            "endpoints of another host",
            with(&json!({"nonce_endpoint": "https://nonces.example:8443/n"})),
        ),
        (
            "members nobody knows",
            with(&json!({"signed_metadata": "x", "credentials_supported": []})),
        ),
        (
            "a type that is a URL",
            configured(&json!({"vct": "https://issuer.example/types/degree"})),
        ),
        (
            "more binding methods",
            configured(&json!({"cryptographic_binding_methods_supported": ["did:key", "jwk"]})),
        ),
        (
            "fully-specified algorithms",
            configured(&json!({"credential_signing_alg_values_supported": [-9, "ESP256"]})),
        ),
        (
            "no metadata for people",
            configured(&json!({"credential_metadata": null, "scope": null})),
        ),
        (
            "more proof types",
            configured(&json!({"proof_types_supported": {
                "jwt": {"proof_signing_alg_values_supported": ["EdDSA", "ES256"], "key_attestations_required": null},
                "attestation": {"proof_signing_alg_values_supported": ["ES256"]},
            }})),
        ),
    ] {
        let read = read_metadata(&value).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(read.configuration("UniversityDegreeCredential").is_ok(), "{what}");
    }
    // Other media types, and a configuration this wallet cannot use beside one it can.
    let mut value = metadata(false);
    value["credential_configurations_supported"]["other"] = json!({"format": "ldp_vc"});
    let response = HttpResponse::new(200, "text/plain; charset=UTF-8", value.to_string());
    let read = IssuerMetadata::read(&identifier("https://issuer.example"), &response, HTTPS).unwrap();
    assert_eq!(read.configuration("other").map(drop), Err(ConfigurationProblem::Format));
    assert!(read.configuration("UniversityDegreeCredential").is_ok());
}

#[test]
fn encryption_that_cannot_be_had_is_done_without_unless_it_is_required() {
    let foreign_keys = json!({
        "credential_request_encryption": {"jwks": {"keys": [{"kty": "AKP", "alg": "ML-KEM-768", "pub": "AA"}]},
            "enc_values_supported": ["A256GCM"], "encryption_required": false},
        "credential_response_encryption": {"alg_values_supported": ["ECDH-ES"], "enc_values_supported": ["A256GCM"],
            "encryption_required": false},
    });
    let read = read_metadata(&with(&foreign_keys)).unwrap();
    let random = &mut PredictableRandom::from_seed(1);
    assert!(ResponseEncryption::for_issuer(&read, random).unwrap().is_none());
    let mut required = foreign_keys;
    required["credential_response_encryption"]["encryption_required"] = json!(true);
    let read = read_metadata(&with(&required)).unwrap();
    assert_eq!(
        ResponseEncryption::for_issuer(&read, random).map(drop),
        Err(CredentialError::Encryption)
    );
}

#[test]
fn metadata_is_looked_for_wherever_servers_keep_it() {
    let issuer = IssuerIdentifier::parse("http://localhost:8080/tenants/7", PLAIN_HTTP).unwrap();
    let urls = |requests: Vec<HttpRequest>| {
        requests
            .into_iter()
            .map(|request| request.url.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        urls(issuer_metadata_requests(&issuer)),
        [
            "http://localhost:8080/.well-known/openid-credential-issuer/tenants/7",
            "http://localhost:8080/tenants/7/.well-known/openid-credential-issuer",
        ]
    );
    assert_eq!(
        urls(authorization_server_metadata_requests(&issuer)),
        [
            "http://localhost:8080/.well-known/oauth-authorization-server/tenants/7",
            "http://localhost:8080/tenants/7/.well-known/openid-configuration",
            "http://localhost:8080/.well-known/openid-configuration/tenants/7",
            "http://localhost:8080/tenants/7/.well-known/oauth-authorization-server",
        ]
    );
    assert_eq!(
        urls(authorization_server_metadata_requests(&identifier(
            "https://as.example"
        ))),
        [
            "https://as.example/.well-known/oauth-authorization-server",
            "https://as.example/.well-known/openid-configuration",
        ]
    );
}

#[test]
fn answers_of_unusual_issuers_are_read() {
    let grants = json!({"urn:ietf:params:oauth:grant-type:pre-authorized_code": {"pre-authorized_code": "x"}});
    for (what, value) in [
        ("draft members", json!({"c_nonce": "n", "c_nonce_expires_in": 300})),
        (
            "a lifetime as text",
            json!({"expires_in": "300", "scope": null, "refresh_token": "r"}),
        ),
        ("no details, written as null", json!({"authorization_details": null})),
        (
            "details of another kind",
            json!({"authorization_details": [{"type": "payment"}]}),
        ),
        (
            "identifiers",
            json!({"authorization_details": [{"type": "openid_credential", "locations": ["https://issuer.example"],
                "credential_configuration_id": "UniversityDegreeCredential", "credential_identifiers": ["a/1"]}]}),
        ),
    ] {
        let mut answer = json!({"access_token": "t", "token_type": "bearer"});
        answer
            .as_object_mut()
            .unwrap()
            .extend(value.as_object().unwrap().clone());
        let response = HttpResponse::new(201, "application/json;charset=UTF-8", answer.to_string());
        let granted = accept(&grants).granted(&response);
        assert_eq!(granted.ok().map(|granted| granted.targets().len()), Some(1), "{what}");
    }
    for (what, value) in [
        (
            "nulls",
            json!({"credentials": [{"credential": "b64"}], "transaction_id": null, "notification_id": null}),
        ),
        (
            "padding",
            json!({"credentials": [{"credential": "b64=="}], "c_nonce": "n"}),
        ),
    ] {
        let response = HttpResponse::new(201, "application/json; charset=utf-8", value.to_string());
        let Ok(CredentialResponse::Issued { credentials, .. }) = CredentialResponse::read(&response, None) else {
            panic!("{what}")
        };
        assert_eq!(credentials[0].as_str(), "b64", "{what}");
    }
}

#[test]
fn links_of_unusual_issuers_are_read() {
    let offer = json!({
        "credential_issuer": "http://127.0.0.1:3000/issuers/7",
        "credential_configuration_ids": ["a"],
        "grants": {"authorization_code": null, "urn:ietf:params:oauth:grant-type:pre-authorized_code":
            {"pre-authorized_code": "x", "tx_code": null, "interval": 5}},
    });
    let query = crate::http::encode_form(&[("credential_offer", &offer.to_string())]);
    for scheme in [
        "openid-credential-offer://",
        "openid-credential-offer://offer",
        "haip-vci://",
        "https://wallet.example/add",
    ] {
        let Ok(OfferLink::ByValue(offer)) = OfferLink::parse(&format!("{scheme}?{query}"), PLAIN_HTTP) else {
            panic!("{scheme}")
        };
        let grant = offer.grants.pre_authorized_code.unwrap();
        assert!(
            grant.transaction_code.is_none() && offer.grants.authorization_code.is_none(),
            "{scheme}"
        );
    }
}

#[test]
fn a_server_that_wants_to_know_the_client_is_told() {
    let grants = json!({"urn:ietf:params:oauth:grant-type:pre-authorized_code": {"pre-authorized_code": "x"}});
    let accepted = accept(&grants);
    let names = |accepted: &AcceptedOffer| String::from_utf8(accepted.token_request().body.to_vec()).unwrap();
    assert!(!names(&accepted).contains("client_id") && !accepted.refuses_anonymous());
    let refusal = HttpResponse::json(401, &json!({"error": "invalid_client"}));
    assert!(accepted.asks_for_client_id(&refusal));
    assert!(!accepted.asks_for_client_id(&HttpResponse::json(400, &json!({"error": "invalid_grant"}))));
    let named = accepted.as_client("a wallet");
    assert!(names(&named).contains("client_id=a+wallet"));
    // It asks once.
    assert!(!named.asks_for_client_id(&refusal));
    let granted = named.granted(&issuer::token_response("t", 60, &[])).ok().unwrap();
    assert_eq!(granted.client_id(), Some("a wallet"));
}
