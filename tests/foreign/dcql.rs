//! DCQL beside another implementation, the npm package `dcql`: generated queries over generated wallets, both asked which
//! credentials answer with which claim sets.

use std::borrow::Cow;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};
use wallet_credentials::credential::Format;
use wallet_protocols::dcql::{DcqlQuery, HeldCredential, HeldIndex, Matches};

use crate::peers;

const CASES: u64 = 10_000;

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }

    fn some<T>(&mut self, least: usize, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..least + self.roll(most - least + 1)).map(|_| make(self)).collect()
    }
}

/// A credential as the npm package takes it.
struct Held {
    credential_type: String,
    format: Format,
    bound: bool,
    claims: Value,
}

impl HeldCredential for Held {
    fn format(&self) -> Format {
        self.format
    }

    fn credential_type(&self) -> &str {
        &self.credential_type
    }

    fn is_holder_bound(&self) -> bool {
        self.bound
    }

    fn authority_key_identifiers(&self) -> &[Vec<u8>] {
        &[]
    }

    fn claims(&self) -> Cow<'_, Value> {
        Cow::Borrowed(&self.claims)
    }
}

impl Held {
    fn of(credential: &Value) -> Self {
        let mdoc = credential["credential_format"] == "mso_mdoc";
        let member = |mdoc_name: &str, name: &str| credential[if mdoc { mdoc_name } else { name }].clone();
        Self {
            credential_type: member("doctype", "vct").as_str().unwrap().to_owned(),
            format: if mdoc { Format::MsoMdoc } else { Format::DcSdJwt },
            bound: credential["cryptographic_holder_binding"] == true,
            claims: member("namespaces", "claims"),
        }
    }
}

const TYPES: [&str; 3] = ["t1", "t2", "t3"];
const NAMES: [&str; 3] = ["a", "b", "c"];

fn scalar(dice: &mut Dice) -> Value {
    dice.pick(&[json!("x"), json!("y"), json!(1), json!(2), json!(true), json!(false)])
}

fn object(dice: &mut Dice, depth: usize) -> Value {
    let member = |dice: &mut Dice| {
        let value = match dice.roll(if depth == 0 { 1 } else { 3 }) {
            0 => scalar(dice),
            1 => Value::Array(dice.some(1, 3, scalar)),
            _ => object(dice, depth - 1),
        };
        (dice.pick(&NAMES).to_owned(), value)
    };
    Value::Object(dice.some(1, 3, member).into_iter().collect())
}

fn credential(dice: &mut Dice) -> Value {
    let bound = dice.roll(5) > 0;
    if dice.roll(2) == 0 {
        let spaces: Map<String, Value> = ["n1", "n2"]
            .map(|name| (name.to_owned(), object(dice, 0)))
            .into_iter()
            .collect();
        json!({
            "credential_format": "mso_mdoc", "doctype": dice.pick(&TYPES), "namespaces": spaces,
            "cryptographic_holder_binding": bound,
        })
    } else {
        json!({
            "credential_format": "dc+sd-jwt", "vct": dice.pick(&TYPES), "claims": object(dice, 2),
            "cryptographic_holder_binding": bound,
        })
    }
}

fn query(dice: &mut Dice) -> Value {
    let count = 1 + dice.roll(3);
    let credentials: Vec<Value> = (0..count).map(|number| credential_query(dice, number)).collect();
    let mut query = json!({ "credentials": credentials });
    if dice.roll(2) == 0 {
        let ids: Vec<String> = (0..count).map(|number| format!("q{number}")).collect();
        let sets = dice.some(1, 3, |dice| {
            let options = dice.some(1, 3, |dice| dice.some(1, 2, |dice| dice.pick(&ids)));
            json!({ "options": options, "required": dice.roll(2) == 0 })
        });
        query["credential_sets"] = sets.into();
    }
    query
}

