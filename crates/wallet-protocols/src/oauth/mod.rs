//! What OpenID4VCI takes from OAuth 2.0: PKCE (RFC 7636), DPoP (RFC 9449), client authentication by `private_key_jwt`
//! (RFC 7523) and by attestation (draft-ietf-oauth-attestation-based-client-auth-07), and the errors of RFC 6749. Both
//! ends are here.
//!
//! DPoP and client authentication are laid *over* a request that a protocol step made, and can be laid over it again when
//! the server answers with a nonce or challenge of its own:
//!
//! ```text
//! request ─► client.apply ─► nonces.prove ─► send ─► challenge.again || nonces.again ? once more : read
//! ```

pub mod attestation;
mod challenges;
pub mod client;
pub mod dpop;
mod error;
pub mod pkce;

pub(crate) use challenges::refuses_token;
pub use error::OAuthErrorCode;
pub(crate) use error::{error_code, printable};

use wallet_credentials::crypto::{Random, RandomError};
use wallet_credentials::jose::base64url;

use crate::http::HttpResponse;

/// Whether a server refuses the wallet for how it names itself (RFC 6749, 5.2). Some want an attestation and do not say so
/// anywhere else.
#[must_use]
pub fn refuses_client(response: &HttpResponse) -> bool {
    !response.is_success() && error_code(response).as_deref() == Some("invalid_client")
}

/// A name nobody can guess: 32 random bytes in base64url. For `state`, `jti` and the like.
///
/// # Errors
/// [`RandomError`] when the source failed.
pub fn unguessable(random: &mut dyn Random) -> Result<String, RandomError> {
    let mut bytes = [0; 32];
    random.fill(&mut bytes)?;
    Ok(base64url::encode(&bytes))
}

#[cfg(test)]
mod tests;
