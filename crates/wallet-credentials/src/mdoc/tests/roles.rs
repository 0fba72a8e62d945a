//! Issuer, holder and verifier against each other.

use super::*;

#[test]
fn what_is_issued_can_be_held() {
    let world = World::new();
    let held = world.held(&world.licence());
    assert_eq!(held.doc_type(), MDL);
    assert_eq!(
        held.element(ISO, "family_name").and_then(ElementValue::as_text),
        Some("Édouard-Jones")
    );
    assert_eq!(
        held.element(GB, "welsh_licence").and_then(ElementValue::as_bool),
        Some(false)
    );
    assert_eq!(held.element(GB, "title"), None);
    assert_eq!(
        held.mso().status(),
        Some(&StatusReference {
            index: 412,
            uri: "https://status.example/1".into()
        })
    );
    assert_eq!(held.mso().key_authorizations().name_spaces, [ISO, GB]);
    assert_eq!(held.mso().validity().expected_update, Some(at("2026-11-01T00:00:00Z")));
    assert_eq!(held.mso().device_key(), &world.device.public_key());
    assert_eq!(held.trusted_by().map(|anchor| anchor.role()), Some(Role::Issuer));
    let privileges = held.element(ISO, "driving_privileges").unwrap().to_json();
    assert_eq!(privileges, serde_json::json!([{"vehicle_category_code": "B"}]));
}

#[test]
fn digest_ids_do_not_follow_the_order_of_elements() {
    let world = World::new();
    let mut builder = world.builder();
    for number in 0..20 {
        builder = builder.element(ISO, &format!("element_{number}"), true);
    }
    let bytes = world.issue(builder);
    let mut ids = Vec::new();
    let marker = b"\x68digestID";
    for at in 0..bytes.len() - marker.len() {
        if bytes[at..].starts_with(marker) {
            ids.push(bytes[at + marker.len()]);
        }
    }
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..20).collect::<Vec<u8>>());
    assert_ne!(ids, sorted);
}

#[test]
fn a_presentation_holds_only_what_was_chosen() {
    let world = World::new();
    let held = world.held(&world.licence());
    let narrowed = held.narrow(&[(ISO, "age_over_18"), (ISO, "age_over_18")]).unwrap();
    assert_eq!(
        narrowed
            .elements()
            .map(|(space, name, _)| (space, name))
            .collect::<Vec<_>>(),
        [(ISO, "age_over_18")]
    );
    let response = narrowed.sign(&world.transcript, &world.device).unwrap();
    assert!(response.len() < 2_000, "the portrait is not in it");
    let verified = world.check(&response, now()).unwrap();
    let document = &verified.documents()[0];
    let shown: Vec<_> = document
        .issuer_signed()
        .elements()
        .map(|(_, element)| element.identifier())
        .collect();
    assert_eq!(shown, ["age_over_18"]);
    assert_eq!(
        document
            .issuer_signed()
            .element(ISO, "age_over_18")
            .and_then(ElementValue::as_bool),
        Some(true)
    );
    assert!(document.device_elements().is_empty());
    assert_eq!(held.narrow(&[(ISO, "weight")]).err(), Some(MdocError::NoSuchElement));
    assert_eq!(
        held.narrow(&[(GB, "age_over_18")]).err(),
        Some(MdocError::NoSuchElement)
    );
}

#[test]
fn an_altered_family_name_is_refused() {
    let world = World::new();
    let held = world.held(&world.licence());
    let narrowed = held.narrow(&[(ISO, "family_name"), (ISO, "age_over_18")]).unwrap();
    let mut response = narrowed.sign(&world.transcript, &world.device).unwrap();
    assert!(world.check(&response, now()).is_ok());
    let name = "Édouard-Jones".as_bytes();
    let place = response.windows(name.len()).position(|window| window == name).unwrap();
    response[place + name.len() - 1] = b'z';
    assert_eq!(world.check(&response, now()).err(), Some(MdocError::DigestMismatch));
}

