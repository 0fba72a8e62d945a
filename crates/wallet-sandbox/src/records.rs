//! The documents that were issued and their status; kept in a file, so that practice documents survive a restart.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use wallet_credentials::crypto::RandomError;
use wallet_credentials::time::Timestamp;

use crate::catalogue::DocumentType;
use crate::random::{below, unguessable};

/// How many places the status list has. Each copy of each document has its own, drawn at random, so that a place tells
/// nothing about the others (HAIP 1.0, 6.1; draft-ietf-oauth-status-list, 12).
pub(crate) const PLACES: u32 = 1 << 17;
/// How many documents are remembered.
const MOST_DOCUMENTS: usize = 5_000;
/// How many notifications of one document are kept.
const MOST_NOTIFICATIONS: usize = 16;
/// The longest file that is read back.
const LONGEST_FILE: u64 = 16 * 1024 * 1024;
const FILE: &str = "documents.json";

/// The status of a document (draft-ietf-oauth-status-list, 7.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Status {
    /// It counts.
    #[default]
    Valid,
    /// Withdrawn for good.
    Revoked,
    /// Paused.
    Suspended,
}

/// One document a wallet was given, in some number of copies.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Issued {
    pub(crate) id: String,
    pub(crate) name: DocumentType,
    pub(crate) person: String,
    pub(crate) issued_at: Timestamp,
    pub(crate) places: Vec<u32>,
    #[serde(default)]
    pub(crate) status: Status,
    /// What the wallet said became of it (OpenID4VCI 1.0, 11).
    #[serde(default)]
    pub(crate) notification: Option<String>,
    /// Every event the wallet told of, in the order they came.
    #[serde(default)]
    pub(crate) notifications: Vec<String>,
}

/// Why a document could not be recorded, or the records not be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordsError {
    /// The file or its folder cannot be read or written.
    #[error("the practice documents cannot be kept in the data directory: {0}")]
    File(#[from] io::Error),
    /// The file is not what this program wrote.
    #[error("the file of practice documents is damaged; remove it to start afresh")]
    Damaged,
    /// Too many documents were issued.
    #[error("too many practice documents were issued; remove the data directory to start afresh")]
    Full,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    documents: Vec<Issued>,
}

/// Every document that was issued.
pub(crate) struct Records {
    file: Option<PathBuf>,
    documents: Vec<Issued>,
    taken: HashSet<u32>,
}

impl Records {
    /// Opens the records in a data directory, which is made if there is none; without one they live in memory.
    pub(crate) fn open(data_dir: Option<PathBuf>) -> Result<Self, RecordsError> {
        let Some(folder) = data_dir else {
            return Ok(Self {
                file: None,
                documents: Vec::new(),
                taken: HashSet::new(),
            });
        };
        fs::create_dir_all(&folder)?;
        let path = folder.join(FILE);
        let documents = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error.into()),
            Ok(metadata) if metadata.len() > LONGEST_FILE => return Err(RecordsError::Damaged),
            Ok(_) => {
                let file: File = serde_json::from_slice(&fs::read(&path)?).map_err(|_| RecordsError::Damaged)?;
                if file.version != 1 {
                    return Err(RecordsError::Damaged);
                }
                file.documents
            }
        };
        let taken = documents
            .iter()
            .flat_map(|document| document.places.iter().copied())
            .collect();
        Ok(Self {
            file: Some(path),
            documents,
            taken,
        })
    }

    /// Places in the status list for so many copies, which nobody else has.
    pub(crate) fn free_places(&mut self, copies: usize) -> Result<Vec<u32>, RecordsError> {
        let half = usize::try_from(PLACES / 2).unwrap_or(usize::MAX);
        if self.documents.len() >= MOST_DOCUMENTS || self.taken.len().saturating_add(copies) > half {
            return Err(RecordsError::Full);
        }
        let mut places = Vec::with_capacity(copies);
        while places.len() < copies {
            let place = below(PLACES)?;
            if self.taken.insert(place) {
                places.push(place);
            }
        }
        Ok(places)
    }

    /// Records a document and keeps the file.
    pub(crate) fn add(
        &mut self,
        name: DocumentType,
        person: &str,
        places: Vec<u32>,
        now: Timestamp,
    ) -> Result<Issued, RecordsError> {
        let document = Issued {
            id: unguessable(9)?,
            name,
            person: person.to_owned(),
            issued_at: now,
            places,
            status: Status::Valid,
            notification: None,
            notifications: Vec::new(),
        };
        self.documents.push(document.clone());
        self.keep()?;
        Ok(document)
    }

    /// Every document, newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Issued> {
        self.documents.iter().rev()
    }

    /// Sets the status of the document with this id, or of the newest with this name; the document, when there is one.
    pub(crate) fn set_status(&mut self, id_or_name: &str, status: Status) -> Result<Option<Issued>, RecordsError> {
        let chosen = self
            .documents
            .iter_mut()
            .rev()
            .find(|document| document.id == id_or_name || document.name.as_str() == id_or_name);
        let Some(document) = chosen else { return Ok(None) };
        document.status = status;
        let document = document.clone();
        self.keep()?;
        Ok(Some(document))
    }

    /// Remembers a notification; whether its id is known.
    pub(crate) fn notified(&mut self, id: &str, event: &str) -> Result<bool, RecordsError> {
        let Some(document) = self.documents.iter_mut().find(|document| document.id == id) else {
            return Ok(false);
        };
        if document.notification.as_deref() == Some(event) {
            return Ok(true);
        }
        document.notification = Some(event.to_owned());
        if document.notifications.len() < MOST_NOTIFICATIONS {
            document.notifications.push(event.to_owned());
        }
        self.keep()?;
        Ok(true)
    }

    /// Writes the file whole and puts it in the place of the old one.
    fn keep(&self) -> Result<(), RecordsError> {
        let Some(path) = &self.file else { return Ok(()) };
        let file = File {
            version: 1,
            documents: self.documents.clone(),
        };
        let text = serde_json::to_vec(&file).map_err(|_| RecordsError::Damaged)?;
        let fresh = path.with_extension("json.new");
        fs::write(&fresh, text)?;
        fs::rename(&fresh, path)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    #[test]
    fn a_withdrawn_document_stays_withdrawn_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = Some(folder.path().join("sandbox"));
        let mut records = Records::open(data_dir.clone()).unwrap();
        let places = records.free_places(5).unwrap();
        let document = records
            .add(DocumentType::DrivingLicence, "rhiannon-specimen", places.clone(), NOW)
            .unwrap();
        assert!(
            records
                .set_status("driving-licence", Status::Revoked)
                .unwrap()
                .is_some()
        );
        assert!(records.set_status("nobody", Status::Revoked).unwrap().is_none());
        drop(records);
        let mut records = Records::open(data_dir).unwrap();
        let kept = records.newest_first().next().unwrap();
        assert_eq!(
            (kept.id.as_str(), kept.status, &kept.places),
            (document.id.as_str(), Status::Revoked, &places)
        );
        assert!(
            records
                .free_places(50)
                .unwrap()
                .iter()
                .all(|place| !places.contains(place))
        );
    }

    #[test]
    fn a_damaged_file_is_named_and_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), b"{\"version\":2,\"documents\":[]}").unwrap();
        assert!(matches!(
            Records::open(Some(folder.path().to_owned())),
            Err(RecordsError::Damaged)
        ));
        assert!(
            std::fs::read(folder.path().join(FILE))
                .unwrap()
                .starts_with(b"{\"version\":2")
        );
    }
}
