//! The issuer that speaks GOV.UK's dialect: as a wallet uses it, and as the dialect's test harness does, which plays the
//! token server itself.

use axum::Json;
use axum::routing::get;
use serde_json::{Value, json};
use wallet_credentials::crypto::{Signer as _, SigningKey};
use wallet_credentials::jose::{Jws, SigningHeader, did};
use wallet_protocols::http::{HttpRequest, HttpResponse};
use wallet_protocols::openid4vci::govuk::{AccessTokenClaims, jwks, read_iacas};
use wallet_protocols::openid4vci::{CredentialResponse, NotificationEvent, TokenGranted};

use super::holder::{Holder, verify};
use crate::clock::Clock;
use crate::gov_uk::GovUkConfig;
use crate::offers::OfferRefusal;
use crate::random::{OsRandom, unguessable};
use crate::spec::{By, DialectName, DocumentType, GrantName, OfferSpec};
use crate::{Sandbox, SandboxConfig};

const SUBJECT: &str = "urn:fdc:wallet.account.gov.uk:2024:test";

fn spec() -> OfferSpec {
    OfferSpec {
        dialect: Some(DialectName::GovUk),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    }
}

fn json_of(response: &HttpResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_random(&mut OsRandom).unwrap()
}

/// Asks for the document and checks that it is bound to a key of ours, under the certificates the issuer publishes.
async fn fetch(holder: &Holder, granted: &TokenGranted) {
    let key = key();
    let nonce = granted.nonce_in_token().unwrap();
    let proof = granted
        .proof(&key.public_key(), Some(&nonce), Clock.now(), None)
        .unwrap()
        .sign(&key)
        .unwrap();
    let request = granted
        .credential_request(&granted.targets()[0], &[proof], None, &mut OsRandom)
        .unwrap();
    let response = CredentialResponse::read(&holder.send(request).await, None).unwrap();
    let CredentialResponse::Issued {
        credentials,
        notification_id,
    } = response
    else {
        panic!("issued")
    };
    let anchors = holder.anchors(granted.metadata().credential_issuer.as_str()).await;
    assert_eq!(
        verify(credentials[0].as_str(), &anchors, "org.iso.18013.5.1.mDL"),
        key.public_key()
    );
    let told = granted
        .notification_request(&notification_id.unwrap(), NotificationEvent::Accepted)
        .unwrap();
    assert_eq!(holder.send(told).await.status, 204);
    let iacas = granted.metadata().gov_uk.as_ref().unwrap().iacas_request().unwrap();
    let certificates = read_iacas(&holder.send(iacas).await).unwrap();
    assert!(certificates.len() == 1 && certificates[0].is_self_issued());
}

#[tokio::test]
async fn a_licence_is_had_in_gov_uks_dialect_and_had_again() {
    let (sandbox, holder) = (super::sandbox().await, Holder::new());
    for by in [By::Value, By::Reference] {
        let made = sandbox.offer(&OfferSpec { by, ..spec() }).unwrap();
        let accepted = holder.accept(&made.uri, None).await;
        let response = holder.send(accepted.token_request()).await;
        let granted = accepted.granted(&response).map_err(|refused| refused.error).unwrap();
        fetch(&holder, &granted).await;
        let response = holder.send(granted.refresh_request().unwrap()).await;
        let granted = granted.refreshed(&response).map_err(|(error, _)| error).unwrap();
        fetch(&holder, &granted).await;
        // The code is spent.
        let accepted = holder.accept(&made.uri, None).await;
        let response = holder.send(accepted.token_request()).await;
        assert_eq!(
            (response.status, &json_of(&response)["error"]),
            (400, &json!("invalid_grant"))
        );
    }
}

#[tokio::test]
async fn the_dialect_has_the_licence_and_nothing_else() {
    let sandbox = super::sandbox().await;
    for wrong in [
        OfferSpec {
            dialect: Some(DialectName::GovUk),
            ..OfferSpec::of(DocumentType::NhsDetails)
        },
        OfferSpec {
            grant: GrantName::AuthorizationCode,
            ..spec()
        },
        OfferSpec {
            tx_code: Some(true),
            ..spec()
        },
        OfferSpec { haip: true, ..spec() },
        OfferSpec {
            deferred: Some(1),
            ..spec()
        },
    ] {
        assert_eq!(sandbox.offer(&wrong).err(), Some(OfferRefusal::NotOfDialect));
    }
}

