//! Keys in their three forms, and signatures by one library checked by the other.

use serde_json::json;

use super::*;

fn key(seed: u64) -> SigningKey {
    SigningKey::from_random(&mut PredictableRandom::from_seed(seed)).unwrap()
}

#[test]
fn a_public_key_survives_each_of_its_forms() {
    let public = key(1).public_key();
    assert_eq!(PublicKey::from_sec1(public.as_sec1()).unwrap(), public);
    assert_eq!(PublicKey::from_jwk(&public.to_jwk()).unwrap(), public);
    assert_eq!(PublicKey::from_cose_key(&public.to_cose_key()).unwrap(), public);
    let compressed = [&[2 + (public.y()[31] & 1)], public.x()].concat();
    assert_eq!(PublicKey::from_sec1(&compressed).unwrap(), public);
}

#[test]
fn extra_members_are_ignored_and_private_ones_refused() {
    let public = key(1).public_key();
    let mut jwk = public.to_jwk();
    jwk["kid"] = json!("k");
    jwk["x-custom"] = json!({"a": 1});
    assert_eq!(PublicKey::from_jwk(&jwk).unwrap(), public);
    jwk["d"] = json!("AAAA");
    assert_eq!(PublicKey::from_jwk(&jwk), Err(CryptoError::PrivateKeyMaterial));
    assert_eq!(VerificationKey::from_jwk(&jwk), Err(CryptoError::PrivateKeyMaterial));

    let mut cose = public.to_cose_key();
    cose[0] = 0xa5;
    let with_kid = [cose.as_slice(), &[0x02, 0x41, 0x07]].concat();
    assert_eq!(PublicKey::from_cose_key(&with_kid).unwrap(), public);
    let with_private = [cose.as_slice(), &[0x23, 0x41, 0x07]].concat();
    assert_eq!(
        PublicKey::from_cose_key(&with_private),
        Err(CryptoError::PrivateKeyMaterial)
    );
}

#[test]
fn points_off_the_curve_are_refused() {
    let mut sec1 = *key(1).public_key().as_sec1();
    sec1[64] ^= 1;
    assert_eq!(PublicKey::from_sec1(&sec1), Err(CryptoError::InvalidPublicKey));
    assert_eq!(PublicKey::from_sec1(&[0]), Err(CryptoError::InvalidPublicKey));
}

#[test]
fn signatures_verify_with_the_right_key_and_message_only() {
    let signer = key(1);
    let signature = signer.sign(b"message").unwrap();
    assert_eq!(verify_es256(&signer.public_key(), b"message", &signature), Ok(()));
    assert_eq!(
        verify_es256(&signer.public_key(), b"massage", &signature),
        Err(CryptoError::InvalidSignature)
    );
    assert_eq!(
        verify_es256(&key(2).public_key(), b"message", &signature),
        Err(CryptoError::InvalidSignature)
    );
    assert_eq!(
        verify_es256(&signer.public_key(), b"message", &signature[..63]),
        Err(CryptoError::InvalidSignature)
    );
}

#[test]
fn private_keys_survive_sealing_and_bad_ones_are_refused() {
    let signer = key(1);
    let again = SigningKey::from_bytes(signer.to_bytes().as_ref()).unwrap();
    assert_eq!(again.public_key(), signer.public_key());
    for bad in [&[0_u8; 32][..], &[0xff; 32], &[1; 31]] {
        assert!(SigningKey::from_bytes(bad).is_err());
        assert!(AgreementKey::from_bytes(bad).is_err());
    }
}

#[test]
fn both_sides_agree_on_one_secret() {
    let mut random = PredictableRandom::from_seed(3);
    let (ours, theirs) = (
        AgreementKey::from_random(&mut random).unwrap(),
        AgreementKey::from_random(&mut random).unwrap(),
    );
    let secret = ours.agree(&theirs.public_key()).unwrap();
    assert_eq!(secret.as_ref(), theirs.agree(&ours.public_key()).unwrap().as_ref());
    // The same scalar is the same key in both libraries.
    let signing = SigningKey::from_bytes(&[7; 32]).unwrap();
    assert_eq!(
        AgreementKey::from_bytes(&[7; 32]).unwrap().public_key(),
        signing.public_key()
    );
}

#[test]
fn a_source_that_fails_makes_no_key() {
    struct Broken;
    impl Random for Broken {
        fn fill(&mut self, _: &mut [u8]) -> Result<(), RandomError> {
            Err(RandomError)
        }
    }
    struct Stuck;
    impl Random for Stuck {
        fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
            out.fill(0xff);
            Ok(())
        }
    }
    assert!(matches!(
        SigningKey::from_random(&mut Broken),
        Err(CryptoError::Random(RandomError))
    ));
    assert!(matches!(
        SigningKey::from_random(&mut Stuck),
        Err(CryptoError::InvalidPrivateKey)
    ));
}
