//! JOSE against the examples of the RFCs, OpenID4VP and OpenID4VCI, and against itself.

mod algorithms;
mod bounds;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::jwe::{self, JweHeader, Recipient};
use super::*;
use crate::crypto::{
    AgreementKey, CryptoError, PredictableRandom, PublicKey, Signer, SigningKey, VerificationKey, sha256,
};
use crate::trust::Certificate;
use crate::vectors;

fn agreement_key(jwk: &Value) -> AgreementKey {
    AgreementKey::from_bytes(&base64url::decode(jwk["d"].as_str().unwrap()).unwrap()).unwrap()
}

fn public(jwk: &Value) -> Value {
    let mut jwk = jwk.clone();
    jwk.as_object_mut().unwrap().remove("d");
    jwk
}

fn random() -> PredictableRandom {
    PredictableRandom::from_seed(7)
}

#[test]
fn rfc7518_appc_ecdh_es() {
    let Some(vector) = vectors::load("jose/rfc7518-appc-ecdh-es.json") else {
        return;
    };
    let alice = agreement_key(&vector["alice_ephemeral"]);
    let bob = PublicKey::from_jwk(&public(&vector["bob_static"])).unwrap();
    let shared = alice.agree(&bob).unwrap();
    let hex: String = shared.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(vector["expected"]["Z_hex"], hex);
    let key = jwe::concat_kdf(shared.as_ref(), "A128GCM", b"Alice", b"Bob", 16).unwrap();
    assert_eq!(vector["expected"]["derived_key_base64url"], base64url::encode(&key));
}

#[test]
fn rfc7520_4_3_es512() {
    let Some(vector) = vectors::load("jose/rfc7520-4.3-es512.json") else {
        return;
    };
    let key = VerificationKey::from_jwk(&public(&vector["input"]["key"])).unwrap();
    let text = vector["output"]["compact"].as_str().unwrap();
    let payload = Jws::parse(text).unwrap().verify(&key).unwrap();
    assert_eq!(vector["input"]["payload"], String::from_utf8(payload).unwrap());
    let broken = text.replace("AE_R", "AE_S");
    assert_eq!(Jws::parse(&broken).unwrap().verify(&key), Err(JwsError::Signature));
}

#[test]
fn rfc7636_pkce() {
    let Some(vector) = vectors::load("jose/rfc7636-pkce.json") else {
        return;
    };
    let verifier = vector["code_verifier"].as_str().unwrap();
    assert_eq!(
        vector["expected_code_challenge_S256"],
        base64url::encode(&sha256(verifier.as_bytes()))
    );
}

#[test]
fn rfc7638_thumbprint() {
    let Some(vector) = vectors::load("jose/rfc7638-thumbprint.json") else {
        return;
    };
    assert_eq!(
        vector["expected_thumbprint"],
        base64url::encode(&thumbprint(&vector["jwk"]).unwrap())
    );
}

#[test]
fn rfc9449_dpop_token_request() {
    let Some(vector) = vectors::load("jose/rfc9449-dpop-token-request.json") else {
        return;
    };
    let jws = Jws::parse(vector["dpop_proof"].as_str().unwrap()).unwrap();
    assert_eq!(vector["expected_header"], Value::Object(jws.header().members.clone()));
    assert!(jws.header().is_type("dpop+jwt"));
    let key = PublicKey::from_jwk(jws.header().jwk.as_ref().unwrap()).unwrap();
    let payload: Value = serde_json::from_slice(&jws.verify(&key.into()).unwrap()).unwrap();
    assert_eq!(vector["expected_payload"], payload);
    assert_eq!(vector["jkt"], base64url::encode(&key.thumbprint()));
    assert_eq!(
        key.thumbprint(),
        thumbprint(jws.header().jwk.as_ref().unwrap()).unwrap()
    );
}

