//! JWT VC: W3C credentials as JWTs, and did:web.

use serde_json::Value;
use wallet_credentials::claim;
use wallet_credentials::jose::did_web::DidWeb;
use wallet_credentials::jose::{SigningHeader, base64url, json};
use wallet_credentials::jwt_vc::{BASE_TYPE, JwtVc, PresentationBinding, PresentationCheck, verify_presentation};

use crate::corpus::SEPARATOR;
use crate::made;
use crate::world::{NONCE, NOW, world};

/// A credential or a presentation in compact serialisation, or a DID.
pub fn jwt_vc(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(did) = DidWeb::parse(text) {
        assert_eq!(did.url().scheme(), "https");
        assert!(did.url().username().is_empty() && did.url().path().ends_with("/did.json"));
    }
    credential(text);
    presentation(text);
}

fn credential(text: &str) {
    let Ok(credential) = JwtVc::parse(text) else {
        return;
    };
    let _ = credential.issuer_key();
    let again = || JwtVc::parse(text).expect("the same text parses again");
    assert!(again().verify(&world().foreign_key(), NOW).is_err(), "a stranger's key");
    let credential = credential.dangerous_assume_verified();
    assert_eq!(credential.as_str(), text);
    assert!(credential.types().iter().any(|kind| kind.ends_with(BASE_TYPE)));
    assert!(credential.has_types(credential.types()));
    for place in credential.always_disclosed() {
        let found = claim::select_claims(credential.claims(), &place).expect("a place fits the claims");
        assert_eq!(found.len(), 1);
    }
    let whole = credential.whole();
    assert_eq!(whole.claims(), credential.claims(), "all of it leaves");
    let binding = PresentationBinding {
        audience: made::AUDIENCE,
        nonce: NONCE,
        issued_at: NOW,
    };
    assert_eq!(whole.prepare(&binding).is_ok(), credential.holder_key().is_some());
    assert_eq!(whole.into_unbound(), text);
}

fn presentation(text: &str) {
    let check = PresentationCheck::new(made::AUDIENCE, NONCE, NOW);
    let bare = PresentationCheck {
        holder_required: false,
        ..check
    };
    let foreign = |check: &PresentationCheck<'_>| verify_presentation(text, check, |_| Some(world().foreign_key()));
    assert!(foreign(&check).is_err() && foreign(&bare).is_err(), "a stranger's key");
    let ours =
        |check: &PresentationCheck<'_>| verify_presentation(text, check, |_| Some(world().issuer.verification_key()));
    for (audience, nonce) in [("x509_san_dns:other.example.org", NONCE), (made::AUDIENCE, "other")] {
        assert!(
            ours(&PresentationCheck::new(audience, nonce, NOW)).is_err(),
            "bound to something else"
        );
    }
    if let Ok(verified) = ours(&check) {
        assert!(verified.is_by_holder());
        assert_eq!(verified.credential().holder_key(), Some(&world().holder_key()));
        assert_eq!(
            verified.credential().as_str(),
            made::veteran(),
            "a credential nobody signed"
        );
    }
    if let Ok(verified) = ours(&bare) {
        assert_eq!(
            verified.credential().as_str(),
            made::veteran(),
            "a credential nobody signed"
        );
    }
}

/// A credential taken apart: header and payload in JSON, separated. It is read unsigned, and verified under the issuer's
/// signature; when it is bound to the holder it is presented, and the verifier reads what left.
pub fn jwt_vc_parts(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == SEPARATOR);
    let (Some(header), Some(payload)) = (parts.next(), parts.next()) else {
        return;
    };
    let text = format!("{}.{}.AAAA", base64url::encode(header), base64url::encode(payload));
    credential(&text);
    let Ok(unsigned) = JwtVc::parse(&text) else {
        return;
    };
    let claims = unsigned.dangerous_assume_verified().claims().clone();
    let mut signing = SigningHeader::new("vc+jwt");
    for (name, value) in json::parse_object(&base64url::decode(&base64url::encode(header)).unwrap()).unwrap() {
        signing = signing.member(&name, value);
    }
    let signed = signing.sign(payload, &world().issuer.key).unwrap();
    let key = world().issuer.verification_key();
    let Ok(credential) = JwtVc::parse(&signed).and_then(|credential| credential.verify(&key, NOW)) else {
        return;
    };
    assert_eq!(*credential.claims(), claims);
    if credential.holder_key() != Some(&world().holder_key()) {
        return;
    }
    let binding = PresentationBinding {
        audience: made::AUDIENCE,
        nonce: NONCE,
        issued_at: NOW,
    };
    let shown = credential
        .whole()
        .present(&binding, &world().holder)
        .expect("the holder can show it");
    let check = PresentationCheck::new(made::AUDIENCE, NONCE, NOW);
    let read = verify_presentation(&shown, &check, |_| Some(key.clone())).expect("the verifier reads what left");
    assert_eq!(Value::Object(read.credential().claims().clone()), Value::Object(claims));
}
