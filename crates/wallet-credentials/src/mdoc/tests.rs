//! The vectors of `mdoc-annex-d/`, `mdoc-interop/`, `openid4vp/handover-*` and `negative/mdoc-device-response`, and
//! properties of what is made here.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::cose::tests::hex;
use crate::cose::{CborError, CoseError, cbor};
use crate::crypto::{AgreementKey, PredictableRandom, PublicKey, Signer, SigningKey};
use crate::jose::base64url;
use crate::status::StatusReference;
use crate::time::{CivilDate, Timestamp};
use crate::trust::tests::{DOCUMENT_SIGNER, Party, anchors, at, key, now, root, signer_params};
use crate::trust::{Certificate, ChainError, Role, TrustAnchor, TrustAnchors};
use crate::vectors;

const MDL: &str = "org.iso.18013.5.1.mDL";
const ISO: &str = "org.iso.18013.5.1";
const GB: &str = "org.iso.18013.5.1.GB";

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

fn trusting(certificate: Certificate) -> TrustAnchors {
    [TrustAnchor::from_certificate(certificate, Role::Issuer)]
        .into_iter()
        .collect()
}

fn first_pem(file: &Value) -> TrustAnchors {
    trusting(Certificate::from_pem(file["certificates_pem"][0].as_str().unwrap()).unwrap())
}

// Annex D of ISO/IEC 18013-5:2021.

#[test]
fn annex_d_issuer_auth_verifies_in_its_time() {
    let Some(file) = vectors::load("mdoc-annex-d/issuer-auth-mso.json") else {
        return;
    };
    let issuer_auth = hex(text(&file, "issuerAuth_hex"));
    let bytes = cbor::write(|out| _ = out.map(1).text("issuerAuth").raw(&issuer_auth));
    let anchors = trusting(Certificate::from_der(&hex(text(&file, "iaca_certificate_der_hex"))).unwrap());
    let expected = &file["expected"];
    let verified = IssuerSigned::parse(&bytes)
        .unwrap()
        .verify(&anchors, at(text(&file, "verification_time")))
        .unwrap();
    let mso = verified.mso();
    assert_eq!(mso.doc_type(), text(expected, "docType"));
    assert_eq!(mso.version(), text(expected, "version"));
    assert_eq!(mso.digest_algorithm(), Some(DigestAlgorithm::Sha256));
    let validity = mso.validity();
    assert_eq!(validity.signed, at(text(expected, "signed")));
    assert_eq!(validity.valid_from, at(text(expected, "validFrom")));
    assert_eq!(validity.valid_until, at(text(expected, "validUntil")));
    for (name_space, count) in mso.digest_counts() {
        assert_eq!(expected["valueDigests_counts"][name_space], count, "{name_space}");
    }
    assert_eq!(verified.chain()[0].as_der(), hex(text(&file, "ds_certificate_der_hex")));
    let later = IssuerSigned::parse(&bytes)
        .unwrap()
        .verify(&anchors, at("2026-11-01T00:00:00Z"));
    assert_eq!(later.err(), Some(MdocError::DocumentSigner(ChainError::Expired)));
}

/// The transcript, reader key and anchors of Annex D.
fn annex_d() -> Option<(SessionTranscript, AgreementKey, TrustAnchors)> {
    let session = vectors::load("mdoc-annex-d/session-keys.json")?;
    let tagged = hex(text(&session, "SessionTranscriptBytes_hex"));
    let content = cbor::tagged24(&mut minicbor::Decoder::new(&tagged))
        .unwrap()
        .content
        .to_vec();
    let transcript = SessionTranscript::from_encoded(content).unwrap();
    assert_eq!(transcript.to_tagged_bytes(), tagged);
    let keys = vectors::load("mdoc-annex-d/keys.json")?;
    let reader = AgreementKey::from_bytes(&hex(text(&keys["ephemeral_reader_key"], "d_hex"))).unwrap();
    let issuer = vectors::load("mdoc-annex-d/issuer-auth-mso.json")?;
    let anchors = trusting(Certificate::from_der(&hex(text(&issuer, "iaca_certificate_der_hex"))).unwrap());
    Some((transcript, reader, anchors))
}