#[test]
fn openid4vci_wallet_attestation() {
    let Some(vector) = vectors::load("openid4vci/wallet-attestation.json") else {
        return;
    };
    let jws = Jws::parse(vector["jwt"].as_str().unwrap()).unwrap();
    assert!(jws.header().is_type("oauth-client-attestation+jwt"));
    let mut header = jws.header().members.clone();
    header.remove("x5c");
    assert_eq!(vector["expected_header_without_x5c"], Value::Object(header));
    assert_eq!(vector["signature_valid_with_x5c_leaf"], true);
    let leaf = Certificate::from_der(&jws.header().x5c[0]).unwrap();
    let payload = jws.verify(&leaf.verification_key().unwrap()).unwrap();
    let payload = json::parse(&payload).unwrap();
    assert_eq!(vector["expected_payload"], payload);
    // What the attested wallet proves possession of.
    assert!(PublicKey::from_jwk(&payload["cnf"]["jwk"]).is_ok());
    let stranger = SigningKey::from_bytes(&[3; 32]).unwrap().public_key();
    assert_eq!(jws.verify(&stranger.into()), Err(JwsError::Signature));
}

#[test]
fn a_key_set_answers_with_the_one_key_meant() {
    let jwk = |seed: u8, more: Value| {
        let mut jwk = SigningKey::from_bytes(&[seed; 32]).unwrap().public_key().to_jwk();
        jwk.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        jwk
    };
    let key = |seed: u8| VerificationKey::from(SigningKey::from_bytes(&[seed; 32]).unwrap().public_key());
    let set = |keys: Value| JwkSet::parse(json!({"keys": keys}).to_string().as_bytes()).unwrap();
    let keys = set(json!([
        {"kty": "RSA", "kid": "rsa", "n": "AQAB", "e": "AQAB"},
        {"kty": "oct", "kid": "secret", "k": "AAAA"},
        jwk(1, json!({"kid": "one", "use": "sig", "alg": "ES256", "key_ops": ["verify"]})),
        jwk(2, json!({"kid": "two"})),
        jwk(3, json!({"kid": "encrypts", "use": "enc"})),
        jwk(3, json!({"kid": "derives", "key_ops": ["deriveKey"]})),
        jwk(3, json!({"kid": "other", "alg": "ES384"})),
        jwk(3, json!({"kid": "twice"})),
        jwk(4, json!({"kid": "twice"})),
    ]));
    assert_eq!(keys.signature_key(Some("one")), Some(&key(1)));
    assert_eq!(keys.signature_key(Some("two")), Some(&key(2)));
    for absent in ["rsa", "secret", "encrypts", "derives", "other", "twice", "none", ""] {
        assert_eq!(keys.signature_key(Some(absent)), None, "{absent}");
    }
    assert_eq!(keys.signature_key(None), None);
    assert_eq!(set(json!([jwk(1, json!({}))])).signature_key(None), Some(&key(1)));
    assert_eq!(set(json!([jwk(1, json!({}))])).signature_key(Some("one")), None);
    for refused in [
        json!({}),
        json!({"keys": {}}),
        json!({"keys": [1]}),
        json!({"keys": vec![json!({}); 65]}),
        json!([]),
    ] {
        assert!(JwkSet::parse(refused.to_string().as_bytes()).is_err(), "{refused}");
    }
}

#[test]
fn negative_jwe_ecdh_es() {
    let Some(vector) = vectors::load("negative/jwe-ecdh-es.json") else {
        return;
    };
    let key = agreement_key(&vector["context"]["private_jwk"]);
    for case in vector["cases"].as_array().unwrap() {
        let outcome = jwe::decrypt(case["jwe"].as_str().unwrap(), &key);
        assert_eq!(outcome.is_ok(), case["accept"] == true, "{}", case["name"]);
        assert!(outcome.is_ok() || outcome.err() == Some(JweError::NotDecrypted));
    }
}

