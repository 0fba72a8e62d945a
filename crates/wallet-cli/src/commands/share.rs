//! `request`, `share` and `decline`: the same question as on the screens, in the same order.

use std::collections::BTreeMap;

use serde_json::json;
use wallet_core::labels::{clean, instant_text};
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{AgreementView, AskView, ChoicesView, LinkKind, RequestView, SetView, ShareResultView};

use super::{Context, Outcome};
use crate::answer::{Answer, Failure, complain};
use crate::args::Share;
use crate::person;

pub async fn request(context: &Context, link: &str) -> Outcome {
    let Read { request, insecure, .. } = read(context, link).await?;
    let mut text = question(context, &request, insecure);
    let next = if request.can_share {
        "cli-request-next"
    } else {
        "cli-request-next-no"
    };
    text.push_str(&format!("\n{}\n", context.say(next)));
    Ok(Answer::new(json!({ "request": request, "insecure": insecure }), text))
}

pub async fn share(context: &Context, share: Share, quiet: bool) -> Outcome {
    let Read { request, pin, insecure } = read(context, &share.link.link).await?;
    complain(&question(context, &request, insecure));
    if !share.approve {
        return Err(stopped("not-approved", Vec::new()));
    }
    if !request.can_share {
        return Err(refusal(context, &request));
    }
    let stopping: Vec<String> = request.warnings.iter().map(|warning| warning.text.clone()).collect();
    if !stopping.is_empty() && !share.despite_warnings {
        return Err(stopped("warnings-not-accepted", stopping));
    }
    let choices = choices(context, &request, &share)?;
    let progress = context.progress("cli-progress-sharing");
    let result = context
        .wallet
        .share(&request.id, &request.digest, choices, pin.pin())
        .await?;
    drop(progress);
    if share.open {
        open(context, &result, quiet);
    }
    Ok(shared(context, &result, insecure))
}

pub async fn decline(context: &Context, link: &str) -> Outcome {
    let Read { request, insecure, .. } = read(context, link).await?;
    let progress = context.progress("cli-progress-declining");
    let result = context.wallet.decline(&request.id).await?;
    drop(progress);
    let mut text = format!(
        "{}\n",
        context.say_with("cli-declined", &[("service", (&result.service).into())])
    );
    text.push_str(&format!(
        "{}\n",
        context.say_with("cli-see-history-entry", &[("id", (&result.history).into())])
    ));
    text.push_str(&back(context, &result));
    let json = json!({
        "declined": result.declined,
        "history": result.history,
        "data_left": result.data_left,
        "redirect_uri": result.redirect_uri,
        "insecure": insecure,
    });
    Ok(Answer::new(json, text))
}

/// A question, the PIN to answer it with, and whether its link names an address without protection.
struct Read {
    request: RequestView,
    pin: person::TypedPin,
    insecure: bool,
}

/// Plain http, which is accepted where the link itself names it (on this machine or a private network), is said.
fn insecure(link: &str) -> bool {
    let plain = |address: &str| {
        address
            .get(..7)
            .is_some_and(|start| start.eq_ignore_ascii_case("http://"))
    };
    url::Url::parse(link).is_ok_and(|link| {
        let named = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            matches!(&*name, "request_uri" | "response_uri" | "redirect_uri") && plain(&value)
        };
        link.query_pairs().any(named)
    })
}

/// Reads the link and the request behind it; a question that was read before is taken from the store.
async fn read(context: &Context, link: &str) -> Result<Read, Failure> {
    let link = person::link(&context.wallet, link, LinkKind::Request, context.say)?;
    let pin = context.unlock().await?;
    let progress = context.progress("cli-progress-reading-request");
    let request = context.wallet.start_sharing(&link.text, link.from_picture).await?;
    drop(progress);
    Ok(Read {
        request,
        pin,
        insecure: insecure(&link.text),
    })
}

fn stopped(code: &'static str, because: Vec<String>) -> Failure {
    Failure::Stopped { code, because }
}

/// Why nothing may be shared: a problem with a name (no document, none that is good, a stranger who asks for too much), else
/// the wallet's own rules.
fn refusal(context: &Context, request: &RequestView) -> Failure {
    let blocked = request.blocked.as_ref();
    let named = blocked.and_then(|blocked| match blocked.code.as_str() {
        "sensitive-to-stranger" => Some(ProblemCode::ServiceNotRecognised),
        code => ProblemCode::ALL.iter().copied().find(|known| known.as_str() == code),
    });
    match named {
        Some(code) => context.wallet.problem(code, DataLeft::No).into(),
        None => stopped(
            "blocked",
            blocked.map(|blocked| blocked.text.clone()).into_iter().collect(),
        ),
    }
}

