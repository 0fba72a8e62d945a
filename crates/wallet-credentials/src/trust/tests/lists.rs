//! The signed lists.

use super::*;
use crate::claim::ClaimPath;
use crate::trust::lists::{ListEntry, MAX_LIST_BYTES};

pub(super) const ISS: &str = "https://lists.example";

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

pub(super) fn list<E>(entries: Vec<E>) -> SignedList<E> {
    SignedList {
        iss: ISS.into(),
        iat: now(),
        exp: at("2026-07-01T00:00:00Z"),
        sequence: 7,
        entries,
    }
}

fn state(sequence: u64) -> ListState {
    ListState {
        iss: ISS.into(),
        sequence,
        sha256: [0; 32],
    }
}

pub(super) fn list_signer(root: &Party) -> Party {
    root.issue(signer_params("Lists", &[1, 3, 6, 1, 5, 5, 7, 3, 4]), key())
}

pub(super) fn issuer_entry(issuer: &Party) -> TrustListEntry {
    TrustListEntry {
        name: words(
            "Driver and Vehicle Licensing Agency",
            "Asiantaeth Trwyddedu Gyrwyr a Cherbydau",
        ),
        role: Role::Issuer,
        certificates: vec![issuer.certificate.clone()],
        document_types: vec!["org.iso.18013.5.1.mDL".into()],
        speaks_for: Vec::new(),
        revocations: Vec::new(),
        signs_metadata: false,
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

/// A right list, and the anchors it verifies with.
pub(super) fn signed_example() -> (TrustAnchors, String) {
    let root = root();
    let signer = list_signer(&root);
    let text = list(vec![issuer_entry(&root)])
        .sign(&signer.signing_key(), std::slice::from_ref(&signer.certificate))
        .unwrap();
    (anchors(&root, Role::ListSigner), text)
}

/// Any bytes, signed as a trust list.
pub(super) fn signed_payload(payload: &[u8]) -> (TrustAnchors, String) {
    let root = root();
    let signer = list_signer(&root);
    let text = crate::jose::SigningHeader::new("wallet-trust-list+jwt")
        .x5c(&[signer.certificate.as_der()])
        .sign(payload, &signer.signing_key())
        .unwrap();
    (anchors(&root, Role::ListSigner), text)
}

#[test]
fn lists_verify_until_a_rule_is_broken() {
    let root = root();
    let signer = list_signer(&root);
    let anchors = anchors(&root, Role::ListSigner);
    let trust_list = list(vec![issuer_entry(&root)]);
    let chain = [signer.certificate.clone()];
    let text = trust_list.sign(&signer.signing_key(), &chain).unwrap();
    let (seen, later) = (state(6), state(8));
    let context = ListContext {
        anchors: &anchors,
        iss: ISS,
        seen: Some(&seen),
        max_age: None,
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
                seen: Some(&later),
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
        seen: None,
        max_age: None,
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

#[test]
fn a_list_never_goes_back() {
    let root = root();
    let signer = list_signer(&root);
    let anchors = anchors(&root, Role::ListSigner);
    let chain = [signer.certificate.clone()];
    let mut numbered = list(vec![issuer_entry(&root)]);
    let mut sign = |sequence: u64, name: &str| {
        numbered.sequence = sequence;
        numbered.entries[0].name = words(name, name);
        numbered.sign(&signer.signing_key(), &chain).unwrap()
    };
    let take = |text: &str, seen: Option<&ListState>| {
        let context = ListContext {
            anchors: &anchors,
            iss: ISS,
            seen,
            max_age: None,
        };
        TrustList::verify_next(text, context, now()).map(|(_, state)| state)
    };
    let (first, second, other) = (sign(7, "First"), sign(8, "Second"), sign(8, "Another second"));
    let kept = take(&first, None).unwrap();
    assert_eq!((kept.sequence, kept.iss.as_str()), (7, ISS));
    assert_eq!(take(&first, Some(&kept)), Ok(kept.clone()), "the same list again");
    let newer = take(&second, Some(&kept)).unwrap();
    assert_eq!(newer.sequence, 8);
    assert_eq!(take(&first, Some(&newer)), Err(ListError::OlderThanSeen));
    assert_eq!(take(&other, Some(&newer)), Err(ListError::SequenceReused));
    // What another issuer counted says nothing.
    let elsewhere = ListState {
        iss: "https://other.example".into(),
        ..newer
    };
    assert!(take(&first, Some(&elsewhere)).is_ok());
    assert_eq!(take(&sign(1 << 53, "Too high"), None), Err(ListError::Malformed));
}

#[test]
fn a_list_ages_whatever_it_says_of_its_end() {
    let root = root();
    let signer = list_signer(&root);
    let anchors = anchors(&root, Role::ListSigner);
    let mut eternal = list(vec![issuer_entry(&root)]);
    eternal.exp = at("2099-01-01T00:00:00Z");
    let chain = [signer.certificate.clone()];
    let text = eternal.sign(&signer.signing_key(), &chain).unwrap();
    let outcome = |days: u64, now| {
        let context = ListContext {
            anchors: &anchors,
            iss: ISS,
            seen: None,
            max_age: Some(std::time::Duration::from_secs(days * 24 * 60 * 60)),
        };
        TrustList::verify(&text, context, now).err()
    };
    assert_eq!(outcome(30, at("2026-07-01T00:00:00Z")), None);
    assert_eq!(outcome(30, at("2026-07-01T00:00:01Z")), Some(ListError::TooOld));
    let long = "x".repeat(MAX_LIST_BYTES + 1);
    let context = ListContext {
        anchors: &anchors,
        iss: ISS,
        seen: None,
        max_age: None,
    };
    assert_eq!(
        TrustList::verify(&long, context, now()).err(),
        Some(ListError::TooLarge)
    );
}

/// Changes an entry.
type Change<'c, E> = &'c dyn Fn(&mut E);

/// The outcome of a list of these entries.
fn shape<E: ListEntry>(entries: Vec<E>) -> Option<ListError> {
    let root = root();
    let signer = list_signer(&root);
    let anchors = anchors(&root, Role::ListSigner);
    let text = list(entries)
        .sign(&signer.signing_key(), std::slice::from_ref(&signer.certificate))
        .unwrap();
    let context = ListContext {
        anchors: &anchors,
        iss: ISS,
        seen: None,
        max_age: None,
    };
    SignedList::<E>::verify(&text, context, now()).err()
}

#[test]
fn each_rule_of_a_register_entry() {
    let root = root();
    let service = root.issue(signer_params("Corner Shop", READER), key());
    let right = service_entry(&service);
    assert_eq!(shape(vec![right.clone()]), None);
    let changed = |change: Change<'_, RegisterEntry>| {
        let mut entry = right.clone();
        change(&mut entry);
        shape(vec![entry])
    };
    let cases: [(Change<'_, RegisterEntry>, ShapeError); 14] = [
        (&|entry| entry.legal_name.clear(), ShapeError::EmptyText),
        (&|entry| entry.trading_name = "\u{202e}".into(), ShapeError::EmptyText),
        (&|entry| entry.intermediary = Some(" ".into()), ShapeError::EmptyText),
        (&|entry| entry.cert_sha256.clear(), ShapeError::NoCertificate),
        (
            &|entry| entry.cert_sha256 = (0..=50).map(|n| CertificateHash([n; 32])).collect(),
            ShapeError::TooMany,
        ),
        (
            &|entry| entry.cert_sha256 = vec![CertificateHash([1; 32]); 2],
            ShapeError::NamedTwice,
        ),
        (
            &|entry| entry.privacy_url = "http://shop.example".into(),
            ShapeError::PrivacyNotice,
        ),
        (
            &|entry| entry.privacy_url = "on request".into(),
            ShapeError::PrivacyNotice,
        ),
        (&|entry| entry.contact.clear(), ShapeError::EmptyText),
        (&|entry| entry.purposes.clear(), ShapeError::AllowsNothing),
        (&|entry| entry.purposes[0].allowed.clear(), ShapeError::AllowsNothing),
        (&|entry| entry.purposes[1].id = "age".into(), ShapeError::NamedTwice),
        (
            &|entry| entry.purposes[0].category = "two words".into(),
            ShapeError::Identifier,
        ),
        (
            &|entry| entry.purposes[0].allowed = vec![entry.purposes[0].allowed[0].clone(); 501],
            ShapeError::TooMany,
        ),
    ];
    for (number, (change, error)) in cases.into_iter().enumerate() {
        assert_eq!(changed(change), Some(ListError::Entry(error)), "case {number}");
    }
    let twice = vec![right.clone(), right];
    assert_eq!(shape(twice), Some(ListError::Entry(ShapeError::NamedTwice)));
}

#[test]
fn each_rule_of_a_trust_list_entry() {
    let root = root();
    let right = issuer_entry(&root);
    let changed = |change: Change<'_, TrustListEntry>| {
        let mut entry = right.clone();
        change(&mut entry);
        shape(vec![entry])
    };
    let cases: [(Change<'_, TrustListEntry>, ShapeError); 6] = [
        (&|entry| entry.name.en.clear(), ShapeError::EmptyText),
        (&|entry| entry.certificates.clear(), ShapeError::NoCertificate),
        (&|entry| entry.role = Role::ListSigner, ShapeError::Role),
        (&|entry| entry.role = Role::Service, ShapeError::Role),
        (
            &|entry| entry.speaks_for = vec![CertificateHash([1; 32])],
            ShapeError::SpeaksForIssuers,
        ),
        (
            &|entry| entry.document_types = vec![String::new()],
            ShapeError::Identifier,
        ),
    ];
    for (number, (change, error)) in cases.into_iter().enumerate() {
        assert_eq!(changed(change), Some(ListError::Entry(error)), "case {number}");
    }
    // One authority may issue and say what counts, in an entry each.
    let mut status = right.clone();
    status.role = Role::Status;
    status.document_types.clear();
    status.speaks_for = vec![CertificateHash(root.certificate.sha256())];
    assert_eq!(shape(vec![right.clone(), status]), None);
    assert_eq!(
        shape(vec![right.clone(), right]),
        Some(ListError::Entry(ShapeError::NamedTwice))
    );
}
