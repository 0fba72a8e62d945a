//! Certificate revocation lists (RFC 5280, 5 and 6.3), where somebody gives one: a pure check of bytes at an instant.
//! Fetching one would tell its publisher who looks at which issuer; this wallet does not. They come on the trust list, which is
//! the same for everybody ([`ListedRevocations`]).

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use x509_cert::crl::CertificateList;
use x509_cert::der::Decode;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::ext::pkix::crl::dp::IssuingDistributionPoint;

use super::anchors::TrustAnchor;
use super::certificate::{Certificate, SignatureKind, full_names, id, instant, read, signed_part};
use super::name::ComparableName;
use crate::time::Timestamp;
use crate::verified::{Unverified, Verification, Verified};

/// The most bytes of one list: about 100,000 certificates.
pub const MAX_REVOCATION_LIST_BYTES: usize = 4 * 1024 * 1024;

const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
const DELTA_CRL_INDICATOR: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");
const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
/// The extension of an entry that makes a list indirect.
const CERTIFICATE_ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.29");

/// Why a revocation list was refused, or a certificate is not good by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationError {
    /// More than [`MAX_REVOCATION_LIST_BYTES`].
    #[error("the revocation list is too large")]
    TooLarge,
    /// Not the DER of a version 2 list, or an extension stands twice or is not what it says.
    #[error("not a revocation list")]
    Malformed,
    /// The list names certificates of other issuers (RFC 5280, 5.2.5 and 5.3.3).
    #[error("the revocation list is indirect")]
    Indirect,
    /// The list only says what changed since another (RFC 5280, 5.2.4).
    #[error("the revocation list is a delta")]
    Delta,
    /// The list is limited to some reasons or to attribute certificates (RFC 5280, 5.2.5).
    #[error("the revocation list is limited to some reasons or kinds")]
    Partial,
    /// A critical extension of the list or of an entry is not understood (RFC 5280, 5.2 and 5.3).
    #[error("the revocation list has a critical extension that is not understood")]
    UnknownCriticalExtension,
    /// It was issued by another than the one it is checked against.
    #[error("the revocation list comes from another issuer")]
    Issuer,
    /// Its issuer's certificate may not sign revocation lists (RFC 5280, 6.3.3 (f)).
    #[error("the issuer may not sign revocation lists")]
    KeyUsage,
    /// The issuer's key did not make the signature.
    #[error("the signature of the revocation list does not verify")]
    Signature,
    /// thisUpdate lies in the future.
    #[error("the revocation list is from the future")]
    FromTheFuture,
    /// nextUpdate is missing, which RFC 5280, 5.1.2.5 demands, or has passed.
    #[error("the revocation list is out of date")]
    OutOfDate,
    /// The list does not cover the certificate: another issuer's, another kind, or another distribution point.
    #[error("the revocation list says nothing about this certificate")]
    NotCovered,
    /// The certificate was revoked, or is on hold.
    #[error("a certificate was revoked")]
    Revoked,
}

/// A certificate revocation list, read and bounded.
pub struct RevocationList {
    der: Vec<u8>,
    signed_part: Range<usize>,
    signature_kind: SignatureKind,
    signature: Vec<u8>,
    issuer: ComparableName,
    authority_key_identifier: Option<Vec<u8>>,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    scope: Scope,
    /// Serial numbers, sorted.
    revoked: Vec<Vec<u8>>,
}

/// What a list speaks of (RFC 5280, 5.2.5).
#[derive(Default)]
struct Scope {
    only_user: bool,
    only_authorities: bool,
    /// The DER of its own distribution point's names; none where it names no point.
    names: Vec<Vec<u8>>,
}

