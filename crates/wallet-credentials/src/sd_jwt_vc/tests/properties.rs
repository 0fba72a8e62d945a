//! What must hold for every credential and every text.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::claim::{self, PathElement};

/// Claims of a few levels; no name is a registered one.
fn claims() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i32>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(Value::Null)
    ];
    let inner = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("k[a-z]{0,3}", inner, 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    btree_map("k[a-z]{0,3}", inner, 1..5).prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// The places of everything in `value`.
fn places(value: &Value, at: &mut Vec<PathElement>, found: &mut Vec<ClaimPath>) {
    let below: Vec<(PathElement, &Value)> = match value {
        Value::Object(object) => object
            .iter()
            .map(|(name, value)| (PathElement::Name(name.clone()), value))
            .collect(),
        Value::Array(array) => (0..)
            .zip(array)
            .map(|(index, value)| (PathElement::Index(index), value))
            .collect(),
        _ => Vec::new(),
    };
    for (element, value) in below {
        at.push(element);
        found.push(ClaimPath::new(at.clone()).unwrap());
        places(value, at, found);
        at.pop();
    }
}

/// What is left of the claims when only these places are revealed, told without any SD-JWT.
fn revealed(value: &Value, at: &mut Vec<PathElement>, is_picked: &dyn Fn(&[PathElement]) -> bool) -> Option<Value> {
    if !at.is_empty() && !is_picked(at) {
        return None;
    }
    let mut below = |element: PathElement, value: &Value| {
        at.push(element);
        let left = revealed(value, at, is_picked);
        at.pop();
        left
    };
    Some(match value {
        Value::Object(object) => object
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), below(PathElement::Name(name.clone()), value)?)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(array) => {
            let elements = (0..).zip(array);
            elements
                .filter_map(|(index, value)| below(PathElement::Index(index), value))
                .collect()
        }
        plain => plain.clone(),
    })
}

