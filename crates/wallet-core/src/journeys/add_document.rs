//! Add a document: read an offer, fetch what it offers, check it, let the person check it, keep it.
//!
//! ```text
//! link ─► Adding (offer, metadata, issuer) ─► accepted ─► token ─► keys, proofs ─► credentials, verified
//!      ─► received (committed) ─► the person checks, PIN ─► document, copies, keys, history in one transaction
//! ```
//!
//! Keys are committed before the issuer hears of them, and what arrived is committed before the person is asked. A kill
//! resumes at "received", from the list of what waits or from the same link; before that, the code of the offer may be
//! spent, and the keys are forgotten at the next start.

use serde::{Deserialize, Serialize};
use wallet_credentials::credential::Format;
use wallet_credentials::mdoc::{IssuerSigned, MdocError};
use wallet_credentials::sd_jwt_vc::{SdJwtError, SdJwtVc};
use wallet_credentials::trust::Profile;
use wallet_protocols::dcql::HeldCredential as _;
use wallet_protocols::http::{HttpRequest, HttpResponse};
use wallet_protocols::openid4vci::{
    AcceptedOffer, AuthorizationServerMetadata, CredentialConfiguration, CredentialOffer, CredentialResponse,
    CredentialTarget, InputMode, IssuedCredential, IssuerMetadata, KeyProof, Nonce, NonceRetry, NotificationEvent,
    OfferLink, ProofToSign, ResolvedOffer, ResponseEncryption, TokenGranted, TransactionCode,
    authorization_server_metadata_requests, issuer_metadata_requests, match_to_keys,
};

use super::failure::{Failure, Outcome};
use super::held::{Credential, Held};
use super::trust::{Known, Trust};
use super::{Context, IssuerWords, display_name, document_name, status};
use crate::clock::{after, lower, upper};
use crate::consent::record::{Record, RecordedDocument, RecordedParty};
use crate::keys::holder::{IssuanceGrant, NewHolderKey, SystemRandom};
use crate::keys::{KeysError, PinVerified, QuestionId};
use crate::labels::{clean, document_kind};
use crate::net::{NetError, Reach};
use crate::problem::ProblemCode;
use crate::store::documents::{DocumentFormat, StoredCopy, StoredDocument, StoredStatus};
use crate::store::history::EntryKind;
use crate::store::holder_keys::KeyId;
use crate::store::offers::StoredOffer;
use crate::store::parties::PartyRole;
use crate::store::received::Received;
use crate::store::{FromWord as _, StoreError, Transaction, link_digest, new_id};
use crate::view::{
    CodeView, OfferView, OfferedDocumentView, PartyView, ReceivedDocumentView, ReceivedView, RecognitionView,
};

/// Copies asked for where the issuer gives batches: enough that services rarely see one twice, few enough to fetch quickly.
const COPIES: u32 = 10;
/// How the wallet names itself where an issuer insists: the same for everybody.
const CLIENT_ID: &str = "citizen-wallet";
/// How long an offer that was read is kept, in seconds.
const OPEN: u32 = 60 * 60;

/// An offer that was read and checked, and what is needed to go on.
pub(crate) struct Adding {
    pub(crate) id: String,
    reach: Reach,
    resolved: ResolvedOffer,
    issuer: Issuer,
}

/// The yes to an offer: what allows proofs of possession (wall 2).
struct Accepted {
    journey: String,
}

impl IssuanceGrant for Accepted {
    fn journey(&self) -> &str {
        &self.journey
    }
}

/// The issuer as it names itself and as this wallet knows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Issuer {
    identifier: String,
    name: String,
    host: String,
    recognition: RecognitionView,
}

impl Issuer {
    fn view(&self) -> PartyView {
        PartyView {
            id: self.identifier.clone(),
            name: self.name.clone(),
            recognition: self.recognition,
            host: self.host.clone(),
        }
    }
}

/// What arrived, as kept until the person has checked it.
#[derive(Serialize, Deserialize)]
struct Kept {
    issuer: Issuer,
    documents: Vec<KeptDocument>,
}

#[derive(Serialize, Deserialize)]
struct KeptDocument {
    configuration_id: String,
    format: Format,
    type_id: String,
    words: IssuerWords,
    signed_by: String,
    status: String,
    status_checked_at: Option<i64>,
    copies: Vec<KeptCopy>,
}

#[derive(Serialize, Deserialize)]
struct KeptCopy {
    credential: String,
    key: String,
}

