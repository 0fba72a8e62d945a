//! Reading and writing CBOR (RFC 8949) the way signed structures need it: the bytes stay as received, everything is
//! bounded, and what the standard calls invalid is refused before anything is interpreted.

use std::borrow::Cow;
use std::ops::Range;

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

/// The most bytes of one CBOR document: an mdoc with a large portrait, many times over.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;

/// How deep arrays, maps and tags may nest.
pub const MAX_DEPTH: usize = 24;

/// The most entries of one array or map.
const MAX_ENTRIES: u64 = 4096;

/// One data item for this many bytes, and [`SPARE_ITEMS`] on top, may a document hold. What is read of an item takes tens
/// of bytes in memory, so that a document of nothing but one-byte items would grow beyond what it is worth; credentials
/// have names, digests and texts in them and stay far below.
const BYTES_PER_ITEM: usize = 4;

/// Small structures may be dense.
const SPARE_ITEMS: usize = 64;

/// Tag 24, "encoded CBOR data item" (RFC 8949, 3.4.5.1).
const ENCODED_CBOR: u64 = 24;

/// Why bytes are not CBOR this wallet reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CborError {
    /// More than `MAX_BYTES`, an array or map of more than 4,096 entries, or many data items in few bytes.
    #[error("the CBOR is too large")]
    TooLarge,
    /// Nested deeper than `MAX_DEPTH`.
    #[error("the CBOR is nested too deeply")]
    TooDeep,
    /// Not well-formed (RFC 8949, 5.3), cut short, or text that is not UTF-8.
    #[error("the CBOR is malformed")]
    Malformed,
    /// A map holds a key twice (RFC 8949, 5.6).
    #[error("a CBOR map holds a key twice")]
    DuplicateKey,
    /// Bytes follow the data item.
    #[error("bytes follow the CBOR")]
    TrailingBytes,
    /// Not the tag that belongs there: tag 24 around encoded CBOR.
    #[error("a CBOR tag is missing or another than expected")]
    Tag,
    /// Well-formed, and of another shape than the structure that was expected.
    #[error("the CBOR has another shape than expected")]
    Shape,
}

impl From<minicbor::decode::Error> for CborError {
    /// The document was found well-formed before it is read, so what fails later is its shape.
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Shape
    }
}

/// Checks that `bytes` are exactly one valid CBOR data item within the bounds. Non-shortest lengths and indefinite
/// lengths are legal, and seen in use.
///
/// # Errors
/// [`CborError`], never [`CborError::Shape`] or [`CborError::Tag`].
pub fn check(bytes: &[u8]) -> Result<(), CborError> {
    if bytes.len() > MAX_BYTES {
        return Err(CborError::TooLarge);
    }
    let spare_items = bytes.len() / BYTES_PER_ITEM + SPARE_ITEMS;
    let mut scanner = Scanner {
        bytes,
        at: 0,
        spare_items,
    };
    scanner.item(0)?;
    if scanner.at == bytes.len() {
        Ok(())
    } else {
        Err(CborError::TrailingBytes)
    }
}

struct Scanner<'b> {
    bytes: &'b [u8],
    at: usize,
    spare_items: usize,
}

/// The head of a data item: major type, additional information, argument (`None` for indefinite length).
struct Head {
    major: u8,
    info: u8,
    argument: Option<u64>,
}

