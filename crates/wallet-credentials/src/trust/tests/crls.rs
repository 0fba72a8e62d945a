//! Revocation lists that are right, and for each rule one that is not.

use rcgen::{
    CertificateRevocationListParams, CrlDistributionPoint, CrlIssuingDistributionPoint, CrlScope, KeyIdMethod,
    RevokedCertParams, SerialNumber,
};
use x509_cert::crl::{CertificateList, TbsCertList};
use x509_cert::der::asn1::{BitString, OctetString};
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::Extension;

use super::lists::{ISS, issuer_entry, list as entries, list_signer};
use super::*;
use crate::trust::crl::MAX_REVOCATION_LIST_BYTES;

const POINT: &str = "https://crl.example/1";

fn list_params(revoked: &[u8]) -> CertificateRevocationListParams {
    CertificateRevocationListParams {
        this_update: rcgen::date_time_ymd(2026, 5, 20),
        next_update: rcgen::date_time_ymd(2026, 6, 20),
        crl_number: SerialNumber::from(7),
        issuing_distribution_point: None,
        revoked_certs: revoked
            .iter()
            .map(|serial| RevokedCertParams {
                serial_number: SerialNumber::from_slice(&[*serial]),
                revocation_time: rcgen::date_time_ymd(2026, 5, 1),
                reason_code: Some(rcgen::RevocationReason::KeyCompromise),
                invalidity_date: None,
            })
            .collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    }
}

fn list(party: &Party, params: &CertificateRevocationListParams) -> Vec<u8> {
    let issuer = Issuer::from_params(&party.params, &party.key);
    params.signed_by(&issuer).unwrap().der().to_vec()
}

/// A right list, changed and signed again.
fn changed(party: &Party, revoked: &[u8], change: impl FnOnce(&mut TbsCertList)) -> Vec<u8> {
    let mut parsed = CertificateList::from_der(&list(party, &list_params(revoked))).unwrap();
    change(&mut parsed.tbs_cert_list);
    let signed = parsed.tbs_cert_list.to_der().unwrap();
    let signature = rcgen::SigningKey::sign(&party.key, &signed).unwrap();
    parsed.signature = BitString::from_bytes(&signature).unwrap();
    parsed.to_der().unwrap()
}

fn add(extensions: &mut Option<Vec<Extension>>, oid: &str, critical: bool, content: &[u8]) {
    extensions.get_or_insert_default().push(Extension {
        extn_id: oid.parse().unwrap(),
        critical,
        extn_value: OctetString::new(content).unwrap(),
    });
}

fn signer(root: &Party, serial: u8) -> Party {
    let mut params = signer_params("Signer", DOCUMENT_SIGNER);
    params.serial_number = Some(SerialNumber::from_slice(&[serial]));
    params.crl_distribution_points = vec![CrlDistributionPoint {
        uris: vec![POINT.to_owned()],
    }];
    root.issue(params, key())
}

fn check(der: &[u8], root: &Party, now: Timestamp) -> Result<(), RevocationError> {
    RevocationList::from_der(der)?.verify(&root.certificate, now).map(drop)
}

#[test]
fn a_revoked_certificate_is_refused_and_the_others_are_not() {
    let root = root();
    let der = list(&root, &list_params(&[3, 9, 200]));
    let verified = RevocationList::from_der(&der)
        .unwrap()
        .verify(&root.certificate, now())
        .unwrap();
    assert_eq!((verified.len(), verified.is_empty()), (3, false));
    assert_eq!(verified.this_update(), at("2026-05-20T00:00:00Z"));
    for (serial, outcome) in [
        (3, Err(RevocationError::Revoked)),
        (200, Err(RevocationError::Revoked)),
        (4, Ok(())),
    ] {
        assert_eq!(
            verified.check_certificate(&signer(&root, serial).certificate),
            outcome,
            "{serial}"
        );
    }
    let empty = list(&root, &list_params(&[]));
    let verified = RevocationList::from_der(&empty)
        .unwrap()
        .verify(&root.certificate, now())
        .unwrap();
    assert_eq!(verified.check_certificate(&signer(&root, 3).certificate), Ok(()));
    let mut elsewhere = ca_params("Elsewhere", 0);
    elsewhere.serial_number = Some(SerialNumber::from(3));
    let stranger = signer(&Party::self_signed(elsewhere, key()), 3);
    assert_eq!(
        verified.check_certificate(&stranger.certificate),
        Err(RevocationError::NotCovered)
    );
}

