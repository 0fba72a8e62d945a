//! Chains made to break one rule each, and the certificates of the public vectors.

use p256::pkcs8::DecodePrivateKey;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};

use super::*;
use crate::cose::tests::hex;
use crate::crypto::SigningKey;
use crate::time::Timestamp;
use crate::vectors;

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

const STRICT: Profile = Profile::DocumentSigner { lenient: false };
const LENIENT: Profile = Profile::DocumentSigner { lenient: true };

fn outcome(chain: &[&Party], anchors: &TrustAnchors, now: Timestamp, profile: Profile) -> Result<(), ChainError> {
    let chain: Vec<_> = chain.iter().map(|party| party.certificate.clone()).collect();
    verify_chain(&chain, anchors, now, profile).map(drop)
}

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

proptest::proptest! {
    #[test]
    fn arbitrary_bytes_are_no_certificate_and_never_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        proptest::prop_assert!(Certificate::from_der(&bytes).is_err());
    }
}

// The signed lists.

use crate::claim::ClaimPath;

const ISS: &str = "https://lists.example";

fn words(en: &str, cy: &str) -> LocalizedText {
    LocalizedText {
        en: en.into(),
        cy: Some(cy.into()),
    }
}

fn detail(document_type: &str, path: &[&str]) -> Detail {
    Detail {
        document_type: document_type.into(),
        path: ClaimPath::from_names(path.iter().copied()).unwrap(),
    }
}

fn list<E>(entries: Vec<E>) -> SignedList<E> {
    SignedList {
        iss: ISS.into(),
        iat: now(),
        exp: at("2026-07-01T00:00:00Z"),
        sequence: 7,
        entries,
    }
}

fn list_signer(root: &Party) -> Party {
    root.issue(signer_params("Lists", &[1, 3, 6, 1, 5, 5, 7, 3, 4]), key())
}

fn issuer_entry(issuer: &Party) -> TrustListEntry {
    TrustListEntry {
        name: words(
            "Driver and Vehicle Licensing Agency",
            "Asiantaeth Trwyddedu Gyrwyr a Cherbydau",
        ),
        role: Role::Issuer,
        certificates: vec![issuer.certificate.clone()],
        document_types: vec!["org.iso.18013.5.1.mDL".into()],
        speaks_for: Vec::new(),
        valid_until: at("2026-12-31T00:00:00Z"),
        withdrawn_at: None,
    }
}

fn service_entry(service: &Party) -> RegisterEntry {
    let purpose = |id: &str, allowed: Vec<Detail>| Purpose {
        id: id.into(),
        category: "age_check".into(),
        text: words("To check your age", "I wirio eich oed"),
        lawful_basis: "legal obligation".into(),
        retention: words("Not kept", "Heb ei gadw"),
        allowed,
    };
    RegisterEntry {
        legal_name: "Corner Shop Limited".into(),
        trading_name: "Corner Shop".into(),
        intermediary: None,
        cert_sha256: vec![CertificateHash(service.certificate.sha256())],
        valid_until: at("2026-12-31T00:00:00Z"),
        withdrawn_at: None,
        purposes: vec![
            purpose("age", vec![detail("mDL", &["ns", "age_over_18"])]),
            purpose(
                "delivery",
                vec![
                    detail("mDL", &["ns", "age_over_18"]),
                    detail("mDL", &["ns", "resident_address"]),
                ],
            ),
        ],
        privacy_url: "https://shop.example/privacy".into(),
        contact: "shop@example.com".into(),
    }
}

#[test]
fn lists_verify_until_a_rule_is_broken() {
    let root = root();
    let signer = list_signer(&root);
    let anchors = anchors(&root, Role::ListSigner);
    let trust_list = list(vec![issuer_entry(&root)]);
    let chain = [signer.certificate.clone()];
    let text = trust_list.sign(&signer.signing_key(), &chain).unwrap();
    let context = ListContext {
        anchors: &anchors,
        iss: ISS,
        last_sequence: Some(7),
    };
    assert_eq!(TrustList::verify(&text, context, now()), Ok(trust_list.clone()));

    let refused = |context, now| TrustList::verify(&text, context, now).err();
    assert_eq!(
        refused(
            ListContext {
                iss: "https://other.example",
                ..context
            },
            now()
        ),
        Some(ListError::Issuer)
    );
    assert_eq!(
        refused(
            ListContext {
                last_sequence: Some(8),
                ..context
            },
            now()
        ),
        Some(ListError::OlderThanSeen)
    );
    assert_eq!(refused(context, at("2026-07-01T00:00:00Z")), Some(ListError::Expired));
    assert_eq!(
        refused(context, at("2026-05-31T23:54:59Z")),
        Some(ListError::IssuedInFuture)
    );
    let nobody = TrustAnchors::new();
    let untrusted = ListContext {
        anchors: &nobody,
        ..context
    };
    assert_eq!(
        refused(untrusted, now()),
        Some(ListError::Signer(ChainError::UnknownIssuer))
    );
    assert_eq!(Register::verify(&text, context, now()), Err(ListError::Type));

    let other_key = trust_list.sign(&root.signing_key(), &chain).unwrap();
    assert!(matches!(
        TrustList::verify(&other_key, context, now()),
        Err(ListError::Jws(_))
    ));
    let no_chain = trust_list.sign(&signer.signing_key(), &[]).unwrap();
    assert!(TrustList::verify(&no_chain, context, now()).is_err());
}

