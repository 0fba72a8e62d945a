//! Hashes of transaction data in the key binding (OpenID4VP 1.0, 8.4 and B.3.3).

use serde_json::Value;

use super::DigestAlgorithm;
use crate::jose::{base64url, json};

/// The most transaction data of one request, and the most algorithms it names.
const MAX_ENTRIES: usize = 32;

/// The longest entry that is read, in bytes of base64url.
const MAX_ENTRY_BYTES: usize = 64 * 1024;

/// Why transaction data cannot be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransactionDataError {
    /// No entries or too many, or an entry too large.
    #[error("there is none or too much transaction data")]
    TooLarge,
    /// An entry is not base64url of a JSON object, or its `transaction_data_hashes_alg` is no list of names.
    #[error("the transaction data is malformed")]
    Malformed,
    /// No hash algorithm is allowed for all entries and known here.
    #[error("no hash algorithm is allowed for all of the transaction data")]
    Algorithm,
}

/// The digests of transaction data (OpenID4VP 1.0, B.3.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionDataHashes {
    /// `transaction_data_hashes`: base64url digests over the strings as received, in the order of the request.
    pub hashes: Vec<String>,
    /// `transaction_data_hashes_alg`: the algorithm, when the request named any.
    pub algorithm: Option<String>,
}

impl TransactionDataHashes {
    /// Hashes the strings of a request as received, without decoding them. The algorithm is the first one the first entry names
    /// that every entry allows; an entry that names none allows SHA-256 only (B.3.3.1).
    ///
    /// # Errors
    /// [`TransactionDataError`].
    pub fn of<S: AsRef<str>>(transaction_data: &[S]) -> Result<Self, TransactionDataError> {
        let entries = transaction_data.iter().map(AsRef::as_ref);
        if transaction_data.is_empty() || transaction_data.len() > MAX_ENTRIES {
            return Err(TransactionDataError::TooLarge);
        }
        let mut named = false;
        let mut allowed: Option<Vec<DigestAlgorithm>> = None;
        for entry in entries.clone() {
            let by_entry = algorithms(entry)?;
            named |= by_entry.is_some();
            let by_entry = by_entry.unwrap_or_else(|| vec![DigestAlgorithm::default()]);
            allowed = Some(match allowed {
                None => by_entry,
                Some(allowed) => allowed.into_iter().filter(|known| by_entry.contains(known)).collect(),
            });
        }
        let algorithm = allowed.and_then(|allowed| allowed.first().copied());
        let algorithm = algorithm.ok_or(TransactionDataError::Algorithm)?;
        Ok(Self {
            hashes: entries.map(|entry| algorithm.digest(entry)).collect(),
            algorithm: named.then(|| algorithm.as_str().to_owned()),
        })
    }
}

/// What `transaction_data_hashes_alg` of one entry allows, as far as it is known here; `None` when it is absent.
fn algorithms(entry: &str) -> Result<Option<Vec<DigestAlgorithm>>, TransactionDataError> {
    if entry.len() > MAX_ENTRY_BYTES {
        return Err(TransactionDataError::TooLarge);
    }
    let entry = base64url::decode(entry).map_err(|_| TransactionDataError::Malformed)?;
    let entry = json::parse_object(&entry).map_err(|_| TransactionDataError::Malformed)?;
    match entry.get("transaction_data_hashes_alg") {
        None => Ok(None),
        Some(Value::Array(names)) if (1..=MAX_ENTRIES).contains(&names.len()) => {
            let mut known = Vec::new();
            for name in names {
                let name = name.as_str().ok_or(TransactionDataError::Malformed)?;
                known.extend(DigestAlgorithm::from_name(name));
            }
            Ok(Some(known))
        }
        Some(_) => Err(TransactionDataError::Malformed),
    }
}
