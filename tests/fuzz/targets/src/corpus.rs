//! Seeds: what the parties of the world made, and what the public vectors hold.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wallet_credentials::jose::base64url;
use wallet_credentials::mdoc::ElementValue;
use wallet_credentials::trust::Certificate;

use crate::Target;

/// Separates the parts of a structured seed (the record separator of RFC 7464).
pub const SEPARATOR: u8 = 0x1e;

/// Larger seeds only slow a fuzzer down.
const MAX_SEED_BYTES: usize = 128 * 1024;

/// What a target is fed from the vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Food {
    /// Hexadecimal and base64url strings, decoded; certificates in DER.
    Bytes,
    /// Strings as they are.
    Text,
    /// Every JSON object and array.
    Json,
    /// JWTs and SD-JWTs taken apart: header, payload and disclosures in JSON, separated.
    Parts,
}

/// The folder of the public vectors, where there is one.
pub fn vectors() -> Option<PathBuf> {
    let folder = std::env::var_os("WALLET_VECTORS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/vectors"),
        PathBuf::from,
    );
    folder.is_dir().then_some(folder)
}

/// The seeds of a target, each once; those of the vectors too, when `vectors` is given.
pub fn seeds(target: &Target, vectors: Option<&Path>) -> Vec<Vec<u8>> {
    let mut found: BTreeSet<Vec<u8>> = (target.made)().into_iter().collect();
    for (place, food) in vectors.iter().flat_map(|_| target.vectors) {
        for file in files(&vectors.unwrap_or(Path::new("")).join(place)) {
            let text = std::fs::read(&file).unwrap();
            let value: Value = serde_json::from_slice(&text).unwrap();
            collect(&value, *food, &mut found);
        }
    }
    found.retain(|seed| seed.len() <= MAX_SEED_BYTES);
    found.into_iter().collect()
}

/// The JSON files of a folder, or the one file.
fn files(place: &Path) -> Vec<PathBuf> {
    if place.is_file() {
        return vec![place.to_owned()];
    }
    let entries = std::fs::read_dir(place);
    let mut files: Vec<PathBuf> = entries
        .unwrap_or_else(|_| panic!("the vectors have no {}", place.display()))
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

fn collect(value: &Value, food: Food, found: &mut BTreeSet<Vec<u8>>) {
    match value {
        Value::String(text) => collect_text(text, food, found),
        Value::Array(array) => array.iter().for_each(|value| collect(value, food, found)),
        Value::Object(object) => object.values().for_each(|value| collect(value, food, found)),
        _ => {}
    }
    if food == Food::Json && (value.is_object() || value.is_array()) {
        found.insert(value.to_string().into_bytes());
    }
}

fn collect_text(text: &str, food: Food, found: &mut BTreeSet<Vec<u8>>) {
    match food {
        Food::Text => {
            found.insert(text.as_bytes().to_vec());
        }
        Food::Bytes => {
            if let Ok(certificates) = Certificate::all_from_pem(text) {
                found.extend(certificates.iter().map(|certificate| certificate.as_der().to_vec()));
            } else if let Some(bytes) = from_hex(text) {
                collect_nested(bytes, found);
            } else if let Ok(bytes) = base64url::decode(text.trim_end_matches('='))
                && text.len() > 8
            {
                collect_nested(bytes, found);
            }
        }
        Food::Json => {
            if let Ok(value @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
                collect(&value, food, found);
            }
        }
        Food::Parts => {
            found.extend(take_apart(text));
        }
    }
}

/// CBOR, and every byte string inside.
pub fn collect_nested(bytes: Vec<u8>, found: &mut BTreeSet<Vec<u8>>) {
    fn walk(value: &ElementValue, found: &mut BTreeSet<Vec<u8>>) {
        match value {
            ElementValue::Bytes(bytes) => collect_nested(bytes.clone(), found),
            ElementValue::Array(list) => list.iter().for_each(|value| walk(value, found)),
            ElementValue::Map(pairs) => pairs.iter().for_each(|(_, value)| walk(value, found)),
            ElementValue::Tagged(_, content) => walk(content, found),
            _ => {}
        }
    }
    if let Ok(value) = ElementValue::from_cbor(&bytes) {
        walk(&value, found);
    }
    found.insert(bytes);
}

/// A JWT or SD-JWT as its JSON parts; a key binding is left out.
pub fn take_apart(text: &str) -> Option<Vec<u8>> {
    let mut pieces = text.split('~');
    let mut jwt = pieces.next()?.split('.');
    let (header, payload) = (jwt.next()?, jwt.next()?);
    let mut parts = base64url::decode(header).ok()?;
    parts.push(SEPARATOR);
    parts.extend(base64url::decode(payload).ok()?);
    for disclosure in pieces.filter(|piece| !piece.is_empty() && !piece.contains('.')) {
        parts.push(SEPARATOR);
        parts.extend(base64url::decode(disclosure).ok()?);
    }
    parts.starts_with(b"{").then_some(parts)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}
