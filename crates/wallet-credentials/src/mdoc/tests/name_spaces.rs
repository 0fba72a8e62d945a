//! Documents of every name space in use, and of one nobody knows, from issuer to verifier.

use super::*;

const PHOTO_ID: &str = "org.iso.23220.photoID.1";
const ISO_23220: &str = "org.iso.23220.1";
const AGE: &str = "eu.europa.ec.av.1";
const UNKNOWN: &str = "com.example.nobody_knows";

/// Name space, identifier and value.
type Content = (&'static str, &'static str, ElementValue);

/// docType and elements.
fn documents() -> Vec<(&'static str, Vec<Content>)> {
    let date = |text| ElementValue::FullDate(CivilDate::parse(text).unwrap());
    let nested = ElementValue::Map(vec![
        (
            "list".into(),
            ElementValue::Array(vec![1.into(), ElementValue::Null, true.into()]),
        ),
        (ElementValue::Integer(-1), ElementValue::Bytes(vec![0, 255])),
    ]);
    vec![
        (
            MDL,
            vec![
                (ISO, "family_name", "Morgan".into()),
                (ISO, "birth_date", date("1976-03-11")),
                (GB, "welsh_licence", true.into()),
                (GB, "title", "Dr".into()),
            ],
        ),
        (
            PHOTO_ID,
            vec![
                (ISO_23220, "family_name_unicode", "Morgan".into()),
                (ISO_23220, "birth_date", date("1976-03-11")),
                (ISO_23220, "portrait", ElementValue::Bytes(vec![0xff, 0xd8, 0xff])),
                (PHOTO_ID, "person_id", "1234567890".into()),
                ("org.iso.23220.dtc.1", "dtc_version", 1.into()),
            ],
        ),
        (
            AGE,
            vec![(AGE, "age_over_18", true.into()), (AGE, "age_over_21", false.into())],
        ),
        (
            "com.example.library_ticket",
            vec![
                (UNKNOWN, "nested", nested),
                (
                    UNKNOWN,
                    "tagged",
                    ElementValue::Tagged(4711, Box::new("content".into())),
                ),
                (UNKNOWN, "moment", ElementValue::DateTime(at("2026-01-02T03:04:05Z"))),
                ("", "", ElementValue::Null),
            ],
        ),
    ]
}

#[test]
fn documents_of_every_name_space_go_from_issuer_to_verifier() {
    let world = World::new();
    for (doc_type, elements) in documents() {
        let builder = MdocBuilder::new(doc_type, world.device.public_key(), World::validity());
        let builder = elements.iter().fold(builder, |builder, (space, name, value)| {
            builder.element(space, name, value.clone())
        });
        let held = world.held(&world.issue(builder));
        assert_eq!(held.doc_type(), doc_type);
        // Each element alone, then all of them.
        let all: Vec<_> = elements.iter().map(|(space, name, _)| (*space, *name)).collect();
        let alone = all.iter().map(std::slice::from_ref);
        for wanted in alone.chain([all.as_slice()]) {
            let narrowed = held.narrow(wanted).unwrap();
            let response = narrowed.sign(&world.transcript, &world.device).unwrap();
            let verified = world.check(&response, now()).unwrap();
            let shown = verified.documents()[0].issuer_signed();
            assert_eq!(verified.documents()[0].doc_type(), doc_type);
            assert_eq!(shown.elements().count(), wanted.len());
            for (space, name, value) in elements
                .iter()
                .filter(|(space, name, _)| wanted.contains(&(space, name)))
            {
                assert!(shown.element(space, name) == Some(value), "{doc_type} {space} {name}");
            }
        }
    }
}

#[test]
fn the_same_name_in_two_name_spaces_is_two_elements() {
    let world = World::new();
    let builder = world
        .builder()
        .element(ISO, "title", "first")
        .element(GB, "title", "second");
    let held = world.held(&world.issue(builder));
    let response = held
        .narrow(&[(GB, "title")])
        .unwrap()
        .sign(&world.transcript, &world.device)
        .unwrap();
    let verified = world.check(&response, now()).unwrap();
    let shown = verified.documents()[0].issuer_signed();
    assert_eq!(
        shown.element(GB, "title").and_then(ElementValue::as_text),
        Some("second")
    );
    assert_eq!(shown.element(ISO, "title"), None);
}

#[test]
fn an_item_moved_to_another_name_space_is_refused() {
    // digestIDs count per name space: the same number is in both, with other digests.
    let world = World::new();
    let builder = world
        .builder()
        .element(ISO, "title", "first")
        .element(GB, "title", "second");
    let held = world.held(&world.issue(builder));
    let item = |space| {
        held.elements()
            .find(|(name, _)| *name == space)
            .unwrap()
            .1
            .item()
            .to_vec()
    };
    let swapped = [(ISO.to_owned(), vec![item(GB)]), (GB.to_owned(), vec![item(ISO)])];
    let bytes = issuer::encode(&swapped, held.issuer_auth());
    let refused = IssuerSigned::parse(&bytes).unwrap().verify(&world.anchors, now());
    assert_eq!(refused.err(), Some(MdocError::DigestMismatch));
    let elsewhere = [("com.example.other".to_owned(), vec![item(GB)])];
    let bytes = issuer::encode(&elsewhere, held.issuer_auth());
    let refused = IssuerSigned::parse(&bytes).unwrap().verify(&world.anchors, now());
    assert_eq!(refused.err(), Some(MdocError::NoDigest));
}
