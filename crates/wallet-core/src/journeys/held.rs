//! A credential as the journeys use it: parsed, verified, and ready to be matched, narrowed and shown.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use wallet_credentials::claim::{ClaimPath, PathElement};
use wallet_credentials::credential::Format;
use wallet_credentials::crypto::PublicKey;
use wallet_credentials::jwt_vc::{IssuerKeySource, JwtVc};
use wallet_credentials::linkable::LinkingMarks;
use wallet_credentials::mdoc::IssuerSigned;
use wallet_credentials::sd_jwt_vc::SdJwtVc;
use wallet_credentials::status::StatusReference;
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, Profile};
use wallet_credentials::verified::Verified;
use wallet_protocols::dcql::HeldCredential;

use super::Labels;
use crate::age;
use crate::consent::Narrowed;
use crate::labels::{self, clean};
use crate::pictures;
use crate::store::documents::DocumentFormat;
use crate::view::{ClaimView, Language, PathView};
use crate::words::Words;

/// Registered claims of an SD-JWT VC that say how it works and nothing about the person.
const TECHNICAL: &[&str] = &[
    "iss",
    "iat",
    "nbf",
    "exp",
    "sub",
    "jti",
    "cnf",
    "vct",
    "vct#integrity",
    "aka_vcts",
    "status",
    "_sd_alg",
];

/// The credential could not be read, or lacks what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored credential cannot be read")]
pub(crate) struct Unreadable;

/// A verified credential.
pub(crate) enum Credential {
    /// SD-JWT VC.
    SdJwtVc(Box<Verified<SdJwtVc>>),
    /// ISO mdoc.
    Mdoc(Box<Verified<IssuerSigned>>),
    /// JWT VC, which has no parts.
    JwtVc(Box<Verified<JwtVc>>),
}

/// A verified credential with what DCQL matching asks of it.
pub(crate) struct Held {
    credential: Credential,
    authorities: Vec<Vec<u8>>,
    claims: Value,
}

impl Held {
    /// Takes a credential that was verified just now.
    pub(crate) fn new(credential: Credential) -> Self {
        let (claims, authorities) = match &credential {
            Credential::SdJwtVc(credential) => {
                let chain = credential
                    .issuer_key()
                    .x5c
                    .iter()
                    .filter_map(|der| Certificate::from_der(der).ok());
                (Value::Object(credential.claims().clone()), authorities(chain))
            }
            Credential::Mdoc(mdoc) => {
                let mut spaces = Map::new();
                for (space, element) in mdoc.elements() {
                    if let Value::Object(elements) = spaces.entry(space).or_insert_with(|| json!({})) {
                        elements.insert(element.identifier().to_owned(), element.value().to_json());
                    }
                }
                (Value::Object(spaces), authorities(mdoc.chain().iter().cloned()))
            }
            Credential::JwtVc(credential) => (
                Value::Object(credential.claims().clone()),
                authorities(certificates(credential).into_iter()),
            ),
        };
        Self {
            credential,
            authorities,
            claims,
        }
    }

    /// Reads a credential back from the encrypted store, where only this wallet writes, and only what was verified.
    pub(crate) fn from_store(format: DocumentFormat, bytes: &[u8]) -> Result<Self, Unreadable> {
        let credential = match format {
            DocumentFormat::SdJwtVc => {
                let text = std::str::from_utf8(bytes).map_err(|_| Unreadable)?;
                let parsed = SdJwtVc::parse(text).map_err(|_| Unreadable)?;
                Credential::SdJwtVc(Box::new(parsed.dangerous_assume_verified()))
            }
            DocumentFormat::Mdoc => {
                let parsed = IssuerSigned::parse(bytes).map_err(|_| Unreadable)?;
                Credential::Mdoc(Box::new(parsed.dangerous_assume_verified()))
            }
            DocumentFormat::JwtVc => {
                let text = std::str::from_utf8(bytes).map_err(|_| Unreadable)?;
                let parsed = JwtVc::parse(text).map_err(|_| Unreadable)?;
                Credential::JwtVc(Box::new(parsed.dangerous_assume_verified()))
            }
        };
        Ok(Self::new(credential))
    }