fn credential_query(dice: &mut Dice, number: usize) -> Value {
    let mdoc = dice.roll(2) == 0;
    let meta = if mdoc {
        json!({ "doctype_value": dice.pick(&TYPES) })
    } else {
        json!({ "vct_values": dice.some(1, 2, |dice| dice.pick(&TYPES)) })
    };
    let format = if mdoc { "mso_mdoc" } else { "dc+sd-jwt" };
    let mut query = json!({ "id": format!("q{number}"), "format": format, "meta": meta });
    if dice.roll(3) == 0 {
        query["require_cryptographic_holder_binding"] = (dice.roll(2) == 0).into();
    }
    if dice.roll(5) > 0 {
        let count = 1 + dice.roll(3);
        let claims: Vec<Value> = (0..count).map(|number| claim(dice, mdoc, number)).collect();
        query["claims"] = claims.into();
        if dice.roll(2) == 0 {
            let ids: Vec<String> = (0..count).map(|number| format!("c{number}")).collect();
            query["claim_sets"] = dice.some(1, 3, |dice| dice.some(1, 2, |dice| dice.pick(&ids))).into();
        }
    }
    query
}

fn claim(dice: &mut Dice, mdoc: bool, number: usize) -> Value {
    let path = if mdoc {
        vec![json!(dice.pick(&["n1", "n2", "n3"])), json!(dice.pick(&NAMES))]
    } else {
        let mut path = vec![json!(dice.pick(&NAMES))];
        path.extend(dice.some(0, 1, |dice| {
            dice.pick(&[json!("a"), json!("b"), Value::Null, json!(0), json!(1)])
        }));
        path
    };
    let mut claim = json!({ "id": format!("c{number}"), "path": path });
    if dice.roll(4) == 0 {
        claim["values"] = dice.some(1, 2, scalar).into();
    }
    claim
}

/// What the wallet finds, as the other says it.
fn ours(query: &DcqlQuery, held: &[Held], found: &Matches) -> Value {
    let queries = query.credentials().iter().zip(&found.queries).map(|(asked, found)| {
        let candidates: Vec<Value> = found
            .candidates
            .iter()
            .map(|candidate| {
                let satisfied = asked.satisfied_sets(&held[candidate.credential].claims);
                let numbers: Vec<usize> = satisfied.iter().map(|(number, _)| *number).collect();
                assert_eq!(candidate.claim_set, numbers.first().copied());
                let sets = if asked.claim_sets.is_empty() {
                    json!([null])
                } else {
                    json!(numbers)
                };
                json!({ "credential": candidate.credential, "sets": sets })
            })
            .collect();
        (found.id.as_str().to_owned(), candidates.into())
    });
    json!({ "satisfiable": found.satisfiable, "queries": queries.collect::<Map<_, _>>() })
}

#[test]
fn the_npm_package_finds_the_same_credentials_with_the_same_claim_sets() {
    if !peers::at_hand() {
        return;
    }
    let seed = std::env::var("DCQL_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20_261_125);
    println!("DCQL_SEED={seed}");
    let dice = &mut Dice(seed);
    let cases: Vec<Value> = (0..CASES)
        .map(|_| json!({ "query": query(dice), "wallet": dice.some(1, 8, credential) }))
        .collect();
    let mut node = Command::new("node")
        .arg("dcql.mjs")
        .current_dir(peers::here())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = node.stdin.take().unwrap();
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let writing = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = node.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), cases.len());
    let (mut answerable, mut refused) = (0, 0);
    for (case, theirs) in cases.iter().zip(&answers) {
        if theirs.get("error").is_some() {
            refused += 1;
            continue;
        }
        let query = DcqlQuery::from_value(case["query"].clone()).unwrap();
        let held: Vec<Held> = case["wallet"].as_array().unwrap().iter().map(Held::of).collect();
        let found = query.matches(&held, &HeldIndex::new(&held));
        answerable += u64::from(found.satisfiable);
        assert_eq!(ours(&query, &held, &found), *theirs, "DCQL_SEED={seed}: {case}");
    }
    println!("{answerable} of {CASES} can be answered; {refused} the package does not read");
    assert!(
        refused < CASES / 20 && answerable > CASES / 10,
        "{answerable} {refused}"
    );
}
