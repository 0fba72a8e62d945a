//! The profiles of ISO/IEC 18013-5:2021, Annex B: certificates that follow them, and for each rule one that does not.

use rcgen::{CrlDistributionPoint, SerialNumber};

use super::*;
use crate::cose::tests::hex;
use crate::trust::annex_b::{check_document_signer, check_iaca, check_reader};
use crate::vectors;
use ProfiledExtension as Extension;

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

fn extension(oid: &[u64], critical: bool, content: Vec<u8>) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(oid, content);
    extension.set_criticality(critical);
    extension
}

/// issuerAltName with an e-mail address, or with a directory the profiles do not ask for.
fn issuer_alt_name(critical: bool, tag: u8) -> CustomExtension {
    extension(&[2, 5, 29, 18], critical, vec![0x30, 5, tag, 3, b'a', b'@', b'b'])
}

/// extKeyUsage with these object identifiers, which are written as their DER content.
fn purpose(critical: bool, oids: &[&[u8]]) -> CustomExtension {
    let inside: Vec<u8> = oids
        .iter()
        .flat_map(|oid| [&[6, u8::try_from(oid.len()).unwrap()], *oid].concat())
        .collect();
    let content = [&[0x30, u8::try_from(inside.len()).unwrap()], inside.as_slice()].concat();
    extension(&[2, 5, 29, 37], critical, content)
}

/// 1.0.18013.5.1.2 and 1.0.18013.5.1.6.
const SIGNER_OID: &[u8] = &[0x28, 0x81, 0x8c, 0x5d, 5, 1, 2];
const READER_OID: &[u8] = &[0x28, 0x81, 0x8c, 0x5d, 5, 1, 6];

