//! The fictional people the practice documents are about. They are data (`data/people.json`), invented for the purpose:
//! surnames nobody has, numbers of ranges set aside for tests, postcodes that do not exist.

use serde::Deserialize;
use wallet_credentials::time::CivilDate;

use crate::clock::Clock;

/// A text in both languages of the pages.
#[derive(Clone, Debug, Deserialize, serde::Serialize)]
pub(crate) struct Words {
    pub(crate) en: String,
    pub(crate) cy: String,
}

/// One fictional person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    /// The given name in letters outside Latin-1, where it has some (ISO/IEC 18013-5, 7.2.1).
    #[serde(default)]
    pub(crate) given_name_national_character: Option<String>,
    birth_date: Birth,
    sex: Sex,
    /// ISO 3166-1 alpha-3.
    pub(crate) nationality: String,
    /// What this person is good for trying.
    pub(crate) note: String,
    pub(crate) address: Address,
    /// Which drawing stands in for a photograph.
    pub(crate) look: u8,
    #[serde(default)]
    pub(crate) licence: Option<Licence>,
    #[serde(default)]
    pub(crate) nhs: Option<Nhs>,
    #[serde(default)]
    pub(crate) immigration: Option<Immigration>,
    /// What the Ministry of Defence knows of somebody who served.
    #[serde(default)]
    pub(crate) service: Option<Service>,
    /// Documents of this person are withdrawn the moment they are issued.
    #[serde(default)]
    pub(crate) withdrawn_at_once: bool,
}

/// Sex as the driver number encodes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
enum Sex {
    F,
    M,
}

/// Where a person lives.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Address {
    pub(crate) lines: Vec<String>,
    pub(crate) city: String,
    pub(crate) postcode: String,
}

/// What a person may drive.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Licence {
    pub(crate) full: Vec<String>,
    pub(crate) provisional: Vec<String>,
    /// The licence is printed in Welsh and English.
    pub(crate) welsh: bool,
}

/// What the NHS knows for identification; never anything about health.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Nhs {
    pub(crate) number: String,
    pub(crate) identity_proofing_level: String,
    pub(crate) gp_ods_code: String,
    pub(crate) gp_practice_name: String,
    pub(crate) country: String,
}

/// Service in the armed forces.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Service {
    pub(crate) number: String,
    pub(crate) branch: String,
}

/// Permission to be in the United Kingdom, and what it allows.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Immigration {
    pub(crate) status_type: String,
    pub(crate) permission_start: String,
    permission_end: Option<Day>,
    pub(crate) work_permitted: String,
    pub(crate) work_restrictions: Vec<String>,
    #[serde(default)]
    pub(crate) max_weekly_hours: Option<u32>,
    #[serde(default)]
    pub(crate) sponsor_name: Option<String>,
    pub(crate) rent_permitted: String,
    pub(crate) public_funds: String,
}

/// A date of birth: fixed, or such that a birthday falls near today, so that the boundary can be tried on any day.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Birth {
    Fixed(String),
    Turns { turns: i16, in_days: i32 },
}

/// A date: fixed, or counted from today.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Day {
    Fixed(String),
    From { in_days: i32 },
}

impl Person {
    /// Given and family name.
    pub(crate) fn full_name(&self) -> String {
        let given = self
            .given_name_national_character
            .as_deref()
            .unwrap_or(&self.given_name);
        format!("{given} {}", self.family_name)
    }

    /// The date of birth on a day whose date is `today`.
    pub(crate) fn birth_date(&self, today: CivilDate) -> Result<CivilDate, PeopleError> {
        match &self.birth_date {
            Birth::Fixed(text) => CivilDate::parse(text).map_err(|_| PeopleError::Date),
            Birth::Turns { turns, in_days } => {
                let birthday = day_after(today, *in_days)?.to_jiff();
                let year = birthday.year().checked_sub(*turns).ok_or(PeopleError::Date)?;
                // Whoever turns a round age on 29 February in a year that has none was born on 1 March.
                let born = jiff::civil::Date::new(year, birthday.month(), birthday.day())
                    .or_else(|_| jiff::civil::Date::new(year, 3, 1))
                    .map_err(|_| PeopleError::Date)?;
                CivilDate::parse(&born.to_string()).map_err(|_| PeopleError::Date)
            }
        }
    }

