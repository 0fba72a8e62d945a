//! The signed status list (section 5.1), in its JWT form.

use std::time::Duration;

use serde_json::Value;

use super::{StatusError, StatusList, StatusType, TOKEN_TYPE};
use crate::crypto::VerificationKey;
use crate::jose::{Jws, JwsHeader, json, numeric_date};
use crate::time::Timestamp;
use crate::verified::{Unverified, Verification};

/// How far `iat` may lie in the future, for clocks that disagree.
const CLOCK_LEEWAY: Duration = Duration::from_secs(60);

/// The longest time to live that is believed; longer ones are cut to it.
const MAX_TIME_TO_LIVE: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// A Status List Token.
pub struct StatusListToken {
    text: String,
    header: JwsHeader,
    subject: String,
    issued_at: Timestamp,
    expires_at: Option<Timestamp>,
    time_to_live: Option<Duration>,
    list: StatusList,
}

/// What a Status List Token is verified against.
#[derive(Clone, Copy)]
pub struct StatusListExpectation<'a> {
    /// The key of the Status Issuer.
    pub key: &'a VerificationKey,
    /// The URI in the credential's [`super::StatusReference`].
    pub uri: &'a str,
}

/// Whether a token fetched earlier may still be used (sections 8.2, 13.7). The token's claims decide, not HTTP headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Use it; no need to fetch.
    Fresh,
    /// Fetch a new one; until then this one may be used.
    Stale,
    /// It has expired and must not be relied on.
    Expired,
}

impl StatusListToken {
    /// Reads a token in compact serialisation.
    ///
    /// # Errors
    /// [`StatusError::Malformed`], [`StatusError::Type`], [`StatusError::TimeToLive`], [`StatusError::Bits`] and
    /// [`StatusError::Compression`].
    pub fn parse(text: &str) -> Result<Unverified<Self>, StatusError> {
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
        Ok(Unverified::new(Self {
            text: text.to_owned(),
            header: jws.header().clone(),
            subject: claims
                .get("sub")
                .and_then(Value::as_str)
                .ok_or(StatusError::Malformed)?
                .to_owned(),
            issued_at: instant("iat")?.ok_or(StatusError::Malformed)?,
            expires_at: instant("exp")?,
            time_to_live: claims.get("ttl").map(time_to_live).transpose()?,
            list: StatusList::from_claim(claims.get("status_list").ok_or(StatusError::Malformed)?)?,
        }))
    }

    /// The status at `index`.
    ///
    /// # Errors
    /// [`StatusError::IndexOutOfBounds`]: the status is unknown, never "valid".
    pub fn status_at(&self, index: u64) -> Result<StatusType, StatusError> {
        self.list.status_at(index)
    }

    /// The compact serialisation, as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `iat`: when the list was made.
    #[must_use]
    pub const fn issued_at(&self) -> Timestamp {
        self.issued_at
    }

    /// `exp`: from when it must not be relied on.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// `ttl`: how long it may be kept before a new one should be fetched.
    #[must_use]
    pub const fn time_to_live(&self) -> Option<Duration> {
        self.time_to_live
    }

    /// Whether this token, fetched at `fetched_at`, may still be used at `now`. Without `ttl` it is fresh until `exp`;
    /// with neither it is always worth a new one.
    #[must_use]
    pub fn freshness(&self, fetched_at: Timestamp, now: Timestamp) -> Freshness {
        if self.expires_at.is_some_and(|expires_at| now >= expires_at) {
            return Freshness::Expired;
        }
        let fresh = match self.time_to_live {
            Some(time_to_live) => now < fetched_at.plus(time_to_live),
            None => self.expires_at.is_some(),
        };
        if fresh { Freshness::Fresh } else { Freshness::Stale }
    }
}

impl Unverified<StatusListToken> {
    /// The protected header, to find the key of the Status Issuer: `x5c` under HAIP 1.0, 6.1.
    #[must_use]
    pub const fn header(&self) -> &JwsHeader {
        &self.inside().header
    }
}

impl Verification for StatusListToken {
    type Against<'a> = StatusListExpectation<'a>;
    type Error = StatusError;

    /// The rules of section 8.3: signature, `sub`, `iat`, `exp`, and a list that inflates completely.
    fn check(&self, against: StatusListExpectation<'_>, now: Timestamp) -> Result<(), StatusError> {
        Jws::parse(&self.text)
            .and_then(|jws| jws.verify_signature(against.key))
            .map_err(|_| StatusError::Signature)?;
        if self.subject != against.uri {
            return Err(StatusError::Subject);
        }
        if self.issued_at > now.plus(CLOCK_LEEWAY) {
            return Err(StatusError::FromTheFuture);
        }
        if self.expires_at.is_some_and(|expires_at| now >= expires_at) {
            return Err(StatusError::Expired);
        }
        self.list.check().map(|_| ())
    }
}

fn time_to_live(value: &Value) -> Result<Duration, StatusError> {
    let seconds = value
        .as_f64()
        .filter(|seconds| *seconds > 0.0)
        .ok_or(StatusError::TimeToLive)?;
    Ok(Duration::try_from_secs_f64(seconds).map_or(MAX_TIME_TO_LIVE, |ttl| ttl.min(MAX_TIME_TO_LIVE)))
}
