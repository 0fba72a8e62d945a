//! One X.509 certificate (RFC 5280), read once into what a wallet asks of it.

use std::ops::Range;
use std::sync::Arc;

use aws_lc_rs::signature as aws;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Header, Reader, SliceReader};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::name::{ComparableName, attribute};
use crate::crypto::{PublicKey, VerificationKey};
use crate::time::Timestamp;

/// The most bytes a certificate may have; issuers in use stay under 2 KiB, GOV.UK's limit is 8 KB.
pub const MAX_CERTIFICATE_BYTES: usize = 16 * 1024;

/// The most dNSNames of one certificate.
const MAX_DNS_NAMES: usize = 100;

const PEM_BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const PEM_END: &str = "-----END CERTIFICATE-----";
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Names the key and, without parameters, the signature (RFC 8410, 3 and 6).
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const ISSUER_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.18");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const CERTIFICATE_POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

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
    signature_algorithm: ObjectIdentifier,
    key: SubjectKey,
    not_before: Timestamp,
    not_after: Timestamp,
    issuer: ComparableName,
    subject: ComparableName,
    common_name: Option<String>,
    organization: Option<String>,
    extensions: Extensions,
}

#[derive(Default)]
struct Extensions {
    dns_names: Vec<String>,
    subject_key_identifier: Option<Vec<u8>>,
    authority_key_identifier: Option<Vec<u8>>,
    basic_constraints: Option<BasicConstraints>,
    key_usage: Option<KeyUsage>,
    extended_key_usage: Option<Vec<ObjectIdentifier>>,
    unknown_critical: bool,
}

/// A subject's key in the form the signature check wants it.
struct SubjectKey {
    kind: KeyKind,
    bytes: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    P256,
    P384,
    P521,
    Ed25519,
    Rsa,
    Other,
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
            signature_algorithm: parsed.signature_algorithm().oid,
            key: SubjectKey::of(tbs.subject_public_key_info())?,
            not_before: instant(tbs.validity().not_before),
            not_after: instant(tbs.validity().not_after),
            issuer: ComparableName::of(tbs.issuer()),
            subject: ComparableName::of(tbs.subject()),
            common_name: attribute(tbs.subject(), COMMON_NAME),
            organization: attribute(tbs.subject(), ORGANIZATION),
            extensions: Extensions::of(tbs.extensions().map_or(&[][..], |list| list.as_slice()))?,
            der: der.to_vec(),
        })))
    }

    /// Reads the first CERTIFICATE block of a PEM text (RFC 7468). Text around the blocks, and lines of any length, are
    /// as tools write them.
    ///
    /// # Errors
    /// [`CertificateError::NotPem`] without such a block, else what [`Certificate::from_der`] says about the content.
    pub fn from_pem(pem: &str) -> Result<Self, CertificateError> {
        Self::read_pem_block(pem).map(|(certificate, _)| certificate)
    }

    /// Reads every CERTIFICATE block of a PEM text, in order; at least one.
    ///
    /// # Errors
    /// As [`Certificate::from_pem`].
    pub fn all_from_pem(pem: &str) -> Result<Vec<Self>, CertificateError> {
        let (first, mut rest) = Self::read_pem_block(pem)?;
        let mut certificates = vec![first];
        while rest.contains(PEM_BEGIN) {
            let (next, after) = Self::read_pem_block(rest)?;
            certificates.push(next);
            rest = after;
        }
        Ok(certificates)
    }

    /// The first certificate and the text after it.
    fn read_pem_block(pem: &str) -> Result<(Self, &str), CertificateError> {
        let (_, block) = pem.split_once(PEM_BEGIN).ok_or(CertificateError::NotPem)?;
        let (base64, rest) = block.split_once(PEM_END).ok_or(CertificateError::NotPem)?;
        let base64: String = base64.split_ascii_whitespace().collect();
        let der = STANDARD.decode(base64).map_err(|_| CertificateError::NotPem)?;
        Ok((Self::from_der(&der)?, rest))
    }

    /// The certificate as one PEM block.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let base64 = STANDARD.encode(self.as_der());
        let mut pem = format!("{PEM_BEGIN}\n");
        for (position, character) in base64.chars().enumerate() {
            if position > 0 && position % 64 == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str(&format!("\n{PEM_END}\n"));
        pem
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
        match self.0.key.kind {
            KeyKind::P256 => PublicKey::from_sec1(&self.0.key.bytes).map_err(|_| CertificateError::NotP256),
            _ => Err(CertificateError::NotP256),
        }
    }

    /// The subject's key for any algorithm credentials are signed with: ES256, ES384, ES512 or EdDSA.
    ///
    /// # Errors
    /// [`CertificateError::NotP256`] for a point that is not on that curve, [`CertificateError::UnsupportedKey`] for
    /// other kinds of keys.
    pub fn verification_key(&self) -> Result<VerificationKey, CertificateError> {
        let point = self.0.key.bytes.clone();
        match self.0.key.kind {
            KeyKind::P256 => self.public_key().map(VerificationKey::P256),
            KeyKind::P384 => point
                .try_into()
                .map(VerificationKey::P384)
                .map_err(|_| CertificateError::UnsupportedKey),
            KeyKind::P521 => point
                .try_into()
                .map(VerificationKey::P521)
                .map_err(|_| CertificateError::UnsupportedKey),
            KeyKind::Ed25519 => point
                .try_into()
                .map(VerificationKey::Ed25519)
                .map_err(|_| CertificateError::UnsupportedKey),
            KeyKind::Rsa | KeyKind::Other => Err(CertificateError::UnsupportedKey),
        }
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
        let Some(signed_part) = self.0.der.get(self.0.signed_part.clone()) else {
            return false;
        };
        issuer
            .0
            .key
            .verify(self.0.signature_algorithm, signed_part, &self.0.signature)
    }
}

