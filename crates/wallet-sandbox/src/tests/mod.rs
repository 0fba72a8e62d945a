//! Tests over real HTTP: the sandbox on a free port, and a holder made of the lower floors' own parts.

mod agreeing;
mod asking;
mod gov_uk;
mod holder;
mod issuance;
mod pages;
mod sharing;
mod signing_in;
mod wallet;

use crate::{Sandbox, SandboxConfig};

/// A sandbox on a free port.
async fn sandbox() -> Sandbox {
    Sandbox::start(SandboxConfig::new()).await.unwrap()
}

/// The bundled files are the ones this sandbox makes; without this the wallet would not know its own practice profile.
#[test]
fn the_wallet_bundles_the_files_the_sandbox_makes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../wallet-core/practice");
    for (name, content) in crate::practice_files().unwrap() {
        let bundled = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
        assert!(bundled == content, "{name} differs: run the example practice_files");
    }
}
