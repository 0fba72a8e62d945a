//! SD-JWT with an implementation that is not ours, the `sd-jwt-rs` crate, in both directions and all three roles.
//!
//! `cargo test --manifest-path tests/peers/Cargo.toml`

#![expect(clippy::unwrap_used, reason = "a test: what fails, fails it")]

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, EncodingKey};
use p256::pkcs8::EncodePrivateKey as _;
use sd_jwt_rs::issuer::ClaimsForSelectiveDisclosureStrategy;
use sd_jwt_rs::{SDJWTHolder, SDJWTIssuer, SDJWTSerializationFormat, SDJWTVerifier};
use serde_json::{Map, Value, json};
use wallet_credentials::claim::ClaimPath;
use wallet_credentials::crypto::{PredictableRandom, Signer, SigningKey};
use wallet_credentials::jose::{Jws, SigningHeader};
use wallet_credentials::sd_jwt_vc::{
    CREDENTIAL_TYPE, Issuance, KeyBinding, PresentationCheck, SdJwtError, SdJwtVc, verify_presentation,
};
use wallet_credentials::time::Timestamp;

const AUDIENCE: &str = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
const NONCE: &str = "n-0S6_WzA2Mj";
const VCT: &str = "https://credentials.example.org/person";

/// The peer reads the clock itself.
fn now() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Timestamp::from_unix(i64::try_from(since.as_secs()).unwrap())
}

fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[1; 32]).unwrap()
}

fn holder() -> SigningKey {
    SigningKey::from_bytes(&[2; 32]).unwrap()
}

fn encoding_key(key: &SigningKey) -> EncodingKey {
    let secret = p256::SecretKey::from_slice(key.to_bytes().as_ref()).unwrap();
    EncodingKey::from_ec_der(secret.to_pkcs8_der().unwrap().as_bytes())
}

fn person() -> Value {
    json!({
        "given_name": "Ada", "family_name": "Byron", "height": 1.65, "deceased": true,
        "address": {"street": "12 St James's Square", "city": "London", "country": "GB"},
        "nationalities": ["GB", "FR"],
    })
}

fn path(json: &str) -> ClaimPath {
    serde_json::from_str(json).unwrap()
}

/// Our credential of [`person`], everything in disclosures, the address recursively.
fn ours(decoys: u8) -> String {
    let Value::Object(claims) = person() else {
        unreachable!()
    };
    Issuance::new(VCT, claims)
        .iss("https://issuer.example.org")
        .issued_at(now())
        .expires_at(now().plus(std::time::Duration::from_secs(3_600)))
        .holder_key(&holder().public_key())
        .selectively_disclosable(
            [
                r#"["given_name"]"#,
                r#"["family_name"]"#,
                r#"["address"]"#,
                r#"["address","street"]"#,
                r#"["address","city"]"#,
                r#"["nationalities",null]"#,
            ]
            .map(path),
        )
        .decoys(decoys)
        .sign(&issuer(), &mut PredictableRandom::from_seed(1))
        .unwrap()
}

fn receive(text: &str) -> SdJwtVc {
    let credential = SdJwtVc::parse(text).unwrap();
    credential
        .verify(&issuer().public_key().into(), now())
        .unwrap()
        .into_inner()
}

fn present(credential: &SdJwtVc, paths: &[&str]) -> String {
    let paths: Vec<_> = paths.iter().map(|text| path(text)).collect();
    let binding = KeyBinding {
        audience: AUDIENCE,
        nonce: NONCE,
        issued_at: now(),
        transaction_data: None,
    };
    credential.narrow(&paths).unwrap().present(&binding, &holder()).unwrap()
}

/// What the peer's verifier reads.
fn read_by_peer(presentation: &str, nonce: &str) -> Result<Value, String> {
    let verifier = SDJWTVerifier::new(
        presentation.to_owned(),
        Box::new(|_, _| DecodingKey::from_ec_der(issuer().public_key().as_sec1())),
        Some(AUDIENCE.to_owned()),
        Some(nonce.to_owned()),
        SDJWTSerializationFormat::Compact,
    );
    verifier
        .map(|verifier| verifier.verified_claims)
        .map_err(|error| error.to_string())
}

fn read_by_us(presentation: &str) -> Result<Map<String, Value>, SdJwtError> {
    let check = PresentationCheck::new(AUDIENCE, NONCE, now());
    verify_presentation(presentation, &check, |_| Some(issuer().public_key().into()))
        .map(|presented| presented.claims().clone())
}

