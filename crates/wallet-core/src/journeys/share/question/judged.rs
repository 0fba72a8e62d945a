//! What a service asks beyond what it needs: beyond what it registered, beyond what a service of its kind needs, and beyond both
//! together with what it has had lately.

use std::collections::BTreeSet;

use wallet_credentials::trust::{Detail, Purpose, RegisterEntry};
use wallet_protocols::dcql::DcqlQuery;

use super::super::super::Context;
use super::super::super::held::path_view;
use super::asked::{Asked, label};
use super::drawn::Parts;
use super::warnings::warning;
use crate::rules::Category;
use crate::view::{PathView, RecognitionView, WarningView};
use crate::words::{Arg, Words};

/// What was found.
pub(super) struct Judged<'e> {
    /// The registered purpose the request fits best.
    pub(super) purpose: Option<&'e Purpose>,
    /// What needs a second yes.
    pub(super) warnings: Vec<WarningView>,
    /// What is wrong with parts that may be left out: the query, whether it stays left out, and why.
    cautions: Vec<(usize, bool, WarningView)>,
}

/// Judges a request. `had` is what the service has had of the person lately. Whom the person added themselves they trust
/// themselves: nothing is said of them.
pub(super) fn judge<'e>(
    context: &Context<'_>,
    query: &DcqlQuery,
    recognition: RecognitionView,
    entry: Option<&'e RegisterEntry>,
    requested: &[Asked],
    had: &[Detail],
) -> Judged<'e> {
    let words = Words::for_language(context.language);
    let asked: Vec<Detail> = requested.iter().map(|asked| asked.detail.clone()).collect();
    let best = entry.and_then(|entry| entry.best_purpose(&asked));
    let purpose = best.as_ref().map(|(purpose, _)| *purpose);
    let mut judged = Judged {
        purpose,
        warnings: Vec::new(),
        cautions: Vec::new(),
    };
    if recognition == RecognitionView::AddedByYou {
        return judged;
    }
    let optional = optional(query);
    let unregistered: Vec<&Detail> = best.iter().flat_map(|(_, extra)| extra.iter().copied()).collect();
    let (may, must): (Vec<&Asked>, Vec<&Asked>) = requested
        .iter()
        .filter(|asked| unregistered.contains(&&asked.detail))
        .partition(|asked| optional.contains(&asked.query));
    if !must.is_empty() {
        judged.warnings.push(asks_too_much(context, words, &must));
    }
    for query in may.iter().map(|asked| asked.query).collect::<BTreeSet<_>>() {
        let names = labels(
            context,
            may.iter()
                .filter(|asked| asked.query == query)
                .map(|asked| &asked.detail),
        );
        let text = words.message("caution-not-registered", &[]);
        judged
            .cautions
            .push((query, true, warning("asks-too-much", text, names)));
    }

    let rest = requested.iter().filter(|asked| !unregistered.contains(&&asked.detail));
    let category = category(purpose, &asked);
    let (may, must): (Vec<&Asked>, Vec<&Asked>) = rest.partition(|asked| optional.contains(&asked.query));
    judged
        .warnings
        .extend(not_needed(context, category, must.iter().map(|asked| &asked.detail)));
    for query in may.iter().map(|asked| asked.query).collect::<BTreeSet<_>>() {
        let details = may
            .iter()
            .filter(|asked| asked.query == query)
            .map(|asked| &asked.detail);
        let found = not_needed(context, category, details).into_iter();
        judged.cautions.extend(found.map(|warning| (query, false, warning)));
    }
    if judged.warnings.is_empty() {
        // What may be left out has its own caution.
        let needed = requested.iter().filter(|asked| !optional.contains(&asked.query));
        let needed: Vec<Detail> = needed.map(|asked| asked.detail.clone()).collect();
        judged.warnings.extend(together(context, entry, &needed, had));
    }
    judged
}

