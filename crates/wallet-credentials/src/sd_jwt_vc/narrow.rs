//! The part of a credential that would leave.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::SdJwtError;
use super::credential::{SdJwtVc, issuer_jwt};
use super::disclosure::DigestAlgorithm;
use super::process::process;
use super::text::SdJwtText;
use crate::claim::{ClaimPath, PathElement, select_claims};
use crate::crypto::PublicKey;

/// A credential narrowed to some of its claims. What was left out cannot be presented with it: its disclosures are not in here.
#[derive(Clone)]
pub struct Narrowed {
    /// The Issuer-signed JWT and the remaining disclosures, with the last tilde.
    pub(super) text: String,
    pub(super) algorithm: DigestAlgorithm,
    pub(super) holder_key: Option<PublicKey>,
    disclosed: Vec<ClaimPath>,
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
        let kept = |(place, keep): (&ClaimPath, &bool)| keep.then(|| place.clone());
        Ok(Narrowed {
            text: self.text.with_only(|at| keep.get(at).copied().unwrap_or(false)),
            algorithm: self.processed.algorithm,
            holder_key: self.holder_key().copied(),
            disclosed: places.iter().zip(&keep).filter_map(kept).collect(),
        })
    }
}

impl Narrowed {
    /// The places of the disclosures that would leave, as they are in the whole credential.
    #[must_use]
    pub fn disclosed(&self) -> &[ClaimPath] {
        &self.disclosed
    }

    /// Every claim that would leave, those that stand in the clear included: read from the very text that would leave, as the
    /// verifier will read it.
    ///
    /// # Errors
    /// None that parsing the whole credential would not have answered.
    pub fn claims(&self) -> Result<Map<String, Value>, SdJwtError> {
        let text = SdJwtText::split(&self.text)?;
        let (_, payload) = issuer_jwt(&text)?;
        Ok(process(payload, text.disclosures())?.claims)
    }

    /// The presentation without key binding, for verifiers that do not require one (OpenID4VP 1.0, 6.1,
    /// `require_cryptographic_holder_binding`).
    #[must_use]
    pub fn into_unbound(self) -> String {
        self.text
    }
}

/// The places of the elements `path` selects. A path without "all elements" is itself the only one.
fn selected_places<'p>(claims: &Map<String, Value>, path: &'p ClaimPath) -> Vec<Cow<'p, [PathElement]>> {
    if path.elements().contains(&PathElement::All) {
        return expanded(claims, path).into_iter().map(Cow::Owned).collect();
    }
    match select_claims(claims, path) {
        Ok(selected) if !selected.is_empty() => vec![Cow::Borrowed(path.elements())],
        _ => Vec::new(),
    }
}

/// The same for a path with "all elements": each place without them.
fn expanded(claims: &Map<String, Value>, path: &ClaimPath) -> Vec<Vec<PathElement>> {
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
