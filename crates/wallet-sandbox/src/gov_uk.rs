//! The issuer that speaks GOV.UK Wallet's dialect, at the root of the sandbox because the dialect's test harness looks there.
//! Its token server is the sandbox itself, or the one `--govuk-auth-server` names: a test harness that plays One Login.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use wallet_credentials::crypto::{
    CryptoError, PublicKey, RandomError, Signer as _, SigningKey, VerificationKey, sha256,
};
use wallet_credentials::time::Timestamp;
use wallet_protocols::endpoint::{Endpoint, IssuerIdentifier, TransportPolicy};
use wallet_protocols::http::{FORM, HttpResponse, encode_form};
use wallet_protocols::openid4vci::govuk::{
    AccessTokenClaims, PreAuthorizedClaims, iacas_json, jwks, read_request, verify_proof,
};
use wallet_protocols::openid4vci::issuer::{
    Refusal, TokenAnswer, TokenRequest, credential_response, read_notification,
};
use wallet_protocols::openid4vci::{AuthorizationServerMetadata, CredentialOffer};

use crate::access::Fleeting;
use crate::catalogue::{DocumentType, Issuer, label};
use crate::credential::{Granted, issue_signed_by};
use crate::house::House;
use crate::offers::{Offer, Stage};
use crate::pages;
use crate::random::{OsRandom, unguessable};
use crate::reply::{failed, media_type, protocol};
use crate::spec::{By, OfferFault};

/// The one document of this issuer, and its configuration.
pub(crate) const DOCUMENT: DocumentType = DocumentType::DrivingLicence;
const CONFIGURATION: &str = "org.iso.18013.5.1.mDL";
const PRE_AUTHORIZED: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
/// The person's wallet, as the documentation's examples name it.
const SUBJECT: &str = "urn:fdc:wallet.account.gov.uk:2024:DtPT8x-dp_73tnlY3KNTiCitziN9GEherD16bqxNt9i";
/// How long an access token is good.
const TOKEN_LIFE: Duration = Duration::from_secs(180);
/// The most bytes of somebody else's JWK Set.
const MOST_KEYS_BYTES: usize = 64 * 1024;
/// How long that may take.
const FETCH_TIME: Duration = Duration::from_secs(5);

/// Who plays One Login, and for whom.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GovUkConfig {
    /// The token server; the sandbox itself when absent.
    pub auth_server: Option<String>,
    /// The issuer's client with it.
    pub client_id: Option<String>,
    /// The wallet documents are issued to (`wallet_subject_id`).
    pub wallet_subject_id: Option<String>,
}

/// The state of this issuer.
pub(crate) struct GovUk {
    auth_server: Option<String>,
    client_id: String,
    subject: String,
    /// Signs pre-authorized codes.
    codes: SigningKey,
    /// Signs access tokens, where the sandbox plays One Login.
    tokens: SigningKey,
    http: OnceCell<reqwest::Client>,
    spent: std::sync::Mutex<Spent>,
}

/// What was used up, and the refresh tokens.
#[derive(Default)]
struct Spent {
    tokens: Fleeting<()>,
    codes: Fleeting<()>,
    refresh: Fleeting<()>,
}

impl GovUk {
    pub(crate) fn new(config: GovUkConfig) -> Result<Self, CryptoError> {
        let key = |label: &str| {
            let sentence = format!("Citizen Wallet practice key, public and worthless: {label}");
            SigningKey::from_bytes(&sha256(sentence.as_bytes()))
        };
        Ok(Self {
            auth_server: config.auth_server,
            client_id: config.client_id.unwrap_or_else(|| "practice-client".to_owned()),
            subject: config.wallet_subject_id.unwrap_or_else(|| SUBJECT.to_owned()),
            codes: key("gov-uk codes")?,
            tokens: key("gov-uk tokens")?,
            http: OnceCell::new(),
            spent: std::sync::Mutex::default(),
        })
    }

