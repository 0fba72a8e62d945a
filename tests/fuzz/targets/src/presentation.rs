//! OpenID4VP: links, request objects, and the answers, read by either end.

use serde_json::{Map, Value, json};
use wallet_credentials::jose::{ContentEncryption, SigningHeader, base64url};
use wallet_credentials::trust::TrustAnchors;
use wallet_protocols::endpoint::TransportPolicy;
use wallet_protocols::http::{HttpResponse, JSON, decode_form, encode_form};
use wallet_protocols::openid4vp::verifier::{ReceivedResponse, read_wallet_nonce};
use wallet_protocols::openid4vp::{
    AuthorizationErrorCode, ClientId, Delivery, PresentationRequest, Reply, RequestLink, RequestStart, ResponseMode,
    VerifierIdentity, VpToken, is_request_link,
};

use crate::corpus::SEPARATOR;
use crate::made;
use crate::world::{NOW, RESPONSE_URI, world};

const POLICY: TransportPolicy = TransportPolicy::HttpsOnly;

/// A link to a request, a client identifier, or a form.
pub fn request_link(data: &[u8]) {
    if let Ok(form) = decode_form(data) {
        assert!(form.len() <= 64);
        let pairs: Vec<(&str, &str)> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            decode_form(encode_form(&pairs).as_bytes()),
            Ok(form),
            "a form reads as it is written"
        );
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(id) = ClientId::parse(text) {
        assert!(id.as_str() == text && text.ends_with(id.value()) && !text.starts_with("origin:"));
    }
    let Ok(link) = RequestLink::parse(text, POLICY) else {
        return;
    };
    assert!(is_request_link(text));
    let client_id = link.client_id().clone();
    match link.start("wallet-nonce".to_owned()) {
        RequestStart::Fetch(request, awaiting) => {
            assert_eq!(request.url.scheme(), "https");
            assert!(awaiting.received(&HttpResponse::new(302, JSON, "")).is_err());
        }
        RequestStart::Ready(request) => {
            if let Ok(request) = request.verify(&world().anchors, NOW) {
                assert_eq!(*request.client_id(), client_id);
                verified(&request);
            }
        }
    }
}

/// Links by reference, by value and unsigned.
pub fn links() -> Vec<Vec<u8>> {
    let query = made::query().to_string();
    let client_id = format!("redirect_uri:{RESPONSE_URI}");
    let by_value = [
        ("client_id", client_id.as_str()),
        ("response_type", "vp_token"),
        ("response_mode", "direct_post"),
        ("nonce", "n-0S6_WzA2Mj"),
        ("state", "state"),
        ("dcql_query", &query),
    ];
    let uri = ("request_uri", "https://client.example.org/request");
    let by_reference = [("client_id", made::AUDIENCE), uri, ("request_uri_method", "post")];
    let object = sign(made::request(true).to_string().as_bytes());
    let with_object = [("client_id", made::AUDIENCE), ("request", object.as_str())];
    [
        encode_form(&by_value),
        encode_form(&by_reference),
        encode_form(&with_object),
    ]
    .map(|form| format!("openid4vp://?{form}").into_bytes())
    .into()
}

/// Request objects, signed and not.
pub fn objects() -> Vec<Vec<u8>> {
    let signed = [true, false].map(|encrypted| sign(made::request(encrypted).to_string().as_bytes()).into_bytes());
    signed.into()
}

/// Request objects taken apart.
pub fn parts() -> Vec<Vec<u8>> {
    let signed = [true, false].map(made::request);
    let mut unsigned = made::request(true);
    unsigned["client_id"] = json!(format!("redirect_uri:{RESPONSE_URI}"));
    let header = r#"{"alg":"none","typ":"oauth-authz-req+jwt"}"#;
    signed
        .iter()
        .chain([&unsigned])
        .map(|claims| format!("{header}\u{1e}{claims}").into_bytes())
        .collect()
}

