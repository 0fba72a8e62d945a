//! A holder without a store and without consent: enough to speak both protocols with the sandbox.

use reqwest::Client;
use serde_json::Value;
use wallet_credentials::claim::{ClaimPath, PathElement};
use wallet_credentials::crypto::{PublicKey, Signer as _, SigningKey};
use wallet_credentials::jose::base64url;
use wallet_credentials::mdoc::IssuerSigned;
use wallet_credentials::sd_jwt_vc::{KeyBinding, SdJwtVc, TransactionDataHashes};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, ListContext, Role, TrustAnchor, TrustAnchors, TrustList};
use wallet_protocols::dcql::{CredentialQuery, RequestedType};
use wallet_protocols::endpoint::TransportPolicy;
use wallet_protocols::http::{FORM, HttpRequest, HttpResponse, Method};
use wallet_protocols::openid4vci::{
    AcceptedOffer, AuthorizationServerMetadata, CredentialError, CredentialResponse, IssuerMetadata, KeyProof, Nonce,
    NotificationEvent, OfferLink, ProofToSign, ResolvedOffer, TokenGranted, TransactionCode,
    authorization_server_metadata_requests, issuer_metadata_requests,
};
use wallet_protocols::openid4vp::{
    AuthorizationErrorCode, Delivery, PresentationRequest, Reply, ReplyError, RequestError, RequestLink, RequestStart,
    VpToken,
};

use crate::LIST_ISSUER;
use crate::clock::Clock;
use crate::pki::Pki;
use crate::random::{OsRandom, unguessable};

const HTTP: TransportPolicy = TransportPolicy::HttpAllowed;

/// One copy of a document with its key.
pub(super) struct Held {
    pub(super) credential: String,
    pub(super) key: SigningKey,
    type_id: String,
}

/// What came of one credential request.
pub(super) struct Received {
    pub(super) copies: Vec<Held>,
    pub(super) notified: Option<u16>,
}

/// The holder.
pub(super) struct Holder {
    http: Client,
}

impl Holder {
    pub(super) fn new() -> Self {
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self { http }
    }

    /// Executes one request; an error of the connection is an error.
    pub(super) async fn try_send(&self, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
        self.try_send_again(&request).await
    }

    /// The same for a request that may have to be sent once more.
    pub(super) async fn try_send_again(&self, request: &HttpRequest) -> Result<HttpResponse, reqwest::Error> {
        let mut builder = match request.method {
            Method::Post => self.http.post(request.url.clone()).body(request.body.to_vec()),
            _ => self.http.get(request.url.clone()),
        };
        for (name, value) in &request.headers {
            builder = builder.header(*name, value.as_str());
        }
        let response = builder.send().await?;
        let status = response.status().as_u16();
        let content_type = response
            .headers()
            .get("content-type")
            .map(|value| value.to_str().unwrap().to_owned());
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        Ok(HttpResponse {
            status,
            content_type,
            headers,
            body: response.bytes().await?.to_vec(),
        })
    }

    pub(super) async fn send(&self, request: HttpRequest) -> HttpResponse {
        self.try_send(request).await.unwrap()
    }

    pub(super) async fn get(&self, url: &str) -> HttpResponse {
        self.send(HttpRequest::get(url.parse().unwrap(), "*/*")).await
    }

    pub(super) async fn post_json(&self, url: &str, body: &Value) -> HttpResponse {
        self.send(HttpRequest::post(
            url.parse().unwrap(),
            "application/json",
            body.to_string().into_bytes(),
        ))
        .await
    }

    /// Reads an offer and its issuer's metadata.
    pub(super) async fn resolve(&self, link: &str) -> ResolvedOffer {
        let offer = match OfferLink::parse(link, HTTP).unwrap() {
            OfferLink::ByValue(offer) => offer,
            OfferLink::ByReference(reference) => {
                let response = self.send(reference.request()).await;
                reference.read(&response, HTTP).unwrap()
            }
        };
        let request = issuer_metadata_requests(&offer.credential_issuer).remove(0);
        let metadata = IssuerMetadata::read(&offer.credential_issuer, &self.send(request).await, HTTP).unwrap();
        assert!(metadata.unusable.is_empty(), "{:?}", metadata.unusable);
        ResolvedOffer::new(offer, metadata).unwrap()
    }

    pub(super) async fn accept(&self, link: &str, code: Option<&str>) -> AcceptedOffer {
        let resolved = self.resolve(link).await;
        let server = resolved.authorization_server().clone();
        let response = self
            .send(authorization_server_metadata_requests(&server).remove(0))
            .await;
        let server = AuthorizationServerMetadata::read(&server, &response, HTTP).unwrap();
        resolved
            .accept(&[], code.map(TransactionCode::new), server)
            .map_err(|(error, _)| error)
            .unwrap()
    }

