//! The modules of the OpenID Foundation's wallet test plans for OpenID4VCI 1.0 and HAIP, one test each under the module's
//! name: our authorization server and issuer play the suite.

use serde_json::{Value, json};
use url::Url;
use wallet_credentials::crypto::{PredictableRandom, Signer as _, SigningKey};
use wallet_credentials::time::Timestamp;

use super::*;
use crate::http::decode_form;
use crate::oauth::dpop::{self, DpopNonces, DpopServer, Expected};
use crate::oauth::pkce;

pub(super) const NOW: Timestamp = Timestamp::from_unix(1_780_000_000);
const REDIRECT: &str = "http://127.0.0.1:8931/callback";
const SERVER: &str = "https://issuer.example/as";

fn random() -> PredictableRandom {
    PredictableRandom::from_seed(11)
}

fn dpop_key() -> SigningKey {
    SigningKey::from_random(&mut PredictableRandom::from_seed(12)).unwrap()
}

/// What the suite's authorization server publishes, with changes.
fn server_metadata(changes: &Value) -> Value {
    let mut value = json!({
        "issuer": SERVER,
        "authorization_endpoint": "https://issuer.example/as/authorize?tenant=1",
        "token_endpoint": "https://issuer.example/as/token",
        "pushed_authorization_request_endpoint": "https://issuer.example/as/par",
        "require_pushed_authorization_requests": true,
        "challenge_endpoint": "https://issuer.example/as/challenge",
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["attest_jwt_client_auth"],
        "grant_types_supported": ["authorization_code"],
        "authorization_response_iss_parameter_supported": true,
    });
    value
        .as_object_mut()
        .unwrap()
        .extend(changes.as_object().unwrap().clone());
    value
}

fn read_server(changes: &Value) -> Result<AuthorizationServerMetadata, MetadataError> {
    let answer = HttpResponse::json(200, &server_metadata(changes));
    AuthorizationServerMetadata::read(&identifier(SERVER), &answer, HTTPS)
}

fn offered(grants: &Value) -> ResolvedOffer {
    let mut published = metadata(false);
    published["authorization_servers"] = json!(["https://other.example", SERVER]);
    let offer = json!({
        "credential_issuer": "https://issuer.example",
        "credential_configuration_ids": ["UniversityDegreeCredential"],
        "grants": grants,
    });
    let offer = CredentialOffer::parse(offer.to_string().as_bytes(), HTTPS).unwrap();
    ResolvedOffer::new(offer, read_metadata(&published).unwrap()).unwrap()
}

fn issuer_initiated() -> ResolvedOffer {
    offered(&json!({"authorization_code": {"issuer_state": "st&te", "authorization_server": SERVER}}))
}

/// The request a wallet pushes, as the server reads it.
fn request(changes: &Value, haip: bool) -> (AuthorizationRequest, issuer::AuthorizationParameters) {
    let key = dpop_key().public_key();
    let client = Client {
        client_id: "wallet",
        redirect_uri: REDIRECT,
        dpop_key: Some(&key),
        haip,
    };
    let server = read_server(changes).unwrap();
    let request = issuer_initiated().sign_in(&[], server, &client, &mut random());
    let request = request.map_err(|(error, _)| error).unwrap();
    let pushed = request.push().unwrap();
    assert_eq!(pushed.url.as_str(), "https://issuer.example/as/par");
    let parameters = issuer::AuthorizationParameters::read(&pushed.body, "https://issuer.example").unwrap();
    (request, parameters)
}

/// The wallet while the person is at the issuer.
fn awaiting(changes: &Value, haip: bool) -> (AwaitingSignIn, issuer::AuthorizationParameters) {
    let (request, parameters) = request(changes, haip);
    let waiting = request.pushed(&issuer::pushed_response("urn:example:r1", 60)).unwrap();
    (waiting, parameters)
}

/// An answer of the server with these members.
fn answer(state: Option<&str>, iss: Option<&str>) -> String {
    let outcome = Ok("c0de");
    let answer = issuer::AuthorizationAnswer { outcome, state, iss };
    answer.redirect(&Url::parse(REDIRECT).unwrap()).into()
}

