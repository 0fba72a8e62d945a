//! The part of a credential that would leave.

use serde_json::{Map, Value};

use super::SdJwtError;
use super::credential::SdJwtVc;
use super::disclosure::DigestAlgorithm;
use crate::claim::{ClaimPath, PathElement};
use crate::crypto::PublicKey;

/// A credential narrowed to some of its claims. What was left out cannot be presented with it: its disclosures are not in here.
#[derive(Clone)]
pub struct Narrowed {
    /// The Issuer-signed JWT and the remaining disclosures, with the last tilde.
    pub(super) text: String,
    pub(super) algorithm: DigestAlgorithm,
    pub(super) holder_key: Option<PublicKey>,
    disclosed: Vec<ClaimPath>,
    /// What would leave, and nothing else: whoever holds a narrowed credential can read no more than is shared.
    claims: Map<String, Value>,
}

impl SdJwtVc {
    /// Narrows the credential to these claims: each of them with everything below it, the disclosures of their parents,
    /// without which they could not be read (RFC 9901, 6.3), and nothing else. No paths: no disclosures at all
    /// (OpenID4VP 1.0, 6.4.1).
    ///
    /// # Errors
    /// [`SdJwtError::NoSuchClaim`] when a path leads to nothing.
    pub fn narrow(&self, paths: &[ClaimPath]) -> Result<Narrowed, SdJwtError> {
        let places = &self.processed.places;
        let mut keep = vec![false; places.len()];
        for path in paths {
            let selected = selected_places(&self.processed.claims, path);
            if selected.is_empty() {
                return Err(SdJwtError::NoSuchClaim);
            }
            for (keep, place) in keep.iter_mut().zip(places) {
                *keep |= selected.iter().any(|selected| on_one_line(place.elements(), selected));
            }
        }
        // A disclosure below a withheld one cannot be: every parent of a kept place lies on the same path.
        let withheld: Vec<_> = places
            .iter()
            .zip(&keep)
            .filter(|(_, keep)| !**keep)
            .map(|(place, _)| place.elements())
            .collect();
        let kept = |(place, keep): (&ClaimPath, &bool)| keep.then(|| place.clone());
        Ok(Narrowed {
            text: self.text.with_only(|at| keep.get(at).copied().unwrap_or(false)),
            algorithm: self.processed.algorithm,
            holder_key: self.holder_key().copied(),
            disclosed: places.iter().zip(&keep).filter_map(kept).collect(),
            claims: without(&self.processed.claims, &withheld),
        })
    }
}

impl Narrowed {
    /// The places of the disclosures that would leave, as they are in the whole credential.
    #[must_use]
    pub fn disclosed(&self) -> &[ClaimPath] {
        &self.disclosed
    }

    /// Every claim that would leave, those that stand in the clear included: exactly what the verifier will read.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The presentation without key binding, for verifiers that do not require one (OpenID4VP 1.0, 6.1,
    /// `require_cryptographic_holder_binding`).
    #[must_use]
    pub fn into_unbound(self) -> String {
        self.text
    }
}

/// The places of the elements `path` selects, each without "all elements".
fn selected_places(claims: &Map<String, Value>, path: &ClaimPath) -> Vec<Vec<PathElement>> {
    let Some((PathElement::Name(first), rest)) = path.elements().split_first() else {
        return Vec::new();
    };
    let mut selected: Vec<(Vec<PathElement>, &Value)> = claims
        .get(first)
        .map(|value| (vec![PathElement::Name(first.clone())], value))
        .into_iter()
        .collect();
    for element in rest {
        let mut next = Vec::with_capacity(selected.len());
        for (place, value) in selected {
            let below = |element: PathElement, value| {
                let mut place = place.clone();
                place.push(element);
                (place, value)
            };
            match element {
                PathElement::Name(name) => next.extend(value.get(name).map(|value| below(element.clone(), value))),
                PathElement::Index(at) => {
                    let value = usize::try_from(*at).ok().and_then(|at| value.get(at));
                    next.extend(value.map(|value| below(element.clone(), value)));
                }
                PathElement::All => {
                    let elements = value.as_array().map(Vec::as_slice).unwrap_or_default();
                    next.extend(
                        (0..)
                            .zip(elements)
                            .map(|(at, value)| below(PathElement::Index(at), value)),
                    );
                }
            }
        }
        selected = next;
    }
    selected.into_iter().map(|(place, _)| place).collect()
}

/// Whether one place is the other, a parent of it, or below it.
fn on_one_line(one: &[PathElement], other: &[PathElement]) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

/// The claims without these places and everything below them.
fn without(claims: &Map<String, Value>, withheld: &[&[PathElement]]) -> Map<String, Value> {
    if withheld.is_empty() {
        return claims.clone();
    }
    claims
        .iter()
        .filter_map(|(name, value)| {
            let kept = prune(value, &step(withheld, &PathElement::Name(name.clone())))?;
            Some((name.clone(), kept))
        })
        .collect()
}

fn prune(value: &Value, withheld: &[&[PathElement]]) -> Option<Value> {
    if withheld.iter().any(|rest| rest.is_empty()) {
        return None;
    }
    Some(match value {
        Value::Object(object) => Value::Object(without(object, withheld)),
        Value::Array(array) if !withheld.is_empty() => Value::Array(
            (0..)
                .zip(array)
                .filter_map(|(at, value)| prune(value, &step(withheld, &PathElement::Index(at))))
                .collect(),
        ),
        plain => plain.clone(),
    })
}

/// What remains of the withheld places one step further in.
fn step<'p>(withheld: &[&'p [PathElement]], element: &PathElement) -> Vec<&'p [PathElement]> {
    withheld
        .iter()
        .filter_map(|place| {
            place
                .split_first()
                .filter(|(first, _)| *first == element)
                .map(|(_, rest)| rest)
        })
        .collect()
}
