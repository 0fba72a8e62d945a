//! The public vectors.

use super::super::disclosure::Disclosure;
use super::super::process::process;
use super::super::verify::verify_sd_jwt;
use super::*;
use crate::jose::{SigningHeader, base64url};
use crate::status::StatusReference;
use crate::vectors;

fn key(jwk: &Value) -> VerificationKey {
    let mut jwk = jwk.clone();
    jwk.as_object_mut().unwrap().remove("d");
    PublicKey::from_jwk(&jwk).unwrap().into()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

/// The claims of an SD-JWT of the RFC, whose `typ` is not ours; with the key binding when one is described.
fn claims(sd_jwt: &str, issuer: &Value, key_binding: Option<&Value>) -> Result<Value, SdJwtError> {
    let unbound = PresentationCheck {
        key_binding_required: false,
        ..PresentationCheck::new("", "", NOW)
    };
    let check = key_binding.map_or(unbound, |kb| {
        PresentationCheck::new(
            text(kb, "aud"),
            text(kb, "nonce"),
            Timestamp::from_unix(kb["iat"].as_i64().unwrap()),
        )
    });
    verify_sd_jwt(sd_jwt, &check, |_| Some(key(issuer))).map(|verified| Value::Object(verified.processed.claims))
}

fn rfc9901_issuer() -> Value {
    vectors::load("sd-jwt-rfc9901/keys.json").unwrap()["issuer"].clone()
}

#[test]
fn rfc9901_a1_decoys_structured() {
    let Some(vector) = vectors::load("sd-jwt-rfc9901/a1-decoys-structured.json") else {
        return;
    };
    let found = claims(text(&vector, "sd_jwt"), &rfc9901_issuer(), None);
    assert_eq!(found, Ok(vector["expected_processed_payload"].clone()));
}

#[test]
fn rfc9901_s4_2_disclosure_encodings() {
    for case in vectors::cases("sd-jwt-rfc9901/s4.2-disclosure-encodings.json") {
        let disclosure = text(&case, "disclosure");
        assert_eq!(case["sha256_digest"], DigestAlgorithm::Sha256.digest(disclosure));
        assert_eq!(
            base64url::decode(disclosure).unwrap(),
            text(&case, "json_text").as_bytes()
        );
        assert!(Disclosure::parse(disclosure, &mut Vec::new()).is_ok());
    }
}

#[test]
fn rfc9901_s5_1_issuance() {
    let Some(vector) = vectors::load("sd-jwt-rfc9901/s5.1-issuance.json") else {
        return;
    };
    for disclosure in vector["disclosures"].as_array().unwrap() {
        assert_eq!(
            disclosure["digest"],
            DigestAlgorithm::Sha256.digest(text(disclosure, "disclosure"))
        );
    }
    let found = claims(text(&vector, "sd_jwt"), &rfc9901_issuer(), None);
    assert_eq!(found, Ok(vector["expected_all_disclosed"].clone()));
}

#[test]
fn rfc9901_s5_2_presentation_kb() {
    let Some(vector) = vectors::load("sd-jwt-rfc9901/s5.2-presentation-kb.json") else {
        return;
    };
    let sd_jwt_kb = text(&vector, "sd_jwt_kb");
    let found = claims(sd_jwt_kb, &rfc9901_issuer(), Some(&vector["expected_kb_payload"]));
    assert_eq!(found, Ok(vector["expected_processed_payload"].clone()));
    let presented = &sd_jwt_kb[..=sd_jwt_kb.rfind('~').unwrap()];
    assert_eq!(vector["expected_sd_hash"], DigestAlgorithm::Sha256.digest(presented));
}

#[test]
fn rfc9901_s6_structures() {
    let Some(vector) = vectors::load("sd-jwt-rfc9901/s6-structures.json") else {
        return;
    };
    for case in vector["cases"].as_array().unwrap() {
        let disclosures = case["disclosures"].as_array().unwrap();
        for disclosure in disclosures {
            assert_eq!(
                disclosure["digest"],
                DigestAlgorithm::Sha256.digest(text(disclosure, "disclosure"))
            );
        }
        let texts = disclosures.iter().map(|disclosure| text(disclosure, "disclosure"));
        let processed = process(object(case["payload"].clone()), texts).unwrap();
        assert_eq!(
            processed.claims["address"], vector["expected_address"],
            "{}",
            case["name"]
        );
    }
}

/// One test case of sd-jwt-python: what was issued holds all claims, what was presented exactly the verified ones.
fn python_testcase(name: &str) {
    let Some(vector) = vectors::load(&format!("sd-jwt-python-testcases/{name}.json")) else {
        return;
    };
    let issuer = &vector["keys"]["issuer"];
    let issued = claims(&compact(text(&vector, "sd_jwt_issuance")), issuer, None).unwrap();
    for (claim, value) in vector["user_claims"].as_object().unwrap() {
        assert_eq!(issued[claim], *value, "{claim}");
    }
    let presented = compact(text(&vector, "sd_jwt_presentation"));
    let key_binding = vector.get("kb_jwt_payload").filter(|_| !presented.ends_with('~'));
    let found = claims(&presented, issuer, key_binding);
    assert_eq!(found, Ok(vector["verified_contents"].clone()));
    let stranger = json!({"kty": "EC", "crv": "P-256",
        "x": vector["keys"]["holder"]["x"], "y": vector["keys"]["holder"]["y"]});
    assert_eq!(claims(&presented, &stranger, None), Err(SdJwtError::IssuerSignature));
}

/// The compact form, also of JSON serialisation. This generator's `sd_hash` is over its JSON text and not over the compact form
/// (RFC 9901, 8.1), so the key binding is left out there.
fn compact(sd_jwt: &str) -> String {
    if !sd_jwt.starts_with('{') {
        return sd_jwt.to_owned();
    }
    let [compact] = &compact_forms(sd_jwt).unwrap()[..] else {
        panic!("one signature")
    };
    compact[..=compact.rfind('~').unwrap()].to_owned()
}

macro_rules! python_testcases {
    ($($name:ident),*) => { $(#[test] fn $name() { python_testcase(stringify!($name)); })* };
}

python_testcases!(
    array_data_types,
    array_full_sd,
    array_in_sd,
    array_nested_in_plain,
    array_of_objects,
    array_of_scalars,
    array_recursive_sd,
    header_mod,
    json_serialization_flattened,
    key_binding,
    no_sd
);

#[test]
fn sd_jwt_vc_s2_3_issuance_presentation() {
    let Some(vector) = vectors::load("sd-jwt-vc/s2.3-issuance-presentation.json") else {
        return;
    };
    let issuer = key(&vector["keys"]["issuer"]);
    let unverified = SdJwtVc::parse(text(&vector, "sd_jwt")).unwrap();
    assert_eq!(unverified.issuer_key().kid, vector["expected_header"]["kid"].as_str());
    let credential = unverified.verify(&issuer, Timestamp::from_unix(1_700_000_000)).unwrap();
    assert_eq!(
        vector["expected_all_disclosed"],
        Value::Object(credential.claims().clone())
    );
    assert_eq!(vector["expected_all_disclosed"]["vct"], credential.vct());
    assert_eq!(credential.holder_key().unwrap().to_jwk(), vector["keys"]["holder"]);

    let kb = &vector["expected_kb_payload"];
    let now = Timestamp::from_unix(kb["iat"].as_i64().unwrap());
    let check = PresentationCheck::new(text(kb, "aud"), text(kb, "nonce"), now);
    let presented = verify_presentation(text(&vector, "sd_jwt_kb"), &check, |_| Some(issuer)).unwrap();
    assert_eq!(
        vector["expected_processed_payload"],
        Value::Object(presented.claims().clone())
    );

    // Narrowing to the same claims leaves the same disclosures.
    let narrowed = credential.narrow(presented.disclosed()).unwrap();
    assert_eq!(*presented.claims(), narrowed.claims().unwrap());
    let parts = |text: &str| {
        let mut parts: Vec<_> = text[..text.rfind('~').unwrap()].split('~').map(str::to_owned).collect();
        parts.sort();
        parts
    };
    assert_eq!(parts(&narrowed.into_unbound()), parts(text(&vector, "sd_jwt_kb")));
}

#[test]
fn sd_jwt_vc_s2_2_2_2_aka_vcts() {
    for case in vectors::cases("sd-jwt-vc/s2.2.2.2-aka-vcts.json") {
        let payload = object(case["payload"].clone());
        let jwt = SigningHeader::new(CREDENTIAL_TYPE)
            .sign_json(&payload.into(), &issuer())
            .unwrap();
        let parsed = SdJwtVc::parse(&format!("{jwt}~"));
        if case["valid"] == false {
            assert_eq!(parsed.err(), Some(SdJwtError::AkaVcts));
            continue;
        }
        let credential = parsed.unwrap().verify(&issuer_key(), NOW).unwrap();
        let wanted = case["query_vct_values"].as_array().unwrap();
        let is = |name: &Value| credential.vct() == name || credential.aka_vcts().iter().any(|aka| aka == name);
        assert_eq!(case["match_if_supported"], wanted.iter().any(is));
    }
}

#[test]
fn status_list_s6_2_referenced_sd_jwt() {
    let Some(vector) = vectors::load("status-list/s6.2-referenced-sd-jwt.json") else {
        return;
    };
    let found = claims(text(&vector, "sd_jwt"), &vector["issuer_key"], None).unwrap();
    assert_eq!(found, vector["expected_processed_payload"]);
    let reference = StatusReference::from_status_claim(&found["status"]).unwrap().unwrap();
    assert_eq!(vector["expected_status"], reference.to_status_claim());
}

#[test]
fn negative_sd_jwt_vc() {
    let Some(vector) = vectors::load("negative/sd-jwt-vc.json") else {
        return;
    };
    let context = &vector["context"];
    assert_eq!(context["clock_leeway_s"], CLOCK_LEEWAY.as_secs());
    let now = Timestamp::from_unix(context["now"].as_i64().unwrap());
    for case in vector["cases"].as_array().unwrap() {
        let check = PresentationCheck {
            key_binding_required: case["holder_binding_required"] != false,
            key_binding_max_age: Duration::from_secs(context["kb_max_age_s"].as_u64().unwrap()),
            ..PresentationCheck::new(text(context, "expected_aud"), text(context, "expected_nonce"), now)
        };
        let outcome = verify_presentation(text(case, "input"), &check, |_| Some(key(&context["issuer_jwk"])));
        let reason = outcome.as_ref().err();
        assert_eq!(outcome.is_ok(), case["accept"] == true, "{}: {reason:?}", case["name"]);
        if let (Some(reason), Some(expected)) = (reason, expected_reason(text(case, "name"))) {
            assert_eq!(*reason, expected, "{}", case["name"]);
        }
    }
}

/// The reason a case must be refused for, where another one would mean that the rule in question is not checked.
fn expected_reason(name: &str) -> Option<SdJwtError> {
    Some(match name {
        "digest twice inside one _sd" => SdJwtError::RepeatedDigest,
        "disclosure with no matching digest" | "child disclosure without its parent" => {
            SdJwtError::UnreferencedDisclosure
        }
        "disclosed claim named _sd" | "two disclosures for one claim name at one level" => SdJwtError::NameCollision,
        "_sd_alg unknown" => SdJwtError::DigestAlgorithm,
        "issuer signature bit flipped" | "signed by another issuer key" => SdJwtError::IssuerSignature,
        "typ vc+sd-jwt (dropped)" | "typ missing" => SdJwtError::Type,
        "vct missing" => SdJwtError::Vct,
        "exp delivered in a disclosure" | "nbf delivered in a disclosure" => SdJwtError::ProtectedClaim,
        "expired" => SdJwtError::Expired,
        "not yet valid" => SdJwtError::NotYetValid,
        "KB-JWT missing" => SdJwtError::KeyBindingMissing,
        "KB-JWT wrong nonce" => SdJwtError::Nonce,
        "KB-JWT aud without client_id prefix" => SdJwtError::Audience,
        "KB-JWT sd_hash wrong" | "KB-JWT sd_hash over the issuer JWT only" => SdJwtError::PresentationHash,
        "KB-JWT signed with another key" => SdJwtError::KeyBindingSignature,
        "KB-JWT an hour old" | "KB-JWT an hour in the future" => SdJwtError::KeyBindingTime,
        _ => return None,
    })
}