fn refused(waiting: AwaitingSignIn, url: &str) -> AuthorizationResponseError {
    match waiting.answered(url) {
        Ok(_) => panic!("accepted"),
        Err((error, _)) => error,
    }
}

fn signed_in(haip: bool) -> (SignedIn, issuer::AuthorizationParameters) {
    let (waiting, parameters) = awaiting(&json!({}), haip);
    let state = waiting.state().to_owned();
    let signed_in = waiting.answered(&answer(Some(&state), Some(SERVER)));
    (signed_in.map_err(|(error, _)| error).unwrap(), parameters)
}

fn granted(response: &HttpResponse) -> Result<TokenGranted, TokenError> {
    signed_in(true).0.granted(response)
}

fn dpop_answer() -> issuer::TokenAnswer<'static> {
    issuer::TokenAnswer {
        token_type: "DPoP",
        expires_in: Some(300),
        refresh_token: Some("r3fresh"),
        ..issuer::TokenAnswer::bearer("t0ken")
    }
}

/// The whole way with the server's nonces as given: pushed request, code, token, and a credential call bound to the key.
fn way(nonces_of_server: bool, scheme: &str) {
    let (key, random) = (dpop_key(), &mut random());
    let mut nonces = DpopNonces::default();
    let (signed_in, parameters) = signed_in(true);
    let mut request = signed_in.token_request();
    nonces
        .prove(&mut request, DpopServer::Authorization, &key, NOW, random)
        .unwrap();
    if nonces_of_server {
        let challenge = dpop::authorization_challenge("as-1");
        assert!(nonces.again(&request, DpopServer::Authorization, &challenge));
        nonces
            .prove(&mut request, DpopServer::Authorization, &key, NOW, random)
            .unwrap();
    }
    let token_endpoint = Url::parse("https://issuer.example/as/token").unwrap();
    let expected = Expected {
        method: "POST",
        url: &token_endpoint,
        access_token: None,
    };
    let nonce = nonces_of_server.then_some("as-1");
    let proof = dpop::verify(request.header("dpop").unwrap(), &expected, |given| given == nonce, NOW).unwrap();
    assert_eq!(
        parameters.dpop_jkt,
        Some(dpop::jkt(&proof.key)),
        "the code is bound to the key"
    );
    let issuer::TokenRequest::AuthorizationCode {
        code,
        redirect_uri,
        code_verifier,
    } = issuer::TokenRequest::read(&request.body).unwrap()
    else {
        panic!("another grant")
    };
    assert_eq!((code.as_str(), redirect_uri.as_str()), ("c0de", REDIRECT));
    assert!(pkce::matches(&code_verifier, &parameters.code_challenge));
    let granted = signed_in.granted(&dpop_answer().response()).unwrap();
    assert!(granted.is_bound());

    let nonce_request = granted.nonce_request().unwrap();
    if nonces_of_server {
        let answer = issuer::nonce_response("n0nce").with_header("dpop-nonce", "rs-1");
        assert!(!nonces.again(&nonce_request, DpopServer::Resource, &answer));
    }
    let mut request = granted
        .credential_request(&granted.targets()[0], &[], None, random)
        .unwrap();
    assert_eq!(request.header("authorization"), Some("DPoP t0ken"));
    assert!(request.url.query().is_none(), "never the token in the address");
    nonces
        .prove(&mut request, DpopServer::Resource, &key, NOW, random)
        .unwrap();
    let mut nonce = nonces_of_server.then_some("rs-1");
    if nonces_of_server {
        let challenge = dpop::resource_challenge(scheme, "rs-2");
        assert!(nonces.again(&request, DpopServer::Resource, &challenge), "{scheme}");
        nonces
            .prove(&mut request, DpopServer::Resource, &key, NOW, random)
            .unwrap();
        nonce = Some("rs-2");
    }
    let expected = Expected {
        method: "POST",
        url: &request.url,
        access_token: Some("t0ken"),
    };
    assert!(dpop::verify(request.header("dpop").unwrap(), &expected, |given| given == nonce, NOW).is_ok());
}

