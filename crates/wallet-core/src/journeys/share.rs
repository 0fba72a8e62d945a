//! Share with a service: read and verify a request, narrow what would answer it, ask, and deliver what was agreed.
//!
//! ```text
//! link ─► request (verified, stored) ─► candidates ─► DisclosureProposal ─► ConsentPrompt
//!      ─► yes: history entry committed ─► signed ─► sent ─► what became of it: a second entry
//! ```

pub(crate) mod question;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wallet_protocols::http::HttpResponse;
use wallet_protocols::openid4vp::{
    AuthorizationErrorCode, Delivery, PresentationRequest, RefusedRequest, Reply, RequestError, RequestLink,
    RequestStart, UnverifiedRequest, VpToken,
};

use super::Context;
use super::failure::{Failure, Outcome};
use super::lists;
use super::trust::Trust;
use crate::clock::{after, lower, upper};
use crate::consent::record::Record;
use crate::consent::{Choices, ConsentPrompt, ConsentedDisclosure, ProposalDigest, Recipient};
use crate::keys::PinVerified;
use crate::keys::holder::SystemRandom;
use crate::net::Reach;
use crate::problem::{DataLeft, ProblemCode};
use crate::store::requests::StoredRequest;
use crate::store::{StoreError, link_digest, new_id};
use crate::view::ShareResultView;

/// How long a question stays open where the request does not say, in seconds.
const OPEN: u32 = 10 * 60;
/// No longer than this is spent on telling a service that its request breaks a rule.
const PATIENCE: Duration = Duration::from_secs(4);
/// And the longest it stays open, whatever the request says.
const LONGEST: u32 = 24 * 60 * 60;

/// What is kept of a request, to ask the question again without a second fetch. It is verified again each time.
#[derive(Serialize, Deserialize)]
struct Kept {
    link: String,
    wallet_nonce: String,
    fetched: Option<Fetched>,
    /// The DID document of a service that names itself by one.
    #[serde(default)]
    did_document: Option<Fetched>,
    local: bool,
    cross_device: bool,
}

#[derive(Serialize, Deserialize)]
struct Fetched {
    status: u16,
    content_type: Option<String>,
    body: String,
}

/// Reads a request and makes its question. Sends nothing to anybody but the fetch of the request itself.
pub(crate) async fn start(context: &Context<'_>, link: &str, cross_device: bool) -> Outcome<ConsentPrompt> {
    let now = context.now();
    let digest = link_digest(link);
    let (stored, answered) = context.store.write::<_, StoreError>(|transaction| {
        transaction.forget_expired_requests(now)?;
        let stored = transaction.request_by_link(&digest, now)?;
        // The same request may have come, and been answered, under another link.
        let answered = match &stored {
            Some(stored) => transaction.answered(&stored.fingerprint)?,
            None => transaction.answered_by_link(&digest)?,
        };
        Ok((stored, answered))
    })?;
    if let Some(answered) = answered {
        return Err(Failure::new(ProblemCode::AlreadyAnswered, "").recorded(answered.history));
    }
    if let Some(stored) = stored {
        return again(context, &stored);
    }
    let wallet_nonce = new_id()?;
    let parsed = RequestLink::parse(link, context.policy())?;
    let first = parsed.request_uri().map(|endpoint| endpoint.url().clone());
    let (unverified, fetched, reach) = match parsed.start(wallet_nonce.clone()) {
        RequestStart::Fetch(request, awaiting) => {
            let reach = match &first {
                Some(url) => context.reach(url).await,
                None => Reach::Public,
            };
            let response = context.send(&request, reach).await?;
            if let Some(url) = &first {
                lists::refresh(context, url, reach).await?;
            }
            let fetched = Fetched::of(&response)?;
            (awaiting.received(&response)?, Some(fetched), Some(reach))
        }
        RequestStart::Ready(unverified) => (unverified, None, None),
    };
    let trust = Trust::load(context.store, context.practice, lower(now))?;
    let (unverified, did_document) = match unverified.to_fetch() {
        Some(request) => {
            let reach = match reach {
                Some(reach) => reach,
                None => context.reach(&request.url).await,
            };
            let response = context.send(&request, reach).await?;
            (unverified.fetched(&response)?, Some(Fetched::of(&response)?))
        }
        None => (unverified, None),
    };
    let request = match unverified.verify_or_answer(trust.anchors(), lower(now)) {
        Ok(request) => request,
        Err(refused) => return Err(refuse(context, &trust, refused, reach).await),
    };
    let reach = match reach {
        Some(reach) => reach,
        // The link carried the whole request: the object it carries names the place.
        None => context.reach(request.response_uri().url()).await,
    };
    let kept = Kept {
        link: link.to_owned(),
        wallet_nonce,
        fetched,
        did_document,
        local: reach == Reach::Local,
        cross_device,
    };
    let stored = StoredRequest {
        id: new_id()?,
        link: digest,
        fingerprint: fingerprint(&request),
        content: serde_json::to_vec(&kept).map_err(|_| StoreError::Unreadable("request"))?,
        read_at: now,
        expires_at: ends(&request, now),
    };
    let answered = context.store.write::<_, StoreError>(|transaction| {
        let answered = transaction.answered(&stored.fingerprint)?;
        if answered.is_none() {
            transaction.keep_request(&stored)?;
        }
        Ok(answered)
    })?;
    if let Some(answered) = answered {
        return Err(Failure::new(ProblemCode::AlreadyAnswered, "").recorded(answered.history));
    }
    question::build(context, &trust, request, &stored, cross_device)
}

