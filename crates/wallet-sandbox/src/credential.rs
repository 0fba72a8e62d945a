//! The credential and deferred credential endpoints (OpenID4VCI 1.0, 8 and 9): proofs in, copies out, now or later.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wallet_credentials::crypto::{PublicKey, Signer as _};
use wallet_protocols::http::HttpResponse;
use wallet_protocols::oauth::dpop::DpopServer;
use wallet_protocols::openid4vci::KeyAttestation;
use wallet_protocols::openid4vci::issuer::{
    ReceivedCredentialRequest, ReceivedProofs, Refusal, WantedEncryption, credential_response, deferred_response,
    key_attestation_in, read_deferred_request, verify_proof,
};

use crate::access;
use crate::catalogue::DocumentType;
use crate::house::House;
use crate::issue::Maker;
use crate::offers::{Grant, Offer, identifier_of};
use crate::pki::IssuerPki;
use crate::random::OsRandom;
use crate::records::{Records, RecordsError, Status};
use crate::reply::{bare_500, broken_off, failed, media_type, protocol};
use crate::spec::{EncryptionName, OfferFault, ProofName};
use crate::variant::IssuerAt;

/// How long a deferred document waits to be fetched.
const DEFERRED_LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a wallet is told to wait, in seconds: not long, for practice.
const INTERVAL: f64 = 0.5;

/// How large a response is that should not be unpacked, in bytes.
const UNPACKED: usize = 8 * 1024 * 1024;

/// A document that is not ready yet.
pub(crate) struct Deferred {
    at: IssuerAt,
    offer: String,
    granted: Granted,
    waits: u32,
}

/// `POST /issuers/{issuer}/credential`.
pub(crate) async fn credential(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(at) = IssuerAt::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (offer, grant) = match access::token_of(&house, at, &headers, "credential") {
        Ok(found) => found,
        Err(refusal) => return protocol(refusal),
    };
    match offer.fault {
        Some(OfferFault::Error500OnCredential) => return bare_500(),
        Some(OfferFault::NotJson) => return ([(header::CONTENT_TYPE, "text/html")], "<p>Sorry.</p>").into_response(),
        _ => {}
    }
    let (granted, encryption) = match check(&house, at, (&offer, &grant), &media_type(&headers), &body) {
        Ok(request) => request,
        Err(refusal) => return answer(&house, at, refusal.response()),
    };
    let offer = offer.had_anew(granted.document);
    if offer.has_fault(OfferFault::Error500OnCredential) {
        return bare_500();
    }
    let encryption = encryption.filter(|_| !offer.has_fault(OfferFault::PlainResponse));
    if let Some(waits) = offer.deferred {
        let deferred = Deferred {
            at,
            offer: offer.id,
            granted,
            waits,
        };
        let now = house.now();
        let Ok(id) = house.deferred().make(DEFERRED_LIFE, deferred, now) else {
            return failed();
        };
        return finish(
            &house,
            at,
            deferred_response(&id, INTERVAL, encryption.as_ref(), &mut OsRandom),
        );
    }
    let Ok((mut credentials, notification_id)) = issue(&house, &offer, &granted) else {
        return failed();
    };
    let mut encryption = encryption;
    match (offer.fault, &mut encryption) {
        (Some(OfferFault::DropConnectionOnCredential), _) => return broken_off("application/json"),
        (Some(OfferFault::ZipBomb), _) => credentials = vec!["A".repeat(UNPACKED)],
        (Some(OfferFault::OtherEncryptionKey), Some(wanted)) => {
            wanted.key.key = house.pki().stranger.signer().public_key();
        }
        _ => {}
    }
    let encryption = encryption.as_ref();
    finish(
        &house,
        at,
        credential_response(&credentials, Some(&notification_id), encryption, &mut OsRandom),
    )
}