/// An offer as it was read, kept so that accepting it needs no second fetch: an offer by reference may be given out once.
#[derive(Serialize, Deserialize)]
struct KeptOffer {
    offer: String,
    metadata: String,
    local: bool,
    issuer: Issuer,
    /// The answer that redeemed its code, until what it grants has arrived: a code is good once, so a kill in between goes on
    /// with this.
    #[serde(default)]
    redeemed: Option<Redeemed>,
}

/// A token response, and whether the wallet named itself for it. Holds an access token: it stands in the encrypted store and
/// nowhere else.
#[derive(Serialize, Deserialize)]
struct Redeemed {
    body: String,
    named: bool,
}

/// Reads an offer and everything needed to show it. Adds nothing.
pub(crate) async fn start(context: &Context<'_>, link: &str) -> Outcome<Adding> {
    let now = context.now();
    let digest = link_digest(link);
    if let Some(stored) = context
        .store
        .read::<_, StoreError>(|transaction| transaction.offer_by_link(&digest, now))?
    {
        let kept = kept_offer(&stored)?;
        let reach = if kept.local && context.local_links {
            Reach::Local
        } else {
            Reach::Public
        };
        let offer = CredentialOffer::parse(kept.offer.as_bytes(), context.policy())?;
        let response = HttpResponse::new(200, "application/json", kept.metadata);
        let metadata = IssuerMetadata::read(&offer.credential_issuer, &response, context.policy())?;
        let resolved = ResolvedOffer::new(offer, metadata)?;
        return Ok(Adding {
            id: stored.id,
            reach,
            resolved,
            issuer: kept.issuer,
        });
    }
    let (offer, reach) = match OfferLink::parse(link, context.policy())? {
        OfferLink::ByValue(offer) => {
            let reach = context.reach(offer.credential_issuer.url()).await;
            (offer, reach)
        }
        OfferLink::ByReference(reference) => {
            let reach = context.reach(reference.endpoint().url()).await;
            let response = context.send(&reference.request(), reach).await?;
            (reference.read(&response, context.policy())?, reach)
        }
    };
    let (metadata, text) = issuer_metadata(context, &offer, reach).await?;
    let trust = Trust::load(context.store, context.practice, lower(now))?;
    let known = signed_metadata(context, &trust, &offer, reach).await;
    let host = clean(offer.credential_issuer.host(), 253);
    let issuer = Issuer {
        identifier: offer.credential_issuer.as_str().to_owned(),
        name: known
            .name
            .clone()
            .or_else(|| display_name(&metadata.display, context.language))
            .unwrap_or_else(|| host.clone()),
        host,
        recognition: known.recognition,
    };
    let kept = KeptOffer {
        offer: offer.to_json().to_string(),
        metadata: text,
        local: reach == Reach::Local,
        issuer: issuer.clone(),
        redeemed: None,
    };
    let resolved = ResolvedOffer::new(offer, metadata)?;
    if !resolved.is_pre_authorized() {
        return Err(Failure::new(
            ProblemCode::LinkNotUnderstood,
            "the offer needs a sign-in this wallet does not do yet",
        ));
    }
    let stored = StoredOffer {
        id: new_id()?,
        link: digest,
        content: serde_json::to_vec(&kept).map_err(|_| StoreError::Unreadable("offer"))?,
        read_at: now,
        expires_at: after(now, OPEN),
    };
    context
        .store
        .write::<_, StoreError>(|transaction| transaction.keep_offer(&stored))?;
    Ok(Adding {
        id: stored.id,
        reach,
        resolved,
        issuer,
    })
}

/// Fetches the issuer's metadata from the first well-known form that answers; with its text, to be kept.
async fn issuer_metadata(
    context: &Context<'_>,
    offer: &CredentialOffer,
    reach: Reach,
) -> Outcome<(IssuerMetadata, String)> {
    let mut failure = None;
    for request in issuer_metadata_requests(&offer.credential_issuer) {
        let read = match context.send(&request, reach).await {
            Ok(response) => IssuerMetadata::read(&offer.credential_issuer, &response, context.policy())
                .map(|metadata| (metadata, String::from_utf8_lossy(&response.body).into_owned()))
                .map_err(Failure::from),
            Err(error) => Err(error.into()),
        };
        match read {
            Ok(found) => return Ok(found),
            Err(error) => _ = failure.get_or_insert(error),
        }
    }
    Err(failure.unwrap_or_else(|| Failure::new(ProblemCode::ServiceUnreachable, "no metadata")))
}

