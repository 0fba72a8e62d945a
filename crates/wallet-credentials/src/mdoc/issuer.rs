use super::mso::{KeyAuthorizations, MsoContent, ValidityInfo};
use super::{DigestAlgorithm, ElementValue, MdocError};
use crate::cose::UnsignedSign1;
use crate::cose::cbor;
use crate::crypto::{PublicKey, Random, RandomError, Signer};
use crate::status::StatusReference;
use crate::trust::Certificate;

/// Bytes of `random` in each item: what the standard asks for (9.1.2.5); more would only lengthen QR codes.
const RANDOM_LENGTH: usize = 16;

/// Collects what an issuer signs into one mdoc.
pub struct MdocBuilder {
    doc_type: String,
    device_key: PublicKey,
    validity: ValidityInfo,
    name_spaces: Vec<(String, Vec<(String, ElementValue)>)>,
    key_authorizations: KeyAuthorizations,
    status: Option<StatusReference>,
}

impl MdocBuilder {
    /// A document without elements, for the holder of `device_key`.
    #[must_use]
    pub fn new(doc_type: impl Into<String>, device_key: PublicKey, validity: ValidityInfo) -> Self {
        Self {
            doc_type: doc_type.into(),
            device_key,
            validity,
            name_spaces: Vec::new(),
            key_authorizations: KeyAuthorizations::default(),
            status: None,
        }
    }

    /// Adds an element, or replaces it when it is there already.
    #[must_use]
    pub fn element(mut self, name_space: &str, identifier: &str, value: impl Into<ElementValue>) -> Self {
        let at = self.name_spaces.iter().position(|(name, _)| name == name_space);
        let element = (identifier.to_owned(), value.into());
        match at.and_then(|at| self.name_spaces.get_mut(at)) {
            Some((_, elements)) => {
                elements.retain(|(other, _)| other != identifier);
                elements.push(element);
            }
            None => self.name_spaces.push((name_space.to_owned(), vec![element])),
        }
        self
    }

    /// What the device key may sign besides presentations.
    #[must_use]
    pub fn key_authorizations(mut self, authorizations: KeyAuthorizations) -> Self {
        self.key_authorizations = authorizations;
        self
    }

    /// Where the status stands.
    #[must_use]
    pub fn status(mut self, status: StatusReference) -> Self {
        self.status = Some(status);
        self
    }

    /// Draws the randoms and an unpredictable digestID for each element, and prepares the signature. `chain` is the
    /// document signer's certificate first, without the anchor.
    ///
    /// # Errors
    /// [`MdocError::Random`].
    pub fn prepare(self, chain: &[Certificate], random: &mut dyn Random) -> Result<UnsignedMdoc, MdocError> {
        let mut items = Vec::with_capacity(self.name_spaces.len());
        let mut value_digests = Vec::with_capacity(self.name_spaces.len());
        for (name_space, elements) in self.name_spaces {
            let ids = shuffled(elements.len(), random)?;
            let mut space_items = Vec::with_capacity(elements.len());
            let mut digests = Vec::with_capacity(elements.len());
            for ((identifier, value), id) in elements.into_iter().zip(ids) {
                let item = issuer_signed_item(id, &identifier, &value, random)?;
                digests.push((id, DigestAlgorithm::Sha256.digest(&item).as_ref().to_vec()));
                space_items.push(item);
            }
            digests.sort_unstable_by_key(|(id, _)| *id);
            value_digests.push((name_space.clone(), digests));
            items.push((name_space, space_items));
        }
        let mso = MsoContent {
            doc_type: &self.doc_type,
            value_digests: &value_digests,
            device_key: &self.device_key,
            key_authorizations: &self.key_authorizations,
            validity: self.validity,
            status: self.status.as_ref(),
        };
        Ok(UnsignedMdoc {
            items,
            signature: UnsignedSign1::attached(mso.to_tagged_bytes(), chain),
        })
    }

    /// Prepares and signs with a key at hand; the answer is the CBOR of `IssuerSigned`.
    ///
    /// # Errors
    /// [`MdocError::Random`], [`MdocError::Signing`].
    pub fn sign(
        self,
        signer: &dyn Signer,
        chain: &[Certificate],
        random: &mut dyn Random,
    ) -> Result<Vec<u8>, MdocError> {
        let unsigned = self.prepare(chain, random)?;
        let issuer_auth = unsigned.signature.sign(signer).map_err(MdocError::Signing)?;
        Ok(encode(&unsigned.items, &issuer_auth))
    }
}

/// An mdoc that still needs its issuer's ES256 signature.
pub struct UnsignedMdoc {
    items: Vec<(String, Vec<Vec<u8>>)>,
    signature: UnsignedSign1,
}

impl UnsignedMdoc {
    /// What the document signer signs.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.signature.to_be_signed()
    }

    /// Puts the signature (`r ‖ s`) in and encodes `IssuerSigned`.
    #[must_use]
    pub fn finalise(self, signature: &[u8; 64]) -> Vec<u8> {
        encode(&self.items, &self.signature.finalise(signature))
    }
}

/// `IssuerSigned` of these items, by name space.
pub(super) fn encode(items: &[(String, Vec<Vec<u8>>)], issuer_auth: &[u8]) -> Vec<u8> {
    cbor::write(|out| {
        out.map(2).text("nameSpaces").map(items.len());
        for (name_space, items) in items {
            out.text(name_space).array(items.len());
            items.iter().for_each(|item| _ = out.raw(item));
        }
        out.text("issuerAuth").raw(issuer_auth);
    })
}

/// `IssuerSignedItemBytes`.
fn issuer_signed_item(
    digest_id: u64,
    identifier: &str,
    value: &ElementValue,
    random: &mut dyn Random,
) -> Result<Vec<u8>, RandomError> {
    let mut salt = [0; RANDOM_LENGTH];
    random.fill(&mut salt)?;
    let item = cbor::write(|out| {
        out.map(4).text("digestID").uint(digest_id).text("random").bytes(&salt);
        out.text("elementIdentifier").text(identifier).text("elementValue");
        value.write(out);
    });
    Ok(cbor::write(|out| _ = out.tagged24(&item)))
}

/// The numbers below `count` in an order nobody can foretell, so that a digestID says nothing about its element.
fn shuffled(count: usize, random: &mut dyn Random) -> Result<Vec<u64>, RandomError> {
    let mut ids: Vec<u64> = (0..count as u64).collect();
    for last in (1..ids.len()).rev() {
        let at = below(last + 1, random)?;
        ids.swap(last, at);
    }
    Ok(ids)
}

/// A uniformly random number below `bound`, which is not zero.
fn below(bound: usize, random: &mut dyn Random) -> Result<usize, RandomError> {
    let bound = bound as u64;
    let fair = u64::MAX - u64::MAX % bound;
    loop {
        let mut bytes = [0; 8];
        random.fill(&mut bytes)?;
        let drawn = u64::from_be_bytes(bytes);
        if drawn < fair {
            return usize::try_from(drawn % bound).map_err(|_| RandomError);
        }
    }
}
