//! The claims as they were issued: which of them are disclosures of their own, and where something is withheld
//! (draft-ietf-oauth-sd-jwt-vc, 5.6, on evaluating a `path`).

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::super::SdJwtError;
use super::super::credential::issuer_jwt;
use super::super::disclosure::{DigestAlgorithm, Disclosure};
use super::super::text::SdJwtText;
use super::TypeMetadataError;
use crate::claim::{ClaimPath, PathElement};
use crate::trust::plain;

/// The longest value put into a template, in characters.
const MAX_CHARACTERS: usize = 2048;

/// The claims of a credential as issued. Positions in arrays count what is withheld.
#[derive(Clone)]
pub struct IssuedClaims {
    root: Node,
}

/// One claim.
#[derive(Clone)]
pub(super) struct Node {
    disclosable: bool,
    content: Content,
}

#[derive(Clone)]
enum Content {
    /// An array element whose disclosure is not here, or a decoy: nobody can tell.
    Withheld,
    Object {
        members: BTreeMap<String, Node>,
        /// Whether there are digests whose disclosures are not here, or decoys.
        withholds: bool,
    },
    Array(Vec<Node>),
    Plain(Value),
}

/// What a path selects.
pub(super) struct Selected<'c> {
    pub(super) nodes: Vec<&'c Node>,
    /// Whether more could be selected if all disclosures were here.
    pub(super) maybe_hidden: bool,
}

impl IssuedClaims {
    /// Reads an SD-JWT that was verified before. With `complete`, all its disclosures are here: digests without one are
    /// decoys.
    pub(in super::super) fn read(text: &SdJwtText, complete: bool) -> Result<Self, SdJwtError> {
        let (_, payload) = issuer_jwt(text)?;
        let algorithm = match payload.get("_sd_alg").and_then(Value::as_str) {
            None => DigestAlgorithm::default(),
            Some(name) => DigestAlgorithm::from_name(name)?,
        };
        let mut buffer = Vec::new();
        let disclosures = text
            .disclosures()
            .map(|disclosure| {
                Ok((
                    algorithm.digest(disclosure),
                    Disclosure::parse(disclosure, &mut buffer)?,
                ))
            })
            .collect::<Result<_, SdJwtError>>()?;
        let mut reader = Reader { disclosures, complete };
        let mut root = reader.object(payload);
        root.remove("_sd_alg");
        Ok(Self { root: root.node(false) })
    }

    /// Follows a path as 5.6.1 says, over withheld elements too.
    pub(super) fn select(&self, path: &ClaimPath) -> Result<Selected<'_>, TypeMetadataError> {
        let mut nodes = vec![&self.root];
        let mut maybe_hidden = false;
        for element in path.elements() {
            let mut next = Vec::with_capacity(nodes.len());
            for node in nodes {
                match (&node.content, element) {
                    // It was included; what is in it is unknown.
                    (Content::Withheld, _) => maybe_hidden = true,
                    (Content::Object { members, withholds }, PathElement::Name(name)) => match members.get(name) {
                        Some(node) => next.push(node),
                        None => maybe_hidden |= withholds,
                    },
                    (Content::Array(elements), PathElement::All) => next.extend(elements),
                    (Content::Array(elements), PathElement::Index(at)) => {
                        next.extend(usize::try_from(*at).ok().and_then(|at| elements.get(at)));
                    }
                    _ => return Err(TypeMetadataError::Shape),
                }
            }
            nodes = next;
        }
        Ok(Selected { nodes, maybe_hidden })
    }
}

impl Node {
    /// Whether it is a disclosure of its own.
    pub(super) const fn is_disclosable(&self) -> bool {
        self.disclosable
    }

    fn value(&self) -> Option<Value> {
        match &self.content {
            Content::Withheld => None,
            Content::Plain(value) => Some(value.clone()),
            Content::Array(elements) => Some(elements.iter().filter_map(Self::value).collect()),
            Content::Object { members, .. } => {
                let members = members
                    .iter()
                    .filter_map(|(name, node)| Some((name.clone(), node.value()?)));
                Some(Value::Object(members.collect()))
            }
        }
    }
}

impl Selected<'_> {
    /// The values as text for people: several with commas, objects and arrays as JSON.
    pub(super) fn text(&self) -> String {
        let texts = self.nodes.iter().filter_map(|node| match node.value()? {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        });
        plain(&texts.collect::<Vec<_>>().join(", "), MAX_CHARACTERS)
    }
}

struct Reader {
    disclosures: HashMap<String, Disclosure>,
    complete: bool,
}

/// The members of an object, and whether it withholds some.
struct Members {
    members: BTreeMap<String, Node>,
    withholds: bool,
}

impl Members {
    fn remove(&mut self, name: &str) {
        self.members.remove(name);
    }

    fn node(self, disclosable: bool) -> Node {
        Node {
            disclosable,
            content: Content::Object {
                members: self.members,
                withholds: self.withholds,
            },
        }
    }
}

/// Every rule was checked when the credential was verified, and depth and number are bounded by that; here nothing is refused.
impl Reader {
    fn object(&mut self, mut object: Map<String, Value>) -> Members {
        let digests = object.remove("_sd");
        let mut found = Members {
            members: BTreeMap::new(),
            withholds: false,
        };
        for (name, value) in object {
            let node = self.node(value, false);
            found.members.insert(name, node);
        }
        for digest in digests.iter().flat_map(|digests| digests.as_array()).flatten() {
            match digest.as_str().and_then(|digest| self.disclosures.remove(digest)) {
                Some(Disclosure::Member { name, value }) => {
                    let node = self.node(value, true);
                    found.members.insert(name, node);
                }
                _ => found.withholds |= !self.complete,
            }
        }
        found
    }

    fn node(&mut self, value: Value, disclosable: bool) -> Node {
        let content = match value {
            Value::Object(object) => return self.object(object).node(disclosable),
            Value::Array(elements) => {
                Content::Array(elements.into_iter().map(|element| self.element(element)).collect())
            }
            plain => Content::Plain(plain),
        };
        Node { disclosable, content }
    }

    fn element(&mut self, element: Value) -> Node {
        let digest = element.get("...").and_then(Value::as_str).map(str::to_owned);
        match digest.map(|digest| self.disclosures.remove(&digest)) {
            None => self.node(element, false),
            Some(Some(Disclosure::Element { value })) => self.node(value, true),
            Some(_) => Node {
                disclosable: true,
                content: Content::Withheld,
            },
        }
    }
}
