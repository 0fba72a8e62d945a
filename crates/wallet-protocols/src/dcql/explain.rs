//! Why a request cannot be answered, part by part: what "You have no …" is made of.

use std::cmp::Reverse;

use wallet_credentials::claim::ClaimPath;

use super::matching::Matches;

/// What is wrong with one claim of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClaimProblem {
    /// The credential has no such claim, or the path does not fit it (7.1.1).
    Absent,
    /// It has the claim, with another value or type than the query wants (6.4.1).
    OtherValue,
}

/// A claim that a credential lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingClaim {
    /// Its position in [`super::CredentialQuery::claims`].
    pub claim: usize,
    /// Where it should be.
    pub path: ClaimPath,
    /// What is wrong.
    pub problem: ClaimProblem,
}

/// Which part of a credential query nothing in the wallet satisfies: the furthest any credential came.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoMatch {
    /// `format`: not one this wallet can hold.
    UnsupportedFormat,
    /// `format`: nothing of this format is held.
    NothingOfThisFormat,
    /// `meta`: nothing of the requested type is held.
    NothingOfThisType,
    /// `require_cryptographic_holder_binding`: what is held of this type is bound to no key.
    NotHolderBound,
    /// `trusted_authorities`: what is held comes from authorities the service does not accept.
    OtherAuthority,
    /// `claims` and `claim_sets`: the closest credential lacks these claims of its closest claim set.
    ClaimsMissing(Vec<MissingClaim>),
    /// Everything fits, and the credential has ended, has not begun or does not count any more.
    NotValid,
}

impl NoMatch {
    /// How near a credential came to answering; the fewer claims it lacks the nearer.
    pub(super) fn closeness(&self) -> (u8, Reverse<usize>) {
        let (stage, missing) = match self {
            Self::UnsupportedFormat => (0, 0),
            Self::NothingOfThisFormat => (1, 0),
            Self::NothingOfThisType => (2, 0),
            Self::NotHolderBound => (3, 0),
            Self::OtherAuthority => (4, 0),
            Self::ClaimsMissing(claims) => (5, claims.len()),
            Self::NotValid => (6, 0),
        };
        (stage, Reverse(missing))
    }
}

/// The nearest miss of a credential query that nothing answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The part that failed.
    pub reason: NoMatch,
    /// The credential that nearly fits, when there is one of the type: its position among the held credentials.
    pub nearest: Option<usize>,
}

/// A part of the request that must be answered and cannot be (6.4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsatisfied {
    /// A credential query, where the request has no sets: its position in [`Matches::queries`].
    Query(usize),
    /// A required set none of whose options can be answered.
    Set {
        /// Its position in [`Matches::sets`].
        set: usize,
        /// For each option, in the order of the request, the queries that fail in it.
        options: Vec<Vec<usize>>,
        /// The option with the fewest failing queries: its position in `options`.
        nearest: usize,
    },
}

impl Matches {
    /// Everything that stands in the way of an answer; empty when the request can be answered.
    pub fn unsatisfied(&self) -> Vec<Unsatisfied> {
        let fails = |position: &usize| {
            self.queries
                .get(*position)
                .is_none_or(|found| found.candidates.is_empty())
        };
        if self.sets.is_empty() {
            return (0..self.queries.len()).filter(fails).map(Unsatisfied::Query).collect();
        }
        let sets = self.sets.iter().enumerate();
        sets.filter(|(_, set)| set.required && set.satisfiable_options.is_empty())
            .map(|(position, set)| {
                let options: Vec<Vec<usize>> = set
                    .options
                    .iter()
                    .map(|option| option.iter().copied().filter(|query| fails(query)).collect())
                    .collect();
                let nearest = (0..options.len())
                    .min_by_key(|option| options.get(*option).map_or(usize::MAX, Vec::len))
                    .unwrap_or_default();
                Unsatisfied::Set {
                    set: position,
                    options,
                    nearest,
                }
            })
            .collect()
    }
}
