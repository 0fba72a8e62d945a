//! What an issuer says about a document now: Token Status List over the network.

use url::Url;
use wallet_credentials::status::{
    CWT_TYPE, JWT_MEDIA_TYPE, StatusError, StatusListExpectation, StatusListToken, StatusType,
};
use wallet_protocols::http::HttpRequest;

use super::Context;
use super::held::Held;
use super::trust::Trust;
use crate::net::Reach;
use crate::store::documents::StoredStatus;

/// Why the status could not be learnt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum StatusFailure {
    /// The list could not be fetched.
    #[error("the status list could not be fetched")]
    NotFetched,
    /// Nobody this wallet trusts stands behind the document, or the list names a key that is not bound to its issuer.
    #[error("nobody this wallet trusts may speak for this document's issuer")]
    NotTrusted,
    /// The list is not right: not signed by the issuer or one bound to it, out of date, about something else.
    #[error("the status list cannot be used: {0}")]
    Wrong(#[from] StatusError),
}

/// Fetches the list and reads the document's place in it. Nothing is fetched for a document whose issuer nobody vouches
/// for: its status would mean nothing (draft-ietf-oauth-status-list, 8.3), and asking tells that someone holds it.
pub(crate) async fn fetch(
    context: &Context<'_>,
    trust: &Trust,
    held: &Held,
    (uri, index): (&str, u64),
    reach: Reach,
) -> Result<StoredStatus, StatusFailure> {
    let at = crate::clock::lower(context.now());
    let source = trust.status_source(held, at).ok_or(StatusFailure::NotTrusted)?;
    let url = Url::parse(uri).map_err(|_| StatusFailure::NotFetched)?;
    // Each kind of document asks for the form of its own family first, and takes either.
    let accept = match held.sd_jwt_vc() {
        Some(_) => format!("{JWT_MEDIA_TYPE}, {CWT_TYPE};q=0.9"),
        None => format!("{CWT_TYPE}, {JWT_MEDIA_TYPE};q=0.9"),
    };
    let request = HttpRequest::get(url, &accept);
    let response = context
        .send(&request, reach)
        .await
        .map_err(|_| StatusFailure::NotFetched)?;
    if response.status != 200 {
        return Err(StatusFailure::NotFetched);
    }
    let token = StatusListToken::parse(&response.body)?;
    let key = source.key(&token).ok_or(StatusFailure::NotTrusted)?;
    let expected = StatusListExpectation {
        signers: key.signers(),
        uri,
    };
    Ok(match token.verify(expected, at)?.status_at(index)? {
        StatusType::Valid => StoredStatus::Valid,
        StatusType::Invalid => StoredStatus::Revoked,
        StatusType::Suspended => StoredStatus::Suspended,
        // A value this wallet does not know is not "valid" (section 7.1).
        _ => StoredStatus::NotChecked,
    })
}
