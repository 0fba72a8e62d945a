//! What an entry of a signed list must look like. Its signature says who wrote it, not that it can be shown or judged by.

use url::Url;

use super::lists::LocalizedText;

/// The most certificates of one entry.
pub const MAX_CERTIFICATES: usize = 50;
/// The most document types, purposes, or issuers spoken for, of one entry.
pub const MAX_ITEMS: usize = 200;
/// The most details of one purpose.
pub const MAX_DETAILS: usize = 500;
/// The most characters of an identifier.
const MAX_IDENTIFIER: usize = 200;

/// The rule an entry breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ShapeError {
    /// A text that people are to read is empty, or nothing is left of it once control characters are gone.
    #[error("a text is empty")]
    EmptyText,
    /// An identifier is empty, longer than 200 characters, or holds spaces or control characters.
    #[error("an identifier is malformed")]
    Identifier,
    /// There is no certificate.
    #[error("it names no certificate")]
    NoCertificate,
    /// More certificates, types, purposes or details than an entry may have.
    #[error("it has too many parts")]
    TooMany,
    /// A certificate, purpose or detail stands twice.
    #[error("something is named twice")]
    NamedTwice,
    /// The privacy notice is not at an https address.
    #[error("the privacy notice has no https address")]
    PrivacyNotice,
    /// A purpose allows no detail at all, or a service has no purpose.
    #[error("it allows nothing")]
    AllowsNothing,
    /// An entry of this role names issuers it speaks for, or of another role does not.
    #[error("only a status entry speaks for issuers")]
    SpeaksForIssuers,
    /// A revocation list was signed by none of the entry's certificates.
    #[error("none of its certificates signed a revocation list")]
    Revocations,
    /// The role is none of this list.
    #[error("the role does not belong on this list")]
    Role,
}

pub(super) fn text(text: &str) -> Result<(), ShapeError> {
    if text.is_empty() {
        Err(ShapeError::EmptyText)
    } else {
        Ok(())
    }
}

pub(super) fn localized(texts: &LocalizedText) -> Result<(), ShapeError> {
    text(&texts.en)?;
    texts.cy.as_deref().map_or(Ok(()), text)
}

pub(super) fn identifier(identifier: &str) -> Result<(), ShapeError> {
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if identifier.is_empty() || identifier.chars().count() > MAX_IDENTIFIER || identifier.chars().any(odd) {
        Err(ShapeError::Identifier)
    } else {
        Ok(())
    }
}

pub(super) fn https(address: &str) -> Result<(), ShapeError> {
    let url = Url::parse(address).map_err(|_| ShapeError::PrivacyNotice)?;
    if url.scheme() == "https" && url.has_host() {
        Ok(())
    } else {
        Err(ShapeError::PrivacyNotice)
    }
}

pub(super) const fn at_most(found: usize, most: usize) -> Result<(), ShapeError> {
    if found > most { Err(ShapeError::TooMany) } else { Ok(()) }
}

/// At least one certificate, and no more than an entry may have.
pub(super) const fn certificates(found: usize) -> Result<(), ShapeError> {
    if found == 0 {
        Err(ShapeError::NoCertificate)
    } else {
        at_most(found, MAX_CERTIFICATES)
    }
}
