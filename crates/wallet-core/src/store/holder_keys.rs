//! Rows of sealed holder keys. What is in them only `keys::holder` can make and open.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::{StoreError, Transaction};

/// Names a holder key in this store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyId(String);

impl KeyId {
    /// An id read back from where it was written.
    #[must_use]
    pub fn stored(id: String) -> Self {
        Self(id)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A sealed key and its public half.
pub(crate) struct SealedKey {
    /// Its id.
    pub(crate) id: KeyId,
    /// RFC 7638 thumbprint of the public key.
    pub(crate) thumbprint: String,
    /// Uncompressed SEC 1 point.
    pub(crate) public: [u8; 65],
    /// Encapsulated key, then ciphertext (RFC 9180).
    pub(crate) sealed: Vec<u8>,
    /// The journey it was made for.
    pub(crate) journey: String,
}

impl Transaction<'_> {
    /// Adds a key that waits for its credential.
    pub(crate) fn add_holder_key(&self, key: &SealedKey, now: Timestamp) -> Result<(), StoreError> {
        self.sql.execute(
            "INSERT INTO holder_keys (id, thumbprint, public, sealed, journey, state, made_at)
             VALUES (?1, ?2, ?3, ?4, ?5, 'pending', ?6)",
            params![
                key.id.as_str(),
                key.thumbprint,
                key.public,
                key.sealed,
                key.journey,
                now.as_second()
            ],
        )?;
        Ok(())
    }

    /// A sealed key.
    pub(crate) fn sealed_holder_key(&self, id: &KeyId) -> Result<SealedKey, StoreError> {
        let sql = "SELECT * FROM holder_keys WHERE id = ?1";
        self.sql
            .query_row(sql, [id.as_str()], |row| {
                Ok(SealedKey {
                    id: KeyId(row.get("id")?),
                    thumbprint: row.get("thumbprint")?,
                    public: row.get("public")?,
                    sealed: row.get("sealed")?,
                    journey: row.get("journey")?,
                })
            })
            .map_err(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => StoreError::NotFound("holder key"),
                other => other.into(),
            })
    }

    /// The key has its credential.
    pub(super) fn bind_holder_key(&self, id: &KeyId) -> Result<(), StoreError> {
        let sql = "UPDATE holder_keys SET state = 'bound' WHERE id = ?1 AND state = 'pending'";
        match self.sql.execute(sql, [id.as_str()])? {
            0 => Err(StoreError::NotFound("holder key")),
            _ => Ok(()),
        }
    }

    /// Moves keys that wait for their credential to another journey: what was asked for comes later.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn move_pending_keys(&self, ids: &[KeyId], journey: &str) -> Result<(), StoreError> {
        let sql = "UPDATE holder_keys SET journey = ?2 WHERE id = ?1 AND state = 'pending'";
        for id in ids {
            self.sql.execute(sql, [id.as_str(), journey])?;
        }
        Ok(())
    }

    /// The public half of a key: uncompressed SEC 1 point.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn holder_key_point(&self, id: &KeyId) -> Result<[u8; 65], StoreError> {
        let sql = "SELECT public FROM holder_keys WHERE id = ?1";
        self.sql
            .query_row(sql, [id.as_str()], |row| row.get(0))
            .optional()?
            .ok_or(StoreError::NotFound("holder key"))
    }

    /// Forgets the keys of a journey that got no credential.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn forget_pending_keys(&self, journey: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM holder_keys WHERE journey = ?1 AND state = 'pending'";
        self.sql.execute(sql, [journey])?;
        Ok(())
    }

    /// Forgets the keys that belong to nothing: neither to a copy, nor to a document that waits to be checked or was promised. A
    /// program that was killed between a key and its credential leaves them behind. Only for when no journey is under way.
    /// Returns how many there were.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn forget_orphan_keys(&self) -> Result<usize, StoreError> {
        let sql = "DELETE FROM holder_keys WHERE state = 'pending' AND journey NOT IN (SELECT journey FROM received)
                   AND journey NOT IN (SELECT id FROM journeys)";
        let pending = self.sql.execute(sql, [])?;
        let sql = "DELETE FROM holder_keys WHERE state = 'bound' AND id NOT IN (SELECT holder_key FROM copies)";
        Ok(pending + self.sql.execute(sql, [])?)
    }
}
