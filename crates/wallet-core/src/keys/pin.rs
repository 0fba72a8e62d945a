//! The PIN: what may be chosen, and what is gained by typing it.

use jiff::Timestamp;
use zeroize::{Zeroize as _, Zeroizing};

/// More is no PIN or passphrase.
const MAX_BYTES: usize = 256;
/// Fewer characters can be guessed in hours from a copied directory when the secret is in a key file.
const LONG: usize = 12;

/// A PIN or passphrase as typed. Wiped when dropped; cannot be printed, copied or compared.
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// Takes what was typed. The string it came in is moved, not copied.
    #[must_use]
    pub fn new(typed: String) -> Self {
        Self(Zeroizing::new(typed))
    }

    /// May this be chosen as a PIN?
    ///
    /// # Errors
    /// [`PinError::TooSimple`] with the rule it breaks.
    pub fn check_rules(&self) -> Result<(), PinError> {
        let simple = |rule| Err(PinError::TooSimple(rule));
        if self.0.len() > MAX_BYTES {
            return simple(PinRule::TooLong);
        }
        if self.0.chars().count() < 6 {
            return simple(PinRule::TooShort);
        }
        let steps: Zeroizing<Vec<i64>> = Zeroizing::new(
            self.0
                .chars()
                .zip(self.0.chars().skip(1))
                .map(|(a, b)| i64::from(u32::from(b)) - i64::from(u32::from(a)))
                .collect(),
        );
        if steps.iter().all(|step| *step == 0) {
            return simple(PinRule::AllTheSame);
        }
        // 123456, 654321, 890123: one up or one down, round the end of the digits.
        let run = |by: i64| steps.iter().all(|step| *step == by || *step == -9 * by);
        if run(1) || run(-1) {
            return simple(PinRule::Sequence);
        }
        Ok(())
    }

    /// Long enough for a wallet whose secret is in a key file.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.0.chars().count() >= LONG
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Why a PIN may not be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PinRule {
    /// Under six characters.
    TooShort,
    /// Over 256 bytes.
    TooLong,
    /// The same character throughout.
    AllTheSame,
    /// Neighbours in order, up or down.
    Sequence,
}

/// What is wrong with a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// It is not the PIN.
    #[error("wrong PIN; {tries_left} more before a wait")]
    Wrong {
        /// How many more may be tried before the first wait.
        tries_left: u32,
    },
    /// Too many were wrong.
    #[error("no PIN may be tried until {until}")]
    Blocked {
        /// When the next may be tried.
        until: Timestamp,
    },
    /// It may not be chosen.
    #[error("the PIN is too simple ({0:?})")]
    TooSimple(PinRule),
}

/// Names one question that a PIN answers: a request, a received document, a code to show.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QuestionId(String);

impl QuestionId {
    /// The question with this id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Proof that the PIN was typed for one question, and the one thing that opens holder keys (wall 4).
///
/// Minted by [`super::Keys::verify`] alone, spent by value. This compiles:
///
/// ```
/// # use wallet_core::keys::{Keys, KeysError, Pin, PinVerified, QuestionId};
/// # fn ask(keys: &Keys, pin: &Pin, now: jiff::Timestamp) -> Result<PinVerified, KeysError> {
/// keys.verify(pin, QuestionId::new("q"), now)
/// # }
/// ```
///
/// It cannot be made otherwise:
///
/// ```compile_fail,E0451
/// # use wallet_core::keys::{PinVerified, QuestionId};
/// let forged = PinVerified { question: QuestionId::new("q"), opening: Default::default() };
/// ```
///
/// nor used twice:
///
/// ```compile_fail,E0599
/// # fn answer(verified: wallet_core::keys::PinVerified) {
/// let again = verified.clone();
/// # }
/// ```
///
/// nor taken out of the store, a link or a test's file:
///
/// ```compile_fail,E0277
/// let thawed: wallet_core::keys::PinVerified = serde_json::from_str("{}").unwrap();
/// ```
#[must_use = "a PIN was typed for an answer"]
pub struct PinVerified {
    question: QuestionId,
    opening: Zeroizing<[u8; 32]>,
}

impl PinVerified {
    pub(super) fn mint(question: QuestionId, opening: Zeroizing<[u8; 32]>) -> Self {
        Self { question, opening }
    }

    /// The question the PIN was typed for.
    #[must_use]
    pub fn question(&self) -> &QuestionId {
        &self.question
    }

    /// Gives up the holder-opening key.
    pub(super) fn spend(mut self) -> Zeroizing<[u8; 32]> {
        let opening = Zeroizing::new(*self.opening);
        self.opening.zeroize();
        opening
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(pin: &str) -> Result<(), PinError> {
        Pin::new(pin.to_owned()).check_rules()
    }

    #[test]
    fn sequences_and_repetitions_are_refused() {
        for pin in ["123456", "654321", "890123", "210987", "abcdef", "0123456789"] {
            assert_eq!(rule(pin), Err(PinError::TooSimple(PinRule::Sequence)), "{pin}");
        }
        for pin in ["000000", "7777777", "aaaaaa"] {
            assert_eq!(rule(pin), Err(PinError::TooSimple(PinRule::AllTheSame)), "{pin}");
        }
        assert_eq!(rule("12845"), Err(PinError::TooSimple(PinRule::TooShort)));
        assert_eq!(rule(&"pin ".repeat(65)), Err(PinError::TooSimple(PinRule::TooLong)));
    }

    #[test]
    fn six_digits_and_passphrases_are_accepted() {
        for pin in ["294817", "123457", "correct horse battery staple", "ŵyneb glân"] {
            assert_eq!(rule(pin), Ok(()), "{pin}");
        }
    }

    #[test]
    fn length_counts_characters() {
        assert!(!Pin::new("29481746".to_owned()).is_long());
        assert!(Pin::new("ŵŷŵŷŵŷŵŷŵŷŵŷ".to_owned()).is_long());
    }
}
