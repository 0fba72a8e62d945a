//! SD-JWT VC: credentials whose claims can be disclosed one by one (RFC 9901, draft-ietf-oauth-sd-jwt-vc).
//!
//! | step | type |
//! |---|---|
//! | an issuer makes one | [`Issuance`] |
//! | a holder receives and keeps it | [`SdJwtVc`] |
//! | a holder narrows it to what was agreed | [`SdJwtVc::narrow`], [`Narrowed`] |
//! | a holder binds it to one verifier | [`Narrowed::prepare`], [`KeyBindingInput`] |
//! | a verifier checks it | [`verify_presentation`] |
//!
//! Disclosures are kept as the text that was received: digests are over that text, never over a re-serialised form
//! (RFC 9901, 4.2.3).

mod credential;
mod disclosure;
mod issue;
mod issuer_key;
pub mod issuer_metadata;
mod json_form;
mod key_binding;
mod narrow;
mod process;
mod text;
mod transaction_data;
pub mod type_metadata;
mod verify;

pub use credential::SdJwtVc;
pub use disclosure::DigestAlgorithm;
pub use issue::{Issuance, IssueError};
pub use issuer_key::{IssuerKeyReference, resolve_did_key};
pub use json_form::{JsonForm, compact_forms, to_json, verify_presentation_json};
pub use key_binding::{KeyBinding, KeyBindingInput};
pub use narrow::Narrowed;
pub use text::MAX_TEXT_BYTES;
pub use transaction_data::{TransactionDataError, TransactionDataHashes};
pub use verify::{PresentationCheck, VerifiedPresentation, verify_presentation};

use std::time::Duration;

use crate::claim::ClaimPath;

/// The media type of an SD-JWT VC as it stands in `typ` (draft-ietf-oauth-sd-jwt-vc, 2.2.1).
pub const CREDENTIAL_TYPE: &str = "dc+sd-jwt";

/// The media type of a Key Binding JWT as it stands in `typ` (RFC 9901, 4.3).
pub const KEY_BINDING_TYPE: &str = "kb+jwt";

/// How far clocks may disagree about `nbf` and `exp` of a credential.
pub const CLOCK_LEEWAY: Duration = Duration::from_secs(60);

/// Claims that are never selectively disclosable (draft-ietf-oauth-sd-jwt-vc, 2.2.2.3).
pub const PROTECTED_CLAIMS: [&str; 8] = ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status", "aka_vcts"];

/// Whether a path leads to a claim that is never selectively disclosable.
fn is_protected(path: &ClaimPath) -> bool {
    path.top_level_name()
        .is_some_and(|name| PROTECTED_CLAIMS.contains(&name))
}

/// Why an SD-JWT VC was refused, or could not be narrowed or presented. Never carries a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SdJwtError {
    /// Larger than [`MAX_TEXT_BYTES`], too many disclosures or digests, or nested too deep.
    #[error("the SD-JWT is too large")]
    TooLarge,
    /// Not `jwt~disclosure~…~` in compact serialisation (RFC 9901, 4).
    #[error("not an SD-JWT")]
    Malformed,
    /// The Issuer-signed JWT has a malformed header or payload.
    #[error("the issuer-signed JWT is malformed")]
    IssuerJwt,
    /// `typ` is not `dc+sd-jwt` (draft-ietf-oauth-sd-jwt-vc, 2.2.1).
    #[error("the credential has the wrong type")]
    Type,
    /// `vct` is missing or no string (draft-ietf-oauth-sd-jwt-vc, 2.2.2.1).
    #[error("the credential does not say what it is")]
    Vct,
    /// A registered claim is of the wrong type.
    #[error("a registered claim is malformed")]
    Claim,
    /// `aka_vcts` is not a list of types beside `vct` (draft-ietf-oauth-sd-jwt-vc, 2.2.2.2).
    #[error("the other types of the credential are malformed")]
    AkaVcts,
    /// `cnf` does not hold a P-256 public key as `jwk`.
    #[error("the holder key is not usable")]
    HolderKey,
    /// No acceptable key for this issuer.
    #[error("no key of the issuer was found")]
    IssuerKey,
    /// The issuer's signature does not verify.
    #[error("the signature of the issuer does not verify")]
    IssuerSignature,
    /// `_sd_alg` is not a hash algorithm this wallet knows (RFC 9901, 4.1.1).
    #[error("the digest algorithm is not supported")]
    DigestAlgorithm,
    /// A disclosure is not an array of a salt, a name and a value, or of a salt and a value (RFC 9901, 4.2).
    #[error("a disclosure is malformed")]
    Disclosure,
    /// `_sd` or `...` is not where or what it should be (RFC 9901, 4.2.4, 7.1).
    #[error("the digests are malformed")]
    Digests,
    /// A digest appears more than once (RFC 9901, 7.1).
    #[error("a digest appears twice")]
    RepeatedDigest,
    /// A disclosed name is reserved or already there (RFC 9901, 7.1).
    #[error("a disclosed name collides")]
    NameCollision,
    /// A disclosure belongs to no digest (RFC 9901, 7.1).
    #[error("a disclosure belongs to no digest")]
    UnreferencedDisclosure,
    /// A claim that must stand in the clear came in a disclosure (draft-ietf-oauth-sd-jwt-vc, 2.2.2.3).
    #[error("a protected claim is selectively disclosed")]
    ProtectedClaim,
    /// `nbf` lies in the future.
    #[error("the credential is not valid yet")]
    NotYetValid,
    /// `exp` has passed.
    #[error("the credential has expired")]
    Expired,
    /// An issued credential came with a Key Binding JWT (RFC 9901, 7.2).
    #[error("an issued credential carries a key binding")]
    UnexpectedKeyBinding,
    /// There is no Key Binding JWT where one is required (RFC 9901, 7.3).
    #[error("the key binding is missing")]
    KeyBindingMissing,
    /// The Key Binding JWT is malformed, has the wrong `typ`, or lacks a claim (RFC 9901, 4.3).
    #[error("the key binding is malformed")]
    KeyBindingMalformed,
    /// The Key Binding JWT is not signed with the holder key.
    #[error("the signature of the key binding does not verify")]
    KeyBindingSignature,
    /// `iat` of the Key Binding JWT is outside the accepted window.
    #[error("the key binding is too old or from the future")]
    KeyBindingTime,
    /// `aud` of the Key Binding JWT is not the expected audience.
    #[error("the key binding is for another audience")]
    Audience,
    /// `nonce` of the Key Binding JWT is not the expected nonce.
    #[error("the key binding has another nonce")]
    Nonce,
    /// `sd_hash` is not the digest of what was presented (RFC 9901, 4.3.1).
    #[error("the key binding is for another presentation")]
    PresentationHash,
    /// The transaction data hashes are not the expected ones (OpenID4VP 1.0, B.3.3).
    #[error("the key binding is for other transaction data")]
    TransactionData,
    /// A path to be disclosed leads to nothing in this credential.
    #[error("the credential has no such claim")]
    NoSuchClaim,
    /// The signing key is not the one the credential is bound to, or could not sign.
    #[error("the presentation could not be signed")]
    NotSigned,
}

#[cfg(test)]
mod tests;
