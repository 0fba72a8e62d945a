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
    let mut compared = 0;
    for case in file["cases"].as_array().unwrap() {
        let bytes = hex_of(case, "hex");
        assert_eq!(cbor::check(&bytes), Ok(()), "{case}");
        let value = crate::mdoc::ElementValue::from_cbor(&bytes).unwrap();
        // Numbers beyond 64 bits are byte strings in tags 2 and 3; what they mean is nobody's business here.
        let is_big = matches!(bytes.first(), Some(0xc2 | 0xc3));
        if let Some(decoded) = case.get("decoded").filter(|_| !is_big) {
            let read = value.to_json();
            // What JSON numbers cannot hold is text.
            let number = read.as_f64().or_else(|| read.as_str()?.parse().ok());
            let same = match (number, decoded.as_f64()) {
                (Some(one), Some(other)) => (one - other).abs() <= one.abs() * f64::EPSILON,
                _ => read == *decoded,
            };
            assert!(same, "{case}: {read}");
            compared += 1;
        }
        if case["roundtrip"] == true {
            let written = value.to_cbor();
            // Numbers with a fraction are written in double precision, whatever precision they came in.
            let fraction = matches!(bytes.first(), Some(0xf9..=0xfb)) || bytes.starts_with(&[0xc1, 0xfb]);
            assert!(fraction || written == bytes, "{case}");
        }
    }
    assert!(compared > 30, "{compared}");
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
    // 84 one-byte items fit, a thousand say nothing a credential would say.
    assert_eq!(cbor::check(&[vec![0x98, 84], vec![0; 84]].concat()), Ok(()));
    let dense = [vec![0x99, 3, 232], vec![0; 1000]].concat();
    assert_eq!(cbor::check(&dense), Err(CborError::TooLarge));
}

#[test]
fn headers_within_headers_do_not_recurse() {
    // A countersignature whose protected header has a countersignature, and so on: a general COSE reader follows them.
    let mut protected = Vec::new();
    for _ in 0..4_000 {
        protected = cbor::write(|out| {
            out.map(1).uint(7).array(1).array(3).bytes(&protected).map(0).bytes(b"");
        });
    }
    let bytes = cbor::write(|out| _ = out.array(4).bytes(&protected).map(0).null().bytes(b""));
    let sign1 = Sign1::parse(&bytes).unwrap();
    assert_eq!(
        sign1.verify(&key().public_key().into(), Some(b""), &[]),
        Err(CoseError::Algorithm)
    );
    assert!(Mac0::parse(&bytes).is_ok());
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

/// A COSE_Sign1 over "content" with this protected header.
fn signed_under(protected: &[u8], sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let signed = cbor::write(|out| {
        out.array(4)
            .text("Signature1")
            .bytes(protected)
            .bytes(&[])
            .bytes(b"content");
    });
    let signature = sign(&signed);
    cbor::write(|out| {
        out.array(4).bytes(protected).map(0).bytes(b"content").bytes(&signature);
    })
}

/// The protected header {1: number}, for a negative number.
fn naming(algorithm: i128) -> Vec<u8> {
    cbor::write(|out| _ = out.map(1).uint(1).int(algorithm))
}

#[test]
fn every_algorithm_verifies_under_both_of_its_numbers() {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{
        ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
    };
    let ecdsa = |algorithm| {
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref()).unwrap()
    };
    let p384 = ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING);
    let p521 = ecdsa(&ECDSA_P521_SHA512_FIXED_SIGNING);
    let ed25519 = Ed25519KeyPair::generate().unwrap();
    let point = |pair: &EcdsaKeyPair| pair.public_key().as_ref().to_vec();
    let keys = [
        VerificationKey::P256(key().public_key()),
        VerificationKey::P384(Box::new(point(&p384).try_into().unwrap())),
        VerificationKey::P521(Box::new(point(&p521).try_into().unwrap())),
        VerificationKey::Ed25519(ed25519.public_key().as_ref().try_into().unwrap()),
    ];
    type Sign<'a> = Box<dyn Fn(&[u8]) -> Vec<u8> + 'a>;
    let signers: [Sign<'_>; 4] = [
        Box::new(|message| key().sign(message).unwrap().to_vec()),
        Box::new(|message| p384.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()),
        Box::new(|message| p521.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()),
        Box::new(|message| ed25519.sign(message).as_ref().to_vec()),
    ];
    // RFC 9053, 2.1 and 2.2; RFC 9864, 2.
    let numbers = [[-7, -9], [-35, -51], [-36, -52], [-8, -19]];
    for (position, signer) in signers.iter().enumerate() {
        for number in numbers[position] {
            let sign1 = Sign1::parse(&signed_under(&naming(number), signer)).unwrap();
            assert_eq!(
                sign1.protected_algorithm(),
                Some(keys[position].algorithm()),
                "{number}"
            );
            for (other, verification_key) in keys.iter().enumerate() {
                let outcome = sign1.verify(verification_key, None, &[]);
                let expected = if other == position {
                    Ok(())
                } else {
                    Err(CoseError::Algorithm)
                };
                assert_eq!(outcome, expected, "{number} with key {other}");
            }
        }
        // The right key, and a number that stands for another algorithm, for none, or for one nobody uses here.
        for number in [-7, -35, -36, -8, -9, -51, -52, -19, -257, -53, -1_000_000, 5]
            .into_iter()
            .map(i128::from)
        {
            let bytes = signed_under(&naming(number), signer);
            let outcome = Sign1::parse(&bytes).unwrap().verify(&keys[position], None, &[]);
            assert_eq!(outcome.is_ok(), numbers[position].contains(&number), "{number}");
        }
    }
}

