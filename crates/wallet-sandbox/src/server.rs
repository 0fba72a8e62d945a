//! Every address of the sandbox, and who may use it.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::checker::MOST_PICTURE_BYTES;
use crate::house::House;
use crate::{
    asking, control, credential, did_web, faults, front_desk, gov_uk, issuance, pages, provider, reply, sign_in,
    status, token,
};

/// The longest body of anything but a picture: answers carry portraits.
const MOST_BODY_BYTES: usize = 2 * 1024 * 1024;

/// The router.
pub(crate) fn router(house: Arc<House>) -> Router {
    Router::new()
        .merge(pages_routes())
        .merge(issuer_routes())
        .merge(gov_uk_routes())
        .merge(provider_routes())
        .merge(service_routes())
        .merge(control_routes())
        .fallback(pages::not_found)
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&house), at_home))
        .with_state(house)
}

fn pages_routes() -> Router<Arc<House>> {
    let picture = DefaultBodyLimit::max(MOST_PICTURE_BYTES + 64 * 1024);
    Router::new()
        .route("/", get(front_desk::front))
        .route("/style.css", get(front_desk::style))
        .route("/watch.js", get(front_desk::script))
        .route("/fonts/{name}", get(front_desk::font))
        .route(
            "/organisations/{issuer}",
            get(front_desk::issuer).post(front_desk::offer_document),
        )
        .route("/organisations/{issuer}/status", post(front_desk::change_status))
        .route("/offers/{id}", get(front_desk::offer))
        .route("/services/{service}", get(front_desk::service).post(front_desk::ask))
        .route("/requests/{id}", get(front_desk::request))
        .route(
            "/checker",
            get(front_desk::checker).post(front_desk::check).layer(picture),
        )
}

fn issuer_routes() -> Router<Arc<House>> {
    Router::new()
        .route(
            "/.well-known/openid-credential-issuer/issuers/{issuer}",
            get(issuance::issuer_metadata),
        )
        .route(
            "/issuers/{issuer}/.well-known/openid-credential-issuer",
            get(issuance::issuer_metadata),
        )
        .route(
            "/.well-known/oauth-authorization-server/issuers/{issuer}",
            get(issuance::authorization_server),
        )
        .route(
            "/issuers/{issuer}/.well-known/oauth-authorization-server",
            get(issuance::authorization_server),
        )
        .route("/issuers/{issuer}/offers/{id}", get(issuance::offer_by_reference))
        .route("/issuers/{issuer}/did.json", get(issuance::did_document))
        .route("/issuers/{issuer}/par", post(sign_in::push))
        .route("/issuers/{issuer}/challenge", post(sign_in::challenge))
        .route("/issuers/{issuer}/authorize", get(sign_in::page).post(sign_in::decide))
        .route("/issuers/{issuer}/token", post(token::token))
        .route("/issuers/{issuer}/nonce", post(issuance::nonce))
        .route("/issuers/{issuer}/credential", post(credential::credential))
        .route("/issuers/{issuer}/deferred", post(credential::deferred))
        .route("/issuers/{issuer}/notification", post(issuance::notification))
        .route("/issuers/{issuer}/again", get(faults::again))
        .route("/status/{number}", get(status::status_list))
}

fn gov_uk_routes() -> Router<Arc<House>> {
    Router::new()
        .route("/.well-known/openid-credential-issuer", get(gov_uk::metadata))
        .route("/.well-known/jwks.json", get(gov_uk::code_keys))
        .route("/iacas", get(gov_uk::iacas))
        .route("/credential", post(gov_uk::credential))
        .route("/notification", post(gov_uk::notification))
        .route("/wallet/add", get(gov_uk::add_page))
        .route(
            "/.well-known/oauth-authorization-server/one-login",
            get(gov_uk::server_metadata),
        )
        .route("/one-login/token", post(gov_uk::token))
        .route("/one-login/.well-known/jwks.json", get(gov_uk::token_keys))
}

