//! Before anybody has said yes: the link, the offer, the metadata.

use serde_json::json;
use wallet_core::problem::ProblemCode::{LinkNotUnderstood, ServiceUnreachable};
use wallet_sandbox::spec::{By, DocumentType, OfferFault, OfferSpec};

use super::Step::Reading;
use super::{Hostile, Whose, edited, hostile, linked};
use crate::line::{Fate, Moment, answer, body, json_answer};

const METADATA: &str = "/.well-known/openid-credential-issuer";

fn licence() -> OfferSpec {
    OfferSpec::of(DocumentType::DrivingLicence)
}

fn with(fault: OfferFault) -> OfferSpec {
    OfferSpec {
        fault: Some(fault),
        ..licence()
    }
}

fn by_reference() -> OfferSpec {
    OfferSpec {
        by: By::Reference,
        ..licence()
    }
}

/// An offer of an issuer at this address.
fn offered_at(name: &'static str, address: &'static str) -> Hostile {
    hostile(name, licence(), Reading, LinkNotUnderstood)
        .of(Whose::Real)
        .link(move |_, link| edited(&link, |offer| offer["credential_issuer"] = json!(address)))
        .also(|seen| assert!(seen.is_empty()))
}

/// An offer behind this address.
fn offered_behind(name: &'static str, address: &'static str) -> Hostile {
    hostile(name, licence(), Reading, LinkNotUnderstood)
        .of(Whose::Real)
        .link(move |_, _| format!("openid-credential-offer://?credential_offer_uri={address}"))
        .also(|seen| assert!(seen.is_empty()))
}

pub(super) fn issuers() -> Vec<Hostile> {
    let read = |name, offer| hostile(name, offer, Reading, ServiceUnreachable);
    let link = |name| hostile(name, licence(), Reading, LinkNotUnderstood);
    vec![
        read("metadata of a hundred megabytes", with(OfferFault::HugeMetadata)),
        read(
            "metadata behind redirects without end",
            with(OfferFault::EndlessRedirects),
        ),
        read(
            "metadata behind a redirect to another origin",
            with(OfferFault::ForeignRedirect),
        ),
        read("metadata of another issuer", with(OfferFault::OtherIssuerMetadata)),
        read("metadata nested without end", with(OfferFault::DeepMetadata)),
        read("metadata that comes a byte at a time", with(OfferFault::SlowMetadata)).of(Whose::Impatient),
        read("metadata with a member twice", licence()).rewrites(
            METADATA,
            "{",
            r#"{"credential_endpoint":"http://x/","#,
        ),
        read("metadata in HTML", licence()).says(METADATA, answer(200, "Content-Type: text/html\r\n", b"<p>Hello</p>")),
        read("metadata with an endpoint that is a script", licence()).edits(METADATA, |metadata| {
            metadata["credential_endpoint"] = json!("javascript:alert(1)")
        }),
        // What is signed counts, and it has no such document.
        link("metadata that says something else once it is signed")
            .link(|_, link| {
                edited(&link, |offer| {
                    offer["credential_configuration_ids"] = json!(["gold-card"])
                })
            })
            .trick(|_| {
                Box::new(|when, exchange| {
                    let text = String::from_utf8_lossy(body(&exchange.answer)).into_owned();
                    let plain = exchange.target.contains(METADATA) && text.starts_with('{');
                    match when {
                        Moment::Answered if plain => {
                            Fate::Changed(text.replace("\"driving-licence\":", "\"gold-card\":").into_bytes())
                        }
                        _ => Fate::Pass,
                    }
                })
            }),
        read("an offer behind a redirect to another origin", by_reference()).says(
            "/offers/",
            answer(302, "Location: https://attacker.example/offer\r\n", b""),
        ),
        read("an offer of three megabytes", by_reference()).says(
            "/offers/",
            answer(200, "Content-Type: application/json\r\n", &vec![b' '; 3 * 1024 * 1024]),
        ),
        read("an offer that comes a byte at a time", by_reference()).drips("/offers/"),
        hostile(
            "an offer by reference that is no offer",
            by_reference(),
            Reading,
            LinkNotUnderstood,
        )
        .says(
            "/offers/",
            json_answer(200, &json!({ "credential_issuer": "http://localhost/" })),
        ),
        link("an offer with a member twice").link(|far, _| {
            let issuer = format!("{}/issuers/dvla", far.sandbox.url());
            linked(
                "openid-credential-offer://",
                &format!(
                    r#"{{"credential_issuer":"{issuer}","credential_configuration_ids":["driving-licence"],
                    "credential_issuer":"https://attacker.example"}}"#
                ),
            )
        }),
        link("an offer with a name and a password in its address").link(|_, link| {
            edited(&link, |offer| {
                let address = offer["credential_issuer"]
                    .as_str()
                    .unwrap()
                    .replace("http://", "http://me:pw@");
                offer["credential_issuer"] = json!(address);
            })
        }),
        link("an offer that sends its code to the token server of another issuer").link(|far, link| {
            let other = format!("{}/issuers/nhs", far.sandbox.url());
            edited(&link, |offer| {
                for grant in offer["grants"].as_object_mut().unwrap().values_mut() {
                    grant["authorization_server"] = json!(other);
                }
            })
        }),
        link("an offer of a document the issuer does not have").link(|_, link| {
            edited(&link, |offer| {
                offer["credential_configuration_ids"] = json!(["crown-jewels"])
            })
        }),
        link("an offer of the same document twice").link(|_, link| {
            edited(&link, |offer| {
                offer["credential_configuration_ids"] = json!(["driving-licence", "driving-licence"]);
            })
        }),
        link("an offer with a description without end").link(|_, link| {
            edited(&link, |offer| {
                for grant in offer["grants"].as_object_mut().unwrap().values_mut() {
                    grant["tx_code"] = json!({ "description": "a".repeat(100_000) });
                }
            })
        }),
        link("an offer behind plain http of the public network")
            .link(|_, _| "openid-credential-offer://?credential_offer_uri=http%3A%2F%2F8.8.8.8%2Foffer".to_owned()),
        link("an offer in a file")
            .link(|_, _| "openid-credential-offer://?credential_offer_uri=file%3A%2F%2F%2Fetc%2Fpasswd".to_owned()),
        offered_at(
            "an offer of an issuer on this machine",
            "https://127.0.0.1:8930/issuers/dvla",
        ),
        offered_at(
            "an offer of an issuer on this machine, by its name",
            "https://localhost/issuers/dvla",
        ),
        offered_at("an offer of an issuer in the private network", "https://192.168.1.1"),
        offered_at(
            "an offer of an issuer at an address written as a number",
            "https://2130706433/",
        ),
        offered_at(
            "an offer of an issuer at an address inside another",
            "https://[::ffff:10.0.0.1]/",
        ),
        offered_at("an offer of an issuer over plain http", "http://issuer.example"),
        offered_behind(
            "an offer behind what a cloud tells its machines",
            "https%3A%2F%2F169.254.169.254%2Flatest",
        ),
        offered_behind(
            "an offer behind an address of this machine",
            "https%3A%2F%2F%5B%3A%3A1%5D%2Foffer",
        ),
    ]
}