#[test]
fn happy_path() {
    way(true, "DPoP");
}

#[test]
fn happy_path_no_dpop_nonce() {
    way(false, "DPoP");
}

#[test]
fn rs_dpop_auth_scheme_case_insensitivity() {
    for scheme in ["dpop", "DPOP", "dPoP"] {
        way(true, scheme);
    }
}

#[test]
fn discovery_issuer_mismatch() {
    let other = read_server(&json!({"issuer": "https://issuer.example/as/"}));
    assert_eq!(other.err(), Some(MetadataError::OtherIssuer));
}

#[test]
fn invalid_authorization_response_iss() {
    let (waiting, parameters) = awaiting(&json!({}), true);
    let answer = answer(parameters.state.as_deref(), Some("https://attacker.example"));
    assert_eq!(refused(waiting, &answer), AuthorizationResponseError::OtherIssuer);
    // Also where the server never promised to say who it is.
    let (waiting, _) = awaiting(&json!({"authorization_response_iss_parameter_supported": false}), false);
    assert_eq!(refused(waiting, &answer), AuthorizationResponseError::OtherIssuer);
}

#[test]
fn remove_authorization_response_iss() {
    let silent = json!({"authorization_response_iss_parameter_supported": false});
    let (waiting, parameters) = awaiting(&json!({}), false);
    let answer = answer(parameters.state.as_deref(), None);
    assert_eq!(
        refused(waiting, &answer),
        AuthorizationResponseError::NoIssuer,
        "promised"
    );
    let (waiting, _) = awaiting(&silent, true);
    assert_eq!(refused(waiting, &answer), AuthorizationResponseError::NoIssuer, "HAIP");
    let (waiting, _) = awaiting(&silent, false);
    assert!(waiting.answered(&answer).is_ok(), "nobody promised");
}

#[test]
fn ensure_authorization_response_with_invalid_state_fails() {
    let (waiting, parameters) = awaiting(&json!({}), true);
    let right = parameters.state.unwrap();
    let answer = answer(Some(&format!("{right}x")), Some(SERVER));
    assert_eq!(refused(waiting, &answer), AuthorizationResponseError::State);
}

#[test]
fn ensure_authorization_response_with_invalid_missing_state_fails() {
    let (waiting, _) = awaiting(&json!({}), true);
    assert_eq!(
        refused(waiting, &answer(None, Some(SERVER))),
        AuthorizationResponseError::State
    );
}

#[test]
fn token_endpoint_response_without_expires_in() {
    let answer = issuer::TokenAnswer {
        expires_in: None,
        ..dpop_answer()
    };
    assert_eq!(granted(&answer.response()).unwrap().expires_in(), None);
}

#[test]
fn token_type_case_insensitivity() {
    for token_type in ["DPoP", "dpop", "DPOP", "dPoP"] {
        let answer = issuer::TokenAnswer {
            token_type,
            ..dpop_answer()
        };
        assert!(granted(&answer.response()).unwrap().is_bound(), "{token_type}");
    }
    // Under HAIP a token that is bound to nothing is refused; elsewhere it is what the server gives.
    let bearer = issuer::TokenAnswer {
        token_type: "bEaReR",
        ..dpop_answer()
    };
    assert_eq!(granted(&bearer.response()).err(), Some(TokenError::TokenType));
    assert!(!signed_in(false).0.granted(&bearer.response()).unwrap().is_bound());
}

#[test]
fn happy_path_with_scopes_without_authorization_details_in_token_response() {
    let (request, parameters) = request(&json!({}), true);
    assert_eq!(parameters.scopes, ["degree"]);
    assert!(parameters.configuration_ids.is_empty());
    drop(request);
    let granted = granted(&dpop_answer().response()).unwrap();
    let request = granted
        .credential_request(&granted.targets()[0], &[], None, &mut random())
        .unwrap();
    assert_eq!(
        body(&request),
        json!({"credential_configuration_id": "UniversityDegreeCredential"})
    );
}

