//! mdoc with an implementation that is not ours, the `isomdl` crate, in both directions: it issues and we hold and verify,
//! we issue and it reads; its reader meets our holder, our reader meets its device, in encrypted sessions.
//!
//! `cargo test --manifest-path tests/peers/Cargo.toml`

#![expect(clippy::unwrap_used, reason = "a test: what fails, fails it")]

use std::collections::BTreeMap;

use coset::iana::Algorithm;
use isomdl::definitions::device_request::{DataElements, Namespaces as RequestedNamespaces};
use isomdl::definitions::helpers::NonEmptyMap;
use isomdl::definitions::issuer_signed::IssuerSigned as PeerIssuerSigned;
use isomdl::definitions::x509::X5Chain;
use isomdl::definitions::x509::trust_anchor::{PemTrustAnchor, TrustAnchorRegistry, TrustPurpose};
use isomdl::definitions::{
    CoseKey, DeviceKeyInfo, DigestAlgorithm, EC2Curve, EC2Y, SessionEstablishment, ValidityInfo as PeerValidity,
};
use isomdl::issuance::Mdoc;
use isomdl::presentation::authentication::AuthenticationStatus;
use isomdl::presentation::{device, reader};
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DnType, IsCa, Issuer, KeyIdMethod,
    KeyPair, KeyUsagePurpose,
};
use sha1::{Digest as _, Sha1};
use time::OffsetDateTime;
use wallet_credentials::crypto::{AgreementKey, PredictableRandom, PublicKey, Signer, SigningKey};
use wallet_credentials::mdoc::{
    BleOptions, DeviceEngagement, DeviceRequest, DeviceRequestBuilder, DeviceResponse, DeviceResponseContext,
    ElementValue, Handover, HolderSession, IssuerSigned, MdocBuilder, MdocError, ReaderSession, RequestedElement,
    RetrievalMethod, SessionStatus, ValidityInfo,
};
use wallet_credentials::time::{CivilDate, Timestamp};
use wallet_credentials::trust::{Certificate, Role, TrustAnchor, TrustAnchors};
use wallet_credentials::verified::Verified;

const MDL: &str = "org.iso.18013.5.1.mDL";
const ISO: &str = "org.iso.18013.5.1";

/// DER of the extended key usages of document signers and readers.
const DOCUMENT_SIGNER: [u8; 11] = [0x30, 0x09, 0x06, 0x07, 0x28, 0x81, 0x8c, 0x5d, 0x05, 0x01, 0x02];
const READER: [u8; 11] = [0x30, 0x09, 0x06, 0x07, 0x28, 0x81, 0x8c, 0x5d, 0x05, 0x01, 0x06];

/// isomdl reads the clock itself.
fn now() -> Timestamp {
    Timestamp::from_unix(OffsetDateTime::now_utc().unix_timestamp())
}

/// A certificate that follows ISO/IEC 18013-5:2021, Annex B, on which isomdl insists, and its key.
struct Party {
    key: KeyPair,
    params: CertificateParams,
    der: Vec<u8>,
    pem: String,
}

impl Party {
    fn params(name: &str, key: &KeyPair) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CountryName, "GB");
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = OffsetDateTime::now_utc() - time::Duration::days(30);
        params.not_after = OffsetDateTime::now_utc() + time::Duration::days(400);
        params.use_authority_key_identifier_extension = true;
        params.key_identifier_method = KeyIdMethod::PreSpecified(Sha1::digest(key.public_key_raw()).to_vec());
        params.crl_distribution_points = vec![CrlDistributionPoint {
            uris: vec!["https://iaca.example.org/crl".to_owned()],
        }];
        // issuerAltName: a URI.
        let uri = b"https://iaca.example.org";
        let length = u8::try_from(uri.len()).unwrap();
        let name = [&[0x30, length + 2, 0x86, length], uri.as_slice()].concat();
        params.custom_extensions.push(CustomExtension::from_oid_content(&[2, 5, 29, 18], name));
        params
    }

    fn authority(name: &str) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = Self::params(name, &key);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let made = params.self_signed(&key).unwrap();
        Self {
            der: made.der().to_vec(),
            pem: made.pem(),
            key,
            params,
        }
    }

    fn certify(&self, name: &str, purpose: [u8; 11]) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = Self::params(name, &key);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let mut usage = CustomExtension::from_oid_content(&[2, 5, 29, 37], purpose.to_vec());
        usage.set_criticality(true);
        params.custom_extensions.push(usage);
        let identifier = [&[0x04, 20], Sha1::digest(key.public_key_raw()).as_slice()].concat();
        params.custom_extensions.push(CustomExtension::from_oid_content(&[2, 5, 29, 14], identifier));
        let issuer = Issuer::from_params(&self.params, &self.key);
        let made = params.signed_by(&key, &issuer).unwrap();
        Self {
            der: made.der().to_vec(),
            pem: made.pem(),
            key,
            params,
        }
    }

    fn signing_key(&self) -> SigningKey {
        use p256::pkcs8::DecodePrivateKey as _;
        let secret = p256::SecretKey::from_pkcs8_der(self.key.serialized_der()).unwrap();
        SigningKey::from_bytes(&secret.to_bytes()).unwrap()
    }

    fn certificate(&self) -> Certificate {
        Certificate::from_der(&self.der).unwrap()
    }

    /// This authority as our only anchor.
    fn trusted(&self, role: Role) -> TrustAnchors {
        [TrustAnchor::from_certificate(self.certificate(), role)].into_iter().collect()
    }

    /// This authority as isomdl's only anchor.
    fn registry(&self, purpose: TrustPurpose) -> TrustAnchorRegistry {
        let anchor = PemTrustAnchor {
            certificate_pem: self.pem.clone(),
            purpose,
        };
        TrustAnchorRegistry::from_pem_certificates(vec![anchor]).unwrap()
    }
}

