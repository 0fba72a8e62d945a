//! The vectors of `cose-cbor/`, and properties of what is made here.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::crypto::{PredictableRandom, PublicKey, Signer, SigningKey, VerificationKey};
use crate::vectors;

/// The bytes of a hexadecimal text in either case.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn hex_of(case: &Value, name: &str) -> Vec<u8> {
    hex(case.get(name).and_then(Value::as_str).unwrap_or_default())
}

#[test]
fn rfc8949_appendix_a_is_read_and_written() {
    let Some(file) = vectors::load("cose-cbor/cbor-rfc8949-appendix-a.json") else {
        return;
    };
    for case in file["cases"].as_array().unwrap() {
        let bytes = hex_of(case, "hex");
        assert_eq!(cbor::check(&bytes), Ok(()), "{case}");
        if case["roundtrip"] == true
            && let Ok(value) = crate::mdoc::ElementValue::from_cbor(&bytes)
        {
            let written = value.to_cbor();
            // Numbers with a fraction are written in double precision, whatever precision they came in.
            let fraction = matches!(bytes.first(), Some(0xf9..=0xfb)) || bytes.starts_with(&[0xc1, 0xfb]);
            assert!(fraction || written == bytes, "{case}");
        }
    }
}

#[test]
fn invalid_cbor_is_refused_for_its_reason() {
    for (text, reason) in [
        ("", CborError::Malformed),
        ("1c", CborError::Malformed),
        ("62c328", CborError::Malformed),
        ("ff", CborError::Malformed),
        ("f801", CborError::Malformed),
        ("9affffffff", CborError::Malformed),
        ("0000", CborError::TrailingBytes),
        ("a201000100", CborError::DuplicateKey),
        ("a20100180100", CborError::DuplicateKey),
        ("bf616100616101ff", CborError::DuplicateKey),
    ] {
        assert_eq!(cbor::check(&hex(text)), Err(reason), "{text}");
    }
    let deep = [vec![0x81; 64], vec![0]].concat();
    assert_eq!(cbor::check(&deep), Err(CborError::TooDeep));
    let long = [vec![0x9a, 0, 1, 0, 0], vec![0; 0x10000]].concat();
    assert_eq!(cbor::check(&long), Err(CborError::TooLarge));
    assert_eq!(cbor::check(&vec![0; cbor::MAX_BYTES + 1]), Err(CborError::TooLarge));
}

#[test]
fn cose_sign1_examples_end_as_listed() {
    let Some(file) = vectors::load("cose-cbor/cose-sign1.json") else {
        return;
    };
    for case in file["cases"].as_array().unwrap() {
        let input = &case["input"]["sign0"];
        let key = VerificationKey::P256(
            PublicKey::from_jwk(&serde_json::json!({
                "kty": "EC", "crv": "P-256", "x": input["key"]["x"], "y": input["key"]["y"],
            }))
            .unwrap(),
        );
        let external = hex_of(input, "external");
        let outcome = Sign1::parse(&hex_of(case, "cbor_hex")).and_then(|sign1| sign1.verify(&key, None, &external));
        assert_eq!(
            outcome.is_err(),
            case["must_fail"].as_bool().unwrap(),
            "{}: {outcome:?}",
            case["name"]
        );
    }
}

#[test]
fn cose_mac0_examples_end_as_listed() {
    let Some(file) = vectors::load("cose-cbor/cose-mac0.json") else {
        return;
    };
    for case in file["cases"].as_array().unwrap() {
        let input = &case["input"]["mac0"];
        let key = input["recipients"][0]["key"]["k"].as_str().unwrap();
        let key = crate::jose::base64url::decode(key).unwrap();
        let external = hex_of(input, "external");
        let outcome = Mac0::parse(&hex_of(case, "cbor_hex")).and_then(|mac0| mac0.verify(&key, None, &external));
        assert_eq!(
            outcome.is_err(),
            case["must_fail"].as_bool().unwrap(),
            "{}: {outcome:?}",
            case["name"]
        );
    }
}

fn key() -> SigningKey {
    SigningKey::from_random(&mut PredictableRandom::from_seed(7)).unwrap()
}

