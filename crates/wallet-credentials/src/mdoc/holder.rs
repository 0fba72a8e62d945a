use super::issuer_signed::{Element, IssuerSigned};
use super::{ElementValue, MdocError, SessionTranscript};
use crate::cose::UnsignedSign1;
use crate::cose::cbor;
use crate::crypto::{PublicKey, Signer};

/// `DeviceNameSpacesBytes` without elements: this wallet shows only what issuers signed.
const EMPTY_DEVICE_NAME_SPACES: [u8; 4] = [0xd8, 0x18, 0x41, 0xa0];

/// An mdoc reduced to the elements that will be shown; the others are not in it.
pub struct NarrowedMdoc {
    doc_type: String,
    device_key: PublicKey,
    name_spaces: Vec<(String, Vec<Item>)>,
    issuer_auth: Vec<u8>,
}

struct Item {
    bytes: Vec<u8>,
    identifier: String,
    value: ElementValue,
}

impl IssuerSigned {
    /// Keeps only these elements (name space, element identifier); asking twice for one keeps it once.
    ///
    /// # Errors
    /// [`MdocError::NoSuchElement`] when the document lacks one of them.
    pub fn narrow(&self, wanted: &[(&str, &str)]) -> Result<NarrowedMdoc, MdocError> {
        let mut name_spaces: Vec<(String, Vec<Item>)> = Vec::new();
        for (name_space, identifier) in wanted {
            let element = self.find(name_space, identifier).ok_or(MdocError::NoSuchElement)?;
            match name_spaces.iter_mut().find(|(name, _)| name == name_space) {
                Some((_, items)) if items.iter().any(|item| item.identifier == *identifier) => {}
                Some((_, items)) => items.push(Item::of(element)),
                None => name_spaces.push(((*name_space).to_owned(), vec![Item::of(element)])),
            }
        }
        Ok(NarrowedMdoc {
            doc_type: self.doc_type().to_owned(),
            device_key: *self.mso().device_key(),
            name_spaces,
            issuer_auth: self.issuer_auth().to_vec(),
        })
    }
}

impl Item {
    fn of(element: &Element) -> Self {
        Self {
            bytes: element.item().to_vec(),
            identifier: element.identifier().to_owned(),
            value: element.value().clone(),
        }
    }
}

impl NarrowedMdoc {
    /// The document type.
    #[must_use]
    pub fn doc_type(&self) -> &str {
        &self.doc_type
    }

    /// The key that must sign.
    #[must_use]
    pub const fn device_key(&self) -> &PublicKey {
        &self.device_key
    }

    /// What will be shown: name space, element identifier, value.
    pub fn elements(&self) -> impl Iterator<Item = (&str, &str, &ElementValue)> {
        self.name_spaces.iter().flat_map(|(name, items)| {
            items
                .iter()
                .map(move |item| (name.as_str(), item.identifier.as_str(), &item.value))
        })
    }

    /// Prepares the response for one session; the signature may be made elsewhere.
    #[must_use]
    pub fn prepare(self, transcript: &SessionTranscript) -> UnsignedDeviceResponse {
        let authentication = transcript.device_authentication_bytes(&self.doc_type, &EMPTY_DEVICE_NAME_SPACES);
        UnsignedDeviceResponse {
            mdoc: self,
            signature: UnsignedSign1::detached(authentication),
        }
    }

    /// Signs the response for one session with a key at hand and encodes it: a `DeviceResponse` with one document.
    ///
    /// # Errors
    /// [`MdocError::WrongKey`] when `signer` is not the device key, [`MdocError::Signing`].
    pub fn sign(self, transcript: &SessionTranscript, signer: &dyn Signer) -> Result<Vec<u8>, MdocError> {
        if signer.public_key() != self.device_key {
            return Err(MdocError::WrongKey);
        }
        let unsigned = self.prepare(transcript);
        let signature = signer
            .sign(unsigned.to_be_signed())
            .map_err(|error| MdocError::Signing(crate::cose::CoseError::Signer(error)))?;
        unsigned.finalise(signature)
    }
}

/// A response that still needs the device's ES256 signature.
pub struct UnsignedDeviceResponse {
    mdoc: NarrowedMdoc,
    signature: UnsignedSign1,
}

impl UnsignedDeviceResponse {
    /// What the device key signs.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.signature.to_be_signed()
    }

    /// The key that must sign.
    #[must_use]
    pub const fn device_key(&self) -> &PublicKey {
        &self.mdoc.device_key
    }

    /// Puts the signature (`r ‖ s`) in and encodes the `DeviceResponse`.
    ///
    /// # Errors
    /// [`MdocError::Signing`]; it does not happen with responses made here.
    pub fn finalise(self, signature: [u8; 64]) -> Result<Vec<u8>, MdocError> {
        let device_signature = self.signature.finalise(signature).map_err(MdocError::Signing)?;
        let mdoc = self.mdoc;
        Ok(cbor::write(|out| {
            out.map(3).text("version").text("1.0").text("documents").array(1).map(3);
            out.text("docType").text(&mdoc.doc_type);
            let has_elements = !mdoc.name_spaces.is_empty();
            out.text("issuerSigned").map(1 + usize::from(has_elements));
            if has_elements {
                out.text("nameSpaces").map(mdoc.name_spaces.len());
                for (name, items) in &mdoc.name_spaces {
                    out.text(name).array(items.len());
                    items.iter().for_each(|item| _ = out.raw(&item.bytes));
                }
            }
            out.text("issuerAuth").raw(&mdoc.issuer_auth);
            out.text("deviceSigned")
                .map(2)
                .text("nameSpaces")
                .raw(&EMPTY_DEVICE_NAME_SPACES);
            out.text("deviceAuth")
                .map(1)
                .text("deviceSignature")
                .raw(&device_signature);
            out.text("status").uint(0);
        }))
    }
}
