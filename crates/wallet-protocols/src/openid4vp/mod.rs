//! OpenID for Verifiable Presentations 1.0 by redirects and `direct_post`: the wallet's end; the service's end is in
//! [`verifier`].
//!
//! ```text
//! RequestLink ─► AwaitingRequest ─► UnverifiedRequest ─► PresentationRequest ─► HttpRequest ─► Reply
//!   link 5.10       fetched 5.10       verify 5.9          VpToken 8.1           8.2, 8.3
//! ```
//!
//! A request that does not verify is never answered: an error posted to an address that nobody vouched for would tell
//! somebody that this person's wallet was here.

mod client_id;
mod link;
mod request;
mod response;
pub mod verifier;

pub use client_id::{ClientId, ClientIdError, ClientIdPrefix};
pub use link::{AwaitingRequest, RequestLink, RequestStart, RequestUriMethod, is_request_link};
pub use request::{PresentationRequest, RequestError, ResponseMode, UnverifiedRequest, VerifierIdentity};
pub use response::{AuthorizationErrorCode, Reply, ReplyError, ResponseError, VpToken};

/// The media type and `typ` of request objects (5).
const REQUEST_OBJECT: &str = "oauth-authz-req+jwt";
/// The longest request object, link or response, in bytes.
const MAX_MESSAGE: usize = 1024 * 1024;

#[cfg(test)]
mod tests;
