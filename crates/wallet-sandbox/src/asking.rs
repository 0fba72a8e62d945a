//! The services' endpoints of OpenID4VP 1.0: signed request objects, and the answers to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use wallet_credentials::jose::{EncryptionKey, base64url};
use wallet_credentials::time::Timestamp;
use wallet_protocols::dcql::{DcqlQuery, RequestedType};
use wallet_protocols::http::FORM;
use wallet_protocols::openid4vp::ClientId;
use wallet_protocols::openid4vp::verifier::{
    ReceivedResponse, RequestToSend, read_wallet_nonce, reply, request_object_response,
};

use crate::agreed::agreed;
use crate::house::House;
use crate::reply::{bare_500, broken_off, failed, media_type, oauth_error, protocol};
use crate::requests::{Answer, Check, Outcome, Request, Stage};
use crate::services::Service;
use crate::spec::RequestFault;
use crate::verify::{Asked, checked, jwt_vc_answer, mdoc_answers, sd_jwt_answer};
use crate::ways;

/// A document type nobody has.
pub(crate) const NOBODYS: &str = "uk.gov.sandbox.nobodyHasThis.1";

/// What a request asks for, faults included.
fn query(service: &Service, request: &Request) -> Value {
    let mut query = request.spec.dcql_query.clone().unwrap_or_else(|| service.dcql.clone());
    let required = match request.spec.fault {
        Some(RequestFault::NothingMatches) => true,
        Some(RequestFault::OptionalNothingMatches) => false,
        _ => return query,
    };
    let nobodys = json!({
        "id": "nobodys", "format": "mso_mdoc", "meta": { "doctype_value": NOBODYS }, "claims": [{ "path": [NOBODYS, "anything"] }],
    });
    let Some(members) = query.as_object_mut() else {
        return query;
    };
    let ids: Vec<Value> = members
        .get("credentials")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|credential| credential.get("id").cloned())
        .collect();
    if let Some(Value::Array(credentials)) = members.get_mut("credentials") {
        credentials.push(nobodys);
    }
    let sets = members
        .entry("credential_sets")
        .or_insert_with(|| json!([{ "options": [ids] }]));
    if let Value::Array(sets) = sets {
        sets.push(json!({ "options": [["nobodys"]], "required": required }));
    }
    query
}

/// A request as the protocol code wants it; what it borrows.
pub(crate) struct Parts {
    pub(crate) client_id: String,
    pub(crate) response_uri: String,
    query: Value,
    encrypt_to: Option<EncryptionKey>,
}

impl Parts {
    pub(crate) fn of(house: &House, service: &Service, request: &Request) -> Self {
        Self {
            client_id: ways::client_id(house, service, request),
            response_uri: ways::response_uri(house, service, request),
            query: query(service, request),
            encrypt_to: request.response_key.as_ref().map(|key| EncryptionKey {
                key: key.public_key(),
                kid: Some(request.id.clone()),
            }),
        }
    }

    pub(crate) fn to_send<'a>(
        &'a self,
        id: &'a ClientId,
        service: &'a Service,
        request: &'a Request,
        nonce: Option<&'a str>,
        now: Timestamp,
    ) -> RequestToSend<'a> {
        RequestToSend {
            client_id: id,
            response_uri: &self.response_uri,
            nonce: &request.nonce,
            state: request.state.as_deref(),
            dcql_query: &self.query,
            encrypt_to: self.encrypt_to.as_ref(),
            client_name: Some(&service.trading_name),
            wallet_nonce: nonce,
            issued_at: now,
            expires_at: Some(request.expires_at),
        }
    }
}

/// `GET` of a request object.
pub(crate) async fn request_object(
    State(house): State<Arc<House>>,
    Path((path, id)): Path<(String, String)>,
) -> Response {
    serve_request_object(&house, &path, &id, None)
}

