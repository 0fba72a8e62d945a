use std::sync::Arc;

use minicbor::Decoder;

use super::issuer_signed::IssuerSigned;
use super::session_encryption::derive;
use super::{ElementValue, MdocError, SessionTranscript};
use crate::cose::cbor::{self, CborError, Label};
use crate::cose::{CoseError, Mac0, Sign1};
use crate::crypto::{AgreementKey, VerificationKey};
use crate::jose::base64url;
use crate::time::Timestamp;
use crate::trust::TrustAnchors;
use crate::verified::{Unverified, Verification};

/// The most documents of one response.
const MAX_DOCUMENTS: usize = 64;

/// The label EMacKey is derived with (ISO/IEC 18013-5:2021, 9.1.3.5).
pub(super) const E_MAC_KEY: &[u8] = b"EMacKey";

/// What a verifier checks a response against.
#[derive(Clone, Copy)]
pub struct DeviceResponseContext<'a> {
    /// The issuers it trusts.
    pub anchors: &'a TrustAnchors,
    /// Its own transcript of the session.
    pub transcript: &'a SessionTranscript,
    /// The reader's ephemeral key, in a proximity session only; without it a MAC proves nothing and is refused.
    pub reader_key: Option<&'a AgreementKey>,
}

/// An mdoc response (ISO/IEC 18013-5:2021, 8.3.2.1.2.2).
pub struct DeviceResponse {
    version: String,
    status: u64,
    documents: Vec<Document>,
}

/// One document of a response.
pub struct Document {
    doc_type: String,
    issuer_signed: IssuerSigned,
    device_name_spaces: Vec<u8>,
    device_elements: Vec<DeviceElement>,
    device_auth: DeviceAuth,
}

/// An element the device signed itself (`DeviceSignedItem`).
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceElement {
    /// The name space.
    pub name_space: Arc<str>,
    /// The element identifier.
    pub identifier: String,
    /// The value.
    pub value: ElementValue,
}

enum DeviceAuth {
    Signature(Sign1),
    Mac(Mac0),
}

