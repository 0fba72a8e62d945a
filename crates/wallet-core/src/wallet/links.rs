//! Links from outside: what they are for, and the one that waits for the person.

use url::Url;

use super::{Reply, Wallet, guard};
use crate::journeys::failure::{Failure, Outcome};
use crate::problem::ProblemCode;
use crate::view::{LinkKind, WaitingView};

impl Wallet {
    /// What a link is for. Reads nothing but its form.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`].
    pub fn read_link(&self, text: &str) -> Reply<LinkKind> {
        kind(text).map_err(|failure| self.explain(failure))
    }

    /// The text of the QR code in a PNG or JPEG picture.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`].
    pub fn read_picture(&self, bytes: &[u8]) -> Reply<String> {
        crate::pictures::read_qr(bytes).map_err(|error| self.explain(error.into()))
    }

    /// A link arrived from outside: it waits for the person. What is no link a wallet can read is dropped.
    pub fn set_waiting(&self, link: String) {
        if kind(&link).is_ok() {
            *guard(&self.waiting) = Some(link);
        }
    }

    /// Takes the link that waits.
    pub fn take_waiting(&self) -> Option<(LinkKind, String)> {
        let link = guard(&self.waiting).take()?;
        Some((kind(&link).ok()?, link))
    }
}

fn kind(link: &str) -> Outcome<LinkKind> {
    if wallet_protocols::openid4vci::is_offer_link(link) {
        Ok(LinkKind::Offer)
    } else if wallet_protocols::openid4vp::is_request_link(link) {
        Ok(LinkKind::Request)
    } else {
        Err(Failure::new(
            ProblemCode::LinkNotUnderstood,
            "neither an offer nor a request",
        ))
    }
}

/// The host a link names, for the line "something is waiting". Unverified.
fn host_of(link: &str) -> String {
    let Ok(url) = Url::parse(link) else {
        return String::new();
    };
    let named = url.query_pairs().find_map(|(name, value)| match name.as_ref() {
        "credential_offer_uri" | "request_uri" | "response_uri" => Url::parse(&value).ok(),
        "credential_offer" => {
            let offer: serde_json::Value = serde_json::from_str(&value).ok()?;
            Url::parse(offer.get("credential_issuer")?.as_str()?).ok()
        }
        _ => None,
    });
    let host = named.as_ref().unwrap_or(&url).host_str().unwrap_or_default().to_owned();
    crate::labels::clean(&host, 253)
}

/// A link that waits, as it may be shown before unlocking.
pub(super) fn waiting_view(link: &str) -> Option<WaitingView> {
    Some(WaitingView {
        kind: kind(link).ok()?,
        host: host_of(link),
    })
}
