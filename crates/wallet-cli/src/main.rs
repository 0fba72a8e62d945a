//! The wallet in a terminal: the same core as the app, without a window. Commands, options, exit codes and JSON keys are a
//! contract; scripts of issuers and services depend on them.

mod answer;
mod args;
mod browser;
mod commands;
mod help;
mod paint;
mod person;
mod say;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;
use wallet_core::view::Language;
use wallet_core::words::Words;

use answer::{Failure, Voice};
use args::Cli;
use say::Say;

fn main() -> ExitCode {
    let typed: Vec<OsString> = std::env::args_os().collect();
    let language = language_typed(&typed);
    let words = Words::for_language(language);
    let said = |word: &str| typed.iter().any(|typed| typed == word);
    let practice = said("--practice");
    let voice = Voice {
        json: said("--json"),
        practice,
        say: Say::new(language, practice),
    };

    let matches = match help::command(words).try_get_matches_from(&typed) {
        Ok(matches) => matches,
        Err(error) => return explain(&voice, &error),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return explain(&voice, &error),
    };
    let Some(command) = cli.command else {
        if cli.global.json {
            return voice.finish(Err(Failure::WrongUse(voice.say.say("cli-no-command"))));
        }
        // What this is, and what to type first.
        println!("{}", voice.say.say("cli-help-start"));
        return ExitCode::SUCCESS;
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return voice.finish(Err(Failure::WrongUse(error.to_string()))),
    };
    let (voice, outcome) = runtime.block_on(commands::run(cli.global, command, voice));
    voice.finish(outcome)
}

/// What the parser has to say: help and version are answers, everything else is wrong use.
fn explain(voice: &Voice, error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        _ if voice.json => {
            let text = error.to_string();
            let reason = text
                .split("\n\n")
                .next()
                .unwrap_or_default()
                .trim_start_matches("error: ");
            let reason: Vec<&str> = reason.split_whitespace().collect();
            voice.finish(Err(Failure::WrongUse(format!(
                "{}.",
                reason.join(" ").trim_end_matches('.')
            ))))
        }
        _ => {
            let _ = error.print();
            ExitCode::from(2)
        }
    }
}

/// The language of help and of mistakes in typing, before the wallet's own setting can be read.
fn language_typed(typed: &[OsString]) -> Language {
    let after = typed
        .iter()
        .zip(typed.iter().skip(1))
        .find(|(option, _)| *option == "--lang")
        .map(|(_, value)| value);
    if after.is_some_and(|value| value == "cy") || typed.iter().any(|word| word == "--lang=cy") {
        Language::Cy
    } else {
        Language::En
    }
}
