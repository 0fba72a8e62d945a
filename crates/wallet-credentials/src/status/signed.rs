//! The two envelopes of a Status List Token: JWT (section 5.1) and CWT (section 5.2).

use std::time::Duration;

use minicbor::Decoder;
use minicbor::data::Type;
use serde_json::Value;

use super::token::{Claims, MAX_TIME_TO_LIVE};
use super::{CWT_TYPE, StatusError, StatusList, StatusSize, TOKEN_TYPE};
use crate::cose::cbor::{self, CborError, Label};
use crate::cose::{CoseError, Sign1};
use crate::crypto::VerificationKey;
use crate::jose::{Jws, JwsHeader, json, numeric_date};
use crate::time::Timestamp;
use crate::trust::Certificate;

/// `typ` in a COSE header (RFC 9596, 2).
pub(super) const TYPE_HEADER: i64 = 16;
/// Tag of COSE_Sign1 (RFC 9052, 2).
const COSE_SIGN1_TAG: u64 = 18;
/// Claims of a CWT (RFC 8392, 4; section 5.2).
pub(super) mod claim {
    pub(in super::super) const SUBJECT: i64 = 2;
    pub(in super::super) const EXPIRES_AT: i64 = 4;
    pub(in super::super) const NOT_BEFORE: i64 = 5;
    pub(in super::super) const ISSUED_AT: i64 = 6;
    pub(in super::super) const STATUS_LIST: i64 = 65_533;
    pub(in super::super) const TIME_TO_LIVE: i64 = 65_534;
    pub(in super::super) const STATUS: i64 = 65_535;
}

/// A token's envelope, kept as it was received.
pub(super) enum Signed {
    Jwt { text: String, header: Box<JwsHeader> },
    Cwt { bytes: Vec<u8>, sign1: Box<Sign1> },
}

impl Signed {
    /// Reads the envelope and the claims in it. A CWT starts with a tag, which no JWT does.
    pub(super) fn parse(token: &[u8]) -> Result<(Self, Claims), StatusError> {
        if token.first().is_some_and(|first| first >> 5 == 6) {
            return parse_cwt(token);
        }
        let text = std::str::from_utf8(token).map_err(|_| StatusError::Malformed)?;
        parse_jwt(text.trim())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Jwt { text, .. } => text.as_bytes(),
            Self::Cwt { bytes, .. } => bytes,
        }
    }

    pub(super) fn key_id(&self) -> Option<&str> {
        match self {
            Self::Jwt { header, .. } => header.kid.as_deref(),
            Self::Cwt { .. } => None,
        }
    }

    /// The signer's certificates; none is an empty chain.
    pub(super) fn certificates(&self) -> Result<Vec<Certificate>, StatusError> {
        match self {
            Self::Jwt { header, .. } => header
                .x5c
                .iter()
                .map(|der| Certificate::from_der(der).map_err(StatusError::Certificate))
                .collect(),
            Self::Cwt { sign1, .. } => match sign1.x5chain() {
                Ok(chain) => Ok(chain),
                Err(CoseError::X5Chain) => Ok(Vec::new()),
                Err(CoseError::Certificate(reason)) => Err(StatusError::Certificate(reason)),
                Err(_) => Err(StatusError::Malformed),
            },
        }
    }

    pub(super) fn verify(&self, key: &VerificationKey) -> Result<(), StatusError> {
        let outcome = match self {
            Self::Jwt { text, .. } => Jws::parse(text).and_then(|jws| jws.verify_signature(key)).is_ok(),
            Self::Cwt { sign1, .. } => sign1.verify(key, None, &[]).is_ok(),
        };
        if outcome { Ok(()) } else { Err(StatusError::Signature) }
    }
}

fn parse_jwt(text: &str) -> Result<(Signed, Claims), StatusError> {
    let jws = Jws::parse(text).map_err(|_| StatusError::Malformed)?;
    if !jws.header().is_type(TOKEN_TYPE) {
        return Err(StatusError::Type);
    }
    let payload = jws.dangerous_unverified_payload().map_err(|_| StatusError::Malformed)?;
    let claims = json::parse_object(&payload).map_err(|_| StatusError::Malformed)?;
    let instant = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(value) => numeric_date(value).map(Some).ok_or(StatusError::Malformed),
    };
    let subject = claims
        .get("sub")
        .and_then(Value::as_str)
        .ok_or(StatusError::Malformed)?;
    let claims = Claims {
        subject: subject.to_owned(),
        issued_at: instant("iat")?.ok_or(StatusError::Malformed)?,
        not_before: instant("nbf")?,
        expires_at: instant("exp")?,
        time_to_live: claims.get("ttl").map(time_to_live).transpose()?,
        list: StatusList::from_claim(claims.get("status_list").ok_or(StatusError::Malformed)?)?,
    };
    let signed = Signed::Jwt {
        header: Box::new(jws.header().clone()),
        text: text.to_owned(),
    };
    Ok((signed, claims))
}

