//! Sign in at the issuer, in the person's own browser (RFC 8252): the answer comes to an address of this machine that only
//! this journey listens at.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use wallet_protocols::http::{HttpRequest, HttpResponse};
use wallet_protocols::oauth::refuses_client;
use wallet_protocols::openid4vci::{
    AuthorizationRequest, AuthorizationResponseError, AuthorizationServerMetadata, AwaitingSignIn, Client, GrantType,
    PushError,
};

use super::Adding;
use super::conversation::Conversation;
use super::grant::Grant;
use super::token::{Granted, server};
use crate::journeys::Context;
use crate::journeys::failure::{Failure, Outcome};
use crate::keys::holder::SystemRandom;
use crate::problem::ProblemCode;
use crate::view::Language;
use crate::words::Words;

/// How long the person may take in the browser.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// How long the last page may take to reach the browser.
const FAREWELL: Duration = Duration::from_secs(5);

/// Opens an address in the person's browser; says whether that worked.
pub type BrowserOpener = Arc<dyn Fn(&str) -> bool + Send + Sync>;

/// The person's browser, and where its answers come to.
#[derive(Default)]
pub(crate) struct Browser {
    inside: Mutex<Inside>,
}

#[derive(Default, Clone)]
struct Inside {
    opener: Option<BrowserOpener>,
    port: Option<u16>,
}

impl Browser {
    /// From now on pages are opened like this, and answers come to this port; to a free one by default.
    pub(crate) fn set(&self, opener: BrowserOpener, port: Option<u16>) {
        *self.inside.lock().unwrap_or_else(PoisonError::into_inner) = Inside {
            opener: Some(opener),
            port,
        };
    }

    fn get(&self) -> Inside {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Signs in for the chosen documents.
pub(super) async fn sign_in(context: &Context<'_>, adding: Adding, only: &[String]) -> Granted {
    let server = match server(
        context,
        &adding.resolved,
        GrantType::AuthorizationCode,
        adding.about.reach,
    )
    .await
    {
        Ok(server) => server,
        Err(failure) => return Err((failure, Some(Box::new(adding)))),
    };
    let prepared = async {
        let browser = context.browser.get();
        let opener = browser
            .opener
            .ok_or_else(|| Failure::new(ProblemCode::IssuerRefused, "there is no browser to sign in with"))?;
        let desk = Desk::open(browser.port, context.language).await?;
        let conversation = Conversation::begin(context, &server, true, adding.about.reach).await?;
        Ok((opener, desk, conversation))
    };
    let (opener, mut desk, mut conversation) = match prepared.await {
        Ok(prepared) => prepared,
        Err(failure) => return Err((failure, Some(Box::new(adding)))),
    };
    let haip = server.is_haip();
    let dpop_key = conversation.dpop_key();
    let client = Client {
        client_id: conversation.client_id().unwrap_or(super::CLIENT_ID),
        redirect_uri: &desk.address,
        dpop_key: dpop_key.as_ref(),
        haip,
    };
    let Adding { about, resolved } = adding;
    let metadata = server.clone();
    let request = resolved.sign_in(only, server, &client, &mut SystemRandom);
    let signed_in = async {
        let request = request.map_err(|(error, _)| Failure::from(error))?;
        let waiting = match request.push() {
            Some(push) => {
                let pushing = push_request(context, &mut conversation, &metadata, request, push);
                let (request, response) = context.in_time(pushing).await?;
                request.pushed(&response)?
            }
            None => request.unpushed()?,
        };
        if !opener(waiting.url().as_str()) {
            return Err(Failure::new(ProblemCode::IssuerRefused, "the browser did not open"));
        }
        let signed_in = desk.answer(waiting).await?;
        let asked = conversation.ask_server(context, signed_in.token_request());
        let response = context.in_time(asked).await?;
        signed_in.granted(&response).map_err(|error| Failure::from(&error))
    };
    match signed_in.await {
        Ok(token) => Grant::new(token, conversation, about.metadata, about.issuer).map_err(|failure| (failure, None)),
        Err(failure) => Err((failure, None)),
    }
}

/// Pushes the request; a second time, with somebody who vouches for the wallet, where the server refuses it without.
async fn push_request(
    context: &Context<'_>,
    conversation: &mut Conversation,
    server: &AuthorizationServerMetadata,
    request: AuthorizationRequest,
    push: HttpRequest,
) -> Outcome<(AuthorizationRequest, HttpResponse)> {
    let response = conversation.ask_server(context, push).await?;
    if !refuses_client(&response) || !conversation.vouch(context, server).await? {
        return Ok((request, response));
    }
    let request = match conversation.client_id() {
        Some(client_id) => request.as_client(client_id),
        None => request,
    };
    match request.push() {
        Some(push) => Ok((request, conversation.ask_server(context, push).await?)),
        None => Ok((request, response)),
    }
}

/// Where the answer of one sign-in comes to. Closed when dropped.
struct Desk {
    address: String,
    answers: mpsc::Receiver<String>,
    close: Option<oneshot::Sender<()>>,
}

impl Desk {
    async fn open(port: Option<u16>, language: Language) -> Outcome<Self> {
        // The literal address: a name could lead elsewhere (RFC 8252, 8.3).
        let place = SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or(0)));
        let unavailable = |error: std::io::Error| {
            Failure::new(
                ProblemCode::SomethingWentWrong,
                format!("nothing can listen for the answer of the browser: {}", error.kind()),
            )
        };
        let listener = TcpListener::bind(place).await.map_err(unavailable)?;
        let address = format!("http://{}/callback", listener.local_addr().map_err(unavailable)?);
        let (tell, answers) = mpsc::channel(1);
        let (close, closed) = oneshot::channel::<()>();
        let ours = address.clone();
        let callback = move |uri: Uri| async move { called(&uri, &ours, &tell, language) };
        let pages = Router::new().route("/callback", get(callback));
        tokio::spawn(async move {
            let closing = async {
                // An error means that whoever waits is gone: it closes all the same.
                let _ = closed.await;
            };
            let served = axum::serve(listener, pages)
                .with_graceful_shutdown(closing)
                .into_future();
            // A browser that keeps its connection open does not keep the journey's end waiting.
            let _ = tokio::time::timeout(PATIENCE + FAREWELL, served).await;
        });
        Ok(Self {
            address,
            answers,
            close: Some(close),
        })
    }

