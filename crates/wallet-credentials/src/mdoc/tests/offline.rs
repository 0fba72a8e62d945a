//! The offline proof.

use super::*;

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
