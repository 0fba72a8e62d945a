//! Issuers and services this wallet has met.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::{StoreError, Transaction, instant, new_id, stored_words, word};

stored_words! {
    /// Which side of the wallet it stands on.
    PartyRole {
        /// Signs documents.
        Issuer = "issuer",
        /// Asks for details.
        Service = "service",
    }
}

/// An issuer or service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Id in this wallet.
    pub id: String,
    /// Issuer or service.
    pub role: PartyRole,
    /// Credential issuer identifier or client identifier.
    pub identifier: String,
    /// Its name when last seen.
    pub name: String,
    /// SHA-256 of its signing certificate (DER).
    pub certificate_sha256: Option<[u8; 32]>,
    /// First met.
    pub first_seen: Timestamp,
    /// Last met.
    pub last_seen: Timestamp,
}

impl Transaction<'_> {
    /// Notes that a party was met and returns its id, the same for the same role and identifier.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn meet_party(
        &self,
        role: PartyRole,
        identifier: &str,
        name: &str,
        certificate_sha256: Option<&[u8; 32]>,
        now: Timestamp,
    ) -> Result<String, StoreError> {
        Ok(self.sql.query_row(
            "INSERT INTO parties (id, role, identifier, name, certificate_sha256, first_seen, last_seen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
             ON CONFLICT (role, identifier) DO UPDATE SET
                 name = excluded.name, certificate_sha256 = excluded.certificate_sha256, last_seen = excluded.last_seen
             RETURNING id",
            params![
                new_id()?,
                role.as_str(),
                identifier,
                name,
                certificate_sha256,
                now.as_second()
            ],
            |row| row.get(0),
        )?)
    }

    /// The parties met with this signing certificate, whatever they called themselves.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn parties_certified_by(&self, role: PartyRole, sha256: &[u8; 32]) -> Result<Vec<String>, StoreError> {
        let mut rows = self
            .sql
            .prepare_cached("SELECT id FROM parties WHERE role = ?1 AND certificate_sha256 = ?2")?;
        let ids = rows.query_map(params![role.as_str(), sha256], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// A party by its id.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn party(&self, id: &str) -> Result<Option<Party>, StoreError> {
        Ok(self
            .sql
            .query_row("SELECT * FROM parties WHERE id = ?1", [id], |row| {
                Ok(Party {
                    id: row.get("id")?,
                    role: word(row, "role")?,
                    identifier: row.get("identifier")?,
                    name: row.get("name")?,
                    certificate_sha256: row.get("certificate_sha256")?,
                    first_seen: instant(row, "first_seen")?,
                    last_seen: instant(row, "last_seen")?,
                })
            })
            .optional()?)
    }
}
