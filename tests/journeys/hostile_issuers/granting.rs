//! Between the yes and the token: token servers, sign-in, codes.

use serde_json::{Value, json};
use wallet_core::problem::ProblemCode::{
    IssuerAskedWrongly, IssuerRefused, LinkExpired, LinkNotUnderstood, ServiceUnreachable, WrongCode,
};
use wallet_sandbox::spec::{ClientAuthName, DocumentType, GrantName, OfferFault, OfferSpec};

use super::Step::Accepting;
use super::{Hostile, Whose, hostile};
use crate::line::{Fate, Moment, answer, body, json_answer};

const METADATA: &str = "/.well-known/openid-credential-issuer";
const SERVER: &str = "/.well-known/oauth-authorization-server";
/// Turns the line, moves the cursor, hides.
const TURNING: &str = "\u{202e}\u{1b}[2J\u{7}knaB\u{200b} of\r\n England\u{2066}";

fn licence() -> OfferSpec {
    OfferSpec::of(DocumentType::DrivingLicence)
}

fn signing_in(fault: Option<OfferFault>) -> OfferSpec {
    OfferSpec {
        grant: GrantName::AuthorizationCode,
        fault,
        ..licence()
    }
}

/// Every text of it turns.
fn turn(value: &mut Value) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(name, value)| match value {
            Value::String(text) if name == "name" || name == "description" => *text = TURNING.to_owned(),
            _ => turn(value),
        }),
        Value::Array(items) => items.iter_mut().for_each(turn),
        _ => {}
    }
}

/// The server wants something fresh each time.
fn for_ever(error: &'static str, header: &'static str) -> impl Fn(&super::FarTown) -> super::Trick {
    move |_| {
        let mut times = 0;
        Box::new(move |when, exchange| {
            if when != Moment::Asked || !exchange.target.ends_with("/token") {
                return Fate::Pass;
            }
            times += 1;
            let headers = format!("Content-Type: application/json\r\n{header}: fresh-{times}\r\n");
            let body = json!({ "error": error }).to_string();
            Fate::Instead(answer(400, &headers, body.as_bytes()))
        })
    }
}