fn time_to_live(value: &Value) -> Result<Duration, StatusError> {
    let seconds = value
        .as_f64()
        .filter(|seconds| *seconds > 0.0)
        .ok_or(StatusError::TimeToLive)?;
    Ok(Duration::try_from_secs_f64(seconds).map_or(MAX_TIME_TO_LIVE, |ttl| ttl.min(MAX_TIME_TO_LIVE)))
}

/// A CWT in COSE_Sign1 with its tag 18 and without the CWT tag 61. COSE_Mac0 needs a secret shared with the Status Issuer,
/// which a wallet has not got.
fn parse_cwt(bytes: &[u8]) -> Result<(Signed, Claims), StatusError> {
    let tag = Decoder::new(bytes).tag().map_err(|_| StatusError::Malformed)?;
    if tag.as_u64() != COSE_SIGN1_TAG {
        return Err(StatusError::Malformed);
    }
    let sign1 = Sign1::parse(bytes).map_err(|_| StatusError::Malformed)?;
    // The number of the CoAP Content-Format, the other way to say it, has not been assigned.
    if sign1.protected_text(TYPE_HEADER).as_deref() != Some(CWT_TYPE) {
        return Err(StatusError::Type);
    }
    let payload = sign1.payload().ok_or(StatusError::Malformed)?;
    let claims = cwt_claims(payload)?;
    let signed = Signed::Cwt {
        bytes: bytes.to_vec(),
        sign1: Box::new(sign1),
    };
    Ok((signed, claims))
}

fn cwt_claims(payload: &[u8]) -> Result<Claims, StatusError> {
    cbor::check(payload).map_err(StatusError::from)?;
    let (mut subject, mut list, mut time_to_live) = (None, None, None);
    let (mut issued_at, mut not_before, mut expires_at) = (None, None, None);
    cbor::map::<StatusError>(&mut Decoder::new(payload), |decoder, label| {
        match label {
            Label::Int(claim::SUBJECT) => subject = Some(decoder.str().map_err(malformed)?.to_owned()),
            Label::Int(claim::EXPIRES_AT) => expires_at = Some(cbor_date(decoder)?),
            Label::Int(claim::NOT_BEFORE) => not_before = Some(cbor_date(decoder)?),
            Label::Int(claim::ISSUED_AT) => issued_at = Some(cbor_date(decoder)?),
            Label::Int(claim::TIME_TO_LIVE) => {
                let seconds = decoder
                    .u64()
                    .ok()
                    .filter(|seconds| *seconds > 0)
                    .ok_or(StatusError::TimeToLive)?;
                time_to_live = Some(Duration::from_secs(seconds).min(MAX_TIME_TO_LIVE));
            }
            Label::Int(claim::STATUS_LIST) => list = Some(cbor_list(decoder)?),
            _ => {
                cbor::skip(decoder)?;
            }
        }
        Ok(())
    })?;
    Ok(Claims {
        subject: subject.ok_or(StatusError::Malformed)?,
        issued_at: issued_at.ok_or(StatusError::Malformed)?,
        not_before,
        expires_at,
        time_to_live,
        list: list.ok_or(StatusError::Malformed)?,
    })
}

/// The StatusList structure in CBOR (section 4.3).
fn cbor_list(decoder: &mut Decoder<'_>) -> Result<StatusList, StatusError> {
    let (mut bits, mut lst) = (None, None);
    cbor::map::<StatusError>(decoder, |decoder, label| {
        match label {
            Label::Text("bits") => bits = Some(decoder.u64().map_err(|_| StatusError::Bits)?),
            Label::Text("lst") => lst = Some(decoder.bytes().map_err(malformed)?.to_vec()),
            _ => {
                cbor::skip(decoder)?;
            }
        }
        Ok(())
    })?;
    let size = StatusSize::from_bits(bits.ok_or(StatusError::Bits)?)?;
    Ok(StatusList::from_zlib(size, lst.ok_or(StatusError::Malformed)?))
}

/// A NumericDate (RFC 8392, 2): a number of seconds without a tag; a fraction is cut off.
fn cbor_date(decoder: &mut Decoder<'_>) -> Result<Timestamp, StatusError> {
    match decoder.datatype().map_err(malformed)? {
        kind if cbor::is_integer(kind) => decoder.i64().map(Timestamp::from_unix).map_err(malformed),
        Type::F16 | Type::F32 | Type::F64 => {
            let seconds = decoder.f64().map_err(malformed)?;
            numeric_date(&Value::from(seconds)).ok_or(StatusError::Malformed)
        }
        _ => Err(StatusError::Malformed),
    }
}

fn malformed(_: minicbor::decode::Error) -> StatusError {
    StatusError::Malformed
}

impl From<CborError> for StatusError {
    fn from(_: CborError) -> Self {
        Self::Malformed
    }
}
