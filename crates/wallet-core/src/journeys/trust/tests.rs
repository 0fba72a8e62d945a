//! Whose status lists count for whose documents; who vouches for services.

use std::time::Duration;

use p256::pkcs8::DecodePrivateKey as _;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, KeyUsagePurpose};
use serde_json::{Map, json};
use wallet_credentials::crypto::{PredictableRandom, Signer as _, SigningKey};
use wallet_credentials::jose::SigningHeader;
use wallet_credentials::sd_jwt_vc::Issuance;
use wallet_credentials::status::{
    Lifetime, StatusError, StatusListBuilder, StatusListExpectation, StatusSize, StatusType,
};
use wallet_credentials::trust::{ChainError, SignedList, TrustAnchor, TrustListEntry};
use wallet_protocols::openid4vp::{ClientId, VerifierIdentity};

use super::*;
use crate::journeys::lists::Listed;
use crate::store::documents::DocumentFormat;

const URI: &str = "https://status.example.org/lists/1";
const NOW: Timestamp = Timestamp::from_unix(1_795_564_800);

/// An authority and a signer under it.
struct Party {
    authority: Certificate,
    signer: Certificate,
    key: SigningKey,
}

impl Party {
    fn new(name: &str) -> Self {
        let params = |name: &str| {
            let mut params = CertificateParams::default();
            params.distinguished_name = rcgen::DistinguishedName::new();
            params.distinguished_name.push(DnType::CommonName, name);
            params.use_authority_key_identifier_extension = true;
            params
        };
        let (mut root, root_key) = (params(name), KeyPair::generate().unwrap());
        root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        root.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let (mut leaf, leaf_key) = (params("Signer"), KeyPair::generate().unwrap());
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let authority = root.self_signed(&root_key).unwrap();
        let signer = leaf
            .signed_by(&leaf_key, &rcgen::Issuer::from_params(&root, &root_key))
            .unwrap();
        let secret = p256::SecretKey::from_pkcs8_der(leaf_key.serialized_der()).unwrap();
        Self {
            authority: Certificate::from_der(authority.der()).unwrap(),
            signer: Certificate::from_der(signer.der()).unwrap(),
            key: SigningKey::from_bytes(&secret.to_bytes()).unwrap(),
        }
    }

    fn anchor(&self, role: AnchorRole) -> Anchor {
        anchor(role, self.authority.to_pem())
    }

    /// A document it issued.
    fn document(&self) -> Held {
        let text = Issuance::new("https://credentials.example.org/card", Map::new())
            .iss("https://issuer.example.org")
            .x5c(&[self.signer.as_der()])
            .sign(&self.key, &mut PredictableRandom::from_seed(1))
            .unwrap();
        Held::from_store(DocumentFormat::SdJwtVc, text.as_bytes()).unwrap()
    }

    /// A status list it signed.
    fn list(&self) -> Vec<u8> {
        sign(&self.key, SigningHeader::new("").x5c(&[self.signer.as_der()]))
    }
}

fn anchor(role: AnchorRole, material: String) -> Anchor {
    Anchor {
        id: material.clone(),
        role,
        material,
        subject: String::new(),
        not_after: None,
        added_at: jiff::Timestamp::UNIX_EPOCH,
        sandbox: false,
    }
}

/// The third of eight is revoked.
fn sign(key: &SigningKey, header: SigningHeader) -> Vec<u8> {
    let mut list = StatusListBuilder::new(StatusSize::One, 8).unwrap();
    list.set(3, StatusType::Invalid).unwrap();
    let lifetime = Lifetime {
        validity: Duration::from_secs(3600),
        time_to_live: Duration::from_secs(60),
    };
    list.sign(URI, NOW, lifetime, header, key).unwrap().into_bytes()
}

/// A trust list with this issuer on it.
fn listing(issuer: &Party) -> Lists {
    let entry = TrustListEntry {
        name: LocalizedText {
            en: "Listed".to_owned(),
            cy: None,
        },
        role: Role::Issuer,
        certificates: vec![issuer.authority.clone()],
        document_types: Vec::new(),
        speaks_for: Vec::new(),
        revocations: Vec::new(),
        signs_metadata: false,
        valid_until: NOW.plus(Duration::from_secs(3600)),
        withdrawn_at: None,
    };
    let list = SignedList {
        iss: String::new(),
        iat: NOW,
        exp: NOW.plus(Duration::from_secs(3600)),
        sequence: 1,
        entries: vec![entry],
    };
    Lists {
        trust_list: Some(Listed { list, fetched_at: None }),
        register: None,
    }
}

/// What the wallet makes of this list for this document: `None` where nobody may speak.
fn read(trust: &Trust, document: &Held, list: &[u8]) -> Option<Result<StatusType, StatusError>> {
    let source = trust.status_source(document, NOW)?;
    let token = StatusListToken::parse(list).unwrap();
    let key = source.key(&token)?;
    let expected = StatusListExpectation {
        signers: key.signers(),
        uri: URI,
    };
    Some(token.verify(expected, NOW).and_then(|token| token.status_at(3)))
}