    /// The SD-JWT VC, where it is one.
    pub(crate) fn sd_jwt_vc(&self) -> Option<&SdJwtVc> {
        match &self.credential {
            Credential::SdJwtVc(credential) => Some(credential),
            Credential::Mdoc(_) | Credential::JwtVc(_) => None,
        }
    }

    /// The JWT VC, where it is one.
    pub(crate) fn jwt_vc(&self) -> Option<&JwtVc> {
        match &self.credential {
            Credential::JwtVc(credential) => Some(credential),
            Credential::Mdoc(_) | Credential::SdJwtVc(_) => None,
        }
    }

    /// It has a status, and not one this wallet can look up.
    pub(crate) fn has_other_status(&self) -> bool {
        self.jwt_vc().is_some_and(JwtVc::has_other_status)
    }

    /// The key it is bound to.
    pub(crate) fn holder_key(&self) -> Option<&PublicKey> {
        match &self.credential {
            Credential::SdJwtVc(credential) => credential.holder_key(),
            Credential::Mdoc(mdoc) => Some(mdoc.mso().device_key()),
            Credential::JwtVc(credential) => credential.holder_key(),
        }
    }

    /// From when and until when it is valid.
    pub(crate) fn validity(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        match &self.credential {
            Credential::SdJwtVc(credential) => (
                credential.not_before().or(credential.issued_at()),
                credential.expires_at(),
            ),
            Credential::Mdoc(mdoc) => {
                let validity = mdoc.mso().validity();
                (Some(validity.valid_from), Some(validity.valid_until))
            }
            Credential::JwtVc(credential) => (
                credential.not_before().or(credential.issued_at()),
                credential.expires_at(),
            ),
        }
    }

    /// When its issuer expects to say something new.
    pub(crate) fn expected_update(&self) -> Option<Timestamp> {
        match &self.credential {
            Credential::SdJwtVc(_) => None,
            Credential::Mdoc(mdoc) => mdoc.mso().validity().expected_update,
            Credential::JwtVc(credential) => credential.expected_update(),
        }
    }

    /// Where its status is found: address of the list, place in it.
    pub(crate) fn status(&self) -> Option<(String, u64)> {
        let (uri, index) = match &self.credential {
            Credential::SdJwtVc(credential) => status(credential.status()?),
            Credential::Mdoc(mdoc) => {
                let reference = mdoc.mso().status()?;
                (reference.uri.clone(), reference.index)
            }
            Credential::JwtVc(credential) => status(credential.status()?),
        };
        Some((uri, index))
    }

    /// What another copy of it must not carry too.
    pub(crate) fn linking_marks(&self) -> LinkingMarks {
        match &self.credential {
            Credential::SdJwtVc(credential) => credential.linking_marks(),
            Credential::Mdoc(mdoc) => mdoc.linking_marks(),
            Credential::JwtVc(credential) => credential.linking_marks(),
        }
    }

    /// The certificate chain it was signed under, the signer's first.
    pub(crate) fn chain(&self) -> Vec<Certificate> {
        match &self.credential {
            Credential::SdJwtVc(credential) => credential
                .issuer_key()
                .x5c
                .iter()
                .filter_map(|der| Certificate::from_der(der).ok())
                .collect(),
            Credential::Mdoc(mdoc) => mdoc.chain().to_vec(),
            Credential::JwtVc(credential) => certificates(credential),
        }
    }

    /// The rules its issuer's certificates follow.
    pub(crate) const fn issuer_profile(&self) -> Profile {
        match &self.credential {
            Credential::SdJwtVc(_) | Credential::JwtVc(_) => Profile::JwtSigner,
            Credential::Mdoc(_) => Profile::DocumentSigner { lenient: true },
        }
    }

    /// The bytes to keep, as received.
    pub(crate) fn kept_form(format: Format, received: &str) -> Result<Vec<u8>, Unreadable> {
        match format {
            Format::DcSdJwt | Format::JwtVcJson => Ok(received.as_bytes().to_vec()),
            Format::MsoMdoc => URL_SAFE_NO_PAD.decode(received).map_err(|_| Unreadable),
        }
    }

