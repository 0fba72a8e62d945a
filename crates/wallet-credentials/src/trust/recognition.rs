//! What the wallet says about a party it met.

/// Whether a party is known, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Recognition {
    /// A signed list names it, and the entry counts.
    Recognised,
    /// The person added its certificate, or that of its CA. Never shown as recognised.
    AddedByYou,
    /// Nobody named it.
    NotListed,
    /// A signed list names it, and the entry has lapsed or was withdrawn, or its authority revoked its certificate.
    Withdrawn,
}
