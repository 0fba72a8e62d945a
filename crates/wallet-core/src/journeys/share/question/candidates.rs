//! What this wallet holds that could answer, and the ways of answering, the one that shares least first.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;
use wallet_credentials::credential::Format;
use wallet_protocols::dcql::{
    DcqlQuery, HeldCredential, HeldIndex, Matches, QueryMatches, RequestedType, Shares, Validity,
};

use super::super::super::Context;
use super::super::super::documents::{self, StoredParts};
use super::super::super::failure::Outcome;
use super::super::super::held::Held;
use super::narrow::Source;
use crate::store::StoreError;
use crate::store::documents::{DocumentFormat, StoredDocument};
use crate::view::{DocumentState, StatusView};

/// A document that ends within this many days answers only where no other does, unless the person chooses it.
const LAST_DAYS: u32 = 7;

/// A document of a requested type, with its next copy.
pub(super) struct Possible {
    pub(super) document: StoredDocument,
    pub(super) parts: StoredParts,
    pub(super) held: Held,
    pub(super) status: StatusView,
}

impl Source for Possible {
    fn document(&self) -> &StoredDocument {
        &self.document
    }

    fn parts(&self) -> &StoredParts {
        &self.parts
    }

    fn held(&self) -> &Held {
        &self.held
    }
}

impl HeldCredential for Possible {
    fn format(&self) -> Format {
        self.held.format()
    }

    fn credential_type(&self) -> &str {
        self.held.credential_type()
    }

    fn further_types(&self) -> &[String] {
        self.held.further_types()
    }

    fn is_holder_bound(&self) -> bool {
        self.held.is_holder_bound()
    }

    fn authority_key_identifiers(&self) -> &[Vec<u8>] {
        self.held.authority_key_identifiers()
    }

    fn always_shared(&self) -> usize {
        self.held.always_shared()
    }

    fn claims(&self) -> Cow<'_, Value> {
        self.held.claims()
    }

    fn validity(&self) -> Validity {
        match self.status.state {
            DocumentState::Ended
            | DocumentState::StartsLater
            | DocumentState::Revoked
            | DocumentState::Suspended
            | DocumentState::Broken => Validity::NotValid,
            DocumentState::NotChecked => Validity::Doubtful,
            DocumentState::Ending if self.status.days_left.is_some_and(|days| days < LAST_DAYS) => Validity::Doubtful,
            DocumentState::Ending | DocumentState::Valid => Validity::Valid,
        }
    }
}

/// The documents of a requested type, also those that cannot be used now.
pub(super) fn possible(context: &Context<'_>, query: &DcqlQuery) -> Outcome<Vec<Possible>> {
    let now = context.now();
    let all = context.store.read::<_, StoreError>(|transaction| {
        let documents = transaction.documents()?.into_iter().filter(|d| is_asked(query, d));
        documents
            .map(|document| {
                let parts = documents::parts(transaction, &document)?;
                Ok((document, parts))
            })
            .collect::<Result<Vec<_>, StoreError>>()
    })?;
    let read = |(document, parts): (StoredDocument, StoredParts)| {
        // A damaged document is shown as such in the list; here it answers nothing.
        let held = Held::from_store(document.format, &parts.next.as_ref()?.credential).ok()?;
        let status = documents::state(&document, now);
        Some(Possible {
            document,
            parts,
            held,
            status,
        })
    };
    Ok(all.into_iter().filter_map(read).collect())
}

fn is_asked(query: &DcqlQuery, document: &StoredDocument) -> bool {
    query
        .credentials()
        .iter()
        .any(|credential| match (&credential.requested, document.format) {
            (RequestedType::SdJwtVc(None), DocumentFormat::SdJwtVc)
            | (RequestedType::Mdoc(None), DocumentFormat::Mdoc)
            // Its types are compared when it has been read.
            | (RequestedType::JwtVc(_), DocumentFormat::JwtVc) => true,
            (RequestedType::SdJwtVc(Some(types)), DocumentFormat::SdJwtVc) => types.contains(&document.type_id),
            (RequestedType::Mdoc(Some(doctype)), DocumentFormat::Mdoc) => *doctype == document.type_id,
            _ => false,
        })
}

pub(super) fn matches(query: &DcqlQuery, possible: &[Possible]) -> Matches {
    query.matches(possible, &HeldIndex::new(possible))
}

/// The ways of answering a request that can be answered.
pub(super) struct Ways {
    pub(super) sets: Sets,
    /// For each query its candidates, by their place in [`QueryMatches::candidates`], the one proposed first.
    pub(super) candidates: Vec<Vec<usize>>,
}

