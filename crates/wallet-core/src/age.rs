//! Ages: what an `age_over_NN` says about another age, and when a person reaches one.
//!
//! An age is reached at the start of the birthday (Family Law Reform Act 1969, s. 9) in London. Who was born on 29 February
//! reaches it on 1 March in years that have no such day, as United Kingdom law is read.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// The prefix of the elements that state an age (ISO/IEC 18013-5, 7.2.5).
const PREFIX: &str = "age_over_";

/// The NN of an element `age_over_NN`: two digits.
#[must_use]
pub fn stated(element: &str) -> Option<u8> {
    let digits = element.strip_prefix(PREFIX)?;
    (digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

/// The statement that answers "is this person `asked` or over?" (ISO/IEC 18013-5, 7.2.5, nearest match): the true one with
/// the smallest NN that is `asked` or more; where there is none, the false one with the largest NN that is `asked` or less;
/// else there is no answer. Returns what it says, and what came with the statement.
pub fn nearest<T>(statements: impl IntoIterator<Item = (u8, bool, T)>, asked: u8) -> Option<(bool, T)> {
    let mut yes: Option<(u8, T)> = None;
    let mut no: Option<(u8, T)> = None;
    for (age, over, from) in statements {
        if over && age >= asked && yes.as_ref().is_none_or(|(known, _)| age < *known) {
            yes = Some((age, from));
        } else if !over && age <= asked && no.as_ref().is_none_or(|(known, _)| age > *known) {
            no = Some((age, from));
        }
    }
    yes.map(|(_, from)| (true, from))
        .or_else(|| no.map(|(_, from)| (false, from)))
}

/// The first day of an age: the birthday, 1 March for who was born on 29 February where the year has no such day. `None`
/// beyond the calendar.
#[must_use]
pub fn birthday(born: Date, age: u8) -> Option<Date> {
    let same_day = born.checked_add(i64::from(age).years()).ok()?;
    if same_day.day() == born.day() {
        Some(same_day)
    } else {
        same_day.tomorrow().ok()
    }
}

/// The instant at which a person reaches an age: the start of [`birthday`] in London.
#[must_use]
pub fn reached_at(born: Date, age: u8) -> Option<Timestamp> {
    let london = TimeZone::get("Europe/London").ok()?;
    Some(birthday(born, age)?.to_zoned_datetime(london).ok()?.timestamp())
}

/// Whether a person born on this day has reached an age.
#[must_use]
pub fn has_reached(born: Date, age: u8, now: Timestamp) -> bool {
    reached_at(born, age).is_some_and(|reached| reached <= now)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn answer(statements: &[(u8, bool)], asked: u8) -> Option<(bool, u8)> {
        nearest(statements.iter().map(|(age, over)| (*age, *over, *age)), asked)
    }

    /// ISO/IEC 18013-5, 7.2.5, with the elements a British licence has.
    #[test]
    fn the_nearest_statement_answers() {
        let adult = [(18, true), (21, true), (25, false)];
        assert_eq!(answer(&adult, 18), Some((true, 18)));
        assert_eq!(answer(&adult, 16), Some((true, 18)));
        assert_eq!(answer(&adult, 19), Some((true, 21)));
        assert_eq!(answer(&adult, 21), Some((true, 21)));
        assert_eq!(answer(&adult, 25), Some((false, 25)));
        assert_eq!(answer(&adult, 30), Some((false, 25)));
        // Between a true 21 and a false 25 nobody said anything.
        assert_eq!(answer(&adult, 22), None);
        assert_eq!(answer(&[(18, false), (21, false)], 20), Some((false, 18)));
        assert_eq!(answer(&[(18, false), (21, false)], 25), Some((false, 21)));
        assert_eq!(answer(&[(18, false)], 16), None);
        assert_eq!(answer(&[(25, true), (18, true), (21, true)], 13), Some((true, 18)));
        assert_eq!(answer(&[], 18), None);
        assert_eq!(answer(&[(18, true)], 99), None);
        // Order does not matter, and a true statement goes before a false one.
        assert_eq!(answer(&[(16, false), (21, true)], 18), Some((true, 21)));
    }

    #[test]
    fn only_two_digits_state_an_age() {
        assert_eq!(stated("age_over_18"), Some(18));
        assert_eq!(stated("age_over_09"), Some(9));
        for other in [
            "age_over_8",
            "age_over_180",
            "age_over_+8",
            "age_over_1a",
            "age_over_",
            "over_18",
            "age_in_years",
        ] {
            assert_eq!(stated(other), None, "{other}");
        }
    }

    #[test]
    fn a_birthday_begins_at_midnight_in_london() {
        // Winter: London is UTC.
        let beth = date(2008, 11, 23);
        assert!(!has_reached(beth, 18, at("2026-11-22T23:59:59Z")));
        assert!(has_reached(beth, 18, at("2026-11-23T00:00:00Z")));
        // Summer: an hour earlier.
        let july = date(2008, 7, 1);
        assert!(!has_reached(july, 18, at("2026-06-30T22:59:59Z")));
        assert!(has_reached(july, 18, at("2026-06-30T23:00:00Z")));
    }

    #[test]
    fn who_was_born_on_29_february_waits_for_1_march() {
        let llyr = date(1984, 2, 29);
        assert_eq!(birthday(llyr, 18), Some(date(2002, 3, 1)));
        assert_eq!(birthday(llyr, 20), Some(date(2004, 2, 29)));
        assert!(!has_reached(llyr, 18, at("2002-02-28T23:59:59Z")));
        assert!(has_reached(llyr, 18, at("2002-03-01T00:00:00Z")));
        // Born on the day after, or the day before, nothing is special.
        assert_eq!(birthday(date(1984, 3, 1), 18), Some(date(2002, 3, 1)));
        assert_eq!(birthday(date(1984, 2, 28), 18), Some(date(2002, 2, 28)));
        // 2100 is no leap year.
        assert_eq!(birthday(date(2080, 2, 29), 20), Some(date(2100, 3, 1)));
    }
}
