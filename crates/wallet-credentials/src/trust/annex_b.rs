//! The certificate profiles of ISO/IEC 18013-5:2021, Annex B, rule by rule: IACA root (B.1.2), document signer (B.1.4) and
//! reader authentication (B.1.7).
//!
//! Issuers outside that scheme make other certificates, and a wallet takes them ([`Profile::DocumentSigner`]); whoever
//! accepts none but those of the standard asks for [`Profile::IsoDocumentSigner`] and [`Profile::IsoReader`]. Signatures,
//! names, validity at an instant and path lengths are [`verify_chain`](super::verify_chain)'s to check.
//!
//! [`Profile::DocumentSigner`]: super::Profile::DocumentSigner
//! [`Profile::IsoDocumentSigner`]: super::Profile::IsoDocumentSigner
//! [`Profile::IsoReader`]: super::Profile::IsoReader

use std::fmt;
use std::time::Duration;

use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::{KeyUsage, KeyUsages};

use super::certificate::{Certificate, id};
use super::chain::{MDL_DOCUMENT_SIGNER, MDL_READER};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// An IACA root lives twenty years, leap days included (Table B.1).
const MAX_IACA_DAYS: u32 = 20 * 366;
/// Table B.3.
const MAX_DOCUMENT_SIGNER_DAYS: u32 = 457;
/// Table B.7.
const MAX_READER_DAYS: u32 = 1187;

/// An extension the profiles speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfiledExtension {
    /// authorityKeyIdentifier.
    AuthorityKeyIdentifier,
    /// subjectKeyIdentifier.
    SubjectKeyIdentifier,
    /// keyUsage.
    KeyUsage,
    /// issuerAltName.
    IssuerAltName,
    /// basicConstraints.
    BasicConstraints,
    /// cRLDistributionPoints.
    CrlDistributionPoints,
    /// extKeyUsage.
    ExtendedKeyUsage,
}

impl ProfiledExtension {
    const fn id(self) -> ObjectIdentifier {
        match self {
            Self::AuthorityKeyIdentifier => id::AUTHORITY_KEY_IDENTIFIER,
            Self::SubjectKeyIdentifier => id::SUBJECT_KEY_IDENTIFIER,
            Self::KeyUsage => id::KEY_USAGE,
            Self::IssuerAltName => id::ISSUER_ALT_NAME,
            Self::BasicConstraints => id::BASIC_CONSTRAINTS,
            Self::CrlDistributionPoints => id::CRL_DISTRIBUTION_POINTS,
            Self::ExtendedKeyUsage => id::EXTENDED_KEY_USAGE,
        }
    }

    /// Whether the profiles want it critical.
    const fn is_critical(self) -> bool {
        matches!(self, Self::KeyUsage | Self::BasicConstraints | Self::ExtendedKeyUsage)
    }
}

impl fmt::Display for ProfiledExtension {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AuthorityKeyIdentifier => "authorityKeyIdentifier",
            Self::SubjectKeyIdentifier => "subjectKeyIdentifier",
            Self::KeyUsage => "keyUsage",
            Self::IssuerAltName => "issuerAltName",
            Self::BasicConstraints => "basicConstraints",
            Self::CrlDistributionPoints => "cRLDistributionPoints",
            Self::ExtendedKeyUsage => "extKeyUsage",
        })
    }
}

