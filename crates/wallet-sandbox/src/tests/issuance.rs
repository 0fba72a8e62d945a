//! Getting documents: every document by value and by reference, codes, nonces, proofs, faults, restart.

use serde_json::{Value, json};
use wallet_credentials::crypto::SigningKey;
use wallet_protocols::http::{HttpRequest, HttpResponse};
use wallet_protocols::openid4vci::{CredentialError, CredentialResponse, ProofToSign, TokenErrorCode};

use super::holder::Holder;
use super::sandbox;
use crate::clock::Clock;
use crate::random::OsRandom;
use crate::spec::{By, DocumentType, OfferFault, OfferSpec};
use crate::{Sandbox, SandboxConfig};

fn json_of(response: &HttpResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

#[tokio::test]
async fn every_document_can_be_had_by_value_and_by_reference() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    for by in [By::Value, By::Reference] {
        for name in DocumentType::ALL {
            let made = sandbox
                .offer(&OfferSpec {
                    by,
                    ..OfferSpec::of(name)
                })
                .unwrap();
            let received = holder.add(&made.uri, made.tx_code.as_deref()).await;
            assert_eq!(received.copies.len(), 5, "{}", name.as_str());
            assert_eq!(received.notified, Some(204));
            let report = json_of(
                &holder
                    .get(&format!("{}/control/offer/{}", sandbox.url(), made.id))
                    .await,
            );
            assert_eq!((&report["stage"], &report["copies"]), (&json!("issued"), &json!(5)));
        }
    }
    let documents = json_of(&holder.get(&format!("{}/control/documents", sandbox.url())).await);
    let documents = documents["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 10);
    assert!(
        documents
            .iter()
            .all(|document| document["notification"] == "credential_accepted")
    );
}

#[tokio::test]
async fn the_first_line_has_what_scripts_need() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let line = serde_json::to_value(sandbox.first_line().unwrap()).unwrap();
    let members: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["offers", "requests", "trust_list", "url"]);
    let names = |list: &str| {
        line[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names("offers"),
        [
            "driving-licence",
            "right-to-work",
            "proof-of-age-mdoc",
            "nhs-details",
            "proof-of-age-sd-jwt"
        ]
    );
    assert_eq!(
        names("requests"),
        ["gp-registration", "shop-age", "employer-right-to-work", "too-much"]
    );
    for offer in line["offers"].as_array().unwrap() {
        holder
            .add(offer["uri"].as_str().unwrap(), offer["tx_code"].as_str())
            .await;
    }
    // The one by reference is like a poster: it can be taken up again.
    let poster = &line["offers"][4];
    assert!(poster["uri"].as_str().unwrap().contains("credential_offer_uri"));
    holder.add(poster["uri"].as_str().unwrap(), None).await;
}

#[tokio::test]
async fn a_code_is_spent_once_and_only_with_its_transaction_code() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let made = sandbox.offer(&OfferSpec::of(DocumentType::NhsDetails)).unwrap();
    let wrong = holder.accept(&made.uri, Some("x")).await;
    let response = holder.send(wrong.token_request()).await;
    assert_eq!(response.status, 400);
    let refused = wrong.granted(&response).err().unwrap();
    assert!(refused.error.is_wrong_transaction_code());
    let right = holder.accept(&made.uri, made.tx_code.as_deref()).await;
    assert_eq!(holder.send(right.token_request()).await.status, 200);
    let again = holder.send(right.token_request()).await;
    assert_eq!(json_of(&again)["error"], "invalid_grant");
}

#[tokio::test]
async fn an_expired_offer_gives_no_token() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let made = sandbox
        .offer(&OfferSpec {
            expires_in: Some(0),
            ..OfferSpec::of(DocumentType::DrivingLicence)
        })
        .unwrap();
    let accepted = holder.accept(&made.uri, None).await;
    let response = holder.send(accepted.token_request()).await;
    assert_eq!(json_of(&response)["error"], TokenErrorCode::InvalidGrant.as_str());
}

#[tokio::test]
async fn token_requests_that_are_no_such_thing_are_refused() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let url = format!("{}/issuers/dvla/token", sandbox.url());
    let forms: [(&[(&str, &str)], &str); 3] = [
        (&[("grant_type", "password"), ("code", "x")], "unsupported_grant_type"),
        (&[("pre-authorized_code", "x")], "invalid_request"),
        (
            &[
                ("grant_type", "urn:ietf:params:oauth:grant-type:pre-authorized_code"),
                ("pre-authorized_code", "x"),
            ],
            "invalid_grant",
        ),
    ];
    for (form, error) in forms {
        let response = holder.send(HttpRequest::post_form(url.parse().unwrap(), form)).await;
        assert_eq!((response.status, &json_of(&response)["error"]), (400, &json!(error)));
    }
    assert_eq!(
        json_of(&holder.post_json(&url, &json!({})).await)["error"],
        "invalid_request"
    );
}

