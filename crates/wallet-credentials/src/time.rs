//! Instants and civil dates. This crate never reads a clock: "now" is an argument.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why a text is not an instant or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Not a date-time with an offset (RFC 3339, 5.6).
    #[error("not an RFC 3339 date-time")]
    NotADateTime,
    /// Not a full-date (RFC 3339, 5.6).
    #[error("not an RFC 3339 full-date")]
    NotADate,
}

/// An instant, in whole seconds since 1970-01-01T00:00:00Z (negative before), as in JWT NumericDate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant this many seconds after the Unix epoch.
    #[must_use]
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub const fn as_unix(self) -> i64 {
        self.0
    }

    /// Reads an RFC 3339 date-time; a fraction of a second is cut off.
    ///
    /// # Errors
    /// [`TimeError::NotADateTime`] for anything else, a date-time without an offset included.
    pub fn parse_rfc3339(text: &str) -> Result<Self, TimeError> {
        let shape = text.as_bytes();
        // jiff also reads other ISO 8601 shapes; RFC 3339 fixes the width of every field before the fraction.
        let rfc3339 = shape.len() >= 20
            && shape.len() <= 64
            && shape.get(4) == Some(&b'-')
            && shape.get(7) == Some(&b'-')
            && shape.get(10).is_some_and(|b| matches!(b, b'T' | b't' | b' '))
            && shape.get(13) == Some(&b':')
            && shape.get(16) == Some(&b':')
            && !text.contains('[');
        if !rfc3339 {
            return Err(TimeError::NotADateTime);
        }
        let instant: jiff::Timestamp = text.parse().map_err(|_| TimeError::NotADateTime)?;
        Ok(Self(instant.as_duration().as_secs()).floor_of(instant))
    }

    fn floor_of(self, instant: jiff::Timestamp) -> Self {
        // Before 1970 a fraction counts towards zero in jiff; "cut off" means the earlier second.
        if instant.subsec_nanosecond() < 0 {
            Self(self.0.saturating_sub(1))
        } else {
            self
        }
    }

    /// The RFC 3339 form in UTC without a fraction, as in `2026-11-23T10:00:00Z`. Instants outside the years jiff
    /// knows (−9999 to 9999) come out as the nearest one it knows.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        self.to_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The civil date of this instant in UTC.
    #[must_use]
    pub fn utc_date(self) -> CivilDate {
        CivilDate(jiff::tz::Offset::UTC.to_datetime(self.to_jiff()).date())
    }

    /// This instant as jiff has it, held inside the range jiff knows.
    #[must_use]
    pub fn to_jiff(self) -> jiff::Timestamp {
        let clamped = self
            .0
            .clamp(jiff::Timestamp::MIN.as_second(), jiff::Timestamp::MAX.as_second());
        jiff::Timestamp::from_second(clamped).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }

    /// This much later; stops at the end of time instead of overflowing.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)),
        )
    }

    /// This much earlier; stops at the beginning of time instead of overflowing.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)),
        )
    }

    /// Seconds from `earlier` to this instant; negative when `earlier` is later.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_rfc3339())
    }
}

/// A date of the calendar without a time or zone, such as a date of birth (RFC 3339 full-date).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate(jiff::civil::Date);

impl CivilDate {
    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`TimeError::NotADate`] for any other shape and for days that do not exist.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let shape = text.as_bytes();
        let full_date = shape.len() == 10
            && shape.iter().enumerate().all(|(at, byte)| {
                if at == 4 || at == 7 {
                    *byte == b'-'
                } else {
                    byte.is_ascii_digit()
                }
            });
        if !full_date {
            return Err(TimeError::NotADate);
        }
        text.parse().map(Self).map_err(|_| TimeError::NotADate)
    }

    /// The date as jiff has it.
    #[must_use]
    pub const fn to_jiff(self) -> jiff::civil::Date {
        self.0
    }

    /// Whole years lived on `day` by someone born on this date. Someone born on 29 February has the birthday on 1 March
    /// in common years.
    #[must_use]
    pub fn age_on(self, day: Self) -> i16 {
        let years = day.0.year().saturating_sub(self.0.year());
        let had_birthday = (day.0.month(), day.0.day()) >= (self.0.month(), self.0.day());
        if had_birthday { years } else { years.saturating_sub(1) }
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_goes_in_and_out() {
        let instant = Timestamp::parse_rfc3339("2026-11-23T10:00:00Z").unwrap();
        assert_eq!(instant.as_unix(), 1_795_428_000);
        assert_eq!(instant.to_string(), "2026-11-23T10:00:00Z");
        assert_eq!(
            Timestamp::parse_rfc3339("2026-11-23T11:00:00.75+01:00").unwrap(),
            instant
        );
        assert_eq!(
            Timestamp::parse_rfc3339("1969-12-31T23:59:59.5Z").unwrap(),
            Timestamp::from_unix(-1)
        );
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in [
            "",
            "2026-11-23",
            "2026-11-23T10:00:00",
            "2026-11-23T10:00:00Z[UTC]",
            "20261123T100000Z",
            "2026-13-01T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse_rfc3339(text), Err(TimeError::NotADateTime), "{text}");
        }
    }

    #[test]
    fn instants_beyond_the_calendar_do_not_panic() {
        assert!(Timestamp::from_unix(i64::MAX).to_rfc3339().starts_with("9999-"));
        assert!(!Timestamp::from_unix(i64::MIN).to_rfc3339().is_empty());
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        let born = CivilDate::parse("2008-02-29").unwrap();
        assert_eq!(born.age_on(CivilDate::parse("2026-02-28").unwrap()), 17);
        assert_eq!(born.age_on(CivilDate::parse("2026-03-01").unwrap()), 18);
        assert_eq!(CivilDate::parse("2026-2-03"), Err(TimeError::NotADate));
        assert_eq!(CivilDate::parse("2026-02-30"), Err(TimeError::NotADate));
    }
}
