//! Processing of an SD-JWT payload and its disclosures (RFC 9901, 7.1, steps 3 to 6).

use std::mem;

use serde_json::{Map, Value};

use super::disclosure::{DigestAlgorithm, Disclosure};
use super::{SdJwtError, is_protected};
use crate::claim::{ClaimPath, MAX_PATH_LENGTH, PathElement};

/// The most digests, decoys among them, that are looked at.
const MAX_DIGESTS: usize = 16 * 1024;

/// A payload with its disclosures in place, and where each of them went.
#[derive(Clone)]
pub(super) struct Processed {
    /// The claims; `_sd`, `_sd_alg`, placeholders and unmatched digests are gone.
    pub(super) claims: Map<String, Value>,
    /// For each disclosure, in the order of the text, the place of its claim in `claims`.
    pub(super) places: Vec<ClaimPath>,
    /// The algorithm of `_sd_alg`.
    pub(super) algorithm: DigestAlgorithm,
}

/// Puts every disclosure in its place, following every MUST of RFC 9901, 7.1.
pub(super) fn process<'t>(
    payload: Map<String, Value>,
    disclosures: impl Iterator<Item = &'t str>,
) -> Result<Processed, SdJwtError> {
    let algorithm = match payload.get("_sd_alg") {
        None => DigestAlgorithm::default(),
        Some(Value::String(name)) => DigestAlgorithm::from_name(name)?,
        Some(_) => return Err(SdJwtError::DigestAlgorithm),
    };
    let mut by_digest = Vec::new();
    let mut waiting = Vec::new();
    let mut buffer = Vec::new();
    for (at, text) in disclosures.enumerate() {
        by_digest.push((algorithm.digest(text), at));
        waiting.push(Some(Disclosure::parse(text, &mut buffer)?));
    }
    by_digest.sort_unstable();
    if by_digest
        .windows(2)
        .any(|pair| matches!(pair, [(one, _), (other, _)] if one == other))
    {
        return Err(SdJwtError::RepeatedDigest);
    }
    let mut walk = Walk {
        places: vec![None; waiting.len()],
        by_digest,
        waiting,
        seen: Vec::new(),
        path: Vec::new(),
    };
    let mut claims = payload;
    claims.remove("_sd_alg");
    walk.object(&mut claims)?;
    walk.seen.sort_unstable();
    if walk
        .seen
        .windows(2)
        .any(|pair| matches!(pair, [one, other] if one == other))
    {
        return Err(SdJwtError::RepeatedDigest);
    }
    let places = walk
        .places
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .ok_or(SdJwtError::UnreferencedDisclosure)?;
    Ok(Processed {
        claims,
        places,
        algorithm,
    })
}

impl Processed {
    /// Refuses disclosures of claims that must stand in the clear (draft-ietf-oauth-sd-jwt-vc, 2.2.2.3).
    pub(super) fn refuse_protected(&self) -> Result<(), SdJwtError> {
        if self.places.iter().any(is_protected) {
            Err(SdJwtError::ProtectedClaim)
        } else {
            Ok(())
        }
    }
}

struct Walk {
    /// The digests of the disclosures, in their order, and which disclosure each belongs to.
    by_digest: Vec<(String, usize)>,
    waiting: Vec<Option<Disclosure>>,
    places: Vec<Option<ClaimPath>>,
    /// Every digest that was met, decoys among them.
    seen: Vec<String>,
    path: Vec<PathElement>,
}

impl Walk {
    /// Processes what is inside a value that stands at `element`.
    fn below(&mut self, element: impl FnOnce() -> PathElement, value: &mut Value) -> Result<(), SdJwtError> {
        if !value.is_object() && !value.is_array() {
            return Ok(());
        }
        if self.path.len() >= MAX_PATH_LENGTH {
            return Err(SdJwtError::TooLarge);
        }
        self.path.push(element());
        match value {
            Value::Object(object) => self.object(object)?,
            Value::Array(array) => *array = self.array(mem::take(array))?,
            _ => {}
        }
        self.path.pop();
        Ok(())
    }

