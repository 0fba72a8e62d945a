//! The services' names under did:web, and the documents behind them (W3C CCG did:web; DID Core, 4 and 5).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use wallet_credentials::crypto::Signer as _;

use crate::house::House;
use crate::requests::Request;
use crate::services::Service;
use crate::spec::RequestFault;

/// The name of the one key of every document.
pub(crate) const KEY: &str = "#key-1";

/// The did:web of a service; one of its own for a request that plays a fault of its document.
pub(crate) fn identifier(house: &House, service: &Service, request: Option<&Request>) -> String {
    let authority = house.base().trim_start_matches("http://").replace(':', "%3A");
    let own = format!("did:web:{authority}:services:{}", service.path);
    match request {
        Some(request) if plays_document(request) => format!("{own}:requests:{}", request.id),
        _ => own,
    }
}

const fn plays_document(request: &Request) -> bool {
    matches!(
        request.spec.fault,
        Some(
            RequestFault::NoDidDocument | RequestFault::DidDocumentOfAnother | RequestFault::DidDocumentWithAnotherKey
        )
    )
}

fn document(house: &House, service: &Service, request: Option<&Request>) -> Value {
    let has = |fault| request.is_some_and(|request| request.has_fault(fault));
    let did = if has(RequestFault::DidDocumentOfAnother) {
        identifier(house, service, None)
    } else {
        identifier(house, service, request)
    };
    let key = if has(RequestFault::DidDocumentWithAnotherKey) {
        // A key that is nobody's here.
        house.pki().status_signer.signer()
    } else {
        service.certified(house.pki()).signer()
    };
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": [{
            "id": format!("{did}{KEY}"),
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": key.public_key().to_jwk(),
        }],
        "authentication": [format!("{did}{KEY}")],
    })
}

/// `GET` of the document of a service.
pub(crate) async fn of_service(State(house): State<Arc<House>>, Path(path): Path<String>) -> Response {
    match house.service_by_path(&path) {
        Some(service) => Json(document(&house, service, None)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET` of the document of one request.
pub(crate) async fn of_request(State(house): State<Arc<House>>, Path((path, id)): Path<(String, String)>) -> Response {
    let requests = house.requests();
    let found = house.service_by_path(&path).zip(requests.find(&id));
    match found.filter(|(_, request)| !request.has_fault(RequestFault::NoDidDocument)) {
        Some((service, request)) => Json(document(&house, service, Some(request))).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