/// Who signed the issuer's metadata, where it offers a signed form (OpenID4VCI 1.0, 12.2.3) that verifies. Before a document
/// is there, this is the only thing that can tell who is offering.
async fn signed_metadata(context: &Context<'_>, trust: &Trust, offer: &CredentialOffer, reach: Reach) -> Known {
    let stranger = Known {
        name: None,
        recognition: RecognitionView::NotListed,
    };
    let Some(request) = issuer_metadata_requests(&offer.credential_issuer).into_iter().next() else {
        return stranger;
    };
    let request = HttpRequest::get(request.url, "application/jwt");
    let Ok(response) = context.send(&request, reach).await else {
        return stranger;
    };
    if response.status != 200 || response.media_type() != "application/jwt" {
        return stranger;
    }
    let Ok(text) = std::str::from_utf8(&response.body) else {
        return stranger;
    };
    trust
        .metadata_signer(
            text.trim(),
            offer.credential_issuer.as_str(),
            context.language,
            lower(context.now()),
        )
        .unwrap_or(stranger)
}

impl Adding {
    /// The offer as it is shown.
    pub(crate) fn view(&self, context: &Context<'_>) -> OfferView {
        let copies = self.resolved.metadata().batch_size().min(COPIES);
        let documents = self
            .resolved
            .offered()
            .map(|(id, configuration)| {
                let type_id = configuration.format.credential_type();
                let words = IssuerWords::of(configuration);
                let labels = words.labels(context.language);
                OfferedDocumentView {
                    configuration_id: id.to_owned(),
                    format: configuration.format.format().as_str().to_owned(),
                    type_id: clean(type_id, 200),
                    kind: document_kind(type_id),
                    name: document_name(type_id, &words, context.language),
                    claims: configuration
                        .claims
                        .iter()
                        .map(|claim| {
                            let path = super::held::path_view(&claim.path);
                            crate::labels::claim_label(type_id, &path, labels.get(&path).as_deref(), context.language)
                        })
                        .collect(),
                    copies: if configuration.proof_required { copies } else { 1 },
                    supported: true,
                }
            })
            .collect();
        let code = self.resolved.transaction_code().map(|code| CodeView {
            length: code.length,
            numeric: code.input_mode == InputMode::Numeric,
            description: code.description.as_deref().map(|text| clean(text, 300)),
        });
        OfferView {
            id: self.id.clone(),
            issuer: self.issuer.view(),
            documents,
            needs_code: code.is_some(),
            code,
            grant: "pre-authorized_code".to_owned(),
            insecure: self.resolved.metadata().credential_endpoint.url().scheme() == "http",
        }
    }

    /// Accepts the offer, fetches and verifies everything chosen, and commits it as received. Where the code was wrong the
    /// offer comes back, to be tried again.
    pub(crate) async fn accept(
        self,
        context: &Context<'_>,
        only: &[String],
        code: Option<TransactionCode>,
    ) -> Result<(ReceivedView, Option<Notification>), (Failure, Option<Box<Self>>)> {
        match self.arrived(context) {
            Ok(Some(view)) => return Ok((view, None)),
            Ok(None) => {}
            Err(failure) => return Err((failure, Some(Box::new(self)))),
        }
        let Self {
            id,
            reach,
            resolved,
            issuer,
        } = self;
        let back = |resolved: ResolvedOffer| {
            Some(Box::new(Self {
                id: id.clone(),
                reach,
                resolved,
                issuer: issuer.clone(),
            }))
        };
        let server = match authorization_server(context, &resolved, reach).await {
            Ok(server) => server,
            Err(failure) => return Err((failure, back(resolved))),
        };
        let accepted = match resolved.accept(only, code, server) {
            Ok(accepted) => accepted,
            Err((error, resolved)) => return Err((error.into(), back(*resolved))),
        };
        let (accepted, response) = match redeemed_before(context, &id) {
            Ok(Some(before)) => before.go_on(accepted),
            Ok(None) => match redeem(context, accepted, reach).await {
                Ok(redeemed) => redeemed,
                Err(error) => return Err((error.into(), None)),
            },
            Err(failure) => return Err((failure, None)),
        };
        let named = accepted.client_id().is_some();
        let granted = match accepted.granted(&response) {
            Ok(granted) => granted,
            Err(refused) => {
                let failure = Failure::from(&refused.error);
                let back = (failure.code == ProblemCode::WrongCode)
                    .then(|| back(*refused.offer))
                    .flatten();
                if back.is_none() {
                    forget(context, &id);
                }
                return Err((failure, back));
            }
        };
        if let Err(failure) = remember(context, &id, &response, named) {
            return Err((failure, None));
        }
        let grant = Accepted { journey: id };
        match fetch(context, &granted, &grant, reach, issuer).await {
            Ok(done) => Ok(done),
            Err(failure) => {
                // What this journey left is bound to nothing; that it stays is no reason to hide the first problem. Where only
                // the line failed, the same link goes on with the token; otherwise it is a new question to the issuer.
                if failure.code != ProblemCode::ServiceUnreachable {
                    forget(context, &grant.journey);
                }
                let _ = context.store.write::<_, StoreError>(|transaction| {
                    transaction.forget_received_in(&grant.journey)?;
                    transaction.forget_pending_keys(&grant.journey)
                });
                Err((failure, None))
            }
        }
    }
}

