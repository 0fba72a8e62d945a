//! Our issuer, our holder and our verifier.

use super::*;
use crate::jose::{SigningHeader, base64url};

fn person() -> Value {
    json!({
        "given_name": "Ada", "family_name": "Byron",
        "address": {"street": "12 St James's Square", "city": "London", "country": "GB"},
        "nationalities": ["GB", "FR"],
        "degrees": [{"type": "BSc", "year": 1840}, {"year": 1841}],
        "sex": 2,
    })
}

fn credential() -> SdJwtVc {
    receive(&issue(
        person(),
        &[
            r#"["given_name"]"#,
            r#"["family_name"]"#,
            r#"["address"]"#,
            r#"["address","city"]"#,
            r#"["nationalities",null]"#,
            r#"["degrees",null]"#,
            r#"["degrees",null,"type"]"#,
        ],
    ))
}

fn presented(paths: &[&str]) -> VerifiedPresentation {
    let paths: Vec<_> = paths.iter().map(|text| path(text)).collect();
    verify(
        &credential()
            .narrow(&paths)
            .unwrap()
            .present(&binding(), &holder())
            .unwrap(),
    )
    .unwrap()
}

#[test]
fn the_holder_reads_what_was_issued() {
    let credential = credential();
    for (name, value) in object(person()) {
        assert_eq!(credential.claims()[&name], value);
    }
    assert_eq!(
        (credential.vct(), credential.iss()),
        (VCT, Some("https://issuer.example.org"))
    );
    assert_eq!(credential.issued_at(), Some(NOW));
    assert_eq!(credential.holder_key(), Some(&holder().public_key()));
    let mut disclosable: Vec<_> = credential.disclosable().iter().map(ToString::to_string).collect();
    disclosable.sort();
    assert_eq!(
        disclosable,
        [
            r#"["address","city"]"#,
            r#"["address"]"#,
            r#"["degrees",0,"type"]"#,
            r#"["degrees",0]"#,
            r#"["degrees",1]"#,
            r#"["family_name"]"#,
            r#"["given_name"]"#,
            r#"["nationalities",0]"#,
            r#"["nationalities",1]"#,
        ]
    );
    let mut always: Vec<_> = credential.always_disclosed().iter().map(ToString::to_string).collect();
    always.sort();
    assert_eq!(
        always,
        [
            r#"["cnf"]"#,
            r#"["exp"]"#,
            r#"["iat"]"#,
            r#"["iss"]"#,
            r#"["sex"]"#,
            r#"["vct"]"#
        ]
    );
}

#[test]
fn nothing_asked_nothing_disclosed() {
    let presented = presented(&[]);
    assert!(presented.disclosed().is_empty());
    assert_eq!(presented.claims()["nationalities"], json!([]));
    assert_eq!(presented.claims().get("given_name"), None);
    assert_eq!(presented.claims()["sex"], json!(2));
    assert_eq!(presented.key_bound_at(), Some(NOW));
}

