//! The wallet modules of the OpenID Foundation's conformance suite for OpenID4VP 1.0 final and HAIP, by name, against our own
//! verifier: each in every way a request can come, both formats, both response modes. A "refused" module also checks that
//! nothing leaves but, to a service that is who it says, the error.

use serde_json::{Value, json};
use wallet_credentials::crypto::{AgreementKey, PredictableRandom};
use wallet_credentials::jose::{EncryptionKey, base64url};

use super::HTTPS;
use super::world::{Draft, NONCE, RESPONSE_URI, Way, World, now};
use crate::dcql::DcqlError;
use crate::http::{HttpResponse, decode_form};
use crate::openid4vp::dc_api::{self, DcApiMode, DcApiProtocol, DcApiRequest};
use crate::openid4vp::verifier::ReceivedResponse;
use crate::openid4vp::{
    AuthorizationErrorCode, Reply, RequestError, TransactionDataProblem, VerifierIdentity, wallet_metadata,
};

const ORIGIN: &str = "https://shop.example";

/// Every way, format and mode: the request, whether an mdoc is asked for, and a name for messages.
fn each(world: &World, mut run: impl FnMut(Draft, bool, &str)) {
    for way in Way::ALL {
        for mdoc in [false, true] {
            for encrypted in [false, true] {
                let told = format!("{way:?}, mdoc {mdoc}, encrypted {encrypted}");
                run(world.draft(way, encrypted, &World::query(mdoc)), mdoc, &told);
            }
        }
    }
}

fn asked_for(mdoc: bool) -> Value {
    if mdoc {
        json!(["family_name", "age_over_18"])
    } else {
        json!(["given_name", "family_name"])
    }
}

fn sorted(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = value.as_array().unwrap().iter().map(ToString::to_string).collect();
    names.sort();
    names
}

/// Refused for `error`; and what leaves is nothing, or an error response to the service's own address.
fn refused(world: &World, draft: &Draft, error: RequestError, told: &str) {
    let refused = world.send(draft).err().unwrap_or_else(|| panic!("{told}: accepted"));
    assert_eq!(refused.error, error, "{told}");
    if let Some(answer) = refused.answer() {
        assert!(
            !matches!(
                draft.way,
                Way::RedirectUri | Way::UrlQuery | Way::DidWeb | Way::DidJwk | Way::DidKey
            ),
            "{told}"
        );
        assert_eq!(answer.url.as_str(), RESPONSE_URI);
        let form = decode_form(&answer.body).unwrap();
        assert_eq!(form[0], ("error".to_owned(), error.code().as_str().to_owned()));
        assert!(
            form.iter().all(|(name, _)| name == "error" || name == "state"),
            "{told}"
        );
    }
}

/// The same request through a browser.
fn dc_api(world: &World, way: Option<Way>, encrypted: bool, mdoc: bool) -> (DcApiProtocol, Draft) {
    let mut draft = world.draft(way.unwrap_or(Way::X509Hash), encrypted, &World::query(mdoc));
    draft = draft
        .without("response_uri")
        .set("response_mode", json!(if encrypted { "dc_api.jwt" } else { "dc_api" }));
    let protocol = match way {
        None => {
            draft = draft.without("client_id");
            DcApiProtocol::Unsigned
        }
        Some(Way::MultiSigned) => DcApiProtocol::MultiSigned,
        Some(_) => DcApiProtocol::Signed,
    };
    if way.is_some() {
        draft = draft.set("expected_origins", json!(["https://other.example", ORIGIN]));
    }
    (protocol, draft)
}

fn dc_api_send(world: &World, protocol: DcApiProtocol, draft: &Draft) -> Result<DcApiRequest, RequestError> {
    let data = match protocol {
        DcApiProtocol::Unsigned => draft.claims.clone(),
        DcApiProtocol::Signed => json!({"request": world.object(draft, &draft.claims)}),
        DcApiProtocol::MultiSigned => json!({"request": world.multi_signed(draft, &draft.claims)}),
    };
    dc_api::verify(protocol, &data, ORIGIN, &world.anchors, now())
}

/// Every run over the Digital Credentials API (HAIP runs b, c and d).
fn each_dc_api(world: &World, mut run: impl FnMut(DcApiProtocol, Draft, bool, bool)) {
    for way in [None, Some(Way::X509Hash), Some(Way::MultiSigned)] {
        for (mdoc, encrypted) in [(false, false), (false, true), (true, false), (true, true)] {
            let (protocol, draft) = dc_api(world, way, encrypted, mdoc);
            run(protocol, draft, encrypted, mdoc);
        }
    }
}

