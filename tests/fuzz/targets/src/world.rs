//! One small world, the same in every process: a list signer, issuers, a service, a holder, and strangers of the same
//! names with other keys. Everything in it is made from fixed seeds, certificates included, so that what the corpus
//! holds verifies in every run of every target.

use std::sync::LazyLock;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PublicKeyData, SanType, SerialNumber, SignatureAlgorithm,
};
use wallet_credentials::crypto::{AgreementKey, PredictableRandom, PublicKey, Signer, SigningKey, VerificationKey};
use wallet_credentials::jose::EncryptionKey;
use wallet_credentials::mdoc::SessionTranscript;
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, Role, TrustAnchor, TrustAnchors};

/// Now, in this world: 1 June 2026, 00:00 UTC.
pub const NOW: Timestamp = Timestamp::from_unix(1_780_272_000);

/// A day.
pub const DAY: Duration = Duration::from_secs(86_400);

/// The issuer's identifier.
pub const ISSUER: &str = "https://issuer.example.com";

/// Where the service wants its answers.
pub const RESPONSE_URI: &str = "https://client.example.org/post";

/// The nonce of the one session.
pub const NONCE: &str = "n-0S6_WzA2MjAbCdEfGhIj";

/// The list of statuses.
pub const STATUS_URI: &str = "https://status.example.com/lists/1";

/// Who signs trust lists and registers.
pub const LIST_ISSUER: &str = "https://lists.example.com";

/// A P-256 key and the certificate over it.
pub struct Party {
    /// The key.
    pub key: SigningKey,
    /// The certificate.
    pub certificate: Certificate,
    params: CertificateParams,
}

/// Everybody.
pub struct World {
    /// The authority over every signer here: an IACA, the anchor of services, of list signers and of status issuers.
    pub authority: Party,
    /// Another key under the authority's name.
    pub stranger: Party,
    /// Signs mdocs and SD-JWT VCs.
    pub issuer: Party,
    /// Signs mdocs and everything else under the stranger.
    pub strange_issuer: Party,
    /// Asks.
    pub service: Party,
    /// Signs lists.
    pub lists: Party,
    /// The holder's key.
    pub holder: SigningKey,
    /// A key nobody uses.
    pub nobody: SigningKey,
    /// The service's key to encrypt answers to; the wallet's for credential responses too.
    pub agreement: AgreementKey,
    /// The public half, as it is published.
    pub encryption: EncryptionKey,
    /// The authority, in every role.
    pub anchors: TrustAnchors,
    /// The stranger, in every role.
    pub foreign_anchors: TrustAnchors,
    /// The session of [`NONCE`].
    pub transcript: SessionTranscript,
    /// Another session.
    pub other_transcript: SessionTranscript,
}

/// The world.
pub fn world() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(World::new);
    &WORLD
}

/// The key of this number.
pub fn key(seed: u64) -> SigningKey {
    SigningKey::from_random(&mut PredictableRandom::from_seed(seed)).unwrap()
}

impl Party {
    /// The public key, to verify with.
    pub fn verification_key(&self) -> VerificationKey {
        VerificationKey::P256(self.key.public_key())
    }

    /// Signs a revocation list in this party's name.
    pub fn sign_revocation_list(&self, list: rcgen::CertificateRevocationListParams) -> Vec<u8> {
        let mut params = self.params.clone();
        params.key_usages.push(KeyUsagePurpose::CrlSign);
        let issuer = Issuer::from_params(&params, Deterministic::of(&self.key));
        list.signed_by(&issuer).unwrap().der().to_vec()
    }

    /// The certificate as a chain of one.
    pub fn chain(&self) -> &[Certificate] {
        std::slice::from_ref(&self.certificate)
    }
}

