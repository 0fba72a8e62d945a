//! Replies in the forms the protocols ask for.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use wallet_protocols::http::HttpResponse;

/// JSON that nobody may keep.
pub(crate) fn json_no_store(status: StatusCode, body: Value) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// An OAuth error (RFC 6749, 5.2).
pub(crate) fn oauth_error(status: StatusCode, error: &str, description: &str) -> Response {
    json_no_store(status, json!({ "error": error, "error_description": description }))
}

/// A reply made by the protocol code.
pub(crate) fn protocol(reply: HttpResponse) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut headers = HeaderMap::new();
    let content_type = reply.content_type.map(|value| ("content-type".to_owned(), value));
    for (name, value) in content_type.into_iter().chain(reply.headers) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    if status == StatusCode::UNAUTHORIZED && !headers.contains_key(header::WWW_AUTHENTICATE) {
        // RFC 6750, 3.
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer error=\"invalid_token\""),
        );
    }
    (status, headers, reply.body).into_response()
}

/// Something inside failed; the reply says nothing about it.
pub(crate) fn failed() -> Response {
    oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "the sandbox failed")
}

/// A bare 500, as failing servers send it.
pub(crate) fn bare_500() -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// A reply that begins, promises more, and breaks off: the connection is closed in the middle.
pub(crate) fn broken_off(content_type: &'static str) -> Response {
    let begun: Result<Bytes, std::io::Error> = Ok(Bytes::from_static(b"{"));
    let broken = Err(std::io::Error::new(
        std::io::ErrorKind::ConnectionAborted,
        "played fault",
    ));
    let body = Body::from_stream(futures_util::stream::iter([begun, broken]));
    ([(header::CONTENT_TYPE, content_type)], body).into_response()
}

/// A signed object.
pub(crate) fn signed(content_type: &'static str, object: impl Into<Body>) -> Response {
    (
        [
            (header::CONTENT_TYPE, content_type),
            (header::CACHE_CONTROL, "no-store"),
        ],
        object.into(),
    )
        .into_response()
}

/// The media type of a request without parameters, in lower case.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let text = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