#[test]
fn esp256_means_es256() {
    // The protected header {1: -9}, as verifiers of RFC 9864 write it.
    let protected = [0xa1, 0x01, 0x28];
    let signed = cbor::write(|out| {
        out.array(4)
            .text("Signature1")
            .bytes(&protected)
            .bytes(&[])
            .bytes(b"content");
    });
    let signature = key().sign(&signed).unwrap();
    let bytes = cbor::write(|out| {
        out.array(4)
            .bytes(&protected)
            .map(0)
            .bytes(b"content")
            .bytes(&signature);
    });
    let sign1 = Sign1::parse(&bytes).unwrap();
    assert_eq!(
        sign1.protected_algorithm(),
        Some(crate::crypto::SignatureAlgorithm::Es256)
    );
    assert_eq!(sign1.verify(&key().public_key().into(), None, &[]), Ok(()));
}

#[test]
fn an_undefined_payload_is_not_a_detached_one() {
    let mut bytes = UnsignedSign1::detached(Vec::new()).sign(&key()).unwrap();
    assert!(Sign1::parse(&bytes).is_ok());
    assert_eq!(bytes[6], 0xf6);
    bytes[6] = 0xf7;
    assert!(Sign1::parse(&bytes).is_err());
}

#[test]
fn an_unprotected_kid_of_another_type_is_left_out() {
    let verification_key = key().public_key().into();
    let bytes = UnsignedSign1::attached(b"content".to_vec(), &[]).sign(&key()).unwrap();
    let (before, after) = bytes.split_at(5);
    assert_eq!(after.first(), Some(&0xa0));
    // {4: undefined} as an issuer in use writes it, {4: "text"}, and {4: 'bytes'} as it should be.
    for unprotected in ["a104f7", "a1046474657874", "a104426964"] {
        let odd = [before, &hex(unprotected), &after[1..]].concat();
        let sign1 = Sign1::parse(&odd).unwrap();
        assert_eq!(sign1.verify(&verification_key, None, &[]), Ok(()), "{unprotected}");
    }
    // {2: 'x'} and {4: undefined, 2: 'x'}: what else is wrong stays wrong.
    for unprotected in ["a10241ff", "a204f70241ff"] {
        let odd = [before, &hex(unprotected), &after[1..]].concat();
        assert_eq!(Sign1::parse(&odd).map(drop), Err(CoseError::Structure), "{unprotected}");
    }
}

#[test]
fn critical_parameters_are_refused() {
    // The protected header {1: -7, 2: [33]}.
    assert_eq!(
        Sign1::parse(&hex("8447a2012602811821a04040")).map(drop),
        Err(CoseError::Critical)
    );
    assert_eq!(Sign1::parse(&hex("8443a10126a04040")).map(drop), Ok(()));
}

proptest! {
    #[test]
    fn what_is_signed_verifies_and_nothing_else(
        payload in proptest::collection::vec(any::<u8>(), 0..200), detached: bool, at: prop::sample::Index, bit in 0_u32..8,
    ) {
        let unsigned = if detached { UnsignedSign1::detached(payload.clone()) } else { UnsignedSign1::attached(payload.clone(), &[]) };
        let bytes = unsigned.sign(&key()).unwrap();
        let given = detached.then_some(payload.as_slice());
        let verification_key = key().public_key().into();
        let sign1 = Sign1::parse(&bytes).unwrap();
        prop_assert_eq!(sign1.verify(&verification_key, given, &[]), Ok(()));
        prop_assert!(sign1.verify(&verification_key, given, b"other").is_err());
        let mut flipped = bytes;
        let at = at.index(flipped.len());
        flipped[at] ^= 1_u8 << bit;
        let outcome = Sign1::parse(&flipped).and_then(|sign1| sign1.verify(&verification_key, given, &[]));
        prop_assert!(outcome.is_err(), "byte {at}");
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _checked = cbor::check(&bytes);
        let _sign1 = Sign1::parse(&bytes);
        let _mac0 = Mac0::parse(&bytes);
    }
}
