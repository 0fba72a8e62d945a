//! Elliptic curve Diffie–Hellman on P-256.

use aws_lc_rs::agreement::{self, ECDH_P256};
use zeroize::Zeroizing;

use super::signing::random_scalar;
use super::{CryptoError, PublicKey, Random};

/// The x coordinate two parties agreed on; wiped when dropped. Only ever the input of a key derivation.
pub type SharedSecret = Zeroizing<[u8; 32]>;

/// A P-256 private key for key agreement: ephemeral keys of JWE (RFC 7518, 4.6) and of ISO 18013-5 sessions. It is
/// wiped from memory when dropped and cannot be copied or printed.
pub struct AgreementKey {
    secret: agreement::PrivateKey,
    public: PublicKey,
}

impl AgreementKey {
    /// Makes a key from random bytes.
    ///
    /// # Errors
    /// As [`super::SigningKey::from_random`].
    pub fn from_random(random: &mut dyn Random) -> Result<Self, CryptoError> {
        Self::from_bytes(random_scalar(random)?.as_ref())
    }

    /// Reads the 32-byte big-endian scalar.
    ///
    /// # Errors
    /// [`CryptoError::InvalidPrivateKey`] for another length, zero, or a number not below the order of the curve.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        let secret =
            agreement::PrivateKey::from_private_key(&ECDH_P256, bytes).map_err(|_| CryptoError::InvalidPrivateKey)?;
        let public = secret
            .compute_public_key()
            .map_err(|_| CryptoError::InvalidPrivateKey)?;
        let public = PublicKey::from_sec1(public.as_ref())?;
        Ok(Self { secret, public })
    }

    /// The public half, which the other party needs.
    #[must_use]
    pub const fn public_key(&self) -> PublicKey {
        self.public
    }

    /// Agrees on a secret with the holder of `peer`.
    ///
    /// # Errors
    /// [`CryptoError::InvalidPublicKey`] when there is no such secret.
    pub fn agree(&self, peer: &PublicKey) -> Result<SharedSecret, CryptoError> {
        let peer = agreement::UnparsedPublicKey::new(&ECDH_P256, peer.as_sec1());
        agreement::agree(&self.secret, peer, CryptoError::InvalidPublicKey, |secret| {
            let mut shared = SharedSecret::default();
            if secret.len() != shared.len() {
                return Err(CryptoError::InvalidPublicKey);
            }
            shared.copy_from_slice(secret);
            Ok(shared)
        })
    }
}
