//! The credential endpoint (OpenID4VCI 1.0, 8): proofs in, copies out.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wallet_credentials::crypto::{PublicKey, Signer as _};
use wallet_protocols::openid4vci::issuer::{
    ReceivedCredentialRequest, ReceivedProofs, Refusal, credential_response, verify_proof,
};

use crate::catalogue::{DocumentType, Issuer};
use crate::house::House;
use crate::issue::Maker;
use crate::offers::Offer;
use crate::random::OsRandom;
use crate::records::{Records, RecordsError, Status};
use crate::reply::{bare_500, bearer, broken_off, failed, media_type, protocol};
use crate::spec::OfferFault;

/// `POST /issuers/{issuer}/credential`.
pub(crate) async fn credential(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(issuer) = Issuer::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let offer = bearer(&headers).and_then(|token| house.offers().by_token(issuer, token, house.now()).cloned());
    let Some(offer) = offer else {
        return protocol(Refusal::InvalidToken.response());
    };
    match offer.fault {
        Some(OfferFault::Error500OnCredential) => return bare_500(),
        Some(OfferFault::NotJson) => return ([(header::CONTENT_TYPE, "text/html")], "<p>Sorry.</p>").into_response(),
        _ => {}
    }
    let request = match check(&house, issuer, &offer, &media_type(&headers), &body) {
        Ok(request) => request,
        Err(refusal) => return protocol(refusal.response()),
    };
    let Ok((credentials, notification_id)) = issue(&house, &offer, &request) else {
        return failed();
    };
    if offer.has_fault(OfferFault::DropConnectionOnCredential) {
        return broken_off("application/json");
    }
    match credential_response(&credentials, Some(&notification_id), None, &mut OsRandom) {
        Ok(response) => protocol(response),
        Err(refusal) => protocol(refusal.response()),
    }
}

/// A request that may be granted.
struct Granted {
    document: DocumentType,
    keys: Vec<PublicKey>,
}

/// Checks what is asked for, and every proof: own nonce, the same in all, spent by this request; each key once.
fn check(house: &House, issuer: Issuer, offer: &Offer, content_type: &str, body: &[u8]) -> Result<Granted, Refusal> {
    let request = ReceivedCredentialRequest::read(content_type, body, None)?;
    if request.target.identifier.is_some() {
        return Err(Refusal::UnknownCredentialIdentifier);
    }
    let document = DocumentType::from_name(&request.target.configuration_id)
        .filter(|document| offer.documents.contains(document))
        .ok_or(Refusal::UnknownCredentialConfiguration)?;
    let ReceivedProofs::Jwt(proofs) = request.proofs else {
        return Err(Refusal::InvalidProof);
    };
    if proofs.len() > document.copies() {
        return Err(Refusal::InvalidProof);
    }
    let (now, audience) = (house.now(), house.issuer_url(issuer));
    let mut keys: Vec<PublicKey> = Vec::with_capacity(proofs.len());
    let mut nonce: Option<String> = None;
    for proof in &proofs {
        let same_nonce = |given: &str| nonce.get_or_insert_with(|| given.to_owned()) == given;
        let key = verify_proof(proof, &audience, same_nonce, now)?;
        if keys.contains(&key) {
            return Err(Refusal::InvalidProof);
        }
        keys.push(key);
    }
    let good = nonce.is_some_and(|nonce| house.offers().spend_nonce(&nonce, &offer.id, now));
    if good {
        Ok(Granted { document, keys })
    } else {
        Err(Refusal::InvalidNonce)
    }
}

/// Makes and records the copies; with them the id of the record, which is the notification id.
fn issue(house: &House, offer: &Offer, granted: &Granted) -> Result<(Vec<String>, String), IssueFailed> {
    let person = house.people().find(&offer.person).ok_or(IssueFailed)?;
    let maker = Maker::new(house, granted.document, person, offer.fault)?;
    let places = house.records().free_places(granted.keys.len())?;
    let mut credentials = Vec::with_capacity(granted.keys.len());
    for (key, place) in granted.keys.iter().zip(&places) {
        let key = if offer.has_fault(OfferFault::WrongKey) {
            house.pki().stranger.signer().public_key()
        } else {
            *key
        };
        credentials.push(maker.copy(&key, *place)?);
    }
    match offer.fault {
        Some(OfferFault::MissingCopy) => _ = credentials.pop(),
        Some(OfferFault::ReverseOrder) => credentials.reverse(),
        _ => {}
    }
    let id = record(
        &mut house.records(),
        granted.document,
        &offer.person,
        places,
        house,
        person.withdrawn_at_once,
    )?;
    house.offers().issued(&offer.id, credentials.len());
    Ok((credentials, id))
}

fn record(
    records: &mut Records,
    document: DocumentType,
    person: &str,
    places: Vec<u32>,
    house: &House,
    withdrawn: bool,
) -> Result<String, RecordsError> {
    let issued = records.add(document, person, places, house.now())?;
    if withdrawn {
        records.set_status(&issued.id, Status::Revoked)?;
    }
    Ok(issued.id)
}

/// Something inside failed; the reply is the same for all of it.
struct IssueFailed;

impl<E: std::error::Error> From<E> for IssueFailed {
    fn from(_: E) -> Self {
        Self
    }
}
