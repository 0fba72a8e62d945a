//! What other implementations made.

use super::*;

#[test]
fn bundesdruckerei_issuer_signed_verifies() {
    let Some(file) = vectors::load("mdoc-interop/issuer-signed-bdr.json") else {
        return;
    };
    let unverified = IssuerSigned::parse_base64url(text(&file, "issuerSigned_base64url")).unwrap();
    let verified = unverified
        .verify(&first_pem(&file), at("2025-06-01T00:00:00Z"))
        .unwrap();
    let expected = &file["expected"];
    assert_eq!(verified.doc_type(), text(expected, "docType"));
    assert_eq!(
        verified.mso().validity().valid_until,
        at(text(&expected["validityInfo"], "validUntil"))
    );
    for (name_space, count) in expected["element_counts"].as_object().unwrap() {
        let found = verified.elements().filter(|(space, _)| space == name_space).count();
        assert_eq!(*count, found, "{name_space}");
    }
}

#[test]
fn a_response_for_an_older_handover_is_not_one_of_openid4vp_1_0() {
    let Some(file) = vectors::load("mdoc-interop/device-response-france.json") else {
        return;
    };
    let response = text(&file, "device_response_base64url");
    let transcript = SessionTranscript::openid4vp("client", "nonce", None, "https://example.com/response");
    let anchors = first_pem(&file);
    let context = DeviceResponseContext {
        anchors: &anchors,
        transcript: &transcript,
        reader_key: None,
    };
    // The issuer's part was right: the refusal comes from the device's part, which is checked after it.
    let refused = DeviceResponse::parse_base64url(response)
        .unwrap()
        .verify(context, at("2021-01-01T00:00:00Z"));
    assert_eq!(refused.err(), Some(MdocError::DeviceSignature(CoseError::Invalid)));
}
