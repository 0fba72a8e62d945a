//! Which held credentials could answer a query, and with which claims (OpenID4VP 1.0, 6.4).

use std::collections::BTreeSet;

use serde_json::Value;
use wallet_credentials::claim::{self, ClaimPath};

use super::explain::{ClaimProblem, Miss, MissingClaim, NoMatch};
use super::held::{HeldCredential, HeldIndex, Validity, stands_behind};
use super::query::{ClaimQuery, CredentialQuery, DcqlQuery, QueryId};

/// A credential that could answer a query, and exactly what it would disclose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its position among the held credentials.
    pub credential: usize,
    /// Which of the query's `claim_sets` it satisfies; `None` when the query has none.
    pub claim_set: Option<usize>,
    /// The claims to disclose, in the order of the query; empty means nothing selectively disclosable.
    pub disclose: Vec<ClaimPath>,
    /// [`Validity::Valid`] or [`Validity::Doubtful`].
    pub validity: Validity,
    /// How many details leave with it in any case.
    pub always_shared: usize,
}

/// What one credential query found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryMatches {
    /// The query's identifier.
    pub id: QueryId,
    /// Whether several candidates may answer together.
    pub multiple: bool,
    /// The candidates, in wallet order; empty when there is a reason in `miss`.
    pub candidates: Vec<Candidate>,
    /// Why there is no candidate, and what nearly is one.
    pub miss: Option<Miss>,
}

/// What one credential set found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetMatches {
    /// Whether one option must be answered.
    pub required: bool,
    /// Every option of the request, as positions in [`Matches::queries`].
    pub options: Vec<Vec<usize>>,
    /// The options that can be answered, in the order of the request, as positions in [`Matches::queries`].
    pub satisfiable_options: Vec<Vec<usize>>,
}

/// A choice of options does not fit the sets of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChoiceError {
    /// There must be one choice for each set.
    #[error("not one choice for each set")]
    Count,
    /// The option does not exist or cannot be answered.
    #[error("an option that cannot be answered")]
    Option,
    /// A required set was left out.
    #[error("a required set was left out")]
    Required,
    /// The request as a whole cannot be answered.
    #[error("the request cannot be answered")]
    NotSatisfiable,
}

/// What the whole query found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// One entry for each credential query, in order.
    pub queries: Vec<QueryMatches>,
    /// One entry for each credential set, in order.
    pub sets: Vec<SetMatches>,
    /// Whether the request can be answered at all (6.4.2). When not, nothing is returned, not even a part.
    pub satisfiable: bool,
}

impl Matches {
    /// The credential queries to answer (positions in [`Matches::queries`]) for a choice among the sets: for each set the
    /// position in `satisfiable_options`, or `None` to leave an optional set out. Without sets the choice is empty and every
    /// query is answered.
    ///
    /// # Errors
    /// [`ChoiceError`] when the choice does not fit.
    pub fn queries_to_answer(&self, choice: &[Option<usize>]) -> Result<BTreeSet<usize>, ChoiceError> {
        if !self.satisfiable {
            return Err(ChoiceError::NotSatisfiable);
        }
        if choice.len() != self.sets.len() {
            return Err(ChoiceError::Count);
        }
        if self.sets.is_empty() {
            return Ok((0..self.queries.len()).collect());
        }
        let mut answered = BTreeSet::new();
        for (set, chosen) in self.sets.iter().zip(choice) {
            match chosen {
                Some(option) => {
                    let option = set.satisfiable_options.get(*option).ok_or(ChoiceError::Option)?;
                    answered.extend(option.iter().copied());
                }
                None if set.required => return Err(ChoiceError::Required),
                None => {}
            }
        }
        Ok(answered)
    }
}

impl CredentialQuery {
    /// Every one of the query's `claim_sets` that these claims satisfy, in the order of the query, with what it would disclose.
    /// Matching takes the first (6.4.1: the wallet should); the holder may take another. Empty when the query has none.
    pub fn satisfied_sets(&self, claims: &Value) -> Vec<(usize, Vec<ClaimPath>)> {
        let found: Vec<Option<ClaimProblem>> = self.claims.iter().map(|claim| problem(claim, claims)).collect();
        let fits = |claim: &usize| found.get(*claim).is_some_and(Option::is_none);
        let sets = self.claim_sets.iter().enumerate();
        sets.filter(|(_, set)| set.iter().all(fits))
            .map(|(position, set)| (position, paths(self, set)))
            .collect()
    }
}

impl DcqlQuery {
    /// Finds what could answer. `index` must have been made from `held`.
    pub fn matches<C: HeldCredential>(&self, held: &[C], index: &HeldIndex) -> Matches {
        let queries: Vec<QueryMatches> = self
            .credentials()
            .iter()
            .map(|query| match_query(query, held, index))
            .collect();
        let answered = |position: &usize| queries.get(*position).is_some_and(|found| !found.candidates.is_empty());
        let sets: Vec<SetMatches> = self
            .sets()
            .iter()
            .map(|set| SetMatches {
                required: set.required,
                options: set.options.clone(),
                satisfiable_options: set
                    .options
                    .iter()
                    .filter(|option| option.iter().all(answered))
                    .cloned()
                    .collect(),
            })
            .collect();
        let satisfiable = if sets.is_empty() {
            queries.iter().all(|found| !found.candidates.is_empty())
        } else {
            sets.iter()
                .all(|set| !set.required || !set.satisfiable_options.is_empty())
        };
        Matches {
            queries,
            sets,
            satisfiable,
        }
    }
}

