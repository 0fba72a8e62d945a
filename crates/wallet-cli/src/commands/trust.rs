//! `trust add`, `trust list`, `trust remove`: anchors of the person's own beside the shipped trust list.

use std::io::Read as _;

use serde_json::json;
use wallet_core::AnchorRole;
use wallet_core::labels::clean;
use wallet_core::problem::ProblemCode;
use wallet_core::view::AnchorView;

use super::{Context, Outcome};
use crate::answer::{Answer, Failure};
use crate::args::{Role, Trust};

/// A certificate file is no larger than this, in bytes.
const CERTIFICATE_MAX: u64 = 256 * 1_024;

pub async fn run(context: &Context, command: Trust) -> Outcome {
    match command {
        Trust::List => {
            context.unlock().await?;
            let anchors = context.wallet.anchors().await?;
            Ok(answer(context, &anchors, String::new()))
        }
        Trust::Add(add) => {
            let anchor = read(context, &add.anchor)?;
            context.unlock().await?;
            let role = match add.role {
                Role::Issuer => AnchorRole::Issuer,
                Role::Service => AnchorRole::Service,
                Role::Status => AnchorRole::Status,
                Role::Attester => AnchorRole::VerifierAttestation,
            };
            let anchors = context
                .wallet
                .add_anchor(&anchor, role)
                .await
                .map_err(|problem| match problem.code {
                    // The one certificate nobody may trust outside the practice profile.
                    ProblemCode::IssuerNotRecognised => Failure::WrongUse(context.say("cli-trust-practice-only")),
                    _ => problem.into(),
                })?;
            Ok(answer(
                context,
                &anchors,
                format!("{}\n\n", context.say("cli-trust-added")),
            ))
        }
        Trust::Remove(id) => {
            context.unlock().await?;
            context.wallet.remove_anchor(&id.id).await?;
            let anchors = context.wallet.anchors().await?;
            Ok(answer(
                context,
                &anchors,
                format!("{}\n\n", context.say("cli-trust-removed")),
            ))
        }
    }
}

/// A DID is taken as it is; anything else names a file.
fn read(context: &Context, argument: &str) -> Result<String, Failure> {
    if argument.starts_with("did:") {
        return Ok(argument.to_owned());
    }
    let mut text = String::new();
    let read = std::fs::File::open(argument)
        .and_then(|file| file.take(CERTIFICATE_MAX).read_to_string(&mut text))
        .is_ok_and(|_| text.contains("-----BEGIN CERTIFICATE-----"));
    if read {
        Ok(text)
    } else {
        let file = clean(argument, 200);
        Err(Failure::WrongUse(
            context.say_with("cli-trust-not-a-certificate", &[("file", (&file).into())]),
        ))
    }
}

fn answer(context: &Context, anchors: &[AnchorView], first: String) -> Answer {
    let mut text = first;
    if anchors.is_empty() {
        text.push_str(&format!("{}\n", context.say("cli-trust-none")));
    }
    for anchor in anchors {
        let role = context.say(match anchor.role.as_str() {
            "issuer" => "cli-role-issuer",
            "service" => "cli-role-service",
            "attester" => "cli-role-attester",
            _ => "cli-role-status",
        });
        text.push_str(&format!("{}\n", context.paint.strong(&anchor.subject)));
        let mut about = vec![role];
        if let Some(end) = &anchor.not_after {
            about.push(context.say_with("cli-until", &[("date", (&context.date(end)).into())]));
        }
        about.push(context.say(if anchor.sandbox {
            "cli-trust-practice"
        } else {
            "cli-trust-yours"
        }));
        about.push(format!("id {}", anchor.id));
        text.push_str(&format!("  {}\n", about.join(" · ")));
    }
    Answer::new(json!({ "anchors": anchors }), text)
}