    /// Waits for the browser to come back with the answer.
    async fn answer(&mut self, waiting: AwaitingSignIn) -> Outcome<wallet_protocols::openid4vci::SignedIn> {
        let answer = tokio::time::timeout(PATIENCE, self.answers.recv()).await;
        let url = answer
            .map_err(|_| Failure::new(ProblemCode::LinkExpired, "nobody came back from the browser"))?
            .ok_or_else(|| Failure::new(ProblemCode::SomethingWentWrong, "the desk is closed"))?;
        // Whatever is wrong with it ends the journey: nothing was fetched, and the link can be opened again.
        waiting.answered(&url).map_err(|(error, _)| error.into())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(close) = self.close.take() {
            // An error means that it is closed already.
            let _ = close.send(());
        }
    }
}

/// The browser called: the address is handed on as it was called, and the page says how to go on.
fn called(uri: &Uri, ours: &str, tell: &mpsc::Sender<String>, language: Language) -> Response {
    let query = uri.query().unwrap_or_default();
    // One answer is taken; a second one finds the place taken or the journey over.
    let _ = tell.try_send(format!("{ours}?{query}"));
    let words = Words::for_language(language);
    let page = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{}</title><main><h1>{}</h1><p>{}</p></main></html>",
        match language {
            Language::En => "en",
            Language::Cy => "cy",
        },
        words.message("sign-in-back-title", &[]),
        words.message("sign-in-back-title", &[]),
        words.message("sign-in-back", &[]),
    );
    let mut response = (StatusCode::OK, Html(page)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'"),
    );
    response
}

impl From<PushError> for Failure {
    fn from(error: PushError) -> Self {
        let code = match error {
            PushError::Refused(_) | PushError::Required => ProblemCode::IssuerRefused,
            _ => ProblemCode::ServiceUnreachable,
        };
        Self::new(code, error)
    }
}

impl From<AuthorizationResponseError> for Failure {
    fn from(error: AuthorizationResponseError) -> Self {
        let code = match error {
            AuthorizationResponseError::Refused(_) => ProblemCode::IssuerRefused,
            _ => ProblemCode::IssuerAskedWrongly,
        };
        Self::new(code, error)
    }
}