#[test]
fn authorization_details_are_used_where_the_server_knows_them_and_haip_does_not_apply() {
    let knows = json!({"authorization_details_types_supported": ["openid_credential"]});
    let (_, parameters) = request(&knows, false);
    assert_eq!(parameters.configuration_ids, ["UniversityDegreeCredential"]);
    assert!(parameters.scopes.is_empty());
    let (_, parameters) = request(&knows, true);
    assert!(parameters.configuration_ids.is_empty());
    assert_eq!(parameters.scopes, ["degree"]);
    let identifiers = [("UniversityDegreeCredential".to_owned(), vec!["a/1".to_owned()])];
    let answer = issuer::TokenAnswer {
        identifiers: &identifiers,
        ..dpop_answer()
    };
    let granted = granted(&answer.response()).unwrap();
    let request = granted
        .credential_request(&granted.targets()[0], &[], None, &mut random())
        .unwrap();
    assert_eq!(body(&request), json!({"credential_identifier": "a/1"}));
}

#[test]
fn the_authorization_request_holds_what_it_must_and_nothing_else() {
    let (request, parameters) = request(&json!({}), true);
    assert_eq!(parameters.issuer_state.as_deref(), Some("st&te"));
    assert_eq!(parameters.client_id, "wallet");
    let names: Vec<String> = decode_form(&request.push().unwrap().body)
        .unwrap()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let expected = [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "code_challenge",
        "code_challenge_method",
        "scope",
        "dpop_jkt",
        "issuer_state",
    ];
    assert_eq!(names, expected);
    // In the browser there is a reference only, beside what the endpoint's address had.
    let waiting = request.pushed(&issuer::pushed_response("urn:example:r1", 60)).unwrap();
    assert_eq!(
        waiting.url().as_str(),
        "https://issuer.example/as/authorize?tenant=1&client_id=wallet&request_uri=urn%3Aexample%3Ar1"
    );
}

#[test]
fn a_server_without_pushed_requests_is_asked_in_the_address() {
    let plain = json!({"pushed_authorization_request_endpoint": null, "require_pushed_authorization_requests": null});
    let client = Client {
        client_id: "wallet",
        redirect_uri: "org.example.wallet:/callback",
        dpop_key: None,
        haip: false,
    };
    let server = read_server(&plain).unwrap();
    let request = issuer_initiated().sign_in(&[], server, &client, &mut random());
    let request = request.map_err(|(error, _)| error).unwrap();
    assert!(request.push().is_none());
    let waiting = request.unpushed().unwrap();
    let query = waiting.url().query().unwrap().replace("tenant=1&", "");
    let read = issuer::AuthorizationParameters::read(query.as_bytes(), "https://issuer.example").unwrap();
    assert_eq!(read.redirect_uri.as_str(), "org.example.wallet:/callback");
    assert!(read.dpop_jkt.is_none());
    // The scheme of the wallet's own, as a phone hands it over.
    let state = waiting.state().to_owned();
    let answer = format!("org.example.wallet:/callback?code=x&state={state}&iss=https%3A%2F%2Fissuer.example%2Fas");
    assert!(waiting.is_answer(&answer));
    assert!(waiting.answered(&answer).is_ok());

    let haip = Client { haip: true, ..client };
    let refused = issuer_initiated().sign_in(&[], read_server(&plain).unwrap(), &haip, &mut random());
    assert_eq!(
        refused.map_err(|(error, _)| error).err(),
        Some(AcceptError::NoPushedRequests)
    );
    let required = json!({"pushed_authorization_request_endpoint": null});
    let request = issuer_initiated().sign_in(&[], read_server(&required).unwrap(), &client, &mut random());
    let request = request.map_err(|(error, _)| error).unwrap();
    assert_eq!(request.unpushed().err(), Some(PushError::Required));
}