#[test]
fn happy_flow() {
    let world = World::new();
    each(&world, |draft, mdoc, told| {
        let request = world
            .send(&draft)
            .unwrap_or_else(|refused| panic!("{told}: {:?}", refused.error));
        assert_eq!(request.client_id().as_str(), draft.client_id);
        assert_eq!(
            matches!(request.verifier(), VerifierIdentity::Unsigned),
            !draft.way.is_signed(),
            "{told}"
        );
        let (learnt, state) = world.exchange(&draft, &request);
        assert_eq!(sorted(&learnt["doc"]), sorted(&asked_for(mdoc)), "{told}");
        assert_eq!(state, None, "{told}: a state nobody sent");
    });
    each_dc_api(&world, |protocol, draft, encrypted, mdoc| {
        let request = dc_api_send(&world, protocol, &draft).unwrap();
        assert_eq!(request.audience(), "origin:https://shop.example");
        assert_eq!(request.client_id().is_some(), protocol != DcApiProtocol::Unsigned);
        let token = world
            .token_for(
                request.query(),
                &request.audience(),
                request.nonce(),
                &request.session_transcript(),
                None,
            )
            .unwrap();
        let answer = request.respond(&token, &mut PredictableRandom::from_seed(1)).unwrap();
        let thumbprint = world.response_key.public_key().thumbprint();
        let transcript = wallet_credentials::mdoc::SessionTranscript::openid4vp_dc_api(
            ORIGIN,
            NONCE,
            encrypted.then_some(&thumbprint),
        );
        let members = if encrypted {
            assert!(matches!(request.mode(), DcApiMode::DcApiJwt { .. }) && answer.as_object().unwrap().len() == 1);
            let opened =
                wallet_credentials::jose::jwe::decrypt(answer["response"].as_str().unwrap(), &world.response_key);
            serde_json::from_slice(&opened.unwrap().plaintext).unwrap()
        } else {
            answer
        };
        let presentation = members["vp_token"]["doc"][0].as_str().unwrap();
        let requested = &request.query().credentials()[0].requested;
        let learnt = world.check(requested, presentation, "origin:https://shop.example", &transcript);
        assert_eq!(sorted(&learnt), sorted(&asked_for(mdoc)));
    });
}

#[test]
fn alternate_happy_flow() {
    let world = World::new();
    let state = "s".repeat(64);
    each(&world, |draft, mdoc, told| {
        let mut draft = draft
            .set("state", json!(state))
            .set("unknown_parameter", json!({"a": [1]}))
            .set("iss", json!("https://somebody-else.example"))
            .set("expected_origins", json!(["https://elsewhere.example"]));
        if let Some(keys) = draft.claims.pointer_mut("/client_metadata/jwks/keys/0") {
            keys.as_object_mut().unwrap().remove("use");
        }
        if !draft.way.is_signed() {
            // Of the prefix `redirect_uri`, `response_uri` may be left out.
            draft = draft.without("response_uri");
        }
        let request = world
            .send(&draft)
            .unwrap_or_else(|refused| panic!("{told}: {:?}", refused.error));
        let (learnt, echoed) = world.exchange(&draft, &request);
        assert_eq!(sorted(&learnt["doc"]), sorted(&asked_for(mdoc)), "{told}");
        assert_eq!(echoed.as_ref(), Some(&state), "{told}");
    });
    // What an unsigned request through a browser says of client and origins is ignored.
    let (protocol, draft) = dc_api(&world, None, true, false);
    let draft = draft
        .set("client_id", json!("bogus"))
        .set("expected_origins", json!(["https://bogus.example"]));
    assert!(dc_api_send(&world, protocol, &draft).unwrap().client_id().is_none());
}

#[test]
fn alternate_happy_flow_opens_the_returned_redirect_uri() {
    let body = json!({"redirect_uri": "https://shop.example/done?x=1#response_code=9"});
    let reply = Reply::read(&HttpResponse::json(200, &body), HTTPS).unwrap();
    assert_eq!(
        reply.redirect_uri.unwrap().as_str(),
        "https://shop.example/done?x=1#response_code=9"
    );
}