fn common(name: &str, country: Option<&str>) -> CertificateParams {
    let mut params = params(name);
    params.distinguished_name = rcgen::DistinguishedName::new();
    if let Some(country) = country {
        params.distinguished_name.push(DnType::CountryName, country);
    }
    params.distinguished_name.push(DnType::CommonName, name);
    // The highest bit set: a positive number all the same.
    params.serial_number = Some(SerialNumber::from_slice(&[0xcf, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    params.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec!["https://crl.example/1".to_owned()],
    }];
    params.custom_extensions = vec![issuer_alt_name(false, 0x81)];
    params
}

fn iaca_params() -> CertificateParams {
    let mut params = common("IACA", Some("UT"));
    params.not_after = rcgen::date_time_ymd(2046, 1, 1);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn document_signer_params() -> CertificateParams {
    let mut params = common("Signer", Some("UT"));
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.custom_extensions.push(purpose(true, &[SIGNER_OID]));
    params
}

fn reader_params() -> CertificateParams {
    let mut params = document_signer_params();
    params.custom_extensions.pop();
    params.custom_extensions.push(purpose(true, &[READER_OID]));
    params
}

/// A document signer's certificate that is valid for so many days.
fn valid_for(days: u32) -> CertificateParams {
    let mut params = document_signer_params();
    params.not_after = params.not_before + DAY * days;
    params
}

/// The outcome for a root made with a change.
fn iaca(change: impl FnOnce(&mut CertificateParams)) -> Result<(), AnnexBError> {
    let mut params = iaca_params();
    change(&mut params);
    check_iaca(&Party::self_signed(params, key()).certificate)
}

/// The outcome for a document signer made with a change, under a right root.
fn document_signer(change: impl FnOnce(&mut CertificateParams)) -> Result<(), AnnexBError> {
    let root = Party::self_signed(iaca_params(), key());
    let mut params = document_signer_params();
    change(&mut params);
    check_document_signer(&root.issue(params, key()).certificate, &root.certificate)
}

fn reader(change: impl FnOnce(&mut CertificateParams)) -> Result<(), AnnexBError> {
    let root = Party::self_signed(iaca_params(), key());
    let mut params = reader_params();
    change(&mut params);
    check_reader(&root.issue(params, key()).certificate, &root.certificate)
}

fn without(params: &mut CertificateParams, oid: &[u64]) {
    params
        .custom_extensions
        .retain(|extension| !extension.oid_components().eq(oid.iter().copied()));
}

#[test]
fn certificates_of_the_standard_follow_their_profiles() {
    assert_eq!(iaca(|_| ()), Ok(()));
    assert_eq!(document_signer(|_| ()), Ok(()));
    assert_eq!(reader(|_| ()), Ok(()));
    let Some(file) = vectors::load("mdoc-annex-d/issuer-auth-mso.json") else {
        return;
    };
    let read = |name: &str| Certificate::from_der(&hex(file[name].as_str().unwrap())).unwrap();
    let (signer, root) = (read("ds_certificate_der_hex"), read("iaca_certificate_der_hex"));
    assert_eq!(check_iaca(&root), Ok(()));
    assert_eq!(check_document_signer(&signer, &root), Ok(()));
}

#[test]
fn what_every_profile_wants() {
    for outcome in [iaca, document_signer, reader].map(|check: fn(fn(&mut CertificateParams)) -> _| {
        [
            check(|params| params.serial_number = Some(SerialNumber::from_slice(&[1, 2, 3]))),
            check(|params| assert!(params.distinguished_name.remove(DnType::CommonName))),
            check(|params| {
                params
                    .custom_extensions
                    .push(extension(&[2, 5, 29, 36], false, vec![0x30, 0]))
            }),
            check(|params| params.crl_distribution_points.clear()),
            check(|params| params.key_usages.clear()),
            check(|params| params.key_usages.push(KeyUsagePurpose::KeyAgreement)),
            check(|params| {
                params.crl_distribution_points.clear();
                // One distribution point that is limited to a reason.
                let content = vec![0x30, 6, 0x30, 4, 0x81, 2, 6, 0x40];
                params
                    .custom_extensions
                    .push(extension(&[2, 5, 29, 31], false, content));
            }),
        ]
    }) {
        assert_eq!(
            outcome,
            [
                Err(AnnexBError::SerialNumber),
                Err(AnnexBError::CommonName),
                Err(AnnexBError::Forbidden),
                Err(AnnexBError::Missing(Extension::CrlDistributionPoints)),
                Err(AnnexBError::Missing(Extension::KeyUsage)),
                Err(AnnexBError::KeyUsage),
                Err(AnnexBError::CrlDistributionPoints),
            ]
        );
    }
}

#[test]
fn each_rule_of_a_root() {
    assert_eq!(
        iaca(|params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1))),
        Err(AnnexBError::BasicConstraints)
    );
    assert_eq!(
        iaca(|params| params.is_ca = IsCa::ExplicitNoCa),
        Err(AnnexBError::BasicConstraints)
    );
    assert_eq!(
        iaca(|params| params.distinguished_name.push(DnType::CountryName, "ut")),
        Err(AnnexBError::Country)
    );
    assert_eq!(
        iaca(|params| without(params, &[2, 5, 29, 18])),
        Err(AnnexBError::Missing(Extension::IssuerAltName))
    );
    assert_eq!(
        iaca(|params| params.custom_extensions = vec![issuer_alt_name(true, 0x81)]),
        Err(AnnexBError::Criticality(Extension::IssuerAltName))
    );
    // A dNSName where an address or URI should be.
    assert_eq!(
        iaca(|params| params.custom_extensions = vec![issuer_alt_name(false, 0x82)]),
        Err(AnnexBError::IssuerAltName)
    );
    assert_eq!(
        iaca(|params| params.not_after = rcgen::date_time_ymd(2047, 1, 1)),
        Err(AnnexBError::Validity(7320))
    );
    let root = Party::self_signed(iaca_params(), key());
    let below = root.issue(document_signer_params(), key());
    assert_eq!(check_iaca(&below.certificate), Err(AnnexBError::NotSelfIssued));
    let rsa = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    assert_eq!(
        check_iaca(&Party::self_signed(iaca_params(), rsa).certificate),
        Err(AnnexBError::SignatureAlgorithm)
    );
}

