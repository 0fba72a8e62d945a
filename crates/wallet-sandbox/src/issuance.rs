//! The issuers' endpoints of OpenID4VCI 1.0: metadata, offers, token, nonce, notification. The credential endpoint is in
//! `credential.rs`.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use wallet_credentials::credential::Format;
use wallet_credentials::jose::SigningHeader;
use wallet_protocols::http::FORM;
use wallet_protocols::openid4vci::issuer::{Refusal, TokenRequest, nonce_response, read_notification, token_response};

use crate::catalogue::{DocumentType, Issuer, label};
use crate::house::House;
use crate::offers::{Offer, Stage, TOKEN_LIFE, TokenRefusal};
use crate::reply::{bare_500, bearer, failed, json_no_store, media_type, protocol};
use crate::spec::{By, OfferFault};

const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
/// `typ` of signed issuer metadata (12.2.3).
const SIGNED_METADATA: &str = "openidvci-issuer-metadata+jwt";
/// For how long it is good, in seconds.
const SIGNED_METADATA_LIFE: i64 = 24 * 60 * 60;
const OFFER_SCHEME: &str = "openid-credential-offer";

/// Credential Issuer Metadata (12.2.4), at the inserted and at the older appended well-known address.
///
/// Who asks for `application/jwt` gets it signed (12.2.3): before a document is there, that is how a wallet knows who offers.
pub(crate) async fn issuer_metadata(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(issuer) = Issuer::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let base = house.issuer_url(issuer);
    let copies = issuer.documents().map(DocumentType::copies).max().unwrap_or(2);
    let configurations: Map<String, Value> = issuer
        .documents()
        .map(|document| (document.as_str().to_owned(), configuration(document)))
        .collect();
    let (en, cy) = issuer.name();
    let metadata = json!({
        "credential_issuer": base,
        "credential_endpoint": format!("{base}/credential"),
        "nonce_endpoint": format!("{base}/nonce"),
        "notification_endpoint": format!("{base}/notification"),
        "batch_credential_issuance": { "batch_size": copies },
        "display": [{ "name": en, "locale": "en-GB" }, { "name": cy, "locale": "cy" }],
        "credential_configurations_supported": configurations,
    });
    let wants_signed = headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|accept| accept.to_str().is_ok_and(|text| text.contains("application/jwt")));
    if !wants_signed {
        return Json(metadata).into_response();
    }
    match signed(&house, issuer, metadata, &base) {
        Some(jwt) => ([(header::CONTENT_TYPE, "application/jwt")], jwt).into_response(),
        None => bare_500(),
    }
}

/// The metadata signed by the issuer's document signer (12.2.3).
fn signed(house: &House, issuer: Issuer, mut metadata: Value, base: &str) -> Option<String> {
    let now = house.now().as_unix();
    metadata["sub"] = base.into();
    metadata["iat"] = now.into();
    metadata["exp"] = (now + SIGNED_METADATA_LIFE).into();
    let signer = &house.issuer_pki(issuer).document_signer;
    SigningHeader::new(SIGNED_METADATA)
        .x5c(&[signer.certificate().as_der()])
        .sign_json(&metadata, signer.signer())
        .ok()
}

/// One entry of `credential_configurations_supported` (12.2.4, A.2.2, A.3.2).
fn configuration(document: DocumentType) -> Value {
    let (en, cy) = document.name();
    let display = |name: &str, locale: &str| json!({ "name": name, "locale": locale, "background_color": document.colour(), "text_color": "#FFFFFF" });
    let claims: Vec<Value> = document
        .elements()
        .into_iter()
        .map(|(namespace, element)| {
            let path = if namespace.is_empty() {
                json!([element])
            } else {
                json!([namespace, element])
            };
            let words = label(element);
            json!({
                "path": path,
                "display": [{ "name": words.en, "locale": "en-GB" }, { "name": words.cy, "locale": "cy" }],
            })
        })
        .collect();
    let mut members = json!({
        "format": document.format(),
        "scope": document.as_str(),
        "proof_types_supported": { "jwt": { "proof_signing_alg_values_supported": ["ES256"] } },
        "credential_metadata": { "display": [display(en, "en-GB"), display(cy, "cy")], "claims": claims },
    });
    match document.format() {
        Format::MsoMdoc => {
            members["doctype"] = document.type_id().into();
            members["cryptographic_binding_methods_supported"] = json!(["cose_key"]);
            members["credential_signing_alg_values_supported"] = json!([-7]);
        }
        Format::DcSdJwt => {
            members["vct"] = document.type_id().into();
            members["cryptographic_binding_methods_supported"] = json!(["jwk"]);
            members["credential_signing_alg_values_supported"] = json!(["ES256"]);
        }
    }
    members
}

/// Authorization server metadata (RFC 8414): each issuer is its own.
pub(crate) async fn authorization_server(State(house): State<Arc<House>>, Path(path): Path<String>) -> Response {
    let Some(issuer) = Issuer::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let base = house.issuer_url(issuer);
    Json(json!({
        "issuer": base,
        "token_endpoint": format!("{base}/token"),
        "token_endpoint_auth_methods_supported": ["none"],
        "grant_types_supported": [PRE_AUTHORIZED],
        "response_types_supported": [],
        "pre-authorized_grant_anonymous_access_supported": true,
    }))
    .into_response()
}

