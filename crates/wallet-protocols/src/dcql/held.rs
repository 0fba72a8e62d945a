//! What a wallet holds, as matching sees it, and the index that finds it by type.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use wallet_credentials::credential::Format;

use super::query::{RequestedType, TrustedAuthority};

/// Whether a credential should be shown today. The caller knows the time, the status and its own rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Validity {
    /// Nothing speaks against it.
    #[default]
    Valid,
    /// It ends soon, or its status is not known: it may answer, never without saying so.
    Doubtful,
    /// It has ended, has not begun, or was revoked or suspended: it answers nothing, and is named as what nearly fits.
    NotValid,
}

/// What matching needs to know about a credential in the wallet.
pub trait HeldCredential {
    /// The format.
    fn format(&self) -> Format;
    /// The `vct` of an SD-JWT VC, the document type of an mdoc, the most specific type of a JWT VC.
    fn credential_type(&self) -> &str;
    /// Further types it counts as: the `aka_vcts` and extended types of an SD-JWT VC (OpenID4VP 1.0, B.3.5), every value of
    /// `type` of a JWT VC (B.1.1).
    fn further_types(&self) -> &[String] {
        &[]
    }
    /// Whether the credential is bound to a key the holder can use.
    fn is_holder_bound(&self) -> bool;
    /// The authority key identifiers of the issuer's certificate chain (RFC 5280, 4.2.1.1).
    fn authority_key_identifiers(&self) -> &[Vec<u8>];
    /// The identifiers of the trust lists that name the issuer (`etsi_tl`).
    fn trust_lists(&self) -> &[String] {
        &[]
    }
    /// The entities in the issuer's trust paths (`openid_federation`).
    fn federation_entities(&self) -> &[String] {
        &[]
    }
    /// Whether it should be shown today.
    fn validity(&self) -> Validity {
        Validity::Valid
    }
    /// How many details leave whenever it is shown, whatever is asked for: those of an SD-JWT VC that are not selectively
    /// disclosable, all of a JWT VC.
    fn always_shared(&self) -> usize {
        0
    }
    /// The claims as JSON: the processed payload of an SD-JWT VC or JWT VC; for an mdoc an object of namespaces, each an
    /// object of elements (RFC 8949, 6.1). Asked for only when format, type, binding and authority already fit.
    fn claims(&self) -> Cow<'_, Value>;
}

/// Whether one of a query's trusted authorities stands behind the credential (6.1.1).
pub(super) fn stands_behind(authority: &TrustedAuthority, credential: &impl HeldCredential) -> bool {
    match authority {
        TrustedAuthority::KeyIdentifiers(accepted) => credential
            .authority_key_identifiers()
            .iter()
            .any(|identifier| accepted.contains(identifier)),
        TrustedAuthority::TrustLists(accepted) => credential.trust_lists().iter().any(|list| accepted.contains(list)),
        TrustedAuthority::FederationEntities(accepted) => credential
            .federation_entities()
            .iter()
            .any(|entity| accepted.contains(entity)),
        TrustedAuthority::Other(_) => false,
    }
}

/// The base type of every W3C credential, by the name its context expands it to (W3C VCDM, 4.4).
const EXPANDED_BASE_TYPE: &str = "https://www.w3.org/2018/credentials#VerifiableCredential";
/// The same as it stands in credentials.
const BASE_TYPE: &str = "VerifiableCredential";

/// A type as it stands in credentials. Of contexts only the base one is known here; other names are compared as written.
fn as_written(name: &str) -> &str {
    if name == EXPANDED_BASE_TYPE { BASE_TYPE } else { name }
}

/// The held credentials arranged by format and type, so that a query costs what its candidates cost, not what the wallet
/// holds.
#[derive(Debug, Default, Clone)]
pub struct HeldIndex {
    sd_jwt_vc: HashMap<String, Vec<usize>>,
    mdoc: HashMap<String, Vec<usize>>,
    jwt_vc: HashMap<String, Vec<usize>>,
}

impl HeldIndex {
    /// Arranges the credentials; the positions in [`super::Candidate::credential`] are positions in this slice.
    pub fn new<C: HeldCredential>(held: &[C]) -> Self {
        let mut index = Self::default();
        for (position, credential) in held.iter().enumerate() {
            index.insert(position, credential.format(), credential.credential_type());
            for name in credential.further_types() {
                index.insert(position, credential.format(), name);
            }
        }
        index
    }

    /// Adds one credential under one of its types: the position it has in the slice given to [`super::DcqlQuery::matches`].
    pub fn insert(&mut self, position: usize, format: Format, credential_type: &str) {
        let types = match format {
            Format::DcSdJwt => &mut self.sd_jwt_vc,
            Format::MsoMdoc => &mut self.mdoc,
            Format::JwtVcJson => &mut self.jwt_vc,
        };
        let positions = types.entry(as_written(credential_type).to_owned()).or_default();
        // Wallets are arranged in order, so this is an append.
        if let Err(at) = positions.binary_search(&position) {
            positions.insert(at, position);
        }
    }

    /// Whether anything of this format is held.
    pub(super) fn holds(&self, format: Format) -> bool {
        match format {
            Format::DcSdJwt => !self.sd_jwt_vc.is_empty(),
            Format::MsoMdoc => !self.mdoc.is_empty(),
            Format::JwtVcJson => !self.jwt_vc.is_empty(),
        }
    }

    /// The positions of credentials of the requested type, in wallet order, each once.
    pub(super) fn find(&self, requested: &RequestedType) -> Vec<usize> {
        let all = |types: &HashMap<String, Vec<usize>>| types.values().flatten().copied().collect();
        let mut found: Vec<usize> = match requested {
            RequestedType::SdJwtVc(None) => all(&self.sd_jwt_vc),
            RequestedType::SdJwtVc(Some(types)) => types
                .iter()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .filter_map(|credential_type| self.sd_jwt_vc.get(credential_type))
                .flatten()
                .copied()
                .collect(),
            RequestedType::Mdoc(None) => all(&self.mdoc),
            RequestedType::Mdoc(Some(doctype)) => self.mdoc.get(doctype).cloned().unwrap_or_default(),
            RequestedType::JwtVc(None) => all(&self.jwt_vc),
            RequestedType::JwtVc(Some(alternatives)) => alternatives
                .iter()
                .flat_map(|types| self.of_every_type(types))
                .collect(),
            RequestedType::Unsupported(_) => Vec::new(),
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The JWT VCs that have every one of these types, found by the rarest of them.
    fn of_every_type(&self, types: &[String]) -> Vec<usize> {
        let mut lists = Vec::with_capacity(types.len());
        for name in types {
            let Some(list) = self.jwt_vc.get(as_written(name)) else {
                return Vec::new();
            };
            lists.push(list);
        }
        let Some(rarest) = lists.iter().min_by_key(|list| list.len()) else {
            return Vec::new();
        };
        let in_all = |position: &usize| lists.iter().all(|list| list.binary_search(position).is_ok());
        rarest.iter().copied().filter(|position| in_all(position)).collect()
    }
}