/// A token server of our own, as the test harness is one.
async fn harness() -> (SigningKey, String) {
    let key = key();
    let keys = jwks(&key.public_key());
    let router = axum::Router::new().route("/.well-known/jwks.json", get(async move || Json(keys)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (key, url)
}

#[tokio::test]
async fn another_token_server_is_believed_as_the_test_harness_expects() {
    let (server_key, server) = harness().await;
    let gov_uk = GovUkConfig {
        auth_server: Some(server.clone()),
        client_id: Some("TEST_CLIENT_ID".to_owned()),
        wallet_subject_id: Some(SUBJECT.to_owned()),
    };
    let sandbox = Sandbox::start(SandboxConfig::new().gov_uk(gov_uk)).await.unwrap();
    let (holder, base) = (Holder::new(), sandbox.url().to_owned());
    let made = sandbox.offer(&spec()).unwrap();
    let metadata = json_of(
        &holder
            .get(&format!("{base}/.well-known/openid-credential-issuer"))
            .await,
    );
    assert_eq!(metadata["authorization_servers"], json!([server]));
    for (name, path) in [
        ("credential_endpoint", "credential"),
        ("notification_endpoint", "notification"),
        ("mdoc_iacas_uri", "iacas"),
    ] {
        assert_eq!(metadata[name], format!("{base}/{path}"));
    }

    // The code: a JWT by the issuer's key, for this server and client, with exactly these claims.
    let offer = url::Url::parse(&made.uri).unwrap();
    let (_, offer) = offer
        .query_pairs()
        .find(|(name, _)| name == "credential_offer")
        .unwrap();
    let offer: Value = serde_json::from_str(&offer).unwrap();
    let code = offer["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"]["pre-authorized_code"].as_str();
    let jws = Jws::parse(code.unwrap()).unwrap();
    let keys = json_of(&holder.get(&format!("{base}/.well-known/jwks.json")).await);
    assert_eq!(jws.header().kid.as_deref(), keys["keys"][0]["kid"].as_str());
    let issuer_key = wallet_credentials::crypto::VerificationKey::from_jwk(&keys["keys"][0]).unwrap();
    let claims: Value = serde_json::from_slice(&jws.verify(&issuer_key).unwrap()).unwrap();
    let names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["aud", "clientId", "credential_identifiers", "exp", "iat", "iss"]
    );
    assert_eq!(
        (&claims["aud"], &claims["clientId"], &claims["iss"]),
        (&json!(server), &json!("TEST_CLIENT_ID"), &json!(base))
    );

    let wallet_key = key();
    let token = |subject: &str| {
        let claims = AccessTokenClaims {
            issuer: server.clone(),
            audience: base.clone(),
            subject: subject.to_owned(),
            identifier: claims["credential_identifiers"][0].as_str().map(str::to_owned),
            nonce: "n0nce".to_owned(),
            jti: unguessable(9).unwrap(),
            expires_at: Clock.now().plus(std::time::Duration::from_secs(180)),
        };
        claims.sign(&server_key).unwrap()
    };
    let proof = |nonce: &str| {
        let claims = json!({"iss": "urn:fdc:gov:uk:wallet", "aud": base, "iat": Clock.now().as_unix(), "nonce": nonce});
        let header = SigningHeader::new("openid4vci-proof+jwt").kid(&did::did_key(&wallet_key.public_key()));
        header.sign_json(&claims, &wallet_key).unwrap()
    };
    let ask = async |token: &str, proof: &str| {
        let body = json!({"proof": {"proof_type": "jwt", "jwt": proof}})
            .to_string()
            .into_bytes();
        let url = format!("{base}/credential").parse().unwrap();
        let request = HttpRequest::post(url, "application/json", body);
        holder
            .send(request.with_header("authorization", format!("Bearer {token}")))
            .await
    };
    let good = token(SUBJECT);
    for (token, proof, status, error) in [
        (token("somebody else"), proof("n0nce"), 401, "invalid_token"),
        (format!("{good}broken"), proof("n0nce"), 401, "invalid_token"),
        (good.clone(), format!("{}broken", proof("n0nce")), 400, "invalid_proof"),
        (good.clone(), proof("other"), 400, "invalid_nonce"),
    ] {
        let response = ask(&token, &proof).await;
        assert_eq!((response.status, json_of(&response)), (status, json!({"error": error})));
        let challenge = response
            .header("www-authenticate")
            .map(|value| value.contains("error=\"invalid_token\""));
        assert_eq!(challenge, (status == 401).then_some(true));
    }
    let response = ask(&good, &proof("n0nce")).await;
    assert_eq!(response.status, 200, "{:?}", json_of(&response));
    let issued = json_of(&response);
    assert_eq!(issued["credentials"].as_array().unwrap().len(), 1);

    let tell = async |token: Option<&str>, body: Value| {
        let request = HttpRequest::post(
            format!("{base}/notification").parse().unwrap(),
            "application/json",
            body.to_string().into_bytes(),
        );
        let request = match token {
            Some(token) => request.with_header("authorization", format!("Bearer {token}")),
            None => request,
        };
        holder.send(request).await
    };
    for event in ["credential_accepted", "credential_deleted", "credential_failure"] {
        let body = json!({"notification_id": issued["notification_id"], "event": event});
        assert_eq!(tell(Some(&good), body).await.status, 204);
    }
    assert_eq!(
        tell(Some(&good), json!({"event": "credential_accepted"})).await.status,
        400
    );
    let odd = json!({"notification_id": issued["notification_id"], "event": "odd"});
    assert_eq!(tell(Some(&good), odd.clone()).await.status, 400);
    let refused = tell(Some("INVALID_TOKEN"), odd.clone()).await;
    assert_eq!(
        (refused.status, refused.header("www-authenticate")),
        (401, Some("Bearer error=\"invalid_token\""))
    );
    let refused = tell(None, odd).await;
    assert_eq!(
        (refused.status, refused.header("www-authenticate")),
        (401, Some("Bearer"))
    );
    // An offer is redeemed once, with however many tokens.
    assert_eq!(ask(&token(SUBJECT), &proof("n0nce")).await.status, 401);
}
