//! From a signer to an anchor, and each rule on the way.

use super::*;

#[test]
fn a_document_signer_is_followed_to_its_anchor() {
    let root = root();
    let signer = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    let anchors = anchors(&root, Role::Issuer);
    assert_eq!(outcome(&[&signer], &anchors, now(), STRICT), Ok(()));
    assert_eq!(outcome(&[], &anchors, now(), STRICT), Err(ChainError::Empty));
    assert_eq!(
        outcome(&[&signer, &root], &anchors, now(), STRICT),
        Err(ChainError::AnchorInChain)
    );
    assert_eq!(outcome(&[&signer, &root], &anchors, now(), LENIENT), Ok(()));
    assert_eq!(outcome(&[&signer, &root], &anchors, now(), Profile::JwtSigner), Ok(()));
    assert_eq!(
        outcome(&[&signer], &anchors, at("2025-12-31T23:59:59Z"), STRICT),
        Err(ChainError::NotYetValid)
    );
    assert_eq!(
        outcome(&[&signer], &anchors, at("2027-01-01T00:00:01Z"), STRICT),
        Err(ChainError::Expired)
    );
    assert_eq!(
        outcome(&[&signer], &TrustAnchors::new(), now(), STRICT),
        Err(ChainError::UnknownIssuer)
    );
    assert_eq!(
        outcome(&[&signer; 9], &anchors, now(), STRICT),
        Err(ChainError::TooLong)
    );
}

#[test]
fn an_anchor_counts_for_its_role_only() {
    let root = root();
    let reader = root.issue(signer_params("Reader", READER), key());
    let for_services = anchors(&root, Role::Service);
    assert_eq!(outcome(&[&reader], &for_services, now(), Profile::Reader), Ok(()));
    assert_eq!(
        outcome(&[&reader], &for_services, now(), Profile::JwtSigner),
        Err(ChainError::ExtendedKeyUsage)
    );
    assert_eq!(
        outcome(&[&reader], &anchors(&root, Role::Issuer), now(), Profile::Reader),
        Err(ChainError::UnknownIssuer)
    );
    assert_eq!(
        outcome(&[&reader], &anchors(&root, Role::Issuer), now(), LENIENT),
        Err(ChainError::ExtendedKeyUsage)
    );
    let signer = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    assert_eq!(
        outcome(&[&signer], &for_services, now(), Profile::Reader),
        Err(ChainError::ExtendedKeyUsage)
    );
}

#[test]
fn a_missing_purpose_is_a_matter_of_leniency() {
    let root = root();
    let signer = root.issue(params("Signer"), key());
    let anchors = anchors(&root, Role::Issuer);
    assert_eq!(
        outcome(&[&signer], &anchors, now(), STRICT),
        Err(ChainError::ExtendedKeyUsage)
    );
    assert_eq!(outcome(&[&signer], &anchors, now(), LENIENT), Ok(()));
}

#[test]
fn another_key_under_the_same_name_is_refused() {
    let (root, impostor) = (root(), root());
    let signer = impostor.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    // The key identifiers differ already; without them the signature decides.
    assert_eq!(
        outcome(&[&signer], &anchors(&root, Role::Issuer), now(), STRICT),
        Err(ChainError::UnknownIssuer)
    );
    let mut bare = signer_params("Signer", DOCUMENT_SIGNER);
    bare.use_authority_key_identifier_extension = false;
    let signer = impostor.issue(bare, key());
    assert_eq!(
        outcome(&[&signer], &anchors(&root, Role::Issuer), now(), STRICT),
        Err(ChainError::Signature)
    );
    // Both are trusted: the right one is found.
    let both: TrustAnchors = [&root, &impostor]
        .map(|party| TrustAnchor::authority(party.certificate.clone(), Role::Issuer))
        .into_iter()
        .collect();
    assert_eq!(outcome(&[&signer], &both, now(), STRICT), Ok(()));
}

#[test]
fn intermediates_obey_path_length_and_flags() {
    let top = Party::self_signed(ca_params("Top", 1), key());
    let middle = top.issue(ca_params("Middle", 0), key());
    let signer = middle.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    let for_top = anchors(&top, Role::Issuer);
    assert_eq!(outcome(&[&signer, &middle], &for_top, now(), STRICT), Ok(()));
    assert_eq!(
        outcome(&[&signer], &for_top, now(), STRICT),
        Err(ChainError::UnknownIssuer)
    );
    assert_eq!(outcome(&[&middle], &for_top, now(), STRICT), Err(ChainError::KeyUsage));

    let short = Party::self_signed(ca_params("Short", 0), key());
    let middle = short.issue(ca_params("Middle", 0), key());
    let signer = middle.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    assert_eq!(
        outcome(&[&signer, &middle], &anchors(&short, Role::Issuer), now(), STRICT),
        Err(ChainError::PathLength)
    );

    // A root that changed its key: the old one signed a link certificate for the new, which no path length counts.
    let old = Party::self_signed(ca_params("Root", 0), key());
    let new = Party::self_signed(ca_params("Root", 0), key());
    let link = old.issue(
        ca_params("Root", 0),
        KeyPair::try_from(new.key.serialized_der()).unwrap(),
    );
    let signer = link.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    let for_old = anchors(&old, Role::Issuer);
    assert_eq!(outcome(&[&signer, &link], &for_old, now(), LENIENT), Ok(()));

    let not_a_ca = top.issue(params("Not a CA"), key());
    let signer = not_a_ca.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    assert_eq!(
        outcome(&[&signer, &not_a_ca], &for_top, now(), STRICT),
        Err(ChainError::NotAnAuthority)
    );
}