struct World {
    authority: Party,
    signer: Party,
    holder: SigningKey,
}

impl World {
    fn new() -> Self {
        let authority = Party::authority("Test IACA");
        let signer = authority.certify("Test document signer", DOCUMENT_SIGNER);
        let holder = SigningKey::from_random(&mut PredictableRandom::from_seed(2)).unwrap();
        Self {
            authority,
            signer,
            holder,
        }
    }

    /// A licence we issue.
    fn ours(&self) -> Verified<IssuerSigned> {
        let validity = ValidityInfo {
            signed: now().minus(std::time::Duration::from_secs(60)),
            valid_from: now().minus(std::time::Duration::from_secs(60)),
            valid_until: now().plus(std::time::Duration::from_secs(86_400)),
            expected_update: None,
        };
        let bytes = MdocBuilder::new(MDL, self.holder.public_key(), validity)
            .element(ISO, "family_name", "Morgan")
            .element(ISO, "birth_date", CivilDate::parse("1976-03-11").unwrap())
            .element(ISO, "portrait", ElementValue::Bytes(vec![0xff; 300]))
            .element(ISO, "age_over_21", true)
            .sign(
                &self.signer.signing_key(),
                &[self.signer.certificate()],
                &mut PredictableRandom::from_seed(3),
            )
            .unwrap();
        let anchors = self.authority.trusted(Role::Issuer);
        IssuerSigned::parse(&bytes).unwrap().verify(&anchors, now()).unwrap()
    }

    /// A licence isomdl issues, signed with our key, for nothing else has the certificate.
    fn theirs(&self) -> Mdoc {
        let elements = BTreeMap::from([
            ("family_name".to_owned(), ciborium::Value::from("Morgan")),
            (
                "birth_date".to_owned(),
                ciborium::Value::Tag(1004, Box::new("1976-03-11".into())),
            ),
            ("portrait".to_owned(), ciborium::Value::Bytes(vec![0xff; 300])),
            ("age_over_21".to_owned(), true.into()),
        ]);
        let today = OffsetDateTime::now_utc();
        let prepared = Mdoc::builder()
            .doc_type(MDL.to_owned())
            .namespaces(BTreeMap::from([(ISO.to_owned(), elements)]))
            .validity_info(PeerValidity {
                signed: today - time::Duration::minutes(1),
                valid_from: today - time::Duration::minutes(1),
                valid_until: today + time::Duration::days(1),
                expected_update: None,
            })
            .digest_algorithm(DigestAlgorithm::SHA384)
            .device_key_info(DeviceKeyInfo {
                device_key: cose_key(&self.holder.public_key()),
                key_authorizations: None,
                key_info: None,
            })
            .enable_decoy_digests(true)
            .prepare(Algorithm::ES256)
            .unwrap();
        let chain = X5Chain::builder()
            .with_der_certificate(&self.signer.der)
            .unwrap()
            .build()
            .unwrap();
        let signature = self.signer.signing_key().sign(prepared.signature_payload()).unwrap();
        prepared.complete(chain, signature.to_vec())
    }
}

fn cose_key(key: &PublicKey) -> CoseKey {
    CoseKey::EC2 {
        crv: EC2Curve::P256,
        x: key.x().to_vec(),
        y: EC2Y::Value(key.y().to_vec()),
    }
}