/// Checks `--use`, `--details` and `--add` against what was asked, so that a typing mistake shares nothing.
fn choices(context: &Context, request: &RequestView, share: &Share) -> Result<ChoicesView, Failure> {
    let ask = |query: &str| {
        let mut all = request.asks.iter().chain(&request.alternatives);
        all.find(|ask| ask.query == query).ok_or_else(|| {
            let query = clean(query, 80);
            Failure::WrongUse(context.say_with("cli-no-such-query", &[("query", (&query).into())]))
        })
    };
    let mut documents: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (query, document) in &share.use_document {
        let ask = ask(query)?;
        let named = documents.entry(query.clone()).or_default();
        let answers = ask.candidates.iter().any(|candidate| &candidate.document == document);
        if !answers || (!named.is_empty() && !ask.multiple) {
            let document = clean(document, 80);
            let args = [("query", query.into()), ("document", (&document).into())];
            let id = if answers {
                "cli-one-document-only"
            } else {
                "cli-document-does-not-answer"
            };
            return Err(Failure::WrongUse(context.say_with(id, &args)));
        }
        named.push(document.clone());
    }
    for (query, details) in &share.details {
        let candidates = &ask(query)?.candidates;
        if !candidates.iter().any(|candidate| candidate.claim_set == Some(*details)) {
            let args = [("query", query.into())];
            return Err(Failure::WrongUse(context.say_with("cli-no-such-details", &args)));
        }
    }
    for query in &share.add {
        let ask = ask(query)?;
        if ask.closed {
            let why = ask.caution.iter().map(|caution| caution.text.clone()).collect();
            return Err(stopped("blocked", why));
        }
        let instead = |set: &SetView| set.required && set.options.iter().any(|option| option.queries.contains(query));
        if request.alternatives.iter().any(|ask| &ask.query == query) && request.sets.iter().any(instead) {
            let args = [("query", query.into())];
            return Err(Failure::WrongUse(context.say_with("cli-instead-not-beside", &args)));
        }
    }
    Ok(ChoicesView {
        documents,
        details: share.details.iter().cloned().collect(),
        add: share.add.clone(),
        options: BTreeMap::new(),
        despite_warnings: share.despite_warnings,
    })
}

fn shared(context: &Context, result: &ShareResultView, insecure: bool) -> Answer {
    let args = [("service", (&result.service).into()), ("count", result.details.into())];
    let id = match result.data_left {
        DataLeft::Yes => "cli-shared",
        DataLeft::No => "cli-shared-nothing",
        DataLeft::Unknown => "cli-shared-unknown",
    };
    let mut text = format!("{}\n", context.paint.strong(&context.say_with(id, &args)));
    text.push_str(&format!(
        "{}\n",
        context.say_with("cli-see-history-entry", &[("id", (&result.history).into())])
    ));
    text.push_str(&back(context, result));
    let json = json!({
        "shared": result.shared,
        "redirect_uri": result.redirect_uri,
        "history": result.history,
        "data_left": result.data_left,
        "service": result.service,
        "details": result.details,
        "insecure": insecure,
    });
    Answer::new(json, text)
}

/// The address to go back to, where the service gave one. It wrote it: no control character of it is shown.
fn back(context: &Context, result: &ShareResultView) -> String {
    match &result.redirect_uri {
        Some(uri) => format!("{}\n  {}\n", context.say("cli-go-back"), clean(uri, 2_048)),
        None => String::new(),
    }
}

/// Opens the address to go back to, without a shell: https, or http on this machine.
fn open(context: &Context, result: &ShareResultView, quiet: bool) {
    let Some(uri) = &result.redirect_uri else { return };
    let started = crate::browser::open(uri);
    if !started && !quiet {
        complain(&format!("{}\n", context.say("cli-not-opened")));
    }
}

