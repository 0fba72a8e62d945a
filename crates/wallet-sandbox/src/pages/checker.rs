//! The checker of codes shown without a connection.

use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use super::service::learnt;
use super::{Part, page};
use crate::requests::Outcome;
use crate::show::plain;

/// The page: the form, and what came of the last code.
pub(crate) fn checker(checked: Option<Result<&Outcome, &str>>) -> Response {
    let status = if matches!(checked, Some(Err(_))) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let content = html! {
        h1 { "Check a code without a connection" }
        @match checked {
            None => p.lead { "Stands in for the reader at a shop’s till: it has no line to the wallet and sees only the code." },
            Some(Err(problem)) => div.note.stop role="alert" { strong { "This code could not be read" } (plain(problem)) },
            Some(Ok(outcome)) => {
                @if outcome.valid {
                    div.note.good role="status" { strong { "The code is good" } "Everything checks out." }
                } @else {
                    div.note.stop role="status" { strong { "Do not accept this code" } "Something does not check out." }
                }
                (learnt(outcome, "What the code shows"))
                h2 { "Check another" }
            }
        }
        div.two.even {
            form.card method="post" action="/checker" enctype="multipart/form-data" {
                h2 { "From a picture" }
                div.field {
                    label for="picture" { "Picture of the code" }
                    p.hint #picture-hint { "PNG or JPEG, up to 8 MB. A screenshot will do." }
                    input #picture type="file" name="picture" accept="image/png,image/jpeg" aria-describedby="picture-hint" required;
                }
                button.first type="submit" { "Check the picture" }
            }
            form.card method="post" action="/checker" enctype="multipart/form-data" {
                h2 { "From its content" }
                div.field {
                    label for="payload" { "Content of the code" }
                    p.hint #payload-hint { "As " code { "wallet show" } " prints it." }
                    textarea #payload name="payload" aria-describedby="payload-hint" required spellcheck="false" autocomplete="off" {}
                }
                button type="submit" { "Check the content" }
            }
        }
    };
    page(status, "Check a code", Part::Checker, content)
}
