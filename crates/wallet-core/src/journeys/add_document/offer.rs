//! Read an offer: the link, the metadata, who offers it, and how it is shown.

use serde::{Deserialize, Serialize};
use wallet_credentials::credential::Format;
use wallet_protocols::endpoint::IssuerIdentifier;
use wallet_protocols::http::HttpRequest;
use wallet_protocols::openid4vci::{
    CredentialOffer, CredentialTarget, InputMode, IssuerMetadata, OfferLink, ResolvedOffer, issuer_metadata_requests,
};

use super::grant::{KeptGrant, read_metadata};
use super::{About, Adding, COPIES, Issuer, OPEN};
use crate::clock::{after, lower};
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::lists;
use crate::journeys::trust::{Known, Trust};
use crate::journeys::{Context, IssuerWords, display_name, document_name, provider};
use crate::labels::{clean, document_kind};
use crate::net::{NetError, Reach};
use crate::problem::ProblemCode;
use crate::store::offers::StoredOffer;
use crate::store::{StoreError, Transaction, link_digest, new_id};
use crate::view::{CodeView, OfferView, OfferedDocumentView};

/// An offer as it was read, kept so that accepting it needs no second fetch: an offer by reference may be given out once.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptOffer {
    pub(super) offer: String,
    pub(super) metadata: String,
    pub(super) local: bool,
    pub(super) issuer: Issuer,
    /// What its code or its sign-in brought, until what it grants has arrived: both are good once, so a kill in between goes on
    /// with this.
    #[serde(default)]
    pub(super) granted: Option<KeptGrant>,
    /// What was promised of it and has come since: not asked for again.
    #[serde(default)]
    pub(super) done: Vec<CredentialTarget>,
}

/// Reads an offer and everything needed to show it. Adds nothing.
pub(crate) async fn start(context: &Context<'_>, link: &str) -> Outcome<Adding> {
    context.in_time(read(context, link)).await
}

async fn read(context: &Context<'_>, link: &str) -> Outcome<Adding> {
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
        let metadata = usable(
            context,
            read_metadata(context, offer.credential_issuer.as_str(), &kept.metadata)?,
        )?;
        let resolved = ResolvedOffer::new(offer, metadata)?;
        let about = About {
            id: stored.id,
            reach,
            metadata: kept.metadata,
            issuer: kept.issuer,
        };
        return Ok(Adding { about, resolved });
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
    lists::refresh(context, offer.credential_issuer.url(), reach).await?;
    let metadata = issuer_metadata(context, &offer.credential_issuer, reach).await?;
    keep(context, digest, offer, metadata, reach)
}

/// Starts from this side: documents the person found with the issuer themselves, to be had by signing in (OpenID4VCI 1.0,
/// 3.3.2).
pub(crate) async fn start_at(context: &Context<'_>, issuer: &str, configurations: &[String]) -> Outcome<Adding> {
    context.in_time(read_at(context, issuer, configurations)).await
}

async fn read_at(context: &Context<'_>, issuer: &str, configurations: &[String]) -> Outcome<Adding> {
    let identifier = IssuerIdentifier::parse(issuer, context.policy())
        .map_err(|error| Failure::new(ProblemCode::LinkNotUnderstood, error))?;
    let reach = context.reach(identifier.url()).await;
    lists::refresh(context, identifier.url(), reach).await?;
    let metadata = issuer_metadata(context, &identifier, reach).await?;
    let resolved = ResolvedOffer::without_offer(metadata.metadata.clone(), configurations.to_vec())?;
    let offer = resolved.into_offer();
    let digest = link_digest(&format!("{issuer}\n{}", configurations.join("\n")));
    keep(context, digest, offer, metadata, reach)
}

/// Writes an offer down and makes it ready to be shown.
fn keep(
    context: &Context<'_>,
    link: [u8; 32],
    offer: CredentialOffer,
    read: ReadMetadata,
    reach: Reach,
) -> Outcome<Adding> {
    let now = context.now();
    let ReadMetadata { metadata, text, known } = read;
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
        metadata: text.clone(),
        local: reach == Reach::Local,
        issuer: issuer.clone(),
        granted: None,
        done: Vec::new(),
    };
    let resolved = ResolvedOffer::new(offer, usable(context, metadata)?)?;
    let stored = StoredOffer {
        id: new_id()?,
        link,
        content: serde_json::to_vec(&kept).map_err(|_| StoreError::Unreadable("offer"))?,
        read_at: now,
        expires_at: after(now, OPEN),
    };
    context
        .store
        .write::<_, StoreError>(|transaction| transaction.keep_offer(&stored))?;
    let about = About {
        id: stored.id,
        reach,
        metadata: text,
        issuer,
    };
    Ok(Adding { about, resolved })
}

/// What of it this wallet can hold: without a wallet provider nothing that needs a key attestation.
fn usable(context: &Context<'_>, metadata: IssuerMetadata) -> Outcome<IssuerMetadata> {
    Ok(if provider::is_set(context)? {
        metadata
    } else {
        metadata.without_key_attestations()
    })
}

/// What an issuer says about itself, as text too, to be kept, and who vouches for that.
pub(super) struct ReadMetadata {
    pub(super) metadata: IssuerMetadata,
    pub(super) text: String,
    pub(super) known: Known,
}

