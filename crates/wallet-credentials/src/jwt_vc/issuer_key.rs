//! Which key an issuer says it signed with (VC-JOSE-COSE, 4).

use super::JwtVcError;
use crate::crypto::VerificationKey;
use crate::jose::JwsHeader;
use crate::jose::did;
use crate::jose::did_web::{DidDocument, DidWeb};

/// Where the key of an issuer is found. Whether the issuer is to be trusted is another question.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum IssuerKeySource<'a> {
    /// The issuer is a did:key or did:jwk: this is its key.
    Named(VerificationKey),
    /// The key is in the DID document at [`DidWeb::url`]; [`IssuerKeySource::key_in`] finds it there.
    DidWeb {
        /// The DID, which speaks for the issuer.
        did: DidWeb,
        /// `kid`: the DID URL of the key in the document.
        kid: Option<&'a str>,
    },
    /// The certificate chain of `x5c` in DER, the signer's first. Whether it is to be believed is for the trust anchors to
    /// say.
    Certificates(&'a [Vec<u8>]),
}

impl<'a> IssuerKeySource<'a> {
    pub(super) fn find(header: &'a JwsHeader, issuer: &'a str) -> Result<Self, JwtVcError> {
        if !header.x5c.is_empty() {
            return Ok(Self::Certificates(&header.x5c));
        }
        let kid = header.kid.as_deref().filter(|kid| kid.starts_with("did:"));
        let named = kid.unwrap_or(issuer);
        if named.starts_with("did:web:") {
            let did = DidWeb::parse(named).map_err(|_| JwtVcError::IssuerKey)?;
            if !did.speaks_for(issuer) {
                return Err(JwtVcError::IssuerKey);
            }
            return Ok(Self::DidWeb { did, kid });
        }
        // A key that names itself is nobody else's: the issuer must be that DID.
        if !issuer.starts_with("did:") || named.split('#').next() != Some(issuer) {
            return Err(JwtVcError::IssuerKey);
        }
        did::resolve(named).map(Self::Named).map_err(|_| JwtVcError::IssuerKey)
    }

    /// The key in a fetched DID document, which must list it for assertions.
    ///
    /// # Errors
    /// [`JwtVcError::IssuerKey`] when the document is not this DID's or has no such key, and for the other sources.
    pub fn key_in(&self, document: &[u8]) -> Result<VerificationKey, JwtVcError> {
        let Self::DidWeb { did, kid } = self else {
            return Err(JwtVcError::IssuerKey);
        };
        let document = DidDocument::parse(document, did).map_err(|_| JwtVcError::IssuerKey)?;
        document.assertion_key(*kid).cloned().map_err(|_| JwtVcError::IssuerKey)
    }
}
