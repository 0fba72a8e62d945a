//! The matcher against a second reading of sections 6 and 7, written from the text alone over plain JSON and sharing no code
//! with it, on generated queries and wallets.

use serde_json::{Map, Value, json};
use wallet_credentials::credential::Format;

use super::{Held, Validity};
use crate::dcql::{DcqlQuery, HeldIndex};

const CASES: u64 = 10_000;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }
    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.roll(from.len() as u64)).unwrap()].clone()
    }
    fn list<T>(&mut self, least: u64, most: u64, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..least + self.roll(most - least + 1)).map(|_| make(self)).collect()
    }
}

const FORMATS: [&str; 4] = ["dc+sd-jwt", "mso_mdoc", "jwt_vc_json", "ldp_vc"];
const TYPES: [&str; 3] = ["t1", "t2", "t3"];
const NAMES: [&str; 3] = ["a", "b", "c"];

fn scalar(dice: &mut Dice) -> Value {
    dice.pick(&[
        json!("x"),
        json!("y"),
        json!("1"),
        json!(1),
        json!(2),
        json!(1.0),
        json!(true),
        json!(false),
        Value::Null,
    ])
}

fn claims(dice: &mut Dice, depth: u32) -> Value {
    match if depth == 0 { 0 } else { dice.roll(3) } {
        0 => scalar(dice),
        1 => Value::Array(dice.list(0, 3, |dice| claims(dice, depth - 1))),
        _ => object(dice, depth),
    }
}

fn object(dice: &mut Dice, depth: u32) -> Value {
    let members = dice.list(2, 5, |dice| (dice.pick(&NAMES).to_owned(), claims(dice, depth - 1)));
    Value::Object(members.into_iter().collect())
}

/// A credential as plain JSON, so that the second reading needs nothing of ours.
fn credential(dice: &mut Dice) -> Value {
    let format = dice.pick(&FORMATS[..3]);
    let claims = if format == "mso_mdoc" {
        let spaces = NAMES.iter().take(2).map(|name| ((*name).to_owned(), object(dice, 1)));
        Value::Object(spaces.collect::<Map<_, _>>())
    } else {
        object(dice, 3)
    };
    json!({
        "format": format,
        "types": dice.list(1, 2, |dice| dice.pick(&TYPES)),
        "bound": !dice.one_in(5),
        "aki": dice.list(0, 2, |dice| dice.pick(&["AQID", "BAUG"])),
        "etsi_tl": dice.list(0, 1, |dice| dice.pick(&["https://tl/1", "https://tl/2"])),
        "openid_federation": dice.list(0, 1, |dice| dice.pick(&["https://fed/1", "https://fed/2"])),
        "claims": claims,
    })
}

fn query(dice: &mut Dice) -> Value {
    let count = 1 + dice.roll(3);
    let credentials: Vec<Value> = (0..count).map(|number| credential_query(dice, number)).collect();
    let mut query = json!({"credentials": credentials});
    if dice.one_in(2) {
        let ids: Vec<String> = (0..count).map(|number| format!("q{number}")).collect();
        let sets = dice.list(1, 3, |dice| {
            let options = dice.list(1, 3, |dice| dice.list(1, 2, |dice| dice.pick(&ids)));
            let mut set = json!({"options": options});
            if dice.one_in(2) {
                set["required"] = dice.one_in(2).into();
            }
            set
        });
        query["credential_sets"] = sets.into();
    }
    query
}

fn credential_query(dice: &mut Dice, number: u64) -> Value {
    let format = if dice.one_in(20) {
        "ldp_vc"
    } else {
        dice.pick(&FORMATS[..3])
    };
    let types = dice.list(1, 2, |dice| dice.pick(&TYPES));
    let meta = match format {
        _ if dice.one_in(10) => json!({}),
        "mso_mdoc" => json!({"doctype_value": types[0]}),
        "dc+sd-jwt" => json!({"vct_values": types}),
        _ => json!({"type_values": dice.list(1, 2, |dice| dice.list(1, 2, |dice| dice.pick(&TYPES)))}),
    };
    let mut query = json!({"id": format!("q{number}"), "format": format, "meta": meta});
    if dice.one_in(3) {
        query["require_cryptographic_holder_binding"] = dice.one_in(2).into();
    }
    if dice.one_in(6) {
        let authorities = dice.list(1, 2, |dice| match dice.roll(4) {
            0 => json!({"type": "aki", "values": [dice.pick(&["AQID", "BAUG", "!"])]}),
            1 => json!({"type": "etsi_tl", "values": ["https://tl/1"]}),
            2 => json!({"type": "openid_federation", "values": ["https://fed/2"]}),
            _ => json!({"type": "other", "values": ["AQID"]}),
        });
        query["trusted_authorities"] = authorities.into();
    }
    if !dice.one_in(4) {
        let count = 1 + dice.roll(3);
        let claims: Vec<Value> = (0..count).map(|number| claim(dice, format, number)).collect();
        query["claims"] = claims.into();
        if dice.one_in(2) {
            let ids: Vec<String> = (0..count).map(|number| format!("c{number}")).collect();
            query["claim_sets"] = dice.list(1, 3, |dice| dice.list(1, 2, |dice| dice.pick(&ids))).into();
        }
    }
    query
}

