//! The command line as typed. Its help is in `wallet-core/locales` (`cli-help-…`), in both languages; see [`crate::help`].

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use wallet_core::view;

/// A digital wallet in a terminal.
#[derive(Parser)]
#[command(name = "wallet", version, disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options before or after any command.
#[derive(Args)]
pub struct Global {
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "WALLET_DATA_DIR",
        hide_env_values = true
    )]
    pub data_dir: Option<PathBuf>,
    #[arg(long, global = true)]
    pub practice: bool,
    #[arg(long, global = true, value_enum, value_name = "os|file", hide_possible_values = true)]
    pub keystore: Option<Keystore>,
    #[arg(long, global = true, value_name = "FILE|-")]
    pub pin_file: Option<PathBuf>,
    #[arg(long, global = true, value_enum, value_name = "en|cy", hide_possible_values = true)]
    pub lang: Option<Lang>,
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_name = "FILE.pem")]
    pub tls_root: Vec<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Keystore {
    Os,
    File,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Lang {
    En,
    Cy,
}

impl From<Lang> for view::Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Cy => Self::Cy,
        }
    }
}

impl From<Keystore> for view::KeyProtection {
    fn from(keystore: Keystore) -> Self {
        match keystore {
            Keystore::Os => Self::Os,
            Keystore::File => Self::File,
        }
    }
}

#[derive(Subcommand)]
pub enum Command {
    Init,
    Doctor,
    #[command(subcommand)]
    Trust(Trust),
    Offer(LinkArg),
    Add(Add),
    Collect(Collect),
    #[command(subcommand)]
    Provider(Provider),
    Documents,
    Document(IdArg),
    Remove(IdArg),
    Refresh(Refresh),
    Request(LinkArg),
    Share(Share),
    Decline(LinkArg),
    Show(Show),
    #[command(args_conflicts_with_subcommands = true)]
    History(History),
    Lock,
}

#[derive(Subcommand)]
pub enum Trust {
    Add(TrustAdd),
    List,
    Remove(IdArg),
}

#[derive(Args)]
pub struct TrustAdd {
    #[arg(value_name = "FILE.pem|DID")]
    pub anchor: String,
    #[arg(
        long = "as",
        value_enum,
        value_name = "issuer|service|status|attester",
        hide_possible_values = true
    )]
    pub role: Role,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Role {
    Issuer,
    Service,
    Status,
    Attester,
}

#[derive(Args)]
pub struct LinkArg {
    #[arg(value_name = "LINK")]
    pub link: String,
}

#[derive(Args)]
pub struct IdArg {
    // An id is base64url and may start with a hyphen.
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub id: String,
}

#[derive(Subcommand)]
pub enum Provider {
    Set(ProviderSet),
    Show,
}

#[derive(Args)]
pub struct ProviderSet {
    #[arg(value_name = "URL")]
    pub url: String,
}

#[derive(Args)]
pub struct Collect {
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub id: Option<String>,
}

#[derive(Args)]
pub struct Refresh {
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    pub id: Option<String>,
    #[arg(long)]
    pub again: bool,
}

#[derive(Args)]
pub struct Add {
    #[arg(value_name = "LINK", required_unless_present = "issuer")]
    pub link: Option<String>,
    #[arg(long, value_name = "URL", conflicts_with = "link", requires = "configuration")]
    pub issuer: Option<String>,
    #[arg(long, value_name = "ID", requires = "issuer")]
    pub configuration: Vec<String>,
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub redirect_port: Option<u16>,
    #[arg(long, value_name = "TX_CODE")]
    pub code: Option<String>,
    #[arg(long, value_name = "CONFIGURATION_ID")]
    pub only: Vec<String>,
}

#[derive(Args)]
pub struct Share {
    #[command(flatten)]
    pub link: LinkArg,
    #[arg(long)]
    pub approve: bool,
    #[arg(long = "use", value_name = "QUERY=DOCUMENT", value_parser = pair)]
    pub use_document: Vec<(String, String)>,
    #[arg(long, value_name = "QUERY=NUMBER", value_parser = numbered)]
    pub details: Vec<(String, u32)>,
    #[arg(long, value_name = "QUERY")]
    pub add: Vec<String>,
    #[arg(long)]
    pub despite_warnings: bool,
    #[arg(long)]
    pub open: bool,
}

#[derive(Args)]
pub struct Show {
    #[arg(value_name = "PROOF", required_unless_present = "list")]
    pub proof: Option<String>,
    #[arg(long, conflicts_with_all = ["proof", "qr", "seconds"])]
    pub list: bool,
    #[arg(long, value_name = "FILE.svg|FILE.png|-", value_parser = qr_target)]
    pub qr: Option<QrTarget>,
    #[arg(long = "for", value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(10..=600))]
    pub seconds: u32,
}

/// Where a code is drawn.
#[derive(Clone)]
pub enum QrTarget {
    Terminal,
    Svg(PathBuf),
    Png(PathBuf),
}

#[derive(Args)]
pub struct History {
    #[command(subcommand)]
    pub command: Option<HistoryCommand>,
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub service: Option<String>,
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub document: Option<String>,
    #[arg(long, value_enum, hide_possible_values = true)]
    pub kind: Option<Kind>,
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub since: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
}

#[derive(Subcommand)]
pub enum HistoryCommand {
    Show(IdArg),
    Verify,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Kind {
    Added,
    Renewed,
    Removed,
    Shared,
    Shown,
    Declined,
    Refused,
}

impl From<Kind> for view::HistoryKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Added => Self::Added,
            Kind::Renewed => Self::Renewed,
            Kind::Removed => Self::Removed,
            Kind::Shared => Self::Shared,
            Kind::Shown => Self::Shown,
            Kind::Declined => Self::Declined,
            Kind::Refused => Self::Refused,
        }
    }
}

impl Command {
    /// The link this command reads, where it reads one.
    pub fn link(&self) -> Option<&str> {
        match self {
            Self::Offer(link) | Self::Request(link) | Self::Decline(link) => Some(&link.link),
            Self::Add(add) => add.link.as_deref(),
            Self::Share(share) => Some(&share.link.link),
            _ => None,
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((query, document)) if !query.is_empty() && !document.is_empty() => {
            Ok((query.to_owned(), document.to_owned()))
        }
        _ => Err("expected QUERY=DOCUMENT".to_owned()),
    }
}

fn numbered(text: &str) -> Result<(String, u32), String> {
    match text.rsplit_once('=').map(|(query, number)| (query, number.parse())) {
        Some((query, Ok(number))) if !query.is_empty() => Ok((query.to_owned(), number)),
        _ => Err("expected QUERY=NUMBER".to_owned()),
    }
}

fn date(text: &str) -> Result<String, String> {
    match text.parse::<jiff::civil::Date>() {
        Ok(date) => Ok(date.to_string()),
        Err(_) => Err("expected a date like 2026-11-25".to_owned()),
    }
}

fn qr_target(text: &str) -> Result<QrTarget, String> {
    let path = PathBuf::from(text);
    let ending = path
        .extension()
        .and_then(|ending| ending.to_str())
        .map(str::to_ascii_lowercase);
    match (text, ending.as_deref()) {
        ("-", _) => Ok(QrTarget::Terminal),
        (_, Some("svg")) => Ok(QrTarget::Svg(path)),
        (_, Some("png")) => Ok(QrTarget::Png(path)),
        _ => Err("expected a file ending in .svg or .png, or -".to_owned()),
    }
}
