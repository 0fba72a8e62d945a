use minicbor::Decoder;

use super::dc_api::DCAPI;
use super::{DeviceEngagement, MdocError};
use crate::cose::cbor::{self, CborError, Writer};
use crate::crypto::sha256;

/// A SessionTranscript: what binds a presentation to one conversation (ISO/IEC 18013-5:2021, 9.1.5.1). Holder and
/// verifier each make their own; only equal ones verify.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTranscript(Vec<u8>);

/// How the reader came by the device engagement (ISO/IEC 18013-5:2021, 9.1.5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handover {
    /// From a QR code: `QRHandover`, null.
    Qr,
    /// Over near field communication: `NFCHandover`.
    Nfc {
        /// The Handover Select message.
        select: Vec<u8>,
        /// The Handover Request message; `None` with static handover.
        request: Option<Vec<u8>>,
    },
}

impl Handover {
    fn write(&self, out: &mut Writer) {
        match self {
            Self::Qr => _ = out.null(),
            Self::Nfc { select, request } => {
                out.array(2).bytes(select);
                match request {
                    Some(request) => out.bytes(request),
                    None => out.null(),
                };
            }
        }
    }
}

impl SessionTranscript {
    /// The transcript of a session between two devices that meet (ISO/IEC 18013-5:2021, 9.1.5.1).
    /// `e_reader_key_bytes` is the tag-24 item as it stands in `SessionEstablishment`.
    #[must_use]
    pub fn proximity(engagement: &DeviceEngagement, e_reader_key_bytes: &[u8], handover: &Handover) -> Self {
        Self(cbor::write(|out| {
            out.array(3).tagged24(engagement.as_bytes()).raw(e_reader_key_bytes);
            handover.write(out);
        }))
    }

    /// The transcript of a redirect flow (OpenID4VP 1.0, B.2.6.1). `client_id` keeps its prefix, `response_uri` its
    /// query. `jwk_thumbprint` is the SHA-256 thumbprint of the verifier's encryption key, `None` when the response is
    /// not encrypted.
    #[must_use]
    pub fn openid4vp(client_id: &str, nonce: &str, jwk_thumbprint: Option<&[u8; 32]>, response_uri: &str) -> Self {
        let info = cbor::write(|out| {
            out.array(4).text(client_id).text(nonce);
            thumbprint_or_null(jwk_thumbprint, out);
            out.text(response_uri);
        });
        Self::of_handover("OpenID4VPHandover", &info)
    }

    /// The transcript of the Digital Credentials API (OpenID4VP 1.0, B.2.6.2). `origin` has no `origin:` prefix.
    #[must_use]
    pub fn openid4vp_dc_api(origin: &str, nonce: &str, jwk_thumbprint: Option<&[u8; 32]>) -> Self {
        let info = cbor::write(|out| {
            out.array(3).text(origin).text(nonce);
            thumbprint_or_null(jwk_thumbprint, out);
        });
        Self::of_handover("OpenID4VPDCAPIHandover", &info)
    }

    /// The transcript of the Digital Credentials API without OpenID4VP (ISO/IEC TS 18013-7, Annex C).
    /// `encryption_info` is the unpadded base64url text as it stands in the request, `origin` the browser's
    /// serialisation.
    #[must_use]
    pub fn iso_dc_api(encryption_info: &str, origin: &str) -> Self {
        let info = cbor::write(|out| _ = out.array(2).text(encryption_info).text(origin));
        Self::of_handover(DCAPI, &info)
    }

    /// The transcript of this project's offline proof: there is no verifier yet when it is made, so it is bound to a
    /// time instead. Times are seconds since the Unix epoch.
    #[must_use]
    pub fn offline(issued_at: u64, expires_at: u64, salt: &[u8]) -> Self {
        let info = cbor::write(|out| _ = out.array(3).uint(issued_at).uint(expires_at).bytes(salt));
        Self::of_handover("WalletOfflineHandover", &info)
    }

    /// A transcript someone else encoded, such as one of a proximity session; its bytes are kept.
    ///
    /// # Errors
    /// [`MdocError::Cbor`] unless it is an array of three.
    pub fn from_encoded(bytes: Vec<u8>) -> Result<Self, MdocError> {
        cbor::check(&bytes)?;
        let mut elements = 0;
        cbor::array::<CborError>(&mut Decoder::new(&bytes), |decoder| {
            elements += 1;
            cbor::skip(decoder).map(drop)
        })?;
        if elements == 3 {
            Ok(Self(bytes))
        } else {
            Err(CborError::Shape.into())
        }
    }

    fn of_handover(name: &str, info: &[u8]) -> Self {
        Self(cbor::write(|out| {
            _ = out.array(3).null().null().array(2).text(name).bytes(&sha256(info))
        }))
    }

    /// The CBOR of the transcript.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// `SessionTranscriptBytes`: the transcript as a tag-24 item.
    #[must_use]
    pub fn to_tagged_bytes(&self) -> Vec<u8> {
        cbor::write(|out| _ = out.tagged24(&self.0))
    }

    /// `DeviceAuthenticationBytes` (ISO/IEC 18013-5:2021, 9.1.3.4): what the device signs. `device_name_spaces` is the
    /// tag-24 item as it stands in the response.
    #[must_use]
    pub fn device_authentication_bytes(&self, doc_type: &str, device_name_spaces: &[u8]) -> Vec<u8> {
        let authentication = cbor::write(|out| {
            out.array(4)
                .text("DeviceAuthentication")
                .raw(&self.0)
                .text(doc_type)
                .raw(device_name_spaces);
        });
        cbor::write(|out| _ = out.tagged24(&authentication))
    }

    /// `ReaderAuthenticationBytes` (ISO/IEC 18013-5:2021, 9.1.4.5). `items_request` is the tag-24 item as it stands in
    /// the request.
    #[must_use]
    pub fn reader_authentication_bytes(&self, items_request: &[u8]) -> Vec<u8> {
        let authentication = cbor::write(|out| {
            _ = out
                .array(3)
                .text("ReaderAuthentication")
                .raw(&self.0)
                .raw(items_request)
        });
        cbor::write(|out| _ = out.tagged24(&authentication))
    }
}

fn thumbprint_or_null(thumbprint: Option<&[u8; 32]>, out: &mut Writer) {
    match thumbprint {
        Some(thumbprint) => out.bytes(thumbprint),
        None => out.null(),
    };
}
