//! Issuers that mean harm, or do it: each ends in a named problem, within the limits of time and size, and leaves nothing
//! behind. They are listed by name in `reading`, `granting` and `handing_over`, after the step at which they strike; each meets
//! the real core over real HTTP, at the other end of a line that can change every message.

mod granting;
mod handing_over;
mod reading;

use std::time::Duration;

use serde_json::Value;
use wallet_core::problem::{DataLeft, Problem, ProblemCode};
use wallet_core::store::StoreError;
use wallet_core::view::ArrivedView;
use wallet_core::{AnchorRole, Client, TimeLimits, TxCode, Wallet, WalletConfig};
use wallet_sandbox::spec::OfferSpec;

use crate::issuance::with_browser;
use crate::line::{Exchange, Fate, Moment, answer, body};
use crate::town::{FarTown, config, history, inside, no_orphan_keys, pin, refused};

/// Half a year and a day, in seconds: longer than any promise is waited for.
const HALF_A_YEAR: i64 = 181 * 24 * 60 * 60;

/// What is done to the messages of one issuer.
type Trick = Box<dyn FnMut(Moment, &Exchange) -> Fate + Send>;

/// Makes another link of the one that was made.
type Relink = Box<dyn Fn(&FarTown, String) -> String>;

/// How far the journey comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    /// Reading the offer.
    Reading,
    /// Getting what it offers.
    Accepting,
    /// Collecting what was promised.
    Collecting,
    /// Collecting it half a year later.
    HalfAYearLater,
}

/// Whose wallet it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Whose {
    /// Somebody's who practises.
    Anybodys,
    /// The same, with a wallet provider.
    Vouched,
    /// The same, waiting for seconds only, so that this test need not.
    Impatient,
    /// The app with the real profile: no link leads it into a network that is not public.
    Real,
}

/// A hostile issuer.
struct Hostile {
    name: &'static str,
    offer: OfferSpec,
    link: Relink,
    trick: Box<dyn Fn(&FarTown) -> Trick>,
    whose: Whose,
    ends: (Step, ProblemCode),
    also: fn(&[Exchange]),
}

fn hostile(name: &'static str, offer: OfferSpec, step: Step, code: ProblemCode) -> Hostile {
    Hostile {
        name,
        offer: OfferSpec {
            tx_code: offer.tx_code.or(Some(false)),
            ..offer
        },
        link: Box::new(|_, link| link),
        trick: Box::new(|_| Box::new(|_, _| Fate::Pass)),
        whose: Whose::Anybodys,
        ends: (step, code),
        also: |_| {},
    }
}

impl Hostile {
    /// The link is another.
    fn link(self, link: impl Fn(&FarTown, String) -> String + 'static) -> Self {
        let link = Box::new(link);
        Self { link, ..self }
    }

    fn of(self, whose: Whose) -> Self {
        Self { whose, ..self }
    }

    /// What was on the line must be like this.
    fn also(self, also: fn(&[Exchange])) -> Self {
        Self { also, ..self }
    }

    fn trick(self, trick: impl Fn(&FarTown) -> Trick + 'static) -> Self {
        let trick = Box::new(trick);
        Self { trick, ..self }
    }

    /// Another answer stands in for the one to every request with this in its target, and nobody else is asked.
    fn says(self, part: &'static str, instead: Vec<u8>) -> Self {
        self.trick(move |_| {
            let instead = instead.clone();
            Box::new(move |when, exchange| match when {
                Moment::Asked if exchange.target.contains(part) => Fate::Instead(instead.clone()),
                _ => Fate::Pass,
            })
        })
    }

    /// The answer to every request with this in its target comes a byte at a time.
    fn drips(self, part: &'static str) -> Self {
        self.of(Whose::Impatient).trick(move |_| {
            Box::new(move |when, exchange| match when {
                Moment::Asked if exchange.target.contains(part) => Fate::Drips,
                _ => Fate::Pass,
            })
        })
    }

    /// The JSON of every answer with this in its target is changed; what else is answered there is not there any more.
    fn edits(self, part: &'static str, edit: fn(&mut Value)) -> Self {
        self.trick(move |_| {
            Box::new(move |when, exchange| {
                if when != Moment::Answered || !exchange.target.contains(part) {
                    return Fate::Pass;
                }
                match serde_json::from_slice::<Value>(body(&exchange.answer)) {
                    Ok(mut value) => {
                        edit(&mut value);
                        Fate::Changed(value.to_string().into_bytes())
                    }
                    Err(_) => Fate::Instead(answer(404, "", b"")),
                }
            })
        })
    }

