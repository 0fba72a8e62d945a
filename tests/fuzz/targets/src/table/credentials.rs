//! The targets of `wallet-credentials`.

use std::collections::BTreeSet;

use wallet_credentials::jose::{ContentEncryption, base64url};
use wallet_credentials::status::StatusSize;

use super::words::{JWT_WORDS, MDOC_WORDS, SD_JWT_WORDS, VC_WORDS};
use crate::corpus::Food::{self, Bytes, Json, Parts, Text};
use crate::corpus::SEPARATOR;
use crate::world::{Party, world};
use crate::{Target, cbor, claim_path, corpus, documents, jose, jwt_vc, made, sd_jwt, status, trust};

/// CBOR and every byte string inside.
fn nested(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = BTreeSet::new();
    corpus::collect_nested(bytes.to_vec(), &mut found);
    found.into_iter().collect()
}

/// Every target of `wallet-credentials`.
pub const CREDENTIALS: &[Target] = &[
    Target {
        name: "session",
        run: cbor::session,
        made: || vec![made::engagement(), made::session_messages()],
        vectors: &[("mdoc-annex-d", Bytes), ("negative/mdoc-session.json", Bytes)],
        words: &["eReaderKey", "data", "status", "mdoc:", "1.0"],
    },
    Target {
        name: "sd_jwt_json",
        run: documents::sd_jwt_json,
        made: documents::json_forms,
        vectors: &[("sd-jwt-python-testcases", Json), ("sd-jwt-rfc9901", Text)],
        words: &[
            "\"payload\":",
            "\"protected\":",
            "\"signature\":",
            "\"signatures\":[",
            "\"header\":{\"disclosures\":[",
            "\"kb_jwt\":",
        ],
    },
    Target {
        name: "documents",
        run: documents::documents,
        made: || vec![world().encryption.to_jwk().to_string().into_bytes()],
        vectors: &[("sd-jwt-vc", Json), ("sd-jwt-vc", Text)],
        words: VC_WORDS,
    },
    Target {
        name: "revocation_list",
        run: documents::revocation_list,
        made: || vec![made::revocation_list(&world().issuer)],
        vectors: &[],
        words: &["Practice Authority", "Practice Issuer"],
    },
    Target {
        name: "jwt_vc",
        run: jwt_vc::jwt_vc,
        made: || vec![made::veteran().into_bytes(), made::veteran_presentation().into_bytes()],
        vectors: &[],
        words: JWT_WORDS,
    },
    Target {
        name: "jwt_vc_parts",
        run: jwt_vc::jwt_vc_parts,
        made: || corpus::take_apart(&made::veteran()).into_iter().collect(),
        vectors: &[],
        words: VC_WORDS,
    },
    Target {
        name: "cbor",
        run: cbor::cbor,
        made: || vec![made::licence().to_vec()],
        vectors: &[("cose-cbor", Bytes), ("mdoc-annex-d", Bytes)],
        words: &["2026-06-01", "2026-06-01T00:00:00Z"],
    },
    Target {
        name: "cose",
        run: cbor::cose,
        made: || nested(made::device_response()),
        vectors: &[("cose-cbor", Bytes), ("mdoc-annex-d", Bytes), ("status-list", Bytes)],
        words: &["Signature1", "MAC0"],
    },
    Target {
        name: "issuer_signed",
        run: cbor::issuer_signed,
        made: || vec![made::licence().to_vec()],
        vectors: &[("mdoc-annex-d", Bytes), ("mdoc-interop", Bytes)],
        words: MDOC_WORDS,
    },
    Target {
        name: "device_response",
        run: cbor::device_response,
        made: || vec![made::device_response().to_vec()],
        vectors: &[
            ("mdoc-annex-d", Bytes),
            ("mdoc-interop", Bytes),
            ("negative/mdoc-device-response.json", Bytes),
        ],
        words: MDOC_WORDS,
    },
    Target {
        name: "device_request",
        run: cbor::device_request,
        made: Vec::new,
        vectors: &[("mdoc-annex-d", Bytes), ("age-verification", Bytes)],
        words: MDOC_WORDS,
    },
    Target {
        name: "mso",
        run: cbor::mso,
        made: || nested(made::licence()),
        vectors: &[("mdoc-annex-d", Bytes)],
        words: MDOC_WORDS,
    },
    Target {
        name: "offline_proof",
        run: cbor::offline_proof,
        made: || vec![made::offline_proof()],
        vectors: &[],
        words: MDOC_WORDS,
    },
    Target {
        name: "strict_json",
        run: jose::strict_json,
        made: || vec![made::query().to_string().into_bytes()],
        vectors: &[("dcql", Json), ("openid4vci", Json)],
        words: &[
            "\\u0000", "\\ud800", "1e400", "-0", "0.1", "null", "true", "{\"a\":", "[[",
        ],
    },
    Target {
        name: "base64url",
        run: jose::base64,
        made: || vec![b"SGVsbG8".to_vec()],
        vectors: &[],
        words: &["=", "+", "/", "-", "_"],
    },
    Target {
        name: "jws",
        run: jose::jws,
        made: || {
            vec![
                made::status_token(StatusSize::Two).into_bytes(),
                made::open_person().into_bytes(),
            ]
        },
        vectors: &[
            ("jose", Text),
            ("status-list", Text),
            ("openid4vci", Text),
            ("openid4vp", Text),
        ],
        words: JWT_WORDS,
    },
    Target {
        name: "jwe",
        run: jose::jwe,
        made: encrypted,
        vectors: &[
            ("negative/jwe-ecdh-es.json", Text),
            ("openid4vp", Text),
            ("openid4vci", Text),
        ],
        words: JWT_WORDS,
    },
    Target {
        name: "jwe_parts",
        run: jose::jwe_parts,
        made: || encrypted().iter().filter_map(|text| jwe_in_parts(text)).collect(),
        vectors: &[],
        words: JWT_WORDS,
    },
    Target {
        name: "jwk",
        run: jose::jwk,
        made: || {
            let jwk = world().encryption.to_jwk();
            let did = format!("did:jwk:{}", base64url::encode(jwk.to_string().as_bytes()));
            let set = serde_json::json!({"keys": [jwk.clone(), {"kty": "RSA", "n": "AQAB", "e": "AQAB"}]});
            let key = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK".to_owned();
            vec![
                jwk.to_string().into_bytes(),
                set.to_string().into_bytes(),
                did.into_bytes(),
                key.into_bytes(),
            ]
        },
        vectors: &[("jose", Json), ("sd-jwt-rfc9901/keys.json", Json), ("sd-jwt-vc", Json)],
        words: JWT_WORDS,
    },
    Target {
        name: "sd_jwt_vc",
        run: sd_jwt::sd_jwt_vc,
        made: || {
            vec![
                made::person().into(),
                made::open_person().into_bytes(),
                made::presentation().into_bytes(),
            ]
        },
        vectors: &[
            ("sd-jwt-vc", Text),
            ("sd-jwt-rfc9901", Text),
            ("sd-jwt-python-testcases", Text),
            ("negative/sd-jwt-vc.json", Text),
        ],
        words: JWT_WORDS,
    },
    Target {
        name: "sd_jwt_parts",
        run: sd_jwt::sd_jwt_parts,
        made: || {
            let mut seeds: Vec<Vec<u8>> = [made::person(), &made::open_person()]
                .iter()
                .filter_map(|text| corpus::take_apart(text))
                .collect();
            seeds.push(structured());
            seeds
        },
        vectors: &[
            ("sd-jwt-vc", Parts),
            ("sd-jwt-python-testcases", Parts),
            ("negative/sd-jwt-vc.json", Parts),
        ],
        words: SD_JWT_WORDS,
    },
    Target {
        name: "status_list",
        run: status::status_list,
        made: || {
            let list = |at: u8, size| {
                let claim = made::statuses(size).to_claim().unwrap();
                let zlib = base64url::decode(claim["lst"].as_str().unwrap()).unwrap();
                [vec![at], zlib].concat()
            };
            vec![
                list(0, StatusSize::One),
                list(1, StatusSize::Two),
                list(2, StatusSize::Four),
                list(3, StatusSize::Eight),
            ]
        },
        vectors: &[],
        words: &["x\u{9c}"],
    },
    Target {
        name: "status_token",
        run: status::status_token,
        made: || {
            let sizes = [StatusSize::One, StatusSize::Two, StatusSize::Eight];
            let jwt = sizes.iter().map(|size| made::status_token(*size).into_bytes());
            jwt.chain(sizes.iter().map(|size| made::status_cwt(*size))).collect()
        },
        vectors: &[
            ("status-list", Text),
            ("status-list", Bytes),
            ("negative/status-list.json", Text),
        ],
        words: JWT_WORDS,
    },
    Target {
        name: "status_parts",
        run: status::status_parts,
        made: || {
            corpus::take_apart(&made::status_token(StatusSize::Four))
                .into_iter()
                .collect()
        },
        vectors: &[("status-list", Parts), ("negative/status-list.json", Parts)],
        words: JWT_WORDS,
    },
    Target {
        name: "certificate",
        run: trust::certificate,
        made: || {
            let world = world();
            let parties = [&world.authority, &world.issuer, &world.service, &world.lists];
            let mut seeds: Vec<Vec<u8>> = parties
                .iter()
                .map(|party| party.certificate.as_der().to_vec())
                .collect();
            seeds.push(world.issuer.certificate.to_pem().into_bytes());
            seeds
        },
        vectors: CERTIFICATES,
        words: &["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"],
    },
    Target {
        name: "chain",
        run: trust::chain,
        made: || {
            let world = world();
            let der = |party: &Party| party.certificate.as_der().to_vec();
            vec![
                der(&world.issuer),
                [der(&world.issuer), der(&world.authority)].concat(),
                [der(&world.strange_issuer), der(&world.stranger)].concat(),
                [der(&world.service), der(&world.stranger), der(&world.authority)].concat(),
            ]
        },
        vectors: CERTIFICATES,
        words: &["Practice Authority", "Practice Issuer"],
    },
    Target {
        name: "signed_list",
        run: trust::signed_list,
        made: || {
            let list = serde_json::to_vec(&made::trust_list()).unwrap();
            vec![list, serde_json::to_vec(&made::register()).unwrap()]
        },
        vectors: &[],
        words: &[
            "\"en\":",
            "\"cy\":",
            "\"role\":",
            "issuer",
            "service",
            "status",
            "list_signer",
            "\"valid_until\":",
            "\"withdrawn_at\":",
            "\"purposes\":",
            "\"allowed\":",
            "\"path\":",
            "null",
            "\\u202e",
        ],
    },
    Target {
        name: "claim_path",
        run: claim_path::claim_path,
        made: || {
            let value = serde_json::json!({"path": ["degrees", null, "type"], "claims": made::claims()});
            vec![value.to_string().into_bytes()]
        },
        vectors: &[],
        words: &[
            "null",
            "\"degrees\"",
            "[0]",
            "18446744073709551615",
            "\"path\":",
            "\"claims\":",
        ],
    },
];

