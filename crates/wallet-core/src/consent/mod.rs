//! Consent as a type. Nothing can be shared without a [`ConsentedDisclosure`], and only [`ConsentPrompt::share`] makes one.
//!
//! - **Wall 1, the witness.** `ConsentedDisclosure` has no other constructor, is consumed by use, and holds only what was
//!   agreed, already bound to its recipient.
//! - **Wall 3, yes to what was shown.** A yes repeats the digest of the question as it was drawn, in time, with a PIN typed
//!   for this question and no other.
//! - **Wall 5, history first.** The yes writes the history entry, uses the question up and spends the copies in one
//!   transaction, before anything is signed.
//!
//! A witness cannot be forged, cloned, made by default, taken from a file, or used twice:
//!
//! ```compile_fail,E0451
//! # use wallet_core::consent::ConsentedDisclosure;
//! let forged = ConsentedDisclosure { history: String::new() };
//! ```
//!
//! ```compile_fail,E0599
//! # fn climb(yes: wallet_core::consent::ConsentedDisclosure) {
//! let twice = yes.clone();
//! # }
//! ```
//!
//! ```compile_fail,E0599
//! let none = wallet_core::consent::ConsentedDisclosure::default();
//! ```
//!
//! ```compile_fail,E0277
//! let thawed: wallet_core::consent::ConsentedDisclosure = serde_json::from_str("{}").unwrap();
//! ```
//!
//! ```compile_fail,E0382
//! # use wallet_core::{consent::ConsentedDisclosure, keys::HolderKeys, store::Store, clock::Clock};
//! # fn climb(yes: ConsentedDisclosure, keys: &HolderKeys, store: &Store) {
//! let first = yes.sign(keys, store, Clock.now());
//! let second = yes.sign(keys, store, Clock.now());
//! # }
//! ```
//!
//! nor can a presentation be made from anything else:
//!
//! ```compile_fail,E0451
//! # use wallet_core::consent::Presentation;
//! let forged = Presentation { entries: Default::default() };
//! ```

mod agreement;
mod disclosure;
mod prompt;
mod proposal;
pub mod record;
mod selection;

pub use agreement::{Agreement, Unshowable};
pub use disclosure::{ConsentedDisclosure, Presentation, SignError};
pub use prompt::{ConsentPrompt, ProposalDigest, ShareRefused};
pub use proposal::{
    DisclosureProposal, Drawn, Narrowed, OfflineTerms, ProposedCandidate, ProposedPart, ProposedSet, Recipient,
};
pub use selection::Choices;

#[cfg(test)]
mod tests;
