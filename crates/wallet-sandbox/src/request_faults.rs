//! What can be wrong, or legal and unusual, in the claims of a request (OpenID4VP 1.0, 5.1 and 8.3).

use serde_json::{Map, Value, json};
use wallet_credentials::time::Timestamp;

use crate::asking::NOBODYS;
use crate::requests::Request;
use crate::spec::RequestFault;
use crate::ways::{DAY, transaction_data};

/// More than any wallet reads, in bytes.
const HUGE: usize = 2 * 1024 * 1024;

/// Faults in the claims of a request.
pub(crate) fn spoil(members: &mut Map<String, Value>, request: &Request, base: &str, now: Timestamp) {
    let keys = |members: &mut Map<String, Value>, change: fn(&mut Vec<Value>)| {
        let keys = members
            .get_mut("client_metadata")
            .and_then(|metadata| metadata.get_mut("jwks"));
        if let Some(Value::Array(keys)) = keys.and_then(|jwks| jwks.get_mut("keys")) {
            change(keys);
        }
    };
    let mut set = |name: &str, value: Value| _ = members.insert(name.to_owned(), value);
    match request.spec.fault {
        Some(RequestFault::Expired) => {
            set("iat", (now.as_unix() - 2 * DAY).into());
            set("exp", (now.as_unix() - DAY).into());
        }
        Some(RequestFault::FromTheFuture) => set("iat", (now.as_unix() + DAY).into()),
        Some(RequestFault::RedirectUri) => set("redirect_uri", format!("{base}/requests").into()),
        Some(RequestFault::UnknownTransactionData) => {
            let data = json!({ "type": "uk.gov.sandbox.unknown", "credential_ids": ["licence"] });
            set("transaction_data", json!([transaction_data(&data)]));
        }
        Some(RequestFault::WrongWalletNonce) => set("wallet_nonce", "not-the-one-you-sent".into()),
        Some(RequestFault::MissingNonce) => _ = members.remove("nonce"),
        Some(RequestFault::UnusableEncryptionKeys) => keys(members, |keys| {
            keys.insert(
                0,
                json!({ "kty": "AKP", "alg": "ML-KEM-768", "kid": "unusable", "pub": "AA" }),
            );
            keys.insert(1, json!({ "kty": "invented", "alg": "ECDH-ES", "kid": "unusable too" }));
        }),
        Some(RequestFault::NoUsableEncryptionKey) => keys(members, |keys| {
            *keys = vec![json!({ "kty": "invented", "alg": "ECDH-ES", "kid": "unusable" })];
        }),
        Some(RequestFault::EncryptionKeyOffTheCurve) => keys(members, |keys| {
            for key in keys {
                key["y"] = key["x"].clone();
            }
        }),
        Some(RequestFault::EncryptionKeyWithoutAlg) => keys(members, |keys| {
            for key in keys.iter_mut().filter_map(Value::as_object_mut) {
                key.remove("alg");
            }
        }),
        Some(RequestFault::UnsupportedEnc) => {
            if let Some(metadata) = members.get_mut("client_metadata") {
                metadata["encrypted_response_enc_values_supported"] = json!(["A192GCM"]);
            }
        }
        Some(RequestFault::MalformedTransactionData) => set("transaction_data", json!(["{\"type\":\"plain JSON\"}"])),
        Some(RequestFault::TransactionDataHashAlgorithm) => {
            let first = request.spec.transaction_data.iter().flatten().next();
            let mut data = first.cloned().unwrap_or_else(|| json!({}));
            data["transaction_data_hashes_alg"] = json!(["sha-1"]);
            set("transaction_data", json!([transaction_data(&data)]));
        }
        Some(RequestFault::NonceWithSpace) => set("nonce", "a nonce with spaces".into()),
        Some(RequestFault::UnknownResponseMode) => set("response_mode", "carrier_pigeon".into()),
        Some(RequestFault::QueryAndScope) => set("scope", "practice".into()),
        Some(RequestFault::NoQuery) => _ = members.remove("dcql_query"),
        Some(RequestFault::DuplicateQueryIds) => {
            let query = members.get_mut("dcql_query");
            if let Some(Value::Array(queries)) = query.and_then(|query| query.get_mut("credentials")) {
                queries.extend(queries.first().cloned());
            }
        }
        Some(RequestFault::ExponentialSets) => set("dcql_query", exponential()),
        Some(RequestFault::HugeRequestObject) => set("padding", "x".repeat(HUGE).into()),
        Some(RequestFault::Alternate) => {
            set("iss", "https://somebody-else.example".into());
            set("an_unknown_parameter", json!({ "of": ["no", "meaning"] }));
            keys(members, |keys| {
                for key in keys.iter_mut().filter_map(Value::as_object_mut) {
                    key.remove("use");
                }
            });
        }
        _ => {}
    }
}

/// A query with 2⁶⁴ ways of answering: 64 sets of two options each.
fn exponential() -> Value {
    let names: Vec<String> = (0..64).map(|number| format!("q{number}")).collect();
    let credentials: Vec<Value> = names
        .iter()
        .map(|name| json!({ "id": name, "format": "mso_mdoc", "meta": { "doctype_value": NOBODYS } }))
        .collect();
    let others = names.iter().cycle().skip(1);
    let sets = names
        .iter()
        .zip(others)
        .map(|(one, other)| json!({ "options": [[one], [other]] }));
    json!({ "credentials": credentials, "credential_sets": sets.collect::<Vec<_>>() })
}
