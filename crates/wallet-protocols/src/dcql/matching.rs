//! Which held credentials could answer a query, and with which claims (OpenID4VP 1.0, 6.4).

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use wallet_credentials::claim::{self, ClaimPath};
use wallet_credentials::credential::Format;

use super::query::{ClaimQuery, CredentialQuery, DcqlQuery, QueryId, RequestedType, TrustedAuthority};

/// What matching needs to know about a credential in the wallet.
pub trait HeldCredential {
    /// The format.
    fn format(&self) -> Format;
    /// The `vct` of an SD-JWT VC, the document type of an mdoc.
    fn credential_type(&self) -> &str;
    /// Whether the credential is bound to a key the holder can use.
    fn is_holder_bound(&self) -> bool;
    /// The authority key identifiers of the issuer's certificate chain (RFC 5280, 4.2.1.1).
    fn authority_key_identifiers(&self) -> &[Vec<u8>];
    /// The claims as JSON: the processed payload of an SD-JWT VC; for an mdoc an object of namespaces, each an object of
    /// elements (RFC 8949, 6.1). Asked for only when format, type, binding and authority already fit.
    fn claims(&self) -> Cow<'_, Value>;
}

/// The held credentials arranged by format and type, so that a query costs what its candidates cost, not what the wallet
/// holds.
#[derive(Debug, Default, Clone)]
pub struct HeldIndex {
    sd_jwt_vc: HashMap<String, Vec<usize>>,
    mdoc: HashMap<String, Vec<usize>>,
}

impl HeldIndex {
    /// Arranges the credentials; the positions in [`Candidate::credential`] are positions in this slice.
    pub fn new<C: HeldCredential>(held: &[C]) -> Self {
        let mut index = Self::default();
        for (position, credential) in held.iter().enumerate() {
            index.insert(position, credential.format(), credential.credential_type());
        }
        index
    }

    /// Adds one credential: the position it has in the slice given to [`DcqlQuery::matches`].
    pub fn insert(&mut self, position: usize, format: Format, credential_type: &str) {
        let types = match format {
            Format::DcSdJwt => &mut self.sd_jwt_vc,
            Format::MsoMdoc => &mut self.mdoc,
        };
        types.entry(credential_type.to_owned()).or_default().push(position);
    }

    /// The positions of credentials of the requested type, in wallet order.
    fn find(&self, requested: &RequestedType) -> Vec<usize> {
        let mut found: Vec<usize> = match requested {
            RequestedType::SdJwtVc(None) => self.sd_jwt_vc.values().flatten().copied().collect(),
            RequestedType::SdJwtVc(Some(types)) => types
                .iter()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .filter_map(|credential_type| self.sd_jwt_vc.get(credential_type))
                .flatten()
                .copied()
                .collect(),
            RequestedType::Mdoc(None) => self.mdoc.values().flatten().copied().collect(),
            RequestedType::Mdoc(Some(doctype)) => self.mdoc.get(doctype).cloned().unwrap_or_default(),
            RequestedType::Unsupported(_) => Vec::new(),
        };
        found.sort_unstable();
        found
    }
}

/// A credential that could answer a query, and exactly what it would disclose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its position among the held credentials.
    pub credential: usize,
    /// Which of the query's `claim_sets` it satisfies; `None` when the query has none.
    pub claim_set: Option<usize>,
    /// The claims to disclose, in the order of the query; empty means nothing selectively disclosable.
    pub disclose: Vec<ClaimPath>,
}

/// Why no held credential can answer a query: the furthest any of them came.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoMatch {
    /// The wallet does not hold this format.
    UnsupportedFormat,
    /// Nothing of the requested type is held.
    NothingOfThisType,
    /// What is held of this type is not bound to a key.
    NotHolderBound,
    /// What is held comes from authorities the service does not accept.
    OtherAuthority,
    /// The closest credential lacks these claims, or has other values for them.
    ClaimsMissing(Vec<ClaimPath>),
}

