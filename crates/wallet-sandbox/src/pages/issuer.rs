//! The pages of an issuer: making an offer, the offer itself, and what was issued.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::front::kind;
use super::{Part, letterhead, page, wallet_link};
use crate::catalogue::{DocumentType, Issuer};
use crate::house::House;
use crate::offers::{Offer, Stage};
use crate::records::{Issued, Status};
use crate::show::moment;

/// What the page of an issuer shows beside the form.
pub(crate) struct IssuerPage<'a> {
    pub(crate) issuer: Issuer,
    /// What it issued, newest first.
    pub(crate) issued: Vec<Issued>,
    /// What went wrong with the form that was sent.
    pub(crate) problem: Option<&'a str>,
}

/// How many issued documents the page lists.
const LISTED: usize = 50;

/// The page of one issuer.
pub(crate) fn issuer(house: &House, shown: &IssuerPage<'_>) -> Response {
    let issuer = shown.issuer;
    let documents: Vec<DocumentType> = issuer.documents().collect();
    let usual = documents.first().copied().unwrap_or(DocumentType::DrivingLicence);
    let content = html! {
        (letterhead(kind(usual), issuer.name().0))
        h1 { (usual.name().0) }
        @if let Some(problem) = shown.problem {
            div.note.stop role="alert" { strong { "There is a problem" } (problem) }
        }
        div.two {
            div.card {
                h2 { "Get it for a practice person" }
                form method="post" action={ "/organisations/" (issuer.path()) } {
                    @if documents.len() > 1 {
                        fieldset.field {
                            legend { "Which document" }
                            @for document in &documents {
                                label.check {
                                    input type="radio" name="name" value=(document.as_str()) checked[*document == usual];
                                    span { (document.name().0) " (" (format_words(*document)) ")" }
                                }
                            }
                        }
                    } @else {
                        input type="hidden" name="name" value=(usual.as_str());
                    }
                    div.field {
                        label for="person" { "Whom it is about" }
                        select #person name="person" {
                            @for person in house.people().all().filter(|person| usual.is_for(person)) {
                                option value=(person.id) selected[person.id == usual.usual_person()] { (person.full_name()) " – " (person.note) }
                            }
                        }
                    }
                    div.field {
                        label.check {
                            input type="checkbox" name="tx_code" value="yes" checked[usual.usually_with_code()];
                            span { "Send a code that has to be typed in the wallet" }
                        }
                        label.check {
                            input type="checkbox" name="by_reference" value="yes";
                            span { "Keep the offer here; the link only says where" }
                        }
                    }
                    button.first type="submit" { "Make an offer" }
                }
            }
            div {
                div.card {
                    h2 { "What you will get" }
                    p { "Up to " (usual.copies()) " copies, each to be used once, so that services cannot compare notes. In them:" }
                    ul.plain.columns { @for (_, element) in usual.elements() { li { (crate::catalogue::label(element).en) } } }
                }
            }
        }
        section aria-labelledby="issued" {
            h2 #issued { "Issued from here" }
            (issued_table(house, issuer, &shown.issued))
        }
    };
    page(StatusCode::OK, issuer.name().0, Part::Documents, content)
}

const fn format_words(document: DocumentType) -> &'static str {
    match document.format() {
        wallet_credentials::credential::Format::MsoMdoc => "mdoc",
        wallet_credentials::credential::Format::DcSdJwt => "SD-JWT VC",
        wallet_credentials::credential::Format::JwtVcJson => "JWT VC",
    }
}

