//! COSE_Sign1: one signature (RFC 9052, 4.2).

use coset::iana::{CborTag, HeaderParameter};

use super::structure::Structure;
use super::{CoseError, cbor, signature_algorithm};
use crate::crypto::{SignatureAlgorithm, Signer, VerificationKey};
use crate::trust::Certificate;

/// The protected header {1: -7}: ES256, the one algorithm this wallet and its issuers sign with.
const ES256: [u8; 3] = [0xa1, 0x01, 0x26];

/// A COSE_Sign1 as received; nothing about it is proved until [`Sign1::verify`].
pub struct Sign1(Structure);

impl Sign1 {
    /// Reads a COSE_Sign1, untagged or with its tag 18. Parameters this wallet does not act on are ignored whatever
    /// their type: issuers in use write "undefined" for `kid`.
    ///
    /// # Errors
    /// [`CoseError::Cbor`], [`CoseError::Structure`], [`CoseError::Tag`], [`CoseError::LabelTwice`] and
    /// [`CoseError::Critical`].
    pub fn parse(bytes: &[u8]) -> Result<Self, CoseError> {
        Structure::parse(bytes, CborTag::CoseSign1).map(Self)
    }

    /// The payload, unless it is detached.
    #[must_use]
    pub fn payload(&self) -> Option<&[u8]> {
        self.0.payload.as_deref()
    }

    /// The algorithm the protected header names.
    #[must_use]
    pub fn protected_algorithm(&self) -> Option<SignatureAlgorithm> {
        self.0.protected_algorithm.and_then(signature_algorithm)
    }

    /// The value of a parameter of the protected header, by its number, if it is text.
    #[must_use]
    pub fn protected_text(&self, label: i64) -> Option<String> {
        self.0.protected_text(label)
    }

    /// The certificates of the unprotected x5chain, leaf first: one bstr or an array of them (RFC 9360, 2).
    ///
    /// # Errors
    /// [`CoseError::X5Chain`] and [`CoseError::Certificate`].
    pub fn x5chain(&self) -> Result<Vec<Certificate>, CoseError> {
        let chain = self.0.x5chain.as_ref().ok_or(CoseError::X5Chain)?;
        chain.iter().map(|der| Ok(Certificate::from_der(der)?)).collect()
    }

    /// Verifies the signature. `detached` is the payload when it does not travel inside; `external` is the externally
    /// supplied data, empty for mdoc.
    ///
    /// # Errors
    /// [`CoseError::Algorithm`] when the algorithm is missing, unknown or not the one of `key`;
    /// [`CoseError::Payload`]; [`CoseError::Invalid`].
    pub fn verify(&self, key: &VerificationKey, detached: Option<&[u8]>, external: &[u8]) -> Result<(), CoseError> {
        let algorithm = self
            .0
            .algorithm()
            .and_then(signature_algorithm)
            .ok_or(CoseError::Algorithm)?;
        if algorithm != key.algorithm() {
            return Err(CoseError::Algorithm);
        }
        let signed = sig_structure(&self.0.protected, external, self.0.payload_or(detached)?);
        key.verify(algorithm, &signed, &self.0.proof)
            .map_err(|_| CoseError::Invalid)
    }
}

/// Sig_structure (RFC 9052, 4.4).
fn sig_structure(protected: &[u8], external: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::write(|out| {
        out.array(4)
            .text("Signature1")
            .bytes(protected)
            .bytes(external)
            .bytes(payload);
    })
}

/// A COSE_Sign1 that still needs its ES256 signature. The signature may be made elsewhere: sign
/// [`UnsignedSign1::to_be_signed`], then [`UnsignedSign1::finalise`].
pub struct UnsignedSign1 {
    x5chain: Vec<Vec<u8>>,
    payload: Option<Vec<u8>>,
    to_be_signed: Vec<u8>,
}

impl UnsignedSign1 {
    /// Prepares a structure that carries `payload`, with these certificates (leaf first, no trust anchor) as x5chain;
    /// none leaves the header out.
    #[must_use]
    pub fn attached(payload: Vec<u8>, x5chain: &[Certificate]) -> Self {
        Self {
            x5chain: x5chain.iter().map(|one| one.as_der().to_vec()).collect(),
            to_be_signed: sig_structure(&ES256, &[], &payload),
            payload: Some(payload),
        }
    }

    /// Prepares a structure with a detached payload and this x5chain, as reader authentication wants it
    /// (ISO/IEC 18013-5:2021, 9.1.4.4); device authentication has no certificates (9.1.3.6).
    #[must_use]
    pub fn detached(payload: &[u8], x5chain: &[Certificate]) -> Self {
        Self {
            x5chain: x5chain.iter().map(|one| one.as_der().to_vec()).collect(),
            to_be_signed: sig_structure(&ES256, &[], payload),
            payload: None,
        }
    }

    /// What ES256 signs.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// Puts the signature (`r ‖ s`) in and encodes the structure, untagged.
    #[must_use]
    pub fn finalise(self, signature: &[u8; 64]) -> Vec<u8> {
        cbor::write(|out| {
            out.array(4).bytes(&ES256);
            out.map(usize::from(!self.x5chain.is_empty()));
            // x5chain with one certificate is a bstr, with more an array (RFC 9360, 2).
            if !self.x5chain.is_empty() {
                out.uint(HeaderParameter::X5Chain as u64);
                if self.x5chain.len() > 1 {
                    out.array(self.x5chain.len());
                }
                self.x5chain.iter().for_each(|der| _ = out.bytes(der));
            }
            match &self.payload {
                Some(payload) => out.bytes(payload),
                None => out.null(),
            };
            out.bytes(signature);
        })
    }

    /// Signs with a key at hand.
    ///
    /// # Errors
    /// [`CoseError::Signer`].
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<u8>, CoseError> {
        let signature = signer.sign(&self.to_be_signed).map_err(CoseError::Signer)?;
        Ok(self.finalise(&signature))
    }
}
