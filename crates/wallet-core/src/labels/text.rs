//! Values as people read them: dates with their month's name, yes and no, codes in words. Everything bounded and cleaned.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use serde_json::Value;

use super::{CLAIMS, COUNTRIES, Pair, Shape, TEXT_MAX, age_of, entry_of, humanise};
use crate::view::Language;

/// Entries of a list or parts of an object that are read out; the rest are counted.
pub(super) const LIST_MAX: usize = 20;
/// Levels of lists within lists.
const DEPTH_MAX: usize = 4;

/// A value as people read it, in their language. Empty for a picture and for bytes.
#[must_use]
pub fn text_of(type_id: &str, path: &[Value], value: &Value, language: Language) -> String {
    let text = match entry_of(type_id, path) {
        Some(entry) => match &entry.values {
            Some(table) => coded(table, value, language),
            None => shaped(entry.shape, value, language),
        },
        None if age_of(path).is_some() => shaped(Shape::BoolAm, value, language),
        None => shaped(Shape::Plain, value, language),
    };
    clean(&text, TEXT_MAX)
}

/// A civil date (`2027-01-03`) or an instant (RFC 3339) as "3 January 2027" / "3 Ionawr 2027", in London. What is neither is
/// returned cleaned.
#[must_use]
pub fn date_text(date: &str, language: Language) -> String {
    match civil(date) {
        Some(date) => written(date, language),
        None => clean(date, LIST_MAX * 2),
    }
}

/// An instant (RFC 3339) as "3 January 2027, 14:20", London time.
#[must_use]
pub fn instant_text(instant: &str, language: Language) -> String {
    match instant.parse::<Timestamp>() {
        Ok(instant) => {
            let there = in_london(instant);
            format!(
                "{}, {:02}:{:02}",
                written(there.date(), language),
                there.hour(),
                there.minute()
            )
        }
        Err(_) => date_text(instant, language),
    }
}

pub(super) fn civil(text: &str) -> Option<Date> {
    if text.len() == 10 {
        return text.parse().ok();
    }
    let bytes = text.as_bytes();
    (bytes.len() > 10 && bytes[4] == b'-' && matches!(bytes[10], b'T' | b't' | b' '))
        .then(|| text.parse::<Timestamp>().ok())
        .flatten()
        .map(|instant| in_london(instant).date())
}

fn in_london(instant: Timestamp) -> ZonedDateTime {
    instant.to_zoned_datetime(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC))
}

pub(super) fn written(date: Date, language: Language) -> String {
    let months = match language {
        Language::En => &CLAIMS.months.en,
        Language::Cy => &CLAIMS.months.cy,
    };
    let month = usize::from(date.month().unsigned_abs())
        .checked_sub(1)
        .and_then(|at| months.get(at));
    format!("{} {} {}", date.day(), month.map_or("", String::as_str), date.year())
}

pub(super) fn pick(pair: &Pair, language: Language) -> &str {
    match language {
        Language::En => &pair[0],
        Language::Cy => &pair[1],
    }
}

fn shaped(shape: Shape, value: &Value, language: Language) -> String {
    match (shape, value) {
        (Shape::Picture | Shape::Bytes, _) | (_, Value::Null) => String::new(),
        (Shape::Bool | Shape::BoolAm | Shape::BoolIs, Value::Bool(yes)) => yes_no(shape, *yes, language).to_owned(),
        (Shape::Date, Value::String(date)) => date_text(date, language),
        (Shape::Instant, Value::String(instant)) => instant_text(instant, language),
        (Shape::NameParts, name) => name_parts(name),
        (Shape::Date | Shape::Instant | Shape::Epoch, Value::Number(seconds)) => epoch(seconds, language),
        (Shape::Country, Value::String(code)) => country(code, language),
        (Shape::Sex, code) => coded("sex", code, language),
        (Shape::Privileges, Value::Array(privileges)) => driving(privileges, language),
        (Shape::NhsNumber, Value::String(number)) => spaced(number, &[3, 3, 4]),
        (Shape::Nino, Value::String(number)) => spaced(number, &[2, 2, 2, 2, 1]),
        (shape, Value::Array(parts)) => listed(parts.iter().map(|part| shaped(shape, part, language)), ", ", language),
        (_, value) => plain(value, language, 0),
    }
}