impl PartialEq for Certificate {
    /// Equal bytes.
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl serde::Serialize for Certificate {
    /// Padded base64 of the DER, as in `x5c` (RFC 7515, 4.1.6).
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(self.as_der()))
    }
}

impl<'de> serde::Deserialize<'de> for Certificate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let der = STANDARD
            .decode(String::deserialize(deserializer)?)
            .map_err(serde::de::Error::custom)?;
        Self::from_der(&der).map_err(serde::de::Error::custom)
    }
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("Certificate")
            .field(&self.subject_name())
            .finish()
    }
}

impl SubjectKey {
    fn of(info: &SubjectPublicKeyInfoOwned) -> Result<Self, CertificateError> {
        let bytes = info
            .subject_public_key
            .as_bytes()
            .ok_or(CertificateError::Malformed)?
            .to_vec();
        let curve = || {
            info.algorithm
                .parameters
                .as_ref()
                .and_then(|any| any.decode_as::<ObjectIdentifier>().ok())
        };
        let kind = match info.algorithm.oid {
            EC_PUBLIC_KEY => match curve() {
                Some(P256) => KeyKind::P256,
                Some(P384) => KeyKind::P384,
                Some(P521) => KeyKind::P521,
                _ => KeyKind::Other,
            },
            ED25519 => KeyKind::Ed25519,
            RSA_ENCRYPTION => KeyKind::Rsa,
            _ => KeyKind::Other,
        };
        Ok(Self { kind, bytes })
    }

