//! What the journeys share: the sandbox, wallets that have documents already, and how to say what is expected.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;
use wallet_core::clock::Clock;
use wallet_core::keys::{Keys, Pin};
use wallet_core::problem::{DataLeft, Problem, ProblemCode};
use wallet_core::store::history::{EntryFilter, HistoryEntry};
use wallet_core::store::{DataDir, Store, StoreError};
use wallet_core::view::{
    AskView, ChoicesView, DocumentSummary, HistoryEntryView, HistoryFilter, KeyProtection, Language, ReceivedView,
    RequestView, ShareResultView,
};
use wallet_core::words::Words;
use wallet_core::{Client, TimeLimits, TxCode, Wallet, WalletConfig};
use wallet_sandbox::spec::{DocumentType, MadeOffer, MadeRequest, OfferSpec, RequestSpec, ServiceName};
use wallet_sandbox::{Sandbox, SandboxConfig};

use crate::line::Line;
use crate::program::{http, nobody_is_born};

/// The PIN of every wallet here.
pub const PIN: &str = "294817";
/// Six other digits.
pub const WRONG_PIN: &str = "294818";

/// Sandboxes run here, whatever becomes of the run-time of a test.
static TOWN: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
});

/// Runs on the town's own run-time, for tests that have none.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    TOWN.block_on(work)
}

/// Starts a sandbox of one's own.
pub async fn start(config: SandboxConfig) -> Sandbox {
    TOWN.spawn(Sandbox::start(config)).await.unwrap().unwrap()
}

/// The sandbox that tests share where none of them changes it for the others.
pub async fn sandbox() -> &'static Sandbox {
    static SHARED: OnceCell<Sandbox> = OnceCell::const_new();
    SHARED.get_or_init(|| start(SandboxConfig::new())).await
}

/// A sandbox at the other end of a line.
pub struct FarTown {
    /// The sandbox.
    pub sandbox: Sandbox,
    /// What everybody has to go through.
    pub line: Line,
}

impl FarTown {
    /// Its links name the line.
    pub async fn new() -> Self {
        let line = Line::new();
        let sandbox = start(SandboxConfig::new().seen_at(line.port())).await;
        line.lead_to(sandbox.port());
        Self { sandbox, line }
    }
}

/// The files of a wallet at rest.
pub struct AtRest(Vec<(String, Vec<u8>)>);

impl AtRest {
    /// Takes the files of a wallet that is closed.
    pub fn of(folder: &Path) -> Self {
        let files = std::fs::read_dir(folder.join("practice")).unwrap().map(|entry| {
            let entry = entry.unwrap();
            (
                entry.file_name().into_string().unwrap(),
                std::fs::read(entry.path()).unwrap(),
            )
        });
        Self(files.collect())
    }

    /// Puts them into a new folder.
    pub fn unpack(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("practice")).unwrap();
        for (name, bytes) in &self.0 {
            std::fs::write(folder.path().join("practice").join(name), bytes).unwrap();
        }
        folder
    }
}

/// A practice wallet with each of the five documents.
pub async fn furnished_at_rest() -> &'static AtRest {
    static FURNISHED: OnceCell<AtRest> = OnceCell::const_new();
    FURNISHED
        .get_or_init(|| async {
            let (folder, wallet) = empty().await;
            for name in DocumentType::ALL {
                add(&wallet, sandbox().await, name).await;
            }
            drop(wallet);
            AtRest::of(folder.path())
        })
        .await
}

/// A practice wallet with nothing in it.
pub async fn empty_at_rest() -> &'static AtRest {
    static EMPTY: OnceCell<AtRest> = OnceCell::const_new();
    EMPTY
        .get_or_init(|| async {
            let folder = tempfile::tempdir().unwrap();
            let wallet = Wallet::open(config(folder.path())).await.unwrap();
            wallet.init(pin()).await.unwrap();
            drop(wallet);
            AtRest::of(folder.path())
        })
        .await
}

/// An open practice wallet of one's own, with nothing in it.
pub async fn empty() -> (TempDir, Wallet) {
    let folder = empty_at_rest().await.unpack();
    let wallet = open(folder.path()).await;
    (folder, wallet)
}

