//! What the person chose, by name.

use rusqlite::OptionalExtension as _;

use super::{StoreError, Transaction};

impl Transaction<'_> {
    /// The value of a setting, where it was set.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self
            .sql
            .query_row("SELECT value FROM settings WHERE name = ?1", [name], |row| row.get(0))
            .optional()?)
    }

    /// Sets a setting.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn set_setting(&self, name: &str, value: &str) -> Result<(), StoreError> {
        self.sql.execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )?;
        Ok(())
    }
}
