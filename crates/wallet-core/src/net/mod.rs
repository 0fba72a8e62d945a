//! The one door to the network: bounded in time and size, no redirect to another origin, addresses checked after name
//! resolution and the connection made to exactly the addresses that were checked (architecture, "Trust and the
//! network").

mod address;

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;
use wallet_protocols::http::{HttpRequest, HttpResponse, Method};

use address::is_link_local;
pub use address::is_local_address;

/// How long the wallet waits for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    /// For a connection.
    pub connect: Duration,
    /// For one exchange, from the connection to the last byte of the answer.
    pub exchange: Duration,
    /// For everything that is read or asked in one step of a journey, however many exchanges it takes: to read an offer, to
    /// find the token server, to get a token, to get one document.
    pub step: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(8),
            exchange: Duration::from_secs(20),
            step: Duration::from_secs(60),
        }
    }
}

/// An answer may be this large, in bytes.
pub const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// Redirects inside one origin that are followed.
const MAX_REDIRECTS: usize = 3;
/// A URL may be this long, in bytes.
const MAX_URL: usize = 16 * 1024;

/// Which addresses a request may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Addresses of the public internet over https, and nothing else.
    Public,
    /// Loopback and private addresses as well, there also over plain http: the link itself named such a place, in the
    /// practice profile or in the terminal.
    Local,
}

/// Why an exchange did not take place, and whether the request may have been read at the other end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetError {
    /// The address is not one a wallet opens: scheme, credentials in the URL, too long.
    #[error("the address is not one this wallet opens")]
    BadUrl,
    /// The address leads into a private network, or is plain http.
    #[error("the address leads to a place this link may not name")]
    NotAllowed,
    /// The name could not be resolved, or no connection was made: nothing was sent.
    #[error("no connection")]
    NotConnected,
    /// The connection broke or timed out after the request may have been sent.
    #[error("the connection broke")]
    Broken,
    /// The answer is larger than allowed.
    #[error("the answer is larger than {MAX_ANSWER} bytes")]
    TooLarge,
    /// The answer sends elsewhere.
    #[error("the answer redirects to another origin")]
    Redirected,
    /// The client could not be built (TLS roots).
    #[error("TLS is not available: {0}")]
    Tls(String),
}

impl NetError {
    /// The request may have reached the other end.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Broken | Self::TooLarge | Self::Redirected)
    }
}

/// Resolves names and keeps only the addresses that may be reached.
struct CheckedResolver {
    reach: Reach,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let forbidden = |address: &SocketAddr| match reach {
                Reach::Public => is_local_address(address.ip()),
                Reach::Local => is_link_local(address.ip()),
            };
            if found.iter().any(forbidden) {
                return Err(Box::new(NetError::NotAllowed) as Box<dyn std::error::Error + Send + Sync>);
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The HTTP client of the wallet. Cheap to clone.
#[derive(Clone)]
pub struct Net {
    roots: Arc<Vec<reqwest::Certificate>>,
    limits: TimeLimits,
    clients: Arc<tokio::sync::Mutex<Clients>>,
}

#[derive(Default)]
struct Clients {
    public: Option<reqwest::Client>,
    local: Option<reqwest::Client>,
    plain: Option<reqwest::Client>,
}

impl Net {
    /// A client that trusts the system's TLS roots and those in `extra` (PEM files).
    ///
    /// # Errors
    /// [`NetError::Tls`] when a file cannot be read as PEM certificates.
    pub fn new<P: AsRef<Path>>(extra: &[P], limits: TimeLimits) -> Result<Net, NetError> {
        let mut roots = Vec::new();
        for path in extra {
            let pem = std::fs::read(path).map_err(|e| NetError::Tls(e.kind().to_string()))?;
            let found = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|_| NetError::Tls("not a PEM certificate".into()))?;
            if found.is_empty() {
                return Err(NetError::Tls("no certificate in the file".into()));
            }
            roots.extend(found);
        }
        Ok(Net {
            roots: Arc::new(roots),
            limits,
            clients: Arc::default(),
        })
    }

    /// How long this client waits.
    #[must_use]
    pub fn limits(&self) -> TimeLimits {
        self.limits
    }

    /// Does this URL lead to a loopback or private address (by its literal host, or by what its name resolves to)?
    pub async fn leads_to_local(&self, url: &Url) -> bool {
        match url.host() {
            Some(url::Host::Ipv4(ip)) => is_local_address(ip.into()),
            Some(url::Host::Ipv6(ip)) => is_local_address(ip.into()),
            Some(url::Host::Domain(name)) => match tokio::net::lookup_host((name, 0)).await {
                Ok(mut found) => found.any(|a| is_local_address(a.ip())),
                Err(_) => false,
            },
            None => false,
        }
    }

    /// Sends one request and reads its whole answer, whatever its status.
    ///
    /// # Errors
    /// See [`NetError`]; an HTTP status of any kind is an answer, not an error, except a redirect that is not followed.
    pub async fn send(&self, request: &HttpRequest, reach: Reach) -> Result<HttpResponse, NetError> {
        check_url(&request.url, reach)?;
        let client = self.client(&request.url, reach).await?;
        let method = match request.method {
            Method::Post => reqwest::Method::POST,
            _ => reqwest::Method::GET,
        };
        let mut builder = client.request(method, request.url.clone());
        for (name, value) in &request.headers {
            builder = builder.header(*name, value.as_str());
        }
        if !request.body.is_empty() {
            builder = builder.body(request.body.to_vec());
        }
        let mut answer = builder.send().await.map_err(classify)?;
        let status = answer.status().as_u16();
        if (300..400).contains(&status) {
            return Err(NetError::Redirected);
        }
        if answer.content_length().is_some_and(|n| n > MAX_ANSWER as u64) {
            return Err(NetError::TooLarge);
        }
        let headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned())))
            .collect();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| NetError::Broken)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(NetError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let content_type = headers
            .iter()
            .find(|(name, _)| name == "content-type")
            .map(|(_, value)| value.clone());
        Ok(HttpResponse {
            status,
            content_type,
            headers,
            body,
        })
    }

    async fn client(&self, url: &Url, reach: Reach) -> Result<reqwest::Client, NetError> {
        let mut clients = self.clients.lock().await;
        // Plain http needs no TLS roots, so a machine without any can still reach its own loopback.
        let (slot, roots) = match (url.scheme(), reach) {
            ("http", _) => (&mut clients.plain, false),
            (_, Reach::Public) => (&mut clients.public, true),
            (_, Reach::Local) => (&mut clients.local, true),
        };
        if let Some(client) = slot {
            return Ok(client.clone());
        }
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("CitizenWallet/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.limits.connect)
            .timeout(self.limits.exchange)
            .no_proxy()
            .referer(false)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::custom(|attempt| {
                let same = attempt
                    .previous()
                    .last()
                    .is_some_and(|p| p.origin() == attempt.url().origin());
                if same && attempt.previous().len() <= MAX_REDIRECTS {
                    attempt.follow()
                } else {
                    attempt.stop()
                }
            }))
            .dns_resolver(CheckedResolver { reach });
        builder = if roots {
            builder.tls_certs_merge(self.roots.iter().cloned())
        } else {
            builder.tls_certs_only(Vec::new())
        };
        let client = builder
            .build()
            .map_err(|_| NetError::Tls("no TLS roots on this machine".into()))?;
        *slot = Some(client.clone());
        Ok(client)
    }
}

