//! JWS JSON serialisation (RFC 9901, 8; RFC 7515, 7.2).
//!
//! What an SD-JWT means is defined by its compact form, `sd_hash` included (RFC 9901, 8.1). So nothing is verified here: a
//! JSON form is turned into the compact one, and back.

use serde_json::{Map, Value, json};

use super::text::{MAX_DISCLOSURES, MAX_TEXT_BYTES, SdJwtText};
use super::verify::{PresentationCheck, VerifiedPresentation, verify_presentation};
use super::{IssuerKeyReference, SdJwtError};
use crate::crypto::VerificationKey;
use crate::jose::{base64url, json};

/// The most signatures of a general serialisation that are looked at.
const MAX_SIGNATURES: usize = 8;

/// Which JSON serialisation to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonForm {
    /// One signature, its members at the top (RFC 9901, 8.2).
    Flattened,
    /// A list of signatures (RFC 9901, 8.3); here always of one.
    General,
}

/// The compact forms of an SD-JWT or SD-JWT+KB in JSON serialisation, flattened or general: one for each signature, in their
/// order, all with the same disclosures and key binding. Each is then parsed and verified like any other.
///
/// `disclosures` and `kb_jwt` stand in the first unprotected header. They are also read where drafts before the RFC had
/// them, beside `payload`; other unprotected parameters say nothing that is protected, and are ignored.
///
/// # Errors
/// [`SdJwtError::TooLarge`], and [`SdJwtError::Malformed`] for anything that RFC 9901, 8, or RFC 7515, 7.2, rule out.
pub fn compact_forms(json: &str) -> Result<Vec<String>, SdJwtError> {
    if json.len() > MAX_TEXT_BYTES {
        return Err(SdJwtError::TooLarge);
    }
    let object = json::parse_object(json.as_bytes()).map_err(|_| SdJwtError::Malformed)?;
    let signatures: Vec<&Map<String, Value>> = match object.get("signatures") {
        None => vec![&object],
        Some(Value::Array(signatures)) if !signatures.is_empty() => {
            // One form or the other (RFC 7515, 7.2.2).
            if ["protected", "header", "signature"]
                .iter()
                .any(|name| object.contains_key(*name))
            {
                return Err(SdJwtError::Malformed);
            }
            if signatures.len() > MAX_SIGNATURES {
                return Err(SdJwtError::TooLarge);
            }
            signatures
                .iter()
                .map(|entry| entry.as_object().ok_or(SdJwtError::Malformed))
                .collect::<Result<_, _>>()?
        }
        Some(_) => return Err(SdJwtError::Malformed),
    };
    let payload = part(&object, "payload", '.')?;
    let rest = released(&object, &signatures)?;
    signatures
        .into_iter()
        .map(|entry| {
            let (protected, signature) = (part(entry, "protected", '.')?, part(entry, "signature", '.')?);
            let compact = format!("{protected}.{payload}.{signature}~{rest}");
            if compact.len() > MAX_TEXT_BYTES {
                return Err(SdJwtError::TooLarge);
            }
            Ok(compact)
        })
        .collect()
}

/// The JSON serialisation of an SD-JWT or SD-JWT+KB in compact form.
///
/// # Errors
/// [`SdJwtError::TooLarge`] and [`SdJwtError::Malformed`].
pub fn to_json(compact: &str, form: JsonForm) -> Result<String, SdJwtError> {
    let text = SdJwtText::split(compact)?;
    let mut parts = text.issuer_jwt().split('.');
    let (Some(protected), Some(payload), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(SdJwtError::Malformed);
    };
    let mut header = Map::new();
    header.insert("disclosures".to_owned(), text.disclosures().collect::<Vec<_>>().into());
    if let Some(key_binding) = text.key_binding() {
        header.insert("kb_jwt".to_owned(), key_binding.into());
    }
    let signature = json!({"header": header, "protected": protected, "signature": signature});
    let object = match (form, signature) {
        (JsonForm::Flattened, Value::Object(mut members)) => {
            members.insert("payload".to_owned(), payload.into());
            Value::Object(members)
        }
        (_, signature) => json!({"payload": payload, "signatures": [signature]}),
    };
    Ok(object.to_string())
}

/// Verifies a presented SD-JWT VC in JSON serialisation as [`verify_presentation`] does the compact one: one of its
/// signatures must be the issuer's, and the key binding must be over the compact form with that signature.
///
/// # Errors
/// What is wrong with the first signature, when none is right.
pub fn verify_presentation_json(
    json: &str,
    check: &PresentationCheck<'_>,
    issuer_key: impl Fn(&IssuerKeyReference<'_>) -> Option<VerificationKey>,
) -> Result<VerifiedPresentation, SdJwtError> {
    let mut refused = None;
    for compact in compact_forms(json)? {
        match verify_presentation(&compact, check, &issuer_key) {
            Ok(verified) => return Ok(verified),
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    Err(refused.unwrap_or(SdJwtError::Malformed))
}

/// What follows the signature in the compact form: the disclosures, each with its tilde, and the key binding.
fn released(object: &Map<String, Value>, signatures: &[&Map<String, Value>]) -> Result<String, SdJwtError> {
    let mut places = vec![object];
    for (at, entry) in signatures.iter().enumerate() {
        let Some(header) = entry.get("header") else { continue };
        let header = header.as_object().ok_or(SdJwtError::Malformed)?;
        let names = ["disclosures", "kb_jwt"];
        if at > 0 && names.iter().any(|name| header.contains_key(*name)) {
            return Err(SdJwtError::Malformed);
        }
        refuse_shared_names(entry, header)?;
        if at == 0 {
            places.push(header);
        }
    }
    let only = |name: &str| {
        let mut found = places.iter().filter_map(|place| place.get(name));
        match (found.next(), found.next()) {
            (found, None) => Ok(found),
            _ => Err(SdJwtError::Malformed),
        }
    };
    let mut text = String::new();
    match only("disclosures")? {
        None => {}
        Some(Value::Array(disclosures)) if disclosures.len() > MAX_DISCLOSURES => return Err(SdJwtError::TooLarge),
        Some(Value::Array(disclosures)) => {
            for disclosure in disclosures {
                text.push_str(checked(disclosure, '~')?);
                text.push('~');
            }
        }
        Some(_) => return Err(SdJwtError::Malformed),
    }
    if let Some(key_binding) = only("kb_jwt")? {
        text.push_str(checked(key_binding, '~')?);
    }
    Ok(text)
}

/// The names in a protected and an unprotected header are different ones, and `crit` is protected (RFC 7515, 4.1.11, 7.2.1).
fn refuse_shared_names(entry: &Map<String, Value>, header: &Map<String, Value>) -> Result<(), SdJwtError> {
    let protected = base64url::decode(part(entry, "protected", '.')?).map_err(|_| SdJwtError::Malformed)?;
    let protected = json::parse_object(&protected).map_err(|_| SdJwtError::Malformed)?;
    if header.contains_key("crit") || header.keys().any(|name| protected.contains_key(name)) {
        return Err(SdJwtError::Malformed);
    }
    Ok(())
}

fn part<'o>(object: &'o Map<String, Value>, name: &str, separator: char) -> Result<&'o str, SdJwtError> {
    checked(object.get(name).ok_or(SdJwtError::Malformed)?, separator)
}

/// A non-empty text that would not fall apart in the compact form.
fn checked(value: &Value, separator: char) -> Result<&str, SdJwtError> {
    value
        .as_str()
        .filter(|text| !text.is_empty() && !text.contains([separator, '~']))
        .ok_or(SdJwtError::Malformed)
}
