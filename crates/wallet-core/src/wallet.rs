//! The one door for programs: the app and the terminal see a [`Wallet`] and plain data, nothing below.

mod adding;
mod freshness;
mod holding;
mod links;
mod lock;
mod record;
mod sharing;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::Notify;

pub use self::adding::TxCode;
use crate::clock::Clock;
use crate::consent::ConsentPrompt;
pub use crate::journeys::add_document::BrowserOpener;
use crate::journeys::add_document::{Adding, Browser};
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::progress::Progress;
pub use crate::journeys::progress::ProgressListener;
use crate::journeys::{Context, blocking};
use crate::keys::{Keys, Pin, PinVerified, QuestionId};
use crate::net::Net;
pub use crate::net::TimeLimits;
use crate::problem::{DataLeft, Problem, ProblemCode};
pub use crate::store::anchors::AnchorRole;
use crate::store::{DataDir, Store};
use crate::view::{KeyProtection, Language};

/// What uses the wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// The app: links may name the local network in the practice profile only.
    App,
    /// The terminal: the link itself may name the local network.
    Terminal,
}

/// How to open a wallet.
#[derive(Debug, Clone)]
pub struct WalletConfig {
    /// Where the data lies; the platform's place by default.
    pub data_dir: Option<PathBuf>,
    /// The practice profile.
    pub practice: bool,
    /// Which keystore a new wallet uses; an existing one remembers.
    pub keystore: Option<KeyProtection>,
    /// The language; as remembered by default.
    pub language: Option<Language>,
    /// Extra TLS roots (PEM files), for tests.
    pub tls_roots: Vec<PathBuf>,
    /// What uses it.
    pub client: Client,
    /// How long it waits for others.
    pub time_limits: TimeLimits,
}

/// A wallet: locked or open.
pub struct Wallet {
    dir: Arc<DataDir>,
    config: WalletConfig,
    net: Net,
    language: RwLock<Language>,
    open: RwLock<Option<Open>>,
    journey: Mutex<Journey>,
    waiting: Mutex<Option<String>>,
    returns: Mutex<Vec<(String, String)>>,
    progress: Progress,
    browser: Browser,
    /// The offer whose documents are being fetched, and how to stop that.
    fetching: Mutex<Option<(String, Arc<Notify>)>>,
    /// What a killed program left behind was cleared away.
    tidy: AtomicBool,
    session: freshness::Session,
}

/// An open wallet.
#[derive(Clone)]
struct Open {
    store: Arc<Store>,
    keys: Arc<Keys>,
}

/// The current journey. One at a time: simpler for code, kinder to people.
#[derive(Default)]
enum Journey {
    #[default]
    None,
    Adding(Box<Adding>),
    Asking(Box<ConsentPrompt>),
}

type Reply<T> = Result<T, Problem>;

impl Wallet {
    fn context<'w>(&'w self, open: &'w Open) -> Context<'w> {
        Context {
            store: &open.store,
            keys: &open.keys,
            net: &self.net,
            clock: Clock,
            progress: &self.progress,
            browser: &self.browser,
            language: self.language(),
            practice: self.config.practice,
            local_links: self.config.practice || self.config.client == Client::Terminal,
            client_key: self.config.client == Client::Terminal,
            answering: &self.session.answering,
        }
    }

    /// Runs work that needs no network on the open wallet.
    fn with<T>(&self, work: impl FnOnce(&Context<'_>) -> Outcome<T>) -> Reply<T> {
        let open = self.opened()?;
        work(&self.context(&open)).map_err(|failure| self.explain(failure))
    }

    fn opened(&self) -> Reply<Open> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner).clone();
        open.ok_or_else(|| {
            let code = if Keys::exist(&self.dir) {
                ProblemCode::WalletLocked
            } else {
                ProblemCode::NotInitialised
            };
            self.explain(Failure::new(code, ""))
        })
    }

    /// Checks the PIN typed for one question, beside the run-time: the derivation takes a moment.
    async fn verify(&self, pin: Pin, question: QuestionId) -> Reply<PinVerified> {
        let keys = self.opened()?.keys;
        let now = Clock.now();
        blocking(move || Ok(keys.verify(&pin, question, now)?))
            .await
            .map_err(|failure| self.explain(failure))
    }

    fn explain(&self, failure: Failure) -> Problem {
        failure.problem(self.language())
    }

    /// A problem in the current language.
    #[must_use]
    pub fn problem(&self, code: ProblemCode, left: DataLeft) -> Problem {
        self.explain(Failure::new(code, "").left(left))
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
