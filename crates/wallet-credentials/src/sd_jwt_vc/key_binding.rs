//! Binding a presentation to one verifier and one moment with the holder key (RFC 9901, 4.3).

use serde::Serialize;

use super::narrow::Narrowed;
use super::transaction_data::TransactionDataHashes;
use super::{KEY_BINDING_TYPE, SdJwtError};
use crate::crypto::{PublicKey, Signer};
use crate::jose::SigningInput;
use crate::time::Timestamp;

/// What a presentation is bound to.
#[derive(Clone, Copy)]
pub struct KeyBinding<'a> {
    /// `aud`: the verifier, as its full client identifier (OpenID4VP 1.0, 14.8).
    pub audience: &'a str,
    /// `nonce` of the request.
    pub nonce: &'a str,
    /// `iat`: now.
    pub issued_at: Timestamp,
    /// The transaction data the person agreed to, if the request had any.
    pub transaction_data: Option<&'a TransactionDataHashes>,
}

/// The claims of a Key Binding JWT.
#[derive(Serialize)]
struct Claims<'a> {
    iat: i64,
    aud: &'a str,
    nonce: &'a str,
    sd_hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_data_hashes: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_data_hashes_alg: Option<&'a str>,
}

/// A presentation that lacks nothing but the holder's signature; the key may live elsewhere.
#[must_use]
pub struct KeyBindingInput {
    presentation: String,
    signing_input: SigningInput,
    holder_key: PublicKey,
}

impl Narrowed {
    /// Prepares the Key Binding JWT over what this credential was narrowed to.
    ///
    /// # Errors
    /// [`SdJwtError::HolderKey`] when the credential is bound to no key.
    pub fn prepare(self, binding: &KeyBinding<'_>) -> Result<KeyBindingInput, SdJwtError> {
        let holder_key = self.holder_key.ok_or(SdJwtError::HolderKey)?;
        let data = binding.transaction_data;
        let claims = Claims {
            iat: binding.issued_at.as_unix(),
            aud: binding.audience,
            nonce: binding.nonce,
            sd_hash: &self.algorithm.digest(&self.text),
            transaction_data_hashes: data.map(|data| data.hashes.as_slice()),
            transaction_data_hashes_alg: data.and_then(|data| data.algorithm.as_deref()),
        };
        let signing_input = SigningInput::of_type(KEY_BINDING_TYPE, &claims).map_err(|_| SdJwtError::NotSigned)?;
        Ok(KeyBindingInput {
            presentation: self.text,
            signing_input,
            holder_key,
        })
    }

    /// Prepares, signs and completes the presentation with a key at hand.
    ///
    /// # Errors
    /// [`SdJwtError::HolderKey`], and [`SdJwtError::NotSigned`] when `signer` is not the key the credential is bound to
    /// or cannot sign.
    pub fn present(self, binding: &KeyBinding<'_>, signer: &dyn Signer) -> Result<String, SdJwtError> {
        self.prepare(binding)?.sign(signer)
    }
}

impl KeyBindingInput {
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

    /// Completes the presentation with the signature over [`KeyBindingInput::as_bytes`].
    #[must_use]
    pub fn finalise(mut self, signature: &[u8; 64]) -> String {
        self.presentation.push_str(&self.signing_input.finalise(signature));
        self.presentation
    }

    /// Signs with a key at hand and completes the presentation.
    ///
    /// # Errors
    /// [`SdJwtError::NotSigned`] when `signer` is not the key the credential is bound to or cannot sign.
    pub fn sign(self, signer: &dyn Signer) -> Result<String, SdJwtError> {
        if signer.public_key() != self.holder_key {
            return Err(SdJwtError::NotSigned);
        }
        let signature = signer.sign(self.as_bytes()).map_err(|_| SdJwtError::NotSigned)?;
        Ok(self.finalise(&signature))
    }
}
