//! The signed status list (section 5), in either form, and the rules it is believed under.

use std::time::Duration;

use super::signed::Signed;
use super::{StatusError, StatusList, StatusSigners, StatusType};
use crate::time::Timestamp;
use crate::trust::Certificate;
use crate::verified::{Unverified, Verification};

/// How far `iat` and `nbf` may lie in the future, for clocks that disagree.
const CLOCK_LEEWAY: Duration = Duration::from_secs(60);

/// The longest time to live that is believed; longer ones are cut to it.
pub(super) const MAX_TIME_TO_LIVE: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// A Status List Token, as JWT (section 5.1) or CWT (section 5.2).
pub struct StatusListToken {
    signed: Signed,
    claims: Claims,
}

/// The claims of a token, whichever form they came in.
pub(super) struct Claims {
    pub(super) subject: String,
    pub(super) issued_at: Timestamp,
    pub(super) not_before: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) time_to_live: Option<Duration>,
    pub(super) list: StatusList,
}

/// What a Status List Token is verified against.
#[derive(Clone, Copy)]
pub struct StatusListExpectation<'a> {
    /// Who may say whether credentials of this issuer still count.
    pub signers: StatusSigners<'a>,
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
    /// Reads a token as it was received, a JWT in compact serialisation or a tagged CWT. Which it is its first byte says,
    /// whatever media type came with it; what counts is the signed type.
    ///
    /// # Errors
    /// [`StatusError::Malformed`], [`StatusError::Type`], [`StatusError::TimeToLive`], [`StatusError::Bits`] and
    /// [`StatusError::Compression`].
    pub fn parse<T: AsRef<[u8]> + ?Sized>(token: &T) -> Result<Unverified<Self>, StatusError> {
        let (signed, claims) = Signed::parse(token.as_ref())?;
        Ok(Unverified::new(Self { signed, claims }))
    }

    /// The status at `index`.
    ///
    /// # Errors
    /// [`StatusError::IndexOutOfBounds`]: the status is unknown, never "valid".
    pub fn status_at(&self, index: u64) -> Result<StatusType, StatusError> {
        self.claims.list.status_at(index)
    }

    /// The token, as received.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.signed.as_bytes()
    }

    /// `iat`: when the list was made.
    #[must_use]
    pub const fn issued_at(&self) -> Timestamp {
        self.claims.issued_at
    }

    /// `exp`: from when it must not be relied on.
    #[must_use]
    pub const fn expires_at(&self) -> Option<Timestamp> {
        self.claims.expires_at
    }

    /// `ttl`: how long it may be kept before a new one should be fetched.
    #[must_use]
    pub const fn time_to_live(&self) -> Option<Duration> {
        self.claims.time_to_live
    }

    /// Whether this token, fetched at `fetched_at`, may still be used at `now`. Without `ttl` it is fresh until `exp`;
    /// with neither it is always worth a new one.
    #[must_use]
    pub fn freshness(&self, fetched_at: Timestamp, now: Timestamp) -> Freshness {
        if self.claims.expires_at.is_some_and(|expires_at| now >= expires_at) {
            return Freshness::Expired;
        }
        let fresh = match self.claims.time_to_live {
            Some(time_to_live) => now < fetched_at.plus(time_to_live),
            None => self.claims.expires_at.is_some(),
        };
        if fresh { Freshness::Fresh } else { Freshness::Stale }
    }
}

impl Unverified<StatusListToken> {
    /// `kid` of a JWT, where the Status Issuer names its key so: a DID URL.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.inside().signed.key_id()
    }

    /// The Status Issuer's certificates, its own first: `x5c` of a JWT (HAIP 1.0, 6.1), x5chain of a CWT (RFC 9360).
    ///
    /// # Errors
    /// [`StatusError::Certificate`]. A token without certificates has an empty chain.
    pub fn certificates(&self) -> Result<Vec<Certificate>, StatusError> {
        self.inside().signed.certificates()
    }
}

impl Verification for StatusListToken {
    type Against<'a> = StatusListExpectation<'a>;
    type Error = StatusError;

    /// The rules of section 8.3: the signer, the signature, `sub`, `iat`, `nbf`, `exp`, and a list that inflates
    /// completely. To learn what was true at an earlier instant (section 8.4), verify with that instant for `now`: a token
    /// that does not cover it is refused.
    fn check(&self, against: StatusListExpectation<'_>, now: Timestamp) -> Result<(), StatusError> {
        let claims = &self.claims;
        let key = against.signers.key(&self.signed, now)?;
        self.signed.verify(&key)?;
        if claims.subject != against.uri {
            return Err(StatusError::Subject);
        }
        let latest = now.plus(CLOCK_LEEWAY);
        if claims.issued_at > latest || claims.not_before.is_some_and(|start| start > latest) {
            return Err(StatusError::FromTheFuture);
        }
        if claims.expires_at.is_some_and(|expires_at| now >= expires_at) {
            return Err(StatusError::Expired);
        }
        claims.list.check().map(|_| ())
    }
}