fn provider_routes() -> Router<Arc<House>> {
    Router::new()
        .route("/.well-known/wallet-provider/wallet-provider", get(provider::about))
        .route("/wallet-provider/challenge", post(provider::challenge))
        .route(
            "/wallet-provider/wallet-attestation",
            post(provider::wallet_attestation),
        )
        .route("/wallet-provider/key-attestation", post(provider::key_attestation))
}

fn service_routes() -> Router<Arc<House>> {
    Router::new()
        .route(
            "/services/{service}/requests/{id}",
            get(asking::request_object).post(asking::request_object_post),
        )
        .route("/services/{service}/requests/{id}/did.json", get(did_web::of_request))
        .route("/services/{service}/did.json", get(did_web::of_service))
        .route("/services/{service}/responses/{id}", post(asking::response))
        .route("/services/{service}/returns/{id}", get(front_desk::returned))
        .route("/trust-list", get(trust_list))
        .route("/register", get(register))
        .route("/certificates/{name}", get(certificate))
}

fn control_routes() -> Router<Arc<House>> {
    Router::new()
        .route("/control/offer", post(control::make_offer))
        .route("/control/offer/{id}", get(control::offer))
        .route("/control/request", post(control::make_request))
        .route("/control/request/{id}", get(control::request))
        .route("/control/client", post(control::register_client))
        .route("/control/withdraw", post(control::withdraw))
        .route("/control/lists", post(control::lists))
        .route("/control/documents", get(control::documents))
        .route("/control/people", get(control::people))
}

/// `GET /trust-list`.
async fn trust_list(State(house): State<Arc<House>>) -> Response {
    reply::signed(
        "application/wallet-trust-list+jwt",
        house.served_lists().trust_list.clone(),
    )
}

/// `GET /register`.
async fn register(State(house): State<Arc<House>>) -> Response {
    reply::signed("application/wallet-register+jwt", house.served_lists().register.clone())
}

/// `GET /certificates/NAME.pem`: the authorities, for wallets and services that are configured by hand.
async fn certificate(State(house): State<Arc<House>>, Path(name): Path<String>) -> Response {
    let pem = house
        .pki()
        .authorities()
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, certified)| certified.pem());
    match pem {
        Some(pem) => ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Names of this machine. The last is how a container calls the machine it runs on, as the test harness for issuers of GOV.UK's
/// dialect does; `.internal` is nobody's to register, so no page of the web is led here by it.
const HERE: [&str; 4] = ["localhost", "127.0.0.1", "[::1]", "host.docker.internal"];

/// Lets in only who names this machine: a page of the web that was led here by its name server (DNS rebinding) is turned
/// away, and so is a form or script of another site that wants to change something.
async fn at_home(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let port = house.base().rsplit(':').next().unwrap_or_default();
    let text = |headers: &HeaderMap, name: header::HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_ascii_lowercase)
    };
    let here = |name: &str| HERE.iter().any(|host| name == format!("{host}:{port}"));
    let host = text(request.headers(), header::HOST);
    if !host.as_deref().is_some_and(here) {
        return (
            StatusCode::MISDIRECTED_REQUEST,
            "This sandbox answers to localhost only.",
        )
            .into_response();
    }
    let origin = text(request.headers(), header::ORIGIN);
    let own = origin
        .as_deref()
        .is_none_or(|origin| origin.strip_prefix("http://").is_some_and(here));
    if request.method() != Method::GET && !own && changes_things(request.uri().path()) {
        return (StatusCode::FORBIDDEN, "Only this sandbox's own pages may do that.").into_response();
    }
    next.run(request).await
}

/// Pages and the control interface; the endpoints of the protocols are for wallets wherever they run.
fn changes_things(path: &str) -> bool {
    let protocol = ["/issuers/", "/wallet-provider/", "/one-login/"]
        .iter()
        .any(|start| path.starts_with(start))
        || ["/credential", "/notification"].contains(&path)
        || path.contains("/responses/")
        || path.contains("/requests/");
    !protocol
}