/// `IssuerSigned` as isomdl encodes it.
fn encoded(mdoc: &Mdoc) -> Vec<u8> {
    isomdl::cbor::to_vec(&PeerIssuerSigned {
        namespaces: Some(mdoc.namespaces.clone()),
        issuer_auth: mdoc.issuer_auth.clone(),
    })
    .unwrap()
}

fn asked(identifier: &str) -> RequestedElement {
    RequestedElement {
        name_space: ISO.into(),
        identifier: identifier.into(),
        intent_to_retain: false,
    }
}

#[test]
fn we_hold_and_show_what_isomdl_issues() {
    let world = World::new();
    let bytes = encoded(&world.theirs());
    let anchors = world.authority.trusted(Role::Issuer);
    let held = IssuerSigned::parse(&bytes).unwrap().verify(&anchors, now()).unwrap();
    assert_eq!(held.doc_type(), MDL);
    assert_eq!(held.elements().count(), 4);
    assert_eq!(held.mso().device_key(), &world.holder.public_key());
    assert_eq!(held.element(ISO, "birth_date").unwrap().as_date(), CivilDate::parse("1976-03-11").ok());
    assert_eq!(
        held.mso().digest_algorithm(),
        Some(wallet_credentials::mdoc::DigestAlgorithm::Sha384)
    );
    // One altered byte of an element.
    let mut tampered = bytes;
    let place = tampered.windows(6).position(|window| window == b"Morgan").unwrap();
    tampered[place] = b'N';
    let refused = IssuerSigned::parse(&tampered).unwrap().verify(&anchors, now());
    assert_eq!(refused.err(), Some(MdocError::DigestMismatch));
}

#[test]
fn isomdl_reads_what_we_issue() {
    let world = World::new();
    let held = world.ours();
    let transcript = wallet_credentials::mdoc::SessionTranscript::openid4vp("client", "nonce", None, "https://rp.example");
    let wanted = [(ISO, "family_name"), (ISO, "portrait")];
    let response = held.narrow(&wanted).unwrap().sign(&transcript, &world.holder).unwrap();
    let response: isomdl::definitions::DeviceResponse = isomdl::cbor::from_slice(&response).unwrap();
    let (document, chain, values) = reader::parse(&response).unwrap();
    assert_eq!(values[ISO]["family_name"], "Morgan");
    isomdl::presentation::authentication::mdoc::issuer_authentication(chain, &document.issuer_signed).unwrap();
}

/// The reader of isomdl, and our holder with a document we issued.
#[test]
fn the_reader_of_isomdl_meets_our_holder() {
    let world = World::new();
    let device_key = AgreementKey::from_random(&mut PredictableRandom::from_seed(4)).unwrap();
    let methods = vec![RetrievalMethod::Ble(BleOptions {
        central_client_mode: true,
        central_client_uuid: Some([7; 16]),
        ..BleOptions::default()
    })];
    let engagement = DeviceEngagement::new(device_key.public_key(), methods);
    let mut elements = DataElements::new("family_name".to_owned(), true);
    elements.insert("age_over_21".to_owned(), false);
    let (mut peer, establishment, _) = reader::SessionManager::establish_session(
        engagement.to_qr(),
        RequestedNamespaces::new(ISO.to_owned(), elements),
        world.authority.registry(TrustPurpose::Iaca),
    )
    .unwrap();

    let mut holder = HolderSession::new(engagement, device_key, Handover::Qr).unwrap();
    let request = holder.receive(&establishment).unwrap().data.unwrap();
    let request = DeviceRequest::parse(&request).unwrap();
    let [document] = request.requests() else {
        panic!("one document is asked for");
    };
    assert_eq!(document.doc_type(), MDL);
    let mut names: Vec<_> = document.elements().iter().map(|one| (one.identifier.as_str(), one.intent_to_retain)).collect();
    names.sort_unstable();
    assert_eq!(names, [("age_over_21", false), ("family_name", true)]);

    let held = world.ours();
    let wanted: Vec<_> = names.iter().map(|(name, _)| (ISO, *name)).collect();
    let transcript = holder.transcript().unwrap().clone();
    let respond = |key: &SigningKey| {
        let unsigned = held.narrow(&wanted).unwrap().prepare(&transcript);
        let signature = key.sign(unsigned.to_be_signed()).unwrap();
        unsigned.finalise(&signature)
    };
    let outcome = peer.handle_response(&holder.send(&respond(&world.holder)).unwrap());
    assert_eq!(outcome.errors, BTreeMap::new());
    assert_eq!(outcome.issuer_authentication, AuthenticationStatus::Valid);
    assert_eq!(outcome.device_authentication, AuthenticationStatus::Valid);
    assert_eq!(outcome.response[ISO]["family_name"], "Morgan");
    assert_eq!(outcome.response[ISO]["age_over_21"], true);

    // In the same session it asks again, and is answered by someone without the key.
    let again = peer
        .new_request(RequestedNamespaces::new(
            ISO.to_owned(),
            DataElements::new("family_name".to_owned(), false),
        ))
        .unwrap();
    assert!(holder.receive(&again).unwrap().data.is_some());
    let thief = SigningKey::from_random(&mut PredictableRandom::from_seed(9)).unwrap();
    let outcome = peer.handle_response(&holder.send_last(&respond(&thief)).unwrap());
    assert_eq!(outcome.device_authentication, AuthenticationStatus::Invalid);
}

