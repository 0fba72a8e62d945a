use std::sync::Arc;

use minicbor::Decoder;

use super::{MdocError, SessionTranscript};
use crate::cose::cbor::{self, CborError, Label};
use crate::cose::{CoseError, Sign1, UnsignedSign1};
use crate::crypto::Signer;
use crate::time::Timestamp;
use crate::trust::{Certificate, Profile, TrustAnchor, TrustAnchors, verify_chain};

/// The most documents one request may ask for.
const MAX_REQUESTS: usize = 16;

/// An mdoc request (ISO/IEC 18013-5:2021, 8.3.2.1.2.1).
pub struct DeviceRequest {
    version: String,
    requests: Vec<DocRequest>,
}

/// What a reader asks of one document.
pub struct DocRequest {
    /// The tag-24 item as received; reader authentication runs over it.
    items_request: Vec<u8>,
    doc_type: String,
    elements: Vec<RequestedElement>,
    reader_auth: Option<Sign1>,
}

/// One element that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedElement {
    /// The name space.
    pub name_space: Arc<str>,
    /// The element identifier.
    pub identifier: String,
    /// Whether the reader says it intends to keep the value.
    pub intent_to_retain: bool,
}

impl DeviceRequest {
    /// Reads the CBOR form.
    ///
    /// # Errors
    /// [`MdocError::Cbor`] and [`MdocError::ReaderAuth`] for bytes that cannot be read.
    pub fn parse(bytes: &[u8]) -> Result<Self, MdocError> {
        cbor::check(bytes)?;
        let (mut version, mut requests) = (None, Vec::new());
        cbor::map::<MdocError>(&mut Decoder::new(bytes), |decoder, label| {
            match label {
                Label::Text("version") => version = Some(cbor::text(decoder)?.into_owned()),
                Label::Text("docRequests") => cbor::array::<MdocError>(decoder, |decoder| {
                    if requests.len() == MAX_REQUESTS {
                        return Err(CborError::TooLarge.into());
                    }
                    requests.push(DocRequest::read(decoder)?);
                    Ok(())
                })?,
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        Ok(Self {
            version: version.ok_or(CborError::Shape)?,
            requests,
        })
    }

    /// The version, such as "1.0".
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What is asked, document by document.
    #[must_use]
    pub fn requests(&self) -> &[DocRequest] {
        &self.requests
    }
}

impl DocRequest {
    fn read(decoder: &mut Decoder<'_>) -> Result<Self, MdocError> {
        let (mut items, mut reader_auth) = (None, None);
        cbor::map::<MdocError>(decoder, |decoder, label| {
            match label {
                Label::Text("itemsRequest") => items = Some(cbor::tagged24(decoder)?),
                Label::Text("readerAuth") => {
                    reader_auth = Some(Sign1::parse(cbor::raw(decoder)?).map_err(MdocError::ReaderAuth)?);
                }
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        let items = items.ok_or(CborError::Shape)?;
        let (mut doc_type, mut elements) = (None, Vec::new());
        cbor::map::<MdocError>(&mut Decoder::new(&items.content), |decoder, label| {
            match label {
                Label::Text("docType") => doc_type = Some(cbor::text(decoder)?.into_owned()),
                Label::Text("nameSpaces") => requested_elements(decoder, &mut elements)?,
                _ => _ = cbor::skip(decoder)?,
            }
            Ok(())
        })?;
        Ok(Self {
            items_request: items.whole.to_vec(),
            doc_type: doc_type.ok_or(CborError::Shape)?,
            elements,
            reader_auth,
        })
    }

    /// The document type asked for.
    #[must_use]
    pub fn doc_type(&self) -> &str {
        &self.doc_type
    }

    /// The elements asked for.
    #[must_use]
    pub fn elements(&self) -> &[RequestedElement] {
        &self.elements
    }

    /// Whether the reader authenticates this request.
    #[must_use]
    pub const fn has_reader_auth(&self) -> bool {
        self.reader_auth.is_some()
    }

    /// Verifies reader authentication (ISO/IEC 18013-5:2021, 9.1.4) and says who asks.
    ///
    /// # Errors
    /// [`MdocError::ReaderAuth`] when it is missing or wrong; [`MdocError::DocumentSigner`] never stands for it: a
    /// reader whose chain does not end at an anchor comes back with the chain and no anchor.
    pub fn verify_reader<'a>(
        &self,
        transcript: &SessionTranscript,
        anchors: &'a TrustAnchors,
        now: Timestamp,
    ) -> Result<(Vec<Certificate>, Option<&'a TrustAnchor>), MdocError> {
        let sign1 = self
            .reader_auth
            .as_ref()
            .ok_or(MdocError::ReaderAuth(CoseError::Structure))?;
        if sign1.protected_algorithm().is_none() {
            return Err(MdocError::ReaderAuth(CoseError::Algorithm));
        }
        let chain = sign1.x5chain().map_err(MdocError::ReaderAuth)?;
        let leaf = chain.first().ok_or(MdocError::ReaderAuth(CoseError::X5Chain))?;
        let key = leaf
            .verification_key()
            .map_err(|error| MdocError::ReaderAuth(error.into()))?;
        let authentication = transcript.reader_authentication_bytes(&self.items_request);
        sign1
            .verify(&key, Some(&authentication), &[])
            .map_err(MdocError::ReaderAuth)?;
        let anchor = verify_chain(&chain, anchors, now, Profile::Reader).ok();
        Ok((chain, anchor))
    }
}

fn requested_elements(decoder: &mut Decoder<'_>, elements: &mut Vec<RequestedElement>) -> Result<(), MdocError> {
    cbor::map::<MdocError>(decoder, |decoder, label| {
        let Label::Text(name_space) = label else {
            return Err(CborError::Shape.into());
        };
        // Shared, not copied: a long name before many short elements would fill the memory.
        let name_space: Arc<str> = name_space.into();
        cbor::map::<MdocError>(decoder, |decoder, label| {
            let Label::Text(identifier) = label else {
                return Err(CborError::Shape.into());
            };
            elements.push(RequestedElement {
                name_space: name_space.clone(),
                identifier: identifier.to_owned(),
                intent_to_retain: decoder.bool().map_err(CborError::from)?,
            });
            Ok(())
        })
    })
}

/// Puts a reader's request together.
#[derive(Default)]
pub struct DeviceRequestBuilder {
    requests: Vec<Vec<u8>>,
}

impl DeviceRequestBuilder {
    /// A request that asks for nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for these elements of one document, without saying who asks.
    #[must_use]
    pub fn ask(mut self, doc_type: &str, elements: &[RequestedElement]) -> Self {
        let items_request = items_request(doc_type, elements);
        self.requests.push(cbor::write(|out| {
            _ = out.map(1).text("itemsRequest").raw(&items_request)
        }));
        self
    }

    /// Asks with reader authentication (ISO/IEC 18013-5:2021, 9.1.4): `signer` is the key of the first certificate of
    /// `chain`.
    ///
    /// # Errors
    /// [`MdocError::Signing`].
    pub fn ask_as(
        mut self,
        doc_type: &str,
        elements: &[RequestedElement],
        transcript: &SessionTranscript,
        signer: &dyn Signer,
        chain: &[Certificate],
    ) -> Result<Self, MdocError> {
        let items_request = items_request(doc_type, elements);
        let authentication = transcript.reader_authentication_bytes(&items_request);
        let reader_auth = UnsignedSign1::detached(&authentication, chain)
            .sign(signer)
            .map_err(MdocError::Signing)?;
        self.requests.push(cbor::write(|out| {
            out.map(2).text("itemsRequest").raw(&items_request);
            out.text("readerAuth").raw(&reader_auth);
        }));
        Ok(self)
    }

    /// The `DeviceRequest`, version 1.0.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        cbor::write(|out| {
            out.map(2).text("version").text("1.0");
            out.text("docRequests").array(self.requests.len());
            self.requests.iter().for_each(|request| _ = out.raw(request));
        })
    }
}

/// `ItemsRequestBytes`.
fn items_request(doc_type: &str, elements: &[RequestedElement]) -> Vec<u8> {
    let mut name_spaces: Vec<(&str, Vec<&RequestedElement>)> = Vec::new();
    for element in elements {
        match name_spaces.iter_mut().find(|(name, _)| *name == &*element.name_space) {
            Some((_, known)) => known.push(element),
            None => name_spaces.push((&element.name_space, vec![element])),
        }
    }
    let content = cbor::write(|out| {
        out.map(2).text("docType").text(doc_type);
        out.text("nameSpaces").map(name_spaces.len());
        for (name_space, elements) in name_spaces {
            out.text(name_space).map(elements.len());
            for element in elements {
                out.text(&element.identifier).bool(element.intent_to_retain);
            }
        }
    });
    cbor::write(|out| _ = out.tagged24(&content))
}