    fn verify(&self, algorithm: ObjectIdentifier, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn aws::VerificationAlgorithm = match (self.kind, algorithm) {
            (KeyKind::P256, ECDSA_SHA256) => &aws::ECDSA_P256_SHA256_ASN1,
            (KeyKind::P256, ECDSA_SHA384) => &aws::ECDSA_P256_SHA384_ASN1,
            (KeyKind::P256, ECDSA_SHA512) => &aws::ECDSA_P256_SHA512_ASN1,
            (KeyKind::P384, ECDSA_SHA256) => &aws::ECDSA_P384_SHA256_ASN1,
            (KeyKind::P384, ECDSA_SHA384) => &aws::ECDSA_P384_SHA384_ASN1,
            (KeyKind::P384, ECDSA_SHA512) => &aws::ECDSA_P384_SHA512_ASN1,
            (KeyKind::P521, ECDSA_SHA256) => &aws::ECDSA_P521_SHA256_ASN1,
            (KeyKind::P521, ECDSA_SHA384) => &aws::ECDSA_P521_SHA384_ASN1,
            (KeyKind::P521, ECDSA_SHA512) => &aws::ECDSA_P521_SHA512_ASN1,
            (KeyKind::Ed25519, ED25519) => &aws::ED25519,
            (KeyKind::Rsa, RSA_SHA256) => &aws::RSA_PKCS1_2048_8192_SHA256,
            (KeyKind::Rsa, RSA_SHA384) => &aws::RSA_PKCS1_2048_8192_SHA384,
            (KeyKind::Rsa, RSA_SHA512) => &aws::RSA_PKCS1_2048_8192_SHA512,
            _ => return false,
        };
        aws::UnparsedPublicKey::new(algorithm, &self.bytes)
            .verify(message, signature)
            .is_ok()
    }
}

impl Extensions {
    fn of(list: &[x509_cert::ext::Extension]) -> Result<Self, CertificateError> {
        let mut found = Self::default();
        for (position, extension) in list.iter().enumerate() {
            let content = extension.extn_value.as_bytes();
            let twice = list
                .iter()
                .take(position)
                .any(|earlier| earlier.extn_id == extension.extn_id);
            if twice {
                return Err(CertificateError::MalformedExtension);
            }
            match extension.extn_id {
                SUBJECT_KEY_IDENTIFIER => {
                    found.subject_key_identifier = Some(read::<SubjectKeyIdentifier>(content)?.0.as_bytes().to_vec());
                }
                AUTHORITY_KEY_IDENTIFIER => {
                    let identifier = read::<AuthorityKeyIdentifier>(content)?.key_identifier;
                    found.authority_key_identifier = identifier.map(|octets| octets.as_bytes().to_vec());
                }
                KEY_USAGE => found.key_usage = Some(read(content)?),
                BASIC_CONSTRAINTS => found.basic_constraints = Some(read(content)?),
                EXTENDED_KEY_USAGE => found.extended_key_usage = Some(read::<ExtendedKeyUsage>(content)?.0),
                SUBJECT_ALT_NAME => found.dns_names = dns_names(&read::<SubjectAltName>(content)?),
                // Nothing in a path check depends on these two (RFC 5280, 4.2.1.7 and 6.1 with any-policy).
                ISSUER_ALT_NAME | CERTIFICATE_POLICIES => {}
                _ => found.unknown_critical |= extension.critical,
            }
        }
        Ok(found)
    }
}

fn read<'a, T: Decode<'a>>(content: &'a [u8]) -> Result<T, CertificateError> {
    T::from_der(content).map_err(|_| CertificateError::MalformedExtension)
}

fn dns_names(names: &SubjectAltName) -> Vec<String> {
    let dns = names.0.iter().filter_map(|name| match name {
        GeneralName::DnsName(dns) => Some(dns.as_str().to_ascii_lowercase()),
        _ => None,
    });
    dns.take(MAX_DNS_NAMES).collect()
}

/// Where TBSCertificate lies in the DER of a certificate.
fn signed_part(der: &[u8]) -> Option<Range<usize>> {
    let mut reader = SliceReader::new(der).ok()?;
    Header::decode(&mut reader).ok()?;
    let start = usize::try_from(reader.position()).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    let end = usize::try_from(reader.position())
        .ok()?
        .checked_add(usize::try_from(header.length()).ok()?)?;
    (end <= der.len()).then_some(start..end)
}

fn instant(time: x509_cert::time::Time) -> Timestamp {
    Timestamp::from_unix(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}
