//! URLs that other parties name: bounded, http(s) only, kept exactly as written because session transcripts and identifier
//! comparisons need the very characters.

use std::fmt;

use url::Url;

/// The longest URL accepted from outside, in bytes.
const MAX_URL: usize = 4096;

/// Whether plain http is acceptable.
///
/// The specifications require https throughout. The practice profile, and the terminal when the link itself names such an
/// address, may speak http; the caller checks which addresses that reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportPolicy {
    /// https only.
    HttpsOnly,
    /// http as well; the network layer decides which hosts.
    HttpAllowed,
}

/// Why a URL is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointError {
    /// Not an absolute URL with a host, or too long.
    #[error("not a URL with a host")]
    NotAUrl,
    /// Neither https nor, where allowed, http.
    #[error("not https")]
    Scheme,
    /// It carries a user name or password.
    #[error("carries credentials")]
    Credentials,
    /// It has a fragment.
    #[error("has a fragment")]
    Fragment,
    /// It has a query where none may be (OpenID4VCI 1.0, 12.2.1).
    #[error("has a query")]
    Query,
}

/// An http(s) URL named by another party. `Debug` shows its origin only: paths and queries can carry one-time secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    text: String,
    url: Url,
}

impl Endpoint {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`EndpointError`] says which rule it breaks.
    pub fn parse(text: &str, policy: TransportPolicy) -> Result<Self, EndpointError> {
        if text.len() > MAX_URL || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(EndpointError::NotAUrl);
        }
        let url = Url::parse(text).map_err(|_| EndpointError::NotAUrl)?;
        match (url.scheme(), policy) {
            ("https", _) | ("http", TransportPolicy::HttpAllowed) => {}
            _ => return Err(EndpointError::Scheme),
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(EndpointError::NotAUrl);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::Credentials);
        }
        if url.fragment().is_some() {
            return Err(EndpointError::Fragment);
        }
        Ok(Self {
            text: text.to_owned(),
            url,
        })
    }

    /// The URL exactly as the other party wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The parsed URL, for sending.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The host name or address.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.url.origin().ascii_serialization())
    }
}

/// The identifier of a Credential Issuer or an authorization server: a URL without query and fragment (OpenID4VCI 1.0,
/// 12.2.1; RFC 8414, 2), compared code point by code point.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuerIdentifier(Endpoint);

impl IssuerIdentifier {
    /// Reads an identifier.
    ///
    /// # Errors
    /// [`EndpointError`] says which rule it breaks.
    pub fn parse(text: &str, policy: TransportPolicy) -> Result<Self, EndpointError> {
        let endpoint = Endpoint::parse(text, policy)?;
        if endpoint.url.query().is_some() {
            return Err(EndpointError::Query);
        }
        Ok(Self(endpoint))
    }

    /// The identifier as a URL, for the rules of the network layer.
    pub fn url(&self) -> &Url {
        self.0.url()
    }

    /// The identifier exactly as written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host, for people to read.
    pub fn host(&self) -> &str {
        self.0.host()
    }

    /// The well-known URL with `name` inserted between host and path (OpenID4VCI 1.0, 12.2.2; RFC 8414, 3.1).
    pub fn well_known_inserted(&self, name: &str) -> Url {
        let mut url = self.0.url.clone();
        let path = match url.path() {
            "/" => format!("/.well-known/{name}"),
            path => format!("/.well-known/{name}{}", path.trim_end_matches('/')),
        };
        url.set_path(&path);
        url
    }

    /// The same with the path exactly as it is, a slash at its end included. OpenID4VCI 1.0, 12.2.2, does not take the slash
    /// away as RFC 8414, 3.1, does.
    pub fn well_known_inserted_verbatim(&self, name: &str) -> Url {
        let mut url = self.0.url.clone();
        let bare_host = url.path() == "/" && !self.as_str().ends_with('/');
        let path = if bare_host { "" } else { url.path() };
        let path = format!("/.well-known/{name}{path}");
        url.set_path(&path);
        url
    }

    /// The older form with `name` appended after the path (OpenID Connect Discovery 1.0, 4).
    pub fn well_known_appended(&self, name: &str) -> Url {
        let mut url = self.0.url.clone();
        let path = format!("{}/.well-known/{name}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }
}

impl fmt::Debug for IssuerIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuerIdentifier({})", self.as_str())
    }
}
