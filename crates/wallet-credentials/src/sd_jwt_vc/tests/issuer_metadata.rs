//! JWT VC Issuer Metadata (draft-ietf-oauth-sd-jwt-vc, 4).

use super::super::issuer_metadata::{IssuerKeys, IssuerMetadata, IssuerMetadataError, metadata_url};
use super::*;
use crate::vectors;

const ISS: &str = "https://example.com";

fn read(document: &Value, iss: &str) -> Result<IssuerMetadata, IssuerMetadataError> {
    IssuerMetadata::parse(document.to_string().as_bytes(), iss)
}

#[test]
fn sd_jwt_vc_s4_jwt_vc_issuer_metadata() {
    let Some(vector) = vectors::load("sd-jwt-vc/s4-jwt-vc-issuer-metadata.json") else {
        return;
    };
    for case in vector["well_known_cases"].as_array().unwrap() {
        let url = metadata_url(case["iss"].as_str().unwrap()).unwrap();
        assert_eq!(case["url"], url.as_str());
    }
    let documents = vector["documents"].as_array().unwrap();
    let inline = read(&documents[0], ISS).unwrap();
    for jwk in documents[0]["jwks"]["keys"].as_array().unwrap() {
        let key = VerificationKey::from_jwk(jwk).unwrap();
        assert_eq!(inline.key(jwk["kid"].as_str()), Some(&key));
    }
    assert_eq!(inline.key(Some("doc-signer-05-25-2023")), None);
    let elsewhere = read(&documents[1], ISS).unwrap();
    let IssuerKeys::At(uri) = elsewhere.keys() else {
        panic!("keys at another place")
    };
    assert_eq!(documents[1]["jwks_uri"], uri.as_str());
    assert_eq!(elsewhere.key(None), None);

    // What the vector lists under `must_reject`.
    assert_eq!(vector["must_reject"].as_array().unwrap().len(), 5);
    let mut both = documents[0].clone();
    both["jwks_uri"] = documents[1]["jwks_uri"].clone();
    assert_eq!(read(&both, ISS).err(), Some(IssuerMetadataError::Keys));
    assert_eq!(
        read(&json!({"issuer": ISS}), ISS).err(),
        Some(IssuerMetadataError::Keys)
    );
    assert_eq!(
        read(&documents[0], "https://example.org").err(),
        Some(IssuerMetadataError::OtherIssuer)
    );
    for iss in ["http://example.com", "https://example.com?a", "https://example.com#a"] {
        let mut document = documents[0].clone();
        document["issuer"] = iss.into();
        assert_eq!(read(&document, iss).err(), Some(IssuerMetadataError::Issuer), "{iss}");
    }
}

#[test]
fn the_well_known_part_goes_between_host_and_path() {
    for (iss, url) in [
        ("https://example.com/", "https://example.com/.well-known/jwt-vc-issuer"),
        (
            "https://example.com:8443/a/b/",
            "https://example.com:8443/.well-known/jwt-vc-issuer/a/b",
        ),
        (
            "https://example.com/a%20b",
            "https://example.com/.well-known/jwt-vc-issuer/a%20b",
        ),
    ] {
        assert_eq!(metadata_url(iss).unwrap().as_str(), url);
    }
    for iss in [
        "",
        "https://",
        "HTTPS://example.com",
        "did:web:example.com",
        "https://user@example.com",
        "https://@example.com",
        "https://example.com/a?",
        "https://example.com/#",
        "https:\\\\example.com",
        "https://example.com/a b",
        "https://exam\nple.com",
        "https://[::1",
    ] {
        assert_eq!(metadata_url(iss), Err(IssuerMetadataError::Issuer), "{iss}");
    }
}

#[test]
fn the_issuer_is_compared_code_point_by_code_point() {
    let jwks = json!({"keys": [issuer().public_key().to_jwk()]});
    let document = |issuer: &str| json!({"issuer": issuer, "jwks": jwks, "more": 1});
    assert!(read(&document(ISS), ISS).unwrap().key(None).is_some());
    for issuer in ["https://example.com/", "https://EXAMPLE.com", "https://example.com:443"] {
        assert_eq!(
            read(&document(issuer), ISS).err(),
            Some(IssuerMetadataError::OtherIssuer),
            "{issuer}"
        );
    }
    for malformed in [
        json!([]),
        json!({"issuer": 1, "jwks": jwks}),
        json!({"issuer": ISS, "jwks": []}),
        json!({"issuer": ISS, "jwks_uri": 1}),
        json!({"issuer": ISS, "jwks_uri": "http://example.com/jwks"}),
        json!({"issuer": ISS, "jwks_uri": "jwks"}),
    ] {
        assert_eq!(
            read(&malformed, ISS).err(),
            Some(IssuerMetadataError::Malformed),
            "{malformed}"
        );
    }
}
