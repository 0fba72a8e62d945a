//! Status lists against the examples of the draft, the negative set, and against themselves.

mod cwt;
mod properties;
mod signers;
mod vectors;

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::cose::tests::hex;
use crate::crypto::{PublicKey, Signer as _, SigningKey, VerificationKey};
use crate::jose::{Jws, SigningHeader};
use crate::time::Timestamp;

const URI: &str = "https://status.example.com/lists/1";
const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const LIFETIME: Lifetime = Lifetime {
    validity: Duration::from_secs(3600),
    time_to_live: Duration::from_secs(60),
};

fn key(jwk: &Value) -> VerificationKey {
    PublicKey::from_jwk(jwk).unwrap().into()
}

fn signer_key(signer: &SigningKey) -> VerificationKey {
    signer.public_key().into()
}

fn instant(value: &Value) -> Timestamp {
    Timestamp::from_unix(value.as_i64().unwrap())
}

/// Everything a wallet does between the token and the status, where the signer's key is known.
fn evaluate<T: AsRef<[u8]> + ?Sized>(
    token: &T,
    key: &VerificationKey,
    uri: &str,
    index: u64,
    now: Timestamp,
) -> Result<u8, StatusError> {
    let signers = StatusSigners::Key(key);
    let token = StatusListToken::parse(token)?.verify(StatusListExpectation { signers, uri }, now)?;
    token.status_at(index).map(StatusType::value)
}

#[test]
fn a_list_signed_here_is_read_here() {
    let signer = SigningKey::from_bytes(&[5; 32]).unwrap();
    let mut list = StatusListBuilder::new(StatusSize::Two, 1000).unwrap();
    list.set(7, StatusType::Suspended).unwrap();
    list.set(8, StatusType::Invalid).unwrap();
    assert_eq!(list.set(1000, StatusType::Invalid), Err(StatusError::IndexOutOfBounds));
    assert_eq!(list.set(1, StatusType::Other(4)), Err(StatusError::StatusTooLarge));
    let jwt = list
        .sign(URI, NOW, LIFETIME, SigningHeader::new("").x5c(&[[1_u8]]), &signer)
        .unwrap();
    assert_eq!(Jws::parse(&jwt).unwrap().header().x5c, [[1]]);
    let status = |index| evaluate(&jwt, &signer_key(&signer), URI, index, NOW);
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

#[test]
fn a_token_speaks_of_the_time_it_covers_and_of_no_other() {
    let signer = SigningKey::from_bytes(&[5; 32]).unwrap();
    let list = StatusListBuilder::new(StatusSize::One, 8).unwrap();
    let jwt = list.sign(URI, NOW, LIFETIME, SigningHeader::new(""), &signer).unwrap();
    let status = |now| evaluate(&jwt, &signer_key(&signer), URI, 0, now);
    assert_eq!(status(NOW.plus(Duration::from_secs(3599))), Ok(0));
    assert_eq!(status(NOW.plus(Duration::from_secs(3600))), Err(StatusError::Expired));
    // The clock of the signer may be a minute ahead, and no more.
    assert_eq!(status(NOW.minus(Duration::from_secs(60))), Ok(0));
    assert_eq!(
        status(NOW.minus(Duration::from_secs(61))),
        Err(StatusError::FromTheFuture)
    );
    let later =
        json!({"sub": URI, "iat": NOW.as_unix(), "nbf": NOW.as_unix() + 600, "status_list": list.to_claim().unwrap()});
    let jwt = SigningHeader::new(TOKEN_TYPE).sign_json(&later, &signer).unwrap();
    assert_eq!(
        evaluate(&jwt, &signer_key(&signer), URI, 0, NOW),
        Err(StatusError::FromTheFuture)
    );
}

#[test]
fn a_hundred_million_entries_are_read_with_a_small_window() {
    let entries = 100_000_000;
    let mut builder = StatusListBuilder::new(StatusSize::One, entries).unwrap();
    for index in (7..entries).step_by(999_983) {
        builder.set(index, StatusType::Invalid).unwrap();
    }
    let list = builder.compress().unwrap();
    let mut read = None;
    let used = allocation_counter::measure(|| {
        read = Some((
            list.check(),
            list.status_at(7 + 999_983 * 90),
            list.status_at(entries - 1),
            list.status_at(entries),
        ));
    });
    let expected = (
        Ok(entries),
        Ok(StatusType::Invalid),
        Ok(StatusType::Valid),
        Err(StatusError::IndexOutOfBounds),
    );
    assert_eq!(read, Some(expected));
    assert!(used.bytes_max <= 64 * 1024, "{} bytes at once", used.bytes_max);
}

#[test]
fn an_index_no_list_of_this_length_reaches_inflates_nothing() {
    let list = StatusList::from_zlib(StatusSize::One, vec![0x78; 100]);
    let mut found = None;
    let used = allocation_counter::measure(|| found = Some(list.status_at(100 * 1032 * 8)));
    assert_eq!(found, Some(Err(StatusError::IndexOutOfBounds)));
    assert_eq!(used.count_total, 0);
    // One entry before, the list is looked at, and is none.
    assert_eq!(list.status_at(100 * 1032 * 8 - 1), Err(StatusError::Compression));
}