/// A request that breaks a rule: where it verified so far that this wallet knows who asks and where they listen, they are told
/// which (OpenID4VP 1.0, 8.5). Everybody else hears nothing, not even that there is a wallet.
async fn refuse(context: &Context<'_>, trust: &Trust, refused: RefusedRequest, reach: Option<Reach>) -> Failure {
    let failure = Failure::from(refused.error);
    let now = lower(context.now());
    let answer = refused.answer_to(|client_id, verifier| trust.knows_verifier(client_id, verifier, now));
    if let Some(answer) = answer {
        let reach = match reach {
            Some(reach) => reach,
            None => context.reach(&answer.url).await,
        };
        // Whether they hear it changes nothing for the person, who does not wait for it.
        let _ = tokio::time::timeout(PATIENCE, context.send(&answer, reach)).await;
    }
    failure
}

/// The question of a stored request, by its id.
pub(crate) fn by_id(context: &Context<'_>, id: &str) -> Outcome<ConsentPrompt> {
    let now = context.now();
    let stored = context
        .store
        .read::<_, StoreError>(|transaction| transaction.request(id, now))?
        .ok_or_else(|| Failure::new(ProblemCode::ConsentExpired, "no such question is open"))?;
    again(context, &stored)
}

/// Asks a stored request's question again: the request is verified anew, with today's trust.
fn again(context: &Context<'_>, stored: &StoredRequest) -> Outcome<ConsentPrompt> {
    let now = context.now();
    let kept = kept(stored)?;
    let trust = Trust::load(context.store, context.practice, lower(now))?;
    let request = unverified(context, &kept)?.verify(trust.anchors(), lower(now))?;
    question::build(context, &trust, request, stored, kept.cross_device)
}

fn kept(stored: &StoredRequest) -> Outcome<Kept> {
    serde_json::from_slice(&stored.content).map_err(|_| StoreError::Unreadable("request").into())
}

impl Fetched {
    fn of(response: &HttpResponse) -> Outcome<Self> {
        Ok(Self {
            status: response.status,
            content_type: response.content_type.clone(),
            body: String::from_utf8(response.body.clone()).map_err(|_| RequestError::Malformed)?,
        })
    }

    fn response(&self) -> HttpResponse {
        HttpResponse {
            status: self.status,
            content_type: self.content_type.clone(),
            headers: Vec::new(),
            body: self.body.clone().into_bytes(),
        }
    }
}

fn unverified(context: &Context<'_>, kept: &Kept) -> Outcome<UnverifiedRequest> {
    let unverified = match (
        RequestLink::parse(&kept.link, context.policy())?.start(kept.wallet_nonce.clone()),
        &kept.fetched,
    ) {
        (RequestStart::Fetch(_, awaiting), Some(fetched)) => awaiting.received(&fetched.response())?,
        (RequestStart::Ready(unverified), None) => unverified,
        _ => return Err(StoreError::Unreadable("request").into()),
    };
    Ok(match &kept.did_document {
        Some(document) => unverified.fetched(&document.response())?,
        None => unverified,
    })
}

/// What makes a request this one and no other: who asks, and the nonce.
fn fingerprint(request: &PresentationRequest) -> [u8; 32] {
    let client = request.client_id().as_str();
    let mut digest = Sha256::new();
    digest.update(u64::try_from(client.len()).unwrap_or(u64::MAX).to_be_bytes());
    digest.update(client.as_bytes());
    digest.update(request.nonce().as_bytes());
    digest.finalize().into()
}

fn ends(request: &PresentationRequest, now: jiff::Timestamp) -> jiff::Timestamp {
    let longest = after(now, LONGEST);
    match request.expires_at() {
        // A service's clock may be a little behind; the question stays open long enough to be read.
        Some(end) => upper(end).clamp(after(now, 60), longest),
        None => after(now, OPEN),
    }
}

