//! The signed register of services: who may ask, why, and for what.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::anchors::{Role, TrustAnchor, TrustAnchors};
use super::certificate::Certificate;
use super::chain::{Profile, verify_chain};
use super::lists::{CertificateHash, ListEntry, LocalizedText, SignedList, optional_plain_text, plain_text};
use super::recognition::Recognition;
use super::shape::{self, ShapeError};
use crate::claim::ClaimPath;
use crate::time::Timestamp;

/// The signed register (`typ` `wallet-register+jwt`).
pub type Register = SignedList<RegisterEntry>;

/// One registered service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterEntry {
    /// The name in law.
    #[serde(deserialize_with = "plain_text")]
    pub legal_name: String,
    /// The name people know.
    #[serde(deserialize_with = "plain_text")]
    pub trading_name: String,
    /// The organisation that asks on its behalf, if any.
    #[serde(
        default,
        deserialize_with = "optional_plain_text",
        skip_serializing_if = "Option::is_none"
    )]
    pub intermediary: Option<String>,
    /// The certificates its requests are signed with.
    pub cert_sha256: Vec<CertificateHash>,
    /// Until when the registration counts, itself included.
    pub valid_until: Timestamp,
    /// Since when the registration is withdrawn, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// What it registered to ask for.
    pub purposes: Vec<Purpose>,
    /// Its privacy notice.
    #[serde(deserialize_with = "plain_text")]
    pub privacy_url: String,
    /// Where to ask and complain.
    #[serde(deserialize_with = "plain_text")]
    pub contact: String,
}

/// One registered reason to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// Name of the purpose within the entry.
    pub id: String,
    /// The category whose rules apply, such as `age_check`.
    pub category: String,
    /// Why, in the service's words.
    pub text: LocalizedText,
    /// The lawful basis it claims (UK GDPR, Article 6).
    #[serde(deserialize_with = "plain_text")]
    pub lawful_basis: String,
    /// How long it says it keeps the details.
    pub retention: LocalizedText,
    /// The details it may ask for.
    pub allowed: Vec<Detail>,
}

/// One detail of one type of document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The docType or `vct`.
    #[serde(rename = "type")]
    pub document_type: String,
    /// Where the detail stands; for mdoc the name space and the element identifier.
    pub path: ClaimPath,
}

impl ListEntry for RegisterEntry {
    const TYP: &'static str = "wallet-register+jwt";

    fn check_shape(&self) -> Result<(), ShapeError> {
        shape::text(&self.legal_name)?;
        shape::text(&self.trading_name)?;
        self.intermediary.as_deref().map_or(Ok(()), shape::text)?;
        shape::certificates(self.cert_sha256.len())?;
        shape::https(&self.privacy_url)?;
        shape::text(&self.contact)?;
        if self.purposes.is_empty() {
            return Err(ShapeError::AllowsNothing);
        }
        shape::at_most(self.purposes.len(), shape::MAX_ITEMS)?;
        let mut ids = HashSet::new();
        for purpose in &self.purposes {
            purpose.check_shape()?;
            if !ids.insert(purpose.id.as_str()) {
                return Err(ShapeError::NamedTwice);
            }
        }
        Ok(())
    }

    fn identities(&self) -> impl Iterator<Item = (Role, [u8; 32])> {
        self.cert_sha256.iter().map(|hash| (Role::Service, hash.0))
    }
}

impl Purpose {
    fn check_shape(&self) -> Result<(), ShapeError> {
        shape::identifier(&self.id)?;
        shape::identifier(&self.category)?;
        shape::localized(&self.text)?;
        shape::text(&self.lawful_basis)?;
        shape::localized(&self.retention)?;
        if self.allowed.is_empty() {
            return Err(ShapeError::AllowsNothing);
        }
        shape::at_most(self.allowed.len(), shape::MAX_DETAILS)?;
        self.allowed
            .iter()
            .try_for_each(|detail| shape::identifier(&detail.document_type))
    }

    /// The requested details that were not registered for this purpose.
    #[must_use]
    pub fn extra<'d>(&self, requested: &'d [Detail]) -> Vec<&'d Detail> {
        let allowed = |wanted: &Detail| {
            self.allowed.iter().any(|allowed| {
                allowed.document_type == wanted.document_type && allowed.path.covers(wanted.path.elements())
            })
        };
        requested.iter().filter(|detail| !allowed(detail)).collect()
    }
}

impl RegisterEntry {
    /// Whether the registration counts at `now`: neither lapsed nor withdrawn.
    #[must_use]
    pub fn counts_at(&self, now: Timestamp) -> bool {
        now <= self.valid_until && self.withdrawn_at.is_none_or(|since| now < since)
    }

    /// The purpose of this name.
    #[must_use]
    pub fn purpose(&self, id: &str) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.id == id)
    }

    /// The purpose a request fits best, and the details it asks for beyond it. Requests do not say their purpose
    /// (OpenID4VP 1.0 has no member for it), so the most favourable reading counts; the first of equals.
    #[must_use]
    pub fn best_purpose<'d>(&self, requested: &'d [Detail]) -> Option<(&Purpose, Vec<&'d Detail>)> {
        let judged = self.purposes.iter().map(|purpose| (purpose, purpose.extra(requested)));
        judged.min_by_key(|(_, extra)| extra.len())
    }
}

impl Register {
    /// The entry that names this very certificate.
    #[must_use]
    pub fn entry_with(&self, sha256: &[u8; 32]) -> Option<&RegisterEntry> {
        self.entries
            .iter()
            .find(|entry| entry.cert_sha256.contains(&CertificateHash(*sha256)))
    }

    /// Says what the register, and the anchors the person added, make of the signer of a request. The register names
    /// the signer's own certificate; validity and purpose of the certificate are checked all the same.
    #[must_use]
    pub fn recognise<'l>(
        &'l self,
        chain: &[Certificate],
        added: &TrustAnchors,
        now: Timestamp,
    ) -> (Recognition, Option<&'l RegisterEntry>) {
        let entry = chain.first().and_then(|leaf| {
            let pinned: TrustAnchors = [TrustAnchor::pinned(leaf.clone(), Role::Service)].into_iter().collect();
            verify_chain(chain, &pinned, now, Profile::Reader)
                .ok()
                .and_then(|_| self.entry_with(&leaf.sha256()))
        });
        match entry {
            Some(entry) if entry.counts_at(now) => (Recognition::Recognised, Some(entry)),
            Some(entry) => (Recognition::Withdrawn, Some(entry)),
            None if verify_chain(chain, added, now, Profile::Reader).is_ok() => (Recognition::AddedByYou, None),
            None => (Recognition::NotListed, None),
        }
    }
}
