//! The targets of `wallet-protocols`.

use super::words::{DCQL_WORDS, MESSAGE_WORDS};
use crate::corpus::Food::{Json, Parts, Text};
use crate::{Target, dcql, documents, issuance, jose, made, presentation};

/// Every target of `wallet-protocols`.
pub const PROTOCOLS: &[Target] = &[
    Target {
        name: "dcql",
        run: dcql::dcql,
        made: || vec![made::query().to_string().into_bytes(), dcql::seed()],
        vectors: &[("dcql", Json), ("openid4vp", Json), ("age-verification", Json)],
        words: DCQL_WORDS,
    },
    Target {
        name: "offer",
        run: issuance::offer,
        made: || vec![issuance::OFFER.as_bytes().to_vec()],
        vectors: &[
            ("openid4vci/credential-offers.json", Json),
            ("openid4vci/credential-offers.json", Text),
            ("age-verification/credential-offers.json", Text),
            ("negative/openid4vci.json", Json),
        ],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "issuer_metadata",
        run: issuance::issuer_metadata,
        made: || vec![issuance::METADATA.as_bytes().to_vec()],
        vectors: &[("openid4vci", Json), ("negative/openid4vci.json", Json)],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "server_metadata",
        run: issuance::server_metadata,
        made: || {
            vec![
                br#"{"issuer":"https://issuer.example.com","token_endpoint":"https://issuer.example.com/token"}"#
                    .to_vec(),
            ]
        },
        vectors: &[
            ("negative/openid4vci.json", Json),
            ("sd-jwt-vc/s4-jwt-vc-issuer-metadata.json", Json),
        ],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "endpoint",
        run: issuance::endpoint,
        made: || {
            vec![
                b"https://issuer.example.com/tenant?x=1#f".to_vec(),
                b"http://user:pw@[::1]:8080/".to_vec(),
            ]
        },
        vectors: &[("openid4vci/well-known-urls.json", Text)],
        words: &[
            "https://",
            "http:",
            "/.well-known/",
            "xn--",
            "%2f",
            "@",
            "[::1]",
            "..",
            "\\",
        ],
    },
    Target {
        name: "token_response",
        run: issuance::token_response,
        made: || {
            let token = br#"{"access_token":"x","token_type":"Bearer","expires_in":600,"c_nonce":"n","authorization_details":
                [{"type":"openid_credential","credential_configuration_id":"licence","credential_identifiers":["a"]}]}"#;
            vec![token.to_vec(), br#"{"error":"invalid_grant"}"#.to_vec()]
        },
        vectors: &[("openid4vci/token-and-credential-responses.json", Json)],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "credential_response",
        run: issuance::credential_response,
        made: || {
            let deferred = br#"{"transaction_id":"x","interval":5}"#.to_vec();
            let encrypted = made::encrypted(jose::CREDENTIALS, wallet_credentials::jose::ContentEncryption::A256Gcm);
            vec![jose::CREDENTIALS.to_vec(), deferred, encrypted.into_bytes()]
        },
        vectors: &[("openid4vci", Json), ("negative/openid4vci.json", Json)],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "issuer_side",
        run: issuance::issuer_side,
        made: issuance::requests,
        vectors: &[
            ("openid4vci/jwt-proof-spec.json", Json),
            ("openid4vci/jwt-proof-spec.json", Text),
        ],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "request_link",
        run: presentation::request_link,
        made: presentation::links,
        vectors: &[("openid4vp", Text), ("age-verification", Text)],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "request_object",
        run: presentation::request_object,
        made: presentation::objects,
        vectors: &[("openid4vp", Text), ("negative/openid4vp-request.json", Text)],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "request_parts",
        run: presentation::request_parts,
        made: presentation::parts,
        vectors: &[("openid4vp", Parts), ("negative/openid4vp-request.json", Parts)],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "client_metadata",
        run: presentation::client_metadata,
        made: || {
            let claims = made::request(true);
            vec![claims["client_metadata"].to_string().into_bytes()]
        },
        vectors: &[("openid4vp", Json), ("negative/openid4vp-request.json", Json)],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "answers",
        run: presentation::answers,
        made: presentation::answer_seeds,
        vectors: &[("openid4vp/http-examples.json", Text)],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "oauth",
        run: documents::oauth,
        made: || {
            let form = b"response_type=code&client_id=wallet&redirect_uri=wallet%3A%2F%2Fcb&state=s&code_challenge_method=S256\
                &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&scope=a%20b";
            vec![form.to_vec(), b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_vec()]
        },
        vectors: &[("jose", Text), ("openid4vci/wallet-attestation.json", Text)],
        words: MESSAGE_WORDS,
    },
    Target {
        name: "browser_request",
        run: documents::browser_request,
        made: documents::browser_requests,
        vectors: &[
            ("openid4vp/dc-api-signed.json", Json),
            ("openid4vp/handover-derived.json", Json),
        ],
        words: MESSAGE_WORDS,
    },
];