#[test]
fn servers_that_cannot_do_it_safely_are_refused_with_the_offer_back() {
    let client = Client {
        client_id: "wallet",
        redirect_uri: REDIRECT,
        dpop_key: None,
        haip: false,
    };
    for (changes, expected) in [
        (
            json!({"authorization_endpoint": null}),
            AcceptError::NoAuthorizationEndpoint,
        ),
        (
            json!({"code_challenge_methods_supported": ["plain"]}),
            AcceptError::NoPkce,
        ),
    ] {
        let (error, offer) = issuer_initiated()
            .sign_in(&[], read_server(&changes).unwrap(), &client, &mut random())
            .err()
            .unwrap();
        assert_eq!(error, expected);
        let again = offer.sign_in(&[], read_server(&json!({})).unwrap(), &client, &mut random());
        assert!(again.is_ok());
    }
    // A server the issuer does not name, and one the grant does not name.
    let stranger = AuthorizationServerMetadata {
        issuer: identifier("https://evil.example"),
        ..read_server(&json!({})).unwrap()
    };
    for server in [
        stranger.clone(),
        AuthorizationServerMetadata {
            issuer: identifier("https://other.example"),
            ..stranger
        },
    ] {
        let refused = issuer_initiated().sign_in(&[], server, &client, &mut random());
        let error = refused.map_err(|(error, _)| error).err();
        assert_eq!(error, Some(AcceptError::OtherAuthorizationServer));
    }
    let pre_authorized = offered(&json!({"urn:ietf:params:oauth:grant-type:pre-authorized_code":
        {"pre-authorized_code": "x"}}));
    assert!(!pre_authorized.may_sign_in());
}

#[test]
fn the_authorization_server_is_chosen_by_what_it_can_do() {
    let offer = offered(&json!({}));
    let names = |grant| -> Vec<String> {
        let servers = offer.authorization_servers(grant);
        servers.iter().map(|server| server.as_str().to_owned()).collect()
    };
    assert_eq!(names(GrantType::AuthorizationCode), ["https://other.example", SERVER]);
    let server = read_server(&json!({})).unwrap();
    assert!(server.supports(GrantType::AuthorizationCode) && !server.supports(GrantType::PreAuthorizedCode));
    assert!(server.is_haip());
    let named = issuer_initiated();
    let named: Vec<_> = named.authorization_servers(GrantType::AuthorizationCode);
    assert_eq!(named, [&identifier(SERVER)]);
}

#[test]
fn a_document_is_had_without_an_offer() {
    let read = read_metadata(&metadata(false)).unwrap();
    let unknown = ResolvedOffer::without_offer(read.clone(), vec!["nothing".to_owned()]);
    assert_eq!(unknown.err(), Some(ResolveError::UnknownConfiguration));
    let offer = ResolvedOffer::without_offer(read, vec!["UniversityDegreeCredential".to_owned()]).unwrap();
    assert!(offer.may_sign_in() && !offer.is_pre_authorized());
    let server = AuthorizationServerMetadata {
        issuer: identifier("https://issuer.example"),
        ..read_server(&json!({})).unwrap()
    };
    let client = Client {
        client_id: "wallet",
        redirect_uri: REDIRECT,
        dpop_key: None,
        haip: false,
    };
    let request = offer.sign_in(&[], server, &client, &mut random());
    let request = request.map_err(|(error, _)| error).unwrap();
    let body = request.push().unwrap().body;
    let read = issuer::AuthorizationParameters::read(&body, "https://issuer.example").unwrap();
    assert!(read.issuer_state.is_none());
}