    /// Reduces it to these paths and nothing else; a JWT VC stays whole, because it cannot be reduced.
    pub(crate) fn narrow(&self, paths: &[ClaimPath]) -> Result<Narrowed, Unreadable> {
        match &self.credential {
            Credential::SdJwtVc(credential) => credential.narrow(paths).map(Narrowed::SdJwtVc).map_err(|_| Unreadable),
            Credential::Mdoc(mdoc) => {
                let wanted: Vec<(&str, &str)> = paths
                    .iter()
                    .map(|path| match path.elements() {
                        [PathElement::Name(space), PathElement::Name(element)] => {
                            Ok((space.as_str(), element.as_str()))
                        }
                        _ => Err(Unreadable),
                    })
                    .collect::<Result<_, _>>()?;
                mdoc.narrow(&wanted).map(Narrowed::Mdoc).map_err(|_| Unreadable)
            }
            Credential::JwtVc(credential) => Ok(Narrowed::JwtVc(Box::new(credential.whole()))),
        }
    }

    /// An age the document says the person has not reached, and has since, by its own date of birth: time for a new copy.
    /// The highest such age. Nothing is derived for anybody else: what a service gets is what the issuer signed.
    pub(crate) fn age_reached_since(&self, now: jiff::Timestamp) -> Option<u8> {
        let spaces = match &self.credential {
            Credential::SdJwtVc(_) | Credential::JwtVc(_) => vec![self.claims.as_object()?],
            Credential::Mdoc(_) => self.claims.as_object()?.values().filter_map(Value::as_object).collect(),
        };
        let born = ["birth_date", "birthdate"]
            .iter()
            .find_map(|name| spaces.iter().find_map(|space| space.get(*name)?.as_str()?.parse().ok()))?;
        spaces
            .iter()
            .flat_map(|space| space.iter())
            .filter(|(_, over)| **over == Value::Bool(false))
            .filter_map(|(name, _)| age::stated(name))
            .filter(|age| age::has_reached(born, *age, now))
            .max()
    }

    /// Every detail, as people read it.
    pub(crate) fn details(&self, labels: &Labels, language: Language) -> Vec<ClaimView> {
        let mut rows = details(&self.claims, self.credential_type(), self.format(), labels, language);
        self.mask_traced_number(&mut rows, language);
        rows
    }

    /// An NHS number of somebody whom NHS login traced and never saw (P0, P5) is claimed, not proven: the person must not be shown
    /// it (NHS login, vectors of trust). The level stands beside a number that is proven.
    pub(crate) fn mask_traced_number(&self, rows: &mut [ClaimView], language: Language) {
        let Some(level) = self.identity_level() else { return };
        for row in rows.iter_mut().filter(|row| is_nhs_number(&row.path)) {
            if self.has_traced_number() {
                row.text = Words::for_language(language).message("nhs-number-hidden", &[]);
                row.value = Value::Null;
            } else {
                row.text = format!("{} ({})", row.text, labels::clean(level, 4));
            }
        }
    }

    /// Why its NHS number is not shown, where it is not.
    pub(crate) fn traced_number_note(&self, language: Language) -> Option<String> {
        self.has_traced_number()
            .then(|| Words::for_language(language).message("note-nhs-number-hidden", &[]))
    }

    fn has_traced_number(&self) -> bool {
        self.named("nhs_number").is_some() && self.identity_level().is_some_and(|level| level != "P9")
    }

    fn identity_level(&self) -> Option<&str> {
        self.named("identity_proofing_level")?.as_str()
    }

    /// A claim of this name: among the claims, or in any name space of an mdoc.
    fn named(&self, name: &str) -> Option<&Value> {
        let claims = self.claims.as_object()?;
        match self.format() {
            Format::MsoMdoc => claims.values().find_map(|space| space.get(name)),
            Format::DcSdJwt | Format::JwtVcJson => claims.get(name),
        }
    }
}

/// Whether a detail is an NHS number.
pub(crate) fn is_nhs_number(path: &[Value]) -> bool {
    path.last().and_then(Value::as_str) == Some("nhs_number")
}

