//! `refresh [ID] [--again]`: is it still good, and are there copies enough?

use serde_json::{Value, json};
use wallet_core::view::{ChangeView, ClaimView, DocumentSummary};

use super::documents::summary;
use super::{Context, Outcome};
use crate::answer::{Answer, Failure};
use crate::person::TypedPin;

/// What became of one document.
struct Refreshed {
    document: DocumentSummary,
    fetched: bool,
    changes: Vec<ChangeView>,
    pending: Vec<String>,
}

/// Asks the issuers whether documents are still good, and for fresh copies where they run low (`again`: in any case); one
/// document, or all. Where an issuer does not answer, the others are asked all the same.
pub async fn refresh(context: &Context, id: Option<&str>, again: bool) -> Outcome {
    let pin = context.unlock().await?;
    let ids: Vec<String> = match id {
        Some(id) => vec![id.to_owned()],
        None => context.wallet.documents().await?.into_iter().map(|d| d.id).collect(),
    };
    let progress = context.progress("cli-progress-checking");
    let mut documents = Vec::new();
    let mut failed: Option<Failure> = None;
    for id in &ids {
        let checked = context.wallet.check_document(id).await;
        let refreshed = copies(context, id, again, &pin).await;
        match (checked, refreshed) {
            (Ok(_), Ok(refreshed)) => documents.push(refreshed),
            (Err(problem), _) => _ = failed.get_or_insert(problem.into()),
            (_, Err(problem)) => _ = failed.get_or_insert(problem),
        }
    }
    drop(progress);
    if let Some(problem) = failed {
        return Err(problem);
    }
    let mut text = String::new();
    if documents.is_empty() {
        text.push_str(&format!("{}\n", context.say("cli-documents-none")));
    }
    for refreshed in &documents {
        text.push_str(&describe(context, refreshed));
    }
    let rows: Vec<Value> = documents.iter().map(row).collect();
    Ok(Answer::new(json!({ "documents": rows }), text))
}

/// Fresh copies of one document. What says something new is kept, and said: the PIN was typed for this command.
async fn copies(context: &Context, id: &str, again: bool, pin: &TypedPin) -> Result<Refreshed, Failure> {
    let renewed = context.wallet.renew_document(id, again).await?;
    let mut refreshed = Refreshed {
        document: renewed.document,
        fetched: renewed.fetched,
        changes: Vec::new(),
        pending: renewed.pending.into_iter().map(|promised| promised.id).collect(),
    };
    if let Some(received) = renewed.received {
        let kept = context.wallet.keep_received(&received.id, pin.pin()).await?;
        refreshed.fetched = true;
        refreshed.changes = received.documents.into_iter().flat_map(|one| one.changes).collect();
        if let Some(document) = kept.into_iter().find(|document| document.id == id) {
            refreshed.document = document;
        }
    }
    Ok(refreshed)
}

fn row(refreshed: &Refreshed) -> Value {
    let text = |claim: &Option<ClaimView>| claim.as_ref().map(|claim| claim.text.clone());
    let changes = refreshed
        .changes
        .iter()
        .map(|change| json!({ "label": change.label, "before": text(&change.before), "after": text(&change.after) }));
    json!({
        "id": refreshed.document.id,
        "status": refreshed.document.status,
        "checked_at": refreshed.document.status_detail.checked_at,
        "copies_left": refreshed.document.copies_left,
        "fetched": refreshed.fetched,
        "changes": changes.collect::<Vec<_>>(),
        "pending": refreshed.pending,
    })
}

fn describe(context: &Context, refreshed: &Refreshed) -> String {
    let mut text = summary(context, &refreshed.document);
    if !refreshed.changes.is_empty() {
        text.push_str(&format!(
            "  {}\n",
            context.paint.warning(&context.say("cli-refresh-changed"))
        ));
        let rows: Vec<(String, String)> = refreshed
            .changes
            .iter()
            .map(|change| (change.label.clone(), said(context, change)))
            .collect();
        text.push_str(&crate::paint::rows(4, &rows));
    } else if refreshed.fetched {
        text.push_str(&format!("  {}\n", context.say("cli-refresh-fetched")));
    }
    for id in &refreshed.pending {
        text.push_str(&format!(
            "  {}\n",
            context.say_with("cli-refresh-later", &[("id", id.into())])
        ));
    }
    text
}

/// "before → after", "new: after", "no longer there: before".
fn said(context: &Context, change: &ChangeView) -> String {
    let text = |claim: &ClaimView| match claim.picture {
        true => context.say("cli-a-picture"),
        false => claim.text.clone(),
    };
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{} → {}", text(before), text(after)),
        (None, Some(after)) => context.say_with("cli-change-new", &[("value", (&text(after)).into())]),
        (Some(before), None) => context.say_with("cli-change-gone", &[("value", (&text(before)).into())]),
        (None, None) => String::new(),
    }
}
