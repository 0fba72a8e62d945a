//! JSON as security protocols want it, JWS, JWE, JWK and DIDs.

use serde_json::Value;
use wallet_credentials::crypto::VerificationKey;
use wallet_credentials::jose::jwe::{self, JweHeader};
use wallet_credentials::jose::{
    EncryptionKey, Jws, base64url, choose_encryption_key, did, json, numeric_date, thumbprint,
};

use crate::corpus::SEPARATOR;
use crate::world::world;

/// Strict JSON: what it accepts any JSON parser accepts, with the same value, nested no deeper than promised.
pub fn strict_json(data: &[u8]) {
    let strict = json::parse(data);
    let lenient: Result<Value, _> = serde_json::from_slice(data);
    let Ok(value) = strict else {
        return;
    };
    assert_eq!(lenient.expect("a lenient parser accepts more"), value);
    assert!(depth(&value) <= json::MAX_DEPTH);
    let text = value.to_string();
    let again = json::parse(text.as_bytes()).expect("what is written is read");
    assert!(same(&again, &value), "what is written is read");
    assert_eq!(json::parse_object(data).is_ok(), value.is_object());
    let _ = numeric_date(&value);
}

/// Equal values; doubles to the last place but one, which is how exactly `serde_json` reads them.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() => match (one.as_f64(), other.as_f64()) {
            (Some(one), Some(other)) => (one - other).abs() <= one.abs() * 4.0 * f64::EPSILON,
            _ => false,
        },
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let both = one.iter().zip(other);
            one.len() == other.len() && both.into_iter().all(|((a, x), (b, y))| a == b && same(x, y))
        }
        _ => one == other,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(array) => 1 + array.iter().map(depth).max().unwrap_or_default(),
        Value::Object(object) => 1 + object.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

/// base64url: every byte string has one text, and every text that is read is that text.
pub fn base64(data: &[u8]) {
    let text = base64url::encode(data);
    assert_eq!(base64url::decode(&text).as_deref(), Ok(data));
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(bytes) = base64url::decode(text)
    {
        assert_eq!(base64url::encode(&bytes), text);
    }
}

/// A compact JWS: no key of ours verifies what it did not sign.
pub fn jws(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(jws) = Jws::parse(text) else {
        return;
    };
    assert_eq!(text.matches('.').count(), 2);
    let header = jws.header();
    assert!(header.x5c.len() <= 10 && !header.members.contains_key("crit"));
    assert!(jws.verify_signature(&world().foreign_key()).is_err());
    if let Some(jwk) = &header.jwk
        && let Ok(key) = VerificationKey::from_jwk(jwk)
    {
        // A key in the header can verify, and then with its own algorithm only.
        if let Ok(payload) = jws.verify(&key) {
            assert_eq!(jws.dangerous_unverified_payload(), Ok(payload));
            assert_ne!(header.alg, "none");
        }
    }
}

/// A compact JWE to the world's key: it opens only unchanged, and never with another key.
pub fn jwe(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(header) = JweHeader::peek(text) {
        assert_eq!(text.matches('.').count(), 4);
        let _ = (header.enc.as_str(), &header.kid, &header.cty);
    }
    opened(text);
}

/// Opens a JWE: nobody but the corpus encrypted anything with the keys here.
fn opened(text: &str) {
    if let Ok(opened) = jwe::decrypt(text, &world().agreement) {
        assert_eq!(opened.header.kid, world().encryption.kid);
        let content = opened.plaintext.as_slice();
        assert!(content == SECRET || content == CREDENTIALS, "a forged message");
    }
}

/// What the corpus encrypts.
pub const SECRET: &[u8] = br#"{"vp_token":{"person":["eyJ.eyJ.x~"]},"state":"state"}"#;

/// What the corpus encrypts as a credential response.
pub const CREDENTIALS: &[u8] = br#"{"credentials":[{"credential":"eyJ.eyJ.x~"}],"notification_id":"n-1"}"#;

/// A JWE taken apart: the header in JSON, the separator, then initialisation vector, tag and ciphertext. It reaches what
/// lies behind base64.
pub fn jwe_parts(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == SEPARATOR);
    let (Some(header), Some(rest)) = (parts.next(), parts.next()) else {
        return;
    };
    let cut = |length: usize, from: &[u8]| {
        let (head, tail) = from.split_at(length.min(from.len()));
        (base64url::encode(head), tail.to_vec())
    };
    for iv_bytes in [12, 16] {
        let (iv, rest) = cut(iv_bytes, rest);
        let (tag, ciphertext) = cut(16, &rest);
        let header = base64url::encode(header);
        let text = format!("{header}..{iv}.{}.{tag}", base64url::encode(&ciphertext));
        opened(&text);
    }
}

/// A JWK, a JWK Set, or a DID: public keys only, and the same key however it is written.
pub fn jwk(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(key) = did::resolve(text)
    {
        assert!(text.starts_with("did:"));
        if let VerificationKey::P256(key) = key {
            let written = format!("did:jwk:{}", base64url::encode(key.to_jwk().to_string().as_bytes()));
            assert_eq!(did::resolve(&written), Ok(VerificationKey::P256(key)));
        }
    }
    let Ok(value) = json::parse(data) else {
        return;
    };
    let private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
    if let Ok(key) = VerificationKey::from_jwk(&value) {
        assert!(private.iter().all(|name| value.get(name).is_none()), "a private key");
        assert!(thumbprint(&value).is_ok());
        if let VerificationKey::P256(key) = key {
            assert_eq!(thumbprint(&key.to_jwk()), Ok(key.thumbprint()));
        }
        let name = format!("did:jwk:{}", base64url::encode(data));
        if name.len() <= 4096 && value.is_object() {
            assert_eq!(did::resolve(&name), VerificationKey::from_jwk(&value));
        }
    }
    if let Ok(key) = EncryptionKey::from_jwk(&value) {
        assert_eq!(EncryptionKey::from_jwk(&key.to_jwk()), Ok(key));
    }
    if let Some(key) = choose_encryption_key(&value) {
        let keys = value.get("keys").and_then(Value::as_array).expect("a set");
        assert!(keys.iter().any(|jwk| EncryptionKey::from_jwk(jwk).as_ref() == Ok(&key)));
    }
}
