use std::ops::Range;
use std::sync::OnceLock;

use minicbor::Decoder;

use super::mso::MobileSecurityObject;
use super::{ElementValue, MdocError};
use crate::cose::cbor::{self, CborError, Label};
use crate::cose::{CoseError, Sign1};
use crate::jose::base64url;
use crate::time::Timestamp;
use crate::trust::{Certificate, Profile, TrustAnchor, TrustAnchors, verify_chain};
use crate::verified::{Unverified, Verification};

/// The least bytes of an item's `random` (ISO/IEC 18013-5:2021, 9.1.2.5).
const MIN_RANDOM: usize = 16;

/// The name space of driving licences (7.2.1).
const MDL_NAME_SPACE: &str = "org.iso.18013.5.1";

/// One element of an mdoc: an `IssuerSignedItem`.
pub struct Element {
    /// The tag-24 item as received: what the digest runs over and what is presented.
    item: Vec<u8>,
    digest_id: u64,
    random_length: usize,
    identifier: String,
    value: ElementValue,
}

impl Element {
    /// The element identifier, such as `family_name`.
    #[must_use]
    pub fn identifier(&self) -> &str {
        &self.identifier
    }

    /// The value.
    #[must_use]
    pub const fn value(&self) -> &ElementValue {
        &self.value
    }

    pub(super) fn item(&self) -> &[u8] {
        &self.item
    }