/// The question: who, what, why, what not, the warnings, and how to answer.
fn question(context: &Context, request: &RequestView, insecure: bool) -> String {
    let paint = context.paint;
    let service = &request.service.party;
    let heading = |id: &str| format!("\n{}\n", paint.strong(&context.say(id)));
    let mut text = format!(
        "{}\n",
        paint.strong(&context.say_with("cli-request-title", &[("service", (&service.name).into())]))
    );
    text.push_str(&format!("  {}\n", context.service(service)));
    if let Some(legal) = request
        .service
        .legal_name
        .as_ref()
        .filter(|legal| **legal != service.name)
    {
        text.push_str(&format!(
            "  {}\n",
            context.say_with("cli-legal-name", &[("name", legal.into())])
        ));
    }
    if let Some(behind) = &request.service.intermediary {
        text.push_str(&format!(
            "  {}\n",
            context.say_with("cli-asks-through", &[("name", behind.into())])
        ));
    }
    if let Some(attester) = &request.service.vouched_by {
        text.push_str(&format!(
            "  {}\n",
            context.say_with("cli-vouched-by", &[("name", attester.into())])
        ));
    }
    if let Some(until) = &request.service.registered_until {
        let until = context.date(until);
        text.push_str(&format!(
            "  {}\n",
            context.say_with("cli-registered-until", &[("date", (&until).into())])
        ));
    }
    let before = context.say_with("cli-shared-before", &[("count", request.service.shared_before.into())]);
    text.push_str(&paint.sentence(2, &before));
    if insecure {
        text.push_str(&format!("  {} {}\n", paint.warning("!"), context.say("cli-insecure")));
    }
    if request.cross_device {
        text.push_str(&paint.sentence(
            2,
            &context.say_with("cli-started-here", &[("host", (&service.host).into())]),
        ));
    }

    let (optional, required): (Vec<&AskView>, Vec<&AskView>) = request.asks.iter().partition(|ask| ask.optional);
    text.push_str(&heading("cli-what-they-get"));
    if request.asks.is_empty() {
        text.push_str(&format!("  {}\n", context.say("cli-nothing-fits-at-all")));
    }
    for ask in &required {
        text.push_str(&asked(context, ask));
    }
    let instead = instead(context, request);
    if !instead.is_empty() {
        text.push_str(&heading("cli-instead"));
        text.push_str(&instead);
    }
    if !optional.is_empty() {
        text.push_str(&heading("cli-you-can-add"));
        for ask in &optional {
            text.push_str(&asked(context, ask));
            if let Some(caution) = &ask.caution {
                let warning = format!("{} {}", paint.warning("!"), caution.text);
                text.push_str(&paint.sentence(4, &warning));
            }
            if !ask.candidates.is_empty() && !ask.closed {
                text.push_str(&format!(
                    "    {}\n",
                    context.say_with("cli-to-add", &[("query", (&ask.query).into())])
                ));
            }
        }
    }

    if !request.transaction_data.is_empty() {
        text.push_str(&heading("cli-you-also-agree"));
        for agreement in &request.transaction_data {
            text.push_str(&agreed(context, agreement));
        }
        text.push_str(&paint.sentence(2, &context.say("cli-agree-their-words")));
    }

    text.push_str(&heading("cli-why"));
    let purpose = request
        .purpose
        .clone()
        .unwrap_or_else(|| context.say("no-reason-given"));
    text.push_str(&paint.sentence(2, &purpose));
    match &request.retention {
        Some(kept) => text.push_str(&paint.sentence(2, &context.say_with("cli-kept-for", &[("how", kept.into())]))),
        None => text.push_str(&paint.sentence(2, &context.say("cli-kept-not-said"))),
    }
    if let Some(basis) = &request.legal_basis {
        text.push_str(&paint.sentence(2, &context.say_with("cli-legal-basis", &[("basis", basis.into())])));
    }
    if let Some(notice) = &request.privacy_url {
        text.push_str(&format!(
            "  {}\n",
            context.say_with("cli-privacy-notice", &[("address", notice.into())])
        ));
    }
    if !request.not_learned.is_empty() {
        text.push_str(&heading("cli-not-learned"));
        for fact in &request.not_learned {
            text.push_str(&format!("  {fact}\n"));
        }
    }
    if !request.warnings.is_empty() || request.blocked.is_some() {
        text.push_str(&heading("cli-be-careful"));
        for warning in request.blocked.iter().chain(&request.warnings) {
            text.push_str(&format!("  {} {}\n", paint.warning("!"), warning.text));
            if !warning.details.is_empty() {
                text.push_str(&format!("    {}\n", warning.details.join(", ")));
            }
        }
    }

    text.push_str(&heading("cli-your-answer"));
    if request.can_share {
        let count: usize = required
            .iter()
            .filter_map(|ask| ask.candidates.first())
            .map(|first| first.claims.len())
            .sum();
        text.push_str(&format!(
            "  {}\n",
            context.say_with("cli-you-will-share", &[("count", count.into())])
        ));
    }
    text.push_str(&paint.sentence(2, &context.say("cli-if-you-say-no")));
    let ends = instant_text(&request.expires_at, context.language());
    text.push_str(&format!(
        "  {}\n",
        context.say_with("cli-question-ends", &[("time", (&ends).into())])
    ));
    text
}