    /// The text of every answer with this in its target, head and body, is changed.
    fn rewrites(self, part: &'static str, from: &'static str, to: &'static str) -> Self {
        self.trick(move |_| {
            Box::new(move |when, exchange| {
                if when != Moment::Answered || !exchange.target.contains(part) {
                    return Fate::Pass;
                }
                let text = String::from_utf8_lossy(&exchange.answer).replacen(from, to, 1);
                Fate::Instead(with_length(&text))
            })
        })
    }
}

/// The length of the body as it is now.
fn with_length(message: &str) -> Vec<u8> {
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    let other = |line: &&str| !line.to_ascii_lowercase().starts_with("content-length");
    let head: Vec<&str> = head.lines().filter(other).collect();
    let head = head.join("\r\n");
    format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The offer inside a link, changed.
fn edited(link: &str, edit: impl Fn(&mut Value)) -> String {
    let (start, query) = link.split_once('?').unwrap();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let (_, text) = pairs.find(|(name, _)| name == "credential_offer").unwrap();
    let mut offer = serde_json::from_str(&text).unwrap();
    edit(&mut offer);
    linked(start, &offer.to_string())
}

/// A link with this offer in it.
fn linked(start: &str, offer: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("credential_offer", offer)
        .finish();
    format!("{start}?{query}")
}

/// A wallet and its folder.
struct Home {
    folder: tempfile::TempDir,
    wallet: Wallet,
}

impl Home {
    async fn of(whose: Whose, far: &FarTown) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let usual = config(folder.path());
        let impatient = TimeLimits {
            exchange: Duration::from_secs(1),
            step: Duration::from_secs(4),
            ..TimeLimits::default()
        };
        let config = match whose {
            Whose::Anybodys | Whose::Vouched => usual,
            Whose::Impatient => WalletConfig {
                time_limits: impatient,
                ..usual
            },
            Whose::Real => WalletConfig {
                practice: false,
                client: Client::App,
                ..usual
            },
        };
        let wallet = Wallet::open(config).await.unwrap();
        wallet.init(pin()).await.unwrap();
        let _opened = with_browser(&wallet, "yes");
        if whose == Whose::Vouched {
            let provider = format!("{}/wallet-provider", far.sandbox.url());
            wallet.set_provider(&provider).await.unwrap();
        }
        let veterans = format!("did:web:localhost%3A{}:issuers:mod", far.line.port());
        wallet.add_anchor(&veterans, AnchorRole::Issuer).await.unwrap();
        Self { folder, wallet }
    }

    /// Goes as far as the issuer lets it; how that ends.
    async fn meets(&self, issuer: &Hostile, link: &str, code: Option<TxCode>) -> (Step, Result<(), Problem>) {
        let wallet = &self.wallet;
        let offer = match wallet.start_adding(link).await {
            Ok(offer) => offer,
            Err(problem) => return (Step::Reading, Err(problem)),
        };
        plain(&serde_json::to_value(&offer).unwrap());
        let arrived = match wallet.accept_offer(&offer.id, Vec::new(), code).await {
            Ok(arrived) => arrived,
            Err(problem) => return (Step::Accepting, Err(problem)),
        };
        if arrived.received.is_some() || arrived.pending.is_empty() {
            return (Step::Accepting, Ok(()));
        }
        if issuer.ends.0 == Step::HalfAYearLater {
            // It says "later" again, and nobody is asked more often than it wants.
            let again = wallet.collect(None).await.unwrap();
            assert!(again[0].received.is_none() && again[0].pending[0].poll_after_s <= 7 * 24 * 60 * 60);
            return (Step::HalfAYearLater, Ok(()));
        }
        loop {
            match wallet.collect(None).await {
                Ok(arrived) if still_waiting(&arrived) => tokio::time::sleep(Duration::from_millis(100)).await,
                outcome => return (Step::Collecting, outcome.map(drop)),
            }
        }
    }

    /// Nothing of it is here.
    async fn is_as_before(&self, name: &str) {
        assert!(self.wallet.documents().await.unwrap().is_empty(), "{name}");
        assert!(self.wallet.pending_received().await.unwrap().is_empty(), "{name}");
        assert!(self.wallet.promised().await.unwrap().is_empty(), "{name}");
        assert!(history(&self.wallet).await.is_empty(), "{name}");
    }

    /// Time goes by for what was promised.
    async fn half_a_year_later(&mut self) {
        let limits = config(self.folder.path());
        let elsewhere = tempfile::tempdir().unwrap();
        // One wallet has a folder to itself: this one moves out while its store is changed.
        let out = Wallet::open(config(elsewhere.path())).await.unwrap();
        drop(std::mem::replace(&mut self.wallet, out));
        let store = inside(self.folder.path());
        store
            .write::<_, StoreError>(|transaction| {
                for journey in transaction.journeys()? {
                    let then = journey.started_at - jiff::SignedDuration::from_secs(HALF_A_YEAR);
                    transaction.forget_journey(&journey.id)?;
                    transaction.put_journey(&journey.id, &journey.kind, &journey.state, then)?;
                }
                Ok(())
            })
            .unwrap();
        drop(store);
        let wallet = Wallet::open(limits).await.unwrap();
        wallet.unlock(pin()).await.unwrap();
        self.wallet = wallet;
    }
}