    /// Steps 3.b and 3.c for one object.
    fn object(&mut self, object: &mut Map<String, Value>) -> Result<(), SdJwtError> {
        let digests = match object.remove("_sd") {
            None => Vec::new(),
            Some(Value::Array(digests)) => digests,
            Some(_) => return Err(SdJwtError::Digests),
        };
        // A placeholder is only ever the single member of an array element (4.2.4.2); that case never comes here.
        if object.contains_key("...") {
            return Err(SdJwtError::Digests);
        }
        for (name, value) in object.iter_mut() {
            self.below(|| PathElement::Name(name.clone()), value)?;
        }
        for digest in digests {
            let Value::String(digest) = digest else {
                return Err(SdJwtError::Digests);
            };
            let Some((at, disclosure)) = self.take(digest)? else {
                continue;
            };
            let Disclosure::Member { name, mut value } = disclosure else {
                return Err(SdJwtError::Disclosure);
            };
            if name == "_sd" || name == "..." || object.contains_key(&name) {
                return Err(SdJwtError::NameCollision);
            }
            self.place(at, PathElement::Name(name.clone()))?;
            self.below(|| PathElement::Name(name.clone()), &mut value)?;
            object.insert(name, value);
        }
        Ok(())
    }

    /// Step 3.d for one array.
    fn array(&mut self, array: Vec<Value>) -> Result<Vec<Value>, SdJwtError> {
        let mut elements = Vec::with_capacity(array.len());
        for element in array {
            // Elements are counted as they come out, because withheld ones vanish.
            let index = PathElement::Index(u64::try_from(elements.len()).map_err(|_| SdJwtError::TooLarge)?);
            let mut value = match placeholder(element)? {
                Placeholder::None(element) => element,
                Placeholder::Digest(digest) => {
                    let Some((at, disclosure)) = self.take(digest)? else {
                        continue;
                    };
                    let Disclosure::Element { value } = disclosure else {
                        return Err(SdJwtError::Disclosure);
                    };
                    self.place(at, index.clone())?;
                    value
                }
            };
            self.below(|| index, &mut value)?;
            elements.push(value);
        }
        Ok(elements)
    }

    /// Notes that this digest was met, and answers with the disclosure it belongs to, if any.
    fn take(&mut self, digest: String) -> Result<Option<(usize, Disclosure)>, SdJwtError> {
        if self.seen.len() >= MAX_DIGESTS {
            return Err(SdJwtError::TooLarge);
        }
        let found = self
            .by_digest
            .binary_search_by(|(known, _)| known.as_str().cmp(&digest));
        let at = found
            .ok()
            .and_then(|found| self.by_digest.get(found))
            .map(|(_, at)| *at);
        self.seen.push(digest);
        let Some(at) = at else { return Ok(None) };
        // A disclosure that is gone was met before.
        let disclosure = self.waiting.get_mut(at).and_then(Option::take);
        disclosure
            .map(|disclosure| Some((at, disclosure)))
            .ok_or(SdJwtError::RepeatedDigest)
    }

    /// Records that disclosure `at` belongs to `element` of where the walk is.
    fn place(&mut self, at: usize, element: PathElement) -> Result<(), SdJwtError> {
        let mut elements = Vec::with_capacity(self.path.len() + 1);
        elements.extend(self.path.iter().cloned());
        elements.push(element);
        if let Some(slot) = self.places.get_mut(at) {
            *slot = Some(ClaimPath::new(elements).map_err(|_| SdJwtError::TooLarge)?);
        }
        Ok(())
    }
}

enum Placeholder {
    Digest(String),
    None(Value),
}

/// Whether an array element is `{"...": digest}`; anything that resembles it and is not is refused.
fn placeholder(element: Value) -> Result<Placeholder, SdJwtError> {
    let Value::Object(mut object) = element else {
        return Ok(Placeholder::None(element));
    };
    match object.remove("...") {
        None => Ok(Placeholder::None(Value::Object(object))),
        Some(Value::String(digest)) if object.is_empty() => Ok(Placeholder::Digest(digest)),
        Some(_) => Err(SdJwtError::Digests),
    }
}
