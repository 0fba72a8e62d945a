//! What is issued is read, shown whole and verified.

use super::*;
use crate::jose::{Jws, base64url};
use crate::status::StatusReference;

/// GOV.UK Wallet's documentation for issuers: the issuer is a URL and its key a did:web, the dates of the JWT may be text of
/// digits, and the JWT may end before the credential does.
#[test]
fn credentials_of_gov_uk_shape_are_read() {
    let did = did::did_key(&holder().public_key());
    let text = sign(
        CREDENTIAL_TYPE,
        &json!({
            "iss": ISSUER, "sub": did, "iat": "1712664731", "nbf": "1712664731", "exp": "1844221657",
            "@context": [CONTEXT_V2, "<JSON-LD CONTEXT URI FOR ISSUER>"],
            "type": [BASE_TYPE, "FishingLicenceCredential"],
            "issuer": ISSUER, "name": "Fishing licence", "description": "Permit for fishing activities",
            "validFrom": "2024-04-09T12:12:11Z", "validUntil": "2036-04-09T22:59:59Z",
            "expectedUpdate": "2026-03-09T22:59:00Z",
            "credentialSubject": {"id": did, "fishingLicenceRecord": [{"licenceNumber": "009878863"}]},
        }),
    );
    let credential = JwtVc::parse(&text).unwrap();
    assert_eq!(credential.issuer(), ISSUER);
    let source = credential.issuer_key().unwrap();
    let IssuerKeySource::DidWeb { did: web, kid } = &source else {
        panic!("{source:?}")
    };
    assert_eq!(web.url().as_str(), "https://veterans.example.org/.well-known/did.json");
    assert_eq!(*kid, Some(KID));
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": "did:web:veterans.example.org",
        "verificationMethod": [{"id": KID, "type": "JsonWebKey2020", "controller": "did:web:veterans.example.org",
                                "publicKeyJwk": issuer().public_key().to_jwk()}],
        "assertionMethod": [KID],
    });
    let key = source.key_in(document.to_string().as_bytes()).unwrap();
    assert_eq!(source.key_in(b"{}"), Err(JwtVcError::IssuerKey));

    let credential = credential.verify(&key, NOW).unwrap();
    assert_eq!(credential.data_model(), DataModel::V2_0);
    assert_eq!(
        credential.specific_types().collect::<Vec<_>>(),
        ["FishingLicenceCredential"]
    );
    assert_eq!(credential.holder_key(), Some(&holder().public_key()));
    assert_eq!(credential.issued_at(), Some(Timestamp::from_unix(1_712_664_731)));
    assert_eq!(credential.expires_at(), Some(Timestamp::from_unix(1_844_221_657)));
    let number = path(r#"["credentialSubject","fishingLicenceRecord",0,"licenceNumber"]"#);
    assert_eq!(select_claims(credential.claims(), &number).unwrap(), ["009878863"]);
}

#[test]
fn the_holder_reads_what_was_issued() {
    let reference = StatusReference {
        index: 7,
        uri: "https://crs.example.org/t/1".to_owned(),
    };
    for issuance in [card(), card().in_vc_claim()] {
        let text = issuance
            .id("urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5")
            .name("Veteran Card")
            .expected_update(later(3_600))
            .status(&reference)
            .sign(&issuer())
            .unwrap();
        let credential = receive(&text);
        assert_eq!(credential.as_str(), text);
        assert_eq!(credential.issuer(), ISSUER);
        assert_eq!(credential.types(), [BASE_TYPE, "DigitalVeteranCard"]);
        assert_eq!(credential.id(), Some("urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5"));
        assert_eq!(credential.holder_key(), Some(&holder().public_key()));
        assert_eq!(credential.issued_at(), Some(NOW));
        assert_eq!(
            (credential.not_before(), credential.expires_at()),
            (Some(NOW), Some(later(86_400)))
        );
        assert_eq!(credential.expected_update(), Some(later(3_600)));
        assert_eq!(credential.status(), Some(&reference));
        assert!(!credential.has_other_status());
        let mut subject = credential.claims()["credentialSubject"].clone();
        subject.as_object_mut().unwrap().remove("id");
        assert_eq!(subject, Value::Object(veteran()));
        assert_eq!(credential.claims()["name"], "Veteran Card");
    }
}

#[test]
fn every_value_leaves_with_the_credential() {
    let credential = receive(&issue());
    let always: Vec<_> = credential.always_disclosed().iter().map(ToString::to_string).collect();
    for place in [
        r#"["credentialSubject","veteranCard",0,"photo"]"#,
        r#"["credentialSubject","veteranCard",0,"serviceNumber"]"#,
        r#"["credentialSubject","name",0,"nameParts",0,"value"]"#,
        r#"["credentialSubject","id"]"#,
        r#"["issuer"]"#,
        r#"["iss"]"#,
        r#"["validUntil"]"#,
    ] {
        assert!(always.contains(&place.to_owned()), "{place}");
    }
    let whole = credential.whole();
    assert_eq!(whole.claims(), credential.claims());
    assert_eq!(whole.disclosed(), credential.always_disclosed());
    let read = verify(&whole.present(&binding(), &holder()).unwrap()).unwrap();
    assert_eq!(read.credential().claims(), whole.claims());
}

