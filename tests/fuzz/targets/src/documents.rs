//! Documents that are fetched to understand a credential: JSON serialisation, type metadata, keys of issuers, revocation
//! lists; and what browsers and authorization servers hand over.

use serde_json::Value;
use url::Url;
use wallet_credentials::jose::did_web::{DidDocument, DidWeb};
use wallet_credentials::jose::{Jws, base64url};
use wallet_credentials::sd_jwt_vc::issuer_metadata::{IssuerMetadata, metadata_url};
use wallet_credentials::sd_jwt_vc::type_metadata::{Integrity, Resolution, resolve};
use wallet_credentials::sd_jwt_vc::{
    JsonForm, PresentationCheck, SdJwtVc, compact_forms, to_json, verify_presentation_json,
};
use wallet_credentials::trust::{Revocation, RevocationList, TrustAnchors, check_revocation};
use wallet_protocols::oauth::attestation::ClientAttestation;
use wallet_protocols::oauth::{dpop, pkce};
use wallet_protocols::openid4vci::issuer::AuthorizationParameters;
use wallet_protocols::openid4vp::VerifierIdentity;
use wallet_protocols::openid4vp::dc_api::{self, DcApiProtocol};

use crate::made;
use crate::world::{ISSUER, NONCE, NOW, world};

/// An SD-JWT in JSON serialisation, or a compact one: each form becomes the other and itself again.
pub fn sd_jwt_json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(forms) = compact_forms(text) {
        assert!(!forms.is_empty());
        for compact in &forms {
            // Where nothing unprotected is there, the protected header is not looked into yet.
            if compact.split('~').next().is_none_or(|jwt| Jws::parse(jwt).is_err()) {
                continue;
            }
            let same = Some(vec![compact.clone()]);
            assert_eq!(again(compact, JsonForm::Flattened), same);
            assert_eq!(again(compact, JsonForm::General), same);
        }
        let check = PresentationCheck::new(made::AUDIENCE, NONCE, NOW);
        assert!(
            verify_presentation_json(text, &check, |_| Some(world().foreign_key())).is_err(),
            "a stranger's key"
        );
    }
    // What is no SD-JWT need not become one.
    assert!(again(text, JsonForm::General).is_none_or(|forms| forms == [text.to_owned()]));
}

/// The compact forms of the JSON form of a compact one.
fn again(compact: &str, form: JsonForm) -> Option<Vec<String>> {
    compact_forms(&to_json(compact, form).ok()?).ok()
}

/// Type metadata that extends itself, metadata of an issuer, a DID document, integrity metadata.
pub fn documents(data: &[u8]) {
    if let Ok(resolution) = resolve("https://credentials.example.com/person", None, |_| Some(data)) {
        let Resolution::Resolved(metadata) = resolution else {
            panic!("every document is there");
        };
        assert!((1..=8).contains(&metadata.types().len()));
        let credential = SdJwtVc::parse(made::person()).expect("our own credential");
        let credential = credential.dangerous_assume_verified();
        for place in credential.disclosable() {
            let _ = metadata.label(place.elements(), &["cy", "en"]);
        }
        let claims = credential.issued_claims().expect("claims");
        let _ = metadata.check(&claims);
        if let Ok(text) = std::str::from_utf8(data)
            && let Ok(svg) = metadata.fill_svg(text, &claims)
        {
            assert!(svg.len() <= text.len() * 64, "a picture in proportion");
        }
        let hostile = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
        if let Some(display) = metadata.display(&["cy"]) {
            assert!(!display.name.chars().any(hostile), "a name people are shown");
        }
    }
    if let Ok(metadata) = IssuerMetadata::parse(data, ISSUER) {
        let value: Value = serde_json::from_slice(data).expect("it is JSON");
        assert_eq!(
            value.get("issuer").and_then(Value::as_str),
            Some(ISSUER),
            "another issuer"
        );
        let _ = metadata.key(None);
    }
    let did = DidWeb::parse("did:web:issuer.example.com").expect("a DID");
    if let Ok(document) = DidDocument::parse(data, &did) {
        let value: Value = serde_json::from_slice(data).expect("it is JSON");
        assert_eq!(
            value.get("id").and_then(Value::as_str),
            Some(did.as_str()),
            "another DID"
        );
        let _ = document.assertion_key(None);
    }
    if let Ok(text) = std::str::from_utf8(data) {
        if let Ok(integrity) = Integrity::parse(text) {
            assert!(!integrity.matches(b"a document nobody named"));
        }
        if let Ok(url) = metadata_url(text) {
            assert_eq!(url.scheme(), "https");
        }
    }
}