/// The rule of Annex B a certificate breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnnexBError {
    /// The serial number is not positive, shorter than 63 bits need, or longer than 20 octets.
    #[error("the serial number is not one of 63 random bits or more")]
    SerialNumber,
    /// The signature is not ECDSA with SHA-256, SHA-384 or SHA-512.
    #[error("the certificate is not signed with ECDSA")]
    SignatureAlgorithm,
    /// The key is not on a curve this wallet verifies with: P-256, P-384 or P-521.
    #[error("the key is not on a NIST curve")]
    SubjectKey,
    /// The subject names no country, one that is not two upper-case letters, or another than its IACA.
    #[error("the country is missing, malformed or not the one of the authority")]
    Country,
    /// The subject has no common name.
    #[error("the subject has no common name")]
    CommonName,
    /// Subject and issuer of a root differ.
    #[error("the root is not self-issued")]
    NotSelfIssued,
    /// The validity period is longer than the profile allows, in days.
    #[error("the certificate is valid for more than {0} days")]
    Validity(u32),
    /// A mandatory extension is missing.
    #[error("{0} is missing")]
    Missing(ProfiledExtension),
    /// An extension is critical that must not be, or not critical that must be.
    #[error("{0} has the wrong criticality")]
    Criticality(ProfiledExtension),
    /// The authority key identifier is not the subject key identifier of the authority.
    #[error("the authority key identifier is not that of the authority")]
    AuthorityKeyIdentifier,
    /// keyUsage allows something else than the profile, or not what it wants.
    #[error("keyUsage is not that of the profile")]
    KeyUsage,
    /// issuerAltName holds neither an e-mail address nor a URI.
    #[error("issuerAltName has no e-mail address and no URI")]
    IssuerAltName,
    /// basicConstraints do not say CA with a path length of 0.
    #[error("basicConstraints are not those of a root")]
    BasicConstraints,
    /// A certificate that is no root has basicConstraints that say CA.
    #[error("the certificate says that it is a CA")]
    IsAuthority,
    /// cRLDistributionPoints name no place, or are limited to some reasons or another issuer.
    #[error("cRLDistributionPoints are not those of the profile")]
    CrlDistributionPoints,
    /// extKeyUsage names another purpose, or more than one.
    #[error("extKeyUsage is not that of the profile")]
    ExtendedKeyUsage,
    /// An extension that B.1.1 forbids: policy mappings, name constraints, policy constraints, inhibit any-policy or
    /// freshest CRL.
    #[error("the certificate has an extension that the profiles forbid")]
    Forbidden,
    /// The authority did not issue the certificate directly.
    #[error("the certificate is not issued by the authority itself")]
    Intermediate,
}

/// Checks an IACA root certificate (B.1.2).
///
/// # Errors
/// The first rule that is broken.
pub fn check_iaca(root: &Certificate) -> Result<(), AnnexBError> {
    if !root.is_self_issued() {
        return Err(AnnexBError::NotSelfIssued);
    }
    common(root)?;
    country(root)?;
    extensions(
        root,
        &[
            ProfiledExtension::SubjectKeyIdentifier,
            ProfiledExtension::KeyUsage,
            ProfiledExtension::IssuerAltName,
            ProfiledExtension::BasicConstraints,
            ProfiledExtension::CrlDistributionPoints,
        ],
    )?;
    key_usage(root, KeyUsages::KeyCertSign | KeyUsages::CRLSign)?;
    contact(root)?;
    if root.path_length() != Some(0) || !root.is_ca() {
        return Err(AnnexBError::BasicConstraints);
    }
    distribution_points(root)?;
    lifetime(root, MAX_IACA_DAYS)
}

/// Checks a document signer's certificate under its IACA root (B.1.4).
///
/// # Errors
/// The first rule that is broken.
pub fn check_document_signer(signer: &Certificate, iaca: &Certificate) -> Result<(), AnnexBError> {
    common(signer)?;
    country(signer)?;
    if signer.country() != iaca.country() {
        return Err(AnnexBError::Country);
    }
    extensions(
        signer,
        &[
            ProfiledExtension::AuthorityKeyIdentifier,
            ProfiledExtension::SubjectKeyIdentifier,
            ProfiledExtension::KeyUsage,
            ProfiledExtension::IssuerAltName,
            ProfiledExtension::CrlDistributionPoints,
            ProfiledExtension::ExtendedKeyUsage,
        ],
    )?;
    contact(signer)?;
    end_entity(signer, iaca, MDL_DOCUMENT_SIGNER)?;
    lifetime(signer, MAX_DOCUMENT_SIGNER_DAYS)
}

/// Checks a reader's certificate under its authority (B.1.7). Who that authority is, and how its own certificate looks,
/// the standard leaves open.
///
/// # Errors
/// The first rule that is broken.
pub fn check_reader(reader: &Certificate, authority: &Certificate) -> Result<(), AnnexBError> {
    common(reader)?;
    extensions(
        reader,
        &[
            ProfiledExtension::AuthorityKeyIdentifier,
            ProfiledExtension::SubjectKeyIdentifier,
            ProfiledExtension::KeyUsage,
            ProfiledExtension::CrlDistributionPoints,
            ProfiledExtension::ExtendedKeyUsage,
        ],
    )?;
    // Conditional: there where the authority's certificate has it.
    if authority.extensions().criticality(id::ISSUER_ALT_NAME).is_some() {
        extensions(reader, &[ProfiledExtension::IssuerAltName])?;
        contact(reader)?;
    }
    end_entity(reader, authority, MDL_READER)?;
    lifetime(reader, MAX_READER_DAYS)
}

