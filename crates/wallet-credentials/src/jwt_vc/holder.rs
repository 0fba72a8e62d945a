//! Which key a credential is bound to.

use serde_json::{Map, Value};

use super::JwtVcError;
use crate::crypto::{PublicKey, VerificationKey};
use crate::jose::did;

/// Who may present a credential.
#[derive(Clone)]
pub(super) struct Holder {
    pub(super) key: PublicKey,
    /// The DID that names the key: the subject's own, or the did:key of the key.
    pub(super) did: String,
}

impl Holder {
    /// The DID URL of the key, for `kid`.
    pub(super) fn kid(&self) -> String {
        let fragment = self.did.strip_prefix("did:key:").unwrap_or("0");
        format!("{}#{fragment}", self.did)
    }

    /// Whether a DID or DID URL is this holder's.
    pub(super) fn is(&self, did_url: &str) -> bool {
        let named = did_url.split('#').next().unwrap_or_default();
        named == self.did || matches!(did::resolve(did_url), Ok(VerificationKey::P256(key)) if key == self.key)
    }
}

/// The holder of a credential: `cnf` (VC-JOSE-COSE, 4.1.3; RFC 7800, 3), or a subject that is a did:key or did:jwk, as
/// GOV.UK Wallet binds. `None` when it is bound to nobody.
pub(super) fn read(payload: &Map<String, Value>, subject: Option<&str>) -> Result<Option<Holder>, JwtVcError> {
    let by_subject = match subject.filter(|subject| names_key(subject)) {
        None => None,
        Some(did) => Some(Holder {
            key: resolve(did)?,
            did: did.split('#').next().unwrap_or(did).to_owned(),
        }),
    };
    let Some(confirmation) = payload.get("cnf") else {
        return Ok(by_subject);
    };
    let key = match (confirmation.get("jwk"), confirmation.get("kid").and_then(Value::as_str)) {
        (Some(jwk), _) => PublicKey::from_jwk(jwk).map_err(|_| JwtVcError::HolderKey)?,
        (None, Some(kid)) => resolve(kid)?,
        (None, None) => return Err(JwtVcError::HolderKey),
    };
    match by_subject {
        Some(holder) if holder.key == key => Ok(Some(holder)),
        // One key by name and another one by confirmation: nobody could say who the holder is.
        Some(_) => Err(JwtVcError::HolderKey),
        None => Ok(Some(Holder {
            key,
            did: did::did_key(&key),
        })),
    }
}

fn names_key(subject: &str) -> bool {
    subject.starts_with("did:key:") || subject.starts_with("did:jwk:")
}

/// This wallet's holder keys are on P-256; a credential bound to another key could never be shown.
fn resolve(did_url: &str) -> Result<PublicKey, JwtVcError> {
    match did::resolve(did_url) {
        Ok(VerificationKey::P256(key)) => Ok(key),
        _ => Err(JwtVcError::HolderKey),
    }
}
