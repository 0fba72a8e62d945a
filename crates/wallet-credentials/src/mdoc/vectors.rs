//! Where tests find the public vectors.

use std::path::PathBuf;

use serde_json::Value;

/// One file of the vectors, or `None`, said loudly, where they are absent.
pub(crate) fn load(name: &str) -> Option<Value> {
    let folder = std::env::var_os("WALLET_VECTORS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors"), PathBuf::from);
    if !folder.is_dir() {
        eprintln!("SKIPPED: public vectors not found; {name} was not run");
        return None;
    }
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// The bytes of a hexadecimal text in either case.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}