/// Yes: writes the history, signs, sends, and writes what became of it.
pub(crate) async fn share(
    context: &Context<'_>,
    prompt: ConsentPrompt,
    seen: &ProposalDigest,
    choices: &Choices,
    pin: PinVerified,
) -> Outcome<ShareResultView> {
    let now = context.now();
    let service = prompt
        .request_view()
        .map(|view| view.service.party.name.clone())
        .unwrap_or_default();
    let request = prompt.id().as_str().to_owned();
    let reach = reach(context, &request)?;
    let consented: ConsentedDisclosure = context
        .store
        .write::<_, Failure>(|transaction| Ok(prompt.share(seen, choices, pin, transaction, now)?))?;
    let (history, party, shared) = (
        consented.history().to_owned(),
        consented.party().map(str::to_owned),
        consented.shared(),
    );
    let details = consented.details();
    let sent = deliver(context, consented, reach).await;
    let (left, problem) = match &sent {
        Ok(sent) => (sent.left, None),
        Err(failure) => (failure.left, Some(failure.code.as_str())),
    };
    let noted = context.store.write::<_, StoreError>(|transaction| {
        Record::append_outcome(transaction, &history, party.as_deref(), left, problem, context.now()).map(drop)
    });
    let Sent { reply, left } = sent.map_err(|failure| failure.recorded(history.clone()))?;
    // The first entry stands and says "unknown"; what is told here is what is known.
    noted.map_err(|error| Failure::from(error).left(left).recorded(history.clone()))?;
    Ok(ShareResultView {
        details,
        shared,
        declined: false,
        data_left: left,
        return_host: reply
            .redirect_uri
            .as_ref()
            .and_then(|url| Some(url.host_str()?.to_owned())),
        redirect_uri: reply.redirect_uri.map(String::from),
        history,
        service,
    })
}

/// What became of an answer that was given.
struct Sent {
    reply: Reply,
    left: DataLeft,
}

/// Signs what was agreed and sends it to whom it was agreed for.
async fn deliver(context: &Context<'_>, consented: ConsentedDisclosure, reach: Reach) -> Outcome<Sent> {
    let presentation = consented.sign(&context.keys.holder_keys(), context.store, context.now())?;
    let (recipient, entries) = presentation.into_online();
    let Recipient::Service(request) = recipient else {
        return Err(Failure::new(
            ProblemCode::SomethingWentWrong,
            "an answer without a service",
        ));
    };
    let build = |error: &dyn std::error::Error| Failure::new(ProblemCode::SomethingWentWrong, error);
    let mut token = VpToken::new();
    for (query, presentations) in entries {
        for presentation in presentations {
            token
                .add(request.query(), &query, presentation)
                .map_err(|error| build(&error))?;
        }
    }
    let delivery = request
        .respond(&token, &mut SystemRandom)
        .map_err(|error| build(&error))?;
    let message = match delivery {
        Delivery::Post(message) => message,
        // The browser of this device carries the answer: opening the address is what delivers it.
        Delivery::Open(url) => {
            return Ok(Sent {
                reply: Reply {
                    redirect_uri: Some(url),
                },
                // Whether the page is opened, and who reads it there, nobody here can tell.
                left: DataLeft::Unknown,
            });
        }
    };
    let response = context.send(&message, reach).await.map_err(|error| {
        let left = if error.may_have_arrived() {
            DataLeft::Unknown
        } else {
            DataLeft::No
        };
        Failure::new(ProblemCode::SendingFailed, error).left(left)
    })?;
    // An error answer comes from somebody who had the message in hands: what they kept of it, nobody here can tell.
    let reply = Reply::read(&response, context.policy())
        .map_err(|error| Failure::new(ProblemCode::SendingFailed, error).left(DataLeft::Unknown))?;
    Ok(Sent {
        reply,
        left: DataLeft::Yes,
    })
}

/// No: written into the history, and the service is told `access_denied` and nothing else.
pub(crate) async fn decline(context: &Context<'_>, prompt: ConsentPrompt) -> Outcome<ShareResultView> {
    let now = context.now();
    let service = prompt
        .request_view()
        .map(|view| view.service.party.name.clone())
        .unwrap_or_default();
    let reach = reach(context, prompt.id().as_str())?;
    let (history, recipient) = context
        .store
        .write::<_, StoreError>(|transaction| prompt.decline(transaction, now))?;
    let mut redirect = None;
    if let Recipient::Service(request) = recipient {
        match request.refuse(AuthorizationErrorCode::AccessDenied) {
            Delivery::Open(url) => redirect = Some(url),
            // That it did not hear changes nothing for the person: nothing was shared.
            Delivery::Post(message) => {
                if let Ok(response) = context.send(&message, reach).await {
                    redirect = Reply::read(&response, context.policy())
                        .ok()
                        .and_then(|reply| reply.redirect_uri);
                }
            }
        }
    }
    Ok(ShareResultView {
        shared: Vec::new(),
        declined: true,
        data_left: DataLeft::No,
        return_host: redirect.as_ref().and_then(|url| Some(url.host_str()?.to_owned())),
        redirect_uri: redirect.map(String::from),
        history,
        service,
        details: 0,
    })
}

/// Where the answer to a stored request may go.
fn reach(context: &Context<'_>, request: &str) -> Outcome<Reach> {
    let now = context.now();
    let stored = context
        .store
        .read::<_, StoreError>(|transaction| transaction.request(request, now))?
        .ok_or_else(|| Failure::new(ProblemCode::ConsentExpired, "no such question is open"))?;
    Ok(if kept(&stored)?.local && context.local_links {
        Reach::Local
    } else {
        Reach::Public
    })
}
