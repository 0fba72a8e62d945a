//! The data directory of one profile, held under an exclusive lock while it is in use.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::StoreError;

/// A data directory that this process alone may use. Dropping it lets the next program in.
///
/// ```text
/// header.json   format, keystore kind, wrapped keys      wallet.lock   the exclusive lock
/// wallet.db     the encrypted store                      keyfile       only with --keystore file
/// practice/     the same again, for the practice profile
/// ```
pub struct DataDir {
    path: PathBuf,
    practice: bool,
    _lock: File,
}

impl DataDir {
    /// Makes the directory (readable by its owner only) where there is none, and takes the lock.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another program holds the lock; [`StoreError::DiskFull`] when nothing can be written.
    pub fn open(base: &Path, practice: bool) -> Result<Self, StoreError> {
        let path = if practice {
            base.join("practice")
        } else {
            base.to_path_buf()
        };
        make_private_dir(&path).map_err(|e| write_error(&e))?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("wallet.lock"))
            .map_err(|e| write_error(&e))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                path,
                practice,
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => Err(write_error(&error)),
        }
    }

    /// Where this platform keeps the data of programs, for this wallet; none where the environment names no home.
    #[must_use]
    pub fn default_base() -> Option<PathBuf> {
        let variable = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let base = if cfg!(target_os = "windows") {
            variable("LOCALAPPDATA")?
        } else if cfg!(any(target_os = "macos", target_os = "ios")) {
            variable("HOME")?.join("Library").join("Application Support")
        } else {
            // XDG Base Directory Specification: a relative path there is to be ignored.
            match variable("XDG_DATA_HOME").filter(|path| path.is_absolute()) {
                Some(path) => path,
                None => variable("HOME")?.join(".local").join("share"),
            }
        };
        Some(base.join("citizen-wallet"))
    }

    /// The practice profile's directory.
    #[must_use]
    pub fn practice(&self) -> bool {
        self.practice
    }

    /// A file of this directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a whole file so that after a crash there is the old one or the new one, on the disk when this returns.
    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let new = self.file(&format!("{name}.new"));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&new, self.file(name))?;
        self.sync()
    }

    /// Makes renames in this directory durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        // Windows has no handle of a directory to flush; NTFS journals renames.
        #[cfg(unix)]
        File::open(&self.path)?.sync_all()?;
        Ok(())
    }
}

/// An error of writing a file, as the store tells it.
pub(crate) fn write_error(error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::DiskFull("no permission"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            StoreError::DiskFull("no room")
        }
        _ => StoreError::DiskFull("writing failed"),
    }
}

fn make_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
