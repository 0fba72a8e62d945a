//! Copies of each format that differ in everything but one mark.

use serde_json::{Map, Value, json};

use super::*;
use crate::claim::ClaimPath;
use crate::crypto::{PredictableRandom, Signer, SigningKey};
use crate::jwt_vc;
use crate::mdoc::{MdocBuilder, ValidityInfo};
use crate::sd_jwt_vc;
use crate::time::Timestamp;
use crate::trust::Certificate;
use crate::trust::tests::{DOCUMENT_SIGNER, key, root, signer_params};

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

/// What a copy is made of: a number each for its key, its place, its serial and its salts.
#[derive(Clone, Copy)]
struct Made {
    key: u8,
    place: u64,
    serial: u8,
    salts: u64,
}

const FIRST: Made = Made {
    key: 2,
    place: 7,
    serial: 1,
    salts: 11,
};
const OTHER: Made = Made {
    key: 3,
    place: 8,
    serial: 2,
    salts: 12,
};

impl Made {
    fn holder(self) -> SigningKey {
        SigningKey::from_bytes(&[self.key; 32]).unwrap()
    }

    fn status(self) -> StatusReference {
        StatusReference {
            index: self.place,
            uri: "https://issuer.example/status".to_owned(),
        }
    }

    fn random(self) -> PredictableRandom {
        PredictableRandom::from_seed(self.salts)
    }
}

fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[1; 32]).unwrap()
}

fn sd_jwt(made: Made) -> LinkingMarks {
    let mut claims = Map::new();
    claims.insert("jti".to_owned(), json!(format!("urn:serial:{}", made.serial)));
    for name in ["given_name", "family_name"] {
        claims.insert(name.to_owned(), json!("Rhiannon"));
    }
    let disclosable = ["given_name", "family_name"].map(|name| ClaimPath::from_names([name]).unwrap());
    let text = sd_jwt_vc::Issuance::new("urn:example:vct", claims)
        .issued_at(NOW)
        .status(&made.status())
        .holder_key(&made.holder().public_key())
        .selectively_disclosable(disclosable)
        .sign(&issuer(), &mut made.random())
        .unwrap();
    let copy = sd_jwt_vc::SdJwtVc::parse(&text).unwrap();
    copy.dangerous_assume_verified().linking_marks()
}

fn mdoc(made: Made) -> LinkingMarks {
    let signer = root().issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    let validity = ValidityInfo {
        signed: NOW,
        valid_from: NOW,
        valid_until: Timestamp::from_unix(NOW.as_unix() + 86_400),
        expected_update: None,
    };
    let chain: [Certificate; 1] = [signer.certificate.clone()];
    let bytes = MdocBuilder::new("org.iso.18013.5.1.mDL", made.holder().public_key(), validity)
        .element("org.iso.18013.5.1", "given_name", "Rhiannon")
        .element("org.iso.18013.5.1", "family_name", "Specimen")
        .status(made.status())
        .sign(&issuer(), &chain, &mut made.random())
        .unwrap();
    let copy = IssuerSigned::parse(&bytes).unwrap();
    copy.dangerous_assume_verified().linking_marks()
}

fn jwt_vc(made: Made) -> LinkingMarks {
    let subject: Map<String, Value> = [("name".to_owned(), json!("Rhiannon"))].into_iter().collect();
    let text = jwt_vc::Issuance::new("https://issuer.example", "ExampleCredential", subject)
        .issued_at(NOW)
        .holder_key(&made.holder().public_key())
        .sign(&issuer())
        .unwrap();
    let copy = JwtVc::parse(&text).unwrap();
    copy.dangerous_assume_verified().linking_marks()
}

fn are(copies: [LinkingMarks; 2]) -> bool {
    let found = linkable(&copies);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], found[1], "of two copies both are linkable, or neither is");
    found[0]
}

#[test]
fn copies_are_linkable_by_each_thing_they_share_and_by_nothing_else() {
    for make in [sd_jwt, mdoc] {
        assert!(!are([make(FIRST), make(OTHER)]));
        for alike in [
            Made {
                key: FIRST.key,
                ..OTHER
            },
            Made {
                place: FIRST.place,
                ..OTHER
            },
            Made {
                salts: FIRST.salts,
                ..OTHER
            },
        ] {
            assert!(are([make(FIRST), make(alike)]));
        }
    }
    // An mdoc has no serial beside its elements.
    let same_serial = Made {
        serial: FIRST.serial,
        ..OTHER
    };
    assert!(are([sd_jwt(FIRST), sd_jwt(same_serial)]));
    assert!(!are([jwt_vc(FIRST), jwt_vc(OTHER)]));
    assert!(are([
        jwt_vc(FIRST),
        jwt_vc(Made {
            key: FIRST.key,
            ..OTHER
        })
    ]));
}

#[test]
fn only_the_copies_that_share_something_are_linkable() {
    let third = Made {
        key: 4,
        place: FIRST.place,
        serial: 3,
        salts: 13,
    };
    assert_eq!(
        linkable(&[sd_jwt(FIRST), sd_jwt(OTHER), sd_jwt(third)]),
        [true, false, true]
    );
    assert_eq!(linkable(&[sd_jwt(FIRST)]), [false]);
    assert_eq!(linkable(&[]), Vec::<bool>::new());
}

#[test]
fn each_detail_that_can_be_withheld_counts_its_salt() {
    for marks in [sd_jwt(FIRST), mdoc(FIRST)] {
        let salts = marks.iter().filter(|mark| matches!(mark, LinkingMark::Salt(_)));
        assert_eq!(salts.count(), 2);
    }
}
