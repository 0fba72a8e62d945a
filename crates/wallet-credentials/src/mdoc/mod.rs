//! ISO mdoc (ISO/IEC 18013-5:2021): the issuer-signed data, what a holder makes of it, and what a verifier checks.
//!
//! Digests and signatures run over bytes as they were received; nothing signed is ever encoded again.
//!
//! | role | makes | reads |
//! |---|---|---|
//! | issuer | [`MdocBuilder`] | |
//! | holder | [`NarrowedMdoc`], [`DeviceEngagement`], [`HolderSession`], [`OfflineProof`] | [`IssuerSigned`], [`DeviceRequest`], [`EncryptionInfo`] |
//! | verifier, reader | [`DeviceRequestBuilder`], [`ReaderSession`], [`EncryptionInfo`] | [`DeviceResponse`], [`DeviceEngagement`], [`OfflineProof`] |
//!
//! What binds an answer to one conversation is its [`SessionTranscript`].

mod dc_api;
mod element;
mod engagement;
mod error;
mod holder;
mod issuer;
mod issuer_signed;
mod mso;
mod offline;
mod request;
mod response;
mod session_encryption;
mod session_transcript;

pub use dc_api::EncryptionInfo;
pub use element::ElementValue;
pub use engagement::{BleOptions, DeviceEngagement, EngagementError, RetrievalMethod};
pub use error::MdocError;
pub use holder::{NarrowedMdoc, UnsignedDeviceResponse};
pub use issuer::{MdocBuilder, UnsignedMdoc};
pub use issuer_signed::{Element, IssuerSigned};
pub use mso::{DigestAlgorithm, KeyAuthorizations, MobileSecurityObject, ValidityInfo};
pub use offline::OfflineProof;
pub use request::{DeviceRequest, DeviceRequestBuilder, DocRequest, RequestedElement};
pub use response::{DeviceElement, DeviceResponse, DeviceResponseContext, Document};
pub use session_encryption::{HolderSession, ReaderSession, Received, SessionError, SessionStatus};
pub use session_transcript::{Handover, SessionTranscript};

#[cfg(test)]
mod tests;
