//! The practice PKI: one root, the certification authorities of the issuers and services under it, and the keys they
//! certify. **Every private key here is public**: it is the SHA-256 of a sentence in this file. They exist so that practice
//! documents survive a restart and look the same on every machine, and they are worth nothing: the wallet accepts them in
//! its practice profile only, and refuses them everywhere else.
//!
//! Keys, serial numbers, dates and signatures (RFC 6979) are all fixed, so the certificates come out byte for byte the same
//! each time; nothing needs to be kept in a file. The wallet bundles copies of the public ones (`practice_files`).

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyUsagePurpose, PublicKeyData, SanType, SerialNumber, SigningKey as CertificateSigner,
};
use wallet_credentials::crypto::{CryptoError, Signer, SigningKey, sha256};
use wallet_credentials::trust::{Certificate, CertificateError, ListedRevocations, RevocationError};

/// mdoc document signers (ISO/IEC 18013-5:2021, B.1.4).
const DOCUMENT_SIGNER: &[u64] = &[1, 0, 18013, 5, 1, 2];
/// mdoc readers; services sign their requests with the same kind of certificate (ISO/IEC 18013-5:2021, B.1.7).
const READER: &[u64] = &[1, 0, 18013, 5, 1, 6];
/// Signers of status lists (draft-ietf-oauth-status-list, 10.1).
const STATUS_SIGNER: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 30];
/// issuerAltName (RFC 5280, 4.2.1.7), which the certificate profiles of ISO/IEC 18013-5 require.
const ISSUER_ALT_NAME: &[u64] = &[2, 5, 29, 18];
/// Where a certificate revocation list of this PKI would be; the profiles require the extension.
const CRL: &str = "http://crl.practice.example/none.crl";
/// How the practice authorities can be reached: they cannot.
const CONTACT: &str = "mailto:nobody@practice.example";

