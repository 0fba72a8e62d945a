//! The keys of a wallet: what is needed to open the store, and what is needed to sign.
//!
//! ```text
//! PIN ──Argon2id──► PIN key ─┐
//!                            ├─HKDF─► wraps the store key           (opens wallet.db)
//! keystore secret ───────────┘    └─► wraps the holder-opening key  (opens the wallet's HPKE private key,
//!                                                                    to which every holder key is sealed)
//! ```
//!
//! Neither half opens anything. [`Keys::unlock`] unwraps the store key alone: an unlocked wallet can show its documents and
//! cannot sign with them. The holder-opening key travels in a [`PinVerified`], minted for one question and spent by its answer.

mod attempts;
mod header;
pub mod holder;
pub mod keystore;
pub mod pin;
pub(crate) mod service_keys;
mod wrap;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::store::{DataDir, Store, StoreError, StoreKey, new_id, random};
use attempts::Attempts;
use header::{Facts, Header, KdfParams, Profile};
use keystore::{Item, Keystore};
use wrap::{Label, PinKey, WrappingKey};

pub use holder::HolderKeys;
pub use keystore::{KeystoreError, KeystoreKind};
pub use pin::{Pin, PinError, PinRule, PinVerified, QuestionId};

/// Why the keys could not do it. Carries no key and no PIN.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeysError {
    /// There is no wallet in this directory.
    #[error("there is no wallet here")]
    NotInitialised,
    /// There is a wallet in this directory already.
    #[error("there is a wallet here already")]
    AlreadyInitialised,
    /// The PIN was wrong, blocked, or may not be chosen.
    #[error(transparent)]
    Pin(#[from] PinError),
    /// The keystore said no.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// `header.json` was written by a newer version of the wallet.
    #[error("the header has format {found}; this program knows {known}")]
    HeaderFromNewerApp {
        /// The format found.
        found: u32,
        /// The newest format this program knows.
        known: u32,
    },
    /// `header.json` is missing beside a store, cut short, changed, or of another profile.
    #[error("the header cannot be used ({0})")]
    HeaderDamaged(&'static str),
    /// The PIN was right for another question.
    #[error("the PIN was given for another question")]
    OtherQuestion,
    /// A holder key was made in another journey.
    #[error("the key was made in another journey")]
    OtherJourney,
    /// A holder key does not open or is not the one its row names.
    #[error("a holder key cannot be opened")]
    HolderKeyDamaged,
    /// A signature could not be made.
    #[error("the key could not sign")]
    CannotSign,
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The keys of the wallet in one data directory, closed until a PIN is given.
pub struct Keys {
    dir: Arc<DataDir>,
    header: Header,
    keystore: Keystore,
    /// One PIN at a time: the count of attempts is read and written around every check.
    checking: Mutex<()>,
}

impl Keys {
    /// Is there a wallet in this directory?
    #[must_use]
    pub fn exist(dir: &DataDir) -> bool {
        Header::exists(dir) || Store::exists(dir)
    }

    /// Makes a wallet: fresh keys, an empty store, the header that opens it.
    ///
    /// # Errors
    /// [`KeysError::AlreadyInitialised`]; [`PinError::TooSimple`]; the keystore or the disk said no, and then nothing was
    /// made that a later attempt would trip over.
    pub fn create(
        dir: Arc<DataDir>,
        kind: KeystoreKind,
        pin: &Pin,
        now: Timestamp,
    ) -> Result<(Self, Store), KeysError> {
        if Header::exists(&dir) {
            return Err(KeysError::AlreadyInitialised);
        }
        if Store::exists(&dir) {
            // Never a new key over an existing store: whoever has its header can still open it.
            return Err(KeysError::HeaderDamaged("it is missing"));
        }
        pin.check_rules()?;
        let store_id = new_id()?;
        let keystore = Keystore::new(kind, store_id.clone(), Arc::clone(&dir));
        let made = Self::make(&dir, &keystore, kind, store_id, pin, now);
        let answers = !matches!(
            made,
            Err(KeysError::Keystore(KeystoreError::Unavailable | KeystoreError::Locked))
        );
        if made.is_err() && answers && !Header::exists(&dir) {
            // Nothing names these entries. That they could not be removed is no reason to hide the first error.
            let _ = keystore.remove(Item::Secret);
            let _ = keystore.remove(Item::Attempts);
        }
        let (header, store_key) = made?;
        let store = Store::open(&dir, &store_key, &header.facts.store_id)?;
        Ok((
            Self {
                dir,
                header,
                keystore,
                checking: Mutex::new(()),
            },
            store,
        ))
    }

    fn make(
        dir: &DataDir,
        keystore: &Keystore,
        kind: KeystoreKind,
        store_id: String,
        pin: &Pin,
        now: Timestamp,
    ) -> Result<(Header, StoreKey), KeysError> {
        let kdf = KdfParams::fresh()?;
        let pin_key = PinKey::derive(pin, &kdf)?;
        let secret = random::<32>()?;
        let item = match kind {
            KeystoreKind::Os => Zeroizing::new(secret.to_vec()),
            KeystoreKind::File => pin_key.seal_keyfile(&store_id, &secret)?,
        };
        let (public, private) = holder::new_wallet_key()?;
        let opening = random::<32>()?;
        let facts = Facts {
            format: header::FORMAT,
            store_id: store_id.clone(),
            keystore: kind,
            profile: if dir.practice() {
                Profile::Practice
            } else {
                Profile::Real
            },
            kdf,
            wallet_public_key: public,
            wallet_private_key: wrap::seal_under(&opening, &store_id, Label::WalletPrivateKey, &private[..], &[])?,
        };
        let store_key = random::<32>()?;
        let bound = facts.digest()?;
        let wrapping = |label| WrappingKey::derive(&secret, &pin_key, &store_id, label);
        let header = Header {
            store_key: wrapping(Label::StoreKey)?.wrap(&store_key, &bound)?,
            holder_opening_key: wrapping(Label::HolderOpeningKey)?.wrap(&opening, &bound)?,
            keystore_item: wrap::item_digest(&item),
            facts,
        };
        let store_key = StoreKey::new(store_key);
        keystore.put(Item::Secret, &item)?;
        Attempts::start(keystore, now)?;
        Store::create(dir, &store_key)?;
        header.save(dir)?;
        Ok((header, store_key))
    }

    /// Reads the header. Asks for no PIN and does not touch the keystore.
    ///
    /// # Errors
    /// [`KeysError::NotInitialised`], [`KeysError::HeaderDamaged`], [`KeysError::HeaderFromNewerApp`].
    pub fn load(dir: Arc<DataDir>) -> Result<Self, KeysError> {
        let header = match Header::load(&dir)? {
            Some(header) => header,
            None if Store::exists(&dir) => return Err(KeysError::HeaderDamaged("it is missing")),
            None => return Err(KeysError::NotInitialised),
        };
        let profile = if dir.practice() {
            Profile::Practice
        } else {
            Profile::Real
        };
        if header.facts.profile != profile {
            return Err(KeysError::HeaderDamaged("it belongs to the other profile"));
        }
        let keystore = Keystore::new(header.facts.keystore, header.facts.store_id.clone(), Arc::clone(&dir));
        Ok(Self {
            dir,
            header,
            keystore,
            checking: Mutex::new(()),
        })
    }

    /// Where the keystore secret is.
    #[must_use]
    pub fn keystore_kind(&self) -> KeystoreKind {
        self.header.facts.keystore
    }

    /// The random name of this wallet's store.
    #[must_use]
    pub fn store_id(&self) -> &str {
        &self.header.facts.store_id
    }

    /// Opens the store to look. Nothing that can sign is opened, and the PIN key is forgotten.
    ///
    /// # Errors
    /// [`PinError::Wrong`], [`PinError::Blocked`]; what the keystore or the store said ([`StoreError::InUse`] while the
    /// [`Store`] of an earlier unlocking is still open).
    pub fn unlock(&self, pin: &Pin, now: Timestamp) -> Result<Store, KeysError> {
        let key = self.check_pin(pin, now, Label::StoreKey)?;
        Store::open(&self.dir, &StoreKey::new(key), &self.header.facts.store_id).map_err(KeysError::from)
    }

    /// Checks the PIN typed for one question, and gives the one thing that opens holder keys for it.
    ///
    /// # Errors
    /// [`PinError::Wrong`], [`PinError::Blocked`]; what the keystore said.
    pub fn verify(&self, pin: &Pin, question: QuestionId, now: Timestamp) -> Result<PinVerified, KeysError> {
        let opening = self.check_pin(pin, now, Label::HolderOpeningKey)?;
        Ok(PinVerified::mint(question, opening))
    }

    /// When the next PIN may be tried, where one has to wait.
    ///
    /// # Errors
    /// What the keystore said.
    pub fn blocked_until(&self, now: Timestamp) -> Result<Option<Timestamp>, KeysError> {
        let _one = self.checking.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Attempts::load(&self.keystore, now)?.blocked_until(now))
    }

    /// The holder keys of this wallet: makes new ones freely, opens none without a PIN.
    #[must_use]
    pub fn holder_keys(&self) -> HolderKeys {
        HolderKeys::new(&self.header.facts)
    }

    /// Is there a keystore of this kind that answers, before a wallet is made? Writes nothing. For `doctor`.
    ///
    /// # Errors
    /// The [`KeystoreError`] that making a wallet would meet first.
    pub fn probe(dir: Arc<DataDir>, kind: KeystoreKind) -> Result<(), KeysError> {
        match Keystore::new(kind, new_id()?, dir).get(Item::Secret) {
            Ok(_) | Err(KeystoreError::Missing) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Does the keystore still have this wallet's secret? For `doctor`.
    ///
    /// # Errors
    /// The [`KeystoreError`] that unlocking would meet.
    pub fn check_keystore(&self) -> Result<(), KeysError> {
        self.keystore_item().map(drop)
    }

    /// The item as stored: the secret itself, or the sealed key file.
    fn keystore_item(&self) -> Result<Zeroizing<Vec<u8>>, KeysError> {
        let item = self.keystore.get(Item::Secret)?;
        if wrap::item_digest(&item) != self.header.keystore_item {
            return Err(KeystoreError::Unexpected.into());
        }
        Ok(item)
    }

    /// Counts the attempt, then tries the PIN on one of the two wrapped keys.
    fn check_pin(&self, pin: &Pin, now: Timestamp, label: Label) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        let _one = self.checking.lock().unwrap_or_else(PoisonError::into_inner);
        // A keystore that cannot answer costs nobody an attempt.
        let item = self.keystore_item()?;
        let mut attempts = Attempts::load(&self.keystore, now)?;
        attempts.count(&self.keystore, now)?;
        match self.try_pin(pin, &item, label)? {
            Some(key) => {
                attempts.forgive(&self.keystore, now)?;
                Ok(key)
            }
            None => Err(attempts.verdict(now).into()),
        }
    }

    /// The unwrapped key, or nothing when the PIN is wrong.
    fn try_pin(&self, pin: &Pin, item: &[u8], label: Label) -> Result<Option<Zeroizing<[u8; 32]>>, KeysError> {
        let Header {
            facts,
            store_key,
            holder_opening_key,
            ..
        } = &self.header;
        let pin_key = PinKey::derive(pin, &facts.kdf)?;
        let secret = match facts.keystore {
            KeystoreKind::Os => wrap::key_bytes(item),
            KeystoreKind::File => pin_key.open_keyfile(&facts.store_id, item),
        };
        let Some(secret) = secret else {
            return match facts.keystore {
                KeystoreKind::Os => Err(KeystoreError::Unexpected.into()),
                KeystoreKind::File => Ok(None),
            };
        };
        let wrapped = if label == Label::StoreKey {
            store_key
        } else {
            holder_opening_key
        };
        Ok(WrappingKey::derive(&secret, &pin_key, &facts.store_id, label)?.unwrap(wrapped, &facts.digest()?))
    }
}

#[cfg(test)]
mod tests;
