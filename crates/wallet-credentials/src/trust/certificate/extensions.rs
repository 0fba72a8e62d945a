//! The extensions of a certificate a wallet asks about (RFC 5280, 4.2.1).

use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints, ExtendedKeyUsage, IssuerAltName, KeyUsage,
    SubjectAltName, SubjectKeyIdentifier,
};

use super::CertificateError;

/// The most dNSNames of one certificate.
const MAX_DNS_NAMES: usize = 100;

/// Object identifiers of extensions (RFC 5280, appendix A.2).
pub(in crate::trust) mod id {
    use super::ObjectIdentifier;

    pub(in crate::trust) const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
    pub(in crate::trust) const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
    pub(in crate::trust) const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
    pub(in crate::trust) const ISSUER_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.18");
    pub(in crate::trust) const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
    pub(in crate::trust) const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
    pub(in crate::trust) const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
    pub(in crate::trust) const CERTIFICATE_POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
    pub(in crate::trust) const POLICY_MAPPINGS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.33");
    pub(in crate::trust) const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
    pub(in crate::trust) const POLICY_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.36");
    pub(in crate::trust) const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
    pub(in crate::trust) const FRESHEST_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.46");
    pub(in crate::trust) const INHIBIT_ANY_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.54");
}

/// What was found.
#[derive(Default)]
pub(in crate::trust) struct Extensions {
    /// Each extension that is there, and whether it is critical.
    present: Vec<(ObjectIdentifier, bool)>,
    pub(super) dns_names: Vec<String>,
    pub(super) subject_key_identifier: Option<Vec<u8>>,
    pub(super) authority_key_identifier: Option<Vec<u8>>,
    pub(in crate::trust) basic_constraints: Option<BasicConstraints>,
    pub(in crate::trust) key_usage: Option<KeyUsage>,
    pub(super) extended_key_usage: Option<Vec<ObjectIdentifier>>,
    /// issuerAltName names an e-mail address or a URI (ISO/IEC 18013-5:2021, B.1).
    pub(in crate::trust) issuer_contact: bool,
    pub(in crate::trust) distribution_points: Vec<PointOfDistribution>,
    pub(super) unknown_critical: bool,
}

/// One distribution point of revocation lists (RFC 5280, 4.2.1.13).
pub(in crate::trust) struct PointOfDistribution {
    /// The DER of each full name.
    pub(in crate::trust) names: Vec<Vec<u8>>,
    /// It is limited to some reasons, or names another issuer of revocation lists.
    pub(in crate::trust) partial: bool,
}

impl Extensions {
    pub(super) fn of(list: &[x509_cert::ext::Extension]) -> Result<Self, CertificateError> {
        let mut found = Self::default();
        for extension in list {
            let content = extension.extn_value.as_bytes();
            if found.criticality(extension.extn_id).is_some() {
                return Err(CertificateError::MalformedExtension);
            }
            found.present.push((extension.extn_id, extension.critical));
            match extension.extn_id {
                id::SUBJECT_KEY_IDENTIFIER => {
                    found.subject_key_identifier = Some(read::<SubjectKeyIdentifier>(content)?.0.as_bytes().to_vec());
                }
                id::AUTHORITY_KEY_IDENTIFIER => {
                    let identifier = read::<AuthorityKeyIdentifier>(content)?.key_identifier;
                    found.authority_key_identifier = identifier.map(|octets| octets.as_bytes().to_vec());
                }
                id::KEY_USAGE => found.key_usage = Some(read(content)?),
                id::BASIC_CONSTRAINTS => found.basic_constraints = Some(read(content)?),
                id::EXTENDED_KEY_USAGE => found.extended_key_usage = Some(read::<ExtendedKeyUsage>(content)?.0),
                id::SUBJECT_ALT_NAME => found.dns_names = dns_names(&read::<SubjectAltName>(content)?),
                id::ISSUER_ALT_NAME => {
                    found.issuer_contact = read::<IssuerAltName>(content)?.0.iter().any(|name| {
                        matches!(
                            name,
                            GeneralName::Rfc822Name(_) | GeneralName::UniformResourceIdentifier(_)
                        )
                    });
                }
                id::CRL_DISTRIBUTION_POINTS => found.distribution_points = points(content)?,
                // Nothing in a path check depends on them (RFC 5280, 6.1 with any-policy).
                id::CERTIFICATE_POLICIES => {}
                // A CA that limits whom it may name is not believed beyond it, whether or not it says so critically as RFC
                // 5280, 4.2.1.10 demands; this wallet does not know how to stay within.
                id::NAME_CONSTRAINTS => found.unknown_critical = true,
                _ => found.unknown_critical |= extension.critical,
            }
        }
        Ok(found)
    }

    /// Whether this extension is critical, where it is there.
    pub(in crate::trust) fn criticality(&self, id: ObjectIdentifier) -> Option<bool> {
        self.present
            .iter()
            .find(|(other, _)| *other == id)
            .map(|(_, critical)| *critical)
    }
}

pub(in crate::trust) fn read<'a, T: Decode<'a>>(content: &'a [u8]) -> Result<T, CertificateError> {
    T::from_der(content).map_err(|_| CertificateError::MalformedExtension)
}

fn dns_names(names: &SubjectAltName) -> Vec<String> {
    let dns = names.0.iter().filter_map(|name| match name {
        GeneralName::DnsName(dns) => Some(dns.as_str().to_ascii_lowercase()),
        _ => None,
    });
    dns.take(MAX_DNS_NAMES).collect()
}

fn points(content: &[u8]) -> Result<Vec<PointOfDistribution>, CertificateError> {
    let point = |point: &x509_cert::ext::pkix::crl::dp::DistributionPoint| PointOfDistribution {
        names: full_names(point.distribution_point.as_ref()),
        partial: point.reasons.is_some() || point.crl_issuer.is_some(),
    };
    Ok(read::<CrlDistributionPoints>(content)?.0.iter().map(point).collect())
}

/// The DER of the names of a distribution point; a name relative to the issuer is none of them.
pub(in crate::trust) fn full_names(name: Option<&DistributionPointName>) -> Vec<Vec<u8>> {
    match name {
        Some(DistributionPointName::FullName(names)) => names.iter().filter_map(|name| name.to_der().ok()).collect(),
        _ => Vec::new(),
    }
}
