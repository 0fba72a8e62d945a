//! What each client identifier prefix demands, transaction data, and the vectors of the Digital Credentials API.

use std::time::Duration;

use serde_json::{Value, json};
use wallet_credentials::jose::base64url;
use wallet_credentials::sd_jwt_vc::{PresentationCheck, SdJwtError, verify_presentation};
use wallet_credentials::trust::{ChainError, TrustAnchors};

use super::world::support::VCT;
use super::world::{Draft, NONCE, RESPONSE_URI, Way, World, copy, now, support};
use super::{anchors, instant};
use crate::http::HttpResponse;
use crate::openid4vp::dc_api::{self, DcApiProtocol};
use crate::openid4vp::transaction_data::{TYPES, assign, hashes};
use crate::openid4vp::verifier::ReceivedResponse;
use crate::openid4vp::{RequestError, TransactionDataProblem, VerifierIdentity};
use crate::vectors;

fn refused(world: &World, draft: &Draft) -> Option<RequestError> {
    world.send(draft).err().map(|refused| refused.error)
}

#[test]
fn a_verifier_attestation_counts_from_who_is_trusted_for_this_client_and_key_in_its_time() {
    let world = World::new();
    let draft = || world.draft(Way::Attestation, true, &World::query(false));
    let VerifierIdentity::Attested { issuer, .. } = world.send(&draft()).ok().unwrap().verifier().clone() else {
        panic!("attested")
    };
    assert_eq!(issuer, "https://attester.example/verifiers");
    let later = now().plus(Duration::from_secs(60));
    // `sub` is another client.
    let other = Draft {
        attested: ("another-shop".to_owned(), None, later),
        ..draft()
    };
    assert_eq!(refused(&world, &other), Some(RequestError::Attestation));
    // Ended; the clocks may differ by five minutes.
    let ended = Draft {
        attested: ("the-shop".to_owned(), None, now().minus(Duration::from_secs(301))),
        ..draft()
    };
    assert_eq!(refused(&world, &ended), Some(RequestError::Attestation));
    // Signed by a key that is not the certificate's.
    let forged = Draft {
        attested_by: copy(&world.service.key),
        ..draft()
    };
    assert_eq!(refused(&world, &forged), Some(RequestError::Attestation));
    // The request signed with a key that is not attested.
    let stolen = Draft {
        signer: support::holder(50),
        ..draft()
    };
    assert!(matches!(refused(&world, &stolen), Some(RequestError::Signature(_))));
    // Nobody trusts the attester: refused, never answered.
    let trusting_none = world
        .receive(&draft())
        .unwrap()
        .verify_or_answer(&TrustAnchors::new(), now())
        .err()
        .unwrap();
    assert_eq!(trusting_none.error, RequestError::Chain(ChainError::UnknownIssuer));
    assert!(trusting_none.answer().is_none());
    // A service's own certificate attests nothing: anchors for services are none for attesters.
    let services_only = world.receive(&draft()).unwrap().verify(&world.service.anchors, now());
    assert_eq!(
        services_only.err(),
        Some(RequestError::Chain(ChainError::UnknownIssuer))
    );
    // `redirect_uris` are enforced to the letter.
    for (uris, accepted) in [
        (vec![RESPONSE_URI], true),
        (vec!["https://shop.example/response"], false),
        (vec![], false),
    ] {
        let uris = uris.into_iter().map(str::to_owned).collect();
        let bound = Draft {
            attested: ("the-shop".to_owned(), Some(uris), later),
            ..draft()
        };
        assert_eq!(
            refused(&world, &bound),
            (!accepted).then_some(RequestError::ResponseUri)
        );
    }
}

#[test]
fn did_web_is_verified_with_the_document_the_caller_fetches() {
    let world = World::new();
    let draft = world.draft(Way::DidWeb, true, &World::query(false));
    assert!(world.send(&draft).is_ok());
    let asks = crate::openid4vp::UnverifiedRequest {
        did_document: None,
        ..world.receive(&draft).unwrap()
    };
    assert!(asks.to_fetch().is_some());
    assert_eq!(
        asks.verify(&world.anchors, now()).err(),
        Some(RequestError::DidDocumentMissing)
    );
    let again = || crate::openid4vp::UnverifiedRequest {
        did_document: None,
        ..world.receive(&draft).unwrap()
    };
    let gone = again().fetched(&HttpResponse::json(404, &json!({}))).err();
    assert_eq!(gone, Some(RequestError::NotFetched { status: 404 }));
    for document in [json!({}), json!({"id": "did:web:somebody.example"}), json!([])] {
        let error = again().fetched(&HttpResponse::json(200, &document)).err();
        assert!(matches!(error, Some(RequestError::Did(_))), "{document}");
    }
    let keyless = json!({"id": "did:web:shop.example:verifier", "verificationMethod": []});
    let request = again().fetched(&HttpResponse::json(200, &keyless)).unwrap();
    assert!(matches!(
        request.verify(&world.anchors, now()).err(),
        Some(RequestError::Did(_))
    ));
}