/// What one credential query found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryMatches {
    /// The query's identifier.
    pub id: QueryId,
    /// Whether several candidates may answer together.
    pub multiple: bool,
    /// The candidates, in wallet order; empty when there is a reason in `no_match`.
    pub candidates: Vec<Candidate>,
    /// Why there is no candidate.
    pub no_match: Option<NoMatch>,
}

/// What one credential set found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetMatches {
    /// Whether one option must be answered.
    pub required: bool,
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

    /// The least one can share: the first satisfiable option of each required set, no optional set.
    pub fn default_choice(&self) -> Vec<Option<usize>> {
        self.sets
            .iter()
            .map(|set| (set.required && !set.satisfiable_options.is_empty()).then_some(0))
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
    let mut no_match = match query.requested {
        RequestedType::Unsupported(_) => NoMatch::UnsupportedFormat,
        _ => NoMatch::NothingOfThisType,
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
            }),
            Err(reason) if closeness(&reason) > closeness(&no_match) => no_match = reason,
            Err(_) => {}
        }
    }
    QueryMatches {
        id: query.id.clone(),
        multiple: query.multiple,
        no_match: candidates.is_empty().then_some(no_match),
        candidates,
    }
}

/// How near a credential came to answering; the fewer claims it lacks the nearer.
fn closeness(reason: &NoMatch) -> (u8, std::cmp::Reverse<usize>) {
    let (stage, missing) = match reason {
        NoMatch::UnsupportedFormat | NoMatch::NothingOfThisType => (0, 0),
        NoMatch::NotHolderBound => (1, 0),
        NoMatch::OtherAuthority => (2, 0),
        NoMatch::ClaimsMissing(paths) => (3, paths.len()),
    };
    (stage, std::cmp::Reverse(missing))
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
    if query.claims.is_empty() {
        return Ok((None, Vec::new()));
    }
    let claims = credential.claims();
    let present: Vec<bool> = query.claims.iter().map(|claim| is_present(claim, &claims)).collect();
    let holds = |position: &usize| present.get(*position).copied().unwrap_or(false);
    if query.claim_sets.is_empty() {
        let all: Vec<usize> = (0..query.claims.len()).collect();
        return if all.iter().all(holds) {
            Ok((None, paths(query, &all)))
        } else {
            Err(missing(query, &all, holds))
        };
    }
    let mut closest: Option<NoMatch> = None;
    for (position, set) in query.claim_sets.iter().enumerate() {
        if set.iter().all(holds) {
            return Ok((Some(position), paths(query, set)));
        }
        let reason = missing(query, set, holds);
        if closest
            .as_ref()
            .is_none_or(|known| closeness(&reason) > closeness(known))
        {
            closest = Some(reason);
        }
    }
    Err(closest.unwrap_or(NoMatch::ClaimsMissing(Vec::new())))
}

fn stands_behind(authority: &TrustedAuthority, credential: &impl HeldCredential) -> bool {
    match authority {
        TrustedAuthority::KeyIdentifiers(accepted) => credential
            .authority_key_identifiers()
            .iter()
            .any(|identifier| accepted.contains(identifier)),
        TrustedAuthority::Other(_) => false,
    }
}

/// Whether the claim exists with an acceptable value; a path that does not fit the claims finds nothing (7.1.1).
fn is_present(query: &ClaimQuery, claims: &Value) -> bool {
    match claim::select(claims, &query.path) {
        Ok(found) if query.values.is_empty() => !found.is_empty(),
        Ok(found) => found
            .iter()
            .any(|value| query.values.iter().any(|wanted| wanted.equals(value))),
        Err(_) => false,
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

fn missing(query: &CredentialQuery, set: &[usize], holds: impl Fn(&usize) -> bool) -> NoMatch {
    let absent: Vec<usize> = set.iter().filter(|position| !holds(position)).copied().collect();
    NoMatch::ClaimsMissing(paths(query, &absent))
}