/// The link of an offer, by value or by reference (4.1).
pub(crate) fn offer_link(house: &House, offer: &Offer) -> String {
    let (name, value) = match (offer.by, offer.issuer()) {
        (By::Reference, Some(issuer)) => (
            "credential_offer_uri",
            format!("{}/offers/{}", house.issuer_url(issuer), offer.id),
        ),
        _ => ("credential_offer", offer_json(house, offer).to_string()),
    };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(name, &value)
        .finish();
    format!("{OFFER_SCHEME}://?{query}")
}

/// A Credential Offer (4.1.1).
fn offer_json(house: &House, offer: &Offer) -> Value {
    let mut grant = json!({ "pre-authorized_code": offer.pre_authorized_code });
    if offer.tx_code.is_some() {
        grant["tx_code"] = json!({ "input_mode": "numeric", "length": 6, "description": "The practice page of the organisation shows the code." });
    }
    let ids: Vec<&str> = offer.documents.iter().map(|document| document.as_str()).collect();
    json!({
        "credential_issuer": offer.issuer().map(|issuer| house.issuer_url(issuer)),
        "credential_configuration_ids": ids,
        "grants": { PRE_AUTHORIZED: grant },
    })
}

/// An offer that is fetched by reference (4.1.3).
pub(crate) async fn offer_by_reference(
    State(house): State<Arc<House>>,
    Path((path, id)): Path<(String, String)>,
) -> Response {
    let now = house.now();
    let found = {
        let mut offers = house.offers();
        match offers.copy_of_standing(&id, now) {
            Ok(Some(fresh)) => Some(fresh),
            Ok(None) => offers.find(&id).cloned(),
            Err(_) => return failed(),
        }
    };
    match found.filter(|offer| offer.issuer().map(Issuer::path) == Some(path.as_str())) {
        Some(offer) if offer.by == By::Reference => json_no_store(StatusCode::OK, offer_json(&house, &offer)),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Token endpoint (6): pre-authorized codes only.
pub(crate) async fn token(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(issuer) = Issuer::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if media_type(&headers) != FORM {
        return protocol(Refusal::InvalidRequest.response());
    }
    let (code, transaction_code) = match TokenRequest::read(&body) {
        Ok(TokenRequest::PreAuthorizedCode { code, transaction_code }) => (code, transaction_code),
        Ok(_) => return protocol(Refusal::UnsupportedGrantType.response()),
        Err(refusal) => return protocol(refusal.response()),
    };
    let now = house.now();
    let mut offers = house.offers();
    let transaction_code = transaction_code.as_ref().map(|code| code.as_str());
    let offer = match offers.redeem(issuer, &code, transaction_code, now) {
        Err(_) => return failed(),
        Ok(Err(TokenRefusal::InvalidGrant)) => return protocol(Refusal::InvalidGrant.response()),
        Ok(Err(TokenRefusal::InvalidRequest)) => return protocol(Refusal::InvalidRequest.response()),
        Ok(Ok(offer)) => offer,
    };
    if offer.has_fault(OfferFault::Error500OnToken) {
        return bare_500();
    }
    match offers.grant(&offer.id, now) {
        Ok(token) => protocol(token_response(&token, TOKEN_LIFE.as_secs(), &[])),
        Err(_) => failed(),
    }
}

/// Nonce endpoint (7).
pub(crate) async fn nonce(State(house): State<Arc<House>>, Path(path): Path<String>) -> Response {
    if Issuer::from_path(&path).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let made = house.offers().make_nonce(house.now());
    match made {
        Ok(nonce) => protocol(nonce_response(&nonce)),
        Err(_) => failed(),
    }
}

/// Notification endpoint (11): idempotent, 204 when noted.
pub(crate) async fn notification(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(issuer) = Issuer::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let known = bearer(&headers).is_some_and(|token| house.offers().by_token(issuer, token, house.now()).is_some());
    if !known {
        return protocol(Refusal::InvalidToken.response());
    }
    let (id, event) = match read_notification(&body) {
        Ok(message) => message,
        Err(refusal) => return protocol(refusal.response()),
    };
    let noted = house.records().notified(&id, event.as_str());
    match noted {
        Ok(true) => (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Ok(false) => protocol(Refusal::InvalidNotificationId.response()),
        Err(_) => failed(),
    }
}

/// How far an offer has come, for `GET /control/offer/ID`.
pub(crate) fn offer_report(offer: &Offer) -> Value {
    let copies = if let Stage::Issued(copies) = offer.stage {
        copies
    } else {
        0
    };
    json!({
        "id": offer.id,
        "names": offer.documents,
        "person": offer.person,
        "stage": crate::pages::stage_word(&offer.stage),
        "copies": copies,
        "expires_at": offer.expires_at.to_rfc3339(),
    })
}