#[test]
fn each_data_model_has_its_presentation() {
    let parts = |text: &str| {
        let jws = Jws::parse(text).unwrap();
        let payload = jws.dangerous_unverified_payload().unwrap();
        let payload: Value = serde_json::from_slice(&payload).unwrap();
        (Value::Object(jws.header().members.clone()), payload)
    };
    let did = did::did_key(&holder().public_key());
    let kid = format!("{did}#{}", &did["did:key:".len()..]);

    let two = receive(&issue());
    let text = two.whole().present(&binding(), &holder()).unwrap();
    let (header, claims) = parts(&text);
    assert_eq!(
        header,
        json!({"alg": "ES256", "typ": "vp+jwt", "cty": "vp", "kid": kid})
    );
    assert_eq!(
        claims,
        json!({
            "@context": [CONTEXT_V2], "type": ["VerifiablePresentation"], "holder": did, "iss": did,
            "aud": "x509_hash:abc", "nonce": "n-1", "iat": NOW.as_unix(), "exp": NOW.as_unix() + 300,
            "verifiableCredential": [{"@context": CONTEXT_V2, "type": "EnvelopedVerifiableCredential",
                "id": format!("data:application/vc+jwt,{}", two.as_str())}],
        })
    );
    let read = verify(&text).unwrap();
    assert!(read.is_by_holder());
    assert_eq!(read.credential().as_str(), two.as_str());

    let one = receive(&card().in_vc_claim().sign(&issuer()).unwrap());
    let text = one.whole().present(&binding(), &holder()).unwrap();
    let (header, claims) = parts(&text);
    assert_eq!(header, json!({"alg": "ES256", "typ": "JWT", "kid": kid}));
    assert_eq!(
        claims,
        json!({
            "iss": did, "aud": "x509_hash:abc", "nonce": "n-1", "iat": NOW.as_unix(), "exp": NOW.as_unix() + 300,
            "vp": {"@context": [CONTEXT_V1], "type": ["VerifiablePresentation"], "verifiableCredential": [one.as_str()]},
        })
    );
    assert_eq!(verify(&text).unwrap().credential().as_str(), one.as_str());
}

#[test]
fn the_key_may_live_elsewhere() {
    let credential = receive(&issue());
    let input = credential.whole().prepare(&binding()).unwrap();
    assert_eq!(*input.holder_key(), holder().public_key());
    let signature = holder().sign(input.as_bytes()).unwrap();
    assert!(verify(&input.finalise(&signature)).is_ok());
    let stranger = credential.whole().present(&binding(), &issuer());
    assert_eq!(stranger.err(), Some(JwtVcError::NotSigned));
}

#[test]
fn a_credential_bound_to_nobody_is_shown_bare_or_not_at_all() {
    let mut unbound = payload();
    unbound["sub"] = "urn:uuid:1".into();
    unbound["credentialSubject"]["id"] = "urn:uuid:1".into();
    let credential = receive(&sign(CREDENTIAL_TYPE, &unbound));
    assert_eq!(credential.holder_key(), None);
    let whole = credential.whole();
    assert_eq!(whole.present(&binding(), &holder()).err(), Some(JwtVcError::HolderKey));
    let bare = whole.into_unbound();
    assert_eq!(verify(&bare).err(), Some(JwtVcError::HolderMissing));
    let lenient = PresentationCheck {
        holder_required: false,
        ..check()
    };
    let read = verify_presentation(&bare, &lenient, |_| Some(issuer_key())).unwrap();
    assert!(!read.is_by_holder());
}

#[test]
fn holders_may_be_named_by_confirmation() {
    let jwk = holder().public_key().to_jwk();
    let did_jwk = format!("did:jwk:{}", base64url::encode(jwk.to_string().as_bytes()));
    for (subject, confirmation) in [
        ("urn:uuid:1".to_owned(), Some(json!({"jwk": jwk}))),
        ("urn:uuid:1".to_owned(), Some(json!({"kid": did_jwk}))),
        (did::did_key(&holder().public_key()), Some(json!({"jwk": jwk}))),
        (did_jwk.clone(), None),
    ] {
        let mut bound = payload();
        bound["sub"] = subject.as_str().into();
        bound["credentialSubject"]["id"] = subject.as_str().into();
        if let Some(confirmation) = confirmation {
            bound["cnf"] = confirmation;
        }
        let credential = receive(&sign(CREDENTIAL_TYPE, &bound));
        assert_eq!(credential.holder_key(), Some(&holder().public_key()), "{subject}");
        assert!(verify(&credential.whole().present(&binding(), &holder()).unwrap()).is_ok());
    }
}