#[test]
fn request_uri_method_post() {
    let world = World::new();
    for way in Way::ALL.into_iter().filter(|way| *way != Way::UrlQuery) {
        let mut draft = world.draft(way, true, &World::query(false));
        draft.post = true;
        assert!(world.send(&draft).is_ok(), "{way:?}");
        // Another nonce than the wallet's, or none, is a request from yesterday.
        draft.post = false;
        let request = world.receive(&draft).unwrap();
        let replayed = crate::openid4vp::UnverifiedRequest {
            wallet_nonce: Some("fresh".to_owned()),
            ..request
        };
        assert_eq!(
            replayed.verify(&world.anchors, now()).err(),
            Some(RequestError::WalletNonce),
            "{way:?}"
        );
    }
}

#[test]
fn wallet_metadata_is_the_same_for_every_wallet() {
    use crate::openid4vp::ClientIdPrefix as Prefix;
    let signed = wallet_metadata(Prefix::X509Hash);
    assert_eq!(signed, wallet_metadata(Prefix::DecentralizedIdentifier));
    assert!(signed.get("request_object_signing_alg_values_supported").is_some());
    let unsigned = wallet_metadata(Prefix::RedirectUri);
    assert!(unsigned.get("request_object_signing_alg_values_supported").is_none());
    assert!(unsigned["client_id_prefixes_supported"].as_array().unwrap().len() == 5);
}

#[test]
fn ignores_unusable_encryption_key() {
    let world = World::new();
    let add = |mut draft: Draft| {
        let keys = draft
            .claims
            .pointer_mut("/client_metadata/jwks/keys")
            .unwrap()
            .as_array_mut()
            .unwrap();
        let usable = keys[0].clone();
        let mut for_signing = usable.clone();
        for_signing["use"] = json!("sig");
        let mut off_curve = usable.clone();
        off_curve["y"] = off_curve["x"].clone();
        let mut nameless = usable.clone();
        nameless.as_object_mut().unwrap().remove("alg");
        let unusable = [
            json!({"kty": "AKP", "alg": "ML-KEM-768", "kid": "pq", "pub": "AA"}),
            json!({"kty": "invented", "alg": "ECDH-ES", "kid": "x"}),
            json!("not a key"),
            for_signing,
            off_curve,
            nameless,
        ];
        keys.splice(0..0, unusable);
        draft
    };
    each(&world, |draft, _, told| {
        if draft.claims["response_mode"] == "direct_post.jwt" {
            let draft = add(draft);
            let request = world
                .send(&draft)
                .unwrap_or_else(|refused| panic!("{told}: {:?}", refused.error));
            world.exchange(&draft, &request);
        }
    });
    each_dc_api(&world, |protocol, draft, encrypted, _| {
        if encrypted {
            assert!(dc_api_send(&world, protocol, &add(draft)).is_ok());
        }
    });
}

#[test]
fn fewer_claims_than_available() {
    let world = World::new();
    for (mdoc, wanted) in [(false, "family_name"), (true, "age_over_18")] {
        let mut query = World::query(mdoc);
        let claims = query["credentials"][0]["claims"].as_array_mut().unwrap();
        claims.retain(|claim| claim["path"].as_array().unwrap().last() == Some(&json!(wanted)));
        let draft = world.draft(Way::X509Hash, true, &query);
        let (learnt, _) = world.exchange(&draft, &world.send(&draft).ok().unwrap());
        assert_eq!(learnt["doc"], json!([wanted]));
    }
}

fn with_another(query: &Value, required: bool) -> Value {
    let mut query = query.clone();
    query["credentials"].as_array_mut().unwrap().push(json!({
        "id": "nobodys", "format": "mso_mdoc", "meta": {"doctype_value": "org.example.nobodys"},
    }));
    query["credential_sets"] = json!([{"options": [["doc"]]}, {"options": [["nobodys"]], "required": required}]);
    query
}

#[test]
fn optional_credential_set() {
    let world = World::new();
    for mdoc in [false, true] {
        let draft = world.draft(Way::X509Hash, true, &with_another(&World::query(mdoc), false));
        let (learnt, _) = world.exchange(&draft, &world.send(&draft).ok().unwrap());
        assert_eq!(learnt.as_object().unwrap().keys().collect::<Vec<_>>(), ["doc"]);
    }
}

