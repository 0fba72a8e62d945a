//! Reads the public test vectors, which live beside the repository.

use std::path::PathBuf;

use serde_json::Value;

fn folder() -> PathBuf {
    std::env::var_os("WALLET_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors")),
        PathBuf::from,
    )
}

/// The vector file of this name, or `None`, loudly, when the vectors are not on this machine.
pub(crate) fn load(name: &str) -> Option<Value> {
    let Ok(text) = std::fs::read(folder().join(name)) else {
        assert!(!folder().is_dir(), "the vectors are here, but {name} is not");
        println!("SKIPPED: public vectors not found ({name})");
        return None;
    };
    Some(serde_json::from_slice(&text).unwrap())
}

/// The cases of a vector file; an empty list when the vectors are not on this machine.
pub(crate) fn cases(name: &str) -> Vec<Value> {
    load(name).map_or_else(Vec::new, |file| {
        let cases = file["cases"].as_array().unwrap().clone();
        assert!(!cases.is_empty());
        cases
    })
}
