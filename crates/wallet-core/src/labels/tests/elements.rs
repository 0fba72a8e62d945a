//! Every element of the catalogue (design `uk.md`, 1.2, 1.6 and 2.2), as a list a machine walks: `elements.json`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::json;

use super::*;

#[derive(Deserialize)]
struct Catalogued {
    en: String,
    cy: String,
    types: Vec<String>,
    note: bool,
    namespaces: BTreeMap<String, Vec<String>>,
    vct: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    jwt_vc: BTreeMap<String, Vec<String>>,
}

fn catalogue() -> Vec<Catalogued> {
    serde_json::from_str(include_str!("elements.json")).unwrap()
}

/// Own words in both languages, nothing said twice within one document, and not the element's name read out.
#[track_caller]
fn check(type_id: &str, paths: &[Vec<Value>]) {
    for language in [EN, CY] {
        let mut said: HashMap<String, &[Value]> = HashMap::new();
        for at in paths {
            assert!(is_named(type_id, at, None), "{type_id}: nobody named {at:?}");
            let label = claim_label(type_id, at, Some("words of the issuer"), language);
            assert!(
                !label.trim().is_empty() && label != "words of the issuer",
                "{type_id} {at:?}"
            );
            assert!(label.chars().count() <= LABEL_MAX, "{label}");
            if let Some(other) = said.insert(label.clone(), at) {
                panic!("{type_id}: {other:?} and {at:?} are both called \"{label}\"");
            }
        }
    }
    for at in paths {
        let (en, cy) = (claim_label(type_id, at, None, EN), claim_label(type_id, at, None, CY));
        assert_ne!(en, cy, "{type_id} {at:?}");
    }
}

#[test]
fn every_element_of_every_document_has_its_own_label_in_both_languages() {
    let all = catalogue();
    assert!(all.len() >= 16);
    for document in &all {
        for type_id in &document.types {
            let mut seen = std::collections::HashSet::new();
            let paths: Vec<Vec<Value>> = document
                .namespaces
                .iter()
                .flat_map(|(space, elements)| elements.iter().map(move |element| (space, element)))
                .filter(|(space, element)| seen.insert((namespace_key(space), element.as_str())))
                .map(|(space, element)| path(&[space, element]))
                .collect();
            check(type_id, &paths);
        }
        // Both spellings of a namespace say the same.
        for (space, elements) in &document.namespaces {
            for element in elements {
                let at = |space: &str| claim_label(&document.types[0], &path(&[space, element]), None, CY);
                assert_eq!(at(space), at(namespace_key(space)));
            }
        }
        if let Some(vct) = &document.vct {
            let mut names: Vec<&String> = document.namespaces.values().flatten().collect();
            names.sort();
            names.dedup();
            let paths: Vec<Vec<Value>> = names.iter().map(|name| path(&[name.as_str()])).collect();
            check(vct, &paths);
        }
        for (type_id, paths) in &document.jwt_vc {
            let paths: Vec<Vec<Value>> = paths
                .iter()
                .map(|joined| path(&std::iter::once(JWT_VC).chain(joined.split('/')).collect::<Vec<_>>()))
                .collect();
            check(type_id, &paths);
        }
    }
}

#[test]
fn every_document_has_its_name_and_the_note_it_must_carry() {
    for document in catalogue() {
        let types = document.types.iter().chain(&document.vct).chain(document.jwt_vc.keys());
        for type_id in types {
            assert_eq!(
                document_name(type_id, EN).as_deref(),
                Some(document.en.as_str()),
                "{type_id}"
            );
            assert_eq!(
                document_name(type_id, CY).as_deref(),
                Some(document.cy.as_str()),
                "{type_id}"
            );
            let notes = (document_note(type_id, EN), document_note(type_id, CY));
            assert_eq!(
                (notes.0.is_some(), notes.1.is_some()),
                (document.note, document.note),
                "{type_id}"
            );
            assert!(!document.note || notes.0 != notes.1);
        }
    }
    assert_eq!(
        document_note("uk.gov.sandbox.nationalInsurance.1", EN).unwrap(),
        "A National Insurance number does not prove identity or right to work."
    );
}

#[test]
fn every_coded_value_has_words_in_both_languages() {
    let mut checked = 0;
    for document in catalogue() {
        for (element, codes) in &document.values {
            let space = document
                .namespaces
                .iter()
                .find(|(_, elements)| elements.contains(element))
                .map(|(space, _)| space)
                .unwrap();
            let at = path(&[space, element]);
            let entry = entry_of(&document.types[0], &at).unwrap();
            let table = match entry.shape {
                Shape::Sex => "sex",
                _ => entry.values.as_deref().unwrap(),
            };
            for code in codes {
                let [en, cy] = &CLAIMS.values[table][code];
                assert!(!en.trim().is_empty() && !cy.trim().is_empty(), "{element} {code}");
                let said = |value: &Value, language| text_of(&document.types[0], &at, value, language);
                assert_eq!(
                    (said(&json!(code), EN), said(&json!(code), CY)),
                    (en.clone(), cy.clone())
                );
                if let Ok(number) = code.parse::<u8>() {
                    assert_eq!(&said(&json!(number), EN), en, "{element} as a number");
                }
                checked += 1;
            }
        }
    }
    assert!(checked >= 60, "{checked}");
}
