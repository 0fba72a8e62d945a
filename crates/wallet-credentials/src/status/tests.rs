//! Status lists against the examples of the draft, the negative set, and against themselves.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::crypto::{PublicKey, SigningKey, VerificationKey};
use crate::jose::{Jws, SigningHeader};
use crate::time::Timestamp;
use crate::vectors;

const URI: &str = "https://status.example.com/lists/1";

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn key(jwk: &Value) -> VerificationKey {
    PublicKey::from_jwk(jwk).unwrap().into()
}

fn instant(value: &Value) -> Timestamp {
    Timestamp::from_unix(value.as_i64().unwrap())
}

/// Everything a wallet does between the token and the status.
fn evaluate(jwt: &str, key: &VerificationKey, uri: &str, index: u64, now: Timestamp) -> Result<u8, StatusError> {
    let token = StatusListToken::parse(jwt)?.verify(StatusListExpectation { key, uri }, now)?;
    token.status_at(index).map(StatusType::value)
}

fn long_list(name: &str) {
    let Some(vector) = vectors::load(name) else { return };
    let list = StatusList::from_claim(&json!({"bits": vector["bits"], "lst": vector["lst_base64url"]})).unwrap();
    let size = vector["size"].as_u64().unwrap();
    assert_eq!(list.check().unwrap(), size);
    let expected = vector["expected_non_zero"].as_object().unwrap();
    for (index, status) in expected {
        assert_eq!(
            u64::from(list.status_at(index.parse().unwrap()).unwrap().value()),
            status.as_u64().unwrap()
        );
    }
    for index in vector["expected_zero_samples"].as_array().unwrap() {
        assert_eq!(list.status_at(index.as_u64().unwrap()), Ok(StatusType::Valid));
    }
    for index in vector["expected_out_of_bounds"].as_array().unwrap() {
        assert_eq!(
            list.status_at(index.as_u64().unwrap()),
            Err(StatusError::IndexOutOfBounds)
        );
    }
    // Our own encoding of the same statuses inflates to the same list.
    let mut ours = StatusListBuilder::new(list.size(), size).unwrap();
    for (index, status) in expected {
        let status = StatusType::from_value(u8::try_from(status.as_u64().unwrap()).unwrap());
        ours.set(index.parse().unwrap(), status).unwrap();
    }
    let ours = ours.compress().unwrap();
    for index in (0..size)
        .step_by(9973)
        .chain(expected.keys().map(|index| index.parse().unwrap()))
    {
        assert_eq!(ours.status_at(index), list.status_at(index));
    }
}

#[test]
fn c1_1bit_2e20() {
    long_list("status-list/c1-1bit-2e20.json");
}

#[test]
fn c3_4bit_2e20() {
    long_list("status-list/c3-4bit-2e20.json");
}

#[test]
fn s4_small_lists() {
    for case in vectors::cases("status-list/s4-small-lists.json") {
        let list = StatusList::from_claim(&json!({"bits": case["bits"], "lst": case["lst_base64url"]})).unwrap();
        let expected = case["expected_statuses"].as_array().unwrap();
        let mut ours = StatusListBuilder::new(list.size(), expected.len() as u64).unwrap();
        for (index, status) in (0_u64..).zip(expected) {
            let found = list.status_at(index).unwrap();
            assert_eq!(u64::from(found.value()), status.as_u64().unwrap());
            ours.set(index, found).unwrap();
        }
        assert_eq!(
            list.status_at(expected.len() as u64),
            Err(StatusError::IndexOutOfBounds)
        );
        let from_hex = StatusList::from_zlib(list.size(), hex(case["zlib_hex"].as_str().unwrap()));
        assert_eq!(from_hex.status_at(0), list.status_at(0));
        assert_eq!(ours.to_claim().unwrap()["lst"], case["lst_base64url"]);
    }
}

#[test]
fn s5_1_status_list_token_jwt() {
    let Some(vector) = vectors::load("status-list/s5.1-status-list-token-jwt.json") else {
        return;
    };
    let jwt = vector["jwt"].as_str().unwrap();
    for step in vector["evaluation"].as_array().unwrap() {
        let (uri, index) = (step["uri"].as_str().unwrap(), step["idx"].as_u64().unwrap());
        let found = evaluate(jwt, &key(&vector["issuer_key"]), uri, index, instant(&step["now"]));
        match step["status"].as_u64() {
            Some(status) => assert_eq!(found.map(u64::from), Ok(status), "{step}"),
            None => assert!(found.is_err(), "{step}"),
        }
    }
}

#[test]
fn s6_3_referenced_token_cwt() {
    let Some(vector) = vectors::load("status-list/s6.3-referenced-token-cwt.json") else {
        return;
    };
    let cwt: ciborium::Value = ciborium::from_reader(hex(vector["cwt_hex"].as_str().unwrap()).as_slice()).unwrap();
    let (_, sign1) = cwt.as_tag().unwrap();
    let claims: ciborium::Value =
        ciborium::from_reader(sign1.as_array().unwrap()[2].as_bytes().unwrap().as_slice()).unwrap();
    let status = claims
        .as_map()
        .unwrap()
        .iter()
        .find(|(label, _)| label.as_integer() == Some(65535.into()))
        .unwrap();
    let reference = StatusReference::from_cbor(&status.1).unwrap().unwrap();
    assert_eq!(vector["expected_status"], reference.to_status_claim());
    assert_eq!(StatusReference::from_cbor(&reference.to_cbor()), Ok(Some(reference)));
}

