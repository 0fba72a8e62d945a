//! Hashes of transaction data (OpenID4VP 1.0, B.3.3).

use super::*;
use crate::jose::base64url;
use crate::vectors;

fn entry(algorithms: Value) -> String {
    base64url::encode(
        json!({"type": "t", "transaction_data_hashes_alg": algorithms})
            .to_string()
            .as_bytes(),
    )
}

#[test]
fn openid4vp_transaction_data_hash() {
    let Some(vector) = vectors::load("openid4vp/transaction-data-hash.json") else {
        return;
    };
    let received: Vec<&str> = vector["transaction_data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t.as_str().unwrap())
        .collect();
    let expected = &vector["expected"];
    // The first entry names no algorithm, so SHA-256 is the only one both allow.
    let hashes = TransactionDataHashes::of(&received).unwrap();
    assert_eq!(
        expected["sha-256_over_received_string"],
        Value::from(hashes.hashes.clone())
    );
    assert_eq!(hashes.algorithm.as_deref(), Some("sha-256"));
    assert_ne!(expected["wrong_if_decoded_first"], Value::from(hashes.hashes));
    let first = TransactionDataHashes::of(&received[..1]).unwrap();
    assert_eq!(expected["sha-256_over_received_string"][0], first.hashes[0]);
    assert_eq!(first.algorithm, None);
    let second = TransactionDataHashes::of(&received[1..]).unwrap();
    assert_eq!(expected["sha-512_over_received_string"][1], second.hashes[0]);
    assert_eq!(second.algorithm.as_deref(), Some("sha-512"));

    // The key binding says what the specification's example says.
    let claims = &vector["spec_kb_jwt_example"];
    assert!(claims["transaction_data_hashes"][0].is_string());
    let text = issue(json!({"a": 1}), &[r#"["a"]"#]);
    let bound = KeyBinding {
        transaction_data: Some(&second),
        ..binding()
    };
    let shown = receive(&text).narrow(&[]).unwrap().present(&bound, &holder()).unwrap();
    let expects = PresentationCheck {
        transaction_data: Some(&second),
        ..check()
    };
    assert!(verify_presentation(&shown, &expects, |_| Some(issuer_key())).is_ok());
    let expects = PresentationCheck {
        transaction_data: Some(&first),
        ..check()
    };
    let other = verify_presentation(&shown, &expects, |_| Some(issuer_key()));
    assert_eq!(other.err(), Some(SdJwtError::TransactionData));
}

#[test]
fn an_algorithm_every_entry_allows_is_chosen() {
    let chosen = |entries: &[Value]| {
        let entries: Vec<_> = entries.iter().cloned().map(entry).collect();
        TransactionDataHashes::of(&entries).map(|hashes| hashes.algorithm.unwrap())
    };
    assert_eq!(
        chosen(&[json!(["sha-384", "sha-512"]), json!(["sha-512", "sha-384"])]),
        Ok("sha-384".to_owned())
    );
    assert_eq!(chosen(&[json!(["md5", "sha-512"])]), Ok("sha-512".to_owned()));
    assert_eq!(chosen(&[json!(["md5"])]), Err(TransactionDataError::Algorithm));
    assert_eq!(
        chosen(&[json!(["sha-256"]), json!(["sha-512"])]),
        Err(TransactionDataError::Algorithm)
    );
    for malformed in [json!([]), json!("sha-256"), json!([1]), json!(null)] {
        assert_eq!(
            chosen(std::slice::from_ref(&malformed)),
            Err(TransactionDataError::Malformed),
            "{malformed}"
        );
    }
    assert_eq!(
        TransactionDataHashes::of::<&str>(&[]),
        Err(TransactionDataError::TooLarge)
    );
    assert_eq!(
        TransactionDataHashes::of(&["e30"; 33]),
        Err(TransactionDataError::TooLarge)
    );
    assert_eq!(
        TransactionDataHashes::of(&["e30="]),
        Err(TransactionDataError::Malformed)
    );
    assert_eq!(
        TransactionDataHashes::of(&["W10"]),
        Err(TransactionDataError::Malformed)
    );
}