/// One thing a yes agrees to: its sentence, then every part of it.
pub fn agreed(context: &Context, agreement: &AgreementView) -> String {
    let facts: Vec<(String, String)> = agreement
        .facts
        .iter()
        .map(|fact| (fact.label.clone(), fact.text.clone()))
        .collect();
    let sentence = context.paint.sentence(2, &agreement.text);
    sentence + &crate::paint::rows(4, &facts)
}

/// One part of the question: the document proposed, what it would give, and the others that fit.
fn asked(context: &Context, ask: &AskView) -> String {
    let mut text = String::new();
    let Some((first, others)) = ask.candidates.split_first() else {
        return format!(
            "  {}\n",
            context.say_with("cli-nothing-fits", &[("query", (&ask.query).into())])
        );
    };
    text.push_str(&format!(
        "  {}\n",
        context.say_with("cli-from-document", &[("document", (&first.name).into())])
    ));
    if let Some(why) = &ask.why {
        text.push_str(&format!("    {why}\n"));
    }
    for note in &first.notes {
        text.push_str(&format!("    {} {note}\n", context.paint.warning("!")));
    }
    text.push_str(&context.claims(4, &first.claims));
    if first.linkable {
        text.push_str(&format!(
            "    {} {}\n",
            context.paint.warning("!"),
            context.say("cli-linkable")
        ));
    }
    let mut documents = vec![&first.document];
    for other in others {
        let same = documents.contains(&&other.document);
        documents.push(&other.document);
        let mut option = format!("--use {}={}", ask.query, other.document);
        let words = match other.claim_set {
            Some(details) if same => {
                option = format!("--details {}={details}", ask.query);
                if other.document != first.document {
                    option = format!("--use {}={} {option}", ask.query, other.document);
                }
                let labels: Vec<&str> = other.claims.iter().map(|claim| claim.label.as_str()).collect();
                context.say_with("cli-or-details", &[("details", (&labels.join(", ")).into())])
            }
            _ => context.say_with("cli-or-use", &[("document", (&other.name).into())]),
        };
        text_line(&mut text, &words, &option);
    }
    text
}

/// What stands for what is proposed, and how to choose it.
fn instead(context: &Context, request: &RequestView) -> String {
    let mut text = String::new();
    for set in request.sets.iter().filter(|set| set.options.len() > 1) {
        for option in set.options.iter().skip(1) {
            let asks = request
                .alternatives
                .iter()
                .filter(|ask| option.queries.contains(&ask.query));
            let mut choose = Vec::new();
            for ask in asks {
                text.push_str(&asked(context, ask));
                choose.extend(ask.candidates.first().map(|first| {
                    if set.required {
                        format!("--use {}={}", ask.query, first.document)
                    } else {
                        format!("--add {}", ask.query)
                    }
                }));
            }
            let count = [("count", option.details.into())];
            let line = context.say_with("cli-to-choose", &count);
            text_line(&mut text, &line, &choose.join(" "));
        }
    }
    text
}

fn text_line(text: &mut String, line: &str, option: &str) {
    text.push_str(&format!("    {line} {option}\n"));
}

#[cfg(test)]
mod tests {
    use super::insecure;

    #[test]
    fn a_link_that_names_an_unprotected_address_is_noticed() {
        assert!(insecure(
            "openid4vp://?client_id=x&request_uri=http%3A%2F%2Flocalhost%3A8930%2Fr"
        ));
        assert!(insecure(
            "openid4vp://authorize?request_uri=HTTP://192.168.1.4/r&client_id=x"
        ));
        assert!(!insecure(
            "openid4vp://?client_id=x&request_uri=https%3A%2F%2Fservice.example%2Fr"
        ));
        assert!(!insecure("openid4vp://?request=eyJhbGciOiJFUzI1NiJ9.e30.x"));
    }
}
