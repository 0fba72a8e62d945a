//! Starting and stopping.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use wallet_credentials::trust::ListError;

use crate::clock::Clock;
use crate::gov_uk::{GovUk, GovUkConfig};
use crate::house::{Furniture, House, RequestRefusal};
use crate::lists::{Lists, Served};
use crate::offers::OfferRefusal;
use crate::people::{People, PeopleError};
use crate::pki::{Pki, PkiError};
use crate::records::{Records, RecordsError};
use crate::server::router;
use crate::services::Service;
use crate::spec::{By, DocumentType, ListSpec, MadeOffer, MadeRequest, OfferSpec, RequestSpec, ServiceName};

/// The port of a sandbox that is not told otherwise.
pub const DEFAULT_PORT: u16 = 8930;
/// How many free ports are tried before giving up.
const FREE_PORT_ATTEMPTS: u32 = 8;
/// How long the offers and requests of the first line stand: as long as a day's work.
const FIRST_LINE_SECONDS: u32 = 24 * 60 * 60;

/// How to run.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SandboxConfig {
    /// The port on loopback; 0 picks a free one.
    pub port: u16,
    /// Where issued documents and their status are kept; in memory when absent.
    pub data_dir: Option<PathBuf>,
    /// The port that links and identifiers name, where something stands between this sandbox and its visitors; its own
    /// when absent.
    pub seen_at: Option<u16>,
    /// Who plays One Login for the issuer that speaks GOV.UK's dialect.
    pub gov_uk: GovUkConfig,
}

impl SandboxConfig {
    /// On any free port, keeping nothing: what tests want.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// On this port; 0 picks a free one.
    #[must_use]
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Keeping issued documents and their status in this folder.
    #[must_use]
    pub fn data_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(folder.into());
        self
    }

    /// With another One Login than the sandbox's own.
    #[must_use]
    pub fn gov_uk(mut self, gov_uk: GovUkConfig) -> Self {
        self.gov_uk = gov_uk;
        self
    }

    /// Behind a proxy on this port of the same machine: links, identifiers and the `Host` of requests name it.
    #[must_use]
    pub const fn seen_at(mut self, port: u16) -> Self {
        self.seen_at = Some(port);
        self
    }
}

/// Why a sandbox does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The port is taken or may not be used.
    #[error("port {port} on localhost cannot be used: {cause}")]
    Port {
        /// The port.
        port: u16,
        /// What the system says.
        cause: io::Error,
    },
    /// The documents that were issued before cannot be read.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// A file that was built in is damaged.
    #[error("a built-in file is damaged: {0}")]
    BuiltIn(#[from] serde_json::Error),
    /// The people.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The practice PKI.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// The lists.
    #[error(transparent)]
    Lists(#[from] ListError),
    /// The first offers.
    #[error(transparent)]
    Offer(#[from] OfferRefusal),
    /// The first requests.
    #[error(transparent)]
    Request(#[from] RequestRefusal),
}

/// What a running sandbox says about itself: the line `wallet-sandbox --json` prints.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FirstLine {
    /// The base URL.
    pub url: String,
    /// Where the signed trust list is.
    pub trust_list: String,
    /// One offer of each document.
    pub offers: Vec<FirstOffer>,
    /// One request of each service; it can be fetched and answered again and again.
    pub requests: Vec<FirstRequest>,
}

/// An offer of the first line.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FirstOffer {
    /// The document.
    pub name: DocumentType,
    /// The link.
    pub uri: String,
    /// The code that goes with it.
    pub tx_code: Option<String>,
}

/// A request of the first line.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct FirstRequest {
    /// The service.
    pub name: ServiceName,
    /// The link.
    pub uri: String,
}

/// A running sandbox. It stops when it is dropped or told to.
pub struct Sandbox {
    house: Arc<House>,
    port: u16,
    stop: watch::Sender<bool>,
    servers: JoinSet<io::Result<()>>,
}

