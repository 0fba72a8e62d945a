//! The wallet beside implementations that nobody here wrote, from the public npm registry: issuers and a verifier built of
//! `@openid4vc/openid4vci`, `@openid4vc/oauth2`, `@openid4vc/openid4vp`, `@sd-jwt/sd-jwt-vc`, `@owf/mdoc` and `@auth0/mdl`,
//! on loopback, with certificates of their own. The program runs on a real store, not in the practice profile. A holder of
//! the same libraries meets the practice issuers and services.
//!
//! They need Node. Without their packages and without a network to fetch them from, the tests say so and do nothing; in CI
//! that is a failure.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests: a failed expectation ends them"))]

mod adding;
mod dcql;
mod formats;
mod holding;
mod peers;
mod queries;
mod sharing;
mod wallet;
