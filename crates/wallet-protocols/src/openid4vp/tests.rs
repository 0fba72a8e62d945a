//! The public OpenID4VP vectors, and our verifier against our holder.

use serde_json::{Value, json};
use wallet_credentials::crypto::{AgreementKey, PredictableRandom};
use wallet_credentials::jose::{ContentEncryption, EncryptionKey, base64url, jwe};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, Role, TrustAnchor, TrustAnchors};

use super::dc_api::DcApiProtocol;
use super::verifier::{ReceivedResponse, RequestToSend};
use super::*;
use crate::dcql::DcqlQuery;
use crate::endpoint::TransportPolicy;
use crate::http::{HttpRequest, HttpResponse, decode_form};
use crate::vectors;

mod conformance;
mod hostile;
mod rules;
mod world;

const HTTPS: TransportPolicy = TransportPolicy::HttpsOnly;

fn anchors(pem: &Value) -> TrustAnchors {
    let certificate = Certificate::from_pem(pem.as_str().unwrap()).unwrap();
    [TrustAnchor::authority(certificate, Role::Service)]
        .into_iter()
        .collect()
}

fn instant(text: &Value) -> Timestamp {
    Timestamp::parse_rfc3339(text.as_str().unwrap()).unwrap()
}

fn object_response(object: &Value) -> HttpResponse {
    verifier::request_object_response(object.as_str().unwrap().to_owned())
}

/// Follows a link to a request object that is already here.
fn follow(link: RequestLink, nonce: &str, object: &Value) -> Result<UnverifiedRequest, RequestError> {
    follow_to(link, nonce, |_| object_response(object))
}

/// Follows a link to whatever answers.
fn follow_to(
    link: RequestLink,
    nonce: &str,
    answer: impl FnOnce(&HttpRequest) -> HttpResponse,
) -> Result<UnverifiedRequest, RequestError> {
    match link.start(nonce.to_owned()) {
        RequestStart::Ready(request) => Ok(request),
        RequestStart::Fetch(request, awaiting) => awaiting.received(&answer(&request)),
    }
}

#[test]
fn public_vectors_client_id_prefix() {
    let Some(file) = vectors::read("openid4vp/client-id-prefix.json") else {
        return;
    };
    for case in file["cases"].as_array().unwrap() {
        let text = case["client_id"].as_str().unwrap();
        let parsed = ClientId::parse(text);
        let expected = match case["prefix"].as_str().unwrap() {
            "redirect_uri" => ClientIdPrefix::RedirectUri,
            "x509_san_dns" => ClientIdPrefix::X509SanDns,
            "x509_hash" => ClientIdPrefix::X509Hash,
            "decentralized_identifier" => ClientIdPrefix::DecentralizedIdentifier,
            "verifier_attestation" => ClientIdPrefix::VerifierAttestation,
            "openid_federation" => ClientIdPrefix::OpenidFederation,
            "REJECT" => {
                assert_eq!(parsed, Err(ClientIdError::Origin));
                continue;
            }
            _ => ClientIdPrefix::PreRegistered,
        };
        let parsed = parsed.unwrap();
        assert_eq!(parsed.prefix(), expected, "{text}");
        assert_eq!(parsed.value(), case["original"]);
        assert_eq!(parsed.as_str(), case["aud_in_kb_jwt"]);
    }
}

#[test]
fn public_vectors_request_object_x509_hash() {
    let Some(file) = vectors::read("openid4vp/request-object-x509_hash.json") else {
        return;
    };
    let link = file["authorization_request_uri"].as_str().unwrap();
    assert!(is_request_link(link));
    let link = RequestLink::parse(link, HTTPS).unwrap();
    assert_eq!(
        link.request_uri().unwrap().as_str(),
        "https://client.example.org/request/1"
    );
    let RequestStart::Fetch(request, _) = link.start("abc".to_owned()) else {
        panic!("by reference")
    };
    assert_eq!(request.header("accept"), Some("application/oauth-authz-req+jwt"));
    assert_eq!(
        verifier::read_wallet_nonce(&request.body).unwrap().as_deref(),
        Some("abc")
    );
    let link = RequestLink::parse(
        "haip-vp://?client_id=x509_hash%3AKKlQ_eNoDbJ4JgHnRQfm0haAq3VpNe0c--uhourEbg4&request_uri=https%3A%2F%2Fclient.example.org%2Frequest%2F1",
        HTTPS,
    );
    let request = follow(link.unwrap(), "", &file["request_object"])
        .unwrap()
        .verify(&anchors(&file["trust_anchor_pem"]), instant(&file["verification_time"]))
        .unwrap();
    let expected = &file["expected_payload"];
    assert_eq!(request.client_id().as_str(), file["expected_client_id"]);
    assert_eq!(request.nonce(), expected["nonce"]);
    assert_eq!(request.response_uri().as_str(), expected["response_uri"]);
    assert!(matches!(
        request.mode(),
        ResponseMode::DirectPostJwt {
            enc: ContentEncryption::A256Gcm,
            ..
        }
    ));
    assert!(matches!(
        request.verifier(),
        VerifierIdentity::Certificate {
            trusted_by: Some(_),
            ..
        }
    ));
}

