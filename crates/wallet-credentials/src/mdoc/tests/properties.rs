//! Properties of whatever is made here, and what hostile bytes may not do.

use proptest::prelude::*;

use super::*;

#[test]
fn values_of_every_kind_go_in_and_out() {
    let value = ElementValue::Map(vec![
        ("text".into(), "é".into()),
        ("whole".into(), ElementValue::Integer(-7)),
        ("date".into(), CivilDate::parse("2026-02-28").unwrap().into()),
        ("moment".into(), ElementValue::DateTime(at("2026-02-28T01:02:03Z"))),
        (
            "list".into(),
            ElementValue::Array(vec![ElementValue::Null, true.into(), ElementValue::Float(1.5)]),
        ),
        (
            "no date".into(),
            ElementValue::Tagged(1004, Box::new("2026-02-30".into())),
        ),
        (ElementValue::Integer(3), ElementValue::Bytes(vec![1, 2])),
    ]);
    let bytes = value.to_cbor();
    let read = ElementValue::from_cbor(&bytes).unwrap();
    assert!(read == value);
    assert_eq!(
        read.to_json(),
        serde_json::json!({
            "text": "é", "whole": -7, "date": "2026-02-28", "moment": "2026-02-28T01:02:03Z",
            "list": [null, true, 1.5], "no date": "2026-02-30", "3": base64url::encode(&[1, 2]),
        })
    );
    assert_eq!(format!("{:?}", ElementValue::from("secret")), "Text(..)");
}

fn names() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::btree_set("[a-z_]{1,12}", 1..12).prop_map(|set| set.into_iter().collect())
}

