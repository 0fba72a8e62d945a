//! What the Digital Credentials API of a browser carries for mdoc without OpenID4VP (ISO/IEC TS 18013-7, Annex C;
//! protocol identifier `org-iso-mdoc`). Sealing the answer with HPKE is not part of this crate.

use minicbor::Decoder;

use super::{MdocError, SessionTranscript};
use crate::cose::cbor::{self, CborError, Label};
use crate::crypto::PublicKey;
use crate::jose::base64url;

/// The first element of `EncryptionInfo`, and the name of the handover.
pub(super) const DCAPI: &str = "dcapi";

/// `EncryptionInfo`: a nonce, and the key the answer is to be encrypted to. Its base64url text stays as received: it is
/// part of the session transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptionInfo {
    text: String,
    nonce: Vec<u8>,
    recipient: PublicKey,
}

impl EncryptionInfo {
    /// What a verifier sends. The nonce must be unpredictable, and is best of 16 bytes at least.
    #[must_use]
    pub fn new(nonce: Vec<u8>, recipient: PublicKey) -> Self {
        let bytes = cbor::write(|out| {
            out.array(2).text(DCAPI).map(2);
            out.text("nonce").bytes(&nonce);
            out.text("recipientPublicKey").raw(&recipient.to_cose_key());
        });
        Self {
            text: base64url::encode(&bytes),
            nonce,
            recipient,
        }
    }

    /// Reads the unpadded base64url text of the request's member `encryptionInfo`.
    ///
    /// # Errors
    /// [`MdocError::Base64Url`], [`MdocError::Cbor`], and [`MdocError::RecipientKey`] when the key is not a P-256
    /// COSE_Key.
    pub fn parse(text: &str) -> Result<Self, MdocError> {
        let bytes = base64url::decode(text).map_err(|_| MdocError::Base64Url)?;
        cbor::check(&bytes)?;
        let (mut position, mut nonce, mut recipient) = (0, None, None);
        cbor::array::<MdocError>(&mut Decoder::new(&bytes), |decoder| {
            position += 1;
            match position {
                1 if cbor::text(decoder)? != DCAPI => Err(CborError::Shape.into()),
                1 => Ok(()),
                2 => cbor::map::<MdocError>(decoder, |decoder, label| {
                    match label {
                        Label::Text("nonce") => nonce = Some(cbor::byte_string(decoder)?.into_owned()),
                        Label::Text("recipientPublicKey") => {
                            let key = PublicKey::from_cose_key(cbor::raw(decoder)?);
                            recipient = Some(key.map_err(MdocError::RecipientKey)?);
                        }
                        _ => _ = cbor::skip(decoder)?,
                    }
                    Ok(())
                }),
                _ => Err(CborError::Shape.into()),
            }
        })?;
        match (nonce, recipient) {
            (Some(nonce), Some(recipient)) => Ok(Self {
                text: text.to_owned(),
                nonce,
                recipient,
            }),
            _ => Err(CborError::Shape.into()),
        }
    }

    /// The text, as received or made.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The verifier's nonce.
    #[must_use]
    pub fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    /// The key the answer is encrypted to.
    #[must_use]
    pub const fn recipient(&self) -> &PublicKey {
        &self.recipient
    }

    /// The transcript of this request from a page of `origin`, as the browser serialises it.
    #[must_use]
    pub fn transcript(&self, origin: &str) -> SessionTranscript {
        SessionTranscript::iso_dc_api(&self.text, origin)
    }
}
