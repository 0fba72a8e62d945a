//! Trust anchors: certificates and DIDs the person added, and those of the practice profile.

use jiff::Timestamp;
use rusqlite::params;

use super::{StoreError, Transaction, instant, maybe_instant, stored_words, word};

stored_words! {
    /// What an anchor is trusted for.
    AnchorRole {
        /// Signing documents.
        Issuer = "issuer",
        /// Signing requests.
        Service = "service",
        /// Signing status lists.
        Status = "status",
        /// Signing Verifier Attestation JWTs (OpenID4VP 1.0, 12): vouching for who a service is.
        VerifierAttestation = "attester",
    }
}

/// A trust anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// Id in this wallet.
    pub id: String,
    /// What it is trusted for.
    pub role: AnchorRole,
    /// PEM of one certificate, or a DID.
    pub material: String,
    /// Certificate subject or the DID.
    pub subject: String,
    /// When the certificate ends.
    pub not_after: Option<Timestamp>,
    /// When it was added.
    pub added_at: Timestamp,
    /// It came with the practice profile.
    pub sandbox: bool,
}

impl Transaction<'_> {
    /// Every anchor, the oldest first.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn anchors(&self) -> Result<Vec<Anchor>, StoreError> {
        let mut rows = self.sql.prepare_cached("SELECT * FROM anchors ORDER BY added_at, id")?;
        let anchors = rows.query_map([], |row| {
            Ok(Anchor {
                id: row.get("id")?,
                role: word(row, "role")?,
                material: row.get("material")?,
                subject: row.get("subject")?,
                not_after: maybe_instant(row, "not_after")?,
                added_at: instant(row, "added_at")?,
                sandbox: row.get("sandbox")?,
            })
        })?;
        Ok(anchors.collect::<Result<_, _>>()?)
    }

    /// Adds an anchor; the same material in the same role again changes nothing.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn add_anchor(&self, anchor: &Anchor) -> Result<(), StoreError> {
        self.sql.execute(
            "INSERT INTO anchors (id, role, material, subject, not_after, added_at, sandbox)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (role, material) DO NOTHING",
            params![
                anchor.id,
                anchor.role.as_str(),
                anchor.material,
                anchor.subject,
                anchor.not_after.map(Timestamp::as_second),
                anchor.added_at.as_second(),
                anchor.sandbox,
            ],
        )?;
        Ok(())
    }

    /// Removes an anchor.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn remove_anchor(&self, id: &str) -> Result<(), StoreError> {
        match self.sql.execute("DELETE FROM anchors WHERE id = ?1", [id])? {
            0 => Err(StoreError::NotFound("anchor")),
            _ => Ok(()),
        }
    }
}