/// An open practice wallet of one's own, with each of the five documents.
pub async fn furnished() -> (TempDir, Wallet) {
    let folder = furnished_at_rest().await.unpack();
    let wallet = open(folder.path()).await;
    (folder, wallet)
}

/// Opens the practice wallet in a folder.
pub async fn open(folder: &Path) -> Wallet {
    drop(free_dir(folder));
    let wallet = Wallet::open(config(folder)).await.unwrap();
    wallet.unlock(pin()).await.unwrap();
    wallet
}

/// A practice wallet with a key file.
pub fn config(folder: &Path) -> WalletConfig {
    WalletConfig {
        data_dir: Some(folder.to_owned()),
        practice: true,
        keystore: Some(KeyProtection::File),
        language: Some(Language::En),
        tls_roots: Vec::new(),
        client: Client::Terminal,
        time_limits: TimeLimits::default(),
    }
}

/// The right PIN.
pub fn pin() -> Pin {
    Pin::new(PIN.to_owned())
}

/// A wrong one.
pub fn wrong_pin() -> Pin {
    Pin::new(WRONG_PIN.to_owned())
}

/// A code as typed.
pub fn code(offer: &MadeOffer) -> Option<TxCode> {
    offer.tx_code.clone().map(TxCode::new)
}

/// Adds a document, the whole way.
pub async fn add(wallet: &Wallet, sandbox: &Sandbox, name: DocumentType) -> DocumentSummary {
    add_offered(wallet, &sandbox.offer(&OfferSpec::of(name)).unwrap())
        .await
        .remove(0)
}

/// Adds what an offer offers.
pub async fn add_offered(wallet: &Wallet, made: &MadeOffer) -> Vec<DocumentSummary> {
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let received = wallet.get_offered(&offer.id, Vec::new(), code(made)).await.unwrap();
    wallet.keep_received(&received.id, pin()).await.unwrap()
}

/// An ordinary request of a service.
pub fn ask(sandbox: &Sandbox, name: ServiceName) -> MadeRequest {
    sandbox.request(RequestSpec::of(name)).unwrap()
}

/// Yes, with these choices.
pub async fn say_yes(
    wallet: &Wallet,
    question: &RequestView,
    choices: ChoicesView,
) -> Result<ShareResultView, Problem> {
    wallet.share(&question.id, &question.digest, choices, pin()).await
}

/// Choices that add these optional queries.
pub fn adding(queries: &[&str]) -> ChoicesView {
    ChoicesView {
        add: queries.iter().map(|query| (*query).to_owned()).collect(),
        ..ChoicesView::default()
    }
}

/// It failed with this code, and whether anything left is said: in the data and in words.
#[track_caller]
pub fn refused<T: Debug>(outcome: Result<T, Problem>, code: ProblemCode, left: DataLeft) -> Problem {
    let problem = outcome.expect_err("this must not succeed");
    assert_eq!((problem.code, problem.data_left), (code, left), "{problem:?}");
    let words = Words::for_language(Language::En).problem(code, left);
    assert_eq!(problem.happened, words.happened);
    assert!(!problem.title.is_empty() && !problem.what_to_do.is_empty());
    problem
}

/// The whole history, newest first.
pub async fn history(wallet: &Wallet) -> Vec<HistoryEntryView> {
    wallet.history(HistoryFilter::default()).await.unwrap()
}

/// The chain holds.
#[track_caller]
pub fn holds(proof: Result<wallet_core::view::HistoryProofView, Problem>) -> u32 {
    let proof = proof.unwrap();
    assert!(proof.ok, "{proof:?}");
    proof.entries
}

/// What a service learnt of a request.
pub fn learnt(sandbox: &Sandbox, request: &MadeRequest) -> Value {
    sandbox.outcome(&request.id).unwrap()
}

/// The service has nothing of the person.
#[track_caller]
pub fn knows_nothing(sandbox: &Sandbox, request: &MadeRequest) {
    let report = learnt(sandbox, request);
    assert_eq!(report["answers"], json!([]), "{report}");
    assert_ne!(report["stage"], "answered", "{report}");
}

/// What was agreed, as the service has it: query, path, and the value where it is not a picture.
pub fn agreed(question: &RequestView, choices: &ChoicesView) -> BTreeSet<String> {
    let proposed = question
        .asks
        .iter()
        .filter(|ask| !ask.optional || choices.add.contains(&ask.query));
    taken(proposed, choices)
}

