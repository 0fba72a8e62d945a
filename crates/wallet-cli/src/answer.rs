//! What a command comes to: an answer or a failure, as text or as one JSON object, with its exit code (`cli.md`).

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use wallet_core::problem::{Problem, ProblemCode};

use crate::paint::Paint;
use crate::say::Say;

/// A command that was done: the same facts as JSON and as text.
pub struct Answer {
    /// Keys of the JSON object.
    pub json: Value,
    /// For people.
    pub text: String,
    /// Done, but what was looked at is not as it should be (`doctor`, `history verify`): exit code 1.
    pub not_well: bool,
}

impl Answer {
    /// An answer where all is well.
    pub fn new(json: Value, text: String) -> Self {
        Self {
            json,
            text,
            not_well: false,
        }
    }
}

/// Why a command was not done.
pub enum Failure {
    /// A named problem: exit code 1, or 4 where it is about the PIN, or 3 where the wallet's rules say no.
    Problem(Box<Problem>),
    /// The person did not say yes, or the wallet's rules say no: exit code 3. The id names code and words.
    Stopped {
        /// `not-approved`, `warnings-not-accepted` or `blocked`; words are under `cli-stopped-…`.
        code: &'static str,
        /// The warnings it is about.
        because: Vec<String>,
    },
    /// Wrong use: exit code 2.
    WrongUse(String),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

/// How to speak.
pub struct Voice {
    /// JSON on standard output.
    pub json: bool,
    /// The practice profile.
    pub practice: bool,
    /// The person's language.
    pub say: Say,
}

impl Voice {
    /// Prints the outcome and gives the exit code.
    pub fn finish(&self, outcome: Result<Answer, Failure>) -> ExitCode {
        match outcome {
            Ok(answer) => {
                let code = u8::from(answer.not_well);
                if self.json {
                    self.print_json(answer.json);
                } else {
                    let practice = if self.practice {
                        self.practice_line()
                    } else {
                        String::new()
                    };
                    print(&format!("{practice}{}", answer.text));
                }
                ExitCode::from(code)
            }
            Err(failure) => self.fail(&failure),
        }
    }

    fn fail(&self, failure: &Failure) -> ExitCode {
        let (problem, lines, code) = match failure {
            Failure::Problem(problem) => self.problem(problem),
            Failure::Stopped { code, because } => self.stopped(code, because),
            Failure::WrongUse(text) => self.wrong_use(text),
        };
        if self.json {
            self.print_json(json!({ "problem": problem }));
        } else {
            let practice = if self.practice {
                format!("\n{}\n", self.say.say("cli-practice"))
            } else {
                String::new()
            };
            complain(&format!("{lines}{practice}"));
        }
        ExitCode::from(code)
    }

    fn problem(&self, problem: &Problem) -> (Value, String, u8) {
        let paint = Paint::for_errors();
        let exit = match problem.code {
            ProblemCode::WrongPin | ProblemCode::PinLocked => 4,
            // The wallet's rules said no.
            ProblemCode::ServiceNotRecognised => 3,
            _ => 1,
        };
        // The core's words fit the app too; what to type stands here.
        let hint = self.say.say_if_known(&format!("cli-hint-{}", problem.code.as_str()));
        let what_to_do = match hint {
            Some(hint) => format!("{} {hint}", problem.what_to_do),
            None => problem.what_to_do.clone(),
        };
        let mut lines = format!("{}\n", paint.strong(&problem.title));
        lines.push_str(&paint.sentence(0, &problem.happened));
        lines.push_str(&paint.sentence(
            0,
            &self.say.say_with("cli-what-to-do", &[("what", (&what_to_do).into())]),
        ));
        if let Some(tries) = problem.tries_left {
            lines.push_str(&self.say.say_with("cli-tries-left", &[("count", tries.into())]));
            lines.push('\n');
        }
        if let Some(at) = &problem.retry_at {
            let at = wallet_core::labels::instant_text(at, self.say.language());
            lines.push_str(&self.say.say_with("cli-retry-at", &[("time", (&at).into())]));
            lines.push('\n');
        }
        if let Some(entry) = &problem.history {
            lines.push_str(&self.say.say_with("cli-see-history-entry", &[("id", entry.into())]));
            lines.push('\n');
        }
        let support = match &problem.support {
            Some(support) => format!("{} · {support}", problem.code.as_str()),
            None => problem.code.as_str().to_owned(),
        };
        lines.push_str(&paint.faint(&self.say.say_with("cli-for-support", &[("details", (&support).into())])));
        lines.push('\n');
        let mut json = serde_json::to_value(problem).unwrap_or_default();
        if let Some(json) = json.as_object_mut() {
            json.insert("do".to_owned(), Value::String(what_to_do));
        }
        (json, lines, exit)
    }