    /// `random` of the item (9.1.2.5), read anew: only who compares copies asks for it.
    pub(crate) fn random(&self) -> Option<Vec<u8>> {
        let content = cbor::tagged24(&mut Decoder::new(&self.item)).ok()?.content;
        let mut random = None;
        let read = cbor::map::<MdocError>(&mut Decoder::new(&content), |decoder, label| {
            match label {
                Label::Text("random") => random = Some(cbor::byte_string(decoder)?.to_vec()),
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        });
        read.ok().and(random)
    }

    #[cfg(test)]
    pub(super) const fn digest_id(&self) -> u64 {
        self.digest_id
    }

    fn parse(decoder: &mut Decoder<'_>) -> Result<Self, MdocError> {
        let tagged = cbor::tagged24(decoder)?;
        let (mut digest_id, mut random_length, mut identifier, mut value) = (None, None, None, None);
        cbor::map::<MdocError>(&mut Decoder::new(&tagged.content), |decoder, label| {
            match label {
                Label::Text("digestID") => digest_id = Some(decoder.u64().map_err(CborError::from)?),
                Label::Text("random") => random_length = Some(cbor::byte_string(decoder)?.len()),
                Label::Text("elementIdentifier") => {
                    identifier = Some(cbor::text(decoder)?.into_owned());
                }
                Label::Text("elementValue") => value = Some(ElementValue::read(decoder)?),
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        match (digest_id, random_length, identifier, value) {
            (Some(digest_id), Some(random_length), Some(identifier), Some(value)) => Ok(Self {
                item: tagged.whole.to_vec(),
                digest_id,
                random_length,
                identifier,
                value,
            }),
            _ => Err(CborError::Shape.into()),
        }
    }
}

/// The issuer-signed part of an mdoc: elements, and the issuer's signature over their digests
/// (ISO/IEC 18013-5:2021, 8.3.2.1.2.2; OpenID4VCI 1.0, A.2).
pub struct IssuerSigned {
    name_spaces: Vec<(String, Vec<Element>)>,
    /// `issuerAuth` as received.
    issuer_auth: Vec<u8>,
    sign1: Sign1,
    chain: Vec<Certificate>,
    mso: MobileSecurityObject,
    trusted_by: OnceLock<TrustAnchor>,
}

impl IssuerSigned {
    /// Reads the CBOR form.
    ///
    /// # Errors
    /// [`MdocError::Cbor`], [`MdocError::IssuerAuth`], [`MdocError::DeviceKey`] and [`MdocError::ValidityInfo`] for
    /// bytes that cannot be read at all; the rules of trust come with `verify`.
    pub fn parse(bytes: &[u8]) -> Result<Unverified<Self>, MdocError> {
        cbor::check(bytes)?;
        let mut decoder = Decoder::new(bytes);
        Self::read(&mut decoder).map(Unverified::new)
    }

    /// Reads the unpadded base64url form in which OpenID4VCI delivers it.
    ///
    /// # Errors
    /// [`MdocError::Base64Url`], else as [`IssuerSigned::parse`].
    pub fn parse_base64url(text: &str) -> Result<Unverified<Self>, MdocError> {
        Self::parse(&base64url::decode(text).map_err(|_| MdocError::Base64Url)?)
    }

    /// Reads the next item of a document that was checked.
    pub(super) fn read(decoder: &mut Decoder<'_>) -> Result<Self, MdocError> {
        let mut name_spaces = None;
        let mut issuer_auth: Option<Range<usize>> = None;
        let mut unknown = false;
        cbor::map::<MdocError>(decoder, |decoder, label| {
            match label {
                Label::Text("nameSpaces") => name_spaces = Some(Self::read_name_spaces(decoder)?),
                Label::Text("issuerAuth") => issuer_auth = Some(cbor::skip(decoder)?),
                _ => {
                    unknown = true;
                    cbor::skip(decoder)?;
                }
            }
            Ok(())
        })?;
        // The name `nameSpaces` is signed by nobody: where it is missing and something unknown stands in its place, the
        // document was damaged on its way.
        if name_spaces.is_none() && unknown {
            return Err(MdocError::Cbor(CborError::Shape));
        }
        let issuer_auth = issuer_auth
            .and_then(|place| decoder.input().get(place))
            .ok_or(CborError::Shape)?
            .to_vec();
        let sign1 = Sign1::parse(&issuer_auth).map_err(MdocError::IssuerAuth)?;
        let chain = sign1.x5chain().map_err(MdocError::IssuerAuth)?;
        let payload = sign1.payload().ok_or(MdocError::IssuerAuth(CoseError::Payload))?;
        let mso = MobileSecurityObject::parse(payload)?;
        Ok(Self {
            name_spaces: name_spaces.unwrap_or_default(),
            issuer_auth,
            sign1,
            chain,
            mso,
            trusted_by: OnceLock::new(),
        })
    }

    fn read_name_spaces(decoder: &mut Decoder<'_>) -> Result<Vec<(String, Vec<Element>)>, MdocError> {
        let mut name_spaces = Vec::new();
        cbor::map::<MdocError>(decoder, |decoder, label| {
            let Label::Text(name) = label else {
                return Err(CborError::Shape.into());
            };
            let mut elements = Vec::new();
            cbor::array::<MdocError>(decoder, |decoder| {
                elements.push(Element::parse(decoder)?);
                Ok(())
            })?;
            name_spaces.push((name.to_owned(), elements));
            Ok(())
        })?;
        Ok(name_spaces)
    }

    /// What the issuer signed: validity, device key, status and the rest.
    #[must_use]
    pub const fn mso(&self) -> &MobileSecurityObject {
        &self.mso
    }

    /// The document type, such as `org.iso.18013.5.1.mDL`.
    #[must_use]
    pub fn doc_type(&self) -> &str {
        self.mso.doc_type()
    }

    /// The document signer's certificate and what follows it in x5chain; never empty.
    #[must_use]
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The anchor the verification ended at; `None` when the bytes were taken as verified from the store.
    #[must_use]
    pub fn trusted_by(&self) -> Option<&TrustAnchor> {
        self.trusted_by.get()
    }

    /// Every element with its name space, in the order received.
    pub fn elements(&self) -> impl Iterator<Item = (&str, &Element)> {
        self.name_spaces
            .iter()
            .flat_map(|(name, elements)| elements.iter().map(move |element| (name.as_str(), element)))
    }

    /// The value of one element.
    #[must_use]
    pub fn element(&self, name_space: &str, identifier: &str) -> Option<&ElementValue> {
        self.find(name_space, identifier).map(Element::value)
    }

    pub(super) fn find(&self, name_space: &str, identifier: &str) -> Option<&Element> {
        let (_, elements) = self.name_spaces.iter().find(|(name, _)| name == name_space)?;
        elements.iter().find(|element| element.identifier == identifier)
    }

    pub(super) fn issuer_auth(&self) -> &[u8] {
        &self.issuer_auth
    }

    /// Every rule for the issuer-signed part (ISO/IEC 18013-5:2021, 9.3.1 and 9.3.3). `lenient` is that of
    /// [`Profile::DocumentSigner`].
    pub(super) fn check_issuer(&self, anchors: &TrustAnchors, now: Timestamp, lenient: bool) -> Result<(), MdocError> {
        if self.sign1.protected_algorithm().is_none() {
            return Err(MdocError::IssuerAuthAlgorithm);
        }
        if self.mso.version() != "1.0" {
            return Err(MdocError::MsoVersion);
        }
        let anchor = verify_chain(&self.chain, anchors, now, Profile::DocumentSigner { lenient })?;
        let signer = self.chain.first().ok_or(MdocError::IssuerAuth(CoseError::X5Chain))?;
        let key = signer
            .verification_key()
            .map_err(|error| MdocError::IssuerAuth(error.into()))?;
        self.sign1.verify(&key, None, &[]).map_err(MdocError::IssuerAuth)?;
        self.check_validity(signer, now)?;
        self.check_digests()?;
        if !lenient {
            self.check_country(signer)?;
        }
        // The first verification decides; a later one with other anchors does not change what was shown.
        self.trusted_by.get_or_init(|| anchor.clone());
        Ok(())
    }

    fn check_validity(&self, signer: &Certificate, now: Timestamp) -> Result<(), MdocError> {
        let validity = self.mso.validity();
        if !signer.is_valid_at(validity.signed) {
            Err(MdocError::SignedOutsideCertificate)
        } else if now < validity.valid_from {
            Err(MdocError::NotYetValid)
        } else if now > validity.valid_until {
            Err(MdocError::Expired)
        } else {
            Ok(())
        }
    }

    /// What a document says of the country it is from must be what its signer's certificate says. Issuers outside ISO's
    /// scheme have certificates without a country, or with one of their own.
    fn check_country(&self, signer: &Certificate) -> Result<(), MdocError> {
        let stated = self
            .element(MDL_NAME_SPACE, "issuing_country")
            .and_then(ElementValue::as_text);
        match (stated, signer.country()) {
            (Some(stated), Some(certified)) if stated != certified => Err(MdocError::IssuingCountry),
            _ => Ok(()),
        }
    }

    fn check_digests(&self) -> Result<(), MdocError> {
        let algorithm = self.mso.digest_algorithm().ok_or(MdocError::DigestAlgorithm)?;
        for (name_space, elements) in &self.name_spaces {
            let mut ids = Vec::with_capacity(elements.len());
            let mut identifiers = Vec::with_capacity(elements.len());
            for element in elements {
                if element.random_length < MIN_RANDOM {
                    return Err(MdocError::ShortRandom);
                }
                let signed = self
                    .mso
                    .digest(name_space, element.digest_id)
                    .ok_or(MdocError::NoDigest)?;
                if algorithm.digest(&element.item).as_ref() != signed {
                    return Err(MdocError::DigestMismatch);
                }
                ids.push(element.digest_id);
                identifiers.push(element.identifier.as_str());
            }
            if has_twins(&mut ids) || has_twins(&mut identifiers) {
                return Err(MdocError::DuplicateElement);
            }
        }
        Ok(())
    }
}

impl Verification for IssuerSigned {
    type Against<'a> = &'a TrustAnchors;
    type Error = MdocError;

    fn check(&self, anchors: &TrustAnchors, now: Timestamp) -> Result<(), MdocError> {
        // Issuers outside the IACA scheme make certificates without extended key usage and send their root along;
        // trusting their anchor was someone's decision, so that alone does not refuse them. A certificate for another
        // purpose is refused.
        self.check_issuer(anchors, now, true)
    }
}

fn has_twins<T: Ord>(list: &mut [T]) -> bool {
    list.sort_unstable();
    list.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
}
