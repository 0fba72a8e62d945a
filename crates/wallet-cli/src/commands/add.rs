//! `offer` and `add`.

use serde_json::json;
use wallet_core::TxCode;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{AddingStep, CodeView, LinkKind, OfferView, RecognitionView};

use super::{Context, Outcome};
use crate::answer::{Answer, Failure};
use crate::args::Add;
use crate::paint::go_on;
use crate::person;

pub async fn offer(context: &Context, link: &str) -> Outcome {
    let link = person::link(&context.wallet, link, LinkKind::Offer, context.say)?;
    context.unlock().await?;
    let progress = context.progress("cli-progress-reading-offer");
    let offer = context.wallet.start_adding(&link.text).await?;
    drop(progress);
    let mut text = describe(context, &offer);
    let next = if offer.needs_code {
        "cli-offer-next-code"
    } else {
        "cli-offer-next"
    };
    text.push_str(&format!("\n{}\n", context.say(next)));
    Ok(Answer::new(serde_json::to_value(&offer).unwrap_or_default(), text))
}

pub async fn add(context: &Context, add: Add) -> Outcome {
    let link = person::link(&context.wallet, &add.link.link, LinkKind::Offer, context.say)?;
    let pin = context.unlock().await?;
    let progress = context.progress("cli-progress-reading-offer");
    let offer = context.wallet.start_adding(&link.text).await?;
    drop(progress);
    if let Some(unknown) = add.only.iter().find(|wanted| {
        !offer
            .documents
            .iter()
            .any(|offered| &offered.configuration_id == *wanted)
    }) {
        let known: Vec<&str> = offer
            .documents
            .iter()
            .map(|offered| offered.configuration_id.as_str())
            .collect();
        let known = known.join(", ");
        let unknown = wallet_core::labels::clean(unknown, 80);
        return Err(Failure::WrongUse(context.say_with(
            "cli-only-not-offered",
            &[("id", (&unknown).into()), ("known", (&known).into())],
        )));
    }
    let code = match (add.code, &offer.code) {
        (Some(code), _) => Some(code),
        (None, code) if offer.needs_code => {
            let asked = person::ask_line(&ask_for_code(context, code.as_ref()));
            // Nobody is there to type it.
            Some(asked.ok_or_else(|| context.wallet.problem(ProblemCode::WrongCode, DataLeft::No))?)
        }
        (None, _) => None,
    };
    let say = context.say;
    context.wallet.on_adding_progress(std::sync::Arc::new(move |done| {
        let next = match done.step {
            AddingStep::Asked => "cli-progress-keys",
            AddingStep::KeysMade => "cli-progress-getting",
            AddingStep::Received | AddingStep::Checked => "cli-progress-checking",
        };
        go_on(&say.say(next));
    }));
    let progress = context.progress("cli-progress-asking");
    let received = context
        .wallet
        .accept_offer(&offer.id, add.only, code.map(TxCode::new))
        .await?;
    drop(progress);
    let progress = context.progress("cli-progress-keeping");
    let documents = context.wallet.keep_received(&received.id, pin.pin()).await?;
    drop(progress);

    let mut text = String::new();
    if offer.insecure {
        text.push_str(&format!(
            "{} {}\n\n",
            context.paint.warning("!"),
            context.say("cli-insecure")
        ));
    }
    let count = context.say_with("cli-added-count", &[("count", documents.len().into())]);
    text.push_str(&format!("{}\n\n", context.paint.strong(&count)));
    for document in &documents {
        text.push_str(&super::documents::summary(context, document));
    }
    if received.documents.iter().any(|document| document.already_held) {
        text.push_str(&format!("\n{}\n", context.say("cli-held-before")));
    }
    text.push_str(&format!("\n{}\n", context.say("cli-added-next")));
    Ok(Answer::new(
        json!({ "documents": documents, "pending": [], "insecure": offer.insecure }),
        text,
    ))
}

fn describe(context: &Context, offer: &OfferView) -> String {
    let name = &offer.issuer.name;
    let mut text = format!(
        "{}\n",
        context
            .paint
            .strong(&context.say_with("cli-offer-title", &[("issuer", name.into())]))
    );
    // Before the document arrives nothing is signed, so nobody can be recognised.
    let issuer = match offer.issuer.recognition {
        RecognitionView::NotListed => format!("{} · {}", context.say("cli-checked-later"), offer.issuer.host),
        _ => context.issuer(&offer.issuer),
    };
    text.push_str(&format!("  {issuer}\n"));
    if offer.insecure {
        text.push_str(&format!(
            "  {} {}\n",
            context.paint.warning("!"),
            context.say("cli-insecure")
        ));
    }
    text.push_str(&format!(
        "\n{}\n",
        context.paint.strong(&context.say("cli-what-you-get"))
    ));
    for document in &offer.documents {
        let copies = context.say_with("cli-copies", &[("count", document.copies.into())]);
        text.push_str(&format!("  {} · {copies}\n", document.name));
        text.push_str(&format!("    {} · {}\n", document.configuration_id, document.format));
        if !document.supported {
            text.push_str(&format!(
                "    {} {}\n",
                context.paint.warning("!"),
                context.say("cli-not-supported")
            ));
        }
        if !document.claims.is_empty() {
            text.push_str(&format!("    {}\n", document.claims.join(", ")));
        }
    }
    text
}

/// What the code looks like, as far as the issuer said.
fn ask_for_code(context: &Context, code: Option<&CodeView>) -> String {
    let ask = match code {
        Some(CodeView {
            length: Some(length),
            numeric: true,
            ..
        }) => context.say_with("cli-ask-code-digits", &[("count", (*length).into())]),
        _ => context.say("cli-ask-code"),
    };
    match code.and_then(|code| code.description.as_ref()) {
        Some(description) => format!("{description}\n{ask}"),
        None => ask,
    }
}
