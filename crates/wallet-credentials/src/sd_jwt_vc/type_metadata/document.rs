//! One Type Metadata document (draft-ietf-oauth-sd-jwt-vc, 5.2, 5.5, 5.6).

use serde_json::{Map, Value};

use super::integrity::Integrity;
use super::{MAX_DOCUMENT_BYTES, MAX_ENTRIES, TypeMetadataError};
use crate::claim::ClaimPath;
use crate::jose::json;
use crate::trust::plain;

/// The longest `vct`, URI and the like, in bytes; `data:` URIs of pictures may fill a document.
const MAX_URI_BYTES: usize = 2048;

/// The longest name, label and description kept, in characters.
const MAX_CHARACTERS: usize = 512;

/// A document as it is written, before anything it extends is known.
#[derive(Clone, Debug)]
pub(super) struct TypeMetadata {
    pub(super) vct: String,
    pub(super) extends: Option<Reference>,
    pub(super) display: Option<Vec<TypeDisplay>>,
    pub(super) claims: Vec<ClaimMetadata>,
}

/// A type that is extended, and what its document must be.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) vct: String,
    pub(super) integrity: Option<Integrity>,
}

/// How a type is shown in one language (5.5). Texts are cleaned of control and bidirectional characters, and cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeDisplay {
    /// `locale`: a language tag (RFC 5646).
    pub locale: String,
    /// `name`, for people.
    pub name: String,
    /// `description`, for people.
    pub description: Option<String>,
    /// How it may be drawn.
    pub rendering: Rendering,
}

/// How a type may be drawn (5.5.1). Methods this wallet does not know are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendering {
    /// `simple`: a logo, a background, two colours.
    pub simple: Option<SimpleRendering>,
    /// `svg_templates`.
    pub svg_templates: Vec<SvgTemplate>,
}

/// The rendering method `simple` (5.5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimpleRendering {
    /// `logo`.
    pub logo: Option<Resource>,
    /// `alt_text` of the logo.
    pub logo_alt_text: Option<String>,
    /// `background_image`.
    pub background_image: Option<Resource>,
    /// `background_color` as red, green and blue. Colours that are not written in hexadecimal are left out.
    pub background_color: Option<[u8; 3]>,
    /// `text_color`, likewise.
    pub text_color: Option<[u8; 3]>,
}

/// A picture or template that would have to be fetched, unless it stands in a `data:` URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// `uri`: https or data.
    pub uri: String,
    /// `uri#integrity`.
    pub integrity: Option<Integrity>,
}

impl Resource {
    /// Whether these octets may be used as this resource: they are what `uri#integrity` describes, if it is there (6).
    #[must_use]
    pub fn accepts(&self, octets: &[u8]) -> bool {
        self.integrity
            .as_ref()
            .is_none_or(|integrity| integrity.matches(octets))
    }
}

/// An SVG template and what it is best for (5.5.1.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SvgTemplate {
    /// Where it is.
    pub resource: Resource,
    /// `orientation`.
    pub orientation: Option<Orientation>,
    /// `color_scheme`.
    pub color_scheme: Option<ColorScheme>,
    /// `contrast`.
    pub contrast: Option<Contrast>,
}

/// `orientation` of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Higher than wide.
    Portrait,
    /// Wider than high.
    Landscape,
}

/// `color_scheme` of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorScheme {
    /// For light screens.
    Light,
    /// For dark screens.
    Dark,
}

/// `contrast` of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contrast {
    /// As usual.
    Normal,
    /// For people who need more.
    High,
}

/// What is said about one claim, or about all claims at one path (5.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimMetadata {
    /// `path`, in the credential with every disclosure.
    pub path: ClaimPath,
    /// `display`, one entry for each language; empty when nothing is said.
    pub display: Vec<ClaimDisplay>,
    /// `mandatory`: whether the issuer must include it. `None` when nothing is said, which means it need not.
    pub mandatory: Option<bool>,
    /// `sd`. `None` when nothing is said, which means it may be either.
    pub sd: Option<SelectiveDisclosure>,
    /// `svg_id`: the name of the placeholder in SVG templates.
    pub svg_id: Option<String>,
}

/// A claim's label in one language (5.6.2), cleaned of control and bidirectional characters, and cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimDisplay {
    /// `locale`: a language tag (RFC 5646).
    pub locale: String,
    /// `label`.
    pub label: String,
    /// `description`.
    pub description: Option<String>,
}

