//! The targets without a fuzzer: over their whole corpus, and a few thousand mutations of it from fixed seeds.

#![expect(clippy::unwrap_used, reason = "a test: what fails, fails it")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use wallet_credentials::crypto::{PredictableRandom, Random as _};
use wallet_fuzz_targets::{Target, corpus, targets};

/// Mutations of each target.
const MUTATIONS: u64 = 400;

/// Mutations are made from seeds of this size at most; a fuzzer has more patience.
const MAX_MUTATED: usize = 8 * 1024;

/// Random numbers from a fixed seed.
struct Dice(PredictableRandom);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes).unwrap();
        usize::try_from(u64::from_be_bytes(bytes) % (bound.max(1) as u64)).unwrap()
    }
}

/// One input made from the seeds: up to four small changes of the kinds libFuzzer makes.
fn mutate(seeds: &[&Vec<u8>], words: &[&str], dice: &mut Dice) -> Vec<u8> {
    let mut input = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(4) {
        let at = dice.below(input.len() + 1);
        let end = (at + dice.below(32)).min(input.len());
        match dice.below(8) {
            0 if at < input.len() => input[at] ^= 1 << dice.below(8),
            1 if at < input.len() => input[at] = [0x00, 0xff, 0x7f, 0x80, 0x1f, 0x9f, 0x5f, 0xbf, 0x1b][dice.below(9)],
            2 => drop(input.drain(at..end)),
            3 => {
                let copy = input[at..end].to_vec();
                input.splice(at..at, copy);
            }
            4 => input.truncate(at),
            5 if !words.is_empty() => drop(input.splice(at..end, words[dice.below(words.len())].bytes())),
            6 => {
                let other = seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                let until = (from + dice.below(256)).min(other.len());
                input.splice(at..end, other[from..until].iter().copied());
            }
            _ => {
                let noise: Vec<u8> = (0..dice.below(6))
                    .map(|_| u8::try_from(dice.below(256)).unwrap())
                    .collect();
                input.splice(at..at, noise);
            }
        }
    }
    input
}

/// Runs one input; a finding comes back as a text that lets it be run again.
fn survives(target: &Target, input: &[u8]) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).map_err(|_| {
        let hex: String = input.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}: a finding (above), for the input {hex}", target.name)
    })
}

fn all_targets_over(part: impl Fn(&Target) -> Result<u64, String>) {
    let mut inputs = 0;
    let mut findings = Vec::new();
    for target in targets() {
        match part(target) {
            Ok(count) => inputs += count,
            Err(finding) => findings.push(finding),
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    println!("{} targets, {inputs} inputs", targets().count());
    assert!(inputs >= targets().count() as u64);
}

#[test]
fn every_target_survives_its_corpus() {
    let vectors = corpus::vectors();
    if vectors.is_none() {
        println!("SKIPPED: public vectors not found; only the seeds of our own roles are run");
    }
    all_targets_over(|target| {
        let seeds = corpus::seeds(target, vectors.as_deref());
        assert!(!seeds.is_empty() || vectors.is_none(), "{} has no seed", target.name);
        seeds.iter().try_for_each(|seed| survives(target, seed))?;
        Ok(seeds.len() as u64)
    });
}

#[test]
fn every_target_survives_seeded_mutations() {
    let vectors = corpus::vectors();
    all_targets_over(|target| {
        let seeds = corpus::seeds(target, vectors.as_deref());
        let seeds: Vec<&Vec<u8>> = seeds.iter().filter(|seed| seed.len() <= MAX_MUTATED).collect();
        if seeds.is_empty() {
            return Ok(1);
        }
        for number in 0..MUTATIONS {
            let mut dice = Dice(PredictableRandom::from_seed(number));
            let input = mutate(&seeds, target.words, &mut dice);
            survives(target, &input).map_err(|finding| format!("mutation {number} of {finding}"))?;
        }
        Ok(MUTATIONS)
    });
}

#[test]
fn every_target_has_its_program() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = std::fs::read_to_string(project.join("Cargo.toml")).unwrap();
    let programs = std::fs::read_dir(project.join("fuzz_targets")).unwrap().count();
    assert_eq!(programs, targets().count(), "one program for each target");
    for target in targets() {
        let path = format!("fuzz_targets/{}.rs", target.name);
        let program = std::fs::read_to_string(project.join(&path)).unwrap();
        assert!(program.contains(&format!("run(\"{}\", data)", target.name)), "{path}");
        assert!(
            manifest.contains(&format!("path = \"{path}\"")),
            "Cargo.toml lacks {path}"
        );
    }
}
