//! COSE_Sign1: one signature (RFC 9052, 4.2).

use coset::iana::{CborTag, HeaderParameter};
use coset::{AsCborValue, CborSerializable, CoseSign1, CoseSign1Builder, Header, HeaderBuilder, Label, iana};

use super::{CoseError, cbor, normalise_empty, registered, signature_algorithm, untag};
use crate::crypto::{SignatureAlgorithm, Signer, VerificationKey};
use crate::trust::Certificate;

/// The most certificates of one x5chain.
const MAX_CERTIFICATES: usize = 8;

const X5CHAIN: Label = Label::Int(HeaderParameter::X5Chain as i64);

/// A COSE_Sign1 as received; nothing about it is proved until [`Sign1::verify`].
pub struct Sign1(CoseSign1);

impl Sign1 {
    /// Reads a COSE_Sign1, untagged or with its tag 18. An unprotected `kid` that is no byte string is left out: issuers
    /// in use write "undefined" there, and nothing here asks for it.
    ///
    /// # Errors
    /// [`CoseError::Cbor`], [`CoseError::Structure`] and [`CoseError::Critical`].
    pub fn parse(bytes: &[u8]) -> Result<Self, CoseError> {
        let bytes = untag(bytes, CborTag::CoseSign1)?;
        let mut sign1 = CoseSign1::from_slice(bytes)
            .ok()
            .or_else(|| without_key_id(bytes))
            .ok_or(CoseError::Structure)?;
        normalise_empty(&mut sign1.protected)?;
        Ok(Self(sign1))
    }

    /// The payload, unless it is detached.
    #[must_use]
    pub fn payload(&self) -> Option<&[u8]> {
        self.0.payload.as_deref()
    }

    /// The algorithm the protected header names.
    #[must_use]
    pub fn protected_algorithm(&self) -> Option<SignatureAlgorithm> {
        registered(&self.0.protected.header).and_then(signature_algorithm)
    }

    /// The value of a parameter of the protected header, by its number, as text.
    #[must_use]
    pub fn protected_text(&self, label: i64) -> Option<&str> {
        let found = self
            .0
            .protected
            .header
            .rest
            .iter()
            .find(|(other, _)| *other == Label::Int(label));
        found.and_then(|(_, value)| value.as_text())
    }

    /// The certificates of the unprotected x5chain, leaf first: one bstr or an array of them (RFC 9360, 2). An array
    /// of one is accepted, as many issuers send it.
    ///
    /// # Errors
    /// [`CoseError::X5Chain`] and [`CoseError::Certificate`].
    pub fn x5chain(&self) -> Result<Vec<Certificate>, CoseError> {
        let found = self.0.unprotected.rest.iter().find(|(label, _)| *label == X5CHAIN);
        let value = &found.ok_or(CoseError::X5Chain)?.1;
        if let Some(der) = value.as_bytes() {
            return Ok(vec![Certificate::from_der(der)?]);
        }
        let array = value
            .as_array()
            .filter(|array| (1..=MAX_CERTIFICATES).contains(&array.len()));
        array
            .ok_or(CoseError::X5Chain)?
            .iter()
            .map(|der| Ok(Certificate::from_der(der.as_bytes().ok_or(CoseError::X5Chain)?)?))
            .collect()
    }

    /// Verifies the signature. `detached` is the payload when it does not travel inside; `external` is the externally
    /// supplied data, empty for mdoc.
    ///
    /// # Errors
    /// [`CoseError::Algorithm`] when the algorithm is missing, unknown or not the one of `key`;
    /// [`CoseError::Payload`]; [`CoseError::Invalid`].
    pub fn verify(&self, key: &VerificationKey, detached: Option<&[u8]>, external: &[u8]) -> Result<(), CoseError> {
        let named = registered(&self.0.protected.header).or_else(|| registered(&self.0.unprotected));
        let algorithm = named.and_then(signature_algorithm).ok_or(CoseError::Algorithm)?;
        if algorithm != key.algorithm() {
            return Err(CoseError::Algorithm);
        }
        let payload = match (self.payload(), detached) {
            (Some(payload), None) | (None, Some(payload)) => payload,
            _ => return Err(CoseError::Payload),
        };
        let protected = self.0.protected.original_data.as_deref().unwrap_or_default();
        let signed = sig_structure(protected, external, payload);
        key.verify(algorithm, &signed, &self.0.signature)
            .map_err(|_| CoseError::Invalid)
    }
}