#[test]
fn a_name_in_the_certificate_is_also_the_host_of_the_answer() {
    let world = World::new();
    for (uri, error) in [
        ("https://shop.example.evil.example/r", Some(RequestError::ResponseUri)),
        ("https://evil.example/shop.example", Some(RequestError::ResponseUri)),
        ("https://SHOP.example/r", None),
    ] {
        let draft = world
            .draft(Way::X509SanDns, true, &World::query(false))
            .set("response_uri", json!(uri));
        assert_eq!(refused(&world, &draft), error, "{uri}");
    }
    let draft = world.draft(Way::X509SanDns, true, &World::query(false));
    let draft = Draft {
        client_id: "x509_san_dns:other.example".to_owned(),
        ..draft
    };
    assert_eq!(refused(&world, &draft), Some(RequestError::OtherSigner));
}

#[test]
fn a_multi_signed_object_keeps_each_client_in_its_own_header() {
    let world = World::new();
    let draft = world.draft(Way::MultiSigned, true, &World::query(false));
    let good = world.multi_signed(&draft, &draft.claims);
    let verify =
        |data: &Value| dc_api::verify(DcApiProtocol::MultiSigned, data, "https://a", &world.anchors, now()).err();
    // It gets past the signatures: what is missing is the browser's part.
    assert_eq!(verify(&json!({"request": good})), Some(RequestError::Origin));
    let mut none = good.clone();
    none["signatures"] = json!([]);
    assert_eq!(verify(&none), Some(RequestError::Malformed));
    let mut many = good.clone();
    many["signatures"] = json!(vec![good["signatures"][0].clone(); 17]);
    assert_eq!(verify(&many), Some(RequestError::Malformed));
    let mut spliced = good.clone();
    spliced["payload"] = json!(format!("{}.x", good["payload"].as_str().unwrap()));
    assert_eq!(verify(&spliced), Some(RequestError::Malformed));
    let mut unknown_only = good.clone();
    unknown_only["signatures"].as_array_mut().unwrap().truncate(1);
    assert_eq!(verify(&unknown_only), Some(RequestError::ClientIdNotSupported));
}

fn entry(value: &Value) -> String {
    base64url::encode(value.to_string().as_bytes())
}

fn payment() -> Value {
    json!({"type": "org.citizen-wallet.payment.1", "credential_ids": ["doc"], "payee": "The shop", "amount": "12.50", "currency": "GBP"})
}

#[test]
fn transaction_data_is_read_as_its_type_says_or_not_at_all() {
    let world = World::new();
    let problem = |data: Value| match refused(
        &world,
        &world
            .draft(Way::X509Hash, true, &World::query(false))
            .set("transaction_data", data),
    ) {
        None => None,
        Some(RequestError::TransactionData(problem)) => Some(problem),
        Some(other) => panic!("{other:?}"),
    };
    use TransactionDataProblem as P;
    assert_eq!(problem(json!([entry(&payment())])), None);
    let agreement = json!({"type": "org.citizen-wallet.agreement.1", "credential_ids": ["doc"], "title": "Tenancy",
        "document_sha256": base64url::encode(&[5; 32]), "document_uri": "https://shop.example/t.pdf"});
    assert_eq!(problem(json!([entry(&payment()), entry(&agreement)])), None);
    let changed = |name: &str, value: Value| {
        let mut data = payment();
        data[name] = value;
        problem(json!([entry(&data)]))
    };
    for (name, value, expected) in [
        ("type", json!("org.citizen-wallet.payment.2"), P::UnknownType),
        ("type", json!(5), P::Malformed),
        ("amount", json!(12.5), P::Field),
        ("amount", json!("-1"), P::Field),
        ("amount", json!("0.00"), P::Field),
        ("amount", json!("1.234"), P::Field),
        ("amount", json!("1e9"), P::Field),
        ("currency", json!("pounds"), P::Field),
        ("payee", json!(""), P::Field),
        ("payee", json!("a\nb"), P::Field),
        ("payee", json!("Corner\u{202e}pohS"), P::Field),
        ("payee", json!("Corner\u{200b}Shop"), P::Field),
        ("payee", json!("Corner\u{e0041}Shop"), P::Field),
        ("payee", json!("Corner\u{a0}Shop"), P::Field),
        ("payee", json!("Corner  Shop"), P::Field),
        ("payee", json!(" Corner Shop"), P::Field),
        ("payee", json!("x".repeat(201)), P::Field),
        ("surprise", json!("x"), P::Field),
        ("credential_ids", json!([]), P::CredentialIds),
        ("credential_ids", json!(["another"]), P::CredentialIds),
        ("credential_ids", json!("doc"), P::CredentialIds),
        ("transaction_data_hashes_alg", json!(["md5"]), P::HashAlgorithm),
    ] {
        assert_eq!(changed(name, value.clone()), Some(expected), "{name}: {value}");
    }
    assert_eq!(
        changed("transaction_data_hashes_alg", json!(["sha-512", "sha-256"])),
        None
    );
    for malformed in [
        json!([]),
        json!("x"),
        json!([5]),
        json!(["%"]),
        json!([base64url::encode(b"[]")]),
        json!({}),
    ] {
        assert_eq!(problem(malformed.clone()), Some(P::Malformed), "{malformed}");
    }
    // One bad entry fails all.
    let other = json!({"type": "x", "credential_ids": ["doc"]});
    assert_eq!(problem(json!([entry(&payment()), entry(&other)])), Some(P::UnknownType));
    assert!(TYPES.iter().all(|kind| !kind.fields.is_empty()));
}