const CERTIFICATES: &[(&str, Food)] = &[
    ("mdoc-annex-d/issuer-auth-mso.json", Bytes),
    ("mdoc-interop", Bytes),
    ("negative/mdoc-device-response.json", Bytes),
    ("negative/openid4vp-request.json", Bytes),
];

fn encrypted() -> Vec<Vec<u8>> {
    [
        ContentEncryption::A128Gcm,
        ContentEncryption::A256Gcm,
        ContentEncryption::A128CbcHs256,
    ]
    .iter()
    .flat_map(|enc| [jose::SECRET, jose::CREDENTIALS].map(|content| made::encrypted(content, *enc).into_bytes()))
    .collect()
}

/// A compact JWE as [`jose::jwe_parts`] takes it.
fn jwe_in_parts(text: &[u8]) -> Option<Vec<u8>> {
    let mut parts = std::str::from_utf8(text)
        .ok()?
        .split('.')
        .map(|part| base64url::decode(part).ok());
    let (header, _, iv, ciphertext, tag) = (
        parts.next()??,
        parts.next()??,
        parts.next()??,
        parts.next()??,
        parts.next()??,
    );
    Some([header, vec![SEPARATOR], iv, tag, ciphertext].concat())
}

/// Recursive disclosures and disclosed array elements, for [`sd_jwt::sd_jwt_parts`].
fn structured() -> Vec<u8> {
    let parts = [
        r#"{"alg":"ES256","typ":"dc+sd-jwt"}"#,
        r#"{"vct":"x","_sd":["$1","$3"],"list":[{"...":"$4"},1,{"...":"$5"}],"_sd_alg":"sha-256"}"#,
        r#"["salt","address",{"_sd":["$2"],"country":"GB"}]"#,
        r#"["salt","town","Leith"]"#,
        r#"["salt","age",21]"#,
        r#"["salt",{"_sd":["$6"]}]"#,
        r#"["salt",null]"#,
        r#"["salt","deep",[[]]]"#,
    ];
    parts.join("\u{1e}").into_bytes()
}
