use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use aws_lc_rs::digest;
use minicbor::Decoder;

use super::MdocError;
use crate::cose::cbor::{self, CborError, Label, Writer};
use crate::crypto::PublicKey;
use crate::status::StatusReference;
use crate::time::Timestamp;

/// How the digests of a mobile security object are made (ISO/IEC 18013-5:2021, 9.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "SHA-256" => Some(Self::Sha256),
            "SHA-384" => Some(Self::Sha384),
            "SHA-512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The digest of `bytes`; not with `sha2`, because this is most of what verifying a portrait costs.
    pub(super) fn digest(self, bytes: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes)
    }
}

/// When an mdoc was signed and when it may be used (`validityInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidityInfo {
    /// When the MSO was signed.
    pub signed: Timestamp,
    /// From when on it is valid.
    pub valid_from: Timestamp,
    /// Until when, itself included.
    pub valid_until: Timestamp,
    /// When the issuer expects to sign anew.
    pub expected_update: Option<Timestamp>,
}

/// What the device key may sign besides presentations (`keyAuthorizations`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyAuthorizations {
    /// Name spaces in which it may sign any element.
    pub name_spaces: Vec<String>,
    /// Single elements: name space and identifier.
    pub elements: Vec<(Arc<str>, String)>,
}

impl KeyAuthorizations {
    pub(super) fn allow(&self, name_space: &str, element: &str) -> bool {
        self.name_spaces.iter().any(|allowed| allowed == name_space)
            || self
                .elements
                .iter()
                .any(|(space, identifier)| **space == *name_space && identifier == element)
    }
}

/// By name space, then by digestID in ascending order.
pub(super) type ByDigestId<D> = Vec<(String, Vec<(u64, D)>)>;

/// The mobile security object: what the issuer signed (ISO/IEC 18013-5:2021, 9.1.2.4).
pub struct MobileSecurityObject {
    /// The CBOR inside the tag-24 item, as received, and after it digests that came in chunks; ranges of it are the
    /// digests.
    bytes: Vec<u8>,
    version: String,
    digest_algorithm: Option<DigestAlgorithm>,
    value_digests: ByDigestId<Range<usize>>,
    device_key: PublicKey,
    key_authorizations: KeyAuthorizations,
    doc_type: String,
    validity: ValidityInfo,
    status: Option<StatusReference>,
}

/// The members found so far.
#[derive(Default)]
struct Draft {
    bytes: Vec<u8>,
    version: Option<String>,
    digest_algorithm: Option<Option<DigestAlgorithm>>,
    value_digests: Option<ByDigestId<Range<usize>>>,
    device_key: Option<PublicKey>,
    key_authorizations: KeyAuthorizations,
    doc_type: Option<String>,
    validity: Option<ValidityInfo>,
    status: Option<StatusReference>,
}

impl MobileSecurityObject {
    /// Reads `MobileSecurityObjectBytes`, a tag-24 item. Members it does not know are ignored.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, MdocError> {
        cbor::check(bytes)?;
        let content = cbor::tagged24(&mut Decoder::new(bytes))?.content;
        let mut draft = Draft {
            bytes: content.to_vec(),
            ..Draft::default()
        };
        cbor::map(&mut Decoder::new(&content), |decoder, label| {
            draft.member(decoder, label)
        })?;
        let complete = || -> Option<Self> {
            Some(Self {
                bytes: draft.bytes,
                version: draft.version?,
                digest_algorithm: draft.digest_algorithm?,
                value_digests: draft.value_digests?,
                device_key: draft.device_key?,
                key_authorizations: draft.key_authorizations,
                doc_type: draft.doc_type?,
                validity: draft.validity?,
                status: draft.status,
            })
        };
        Ok(complete().ok_or(CborError::Shape)?)
    }

    /// The document type, such as `org.iso.18013.5.1.mDL`.
    #[must_use]
    pub fn doc_type(&self) -> &str {
        &self.doc_type
    }

    /// The version, "1.0" when verified.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How digests are made; `None` when the algorithm is not supported.
    #[must_use]
    pub const fn digest_algorithm(&self) -> Option<DigestAlgorithm> {
        self.digest_algorithm
    }

    /// When it was signed and may be used.
    #[must_use]
    pub const fn validity(&self) -> ValidityInfo {
        self.validity
    }

    /// The holder's key.
    #[must_use]
    pub const fn device_key(&self) -> &PublicKey {
        &self.device_key
    }

    /// What the holder's key may sign.
    #[must_use]
    pub const fn key_authorizations(&self) -> &KeyAuthorizations {
        &self.key_authorizations
    }

    /// Where the status stands, if the issuer said so.
    #[must_use]
    pub const fn status(&self) -> Option<&StatusReference> {
        self.status.as_ref()
    }

    /// How many digests each name space has.
    pub fn digest_counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.value_digests
            .iter()
            .map(|(name_space, digests)| (name_space.as_str(), digests.len()))
    }

    /// The digest the issuer signed for this item.
    pub(super) fn digest(&self, name_space: &str, digest_id: u64) -> Option<&[u8]> {
        let (_, digests) = self.value_digests.iter().find(|(name, _)| name == name_space)?;
        let at = digests.binary_search_by_key(&digest_id, |(id, _)| *id).ok()?;
        digests.get(at).and_then(|(_, place)| self.bytes.get(place.clone()))
    }
}

