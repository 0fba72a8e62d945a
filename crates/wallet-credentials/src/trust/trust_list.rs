//! The signed list of issuers, status issuers and wallet providers.

use serde::{Deserialize, Serialize};

use super::anchors::{Role, TrustAnchor, TrustAnchors};
use super::certificate::Certificate;
use super::chain::{Profile, verify_chain};
use super::crl::ListedRevocations;
use super::lists::{CertificateHash, ListEntry, LocalizedText, SignedList};
use super::recognition::Recognition;
use super::shape::{self, ShapeError};
use crate::time::Timestamp;

/// The signed trust list (`typ` `wallet-trust-list+jwt`).
pub type TrustList = SignedList<TrustListEntry>;

/// One organisation on the trust list, named by certificates and never by address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustListEntry {
    /// What people call it.
    pub name: LocalizedText,
    /// What it is trusted for.
    pub role: Role,
    /// Its certificates: CA certificates, or signers' own.
    pub certificates: Vec<Certificate>,
    /// The document types or `vct` values it issues; empty means any.
    #[serde(default)]
    pub document_types: Vec<String>,
    /// For [`Role::Status`]: the issuers whose credentials it may say something about, each by the SHA-256 of a
    /// certificate of its entry. A status entry that names none speaks for nobody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speaks_for: Vec<CertificateHash>,
    /// What its certificates revoked: the newest list of each, as it signed it. They travel here and are fetched from nowhere, so
    /// that no authority learns who looks at its documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revocations: Vec<ListedRevocations>,
    /// For [`Role::Issuer`]: it signs what it says about itself (OpenID4VCI 1.0, 12.2.3), and documents of it that were had on
    /// other terms are not believed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub signs_metadata: bool,
    /// Until when the entry counts, itself included.
    pub valid_until: Timestamp,
    /// Since when the trust is withdrawn, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
}

impl ListEntry for TrustListEntry {
    const TYP: &'static str = "wallet-trust-list+jwt";

    fn check_shape(&self) -> Result<(), ShapeError> {
        shape::localized(&self.name)?;
        if !matches!(
            self.role,
            Role::Issuer | Role::Status | Role::WalletProvider | Role::VerifierAttestation
        ) {
            return Err(ShapeError::Role);
        }
        if !self.speaks_for.is_empty() && self.role != Role::Status {
            return Err(ShapeError::SpeaksForIssuers);
        }
        if self.signs_metadata && self.role != Role::Issuer {
            return Err(ShapeError::Role);
        }
        shape::certificates(self.certificates.len())?;
        shape::at_most(self.document_types.len(), shape::MAX_ITEMS)?;
        shape::at_most(self.speaks_for.len(), shape::MAX_ITEMS)?;
        shape::at_most(self.revocations.len(), shape::MAX_CERTIFICATES)?;
        let signed = |list: &ListedRevocations| self.certificates.iter().any(|issuer| list.is_signed_by(issuer));
        if !self.revocations.iter().all(signed) {
            return Err(ShapeError::Revocations);
        }
        self.document_types.iter().try_for_each(|name| shape::identifier(name))
    }

    fn identities(&self) -> impl Iterator<Item = (Role, [u8; 32])> {
        self.certificates
            .iter()
            .map(|certificate| (self.role, certificate.sha256()))
    }
}

impl TrustListEntry {
    /// Whether the entry counts at `now`: neither lapsed nor withdrawn.
    #[must_use]
    pub fn counts_at(&self, now: Timestamp) -> bool {
        now <= self.valid_until && self.withdrawn_at.is_none_or(|since| now < since)
    }

    /// Whether one of its revocation lists names a certificate of this chain.
    fn revokes(&self, chain: &[Certificate]) -> bool {
        let named = |certificate: &Certificate| self.revocations.iter().any(|list| list.revokes(certificate));
        chain.iter().any(named)
    }

    /// Its certificates as anchors, without its revocation lists.
    fn anchors(&self) -> impl Iterator<Item = TrustAnchor> {
        self.certificates.iter().map(|certificate| {
            TrustAnchor::from_certificate(certificate.clone(), self.role)
                .speaking_for(self.speaks_for.iter().map(|issuer| issuer.0))
        })
    }
}

impl TrustList {
    /// The anchors of every entry that counts at `now`, with its revocation lists.
    #[must_use]
    pub fn anchors(&self, now: Timestamp) -> TrustAnchors {
        self.entries
            .iter()
            .filter(|entry| entry.counts_at(now))
            .flat_map(|entry| {
                let revocations = &entry.revocations;
                entry
                    .anchors()
                    .map(|anchor| anchor.revoking(revocations.iter().cloned()))
            })
            .collect()
    }

    /// The entry that names this very certificate in this role.
    #[must_use]
    pub fn entry_with(&self, role: Role, sha256: &[u8; 32]) -> Option<&TrustListEntry> {
        self.entries
            .iter()
            .find(|entry| entry.role == role && entry.certificates.iter().any(|listed| listed.sha256() == *sha256))
    }

    /// Says what the list, and the anchors the person added, make of a signer. `document_type` is the docType or `vct`
    /// at issue, where there is one. A signer whose authority revoked it is withdrawn, whoever added that authority.
    #[must_use]
    pub fn recognise<'l>(
        &'l self,
        chain: &[Certificate],
        added: &TrustAnchors,
        profile: Profile,
        document_type: Option<&str>,
        now: Timestamp,
    ) -> (Recognition, Option<&'l TrustListEntry>) {
        // Withdrawn entries and revoked signers take part, so that a withdrawal can be told from a stranger.
        let all: TrustAnchors = self.entries.iter().flat_map(TrustListEntry::anchors).collect();
        let listed = verify_chain(chain, &all, now, profile)
            .ok()
            .map(|anchor| (anchor.role(), anchor.certificate().sha256()));
        if let Some(entry) = listed.and_then(|(role, sha256)| self.entry_with(role, &sha256)) {
            if !entry.counts_at(now) || entry.revokes(chain) {
                return (Recognition::Withdrawn, Some(entry));
            }
            let issues =
                |wanted: &str| entry.document_types.is_empty() || entry.document_types.iter().any(|t| t == wanted);
            if document_type.is_none_or(issues) {
                return (Recognition::Recognised, Some(entry));
            }
        }
        match verify_chain(chain, added, now, profile) {
            Ok(_) => (Recognition::AddedByYou, None),
            Err(_) => (Recognition::NotListed, None),
        }
    }
}
