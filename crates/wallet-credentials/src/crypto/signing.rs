//! Signing keys that stay where they are.

use p256::ecdsa::signature::Signer as _;
use zeroize::Zeroizing;

use super::{CryptoError, PublicKey, Random};

/// How often [`SigningKey::from_random`] draws before it says the source is broken. One draw fails with a
/// probability of about 2⁻³².
const DRAWS: usize = 8;

/// Something that signs with one P-256 key: a [`SigningKey`] in memory, or a key that lives in hardware.
pub trait Signer {
    /// The public key signatures verify with.
    fn public_key(&self) -> PublicKey;

    /// Signs with ES256 (RFC 7518, 3.4): `r ‖ s`, 32 bytes each, over SHA-256 of `message`.
    ///
    /// # Errors
    /// [`CryptoError::SignerFailed`] when the key is out of reach.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], CryptoError>;
}

/// A P-256 private key for ES256. It is wiped from memory when dropped and cannot be copied or printed.
pub struct SigningKey {
    secret: p256::ecdsa::SigningKey,
    public: PublicKey,
}

impl SigningKey {
    /// Makes a key from random bytes.
    ///
    /// # Errors
    /// [`CryptoError::Random`] when the source failed, [`CryptoError::InvalidPrivateKey`] when it only gives bytes
    /// that are no scalar of the curve.
    pub fn from_random(random: &mut dyn Random) -> Result<Self, CryptoError> {
        Self::from_bytes(&*random_scalar(random)?)
    }

    /// Reads the 32-byte big-endian scalar.
    ///
    /// # Errors
    /// [`CryptoError::InvalidPrivateKey`] for another length, zero, or a number not below the order of the curve.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        // `from_slice` pads short input; a scalar of another length is a mistake here.
        let bytes: &[u8; 32] = bytes.try_into().map_err(|_| CryptoError::InvalidPrivateKey)?;
        let secret = p256::ecdsa::SigningKey::from_slice(bytes).map_err(|_| CryptoError::InvalidPrivateKey)?;
        let public = PublicKey::from_p256(&p256::PublicKey::from(secret.verifying_key()))?;
        Ok(Self { secret, public })
    }

    /// The 32-byte big-endian scalar, for sealing; wiped when dropped.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes().into())
    }
}

impl Signer for SigningKey {
    fn public_key(&self) -> PublicKey {
        self.public
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], CryptoError> {
        let signature: p256::ecdsa::Signature = self.secret.try_sign(message).map_err(|_| CryptoError::SignerFailed)?;
        Ok(signature.to_bytes().into())
    }
}

/// Draws a uniformly random scalar of P-256 by rejection (FIPS 186-5, A.2.2).
pub(super) fn random_scalar(random: &mut dyn Random) -> Result<Zeroizing<[u8; 32]>, CryptoError> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    for _ in 0..DRAWS {
        random.fill(bytes.as_mut())?;
        if p256::SecretKey::from_slice(bytes.as_ref()).is_ok() {
            return Ok(bytes);
        }
    }
    Err(CryptoError::InvalidPrivateKey)
}