#[test]
fn what_we_present_the_peer_verifies() {
    let credential = receive(&ours(2));
    for asked in [
        &[][..],
        &[r#"["given_name"]"#],
        &[r#"["address","city"]"#, r#"["nationalities",1]"#],
        &[r#"["address"]"#, r#"["nationalities",null]"#, r#"["family_name"]"#],
    ] {
        let presentation = present(&credential, asked);
        let here = Value::Object(read_by_us(&presentation).unwrap());
        assert_eq!(read_by_peer(&presentation, NONCE).unwrap(), here, "{asked:?}");
        assert!(read_by_peer(&presentation, "another nonce").is_err());
        let (start, end) = presentation.split_at(presentation.len() - 10);
        let other = if end.starts_with('A') { 'B' } else { 'A' };
        assert!(read_by_peer(&format!("{start}{other}{}", &end[1..]), NONCE).is_err());
    }
}

#[test]
fn what_the_peer_presents_we_verify() {
    // As a holder the peer panics over decoys in arrays.
    let mut peer = SDJWTHolder::new(ours(0), SDJWTSerializationFormat::Compact).unwrap();
    let Value::Object(asked) = json!({"given_name": true, "address": {"city": true}, "nationalities": [false, true]})
    else {
        unreachable!()
    };
    let presentation = peer
        .create_presentation(
            asked,
            Some(NONCE.to_owned()),
            Some(AUDIENCE.to_owned()),
            Some(encoding_key(&holder())),
            Some("ES256".to_owned()),
        )
        .unwrap();
    let claims = read_by_us(&presentation).unwrap();
    assert_eq!(claims["given_name"], json!("Ada"));
    assert_eq!(claims["address"], json!({"city": "London", "country": "GB"}));
    assert_eq!(claims["nationalities"], json!(["FR"]));
    assert_eq!(claims.get("family_name"), None);
    let tilde = presentation.rfind('~').unwrap();
    assert_eq!(
        read_by_us(&presentation[..=tilde]).err(),
        Some(SdJwtError::KeyBindingMissing)
    );
}

/// The peer knows no `typ`, so its payload is signed anew under the one of SD-JWT VC; digests and disclosures are its own.
#[test]
fn what_the_peer_issues_we_hold() {
    let mut claims = person();
    claims["iss"] = "https://issuer.example.org".into();
    claims["iat"] = now().as_unix().into();
    claims["exp"] = (now().as_unix() + 3_600).into();
    claims["vct"] = VCT.into();
    let jwk: Jwk = serde_json::from_value(holder().public_key().to_jwk()).unwrap();
    let disclosed = vec![
        "$.given_name",
        "$.family_name",
        "$.address",
        "$.address.city",
        "$.nationalities[0]",
        "$.nationalities[1]",
    ];
    let issued = SDJWTIssuer::new(encoding_key(&issuer()), Some("ES256".to_owned()))
        .issue_sd_jwt(
            claims.clone(),
            ClaimsForSelectiveDisclosureStrategy::Custom(disclosed),
            Some(jwk),
            true,
            SDJWTSerializationFormat::Compact,
        )
        .unwrap();
    let (jwt, disclosures) = issued.split_once('~').unwrap();
    let jws = Jws::parse(jwt).unwrap();
    let payload = jws.verify(&issuer().public_key().into()).unwrap();
    assert!(SdJwtVc::parse(&issued).is_err());
    let jwt = SigningHeader::new(CREDENTIAL_TYPE).sign(&payload, &issuer()).unwrap();

    let credential = receive(&format!("{jwt}~{disclosures}"));
    for (name, value) in claims.as_object().unwrap() {
        assert_eq!(&credential.claims()[name], value, "{name}");
    }
    assert_eq!(credential.disclosable().len(), 6);
    let presentation = present(&credential, &[r#"["address","city"]"#, r#"["nationalities",0]"#]);
    let read = read_by_peer(&presentation, NONCE).unwrap();
    assert_eq!(read["address"], claims["address"]);
    assert_eq!(read["nationalities"], json!(["GB"]));
    assert_eq!(read.get("given_name"), None);
    assert_eq!(Value::Object(read_by_us(&presentation).unwrap()), read);
}
