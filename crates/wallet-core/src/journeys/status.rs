//! What an issuer says about a document now: Token Status List over the network.

use jiff::Timestamp;
use url::Url;
use wallet_credentials::status::{StatusError, StatusListExpectation, StatusListToken, StatusType};
use wallet_protocols::http::HttpRequest;

use super::Context;
use super::trust::Trust;
use crate::net::Reach;
use crate::store::documents::StoredStatus;

/// Media type of a Status List Token (draft-ietf-oauth-status-list, 8.1).
const MEDIA_TYPE: &str = "application/statuslist+jwt";

/// Why the status could not be learnt.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum StatusFailure {
    /// The list could not be fetched.
    #[error("the status list could not be fetched")]
    NotFetched,
    /// The list is not signed under the issuer's or a status anchor.
    #[error("the status list is not signed by someone this wallet trusts")]
    NotTrusted,
    /// The list is not right.
    #[error("the status list cannot be used: {0}")]
    Wrong(#[from] StatusError),
}

/// Fetches the list and reads one place of it.
pub(crate) async fn fetch(
    context: &Context<'_>,
    trust: &Trust,
    uri: &str,
    index: u64,
    reach: Reach,
    now: Timestamp,
) -> Result<StoredStatus, StatusFailure> {
    let url = Url::parse(uri).map_err(|_| StatusFailure::NotFetched)?;
    let response = context
        .send(&HttpRequest::get(url, MEDIA_TYPE), reach)
        .await
        .map_err(|_| StatusFailure::NotFetched)?;
    if response.status != 200 {
        return Err(StatusFailure::NotFetched);
    }
    let text = std::str::from_utf8(&response.body)
        .map_err(|_| StatusError::Malformed)?
        .trim();
    read(trust, text, uri, index, now)
}

/// Verifies a Status List Token and reads one place of it.
fn read(trust: &Trust, text: &str, uri: &str, index: u64, now: Timestamp) -> Result<StoredStatus, StatusFailure> {
    let at = crate::clock::lower(now);
    let token = StatusListToken::parse(text)?;
    let key = trust.status_key(token.header(), at).ok_or(StatusFailure::NotTrusted)?;
    let token = token.verify(StatusListExpectation { key: &key, uri }, at)?;
    Ok(match token.status_at(index)? {
        StatusType::Valid => StoredStatus::Valid,
        StatusType::Invalid => StoredStatus::Revoked,
        StatusType::Suspended => StoredStatus::Suspended,
        // A value this wallet does not know is not "valid" (section 7.1).
        _ => StoredStatus::NotChecked,
    })
}
