//! Offers that were read and not yet answered, and journeys that must survive a kill.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use super::{StoreError, Transaction, instant, json};

/// An offer as read. Its content is the journey's own.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredOffer {
    /// Id in this wallet.
    pub id: String,
    /// SHA-256 of its link ([`super::link_digest`]).
    pub link: [u8; 32],
    /// What the journey needs to go on.
    pub content: Vec<u8>,
    /// When it was read.
    pub read_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
}

/// A journey under way, as it was last written down.
#[derive(Clone, PartialEq)]
pub struct StoredJourney {
    /// Id of the journey.
    pub id: String,
    /// What kind of journey.
    pub kind: String,
    /// Its state, in its own form.
    pub state: serde_json::Value,
    /// When it began.
    pub started_at: Timestamp,
    /// When the state was written.
    pub changed_at: Timestamp,
}

impl Transaction<'_> {
    /// Keeps an offer; one read again from the same link takes the place of the old.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn keep_offer(&self, offer: &StoredOffer) -> Result<(), StoreError> {
        self.sql.execute(
            "INSERT OR REPLACE INTO offers (id, link, content, read_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                offer.id,
                offer.link,
                offer.content,
                offer.read_at.as_second(),
                offer.expires_at.as_second()
            ],
        )?;
        Ok(())
    }

    /// An offer that is still good, by its id.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn offer(&self, id: &str, now: Timestamp) -> Result<Option<StoredOffer>, StoreError> {
        let sql = "SELECT * FROM offers WHERE id = ?1 AND expires_at > ?2";
        Ok(self
            .sql
            .query_row(sql, params![id, now.as_second()], offer)
            .optional()?)
    }

    /// An offer that is still good, by its link.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn offer_by_link(&self, link: &[u8; 32], now: Timestamp) -> Result<Option<StoredOffer>, StoreError> {
        let sql = "SELECT * FROM offers WHERE link = ?1 AND expires_at > ?2";
        Ok(self
            .sql
            .query_row(sql, params![link, now.as_second()], offer)
            .optional()?)
    }

    /// Forgets an offer, and every one past its end.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn forget_offer(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        self.sql.execute(
            "DELETE FROM offers WHERE id = ?1 OR expires_at <= ?2",
            params![id, now.as_second()],
        )?;
        Ok(())
    }

    /// Writes down where a journey stands.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn put_journey(
        &self,
        id: &str,
        kind: &str,
        state: &serde_json::Value,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.sql.execute(
            "INSERT INTO journeys (id, kind, state, started_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?4)
             ON CONFLICT (id) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at",
            params![id, kind, state.to_string(), now.as_second()],
        )?;
        Ok(())
    }

    /// Every journey written down, the oldest first.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn journeys(&self) -> Result<Vec<StoredJourney>, StoreError> {
        let mut rows = self
            .sql
            .prepare_cached("SELECT * FROM journeys ORDER BY started_at, id")?;
        let journeys = rows.query_map([], |row| {
            Ok(StoredJourney {
                id: row.get("id")?,
                kind: row.get("kind")?,
                state: json(row, "state")?,
                started_at: instant(row, "started_at")?,
                changed_at: instant(row, "changed_at")?,
            })
        })?;
        Ok(journeys.collect::<Result<_, _>>()?)
    }

    /// Forgets a journey.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn forget_journey(&self, id: &str) -> Result<(), StoreError> {
        self.sql.execute("DELETE FROM journeys WHERE id = ?1", [id])?;
        Ok(())
    }
}

fn offer(row: &Row<'_>) -> rusqlite::Result<StoredOffer> {
    Ok(StoredOffer {
        id: row.get("id")?,
        link: row.get("link")?,
        content: row.get("content")?,
        read_at: instant(row, "read_at")?,
        expires_at: instant(row, "expires_at")?,
    })
}
