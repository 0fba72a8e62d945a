//! Of all ways to answer a request the one that shares least.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use wallet_credentials::claim::ClaimPath;

use super::held::Validity;
use super::matching::{ChoiceError, Matches};

/// How many ways of answering are looked at. Requests of real services have a handful; one that was built to have more gets the
/// best of these, which satisfies it all the same.
const MAX_TRIED: usize = 512;
/// How many candidates of a query are compared with what other queries use; those that share least alone.
const MAX_COMPARED: usize = 8;

/// What one way of answering shares; less is better.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shares {
    /// How many of the credentials it uses are in doubt ([`Validity::Doubtful`]): such a one is never preferred.
    pub doubtful: usize,
    /// How many details leave, counting each once: what is asked for, and what leaves with a credential in any case.
    pub details: usize,
    /// How many credentials are shown.
    pub credentials: usize,
}

/// One credential of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProposedAnswer {
    /// The credential query: its position in [`Matches::queries`].
    pub query: usize,
    /// The candidate: its position in [`super::QueryMatches::candidates`].
    pub candidate: usize,
}

/// A way of answering.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// For each set the position in [`super::SetMatches::satisfiable_options`], as [`Matches::queries_to_answer`] takes it.
    pub choice: Vec<Option<usize>>,
    /// One answer for each credential query of the choice.
    pub answers: Vec<ProposedAnswer>,
    /// What leaves.
    pub shares: Shares,
}

impl Matches {
    /// The way of answering that shares least: of each required set the option, and for each query the candidate. Optional
    /// sets are left out. `None` when the request cannot be answered.
    pub fn proposal(&self) -> Option<Proposal> {
        if !self.satisfiable {
            return None;
        }
        let base = if self.sets.is_empty() {
            (0..self.queries.len()).collect()
        } else {
            BTreeSet::new()
        };
        let ways = Ways::new(self);
        let mut search = Search {
            matches: self,
            ways: &ways,
            required: (0..self.sets.len())
                .filter(|position| self.sets.get(*position).is_some_and(|set| set.required))
                .collect(),
            tried: 0,
            choice: vec![None; self.sets.len()],
            best: None,
        };
        search.choose(0, &base);
        let (_, choice) = search.best?;
        self.propose(&ways, &choice).ok()
    }

    /// The proposal for a choice among the options, as [`Matches::queries_to_answer`] takes it: the best candidate for each
    /// query, and what leaves.
    ///
    /// # Errors
    /// [`ChoiceError`] when the choice does not fit.
    pub fn proposal_for(&self, choice: &[Option<usize>]) -> Result<Proposal, ChoiceError> {
        self.propose(&Ways::new(self), choice)
    }

    fn propose(&self, ways: &Ways, choice: &[Option<usize>]) -> Result<Proposal, ChoiceError> {
        let (answers, shares) = ways.answer(&self.queries_to_answer(choice)?);
        Ok(Proposal {
            choice: choice.to_vec(),
            answers,
            shares,
        })
    }

    /// What each option of a set would share on its own, in the order of [`super::SetMatches::satisfiable_options`].
    pub fn shares_of_options(&self, set: usize) -> Vec<Shares> {
        let ways = Ways::new(self);
        let options = self.sets.get(set).map(|set| set.satisfiable_options.as_slice());
        let shares = |option: &Vec<usize>| ways.answer(&option.iter().copied().collect()).1;
        options.unwrap_or_default().iter().map(shares).collect()
    }
}

/// A candidate with its claims numbered.
struct Way {
    candidate: usize,
    credential: usize,
    doubtful: bool,
    always_shared: usize,
    claims: Vec<usize>,
}

impl Way {
    /// What it shares when nothing else of the credential is shared. That it exists is a detail too.
    fn alone(&self) -> (bool, usize) {
        (self.doubtful, (self.claims.len() + self.always_shared).max(1))
    }
}

/// For each query the candidates that share least.
struct Ways(Vec<Vec<Way>>);

