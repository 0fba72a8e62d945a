//! How credentials move: OpenID4VCI 1.0 (adding a document), OpenID4VP 1.0 with DCQL (sharing one), and what a wallet
//! provider says about a wallet to issuers.
//!
//! Nothing here performs I/O. A step is a function from what is known to an [`http::HttpRequest`], or from an
//! [`http::HttpResponse`] to the next state; the caller owns the network, the clock and the randomness. Both ends are here:
//! the wallet's, and in [`openid4vci::issuer`] and [`openid4vp::verifier`] the other one, so that the practice sandbox and
//! the role round-trip tests speak through the very same types.
//!
//! Input from outside is read in two steps: bytes to a bounded, duplicate-free JSON value, then to a type that cannot be
//! wrong. Versions and clauses are those of `docs/conformance.md`.

pub mod dcql;
pub mod endpoint;
pub mod http;
mod json;
pub mod oauth;
pub mod openid4vci;
pub mod openid4vp;
pub mod wallet_provider;

#[cfg(test)]
mod vectors;
