//! Client identifiers and their prefixes (OpenID4VP 1.0, 5.9).

use wallet_credentials::jose::base64url;
use wallet_credentials::trust::Certificate;

/// The longest client identifier, in bytes.
const MAX_CLIENT_ID: usize = 4096;

/// How the service is authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientIdPrefix {
    /// `redirect_uri:` an unsigned request; nobody is authenticated.
    RedirectUri,
    /// `x509_san_dns:` a dNSName of the signer's certificate.
    X509SanDns,
    /// `x509_hash:` the hash of the signer's certificate.
    X509Hash,
    /// `decentralized_identifier:` a DID whose key signs.
    DecentralizedIdentifier,
    /// `verifier_attestation:` a key that somebody trusted attests.
    VerifierAttestation,
    /// `openid_federation:` recognised, and not supported.
    OpenidFederation,
    /// No prefix, or one this specification does not define: a client registered beforehand, of which this wallet knows
    /// none (5.9.2).
    PreRegistered,
}

/// Why a client identifier is refused outright.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientIdError {
    /// Empty, too long or not printable.
    #[error("the client identifier is empty, too long or not printable")]
    Malformed,
    /// `origin:` is reserved for the platform and must not be accepted in a request (5.9.3).
    #[error("the prefix `origin` is reserved")]
    Origin,
}

/// A client identifier, whole: prefix and value together are the audience of a key binding JWT and part of the handover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientId {
    text: String,
    prefix: ClientIdPrefix,
    value_at: usize,
}

impl ClientId {
    /// Reads an identifier; only the first colon separates, and prefixes are case-sensitive (5.9.1).
    ///
    /// # Errors
    /// [`ClientIdError`].
    pub fn parse(text: &str) -> Result<Self, ClientIdError> {
        if text.is_empty() || text.len() > MAX_CLIENT_ID || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ClientIdError::Malformed);
        }
        let prefix = match text.split_once(':').map(|(prefix, _)| prefix) {
            Some("redirect_uri") => ClientIdPrefix::RedirectUri,
            Some("x509_san_dns") => ClientIdPrefix::X509SanDns,
            Some("x509_hash") => ClientIdPrefix::X509Hash,
            Some("decentralized_identifier") => ClientIdPrefix::DecentralizedIdentifier,
            Some("verifier_attestation") => ClientIdPrefix::VerifierAttestation,
            Some("openid_federation") => ClientIdPrefix::OpenidFederation,
            Some("origin") => return Err(ClientIdError::Origin),
            _ => ClientIdPrefix::PreRegistered,
        };
        let value_at = match prefix {
            ClientIdPrefix::PreRegistered => 0,
            _ => text.find(':').map_or(0, |colon| colon + 1),
        };
        Ok(Self {
            text: text.to_owned(),
            prefix,
            value_at,
        })
    }

    /// The identifier of a service that signs with this certificate.
    pub fn x509_hash(certificate: &Certificate) -> Self {
        let text = format!("x509_hash:{}", base64url::encode(&certificate.sha256()));
        Self {
            value_at: "x509_hash:".len(),
            prefix: ClientIdPrefix::X509Hash,
            text,
        }
    }

    /// The whole identifier.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The prefix.
    pub fn prefix(&self) -> ClientIdPrefix {
        self.prefix
    }

    /// What follows the prefix; the whole identifier when there is none.
    pub fn value(&self) -> &str {
        self.text.get(self.value_at..).unwrap_or_default()
    }
}
