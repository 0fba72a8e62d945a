//! SD-JWT VC.

use serde_json::{Map, Value};
use wallet_credentials::claim::{self, ClaimPath, PathElement};
use wallet_credentials::jose::{SigningHeader, base64url, json};
use wallet_credentials::sd_jwt_vc::{
    DigestAlgorithm, KeyBinding, PresentationCheck, SdJwtVc, TransactionDataHashes, resolve_did_key,
    verify_presentation,
};

use crate::corpus::SEPARATOR;
use crate::made;
use crate::world::{NONCE, NOW, world};

/// An SD-JWT VC in compact serialisation: as issued, and as presented.
pub fn sd_jwt_vc(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    as_issued(text);
    as_presented(text);
}

fn as_issued(text: &str) {
    let Ok(credential) = SdJwtVc::parse(text) else {
        return;
    };
    let issuer = credential.issuer_key();
    let _ = resolve_did_key(issuer.iss, issuer.kid);
    let again = || SdJwtVc::parse(text).expect("the same text parses again");
    assert!(again().verify(&world().foreign_key(), NOW).is_err(), "a stranger's key");
    if let Ok(verified) = again().verify(&world().issuer.verification_key(), NOW) {
        assert_eq!(verified.vct(), made::VCT);
        let signed = made::claims();
        for (name, value) in verified.claims() {
            if let Some(known) = signed.get(name) {
                assert!(is_part(value, known), "a claim nobody signed");
            } else {
                assert!(["iss", "iat", "exp", "status", "cnf", "vct"].contains(&name.as_str()));
            }
        }
    }
    let credential = credential.dangerous_assume_verified();
    assert_eq!(credential.as_str(), text);
    narrowing(&credential);
}

/// Whether `part` is `whole` with some members and elements left out.
fn is_part(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => part
            .iter()
            .all(|(name, value)| whole.get(name).is_some_and(|whole| is_part(value, whole))),
        (Value::Array(part), Value::Array(whole)) => {
            let mut rest = whole.iter();
            part.iter().all(|value| rest.any(|whole| is_part(value, whole)))
        }
        _ => part == whole,
    }
}

/// Narrowing to nothing leaves no disclosure; to one claim, that claim's line and nothing beside it; and what is said to
/// leave is what a verifier reads.
fn narrowing(credential: &SdJwtVc) {
    let places = credential.disclosable();
    for place in places {
        let found = claim::select_claims(credential.claims(), place).expect("a place fits the claims");
        assert_eq!(found.len(), 1, "a disclosure has one place");
    }
    let wanted: Vec<Vec<ClaimPath>> = [Vec::new(), places.iter().step_by(3).take(4).cloned().collect()].into();
    for paths in wanted {
        let narrowed = credential.narrow(&paths).expect("what is there can be shown");
        for left in narrowed.disclosed() {
            let on_a_line = |path: &ClaimPath| {
                let (path, left) = (path.elements(), left.elements());
                path.iter().zip(left).all(|(one, other)| one == other)
            };
            assert!(paths.iter().any(on_a_line), "more than was asked");
        }
        let claims = Value::Object(narrowed.claims().expect("what leaves can be read"));
        assert!(is_part(&claims, &Value::Object(credential.claims().clone())));
        for path in &paths {
            // Elements before it may have gone: a place in an array moves.
            if path
                .elements()
                .iter()
                .all(|element| matches!(element, PathElement::Name(_)))
            {
                let before = claim::select_claims(credential.claims(), path);
                assert_eq!(claim::select(&claims, path), before, "what was asked is there");
            }
        }
        let unbound = narrowed.into_unbound();
        let shown = SdJwtVc::parse(&unbound)
            .expect("what leaves parses")
            .dangerous_assume_verified();
        assert_eq!(
            &Value::Object(shown.claims().clone()),
            &claims,
            "what leaves is what was shown"
        );
    }
    if let Ok(narrowed) = credential.narrow(&credential.always_disclosed()) {
        let binding = KeyBinding {
            audience: made::AUDIENCE,
            nonce: NONCE,
            issued_at: NOW,
            transaction_data: None,
        };
        let holder = narrowed.prepare(&binding).is_ok();
        assert_eq!(holder, credential.holder_key().is_some());
    }
}

