//! The keys of a wallet.
