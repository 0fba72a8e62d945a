//! What the window's commands share: the wallet, opened once, and the time somebody last used it.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;
use wallet_core::view::{KeyProtection, LinkKind};
use wallet_core::{Client, Problem, TimeLimits, Wallet, WalletConfig};

use crate::arguments::Arguments;

/// Left alone for this long, an open wallet locks. The screens warn a minute before (experience, L2).
pub const IDLE: Duration = Duration::from_secs(5 * 60);

/// The longest link that is looked at; offers and requests by value are a few kilobytes.
const LONGEST_LINK: usize = 64 * 1024;

/// The state behind the commands.
pub struct Shell {
    practice: bool,
    data_dir: Option<PathBuf>,
    keystore: Option<KeyProtection>,
    wallet: OnceCell<Wallet>,
    last_used: Mutex<Instant>,
    from_picture: AtomicBool,
}

impl Shell {
    /// A shell for the profile and place the arguments name. The wallet is opened by the first command that needs it,
    /// so that a problem with opening it reaches the screens as an answer.
    #[must_use]
    pub fn new(arguments: &Arguments) -> Self {
        Self {
            practice: arguments.practice,
            data_dir: arguments.data_dir.clone(),
            keystore: arguments
                .key_file
                .map(|file| if file { KeyProtection::File } else { KeyProtection::Os }),
            wallet: OnceCell::new(),
            last_used: Mutex::new(Instant::now()),
            from_picture: AtomicBool::new(false),
        }
    }

    /// The practice profile is open.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.practice
    }

    /// The wallet, opened when this is the first call or the ones before failed: the person may have mended the cause.
    ///
    /// # Errors
    /// The store or the keystore does not open.
    pub async fn wallet(&self) -> Result<&Wallet, Problem> {
        self.touch();
        self.unattended().await
    }

    /// The same for what happens by itself: it does not keep the wallet open.
    ///
    /// # Errors
    /// As [`Shell::wallet`].
    pub async fn unattended(&self) -> Result<&Wallet, Problem> {
        self.wallet.get_or_try_init(|| Wallet::open(self.config())).await
    }

    fn config(&self) -> WalletConfig {
        WalletConfig {
            data_dir: self.data_dir.clone(),
            practice: self.practice,
            keystore: self.keystore,
            language: None,
            tls_roots: Vec::new(),
            client: Client::App,
            time_limits: TimeLimits::default(),
        }
    }

    /// Locks the wallet if it is open and unlocked; tells whether there was something to lock.
    pub async fn lock(&self) -> bool {
        let Some(wallet) = self.wallet.get() else { return false };
        let open = !wallet.state().locked;
        wallet.lock().await;
        open
    }

    /// Somebody is here.
    pub fn touch(&self) {
        let mut last = self.last_used.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *last = Instant::now();
    }

    /// Nobody has been here for five minutes.
    #[must_use]
    pub fn is_idle(&self, now: Instant) -> bool {
        let last = *self.last_used.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        now.saturating_duration_since(last) >= IDLE
    }

    /// Keeps a link until the person opens it. Whether it came from another screen (a picture of a QR code) is
    /// remembered: the question then asks where the person started.
    ///
    /// # Errors
    /// The link is none a wallet can read, or the wallet does not open.
    pub async fn keep_link(&self, link: String, from_picture: bool) -> Result<LinkKind, Problem> {
        let wallet = self.wallet().await?;
        // What is too long is not read; an empty text gives the same problem.
        let link = if link.len() > LONGEST_LINK { String::new() } else { link };
        let kind = wallet.read_link(&link)?;
        wallet.set_waiting(link);
        self.from_picture.store(from_picture, Ordering::Relaxed);
        Ok(kind)
    }

    /// Whether the link that waits came from another screen; forgets it.
    pub fn take_from_picture(&self) -> bool {
        self.from_picture.swap(false, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_after_five_minutes_and_not_before() {
        let shell = Shell::new(&Arguments::default());
        let now = Instant::now();
        shell.touch();
        assert!(!shell.is_idle(now + IDLE - Duration::from_secs(1)));
        assert!(shell.is_idle(now + IDLE + Duration::from_secs(1)));
    }
}
