//! What a person does with the wallet, from the first step to the last. Each journey is a chain of consumed states inside;
//! the facade holds the current one.

pub(crate) mod add_document;
pub(crate) mod documents;
pub(crate) mod failure;
pub(crate) mod held;
pub(crate) mod history;
pub(crate) mod lists;
pub(crate) mod progress;
pub(crate) mod provider;
pub(crate) mod share;
pub(crate) mod show_in_person;
pub(crate) mod status;
pub(crate) mod trust;

use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use wallet_protocols::endpoint::TransportPolicy;
use wallet_protocols::http::{HttpRequest, HttpResponse};
use wallet_protocols::openid4vci::{CredentialConfiguration, Display, LocalName};

use crate::clock::Clock;
use crate::keys::Keys;
use crate::labels::clean;
use crate::net::{Net, NetError, Reach};
use crate::store::Store;
use crate::view::{Language, PathView};
use failure::Outcome;

/// What every journey works with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'w> {
    pub(crate) store: &'w Store,
    pub(crate) keys: &'w Keys,
    pub(crate) net: &'w Net,
    pub(crate) clock: Clock,
    pub(crate) progress: &'w progress::Progress,
    pub(crate) browser: &'w add_document::Browser,
    pub(crate) language: Language,
    /// The practice profile.
    pub(crate) practice: bool,
    /// Links may name addresses of this machine and its network: the practice profile, and the terminal.
    pub(crate) local_links: bool,
    /// The wallet may be known to an issuer by one key (`private_key_jwt`). Such a key is the same everywhere, so only the
    /// terminal has it: there people try out issuers that were told of it.
    pub(crate) client_key: bool,
    /// How many answers to services are being given at this moment: the copies they use stay until they are given.
    pub(crate) answering: &'w AtomicUsize,
}

impl Context<'_> {
    /// Whether a service is being answered at this moment.
    pub(crate) fn is_answering(&self) -> bool {
        self.answering.load(Ordering::SeqCst) > 0
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What URLs a link may carry.
    pub(crate) fn policy(&self) -> TransportPolicy {
        if self.local_links {
            TransportPolicy::HttpAllowed
        } else {
            TransportPolicy::HttpsOnly
        }
    }

    /// Where a journey may go that starts at `first`, the place the link itself names: into the local network only if it
    /// begins there.
    pub(crate) async fn reach(&self, first: &Url) -> Reach {
        if self.local_links && self.net.leads_to_local(first).await {
            Reach::Local
        } else {
            Reach::Public
        }
    }

    /// One step of a journey, for as long as a step may take: who answers everything just before it would be too late does not
    /// keep the person waiting for ever.
    pub(crate) async fn in_time<T>(&self, step: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        tokio::time::timeout(self.net.limits().step, step)
            .await
            .unwrap_or_else(|_| {
                let code = crate::problem::ProblemCode::ServiceUnreachable;
                Err(failure::Failure::new(code, "it took too long altogether"))
            })
    }

    pub(crate) async fn send(&self, request: &HttpRequest, reach: Reach) -> Result<HttpResponse, NetError> {
        self.net.send(request, reach).await
    }
}

/// What the issuer calls a document and its details; kept with the document, without any value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct IssuerWords {
    names: Vec<Word>,
    claims: Vec<ClaimWords>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Word {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ClaimWords {
    path: PathView,
    names: Vec<Word>,
}

impl IssuerWords {
    /// Takes the words of a configuration, cleaned and bounded.
    pub(crate) fn of(configuration: &CredentialConfiguration) -> Self {
        let word = |text: &str, locale: &Option<String>| Word {
            text: clean(text, 100),
            locale: locale.as_deref().map(|tag| clean(tag, 20)),
        };
        Self {
            names: configuration
                .display
                .iter()
                .take(20)
                .map(|d| word(&d.name, &d.locale))
                .collect(),
            claims: configuration
                .claims
                .iter()
                .take(200)
                .map(|claim| ClaimWords {
                    path: held::path_view(&claim.path),
                    names: claim
                        .display
                        .iter()
                        .take(20)
                        .map(|d| word(&d.name, &d.locale))
                        .collect(),
                })
                .collect(),
        }
    }

    /// Reads what was kept.
    pub(crate) fn read(metadata: &str) -> Self {
        serde_json::from_str(metadata).unwrap_or_default()
    }

    /// To be kept.
    pub(crate) fn to_json(&self) -> String {
        // Texts and paths always serialise.
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }

    /// The document's name in a language.
    pub(crate) fn name(&self, language: Language) -> Option<String> {
        pick(&self.names, language)
    }

    /// The labels of its details in a language.
    pub(crate) fn labels(&self, language: Language) -> Labels {
        Labels(
            self.claims
                .iter()
                .map(|c| (c.path.clone(), pick(&c.names, language)))
                .collect(),
        )
    }
}

fn pick(words: &[Word], language: Language) -> Option<String> {
    let entries: Vec<LocalName> = words
        .iter()
        .map(|w| LocalName {
            name: w.text.clone(),
            locale: w.locale.clone(),
        })
        .collect();
    LocalName::for_language(&entries, tag(language)).map(|entry| entry.name.clone())
}

/// The issuer's labels by path, in one language.
#[derive(Debug, Clone, Default)]
pub(crate) struct Labels(Vec<(PathView, Option<String>)>);

impl Labels {
    /// Where a path stands in the issuer's order; the end for what it does not name.
    pub(crate) fn position(&self, path: &[Value]) -> usize {
        self.0
            .iter()
            .position(|(known, _)| path.starts_with(known))
            .unwrap_or(usize::MAX)
    }

    pub(crate) fn get(&self, path: &[Value]) -> Option<String> {
        self.0
            .iter()
            .find(|(known, _)| known == path)
            .and_then(|(_, label)| label.clone())
    }
}

/// The name an issuer gives itself.
pub(crate) fn display_name(display: &[Display], language: Language) -> Option<String> {
    Display::for_language(display, tag(language))
        .map(|entry| clean(&entry.name, 120))
        .filter(|name| !name.is_empty())
}

fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Cy => "cy",
    }
}

/// The name of a document: this wallet's word for a type it knows, else the issuer's, else the type itself.
pub(crate) fn document_name(type_id: &str, words: &IssuerWords, language: Language) -> String {
    crate::labels::document_name(type_id, language)
        .or_else(|| words.name(language))
        .unwrap_or_else(|| clean(type_id, 100))
}

/// What everybody who holds a document of this form (`mso_mdoc` and so on) and type should know, a sentence each.
pub(crate) fn document_notes(format: &str, type_id: &str, language: Language) -> Vec<String> {
    let whole = (format == wallet_credentials::jwt_vc::FORMAT)
        .then(|| crate::words::Words::for_language(language).message("note-shared-whole", &[]));
    whole
        .into_iter()
        .chain(crate::labels::document_note(type_id, language))
        .collect()
}

/// Runs work that blocks (the disk, Argon2, the keystore) beside the asynchronous run-time.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
        Err(failure::Failure::new(
            crate::problem::ProblemCode::SomethingWentWrong,
            "a task ended early",
        ))
    })
}
