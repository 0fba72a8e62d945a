//! Read an offer: the link, the metadata, who offers it, and how it is shown.

use serde::{Deserialize, Serialize};
use wallet_protocols::http::{HttpRequest, HttpResponse};
use wallet_protocols::openid4vci::{
    CredentialOffer, InputMode, IssuerMetadata, OfferLink, ResolvedOffer, issuer_metadata_requests,
};

use super::{Adding, COPIES, Issuer, OPEN};
use crate::clock::{after, lower};
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::lists;
use crate::journeys::trust::{Known, Trust};
use crate::journeys::{Context, IssuerWords, display_name, document_name};
use crate::labels::{clean, document_kind};
use crate::net::Reach;
use crate::problem::ProblemCode;
use crate::store::offers::StoredOffer;
use crate::store::{StoreError, link_digest, new_id};
use crate::view::{CodeView, OfferView, OfferedDocumentView, RecognitionView};

/// An offer as it was read, kept so that accepting it needs no second fetch: an offer by reference may be given out once.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptOffer {
    pub(super) offer: String,
    pub(super) metadata: String,
    pub(super) local: bool,
    pub(super) issuer: Issuer,
    /// The answer that redeemed its code, until what it grants has arrived: a code is good once, so a kill in between goes on
    /// with this.
    #[serde(default)]
    pub(super) redeemed: Option<Redeemed>,
}

/// A token response, and whether the wallet named itself for it. Holds an access token: it stands in the encrypted store and
/// nowhere else.
#[derive(Serialize, Deserialize)]
pub(super) struct Redeemed {
    pub(super) body: String,
    pub(super) named: bool,
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
        let metadata = metadata.without_key_attestations();
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
    lists::refresh(context, offer.credential_issuer.url(), reach).await?;
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
                .map(IssuerMetadata::without_key_attestations)
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
                            let path = crate::journeys::held::path_view(&claim.path);
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
}

pub(super) fn kept_offer(stored: &StoredOffer) -> Outcome<KeptOffer> {
    serde_json::from_slice(&stored.content).map_err(|_| StoreError::Unreadable("offer").into())
}

/// Forgets an offer that was read. That it stays until it expires would do no harm.
pub(super) fn forget(context: &Context<'_>, id: &str) {
    let _ = context
        .store
        .write(|transaction| transaction.forget_offer(id, context.now()));
}