/// The structure without an unprotected `kid` of another type than RFC 9052, 3.1 gives it; `None` when that was not what
/// kept it from being read. Signed bytes are not touched: both are byte strings.
fn without_key_id(bytes: &[u8]) -> Option<CoseSign1> {
    let mut structure: ciborium::Value = ciborium::from_reader(bytes).ok()?;
    let unprotected = structure.as_array_mut()?.get_mut(1)?.as_map_mut()?;
    let before = unprotected.len();
    let label = ciborium::Value::from(HeaderParameter::Kid as i64);
    unprotected.retain(|(name, value)| *name != label || value.is_bytes());
    if unprotected.len() < before {
        CoseSign1::from_cbor_value(structure).ok()
    } else {
        None
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
    structure: CoseSign1,
    to_be_signed: Vec<u8>,
}

impl UnsignedSign1 {
    /// Prepares a structure that carries `payload`, with these certificates (leaf first, no trust anchor) as x5chain;
    /// none leaves the header out.
    #[must_use]
    pub fn attached(payload: Vec<u8>, x5chain: &[Certificate]) -> Self {
        Self::new(payload, x5chain, true)
    }

    /// Prepares a structure with a detached payload and no unprotected header, as device authentication wants it
    /// (ISO/IEC 18013-5:2021, 9.1.3.6).
    #[must_use]
    pub fn detached(payload: Vec<u8>) -> Self {
        Self::new(payload, &[], false)
    }

    fn new(payload: Vec<u8>, x5chain: &[Certificate], attached: bool) -> Self {
        let protected = HeaderBuilder::new().algorithm(iana::Algorithm::ES256).build();
        let mut structure = CoseSign1Builder::new()
            .protected(protected)
            .unprotected(chain_header(x5chain))
            .build();
        // {1: -7}; fixed here so that what is signed is what is sent.
        let encoded = vec![0xa1, 0x01, 0x26];
        let to_be_signed = sig_structure(&encoded, &[], &payload);
        structure.protected.original_data = Some(encoded);
        structure.payload = attached.then_some(payload);
        Self {
            structure,
            to_be_signed,
        }
    }

    /// What ES256 signs.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// Puts the signature (`r ‖ s`) in and encodes the structure, untagged.
    ///
    /// # Errors
    /// [`CoseError::Structure`]; it does not happen with structures made here.
    pub fn finalise(mut self, signature: [u8; 64]) -> Result<Vec<u8>, CoseError> {
        self.structure.signature = signature.to_vec();
        self.structure.to_vec().map_err(|_| CoseError::Structure)
    }

    /// Signs with a key at hand.
    ///
    /// # Errors
    /// [`CoseError::Signer`], else as [`UnsignedSign1::finalise`].
    pub fn sign(self, signer: &dyn Signer) -> Result<Vec<u8>, CoseError> {
        let signature = signer.sign(&self.to_be_signed).map_err(CoseError::Signer)?;
        self.finalise(signature)
    }
}

/// x5chain with one certificate is a bstr, with more an array (RFC 9360, 2).
fn chain_header(x5chain: &[Certificate]) -> Header {
    let der = |certificate: &Certificate| ciborium::Value::Bytes(certificate.as_der().to_vec());
    let value = match x5chain {
        [] => return Header::default(),
        [only] => der(only),
        several => ciborium::Value::Array(several.iter().map(der).collect()),
    };
    HeaderBuilder::new()
        .value(HeaderParameter::X5Chain as i64, value)
        .build()
}
