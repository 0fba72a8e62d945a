//! Token Status List (draft-ietf-oauth-status-list-21): whether a credential has been suspended or revoked, without
//! the issuer learning which one is being shown.

mod issue;
mod list;
mod reference;
mod signed;
mod signers;
mod token;

pub use issue::{Lifetime, StatusListBuilder};
pub use list::{MAX_LIST_BYTES, StatusList, StatusSize};
pub use reference::StatusReference;
pub use signers::{StatusAnchors, StatusSigners};
pub use token::{Freshness, StatusListExpectation, StatusListToken};

use crate::trust::{CertificateError, ChainError};

/// The media type of a Status List Token in JWT form, as it stands in `typ` (section 5.1).
pub const TOKEN_TYPE: &str = "statuslist+jwt";

/// The media type of a Status List Token in JWT form, as HTTP names it (section 8.2).
pub const JWT_MEDIA_TYPE: &str = "application/statuslist+jwt";

/// The media type of a Status List Token in CWT form, in HTTP and in its protected header (sections 5.2, 8.2).
pub const CWT_TYPE: &str = "application/statuslist+cwt";

/// Why a status could not be determined. None of these may ever be taken for "valid" (section 8.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatusError {
    /// The reference in the credential is not an index and a URI (section 6.2).
    #[error("the status reference is malformed")]
    Reference,
    /// Not a Status List Token: neither JWT nor tagged CWT, or a required claim is missing or of the wrong type (sections
    /// 5.1, 5.2).
    #[error("the status list token is malformed")]
    Malformed,
    /// `typ` is not `statuslist+jwt`, or header 16 not `application/statuslist+cwt` (sections 5.1, 5.2).
    #[error("the status list token has the wrong type")]
    Type,
    /// A certificate of the token cannot be used.
    #[error(transparent)]
    Certificate(CertificateError),
    /// The signer is neither under the anchor of the credential's issuer nor under a status anchor bound to it.
    #[error("signer of the status list: {0}")]
    Signer(ChainError),
    /// The token is not signed by the key it should be signed by.
    #[error("the signature of the status list token does not verify")]
    Signature,
    /// `sub` is not the URI of the reference (section 8.3).
    #[error("the status list token is about another list")]
    Subject,
    /// `iat` or `nbf` lies in the future.
    #[error("the status list token is from the future")]
    FromTheFuture,
    /// `exp` has passed (section 8.3).
    #[error("the status list token has expired")]
    Expired,
    /// `ttl` is not a positive number (section 5.1).
    #[error("the time to live is not a positive number")]
    TimeToLive,
    /// `bits` is not 1, 2, 4 or 8 (section 4.2).
    #[error("the status size is not 1, 2, 4 or 8 bits")]
    Bits,
    /// The list is not a complete zlib stream (section 4.1).
    #[error("the list does not decompress")]
    Compression,
    /// The list is larger than [`MAX_LIST_BYTES`].
    #[error("the list is too large")]
    TooLarge,
    /// The index lies beyond the list (section 8.3).
    #[error("the index lies beyond the list")]
    IndexOutOfBounds,
    /// A status does not fit the size of the list's entries (section 4.1).
    #[error("the status does not fit the list")]
    StatusTooLarge,
    /// The token could not be made.
    #[error("the status list token could not be signed")]
    NotSigned,
}

/// A Status Type Value (section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusType {
    /// 0x00: valid, correct or legal.
    Valid,
    /// 0x01: revoked, for good.
    Invalid,
    /// 0x02: temporarily invalid.
    Suspended,
    /// Any other value: its meaning is the application's. It does not mean "valid".
    Other(u8),
}

impl StatusType {
    /// The meaning of a value in the list.
    #[must_use]
    pub const fn from_value(value: u8) -> Self {
        match value {
            0 => Self::Valid,
            1 => Self::Invalid,
            2 => Self::Suspended,
            other => Self::Other(other),
        }
    }

    /// The value in the list.
    #[must_use]
    pub const fn value(self) -> u8 {
        match self {
            Self::Valid => 0,
            Self::Invalid => 1,
            Self::Suspended => 2,
            Self::Other(other) => other,
        }
    }
}

#[cfg(test)]
mod tests;
