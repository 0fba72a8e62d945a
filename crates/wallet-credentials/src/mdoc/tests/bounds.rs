//! Hostile CBOR: whatever arrives, memory stays within 32 times its size, and nothing recurses without end.

use super::*;
use crate::cose::{Mac0, Sign1};

/// The most bytes in use at once, per byte of input.
const FACTOR: u64 = 32;

/// What a reader may use however little it is given.
const ALLOWANCE: u64 = 4096;

type Reader<'a> = (&'a str, &'a dyn Fn(&[u8]));

/// Reads `bytes` as everything this module reads, and measures each.
fn assert_bounded(what: &str, bytes: &[u8]) {
    let readers: [Reader<'_>; 11] = [
        ("ElementValue", &|bytes| drop(ElementValue::from_cbor(bytes))),
        ("IssuerSigned", &|bytes| drop(IssuerSigned::parse(bytes))),
        ("DeviceResponse", &|bytes| drop(DeviceResponse::parse(bytes))),
        ("DeviceRequest", &|bytes| drop(DeviceRequest::parse(bytes))),
        ("DeviceEngagement", &|bytes| drop(DeviceEngagement::parse(bytes))),
        ("SessionTranscript", &|bytes| {
            drop(SessionTranscript::from_encoded(bytes.to_vec()))
        }),
        ("EncryptionInfo", &|bytes| {
            drop(EncryptionInfo::parse(&base64url::encode(bytes)))
        }),
        ("OfflineProof", &|bytes| {
            drop(OfflineProof::decode(&[&[1], bytes].concat()))
        }),
        ("MobileSecurityObject", &|bytes| {
            let tagged = cbor::write(|out| _ = out.tagged24(bytes));
            drop(MobileSecurityObject::parse(&tagged));
        }),
        ("Sign1", &|bytes| drop(Sign1::parse(bytes))),
        ("Mac0", &|bytes| drop(Mac0::parse(bytes))),
    ];
    for (reader, read) in readers {
        let used = allocation_counter::measure(|| read(bytes)).bytes_max;
        let most = FACTOR * bytes.len() as u64 + ALLOWANCE;
        assert!(used <= most, "{reader} of {what}: {used} bytes for {}", bytes.len());
    }
}

/// One megabyte at most of `filling`, again and again.
fn repeated(filling: &[u8], count: usize) -> Vec<u8> {
    filling.repeat(count.min(1_000_000 / filling.len()))
}

/// An array of arrays, so that no single one has too many entries.
fn grid(cell: &[u8], columns: usize, rows: usize) -> Vec<u8> {
    let row = cbor::write(|out| {
        out.array(columns).raw(&cell.repeat(columns));
    });
    cbor::write(|out| _ = out.array(rows).raw(&row.repeat(rows)))
}

#[test]
fn values_of_many_small_items_stay_in_proportion() {
    let mut read = 0;
    let number = |size: usize| -> Vec<u8> { (0..size).map(|byte| u8::try_from(byte % 24).unwrap()).collect() };
    for (what, cell) in [
        ("numbers", vec![0x00]),
        ("empty texts", vec![0x60]),
        ("empty byte strings", vec![0x40]),
        ("empty arrays", vec![0x80]),
        ("empty maps", vec![0xa0]),
        ("tagged numbers", vec![0xc5, 0x00]),
        ("short texts", vec![0x62, 0x61, 0x61]),
        ("texts of three", vec![0x63, 0x61, 0x61, 0x61]),
        ("maps of one", vec![0xa1, 0x60, 0x43, 1, 2, 3]),
        ("wide numbers", vec![0x1a, 0, 0, 0, 1]),
        ("indefinite arrays", vec![0x9f, 0x44, 1, 2, 3, 4, 0xff]),
        (
            "texts in chunks",
            vec![0x7f, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0xff],
        ),
        ("tags in tags", vec![0xc5, 0xc5, 0xc5, 0xc5, 0x44, 0, 0, 0, 0]),
    ] {
        for (columns, rows) in [(20, 1), (70, 1), (200, 1), (4000, 1), (4000, 40), (20, 4000), (1, 4000)] {
            let bytes = grid(&cell, columns, rows);
            assert_bounded(what, &bytes);
            read += usize::from(ElementValue::from_cbor(&bytes).is_ok());
        }
    }
    // What is too dense is refused at once; the rest was read.
    assert!(read > 30, "{read}");
    // The same inside an element, an array and a byte string without end.
    assert_bounded(
        "an array without end",
        &[vec![0x9f], repeated(&[0x44, 1, 2, 3, 4], 4000), vec![0xff]].concat(),
    );
    assert_bounded(
        "a text without end",
        &[vec![0x7f], repeated(&[0x64, 97, 97, 97, 97], 200_000), vec![0xff]].concat(),
    );
    assert_bounded("numbers", &number(1000));
    let value = cbor::write(|out| _ = out.array(4).raw(&grid(&[0x43, 1, 2, 3], 4000, 4).repeat(4)));
    let world = World::new();
    let builder = world
        .builder()
        .element(ISO, "a", ElementValue::from_cbor(&value).unwrap());
    assert_bounded("an issued value", &world.issue(builder));
}

#[test]
fn lengths_that_are_announced_and_not_sent_cost_nothing() {
    for head in ["9b", "bb", "5b", "7b", "db"] {
        for length in [
            "ffffffffffffffff",
            "7fffffffffffffff",
            "00000000ffffffff",
            "0000000000100000",
            "0000000000000fff",
        ] {
            let bytes = hex(&format!("{head}{length}"));
            assert_bounded("an announcement", &bytes);
            assert_bounded("an announcement", &[bytes, vec![0; 1000]].concat());
        }
    }
}

