//! The one door to the time of day.
//!
//! Floors below take the time as an argument; only journeys ask this clock.

use jiff::Timestamp;

/// Tells the time, in whole seconds: the resolution of every stored instant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock;

impl Clock {
    /// The time by the device's clock, with the fraction of the second dropped.
    #[must_use]
    pub fn now(self) -> Timestamp {
        seconds(Timestamp::now().as_second())
    }
}

/// The instant that many seconds after 1970; the nearest representable one for numbers out of range.
#[must_use]
pub fn seconds(since_1970: i64) -> Timestamp {
    Timestamp::from_second(since_1970.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second()))
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// `at` plus a number of seconds, ending at the last representable instant.
#[must_use]
pub fn after(at: Timestamp, wait: u32) -> Timestamp {
    seconds(at.as_second().saturating_add(i64::from(wait)))
}

/// The same instant as the lower floors write it.
#[must_use]
pub fn lower(at: Timestamp) -> wallet_credentials::time::Timestamp {
    wallet_credentials::time::Timestamp::from_unix(at.as_second())
}

/// An instant of the lower floors as this one writes it.
#[must_use]
pub fn upper(at: wallet_credentials::time::Timestamp) -> Timestamp {
    seconds(at.as_unix())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_has_no_fraction_of_a_second() {
        assert_eq!(Clock.now().subsec_nanosecond(), 0);
    }

    #[test]
    fn the_last_instant_is_the_end() {
        assert_eq!(after(Timestamp::MAX, 60).as_second(), Timestamp::MAX.as_second());
        assert_eq!(seconds(i64::MIN).as_second(), Timestamp::MIN.as_second());
    }
}
