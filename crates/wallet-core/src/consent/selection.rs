//! What the person chose: which parts are answered, by which document, with which details. The rest is dropped.

use std::collections::{BTreeMap, BTreeSet};

use super::disclosure::SelectedPart;
use super::prompt::ShareRefused;
use super::proposal::{ProposedCandidate, ProposedPart, ProposedSet};
use crate::view::ChoicesView;

/// What the person chose with a yes. Where nothing is chosen, what was proposed first is meant.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Which documents answer which query.
    pub documents: BTreeMap<String, Vec<String>>,
    /// With which of its `claim_sets` a query is answered.
    pub details: BTreeMap<String, u32>,
    /// Optional queries added.
    pub add: Vec<String>,
    /// Which option of a set is answered, by their places.
    pub options: BTreeMap<u32, u32>,
    /// The second yes, to the warnings.
    pub despite_warnings: bool,
}

impl From<ChoicesView> for Choices {
    fn from(view: ChoicesView) -> Self {
        Self {
            documents: view.documents,
            details: view.details,
            add: view.add,
            options: view.options,
            despite_warnings: view.despite_warnings,
        }
    }
}

/// Keeps what was agreed and drops the rest.
pub(super) fn select(
    parts: Vec<ProposedPart>,
    sets: &[ProposedSet],
    choices: &Choices,
) -> Result<Vec<SelectedPart>, ShareRefused> {
    let named = choices.documents.keys().chain(choices.details.keys());
    let known = |query: &String| parts.iter().any(|part| part.query == *query);
    if !named.chain(&choices.add).all(known) {
        return Err(ShareRefused::UnknownChoice);
    }
    let answered = answered(sets, choices)?;
    let mut selected = Vec::new();
    for part in parts {
        if answered.contains(part.query.as_str()) {
            if part.closed {
                return Err(ShareRefused::Blocked);
            }
            selected.extend(answer(part, choices)?);
        }
    }
    if selected.is_empty() {
        Err(ShareRefused::Nothing)
    } else {
        Ok(selected)
    }
}

/// The queries that are answered: of each required set the chosen option, of the others what was added. An option is answered
/// whole or not at all.
fn answered<'s>(sets: &'s [ProposedSet], choices: &Choices) -> Result<BTreeSet<&'s str>, ShareRefused> {
    if choices.options.keys().any(|set| place(*set) >= sets.len()) {
        return Err(ShareRefused::UnknownChoice);
    }
    let named = |query: &&String| choices.documents.contains_key(*query) || choices.details.contains_key(*query);
    let mut answered: BTreeSet<&str> = BTreeSet::new();
    for (position, set) in sets.iter().enumerate() {
        let chosen = u32::try_from(position)
            .ok()
            .and_then(|position| choices.options.get(&position));
        let option = match chosen {
            Some(option) => Some(set.options.get(place(*option)).ok_or(ShareRefused::UnknownChoice)?),
            // The option whose parts the person named documents for; of equals the one proposed before the other.
            None if set.required => set
                .options
                .iter()
                .rev()
                .max_by_key(|option| option.iter().filter(named).count()),
            None => None,
        };
        answered.extend(option.into_iter().flatten().map(String::as_str));
    }
    let added = |query: &String| choices.add.contains(query);
    let optional = sets.iter().filter(|set| !set.required).flat_map(|set| &set.options);
    for option in optional {
        if option.iter().any(added)
            && option
                .iter()
                .all(|query| added(query) || answered.contains(query.as_str()))
        {
            answered.extend(option.iter().map(String::as_str));
        }
    }
    if choices.add.iter().all(|query| answered.contains(query.as_str())) {
        Ok(answered)
    } else {
        Err(ShareRefused::UnknownChoice)
    }
}

/// The documents that answer one part: those chosen, else the one proposed.
fn answer(part: ProposedPart, choices: &Choices) -> Result<Vec<SelectedPart>, ShareRefused> {
    let ProposedPart {
        query,
        multiple,
        mut candidates,
        closed: _,
    } = part;
    let details = choices.details.get(&query).copied();
    let mut take = |document: Option<&String>| {
        let wanted = |candidate: &ProposedCandidate| {
            document.is_none_or(|id| candidate.document.id == *id)
                && details.is_none_or(|set| candidate.claim_set == Some(set))
        };
        let position = candidates.iter().position(wanted).ok_or(ShareRefused::UnknownChoice)?;
        Ok(SelectedPart::new(query.clone(), candidates.remove(position)))
    };
    match choices.documents.get(&query) {
        None => Ok(vec![take(None)?]),
        Some(documents) if documents.len() == 1 || (multiple && !documents.is_empty()) => {
            let each: BTreeSet<&String> = documents.iter().collect();
            if each.len() != documents.len() {
                return Err(ShareRefused::UnknownChoice);
            }
            documents.iter().map(|document| take(Some(document))).collect()
        }
        Some(_) => Err(ShareRefused::UnknownChoice),
    }
}

fn place(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
