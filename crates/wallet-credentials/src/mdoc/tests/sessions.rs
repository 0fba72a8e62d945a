//! Sessions between two devices: the negative set, and both ends against each other.

use super::annex_d::annex_d_session;
use super::*;

#[test]
fn negative_sessions_end_as_listed() {
    let (Some(file), Some((engagement, _, handover))) =
        (vectors::load("negative/mdoc-session.json"), annex_d_session())
    else {
        return;
    };
    let scalar = hex(text(&file["context"], "ephemeral_device_key_d_hex"));
    for case in file["cases"].as_array().unwrap() {
        let key = AgreementKey::from_bytes(&scalar).unwrap();
        let mut holder = HolderSession::new(engagement.clone(), key, handover.clone()).unwrap();
        let messages = case["messages_hex"].as_array().unwrap();
        let verdicts = case["expected"].as_array().unwrap();
        assert_eq!(messages.len(), verdicts.len());
        for (message, verdict) in messages.iter().zip(verdicts) {
            let outcome = holder.receive(&hex(message.as_str().unwrap()));
            let name = format!("{}: {verdict}", case["name"]);
            match verdict.as_str().unwrap() {
                "accept" => {
                    let received = outcome.unwrap();
                    assert!(received.data.is_some() && received.status.is_none(), "{name}");
                }
                "terminate (status 20)" => {
                    let received = outcome.unwrap();
                    assert_eq!(received.status, Some(SessionStatus::Termination), "{name}");
                    assert!(received.data.is_none(), "{name}");
                }
                "error (session already terminated)" => assert_eq!(outcome.err(), Some(SessionError::Over), "{name}"),
                "error: no session established" => {
                    assert_eq!(outcome.err(), Some(SessionError::NotEstablished), "{name}");
                }
                "status 10 (session encryption error), terminate" => {
                    assert_eq!(outcome.err(), Some(SessionError::Decryption), "{name}");
                    assert_eq!(SessionError::Decryption.status(), Some(SessionStatus::EncryptionError));
                    assert_eq!(holder.send(b"response"), Err(SessionError::Over), "{name}");
                }
                "status 10 (session encryption error): bad eReaderKey, terminate" => {
                    let error = outcome.err().unwrap();
                    assert!(matches!(error, SessionError::ReaderKey(_)), "{name}: {error}");
                    assert_eq!(error.status(), Some(SessionStatus::EncryptionError));
                    assert_eq!(holder.send(b"response"), Err(SessionError::Over), "{name}");
                }
                other => panic!("an unknown verdict: {other}"),
            }
        }
    }
}

fn agreement_key(seed: u64) -> AgreementKey {
    AgreementKey::from_random(&mut PredictableRandom::from_seed(seed)).unwrap()
}

/// Both ends after the first request, and the reader's ephemeral key.
fn met(handover: Handover) -> (HolderSession, ReaderSession, AgreementKey) {
    let (device_key, reader_key) = (agreement_key(1), agreement_key(2));
    let engagement = DeviceEngagement::new(device_key.public_key(), Vec::new());
    let scanned = DeviceEngagement::from_qr(&engagement.to_qr()).unwrap();
    let mut reader = ReaderSession::new(&scanned, &reader_key, &handover).unwrap();
    let mut holder = HolderSession::new(engagement, device_key, handover).unwrap();
    let received = holder.receive(&reader.send(b"request").unwrap()).unwrap();
    assert_eq!(received.data.as_deref().map(Vec::as_slice), Some(b"request".as_slice()));
    (holder, reader, reader_key)
}

