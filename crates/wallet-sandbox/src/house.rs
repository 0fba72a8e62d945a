//! Everything the sandbox knows while it runs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use wallet_credentials::crypto::{AgreementKey, CryptoError, sha256};
use wallet_credentials::time::{CivilDate, Timestamp};
use wallet_credentials::trust::ListError;
use wallet_protocols::dcql::{DcqlError, DcqlQuery};

use crate::access::{Access, Fleeting};
use crate::catalogue::Issuer;
use crate::clock::Clock;
use crate::credential::Deferred;
use crate::gov_uk::GovUk;
use crate::lists::{Lists, Served};
use crate::offers::{Offer, OfferRefusal, Offers};
use crate::people::{People, today_in_london};
use crate::pki::{IssuerPki, Pki};
use crate::records::Records;
use crate::requests::Requests;
use crate::services::Service;
use crate::spec::{ListSpec, MadeOffer, MadeRequest, OfferSpec, RequestSpec, ResponseModeName, ServiceName};
use crate::ways;

/// What the key that opens encrypted requests is made from.
const REQUEST_KEY: &str = "Citizen Wallet practice key, public and worthless: credential requests";

/// The state of a running sandbox. Locks are held for moments and never across an await.
pub(crate) struct House {
    base: String,
    clock: Clock,
    people: People,
    pki: Pki,
    services: Vec<Service>,
    lists: Lists,
    served: Mutex<Served>,
    offers: Mutex<Offers>,
    requests: Mutex<Requests>,
    records: Mutex<Records>,
    access: Mutex<Access>,
    deferred: Mutex<Fleeting<Deferred>>,
    /// Opens encrypted requests. As worthless as every practice key.
    request_key: Option<AgreementKey>,
    pub(crate) gov_uk: GovUk,
}

/// What a house is made of before it has an address.
pub(crate) struct Furniture {
    pub(crate) people: People,
    pub(crate) pki: Pki,
    pub(crate) services: Vec<Service>,
    pub(crate) lists: Lists,
    pub(crate) served: Served,
    pub(crate) records: Records,
    pub(crate) gov_uk: GovUk,
}

impl House {
    pub(crate) fn new(base: String, furniture: Furniture) -> Self {
        let Furniture {
            people,
            pki,
            services,
            lists,
            served,
            records,
            gov_uk,
        } = furniture;
        Self {
            base,
            clock: Clock,
            people,
            pki,
            services,
            lists,
            served: Mutex::new(served),
            offers: Mutex::default(),
            requests: Mutex::default(),
            records: Mutex::new(records),
            access: Mutex::default(),
            deferred: Mutex::default(),
            request_key: AgreementKey::from_bytes(&sha256(REQUEST_KEY.as_bytes())).ok(),
            gov_uk,
        }
    }

