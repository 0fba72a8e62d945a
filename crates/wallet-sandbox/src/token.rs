//! The token endpoint of the practice issuers (OpenID4VCI 1.0, 6): codes of offers, codes of sign-ins, refresh tokens.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use wallet_protocols::http::{FORM, HttpResponse};
use wallet_protocols::oauth::dpop::DpopServer;
use wallet_protocols::oauth::pkce;
use wallet_protocols::openid4vci::issuer::{Refusal, TokenAnswer, TokenRequest};

use crate::access::{self, Presented};
use crate::house::House;
use crate::offers::{Grant, Offer, TOKEN_LIFE, TokenRefusal, identifier_of};
use crate::reply::{bare_500, failed, media_type, protocol};
use crate::spec::OfferFault;
use crate::variant::IssuerAt;

/// `POST /issuers/{issuer}/token`.
pub(crate) async fn token(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(at) = IssuerAt::from_path(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if media_type(&headers) != FORM {
        return protocol(Refusal::InvalidRequest.response());
    }
    let request = match TokenRequest::read(&body) {
        Ok(request) => request,
        Err(refusal) => return protocol(refusal.response()),
    };
    let client_id = match access::client(&house, at, &headers, &body) {
        Ok(client_id) => client_id,
        Err(refusal) => return protocol(refusal),
    };
    let server = DpopServer::Authorization;
    let presented = Presented {
        server,
        headers: &headers,
        endpoint: "token",
        access_token: None,
        fault: fault_of(&house, at, &request),
    };
    let jkt = match access::proof_of_possession(&house, at, &presented) {
        Ok(jkt) => jkt,
        Err(refusal) => return protocol(refusal),
    };
    let redeemed = match redeem(&house, at, request, client_id, jkt) {
        Ok(redeemed) => redeemed,
        Err(Some(refusal)) => return protocol(access::with_nonce(&house, at, server, refusal)),
        Err(None) => return failed(),
    };
    if redeemed.offer.has_fault(OfferFault::Error500OnToken) {
        return bare_500();
    }
    match answer(&house, &redeemed) {
        Some(answer) => protocol(access::with_nonce(&house, at, server, answer)),
        None => failed(),
    }
}

/// What may be granted.
struct Redeemed {
    offer: Offer,
    grant: Grant,
    /// The refresh token that was used.
    refreshed: Option<String>,
}

/// What is to go wrong, known before anything is used up.
fn fault_of(house: &House, at: IssuerAt, request: &TokenRequest) -> Option<OfferFault> {
    let now = house.now();
    let id = match request {
        TokenRequest::AuthorizationCode { code, .. } => house.access().codes.find(code, now)?.grant.offer.clone(),
        TokenRequest::RefreshToken { refresh_token } => {
            let offers = house.offers();
            offers.refresh(at, refresh_token)?.0.id.clone()
        }
        TokenRequest::PreAuthorizedCode { .. } => return None,
    };
    let offers = house.offers();
    offers.find(&id)?.fault
}

/// `None` for an error inside.
fn redeem(
    house: &House,
    at: IssuerAt,
    request: TokenRequest,
    client_id: Option<String>,
    jkt: Option<String>,
) -> Result<Redeemed, Option<HttpResponse>> {
    let refuse = |refusal: Refusal| Some(refusal.response());
    let now = house.now();
    match request {
        TokenRequest::PreAuthorizedCode { code, transaction_code } => {
            let transaction_code = transaction_code.as_ref().map(|code| code.as_str());
            let offer = match house.offers().redeem(at, &code, transaction_code, now) {
                Ok(Ok(offer)) => offer,
                Ok(Err(TokenRefusal::InvalidGrant)) => return Err(refuse(Refusal::InvalidGrant)),
                Ok(Err(TokenRefusal::InvalidRequest)) => return Err(refuse(Refusal::InvalidRequest)),
                Err(_) => return Err(None),
            };
            let grant = Grant {
                offer: offer.id.clone(),
                jkt,
                client_id,
                identifiers: false,
            };
            Ok(Redeemed {
                offer,
                grant,
                refreshed: None,
            })
        }
        TokenRequest::AuthorizationCode {
            code,
            redirect_uri,
            code_verifier,
        } => {
            // A code is good once, whatever comes with it.
            let code = house.access().codes.take(&code, now);
            let code = code
                .filter(|code| code.at == at)
                .ok_or_else(|| refuse(Refusal::InvalidGrant))?;
            let bound = code.grant.jkt.is_none() || code.grant.jkt == jkt;
            if code.redirect_uri != redirect_uri
                || !pkce::matches(&code_verifier, &code.code_challenge)
                || code.grant.client_id != client_id
                || !bound
            {
                return Err(refuse(Refusal::InvalidGrant));
            }
            let mut offers = house.offers();
            offers.accepted(&code.grant.offer);
            let offer = offers.find(&code.grant.offer).cloned();
            Ok(Redeemed {
                offer: offer.ok_or_else(|| refuse(Refusal::InvalidGrant))?,
                grant: Grant { jkt, ..code.grant },
                refreshed: None,
            })
        }
        TokenRequest::RefreshToken { refresh_token } => {
            let mut offers = house.offers();
            let found = offers.refresh(at, &refresh_token);
            let (offer, grant) = found.ok_or_else(|| refuse(Refusal::InvalidGrant))?;
            let same = grant.client_id == client_id && (grant.jkt.is_none() || grant.jkt == jkt);
            let ended = offer.again.and_then(|again| again.fault) == Some(OfferFault::NoRefresh);
            if !same || ended || offer.has_fault(OfferFault::NoRefresh) {
                return Err(refuse(Refusal::InvalidGrant));
            }
            let (offer, grant) = (offer.clone(), grant.clone());
            offers.refresh_used(&refresh_token);
            Ok(Redeemed {
                offer,
                grant: Grant { jkt, ..grant },
                refreshed: Some(refresh_token.to_string()),
            })
        }
    }
}

fn answer(house: &House, redeemed: &Redeemed) -> Option<HttpResponse> {
    let (offer, grant) = (&redeemed.offer, &redeemed.grant);
    let now = house.now();
    let (token, refresh_token) = {
        let mut offers = house.offers();
        (
            offers.grant(grant.clone(), now).ok()?,
            offers.grant_refresh(grant.clone(), redeemed.refreshed.clone()).ok()?,
        )
    };
    let identifiers: Vec<(String, Vec<String>)> = if grant.identifiers {
        let documents = offer.documents.iter();
        documents
            .map(|document| (document.as_str().to_owned(), vec![identifier_of(*document)]))
            .collect()
    } else {
        Vec::new()
    };
    let odd = offer.has_fault(OfferFault::OddTokenType);
    let answer = TokenAnswer {
        access_token: &token,
        token_type: match (grant.jkt.is_some(), odd) {
            (true, false) => "DPoP",
            (true, true) => "dPOp",
            (false, false) => "Bearer",
            (false, true) => "bEARER",
        },
        expires_in: (!offer.has_fault(OfferFault::NoExpiresIn)).then(|| TOKEN_LIFE.as_secs()),
        refresh_token: Some(refresh_token.as_str()).filter(|_| !offer.has_fault(OfferFault::NoRefreshToken)),
        identifiers: &identifiers,
    };
    Some(answer.response())
}