#[test]
fn a_nested_claim_brings_its_parents_and_no_siblings() {
    assert_eq!(
        presented(&[r#"["address","city"]"#]).claims()["address"]["city"],
        json!("London")
    );
    // Asking for what stands in the clear inside a disclosable parent does not bring the disclosable sibling.
    let address = &presented(&[r#"["address","country"]"#]).claims()["address"].clone();
    assert_eq!(*address, json!({"street": "12 St James's Square", "country": "GB"}));
    // Asking for the parent brings all of it.
    assert_eq!(presented(&[r#"["address"]"#]).claims()["address"], person()["address"]);
}

#[test]
fn elements_of_arrays_go_one_by_one() {
    assert_eq!(
        presented(&[r#"["nationalities",1]"#]).claims()["nationalities"],
        json!(["FR"])
    );
    assert_eq!(
        presented(&[r#"["nationalities",null]"#]).claims()["nationalities"],
        json!(["GB", "FR"])
    );
    // Only the element that has a type is needed for "every type".
    assert_eq!(
        presented(&[r#"["degrees",null,"type"]"#]).claims()["degrees"],
        json!([{"type": "BSc", "year": 1840}])
    );
}

#[test]
fn what_would_leave_is_what_the_verifier_reads() {
    let paths = [path(r#"["degrees",1]"#), path(r#"["address","city"]"#)];
    let narrowed = credential().narrow(&paths).unwrap();
    let (claims, disclosed) = (narrowed.claims().unwrap(), narrowed.disclosed().len());
    let presented = verify(&narrowed.present(&binding(), &holder()).unwrap()).unwrap();
    assert_eq!(*presented.claims(), claims);
    assert_eq!((disclosed, presented.disclosed().len()), (3, 3));
}

#[test]
fn paths_that_lead_nowhere_are_an_error() {
    for text in [
        r#"["nickname"]"#,
        r#"["nationalities",2]"#,
        r#"["sex","x"]"#,
        r#"["degrees",1,"type"]"#,
        "[null]",
    ] {
        assert_eq!(
            credential().narrow(&[path(text)]).err(),
            Some(SdJwtError::NoSuchClaim),
            "{text}"
        );
    }
}

#[test]
fn the_key_may_live_elsewhere() {
    let input = credential().narrow(&[]).unwrap().prepare(&binding()).unwrap();
    assert_eq!(*input.holder_key(), holder().public_key());
    let signature = holder().sign(input.as_bytes()).unwrap();
    assert!(verify(&input.finalise(&signature)).is_ok());
    assert_eq!(
        credential().narrow(&[]).unwrap().present(&binding(), &issuer()).err(),
        Some(SdJwtError::NotSigned)
    );
}

#[test]
fn a_credential_without_a_key_is_presented_unbound_or_not_at_all() {
    let text = Issuance::new(VCT, Map::new()).sign(&issuer(), &mut random()).unwrap();
    let narrowed = receive(&text).narrow(&[]).unwrap();
    assert_eq!(
        narrowed.clone().present(&binding(), &holder()).err(),
        Some(SdJwtError::HolderKey)
    );
    let unbound = narrowed.into_unbound();
    assert_eq!(verify(&unbound).err(), Some(SdJwtError::KeyBindingMissing));
    let lenient = PresentationCheck {
        key_binding_required: false,
        ..check()
    };
    let presented = verify_presentation(&unbound, &lenient, |_| Some(issuer_key())).unwrap();
    assert_eq!(presented.key_bound_at(), None);
}

#[test]
fn transaction_data_is_bound_or_refused() {
    let data = TransactionDataHashes {
        hashes: vec!["h1".to_owned()],
        algorithm: Some("sha-256".to_owned()),
    };
    let bound = KeyBinding {
        transaction_data: Some(&data),
        ..binding()
    };
    let with = credential().narrow(&[]).unwrap().present(&bound, &holder()).unwrap();
    let without = credential()
        .narrow(&[])
        .unwrap()
        .present(&binding(), &holder())
        .unwrap();
    let expects = PresentationCheck {
        transaction_data: Some(&data),
        ..check()
    };
    let key = |_: &IssuerKeyReference<'_>| Some(issuer_key());
    assert!(verify_presentation(&with, &expects, key).is_ok());
    assert_eq!(
        verify_presentation(&without, &expects, key).err(),
        Some(SdJwtError::TransactionData)
    );
    assert_eq!(verify(&with).err(), Some(SdJwtError::TransactionData));
}

#[test]
fn the_holder_refuses_what_is_not_for_it() {
    let text = issue(person(), &[r#"["sex"]"#]);
    let error = |text: &str, key: &VerificationKey, now: Timestamp| {
        SdJwtVc::parse(text)
            .and_then(|credential| credential.verify(key, now))
            .err()
    };
    assert_eq!(
        error(&text, &holder().public_key().into(), NOW),
        Some(SdJwtError::IssuerSignature)
    );
    assert_eq!(
        error(&text, &issuer_key(), Timestamp::from_unix(NOW.as_unix() + 90_000)),
        Some(SdJwtError::Expired)
    );
    let bound = receive(&text)
        .narrow(&[])
        .unwrap()
        .present(&binding(), &holder())
        .unwrap();
    assert_eq!(
        error(&bound, &issuer_key(), NOW),
        Some(SdJwtError::UnexpectedKeyBinding)
    );
    assert_eq!(
        error(text.trim_end_matches('~'), &issuer_key(), NOW),
        Some(SdJwtError::UnexpectedKeyBinding)
    );
}

#[test]
fn a_verifier_that_knows_no_key_refuses() {
    let text = credential()
        .narrow(&[])
        .unwrap()
        .present(&binding(), &holder())
        .unwrap();
    assert_eq!(
        verify_presentation(&text, &check(), |_| None).err(),
        Some(SdJwtError::IssuerKey)
    );
}

#[test]
fn issuers_that_name_their_key_are_resolved() {
    let did = format!(
        "did:jwk:{}",
        base64url::encode(issuer().public_key().to_jwk().to_string().as_bytes())
    );
    let issued = |iss: Option<&str>, kid: Option<&str>| {
        let mut issuance = Issuance::new(VCT, Map::new()).x5c(&[[1_u8]]);
        issuance = iss.map_or(issuance.clone(), |iss| issuance.iss(iss));
        issuance = kid.map_or(issuance.clone(), |kid| issuance.kid(kid));
        SdJwtVc::parse(&issuance.sign(&issuer(), &mut random()).unwrap()).unwrap()
    };
    for (iss, kid) in [
        (Some(did.as_str()), None),
        (Some(&did), Some("#0")),
        (None, Some(format!("{did}#0").as_str())),
    ] {
        let credential = issued(iss, kid);
        let key = credential.issuer_key().did_key().unwrap();
        assert_eq!(credential.issuer_key().x5c, [[1]]);
        assert!(credential.verify(&key, NOW).is_ok());
    }
    assert!(
        issued(Some("did:web:example.org"), None)
            .issuer_key()
            .did_key()
            .is_err()
    );
    assert!(
        issued(Some("did:jwk:other"), Some(&format!("{did}#0")))
            .issuer_key()
            .did_key()
            .is_err()
    );
    assert!(
        issued(Some("https://issuer.example.org"), Some("key-1"))
            .issuer_key()
            .did_key()
            .is_err()
    );
}

#[test]
fn an_issuer_cannot_hide_or_break_the_rules() {
    let sign = |claims: Value, disclosable: &str| {
        Issuance::new(VCT, object(claims))
            .selectively_disclosable([path(disclosable)])
            .sign(&issuer(), &mut random())
            .err()
    };
    assert_eq!(sign(json!({"a": 1}), r#"["b"]"#), Some(IssueError::NoSuchClaim));
    assert_eq!(sign(json!({"a": 1}), r#"["vct"]"#), Some(IssueError::ProtectedClaim));
    assert_eq!(
        sign(json!({"exp": 1, "a": 1}), r#"["a"]"#),
        Some(IssueError::RegisteredClaim)
    );
    for reserved in ["_sd", "...", "_sd_alg"] {
        assert_eq!(
            sign(json!({"a": {reserved: 1}}), r#"["a"]"#),
            Some(IssueError::ReservedName)
        );
    }
}

#[test]
fn decoys_are_added_and_ignored() {
    let text = Issuance::new(VCT, object(json!({"a": 1, "b": 2})))
        .selectively_disclosable([path(r#"["a"]"#)])
        .decoys(5)
        .sign(&issuer(), &mut random())
        .unwrap();
    let payload = text.split('.').nth(1).unwrap();
    let payload: Value = serde_json::from_slice(&base64url::decode(payload).unwrap()).unwrap();
    assert_eq!(payload["_sd"].as_array().unwrap().len(), 6);
    assert_eq!(receive(&text).disclosable(), [path(r#"["a"]"#)]);

    let text = Issuance::new(VCT, object(json!({"a": [1, 2, 3], "b": [4]})))
        .selectively_disclosable([path(r#"["a",1]"#)])
        .decoys(5)
        .sign(&issuer(), &mut random())
        .unwrap();
    let payload = text.split('.').nth(1).unwrap();
    let payload: Value = serde_json::from_slice(&base64url::decode(payload).unwrap()).unwrap();
    assert_eq!(
        (payload["a"].as_array().unwrap().len(), &payload["b"]),
        (8, &json!([4]))
    );
    assert_eq!(receive(&text).claims()["a"], json!([1, 2, 3]));
}

#[test]
fn protected_claims_hidden_deeper_are_refused() {
    let disclosure = base64url::encode(br#"["salt","jwk",{}]"#);
    let payload = json!({"vct": VCT, "cnf": {"_sd": [DigestAlgorithm::Sha256.digest(&disclosure)]}});
    let jwt = SigningHeader::new(CREDENTIAL_TYPE)
        .sign_json(&payload, &issuer())
        .unwrap();
    let refused = SdJwtVc::parse(&format!("{jwt}~{disclosure}~"));
    assert_eq!(refused.err(), Some(SdJwtError::ProtectedClaim));
}

#[test]
fn further_types_are_said_in_the_clear() {
    let issuance = |types: &[&str]| {
        let text = Issuance::new(VCT, Map::new())
            .aka_vcts(types)
            .vct_integrity("sha256-vJKakJAQkDYkIhGrT1M3nxRuSj9udH0l1PXB06QHto8=")
            .holder_key(&holder().public_key())
            .sign(&issuer(), &mut random());
        SdJwtVc::parse(&text.unwrap())
    };
    let credential = issuance(&["urn:a", "urn:b"]).unwrap().dangerous_assume_verified();
    assert_eq!(credential.aka_vcts(), ["urn:a", "urn:b"]);
    assert!(credential.vct_integrity().is_some());
    let shown = credential.narrow(&[]).unwrap().present(&binding(), &holder()).unwrap();
    let read = verify(&shown).unwrap();
    assert_eq!(read.aka_vcts(), ["urn:a", "urn:b"]);
    assert_eq!(read.vct_integrity(), credential.vct_integrity());
    assert_eq!(issuance(&[]).err(), Some(SdJwtError::AkaVcts));
    assert_eq!(issuance(&["urn:a", VCT]).err(), Some(SdJwtError::AkaVcts));
    assert_eq!(issuance(&[""]).err(), Some(SdJwtError::AkaVcts));

    let with = |name: &str, value: Value| {
        let payload = json!({"vct": VCT, name: value});
        let jwt = SigningHeader::new(CREDENTIAL_TYPE)
            .sign_json(&payload, &issuer())
            .unwrap();
        SdJwtVc::parse(&format!("{jwt}~")).err()
    };
    assert_eq!(with("aka_vcts", json!("urn:a")), Some(SdJwtError::AkaVcts));
    assert_eq!(with("aka_vcts", json!([1])), Some(SdJwtError::AkaVcts));
    assert_eq!(with("vct#integrity", json!("sha256")), Some(SdJwtError::Claim));
    assert_eq!(with("vct#integrity", json!(1)), Some(SdJwtError::Claim));
}