impl Adding {
    /// What arrived for this offer before, where this program was ended before the person had checked it: its code is spent,
    /// and the same link leads to what it brought.
    fn arrived(&self, context: &Context<'_>) -> Outcome<Option<ReceivedView>> {
        let received = context
            .store
            .read::<_, StoreError>(|transaction| transaction.received_in(&self.id))?;
        received
            .map(|received| view(context, &received.id, &kept(&received)?))
            .transpose()
    }
}

impl Redeemed {
    /// The offer and the answer as they were when the program ended.
    fn go_on(self, accepted: AcceptedOffer) -> (AcceptedOffer, HttpResponse) {
        let accepted = if self.named {
            accepted.as_client(CLIENT_ID)
        } else {
            accepted
        };
        (accepted, HttpResponse::new(200, "application/json", self.body))
    }
}

/// The answer that redeemed this offer's code before, where nothing came of it yet.
fn redeemed_before(context: &Context<'_>, id: &str) -> Outcome<Option<Redeemed>> {
    let now = context.now();
    let stored = context
        .store
        .read::<_, StoreError>(|transaction| transaction.offer(id, now))?;
    Ok(stored
        .map(|stored| kept_offer(&stored))
        .transpose()?
        .and_then(|kept| kept.redeemed))
}

/// Keeps the answer that redeemed an offer's code. Committed before anything is asked for with it.
fn remember(context: &Context<'_>, id: &str, response: &HttpResponse, named: bool) -> Outcome<()> {
    let now = context.now();
    let body = String::from_utf8_lossy(&response.body).into_owned();
    context.store.write(|transaction| {
        // An offer that ended meanwhile is not kept: what arrives still is.
        let Some(mut stored) = transaction.offer(id, now)? else {
            return Ok(());
        };
        let kept = KeptOffer {
            redeemed: Some(Redeemed { body, named }),
            ..kept_offer(&stored)?
        };
        stored.content = serde_json::to_vec(&kept).map_err(|_| StoreError::Unreadable("offer"))?;
        Ok(transaction.keep_offer(&stored)?)
    })
}

fn kept_offer(stored: &StoredOffer) -> Outcome<KeptOffer> {
    serde_json::from_slice(&stored.content).map_err(|_| StoreError::Unreadable("offer").into())
}

/// Forgets an offer that was read. That it stays until it expires would do no harm.
fn forget(context: &Context<'_>, id: &str) {
    let _ = context
        .store
        .write(|transaction| transaction.forget_offer(id, context.now()));
}

/// What the issuer is told once the person has decided (OpenID4VCI 1.0, 11).
pub(crate) struct Notification {
    accepted: Vec<HttpRequest>,
    deleted: Vec<HttpRequest>,
    reach: Reach,
}

impl Notification {
    /// Tells the issuer. That it did not hear is harmless.
    pub(crate) async fn send(self, context: &Context<'_>, kept: bool) {
        for request in if kept { self.accepted } else { self.deleted } {
            let _ = context.send(&request, self.reach).await;
        }
    }
}

/// Sends the token request; a second time, by name, where the server does not redeem codes anonymously.
async fn redeem(
    context: &Context<'_>,
    accepted: AcceptedOffer,
    reach: Reach,
) -> Result<(AcceptedOffer, HttpResponse), NetError> {
    let accepted = if accepted.refuses_anonymous() {
        accepted.as_client(CLIENT_ID)
    } else {
        accepted
    };
    let response = context.send(&accepted.token_request(), reach).await?;
    if !accepted.asks_for_client_id(&response) {
        return Ok((accepted, response));
    }
    let accepted = accepted.as_client(CLIENT_ID);
    let response = context.send(&accepted.token_request(), reach).await?;
    Ok((accepted, response))
}