/// Whether the issuer makes a claim selectively disclosable (5.6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectiveDisclosure {
    /// It must.
    Always,
    /// It may.
    Allowed,
    /// It must not.
    Never,
}

impl TypeMetadata {
    pub(super) fn parse(document: &[u8]) -> Result<Self, TypeMetadataError> {
        if document.len() > MAX_DOCUMENT_BYTES {
            return Err(TypeMetadataError::TooLarge);
        }
        let object = json::parse_object(document).map_err(|_| TypeMetadataError::Malformed)?;
        let object = Object(&object);
        // `name` and `description` are for developers; what they say is not read, but must be text.
        object.text("name")?;
        object.text("description")?;
        let extends = object.uri("extends")?.map(|vct| {
            Ok(Reference {
                vct,
                integrity: object.integrity("extends#integrity")?,
            })
        });
        let claims = object.list("claims")?.unwrap_or_default();
        let claims: Vec<_> = claims.into_iter().map(claim).collect::<Result<_, _>>()?;
        let repeated = |at: usize, entry: &ClaimMetadata| claims.iter().take(at).any(|other| other.path == entry.path);
        if claims.iter().enumerate().any(|(at, entry)| repeated(at, entry)) {
            return Err(TypeMetadataError::Malformed);
        }
        Ok(Self {
            vct: object.uri("vct")?.ok_or(TypeMetadataError::Malformed)?,
            extends: extends.transpose()?,
            display: match object.list("display")? {
                None => None,
                Some(entries) => Some(entries.into_iter().map(type_display).collect::<Result<_, _>>()?),
            },
            claims,
        })
    }
}

fn claim(entry: Object<'_>) -> Result<ClaimMetadata, TypeMetadataError> {
    let path = entry.0.get("path").ok_or(TypeMetadataError::Malformed)?;
    let svg_id = entry.text("svg_id")?;
    if svg_id.is_some_and(|id| !is_svg_id(id)) {
        return Err(TypeMetadataError::Malformed);
    }
    let display = entry.list("display")?.unwrap_or_default().into_iter();
    Ok(ClaimMetadata {
        path: serde_json::from_value(path.clone()).map_err(|_| TypeMetadataError::Malformed)?,
        display: display
            .map(|entry| {
                Ok(ClaimDisplay {
                    locale: entry.required("locale")?,
                    label: entry.required("label")?,
                    description: entry.shown("description")?,
                })
            })
            .collect::<Result<_, _>>()?,
        mandatory: match entry.0.get("mandatory") {
            None => None,
            Some(mandatory) => Some(mandatory.as_bool().ok_or(TypeMetadataError::Malformed)?),
        },
        sd: entry.one_of(
            "sd",
            &[
                ("always", SelectiveDisclosure::Always),
                ("allowed", SelectiveDisclosure::Allowed),
                ("never", SelectiveDisclosure::Never),
            ],
        )?,
        svg_id: svg_id.map(str::to_owned),
    })
}

/// Only letters, digits and underscores, no digit first (5.6).
pub(super) fn is_svg_id(id: &str) -> bool {
    id.len() <= MAX_URI_BYTES
        && id.bytes().next().is_some_and(|first| !first.is_ascii_digit())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn type_display(entry: Object<'_>) -> Result<TypeDisplay, TypeMetadataError> {
    Ok(TypeDisplay {
        locale: entry.required("locale")?,
        name: entry.required("name")?,
        description: entry.shown("description")?,
        rendering: entry
            .object("rendering")?
            .map(rendering)
            .transpose()?
            .unwrap_or_default(),
    })
}

fn rendering(methods: Object<'_>) -> Result<Rendering, TypeMetadataError> {
    let simple = |method: Object<'_>| {
        let logo = method.object("logo")?;
        let background = method.object("background_image")?;
        Ok(SimpleRendering {
            logo_alt_text: logo.as_ref().map(|logo| logo.shown("alt_text")).transpose()?.flatten(),
            logo: logo.map(|logo| logo.resource()).transpose()?,
            background_image: background.map(|image| image.resource()).transpose()?,
            background_color: method.text("background_color")?.and_then(color),
            text_color: method.text("text_color")?.and_then(color),
        })
    };
    let templates = methods.list("svg_templates")?;
    let only = templates.as_ref().is_some_and(|templates| templates.len() == 1);
    Ok(Rendering {
        simple: methods.object("simple")?.map(simple).transpose()?,
        svg_templates: templates
            .unwrap_or_default()
            .into_iter()
            .map(|template| svg_template(&template, only))
            .collect::<Result<_, _>>()?,
    })
}

