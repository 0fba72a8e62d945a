//! `header.json`: what has to be known before anything can be opened, and the two wrapped keys. Holds no secret.

use std::fs;
use std::io::{self, Read as _};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::keystore::KeystoreKind;
use super::wrap::Blob;
use super::{KeysError, random};
use crate::store::DataDir;
use crate::store::data_dir::write_error;

const FILE: &str = "header.json";
/// The format this program writes and the newest it knows.
pub(super) const FORMAT: u32 = 1;
/// More is not a header.
const MAX_BYTES: u64 = 16 * 1024;

/// Whose documents are in the store.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Profile {
    Real,
    Practice,
}

/// Parameters of Argon2id (RFC 9106).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KdfParams {
    /// Memory in KiB.
    pub(super) memory_kib: u32,
    /// Passes over it.
    pub(super) passes: u32,
    /// Lanes.
    pub(super) lanes: u32,
    /// 16 random bytes.
    pub(super) salt: Blob,
}

impl KdfParams {
    const MEMORY_KIB: u32 = 64 * 1024;
    const PASSES: u32 = 3;
    const LANES: u32 = 1;

    /// The parameters of a new wallet, with a new salt.
    pub(super) fn fresh() -> Result<Self, KeysError> {
        Ok(Self {
            memory_kib: Self::MEMORY_KIB,
            passes: Self::PASSES,
            lanes: Self::LANES,
            salt: Blob(random::<16>()?.to_vec()),
        })
    }

    /// No weaker than a new wallet's, and not so strong that a changed header could stop the machine.
    fn sensible(&self) -> bool {
        (Self::MEMORY_KIB..=1024 * 1024).contains(&self.memory_kib)
            && (Self::PASSES..=16).contains(&self.passes)
            && (Self::LANES..=8).contains(&self.lanes)
            && self.salt.0.len() == 16
    }
}

/// Everything in the header but the wrapped keys. Both are bound to its digest: a changed fact opens nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    /// [`FORMAT`].
    pub(super) format: u32,
    /// Names the store in the keystore and in every derivation.
    pub(super) store_id: String,
    /// Where the keystore secret is.
    pub(super) keystore: KeystoreKind,
    /// Real or practice.
    pub(super) profile: Profile,
    /// How the PIN key is made.
    pub(super) kdf: KdfParams,
    /// The key new holder keys are sealed to: uncompressed P-256 point.
    pub(super) wallet_public_key: Blob,
    /// Its private half, sealed under the holder-opening key.
    pub(super) wallet_private_key: Blob,
}

impl Facts {
    /// SHA-256 over the facts as this program writes them.
    pub(super) fn digest(&self) -> Result<[u8; 32], KeysError> {
        let bytes = serde_json::to_vec(self).map_err(|_| KeysError::HeaderDamaged("it cannot be written"))?;
        Ok(Sha256::digest(bytes).into())
    }
}

/// The header of one store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// What it says.
    pub(super) facts: Facts,
    /// Digest of the keystore's item: tells a keystore entry of another wallet from a wrong PIN.
    pub(super) keystore_item: Blob,
    /// The store key, wrapped.
    pub(super) store_key: Blob,
    /// The holder-opening key, wrapped.
    pub(super) holder_opening_key: Blob,
}

/// The file: the header and a checksum that tells a damaged file from a wrong PIN. No defence against intent.
#[derive(Serialize, Deserialize)]
struct File {
    header: Header,
    sha256: Blob,
}

impl Header {
    pub(super) fn exists(dir: &DataDir) -> bool {
        dir.file(FILE).exists()
    }

    /// The header of this directory, where there is one.
    pub(super) fn load(dir: &DataDir) -> Result<Option<Self>, KeysError> {
        let mut bytes = Vec::new();
        match fs::File::open(dir.file(FILE)) {
            Ok(file) => file
                .take(MAX_BYTES)
                .read_to_end(&mut bytes)
                .map_err(|_| KeysError::HeaderDamaged("it cannot be read"))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(KeysError::HeaderDamaged("it cannot be read")),
        };
        Self::parse(&bytes).map(Some)
    }

    fn parse(bytes: &[u8]) -> Result<Self, KeysError> {
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|_| KeysError::HeaderDamaged("it is not JSON"))?;
        // A newer format is told by its number, whatever else it holds.
        let format = value
            .pointer("/header/facts/format")
            .and_then(serde_json::Value::as_u64);
        match format.map(u32::try_from) {
            Some(Ok(FORMAT)) => {}
            Some(Ok(found)) if found > FORMAT => {
                return Err(KeysError::HeaderFromNewerApp { found, known: FORMAT });
            }
            _ => return Err(KeysError::HeaderDamaged("it has no format")),
        }
        let file: File =
            serde_json::from_value(value).map_err(|_| KeysError::HeaderDamaged("a field is not as it should be"))?;
        if file.header.checksum()? != file.sha256 {
            return Err(KeysError::HeaderDamaged("its checksum"));
        }
        if !file.header.facts.kdf.sensible() {
            return Err(KeysError::HeaderDamaged("its Argon2 parameters"));
        }
        Ok(file.header)
    }

    /// Replaces the file: after a crash there is the old header or the new one.
    pub(super) fn save(&self, dir: &DataDir) -> Result<(), KeysError> {
        let file = File {
            header: self.clone(),
            sha256: self.checksum()?,
        };
        let bytes = serde_json::to_vec_pretty(&file).map_err(|_| KeysError::HeaderDamaged("it cannot be written"))?;
        dir.replace(FILE, &bytes)
            .map_err(|error| KeysError::Store(write_error(&error)))
    }

    fn checksum(&self) -> Result<Blob, KeysError> {
        let bytes = serde_json::to_vec(self).map_err(|_| KeysError::HeaderDamaged("it cannot be written"))?;
        Ok(Blob(Sha256::digest(bytes).to_vec()))
    }
}
