//! JWS JSON serialisation (RFC 9901, 8).

use super::*;
use crate::jose::{SigningHeader, base64url};

fn presentation() -> String {
    let text = issue(
        json!({"a": 1, "b": {"c": 2}, "d": 3}),
        &[r#"["a"]"#, r#"["b","c"]"#, r#"["d"]"#],
    );
    receive(&text)
        .narrow(&[path(r#"["a"]"#), path(r#"["b"]"#)])
        .unwrap()
        .present(&binding(), &holder())
        .unwrap()
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn verify_json(json: &Value) -> Result<VerifiedPresentation, SdJwtError> {
    verify_presentation_json(&json.to_string(), &check(), |_| Some(issuer_key()))
}

#[test]
fn both_json_forms_carry_the_same_presentation() {
    let compact = presentation();
    let [issuer_jwt, first, second, kb_jwt] = compact.split('~').collect::<Vec<_>>()[..] else {
        panic!("{compact}")
    };
    let [protected, payload, signature] = issuer_jwt.split('.').collect::<Vec<_>>()[..] else {
        panic!("{issuer_jwt}")
    };
    let header = json!({"disclosures": [first, second], "kb_jwt": kb_jwt});
    let flattened = json!({"payload": payload, "protected": protected, "signature": signature, "header": header});
    let general = json!({"payload": payload,
        "signatures": [{"protected": protected, "signature": signature, "header": header}]});
    for (form, expected) in [(JsonForm::Flattened, flattened), (JsonForm::General, general)] {
        let json = to_json(&compact, form).unwrap();
        assert_eq!(parsed(&json), expected);
        assert_eq!(compact_forms(&json).unwrap(), [compact.as_str()]);
        assert_eq!(
            verify_json(&expected).unwrap().claims(),
            verify(&compact).unwrap().claims()
        );
    }
}

#[test]
fn an_issued_credential_comes_in_json_too() {
    let compact = issue(json!({"a": 1}), &[r#"["a"]"#]);
    let json = to_json(&compact, JsonForm::Flattened).unwrap();
    assert_eq!(parsed(&json)["header"].get("kb_jwt"), None);
    let [read] = &compact_forms(&json).unwrap()[..] else {
        panic!("{json}")
    };
    assert_eq!(receive(read).claims()["a"], json!(1));
    // Without disclosures the unprotected header may be left out.
    let mut plain = parsed(&to_json(&issue(json!({"a": 1}), &[]), JsonForm::Flattened).unwrap());
    plain.as_object_mut().unwrap().remove("header");
    assert_eq!(
        receive(&compact_forms(&plain.to_string()).unwrap()[0]).claims()["a"],
        json!(1)
    );
    assert!(to_json("a.b~", JsonForm::General).is_err());
    assert!(to_json("a.b.c.d~", JsonForm::General).is_err());
}

#[test]
fn one_of_several_signatures_is_the_issuers() {
    let mut general = parsed(&to_json(&presentation(), JsonForm::General).unwrap());
    let payload = base64url::decode(general["payload"].as_str().unwrap()).unwrap();
    let stranger = SigningHeader::new(CREDENTIAL_TYPE).sign(&payload, &holder()).unwrap();
    let [protected, _, signature] = stranger.split('.').collect::<Vec<_>>()[..] else {
        panic!("{stranger}")
    };
    let other = json!({"protected": protected, "signature": signature});
    general["signatures"].as_array_mut().unwrap().push(other.clone());
    assert!(verify_json(&general).is_ok());

    // The key binding is over the compact form with the issuer's signature, wherever that stands.
    let mut first = other.clone();
    first["header"] = general["signatures"][0]["header"].take();
    let issuers = general["signatures"][0].as_object_mut().unwrap();
    issuers.remove("header");
    let issuers = Value::Object(issuers.clone());
    general["signatures"] = json!([first, issuers]);
    assert!(verify_json(&general).is_ok());

    general["signatures"] = json!([first]);
    assert_eq!(verify_json(&general).err(), Some(SdJwtError::IssuerSignature));
    general["signatures"] = vec![first; 9].into();
    assert_eq!(verify_json(&general).err(), Some(SdJwtError::TooLarge));
}

#[test]
fn other_json_is_refused() {
    let flattened = parsed(&to_json(&presentation(), JsonForm::Flattened).unwrap());
    let general = parsed(&to_json(&presentation(), JsonForm::General).unwrap());
    let refused = |form: &Value, change: &dyn Fn(&mut Value)| {
        let mut changed = form.clone();
        change(&mut changed);
        compact_forms(&changed.to_string()).err()
    };
    let malformed = Some(SdJwtError::Malformed);
    assert_eq!(refused(&flattened, &|_| {}), None);
    for name in ["payload", "protected", "signature"] {
        for value in [Value::Null, json!(""), json!(1), json!("a.b"), json!("a~b")] {
            assert_eq!(
                refused(&flattened, &|sd| sd[name] = value.clone()),
                malformed,
                "{name} {value}"
            );
        }
    }
    for header in [
        json!([]),
        json!({"disclosures": "x"}),
        json!({"disclosures": [1]}),
        json!({"disclosures": [""]}),
        json!({"disclosures": ["a~b"]}),
        json!({"kb_jwt": ""}),
        json!({"kb_jwt": "a~b"}),
        json!({"crit": ["x"]}),
        // Protected already.
        json!({"alg": "none"}),
    ] {
        assert_eq!(
            refused(&flattened, &|sd| sd["header"] = header.clone()),
            malformed,
            "{header}"
        );
    }
    // Both forms at once.
    assert_eq!(
        refused(&flattened, &|sd| sd["signatures"] = general["signatures"].clone()),
        malformed
    );
    assert_eq!(refused(&general, &|sd| sd["signatures"] = json!([])), malformed);
    assert_eq!(refused(&general, &|sd| sd["signatures"] = json!({})), malformed);
    // Only the first unprotected header may release anything (RFC 9901, 8.3).
    let twice = |sd: &mut Value| {
        let first = sd["signatures"][0].clone();
        sd["signatures"] = json!([first, first]);
    };
    assert_eq!(refused(&general, &twice), malformed);
    // In both places at once.
    assert_eq!(
        refused(&flattened, &|sd| sd["kb_jwt"] = sd["header"]["kb_jwt"].clone()),
        malformed
    );
    let many = |sd: &mut Value| sd["header"]["disclosures"] = vec!["WyJhIiwxXQ"; 1025].into();
    assert_eq!(refused(&flattened, &many), Some(SdJwtError::TooLarge));
    assert_eq!(
        compact_forms(&" ".repeat(MAX_TEXT_BYTES + 1)),
        Err(SdJwtError::TooLarge)
    );
    for text in ["", "[]", "{}", "null", r#"{"payload":"a","payload":"a"}"#] {
        assert_eq!(compact_forms(text), Err(SdJwtError::Malformed), "{text}");
    }
}

#[test]
fn what_json_releases_is_bound_like_any_presentation() {
    let flattened = parsed(&to_json(&presentation(), JsonForm::Flattened).unwrap());
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut changed = flattened.clone();
        change(&mut changed);
        verify_json(&changed).err()
    };
    let without = |sd: &mut Value| drop(sd["header"].as_object_mut().unwrap().remove("kb_jwt"));
    assert_eq!(refused(&without), Some(SdJwtError::KeyBindingMissing));
    let fewer = |sd: &mut Value| drop(sd["header"]["disclosures"].as_array_mut().unwrap().remove(0));
    assert_eq!(refused(&fewer), Some(SdJwtError::PresentationHash));
    let turned = |sd: &mut Value| sd["header"]["disclosures"].as_array_mut().unwrap().reverse();
    assert_eq!(refused(&turned), Some(SdJwtError::PresentationHash));
    // Other unprotected parameters say nothing.
    assert_eq!(refused(&|sd| sd["header"]["kid"] = json!("evil")), None);
}
