//! Every MUST of RFC 9901, 7.1 to 7.3, one by one.

use super::*;
use crate::jose::{SigningHeader, base64url};

/// An Issuer-signed JWT of this payload with these disclosures, as an issuer that keeps no rule would sign it.
fn signed(payload: Value, disclosures: &[String]) -> String {
    let mut payload = object(payload);
    payload.insert("vct".to_owned(), VCT.into());
    let jwt = SigningHeader::new(CREDENTIAL_TYPE)
        .sign_json(&payload.into(), &issuer())
        .unwrap();
    let released: String = disclosures.iter().map(|disclosure| format!("{disclosure}~")).collect();
    format!("{jwt}~{released}")
}

fn disclosure(content: Value) -> String {
    base64url::encode(content.to_string().as_bytes())
}

fn digest(disclosure: &str) -> String {
    DigestAlgorithm::Sha256.digest(disclosure)
}

/// Why the holder and the verifier refuse this; both must, for the same reason.
fn refused(text: &str) -> Option<SdJwtError> {
    let holder = SdJwtVc::parse(text)
        .and_then(|credential| credential.verify(&issuer_key(), NOW))
        .err();
    let lenient = PresentationCheck {
        key_binding_required: false,
        ..check()
    };
    let verifier = verify_presentation(text, &lenient, |_| Some(issuer_key())).err();
    assert_eq!(holder, verifier);
    holder
}

fn claims(text: &str) -> Value {
    let mut claims = receive(text).claims().clone();
    claims.remove("vct");
    claims.into()
}

#[test]
fn s7_1_2a_none_and_weak_algorithms() {
    for alg in ["none", "NONE", "", "HS256", "RS256", "ES256K"] {
        let header = disclosure(json!({"alg": alg, "typ": CREDENTIAL_TYPE}));
        let payload = disclosure(json!({"vct": VCT}));
        for signature in ["", "AAAA"] {
            let text = format!("{header}.{payload}.{signature}~");
            assert_eq!(refused(&text), Some(SdJwtError::IssuerSignature), "{alg}");
        }
    }
}

#[test]
fn s7_1_2b_signature() {
    let text = signed(json!({"a": 1}), &[]);
    assert_eq!(refused(&text), None);
    let other = signed(json!({"a": 2}), &[]);
    let (input, _) = text.rsplit_once('.').unwrap();
    let (_, signature) = other.rsplit_once('.').unwrap();
    assert_eq!(
        refused(&format!("{input}.{signature}")),
        Some(SdJwtError::IssuerSignature)
    );
}

#[test]
fn s7_1_2c_the_key_belongs_to_the_issuer() {
    let text = signed(json!({}), &[]);
    let lenient = PresentationCheck {
        key_binding_required: false,
        ..check()
    };
    let stranger = verify_presentation(&text, &lenient, |_| Some(holder().public_key().into()));
    assert_eq!(stranger.err(), Some(SdJwtError::IssuerSignature));
    assert_eq!(
        verify_presentation(&text, &lenient, |_| None).err(),
        Some(SdJwtError::IssuerKey)
    );
}

#[test]
fn s7_1_2d_hash_algorithm() {
    for algorithm in [
        json!("md5"),
        json!("SHA-256"),
        json!("sha-256-128"),
        json!(""),
        json!(1),
        Value::Null,
    ] {
        let text = signed(json!({"_sd_alg": algorithm}), &[]);
        assert_eq!(refused(&text), Some(SdJwtError::DigestAlgorithm), "{algorithm}");
    }
}

