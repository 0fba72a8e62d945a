//! The issuing side of status lists.

use std::io::Write as _;
use std::time::Duration;

use coset::iana::HeaderParameter;
use coset::{CoseSign1Builder, Header, HeaderBuilder, TaggedCborSerializable as _, iana};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};

use super::signed::{TYPE_HEADER, claim};
use super::{CWT_TYPE, MAX_LIST_BYTES, StatusError, StatusList, StatusSize, StatusType, TOKEN_TYPE};
use crate::cose::cbor;
use crate::crypto::Signer;
use crate::jose::{SigningHeader, base64url};
use crate::time::Timestamp;
use crate::trust::Certificate;

/// A status list that can be changed, compressed and signed.
#[derive(Clone)]
pub struct StatusListBuilder {
    size: StatusSize,
    entries: u64,
    bytes: Vec<u8>,
}

impl StatusListBuilder {
    /// A list of `entries` statuses, all [`StatusType::Valid`].
    ///
    /// # Errors
    /// [`StatusError::TooLarge`] when it takes more than [`MAX_LIST_BYTES`].
    pub fn new(size: StatusSize, entries: u64) -> Result<Self, StatusError> {
        let bits = entries
            .checked_mul(u64::from(size.bits()))
            .ok_or(StatusError::TooLarge)?;
        let bytes = bits.div_ceil(8);
        if bytes > MAX_LIST_BYTES {
            return Err(StatusError::TooLarge);
        }
        let bytes = usize::try_from(bytes).map_err(|_| StatusError::TooLarge)?;
        Ok(Self {
            size,
            entries,
            bytes: vec![0; bytes],
        })
    }

    /// Sets the status at `index`.
    ///
    /// # Errors
    /// [`StatusError::IndexOutOfBounds`], and [`StatusError::StatusTooLarge`] when the status needs more bits than an
    /// entry has.
    pub fn set(&mut self, index: u64, status: StatusType) -> Result<(), StatusError> {
        let (byte, shift, mask) = self
            .size
            .place(index)
            .filter(|_| index < self.entries)
            .ok_or(StatusError::IndexOutOfBounds)?;
        if status.value() > mask {
            return Err(StatusError::StatusTooLarge);
        }
        let byte = usize::try_from(byte).ok().and_then(|byte| self.bytes.get_mut(byte));
        let byte = byte.ok_or(StatusError::IndexOutOfBounds)?;
        let cleared = *byte & !mask.checked_shl(shift).unwrap_or_default();
        *byte = cleared | status.value().checked_shl(shift).unwrap_or_default();
        Ok(())
    }

    /// The list, compressed with zlib at the highest level (section 4.1).
    ///
    /// # Errors
    /// [`StatusError::Compression`] when the compressor fails.
    pub fn compress(&self) -> Result<StatusList, StatusError> {
        Ok(StatusList::from_zlib(self.size, self.zlib()?))
    }

    /// The `status_list` claim (section 4.2).
    ///
    /// # Errors
    /// [`StatusError::Compression`] when the compressor fails.
    pub fn to_claim(&self) -> Result<Value, StatusError> {
        Ok(json!({"bits": self.size.bits(), "lst": base64url::encode(&self.zlib()?)}))
    }

    /// Signs the list as a Status List Token for `uri` (section 5.1). `header` is completed with the token's type; it
    /// carries `x5c` under HAIP 1.0, 6.1.
    ///
    /// # Errors
    /// [`StatusError::NotSigned`] and [`StatusError::Compression`].
    pub fn sign(
        &self,
        uri: &str,
        issued_at: Timestamp,
        lifetime: Lifetime,
        header: SigningHeader,
        signer: &dyn Signer,
    ) -> Result<String, StatusError> {
        let claims = json!({
            "sub": uri,
            "iat": issued_at.as_unix(),
            "exp": issued_at.plus(lifetime.validity).as_unix(),
            "ttl": lifetime.time_to_live.as_secs().max(1),
            "status_list": self.to_claim()?,
        });
        header
            .member("typ", TOKEN_TYPE.into())
            .sign_json(&claims, signer)
            .map_err(|_| StatusError::NotSigned)
    }

    /// Signs the list as a Status List Token in CWT form for `uri` (section 5.2): COSE_Sign1 with its tag, ES256, and the
    /// signer's certificates in x5chain, its own first, without the trust anchor.
    ///
    /// # Errors
    /// [`StatusError::NotSigned`] and [`StatusError::Compression`].
    pub fn sign_cwt(
        &self,
        uri: &str,
        issued_at: Timestamp,
        lifetime: Lifetime,
        chain: &[Certificate],
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, StatusError> {
        let lst = self.zlib()?;
        let payload = cbor::write(|out| {
            let date = |instant: Timestamp| i128::from(instant.as_unix());
            out.map(5);
            out.int(claim::SUBJECT.into()).text(uri);
            out.int(claim::EXPIRES_AT.into())
                .int(date(issued_at.plus(lifetime.validity)));
            out.int(claim::ISSUED_AT.into()).int(date(issued_at));
            out.int(claim::STATUS_LIST.into()).map(2);
            out.text("lst").bytes(&lst);
            out.text("bits").uint(self.size.bits().into());
            out.int(claim::TIME_TO_LIVE.into())
                .uint(lifetime.time_to_live.as_secs().max(1));
        });
        let protected = HeaderBuilder::new()
            .algorithm(iana::Algorithm::ES256)
            .value(TYPE_HEADER, CWT_TYPE.into())
            .build();
        let signed = CoseSign1Builder::new()
            .protected(protected)
            .unprotected(x5chain(chain))
            .payload(payload)
            .try_create_signature(&[], |message| signer.sign(message).map(|signature| signature.to_vec()))
            .map_err(|_| StatusError::NotSigned)?
            .build();
        signed.to_tagged_vec().map_err(|_| StatusError::NotSigned)
    }

    fn zlib(&self) -> Result<Vec<u8>, StatusError> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&self.bytes).map_err(|_| StatusError::Compression)?;
        encoder.finish().map_err(|_| StatusError::Compression)
    }
}

/// How long a Status List Token lives.
#[derive(Clone, Copy, Debug)]
pub struct Lifetime {
    /// From `iat` to `exp`.
    pub validity: Duration,
    /// `ttl`: how long it may be kept before a new one should be fetched.
    pub time_to_live: Duration,
}

/// One certificate is a byte string, more are an array of them (RFC 9360, 2).
fn x5chain(chain: &[Certificate]) -> Header {
    let der = |certificate: &Certificate| ciborium::Value::from(certificate.as_der());
    let value = match chain {
        [] => return Header::default(),
        [only] => der(only),
        several => ciborium::Value::Array(several.iter().map(der).collect()),
    };
    HeaderBuilder::new()
        .value(HeaderParameter::X5Chain as i64, value)
        .build()
}
