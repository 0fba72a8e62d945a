//! Processing of an SD-JWT payload and its disclosures (RFC 9901, 7.1, steps 3 to 6).

use std::collections::{HashMap, HashSet};

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
    let mut by_digest = HashMap::new();
    let mut waiting = Vec::new();
    for (at, text) in disclosures.enumerate() {
        if by_digest.insert(algorithm.digest(text), at).is_some() {
            return Err(SdJwtError::RepeatedDigest);
        }
        waiting.push(Some(Disclosure::parse(text)?));
    }
    let mut walk = Walk {
        places: vec![None; waiting.len()],
        by_digest,
        waiting,
        seen: HashSet::new(),
        path: Vec::new(),
    };
    let mut payload = payload;
    payload.remove("_sd_alg");
    let claims = walk.object(payload)?;
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
    by_digest: HashMap<String, usize>,
    waiting: Vec<Option<Disclosure>>,
    places: Vec<Option<ClaimPath>>,
    seen: HashSet<String>,
    path: Vec<PathElement>,
}

impl Walk {
    fn value(&mut self, value: Value) -> Result<Value, SdJwtError> {
        match value {
            Value::Object(object) => self.object(object).map(Value::Object),
            Value::Array(array) => self.array(array).map(Value::Array),
            plain => Ok(plain),
        }
    }

    /// Steps 3.b and 3.c for one object.
    fn object(&mut self, mut object: Map<String, Value>) -> Result<Map<String, Value>, SdJwtError> {
        let digests = match object.remove("_sd") {
            None => Vec::new(),
            Some(Value::Array(digests)) => digests,
            Some(_) => return Err(SdJwtError::Digests),
        };
        // A placeholder is only ever the single member of an array element (4.2.4.2); that case never comes here.
        if object.contains_key("...") {
            return Err(SdJwtError::Digests);
        }
        let mut claims = Map::new();
        for (name, value) in object {
            let value = if value.is_object() || value.is_array() {
                self.enter(PathElement::Name(name.clone()))?;
                let value = self.value(value)?;
                self.path.pop();
                value
            } else {
                value
            };
            claims.insert(name, value);
        }
        for digest in digests {
            let Value::String(digest) = digest else {
                return Err(SdJwtError::Digests);
            };
            let Some(at) = self.take(digest)? else { continue };
            let Some(Disclosure::Member { name, value }) = self.disclosure(at)? else {
                return Err(SdJwtError::Disclosure);
            };
            if name == "_sd" || name == "..." || claims.contains_key(&name) {
                return Err(SdJwtError::NameCollision);
            }
            self.enter(PathElement::Name(name.clone()))?;
            let value = self.placed(at, value)?;
            claims.insert(name, value);
        }
        Ok(claims)
    }

    /// Step 3.d for one array.
    fn array(&mut self, array: Vec<Value>) -> Result<Vec<Value>, SdJwtError> {
        let mut elements = Vec::with_capacity(array.len());
        for element in array {
            // Elements are counted as they come out, because withheld ones vanish.
            let index = PathElement::Index(u64::try_from(elements.len()).map_err(|_| SdJwtError::TooLarge)?);
            match placeholder(element)? {
                Placeholder::Digest(digest) => {
                    let Some(at) = self.take(digest)? else { continue };
                    let Some(Disclosure::Element { value }) = self.disclosure(at)? else {
                        return Err(SdJwtError::Disclosure);
                    };
                    self.enter(index)?;
                    elements.push(self.placed(at, value)?);
                }
                Placeholder::None(element) => {
                    self.enter(index)?;
                    elements.push(self.value(element)?);
                    self.path.pop();
                }
            }
        }
        Ok(elements)
    }

    /// Notes that this digest was met, and answers which disclosure it belongs to, if any.
    fn take(&mut self, digest: String) -> Result<Option<usize>, SdJwtError> {
        let at = self.by_digest.get(&digest).copied();
        if self.seen.len() >= MAX_DIGESTS {
            return Err(SdJwtError::TooLarge);
        }
        if self.seen.insert(digest) {
            Ok(at)
        } else {
            Err(SdJwtError::RepeatedDigest)
        }
    }

    fn disclosure(&mut self, at: usize) -> Result<Option<Disclosure>, SdJwtError> {
        self.waiting.get_mut(at).map(Option::take).ok_or(SdJwtError::Digests)
    }

    /// Records that disclosure `at` belongs where the walk is, processes its value, and steps back out.
    fn placed(&mut self, at: usize, value: Value) -> Result<Value, SdJwtError> {
        let place = ClaimPath::new(self.path.clone()).map_err(|_| SdJwtError::TooLarge)?;
        if let Some(slot) = self.places.get_mut(at) {
            *slot = Some(place);
        }
        let value = self.value(value)?;
        self.path.pop();
        Ok(value)
    }

    fn enter(&mut self, element: PathElement) -> Result<(), SdJwtError> {
        if self.path.len() >= MAX_PATH_LENGTH {
            return Err(SdJwtError::TooLarge);
        }
        self.path.push(element);
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
