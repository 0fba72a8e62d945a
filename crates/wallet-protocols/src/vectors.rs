//! The public test vectors, for tests.

use std::path::PathBuf;

use serde_json::Value;

/// Reads one vector file; says so loudly when the vectors are not there.
pub(crate) fn read(name: &str) -> Option<Value> {
    let folder = std::env::var_os("WALLET_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors")),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read(folder.join(name)) else {
        eprintln!("SKIPPED: public vectors not found ({name})");
        return None;
    };
    Some(serde_json::from_slice(&text).unwrap())
}
