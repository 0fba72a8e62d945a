//! Session transcripts of every handover, to the byte.

use super::*;

pub(super) fn transcript_of(input: &Value) -> SessionTranscript {
    let thumbprint = input["encryption_jwk"].is_object().then(|| {
        let key = PublicKey::from_jwk(&input["encryption_jwk"]).unwrap();
        key.thumbprint()
    });
    match input.get("origin") {
        Some(origin) => {
            SessionTranscript::openid4vp_dc_api(origin.as_str().unwrap(), text(input, "nonce"), thumbprint.as_ref())
        }
        None => SessionTranscript::openid4vp(
            text(input, "client_id"),
            text(input, "nonce"),
            thumbprint.as_ref(),
            text(input, "response_uri"),
        ),
    }
}

#[test]
fn handover_of_the_specification_is_made_to_the_byte() {
    let Some(file) = vectors::load("openid4vp/handover-redirect-spec.json") else {
        return;
    };
    let expected = hex(text(&file["expected"], "SessionTranscript_hex"));
    assert_eq!(transcript_of(&file["input"]).as_bytes(), expected);
}

#[test]
fn derived_handovers_are_made_to_the_byte() {
    let Some(file) = vectors::load("openid4vp/handover-derived.json") else {
        return;
    };
    for case in file["cases"].as_array().unwrap() {
        let expected = hex(text(&case["expected"], "SessionTranscript_hex"));
        assert_eq!(transcript_of(&case["input"]).as_bytes(), expected, "{}", case["flow"]);
    }
}

#[test]
fn the_iso_dc_api_request_for_a_proof_of_age_is_read() {
    let Some(file) = vectors::load("age-verification/dc-api-iso-mdoc-request.json") else {
        return;
    };
    let expected = &file["expected"];
    let request = base64url::decode(text(&file, "deviceRequest_base64url")).unwrap();
    let request = DeviceRequest::parse(&request).unwrap();
    let [asked] = request.requests() else {
        panic!("one document is asked for");
    };
    assert_eq!(asked.doc_type(), text(expected, "docType"));
    assert!(!asked.has_reader_auth());
    for element in asked.elements() {
        let listed = &expected["nameSpaces"][&*element.name_space][&*element.identifier];
        assert_eq!(*listed, element.intent_to_retain);
    }
    assert_eq!(asked.elements().len(), 1);

    let encoded = text(&file, "encryptionInfo_base64url");
    let info = EncryptionInfo::parse(encoded).unwrap();
    let listed = &expected["encryptionInfo"][1];
    assert_eq!(info.nonce(), hex(text(listed, "nonce_hex")));
    let key = &listed["recipientPublicKey"];
    assert_eq!(info.recipient().x(), hex(text(key, "x_hex")));
    assert_eq!(info.recipient().y(), hex(text(key, "y_hex")));
    assert_eq!(EncryptionInfo::new(info.nonce().to_vec(), *info.recipient()), info);
    assert_eq!(info.as_str(), encoded);
}

#[test]
fn the_iso_dc_api_transcript_binds_text_and_origin() {
    let key = AgreementKey::from_bytes(&[7; 32]).unwrap().public_key();
    let info = EncryptionInfo::new(vec![9; 16], key);
    let transcript = info.transcript("https://verifier.example");
    // [null, null, ["dcapi", SHA-256(CBOR([text, origin]))]], put together by hand.
    let origin = b"https://verifier.example";
    let mut hashed = vec![0x82, 0x78, u8::try_from(info.as_str().len()).unwrap()];
    hashed.extend_from_slice(info.as_str().as_bytes());
    hashed.extend_from_slice(&[0x78, 24]);
    hashed.extend_from_slice(origin);
    let mut expected = hex("83f6f6826564636170695820");
    expected.extend_from_slice(&crate::crypto::sha256(&hashed));
    assert_eq!(transcript.as_bytes(), expected);
    assert_ne!(info.transcript("https://other.example"), transcript);
    for broken in ["", "gmVkY2FwaQ", "gmVvdGhlcqA", "=="] {
        assert!(EncryptionInfo::parse(broken).is_err(), "{broken}");
    }
}

#[test]
fn transcripts_that_bind_nothing_are_refused() {
    for broken in ["", "80", "82f6f6", "84f6f6f6f6", "f6", "83f6f6"] {
        assert!(SessionTranscript::from_encoded(hex(broken)).is_err(), "{broken}");
    }
    assert!(SessionTranscript::from_encoded(hex("83f6f6f6")).is_ok());
}
