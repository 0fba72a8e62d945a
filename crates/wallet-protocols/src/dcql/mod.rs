//! The Digital Credentials Query Language (OpenID4VP 1.0, sections 6 and 7): what a service asks for, and what could answer.
//!
//! [`DcqlQuery::parse`] reads a query in two steps, the wire form and then a form that cannot be wrong. [`HeldIndex`] finds
//! the credentials of a type without looking at the others, and [`DcqlQuery::matches`] says, query by query, which of them
//! could answer and with exactly which claims, or why none can and which comes nearest. [`Matches::proposal`] is the way of
//! answering that shares least; every other way is there to choose.

mod explain;
mod held;
mod matching;
mod proposal;
mod query;
mod wire;

pub use explain::{ClaimProblem, Miss, MissingClaim, NoMatch, Unsatisfied};
pub use held::{HeldCredential, HeldIndex, Validity};
pub use matching::{Candidate, ChoiceError, Matches, QueryMatches, SetMatches};
pub use proposal::{Proposal, ProposedAnswer, Shares};
pub use query::{
    ClaimQuery, ClaimValue, CredentialQuery, CredentialSetQuery, DcqlError, DcqlQuery, QueryId, RequestedType,
    TrustedAuthority,
};

#[cfg(test)]
mod tests;