/// Every bit of a small presentation: the issuer's JWT, a disclosure in an object, one in an array, the key binding.
#[test]
fn any_flipped_bit_is_refused_in_sd_jwt() {
    let text = Issuance::new("v", object(json!({"a": 1, "b": [2]})))
        .holder_key(&holder().public_key())
        .selectively_disclosable([path(r#"["a"]"#), path(r#"["b",0]"#)])
        .sign(&issuer(), &mut random())
        .unwrap();
    let narrowed = receive(&text).narrow(&[path(r#"["a"]"#), path(r#"["b"]"#)]).unwrap();
    let presentation = narrowed.present(&binding(), &holder()).unwrap();
    assert!(verify(&presentation).is_ok());
    let flips = (0..presentation.len()).flat_map(|at| (0..8).map(move |bit| (at, bit)));
    for (at, bit) in flips {
        let mut changed = presentation.clone().into_bytes();
        changed[at] ^= 1 << bit;
        let Ok(changed) = String::from_utf8(changed) else {
            continue;
        };
        assert!(verify(&changed).is_err(), "byte {at}, bit {bit}");
    }
}

proptest! {
    #[test]
    fn issue_narrow_verify(claims in claims(), hide in vec(any::<bool>(), 64), ask in vec(any::<Index>(), 0..4)) {
        let mut all = Vec::new();
        places(&claims, &mut Vec::new(), &mut all);
        let hidden: Vec<_> = all.iter().zip(hide.iter().cycle()).filter(|(_, hide)| **hide).map(|(p, _)| p.clone()).collect();
        let asked: Vec<_> = ask.iter().map(|index| index.get(&all).clone()).collect();

        let text = Issuance::new(VCT, object(claims.clone()))
            .holder_key(&holder().public_key())
            .selectively_disclosable(hidden.iter().cloned())
            .decoys(1)
            .sign(&issuer(), &mut random())
            .unwrap();
        let credential = receive(&text);
        for (name, value) in claims.as_object().unwrap() {
            prop_assert_eq!(&credential.claims()[name], value);
        }
        prop_assert_eq!(credential.disclosable().len(), hidden.len());

        let narrowed = credential.narrow(&asked).unwrap();
        let (would_leave, disclosed) = (narrowed.claims().unwrap(), narrowed.disclosed().to_vec());
        // Nothing but what was asked for, what lies below it, and its parents.
        for place in &disclosed {
            let on_one_line = |asked: &ClaimPath| {
                asked.elements().iter().zip(place.elements()).all(|(asked, place)| asked == place)
            };
            prop_assert!(asked.iter().any(on_one_line));
        }
        let presented = verify(&narrowed.present(&binding(), &holder()).unwrap()).unwrap();
        prop_assert_eq!(presented.claims(), &would_leave);
        prop_assert_eq!(presented.disclosed().len(), disclosed.len());
        // Whatever was asked for by name is there, whole.
        let read = Value::Object(presented.claims().clone());
        for asked in asked.iter().filter(|path| path.elements().iter().all(|e| matches!(e, PathElement::Name(_)))) {
            let whole = claim::select(&claims, asked).unwrap();
            prop_assert_eq!(claim::select(&read, asked).unwrap(), whole);
        }
    }

    /// Any disclosures an attacker or a holder picks: with all their parents they verify and reveal themselves alone, without
    /// they are refused.
    #[test]
    fn any_subset_of_disclosures(claims in claims(), hide in vec(any::<bool>(), 64), pick in vec(any::<bool>(), 64)) {
        let mut all = Vec::new();
        places(&claims, &mut Vec::new(), &mut all);
        let hidden = all.iter().zip(hide.iter().cycle()).filter(|(_, hide)| **hide).map(|(place, _)| place.clone());
        let text = Issuance::new(VCT, object(claims.clone()))
            .selectively_disclosable(hidden)
            .sign(&issuer(), &mut random())
            .unwrap();
        let credential = receive(&text);
        let places = credential.disclosable();
        let picked: Vec<bool> = pick.iter().cycle().take(places.len()).copied().collect();
        let is_picked = |place: &[PathElement]| {
            let at = places.iter().position(|known| known.elements() == place);
            at.is_none_or(|at| picked[at])
        };
        let whole = |place: &ClaimPath| (1..=place.elements().len()).all(|depth| is_picked(&place.elements()[..depth]));
        let closed = places.iter().filter(|place| is_picked(place.elements())).all(whole);

        let mut parts = text.trim_end_matches('~').split('~');
        let mut shown = format!("{}~", parts.next().unwrap());
        for (part, picked) in parts.zip(&picked) {
            if *picked {
                shown.push_str(part);
                shown.push('~');
            }
        }
        let lenient = PresentationCheck { key_binding_required: false, ..check() };
        let read = verify_presentation(&shown, &lenient, |_| Some(issuer_key()));
        if closed {
            let mut expected = object(revealed(&claims, &mut Vec::new(), &is_picked).unwrap());
            expected.insert("vct".to_owned(), VCT.into());
            let read = read.unwrap();
            prop_assert_eq!(read.claims(), &expected);
        } else {
            prop_assert_eq!(read.err(), Some(SdJwtError::UnreferencedDisclosure));
        }
    }

    #[test]
    fn one_changed_character_is_refused(at in any::<Index>(), replacement in "[A-Za-z0-9_.~-]") {
        let text = issue(json!({"a": 1, "b": {"c": 2}}), &[r#"["a"]"#, r#"["b","c"]"#]);
        let presentation = receive(&text)
            .narrow(&[path(r#"["a"]"#), path(r#"["b"]"#)])
            .unwrap()
            .present(&binding(), &holder())
            .unwrap();
        let at = at.index(presentation.len());
        let changed = format!("{}{replacement}{}", &presentation[..at], &presentation[at + 1..]);
        prop_assert_eq!(verify(&changed).is_ok(), changed == presentation);
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}", parts in vec("[A-Za-z0-9_-]{0,40}", 0..6)) {
        let _ = SdJwtVc::parse(&text);
        prop_assert!(verify(&text).is_err());
        prop_assert!(verify(&parts.join("~")).is_err());
    }

    #[test]
    fn arbitrary_payloads_and_disclosures_never_panic(payload in claims(), disclosures in vec("\\PC{0,40}", 0..4)) {
        let texts: Vec<_> = disclosures.iter().map(|text| crate::jose::base64url::encode(text.as_bytes())).collect();
        let mut payload = object(payload);
        payload.insert("_sd".to_owned(), texts.iter().map(|text| DigestAlgorithm::Sha256.digest(text)).collect());
        let _ = super::super::process::process(payload, texts.iter().map(String::as_str));
    }
}