#[test]
fn nesting_is_bounded_in_every_way_of_nesting() {
    for (what, open, close) in [
        ("arrays", "81", ""),
        ("maps", "a100", ""),
        ("keys of maps", "a1", ""),
        ("tags", "c1", ""),
        ("wide tags", "d818", ""),
        ("arrays without end", "9f", "ff"),
        ("maps without end", "bf00", "ff"),
    ] {
        let closing = if close.is_empty() {
            Vec::new()
        } else {
            repeated(&hex(close), 300_000)
        };
        let bytes = [repeated(&hex(open), 300_000), vec![0], closing].concat();
        assert_bounded(what, &bytes);
        assert_eq!(
            ElementValue::from_cbor(&bytes).err(),
            Some(CborError::TooDeep),
            "{what}"
        );
    }
    // CBOR in a byte string in CBOR, level in level: read one level deep.
    let mut nested = vec![0xf6];
    for _ in 0..2_000 {
        nested = cbor::write(|out| _ = out.tagged24(&nested));
    }
    assert_bounded("encoded CBOR in encoded CBOR", &nested);
    let sixteen = (0..16).fold(vec![0x60], |inner, _| {
        cbor::write(|out| _ = out.array(4).raw(&inner.repeat(4)))
    });
    assert_bounded("doubling", &sixteen[..sixteen.len().min(1_000_000)]);
}

#[test]
fn long_names_before_many_elements_are_not_multiplied() {
    let name = "n".repeat(100_000);
    let identifiers = |out: &mut cbor::Writer| {
        out.map(4000);
        for number in 0..4000_u32 {
            out.text(&format!("{number:04}"));
            out.bool(true);
        }
    };
    let items = cbor::write(|out| {
        out.map(2)
            .text("docType")
            .text("t")
            .text("nameSpaces")
            .map(1)
            .text(&name);
        identifiers(out);
    });
    let request = cbor::write(|out| {
        out.map(2)
            .text("version")
            .text("1.0")
            .text("docRequests")
            .array(1)
            .map(1);
        out.text("itemsRequest").tagged24(&items);
    });
    assert_eq!(
        DeviceRequest::parse(&request).unwrap().requests()[0].elements().len(),
        4000
    );
    assert_bounded("a request", &request);

    let world = World::new();
    let held = world.held(&world.licence());
    let device = cbor::write(|out| {
        out.map(1).text(&name);
        identifiers(out);
    });
    let response = held
        .narrow(&[])
        .unwrap()
        .sign(&world.transcript, &world.device)
        .unwrap();
    let empty = [0xd8, 0x18, 0x41, 0xa0];
    let at = response.windows(4).position(|window| window == empty).unwrap();
    let name_spaces = cbor::write(|out| _ = out.tagged24(&device));
    let response = [&response[..at], &name_spaces, &response[at + 4..]].concat();
    let parsed = DeviceResponse::parse(&response).unwrap().dangerous_assume_verified();
    assert_eq!(parsed.documents()[0].device_elements().len(), 4000);
    assert_bounded("a response", &response);

    let authorizations = cbor::write(|out| {
        out.map(1).text("dataElements").map(1).text(&name).array(4000);
        (0..4000_u32).for_each(|number| _ = out.text(&format!("{number:04}")));
    });
    let mso = strict::mso(&world, |mso| mso.key_authorizations = Some(authorizations));
    assert!(MobileSecurityObject::parse(&mso).is_ok());
    assert_bounded("authorisations", &strict::signed(&world, &[], mso));
}

#[test]
fn headers_and_members_of_many_small_parts_stay_in_proportion() {
    let world = World::new();
    let dense = grid(&[0x43, 1, 2, 3], 4000, 5);
    for label in [1, 4, 7, 33, 99] {
        let header = cbor::write(|out| _ = out.map(1).uint(label).raw(&dense));
        for sign1 in [
            cbor::write(|out| _ = out.array(4).bytes(&header).map(0).null().bytes(b"")),
            cbor::write(|out| _ = out.array(4).bytes(b"").raw(&header).null().bytes(b"")),
        ] {
            assert_bounded("a header", &sign1);
            let issuer_signed = cbor::write(|out| _ = out.map(1).text("issuerAuth").raw(&sign1));
            assert_bounded("issuerAuth", &issuer_signed);
        }
    }
    for member in ["status", "deviceKeyInfo", "validityInfo", "valueDigests", "unknown"] {
        let content = cbor::write(|out| _ = out.map(1).text(member).raw(&dense));
        assert_bounded(member, &content);
        let status = cbor::write(|out| _ = out.map(1).text("status").map(1).text("status_list").raw(&dense));
        assert_bounded("status_list", &status);
        let key = cbor::write(|out| {
            _ = out
                .map(1)
                .text("deviceKeyInfo")
                .map(1)
                .text("deviceKey")
                .map(1)
                .uint(9)
                .raw(&dense)
        });
        assert_bounded("a device key", &key);
    }
    let digests = cbor::write(|out| {
        out.map(1).text("valueDigests").map(50);
        for space in 0..50_u32 {
            out.text(&format!("{space:08}")).map(4000);
            (0..4000).for_each(|id| _ = out.uint(id).bytes(&[1, 2, 3]));
        }
    });
    assert_bounded("short digests", &digests);
    let items: Vec<Vec<u8>> = (0..4000)
        .map(|_| cbor::write(|out| _ = out.tagged24(&[0xa0])))
        .collect();
    assert_bounded(
        "items of nothing",
        &strict::signed(&world, &[(ISO.to_owned(), items)], strict::mso(&world, |_| ())),
    );
}
