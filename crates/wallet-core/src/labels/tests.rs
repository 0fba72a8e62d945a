use serde_json::json;

use super::*;

const EN: Language = Language::En;
const CY: Language = Language::Cy;
const MDL: &str = "org.iso.18013.5.1.mDL";
const NS: &str = "org.iso.18013.5.1";

fn path(names: &[&str]) -> Vec<Value> {
    names.iter().map(|name| json!(name)).collect()
}

fn text(type_id: &str, names: &[&str], value: &Value, language: Language) -> String {
    text_of(type_id, &path(names), value, language)
}

#[test]
fn the_files_are_read_whole_and_every_word_is_there_in_both_languages() {
    let documents: Vec<DocumentEntry> = serde_json::from_str(include_str!("documents.json")).unwrap();
    let claims: Claims = serde_json::from_str(include_str!("claims.json")).unwrap();
    assert!(documents.len() >= 15);
    for document in &documents {
        assert!(!document.en.is_empty() && !document.cy.is_empty());
        for namespace in &document.namespaces {
            assert!(claims.namespaces.contains_key(namespace), "{namespace}");
        }
    }
    for (name, entry) in claims.namespaces.values().flatten().chain(&claims.common) {
        assert!(!entry.en.is_empty() && !entry.cy.is_empty(), "{name}");
        if let Some(table) = &entry.values {
            assert!(claims.values.contains_key(table), "{name}: {table}");
        }
    }
    assert_eq!((claims.months.en.len(), claims.months.cy.len()), (12, 12));
}

/// uk.md 1.2: every element the DVLA issues has a label of our own in both languages.
#[test]
fn every_element_of_the_driving_licence_has_its_own_label() {
    for element in [
        "family_name",
        "given_name",
        "portrait",
        "birth_date",
        "age_over_18",
        "age_over_21",
        "age_over_25",
        "birth_place",
        "issue_date",
        "expiry_date",
        "issuing_authority",
        "issuing_country",
        "document_number",
        "resident_address",
        "resident_postal_code",
        "resident_city",
        "driving_privileges",
        "un_distinguishing_sign",
    ] {
        let at = path(&[NS, element]);
        assert!(entry_of(MDL, &at).is_some() || age_of(&at).is_some(), "{element}");
        assert_ne!(
            claim_label(MDL, &at, None, EN),
            claim_label(MDL, &at, None, CY),
            "{element}"
        );
    }
    for element in ["title", "welsh_licence", "provisional_driving_privileges"] {
        assert!(
            entry_of(MDL, &path(&["org.iso.18013.5.1.GB", element])).is_some(),
            "{element}"
        );
    }
}

#[test]
fn known_types_have_names_and_kinds_however_the_practice_type_is_spelt() {
    assert_eq!(document_name(MDL, CY).as_deref(), Some("Trwydded yrru"));
    for type_id in [
        "urn:example:uk-sandbox:nhs_patient:1",
        "urn:example:uk-sandbox:nhsPatient:1",
        "urn:example:uk-sandbox:nhs-patient:1",
    ] {
        assert_eq!(document_kind(type_id), DocumentKind::Health, "{type_id}");
    }
    assert_eq!(
        document_kind("https://elsewhere.example/membership"),
        DocumentKind::Other
    );
    assert_eq!(document_name("https://elsewhere.example/membership", EN), None);
}

#[test]
fn details_of_an_sd_jwt_vc_are_found_by_their_type() {
    let nhs = "urn:example:uk-sandbox:nhs_patient:1";
    assert_eq!(
        claim_label(nhs, &path(&["nhs_number"]), Some("Lucky number"), EN),
        "NHS number"
    );
    assert_eq!(text(nhs, &["nhs_number"], &json!("9990000018"), EN), "999 000 0018");
    assert_eq!(
        claim_label(nhs, &path(&["age_over_18"]), None, CY),
        "18 oed neu drosodd"
    );
    assert_eq!(
        claim_label("urn:eudi:pid:1", &path(&["address", "postal_code"]), None, EN),
        "Postcode"
    );
    assert_eq!(
        claim_label("urn:eudi:pid:1", &path(&["age_equal_or_over", "21"]), None, EN),
        "21 or over"
    );
}

#[test]
fn a_strangers_detail_has_the_issuers_label_else_its_own_name() {
    let club = "https://club.example/membership";
    assert_eq!(
        claim_label(club, &path(&["memberNo"]), Some("Member\u{202E} number"), EN),
        "Member number"
    );
    assert_eq!(claim_label(club, &path(&["memberNo"]), None, EN), "Member no");
    assert_eq!(claim_label(club, &path(&["member_since", "year"]), None, EN), "Year");
    // What every wallet knows is not renamed by an issuer.
    assert_eq!(
        claim_label(club, &path(&["birthdate"]), Some("Favourite day"), EN),
        "Date of birth"
    );
    assert_eq!(
        claim_label("x", &path(&["org.example.club", "birth_date"]), None, EN),
        "Date of birth"
    );
    assert_eq!(claim_label(club, &[], None, EN), "—");
}

