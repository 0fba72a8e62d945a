//! The wallet: keys, encrypted store, consent, journeys. The only crate with I/O.
//!
//! Programs above this crate (the app, the terminal) see [`Wallet`], the plain data of [`view`] and the [`problem`]s.
//! Inside, modules look down only: `journeys → consent → keys | store | net → clock, problem`.

pub mod age;
pub mod clock;
pub mod consent;
mod journeys;
pub mod keys;
pub mod labels;
pub mod net;
pub mod pictures;
pub mod problem;
mod rules;
pub mod store;
pub mod view;
mod wallet;
pub mod words;

pub use keys::Pin;
pub use problem::{DataLeft, Problem, ProblemCode};
pub use wallet::{AnchorRole, BrowserOpener, Client, ProgressListener, TimeLimits, TxCode, Wallet, WalletConfig};
