//! The sharing history: append-only and chained, so that a changed, moved or missing entry shows.
//!
//! ```text
//! commitment = HMAC-SHA256(key of the entry, content)
//! link       = SHA-256(previous link ‖ number, 8 bytes big-endian ‖ commitment)
//! ```
//!
//! The owner can erase an entry: its key and content are forgotten, number, commitment and link stay. The chain still
//! verifies, and as the key was random, nobody can guess from the commitment what stood there.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{Store, StoreError, Transaction, digest, new_id, random, stored_words, word};

stored_words! {
    /// What an entry records.
    EntryKind {
        /// A document was added.
        Added = "added",
        /// What the issuer says in a document now took the place of what it said before.
        Renewed = "renewed",
        /// A document was removed.
        Removed = "removed",
        /// The person said yes: details are about to be shared.
        Sharing = "sharing",
        /// The person said yes: a code is about to be shown.
        Showing = "showing",
        /// What became of the entry it refers to.
        Outcome = "outcome",
        /// The person said no to a request.
        Declined = "declined",
        /// The wallet refused a request.
        Refused = "refused",
        /// The person said no to an offer.
        OfferDeclined = "offer-declined",
        /// An adding failed.
        AddingFailed = "adding-failed",
        /// The owner erased what stood here.
        Erased = "erased",
    }
}

/// An event to be written down: names of details and facts about the exchange, never their values.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// When it happened.
    pub at: Timestamp,
    /// What happened. [`EntryKind::Erased`] is not an event.
    pub kind: EntryKind,
    /// The entry this one is about, for outcomes.
    pub refers_to: Option<String>,
    /// Id of the service or issuer among the parties.
    pub party: Option<String>,
    /// The details of the event, in the journey's own form.
    pub details: serde_json::Value,
}

/// An entry as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryEntry {
    /// Its place, from 1.
    pub number: u32,
    /// Its id.
    pub id: String,
    /// When it happened; none once erased.
    pub at: Option<Timestamp>,
    /// What happened.
    pub kind: EntryKind,
    /// The entry it is about.
    pub refers_to: Option<String>,
    /// The service or issuer.
    pub party: Option<String>,
    /// The details; none once erased.
    pub details: Option<serde_json::Value>,
    /// Its link of the chain.
    pub link: [u8; 32],
}

/// Which entries to list.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Of this party.
    pub party: Option<String>,
    /// Of this kind.
    pub kind: Option<EntryKind>,
    /// From this instant on.
    pub since: Option<Timestamp>,
}

/// What walking the chain showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainProof {
    /// How many entries there are.
    pub entries: u32,
    /// The first entry that does not hold.
    pub first_broken: Option<String>,
    /// The last link; of an empty history, what stands before the first.
    pub head: [u8; 32],
}

impl ChainProof {
    /// Every entry holds.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.first_broken.is_none()
    }
}

/// What the commitment covers: the whole entry. Field order is part of the stored form.
#[derive(Serialize, Deserialize)]
struct Content {
    id: String,
    at: i64,
    kind: String,
    refers_to: Option<String>,
    party: Option<String>,
    details: serde_json::Value,
}