impl Judged<'_> {
    /// Says at the parts that may be left out what is wrong with them.
    pub(super) fn mark(&self, parts: &mut Parts) {
        for part in &mut parts.made {
            // What stays left out is said before what the wallet merely thinks.
            let of_part = self.cautions.iter().filter(|(query, ..)| *query == part.query);
            if let Some((_, closed, caution)) = of_part.max_by_key(|(_, closed, _)| *closed) {
                part.proposed.closed = *closed;
                part.drawn.closed = *closed;
                part.drawn.caution = Some(caution.clone());
            }
        }
    }
}

/// The queries a service can do without: those of no option of a required set.
fn optional(query: &DcqlQuery) -> BTreeSet<usize> {
    if query.sets().is_empty() {
        return BTreeSet::new();
    }
    let required = query.sets().iter().filter(|set| set.required);
    let needed: BTreeSet<usize> = required.flat_map(|set| set.options.concat()).collect();
    (0..query.credentials().len())
        .filter(|query| !needed.contains(query))
        .collect()
}

/// The rules the service is judged by: those of the kind it registered for, or the strictest its request fits.
fn category(purpose: Option<&Purpose>, asked: &[Detail]) -> Option<&'static Category> {
    match purpose {
        Some(purpose) => Category::registered(&purpose.category),
        None => {
            let paths: Vec<PathView> = asked.iter().map(|detail| path_view(&detail.path)).collect();
            Category::strictest(paths.iter().map(Vec::as_slice))
        }
    }
}

fn labels<'d>(context: &Context<'_>, details: impl Iterator<Item = &'d Detail>) -> Vec<String> {
    let labels: BTreeSet<String> = details.map(|detail| label(detail, context)).collect();
    labels.into_iter().collect()
}

fn asks_too_much(context: &Context<'_>, words: &Words, beyond: &[&Asked]) -> WarningView {
    let names = labels(context, beyond.iter().map(|asked| &asked.detail));
    let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
    let text = words.message("warning-asks-too-much", &[("count", Arg::Count(count))]);
    warning("asks-too-much", text, names)
}

/// What a service of this kind does not need, a sentence for each reason.
fn not_needed<'d>(
    context: &Context<'_>,
    category: Option<&'static Category>,
    details: impl Iterator<Item = &'d Detail>,
) -> Option<WarningView> {
    let category = category?;
    let found: Vec<(&str, &Detail)> = details
        .filter_map(|detail| {
            let rule = category.not_needed(&path_view(&detail.path))?;
            Some((rule.why(context.language), detail))
        })
        .collect();
    let mut sentences: Vec<&str> = Vec::new();
    for (why, _) in &found {
        if !sentences.contains(why) {
            sentences.push(why);
        }
    }
    let why = sentences.join(" ");
    let words = Words::for_language(context.language);
    let text = words.message("warning-not-needed", &[("why", Arg::Text(&why))]);
    let names = labels(context, found.iter().map(|(_, detail)| *detail));
    (!found.is_empty()).then(|| warning("not-needed", text, names))
}

/// Small requests that together are more than one reason registered, or more than a service of this kind needs. Said where this
/// one adds to what the service knows; a question it has asked before is no news.
fn together(
    context: &Context<'_>,
    entry: Option<&RegisterEntry>,
    asked: &[Detail],
    had: &[Detail],
) -> Option<WarningView> {
    if had.is_empty() || asked.iter().all(|detail| had.contains(detail)) {
        return None;
    }
    let all: Vec<Detail> = had.iter().chain(asked).cloned().collect();
    let best = entry.and_then(|entry| entry.best_purpose(&all));
    let id = match &best {
        Some((_, extra)) if !extra.is_empty() => "warning-together-registered",
        best => {
            let category = category(best.as_ref().map(|(purpose, _)| *purpose), &all)?;
            let beyond = |detail: &Detail| category.not_needed(&path_view(&detail.path)).is_some();
            all.iter().any(beyond).then_some("warning-together-needed")?
        }
    };
    let text = Words::for_language(context.language).message(id, &[]);
    Some(warning("asks-too-much-together", text, labels(context, all.iter())))
}
