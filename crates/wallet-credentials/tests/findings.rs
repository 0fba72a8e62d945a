//! What fuzzing found once, and must not find again.

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
