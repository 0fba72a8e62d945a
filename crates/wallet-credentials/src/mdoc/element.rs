use std::fmt;

use minicbor::Decoder;
use minicbor::data::Type;
use serde_json::Value as Json;

use crate::cose::cbor::{self, CborError, Writer};
use crate::jose::base64url;
use crate::time::{CivilDate, Timestamp};

/// Tag 0: date-time text (RFC 8949, 3.4.1), ISO's tdate.
const DATE_TIME: u64 = 0;

/// Tag 1004: full-date text (RFC 8943), ISO's full-date.
const FULL_DATE: u64 = 1004;

/// The number of CBOR's "undefined".
const UNDEFINED: u8 = 23;

/// The value of one element. Dates that issuers send as plain text stay text: they are displayed, not reinterpreted
/// (ISO/IEC 18013-5:2021, 7.2.1).
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum ElementValue {
    /// null.
    Null,
    /// true or false.
    Bool(bool),
    /// An integer.
    Integer(i128),
    /// A floating-point number.
    Float(f64),
    /// A text.
    Text(String),
    /// Bytes, such as a portrait (JPEG).
    Bytes(Vec<u8>),
    /// A full-date (tag 1004) that exists in the calendar.
    FullDate(CivilDate),
    /// A tdate (tag 0) in UTC without a fraction.
    DateTime(Timestamp),
    /// A list.
    Array(Vec<ElementValue>),
    /// Pairs in the order they came in.
    Map(Vec<(ElementValue, ElementValue)>),
    /// Any other tag and its content.
    Tagged(u64, Box<ElementValue>),
    /// Another simple value, "undefined" (23) among them.
    Simple(u8),
}

impl ElementValue {
    /// Reads one CBOR data item.
    ///
    /// # Errors
    /// [`CborError`] for anything that is not exactly one valid, bounded data item.
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, CborError> {
        cbor::check(bytes)?;
        Self::read(&mut Decoder::new(bytes))
    }

    /// Reads the next item of a checked document; its depth is bounded by that check.
    pub(super) fn read(decoder: &mut Decoder<'_>) -> Result<Self, CborError> {
        Ok(match decoder.datatype()? {
            Type::Null => {
                decoder.null()?;
                Self::Null
            }
            Type::Undefined => {
                decoder.undefined()?;
                Self::Simple(UNDEFINED)
            }
            Type::Simple => Self::Simple(decoder.simple()?),
            Type::Bool => Self::Bool(decoder.bool()?),
            Type::F16 => Self::Float(decoder.f16()?.into()),
            Type::F32 => Self::Float(decoder.f32()?.into()),
            Type::F64 => Self::Float(decoder.f64()?),
            Type::String => Self::Text(decoder.str()?.to_owned()),
            Type::StringIndef => Self::Text(decoder.str_iter()?.collect::<Result<_, _>>()?),
            Type::Bytes => Self::Bytes(decoder.bytes()?.to_vec()),
            Type::BytesIndef => Self::Bytes(decoder.bytes_iter()?.collect::<Result<Vec<_>, _>>()?.concat()),
            Type::Array | Type::ArrayIndef => {
                let mut list = Vec::with_capacity(capacity(decoder.clone().array()?));
                cbor::array::<CborError>(decoder, |decoder| {
                    list.push(Self::read(decoder)?);
                    Ok(())
                })?;
                Self::Array(list)
            }
            Type::Map | Type::MapIndef => Self::read_map(decoder)?,
            Type::Tag => {
                let tag = decoder.tag()?.as_u64();
                Self::tagged(tag, Self::read(decoder)?)
            }
            kind if cbor::is_integer(kind) => Self::Integer(decoder.int()?.into()),
            _ => return Err(CborError::Shape),
        })
    }

    fn read_map(decoder: &mut Decoder<'_>) -> Result<Self, CborError> {
        let count = decoder.map()?;
        let mut pairs = Vec::with_capacity(capacity(count));
        // Keys may be of any type here, so this does not go through `cbor::map`.
        while match count {
            Some(count) => (pairs.len() as u64) < count,
            None => decoder.datatype()? != Type::Break,
        } {
            let key = Self::read(decoder)?;
            pairs.push((key, Self::read(decoder)?));
        }
        if count.is_none() {
            let after_break = decoder.position().saturating_add(1);
            decoder.set_position(after_break);
        }
        Ok(Self::Map(pairs))
    }

