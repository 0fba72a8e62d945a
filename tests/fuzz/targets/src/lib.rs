//! What must hold for any input, parser by parser.
//!
//! Each target takes bytes and stops the program when something is not as it should be. cargo-fuzz runs them with inputs
//! of its own making (`cargo xtask fuzz`), the tests of this crate over the corpus and seeded mutations of it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a target stops at the first thing that is not as it should be: that is a finding"
)]

mod cbor;
mod claim_path;
pub mod corpus;
mod dcql;
mod documents;
mod issuance;
mod jose;
mod jwt_vc;
pub mod made;
mod presentation;
mod sd_jwt;
mod status;
mod table;
mod trust;
pub mod world;

pub use cbor::wrap_mso;
pub use table::targets;

/// One function to be fuzzed, and what it is fed with.
pub struct Target {
    /// Its name: that of its program, its corpus and its dictionary.
    pub name: &'static str,
    /// Runs it once.
    pub run: fn(&[u8]),
    /// Seeds made by the parties of the world.
    pub made: fn() -> Vec<Vec<u8>>,
    /// Where in the public vectors further seeds are, and in what form.
    pub vectors: &'static [(&'static str, corpus::Food)],
    /// Words mutations may need.
    pub words: &'static [&'static str],
}

/// Runs the target of this name.
///
/// # Panics
/// When there is no such target, and for every finding.
pub fn run(name: &str, data: &[u8]) {
    let target = targets().find(|target| target.name == name);
    (target.expect("a target of this name").run)(data);
}