#[test]
fn a_presentation_counts_in_its_session_its_time_and_from_its_key() {
    let world = World::new();
    let held = world.held(&world.licence());
    let response = held
        .narrow(&[(ISO, "age_over_18")])
        .unwrap()
        .sign(&world.transcript, &world.device)
        .unwrap();
    assert_eq!(world.check(&response, at("2026-12-01T00:00:00Z")).map(drop), Ok(()));
    assert_eq!(
        world.check(&response, at("2026-12-01T00:00:01Z")).err(),
        Some(MdocError::Expired)
    );
    assert_eq!(
        world.check(&response, at("2026-04-30T23:59:59Z")).err(),
        Some(MdocError::NotYetValid)
    );
    let elsewhere = World {
        transcript: SessionTranscript::openid4vp_dc_api("https://rp.example", "n", None),
        ..World::new()
    };
    let context = DeviceResponseContext {
        anchors: &world.anchors,
        transcript: &elsewhere.transcript,
        reader_key: None,
    };
    let refused = DeviceResponse::parse(&response).unwrap().verify(context, now());
    assert_eq!(refused.err(), Some(MdocError::DeviceSignature(CoseError::Invalid)));
    let thief = SigningKey::from_random(&mut PredictableRandom::from_seed(9)).unwrap();
    let stolen = || held.narrow(&[(ISO, "age_over_18")]).unwrap();
    assert_eq!(
        stolen().sign(&world.transcript, &thief).err(),
        Some(MdocError::WrongKey)
    );
    let unsigned = stolen().prepare(&world.transcript);
    let signature = thief.sign(unsigned.to_be_signed()).unwrap();
    let forged = unsigned.finalise(&signature);
    assert_eq!(
        world.check(&forged, now()).err(),
        Some(MdocError::DeviceSignature(CoseError::Invalid))
    );
}

#[test]
fn a_document_signed_outside_its_signers_validity_is_refused() {
    let world = World::new();
    let validity = ValidityInfo {
        signed: at("2025-06-01T00:00:00Z"),
        valid_from: at("2025-06-01T00:00:00Z"),
        valid_until: at("2026-12-01T00:00:00Z"),
        expected_update: None,
    };
    let bytes = world.issue(MdocBuilder::new(MDL, world.device.public_key(), validity).element(ISO, "a", true));
    let refused = IssuerSigned::parse(&bytes).unwrap().verify(&world.anchors, now());
    assert_eq!(refused.err(), Some(MdocError::SignedOutsideCertificate));
}

#[test]
fn issuers_may_use_indefinite_lengths_around_what_they_sign() {
    let world = World::new();
    let held = world.held(&world.licence());
    let mut bytes = vec![0xbf];
    bytes.extend(cbor::write(|out| _ = out.text("nameSpaces").raw(&[0xbf])));
    for name_space in [ISO, GB] {
        bytes.extend(cbor::write(|out| _ = out.text(name_space).raw(&[0x9f])));
        for (_, element) in held.elements().filter(|(space, _)| *space == name_space) {
            bytes.extend_from_slice(element.item());
        }
        bytes.push(0xff);
    }
    bytes.push(0xff);
    bytes.extend(cbor::write(|out| _ = out.text("issuerAuth").raw(held.issuer_auth())));
    bytes.push(0xff);
    let again = world.held(&bytes);
    assert_eq!(again.elements().count(), held.elements().count());
    assert_eq!(
        again.element(GB, "welsh_licence").and_then(ElementValue::as_bool),
        Some(false)
    );
}