impl DeviceResponse {
    /// Reads the CBOR form.
    ///
    /// # Errors
    /// [`MdocError`] for bytes that cannot be read; the rules of trust come with `verify`.
    pub fn parse(bytes: &[u8]) -> Result<Unverified<Self>, MdocError> {
        cbor::check(bytes)?;
        let (mut version, mut status, mut documents) = (None, None, Vec::new());
        cbor::map::<MdocError>(&mut Decoder::new(bytes), |decoder, label| {
            match label {
                Label::Text("version") => version = Some(cbor::text(decoder)?.into_owned()),
                Label::Text("status") => status = Some(decoder.u64().map_err(CborError::from)?),
                Label::Text("documents") => cbor::array::<MdocError>(decoder, |decoder| {
                    if documents.len() == MAX_DOCUMENTS {
                        return Err(CborError::TooLarge.into());
                    }
                    documents.push(Document::read(decoder)?);
                    Ok(())
                })?,
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        let (Some(version), Some(status)) = (version, status) else {
            return Err(CborError::Shape.into());
        };
        Ok(Unverified::new(Self {
            version,
            status,
            documents,
        }))
    }

    /// Reads the unpadded base64url form of a `vp_token` (OpenID4VP 1.0, B.2.5).
    ///
    /// # Errors
    /// [`MdocError::Base64Url`], else as [`DeviceResponse::parse`].
    pub fn parse_base64url(text: &str) -> Result<Unverified<Self>, MdocError> {
        Self::parse(&base64url::decode(text).map_err(|_| MdocError::Base64Url)?)
    }

    /// The documents; never empty when verified.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }
}

impl Verification for DeviceResponse {
    type Against<'a> = DeviceResponseContext<'a>;
    type Error = MdocError;

    /// Version, status, and for every document: the issuer's part with every digest, the docType, and the device's
    /// signature or MAC over this session (ISO/IEC 18013-5:2021, 9.1.3, 9.3.1, 9.3.3).
    fn check(&self, context: DeviceResponseContext<'_>, now: Timestamp) -> Result<(), MdocError> {
        if self.version != "1.0" {
            return Err(MdocError::ResponseVersion);
        }
        if self.status != 0 {
            return Err(MdocError::ResponseStatus);
        }
        if self.documents.is_empty() {
            return Err(MdocError::NoDocuments);
        }
        self.documents
            .iter()
            .try_for_each(|document| document.check(context, now))
    }
}

impl Document {
    /// The document type.
    #[must_use]
    pub fn doc_type(&self) -> &str {
        &self.doc_type
    }

    /// What the issuer signed: the elements shown, validity, status, the signer's certificates.
    #[must_use]
    pub const fn issuer_signed(&self) -> &IssuerSigned {
        &self.issuer_signed
    }

    /// Elements the device signed itself. Usually none.
    #[must_use]
    pub fn device_elements(&self) -> &[DeviceElement] {
        &self.device_elements
    }

    fn read(decoder: &mut Decoder<'_>) -> Result<Self, MdocError> {
        let (mut doc_type, mut issuer_signed, mut device_signed) = (None, None, None);
        cbor::map::<MdocError>(decoder, |decoder, label| {
            match label {
                Label::Text("docType") => doc_type = Some(cbor::text(decoder)?.into_owned()),
                Label::Text("issuerSigned") => issuer_signed = Some(IssuerSigned::read(decoder)?),
                Label::Text("deviceSigned") => device_signed = Some(DeviceSigned::read(decoder)?),
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        let (Some(doc_type), Some(issuer_signed), Some(device)) = (doc_type, issuer_signed, device_signed) else {
            return Err(CborError::Shape.into());
        };
        Ok(Self {
            doc_type,
            issuer_signed,
            device_name_spaces: device.name_spaces,
            device_elements: device.elements,
            device_auth: device.auth,
        })
    }

    fn check(&self, context: DeviceResponseContext<'_>, now: Timestamp) -> Result<(), MdocError> {
        if self.doc_type != self.issuer_signed.doc_type() {
            return Err(MdocError::DocType);
        }
        self.issuer_signed.check_issuer(context.anchors, now, false)?;
        self.check_device(context)?;
        let authorisations = self.issuer_signed.mso().key_authorizations();
        let allowed = |element: &DeviceElement| authorisations.allow(&element.name_space, &element.identifier);
        if self.device_elements.iter().all(allowed) {
            Ok(())
        } else {
            Err(MdocError::NotAuthorised)
        }
    }

    fn check_device(&self, context: DeviceResponseContext<'_>) -> Result<(), MdocError> {
        let transcript = context.transcript;
        let authentication = transcript.device_authentication_bytes(&self.doc_type, &self.device_name_spaces);
        let device_key = self.issuer_signed.mso().device_key();
        match &self.device_auth {
            DeviceAuth::Signature(sign1) => {
                if sign1.protected_algorithm().is_none() {
                    return Err(MdocError::DeviceSignature(CoseError::Algorithm));
                }
                let key = VerificationKey::P256(*device_key);
                sign1
                    .verify(&key, Some(&authentication), &[])
                    .map_err(MdocError::DeviceSignature)
            }
            DeviceAuth::Mac(mac0) => {
                let reader_key = context.reader_key.ok_or(MdocError::UnexpectedMac)?;
                if !mac0.is_algorithm_protected() {
                    return Err(MdocError::DeviceSignature(CoseError::Algorithm));
                }
                let shared = reader_key.agree(device_key).map_err(MdocError::DeviceKey)?;
                let key =
                    derive(&shared, transcript, E_MAC_KEY).ok_or(MdocError::DeviceSignature(CoseError::Invalid))?;
                mac0.verify(&key[..], Some(&authentication), &[])
                    .map_err(MdocError::DeviceSignature)
            }
        }
    }
}

struct DeviceSigned {
    name_spaces: Vec<u8>,
    elements: Vec<DeviceElement>,
    auth: DeviceAuth,
}

impl DeviceSigned {
    fn read(decoder: &mut Decoder<'_>) -> Result<Self, MdocError> {
        let (mut name_spaces, mut elements, mut auth) = (None, Vec::new(), None);
        cbor::map::<MdocError>(decoder, |decoder, label| {
            match label {
                Label::Text("nameSpaces") => {
                    let tagged = cbor::tagged24(decoder)?;
                    elements = device_elements(&tagged.content)?;
                    name_spaces = Some(tagged.whole.to_vec());
                }
                Label::Text("deviceAuth") => auth = Some(device_auth(decoder)?),
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        let (Some(name_spaces), Some(auth)) = (name_spaces, auth) else {
            return Err(CborError::Shape.into());
        };
        Ok(Self {
            name_spaces,
            elements,
            auth,
        })
    }
}

fn device_elements(name_spaces: &[u8]) -> Result<Vec<DeviceElement>, MdocError> {
    let mut elements = Vec::new();
    cbor::map::<MdocError>(&mut Decoder::new(name_spaces), |decoder, label| {
        let Label::Text(name_space) = label else {
            return Err(CborError::Shape.into());
        };
        // Shared, not copied: a long name before many short elements would fill the memory.
        let name_space: Arc<str> = name_space.into();
        cbor::map::<MdocError>(decoder, |decoder, label| {
            let Label::Text(identifier) = label else {
                return Err(CborError::Shape.into());
            };
            elements.push(DeviceElement {
                name_space: name_space.clone(),
                identifier: identifier.to_owned(),
                value: ElementValue::read(decoder)?,
            });
            Ok(())
        })
    })?;
    Ok(elements)
}

fn device_auth(decoder: &mut Decoder<'_>) -> Result<DeviceAuth, MdocError> {
    let mut found = Vec::new();
    cbor::map::<MdocError>(decoder, |decoder, label| {
        match label {
            Label::Text("deviceSignature") => {
                let sign1 = Sign1::parse(cbor::raw(decoder)?).map_err(MdocError::DeviceSignature)?;
                found.push(DeviceAuth::Signature(sign1));
            }
            Label::Text("deviceMac") => {
                let mac0 = Mac0::parse(cbor::raw(decoder)?).map_err(MdocError::DeviceSignature)?;
                found.push(DeviceAuth::Mac(mac0));
            }
            _ => _ = cbor::skip(decoder)?,
        }
        Ok(())
    })?;
    match (found.pop(), found.pop()) {
        (Some(only), None) => Ok(only),
        _ => Err(MdocError::DeviceAuth),
    }
}
