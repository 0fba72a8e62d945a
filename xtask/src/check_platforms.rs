//! `cargo xtask check-platforms`: the whole workspace type-checked for systems this machine is not.
//!
//! Nothing is compiled to the end and nothing is linked, so no foreign compiler or SDK is needed: C code is skipped by the
//! small programs in `xtask/platforms`. The standard library of each target comes from rustup, or, where rustup
//! can fetch nothing, from Debian's `rust-src` of exactly this rustc's version.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::Place;
use crate::process::{self, Failure, Outcome};
use crate::system;

const TARGETS: &[&str] = &[
    "x86_64-pc-windows-gnu",
    "aarch64-apple-darwin",
    "aarch64-linux-android",
    "aarch64-apple-ios",
];

/// The Debian suite whose `rust-src` follows stable Rust, and the key it is signed with.
const SUITE: &str = "http://deb.debian.org/debian trixie-backports main";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// Checks for the targets named, or for all of them.
pub fn check(place: &Place, targets: &[&str]) -> Outcome {
    if let Some(unknown) = targets.iter().find(|target| !TARGETS.contains(target)) {
        return Err(Failure::new(format!(
            "{unknown} is not checked. These are: {}",
            TARGETS.join(", ")
        )));
    }
    if !cfg!(target_os = "linux") {
        return Err(Failure::new(
            "The stand-ins for foreign compilers are made for Linux only.",
        ));
    }
    let wanted = if targets.is_empty() { TARGETS } else { targets };
    if wanted.iter().any(|target| target.contains("windows")) {
        // windres and dlltool, which rustc itself asks for.
        system::install(&["binutils-mingw-w64-x86-64"])?;
    }
    let mut failed = Vec::new();
    for target in wanted {
        println!("\n── {target}");
        if let Err(failure) = check_one(place, target) {
            println!("  FAILED: {failure}");
            failed.push(*target);
        }
    }
    println!("\n{} passed, {} failed", wanted.len() - failed.len(), failed.len());
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("Not for: {}", failed.join(", "))))
    }
}

fn check_one(place: &Place, target: &str) -> Outcome {
    let mut command = if process::output(Command::new("rustup").args(["target", "add", target])).is_some() {
        place.cargo(&["check"])
    } else {
        println!("  rustup cannot add the target: its standard library is checked from Debian's sources");
        let toolchain = toolchain_with_sources(place)?;
        let mut command = place.here(Command::new(toolchain.join("bin/cargo")));
        command.args(["check", "-Zbuild-std=std,panic_abort"]);
        command
            .env("RUSTC", toolchain.join("bin/rustc"))
            .env("RUSTC_BOOTSTRAP", "1");
        command
    };
    let stands_in = place.root.join("xtask/platforms");
    let under = target.replace('-', "_");
    command
        .env(format!("CC_{under}"), stands_in.join("no-cc"))
        .env(format!("CXX_{under}"), stands_in.join("no-cc"));
    command
        .env(format!("AR_{under}"), stands_in.join("no-ar"))
        .env(format!("RANLIB_{under}"), "true");
    command.env("PATH", with_first(&stands_in)?);
    // SQLCipher's OpenSSL: this machine's headers say as much as a cross-built one would.
    command
        .env("OPENSSL_NO_VENDOR", "1")
        .env("OPENSSL_INCLUDE_DIR", "/usr/include")
        .env("OPENSSL_LIB_DIR", libraries());
    command.args(["--workspace", "--exclude", "xtask", "--keep-going", "--target", target]);
    // A folder of its own: the compiler's flags differ, and a day's work should not be thrown away for them.
    command
        .arg("--target-dir")
        .arg(place.programs.with_file_name("platforms"));
    process::run(&mut command)
}

/// Where this machine's own OpenSSL lies: Debian keeps libraries by architecture.
fn libraries() -> PathBuf {
    let by_architecture = PathBuf::from(format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH));
    if by_architecture.is_dir() {
        by_architecture
    } else {
        "/usr/lib".into()
    }
}

fn with_first(folder: &Path) -> Result<OsString, Failure> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).map_err(|error| Failure::new(error.to_string()))
}