/// `ecdsa-examples/ecdsa-sig-02` to `-04` of the COSE working group's examples (cose-wg/Examples).
#[test]
fn signatures_of_the_working_group_on_the_other_curves_verify() {
    let key = |curve: &str, x: &str, y: &str| {
        VerificationKey::from_jwk(&serde_json::json!({"kty": "EC", "crv": curve, "x": x, "y": y})).unwrap()
    };
    let p384 = key(
        "P-384",
        "kTJyP2KSsBBhnb4kjWmMF7WHVsY55xUPgb7k64rDcjatChoZ1nvjKmYmPh5STRKc",
        "mM0weMVU2DKsYDxDJkEP9hZiRZtB8fPfXbzINZj_fF7YQRynNWedHEyzAJOX2e8s",
    );
    let p521 = key(
        "P-521",
        "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt",
        "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1",
    );
    let p256 = key(
        "P-256",
        "usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8",
        "IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4",
    );
    for (verification_key, bytes, expected) in [
        (
            p384,
            "D28444A1013822A104445033383454546869732069732074686520636F6E74656E742E5860B8F85EFF78C88F5351CED2F1887B79B2\
             96490795594B62E41E22529BB90208B7D8CDDD4A46D0E9C986464D83D0A5D1EDF39B3E2C5750364230D0E8D76460D8808E76C83830\
             FBBD1978CC174066EB437F17887979ECF027DCC9D51BAF6C4FD8C0",
            Ok(()),
        ),
        (
            p521,
            "D28444A1013823A104581E62696C626F2E62616767696E7340686F626269746F6E2E6578616D706C6554546869732069732074686520\
             636F6E74656E742E5884000F348009BADC7DA478150AA7FA06DFD812CDF826344F17C7330563573D8F97F7A966924C3D88B108907235\
             476E3F6BEA9F3890027792B0F94E905C217227CF064E00A6BC6A5187D0DF9B1DB7675AECFC678CE4692A8121EB8170F3592A859D518F\
             D3B823091AAB22E6C41EB97ED92127CE8C46DCC715A247CB78921FAD1E19133AFC30",
            Ok(()),
        ),
        // SHA-512 with P-256, as the older numbers allow: here a number means one curve (RFC 9864).
        (
            p256,
            "D28444A1013823A10442313154546869732069732074686520636F6E74656E742E5840EAE868ECC176883766C5DC5BA5B8DCA25DAB3C\
             2E56A551CE5705B793914348E14A37288571498A1B64BA08D2063B8749D75CDC9D7F61EB752D23819473F6BD65",
            Err(CoseError::Algorithm),
        ),
    ] {
        let sign1 = Sign1::parse(&hex(bytes)).unwrap();
        assert_eq!(sign1.payload(), Some(b"This is the content.".as_slice()));
        assert_eq!(sign1.verify(&verification_key, None, &[]), expected);
        if expected.is_ok() {
            let refused = sign1.verify(&verification_key, None, b"external");
            assert_eq!(refused, Err(CoseError::Invalid));
        }
    }
}