#[test]
fn self_signed_certificates_count_only_when_pinned() {
    let lone = Party::self_signed(signer_params("Lone", DOCUMENT_SIGNER), key());
    assert_eq!(
        outcome(&[&lone], &anchors(&lone, Role::Issuer), now(), STRICT),
        Err(ChainError::SelfSigned)
    );
    let pinned: TrustAnchors = [TrustAnchor::from_certificate(lone.certificate.clone(), Role::Issuer)]
        .into_iter()
        .collect();
    assert_eq!(outcome(&[&lone], &pinned, now(), STRICT), Ok(()));
    assert_eq!(
        outcome(&[&lone], &pinned, at("2028-01-01T00:00:00Z"), STRICT),
        Err(ChainError::Expired)
    );
    assert_eq!(
        outcome(&[&lone], &pinned, now(), Profile::Reader),
        Err(ChainError::SelfSigned)
    );
    // A pinned certificate signs nothing below it, CA or not.
    let root = root();
    let signer = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    let pinned: TrustAnchors = [TrustAnchor::pinned(root.certificate.clone(), Role::Issuer)]
        .into_iter()
        .collect();
    assert_eq!(
        outcome(&[&signer], &pinned, now(), STRICT),
        Err(ChainError::UnknownIssuer)
    );
}

#[test]
fn a_chosen_certificate_counts_for_what_it_signed_and_for_itself() {
    let chosen = |party: &Party| {
        let mut anchors = TrustAnchors::new();
        anchors.add_chosen(party.certificate.clone(), Role::Service);
        anchors
    };
    // A CA that signs data too, as `openssl req -x509` makes it: no key usage at all.
    let mut params = ca_params("Lone", 0);
    params.key_usages.clear();
    let lone = Party::self_signed(params, key());
    assert_eq!(outcome(&[&lone], &chosen(&lone), now(), Profile::Reader), Ok(()));
    let below = lone.issue(signer_params("Reader", READER), key());
    assert_eq!(outcome(&[&below], &chosen(&lone), now(), Profile::Reader), Ok(()));
    assert_eq!(
        outcome(&[&lone], &chosen(&lone), now(), Profile::JwtSigner),
        Err(ChainError::SelfSigned)
    );
    // A CA whose key usage is signing certificates does not sign requests.
    let root = root();
    assert_eq!(
        outcome(&[&root], &chosen(&root), now(), Profile::Reader),
        Err(ChainError::KeyUsage)
    );
}

#[test]
fn strangers_chains_are_checked_as_far_as_they_go() {
    let top = Party::self_signed(ca_params("Top", 1), key());
    let middle = top.issue(ca_params("Middle", 0), key());
    let reader = middle.issue(signer_params("Reader", READER), key());
    let check = |chain: &[&Party], now| {
        let chain: Vec<_> = chain.iter().map(|party| party.certificate.clone()).collect();
        verify_unanchored(&chain, now, Profile::Reader)
    };
    assert_eq!(check(&[&reader], now()), Ok(()));
    assert_eq!(check(&[&reader, &middle, &top], now()), Ok(()));
    assert_eq!(check(&[&reader, &top], now()), Err(ChainError::UnknownIssuer));
    assert_eq!(check(&[&top, &reader], now()), Err(ChainError::KeyUsage));
    assert_eq!(
        check(&[&reader, &middle], at("2027-01-01T00:00:01Z")),
        Err(ChainError::Expired)
    );
    let lone = Party::self_signed(signer_params("Lone", READER), key());
    assert_eq!(check(&[&lone], now()), Err(ChainError::SelfSigned));
}

#[test]
fn unknown_critical_extensions_are_refused() {
    let root = root();
    let with_extension = |critical| {
        let mut params = signer_params("Signer", DOCUMENT_SIGNER);
        let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0]);
        extension.set_criticality(critical);
        params.custom_extensions = vec![extension];
        root.issue(params, key())
    };
    let anchors = anchors(&root, Role::Issuer);
    assert_eq!(outcome(&[&with_extension(false)], &anchors, now(), STRICT), Ok(()));
    assert_eq!(
        outcome(&[&with_extension(true)], &anchors, now(), STRICT),
        Err(ChainError::UnknownCriticalExtension)
    );
}

#[test]
fn an_authority_with_name_constraints_is_not_believed() {
    // NameConstraints with one permitted dNSName; critical or not (RFC 5280, 4.2.1.10).
    let content = vec![
        0x30, 0x0c, 0xa0, 0x0a, 0x30, 0x08, 0x82, 0x06, b'a', b'.', b't', b'e', b's', b't',
    ];
    for critical in [true, false] {
        let mut params = ca_params("Root", 0);
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 30], content.clone());
        extension.set_criticality(critical);
        params.custom_extensions = vec![extension];
        let root = Party::self_signed(params, key());
        let signer = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
        assert_eq!(
            outcome(&[&signer], &anchors(&root, Role::Issuer), now(), STRICT),
            Err(ChainError::UnknownCriticalExtension)
        );
    }
}

#[test]
fn a_key_that_may_not_sign_is_refused() {
    let root = root();
    let mut params = signer_params("Signer", DOCUMENT_SIGNER);
    params.key_usages = vec![KeyUsagePurpose::KeyAgreement];
    let signer = root.issue(params, key());
    assert_eq!(
        outcome(&[&signer], &anchors(&root, Role::Issuer), now(), STRICT),
        Err(ChainError::KeyUsage)
    );
}
