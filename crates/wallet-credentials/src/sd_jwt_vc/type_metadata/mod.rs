//! Type Metadata: what is said about a kind of credential, beside the credential (draft-ietf-oauth-sd-jwt-vc, 5 and 6).
//!
//! Nothing is fetched here. [`resolve`] asks the caller for documents by `vct` and says which one it lacks; it checks their
//! integrity, follows `extends`, and merges them into one [`EffectiveTypeMetadata`]. That one labels claims in the person's
//! language, fills SVG templates, and judges whether a credential keeps the rules of its type.
//!
//! A credential whose type extends a well-known one is not thereby issued by anybody who may: trust in the issuer is decided
//! elsewhere (7.7).

mod document;
mod extend;
mod integrity;
mod issued;
mod svg;

pub use document::{
    ClaimDisplay, ClaimMetadata, ColorScheme, Contrast, Orientation, Rendering, Resource, SelectiveDisclosure,
    SimpleRendering, SvgTemplate, TypeDisplay,
};
pub use extend::{EffectiveTypeMetadata, Resolution, resolve};
pub use integrity::Integrity;
pub use issued::IssuedClaims;

/// The longest Type Metadata document that is read, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// The most types in a chain of `extends`, the first one included.
pub const MAX_CHAIN: usize = 8;

/// The most claims, languages, templates and types that are read of each.
pub(super) const MAX_ENTRIES: usize = 256;

/// Why Type Metadata was refused, or a credential by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TypeMetadataError {
    /// A document is larger than [`MAX_DOCUMENT_BYTES`], or a list in it is too long.
    #[error("the type metadata is too large")]
    TooLarge,
    /// Not a JSON object of the prescribed structure (5.2, 5.5, 5.6).
    #[error("the type metadata is malformed")]
    Malformed,
    /// A document is not the one its reference describes (`vct#integrity`, `extends#integrity`; 6), or the description uses no
    /// hash algorithm this wallet knows.
    #[error("the type metadata is not the one that was referenced")]
    Integrity,
    /// A document describes another `vct` than the one it was looked up for (5.3).
    #[error("the type metadata is about another type")]
    OtherType,
    /// A type extends itself, directly or not (7.4).
    #[error("the type extends itself")]
    Circular,
    /// More than [`MAX_CHAIN`] types.
    #[error("too many types extend each other")]
    TooDeep,
    /// A type changes `sd` or `mandatory` of the one it extends as it must not (5.6.5.1).
    #[error("the type contradicts the one it extends")]
    Extension,
    /// A path of the metadata does not fit the claims (5.6.1).
    #[error("the credential has another shape than its type says")]
    Shape,
    /// A claim that is mandatory was not included (5.6.3).
    #[error("the credential lacks a claim its type demands")]
    Mandatory,
    /// A claim is selectively disclosable and must not be, or is not and must be (5.6.4).
    #[error("the credential discloses a claim otherwise than its type says")]
    SelectiveDisclosure,
    /// An SVG template has a placeholder that no claim has as `svg_id`, or one outside text (5.5.1.2.2).
    #[error("the template is not usable")]
    Template,
}

#[cfg(test)]
mod tests;
