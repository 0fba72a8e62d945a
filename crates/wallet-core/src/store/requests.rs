//! Verified requests kept until they expire, and the memory of those that had their answer.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use super::{StoreError, Transaction, digest, instant};

/// A verified request. Its content is the journey's own.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRequest {
    /// Id in this wallet: the id of the question.
    pub id: String,
    /// SHA-256 of its link ([`super::link_digest`]).
    pub link: [u8; 32],
    /// SHA-256 over client identifier and nonce: what makes it this request and no other.
    pub fingerprint: [u8; 32],
    /// What the journey needs to ask the question again without a second fetch.
    pub content: Vec<u8>,
    /// When it was read.
    pub read_at: Timestamp,
    /// When the question ends.
    pub expires_at: Timestamp,
}

/// A request that had its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// When it was answered.
    pub answered_at: Timestamp,
    /// The history entry that says how.
    pub history: String,
}

impl Transaction<'_> {
    /// Keeps a verified request; one read again from the same link takes the place of the old.
    ///
    /// # Errors
    /// [`StoreError::AlreadyAnswered`] when this request had its answer.
    pub fn keep_request(&self, request: &StoredRequest) -> Result<(), StoreError> {
        let answered: bool = self.sql.query_row(
            "SELECT EXISTS (SELECT 1 FROM answered WHERE fingerprint = ?1)",
            [request.fingerprint],
            |row| row.get(0),
        )?;
        if answered {
            return Err(StoreError::AlreadyAnswered);
        }
        self.sql.execute(
            "INSERT OR REPLACE INTO requests (id, link, fingerprint, content, read_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                request.id,
                request.link,
                request.fingerprint,
                request.content,
                request.read_at.as_second(),
                request.expires_at.as_second(),
            ],
        )?;
        Ok(())
    }

    /// A request whose question is still open, by its id.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn request(&self, id: &str, now: Timestamp) -> Result<Option<StoredRequest>, StoreError> {
        let sql = "SELECT * FROM requests WHERE id = ?1 AND expires_at > ?2";
        Ok(self
            .sql
            .query_row(sql, params![id, now.as_second()], request)
            .optional()?)
    }

    /// A request whose question is still open, by its link.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn request_by_link(&self, link: &[u8; 32], now: Timestamp) -> Result<Option<StoredRequest>, StoreError> {
        let sql = "SELECT * FROM requests WHERE link = ?1 AND expires_at > ?2";
        Ok(self
            .sql
            .query_row(sql, params![link, now.as_second()], request)
            .optional()?)
    }

    /// Uses the question up: to be called in the transaction that writes the history entry `history`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the question is not open (unknown or expired), [`StoreError::AlreadyAnswered`].
    pub fn use_request(&self, id: &str, history: &str, now: Timestamp) -> Result<(), StoreError> {
        let Some(request) = self.request(id, now)? else {
            return Err(StoreError::NotFound("request"));
        };
        let added = self.sql.execute(
            "INSERT INTO answered (fingerprint, link, answered_at, history) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (fingerprint) DO NOTHING",
            params![request.fingerprint, request.link, now.as_second(), history],
        )?;
        if added == 0 {
            return Err(StoreError::AlreadyAnswered);
        }
        self.sql.execute("DELETE FROM requests WHERE id = ?1", [id])?;
        Ok(())
    }

    /// How the request behind this link was answered, where it was: the newest answer.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn answered_by_link(&self, link: &[u8; 32]) -> Result<Option<Answered>, StoreError> {
        let sql = "SELECT * FROM answered WHERE link = ?1 ORDER BY answered_at DESC LIMIT 1";
        Ok(self.sql.query_row(sql, [link], answered).optional()?)
    }

    /// How the request with this fingerprint was answered, where it was.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn answered(&self, fingerprint: &[u8; 32]) -> Result<Option<Answered>, StoreError> {
        let sql = "SELECT * FROM answered WHERE fingerprint = ?1";
        Ok(self.sql.query_row(sql, [fingerprint], answered).optional()?)
    }

    /// Forgets every question that is over.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn forget_expired_requests(&self, now: Timestamp) -> Result<(), StoreError> {
        self.sql
            .execute("DELETE FROM requests WHERE expires_at <= ?1", [now.as_second()])?;
        Ok(())
    }
}

fn request(row: &Row<'_>) -> rusqlite::Result<StoredRequest> {
    Ok(StoredRequest {
        id: row.get("id")?,
        link: digest(row, "link")?,
        fingerprint: digest(row, "fingerprint")?,
        content: row.get("content")?,
        read_at: instant(row, "read_at")?,
        expires_at: instant(row, "expires_at")?,
    })
}

fn answered(row: &Row<'_>) -> rusqlite::Result<Answered> {
    Ok(Answered {
        answered_at: instant(row, "answered_at")?,
        history: row.get("history")?,
    })
}
