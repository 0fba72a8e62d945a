//! Which key an issuer says it signed with (draft-ietf-oauth-sd-jwt-vc, 2.5; HAIP 1.0, 6.1.1).

use crate::crypto::{CryptoError, VerificationKey};
use crate::jose::{JwsHeader, did};

/// What an Issuer-signed JWT says about the key it was signed with. None of it is verified: it is where to look.
#[derive(Clone, Debug)]
pub struct IssuerKeyReference<'a> {
    /// `x5c`: the certificate chain in DER, the issuer's first; empty when there is none. Whether it is to be believed
    /// is for the trust anchors to say.
    pub x5c: &'a [Vec<u8>],
    /// `kid` of the header.
    pub kid: Option<&'a str>,
    /// `iss` of the payload.
    pub iss: Option<&'a str>,
}

impl<'a> IssuerKeyReference<'a> {
    pub(super) fn new(header: &'a JwsHeader, iss: Option<&'a str>) -> Self {
        Self {
            x5c: &header.x5c,
            kid: header.kid.as_deref(),
            iss,
        }
    }

    /// The key a `did:jwk` or `did:key` issuer names by itself, if this is one and carries no chain.
    ///
    /// # Errors
    /// As [`resolve_did_key`].
    pub fn did_key(&self) -> Result<VerificationKey, CryptoError> {
        resolve_did_key(self.iss, self.kid)
    }
}

/// The key of an issuer that is a `did:jwk` or `did:key`: by `kid` when that is a DID URL of the issuer, or by `iss`
/// with a `kid` that is only a fragment or absent.
///
/// # Errors
/// [`CryptoError::Unsupported`] when neither is such a DID or `kid` belongs to another DID than `iss`, otherwise as
/// [`did::resolve`].
pub fn resolve_did_key(iss: Option<&str>, kid: Option<&str>) -> Result<VerificationKey, CryptoError> {
    let iss = iss.filter(|iss| iss.starts_with("did:"));
    match (iss, kid) {
        (_, Some(kid)) if kid.starts_with("did:") => {
            let named = kid.split('#').next();
            if iss.is_some() && named != iss {
                return Err(CryptoError::Unsupported);
            }
            did::resolve(kid)
        }
        (Some(iss), Some(fragment)) if fragment.starts_with('#') => did::resolve(&format!("{iss}{fragment}")),
        (Some(iss), _) => did::resolve(iss),
        _ => Err(CryptoError::Unsupported),
    }
}