/// A map key, comparable by value: the same number in two widths is the same key.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'b> {
    Number(u8, u64),
    String(u8, &'b [u8]),
    Other(&'b [u8]),
}

impl<'b> Scanner<'b> {
    fn head(&mut self) -> Result<Head, CborError> {
        let initial = *self.bytes.get(self.at).ok_or(CborError::Malformed)?;
        self.spare_items = self.spare_items.checked_sub(1).ok_or(CborError::TooLarge)?;
        self.at += 1;
        let (major, info) = (initial >> 5, initial & 0x1f);
        let argument = match info {
            0..=23 => Some(u64::from(info)),
            24..=27 => {
                let follow = self.take(1 << (info - 24))?;
                Some(follow.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
            }
            31 => None,
            _ => return Err(CborError::Malformed),
        };
        Ok(Head { major, info, argument })
    }

    fn take(&mut self, length: u64) -> Result<&'b [u8], CborError> {
        let length = usize::try_from(length).map_err(|_| CborError::Malformed)?;
        let end = self.at.checked_add(length).ok_or(CborError::Malformed)?;
        let taken = self.bytes.get(self.at..end).ok_or(CborError::Malformed)?;
        self.at = end;
        Ok(taken)
    }

    fn at_break(&self) -> bool {
        self.bytes.get(self.at) == Some(&0xff)
    }

    /// Whether another entry follows; consumes the "break" of an indefinite length.
    fn more(&mut self, count: Option<u64>, done: u64) -> Result<bool, CborError> {
        if done > MAX_ENTRIES || count.is_some_and(|count| count > MAX_ENTRIES) {
            // An impossible count is a cut-off document; only a plausible one is too large.
            let rest = self.bytes.len().saturating_sub(self.at);
            let impossible = count.is_some_and(|count| usize::try_from(count).map_or(true, |count| count > rest));
            return Err(if impossible {
                CborError::Malformed
            } else {
                CborError::TooLarge
            });
        }
        Ok(match count {
            Some(count) => done < count,
            None if self.at_break() => {
                self.at += 1;
                false
            }
            None => true,
        })
    }

    fn item(&mut self, depth: usize) -> Result<(), CborError> {
        if depth > MAX_DEPTH {
            return Err(CborError::TooDeep);
        }
        let head = self.head()?;
        match (head.major, head.argument) {
            (0 | 1, Some(_)) => Ok(()),
            (2 | 3, length) => self.string(head.major, length),
            (4, count) => {
                let mut done = 0;
                while self.more(count, done)? {
                    self.item(depth + 1)?;
                    done += 1;
                }
                Ok(())
            }
            (5, count) => self.map(count, depth),
            (6, Some(_)) => self.item(depth + 1),
            // Simple values below 24 have one form only (RFC 8949, 3.3). That section reserves 24 to 31 as well; its
            // predecessor's examples have them, and nothing here gives them a meaning.
            (7, Some(simple)) if head.info == 24 && simple < 24 => Err(CborError::Malformed),
            (7, Some(_)) => Ok(()),
            _ => Err(CborError::Malformed),
        }
    }

    fn string(&mut self, major: u8, length: Option<u64>) -> Result<(), CborError> {
        if let Some(length) = length {
            let content = self.take(length)?;
            let valid = major == 2 || std::str::from_utf8(content).is_ok();
            return if valid { Ok(()) } else { Err(CborError::Malformed) };
        }
        while !self.at_break() {
            let chunk = self.head()?;
            if chunk.major != major || chunk.argument.is_none() {
                return Err(CborError::Malformed);
            }
            self.string(major, chunk.argument)?;
        }
        self.at += 1;
        Ok(())
    }

    fn map(&mut self, count: Option<u64>, depth: usize) -> Result<(), CborError> {
        let mut keys: Vec<Key<'b>> = Vec::new();
        let mut done = 0;
        while self.more(count, done)? {
            keys.push(self.key(depth + 1)?);
            self.item(depth + 1)?;
            done += 1;
        }
        keys.sort_unstable();
        let twice = keys.windows(2).any(|pair| matches!(pair, [one, other] if one == other));
        if twice { Err(CborError::DuplicateKey) } else { Ok(()) }
    }

    fn key(&mut self, depth: usize) -> Result<Key<'b>, CborError> {
        let start = self.at;
        let head = self.head()?;
        match (head.major, head.argument) {
            (0 | 1, Some(number)) => Ok(Key::Number(head.major, number)),
            (2 | 3, Some(length)) => {
                self.string(head.major, Some(length))?;
                let length = usize::try_from(length).map_err(|_| CborError::Malformed)?;
                let content = self
                    .at
                    .checked_sub(length)
                    .and_then(|from| self.bytes.get(from..self.at));
                Ok(Key::String(head.major, content.ok_or(CborError::Malformed)?))
            }
            _ => {
                self.at = start;
                self.item(depth)?;
                Ok(Key::Other(self.bytes.get(start..self.at).ok_or(CborError::Malformed)?))
            }
        }
    }
}

