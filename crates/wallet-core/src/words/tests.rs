use super::*;

fn catalogue(language: Language) -> &'static str {
    match language {
        Language::En => ENGLISH,
        Language::Cy => WELSH,
    }
}

#[test]
fn both_files_are_valid_fluent_without_a_message_said_twice() {
    for language in [Language::En, Language::Cy] {
        let resource = FluentResource::try_new(catalogue(language).to_owned());
        assert!(
            resource.is_ok(),
            "{language:?}: {:?}",
            resource.err().map(|(_, errors)| errors)
        );
        let mut bundle = FluentBundle::new_concurrent(vec![langid!("en-GB")]);
        if let Ok(resource) = resource {
            assert_eq!(
                bundle.add_resource(resource).err().map(|errors| format!("{errors:?}")),
                None,
                "{language:?}"
            );
        }
    }
}

#[test]
fn every_problem_has_words_in_both_languages_and_says_whether_anything_left() {
    for language in [Language::En, Language::Cy] {
        let words = Words::for_language(language);
        for &code in ProblemCode::ALL {
            for left in [DataLeft::No, DataLeft::Yes, DataLeft::Unknown] {
                let problem = words.problem(code, left);
                let said = words.message("data-left", &[("left", left_word(left).into())]);
                for text in [&problem.title, &problem.happened, &problem.what_to_do] {
                    assert!(text.trim().len() > 4, "{language:?} {code:?}: {text:?}");
                    assert!(!text.contains(['{', '}']), "{language:?} {code:?}: {text}");
                    assert!(!text.starts_with("problem-"), "{language:?} {code:?} has no words");
                }
                assert!(problem.happened.ends_with(&said), "{language:?} {code:?}");
                assert!(
                    problem.happened.len() > said.len() + 5,
                    "{language:?} {code:?} does not say what happened"
                );
            }
        }
    }
}

#[test]
fn the_three_answers_to_did_anything_leave_differ() {
    for language in [Language::En, Language::Cy] {
        let said = [DataLeft::No, DataLeft::Yes, DataLeft::Unknown]
            .map(|left| Words::for_language(language).message("data-left", &[("left", left_word(left).into())]));
        assert_ne!(said[0], said[1]);
        assert_ne!(said[1], said[2]);
        assert_ne!(said[0], said[2]);
    }
}

#[test]
fn english_and_welsh_have_the_same_messages_and_welsh_is_not_english() {
    let (english, welsh) = (Words::ids(Language::En), Words::ids(Language::Cy));
    assert!(english.len() > 60);
    assert_eq!(
        english, welsh,
        "the two files must hold the same messages in the same order"
    );
    for &code in ProblemCode::ALL {
        let (en, cy) = (EN.problem(code, DataLeft::No), CY.problem(code, DataLeft::No));
        assert_ne!(en.happened, cy.happened, "{code:?}");
        assert_ne!(en.what_to_do, cy.what_to_do, "{code:?}");
    }
}

#[test]
fn no_problem_is_worded_that_no_longer_exists() {
    for id in Words::ids(Language::En) {
        if let Some(code) = id
            .strip_prefix("problem-")
            .map(|rest| rest.split('.').next().unwrap_or(rest))
        {
            assert!(ProblemCode::ALL.iter().any(|known| known.as_str() == code), "{id}");
        }
    }
}

#[test]
fn plurals_follow_the_language() {
    let said = |language, n: u32| Words::for_language(language).message("cli-tries-left", &[("count", n.into())]);
    assert!(said(Language::En, 1).contains("1 more time."));
    assert!(said(Language::En, 2).contains("2 more times."));
    assert!(said(Language::Cy, 2).contains("2 waith"));
}

/// Experience, section 5, line 19: plain words, short sentences.
#[test]
fn words_are_plain_and_sentences_short() {
    const JARGON: &[&str] = &[
        "credential",
        "verifier",
        "attribute",
        "relying party",
        "presentation",
        "attestation",
        "vct",
    ];
    for line in ENGLISH.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let Some((id, text)) = line
            .split_once(" = ")
            .or(line.trim_start().starts_with(['[', '*']).then_some(("", line)))
        else {
            continue;
        };
        // The teaching help names commands and link schemes as they are typed.
        if id.starts_with("cli-help") {
            continue;
        }
        let plain = text.to_lowercase();
        for word in JARGON {
            assert!(!plain.contains(word), "{id}: {word}");
        }
        for sentence in text.split(['.', '?', ':']) {
            let count = sentence
                .split_whitespace()
                .filter(|word| word.chars().any(char::is_alphanumeric))
                .count();
            assert!(count <= 20, "{count} words: {sentence}");
        }
    }
}

#[test]
fn a_missing_message_is_seen_and_not_empty() {
    assert_eq!(CY.message("no-such-message", &[]), "no-such-message");
    assert!(!CY.has("no-such-message"));
}