/// `POST /issuers/{issuer}/deferred`: whether it is ready now.
pub(crate) async fn deferred(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(at) = IssuerAt::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (offer, _) = match access::token_of(&house, at, &headers, "deferred") {
        Ok(found) => found,
        Err(refusal) => return protocol(refusal),
    };
    let key = house.request_key();
    let (id, encryption) = match read_deferred_request(&media_type(&headers), &body, key) {
        Ok(request) => request,
        Err(refusal) => return answer(&house, at, refusal.response()),
    };
    if at.variant.encryption == Some(EncryptionName::Required) && encryption.is_none() {
        return answer(&house, at, Refusal::InvalidEncryptionParameters.response());
    }
    let now = house.now();
    let waiting = {
        let mut all = house.deferred();
        let own = |deferred: &&mut Deferred| deferred.at == at && deferred.offer == offer.id;
        match all.find_mut(&id, now).filter(own) {
            None => return answer(&house, at, Refusal::InvalidTransactionId.response()),
            Some(deferred) if deferred.waits > 0 => {
                deferred.waits -= 1;
                true
            }
            Some(_) => false,
        }
    };
    if waiting {
        let id = if offer.has_fault(OfferFault::ChangingTransaction) {
            format!("{id}-changed")
        } else {
            id
        };
        return finish(
            &house,
            at,
            deferred_response(&id, INTERVAL, encryption.as_ref(), &mut OsRandom),
        );
    }
    if offer.has_fault(OfferFault::DeferredDenied) {
        return answer(&house, at, Refusal::CredentialRequestDenied.response());
    }
    // Once it was fetched the handle is spent (9.1).
    let taken = house.deferred().take(&id, now);
    let Some(deferred) = taken else {
        return answer(&house, at, Refusal::InvalidTransactionId.response());
    };
    let offer = offer.had_anew(deferred.granted.document);
    let Ok((credentials, notification_id)) = issue(&house, &offer, &deferred.granted) else {
        return failed();
    };
    let encryption = encryption.as_ref();
    finish(
        &house,
        at,
        credential_response(&credentials, Some(&notification_id), encryption, &mut OsRandom),
    )
}

fn finish(house: &House, at: IssuerAt, response: Result<HttpResponse, Refusal>) -> Response {
    match response {
        Ok(response) => answer(house, at, response),
        Err(refusal) => answer(house, at, refusal.response()),
    }
}

fn answer(house: &House, at: IssuerAt, response: HttpResponse) -> Response {
    protocol(access::with_nonce(house, at, DpopServer::Resource, response))
}

/// A request that may be granted.
pub(crate) struct Granted {
    pub(crate) document: DocumentType,
    pub(crate) keys: Vec<PublicKey>,
}

/// Checks what is asked for, and every proof: own nonce, the same in all, spent by this request; each key once.
fn check(
    house: &House,
    at: IssuerAt,
    (offer, grant): (&Offer, &Grant),
    content_type: &str,
    body: &[u8],
) -> Result<(Granted, Option<WantedEncryption>), Refusal> {
    let request = ReceivedCredentialRequest::read(content_type, body, house.request_key())?;
    if at.variant.encryption == Some(EncryptionName::Required) && request.response_encryption.is_none() {
        return Err(Refusal::InvalidEncryptionParameters);
    }
    let mut offered = offer.documents.iter().copied();
    let document = match (&request.target.identifier, grant.identifiers) {
        // Who was given identifiers asks by them, and nobody else does (8.2).
        (Some(identifier), true) => offered
            .find(|document| identifier_of(*document) == *identifier)
            .ok_or(Refusal::UnknownCredentialIdentifier)?,
        (Some(_), false) => return Err(Refusal::UnknownCredentialIdentifier),
        (None, true) => return Err(Refusal::InvalidCredentialRequest),
        (None, false) => offered
            .find(|document| document.as_str() == request.target.configuration_id)
            .ok_or(Refusal::UnknownCredentialConfiguration)?,
    };
    let most = at.copies(document.copies());
    let (keys, nonce) = match (request.proofs, at.variant.proof) {
        (ReceivedProofs::Jwt(proofs), ProofName::Jwt | ProofName::JwtWithAttestation) => {
            if proofs.len() > most {
                return Err(Refusal::InvalidProof);
            }
            proved(house, at, &proofs)?
        }
        (ReceivedProofs::Attestation(attestation), ProofName::Attestation) => {
            let attestation = verified_attestation(house, &attestation)?;
            let nonce = attestation.nonce().map(str::to_owned);
            (attestation.keys().to_vec(), nonce)
        }
        _ => return Err(Refusal::InvalidProof),
    };
    let twice = |(at, key): (usize, &PublicKey)| keys.iter().take(at).any(|earlier| earlier == key);
    if keys.is_empty() || keys.len() > most || keys.iter().enumerate().any(twice) {
        return Err(Refusal::InvalidProof);
    }
    let good = nonce.is_some_and(|nonce| house.offers().spend_nonce(&nonce, &offer.id, house.now()));
    if good {
        Ok((Granted { document, keys }, request.response_encryption))
    } else {
        Err(Refusal::InvalidNonce)
    }
}