#[test]
fn no_claims_in_dcql_query() {
    let world = World::new();
    for mdoc in [false, true] {
        let mut query = World::query(mdoc);
        query["credentials"][0].as_object_mut().unwrap().remove("claims");
        let draft = world.draft(Way::X509Hash, true, &query);
        let (learnt, _) = world.exchange(&draft, &world.send(&draft).ok().unwrap());
        assert_eq!(learnt["doc"], json!([]));
    }
}

#[test]
fn negative_test_response_uri_not_client_id() {
    let world = World::new();
    for way in [Way::RedirectUri, Way::UrlQuery] {
        let draft = world.draft(way, false, &World::query(false));
        let draft = draft.set("response_uri", json!("https://shop.example/other"));
        refused(&world, &draft, RequestError::ResponseUri, "other address");
    }
}

#[test]
fn negative_test_invalid_request_object_signature() {
    use wallet_credentials::jose::JwsError;
    let world = World::new();
    for way in Way::ALL.into_iter().filter(|way| way.is_signed()) {
        let mut draft = world.draft(way, true, &World::query(false));
        draft.signer = super::world::support::holder(99);
        refused(
            &world,
            &draft,
            RequestError::Signature(JwsError::Signature),
            &format!("{way:?}"),
        );
    }
    for way in [Way::X509Hash, Way::MultiSigned] {
        let (protocol, mut draft) = dc_api(&world, Some(way), true, false);
        draft.signer = super::world::support::holder(99);
        let error = dc_api_send(&world, protocol, &draft).err();
        assert_eq!(error, Some(RequestError::Signature(JwsError::Signature)), "{way:?}");
    }
}

#[test]
fn negative_test_invalid_request_object_typ() {
    let world = World::new();
    for way in [Way::X509Hash, Way::X509SanDns] {
        let mut draft = world.draft(way, true, &World::query(false));
        draft.typ = "JWT".to_owned();
        refused(&world, &draft, RequestError::Type, &format!("{way:?}"));
        assert!(
            world.send(&draft).err().unwrap().answer().is_none(),
            "not even an error"
        );
        let (protocol, mut draft) = dc_api(&world, Some(way), true, false);
        draft.typ = "JWT".to_owned();
        assert_eq!(dc_api_send(&world, protocol, &draft).err(), Some(RequestError::Type));
    }
    let (protocol, draft) = dc_api(&world, Some(Way::MultiSigned), true, false);
    let mut data = world.multi_signed(&draft, &draft.claims);
    for signature in data["signatures"].as_array_mut().unwrap() {
        let header = base64url::decode(signature["protected"].as_str().unwrap()).unwrap();
        let mut header: Value = serde_json::from_slice(&header).unwrap();
        header["typ"] = json!("JWT");
        signature["protected"] = json!(base64url::encode(header.to_string().as_bytes()));
    }
    let error = dc_api::verify(protocol, &json!({"request": data}), ORIGIN, &world.anchors, now()).err();
    assert_eq!(error, Some(RequestError::Type));
}

#[test]
fn multisigned_one_invalid_signature() {
    let world = World::new();
    let (protocol, draft) = dc_api(&world, Some(Way::MultiSigned), true, false);
    let mut data = world.multi_signed(&draft, &draft.claims);
    let mut broken = data["signatures"][1].clone();
    broken["signature"] = json!(base64url::encode(&[7; 64]));
    data["signatures"].as_array_mut().unwrap().insert(0, broken);
    let request = dc_api::verify(protocol, &json!({"request": data}), ORIGIN, &world.anchors, now()).unwrap();
    assert!(request.verifier().is_trusted());
    assert_eq!(request.client_id().unwrap().as_str(), draft.client_id);
}

#[test]
fn negative_test_mismatched_client_id() {
    let world = World::new();
    for way in Way::ALL.into_iter().filter(|way| *way != Way::UrlQuery) {
        let draft = world.draft(way, true, &World::query(false));
        let other = match draft.client_id.as_str() {
            "x509_san_dns:shop.example" => world.client_id(Way::X509Hash),
            _ => "x509_san_dns:shop.example".to_owned(),
        };
        let draft = Draft {
            outer_client_id: Some(other),
            ..draft
        };
        let error = world.send(&draft).err().unwrap_or_else(|| panic!("{way:?}")).error;
        assert!(
            matches!(
                error,
                RequestError::ClientIdMismatch | RequestError::OtherSigner | RequestError::Signature(_)
            ),
            "{way:?}: {error:?}"
        );
        // The prefix is part of it.
        let bare = Draft {
            outer_client_id: Some("shop.example".to_owned()),
            ..world.draft(way, true, &World::query(false))
        };
        assert!(world.send(&bare).is_err(), "{way:?}");
    }
}

