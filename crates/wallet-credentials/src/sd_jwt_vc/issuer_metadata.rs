//! JWT VC Issuer Metadata: an issuer's keys under its own https URL (draft-ietf-oauth-sd-jwt-vc, 4).
//!
//! Nothing is fetched here: [`metadata_url`] says where the document is, [`IssuerMetadata::parse`] reads it, and
//! [`JwkSet`] finds the key.

use serde_json::Value;
use url::Url;

use crate::crypto::VerificationKey;
use crate::jose::JwkSet;
use crate::jose::json;

/// The longest metadata document that is read, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// Why issuer metadata was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssuerMetadataError {
    /// `iss` is no https URL with host and perhaps port and path, and nothing else (4).
    #[error("the issuer is not an https URL")]
    Issuer,
    /// Larger than [`MAX_DOCUMENT_BYTES`], or no JSON object of the right shape (4.2).
    #[error("the issuer metadata is malformed")]
    Malformed,
    /// `issuer` is not the `iss` of the credential, code point by code point (4.3).
    #[error("the issuer metadata is of another issuer")]
    OtherIssuer,
    /// Neither `jwks` nor `jwks_uri`, or both (4.2).
    #[error("the issuer metadata has not exactly one place for keys")]
    Keys,
}

/// Where the metadata of this issuer is: `/.well-known/jwt-vc-issuer` between host and path (4, 4.1).
///
/// # Errors
/// [`IssuerMetadataError::Issuer`].
pub fn metadata_url(iss: &str) -> Result<Url, IssuerMetadataError> {
    let rest = iss.strip_prefix("https://").ok_or(IssuerMetadataError::Issuer)?;
    let whole = Url::parse(iss).map_err(|_| IssuerMetadataError::Issuer)?;
    let plain = whole.username().is_empty() && whole.password().is_none() && whole.host_str().is_some();
    // Also an empty query, fragment or user counts, and what the URL standard would quietly mend.
    let mended = iss.contains(['?', '#', '@', '\\']) || iss.chars().any(|c| c.is_whitespace() || c.is_control());
    if !plain || mended {
        return Err(IssuerMetadataError::Issuer);
    }
    let at = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(at);
    let path = path.strip_suffix('/').unwrap_or(path);
    Url::parse(&format!("https://{authority}/.well-known/jwt-vc-issuer{path}")).map_err(|_| IssuerMetadataError::Issuer)
}

/// An issuer's metadata, as far as this wallet uses it.
#[derive(Clone, Debug)]
pub struct IssuerMetadata {
    keys: IssuerKeys,
}

/// Where an issuer's keys are.
#[derive(Clone, Debug)]
pub enum IssuerKeys {
    /// `jwks`: here.
    Inline(JwkSet),
    /// `jwks_uri`: in a JWK Set at this https URL, which [`JwkSet::parse`] reads.
    At(Url),
}

impl IssuerMetadata {
    /// Reads the document fetched for this `iss`. Parameters it does not know are ignored.
    ///
    /// # Errors
    /// [`IssuerMetadataError`].
    pub fn parse(document: &[u8], iss: &str) -> Result<Self, IssuerMetadataError> {
        metadata_url(iss)?;
        if document.len() > MAX_DOCUMENT_BYTES {
            return Err(IssuerMetadataError::Malformed);
        }
        let object = json::parse_object(document).map_err(|_| IssuerMetadataError::Malformed)?;
        let issuer = object.get("issuer").and_then(Value::as_str);
        if issuer.ok_or(IssuerMetadataError::Malformed)? != iss {
            return Err(IssuerMetadataError::OtherIssuer);
        }
        let keys = match (object.get("jwks"), object.get("jwks_uri")) {
            (Some(jwks), None) => JwkSet::from_value(jwks)
                .map(IssuerKeys::Inline)
                .map_err(|_| IssuerMetadataError::Malformed)?,
            (None, Some(Value::String(uri))) => Url::parse(uri)
                .ok()
                .filter(|uri| uri.scheme() == "https" && uri.username().is_empty() && uri.password().is_none())
                .map(IssuerKeys::At)
                .ok_or(IssuerMetadataError::Malformed)?,
            (None, Some(_)) => return Err(IssuerMetadataError::Malformed),
            _ => return Err(IssuerMetadataError::Keys),
        };
        Ok(Self { keys })
    }

    /// Where the keys are.
    #[must_use]
    pub const fn keys(&self) -> &IssuerKeys {
        &self.keys
    }

    /// The key of this `kid`, when the keys are here.
    #[must_use]
    pub fn key(&self, kid: Option<&str>) -> Option<&VerificationKey> {
        match &self.keys {
            IssuerKeys::Inline(keys) => keys.signature_key(kid),
            IssuerKeys::At(_) => None,
        }
    }
}