    fn spent(&self) -> std::sync::MutexGuard<'_, Spent> {
        self.spent.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The identifier of the token server.
fn auth_server(house: &House) -> String {
    house
        .gov_uk
        .auth_server
        .clone()
        .unwrap_or_else(|| format!("{}/one-login", house.base()))
}

/// The link of an offer: percent-encoded, or in base64url where it was asked to be by reference, which the dialect has not.
pub(crate) fn offer_link(house: &House, offer: &Offer) -> Option<String> {
    let now = house.now();
    let code = PreAuthorizedClaims {
        audience: auth_server(house),
        issuer: house.base().to_owned(),
        client_id: house.gov_uk.client_id.clone(),
        identifier: offer.id.clone(),
        issued_at: now,
        expires_at: offer.expires_at.min(now.plus(Duration::from_secs(60 * 60))),
    };
    let code = code.sign(&house.gov_uk.codes).ok()?;
    let value = json!({
        "credential_configuration_ids": [CONFIGURATION],
        "grants": { PRE_AUTHORIZED: { "pre-authorized_code": code } },
        "credential_issuer": house.base(),
    });
    let checked = CredentialOffer::parse(value.to_string().as_bytes(), TransportPolicy::HttpAllowed);
    let text = checked.ok()?.to_json().to_string();
    let value = match offer.by {
        By::Value => text,
        By::Reference => wallet_credentials::jose::base64url::encode(text.as_bytes()),
    };
    // The documented link is of the real account.gov.uk; a practice code must not be carried there.
    Some(format!(
        "{}/wallet/add?{}",
        house.base(),
        encode_form(&[("credential_offer", &value)])
    ))
}

/// `GET /wallet/add`: where the link leads in a browser.
pub(crate) async fn add_page() -> Response {
    pages::problem(
        StatusCode::OK,
        "This link is for a wallet",
        "Copy it into the wallet in its practice profile, or give it to the wallet command.",
    )
}

/// `GET /.well-known/openid-credential-issuer`.
pub(crate) async fn metadata(State(house): State<Arc<House>>) -> Response {
    let base = house.base();
    let (en, cy) = DOCUMENT.name();
    let display = |locale: &str, name: &str| json!({ "locale": locale, "name": name, "background_color_1": "#46307d", "background_color_2": "#a78bda" });
    let claims = DOCUMENT.elements().into_iter().map(|(namespace, element)| {
        let words = label(element);
        let value_type = match element {
            "portrait" => "jpeg",
            date if date.ends_with("_date") => "full-date",
            _ => "string",
        };
        json!({
            "path": [namespace, element],
            "value_type": value_type,
            "display": [{ "locale": "en", "name": words.en }, { "locale": "cy", "name": words.cy }],
        })
    });
    Json(json!({
        "credential_issuer": base,
        "authorization_servers": [auth_server(&house)],
        "credential_endpoint": format!("{base}/credential"),
        "notification_endpoint": format!("{base}/notification"),
        "mdoc_iacas_uri": format!("{base}/iacas"),
        "credential_configurations_supported": { CONFIGURATION: {
            "format": "mso_mdoc",
            "doctype": DOCUMENT.type_id(),
            "cryptographic_binding_methods_supported": ["cose_key"],
            "credential_signing_alg_values_supported": ["ES256"],
            "credential_refresh_web_journey_url": format!("{base}/organisations/{}", Issuer::Dvla.path()),
            "credential_validity_period_max_days": DOCUMENT.days_valid(),
            "credential_metadata": {
                "display": [display("en", en), display("cy", cy)],
                "claims": claims.collect::<Vec<_>>(),
            },
        } },
    }))
    .into_response()
}

/// `GET /iacas`.
pub(crate) async fn iacas(State(house): State<Arc<House>>) -> Response {
    Json(iacas_json(&[house.pki().gov_uk.authority.certificate()])).into_response()
}

/// `GET /.well-known/jwks.json`: the key of pre-authorized codes.
pub(crate) async fn code_keys(State(house): State<Arc<House>>) -> Response {
    Json(jwks(&house.gov_uk.codes.public_key())).into_response()
}

/// `GET /one-login/.well-known/jwks.json`: the key of access tokens.
pub(crate) async fn token_keys(State(house): State<Arc<House>>) -> Response {
    Json(jwks(&house.gov_uk.tokens.public_key())).into_response()
}

/// `GET /.well-known/oauth-authorization-server/one-login`.
pub(crate) async fn server_metadata(State(house): State<Arc<House>>) -> Response {
    let base = format!("{}/one-login", house.base());
    let policy = TransportPolicy::HttpAllowed;
    let issuer = IssuerIdentifier::parse(&base, policy);
    let token = Endpoint::parse(&format!("{base}/token"), policy);
    let (Ok(issuer), Ok(token)) = (issuer, token) else {
        return failed();
    };
    let metadata = AuthorizationServerMetadata {
        grant_types: Some(vec![PRE_AUTHORIZED.to_owned(), "refresh_token".to_owned()]),
        anonymous_pre_authorized_code: Some(true),
        ..AuthorizationServerMetadata::new(issuer, token)
    };
    Json(metadata.to_json()).into_response()
}

/// `POST /one-login/token`: redeems a code of the issuer, or gives a fresh token.
pub(crate) async fn token(State(house): State<Arc<House>>, headers: HeaderMap, body: Bytes) -> Response {
    if media_type(&headers) != FORM {
        return protocol(Refusal::InvalidRequest.response());
    }
    let now = house.now();
    let identifier = match TokenRequest::read(&body) {
        Ok(TokenRequest::PreAuthorizedCode {
            code,
            transaction_code: None,
        }) => {
            let key = VerificationKey::from(house.gov_uk.codes.public_key());
            let server = format!("{}/one-login", house.base());
            match PreAuthorizedClaims::verify(&code, &key, &server, now) {
                Ok(claims) if first_use(&house, &claims.identifier, now) => Some(claims.identifier),
                _ => return protocol(Refusal::InvalidGrant.response()),
            }
        }
        Ok(TokenRequest::RefreshToken { refresh_token }) => {
            let again = house.offers().newest_of_dialect().and_then(|offer| offer.again);
            let ended = again.is_some_and(|again| again.fault == Some(OfferFault::NoRefresh));
            if ended || house.gov_uk.spent().refresh.find(&refresh_token, now).is_none() {
                return protocol(Refusal::InvalidGrant.response());
            }
            None
        }
        Ok(_) => return protocol(Refusal::UnsupportedGrantType.response()),
        Err(refusal) => return protocol(refusal.response()),
    };
    match tokens(&house, identifier, now) {
        Ok(answer) => protocol(answer),
        Err(_) => failed(),
    }
}

/// Whether a code is redeemed for the first time; it is now.
fn first_use(house: &House, identifier: &str, now: Timestamp) -> bool {
    let mut spent = house.gov_uk.spent();
    let fresh = spent.codes.find(identifier, now).is_none();
    spent.codes.keep(
        identifier.to_owned(),
        now.plus(Duration::from_secs(2 * 60 * 60)),
        (),
        now,
    );
    fresh
}

fn tokens(house: &House, identifier: Option<String>, now: Timestamp) -> Result<HttpResponse, RandomError> {
    let claims = AccessTokenClaims {
        issuer: format!("{}/one-login", house.base()),
        audience: house.base().to_owned(),
        subject: house.gov_uk.subject.clone(),
        identifier,
        nonce: unguessable(16)?,
        jti: unguessable(16)?,
        expires_at: now.plus(TOKEN_LIFE),
    };
    let token = claims.sign(&house.gov_uk.tokens).map_err(|_| RandomError)?;
    // Fifteen months, as the documentation has it.
    let life = Duration::from_secs(450 * 24 * 60 * 60);
    let refresh = house.gov_uk.spent().refresh.make(life, (), now)?;
    let answer = TokenAnswer {
        token_type: "bearer",
        expires_in: Some(TOKEN_LIFE.as_secs()),
        refresh_token: Some(&refresh),
        ..TokenAnswer::bearer(&token)
    };
    Ok(answer.response())
}

/// The token of a request, verified.
async fn verified(house: &House, headers: &HeaderMap) -> Result<AccessTokenClaims, Response> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        // Without any authentication there is nothing to say about it (RFC 6750, 3.1).
        let mut response = StatusCode::UNAUTHORIZED.into_response();
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        return Err(response);
    };
    let refused = || protocol(Refusal::InvalidToken.response());
    let token = value.to_str().ok().and_then(|value| value.split_once(' '));
    let (_, token) = token
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .ok_or_else(refused)?;
    let keys = match &house.gov_uk.auth_server {
        None => jwks(&house.gov_uk.tokens.public_key()),
        Some(server) => fetched_keys(house, server).await.ok_or_else(refused)?,
    };
    let claims = AccessTokenClaims::verify(token.trim(), &keys, &auth_server(house), house.base(), house.now());
    claims
        .ok()
        .filter(|claims| claims.subject == house.gov_uk.subject)
        .ok_or_else(refused)
}

