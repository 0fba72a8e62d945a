use minicbor::Decoder;

use super::{MdocError, SessionTranscript};
use crate::cose::cbor::{self, CborError};
use crate::time::Timestamp;

/// The first byte of a payload in this form.
const VERSION: u8 = 1;

/// How long the salt may be.
const SALT_LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;

/// A proof shown as a QR code to a checker without a connection: a `DeviceResponse` over the transcript
/// `[null, null, ["WalletOfflineHandover", SHA-256(CBOR([issued_at, expires_at, salt]))]]`, and those three values.
///
/// The form is this project's own: a version byte `01`, then a CBOR array of the response's bytes, `issued_at` and
/// `expires_at` in seconds since the Unix epoch, and the salt.
#[derive(Clone, PartialEq, Eq)]
pub struct OfflineProof {
    device_response: Vec<u8>,
    issued_at: u64,
    expires_at: u64,
    salt: Vec<u8>,
}

impl OfflineProof {
    /// Puts a signed response beside the values of its transcript.
    ///
    /// # Errors
    /// [`MdocError::OfflineProof`] when it would end before it begins, or the salt is not 16 to 64 bytes long.
    pub fn new(device_response: Vec<u8>, issued_at: u64, expires_at: u64, salt: Vec<u8>) -> Result<Self, MdocError> {
        if expires_at <= issued_at || !SALT_LENGTHS.contains(&salt.len()) {
            return Err(MdocError::OfflineProof);
        }
        Ok(Self {
            device_response,
            issued_at,
            expires_at,
            salt,
        })
    }

    /// The payload of the QR code.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let array = cbor::write(|out| {
            out.array(4)
                .bytes(&self.device_response)
                .uint(self.issued_at)
                .uint(self.expires_at)
                .bytes(&self.salt);
        });
        [&[VERSION], array.as_slice()].concat()
    }

    /// Reads a payload.
    ///
    /// # Errors
    /// [`MdocError::OfflineProof`] for another version or impossible values, [`MdocError::Cbor`].
    pub fn decode(payload: &[u8]) -> Result<Self, MdocError> {
        let Some((&VERSION, array)) = payload.split_first() else {
            return Err(MdocError::OfflineProof);
        };
        cbor::check(array)?;
        let mut decoder = Decoder::new(array);
        if decoder.array().map_err(CborError::from)? != Some(4) {
            return Err(MdocError::OfflineProof);
        }
        let device_response = cbor::byte_string(&mut decoder)?.into_owned();
        let issued_at = decoder.u64().map_err(CborError::from)?;
        let expires_at = decoder.u64().map_err(CborError::from)?;
        let salt = cbor::byte_string(&mut decoder)?.into_owned();
        Self::new(device_response, issued_at, expires_at, salt)
    }

    /// The `DeviceResponse`, not verified.
    #[must_use]
    pub fn device_response(&self) -> &[u8] {
        &self.device_response
    }

    /// When it was made.
    #[must_use]
    pub fn issued_at(&self) -> Timestamp {
        instant(self.issued_at)
    }

    /// Until when it counts, itself included.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        instant(self.expires_at)
    }

    /// Whether `now` lies between the two; checkers allow for clocks on top of that as they see fit.
    #[must_use]
    pub fn is_current_at(&self, now: Timestamp) -> bool {
        self.issued_at() <= now && now <= self.expires_at()
    }

    /// The transcript these values make, to verify the response against.
    #[must_use]
    pub fn transcript(&self) -> SessionTranscript {
        SessionTranscript::offline(self.issued_at, self.expires_at, &self.salt)
    }
}

fn instant(seconds: u64) -> Timestamp {
    Timestamp::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX))
}