/// Fetches the issuer's metadata. Where it offers a signed form that verifies, that is what counts: two answers need not say
/// the same, and only one of them has somebody who stands behind it (OpenID4VCI 1.0, 12.2.3).
pub(super) async fn issuer_metadata(
    context: &Context<'_>,
    issuer: &IssuerIdentifier,
    reach: Reach,
) -> Outcome<ReadMetadata> {
    let (metadata, text) = plain_metadata(context, issuer, reach).await?;
    let trust = Trust::load(context.store, context.practice, lower(context.now()))?;
    let signed = signed_metadata(context, &trust, issuer, reach).await;
    Ok(signed.unwrap_or(ReadMetadata {
        metadata,
        text,
        known: Known::stranger(),
    }))
}

/// The metadata from the first well-known form that answers.
async fn plain_metadata(
    context: &Context<'_>,
    issuer: &IssuerIdentifier,
    reach: Reach,
) -> Outcome<(IssuerMetadata, String)> {
    let mut failure = None;
    for request in issuer_metadata_requests(issuer) {
        let response = match context.send(&request, reach).await {
            Ok(response) => response,
            Err(error) => {
                let elsewhere = matches!(error, NetError::Redirected);
                _ = failure.get_or_insert(Failure::from(error));
                // Somebody who does not answer, or without end, does not do so at the next address.
                if elsewhere {
                    continue;
                }
                break;
            }
        };
        match IssuerMetadata::read(issuer, &response, context.policy()) {
            Ok(metadata) => return Ok((metadata, String::from_utf8_lossy(&response.body).into_owned())),
            Err(error) => _ = failure.get_or_insert(error.into()),
        }
    }
    Err(failure.unwrap_or_else(|| Failure::new(ProblemCode::ServiceUnreachable, "no metadata")))
}

/// The metadata as somebody this wallet knows has signed it. Before a document is there, this is the only thing that can tell
/// who is offering.
async fn signed_metadata(
    context: &Context<'_>,
    trust: &Trust,
    issuer: &IssuerIdentifier,
    reach: Reach,
) -> Option<ReadMetadata> {
    let request = issuer_metadata_requests(issuer).into_iter().next()?;
    let request = HttpRequest::get(request.url, "application/jwt");
    let response = context.send(&request, reach).await.ok()?;
    if response.status != 200 || response.media_type() != "application/jwt" {
        return None;
    }
    let jwt = std::str::from_utf8(&response.body).ok()?;
    let now = lower(context.now());
    let (known, text) = trust.signed_metadata(jwt.trim(), issuer.as_str(), context.language, now)?;
    let metadata = read_metadata(context, issuer.as_str(), &text).ok()?;
    Some(ReadMetadata { metadata, text, known })
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
                            let path = crate::journeys::held::path_view(&claim.path);
                            let known = match configuration.format.format() {
                                Format::JwtVcJson => crate::journeys::held::in_jwt_vc(&path),
                                _ => path.clone(),
                            };
                            crate::labels::claim_label(type_id, &known, labels.get(&path).as_deref(), context.language)
                        })
                        .collect(),
                    copies: if configuration.proof_required { copies } else { 1 },
                    supported: true,
                    notes: super::super::document_notes(
                        configuration.format.format().as_str(),
                        type_id,
                        context.language,
                    ),
                }
            })
            .collect();
        let code = self.resolved.transaction_code().map(|code| CodeView {
            length: code.length,
            numeric: code.input_mode == InputMode::Numeric,
            description: code.description.as_deref().map(|text| clean(text, 300)),
        });
        OfferView {
            id: self.about.id.clone(),
            issuer: self.about.issuer.view(),
            documents,
            needs_code: code.is_some(),
            code,
            grant: if self.resolved.is_pre_authorized() {
                "pre-authorized_code".to_owned()
            } else {
                "authorization_code".to_owned()
            },
            insecure: self.resolved.metadata().credential_endpoint.url().scheme() == "http",
        }
    }
}

pub(super) fn kept_offer(stored: &StoredOffer) -> Outcome<KeptOffer> {
    serde_json::from_slice(&stored.content).map_err(|_| StoreError::Unreadable("offer").into())
}

/// What was promised of an offer and has come since.
pub(super) fn done(context: &Context<'_>, id: &str) -> Outcome<Vec<CredentialTarget>> {
    let now = context.now();
    let stored = context
        .store
        .read::<_, StoreError>(|transaction| transaction.offer(id, now))?;
    let kept = stored.map(|stored| kept_offer(&stored)).transpose()?;
    Ok(kept.map(|kept| kept.done).unwrap_or_default())
}

/// Writes down that a promise of an offer was kept, where more of the offer is still to come.
pub(super) fn has_come(
    transaction: &Transaction<'_>,
    id: &str,
    target: &CredentialTarget,
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    let Some(mut stored) = transaction.offer(id, now)? else {
        return Ok(());
    };
    let damaged = |_| StoreError::Unreadable("offer");
    let mut kept: KeptOffer = serde_json::from_slice(&stored.content).map_err(damaged)?;
    kept.done.push(target.clone());
    stored.content = serde_json::to_vec(&kept).map_err(damaged)?;
    transaction.keep_offer(&stored)
}

/// Forgets an offer that was read. That it stays until it expires would do no harm.
pub(super) fn forget(context: &Context<'_>, id: &str) {
    let _ = context
        .store
        .write(|transaction| transaction.forget_offer(id, context.now()));
}
