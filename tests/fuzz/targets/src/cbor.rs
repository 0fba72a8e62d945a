//! CBOR, COSE and the structures of ISO mdoc.

use wallet_credentials::cose::{CborError, Mac0, Sign1};
use wallet_credentials::crypto::PublicKey;
use wallet_credentials::mdoc::{
    DeviceEngagement, DeviceRequest, DeviceResponse, DeviceResponseContext, ElementValue, EncryptionInfo, Handover,
    HolderSession, IssuerSigned, MdocError, OfflineProof, SessionTranscript,
};
use wallet_credentials::verified::Verified;

use crate::made;
use crate::world::{NOW, world};

/// One CBOR data item: what is accepted encodes again, to something that is accepted and encodes to the same.
pub fn cbor(data: &[u8]) {
    let Ok(value) = ElementValue::from_cbor(data) else {
        return;
    };
    let encoded = value.to_cbor();
    match ElementValue::from_cbor(&encoded) {
        Ok(again) => assert_eq!(again.to_cbor(), encoded, "the encoding is stable"),
        // Items may be as many as the bytes allow; shorter forms of the same items are fewer bytes.
        Err(error) => assert!(error == CborError::TooLarge && encoded.len() < data.len(), "{error}"),
    }
    let json = serde_json::to_vec(&value.to_json()).expect("every value has a JSON form");
    assert!(json.len() < 64 * data.len() + 64, "the JSON form stays in proportion");
}

/// COSE_Sign1 and COSE_Mac0: nothing verifies under a key that did not sign it.
pub fn cose(data: &[u8]) {
    if let Ok(sign1) = Sign1::parse(data) {
        for detached in [None, Some(&b"payload"[..])] {
            assert!(sign1.verify(&world().foreign_key(), detached, &[]).is_err());
        }
        if let Ok(chain) = sign1.x5chain() {
            assert!((1..=8).contains(&chain.len()));
        }
        let _ = sign1.protected_text(16);
    }
    if let Ok(mac0) = Mac0::parse(data) {
        assert!(mac0.verify(&[0x5a; 32], Some(b"payload"), &[]).is_err());
        assert!(mac0.verify(&[0x5a; 32], None, &[]).is_err());
        let _ = mac0.is_algorithm_protected();
    }
    if let Ok(key) = PublicKey::from_cose_key(data) {
        assert_eq!(PublicKey::from_cose_key(&key.to_cose_key()), Ok(key));
        assert_eq!(PublicKey::from_jwk(&key.to_jwk()), Ok(key));
        assert_eq!(PublicKey::from_sec1(key.as_sec1()), Ok(key));
    }
    if let Ok(transcript) = SessionTranscript::from_encoded(data.to_vec()) {
        assert_eq!(transcript.as_bytes(), data);
    }
}

/// `IssuerSigned`: only what the issuer signed verifies, and narrowing yields what was asked and nothing else.
pub fn issuer_signed(data: &[u8]) {
    let Ok(document) = IssuerSigned::parse(data) else {
        return;
    };
    let document = document.dangerous_assume_verified();
    narrowing(&document);
    let again = || IssuerSigned::parse(data).expect("the same bytes parse again");
    assert!(
        again().verify(&world().foreign_anchors, NOW).is_err(),
        "a stranger's anchors"
    );
    if let Ok(verified) = again().verify(&world().anchors, NOW) {
        assert!(verified.trusted_by().is_some());
        only_what_was_signed(&verified);
    }
}

fn only_what_was_signed(verified: &IssuerSigned) {
    let signed = made::elements();
    assert_eq!(verified.doc_type(), made::MDL);
    for (name_space, element) in verified.elements() {
        assert!(
            signed.iter().any(|(space, name, value)| {
                *space == name_space && *name == element.identifier() && value == element.value()
            }),
            "an element nobody signed"
        );
    }
}