#[test]
fn s7_1_3a_every_algorithm_hashes_the_text() {
    for algorithm in [
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
        DigestAlgorithm::Sha3_256,
        DigestAlgorithm::Sha3_384,
        DigestAlgorithm::Sha3_512,
    ] {
        let a = disclosure(json!(["salt", "a", 1]));
        let payload = json!({"_sd_alg": algorithm.as_str(), "_sd": [algorithm.digest(&a)]});
        assert_eq!(claims(&signed(payload, std::slice::from_ref(&a))), json!({"a": 1}));
        // What this project issues with it is read, narrowed, bound and verified with it.
        let text = Issuance::new(VCT, object(json!({"a": 1, "b": [1, 2]})))
            .holder_key(&holder().public_key())
            .selectively_disclosable([path(r#"["a"]"#), path(r#"["b",null]"#)])
            .digest_algorithm(algorithm)
            .sign(&issuer(), &mut random())
            .unwrap();
        let shown = receive(&text).narrow(&[path(r#"["b",1]"#)]).unwrap();
        let read = verify(&shown.present(&binding(), &holder()).unwrap()).unwrap();
        assert_eq!(read.claims()["b"], json!([2]));
        assert_eq!(read.claims().get("a"), None);
        assert_eq!(DigestAlgorithm::from_name(algorithm.as_str()), Ok(algorithm));
    }
    // FIPS 202 and FIPS 180-4, of the empty text.
    let hex = |algorithm: DigestAlgorithm| -> String {
        let bytes = base64url::decode(&algorithm.digest("")).unwrap();
        bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    };
    assert_eq!(hex(DigestAlgorithm::Sha256), "e3b0c442");
    assert_eq!(hex(DigestAlgorithm::Sha384), "38b060a7");
    assert_eq!(hex(DigestAlgorithm::Sha512), "cf83e135");
    assert_eq!(hex(DigestAlgorithm::Sha3_256), "a7ffc6f8");
    assert_eq!(hex(DigestAlgorithm::Sha3_384), "0c63a75b");
    assert_eq!(hex(DigestAlgorithm::Sha3_512), "a69f73cc");
}

#[test]
fn s7_1_3b_what_looks_like_digests_and_is_not() {
    for payload in [
        json!({"_sd": "x"}),
        json!({"_sd": {}}),
        json!({"_sd": [1]}),
        json!({"a": {"_sd": null}}),
        json!({"a": [{"...": 1}]}),
        json!({"a": [{"...": "x", "b": 1}]}),
        json!({"a": {"...": "x"}}),
        json!({"...": "x"}),
    ] {
        assert_eq!(
            refused(&signed(payload.clone(), &[])),
            Some(SdJwtError::Digests),
            "{payload}"
        );
    }
}

#[test]
fn s7_1_3c_i_digests_without_disclosure_are_ignored() {
    let text = signed(
        json!({"_sd": ["x", "y"], "a": {"_sd": ["z"]}, "b": [1, {"...": "w"}, 2]}),
        &[],
    );
    assert_eq!(claims(&text), json!({"a": {}, "b": [1, 2]}));
}

#[test]
fn s7_1_3c_ii_disclosures_of_members() {
    let with = |content: Value| {
        let one = disclosure(content);
        refused(&signed(json!({"_sd": [digest(&one)], "there": 1}), &[one]))
    };
    assert_eq!(with(json!(["salt", "a", 1])), None);
    for content in [
        json!(["salt", 1]),
        json!(["salt"]),
        json!([]),
        json!(["salt", "a", 1, 2]),
        json!({"a": 1}),
        json!("a"),
        json!([1, "a", 1]),
        json!(["salt", 1, 1]),
        json!(["salt", null, 1]),
    ] {
        assert_eq!(with(content.clone()), Some(SdJwtError::Disclosure), "{content}");
    }
    for name in ["_sd", "...", "there"] {
        assert_eq!(
            with(json!(["salt", name, 1])),
            Some(SdJwtError::NameCollision),
            "{name}"
        );
    }
    // Two disclosures of one name at one level; and one name at two levels.
    let (one, two) = (disclosure(json!(["s1", "a", 1])), disclosure(json!(["s2", "a", 2])));
    let same_level = json!({"_sd": [digest(&one), digest(&two)]});
    let both = [one.clone(), two.clone()];
    assert_eq!(refused(&signed(same_level, &both)), Some(SdJwtError::NameCollision));
    let two_levels = json!({"_sd": [digest(&one)], "b": {"_sd": [digest(&two)]}});
    assert_eq!(claims(&signed(two_levels, &both)), json!({"a": 1, "b": {"a": 2}}));
}

#[test]
fn s7_1_3c_ii_and_iii_values_are_processed_in_turn() {
    let inner = disclosure(json!(["s1", "city", "London"]));
    let element = disclosure(json!(["s2", {"_sd": [digest(&inner)], "country": "GB"}]));
    let outer = disclosure(json!(["s3", "homes", [{"...": digest(&element)}, {"...": "gone"}]]));
    let payload = json!({"_sd": [digest(&outer)]});
    let all = [inner.clone(), outer.clone(), element.clone()];
    let text = signed(payload.clone(), &all);
    assert_eq!(claims(&text), json!({"homes": [{"city": "London", "country": "GB"}]}));
    // What stands inside a disclosure keeps the same rules.
    let wrong = disclosure(json!(["s3", "a", {"_sd": ["x"], "...": 1}]));
    let text = signed(json!({"_sd": [digest(&wrong)]}), &[wrong]);
    assert_eq!(refused(&text), Some(SdJwtError::Digests));
}

#[test]
fn s7_1_3c_iii_disclosures_of_elements() {
    let with = |content: Value| {
        let one = disclosure(content);
        refused(&signed(json!({"a": [{"...": digest(&one)}]}), &[one]))
    };
    assert_eq!(with(json!(["salt", 1])), None);
    assert_eq!(with(json!(["salt", "a", 1])), Some(SdJwtError::Disclosure));
    assert_eq!(with(json!(["salt"])), Some(SdJwtError::Disclosure));
}

#[test]
fn s7_1_3d_to_f_nothing_of_the_machinery_is_left() {
    let text = signed(
        json!({"_sd_alg": "sha-256", "_sd": ["x"], "a": {"_sd": []}, "b": [{"...": "y"}]}),
        &[],
    );
    assert_eq!(claims(&text), json!({"a": {}, "b": []}));
}

#[test]
fn s7_1_4_a_digest_twice() {
    let one = disclosure(json!(["salt", "a", 1]));
    let twice = digest(&one);
    let inside = disclosure(json!(["salt", "b", {"_sd": [twice]}]));
    for (payload, disclosures) in [
        (json!({"_sd": [twice, twice]}), vec![one.clone()]),
        (json!({"_sd": ["decoy", "decoy"]}), vec![]),
        (json!({"_sd": [twice], "c": {"_sd": [twice]}}), vec![one.clone()]),
        (json!({"_sd": ["decoy"], "c": [{"...": "decoy"}]}), vec![]),
        (
            json!({"_sd": [twice, digest(&inside)]}),
            vec![one.clone(), inside.clone()],
        ),
        // The same disclosure sent twice.
        (json!({"_sd": [twice]}), vec![one.clone(), one.clone()]),
    ] {
        let text = signed(payload.clone(), &disclosures);
        assert_eq!(refused(&text), Some(SdJwtError::RepeatedDigest), "{payload}");
    }
}

#[test]
fn s7_1_5_a_disclosure_without_digest() {
    let one = disclosure(json!(["salt", "a", 1]));
    let child = disclosure(json!(["salt", "c", 2]));
    let parent = disclosure(json!(["salt", "b", {"_sd": [digest(&child)]}]));
    for (payload, disclosures) in [
        (json!({}), vec![one.clone()]),
        (json!({"_sd": [digest(&child)]}), vec![child.clone(), one.clone()]),
        (json!({"_sd": [digest(&parent)]}), vec![child.clone()]),
        // The digest of the decoded disclosure is not its digest (4.2.3).
        (
            json!({"_sd": [digest(&json!(["salt", "a", 1]).to_string())]}),
            vec![one.clone()],
        ),
        // Digests in a place that is none are no digests.
        (json!({"_sd_": [digest(&one)]}), vec![one.clone()]),
    ] {
        let text = signed(payload.clone(), &disclosures);
        assert_eq!(refused(&text), Some(SdJwtError::UnreferencedDisclosure), "{payload}");
    }
}

#[test]
fn s7_1_6_validity() {
    let at = |name: &str, instant: i64| refused(&signed(json!({name: instant}), &[]));
    let now = NOW.as_unix();
    assert_eq!(at("nbf", now + 61), Some(SdJwtError::NotYetValid));
    assert_eq!(at("nbf", now + 60), None);
    assert_eq!(at("exp", now - 60), Some(SdJwtError::Expired));
    assert_eq!(at("exp", now - 59), None);
    // Validity cannot be left out by withholding it (9.7): it is never in a disclosure.
    for name in ["nbf", "exp"] {
        let hidden = disclosure(json!(["salt", name, now]));
        let text = signed(json!({"_sd": [digest(&hidden)]}), &[hidden]);
        assert_eq!(refused(&text), Some(SdJwtError::ProtectedClaim), "{name}");
    }
}

#[test]
fn s7_2_a_holder_takes_no_key_binding() {
    let bound = receive(&issue(json!({"a": 1}), &[r#"["a"]"#]))
        .narrow(&[])
        .unwrap()
        .present(&binding(), &holder())
        .unwrap();
    assert_eq!(SdJwtVc::parse(&bound).err(), Some(SdJwtError::UnexpectedKeyBinding));
}

#[test]
fn s7_2_step_2_no_disclosure_without_its_parent() {
    let text = issue(
        json!({"a": {"b": {"c": 1, "d": 2}}, "e": [[1, 2]]}),
        &[
            r#"["a"]"#,
            r#"["a","b"]"#,
            r#"["a","b","c"]"#,
            r#"["a","b","d"]"#,
            r#"["e",0]"#,
            r#"["e",0,1]"#,
        ],
    );
    let credential = receive(&text);
    for (asked, disclosures) in [
        (r#"["a","b","c"]"#, 3),
        (r#"["e",0,1]"#, 2),
        (r#"["e",null,1]"#, 2),
        (r#"["a"]"#, 4),
    ] {
        let shown = credential
            .narrow(&[path(asked)])
            .unwrap()
            .present(&binding(), &holder())
            .unwrap();
        // A verifier refuses a disclosure whose parent is missing; this one finds every one.
        assert_eq!(verify(&shown).unwrap().disclosed().len(), disclosures, "{asked}");
    }
}

/// A presentation whose Key Binding JWT was changed before it was signed.
fn bound(header: SigningHeader, change: &dyn Fn(&mut Map<String, Value>), signer: &SigningKey) -> Option<SdJwtError> {
    let text = receive(&issue(json!({"a": 1}), &[r#"["a"]"#]))
        .narrow(&[])
        .unwrap()
        .into_unbound();
    let mut claims = object(json!({
        "iat": NOW.as_unix(), "aud": "x509_hash:abc", "nonce": "n-1", "sd_hash": digest(&text),
    }));
    change(&mut claims);
    let jwt = header.sign_json(&claims.into(), signer).unwrap();
    verify(&format!("{text}{jwt}")).err()
}

#[test]
fn s7_3_1_and_2_the_verifier_decides_whether_binding_is_needed() {
    let unbound = receive(&issue(json!({}), &[])).narrow(&[]).unwrap().into_unbound();
    assert_eq!(verify(&unbound).err(), Some(SdJwtError::KeyBindingMissing));
    // Where it is not needed, one that is there must be right all the same.
    let lenient = PresentationCheck {
        key_binding_required: false,
        ..check()
    };
    let wrong = format!("{unbound}a.b.c");
    assert!(verify_presentation(&unbound, &lenient, |_| Some(issuer_key())).is_ok());
    assert_eq!(
        verify_presentation(&wrong, &lenient, |_| Some(issuer_key())).err(),
        Some(SdJwtError::KeyBindingMalformed)
    );
}

#[test]
fn s7_3_5_the_key_binding() {
    let kb = || SigningHeader::new(KEY_BINDING_TYPE);
    let nothing: &dyn Fn(&mut Map<String, Value>) = &|_| {};
    let changed = |change: &dyn Fn(&mut Map<String, Value>)| bound(kb(), change, &holder());
    let set = |name: &'static str, value: Value| {
        changed(&move |claims: &mut Map<String, Value>| drop(claims.insert(name.to_owned(), value.clone())))
    };
    assert_eq!(changed(nothing), None);
    // 5.a: the key is the one in `cnf`; a credential without has none.
    let text = signed(json!({}), &[]);
    let jwt = kb().sign_json(&json!({}), &holder()).unwrap();
    assert_eq!(verify(&format!("{text}{jwt}")).err(), Some(SdJwtError::HolderKey));
    // 5.b: `none` and what the key cannot sign; 5.c: the signature.
    assert_eq!(bound(kb(), nothing, &issuer()), Some(SdJwtError::KeyBindingSignature));
    // 5.d: `typ`.
    for typ in ["JWT", "kb+jws", "KB+JWT", ""] {
        assert_eq!(
            bound(SigningHeader::new(typ), nothing, &holder()),
            Some(SdJwtError::KeyBindingMalformed),
            "{typ}"
        );
    }
    // 5.e: the time.
    let now = NOW.as_unix();
    assert_eq!(set("iat", (now - 361).into()), Some(SdJwtError::KeyBindingTime));
    assert_eq!(set("iat", (now + 61).into()), Some(SdJwtError::KeyBindingTime));
    assert_eq!(set("iat", (now - 360).into()), None);
    // 5.f: nonce and audience.
    assert_eq!(set("nonce", "n-2".into()), Some(SdJwtError::Nonce));
    assert_eq!(set("aud", "abc".into()), Some(SdJwtError::Audience));
    // 5.g: what was presented.
    assert_eq!(set("sd_hash", "abc".into()), Some(SdJwtError::PresentationHash));
    // 5.h: a valid JWT in all other respects.
    assert_eq!(set("exp", (now - 60).into()), Some(SdJwtError::KeyBindingTime));
    assert_eq!(set("nbf", (now + 61).into()), Some(SdJwtError::KeyBindingTime));
    assert_eq!(set("exp", "soon".into()), Some(SdJwtError::KeyBindingMalformed));
    // 4.3: the claims that must be there, of their types.
    for name in ["iat", "nonce", "aud", "sd_hash"] {
        let missing = changed(&|claims: &mut Map<String, Value>| drop(claims.remove(name)));
        assert_eq!(missing, Some(SdJwtError::KeyBindingMalformed), "{name}");
        assert_eq!(set(name, json!(["x"])), Some(SdJwtError::KeyBindingMalformed), "{name}");
    }
}