#[test]
fn public_vectors_request_object_x509_san_dns() {
    let Some(file) = vectors::read("openid4vp/request-object-x509_san_dns.json") else {
        return;
    };
    let open = |anchors: &TrustAnchors, policy| {
        let link = RequestLink::parse(
            "openid4vp://?client_id=x509_san_dns%3Aclient.example.org&request_uri=https%3A%2F%2Fclient.example.org%2F1",
            policy,
        );
        let request = follow(link.unwrap(), "", &file["request_object"]).unwrap();
        request.verify(anchors, instant(&file["verification_time"]))
    };
    let trusted = open(&anchors(&file["trust_anchor_pem"]), HTTPS).unwrap();
    assert!(matches!(
        trusted.verifier(),
        VerifierIdentity::Certificate {
            trusted_by: Some(_),
            ..
        }
    ));
    // Nobody vouches for them: a request all the same, and the caller is told.
    let unknown = open(&TrustAnchors::new(), HTTPS).unwrap();
    assert!(matches!(
        unknown.verifier(),
        VerifierIdentity::Certificate { trusted_by: None, .. }
    ));
}

#[test]
fn public_vectors_negative_openid4vp_request() {
    let Some(file) = vectors::read("negative/openid4vp-request.json") else {
        return;
    };
    let anchors = anchors(&file["context"]["reader_root_pem"]);
    let now = instant(&file["context"]["now"]);
    let mut counted = 0;
    for case in file["cases"].as_array().unwrap() {
        counted += 1;
        let outcome = if case["channel"] == "dc_api" {
            let data = json!({"request": case["request_object"]});
            let origin = case["origin"].as_str().unwrap();
            dc_api::verify(DcApiProtocol::Signed, &data, origin, &anchors, now).map(drop)
        } else {
            negative_case(case, &anchors, now)
        };
        assert_eq!(
            outcome.is_ok(),
            case["accept"] == true,
            "{}: {:?}",
            case["name"],
            outcome.err()
        );
        if let Err(error) = outcome {
            let reason = case["checker_reason"].as_str().unwrap();
            assert!(is_for(error, reason), "{}: {error:?} for {reason}", case["name"]);
        }
    }
    assert_eq!(counted, 44);
}

/// Whether a refusal is for the reason the vectors name.
fn is_for(error: RequestError, reason: &str) -> bool {
    use RequestError as E;
    match error {
        E::Type => reason == "typ",
        E::Signature(_) => matches!(reason, "alg" | "request object signature"),
        E::ClientIdMismatch | E::ClientIdMissing => reason == "client_id differs from the outer parameter",
        E::OtherSigner => reason.ends_with("mismatch") || reason.starts_with("self-signed"),
        E::Chain(_) => reason == "certificate expired" || reason.starts_with("self-signed"),
        E::ClientId(ClientIdError::Origin) => reason == "origin prefix is reserved",
        E::ClientIdNotSupported | E::NotRegistered => reason.starts_with("client_id prefix not supported"),
        E::SignedOrNot => reason.contains("signed request"),
        E::RedirectUri => reason == "redirect_uri with direct_post",
        E::ResponseUri => reason.starts_with("response_uri"),
        E::Nonce => reason.starts_with("nonce"),
        E::QueryOrScope => reason == "exactly one of dcql_query and scope",
        E::TransactionData(_) => reason.starts_with("transaction_data"),
        E::Encryption => matches!(reason, "no usable encryption key" | "no supported enc"),
        E::WalletNonce => reason == "wallet_nonce",
        E::RequestUriMethod => reason.contains("request_uri_method"),
        E::ResponseType => reason == "response_type",
        E::ResponseMode => reason.starts_with("response_mode"),
        E::Origin => reason.contains("expected_origins"),
        _ => false,
    }
}