impl Sandbox {
    /// Starts on loopback, on the runtime this is called in, and returns when it takes requests.
    ///
    /// # Errors
    /// [`SandboxError`], before anything is served.
    pub async fn start(config: SandboxConfig) -> Result<Self, SandboxError> {
        let pki = Pki::make()?;
        let services = Service::built_in()?;
        let lists = Lists::make(&pki, &services)?;
        let records = Records::open(config.data_dir)?;
        let furniture = Furniture {
            people: People::built_in()?,
            served: Served::make(&pki, &services, Clock.now())?,
            lists,
            records,
            pki,
            services,
            gov_uk: GovUk::new(config.gov_uk).map_err(PkiError::from)?,
        };
        let listeners = listen(config.port).await.map_err(|cause| SandboxError::Port {
            port: config.port,
            cause,
        })?;
        let port = listeners
            .first()
            .and_then(|listener| listener.local_addr().ok())
            .map_or(config.port, |address| address.port());
        let seen_at = config.seen_at.unwrap_or(port);
        let house = Arc::new(House::new(format!("http://localhost:{seen_at}"), furniture));
        let (stop, stopped) = watch::channel(false);
        let mut servers = JoinSet::new();
        for listener in listeners {
            let router = router(Arc::clone(&house));
            let mut stopped = stopped.clone();
            servers.spawn(async move {
                let until = async move { _ = stopped.wait_for(|stop| *stop).await };
                axum::serve(listener, router).with_graceful_shutdown(until).await
            });
        }
        Ok(Self {
            house,
            port,
            stop,
            servers,
        })
    }

    /// The port it listens on.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The base URL, such as `http://localhost:8930`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.house.base()
    }

    /// Makes an offer, as `POST /control/offer` does.
    ///
    /// # Errors
    /// [`OfferRefusal`].
    pub fn offer(&self, spec: &OfferSpec) -> Result<MadeOffer, OfferRefusal> {
        self.house.make_offer(spec, false)
    }

    /// Makes a request, as `POST /control/request` does.
    ///
    /// # Errors
    /// [`RequestRefusal`].
    pub fn request(&self, spec: RequestSpec) -> Result<MadeRequest, RequestRefusal> {
        self.house.make_request(spec, false)
    }

    /// Serves other signed lists from now on, as `POST /control/lists` does.
    ///
    /// # Errors
    /// [`ListError`] when they could not be signed.
    pub fn serve_lists(&self, spec: &ListSpec) -> Result<(), ListError> {
        self.house.serve_lists(spec)
    }

    /// What became of a request, as `GET /control/request/ID` answers it; none when there is no such request.
    #[must_use]
    pub fn outcome(&self, id_or_name: &str) -> Option<serde_json::Value> {
        self.house
            .requests()
            .report(id_or_name)
            .map(crate::control::request_report)
    }

    /// Makes an offer of each document and a standing request of each service, which stand for a day.
    ///
    /// # Errors
    /// [`SandboxError::Offer`] and [`SandboxError::Request`].
    pub fn first_line(&self) -> Result<FirstLine, SandboxError> {
        let mut offers = Vec::new();
        for name in DocumentType::ALL {
            // One by reference, so that both kinds of link are at hand; that one can be fetched again and again.
            let by = if name == DocumentType::ProofOfAgeSdJwt {
                By::Reference
            } else {
                By::Value
            };
            let spec = OfferSpec {
                by,
                expires_in: Some(FIRST_LINE_SECONDS),
                ..OfferSpec::of(name)
            };
            let made = self.house.make_offer(&spec, by == By::Reference)?;
            offers.push(FirstOffer {
                name,
                uri: made.uri,
                tx_code: made.tx_code,
            });
        }
        let mut requests = Vec::new();
        for name in ServiceName::ALL {
            let spec = RequestSpec {
                expires_in: Some(FIRST_LINE_SECONDS),
                ..RequestSpec::of(name)
            };
            let made = self.house.make_request(spec, true)?;
            requests.push(FirstRequest { name, uri: made.uri });
        }
        Ok(FirstLine {
            url: self.url().to_owned(),
            trust_list: format!("{}/trust-list", self.url()),
            offers,
            requests,
        })
    }

    /// Stops taking requests, finishes those that are under way, and returns.
    pub async fn stop(mut self) {
        // Nobody listens any more when every server has ended by itself.
        _ = self.stop.send(true);
        while self.servers.join_next().await.is_some() {}
    }
}

/// Listens on 127.0.0.1 and, where the machine has it, on ::1, at the same port: `localhost` may mean either. A port that
/// somebody else has on one of the two is no port for us: visitors would meet them instead.
async fn listen(port: u16) -> io::Result<Vec<TcpListener>> {
    let mut attempts = if port == 0 { FREE_PORT_ATTEMPTS } else { 1 };
    loop {
        attempts -= 1;
        let first = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        let chosen = first.local_addr()?.port();
        match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, chosen))).await {
            Ok(second) => return Ok(vec![first, second]),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && attempts > 0 => {}
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
            // No IPv6 on this machine.
            Err(_) => return Ok(vec![first]),
        }
    }
}
