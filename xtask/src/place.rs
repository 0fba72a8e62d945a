//! Where things are.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::Failure;

/// The working copy and where cargo puts what it builds.
pub struct Place {
    /// The root of the working copy.
    pub root: PathBuf,
    /// The folder with the programs of the dev profile: the one this program was started from.
    pub programs: PathBuf,
}

impl Place {
    /// Finds both from the manifest folder cargo names and from this program's own path.
    pub fn find() -> Result<Self, Failure> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .ok_or_else(|| Failure::new("Start this with `cargo xtask`, not by its path."))?;
        let root = manifest
            .parent()
            .ok_or_else(|| Failure::new("xtask stands alone: its workspace is missing."))?
            .to_path_buf();
        let itself = std::env::current_exe().map_err(|error| Failure::new(format!("Where am I? {error}.")))?;
        let programs = itself.parent().unwrap_or(Path::new(".")).to_path_buf();
        Ok(Self { root, programs })
    }

    /// The UI's folder.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// A program this workspace builds.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Tools that are built for this working copy alone, and stay out of git.
    pub fn tools(&self) -> PathBuf {
        self.root.join(".tools")
    }

    /// `command`, to be run in the root.
    pub fn here(&self, mut command: Command) -> Command {
        command.current_dir(&self.root);
        command
    }

    /// cargo, to be run in the root.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = self.here(crate::process::cargo());
        command.args(arguments);
        command
    }

    /// npm, to be run in the UI's folder.
    pub fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = crate::process::npm();
        command.current_dir(self.ui()).args(arguments);
        command
    }
}
