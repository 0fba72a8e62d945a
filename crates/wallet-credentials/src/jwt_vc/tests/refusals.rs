//! What is refused, each for its reason.

use super::*;

fn refused(typ: &str, change: &dyn Fn(&mut Value)) -> Option<JwtVcError> {
    let mut changed = payload();
    change(&mut changed);
    JwtVc::parse(&sign(typ, &changed)).err()
}

#[test]
fn credentials_of_no_data_model_are_refused() {
    let two = |change: &dyn Fn(&mut Value)| refused(CREDENTIAL_TYPE, change);
    assert_eq!(two(&|_| {}), None);
    assert_eq!(two(&|vc| vc["@context"] = json!(CONTEXT_V2)), None);
    for context in [
        json!(["https://example.org", CONTEXT_V2]),
        json!([CONTEXT_V1]),
        json!([]),
        json!([{}]),
        Value::Null,
    ] {
        assert_eq!(
            two(&|vc| vc["@context"] = context.clone()),
            Some(JwtVcError::DataModel),
            "{context}"
        );
    }
    assert_eq!(
        two(&|vc| vc["type"] = json!(["DigitalVeteranCard"])),
        Some(JwtVcError::DataModel)
    );
    assert_eq!(two(&|vc| vc["type"] = json!([BASE_TYPE, 1])), Some(JwtVcError::Claim));
    // VC-JOSE-COSE, 3.1.3.
    assert_eq!(two(&|vc| vc["vc"] = json!({})), Some(JwtVcError::DataModel));
    assert_eq!(two(&|vc| vc["vp"] = json!({})), Some(JwtVcError::DataModel));
    // A payload of data model 2.0 that does not say so is any JWT.
    for typ in ["JWT", "kb+jwt", "dc+sd-jwt", "vp+jwt", "vc+sd-jwt"] {
        assert_eq!(refused(typ, &|_| {}), Some(JwtVcError::Type), "{typ}");
    }
    assert_eq!(refused("application/vc+jwt", &|_| {}), None);
    assert_eq!(refused("JWT", &|vc| vc["vc"] = json!(1)), Some(JwtVcError::DataModel));
    let header = SigningHeader::new(CREDENTIAL_TYPE).member("cty", "json".into());
    let text = header.sign_json(&payload(), &issuer()).unwrap();
    assert_eq!(JwtVc::parse(&text).err(), Some(JwtVcError::Type));
}

#[test]
fn malformed_properties_are_refused() {
    let two = |change: &dyn Fn(&mut Value)| refused(CREDENTIAL_TYPE, change);
    for (name, value) in [
        ("issuer", Value::Null),
        ("issuer", json!("")),
        ("issuer", json!({"name": "no id"})),
        ("issuer", json!([ISSUER])),
        ("credentialSubject", Value::Null),
        ("credentialSubject", json!([])),
        ("credentialSubject", json!("did:example:1")),
        ("credentialSubject", json!({"id": 1})),
        ("credentialSubject", json!([{}, 1])),
        ("credentialSubject", vec![json!({}); 33].into()),
        ("validFrom", json!("2026-01-01")),
        ("validFrom", json!(1)),
        ("validUntil", json!("2026-01-01T00:00:00")),
        ("exp", json!("tomorrow")),
        ("exp", json!("-1")),
        ("exp", json!("1e9")),
        ("nbf", json!(true)),
        ("iat", json!({})),
        ("id", json!(1)),
        ("expectedUpdate", json!(1)),
        ("credentialStatus", json!("https://example.org")),
    ] {
        assert_eq!(
            two(&|vc| vc[name] = value.clone()),
            Some(JwtVcError::Claim),
            "{name} {value}"
        );
    }
    for (name, value) in [
        ("cnf", json!({})),
        ("cnf", json!({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}})),
        ("cnf", json!({"jwk": issuer().public_key().to_jwk()})),
        ("cnf", json!({"kid": "key-1"})),
    ] {
        assert_eq!(
            two(&|vc| vc[name] = value.clone()),
            Some(JwtVcError::HolderKey),
            "{name} {value}"
        );
    }
    // A holder with a key this wallet has no signer for.
    let ed25519 = "did:key:z6MkoQjzqWih7kG3VSQy95reUwLeAT2FHLUqKsR2aXzZdB3g";
    let bind = |vc: &mut Value| {
        vc["sub"] = ed25519.into();
        vc["credentialSubject"]["id"] = ed25519.into();
    };
    assert_eq!(two(&bind), Some(JwtVcError::HolderKey));
}