fn negative_case(case: &Value, anchors: &TrustAnchors, now: Timestamp) -> Result<(), RequestError> {
    let mut parameters: Vec<(String, String)> = case["outer_parameters"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| {
            (
                name.clone(),
                value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            )
        })
        .collect();
    let sent = case["sent_wallet_nonce"].as_str();
    if sent.is_some() {
        parameters.push(("request_uri_method".to_owned(), "post".to_owned()));
    }
    let link = RequestLink::from_parameters(parameters, HTTPS)?;
    let request = follow(link, sent.unwrap_or_default(), &case["request_object"])?.verify(anchors, now)?;
    match request.verifier() {
        VerifierIdentity::Certificate { trusted_by: None, .. } => Err(RequestError::Chain(
            wallet_credentials::trust::ChainError::UnknownIssuer,
        )),
        _ => Ok(()),
    }
}

#[test]
fn public_vectors_age_verification_request() {
    let Some(file) = vectors::read("age-verification/openid4vp-request.json") else {
        return;
    };
    let form = [
        ("response_type", "vp_token".to_owned()),
        ("client_id", file["client_id"].as_str().unwrap().to_owned()),
        ("response_mode", file["response_mode"].as_str().unwrap().to_owned()),
        ("response_uri", file["response_uri"].as_str().unwrap().to_owned()),
        ("nonce", file["nonce"].as_str().unwrap().to_owned()),
        ("dcql_query", file["dcql_query"].to_string()),
    ];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let link = format!("av://?{}", crate::http::encode_form(&form));
    let RequestStart::Ready(request) = RequestLink::parse(&link, HTTPS).unwrap().start(String::new()) else {
        panic!("by value")
    };
    let request = request.verify(&TrustAnchors::new(), Timestamp::from_unix(0)).unwrap();
    assert!(matches!(request.verifier(), VerifierIdentity::Unsigned));
    assert_eq!(*request.mode(), ResponseMode::DirectPost);
}

fn request_from(input: &Value) -> PresentationRequest {
    let key = input["encryption_jwk"]
        .as_object()
        .map(|jwk| EncryptionKey::from_jwk(&Value::Object(jwk.clone())).unwrap());
    let text = |name: &str| input[name].as_str().unwrap().to_owned();
    let query = json!({"credentials": [{"id": "a", "format": "mso_mdoc", "meta": {}}]});
    PresentationRequest {
        client_id: ClientId::parse(&text("client_id")).unwrap(),
        verifier: VerifierIdentity::Unsigned,
        nonce: text("nonce"),
        state: None,
        response_uri: crate::endpoint::Endpoint::parse(&text("response_uri"), HTTPS).unwrap(),
        mode: key.map_or(ResponseMode::DirectPost, |key| ResponseMode::DirectPostJwt {
            key,
            enc: ContentEncryption::A128Gcm,
        }),
        query: DcqlQuery::from_value(query).unwrap(),
        transaction_data: Vec::new(),
        verifier_info: Vec::new(),
        client_name: None,
        digest: [0; 32],
        expires_at: None,
    }
}

#[test]
fn public_vectors_handover_redirect_spec() {
    let Some(file) = vectors::read("openid4vp/handover-redirect-spec.json") else {
        return;
    };
    let transcript = request_from(&file["input"]).session_transcript();
    assert_eq!(hex(transcript.as_bytes()), file["expected"]["SessionTranscript_hex"]);
}