/// A revocation list: it counts only under the key of the authority it names, and revokes nothing otherwise.
pub fn revocation_list(data: &[u8]) {
    let Ok(list) = RevocationList::from_der(data) else {
        return;
    };
    assert!(
        list.verify(&world().stranger.certificate, NOW).is_err(),
        "a stranger's key"
    );
    let anchor = world().anchors.iter().next().expect("an anchor");
    let outcome = check_revocation(world().issuer.chain(), anchor, &[data], NOW);
    assert_eq!(outcome, Ok(Revocation::Unknown), "the authority signed no list");
}

/// Client attestations, DPoP proofs, authorization requests, PKCE.
pub fn oauth(data: &[u8]) {
    if let Ok(parameters) = AuthorizationParameters::read(data, ISSUER) {
        assert_eq!(parameters.code_challenge.len(), 43);
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let _ = ClientAttestation::read(text, &world().holder_key(), NOW);
    assert!(
        ClientAttestation::verify(text, &world().foreign_key(), NOW).is_err(),
        "a stranger's key"
    );
    assert!(ClientAttestation::verify_chain(text, &world().foreign_anchors, NOW).is_err());
    let url = Url::parse("https://issuer.example.com/token").expect("a URL");
    let other = Url::parse("https://other.example.com/token").expect("a URL");
    let expected = |url| dpop::Expected {
        method: "POST",
        url,
        access_token: None,
    };
    if dpop::verify(text, &expected(&url), |_| true, NOW).is_ok() {
        assert!(
            dpop::verify(text, &expected(&other), |_| true, NOW).is_err(),
            "another address"
        );
        assert!(
            dpop::verify(text, &expected(&url), |_| false, NOW).is_err(),
            "another nonce"
        );
    }
    if let Some(verifier) = pkce::CodeVerifier::parse(text) {
        assert!(pkce::matches(verifier.expose(), &verifier.challenge()));
    }
}

/// What a browser hands over. A signed request counts for the origins it names, and only the service's own key signs one.
pub fn browser_request(data: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    for protocol in [
        DcApiProtocol::Unsigned,
        DcApiProtocol::Signed,
        DcApiProtocol::MultiSigned,
    ] {
        let origin = "https://client.example.org";
        let Ok(request) = dc_api::verify(protocol, &value, origin, &world().anchors, NOW) else {
            continue;
        };
        assert_eq!(request.origin(), origin);
        assert!(!request.nonce().is_empty());
        let signed = !matches!(request.verifier(), VerifierIdentity::Unsigned);
        assert_eq!(signed, protocol != DcApiProtocol::Unsigned);
        if signed {
            let elsewhere = dc_api::verify(protocol, &value, "https://elsewhere.example", &world().anchors, NOW);
            assert!(elsewhere.is_err(), "another origin");
        }
        if let Ok(stranger) = dc_api::verify(protocol, &value, origin, &TrustAnchors::new(), NOW) {
            let trusted = matches!(
                stranger.verifier(),
                VerifierIdentity::Certificate {
                    trusted_by: Some(_),
                    ..
                }
            );
            assert!(!trusted, "without anchors");
        }
    }
}

/// An SD-JWT in both JSON forms.
pub fn json_forms() -> Vec<Vec<u8>> {
    let forms = [JsonForm::Flattened, JsonForm::General];
    let texts = [made::person().to_owned(), made::presentation()];
    let json = texts
        .iter()
        .flat_map(|text| forms.map(|form| to_json(text, form).unwrap().into_bytes()));
    json.collect()
}

/// Unsigned and signed requests as a browser hands them over.
pub fn browser_requests() -> Vec<Vec<u8>> {
    let mut claims = made::request(false);
    claims["response_mode"] = "dc_api".into();
    claims["expected_origins"] = serde_json::json!(["https://client.example.org"]);
    for name in ["response_uri", "state"] {
        claims.as_object_mut().unwrap().remove(name);
    }
    let signed = crate::presentation::sign(claims.to_string().as_bytes());
    let signed = serde_json::json!({ "request": signed });
    let header = base64url::encode(br#"{"alg":"ES256"}"#);
    let multi = serde_json::json!({"request": {"payload": base64url::encode(claims.to_string().as_bytes()),
        "signatures": [{"protected": header, "signature": "AAAA"}]}});
    claims.as_object_mut().unwrap().remove("client_id");
    [claims, signed, multi]
        .map(|value| value.to_string().into_bytes())
        .into()
}
