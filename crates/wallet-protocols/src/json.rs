//! JSON from outside: bounded in size and depth, and without repeated members (RFC 8259, 4), because two readers of a
//! document with a repeated member can disagree on who its issuer is.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The text is not acceptable JSON, or not of the expected shape. It names nothing of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum JsonError {
    #[error("longer than allowed")]
    TooLong,
    #[error("not valid JSON, too deep, or with a repeated member")]
    Malformed,
    #[error("not of the expected shape")]
    Shape,
}

/// Reads one JSON value of at most `limit` bytes.
pub(crate) fn parse(bytes: &[u8], limit: usize) -> Result<Value, JsonError> {
    if bytes.len() > limit {
        return Err(JsonError::TooLong);
    }
    serde_json::from_slice::<Strict>(bytes)
        .map(|strict| strict.0)
        .map_err(|_| JsonError::Malformed)
}

/// Reads one JSON value and then a type from it.
pub(crate) fn parse_as<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, JsonError> {
    shape(parse(bytes, limit)?)
}

/// Reads a type from a value already free of repeated members.
pub(crate) fn shape<T: DeserializeOwned>(value: Value) -> Result<T, JsonError> {
    serde_json::from_value(value).map_err(|_| JsonError::Shape)
}

/// For optional members: present means present. `null` is not a way of saying "absent" in these specifications.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            let Strict(value) = map.next_value()?;
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("repeated member"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_member_is_refused_at_any_depth() {
        assert_eq!(parse(br#"{"a":1,"a":2}"#, 100), Err(JsonError::Malformed));
        assert_eq!(parse(br#"[{"b":{"a":1,"a":1}}]"#, 100), Err(JsonError::Malformed));
        assert!(parse(br#"{"a":{"a":1}}"#, 100).is_ok());
    }

    #[test]
    fn size_and_depth_are_bounded() {
        assert_eq!(parse(b"[1,2,3]", 6), Err(JsonError::TooLong));
        let deep = "[".repeat(10_000);
        assert_eq!(parse(deep.as_bytes(), 20_000), Err(JsonError::Malformed));
    }
}
