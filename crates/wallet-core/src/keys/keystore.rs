//! Where the keystore secret and the count of attempts live: the operating system's keystore, or a file.
//!
//! `NoEntry` of an operating system's keystore does not prove that the entry is gone (a keyring that was never unlocked
//! answers the same), and whatever it means, nobody here makes a new key over an existing store.

use std::fs;
use std::io::{self, Read as _};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::store::DataDir;

/// Why the keystore could not do it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeystoreError {
    /// There is no keystore: no D-Bus session, no Secret Service, or it failed.
    #[error("the keystore is not there")]
    Unavailable,
    /// It is there and locked, or the person did not unlock it.
    #[error("the keystore is locked")]
    Locked,
    /// It has no entry for this wallet.
    #[error("the keystore has no entry for this wallet")]
    Missing,
    /// Its entry is not the one this wallet made.
    #[error("the keystore's entry is not the one of this wallet")]
    Unexpected,
    /// The key file cannot be written: no room, or no permission.
    #[error("the key file cannot be written")]
    DiskFull,
}

/// Which keystore a wallet uses; chosen by `init` and remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeystoreKind {
    /// Secret Service, Keychain or Credential Manager.
    Os,
    /// `keyfile` in the data directory, sealed under the PIN. Weaker: a copied directory can be guessed at.
    File,
}

impl KeystoreKind {
    /// `os` or `file`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Os => "os",
            Self::File => "file",
        }
    }
}

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// The 32-byte secret.
    Secret,
    /// The count of wrong PINs.
    Attempts,
}

impl Item {
    fn label(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Attempts => "attempts",
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::Secret => "keyfile",
            Self::Attempts => "keyfile.attempts",
        }
    }
}

/// The keystore of one store.
pub(super) struct Keystore {
    kind: KeystoreKind,
    store_id: String,
    dir: Arc<DataDir>,
}

impl Keystore {
    pub(super) fn new(kind: KeystoreKind, store_id: String, dir: Arc<DataDir>) -> Self {
        Self { kind, store_id, dir }
    }

    /// What is kept under this name.
    pub(super) fn get(&self, item: Item) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
        match self.kind {
            KeystoreKind::Os => os::get(self.account(item)),
            KeystoreKind::File => read_file(&self.dir, item),
        }
    }

    /// Keeps it, durably, in place of what was there.
    pub(super) fn put(&self, item: Item, value: &[u8]) -> Result<(), KeystoreError> {
        match self.kind {
            KeystoreKind::Os => os::put(self.account(item), Zeroizing::new(value.to_vec())),
            KeystoreKind::File => self
                .dir
                .replace(item.file(), value)
                .map_err(|_| KeystoreError::DiskFull),
        }
    }

    /// Forgets it.
    pub(super) fn remove(&self, item: Item) -> Result<(), KeystoreError> {
        match self.kind {
            KeystoreKind::Os => os::remove(self.account(item)),
            KeystoreKind::File => match fs::remove_file(self.dir.file(item.file())) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(KeystoreError::DiskFull),
                _ => Ok(()),
            },
        }
    }

    fn account(&self, item: Item) -> String {
        format!("{} {}", self.store_id, item.label())
    }
}

/// More is not a key file.
const MAX_BYTES: u64 = 4096;

fn read_file(dir: &DataDir, item: Item) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    let mut bytes = Zeroizing::new(Vec::new());
    match fs::File::open(dir.file(item.file())) {
        Ok(file) => file
            .take(MAX_BYTES)
            .read_to_end(&mut bytes)
            .map_err(|_| KeystoreError::Unavailable)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(KeystoreError::Missing),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Err(KeystoreError::Locked),
        Err(_) => return Err(KeystoreError::Unavailable),
    };
    Ok(bytes)
}

/// The operating system's keystore through the keyring project's stores.
///
/// Each call connects anew, so that a bus or service that comes back is found again, and runs on a thread of its own: the
/// Secret Service client waits for D-Bus inside a run-time of its own, which must not happen on a thread of another one.
mod os {
    use std::sync::{Arc, mpsc};
    use std::thread;
    use std::time::Duration;