/// Refuses what no client of this wallet opens, before anything is resolved.
fn check_url(url: &Url, reach: Reach) -> Result<(), NetError> {
    if url.as_str().len() > MAX_URL || !url.username().is_empty() || url.password().is_some() {
        return Err(NetError::BadUrl);
    }
    let address: Option<IpAddr> = match url.host() {
        Some(url::Host::Ipv4(ip)) => Some(ip.into()),
        Some(url::Host::Ipv6(ip)) => Some(ip.into()),
        Some(url::Host::Domain(_)) => None,
        None => return Err(NetError::BadUrl),
    };
    let local = match address {
        Some(ip) => is_local_address(ip),
        None => is_local_name(url.host_str().unwrap_or_default()),
    };
    match (url.scheme(), reach) {
        // Nothing that issues or asks lives there; what machines tell about themselves does.
        _ if address.is_some_and(is_link_local) => Err(NetError::NotAllowed),
        ("https", Reach::Local) => Ok(()),
        ("https", Reach::Public) if !local => Ok(()),
        // Plain http never leaves this machine or its private network.
        ("http", Reach::Local) if local => Ok(()),
        ("https" | "http", _) => Err(NetError::NotAllowed),
        _ => Err(NetError::BadUrl),
    }
}

/// RFC 6761: `localhost` and its subdomains are loopback.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Which of our errors a client's error is. Its text is dropped: it holds the URL.
fn classify(error: reqwest::Error) -> NetError {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(e) = source {
        if e.downcast_ref::<NetError>()
            .is_some_and(|n| matches!(n, NetError::NotAllowed))
        {
            return NetError::NotAllowed;
        }
        source = e.source();
    }
    if error.is_connect() || error.is_builder() {
        NetError::NotConnected
    } else {
        NetError::Broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, reach: Reach) -> Result<(), NetError> {
        check_url(&Url::parse(text).map_err(|_| NetError::BadUrl)?, reach)
    }

    #[test]
    fn plain_http_only_reaches_local_addresses_and_only_when_allowed() {
        for text in [
            "http://localhost:8930/x",
            "http://127.0.0.1/x",
            "http://[::1]/x",
            "http://192.168.1.1/",
        ] {
            assert!(check(text, Reach::Local).is_ok(), "{text}");
            assert!(
                matches!(check(text, Reach::Public), Err(NetError::NotAllowed)),
                "{text}"
            );
        }
        assert!(matches!(
            check("http://example.com/", Reach::Local),
            Err(NetError::NotAllowed)
        ));
        assert!(matches!(
            check("http://example.com/", Reach::Public),
            Err(NetError::NotAllowed)
        ));
    }

    #[test]
    fn public_reach_refuses_internal_addresses_however_they_are_written() {
        for text in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest",
            "https://localhost./",
            "https://a.localhost/",
        ] {
            assert!(
                matches!(check(text, Reach::Public), Err(NetError::NotAllowed)),
                "{text}"
            );
        }
        assert!(check("https://issuer.example/", Reach::Public).is_ok());
    }

    #[test]
    fn no_link_leads_to_what_machines_tell_about_themselves() {
        for text in [
            "http://169.254.169.254/latest/meta-data",
            "https://169.254.1.1/",
            "http://[fe80::1]/",
            "http://[::ffff:169.254.169.254]/",
        ] {
            assert!(matches!(check(text, Reach::Local), Err(NetError::NotAllowed)), "{text}");
        }
    }

    #[test]
    fn credentials_and_other_schemes_are_refused() {
        for text in [
            "https://user:pw@issuer.example/",
            "file:///etc/passwd",
            "ftp://issuer.example/",
            "data:,x",
        ] {
            assert!(matches!(check(text, Reach::Local), Err(NetError::BadUrl)), "{text}");
        }
    }
}
