//! One rule broken at a time, by an issuer, a holder or on the way: each has its own refusal.

use super::*;
use crate::cose::UnsignedSign1;
use crate::cose::cbor::Writer;
use crate::crypto::CryptoError;
use crate::trust::tests::READER;
use crate::verified::Unverified;

/// What a mobile security object says, each member as a test wants it.
pub(super) struct Mso {
    pub version: &'static str,
    pub digest_algorithm: &'static str,
    pub digests: Vec<(u64, Vec<u8>)>,
    pub device_key: Vec<u8>,
    pub key_authorizations: Option<Vec<u8>>,
    pub doc_type: &'static str,
    pub date_tag: u64,
    pub dates: [&'static str; 3],
    /// Members after the others.
    pub more: Vec<(&'static str, Vec<u8>)>,
}

/// `MobileSecurityObjectBytes` that are right, apart from what `change` does.
pub(super) fn mso(world: &World, change: impl FnOnce(&mut Mso)) -> Vec<u8> {
    let mut mso = Mso {
        version: "1.0",
        digest_algorithm: "SHA-256",
        digests: vec![(7, crate::crypto::sha256(&item(7, "a", 16)).to_vec())],
        device_key: world.device.public_key().to_cose_key(),
        key_authorizations: None,
        doc_type: MDL,
        date_tag: 0,
        dates: ["2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z", "2026-12-01T00:00:00Z"],
        more: Vec::new(),
    };
    change(&mut mso);
    let content = cbor::write(|out| mso.write(out));
    cbor::write(|out| _ = out.tagged24(&content))
}

impl Mso {
    fn write(&self, out: &mut Writer) {
        out.map(6 + self.more.len());
        out.text("version").text(self.version);
        out.text("digestAlgorithm").text(self.digest_algorithm);
        out.text("valueDigests").map(1).text(ISO).map(self.digests.len());
        for (id, digest) in &self.digests {
            out.uint(*id).bytes(digest);
        }
        out.text("deviceKeyInfo")
            .map(1 + usize::from(self.key_authorizations.is_some()));
        out.text("deviceKey").raw(&self.device_key);
        if let Some(authorizations) = &self.key_authorizations {
            out.text("keyAuthorizations").raw(authorizations);
        }
        out.text("docType").text(self.doc_type);
        out.text("validityInfo").map(3);
        for (name, date) in ["signed", "validFrom", "validUntil"].into_iter().zip(self.dates) {
            out.text(name).tag(self.date_tag).text(date);
        }
        for (name, value) in &self.more {
            out.text(name).raw(value);
        }
    }
}

/// `IssuerSignedItemBytes` with the value true.
fn item(id: u64, identifier: &str, random: usize) -> Vec<u8> {
    let content = cbor::write(|out| {
        out.map(4)
            .text("digestID")
            .uint(id)
            .text("random")
            .bytes(&vec![9; random]);
        out.text("elementIdentifier")
            .text(identifier)
            .text("elementValue")
            .bool(true);
    });
    cbor::write(|out| _ = out.tagged24(&content))
}

/// `IssuerSigned` of these items under this MSO, properly signed.
pub(super) fn signed(world: &World, items: &[(String, Vec<Vec<u8>>)], payload: Vec<u8>) -> Vec<u8> {
    let issuer_auth = UnsignedSign1::attached(payload, std::slice::from_ref(&world.signer.certificate))
        .sign(&world.signer.signing_key())
        .unwrap();
    issuer::encode(items, &issuer_auth)
}

fn outcome(world: &World, bytes: &[u8]) -> Option<MdocError> {
    IssuerSigned::parse(bytes)
        .and_then(|unverified: Unverified<_>| unverified.verify(&world.anchors, now()))
        .err()
}

fn of_items(world: &World, items: Vec<Vec<u8>>, change: impl FnOnce(&mut Mso)) -> Option<MdocError> {
    let payload = mso(world, change);
    outcome(world, &signed(world, &[(ISO.to_owned(), items)], payload))
}

/// What becomes of one good item under an MSO that was changed.
fn of_mso(world: &World, change: impl FnOnce(&mut Mso)) -> Option<MdocError> {
    of_items(world, vec![item(7, "a", 16)], change)
}

#[test]
fn every_rule_of_the_mobile_security_object_has_its_error() {
    let world = World::new();
    assert_eq!(of_mso(&world, |_| ()), None);
    assert_eq!(of_mso(&world, |mso| mso.version = "1.1"), Some(MdocError::MsoVersion));
    assert_eq!(
        of_mso(&world, |mso| mso.digest_algorithm = "MD5"),
        Some(MdocError::DigestAlgorithm)
    );
    assert_eq!(of_mso(&world, |mso| mso.digests[0].0 = 8), Some(MdocError::NoDigest));
    assert_eq!(
        of_mso(&world, |mso| mso.digests[0].1[31] ^= 1),
        Some(MdocError::DigestMismatch)
    );
    assert_eq!(of_mso(&world, |mso| mso.date_tag = 1), Some(MdocError::ValidityInfo));
    let twice = |mso: &mut Mso| mso.digests.push((7, vec![0; 32]));
    assert_eq!(of_mso(&world, twice), Some(MdocError::Cbor(CborError::DuplicateKey)));
    let again = |mso: &mut Mso| mso.more.push(("docType", vec![0x60]));
    assert_eq!(of_mso(&world, again), Some(MdocError::Cbor(CborError::DuplicateKey)));
    let unknown = |mso: &mut Mso| mso.more.push(("something", vec![0xf5]));
    assert_eq!(of_mso(&world, unknown), None, "members of later versions are ignored");
    let status = |mso: &mut Mso| mso.more.push(("status", hex("a16b7374617475735f6c697374a0")));
    assert!(matches!(of_mso(&world, status), Some(MdocError::Status(_))));
}

#[test]
fn times_are_checked_to_the_second() {
    // The signer's certificate is good from 1 January 2026 to 1 January 2027; now is 1 June.
    let world = World::new();
    let dates = |signed, from, until| of_mso(&world, |mso| mso.dates = [signed, from, until]);
    let (early, late) = ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    for (signed, from, until, expected) in [
        (early, early, late, None),
        (late, early, late, None),
        (early, "2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z", None),
        (
            "2025-12-31T23:59:59Z",
            early,
            late,
            Some(MdocError::SignedOutsideCertificate),
        ),
        (
            "2027-01-01T00:00:01Z",
            early,
            late,
            Some(MdocError::SignedOutsideCertificate),
        ),
        (early, "2026-06-01T00:00:01Z", late, Some(MdocError::NotYetValid)),
        (early, early, "2026-05-31T23:59:59Z", Some(MdocError::Expired)),
        (early, early, "tomorrow", Some(MdocError::ValidityInfo)),
        (early, "2026-13-01T00:00:00Z", late, Some(MdocError::ValidityInfo)),
    ] {
        assert_eq!(dates(signed, from, until), expected, "{signed} {from} {until}");
    }
}

#[test]
fn device_keys_that_are_none_are_refused() {
    let world = World::new();
    let key = world.device.public_key().to_cose_key();
    let mut off_curve = key.clone();
    off_curve[74] ^= 1;
    let mut with_private = key.clone();
    with_private[0] += 1;
    with_private.extend_from_slice(&[0x23, 0x41, 0x07]);
    let mut other_curve = key.clone();
    other_curve[4] = 2;
    for (key, error) in [
        (off_curve, CryptoError::InvalidPublicKey),
        (with_private, CryptoError::PrivateKeyMaterial),
        (other_curve, CryptoError::Unsupported),
        (vec![0xa0], CryptoError::InvalidPublicKey),
    ] {
        let refused = of_mso(&world, |mso| mso.device_key = key);
        assert_eq!(refused, Some(MdocError::DeviceKey(error)));
    }
}

#[test]
fn every_rule_of_the_items_has_its_error() {
    let world = World::new();
    let digest = |item: &[u8]| crate::crypto::sha256(item).to_vec();
    let short = item(7, "a", 15);
    let change = |mso: &mut Mso| mso.digests[0].1 = digest(&short);
    assert_eq!(
        of_items(&world, vec![short.clone()], change),
        Some(MdocError::ShortRandom)
    );
    let good = item(7, "a", 16);
    assert_eq!(
        of_items(&world, vec![good.clone(), good.clone()], |_| ()),
        Some(MdocError::DuplicateElement)
    );
    // Another item that claims the element, with a digest of its own.
    let rival = item(8, "a", 17);
    let both = |mso: &mut Mso| mso.digests.push((8, digest(&rival)));
    assert_eq!(
        of_items(&world, vec![good.clone(), rival.clone()], both),
        Some(MdocError::DuplicateElement)
    );
    // The tag around an item is part of what was digested, and must be 24.
    let untagged = good[2..].to_vec();
    assert_eq!(
        of_items(&world, vec![untagged], |_| ()),
        Some(MdocError::Cbor(CborError::Tag))
    );
    let other_tag = [&[0xd8, 0x19], &good[2..]].concat();
    assert_eq!(
        of_items(&world, vec![other_tag], |_| ()),
        Some(MdocError::Cbor(CborError::Tag))
    );
    let twice = cbor::write(|out| {
        out.map(5).text("digestID").uint(7).text("random").bytes(&[9; 16]);
        out.text("elementIdentifier").text("a").text("elementValue").bool(true);
        out.text("elementValue").bool(false);
    });
    let twice = cbor::write(|out| _ = out.tagged24(&twice));
    let change = |mso: &mut Mso| mso.digests[0].1 = digest(&twice);
    assert_eq!(
        of_items(&world, vec![twice.clone()], change),
        Some(MdocError::Cbor(CborError::DuplicateKey))
    );
    let incomplete = cbor::write(|out| _ = out.map(1).text("digestID").uint(7));
    let incomplete = cbor::write(|out| _ = out.tagged24(&incomplete));
    assert_eq!(
        of_items(&world, vec![incomplete], |_| ()),
        Some(MdocError::Cbor(CborError::Shape))
    );
}

#[test]
fn what_the_issuer_signed_needs_its_tags_and_its_headers() {
    let world = World::new();
    let chain = std::slice::from_ref(&world.signer.certificate);
    let key = world.signer.signing_key();
    let payload = mso(&world, |_| ());
    let of_auth = |issuer_auth: Vec<u8>| {
        let bytes = issuer::encode(&[(ISO.to_owned(), vec![item(7, "a", 16)])], &issuer_auth);
        outcome(&world, &bytes)
    };
    let sign = |payload: &[u8], chain| UnsignedSign1::attached(payload.to_vec(), chain).sign(&key).unwrap();
    assert_eq!(of_auth(sign(&payload, chain)), None);
    let tagged24 = cbor::tagged24(&mut minicbor::Decoder::new(&payload)).unwrap();
    assert_eq!(
        of_auth(sign(&tagged24.content, chain)),
        Some(MdocError::Cbor(CborError::Tag))
    );
    let mac0 = [&[0xd1], sign(&payload, chain).as_slice()].concat();
    assert_eq!(of_auth(mac0), Some(MdocError::IssuerAuth(CoseError::Tag)));
    assert_eq!(
        of_auth(sign(&payload, &[])),
        Some(MdocError::IssuerAuth(CoseError::X5Chain))
    );
    let detached = UnsignedSign1::detached(&payload, chain).sign(&key).unwrap();
    assert_eq!(of_auth(detached), Some(MdocError::IssuerAuth(CoseError::Payload)));
    let forged = UnsignedSign1::attached(payload.clone(), chain)
        .sign(&world.device)
        .unwrap();
    assert_eq!(of_auth(forged), Some(MdocError::IssuerAuth(CoseError::Invalid)));
    // Something stands where `nameSpaces` should: not the document that was sent.
    let issuer_auth = sign(&payload, chain);
    let renamed = cbor::write(|out| {
        _ = out
            .map(2)
            .text("nameSpacez")
            .map(0)
            .text("issuerAuth")
            .raw(&issuer_auth)
    });
    assert_eq!(outcome(&world, &renamed), Some(MdocError::Cbor(CborError::Shape)));
    let more = cbor::write(|out| {
        out.map(3).text("nameSpaces").map(0).text("more").null();
        out.text("issuerAuth").raw(&issuer_auth);
    });
    assert_eq!(outcome(&world, &more), None, "more than the standard says is ignored");
}

#[test]
fn every_certificate_profile_has_its_error() {
    let root = root();
    let trusted = anchors(&root, Role::Issuer);
    let of_signer = |signer: &Party, chain: &[Certificate]| {
        let world = World {
            signer: Party {
                params: signer.params.clone(),
                key: rcgen::KeyPair::try_from(signer.key.serialized_der()).unwrap(),
                certificate: signer.certificate.clone(),
            },
            ..World::new()
        };
        let issued = world
            .builder()
            .element(ISO, "a", true)
            .sign(&signer.signing_key(), chain, &mut PredictableRandom::from_seed(2))
            .unwrap();
        let held = IssuerSigned::parse(&issued).unwrap().dangerous_assume_verified();
        let response = held
            .narrow(&[(ISO, "a")])
            .unwrap()
            .sign(&world.transcript, &world.device)
            .unwrap();
        let context = DeviceResponseContext {
            anchors: &trusted,
            transcript: &world.transcript,
            reader_key: None,
        };
        // The verifier's rules, and the holder's.
        (
            DeviceResponse::parse(&response).unwrap().verify(context, now()).err(),
            IssuerSigned::parse(&issued).unwrap().verify(&trusted, now()).err(),
        )
    };
    let alone = |signer: &Party| of_signer(signer, std::slice::from_ref(&signer.certificate));
    let refused = |error| Some(MdocError::DocumentSigner(error));

    let good = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    assert_eq!(alone(&good), (None, None));
    let reader = root.issue(signer_params("Reader", READER), key());
    let wrong_purpose = refused(ChainError::ExtendedKeyUsage);
    assert_eq!(alone(&reader), (wrong_purpose, wrong_purpose));
    // Without a purpose: a holder takes what its issuer gives, a verifier insists on Annex B.
    let mut no_purpose = signer_params("Signer", DOCUMENT_SIGNER);
    no_purpose.extended_key_usages.clear();
    assert_eq!(alone(&root.issue(no_purpose, key())), (wrong_purpose, None));
    let mut no_signing = signer_params("Signer", DOCUMENT_SIGNER);
    no_signing.key_usages = vec![rcgen::KeyUsagePurpose::KeyEncipherment];
    let usage = refused(ChainError::KeyUsage);
    assert_eq!(alone(&root.issue(no_signing, key())), (usage, usage));
    let mut expired = signer_params("Signer", DOCUMENT_SIGNER);
    expired.not_after = rcgen::date_time_ymd(2026, 5, 31);
    let over = refused(ChainError::Expired);
    assert_eq!(alone(&root.issue(expired, key())), (over, over));
    let mut future = signer_params("Signer", DOCUMENT_SIGNER);
    future.not_before = rcgen::date_time_ymd(2026, 6, 2);
    let early = refused(ChainError::NotYetValid);
    assert_eq!(alone(&root.issue(future, key())), (early, early));
    let stranger = crate::trust::tests::root().issue(signer_params("Signer", DOCUMENT_SIGNER), key());
    let (verifier, holder) = alone(&stranger);
    assert!(
        [ChainError::UnknownIssuer, ChainError::Signature]
            .map(refused)
            .contains(&verifier)
            && verifier == holder,
        "{verifier:?}"
    );
    // The root travels along: a verifier refuses it, a holder does not mind.
    let with_root = [good.certificate.clone(), root.certificate.clone()];
    assert_eq!(of_signer(&good, &with_root), (refused(ChainError::AnchorInChain), None));
    // The certificate of another key than the one that signed.
    assert_eq!(
        of_signer(&reader, std::slice::from_ref(&good.certificate)).1,
        Some(MdocError::IssuerAuth(CoseError::Invalid))
    );
}

#[test]
fn the_issuing_country_is_the_one_of_the_signer() {
    let root = root();
    for (certified, stated, refused) in [
        (Some("GB"), "GB", false),
        (Some("GB"), "FR", true),
        (Some("GB"), "gb", true),
        (None, "FR", false),
    ] {
        let mut params = signer_params("Signer", DOCUMENT_SIGNER);
        if let Some(country) = certified {
            params.distinguished_name.push(rcgen::DnType::CountryName, country);
        }
        let world = World {
            signer: root.issue(params, key()),
            anchors: anchors(&root, Role::Issuer),
            ..World::new()
        };
        let builder = world.builder().element(ISO, "issuing_country", stated).element(
            "com.example.other",
            "issuing_country",
            "ZZ",
        );
        let held = world.held(&world.issue(builder));
        let shown = |wanted: &[(&str, &str)]| {
            let response = held
                .narrow(wanted)
                .unwrap()
                .sign(&world.transcript, &world.device)
                .unwrap();
            world.check(&response, now()).err()
        };
        let expected = refused.then_some(MdocError::IssuingCountry);
        assert_eq!(shown(&[(ISO, "issuing_country")]), expected, "{certified:?} {stated}");
        // Not shown, or of another name space: nothing to compare.
        assert_eq!(shown(&[]), None);
        assert_eq!(shown(&[("com.example.other", "issuing_country")]), None);
    }
}

/// A response with one device-signed element, from a document with these authorisations (CBOR).
fn with_device_element(authorizations: Option<&str>, name_space: &str, identifier: &str) -> Option<MdocError> {
    let world = World::new();
    let payload = mso(&world, |mso| mso.key_authorizations = authorizations.map(hex));
    let issued = signed(&world, &[(ISO.to_owned(), vec![item(7, "a", 16)])], payload);
    let content = cbor::write(|out| _ = out.map(1).text(name_space).map(1).text(identifier).uint(3));
    let name_spaces = cbor::write(|out| _ = out.tagged24(&content));
    let authentication = world.transcript.device_authentication_bytes(MDL, &name_spaces);
    let signature = UnsignedSign1::detached(&authentication, &[])
        .sign(&world.device)
        .unwrap();
    let response = cbor::write(|out| {
        out.map(3).text("version").text("1.0").text("documents").array(1).map(3);
        out.text("docType").text(MDL).text("issuerSigned").raw(&issued);
        out.text("deviceSigned").map(2).text("nameSpaces").raw(&name_spaces);
        out.text("deviceAuth").map(1).text("deviceSignature").raw(&signature);
        out.text("status").uint(0);
    });
    match world.check(&response, now()) {
        Ok(verified) => {
            let [element] = verified.documents()[0].device_elements() else {
                panic!("one element");
            };
            assert_eq!(
                (&*element.name_space, element.identifier.as_str()),
                (name_space, identifier)
            );
            assert!(element.value == ElementValue::Integer(3));
            None
        }
        Err(error) => Some(error),
    }
}

#[test]
fn devices_sign_elements_they_are_authorised_for_and_no_others() {
    // {"nameSpaces": ["x"]}; {"dataElements": {"x": ["a", "b"]}}; {}
    let (space, elements) = (
        "a16a6e616d65537061636573816178",
        "a16c64617461456c656d656e7473a161788261616162",
    );
    for (authorizations, name_space, identifier, allowed) in [
        (Some(space), "x", "anything", true),
        (Some(space), "y", "anything", false),
        (Some(elements), "x", "b", true),
        (Some(elements), "x", "c", false),
        (Some(elements), "y", "b", false),
        (Some("a0"), "x", "a", false),
        (None, "x", "a", false),
    ] {
        let expected = (!allowed).then_some(MdocError::NotAuthorised);
        let found = with_device_element(authorizations, name_space, identifier);
        assert_eq!(found, expected, "{authorizations:?} {name_space} {identifier}");
    }
}

#[test]
fn responses_that_are_none_have_their_errors() {
    let world = World::new();
    let held = world.held(&world.licence());
    let response = held
        .narrow(&[(ISO, "age_over_18")])
        .unwrap()
        .sign(&world.transcript, &world.device)
        .unwrap();
    let replaced = |from: &[u8], to: &[u8]| {
        assert_eq!(from.len(), to.len());
        let at = response.windows(from.len()).position(|window| window == from).unwrap();
        let mut changed = response.clone();
        changed[at..at + to.len()].copy_from_slice(to);
        world.check(&changed, now()).err()
    };
    assert_eq!(replaced(b"1.0", b"2.0"), Some(MdocError::ResponseVersion));
    assert_eq!(replaced(b"status\x00", b"status\x0b"), Some(MdocError::ResponseStatus));
    assert_eq!(
        replaced(MDL.as_bytes(), b"org.iso.18013.5.1.mDX"),
        Some(MdocError::DocType)
    );
    assert_eq!(
        replaced(b"deviceSignature", b"deviceSignaturf"),
        Some(MdocError::DeviceAuth)
    );
    assert_eq!(
        replaced(b"deviceSigned", b"deviceSigneD"),
        Some(MdocError::Cbor(CborError::Shape))
    );
    // An element the issuer never signed.
    assert_eq!(held.narrow(&[(ISO, "nonsense")]).err(), Some(MdocError::NoSuchElement));
}