    use keyring_core::{CredentialStore, Entry, Error};
    use zeroize::Zeroizing;

    use super::KeystoreError;

    /// The name every entry of this wallet is under.
    const SERVICE: &str = "citizen-wallet";
    /// How long the keystore may take to answer at all.
    const CONNECTING: Duration = Duration::from_secs(15);
    /// How long a person may take to unlock the keystore when the system asks them.
    const PATIENCE: Duration = Duration::from_secs(120);

    pub(super) fn get(account: String) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
        with_store(move |store| match entry(store, &account)?.get_secret() {
            Ok(secret) => Ok(Zeroizing::new(secret)),
            Err(Error::NoEntry) => Err(missing_or_locked(store)),
            Err(error) => Err(named(error)),
        })
    }

    pub(super) fn put(account: String, value: Zeroizing<Vec<u8>>) -> Result<(), KeystoreError> {
        with_store(move |store| entry(store, &account)?.set_secret(&value).map_err(named))
    }

    pub(super) fn remove(account: String) -> Result<(), KeystoreError> {
        with_store(move |store| match entry(store, &account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(named(error)),
        })
    }

    /// A keyring that was never unlocked in this session says "no entry" too, but takes none either.
    fn missing_or_locked(store: &CredentialStore) -> KeystoreError {
        let probe = || -> Result<(), KeystoreError> {
            let probe = entry(store, "probe")?;
            probe.set_secret(b"can anything be kept?").map_err(named)?;
            probe.delete_credential().map_err(named)
        };
        match probe() {
            Err(KeystoreError::Locked) => KeystoreError::Locked,
            Err(KeystoreError::Unavailable) => KeystoreError::Unavailable,
            _ => KeystoreError::Missing,
        }
    }

    fn entry(store: &CredentialStore, account: &str) -> Result<Entry, KeystoreError> {
        store.build(SERVICE, account, None).map_err(named)
    }

    #[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
    fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(zbus_secret_service_keyring_store::Store::new()?)
    }

    #[cfg(target_os = "macos")]
    fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(apple_native_keyring_store::keychain::Store::new()?)
    }

    #[cfg(target_os = "ios")]
    fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(apple_native_keyring_store::protected::Store::new()?)
    }

    #[cfg(target_os = "windows")]
    fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
        Ok(windows_native_keyring_store::Store::new()?)
    }

    /// No store is built in for this platform: `--keystore file` is the way.
    #[cfg(any(target_os = "android", not(any(unix, target_os = "windows"))))]
    fn system_store() -> keyring_core::Result<Arc<CredentialStore>> {
        Err(Error::NoDefaultStore)
    }

    fn named(error: Error) -> KeystoreError {
        match error {
            Error::NoStorageAccess(_) => KeystoreError::Locked,
            Error::NoEntry => KeystoreError::Missing,
            Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => KeystoreError::Unexpected,
            _ => KeystoreError::Unavailable,
        }
    }

    fn with_store<T: Send + 'static>(
        work: impl FnOnce(&CredentialStore) -> Result<T, KeystoreError> + Send + 'static,
    ) -> Result<T, KeystoreError> {
        let (connected, connecting) = mpsc::sync_channel(1);
        let (tell, told) = mpsc::sync_channel(1);
        // Nobody listens any more once the patience is over: what cannot be told is dropped.
        thread::Builder::new()
            .name("keystore".to_owned())
            .spawn(move || match system_store() {
                Ok(store) => {
                    let _ = connected.send(Ok(()));
                    let _ = tell.send(work(&*store));
                }
                Err(error) => {
                    let _ = connected.send(Err(named(error)));
                }
            })
            .map_err(|_| KeystoreError::Unavailable)?;
        connecting
            .recv_timeout(CONNECTING)
            .unwrap_or(Err(KeystoreError::Unavailable))?;
        match told.recv_timeout(PATIENCE) {
            Ok(answer) => answer,
            Err(mpsc::RecvTimeoutError::Timeout) => Err(KeystoreError::Locked),
            // The thread ended without an answer: a defect of a library, told as what it means for the person.
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(KeystoreError::Unavailable),
        }
    }
}