#[test]
fn credentials_that_contradict_themselves_are_refused() {
    let two = |change: &dyn Fn(&mut Value)| refused(CREDENTIAL_TYPE, change);
    assert_eq!(
        two(&|vc| vc["iss"] = "https://other.example".into()),
        Some(JwtVcError::Contradiction)
    );
    assert_eq!(
        two(&|vc| vc["sub"] = "did:example:1".into()),
        Some(JwtVcError::Contradiction)
    );
    let ids = |vc: &mut Value| {
        vc["id"] = "urn:a".into();
        vc["jti"] = "urn:b".into();
    };
    assert_eq!(two(&ids), Some(JwtVcError::Contradiction));

    // In data model 1.1 everything beside `vc` leaves too, so it must not hide behind a property of the same name.
    let vc = json!({"@context": [CONTEXT_V1], "type": [BASE_TYPE], "credentialSubject": {}, "status": {}});
    let text = sign(
        "JWT",
        &json!({"iss": ISSUER, "vc": vc, "status": {"status_list": {"idx": 1, "uri": "https://a.b"}}}),
    );
    assert_eq!(JwtVc::parse(&text).err(), Some(JwtVcError::Contradiction));
}

#[test]
fn the_holder_refuses_what_does_not_count() {
    let error = |text: &str, key: &VerificationKey, now: Timestamp| {
        JwtVc::parse(text)
            .and_then(|credential| credential.verify(key, now))
            .err()
    };
    let text = issue();
    assert_eq!(error(&text, &issuer_key(), NOW), None);
    assert_eq!(
        error(&text, &holder().public_key().into(), NOW),
        Some(JwtVcError::IssuerSignature)
    );
    assert_eq!(error(&text, &issuer_key(), later(-61)), Some(JwtVcError::NotYetValid));
    assert_eq!(error(&text, &issuer_key(), later(86_461)), Some(JwtVcError::Expired));
    // The earlier end and the later beginning count, wherever they stand.
    let until = |name: &str, value: Value| {
        let mut changed = payload();
        changed["exp"] = (NOW.as_unix() + 9_000_000).into();
        changed["validUntil"] = later(9_000_000).to_rfc3339().into();
        changed[name] = value;
        error(&sign(CREDENTIAL_TYPE, &changed), &issuer_key(), NOW)
    };
    assert_eq!(until("exp", json!(NOW.as_unix() - 61)), Some(JwtVcError::Expired));
    assert_eq!(
        until("validUntil", later(-61).to_rfc3339().into()),
        Some(JwtVcError::Expired)
    );
    assert_eq!(until("nbf", json!(NOW.as_unix() + 61)), Some(JwtVcError::NotYetValid));
    assert_eq!(
        until("validFrom", later(61).to_rfc3339().into()),
        Some(JwtVcError::NotYetValid)
    );
    let long = "a".repeat(MAX_TEXT_BYTES + 1);
    assert_eq!(JwtVc::parse(&long).err(), Some(JwtVcError::TooLarge));
}

/// A presentation signed by `signer` around the payload's changes.
fn presentation(change: &dyn Fn(&mut Value), signer: &SigningKey, header: SigningHeader) -> Option<JwtVcError> {
    let did = did::did_key(&holder().public_key());
    let mut claims = json!({
        "iss": did, "holder": {"id": did}, "aud": "x509_hash:abc", "nonce": "n-1", "iat": NOW.as_unix(),
        "@context": [CONTEXT_V2], "type": "VerifiablePresentation",
        "verifiableCredential": {"@context": CONTEXT_V2, "type": ["EnvelopedVerifiableCredential"],
            "id": format!("data:application/vc+jwt,{}", issue())},
    });
    change(&mut claims);
    verify(&header.sign_json(&claims, signer).unwrap()).err()
}

