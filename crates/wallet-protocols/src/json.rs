//! JSON from outside: bounded in size and depth, without repeated members (RFC 8259, 4), and then of a shape.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;
use wallet_credentials::jose;

/// The text is not acceptable JSON, or not of the expected shape. It names nothing of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JsonError;

/// Reads one JSON value of at most `limit` bytes.
pub(crate) fn parse(bytes: &[u8], limit: usize) -> Result<Value, JsonError> {
    if bytes.len() > limit {
        return Err(JsonError);
    }
    jose::json::parse(bytes).map_err(|_| JsonError)
}

/// Reads one JSON value and then a type from it.
pub(crate) fn parse_as<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, JsonError> {
    shape(parse(bytes, limit)?)
}

/// Reads a type from a value already free of repeated members.
pub(crate) fn shape<T: DeserializeOwned>(value: Value) -> Result<T, JsonError> {
    serde_json::from_value(value).map_err(|_| JsonError)
}

/// For optional members: present means present. `null` is not a way of saying "absent" in these specifications.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}
