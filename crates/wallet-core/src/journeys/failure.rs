//! From the precise errors below to the short list of problems a person is told about.
//!
//! Every `match` here is exhaustive over what the lower floors can say, so a new error asks for a decision.

use jiff::Timestamp;
use wallet_protocols::oauth::OAuthErrorCode;
use wallet_protocols::openid4vci::{
    AcceptError, ConfigurationProblem, CredentialError, MetadataError, OfferError, ResolveError, TokenError,
};
use wallet_protocols::openid4vp::RequestError;

use crate::consent::{ShareRefused, SignError};
use crate::keys::{KeysError, KeystoreError, PinError};
use crate::net::NetError;
use crate::pictures::PictureError;
use crate::problem::{DataLeft, Problem, ProblemCode};
use crate::store::StoreError;
use crate::view::Language;
use crate::words::Words;

/// A journey that did not arrive: the code, whether anything left, and a chain of causes without any value.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) code: ProblemCode,
    pub(crate) left: DataLeft,
    pub(crate) cause: String,
    tries_left: Option<u32>,
    retry_at: Option<Timestamp>,
    history: Option<String>,
}

/// What a journey returns.
pub(crate) type Outcome<T> = Result<T, Failure>;

impl Failure {
    /// A problem before anything left.
    pub(crate) fn new(code: ProblemCode, cause: impl ToString) -> Self {
        Self {
            code,
            left: DataLeft::No,
            cause: cause.to_string(),
            tries_left: None,
            retry_at: None,
            history: None,
        }
    }

    /// The same, with another word on whether anything left.
    pub(crate) fn left(self, left: DataLeft) -> Self {
        Self { left, ..self }
    }

    /// The same, with the history entry that records it.
    pub(crate) fn recorded(self, history: impl Into<String>) -> Self {
        Self {
            history: Some(history.into()),
            ..self
        }
    }

    /// The problem in the words of a language.
    pub(crate) fn problem(self, language: Language) -> Problem {
        let words = Words::for_language(language).problem(self.code, self.left);
        Problem {
            code: self.code,
            title: words.title,
            happened: words.happened,
            what_to_do: words.what_to_do,
            data_left: self.left,
            tries_left: self.tries_left,
            retry_at: self.retry_at.map(|at| at.to_string()),
            support: Some(self.cause).filter(|cause| !cause.is_empty()),
            history: self.history,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::FromNewerApp { .. } => ProblemCode::StoreFromNewerApp,
            StoreError::Damaged(_) | StoreError::Unreadable(_) => ProblemCode::StoreDamaged,
            StoreError::InUse => ProblemCode::StoreInUse,
            StoreError::DiskFull(_) => ProblemCode::DiskFull,
            StoreError::AlreadyExists => ProblemCode::AlreadyInitialised,
            StoreError::NotFound(_) => ProblemCode::NotFound,
            StoreError::AlreadyAnswered => ProblemCode::AlreadyAnswered,
            StoreError::CopySpent => ProblemCode::ConsentExpired,
            StoreError::Database(_) | StoreError::NoRandomness => ProblemCode::SomethingWentWrong,
        };
        Self::new(code, error)
    }
}

impl From<KeystoreError> for Failure {
    fn from(error: KeystoreError) -> Self {
        let code = match error {
            KeystoreError::Unavailable => ProblemCode::KeystoreUnavailable,
            KeystoreError::Locked => ProblemCode::KeystoreLocked,
            KeystoreError::Missing | KeystoreError::Unexpected => ProblemCode::KeystoreEntryMissing,
            KeystoreError::DiskFull => ProblemCode::DiskFull,
        };
        Self::new(code, error)
    }
}

impl From<PinError> for Failure {
    fn from(error: PinError) -> Self {
        match error {
            PinError::Wrong { tries_left } => Self {
                tries_left: Some(tries_left),
                ..Self::new(ProblemCode::WrongPin, "")
            },
            PinError::Blocked { until } => Self {
                retry_at: Some(until),
                ..Self::new(ProblemCode::PinLocked, "")
            },
            PinError::TooSimple(_) => Self::new(ProblemCode::PinTooSimple, ""),
        }
    }
}

impl From<KeysError> for Failure {
    fn from(error: KeysError) -> Self {
        let code = match error {
            KeysError::Pin(error) => return error.into(),
            KeysError::Keystore(error) => return error.into(),
            KeysError::Store(error) => return error.into(),
            KeysError::NotInitialised => ProblemCode::NotInitialised,
            KeysError::AlreadyInitialised => ProblemCode::AlreadyInitialised,
            KeysError::HeaderFromNewerApp { .. } => ProblemCode::StoreFromNewerApp,
            KeysError::HeaderDamaged(_) | KeysError::HolderKeyDamaged => ProblemCode::StoreDamaged,
            KeysError::OtherQuestion => ProblemCode::ConsentExpired,
            KeysError::OtherJourney | KeysError::CannotSign => ProblemCode::SomethingWentWrong,
        };
        Self::new(code, error)
    }
}

