//! COSE as mdoc uses it (RFC 9052, RFC 9053, RFC 9360): signatures and MACs over bytes as they were received.
//!
//! `coset` reads and writes the structures; this module bounds them first, keeps the original protected header, and
//! lets the key that signs live elsewhere.

pub(crate) mod cbor;
mod mac0;
mod sign1;

pub use cbor::CborError;
pub use mac0::Mac0;
pub use sign1::{Sign1, UnsignedSign1};

use coset::iana::{Algorithm as Registered, CborTag};
use coset::{Header, RegisteredLabelWithPrivate};
use minicbor::Decoder;
use minicbor::data::Type;

use crate::crypto::{CryptoError, SignatureAlgorithm};
use crate::trust::CertificateError;

/// Why a COSE structure was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CoseError {
    /// The bytes are not CBOR this wallet reads.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Valid CBOR that is not the COSE structure, or carries a foreign tag (RFC 9052, 2).
    #[error("not the expected COSE structure")]
    Structure,
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

fn registered(header: &Header) -> Option<Registered> {
    match header.alg {
        Some(RegisteredLabelWithPrivate::Assigned(algorithm)) => Some(algorithm),
        _ => None,
    }
}

/// The COSE_Sign1 or COSE_Mac0 behind the tag `expected`, or without a tag, as long as it is one array of four whose
/// payload is a byte string or null. `coset` would take "undefined" for null.
fn untag(bytes: &[u8], expected: CborTag) -> Result<&[u8], CoseError> {
    cbor::check(bytes)?;
    let mut decoder = Decoder::new(bytes);
    if decoder.datatype().map_err(CborError::from)? == Type::Tag
        && decoder.tag().map_err(CborError::from)?.as_u64() != expected as u64
    {
        return Err(CoseError::Structure);
    }
    let structure = bytes.get(decoder.position()..).ok_or(CoseError::Structure)?;
    let mut position = 0;
    cbor::array::<CborError>(&mut decoder, |decoder| {
        let kind = decoder.datatype()?;
        position += 1;
        if position == 3 && !matches!(kind, Type::Null | Type::Bytes) {
            return Err(CborError::Shape);
        }
        cbor::skip(decoder).map(drop)
    })?;
    if position == 4 {
        Ok(structure)
    } else {
        Err(CoseError::Structure)
    }
}

/// RFC 9052, 4.4 and 6.3: a protected header without parameters counts as the empty byte string, however it was sent.
fn normalise_empty(protected: &mut coset::ProtectedHeader) -> Result<(), CoseError> {
    if let Some(original) = protected.original_data.as_ref().filter(|original| !original.is_empty()) {
        cbor::check(original)?;
    }
    if protected.header.is_empty() {
        protected.original_data = Some(Vec::new());
    }
    if protected.header.crit.is_empty() {
        Ok(())
    } else {
        Err(CoseError::Critical)
    }
}

#[cfg(test)]
pub(crate) mod tests;