#[test]
fn presentations_count_in_their_place_and_time_and_from_their_holder() {
    let by_holder =
        |change: &dyn Fn(&mut Value)| presentation(change, &holder(), SigningHeader::new(PRESENTATION_TYPE));
    let nothing: &dyn Fn(&mut Value) = &|_| {};
    assert_eq!(by_holder(nothing), None);
    assert_eq!(by_holder(&|vp| vp["aud"] = json!(["x509_hash:abc"])), None);
    // `iat` may be missing in what others make; `nonce` and `aud` may not.
    assert_eq!(by_holder(&|vp| vp["iat"] = Value::Null), Some(JwtVcError::Presentation));
    let remove = |name: &'static str| move |vp: &mut Value| drop(vp.as_object_mut().unwrap().remove(name));
    assert_eq!(by_holder(&remove("iat")), None);
    assert_eq!(by_holder(&remove("iss")), None);
    assert_eq!(by_holder(&remove("nonce")), Some(JwtVcError::Nonce));
    assert_eq!(by_holder(&remove("aud")), Some(JwtVcError::Audience));
    assert_eq!(by_holder(&|vp| vp["aud"] = "abc".into()), Some(JwtVcError::Audience));
    assert_eq!(
        by_holder(&|vp| vp["aud"] = json!(["x509_hash:abc", "x509_hash:def"])),
        Some(JwtVcError::Audience)
    );
    assert_eq!(by_holder(&|vp| vp["nonce"] = "n-2".into()), Some(JwtVcError::Nonce));
    for (name, at) in [("iat", -361), ("iat", 61), ("nbf", 61), ("exp", -60)] {
        let at = NOW.as_unix() + at;
        assert_eq!(
            by_holder(&|vp| vp[name] = at.into()),
            Some(JwtVcError::PresentationTime),
            "{name} {at}"
        );
    }
    let other = did::did_key(&issuer().public_key());
    assert_eq!(
        by_holder(&|vp| vp["iss"] = other.as_str().into()),
        Some(JwtVcError::HolderSignature)
    );
    assert_eq!(
        by_holder(&|vp| vp["holder"] = other.as_str().into()),
        Some(JwtVcError::HolderSignature)
    );
    let by_stranger = presentation(nothing, &issuer(), SigningHeader::new(PRESENTATION_TYPE));
    assert_eq!(by_stranger, Some(JwtVcError::HolderSignature));
    assert_eq!(
        presentation(nothing, &holder(), SigningHeader::new("JWT")),
        Some(JwtVcError::HolderMissing)
    );
}

#[test]
fn a_presentation_holds_exactly_one_credential() {
    let by_holder =
        |change: &dyn Fn(&mut Value)| presentation(change, &holder(), SigningHeader::new(PRESENTATION_TYPE));
    let envelope = |vp: &Value| vp["verifiableCredential"].clone();
    for change in [
        &|vp: &mut Value| vp["verifiableCredential"] = json!([envelope(vp), envelope(vp)]),
        &|vp: &mut Value| vp["verifiableCredential"] = json!([]),
        &|vp: &mut Value| vp["verifiableCredential"] = issue().into(),
        &|vp: &mut Value| vp["verifiableCredential"]["type"] = "VerifiableCredential".into(),
        &|vp: &mut Value| vp["verifiableCredential"]["id"] = format!("data:application/vp+jwt,{}", issue()).into(),
        &|vp: &mut Value| vp["type"] = "VerifiableCredential".into(),
        &|vp: &mut Value| vp["vp"] = json!({}),
    ] as [&dyn Fn(&mut Value); 7]
    {
        assert_eq!(by_holder(change), Some(JwtVcError::Presentation));
    }

    let did = did::did_key(&holder().public_key());
    let credential = card().in_vc_claim().sign(&issuer()).unwrap();
    let in_claim = |header: SigningHeader, vp: Value| {
        let claims = json!({"iss": did, "aud": "x509_hash:abc", "nonce": "n-1", "vp": vp});
        verify(&header.sign_json(&claims, &holder()).unwrap()).err()
    };
    let vp = |credentials: Value| json!({"type": "VerifiablePresentation", "verifiableCredential": credentials});
    assert_eq!(in_claim(SigningHeader::new("JWT"), vp(json!([credential]))), None);
    assert_eq!(in_claim(SigningHeader::new("JWT"), vp(json!(credential))), None);
    assert_eq!(
        in_claim(SigningHeader::new("kb+jwt"), vp(json!([credential]))),
        Some(JwtVcError::Presentation)
    );
    for credentials in [json!([]), json!([credential, credential]), json!([{}]), json!(1)] {
        assert_eq!(
            in_claim(SigningHeader::new("JWT"), vp(credentials)),
            Some(JwtVcError::Presentation)
        );
    }
    assert_eq!(
        in_claim(SigningHeader::new("JWT"), json!([])),
        Some(JwtVcError::Presentation)
    );
}

#[test]
fn a_verifier_refuses_credentials_it_cannot_check() {
    let text = receive(&issue()).whole().present(&binding(), &holder()).unwrap();
    assert_eq!(
        verify_presentation(&text, &check(), |_| None).err(),
        Some(JwtVcError::IssuerKey)
    );
    let wrong = verify_presentation(&text, &check(), |_| Some(holder().public_key().into()));
    assert_eq!(wrong.err(), Some(JwtVcError::IssuerSignature));
    let late = PresentationCheck {
        now: later(90_000),
        ..check()
    };
    let expired = verify_presentation(&text, &late, |_| Some(issuer_key()));
    assert_eq!(expired.err(), Some(JwtVcError::Expired));
}
