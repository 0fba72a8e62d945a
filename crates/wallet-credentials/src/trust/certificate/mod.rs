//! One X.509 certificate (RFC 5280), read once into what a wallet asks of it.

mod extensions;
mod key;
mod pem;

use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Header, Reader, SliceReader};
use x509_cert::ext::pkix::KeyUsage;

use self::extensions::Extensions;
pub(super) use self::extensions::{full_names, id, read};
pub(super) use self::key::SignatureKind;
use self::key::SubjectKey;
use super::name::{ComparableName, attribute};
use crate::crypto::{PublicKey, VerificationKey};
use crate::time::Timestamp;

/// The most bytes a certificate may have; issuers in use stay under 2 KiB, GOV.UK's limit is 8 KB.
pub const MAX_CERTIFICATE_BYTES: usize = 16 * 1024;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// Why bytes are not a certificate this wallet can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// More than [`MAX_CERTIFICATE_BYTES`].
    #[error("the certificate is too large")]
    TooLarge,
    /// Not the DER of a version 3 certificate, or bytes follow it (RFC 5280, 4.1).
    #[error("not a DER certificate")]
    Malformed,
    /// An extension stands twice, or its content is not what its identifier says (RFC 5280, 4.2).
    #[error("an extension of the certificate is malformed")]
    MalformedExtension,
    /// The text has no PEM block with the label CERTIFICATE (RFC 7468, 5).
    #[error("not a PEM certificate")]
    NotPem,
    /// The subject's key is not on P-256, and a key for ES256 was asked for.
    #[error("the certificate's key is not a P-256 key")]
    NotP256,
    /// The subject's key is of a kind this wallet verifies no signatures with.
    #[error("the certificate's key is of an unsupported kind")]
    UnsupportedKey,
}

/// A certificate, parsed and bounded. Cloning is cheap. Parsing proves nothing: see
/// [`verify_chain`](super::chain::verify_chain).
#[derive(Clone)]
pub struct Certificate(Arc<Fields>);

struct Fields {
    der: Vec<u8>,
    sha256: [u8; 32],
    /// The signed part, as received: re-encoding would drop an explicit `critical FALSE`.
    signed_part: Range<usize>,
    signature: Vec<u8>,
    signature_kind: SignatureKind,
    serial_number: Vec<u8>,
    key: SubjectKey,
    not_before: Timestamp,
    not_after: Timestamp,
    issuer: ComparableName,
    subject: ComparableName,
    common_name: Option<String>,
    country: Option<String>,
    organization: Option<String>,
    extensions: Extensions,
}

