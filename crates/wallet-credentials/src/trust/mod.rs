//! Who may be believed: certificates, trust anchors, and the signed lists that name issuers and services.

pub mod anchors;
pub mod annex_b;
pub mod certificate;
pub mod chain;
pub mod crl;
pub mod lists;
mod name;
pub mod recognition;
pub mod register;
pub mod shape;
pub mod trust_list;

pub use anchors::{Role, TrustAnchor, TrustAnchors};
pub use annex_b::{AnnexBError, ProfiledExtension};
pub use certificate::{Certificate, CertificateError};
pub use chain::{ChainError, Profile, verify_chain, verify_unanchored};
pub use crl::{ListedRevocations, Revocation, RevocationError, RevocationList, check_revocation};
pub use lists::{CertificateHash, ListContext, ListError, ListState, LocalizedText, SignedList};
pub(crate) use name::plain;
pub use recognition::Recognition;
pub use register::{Detail, Purpose, Register, RegisterEntry};
pub use shape::ShapeError;
pub use trust_list::{TrustList, TrustListEntry};

#[cfg(test)]
pub(crate) mod tests;
