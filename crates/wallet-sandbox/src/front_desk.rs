//! The pages' routes: what forms send, and where they lead.

use std::sync::Arc;

use axum::extract::{Form, Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::catalogue::Issuer;
use crate::checker::{self, MOST_PICTURE_BYTES};
use crate::house::House;
use crate::pages::{self, IssuerPage, SCRIPT, STYLE, not_found, problem};
use crate::records::Status;
use crate::spec::{By, ClientIdPrefix, DocumentType, OfferSpec, RequestFault, RequestSpec, ResponseModeName};
use crate::ways::request_link;

/// `GET /`.
pub(crate) async fn front(State(house): State<Arc<House>>) -> Response {
    pages::front(&house)
}

/// `GET /style.css`.
pub(crate) async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// `GET /watch.js`.
pub(crate) async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

/// `GET /fonts/{name}`: the wallet's typeface, Latin letters with the Welsh ones (SIL Open Font License).
pub(crate) async fn font(Path(name): Path<String>) -> Response {
    let font: &[u8] = match name.as_str() {
        "latin.woff2" => include_bytes!("../assets/fonts/latin.woff2"),
        "latin-ext.woff2" => include_bytes!("../assets/fonts/latin-ext.woff2"),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    (
        [
            (header::CONTENT_TYPE, "font/woff2"),
            (header::CACHE_CONTROL, "max-age=86400"),
        ],
        font,
    )
        .into_response()
}

/// `GET /organisations/{issuer}`.
pub(crate) async fn issuer(State(house): State<Arc<House>>, Path(path): Path<String>) -> Response {
    match Issuer::from_path(&path) {
        Some(issuer) => issuer_page(&house, issuer, None),
        None => not_found().await,
    }
}

fn issuer_page(house: &House, issuer: Issuer, problem: Option<&str>) -> Response {
    let issued = house
        .records()
        .newest_first()
        .filter(|document| document.name.issuer() == issuer)
        .cloned()
        .collect();
    pages::issuer(
        house,
        &IssuerPage {
            issuer,
            issued,
            problem,
        },
    )
}

/// The form that makes an offer.
#[derive(Deserialize)]
pub(crate) struct OfferForm {
    name: DocumentType,
    person: String,
    tx_code: Option<String>,
    by_reference: Option<String>,
}

/// `POST /organisations/{issuer}`.
pub(crate) async fn offer_document(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    Form(form): Form<OfferForm>,
) -> Response {
    let Some(issuer) = Issuer::from_path(&path).filter(|issuer| form.name.issuer() == *issuer) else {
        return not_found().await;
    };
    let spec = OfferSpec {
        person: Some(form.person),
        tx_code: Some(form.tx_code.is_some()),
        by: if form.by_reference.is_some() {
            By::Reference
        } else {
            By::Value
        },
        ..OfferSpec::of(form.name)
    };
    match house.make_offer(&spec, false) {
        Ok(made) => Redirect::to(&format!("/offers/{}", made.id)).into_response(),
        Err(refusal) => issuer_page(&house, issuer, Some(&refusal.to_string())),
    }
}

/// `GET /offers/{id}`.
pub(crate) async fn offer(State(house): State<Arc<House>>, Path(id): Path<String>) -> Response {
    let found = house.offers().find(&id).cloned();
    match found {
        Some(offer) => pages::offer(&house, &offer, &house.offer_link(&offer)),
        None => not_found().await,
    }
}

/// The form that changes a document's status.
#[derive(Deserialize)]
pub(crate) struct StatusForm {
    document: String,
    status: Status,
}

/// `POST /organisations/{issuer}/status`.
pub(crate) async fn change_status(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    Form(form): Form<StatusForm>,
) -> Response {
    let Some(issuer) = Issuer::from_path(&path) else {
        return not_found().await;
    };
    let changed = house.records().set_status(&form.document, form.status);
    match changed {
        Ok(Some(_)) => Redirect::to(&format!("/organisations/{}#issued", issuer.path())).into_response(),
        Ok(None) => not_found().await,
        Err(error) => problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The change could not be kept",
            &error.to_string(),
        ),
    }
}

/// `GET /services/{service}`.
pub(crate) async fn service(State(house): State<Arc<House>>, Path(path): Path<String>) -> Response {
    match house.service_by_path(&path) {
        Some(service) => pages::service(service),
        None => not_found().await,
    }
}

/// The form that makes a request. Empty fields mean "as usual".
#[derive(Deserialize)]
pub(crate) struct RequestForm {
    #[serde(default)]
    client_id_prefix: String,
    #[serde(default)]
    response_mode: String,
    #[serde(default)]
    fault: String,
}

/// `POST /services/{service}`.
pub(crate) async fn ask(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    Form(form): Form<RequestForm>,
) -> Response {
    let Some(service) = house.service_by_path(&path) else {
        return not_found().await;
    };
    let spec = RequestSpec {
        client_id_prefix: chosen::<ClientIdPrefix>(&form.client_id_prefix),
        response_mode: chosen::<ResponseModeName>(&form.response_mode),
        fault: chosen::<RequestFault>(&form.fault),
        ..RequestSpec::of(service.name)
    };
    match house.make_request(spec, false) {
        Ok(made) => Redirect::to(&format!("/requests/{}", made.id)).into_response(),
        Err(_) => problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The request could not be made",
            "Try again.",
        ),
    }
}