impl From<NetError> for Failure {
    fn from(error: NetError) -> Self {
        let code = match error {
            NetError::BadUrl | NetError::NotAllowed => ProblemCode::LinkNotUnderstood,
            NetError::NotConnected
            | NetError::Broken
            | NetError::TooLarge
            | NetError::Redirected
            | NetError::Tls(_) => ProblemCode::ServiceUnreachable,
        };
        Self::new(code, error)
    }
}

impl From<PictureError> for Failure {
    fn from(error: PictureError) -> Self {
        Self::new(ProblemCode::LinkNotUnderstood, error)
    }
}

impl From<OfferError> for Failure {
    fn from(error: OfferError) -> Self {
        let code = match error {
            OfferError::NotFetched { status: 400..=499 } => ProblemCode::LinkExpired,
            OfferError::NotFetched { .. } => ProblemCode::ServiceUnreachable,
            _ => ProblemCode::LinkNotUnderstood,
        };
        Self::new(code, error)
    }
}

impl From<MetadataError> for Failure {
    fn from(error: MetadataError) -> Self {
        Self::new(ProblemCode::ServiceUnreachable, error)
    }
}

impl From<ResolveError> for Failure {
    fn from(error: ResolveError) -> Self {
        let code = match error {
            ResolveError::NothingUsable(ConfigurationProblem::KeyAttestation) => ProblemCode::NoWalletProvider,
            _ => ProblemCode::LinkNotUnderstood,
        };
        Self::new(code, error)
    }
}

impl From<AcceptError> for Failure {
    fn from(error: AcceptError) -> Self {
        let code = match error {
            AcceptError::TransactionCodeMissing => ProblemCode::WrongCode,
            AcceptError::NotOffered => ProblemCode::NotFound,
            AcceptError::OtherAuthorizationServer => ProblemCode::ServiceUnreachable,
            _ => ProblemCode::LinkNotUnderstood,
        };
        Self::new(code, error)
    }
}

impl From<&TokenError> for Failure {
    fn from(error: &TokenError) -> Self {
        let code = if error.is_wrong_transaction_code() {
            ProblemCode::WrongCode
        } else {
            match error {
                // It was given what it asked for, as often as that is reasonable.
                TokenError::Refused {
                    code: OAuthErrorCode::UseDpopNonce | OAuthErrorCode::UseAttestationChallenge,
                    ..
                } => ProblemCode::IssuerAskedWrongly,
                TokenError::Refused {
                    code: OAuthErrorCode::ServerError | OAuthErrorCode::TemporarilyUnavailable,
                    ..
                } => ProblemCode::ServiceUnreachable,
                TokenError::Refused { .. } => ProblemCode::LinkExpired,
                _ => ProblemCode::ServiceUnreachable,
            }
        };
        Self::new(code, error)
    }
}

impl From<CredentialError> for Failure {
    fn from(error: CredentialError) -> Self {
        let code = match error {
            CredentialError::Malformed
            | CredentialError::NotEncrypted
            | CredentialError::NotDecrypted
            | CredentialError::Encryption => ProblemCode::DocumentNotAsPromised,
            CredentialError::Failed { .. } => ProblemCode::ServiceUnreachable,
            _ => ProblemCode::IssuerRefused,
        };
        Self::new(code, error)
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        let code = match error {
            RequestError::NotARequestLink => ProblemCode::LinkNotUnderstood,
            RequestError::NotFetched { status: 400..=499 } | RequestError::NotCurrent => ProblemCode::LinkExpired,
            RequestError::NotFetched { .. } => ProblemCode::ServiceUnreachable,
            _ => ProblemCode::ServiceAskedWrongly,
        };
        Self::new(code, error)
    }
}

impl From<ShareRefused> for Failure {
    fn from(error: ShareRefused) -> Self {
        let code = match error {
            ShareRefused::Store(error) => return error.into(),
            ShareRefused::Expired | ShareRefused::NotAsShown | ShareRefused::OtherQuestion => {
                ProblemCode::ConsentExpired
            }
            ShareRefused::Blocked | ShareRefused::Warnings => ProblemCode::ServiceNotRecognised,
            ShareRefused::UnknownChoice | ShareRefused::Nothing | ShareRefused::NotCarried => ProblemCode::NotFound,
        };
        Self::new(code, error)
    }
}

impl From<SignError> for Failure {
    fn from(error: SignError) -> Self {
        match error {
            SignError::Keys(error) => error.into(),
            SignError::Store(error) => error.into(),
            SignError::NotWritten | SignError::Format | SignError::WrongForm => {
                Self::new(ProblemCode::SomethingWentWrong, error)
            }
        }
    }
}
