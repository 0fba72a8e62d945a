//! Certificates and lists made to break one rule each, and the certificates of the public vectors.

mod annex_b;
mod certificates;
mod chains;
mod crls;
mod lists;
mod properties;

use p256::pkcs8::DecodePrivateKey;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use super::*;
use crate::crypto::SigningKey;
use crate::time::Timestamp;

pub(crate) const DOCUMENT_SIGNER: &[u64] = &[1, 0, 18013, 5, 1, 2];
pub(crate) const READER: &[u64] = &[1, 0, 18013, 5, 1, 6];

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

pub(crate) fn now() -> Timestamp {
    at("2026-06-01T00:00:00Z")
}

/// A key and the parameters of its certificate.
pub(crate) struct Party {
    pub(crate) params: CertificateParams,
    pub(crate) key: KeyPair,
    pub(crate) certificate: Certificate,
}

impl Party {
    pub(crate) fn signing_key(&self) -> SigningKey {
        let secret = p256::SecretKey::from_pkcs8_der(self.key.serialized_der()).unwrap();
        SigningKey::from_bytes(&secret.to_bytes()).unwrap()
    }

    pub(crate) fn self_signed(params: CertificateParams, key: KeyPair) -> Self {
        let certificate = Certificate::from_der(params.self_signed(&key).unwrap().der()).unwrap();
        Self {
            params,
            key,
            certificate,
        }
    }

    /// A party whose certificate this one signs.
    pub(crate) fn issue(&self, params: CertificateParams, key: KeyPair) -> Self {
        let issuer = Issuer::from_params(&self.params, &self.key);
        let certificate = Certificate::from_der(params.signed_by(&key, &issuer).unwrap().der()).unwrap();
        Self {
            params,
            key,
            certificate,
        }
    }
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2027, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params
}

fn ca_params(name: &str, path_length: u8) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(path_length));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

pub(crate) fn signer_params(name: &str, purpose: &[u64]) -> CertificateParams {
    let mut params = params(name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(purpose.to_vec())];
    params
}

pub(crate) fn key() -> KeyPair {
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap()
}

pub(crate) fn root() -> Party {
    Party::self_signed(ca_params("Root", 0), key())
}

pub(crate) fn anchors(party: &Party, role: Role) -> TrustAnchors {
    [TrustAnchor::authority(party.certificate.clone(), role)]
        .into_iter()
        .collect()
}

/// Issuer of an mdoc, as the standard and HAIP want it.
const STRICT: Profile = Profile::DocumentSigner { lenient: false };
/// Issuer of an mdoc outside that scheme.
const LENIENT: Profile = Profile::DocumentSigner { lenient: true };

fn outcome(chain: &[&Party], anchors: &TrustAnchors, now: Timestamp, profile: Profile) -> Result<(), ChainError> {
    let chain: Vec<_> = chain.iter().map(|party| party.certificate.clone()).collect();
    verify_chain(&chain, anchors, now, profile).map(drop)
}
