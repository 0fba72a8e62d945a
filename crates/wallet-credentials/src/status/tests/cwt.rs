//! The CWT form (section 5.2): the draft's own example, and tokens that break one rule each.

use coset::{CoseSign1Builder, HeaderBuilder, TaggedCborSerializable as _, iana};

use super::*;
use crate::cose::cbor::{self, Writer};

/// The example of section 5.2 of the draft (sixteen one-bit entries), signed with the key of its other examples.
const EXAMPLE: &str = "d2845820a2012610781a6170706c69636174696f6e2f7374617475736c6973742b637774a1044231325850a502782168\
                       747470733a2f2f6578616d706c652e636f6d2f7374617475736c697374732f31061a648c5bea041a8898dfea19fffe19\
                       a8c019fffda2646269747301636c73744a78dadbb918000217015d584093fa4d01032b18c35e2fe1101b77fd6cc94400\
                       22caa4694450c4e4e9feab4e99d1fa6d9772ce2bf3a12e0323ded7c982c5e101a5e67f0cbc1e2b6f57ce99c279";

fn example_key() -> VerificationKey {
    key(&json!({
        "kty": "EC",
        "crv": "P-256",
        "x": "I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo",
        "y": "6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M"
    }))
}

#[test]
fn the_example_of_the_draft_is_read() {
    let token = hex(EXAMPLE);
    let uri = "https://example.com/statuslists/1";
    let status = |index, now| evaluate(&token, &example_key(), uri, index, Timestamp::from_unix(now));
    let found: Vec<_> = (0..16).map(|index| status(index, 1_700_000_000).unwrap()).collect();
    assert_eq!(found, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    assert_eq!(status(16, 1_700_000_000), Err(StatusError::IndexOutOfBounds));
    assert_eq!(status(0, 2_291_720_170), Err(StatusError::Expired));
    let parsed = StatusListToken::parse(&token).unwrap().dangerous_assume_verified();
    assert_eq!(parsed.time_to_live(), Some(Duration::from_secs(43_200)));
    assert_eq!(parsed.issued_at(), Timestamp::from_unix(1_686_920_170));
    assert_eq!(parsed.as_bytes(), token);
}

#[test]
fn every_size_is_signed_and_read_again() {
    let signer = SigningKey::from_bytes(&[5; 32]).unwrap();
    for (bits, status) in [(1, 1), (2, 2), (4, 11), (8, 200)] {
        let size = StatusSize::from_bits(bits).unwrap();
        let mut list = StatusListBuilder::new(size, 5000).unwrap();
        list.set(4321, StatusType::from_value(status)).unwrap();
        let token = list.sign_cwt(URI, NOW, LIFETIME, &[], &signer).unwrap();
        let read = |index| evaluate(&token, &signer_key(&signer), URI, index, NOW);
        assert_eq!((read(4320), read(4321), read(4322)), (Ok(0), Ok(status), Ok(0)));
        let other = SigningKey::from_bytes(&[6; 32]).unwrap();
        assert_eq!(
            evaluate(&token, &signer_key(&other), URI, 0, NOW),
            Err(StatusError::Signature)
        );
    }
}

/// Writes claims.
type Fill<'f> = &'f dyn Fn(&mut Writer);

/// A token whose header and claims a test chose.
fn token(typ: Option<ciborium::Value>, claims: Fill<'_>) -> Vec<u8> {
    let signer = SigningKey::from_bytes(&[5; 32]).unwrap();
    let mut header = HeaderBuilder::new().algorithm(iana::Algorithm::ES256);
    if let Some(typ) = typ {
        header = header.value(16, typ);
    }
    let signed = CoseSign1Builder::new()
        .protected(header.build())
        .payload(cbor::write(|out| claims(out)))
        .create_signature(&[], |message| signer.sign(message).unwrap().to_vec())
        .build();
    signed.to_tagged_vec().unwrap()
}

/// `{2: URI, 6: NOW, 65533: {"bits": 1, "lst": one byte}}`, and what is added to it.
fn claims(out: &mut Writer, more: usize) -> &mut Writer {
    // Eight entries, all valid, as StatusListBuilder compresses them.
    let list = [0x78, 0xda, 0x63, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01];
    out.map(3 + more).int(2).text(URI).int(6).int(NOW.as_unix().into());
    out.int(65_533).map(2).text("bits").uint(1).text("lst").bytes(&list)
}

fn refused(token: &[u8]) -> Option<StatusError> {
    let signer = SigningKey::from_bytes(&[5; 32]).unwrap();
    evaluate(token, &signer_key(&signer), URI, 0, NOW).err()
}

fn typed() -> Option<ciborium::Value> {
    Some(CWT_TYPE.into())
}

#[test]
fn each_broken_rule_has_its_error() {
    assert_eq!(
        refused(&token(typed(), &|out| {
            claims(out, 0);
        })),
        None
    );
    let wrong_type = |typ| {
        token(typ, &|out| {
            claims(out, 0);
        })
    };
    assert_eq!(refused(&wrong_type(None)), Some(StatusError::Type));
    assert_eq!(
        refused(&wrong_type(Some("application/cwt".into()))),
        Some(StatusError::Type)
    );
    let cases: [(Fill<'_>, StatusError); 9] = [
        (
            &|out| {
                claims(out, 1).int(65_534).uint(0);
            },
            StatusError::TimeToLive,
        ),
        (
            &|out| {
                claims(out, 1).int(65_534).int(-5);
            },
            StatusError::TimeToLive,
        ),
        (
            &|out| {
                claims(out, 1).int(65_534).text("60");
            },
            StatusError::TimeToLive,
        ),
        (
            &|out| {
                claims(out, 1).int(4).int(NOW.as_unix().into());
            },
            StatusError::Expired,
        ),
        (
            &|out| {
                claims(out, 1).int(5).int(i128::from(NOW.as_unix()) + 3600);
            },
            StatusError::FromTheFuture,
        ),
        // A tagged date is no NumericDate (RFC 8392, 2).
        (
            &|out| {
                claims(out, 1).int(4).tag(1).int(i128::from(NOW.as_unix()) + 60);
            },
            StatusError::Malformed,
        ),
        (
            &|out| {
                claims(out, 1).int(2).text(URI);
            },
            StatusError::Malformed,
        ),
        (
            &|out| {
                out.map(2).int(2).text(URI).int(6).int(NOW.as_unix().into());
            },
            StatusError::Malformed,
        ),
        (
            &|out| {
                out.map(3).int(2).text(URI).int(6).int(NOW.as_unix().into());
                out.int(65_533).map(2).text("bits").uint(3).text("lst").bytes(&[]);
            },
            StatusError::Bits,
        ),
    ];
    for (number, (claims, error)) in cases.into_iter().enumerate() {
        assert_eq!(refused(&token(typed(), claims)), Some(error), "case {number}");
    }
    // A fraction of a second is cut off.
    let exact = token(typed(), &|out| {
        claims(out, 1).int(4).double(1_800_000_000.9);
    });
    assert_eq!(refused(&exact), Some(StatusError::Expired));
}

#[test]
fn only_a_tagged_sign1_is_a_token() {
    let tagged = token(typed(), &|out| {
        claims(out, 0);
    });
    assert_eq!(tagged[0], 0xd2);
    let retagged = |head: &[u8]| [head, &tagged[1..]].concat();
    assert_eq!(refused(&retagged(&[])), Some(StatusError::Malformed), "no tag");
    assert_eq!(refused(&retagged(&[0xd1])), Some(StatusError::Malformed), "COSE_Mac0");
    assert_eq!(
        refused(&retagged(&[0xd8, 61, 0xd2])),
        Some(StatusError::Malformed),
        "CWT tag"
    );
    assert_eq!(refused(&retagged(&[0xd8, 18])), None, "a longer way to write tag 18");
}

#[test]
fn a_reference_in_a_cwt_is_read() {
    let reference = StatusReference {
        index: 7,
        uri: URI.to_owned(),
    };
    let mut status = Vec::new();
    ciborium::into_writer(&reference.to_cbor(), &mut status).unwrap();
    let claims = cbor::write(|out| {
        out.map(2)
            .int(1)
            .text("https://issuer.example")
            .int(65_535)
            .raw(&status);
    });
    assert_eq!(StatusReference::from_cwt_claims(&claims), Ok(Some(reference)));
    assert_eq!(StatusReference::from_cwt_claims(&[0xa0]), Ok(None));
    assert_eq!(StatusReference::from_cwt_claims(&[0x80]), Err(StatusError::Malformed));
    let number = [0xa1, 0x19, 0xff, 0xff, 0x01];
    assert_eq!(StatusReference::from_cwt_claims(&number), Err(StatusError::Reference));
}
