//! Claims Path Pointers: how requests name the claims they ask for (OpenID4VP 1.0, section 7).

use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// The most elements a path may have. Deeper claims do not occur; deeper paths only cost work.
pub const MAX_PATH_LENGTH: usize = 32;

/// The most bytes a name in a path may have.
const MAX_NAME_LENGTH: usize = 1024;

/// Why a path is not usable, or does not fit the claims it is applied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimPathError {
    /// A path must have at least one element (OpenID4VP 1.0, 7).
    #[error("the claims path is empty")]
    Empty,
    /// More than [`MAX_PATH_LENGTH`] elements, or a name of more than 1,024 bytes.
    #[error("the claims path is too long")]
    TooLong,
    /// A name was applied to something that is not an object (OpenID4VP 1.0, 7.1.1).
    #[error("the selected element is not an object")]
    NotAnObject,
    /// An index or null was applied to something that is not an array (OpenID4VP 1.0, 7.1.1).
    #[error("the selected element is not an array")]
    NotAnArray,
}

/// One element of a [`ClaimPath`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathElement {
    /// A string: the member of this name.
    Name(String),
    /// A non-negative integer: the array element at this index, counted from zero.
    Index(u64),
    /// Null: every element of the array.
    All,
}

/// A Claims Path Pointer: a non-empty sequence of names, indices and "all elements".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimPath(Vec<PathElement>);

impl ClaimPath {
    /// A path of these elements.
    ///
    /// # Errors
    /// [`ClaimPathError::Empty`] and [`ClaimPathError::TooLong`].
    pub fn new(elements: Vec<PathElement>) -> Result<Self, ClaimPathError> {
        if elements.is_empty() {
            return Err(ClaimPathError::Empty);
        }
        let too_long_name =
            |element: &PathElement| matches!(element, PathElement::Name(name) if name.len() > MAX_NAME_LENGTH);
        if elements.len() > MAX_PATH_LENGTH || elements.iter().any(too_long_name) {
            return Err(ClaimPathError::TooLong);
        }
        Ok(Self(elements))
    }

    /// A path of names only, outermost first.
    ///
    /// # Errors
    /// [`ClaimPathError::Empty`] and [`ClaimPathError::TooLong`].
    pub fn from_names<I, S>(names: I) -> Result<Self, ClaimPathError>
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        Self::new(names.into_iter().map(|name| PathElement::Name(name.into())).collect())
    }

    /// The elements, outermost first; never empty.
    #[must_use]
    pub fn elements(&self) -> &[PathElement] {
        &self.0
    }

    /// The first element when it is a name: the top-level claim this path leads into.
    #[must_use]
    pub fn top_level_name(&self) -> Option<&str> {
        match self.0.first() {
            Some(PathElement::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// Whether a path without "all elements" lies at or below this path.
    #[must_use]
    pub fn covers(&self, place: &[PathElement]) -> bool {
        place.len() >= self.0.len()
            && self
                .0
                .iter()
                .zip(place)
                .all(|(pattern, element)| pattern.matches(element))
    }
}

impl PathElement {
    /// Whether this element, read as a pattern, selects `place`, the name or index of one concrete element.
    #[must_use]
    pub fn matches(&self, place: &Self) -> bool {
        match self {
            Self::All => matches!(place, Self::Index(_) | Self::All),
            _ => self == place,
        }
    }
}

/// Selects the elements `path` points at in a JSON credential (OpenID4VP 1.0, 7.1.1).
///
/// Nothing selected comes back as an empty list; DCQL treats that as "no match".
///
/// # Errors
/// [`ClaimPathError::NotAnObject`] and [`ClaimPathError::NotAnArray`] where the path does not fit the claims.
pub fn select<'v>(credential: &'v Value, path: &ClaimPath) -> Result<Vec<&'v Value>, ClaimPathError> {
    descend(vec![credential], path.elements())
}

/// As [`select`], for claims that are already known to be an object.
///
/// # Errors
/// As [`select`].
pub fn select_claims<'v>(claims: &'v Map<String, Value>, path: &ClaimPath) -> Result<Vec<&'v Value>, ClaimPathError> {
    match path.elements().split_first() {
        Some((PathElement::Name(name), rest)) => descend(claims.get(name).into_iter().collect(), rest),
        Some(_) => Err(ClaimPathError::NotAnArray),
        None => Err(ClaimPathError::Empty),
    }
}

