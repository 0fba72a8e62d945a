//! Keys, signatures and key agreement on P-256, and the randomness they need.
//!
//! Holder keys sign with `p256`, which zeroises; verification and key agreement run in `aws-lc-rs`, which is several
//! times faster (`docs/performance.md`).

mod agreement;
mod public_key;
mod signing;
mod verification;

pub use agreement::{AgreementKey, SharedSecret};
pub use public_key::PublicKey;
pub use signing::{Signer, SigningKey};
pub use verification::{SignatureAlgorithm, VerificationKey, verify_es256};

use sha2::{Digest, Sha256};

/// Why a key or signature was refused. Never carries key material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CryptoError {
    /// Not a point on the curve, or not encoded as one.
    #[error("the public key is not a point on its curve")]
    InvalidPublicKey,
    /// A JWK or COSE_Key that should be public carries private members.
    #[error("the public key carries private key material")]
    PrivateKeyMaterial,
    /// A key type, curve or algorithm this wallet does not use.
    #[error("the key type or algorithm is not supported")]
    Unsupported,
    /// Not a scalar of the curve.
    #[error("the private key is not valid")]
    InvalidPrivateKey,
    /// The signature does not belong to this key and message.
    #[error("the signature does not verify")]
    InvalidSignature,
    /// A signer elsewhere (secure hardware, an agent) could not sign.
    #[error("the signer could not sign")]
    SignerFailed,
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// The source of randomness failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the source of randomness failed")]
pub struct RandomError;

/// A source of random bytes; an argument wherever randomness is needed. Implementations for keys that protect anything
/// must be cryptographically secure.
pub trait Random {
    /// Fills `out` completely.
    ///
    /// # Errors
    /// [`RandomError`] when the source failed; `out` must not be used then.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError>;
}

/// Predictable bytes (SHA-256 of a seed and a counter), so that tests and benches give the same result each time.
/// Never for a key or salt that protects anything.
pub struct PredictableRandom {
    seed: u64,
    counter: u64,
}

impl PredictableRandom {
    /// The sequence that belongs to this seed.
    #[must_use]
    pub const fn from_seed(seed: u64) -> Self {
        Self { seed, counter: 0 }
    }
}

impl Random for PredictableRandom {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), RandomError> {
        for chunk in out.chunks_mut(32) {
            let block = Sha256::new()
                .chain_update(self.seed.to_be_bytes())
                .chain_update(self.counter.to_be_bytes())
                .finalize();
            self.counter = self.counter.wrapping_add(1);
            for (byte, random) in chunk.iter_mut().zip(block) {
                *byte = random;
            }
        }
        Ok(())
    }
}

/// SHA-256 of `bytes` (FIPS 180-4).
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests;