async fn authorization_server(
    context: &Context<'_>,
    resolved: &ResolvedOffer,
    reach: Reach,
) -> Outcome<AuthorizationServerMetadata> {
    let server = resolved.authorization_server();
    let mut failure = None;
    for request in authorization_server_metadata_requests(server) {
        let read = match context.send(&request, reach).await {
            Ok(response) => {
                AuthorizationServerMetadata::read(server, &response, context.policy()).map_err(Failure::from)
            }
            Err(error) => Err(error.into()),
        };
        match read {
            Ok(metadata) => return Ok(metadata),
            Err(error) => _ = failure.get_or_insert(error),
        }
    }
    Err(failure.unwrap_or_else(|| Failure::new(ProblemCode::ServiceUnreachable, "no authorization server")))
}

async fn fetch(
    context: &Context<'_>,
    granted: &TokenGranted,
    grant: &Accepted,
    reach: Reach,
    issuer: Issuer,
) -> Outcome<(ReceivedView, Option<Notification>)> {
    let now = context.now();
    let trust = Trust::load(context.store, context.practice, lower(now))?;
    let id = new_id()?;
    let mut notification = Notification {
        accepted: Vec::new(),
        deleted: Vec::new(),
        reach,
    };
    let mut kept = Kept {
        issuer,
        documents: Vec::new(),
    };
    for target in granted.targets() {
        let configuration = granted
            .configuration(target)
            .ok_or_else(|| Failure::new(ProblemCode::DocumentNotAsPromised, "a configuration is gone"))?;
        let (credentials, keys, notification_id) =
            request(context, granted, grant, target, configuration, reach).await?;
        let told = |event| {
            notification_id
                .as_ref()
                .and_then(|id| granted.notification_request(id, event))
        };
        notification.accepted.extend(told(NotificationEvent::Accepted));
        notification.deleted.extend(told(NotificationEvent::Deleted));
        let checked = async {
            let (document, known) = verify(context, &trust, target, configuration, credentials, keys)?;
            kept.take(document, known);
            // Committed at once: the code of the offer is spent, and whatever ends this program now, the document is here.
            commit(context, &id, grant, &kept, now)?;
            match kept.documents.last_mut() {
                Some(document) => check_status(context, &trust, document, reach).await,
                None => Ok(()),
            }
        };
        if let Err(failure) = checked.await {
            if let Some(request) = told(NotificationEvent::Failure) {
                let _ = context.send(&request, reach).await;
            }
            return Err(failure);
        }
    }
    commit(context, &id, grant, &kept, now)?;
    let has_endpoint = !notification.accepted.is_empty();
    Ok((view(context, &id, &kept)?, has_endpoint.then_some(notification)))
}

impl Kept {
    /// Takes a verified document. Its signature says who the issuer is, more than its metadata could.
    fn take(&mut self, document: KeptDocument, known: Known) {
        if self.documents.is_empty() || self.issuer.recognition == known.recognition {
            self.issuer.recognition = known.recognition;
            self.issuer.name = known.name.unwrap_or_else(|| std::mem::take(&mut self.issuer.name));
        }
        self.documents.push(document);
    }
}

/// Writes down what has arrived so far.
fn commit(context: &Context<'_>, id: &str, grant: &Accepted, kept: &Kept, now: jiff::Timestamp) -> Outcome<()> {
    let content = serde_json::to_vec(kept).map_err(|_| StoreError::Unreadable("received document"))?;
    let received = Received {
        id: id.to_owned(),
        journey: grant.journey.clone(),
        content,
        received_at: now,
    };
    context.store.write::<_, StoreError>(|transaction| {
        transaction.forget_received_in(&grant.journey)?;
        transaction.keep_received(&received)
    })?;
    Ok(())
}

/// Asks the issuer's list whether the document is good: one that is withdrawn already is not kept. Where nobody answers, the
/// document says that it was not checked.
async fn check_status(context: &Context<'_>, trust: &Trust, document: &mut KeptDocument, reach: Reach) -> Outcome<()> {
    let Some((uri, index)) = document.first()?.status() else {
        return Ok(());
    };
    match status::fetch(context, trust, &uri, index, reach, context.now()).await {
        Ok(StoredStatus::Revoked | StoredStatus::Suspended) => Err(Failure::new(
            ProblemCode::DocumentWithdrawn,
            "the issuer has already withdrawn it",
        )),
        Ok(status) => {
            document.status = status.as_str().to_owned();
            document.status_checked_at = Some(context.now().as_second());
            Ok(())
        }
        Err(_) => Ok(()),
    }
}

type Fetched = (
    Vec<IssuedCredential>,
    Vec<NewHolderKey>,
    Option<wallet_protocols::openid4vci::NotificationId>,
);