impl Transaction<'_> {
    /// Appends an entry and returns its id.
    ///
    /// # Errors
    /// Why the store could not be written.
    pub fn append_history(&self, entry: &NewEntry) -> Result<String, StoreError> {
        let id = new_id()?;
        let content = serde_json::to_string(&Content {
            id: id.clone(),
            at: entry.at.as_second(),
            kind: entry.kind.as_str().to_owned(),
            refers_to: entry.refers_to.clone(),
            party: entry.party.clone(),
            details: entry.details.clone(),
        })
        .map_err(|_| StoreError::Unreadable("history entry"))?;
        let last = self
            .sql
            .query_row(
                "SELECT number, link FROM history ORDER BY number DESC LIMIT 1",
                [],
                |row| Ok((row.get::<_, u32>("number")?, digest(row, "link")?)),
            )
            .optional()?;
        let (last, previous) = last.unwrap_or((0, self.genesis));
        let number = last + 1;
        let key = random::<32>()?;
        let commitment = commit(&key, &content);
        self.sql.execute(
            "INSERT INTO history (number, id, link, commitment, key, content, at, kind, refers_to, party)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                number,
                id,
                link(&previous, number, &commitment),
                commitment,
                key.as_slice(),
                content,
                entry.at.as_second(),
                entry.kind.as_str(),
                entry.refers_to,
                entry.party,
            ],
        )?;
        Ok(id)
    }

    /// Entries, the newest first.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn history(&self, filter: &EntryFilter) -> Result<Vec<HistoryEntry>, StoreError> {
        let mut rows = self.sql.prepare_cached(
            "SELECT * FROM history WHERE (?1 IS NULL OR party = ?1) AND (?2 IS NULL OR kind = ?2)
             AND (?3 IS NULL OR at >= ?3) ORDER BY number DESC",
        )?;
        let entries = rows.query_map(
            params![
                filter.party,
                filter.kind.map(EntryKind::as_str),
                filter.since.map(Timestamp::as_second)
            ],
            entry,
        )?;
        Ok(entries.collect::<Result<_, _>>()?)
    }

    /// One entry.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn history_entry(&self, id: &str) -> Result<Option<HistoryEntry>, StoreError> {
        Ok(self
            .sql
            .query_row("SELECT * FROM history WHERE id = ?1", [id], entry)
            .optional()?)
    }

    /// The entries about this one, the oldest first: what became of it.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn history_about(&self, id: &str) -> Result<Vec<HistoryEntry>, StoreError> {
        let mut rows = self
            .sql
            .prepare_cached("SELECT * FROM history WHERE refers_to = ?1 ORDER BY number")?;
        let entries = rows.query_map([id], entry)?;
        Ok(entries.collect::<Result<_, _>>()?)
    }

    /// Walks the whole chain.
    ///
    /// # Errors
    /// Why the store could not be read. A broken chain is an answer, not an error.
    pub fn verify_history(&self) -> Result<ChainProof, StoreError> {
        let mut statement = self.sql.prepare("SELECT * FROM history ORDER BY number")?;
        let mut rows = statement.query([])?;
        let mut proof = ChainProof {
            entries: 0,
            first_broken: None,
            head: self.genesis,
        };
        while let Some(row) = rows.next()? {
            proof.entries += 1;
            let stored = digest(row, "link")?;
            if proof.first_broken.is_none() && !holds(row, proof.entries, &proof.head, &stored)? {
                proof.first_broken = Some(row.get("id")?);
            }
            proof.head = stored;
        }
        Ok(proof)
    }

    /// Forgets what stood in an entry; its place in the chain stays.
    fn erase(&self, id: &str) -> Result<(), StoreError> {
        let erased = self.sql.execute(
            "UPDATE history SET kind = 'erased', key = NULL, content = NULL, at = NULL, refers_to = NULL, party = NULL
             WHERE id = ?1",
            [id],
        )?;
        if erased == 0 {
            Err(StoreError::NotFound("history entry"))
        } else {
            Ok(())
        }
    }
}

impl Store {
    /// Erases an entry and the entries about it, from the file and from its log.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; why the store could not be written.
    pub fn erase_history_entry(&self, id: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            for about in tx.history_about(id)? {
                tx.erase(&about.id)?;
            }
            tx.erase(id)
        })?;
        self.empty_log()
    }
}

/// Does this row follow from the one before, and do its columns say what its content says?
fn holds(row: &Row<'_>, place: u32, previous: &[u8; 32], stored: &[u8; 32]) -> Result<bool, StoreError> {
    let number: i64 = row.get("number")?;
    let commitment = digest(row, "commitment")?;
    if number != i64::from(place) || link(previous, place, &commitment) != *stored {
        return Ok(false);
    }
    let key: Option<[u8; 32]> = row.get("key")?;
    let text: Option<String> = row.get("content")?;
    let (Some(key), Some(text)) = (key, text) else {
        return Ok(row.get::<_, String>("kind")? == EntryKind::Erased.as_str());
    };
    if commit(&key, &text) != commitment {
        return Ok(false);
    }
    let Ok(content) = serde_json::from_str::<Content>(&text) else {
        return Ok(false);
    };
    Ok(content.id == row.get::<_, String>("id")?
        && Some(content.at) == row.get::<_, Option<i64>>("at")?
        && content.kind == row.get::<_, String>("kind")?
        && content.refers_to == row.get::<_, Option<String>>("refers_to")?
        && content.party == row.get::<_, Option<String>>("party")?)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<HistoryEntry> {
    let details = match row.get::<_, Option<String>>("content")? {
        Some(text) => {
            let content: Content = serde_json::from_str(&text).map_err(|_| super::unreadable("content"))?;
            Some(content.details)
        }
        None => None,
    };
    Ok(HistoryEntry {
        number: row.get("number")?,
        id: row.get("id")?,
        at: super::maybe_instant(row, "at")?,
        kind: word(row, "kind")?,
        refers_to: row.get("refers_to")?,
        party: row.get("party")?,
        details,
        link: digest(row, "link")?,
    })
}

fn commit(key: &[u8; 32], content: &str) -> [u8; 32] {
    // RFC 2104, 2: a key shorter than the hash's block is filled up with zeros.
    let mut block = Zeroizing::new([0; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    mac.update(content.as_bytes());
    mac.finalize().into_bytes().into()
}

fn link(previous: &[u8; 32], number: u32, commitment: &[u8; 32]) -> [u8; 32] {
    Sha256::new()
        .chain_update(previous)
        .chain_update(u64::from(number).to_be_bytes())
        .chain_update(commitment)
        .finalize()
        .into()
}