#[test]
fn an_issuer_may_sign_with_es384() {
    use aws_lc_rs::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair};
    let world = World::new();
    let key_pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).unwrap();
    let signing = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, key_pair.serialized_der()).unwrap();
    let root = root();
    let signer = root.issue(signer_params("P-384 signer", DOCUMENT_SIGNER), key_pair);
    let issued = world.held(&world.licence());
    let es256 = crate::cose::Sign1::parse(issued.issuer_auth()).unwrap();
    let (protected, payload) = ([0xa1, 0x01, 0x38, 0x22], es256.payload().unwrap());
    let signed = cbor::write(|out| {
        out.array(4)
            .text("Signature1")
            .bytes(&protected)
            .bytes(&[])
            .bytes(payload);
    });
    let signature = signing.sign(&aws_lc_rs::rand::SystemRandom::new(), &signed).unwrap();
    let issuer_auth = cbor::write(|out| {
        out.array(4)
            .bytes(&protected)
            .map(2)
            .uint(4)
            .bytes(b"kid")
            .uint(33)
            .array(1);
        out.bytes(signer.certificate.as_der())
            .bytes(payload)
            .bytes(signature.as_ref());
    });
    let bytes = cbor::write(|out| _ = out.map(1).text("issuerAuth").raw(&issuer_auth));
    let trusted = anchors(&root, Role::Issuer);
    assert!(IssuerSigned::parse(&bytes).unwrap().verify(&trusted, now()).is_ok());
    let refused = IssuerSigned::parse(&bytes).unwrap().verify(&world.anchors, now());
    assert_eq!(
        refused.err(),
        Some(MdocError::DocumentSigner(ChainError::UnknownIssuer))
    );
}

#[test]
fn the_signature_may_be_made_elsewhere() {
    let world = World::new();
    let chain = [world.signer.certificate.clone()];
    let unsigned = world
        .builder()
        .element(ISO, "age_over_18", true)
        .prepare(&chain, &mut PredictableRandom::from_seed(3))
        .unwrap();
    let signature = world.signer.signing_key().sign(unsigned.to_be_signed()).unwrap();
    let held = world.held(&unsigned.finalise(&signature));
    let unsigned = held.narrow(&[(ISO, "age_over_18")]).unwrap().prepare(&world.transcript);
    assert_eq!(unsigned.device_key(), &world.device.public_key());
    let signature = world.device.sign(unsigned.to_be_signed()).unwrap();
    assert!(world.check(&unsigned.finalise(&signature), now()).is_ok());
}

#[test]
fn the_device_signs_what_the_issuer_lets_it_sign_and_nothing_else() {
    let world = World::new();
    let authorizations = KeyAuthorizations {
        name_spaces: Vec::new(),
        elements: vec![("com.example.payment".into(), "hash".into())],
    };
    let bytes = world.issue(
        world
            .builder()
            .element(ISO, "age_over_18", true)
            .key_authorizations(authorizations),
    );
    let mut narrowed = world.held(&bytes).narrow(&[(ISO, "age_over_18")]).unwrap();
    assert!(narrowed.may_sign("com.example.payment", "hash"));
    for (name_space, identifier) in [("com.example.payment", "other"), (ISO, "hash"), (ISO, "age_over_18")] {
        assert!(!narrowed.may_sign(name_space, identifier));
        let refused = narrowed.add_device_signed(name_space, identifier, &[1]);
        assert_eq!(refused, Err(MdocError::NotAuthorised));
    }
    narrowed
        .add_device_signed("com.example.payment", "hash", &[7; 32])
        .unwrap();
    let again = narrowed.add_device_signed("com.example.payment", "hash", &[8; 32]);
    assert_eq!(again, Err(MdocError::DuplicateElement));
    let response = narrowed.sign(&world.transcript, &world.device).unwrap();
    let verified = world.check(&response, now()).unwrap();
    let [element] = verified.documents()[0].device_elements() else {
        panic!("one element")
    };
    assert_eq!(
        (&*element.name_space, element.identifier.as_str()),
        ("com.example.payment", "hash")
    );
    // The first value stands: adding a second must not change what was agreed to.
    assert!(element.value == ElementValue::Bytes(vec![7; 32]));
}
