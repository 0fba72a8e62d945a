//! What the operating system must have: installed where that can be done, named exactly where it cannot.

use std::io::IsTerminal;
use std::process::Command;

use crate::process::{self, Failure, Outcome};

/// Debian and Ubuntu packages to build and open the wallet.
const TO_RUN: &[&str] = &[
    "build-essential",
    "ca-certificates",
    "file",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "perl",
    "pkg-config",
];

/// What the tests need on top: a virtual screen, a session bus with a keystore, drivers for the window and the pages.
const TO_TEST: &[&str] = &[
    "chromium",
    "dbus",
    "fonts-dejavu-core",
    "gnome-keyring",
    "git",
    "libsecret-tools",
    "webkit2gtk-driver",
    "xvfb",
];

/// Makes sure the wallet can be built and opened here.
pub fn to_run() -> Outcome {
    node()?;
    packages(TO_RUN, &[])
}

/// Makes sure every test can run here.
pub fn to_test() -> Outcome {
    node()?;
    packages(TO_RUN, TO_TEST)
}

/// Makes sure these packages are here, on Debian and Ubuntu; other systems name theirs differently.
pub fn install(names: &[&str]) -> Outcome {
    if process::exists("dpkg-query") {
        debian(names)
    } else {
        Ok(())
    }
}

fn node() -> Outcome {
    let version = process::output(Command::new("node").arg("--version")).unwrap_or_default();
    let major: u32 = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    if major >= 20 && process::output(process::npm().arg("--version")).is_some() {
        return Ok(());
    }
    let found = if version.is_empty() {
        "none is installed".to_owned()
    } else {
        format!("this is {}", version.trim())
    };
    Err(Failure::new(format!(
        "The screens are built with Node 20 or newer and npm; {found}. Get it from https://nodejs.org."
    )))
}

fn packages(run: &[&str], test: &[&str]) -> Outcome {
    let wanted: Vec<&str> = run.iter().chain(test).copied().collect();
    if cfg!(target_os = "linux") {
        if process::exists("dpkg-query") {
            debian(&wanted)
        } else {
            other_linux(!test.is_empty())
        }
    } else if cfg!(target_os = "macos") {
        match process::output(Command::new("xcode-select").arg("-p")) {
            Some(_) => Ok(()),
            None => Err(Failure::new(
                "Apple's command line tools are missing. Install them with: xcode-select --install",
            )),
        }
    } else {
        // Windows: WebView2 is part of the system since Windows 10 1803; a missing linker is named by cargo itself.
        match process::exists("perl") {
            true => Ok(()),
            false => Err(Failure::new(
                "Perl is missing; SQLCipher's OpenSSL is built with it. Install it with: winget install StrawberryPerl.StrawberryPerl",
            )),
        }
    }
}

fn debian(wanted: &[&str]) -> Outcome {
    let missing: Vec<&str> = wanted.iter().copied().filter(|name| !installed(name)).collect();
    if missing.is_empty() {
        println!("  all {} system packages are installed", wanted.len());
        return Ok(());
    }
    println!("  missing system packages: {}", missing.join(" "));
    let by_hand = format!(
        "Install what is missing, then start again:\n\n  sudo apt-get update\n  sudo apt-get install --no-install-recommends {}",
        missing.join(" ")
    );
    let Some(rights) = Rights::of_this_person() else {
        return Err(Failure::new(by_hand));
    };
    // A list that is old still often does; the installation below says if it does not.
    if let Err(failure) = process::run(rights.apt_get().args(["update", "-qq"])) {
        println!("  {failure} Trying with the list of packages that is here.");
    }
    process::run(
        rights
            .apt_get()
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(&missing),
    )
    .map_err(|failure| Failure::new(format!("{failure}\n{by_hand}")))?;
    match missing.iter().find(|name| !installed(name)) {
        None => Ok(()),
        Some(name) => Err(Failure::new(format!("{name} is still not installed.\n{by_hand}"))),
    }
}

fn installed(package: &str) -> bool {
    process::output(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]))
        .is_some_and(|status| status.trim() == "installed")
}

/// How this person may install packages.
enum Rights {
    Root,
    Sudo,
}

impl Rights {
    fn of_this_person() -> Option<Self> {
        if process::output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
            return Some(Self::Root);
        }
        // With a terminal, sudo asks for the password itself; without one it must not need any.
        let free = process::output(Command::new("sudo").args(["-n", "true"])).is_some();
        let can_ask = process::exists("sudo") && std::io::stderr().is_terminal();
        (free || can_ask).then_some(Self::Sudo)
    }

    fn apt_get(&self) -> Command {
        let mut command = match self {
            Self::Root => Command::new("apt-get"),
            Self::Sudo => {
                let mut command = Command::new("sudo");
                command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
                command
            }
        };
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
}

fn other_linux(to_test: bool) -> Outcome {
    let mut missing = Vec::new();
    if process::output(Command::new("pkg-config").args(["--exists", "webkit2gtk-4.1"])).is_none() {
        missing.push("WebKitGTK 4.1 with its headers (Fedora: webkit2gtk4.1-devel, Arch: webkit2gtk-4.1, openSUSE: webkit2gtk3-devel)");
    }
    if !process::exists("perl") {
        missing.push("perl");
    }
    if !process::exists("cc") {
        missing.push("a C compiler (gcc or clang)");
    }
    if to_test {
        for (program, words) in [
            ("Xvfb", "Xvfb (Fedora: xorg-x11-server-Xvfb, Arch: xorg-server-xvfb)"),
            ("dbus-run-session", "dbus-run-session (dbus-daemon or dbus)"),
            ("gnome-keyring-daemon", "gnome-keyring"),
            (
                "WebKitWebDriver",
                "WebKitWebDriver (in Fedora's and Arch's webkit2gtk package)",
            ),
        ] {
            if !on_path(program) {
                missing.push(words);
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "Install these with your system's package manager, then start again:\n\n  {}",
        missing.join("\n  ")
    )))
}

/// Whether a program of that name is on the search path; some (Xvfb) do not know `--version`.
fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}
