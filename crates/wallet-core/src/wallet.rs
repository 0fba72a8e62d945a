//! The one door for programs: the app and the terminal see a [`Wallet`] and plain data, nothing below.

mod lock;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::Notify;
use url::Url;

use crate::clock::Clock;
use crate::consent::{Choices, ConsentPrompt, ProposalDigest};
pub use crate::journeys::add_document::BrowserOpener;
use crate::journeys::add_document::{self, Adding, Arrived, Browser};
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::lists::{Age, Lists};
use crate::journeys::progress::Progress;
pub use crate::journeys::progress::ProgressListener;
use crate::journeys::trust;
use crate::journeys::{Context, blocking, documents, history, provider, share, show_in_person};
use crate::keys::{Keys, Pin, PinVerified, QuestionId};
use crate::net::Net;
use crate::problem::{DataLeft, Problem, ProblemCode};
use crate::store::anchors::Anchor;
pub use crate::store::anchors::AnchorRole;
use crate::store::{DataDir, Store, StoreError};
use crate::view::{
    AnchorView, ArrivedView, CheckView, ChoicesView, DocumentSummary, DocumentView, HistoryEntryView, HistoryFilter,
    HistoryProofView, KeyProtection, Language, LinkKind, OfferView, PendingView, ProofView, ProviderView, ReceivedView,
    RequestView, ShareResultView, ShowCodeView, ShowQuestionView, WaitingView,
};

/// What uses the wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// The app: links may name the local network in the practice profile only.
    App,
    /// The terminal: the link itself may name the local network.
    Terminal,
}

/// How to open a wallet.
#[derive(Debug, Clone)]
pub struct WalletConfig {
    /// Where the data lies; the platform's place by default.
    pub data_dir: Option<PathBuf>,
    /// The practice profile.
    pub practice: bool,
    /// Which keystore a new wallet uses; an existing one remembers.
    pub keystore: Option<KeyProtection>,
    /// The language; as remembered by default.
    pub language: Option<Language>,
    /// Extra TLS roots (PEM files), for tests.
    pub tls_roots: Vec<PathBuf>,
    /// What uses it.
    pub client: Client,
}

/// A wallet: locked or open.
pub struct Wallet {
    dir: Arc<DataDir>,
    config: WalletConfig,
    net: Net,
    language: RwLock<Language>,
    open: RwLock<Option<Open>>,
    journey: Mutex<Journey>,
    waiting: Mutex<Option<String>>,
    returns: Mutex<Vec<(String, String)>>,
    progress: Progress,
    browser: Browser,
    /// The offer whose documents are being fetched, and how to stop that.
    fetching: Mutex<Option<(String, Arc<Notify>)>>,
    /// What a killed program left behind was cleared away.
    tidy: AtomicBool,
}

/// An open wallet.
#[derive(Clone)]
struct Open {
    store: Arc<Store>,
    keys: Arc<Keys>,
}

/// The current journey. One at a time: simpler for code, kinder to people.
#[derive(Default)]
enum Journey {
    #[default]
    None,
    Adding(Box<Adding>),
    Asking(Box<ConsentPrompt>),
}

type Reply<T> = Result<T, Problem>;

impl Wallet {
    // -- links ------------------------------------------------------------------------------------------------------

    /// What a link is for. Reads nothing but its form.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`].
    pub fn read_link(&self, text: &str) -> Reply<LinkKind> {
        kind(text).map_err(|failure| self.explain(failure))
    }

    /// The text of the QR code in a PNG or JPEG picture.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`].
    pub fn read_picture(&self, bytes: &[u8]) -> Reply<String> {
        crate::pictures::read_qr(bytes).map_err(|error| self.explain(error.into()))
    }

    /// A link arrived from outside: it waits for the person. What is no link a wallet can read is dropped.
    pub fn set_waiting(&self, link: String) {
        if kind(&link).is_ok() {
            *guard(&self.waiting) = Some(link);
        }
    }

    /// Takes the link that waits.
    pub fn take_waiting(&self) -> Option<(LinkKind, String)> {
        let link = guard(&self.waiting).take()?;
        Some((kind(&link).ok()?, link))
    }