#[test]
fn issuers_are_recognised_by_their_certificates() {
    let (listed, private, stranger) = (root(), root(), root());
    let issue = |party: &Party| vec![party.issue(signer_params("Signer", DOCUMENT_SIGNER), key()).certificate];
    let added = anchors(&private, Role::Issuer);
    let mut trust_list = list(vec![issuer_entry(&listed)]);
    let recognise = |list: &TrustList, chain: &[Certificate], document_type: &str, now| {
        list.recognise(chain, &added, STRICT, Some(document_type), now).0
    };
    let mdl = "org.iso.18013.5.1.mDL";
    let chain = issue(&listed);
    assert_eq!(recognise(&trust_list, &chain, mdl, now()), Recognition::Recognised);
    assert_eq!(
        recognise(&trust_list, &chain, "another.type", now()),
        Recognition::NotListed
    );
    assert_eq!(
        recognise(&trust_list, &issue(&private), mdl, now()),
        Recognition::AddedByYou
    );
    assert_eq!(
        recognise(&trust_list, &issue(&stranger), mdl, now()),
        Recognition::NotListed
    );
    assert_eq!(
        recognise(&trust_list, &chain, mdl, at("2026-12-31T00:00:01Z")),
        Recognition::Withdrawn
    );
    assert!(trust_list.anchors(now()).iter().count() == 1);
    trust_list.entries[0].withdrawn_at = Some(now());
    assert_eq!(recognise(&trust_list, &chain, mdl, now()), Recognition::Withdrawn);
    assert!(trust_list.anchors(now()).is_empty());
}

#[test]
fn services_are_recognised_and_judged_by_what_they_registered() {
    let root = root();
    let service = root.issue(signer_params("Corner Shop", READER), key());
    let stranger = root.issue(signer_params("Stranger", READER), key());
    let mut register = list(vec![service_entry(&service)]);
    let signer = list_signer(&root);
    let text = register
        .sign(&signer.signing_key(), std::slice::from_ref(&signer.certificate))
        .unwrap();
    let list_anchors = anchors(&root, Role::ListSigner);
    let context = ListContext {
        anchors: &list_anchors,
        iss: ISS,
        last_sequence: None,
    };
    assert_eq!(Register::verify(&text, context, now()), Ok(register.clone()));

    let (added, nobody) = (anchors(&root, Role::Service), TrustAnchors::new());
    let chain = |party: &Party| vec![party.certificate.clone()];
    let (recognition, entry) = register.recognise(&chain(&service), &nobody, now());
    assert_eq!(recognition, Recognition::Recognised);
    let entry = entry.unwrap();
    assert_eq!(entry.trading_name, "Corner Shop");
    assert_eq!(
        register.recognise(&chain(&stranger), &nobody, now()).0,
        Recognition::NotListed
    );
    assert_eq!(
        register.recognise(&chain(&stranger), &added, now()).0,
        Recognition::AddedByYou
    );
    assert_eq!(
        register
            .recognise(&chain(&service), &nobody, at("2027-01-01T00:00:01Z"))
            .0,
        Recognition::NotListed
    );

    let asked = [
        detail("mDL", &["ns", "age_over_18"]),
        detail("mDL", &["ns", "birth_place"]),
    ];
    let (purpose, extra) = entry.best_purpose(&asked).unwrap();
    assert_eq!((purpose.id.as_str(), extra), ("age", vec![&asked[1]]));
    let asked = [detail("mDL", &["ns", "resident_address"])];
    assert_eq!(
        entry
            .best_purpose(&asked)
            .map(|(purpose, extra)| (purpose.id.as_str(), extra.len())),
        Some(("delivery", 0))
    );
    let elsewhere = [detail("passport", &["ns", "age_over_18"])];
    assert_eq!(entry.purpose("age").unwrap().extra(&elsewhere).len(), 1);

    register.entries[0].withdrawn_at = Some(now());
    assert_eq!(
        register.recognise(&chain(&service), &added, now()).0,
        Recognition::Withdrawn
    );
}

#[test]
fn texts_of_lists_are_plain() {
    let text: LocalizedText = serde_json::from_str(r#"{"en":"a\u202eb\nc"}"#).unwrap();
    assert_eq!((text.en.as_str(), text.cy_or_en()), ("abc", "abc"));
}
