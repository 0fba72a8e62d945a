//! `cargo xtask COMMAND`: everything a newcomer and CI need, with nothing but the standard library.
//!
//! It depends on no crate of this workspace, so that it runs while any of them is broken.

mod audit;
mod check_platforms;
mod count;
mod fuzz;
mod place;
mod process;
mod run;
mod steps;
mod system;
mod test;
mod tools;

use std::process::ExitCode;

use process::Outcome;

const HELP: &str = "\
cargo xtask COMMAND

  run                 build the wallet, start the practice sandbox, open the wallet in its practice profile
  test                everything CI runs, step by step
  test --list         the steps
  test --only A,B     only these steps
  audit               licences, sources, bans and known vulnerabilities of every dependency (needs a network)
  check-platforms     type-check the workspace for Windows, macOS, Android and iOS (Debian only; slow)
  check-platforms T   only for the targets named
  fuzz                every fuzz target for ten minutes, one after the other (needs a nightly toolchain)
  fuzz --seconds N T  only the targets named, N seconds each
  count               instructions of the code around the cryptography, beside those before (Linux, valgrind)
  count --write       write them down as those to compare with";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Outcome {
    let place = place::Place::find()?;
    match words {
        ["run"] => run::run(&place),
        ["test"] => test::all(&place),
        ["test", "--list"] => {
            test::list();
            Ok(())
        }
        ["test", "--only", names] => test::only(&place, names),
        ["audit"] => audit::audit(&place),
        ["fuzz", words @ ..] => fuzz::fuzz(&place, words),
        ["count", words @ ..] => count::count(&place, words),
        ["check-platforms", targets @ ..] => check_platforms::check(&place, targets),
        ["--help" | "-h" | "help"] => {
            println!("{HELP}");
            Ok(())
        }
        [] => Err(process::Failure::new(HELP)),
        other => Err(process::Failure::new(format!(
            "`cargo xtask {}` is not a command.\n\n{HELP}",
            other.join(" ")
        ))),
    }
}
