//! Responses that must be refused, each for its reason.

use super::transcripts::transcript_of;
use super::*;

#[test]
fn negative_device_responses_end_as_listed() {
    let Some(file) = vectors::load("negative/mdoc-device-response.json") else {
        return;
    };
    let context = &file["context"];
    let anchors = trusting(Certificate::from_pem(text(context, "iaca_certificate_pem")).unwrap());
    let transcript = transcript_of(context);
    assert_eq!(transcript.as_bytes(), hex(text(context, "SessionTranscript_hex")));
    let against = DeviceResponseContext {
        anchors: &anchors,
        transcript: &transcript,
        reader_key: None,
    };
    for case in file["cases"].as_array().unwrap() {
        let now = at(case["now"]
            .as_str()
            .unwrap_or_else(|| text(context, "verification_time")));
        let outcome = DeviceResponse::parse_base64url(text(case, "device_response_base64url"))
            .and_then(|response| response.verify(against, now))
            .map(drop);
        assert_eq!(
            outcome.is_ok(),
            case["accept"].as_bool().unwrap(),
            "{}: {outcome:?}",
            case["name"]
        );
        if let Some(reason) = reason(text(case, "name")) {
            assert_eq!(outcome, Err(reason), "{}", case["name"]);
        }
    }
}

/// The reason a case must be refused for, where this crate has an error of its own for it.
fn reason(case: &str) -> Option<MdocError> {
    Some(match case {
        "element value changed, digest unchanged" | "digestIDs swapped between two items" => MdocError::DigestMismatch,
        "digestID not in MSO" => MdocError::NoDigest,
        "docType in the response differs from MSO" | "MSO docType differs, response says mDL" => MdocError::DocType,
        "MSO expired" => MdocError::Expired,
        "MSO not yet valid" => MdocError::NotYetValid,
        "DS certificate expired at verification time" => MdocError::DocumentSigner(ChainError::Expired),
        "digestAlgorithm SHA-1" => MdocError::DigestAlgorithm,
        "x5chain missing" | "x5chain only in the protected header" => MdocError::IssuerAuth(CoseError::X5Chain),
        "self-signed document signer" => MdocError::DocumentSigner(ChainError::SelfSigned),
        "trust anchor included in x5chain" => MdocError::DocumentSigner(ChainError::AnchorInChain),
        "issuerAuth signature bit flipped" => MdocError::IssuerAuth(CoseError::Invalid),
        "device signature by another key" => MdocError::DeviceSignature(CoseError::Invalid),
        "deviceAuth empty" => MdocError::DeviceAuth,
        "device-signed element without key authorisation" => MdocError::NotAuthorised,
        "status 10 with documents" => MdocError::ResponseStatus,
        "documents empty" => MdocError::NoDocuments,
        "same item twice" => MdocError::DuplicateElement,
        "validityInfo dates as plain text (no tag 0)" => MdocError::ValidityInfo,
        "MSO version 2.0" => MdocError::MsoVersion,
        "issuerAuth alg only in the unprotected header" => MdocError::IssuerAuthAlgorithm,
        "deviceMac with an all-zero key" => MdocError::UnexpectedMac,
        "duplicate top-level map key (status)" | "duplicate elementValue inside an item (digest correct)" => {
            MdocError::Cbor(CborError::DuplicateKey)
        }
        "trailing byte after the response" => MdocError::Cbor(CborError::TrailingBytes),
        "truncated by one byte" | "array header claiming 2^32 elements" | "text string with invalid UTF-8" => {
            MdocError::Cbor(CborError::Malformed)
        }
        _ => return None,
    })
}