#[test]
fn negative_test_redirect_uri_with_direct_post() {
    let world = World::new();
    each(&world, |draft, _, told| {
        let draft = draft.set("redirect_uri", json!(RESPONSE_URI)).set("state", json!("st"));
        refused(&world, &draft, RequestError::RedirectUri, told);
        let answer = world.send(&draft).err().unwrap().answer();
        let vouched = matches!(
            draft.way,
            Way::X509Hash | Way::X509SanDns | Way::Attestation | Way::MultiSigned
        );
        assert_eq!(answer.is_some(), vouched, "{told}");
        if let Some(answer) = answer {
            let read = ReceivedResponse::read(&answer.body, Some(&world.response_key)).unwrap();
            let ReceivedResponse::Refused { code, state } = read else {
                panic!("{told}")
            };
            assert_eq!((code.as_str(), state.as_deref()), ("invalid_request", Some("st")));
        }
    });
}

#[test]
fn negative_test_missing_nonce() {
    let world = World::new();
    each(&world, |draft, _, told| {
        refused(&world, &draft.without("nonce"), RequestError::Nonce, told)
    });
    each_dc_api(&world, |protocol, draft, _, _| {
        assert_eq!(
            dc_api_send(&world, protocol, &draft.without("nonce")).err(),
            Some(RequestError::Nonce)
        );
    });
}

#[test]
fn negative_test_wrong_expected_origins() {
    let world = World::new();
    for way in [Way::X509Hash, Way::MultiSigned] {
        for origins in [
            json!([]),
            json!(["https://shop.example/"]),
            json!("https://shop.example"),
            Value::Null,
        ] {
            let (protocol, draft) = dc_api(&world, Some(way), true, false);
            let draft = draft.set("expected_origins", origins);
            assert_eq!(dc_api_send(&world, protocol, &draft).err(), Some(RequestError::Origin));
        }
        let (protocol, draft) = dc_api(&world, Some(way), true, false);
        assert_eq!(
            dc_api_send(&world, protocol, &draft.without("expected_origins")).err(),
            Some(RequestError::Origin)
        );
    }
}

#[test]
fn negative_test_invalid_client_id_prefix() {
    let world = World::new();
    for (client_id, error) in [
        ("invalid_scheme:shop.example", RequestError::NotRegistered),
        ("shop", RequestError::NotRegistered),
        (
            "openid_federation:https://shop.example",
            RequestError::ClientIdNotSupported,
        ),
    ] {
        for way in [Way::X509Hash, Way::RedirectUri, Way::UrlQuery] {
            let draft = world
                .draft(way, true, &World::query(false))
                .set("client_id", json!(client_id));
            let draft = Draft {
                client_id: client_id.to_owned(),
                outer_client_id: Some(client_id.to_owned()),
                ..draft
            };
            refused(&world, &draft, error, client_id);
        }
    }
}

#[test]
fn negative_test_unknown_transaction_data_type() {
    let world = World::new();
    let data = json!({"type": "urn:unknown", "credential_ids": ["doc"]});
    let data = json!([base64url::encode(data.to_string().as_bytes())]);
    let error = RequestError::TransactionData(TransactionDataProblem::UnknownType);
    each(&world, |draft, _, told| {
        let draft = draft.set("transaction_data", data.clone());
        refused(&world, &draft, error, told);
        if let Some(answer) = world.send(&draft).err().unwrap().answer() {
            assert!(answer.body.starts_with(b"error=invalid_transaction_data"));
        }
    });
    each_dc_api(&world, |protocol, draft, _, _| {
        assert_eq!(
            dc_api_send(&world, protocol, &draft.set("transaction_data", data.clone())).err(),
            Some(error)
        );
    });
}

#[test]
fn negative_test_required_non_matching_credential() {
    let world = World::new();
    for mdoc in [false, true] {
        let draft = world
            .draft(Way::X509Hash, true, &with_another(&World::query(mdoc), true))
            .set("state", json!("s7"));
        let request = world.send(&draft).ok().unwrap();
        assert!(world.token(&request).is_none(), "not even a part");
        let refusal = request
            .refuse(AuthorizationErrorCode::AccessDenied)
            .into_post()
            .unwrap();
        let read = ReceivedResponse::read(&refusal.body, Some(&world.response_key)).unwrap();
        let ReceivedResponse::Refused { code, state } = read else {
            panic!("refused")
        };
        assert_eq!((code.as_str(), state.as_deref()), ("access_denied", Some("s7")));
    }
    assert_eq!(
        DcApiRequest::refuse(AuthorizationErrorCode::AccessDenied),
        json!({"error": "access_denied"})
    );
}

