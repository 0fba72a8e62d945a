//! OpenID for Verifiable Credential Issuance 1.0, the wallet's end; the issuer's end is in [`issuer`].
//!
//! The way of an offer, each step consuming the one before:
//!
//! ```text
//! OfferLink ─► CredentialOffer ─► ResolvedOffer ─► AcceptedOffer ─────────────────► TokenGranted ─► CredentialResponse
//!   link         4.1                metadata 12.2 │  the person                    ▲   token 6        nonce 7, proofs 8.2,
//!                                                 │                                │                  credential 8.3
//!                                                 └► AuthorizationRequest ─► AwaitingSignIn ─► SignedIn
//!                                                    pushed 5.1.4            the person signs in 5  code 6
//! ```
//!
//! DPoP proofs and client authentication are laid over the requests these states make: see [`crate::oauth`].

mod authorization;
mod authorization_server;
mod credential;
pub mod govuk;
mod granted;
pub mod issuer;
mod key_attestation;
mod metadata;
mod notification;
mod offer;
mod proof;
mod session;
mod token;

pub use authorization::{
    AuthorizationRequest, AuthorizationResponseError, AwaitingSignIn, Client, PushError, SignedIn,
};
pub use authorization_server::{AuthorizationServerMetadata, GrantType, authorization_server_metadata_requests};
pub use credential::{
    CredentialError, CredentialResponse, IssuedCredential, MatchError, NonceRetry, Proofs, RequestEncryption,
    ResponseEncryption, TransactionId, match_to_keys,
};
pub use granted::{CredentialTarget, SavedError, TokenGranted};
pub use key_attestation::{KeyAttestation, KeyStatement, attest_keys};
pub use metadata::{
    BatchIssuance, ClaimDescription, ConfigurationFormat, ConfigurationProblem, CredentialConfiguration,
    CredentialResponseEncryptionMetadata, Display, EncryptionRequirement, IssuerMetadata, KeyAttestationRequirement,
    LocalName, Logo, MetadataError, ProofType, ProofTypes, issuer_metadata_requests,
};
pub use notification::{NotificationEvent, NotificationId};
pub use offer::{
    AuthorizationCodeGrant, CredentialOffer, Grants, InputMode, OfferError, OfferLink, OfferReference,
    PreAuthorizedCode, PreAuthorizedCodeGrant, TransactionCodeDescription, is_offer_link,
};
pub use proof::{KeyProof, ProofError, ProofToSign};
pub use session::{AcceptError, AcceptedOffer, ResolveError, ResolvedOffer};
pub use token::{AccessToken, Nonce, NonceError, TokenError, TokenRefused, TransactionCode};

/// The error codes of the token endpoint (6.3) are those of OAuth.
pub use crate::oauth::OAuthErrorCode as TokenErrorCode;

pub(crate) use credential::preferred as preferred_encryption;

/// The longest protocol message read from an issuer, in bytes. Credentials with portraits are a few tens of kilobytes.
const MAX_MESSAGE: usize = 4 * 1024 * 1024;

#[cfg(test)]
mod tests;
