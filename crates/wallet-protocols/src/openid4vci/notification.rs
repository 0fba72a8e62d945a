//! Telling the issuer what became of a credential (OpenID4VCI 1.0, 11). A failure here harms nobody.

use serde_json::json;

use super::token::AccessToken;
use crate::endpoint::Endpoint;
use crate::http::{HttpRequest, JSON};

/// The handle an issuer gives for notifications about one response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationId(pub(super) String);

impl NotificationId {
    /// A handle that was kept.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The handle.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What became of the credential (11.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationEvent {
    /// It was stored.
    Accepted,
    /// It could not be stored or used.
    Failure,
    /// The person did not want it.
    Deleted,
}

impl NotificationEvent {
    /// The value on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "credential_accepted",
            Self::Failure => "credential_failure",
            Self::Deleted => "credential_deleted",
        }
    }

    /// The event of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Accepted, Self::Failure, Self::Deleted]
            .into_iter()
            .find(|event| event.as_str() == name)
    }
}

pub(super) fn notification_request(
    endpoint: &Endpoint,
    token: &AccessToken,
    id: &NotificationId,
    event: NotificationEvent,
) -> HttpRequest {
    let body = json!({"notification_id": id.as_str(), "event": event.as_str()});
    HttpRequest::post(endpoint.url().clone(), JSON, body.to_string().into_bytes())
        .with_header("authorization", token.authorization())
}
