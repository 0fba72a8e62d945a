//! What fuzzing found once, and must not find again.

use wallet_credentials::crypto::PublicKey;
use wallet_credentials::jose::json;
use wallet_credentials::mdoc::ElementValue;

/// Maps as keys of maps, `{{{"":0}:0}:0}`: every level doubled the quotes of the one below.
#[test]
fn maps_as_keys_of_maps_stay_in_proportion_as_json() {
    let depth = 20;
    let mut bytes = vec![0xa1; depth];
    bytes.push(0x60);
    bytes.extend(vec![0x00; depth]);
    let json = ElementValue::from_cbor(&bytes).unwrap().to_json().to_string();
    assert!(
        json.len() < 8 * bytes.len(),
        "{} bytes of JSON from {}",
        json.len(),
        bytes.len()
    );
    assert!(json.ends_with(":0}"), "{json}");
}

/// A list of small objects took 84 times its size: each object is a node of a tree, made for eleven members.
#[test]
fn json_of_more_objects_than_its_size_explains_is_refused() {
    let hostile = format!("[{}0]", "{\"a\":0},".repeat(20_000));
    assert!(json::parse(hostile.as_bytes()).is_err());
    let used = allocation_counter::measure(|| drop(json::parse(hostile.as_bytes())));
    assert!(used.bytes_max <= 32 * hostile.len() as u64, "{}", used.bytes_max);
    let hostile = format!("[{}0]", "0,".repeat(500_000));
    assert!(json::parse(hostile.as_bytes()).is_err());
}

/// The densest messages that are meant: two hundred claims of an issuer's metadata in two languages, or of a query, a list
/// of digests, a list of numbers.
#[test]
fn json_as_messages_have_it_is_read() {
    let claim = r#"{"path":["sex"],"display":[{"name":"Sex","locale":"en"},{"name":"Rhyw","locale":"cy"}]},"#;
    let queries = r#"{"path":["address","locality"]},"#;
    for unit in [
        claim,
        queries,
        "\"JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE\",",
        "-7,-9,-35,",
    ] {
        let text = format!("[{}0]", unit.repeat(200));
        assert!(json::parse(text.as_bytes()).is_ok(), "{unit}");
    }
}

/// A COSE_Key was read before it was bounded.
#[test]
fn a_cose_key_is_bounded_before_it_is_read() {
    let key = [vec![0xa1, 0x04, 0x99, 0xff, 0xff], vec![0x00; 65_535]].concat();
    let used = allocation_counter::measure(|| assert!(PublicKey::from_cose_key(&key).is_err()));
    assert!(used.bytes_max <= 32 * key.len() as u64, "{}", used.bytes_max);
}
