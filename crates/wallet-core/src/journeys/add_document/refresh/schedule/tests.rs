//! What an issuer can learn from when it is asked: properties over many seeds, each printed where it fails.

use super::*;

const START: i64 = 1_800_000_000;
const RUNS: u64 = 200;

fn start() -> Timestamp {
    seconds(START)
}

fn later(hours: i64) -> Timestamp {
    seconds(START + hours * 3_600)
}

/// Numbers that look random, from a seed.
struct Numbers(Calendar, u64);

impl Numbers {
    fn of(seed: u64) -> Self {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&seed.to_be_bytes());
        Self(Calendar::begin(bytes, start()), 0)
    }

    fn below(&mut self, end: i64) -> i64 {
        self.1 += 1;
        i64::try_from(self.0.draw(self.1) % end.unsigned_abs()).unwrap()
    }

    fn calendar(&mut self) -> Calendar {
        let bytes = std::array::from_fn(|_| u8::try_from(self.below(256)).unwrap());
        Calendar::begin(bytes, start())
    }
}

fn stock(copies: Vec<Option<Timestamp>>) -> Stock {
    Stock {
        copies,
        fetched: start(),
        until: None,
        update: None,
    }
}

/// The first time at which this document is asked for, within sixty days.
fn asked_at(calendar: &Calendar, stock: &Stock) -> Option<(Timestamp, Want)> {
    // Between two appointments nothing becomes due.
    std::iter::successors(Some(calendar.next(start())), |at| Some(calendar.next(*at)))
        .take(60)
        .find_map(|now| Some((now, stock.wants(calendar.due(now)?, calendar)?)))
}

#[test]
fn there_is_one_appointment_in_each_period_and_none_before_the_first_is_over() {
    for seed in 0..RUNS {
        let calendar = Numbers::of(seed).calendar();
        for number in 1..50_u64 {
            let period = i64::try_from(number).unwrap();
            let at = calendar.at(number).as_second();
            assert_eq!((at - START).div_euclid(PERIOD), period, "seed {seed}, {number}");
            assert_eq!(calendar.latest(seconds(at)), number, "seed {seed}");
            assert_eq!(calendar.latest(seconds(at - 1)), number - 1, "seed {seed}");
            assert!(calendar.next(seconds(at - 1)).as_second() >= at, "seed {seed}");
        }
        assert_eq!(calendar.due(start()), None);
        assert_eq!(
            calendar.due(later(24)),
            calendar.due(later(24)).filter(|at| *at <= later(24))
        );
    }
}

#[test]
fn appointments_of_two_documents_have_nothing_to_do_with_one_another() {
    let mut together = 0;
    for seed in 0..RUNS {
        let mut numbers = Numbers::of(seed);
        let (one, other) = (numbers.calendar(), numbers.calendar());
        let close = |number| (one.at(number).as_second() - other.at(number).as_second()).abs() < PERIOD / 24;
        together += (1..20).filter(|number| close(*number)).count();
    }
    // Two random times of a day are within an hour of each other about once in twelve.
    assert!((150..500).contains(&together), "{together} of {}", RUNS * 19);
}

/// The property this is for.
#[test]
fn when_copies_went_within_a_period_does_not_change_when_the_issuer_is_asked() {
    let mut asked = 0;
    for seed in 0..RUNS {
        let mut numbers = Numbers::of(seed);
        let calendar = numbers.calendar();
        let used = numbers.below(10) + 1;
        // Which period each copy goes in, and two places within that period, as its appointments bound it.
        let periods: Vec<u64> = (0..used)
            .map(|_| u64::try_from(numbers.below(20)).unwrap() + 1)
            .collect();
        let spent = |numbers: &mut Numbers| {
            let times = periods.iter().map(|period| {
                let (from, to) = (calendar.at(*period).as_second(), calendar.at(period + 1).as_second());
                Some(seconds(from + 1 + numbers.below(to - from)))
            });
            let mut copies: Vec<_> = times.collect();
            copies.resize(10, None);
            stock(copies)
        };
        let (one, other) = (spent(&mut numbers), spent(&mut numbers));
        let when = asked_at(&calendar, &one);
        assert_eq!(when, asked_at(&calendar, &other), "seed {seed}");
        asked += usize::from(when.is_some());
    }
    assert!(asked > 20, "the property says nothing: nobody was asked");
}