/// What wallets post, and what services reply.
pub fn answer_seeds() -> Vec<Vec<u8>> {
    let encrypted = made::encrypted(crate::jose::SECRET, ContentEncryption::A128Gcm);
    vec![
        encode_form(&[("response", &encrypted)]).into_bytes(),
        encode_form(&[("vp_token", r#"{"person":["x~y"]}"#), ("state", "state")]).into_bytes(),
        b"error=access_denied&state=state".to_vec(),
        b"wallet_nonce=n&wallet_metadata=%7B%7D".to_vec(),
        br#"{"redirect_uri":"https://client.example.org/done#code=1"}"#.to_vec(),
    ]
}

/// A request object as it is fetched: a compact JWS. Only the service's own key makes a request that verifies.
pub fn request_object(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for client_id in [
        made::AUDIENCE,
        HASH_OF_NOBODY,
        "redirect_uri:https://client.example.org/post",
    ] {
        let Some(request) = received(client_id, text, &world().anchors) else {
            continue;
        };
        assert_eq!(request.client_id().as_str(), client_id);
        assert_ne!(client_id, HASH_OF_NOBODY, "nobody's certificate");
        verified(&request);
        // Without anchors the same request is somebody's whom nobody vouches for.
        if let Some(stranger) = received(client_id, text, &TrustAnchors::new()) {
            assert!(!matches!(
                stranger.verifier(),
                VerifierIdentity::Certificate {
                    trusted_by: Some(_),
                    ..
                }
            ));
        }
    }
}

const HASH_OF_NOBODY: &str = "x509_hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Follows a link to this object.
fn received(client_id: &str, object: &str, anchors: &TrustAnchors) -> Option<PresentationRequest> {
    let form = encode_form(&[
        ("client_id", client_id),
        ("request_uri", "https://client.example.org/request"),
    ]);
    let link = RequestLink::parse(&format!("openid4vp://?{form}"), POLICY).unwrap();
    let RequestStart::Fetch(_, awaiting) = link.start(String::new()) else {
        panic!("the link has an address");
    };
    let response = HttpResponse::new(200, "application/oauth-authz-req+jwt", object);
    awaiting.received(&response).ok()?.verify(anchors, NOW).ok()
}

/// What holds for every verified request, and for an answer to it.
fn verified(request: &PresentationRequest) {
    assert!(!request.nonce().is_empty() && request.nonce().is_ascii());
    assert_eq!(request.response_uri().url().scheme(), "https");
    assert!(request.client_name().is_none_or(|name| name.chars().count() <= 128));
    assert!(
        request
            .expires_at()
            .is_none_or(|end| end > NOW.minus(crate::world::DAY))
    );
    let _ = request.session_transcript();
    match request.refuse(AuthorizationErrorCode::AccessDenied) {
        Delivery::Post(refusal) => assert_eq!(refusal.url, *request.response_uri().url()),
        Delivery::Open(url) => assert_eq!(url.host_str(), Some(request.response_uri().host())),
    }
    let mut token = VpToken::new();
    let asked = request.query().credentials();
    let first = asked
        .first()
        .expect("a query asks for something")
        .id
        .as_str()
        .to_owned();
    token
        .add(request.query(), &first, "presentation".to_owned())
        .expect("one answer is allowed");
    let random = &mut wallet_credentials::crypto::PredictableRandom::from_seed(1);
    let answer = match request.respond(&token, random).expect("an answer can be made") {
        Delivery::Post(answer) => answer,
        Delivery::Open(url) => {
            assert_eq!(*request.mode(), ResponseMode::Fragment);
            assert_eq!(url.host_str(), Some(request.response_uri().host()));
            assert!(url.query() == request.response_uri().url().query() && url.fragment().is_some());
            return;
        }
    };
    assert_eq!(answer.url, *request.response_uri().url());
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    match request.mode() {
        ResponseMode::DirectPost => {
            let Ok(ReceivedResponse::Presented { vp_token, .. }) = ReceivedResponse::read(body.as_bytes(), None) else {
                panic!("an answer reads as it is written");
            };
            assert_eq!(vp_token.get(&first), Some(&vec!["presentation".to_owned()]));
        }
        ResponseMode::DirectPostJwt { key, .. } => {
            assert!(!body.contains("presentation"), "an encrypted answer in the clear");
            if key.key == world().encryption.key {
                let read = ReceivedResponse::read(body.as_bytes(), Some(&world().agreement));
                assert!(matches!(read, Ok(ReceivedResponse::Presented { .. })));
            }
        }
        other => panic!("{other:?} is not posted"),
    }
}

/// A request object taken apart: header and claims in JSON, separated. It goes out unsigned, and, where its client
/// identifier is the service's, signed with the service's key and certificate.
pub fn request_parts(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == SEPARATOR);
    let (Some(header), Some(payload)) = (parts.next(), parts.next()) else {
        return;
    };
    let unsigned = format!("{}.{}.", base64url::encode(header), base64url::encode(payload));
    let Ok(Value::Object(claims)) = serde_json::from_slice::<Value>(payload) else {
        return request_object(unsigned.as_bytes());
    };
    let client_id = claims.get("client_id").and_then(Value::as_str).unwrap_or_default();
    if client_id.starts_with("redirect_uri:")
        && ClientId::parse(client_id).is_ok()
        && let Some(request) = received(client_id, &unsigned, &world().anchors)
    {
        assert!(matches!(request.verifier(), VerifierIdentity::Unsigned));
        verified(&request);
    }
    if client_id == made::AUDIENCE {
        let text = sign(payload);
        if let Some(request) = received(client_id, &text, &world().anchors) {
            assert!(matches!(
                request.verifier(),
                VerifierIdentity::Certificate {
                    trusted_by: Some(_),
                    ..
                }
            ));
            assert_eq!(
                request.response_uri().host(),
                "client.example.org",
                "the signer's own host"
            );
            verified(&request);
        }
        assert!(
            received(HASH_OF_NOBODY, &text, &world().anchors).is_none()
                && received("x509_san_dns:other.example", &text, &world().anchors).is_none(),
            "another client"
        );
    }
}

/// A request object of the service with this payload.
pub fn sign(payload: &[u8]) -> String {
    let header = SigningHeader::new("oauth-authz-req+jwt").x5c(&[world().service.certificate.as_der()]);
    header.sign(payload, &world().service.key).unwrap()
}

/// `client_metadata` alone, inside a request that is in order otherwise and wants an encrypted answer.
pub fn client_metadata(data: &[u8]) {
    let Ok(metadata) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    let mut claims: Map<String, Value> = made::request(false).as_object().cloned().unwrap();
    let client_id = format!("redirect_uri:{RESPONSE_URI}");
    claims.insert("client_id".to_owned(), json!(client_id));
    claims.insert("client_metadata".to_owned(), metadata.clone());
    for mode in ["direct_post", "direct_post.jwt"] {
        claims.insert("response_mode".to_owned(), json!(mode));
        let claims = Value::Object(claims.clone()).to_string();
        let header = br#"{"alg":"none","typ":"oauth-authz-req+jwt"}"#;
        let text = format!(
            "{}.{}.",
            base64url::encode(header),
            base64url::encode(claims.as_bytes())
        );
        let Some(request) = received(&client_id, &text, &world().anchors) else {
            continue;
        };
        if let ResponseMode::DirectPostJwt { key, .. } = request.mode() {
            let keys = metadata.pointer("/jwks/keys").and_then(Value::as_array).expect("keys");
            assert!(
                keys.iter().any(|jwk| jwk.get("x") == key.key.to_jwk().get("x")),
                "a key of the service"
            );
        }
        assert_eq!(
            mode == "direct_post.jwt",
            matches!(request.mode(), ResponseMode::DirectPostJwt { .. })
        );
        verified(&request);
    }
}

/// What a wallet posts to a service, and what the service replies.
pub fn answers(data: &[u8]) {
    if let Ok(ReceivedResponse::Refused { code, .. }) = ReceivedResponse::read(data, None) {
        assert!(code.chars().count() <= 64);
    }
    if let Ok(ReceivedResponse::Presented { vp_token, .. }) = ReceivedResponse::read(data, None) {
        assert!(!vp_token.is_empty() && vp_token.values().all(|list| (1..=64).contains(&list.len())));
    }
    let _ = ReceivedResponse::read(data, Some(&world().agreement));
    let _ = read_wallet_nonce(data);
    for status in [200, 400] {
        match Reply::read(&HttpResponse::new(status, JSON, data), POLICY) {
            Ok(reply) => {
                assert!(status == 200 && reply.redirect_uri.is_none_or(|uri| uri.scheme() == "https"));
            }
            Err(error) => assert!(status == 400 && error.code.is_none_or(|code| code.len() <= 64)),
        }
    }
}
