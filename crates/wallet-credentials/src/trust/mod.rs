//! Who may be believed: certificates, trust anchors, and the signed lists that name issuers and services.

pub mod anchors;
pub mod certificate;
pub mod chain;

pub use anchors::{Role, TrustAnchor, TrustAnchors};
pub use certificate::{Certificate, CertificateError};
pub use chain::{ChainError, Profile, verify_chain};

#[cfg(test)]
mod tests;
