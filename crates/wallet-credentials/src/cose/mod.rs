//! COSE as mdoc uses it (RFC 9052, RFC 9053, RFC 9360): signatures and MACs over bytes as they were received.
//!
//! Structures are read where they stand, bounded and without recursion; the original protected header is kept, and the
//! key that signs may live elsewhere. The registries of numbers come from `coset`.

pub(crate) mod cbor;
mod mac0;
mod sign1;
mod structure;

pub use cbor::CborError;
pub use mac0::Mac0;
pub use sign1::{Sign1, UnsignedSign1};

use coset::iana::Algorithm as Registered;

use crate::crypto::{CryptoError, SignatureAlgorithm};
use crate::trust::CertificateError;

/// Why a COSE structure was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoseError {
    /// The bytes are not CBOR this wallet reads.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Valid CBOR that is not the COSE structure.
    #[error("not the expected COSE structure")]
    Structure,
    /// The tag of another structure (RFC 9052, 2).
    #[error("the tag of another structure than the expected one")]
    Tag,
    /// A label is in the protected and in the unprotected header (RFC 9052, 3).
    #[error("a COSE header parameter is present twice")]
    LabelTwice,
    /// No algorithm, or one this wallet does not use (RFC 9053, 2.1; RFC 9864).
    #[error("the COSE algorithm is missing or not supported")]
    Algorithm,
    /// The header lists critical parameters; this wallet knows none (RFC 9052, 3.1).
    #[error("the COSE header has critical parameters that are not understood")]
    Critical,
    /// The payload is detached and was not given, or is attached and was also given.
    #[error("the COSE payload is missing or present twice")]
    Payload,
    /// No certificates in the unprotected header, or not as bstr or array of bstr (RFC 9360, 2).
    #[error("x5chain is missing from the unprotected header or malformed")]
    X5Chain,
    /// A certificate of the chain cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The signature or tag does not belong to this key and content.
    #[error("the COSE signature or tag does not verify")]
    Invalid,
    /// The signer could not sign.
    #[error(transparent)]
    Signer(CryptoError),
}

/// The signature algorithm a COSE number stands for; a fully-specified number of RFC 9864 means the same as the older
/// one on its curve.
const fn signature_algorithm(registered: Registered) -> Option<SignatureAlgorithm> {
    match registered {
        Registered::ES256 | Registered::ESP256 => Some(SignatureAlgorithm::Es256),
        Registered::ES384 | Registered::ESP384 => Some(SignatureAlgorithm::Es384),
        Registered::ES512 | Registered::ESP512 => Some(SignatureAlgorithm::Es512),
        Registered::EdDSA | Registered::Ed25519 => Some(SignatureAlgorithm::Ed25519),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests;
