//! The compressed list of statuses (sections 4.1 and 4.2), read without ever holding it inflated.

use std::ops::ControlFlow;

use flate2::{Decompress, FlushDecompress, Status};
use serde_json::Value;

use super::{StatusError, StatusType};
use crate::jose::base64url;

/// The most bytes a list may inflate to: 100 million entries of four bits.
pub const MAX_LIST_BYTES: u64 = 48 * 1024 * 1024;

/// How many bytes one byte of DEFLATE can stand for at most: a match of 258 bytes in two bits.
const MAX_EXPANSION: u64 = 1032;

/// How much of the list is inflated at a time.
const WINDOW_BYTES: usize = 16 * 1024;

/// How many bits one status takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusSize {
    /// Valid or invalid.
    One,
    /// Up to four statuses.
    Two,
    /// Up to sixteen statuses.
    Four,
    /// Up to 256 statuses.
    Eight,
}

impl StatusSize {
    /// Reads `bits`.
    ///
    /// # Errors
    /// [`StatusError::Bits`] for any number but 1, 2, 4 and 8.
    pub const fn from_bits(bits: u64) -> Result<Self, StatusError> {
        match bits {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            4 => Ok(Self::Four),
            8 => Ok(Self::Eight),
            _ => Err(StatusError::Bits),
        }
    }

    /// The number of bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }

    /// The byte of the list an entry is in, how far its bits are shifted in it, and the mask of its value.
    pub(super) fn place(self, index: u64) -> Option<(u64, u32, u8)> {
        let bits = u64::from(self.bits());
        let first_bit = index.checked_mul(bits)?;
        let mask = u8::MAX >> (8 - self.bits());
        // Least significant bits first (section 4.1).
        Some((first_bit / 8, u32::try_from(first_bit % 8).ok()?, mask))
    }
}

/// A status list as it travels: zlib-compressed.
#[derive(Clone, Debug)]
pub struct StatusList {
    size: StatusSize,
    compressed: Vec<u8>,
}

impl StatusList {
    /// A list of statuses of this size, as a zlib stream.
    #[must_use]
    pub const fn from_zlib(size: StatusSize, compressed: Vec<u8>) -> Self {
        Self { size, compressed }
    }

    /// Reads the `status_list` claim (section 4.2).
    ///
    /// # Errors
    /// [`StatusError::Malformed`], [`StatusError::Bits`], and [`StatusError::Compression`] when `lst` is not base64url.
    pub fn from_claim(claim: &Value) -> Result<Self, StatusError> {
        let claim = claim.as_object().ok_or(StatusError::Malformed)?;
        let bits = claim.get("bits").and_then(Value::as_u64).ok_or(StatusError::Bits)?;
        let lst = claim.get("lst").and_then(Value::as_str).ok_or(StatusError::Malformed)?;
        let compressed = base64url::decode(lst).map_err(|_| StatusError::Compression)?;
        Ok(Self {
            size: StatusSize::from_bits(bits)?,
            compressed,
        })
    }

    /// How many bits one status takes.
    #[must_use]
    pub const fn size(&self) -> StatusSize {
        self.size
    }

    /// Inflates the whole list once, in passing, and counts its entries. Says that the stream is complete, its
    /// checksum right, and its size within [`MAX_LIST_BYTES`].
    ///
    /// # Errors
    /// [`StatusError::Compression`] and [`StatusError::TooLarge`].
    pub fn check(&self) -> Result<u64, StatusError> {
        let bytes = self.inflate(|_, _| ControlFlow::Continue(()))?;
        Ok(bytes * 8 / u64::from(self.size.bits()))
    }

    /// What the list can inflate to at most, known before a byte of it is.
    fn bound(&self) -> u64 {
        let compressed = u64::try_from(self.compressed.len()).unwrap_or(u64::MAX);
        compressed.saturating_mul(MAX_EXPANSION).min(MAX_LIST_BYTES)
    }

    /// Reads one status; inflates no further than needed and holds 16 KiB of the list at a time. An index that no list of
    /// this length reaches is refused without inflating.
    ///
    /// # Errors
    /// [`StatusError::IndexOutOfBounds`] when the list ends before, [`StatusError::Compression`] and
    /// [`StatusError::TooLarge`].
    pub fn status_at(&self, index: u64) -> Result<StatusType, StatusError> {
        let (byte, shift, mask) = self.size.place(index).ok_or(StatusError::IndexOutOfBounds)?;
        if byte >= self.bound() {
            return Err(StatusError::IndexOutOfBounds);
        }
        let mut found = None;
        self.inflate(|start, window| {
            let here = byte.checked_sub(start).and_then(|offset| usize::try_from(offset).ok());
            match here.and_then(|offset| window.get(offset)) {
                Some(value) => {
                    found = Some(value.checked_shr(shift).unwrap_or_default() & mask);
                    ControlFlow::Break(())
                }
                None => ControlFlow::Continue(()),
            }
        })?;
        found.map(StatusType::from_value).ok_or(StatusError::IndexOutOfBounds)
    }

    /// Inflates window by window; `each` gets the position of the window in the list and its bytes. Answers how many
    /// bytes were inflated.
    fn inflate(&self, mut each: impl FnMut(u64, &[u8]) -> ControlFlow<()>) -> Result<u64, StatusError> {
        let mut stream = Decompress::new(true);
        let mut window = vec![0_u8; WINDOW_BYTES];
        loop {
            let (read, written) = (stream.total_in(), stream.total_out());
            let rest = usize::try_from(read)
                .ok()
                .and_then(|read| self.compressed.get(read..))
                .unwrap_or_default();
            let status = stream
                .decompress(rest, &mut window, FlushDecompress::None)
                .map_err(|_| StatusError::Compression)?;
            let fresh = usize::try_from(stream.total_out() - written).map_err(|_| StatusError::Compression)?;
            if stream.total_out() > MAX_LIST_BYTES {
                return Err(StatusError::TooLarge);
            }
            let stop = each(written, window.get(..fresh).unwrap_or_default()).is_break();
            if stop {
                return Ok(stream.total_out());
            }
            if status == Status::StreamEnd {
                // Bytes behind the end belong to nothing.
                let complete = usize::try_from(stream.total_in()).is_ok_and(|read| read == self.compressed.len());
                return if complete {
                    Ok(stream.total_out())
                } else {
                    Err(StatusError::Compression)
                };
            }
            if stream.total_in() == read && fresh == 0 {
                return Err(StatusError::Compression);
            }
        }
    }
}