    // -- trust ------------------------------------------------------------------------------------------------------

    /// The trust anchors of this wallet.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn anchors(&self) -> Reply<Vec<AnchorView>> {
        self.with(|context| {
            let stored = context
                .store
                .read::<_, StoreError>(|transaction| transaction.anchors())?;
            Ok(stored.iter().map(trust::anchor_view).collect())
        })
    }

    /// Adds a private trust anchor: a PEM certificate, or a DID. A real store refuses the practice root.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`] for what is neither; the store's.
    pub async fn add_anchor(&self, pem_or_did: &str, role: AnchorRole) -> Reply<Vec<AnchorView>> {
        let now = Clock.now();
        self.with(|context| {
            let anchors = trust::anchors_from(pem_or_did, role, now, context.practice)?;
            context.store.write::<_, StoreError>(|transaction| {
                let known = transaction.anchors()?;
                let new = |a: &&Anchor| !known.iter().any(|k| k.role == a.role && k.material == a.material);
                anchors
                    .iter()
                    .filter(new)
                    .try_for_each(|anchor| transaction.add_anchor(anchor))
            })?;
            Ok(())
        })?;
        self.anchors().await
    }

    /// Removes a trust anchor. Documents and history stay.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the store's.
    pub async fn remove_anchor(&self, id: &str) -> Reply<()> {
        self.with(|context| {
            Ok(context
                .store
                .write::<_, StoreError>(|transaction| transaction.remove_anchor(id))?)
        })
    }

    // -- documents --------------------------------------------------------------------------------------------------

    /// Every document, newest first.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn documents(&self) -> Reply<Vec<DocumentSummary>> {
        self.with(documents::list)
    }

    /// One document with its details.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the store's.
    pub async fn document(&self, id: &str) -> Reply<DocumentView> {
        self.with(|context| documents::one(context, id))
    }

    /// Removes a document. Tells nobody.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`], [`ProblemCode::WrongPin`]; the store's.
    pub async fn remove_document(&self, id: &str, pin: Pin) -> Reply<()> {
        let verified = self.verify(pin, documents::removal(id)).await?;
        self.with(|context| documents::remove(context, id, verified))
    }

    /// Asks the issuer whether a document is still good.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`], [`ProblemCode::StatusUnknown`]; the store's.
    pub async fn check_document(&self, id: &str) -> Reply<DocumentSummary> {
        let open = self.opened()?;
        documents::check(&self.context(&open), id)
            .await
            .map_err(|failure| self.explain(failure))
    }

    // -- add --------------------------------------------------------------------------------------------------------

    /// Reads an offer. Adds nothing.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`], [`ProblemCode::LinkExpired`], [`ProblemCode::ServiceUnreachable`].
    pub async fn start_adding(&self, link: &str) -> Reply<OfferView> {
        let open = self.opened()?;
        let context = self.context(&open);
        let adding = add_document::start(&context, link)
            .await
            .map_err(|failure| self.explain(failure))?;
        let view = adding.view(&context);
        *guard(&self.journey) = Journey::Adding(Box::new(adding));
        Ok(view)
    }

    /// Starts from this side: documents of an issuer, by its identifier and their configurations there, to be had by signing
    /// in. Adds nothing.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`], [`ProblemCode::ServiceUnreachable`].
    pub async fn start_adding_at(&self, issuer: &str, configurations: &[String]) -> Reply<OfferView> {
        let open = self.opened()?;
        let context = self.context(&open);
        let adding = add_document::start_at(&context, issuer, configurations)
            .await
            .map_err(|failure| self.explain(failure))?;
        let view = adding.view(&context);
        *guard(&self.journey) = Journey::Adding(Box::new(adding));
        Ok(view)
    }

    /// How pages are opened in the person's browser, for signing in at an issuer; `port` fixes where its answers come to.
    pub fn set_browser(&self, opener: BrowserOpener, port: Option<u16>) {
        self.browser.set(opener, port);
    }

    /// What issuers promised for later.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn promised(&self) -> Reply<Vec<PendingView>> {
        self.with(add_document::promised)
    }

    /// Asks for what was promised: one, or everything whose time has come. What is here waits to be checked, as after
    /// [`Wallet::accept_offer`].
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the first problem with an issuer, when nothing else came of it.
    pub async fn collect(&self, only: Option<&str>) -> Reply<Vec<ArrivedView>> {
        let open = self.opened()?;
        let context = self.context(&open);
        add_document::tell(&context).await;
        let (arrived, failed) = add_document::collect(&context, only)
            .await
            .map_err(|failure| self.explain(failure))?;
        match failed {
            Some(failure) if arrived.iter().all(|one| one.received.is_none()) => Err(self.explain(failure)),
            _ => Ok(arrived.into_iter().map(ArrivedView::from).collect()),
        }
    }

    /// Names the wallet provider, which vouches for this wallet where an issuer wants that.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`], [`ProblemCode::ServiceUnreachable`].
    pub async fn set_provider(&self, url: &str) -> Reply<ProviderView> {
        let open = self.opened()?;
        provider::set(&self.context(&open), url)
            .await
            .map_err(|failure| self.explain(failure))
    }

    /// The wallet provider, as an issuer needs to know it.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`] when none is set; [`ProblemCode::ServiceUnreachable`].
    pub async fn provider(&self) -> Reply<ProviderView> {
        let open = self.opened()?;
        provider::show(&self.context(&open))
            .await
            .map_err(|failure| self.explain(failure))
    }

    /// Accepts an offer and fetches what it offers; with an empty `only`, everything. What arrived is verified and stored as
    /// received; nothing is in the list of documents yet.
    ///
    /// # Errors
    /// [`ProblemCode::WrongCode`] (try again), [`ProblemCode::LinkExpired`], [`ProblemCode::IssuerRefused`],
    /// [`ProblemCode::IssuerNotRecognised`], [`ProblemCode::DocumentNotAsPromised`], [`ProblemCode::Stopped`] and others.
    pub async fn accept_offer(&self, offer: &str, only: Vec<String>, code: Option<TxCode>) -> Reply<ArrivedView> {
        let open = self.opened()?;
        let context = self.context(&open);
        let adding = {
            let mut journey = guard(&self.journey);
            match std::mem::take(&mut *journey) {
                Journey::Adding(adding) if adding.id() == offer => adding,
                other => {
                    *journey = other;
                    drop(journey);
                    return Err(self.explain(Failure::new(ProblemCode::ConsentExpired, "no such offer is open")));
                }
            }
        };
        let stop = Arc::new(Notify::new());
        *guard(&self.fetching) = Some((offer.to_owned(), Arc::clone(&stop)));
        let outcome = tokio::select! {
            outcome = adding.accept(&context, &only, code.map(TxCode::into_lower)) => Some(outcome),
            () = stop.notified() => None,
        };
        *guard(&self.fetching) = None;
        let Some(outcome) = outcome else {
            // Stopped between two steps, as if the program had ended there; what is here already is asked about.
            return match add_document::stopped(&context, offer) {
                Ok(Some(view)) => Ok(ArrivedView {
                    received: Some(view),
                    pending: Vec::new(),
                }),
                Ok(None) => Err(self.explain(Failure::new(ProblemCode::Stopped, "the person stopped it"))),
                Err(failure) => Err(self.explain(failure)),
            };
        };
        match outcome {
            Ok(arrived) => Ok(arrived.into()),
            Err((failure, back)) => {
                if let Some(adding) = back {
                    *guard(&self.journey) = Journey::Adding(adding);
                }
                Err(self.explain(failure))
            }
        }
    }

    /// Keeps what was received, after the person checked it and typed the PIN.
    ///
    /// # Errors
    /// [`ProblemCode::WrongPin`], [`ProblemCode::NotFound`]; the store's.
    pub async fn keep_received(&self, received: &str, pin: Pin) -> Reply<Vec<DocumentSummary>> {
        let verified = self.verify(pin, add_document::keeping(received)).await?;
        let open = self.opened()?;
        let context = self.context(&open);
        let ids = add_document::keep(&context, received, verified).map_err(|failure| self.explain(failure))?;
        add_document::tell(&context).await;
        let all = documents::list(&context).map_err(|failure| self.explain(failure))?;
        Ok(all.into_iter().filter(|document| ids.contains(&document.id)).collect())
    }

    /// Says no to what was received.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the store's.
    pub async fn discard_received(&self, received: &str) -> Reply<()> {
        let open = self.opened()?;
        let context = self.context(&open);
        add_document::discard(&context, received).map_err(|failure| self.explain(failure))?;
        add_document::tell(&context).await;
        Ok(())
    }

    /// What was received and not yet checked: after a kill, the journey goes on here.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn pending_received(&self) -> Reply<Vec<ReceivedView>> {
        self.with(add_document::pending)
    }

    /// Whoever shows the wallet hears from now on how far the getting of a document is.
    pub fn on_adding_progress(&self, listener: ProgressListener) {
        self.progress.listen(listener);
    }

    /// Leaves an offer unanswered; while its documents are fetched, stops that, and `accept_offer` ends with
    /// [`ProblemCode::Stopped`]. What has arrived stays, to be checked.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`].
    pub async fn cancel_adding(&self, offer: &str) -> Reply<()> {
        if let Some((fetching, stop)) = &*guard(&self.fetching)
            && fetching == offer
        {
            stop.notify_one();
        }
        let mut journey = guard(&self.journey);
        if matches!(&*journey, Journey::Adding(adding) if adding.id() == offer) {
            *journey = Journey::None;
        }
        Ok(())
    }

    // -- share ------------------------------------------------------------------------------------------------------

    /// Reads a request and makes its question. The same link again is the same question, without a second fetch.
    ///
    /// # Errors
    /// [`ProblemCode::ServiceAskedWrongly`], [`ProblemCode::AlreadyAnswered`], [`ProblemCode::LinkExpired`] and others.
    pub async fn start_sharing(&self, link: &str, cross_device: bool) -> Reply<RequestView> {
        let open = self.opened()?;
        let prompt = share::start(&self.context(&open), link, cross_device)
            .await
            .map_err(|failure| self.explain(failure))?;
        let view = prompt.request_view().cloned();
        *guard(&self.journey) = Journey::Asking(Box::new(prompt));
        view.ok_or_else(|| self.problem(ProblemCode::SomethingWentWrong, DataLeft::No))
    }

    /// Yes to a question, as it was shown (`digest`), with the PIN typed for it.
    ///
    /// # Errors
    /// [`ProblemCode::WrongPin`] (the question stays), [`ProblemCode::ConsentExpired`], [`ProblemCode::SendingFailed`] with
    /// what is known about whether details left, and others.
    pub async fn share(&self, request: &str, digest: &str, choices: ChoicesView, pin: Pin) -> Reply<ShareResultView> {
        let seen = self.digest(digest)?;
        let choices = Choices::from(choices);
        {
            let prompt = self.prompt(request)?;
            let view = prompt.request_view().cloned();
            self.put_back(prompt);
            if let Some(view) = view {
                check_answerable(&view, &choices).map_err(|failure| self.explain(failure))?;
            }
        }
        let verified = self.verify(pin, QuestionId::new(request)).await?;
        let prompt = self.prompt(request)?;
        let open = self.opened()?;
        let result = share::share(&self.context(&open), prompt, &seen, &choices, verified)
            .await
            .map_err(|failure| self.explain(failure))?;
        self.remember_return(&result);
        Ok(result)
    }

    /// No to a question. Needs no PIN; the service is told `access_denied` and nothing else.
    ///
    /// # Errors
    /// [`ProblemCode::ConsentExpired`]; the store's.
    pub async fn decline(&self, request: &str) -> Reply<ShareResultView> {
        let prompt = self.prompt(request)?;
        let open = self.opened()?;
        let result = share::decline(&self.context(&open), prompt)
            .await
            .map_err(|failure| self.explain(failure))?;
        self.remember_return(&result);
        Ok(result)
    }

    /// The address a service offered to go back to after an answer, once.
    pub fn take_return(&self, history: &str) -> Option<String> {
        let mut returns = guard(&self.returns);
        let position = returns.iter().position(|(entry, _)| entry == history)?;
        Some(returns.remove(position).1)
    }

    fn remember_return(&self, result: &ShareResultView) {
        if let Some(uri) = &result.redirect_uri {
            let mut returns = guard(&self.returns);
            returns.clear();
            returns.push((result.history.clone(), uri.clone()));
        }
    }

    /// The open question with this id: the one in hand, or a stored request asked again.
    fn prompt(&self, id: &str) -> Reply<ConsentPrompt> {
        {
            let mut journey = guard(&self.journey);
            match std::mem::take(&mut *journey) {
                Journey::Asking(prompt) if prompt.id().as_str() == id => return Ok(*prompt),
                other => *journey = other,
            }
        }
        let open = self.opened()?;
        share::by_id(&self.context(&open), id).map_err(|failure| self.explain(failure))
    }

    fn put_back(&self, prompt: ConsentPrompt) {
        *guard(&self.journey) = Journey::Asking(Box::new(prompt));
    }

    fn digest(&self, text: &str) -> Reply<ProposalDigest> {
        ProposalDigest::from_hex(text).ok_or_else(|| {
            self.explain(Failure::new(
                ProblemCode::ConsentExpired,
                "not the digest of a question",
            ))
        })
    }

    // -- show -------------------------------------------------------------------------------------------------------

    /// The proofs that can be shown in person.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn proofs(&self) -> Reply<Vec<ProofView>> {
        self.with(show_in_person::proofs)
    }

    /// The question before a code is shown.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`], [`ProblemCode::NothingMatches`].
    pub async fn start_showing(&self, proof: &str, seconds: u32) -> Reply<ShowQuestionView> {
        let prompt = self.with(|context| show_in_person::start(context, proof, seconds))?;
        let view = prompt.show_view().cloned();
        *guard(&self.journey) = Journey::Asking(Box::new(prompt));
        view.ok_or_else(|| self.problem(ProblemCode::SomethingWentWrong, DataLeft::No))
    }

    /// Yes: makes the code. It works from now on for the seconds that were drawn.
    ///
    /// # Errors
    /// [`ProblemCode::WrongPin`] (the question stays), [`ProblemCode::ConsentExpired`].
    pub async fn show(&self, question: &str, digest: &str, pin: Pin) -> Reply<ShowCodeView> {
        let seen = self.digest(digest)?;
        if !matches!(&*guard(&self.journey), Journey::Asking(prompt) if prompt.id().as_str() == question) {
            return Err(self.explain(Failure::new(ProblemCode::ConsentExpired, "no such question is open")));
        }
        let verified = self.verify(pin, QuestionId::new(question)).await?;
        let prompt = self.prompt(question)?;
        self.with(|context| show_in_person::show(context, prompt, &seen, verified))
    }

    // -- history ----------------------------------------------------------------------------------------------------

    /// The sharing history, newest first.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn history(&self, filter: HistoryFilter) -> Reply<Vec<HistoryEntryView>> {
        self.with(|context| Ok(history::list(context.store, &filter)?))
    }

    /// One entry.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the store's.
    pub async fn history_entry(&self, id: &str) -> Reply<HistoryEntryView> {
        self.with(|context| {
            history::entry(context.store, id)?
                .ok_or_else(|| Failure::new(ProblemCode::NotFound, "no such history entry"))
        })
    }

    /// Walks the chain of the history.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn verify_history(&self) -> Reply<HistoryProofView> {
        self.with(|context| Ok(history::verify(context.store)?))
    }

    // -- inside -----------------------------------------------------------------------------------------------------

    fn context<'w>(&'w self, open: &'w Open) -> Context<'w> {
        Context {
            store: &open.store,
            keys: &open.keys,
            net: &self.net,
            clock: Clock,
            progress: &self.progress,
            browser: &self.browser,
            language: self.language(),
            practice: self.config.practice,
            local_links: self.config.practice || self.config.client == Client::Terminal,
            client_key: self.config.client == Client::Terminal,
        }
    }

    /// Runs work that needs no network on the open wallet.
    fn with<T>(&self, work: impl FnOnce(&Context<'_>) -> Outcome<T>) -> Reply<T> {
        let open = self.opened()?;
        work(&self.context(&open)).map_err(|failure| self.explain(failure))
    }

    fn opened(&self) -> Reply<Open> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner).clone();
        open.ok_or_else(|| {
            let code = if Keys::exist(&self.dir) {
                ProblemCode::WalletLocked
            } else {
                ProblemCode::NotInitialised
            };
            self.explain(Failure::new(code, ""))
        })
    }

    /// Checks the PIN typed for one question, beside the run-time: the derivation takes a moment.
    async fn verify(&self, pin: Pin, question: QuestionId) -> Reply<PinVerified> {
        let keys = self.opened()?.keys;
        let now = Clock.now();
        blocking(move || Ok(keys.verify(&pin, question, now)?))
            .await
            .map_err(|failure| self.explain(failure))
    }

    fn explain(&self, failure: Failure) -> Problem {
        failure.problem(self.language())
    }

    /// A problem in the current language.
    #[must_use]
    pub fn problem(&self, code: ProblemCode, left: DataLeft) -> Problem {
        self.explain(Failure::new(code, "").left(left))
    }
}

