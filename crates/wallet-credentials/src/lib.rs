//! What a digital credential is: the formats this wallet holds (ISO mdoc, SD-JWT VC and JWT VC), the signatures and
//! encryption they are made with, their status and the trust in their issuers.
//!
//! This crate is the lowest floor. It performs no I/O and reads no clock; time is always an argument
//! ([`time::Timestamp`]), and so are random bytes ([`crypto::Random`]). Everything that comes from outside is bounded,
//! starts as [`verified::Unverified`] and becomes [`verified::Verified`] in one place.

pub mod claim;
pub mod cose;
pub mod credential;
pub mod crypto;
pub mod jose;
pub mod jwt_vc;
pub mod linkable;
pub mod mdoc;
pub mod sd_jwt_vc;
pub mod status;
pub mod time;
pub mod trust;
pub mod verified;

#[cfg(test)]
mod vectors;