#[test]
fn each_rule_of_a_document_signer() {
    assert_eq!(
        document_signer(|params| {
            params.distinguished_name.push(DnType::CountryName, "GB");
        }),
        Err(AnnexBError::Country)
    );
    assert_eq!(
        document_signer(|params| params.use_authority_key_identifier_extension = false),
        Err(AnnexBError::Missing(Extension::AuthorityKeyIdentifier))
    );
    assert_eq!(
        document_signer(|params| {
            params.custom_extensions = vec![issuer_alt_name(false, 0x81), purpose(false, &[SIGNER_OID])];
        }),
        Err(AnnexBError::Criticality(Extension::ExtendedKeyUsage))
    );
    assert_eq!(
        document_signer(|params| {
            params.custom_extensions = vec![issuer_alt_name(false, 0x81), purpose(true, &[READER_OID])];
        }),
        Err(AnnexBError::ExtendedKeyUsage)
    );
    assert_eq!(
        document_signer(|params| {
            params.custom_extensions = vec![issuer_alt_name(false, 0x81), purpose(true, &[SIGNER_OID, READER_OID])];
        }),
        Err(AnnexBError::ExtendedKeyUsage)
    );
    assert_eq!(
        document_signer(|params| without(params, &[2, 5, 29, 37])),
        Err(AnnexBError::Missing(Extension::ExtendedKeyUsage))
    );
    assert_eq!(
        document_signer(|params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0))),
        Err(AnnexBError::IsAuthority)
    );
    assert_eq!(document_signer(|params| *params = valid_for(457)), Ok(()));
    assert_eq!(
        document_signer(|params| *params = valid_for(458)),
        Err(AnnexBError::Validity(457))
    );
    // Another root of the same name.
    let (root, other) = (
        Party::self_signed(iaca_params(), key()),
        Party::self_signed(iaca_params(), key()),
    );
    let signer = other.issue(document_signer_params(), key());
    assert_eq!(
        check_document_signer(&signer.certificate, &root.certificate),
        Err(AnnexBError::AuthorityKeyIdentifier)
    );
    let edwards = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let signer = root.issue(document_signer_params(), edwards);
    assert_eq!(
        check_document_signer(&signer.certificate, &root.certificate),
        Err(AnnexBError::SubjectKey)
    );
}

#[test]
fn each_rule_of_a_reader() {
    // The standard leaves a reader's country open.
    let no_country = |params: &mut CertificateParams| {
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Reader");
    };
    assert_eq!(reader(no_country), Ok(()));
    assert_eq!(
        reader(|params| without(params, &[2, 5, 29, 18])),
        Err(AnnexBError::Missing(Extension::IssuerAltName)),
        "its authority has one"
    );
    assert_eq!(
        reader(|params| params.not_after = rcgen::date_time_ymd(2029, 4, 3)),
        Err(AnnexBError::Validity(1187))
    );
    assert_eq!(
        reader(|params| params.not_after = rcgen::date_time_ymd(2029, 4, 2)),
        Ok(())
    );
    assert_eq!(
        reader(|params| {
            params.custom_extensions = vec![issuer_alt_name(false, 0x81), purpose(true, &[SIGNER_OID])];
        }),
        Err(AnnexBError::ExtendedKeyUsage)
    );
}

#[test]
fn a_chain_may_be_held_to_the_letter() {
    let root = Party::self_signed(iaca_params(), key());
    let (signer, reader) = (
        root.issue(document_signer_params(), key()),
        root.issue(reader_params(), key()),
    );
    let (issuers, services) = (anchors(&root, Role::Issuer), anchors(&root, Role::Service));
    assert_eq!(outcome(&[&signer], &issuers, now(), Profile::IsoDocumentSigner), Ok(()));
    assert_eq!(outcome(&[&reader], &services, now(), Profile::IsoReader), Ok(()));
    assert_eq!(outcome(&[&reader, &root], &services, now(), Profile::IsoReader), Ok(()));
    assert_eq!(
        outcome(&[&signer, &root], &issuers, now(), Profile::IsoDocumentSigner),
        Err(ChainError::AnchorInChain)
    );
    assert_eq!(
        outcome(&[&signer], &services, now(), Profile::IsoReader),
        Err(ChainError::ExtendedKeyUsage)
    );
    let signer = root.issue(valid_for(458), key());
    assert_eq!(
        outcome(&[&signer], &issuers, now(), Profile::IsoDocumentSigner),
        Err(ChainError::AnnexB(AnnexBError::Validity(457)))
    );
    // The same certificate is good enough where the standard is not held to the letter.
    assert_eq!(outcome(&[&signer], &issuers, now(), STRICT), Ok(()));
    let mut above = iaca_params();
    above.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    above.distinguished_name.push(DnType::OrganizationName, "Above");
    let top = Party::self_signed(above, key());
    let middle = top.issue(iaca_params(), key());
    let reader = middle.issue(reader_params(), key());
    assert_eq!(
        outcome(
            &[&reader, &middle],
            &anchors(&top, Role::Service),
            now(),
            Profile::IsoReader
        ),
        Err(ChainError::AnnexB(AnnexBError::Intermediate))
    );
}
