//! Claims path pointers.

use serde_json::Value;
use wallet_credentials::claim::{self, ClaimPath, PathElement};
use wallet_credentials::jose::json;

/// `{"path": [...], "claims": ...}`: a path is written as it is read, and selects what the specification says (OpenID4VP
/// 1.0, 7.1.1), told here once more in another way.
pub fn claim_path(data: &[u8]) {
    let Ok(value) = json::parse(data) else {
        return;
    };
    let (Some(path), claims) = (value.get("path"), value.get("claims").unwrap_or(&Value::Null)) else {
        return;
    };
    let Ok(path) = serde_json::from_value::<ClaimPath>(path.clone()) else {
        return;
    };
    assert!((1..=claim::MAX_PATH_LENGTH).contains(&path.elements().len()));
    let again: ClaimPath = serde_json::from_str(&path.to_string()).expect("a path reads as it is written");
    assert_eq!(again, path);
    assert!(path.covers(path.elements()), "a path covers itself");
    let selected = claim::select(claims, &path).ok();
    assert_eq!(selected, expected(vec![claims], path.elements()));
    if let Value::Object(object) = claims {
        assert_eq!(claim::select_claims(object, &path).ok(), selected);
    }
}

/// Element by element, recursively; `None` for an error.
fn expected<'v>(selected: Vec<&'v Value>, elements: &[PathElement]) -> Option<Vec<&'v Value>> {
    let Some((element, rest)) = elements.split_first() else {
        return Some(selected);
    };
    let mut next = Vec::new();
    for value in selected {
        match (element, value) {
            (PathElement::Name(name), Value::Object(object)) => next.extend(object.get(name)),
            (PathElement::Index(at), Value::Array(array)) => {
                next.extend(array.iter().skip(usize::try_from(*at).ok()?).take(1))
            }
            (PathElement::All, Value::Array(array)) => next.extend(array),
            _ => return None,
        }
    }
    expected(next, rest)
}
