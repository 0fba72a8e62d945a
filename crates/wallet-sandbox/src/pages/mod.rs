//! The pages people see: the sandbox's front page, its issuers and services, and the checker of offline codes.

mod checker;
mod front;
mod issuer;
mod service;
mod sign_in;

pub(crate) use checker::checker;
pub(crate) use front::front;
pub(crate) use issuer::{IssuerPage, issuer, offer, stage_word};
pub(crate) use service::{request, returned, service};
pub(crate) use sign_in::sign_in;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use url::Url;

/// The style sheet.
pub(crate) const STYLE: &str = include_str!("../../assets/style.css");
/// The script that looks whether something happened.
pub(crate) const SCRIPT: &str = include_str!("../../assets/watch.js");

/// Nothing from elsewhere, nothing inline, no frames.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Which part of the sandbox a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Documents,
    Services,
    Checker,
    None,
}

/// A whole page.
pub(crate) fn page(status: StatusCode, title: &str, part: Part, content: Markup) -> Response {
    page_that_leads_to(status, title, part, content, None)
}

/// A whole page with a form whose answer leads elsewhere: browsers ask the policy about that too.
fn page_that_leads_to(
    status: StatusCode,
    title: &str,
    part: Part,
    content: Markup,
    elsewhere: Option<&Url>,
) -> Response {
    let current = |this: Part| (this == part).then_some("page");
    let markup = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – Practice sandbox" }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="data:,";
                script src="/watch.js" defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header {
                    p.practice {
                        span { strong { "Practice only." } " The people are invented, the organisations are played, and nothing here counts." }
                    }
                    div.top {
                        a.brand href="/" { (mark()) "Practice sandbox" }
                        nav aria-label="Parts of the sandbox" {
                            a href="/#documents" aria-current=[current(Part::Documents)] { "Documents" }
                            a href="/#services" aria-current=[current(Part::Services)] { "Services" }
                            a href="/checker" aria-current=[current(Part::Checker)] { "Check a code" }
                        }
                    }
                }
                main #main { (content) }
                footer {
                    p { "This program runs on this computer only and belongs to no government body. Its keys are public and worthless: "
                        "a wallet accepts its documents in the practice profile and nowhere else." }
                }
            }
        }
    };
    let policy = match elsewhere {
        None => CONTENT_SECURITY_POLICY.to_owned(),
        Some(url) => {
            CONTENT_SECURITY_POLICY.replace("form-action 'self'", &format!("form-action 'self' {}", source(url)))
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, markup.into_string()).into_response()
}

/// A URL as a source of the policy: its origin, or its scheme where it has none.
fn source(url: &Url) -> String {
    if matches!(url.scheme(), "http" | "https") {
        url.origin().ascii_serialization()
    } else {
        format!("{}:", url.scheme())
    }
}

/// The head of an organisation's paper: its name on the colour of its documents.
fn letterhead(kind: &str, name: &str) -> Markup {
    html! { div class={ "letterhead " (kind) } { (name) span { "Played by the practice sandbox" } } }
}

/// A page that says something is wrong and what to do.
pub(crate) fn problem(status: StatusCode, title: &str, what_to_do: &str) -> Response {
    let content = html! {
        h1 { (title) }
        p { (what_to_do) }
        p { a href="/" { "Back to the start" } }
    };
    page(status, title, Part::None, content)
}

/// The mark: a rounded wallet with one thread.
fn mark() -> Markup {
    html! {
        svg viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
            rect x="2" y="6" width="28" height="21" rx="6" fill="#46307d" {}
            path d="M2 14h28" stroke="#ffc629" stroke-width="2.5" {}
            rect x="20" y="17.5" width="7" height="5" rx="2.5" fill="#f6f4ef" {}
        }
    }
}

/// A QR code as a picture with a name that never reads out its content.
fn qr(content: &str, name: &str) -> Markup {
    let drawn = fast_qr::QRBuilder::new(content).ecl(fast_qr::ECL::L).build();
    match drawn {
        Ok(code) => {
            let svg = fast_qr::convert::svg::SvgBuilder::default().to_str(&code);
            html! { div.qr role="img" aria-label=(name) { (maud::PreEscaped(svg)) } }
        }
        Err(_) => html! { p { "The link is too long for a QR code. Use the link." } },
    }
}

/// A link for the wallet: to open here, to copy, and as a picture. `first` comes before them.
fn wallet_link(uri: &str, action: &str, qr_name: &str, first: &Markup) -> Markup {
    html! {
        div.two {
            div {
                (first)
                div.card {
                    h2 { "With the wallet on this computer" }
                    p { a.button.first.wide href=(uri) { (action) } }
                    h3 #copy-label { "Or copy the link" }
                    p.hint #copy-hint { "Paste it in the wallet, or give it to the " code { "wallet" } " command." }
                    textarea.copy readonly rows="4" aria-labelledby="copy-label" aria-describedby="copy-hint" spellcheck="false" { (uri) }
                    button.minor type="button" data-copy=(uri) hidden { "Copy the link" }
                }
            }
            div.card {
                h2 { "With a picture" }
                p.hint { "Save or photograph this code and open the picture in the wallet." }
                (qr(uri, qr_name))
            }
        }
    }
}

/// The answer to a page nobody knows.
pub(crate) async fn not_found() -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "There is nothing here",
        "The link may be old: offers and requests are forgotten when the sandbox stops.",
    )
}
