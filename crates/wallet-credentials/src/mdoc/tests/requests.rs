//! What readers ask, and who they say they are.

use super::*;
use crate::trust::tests::READER;

fn asked(identifier: &str, intent_to_retain: bool) -> RequestedElement {
    RequestedElement {
        name_space: ISO.into(),
        identifier: identifier.into(),
        intent_to_retain,
    }
}

#[test]
fn a_reader_is_known_by_its_signature_in_this_session_and_its_anchor() {
    let root = root();
    let reader = root.issue(signer_params("Reader", READER), key());
    let trusted = anchors(&root, Role::Service);
    let world = World::new();
    let (elements, other) = (
        [asked("age_over_18", false), asked("portrait", true)],
        [asked("sex", true)],
    );
    let bytes = DeviceRequestBuilder::new()
        .ask_as(
            MDL,
            &elements,
            &world.transcript,
            &reader.signing_key(),
            std::slice::from_ref(&reader.certificate),
        )
        .unwrap()
        .ask("org.iso.23220.photoID.1", &other)
        .encode();
    let request = DeviceRequest::parse(&bytes).unwrap();
    assert_eq!(request.version(), "1.0");
    let [first, second] = request.requests() else {
        panic!("two documents are asked for");
    };
    assert_eq!((first.doc_type(), first.elements()), (MDL, elements.as_slice()));
    assert_eq!(second.elements(), other);
    let (chain, anchor) = first.verify_reader(&world.transcript, &trusted, now()).unwrap();
    assert!(chain[0] == reader.certificate && anchor.is_some());
    // Anchors of issuers say nothing about readers; nor does anybody once the certificate has expired.
    for (anchors, now) in [(&world.anchors, now()), (&trusted, at("2027-02-01T00:00:00Z"))] {
        assert!(
            first
                .verify_reader(&world.transcript, anchors, now)
                .unwrap()
                .1
                .is_none()
        );
    }
    let unsigned = second.verify_reader(&world.transcript, &trusted, now());
    assert_eq!(unsigned.err(), Some(MdocError::ReaderAuth(CoseError::Structure)));
    // Another session, and every element asked for is part of what was signed.
    let elsewhere = SessionTranscript::openid4vp_dc_api("https://rp.example", "n", None);
    let refused = first.verify_reader(&elsewhere, &trusted, now());
    assert_eq!(refused.err(), Some(MdocError::ReaderAuth(CoseError::Invalid)));
    let place = bytes.windows(8).position(|window| window == b"portrait").unwrap();
    let mut altered = bytes.clone();
    altered[place] = b'q';
    let refused = DeviceRequest::parse(&altered).unwrap().requests()[0]
        .verify_reader(&world.transcript, &trusted, now())
        .err();
    assert_eq!(refused, Some(MdocError::ReaderAuth(CoseError::Invalid)));
}

#[test]
fn requests_of_another_shape_are_refused() {
    let many = (0..17).fold(DeviceRequestBuilder::new(), |builder, _| {
        builder.ask(MDL, &[asked("sex", false)])
    });
    for (bytes, error) in [
        (hex("a1"), CborError::Malformed),
        (hex("a16776657273696f6e63312e30"), CborError::Shape),
        (many.encode(), CborError::TooLarge),
    ] {
        let refused = DeviceRequest::parse(&bytes).err();
        // A request for nothing has a version and no more.
        if bytes.len() == 13 {
            assert_eq!(refused, None);
        } else {
            assert_eq!(refused, Some(MdocError::Cbor(error)));
        }
    }
    // itemsRequest without its tag 24.
    let untagged = cbor::write(|out| {
        out.map(2)
            .text("version")
            .text("1.0")
            .text("docRequests")
            .array(1)
            .map(1);
        out.text("itemsRequest")
            .map(2)
            .text("docType")
            .text(MDL)
            .text("nameSpaces")
            .map(0);
    });
    assert_eq!(
        DeviceRequest::parse(&untagged).err(),
        Some(MdocError::Cbor(CborError::Tag))
    );
}