#[test]
fn fragment_on_the_same_device() {
    let world = World::new();
    for way in Way::ALL {
        for mdoc in [false, true] {
            let draft = world
                .draft(way, false, &World::query(mdoc))
                .in_fragment()
                .set("state", json!("a&b=c"));
            let request = world
                .send(&draft)
                .unwrap_or_else(|refused| panic!("{way:?}: {:?}", refused.error));
            let (learnt, state) = world.exchange(&draft, &request);
            assert_eq!(sorted(&learnt["doc"]), sorted(&asked_for(mdoc)));
            assert_eq!(state.as_deref(), Some("a&b=c"));
            let crate::openid4vp::Delivery::Open(url) = request.refuse(AuthorizationErrorCode::AccessDenied) else {
                panic!("opened")
            };
            assert_eq!(url.fragment(), Some("error=access_denied&state=a%26b%3Dc"));
            // `fragment` is what no mode means.
            assert!(world.send(&draft.without("response_mode")).is_ok(), "{way:?}");
        }
    }
}

#[test]
fn response_encryption_as_the_service_can_read_it() {
    let world = World::new();
    let mut draft = world.draft(Way::X509Hash, true, &World::query(false));
    for (offered, chosen) in [
        (Some(json!(["A128GCM", "A256GCM"])), Some("A256GCM")),
        (Some(json!(["A128GCM"])), Some("A128GCM")),
        (None, Some("A128GCM")),
        (Some(json!(["unheard-of"])), None),
        (Some(json!([])), None),
    ] {
        let metadata = draft.claims["client_metadata"].as_object_mut().unwrap();
        match offered {
            Some(offered) => _ = metadata.insert("encrypted_response_enc_values_supported".to_owned(), offered),
            None => _ = metadata.remove("encrypted_response_enc_values_supported"),
        }
        let Some(chosen) = chosen else {
            assert_eq!(world.send(&draft).err().unwrap().error, RequestError::Encryption);
            continue;
        };
        let request = world.send(&draft).ok().unwrap();
        let token = world.token(&request).unwrap();
        let message = request
            .respond(&token, &mut PredictableRandom::from_seed(2))
            .unwrap()
            .into_post()
            .unwrap();
        let form = decode_form(&message.body).unwrap();
        let header = base64url::decode(form[0].1.split('.').next().unwrap()).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(
            (&header["alg"], &header["enc"], &header["kid"]),
            (&json!("ECDH-ES"), &json!(chosen), &json!("k1"))
        );
        assert!(header.get("cty").is_none_or(|cty| cty == "json"));
        let opened = wallet_credentials::jose::jwe::decrypt(&form[0].1, &world.response_key).unwrap();
        let body: Value = serde_json::from_slice(&opened.plaintext).unwrap();
        assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["vp_token"]);
    }
    // Two usable keys: the first.
    let other = AgreementKey::from_random(&mut PredictableRandom::from_seed(44)).unwrap();
    let second = EncryptionKey {
        key: other.public_key(),
        kid: Some("k2".to_owned()),
    }
    .to_jwk();
    let mut draft = world.draft(Way::X509Hash, true, &World::query(false));
    draft
        .claims
        .pointer_mut("/client_metadata/jwks/keys")
        .unwrap()
        .as_array_mut()
        .unwrap()
        .push(second);
    assert!(
        world
            .send(&draft)
            .is_ok_and(|request| !world.exchange(&draft, &request).0.is_null())
    );
}

#[test]
fn a_query_that_breaks_a_rule_is_an_invalid_request() {
    let world = World::new();
    let draft = world
        .draft(Way::X509Hash, true, &World::query(false))
        .set("dcql_query", json!({"credentials": []}));
    refused(
        &world,
        &draft,
        RequestError::Query(DcqlError::Empty("credentials")),
        "empty",
    );
    let draft = world
        .draft(Way::X509Hash, true, &World::query(false))
        .without("dcql_query")
        .set("scope", json!("x"));
    refused(&world, &draft, RequestError::Scope, "scope");
}
