//! Documents and their copies: what the person has.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};

use super::holder_keys::KeyId;
use super::{StoreError, Transaction, instant, maybe_instant, stored_words, word};

stored_words! {
    /// How the credentials are written.
    DocumentFormat {
        /// ISO 18013-5 mdoc.
        Mdoc = "mso_mdoc",
        /// SD-JWT VC.
        SdJwtVc = "dc+sd-jwt",
        /// JWT VC: a W3C credential signed, and shown, as a whole.
        JwtVc = "jwt_vc_json",
    }
}

stored_words! {
    /// What the issuer last said of the document.
    StoredStatus {
        /// Good when last asked.
        Valid = "valid",
        /// Suspended.
        Suspended = "suspended",
        /// Withdrawn for good.
        Revoked = "revoked",
        /// There is a status list, and nobody has asked it yet.
        NotChecked = "not-checked",
        /// The issuer gave no way to ask.
        None = "none",
    }
}

/// A document. Holds no value of a detail: those are in its copies.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDocument {
    /// Id in this wallet.
    pub id: String,
    /// doctype or vct.
    pub type_id: String,
    /// How its credentials are written.
    pub format: DocumentFormat,
    /// Its name when it was added.
    pub name: String,
    /// Id of the issuer among the parties.
    pub issuer: String,
    /// Credential configuration it came from.
    pub configuration_id: String,
    /// Labels and claim paths of the issuer's metadata: JSON, read only where it is shown.
    pub metadata: String,
    /// Certificate or key its credentials were verified with.
    pub signed_by: String,
    /// When it starts.
    pub valid_from: Option<Timestamp>,
    /// When it ends.
    pub valid_until: Option<Timestamp>,
    /// What the issuer last said.
    pub status: StoredStatus,
    /// When the issuer was last asked.
    pub status_checked_at: Option<Timestamp>,
    /// When it was added.
    pub added_at: Timestamp,
    /// A practice document.
    pub practice: bool,
}

/// One credential of a document, as received. Holds the person's details: no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredCopy {
    /// Id in this wallet.
    pub id: String,
    /// The document it is a copy of.
    pub document: String,
    /// To the byte as received.
    pub credential: Vec<u8>,
    /// The key it is bound to.
    pub holder_key: KeyId,
    /// Address of its status list and its place there.
    pub status: Option<(String, u64)>,
    /// When it was first given away.
    pub spent_at: Option<Timestamp>,
    /// It carries something that another copy carries too, so that services could match the two.
    pub linkable: bool,
}

/// How many copies a document has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyCount {
    /// Received.
    pub all: u32,
    /// Not yet given away.
    pub left: u32,
}