    fn stopped(&self, code: &str, because: &[String]) -> (Value, String, u8) {
        let paint = Paint::for_errors();
        let id = format!("cli-stopped-{code}");
        let title = self.say.say(&id);
        let happened = format!(
            "{} {}",
            self.say.say(&format!("{id}-happened")),
            self.say.say_with("data-left", &[("left", "no".into())])
        );
        let what = self.say.say(&format!("{id}-do"));
        let mut lines = format!("{}\n", paint.strong(&title));
        lines.push_str(&paint.sentence(0, &happened));
        for warning in because {
            lines.push_str(&format!("  {} {warning}\n", paint.warning("!")));
        }
        lines.push_str(&paint.sentence(0, &self.say.say_with("cli-what-to-do", &[("what", (&what).into())])));
        let json = json!({
            "code": code, "title": title, "happened": happened, "do": what, "data_left": "no", "because": because,
        });
        (json, lines, 3)
    }

    fn wrong_use(&self, text: &str) -> (Value, String, u8) {
        let what = self.say.say("cli-wrong-use-do");
        let json = json!({
            "code": "wrong-use",
            "title": self.say.say("cli-wrong-use"),
            "happened": format!("{text} {}", self.say.say_with("data-left", &[("left", "no".into())])),
            "do": what,
            "data_left": "no",
        });
        (json, format!("{text}\n{what}\n"), 2)
    }

    fn practice_line(&self) -> String {
        format!("{}\n\n", self.say.say("cli-practice"))
    }

    /// One object, on one line; the practice profile says so in every one.
    fn print_json(&self, value: Value) {
        let mut object = match value {
            Value::Object(object) => object,
            other => Map::from_iter([("answer".to_owned(), other)]),
        };
        if self.practice {
            object.insert("practice".to_owned(), Value::Bool(true));
        }
        print(&format!("{}\n", Value::Object(object)));
    }
}

/// Results go to standard output; a reader that went away is not our problem.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Everything that is not the result goes to standard error.
pub fn complain(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use wallet_core::problem::DataLeft;
    use wallet_core::view::Language;

    use super::*;

    fn voice(practice: bool) -> Voice {
        Voice {
            json: true,
            practice,
            say: Say::new(Language::En, practice),
        }
    }

    fn problem(code: ProblemCode) -> Problem {
        let words = wallet_core::words::Words::for_language(Language::En).problem(code, DataLeft::No);
        Problem {
            code,
            title: words.title,
            happened: words.happened,
            what_to_do: words.what_to_do,
            data_left: DataLeft::No,
            tries_left: None,
            retry_at: None,
            support: None,
            history: None,
        }
    }

    #[test]
    fn exit_codes_are_those_of_the_contract() {
        for &code in ProblemCode::ALL {
            let expected = match code {
                ProblemCode::WrongPin | ProblemCode::PinLocked => 4,
                ProblemCode::ServiceNotRecognised => 3,
                _ => 1,
            };
            let (json, text, exit) = voice(false).problem(&problem(code));
            assert_eq!(exit, expected, "{code:?}");
            assert_eq!(json["code"], code.as_str());
            for key in ["title", "happened", "do", "data_left"] {
                assert!(
                    json[key].as_str().is_some_and(|text| !text.is_empty()),
                    "{code:?} {key}"
                );
            }
            assert!(text.contains("Nothing was shared."), "{code:?}");
            assert!(!text.contains("cli-") && !text.contains('{'), "{text}");
        }
        assert_eq!(voice(false).wrong_use("Why.").2, 2);
    }

    #[test]
    fn what_was_stopped_says_why_and_that_nothing_was_shared() {
        for code in ["not-approved", "warnings-not-accepted", "blocked"] {
            let (json, text, exit) = voice(false).stopped(code, &["They are unknown.".to_owned()]);
            assert_eq!(exit, 3);
            assert_eq!(json["code"], code);
            assert_eq!(json["data_left"], "no");
            assert!(
                text.contains("Nothing was shared.") && text.contains("! They are unknown."),
                "{text}"
            );
            assert!(!text.contains("cli-"), "{text}");
        }
    }

    #[test]
    fn what_to_type_in_practice_has_practice_in_it() {
        let (json, text, _) = voice(true).problem(&problem(ProblemCode::NotInitialised));
        assert!(text.contains("wallet --practice init"), "{text}");
        assert!(
            json["do"]
                .as_str()
                .is_some_and(|text| text.contains("wallet --practice init"))
        );
    }
}
