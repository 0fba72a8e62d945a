//! Every signature algorithm, verified over what another library signed.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair,
};

use super::*;

/// Signs a message.
type Sign<'a> = dyn Fn(&[u8]) -> Vec<u8> + 'a;

/// A key pair with its JWK and a way to sign.
struct Pair {
    alg: &'static str,
    jwk: Value,
    sign: Box<Sign<'static>>,
}

fn ecdsa(alg: &'static str, crv: &str, algorithm: &'static EcdsaSigningAlgorithm) -> Pair {
    let pair = EcdsaKeyPair::generate(algorithm).unwrap();
    let point = pair.public_key().as_ref();
    let (x, y) = point[1..].split_at(point.len() / 2);
    Pair {
        alg,
        jwk: json!({"kty": "EC", "crv": crv, "x": base64url::encode(x), "y": base64url::encode(y)}),
        sign: Box::new(move |message| pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()),
    }
}

fn pairs() -> Vec<Pair> {
    let pair = Ed25519KeyPair::generate().unwrap();
    vec![
        ecdsa("ES256", "P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
        ecdsa("ES384", "P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
        ecdsa("ES512", "P-521", &ECDSA_P521_SHA512_FIXED_SIGNING),
        Pair {
            alg: "EdDSA",
            jwk: json!({"kty": "OKP", "crv": "Ed25519", "x": base64url::encode(pair.public_key().as_ref())}),
            sign: Box::new(move |message| pair.sign(message).as_ref().to_vec()),
        },
    ]
}

fn jws(alg: &str, sign: &Sign<'_>) -> String {
    let header = json!({"alg": alg}).to_string();
    let input = format!(
        "{}.{}",
        base64url::encode(header.as_bytes()),
        base64url::encode(b"payload")
    );
    format!("{input}.{}", base64url::encode(&sign(input.as_bytes())))
}

fn verify(text: &str, key: &VerificationKey) -> Result<Vec<u8>, JwsError> {
    Jws::parse(text).and_then(|jws| jws.verify(key))
}

#[test]
fn each_key_verifies_its_own_algorithm_only() {
    let pairs = pairs();
    for pair in &pairs {
        let key = VerificationKey::from_jwk(&pair.jwk).unwrap();
        assert_eq!(
            verify(&jws(pair.alg, &pair.sign), &key).unwrap(),
            b"payload",
            "{}",
            pair.alg
        );
        for other in &pairs {
            if other.alg != pair.alg {
                let text = jws(other.alg, &pair.sign);
                assert_eq!(
                    verify(&text, &key),
                    Err(JwsError::Algorithm),
                    "{} as {}",
                    pair.alg,
                    other.alg
                );
            }
        }
        let stranger = pairs_of(pair.alg);
        assert_eq!(
            verify(&jws(pair.alg, &stranger.sign), &key),
            Err(JwsError::Signature),
            "{}",
            pair.alg
        );
    }
}

fn pairs_of(alg: &str) -> Pair {
    pairs().into_iter().find(|pair| pair.alg == alg).unwrap()
}

#[test]
fn any_flipped_bit_of_a_signed_object_is_refused() {
    for pair in pairs() {
        let key = VerificationKey::from_jwk(&pair.jwk).unwrap();
        let text = jws(pair.alg, &pair.sign);
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut changed = text.clone().into_bytes();
                changed[at] ^= 1 << bit;
                let Ok(changed) = String::from_utf8(changed) else {
                    continue;
                };
                assert!(verify(&changed, &key).is_err(), "{}: byte {at}, bit {bit}", pair.alg);
            }
        }
    }
}

#[test]
fn signatures_of_another_length_are_none() {
    for pair in pairs() {
        let key = VerificationKey::from_jwk(&pair.jwk).unwrap();
        for change in [
            &|signature: &mut Vec<u8>| signature.truncate(signature.len() - 1),
            &|signature: &mut Vec<u8>| signature.push(0),
            &|signature: &mut Vec<u8>| signature.insert(0, 0),
            &|signature: &mut Vec<u8>| signature.clear(),
            &|signature: &mut Vec<u8>| signature.fill(0),
            &|signature: &mut Vec<u8>| signature.fill(0xff),
        ] as [&dyn Fn(&mut Vec<u8>); 6]
        {
            let text = jws(pair.alg, &|message| {
                let mut signature = (pair.sign)(message);
                change(&mut signature);
                signature
            });
            assert_eq!(verify(&text, &key), Err(JwsError::Signature), "{}", pair.alg);
        }
    }
}

/// RFC 8037, Appendix A.4.
#[test]
fn rfc8037_a_4_ed25519() {
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR\
                4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let key = VerificationKey::from_jwk(&jwk).unwrap();
    assert_eq!(verify(text, &key).unwrap(), b"Example of Ed25519 signing");
}

/// RFC 7515, Appendix A.3.
#[test]
fn rfc7515_a_3_es256() {
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let text = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cn\
                VlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let key = VerificationKey::from_jwk(&jwk).unwrap();
    assert!(verify(text, &key).unwrap().starts_with(br#"{"iss":"joe","#));
}
