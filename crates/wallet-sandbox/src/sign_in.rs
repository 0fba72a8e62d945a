//! The authorization servers of the practice issuers: pushed requests, the page where a person signs in, challenges for
//! wallet attestations. Tokens are in `token.rs`.

use std::sync::Arc;

use axum::Form;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::Url;
use wallet_protocols::endpoint::{Endpoint, IssuerIdentifier, TransportPolicy};
use wallet_protocols::http::{FORM, decode_form};
use wallet_protocols::oauth::attestation;
use wallet_protocols::oauth::dpop::DpopServer;
use wallet_protocols::openid4vci::issuer::{AuthorizationAnswer, AuthorizationParameters, Refusal, pushed_response};
use wallet_protocols::openid4vci::{AuthorizationServerMetadata, GrantType};

use crate::access::{self, Code, PUSHED_LIFE, Pushed};
use crate::catalogue::DocumentType;
use crate::house::House;
use crate::offers::{Grant, Offer};
use crate::pages;
use crate::reply::{failed, media_type, protocol};
use crate::spec::{ClientAuthName, GrantName, OfferFault, OfferSpec};
use crate::variant::IssuerAt;

/// What the address of a pushed request begins with.
const REQUEST_URI: &str = "urn:ietf:params:oauth:request_uri:";
/// An authorization server nobody asked, for the fault.
const SOMEBODY_ELSE: &str = "https://attacker.example";

/// Authorization server metadata (RFC 8414): each issuer is its own.
pub(crate) fn metadata(house: &House, at: IssuerAt) -> Option<AuthorizationServerMetadata> {
    let base = at.url(house);
    let endpoint = |name: &str| Endpoint::parse(&format!("{base}/{name}"), TransportPolicy::HttpAllowed).ok();
    let issuer = IssuerIdentifier::parse(&base, TransportPolicy::HttpAllowed).ok()?;
    let client_auth = at.variant.client_auth();
    let method = match client_auth {
        ClientAuthName::None => "none",
        ClientAuthName::PrivateKeyJwt => "private_key_jwt",
        ClientAuthName::Attestation => "attest_jwt_client_auth",
    };
    let list = |entries: &[&str]| Some(entries.iter().map(|entry| (*entry).to_owned()).collect());
    let attested = client_auth == ClientAuthName::Attestation;
    Some(AuthorizationServerMetadata {
        authorization_endpoint: endpoint("authorize"),
        pushed_authorization_request_endpoint: endpoint("par"),
        require_pushed_authorization_requests: at.variant.haip,
        challenge_endpoint: attested.then(|| endpoint("challenge")).flatten(),
        grant_types: list(&[
            GrantType::AuthorizationCode.as_str(),
            GrantType::PreAuthorizedCode.as_str(),
            "refresh_token",
        ]),
        authentication_methods: list(&[method]),
        code_challenge_methods: list(&["S256"]),
        dpop_algorithms: list(&["ES256"]),
        authorization_details_types: if at.variant.haip {
            None
        } else {
            list(&["openid_credential"])
        },
        iss_in_response: true,
        anonymous_pre_authorized_code: Some(client_auth == ClientAuthName::None),
        ..AuthorizationServerMetadata::new(issuer, endpoint("token")?)
    })
}

/// `POST /issuers/{issuer}/par` (RFC 9126).
pub(crate) async fn push(
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
    let client_id = match access::client(&house, at, &headers, &body) {
        Ok(client_id) => client_id,
        Err(refusal) => return protocol(refusal),
    };
    let parameters = match AuthorizationParameters::read(&body, &at.url(&house)) {
        Ok(parameters) if client_id.as_ref() == Some(&parameters.client_id) => parameters,
        Ok(_) => return protocol(Refusal::InvalidClient.response()),
        Err(refusal) => return protocol(refusal.response()),
    };
    let now = house.now();
    let made = house.access().pushed.make(PUSHED_LIFE, Pushed { at, parameters }, now);
    match made {
        Ok(name) => {
            let response = pushed_response(&format!("{REQUEST_URI}{name}"), PUSHED_LIFE.as_secs());
            protocol(access::with_nonce(&house, at, DpopServer::Authorization, response))
        }
        Err(_) => failed(),
    }
}

/// `POST /issuers/{issuer}/challenge` (attestation-based client authentication -07, 8).
pub(crate) async fn challenge(State(house): State<Arc<House>>, Path(path): Path<String>) -> Response {
    let attested = |at: &IssuerAt| at.variant.client_auth() == ClientAuthName::Attestation;
    if IssuerAt::from_path(&path).filter(attested).is_none() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let made = house.access().challenge(house.now());
    match made {
        Ok(challenge) => protocol(attestation::challenge_response(&challenge)),
        Err(_) => failed(),
    }
}

/// `GET /issuers/{issuer}/authorize`: the page where the person signs in.
pub(crate) async fn page(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let Some(at) = IssuerAt::from_path(&path) else {
        return pages::not_found().await;
    };
    let query = query.unwrap_or_default();
    let Some(name) = request_name(&house, at, query.as_bytes()) else {
        return unreadable();
    };
    let access = house.access();
    match access.pushed.find(&name, house.now()) {
        Some(pushed) => {
            let documents = wanted(&house, at, &pushed.parameters);
            pages::sign_in(at, &name, &documents, &pushed.parameters.redirect_uri)
        }
        None => unreadable(),
    }
}

