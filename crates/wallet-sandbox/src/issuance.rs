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
use wallet_credentials::crypto::Signer as _;
use wallet_credentials::jose::{EncryptionKey, SigningHeader};
use wallet_credentials::jwt_vc::BASE_TYPE;
use wallet_protocols::oauth::dpop::DpopServer;
use wallet_protocols::openid4vci::issuer::{Refusal, nonce_response, read_notification};

use crate::catalogue::{DocumentType, Issuer, label};
use crate::house::House;
use crate::offers::{Offer, Stage};
use crate::reply::{bare_500, failed, json_no_store, protocol};
use crate::spec::{By, EncryptionName, GrantName, OfferFault, ProofName};
use crate::variant::{IssuerAt, Variant};
use crate::{access, faults, sign_in};

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
    let Some(at) = IssuerAt::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Some(fault) = at.variant.fault
        && let Some(played) = faults::metadata(&house, at, fault)
    {
        return played;
    }
    let base = at.url(&house);
    let metadata = metadata(&house, at);
    let wants_signed = headers
        .get_all(header::ACCEPT)
        .iter()
        .any(|accept| accept.to_str().is_ok_and(|text| text.contains("application/jwt")));
    if !wants_signed {
        return Json(metadata).into_response();
    }
    match signed(&house, at.issuer, metadata, &base) {
        Some(jwt) => ([(header::CONTENT_TYPE, "application/jwt")], jwt).into_response(),
        None => bare_500(),
    }
}

