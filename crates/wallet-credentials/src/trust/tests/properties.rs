//! What holds for all bytes.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// The most bytes that reading may hold at once: 32 times the input, and something for the smallest.
fn bound(input: usize) -> u64 {
    32 * u64::try_from(input).unwrap() + 4096
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_no_certificate_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut refused = false;
        let used = allocation_counter::measure(|| refused = Certificate::from_der(&bytes).is_err());
        prop_assert!(refused && used.bytes_max <= bound(bytes.len()));
        prop_assert!(RevocationList::from_der(&bytes).is_err());
    }

    #[test]
    fn a_changed_certificate_never_panics_and_stays_small(place in any::<Index>(), byte in any::<u8>(), cut in any::<Index>()) {
        let mut der = root().certificate.as_der().to_vec();
        let place = place.index(der.len());
        der[place] = byte;
        let used = allocation_counter::measure(|| drop(Certificate::from_der(&der)));
        prop_assert!(used.bytes_max <= bound(der.len()), "{} bytes", used.bytes_max);
        der.truncate(cut.index(der.len()));
        prop_assert!(Certificate::from_der(&der).is_err());
    }

    #[test]
    fn any_flipped_bit_of_a_signers_certificate_breaks_its_chain(place in any::<Index>(), bit in 0..8_u32) {
        let root = root();
        let signer = root.issue(signer_params("Signer", DOCUMENT_SIGNER), key());
        let anchors = anchors(&root, Role::Issuer);
        let mut der = signer.certificate.as_der().to_vec();
        let place = place.index(der.len());
        der[place] ^= 1 << bit;
        if let Ok(changed) = Certificate::from_der(&der) {
            prop_assert!(verify_chain(&[changed], &anchors, now(), STRICT).is_err());
        }
    }

    #[test]
    fn any_flipped_bit_of_a_signed_list_is_refused(place in any::<Index>(), bit in 0..8_u32) {
        let (anchors, text) = super::lists::signed_example();
        let context = ListContext { anchors: &anchors, iss: super::lists::ISS, seen: None, max_age: None };
        prop_assert!(TrustList::verify(&text, context, now()).is_ok());
        let mut bytes = text.into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(bytes) {
            prop_assert!(TrustList::verify(&text, context, now()).is_err());
        }
    }

    #[test]
    fn arbitrary_lists_never_panic(payload in proptest::collection::vec(any::<u8>(), 0..300)) {
        let signed = super::lists::signed_payload(&payload);
        let context = ListContext { anchors: &signed.0, iss: super::lists::ISS, seen: None, max_age: None };
        prop_assert!(TrustList::verify(&signed.1, context, now()).is_err());
    }
}
