//! The encrypted store of one wallet: SQLCipher, one writer, small files per table.
//!
//! Everything that changes goes through [`Store::write`], one transaction that is on the disk when it returns
//! (`synchronous=FULL`), so that a history entry, a used-up question and spent copies are written together or not at all.

pub mod anchors;
pub mod data_dir;
pub mod documents;
pub mod history;
pub mod holder_keys;
pub mod lists;
mod migrations;
pub mod offers;
mod open;
pub mod parties;
pub mod received;
pub mod requests;
pub mod settings;

use std::sync::Mutex;

use jiff::Timestamp;
use rusqlite::types::Type;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

pub use data_dir::DataDir;

/// Why the store could not do it. Carries no value, name or path.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreError {
    /// The store was written by a newer version of the wallet.
    #[error("the store has format {found}; this program knows {known}")]
    FromNewerApp {
        /// The format found.
        found: u32,
        /// The newest format this program knows.
        known: u32,
    },
    /// The file is missing, cut short, changed, or does not open with its key.
    #[error("the store cannot be read ({0})")]
    Damaged(&'static str),
    /// Another program has the data directory.
    #[error("the store is in use by another program")]
    InUse,
    /// No room, or no permission, to write.
    #[error("the store cannot be written ({0})")]
    DiskFull(&'static str),
    /// There is a store here already.
    #[error("there is a store here already")]
    AlreadyExists,
    /// Nothing here has that id.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The request had its answer.
    #[error("the request was answered before")]
    AlreadyAnswered,
    /// The copy was given away before, or is not there.
    #[error("the copy is spent")]
    CopySpent,
    /// SQLite said no for another reason, by its extended result code.
    #[error("database error {0}")]
    Database(i32),
    /// A stored value is not what this program wrote.
    #[error("a stored {0} is not readable")]
    Unreadable(&'static str),
    /// The operating system gave no random bytes.
    #[error("no random bytes")]
    NoRandomness,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => Self::DiskFull("no room"),
                ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::DiskFull("no permission"),
                ErrorCode::NotADatabase => Self::Damaged("not a database, or another key"),
                ErrorCode::DatabaseCorrupt => Self::Damaged("malformed"),
                ErrorCode::CannotOpen => Self::Damaged("cannot be opened"),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::InUse,
                ErrorCode::SystemIoFailure => io_failure(failure.extended_code),
                _ => Self::Database(failure.extended_code),
            },
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound("row"),
            rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => {
                Self::Unreadable("column")
            }
            _ => Self::Database(0),
        }
    }
}

/// Reading or writing failed below SQLite.
fn io_failure(extended: i32) -> StoreError {
    use rusqlite::ffi;
    match extended {
        ffi::SQLITE_IOERR_SHORT_READ | ffi::SQLITE_IOERR_READ => StoreError::Damaged("cannot be read"),
        _ => StoreError::DiskFull("writing failed"),
    }
}

/// The raw 256-bit key of the database. Opens everything but the holder keys.
pub struct StoreKey(Zeroizing<[u8; 32]>);

impl StoreKey {
    /// Takes the 32 bytes that `keys` unwrapped or made.
    pub(crate) fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }
}

/// An open store. One writer: calls wait for one another.
///
/// The calls block for the disk (milliseconds); asynchronous code may call them directly or through `spawn_blocking`.
pub struct Store {
    connection: Mutex<rusqlite::Connection>,
    /// What stands before the first link of the history: differs for every store.
    genesis: [u8; 32],
}

impl Store {
    /// Runs `work` in one transaction, committed to the disk when this returns `Ok` and undone on any error.
    ///
    /// # Errors
    /// What `work` returned, or why the store could not commit.
    pub fn write<T, E: From<StoreError>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.lock();
        let transaction = connection
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let transaction = Transaction {
            sql: transaction,
            genesis: self.genesis,
        };
        let value = work(&transaction)?;
        transaction.sql.commit().map_err(StoreError::from)?;
        Ok(value)
    }

    /// Runs `work` on a consistent view; whatever it writes is undone.
    ///
    /// # Errors
    /// What `work` returned, or why the store could not be read.
    pub fn read<T, E: From<StoreError>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.lock();
        let transaction = connection.transaction().map_err(StoreError::from)?;
        work(&Transaction {
            sql: transaction,
            genesis: self.genesis,
        })
    }

    /// The connection; a panic elsewhere undid its transaction, so what it left is sound.
    fn lock(&self) -> std::sync::MutexGuard<'_, rusqlite::Connection> {
        self.connection
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// One transaction of the [`Store`]. Its methods stand in the file of each table.
pub struct Transaction<'c> {
    sql: rusqlite::Transaction<'c>,
    genesis: [u8; 32],
}

/// A new id: 128 random bits in hexadecimal, so that no id looks like an option on a command line.
///
/// # Errors
/// [`StoreError::NoRandomness`].
pub fn new_id() -> Result<String, StoreError> {
    Ok(random::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, StoreError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| StoreError::NoRandomness)?;
    Ok(bytes)
}

/// SHA-256 of an offer or request link: how the store knows a link again.
#[must_use]
pub fn link_digest(link: &str) -> [u8; 32] {
    Sha256::digest(link.as_bytes()).into()
}

/// A column that holds an instant.
fn instant(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    row.get(column).map(crate::clock::seconds)
}

/// A column that may hold an instant.
fn maybe_instant(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(crate::clock::seconds))
}

/// A column that holds a digest.
fn digest(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<[u8; 32]> {
    row.get(column)
}

/// A column that holds JSON.
fn json(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<serde_json::Value> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| unreadable(column))
}

/// A column whose text is one of a few words.
fn word<T: FromWord>(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    T::from_word(&text).ok_or_else(|| unreadable(column))
}

fn unreadable(column: &str) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(0, column.to_owned(), Type::Text)
}

/// A value stored as one of a few words.
pub(crate) trait FromWord: Sized {
    fn from_word(word: &str) -> Option<Self>;
}

/// Declares an enum stored as a word, with `as_str` and the way back.
macro_rules! stored_words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// The word it is stored as.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl super::FromWord for $name {
            fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
use stored_words;

#[cfg(test)]
pub(crate) mod tests;