/// What an issuer in this form says about itself.
pub(crate) fn metadata(house: &House, at: IssuerAt) -> Value {
    let (base, issuer, variant) = (at.url(house), at.issuer, at.variant);
    let copies = at.copies(issuer.documents().map(DocumentType::copies).max().unwrap_or(2));
    let configurations: Map<String, Value> = issuer
        .documents()
        .map(|document| (document.as_str().to_owned(), configuration(document, variant)))
        .collect();
    let (en, cy) = issuer.name();
    let mut metadata = json!({
        "credential_issuer": base,
        "credential_endpoint": format!("{base}/credential"),
        "nonce_endpoint": format!("{base}/nonce"),
        "deferred_credential_endpoint": format!("{base}/deferred"),
        "notification_endpoint": format!("{base}/notification"),
        "display": [{ "name": en, "locale": "en-GB" }, { "name": cy, "locale": "cy" }],
        "credential_configurations_supported": configurations,
    });
    if copies >= 2 {
        metadata["batch_credential_issuance"] = json!({ "batch_size": copies });
    }
    if let (Some(encryption), Some(key)) = (variant.encryption, house.request_key()) {
        let key = EncryptionKey {
            key: key.public_key(),
            kid: Some("requests".to_owned()),
        };
        let required = encryption == EncryptionName::Required;
        let enc = json!(["A128GCM", "A256GCM"]);
        metadata["credential_request_encryption"] =
            json!({ "jwks": { "keys": [key.to_jwk()] }, "enc_values_supported": enc, "encryption_required": required });
        metadata["credential_response_encryption"] = json!({ "alg_values_supported": ["ECDH-ES"],
            "enc_values_supported": enc, "encryption_required": required });
        if variant.zip {
            for name in ["credential_request_encryption", "credential_response_encryption"] {
                metadata[name]["zip_values_supported"] = json!(["DEF"]);
            }
        }
    }
    metadata
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
fn configuration(document: DocumentType, variant: Variant) -> Value {
    let (en, cy) = document.name();
    let display = |name: &str, locale: &str| json!({ "name": name, "locale": locale, "background_color": document.colour(), "text_color": "#FFFFFF" });
    let claims: Vec<Value> = document
        .elements()
        .into_iter()
        .map(|(namespace, element)| {
            let path = if document.format() == Format::JwtVcJson {
                crate::issue::veteran_path(element)
            } else if namespace.is_empty() {
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
    let by_es256 = json!(["ES256"]);
    let proofs = match variant.proof {
        ProofName::Jwt => json!({ "jwt": { "proof_signing_alg_values_supported": by_es256 } }),
        ProofName::JwtWithAttestation => json!({ "jwt": {
            "proof_signing_alg_values_supported": by_es256, "key_attestations_required": {} } }),
        ProofName::Attestation => json!({ "attestation": {
            "proof_signing_alg_values_supported": by_es256, "key_attestations_required": {} } }),
    };
    let mut members = json!({
        "format": document.format(),
        "scope": document.as_str(),
        "proof_types_supported": proofs,
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
        Format::JwtVcJson => {
            members["credential_definition"] = json!({ "type": [BASE_TYPE, document.type_id()] });
            members["cryptographic_binding_methods_supported"] = json!(["did:key", "jwk"]);
            members["credential_signing_alg_values_supported"] = json!(["ES256"]);
        }
    }
    members
}

/// `GET /issuers/ISSUER/did.json`: the DID document of an issuer of JWT VCs (did:web, "Read"), in the shape GOV.UK's issuers
/// publish.
pub(crate) async fn did_document(State(house): State<Arc<House>>, Path(path): Path<String>) -> Response {
    let Some(issuer) = Issuer::from_path(&path).filter(|issuer| *issuer == Issuer::Defence) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let did = house.issuer_did(issuer);
    let key = house.issuer_pki(issuer).document_signer.signer().public_key().to_jwk();
    let id = format!("{did}#key-1");
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": [{ "id": id, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": key }],
        "assertionMethod": [id],
    });
    Json(document).into_response()
}

/// Authorization server metadata (RFC 8414): each issuer is its own.
pub(crate) async fn authorization_server(State(house): State<Arc<House>>, Path(path): Path<String>) -> Response {
    let Some(at) = IssuerAt::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(metadata) = sign_in::metadata(&house, at) else {
        return failed();
    };
    let mut metadata = metadata.to_json();
    if at.variant.fault == Some(OfferFault::OtherServerMetadata) {
        metadata["issuer"] = json!(format!("{}/", at.url(&house)));
    }
    Json(metadata).into_response()
}

/// The link of an offer, by value or by reference (4.1).
pub(crate) fn offer_link(house: &House, offer: &Offer) -> String {
    if offer.dialect.is_some() {
        return crate::gov_uk::offer_link(house, offer).unwrap_or_default();
    }
    let (name, value) = match (offer.by, offer.issuer_at()) {
        (By::Reference, Some(at)) => ("credential_offer_uri", format!("{}/offers/{}", at.url(house), offer.id)),
        _ => ("credential_offer", offer_json(house, offer).to_string()),
    };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(name, &value)
        .finish();
    format!("{OFFER_SCHEME}://?{query}")
}

/// A Credential Offer (4.1.1).
fn offer_json(house: &House, offer: &Offer) -> Value {
    let ids: Vec<&str> = offer.documents.iter().map(|document| document.as_str()).collect();
    let grants = match offer.grant {
        GrantName::AuthorizationCode => json!({ "authorization_code": { "issuer_state": offer.issuer_state } }),
        GrantName::PreAuthorizedCode => {
            let mut grant = json!({ "pre-authorized_code": offer.pre_authorized_code });
            if offer.tx_code.is_some() {
                grant["tx_code"] = json!({ "input_mode": "numeric", "length": 6, "description": "The practice page of the organisation shows the code." });
            }
            json!({ PRE_AUTHORIZED: grant })
        }
    };
    json!({
        "credential_issuer": offer.issuer_at().map(|at| at.url(house)),
        "credential_configuration_ids": ids,
        "grants": grants,
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
    match found.filter(|offer| offer.issuer_at().map(|at| at.path()) == Some(path)) {
        Some(offer) if offer.by == By::Reference => json_no_store(StatusCode::OK, offer_json(&house, &offer)),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Nonce endpoint (7).
pub(crate) async fn nonce(State(house): State<Arc<House>>, Path(path): Path<String>) -> Response {
    let Some(at) = IssuerAt::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let made = house.offers().make_nonce(house.now());
    match made {
        // A nonce for DPoP proofs may come along (7.2).
        Ok(nonce) => protocol(access::with_nonce(
            &house,
            at,
            DpopServer::Resource,
            nonce_response(&nonce),
        )),
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
    let Some(at) = IssuerAt::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if let Err(refusal) = access::token_of(&house, at, &headers, "notification") {
        return protocol(refusal);
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
