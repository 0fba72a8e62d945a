//! `init` and `doctor`.

use serde_json::json;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::KeyProtection;

use super::{Context, Outcome};
use crate::answer::Answer;

pub async fn init(context: &Context) -> Outcome {
    // Said before a PIN is chosen for nothing.
    if context.wallet.state().initialised {
        return Err(context
            .wallet
            .problem(ProblemCode::AlreadyInitialised, DataLeft::No)
            .into());
    }
    let pin = context.pins.read_new()?;
    let progress = context.progress("cli-progress-creating");
    let state = context.wallet.init(pin.pin()).await?;
    drop(progress);
    let mut text = format!("{}\n", context.say("cli-init-done"));
    if state.key_protection == KeyProtection::File {
        text.push_str(&format!(
            "{} {}\n",
            context.paint.warning("!"),
            context.say("cli-key-file-weaker")
        ));
    }
    text.push_str(&format!("{}\n", context.say("cli-init-next")));
    Ok(Answer::new(
        json!({ "created": true, "key_protection": state.key_protection }),
        text,
    ))
}

pub async fn doctor(context: &Context) -> Outcome {
    // Without a PIN file nobody is asked: what needs the store open is then left out.
    let pin = if context.pins.is_given() && context.wallet.state().initialised {
        Some(context.pins.read()?.pin())
    } else {
        None
    };
    let progress = context.progress("cli-progress-checking");
    let checks = context.wallet.doctor(pin).await?;
    drop(progress);
    let rows: Vec<(String, String)> = checks
        .iter()
        .map(|check| {
            let mark = if check.ok {
                "✓".to_owned()
            } else {
                context.paint.warning("!")
            };
            (check.name.clone(), format!("{mark} {}", check.detail))
        })
        .collect();
    let well = checks.iter().all(|check| check.ok);
    let last = context.say(if well { "cli-doctor-well" } else { "cli-doctor-not-well" });
    let text = format!("{}\n{last}\n", crate::paint::rows(0, &rows));
    Ok(Answer {
        json: json!({ "checks": checks }),
        text,
        not_well: !well,
    })
}
