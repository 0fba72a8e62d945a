//! The compact serialisation: `<Issuer-signed JWT>~<Disclosure>~…~<optional KB-JWT>` (RFC 9901, 4).

use std::ops::Range;

use super::SdJwtError;

/// The longest SD-JWT that is read, in bytes.
pub const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// The most disclosures an SD-JWT may carry.
pub(super) const MAX_DISCLOSURES: usize = 1024;

/// An SD-JWT cut into its parts; the text stays as it was received.
#[derive(Clone)]
pub(super) struct SdJwtText {
    text: String,
    issuer_jwt: Range<usize>,
    disclosures: Vec<Range<usize>>,
    key_binding: Option<Range<usize>>,
}

impl SdJwtText {
    pub(super) fn split(text: &str) -> Result<Self, SdJwtError> {
        if text.len() > MAX_TEXT_BYTES {
            return Err(SdJwtError::TooLarge);
        }
        // Without a single tilde this is a bare JWT, and no SD-JWT.
        let mut tildes = text.match_indices('~').map(|(at, _)| at);
        let issuer_jwt = 0..tildes.next().filter(|end| *end > 0).ok_or(SdJwtError::Malformed)?;
        let mut start = issuer_jwt.end + 1;
        let mut disclosures = Vec::with_capacity(32);
        for end in tildes {
            if disclosures.len() == MAX_DISCLOSURES {
                return Err(SdJwtError::TooLarge);
            }
            if start == end {
                return Err(SdJwtError::Malformed);
            }
            disclosures.push(start..end);
            start = end + 1;
        }
        let key_binding = Some(start..text.len()).filter(|rest| !rest.is_empty());
        Ok(Self {
            text: text.to_owned(),
            issuer_jwt,
            disclosures,
            key_binding,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn issuer_jwt(&self) -> &str {
        self.part(&self.issuer_jwt)
    }

    pub(super) fn disclosures(&self) -> impl Iterator<Item = &str> {
        self.disclosures.iter().map(|range| self.part(range))
    }

    pub(super) fn key_binding(&self) -> Option<&str> {
        self.key_binding.as_ref().map(|range| self.part(range))
    }

    /// Everything up to and including the last tilde: what `sd_hash` is over (RFC 9901, 4.3.1).
    pub(super) fn before_key_binding(&self) -> &str {
        let end = self.key_binding.as_ref().map_or(self.text.len(), |range| range.start);
        self.part(&(0..end))
    }

    /// The Issuer-signed JWT with only these disclosures, in their order, each part followed by a tilde.
    pub(super) fn with_only(&self, mut keep: impl FnMut(usize) -> bool) -> String {
        let mut narrowed = String::with_capacity(self.text.len());
        narrowed.push_str(self.issuer_jwt());
        narrowed.push('~');
        for (at, disclosure) in self.disclosures().enumerate() {
            if keep(at) {
                narrowed.push_str(disclosure);
                narrowed.push('~');
            }
        }
        narrowed
    }

    fn part(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }
}
