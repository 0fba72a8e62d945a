//! When an issuer is asked for fresh copies: at appointments that were fixed before anybody knew when the copies would be
//! used.
//!
//! Every document has its own: one in each period, at a time that a random seed in the encrypted store decides. What an
//! appointment finds is the document as it stood *then*: what happened afterwards, a sharing a minute ago for example, waits
//! for the next one. So an issuer that is asked learns that copies went in the time between two appointments, and not when.
//!
//! Functions of time and seed only: nothing here has a clock, randomness or a store.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::clock::seconds;

/// One appointment in each of these, in seconds: a day.
pub(super) const PERIOD: i64 = 24 * 60 * 60;
/// A document with one copy in this many left has few left (experience 1.5: a fifth).
const FEW: u32 = 5;
/// Re-issue begins when this part of a document's life is left: a fifth, give or take a quarter of it, and never more than
/// [`EARLIEST`] before the end.
const LAST_PART: i64 = 5;
/// Sixty days, in seconds: as early as the screens say that a document is ending.
const EARLIEST: i64 = 60 * 24 * 60 * 60;
/// After so many failures in a row the wait grows no longer: it is 2⁵ periods then, about a month.
const LONGEST_WAIT: u32 = 5;

/// The appointments of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Calendar {
    /// Random, and known to nobody else.
    seed: [u8; 32],
    /// When the first period began (UNIX seconds).
    since: i64,
    /// The last appointment that was kept; 0 for none.
    kept: u64,
    /// How often in a row nothing came of it.
    missed: u32,
}

impl Calendar {
    /// The appointments of a document that was had now.
    pub(super) fn begin(seed: [u8; 32], now: Timestamp) -> Self {
        Self {
            seed,
            since: now.as_second(),
            kept: 0,
            missed: 0,
        }
    }

    /// The time of an appointment, from 1. Each stands in its own period, anywhere.
    fn at(&self, number: u64) -> Timestamp {
        let start = i64::try_from(number).unwrap_or(i64::MAX).saturating_mul(PERIOD);
        let offset = i64::try_from(self.draw(number) % PERIOD.unsigned_abs()).unwrap_or(0);
        seconds(self.since.saturating_add(start).saturating_add(offset))
    }

    /// The number drawn for this place; 0 is no appointment.
    fn draw(&self, number: u64) -> u64 {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.seed) else {
            // A key of any length is one.
            return 0;
        };
        mac.update(&number.to_be_bytes());
        let drawn = mac.finalize().into_bytes();
        drawn
            .first_chunk()
            .map_or(0, |first: &[u8; 8]| u64::from_be_bytes(*first))
    }

    /// The last appointment that has come; 0 for none.
    fn latest(&self, now: Timestamp) -> u64 {
        let passed = now.as_second().saturating_sub(self.since).div_euclid(PERIOD);
        let number = u64::try_from(passed).unwrap_or(0);
        match number {
            0 => 0,
            number if self.at(number) <= now => number,
            number => number.saturating_sub(1),
        }
    }

    /// The first appointment that may be kept: the next, or later where nothing came of the last ones.
    fn first_free(&self) -> u64 {
        let wait = 1_u64 << self.missed.min(LONGEST_WAIT);
        self.kept.saturating_add(wait)
    }

    /// The appointment to keep now, where one has come: the document is looked at as it stood then.
    pub(super) fn due(&self, now: Timestamp) -> Option<Timestamp> {
        let latest = self.latest(now);
        (latest > 0 && latest >= self.first_free()).then(|| self.at(latest))
    }

    /// When the next appointment comes.
    pub(super) fn next(&self, now: Timestamp) -> Timestamp {
        self.at(self.latest(now).saturating_add(1).max(self.first_free()))
    }

    /// Notes that the issuer was asked; `missed` where nothing came of it.
    pub(super) fn keep(&mut self, now: Timestamp, missed: bool) {
        // Never back, whatever the device's clock says.
        self.kept = self.kept.max(self.latest(now));
        self.missed = if missed { self.missed.saturating_add(1) } else { 0 };
    }
}

/// What a document has, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stock {
    /// For each copy, when it was given away.
    pub(super) copies: Vec<Option<Timestamp>>,
    /// When the copies were had.
    pub(super) fetched: Timestamp,
    /// When they end.
    pub(super) until: Option<Timestamp>,
    /// When the issuer expects to say something new (`expectedUpdate`, ISO/IEC 18013-5:2021, 9.1.2.4).
    pub(super) update: Option<Timestamp>,
}

/// Why fresh copies are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// No copy is left that was not given away: services can match visits already.
    NoneLeft,
    /// Few are left.
    FewLeft,
    /// The document ends.
    Ending,
    /// The issuer has something new to say.
    Updated,
}

impl Stock {
    /// Why fresh copies were wanted at this time, if they were. What was given away later is not looked at.
    pub(super) fn wants(&self, at: Timestamp, calendar: &Calendar) -> Option<Want> {
        let all = u32::try_from(self.copies.len()).unwrap_or(u32::MAX);
        let left = self.copies.iter().filter(|spent| spent.is_none_or(|spent| spent > at));
        let left = u32::try_from(left.count()).unwrap_or(u32::MAX);
        // A single copy is used again and again; another single one would change nothing.
        let several = all > 1;
        match () {
            () if several && left == 0 => Some(Want::NoneLeft),
            () if several && left.saturating_mul(FEW) <= all => Some(Want::FewLeft),
            () if self.until.is_some_and(|until| self.ends_soon(until, at, calendar)) => Some(Want::Ending),
            () if self.update.is_some_and(|update| update <= at && self.fetched < update) => Some(Want::Updated),
            () => None,
        }
    }

    fn ends_soon(&self, until: Timestamp, at: Timestamp, calendar: &Calendar) -> bool {
        let life = until.as_second().saturating_sub(self.fetched.as_second()).max(0);
        let part = life / LAST_PART;
        // Three to five quarters of it, the same each time this document is looked at.
        let quarter = i64::try_from(calendar.draw(0) % 1_000).unwrap_or(0);
        let lead = part.saturating_mul(750 + quarter / 2) / 1_000;
        until.as_second().saturating_sub(lead.min(EARLIEST)) <= at.as_second()
    }
}

#[cfg(test)]
mod tests;