fn match_query<C: HeldCredential>(query: &CredentialQuery, held: &[C], index: &HeldIndex) -> QueryMatches {
    let mut candidates = Vec::new();
    let mut miss = Miss {
        reason: match query.requested.format() {
            None => NoMatch::UnsupportedFormat,
            Some(format) if !index.holds(format) => NoMatch::NothingOfThisFormat,
            Some(_) => NoMatch::NothingOfThisType,
        },
        nearest: None,
    };
    for position in index.find(&query.requested) {
        let Some(credential) = held.get(position) else {
            continue;
        };
        match match_credential(query, credential) {
            Ok((claim_set, disclose)) => candidates.push(Candidate {
                credential: position,
                claim_set,
                disclose,
                validity: credential.validity(),
                always_shared: credential.always_shared(),
            }),
            // Once something answers, what does not is of no interest.
            Err(reason) if candidates.is_empty() && reason.closeness() > miss.reason.closeness() => {
                miss = Miss {
                    reason,
                    nearest: Some(position),
                };
            }
            Err(_) => {}
        }
    }
    QueryMatches {
        id: query.id.clone(),
        multiple: query.multiple,
        miss: candidates.is_empty().then_some(miss),
        candidates,
    }
}

fn match_credential(
    query: &CredentialQuery,
    credential: &impl HeldCredential,
) -> Result<(Option<usize>, Vec<ClaimPath>), NoMatch> {
    if query.require_holder_binding && !credential.is_holder_bound() {
        return Err(NoMatch::NotHolderBound);
    }
    if !query.trusted_authorities.is_empty() && !query.trusted_authorities.iter().any(|a| stands_behind(a, credential))
    {
        return Err(NoMatch::OtherAuthority);
    }
    let answer = if query.claims.is_empty() {
        (None, Vec::new())
    } else {
        match_claims(query, &credential.claims())?
    };
    if credential.validity() == Validity::NotValid {
        return Err(NoMatch::NotValid);
    }
    Ok(answer)
}

fn match_claims(query: &CredentialQuery, claims: &Value) -> Result<(Option<usize>, Vec<ClaimPath>), NoMatch> {
    let found: Vec<Option<ClaimProblem>> = query.claims.iter().map(|claim| problem(claim, claims)).collect();
    let lacks = |position: &usize| found.get(*position).copied().unwrap_or(Some(ClaimProblem::Absent));
    if query.claim_sets.is_empty() {
        let all: Vec<usize> = (0..query.claims.len()).collect();
        return match missing(query, &all, lacks) {
            None => Ok((None, paths(query, &all))),
            Some(reason) => Err(reason),
        };
    }
    let mut closest: Option<NoMatch> = None;
    for (position, set) in query.claim_sets.iter().enumerate() {
        let Some(reason) = missing(query, set, lacks) else {
            return Ok((Some(position), paths(query, set)));
        };
        if closest
            .as_ref()
            .is_none_or(|known| reason.closeness() > known.closeness())
        {
            closest = Some(reason);
        }
    }
    Err(closest.unwrap_or(NoMatch::ClaimsMissing(Vec::new())))
}

/// What is wrong with a claim, if anything: it must exist with an acceptable value, and a path that does not fit the claims
/// finds nothing (7.1.1).
fn problem(query: &ClaimQuery, claims: &Value) -> Option<ClaimProblem> {
    match claim::select(claims, &query.path) {
        Ok(found) if !found.is_empty() => {
            let wanted = |value: &&Value| query.values.iter().any(|wanted| wanted.equals(value));
            let acceptable = query.values.is_empty() || found.iter().any(wanted);
            (!acceptable).then_some(ClaimProblem::OtherValue)
        }
        _ => Some(ClaimProblem::Absent),
    }
}

/// The paths of these claims, each once.
fn paths(query: &CredentialQuery, set: &[usize]) -> Vec<ClaimPath> {
    let mut paths: Vec<ClaimPath> = Vec::with_capacity(set.len());
    for claim in set.iter().filter_map(|position| query.claims.get(*position)) {
        if !paths.contains(&claim.path) {
            paths.push(claim.path.clone());
        }
    }
    paths
}

/// The claims of a set that are lacking; `None` when none is.
fn missing(query: &CredentialQuery, set: &[usize], lacks: impl Fn(&usize) -> Option<ClaimProblem>) -> Option<NoMatch> {
    let missing: Vec<MissingClaim> = set
        .iter()
        .filter_map(|position| {
            Some(MissingClaim {
                claim: *position,
                problem: lacks(position)?,
                path: query.claims.get(*position)?.path.clone(),
            })
        })
        .collect();
    (!missing.is_empty()).then_some(NoMatch::ClaimsMissing(missing))
}