fn narrowing(document: &Verified<IssuerSigned>) {
    let all: Vec<(&str, &str)> = document
        .elements()
        .map(|(name_space, element)| (name_space, element.identifier()))
        .collect();
    assert!(matches!(
        document.narrow(&[("no such name space", "none")]).err(),
        Some(MdocError::NoSuchElement)
    ));
    // Every other element.
    let wanted: Vec<(&str, &str)> = all.iter().copied().step_by(2).collect();
    let Ok(narrowed) = document.narrow(&wanted) else {
        panic!("elements of the document can be shown");
    };
    assert!(
        narrowed
            .elements()
            .all(|(space, name, _)| wanted.contains(&(space, name))),
        "more than was asked"
    );
    let shown: Vec<_> = narrowed
        .elements()
        .map(|(space, name, value)| (space.to_owned(), name.to_owned(), value.to_cbor()))
        .collect();
    assert!(
        wanted
            .iter()
            .all(|(space, name)| shown.iter().any(|(s, n, _)| s == space && n == name))
    );
    let unsigned = narrowed.prepare(&world().transcript);
    let bytes = unsigned.finalise(&[0x11; 64]);
    let response = DeviceResponse::parse(&bytes).expect("our own response parses");
    let response = response.dangerous_assume_verified();
    let [sent] = response.documents() else {
        panic!("one document");
    };
    let left: Vec<_> = sent
        .issuer_signed()
        .elements()
        .map(|(space, element)| {
            (
                space.to_owned(),
                element.identifier().to_owned(),
                element.value().to_cbor(),
            )
        })
        .collect();
    assert_eq!(left, shown, "what leaves is what was shown");
}

/// `DeviceResponse`: it verifies in its session only, under the right anchors only, and says only what was signed.
pub fn device_response(data: &[u8]) {
    let Ok(response) = DeviceResponse::parse(data) else {
        return;
    };
    let context = |anchors, transcript| DeviceResponseContext {
        anchors,
        transcript,
        reader_key: Some(&world().agreement),
    };
    let again = || DeviceResponse::parse(data).expect("the same bytes parse again");
    let foreign = context(&world().foreign_anchors, &world().transcript);
    assert!(again().verify(foreign, NOW).is_err(), "a stranger's anchors");
    let other = context(&world().anchors, &world().other_transcript);
    assert!(again().verify(other, NOW).is_err(), "another session");
    if let Ok(verified) = response.verify(context(&world().anchors, &world().transcript), NOW) {
        assert!(!verified.documents().is_empty());
        for document in verified.documents() {
            assert_eq!(document.doc_type(), document.issuer_signed().doc_type());
            only_what_was_signed(document.issuer_signed());
            assert!(document.device_elements().is_empty(), "the holder signed none");
        }
    }
}

/// `DeviceRequest`: bounded, and a reader is known only by a signature over this very request in this very session.
pub fn device_request(data: &[u8]) {
    let Ok(request) = DeviceRequest::parse(data) else {
        return;
    };
    assert!(request.requests().len() <= 16);
    for asked in request.requests() {
        assert!(asked.elements().len() <= data.len());
        if let Ok((chain, anchor)) = asked.verify_reader(&world().transcript, &world().foreign_anchors, NOW) {
            assert!(asked.has_reader_auth() && !chain.is_empty());
            assert!(anchor.is_none(), "a stranger's anchors");
            assert!(
                asked
                    .verify_reader(&world().other_transcript, &world().anchors, NOW)
                    .is_err(),
                "another session"
            );
        }
    }
}

/// The mobile security object alone: the input is `MobileSecurityObjectBytes`, wrapped unsigned into an
/// `IssuerSigned`. What is read is within bounds, and an unsigned one never verifies.
pub fn mso(data: &[u8]) {
    if data.len() > 64 * 1024 {
        return;
    }
    let wrapped = wrap_mso(data);
    let Ok(document) = IssuerSigned::parse(&wrapped) else {
        return;
    };
    {
        let mso = document.dangerous_assume_verified();
        let mso = mso.mso();
        let _ = (mso.version(), mso.digest_algorithm(), mso.validity(), mso.status());
        assert!(mso.digest_counts().map(|(_, count)| count).sum::<usize>() <= data.len());
        let authorizations = mso.key_authorizations();
        assert!(authorizations.name_spaces.len() + authorizations.elements.len() <= data.len());
    }
    let again = || IssuerSigned::parse(&wrapped).expect("the same bytes parse again");
    assert!(again().verify(&world().anchors, NOW).is_err(), "nobody signed this");
}

