//! Who may say whether a credential still counts: its issuer, and those the issuer's scheme bound to it. A list signed by
//! anyone else says nothing, however well it is signed.

use super::StatusError;
use super::signed::Signed;
use crate::crypto::VerificationKey;
use crate::time::Timestamp;
use crate::trust::{Profile, Role, TrustAnchor, TrustAnchors, verify_chain};

/// The anchors a status list may lead to for the credentials of one issuer: the issuer's own anchor, and the
/// [`Role::Status`] anchors that are bound to it ([`TrustAnchor::speaking_for`]). There is no other way to make one, so
/// that the status authority of one issuer never vouches for the credentials of another.
#[derive(Clone, Debug)]
pub struct StatusAnchors(TrustAnchors);

impl StatusAnchors {
    /// The status anchors of the issuer whose credential's chain ended at `issuer` ([`verify_chain`]).
    #[must_use]
    pub fn of(issuer: &TrustAnchor, known: &TrustAnchors) -> Self {
        let name = issuer.certificate().sha256();
        let bound = known
            .iter()
            .filter(|anchor| anchor.role() == Role::Status && anchor.speaks_for(&name));
        Self(std::iter::once(issuer).chain(bound).cloned().collect())
    }
}

/// Who may sign the status list of one issuer's credentials.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum StatusSigners<'a> {
    /// Certificates that lead to one of these (HAIP 1.0, 6.1: the token carries them, without the anchor, and the signer's
    /// is not self-signed).
    Anchors(&'a StatusAnchors),
    /// This key, where the issuer signs with the key of a DID and no certificate exists. The caller answers for it being
    /// the issuer's, or bound to the issuer.
    Key(&'a VerificationKey),
}

impl StatusSigners<'_> {
    /// The key the token must verify with.
    pub(super) fn key(self, signed: &Signed, now: Timestamp) -> Result<VerificationKey, StatusError> {
        match self {
            Self::Key(key) => Ok(key.clone()),
            Self::Anchors(anchors) => {
                let chain = signed.certificates()?;
                verify_chain(&chain, &anchors.0, now, Profile::StatusSigner).map_err(StatusError::Signer)?;
                let signer = chain.first().ok_or(StatusError::Malformed)?;
                signer.verification_key().map_err(StatusError::Certificate)
            }
        }
    }
}