fn issued_table(house: &House, issuer: Issuer, issued: &[Issued]) -> Markup {
    if issued.is_empty() {
        return html! { p.muted { "Nothing yet." } };
    }
    html! {
        table {
            thead { tr { th scope="col" { "Document" } th scope="col" { "Issued" } th scope="col" { "Status" } th scope="col" { "Change" } } }
            tbody {
                @for document in issued.iter().take(LISTED) {
                    @let who = house.people().find(&document.person).map_or_else(|| document.person.clone(), crate::people::Person::full_name);
                    tr {
                        th scope="row" { (document.name.name().0) br; span.muted.small { (who) ", " (document.places.len()) " copies" } }
                        td { (moment(document.issued_at)) @if document.notification.as_deref() == Some("credential_accepted") { br; span.muted.small { "The wallet kept it" } } }
                        td { (status_chip(document.status)) }
                        td {
                            form method="post" action={ "/organisations/" (issuer.path()) "/status" } {
                                input type="hidden" name="document" value=(document.id);
                                (status_button(document.status, Status::Revoked, "Withdraw", &who))
                                (status_button(document.status, Status::Suspended, "Pause", &who))
                                (status_button(document.status, Status::Valid, "Restore", &who))
                            }
                        }
                    }
                }
            }
        }
        @if issued.len() > LISTED { p.muted.small { "And " (issued.len() - LISTED) " older ones." } }
    }
}

fn status_button(now: Status, to: Status, words: &str, who: &str) -> Markup {
    let value = match to {
        Status::Valid => "valid",
        Status::Revoked => "revoked",
        Status::Suspended => "suspended",
    };
    html! {
        @if now != to && !(now == Status::Revoked && to == Status::Suspended) {
            button.minor name="status" value=(value) aria-label={ (words) " the document of " (who) } { (words) } " "
        }
    }
}

fn status_chip(status: Status) -> Markup {
    match status {
        Status::Valid => html! { span.chip.ok { "✓ Valid" } },
        Status::Revoked => html! { span.chip.bad { "✕ Withdrawn" } },
        Status::Suspended => html! { span.chip.wait { "⏸ Paused" } },
    }
}

/// The page of one offer.
pub(crate) fn offer(house: &House, offer: &Offer, uri: &str) -> Response {
    let document = offer.documents.first().copied().unwrap_or(DocumentType::DrivingLicence);
    let who = house
        .people()
        .find(&offer.person)
        .map_or_else(|| offer.person.clone(), crate::people::Person::full_name);
    let expired = house.now() >= offer.expires_at && offer.stage == Stage::Waiting;
    let (class, title, words) = match &offer.stage {
        Stage::Waiting if expired => ("warn", "This offer has ended", "Make a new one."),
        Stage::Waiting => (
            "",
            "Waiting for the wallet",
            "Open the link or the picture in the wallet. This page notices when something happens.",
        ),
        Stage::Accepted => ("", "The wallet is fetching it", "The person said yes to adding it."),
        Stage::Issued(_) => (
            "good",
            "Issued",
            "The wallet has it. It counts until it ends or is withdrawn.",
        ),
        Stage::Void => (
            "stop",
            "This offer is void",
            "The wrong code was typed three times. Make a new one.",
        ),
    };
    let content = html! {
        (letterhead(kind(document), document.issuer().name().0))
        h1 { (document.name().0) " for " (who) }
        div data-watch={ "/control/offer/" (offer.id) } data-stage=(stage_word(&offer.stage)) {
            div class={ "note " (class) } role="status" { strong { (title) } (words) }
        }
        @if offer.stage == Stage::Waiting && !expired {
            @let name = format!("QR code: offer of a {}", document.name().0.to_lowercase());
            (wallet_link(uri, "Add it to the wallet", &name, &code_card(offer)))
            p.muted.small { "The offer ends on " (moment(offer.expires_at)) "." }
        }
        noscript { p { a href="" { "Look again" } } }
        p.actions { a href={ "/organisations/" (document.issuer().path()) } { "Back to " (document.issuer().name().0) } }
    };
    page(StatusCode::OK, "Offer", Part::Documents, content)
}

/// The code that goes with an offer, where there is one.
fn code_card(offer: &Offer) -> Markup {
    html! {
        @if let Some(code) = &offer.tx_code {
            div.card {
                h2 { "The code" }
                p.hint { "The wallet asks for it. A real organisation would send it by text message or letter." }
                p.code { (code) }
            }
        }
    }
}

/// How far an offer has come, in one word.
pub(crate) const fn stage_word(stage: &Stage) -> &'static str {
    match stage {
        Stage::Waiting => "waiting",
        Stage::Accepted => "accepted",
        Stage::Issued(_) => "issued",
        Stage::Void => "void",
    }
}
