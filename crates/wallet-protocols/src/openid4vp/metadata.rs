//! What this wallet tells a service about itself (OpenID4VP 1.0, 10.1).

use serde_json::{Value, json};

use super::client_id::ClientIdPrefix;

/// The wallet's metadata: the same for every wallet of a release, so that it identifies nobody. Only the kind of the client's
/// identifier makes a difference: where requests cannot be signed there is no word about signatures (5.10).
pub fn wallet_metadata(prefix: ClientIdPrefix) -> Value {
    let mut metadata = json!({
        "vp_formats_supported": {
            "dc+sd-jwt": {
                "sd-jwt_alg_values": ["ES256", "ES384", "ES512", "EdDSA"],
                "kb-jwt_alg_values": ["ES256"],
            },
            "mso_mdoc": {
                "issuerauth_alg_values": [-7, -9, -35, -36],
                "deviceauth_alg_values": [-7, -9],
            },
            "jwt_vc_json": { "alg_values": ["ES256", "ES384", "ES512", "EdDSA"] },
        },
        "client_id_prefixes_supported":
            ["x509_hash", "x509_san_dns", "redirect_uri", "decentralized_identifier", "verifier_attestation"],
        "response_types_supported": ["vp_token"],
        "response_modes_supported": ["direct_post", "direct_post.jwt", "fragment"],
        "authorization_encryption_alg_values_supported": ["ECDH-ES"],
        "authorization_encryption_enc_values_supported": ["A256GCM", "A128GCM", "A128CBC-HS256"],
    });
    if prefix != ClientIdPrefix::RedirectUri
        && let Some(members) = metadata.as_object_mut()
    {
        let algorithms = json!(["ES256", "ES384", "ES512", "EdDSA"]);
        members.insert("request_object_signing_alg_values_supported".to_owned(), algorithms);
    }
    metadata
}
