//! The wall between what arrived and what was checked.
//!
//! [`Unverified`] gives no access to what is inside; the only way to a [`Verified`] value leads through
//! [`Unverified::verify`], or through the one escape hatch, which says in its name that it is dangerous.

use std::ops::Deref;

use crate::time::Timestamp;

/// How a kind of value is verified.
pub trait Verification {
    /// What the value is checked against: a key, trust anchors, expected values.
    type Against<'a>;
    /// Why the value was refused.
    type Error;

    /// Checks every rule the value must satisfy at the instant `now`.
    ///
    /// # Errors
    /// The first rule that is broken.
    fn check(&self, against: Self::Against<'_>, now: Timestamp) -> Result<(), Self::Error>;
}

/// A value that parsed, and about which nothing else is known. Its claims cannot be read.
pub struct Unverified<T>(T);

impl<T> Unverified<T> {
    /// Marks a parsed value as not yet verified.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Verifies the value; see the implementation of [`Verification`] for the rules.
    ///
    /// # Errors
    /// Whatever [`Verification::check`] answers; the value is gone then.
    pub fn verify(self, against: T::Against<'_>, now: Timestamp) -> Result<Verified<T>, T::Error>
    where
        T: Verification,
    {
        self.0.check(against, now)?;
        Ok(Verified(self.0))
    }

    /// Takes the value as verified without checking anything. For bytes that were verified before they were written
    /// and come back from where nobody else can write: the wallet's own encrypted store.
    pub fn dangerous_assume_verified(self) -> Verified<T> {
        Verified(self.0)
    }

    /// The value inside, for the parts of this crate that need a header to find the key to verify with.
    pub(crate) const fn inside(&self) -> &T {
        &self.0
    }
}

/// A value that passed [`Verification::check`].
#[derive(Clone)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// The value, without the mark that it was verified.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