    /// The token for an offer that is good.
    pub(super) async fn token(&self, link: &str, code: Option<&str>) -> TokenGranted {
        let accepted = self.accept(link, code).await;
        let response = self.send(accepted.token_request()).await;
        accepted.granted(&response).map_err(|refused| refused.error).unwrap()
    }

    pub(super) async fn nonce(&self, granted: &TokenGranted) -> Nonce {
        Nonce::read(&self.send(granted.nonce_request().unwrap()).await).unwrap()
    }

    /// Keys and their proofs, as many as the issuer takes.
    pub(super) async fn proofs(&self, granted: &TokenGranted, count: usize) -> (Vec<SigningKey>, Vec<KeyProof>) {
        let nonce = self.nonce(granted).await;
        let issuer = &granted.metadata().credential_issuer;
        let keys: Vec<SigningKey> = (0..count)
            .map(|_| SigningKey::from_random(&mut OsRandom).unwrap())
            .collect();
        let proofs = keys
            .iter()
            .map(|key| {
                let proof = ProofToSign::new(&key.public_key(), issuer, Some(&nonce), Clock.now(), None).unwrap();
                proof.sign(key).unwrap()
            })
            .collect();
        (keys, proofs)
    }

    /// Asks for the first document of an offer in `count` copies.
    pub(super) async fn request(
        &self,
        granted: &TokenGranted,
        count: usize,
    ) -> (Vec<SigningKey>, Result<CredentialResponse, CredentialError>) {
        let (keys, proofs) = self.proofs(granted, count).await;
        let request = granted
            .credential_request(&granted.targets()[0], &proofs, None, &mut OsRandom)
            .unwrap();
        let response = self.send(request).await;
        (keys, CredentialResponse::read(&response, None))
    }

    /// The whole way from link to verified copies, as many as the issuer gives.
    pub(super) async fn add(&self, link: &str, code: Option<&str>) -> Received {
        let granted = self.token(link, code).await;
        let count = usize::try_from(granted.metadata().batch_size()).unwrap().min(5);
        let (keys, response) = self.request(&granted, count).await;
        let CredentialResponse::Issued {
            credentials,
            notification_id,
        } = response.unwrap()
        else {
            panic!("not issued")
        };
        let configuration = granted.configuration(&granted.targets()[0]).unwrap();
        let type_id = configuration.format.credential_type().to_owned();
        let anchors = self.anchors(granted.metadata().credential_issuer.as_str()).await;
        let mut keys = keys;
        let copies = credentials
            .iter()
            .map(|credential| {
                let bound = verify(credential.as_str(), &anchors, &type_id);
                let place = keys
                    .iter()
                    .position(|key| key.public_key() == bound)
                    .expect("bound to a key of ours");
                Held {
                    credential: credential.as_str().to_owned(),
                    key: keys.remove(place),
                    type_id: type_id.clone(),
                }
            })
            .collect();
        let mut notified = None;
        if let Some(id) = notification_id {
            let request = granted.notification_request(&id, NotificationEvent::Accepted).unwrap();
            notified = Some(self.send(request).await.status);
        }
        Received { copies, notified }
    }

    /// The anchors of the sandbox's trust list, verified with the practice root alone.
    pub(super) async fn anchors(&self, issuer: &str) -> TrustAnchors {
        let base = issuer.split("/issuers/").next().unwrap();
        let root = self.get(&format!("{base}/certificates/root.pem")).await;
        let root = Certificate::from_pem(std::str::from_utf8(&root.body).unwrap()).unwrap();
        let signers = [TrustAnchor::authority(root, Role::ListSigner)].into_iter().collect();
        let list = self.get(&format!("{base}/trust-list")).await;
        let context = ListContext {
            anchors: &signers,
            iss: LIST_ISSUER,
            seen: None,
            max_age: None,
        };
        TrustList::verify(std::str::from_utf8(&list.body).unwrap(), context, Clock.now())
            .unwrap()
            .anchors(Clock.now())
    }

    /// Reads and verifies a request. It trusts the attester the sandbox has, and no service's authority.
    pub(super) async fn read_request(&self, link: &str) -> Result<PresentationRequest, RequestError> {
        let attester = Pki::make().unwrap().attester_authority.certificate().clone();
        let anchors = [TrustAnchor::authority(attester, Role::VerifierAttestation)]
            .into_iter()
            .collect();
        let unverified = match RequestLink::parse(link, HTTP)?.start(unguessable(16).unwrap()) {
            RequestStart::Fetch(request, awaiting) => awaiting.received(&self.send(request).await)?,
            RequestStart::Ready(unverified) => unverified,
        };
        let unverified = match unverified.to_fetch() {
            Some(request) => unverified.fetched(&self.send(request).await)?,
            None => unverified,
        };
        unverified.verify(&anchors, Clock.now())
    }