pub(super) fn plain(value: &Value, language: Language, depth: usize) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => yes_no(Shape::Bool, *yes, language).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.starts_with("data:") => String::new(),
        Value::String(text) => match civil(text) {
            Some(date) => written(date, language),
            None => clean(text, TEXT_MAX),
        },
        _ if depth >= DEPTH_MAX => "…".to_owned(),
        Value::Array(parts) => {
            let separator = if parts.iter().any(Value::is_object) { "; " } else { ", " };
            listed(
                parts.iter().map(|part| plain(part, language, depth + 1)),
                separator,
                language,
            )
        }
        Value::Object(parts) => listed(
            parts.iter().map(|(name, part)| {
                let name = match CLAIMS.inner.get(name) {
                    Some(pair) => pick(pair, language).to_owned(),
                    None => humanise(name),
                };
                format!("{name}: {}", plain(part, language, depth + 1))
            }),
            ", ",
            language,
        ),
    }
}

fn listed(parts: impl ExactSizeIterator<Item = String>, separator: &str, language: Language) -> String {
    let more = parts.len().saturating_sub(LIST_MAX);
    let mut texts: Vec<String> = parts.take(LIST_MAX).filter(|text| !text.is_empty()).collect();
    if more > 0 {
        texts.push(match language {
            Language::En => format!("and {more} more"),
            Language::Cy => format!("a {more} arall"),
        });
    }
    texts.join(separator)
}

/// Welsh has no one word for yes: the answer repeats the verb of the question.
fn yes_no(shape: Shape, yes: bool, language: Language) -> &'static str {
    match (language, shape, yes) {
        (Language::En, _, true) => "Yes",
        (Language::En, _, false) => "No",
        (Language::Cy, Shape::BoolAm, true) => "Ydw",
        (Language::Cy, Shape::BoolAm, false) => "Nac ydw",
        (Language::Cy, Shape::BoolIs, true) => "Oes",
        (Language::Cy, Shape::BoolIs, false) => "Nac oes",
        (Language::Cy, _, true) => "Ie",
        (Language::Cy, _, false) => "Na",
    }
}

fn epoch(seconds: &serde_json::Number, language: Language) -> String {
    let instant = seconds.as_f64().filter(|value| value.abs() < 1e11).and_then(|value| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "bounded above; a fraction of a second has no reader"
        )]
        Timestamp::from_second(value as i64).ok()
    });
    match instant {
        Some(instant) => written(in_london(instant).date(), language),
        None => seconds.to_string(),
    }
}

fn coded(table: &str, value: &Value, language: Language) -> String {
    match value {
        Value::Array(parts) => listed(parts.iter().map(|part| coded(table, part, language)), ", ", language),
        value => {
            let code = match value {
                Value::String(code) => code.clone(),
                other => other.to_string(),
            };
            match CLAIMS.values.get(table).and_then(|values| values.get(&code)) {
                Some(pair) => pick(pair, language).to_owned(),
                None if value.is_string() && code.contains('_') => humanise(&code),
                None => plain(value, language, 0),
            }
        }
    }
}

fn country(code: &str, language: Language) -> String {
    COUNTRIES
        .get(code)
        .map_or_else(|| clean(code, TEXT_MAX), |pair| pick(pair, language).to_owned())
}

/// The first names, then the last ones, of the first name of a list; a plain name as it is. The issuer's order is kept
/// among parts of one type.
fn name_parts(name: &Value) -> String {
    let one = match name {
        Value::Array(names) => names.first().unwrap_or(&Value::Null),
        one => one,
    };
    let Some(parts) = one.get("nameParts").and_then(Value::as_array) else {
        return plain(name, Language::En, 0);
    };
    let mut words: Vec<(bool, &str)> = parts
        .iter()
        .take(LIST_MAX)
        .filter_map(|part| {
            let last = part.get("type").and_then(Value::as_str) == Some("FamilyName");
            Some((last, part.get("value")?.as_str()?))
        })
        .collect();
    words.sort_by_key(|(last, _)| *last);
    let words: Vec<&str> = words.into_iter().map(|(_, word)| word).collect();
    words.join(" ")
}