impl Ways {
    fn new(matches: &Matches) -> Self {
        let mut numbers: HashMap<&ClaimPath, usize> = HashMap::new();
        let queries = matches.queries.iter().map(|found| {
            let candidates = found.candidates.iter().enumerate();
            let mut ranked: Vec<_> = candidates
                .map(|(position, one)| {
                    let details = (one.disclose.len() + one.always_shared).max(1);
                    (one.validity != Validity::Valid, details, position)
                })
                .collect();
            if ranked.len() > MAX_COMPARED {
                ranked.select_nth_unstable(MAX_COMPARED);
                ranked.truncate(MAX_COMPARED);
            }
            ranked.sort_unstable();
            ranked
                .into_iter()
                .filter_map(|(doubtful, _, position)| {
                    let one = found.candidates.get(position)?;
                    let claims = one.disclose.iter().map(|path| {
                        let next = numbers.len();
                        *numbers.entry(path).or_insert(next)
                    });
                    Some(Way {
                        candidate: position,
                        credential: one.credential,
                        doubtful,
                        always_shared: one.always_shared,
                        claims: claims.collect(),
                    })
                })
                .collect()
        });
        Self(queries.collect())
    }

    /// The candidate for each of these queries that shares least beyond what the queries before it share: in doubt last, then
    /// fewest details, then in wallet order.
    fn answer(&self, queries: &BTreeSet<usize>) -> (Vec<ProposedAnswer>, Shares) {
        let mut used: BTreeMap<usize, (&Way, BTreeSet<usize>)> = BTreeMap::new();
        let mut answers = Vec::with_capacity(queries.len());
        for query in queries {
            let ways = self.0.get(*query).map(Vec::as_slice).unwrap_or_default();
            let cost = |way: &&Way| match used.get(&way.credential) {
                Some((_, shared)) => {
                    let more = way.claims.iter().filter(|claim| !shared.contains(claim));
                    (way.doubtful, more.count())
                }
                None => way.alone(),
            };
            if let Some(way) = ways.iter().min_by_key(cost) {
                let (_, shared) = used.entry(way.credential).or_insert_with(|| (way, BTreeSet::new()));
                shared.extend(way.claims.iter().copied());
                answers.push(ProposedAnswer {
                    query: *query,
                    candidate: way.candidate,
                });
            }
        }
        let shares = Shares {
            doubtful: used.values().filter(|(way, _)| way.doubtful).count(),
            details: used
                .values()
                .map(|(way, shared)| (shared.len() + way.always_shared).max(1))
                .sum(),
            credentials: used.len(),
        };
        (answers, shares)
    }
}

/// Depth-first over the required sets, cheapest options first, so that what is found before the limit is good.
struct Search<'a> {
    matches: &'a Matches,
    ways: &'a Ways,
    required: Vec<usize>,
    tried: usize,
    choice: Vec<Option<usize>>,
    best: Option<(Shares, Vec<Option<usize>>)>,
}

impl Search<'_> {
    fn choose(&mut self, depth: usize, answered: &BTreeSet<usize>) {
        let Some(set) = self.required.get(depth).copied() else {
            let shares = self.ways.answer(answered).1;
            if self.best.as_ref().is_none_or(|(best, _)| shares < *best) {
                self.best = Some((shares, self.choice.clone()));
            }
            return;
        };
        for (shares, position, with) in self.options(set, answered) {
            // More queries never share less: a branch that is no better already will not become better.
            let worse = self.best.as_ref().is_some_and(|(best, _)| *best <= shares);
            if worse || (self.tried > MAX_TRIED && self.best.is_some()) {
                return;
            }
            self.set(set, Some(position));
            self.choose(depth + 1, &with);
            self.set(set, None);
        }
    }

    /// The options of a set with what they would share together with what is answered already; the first one alone once enough
    /// were tried.
    fn options(&mut self, set: usize, answered: &BTreeSet<usize>) -> Vec<(Shares, usize, BTreeSet<usize>)> {
        let found = self.matches.sets.get(set).map(|set| set.satisfiable_options.as_slice());
        let found = found.unwrap_or_default();
        let most = if self.tried > MAX_TRIED { 1 } else { found.len() };
        self.tried += most;
        let mut options: Vec<_> = found
            .iter()
            .take(most)
            .enumerate()
            .map(|(position, option)| {
                let with: BTreeSet<usize> = answered.iter().chain(option).copied().collect();
                (self.ways.answer(&with).1, position, with)
            })
            .collect();
        options.sort_by_key(|(shares, position, _)| (*shares, *position));
        options
    }

    fn set(&mut self, set: usize, option: Option<usize>) {
        if let Some(chosen) = self.choice.get_mut(set) {
            *chosen = option;
        }
    }
}
