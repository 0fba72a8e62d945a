//! Token Status List.

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use serde_json::{Value, json};
use wallet_credentials::jose::{SigningHeader, base64url};
use wallet_credentials::status::{
    Freshness, MAX_LIST_BYTES, StatusAnchors, StatusError, StatusList, StatusListExpectation, StatusListToken,
    StatusReference, StatusSigners, StatusSize,
};
use wallet_credentials::trust::{Role, TrustAnchor, TrustAnchors};

use crate::corpus::SEPARATOR;
use crate::world::{DAY, NOW, Party, STATUS_URI, world};

/// A zlib stream behind one byte that says how many bits a status has: read as a plain decompressor reads it.
pub fn status_list(data: &[u8]) {
    let Some((size, zlib)) = data.split_first() else {
        return;
    };
    let Ok(size) = StatusSize::from_bits(1 << (size % 5)) else {
        return;
    };
    let bits = u64::from(size.bits());
    let list = StatusList::from_zlib(size, zlib.to_vec());
    let checked = list.check();
    if let Ok(entries) = checked {
        assert!(entries <= MAX_LIST_BYTES * 8 / bits);
        assert_eq!(list.status_at(entries), Err(StatusError::IndexOutOfBounds));
        assert_eq!(list.status_at(u64::MAX), Err(StatusError::IndexOutOfBounds));
        let mut plain = Vec::new();
        let mut decoder = ZlibDecoder::new(zlib).take(MAX_LIST_BYTES);
        decoder.read_to_end(&mut plain).expect("a complete stream");
        assert_eq!(plain.len() as u64 * 8 / bits, entries);
        for index in [0, 1, 7, 8, entries / 2, entries.saturating_sub(1)] {
            if index < entries {
                let byte = plain[usize::try_from(index * bits / 8).unwrap()];
                let value = (u64::from(byte) >> (index * bits % 8)) & ((1 << bits) - 1);
                let read = list.status_at(index).expect("an entry of the list");
                assert_eq!(u64::from(read.value()), value, "entry {index}");
            }
        }
    }
}

/// A Status List Token, JWT or CWT: it counts under the right key or anchors, for its own list, and never otherwise.
pub fn status_token(data: &[u8]) {
    token(data);
}

fn token(bytes: &[u8]) {
    let Ok(token) = StatusListToken::parse(bytes) else {
        return;
    };
    if let Ok(chain) = token.certificates() {
        assert!(chain.len() <= 10);
    }
    let _ = token.key_id();
    let again = || StatusListToken::parse(bytes).expect("the same bytes parse again");
    let (foreign, ours) = (world().foreign_key(), world().issuer.verification_key());
    let expect = |signers, uri| StatusListExpectation { signers, uri };
    let by_key = |key, uri| expect(StatusSigners::Key(key), uri);
    assert!(
        again().verify(by_key(&foreign, STATUS_URI), NOW).is_err(),
        "a stranger's key"
    );
    assert!(
        again().verify(by_key(&ours, "https://other.example"), NOW).is_err(),
        "another list"
    );
    let strangers = anchors(&world().stranger);
    let by_anchors = expect(StatusSigners::Anchors(&strangers), STATUS_URI);
    assert!(again().verify(by_anchors, NOW).is_err(), "a stranger's anchors");
    let ours_by_chain = anchors(&world().authority);
    if let Ok(verified) = again().verify(expect(StatusSigners::Anchors(&ours_by_chain), STATUS_URI), NOW) {
        assert_eq!(verified.as_bytes(), bytes);
    }
    if let Ok(verified) = again().verify(by_key(&ours, STATUS_URI), NOW) {
        assert_eq!(verified.as_bytes(), bytes);
        assert!(verified.issued_at() <= NOW.plus(DAY));
        assert_ne!(
            verified.freshness(NOW, NOW),
            Freshness::Expired,
            "it was verified at this instant"
        );
        let _ = (verified.status_at(0), verified.status_at(42), verified.time_to_live());
    }
    let token = token.dangerous_assume_verified();
    let _ = token.freshness(NOW, NOW.plus(DAY));
    let _ = token.status_at(42);
}

/// Who may sign the lists of an issuer under this authority.
fn anchors(authority: &Party) -> StatusAnchors {
    let issuer = TrustAnchor::authority(authority.certificate.clone(), Role::Issuer);
    StatusAnchors::of(&issuer, &TrustAnchors::new())
}

/// A Status List Token taken apart: header and payload in JSON, then perhaps the zlib stream, separated. Where there is a
/// stream it becomes `lst`. What parses is signed with the issuer's key and verified.
pub fn status_parts(data: &[u8]) {
    let mut parts = data.splitn(3, |byte| *byte == SEPARATOR);
    let (Some(header), Some(payload)) = (parts.next(), parts.next()) else {
        return;
    };
    let Ok(Value::Object(mut claims)) = serde_json::from_slice(payload) else {
        let (header, payload) = (base64url::encode(header), base64url::encode(payload));
        return token(format!("{header}.{payload}.AAAA").as_bytes());
    };
    if let Some(zlib) = parts.next()
        && let Some(list) = claims.get_mut("status_list").and_then(Value::as_object_mut)
    {
        list.insert("lst".to_owned(), json!(base64url::encode(zlib)));
    }
    if let Some(status) = claims.get("status")
        && let Ok(Some(reference)) = StatusReference::from_status_claim(status)
    {
        let written = reference.to_status_claim();
        assert_eq!(
            StatusReference::from_status_claim(&written),
            Ok(Some(reference.clone()))
        );
        assert_eq!(StatusReference::from_cbor(&reference.to_cbor()), Ok(Some(reference)));
    }
    let unsigned = format!(
        "{}.{}.AAAA",
        base64url::encode(header),
        base64url::encode(Value::Object(claims.clone()).to_string().as_bytes())
    );
    token(unsigned.as_bytes());
    if claims.contains_key("status_list") {
        let header = SigningHeader::new("statuslist+jwt");
        let signed = header.sign_json(&Value::Object(claims), &world().issuer.key).unwrap();
        token(signed.as_bytes());
    }
}
