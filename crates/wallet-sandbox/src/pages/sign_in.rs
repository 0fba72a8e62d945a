//! The page where a person signs in at a practice issuer, on the way from a wallet and back to it.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;
use url::Url;

use super::front::kind;
use super::{Part, letterhead, page_that_leads_to};
use crate::catalogue::DocumentType;
use crate::variant::IssuerAt;

/// The page. There is nothing to remember and nothing to type: this is practice.
pub(crate) fn sign_in(at: IssuerAt, request: &str, documents: &[DocumentType], back_to: &Url) -> Response {
    let issuer = at.issuer;
    let usual = documents.first().copied().or_else(|| issuer.documents().next());
    let content = html! {
        @if let Some(usual) = usual { (letterhead(kind(usual), issuer.name().0)) }
        h1 { "Sign in" }
        div.card {
            @if documents.is_empty() {
                p { "The wallet asks for nothing this organisation has." }
            } @else {
                p { "A wallet asks for:" }
                ul.plain { @for document in documents { li { (document.name().0) } } }
                p.hint { "A real organisation would check here who you are. This one believes you." }
            }
            form method="post" action={ "/issuers/" (at.path()) "/authorize" } {
                input type="hidden" name="request" value=(request);
                @if !documents.is_empty() {
                    button.first type="submit" name="decision" value="yes" { "Sign in and continue" }
                    " "
                }
                button.minor type="submit" name="decision" value="no" { "Do not continue" }
            }
        }
    };
    page_that_leads_to(StatusCode::OK, issuer.name().0, Part::Documents, content, Some(back_to))
}
