//! What a certificate says, and the kinds of keys and signatures.

use rcgen::SanType;

use super::*;
use crate::cose::tests::hex;
use crate::vectors;

#[test]
fn other_curves_sign_certificates_too() {
    for algorithm in [
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ECDSA_P521_SHA512,
        &rcgen::PKCS_ED25519,
    ] {
        let root = Party::self_signed(ca_params("Root", 0), KeyPair::generate_for(algorithm).unwrap());
        let signer = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
        assert_eq!(
            outcome(&[&signer], &anchors(&root, Role::Issuer), now(), STRICT),
            Ok(())
        );
        assert_eq!(root.certificate.public_key(), Err(CertificateError::NotP256));
        assert!(root.certificate.verification_key().is_ok());
        // Another root of that name did not sign it.
        let other = Party::self_signed(ca_params("Root", 0), KeyPair::generate_for(algorithm).unwrap());
        assert!(outcome(&[&signer], &anchors(&other, Role::Issuer), now(), STRICT).is_err());
    }
}

#[test]
fn rsa_roots_sign_certificates_too() {
    for algorithm in [
        &rcgen::PKCS_RSA_SHA256,
        &rcgen::PKCS_RSA_SHA384,
        &rcgen::PKCS_RSA_SHA512,
    ] {
        let rsa = || KeyPair::generate_rsa_for(algorithm, rcgen::RsaKeySize::_2048).unwrap();
        let root = Party::self_signed(ca_params("Root", 0), rsa());
        let signer = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
        assert_eq!(
            outcome(&[&signer], &anchors(&root, Role::Issuer), now(), STRICT),
            Ok(())
        );
        // Credentials are not signed with RSA (HAIP 1.0, 7).
        assert_eq!(
            root.certificate.verification_key(),
            Err(CertificateError::UnsupportedKey)
        );
        let mut bare = signer_params("Signer", DOCUMENT_SIGNER);
        bare.use_authority_key_identifier_extension = false;
        let signer = root.issue(bare, key());
        let other = Party::self_signed(ca_params("Root", 0), rsa());
        assert_eq!(
            outcome(&[&signer], &anchors(&other, Role::Issuer), now(), STRICT),
            Err(ChainError::Signature)
        );
    }
}

/// Certificates OpenSSL made: roots that sign with RSASSA-PSS, which the generator here cannot.
const RSA_PSS: &str = include_str!("rsa_pss.pem");

#[test]
fn rsa_pss_roots_of_openssl_are_followed() {
    let found = Certificate::all_from_pem(RSA_PSS).unwrap();
    let [r256, s256, r384, s384, r512, s512, odd, pss_root, pss_signer] = found.try_into().unwrap();
    let now = at("2030-01-01T00:00:00Z");
    let check = |signer: &Certificate, root: &Certificate| {
        let anchors: TrustAnchors = [TrustAnchor::authority(root.clone(), Role::Issuer)]
            .into_iter()
            .collect();
        verify_chain(std::slice::from_ref(signer), &anchors, now, STRICT).map(drop)
    };
    for (signer, root) in [(&s256, &r256), (&s384, &r384), (&s512, &r512), (&pss_signer, &pss_root)] {
        assert_eq!(check(signer, root), Ok(()), "{root:?}");
        assert!(root.is_signed_by(root));
    }
    assert!(!s256.is_signed_by(&r384));
    // A salt of another length is none of the parameter sets of RFC 4055.
    assert_eq!(check(&odd, &r512), Err(ChainError::Signature));
}

#[test]
fn a_key_of_ed25519_verifies_what_it_signs() {
    let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
    let party = Party::self_signed(signer_params("Lone", DOCUMENT_SIGNER), key);
    let verification_key = party.certificate.verification_key().unwrap();
    let signature = rcgen::SigningKey::sign(&party.key, b"message").unwrap();
    let algorithm = verification_key.algorithm();
    assert_eq!(verification_key.verify(algorithm, b"message", &signature), Ok(()));
    assert!(verification_key.verify(algorithm, b"another", &signature).is_err());
}

#[test]
fn names_are_read_for_screens_and_requests() {
    let root = root();
    let mut params = signer_params("Harbour\u{202e} Surgery", READER);
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Harbour Surgery");
    params.subject_alt_names = vec![SanType::DnsName("Client.example.org".try_into().unwrap())];
    let party = root.issue(params, key());
    assert_eq!(party.certificate.common_name(), Some("Harbour Surgery"));
    assert_eq!(party.certificate.subject_name(), Some("Harbour Surgery"));
    assert_eq!(party.certificate.dns_names(), ["client.example.org"]);
    assert_eq!(
        party.certificate.authority_key_identifier(),
        root.certificate.subject_key_identifier()
    );
    assert_eq!(
        party.certificate.public_key().unwrap(),
        crate::crypto::Signer::public_key(&party.signing_key())
    );
}

#[test]
fn annex_d_certificates_chain_while_they_are_valid() {
    let Some(file) = vectors::load("mdoc-annex-d/issuer-auth-mso.json") else {
        return;
    };
    let read = |name: &str| Certificate::from_der(&hex(file[name].as_str().unwrap())).unwrap();
    let (signer, iaca) = (read("ds_certificate_der_hex"), read("iaca_certificate_der_hex"));
    let anchors: TrustAnchors = [TrustAnchor::from_certificate(iaca, Role::Issuer)]
        .into_iter()
        .collect();
    let check = |now| verify_chain(std::slice::from_ref(&signer), &anchors, now, STRICT).map(drop);
    assert_eq!(check(at(file["verification_time"].as_str().unwrap())), Ok(()));
    assert_eq!(check(at("2026-11-01T00:00:00Z")), Err(ChainError::Expired));
}

#[test]
fn pem_and_size_are_checked() {
    let Some(file) = vectors::load("negative/mdoc-device-response.json") else {
        return;
    };
    let pem = file["context"]["iaca_certificate_pem"].as_str().unwrap();
    assert_eq!(Certificate::from_pem(pem).unwrap().common_name(), Some("Test IACA"));
    let certificate = Certificate::from_pem(pem).unwrap();
    assert_eq!(Certificate::from_pem(&certificate.to_pem()).unwrap(), certificate);
    let two = format!(
        "subject=/CN=Test\n{}\nand another\n{pem}",
        certificate.to_pem().replace('\n', "\r\n")
    );
    assert_eq!(
        Certificate::all_from_pem(&two).unwrap(),
        [certificate.clone(), certificate]
    );
    assert_eq!(Certificate::from_pem("nothing"), Err(CertificateError::NotPem));
    assert_eq!(
        Certificate::from_pem(&pem.replace("CERTIFICATE", "PUBLIC KEY")),
        Err(CertificateError::NotPem)
    );
    assert_eq!(Certificate::from_der(&vec![0; 20_000]), Err(CertificateError::TooLarge));
    assert_eq!(Certificate::from_der(&[0x30, 0]), Err(CertificateError::Malformed));
}