/// The keys of a token server elsewhere: fetched each time, bounded, and never far away by redirect.
async fn fetched_keys(house: &House, server: &str) -> Option<Value> {
    let client = house.gov_uk.http.get_or_try_init(|| async {
        reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(FETCH_TIME)
            .no_proxy()
            .build()
    });
    let url = format!("{}/.well-known/jwks.json", server.trim_end_matches('/'));
    let response = client.await.ok()?.get(url).send().await.ok()?.error_for_status().ok()?;
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.ok()?);
        if body.len() > MOST_KEYS_BYTES {
            return None;
        }
    }
    serde_json::from_slice(&body).ok()
}

/// `POST /credential`.
pub(crate) async fn credential(State(house): State<Arc<House>>, headers: HeaderMap, body: Bytes) -> Response {
    let claims = match verified(&house, &headers).await {
        Ok(claims) => claims,
        Err(refusal) => return refusal,
    };
    let offer = {
        let offers = house.offers();
        match &claims.identifier {
            Some(id) => offers
                .find(id)
                .filter(|offer| offer.dialect.is_some() && offer.stage == Stage::Waiting)
                .cloned(),
            // Had anew: the document the person got last.
            None => offers
                .newest_of_dialect()
                .cloned()
                .map(|offer| offer.had_anew(DOCUMENT)),
        }
    };
    let Some(offer) = offer else {
        return protocol(Refusal::InvalidToken.response());
    };
    let now = house.now();
    let key: Result<PublicKey, Refusal> =
        read_request(&body).and_then(|proof| verify_proof(&proof, house.base(), &claims.nonce, now));
    let key = match key {
        Ok(key) => key,
        Err(refusal) => return protocol(refusal.response()),
    };
    {
        let mut spent = house.gov_uk.spent();
        if spent.tokens.find(&claims.jti, now).is_some() {
            return protocol(Refusal::InvalidToken.response());
        }
        spent.tokens.keep(claims.jti, claims.expires_at, (), now);
    }
    let granted = Granted {
        document: DOCUMENT,
        keys: vec![key],
    };
    let Ok((credentials, id)) = issue_signed_by(&house, &offer, &granted, &house.pki().gov_uk) else {
        return failed();
    };
    match credential_response(&credentials, Some(&id), None, &mut OsRandom) {
        Ok(response) => protocol(response),
        Err(refusal) => protocol(refusal.response()),
    }
}

/// `POST /notification`.
pub(crate) async fn notification(State(house): State<Arc<House>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(refusal) = verified(&house, &headers).await {
        return refusal;
    }
    let (id, event) = match read_notification(&body) {
        Ok(message) => message,
        Err(refusal) => return protocol(refusal.response()),
    };
    let noted = house.records().notified(&id, event.as_str());
    match noted {
        Ok(true) => (StatusCode::NO_CONTENT, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Ok(false) => protocol(Refusal::InvalidNotificationId.response()),
        Err(_) => failed(),
    }
}
