//! What holds for every list, every token and all bytes.

use proptest::prelude::*;

use super::*;

/// The most bytes that reading may hold at once: 32 times the input, and what an inflater needs whatever its input.
fn bound(input: usize) -> u64 {
    32 * u64::try_from(input).unwrap() + 64 * 1024
}

fn signed_tokens() -> (VerificationKey, [Vec<u8>; 2]) {
    let signer = SigningKey::from_bytes(&[5; 32]).unwrap();
    let mut list = StatusListBuilder::new(StatusSize::Two, 64).unwrap();
    list.set(3, StatusType::Suspended).unwrap();
    let jwt = list.sign(URI, NOW, LIFETIME, SigningHeader::new(""), &signer).unwrap();
    let cwt = list.sign_cwt(URI, NOW, LIFETIME, &[], &signer).unwrap();
    (signer_key(&signer), [jwt.into_bytes(), cwt])
}

proptest! {
    #[test]
    fn arbitrary_lists_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), index in any::<u64>()) {
        let list = StatusList::from_zlib(StatusSize::Four, bytes);
        let _ = list.check();
        prop_assert!(list.status_at(index).is_err() || index < MAX_LIST_BYTES * 2);
    }

    #[test]
    fn every_status_is_found_again(bits in prop_oneof![Just(1_u64), Just(2), Just(4), Just(8)],
                                   statuses in proptest::collection::vec(any::<u8>(), 1..400)) {
        let size = StatusSize::from_bits(bits).unwrap();
        let mask = u8::MAX >> (8 - size.bits());
        let mut builder = StatusListBuilder::new(size, statuses.len() as u64).unwrap();
        for (index, status) in (0_u64..).zip(&statuses) {
            builder.set(index, StatusType::from_value(status & mask)).unwrap();
        }
        let list = builder.compress().unwrap();
        for (index, status) in (0_u64..).zip(&statuses) {
            prop_assert_eq!(list.status_at(index).unwrap().value(), status & mask);
        }
    }

    #[test]
    fn any_flipped_bit_of_a_signed_token_is_refused(place in any::<prop::sample::Index>(), bit in 0..8_u32, form in 0..2_usize) {
        let (key, tokens) = signed_tokens();
        let mut token = tokens[form].clone();
        let place = place.index(token.len());
        prop_assert_eq!(evaluate(&token, &key, URI, 3, NOW), Ok(2));
        token[place] ^= 1 << bit;
        prop_assert!(evaluate(&token, &key, URI, 3, NOW).is_err());
    }

    #[test]
    fn arbitrary_tokens_never_panic_and_stay_small(
        head in prop_oneof![Just(vec![]), Just(vec![0xd2, 0x84]), Just(b"eyJ".to_vec())],
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
    ) {
        let token = [head, bytes].concat();
        let used = allocation_counter::measure(|| drop(StatusListToken::parse(&token)));
        prop_assert!(used.bytes_max <= bound(token.len()), "{} bytes for {}", used.bytes_max, token.len());
    }

    #[test]
    fn arbitrary_zlib_stays_small(bytes in proptest::collection::vec(any::<u8>(), 0..2000), index in any::<u32>()) {
        let list = StatusList::from_zlib(StatusSize::One, [vec![0x78, 0xda], bytes].concat());
        let used = allocation_counter::measure(|| {
            let _ = list.check();
            let _ = list.status_at(index.into());
        });
        prop_assert!(used.bytes_max <= 64 * 1024, "{} bytes", used.bytes_max);
    }

    #[test]
    fn altered_claims_of_a_cwt_never_panic(
        place in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let (_, [_, mut token]) = signed_tokens();
        let place = place.index(token.len());
        token[place] = byte;
        let _ = StatusListToken::parse(&token);
        token.truncate(cut.index(token.len()));
        prop_assert!(StatusListToken::parse(&token).is_err());
    }
}