/// Our reader, and the device of isomdl with a document it issued.
#[test]
fn our_reader_meets_the_device_of_isomdl() {
    let world = World::new();
    let documents = NonEmptyMap::new(MDL.to_owned(), device::Document::from(world.theirs()));
    let peer = device::SessionManagerInit::initialise(documents, None, None).unwrap();
    let (peer, code) = peer.qr_engagement().unwrap();

    let reader_root = Party::authority("Test reader root");
    let reader_signer = reader_root.certify("Test reader", READER);
    let engagement = DeviceEngagement::from_qr(&code).unwrap();
    let reader_key = AgreementKey::from_random(&mut PredictableRandom::from_seed(5)).unwrap();
    let mut reader = ReaderSession::new(&engagement, &reader_key, &Handover::Qr).unwrap();
    let request = DeviceRequestBuilder::new()
        .ask_as(
            MDL,
            &[asked("family_name"), asked("birth_date")],
            reader.transcript(),
            &reader_signer.signing_key(),
            &[reader_signer.certificate()],
        )
        .unwrap()
        .encode();
    let establishment: SessionEstablishment = isomdl::cbor::from_slice(&reader.send(&request).unwrap()).unwrap();
    let registry = reader_root.registry(TrustPurpose::ReaderCa);
    let (mut peer, validated) = peer.process_session_establishment(establishment, registry).unwrap();
    assert_eq!(validated.errors, BTreeMap::new());
    assert_eq!(validated.reader_authentication, AuthenticationStatus::Valid);
    assert_eq!(validated.common_name.as_deref(), Some("Test reader"));

    let permitted = ["family_name", "birth_date"].map(str::to_owned).to_vec();
    let permitted = BTreeMap::from([(MDL.to_owned(), BTreeMap::from([(ISO.to_owned(), permitted)]))]);
    peer.prepare_response(&validated.items_request, permitted);
    let (_, payload) = peer.get_next_signature_payload().unwrap();
    let signature = world.holder.sign(payload).unwrap();
    peer.submit_next_signature(signature.to_vec()).unwrap();
    let received = reader.receive(&peer.retrieve_response().unwrap()).unwrap();
    assert!(matches!(received.status, None | Some(SessionStatus::Termination)));

    let response = received.data.unwrap();
    let anchors = world.authority.trusted(Role::Issuer);
    let context = DeviceResponseContext {
        anchors: &anchors,
        transcript: reader.transcript(),
        reader_key: Some(&reader_key),
    };
    let verified = DeviceResponse::parse(&response).unwrap().verify(context, now()).unwrap();
    let shown = verified.documents()[0].issuer_signed();
    assert_eq!(shown.elements().count(), 2);
    assert_eq!(shown.element(ISO, "family_name").unwrap().as_text(), Some("Morgan"));
    assert_eq!(shown.element(ISO, "portrait"), None);

    // What isomdl's own reader would have believed: an altered name.
    let mut tampered = response.to_vec();
    let place = tampered.windows(6).position(|window| window == b"Morgan").unwrap();
    tampered[place + 5] = b'm';
    let refused = DeviceResponse::parse(&tampered).unwrap().verify(context, now());
    assert_eq!(refused.err(), Some(MdocError::DigestMismatch));
    let elsewhere = DeviceResponseContext {
        transcript: &wallet_credentials::mdoc::SessionTranscript::openid4vp_dc_api("https://rp.example", "n", None),
        ..context
    };
    assert!(DeviceResponse::parse(&response).unwrap().verify(elsewhere, now()).is_err());
}