/// The keys of `jwt` proofs, and the one nonce of all of them.
fn proved(house: &House, at: IssuerAt, proofs: &[String]) -> Result<(Vec<PublicKey>, Option<String>), Refusal> {
    let (now, audience) = (house.now(), at.url(house));
    let mut keys = Vec::with_capacity(proofs.len());
    let mut nonce: Option<String> = None;
    for proof in proofs {
        let same_nonce = |given: &str| nonce.get_or_insert_with(|| given.to_owned()) == given;
        let key = verify_proof(proof, &audience, same_nonce, now)?;
        if at.variant.proof == ProofName::JwtWithAttestation {
            let attestation = key_attestation_in(proof)?.ok_or(Refusal::InvalidProof)?;
            let attestation = verified_attestation(house, &attestation)?;
            if !attestation.keys().contains(&key) || attestation.nonce() != nonce.as_deref() {
                return Err(Refusal::InvalidProof);
            }
            if proofs.len() == 1 {
                // One proof for every key that is attested with it (F.1).
                return Ok((attestation.keys().to_vec(), nonce));
            }
        }
        keys.push(key);
    }
    Ok((keys, nonce))
}

fn verified_attestation(house: &House, jwt: &str) -> Result<KeyAttestation, Refusal> {
    KeyAttestation::verify_chain(jwt, &access::provider_anchors(house), house.now()).map_err(|_| Refusal::InvalidProof)
}

/// Makes and records the copies; with them the id of the record, which is the notification id.
fn issue(house: &House, offer: &Offer, granted: &Granted) -> Result<(Vec<String>, String), IssueFailed> {
    let signed_by = house.issuer_pki(granted.document.issuer());
    issue_signed_by(house, offer, granted, signed_by)
}

/// The same with the keys of another form of the issuer.
pub(crate) fn issue_signed_by(
    house: &House,
    offer: &Offer,
    granted: &Granted,
    signed_by: &IssuerPki,
) -> Result<(Vec<String>, String), IssueFailed> {
    let person = house.people().find(&offer.person).ok_or(IssueFailed)?;
    let on = offer.issued_on(granted.document).unwrap_or_else(|| house.today());
    let maker = Maker::new(house, granted.document, person, on, offer.fault)?.signed_by(signed_by);
    let maker = if offer.is_changed(granted.document) {
        maker.changed()
    } else {
        maker
    };
    let maker = if offer.dialect.is_some() {
        maker.in_gov_uk_profile()
    } else {
        maker
    };
    let mut places = house.records().free_places(granted.keys.len())?;
    if let (Some(first), true) = (places.first().copied(), offer.has_fault(OfferFault::SharedStatus)) {
        places.fill(first);
    }
    let mut credentials = Vec::with_capacity(granted.keys.len());
    for (key, place) in granted.keys.iter().zip(&places) {
        let key = match (offer.fault, granted.keys.first()) {
            (Some(OfferFault::WrongKey), _) => house.pki().stranger.signer().public_key(),
            (Some(OfferFault::SharedKey), Some(first)) => *first,
            _ => *key,
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
    house
        .offers()
        .issued(&offer.id, granted.document, credentials.len(), house.today());
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
pub(crate) struct IssueFailed;

impl<E: std::error::Error> From<E> for IssueFailed {
    fn from(_: E) -> Self {
        Self
    }
}
