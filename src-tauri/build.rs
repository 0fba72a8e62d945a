//! Points tauri-build at the hand-written permissions and capabilities beside this file.

const PERMISSIONS: &str = "src-tauri/permissions/*.toml";
const CAPABILITIES: &str = "src-tauri/capabilities/*.json";

fn main() {
    for folder in ["src-tauri/permissions", "src-tauri/capabilities"] {
        println!("cargo:rerun-if-changed={folder}");
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern(CAPABILITIES)
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern(PERMISSIONS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:error={error:#}");
        std::process::exit(1);
    }
}