    /// The base URL, without a slash at the end.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn today(&self) -> CivilDate {
        today_in_london(&self.clock)
    }

    pub(crate) const fn people(&self) -> &People {
        &self.people
    }

    pub(crate) const fn pki(&self) -> &Pki {
        &self.pki
    }

    pub(crate) const fn lists(&self) -> &Lists {
        &self.lists
    }

    pub(crate) fn services(&self) -> &[Service] {
        &self.services
    }

    pub(crate) fn service(&self, name: ServiceName) -> Option<&Service> {
        self.services.iter().find(|service| service.name == name)
    }

    pub(crate) fn service_by_path(&self, path: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.path == path)
    }

    /// The keys of an issuer.
    pub(crate) const fn issuer_pki(&self, issuer: Issuer) -> &IssuerPki {
        match issuer {
            Issuer::Dvla => &self.pki.dvla,
            Issuer::HomeOffice => &self.pki.home_office,
            Issuer::Age => &self.pki.age,
            Issuer::Nhs => &self.pki.nhs,
            Issuer::Defence => &self.pki.defence,
        }
    }

    /// The Credential Issuer Identifier of an issuer.
    pub(crate) fn issuer_url(&self, issuer: Issuer) -> String {
        format!("{}/issuers/{}", self.base, issuer.path())
    }

    /// The did:web under which an issuer signs JWT VCs; its document is at `did.json` of the issuer's URL.
    pub(crate) fn issuer_did(&self, issuer: Issuer) -> String {
        let authority = self.base.split_once("://").map_or(self.base.as_str(), |(_, rest)| rest);
        format!("did:web:{}:issuers:{}", authority.replace(':', "%3A"), issuer.path())
    }

    /// The address of the one status list.
    pub(crate) fn status_uri(&self) -> String {
        format!("{}/status/1", self.base)
    }

    pub(crate) fn offers(&self) -> MutexGuard<'_, Offers> {
        lock(&self.offers)
    }

    pub(crate) fn requests(&self) -> MutexGuard<'_, Requests> {
        lock(&self.requests)
    }

    pub(crate) fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    /// The signed lists as they are served.
    pub(crate) fn served_lists(&self) -> MutexGuard<'_, Served> {
        lock(&self.served)
    }

    /// Serves other lists from now on.
    pub(crate) fn serve_lists(&self, spec: &ListSpec) -> Result<(), ListError> {
        let mut served = self.served_lists();
        *served = served.next(&self.pki, &self.services, spec, self.now())?;
        Ok(())
    }

    pub(crate) fn access(&self) -> MutexGuard<'_, Access> {
        lock(&self.access)
    }

    pub(crate) fn deferred(&self) -> MutexGuard<'_, Fleeting<Deferred>> {
        lock(&self.deferred)
    }

    /// The key that opens encrypted requests.
    pub(crate) const fn request_key(&self) -> Option<&AgreementKey> {
        self.request_key.as_ref()
    }

    /// Makes an offer; a standing one can be fetched again and again by reference.
    pub(crate) fn make_offer(&self, spec: &OfferSpec, standing: bool) -> Result<MadeOffer, OfferRefusal> {
        let id = spec.person.as_deref().unwrap_or(spec.name.usual_person());
        let person = self.people.find(id).ok_or(OfferRefusal::Person)?;
        let documents = std::iter::once(&spec.name).chain(&spec.also);
        if documents.into_iter().any(|document| !document.is_for(person)) {
            return Err(OfferRefusal::NotForPerson);
        }
        let offer = self.offers().make(spec, id, standing, self.now())?;
        Ok(MadeOffer {
            id: offer.id.clone(),
            name: spec.name,
            uri: self.offer_link(&offer),
            tx_code: offer.tx_code,
        })
    }

    /// The link of an offer.
    pub(crate) fn offer_link(&self, offer: &Offer) -> String {
        crate::issuance::offer_link(self, offer)
    }

    /// Makes a request; a standing one is answered with a fresh one each time it is fetched.
    pub(crate) fn make_request(&self, spec: RequestSpec, standing: bool) -> Result<MadeRequest, RequestRefusal> {
        let service = self.service(spec.name).ok_or(RequestRefusal::Service)?;
        if let Some(query) = &spec.dcql_query {
            DcqlQuery::from_value(query.clone())?;
        }
        let name = spec.name;
        let encrypted = spec.response_mode.unwrap_or(service.response_mode) == ResponseModeName::DirectPostJwt;
        let mut requests = self.requests();
        let id = requests.make(spec, encrypted, standing, self.now())?;
        let uri = requests
            .find(&id)
            .map(|request| ways::request_link(self, service, request, self.now()))
            .unwrap_or_default();
        Ok(MadeRequest { id, name, uri })
    }
}

/// Why no request can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestRefusal {
    /// There is no such service.
    #[error("there is no such service")]
    Service,
    /// The query that was asked for is not valid.
    #[error(transparent)]
    Query(#[from] DcqlError),
    /// No key or name could be made.
    #[error(transparent)]
    Key(#[from] CryptoError),
}

/// A lock whose holder panicked still guards whole values: every change here is made in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