#[test]
fn public_vectors_handover_derived() {
    let Some(file) = vectors::read("openid4vp/handover-derived.json") else {
        return;
    };
    for case in file["cases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| case["flow"] == "redirect")
    {
        let transcript = request_from(&case["input"]).session_transcript();
        assert_eq!(hex(transcript.as_bytes()), case["expected"]["SessionTranscript_hex"]);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn public_vectors_encrypted_response_spec() {
    let Some(file) = vectors::read("openid4vp/encrypted-response-spec.json") else {
        return;
    };
    let key = base64url::decode(file["verifier_private_jwk"]["d"].as_str().unwrap()).unwrap();
    let key = AgreementKey::from_bytes(&key).unwrap();
    let form = crate::http::encode_form(&[("response", file["response_jwe"].as_str().unwrap())]);
    let Ok(ReceivedResponse::Presented { vp_token, .. }) = ReceivedResponse::read(form.as_bytes(), Some(&key)) else {
        panic!("presented")
    };
    assert_eq!(json!(vp_token), file["expected_payload"]["vp_token"]);
}

#[test]
fn public_vectors_http_examples() {
    let Some(file) = vectors::read("openid4vp/http-examples.json") else {
        return;
    };
    let post = &file["request_uri_post"];
    let RequestStart::Fetch(request, awaiting) = RequestLink::parse(
        "openid4vp://?client_id=x509_san_dns%3Aa.example&request_uri=https%3A%2F%2Fa.example&request_uri_method=post",
        HTTPS,
    )
    .unwrap()
    .start("qPmxiNFCR3QTm19POc8u".to_owned()) else {
        panic!("by reference")
    };
    assert_eq!(request.header("content-type"), post["content_type"].as_str());
    assert_eq!(request.header("accept"), post["accept"].as_str());
    let expected = decode_form(post["body"].as_str().unwrap().as_bytes()).unwrap();
    let sent = decode_form(&request.body).unwrap();
    for (name, value) in expected.iter().filter(|(name, _)| name == "wallet_nonce") {
        assert!(sent.contains(&(name.clone(), value.clone())));
    }
    assert!(sent.iter().any(|(name, _)| name == "wallet_metadata"));
    let error = awaiting.received(&HttpResponse::new(404, "text/plain", "gone")).err();
    assert_eq!(error, Some(RequestError::NotFetched { status: 404 }));

    let ok = &file["direct_post_ok_response"];
    let reply = Reply::read(&HttpResponse::json(200, &ok["body"]), HTTPS).ok().unwrap();
    assert_eq!(reply.redirect_uri.unwrap().as_str(), ok["body"]["redirect_uri"]);
    for status in file["redirect_status_from_response_uri"].as_object().unwrap().keys() {
        let response = HttpResponse::new(status.parse().unwrap(), "text/plain", "");
        assert!(Reply::read(&response, HTTPS).is_err());
    }
    let mut request = request_from(&json!({"client_id": "x", "nonce": "n", "response_uri": "https://a.example/r"}));
    request.state = Some("eyJhb...6-sVA".to_owned());
    let sent = decode_form(
        &request
            .refuse(AuthorizationErrorCode::InvalidRequest)
            .into_post()
            .unwrap()
            .body,
    )
    .unwrap();
    let example = decode_form(file["direct_post_error_body"].as_str().unwrap().as_bytes()).unwrap();
    assert!(sent.iter().all(|parameter| example.contains(parameter)), "{sent:?}");
}

#[test]
fn replies_that_say_nothing_are_replies() {
    for body in [
        "",
        "{}",
        "<html>thanks</html>",
        r#"{"redirect_uri":"javascript:alert(1)"}"#,
        r#"{"redirect_uri":5}"#,
    ] {
        let reply = Reply::read(&HttpResponse::new(200, "text/html", body), HTTPS)
            .ok()
            .unwrap();
        assert!(reply.redirect_uri.is_none(), "{body}");
    }
    let error = Reply::read(&HttpResponse::json(400, &json!({"error": "invalid_request"})), HTTPS)
        .err()
        .unwrap();
    assert_eq!((error.status, error.code.as_deref()), (400, Some("invalid_request")));
}

#[test]
fn other_links_are_not_requests() {
    for link in [
        "",
        "openid-credential-offer://?credential_offer=x",
        "https://x/?client_id=a",
        "javascript:?request=x",
    ] {
        assert!(!is_request_link(link), "{link}");
    }
    for scheme in [
        "openid4vp",
        "haip-vp",
        "eudi-openid4vp",
        "mdoc-openid4vp",
        "https://w.example/",
    ] {
        assert!(is_request_link(
            &format!("{scheme}://?client_id=a&request_uri=https%3A%2F%2Fx").replace(":////", "://")
        ));
    }
    let twice = "openid4vp://?client_id=x509_hash%3Aa&client_id=x509_hash%3Ab&request_uri=https%3A%2F%2Fx";
    assert_eq!(RequestLink::parse(twice, HTTPS).err(), Some(RequestError::Parameters));
}

/// A service with a certificate under a root of its own.
struct Service {
    root: Certificate,
    chain: Vec<Certificate>,
    anchors: TrustAnchors,
    key: wallet_credentials::crypto::SigningKey,
}

fn service(host: &str) -> Service {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
    let root_key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::new(Vec::new()).unwrap();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    root.distinguished_name.push(rcgen::DnType::CommonName, "Test root");
    let root_certificate = root.self_signed(&root_key).unwrap();
    let leaf_key = KeyPair::generate().unwrap();
    let mut leaf = CertificateParams::new(vec![host.to_owned()]).unwrap();
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.use_authority_key_identifier_extension = true;
    leaf.distinguished_name.push(rcgen::DnType::CommonName, "Shop");
    let leaf_certificate = leaf.signed_by(&leaf_key, &Issuer::new(root, root_key)).unwrap();
    use p256_scalar::scalar;
    let root_certificate = Certificate::from_der(root_certificate.der()).unwrap();
    Service {
        root: root_certificate.clone(),
        chain: vec![Certificate::from_der(leaf_certificate.der()).unwrap()],
        anchors: [TrustAnchor::authority(root_certificate, Role::Service)]
            .into_iter()
            .collect(),
        key: wallet_credentials::crypto::SigningKey::from_bytes(&scalar(&leaf_key)).unwrap(),
    }
}

mod p256_scalar {
    /// The private scalar of a PKCS #8 P-256 key: the OCTET STRING of 32 bytes after `02 01 01 04 20` (RFC 5915, 3).
    pub(super) fn scalar(key: &rcgen::KeyPair) -> Vec<u8> {
        let der = key.serialized_der();
        let marker = [0x02, 0x01, 0x01, 0x04, 0x20];
        let at = der.windows(marker.len()).position(|window| window == marker).unwrap() + marker.len();
        der[at..at + 32].to_vec()
    }
}

#[test]
fn our_verifier_and_our_holder_understand_each_other() {
    let service = service("shop.example");
    let now = Timestamp::from_unix(1_780_000_000);
    let random = &mut PredictableRandom::from_seed(5);
    let client_id = ClientId::x509_hash(&service.chain[0]);
    let query = json!({"credentials": [
        {"id": "id", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:a"]}, "claims": [{"path": ["given_name"]}]},
        {"id": "many", "format": "mso_mdoc", "meta": {"doctype_value": "d"}, "multiple": true},
    ]});
    if let Some(schema) = vectors::read("schemas/dcql_request.json") {
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&query));
    }
    for encrypted in [false, true] {
        let response_key = AgreementKey::from_random(random).unwrap();
        let encrypt_to = EncryptionKey {
            key: response_key.public_key(),
            kid: Some("k1".to_owned()),
        };
        let mut to_send = RequestToSend {
            client_id: &client_id,
            response_uri: "https://shop.example/r?session=1",
            nonce: "n-0S6_WzA2Mj",
            state: Some("st~te"),
            dcql_query: &query,
            encrypt_to: encrypted.then_some(&encrypt_to),
            client_name: Some("Shop"),
            wallet_nonce: None,
            issued_at: now,
            expires_at: Some(Timestamp::from_unix(1_780_000_600)),
        };
        let link = verifier::request_link(
            "openid4vp",
            &client_id,
            "https://shop.example/o",
            RequestUriMethod::Post,
        );
        let RequestStart::Fetch(fetch, awaiting) = RequestLink::parse(&link, HTTPS).unwrap().start("w4llet".to_owned())
        else {
            panic!("by reference")
        };
        let wallet_nonce = verifier::read_wallet_nonce(&fetch.body).unwrap();
        to_send.wallet_nonce = wallet_nonce.as_deref();
        let object = to_send.sign(&service.chain, &service.key).unwrap();
        let request = awaiting.received(&verifier::request_object_response(object)).unwrap();
        let request = request.verify(&service.anchors, now).unwrap();
        assert_eq!(request.client_name(), Some("Shop"));
        assert_eq!(
            request.session_transcript().as_bytes(),
            to_send.session_transcript().as_bytes()
        );

        let mut token = VpToken::new();
        assert_eq!(request.respond(&token, random).err(), Some(ResponseError::Empty));
        assert_eq!(
            token.add(request.query(), "other", "x".into()),
            Err(ResponseError::UnknownQuery)
        );
        token.add(request.query(), "id", "sd~".into()).unwrap();
        assert_eq!(
            token.add(request.query(), "id", "sd~".into()),
            Err(ResponseError::OnlyOne)
        );
        token.add(request.query(), "many", "m1".into()).unwrap();
        token.add(request.query(), "many", "m2".into()).unwrap();
        let answer = request.respond(&token, random).unwrap().into_post().unwrap();
        assert_eq!(answer.url.as_str(), "https://shop.example/r?session=1");
        check_answer(&answer, encrypted.then_some(&response_key));

        let Ok(ReceivedResponse::Refused { code, state }) = ReceivedResponse::read(
            &request
                .refuse(AuthorizationErrorCode::AccessDenied)
                .into_post()
                .unwrap()
                .body,
            Some(&response_key),
        ) else {
            panic!("refused")
        };
        assert_eq!((code.as_str(), state.as_deref()), ("access_denied", Some("st~te")));

        // A day later it is too old.
        let object = to_send.sign(&service.chain, &service.key).unwrap();
        let late = Timestamp::from_unix(1_780_000_000 + 86_400);
        let again = RequestLink::parse(&link, HTTPS).unwrap();
        let request = follow(again, "w4llet", &json!(object))
            .unwrap()
            .verify(&service.anchors, late);
        assert_eq!(request.err(), Some(RequestError::NotCurrent));
    }
}

fn check_answer(answer: &HttpRequest, key: Option<&AgreementKey>) {
    if let Some(key) = key {
        let form = decode_form(&answer.body).unwrap();
        assert_eq!(form.len(), 1, "only `response`");
        assert_eq!(form[0].0, "response");
        let header = jwe::JweHeader::peek(&form[0].1).unwrap();
        assert_eq!(
            (header.kid.as_deref(), header.enc),
            (Some("k1"), ContentEncryption::A256Gcm)
        );
        // A plain answer where an encrypted one was asked for is not taken, nor the other way round.
        assert!(ReceivedResponse::read(&answer.body, None).is_err());
        assert!(ReceivedResponse::read(b"vp_token=%7B%22a%22%3A%5B%22x%22%5D%7D", Some(key)).is_err());
    }
    let Ok(ReceivedResponse::Presented { vp_token, state }) = ReceivedResponse::read(&answer.body, key) else {
        panic!("presented")
    };
    assert_eq!(json!(vp_token), json!({"id": ["sd~"], "many": ["m1", "m2"]}));
    assert_eq!(state.as_deref(), Some("st~te"));
}

#[test]
fn a_service_with_a_did_jwk_is_the_key_it_names() {
    use wallet_credentials::crypto::{Signer, SigningKey};
    use wallet_credentials::jose::SigningHeader;
    let now = Timestamp::from_unix(1_780_000_000);
    let random = &mut PredictableRandom::from_seed(9);
    let (key, other) = (
        SigningKey::from_random(random).unwrap(),
        SigningKey::from_random(random).unwrap(),
    );
    let did = format!(
        "did:jwk:{}",
        base64url::encode(key.public_key().to_jwk().to_string().as_bytes())
    );
    let client_id = ClientId::parse(&format!("decentralized_identifier:{did}")).unwrap();
    let query = json!({"credentials": [{"id": "id", "format": "dc+sd-jwt", "meta": {}}]});
    let claims = RequestToSend {
        client_id: &client_id,
        response_uri: "https://shop.example/r",
        nonce: "n",
        state: None,
        dcql_query: &query,
        encrypt_to: None,
        client_name: None,
        wallet_nonce: None,
        issued_at: now,
        expires_at: None,
    }
    .claims();
    let link = verifier::request_link("openid4vp", &client_id, "https://shop.example/o", RequestUriMethod::Get);
    let verify = |signer: &SigningKey| {
        let header = SigningHeader::new("oauth-authz-req+jwt").kid(&format!("{did}#0"));
        let object = header.sign_json(&claims, signer).unwrap();
        let link = RequestLink::parse(&link, HTTPS).unwrap();
        follow(link, "", &json!(object))
            .unwrap()
            .verify(&TrustAnchors::new(), now)
    };
    assert!(matches!(verify(&key).unwrap().verifier(), VerifierIdentity::Key(_)));
    assert!(matches!(verify(&other).err(), Some(RequestError::Signature(_))));
}

proptest::proptest! {
    #[test]
    fn no_link_and_no_object_make_it_panic(query in "[ -~]{0,80}", object in "[ -~]{0,80}") {
        for scheme in ["openid4vp", "openid-credential-offer", "https://a"] {
            let link = format!("{scheme}://?{query}");
            let _ = RequestLink::parse(&link, HTTPS);
            let _ = crate::openid4vci::OfferLink::parse(&link, HTTPS);
        }
        let link = "openid4vp://?client_id=x509_hash%3Aa&request_uri=https%3A%2F%2Fx";
        let request = follow(RequestLink::parse(link, HTTPS).unwrap(), "", &json!(object));
        let verified = request.and_then(|request| request.verify(&TrustAnchors::new(), Timestamp::from_unix(0)));
        proptest::prop_assert!(verified.is_err());
    }
}
