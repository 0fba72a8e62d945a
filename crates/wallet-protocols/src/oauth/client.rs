//! How the wallet names and proves itself to an authorization server: not at all, by name, by `private_key_jwt`, or by a
//! wallet attestation.

use serde_json::{Value, json};
use wallet_credentials::crypto::{Random, RandomError, Signer, VerificationKey};
use wallet_credentials::jose::{self, Jws, JwsError, SigningHeader};
use wallet_credentials::time::Timestamp;

use super::attestation::ClientAttestation;
use super::{attestation, unguessable};
use crate::endpoint::IssuerIdentifier;
use crate::http::HttpRequest;
use crate::json as bounded;

/// `client_assertion_type` (RFC 7523, 2.2).
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long an assertion is good, in seconds.
const ASSERTION_LIFE: i64 = 120;
/// How far clocks may differ, in seconds.
const SKEW: i64 = 60;
/// The longest assertion that is read, in bytes.
const MAX_ASSERTION: usize = 16 * 1024;

/// A way of client authentication as `token_endpoint_auth_methods_supported` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthenticationMethod {
    /// `none`: a public client.
    None,
    /// `private_key_jwt` (OpenID Connect Core, 9; RFC 7523).
    PrivateKeyJwt,
    /// `attest_jwt_client_auth` (attestation-based client authentication -07, 10.1).
    Attestation,
}

impl AuthenticationMethod {
    /// The name in metadata.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::Attestation => "attest_jwt_client_auth",
        }
    }
}

/// The request could not be authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthenticationError {
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The key could not sign.
    #[error("the client authentication could not be signed")]
    NotSigned(#[from] JwsError),
    /// The key is not the one the wallet attestation is for.
    #[error("the wallet attestation is for another key")]
    OtherKey,
}

/// Who the wallet is to one authorization server.
#[derive(Clone, Copy)]
pub enum ClientAuthentication<'a> {
    /// Nobody: a pre-authorized code redeemed without a `client_id` (OpenID4VCI 1.0, 6.1).
    Anonymous,
    /// A public client.
    Public {
        /// Its name.
        client_id: &'a str,
    },
    /// A client known by its key.
    PrivateKeyJwt {
        /// Its name.
        client_id: &'a str,
        /// Which of its keys, where the server knows several.
        key_id: Option<&'a str>,
        /// The key.
        signer: &'a dyn Signer,
    },
    /// A wallet its provider vouches for.
    Attestation {
        /// The wallet attestation.
        attestation: &'a ClientAttestation,
        /// The key it names.
        signer: &'a dyn Signer,
        /// The server's newest challenge, when it gives any.
        challenge: Option<&'a str>,
    },
}

impl ClientAuthentication<'_> {
    /// The name, as `client_id` everywhere.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        match self {
            Self::Anonymous => None,
            Self::Public { client_id } | Self::PrivateKeyJwt { client_id, .. } => Some(client_id),
            Self::Attestation { attestation, .. } => Some(attestation.client_id()),
        }
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> AuthenticationMethod {
        match self {
            Self::Anonymous | Self::Public { .. } => AuthenticationMethod::None,
            Self::PrivateKeyJwt { .. } => AuthenticationMethod::PrivateKeyJwt,
            Self::Attestation { .. } => AuthenticationMethod::Attestation,
        }
    }

    /// Lays the authentication over a form request to the server: pushed request, token request, refresh. Once more replaces
    /// what was there, with fresh names and times.
    ///
    /// # Errors
    /// [`AuthenticationError`].
    pub fn apply(
        &self,
        request: &mut HttpRequest,
        server: &IssuerIdentifier,
        now: Timestamp,
        random: &mut dyn Random,
    ) -> Result<(), AuthenticationError> {
        if let Some(client_id) = self.client_id() {
            request.set_form_parameter("client_id", client_id);
        }
        match self {
            Self::Anonymous | Self::Public { .. } => {}
            Self::PrivateKeyJwt {
                client_id,
                key_id,
                signer,
            } => {
                let assertion = assertion(client_id, *key_id, *signer, server, now, random)?;
                request.set_form_parameter("client_assertion_type", ASSERTION_TYPE);
                request.set_form_parameter("client_assertion", &assertion);
            }
            Self::Attestation {
                attestation,
                signer,
                challenge,
            } => {
                if signer.public_key() != *attestation.key() {
                    return Err(AuthenticationError::OtherKey);
                }
                let proof = attestation::proof(attestation.client_id(), server, *challenge, *signer, now, random)?;
                request.set_header(attestation::HEADER, attestation.as_str());
                request.set_header(attestation::PROOF_HEADER, proof);
            }
        }
        Ok(())
    }
}

/// A client assertion (RFC 7523, 3). Its audience is the issuer identifier of the server, as FAPI 2.0, 5.3.3.1 asks for: an
/// endpoint's address could be somebody else's.
fn assertion(
    client_id: &str,
    key_id: Option<&str>,
    signer: &dyn Signer,
    server: &IssuerIdentifier,
    now: Timestamp,
    random: &mut dyn Random,
) -> Result<String, AuthenticationError> {
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": server.as_str(),
        "jti": unguessable(random)?,
        "iat": now.as_unix(),
        "exp": now.as_unix().saturating_add(ASSERTION_LIFE),
    });
    let header = SigningHeader::new("JWT");
    let header = match key_id {
        Some(key_id) => header.kid(key_id),
        None => header,
    };
    Ok(header.sign_json(&claims, signer)?)
}

/// A client assertion is not good; the server's end. One error for every reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the client assertion is not good")]
pub struct AssertionRefused;

/// Verifies a client assertion for this server; gives its `jti`, to notice a second use.
///
/// # Errors
/// [`AssertionRefused`].
pub fn verify_assertion(
    assertion: &str,
    client_id: &str,
    key: &VerificationKey,
    server: &str,
    now: Timestamp,
) -> Result<String, AssertionRefused> {
    if assertion.len() > MAX_ASSERTION {
        return Err(AssertionRefused);
    }
    let jws = Jws::parse(assertion).map_err(|_| AssertionRefused)?;
    let payload = jws.verify(key).map_err(|_| AssertionRefused)?;
    let claims = bounded::parse(&payload, MAX_ASSERTION).map_err(|_| AssertionRefused)?;
    let is = |name: &str, value: &str| claims.get(name).and_then(Value::as_str) == Some(value);
    let expires_at = claims.get("exp").and_then(jose::numeric_date).ok_or(AssertionRefused)?;
    let in_time = now.seconds_since(expires_at) < SKEW;
    if !is("iss", client_id) || !is("sub", client_id) || !is("aud", server) || !in_time {
        return Err(AssertionRefused);
    }
    let jti = claims.get("jti").and_then(Value::as_str).ok_or(AssertionRefused)?;
    Ok(jti.to_owned())
}