impl Draft {
    fn member(&mut self, decoder: &mut Decoder<'_>, label: Label<'_>) -> Result<(), MdocError> {
        match label {
            Label::Text("version") => self.version = Some(cbor::text(decoder)?.into_owned()),
            Label::Text("digestAlgorithm") => {
                self.digest_algorithm = Some(DigestAlgorithm::from_name(&cbor::text(decoder)?));
            }
            Label::Text("docType") => self.doc_type = Some(cbor::text(decoder)?.into_owned()),
            Label::Text("valueDigests") => {
                let mut spaces = Vec::new();
                cbor::map::<MdocError>(decoder, |decoder, label| {
                    let Label::Text(name_space) = label else {
                        return Err(CborError::Shape.into());
                    };
                    spaces.push((name_space.to_owned(), digests(decoder, &mut self.bytes)?));
                    Ok(())
                })?;
                self.value_digests = Some(spaces);
            }
            Label::Text("deviceKeyInfo") => cbor::map::<MdocError>(decoder, |decoder, label| {
                match label {
                    Label::Text("deviceKey") => {
                        let key = PublicKey::from_cose_key(cbor::raw(decoder)?).map_err(MdocError::DeviceKey)?;
                        self.device_key = Some(key);
                    }
                    Label::Text("keyAuthorizations") => self.key_authorizations = key_authorizations(decoder)?,
                    _ => _ = cbor::skip(decoder)?,
                }
                Ok(())
            })?,
            Label::Text("validityInfo") => self.validity = Some(validity(decoder)?),
            Label::Text("status") => self.status = status(decoder)?,
            _ => _ = cbor::skip(decoder)?,
        }
        Ok(())
    }
}

/// One name space of `valueDigests`: where in `bytes` each digest lies.
fn digests(decoder: &mut Decoder<'_>, bytes: &mut Vec<u8>) -> Result<Vec<(u64, Range<usize>)>, MdocError> {
    let mut digests = Vec::new();
    cbor::map::<MdocError>(decoder, |decoder, label| {
        let Label::Int(digest_id) = label else {
            return Err(CborError::Shape.into());
        };
        let digest_id = u64::try_from(digest_id).map_err(|_| CborError::Shape)?;
        let digest = cbor::byte_string(decoder)?;
        let end = match &digest {
            Cow::Borrowed(_) => decoder.position(),
            Cow::Owned(joined) => {
                bytes.extend_from_slice(joined);
                bytes.len()
            }
        };
        digests.push((digest_id, end.saturating_sub(digest.len())..end));
        Ok(())
    })?;
    digests.sort_unstable_by_key(|(digest_id, _)| *digest_id);
    Ok(digests)
}

fn key_authorizations(decoder: &mut Decoder<'_>) -> Result<KeyAuthorizations, MdocError> {
    let mut found = KeyAuthorizations::default();
    cbor::map::<MdocError>(decoder, |decoder, label| {
        match label {
            Label::Text("nameSpaces") => cbor::array::<MdocError>(decoder, |decoder| {
                found.name_spaces.push(cbor::text(decoder)?.into_owned());
                Ok(())
            })?,
            Label::Text("dataElements") => cbor::map::<MdocError>(decoder, |decoder, label| {
                let Label::Text(name_space) = label else {
                    return Err(CborError::Shape.into());
                };
                // Shared, not copied: a long name before many short elements would fill the memory.
                let name_space: Arc<str> = name_space.into();
                cbor::array::<MdocError>(decoder, |decoder| {
                    let identifier = cbor::text(decoder)?.into_owned();
                    found.elements.push((name_space.clone(), identifier));
                    Ok(())
                })
            })?,
            _ => _ = cbor::skip(decoder)?,
        }
        Ok(())
    })?;
    Ok(found)
}