/// "B, BE, AM from 2010; A (01) until 2031" (ISO/IEC 18013-5, 7.2.4).
fn driving(privileges: &[Value], language: Language) -> String {
    let (from, until) = match language {
        Language::En => ("from", "until"),
        Language::Cy => ("o", "hyd"),
    };
    // Categories with the same years are read together, in the order of the licence.
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for privilege in privileges.iter().take(LIST_MAX * 2) {
        let text = |name: &str| privilege.get(name).and_then(Value::as_str);
        let Some(category) = text("vehicle_category_code") else {
            continue;
        };
        let year = |name: &str| text(name).and_then(civil).map(|date| date.year());
        let mut years = String::new();
        if let Some(year) = year("issue_date") {
            years.push_str(&format!(" {from} {year}"));
        }
        if let Some(year) = year("expiry_date") {
            years.push_str(&format!(" {until} {year}"));
        }
        let codes = restrictions(privilege);
        let mut words = clean(category, 12);
        if !codes.is_empty() {
            words.push_str(&format!(" ({})", codes.join(", ")));
        }
        match groups.iter_mut().find(|(known, _)| *known == years) {
            Some((_, categories)) => categories.push(words),
            None => groups.push((years, vec![words])),
        }
    }
    let parts: Vec<String> = groups
        .into_iter()
        .map(|(years, categories)| format!("{}{years}", categories.join(", ")))
        .collect();
    parts.join("; ")
}

/// The codes of one privilege with their sign and value: "01", "78<=5" (ISO/IEC 18013-5, 7.2.4).
pub(super) fn restrictions(privilege: &Value) -> Vec<String> {
    let codes = privilege.get("codes").and_then(Value::as_array).into_iter().flatten();
    codes
        .take(LIST_MAX)
        .filter_map(|code| {
            let part = |name| code.get(name).and_then(Value::as_str).unwrap_or_default();
            code.get("code")
                .and_then(Value::as_str)
                .map(|code| clean(&format!("{code}{}{}", part("sign"), part("value")), 24))
        })
        .collect()
}

/// "9990000018" reads "999 000 0018"; anything of another length or script stays as it is.
fn spaced(number: &str, groups: &[usize]) -> String {
    let digits: Vec<char> = number.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != groups.iter().sum::<usize>() || !digits.iter().all(char::is_ascii_alphanumeric) {
        return clean(number, TEXT_MAX);
    }
    let mut rest = digits.as_slice();
    let mut parts: Vec<String> = Vec::with_capacity(groups.len());
    for &length in groups {
        let (part, after) = rest.split_at(length);
        parts.push(part.iter().collect());
        rest = after;
    }
    parts.join(" ")
}

/// An amount of money as people read it: `1234.5` and `GBP` are "£1,234.50". Both languages write it the same way. A currency
/// whose sign could mean another stands as its code (ISO 4217). `amount` is decimal digits with at most one point.
#[must_use]
pub fn money(amount: &str, currency: &str) -> String {
    let (whole, cents) = match amount.split_once('.') {
        Some((whole, cents)) => (whole, format!(".{cents:0<2}")),
        None => (amount, String::new()),
    };
    let mut grouped = String::with_capacity(whole.len() + whole.len() / 3);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.chars().count() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match currency {
        "GBP" => format!("£{grouped}{cents}"),
        "EUR" => format!("€{grouped}{cents}"),
        code => format!("{grouped}{cents} {code}"),
    }
}

/// Text from outside made fit to show: one line, no control, direction, invisible or tag characters, at most `max`
/// characters (the last of them "…" where something was cut off).
#[must_use]
pub fn clean(text: &str, max: usize) -> String {
    let mut kept = String::with_capacity(text.len().min(max * 4));
    let mut length = 0;
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() || (c.is_control() && matches!(c, '\n' | '\r' | '\t')) {
            space = length > 0;
            continue;
        }
        if c.is_control() || is_invisible(c) {
            continue;
        }
        let needed = usize::from(space) + 1;
        if length + needed > max {
            while length + 1 > max && kept.pop().is_some() {
                length -= 1;
            }
            if max > 0 {
                kept.push('…');
            }
            return kept;
        }
        if space {
            kept.push(' ');
            space = false;
        }
        kept.push(c);
        length += needed;
    }
    kept
}

/// Direction controls, zero-width spaces, tags and the like. The joiners U+200C and U+200D stay: names need them.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}
