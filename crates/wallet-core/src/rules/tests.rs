//! The file is whole, and says what the rules of `uk.md` say.

use serde_json::json;

use super::*;

fn rules() -> Rules {
    serde_json::from_str(include_str!("categories.json")).unwrap()
}

fn path(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!(name)).collect()
}

#[test]
fn the_file_names_only_groups_it_has_and_says_each_rule_in_both_languages() {
    let rules = rules();
    let known = |groups: &[String]| groups.iter().all(|group| rules.groups.contains_key(group));
    assert!(rules.categories.len() >= 10 && known(&rules.blocked_from_strangers));
    let mut ids = Vec::new();
    for category in &rules.categories {
        assert!(!category.ids.is_empty() && !category.needed.is_empty() && !category.not_needed.is_empty());
        assert!(known(&category.needed) && known(&category.marks), "{:?}", category.ids);
        ids.extend(&category.ids);
        for rule in &category.not_needed {
            assert!(known(&rule.groups), "{:?}", category.ids);
            assert!(!rule.en.is_empty() && !rule.cy.is_empty() && rule.en != rule.cy);
            let both = rule.groups.iter().filter(|group| category.needed.contains(group));
            assert_eq!(both.count(), 0, "{:?} needs what it does not need", category.ids);
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "a category has one set of rules");
}

#[test]
fn an_age_check_needs_no_birth_date_wherever_it_stands() {
    let category = Category::registered("age_18_in_person").unwrap();
    for needed in [
        path(&["org.iso.18013.5.1", "age_over_18"]),
        path(&["org.iso.18013.5.1", "portrait"]),
        path(&["age_equal_or_over", "18"]),
        path(&["something_nobody_knows"]),
    ] {
        assert!(category.not_needed(&needed).is_none(), "{needed:?}");
    }
    for not_needed in [
        path(&["org.iso.18013.5.1", "birth_date"]),
        path(&["birthdate"]),
        path(&["credentialSubject", "birthDate"]),
        path(&["org.iso.18013.5.1", "resident_postal_code"]),
        path(&["address", "street_address"]),
        path(&["nhs_number"]),
    ] {
        let why = category.not_needed(&not_needed).unwrap();
        assert!(why.why(Language::En).contains("age") && why.why(Language::Cy).contains("oedran"));
    }
}

#[test]
fn the_sentences_of_the_law_stand_where_they_belong() {
    let why = |category: &str, detail: &str| {
        let rule = Category::registered(category).unwrap().not_needed(&path(&[detail]));
        rule.map(|rule| rule.why(Language::En)).unwrap_or_default()
    };
    assert!(why("rtw_evisa", "national_insurance_number").contains("payroll after hiring"));
    assert!(why("gp_registration", "status_type").contains("immigration status to register you"));
    assert!(why("rtr_evisa", "nationality").contains("landlord"));
    assert_eq!(why("gp_registration", "resident_address"), "");
    assert!(Category::registered("no such category").is_none());
}

#[test]
fn a_request_of_a_stranger_is_judged_by_the_strictest_category_it_fits() {
    let asked = [
        path(&["org.iso.18013.5.1", "age_over_18"]),
        path(&["org.iso.18013.5.1", "driving_privileges"]),
        path(&["org.iso.18013.5.1", "family_name"]),
        path(&["org.iso.18013.5.1", "birth_date"]),
    ];
    let category = Category::strictest(asked.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(category.ids[0], "age_18_in_person");
    let plain = [path(&["family_name"]), path(&["email"])];
    assert!(Category::strictest(plain.iter().map(Vec::as_slice)).is_none());
}

#[test]
fn what_strangers_never_get_is_what_is_marked_as_sensitive() {
    let rules = rules();
    let shown = [
        ("org.iso.18013.5.1.mDL", path(&["org.iso.18013.5.1", "portrait"])),
        ("org.iso.18013.5.1.mDL", path(&["org.iso.18013.5.1", "nationality"])),
        ("urn:example:uk-sandbox:nhs_patient:1", path(&["nhs_number"])),
        (
            "uk.gov.sandbox.immigrationStatus.1",
            path(&["uk.gov.sandbox.immigrationStatus.1", "status_type"]),
        ),
        (
            "uk.gov.sandbox.benefitEntitlement.1",
            path(&["uk.gov.sandbox.benefitEntitlement.1", "in_receipt"]),
        ),
    ];
    for (type_id, path) in &shown {
        assert!(is_in(&rules.blocked_from_strangers, path), "{path:?}");
        assert!(labels::is_sensitive(type_id, path), "{path:?} would not be marked");
    }
    assert!(is_blocked_from_strangers("a type", &path(&["medical_history"])));
    assert!(!is_blocked_from_strangers("a type", &path(&["family_name"])));
}