/// What leaves when exactly these parts are answered.
pub fn taken<'a>(parts: impl Iterator<Item = &'a AskView>, choices: &ChoicesView) -> BTreeSet<String> {
    parts
        .flat_map(|ask| {
            let document = choices.documents.get(&ask.query).map(|documents| &documents[0]);
            let details = choices.details.get(&ask.query);
            let candidate = ask
                .candidates
                .iter()
                .find(|c| {
                    document.is_none_or(|id| *id == c.document)
                        && (details.is_none() || details == c.claim_set.as_ref())
                })
                .unwrap();
            candidate.claims.iter().map(|claim| {
                let value = if claim.picture {
                    Value::Null
                } else {
                    claim.value.clone()
                };
                json!([ask.query, claim.path, value]).to_string()
            })
        })
        .collect()
}

/// The same of what a service reports.
pub fn received(report: &Value) -> BTreeSet<String> {
    let answers = report["answers"].as_array().unwrap().iter();
    answers
        .flat_map(|answer| {
            answer["claims"].as_array().unwrap().iter().map(|claim| {
                let picture = claim["path"]
                    .as_array()
                    .unwrap()
                    .last()
                    .is_some_and(|name| name == "portrait");
                let value = if picture { &Value::Null } else { &claim["value"] };
                json!([answer["query"], claim["path"], value]).to_string()
            })
        })
        .collect()
}

/// Every check of the service came out well, and there were some.
#[track_caller]
pub fn all_checks_well(report: &Value) {
    assert_eq!(
        (&report["stage"], &report["valid"]),
        (&json!("answered"), &json!(true)),
        "{report}"
    );
    let whole = report["checks"].as_array().unwrap().iter();
    let each = report["answers"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|answer| answer["checks"].as_array().unwrap());
    let checks: Vec<&Value> = whole.chain(each).collect();
    assert!(
        checks.len() >= 5 && checks.iter().all(|check| check["ok"] == true),
        "{checks:?}"
    );
}

/// Withdraws the newest document of a type, as the issuer's page does.
pub fn withdraw(sandbox: &Sandbox, name: DocumentType, status: &str) {
    let body = json!({ "document": name, "status": status }).to_string();
    let answer = http(
        sandbox.port(),
        sandbox.url(),
        "POST /control/withdraw",
        "application/json",
        body.as_bytes(),
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// The data directory of a wallet that is closed. A process that another test makes at this moment may still hold a copy of its
/// lock until it has become another program: that is waited for.
fn free_dir(folder: &Path) -> DataDir {
    let mut tries = 0;
    loop {
        drop(nobody_is_born());
        match DataDir::open(folder, true) {
            Err(StoreError::InUse) if tries < 200 => {
                tries += 1;
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
            opened => return opened.unwrap(),
        }
    }
}

/// The store of a practice wallet that is closed, decrypted.
pub fn inside(folder: &Path) -> Store {
    let dir = Arc::new(free_dir(folder));
    Keys::load(dir).unwrap().unlock(&pin(), Clock.now()).unwrap()
}

/// Every entry of the history as it stands in the store.
pub fn entries(store: &Store) -> Vec<HistoryEntry> {
    store
        .read::<_, StoreError>(|transaction| transaction.history(&EntryFilter::default()))
        .unwrap()
}

/// Every key in the store belongs to a copy or to a document that was received and waits to be checked.
#[track_caller]
pub fn no_orphan_keys(store: &Store) {
    let orphans = store
        .read::<_, StoreError>(|transaction| transaction.forget_orphan_keys())
        .unwrap();
    assert_eq!(orphans, 0, "keys that belong to nothing");
}

/// An offer of documents that are ready.
pub trait GetsOffered {
    /// Accepts it; what comes is here at once.
    async fn get_offered(&self, offer: &str, only: Vec<String>, code: Option<TxCode>) -> Result<ReceivedView, Problem>;
}

impl GetsOffered for Wallet {
    async fn get_offered(&self, offer: &str, only: Vec<String>, code: Option<TxCode>) -> Result<ReceivedView, Problem> {
        let arrived = self.accept_offer(offer, only, code).await?;
        assert!(arrived.pending.is_empty());
        Ok(arrived.received.expect("a document that is ready"))
    }
}