/// Why the practice PKI could not be made. None of this depends on input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PkiError {
    /// A practice key is not a key.
    #[error(transparent)]
    Key(#[from] CryptoError),
    /// A certificate could not be encoded.
    #[error("a practice certificate could not be made")]
    Encoding(#[from] rcgen::Error),
    /// A certificate was made that cannot be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A revocation list was made that cannot be read.
    #[error(transparent)]
    Revocations(#[from] RevocationError),
}

/// A worthless key: anyone can make it from its label.
pub(crate) struct PracticeKey {
    key: SigningKey,
    sec1: [u8; 65],
}

impl PracticeKey {
    fn from_label(label: &str) -> Result<Self, PkiError> {
        let sentence = format!("Citizen Wallet practice key, public and worthless: {label}");
        let key = SigningKey::from_bytes(&sha256(sentence.as_bytes()))?;
        let sec1 = *key.public_key().as_sec1();
        Ok(Self { key, sec1 })
    }
}

impl PublicKeyData for PracticeKey {
    fn der_bytes(&self) -> &[u8] {
        &self.sec1
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl CertificateSigner for PracticeKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let fixed = self.key.sign(message).map_err(|_| rcgen::Error::RemoteKeyError)?;
        let signature = p256::ecdsa::Signature::from_slice(&fixed).map_err(|_| rcgen::Error::RemoteKeyError)?;
        Ok(signature.to_der().as_bytes().to_vec())
    }
}

/// A key with the certificate that names its owner.
pub(crate) struct Certified {
    key: PracticeKey,
    certificate: Certificate,
}

impl Certified {
    pub(crate) fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    pub(crate) fn signer(&self) -> &SigningKey {
        &self.key.key
    }

    /// The certificate in PEM (RFC 7468).
    pub(crate) fn pem(&self) -> String {
        pem(self.certificate.as_der())
    }
}

/// Everything a practice issuer signs with.
pub(crate) struct IssuerPki {
    pub(crate) authority: Certified,
    pub(crate) document_signer: Certified,
    /// The list with which the authority revokes the document signer, for who asks for that.
    pub(crate) revocations: ListedRevocations,
}

/// The whole practice PKI.
pub(crate) struct Pki {
    pub(crate) root: Certified,
    pub(crate) list_signer: Certified,
    pub(crate) status_authority: Certified,
    pub(crate) status_signer: Certified,
    pub(crate) dvla: IssuerPki,
    pub(crate) home_office: IssuerPki,
    pub(crate) age: IssuerPki,
    pub(crate) nhs: IssuerPki,
    /// Its authority is on no list; the key of its signer is the one its did:web publishes.
    pub(crate) defence: IssuerPki,
    pub(crate) services_authority: Certified,
    pub(crate) gp: Certified,
    pub(crate) shop: Certified,
    pub(crate) employer: Certified,
    /// The authority behind the service that is on no register; not under the root, on no list.
    pub(crate) stranger_authority: Certified,
    pub(crate) stranger: Certified,
    /// Vouches for the keys of services in Verifier Attestation JWTs; an authority of its own, so that no service can.
    pub(crate) attester_authority: Certified,
    pub(crate) attester: Certified,
    /// The authority of the practice wallet provider, which issuers trust for attestations.
    pub(crate) provider_authority: Certified,
    pub(crate) provider: Certified,
    /// The issuer that speaks GOV.UK's dialect: its authority is its own root, as the dialect wants.
    pub(crate) gov_uk: IssuerPki,
}

impl Pki {
    /// Makes the keys and certificates.
    pub(crate) fn make() -> Result<Self, PkiError> {
        let root = Authority::root("Practice root (SANDBOX, worthless)", "root")?;
        let status = root.authority(
            "Practice status authority (SANDBOX)",
            "Practice status lists (SANDBOX)",
            "status-ca",
        )?;
        let services = root.authority(
            "Practice services authority (SANDBOX)",
            "Practice services (SANDBOX)",
            "services-ca",
        )?;
        let stranger = Authority::root("Private authority nobody lists (SANDBOX)", "stranger-ca")?;
        let attester = Authority::root("Practice verifier attestation authority (SANDBOX)", "attester-ca")?;
        let provider = Authority::root("Practice wallet provider authority (SANDBOX)", "provider-ca")?;
        let gov_uk = Authority::alone("DVLA (SANDBOX) GOV.UK profile authority", "DVLA (SANDBOX)", "gov-uk-ca")?;
        Ok(Self {
            list_signer: root.leaf(
                "Practice list signer (SANDBOX)",
                "Practice lists (SANDBOX)",
                "list-signer",
                None,
            )?,
            status_signer: status.leaf(
                "Practice status signer (SANDBOX)",
                "Practice status lists (SANDBOX)",
                "status-signer",
                Some(STATUS_SIGNER),
            )?,
            dvla: root.issuer("DVLA (SANDBOX)", "dvla")?,
            home_office: root.issuer("Home Office UKVI (SANDBOX)", "home-office")?,
            age: root.issuer("Larkfield Age Check (SANDBOX)", "age")?,
            nhs: root.issuer("NHS England (SANDBOX)", "nhs")?,
            defence: root.issuer("Ministry of Defence (SANDBOX)", "mod")?,
            gp: services.service("Larkfield Practice Surgery (SANDBOX)", "gp")?,
            shop: services.service("Corner Shop, Larkfield (SANDBOX)", "shop")?,
            employer: services.service("Harbour Recruitment Limited (SANDBOX)", "employer")?,
            stranger: stranger.service("Quickcash Loans (SANDBOX)", "stranger")?,
            root: root.certified()?,
            status_authority: status.certified()?,
            services_authority: services.certified()?,
            stranger_authority: stranger.certified()?,
            attester: attester.named("Practice verifier attester (SANDBOX)", "attester", None)?,
            attester_authority: attester.certified()?,
            provider: provider.leaf(
                "Practice wallet provider (SANDBOX)",
                "Practice wallet provider (SANDBOX)",
                "provider",
                None,
            )?,
            provider_authority: provider.certified()?,
            gov_uk: IssuerPki {
                document_signer: gov_uk.leaf(
                    "DVLA (SANDBOX) GOV.UK profile document signer",
                    "DVLA (SANDBOX)",
                    "gov-uk",
                    Some(DOCUMENT_SIGNER),
                )?,
                revocations: gov_uk.revocations("gov-uk")?,
                authority: gov_uk.certified()?,
            },
        })
    }
}

impl Pki {
    /// The authorities and the list signer, by file name, for wallets and services that are configured by hand.
    pub(crate) fn authorities(&self) -> [(&'static str, &Certified); 12] {
        [
            ("root.pem", &self.root),
            ("list-signer.pem", &self.list_signer),
            ("dvla.pem", &self.dvla.authority),
            ("home-office.pem", &self.home_office.authority),
            ("age.pem", &self.age.authority),
            ("nhs.pem", &self.nhs.authority),
            ("status.pem", &self.status_authority),
            ("services.pem", &self.services_authority),
            ("stranger.pem", &self.stranger_authority),
            ("verifier-attester.pem", &self.attester_authority),
            ("wallet-provider.pem", &self.provider_authority),
            ("gov-uk.pem", &self.gov_uk.authority),
        ]
    }
}

/// A certification authority while certificates are made.
struct Authority {
    issuer: rcgen::Issuer<'static, PracticeKey>,
    der: Vec<u8>,
    label: &'static str,
}

impl Authority {
    fn root(name: &str, label: &'static str) -> Result<Self, PkiError> {
        let key = PracticeKey::from_label(label)?;
        let mut params = authority_params(name, name, label);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let der = params.self_signed(&key)?.der().to_vec();
        Ok(Self {
            issuer: rcgen::Issuer::new(params, key),
            der,
            label,
        })
    }

    /// An authority under nobody, that certifies signers and no other authorities (ISO/IEC 18013-5:2021, B.1.2).
    fn alone(name: &str, organisation: &str, label: &'static str) -> Result<Self, PkiError> {
        let key = PracticeKey::from_label(label)?;
        let params = authority_params(name, organisation, label);
        let der = params.self_signed(&key)?.der().to_vec();
        Ok(Self {
            issuer: rcgen::Issuer::new(params, key),
            der,
            label,
        })
    }

    /// An authority under this one.
    fn authority(&self, name: &str, organisation: &str, label: &'static str) -> Result<Self, PkiError> {
        let key = PracticeKey::from_label(label)?;
        let params = authority_params(name, organisation, label);
        let der = params.signed_by(&key, &self.issuer)?.der().to_vec();
        Ok(Self {
            issuer: rcgen::Issuer::new(params, key),
            der,
            label,
        })
    }

    fn issuer(&self, name: &str, label: &'static str) -> Result<IssuerPki, PkiError> {
        let authority_label: &'static str = match label {
            "dvla" => "dvla-ca",
            "home-office" => "home-office-ca",
            "age" => "age-ca",
            _ => "nhs-ca",
        };
        let authority = self.authority(&format!("{name} issuing authority"), name, authority_label)?;
        let document_signer = authority.leaf(&format!("{name} document signer"), name, label, Some(DOCUMENT_SIGNER))?;
        Ok(IssuerPki {
            revocations: authority.revocations(label)?,
            authority: authority.certified()?,
            document_signer,
        })
    }

    /// A list that revokes the signer of this label. It has long been out of date, and whom it revokes stays revoked.
    fn revocations(&self, label: &str) -> Result<ListedRevocations, PkiError> {
        let list = rcgen::CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(2026, 1, 1),
            next_update: rcgen::date_time_ymd(2026, 2, 1),
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: vec![rcgen::RevokedCertParams {
                serial_number: serial(label),
                revocation_time: rcgen::date_time_ymd(2026, 1, 1),
                reason_code: Some(rcgen::RevocationReason::KeyCompromise),
                invalidity_date: None,
            }],
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        Ok(ListedRevocations::from_der(list.signed_by(&self.issuer)?.der())?)
    }

    /// A certificate for the requests of a service, which speaks from `localhost`.
    fn service(&self, name: &str, label: &str) -> Result<Certified, PkiError> {
        self.named(name, label, Some(READER))
    }

    /// A signer whose certificate names this machine.
    fn named(&self, name: &str, label: &str, purpose: Option<&[u64]>) -> Result<Certified, PkiError> {
        let mut params = leaf_params(name, name, label, purpose);
        params.subject_alt_names = vec![SanType::DnsName("localhost".try_into()?)];
        self.certify(params, label)
    }

    fn leaf(
        &self,
        name: &str,
        organisation: &str,
        label: &str,
        purpose: Option<&[u64]>,
    ) -> Result<Certified, PkiError> {
        self.certify(leaf_params(name, organisation, label, purpose), label)
    }

    fn certify(&self, params: CertificateParams, label: &str) -> Result<Certified, PkiError> {
        let key = PracticeKey::from_label(label)?;
        let certificate = Certificate::from_der(params.signed_by(&key, &self.issuer)?.der())?;
        Ok(Certified { key, certificate })
    }

    fn certified(self) -> Result<Certified, PkiError> {
        Ok(Certified {
            key: PracticeKey::from_label(self.label)?,
            certificate: Certificate::from_der(&self.der)?,
        })
    }
}

fn authority_params(name: &str, organisation: &str, label: &str) -> CertificateParams {
    let mut params = common_params(name, organisation, label);
    params.not_after = rcgen::date_time_ymd(2046, 1, 1);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn leaf_params(name: &str, organisation: &str, label: &str, purpose: Option<&[u64]>) -> CertificateParams {
    let mut params = common_params(name, organisation, label);
    params.not_after = rcgen::date_time_ymd(2036, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = purpose
        .map(|oid| ExtendedKeyUsagePurpose::Other(oid.to_vec()))
        .into_iter()
        .collect();
    params
}

fn common_params(name: &str, organisation: &str, label: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    let mut names = DistinguishedName::new();
    names.push(DnType::CountryName, "GB");
    names.push(DnType::OrganizationName, organisation);
    names.push(DnType::CommonName, name);
    params.distinguished_name = names;
    params.serial_number = Some(serial(label));
    params.use_authority_key_identifier_extension = true;
    params.crl_distribution_points = vec![rcgen::CrlDistributionPoint {
        uris: vec![CRL.to_owned()],
    }];
    params.custom_extensions = vec![CustomExtension::from_oid_content(ISSUER_ALT_NAME, issuer_alt_name())];
    params
}

/// Positive and not zero whatever the digest says (RFC 5280, 4.1.2.2).
fn serial(label: &str) -> SerialNumber {
    let mut serial = sha256(format!("serial of {label}").as_bytes());
    serial[0] = serial[0] & 0x7f | 0x40;
    SerialNumber::from_slice(&serial[..16])
}

/// `GeneralNames` with one uniformResourceIdentifier (RFC 5280, 4.2.1.6).
fn issuer_alt_name() -> Vec<u8> {
    let uri = CONTACT.as_bytes();
    let length = u8::try_from(uri.len()).unwrap_or(0);
    [&[0x30, length.saturating_add(2), 0x86, length], uri].concat()
}

fn pem(der: &[u8]) -> String {
    use base64::Engine as _;
    let body = base64::engine::general_purpose::STANDARD.encode(der);
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    for (at, character) in body.chars().enumerate() {
        if at > 0 && at % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str("\n-----END CERTIFICATE-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_certificates_are_the_same_each_time() {
        let (once, again) = (Pki::make().unwrap(), Pki::make().unwrap());
        assert_eq!(once.root.certificate(), again.root.certificate());
        assert_eq!(
            once.dvla.document_signer.certificate(),
            again.dvla.document_signer.certificate()
        );
        assert_eq!(once.gp.certificate(), again.gp.certificate());
    }

    #[test]
    fn pem_goes_in_and_out() {
        let pki = Pki::make().unwrap();
        assert_eq!(&Certificate::from_pem(&pki.shop.pem()).unwrap(), pki.shop.certificate());
        assert_eq!(pki.shop.certificate().dns_names(), ["localhost"]);
        assert_eq!(
            pki.stranger.certificate().organization(),
            Some("Quickcash Loans (SANDBOX)")
        );
    }
}