/// Makes keys, proves them and asks for the credentials; one more try with a fresh nonce where the issuer wants one.
async fn request(
    context: &Context<'_>,
    granted: &TokenGranted,
    grant: &Accepted,
    target: &CredentialTarget,
    configuration: &CredentialConfiguration,
    reach: Reach,
) -> Outcome<Fetched> {
    let now = context.now();
    let copies = if configuration.proof_required {
        granted.metadata().batch_size().min(COPIES)
    } else {
        0
    };
    let holder_keys = context.keys.holder_keys();
    // Committed before the issuer hears of them.
    let keys: Vec<NewHolderKey> = context.store.write::<_, Failure>(|transaction| {
        (0..copies)
            .map(|_| {
                holder_keys
                    .make(transaction, &grant.journey, now)
                    .map_err(Failure::from)
            })
            .collect()
    })?;
    let mut retry = NonceRetry::default();
    loop {
        let nonce = match granted.nonce_request() {
            Some(request) => {
                let response = context.send(&request, reach).await?;
                let nonce =
                    Nonce::read(&response).map_err(|error| Failure::new(ProblemCode::ServiceUnreachable, error))?;
                Some(nonce)
            }
            None => None,
        };
        let proofs = prove(context, granted, grant, &keys, nonce.as_ref())?;
        let encryption = ResponseEncryption::for_issuer(granted.metadata(), &mut SystemRandom)?;
        let request = granted.credential_request(target, &proofs, encryption.as_ref(), &mut SystemRandom)?;
        let response = context.send(&request, reach).await?;
        match CredentialResponse::read(&response, encryption.as_ref()) {
            Ok(CredentialResponse::Issued {
                credentials,
                notification_id,
            }) => {
                return Ok((credentials, keys, notification_id));
            }
            Ok(CredentialResponse::Deferred { .. }) => {
                return Err(Failure::new(
                    ProblemCode::IssuerRefused,
                    "the issuer wants to send the document later, which this wallet does not do yet",
                ));
            }
            Err(error) if retry.allows(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn prove(
    context: &Context<'_>,
    granted: &TokenGranted,
    grant: &Accepted,
    keys: &[NewHolderKey],
    nonce: Option<&Nonce>,
) -> Outcome<Vec<KeyProof>> {
    let issuer = &granted.metadata().credential_issuer;
    let holder_keys = context.keys.holder_keys();
    keys.iter()
        .map(|key| {
            let proof = ProofToSign::new(
                &key.public_key(),
                issuer,
                nonce,
                lower(context.now()),
                granted.client_id(),
            )
            .map_err(|error| Failure::new(ProblemCode::SomethingWentWrong, error))?;
            Ok(holder_keys.prove_possession(key, grant, proof)?)
        })
        .collect()
}

/// Verifies every credential that arrived: signature, chain to an anchor, holder key, dates, type. All must be right.
fn verify(
    context: &Context<'_>,
    trust: &Trust,
    target: &CredentialTarget,
    configuration: &CredentialConfiguration,
    credentials: Vec<IssuedCredential>,
    keys: Vec<NewHolderKey>,
) -> Outcome<(KeptDocument, Known)> {
    let promised = |cause: &str| Failure::new(ProblemCode::DocumentNotAsPromised, cause);
    let type_id = configuration.format.credential_type();
    let now = lower(context.now());
    let mut verified = Vec::new();
    let mut known = None;
    for credential in credentials {
        let (held, issuer) = verify_one(trust, configuration, credential.as_str(), context, now)?;
        if held.credential_type() != type_id {
            return Err(promised("the document is of another type than was offered"));
        }
        let key = *held
            .holder_key()
            .ok_or_else(|| promised("the document is bound to no key"))?;
        known = Some(issuer);
        verified.push((key, (credential.as_str().to_owned(), held)));
    }
    let known = known.ok_or_else(|| promised("nothing arrived"))?;
    let keys = keys.into_iter().map(|key| (key.public_key(), key.id().clone()));
    let matched = match_to_keys(verified, keys).map_err(|error| promised(&error.to_string()))?;
    let first = matched
        .first()
        .map(|(_, (_, held))| held)
        .ok_or_else(|| promised("nothing arrived"))?;
    let signed_by = first
        .chain()
        .first()
        .map(|leaf| hex_sha256(leaf.sha256()))
        .unwrap_or_default();
    let status = match first.status() {
        Some(_) => StoredStatus::NotChecked,
        None => StoredStatus::None,
    };
    let copies = matched
        .into_iter()
        .map(|(key, (credential, _))| KeptCopy {
            credential,
            key: key.as_str().to_owned(),
        })
        .collect();
    let document = KeptDocument {
        configuration_id: target.configuration_id.clone(),
        format: configuration.format.format(),
        type_id: type_id.to_owned(),
        words: IssuerWords::of(configuration),
        signed_by,
        status: status.as_str().to_owned(),
        status_checked_at: None,
        copies,
    };
    Ok((document, known))
}

fn hex_sha256(digest: [u8; 32]) -> String {
    super::history::hex(&digest)
}

/// Verifies one credential and says who signed it.
fn verify_one(
    trust: &Trust,
    configuration: &CredentialConfiguration,
    text: &str,
    context: &Context<'_>,
    now: wallet_credentials::time::Timestamp,
) -> Outcome<(Held, Known)> {
    let type_id = Some(configuration.format.credential_type());
    match configuration.format.format() {
        Format::DcSdJwt => {
            let parsed = SdJwtVc::parse(text).map_err(sd_jwt_failure)?;
            let (key, known) = trust
                .issuer_key(&parsed.issuer_key(), type_id, context.language, now)
                .ok_or_else(unknown_signer)?;
            let credential = parsed.verify(&key, now).map_err(sd_jwt_failure)?;
            Ok((Held::new(Credential::SdJwtVc(Box::new(credential))), known))
        }
        Format::MsoMdoc => {
            let parsed = IssuerSigned::parse_base64url(text).map_err(mdoc_failure)?;
            let mdoc = parsed.verify(trust.anchors(), now).map_err(mdoc_failure)?;
            let known = trust.issuer(
                mdoc.chain(),
                Profile::DocumentSigner { lenient: true },
                type_id,
                context.language,
                now,
            );
            match known.recognition {
                RecognitionView::Recognised | RecognitionView::AddedByYou => {
                    Ok((Held::new(Credential::Mdoc(Box::new(mdoc))), known))
                }
                RecognitionView::NotListed | RecognitionView::Withdrawn => Err(unknown_signer()),
            }
        }
    }
}

fn unknown_signer() -> Failure {
    Failure::new(
        ProblemCode::IssuerNotRecognised,
        "the document is not signed by an issuer this wallet trusts",
    )
}

fn sd_jwt_failure(error: SdJwtError) -> Failure {
    let code = match error {
        SdJwtError::Expired | SdJwtError::NotYetValid => ProblemCode::DocumentOutOfDate,
        _ => ProblemCode::DocumentNotAsPromised,
    };
    Failure::new(code, error)
}

fn mdoc_failure(error: MdocError) -> Failure {
    let code = match error {
        MdocError::Expired | MdocError::NotYetValid => ProblemCode::DocumentOutOfDate,
        MdocError::DocumentSigner(_) => ProblemCode::IssuerNotRecognised,
        _ => ProblemCode::DocumentNotAsPromised,
    };
    Failure::new(code, error)
}

/// What arrived, for the person to check.
fn view(context: &Context<'_>, id: &str, kept: &Kept) -> Outcome<ReceivedView> {
    let held_types: Vec<String> = context
        .store
        .read::<_, StoreError>(|transaction| Ok(transaction.documents()?.into_iter().map(|d| d.type_id).collect()))?;
    let documents = kept
        .documents
        .iter()
        .map(|document| {
            let held = document.first()?;
            let (_, until) = held.validity();
            Ok(ReceivedDocumentView {
                kind: document_kind(&document.type_id),
                name: document_name(&document.type_id, &document.words, context.language),
                valid_until: until.map(|at| at.to_rfc3339()),
                copies: u32::try_from(document.copies.len()).unwrap_or(u32::MAX),
                claims: held.details(&document.words.labels(context.language), context.language),
                already_held: held_types.contains(&document.type_id),
            })
        })
        .collect::<Outcome<_>>()?;
    Ok(ReceivedView {
        id: id.to_owned(),
        issuer: kept.issuer.view(),
        documents,
    })
}

impl KeptDocument {
    fn bytes(&self, copy: &KeptCopy) -> Outcome<Vec<u8>> {
        Held::kept_form(self.format, &copy.credential)
            .map_err(|_| Failure::new(ProblemCode::StoreDamaged, "a received document"))
    }

    fn stored_format(&self) -> DocumentFormat {
        match self.format {
            Format::DcSdJwt => DocumentFormat::SdJwtVc,
            Format::MsoMdoc => DocumentFormat::Mdoc,
        }
    }

    fn first(&self) -> Outcome<Held> {
        let damaged = || Failure::new(ProblemCode::StoreDamaged, "a received document");
        let copy = self.copies.first().ok_or_else(damaged)?;
        Held::from_store(self.stored_format(), &self.bytes(copy)?).map_err(|_| damaged())
    }
}

fn kept(received: &Received) -> Outcome<Kept> {
    serde_json::from_slice(&received.content).map_err(|_| StoreError::Unreadable("received document").into())
}

/// Everything received and not yet checked: after a kill, the journey goes on here.
pub(crate) fn pending(context: &Context<'_>) -> Outcome<Vec<ReceivedView>> {
    let all = context
        .store
        .read::<_, StoreError>(|transaction| transaction.all_received())?;
    all.iter()
        .map(|received| view(context, &received.id, &kept(received)?))
        .collect()
}

/// The question whose PIN keeps what was received.
pub(crate) fn keeping(id: &str) -> QuestionId {
    QuestionId::new(format!("keep {id}"))
}

/// Keeps what was received: documents, copies, keys and the history entry in one transaction. Returns the new ids.
pub(crate) fn keep(context: &Context<'_>, id: &str, pin: PinVerified) -> Outcome<Vec<String>> {
    if *pin.question() != keeping(id) {
        return Err(KeysError::OtherQuestion.into());
    }
    let now = context.now();
    context.store.write(|transaction| {
        let received = transaction
            .received(id)?
            .ok_or(StoreError::NotFound("received document"))?;
        let kept = kept(&received)?;
        let party = transaction.meet_party(PartyRole::Issuer, &kept.issuer.identifier, &kept.issuer.name, None, now)?;
        let mut ids = Vec::new();
        let mut record = Record {
            party: Some(RecordedParty {
                name: kept.issuer.name.clone(),
                recognition: kept.issuer.recognition,
                host: kept.issuer.host.clone(),
            }),
            ..Record::default()
        };
        for document in &kept.documents {
            let id = add(transaction, context, document, &party, now)?;
            record.documents.push(RecordedDocument {
                id: id.clone(),
                name: document_name(&document.type_id, &document.words, context.language),
                kind: document_kind(&document.type_id),
            });
            ids.push(id);
        }
        record.append(transaction, EntryKind::Added, Some(&party), now)?;
        transaction.forget_received(id)?;
        transaction.forget_pending_keys(&received.journey)?;
        transaction.forget_offer(&received.journey, now)?;
        Ok(ids)
    })
}

fn add(
    transaction: &Transaction<'_>,
    context: &Context<'_>,
    document: &KeptDocument,
    party: &str,
    now: jiff::Timestamp,
) -> Outcome<String> {
    let id = new_id()?;
    let first = document.first()?;
    let (from, until) = first.validity();
    transaction.add_document(&StoredDocument {
        id: id.clone(),
        type_id: document.type_id.clone(),
        format: document.stored_format(),
        name: document_name(&document.type_id, &document.words, context.language),
        issuer: party.to_owned(),
        configuration_id: document.configuration_id.clone(),
        metadata: document.words.to_json(),
        signed_by: document.signed_by.clone(),
        valid_from: from.map(upper),
        valid_until: until.map(upper),
        status: StoredStatus::from_word(&document.status).unwrap_or(StoredStatus::NotChecked),
        status_checked_at: document.status_checked_at.map(crate::clock::seconds),
        added_at: now,
        practice: context.practice,
    })?;
    for copy in &document.copies {
        let credential = document.bytes(copy)?;
        let held = Held::from_store(document.stored_format(), &credential)
            .map_err(|_| Failure::new(ProblemCode::StoreDamaged, "a received document"))?;
        transaction.add_copy(&StoredCopy {
            id: new_id()?,
            document: id.clone(),
            status: held.status(),
            credential,
            holder_key: KeyId::stored(copy.key.clone()),
            spent_at: None,
        })?;
    }
    Ok(id)
}

/// Says no to what was received: nothing is kept, and the history says that an offer was declined.
pub(crate) fn discard(context: &Context<'_>, id: &str) -> Outcome<()> {
    let now = context.now();
    context.store.write(|transaction| {
        let received = transaction
            .received(id)?
            .ok_or(StoreError::NotFound("received document"))?;
        let kept = kept(&received)?;
        let party = transaction.meet_party(PartyRole::Issuer, &kept.issuer.identifier, &kept.issuer.name, None, now)?;
        let record = Record {
            party: Some(RecordedParty {
                name: kept.issuer.name,
                recognition: kept.issuer.recognition,
                host: kept.issuer.host,
            }),
            ..Record::default()
        };
        record.append(transaction, EntryKind::OfferDeclined, Some(&party), now)?;
        transaction.forget_received(id)?;
        transaction.forget_pending_keys(&received.journey)?;
        transaction.forget_offer(&received.journey, now)?;
        Ok(())
    })
}
