//! OpenID for Verifiable Presentations 1.0 by redirects and `direct_post`: the wallet's end; the service's end is in
//! [`verifier`], requests through a browser's interface in [`dc_api`].
//!
//! ```text
//! RequestLink ─► AwaitingRequest ─► UnverifiedRequest ─► PresentationRequest ─► HttpRequest ─► Reply
//!   link 5.10       fetched 5.10       verify 5.9          VpToken 8.1           8.2, 8.3
//! ```
//!
//! A request that does not verify is never answered: an error posted to an address that nobody vouched for would tell
//! somebody that this person's wallet was here. Only a service that a trust anchor vouches for is told what is wrong with what
//! it asks ([`RefusedRequest::answer`]).

mod attestation;
mod authenticate;
mod client_id;
pub mod dc_api;
mod error;
mod link;
mod metadata;
mod parameters;
mod request;
mod response;
pub mod transaction_data;
pub mod verifier;

pub use authenticate::VerifierIdentity;
pub use client_id::{ClientId, ClientIdError, ClientIdPrefix};
pub use error::{RefusedRequest, RequestError};
pub use link::{AwaitingRequest, RequestLink, RequestStart, RequestUriMethod, is_request_link};
pub use metadata::wallet_metadata;
pub use parameters::VerifierInfo;
pub use request::{PresentationRequest, ResponseMode, UnverifiedRequest};
pub use response::{AuthorizationErrorCode, Delivery, Reply, ReplyError, ResponseError, VpToken};
pub use transaction_data::{TransactionData, TransactionDataProblem, TransactionDataType};

/// The media type and `typ` of request objects (5).
const REQUEST_OBJECT: &str = "oauth-authz-req+jwt";
/// The media type and `typ` of Verifier Attestation JWTs (12).
const VERIFIER_ATTESTATION: &str = "verifier-attestation+jwt";
/// The longest request object, link or response, in bytes.
const MAX_MESSAGE: usize = 1024 * 1024;
/// How far the clocks of both sides may differ, in seconds.
const CLOCK_SKEW: i64 = 300;

#[cfg(test)]
mod tests;