#[test]
fn values_read_as_people_say_them() {
    assert_eq!(
        text(MDL, &[NS, "birth_date"], &json!("1992-03-15"), EN),
        "15 March 1992"
    );
    assert_eq!(
        text(MDL, &[NS, "birth_date"], &json!("2027-01-03"), CY),
        "3 Ionawr 2027"
    );
    assert_eq!(text(MDL, &[NS, "age_over_18"], &json!(true), EN), "Yes");
    assert_eq!(text(MDL, &[NS, "age_over_18"], &json!(false), CY), "Nac ydw");
    assert_eq!(
        text(MDL, &[NS, "issuing_country"], &json!("GB"), CY),
        "Y Deyrnas Unedig"
    );
    assert_eq!(
        text("x", &["org.iso.23220.1", "nationality"], &json!("GBR"), EN),
        "United Kingdom"
    );
    assert_eq!(text(MDL, &[NS, "sex"], &json!(2), CY), "Benyw");
    assert_eq!(
        text("urn:eudi:pid:1", &["nationalities"], &json!(["IE", "XX"]), EN),
        "Ireland, XX"
    );
    assert_eq!(
        text(MDL, &[NS, "portrait"], &json!("data:image/jpeg;base64,AAAA"), EN),
        ""
    );
    assert_eq!(text("x", &["exp"], &json!(1_800_000_000), EN), "15 January 2027");
    let evisa = "uk.gov.sandbox.immigrationStatus.1";
    assert_eq!(
        text(evisa, &[evisa, "work_permitted"], &json!("restricted"), EN),
        "Some work, with limits"
    );
    assert_eq!(
        text(
            evisa,
            &[evisa, "work_restrictions"],
            &json!(["sponsor_only", "night_work"]),
            EN
        ),
        "Only for the sponsor, Night work"
    );
    assert_eq!(text(evisa, &[evisa, "has_time_limit"], &json!(true), CY), "Oes");
}

#[test]
fn what_you_can_drive_is_one_line() {
    let privileges = json!([
        {"vehicle_category_code": "B", "issue_date": "2010-05-01"},
        {"vehicle_category_code": "BE", "issue_date": "2010-08-01"},
        {"vehicle_category_code": "A", "issue_date": "2012-01-01", "expiry_date": "2062-03-14", "codes": [{"code": "01"}, {"code": "78", "sign": "<=", "value": "5"}]},
        {"issue_date": "2012-01-01"}
    ]);
    assert_eq!(
        text(MDL, &[NS, "driving_privileges"], &privileges, EN),
        "B, BE from 2010; A (01, 78<=5) from 2012 until 2062"
    );
    assert_eq!(
        text(
            MDL,
            &[NS, "driving_privileges"],
            &json!([{"vehicle_category_code": "AM"}]),
            CY
        ),
        "AM"
    );
}

#[test]
fn sensitive_details_are_marked_and_others_are_not() {
    assert!(is_sensitive(MDL, &path(&[NS, "portrait"])));
    assert!(is_sensitive(
        "urn:example:uk-sandbox:nhs_patient:1",
        &path(&["nhs_number"])
    ));
    assert!(is_sensitive(
        "https://club.example/x",
        &path(&["health", "blood_group"])
    ));
    assert!(!is_sensitive(MDL, &path(&[NS, "family_name"])));
    assert!(!is_sensitive(MDL, &path(&[NS, "age_over_18"])));
    assert!(!is_sensitive("x", &path(&["org.health.example.1", "title"])));
}

#[test]
fn text_from_outside_is_one_bounded_line_without_tricks() {
    assert_eq!(
        clean(
            "Har\u{202E}bour\u{200B}\u{E0041} \u{1b}[31mRecruitment\r\n\tLtd\u{9b}",
            80
        ),
        "Harbour [31mRecruitment Ltd"
    );
    assert_eq!(clean("Llŷr Dummyman", 80), "Llŷr Dummyman");
    assert_eq!(clean("abcdef", 4), "abc…");
    assert_eq!(clean("abcd", 4), "abcd");
    assert_eq!(clean("abc  ", 3), "abc");
    assert_eq!(clean("ab cd", 3), "ab…");
    assert_eq!(clean("   ", 3), "");
    assert_eq!(clean("abc", 0), "");
    let deep = (0..60).fold(json!("end"), |inner, _| json!([inner, {"a": 1}]));
    assert!(text("x", &["deep"], &deep, EN).chars().count() <= TEXT_MAX);
    let long = Value::Array((0..50).map(|n| json!(n)).collect());
    assert!(text("x", &["long"], &long, EN).ends_with("19, and 30 more"));
}

#[test]
fn instants_are_london_time() {
    assert_eq!(instant_text("2027-07-03T13:20:00Z", EN), "3 July 2027, 14:20");
    assert_eq!(instant_text("2027-01-03T14:20:00Z", CY), "3 Ionawr 2027, 14:20");
    assert_eq!(date_text("2026-06-30T23:30:00Z", EN), "1 July 2026");
    assert_eq!(date_text("next week", EN), "next week");
}