fn still_waiting(arrived: &[ArrivedView]) -> bool {
    arrived
        .iter()
        .all(|one| one.received.is_none() && !one.pending.is_empty())
}

/// Nothing in it moves the cursor, hides, or turns the direction of what stands beside it.
#[track_caller]
fn plain(shown: &Value) {
    match shown {
        Value::String(text) => {
            let turning = |c: char| {
                let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
                c.is_control() || hidden || c == '\u{feff}'
            };
            assert!(!text.contains(turning), "{text:?}");
        }
        Value::Array(items) => items.iter().for_each(plain),
        Value::Object(members) => members.values().for_each(plain),
        _ => {}
    }
}

/// Every one of them ends as it is listed; who does not is named.
async fn all_end_as_listed(issuers: Vec<Hostile>) {
    let far = FarTown::new().await;
    let mut others = Vec::new();
    for whose in [Whose::Anybodys, Whose::Vouched, Whose::Impatient, Whose::Real] {
        let mut theirs = issuers.iter().filter(|issuer| issuer.whose == whose).peekable();
        if theirs.peek().is_none() {
            continue;
        }
        far.line.plan(|_, _| Fate::Pass);
        let mut home = Home::of(whose, &far).await;
        for issuer in theirs {
            if let Err(otherwise) = meet(&mut home, &far, issuer).await {
                others.push(otherwise);
                far.line.plan(|_, _| Fate::Pass);
                home = Home::of(whose, &far).await;
            }
        }
        let folder = home.folder;
        drop(home.wallet);
        if whose != Whose::Real {
            no_orphan_keys(&inside(folder.path()));
        }
    }
    assert!(others.is_empty(), "{}", others.join("\n"));
}

async fn meet(home: &mut Home, far: &FarTown, issuer: &Hostile) -> Result<(), String> {
    let name = issuer.name;
    let made = far.sandbox.offer(&issuer.offer).unwrap();
    let link = (issuer.link)(far, made.uri.clone());
    let before = far.line.seen().len();
    far.line.plan((issuer.trick)(far));
    let code = made.tx_code.clone().map(|_| TxCode::new("000000".to_owned()));
    // Not a measurement: without an end of its own this would never come back.
    let met = tokio::time::timeout(Duration::from_secs(120), home.meets(issuer, &link, code)).await;
    let Ok((step, mut outcome)) = met else {
        return Err(format!("{name}: no end"));
    };
    if step == Step::HalfAYearLater {
        home.half_a_year_later().await;
        outcome = home.wallet.collect(None).await.map(drop);
    }
    let ended = (step, outcome.as_ref().err().map(|problem| problem.code));
    let (expected_step, code) = issuer.ends;
    if ended != (expected_step, Some(code)) {
        return Err(format!("{name}: {ended:?}, not {:?}: {outcome:?}", issuer.ends));
    }
    // With its words, and the sentence on what left: nothing did.
    let problem = refused(outcome, code, DataLeft::No);
    assert!(
        problem.happened.ends_with("Nothing was shared."),
        "{name}: {}",
        problem.happened
    );
    plain(&serde_json::to_value(&problem).unwrap());
    home.is_as_before(name).await;
    (issuer.also)(&far.line.seen()[before..]);
    Ok(())
}

#[tokio::test]
async fn hostile_while_an_offer_is_read() {
    all_end_as_listed(reading::issuers()).await;
}

#[tokio::test]
async fn hostile_while_a_token_is_had() {
    all_end_as_listed(granting::issuers()).await;
}

#[tokio::test]
async fn hostile_while_a_document_is_handed_over() {
    all_end_as_listed(handing_over::issuers()).await;
}

#[test]
fn there_are_more_than_thirty_and_each_has_a_name_of_its_own() {
    let all = [reading::issuers(), granting::issuers(), handing_over::issuers()];
    let names: std::collections::BTreeSet<&str> = all.iter().flatten().map(|issuer| issuer.name).collect();
    assert_eq!(names.len(), all.iter().map(Vec::len).sum::<usize>());
    assert!(names.len() >= 60, "{}", names.len());
}
