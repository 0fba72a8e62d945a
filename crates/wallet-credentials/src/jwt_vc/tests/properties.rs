//! What must hold for every credential and every text.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;

/// Claims about a subject, of a few levels.
fn subject() -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        any::<i32>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(Value::Null)
    ];
    let inner = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("k[a-z]{0,3}", inner, 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    btree_map("k[a-z]{0,3}", inner, 0..5).prop_map(|members| members.into_iter().collect())
}

proptest! {
    #[test]
    fn issue_show_verify(subject in subject(), in_vc_claim in any::<bool>()) {
        let issuance = Issuance::new(ISSUER, "T", subject.clone()).holder_key(&holder().public_key());
        let issuance = if in_vc_claim { issuance.in_vc_claim() } else { issuance };
        let credential = receive(&issuance.sign(&issuer()).unwrap());
        let read = verify(&credential.whole().present(&binding(), &holder()).unwrap()).unwrap();
        prop_assert_eq!(read.credential().claims(), credential.claims());
        let mut found = read.credential().claims()["credentialSubject"].clone();
        found.as_object_mut().unwrap().remove("id");
        prop_assert_eq!(found, Value::Object(subject));
        // Each place named is a value, and together they are all of them.
        for place in credential.always_disclosed() {
            prop_assert_eq!(select_claims(credential.claims(), &place).unwrap().len(), 1);
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}", parts in vec("[A-Za-z0-9_-]{0,40}", 0..4)) {
        prop_assert!(JwtVc::parse(&text).is_err());
        prop_assert!(verify(&text).is_err());
        prop_assert!(JwtVc::parse(&parts.join(".")).is_err());
    }

    #[test]
    fn arbitrary_payloads_never_panic(payload in subject(), name in "vc|vp|@context|type|issuer|credentialSubject|status", typ in "JWT|vc\\+jwt|vp\\+jwt") {
        let mut claims = super::payload();
        claims[name] = Value::Object(payload);
        let text = sign(&typ, &claims);
        let _ = JwtVc::parse(&text);
        let _ = verify(&text);
    }
}

/// Every bit of a presentation: the envelope, the credential within, both signatures.
#[test]
fn any_flipped_bit_is_refused() {
    let small = Issuance::new(ISSUER, "T", Map::new()).holder_key(&holder().public_key());
    let credential = receive(&small.sign(&issuer()).unwrap());
    let text = credential.whole().present(&binding(), &holder()).unwrap();
    assert!(verify(&text).is_ok());
    for at in 0..text.len() {
        for bit in 0..8 {
            let mut changed = text.clone().into_bytes();
            changed[at] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(changed) else {
                continue;
            };
            assert!(verify(&changed).is_err(), "byte {at}, bit {bit}");
        }
    }
}