/// Reads a map, calling `entry` with the decoder before each value; definite or indefinite.
pub fn map<'b, E: From<CborError>>(
    decoder: &mut Decoder<'b>,
    mut entry: impl FnMut(&mut Decoder<'b>, Label<'b>) -> Result<(), E>,
) -> Result<(), E> {
    let count = decoder.map().map_err(CborError::from)?;
    repeat(decoder, count, |decoder| {
        let label = Label::read(decoder)?;
        entry(decoder, label)
    })
}

/// Reads an array, calling `element` once for each element; definite or indefinite.
pub fn array<'b, E: From<CborError>>(
    decoder: &mut Decoder<'b>,
    element: impl FnMut(&mut Decoder<'b>) -> Result<(), E>,
) -> Result<(), E> {
    let count = decoder.array().map_err(CborError::from)?;
    repeat(decoder, count, element)
}

fn repeat<'b, E: From<CborError>>(
    decoder: &mut Decoder<'b>,
    count: Option<u64>,
    mut each: impl FnMut(&mut Decoder<'b>) -> Result<(), E>,
) -> Result<(), E> {
    match count {
        Some(count) => (0..count).try_for_each(|_| each(decoder)),
        None => {
            while decoder.datatype().map_err(CborError::from)? != Type::Break {
                each(decoder)?;
            }
            let after_break = decoder.position().saturating_add(1);
            decoder.set_position(after_break);
            Ok(())
        }
    }
}

/// A map key of the structures read here: a number or a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label<'b> {
    /// An integer label.
    Int(i64),
    /// A text label.
    Text(&'b str),
    /// Some other key, skipped.
    Other,
}

impl<'b> Label<'b> {
    fn read(decoder: &mut Decoder<'b>) -> Result<Self, CborError> {
        Ok(match decoder.datatype()? {
            Type::String => Self::Text(decoder.str()?),
            kind if is_integer(kind) => match decoder.i64() {
                Ok(number) => Self::Int(number),
                Err(_) => {
                    decoder.skip()?;
                    Self::Other
                }
            },
            _ => {
                decoder.skip()?;
                Self::Other
            }
        })
    }
}

/// Whether the next item is an integer of any width.
pub const fn is_integer(kind: Type) -> bool {
    matches!(
        kind,
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int
    )
}

/// Skips the next item and answers where it stood.
pub fn skip(decoder: &mut Decoder<'_>) -> Result<Range<usize>, CborError> {
    let start = decoder.position();
    decoder.skip()?;
    Ok(start..decoder.position())
}

/// Skips the next item and answers its bytes.
pub fn raw<'b>(decoder: &mut Decoder<'b>) -> Result<&'b [u8], CborError> {
    let place = skip(decoder)?;
    decoder.input().get(place).ok_or(CborError::Malformed)
}

/// Reads a text string, also one sent in chunks.
pub fn text<'b>(decoder: &mut Decoder<'b>) -> Result<Cow<'b, str>, CborError> {
    if decoder.datatype()? == Type::StringIndef {
        Ok(Cow::Owned(decoder.str_iter()?.collect::<Result<_, _>>()?))
    } else {
        Ok(Cow::Borrowed(decoder.str()?))
    }
}

/// Reads a byte string, also one sent in chunks.
pub fn byte_string<'b>(decoder: &mut Decoder<'b>) -> Result<Cow<'b, [u8]>, CborError> {
    if decoder.datatype()? == Type::BytesIndef {
        let chunks: Vec<&[u8]> = decoder.bytes_iter()?.collect::<Result<_, _>>()?;
        Ok(Cow::Owned(chunks.concat()))
    } else {
        Ok(Cow::Borrowed(decoder.bytes()?))
    }
}