/// An `IssuerSigned` without elements around these MSO bytes, with the issuer's certificate and a signature of zeroes.
pub fn wrap_mso(data: &[u8]) -> Vec<u8> {
    let der = world().issuer.certificate.as_der();
    let mut out = vec![0xa1, 0x6a];
    out.extend_from_slice(b"issuerAuth");
    out.extend_from_slice(&[0x84, 0x43, 0xa1, 0x01, 0x26, 0xa1, 0x18, 0x21]);
    bytes(der, &mut out);
    bytes(data, &mut out);
    bytes(&[0; 64], &mut out);
    out
}

/// A CBOR byte string.
fn bytes(content: &[u8], out: &mut Vec<u8>) {
    out.push(0x5a);
    out.extend_from_slice(&u32::try_from(content.len()).unwrap().to_be_bytes());
    out.extend_from_slice(content);
}

/// The payload of an offline proof: what is read encodes to what is read.
pub fn offline_proof(data: &[u8]) {
    let Ok(proof) = OfflineProof::decode(data) else {
        return;
    };
    assert!(proof.issued_at() <= proof.expires_at());
    let again = OfflineProof::decode(&proof.encode()).ok();
    assert!(again == Some(proof.clone()), "it is read as it was written");
    if let Ok(response) = DeviceResponse::parse(proof.device_response()) {
        let transcript = proof.transcript();
        let context = DeviceResponseContext {
            anchors: &world().foreign_anchors,
            transcript: &transcript,
            reader_key: None,
        };
        assert!(response.verify(context, NOW).is_err());
    }
}

/// Proximity: a device engagement, the encryption info of the browser's interface, and messages of a session at both
/// ends. A message that did not come from the other end ends the session.
pub fn session(data: &[u8]) {
    if let Ok(engagement) = DeviceEngagement::parse(data) {
        assert_eq!(engagement.as_bytes(), data);
        let again = DeviceEngagement::from_qr(&engagement.to_qr()).expect("a QR code reads as it is written");
        assert_eq!(again.as_bytes(), data);
        let made = DeviceEngagement::new(*engagement.e_device_key(), engagement.retrieval_methods().to_vec());
        let again = DeviceEngagement::parse(made.as_bytes()).expect("an engagement reads as it is written");
        assert_eq!(again.retrieval_methods(), engagement.retrieval_methods());
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = DeviceEngagement::from_qr(text);
        if let Ok(info) = EncryptionInfo::parse(text) {
            assert_eq!(info.as_str(), text);
        }
    }
    messages(data);
}

fn messages(data: &[u8]) {
    let engagement = DeviceEngagement::parse(&made::engagement()).expect("our own engagement");
    let holder = || HolderSession::new(engagement.clone(), made::device_ephemeral(), Handover::Qr);
    let mut fresh = holder().expect("the key is the one of the engagement");
    match fresh.receive(data) {
        Ok(received) => {
            let sent = received
                .data
                .as_ref()
                .is_none_or(|data| data.as_slice() == made::SESSION_REQUEST);
            assert!(sent, "a message nobody sent");
        }
        Err(_) => assert!(
            fresh.receive(data).is_err() && fresh.send(b"x").is_err(),
            "the session is over"
        ),
    }
    let mut reader = made::reader_session();
    let mut established = holder().expect("the key is the one of the engagement");
    let first = reader.send(made::SESSION_REQUEST).expect("the first message");
    let received = established.receive(&first).ok().and_then(|received| received.data);
    assert_eq!(
        received.as_ref().map(|data| data.as_slice()),
        Some(made::SESSION_REQUEST)
    );
    if let Ok(received) = established.receive(data) {
        assert!(
            received.data.is_none() && received.status.is_some(),
            "a message nobody sent"
        );
    }
    if let Ok(received) = reader.receive(data) {
        assert!(
            received.data.is_none() && received.status.is_some(),
            "a message nobody sent"
        );
    }
}
