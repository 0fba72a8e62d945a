//! The small HTTP interface for programs: make offers and requests, read what came of them, change a document's status.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wallet_credentials::crypto::PublicKey;

use crate::house::House;
use crate::issuance::offer_report;
use crate::records::{Issued, Status};
use crate::reply::json_no_store;
use crate::requests::{Request, Stage};
use crate::spec::{ListSpec, OfferSpec, RequestSpec};

/// `POST /control/offer`.
pub(crate) async fn make_offer(State(house): State<Arc<House>>, body: Bytes) -> Response {
    match read::<OfferSpec>(&body) {
        Err(refusal) => refusal,
        Ok(spec) => match house.make_offer(&spec, false) {
            Ok(made) => (StatusCode::CREATED, Json(made)).into_response(),
            Err(refusal) => refuse(&refusal.to_string()),
        },
    }
}

/// `GET /control/offer/ID`.
pub(crate) async fn offer(State(house): State<Arc<House>>, Path(id): Path<String>) -> Response {
    let report = house.offers().find(&id).map(offer_report);
    report.map_or_else(unknown, |report| json_no_store(StatusCode::OK, report))
}

/// `POST /control/request`.
pub(crate) async fn make_request(State(house): State<Arc<House>>, body: Bytes) -> Response {
    match read::<RequestSpec>(&body) {
        Err(refusal) => refusal,
        Ok(spec) => match house.make_request(spec, false) {
            Ok(made) => (StatusCode::CREATED, Json(made)).into_response(),
            Err(refusal) => refuse(&refusal.to_string()),
        },
    }
}

/// `GET /control/request/ID`: what the service learnt. `ID` may also be the name of a service, for its newest request.
pub(crate) async fn request(State(house): State<Arc<House>>, Path(id): Path<String>) -> Response {
    let report = house.requests().report(&id).map(request_report);
    report.map_or_else(unknown, |report| json_no_store(StatusCode::OK, report))
}

/// What became of a request.
pub(crate) fn request_report(request: &Request) -> Value {
    let mut report = json!({
        "id": request.id,
        "name": request.spec.name,
        "stage": request.stage.as_str(),
        "expires_at": request.expires_at.to_rfc3339(),
        "valid": null,
        "checks": [],
        "answers": [],
        "error": null,
    });
    match &request.stage {
        Stage::Answered(outcome) => {
            report["valid"] = outcome.valid.into();
            report["checks"] = json!(outcome.checks);
            report["answers"] = json!(outcome.answers);
        }
        Stage::Declined(code) => report["error"] = json!({ "code": code, "description": null }),
        Stage::Unreadable(why) => {
            report["valid"] = false.into();
            report["error"] = json!({ "code": "unreadable", "description": why });
        }
        Stage::Waiting | Stage::Fetched => {}
    }
    report
}

/// A change of a document's status.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Withdrawal {
    /// The id of the document, or the name of its type for the newest of it.
    document: String,
    /// `revoked` when absent.
    #[serde(default)]
    status: Option<Status>,
}

/// `POST /control/withdraw`.
pub(crate) async fn withdraw(State(house): State<Arc<House>>, body: Bytes) -> Response {
    let withdrawal = match read::<Withdrawal>(&body) {
        Err(refusal) => return refusal,
        Ok(withdrawal) => withdrawal,
    };
    let changed = house
        .records()
        .set_status(&withdrawal.document, withdrawal.status.unwrap_or(Status::Revoked));
    match changed {
        Ok(Some(document)) => json_no_store(StatusCode::OK, document_report(&document)),
        Ok(None) => unknown(),
        Err(_) => crate::reply::failed(),
    }
}

/// `POST /control/lists`: which signed lists are served from now on.
pub(crate) async fn lists(State(house): State<Arc<House>>, body: Bytes) -> Response {
    match read::<ListSpec>(&body) {
        Err(refusal) => refusal,
        Ok(spec) => match house.serve_lists(&spec) {
            Ok(()) => json_no_store(StatusCode::OK, json!(spec)),
            Err(_) => crate::reply::failed(),
        },
    }
}

/// A client that authenticates by `private_key_jwt`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Client {
    /// Its name.
    client_id: String,
    /// Its public key, as a JWK.
    jwk: Value,
}

/// `POST /control/client`: tells every practice issuer a client and its key.
pub(crate) async fn register_client(State(house): State<Arc<House>>, body: Bytes) -> Response {
    let client = match read::<Client>(&body) {
        Err(refusal) => return refusal,
        Ok(client) => client,
    };
    match PublicKey::from_jwk(&client.jwk) {
        Err(error) => refuse(&error.to_string()),
        Ok(key) if client.client_id.len() <= 2_000 && house.access().register(&client.client_id, key) => {
            json_no_store(StatusCode::CREATED, json!({ "client_id": client.client_id }))
        }
        Ok(_) => refuse("too many clients"),
    }
}

/// `GET /control/documents`: what was issued, newest first.
pub(crate) async fn documents(State(house): State<Arc<House>>) -> Response {
    let documents: Vec<Value> = house.records().newest_first().map(document_report).collect();
    json_no_store(StatusCode::OK, json!({ "documents": documents }))
}

fn document_report(document: &Issued) -> Value {
    json!({
        "id": document.id,
        "name": document.name,
        "person": document.person,
        "issued_at": document.issued_at.to_rfc3339(),
        "copies": document.places.len(),
        "status": document.status,
        "notification": document.notification,
        "notifications": document.notifications,
    })
}

/// `GET /control/people`: whom documents can be about.
pub(crate) async fn people(State(house): State<Arc<House>>) -> Response {
    let people: Vec<Value> = house
        .people()
        .all()
        .map(|person| {
            let documents: Vec<_> = crate::spec::DocumentType::ALL
                .into_iter()
                .filter(|document| document.is_for(person))
                .collect();
            json!({ "id": person.id, "name": person.full_name(), "note": person.note, "documents": documents })
        })
        .collect();
    json_no_store(StatusCode::OK, json!({ "people": people }))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Response> {
    serde_json::from_slice(body).map_err(|error| refuse(&error.to_string()))
}

fn refuse(why: &str) -> Response {
    json_no_store(
        StatusCode::BAD_REQUEST,
        json!({ "error": "invalid_request", "error_description": why }),
    )
}

fn unknown() -> Response {
    json_no_store(StatusCode::NOT_FOUND, json!({ "error": "unknown" }))
}
