//! The examples of the draft and the negative set.

use super::*;
use crate::vectors;

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
    let cwt = crate::cose::Sign1::parse(&hex(vector["cwt_hex"].as_str().unwrap())).unwrap();
    assert_eq!(cwt.verify(&key(&vector["issuer_key"]), None, &[]), Ok(()));
    let reference = StatusReference::from_cwt_claims(cwt.payload().unwrap())
        .unwrap()
        .unwrap();
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
        let token = StatusListToken::parse(&jwt).and_then(|token| {
            let signers = StatusSigners::Key(&key);
            token.verify(StatusListExpectation { signers, uri: URI }, fetched_at)
        });
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
