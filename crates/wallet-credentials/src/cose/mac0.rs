//! COSE_Mac0 with HMAC 256/256: what a device authenticates with when it shares a key with the reader
//! (RFC 9052, 6.2; ISO/IEC 18013-5:2021, 9.1.3.5).

use aws_lc_rs::hmac;
use coset::iana::{Algorithm, CborTag};

use super::structure::Structure;
use super::{CoseError, cbor};

/// A COSE_Mac0 as received; nothing about it is proved until [`Mac0::verify`].
pub struct Mac0(Structure);

impl Mac0 {
    /// Reads a COSE_Mac0, untagged or with its tag 17.
    ///
    /// # Errors
    /// [`CoseError::Cbor`], [`CoseError::Structure`], [`CoseError::Tag`], [`CoseError::LabelTwice`] and
    /// [`CoseError::Critical`].
    pub fn parse(bytes: &[u8]) -> Result<Self, CoseError> {
        Structure::parse(bytes, CborTag::CoseMac0).map(Self)
    }

    /// Whether the protected header itself names HMAC 256/256.
    #[must_use]
    pub fn is_algorithm_protected(&self) -> bool {
        self.0.protected_algorithm == Some(Algorithm::HMAC_256_256)
    }

    /// Verifies the tag with a symmetric key, in constant time. `detached` is the payload when it does not travel
    /// inside; `external` is the externally supplied data.
    ///
    /// # Errors
    /// [`CoseError::Algorithm`] unless it is HMAC 256/256, [`CoseError::Payload`], [`CoseError::Invalid`].
    pub fn verify(&self, key: &[u8], detached: Option<&[u8]>, external: &[u8]) -> Result<(), CoseError> {
        if self.0.algorithm() != Some(Algorithm::HMAC_256_256) {
            return Err(CoseError::Algorithm);
        }
        let payload = self.0.payload_or(detached)?;
        let authenticated = mac_structure(&self.0.protected, external, payload);
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        hmac::verify(&key, &authenticated, &self.0.proof).map_err(|_| CoseError::Invalid)
    }

    /// A COSE_Mac0 with HMAC 256/256 over a detached payload, encoded without a tag and without an unprotected header,
    /// as device authentication wants it (ISO/IEC 18013-5:2021, 9.1.3.5).
    #[must_use]
    pub fn make_detached(key: &[u8], payload: &[u8]) -> Vec<u8> {
        // {1: 5}
        let protected = [0xa1, 0x01, 0x05];
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let tag = hmac::sign(&key, &mac_structure(&protected, &[], payload));
        cbor::write(|out| _ = out.array(4).bytes(&protected).map(0).null().bytes(tag.as_ref()))
    }
}

/// MAC_structure (RFC 9052, 6.3).
fn mac_structure(protected: &[u8], external: &[u8], payload: &[u8]) -> Vec<u8> {
    cbor::write(|out| {
        out.array(4)
            .text("MAC0")
            .bytes(protected)
            .bytes(external)
            .bytes(payload);
    })
}