fn svg_template(entry: &Object<'_>, only: bool) -> Result<SvgTemplate, TypeMetadataError> {
    let resource = entry.resource()?;
    let Some(properties) = entry.object("properties")? else {
        // One of several must say what it is for.
        let template = SvgTemplate {
            resource,
            orientation: None,
            color_scheme: None,
            contrast: None,
        };
        return if only {
            Ok(template)
        } else {
            Err(TypeMetadataError::Malformed)
        };
    };
    let template = SvgTemplate {
        resource,
        orientation: properties.one_of(
            "orientation",
            &[
                ("portrait", Orientation::Portrait),
                ("landscape", Orientation::Landscape),
            ],
        )?,
        color_scheme: properties.one_of(
            "color_scheme",
            &[("light", ColorScheme::Light), ("dark", ColorScheme::Dark)],
        )?,
        contrast: properties.one_of("contrast", &[("normal", Contrast::Normal), ("high", Contrast::High)])?,
    };
    if template.orientation.is_none() && template.color_scheme.is_none() && template.contrast.is_none() {
        return Err(TypeMetadataError::Malformed);
    }
    Ok(template)
}

/// `#rgb` or `#rrggbb`.
fn color(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#')?;
    let digits: Vec<u8> = digits
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    match digits[..] {
        [r, g, b] => Some([r * 17, g * 17, b * 17]),
        [r1, r0, g1, g0, b1, b0] => Some([r1 * 16 + r0, g1 * 16 + g0, b1 * 16 + b0]),
        _ => None,
    }
}

/// A JSON object that is asked for members of fixed types; members it is not asked for are ignored (5.2).
struct Object<'a>(&'a Map<String, Value>);

impl<'a> Object<'a> {
    fn text(&self, name: &str) -> Result<Option<&'a str>, TypeMetadataError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(TypeMetadataError::Malformed),
        }
    }

    /// A text for people.
    fn shown(&self, name: &str) -> Result<Option<String>, TypeMetadataError> {
        Ok(self.text(name)?.map(|text| plain(text, MAX_CHARACTERS)))
    }

    /// A text for people that must be there and say something.
    fn required(&self, name: &str) -> Result<String, TypeMetadataError> {
        self.shown(name)?
            .filter(|text| !text.is_empty())
            .ok_or(TypeMetadataError::Malformed)
    }

    fn uri(&self, name: &str) -> Result<Option<String>, TypeMetadataError> {
        match self.text(name)? {
            Some(text) if text.is_empty() || text.len() > MAX_URI_BYTES => Err(TypeMetadataError::Malformed),
            text => Ok(text.map(str::to_owned)),
        }
    }

    fn integrity(&self, name: &str) -> Result<Option<Integrity>, TypeMetadataError> {
        self.text(name)?.map(Integrity::parse).transpose()
    }

    fn resource(&self) -> Result<Resource, TypeMetadataError> {
        let uri = self.text("uri")?.ok_or(TypeMetadataError::Malformed)?;
        let https = uri.len() <= MAX_URI_BYTES
            && url::Url::parse(uri).is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some());
        if !https && !uri.starts_with("data:") {
            return Err(TypeMetadataError::Malformed);
        }
        Ok(Resource {
            uri: uri.to_owned(),
            integrity: self.integrity("uri#integrity")?,
        })
    }

    fn object(&self, name: &str) -> Result<Option<Self>, TypeMetadataError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Object(object)) => Ok(Some(Object(object))),
            Some(_) => Err(TypeMetadataError::Malformed),
        }
    }

    fn list(&self, name: &str) -> Result<Option<Vec<Self>>, TypeMetadataError> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::Array(entries)) if entries.len() > MAX_ENTRIES => Err(TypeMetadataError::TooLarge),
            Some(Value::Array(entries)) => entries
                .iter()
                .map(|entry| entry.as_object().map(Object).ok_or(TypeMetadataError::Malformed))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(TypeMetadataError::Malformed),
        }
    }

    fn one_of<T: Copy>(&self, name: &str, values: &[(&str, T)]) -> Result<Option<T>, TypeMetadataError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let found = values.iter().find(|(value, _)| *value == text);
        found
            .map(|(_, meaning)| Some(*meaning))
            .ok_or(TypeMetadataError::Malformed)
    }
}
