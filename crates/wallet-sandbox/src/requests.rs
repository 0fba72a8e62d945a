//! Requests and what the service learnt from each (OpenID4VP 1.0, verifier's side).

use std::collections::VecDeque;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use wallet_credentials::crypto::{AgreementKey, CryptoError};
use wallet_credentials::time::Timestamp;

use crate::random::{OsRandom, unguessable};
use crate::spec::{RequestFault, RequestSpec, ServiceName};

/// How many requests are remembered; the oldest go first.
const MOST_REQUESTS: usize = 1_000;
/// How long a request stands when nobody says otherwise.
const REQUEST_LIFE: Duration = Duration::from_secs(15 * 60);

/// One request.
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) spec: RequestSpec,
    pub(crate) nonce: String,
    /// To be echoed; some requests have none.
    pub(crate) state: Option<String>,
    pub(crate) expires_at: Timestamp,
    pub(crate) stage: Stage,
    /// Opens the answer; made for this request alone (HAIP 1.0, 5). None where answers travel unencrypted.
    pub(crate) response_key: Option<AgreementKey>,
    /// Makes a fresh request each time it is fetched, like a code printed on a poster; the newest one it made.
    pub(crate) standing: Option<Standing>,
}

/// A standing request.
#[derive(Default)]
pub(crate) struct Standing {
    pub(crate) newest: Option<String>,
}

impl Request {
    pub(crate) fn has_fault(&self, fault: RequestFault) -> bool {
        self.spec.fault == Some(fault)
    }
}

/// How far a request has come.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// Nobody has fetched it.
    Waiting,
    /// A wallet fetched it and has not answered.
    Fetched,
    /// A wallet answered with documents.
    Answered(Outcome),
    /// A wallet answered with an error (OpenID4VP 1.0, 8.5).
    Declined(String),
    /// An answer came that could not be read.
    Unreadable(String),
}

impl Stage {
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Fetched => "fetched",
            Self::Answered(_) => "answered",
            Self::Declined(_) => "declined",
            Self::Unreadable(_) => "unreadable",
        }
    }

    pub(crate) const fn is_over(&self) -> bool {
        matches!(self, Self::Answered(_) | Self::Declined(_) | Self::Unreadable(_))
    }
}

/// What a service learnt, and how each check came out.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Outcome {
    /// Every check of every document came out well, and the answer is what was asked for.
    pub(crate) valid: bool,
    pub(crate) checks: Vec<Check>,
    pub(crate) answers: Vec<Answer>,
}

/// One document of an answer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Answer {
    pub(crate) query: String,
    pub(crate) format: String,
    #[serde(rename = "type")]
    pub(crate) type_id: String,
    pub(crate) claims: Vec<Learnt>,
    pub(crate) checks: Vec<Check>,
}

/// One detail a service learnt. There is no value where a check failed that the value depends on.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Learnt {
    pub(crate) path: Vec<Value>,
    pub(crate) label: String,
    pub(crate) value: Value,
}

/// One check.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Check {
    /// A short stable name: `query`, `signature`, `holder`, `validity`, `status`, `transaction`.
    pub(crate) name: &'static str,
    pub(crate) ok: bool,
    /// One sentence.
    pub(crate) detail: String,
}

/// Every request.
#[derive(Default)]
pub(crate) struct Requests(VecDeque<Request>);

impl Requests {
    /// Makes a request and returns its id.
    pub(crate) fn make(
        &mut self,
        spec: RequestSpec,
        encrypted: bool,
        standing: bool,
        now: Timestamp,
    ) -> Result<String, CryptoError> {
        let life = spec
            .expires_in
            .map_or(REQUEST_LIFE, |seconds| Duration::from_secs(seconds.into()));
        let id = unguessable(12)?;
        let response_key = if encrypted {
            Some(AgreementKey::from_random(&mut OsRandom)?)
        } else {
            None
        };
        let state = if spec.state == Some(false) {
            None
        } else {
            // 64 characters, as long as any service makes it.
            Some(unguessable(48)?)
        };
        let request = Request {
            id: id.clone(),
            spec,
            nonce: unguessable(32)?,
            state,
            expires_at: now.plus(life),
            stage: Stage::Waiting,
            response_key,
            standing: standing.then(Standing::default),
        };
        if self.0.len() >= MOST_REQUESTS {
            let oldest = self.0.iter().position(|request| request.standing.is_none());
            self.0.remove(oldest.unwrap_or(0));
        }
        self.0.push_back(request);
        Ok(id)
    }

    /// The request with this id.
    pub(crate) fn find(&self, id: &str) -> Option<&Request> {
        self.0.iter().find(|request| request.id == id)
    }

    /// The request with this id, to change it.
    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Request> {
        self.0.iter_mut().find(|request| request.id == id)
    }

    /// What to report about an id: a request; for a standing one the newest it made; for a service's name the
    /// newest that was answered, else its newest.
    pub(crate) fn report(&self, id_or_name: &str) -> Option<&Request> {
        let by_name = |service: ServiceName| {
            let newest_first = || self.0.iter().rev().filter(|request| request.spec.name == service);
            newest_first()
                .find(|request| request.stage.is_over())
                .or_else(|| newest_first().next())
        };
        match self.find(id_or_name) {
            Some(Request {
                standing: Some(Standing { newest: Some(newest) }),
                ..
            }) => self.find(newest),
            Some(request) => Some(request),
            None => ServiceName::ALL
                .into_iter()
                .find(|service| service.as_str() == id_or_name)
                .and_then(by_name),
        }
    }

    /// The id of the request a wallet gets when it fetches this one: itself, or a fresh copy of a standing one.
    pub(crate) fn fetched(&mut self, id: &str, now: Timestamp) -> Result<Option<String>, CryptoError> {
        let Some(request) = self.find(id) else { return Ok(None) };
        if request.standing.is_none() {
            return Ok(Some(id.to_owned()));
        }
        let spec = RequestSpec {
            expires_in: None,
            ..request.spec.clone()
        };
        let encrypted = request.response_key.is_some();
        let fresh = self.make(spec, encrypted, false, now)?;
        if let Some(Request {
            standing: Some(standing),
            ..
        }) = self.find_mut(id)
        {
            standing.newest = Some(fresh.clone());
        }
        Ok(Some(fresh))
    }
}
