//! Values as people read them.

use base64::Engine as _;
use maud::{Markup, html};
use serde_json::Value;
use wallet_credentials::time::{CivilDate, Timestamp};

use crate::people::london;

/// Elements whose values are codes in lower case.
const CODES: [&str; 6] = [
    "work_permitted",
    "rent_permitted",
    "status_type",
    "public_funds",
    "identity_confidence",
    "work_restrictions",
];

/// How much of a text is shown.
const MOST_CHARACTERS: usize = 500;

/// An instant as `25 November 2026, 14:02`, in the time of the United Kingdom.
pub(crate) fn moment(instant: Timestamp) -> String {
    instant
        .to_jiff()
        .to_zoned_datetime(london())
        .strftime("%-d %B %Y, %H:%M")
        .to_string()
}

/// A date as `15 March 1992`.
pub(crate) fn date(date: CivilDate) -> String {
    date.to_jiff().strftime("%-d %B %Y").to_string()
}

/// A text from outside: bounded, without control and direction characters.
pub(crate) fn plain(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{061c}' | '\u{feff}')
    };
    text.chars().filter(|c| !hidden(*c)).take(MOST_CHARACTERS).collect()
}

/// The value of a detail.
pub(crate) fn value(element: &str, value: &Value) -> Markup {
    match value {
        Value::String(text) if element == "portrait" => portrait(text),
        Value::String(text) if CODES.contains(&element) => html! { (capital(&words(text))) },
        Value::String(text) => html! { (words(text)) },
        Value::Bool(true) => html! { "Yes" },
        Value::Bool(false) => html! { "No" },
        Value::Number(number) => html! { (number) },
        Value::Array(list) if list.is_empty() => html! { "None" },
        Value::Array(list) => {
            let entries: Vec<String> = list.iter().take(64).map(entry).collect();
            html! { (capital(&entries.join(", "))) }
        }
        Value::Object(_) => html! { (plain(&value.to_string())) },
        Value::Null => html! { span.muted { "Nothing" } },
    }
}

fn entry(value: &Value) -> String {
    match value {
        Value::String(text) => words(text),
        // One vehicle category (ISO/IEC 18013-5:2021, 7.2.4).
        Value::Object(members) => match members.get("vehicle_category_code").and_then(Value::as_str) {
            Some(category) => plain(category),
            None => plain(&value.to_string()),
        },
        other => plain(&other.to_string()),
    }
}

/// A text: dates spelled out, codes such as `sponsor_only` without their underscores.
fn words(text: &str) -> String {
    if let Ok(day) = CivilDate::parse(text) {
        return date(day);
    }
    let is_code = text.contains('_')
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if is_code {
        plain(text).replace('_', " ")
    } else {
        plain(text)
    }
}

/// A text with its first letter large.
pub(crate) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first: String = characters
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    first + characters.as_str()
}

/// A portrait: only a JPEG becomes a picture, whatever its sender says it is.
fn portrait(text: &str) -> Markup {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    let bytes = match text.split_once("base64,") {
        Some((_, data)) => STANDARD.decode(data).ok(),
        None => URL_SAFE_NO_PAD.decode(text).ok(),
    };
    match bytes.filter(|bytes| bytes.starts_with(&[0xff, 0xd8, 0xff])) {
        Some(jpeg) => {
            html! { img alt="The photo that was shared" src={ "data:image/jpeg;base64," (STANDARD.encode(jpeg)) }; }
        }
        None => html! { span.muted { "Not a picture" } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(element: &str, shown: &Value) -> String {
        value(element, shown).into_string()
    }

    #[test]
    fn values_read_like_sentences() {
        assert_eq!(text("age_over_18", &json!(true)), "Yes");
        assert_eq!(text("birth_date", &json!("1992-03-15")), "15 March 1992");
        assert_eq!(text("work_restrictions", &json!(["sponsor_only"])), "Sponsor only");
        assert_eq!(
            text(
                "driving_privileges",
                &json!([{"vehicle_category_code": "B"}, {"vehicle_category_code": "A"}])
            ),
            "B, A"
        );
    }

    #[test]
    fn what_comes_from_outside_stays_text() {
        assert_eq!(text("family_name", &json!("<b>\u{202e}x</b>")), "&lt;b&gt;x&lt;/b&gt;");
        assert!(text("portrait", &json!("data:text/html;base64,PGI+")).contains("Not a picture"));
    }
}
