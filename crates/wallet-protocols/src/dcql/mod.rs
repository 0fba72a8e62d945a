//! The Digital Credentials Query Language (OpenID4VP 1.0, sections 6 and 7): what a service asks for, and what could answer.
//!
//! [`DcqlQuery::parse`] reads a query in two steps, the wire form and then a form that cannot be wrong. [`HeldIndex`] finds
//! the credentials of a type without looking at the others, and [`DcqlQuery::matches`] says, query by query, which of them
//! could answer and with exactly which claims, or why none can.

mod matching;
mod query;
mod wire;

pub use matching::{Candidate, ChoiceError, HeldCredential, HeldIndex, Matches, NoMatch, QueryMatches, SetMatches};
pub use query::{
    ClaimQuery, ClaimValue, CredentialQuery, CredentialSetQuery, DcqlError, DcqlQuery, QueryId, RequestedType,
    TrustedAuthority,
};

#[cfg(test)]
mod tests;
