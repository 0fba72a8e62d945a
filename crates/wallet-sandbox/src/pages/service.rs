//! The pages of a service: what it asks for, the request, and what it learnt.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::front::service_kind;
use super::{Part, letterhead, page, wallet_link};
use crate::catalogue::{DocumentType, label};
use crate::house::House;
use crate::requests::{Answer, Check, Outcome, Request, Stage};
use crate::services::Service;
use crate::show::{moment, plain, value};

/// The page of one service.
pub(crate) fn service(service: &Service) -> Response {
    let content = html! {
        (letterhead(service_kind(service.name), &service.trading_name))
        h1 { (service.title) }
        @for paragraph in &service.intro { p { (paragraph) } }
        div.two {
            div.card {
                h2 { "What we ask for" }
                @for ask in service.asks() {
                    h3 { (document_name(&ask.type_id)) @if ask.optional { span.muted { ", if you want" } } }
                    ul.plain { @for element in &ask.elements { li { (label(element).en) } } }
                }
            }
            div {
                div.card {
                    h2 { "Why, and for how long" }
                    @match &service.register {
                        Some(register) => {
                            @for purpose in &register.purposes {
                                p { (purpose.text.en) ". We keep it " (purpose.retention.en) "." }
                            }
                            p.muted.small { (service.legal_name) " is on the practice register of services." }
                        }
                        None => p { "We do not say." },
                    }
                    form method="post" action={ "/services/" (service.path) } {
                        button.first.wide type="submit" { "Share from your wallet" }
                    }
                }
                details {
                    summary { "Ask in another way" }
                    (variants(service))
                }
            }
        }
    };
    page(StatusCode::OK, &service.title, Part::Services, content)
}

/// The page an answer in the fragment of an address comes back to: its script hands it to the service.
pub(crate) fn returned(service: &Service, id: &str) -> Response {
    let next = format!("/requests/{id}");
    let content = html! {
        (letterhead(service_kind(service.name), &service.trading_name))
        h1 { "One moment" }
        p data-returned={ "/services/" (service.path) "/responses/" (id) } data-next=(next) {
            "Your answer is being read. " a href=(next) { "See what we learnt" }
        }
    };
    page(StatusCode::OK, "One moment", Part::Services, content)
}

/// The ways of asking a wallet has to know, for those who test one.
fn variants(service: &Service) -> Markup {
    html! {
        form.card method="post" action={ "/services/" (service.path) } {
            div.field {
                label for="client_id_prefix" { "How the service names itself" }
                select #client_id_prefix name="client_id_prefix" {
                    option value="" { "As usual" }
                    option value="x509_hash" { "By the hash of its certificate" }
                    option value="x509_san_dns" { "By a name in its certificate" }
                    option value="redirect_uri" { "Not at all: unsigned" }
                    option value="verifier_attestation" { "By the word of the practice attester" }
                    option value="did_jwk" { "By a did:jwk" }
                    option value="did_key" { "By a did:key" }
                }
            }
            div.field {
                label for="response_mode" { "How the answer travels" }
                select #response_mode name="response_mode" {
                    option value="" { "As usual" }
                    option value="direct_post.jwt" { "Encrypted" }
                    option value="direct_post" { "Not encrypted" }
                    option value="fragment" { "Through the browser of this device" }
                }
            }
            div.field {
                label for="fault" { "What goes wrong" }
                select #fault name="fault" {
                    option value="" { "Nothing" }
                    option value="bad-signature" { "The request’s signature is broken" }
                    option value="expired" { "The request has expired" }
                    option value="client-id-mismatch" { "The link names another service" }
                    option value="nothing-matches" { "It needs a document nobody has" }
                    option value="drop-connection-on-response" { "The line goes dead after the answer" }
                    option value="error-500" { "The service fails when answered" }
                }
            }
            button type="submit" { "Ask like this" }
        }
    }
}

fn document_name(type_id: &str) -> String {
    let known = DocumentType::ALL
        .into_iter()
        .find(|document| document.type_id() == type_id);
    known.map_or_else(
        || plain(type_id),
        |document| {
            let (name, _) = document.name();
            if document == DocumentType::ProofOfAgeSdJwt {
                format!("{name} (SD-JWT VC)")
            } else {
                name.to_owned()
            }
        },
    )
}

