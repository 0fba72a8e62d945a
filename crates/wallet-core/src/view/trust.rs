//! What is seen of those the person trusts.

use serde::Serialize;
use ts_rs::TS;

/// A trust anchor.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(export)]
pub struct AnchorView {
    /// Id.
    pub id: String,
    /// Certificate subject or DID.
    pub subject: String,
    /// `issuer`, `service`, `status`.
    pub role: String,
    /// When it ends (RFC 3339).
    pub not_after: Option<String>,
    /// It comes with the practice profile.
    pub sandbox: bool,
}

/// A wallet provider, as an issuer needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProviderView {
    /// The `client_id` of its wallets.
    pub client_id: String,
    /// Who signs its attestations.
    pub issuer: String,
    /// The anchor of wallet attestations (PEM).
    pub trust_anchor_pem: String,
    /// The anchor of key attestations (PEM).
    pub key_attestation_trust_anchor_pem: String,
    /// The key this wallet is known by where an issuer is told of it (`private_key_jwt`): a JWK set, in the terminal only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_jwks: Option<serde_json::Value>,
}
