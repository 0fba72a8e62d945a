//! Plain HTTP messages: what a protocol step wants sent, and what came back. The caller executes them.

use std::fmt;

use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

/// The two methods these protocols use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// GET, without a body.
    Get,
    /// POST.
    Post,
}

/// A request to execute. Headers and body may hold codes, tokens and presentations: there is no `Clone`, and `Debug` shows
/// the method and the origin only.
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Where to send it; http or https as the [`crate::endpoint::TransportPolicy`] allowed.
    pub url: Url,
    /// Header names in lower case, with their values.
    pub headers: Vec<(&'static str, Zeroizing<String>)>,
    /// The body; empty for GET.
    pub body: Zeroizing<Vec<u8>>,
}

impl HttpRequest {
    /// A GET request that asks for `accept` (a media type).
    pub fn get(url: Url, accept: &str) -> Self {
        Self {
            method: Method::Get,
            url,
            headers: vec![("accept", Zeroizing::new(accept.to_owned()))],
            body: Zeroizing::default(),
        }
    }

    /// A POST request with a body of this media type.
    pub fn post(url: Url, content_type: &str, body: Vec<u8>) -> Self {
        Self {
            method: Method::Post,
            url,
            headers: vec![("content-type", Zeroizing::new(content_type.to_owned()))],
            body: Zeroizing::new(body),
        }
    }

    /// A POST request with a form body (`application/x-www-form-urlencoded`).
    pub fn post_form(url: Url, parameters: &[(&str, &str)]) -> Self {
        let body = encode_form(parameters);
        Self::post(url, FORM, body.into_bytes())
    }

    /// Adds one header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, Zeroizing::new(value.into())));
        self
    }

    /// The value of a header, when present. `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Sets one header, in place of what it was.
    pub fn set_header(&mut self, name: &'static str, value: impl Into<String>) {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, Zeroizing::new(value.into())));
    }

    /// Sets one parameter of a form body, in place of what it was.
    pub(crate) fn set_form_parameter(&mut self, name: &str, value: &str) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (known, kept) in form_urlencoded::parse(&self.body).filter(|(known, _)| known != name) {
            form.append_pair(&known, &kept);
        }
        form.append_pair(name, value);
        self.body = Zeroizing::new(form.finish().into_bytes());
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("origin", &self.url.origin().ascii_serialization())
            .finish_non_exhaustive()
    }
}

/// A response as received, after the caller bounded its size and refused redirects.
///
/// Its body may hold tokens and credentials: `Debug` shows status and media type only.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// The `Content-Type` header, as received.
    pub content_type: Option<String>,
    /// Other headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// A response with this status, media type and body.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            content_type: Some(content_type.to_owned()),
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// A JSON response (`application/json`).
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::new(status, JSON, body.to_string())
    }

    /// With one more header; `name` in lower case.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Every value of a header, in the order they came; `name` in lower case.
    pub fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The value of a header that came exactly once; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let (_, value) = values.next()?;
        values.next().is_none().then_some(value.as_str())
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The media type without parameters, in lower case; empty when there is none.
    pub fn media_type(&self) -> String {
        let text = self.content_type.as_deref().unwrap_or_default();
        text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse")
            .field("status", &self.status)
            .field("media_type", &self.media_type())
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The media type of forms.
pub const FORM: &str = "application/x-www-form-urlencoded";
/// The media type of JSON.
pub const JSON: &str = "application/json";
/// The media type of encrypted requests and responses (OpenID4VCI 1.0, 10).
pub const JWT: &str = "application/jwt";

/// Encodes parameters as a form body or query.
pub fn encode_form(parameters: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        form.append_pair(name, value);
    }
    form.finish()
}

/// A form could not be read: too many parameters, or one of them twice (RFC 6749, 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a form or query has too many parameters, or a repeated one")]
pub struct FormError;

/// Decodes a form body or query; a repeated parameter is an error (RFC 6749, 3.1).
///
/// # Errors
/// [`FormError`] for more than 64 parameters or a repeated name.
pub fn decode_form(body: &[u8]) -> Result<Vec<(String, String)>, FormError> {
    let mut parameters: Vec<(String, String)> = Vec::new();
    for (name, value) in form_urlencoded::parse(body) {
        if parameters.len() == 64 || parameters.iter().any(|(known, _)| *known == name) {
            return Err(FormError);
        }
        parameters.push((name.into_owned(), value.into_owned()));
    }
    Ok(parameters)
}