/// The name of the request an address stands for: a pushed one, or one that it carries itself and that is kept now.
fn request_name(house: &House, at: IssuerAt, query: &[u8]) -> Option<String> {
    let parameters = decode_form(query).ok()?;
    let find = |name: &str| {
        let found = parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    let now = house.now();
    if let Some(uri) = find("request_uri") {
        let name = uri.strip_prefix(REQUEST_URI)?;
        let access = house.access();
        let pushed = access.pushed.find(name, now)?;
        let same = pushed.at == at && find("client_id") == Some(pushed.parameters.client_id.as_str());
        return same.then(|| name.to_owned());
    }
    if at.variant.haip {
        return None;
    }
    let parameters = AuthorizationParameters::read(query, &at.url(house)).ok()?;
    house
        .access()
        .pushed
        .make(PUSHED_LIFE, Pushed { at, parameters }, now)
        .ok()
}

/// The documents a request is about, as far as this issuer has them.
fn wanted(house: &House, at: IssuerAt, parameters: &AuthorizationParameters) -> Vec<DocumentType> {
    let asked = parameters.scopes.iter().chain(&parameters.configuration_ids);
    let mut documents: Vec<DocumentType> = asked
        .filter_map(|name| DocumentType::from_name(name))
        .filter(|document| document.issuer() == at.issuer)
        .collect();
    documents.dedup();
    let offer = parameters.issuer_state.as_ref().and_then(|state| {
        let offers = house.offers();
        offers.by_issuer_state(at, state, house.now()).cloned()
    });
    match offer {
        Some(offer) => documents
            .into_iter()
            .filter(|document| offer.documents.contains(document))
            .collect(),
        None => documents,
    }
}

/// What the person decided.
#[derive(Deserialize)]
pub(crate) struct Decision {
    request: String,
    /// `yes` or `no`.
    decision: String,
}

/// `POST /issuers/{issuer}/authorize`: one form, and back to the wallet.
pub(crate) async fn decide(
    State(house): State<Arc<House>>,
    Path(path): Path<String>,
    Form(form): Form<Decision>,
) -> Response {
    let Some(at) = IssuerAt::from_path(&path) else {
        return pages::not_found().await;
    };
    let now = house.now();
    let pushed = house.access().pushed.take(&form.request, now);
    let Some(pushed) = pushed.filter(|pushed| pushed.at == at) else {
        return unreadable();
    };
    let documents = wanted(&house, at, &pushed.parameters);
    let offer = offer_for(&house, at, &pushed.parameters, &documents);
    let outcome = match (&offer, form.decision.as_str()) {
        (_, "no") => Err("access_denied"),
        (None, _) => Err("invalid_scope"),
        (Some(offer), _) => {
            let code = Code {
                at,
                grant: Grant {
                    offer: offer.id.clone(),
                    jkt: pushed.parameters.dpop_jkt.clone(),
                    client_id: Some(pushed.parameters.client_id.clone()),
                    identifiers: !pushed.parameters.configuration_ids.is_empty(),
                },
                redirect_uri: pushed.parameters.redirect_uri.to_string(),
                code_challenge: pushed.parameters.code_challenge.clone(),
            };
            match house.access().code(code, now) {
                Ok(code) => Ok(code),
                Err(_) => return failed(),
            }
        }
    };
    let fault = offer.and_then(|offer| offer.fault);
    back(
        &at.url(&house),
        &pushed.parameters,
        outcome.as_deref().map_err(|error| *error),
        fault,
    )
}

/// The offer a sign-in is about: the one that led here, or a new one for who came without.
fn offer_for(
    house: &House,
    at: IssuerAt,
    parameters: &AuthorizationParameters,
    documents: &[DocumentType],
) -> Option<Offer> {
    let (first, rest) = documents.split_first()?;
    if let Some(state) = &parameters.issuer_state {
        return house.offers().by_issuer_state(at, state, house.now()).cloned();
    }
    let variant = at.variant;
    let spec = OfferSpec {
        also: rest.to_vec(),
        grant: GrantName::AuthorizationCode,
        encryption: variant.encryption,
        zip: variant.zip,
        client_auth: variant.client_auth,
        dpop: variant.dpop,
        proof: variant.proof,
        batch_size: variant.batch_size,
        haip: variant.haip,
        fault: variant.fault,
        ..OfferSpec::of(*first)
    };
    let person = first.usual_person();
    house.offers().make(&spec, person, false, house.now()).ok()
}

/// Sends the browser back to the wallet (RFC 6749, 4.1.2; RFC 9207, 2).
fn back(
    server: &str,
    parameters: &AuthorizationParameters,
    outcome: Result<&str, &str>,
    fault: Option<OfferFault>,
) -> Response {
    let state = parameters.state.as_deref();
    let answer = AuthorizationAnswer {
        outcome,
        state: match fault {
            Some(OfferFault::WrongState) => Some("another-state"),
            Some(OfferFault::MissingState) => None,
            _ => state,
        },
        iss: match fault {
            Some(OfferFault::WrongIss) => Some(SOMEBODY_ELSE),
            Some(OfferFault::MissingIss) => None,
            _ => Some(server),
        },
    };
    let url: Url = answer.redirect(&parameters.redirect_uri);
    let mut response = Redirect::to(url.as_str()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, header::HeaderValue::from_static("no-referrer"));
    response
}

fn unreadable() -> Response {
    pages::problem(
        StatusCode::BAD_REQUEST,
        "This sign-in is not known here",
        "It may be too old. Start again in the wallet.",
    )
}