    /// A driver number of the shape DVLA uses (five letters, decade, month, day, year, initials, check), ending `SB`.
    pub(crate) fn driver_number(&self, today: CivilDate) -> Result<String, PeopleError> {
        let born = self.birth_date(today)?.to_jiff();
        let letters = |text: &str| -> String { text.chars().filter(char::is_ascii_alphabetic).collect() };
        let surname: String = letters(&self.family_name)
            .to_ascii_uppercase()
            .chars()
            .chain("99999".chars())
            .take(5)
            .collect();
        let initial = letters(&self.given_name)
            .to_ascii_uppercase()
            .chars()
            .next()
            .unwrap_or('9');
        let month = born.month() + if self.sex == Sex::F { 50 } else { 0 };
        let (decade, year) = (born.year() / 10 % 10, born.year() % 10);
        Ok(format!(
            "{surname}{decade}{month:02}{:02}{year}{initial}99SB",
            born.day()
        ))
    }
}

impl Immigration {
    /// The last day of the permission; none where there is no time limit.
    pub(crate) fn permission_end(&self, today: CivilDate) -> Result<Option<CivilDate>, PeopleError> {
        match &self.permission_end {
            None => Ok(None),
            Some(Day::Fixed(text)) => CivilDate::parse(text).map(Some).map_err(|_| PeopleError::Date),
            Some(Day::From { in_days }) => day_after(today, *in_days).map(Some),
        }
    }
}

/// The day `days` after `today`.
pub(crate) fn day_after(today: CivilDate, days: i32) -> Result<CivilDate, PeopleError> {
    let day = today
        .to_jiff()
        .checked_add(jiff::Span::new().days(days))
        .map_err(|_| PeopleError::Date)?;
    CivilDate::parse(&day.to_string()).map_err(|_| PeopleError::Date)
}

/// Why the people could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// The data file is damaged.
    #[error("the file of practice people cannot be read")]
    File(#[from] serde_json::Error),
    /// A date in it does not exist.
    #[error("a date of a practice person does not exist")]
    Date,
}

/// Everyone, in the order of the data file.
#[derive(Clone, Debug)]
pub(crate) struct People(Vec<Person>);

impl People {
    /// Reads the people that were built in.
    pub(crate) fn built_in() -> Result<Self, PeopleError> {
        Ok(Self(serde_json::from_str(include_str!("../data/people.json"))?))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Person> {
        self.0.iter()
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Person> {
        self.0.iter().find(|person| person.id == id)
    }
}

/// Today's date where ages are counted: Europe/London, whatever zone the machine stands in.
pub(crate) fn today_in_london(clock: &Clock) -> CivilDate {
    let date = clock.now().to_jiff().to_zoned_datetime(london()).date();
    CivilDate::parse(&date.to_string()).unwrap_or_else(|_| clock.now().utc_date())
}

/// The zone of the United Kingdom; UTC on a machine that has lost its zone tables.
pub(crate) fn london() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Europe/London").unwrap_or(jiff::tz::TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> CivilDate {
        CivilDate::parse(text).unwrap()
    }

    #[test]
    fn everyone_has_a_birth_date_and_a_driver_number_on_any_day() {
        let people = People::built_in().unwrap();
        for today in ["2026-11-23", "2028-02-29", "2027-02-28"] {
            for person in people.all() {
                assert!(person.birth_date(day(today)).unwrap() <= day(today), "{}", person.id);
                assert_eq!(person.driver_number(day(today)).unwrap().len(), 16, "{}", person.id);
                if let Some(immigration) = &person.immigration {
                    immigration.permission_end(day(today)).unwrap();
                }
            }
        }
    }

    #[test]
    fn amir_is_17_today_and_18_tomorrow_whatever_the_day() {
        let people = People::built_in().unwrap();
        // Nobody turns 18 on 29 February: 18 years before a leap year is none.
        for today in ["2026-11-23", "2027-02-28", "2027-12-31"] {
            let today = day(today);
            let born = people.find("amir-sandbox").unwrap().birth_date(today).unwrap();
            assert_eq!(born.age_on(today), 17);
            assert_eq!(born.age_on(day_after(today, 1).unwrap()), 18);
        }
    }

    #[test]
    fn nhs_numbers_are_of_the_test_range_and_have_a_right_check_digit() {
        for person in People::built_in().unwrap().all() {
            let Some(nhs) = &person.nhs else { continue };
            let digits: Vec<u32> = nhs.number.chars().map(|digit| digit.to_digit(10).unwrap()).collect();
            assert!(nhs.number.starts_with("999") && digits.len() == 10, "{}", person.id);
            let sum: u32 = digits[..9]
                .iter()
                .zip((2..=10).rev())
                .map(|(digit, weight)| digit * weight)
                .sum();
            assert_eq!((11 - sum % 11) % 11, digits[9], "{}", person.id);
        }
    }
}
