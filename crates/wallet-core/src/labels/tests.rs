use serde_json::json;

use super::*;

const EN: Language = Language::En;
const CY: Language = Language::Cy;
const MDL: &str = "org.iso.18013.5.1.mDL";
mod elements;

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
fn what_you_can_drive_is_a_table_of_categories() {
    let table = |element: &[&str], value: &Value, language| table_of(MDL, &path(element), value, language);
    let iso = json!([
        {"vehicle_category_code": "B", "issue_date": "2010-05-01", "expiry_date": "2062-03-14", "codes": [{"code": "01"}, {"code": "78", "sign": "<=", "value": "5"}]},
        {"vehicle_category_code": "AM", "issue_date": "2010-05-01"},
        {"issue_date": "2012-01-01"},
    ]);
    let drawn = table(&[NS, "driving_privileges"], &iso, EN).unwrap();
    assert_eq!(drawn.columns, ["Category", "From", "To", "Codes"]);
    assert_eq!(
        drawn.rows,
        [
            ["B", "1 May 2010", "14 March 2062", "01, 78<=5"],
            ["AM", "1 May 2010", "", ""]
        ]
    );
    let learner = json!([{"vehicle_category_code": "A2", "expiry_date": "2030-01-02"}]);
    let drawn = table(
        &["org.iso.18013.5.1.GB", "provisional_driving_privileges"],
        &learner,
        CY,
    )
    .unwrap();
    assert_eq!(drawn.columns, ["Categori", "Hyd at"]);
    assert_eq!(drawn.rows, [["A2", "2 Ionawr 2030"]]);
    for none in [
        json!([]),
        json!("B"),
        json!([{"issue_date": "2012-01-01"}]),
        json!(["B"]),
    ] {
        assert_eq!(table(&[NS, "driving_privileges"], &none, EN), None, "{none}");
    }
}

#[test]
fn qualifications_are_a_table_and_stay_bounded() {
    let learner = "uk.gov.sandbox.learnerRecord.1";
    let at = path(&[learner, "qualifications"]);
    let value = json!([
        {"title": "GCSE \u{202E}Welsh", "grade": "7", "under_data_challenge": false},
        {"title": "GCSE Mathematics", "award_date": "2026-08-20", "grade": "8"},
    ]);
    let drawn = table_of(learner, &at, &value, EN).unwrap();
    assert_eq!(drawn.columns[0], "Title");
    let column = |name: &str| drawn.columns.iter().position(|column| column == name).unwrap();
    let (grade, checked, awarded) = (column("Grade"), column("Being checked"), column("Awarded"));
    let row = |at: usize| [0, grade, checked, awarded].map(|column| drawn.rows[at][column].as_str());
    assert_eq!(row(0), ["GCSE Welsh", "7", "No", ""]);
    assert_eq!(drawn.rows[1], ["GCSE Mathematics", "8", "", "20 August 2026"]);
    let long: Vec<Value> = (0..101).map(|at| json!({"title": at, "grade": at})).collect();
    assert_eq!(table_of(learner, &at, &Value::Array(long), EN), None);
    let wide = json!([(0..13)
        .map(|at| (format!("m{at}"), json!(at)))
        .collect::<serde_json::Map<_, _>>()]);
    assert_eq!(table_of(learner, &at, &wide, EN), None);
    let mixed = json!([{"title": "a", "grade": "b"}, "c"]);
    assert_eq!(table_of(learner, &at, &mixed, EN), None);
}

/// GOV.UK's builder writes Latin-1, which has neither ŵ nor ŷ: the name in its own spelling stands beside it.
#[test]
fn a_welsh_name_keeps_its_own_letters() {
    let at = path(&[NS, "given_name_national_character"]);
    assert_eq!(
        text(MDL, &[NS, "given_name_national_character"], &json!("Llŷr Ŵyn"), CY),
        "Llŷr Ŵyn"
    );
    assert_ne!(
        claim_label(MDL, &at, None, EN),
        claim_label(MDL, &path(&[NS, "given_name"]), None, EN)
    );
    // Composed or not, nothing of it is lost.
    assert_eq!(text(MDL, &[NS, "given_name"], &json!("Lly\u{302}r"), EN), "Lly\u{302}r");
}

#[test]
fn nationalities_are_names_in_two_letters_and_in_three() {
    let said = |code: &str, language| text("x", &["org.iso.23220.1", "nationality"], &json!(code), language);
    for (two, three, en, cy) in [
        ("GB", "GBR", "United Kingdom", "Y Deyrnas Unedig"),
        ("IE", "IRL", "Ireland", "Iwerddon"),
        ("JP", "JPN", "Japan", "Japan"),
        ("TV", "TUV", "Tuvalu", "Tuvalu"),
    ] {
        assert_eq!((said(two, EN), said(three, EN)), (en.to_owned(), en.to_owned()));
        assert_eq!((said(two, CY), said(three, CY)), (cy.to_owned(), cy.to_owned()));
    }
    assert_eq!(said("GBN", EN), "British national (overseas)");
    assert_eq!(said("XXA", CY), "Person heb wladwriaeth");
    assert_eq!(said("QQQ", EN), "QQQ");
    let rows: Vec<(String, String, String)> = serde_json::from_str(include_str!("countries.json")).unwrap();
    assert!(
        rows.iter()
            .filter(|(codes, ..)| codes.split(' ').any(|code| code.len() == 2))
            .count()
            >= 249
    );
    let mut codes: Vec<&str> = rows.iter().flat_map(|(codes, ..)| codes.split(' ')).collect();
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all, "a code stands twice");
    assert!(
        rows.iter()
            .all(|(_, en, cy)| !en.trim().is_empty() && !cy.trim().is_empty())
    );
}

#[test]
fn what_nobody_named_is_marked_and_reads_clean() {
    let club = "https://club.example/membership";
    let at = path(&["loyalty\u{202E}Tier_2"]);
    assert!(!is_named(club, &at, None));
    assert!(!is_named(club, &at, Some(" \u{200B}")));
    assert!(is_named(club, &at, Some("Tier")));
    assert_eq!(claim_label(club, &at, None, EN), "Loyalty tier 2");
    assert!(is_named(MDL, &path(&[NS, "family_name"]), None));
    assert!(is_named(MDL, &path(&[NS, "age_over_37"]), None));
    assert!(!is_named(MDL, &path(&[NS, "age_over_370"]), None));
}

#[test]
fn a_name_in_parts_reads_first_names_first() {
    let name = json!([{"nameParts": [
        {"type": "FamilyName", "value": "Veteran"}, {"type": "GivenName", "value": "Tamsin"}, {"type": "GivenName", "value": "Mair"},
    ]}]);
    let at = path(&[JWT_VC, "credentialSubject", "name"]);
    assert_eq!(text_of("DigitalVeteranCard", &at, &name, EN), "Tamsin Mair Veteran");
    assert_eq!(text_of("DigitalVeteranCard", &at, &json!("Tamsin V"), EN), "Tamsin V");
    let branch = path(&[JWT_VC, "credentialSubject", "veteranCard", "serviceBranch"]);
    assert_eq!(
        text_of("DigitalVeteranCard", &branch, &json!("Royal Navy"), CY),
        "Y Llynges Frenhinol"
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
