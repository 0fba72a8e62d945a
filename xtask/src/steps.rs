//! A list of steps, run one after the other, with the time each took and what came of it.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::place::Place;
use crate::process::{Failure, Outcome};

/// One step.
pub struct Step {
    /// Its name for `--only`.
    pub name: &'static str,
    /// What it does, for people.
    pub title: &'static str,
    /// Steps without which it makes no sense: it is skipped when one of them failed.
    pub needs: &'static [&'static str],
    /// The work.
    pub work: fn(&Place) -> Outcome,
}

enum Ended {
    Passed,
    Failed,
    Skipped(&'static str),
}

/// Runs the steps, prints a summary that ends in `N passed, N failed`, and fails when a step did.
///
/// A failed step does not stop the ones that do not need it: one run tells everything there is to mend.
pub fn run(place: &Place, steps: &[&Step]) -> Outcome {
    let started = Instant::now();
    let mut results: Vec<(&Step, Ended, Duration)> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        println!("\n── {}/{} {}: {}", index + 1, steps.len(), step.name, step.title);
        let _ = std::io::stdout().flush();
        let missing = step.needs.iter().find(|needed| {
            results
                .iter()
                .any(|(done, result, _)| done.name == **needed && !matches!(result, Ended::Passed))
        });
        if let Some(needed) = missing {
            println!("  skipped: it needs {needed}");
            results.push((step, Ended::Skipped(needed), Duration::ZERO));
            continue;
        }
        let began = Instant::now();
        let result = match (step.work)(place) {
            Ok(()) => Ended::Passed,
            Err(failure) => {
                println!("  FAILED: {failure}");
                Ended::Failed
            }
        };
        let took = began.elapsed();
        println!(
            "  {} after {}",
            if matches!(result, Ended::Passed) {
                "passed"
            } else {
                "failed"
            },
            minutes(took)
        );
        results.push((step, result, took));
    }
    summary(&results, started.elapsed())
}

fn summary(results: &[(&Step, Ended, Duration)], whole: Duration) -> Outcome {
    println!("\n── Summary");
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (step, result, took) in results {
        let words = match result {
            Ended::Passed => {
                passed += 1;
                "passed".to_owned()
            }
            Ended::Failed => {
                failed += 1;
                "FAILED".to_owned()
            }
            Ended::Skipped(needed) => {
                skipped += 1;
                format!("skipped, needs {needed}")
            }
        };
        println!("  {:<12} {:>8}  {words}", step.name, minutes(*took));
    }
    println!("  {:<12} {:>8}\n", "all", minutes(whole));
    let counted = match skipped {
        0 => format!("{passed} passed, {failed} failed"),
        _ => format!("{passed} passed, {failed} failed, {skipped} skipped"),
    };
    println!("{counted}");
    let _ = std::io::stdout().flush();
    if failed + skipped == 0 {
        Ok(())
    } else {
        Err(Failure::new("Not everything passed."))
    }
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02} min", seconds / 60, seconds % 60)
}
