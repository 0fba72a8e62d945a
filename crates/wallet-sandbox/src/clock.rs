//! The one place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use wallet_credentials::time::Timestamp;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock;

impl Clock {
    /// Now, in whole seconds.
    #[expect(
        clippy::unused_self,
        reason = "a clock is asked for the time, so that there is one name to search for"
    )]
    pub(crate) fn now(&self) -> Timestamp {
        let seconds = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| elapsed.as_secs());
        Timestamp::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}
