//! X.509 and the signed lists.

use serde_json::Value;
use wallet_credentials::trust::{
    Certificate, ListContext, ListState, Profile, Register, SignedList, TrustAnchors, TrustList, verify_chain,
    verify_unanchored,
};

use crate::made;
use crate::world::{LIST_ISSUER, NOW, world};

const PROFILES: [Profile; 6] = [
    Profile::DocumentSigner { lenient: true },
    Profile::DocumentSigner { lenient: false },
    Profile::Reader,
    Profile::JwtSigner,
    Profile::StatusSigner,
    Profile::ListSigner,
];

/// One certificate, in DER or PEM.
pub fn certificate(data: &[u8]) {
    if let Ok(certificate) = Certificate::from_der(data) {
        one(&certificate);
        assert_eq!(certificate.as_der(), data);
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok(certificates) = Certificate::all_from_pem(text)
    {
        assert_eq!(Certificate::from_pem(text).ok().as_ref(), certificates.first());
        certificates.iter().for_each(one);
    }
}

fn one(certificate: &Certificate) {
    assert_eq!(Certificate::from_pem(&certificate.to_pem()).as_ref(), Ok(certificate));
    let json = serde_json::to_string(certificate).unwrap();
    assert_eq!(&serde_json::from_str::<Certificate>(&json).unwrap(), certificate);
    for name in [
        certificate.common_name(),
        certificate.organization(),
        certificate.subject_name(),
    ] {
        let hostile = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(
            !name.unwrap_or_default().chars().any(hostile),
            "a name people are shown"
        );
    }
    assert!(certificate.dns_names().len() <= 100);
    if let Ok(key) = certificate.public_key() {
        assert_eq!(certificate.verification_key(), Ok(key.into()));
    }
    assert!(!certificate.is_issued_by(&world().stranger.certificate) || known(certificate));
    judged(std::slice::from_ref(certificate));
}

/// Certificates one after the other in DER: a chain.
pub fn chain(data: &[u8]) {
    let mut rest = data;
    let mut chain = Vec::new();
    while let Some(length) = der_length(rest)
        && chain.len() < 10
    {
        let (der, after) = rest.split_at(length);
        if let Ok(certificate) = Certificate::from_der(der) {
            chain.push(certificate);
        }
        rest = after;
    }
    judged(&chain);
}

/// How long the DER element at the start is, with its header.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let (header, content) = match (*bytes.get(1)?, bytes.get(2), bytes.get(3)) {
        (length @ 0..=0x7f, ..) => (2, usize::from(length)),
        (0x81, Some(length), _) => (3, usize::from(*length)),
        (0x82, Some(high), Some(low)) => (4, usize::from(*high) << 8 | usize::from(*low)),
        _ => return None,
    };
    Some(header + content).filter(|length| *length <= bytes.len())
}

/// Whether the certificate was made by the parties of the world.
fn known(certificate: &Certificate) -> bool {
    let world = world();
    [
        &world.authority,
        &world.stranger,
        &world.issuer,
        &world.strange_issuer,
        &world.service,
        &world.lists,
    ]
    .iter()
    .any(|party| party.certificate == *certificate)
}

/// A chain leads to an anchor only with a leaf that the anchor's holder certified.
fn judged(chain: &[Certificate]) {
    for profile in PROFILES {
        if let Ok(anchor) = verify_chain(chain, &world().anchors, NOW, profile) {
            assert_eq!(anchor.certificate(), &world().authority.certificate);
            assert!(known(&chain[0]), "a leaf nobody certified");
        }
        if let Ok(anchor) = verify_chain(chain, &world().foreign_anchors, NOW, profile) {
            assert_eq!(anchor.certificate(), &world().stranger.certificate);
            assert!(
                chain[0] == world().strange_issuer.certificate,
                "a leaf the stranger did not certify"
            );
        }
        assert!(
            verify_chain(chain, &TrustAnchors::new(), NOW, profile).is_err(),
            "without anchors"
        );
        if verify_unanchored(chain, NOW, profile).is_ok() {
            assert!(chain.windows(2).all(|pair| pair[0].is_issued_by(&pair[1])));
        }
    }
    let list = made::trust_list();
    let (_, entry) = list.recognise(
        chain,
        &world().foreign_anchors,
        Profile::JwtSigner,
        Some(made::MDL),
        NOW,
    );
    assert!(entry.is_none() || known(&chain[0]));
    let register = made::register();
    let (_, entry) = register.recognise(chain, &world().foreign_anchors, NOW);
    assert!(entry.is_none() || chain[0] == world().service.certificate);
}

/// A trust list or register: the payload in JSON, signed here by the list signer. What is read is bounded and clean, and
/// reads the same when it is signed again; under other anchors, another issuer or an older sequence it is refused.
pub fn signed_list(data: &[u8]) {
    if !matches!(serde_json::from_slice(data), Ok(Value::Object(_))) {
        return;
    }
    one_list::<_>(data, "wallet-trust-list+jwt", |list: TrustList| {
        let anchors = list.anchors(NOW);
        assert!(anchors.iter().count() <= list.entries.iter().map(|entry| entry.certificates.len()).sum());
        let chain = world().issuer.chain();
        let (_, entry) = list.recognise(chain, &TrustAnchors::new(), Profile::JwtSigner, None, NOW);
        assert!(entry.is_none_or(|entry| list.entries.contains(entry)));
    });
    one_list::<_>(data, "wallet-register+jwt", |register: Register| {
        for entry in &register.entries {
            let requested: Vec<_> = entry
                .purposes
                .iter()
                .flat_map(|purpose| purpose.allowed.clone())
                .collect();
            if let Some((purpose, extra)) = entry.best_purpose(&requested) {
                assert!(extra.iter().all(|detail| requested.contains(detail)));
                assert_eq!(
                    purpose.extra(&purpose.allowed),
                    Vec::<&_>::new(),
                    "what is allowed is not extra"
                );
            }
        }
        let _ = register.recognise(world().service.chain(), &TrustAnchors::new(), NOW);
    });
}

fn one_list<E>(data: &[u8], typ: &str, then: impl FnOnce(SignedList<E>))
where
    E: wallet_credentials::trust::lists::ListEntry + PartialEq + std::fmt::Debug,
{
    let text = made::sign_list(typ, data);
    let seen = ListState {
        iss: LIST_ISSUER.to_owned(),
        sequence: 6,
        sha256: [0; 32],
    };
    let context = ListContext {
        anchors: &world().anchors,
        iss: LIST_ISSUER,
        seen: Some(&seen),
        max_age: None,
    };
    let foreign = ListContext {
        anchors: &world().foreign_anchors,
        ..context
    };
    assert!(
        SignedList::<E>::verify(&text, foreign, NOW).is_err(),
        "a stranger's anchors"
    );
    let other = ListContext {
        iss: "https://other.example",
        ..context
    };
    assert!(SignedList::<E>::verify(&text, other, NOW).is_err(), "another issuer");
    if let Ok(list) = SignedList::<E>::verify(&text, context, NOW) {
        assert!(list.sequence >= 7 && list.exp > NOW);
        let again = list.sign(&world().lists.key, world().lists.chain()).unwrap();
        let again = SignedList::<E>::verify(&again, context, NOW).expect("a list reads as it is written");
        assert!(again == list);
        then(list);
    }
}
