//! `--help` that teaches, in both languages: every text comes from the words' files.
//!
//! Ids: `cli-help` for the program, `cli-help-COMMAND` and `cli-help-COMMAND-SUBCOMMAND` for a command, each with an
//! attribute-like sibling `…--OPTION` for an argument and `…-examples` for the examples at its end.

use clap::{Arg, Command, CommandFactory};
use wallet_core::words::Words;

use crate::args::Cli;

/// The command line with its help in a language.
pub fn command(words: &Words) -> Command {
    let mut command = Cli::command();
    // Adds `--help` and `--version` and copies global options down, so that they get words too.
    command.build();
    describe(command, "cli-help", words)
}

fn describe(command: Command, id: &str, words: &Words) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
        words.message("cli-help-heading-usage", &[])
    );
    let mut command = command
        .about(words.message(id, &[]))
        .help_template(template)
        .subcommand_help_heading(words.message("cli-help-heading-commands", &[]));
    let examples = format!("{id}-examples");
    if words.has(&examples) {
        command = command.after_help(words.message(&examples, &[]));
    }
    command = command.mut_args(|arg| {
        let text = words.message(&argument_id(id, &arg), &[]);
        let heading = if arg.is_positional() {
            "cli-help-heading-arguments"
        } else if arg.is_global_set() || matches!(arg.get_long(), Some("help" | "version")) {
            "cli-help-heading-always"
        } else {
            "cli-help-heading-options"
        };
        // What belongs to this command alone comes before what every command takes.
        let arg = if heading == "cli-help-heading-always" {
            arg.display_order(1_000)
        } else {
            arg
        };
        arg.help(text).help_heading(words.message(heading, &[]))
    });
    command.mut_subcommands(|sub| {
        let id = format!("{id}-{}", sub.get_name());
        describe(sub, &id, words)
    })
}

/// Options that any command takes are described once.
fn argument_id(command: &str, arg: &Arg) -> String {
    let name = arg
        .get_long()
        .unwrap_or_else(|| arg.get_id().as_str())
        .replace('_', "-");
    if arg.is_global_set() || matches!(name.as_str(), "help" | "version") {
        format!("cli-help--{name}")
    } else if matches!(name.as_str(), "link" | "id") {
        format!("cli-help--{name}-argument")
    } else {
        format!("{command}--{name}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use wallet_core::view::Language;

    use super::*;

    fn ids(command: &Command, id: &str, found: &mut BTreeSet<String>) {
        found.insert(id.to_owned());
        found.extend(command.get_arguments().map(|arg| argument_id(id, arg)));
        for sub in command.get_subcommands() {
            ids(sub, &format!("{id}-{}", sub.get_name()), found);
        }
    }

    #[test]
    fn every_command_and_option_has_help_in_both_languages_and_no_help_is_left_over() {
        let mut cli = Cli::command();
        cli.build();
        let mut expected = BTreeSet::new();
        ids(&cli, "cli-help", &mut expected);
        for language in [Language::En, Language::Cy] {
            let said: BTreeSet<String> = Words::ids(language)
                .into_iter()
                .filter(|id| id.starts_with("cli-help"))
                .collect();
            for id in &expected {
                assert!(said.contains(id), "{language:?}: no words for {id}");
            }
            for id in &said {
                let command = id.strip_suffix("-examples").unwrap_or(id);
                let heading = id.starts_with("cli-help-heading-") || id == "cli-help-start";
                assert!(
                    heading || expected.contains(command),
                    "{language:?}: {id} describes nothing"
                );
            }
        }
    }

    #[test]
    fn help_is_in_the_language_asked_for_and_the_command_line_is_sound() {
        for (language, word) in [
            (Language::En, "Usage: wallet share"),
            (Language::Cy, "Defnydd: wallet share"),
        ] {
            let mut command = command(Words::for_language(language));
            command.clone().debug_assert();
            let share = command.find_subcommand_mut("share").unwrap();
            let help = share.render_help().to_string();
            assert!(help.contains(word), "{help}");
            assert!(help.contains("--approve"), "{help}");
            assert!(!help.contains("cli-help"), "{help}");
        }
    }
}
