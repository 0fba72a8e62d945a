//! Which targets there are, and what each is fed with.

mod credentials;
mod protocols;
mod words;

use crate::Target;

/// Every target.
pub fn targets() -> impl Iterator<Item = &'static Target> {
    credentials::CREDENTIALS.iter().chain(protocols::PROTOCOLS)
}