#[test]
fn each_rule_of_a_list() {
    let (root, other) = (root(), root());
    let right = list(&root, &list_params(&[3]));
    assert_eq!(check(&right, &root, now()), Ok(()));
    assert_eq!(
        check(&right, &root, at("2026-05-19T23:59:59Z")),
        Err(RevocationError::FromTheFuture)
    );
    assert_eq!(
        check(&right, &root, at("2026-06-20T00:00:01Z")),
        Err(RevocationError::OutOfDate)
    );
    // The same name with another key: the key identifiers differ, and without one the signature decides.
    assert_eq!(check(&right, &other, now()), Err(RevocationError::Issuer));
    let anonymous = changed(&root, &[3], |list| list.crl_extensions = None);
    assert_eq!(check(&anonymous, &root, now()), Ok(()));
    assert_eq!(check(&anonymous, &other, now()), Err(RevocationError::Signature));
    let elsewhere = Party::self_signed(ca_params("Elsewhere", 0), key());
    assert_eq!(check(&right, &elsewhere, now()), Err(RevocationError::Issuer));
    let endless = changed(&root, &[3], |list| list.next_update = None);
    assert_eq!(check(&endless, &root, now()), Err(RevocationError::OutOfDate));

    let mut no_lists = ca_params("Root", 0);
    no_lists.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let no_lists = Party::self_signed(no_lists, KeyPair::try_from(root.key.serialized_der()).unwrap());
    assert_eq!(check(&right, &no_lists, now()), Err(RevocationError::KeyUsage));

    for (oid, critical, content, outcome) in [
        // IssuingDistributionPoint: indirect, some reasons, attribute certificates.
        (
            "2.5.29.28",
            true,
            &[0x30, 3, 0x84, 1, 0xff][..],
            Err(RevocationError::Indirect),
        ),
        (
            "2.5.29.28",
            true,
            &[0x30, 4, 0x83, 2, 6, 0x40],
            Err(RevocationError::Partial),
        ),
        (
            "2.5.29.28",
            true,
            &[0x30, 3, 0x85, 1, 0xff],
            Err(RevocationError::Partial),
        ),
        ("2.5.29.28", true, &[0x30, 1], Err(RevocationError::Malformed)),
        ("2.5.29.27", true, &[2, 1, 1], Err(RevocationError::Delta)),
        (
            "1.3.6.1.4.1.99999.1",
            true,
            &[5, 0],
            Err(RevocationError::UnknownCriticalExtension),
        ),
        ("1.3.6.1.4.1.99999.1", false, &[5, 0], Ok(())),
        ("2.5.29.20", false, &[2, 1, 8], Err(RevocationError::Malformed)),
    ] {
        let der = changed(&root, &[3], |list| {
            add(&mut list.crl_extensions, oid, critical, content)
        });
        assert_eq!(check(&der, &root, now()), outcome, "{oid} {content:?}");
    }
    for (oid, critical, outcome) in [
        ("2.5.29.29", true, Err(RevocationError::Indirect)),
        (
            "1.3.6.1.4.1.99999.1",
            true,
            Err(RevocationError::UnknownCriticalExtension),
        ),
        ("1.3.6.1.4.1.99999.1", false, Ok(())),
    ] {
        let der = changed(&root, &[3], |list| {
            let entry = &mut list.revoked_certificates.as_mut().unwrap()[0];
            add(&mut entry.crl_entry_extensions, oid, critical, &[0x30, 0]);
        });
        assert_eq!(check(&der, &root, now()), outcome, "{oid}");
    }
    assert_eq!(
        check(&vec![0x30; MAX_REVOCATION_LIST_BYTES + 1], &root, now()),
        Err(RevocationError::TooLarge)
    );
    assert_eq!(
        check(&right[..right.len() - 1], &root, now()),
        Err(RevocationError::Malformed)
    );
}

#[test]
fn a_list_speaks_of_its_kind_and_its_point_alone() {
    let root = root();
    let leaf = signer(&root, 5);
    let outcome = |uri: &str, scope| {
        let mut params = list_params(&[3]);
        params.issuing_distribution_point = Some(CrlIssuingDistributionPoint {
            distribution_point: CrlDistributionPoint {
                uris: vec![uri.to_owned()],
            },
            scope,
        });
        let der = list(&root, &params);
        let verified = RevocationList::from_der(&der)
            .unwrap()
            .verify(&root.certificate, now())
            .unwrap();
        verified.check_certificate(&leaf.certificate)
    };
    assert_eq!(outcome(POINT, None), Ok(()));
    assert_eq!(outcome(POINT, Some(CrlScope::UserCertsOnly)), Ok(()));
    assert_eq!(
        outcome(POINT, Some(CrlScope::CaCertsOnly)),
        Err(RevocationError::NotCovered)
    );
    assert_eq!(outcome("https://crl.example/2", None), Err(RevocationError::NotCovered));
}