/// The page of one request: the link, and afterwards what was learnt.
pub(crate) fn request(house: &House, service: &Service, request: &Request, uri: &str) -> Response {
    let waiting = matches!(request.stage, Stage::Waiting | Stage::Fetched);
    let expired = waiting && house.now() >= request.expires_at;
    let content = html! {
        (letterhead(service_kind(service.name), &service.trading_name))
        h1 { (service.title) }
        div data-watch={ "/control/request/" (request.id) } data-stage=(request.stage.as_str()) {
            (stage_note(request, expired))
        }
        @if waiting && !expired {
            (wallet_link(uri, "Open the wallet", &format!("QR code: request of {}", service.trading_name), &html! {}))
            p.muted.small { "The request ends on " (moment(request.expires_at)) "." }
        }
        @if let Stage::Answered(outcome) = &request.stage { (learnt(outcome, "What the service learnt")) }
        noscript { p { a href="" { "Look again" } } }
        div.actions {
            form method="post" action={ "/services/" (service.path) } { button type="submit" { "Ask again" } }
            a href={ "/services/" (service.path) } { "Back to " (service.trading_name) }
        }
    };
    page(StatusCode::OK, &service.title, Part::Services, content)
}

fn stage_note(request: &Request, expired: bool) -> Markup {
    let (class, title, words) = match &request.stage {
        _ if expired => (
            "warn",
            "This request has ended",
            "Nothing was shared. Ask again.".to_owned(),
        ),
        Stage::Waiting => (
            "",
            "Waiting for the wallet",
            "Open the link or the picture in the wallet. This page notices when something happens.".to_owned(),
        ),
        Stage::Fetched => (
            "",
            "The wallet has read the request",
            "Nothing was shared yet. The person decides.".to_owned(),
        ),
        Stage::Answered(outcome) if outcome.valid => (
            "good",
            "Shared, and everything checks out",
            "This is what the service has now.".to_owned(),
        ),
        Stage::Answered(_) => (
            "stop",
            "Shared, but something does not check out",
            "A real service would not rely on this.".to_owned(),
        ),
        Stage::Declined(error) if error == "access_denied" => (
            "",
            "Nothing was shared",
            "The wallet said no. The service was told access_denied and nothing else.".to_owned(),
        ),
        Stage::Declined(error) => (
            "warn",
            "The wallet refused",
            format!("Nothing was shared. The wallet answered {}.", plain(error)),
        ),
        Stage::Unreadable(why) => ("stop", "An answer came that could not be read", plain(why)),
    };
    html! { div class={ "note " (class) } role="status" { strong { (title) } (words) } }
}

/// What a service learnt and how each check came out.
pub(super) fn learnt(outcome: &Outcome, heading: &str) -> Markup {
    html! {
        @if outcome.checks.iter().any(|check| !check.ok || check.name == "time") {
            div.card { h2 { "The answer as a whole" } (checks(&outcome.checks)) }
        }
        @for answer in &outcome.answers {
            section aria-label={ "From " (document_name(&answer.type_id)) } {
                div.two { (facts(answer, heading)) div.card { h2 { "How each check came out" } (checks(&answer.checks)) } }
            }
        }
    }
}

fn facts(answer: &Answer, heading: &str) -> Markup {
    html! {
        div.card {
            h2 { (heading) }
            p.hint { "From " (document_name(&answer.type_id)) }
            @if answer.claims.is_empty() {
                p { "That there is such a document, and nothing in it." }
            } @else {
                dl.facts {
                    @for claim in &answer.claims {
                        @let element = claim.path.last().and_then(serde_json::Value::as_str).unwrap_or_default();
                        div { dt { (claim.label) } dd { (value(element, &claim.value)) } }
                    }
                }
            }
        }
    }
}

/// Checks as a list: a mark, the sentence, and the outcome in words for those who do not see the mark.
pub(super) fn checks(list: &[Check]) -> Markup {
    html! {
        ul.checks {
            @for check in list {
                li class=(if check.ok { "ok" } else { "bad" }) {
                    span.mark aria-hidden="true" { (if check.ok { "✓" } else { "✕" }) }
                    span { strong { (if check.ok { "Good: " } else { "Not good: " }) } (check.detail) }
                }
            }
        }
    }
}