fn value() -> impl Strategy<Value = ElementValue> {
    let leaf = prop_oneof![
        Just(ElementValue::Null),
        any::<bool>().prop_map(ElementValue::Bool),
        any::<i64>().prop_map(|number| ElementValue::Integer(number.into())),
        any::<f64>()
            .prop_filter("a NaN is not itself", |float| !float.is_nan())
            .prop_map(ElementValue::Float),
        any::<String>().prop_map(ElementValue::Text),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(ElementValue::Bytes),
        (0_i64..4_000_000_000).prop_map(|at| ElementValue::DateTime(Timestamp::from_unix(at))),
        (1900_u16..2100, 1_u8..13, 1_u8..29).prop_map(|(year, month, day)| {
            CivilDate::parse(&format!("{year:04}-{month:02}-{day:02}"))
                .unwrap()
                .into()
        }),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(ElementValue::Array),
            proptest::collection::btree_map("[a-z]{0,8}", inner.clone(), 0..4).prop_map(|pairs| {
                let pairs = pairs.into_iter().map(|(key, value)| (ElementValue::Text(key), value));
                ElementValue::Map(pairs.collect())
            }),
            inner.prop_map(|content| ElementValue::Tagged(4711, Box::new(content))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_credential_goes_round(
        doc_type in "[a-zA-Z0-9.]{0,40}",
        elements in proptest::collection::btree_map(("[a-z.]{0,20}", "\\PC{0,20}"), value(), 0..12),
        index: u64, has_status: bool, authorised: bool,
    ) {
        let world = World::new();
        let mut builder = MdocBuilder::new(doc_type.clone(), world.device.public_key(), World::validity());
        for ((space, name), value) in &elements {
            builder = builder.element(space, name, value.clone());
        }
        let status = has_status.then(|| StatusReference { index, uri: "https://status.example/1".into() });
        if let Some(status) = &status {
            builder = builder.status(status.clone());
        }
        let authorizations = if authorised {
            KeyAuthorizations { name_spaces: vec!["a".into()], elements: vec![("b".into(), "c".into()), ("b".into(), "d".into())] }
        } else {
            KeyAuthorizations::default()
        };
        let bytes = world.issue(builder.key_authorizations(authorizations.clone()));
        let held = world.held(&bytes);
        prop_assert_eq!(held.doc_type(), doc_type);
        prop_assert_eq!(held.mso().status(), status.as_ref());
        prop_assert_eq!(held.mso().key_authorizations(), &authorizations);
        prop_assert_eq!(held.mso().validity(), World::validity());
        prop_assert_eq!(held.elements().count(), elements.len());
        for ((space, name), value) in &elements {
            prop_assert!(held.element(space, name) == Some(value));
        }
    }

    #[test]
    fn any_subset_verifies_and_shows_itself(names in names(), chosen in proptest::collection::vec(any::<bool>(), 12)) {
        let world = World::new();
        let builder = names.iter().fold(world.builder(), |builder, name| builder.element(ISO, name, name.as_str()));
        let held = world.held(&world.issue(builder));
        let wanted: Vec<_> =
            names.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(name, _)| (ISO, name.as_str())).collect();
        let response = held.narrow(&wanted).unwrap().sign(&world.transcript, &world.device).unwrap();
        let verified = world.check(&response, now()).unwrap();
        let shown: Vec<_> = verified.documents()[0]
            .issuer_signed()
            .elements()
            .map(|(space, element)| (space, element.identifier(), element.value().as_text().unwrap()))
            .collect();
        let expected: Vec<_> = wanted.iter().map(|(space, name)| (*space, *name, *name)).collect();
        prop_assert_eq!(shown, expected);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(DeviceResponse::parse(&bytes).is_err());
        let _issuer_signed = IssuerSigned::parse(&bytes);
        let _request = DeviceRequest::parse(&bytes);
        let _proof = OfflineProof::decode(&bytes);
        let _value = ElementValue::from_cbor(&bytes);
        let _engagement = DeviceEngagement::parse(&bytes);
        let _transcript = SessionTranscript::from_encoded(bytes.clone());
        let key = AgreementKey::from_bytes(&[1; 32]).unwrap();
        let engagement = DeviceEngagement::new(key.public_key(), Vec::new());
        let mut holder = HolderSession::new(engagement, key, Handover::Qr).unwrap();
        let opened = holder.receive(&bytes).is_ok_and(|received| received.data.is_some());
        prop_assert!(!opened);
    }
}

#[test]
fn any_flipped_bit_of_a_response_is_refused() {
    let world = World::new();
    let held = world.held(&world.licence());
    let wanted = [(ISO, "family_name"), (GB, "welsh_licence")];
    let response = held
        .narrow(&wanted)
        .unwrap()
        .sign(&world.transcript, &world.device)
        .unwrap();
    assert!(world.check(&response, now()).is_ok());
    each_flip(&response, |flipped| world.check(flipped, now()).is_err());
}

#[test]
fn any_flipped_bit_of_a_response_with_a_mac_is_refused() {
    let world = World::new();
    let held = world.held(&world.issue(world.builder().element(ISO, "age_over_18", true)));
    let device = AgreementKey::from_bytes(world.device.to_bytes().as_ref()).unwrap();
    let reader = AgreementKey::from_bytes(&[7; 32]).unwrap();
    let narrowed = held.narrow(&[(ISO, "age_over_18")]).unwrap();
    let response = narrowed
        .authenticate(&world.transcript, &device, &reader.public_key())
        .unwrap();
    let context = DeviceResponseContext {
        anchors: &world.anchors,
        transcript: &world.transcript,
        reader_key: Some(&reader),
    };
    let check = |bytes: &[u8]| DeviceResponse::parse(bytes)?.verify(context, now());
    assert!(check(&response).is_ok());
    each_flip(&response, |flipped| check(flipped).is_err());
}

#[test]
fn any_flipped_bit_of_an_issued_document_is_refused() {
    let world = World::new();
    let issued = world.issue(
        world
            .builder()
            .element(ISO, "age_over_18", true)
            .element(GB, "title", "Dr"),
    );
    let check = |bytes: &[u8]| IssuerSigned::parse(bytes)?.verify(&world.anchors, now());
    assert!(check(&issued).is_ok());
    each_flip(&issued, |flipped| check(flipped).is_err());
}

/// Every bit of every byte, one at a time.
fn each_flip(bytes: &[u8], refused: impl Fn(&[u8]) -> bool) {
    let mut flipped = bytes.to_vec();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            flipped[place] ^= 1_u8 << bit;
            assert!(refused(&flipped), "bit {bit} of byte {place}");
            flipped[place] ^= 1_u8 << bit;
        }
    }
}

#[test]
fn any_flipped_bit_of_a_session_message_ends_the_session() {
    let (device_key, reader_key) = ([1; 32], AgreementKey::from_bytes(&[2; 32]).unwrap());
    let key = || AgreementKey::from_bytes(&device_key).unwrap();
    let engagement = DeviceEngagement::new(key().public_key(), Vec::new());
    let reader = || ReaderSession::new(&engagement, &reader_key, &Handover::Qr).unwrap();
    let holder = || HolderSession::new(engagement.clone(), key(), Handover::Qr).unwrap();
    let establishment = reader().send(b"request").unwrap();
    each_flip(&establishment, |flipped| {
        let mut holder = holder();
        holder.receive(flipped).is_err() && holder.send(b"response") == Err(SessionError::Over)
    });
    let mut answering = holder();
    answering.receive(&establishment).unwrap();
    let response = answering.send(b"response").unwrap();
    each_flip(&response, |flipped| {
        let mut reader = reader();
        reader.send(b"request").unwrap();
        reader.receive(flipped).is_err() && reader.send(b"more") == Err(SessionError::Over)
    });
}