fn claim(dice: &mut Dice, format: &str, number: u64) -> Value {
    let mut path: Vec<Value> = vec![json!(dice.pick(&NAMES))];
    if format == "mso_mdoc" {
        path.push(json!(dice.pick(&NAMES)));
    } else {
        path.extend(dice.list(0, 1, |dice| {
            dice.pick(&[json!("a"), json!("b"), Value::Null, json!(0), json!(1)])
        }));
    }
    let mut claim = json!({"id": format!("c{number}"), "path": path});
    if dice.one_in(5) {
        claim["values"] = dice
            .list(1, 2, |dice| dice.pick(&[json!("x"), json!("1"), json!(1), json!(true)]))
            .into();
    }
    claim
}

/// Section 7.1.1, step by step: the selected elements, or `None` when processing is to be aborted.
fn select<'v>(credential: &'v Value, path: &[Value]) -> Option<Vec<&'v Value>> {
    let mut selected = vec![credential];
    for step in path {
        let mut next = Vec::new();
        for element in selected {
            match step {
                // "If the component is a string, select the element … If any of the currently selected element(s) is not an
                // object, abort. If the key does not exist …, remove that element from the selection."
                Value::String(key) => next.extend(element.as_object()?.get(key)),
                // "null: select all elements of the currently selected array(s). If any … is not an array, abort."
                Value::Null => next.extend(element.as_array()?),
                // "non-negative integer: select the element at the respective index … If any … is not an array, abort."
                Value::Number(index) => next.extend(element.as_array()?.get(usize::try_from(index.as_u64()?).ok()?)),
                _ => return None,
            }
        }
        selected = next;
        // "If the set of elements currently selected is empty, abort processing."
        if selected.is_empty() {
            return None;
        }
    }
    Some(selected)
}

/// Sections 6.1, 6.3 and 6.4.1 for one credential: the claim set and the paths to return, or `None` for no match.
fn answers(query: &Value, credential: &Value) -> Option<(Option<usize>, Vec<Value>)> {
    if query["format"] != credential["format"] {
        return None;
    }
    let types: Vec<&Value> = credential["types"].as_array().unwrap().iter().collect();
    let meta = &query["meta"];
    let right = match query["format"].as_str().unwrap() {
        "mso_mdoc" => meta.get("doctype_value").is_none_or(|wanted| types[0] == wanted),
        "dc+sd-jwt" => meta
            .get("vct_values")
            .is_none_or(|wanted| wanted.as_array().unwrap().iter().any(|one| types.contains(&one))),
        _ => meta.get("type_values").is_none_or(|alternatives| {
            let has_all = |list: &Value| list.as_array().unwrap().iter().all(|one| types.contains(&one));
            alternatives.as_array().unwrap().iter().any(has_all)
        }),
    };
    let binding = query
        .get("require_cryptographic_holder_binding")
        .is_none_or(|required| *required == true);
    if !right || (binding && credential["bound"] == false) {
        return None;
    }
    if let Some(authorities) = query.get("trusted_authorities").and_then(Value::as_array) {
        let matches = |authority: &Value| {
            let of_type = credential
                .get(authority["type"].as_str().unwrap())
                .and_then(Value::as_array);
            of_type.is_some_and(|known| {
                authority["values"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|one| known.contains(one))
            })
        };
        if !authorities.iter().any(matches) {
            return None;
        }
    }
    let Some(claims) = query.get("claims").and_then(Value::as_array) else {
        return Some((None, Vec::new()));
    };
    let present = |claim: &Value| {
        select(&credential["claims"], claim["path"].as_array().unwrap()).is_some_and(|found| {
            match claim.get("values") {
                None => true,
                Some(values) => found.iter().any(|one| values.as_array().unwrap().contains(one)),
            }
        })
    };
    let give = |chosen: Vec<&Value>| {
        let mut paths: Vec<Value> = Vec::new();
        for claim in chosen {
            if !paths.contains(&claim["path"]) {
                paths.push(claim["path"].clone());
            }
        }
        paths
    };
    let Some(sets) = query.get("claim_sets").and_then(Value::as_array) else {
        return claims
            .iter()
            .all(present)
            .then(|| (None, give(claims.iter().collect())));
    };
    sets.iter().enumerate().find_map(|(number, set)| {
        let by_id = |id: &Value| claims.iter().find(|claim| claim["id"] == *id).unwrap();
        let chosen: Vec<&Value> = set.as_array().unwrap().iter().map(by_id).collect();
        chosen
            .iter()
            .all(|claim| present(claim))
            .then(|| (Some(number), give(chosen)))
    })
}

