//! Distinguished names: compared when a chain is followed, and shown to people.

use x509_cert::der::Encode;
use x509_cert::der::asn1::{
    AnyRef, Ia5StringRef, ObjectIdentifier, PrintableStringRef, TeletexStringRef, Utf8StringRef,
};
use x509_cert::name::Name;

/// The most characters of a name that are kept for a screen.
const MAX_NAME_CHARACTERS: usize = 128;

/// A distinguished name as RFC 5280, 7.1 compares it: attribute types in order, values without regard to string type,
/// ASCII case and repeated spaces.
#[derive(PartialEq, Eq)]
pub(super) struct ComparableName(Vec<(ObjectIdentifier, Vec<u8>)>);

impl ComparableName {
    /// The attributes of a name.
    pub(super) fn of(name: &Name) -> Self {
        let attributes = name.as_ref().iter().flat_map(|relative| relative.as_ref().iter());
        Self(
            attributes
                .map(|attribute| {
                    let value = match text_of(attribute.value.to_ref()) {
                        Some(text) => text
                            .split_whitespace()
                            .collect::<Vec<_>>()
                            .join(" ")
                            .to_ascii_lowercase()
                            .into(),
                        None => attribute.value.to_der().unwrap_or_default(),
                    };
                    (attribute.oid, value)
                })
                .collect(),
        )
    }
}

fn text_of(value: AnyRef<'_>) -> Option<&str> {
    value
        .decode_as::<Utf8StringRef<'_>>()
        .map(|text| text.as_str())
        .or_else(|_| value.decode_as::<PrintableStringRef<'_>>().map(|text| text.as_str()))
        .or_else(|_| value.decode_as::<Ia5StringRef<'_>>().map(|text| text.as_str()))
        .or_else(|_| value.decode_as::<TeletexStringRef<'_>>().map(|text| text.as_str()))
        .ok()
}

/// The first attribute of this type, as a person may be shown it.
pub(super) fn attribute(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    let attributes = name.as_ref().iter().flat_map(|relative| relative.as_ref().iter());
    let text = attributes
        .filter(|attribute| attribute.oid == oid)
        .find_map(|attribute| text_of(attribute.value.to_ref()))?;
    let clean = plain(text, MAX_NAME_CHARACTERS);
    (!clean.is_empty()).then_some(clean)
}

/// A text from outside, for a screen: no control and no bidirectional formatting characters, at most `most` characters.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let formatting = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{061c}' | '\u{feff}');
    text.chars()
        .filter(|c| !c.is_control() && !formatting(*c))
        .take(most)
        .collect::<String>()
        .trim()
        .to_owned()
}
