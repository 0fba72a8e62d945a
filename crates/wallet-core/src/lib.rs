//! The wallet: keys, encrypted store, consent, journeys. The only crate with I/O.
//!
//! Programs above this crate (the app, the terminal) see [`Wallet`], the plain data of [`view`] and the [`problem`]s.

pub mod clock;
pub mod keys;
pub mod labels;
pub mod problem;
pub mod store;
pub mod view;
pub mod words;