#[test]
fn a_status_list_counts_for_the_documents_of_whom_it_speaks_for() {
    let (listed, added, other, status, stranger) = (
        Party::new("Listed"),
        Party::new("Added"),
        Party::new("Other"),
        Party::new("Status"),
        Party::new("Stranger"),
    );
    let anchors = [
        added.anchor(AnchorRole::Issuer),
        other.anchor(AnchorRole::Issuer),
        status.anchor(AnchorRole::Status),
    ];
    let trust = Trust::of(&anchors, listing(&listed), NOW);
    let revoked = Some(Ok(StatusType::Invalid));
    let nobody = Some(Err(StatusError::Signer(ChainError::UnknownIssuer)));
    // Each issuer for its own; what the person added for status speaks for the issuers the person added.
    assert_eq!(read(&trust, &listed.document(), &listed.list()), revoked);
    assert_eq!(read(&trust, &added.document(), &added.list()), revoked);
    assert_eq!(read(&trust, &added.document(), &status.list()), revoked);
    assert_eq!(read(&trust, &listed.document(), &status.list()), nobody);
    // No issuer for another's, however trusted both are.
    assert_eq!(read(&trust, &listed.document(), &added.list()), nobody);
    assert_eq!(read(&trust, &added.document(), &listed.list()), nobody);
    assert_eq!(read(&trust, &added.document(), &other.list()), nobody);
    // Nobody speaks for a stranger, the stranger included.
    assert_eq!(read(&trust, &stranger.document(), &stranger.list()), None);
    assert_eq!(read(&trust, &listed.document(), &stranger.list()), nobody);
}

#[test]
fn a_did_speaks_for_itself_and_for_what_the_person_added() {
    let (listed, added) = (Party::new("Listed"), Party::new("Added"));
    let key = SigningKey::from_bytes(&[7; 32]).unwrap();
    let jwk = serde_json::to_vec(&key.public_key().to_jwk()).unwrap();
    let did = format!("did:jwk:{}", wallet_credentials::jose::base64url::encode(&jwk));
    let list = sign(&key, SigningHeader::new("").kid(&format!("{did}#0")));
    let own = Issuance::new(
        "https://credentials.example.org/card",
        Map::from_iter([("name".into(), json!("A"))]),
    )
    .iss(&did)
    .kid(&format!("{did}#0"))
    .sign(&key, &mut PredictableRandom::from_seed(2))
    .unwrap();
    let own = Held::from_store(DocumentFormat::SdJwtVc, own.as_bytes()).unwrap();
    let trust = |anchors: &[Anchor]| Trust::of(anchors, listing(&listed), NOW);
    let revoked = Some(Ok(StatusType::Invalid));

    let as_issuer = trust(&[anchor(AnchorRole::Issuer, did.clone())]);
    assert_eq!(read(&as_issuer, &own, &list), revoked);
    assert_eq!(read(&trust(&[]), &own, &list), None);
    let as_status = trust(&[
        anchor(AnchorRole::Status, did.clone()),
        added.anchor(AnchorRole::Issuer),
    ]);
    assert_eq!(read(&as_status, &added.document(), &list), revoked);
    // A listed issuer's documents are none of its business: it has no certificate that leads anywhere.
    assert_eq!(
        read(&as_status, &listed.document(), &list),
        Some(Err(StatusError::Signer(ChainError::Empty)))
    );
    let unrelated = trust(&[anchor(AnchorRole::Issuer, did), added.anchor(AnchorRole::Issuer)]);
    assert_eq!(read(&unrelated, &added.document(), &list), None);
}

#[test]
fn a_service_that_is_vouched_for_is_known_by_who_vouches() {
    let (listed, added, stranger) = (Party::new("Listed"), Party::new("Added"), Party::new("Stranger"));
    let client_id = ClientId::parse("verifier_attestation:shop.example").unwrap();
    let known = |trust: &Trust, attester: &Party| {
        let identity = VerifierIdentity::Attested {
            issuer: "attester.example".to_owned(),
            chain: vec![attester.signer.clone()],
            trusted_by: TrustAnchor::authority(attester.authority.clone(), Role::VerifierAttestation),
            key: attester.key.public_key().into(),
        };
        let (known, entry) = trust.verifier(&client_id, &identity, Language::En, NOW);
        assert!(entry.is_none(), "nobody registered what it may ask for");
        assert_eq!(known.name.as_deref(), Some("shop.example"));
        assert_eq!(
            trust.knows_verifier(&client_id, &identity, NOW),
            known.recognition != RecognitionView::NotListed
        );
        (known.recognition, known.vouched_by)
    };
    // That somebody issues documents, or asks for details, does not make them one who vouches.
    let trust = Trust::of(
        &[
            added.anchor(AnchorRole::VerifierAttestation),
            stranger.anchor(AnchorRole::Issuer),
            stranger.anchor(AnchorRole::Service),
        ],
        listing(&listed),
        NOW,
    );
    assert_eq!(
        known(&trust, &added),
        (RecognitionView::AddedByYou, Some("Signer".to_owned()))
    );
    assert_eq!(known(&trust, &stranger), (RecognitionView::NotListed, None));
    assert_eq!(known(&trust, &listed), (RecognitionView::NotListed, None));
    assert_eq!(
        known(&Trust::of(&[], Lists::none(), NOW), &added),
        (RecognitionView::NotListed, None)
    );
}