/// Section 6.4.2: whether the request is to be answered.
fn satisfiable(query: &Value, answered: impl Fn(&Value) -> bool) -> bool {
    match query.get("credential_sets").and_then(Value::as_array) {
        None => query["credentials"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| answered(&one["id"])),
        Some(sets) => sets
            .iter()
            .filter(|set| set.get("required").is_none_or(|required| *required == true))
            .all(|set| {
                let options = set["options"].as_array().unwrap();
                options
                    .iter()
                    .any(|option| option.as_array().unwrap().iter().all(&answered))
            }),
    }
}

fn held(credential: &Value) -> Held {
    let texts = |name: &str| -> Vec<String> {
        credential[name]
            .as_array()
            .unwrap()
            .iter()
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    let types = texts("types");
    let format = match credential["format"].as_str().unwrap() {
        "mso_mdoc" => Format::MsoMdoc,
        "dc+sd-jwt" => Format::DcSdJwt,
        _ => Format::JwtVcJson,
    };
    Held {
        format,
        credential_type: types[0].clone(),
        // An mdoc has one document type and no other.
        further_types: if format == Format::MsoMdoc {
            Vec::new()
        } else {
            types[1..].to_vec()
        },
        bound: credential["bound"] == true,
        authorities: texts("aki")
            .iter()
            .map(|aki| wallet_credentials::jose::base64url::decode(aki).unwrap())
            .collect(),
        trust_lists: texts("etsi_tl"),
        federation: texts("openid_federation"),
        validity: Validity::Valid,
        always_shared: 0,
        claims: credential["claims"].clone(),
    }
}

#[test]
fn a_second_reading_of_the_specification_agrees() {
    let seed = std::env::var("DCQL_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20_261_125);
    println!("DCQL_SEED={seed}");
    let dice = &mut Dice(seed);
    let (mut answerable, mut matched) = (0_u64, 0_u64);
    for case in 0..CASES {
        let wallet = dice.list(1, 10, credential);
        let asked = query(dice);
        let told = || format!("case {case} of seed {seed}: {asked} over {wallet:?}");
        let parsed = DcqlQuery::from_value(asked.clone()).unwrap_or_else(|error| panic!("{error}: {}", told()));
        let ours: Vec<Held> = wallet.iter().map(held).collect();
        let found = parsed.matches(&ours, &HeldIndex::new(&ours));
        for (one, found) in asked["credentials"].as_array().unwrap().iter().zip(&found.queries) {
            let theirs: Vec<Value> = wallet
                .iter()
                .enumerate()
                .filter_map(|(number, credential)| {
                    answers(one, credential).map(|(set, paths)| json!([number, set, paths]))
                })
                .collect();
            let ours: Vec<Value> = found
                .candidates
                .iter()
                .map(|candidate| json!([candidate.credential, candidate.claim_set, candidate.disclose]))
                .collect();
            assert_eq!(ours, theirs, "{}", told());
            matched += u64::from(!theirs.is_empty());
        }
        let answered = |id: &Value| {
            let found = found.queries.iter().find(|found| *id == found.id.as_str());
            !found.unwrap().candidates.is_empty()
        };
        let theirs = satisfiable(&asked, answered);
        assert_eq!(found.satisfiable, theirs, "{}", told());
        assert_eq!(found.proposal().is_some(), theirs, "{}", told());
        assert_eq!(found.unsatisfied().is_empty(), theirs, "{}", told());
        answerable += u64::from(theirs);
    }
    // Both outcomes must be common, or the comparison says nothing.
    assert!(
        answerable > CASES / 10 && answerable < CASES * 9 / 10 && matched > CASES / 4,
        "{answerable} {matched}"
    );
}
