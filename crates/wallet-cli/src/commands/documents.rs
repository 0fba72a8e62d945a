//! `documents`, `document ID`, `remove ID`.

use serde_json::json;
use wallet_core::view::{DocumentState, DocumentSummary, FreshView};

use super::{Context, Outcome};
use crate::answer::Answer;

pub async fn list(context: &Context) -> Outcome {
    context.unlock().await?;
    let documents = context.wallet.documents().await?;
    let mut text = String::new();
    if documents.is_empty() {
        text.push_str(&format!("{}\n", context.say("cli-documents-none")));
    } else {
        let count = context.say_with("cli-documents-count", &[("count", documents.len().into())]);
        text.push_str(&format!("{}\n\n", context.paint.strong(&count)));
    }
    for document in &documents {
        text.push_str(&summary(context, document));
    }
    Ok(Answer::new(json!({ "documents": documents }), text))
}

pub async fn one(context: &Context, id: &str) -> Outcome {
    context.unlock().await?;
    let document = context.wallet.document(id).await?;
    let mut text = summary(context, &document.summary);
    text.push_str(&format!("\n{}\n", context.paint.strong(&context.say("cli-details"))));
    for note in &document.summary.notes {
        text.push_str(&format!("  {} {note}\n", context.paint.warning("!")));
    }
    text.push_str(&context.claims(2, &document.claims));
    text.push_str(&format!(
        "\n{}\n",
        context.paint.strong(&context.say("cli-who-has-had-it"))
    ));
    if document.shared.is_empty() {
        text.push_str(&format!("  {}\n", context.say("cli-never-shared")));
    }
    for entry in &document.shared {
        text.push_str(&super::history::line(context, entry));
    }
    text.push_str(&format!("\n{}\n", context.paint.strong(&context.say("cli-technical"))));
    let mut rows = vec![
        (context.say("cli-added-on"), context.date(&document.added_at)),
        (context.say("cli-type"), document.summary.type_id.clone()),
        (context.say("cli-format"), document.summary.format.clone()),
        (context.say("cli-signed-by"), document.signed_by.clone()),
        (context.say("cli-fresh-copies"), fresh(context, &document.fresh)),
    ];
    if let Some(page) = &document.fresh.page {
        rows.push((context.say("cli-fresh-page"), page.clone()));
    }
    text.push_str(&crate::paint::rows(2, &rows));
    Ok(Answer::new(json!({ "document": document }), text))
}

/// Whether fresh copies come, and since when these are here.
fn fresh(context: &Context, fresh: &FreshView) -> String {
    let said = match fresh {
        FreshView { kept: true, .. } => "cli-fresh-kept",
        FreshView { ended: true, .. } => "cli-fresh-ended",
        _ => "cli-fresh-none",
    };
    match &fresh.fetched_at {
        Some(at) if fresh.kept => format!("{} · {}", context.say(said), context.date(at)),
        _ => context.say(said),
    }
}

pub async fn remove(context: &Context, id: &str) -> Outcome {
    let pin = context.unlock().await?;
    context.wallet.remove_document(id, pin.pin()).await?;
    Ok(Answer::new(
        json!({ "removed": id }),
        format!("{}\n", context.say("cli-removed")),
    ))
}

/// Name, issuer, state, copies and id: three lines.
pub fn summary(context: &Context, document: &DocumentSummary) -> String {
    let copies = context.say_with(
        "cli-copies-left",
        &[("left", document.copies_left.into()), ("all", document.copies.into())],
    );
    format!(
        "{}\n  {}\n  {}\n  {} · id {}\n",
        context.paint.strong(&document.name),
        context.issuer(&document.issuer),
        state(context, document),
        copies,
        document.id
    )
}

/// The state in words, with its dates (the same words as on the screens).
fn state(context: &Context, document: &DocumentSummary) -> String {
    let date = |date: &Option<String>| date.as_deref().map(|date| context.date(date)).unwrap_or_default();
    let (from, until) = (date(&document.valid_from), date(&document.valid_until));
    let detail = &document.status_detail;
    let until_known = document.valid_until.is_some();
    let words = match detail.state {
        DocumentState::Valid if until_known => context.say_with("cli-state-valid", &[("date", (&until).into())]),
        DocumentState::Valid => context.say("cli-state-valid-always"),
        DocumentState::NotChecked if until_known => {
            context.say_with("cli-state-not-checked", &[("date", (&until).into())])
        }
        DocumentState::NotChecked => context.say("cli-state-not-checked-always"),
        DocumentState::StartsLater => context.say_with("cli-state-starts-later", &[("date", (&from).into())]),
        DocumentState::Ending => context.say_with(
            "cli-state-ending",
            &[("days", detail.days_left.unwrap_or_default().into())],
        ),
        DocumentState::Ended => context.say_with("cli-state-ended", &[("date", (&until).into())]),
        DocumentState::Suspended => context.say("cli-state-suspended"),
        DocumentState::Revoked => context.say("cli-state-revoked"),
        DocumentState::Broken => context.say("cli-state-broken"),
    };
    let words = match detail.state {
        DocumentState::Valid => words,
        _ => context.paint.warning(&words),
    };
    match &detail.checked_at {
        Some(at) => {
            let at = wallet_core::labels::instant_text(at, context.language());
            format!(
                "{words} · {}",
                context.say_with("cli-checked-at", &[("time", (&at).into())])
            )
        }
        None => words,
    }
}