/// Of each set the options that can be answered.
#[derive(Default)]
pub(super) struct Sets(pub(super) Vec<SetWays>);

/// The options of one set, the one proposed first.
pub(super) struct SetWays {
    pub(super) required: bool,
    pub(super) options: Vec<OptionWays>,
}

/// One option: the queries it answers, by their places in [`Matches::queries`].
pub(super) struct OptionWays {
    pub(super) queries: Vec<usize>,
}

impl Ways {
    /// `None` where the request cannot be answered.
    pub(super) fn of(matches: &Matches) -> Option<Self> {
        let proposal = matches.proposal()?;
        let mut candidates: Vec<Vec<usize>> = matches.queries.iter().map(ranked).collect();
        for answer in &proposal.answers {
            if let Some(order) = candidates.get_mut(answer.query) {
                order.sort_by_key(|candidate| *candidate != answer.candidate);
            }
        }
        if matches.sets.is_empty() {
            let all = OptionWays {
                queries: (0..matches.queries.len()).collect(),
            };
            let sets = Sets(vec![SetWays {
                required: true,
                options: vec![all],
            }]);
            return Some(Self { sets, candidates });
        }
        let sets = matches.sets.iter().enumerate().filter_map(|(position, set)| {
            let chosen = proposal.choice.get(position).copied().flatten();
            let mut options: Vec<(usize, Shares, OptionWays)> = set
                .satisfiable_options
                .iter()
                .zip(matches.shares_of_options(position))
                .enumerate()
                .map(|(place, (option, shares))| {
                    let queries: BTreeSet<usize> = option.iter().copied().collect();
                    let queries = queries.into_iter().collect();
                    (place, shares, OptionWays { queries })
                })
                .collect();
            options.sort_by_key(|(place, shares, _)| (Some(*place) != chosen, *shares, *place));
            let options: Vec<OptionWays> = options.into_iter().map(|(_, _, option)| option).collect();
            (!options.is_empty()).then_some(SetWays {
                required: set.required,
                options,
            })
        });
        Some(Self {
            sets: Sets(sets.collect()),
            candidates,
        })
    }
}

impl Sets {
    /// The queries that are answered unless the person chooses otherwise.
    pub(super) fn proposed(&self) -> BTreeSet<usize> {
        let required = self.0.iter().filter(|set| set.required);
        required
            .filter_map(|set| set.options.first())
            .flat_map(|option| option.queries.iter().copied())
            .collect()
    }

    /// The queries the person may add: those of the option of an optional set that shares least.
    pub(super) fn addable(&self) -> BTreeSet<usize> {
        let optional = self.0.iter().filter(|set| !set.required);
        let first = optional.filter_map(|set| set.options.first());
        let queries: BTreeSet<usize> = first.flat_map(|option| option.queries.iter().copied()).collect();
        queries.difference(&self.proposed()).copied().collect()
    }

    /// Every query of an option that can be answered.
    pub(super) fn all(&self) -> BTreeSet<usize> {
        let options = self.0.iter().flat_map(|set| &set.options);
        options.flat_map(|option| option.queries.iter().copied()).collect()
    }

    /// What is answered when one set is answered by another of its options.
    pub(super) fn proposed_with(&self, set: usize, option: usize) -> BTreeSet<usize> {
        let chosen = self.0.iter().enumerate().filter_map(|(at, ways)| {
            let place = if at == set {
                Some(option)
            } else {
                ways.required.then_some(0)
            };
            ways.options.get(place?)
        });
        chosen.flat_map(|option| option.queries.iter().copied()).collect()
    }

    /// Leaves the options that answer this query, one of which must be answered from now on.
    pub(super) fn require(&mut self, query: usize) {
        for set in &mut self.0 {
            if set.options.iter().any(|option| option.queries.contains(&query)) {
                set.required = true;
                set.options.retain(|option| option.queries.contains(&query));
            }
        }
    }
}

/// The candidates of a query: in doubt last, then fewest details first, then as the wallet has them.
fn ranked(found: &QueryMatches) -> Vec<usize> {
    let cost = |place: &usize| {
        found.candidates.get(*place).map(|candidate| {
            let details = candidate.disclose.len() + candidate.always_shared;
            (candidate.validity, details.max(1))
        })
    };
    let mut places: Vec<usize> = (0..found.candidates.len()).collect();
    places.sort_by_key(cost);
    places
}