#[test]
fn a_path_is_checked_against_the_lists_that_were_given() {
    let top = Party::self_signed(ca_params("Top", 1), key());
    let mut middle = ca_params("Middle", 0);
    middle.serial_number = Some(SerialNumber::from(60));
    let middle = top.issue(middle, key());
    let leaf = signer(&middle, 5);
    let chain = [leaf.certificate.clone(), middle.certificate.clone()];
    let anchor = TrustAnchor::authority(top.certificate.clone(), Role::Issuer);
    let outcome = |lists: &[&[u8]]| check_revocation(&chain, &anchor, lists, now());
    let (of_top, of_middle) = (list(&top, &list_params(&[1])), list(&middle, &list_params(&[2])));
    assert_eq!(outcome(&[&of_top, &of_middle]), Ok(Revocation::Checked));
    assert_eq!(outcome(&[&of_top]), Ok(Revocation::Unknown));
    assert_eq!(outcome(&[]), Ok(Revocation::Unknown));
    assert_eq!(outcome(&[b"nothing", &of_middle]), Ok(Revocation::Unknown));
    let revokes_middle = list(&top, &list_params(&[60]));
    assert_eq!(outcome(&[&revokes_middle, &of_middle]), Err(RevocationError::Revoked));
    let revokes_leaf = list(&middle, &list_params(&[5]));
    assert_eq!(
        outcome(&[&of_top, &of_middle, &revokes_leaf]),
        Err(RevocationError::Revoked)
    );
    // A stranger's list of the same names revokes nothing.
    let stranger = Party::self_signed(ca_params("Top", 1), key());
    let forged = list(&stranger, &list_params(&[60]));
    assert_eq!(outcome(&[&of_top, &of_middle, &forged]), Ok(Revocation::Checked));
}

/// A trust list of one authority, and the list with which this party revokes these of its signers beside it.
fn trust_list(authority: &Party, revoking: &Party, revoked: &[u8]) -> Result<TrustList, ListError> {
    let listed = ListedRevocations::from_der(&list(revoking, &list_params(revoked))).unwrap();
    let entry = TrustListEntry {
        revocations: vec![listed],
        ..issuer_entry(authority)
    };
    let (root, list) = (root(), entries(vec![entry]));
    let signer = list_signer(&root);
    let text = list.sign(&signer.signing_key(), std::slice::from_ref(&signer.certificate))?;
    let context = ListContext {
        anchors: &anchors(&root, Role::ListSigner),
        iss: ISS,
        seen: None,
        max_age: None,
    };
    let verified = TrustList::verify(&text, context, now())?;
    assert_eq!(verified, list);
    Ok(verified)
}

#[test]
fn a_signer_its_authority_revoked_is_withdrawn_whoever_added_that_authority() {
    let root = root();
    let trust_list = trust_list(&root, &root, &[3]).unwrap();
    let (revoked, other) = (signer(&root, 3), signer(&root, 4));
    // The revocation list has a nextUpdate before the second of these; the trust list is still good.
    for now in [now(), at("2026-06-25T00:00:00Z")] {
        for added in [TrustAnchors::new(), anchors(&root, Role::Issuer)] {
            let recognise = |party: &Party| {
                let chain = [party.certificate.clone()];
                trust_list.recognise(&chain, &added, STRICT, None, now).0
            };
            assert_eq!(recognise(&revoked), Recognition::Withdrawn);
            assert_eq!(recognise(&other), Recognition::Recognised);
            let mut all = added.clone();
            all.extend(trust_list.anchors(now).iter().cloned());
            for profile in [STRICT, Profile::JwtSigner, Profile::StatusSigner] {
                assert_eq!(outcome(&[&revoked], &all, now, profile), Err(ChainError::Revoked));
                assert_eq!(outcome(&[&other], &all, now, profile), Ok(()));
            }
        }
    }
}

#[test]
fn a_signer_that_is_listed_itself_can_be_revoked_too() {
    let (root, now) = (root(), now());
    let (revoked, other) = (signer(&root, 3), signer(&root, 4));
    let pinned = |party: &Party| {
        let listed = ListedRevocations::from_der(&list(&root, &list_params(&[3]))).unwrap();
        let anchor = TrustAnchor::pinned(party.certificate.clone(), Role::Issuer).revoking([listed]);
        outcome(&[party], &[anchor].into_iter().collect(), now, STRICT)
    };
    assert_eq!(pinned(&revoked), Err(ChainError::Revoked));
    assert_eq!(pinned(&other), Ok(()));
}

#[test]
fn a_trust_list_with_revocations_its_authority_did_not_sign_is_refused() {
    let (authority, stranger) = (root(), root());
    assert!(trust_list(&authority, &authority, &[]).is_ok());
    let refused = trust_list(&authority, &stranger, &[3]);
    assert_eq!(refused.err(), Some(ListError::Entry(ShapeError::Revocations)));
    let json = serde_json::to_value(issuer_entry(&authority)).unwrap();
    for wrong in ["AAAA", "no base64"] {
        let mut json = json.clone();
        json["revocations"] = serde_json::json!([wrong]);
        assert!(serde_json::from_value::<TrustListEntry>(json).is_err(), "{wrong}");
    }
}

#[test]
fn a_long_list_stays_within_its_bound() {
    let root = root();
    let mut params = list_params(&[]);
    params.revoked_certs = (0..5_000_u64)
        .map(|serial| RevokedCertParams {
            serial_number: SerialNumber::from(serial),
            revocation_time: rcgen::date_time_ymd(2026, 5, 1),
            reason_code: None,
            invalidity_date: None,
        })
        .collect();
    let der = list(&root, &params);
    let used = allocation_counter::measure(|| drop(RevocationList::from_der(&der).unwrap()));
    assert!(
        used.bytes_max < 32 * u64::try_from(der.len()).unwrap(),
        "{} bytes for {}",
        used.bytes_max,
        der.len()
    );
}