#[test]
fn negative_status_list() {
    let Some(vector) = vectors::load("negative/status-list.json") else {
        return;
    };
    let key = key(&vector["context"]["status_issuer_jwk"]);
    for case in vector["cases"].as_array().unwrap() {
        let found =
            StatusReference::from_status_claim(&json!({"status_list": case["reference"]})).and_then(|reference| {
                let reference = reference.ok_or(StatusError::Reference)?;
                evaluate(
                    case["jwt"].as_str().unwrap(),
                    &key,
                    &reference.uri,
                    reference.index,
                    instant(&case["now"]),
                )
            });
        match case["expected"]["status"].as_u64() {
            Some(status) => assert_eq!(found.map(u64::from), Ok(status), "{}", case["name"]),
            None => assert!(found.is_err(), "{}", case["name"]),
        }
    }
}

#[test]
fn caching_cases() {
    let Some(vector) = vectors::load("status-list/caching-cases.json") else {
        return;
    };
    let signer = SigningKey::from_bytes(&[5; 32]).unwrap();
    let key = signer_key(&signer);
    for case in vector["cases"].as_array().unwrap() {
        let list = StatusListBuilder::new(StatusSize::One, 8).unwrap().to_claim().unwrap();
        let mut claims = json!({"sub": URI, "iat": case["iat"], "status_list": list});
        for name in ["exp", "ttl"] {
            if !case[name].is_null() {
                claims[name] = case[name].clone();
            }
        }
        let jwt = SigningHeader::new(TOKEN_TYPE).sign_json(&claims, &signer).unwrap();
        let fetched_at = instant(&vector["fetched_at"]);
        let token = StatusListToken::parse(&jwt)
            .and_then(|token| token.verify(StatusListExpectation { key: &key, uri: URI }, fetched_at));
        let outcome = token.map(|token| token.freshness(fetched_at, instant(&case["now"])));
        let action = case["action"].as_str().unwrap();
        let expected = match action {
            "use cached" => Ok(Freshness::Fresh),
            "refresh" | "local policy; refresh" => Ok(Freshness::Stale),
            "must not rely (expired), refresh" => Ok(Freshness::Expired),
            "reject (ttl must be positive)" => Err(StatusError::TimeToLive),
            other if other.ends_with("(iat in future)") => Err(StatusError::FromTheFuture),
            other => panic!("unknown action {other}"),
        };
        assert_eq!(outcome, expected, "{case}");
    }
}

fn signer_key(signer: &SigningKey) -> VerificationKey {
    use crate::crypto::Signer as _;
    signer.public_key().into()
}

#[test]
fn a_list_signed_here_is_read_here() {
    let signer = SigningKey::from_bytes(&[5; 32]).unwrap();
    let mut list = StatusListBuilder::new(StatusSize::Two, 1000).unwrap();
    list.set(7, StatusType::Suspended).unwrap();
    list.set(8, StatusType::Invalid).unwrap();
    assert_eq!(list.set(1000, StatusType::Invalid), Err(StatusError::IndexOutOfBounds));
    assert_eq!(list.set(1, StatusType::Other(4)), Err(StatusError::StatusTooLarge));
    let now = Timestamp::from_unix(1_800_000_000);
    let lifetime = Lifetime {
        validity: Duration::from_secs(3600),
        time_to_live: Duration::from_secs(60),
    };
    let jwt = list
        .sign(URI, now, lifetime, SigningHeader::new("").x5c(&[[1_u8]]), &signer)
        .unwrap();
    assert_eq!(Jws::parse(&jwt).unwrap().header().x5c, [[1]]);
    let status = |index| evaluate(&jwt, &signer_key(&signer), URI, index, now);
    assert_eq!(
        (status(6), status(7), status(8), status(9)),
        (Ok(0), Ok(2), Ok(1), Ok(0))
    );
    list.set(7, StatusType::Valid).unwrap();
    assert_eq!(list.compress().unwrap().status_at(7), Ok(StatusType::Valid));
}

#[test]
fn references_are_bounded() {
    let refused = [
        json!(null),
        json!({"status_list": {}}),
        json!({"status_list": {"idx": 1.5, "uri": "https://a"}}),
        json!({"status_list": {"idx": 1, "uri": ""}}),
        json!({"status_list": {"idx": 1, "uri": "a".repeat(3000)}}),
    ];
    for status in refused {
        assert_eq!(
            StatusReference::from_status_claim(&status),
            Err(StatusError::Reference),
            "{status}"
        );
    }
    assert_eq!(StatusReference::from_status_claim(&json!({"other": 1})), Ok(None));
}

proptest! {
    #[test]
    fn arbitrary_lists_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), index in any::<u64>()) {
        let list = StatusList::from_zlib(StatusSize::Four, bytes);
        let _ = list.check();
        prop_assert!(list.status_at(index).is_err() || index < MAX_LIST_BYTES * 2);
    }

    #[test]
    fn every_status_is_found_again(bits in prop_oneof![Just(1_u64), Just(2), Just(4), Just(8)],
                                   statuses in proptest::collection::vec(any::<u8>(), 1..400)) {
        let size = StatusSize::from_bits(bits).unwrap();
        let mask = u8::MAX >> (8 - size.bits());
        let mut builder = StatusListBuilder::new(size, statuses.len() as u64).unwrap();
        for (index, status) in (0_u64..).zip(&statuses) {
            builder.set(index, StatusType::from_value(status & mask)).unwrap();
        }
        let list = builder.compress().unwrap();
        for (index, status) in (0_u64..).zip(&statuses) {
            prop_assert_eq!(list.status_at(index).unwrap().value(), status & mask);
        }
    }
}
