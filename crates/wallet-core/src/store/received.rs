//! Verified responses of issuers that the person has not yet checked.
//!
//! A code is spent once the response is here: it is committed before anything is asked, and a kill resumes from it.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use super::{StoreError, Transaction, instant};

/// What an issuer sent, verified and unconfirmed. Holds the person's details: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// Id in this wallet.
    pub id: String,
    /// The journey it belongs to, as in [`super::holder_keys`].
    pub journey: String,
    /// The credentials and what is needed to draw them, in the journey's own form.
    pub content: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

impl Transaction<'_> {
    /// Keeps a verified response until it is confirmed or discarded.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn keep_received(&self, received: &Received) -> Result<(), StoreError> {
        self.sql.execute(
            "INSERT INTO received (id, journey, content, received_at) VALUES (?1, ?2, ?3, ?4)",
            params![
                received.id,
                received.journey,
                received.content,
                received.received_at.as_second()
            ],
        )?;
        Ok(())
    }

    /// One response.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn received(&self, id: &str) -> Result<Option<Received>, StoreError> {
        Ok(self
            .sql
            .query_row("SELECT * FROM received WHERE id = ?1", [id], received)
            .optional()?)
    }

    /// What was received in a journey.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn received_in(&self, journey: &str) -> Result<Option<Received>, StoreError> {
        let sql = "SELECT * FROM received WHERE journey = ?1 LIMIT 1";
        Ok(self.sql.query_row(sql, [journey], received).optional()?)
    }

    /// Every response that waits, the oldest first.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn all_received(&self) -> Result<Vec<Received>, StoreError> {
        let mut rows = self
            .sql
            .prepare_cached("SELECT * FROM received ORDER BY received_at, id")?;
        let all = rows.query_map([], received)?;
        Ok(all.collect::<Result<_, _>>()?)
    }

    /// Forgets what was received in a journey: it ended without a document, or more of it has come.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn forget_received_in(&self, journey: &str) -> Result<(), StoreError> {
        self.sql.execute("DELETE FROM received WHERE journey = ?1", [journey])?;
        Ok(())
    }

    /// Forgets a response: it became a document, or the person discarded it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn forget_received(&self, id: &str) -> Result<(), StoreError> {
        match self.sql.execute("DELETE FROM received WHERE id = ?1", [id])? {
            0 => Err(StoreError::NotFound("received document")),
            _ => Ok(()),
        }
    }
}

fn received(row: &Row<'_>) -> rusqlite::Result<Received> {
    Ok(Received {
        id: row.get("id")?,
        journey: row.get("journey")?,
        content: row.get("content")?,
        received_at: instant(row, "received_at")?,
    })
}
