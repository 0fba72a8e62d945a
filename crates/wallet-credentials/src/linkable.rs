//! What lets two services see that two copies of one document belong together, beside its details: a key, a place in a status
//! list, a serial number or a salt that both copies carry (ISO/IEC 18013-5:2021, E.8.4; RFC 9901, 10.1;
//! draft-ietf-oauth-status-list, 13.2). Copies are given so that they cannot be matched; whether they can is for the wallet
//! to find out.

use std::collections::{BTreeMap, BTreeSet};

use crate::crypto::PublicKey;
use crate::jwt_vc::JwtVc;
use crate::mdoc::IssuerSigned;
use crate::sd_jwt_vc::SdJwtVc;
use crate::status::StatusReference;

/// One thing a copy has that no other copy may have.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LinkingMark {
    /// The thumbprint of the holder key (RFC 7638).
    Key([u8; 32]),
    /// A place in a status list.
    StatusIndex {
        /// The list.
        uri: String,
        /// The place.
        index: u64,
    },
    /// A name the issuer gave to this credential or its subject (`jti`, `sub`, `id`).
    Serial(String),
    /// The salt of a detail that can be withheld.
    Salt(Vec<u8>),
}

/// Every mark of one copy.
pub type LinkingMarks = BTreeSet<LinkingMark>;

impl SdJwtVc {
    /// What another copy must not have: key, place in the status list, `jti` and `sub`, salts.
    #[must_use]
    pub fn linking_marks(&self) -> LinkingMarks {
        let serial = |name: &&str| self.claims().get(*name)?.as_str().map(str::to_owned);
        let serials = ["jti", "sub"];
        let serials = serials.iter().filter_map(serial).map(LinkingMark::Serial);
        let mut marks = common(self.holder_key(), self.status());
        marks.extend(serials.chain(self.salts().map(LinkingMark::Salt)));
        marks
    }
}

impl IssuerSigned {
    /// What another copy must not have: device key, place in the status list, the `random` of each item.
    #[must_use]
    pub fn linking_marks(&self) -> LinkingMarks {
        let mut marks = common(Some(self.mso().device_key()), self.mso().status());
        let salts = self.elements().filter_map(|(_, element)| element.random());
        marks.extend(salts.map(LinkingMark::Salt));
        marks
    }
}

impl JwtVc {
    /// What another copy must not have: key, place in the status list, `id`.
    #[must_use]
    pub fn linking_marks(&self) -> LinkingMarks {
        let mut marks = common(self.holder_key(), self.status());
        marks.extend(self.id().map(|id| LinkingMark::Serial(id.to_owned())));
        marks
    }
}

/// The marks every format has.
fn common(key: Option<&PublicKey>, status: Option<&StatusReference>) -> LinkingMarks {
    let key = key.map(|key| LinkingMark::Key(key.thumbprint()));
    let status = status.map(|status| LinkingMark::StatusIndex {
        uri: status.uri.clone(),
        index: status.index,
    });
    key.into_iter().chain(status).collect()
}

/// For each copy, whether it has a mark that another of these copies has too.
#[must_use]
pub fn linkable(copies: &[LinkingMarks]) -> Vec<bool> {
    let mut seen: BTreeMap<&LinkingMark, usize> = BTreeMap::new();
    for mark in copies.iter().flatten() {
        let count = seen.entry(mark).or_default();
        *count = count.saturating_add(1);
    }
    let shared = |mark: &LinkingMark| seen.get(mark).is_some_and(|count| *count > 1);
    copies.iter().map(|marks| marks.iter().any(shared)).collect()
}

#[cfg(test)]
mod tests;
