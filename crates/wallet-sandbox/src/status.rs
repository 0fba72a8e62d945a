//! The Status List Token of everything the sandbox issued (draft-ietf-oauth-status-list).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use wallet_credentials::jose::SigningHeader;
use wallet_credentials::status::{Lifetime, StatusError, StatusListBuilder, StatusSize, StatusType, TOKEN_TYPE};

use crate::house::House;
use crate::records::{PLACES, Status};
use crate::reply::{failed, signed};

/// A withdrawn document is noticed within this time by those who keep the list for as long as they may.
const LIFETIME: Lifetime = Lifetime {
    validity: Duration::from_secs(24 * 60 * 60),
    time_to_live: Duration::from_secs(10),
};
const MEDIA_TYPE: &str = "application/statuslist+jwt";

/// `GET /status/1`.
pub(crate) async fn status_list(State(house): State<Arc<House>>, Path(number): Path<String>) -> Response {
    if number != "1" {
        return StatusCode::NOT_FOUND.into_response();
    }
    match token(&house) {
        Ok(token) => signed(MEDIA_TYPE, token),
        Err(_) => failed(),
    }
}

/// The list as it stands now, signed.
pub(crate) fn token(house: &House) -> Result<String, StatusError> {
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
    let signer = &house.pki().status_signer;
    let header = SigningHeader::new(TOKEN_TYPE).x5c(&[signer.certificate().as_der()]);
    list.sign(&house.status_uri(), house.now(), LIFETIME, header, signer.signer())
}