fn as_presented(text: &str) {
    let check = PresentationCheck::new(made::AUDIENCE, NONCE, NOW);
    let unbound = PresentationCheck {
        key_binding_required: false,
        ..check
    };
    let foreign = |check: &PresentationCheck<'_>| verify_presentation(text, check, |_| Some(world().foreign_key()));
    assert!(
        foreign(&check).is_err() && foreign(&unbound).is_err(),
        "a stranger's key"
    );
    let ours =
        |check: &PresentationCheck<'_>| verify_presentation(text, check, |_| Some(world().issuer.verification_key()));
    let hashes = TransactionDataHashes {
        hashes: vec!["x".to_owned()],
        algorithm: None,
    };
    for (audience, nonce, transaction_data) in [
        ("x509_san_dns:other.example.org", NONCE, None),
        (made::AUDIENCE, "other", None),
        (made::AUDIENCE, NONCE, Some(&hashes)),
    ] {
        let other = PresentationCheck {
            transaction_data,
            ..PresentationCheck::new(audience, nonce, NOW)
        };
        assert!(ours(&other).is_err(), "bound to something else");
    }
    if let Ok(verified) = ours(&check) {
        assert_eq!(verified.key_bound_at(), Some(NOW));
        assert_eq!(verified.holder_key(), Some(&world().holder_key()));
    }
    if let Ok(verified) = ours(&unbound) {
        assert_eq!(verified.vct(), made::VCT);
        assert!(verified.disclosed().len() <= text.matches('~').count());
    }
}

/// An SD-JWT VC taken apart: header, payload and disclosures in JSON, separated. `"$1"` anywhere stands for the digest of
/// the first disclosure, `"$2"` for that of the second, and so on, so that any structure of digests can be tried. The
/// payload is put under a signature of zeroes.
pub fn sd_jwt_parts(data: &[u8]) {
    let mut parts = data.split(|byte| *byte == SEPARATOR).take(24);
    let (Some(header), Some(payload)) = (parts.next(), parts.next()) else {
        return;
    };
    let disclosures: Vec<&[u8]> = parts.collect();
    // From the last to the first: a disclosure can hold the digests of later ones only, as in real life.
    let mut encoded: Vec<String> = Vec::new();
    let mut digests: Vec<(String, String)> = Vec::new();
    for (at, disclosure) in disclosures.iter().enumerate().rev() {
        let text = base64url::encode(&with_digests(disclosure, &digests));
        digests.push((format!("\"${}\"", at + 1), DigestAlgorithm::Sha256.digest(&text)));
        encoded.push(text);
    }
    encoded.reverse();
    let payload = with_digests(payload, &digests);
    let mut text = format!("{}.{}.AAAA~", base64url::encode(header), base64url::encode(&payload));
    for disclosure in &encoded {
        text.push_str(disclosure);
        text.push('~');
    }
    as_issued(&text);
    if let Ok(payload) = json::parse_object(&payload) {
        signed(&payload, &encoded);
    }
}

fn with_digests(json: &[u8], digests: &[(String, String)]) -> Vec<u8> {
    if !json.contains(&b'$') {
        return json.to_vec();
    }
    let text = String::from_utf8_lossy(json).into_owned();
    digests
        .iter()
        .fold(text, |text, (name, digest)| {
            text.replace(name, &format!("\"{digest}\""))
        })
        .into_bytes()
}

/// The same payload under the issuer's signature: what the verifier reads is what the holder reads.
fn signed(payload: &Map<String, Value>, disclosures: &[String]) {
    if !payload.contains_key("vct") {
        return;
    }
    let payload = Value::Object(payload.clone());
    let jwt = SigningHeader::new("dc+sd-jwt").sign_json(&payload, &world().issuer.key);
    let text = format!("{}~{}", jwt.expect("our key signs"), disclosures.join("~"));
    let text = if disclosures.is_empty() {
        text
    } else {
        format!("{text}~")
    };
    let unbound = PresentationCheck {
        key_binding_required: false,
        ..PresentationCheck::new(made::AUDIENCE, NONCE, NOW)
    };
    let key = world().issuer.verification_key();
    let read = verify_presentation(&text, &unbound, |_| Some(key.clone()));
    let held = SdJwtVc::parse(&text).and_then(|credential| credential.verify(&key, NOW));
    match (read, held) {
        (Ok(read), Ok(held)) => assert_eq!(read.claims(), held.claims()),
        (Err(one), Err(other)) => assert_eq!(one, other, "both ends refuse for one reason"),
        _ => panic!("one end accepts what the other refuses"),
    }
}
