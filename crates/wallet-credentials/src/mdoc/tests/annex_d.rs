//! Annex D of ISO/IEC 18013-5:2021, number by number.

use super::*;

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
pub(super) fn annex_d() -> Option<(SessionTranscript, AgreementKey, TrustAnchors)> {
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
        assert_eq!(&*element.name_space, ISO);
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

/// The engagement, the reader's key and the handover inside the transcript of Annex D.
pub(super) fn annex_d_session() -> Option<(DeviceEngagement, AgreementKey, Handover)> {
    let (transcript, reader, _) = annex_d()?;
    let mut decoder = minicbor::Decoder::new(transcript.as_bytes());
    assert_eq!(decoder.array().unwrap(), Some(3));
    let engagement = DeviceEngagement::parse(&cbor::tagged24(&mut decoder).unwrap().content).unwrap();
    let reader_key = cbor::tagged24(&mut decoder).unwrap();
    assert_eq!(PublicKey::from_cose_key(&reader_key.content), Ok(reader.public_key()));
    assert_eq!(decoder.array().unwrap(), Some(2));
    let handover = Handover::Nfc {
        select: decoder.bytes().unwrap().to_vec(),
        request: (decoder.datatype().unwrap() == minicbor::data::Type::Bytes)
            .then(|| decoder.bytes().unwrap().to_vec()),
    };
    let made = SessionTranscript::proximity(&engagement, reader_key.whole, &handover);
    assert_eq!(made, transcript, "NFC handover");
    Some((engagement, reader, handover))
}

#[test]
fn annex_d_device_engagement_is_read_and_made() {
    let Some(file) = vectors::load("mdoc-annex-d/device-engagement.json") else {
        return;
    };
    let bytes = hex(text(&file, "hex"));
    let expected = &file["expected"];
    let engagement = DeviceEngagement::parse(&bytes).unwrap();
    assert_eq!(engagement.version(), text(expected, "version"));
    let key_bytes = hex(text(&expected["security"], "eDeviceKeyBytes_hex"));
    let key = cbor::tagged24(&mut minicbor::Decoder::new(&key_bytes)).unwrap();
    assert_eq!(
        PublicKey::from_cose_key(&key.content).as_ref(),
        Ok(engagement.e_device_key())
    );
    let listed = &expected["deviceRetrievalMethods"][0];
    assert_eq!((&listed["type"], &listed["version"]), (&2.into(), &1.into()));
    let options = &listed["options"];
    let uuid = hex(text(options, "11 centralClientModeUUID_hex"));
    let ble = BleOptions {
        peripheral_server_mode: options["0 supportPeripheralServerMode"].as_bool().unwrap(),
        central_client_mode: options["1 supportCentralClientMode"].as_bool().unwrap(),
        central_client_uuid: Some(uuid.try_into().unwrap()),
        ..BleOptions::default()
    };
    assert_eq!(engagement.retrieval_methods(), [RetrievalMethod::Ble(ble.clone())]);
    assert_eq!(engagement.to_qr(), text(expected, "qr_uri"));
    assert_eq!(
        DeviceEngagement::from_qr(text(expected, "qr_uri")),
        Ok(engagement.clone())
    );
    let made = DeviceEngagement::new(*engagement.e_device_key(), vec![RetrievalMethod::Ble(ble)]);
    assert_eq!(made, engagement);
    assert_eq!(made.as_bytes(), bytes);
}

#[test]
fn annex_d_session_is_established_to_the_byte() {
    let (Some(file), Some((engagement, reader_key, handover))) = (
        vectors::load("mdoc-annex-d/session-establishment.json"),
        annex_d_session(),
    ) else {
        return;
    };
    let keys = vectors::load("mdoc-annex-d/keys.json").unwrap();
    let device_key = AgreementKey::from_bytes(&hex(text(&keys["ephemeral_device_key"], "d_hex"))).unwrap();
    let (message, request) = (hex(text(&file, "hex")), hex(text(&file["expected"], "plaintext_hex")));
    let mut reader = ReaderSession::new(&engagement, &reader_key, &handover).unwrap();
    assert_eq!(reader.send(&request).unwrap(), message);
    let mut holder = HolderSession::new(engagement, device_key, handover).unwrap();
    let received = holder.receive(&message).unwrap();
    assert_eq!(received.data.as_deref(), Some(&request));
    assert_eq!(received.status, None);
    assert_eq!(holder.transcript(), Some(reader.transcript()));
    let asked = DeviceRequest::parse(&request).unwrap();
    assert_eq!(asked.requests()[0].doc_type(), MDL);
}

#[test]
fn annex_d_session_keys_are_derived() {
    let (Some(file), Some((transcript, reader, _))) = (vectors::load("mdoc-annex-d/session-keys.json"), annex_d())
    else {
        return;
    };
    let keys = vectors::load("mdoc-annex-d/keys.json").unwrap();
    let device = AgreementKey::from_bytes(&hex(text(&keys["ephemeral_device_key"], "d_hex"))).unwrap();
    let expected = &file["expected"];
    let shared = device.agree(&reader.public_key()).unwrap();
    assert_eq!(shared[..], hex(text(expected, "Zab_hex")));
    assert_eq!(shared, reader.agree(&device.public_key()).unwrap());
    assert_eq!(
        crate::crypto::sha256(&transcript.to_tagged_bytes())[..],
        hex(text(expected, "hkdf_salt_hex"))
    );
    for (info, name) in [("SKReader", "SKReader_hex"), ("SKDevice", "SKDevice_hex")] {
        let key = session_encryption::derive(&shared, &transcript, info.as_bytes()).unwrap();
        assert_eq!(key[..], hex(text(expected, name)), "{info}");
    }
}

#[test]
fn annex_d_session_is_terminated_to_the_byte() {
    let (Some(file), Some((engagement, reader_key, handover))) = (
        vectors::load("mdoc-annex-d/session-termination.json"),
        annex_d_session(),
    ) else {
        return;
    };
    let message = hex(text(&file, "hex"));
    let mut reader = ReaderSession::new(&engagement, &reader_key, &handover).unwrap();
    reader.send(b"request").unwrap();
    let status = reader.receive(&message).unwrap().status.unwrap();
    assert_eq!(status, SessionStatus::Termination);
    assert_eq!(file["expected"]["status"], status.number());
    assert_eq!(reader.terminate(), message);
    assert_eq!(reader.send(b"more"), Err(SessionError::Over));
}

#[test]
fn annex_d_device_response_is_made_to_the_byte() {
    let (Some(file), Some((transcript, reader, _))) = (vectors::load("mdoc-annex-d/device-response.json"), annex_d())
    else {
        return;
    };
    let keys = vectors::load("mdoc-annex-d/keys.json").unwrap();
    let device = AgreementKey::from_bytes(&hex(text(&keys["static_device_key"], "d_hex"))).unwrap();
    let bytes = hex(text(&file, "hex"));
    let response = DeviceResponse::parse(&bytes).unwrap().dangerous_assume_verified();
    let held = response.documents()[0].issuer_signed();
    let wanted: Vec<_> = held
        .elements()
        .map(|(space, element)| (space, element.identifier()))
        .collect();
    let narrowed = || held.narrow(&wanted).unwrap();
    assert_eq!(
        narrowed()
            .authenticate(&transcript, &device, &reader.public_key())
            .unwrap(),
        bytes
    );
    assert_eq!(
        narrowed()
            .authenticate(&transcript, &reader, &reader.public_key())
            .err(),
        Some(MdocError::WrongKey)
    );
}
