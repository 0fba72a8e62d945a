//! Placeholders of SVG templates (draft-ietf-oauth-sd-jwt-vc, 5.5.1.2.2).

use super::TypeMetadataError;
use super::document::is_svg_id;

/// The longest template, in bytes.
const MAX_TEMPLATE_BYTES: usize = 1024 * 1024;

/// The longest result, in bytes.
const MAX_FILLED_BYTES: usize = 4 * 1024 * 1024;

/// Fills `{{svg_id}}` in the text of the template. Placeholders anywhere else (tags, comments, sections, styles and scripts)
/// make the template unusable, as does a document type, which could redefine what the text says.
pub(super) fn fill(
    template: &str,
    value: impl Fn(&str) -> Result<String, TypeMetadataError>,
) -> Result<String, TypeMetadataError> {
    if template.len() > MAX_TEMPLATE_BYTES {
        return Err(TypeMetadataError::TooLarge);
    }
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    // Inside an element whose text is no text for people.
    let mut in_code = false;
    while !rest.is_empty() {
        let text_ends = rest.find('<').unwrap_or(rest.len());
        let (text, markup) = rest.split_at(text_ends);
        if in_code {
            refuse_placeholder(text)?;
            filled.push_str(text);
        } else {
            fill_text(text, &value, &mut filled)?;
        }
        let (markup, after) = markup.split_at(markup_length(markup)?);
        refuse_placeholder(markup)?;
        if let Some(closing) = is_code_tag(markup) {
            in_code = !closing && !markup.ends_with("/>");
        }
        filled.push_str(markup);
        if filled.len() > MAX_FILLED_BYTES {
            return Err(TypeMetadataError::TooLarge);
        }
        rest = after;
    }
    Ok(filled)
}

fn refuse_placeholder(text: &str) -> Result<(), TypeMetadataError> {
    if text.contains("{{") {
        Err(TypeMetadataError::Template)
    } else {
        Ok(())
    }
}

fn fill_text(
    text: &str,
    value: &impl Fn(&str) -> Result<String, TypeMetadataError>,
    filled: &mut String,
) -> Result<(), TypeMetadataError> {
    let mut rest = text;
    while let Some((before, placeholder)) = rest.split_once("{{") {
        let (id, after) = placeholder.split_once("}}").ok_or(TypeMetadataError::Template)?;
        if !is_svg_id(id) {
            return Err(TypeMetadataError::Template);
        }
        filled.push_str(before);
        for character in value(id)?.chars() {
            match character {
                '&' => filled.push_str("&amp;"),
                '<' => filled.push_str("&lt;"),
                '>' => filled.push_str("&gt;"),
                '"' => filled.push_str("&quot;"),
                '\'' => filled.push_str("&apos;"),
                // A value is never a placeholder.
                '{' => filled.push_str("&#123;"),
                plain => filled.push(plain),
            }
        }
        if filled.len() > MAX_FILLED_BYTES {
            return Err(TypeMetadataError::TooLarge);
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(())
}

/// How long the tag, comment, section or instruction is that begins here; zero at the end of the document.
fn markup_length(markup: &str) -> Result<usize, TypeMetadataError> {
    if markup.is_empty() {
        return Ok(0);
    }
    for (opening, closing) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
        if let Some(inside) = markup.strip_prefix(opening) {
            let length = inside.find(closing).ok_or(TypeMetadataError::Template)?;
            return Ok(opening.len() + length + closing.len());
        }
    }
    if markup.starts_with("<!") {
        return Err(TypeMetadataError::Template);
    }
    let mut quote = None;
    for (at, character) in markup.char_indices() {
        match (quote, character) {
            (None, '>') => return Ok(at + 1),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    Err(TypeMetadataError::Template)
}

/// Whether this tag opens (`Some(false)`) or closes (`Some(true)`) a style or script.
fn is_code_tag(markup: &str) -> Option<bool> {
    let tag = markup.strip_prefix('<')?;
    let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
    let name = tag.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()?;
    let name = name.rsplit(':').next()?;
    ["style", "script"]
        .iter()
        .any(|code| name.eq_ignore_ascii_case(code))
        .then_some(closing)
}