fn descend<'v>(mut selected: Vec<&'v Value>, elements: &[PathElement]) -> Result<Vec<&'v Value>, ClaimPathError> {
    for element in elements {
        let mut next = Vec::with_capacity(selected.len());
        for value in selected {
            match element {
                PathElement::Name(name) => {
                    next.extend(value.as_object().ok_or(ClaimPathError::NotAnObject)?.get(name));
                }
                PathElement::Index(index) => {
                    let array = value.as_array().ok_or(ClaimPathError::NotAnArray)?;
                    next.extend(usize::try_from(*index).ok().and_then(|index| array.get(index)));
                }
                PathElement::All => next.extend(value.as_array().ok_or(ClaimPathError::NotAnArray)?),
            }
        }
        selected = next;
    }
    Ok(selected)
}

impl fmt::Display for ClaimPath {
    /// The JSON array form.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        formatter.write_str(&text)
    }
}

impl Serialize for ClaimPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.0.len()))?;
        for element in &self.0 {
            match element {
                PathElement::Name(name) => sequence.serialize_element(name)?,
                PathElement::Index(index) => sequence.serialize_element(index)?,
                PathElement::All => sequence.serialize_element(&())?,
            }
        }
        sequence.end()
    }
}

impl<'de> Deserialize<'de> for ClaimPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(PathVisitor)
    }
}

struct PathVisitor;

impl<'de> Visitor<'de> for PathVisitor {
    type Value = ClaimPath;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a non-empty array of strings, non-negative integers and nulls")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<ClaimPath, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element::<PathElement>()? {
            if elements.len() == MAX_PATH_LENGTH {
                return Err(de::Error::custom(ClaimPathError::TooLong));
            }
            elements.push(element);
        }
        ClaimPath::new(elements).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for PathElement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ElementVisitor)
    }
}

struct ElementVisitor;

impl Visitor<'_> for ElementVisitor {
    type Value = PathElement;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string, a non-negative integer or null")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<PathElement, E> {
        Ok(PathElement::Name(name.to_owned()))
    }

    fn visit_u64<E: de::Error>(self, index: u64) -> Result<PathElement, E> {
        Ok(PathElement::Index(index))
    }

    fn visit_unit<E: de::Error>(self) -> Result<PathElement, E> {
        Ok(PathElement::All)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors;

    #[test]
    fn s5_6_1_claim_paths() {
        let Some(vector) = vectors::load("sd-jwt-vc/s5.6.1-claim-paths.json") else {
            return;
        };
        for case in vector["cases"].as_array().unwrap() {
            let path: ClaimPath = serde_json::from_value(case["path"].clone()).unwrap();
            let claims = vector["credential"].as_object().unwrap();
            assert_eq!(
                select(&vector["credential"], &path),
                select_claims(claims, &path),
                "{path}"
            );
            match select(&vector["credential"], &path) {
                Ok(selected) => assert_eq!(serde_json::to_value(selected).unwrap(), case["expected"], "{path}"),
                Err(error) => assert_eq!(case["expected_error"], error.to_string().replace("the ", ""), "{path}"),
            }
        }
    }

    fn path(json: &str) -> ClaimPath {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn json_form_goes_in_and_out() {
        let text = r#"["degrees",null,"type",2]"#;
        assert_eq!(path(text).to_string(), text);
        for refused in ["[]", "[-1]", "[1.5]", "[true]", r#"[["a"]]"#, r#""a""#, "null"] {
            assert!(serde_json::from_str::<ClaimPath>(refused).is_err(), "{refused}");
        }
        let long = format!("[{}0]", "0,".repeat(MAX_PATH_LENGTH));
        assert!(serde_json::from_str::<ClaimPath>(&long).is_err());
    }

    #[test]
    fn covers_itself_and_what_lies_below() {
        let all = path(r#"["a",null]"#);
        assert!(all.covers(path(r#"["a",3,"b"]"#).elements()));
        assert!(!all.covers(path(r#"["a"]"#).elements()));
        assert!(!all.covers(path(r#"["a","b"]"#).elements()));
    }
}
