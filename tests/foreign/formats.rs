//! Formats without a protocol around them: foreign issuers' credentials in our hands, our presentations in foreign ones, and
//! proof that the foreign checks can fail.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use wallet_credentials::claim::ClaimPath;
use wallet_credentials::crypto::{PredictableRandom, Signer as _, SigningKey};
use wallet_credentials::mdoc::{IssuerSigned, SessionTranscript};
use wallet_credentials::sd_jwt_vc::{KeyBinding, SdJwtVc};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, Profile, Role, TrustAnchors, verify_chain};

use crate::peers::Peers;

const NAME_SPACE: &str = "org.iso.18013.5.1";
const CLIENT: &str = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk";
const NONCE: &str = "n-0S6_WzA2Mj";
const RESPONSE_URI: &str = "http://localhost:8080/response?id=7";

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_unix(i64::try_from(since.as_secs()).unwrap())
}

fn holder() -> SigningKey {
    SigningKey::from_random(&mut PredictableRandom::from_seed(11)).unwrap()
}

fn anchors(peers: &Peers, root: &str) -> TrustAnchors {
    let pem = std::fs::read_to_string(peers.root(root)).unwrap();
    let mut anchors = TrustAnchors::new();
    anchors.add_chosen(Certificate::from_pem(&pem).unwrap(), Role::Issuer);
    anchors
}

fn issue(peers: &mut Peers, issuer: &str, configuration: &str) -> String {
    let key = holder().public_key().to_jwk();
    let what = json!({"do": "issue", "issuer": issuer, "configuration": configuration, "device_key": key});
    peers.ask(&what).as_str().unwrap().to_owned()
}

#[test]
fn mdocs_of_two_libraries_are_held_and_shown() {
    let Some(mut peers) = Peers::start() else { return };
    let anchors = anchors(&peers, "iaca");
    // `plain` issues with @owf/mdoc, `unusual` with @auth0/mdl.
    for issuer in ["plain", "unusual"] {
        let text = issue(&mut peers, issuer, "licence");
        let mdoc = IssuerSigned::parse_base64url(&text)
            .unwrap()
            .verify(&anchors, now())
            .unwrap();
        assert_eq!(
            mdoc.elements().filter(|(space, _)| *space == NAME_SPACE).count(),
            if issuer == "plain" { 11 } else { 10 }
        );
        let present = |nonce: &str| {
            let transcript = SessionTranscript::openid4vp(CLIENT, nonce, None, RESPONSE_URI);
            let narrowed = mdoc
                .narrow(&[(NAME_SPACE, "birth_date"), (NAME_SPACE, "age_over_25")])
                .unwrap();
            URL_SAFE_NO_PAD.encode(narrowed.sign(&transcript, &holder()).unwrap())
        };
        let mut verify = |presentation: &str| {
            peers.try_ask(
                &json!({"do": "verify_mdoc", "presentation": presentation, "client_id": CLIENT, "nonce": NONCE,
                "response_uri": RESPONSE_URI}),
            )
        };
        let right = present(NONCE);
        let read = verify(&right).unwrap();
        assert_eq!(
            read[0]["elements"],
            json!({NAME_SPACE: {"birth_date": "1988-02-29", "age_over_25": false}}),
            "{issuer}"
        );
        let refused = verify(&present("another nonce")).unwrap_err();
        assert!(refused.contains("Device signature must be valid"), "{refused}");
        // One bit of an element's value.
        let mut altered = URL_SAFE_NO_PAD.decode(&right).unwrap();
        let at = altered.windows(10).position(|bytes| bytes == b"1988-02-29").unwrap();
        altered[at] ^= 1;
        let refused = verify(&URL_SAFE_NO_PAD.encode(altered)).unwrap_err();
        assert!(refused.contains("digest"), "{refused}");
    }
}

#[test]
fn sd_jwt_vcs_are_held_and_shown() {
    let Some(mut peers) = Peers::start() else { return };
    let anchors = anchors(&peers, "issuer");
    for issuer in ["plain", "unusual"] {
        let text = issue(&mut peers, issuer, "membership");
        let parsed = SdJwtVc::parse(&text).unwrap();
        let chain: Vec<_> = parsed
            .issuer_key()
            .x5c
            .iter()
            .map(|der| Certificate::from_der(der).unwrap())
            .collect();
        verify_chain(&chain, &anchors, now(), Profile::JwtSigner).unwrap();
        let credential = parsed.verify(&chain[0].verification_key().unwrap(), now()).unwrap();
        assert_eq!(
            credential.claims()["address"],
            json!({"locality": "Aberystwyth", "country": "GB"})
        );
        let present = |audience: &str, nonce: &str| {
            let path = |value: Value| serde_json::from_value::<ClaimPath>(value).unwrap();
            let paths = [path(json!(["address", "locality"])), path(json!(["nationalities", 1]))];
            let binding = KeyBinding {
                audience,
                nonce,
                issued_at: now(),
                transaction_data: None,
            };
            credential.narrow(&paths).unwrap().present(&binding, &holder()).unwrap()
        };
        let mut verify = |presentation: &str| {
            peers.try_ask(
                &json!({"do": "verify_sd_jwt_vc", "presentation": presentation, "audience": CLIENT, "nonce": NONCE}),
            )
        };
        let right = present(CLIENT, NONCE);
        let read = verify(&right).unwrap();
        assert_eq!(
            (&read["address"], &read["nationalities"], &read["given_name"]),
            (&json!({"locality": "Aberystwyth"}), &json!(["IE"]), &Value::Null),
            "{issuer}"
        );
        for (wrong, reason) in [
            (present("x509_hash:another", NONCE), "another audience"),
            (present(CLIENT, "another"), "nonce"),
            // A disclosure that the key binding does not cover.
            (
                right.replacen('~', &format!("~{}~", text.split('~').nth(1).unwrap()), 1),
                "",
            ),
        ] {
            let refused = verify(&wrong).unwrap_err();
            assert!(refused.to_lowercase().contains(reason), "{refused}");
        }
    }
}
