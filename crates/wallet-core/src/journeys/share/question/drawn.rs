//! The parts of a question: what is proposed, what can be added, what can be chosen instead, and what stands for what.

use std::collections::BTreeMap;

use wallet_protocols::dcql::{DcqlQuery, Matches, QueryMatches};

use super::super::super::Context;
use super::super::super::failure::Outcome;
use super::candidates::{OptionWays, Possible, SetWays, Sets, Ways};
use super::narrow::part;
use crate::consent::{ProposedPart, ProposedSet};
use crate::view::{AskView, OptionView, SetView};

/// Everything that could answer, and which of it stands for which.
pub(super) struct Parts {
    pub(super) made: Vec<Part>,
    pub(super) sets: Sets,
    /// Where nothing can be shared: what was asked for.
    unanswered: Vec<AskView>,
}

/// One part, for the consent and as it is drawn.
pub(super) struct Part {
    /// Its query, by its place in the request.
    pub(super) query: usize,
    pub(super) proposed: ProposedPart,
    pub(super) drawn: AskView,
}

/// The same in the order it is drawn.
pub(super) struct Drawing {
    pub(super) parts: Vec<ProposedPart>,
    pub(super) sets: Vec<ProposedSet>,
    pub(super) asks: Vec<AskView>,
    pub(super) alternatives: Vec<AskView>,
    pub(super) drawn_sets: Vec<SetView>,
}

impl Parts {
    /// Narrows and draws everything that could answer.
    pub(super) fn of(
        context: &Context<'_>,
        query: &DcqlQuery,
        matches: &Matches,
        possible: &[Possible],
    ) -> Outcome<Self> {
        let Some(ways) = Ways::of(matches) else {
            // Nothing can be shared; the screen still says what was asked for.
            return Ok(Self {
                made: Vec::new(),
                sets: Sets::default(),
                unanswered: matches.queries.iter().map(unanswered).collect(),
            });
        };
        let mut made = Vec::new();
        for position in ways.sets.all() {
            let (Some(credential), Some(found), Some(order)) = (
                query.credentials().get(position),
                matches.queries.get(position),
                ways.candidates.get(position),
            ) else {
                continue;
            };
            let (proposed, drawn) = part(context, credential, found, order, possible)?;
            made.push(Part {
                query: position,
                proposed,
                drawn,
            });
        }
        Ok(Self {
            made,
            sets: ways.sets,
            unanswered: Vec::new(),
        })
    }

    /// Everything that could leave, whatever the person chooses; where nothing can, what was asked for.
    pub(super) fn offered(&self) -> impl Iterator<Item = &AskView> + Clone {
        self.made.iter().map(|part| &part.drawn).chain(&self.unanswered)
    }

    /// As it is drawn: what is proposed and what may be added; what may be chosen instead; which is which.
    pub(super) fn draw(self) -> Drawing {
        let (proposed, addable, all) = (self.sets.proposed(), self.sets.addable(), self.sets.all());
        let counts: BTreeMap<usize, (String, usize)> = self
            .made
            .iter()
            .map(|part| {
                let details = part.drawn.candidates.first().map_or(0, |first| first.claims.len());
                (part.query, (part.proposed.query.clone(), details))
            })
            .collect();
        let (sets, drawn_sets) = self.sets.0.iter().map(|set| stand_for_each_other(set, &counts)).unzip();
        let mut drawing = Drawing {
            parts: Vec::new(),
            sets,
            asks: self.unanswered,
            alternatives: Vec::new(),
            drawn_sets,
        };
        for mut part in self.made.into_iter().filter(|part| all.contains(&part.query)) {
            part.drawn.optional = !proposed.contains(&part.query);
            drawing.parts.push(part.proposed);
            if proposed.contains(&part.query) || addable.contains(&part.query) {
                drawing.asks.push(part.drawn);
            } else {
                drawing.alternatives.push(part.drawn);
            }
        }
        drawing
    }
}

/// A part that nothing here answers.
fn unanswered(found: &QueryMatches) -> AskView {
    AskView {
        query: found.id.as_str().to_owned(),
        optional: false,
        why: None,
        multiple: found.multiple,
        caution: None,
        closed: false,
        candidates: Vec::new(),
    }
}

/// A set, for the consent and as it is drawn. `counts` has the id of each query and how many details it would share.
fn stand_for_each_other(set: &SetWays, counts: &BTreeMap<usize, (String, usize)>) -> (ProposedSet, SetView) {
    let known = |option: &OptionWays| -> Vec<&(String, usize)> {
        option.queries.iter().filter_map(|query| counts.get(query)).collect()
    };
    let options: Vec<Vec<&(String, usize)>> = set.options.iter().map(known).collect();
    let total = |option: &Vec<&(String, usize)>| option.iter().map(|(_, details)| details).sum::<usize>();
    let least = options.iter().map(total).min().unwrap_or_default();
    let differ = options.iter().any(|option| total(option) > least);
    let ids = |option: &Vec<&(String, usize)>| -> Vec<String> { option.iter().map(|(id, _)| id.clone()).collect() };
    let drawn = options.iter().map(|option| OptionView {
        queries: ids(option),
        details: u32::try_from(total(option)).unwrap_or(u32::MAX),
        shares_least: differ && total(option) == least,
    });
    let drawn = SetView {
        required: set.required,
        options: drawn.collect(),
    };
    let proposed = ProposedSet {
        required: set.required,
        options: options.iter().map(ids).collect(),
    };
    (proposed, drawn)
}
