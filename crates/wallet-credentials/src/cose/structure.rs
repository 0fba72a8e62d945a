//! What COSE_Sign1 and COSE_Mac0 share: two header maps, a payload, and the signature or tag (RFC 9052, 3, 4.2, 6.2).
//!
//! Only the parameters this wallet acts on are interpreted. A general reader would also read countersignatures, which
//! may hold headers with countersignatures without end.

use coset::iana::{Algorithm, CborTag, EnumI64, HeaderParameter};
use minicbor::Decoder;
use minicbor::data::Type;

use super::CoseError;
use super::cbor::{self, CborError, Label};

/// The most certificates of one x5chain.
const MAX_CERTIFICATES: usize = 8;

/// The most parameters of one header map.
const MAX_PARAMETERS: usize = 32;

const ALG: i64 = HeaderParameter::Alg as i64;
const CRIT: i64 = HeaderParameter::Crit as i64;
const X5CHAIN: i64 = HeaderParameter::X5Chain as i64;

/// A COSE_Sign1 or COSE_Mac0 as received.
pub(super) struct Structure {
    /// The protected header as it is authenticated: without parameters it counts as the empty byte string, however it
    /// was sent (RFC 9052, 4.4, 6.3).
    pub protected: Vec<u8>,
    pub protected_algorithm: Option<Algorithm>,
    pub unprotected_algorithm: Option<Algorithm>,
    /// The certificates of the unprotected x5chain in DER, leaf first; `None` when there is none or it is malformed.
    pub x5chain: Option<Vec<Vec<u8>>>,
    /// `None` when it is detached.
    pub payload: Option<Vec<u8>>,
    /// The signature or tag.
    pub proof: Vec<u8>,
}

impl Structure {
    /// Reads the structure behind the tag `expected`, or without a tag.
    pub fn parse(bytes: &[u8], expected: CborTag) -> Result<Self, CoseError> {
        cbor::check(bytes)?;
        Self::read(bytes, expected).map_err(|error| match error {
            CoseError::Cbor(CborError::Shape) => CoseError::Structure,
            other => other,
        })
    }

    fn read(bytes: &[u8], expected: CborTag) -> Result<Self, CoseError> {
        let mut decoder = Decoder::new(bytes);
        if decoder.datatype().map_err(CborError::from)? == Type::Tag
            && decoder.tag().map_err(CborError::from)?.as_u64() != expected as u64
        {
            return Err(CoseError::Tag);
        }
        let (mut protected, mut unprotected) = (Parameters::default(), Parameters::default());
        let (mut protected_bytes, mut payload, mut proof) = (Vec::new(), None, None);
        let mut position = 0;
        cbor::array::<CoseError>(&mut decoder, |decoder| {
            position += 1;
            match position {
                1 => {
                    protected_bytes = cbor::byte_string(decoder)?.into_owned();
                    if !protected_bytes.is_empty() {
                        cbor::check(&protected_bytes)?;
                        protected = Parameters::read(&mut Decoder::new(&protected_bytes))?;
                    }
                }
                2 => unprotected = Parameters::read(decoder)?,
                3 if decoder.datatype().map_err(CborError::from)? == Type::Null => {
                    decoder.null().map_err(CborError::from)?;
                }
                3 => payload = Some(cbor::byte_string(decoder)?.into_owned()),
                4 => proof = Some(cbor::byte_string(decoder)?.into_owned()),
                _ => return Err(CoseError::Structure),
            }
            Ok(())
        })?;
        if protected.critical || unprotected.critical {
            return Err(CoseError::Critical);
        }
        if protected.labels.iter().any(|label| unprotected.labels.contains(label)) {
            return Err(CoseError::LabelTwice);
        }
        if protected.labels.is_empty() {
            protected_bytes = Vec::new();
        }
        Ok(Self {
            protected: protected_bytes,
            protected_algorithm: protected.algorithm,
            unprotected_algorithm: unprotected.algorithm,
            x5chain: unprotected.x5chain,
            payload,
            proof: proof.ok_or(CoseError::Structure)?,
        })
    }

    /// The algorithm named in either header.
    pub fn algorithm(&self) -> Option<Algorithm> {
        self.protected_algorithm.or(self.unprotected_algorithm)
    }

    /// The payload, wherever it is: inside, or `detached`, but not in both places.
    pub fn payload_or<'a>(&'a self, detached: Option<&'a [u8]>) -> Result<&'a [u8], CoseError> {
        match (self.payload.as_deref(), detached) {
            (Some(payload), None) | (None, Some(payload)) => Ok(payload),
            _ => Err(CoseError::Payload),
        }
    }

    /// A text parameter of the protected header.
    pub fn protected_text(&self, wanted: i64) -> Option<String> {
        let mut found = None;
        let read = cbor::map::<CborError>(&mut Decoder::new(&self.protected), |decoder, label| {
            let is_text = matches!(decoder.datatype()?, Type::String | Type::StringIndef);
            if label == Label::Int(wanted) && is_text {
                found = Some(cbor::text(decoder)?.into_owned());
                Ok(())
            } else {
                cbor::skip(decoder).map(drop)
            }
        });
        read.ok().and(found)
    }
}

/// What is read of one header map.
#[derive(Default)]
struct Parameters {
    labels: Vec<OwnedLabel>,
    algorithm: Option<Algorithm>,
    critical: bool,
    x5chain: Option<Vec<Vec<u8>>>,
}

/// A label (RFC 9052, 1.5), kept to find the same one in the other map.
#[derive(PartialEq, Eq)]
enum OwnedLabel {
    Int(i64),
    Text(String),
}

impl Parameters {
    fn read(decoder: &mut Decoder<'_>) -> Result<Self, CoseError> {
        let mut found = Self::default();
        cbor::map::<CoseError>(decoder, |decoder, label| {
            if found.labels.len() == MAX_PARAMETERS {
                return Err(CborError::TooLarge.into());
            }
            found.labels.push(match label {
                Label::Int(number) => OwnedLabel::Int(number),
                Label::Text(text) => OwnedLabel::Text(text.to_owned()),
                Label::Other => return Err(CoseError::Structure),
            });
            match label {
                Label::Int(ALG) if cbor::is_integer(decoder.datatype().map_err(CborError::from)?) => {
                    // A number of more than 64 bits stands for no algorithm either.
                    found.algorithm = decoder.i64().ok().and_then(Algorithm::from_i64);
                }
                Label::Int(CRIT) => {
                    found.critical = true;
                    cbor::skip(decoder)?;
                }
                Label::Int(X5CHAIN) => found.x5chain = certificates(cbor::raw(decoder)?),
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        Ok(found)
    }
}

/// x5chain: one bstr, or an array of them (RFC 9360, 2). An array of one is accepted, as many issuers send it.
fn certificates(value: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut decoder = Decoder::new(value);
    if matches!(decoder.datatype().ok()?, Type::Bytes | Type::BytesIndef) {
        return Some(vec![cbor::byte_string(&mut decoder).ok()?.into_owned()]);
    }
    let mut chain = Vec::new();
    cbor::array::<CborError>(&mut decoder, |decoder| {
        if chain.len() == MAX_CERTIFICATES {
            return Err(CborError::TooLarge);
        }
        chain.push(cbor::byte_string(decoder)?.into_owned());
        Ok(())
    })
    .ok()?;
    (!chain.is_empty()).then_some(chain)
}
