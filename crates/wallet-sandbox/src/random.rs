//! The one place that draws randomness: from the operating system.

use wallet_credentials::crypto::{Random, RandomError};
use wallet_credentials::jose::base64url;

/// The operating system's source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OsRandom;

impl Random for OsRandom {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(out).map_err(|_| RandomError)
    }
}

/// A name or secret nobody can guess: `bytes` random bytes in base64url.
pub(crate) fn unguessable(bytes: usize) -> Result<String, RandomError> {
    let mut random = vec![0; bytes];
    OsRandom.fill(&mut random)?;
    Ok(base64url::encode(&random))
}

/// A code of six digits.
pub(crate) fn digits() -> Result<String, RandomError> {
    let mut random = [0; 8];
    OsRandom.fill(&mut random)?;
    Ok(format!("{:06}", u64::from_be_bytes(random) % 1_000_000))
}

/// A number below `bound`, which is at most 2^32; the bias of the remainder is below 2^-32.
pub(crate) fn below(bound: u32) -> Result<u32, RandomError> {
    let mut random = [0; 8];
    OsRandom.fill(&mut random)?;
    let number = u64::from_be_bytes(random) % u64::from(bound.max(1));
    Ok(u32::try_from(number).unwrap_or(0))
}