#[test]
fn openid4vp_encrypted_response_spec() {
    let Some(vector) = vectors::load("openid4vp/encrypted-response-spec.json") else {
        return;
    };
    let opened = jwe::decrypt(
        vector["response_jwe"].as_str().unwrap(),
        &agreement_key(&vector["verifier_private_jwk"]),
    )
    .unwrap();
    assert_eq!(
        vector["expected_payload"],
        serde_json::from_slice::<Value>(&opened.plaintext).unwrap()
    );
    assert_eq!(opened.header.kid.as_deref(), vector["expected_header"]["kid"].as_str());
    assert_eq!(opened.header.enc, ContentEncryption::A128Gcm);
    // Of the four keys on offer only the one on P-256 is usable.
    let chosen = choose_encryption_key(&vector["request"]["client_metadata"]["jwks"]).unwrap();
    assert_eq!(chosen.kid.as_deref(), Some("ac"));
}

#[test]
fn openid4vci_encrypted_credential_response() {
    let Some(vector) = vectors::load("openid4vci/encrypted-credential-response.json") else {
        return;
    };
    let opened = jwe::decrypt(
        vector["response_body"].as_str().unwrap(),
        &agreement_key(&vector["wallet_private_jwk"]),
    )
    .unwrap();
    assert_eq!(
        vector["expected_payload"],
        serde_json::from_slice::<Value>(&opened.plaintext).unwrap()
    );
    assert_eq!(opened.header.enc, ContentEncryption::A256Gcm);
}

#[test]
fn what_is_encrypted_here_opens_here() {
    let key = AgreementKey::from_bytes(&[9; 32]).unwrap();
    let other = AgreementKey::from_bytes(&[8; 32]).unwrap();
    let to = EncryptionKey {
        key: key.public_key(),
        kid: Some("k1".to_owned()),
    };
    for enc in [
        ContentEncryption::A128Gcm,
        ContentEncryption::A256Gcm,
        ContentEncryption::A128CbcHs256,
    ] {
        for (apu, apv) in [(&b""[..], &b""[..]), (b"producer", b"nonce")] {
            for plaintext in [&b""[..], b"sixteen bytes ok", b"{\"vp_token\":{}}"] {
                let text = jwe::encrypt(
                    plaintext,
                    &Recipient {
                        compressed: false,
                        key: &to,
                        enc,
                        apu,
                        apv,
                    },
                    &mut random(),
                )
                .unwrap();
                let header = JweHeader::peek(&text).unwrap();
                assert_eq!((header.kid.as_deref(), header.enc), (Some("k1"), enc));
                assert_eq!(jwe::decrypt(&text, &key).unwrap().plaintext.as_slice(), plaintext);
                assert_eq!(jwe::decrypt(&text, &other).err(), Some(JweError::NotDecrypted));
            }
        }
    }
}

#[test]
fn unusable_encryption_keys_are_skipped() {
    let good = EncryptionKey {
        key: SigningKey::from_bytes(&[3; 32]).unwrap().public_key(),
        kid: None,
    };
    let mut for_signing = good.to_jwk();
    for_signing["use"] = json!("sig");
    let mut wrapped = good.to_jwk();
    wrapped["alg"] = json!("ECDH-ES+A256KW");
    let mut private = good.to_jwk();
    private["d"] = json!("AAAA");
    let keys = json!({"keys": [
        17, {"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"}, {"kty": "invented"}, for_signing, wrapped, private,
        good.to_jwk(),
    ]});
    assert_eq!(choose_encryption_key(&keys), Some(good));
    assert_eq!(choose_encryption_key(&json!({"keys": []})), None);
    assert_eq!(choose_encryption_key(&json!([])), None);
}

