//! The authorities an issuer of GOV.UK's dialect publishes (`mdoc_iacas_uri`).
//!
//! Publishing makes nobody trusted: whom this wallet believes, its lists and its owner say. What an issuer publishes can only
//! take away: a document it hands over must be signed under one of its own authorities, and not merely under somebody this
//! wallet believes. They are fetched before anything is asked for, so that an answer nobody can check is never spent.

use wallet_credentials::mdoc::IssuerSigned;
use wallet_credentials::verified::Verified;
use wallet_protocols::openid4vci::govuk::{IacasError, read_iacas};

use super::grant::Grant;
use crate::journeys::Context;
use crate::journeys::failure::{Failure, Outcome};
use crate::problem::ProblemCode;

/// The fingerprints (SHA-256) of the certificates an issuer says it signs under.
pub(crate) struct Published(Vec<[u8; 32]>);

impl Published {
    /// Whether the way from this document to the anchor that vouches for it leads through one of them. A signer that somebody
    /// chose to believe by its own certificate needs no authority.
    pub(crate) fn cover(&self, document: &Verified<IssuerSigned>) -> bool {
        let chain = document.chain();
        let anchor = document.trusted_by().map(|anchor| anchor.certificate());
        let chosen = anchor.is_some() && anchor == chain.first();
        let above = chain.iter().skip(1).chain(anchor);
        chosen
            || above
                .into_iter()
                .any(|certificate| self.0.contains(&certificate.sha256()))
    }
}

/// Fetches what the issuer publishes, where it does: from its own origin, as its metadata has it.
///
/// # Errors
/// The list is elsewhere, cannot be fetched, or has a certificate under a fingerprint that is not its own.
pub(super) async fn published(context: &Context<'_>, grant: &Grant) -> Outcome<Option<Published>> {
    let metadata = grant.token.metadata();
    let Some(dialect) = &metadata.gov_uk else {
        return Ok(None);
    };
    let Some(request) = dialect.iacas_request() else {
        return Ok(None);
    };
    if request.url.origin() != metadata.credential_issuer.url().origin() {
        return Err(Failure::new(
            ProblemCode::IssuerAskedWrongly,
            "the issuer publishes its authorities at another origin",
        ));
    }
    let response = context.send(&request, grant.conversation.reach()).await?;
    let certificates = read_iacas(&response).map_err(|error| {
        let code = match error {
            IacasError::NotFetched { .. } => ProblemCode::ServiceUnreachable,
            _ => ProblemCode::IssuerAskedWrongly,
        };
        Failure::new(code, error)
    })?;
    Ok(Some(Published(
        certificates.iter().map(|certificate| certificate.sha256()).collect(),
    )))
}
