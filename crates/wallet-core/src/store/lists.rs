//! The signed lists of this profile's scheme, and what keeps them from going back.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};
use wallet_credentials::trust::ListState;

use super::{StoreError, Transaction, instant, stored_words};

stored_words! {
    /// Which list.
    ListKind {
        /// Whom to believe.
        TrustList = "trust-list",
        /// Who may ask for what.
        Register = "register",
    }
}

/// A list as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredList {
    /// Which list.
    pub kind: ListKind,
    /// Its issuer, number and digest.
    pub state: ListState,
    /// The compact JWS.
    pub text: String,
    /// When it was fetched.
    pub fetched_at: Timestamp,
}

/// The name of the setting that says from when the lists are worth asking for again.
const ASK_AGAIN: &str = "lists-ask-again-at";

impl Transaction<'_> {
    /// The newest list of a kind that was taken.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn list(&self, kind: ListKind) -> Result<Option<StoredList>, StoreError> {
        Ok(self
            .sql
            .query_row("SELECT * FROM lists WHERE kind = ?1", [kind.as_str()], |row| {
                let sequence: i64 = row.get("sequence")?;
                Ok(StoredList {
                    kind,
                    state: ListState {
                        iss: row.get("iss")?,
                        // The table holds no negative number.
                        sequence: u64::try_from(sequence).unwrap_or_default(),
                        sha256: row.get("sha256")?,
                    },
                    text: row.get("text")?,
                    fetched_at: instant(row, "fetched_at")?,
                })
            })
            .optional()?)
    }

    /// Keeps a list that was verified, in place of the one before. One with a lower number than the one before changes
    /// nothing, so that two programs at once cannot bring an old one back.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn keep_list(&self, list: &StoredList) -> Result<(), StoreError> {
        let sequence = i64::try_from(list.state.sequence).map_err(|_| StoreError::Unreadable("list"))?;
        self.sql.execute(
            "INSERT INTO lists (kind, iss, sequence, sha256, text, fetched_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (kind) DO UPDATE SET iss = excluded.iss, sequence = excluded.sequence,
                 sha256 = excluded.sha256, text = excluded.text, fetched_at = excluded.fetched_at
             WHERE excluded.sequence >= lists.sequence",
            params![
                list.kind.as_str(),
                list.state.iss,
                sequence,
                list.state.sha256,
                list.text,
                list.fetched_at.as_second(),
            ],
        )?;
        Ok(())
    }

    /// From when the lists are worth asking for again; `None` before the first time.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn lists_ask_again_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let setting = self.setting(ASK_AGAIN)?;
        Ok(setting.and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok()))
    }

    /// Sets that.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn ask_for_lists_again_at(&self, at: Timestamp) -> Result<(), StoreError> {
        self.set_setting(ASK_AGAIN, &at.as_second().to_string())
    }
}
