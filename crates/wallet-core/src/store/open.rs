//! Making and opening the encrypted file.
//!
//! The journal is a write-ahead log with `synchronous=FULL`: a commit is one flush of one file and is on the disk when it
//! returns, which the history needs, whereas with a rollback journal `FULL` may still lose the last commit when the power
//! fails (its directory is not flushed). `locking_mode=EXCLUSIVE` keeps the log's index in memory instead of in a third file.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::data_dir::write_error;
use super::{DataDir, Store, StoreError, StoreKey, migrations};

const FILE: &str = "wallet.db";
/// The file while `init` makes it. It becomes [`FILE`] after `header.json`, which alone can open it, is on the disk.
const UNFINISHED: &str = "wallet.db.new";

impl Store {
    /// Makes an empty store under a provisional name. [`Store::open`] gives it its own name.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] where a store is; [`StoreError::DiskFull`].
    pub(crate) fn create(dir: &DataDir, key: &StoreKey) -> Result<(), StoreError> {
        if exists(dir, FILE) {
            return Err(StoreError::AlreadyExists);
        }
        // What an `init` that was cut short left behind: no header ever named its key.
        for left in [UNFINISHED.to_owned(), format!("{UNFINISHED}-wal")] {
            match fs::remove_file(dir.file(&left)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(write_error(&error)),
                _ => {}
            }
        }
        let path = dir.file(UNFINISHED);
        let mut connection = connect(&path, key, OpenFlags::SQLITE_OPEN_CREATE)?;
        migrations::run(&mut connection)?;
        connection.close().map_err(|(_, error)| StoreError::from(error))?;
        fs::File::open(&path)
            .and_then(|file| file.sync_all())
            .map_err(|e| write_error(&e))?;
        dir.sync().map_err(|e| write_error(&e))
    }

    /// Is there a store, finished or not?
    pub(crate) fn exists(dir: &DataDir) -> bool {
        exists(dir, FILE)
    }

    /// Opens the store and brings it to the newest format.
    ///
    /// # Errors
    /// [`StoreError::FromNewerApp`], [`StoreError::Damaged`] (also: another key), [`StoreError::DiskFull`].
    pub(crate) fn open(dir: &DataDir, key: &StoreKey, store_id: &str) -> Result<Self, StoreError> {
        if !exists(dir, FILE) {
            if !exists(dir, UNFINISHED) {
                return Err(StoreError::Damaged("the file is missing"));
            }
            fs::rename(dir.file(UNFINISHED), dir.file(FILE)).map_err(|e| write_error(&e))?;
            dir.sync().map_err(|e| write_error(&e))?;
        }
        let path = dir.file(FILE);
        // SQLite would take an empty file for a new database.
        if fs::metadata(&path)
            .map_err(|_| StoreError::Damaged("cannot be read"))?
            .len()
            == 0
        {
            return Err(StoreError::Damaged("the file is empty"));
        }
        let mut connection = connect(&path, key, OpenFlags::empty())?;
        if migrations::version(&connection)? == 0 {
            return Err(StoreError::Damaged("the file has no format"));
        }
        migrations::run(&mut connection)?;
        let genesis = Sha256::new()
            .chain_update(b"citizen-wallet history 1\0")
            .chain_update(store_id.as_bytes())
            .finalize()
            .into();
        Ok(Self {
            connection: Mutex::new(connection),
            genesis,
        })
    }

    /// Checks every page of the file and every index, for `doctor`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with what was found wrong.
    pub fn check(&self) -> Result<(), StoreError> {
        let connection = self.lock();
        // Each row of this pragma is one page whose authentication code is wrong.
        let mut pages = connection.prepare("PRAGMA cipher_integrity_check")?;
        if pages.query([])?.next()?.is_some() {
            return Err(StoreError::Damaged("a page was changed"));
        }
        let verdict: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
        if verdict == "ok" {
            Ok(())
        } else {
            Err(StoreError::Damaged("malformed"))
        }
    }

    /// The format of the store, for `doctor`.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn format(&self) -> Result<u32, StoreError> {
        migrations::version(&self.lock())
    }

    /// Forgets what the write-ahead log still holds of erased rows.
    pub(super) fn empty_log(&self) -> Result<(), StoreError> {
        Ok(self
            .lock()
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }
}

fn exists(dir: &DataDir, name: &str) -> bool {
    dir.file(name).exists()
}

/// Opens the file with its key and the settings every store has.
fn connect(path: &Path, key: &StoreKey, more: OpenFlags) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags)?;
    // SQLCipher writes to standard error unless told not to, and has to be told first.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.execute_batch(&key_pragma(key))?;
    connection.execute_batch(
        "PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY;",
    )?;
    // The first read is where a wrong key shows.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// SQLCipher: `x'…'` is a raw key, used without a key derivation of its own.
fn key_pragma(key: &StoreKey) -> Zeroizing<String> {
    let mut sql = Zeroizing::new(String::with_capacity(96));
    sql.push_str("PRAGMA key = \"x'");
    for byte in key.0.iter() {
        // Writing to a String cannot fail.
        let _ = write!(sql, "{byte:02x}");
    }
    sql.push_str("'\";");
    sql
}