#[test]
fn a_signed_object_can_be_read_with_the_right_key_only() {
    let signer = SigningKey::from_bytes(&[3; 32]).unwrap();
    let header = SigningHeader::new("oauth-authz-req+jwt")
        .kid("k")
        .x5c(&[[1_u8, 2, 3]])
        .jwk(&signer.public_key());
    let text = header.sign_json(&json!({"nonce": "n"}), &signer).unwrap();
    let jws = Jws::parse(&text).unwrap();
    assert_eq!(jws.header().x5c, [[1, 2, 3]]);
    assert_eq!(jws.header().kid.as_deref(), Some("k"));
    assert!(jws.header().is_type("oauth-authz-req+jwt"));
    assert_eq!(jws.verify(&signer.public_key().into()).unwrap(), br#"{"nonce":"n"}"#);
    let other = SigningKey::from_bytes(&[4; 32]).unwrap().public_key();
    assert_eq!(jws.verify(&other.into()), Err(JwsError::Signature));
}

#[test]
fn headers_that_change_the_rules_are_refused() {
    let sign = |header: Value| {
        let signer = SigningKey::from_bytes(&[3; 32]).unwrap();
        let input = format!(
            "{}.{}",
            base64url::encode(header.to_string().as_bytes()),
            base64url::encode(b"{}")
        );
        format!("{input}.{}", base64url::encode(&signer.sign(input.as_bytes()).unwrap()))
    };
    let key = VerificationKey::from(SigningKey::from_bytes(&[3; 32]).unwrap().public_key());
    let verify = |text: &str| Jws::parse(text).and_then(|jws| jws.verify(&key));
    assert!(verify(&sign(json!({"alg": "ES256", "unknown": 1}))).is_ok());
    assert_eq!(verify(&sign(json!({"alg": "none"}))), Err(JwsError::Algorithm));
    assert_eq!(verify(&sign(json!({"alg": "HS256"}))), Err(JwsError::Algorithm));
    assert_eq!(verify(&sign(json!({"alg": "ES384"}))), Err(JwsError::Algorithm));
    assert_eq!(verify(&sign(json!({"typ": "JWT"}))), Err(JwsError::Malformed));
    assert_eq!(
        verify(&sign(json!({"alg": "ES256", "crit": ["exp"]}))),
        Err(JwsError::CriticalHeader)
    );
    assert_eq!(
        verify(&sign(json!({"alg": "ES256", "b64": false}))),
        Err(JwsError::CriticalHeader)
    );
    assert_eq!(
        verify(&sign(json!({"alg": "ES256", "x5c": ["not base64!"]}))),
        Err(JwsError::Malformed)
    );
}

#[test]
fn keys_that_name_themselves_resolve() {
    let key = SigningKey::from_bytes(&[3; 32]).unwrap().public_key();
    let name = base64url::encode(key.to_jwk().to_string().as_bytes());
    for url in [format!("did:jwk:{name}"), format!("did:jwk:{name}#0")] {
        assert_eq!(did::resolve(&url), Ok(key.into()));
    }
    assert!(did::resolve(&format!("did:jwk:{name}#1")).is_err());

    let compressed = [&[0x80, 0x24, 2 + (key.y()[31] & 1)], key.x()].concat();
    let name = format!("z{}", bs58::encode(compressed).into_string());
    assert!(name.starts_with("zDn"));
    for url in [format!("did:key:{name}"), format!("did:key:{name}#{name}")] {
        assert_eq!(did::resolve(&url), Ok(key.into()));
    }
    for url in [
        "did:web:example.org",
        "did:key:z",
        "did:key:zzzzOOO",
        "did:jwk:AAAA",
        "",
    ] {
        assert!(did::resolve(url).is_err(), "{url}");
    }
}

/// Examples of the did:key method and of GOV.UK Wallet's documentation, as JWKs.
#[test]
fn did_keys_of_every_curve_resolve() {
    for (did, jwk) in [
        (
            "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
            json!({"kty": "EC", "crv": "P-256", "x": "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
                   "y": "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU"}),
        ),
        (
            "did:key:zDnaerGBD7Zxzau2fdfEFaaaTDYBu5XEBYdGV2BmERp3MDSov",
            json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                   "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}),
        ),
        (
            "did:key:z82Lm1MpAkeJcix9K8TMiLd5NMAhnwkjjCBeWHXyu3U4oT2MVJJKXkcVBgjGhnLBn2Kaau9",
            json!({"kty": "EC", "crv": "P-384", "x": "lInTxl8fjLKp_UCrxI0WDklahi-7-_6JbtiHjiRvMvhedhKVdHBfi2HCY8t_QJyc",
                   "y": "y6N1IC-2mXxHreETBW7K3mBcw0qGr3CWHCs-yl09yCQRLcyfGv7XhqAngHOu51Zv"}),
        ),
        (
            "did:key:z2J9gaYxrKVpdoG9A4gRnmpnRCcxU6agDtFVVBVdn1JedouoZN7SzcyREXXzWgt3gGiwpoHq7K68X4m32D8HgzG8wv3sY5j7",
            json!({"kty": "EC", "crv": "P-521",
                   "x": "ASUHPMyichQ0QbHZ9ofNx_l4y7luncn5feKLo3OpJ2nSbZoC7mffolj5uy7s6KSKXFmnNWxGJ42IOrjZ47qqwqyS",
                   "y": "AW9ziIC4ZQQVSNmLlp59yYKrjRY0_VqO-GOIYQ9tYpPraBKUloEId6cI_vynCzlZWZtWpgOM3HPhYEgawQ703RjC"}),
        ),
        (
            "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
            json!({"kty": "OKP", "crv": "Ed25519", "x": "Lm_M42cB3HkUiODQsXRcweM6TByfzEHGO9ND274JcOY"}),
        ),
    ] {
        let key = VerificationKey::from_jwk(&jwk).unwrap();
        assert_eq!(did::resolve(did), Ok(key.clone()), "{did}");
        let name = base64url::encode(jwk.to_string().as_bytes());
        assert_eq!(did::resolve(&format!("did:jwk:{name}#0")), Ok(key.clone()), "{did}");
        if let VerificationKey::P256(key) = key {
            assert_eq!(did::did_key(&key), did);
        }
    }
    // One byte short, one long, and a point that is not on its curve.
    for (codec, length) in [
        ([0x80, 0x24], 33),
        ([0x81, 0x24], 49),
        ([0x82, 0x24], 67),
        ([0xed, 0x01], 32),
    ] {
        for length in [length - 1, length + 1] {
            let bytes = [&codec[..], &[2], &vec![1; length - 1]].concat();
            let did = format!("did:key:z{}", bs58::encode(bytes).into_string());
            assert_eq!(did::resolve(&did), Err(CryptoError::InvalidPublicKey), "{did}");
        }
    }
    for crv in ["P-256", "P-384", "P-521"] {
        let bytes = match crv {
            "P-256" => 32,
            "P-384" => 48,
            _ => 66,
        };
        let one = base64url::encode(&[&vec![0; bytes - 1][..], &[1]].concat());
        let jwk = json!({"kty": "EC", "crv": crv, "x": one, "y": one});
        assert_eq!(
            VerificationKey::from_jwk(&jwk),
            Err(CryptoError::InvalidPublicKey),
            "{crv}"
        );
        let short = json!({"kty": "EC", "crv": crv, "x": "AQ", "y": "AQ"});
        assert_eq!(
            VerificationKey::from_jwk(&short),
            Err(CryptoError::InvalidPublicKey),
            "{crv}"
        );
    }
}

#[test]
fn json_is_strict() {
    assert_eq!(
        json::parse(br#"{"a":[1,-2,0.5,"x",null,true,{}]}"#).unwrap(),
        json!({"a":[1,-2,0.5,"x",null,true,{}]})
    );
    let deep = format!("{}{}", "[".repeat(json::MAX_DEPTH + 1), "]".repeat(json::MAX_DEPTH + 1));
    let bad = [
        r#"{"a":1,"a":1}"#,
        r#"{"b":{"a":1,"\u0061":2}}"#,
        r#"{} {}"#,
        "",
        "[1,]",
        "\u{feff}{}",
        deep.as_str(),
    ];
    for text in bad {
        assert_eq!(json::parse(text.as_bytes()), Err(json::JsonError), "{text}");
    }
}

#[test]
fn numeric_dates() {
    let seconds = |value: Value| numeric_date(&value).map(crate::time::Timestamp::as_unix);
    assert_eq!(seconds(json!(1_700_000_000)), Some(1_700_000_000));
    assert_eq!(seconds(json!(1_700_000_000.75)), Some(1_700_000_000));
    assert_eq!(seconds(json!(-1.5)), Some(-2));
    for nothing in [
        json!("1700000000"),
        json!(1e300),
        json!(u64::MAX),
        json!(null),
        json!(true),
    ] {
        assert_eq!(seconds(nothing), None);
    }
}

#[test]
fn compressed_messages_open_where_they_were_asked_for_and_within_their_bound() {
    let key = AgreementKey::from_bytes(&[9; 32]).unwrap();
    let to = EncryptionKey {
        key: key.public_key(),
        kid: None,
    };
    let text = vec![b'a'; 10_000];
    let recipient = Recipient::new(&to, ContentEncryption::A256Gcm).compressed();
    let sealed = jwe::encrypt(&text, &recipient, &mut random()).unwrap();
    assert!(sealed.len() < 1_000, "it is compressed");
    assert!(jwe::decrypt(&sealed, &key).is_err(), "nobody asked for it");
    assert!(JweHeader::peek(&sealed).is_err());
    assert_eq!(
        *jwe::decrypt_compressed(&sealed, &key, text.len()).unwrap().plaintext,
        text
    );
    assert!(
        jwe::decrypt_compressed(&sealed, &key, text.len() - 1).is_err(),
        "a bomb"
    );
    let bomb = jwe::encrypt(&vec![b'a'; 1_000_000], &recipient, &mut random()).unwrap();
    assert!(
        jwe::decrypt_compressed(&bomb, &key, 1_000_000).is_err(),
        "nothing of use is compressed a thousandfold"
    );
    let plain = Recipient::new(&to, ContentEncryption::A256Gcm);
    let sealed = jwe::encrypt(b"text", &plain, &mut random()).unwrap();
    assert_eq!(*jwe::decrypt_compressed(&sealed, &key, 4).unwrap().plaintext, b"text");
    assert!(jwe::decrypt_compressed(&sealed, &key, 3).is_err());
}

#[test]
fn did_keys_are_made_as_they_resolve() {
    // RFC 7515, A.3, with the name GOV.UK Wallet's documentation leads to.
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
    let key = PublicKey::from_jwk(&jwk).unwrap();
    assert_eq!(
        did::did_key(&key),
        "did:key:zDnaerGBD7Zxzau2fdfEFaaaTDYBu5XEBYdGV2BmERp3MDSov"
    );
    for seed in 0..16 {
        let key = SigningKey::from_random(&mut PredictableRandom::from_seed(seed))
            .unwrap()
            .public_key();
        assert_eq!(did::resolve(&did::did_key(&key)), Ok(VerificationKey::from(key)));
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in ".{0,200}") {
        let key = AgreementKey::from_bytes(&[9; 32]).unwrap();
        let _ = Jws::parse(&text);
        prop_assert!(jwe::decrypt(&text, &key).is_err());
        prop_assert!(did::resolve(&text).is_err());
        let _ = json::parse(text.as_bytes());
    }

    #[test]
    fn one_changed_character_is_noticed(at in 0_usize..10_000, replacement in "[A-Za-z0-9_.-]") {
        let signer = SigningKey::from_bytes(&[3; 32]).unwrap();
        let signed = SigningHeader::new("JWT").sign(b"payload", &signer).unwrap();
        let key = AgreementKey::from_bytes(&[9; 32]).unwrap();
        let to = EncryptionKey { key: key.public_key(), kid: None };
        let sealed = jwe::encrypt(b"text", &Recipient::new(&to, ContentEncryption::A128CbcHs256), &mut random()).unwrap();
        let change = |text: &str| {
            let at = at % text.len();
            format!("{}{replacement}{}", &text[..at], &text[at + 1..])
        };
        let (broken_signed, broken_sealed) = (change(&signed), change(&sealed));
        let opens = Jws::parse(&broken_signed).and_then(|jws| jws.verify(&signer.public_key().into())).is_ok();
        prop_assert_eq!(opens, broken_signed == signed);
        prop_assert_eq!(jwe::decrypt(&broken_sealed, &key).is_ok(), broken_sealed == sealed);
    }
}
