//! The subject's key, and the signatures of certificates and revocation lists it verifies.

use aws_lc_rs::signature as aws;
use rustls_pki_types::alg_id;
use x509_cert::der::Encode;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::CertificateError;
use crate::crypto::{PublicKey, VerificationKey};

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Names a key for PSS alone, and a signature (RFC 4055, 1.2 and 3.1).
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
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

/// How a certificate or a revocation list is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::trust) enum SignatureKind {
    Ecdsa(Hash),
    Ed25519,
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    RsaPkcs1(Hash),
    /// RSASSA-PSS with one hash for all of it and a salt of its length (RFC 8017, 8.1; RFC 4055, 3.1).
    RsaPss(Hash),
    /// Anything else: no signature of it verifies.
    Other,
}

/// The hashes of signatures; SHA-1 is none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::trust) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl SignatureKind {
    /// Reads an AlgorithmIdentifier.
    pub(in crate::trust) fn of(algorithm: &AlgorithmIdentifierOwned) -> Self {
        match algorithm.oid {
            ECDSA_SHA256 => Self::Ecdsa(Hash::Sha256),
            ECDSA_SHA384 => Self::Ecdsa(Hash::Sha384),
            ECDSA_SHA512 => Self::Ecdsa(Hash::Sha512),
            ED25519 => Self::Ed25519,
            RSA_SHA256 => Self::RsaPkcs1(Hash::Sha256),
            RSA_SHA384 => Self::RsaPkcs1(Hash::Sha384),
            RSA_SHA512 => Self::RsaPkcs1(Hash::Sha512),
            RSA_PSS => pss(algorithm).map_or(Self::Other, Self::RsaPss),
            _ => Self::Other,
        }
    }

    pub(in crate::trust) const fn is_ecdsa(self) -> bool {
        matches!(self, Self::Ecdsa(_))
    }
}

/// The hash of PSS parameters, where they are one of the three sets RFC 4055, 3.1 and 2.1 spell out.
fn pss(algorithm: &AlgorithmIdentifierOwned) -> Option<Hash> {
    let parameters = algorithm.parameters.as_ref()?;
    let content = [algorithm.oid.to_der().ok()?, parameters.to_der().ok()?].concat();
    let known = [
        (alg_id::RSA_PSS_SHA256, Hash::Sha256),
        (alg_id::RSA_PSS_SHA384, Hash::Sha384),
        (alg_id::RSA_PSS_SHA512, Hash::Sha512),
    ];
    known
        .into_iter()
        .find(|(identifier, _)| identifier.as_ref() == content)
        .map(|(_, hash)| hash)
}

/// A subject's key in the form the signature check wants it.
pub(super) struct SubjectKey {
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
    /// RSA, for PSS alone.
    RsaPss,
    Other,
}

impl SubjectKey {
    pub(super) fn of(info: &SubjectPublicKeyInfoOwned) -> Result<Self, CertificateError> {
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
            RSA_PSS => KeyKind::RsaPss,
            _ => KeyKind::Other,
        };
        Ok(Self { kind, bytes })
    }

    /// Whether it is on one of the NIST curves credentials are signed with.
    pub(super) const fn is_on_curve(&self) -> bool {
        matches!(self.kind, KeyKind::P256 | KeyKind::P384 | KeyKind::P521)
    }

    /// The key for ES256.
    pub(super) fn es256(&self) -> Result<PublicKey, CertificateError> {
        match self.kind {
            KeyKind::P256 => PublicKey::from_sec1(&self.bytes).map_err(|_| CertificateError::NotP256),
            _ => Err(CertificateError::NotP256),
        }
    }

    /// The key for whichever algorithm credentials are signed with it.
    pub(super) fn verification_key(&self) -> Result<VerificationKey, CertificateError> {
        let point = self.bytes.clone();
        match self.kind {
            KeyKind::P256 => self.es256().map(VerificationKey::P256),
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
            KeyKind::Rsa | KeyKind::RsaPss | KeyKind::Other => Err(CertificateError::UnsupportedKey),
        }
    }

    /// Whether this key made a signature of this kind over `message`. RSA keys have 2,048 to 8,192 bits.
    pub(super) fn verify(&self, kind: SignatureKind, message: &[u8], signature: &[u8]) -> bool {
        use Hash::{Sha256, Sha384, Sha512};
        use SignatureKind::{Ecdsa, RsaPkcs1, RsaPss};
        let algorithm: &dyn aws::VerificationAlgorithm = match (self.kind, kind) {
            (KeyKind::P256, Ecdsa(Sha256)) => &aws::ECDSA_P256_SHA256_ASN1,
            (KeyKind::P256, Ecdsa(Sha384)) => &aws::ECDSA_P256_SHA384_ASN1,
            (KeyKind::P256, Ecdsa(Sha512)) => &aws::ECDSA_P256_SHA512_ASN1,
            (KeyKind::P384, Ecdsa(Sha256)) => &aws::ECDSA_P384_SHA256_ASN1,
            (KeyKind::P384, Ecdsa(Sha384)) => &aws::ECDSA_P384_SHA384_ASN1,
            (KeyKind::P384, Ecdsa(Sha512)) => &aws::ECDSA_P384_SHA512_ASN1,
            (KeyKind::P521, Ecdsa(Sha256)) => &aws::ECDSA_P521_SHA256_ASN1,
            (KeyKind::P521, Ecdsa(Sha384)) => &aws::ECDSA_P521_SHA384_ASN1,
            (KeyKind::P521, Ecdsa(Sha512)) => &aws::ECDSA_P521_SHA512_ASN1,
            (KeyKind::Ed25519, SignatureKind::Ed25519) => &aws::ED25519,
            (KeyKind::Rsa, RsaPkcs1(Sha256)) => &aws::RSA_PKCS1_2048_8192_SHA256,
            (KeyKind::Rsa, RsaPkcs1(Sha384)) => &aws::RSA_PKCS1_2048_8192_SHA384,
            (KeyKind::Rsa, RsaPkcs1(Sha512)) => &aws::RSA_PKCS1_2048_8192_SHA512,
            (KeyKind::Rsa | KeyKind::RsaPss, RsaPss(Sha256)) => &aws::RSA_PSS_2048_8192_SHA256,
            (KeyKind::Rsa | KeyKind::RsaPss, RsaPss(Sha384)) => &aws::RSA_PSS_2048_8192_SHA384,
            (KeyKind::Rsa | KeyKind::RsaPss, RsaPss(Sha512)) => &aws::RSA_PSS_2048_8192_SHA512,
            _ => return false,
        };
        aws::UnparsedPublicKey::new(algorithm, &self.bytes)
            .verify(message, signature)
            .is_ok()
    }
}