pub(super) fn issuers() -> Vec<Hostile> {
    let grant = |name, offer, code| hostile(name, offer, Accepting, code);
    let sign_in =
        |name, fault| hostile(name, signing_in(Some(fault)), Accepting, IssuerAskedWrongly).of(Whose::Vouched);
    vec![
        grant(
            "a token server that says it is another",
            OfferSpec {
                fault: Some(OfferFault::OtherServerMetadata),
                ..licence()
            },
            ServiceUnreachable,
        ),
        grant(
            "a token server whose metadata comes a byte at a time",
            licence(),
            ServiceUnreachable,
        )
        .drips(SERVER),
        grant(
            "a token server that answers a byte at a time",
            licence(),
            ServiceUnreachable,
        )
        .drips("/token"),
        grant(
            "forty token servers and none that answers",
            licence(),
            ServiceUnreachable,
        )
        .edits(METADATA, |metadata| {
            let issuer = metadata["credential_issuer"].as_str().unwrap();
            let servers: Vec<String> = (0..40).map(|n| format!("{issuer}/nobody/{n}")).collect();
            metadata["authorization_servers"] = json!(servers);
        })
        .also(|seen| {
            let asked = seen
                .iter()
                .filter(|exchange| exchange.target.contains("nobody"))
                .count();
            assert!((1..=32).contains(&asked), "{asked}");
        }),
        grant(
            "a token endpoint that sends the code elsewhere",
            licence(),
            ServiceUnreachable,
        )
        .says(
            "/token",
            answer(307, "Location: https://attacker.example/token\r\n", b""),
        ),
        grant(
            "a token endpoint at what a cloud tells its machines",
            licence(),
            LinkNotUnderstood,
        )
        .edits(SERVER, |server| {
            server["token_endpoint"] = json!("http://169.254.169.254/latest")
        }),
        grant(
            "a token endpoint that fails",
            OfferSpec {
                fault: Some(OfferFault::Error500OnToken),
                ..licence()
            },
            ServiceUnreachable,
        ),
        grant("a token of no known type", licence(), ServiceUnreachable)
            .edits("/token", |token| token["token_type"] = json!("mac")),
        grant("a token response with a member twice", licence(), ServiceUnreachable).rewrites(
            "/token",
            "{",
            r#"{"access_token":"another","#,
        ),
        grant("a token with a line break in it", licence(), ServiceUnreachable)
            .edits("/token", |token| token["access_token"] = json!("token\r\nCookie: mine")),
        grant("a token for a thousand documents", licence(), ServiceUnreachable).edits("/token", |token| {
            let identifiers: Vec<String> = (0..1000).map(|n| format!("licence-{n}")).collect();
            token["authorization_details"] = json!([{
                "type": "openid_credential", "credential_configuration_id": "driving-licence",
                "credential_identifiers": identifiers,
            }]);
        }),
        grant("a code that was used already", licence(), LinkExpired).says(
            "/token",
            json_answer(400, &json!({ "error": "invalid_grant", "error_description": TURNING })),
        ),
        grant("a refusal in nobody's words", licence(), LinkExpired)
            .says("/token", json_answer(400, &json!({ "error": TURNING }))),
        grant(
            "a token server that wants another nonce for ever",
            OfferSpec {
                dpop: true,
                ..licence()
            },
            IssuerAskedWrongly,
        )
        .trick(for_ever("use_dpop_nonce", "DPoP-Nonce"))
        .also(|seen| {
            assert!(
                seen.iter()
                    .filter(|exchange| exchange.target.ends_with("/token"))
                    .count()
                    <= 6
            )
        }),
        grant(
            "a token server that wants another challenge for ever",
            OfferSpec {
                client_auth: ClientAuthName::Attestation,
                ..licence()
            },
            IssuerAskedWrongly,
        )
        .of(Whose::Vouched)
        .trick(for_ever(
            "use_attestation_challenge",
            "OAuth-Client-Attestation-Challenge",
        ))
        .also(|seen| {
            assert!(
                seen.iter()
                    .filter(|exchange| exchange.target.ends_with("/token"))
                    .count()
                    <= 6
            )
        }),
        grant(
            "names that turn the line and move the cursor",
            OfferSpec {
                tx_code: Some(true),
                ..licence()
            },
            WrongCode,
        )
        .edits(METADATA, turn),
        sign_in("a sign-in answered by another server", OfferFault::WrongIss),
        sign_in("a sign-in answered by nobody in particular", OfferFault::MissingIss),
        sign_in("a sign-in answered for another request", OfferFault::WrongState),
        sign_in("a sign-in answered for no request", OfferFault::MissingState),
        grant(
            "a sign-in answered with two codes",
            signing_in(None),
            IssuerAskedWrongly,
        )
        .trick(|_| {
            Box::new(|when, exchange| {
                let back = exchange.target.starts_with("POST") && exchange.target.contains("/authorize");
                if when != Moment::Answered || !back {
                    return Fate::Pass;
                }
                let text = String::from_utf8_lossy(&exchange.answer);
                Fate::Instead(text.replacen("code=", "code=another&code=", 1).into_bytes())
            })
        }),
        grant("a sign-in that begins elsewhere", signing_in(None), ServiceUnreachable)
            .says("/par", answer(307, "Location: https://attacker.example/par\r\n", b"")),
        grant(
            "a sign-in whose request has a name without end",
            signing_in(None),
            ServiceUnreachable,
        )
        .says(
            "/par",
            json_answer(201, &json!({ "request_uri": "a".repeat(1_000_000), "expires_in": 60 })),
        ),
        grant(
            "a sign-in that is refused before it begins",
            signing_in(None),
            IssuerRefused,
        )
        .says("/par", json_answer(400, &json!({ "error": "invalid_request" }))),
        grant(
            "a token of no known type for a sign-in",
            signing_in(None),
            ServiceUnreachable,
        )
        .trick(|_| {
            Box::new(|when, exchange| {
                if when != Moment::Answered || !exchange.target.ends_with("/token") {
                    return Fate::Pass;
                }
                let mut token: Value = serde_json::from_slice(body(&exchange.answer)).unwrap();
                token["token_type"] = json!("PoP");
                Fate::Changed(token.to_string().into_bytes())
            })
        }),
    ]
}
