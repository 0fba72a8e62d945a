use crate::cose::{CborError, CoseError};
use crate::crypto::{CryptoError, RandomError};
use crate::status::StatusError;
use crate::trust::ChainError;

/// Why an mdoc, or something made of one, was refused. Never carries element values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MdocError {
    /// Not CBOR this wallet reads, or CBOR of another shape than the standard's.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Not base64url without padding (OpenID4VP 1.0, B.2.5).
    #[error("not base64url without padding")]
    Base64Url,
    /// `issuerAuth`: malformed, without certificates, or its signature is wrong (9.1.2.4).
    #[error("issuerAuth: {0}")]
    IssuerAuth(CoseError),
    /// `issuerAuth` names no supported algorithm in its protected header (9.1.2.4).
    #[error("issuerAuth has no supported algorithm in its protected header")]
    IssuerAuthAlgorithm,
    /// The document signer is not trusted (9.3.3).
    #[error("document signer: {0}")]
    DocumentSigner(#[from] ChainError),
    /// The MSO's version is not "1.0" (9.1.2.4).
    #[error("the version of the mobile security object is not 1.0")]
    MsoVersion,
    /// The MSO's digest algorithm is none of SHA-256, SHA-384, SHA-512 (9.1.2.5).
    #[error("the digest algorithm is not supported")]
    DigestAlgorithm,
    /// `deviceKey` is not a P-256 COSE_Key (9.1.2.4).
    #[error("device key: {0}")]
    DeviceKey(CryptoError),
    /// A date of `validityInfo` is not a tdate (9.1.2.4).
    #[error("a date of validityInfo is not a tdate")]
    ValidityInfo,
    /// `status` is malformed (draft-ietf-oauth-status-list, 6.3).
    #[error("status: {0}")]
    Status(StatusError),
    /// `signed` lies outside the document signer's validity (9.3.1).
    #[error("the mobile security object was signed outside the validity of its signer's certificate")]
    SignedOutsideCertificate,
    /// `issuing_country` of `org.iso.18013.5.1` is another than that of the signer's certificate (9.3.1).
    #[error("the issuing country is another than the one of the signer's certificate")]
    IssuingCountry,
    /// `validFrom` lies in the future (9.3.1).
    #[error("the document is not valid yet")]
    NotYetValid,
    /// `validUntil` lies in the past (9.3.1).
    #[error("the document has expired")]
    Expired,
    /// An item has a digestID the MSO does not list in its name space (9.3.1).
    #[error("an element has no digest in the mobile security object")]
    NoDigest,
    /// An item's digest differs from the one in the MSO: it was altered (9.3.1).
    #[error("an element was altered: its digest differs")]
    DigestMismatch,
    /// Two items of a name space share a digestID or an element identifier (8.3.2.1.2.2).
    #[error("an element is present twice")]
    DuplicateElement,
    /// `random` of an item is shorter than 16 bytes (9.1.2.5).
    #[error("the random value of an element is too short")]
    ShortRandom,
    /// The response's docType and the MSO's differ (9.3.1).
    #[error("the document type differs from the one that was signed")]
    DocType,
    /// The response's version is not "1.0" (8.3.2.1.2.2).
    #[error("the version of the response is not 1.0")]
    ResponseVersion,
    /// The response's status is not 0 (8.3.2.1.2.3).
    #[error("the response reports an error status")]
    ResponseStatus,
    /// The response holds no document (8.3.2.1.2.2).
    #[error("the response holds no document")]
    NoDocuments,
    /// `deviceAuth` does not hold exactly one of `deviceSignature` and `deviceMac` (8.3.2.1.2.2).
    #[error("the device is not authenticated, or in two ways")]
    DeviceAuth,
    /// The device's signature or MAC is wrong: another key, or made for another session (9.1.3).
    #[error("device authentication: {0}")]
    DeviceSignature(CoseError),
    /// A MAC where no reader key exists to check it with (OpenID4VP 1.0, B.2.2).
    #[error("the device sent a MAC, and there is no reader key to check it")]
    UnexpectedMac,
    /// A device-signed element the issuer did not authorise the device key for (9.1.2.4).
    #[error("the device signed an element it is not authorised for")]
    NotAuthorised,
    /// An element that should be shown is not in the document.
    #[error("the document has no such element")]
    NoSuchElement,
    /// The signer's key is not the device key of the document.
    #[error("the signing key is not the key of this document")]
    WrongKey,
    /// The signer could not sign.
    #[error("signing: {0}")]
    Signing(CoseError),
    /// Reader authentication is missing where it was asked for, or is wrong (9.1.4).
    #[error("reader authentication: {0}")]
    ReaderAuth(CoseError),
    /// The key an answer should be encrypted to is not a P-256 COSE_Key (ISO/IEC TS 18013-7, Annex C).
    #[error("recipient key: {0}")]
    RecipientKey(CryptoError),
    /// A payload of an unknown version, or with impossible times.
    #[error("the offline proof is of an unknown form")]
    OfflineProof,
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
}
