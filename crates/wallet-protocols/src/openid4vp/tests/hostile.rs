//! Hostile requests. Nothing leaves for any of them but, to a service that is who it says, an error code; and each has a named
//! problem. What only the floors above can decide (look-alike names, addresses inside a network, time limits) is tested there.

use std::time::Duration;

use serde_json::{Value, json};
use wallet_credentials::jose::base64url;

use super::HTTPS;
use super::world::{Draft, RESPONSE_URI, Way, World, now, support};
use crate::dcql::DcqlError;
use crate::http::HttpResponse;
use crate::openid4vp::verifier;
use crate::openid4vp::{Reply, RequestError, RequestLink, RequestStart, VerifierIdentity};

type Spoil = fn(&World, Draft) -> Draft;
type Hostile = (&'static str, Spoil, fn(RequestError) -> bool);

fn query(change: impl Fn(&mut Value)) -> Value {
    let mut query = World::query(false);
    change(&mut query);
    query
}

fn bomb() -> Value {
    (0..200).fold(json!(1), |inner, _| json!([inner]))
}

/// A name, what an attacker does, and the problem it ends with.
const TABLE: &[Hostile] = &[
    (
        "mix-up: somebody else's client_id in the link",
        |world, draft| Draft {
            outer_client_id: Some(world.client_id(Way::X509SanDns)),
            ..draft
        },
        |e| matches!(e, RequestError::ClientIdMismatch),
    ),
    (
        "foreign client_id in the object",
        |_, draft| draft.set("client_id", json!("x509_hash:AAAA")),
        |e| matches!(e, RequestError::ClientIdMismatch),
    ),
    (
        "no client_id in the object",
        |_, draft| draft.without("client_id"),
        |e| matches!(e, RequestError::ClientIdMismatch),
    ),
    (
        "the prefix changed",
        |_, draft| draft.set("client_id", json!("x509_san_dns:shop.example")),
        |e| matches!(e, RequestError::ClientIdMismatch),
    ),
    (
        "client_id of another type",
        |_, draft| draft.set("client_id", json!(["x"])),
        |e| matches!(e, RequestError::ClientIdMismatch),
    ),
    (
        "signed by a stranger's key",
        |_, draft| Draft {
            signer: support::holder(66),
            ..draft
        },
        |e| matches!(e, RequestError::Signature(_)),
    ),
    (
        "another typ",
        |_, draft| Draft {
            typ: "JWT".to_owned(),
            ..draft
        },
        |e| matches!(e, RequestError::Type),
    ),
    (
        "a credential's typ",
        |_, draft| Draft {
            typ: "dc+sd-jwt".to_owned(),
            ..draft
        },
        |e| matches!(e, RequestError::Type),
    ),
    (
        "expired",
        |_, draft| draft.set("exp", json!(now().minus(Duration::from_secs(600)).as_unix())),
        |e| matches!(e, RequestError::NotCurrent),
    ),
    (
        "from the future",
        |_, draft| draft.set("iat", json!(now().plus(Duration::from_secs(600)).as_unix())),
        |e| matches!(e, RequestError::NotCurrent),
    ),
    (
        "not yet valid",
        |_, draft| draft.set("nbf", json!(now().plus(Duration::from_secs(600)).as_unix())),
        |e| matches!(e, RequestError::NotCurrent),
    ),
    (
        "an end that is no instant",
        |_, draft| draft.set("exp", json!("tomorrow")),
        |e| matches!(e, RequestError::Malformed),
    ),
    (
        "an end beyond all time",
        |_, draft| draft.set("exp", json!(1e300)),
        |e| matches!(e, RequestError::Malformed),
    ),
    (
        "missing nonce",
        |_, draft| draft.without("nonce"),
        |e| matches!(e, RequestError::Nonce),
    ),
    (
        "empty nonce",
        |_, draft| draft.set("nonce", json!("")),
        |e| matches!(e, RequestError::Nonce),
    ),
    (
        "nonce with line breaks",
        |_, draft| draft.set("nonce", json!("a\r\nb")),
        |e| matches!(e, RequestError::Nonce),
    ),
    (
        "nonce of five thousand characters",
        |_, draft| draft.set("nonce", json!("n".repeat(5000))),
        |e| matches!(e, RequestError::Nonce),
    ),
    (
        "bidirectional text in the state",
        |_, draft| draft.set("state", json!("a\u{202e}b")),
        |e| matches!(e, RequestError::State),
    ),
    (
        "state that is no text",
        |_, draft| draft.set("state", json!({})),
        |e| matches!(e, RequestError::Malformed),
    ),
    (
        "response_uri without TLS",
        |_, draft| draft.set("response_uri", json!("http://shop.example/r")),
        |e| matches!(e, RequestError::ResponseUri),
    ),
    (
        "response_uri with a password",
        |_, draft| draft.set("response_uri", json!("https://shop.example:pw@evil.example/")),
        |e| matches!(e, RequestError::ResponseUri),
    ),
    (
        "response_uri that is a script",
        |_, draft| draft.set("response_uri", json!("javascript:alert(1)")),
        |e| matches!(e, RequestError::ResponseUri),
    ),
    (
        "response_uri with a fragment",
        |_, draft| draft.set("response_uri", json!("https://shop.example/#x")),
        |e| matches!(e, RequestError::ResponseUri),
    ),
    (
        "response_uri with a space",
        |_, draft| draft.set("response_uri", json!("https://shop.example/ x")),
        |e| matches!(e, RequestError::ResponseUri),
    ),
    (
        "response_uri of a megabyte",
        |_, draft| {
            draft.set(
                "response_uri",
                json!(format!("https://shop.example/{}", "a".repeat(9000))),
            )
        },
        |e| matches!(e, RequestError::ResponseUri),
    ),
    (
        "no response_uri",
        |_, draft| draft.without("response_uri"),
        |e| matches!(e, RequestError::ResponseUri),
    ),
    (
        "redirect_uri beside response_uri",
        |_, draft| draft.set("redirect_uri", json!(RESPONSE_URI)),
        |e| matches!(e, RequestError::RedirectUri),
    ),
    (
        "response mode of a browser",
        |_, draft| draft.set("response_mode", json!("dc_api")),
        |e| matches!(e, RequestError::ResponseMode),
    ),
    (
        "response mode in the query",
        |_, draft| draft.set("response_mode", json!("query")),
        |e| matches!(e, RequestError::ResponseMode),
    ),
    (
        "an id token as well",
        |_, draft| draft.set("response_type", json!("vp_token id_token")),
        |e| matches!(e, RequestError::ResponseType),
    ),
    (
        "a code instead",
        |_, draft| draft.set("response_type", json!("code")),
        |e| matches!(e, RequestError::ResponseType),
    ),
    (
        "no key to encrypt to",
        |_, draft| draft.set("client_metadata", json!({})),
        |e| matches!(e, RequestError::Encryption),
    ),
    (
        "encryption key not on the curve",
        |_, mut draft| {
            let key = draft.claims.pointer_mut("/client_metadata/jwks/keys/0").unwrap();
            key["y"] = json!(base64url::encode(&[1; 32]));
            draft
        },
        |e| matches!(e, RequestError::Encryption),
    ),
    (
        "a private key to encrypt to",
        |_, mut draft| {
            let key = draft.claims.pointer_mut("/client_metadata/jwks/keys/0").unwrap();
            key["d"] = json!(base64url::encode(&[1; 32]));
            draft
        },
        |e| matches!(e, RequestError::Encryption),
    ),
    (
        "content encryption that does not authenticate",
        |_, draft| {
            let mut draft = draft;
            draft.claims["client_metadata"]["encrypted_response_enc_values_supported"] = json!(["A128CBC", "none"]);
            draft
        },
        |e| matches!(e, RequestError::Encryption),
    ),
    (
        "a query of a hundred credentials",
        |_, draft| {
            let one = World::query(false)["credentials"][0].clone();
            draft.set("dcql_query", json!({"credentials": vec![one; 100]}))
        },
        |e| matches!(e, RequestError::Query(DcqlError::TooLarge(_))),
    ),
    (
        "duplicate ids",
        |_, draft| {
            draft.set(
                "dcql_query",
                query(|q| {
                    let one = q["credentials"][0].clone();
                    q["credentials"].as_array_mut().unwrap().push(one);
                }),
            )
        },
        |e| matches!(e, RequestError::Query(DcqlError::DuplicateIdentifier)),
    ),
    (
        "an id that climbs folders",
        |_, draft| draft.set("dcql_query", query(|q| q["credentials"][0]["id"] = json!("../../etc"))),
        |e| matches!(e, RequestError::Query(DcqlError::Identifier)),
    ),
    (
        "sets that name nobody",
        |_, draft| {
            draft.set(
                "dcql_query",
                query(|q| q["credential_sets"] = json!([{"options": [["x"]]}])),
            )
        },
        |e| matches!(e, RequestError::Query(DcqlError::UnknownIdentifier)),
    ),
    (
        "a hundred sets",
        |_, draft| {
            draft.set(
                "dcql_query",
                query(|q| q["credential_sets"] = json!(vec![json!({"options": [["doc"]]}); 100])),
            )
        },
        |e| matches!(e, RequestError::Query(DcqlError::TooLarge(_))),
    ),
    (
        "a claim path of hundreds",
        |_, draft| {
            draft.set(
                "dcql_query",
                query(|q| q["credentials"][0]["claims"] = json!([{"path": vec!["a"; 500]}])),
            )
        },
        |e| matches!(e, RequestError::Query(_)),
    ),
    (
        "a path with a negative index",
        |_, draft| {
            draft.set(
                "dcql_query",
                query(|q| q["credentials"][0]["claims"] = json!([{"path": ["a", -1]}])),
            )
        },
        |e| matches!(e, RequestError::Query(DcqlError::Shape)),
    ),
    (
        "an mdoc path out of its name space",
        |_, draft| {
            draft.set("dcql_query", json!({"credentials": [{"id": "m", "format": "mso_mdoc", "meta": {}, "claims": [{"path": ["a", "..", "b"]}]}]}))
        },
        |e| matches!(e, RequestError::Query(DcqlError::MdocPath)),
    ),
    (
        "a query of another standard",
        |_, draft| draft.without("dcql_query").set("presentation_definition", json!({})),
        |e| matches!(e, RequestError::QueryOrScope),
    ),
    (
        "query and scope",
        |_, draft| draft.set("scope", json!("all")),
        |e| matches!(e, RequestError::QueryOrScope),
    ),
    (
        "hundreds of nested lists",
        |_, draft| draft.set("x", bomb()),
        |e| matches!(e, RequestError::Malformed),
    ),
    (
        "an object of more than a megabyte",
        |_, draft| draft.set("x", json!("a".repeat(1_100_000))),
        |e| matches!(e, RequestError::Malformed),
    ),
];

#[test]
fn no_hostile_request_gets_anything() {
    let world = World::new();
    assert!(TABLE.len() >= 40);
    for (name, spoil, expected) in TABLE {
        let draft = spoil(&world, world.draft(Way::X509Hash, true, &World::query(false)));
        let refused = world.send(&draft).err().unwrap_or_else(|| panic!("{name}: accepted"));
        assert!(expected(refused.error), "{name}: {:?}", refused.error);
        if let Some(answer) = refused.answer() {
            // To the service's own address, and the error is all of it.
            assert_eq!(answer.url.as_str(), RESPONSE_URI, "{name}");
            assert!(
                answer.body.starts_with(b"error=invalid_") && answer.body.len() < 200,
                "{name}"
            );
        }
        // The same from a stranger: nothing leaves at all.
        let stranger = world
            .receive(&draft)
            .map(|request| request.verify_or_answer(&wallet_credentials::trust::TrustAnchors::new(), now()));
        match stranger {
            Err(_) => {}
            Ok(Err(refused)) => assert!(refused.answer().is_none(), "{name}"),
            Ok(Ok(_)) => panic!("{name}: accepted"),
        }
    }
}

#[test]
fn a_downgraded_response_mode_changes_the_object_and_breaks_its_signature() {
    let world = World::new();
    let draft = world.draft(Way::X509Hash, true, &World::query(false));
    let object = world.object(&draft, &draft.claims);
    let parts: Vec<&str> = object.split('.').collect();
    let downgraded = draft.claims.to_string().replace("direct_post.jwt", "direct_post");
    let forged = format!("{}.{}.{}", parts[0], base64url::encode(downgraded.as_bytes()), parts[2]);
    let id = crate::openid4vp::ClientId::parse(&draft.client_id).unwrap();
    let link = verifier::request_link("openid4vp", &id, "https://shop.example/1", verifier_get());
    let link = RequestLink::parse(&link, HTTPS).unwrap();
    let RequestStart::Fetch(_, awaiting) = link.start(String::new()) else {
        panic!("by reference")
    };
    let request = awaiting.received(&verifier::request_object_response(forged)).unwrap();
    let error = request.verify(&world.anchors, now()).err();
    assert!(matches!(error, Some(RequestError::Signature(_))));
}

const fn verifier_get() -> crate::openid4vp::RequestUriMethod {
    crate::openid4vp::RequestUriMethod::Get
}

#[test]
fn links_that_try_things() {
    let id = "x509_hash%3AAAAA";
    let parse = |query: &str| RequestLink::parse(&format!("openid4vp://?{query}"), HTTPS).err();
    for (query, expected) in [
        (format!("client_id={id}&request_uri=http%3A%2F%2Fx"), "address"),
        (
            format!("client_id={id}&request_uri=file%3A%2F%2F%2Fetc%2Fpasswd"),
            "address",
        ),
        (format!("client_id={id}&request_uri=https%3A%2F%2Fu%3Ap%40x"), "address"),
        (
            format!("client_id={id}&request_uri=https%3A%2F%2Fx&request_uri_method=PUT"),
            "method",
        ),
        (
            format!("client_id={id}&request_uri=https%3A%2F%2Fx&request_uri_method=POST"),
            "method",
        ),
        (format!("client_id={id}&request=x&request_uri_method=post"), "method"),
        (
            format!("client_id={id}&request=x&request_uri=https%3A%2F%2Fx"),
            "parameters",
        ),
        (format!("client_id={id}&client_id={id}&request=x"), "parameters"),
        ("request_uri=https%3A%2F%2Fx".to_owned(), "client"),
        (
            "client_id=origin%3Ahttps%3A%2F%2Fx&request_uri=https%3A%2F%2Fx".to_owned(),
            "client",
        ),
        ("client_id=a%0Ab&request_uri=https%3A%2F%2Fx".to_owned(), "client"),
    ] {
        let found = match parse(&query) {
            Some(RequestError::RequestUri(_)) => "address",
            Some(RequestError::RequestUriMethod) => "method",
            Some(RequestError::Parameters) => "parameters",
            Some(RequestError::ClientIdMissing | RequestError::ClientId(_)) => "client",
            other => panic!("{query}: {other:?}"),
        };
        assert_eq!(found, expected, "{query}");
    }
    let huge = "a".repeat(2_000_000);
    assert_eq!(
        parse(&format!("client_id={id}&request={huge}")),
        Some(RequestError::NotARequestLink)
    );
}

#[test]
fn an_object_of_fifty_megabytes_and_a_redirect_are_not_followed() {
    let fetch = |response: &HttpResponse| {
        let link = RequestLink::parse(
            "openid4vp://?client_id=x509_hash%3AA&request_uri=https%3A%2F%2Fx",
            HTTPS,
        )
        .unwrap();
        let RequestStart::Fetch(_, awaiting) = link.start(String::new()) else {
            panic!("by reference")
        };
        awaiting.received(response).err()
    };
    let huge = HttpResponse::new(200, "application/oauth-authz-req+jwt", vec![b'a'; 50 * 1024 * 1024]);
    assert_eq!(fetch(&huge), Some(RequestError::Malformed));
    let away = HttpResponse::new(302, "text/plain", "").with_header("location", "http://169.254.169.254/");
    assert_eq!(fetch(&away), Some(RequestError::NotFetched { status: 302 }));
}

#[test]
fn where_the_person_goes_back_to_is_a_web_address() {
    for uri in [
        "http://10.0.0.1/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://user:pw@shop.example/",
        "intent://x",
        "data:text/html,x",
    ] {
        let reply = Reply::read(&HttpResponse::json(200, &json!({"redirect_uri": uri})), HTTPS).unwrap();
        assert!(reply.redirect_uri.is_none(), "{uri}");
    }
}

#[test]
fn who_asks_is_never_more_than_what_was_proved() {
    let world = World::new();
    let trusted = |way| {
        let draft = world.draft(way, true, &World::query(false));
        world.send(&draft).ok().unwrap().verifier().is_trusted()
    };
    for way in Way::ALL {
        let expected = matches!(
            way,
            Way::X509Hash | Way::X509SanDns | Way::Attestation | Way::MultiSigned
        );
        assert_eq!(trusted(way), expected, "{way:?}");
    }
    assert!(!VerifierIdentity::Unsigned.is_trusted());
}