/// What every profile wants (B.1.1).
fn common(certificate: &Certificate) -> Result<(), AnnexBError> {
    const FORBIDDEN: [ObjectIdentifier; 5] = [
        id::POLICY_MAPPINGS,
        id::NAME_CONSTRAINTS,
        id::POLICY_CONSTRAINTS,
        id::INHIBIT_ANY_POLICY,
        id::FRESHEST_CRL,
    ];
    let serial = certificate.serial_number();
    let negative = serial.first().is_none_or(|first| first & 0x80 != 0);
    // A random number of 63 bits may begin with some zeros; seven octets is what all but one in a hundred need.
    if negative || !(7..=20).contains(&serial.len()) {
        Err(AnnexBError::SerialNumber)
    } else if !certificate.signature_kind().is_ecdsa() {
        Err(AnnexBError::SignatureAlgorithm)
    } else if !certificate.has_curve_key() {
        Err(AnnexBError::SubjectKey)
    } else if certificate.common_name().is_none() {
        Err(AnnexBError::CommonName)
    } else if FORBIDDEN
        .iter()
        .any(|forbidden| certificate.extensions().criticality(*forbidden).is_some())
    {
        Err(AnnexBError::Forbidden)
    } else {
        Ok(())
    }
}

/// ISO 3166-1 alpha-2, in upper case.
fn country(certificate: &Certificate) -> Result<(), AnnexBError> {
    let well_formed = |country: &str| country.len() == 2 && country.bytes().all(|letter| letter.is_ascii_uppercase());
    if certificate.country().is_some_and(well_formed) {
        Ok(())
    } else {
        Err(AnnexBError::Country)
    }
}

/// Each of these is there, and critical where it must be and nowhere else.
fn extensions(certificate: &Certificate, wanted: &[ProfiledExtension]) -> Result<(), AnnexBError> {
    for extension in wanted {
        match certificate.extensions().criticality(extension.id()) {
            None => return Err(AnnexBError::Missing(*extension)),
            Some(critical) if critical != extension.is_critical() => {
                return Err(AnnexBError::Criticality(*extension));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// What document signers and readers have in common.
fn end_entity(leaf: &Certificate, authority: &Certificate, purpose: ObjectIdentifier) -> Result<(), AnnexBError> {
    let identifier = leaf.authority_key_identifier();
    if identifier.is_none() || identifier != authority.subject_key_identifier() {
        return Err(AnnexBError::AuthorityKeyIdentifier);
    }
    if leaf.is_ca() {
        return Err(AnnexBError::IsAuthority);
    }
    key_usage(leaf, KeyUsages::DigitalSignature.into())?;
    distribution_points(leaf)?;
    if leaf.extended_key_usage() == Some(&[purpose]) {
        Ok(())
    } else {
        Err(AnnexBError::ExtendedKeyUsage)
    }
}

fn key_usage(
    certificate: &Certificate,
    wanted: x509_cert::der::flagset::FlagSet<KeyUsages>,
) -> Result<(), AnnexBError> {
    match certificate.extensions().key_usage {
        Some(KeyUsage(found)) if found == wanted => Ok(()),
        _ => Err(AnnexBError::KeyUsage),
    }
}

fn contact(certificate: &Certificate) -> Result<(), AnnexBError> {
    if certificate.extensions().issuer_contact {
        Ok(())
    } else {
        Err(AnnexBError::IssuerAltName)
    }
}

fn distribution_points(certificate: &Certificate) -> Result<(), AnnexBError> {
    let points = &certificate.extensions().distribution_points;
    if !points.is_empty() && points.iter().all(|point| !point.partial && !point.names.is_empty()) {
        Ok(())
    } else {
        Err(AnnexBError::CrlDistributionPoints)
    }
}

fn lifetime(certificate: &Certificate, days: u32) -> Result<(), AnnexBError> {
    if certificate.not_after() <= certificate.not_before().plus(DAY * days) {
        Ok(())
    } else {
        Err(AnnexBError::Validity(days))
    }
}