/// A transaction code as typed; wiped when dropped.
pub struct TxCode(zeroize::Zeroizing<String>);

impl TxCode {
    /// Takes what was typed.
    #[must_use]
    pub fn new(typed: String) -> Self {
        Self(zeroize::Zeroizing::new(typed))
    }

    fn into_lower(self) -> wallet_protocols::openid4vci::TransactionCode {
        wallet_protocols::openid4vci::TransactionCode::new(&self.0)
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn kind(link: &str) -> Outcome<LinkKind> {
    if wallet_protocols::openid4vci::is_offer_link(link) {
        Ok(LinkKind::Offer)
    } else if wallet_protocols::openid4vp::is_request_link(link) {
        Ok(LinkKind::Request)
    } else {
        Err(Failure::new(
            ProblemCode::LinkNotUnderstood,
            "neither an offer nor a request",
        ))
    }
}

/// The host a link names, for the line "something is waiting". Unverified.
fn host_of(link: &str) -> String {
    let Ok(url) = Url::parse(link) else {
        return String::new();
    };
    let named = url.query_pairs().find_map(|(name, value)| match name.as_ref() {
        "credential_offer_uri" | "request_uri" | "response_uri" => Url::parse(&value).ok(),
        "credential_offer" => {
            let offer: serde_json::Value = serde_json::from_str(&value).ok()?;
            Url::parse(offer.get("credential_issuer")?.as_str()?).ok()
        }
        _ => None,
    });
    let host = named.as_ref().unwrap_or(&url).host_str().unwrap_or_default().to_owned();
    crate::labels::clean(&host, 253)
}

/// Refuses what no PIN should be typed for.
fn check_answerable(view: &RequestView, choices: &Choices) -> Outcome<()> {
    if let Some(blocked) = &view.blocked {
        let code = match blocked.code.as_str() {
            "nothing-matches" => ProblemCode::NothingMatches,
            "document-out-of-date" => ProblemCode::DocumentOutOfDate,
            "document-withdrawn" => ProblemCode::DocumentWithdrawn,
            _ => ProblemCode::ServiceNotRecognised,
        };
        return Err(Failure::new(code, &blocked.code));
    }
    if !view.warnings.is_empty() && !choices.despite_warnings {
        let codes: Vec<&str> = view.warnings.iter().map(|warning| warning.code.as_str()).collect();
        return Err(Failure::new(ProblemCode::ServiceNotRecognised, codes.join(", ")));
    }
    Ok(())
}

/// A link that waits, as it may be shown before unlocking.
fn waiting_view(link: &str) -> Option<WaitingView> {
    Some(WaitingView {
        kind: kind(link).ok()?,
        host: host_of(link),
    })
}

/// How old the signed lists of this profile are, for `doctor`.
fn lists_age(open: &Open, practice: bool) -> Option<Age> {
    let now = crate::clock::lower(Clock.now());
    practice.then(|| Lists::load(&open.store, now).ok()?.age()).flatten()
}

/// A check of `doctor`.
fn check(name: String, ok: bool, detail: String) -> CheckView {
    CheckView { name, ok, detail }
}

impl From<Arrived> for ArrivedView {
    fn from(arrived: Arrived) -> Self {
        Self {
            received: arrived.received,
            pending: arrived.pending,
        }
    }
}