#[test]
fn what_the_server_says_no_to_is_said_in_kind() {
    let (waiting, parameters) = awaiting(&json!({}), true);
    let state = parameters.state.unwrap();
    let mut waiting = waiting;
    for (error, expected) in [
        ("access_denied", TokenErrorCode::AccessDenied),
        ("login_required", TokenErrorCode::InteractionRequired),
        ("temporarily_unavailable", TokenErrorCode::TemporarilyUnavailable),
        ("something_new", TokenErrorCode::Other("something_new".to_owned())),
    ] {
        for state in [Some(state.as_str()), None] {
            let answer = issuer::AuthorizationAnswer {
                outcome: Err(error),
                state,
                iss: None,
            };
            let url: String = answer.redirect(&Url::parse(REDIRECT).unwrap()).into();
            let (refused, back) = waiting.answered(&url).err().unwrap();
            assert_eq!(refused, AuthorizationResponseError::Refused(expected.clone()));
            waiting = *back;
        }
    }
    for (url, expected) in [
        (
            "http://127.0.0.1:8931/other?code=x".to_owned(),
            AuthorizationResponseError::OtherAddress,
        ),
        (
            "http://127.0.0.1:8932/callback?code=x".to_owned(),
            AuthorizationResponseError::OtherAddress,
        ),
        (
            format!("{REDIRECT}?code=x&code=y&state={state}"),
            AuthorizationResponseError::Malformed,
        ),
        (
            format!("{REDIRECT}?state={state}&iss=https%3A%2F%2Fissuer.example%2Fas"),
            AuthorizationResponseError::Malformed,
        ),
    ] {
        let (refused, back) = waiting.answered(&url).err().unwrap();
        assert_eq!(refused, expected, "{url}");
        waiting = *back;
    }
    // After all that the right answer still counts.
    assert!(waiting.answered(&answer(Some(&state), Some(SERVER))).is_ok());

    let (request, _) = request(&json!({}), true);
    let refusal = issuer::Refusal::InvalidClient.response();
    assert_eq!(
        request.pushed(&refusal).err(),
        Some(PushError::Refused(TokenErrorCode::InvalidClient))
    );
    let (request, _) = self::request(&json!({}), true);
    let page = HttpResponse::new(502, "text/html", "<h1>oh");
    assert_eq!(request.pushed(&page).err(), Some(PushError::Failed { status: 502 }));
}

#[test]
fn a_sign_in_and_a_token_survive_a_restart() {
    let (waiting, parameters) = awaiting(&json!({}), true);
    let saved = waiting.save().unwrap();
    let published = || {
        let mut value = metadata(false);
        value["authorization_servers"] = json!([SERVER]);
        read_metadata(&value).unwrap()
    };
    let resumed = AwaitingSignIn::resume(&saved, published(), HTTPS).unwrap();
    assert_eq!((resumed.url(), resumed.state()), (waiting.url(), waiting.state()));
    let signed_in = resumed.answered(&answer(parameters.state.as_deref(), Some(SERVER)));
    let signed_in = signed_in.map_err(|(error, _)| error).unwrap();
    let granted = signed_in.granted(&dpop_answer().response()).unwrap();

    let saved = granted.save().unwrap();
    let resumed = TokenGranted::resume(&saved, published(), HTTPS).unwrap();
    assert_eq!(resumed.targets(), granted.targets());
    assert_eq!(resumed.server(), granted.server());
    assert!(resumed.is_bound() && resumed.can_refresh());
    assert_eq!(resumed.client_id(), Some("wallet"));
    for damaged in ["", "{}", "[]", "null"] {
        assert!(TokenGranted::resume(damaged, published(), HTTPS).is_err());
        assert!(AwaitingSignIn::resume(damaged, published(), HTTPS).is_err());
    }
}

#[test]
fn a_token_is_refreshed_and_what_was_granted_stays() {
    let granted = granted(&dpop_answer().response()).unwrap();
    let request = granted.refresh_request().unwrap();
    assert_eq!(request.url.as_str(), "https://issuer.example/as/token");
    let issuer::TokenRequest::RefreshToken { refresh_token } = issuer::TokenRequest::read(&request.body).unwrap()
    else {
        panic!("another grant")
    };
    assert_eq!(refresh_token.as_str(), "r3fresh");
    let refused = granted.refreshed(&issuer::Refusal::InvalidGrant.response());
    let (error, granted) = refused.err().unwrap();
    assert!(matches!(
        error,
        TokenError::Refused {
            code: TokenErrorCode::InvalidGrant,
            ..
        }
    ));
    let fresh = issuer::TokenAnswer {
        access_token: "t0ken2",
        refresh_token: None,
        ..dpop_answer()
    };
    let granted = granted
        .refreshed(&fresh.response())
        .map_err(|(error, _)| error)
        .unwrap();
    assert!(
        granted.can_refresh(),
        "the refresh token stays good where no new one comes"
    );
    let request = granted
        .credential_request(&granted.targets()[0], &[], None, &mut random())
        .unwrap();
    assert_eq!(request.header("authorization"), Some("DPoP t0ken2"));
}
