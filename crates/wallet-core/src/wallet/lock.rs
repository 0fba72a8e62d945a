//! Opening, making, locking and looking after a wallet.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::freshness::Session;
use super::links::waiting_view;
use super::{Client, Journey, Open, Reply, Wallet, WalletConfig, guard};
use crate::clock::Clock;
use crate::journeys::add_document::Browser;
use crate::journeys::blocking;
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::lists::{Age, Lists};
use crate::journeys::progress::Progress;
use crate::keys::{Keys, KeystoreKind, Pin};
use crate::labels::{date_text, instant_text};
use crate::net::Net;
use crate::problem::{Problem, ProblemCode};
use crate::store::{DataDir, StoreError};
use crate::view::{CheckView, KeyProtection, Language, WalletStateView};
use crate::words::{Arg, Words};

/// The file that remembers the language before a PIN is typed. Nothing else stands in it.
const LANGUAGE_FILE: &str = "language";
/// A clock before this program was written is wrong (2026-11-01).
const WRITTEN: i64 = 1_793_491_200;
/// And one after this needs a new program anyway (2100-01-01).
const TOO_LATE: i64 = 4_102_444_800;

impl Wallet {
    /// Opens the data directory and takes its lock. Asks for no PIN; works where no wallet exists yet.
    ///
    /// # Errors
    /// [`ProblemCode::StoreInUse`], [`ProblemCode::DiskFull`], [`ProblemCode::ServiceUnreachable`] for a TLS root that
    /// cannot be read.
    pub async fn open(config: WalletConfig) -> Reply<Wallet> {
        let spoken = config.language.unwrap_or_default();
        let opened = Self::open_dir(&config);
        let (dir, net) = opened.map_err(|failure| failure.problem(spoken))?;
        let remembered = std::fs::read_to_string(dir.file(LANGUAGE_FILE))
            .ok()
            .and_then(|text| match text.trim() {
                "cy" => Some(Language::Cy),
                "en" => Some(Language::En),
                _ => None,
            });
        let language = config.language.or(remembered).unwrap_or_default();
        Ok(Wallet {
            dir: Arc::new(dir),
            net,
            language: RwLock::new(language),
            open: RwLock::new(None),
            journey: Mutex::new(Journey::None),
            waiting: Mutex::new(None),
            returns: Mutex::new(Vec::new()),
            progress: Progress::default(),
            browser: Browser::default(),
            fetching: Mutex::new(None),
            tidy: AtomicBool::new(false),
            session: Session::default(),
            config,
        })
    }

    fn open_dir(config: &WalletConfig) -> Outcome<(DataDir, Net)> {
        let base = config
            .data_dir
            .clone()
            .or_else(DataDir::default_base)
            .ok_or_else(|| Failure::new(ProblemCode::DiskFull, "this system names no place for data"))?;
        let dir = DataDir::open(&base, config.practice)?;
        Ok((dir, Net::new(&config.tls_roots, config.time_limits)?))
    }

    /// Where the wallet stands.
    #[must_use]
    pub fn state(&self) -> WalletStateView {
        let initialised = Keys::exist(&self.dir);
        let locked = self.open.read().unwrap_or_else(PoisonError::into_inner).is_none();
        let remembered = Keys::load(Arc::clone(&self.dir))
            .ok()
            .map(|keys| protection(keys.keystore_kind()));
        WalletStateView {
            initialised,
            locked,
            practice: self.config.practice,
            key_protection: remembered.or(self.config.keystore).unwrap_or(KeyProtection::Os),
            language: self.language(),
            waiting: guard(&self.waiting).as_deref().and_then(waiting_view),
        }
    }