/// `POST` for a request object, with a `wallet_nonce` (5.10).
pub(crate) async fn request_object_post(
    State(house): State<Arc<House>>,
    Path((path, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let nonce = if media_type(&headers) == FORM {
        read_wallet_nonce(&body).ok()
    } else {
        None
    };
    match nonce {
        Some(nonce) => serve_request_object(&house, &path, &id, nonce.as_deref()),
        None => oauth_error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "not a form that can be read",
        ),
    }
}

fn serve_request_object(house: &House, path: &str, id: &str, wallet_nonce: Option<&str>) -> Response {
    let Some(service) = house.service_by_path(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let now = house.now();
    let mut requests = house.requests();
    let id = match requests.fetched(id, now) {
        Ok(Some(id)) => id,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return failed(),
    };
    let Some(request) = requests
        .find_mut(&id)
        .filter(|request| request.spec.name == service.name)
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match request.spec.fault {
        Some(RequestFault::Error500OnRequest) => return bare_500(),
        Some(RequestFault::DropConnectionOnRequest) => return broken_off("application/oauth-authz-req+jwt"),
        Some(RequestFault::RedirectedRequest) => {
            return Redirect::to(&format!("{}/services/{path}/requests/elsewhere", house.base())).into_response();
        }
        _ => {}
    }
    if request.stage.is_over() || now >= request.expires_at {
        return StatusCode::GONE.into_response();
    }
    request.stage = Stage::Fetched;
    match ways::request_object(house, service, request, wallet_nonce, now) {
        Ok(object) => {
            let mut response = protocol(request_object_response(object));
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
            response
        }
        Err(_) => failed(),
    }
}

/// `POST` of an answer (8.2, 8.3.1).
pub(crate) async fn response(
    State(house): State<Arc<House>>,
    Path((path, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(service) = house.service_by_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let refuse = |why: &str| oauth_error(StatusCode::BAD_REQUEST, "invalid_request", why);
    let mut requests = house.requests();
    let Some(request) = requests
        .find_mut(&id)
        .filter(|request| request.spec.name == service.name)
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match request.spec.fault {
        Some(RequestFault::Error500) => return bare_500(),
        Some(RequestFault::Error400) => return refuse("played fault"),
        _ => {}
    }
    if request.stage.is_over() {
        return refuse("this request was answered before");
    }
    if house.now() >= request.expires_at {
        return refuse("this request has ended");
    }
    let received = if media_type(&headers) == FORM {
        ReceivedResponse::read(&body, request.response_key.as_ref()).ok()
    } else {
        None
    };
    let (stage, good) = match received {
        None => (
            Stage::Unreadable(
                "The answer is not a form, not encrypted to the service’s key, or not of the right shape.".to_owned(),
            ),
            false,
        ),
        Some(ReceivedResponse::Refused { state, .. } | ReceivedResponse::Presented { state, .. })
            if state.as_deref() != request.state.as_deref() =>
        {
            return refuse("another state than the request’s");
        }
        Some(ReceivedResponse::Refused { code, .. }) => (Stage::Declined(code), true),
        Some(ReceivedResponse::Presented { vp_token, .. }) => {
            let outcome = judge(&house, service, request, &vp_token);
            let sound = |check: &Check| check.ok || matches!(check.name, "status" | "query" | "validity");
            let good = outcome
                .checks
                .iter()
                .chain(outcome.answers.iter().flat_map(|answer| &answer.checks))
                .all(sound);
            (Stage::Answered(outcome), good)
        }
    };
    request.stage = stage;
    let back = format!("{}/requests/{}", house.base(), request.id);
    match request.spec.fault {
        Some(RequestFault::DropConnectionOnResponse) => broken_off("application/json"),
        Some(RequestFault::EmptyReply) => StatusCode::OK.into_response(),
        Some(RequestFault::HtmlReply) => ([(header::CONTENT_TYPE, "text/html")], "<p>Thank you.</p>").into_response(),
        _ if !good => refuse("the presentation does not verify"),
        _ => protocol(reply(request.spec.redirect.unwrap_or(true).then_some(back.as_str()))),
    }
}

/// Checks an answer as a whole and each document of it.
fn judge(house: &House, service: &Service, request: &Request, vp_token: &BTreeMap<String, Vec<String>>) -> Outcome {
    let parts = Parts::of(house, service, request);
    let (mut checks, mut answers) = (Vec::new(), Vec::new());
    let query = DcqlQuery::from_value(parts.query.clone());
    let id = ClientId::parse(&parts.client_id);
    let (Ok(query), Ok(id)) = (query, id) else {
        let detail = "The request itself was not valid.".to_owned();
        return Outcome {
            valid: false,
            checks: vec![checked("query", Err(detail))],
            answers,
        };
    };
    checks.push(complete(&query, vp_token));
    let bound = match agreed(&query, request, vp_token) {
        Ok(bound) => bound,
        Err(problem) => {
            let detail = format!("The transaction cannot be bound: {problem}.");
            checks.push(checked("transaction", Err(detail)));
            BTreeMap::new()
        }
    };
    let transcript = parts
        .to_send(&id, service, request, None, house.now())
        .session_transcript();
    for (query_id, presentations) in vp_token {
        let Some(credential_query) = query.credential(query_id) else {
            continue;
        };
        let asked = Asked {
            query: Some(credential_query),
            agreed: bound.get(query_id).cloned().unwrap_or_default(),
        };
        for presentation in presentations {
            let (found, wrong): (Vec<Answer>, Vec<Check>) = match credential_query.requested {
                RequestedType::Mdoc(_) => match base64url::decode(presentation) {
                    Ok(bytes) => mdoc_answers(house, &bytes, &transcript, &asked),
                    Err(_) => (
                        Vec::new(),
                        vec![checked("format", Err("The mdoc is not base64url.".to_owned()))],
                    ),
                },
                RequestedType::JwtVc(_) => {
                    match jwt_vc_answer(house, presentation, id.as_str(), &request.nonce, &asked) {
                        Ok(answer) => (vec![answer], Vec::new()),
                        Err(check) => (Vec::new(), vec![check]),
                    }
                }
                _ => match sd_jwt_answer(house, presentation, id.as_str(), &request.nonce, &asked) {
                    Ok(answer) => (vec![answer], Vec::new()),
                    Err(check) => (Vec::new(), vec![check]),
                },
            };
            answers.extend(found);
            checks.extend(wrong);
        }
    }
    let valid = checks
        .iter()
        .chain(answers.iter().flat_map(|answer| &answer.checks))
        .all(|check| check.ok)
        && !answers.is_empty();
    Outcome { valid, checks, answers }
}

/// Whether the answer covers what was asked for: every required set, one document a query unless more are wanted, and
/// nothing under a name nobody asked for (6.4.2, 8.1).
fn complete(query: &DcqlQuery, vp_token: &BTreeMap<String, Vec<String>>) -> Check {
    let answered = |at: &usize| {
        query
            .credentials()
            .get(*at)
            .is_some_and(|credential| vp_token.contains_key(credential.id.as_str()))
    };
    let required = if query.sets().is_empty() {
        (0..query.credentials().len()).all(|at| answered(&at))
    } else {
        query
            .sets()
            .iter()
            .filter(|set| set.required)
            .all(|set| set.options.iter().any(|option| option.iter().all(answered)))
    };
    let fits = vp_token.iter().all(|(id, presentations)| {
        query
            .credential(id)
            .is_some_and(|credential| credential.multiple || presentations.len() == 1)
    });
    let outcome = match (required, fits) {
        (true, true) => Ok("It answers what was asked.".to_owned()),
        (false, _) => Err("A document that was asked for is missing.".to_owned()),
        (true, false) => Err("It holds documents nobody asked for.".to_owned()),
    };
    checked("query", outcome)
}
