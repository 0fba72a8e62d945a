//! Issuers that encode CBOR in other ways than the shortest: legal, in use, and verified over the bytes as they came.

use super::mso::MsoContent;
use super::*;
use crate::cose::UnsignedSign1;

/// Another encoding of the same data.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Loose {
    /// Every number and length in eight bytes.
    Widest,
    /// Numbers and lengths in one size more than needed.
    Wider,
    /// Arrays and maps of indefinite length; texts and byte strings in chunks, except map keys.
    Indefinite,
}

impl Loose {
    /// One data item, again; what stands in a tag 24 as well.
    fn encode(self, bytes: &[u8]) -> Vec<u8> {
        let (mut at, mut out) = (0, Vec::new());
        self.item(bytes, &mut at, &mut out, false);
        assert_eq!(at, bytes.len());
        out
    }

    fn item(self, bytes: &[u8], at: &mut usize, out: &mut Vec<u8>, is_key: bool) {
        let (initial, argument) = take_head(bytes, at);
        let (major, count) = (initial >> 5, usize::try_from(argument).unwrap());
        match major {
            0 | 1 => self.head(major, argument, out),
            2 | 3 => {
                let content = bytes[*at..*at + count].to_vec();
                *at += count;
                if self == Self::Indefinite && !is_key {
                    out.push(major << 5 | 31);
                    // A text must not be cut within a character: one chunk of all of it, and an empty one.
                    let cut = if major == 2 { count / 2 } else { count };
                    for chunk in [&content[..cut], &content[cut..]] {
                        self.head(major, chunk.len() as u64, out);
                        out.extend_from_slice(chunk);
                    }
                    out.push(0xff);
                } else {
                    self.head(major, argument, out);
                    out.extend_from_slice(&content);
                }
            }
            4 | 5 => {
                let indefinite = self == Self::Indefinite;
                if indefinite {
                    out.push(major << 5 | 31);
                } else {
                    self.head(major, argument, out);
                }
                for _ in 0..count {
                    if major == 5 {
                        self.item(bytes, at, out, true);
                    }
                    self.item(bytes, at, out, false);
                }
                if indefinite {
                    out.push(0xff);
                }
            }
            6 => {
                self.head(major, argument, out);
                if argument == 24 {
                    let (_, length) = take_head(bytes, at);
                    let end = *at + usize::try_from(length).unwrap();
                    let inner = cbor::write(|out| _ = out.bytes(&self.encode(&bytes[*at..end])));
                    *at = end;
                    self.item(&inner, &mut 0, out, false);
                } else {
                    self.item(bytes, at, out, false);
                }
            }
            _ => {
                let length = [0, 1, 2, 4, 8][usize::from((initial & 31).saturating_sub(23).min(4))];
                out.extend_from_slice(&bytes[*at - 1 - length..*at]);
            }
        }
    }

    fn head(self, major: u8, argument: u64, out: &mut Vec<u8>) {
        let needed = match argument {
            0..=23 => 0,
            24..=0xff => 1,
            0x100..=0xffff => 2,
            _ => 4,
        };
        let width = match self {
            Self::Widest => 8,
            Self::Wider => (needed * 2).max(1),
            Self::Indefinite => needed,
        };
        let info = match width {
            0 => u8::try_from(argument).unwrap(),
            1 => 24,
            2 => 25,
            4 => 26,
            _ => 27,
        };
        out.push(major << 5 | info);
        out.extend_from_slice(&argument.to_be_bytes()[8 - width..]);
    }
}

fn take_head(bytes: &[u8], at: &mut usize) -> (u8, u64) {
    let initial = bytes[*at];
    *at += 1;
    let width = match initial & 31 {
        info @ 0..=23 => return (initial, info.into()),
        info => 1 << (info - 24),
    };
    let argument = bytes[*at..*at + width]
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte));
    *at += width;
    (initial, argument)
}

/// The licence of `world`, from an issuer that encodes everything it signs and sends in this way.
fn issued_loosely(world: &World, loose: Loose) -> Vec<u8> {
    let held = world.held(&world.licence());
    let (mut items, mut value_digests) = (Vec::new(), Vec::new());
    for name_space in [ISO, GB] {
        let (mut space_items, mut digests) = (Vec::new(), Vec::new());
        for (_, element) in held.elements().filter(|(space, _)| *space == name_space) {
            let item = loose.encode(element.item());
            assert_ne!(item, element.item());
            digests.push((
                digests.len() as u64,
                DigestAlgorithm::Sha256.digest(&item).as_ref().to_vec(),
            ));
            space_items.push((element.identifier().to_owned(), item));
        }
        value_digests.push((name_space.to_owned(), digests));
        items.push((name_space.to_owned(), space_items));
    }
    // The digestIDs inside the items are the old ones: number the digests as the items say.
    for ((_, digests), (name_space, _)) in value_digests.iter_mut().zip(&items) {
        let ids = held.elements().filter(|(space, _)| space == name_space);
        for ((id, _), (_, element)) in digests.iter_mut().zip(ids) {
            *id = element.digest_id();
        }
        digests.sort_unstable_by_key(|(id, _)| *id);
    }
    let key_authorizations = KeyAuthorizations {
        name_spaces: vec![ISO.into()],
        elements: vec![(GB.into(), "title".into())],
    };
    let mso = MsoContent {
        doc_type: MDL,
        value_digests: &value_digests,
        device_key: &world.device.public_key(),
        key_authorizations: &key_authorizations,
        validity: World::validity(),
        status: held.mso().status(),
    };
    let payload = loose.encode(&mso.to_tagged_bytes());
    let issuer_auth = UnsignedSign1::attached(payload, std::slice::from_ref(&world.signer.certificate))
        .sign(&world.signer.signing_key())
        .unwrap();
    let items: Vec<_> = items
        .into_iter()
        .map(|(space, items)| (space, items.into_iter().map(|(_, item)| item).collect()))
        .collect();
    loose_around(loose, &items, &issuer_auth)
}