impl RevocationList {
    /// Reads the DER of one list.
    ///
    /// # Errors
    /// [`RevocationError`] up to [`RevocationError::UnknownCriticalExtension`].
    pub fn from_der(der: &[u8]) -> Result<Unverified<Self>, RevocationError> {
        if der.len() > MAX_REVOCATION_LIST_BYTES {
            return Err(RevocationError::TooLarge);
        }
        let malformed = || RevocationError::Malformed;
        let parsed: CertificateList = CertificateList::from_der(der).map_err(|_| RevocationError::Malformed)?;
        let list = parsed.tbs_cert_list;
        if parsed.signature_algorithm != list.signature {
            return Err(RevocationError::Malformed);
        }
        let (scope, authority_key_identifier) = list_extensions(list.crl_extensions.as_deref().unwrap_or_default())?;
        let mut revoked = Vec::new();
        for entry in list.revoked_certificates.unwrap_or_default() {
            for extension in entry.crl_entry_extensions.iter().flatten() {
                match extension.extn_id {
                    CERTIFICATE_ISSUER => return Err(RevocationError::Indirect),
                    _ if extension.critical => return Err(RevocationError::UnknownCriticalExtension),
                    _ => {}
                }
            }
            revoked.push(entry.serial_number.as_bytes().to_vec());
        }
        revoked.sort_unstable();
        Ok(Unverified::new(Self {
            signed_part: signed_part(der).ok_or_else(malformed)?,
            signature_kind: SignatureKind::of(&parsed.signature_algorithm),
            signature: parsed.signature.as_bytes().ok_or_else(malformed)?.to_vec(),
            issuer: ComparableName::of(&list.issuer),
            authority_key_identifier,
            this_update: instant(list.this_update),
            next_update: list.next_update.map(instant),
            scope,
            revoked,
            der: der.to_vec(),
        }))
    }

    /// When it was issued.
    #[must_use]
    pub const fn this_update(&self) -> Timestamp {
        self.this_update
    }

    /// How many certificates it revokes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.revoked.len()
    }

    /// Whether it revokes none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.revoked.is_empty()
    }

    /// Checks one certificate against this list.
    ///
    /// # Errors
    /// [`RevocationError::Revoked`]; [`RevocationError::NotCovered`] where the list says nothing about it.
    pub fn check_certificate(&self, certificate: &Certificate) -> Result<(), RevocationError> {
        let right_kind = match (self.scope.only_user, self.scope.only_authorities) {
            (true, false) => !certificate.is_ca(),
            (false, true) => certificate.is_ca(),
            (false, false) => true,
            (true, true) => false,
        };
        let points = &certificate.extensions().distribution_points;
        let right_point = self.scope.names.is_empty()
            || points
                .iter()
                .any(|point| point.names.iter().any(|name| self.scope.names.contains(name)));
        if *certificate.issuer() != self.issuer || !right_kind || !right_point {
            return Err(RevocationError::NotCovered);
        }
        let serial = certificate.serial_number();
        match self.revoked.binary_search_by(|revoked| revoked.as_slice().cmp(serial)) {
            Ok(_) => Err(RevocationError::Revoked),
            Err(_) => Ok(()),
        }
    }
}

impl Verification for RevocationList {
    type Against<'a> = &'a Certificate;
    type Error = RevocationError;

    /// The rules of RFC 5280, 6.3.3 for a list the issuer of the certificates signed itself: issuer, key usage, thisUpdate,
    /// nextUpdate, and the signature last.
    fn check(&self, issuer: &Certificate, now: Timestamp) -> Result<(), RevocationError> {
        let same_key = match (&self.authority_key_identifier, issuer.subject_key_identifier()) {
            (Some(named), Some(found)) => named == found,
            _ => true,
        };
        if self.issuer != *issuer.subject() || !same_key {
            return Err(RevocationError::Issuer);
        }
        if !issuer.may_sign_revocation_lists() {
            return Err(RevocationError::KeyUsage);
        }
        if self.this_update > now {
            return Err(RevocationError::FromTheFuture);
        }
        if self.next_update.is_none_or(|next| now > next) {
            return Err(RevocationError::OutOfDate);
        }
        let signed = self
            .der
            .get(self.signed_part.clone())
            .ok_or(RevocationError::Malformed)?;
        if issuer.made(self.signature_kind, signed, &self.signature) {
            Ok(())
        } else {
            Err(RevocationError::Signature)
        }
    }
}

/// Whether revocation lists had something to say about every certificate of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Each certificate below the anchor is covered, and none is revoked.
    Checked,
    /// None is known to be revoked; for one at least nobody gave a list that covers it.
    Unknown,
}

/// Checks the certificates of a path that [`verify_chain`](super::verify_chain) followed to `anchor`, against the lists
/// that were given. A list that cannot be used (another issuer's, out of date, not signed right) says nothing; it is no
/// reason to believe, and none to refuse.
///
/// # Errors
/// [`RevocationError::Revoked`].
pub fn check_revocation(
    chain: &[Certificate],
    anchor: &TrustAnchor,
    lists: &[&[u8]],
    now: Timestamp,
) -> Result<Revocation, RevocationError> {
    let mut outcome = Revocation::Checked;
    for (place, certificate) in chain.iter().enumerate() {
        if certificate == anchor.certificate() {
            break;
        }
        let issuer = match chain.get(place + 1) {
            Some(next) if !certificate.names_as_issuer(anchor.certificate()) => next,
            _ => anchor.certificate(),
        };
        let verified = lists.iter().filter_map(|der| usable(der, issuer, now));
        let mut covered = false;
        for list in verified {
            match list.check_certificate(certificate) {
                Ok(()) => covered = true,
                Err(RevocationError::NotCovered) => {}
                Err(refused) => return Err(refused),
            }
        }
        if !covered {
            outcome = Revocation::Unknown;
        }
    }
    Ok(outcome)
}