impl Transaction<'_> {
    /// Adds a document.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn add_document(&self, document: &StoredDocument) -> Result<(), StoreError> {
        self.sql.execute(
            "INSERT INTO documents (id, type_id, format, name, issuer, configuration_id, metadata, signed_by,
                                    valid_from, valid_until, status, status_checked_at, added_at, practice)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                document.id,
                document.type_id,
                document.format.as_str(),
                document.name,
                document.issuer,
                document.configuration_id,
                document.metadata,
                document.signed_by,
                document.valid_from.map(Timestamp::as_second),
                document.valid_until.map(Timestamp::as_second),
                document.status.as_str(),
                document.status_checked_at.map(Timestamp::as_second),
                document.added_at.as_second(),
                document.practice,
            ],
        )?;
        Ok(())
    }

    /// Adds a copy and marks its key as bound to a credential.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when the key is not one that waits for a credential.
    pub fn add_copy(&self, copy: &StoredCopy) -> Result<(), StoreError> {
        self.bind_holder_key(&copy.holder_key)?;
        let (status_uri, status_idx) = match &copy.status {
            Some((uri, place)) => {
                let place = i64::try_from(*place).map_err(|_| StoreError::Unreadable("status index"))?;
                (Some(uri), Some(place))
            }
            None => (None, None),
        };
        self.sql.execute(
            "INSERT INTO copies (id, document, credential, holder_key, status_uri, status_idx, spent_at, linkable)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                copy.id,
                copy.document,
                copy.credential,
                copy.holder_key.as_str(),
                status_uri,
                status_idx,
                copy.spent_at.map(Timestamp::as_second),
                copy.linkable,
            ],
        )?;
        Ok(())
    }

    /// Writes a document anew: what its issuer says now takes the place of what it said before. When it was added, and its
    /// issuer, stay.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn renew_document(&self, document: &StoredDocument) -> Result<(), StoreError> {
        let changed = self.sql.execute(
            "UPDATE documents SET name = ?2, configuration_id = ?3, metadata = ?4, signed_by = ?5, valid_from = ?6,
                                  valid_until = ?7, status = ?8, status_checked_at = ?9
             WHERE id = ?1",
            params![
                document.id,
                document.name,
                document.configuration_id,
                document.metadata,
                document.signed_by,
                document.valid_from.map(Timestamp::as_second),
                document.valid_until.map(Timestamp::as_second),
                document.status.as_str(),
                document.status_checked_at.map(Timestamp::as_second),
            ],
        )?;
        match changed {
            0 => Err(StoreError::NotFound("document")),
            _ => Ok(()),
        }
    }

    /// Every document, the newest first.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn documents(&self) -> Result<Vec<StoredDocument>, StoreError> {
        let mut rows = self
            .sql
            .prepare_cached("SELECT * FROM documents ORDER BY added_at DESC, rowid DESC")?;
        let documents = rows.query_map([], document)?;
        Ok(documents.collect::<Result<_, _>>()?)
    }

    /// The ids of every document.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn document_ids(&self) -> Result<Vec<String>, StoreError> {
        let mut rows = self.sql.prepare_cached("SELECT id FROM documents")?;
        let ids = rows.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// One document.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn document(&self, id: &str) -> Result<Option<StoredDocument>, StoreError> {
        Ok(self
            .sql
            .query_row("SELECT * FROM documents WHERE id = ?1", [id], document)
            .optional()?)
    }

    /// The copies of a document, those not yet given away first, in the order they were added.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn copies(&self, document: &str) -> Result<Vec<StoredCopy>, StoreError> {
        let mut rows = self
            .sql
            .prepare_cached("SELECT * FROM copies WHERE document = ?1 ORDER BY spent_at IS NOT NULL, rowid")?;
        let copies = rows.query_map([document], copy)?;
        Ok(copies.collect::<Result<_, _>>()?)
    }

    /// The copy to use next: the first not yet given away, or, when none is left, the one used longest ago.
    /// Whether a used copy may be used again is the caller's question.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn next_copy(&self, document: &str) -> Result<Option<StoredCopy>, StoreError> {
        let sql = "SELECT * FROM copies WHERE document = ?1
                   ORDER BY spent_at IS NOT NULL, coalesce(used_at, spent_at), rowid LIMIT 1";
        Ok(self.sql.prepare_cached(sql)?.query_row([document], copy).optional()?)
    }

    /// How many copies a document has.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn copy_count(&self, document: &str) -> Result<CopyCount, StoreError> {
        let sql = "SELECT count(*), count(*) - count(spent_at) FROM copies WHERE document = ?1";
        Ok(self.sql.prepare_cached(sql)?.query_row([document], |row| {
            Ok(CopyCount {
                all: row.get(0)?,
                left: row.get(1)?,
            })
        })?)
    }

    /// Whether a copy of this document can be matched with another by something both carry.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn has_linkable_copies(&self, document: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM copies WHERE document = ?1 AND linkable = 1)";
        Ok(self.sql.prepare_cached(sql)?.query_row([document], |row| row.get(0))?)
    }

    /// Marks a copy as given away: to be called in the transaction that writes the history entry.
    ///
    /// # Errors
    /// [`StoreError::CopySpent`] when it is gone or was given away before.
    pub fn spend_copy(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE copies SET spent_at = ?2 WHERE id = ?1 AND spent_at IS NULL";
        match self.sql.execute(sql, params![id, now.as_second()])? {
            0 => Err(StoreError::CopySpent),
            _ => Ok(()),
        }
    }

    /// Notes that a copy that may be used many times was used once more. When it was first given away stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn use_copy_again(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        match self.sql.execute(
            "UPDATE copies SET spent_at = coalesce(spent_at, ?2), used_at = ?2 WHERE id = ?1",
            params![id, now.as_second()],
        )? {
            0 => Err(StoreError::NotFound("copy")),
            _ => Ok(()),
        }
    }

    /// Notes what the issuer says of a document now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn set_document_status(&self, id: &str, status: StoredStatus, checked: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE documents SET status = ?2, status_checked_at = ?3 WHERE id = ?1";
        match self
            .sql
            .execute(sql, params![id, status.as_str(), checked.as_second()])?
        {
            0 => Err(StoreError::NotFound("document")),
            _ => Ok(()),
        }
    }

    /// Removes the copies of a document, given away or not, and their keys.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn remove_copies(&self, document: &str) -> Result<(), StoreError> {
        let keys: Vec<String> = self
            .sql
            .prepare("DELETE FROM copies WHERE document = ?1 RETURNING holder_key")?
            .query_map([document], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for key in keys {
            self.sql.execute("DELETE FROM holder_keys WHERE id = ?1", [key])?;
        }
        Ok(())
    }

    /// Removes a document with its copies and their keys.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn remove_document(&self, id: &str) -> Result<(), StoreError> {
        self.remove_copies(id)?;
        match self.sql.execute("DELETE FROM documents WHERE id = ?1", [id])? {
            0 => Err(StoreError::NotFound("document")),
            _ => Ok(()),
        }
    }
}

fn document(row: &Row<'_>) -> rusqlite::Result<StoredDocument> {
    Ok(StoredDocument {
        id: row.get("id")?,
        type_id: row.get("type_id")?,
        format: word(row, "format")?,
        name: row.get("name")?,
        issuer: row.get("issuer")?,
        configuration_id: row.get("configuration_id")?,
        metadata: row.get("metadata")?,
        signed_by: row.get("signed_by")?,
        valid_from: maybe_instant(row, "valid_from")?,
        valid_until: maybe_instant(row, "valid_until")?,
        status: word(row, "status")?,
        status_checked_at: maybe_instant(row, "status_checked_at")?,
        added_at: instant(row, "added_at")?,
        practice: row.get("practice")?,
    })
}

fn copy(row: &Row<'_>) -> rusqlite::Result<StoredCopy> {
    let uri: Option<String> = row.get("status_uri")?;
    let place: Option<i64> = row.get("status_idx")?;
    Ok(StoredCopy {
        id: row.get("id")?,
        document: row.get("document")?,
        credential: row.get("credential")?,
        holder_key: KeyId::stored(row.get("holder_key")?),
        status: uri.zip(place.and_then(|place| u64::try_from(place).ok())),
        spent_at: maybe_instant(row, "spent_at")?,
        linkable: row.get("linkable")?,
    })
}