fn validity(decoder: &mut Decoder<'_>) -> Result<ValidityInfo, MdocError> {
    let (mut signed, mut valid_from, mut valid_until, mut expected_update) = (None, None, None, None);
    cbor::map::<MdocError>(decoder, |decoder, label| {
        match label {
            Label::Text("signed") => signed = Some(tdate(decoder)?),
            Label::Text("validFrom") => valid_from = Some(tdate(decoder)?),
            Label::Text("validUntil") => valid_until = Some(tdate(decoder)?),
            Label::Text("expectedUpdate") => expected_update = Some(tdate(decoder)?),
            _ => _ = cbor::skip(decoder)?,
        }
        Ok(())
    })?;
    match (signed, valid_from, valid_until) {
        (Some(signed), Some(valid_from), Some(valid_until)) => Ok(ValidityInfo {
            signed,
            valid_from,
            valid_until,
            expected_update,
        }),
        _ => Err(MdocError::ValidityInfo),
    }
}

/// A tdate: tag 0 and text. Issuers that write a fraction are understood; the fraction is cut off.
fn tdate(decoder: &mut Decoder<'_>) -> Result<Timestamp, MdocError> {
    let tag = decoder.tag().map_err(|_| MdocError::ValidityInfo)?;
    let text = cbor::text(decoder).map_err(|_| MdocError::ValidityInfo)?;
    let instant = Timestamp::parse_rfc3339(&text).map_err(|_| MdocError::ValidityInfo)?;
    if tag.as_u64() == 0 {
        Ok(instant)
    } else {
        Err(MdocError::ValidityInfo)
    }
}

/// The `status_list` member; other mechanisms are unknown to this wallet and ignored.
fn status(decoder: &mut Decoder<'_>) -> Result<Option<StatusReference>, MdocError> {
    let value: ciborium::Value = ciborium::from_reader(cbor::raw(decoder)?).map_err(|_| CborError::Shape)?;
    StatusReference::from_cbor(&value).map_err(MdocError::Status)
}

/// What an issuer puts into an MSO, written in the order of the standard's CDDL.
pub(super) struct MsoContent<'a> {
    pub doc_type: &'a str,
    /// SHA-256 digests.
    pub value_digests: &'a ByDigestId<Vec<u8>>,
    pub device_key: &'a PublicKey,
    pub key_authorizations: &'a KeyAuthorizations,
    pub validity: ValidityInfo,
    pub status: Option<&'a StatusReference>,
}

impl MsoContent<'_> {
    /// `MobileSecurityObjectBytes`.
    pub(super) fn to_tagged_bytes(&self) -> Vec<u8> {
        let content = cbor::write(|out| self.write(out));
        cbor::write(|out| _ = out.tagged24(&content))
    }

    fn write(&self, out: &mut Writer) {
        out.map(6 + usize::from(self.status.is_some()));
        out.text("version").text("1.0").text("digestAlgorithm").text("SHA-256");
        out.text("valueDigests").map(self.value_digests.len());
        for (name_space, digests) in self.value_digests.iter() {
            out.text(name_space).map(digests.len());
            for (digest_id, digest) in digests {
                out.uint(*digest_id).bytes(digest);
            }
        }
        let authorised = *self.key_authorizations != KeyAuthorizations::default();
        out.text("deviceKeyInfo").map(1 + usize::from(authorised));
        out.text("deviceKey").raw(&self.device_key.to_cose_key());
        if authorised {
            out.text("keyAuthorizations");
            write_key_authorizations(self.key_authorizations, out);
        }
        out.text("docType").text(self.doc_type);
        let update = self.validity.expected_update;
        out.text("validityInfo").map(3 + usize::from(update.is_some()));
        let dates = [
            ("signed", Some(self.validity.signed)),
            ("validFrom", Some(self.validity.valid_from)),
            ("validUntil", Some(self.validity.valid_until)),
            ("expectedUpdate", update),
        ];
        for (name, instant) in dates {
            if let Some(instant) = instant {
                out.text(name).tag(0).text(&instant.to_rfc3339());
            }
        }
        if let Some(status) = self.status {
            out.text("status").map(1).text("status_list").map(2);
            out.text("idx").uint(status.index).text("uri").text(&status.uri);
        }
    }
}

fn write_key_authorizations(authorizations: &KeyAuthorizations, out: &mut Writer) {
    let mut by_name_space: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name_space, element) in &authorizations.elements {
        match by_name_space.iter_mut().find(|(name, _)| *name == &**name_space) {
            Some((_, elements)) => elements.push(element),
            None => by_name_space.push((name_space, vec![element])),
        }
    }
    let (spaces, elements) = (!authorizations.name_spaces.is_empty(), !by_name_space.is_empty());
    out.map(usize::from(spaces) + usize::from(elements));
    if spaces {
        out.text("nameSpaces").array(authorizations.name_spaces.len());
        authorizations.name_spaces.iter().for_each(|name| _ = out.text(name));
    }
    if elements {
        out.text("dataElements").map(by_name_space.len());
        for (name_space, elements) in by_name_space {
            out.text(name_space).array(elements.len());
            elements.iter().for_each(|element| _ = out.text(element));
        }
    }
}
