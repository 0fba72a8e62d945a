//! Showing a credential: all of it, to one verifier (OpenID4VP 1.0, B.1.3.1).

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::credential::{DataModel, JwtVc};
use super::{CONTEXT_V1, CONTEXT_V2, JwtVcError, PRESENTATION_TYPE};
use crate::claim::ClaimPath;
use crate::crypto::{PublicKey, Signer};
use crate::jose::{SigningHeader, SigningInput};
use crate::time::Timestamp;

/// How long a presentation says it is good for.
const LIFETIME: Duration = Duration::from_secs(300);

/// What a presentation is bound to.
#[derive(Clone, Copy)]
pub struct PresentationBinding<'a> {
    /// `aud`: the verifier, as its full client identifier.
    pub audience: &'a str,
    /// `nonce` of the request.
    pub nonce: &'a str,
    /// `iat`: now.
    pub issued_at: Timestamp,
}

/// A credential about to be shown. It is always the whole credential: no claim can be left out.
#[derive(Clone)]
pub struct Whole {
    credential: JwtVc,
}

impl JwtVc {
    /// The credential as it would leave: with everything in it.
    #[must_use]
    pub fn whole(&self) -> Whole {
        Whole {
            credential: self.clone(),
        }
    }
}

impl Whole {
    /// Every claim that would leave, which is every claim there is: exactly what the verifier will read.
    #[must_use]
    pub const fn claims(&self) -> &Map<String, Value> {
        self.credential.claims()
    }

    /// The places of all values that would leave, which are all there are.
    #[must_use]
    pub fn disclosed(&self) -> Vec<ClaimPath> {
        self.credential.always_disclosed()
    }

    /// Prepares the presentation JWT around the credential, in the form of the credential's own data model: a `vp` claim for
    /// 1.1 (VCDM 1.1, 6.3.1), an enveloped credential in a `vp+jwt` for 2.0 (VC-JOSE-COSE, 3.1.2).
    ///
    /// # Errors
    /// [`JwtVcError::HolderKey`] when the credential is bound to no key.
    pub fn prepare(&self, binding: &PresentationBinding<'_>) -> Result<PresentationInput, JwtVcError> {
        let holder = self.credential.holder().ok_or(JwtVcError::HolderKey)?;
        let mut claims = json!({
            "iss": holder.did,
            "aud": binding.audience,
            "nonce": binding.nonce,
            "iat": binding.issued_at.as_unix(),
            "exp": binding.issued_at.plus(LIFETIME).as_unix(),
        });
        let header = match self.credential.data_model() {
            DataModel::V1_1 => {
                claims["vp"] = json!({
                    "@context": [CONTEXT_V1],
                    "type": ["VerifiablePresentation"],
                    "verifiableCredential": [self.credential.as_str()],
                });
                SigningHeader::new("JWT")
            }
            DataModel::V2_0 => {
                claims["@context"] = json!([CONTEXT_V2]);
                claims["type"] = json!(["VerifiablePresentation"]);
                claims["holder"] = holder.did.as_str().into();
                claims["verifiableCredential"] = json!([{
                    "@context": CONTEXT_V2,
                    "id": format!("{ENVELOPE}{}", self.credential.as_str()),
                    "type": "EnvelopedVerifiableCredential",
                }]);
                SigningHeader::new(PRESENTATION_TYPE).member("cty", "vp".into())
            }
        };
        let payload = serde_json::to_vec(&claims).map_err(|_| JwtVcError::NotSigned)?;
        let signing_input = header
            .kid(&holder.kid())
            .prepare(&payload)
            .map_err(|_| JwtVcError::NotSigned)?;
        Ok(PresentationInput {
            signing_input,
            holder_key: holder.key,
        })
    }

    /// Prepares, signs and completes the presentation with a key at hand.
    ///
    /// # Errors
    /// [`JwtVcError::HolderKey`], and [`JwtVcError::NotSigned`] when `signer` is not the key the credential is bound to or
    /// cannot sign.
    pub fn present(&self, binding: &PresentationBinding<'_>, signer: &dyn Signer) -> Result<String, JwtVcError> {
        self.prepare(binding)?.sign(signer)
    }

    /// The bare credential, for verifiers that do not require the proof of a holder (OpenID4VP 1.0, 6.1,
    /// `require_cryptographic_holder_binding`).
    #[must_use]
    pub fn into_unbound(self) -> String {
        self.credential.as_str().to_owned()
    }
}

/// What the `id` of an enveloped credential begins with (VCDM 2.0, 4.13.1).
pub(super) const ENVELOPE: &str = "data:application/vc+jwt,";

/// A presentation that lacks nothing but the holder's signature; the key may live elsewhere.
#[must_use]
pub struct PresentationInput {
    signing_input: SigningInput,
    holder_key: PublicKey,
}

impl PresentationInput {
    /// The bytes the holder key signs with ES256.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.signing_input.as_bytes()
    }

    /// The key that must sign.
    #[must_use]
    pub const fn holder_key(&self) -> &PublicKey {
        &self.holder_key
    }

    /// Completes the presentation with the signature over [`PresentationInput::as_bytes`].
    #[must_use]
    pub fn finalise(self, signature: &[u8; 64]) -> String {
        self.signing_input.finalise(signature)
    }

    /// Signs with a key at hand and completes the presentation.
    ///
    /// # Errors
    /// [`JwtVcError::NotSigned`] when `signer` is not the key the credential is bound to or cannot sign.
    pub fn sign(self, signer: &dyn Signer) -> Result<String, JwtVcError> {
        if signer.public_key() != self.holder_key {
            return Err(JwtVcError::NotSigned);
        }
        let signature = signer.sign(self.as_bytes()).map_err(|_| JwtVcError::NotSigned)?;
        Ok(self.finalise(&signature))
    }
}