/// A tag-24 item: all its bytes from the tag on, and the checked data item inside.
pub struct Tagged24<'b> {
    /// From the tag on, as received: what digests and signatures run over.
    pub whole: &'b [u8],
    /// The encoded data item inside the byte string, itself valid CBOR.
    pub content: Cow<'b, [u8]>,
}

/// Reads a tag-24 item and checks the CBOR inside.
pub fn tagged24<'b>(decoder: &mut Decoder<'b>) -> Result<Tagged24<'b>, CborError> {
    let start = decoder.position();
    if decoder.datatype()? != Type::Tag || decoder.tag()?.as_u64() != ENCODED_CBOR {
        return Err(CborError::Tag);
    }
    let content = byte_string(decoder)?;
    check(&content)?;
    let whole = decoder
        .input()
        .get(start..decoder.position())
        .ok_or(CborError::Malformed)?;
    Ok(Tagged24 { whole, content })
}

/// Writes CBOR into memory; writing cannot fail there.
pub fn write(fill: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer(Vec::new());
    fill(&mut writer);
    writer.0
}

/// A deterministic CBOR writer (RFC 8949, 4.2.1): shortest lengths, definite only. Map order is the caller's.
pub struct Writer(Vec<u8>);

impl Writer {
    /// One encoder call. An encoder over a `Vec` has no failing path, so there is no error to report.
    fn with<T, E>(&mut self, call: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<T, E>) -> &mut Self {
        // The result's only error type is that of writing to memory, which never happens.
        let _written = call(&mut Encoder::new(&mut self.0));
        self
    }

    /// An array header.
    pub fn array(&mut self, length: usize) -> &mut Self {
        self.with(|encoder| encoder.array(length as u64).map(drop))
    }

    /// A map header.
    pub fn map(&mut self, length: usize) -> &mut Self {
        self.with(|encoder| encoder.map(length as u64).map(drop))
    }

    /// A text string.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.with(|encoder| encoder.str(text).map(drop))
    }

    /// A byte string.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.with(|encoder| encoder.bytes(bytes).map(drop))
    }

    /// An unsigned integer.
    pub fn uint(&mut self, number: u64) -> &mut Self {
        self.with(|encoder| encoder.u64(number).map(drop))
    }

    /// An integer of up to 64 bits and a sign (RFC 8949, 3.1); others are written as null.
    pub fn int(&mut self, number: i128) -> &mut Self {
        match minicbor::data::Int::try_from(number) {
            Ok(number) => self.with(|encoder| encoder.int(number).map(drop)),
            Err(_) => self.null(),
        }
    }

    /// true or false.
    pub fn bool(&mut self, value: bool) -> &mut Self {
        self.with(|encoder| encoder.bool(value).map(drop))
    }

    /// A double-precision number.
    pub fn double(&mut self, value: f64) -> &mut Self {
        self.with(|encoder| encoder.f64(value).map(drop))
    }

    /// A simple value, "undefined" (23) included.
    pub fn simple(&mut self, number: u8) -> &mut Self {
        self.with(|encoder| {
            if number == 23 {
                encoder.undefined().map(drop)
            } else {
                encoder.simple(number).map(drop)
            }
        })
    }

    /// null.
    pub fn null(&mut self) -> &mut Self {
        self.with(|encoder| encoder.null().map(drop))
    }

    /// A tag; its content follows.
    pub fn tag(&mut self, tag: u64) -> &mut Self {
        self.with(|encoder| encoder.tag(minicbor::data::Tag::new(tag)).map(drop))
    }

    /// A tag-24 item around an encoded data item.
    pub fn tagged24(&mut self, content: &[u8]) -> &mut Self {
        self.tag(ENCODED_CBOR).bytes(content)
    }

    /// A data item that is already encoded.
    pub fn raw(&mut self, item: &[u8]) -> &mut Self {
        self.0.extend_from_slice(item);
        self
    }
}