#[test]
fn giving_a_copy_away_never_makes_an_issuer_be_asked_then() {
    for seed in 0..RUNS {
        let mut numbers = Numbers::of(seed);
        let calendar = numbers.calendar();
        let now = seconds(START + numbers.below(30 * PERIOD));
        let due = |copies| calendar.due(now).and_then(|at| stock(copies).wants(at, &calendar));
        assert_eq!(due(vec![None; 10]), None, "seed {seed}");
        assert_eq!(due(vec![Some(now); 10]), None, "seed {seed}: all at once, just now");
    }
}

#[test]
fn few_left_and_none_left_are_told_apart_and_a_single_copy_is_never_few() {
    let calendar = Numbers::of(1).calendar();
    let wants = |spent: usize, all: usize| {
        let mut copies = vec![Some(start()); spent];
        copies.resize(all, None);
        stock(copies).wants(later(48), &calendar)
    };
    assert_eq!(wants(7, 10), None);
    assert_eq!(wants(8, 10), Some(Want::FewLeft));
    assert_eq!(wants(10, 10), Some(Want::NoneLeft));
    assert_eq!(wants(1, 1), None);
    assert_eq!(wants(0, 1), None);
}

#[test]
fn a_document_is_asked_for_before_it_ends_and_not_with_others_of_the_same_day() {
    let mut leads = std::collections::BTreeSet::new();
    for seed in 0..RUNS {
        let calendar = Numbers::of(seed).calendar();
        let ending = Stock {
            until: Some(later(24 * 50)),
            ..stock(vec![None; 10])
        };
        let (at, want) = asked_at(&calendar, &ending).unwrap();
        assert_eq!(want, Want::Ending, "seed {seed}");
        // Ten days before the end, give or take two and a half, and the appointment that follows.
        assert!(later(24 * 37) <= at && at <= later(24 * 45), "seed {seed}: {at}");
        leads.insert(at);
    }
    assert!(leads.len() > 150, "{}", leads.len());
    let calendar = Numbers::of(1).calendar();
    let long = Stock {
        until: Some(later(24 * 3_650)),
        ..stock(vec![None])
    };
    assert_eq!(long.wants(later(24 * 3_589), &calendar), None);
    assert_eq!(long.wants(later(24 * 3_590), &calendar), Some(Want::Ending));
}

#[test]
fn an_update_the_issuer_announced_is_had_once() {
    let calendar = Numbers::of(1).calendar();
    let announced = Stock {
        update: Some(later(24 * 10)),
        ..stock(vec![None])
    };
    assert_eq!(announced.wants(later(24 * 10 - 1), &calendar), None);
    assert_eq!(announced.wants(later(24 * 10), &calendar), Some(Want::Updated));
    // The issuer said the same date again: it was asked since.
    let asked = Stock {
        fetched: later(24 * 11),
        ..announced
    };
    assert_eq!(asked.wants(later(24 * 12), &calendar), None);
}

#[test]
fn an_appointment_is_kept_once_and_failures_make_the_wait_longer() {
    for seed in 0..RUNS {
        let mut calendar = Numbers::of(seed).calendar();
        let now = later(24 * 5);
        assert!(calendar.due(now).is_some(), "seed {seed}");
        calendar.keep(now, false);
        assert_eq!(calendar.due(now), None, "seed {seed}");
        let next = calendar.next(now);
        assert_eq!(calendar.due(next), Some(next), "seed {seed}");
        let mut now = next;
        for missed in 1..8_u32 {
            calendar.keep(now, true);
            let next = calendar.next(now);
            let periods = (next.as_second() - now.as_second()).div_euclid(PERIOD);
            let wait = 1_i64 << missed.min(LONGEST_WAIT);
            assert!(
                (wait - 1..=wait).contains(&periods),
                "seed {seed}: {periods} after {missed}"
            );
            assert_eq!(calendar.due(seconds(next.as_second() - 1)), None, "seed {seed}");
            now = next;
        }
        calendar.keep(now, false);
        assert!(
            calendar.next(now).as_second() - now.as_second() < 2 * PERIOD,
            "seed {seed}"
        );
    }
}

#[test]
fn a_clock_that_goes_back_or_far_ahead_does_no_harm() {
    let mut calendar = Numbers::of(3).calendar();
    calendar.keep(later(24 * 5), false);
    let kept = calendar.clone();
    calendar.keep(seconds(0), false);
    assert_eq!(calendar, kept);
    assert_eq!(calendar.due(seconds(0)), None);
    assert_eq!(calendar.due(seconds(i64::MIN)), None);
    assert!(calendar.due(seconds(i64::MAX)).is_some());
    assert!(calendar.next(seconds(i64::MAX)) >= calendar.next(later(24 * 5)));
}