#[test]
fn transaction_data_is_bound_to_one_credential_that_can_carry_it() {
    let world = World::new();
    let mut query = World::query(false);
    query["credentials"]
        .as_array_mut()
        .unwrap()
        .push(World::query(true)["credentials"][0].clone());
    query["credentials"][1]["id"] = json!("licence");
    let mut data = payment();
    data["credential_ids"] = json!(["licence", "doc"]);
    let received = entry(&data);
    let draft = world
        .draft(Way::X509Hash, true, &query)
        .set("transaction_data", json!([received]));
    let request = world.send(&draft).ok().unwrap();
    let entries = request.transaction_data();
    assert_eq!(
        (entries[0].value("amount"), entries[0].value("reference")),
        (Some("12.50"), None)
    );
    assert_eq!(entries[0].credentials(), [1, 0]);
    let assigned = |answered: &[usize], authorised: bool| {
        assign(entries, request.query(), answered, |_, _| authorised).map(|found| found.into_keys().collect::<Vec<_>>())
    };
    assert_eq!(assigned(&[0, 1], true), Ok(vec![1]), "only one of them");
    assert_eq!(
        assigned(&[0, 1], false),
        Ok(vec![0]),
        "the licence does not authorise it"
    );
    assert_eq!(assigned(&[1], false), Err(TransactionDataProblem::NoCredential));
    assert_eq!(assigned(&[], true), Err(TransactionDataProblem::NoCredential));
    // The element of an mdoc has one value: a second payment goes elsewhere, or nowhere.
    let twice = world
        .draft(Way::X509Hash, true, &query)
        .set("transaction_data", json!([received, received]));
    let twice = world.send(&twice).ok().unwrap();
    let entries_of = |answered: &[usize]| {
        assign(twice.transaction_data(), twice.query(), answered, |_, _| true).map(|found| {
            found
                .into_iter()
                .map(|(position, data)| (position, data.len()))
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(entries_of(&[0, 1]), Ok(vec![(0, 1), (1, 1)]));
    assert_eq!(entries_of(&[1]), Err(TransactionDataProblem::NoCredential));
    assert_eq!(
        entries[0].mdoc_hash(),
        wallet_credentials::crypto::sha256(received.as_bytes())
    );

    // In the key binding of the SD-JWT VC, over the text as received.
    let mut data = payment();
    data["transaction_data_hashes_alg"] = json!(["sha-256"]);
    let received = entry(&data);
    let draft = world
        .draft(Way::X509Hash, true, &World::query(false))
        .set("transaction_data", json!([received]));
    let request = world.send(&draft).ok().unwrap();
    let bound = assign(request.transaction_data(), request.query(), &[0], |_, _| false).unwrap();
    let digests = hashes(&bound[&0]).unwrap();
    assert_eq!(
        digests.hashes,
        [base64url::encode(&wallet_credentials::crypto::sha256(
            received.as_bytes()
        ))]
    );
    let token = world.token_for(
        request.query(),
        &draft.client_id,
        NONCE,
        &request.session_transcript(),
        Some(&digests),
    );
    let random = &mut wallet_credentials::crypto::PredictableRandom::from_seed(1);
    let message = request.respond(&token.unwrap(), random).unwrap().into_post().unwrap();
    let Ok(ReceivedResponse::Presented { vp_token, .. }) =
        ReceivedResponse::read(&message.body, Some(&world.response_key))
    else {
        panic!("presented")
    };
    let check = |expected| {
        let mut check = PresentationCheck::new(&draft.client_id, NONCE, now());
        check.transaction_data = expected;
        verify_presentation(&vp_token["doc"][0], &check, |_| world.issuer_key())
            .map(|verified| verified.vct().to_owned())
    };
    assert_eq!(check(Some(&digests)).ok().as_deref(), Some(VCT));
    assert_eq!(check(None).err(), Some(SdJwtError::TransactionData));
}

#[test]
fn public_vectors_transaction_data_hash_types_are_not_ours() {
    let Some(file) = vectors::read("openid4vp/transaction-data-hash.json") else {
        return;
    };
    // The examples are of a type nobody defined: the request they stand in is refused.
    let world = World::new();
    let draft = world
        .draft(Way::X509Hash, true, &World::query(false))
        .set("transaction_data", file["transaction_data"].clone());
    let error = RequestError::TransactionData(TransactionDataProblem::UnknownType);
    assert_eq!(refused(&world, &draft), Some(error));
}

#[test]
fn public_vectors_dc_api_signed() {
    let Some(file) = vectors::read("openid4vp/dc-api-signed.json") else {
        return;
    };
    let (anchors, now) = (anchors(&file["trust_anchor_pem"]), instant(&file["verification_time"]));
    let protocol = DcApiProtocol::parse(file["protocol"].as_str().unwrap()).unwrap();
    for case in file["origin_cases"].as_array().unwrap() {
        let origin = case["origin"].as_str().unwrap();
        match dc_api::verify(protocol, &file["data"], origin, &anchors, now) {
            Ok(request) => {
                assert_eq!(case["result"], "accept", "{origin}");
                assert_eq!(request.audience(), case["kb_aud"]);
                assert_eq!(request.nonce(), file["expected_payload"]["nonce"]);
                assert!(request.verifier().is_trusted());
            }
            Err(error) => assert_eq!(
                (&case["result"], error.code().as_str()),
                (&json!("invalid_request"), "invalid_request")
            ),
        }
    }
    assert_eq!(DcApiProtocol::parse("openid4vp"), Err(RequestError::Protocol));
    assert_eq!(DcApiProtocol::parse("org-iso-mdoc"), Err(RequestError::Protocol));
}

#[test]
fn public_vectors_handover_derived_dc_api() {
    let Some(file) = vectors::read("openid4vp/handover-derived.json") else {
        return;
    };
    for case in file["cases"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| case["flow"] == "dc_api")
    {
        let input = &case["input"];
        let encrypted = input["encryption_jwk"].is_object();
        let mut data = json!({
            "response_type": "vp_token", "nonce": input["nonce"], "dcql_query": World::query(true),
            "response_mode": if encrypted { "dc_api.jwt" } else { "dc_api" },
        });
        if encrypted {
            let mut jwk = input["encryption_jwk"].clone();
            jwk["alg"] = json!("ECDH-ES");
            data["client_metadata"] = json!({"jwks": {"keys": [jwk]}});
        }
        let origin = input["origin"].as_str().unwrap();
        let request = dc_api::verify(DcApiProtocol::Unsigned, &data, origin, &TrustAnchors::new(), now()).unwrap();
        assert_eq!(
            super::hex(request.session_transcript().as_bytes()),
            case["expected"]["SessionTranscript_hex"]
        );
    }
}

#[test]
fn verifier_info_is_read_and_fits_the_schema() {
    let world = World::new();
    let info = json!([{"format": "jwt", "data": "eyJhbGciOiJFUzI1NiJ9.e30.c2ln", "credential_ids": ["doc"]}, {"format": "x", "data": {}}]);
    if let Some(schema) = vectors::read("schemas/verifier_info.json") {
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&json!({"verifier_info": info})));
    }
    let draft = |info: Value| {
        world
            .draft(Way::X509Hash, true, &World::query(false))
            .set("verifier_info", info)
    };
    let request = world.send(&draft(info)).ok().unwrap();
    let read = request.verifier_info();
    assert_eq!(
        (read.len(), read[0].format.as_str(), read[0].credentials.as_slice()),
        (2, "jwt", &[0][..])
    );
    for wrong in [
        json!([]),
        json!({}),
        json!([{"format": "jwt"}]),
        json!([{"format": "", "data": "x"}]),
        json!([{"format": "jwt", "data": 5}]),
        json!([{"format": "jwt", "data": "x", "credential_ids": []}]),
        json!([{"format": "jwt", "data": "x", "credential_ids": ["other"]}]),
    ] {
        assert_eq!(
            refused(&world, &draft(wrong.clone())),
            Some(RequestError::Malformed),
            "{wrong}"
        );
    }
}

#[test]
fn public_vectors_schema_dcql_request() {
    let Some(schema) = vectors::read("schemas/dcql_request.json") else {
        return;
    };
    let validator = jsonschema::validator_for(&schema).unwrap();
    for mdoc in [false, true] {
        let query = World::query(mdoc);
        assert!(validator.is_valid(&query));
        assert!(crate::dcql::DcqlQuery::from_value(query).is_ok());
    }
}