#[test]
fn macs_are_made_and_checked() {
    let bytes = Mac0::make_detached(&[1; 32], b"content");
    let mac0 = Mac0::parse(&bytes).unwrap();
    assert!(mac0.is_algorithm_protected());
    assert_eq!(mac0.verify(&[1; 32], Some(b"content"), &[]), Ok(()));
    assert_eq!(mac0.verify(&[2; 32], Some(b"content"), &[]), Err(CoseError::Invalid));
    assert_eq!(mac0.verify(&[1; 32], Some(b"other"), &[]), Err(CoseError::Invalid));
    assert_eq!(
        mac0.verify(&[1; 32], Some(b"content"), b"more"),
        Err(CoseError::Invalid)
    );
    assert_eq!(mac0.verify(&[1; 32], None, &[]), Err(CoseError::Payload));
    // A COSE_Sign1's tag, and no array at all.
    assert_eq!(
        Mac0::parse(&[&[0xd2], bytes.as_slice()].concat()).map(drop),
        Err(CoseError::Tag)
    );
    assert_eq!(Mac0::parse(&hex("a0")).map(drop), Err(CoseError::Structure));
}

#[test]
fn a_signature_without_an_algorithm_or_of_another_structure_is_refused() {
    let signer = |message: &[u8]| key().sign(message).unwrap().to_vec();
    let verification_key = key().public_key().into();
    let unnamed = Sign1::parse(&signed_under(&[], signer)).unwrap();
    assert_eq!(unnamed.verify(&verification_key, None, &[]), Err(CoseError::Algorithm));
    // {1: "ES256"}: names are JOSE's.
    let text = cbor::write(|out| _ = out.map(1).uint(1).text("ES256"));
    let named = Sign1::parse(&signed_under(&text, signer)).unwrap();
    assert_eq!(named.protected_algorithm(), None);
    assert_eq!(named.verify(&verification_key, None, &[]), Err(CoseError::Algorithm));
    let good = signed_under(&naming(-7), signer);
    assert!(Sign1::parse(&[&[0xd2], good.as_slice()].concat()).is_ok());
    // COSE_Mac0, COSE_Sign, CWT: not what was asked for.
    for tag in [&[0xd1][..], &[0xd8, 98], &[0xd8, 61]] {
        let tagged = [tag, good.as_slice()].concat();
        assert_eq!(Sign1::parse(&tagged).map(drop), Err(CoseError::Tag));
    }
    for (short, error) in [
        ("80", CoseError::Structure),
        ("8340a040", CoseError::Structure),
        ("8540a0404040", CoseError::Structure),
        ("8440a0f740", CoseError::Structure),
        ("8440a06040", CoseError::Structure),
        ("8441ffa04040", CoseError::Cbor(CborError::Malformed)),
        ("844700a04040", CoseError::Cbor(CborError::Malformed)),
        ("844100a04040", CoseError::Structure),
        ("844100a040", CoseError::Cbor(CborError::Malformed)),
    ] {
        assert_eq!(Sign1::parse(&hex(short)).map(drop), Err(error), "{short}");
    }
}

#[test]
fn strings_in_chunks_are_strings() {
    let bytes = UnsignedSign1::attached(b"content".to_vec(), &[]).sign(&key()).unwrap();
    let whole = cbor::write(|out| _ = out.bytes(b"content"));
    let at = bytes.windows(whole.len()).position(|window| window == whole).unwrap();
    let chunks = hex("5f43636f6e4474656e74ff");
    let sent = [&bytes[..at], &chunks, &bytes[at + whole.len()..]].concat();
    let sign1 = Sign1::parse(&sent).unwrap();
    assert_eq!(sign1.payload(), Some(b"content".as_slice()));
    assert_eq!(sign1.verify(&key().public_key().into(), None, &[]), Ok(()));
}

#[test]
fn an_undefined_payload_is_not_a_detached_one() {
    let mut bytes = UnsignedSign1::detached(&[], &[]).sign(&key()).unwrap();
    assert!(Sign1::parse(&bytes).is_ok());
    assert_eq!(bytes[6], 0xf6);
    bytes[6] = 0xf7;
    assert!(Sign1::parse(&bytes).is_err());
}

#[test]
fn parameters_that_are_not_acted_on_may_have_any_type() {
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
    // {2: 'x'} and {4: undefined, 2: 'x'}, {1: -7} for the second time, {[]: 0}: what else is wrong stays wrong.
    for (unprotected, error) in [
        ("a10241ff", CoseError::Critical),
        ("a204f70241ff", CoseError::Critical),
        ("a10126", CoseError::LabelTwice),
        ("a18000", CoseError::Structure),
        ("40", CoseError::Structure),
    ] {
        let odd = [before, &hex(unprotected), &after[1..]].concat();
        assert_eq!(Sign1::parse(&odd).map(drop), Err(error), "{unprotected}");
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
        let unsigned = if detached { UnsignedSign1::detached(&payload, &[]) } else { UnsignedSign1::attached(payload.clone(), &[]) };
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