/// `IssuerSigned` with everything but the items and the signature's own contents in this encoding.
fn loose_around(loose: Loose, items: &[(String, Vec<Vec<u8>>)], issuer_auth: &[u8]) -> Vec<u8> {
    // Items must stay as they are: they are put in after the rest was encoded.
    let placeholders: Vec<_> = items
        .iter()
        .map(|(space, items)| (space.clone(), vec![vec![0xf6]; items.len()]))
        .collect();
    let rest = loose.encode(&issuer::encode(&placeholders, issuer_auth));
    let mut remaining = items.iter().flat_map(|(_, items)| items);
    // Nothing before `issuerAuth` but placeholders is null, and nothing there has the byte f6 in a length.
    let end = rest.windows(10).position(|window| window == b"issuerAuth").unwrap();
    let mut bytes = Vec::new();
    for (at, byte) in rest.iter().enumerate() {
        if at < end && *byte == 0xf6 {
            bytes.extend_from_slice(remaining.next().unwrap());
        } else {
            bytes.push(*byte);
        }
    }
    assert!(remaining.next().is_none());
    bytes
}

#[test]
fn any_legal_encoding_is_verified_over_its_own_bytes() {
    let world = World::new();
    let usual = world.held(&world.licence());
    for loose in [Loose::Widest, Loose::Wider, Loose::Indefinite] {
        let bytes = issued_loosely(&world, loose);
        let held = world.held(&bytes);
        assert_eq!(held.elements().count(), usual.elements().count());
        for (space, element) in usual.elements() {
            assert!(
                held.element(space, element.identifier()) == Some(element.value()),
                "{loose:?}"
            );
        }
        assert_eq!(held.mso().status(), usual.mso().status());
        assert_eq!(held.mso().validity(), World::validity());
        assert_eq!(held.mso().key_authorizations().elements, [(GB.into(), "title".into())]);
        // Shown, the bytes are still the issuer's.
        let narrowed = held
            .narrow(&[(ISO, "family_name"), (ISO, "birth_date"), (GB, "welsh_licence")])
            .unwrap();
        let response = narrowed.sign(&world.transcript, &world.device).unwrap();
        let verified = world.check(&response, now()).unwrap();
        assert_eq!(verified.documents()[0].issuer_signed().elements().count(), 3);
        // Encoded again in the usual way it would be another document.
        let (_, element) = held.elements().next().unwrap();
        let altered = [(
            ISO.to_owned(),
            vec![usual.find(ISO, element.identifier()).unwrap().item().to_vec()],
        )];
        let bytes = issuer::encode(&altered, held.issuer_auth());
        let refused = IssuerSigned::parse(&bytes).unwrap().verify(&world.anchors, now());
        assert_eq!(refused.err(), Some(MdocError::DigestMismatch), "{loose:?}");
    }
}

#[test]
fn digests_may_be_made_with_the_longer_hashes() {
    let world = World::new();
    let held = world.held(&world.issue(world.builder().element(ISO, "title", "Dr")));
    let (_, element) = held.elements().next().unwrap();
    for (name, algorithm) in [
        ("SHA-256", DigestAlgorithm::Sha256),
        ("SHA-384", DigestAlgorithm::Sha384),
        ("SHA-512", DigestAlgorithm::Sha512),
    ] {
        let digest = algorithm.digest(element.item());
        let payload = strict::mso(&world, |mso| {
            mso.digest_algorithm = name;
            mso.digests = vec![(element.digest_id(), digest.as_ref().to_vec())];
        });
        let bytes = strict::signed(&world, &[(ISO.to_owned(), vec![element.item().to_vec()])], payload);
        let held = world.held(&bytes);
        assert_eq!(held.mso().digest_algorithm(), Some(algorithm));
        // A digest cut to the length of a shorter one is none.
        let payload = strict::mso(&world, |mso| {
            mso.digest_algorithm = name;
            mso.digests = vec![(element.digest_id(), digest.as_ref()[..31].to_vec())];
        });
        let bytes = strict::signed(&world, &[(ISO.to_owned(), vec![element.item().to_vec()])], payload);
        let refused = IssuerSigned::parse(&bytes).unwrap().verify(&world.anchors, now());
        assert_eq!(refused.err(), Some(MdocError::DigestMismatch));
    }
}