    /// A tag and its content; dates where they are exactly that.
    fn tagged(tag: u64, content: Self) -> Self {
        if let Self::Text(text) = &content {
            if tag == FULL_DATE
                && let Ok(date) = CivilDate::parse(text)
            {
                return Self::FullDate(date);
            }
            if tag == DATE_TIME
                && let Ok(instant) = Timestamp::parse_rfc3339(text)
                && instant.to_rfc3339() == *text
            {
                return Self::DateTime(instant);
            }
        }
        Self::Tagged(tag, Box::new(content))
    }

    /// The value as CBOR, with shortest lengths.
    #[must_use]
    pub fn to_cbor(&self) -> Vec<u8> {
        cbor::write(|out| self.write(out))
    }

    pub(super) fn write(&self, out: &mut Writer) {
        match self {
            Self::Null => _ = out.null(),
            Self::Bool(value) => _ = out.bool(*value),
            Self::Integer(number) => _ = out.int(*number),
            Self::Float(number) => _ = out.double(*number),
            Self::Text(text) => _ = out.text(text),
            Self::Bytes(bytes) => _ = out.bytes(bytes),
            Self::FullDate(date) => _ = out.tag(FULL_DATE).text(&date.to_string()),
            Self::DateTime(instant) => _ = out.tag(DATE_TIME).text(&instant.to_rfc3339()),
            Self::Array(list) => {
                out.array(list.len());
                list.iter().for_each(|value| value.write(out));
            }
            Self::Map(pairs) => {
                out.map(pairs.len());
                for (key, value) in pairs {
                    key.write(out);
                    value.write(out);
                }
            }
            Self::Tagged(tag, content) => {
                out.tag(*tag);
                content.write(out);
            }
            Self::Simple(number) => _ = out.simple(*number),
        }
    }

    /// The value as JSON, for matching DCQL `values` and for screens: dates and date-times as text, bytes as unpadded
    /// base64url, other tags by their content, keys as text (lists and maps among them as base64url of their CBOR), numbers
    /// JSON cannot hold as text.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Null | Self::Simple(_) => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Integer(number) => match (i64::try_from(*number), u64::try_from(*number)) {
                (Ok(number), _) => number.into(),
                (_, Ok(number)) => number.into(),
                _ => number.to_string().into(),
            },
            Self::Float(number) => {
                serde_json::Number::from_f64(*number).map_or_else(|| number.to_string().into(), Json::Number)
            }
            Self::Text(text) => text.clone().into(),
            Self::Bytes(bytes) => base64url::encode(bytes).into(),
            Self::FullDate(date) => date.to_string().into(),
            Self::DateTime(instant) => instant.to_rfc3339().into(),
            Self::Array(list) => list.iter().map(Self::to_json).collect(),
            Self::Map(pairs) => Json::Object(
                pairs
                    .iter()
                    .map(|(key, value)| (key.to_name(), value.to_json()))
                    .collect(),
            ),
            Self::Tagged(_, content) => content.to_json(),
        }
    }

    /// The value as the name of a JSON member. A list or map stands there as the base64url of its CBOR: as JSON text its
    /// quotes would double with every level of keys inside keys.
    fn to_name(&self) -> String {
        match self {
            Self::Array(_) | Self::Map(_) => base64url::encode(&self.to_cbor()),
            Self::Tagged(_, content) => content.to_name(),
            scalar => match scalar.to_json() {
                Json::String(text) => text,
                other => other.to_string(),
            },
        }
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The bytes, if this is a byte string.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The date, if this is a full-date.
    #[must_use]
    pub const fn as_date(&self) -> Option<CivilDate> {
        match self {
            Self::FullDate(date) => Some(*date),
            _ => None,
        }
    }
}

/// Room for exactly what a checked document announces.
fn capacity(count: Option<u64>) -> usize {
    count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default()
}

impl From<&str> for ElementValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<bool> for ElementValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for ElementValue {
    fn from(number: i64) -> Self {
        Self::Integer(number.into())
    }
}

impl From<CivilDate> for ElementValue {
    fn from(date: CivilDate) -> Self {
        Self::FullDate(date)
    }
}

impl fmt::Debug for ElementValue {
    /// The kind of value only: values are personal data and do not belong in logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool(..)",
            Self::Integer(_) => "Integer(..)",
            Self::Float(_) => "Float(..)",
            Self::Text(_) => "Text(..)",
            Self::Bytes(_) => "Bytes(..)",
            Self::FullDate(_) => "FullDate(..)",
            Self::DateTime(_) => "DateTime(..)",
            Self::Array(_) => "Array(..)",
            Self::Map(_) => "Map(..)",
            Self::Tagged(..) => "Tagged(..)",
            Self::Simple(_) => "Simple(..)",
        })
    }
}