#[test]
fn issuers_that_are_their_key_are_resolved() {
    let did = did::did_key(&issuer().public_key());
    let fragment = &did["did:key:".len()..];
    for kid in [None, Some(format!("{did}#{fragment}")), Some("key-1".to_owned())] {
        let issuance = Issuance::new(&did, "T", veteran());
        let issuance = kid.iter().fold(issuance, |issuance, kid| issuance.kid(kid));
        let credential = JwtVc::parse(&issuance.sign(&issuer()).unwrap()).unwrap();
        let IssuerKeySource::Named(key) = credential.issuer_key().unwrap() else {
            panic!("{kid:?}")
        };
        assert!(credential.verify(&key, NOW).is_ok());
    }
}

#[test]
fn keys_that_are_not_the_issuers_are_no_keys() {
    let source = |iss: &str, kid: &str| {
        let text = Issuance::new(iss, "T", veteran()).kid(kid).sign(&issuer()).unwrap();
        JwtVc::parse(&text).unwrap().issuer_key().map(|_| ())
    };
    let did = did::did_key(&issuer().public_key());
    assert_eq!(source(ISSUER, KID), Ok(()));
    for (iss, kid) in [
        (ISSUER, "did:web:evil.example#key-1"),
        (ISSUER, did.as_str()),
        (ISSUER, "key-1"),
        (did.as_str(), KID),
        ("did:web:veterans.example.org:a", KID),
        ("did:example:1", "did:example:1#1"),
    ] {
        assert_eq!(source(iss, kid), Err(JwtVcError::IssuerKey), "{iss} {kid}");
    }
}

#[test]
fn types_are_compared_as_verifiers_name_them() {
    let credential = receive(&issue());
    assert!(credential.has_types(&["DigitalVeteranCard"]));
    assert!(credential.has_types(&[
        "https://www.w3.org/2018/credentials#VerifiableCredential",
        "DigitalVeteranCard"
    ]));
    assert!(!credential.has_types(&["DigitalVeteranCard", "IDCredential"]));
    assert!(!credential.has_types(&["https://www.w3.org/2018/credentials#DigitalVeteranCard"]));
}

#[test]
fn the_example_of_openid4vp_is_unpacked() {
    // OpenID4VP 1.0, B.1.3.1.2.
    let example = json!({
        "iss": "https://example.gov/issuers/565049",
        "nbf": 1_262_304_000,
        "jti": "http://example.gov/credentials/3732",
        "sub": "did:example:ebfeb1f712ebc6f1c276e12ec21",
        "vc": {
            "@context": ["https://www.w3.org/2018/credentials/v1", "https://www.w3.org/2018/credentials/examples/v1"],
            "type": ["VerifiableCredential", "IDCredential"],
            "credentialSubject": {"given_name": "Max", "family_name": "Mustermann", "birthdate": "1998-01-11",
                "address": {"street_address": "Sandanger 25", "locality": "Musterstadt", "postal_code": "123456",
                            "country": "DE"}},
        },
    });
    let credential = receive(&sign("JWT", &example));
    assert_eq!(credential.data_model(), DataModel::V1_1);
    let claims = Value::Object(credential.claims().clone());
    assert_eq!(claims["issuer"], example["iss"]);
    assert_eq!(claims["id"], example["jti"]);
    assert_eq!(claims["issuanceDate"], "2010-01-01T00:00:00Z");
    assert_eq!(claims["credentialSubject"]["id"], example["sub"]);
    let family_name = path(r#"["credentialSubject","family_name"]"#);
    assert_eq!(
        select_claims(credential.claims(), &family_name).unwrap(),
        ["Mustermann"]
    );
    assert!(credential.has_types(&["IDCredential"]));
    // Nobody here can sign for a did:example.
    assert_eq!(credential.holder_key(), None);
}

#[test]
fn statuses_are_found_wherever_they_stand() {
    let read = |status: Value, in_credential: Value| {
        let mut with = payload();
        with["status"] = status;
        with["credentialStatus"] = in_credential;
        with.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let credential = JwtVc::parse(&sign(CREDENTIAL_TYPE, &with))?.dangerous_assume_verified();
        Ok((
            credential.status().map(|found| found.index),
            credential.has_other_status(),
        ))
    };
    let list = |index: u64| json!({"status_list": {"idx": index, "uri": "https://crs.example.org/t/1"}});
    let bitstring = json!({"type": "BitstringStatusListEntry", "statusListIndex": "1"});
    assert_eq!(read(Value::Null, Value::Null), Ok((None, false)));
    assert_eq!(read(list(3), Value::Null), Ok((Some(3), false)));
    assert_eq!(read(Value::Null, list(4)), Ok((Some(4), false)));
    assert_eq!(read(list(3), json!([list(3), bitstring])), Ok((Some(3), true)));
    assert_eq!(read(Value::Null, bitstring), Ok((None, true)));
    assert_eq!(read(list(3), list(4)), Err(JwtVcError::Contradiction));
    assert_eq!(
        read(json!({"status_list": {"idx": -1}}), Value::Null),
        Err(JwtVcError::Claim)
    );
}

#[test]
fn an_issuer_cannot_name_the_subject_twice() {
    let mut subject = veteran();
    subject.insert("id".to_owned(), "did:example:1".into());
    let refused = Issuance::new(ISSUER, "T", subject).sign(&issuer());
    assert_eq!(refused, Err(IssueError::SubjectNamed));
}
