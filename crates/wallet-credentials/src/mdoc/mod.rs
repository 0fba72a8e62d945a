//! ISO mdoc (ISO/IEC 18013-5:2021): the issuer-signed data, what a holder makes of it, and what a verifier checks.
//!
//! Digests and signatures run over bytes as they were received; nothing signed is ever encoded again.

mod element;
mod error;
mod holder;
mod issuer;
mod issuer_signed;
mod mso;
mod offline;
mod request;
mod response;
mod session;

pub use element::ElementValue;
pub use error::MdocError;
pub use holder::{NarrowedMdoc, UnsignedDeviceResponse};
pub use issuer::{MdocBuilder, UnsignedMdoc};
pub use issuer_signed::{Element, IssuerSigned};
pub use mso::{DigestAlgorithm, KeyAuthorizations, MobileSecurityObject, ValidityInfo};
pub use offline::OfflineProof;
pub use request::{DeviceRequest, DocRequest, RequestedElement};
pub use response::{DeviceResponse, DeviceResponseContext, Document};
pub use session::SessionTranscript;

#[cfg(test)]
mod tests;