#[test]
fn a_document_is_shown_in_a_session_with_signature_and_with_mac() {
    let world = World::new();
    let held = world.held(&world.licence());
    let device = AgreementKey::from_bytes(world.device.to_bytes().as_ref()).unwrap();
    for with_mac in [false, true] {
        let (mut holder, mut reader, reader_key) = met(Handover::Qr);
        let transcript = holder.transcript().unwrap().clone();
        let narrowed = held.narrow(&[(ISO, "age_over_18")]).unwrap();
        let response = if with_mac {
            narrowed
                .authenticate(&transcript, &device, &reader_key.public_key())
                .unwrap()
        } else {
            narrowed.sign(&transcript, &world.device).unwrap()
        };
        let received = reader.receive(&holder.send_last(&response).unwrap()).unwrap();
        assert_eq!(received.status, Some(SessionStatus::Termination));
        let context = DeviceResponseContext {
            anchors: &world.anchors,
            transcript: reader.transcript(),
            reader_key: Some(&reader_key),
        };
        let verify = |context| {
            DeviceResponse::parse(received.data.as_deref().unwrap())
                .unwrap()
                .verify(context, now())
        };
        assert_eq!(verify(context).unwrap().documents().len(), 1);
        // The same response, heard in another session.
        let (_, elsewhere, _) = met(Handover::Nfc {
            select: vec![1],
            request: None,
        });
        let replayed = DeviceResponseContext {
            transcript: elsewhere.transcript(),
            ..context
        };
        assert_eq!(
            verify(replayed).err(),
            Some(MdocError::DeviceSignature(CoseError::Invalid))
        );
        assert_eq!(holder.send(b"more"), Err(SessionError::Over));
        assert_eq!(reader.send(b"more"), Err(SessionError::Over));
    }
}

#[test]
fn messages_count_once_and_in_order_in_both_directions() {
    let (mut holder, mut reader, _) = met(Handover::Qr);
    for number in 0..300_u32 {
        let request = number.to_be_bytes();
        let received = holder.receive(&reader.send(&request).unwrap()).unwrap();
        assert_eq!(received.data.as_deref().map(Vec::as_slice), Some(request.as_slice()));
        let response = [request, request].concat();
        let received = reader.receive(&holder.send(&response).unwrap()).unwrap();
        assert_eq!(received.data.as_deref(), Some(&response));
    }
    let (first, second) = (holder.send(b"1").unwrap(), holder.send(b"2").unwrap());
    assert_ne!(first, second);
    assert_eq!(reader.receive(&second).err(), Some(SessionError::Decryption));
    assert_eq!(reader.receive(&first).err(), Some(SessionError::Over));

    let (mut holder, mut reader, _) = met(Handover::Qr);
    let message = holder.send(b"1").unwrap();
    assert!(reader.receive(&message).is_ok());
    assert_eq!(reader.receive(&message).err(), Some(SessionError::Decryption));
}

#[test]
fn what_an_end_sent_does_not_come_back_to_it() {
    let (mut holder, ..) = met(Handover::Qr);
    let own = holder.send(b"1").unwrap();
    assert_eq!(holder.receive(&own).err(), Some(SessionError::Decryption));
}

#[test]
fn every_error_ends_the_session_and_says_so() {
    let status = |error: SessionError| error.status().map(SessionStatus::number);
    for (message, error, number) in [
        ("a0", SessionError::Cbor(CborError::Shape), Some(11)),
        ("a1", SessionError::Cbor(CborError::Malformed), Some(11)),
        ("a16464617461", SessionError::Cbor(CborError::Malformed), Some(11)),
        (
            "a2646461746140646461746140",
            SessionError::Cbor(CborError::DuplicateKey),
            Some(11),
        ),
        ("a1646461746140", SessionError::Decryption, Some(10)),
        ("a1667374617475736120", SessionError::Cbor(CborError::Shape), Some(11)),
    ] {
        let bytes = hex(message);
        let (mut holder, mut reader, _) = met(Handover::Qr);
        assert_eq!(holder.receive(&bytes).err(), Some(error), "{message}");
        assert_eq!(reader.receive(&bytes).err(), Some(error), "{message}");
        assert_eq!(status(error), number, "{message}");
        for again in [holder.receive(&bytes).err(), reader.receive(&bytes).err()] {
            assert_eq!(again, Some(SessionError::Over), "{message}");
        }
        assert_eq!(status(SessionError::Over), None);
    }
    let (mut holder, mut reader, reader_key) = met(Handover::Qr);
    let key = reader_key.public_key().to_cose_key();
    let establishment = cbor::write(|out| {
        out.map(2).text("eReaderKey").tagged24(&key).text("data").bytes(b"");
    });
    assert_eq!(
        holder.receive(&establishment).err(),
        Some(SessionError::AlreadyEstablished)
    );
    assert_eq!(
        reader.receive(&establishment).err(),
        Some(SessionError::AlreadyEstablished)
    );
}