fn usable(der: &[u8], issuer: &Certificate, now: Timestamp) -> Option<Verified<RevocationList>> {
    RevocationList::from_der(der).ok()?.verify(issuer, now).ok()
}

/// A revocation list that stands on the trust list beside the authority that signed it; in JSON the padded base64 of its DER.
///
/// It counts as long as the trust list does, whatever its nextUpdate says: nobody is asked for a newer one, and a signer that was
/// revoked must not come back because a list grew old. Whether one of the entry's certificates signed it is a rule of the shape of
/// an entry, checked before the trust list is used.
#[derive(Clone)]
pub struct ListedRevocations(Arc<Unverified<RevocationList>>);

impl ListedRevocations {
    /// Reads the DER of one list.
    ///
    /// # Errors
    /// As [`RevocationList::from_der`].
    pub fn from_der(der: &[u8]) -> Result<Self, RevocationError> {
        RevocationList::from_der(der).map(|list| Self(Arc::new(list)))
    }

    /// Whether this certificate may sign revocation lists and signed this one.
    pub(super) fn is_signed_by(&self, issuer: &Certificate) -> bool {
        let list = self.0.inside();
        list.check(issuer, list.this_update).is_ok()
    }

    /// Whether the list revokes this certificate.
    pub(super) fn revokes(&self, certificate: &Certificate) -> bool {
        self.0.inside().check_certificate(certificate) == Err(RevocationError::Revoked)
    }
}

impl PartialEq for ListedRevocations {
    fn eq(&self, other: &Self) -> bool {
        self.0.inside().der == other.0.inside().der
    }
}

impl Eq for ListedRevocations {}

impl fmt::Debug for ListedRevocations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ListedRevocations({})", self.0.inside().len())
    }
}

impl Serialize for ListedRevocations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0.inside().der))
    }
}

impl<'de> Deserialize<'de> for ListedRevocations {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let der = STANDARD
            .decode(String::deserialize(deserializer)?)
            .map_err(serde::de::Error::custom)?;
        Self::from_der(&der).map_err(serde::de::Error::custom)
    }
}

/// The extensions of a list (RFC 5280, 5.2).
fn list_extensions(list: &[x509_cert::ext::Extension]) -> Result<(Scope, Option<Vec<u8>>), RevocationError> {
    let (mut scope, mut authority) = (Scope::default(), None);
    for (place, extension) in list.iter().enumerate() {
        let content = extension.extn_value.as_bytes();
        if list
            .iter()
            .take(place)
            .any(|earlier| earlier.extn_id == extension.extn_id)
        {
            return Err(RevocationError::Malformed);
        }
        match extension.extn_id {
            id::AUTHORITY_KEY_IDENTIFIER => {
                let identifier = read::<AuthorityKeyIdentifier>(content).map_err(|_| RevocationError::Malformed)?;
                authority = identifier.key_identifier.map(|octets| octets.as_bytes().to_vec());
            }
            ISSUING_DISTRIBUTION_POINT => {
                let point = read::<IssuingDistributionPoint>(content).map_err(|_| RevocationError::Malformed)?;
                if point.indirect_crl {
                    return Err(RevocationError::Indirect);
                }
                if point.only_some_reasons.is_some() || point.only_contains_attribute_certs {
                    return Err(RevocationError::Partial);
                }
                scope = Scope {
                    only_user: point.only_contains_user_certs,
                    only_authorities: point.only_contains_ca_certs,
                    names: full_names(point.distribution_point.as_ref()),
                };
                if point.distribution_point.is_some() && scope.names.is_empty() {
                    // A name relative to the issuer: which point is meant cannot be told here.
                    return Err(RevocationError::Partial);
                }
            }
            DELTA_CRL_INDICATOR => return Err(RevocationError::Delta),
            CRL_NUMBER => {}
            _ if extension.critical => return Err(RevocationError::UnknownCriticalExtension),
            _ => {}
        }
    }
    Ok((scope, authority))
}
