//! Following `extends`, merging, and what the result is used for (draft-ietf-oauth-sd-jwt-vc, 5.4, 5.5.2, 5.6.5, 5.7).

use super::document::{ClaimDisplay, ClaimMetadata, SelectiveDisclosure, TypeDisplay, TypeMetadata};
use super::integrity::Integrity;
use super::issued::{IssuedClaims, Selected};
use super::{MAX_CHAIN, MAX_ENTRIES, TypeMetadataError, svg};
use crate::claim::PathElement;

/// What [`resolve`] came to.
#[derive(Clone, Debug)]
pub enum Resolution {
    /// All documents were there.
    Resolved(EffectiveTypeMetadata),
    /// The document of this `vct` is lacking: look it up, and resolve again.
    Needs(String),
}

/// Type Metadata with everything it extends (5.7).
#[derive(Clone, Debug)]
pub struct EffectiveTypeMetadata {
    types: Vec<String>,
    display: Vec<TypeDisplay>,
    claims: Vec<ClaimMetadata>,
}

/// Resolves the Type Metadata of `vct`: every document is checked against the integrity its reference states and must be
/// about the type it is looked up for. `document` answers with the octets as they were fetched, or `None`.
///
/// # Errors
/// [`TypeMetadataError`]. By its type a credential is then refused, where its type is to be regarded (5.7).
pub fn resolve<D: AsRef<[u8]>>(
    vct: &str,
    integrity: Option<&Integrity>,
    document: impl Fn(&str) -> Option<D>,
) -> Result<Resolution, TypeMetadataError> {
    let mut chain: Vec<TypeMetadata> = Vec::new();
    let mut next = Some((vct.to_owned(), integrity.cloned()));
    while let Some((vct, integrity)) = next {
        if chain.iter().any(|known| known.vct == vct) {
            return Err(TypeMetadataError::Circular);
        }
        if chain.len() == MAX_CHAIN {
            return Err(TypeMetadataError::TooDeep);
        }
        let Some(octets) = document(&vct) else {
            return Ok(Resolution::Needs(vct));
        };
        if integrity.is_some_and(|integrity| !integrity.matches(octets.as_ref())) {
            return Err(TypeMetadataError::Integrity);
        }
        let metadata = TypeMetadata::parse(octets.as_ref())?;
        if metadata.vct != vct {
            return Err(TypeMetadataError::OtherType);
        }
        next = metadata
            .extends
            .as_ref()
            .map(|extended| (extended.vct.clone(), extended.integrity.clone()));
        chain.push(metadata);
    }
    merge(chain).map(Resolution::Resolved)
}

/// Merges a chain, the extending type first.
fn merge(chain: Vec<TypeMetadata>) -> Result<EffectiveTypeMetadata, TypeMetadataError> {
    let mut effective = EffectiveTypeMetadata {
        types: chain.iter().map(|metadata| metadata.vct.clone()).collect(),
        display: Vec::new(),
        claims: Vec::new(),
    };
    for metadata in chain.into_iter().rev() {
        if let Some(display) = metadata.display {
            effective.display = display;
        }
        for claim in metadata.claims {
            match effective.claims.iter_mut().find(|known| known.path == claim.path) {
                Some(known) => extend(known, claim)?,
                None => effective.claims.push(claim),
            }
        }
    }
    let ids: Vec<_> = effective
        .claims
        .iter()
        .filter_map(|claim| claim.svg_id.as_ref())
        .collect();
    let repeated = ids
        .iter()
        .enumerate()
        .any(|(at, id)| ids.iter().take(at).any(|other| other == id));
    if effective.claims.len() > MAX_ENTRIES {
        return Err(TypeMetadataError::TooLarge);
    }
    if repeated {
        return Err(TypeMetadataError::Malformed);
    }
    Ok(effective)
}

/// What the extending type says takes precedence, within the limits of 5.6.5.1; properties are never merged inside.
fn extend(known: &mut ClaimMetadata, claim: ClaimMetadata) -> Result<(), TypeMetadataError> {
    let fixed = |sd: Option<SelectiveDisclosure>| sd.filter(|sd| *sd != SelectiveDisclosure::Allowed);
    if fixed(known.sd).is_some() && claim.sd.is_some() && claim.sd != known.sd {
        return Err(TypeMetadataError::Extension);
    }
    if known.mandatory == Some(true) && claim.mandatory == Some(false) {
        return Err(TypeMetadataError::Extension);
    }
    known.sd = claim.sd.or(known.sd);
    known.mandatory = claim.mandatory.or(known.mandatory);
    known.svg_id = claim.svg_id.or(known.svg_id.take());
    if !claim.display.is_empty() {
        known.display = claim.display;
    }
    Ok(())
}

