use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::issuer_signed::{Element, IssuerSigned};
use super::mso::KeyAuthorizations;
use super::response::E_MAC_KEY;
use super::session_encryption::derive;
use super::{ElementValue, MdocError, SessionTranscript};
use crate::cose::{CoseError, Mac0, UnsignedSign1, cbor};
use crate::crypto::{AgreementKey, PublicKey, Signer};

/// An mdoc reduced to the elements that will be shown; the others are not in it.
pub struct NarrowedMdoc {
    doc_type: String,
    device_key: PublicKey,
    name_spaces: Vec<(String, Vec<Item>)>,
    issuer_auth: Vec<u8>,
    authorizations: KeyAuthorizations,
    /// By name space and element identifier: what the device signs itself. Usually nothing.
    device_signed: BTreeMap<String, BTreeMap<String, Vec<u8>>>,
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
            authorizations: self.mso().key_authorizations().clone(),
            device_signed: BTreeMap::new(),
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

    /// Whether the issuer lets the device key sign this element itself (`keyAuthorizations`, ISO/IEC 18013-5:2021, 9.1.2.4).
    #[must_use]
    pub fn may_sign(&self, name_space: &str, identifier: &str) -> bool {
        self.authorizations.allow(name_space, identifier)
    }

    /// Adds an element that the device signs itself, with a byte string as its value.
    ///
    /// # Errors
    /// [`MdocError::NotAuthorised`] where the issuer does not let the device key sign it, [`MdocError::DuplicateElement`] where
    /// it is there already.
    pub fn add_device_signed(&mut self, name_space: &str, identifier: &str, value: &[u8]) -> Result<(), MdocError> {
        if !self.may_sign(name_space, identifier) {
            return Err(MdocError::NotAuthorised);
        }
        let elements = self.device_signed.entry(name_space.to_owned()).or_default();
        match elements.entry(identifier.to_owned()) {
            Entry::Vacant(place) => {
                place.insert(value.to_vec());
                Ok(())
            }
            Entry::Occupied(_) => Err(MdocError::DuplicateElement),
        }
    }

    /// `DeviceNameSpacesBytes`.
    fn device_name_spaces(&self) -> Vec<u8> {
        let name_spaces = cbor::write(|out| {
            out.map(self.device_signed.len());
            for (name_space, elements) in &self.device_signed {
                out.text(name_space).map(elements.len());
                for (identifier, value) in elements {
                    out.text(identifier).bytes(value);
                }
            }
        });
        cbor::write(|out| _ = out.tagged24(&name_spaces))
    }

    /// Prepares the response for one session; the signature may be made elsewhere.
    #[must_use]
    pub fn prepare(self, transcript: &SessionTranscript) -> UnsignedDeviceResponse {
        let authentication = transcript.device_authentication_bytes(&self.doc_type, &self.device_name_spaces());
        UnsignedDeviceResponse {
            mdoc: self,
            signature: UnsignedSign1::detached(&authentication, &[]),
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
            .map_err(|error| MdocError::Signing(CoseError::Signer(error)))?;
        Ok(unsigned.finalise(&signature))
    }

    /// Authenticates the response with a MAC instead of a signature (ISO/IEC 18013-5:2021, 9.1.3.5): only the reader
    /// with this ephemeral key can check it, and it can prove nothing to others. For sessions of devices that meet.
    ///
    /// # Errors
    /// [`MdocError::WrongKey`] when `device_key` is not the device key, [`MdocError::DeviceKey`] when there is no shared
    /// secret with `reader_key`.
    pub fn authenticate(
        self,
        transcript: &SessionTranscript,
        device_key: &AgreementKey,
        reader_key: &PublicKey,
    ) -> Result<Vec<u8>, MdocError> {
        if device_key.public_key() != self.device_key {
            return Err(MdocError::WrongKey);
        }
        let shared = device_key.agree(reader_key).map_err(MdocError::DeviceKey)?;
        let key = derive(&shared, transcript, E_MAC_KEY).ok_or(MdocError::Signing(CoseError::Invalid))?;
        let authentication = transcript.device_authentication_bytes(&self.doc_type, &self.device_name_spaces());
        Ok(self.encode("deviceMac", &Mac0::make_detached(&key[..], &authentication)))
    }

    /// A `DeviceResponse` with this one document.
    fn encode(&self, method: &str, device_auth: &[u8]) -> Vec<u8> {
        cbor::write(|out| {
            out.map(3).text("version").text("1.0").text("documents").array(1).map(3);
            out.text("docType").text(&self.doc_type);
            let has_elements = !self.name_spaces.is_empty();
            out.text("issuerSigned").map(1 + usize::from(has_elements));
            if has_elements {
                out.text("nameSpaces").map(self.name_spaces.len());
                for (name, items) in &self.name_spaces {
                    out.text(name).array(items.len());
                    items.iter().for_each(|item| _ = out.raw(&item.bytes));
                }
            }
            out.text("issuerAuth").raw(&self.issuer_auth);
            out.text("deviceSigned")
                .map(2)
                .text("nameSpaces")
                .raw(&self.device_name_spaces());
            out.text("deviceAuth").map(1).text(method).raw(device_auth);
            out.text("status").uint(0);
        })
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
    #[must_use]
    pub fn finalise(self, signature: &[u8; 64]) -> Vec<u8> {
        self.mdoc.encode("deviceSignature", &self.signature.finalise(signature))
    }
}