    /// The language spoken.
    pub fn language(&self) -> Language {
        *self.language.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Chooses the language and remembers it. An open question is asked again in the new one.
    ///
    /// # Errors
    /// [`ProblemCode::DiskFull`].
    pub fn set_language(&self, language: Language) -> Reply<()> {
        *self.language.write().unwrap_or_else(PoisonError::into_inner) = language;
        let text: &[u8] = match language {
            Language::En => b"en\n",
            Language::Cy => b"cy\n",
        };
        self.dir
            .replace(LANGUAGE_FILE, text)
            .map_err(|error| self.explain(Failure::new(ProblemCode::DiskFull, error.kind())))
    }

    /// Makes a wallet with this PIN, and leaves it open.
    ///
    /// # Errors
    /// [`ProblemCode::AlreadyInitialised`], [`ProblemCode::PinTooSimple`], the keystore's and the store's.
    pub async fn init(&self, pin: Pin) -> Reply<WalletStateView> {
        let kind = kind_of(self.config.keystore.unwrap_or(KeyProtection::Os));
        let dir = Arc::clone(&self.dir);
        let now = Clock.now();
        let (keys, store) = blocking(move || Ok(Keys::create(dir, kind, &pin, now)?))
            .await
            .map_err(|failure| self.explain(failure))?;
        self.put(Open {
            store: Arc::new(store),
            keys: Arc::new(keys),
        });
        Ok(self.state())
    }

    /// Opens the wallet to look. Nothing can be signed by that.
    ///
    /// # Errors
    /// [`ProblemCode::WrongPin`], [`ProblemCode::PinLocked`], the keystore's and the store's.
    pub async fn unlock(&self, pin: Pin) -> Reply<WalletStateView> {
        // One store at a time: what was open closes first.
        self.lock().await;
        let dir = Arc::clone(&self.dir);
        let now = Clock.now();
        let open = blocking(move || {
            let keys = Keys::load(dir)?;
            let store = keys.unlock(&pin, now)?;
            Ok(Open {
                store: Arc::new(store),
                keys: Arc::new(keys),
            })
        })
        .await
        .map_err(|failure| self.explain(failure))?;
        self.put(open);
        Ok(self.state())
    }

    fn put(&self, open: Open) {
        // Once, before the first journey: later, a key without a credential may belong to a journey under way. That the
        // disk is full is no reason to keep the wallet closed.
        if !self.tidy.swap(true, Ordering::SeqCst) {
            let _ = open
                .store
                .write::<_, StoreError>(|transaction| transaction.forget_orphan_keys());
        }
        self.session.begin(self.config.client, Clock.now());
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = Some(open);
    }

    /// Locks: the store closes and an open question is dropped unanswered.
    pub async fn lock(&self) {
        *guard(&self.journey) = Journey::None;
        guard(&self.returns).clear();
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Looks after the wallet: keystore, files, clock, lists, history. With a PIN it looks inside as well.
    ///
    /// # Errors
    /// [`ProblemCode::WrongPin`] and [`ProblemCode::PinLocked`] where a PIN was given; everything else is a check that failed.
    pub async fn doctor(&self, pin: Option<Pin>) -> Reply<Vec<CheckView>> {
        let words = Words::for_language(self.language());
        let say = |id: &str| words.message(id, &[]);
        let mut checks = Vec::new();
        let existing = Keys::exist(&self.dir);
        let dir = Arc::clone(&self.dir);
        let wanted = self.config.keystore.unwrap_or(KeyProtection::Os);
        let keystore = blocking(move || {
            if !existing {
                Keys::probe(dir, kind_of(wanted))?;
                return Ok(wanted);
            }
            let keys = Keys::load(dir)?;
            keys.check_keystore()?;
            Ok(protection(keys.keystore_kind()))
        })
        .await;
        if !existing {
            let (ok, detail) = match keystore {
                Ok(KeyProtection::Os) => (true, say("check-keystore-there")),
                Ok(KeyProtection::File) => (true, say("check-keystore-file")),
                Err(failure) => (false, self.explain(failure).happened),
            };
            checks.push(check(say("check-keystore"), ok, detail));
        } else {
            let (ok, detail) = match keystore {
                Ok(KeyProtection::Os) => (true, say("check-keystore-os")),
                Ok(KeyProtection::File) => (true, say("check-keystore-file")),
                Err(failure) => (false, self.explain(failure).happened),
            };
            checks.push(check(say("check-keystore"), ok, detail));
        }
        let opened = match pin {
            Some(pin) if existing => match self.unlock(pin).await {
                Ok(_) => Some(Ok(())),
                Err(problem) if matches!(problem.code, ProblemCode::WrongPin | ProblemCode::PinLocked) => {
                    return Err(problem);
                }
                Err(problem) => Some(Err(problem)),
            },
            _ => None,
        };
        checks.push(self.store_check(words, existing, opened));
        let now = Clock.now().as_second();
        let good = (WRITTEN..TOO_LATE).contains(&now);
        let clock = if good { "check-clock-good" } else { "check-clock-wrong" };
        checks.push(check(say("check-clock"), good, say(clock)));
        if let Ok(open) = self.opened() {
            checks.push(self.lists_check(words, &open));
            let context = self.context(&open);
            let proof = crate::journeys::history::verify(context.store).map_err(|error| self.explain(error.into()))?;
            let detail = if proof.ok {
                words.message("check-history-whole", &[("count", Arg::Count(proof.entries))])
            } else {
                say("check-history-broken")
            };
            checks.push(check(say("check-history"), proof.ok, detail));
        }
        checks.push(check(say("check-version"), true, env!("CARGO_PKG_VERSION").to_owned()));
        Ok(checks)
    }

    fn store_check(&self, words: &Words, existing: bool, opened: Option<Result<(), Problem>>) -> CheckView {
        let say = |id: &str| words.message(id, &[]);
        let (ok, detail) = match opened {
            _ if !existing => (true, say("check-store-none")),
            Some(Ok(())) => match self.opened().map(|open| open.store.check()) {
                Ok(Ok(())) => (true, say("check-store-open")),
                Ok(Err(error)) => (false, self.explain(error.into()).happened),
                Err(problem) => (false, problem.happened),
            },
            Some(Err(problem)) => (false, problem.happened),
            None => (true, say("check-store-locked")),
        };
        check(say("check-store"), ok, detail)
    }

    fn lists_check(&self, words: &Words, open: &Open) -> CheckView {
        let name = words.message("check-trust-list", &[]);
        let Some(age) = lists_age(open, self.config.practice) else {
            return match self.config.practice {
                true => check(name, false, words.message("check-trust-list-old", &[])),
                false => check(name, true, words.message("check-trust-list-none", &[])),
            };
        };
        let until = date_text(&age.until.to_string(), self.language());
        let detail = match age.fetched_at {
            Some(fetched) => {
                let fetched = instant_text(&fetched.to_string(), self.language());
                let facts = [("fetched", Arg::Text(&fetched)), ("date", Arg::Text(&until))];
                words.message("check-trust-list-fetched", &facts)
            }
            None => words.message("check-trust-list-until", &[("date", Arg::Text(&until))]),
        };
        check(name, true, detail)
    }

    /// What uses this wallet.
    #[must_use]
    pub fn client(&self) -> Client {
        self.config.client
    }
}

fn kind_of(protection: KeyProtection) -> KeystoreKind {
    match protection {
        KeyProtection::Os => KeystoreKind::Os,
        KeyProtection::File => KeystoreKind::File,
    }
}

fn protection(kind: KeystoreKind) -> KeyProtection {
    match kind {
        KeystoreKind::Os => KeyProtection::Os,
        KeystoreKind::File => KeyProtection::File,
    }
}

/// How old the signed lists of this profile are, for `doctor`.
fn lists_age(open: &Open, practice: bool) -> Option<Age> {
    let now = crate::clock::lower(Clock.now());
    practice.then(|| Lists::load(&open.store, now).ok()?.age()).flatten()
}

/// A check of `doctor`.
fn check(name: String, ok: bool, detail: String) -> CheckView {
    CheckView { name, ok, detail }
}