/// A copy of the toolchain, by hard links, that has the standard library's sources beside it.
fn toolchain_with_sources(place: &Place) -> Result<PathBuf, Failure> {
    let version = rustc_version()?;
    let home = place.tools().join("platforms");
    let toolchain = home.join(format!("rust-{version}"));
    if toolchain.join("complete").exists() {
        return Ok(toolchain);
    }
    // What a stopped run left is begun again.
    let _ = std::fs::remove_dir_all(&toolchain);
    std::fs::create_dir_all(&home).map_err(|error| Failure::new(format!("{}: {error}", home.display())))?;
    let sources = debian_sources(&home, &version)?;
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))
        .ok_or_else(|| Failure::new("rustc does not say where it lives."))?;
    let mut copy = Command::new("cp");
    copy.arg("-al").arg(sysroot.trim()).arg(&toolchain);
    if process::output(&mut copy).is_none() {
        // Another file system knows no links to this one.
        let _ = std::fs::remove_dir_all(&toolchain);
        process::run(Command::new("cp").arg("-a").arg(sysroot.trim()).arg(&toolchain))?;
    }
    let beside = toolchain.join("lib/rustlib/src/rust");
    process::run(Command::new("mkdir").arg("-p").arg(&beside))?;
    process::run(Command::new("cp").arg("-a").arg(sources).arg(&beside))?;
    std::fs::write(toolchain.join("complete"), "").map_err(|error| Failure::new(error.to_string()))?;
    Ok(toolchain)
}

fn rustc_version() -> Result<String, Failure> {
    process::output(Command::new("rustc").arg("--version"))
        .and_then(|line| line.split_whitespace().nth(1).map(str::to_owned))
        .ok_or_else(|| Failure::new("rustc does not tell its version."))
}

/// The `library` folder of Debian's `rust-src` of that version, fetched by an apt that touches nothing of the system.
fn debian_sources(home: &Path, version: &str) -> Result<PathBuf, Failure> {
    let apt = home.join("apt");
    for folder in [
        "etc/apt/preferences.d",
        "var/lib/apt/lists/partial",
        "var/cache/apt/archives/partial",
    ] {
        std::fs::create_dir_all(apt.join(folder)).map_err(|error| Failure::new(error.to_string()))?;
    }
    let list = format!("deb [signed-by={KEYRING}] {SUITE}\n");
    std::fs::write(apt.join("etc/apt/sources.list"), list).map_err(|error| Failure::new(error.to_string()))?;
    std::fs::write(apt.join("status"), "").map_err(|error| Failure::new(error.to_string()))?;
    let ours = |program: &str| {
        let mut command = Command::new(program);
        command
            .current_dir(home)
            .args(["-o", "APT::Sandbox::User=root", "-o", "Dir::Etc::sourceparts=/dev/null"]);
        command.arg("-o").arg(format!("Dir={}", apt.display()));
        command
            .arg("-o")
            .arg(format!("Dir::State::status={}", apt.join("status").display()));
        // How this machine reaches the outside.
        command.args(["-o", "Dir::Etc::parts=/etc/apt/apt.conf.d"]);
        command
    };
    let no = |why: &str| {
        Failure::new(format!(
            "{why}\nWith a network, `rustup target add` is all that is needed."
        ))
    };
    process::run(ours("apt-get").args(["-qq", "update"])).map_err(|failure| no(&failure.to_string()))?;
    let known = process::output(ours("apt-cache").args(["madison", "rust-src"])).unwrap_or_default();
    let exact = known
        .split(['|', '\n'])
        .map(str::trim)
        .find(|word| word.starts_with(&format!("{version}+")))
        .ok_or_else(|| no(&format!("Debian has no rust-src of {version}.")))?;
    process::run(
        ours("apt-get")
            .args(["-qq", "download"])
            .arg(format!("rust-src={exact}")),
    )?;
    let package = home.join(format!("rust-src_{exact}_all.deb"));
    let unpacked = home.join("sources");
    process::run(Command::new("dpkg").arg("-x").arg(&package).arg(&unpacked))?;
    // 45 MB that are in the folder beside it now.
    let _ = std::fs::remove_file(&package);
    let library = unpacked.join(format!("usr/src/rustc-{version}/library"));
    if library.is_dir() {
        Ok(library)
    } else {
        Err(no("Debian's rust-src is not laid out as expected."))
    }
}