/// The details inside a narrowed credential: exactly what the other side will be able to read.
pub(crate) fn narrowed_details(
    narrowed: &Narrowed,
    type_id: &str,
    labels: &Labels,
    language: Language,
) -> Result<Vec<ClaimView>, Unreadable> {
    Ok(match narrowed {
        Narrowed::SdJwtVc(credential) => {
            let claims = Value::Object(credential.claims().map_err(|_| Unreadable)?);
            details(&claims, type_id, Format::DcSdJwt, labels, language)
        }
        Narrowed::Mdoc(mdoc) => {
            let mut spaces = Map::new();
            for (space, element, value) in mdoc.elements() {
                if let Value::Object(elements) = spaces.entry(space).or_insert_with(|| json!({})) {
                    elements.insert(element.to_owned(), value.to_json());
                }
            }
            details(&Value::Object(spaces), type_id, Format::MsoMdoc, labels, language)
        }
        Narrowed::JwtVc(whole) => {
            let claims = Value::Object(whole.claims().clone());
            details(&claims, type_id, Format::JwtVcJson, labels, language)
        }
    })
}

impl HeldCredential for Held {
    fn format(&self) -> Format {
        match &self.credential {
            Credential::SdJwtVc(_) => Format::DcSdJwt,
            Credential::Mdoc(_) => Format::MsoMdoc,
            Credential::JwtVc(_) => Format::JwtVcJson,
        }
    }

    fn credential_type(&self) -> &str {
        match &self.credential {
            Credential::SdJwtVc(credential) => credential.vct(),
            Credential::Mdoc(mdoc) => mdoc.doc_type(),
            Credential::JwtVc(credential) => credential
                .specific_types()
                .last()
                .unwrap_or(wallet_credentials::jwt_vc::BASE_TYPE),
        }
    }

    fn further_types(&self) -> &[String] {
        self.jwt_vc().map_or(&[], JwtVc::types)
    }

    fn always_shared(&self) -> usize {
        match &self.credential {
            Credential::SdJwtVc(credential) => {
                let clear = credential.always_disclosed();
                let technical = |path: &&ClaimPath| matches!(path.elements().first(), Some(PathElement::Name(name)) if TECHNICAL.contains(&name.as_str()));
                clear.iter().filter(|path| !technical(path)).count()
            }
            Credential::JwtVc(credential) => credential.always_disclosed().len(),
            Credential::Mdoc(_) => 0,
        }
    }

    fn is_holder_bound(&self) -> bool {
        self.holder_key().is_some()
    }

    fn authority_key_identifiers(&self) -> &[Vec<u8>] {
        &self.authorities
    }

    fn claims(&self) -> Cow<'_, Value> {
        Cow::Borrowed(&self.claims)
    }
}

fn authorities(chain: impl Iterator<Item = Certificate>) -> Vec<Vec<u8>> {
    chain
        .filter_map(|certificate| certificate.authority_key_identifier().map(<[u8]>::to_vec))
        .collect()
}

/// The chain a JWT VC was signed under, where it was signed under one.
fn certificates(credential: &JwtVc) -> Vec<Certificate> {
    match credential.issuer_key() {
        Ok(IssuerKeySource::Certificates(chain)) => {
            chain.iter().filter_map(|der| Certificate::from_der(der).ok()).collect()
        }
        _ => Vec::new(),
    }
}

fn status(reference: &StatusReference) -> (String, u64) {
    (reference.uri.clone(), reference.index)
}

/// One row for every leaf of an SD-JWT VC's object tree and for every element of an mdoc; lists are one row. Of a JWT VC
/// every value has its row, also those about how it works and those inside lists: all of it leaves, so all of it is said.
fn details(claims: &Value, type_id: &str, format: Format, labels: &Labels, language: Language) -> Vec<ClaimView> {
    let mut rows = Vec::new();
    let depth = if format == Format::MsoMdoc { 2 } else { 8 };
    let mut path = Vec::new();
    if format == Format::JwtVcJson {
        collect_whole(claims, depth, type_id, &mut path, &mut |path, value| {
            rows.push(row_as(
                path.to_vec(),
                &in_jwt_vc(path),
                value,
                type_id,
                labels,
                language,
            ));
        });
        // What it says about the person comes before how it works; within each, the issuer's order.
        rows.sort_by_key(|row| {
            (
                row.path.first() != Some(&json!("credentialSubject")),
                labels.position(&row.path),
            )
        });
        return rows;
    }
    collect(claims, depth, &mut path, &mut |path, value| {
        if format == Format::DcSdJwt
            && matches!(path.first(), Some(Value::String(name)) if TECHNICAL.contains(&name.as_str()))
        {
            return;
        }
        rows.push(row(path.to_vec(), value, type_id, labels, language));
    });
    // The issuer's order is how its documents read; what it does not name comes after.
    rows.sort_by_key(|row| labels.position(&row.path));
    rows
}