#[tokio::test]
async fn metadata_is_at_both_well_known_addresses() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    for name in ["openid-credential-issuer", "oauth-authorization-server"] {
        let inserted = holder
            .get(&format!("{}/.well-known/{name}/issuers/nhs", sandbox.url()))
            .await;
        let appended = holder
            .get(&format!("{}/issuers/nhs/.well-known/{name}", sandbox.url()))
            .await;
        assert_eq!(inserted.status, 200);
        assert_eq!(inserted.body, appended.body);
    }
    assert_eq!(
        holder
            .get(&format!(
                "{}/.well-known/openid-credential-issuer/issuers/nobody",
                sandbox.url()
            ))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn proofs_must_be_fresh_distinct_and_for_this_issuer() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let made = sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let granted = holder.token(&made.uri, None).await;
    let target = &granted.targets()[0];
    let send = async |proofs: &[_]| {
        let request = granted.credential_request(target, proofs, None, &mut OsRandom).unwrap();
        CredentialResponse::read(&holder.send(request).await, None).err()
    };
    let key = SigningKey::from_random(&mut OsRandom).unwrap();
    let issuer = granted.metadata().credential_issuer.clone();
    let proof = async |issuer, nonce: Option<_>| {
        use wallet_credentials::crypto::Signer as _;
        ProofToSign::new(&key.public_key(), issuer, nonce.as_ref(), Clock.now(), None)
            .unwrap()
            .sign(&key)
            .unwrap()
    };
    // The same key twice; another issuer's proof; no nonce.
    let nonce = holder.nonce(&granted).await;
    let twice = [
        proof(&issuer, Some(nonce.clone())).await,
        proof(&issuer, Some(nonce.clone())).await,
    ];
    assert_eq!(send(&twice).await, Some(CredentialError::InvalidProof));
    let other = wallet_protocols::endpoint::IssuerIdentifier::parse(
        &format!("{}/issuers/nhs", sandbox.url()),
        wallet_protocols::endpoint::TransportPolicy::HttpAllowed,
    )
    .unwrap();
    assert_eq!(
        send(&[proof(&other, Some(nonce.clone())).await]).await,
        Some(CredentialError::InvalidProof)
    );
    assert_eq!(
        send(&[proof(&issuer, None).await]).await,
        Some(CredentialError::InvalidNonce)
    );
    // A nonce counts once; more copies than offered are too many.
    assert_eq!(send(&[proof(&issuer, Some(nonce.clone())).await]).await, None);
    assert_eq!(
        send(&[proof(&issuer, Some(nonce)).await]).await,
        Some(CredentialError::InvalidNonce)
    );
    let (_, too_many) = holder.proofs(&granted, 6).await;
    assert_eq!(send(&too_many).await, Some(CredentialError::InvalidProof));
}

#[tokio::test]
async fn without_a_token_there_is_no_document() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    for path in ["credential", "notification"] {
        let response = holder
            .post_json(&format!("{}/issuers/dvla/{path}", sandbox.url()), &json!({}))
            .await;
        assert_eq!(response.status, 401, "{path}");
        assert!(
            response
                .headers
                .iter()
                .any(|(name, value)| name == "www-authenticate" && value.contains("invalid_token"))
        );
    }
}

#[tokio::test]
async fn only_what_was_offered_can_be_asked_for() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let made = sandbox.offer(&OfferSpec::of(DocumentType::ProofOfAgeMdoc)).unwrap();
    let granted = holder.token(&made.uri, None).await;
    let (_, proofs) = holder.proofs(&granted, 1).await;
    for (configuration_id, identifier, error) in [
        ("proof-of-age-sd-jwt", None, CredentialError::UnknownConfiguration),
        ("nonsense", None, CredentialError::UnknownConfiguration),
        ("", Some("unknown".to_owned()), CredentialError::UnknownIdentifier),
    ] {
        let target = wallet_protocols::openid4vci::CredentialTarget {
            configuration_id: configuration_id.to_owned(),
            identifier,
        };
        let request = granted
            .credential_request(&target, &proofs, None, &mut OsRandom)
            .unwrap();
        let response = CredentialResponse::read(&holder.send(request).await, None);
        assert_eq!(response.err(), Some(error));
    }
}

#[tokio::test]
async fn two_documents_fit_one_offer_of_one_issuer() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let spec = OfferSpec {
        also: vec![DocumentType::ProofOfAgeSdJwt],
        ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
    };
    let made = sandbox.offer(&spec).unwrap();
    let granted = holder.token(&made.uri, None).await;
    assert_eq!(granted.targets().len(), 2);
    for target in granted.targets() {
        let (_, proofs) = holder.proofs(&granted, 2).await;
        let request = granted
            .credential_request(target, &proofs, None, &mut OsRandom)
            .unwrap();
        assert!(CredentialResponse::read(&holder.send(request).await, None).is_ok());
    }
}