impl EffectiveTypeMetadata {
    /// The `vct` of the type and of every type it extends, the type itself first.
    #[must_use]
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// How the type is shown, in the first of these languages it has, or else in the first it has at all.
    #[must_use]
    pub fn display(&self, languages: &[&str]) -> Option<&TypeDisplay> {
        by_language(&self.display, languages, |display| &display.locale)
    }

    /// What is said about claims.
    #[must_use]
    pub fn claims(&self) -> &[ClaimMetadata] {
        &self.claims
    }

    /// What the claim at this place is called, in the first of these languages there is, or else in any. A place is a path
    /// without "all elements", as in [`super::super::SdJwtVc::disclosable`].
    #[must_use]
    pub fn label(&self, place: &[PathElement], languages: &[&str]) -> Option<&ClaimDisplay> {
        let about = |claim: &&ClaimMetadata| claim.path.elements().len() == place.len() && claim.path.covers(place);
        // What is said about this one element before what is said about all of them.
        let general = |claim: &&ClaimMetadata| claim.path.elements().contains(&PathElement::All);
        let mut found: Vec<_> = self.claims.iter().filter(about).collect();
        found.sort_by_key(general);
        found
            .into_iter()
            .find_map(|claim| by_language(&claim.display, languages, |display| &display.locale))
    }

    /// Whether a credential keeps the rules of its type (5.6): every path fits, claims are selectively disclosable as they
    /// must be, and mandatory ones are there. What a presentation withholds is not held against it.
    ///
    /// # Errors
    /// [`TypeMetadataError::Shape`], [`TypeMetadataError::SelectiveDisclosure`] and [`TypeMetadataError::Mandatory`].
    pub fn check(&self, claims: &IssuedClaims) -> Result<(), TypeMetadataError> {
        for claim in &self.claims {
            let Selected { nodes, maybe_hidden } = claims.select(&claim.path)?;
            let wanted = match claim.sd {
                Some(SelectiveDisclosure::Always) => Some(true),
                Some(SelectiveDisclosure::Never) => Some(false),
                Some(SelectiveDisclosure::Allowed) | None => None,
            };
            if let Some(wanted) = wanted
                && nodes.iter().any(|node| node.is_disclosable() != wanted)
            {
                return Err(TypeMetadataError::SelectiveDisclosure);
            }
            if claim.mandatory == Some(true) && nodes.is_empty() && !maybe_hidden {
                return Err(TypeMetadataError::Mandatory);
            }
        }
        Ok(())
    }

    /// Fills the placeholders `{{svg_id}}` of an SVG template with values of the credential, escaped and cleaned; a claim
    /// that is not there leaves nothing (5.5.1.2.2).
    ///
    /// The template is somebody else's document. Draw the result as an image, where it can run nothing and fetch nothing.
    ///
    /// # Errors
    /// [`TypeMetadataError::Template`], and [`TypeMetadataError::Shape`] when a path does not fit the claims.
    pub fn fill_svg(&self, template: &str, claims: &IssuedClaims) -> Result<String, TypeMetadataError> {
        svg::fill(template, |id| {
            let claim = self.claims.iter().find(|claim| claim.svg_id.as_deref() == Some(id));
            let claim = claim.ok_or(TypeMetadataError::Template)?;
            Ok(claims.select(&claim.path)?.text())
        })
    }
}

/// The first entry in one of these languages: the tag itself, then the tag less its last part (RFC 4647, 3.4, "Lookup"), then
/// an entry of the language for another region; without any, the first entry.
fn by_language<'e, T>(entries: &'e [T], languages: &[&str], locale: impl Fn(&T) -> &String) -> Option<&'e T> {
    let with = |test: &dyn Fn(&str) -> bool| entries.iter().find(|entry| test(locale(entry)));
    for wanted in languages {
        let mut range = *wanted;
        loop {
            if let Some(found) = with(&|locale| locale.eq_ignore_ascii_case(range)) {
                return Some(found);
            }
            match range.rsplit_once('-') {
                Some((shorter, _)) => range = shorter,
                None => break,
            }
        }
        let same_language = |locale: &str| {
            locale
                .split('-')
                .next()
                .is_some_and(|tag| tag.eq_ignore_ascii_case(range))
        };
        if let Some(found) = with(&same_language) {
            return Some(found);
        }
    }
    entries.first()
}
