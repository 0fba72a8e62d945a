//! One file a journey. Each command opens the wallet, does one thing and answers.

mod add;
mod documents;
mod history;
mod provider;
mod refresh;
mod setup;
mod share;
mod show;
mod trust;

use wallet_core::labels::date_text;
use wallet_core::view::{ClaimView, Language, PartyView, RecognitionView};
use wallet_core::words::Arg;
use wallet_core::{Client, TimeLimits, Wallet, WalletConfig};

use crate::answer::{Answer, Failure, Voice};
use crate::args::{Command, Global};
use crate::paint::{Paint, Progress};
use crate::person::{PinSource, TypedPin};
use crate::say::Say;

type Outcome = Result<Answer, Failure>;

/// An open wallet and how to speak about it.
struct Context {
    wallet: Wallet,
    say: Say,
    pins: PinSource,
    paint: Paint,
}

impl Context {
    fn language(&self) -> Language {
        self.say.language()
    }

    fn say(&self, id: &str) -> String {
        self.say.say(id)
    }

    fn say_with(&self, id: &str, args: &[(&'static str, Arg<'_>)]) -> String {
        self.say.say_with(id, args)
    }

    fn progress(&self, id: &str) -> Progress {
        Progress::say(&self.say(id))
    }

    /// Opens the store with the PIN, which is kept for the question of this command.
    async fn unlock(&self) -> Result<TypedPin, Failure> {
        let state = self.wallet.state();
        if !state.initialised {
            use wallet_core::problem::{DataLeft, ProblemCode};
            return Err(self.wallet.problem(ProblemCode::NotInitialised, DataLeft::No).into());
        }
        let pin = self.pins.read()?;
        let _progress = self.progress("cli-progress-unlocking");
        self.wallet.unlock(pin.pin()).await?;
        Ok(pin)
    }

    /// "Larkfield Surgery · registered service · larkfield.example".
    fn service(&self, party: &PartyView) -> String {
        self.party(party, "cli-registered")
    }

    /// "DVLA · on the trust list · dvla.example".
    fn issuer(&self, party: &PartyView) -> String {
        self.party(party, "cli-recognised")
    }

    fn party(&self, party: &PartyView, recognised: &str) -> String {
        let known = match party.recognition {
            RecognitionView::Recognised => recognised,
            RecognitionView::AddedByYou => "cli-added-by-you",
            RecognitionView::VouchedFor => "cli-vouched-for",
            RecognitionView::NotListed => "cli-not-listed",
            RecognitionView::Withdrawn => "cli-withdrawn",
        };
        format!("{} · {} · {}", party.name, self.say(known), party.host)
    }

    fn date(&self, date: &str) -> String {
        date_text(date, self.language())
    }

    /// The details of a document or a question, sensitive ones marked.
    fn claims(&self, indent: usize, claims: &[ClaimView]) -> String {
        let rows: Vec<(String, String)> = claims
            .iter()
            .map(|claim| {
                let mut text = if claim.picture {
                    self.say("cli-a-picture")
                } else {
                    claim.text.clone()
                };
                if claim.sensitive {
                    text = format!("{text}  · {}", self.say("cli-sensitive"));
                }
                (claim.label.clone(), text)
            })
            .collect();
        crate::paint::rows(indent, &rows)
    }
}

/// Runs one command. The voice comes back with the wallet's own language, which the answer is spoken in.
pub async fn run(global: Global, command: Command, mut voice: Voice) -> (Voice, Outcome) {
    let outcome = start(global, command, &mut voice).await;
    (voice, outcome)
}

async fn start(global: Global, command: Command, voice: &mut Voice) -> Outcome {
    let pins = PinSource::new(global.pin_file, voice.say);
    if pins.is_standard_input() && command.link() == Some("-") {
        return Err(Failure::WrongUse(voice.say.say("cli-both-from-stdin")));
    }
    if matches!(command, Command::Lock) {
        let text = format!("{}\n", voice.say.say("cli-lock"));
        return Ok(Answer::new(serde_json::json!({ "locked": true }), text));
    }
    let config = WalletConfig {
        data_dir: global.data_dir,
        practice: global.practice,
        keystore: global.keystore.map(Into::into),
        language: global.lang.map(Into::into),
        tls_roots: global.tls_root,
        client: Client::Terminal,
        time_limits: TimeLimits::default(),
    };
    let wallet = Wallet::open(config).await?;
    voice.say = Say::new(wallet.language(), voice.practice);
    let context = Context {
        wallet,
        say: voice.say,
        pins,
        paint: Paint::for_results(),
    };
    match command {
        Command::Init => setup::init(&context).await,
        Command::Doctor => setup::doctor(&context).await,
        Command::Trust(command) => trust::run(&context, command).await,
        Command::Offer(link) => add::offer(&context, &link.link).await,
        Command::Add(add) => add::add(&context, add).await,
        Command::Collect(collect) => add::collect(&context, collect.id.as_deref()).await,
        Command::Provider(command) => provider::run(&context, command).await,
        Command::Documents => documents::list(&context).await,
        Command::Document(id) => documents::one(&context, &id.id).await,
        Command::Remove(id) => documents::remove(&context, &id.id).await,
        Command::Refresh(refresh) => refresh::refresh(&context, refresh.id.as_deref(), refresh.again).await,
        Command::Request(link) => share::request(&context, &link.link).await,
        Command::Share(share) => share::share(&context, share, voice.json).await,
        Command::Decline(link) => share::decline(&context, &link.link).await,
        Command::Show(show) => show::run(&context, show, voice.json).await,
        Command::History(history) => history::run(&context, history).await,
        Command::Lock => Err(Failure::WrongUse(context.say("cli-no-command"))),
    }
}
