//! JWT VC: W3C credentials signed as a whole, as the UK Veteran Card is (`jwt_vc_json`).
//!
//! Two data models are read. Version 2.0 is the payload itself (`typ` `vc+jwt`; W3C VC-JOSE-COSE, 3.1.1), which is what
//! GOV.UK Wallet's issuers sign; version 1.1 stands in a `vc` claim (W3C VCDM 1.1, 6.3.1).
//!
//! **Nothing in such a credential can be hidden.** The issuer signs all of it in one piece, so every verifier that is shown
//! anything is shown everything. There is no narrowing here, only [`JwtVc::whole`].
//!
//! | step | type |
//! |---|---|
//! | an issuer makes one | [`Issuance`] |
//! | a holder receives one and finds the issuer's key | [`JwtVc`], [`IssuerKeySource`] |
//! | a holder shows all of it, bound to one verifier | [`JwtVc::whole`], [`Whole::prepare`], [`PresentationInput`] |
//! | a verifier checks it | [`verify_presentation`] |
//!
//! `@context` is checked for the data model and not processed: this wallet compares types as they are written, which
//! OpenID4VP 1.0, B.1.1, allows for types no context defines.

mod credential;
mod holder;
mod issue;
mod issuer_key;
mod presentation;
mod verify;

pub use credential::{DataModel, JwtVc};
pub use issue::{Issuance, IssueError};
pub use issuer_key::IssuerKeySource;
pub use presentation::{PresentationBinding, PresentationInput, Whole};
pub use verify::{PresentationCheck, VerifiedPresentation, verify_presentation};

use std::time::Duration;

/// The Credential Format Identifier (OpenID4VP 1.0, B.1.3.1; OpenID4VCI 1.0, A.1.1).
pub const FORMAT: &str = "jwt_vc_json";

/// The media type of a credential of data model 2.0 as it stands in `typ` (VC-JOSE-COSE, 3.1.1).
pub const CREDENTIAL_TYPE: &str = "vc+jwt";

/// The media type of a presentation of data model 2.0 as it stands in `typ` (VC-JOSE-COSE, 3.1.2).
pub const PRESENTATION_TYPE: &str = "vp+jwt";

/// The type every credential has (VCDM 2.0, 4.5).
pub const BASE_TYPE: &str = "VerifiableCredential";

/// The first context of data model 2.0 (VCDM 2.0, 4.3).
pub const CONTEXT_V2: &str = "https://www.w3.org/ns/credentials/v2";

/// The first context of data model 1.1 (VCDM 1.1, 4.1).
pub const CONTEXT_V1: &str = "https://www.w3.org/2018/credentials/v1";

/// The longest credential that is read, in bytes: a photo of 1 MiB, twice in base64, and the rest.
pub const MAX_TEXT_BYTES: usize = 2 * 1024 * 1024 + 512 * 1024;

/// How far clocks may disagree about the validity of a credential.
pub const CLOCK_LEEWAY: Duration = Duration::from_secs(60);

/// Why a JWT VC was refused or could not be presented. Never carries a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JwtVcError {
    /// Larger than [`MAX_TEXT_BYTES`].
    #[error("the credential is too large")]
    TooLarge,
    /// Not a JWS in compact serialisation with a JSON object in it.
    #[error("not a signed JWT")]
    Malformed,
    /// `typ` or `cty` is not that of a credential (VC-JOSE-COSE, 3.1.1).
    #[error("the credential has the wrong type")]
    Type,
    /// `@context` or `type` is not that of a credential, or `vc` and `vp` stand where they must not (VCDM 2.0, 4.3 and 4.5;
    /// VC-JOSE-COSE, 3.1.3).
    #[error("the credential follows no known data model")]
    DataModel,
    /// A property is missing or of the wrong type.
    #[error("a property of the credential is malformed")]
    Claim,
    /// A JWT claim and the property of the same meaning differ: `iss` and `issuer`, `sub` and the subject's `id`, `jti` and
    /// `id` (VC-JOSE-COSE, 3.1.3 and 4.1.2).
    #[error("the credential contradicts itself")]
    Contradiction,
    /// The key the credential is bound to is not a P-256 key, or there are two.
    #[error("the holder key is not usable")]
    HolderKey,
    /// No acceptable key for this issuer, or a key that is not the issuer's.
    #[error("no key of the issuer was found")]
    IssuerKey,
    /// The issuer's signature does not verify.
    #[error("the signature of the issuer does not verify")]
    IssuerSignature,
    /// `validFrom` or `nbf` lies in the future.
    #[error("the credential is not valid yet")]
    NotYetValid,
    /// `validUntil` or `exp` has passed.
    #[error("the credential has expired")]
    Expired,
    /// The presentation is none, or holds not exactly one credential.
    #[error("the presentation is malformed")]
    Presentation,
    /// There is a bare credential where the proof of a holder is required.
    #[error("the proof of the holder is missing")]
    HolderMissing,
    /// The presentation is not signed with the holder key, or names another holder.
    #[error("the presentation is not signed by the holder")]
    HolderSignature,
    /// The presentation is too old, from the future, or expired.
    #[error("the presentation is too old or from the future")]
    PresentationTime,
    /// `aud` is not the expected audience (OpenID4VP 1.0, B.1.3.1.5).
    #[error("the presentation is for another audience")]
    Audience,
    /// `nonce` is not the expected nonce (OpenID4VP 1.0, B.1.3.1.5).
    #[error("the presentation has another nonce")]
    Nonce,
    /// The signing key is not the one the credential is bound to, or could not sign.
    #[error("the presentation could not be signed")]
    NotSigned,
}

#[cfg(test)]
mod tests;
