//! What can go wrong, as a person or a script is told.
//!
//! Precise errors live in each module; here they become a [`Problem`]: a code from a short list, whether any detail
//! left the wallet, and a few harmless facts for the sentence. The sentences are in `locales/`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Did any detail of the person leave the wallet?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum DataLeft {
    /// Nothing was sent.
    No,
    /// The details arrived.
    Yes,
    /// They may have arrived; nobody here can tell.
    Unknown,
}

/// The codes a screen or a script may branch on. One is added only when something different is done for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemCode {
    /// The device has no connection.
    NoInternet,
    /// The issuer or service does not answer, answers too slowly, too much, or not in its protocol.
    ServiceUnreachable,
    /// The link, picture or code is not one a wallet can read.
    LinkNotUnderstood,
    /// The offer or request is over, or was used.
    LinkExpired,
    /// The issuer is under no anchor this wallet trusts.
    IssuerNotRecognised,
    /// The issuer said no.
    IssuerRefused,
    /// The issuer asks or answers in a way the protocol does not allow, and this wallet stopped.
    IssuerAskedWrongly,
    /// The issuer wants somebody to vouch for this wallet or its keys, and nobody is set.
    NoWalletProvider,
    /// The code sent by the issuer was not accepted.
    WrongCode,
    /// What arrived is not what was offered, or does not verify.
    DocumentNotAsPromised,
    /// The service is under no anchor this wallet trusts, and asks for more than may be shared with a stranger.
    ServiceNotRecognised,
    /// The request breaks the rules: signature, parameters, dates.
    ServiceAskedWrongly,
    /// No document here answers the request.
    NothingMatches,
    /// The document is past its end, or not yet valid.
    DocumentOutOfDate,
    /// The issuer has withdrawn or suspended the document.
    DocumentWithdrawn,
    /// Nobody could say whether the document is still good.
    StatusUnknown,
    /// The question was answered too late, twice, or differs from what was shown.
    ConsentExpired,
    /// The PIN is not right.
    WrongPin,
    /// Too many wrong PINs: wait.
    PinLocked,
    /// The PIN chosen is too easy to guess.
    PinTooSimple,
    /// The operating system's keystore is not there.
    KeystoreUnavailable,
    /// The keystore is there and locked.
    KeystoreLocked,
    /// The keystore no longer has this wallet's secret.
    KeystoreEntryMissing,
    /// The store was written by a newer version.
    StoreFromNewerApp,
    /// The store cannot be read.
    StoreDamaged,
    /// Another program has the store open.
    StoreInUse,
    /// There is no wallet here yet.
    NotInitialised,
    /// There is a wallet here already.
    AlreadyInitialised,
    /// The wallet is locked.
    WalletLocked,
    /// No room, or no permission, to write.
    DiskFull,
    /// This request was answered before.
    AlreadyAnswered,
    /// The device's clock looks wrong.
    ClockWrong,
    /// Nothing here has that id.
    NotFound,
    /// The service answered with an error, or the line broke while sending.
    SendingFailed,
    /// The issuer gives no fresh copies of a document, or no more.
    CannotBeRenewed,
    /// The person stopped it.
    Stopped,
    /// A defect of this program.
    SomethingWentWrong,
}

impl ProblemCode {
    /// Every code, for the test that walks the words of both languages.
    pub const ALL: &'static [ProblemCode] = &[
        Self::NoInternet,
        Self::ServiceUnreachable,
        Self::LinkNotUnderstood,
        Self::LinkExpired,
        Self::IssuerNotRecognised,
        Self::IssuerRefused,
        Self::IssuerAskedWrongly,
        Self::NoWalletProvider,
        Self::WrongCode,
        Self::DocumentNotAsPromised,
        Self::ServiceNotRecognised,
        Self::ServiceAskedWrongly,
        Self::NothingMatches,
        Self::DocumentOutOfDate,
        Self::DocumentWithdrawn,
        Self::StatusUnknown,
        Self::ConsentExpired,
        Self::WrongPin,
        Self::PinLocked,
        Self::PinTooSimple,
        Self::KeystoreUnavailable,
        Self::KeystoreLocked,
        Self::KeystoreEntryMissing,
        Self::StoreFromNewerApp,
        Self::StoreDamaged,
        Self::StoreInUse,
        Self::NotInitialised,
        Self::AlreadyInitialised,
        Self::WalletLocked,
        Self::DiskFull,
        Self::AlreadyAnswered,
        Self::ClockWrong,
        Self::NotFound,
        Self::SendingFailed,
        Self::CannotBeRenewed,
        Self::Stopped,
        Self::SomethingWentWrong,
    ];

    /// The code as written in JSON and in the words' files, for example `wrong-pin`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoInternet => "no-internet",
            Self::ServiceUnreachable => "service-unreachable",
            Self::LinkNotUnderstood => "link-not-understood",
            Self::LinkExpired => "link-expired",
            Self::IssuerNotRecognised => "issuer-not-recognised",
            Self::IssuerRefused => "issuer-refused",
            Self::IssuerAskedWrongly => "issuer-asked-wrongly",
            Self::NoWalletProvider => "no-wallet-provider",
            Self::WrongCode => "wrong-code",
            Self::DocumentNotAsPromised => "document-not-as-promised",
            Self::ServiceNotRecognised => "service-not-recognised",
            Self::ServiceAskedWrongly => "service-asked-wrongly",
            Self::NothingMatches => "nothing-matches",
            Self::DocumentOutOfDate => "document-out-of-date",
            Self::DocumentWithdrawn => "document-withdrawn",
            Self::StatusUnknown => "status-unknown",
            Self::ConsentExpired => "consent-expired",
            Self::WrongPin => "wrong-pin",
            Self::PinLocked => "pin-locked",
            Self::PinTooSimple => "pin-too-simple",
            Self::KeystoreUnavailable => "keystore-unavailable",
            Self::KeystoreLocked => "keystore-locked",
            Self::KeystoreEntryMissing => "keystore-entry-missing",
            Self::StoreFromNewerApp => "store-from-newer-app",
            Self::StoreDamaged => "store-damaged",
            Self::StoreInUse => "store-in-use",
            Self::NotInitialised => "not-initialised",
            Self::AlreadyInitialised => "already-initialised",
            Self::WalletLocked => "wallet-locked",
            Self::DiskFull => "disk-full",
            Self::AlreadyAnswered => "already-answered",
            Self::ClockWrong => "clock-wrong",
            Self::NotFound => "not-found",
            Self::SendingFailed => "sending-failed",
            Self::CannotBeRenewed => "cannot-be-renewed",
            Self::Stopped => "stopped",
            Self::SomethingWentWrong => "something-went-wrong",
        }
    }
}

impl std::fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A named problem with the words for it: what happened, whether anything left, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Problem {
    /// The code, for a screen or script to branch on.
    pub code: ProblemCode,
    /// A heading.
    pub title: String,
    /// What happened, in plain words.
    pub happened: String,
    /// What to do now.
    #[serde(rename = "do")]
    pub what_to_do: String,
    /// Whether any detail left the wallet.
    pub data_left: DataLeft,
    /// How many wrong PINs are free before the next wait, where the problem is a wrong PIN.
    pub tries_left: Option<u32>,
    /// When the next try is allowed (RFC 3339), where the PIN is blocked.
    pub retry_at: Option<String>,
    /// A chain of technical causes without any value of a document, for support.
    pub support: Option<String>,
    /// The history entry that records this, where there is one.
    pub history: Option<String>,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.title)
    }
}

impl std::error::Error for Problem {}
