//! `offer`, `add` and `collect`.

use std::sync::Arc;

use serde_json::{Value, json};
use wallet_core::TxCode;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{AddingStep, ArrivedView, CodeView, LinkKind, OfferView, RecognitionView};

use super::{Context, Outcome};
use crate::answer::{Answer, Failure, complain};
use crate::args::Add;
use crate::paint::go_on;
use crate::person::{self, TypedPin};
use crate::say::Say;

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
    let link = match &add.link {
        Some(link) => Some(person::link(&context.wallet, link, LinkKind::Offer, context.say)?),
        None => None,
    };
    let pin = context.unlock().await?;
    let progress = context.progress("cli-progress-reading-offer");
    let offer = match (link, &add.issuer) {
        (Some(link), _) => context.wallet.start_adding(&link.text).await?,
        (None, issuer) => {
            let issuer = issuer.as_deref().unwrap_or_default();
            context.wallet.start_adding_at(issuer, &add.configuration).await?
        }
    };
    drop(progress);
    check_chosen(context, &offer, &add.only)?;
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
    context.wallet.on_adding_progress(Arc::new(move |done| {
        let next = match done.step {
            AddingStep::Asked => "cli-progress-keys",
            AddingStep::KeysMade => "cli-progress-getting",
            AddingStep::Received | AddingStep::Checked => "cli-progress-checking",
        };
        go_on(&say.say(next));
    }));
    context
        .wallet
        .set_browser(Arc::new(move |address| sign_in_at(address, say)), add.redirect_port);
    let progress = context.progress("cli-progress-asking");
    let arrived = context
        .wallet
        .accept_offer(&offer.id, add.only, code.map(TxCode::new))
        .await?;
    drop(progress);
    keep(context, vec![arrived], &pin, offer.insecure).await
}

/// Asks for what was promised; what has come is kept.
pub async fn collect(context: &Context, id: Option<&str>) -> Outcome {
    let pin = context.unlock().await?;
    let progress = context.progress("cli-progress-asking");
    let mut arrived = context.wallet.collect(id).await?;
    // What had come before and was not kept.
    if id.is_none() {
        for received in context.wallet.pending_received().await? {
            let known = arrived.iter().flat_map(|one| &one.received);
            if !known.into_iter().any(|one| one.id == received.id) {
                arrived.push(ArrivedView {
                    received: Some(received),
                    pending: Vec::new(),
                });
            }
        }
    }
    drop(progress);
    keep(context, arrived, &pin, false).await
}

/// Keeps what is here and says what comes later.
async fn keep(context: &Context, arrived: Vec<ArrivedView>, pin: &TypedPin, insecure: bool) -> Outcome {
    let progress = context.progress("cli-progress-keeping");
    let mut documents = Vec::new();
    let mut pending = Vec::new();
    let mut held_before = false;
    // Fresh copies that say nothing new took the place of the old ones by themselves.
    let mut fresh = false;
    for ArrivedView {
        received,
        pending: later,
    } in arrived
    {
        fresh |= received.is_none() && later.is_empty();
        pending.extend(later);
        if let Some(received) = received {
            documents.extend(context.wallet.keep_received(&received.id, pin.pin()).await?);
            held_before |= received.documents.iter().any(|document| document.already_held);
        }
    }
    drop(progress);
    let mut text = String::new();
    if insecure {
        text.push_str(&format!(
            "{} {}\n\n",
            context.paint.warning("!"),
            context.say("cli-insecure")
        ));
    }
    if !documents.is_empty() {
        let count = context.say_with("cli-added-count", &[("count", documents.len().into())]);
        text.push_str(&format!("{}\n\n", context.paint.strong(&count)));
        for document in &documents {
            text.push_str(&super::documents::summary(context, document));
        }
        if held_before {
            text.push_str(&format!("\n{}\n", context.say("cli-held-before")));
        }
        text.push_str(&format!("\n{}\n", context.say("cli-added-next")));
    }
    for promised in &pending {
        let args = [
            ("name", (&promised.name).into()),
            ("issuer", (&promised.issuer.name).into()),
            ("seconds", promised.poll_after_s.into()),
            ("id", (&promised.id).into()),
        ];
        text.push_str(&format!("{}\n", context.say_with("cli-promised", &args)));
    }
    if fresh {
        text.push_str(&format!("{}\n", context.say("cli-refresh-fetched")));
    } else if documents.is_empty() && pending.is_empty() {
        text.push_str(&format!("{}\n", context.say("cli-nothing-promised")));
    }
    let later: Vec<Value> = pending
        .iter()
        .map(|promised| json!({ "id": promised.id, "poll_after_s": promised.poll_after_s, "name": promised.name }))
        .collect();
    Ok(Answer::new(
        json!({ "documents": documents, "pending": later, "insecure": insecure }),
        text,
    ))
}

/// Opens the page to sign in at, and says where it is: without a browser it is opened by hand.
fn sign_in_at(address: &str, say: Say) -> bool {
    complain(&format!("\r{}\n{address}\n", say.say("cli-sign-in")));
    // Whether or not a program was started: the address stands there.
    let _ = crate::browser::open(address);
    true
}

/// What was chosen is on offer.
fn check_chosen(context: &Context, offer: &OfferView, only: &[String]) -> Result<(), Failure> {
    let offered = |wanted: &&String| !offer.documents.iter().any(|one| one.configuration_id == **wanted);
    let Some(unknown) = only.iter().find(offered) else {
        return Ok(());
    };
    let known: Vec<&str> = offer
        .documents
        .iter()
        .map(|offered| offered.configuration_id.as_str())
        .collect();
    let known = known.join(", ");
    let unknown = wallet_core::labels::clean(unknown, 80);
    Err(Failure::WrongUse(context.say_with(
        "cli-only-not-offered",
        &[("id", (&unknown).into()), ("known", (&known).into())],
    )))
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
