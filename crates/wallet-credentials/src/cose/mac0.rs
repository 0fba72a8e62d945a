//! COSE_Mac0 with HMAC 256/256: what a device authenticates with when it shares a key with the reader
//! (RFC 9052, 6.2; ISO/IEC 18013-5:2021, 9.1.3.5).

use aws_lc_rs::hmac;
use coset::iana::{Algorithm, CborTag};
use coset::{CborSerializable, CoseMac0};

use super::{CoseError, cbor, normalise_empty, registered, untag};

/// A COSE_Mac0 as received; nothing about it is proved until [`Mac0::verify`].
pub struct Mac0(CoseMac0);

impl Mac0 {
    /// Reads a COSE_Mac0, untagged or with its tag 17.
    ///
    /// # Errors
    /// [`CoseError::Cbor`], [`CoseError::Structure`] and [`CoseError::Critical`].
    pub fn parse(bytes: &[u8]) -> Result<Self, CoseError> {
        let mut mac0 = CoseMac0::from_slice(untag(bytes, CborTag::CoseMac0)?).map_err(|_| CoseError::Structure)?;
        normalise_empty(&mut mac0.protected)?;
        Ok(Self(mac0))
    }

    /// Whether the protected header itself names HMAC 256/256.
    #[must_use]
    pub fn is_algorithm_protected(&self) -> bool {
        registered(&self.0.protected.header) == Some(Algorithm::HMAC_256_256)
    }

    /// Verifies the tag with a symmetric key, in constant time. `detached` is the payload when it does not travel
    /// inside; `external` is the externally supplied data.
    ///
    /// # Errors
    /// [`CoseError::Algorithm`] unless it is HMAC 256/256, [`CoseError::Payload`], [`CoseError::Invalid`].
    pub fn verify(&self, key: &[u8], detached: Option<&[u8]>, external: &[u8]) -> Result<(), CoseError> {
        let named = registered(&self.0.protected.header).or_else(|| registered(&self.0.unprotected));
        if named != Some(Algorithm::HMAC_256_256) {
            return Err(CoseError::Algorithm);
        }
        let payload = match (self.0.payload.as_deref(), detached) {
            (Some(payload), None) | (None, Some(payload)) => payload,
            _ => return Err(CoseError::Payload),
        };
        let protected = self.0.protected.original_data.as_deref().unwrap_or_default();
        let authenticated = mac_structure(protected, external, payload);
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        hmac::verify(&key, &authenticated, &self.0.tag).map_err(|_| CoseError::Invalid)
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