impl World {
    fn new() -> Self {
        let authority = authority("Practice Authority", 1);
        let stranger = self::authority("Practice Authority", 2);
        let agreement = AgreementKey::from_random(&mut PredictableRandom::from_seed(20)).unwrap();
        let encryption = EncryptionKey {
            key: agreement.public_key(),
            kid: Some("enc-1".to_owned()),
        };
        let client_id = "x509_san_dns:client.example.org";
        let thumbprint = encryption.key.thumbprint();
        Self {
            issuer: signer(
                &authority,
                "Practice Issuer",
                3,
                &[1, 0, 18013, 5, 1, 2],
                "issuer.example.com",
            ),
            strange_issuer: signer(
                &stranger,
                "Practice Issuer",
                4,
                &[1, 0, 18013, 5, 1, 2],
                "issuer.example.com",
            ),
            service: signer(
                &authority,
                "Practice Service",
                5,
                &[1, 0, 18013, 5, 1, 6],
                "client.example.org",
            ),
            lists: signer(
                &authority,
                "Practice Lists",
                6,
                &[1, 3, 6, 1, 4, 1, 99999, 1],
                "lists.example.com",
            ),
            holder: key(7),
            nobody: key(8),
            anchors: everything(&authority),
            foreign_anchors: everything(&stranger),
            transcript: SessionTranscript::openid4vp(client_id, NONCE, Some(&thumbprint), RESPONSE_URI),
            other_transcript: SessionTranscript::openid4vp(client_id, "another", Some(&thumbprint), RESPONSE_URI),
            agreement,
            encryption,
            authority,
            stranger,
        }
    }

    /// The key nobody signs with.
    pub fn foreign_key(&self) -> VerificationKey {
        VerificationKey::P256(self.nobody.public_key())
    }

    /// The holder's public key.
    pub fn holder_key(&self) -> PublicKey {
        self.holder.public_key()
    }
}

fn everything(party: &Party) -> TrustAnchors {
    [
        Role::Issuer,
        Role::Service,
        Role::Status,
        Role::WalletProvider,
        Role::ListSigner,
    ]
    .into_iter()
    .map(|role| TrustAnchor::from_certificate(party.certificate.clone(), role))
    .collect()
}

/// Lets rcgen sign with one of our keys, whose signatures are deterministic (RFC 6979).
struct Deterministic<'k>(&'k SigningKey, PublicKey);

impl PublicKeyData for Deterministic<'_> {
    fn der_bytes(&self) -> &[u8] {
        self.1.as_sec1()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Deterministic<'_> {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let signature = self.0.sign(message).map_err(|_| rcgen::Error::RemoteKeyError)?;
        let signature = p256::ecdsa::Signature::from_slice(&signature).map_err(|_| rcgen::Error::RemoteKeyError)?;
        Ok(signature.to_der().as_bytes().to_vec())
    }
}

impl<'k> Deterministic<'k> {
    fn of(key: &'k SigningKey) -> Self {
        Self(key, key.public_key())
    }
}

fn named(name: &str, seed: u64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.distinguished_name.push(DnType::OrganizationName, "Practice");
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2050, 1, 1);
    params.serial_number = Some(SerialNumber::from(seed));
    params
}

fn authority(name: &str, seed: u64) -> Party {
    let key = key(seed);
    let mut params = named(name, seed);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let made = params.self_signed(&Deterministic::of(&key)).unwrap();
    let certificate = Certificate::from_der(made.der()).unwrap();
    Party {
        key,
        certificate,
        params,
    }
}

/// Certified by `by` for one purpose. The key identifiers are left out: the stranger's signers would not name the same
/// issuer with them, and the signature is what must tell.
fn signer(by: &Party, name: &str, seed: u64, purpose: &[u64], host: &str) -> Party {
    let key = key(seed);
    let mut params = named(name, seed);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(purpose.to_vec())];
    params.subject_alt_names = vec![SanType::DnsName(host.try_into().unwrap())];
    // Not critical and unknown: to be ignored.
    params.custom_extensions = vec![CustomExtension::from_oid_content(
        &[1, 3, 6, 1, 4, 1, 99999, 2],
        vec![0x05, 0x00],
    )];
    let issuer = Issuer::from_params(&by.params, Deterministic::of(&by.key));
    let made = params.signed_by(&Deterministic::of(&key), &issuer).unwrap();
    let certificate = Certificate::from_der(made.der()).unwrap();
    Party {
        key,
        certificate,
        params,
    }
}
