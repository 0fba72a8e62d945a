//! Proof Key for Code Exchange (RFC 7636) with `S256`, the only method here.

use subtle::ConstantTimeEq as _;
use wallet_credentials::crypto::{Random, RandomError, sha256};
use wallet_credentials::jose::base64url;
use zeroize::Zeroizing;

/// The name of the method.
pub const METHOD: &str = "S256";

/// A code verifier: the secret that shows at the token endpoint that the one who redeems the code is the one who asked for
/// it. Wiped when dropped, never printed.
pub struct CodeVerifier(Zeroizing<String>);

impl CodeVerifier {
    /// Makes a verifier of 256 random bits, 43 characters (RFC 7636, 4.1).
    ///
    /// # Errors
    /// [`RandomError`] when the source failed.
    pub fn from_random(random: &mut dyn Random) -> Result<Self, RandomError> {
        super::unguessable(random).map(|text| Self(Zeroizing::new(text)))
    }

    /// Takes a verifier that was written down: 43 to 128 unreserved characters, or `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let good = (43..=128).contains(&text.len()) && text.bytes().all(unreserved);
        good.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The challenge that goes into the authorization request (RFC 7636, 4.2).
    #[must_use]
    pub fn challenge(&self) -> String {
        base64url::encode(&sha256(self.0.as_bytes()))
    }

    /// The verifier itself, for the token request.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Whether a verifier belongs to a challenge; the server's end (RFC 7636, 4.6).
#[must_use]
pub fn matches(verifier: &str, challenge: &str) -> bool {
    CodeVerifier::parse(verifier)
        .is_some_and(|verifier| bool::from(verifier.challenge().as_bytes().ct_eq(challenge.as_bytes())))
}
