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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

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
    }
}

#[test]
fn a_flipped_bit_never_shows_anything_else() {
    let world = World::new();
    let held = world.held(&world.licence());
    let response = held.narrow(&[(ISO, "family_name"), (GB, "welsh_licence")]).unwrap();
    let response = response.sign(&world.transcript, &world.device).unwrap();
    let elements = |response: &DeviceResponse| -> Vec<(String, String, Value)> {
        let shown = response.documents()[0].issuer_signed();
        shown
            .elements()
            .map(|(space, e)| (space.into(), e.identifier().into(), e.value().to_json()))
            .collect()
    };
    let original = elements(&world.check(&response, now()).unwrap());
    let mut verified_still = 0;
    // Another bit in every byte: all eight of each would take eight times as long.
    for place in 0..response.len() {
        let mut flipped = response.clone();
        flipped[place] ^= 1_u8 << (place % 8);
        // The member name `nameSpaces` is signed by nobody, and unknown members are ignored; then less is shown, as
        // anyone who holds a response can always show less of it. Nothing else may get through.
        if let Ok(verified) = world.check(&flipped, now()) {
            verified_still += 1;
            assert!(
                elements(&verified).iter().all(|element| original.contains(element)),
                "byte {place}"
            );
        }
    }
    assert!(
        verified_still <= "nameSpaces".len(),
        "{verified_still} flips went unnoticed"
    );
}
