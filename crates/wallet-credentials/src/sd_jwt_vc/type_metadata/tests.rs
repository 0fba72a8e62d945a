//! Type Metadata: the examples of the draft, `extends`, integrity, the rules for claims, and templates.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::super::{Issuance, KeyBinding, PresentationCheck, SdJwtVc, verify_presentation};
use super::*;
use crate::claim::{ClaimPath, PathElement};
use crate::crypto::{PredictableRandom, Signer, SigningKey};
use crate::time::Timestamp;
use crate::vectors;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[1; 32]).unwrap()
}

fn holder() -> SigningKey {
    SigningKey::from_bytes(&[2; 32]).unwrap()
}

fn path(json: &str) -> ClaimPath {
    serde_json::from_str(json).unwrap()
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn resolved(vct: &str, documents: &[Value]) -> Result<EffectiveTypeMetadata, TypeMetadataError> {
    let documents: HashMap<String, String> = documents
        .iter()
        .map(|document| (document["vct"].as_str().unwrap().to_owned(), document.to_string()))
        .collect();
    match resolve(vct, None, |vct| documents.get(vct))? {
        Resolution::Resolved(metadata) => Ok(metadata),
        Resolution::Needs(vct) => panic!("{vct} is not there"),
    }
}

fn one(document: Value) -> Result<EffectiveTypeMetadata, TypeMetadataError> {
    let vct = document["vct"].as_str().unwrap().to_owned();
    resolved(&vct, &[document])
}

/// A credential of these claims with these disclosures, complete and as shown with only some of them.
fn issued(claims: Value, disclosable: &[&str], decoys: u8) -> SdJwtVc {
    let text = Issuance::new("urn:t", object(claims))
        .holder_key(&holder().public_key())
        .selectively_disclosable(disclosable.iter().map(|text| path(text)))
        .decoys(decoys)
        .sign(&issuer(), &mut PredictableRandom::from_seed(3))
        .unwrap();
    SdJwtVc::parse(&text).unwrap().dangerous_assume_verified().into_inner()
}

fn shown(credential: &SdJwtVc, paths: &[&str]) -> IssuedClaims {
    let paths: Vec<_> = paths.iter().map(|text| path(text)).collect();
    let binding = KeyBinding {
        audience: "a",
        nonce: "n",
        issued_at: NOW,
        transaction_data: None,
    };
    let text = credential.narrow(&paths).unwrap().present(&binding, &holder()).unwrap();
    let check = PresentationCheck::new("a", "n", NOW);
    verify_presentation(&text, &check, |_| Some(issuer().public_key().into()))
        .unwrap()
        .issued_claims()
        .unwrap()
}

#[test]
fn sd_jwt_vc_a2_type_metadata() {
    let Some(vector) = vectors::load("sd-jwt-vc/a2-type-metadata.json") else {
        return;
    };
    // Its base type is not in the vector.
    let mut document = vector["type_metadata"].clone();
    let vct = document["vct"].as_str().unwrap().to_owned();
    let octets = document.to_string();
    let needs = resolve(&vct, None, |asked| (asked == vct).then_some(&octets)).unwrap();
    let Resolution::Needs(base) = needs else {
        panic!("{needs:?}")
    };
    assert_eq!(document["extends"], base);
    assert_eq!(
        resolve(&vct, None, |asked| Some(if asked == vct {
            octets.as_bytes()
        } else {
            b"{}"
        }))
        .unwrap_err(),
        TypeMetadataError::Integrity
    );
    document.as_object_mut().unwrap().remove("extends");
    let metadata = one(document).unwrap();

    assert_eq!(metadata.display(&["de"]).unwrap().name, "Betelgeuse-Bildungsnachweis");
    assert_eq!(
        metadata.display(&["cy", "en-GB"]).unwrap().name,
        "Betelgeuse Education Credential"
    );
    let rendering = &metadata.display(&["en"]).unwrap().rendering;
    let simple = rendering.simple.as_ref().unwrap();
    assert_eq!(simple.background_color, Some([0x12, 0x10, 0x7c]));
    assert_eq!(
        simple.logo_alt_text.as_deref(),
        Some("Betelgeuse Ministry of Education logo")
    );
    assert!(!simple.logo.as_ref().unwrap().accepts(b"another picture"));
    let template = &rendering.svg_templates[0];
    assert_eq!(
        (template.orientation, template.color_scheme, template.contrast),
        (
            Some(Orientation::Landscape),
            Some(ColorScheme::Light),
            Some(Contrast::High)
        )
    );

    // The example payload, issued as the metadata demands.
    let mut claims = vector["payload_example"][0].clone();
    claims
        .as_object_mut()
        .unwrap()
        .retain(|name, _| !name.starts_with("vct"));
    let all = [
        r#"["name"]"#,
        r#"["address"]"#,
        r#"["address","street_address"]"#,
        r#"["degrees",null]"#,
        r#"["degrees",null,"date_awarded"]"#,
    ];
    let credential = issued(claims.clone(), &all, 2);
    let complete = credential.issued_claims().unwrap();
    assert_eq!(metadata.check(&complete), Ok(()));
    for asked in [&[][..], &[r#"["name"]"#], &[r#"["degrees",1]"#], &[r#"["address"]"#]] {
        assert_eq!(metadata.check(&shown(&credential, asked)), Ok(()), "{asked:?}");
    }
    for left_out in 0..all.len() {
        let fewer: Vec<_> = all
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != left_out)
            .map(|(_, p)| *p)
            .collect();
        let wrong = issued(claims.clone(), &fewer, 0).issued_claims().unwrap();
        assert_eq!(
            metadata.check(&wrong),
            Err(TypeMetadataError::SelectiveDisclosure),
            "{left_out}"
        );
    }
    for too_much in [r#"["degrees"]"#, r#"["degrees",null,"field_of_study"]"#] {
        let wrong = issued(claims.clone(), &[&all[..], &[too_much]].concat(), 0)
            .issued_claims()
            .unwrap();
        assert_eq!(
            metadata.check(&wrong),
            Err(TypeMetadataError::SelectiveDisclosure),
            "{too_much}"
        );
    }
    let mut nameless = claims.clone();
    nameless.as_object_mut().unwrap().remove("name");
    let wrong = issued(nameless, &all[1..], 0).issued_claims().unwrap();
    assert_eq!(metadata.check(&wrong), Err(TypeMetadataError::Mandatory));
    claims["degrees"] = json!({"field_of_study": "x"});
    let wrong = issued(claims, &all[..3], 0).issued_claims().unwrap();
    assert_eq!(metadata.check(&wrong), Err(TypeMetadataError::Shape));

    let place = path(r#"["degrees",2,"field_of_study"]"#);
    assert_eq!(metadata.label(place.elements(), &["de"]).unwrap().label, "Studienfach");
    assert_eq!(
        metadata.label(place.elements(), &["cy", "en"]).unwrap().label,
        "Field of Study"
    );
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg"><text x="10">Street address: {{address_street_address}}</text></svg>"#;
    let filled = metadata.fill_svg(svg, &complete).unwrap();
    assert!(filled.contains(">Street address: 42 Galaxy Way<"), "{filled}");
    let withheld = metadata.fill_svg(svg, &shown(&credential, &[])).unwrap();
    assert!(withheld.contains(">Street address: <"), "{withheld}");
}

/// The example of 5.6.5.2.
#[test]
fn an_extending_type_inherits_and_overrides() {
    let base = json!({
        "vct": "https://example.com/base-type-metadata",
        "display": [{"locale": "en", "name": "Base"}],
        "claims": [
            {"path": ["name"], "display": [{"label": "Full Name", "locale": "en"}], "sd": "always"},
            {"path": ["address", "city"], "display": [{"label": "City", "locale": "en"}], "svg_id": "city"},
        ],
    });
    let mut child = json!({
        "vct": "https://example.com/custom-type-metadata",
        "extends": "https://example.com/base-type-metadata",
        "claims": [
            {"path": ["address", "city"], "display": [{"label": "Town", "locale": "en"}], "mandatory": true},
            {"path": ["nationalities"], "display": [{"label": "Nationalities", "locale": "en"}]},
        ],
    });
    let metadata = resolved(
        "https://example.com/custom-type-metadata",
        &[child.clone(), base.clone()],
    )
    .unwrap();
    assert_eq!(
        metadata.types(),
        [
            "https://example.com/custom-type-metadata",
            "https://example.com/base-type-metadata"
        ]
    );
    let label = |names: &[&str]| {
        let place = ClaimPath::from_names(names.iter().copied()).unwrap();
        metadata
            .label(place.elements(), &["en"])
            .map(|display| display.label.clone())
    };
    assert_eq!(label(&["name"]).as_deref(), Some("Full Name"));
    assert_eq!(label(&["address", "city"]).as_deref(), Some("Town"));
    assert_eq!(label(&["nationalities"]).as_deref(), Some("Nationalities"));
    assert_eq!(label(&["address"]), None);
    let city = &metadata.claims()[1];
    assert_eq!((city.svg_id.as_deref(), city.mandatory), (Some("city"), Some(true)));
    assert_eq!(metadata.claims()[0].sd, Some(SelectiveDisclosure::Always));
    assert_eq!(metadata.display(&[]).unwrap().name, "Base");
    child["display"] = json!([{"locale": "cy", "name": "Plentyn"}]);
    let metadata = resolved("https://example.com/custom-type-metadata", &[child, base]).unwrap();
    assert_eq!(metadata.display(&["en"]).unwrap().name, "Plentyn");
}

#[test]
fn an_extending_type_keeps_what_is_fixed() {
    let extended = |base: Value, child: Value| {
        let document = |vct: &str, extends: Option<&str>, claim: &Value| {
            let mut claim = claim.clone();
            claim["path"] = json!(["a"]);
            let mut document = json!({"vct": vct, "claims": [claim]});
            if let Some(extends) = extends {
                document["extends"] = extends.into();
            }
            document
        };
        let documents = [document("urn:c", Some("urn:b"), &child), document("urn:b", None, &base)];
        resolved("urn:c", &documents).map(|metadata| (metadata.claims()[0].sd, metadata.claims()[0].mandatory))
    };
    use SelectiveDisclosure::{Always, Never};
    assert_eq!(extended(json!({"sd": "always"}), json!({})), Ok((Some(Always), None)));
    assert_eq!(
        extended(json!({"sd": "always"}), json!({"sd": "always"})),
        Ok((Some(Always), None))
    );
    assert_eq!(
        extended(json!({"sd": "allowed"}), json!({"sd": "never"})),
        Ok((Some(Never), None))
    );
    assert_eq!(extended(json!({}), json!({"sd": "always"})), Ok((Some(Always), None)));
    for (base, child) in [
        ("always", "never"),
        ("always", "allowed"),
        ("never", "always"),
        ("never", "allowed"),
    ] {
        let refused = extended(json!({"sd": base}), json!({"sd": child}));
        assert_eq!(refused, Err(TypeMetadataError::Extension), "{base} {child}");
    }
    assert_eq!(extended(json!({"mandatory": true}), json!({})), Ok((None, Some(true))));
    assert_eq!(
        extended(json!({"mandatory": false}), json!({"mandatory": true})),
        Ok((None, Some(true)))
    );
    let refused = extended(json!({"mandatory": true}), json!({"mandatory": false}));
    assert_eq!(refused, Err(TypeMetadataError::Extension));
}

#[test]
fn chains_end() {
    let link = |at: usize, to: usize| json!({"vct": format!("urn:{at}"), "extends": format!("urn:{to}")});
    assert_eq!(
        resolved("urn:0", &[link(0, 0)]).unwrap_err(),
        TypeMetadataError::Circular
    );
    assert_eq!(
        resolved("urn:0", &[link(0, 1), link(1, 2), link(2, 1)]).unwrap_err(),
        TypeMetadataError::Circular
    );
    let chain = |length: usize| {
        let mut chain: Vec<_> = (0..length).map(|at| link(at, at + 1)).collect();
        chain.push(json!({"vct": format!("urn:{length}")}));
        resolved("urn:0", &chain)
    };
    assert_eq!(chain(MAX_CHAIN - 1).unwrap().types().len(), MAX_CHAIN);
    assert_eq!(chain(MAX_CHAIN).unwrap_err(), TypeMetadataError::TooDeep);
}

#[test]
fn a_document_is_the_one_that_was_referenced() {
    let document = r#"{"vct": "urn:t" }"#;
    let sha256 = format!("sha256-{}", STANDARD.encode(Sha256::digest(document)));
    let sha384 = format!("sha384-{}", STANDARD.encode(Sha384::digest(document)));
    let sha512 = format!("sha512-{}", STANDARD.encode(Sha512::digest(document)));
    let wrong256 = format!("sha256-{}", STANDARD.encode([7; 32]));
    let wrong512 = format!("sha512-{}", STANDARD.encode([7; 64]));
    let matches = |integrity: &str| {
        let integrity = Integrity::parse(integrity)?;
        resolve("urn:t", Some(&integrity), |_| Some(document)).map(|_| ())
    };
    for integrity in [
        &sha256,
        &sha384,
        &sha512,
        &sha256.trim_end_matches('=').to_owned(),
        &sha256.replace('+', "-").replace('/', "_"),
        &format!("{sha256}?ct=application/json"),
        &format!("  {wrong256} \t{sha256}"),
        // Only the strongest counts, and unknown ones say nothing.
        &format!("{wrong256} {sha512}"),
        &format!("sha1-AAAA blake3-AAAA {sha384}"),
    ] {
        assert_eq!(matches(integrity), Ok(()), "{integrity}");
    }
    for integrity in [
        &wrong256,
        &format!("{sha256} {wrong512}"),
        &format!("{sha256} sha512-AAAA"),
        "sha1-AAAA",
        "SHA256-AAAA",
        "sha256-AA",
    ] {
        assert_eq!(matches(integrity), Err(TypeMetadataError::Integrity), "{integrity}");
    }
    for integrity in [
        "",
        "  ",
        "sha256",
        "sha256-",
        "sha256-A*A",
        "-AAAA",
        "sha256-AAAA===",
        "sha 256-AAAA é-A",
    ] {
        assert_eq!(matches(integrity), Err(TypeMetadataError::Malformed), "{integrity}");
    }
    assert_eq!(matches(&"a-b ".repeat(2000)), Err(TypeMetadataError::TooLarge));

    let other = resolve("urn:t", None, |_| Some(r#"{"vct":"urn:other"}"#));
    assert_eq!(other.unwrap_err(), TypeMetadataError::OtherType);
    let child = json!({"vct": "urn:c", "extends": "urn:t", "extends#integrity": wrong256}).to_string();
    let refused = resolve("urn:c", None, |vct| {
        Some(if vct == "urn:c" { child.as_str() } else { document })
    });
    assert_eq!(refused.unwrap_err(), TypeMetadataError::Integrity);
}

#[test]
fn documents_of_another_structure_are_refused() {
    for (name, value) in [
        ("name", json!(1)),
        ("description", json!([])),
        ("extends", json!(1)),
        ("extends", json!("")),
        ("display", json!({})),
        ("display", json!([1])),
        ("display", json!([{"name": "x"}])),
        ("display", json!([{"locale": "en"}])),
        ("display", json!([{"locale": "en", "name": ""}])),
        ("display", json!([{"locale": "en", "name": "x", "rendering": []}])),
        (
            "display",
            json!([{"locale": "en", "name": "x", "rendering": {"simple": {"logo": {}}}}]),
        ),
        (
            "display",
            json!([{"locale": "en", "name": "x", "rendering": {"simple": {"logo": {"uri": "http://a.example"}}}}]),
        ),
        (
            "display",
            json!([{"locale": "en", "name": "x", "rendering": {"simple": {"logo": {"uri": "javascript:x"}}}}]),
        ),
        (
            "display",
            json!([{"locale": "en", "name": "x", "rendering": {"svg_templates": {}}}]),
        ),
        (
            "display",
            json!([{"locale": "en", "name": "x", "rendering":
                {"svg_templates": [{"uri": "https://a.example"}, {"uri": "https://a.example"}]}}]),
        ),
        (
            "display",
            json!([{"locale": "en", "name": "x", "rendering":
                {"svg_templates": [{"uri": "https://a.example", "properties": {"orientation": "diagonal"}}]}}]),
        ),
        (
            "display",
            json!([{"locale": "en", "name": "x", "rendering":
                {"svg_templates": [{"uri": "https://a.example", "properties": {}}]}}]),
        ),
        ("claims", json!({})),
        ("claims", json!([{}])),
        ("claims", json!([{"path": []}])),
        ("claims", json!([{"path": ["a", -1]}])),
        ("claims", json!([{"path": ["a"]}, {"path": ["a"]}])),
        ("claims", json!([{"path": ["a"], "sd": "sometimes"}])),
        ("claims", json!([{"path": ["a"], "mandatory": "yes"}])),
        ("claims", json!([{"path": ["a"], "svg_id": "1a"}])),
        ("claims", json!([{"path": ["a"], "svg_id": "a-b"}])),
        ("claims", json!([{"path": ["a"], "svg_id": ""}])),
        (
            "claims",
            json!([{"path": ["a"], "svg_id": "x"}, {"path": ["b"], "svg_id": "x"}]),
        ),
        ("claims", json!([{"path": ["a"], "display": {}}])),
        ("claims", json!([{"path": ["a"], "display": [{"locale": "en"}]}])),
    ] {
        let document = json!({"vct": "urn:t", name: value});
        assert_eq!(
            one(document).unwrap_err(),
            TypeMetadataError::Malformed,
            "{name} {value}"
        );
    }
    let refused = |octets: &[u8]| resolve("urn:t", None, |_| Some(octets.to_vec())).unwrap_err();
    for octets in [
        &b"[]"[..],
        b"",
        b"{}",
        br#"{"vct":1}"#,
        br#"{"vct":"urn:t","vct":"urn:t"}"#,
    ] {
        assert_eq!(refused(octets), TypeMetadataError::Malformed);
    }
    assert_eq!(
        refused(&vec![b' '; MAX_DOCUMENT_BYTES + 1]),
        TypeMetadataError::TooLarge
    );
    let many = vec![json!({"path": ["a"]}); MAX_ENTRIES + 1];
    assert_eq!(
        one(json!({"vct": "urn:t", "claims": many})).unwrap_err(),
        TypeMetadataError::TooLarge
    );
    // What is not understood is ignored, text is cleaned, and colours that are no numbers are left out.
    let metadata = one(
        json!({"vct": "urn:t", "new": 1, "display": [{"locale": "en", "name": "a\u{202e}b", "new": {},
        "rendering": {"new": 1, "simple": {"text_color": "red", "background_color": "#fa0"}}}]}),
    )
    .unwrap();
    let display = metadata.display(&[]).unwrap();
    assert_eq!(display.name, "ab");
    let simple = display.rendering.simple.as_ref().unwrap();
    assert_eq!(
        (simple.text_color, simple.background_color),
        (None, Some([0xff, 0xaa, 0]))
    );
}

#[test]
fn what_is_withheld_is_not_held_against_a_presentation() {
    let rules = |claims: Value| one(json!({"vct": "urn:t", "claims": claims})).unwrap();
    let mandatory = |path: Value| rules(json!([{"path": path, "mandatory": true}]));
    let credential = issued(
        json!({"a": 1, "b": {"c": 1, "d": 2}, "e": [1, 2, {"f": 3}], "g": {}}),
        &[r#"["a"]"#, r#"["b","c"]"#, r#"["e",1]"#, r#"["e",2]"#],
        0,
    );
    let complete = credential.issued_claims().unwrap();
    let nothing = shown(&credential, &[]);
    for path in [
        json!(["a"]),
        json!(["b", "c"]),
        json!(["e", 1]),
        json!(["e", 2, "f"]),
        json!(["e", 2]),
    ] {
        assert_eq!(mandatory(path.clone()).check(&complete), Ok(()), "{path}");
        assert_eq!(mandatory(path.clone()).check(&nothing), Ok(()), "{path}");
    }
    // Missing for the holder, who has everything; a verifier can tell only where nothing is withheld.
    for (path, verifier) in [
        (json!(["z"]), Ok(())),
        (json!(["b", "z"]), Ok(())),
        (json!(["g", "z"]), Err(TypeMetadataError::Mandatory)),
        (json!(["e", 3]), Err(TypeMetadataError::Mandatory)),
    ] {
        assert_eq!(
            mandatory(path.clone()).check(&complete),
            Err(TypeMetadataError::Mandatory),
            "{path}"
        );
        assert_eq!(mandatory(path.clone()).check(&nothing), verifier, "{path}");
    }
    // Positions count what is withheld: the third element is still the third.
    let third = rules(json!([{"path": ["e", 0], "sd": "never"}, {"path": ["e", 2], "sd": "always"}]));
    assert_eq!(third.check(&complete), Ok(()));
    assert_eq!(third.check(&shown(&credential, &[r#"["e",2]"#])), Ok(()));
    // A claim inside a disclosure is not a disclosure itself.
    let inside = rules(json!([{"path": ["e", 2, "f"], "sd": "never"}]));
    assert_eq!(inside.check(&complete), Ok(()));
    // A path that does not fit what is there.
    assert_eq!(
        mandatory(json!(["a", "b"])).check(&complete),
        Err(TypeMetadataError::Shape)
    );
    assert_eq!(
        mandatory(json!(["b", null])).check(&nothing),
        Err(TypeMetadataError::Shape)
    );
}

#[test]
fn templates_are_filled_in_their_text_only() {
    let metadata = one(json!({"vct": "urn:t", "claims": [
        {"path": ["name"], "svg_id": "name"},
        {"path": ["list", null], "svg_id": "list"},
        {"path": ["object"], "svg_id": "object"},
        {"path": ["nothing"], "svg_id": "nothing"},
    ]}))
    .unwrap();
    let claims = issued(
        json!({"name": "<b> & \"O'Hara\" {{list}}\u{202e}", "list": ["a", 2, true, null], "object": {"a": [1]}}),
        &[],
        0,
    )
    .issued_claims()
    .unwrap();
    let fill = |template: &str| metadata.fill_svg(template, &claims);
    assert_eq!(
        fill("<text>{{name}}</text>").unwrap(),
        "<text>&lt;b&gt; &amp; &quot;O&apos;Hara&quot; &#123;&#123;list}}</text>"
    );
    assert_eq!(
        fill("<?xml version='1.0'?><!-- c --><t a='>'>[{{list}}][{{nothing}}]<u/>{{object}}</t>").unwrap(),
        "<?xml version='1.0'?><!-- c --><t a='>'>[a, 2, true][]<u/>&#123;&quot;a&quot;:[1]}</t>"
    );
    assert_eq!(fill("<style/><t>{{list}}</t>").unwrap(), "<style/><t>a, 2, true</t>");
    for template in [
        "<t a=\"{{name}}\"/>",
        "<t a='>{{name}}'/>",
        "<!-- {{name}} --><t/>",
        "<![CDATA[{{name}}]]>",
        "<?x {{name}}?>",
        "<style>{{name}}</style>",
        "<svg:script>{{name}}</svg:script>",
        "<!DOCTYPE svg><t>{{name}}</t>",
        "<t>{{unknown}}</t>",
        "<t>{{name}</t>",
        "<t>{{ name }}</t>",
        "<t>{{}}</t>",
        "<t",
        "<!-- ",
        "<t a='>",
    ] {
        assert_eq!(fill(template), Err(TypeMetadataError::Template), "{template}");
    }
    assert_eq!(fill(&"x".repeat(1024 * 1024 + 1)), Err(TypeMetadataError::TooLarge));
}

#[test]
fn labels_are_found_by_language() {
    let display = |locale: &str| json!({"locale": locale, "label": locale});
    let metadata = one(json!({"vct": "urn:t", "claims": [
        {"path": ["a", null], "display": [display("cy"), display("en-US"), display("zh-Hant-TW")]},
        {"path": ["a", 1], "display": [display("en-GB")]},
    ]}))
    .unwrap();
    let label = |at: u64, languages: &[&str]| {
        let place = [PathElement::Name("a".to_owned()), PathElement::Index(at)];
        metadata.label(&place, languages).unwrap().label.clone()
    };
    assert_eq!(label(0, &["cy", "en"]), "cy");
    assert_eq!(label(0, &["CY-gb"]), "cy");
    assert_eq!(label(0, &["en-GB"]), "en-US");
    assert_eq!(label(0, &["fr", "en"]), "en-US");
    assert_eq!(label(0, &["zh-Hant-TW-x"]), "zh-Hant-TW");
    assert_eq!(label(0, &["fr"]), "cy");
    assert_eq!(label(1, &["cy"]), "en-GB");
}
