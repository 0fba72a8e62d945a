//! The Status List Token of everything the sandbox issued (draft-ietf-oauth-status-list).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wallet_credentials::jose::SigningHeader;
use wallet_credentials::status::{
    CWT_TYPE, JWT_MEDIA_TYPE, Lifetime, StatusError, StatusListBuilder, StatusSize, StatusType, TOKEN_TYPE,
};

use crate::house::House;
use crate::records::{PLACES, Status};
use crate::reply::{failed, signed};

/// A withdrawn document is noticed within this time by those who keep the list for as long as they may.
const LIFETIME: Lifetime = Lifetime {
    validity: Duration::from_secs(24 * 60 * 60),
    time_to_live: Duration::from_secs(10),
};

/// `GET /status/1`: as CWT where the request names that form first, else as JWT (section 8.2).
pub(crate) async fn status_list(
    State(house): State<Arc<House>>,
    Path(number): Path<String>,
    headers: HeaderMap,
) -> Response {
    if number != "1" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let first = accept.unwrap_or_default().split([',', ';']).next().unwrap_or_default();
    let answer = if first.trim().eq_ignore_ascii_case(CWT_TYPE) {
        cwt(&house).map(|token| signed(CWT_TYPE, token))
    } else {
        jwt(&house).map(|token| signed(JWT_MEDIA_TYPE, token))
    };
    answer.unwrap_or_else(|_| failed())
}

/// The list as it stands now, signed as JWT.
pub(crate) fn jwt(house: &House) -> Result<String, StatusError> {
    let signer = &house.pki().status_signer;
    let header = SigningHeader::new(TOKEN_TYPE).x5c(&[signer.certificate().as_der()]);
    list(house)?.sign(&house.status_uri(), house.now(), LIFETIME, header, signer.signer())
}

/// The same, signed as CWT.
fn cwt(house: &House) -> Result<Vec<u8>, StatusError> {
    let signer = &house.pki().status_signer;
    let chain = [signer.certificate().clone()];
    list(house)?.sign_cwt(&house.status_uri(), house.now(), LIFETIME, &chain, signer.signer())
}

fn list(house: &House) -> Result<StatusListBuilder, StatusError> {
    let mut list = StatusListBuilder::new(StatusSize::Two, PLACES.into())?;
    for document in house.records().newest_first() {
        let status = match document.status {
            Status::Valid => continue,
            Status::Revoked => StatusType::Invalid,
            Status::Suspended => StatusType::Suspended,
        };
        for place in &document.places {
            list.set(u64::from(*place), status)?;
        }
    }
    Ok(list)
}
