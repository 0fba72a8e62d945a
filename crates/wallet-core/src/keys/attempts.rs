//! The count of wrong PINs: written down before the PIN is looked at, so that killing the program saves nobody a count.
//!
//! It slows a person at the keyboard. It never wipes, and it is no defence against a copied disk.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::keystore::{Item, Keystore};
use super::{KeysError, KeystoreError, PinError};
use crate::clock::{after, seconds};

/// How many wrong PINs are free before the first wait.
pub(super) const FREE: u32 = 5;

/// The count as kept in the keystore.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attempts {
    /// Attempts since the last right PIN.
    count: u32,
    /// When the last one was counted, in seconds since 1970.
    last: i64,
}

impl Attempts {
    /// The count of a new wallet.
    pub(super) fn start(keystore: &Keystore, now: Timestamp) -> Result<(), KeysError> {
        Self {
            count: 0,
            last: now.as_second(),
        }
        .save(keystore)
    }

    /// The count as it stands. One that is gone or unreadable has nothing free: removing it buys no attempt, and as it
    /// opens nothing, it locks nobody out.
    pub(super) fn load(keystore: &Keystore, now: Timestamp) -> Result<Self, KeysError> {
        let lost = Self {
            count: FREE,
            last: now.as_second(),
        };
        let kept = match keystore.get(Item::Attempts) {
            Ok(bytes) => serde_json::from_slice::<Self>(&bytes).ok(),
            Err(KeystoreError::Missing | KeystoreError::Unexpected) => None,
            Err(error) => return Err(error.into()),
        };
        match kept {
            // The clock went back: the wait starts again from now. It neither ends early nor lasts for years.
            Some(kept) if kept.last > now.as_second() => {
                let restarted = Self {
                    last: now.as_second(),
                    ..kept
                };
                restarted.save(keystore)?;
                Ok(restarted)
            }
            Some(kept) => Ok(kept),
            None => {
                lost.save(keystore)?;
                Ok(lost)
            }
        }
    }

    /// Counts an attempt about to be made. When this returns, it is on the disk.
    pub(super) fn count(&mut self, keystore: &Keystore, now: Timestamp) -> Result<(), KeysError> {
        if let Some(until) = self.blocked_until(now) {
            return Err(PinError::Blocked { until }.into());
        }
        *self = Self {
            count: self.count.saturating_add(1),
            last: now.as_second(),
        };
        self.save(keystore)
    }

    /// The PIN was right.
    pub(super) fn forgive(&mut self, keystore: &Keystore, now: Timestamp) -> Result<(), KeysError> {
        *self = Self {
            count: 0,
            last: now.as_second(),
        };
        self.save(keystore)
    }

    /// The PIN was wrong: how many are free still, or until when to wait.
    pub(super) fn verdict(self, now: Timestamp) -> PinError {
        match self.blocked_until(now) {
            Some(until) => PinError::Blocked { until },
            None => PinError::Wrong {
                tries_left: FREE.saturating_sub(self.count),
            },
        }
    }

    /// Until when no PIN may be tried.
    pub(super) fn blocked_until(self, now: Timestamp) -> Option<Timestamp> {
        let until = after(seconds(self.last), wait(self.count));
        (until > now).then_some(until)
    }

    fn save(self, keystore: &Keystore) -> Result<(), KeysError> {
        let bytes = serde_json::to_vec(&self).map_err(|_| KeystoreError::Unexpected)?;
        Ok(keystore.put(Item::Attempts, &bytes)?)
    }
}

/// The wait after so many wrong PINs, in seconds.
fn wait(count: u32) -> u32 {
    const MINUTE: u32 = 60;
    match count {
        0..FREE => 0,
        FREE => MINUTE,
        6 => 5 * MINUTE,
        7 => 15 * MINUTE,
        _ => 60 * MINUTE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_never_shrink() {
        let waits: Vec<u32> = (0..=9).map(wait).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 60, 300, 900, 3600, 3600]);
    }
}
