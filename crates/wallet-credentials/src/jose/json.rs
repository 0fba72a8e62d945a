//! JSON as security protocols want it: one value, no member twice (RFC 8725, 2.6 and 3.1; RFC 7519, section 4), and no more
//! memory than in proportion to the text.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The deepest nesting of objects and arrays that is read.
pub const MAX_DEPTH: usize = 32;

/// What a document may cost in memory for each byte of its text, and in any case. A tree of tiny objects would cost eighty times
/// its text; documents people use cost three to ten times theirs.
const MEMORY_FACTOR: usize = 16;
const MEMORY_ALLOWANCE: usize = 256 * 1024;

/// What parts of a tree cost, about: an element of a vector that grows by doubling, the first node of a map, a further member
/// of it.
const ELEMENT_COST: usize = 2 * size_of::<Value>();
const OBJECT_COST: usize = 11 * (size_of::<Value>() + size_of::<String>());
const MEMBER_COST: usize = 2 * (size_of::<Value>() + size_of::<String>());

/// The bytes are not one JSON value, repeat a member, nest deeper than [`MAX_DEPTH`], or would take far more memory than their
/// own length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not acceptable JSON")]
pub struct JsonError;

/// Parses one JSON value and refuses objects that name a member twice.
///
/// # Errors
/// [`JsonError`].
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    with_budget(bytes, |strict, deserializer| strict.deserialize(deserializer))
}

/// Parses with the memory these bytes may take, and refuses what follows the one value.
fn with_budget<'b, T>(
    bytes: &'b [u8],
    parse: impl FnOnce(Strict<'_>, &mut serde_json::Deserializer<serde_json::de::StrRead<'b>>) -> serde_json::Result<T>,
) -> Result<T, JsonError> {
    // Checked to be UTF-8 once, and not text by text.
    let text = std::str::from_utf8(bytes).map_err(|_| JsonError)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let most = bytes.len().saturating_mul(MEMORY_FACTOR);
    let budget = Cell::new(most.saturating_add(MEMORY_ALLOWANCE));
    let strict = Strict {
        depth: 0,
        budget: &budget,
    };
    let value = parse(strict, &mut deserializer).map_err(|_| JsonError)?;
    deserializer.end().map_err(|_| JsonError)?;
    Ok(value)
}

/// An array of two or three elements whose first is a text that nobody needs: a disclosure (RFC 9901, 4.2).
pub(crate) struct SaltedArray {
    pub(crate) second: Value,
    pub(crate) third: Option<Value>,
}

/// Parses a [`SaltedArray`] as [`parse`] does, without keeping the salt.
pub(crate) fn parse_salted(bytes: &[u8]) -> Result<SaltedArray, JsonError> {
    with_budget(bytes, |strict, deserializer| {
        deserializer.deserialize_seq(Salted(strict))
    })
}

struct Salted<'b>(Strict<'b>);

impl<'de> Visitor<'de> for Salted<'_> {
    type Value = SaltedArray;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of a salt and one or two values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<SaltedArray, A::Error> {
        let below = self.0.below()?;
        let short = || A::Error::custom("too short");
        elements.next_element_seed(Text)?.ok_or_else(short)?;
        let second = elements.next_element_seed(below)?.ok_or_else(short)?;
        let third = elements.next_element_seed(below)?;
        // The deserialiser refuses what follows.
        Ok(SaltedArray { second, third })
    }
}

/// A text that is checked and let go.
struct Text;

impl<'de> DeserializeSeed<'de> for Text {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Text {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// Parses one JSON object as [`parse`] does.
///
/// # Errors
/// [`JsonError`], also when the value is not an object.
pub fn parse_object(bytes: &[u8]) -> Result<Map<String, Value>, JsonError> {
    match parse(bytes)? {
        Value::Object(object) => Ok(object),
        _ => Err(JsonError),
    }
}

/// Builds a [`Value`] and counts how deep it is and what it costs.
#[derive(Clone, Copy)]
struct Strict<'b> {
    depth: usize,
    budget: &'b Cell<usize>,
}

impl Strict<'_> {
    fn spend<E: serde::de::Error>(self, cost: usize) -> Result<(), E> {
        let left = self
            .budget
            .get()
            .checked_sub(cost)
            .ok_or_else(|| E::custom("too large"))?;
        self.budget.set(left);
        Ok(())
    }

    fn below<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.saturating_add(1);
        if depth > MAX_DEPTH {
            Err(E::custom("too deep"))
        } else {
            Ok(Self { depth, ..self })
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element_seed(below)? {
            self.spend(ELEMENT_COST)?;
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            self.spend(if object.is_empty() { OBJECT_COST } else { MEMBER_COST })?;
            let value = members.next_value_seed(below)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a member appears twice"));
            }
        }
        Ok(Value::Object(object))
    }
}