impl Certificate {
    /// Reads one DER certificate.
    ///
    /// # Errors
    /// [`CertificateError`] for bytes that are not exactly one certificate within the bounds.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_CERTIFICATE_BYTES {
            return Err(CertificateError::TooLarge);
        }
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        let tbs = parsed.tbs_certificate();
        if parsed.signature_algorithm() != tbs.signature() {
            return Err(CertificateError::Malformed);
        }
        let signature = parsed
            .signature()
            .as_bytes()
            .ok_or(CertificateError::Malformed)?
            .to_vec();
        Ok(Self(Arc::new(Fields {
            sha256: Sha256::digest(der).into(),
            signed_part: signed_part(der).ok_or(CertificateError::Malformed)?,
            signature,
            signature_kind: SignatureKind::of(parsed.signature_algorithm()),
            serial_number: tbs.serial_number().as_bytes().to_vec(),
            key: SubjectKey::of(tbs.subject_public_key_info())?,
            not_before: instant(tbs.validity().not_before),
            not_after: instant(tbs.validity().not_after),
            issuer: ComparableName::of(tbs.issuer()),
            subject: ComparableName::of(tbs.subject()),
            common_name: attribute(tbs.subject(), COMMON_NAME),
            country: attribute(tbs.subject(), COUNTRY),
            organization: attribute(tbs.subject(), ORGANIZATION),
            extensions: Extensions::of(tbs.extensions().map_or(&[][..], |list| list.as_slice()))?,
            der: der.to_vec(),
        })))
    }

    /// The certificate as it was received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// SHA-256 of the DER: how trust lists and the client identifier `x509_hash` name a certificate
    /// (OpenID4VP 1.0, 5.9.3).
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        self.0.sha256
    }

    /// The subject's key for ES256.
    ///
    /// # Errors
    /// [`CertificateError::NotP256`] for any other kind of key, and for a point that is not on the curve.
    pub fn public_key(&self) -> Result<PublicKey, CertificateError> {
        self.0.key.es256()
    }

    /// The subject's key for any algorithm credentials are signed with: ES256, ES384, ES512 or EdDSA.
    ///
    /// # Errors
    /// [`CertificateError::NotP256`] for a point that is not on that curve, [`CertificateError::UnsupportedKey`] for
    /// other kinds of keys.
    pub fn verification_key(&self) -> Result<VerificationKey, CertificateError> {
        self.0.key.verification_key()
    }

    /// Start of the validity period.
    #[must_use]
    pub fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// End of the validity period, itself included.
    #[must_use]
    pub fn not_after(&self) -> Timestamp {
        self.0.not_after
    }

    /// Whether `now` lies within the validity period.
    #[must_use]
    pub fn is_valid_at(&self, now: Timestamp) -> bool {
        self.0.not_before <= now && now <= self.0.not_after
    }

    /// The subject's common name, shortened and without control characters.
    #[must_use]
    pub fn common_name(&self) -> Option<&str> {
        self.0.common_name.as_deref()
    }

    /// The subject's organisation name, shortened and without control characters.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        self.0.organization.as_deref()
    }

    /// The name a person is shown: the organisation, else the common name, else nothing.
    #[must_use]
    pub fn subject_name(&self) -> Option<&str> {
        self.organization().or(self.common_name())
    }

    /// The dNSNames of the subject alternative name, in lower case.
    #[must_use]
    pub fn dns_names(&self) -> &[String] {
        &self.0.extensions.dns_names
    }

    /// KeyIdentifier of the authority key identifier: what DCQL's `aki` matches (OpenID4VP 1.0, 6.1.1.1).
    #[must_use]
    pub fn authority_key_identifier(&self) -> Option<&[u8]> {
        self.0.extensions.authority_key_identifier.as_deref()
    }

    /// The subject key identifier.
    #[must_use]
    pub fn subject_key_identifier(&self) -> Option<&[u8]> {
        self.0.extensions.subject_key_identifier.as_deref()
    }

    /// Whether subject and issuer are the same name.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.0.issuer == self.0.subject
    }

    /// Whether basicConstraints say this is a CA and keyUsage, where present, allows signing certificates.
    pub(super) fn may_sign_certificates(&self) -> bool {
        let is_ca = self
            .0
            .extensions
            .basic_constraints
            .as_ref()
            .is_some_and(|basic| basic.ca);
        is_ca && self.0.extensions.key_usage.as_ref().is_none_or(KeyUsage::key_cert_sign)
    }

    /// Whether keyUsage, where present, allows signing revocation lists (RFC 5280, 6.3.3 (f)).
    pub(super) fn may_sign_revocation_lists(&self) -> bool {
        self.0.extensions.key_usage.as_ref().is_none_or(KeyUsage::crl_sign)
    }

    /// How many CA certificates may stand between this one and the leaf; `None` means any number.
    pub(super) fn path_length(&self) -> Option<usize> {
        self.0
            .extensions
            .basic_constraints
            .as_ref()
            .and_then(|basic| basic.path_len_constraint)
            .map(usize::from)
    }

    pub(super) fn may_sign_data(&self) -> bool {
        self.0
            .extensions
            .key_usage
            .as_ref()
            .is_none_or(|usage| usage.digital_signature())
    }

    pub(super) fn is_ca(&self) -> bool {
        self.0
            .extensions
            .basic_constraints
            .as_ref()
            .is_some_and(|basic| basic.ca)
    }

    pub(super) fn extended_key_usage(&self) -> Option<&[ObjectIdentifier]> {
        self.0.extensions.extended_key_usage.as_deref()
    }

    pub(super) fn has_unknown_critical_extension(&self) -> bool {
        self.0.extensions.unknown_critical
    }

    /// Whether names and key identifiers say that `issuer` may have signed this certificate (RFC 5280, 6.1.3 (a)(4)
    /// and 4.2.1.1). The signature decides.
    pub(super) fn names_as_issuer(&self, issuer: &Self) -> bool {
        let identifiers_agree = match (self.authority_key_identifier(), issuer.subject_key_identifier()) {
            (Some(authority), Some(subject)) => authority == subject,
            _ => true,
        };
        self.0.issuer == issuer.0.subject && identifiers_agree
    }

    /// Whether `issuer` is named as the issuer of this certificate and its key made the signature. Says nothing about
    /// validity or purpose: that is [`super::verify_chain`]'s to judge.
    #[must_use]
    pub fn is_issued_by(&self, issuer: &Self) -> bool {
        self.names_as_issuer(issuer) && self.is_signed_by(issuer)
    }

    /// Whether `issuer`'s key made the signature of this certificate.
    pub(super) fn is_signed_by(&self, issuer: &Self) -> bool {
        let signed_part = self.0.der.get(self.0.signed_part.clone());
        signed_part.is_some_and(|signed_part| issuer.made(self.0.signature_kind, signed_part, &self.0.signature))
    }

    /// Whether this certificate's key made a signature of a certificate or revocation list.
    pub(super) fn made(&self, kind: SignatureKind, signed_part: &[u8], signature: &[u8]) -> bool {
        self.0.key.verify(kind, signed_part, signature)
    }

    /// How it is signed.
    pub(super) fn signature_kind(&self) -> SignatureKind {
        self.0.signature_kind
    }

    /// The serial number, big-endian as encoded.
    pub(super) fn serial_number(&self) -> &[u8] {
        &self.0.serial_number
    }

    /// The subject's country.
    pub(crate) fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }

    pub(super) fn subject(&self) -> &ComparableName {
        &self.0.subject
    }

    pub(super) fn issuer(&self) -> &ComparableName {
        &self.0.issuer
    }

    pub(super) fn extensions(&self) -> &Extensions {
        &self.0.extensions
    }

    /// Whether the subject's key is on P-256, P-384 or P-521.
    pub(super) fn has_curve_key(&self) -> bool {
        self.0.key.is_on_curve()
    }
}

impl PartialEq for Certificate {
    /// Equal bytes.
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("Certificate")
            .field(&self.subject_name())
            .finish()
    }
}

/// Where the signed part, the first element, lies in the DER of a certificate or revocation list.
pub(super) fn signed_part(der: &[u8]) -> Option<Range<usize>> {
    let mut reader = SliceReader::new(der).ok()?;
    Header::decode(&mut reader).ok()?;
    let start = usize::try_from(reader.position()).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    let end = usize::try_from(reader.position())
        .ok()?
        .checked_add(usize::try_from(header.length()).ok()?)?;
    (end <= der.len()).then_some(start..end)
}

pub(super) fn instant(time: x509_cert::time::Time) -> Timestamp {
    Timestamp::from_unix(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}
