//! Metadata that nobody should have to read, for wallets that must survive it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::stream;
use serde_json::json;

use crate::house::House;
use crate::issuance;
use crate::spec::OfferFault;
use crate::variant::IssuerAt;

/// A piece of the endless document, and how many there are: a hundred megabytes.
const PIECE: usize = 64 * 1024;
const PIECES: usize = 1_600;
/// How deep the deep document goes.
const LEVELS: usize = 100_000;
/// How long the slow document waits between bytes, and how many it has before it is given up.
const DRIP: Duration = Duration::from_millis(200);
const DRIPS: usize = 3_000;

/// What an issuer with this fault answers instead of its metadata; `None` when it has none of its own.
pub(crate) fn metadata(house: &House, at: IssuerAt, fault: OfferFault) -> Option<Response> {
    let json = [(header::CONTENT_TYPE, "application/json")];
    let base = at.url(house);
    let response = match fault {
        OfferFault::HugeMetadata => {
            let piece = Bytes::from(vec![b' '; PIECE]);
            let pieces = stream::iter(std::iter::repeat_n(piece, PIECES).map(Ok::<_, Infallible>));
            (json, Body::from_stream(pieces)).into_response()
        }
        OfferFault::SlowMetadata => {
            let drips = stream::unfold(0, |sent| async move {
                if sent == DRIPS {
                    return None;
                }
                tokio::time::sleep(DRIP).await;
                Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), sent + 1))
            });
            (json, Body::from_stream(drips)).into_response()
        }
        OfferFault::EndlessRedirects => Redirect::temporary(&format!("{base}/again?1")).into_response(),
        OfferFault::ForeignRedirect => Redirect::temporary("https://attacker.example/metadata").into_response(),
        OfferFault::DeepMetadata => {
            let deep = format!("{}{}", "[".repeat(LEVELS), "]".repeat(LEVELS));
            (json, deep).into_response()
        }
        OfferFault::OtherIssuerMetadata => {
            let mut metadata = issuance::metadata(house, at);
            metadata["credential_issuer"] = json!("https://attacker.example");
            Json(metadata).into_response()
        }
        OfferFault::BidiNames => {
            let mut metadata = issuance::metadata(house, at);
            metadata["display"] =
                json!([{ "name": "\u{202e}\u{7}knaB\u{202c} of\u{200b} England\r\nTrusted", "locale": "en" }]);
            Json(metadata).into_response()
        }
        OfferFault::InternalEndpoint => {
            let mut metadata = issuance::metadata(house, at);
            metadata["credential_endpoint"] = json!("http://169.254.169.254/latest/meta-data");
            Json(metadata).into_response()
        }
        _ => return None,
    };
    Some(response)
}

/// `GET /issuers/{issuer}/again`: leads to itself, a step further each time.
pub(crate) async fn again(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(at) = IssuerAt::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let step: u64 = query.and_then(|query| query.parse().ok()).unwrap_or(0);
    Redirect::temporary(&format!("{}/again?{}", at.url(&house), step.wrapping_add(1))).into_response()
}
