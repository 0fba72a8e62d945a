//! `history`, `history show`, `history verify`.

use serde_json::json;
use wallet_core::labels::instant_text;
use wallet_core::problem::DataLeft;
use wallet_core::view::{HistoryEntryView, HistoryFilter, HistoryKind, OutcomeView};

use super::{Context, Outcome};
use crate::answer::Answer;
use crate::args::{History, HistoryCommand};

pub async fn run(context: &Context, history: History) -> Outcome {
    match history.command {
        Some(HistoryCommand::Show(id)) => show(context, &id.id).await,
        Some(HistoryCommand::Verify) => verify(context).await,
        None => list(context, history).await,
    }
}

async fn list(context: &Context, history: History) -> Outcome {
    context.unlock().await?;
    let filter = HistoryFilter {
        service: history.service,
        document: history.document,
        kind: history.kind.map(Into::into),
        since: history.since,
        search: history.search,
    };
    let entries = context.wallet.history(filter).await?;
    let mut text = String::new();
    if entries.is_empty() {
        text.push_str(&format!("{}\n", context.say("cli-history-none")));
    }
    for entry in &entries {
        text.push_str(&line(context, entry));
    }
    Ok(Answer::new(json!({ "entries": entries }), text))
}

async fn show(context: &Context, id: &str) -> Outcome {
    context.unlock().await?;
    let entry = context.wallet.history_entry(id).await?;
    let mut text = format!("{}\n", context.paint.strong(&what(context, &entry)));
    let mut rows = vec![(context.say("cli-when"), instant_text(&entry.at, context.language()))];
    let mut row = |id: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            rows.push((context.say(id), value));
        }
    };
    row(
        "cli-who",
        entry.service.as_ref().map(|party| match entry.kind {
            HistoryKind::Added | HistoryKind::Renewed | HistoryKind::Removed => context.issuer(party),
            _ => context.service(party),
        }),
    );
    row("cli-through", entry.intermediary.clone());
    row("cli-outcome", Some(outcome(context, &entry)));
    row(
        "cli-documents-used",
        Some(joined(entry.documents.iter().map(|document| document.name.as_str()))),
    );
    row("cli-asked-for", Some(joined(entry.asked.iter().map(String::as_str))));
    row(
        "cli-shared-details",
        Some(joined(entry.details.iter().map(String::as_str))),
    );
    row("cli-why-row", entry.purpose.clone());
    row("cli-kept-row", entry.retention.clone());
    row("cli-legal-basis-row", entry.legal_basis.clone());
    row("cli-privacy-row", entry.privacy_url.clone());
    row("cli-proof-row", Some(format!("{} · {}", entry.number, entry.link)));
    text.push_str(&crate::paint::rows(2, &rows));
    if !entry.agreements.is_empty() {
        let heading = match entry.kind {
            HistoryKind::Shared => "cli-you-agreed",
            _ => "cli-you-did-not-agree",
        };
        text.push_str(&format!("\n{}\n", context.paint.strong(&context.say(heading))));
        for agreement in &entry.agreements {
            text.push_str(&super::share::agreed(context, agreement));
        }
    }
    Ok(Answer::new(json!({ "entries": [entry] }), text))
}

async fn verify(context: &Context) -> Outcome {
    context.unlock().await?;
    let progress = context.progress("cli-progress-checking");
    let proof = context.wallet.verify_history().await?;
    drop(progress);
    let text = match &proof.first_broken {
        None if proof.ok => {
            let whole = context.say_with("check-history-whole", &[("count", proof.entries.into())]);
            format!(
                "{whole}\n{}\n",
                context.say_with("cli-history-head", &[("head", (&proof.head).into())])
            )
        }
        broken => {
            let id = broken.as_deref().unwrap_or("?");
            let where_ = context.say_with("cli-history-first-broken", &[("id", id.into())]);
            format!(
                "{} {}\n{where_}\n",
                context.paint.warning("!"),
                context.say("check-history-broken")
            )
        }
    };
    let not_well = !proof.ok;
    Ok(Answer {
        json: serde_json::to_value(&proof).unwrap_or_default(),
        text,
        not_well,
    })
}

/// One entry: when, what, with whom, how it ended, and its id.
pub fn line(context: &Context, entry: &HistoryEntryView) -> String {
    let when = instant_text(&entry.at, context.language());
    let mut text = format!("  {when}  {}\n", context.paint.strong(&what(context, entry)));
    let documents = joined(entry.documents.iter().map(|document| document.name.as_str()));
    let mut about = vec![outcome(context, entry)];
    if !documents.is_empty() {
        about.push(documents);
    }
    about.push(format!("id {}", entry.id));
    text.push_str(&format!("    {}\n", about.join(" · ")));
    if !entry.details.is_empty() {
        text.push_str(&format!("    {}\n", joined(entry.details.iter().map(String::as_str))));
    }
    text
}

fn what(context: &Context, entry: &HistoryEntryView) -> String {
    let who = entry
        .service
        .as_ref()
        .map_or_else(|| context.say("party-without-name"), |service| service.name.clone());
    let id = match entry.kind {
        HistoryKind::Added => "cli-kind-added",
        HistoryKind::Renewed => "cli-kind-renewed",
        HistoryKind::Removed => "cli-kind-removed",
        HistoryKind::Shared => "cli-kind-shared",
        HistoryKind::Shown => "cli-kind-shown",
        HistoryKind::Declined => "cli-kind-declined",
        HistoryKind::Refused => "cli-kind-refused",
    };
    context.say_with(id, &[("who", (&who).into())])
}

fn outcome(context: &Context, entry: &HistoryEntryView) -> String {
    let id = match (entry.kind, entry.outcome, entry.data_left) {
        (HistoryKind::Added | HistoryKind::Renewed | HistoryKind::Removed, OutcomeView::Done, _) => "cli-outcome-done",
        (HistoryKind::Shown, OutcomeView::Done, _) => "cli-outcome-shown",
        (_, OutcomeView::Declined, _) => "cli-outcome-declined",
        (_, OutcomeView::NotSure, _) | (_, _, DataLeft::Unknown) => "cli-outcome-not-sure",
        (_, OutcomeView::Failed, DataLeft::No) => "cli-outcome-failed",
        (_, _, DataLeft::No) => "cli-outcome-nothing",
        (_, _, DataLeft::Yes) => "cli-outcome-shared",
    };
    context.say_with(id, &[("count", entry.details.len().into())])
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