#[tokio::test]
async fn faults_are_played_as_asked() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let granted = async |fault| {
        let made = sandbox
            .offer(&OfferSpec {
                fault: Some(fault),
                ..OfferSpec::of(DocumentType::DrivingLicence)
            })
            .unwrap();
        holder.token(&made.uri, None).await
    };
    let first = async |fault| {
        let granted = granted(fault).await;
        let (_, response) = holder.request(&granted, 3).await;
        (granted, response)
    };
    assert_eq!(
        first(OfferFault::Error500OnCredential).await.1.err(),
        Some(CredentialError::Failed { status: 500 })
    );
    assert!(first(OfferFault::NotJson).await.1.is_err());
    let (again, response) = first(OfferFault::InvalidNonceOnce).await;
    assert_eq!(response.err(), Some(CredentialError::InvalidNonce));
    assert!(holder.request(&again, 1).await.1.is_ok());
    let (again, response) = first(OfferFault::InvalidNonceAlways).await;
    assert_eq!(response.err(), Some(CredentialError::InvalidNonce));
    assert_eq!(
        holder.request(&again, 1).await.1.err(),
        Some(CredentialError::InvalidNonce)
    );
    let (_, response) = first(OfferFault::MissingCopy).await;
    let CredentialResponse::Issued { credentials, .. } = response.unwrap() else {
        panic!("not issued")
    };
    assert_eq!(credentials.len(), 2);

    let broken = granted(OfferFault::DropConnectionOnCredential).await;
    let (_, proofs) = holder.proofs(&broken, 1).await;
    let request = broken
        .credential_request(&broken.targets()[0], &proofs, None, &mut OsRandom)
        .unwrap();
    assert!(holder.try_send(request).await.is_err());

    let made = sandbox
        .offer(&OfferSpec {
            fault: Some(OfferFault::Error500OnToken),
            ..OfferSpec::of(DocumentType::DrivingLicence)
        })
        .unwrap();
    let accepted = holder.accept(&made.uri, None).await;
    assert_eq!(holder.send(accepted.token_request()).await.status, 500);
}

#[tokio::test]
async fn a_document_can_be_withdrawn_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = || SandboxConfig::new().data_dir(folder.path());
    let (first, holder) = (Sandbox::start(config()).await.unwrap(), Holder::new());
    let made = first.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    holder.add(&made.uri, None).await;
    first.stop().await;

    let second = Sandbox::start(config()).await.unwrap();
    let withdraw = format!("{}/control/withdraw", second.url());
    let response = holder
        .post_json(&withdraw, &json!({ "document": "driving-licence" }))
        .await;
    assert_eq!(
        (response.status, &json_of(&response)["status"]),
        (200, &json!("revoked"))
    );
    assert_eq!(
        holder
            .post_json(&withdraw, &json!({ "document": "no such" }))
            .await
            .status,
        404
    );
    assert_eq!(
        holder
            .post_json(&withdraw, &json!({ "document": "driving-licence", "why": 1 }))
            .await
            .status,
        400
    );
    let list = holder.get(&format!("{}/status/1", second.url())).await;
    assert_eq!(list.content_type.as_deref(), Some("application/statuslist+jwt"));
    // Who names the other form first gets that one (draft-ietf-oauth-status-list, 8.2).
    let uri = format!("{}/status/1", second.url());
    let cwt_first = "application/statuslist+cwt, application/statuslist+jwt;q=0.9";
    let request = HttpRequest::get(uri.parse().unwrap(), cwt_first);
    let cwt = holder.send(request).await;
    assert_eq!(cwt.content_type.as_deref(), Some("application/statuslist+cwt"));
    let signed_by = |token: &[u8]| {
        let token = wallet_credentials::status::StatusListToken::parse(token).unwrap();
        token.certificates().unwrap()[0].sha256()
    };
    assert_eq!(signed_by(&cwt.body), signed_by(&list.body));
    assert_eq!(holder.get(&format!("{}/status/2", second.url())).await.status, 404);
}

#[tokio::test]
async fn offers_that_cannot_be_made_say_why() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let url = format!("{}/control/offer", sandbox.url());
    for spec in [
        json!({ "name": "passport" }),
        json!({ "name": "right-to-work", "person": "rhiannon-specimen" }),
        json!({ "name": "driving-licence", "person": "nobody" }),
        json!({ "name": "driving-licence", "also": ["nhs-details"] }),
        json!({ "name": "driving-licence", "colour": "red" }),
    ] {
        let response = holder.post_json(&url, &spec).await;
        assert_eq!(response.status, 400, "{spec}");
        assert!(!json_of(&response)["error_description"].as_str().unwrap().is_empty());
    }
}