fn chosen<T: serde::de::DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}

/// `GET /requests/{id}`: where the service's page waits, and where the person returns to.
pub(crate) async fn request(State(house): State<Arc<House>>, Path(id): Path<String>) -> Response {
    let page = {
        let requests = house.requests();
        requests.report(&id).and_then(|request| {
            let service = house.service(request.spec.name)?;
            Some(pages::request(
                &house,
                service,
                request,
                &request_link(&house, service, request, house.now()),
            ))
        })
    };
    match page {
        Some(page) => page,
        None => not_found().await,
    }
}

/// `GET /services/{service}/returns/{id}`: where an answer in a fragment comes back to.
pub(crate) async fn returned(State(house): State<Arc<House>>, Path((path, id)): Path<(String, String)>) -> Response {
    let page = {
        let requests = house.requests();
        let service = house.service_by_path(&path);
        service.and_then(|service| {
            let request = requests.find(&id).filter(|request| request.spec.name == service.name)?;
            Some(pages::returned(service, &request.id))
        })
    };
    match page {
        Some(page) => page,
        None => not_found().await,
    }
}

/// `GET /checker`.
pub(crate) async fn checker() -> Response {
    pages::checker(None)
}

/// `POST /checker`: a picture or the content of a code.
pub(crate) async fn check(State(house): State<Arc<House>>, mut form: Multipart) -> Response {
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return pages::checker(Some(Err("Choose a picture, or paste the content of a code."))),
            Err(_) => return pages::checker(Some(Err("The form could not be read."))),
        };
        let name = field.name().unwrap_or_default().to_owned();
        let Ok(bytes) = field.bytes().await else {
            return pages::checker(Some(Err("That is too large.")));
        };
        let payload = match name.as_str() {
            "picture" if bytes.len() > MOST_PICTURE_BYTES => Err(checker::CheckerError::TooLarge),
            "picture" => tokio::task::spawn_blocking(move || checker::payload_of_picture(&bytes))
                .await
                .unwrap_or(Err(checker::CheckerError::NoCode)),
            "payload" => checker::payload_of_text(&String::from_utf8_lossy(&bytes)),
            _ => continue,
        };
        return match payload.and_then(|payload| checker::check(&house, &payload)) {
            Ok(outcome) => pages::checker(Some(Ok(&outcome))),
            Err(error) => pages::checker(Some(Err(&error.to_string()))),
        };
    }
}