#[test]
fn annex_d_device_response_verifies_with_its_mac() {
    let (Some(file), Some((transcript, reader, anchors))) =
        (vectors::load("mdoc-annex-d/device-response.json"), annex_d())
    else {
        return;
    };
    let bytes = hex(text(&file, "hex"));
    let expected = &file["expected"];
    let context = DeviceResponseContext {
        anchors: &anchors,
        transcript: &transcript,
        reader_key: Some(&reader),
    };
    let verified = DeviceResponse::parse(&bytes)
        .unwrap()
        .verify(context, at("2021-01-01T00:00:00Z"))
        .unwrap();
    let document = &verified.documents()[0];
    assert_eq!(document.doc_type(), text(expected, "docType"));
    let shown: Vec<_> = document
        .issuer_signed()
        .elements()
        .map(|(_, element)| element.identifier())
        .collect();
    let listed: Vec<_> = expected["elements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    assert_eq!(shown, listed);
    let value = |name| document.issuer_signed().element(ISO, name).unwrap();
    assert_eq!(value("family_name").as_text(), Some(text(expected, "family_name")));
    assert_eq!(
        value("document_number").as_text(),
        Some(text(expected, "document_number"))
    );
    assert_eq!(
        value("issue_date").as_date(),
        Some(CivilDate::parse("2019-10-20").unwrap())
    );
    assert_eq!(
        value("expiry_date").as_date(),
        Some(CivilDate::parse("2024-10-20").unwrap())
    );
    assert_eq!(
        value("portrait").as_bytes(),
        Some(hex(text(&file, "portrait_hex")).as_slice())
    );

    let without_key = DeviceResponseContext {
        reader_key: None,
        ..context
    };
    let refused = DeviceResponse::parse(&bytes)
        .unwrap()
        .verify(without_key, at("2021-01-01T00:00:00Z"));
    assert_eq!(refused.err(), Some(MdocError::UnexpectedMac));
    let other = AgreementKey::from_bytes(&[7; 32]).unwrap();
    let wrong_key = DeviceResponseContext {
        reader_key: Some(&other),
        ..context
    };
    let refused = DeviceResponse::parse(&bytes)
        .unwrap()
        .verify(wrong_key, at("2021-01-01T00:00:00Z"));
    assert_eq!(refused.err(), Some(MdocError::DeviceSignature(CoseError::Invalid)));
}

#[test]
fn annex_d_device_request_is_read_and_its_reader_verified() {
    let (Some(file), Some((transcript, ..))) = (vectors::load("mdoc-annex-d/device-request.json"), annex_d()) else {
        return;
    };
    let request = DeviceRequest::parse(&hex(text(&file, "hex"))).unwrap();
    let expected = &file["expected"];
    assert_eq!(request.version(), text(expected, "version"));
    let asked = &request.requests()[0];
    assert_eq!(asked.doc_type(), text(expected, "docType"));
    assert_eq!(
        asked.has_reader_auth(),
        expected["readerAuth_present"].as_bool().unwrap()
    );
    let listed = expected["nameSpaces_with_intentToRetain"][ISO].as_object().unwrap();
    assert_eq!(asked.elements().len(), listed.len());
    for element in asked.elements() {
        assert_eq!(element.name_space, ISO);
        assert_eq!(listed[&element.identifier], element.intent_to_retain);
    }
    let nobody = TrustAnchors::new();
    let (chain, anchor) = asked
        .verify_reader(&transcript, &nobody, at("2021-01-01T00:00:00Z"))
        .unwrap();
    assert_eq!((chain.len(), anchor.is_none()), (1, true));
    let elsewhere = SessionTranscript::offline(1, 2, &[0; 16]);
    let refused = asked.verify_reader(&elsewhere, &nobody, at("2021-01-01T00:00:00Z"));
    assert_eq!(refused.err(), Some(MdocError::ReaderAuth(CoseError::Invalid)));
}

#[test]
fn annex_d_keys_are_pairs() {
    let Some(file) = vectors::load("mdoc-annex-d/keys.json") else {
        return;
    };
    for name in ["ephemeral_reader_key", "ephemeral_device_key", "static_device_key"] {
        let pair = &file[name];
        let public = PublicKey::from_coordinates(&hex(text(pair, "x_hex")), &hex(text(pair, "y_hex"))).unwrap();
        assert_eq!(
            SigningKey::from_bytes(&hex(text(pair, "d_hex"))).unwrap().public_key(),
            public,
            "{name}"
        );
    }
}

// What others made.

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

// OpenID4VP 1.0, B.2.6.

fn transcript_of(input: &Value) -> SessionTranscript {
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

// What is made here.

struct World {
    anchors: TrustAnchors,
    signer: Party,
    device: SigningKey,
    transcript: SessionTranscript,
}

impl World {
    fn new() -> Self {
        let root = root();
        let signer = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
        Self {
            anchors: anchors(&root, Role::Issuer),
            signer,
            device: SigningKey::from_random(&mut PredictableRandom::from_seed(1)).unwrap(),
            transcript: SessionTranscript::openid4vp(
                "x509_hash:abc",
                "nonce",
                Some(&[5; 32]),
                "https://rp.example/r?a=b",
            ),
        }
    }

    fn builder(&self) -> MdocBuilder {
        let validity = ValidityInfo {
            signed: at("2026-05-01T00:00:00Z"),
            valid_from: at("2026-05-01T00:00:00Z"),
            valid_until: at("2026-12-01T00:00:00Z"),
            expected_update: Some(at("2026-11-01T00:00:00Z")),
        };
        MdocBuilder::new(MDL, self.device.public_key(), validity)
    }

    fn issue(&self, builder: MdocBuilder) -> Vec<u8> {
        let chain = [self.signer.certificate.clone()];
        builder
            .sign(&self.signer.signing_key(), &chain, &mut PredictableRandom::from_seed(2))
            .unwrap()
    }

    fn licence(&self) -> Vec<u8> {
        let category = ElementValue::Map(vec![("vehicle_category_code".into(), "B".into())]);
        self.issue(
            self.builder()
                .element(ISO, "family_name", "Édouard-Jones")
                .element(ISO, "birth_date", CivilDate::parse("1990-02-03").unwrap())
                .element(ISO, "age_over_18", true)
                .element(ISO, "portrait", ElementValue::Bytes(vec![0xff; 10_000]))
                .element(ISO, "driving_privileges", ElementValue::Array(vec![category]))
                .element(GB, "welsh_licence", false)
                .status(StatusReference {
                    index: 412,
                    uri: "https://status.example/1".into(),
                })
                .key_authorizations(KeyAuthorizations {
                    name_spaces: vec![ISO.into(), GB.into()],
                    elements: Vec::new(),
                }),
        )
    }

    fn held(&self, bytes: &[u8]) -> crate::verified::Verified<IssuerSigned> {
        IssuerSigned::parse(bytes)
            .unwrap()
            .verify(&self.anchors, now())
            .unwrap()
    }

    fn check(&self, response: &[u8], now: Timestamp) -> Result<crate::verified::Verified<DeviceResponse>, MdocError> {
        let context = DeviceResponseContext {
            anchors: &self.anchors,
            transcript: &self.transcript,
            reader_key: None,
        };
        DeviceResponse::parse(response)?.verify(context, now)
    }
}

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
    let forged = unsigned.finalise(signature).unwrap();
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
    let held = world.held(&unsigned.finalise(signature).unwrap());
    let unsigned = held.narrow(&[(ISO, "age_over_18")]).unwrap().prepare(&world.transcript);
    assert_eq!(unsigned.device_key(), &world.device.public_key());
    let signature = world.device.sign(unsigned.to_be_signed()).unwrap();
    assert!(world.check(&unsigned.finalise(signature).unwrap(), now()).is_ok());
}

#[test]
fn an_offline_proof_is_bound_to_its_times() {
    let world = World::new();
    let held = world.held(&world.licence());
    let (from, until, salt) = (1_780_272_000_u64, 1_780_272_300_u64, vec![3; 16]);
    let transcript = SessionTranscript::offline(from, until, &salt);
    let response = held
        .narrow(&[(ISO, "age_over_18")])
        .unwrap()
        .sign(&transcript, &world.device)
        .unwrap();
    let proof = OfflineProof::new(response.clone(), from, until, salt.clone()).unwrap();
    let payload = proof.encode();
    assert_eq!(payload[0], 1);
    let read = OfflineProof::decode(&payload).unwrap();
    assert!(read == proof);
    assert!(read.is_current_at(Timestamp::from_unix(1_780_272_300)));
    assert!(!read.is_current_at(Timestamp::from_unix(1_780_272_301)));
    assert!(!read.is_current_at(Timestamp::from_unix(1_780_271_999)));
    let transcript = read.transcript();
    let context = DeviceResponseContext {
        anchors: &world.anchors,
        transcript: &transcript,
        reader_key: None,
    };
    assert!(
        DeviceResponse::parse(read.device_response())
            .unwrap()
            .verify(context, now())
            .is_ok()
    );
    // Someone who stretches the times breaks the signature.
    let stretched = OfflineProof::new(response.clone(), from, until + 1, salt.clone())
        .unwrap()
        .transcript();
    let context = DeviceResponseContext {
        transcript: &stretched,
        ..context
    };
    assert!(
        DeviceResponse::parse(&response)
            .unwrap()
            .verify(context, now())
            .is_err()
    );

    assert!(OfflineProof::new(Vec::new(), until, from, salt.clone()).is_err());
    assert!(OfflineProof::new(Vec::new(), from, until, vec![0; 15]).is_err());
    assert!(OfflineProof::decode(&[]).is_err());
    assert!(OfflineProof::decode(&[&[2], &payload[1..]].concat()).is_err());
    assert!(OfflineProof::decode(&payload[..payload.len() - 1]).is_err());
}

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