#[test]
fn nothing_is_sent_or_read_before_both_ends_met() {
    let (device_key, reader_key) = (agreement_key(1), agreement_key(2));
    let engagement = DeviceEngagement::new(device_key.public_key(), Vec::new());
    let wrong = HolderSession::new(engagement.clone(), agreement_key(3), Handover::Qr);
    assert_eq!(wrong.err(), Some(SessionError::DeviceKey));
    let mut reader = ReaderSession::new(&engagement, &reader_key, &Handover::Qr).unwrap();
    assert_eq!(
        reader.receive(&hex("a164646174614100")).err(),
        Some(SessionError::NotEstablished)
    );
    let mut holder = HolderSession::new(engagement.clone(), device_key, Handover::Qr).unwrap();
    assert!(holder.transcript().is_none());
    assert_eq!(holder.send(b"early"), Err(SessionError::NotEstablished));
    let mut waiting = HolderSession::new(engagement.clone(), agreement_key(1), Handover::Qr).unwrap();
    assert_eq!(
        waiting
            .receive(&SessionStatus::Termination.to_message())
            .unwrap()
            .status,
        Some(SessionStatus::Termination)
    );
    // A key without data establishes nothing.
    let key = reader_key.public_key().to_cose_key();
    let only_key = cbor::write(|out| _ = out.map(1).text("eReaderKey").tagged24(&key));
    let mut waiting = HolderSession::new(engagement, agreement_key(1), Handover::Qr).unwrap();
    assert_eq!(
        waiting.receive(&only_key).err(),
        Some(SessionError::Cbor(CborError::Shape))
    );
}

#[test]
fn an_unknown_status_ends_the_session_too() {
    let (mut holder, ..) = met(Handover::Qr);
    let received = holder.receive(&hex("a16673746174757318ff")).unwrap();
    assert_eq!(received.status, Some(SessionStatus::Other(255)));
    assert_eq!(holder.send(b"more"), Err(SessionError::Over));
}

#[test]
fn engagements_that_cannot_be_used_are_refused() {
    let key = agreement_key(1).public_key();
    let cose_key = key.to_cose_key();
    let engagement = |version: &str, suite: u64, key: &[u8]| {
        cbor::write(|out| {
            out.map(2)
                .uint(0)
                .text(version)
                .uint(1)
                .array(2)
                .uint(suite)
                .tagged24(key);
        })
    };
    assert_eq!(
        DeviceEngagement::parse(&engagement("1.1", 1, &cose_key))
            .unwrap()
            .version(),
        "1.1"
    );
    let mut off_curve = cose_key.clone();
    off_curve[74] ^= 1;
    for (bytes, error) in [
        (engagement("2.0", 1, &cose_key), EngagementError::Version),
        (engagement("1.0", 2, &cose_key), EngagementError::CipherSuite),
        (
            engagement("1.0", 1, &off_curve),
            EngagementError::DeviceKey(crate::crypto::CryptoError::InvalidPublicKey),
        ),
        (hex("a10063312e30"), EngagementError::Cbor(CborError::Shape)),
        (hex("a2"), EngagementError::Cbor(CborError::Malformed)),
    ] {
        assert_eq!(DeviceEngagement::parse(&bytes), Err(error));
    }
    let text = DeviceEngagement::new(key, Vec::new()).to_qr();
    assert!(DeviceEngagement::from_qr(&text.replace("mdoc:", "MDOC:")).is_ok());
    for broken in [
        "",
        "mdoc",
        "mdoc:",
        "mdoc:=",
        "https://example.org/",
        &text.replace("mdoc:", "mdoc://"),
    ] {
        let refused = DeviceEngagement::from_qr(broken);
        assert!(
            matches!(refused, Err(EngagementError::Uri | EngagementError::Cbor(_))),
            "{broken}"
        );
    }
    let methods = vec![
        RetrievalMethod::Nfc {
            max_command: 255,
            max_response: 256,
        },
        RetrievalMethod::Ble(BleOptions {
            peripheral_server_mode: true,
            peripheral_server_uuid: Some([7; 16]),
            peripheral_server_address: Some([1; 6]),
            ..BleOptions::default()
        }),
        RetrievalMethod::Other {
            kind: 3,
            version: 1,
            options: vec![0xa0],
        },
    ];
    let made = DeviceEngagement::new(key, methods);
    assert_eq!(DeviceEngagement::parse(made.as_bytes()), Ok(made));
}