fn collect(value: &Value, depth: usize, path: &mut PathView, found: &mut impl FnMut(&[Value], &Value)) {
    match value {
        // A document of which nothing would be shown says nothing.
        Value::Object(members) if members.is_empty() && path.is_empty() => {}
        Value::Object(members) if depth > 0 && !members.is_empty() => {
            for (name, value) in members {
                path.push(Value::String(name.clone()));
                collect(value, depth - 1, path, found);
                path.pop();
            }
        }
        value => found(path, value),
    }
}

/// Down to the last value, through lists of objects too. A list of plain values is one row, and so is what is read whole.
fn collect_whole(
    value: &Value,
    depth: usize,
    type_id: &str,
    path: &mut PathView,
    found: &mut impl FnMut(&[Value], &Value),
) {
    let below: Vec<(Value, &Value)> = match value {
        _ if depth == 0 || labels::is_read_whole(type_id, &in_jwt_vc(path)) => Vec::new(),
        Value::Object(members) => members.iter().map(|(name, value)| (json!(name), value)).collect(),
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            items.iter().enumerate().map(|(at, item)| (json!(at), item)).collect()
        }
        _ => Vec::new(),
    };
    if below.is_empty() {
        return found(path, value);
    }
    for (part, value) in below {
        path.push(part);
        collect_whole(value, depth - 1, type_id, path, found);
        path.pop();
    }
}

/// A path of a JWT VC as the labels know it.
pub(crate) fn in_jwt_vc(path: &[Value]) -> PathView {
    std::iter::once(json!(labels::JWT_VC))
        .chain(path.iter().cloned())
        .collect()
}

/// One detail as a row.
fn row(path: PathView, value: &Value, type_id: &str, labels: &Labels, language: Language) -> ClaimView {
    let known = path.clone();
    row_as(path, &known, value, type_id, labels, language)
}

/// One detail as a row, with the words this wallet has for the path `known`.
fn row_as(
    path: PathView,
    known: &[Value],
    value: &Value,
    type_id: &str,
    labels: &Labels,
    language: Language,
) -> ClaimView {
    let theirs = labels.get(&path);
    let mut view = ClaimView {
        label: labels::claim_label(type_id, known, theirs.as_deref(), language),
        unnamed: !labels::is_named(type_id, known, theirs.as_deref()),
        sensitive: labels::is_sensitive(type_id, known),
        picture: labels::is_picture(type_id, known),
        text: String::new(),
        value: Value::Null,
        table: None,
        path,
    };
    if view.picture {
        // Bytes that are no picture this wallet draws stay inside: the row says that there is one.
        match picture(value) {
            Some(uri) => view.value = Value::String(uri),
            None => view.text = Words::for_language(language).message("picture-not-drawn", &[]),
        }
    } else {
        view.text = labels::text_of(type_id, known, value, language);
        view.table = labels::table_of(type_id, known, value, language);
        view.value = bounded(value);
    }
    view
}

fn picture(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let encoded = text.split_once("base64,").map_or(text, |(_, data)| data);
    if encoded.len() > pictures::MAX_PICTURE.div_ceil(3) * 4 {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD
        .decode(encoded)
        .or_else(|_| base64::engine::general_purpose::STANDARD.decode(encoded))
        .ok()?;
    pictures::portrait(&bytes)
}

/// Data for the screen: text cleaned and bounded, so that nothing an issuer wrote can move what stands around it.
fn bounded(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean(text, 4_096)),
        Value::Array(items) => items.iter().take(100).map(bounded).collect(),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .take(100)
                .map(|(name, value)| (clean(name, 100), bounded(value)))
                .collect(),
        ),
        plain => plain.clone(),
    }
}

/// A path of the wire as the views write it.
pub(crate) fn path_view(path: &ClaimPath) -> PathView {
    path.elements()
        .iter()
        .map(|element| match element {
            PathElement::Name(name) => Value::String(name.clone()),
            PathElement::Index(at) => json!(at),
            PathElement::All => Value::Null,
        })
        .collect()
}