    /// Answers a request with these copies, one query each, in the order of `queries`.
    pub(super) async fn answer(
        &self,
        request: &PresentationRequest,
        with: &[(&str, &Held)],
    ) -> Result<Reply, ReplyError> {
        let response = self.send(answer(request, with)).await;
        Reply::read(&response, HTTP)
    }

    pub(super) async fn decline(&self, request: &PresentationRequest) -> Result<Reply, ReplyError> {
        let refusal = request
            .refuse(AuthorizationErrorCode::AccessDenied)
            .into_post()
            .unwrap();
        let response = self.send(refusal).await;
        Reply::read(&response, HTTP)
    }
}

/// The message that answers a request.
pub(super) fn answer(request: &PresentationRequest, with: &[(&str, &Held)]) -> HttpRequest {
    let mut token = VpToken::new();
    for (id, held) in with {
        let query = request.query().credential(id).unwrap();
        assert!(is_of_type(query, &held.type_id), "{id}");
        token.add(request.query(), id, present(request, query, held)).unwrap();
    }
    match request.respond(&token, &mut OsRandom).unwrap() {
        Delivery::Post(message) => message,
        // What the page at the address does with its fragment.
        Delivery::Open(url) => {
            let to = url.path().replace("/returns/", "/responses/");
            let body = url.fragment().unwrap().as_bytes().to_vec();
            HttpRequest::post(url.join(&to).unwrap(), FORM, body)
        }
    }
}

fn is_of_type(query: &CredentialQuery, type_id: &str) -> bool {
    match &query.requested {
        RequestedType::Mdoc(wanted) => wanted.as_deref() == Some(type_id),
        RequestedType::SdJwtVc(wanted) => wanted.iter().flatten().any(|wanted| wanted == type_id),
        _ => false,
    }
}

/// Verifies a copy and says which key it is bound to.
pub(super) fn verify(credential: &str, anchors: &TrustAnchors, type_id: &str) -> PublicKey {
    if credential.contains('~') {
        let parsed = SdJwtVc::parse(credential).unwrap();
        let certificate = Certificate::from_der(&parsed.issuer_key().x5c[0]).unwrap();
        let verified = parsed
            .verify(&certificate.verification_key().unwrap(), Clock.now())
            .unwrap();
        assert_eq!(verified.vct(), type_id);
        *verified.holder_key().unwrap()
    } else {
        let verified = IssuerSigned::parse_base64url(credential)
            .unwrap()
            .verify(anchors, Clock.now())
            .unwrap();
        assert_eq!(verified.doc_type(), type_id);
        *verified.mso().device_key()
    }
}

/// Presents what the query asks for: every claim of it, or of the first set the document can satisfy.
fn present(request: &PresentationRequest, query: &CredentialQuery, held: &Held) -> String {
    let positions: Vec<Vec<usize>> = if query.claim_sets.is_empty() {
        vec![(0..query.claims.len()).collect()]
    } else {
        query.claim_sets.clone()
    };
    let sets = positions
        .iter()
        .map(|set| set.iter().map(|at| query.claims[*at].path.clone()).collect::<Vec<_>>());
    let mut tried = sets.filter_map(|paths| present_paths(request, held, &paths));
    tried.next().expect("a set that the document satisfies")
}

/// Presents exactly these claims.
pub(super) fn present_paths(request: &PresentationRequest, held: &Held, paths: &[ClaimPath]) -> Option<String> {
    present_bound(request, held, paths, None)
}

/// Presents exactly these claims, bound to what was agreed to.
pub(super) fn present_bound(
    request: &PresentationRequest,
    held: &Held,
    paths: &[ClaimPath],
    transaction_data: Option<&TransactionDataHashes>,
) -> Option<String> {
    if held.credential.contains('~') {
        let document = SdJwtVc::parse(&held.credential).unwrap().dangerous_assume_verified();
        let binding = KeyBinding {
            audience: request.client_id().as_str(),
            nonce: request.nonce(),
            issued_at: Clock.now(),
            transaction_data,
        };
        Some(document.narrow(paths).ok()?.present(&binding, &held.key).unwrap())
    } else {
        let document = IssuerSigned::parse_base64url(&held.credential)
            .unwrap()
            .dangerous_assume_verified();
        let names: Vec<(&str, &str)> = paths
            .iter()
            .map(|path| match path.elements() {
                [PathElement::Name(space), PathElement::Name(element)] => (space.as_str(), element.as_str()),
                _ => panic!("not an mdoc path"),
            })
            .collect();
        let response = document
            .narrow(&names)
            .ok()?
            .sign(&request.session_transcript(), &held.key)
            .unwrap();
        Some(base64url::encode(&response))
    }
}

/// The instant of a text in a report.
pub(super) fn instant(report: &Value, name: &str) -> Timestamp {
    Timestamp::parse_rfc3339(report[name].as_str().unwrap()).unwrap()
}
