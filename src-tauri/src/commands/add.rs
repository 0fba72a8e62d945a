//! Adding a document, and opening what came from outside.

use std::sync::Arc;

use serde::Serialize;
use tauri::ipc::{InvokeBody, Request};
use tauri::{AppHandle, Emitter, Runtime, State, Url};
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{ArrivedView, DocumentSummary, LinkKind, OfferView, PendingView, ReceivedView, RequestView};
use wallet_core::{Pin, Problem, TxCode};

use super::share::may_be_opened;
use crate::shell::Shell;
use crate::windows;

/// The largest picture that is looked at.
const LARGEST_PICTURE: usize = 8 * 1024 * 1024;

/// What waited, opened to its first page; nothing is begun by it.
#[derive(Serialize)]
pub struct OpenedView {
    /// An offer or a request.
    kind: LinkKind,
    /// The offer, when it is one.
    offer: Option<OfferView>,
    /// The request, when it is one.
    request: Option<RequestView>,
}

/// Reads an offer and shows it; adds nothing.
#[tauri::command]
pub async fn start_adding(shell: State<'_, Shell>, link: String) -> Result<OfferView, Problem> {
    shell.wallet().await?.start_adding(&link).await
}

/// Accepts the offer and fetches what it promises, for the person to check; tells the window each step that is done.
#[tauri::command]
pub async fn accept_offer<R: Runtime>(
    app: AppHandle<R>,
    shell: State<'_, Shell>,
    offer: String,
    only: Vec<String>,
    code: Option<String>,
) -> Result<ArrivedView, Problem> {
    let code = code.map(TxCode::new);
    let wallet = shell.wallet().await?;
    wallet.on_adding_progress(Arc::new(move |done| {
        // Without a window there is nobody to tell.
        let _ = app.emit_to(windows::MAIN, windows::ADDING_PROGRESS, done);
    }));
    let practice = shell.is_practice();
    let open = move |address: &str| {
        let address = Url::parse(address)
            .ok()
            .filter(|address| may_be_opened(address, practice));
        address.is_some_and(|address| tauri_plugin_opener::open_url(address.as_str(), None::<&str>).is_ok())
    };
    wallet.set_browser(Arc::new(open), None);
    wallet.accept_offer(&offer, only, code).await
}

/// Keeps what was received.
#[tauri::command]
pub async fn keep_received(
    shell: State<'_, Shell>,
    received: String,
    pin: String,
) -> Result<Vec<DocumentSummary>, Problem> {
    let pin = Pin::new(pin);
    shell.wallet().await?.keep_received(&received, pin).await
}

/// Throws away what was received.
#[tauri::command]
pub async fn discard_received(shell: State<'_, Shell>, received: String) -> Result<(), Problem> {
    shell.wallet().await?.discard_received(&received).await
}

/// What was received and neither kept nor discarded: after a crash, for example.
#[tauri::command]
pub async fn pending_received(shell: State<'_, Shell>) -> Result<Vec<ReceivedView>, Problem> {
    shell.wallet().await?.pending_received().await
}

/// What issuers promised for later.
#[tauri::command]
pub async fn promised(shell: State<'_, Shell>) -> Result<Vec<PendingView>, Problem> {
    shell.wallet().await?.promised().await
}

/// Asks for what was promised and whose time has come; what is here waits to be checked.
#[tauri::command]
pub async fn collect(shell: State<'_, Shell>) -> Result<Vec<ArrivedView>, Problem> {
    shell.wallet().await?.collect(None).await
}

/// Leaves an offer alone; stops fetching what it promised.
#[tauri::command]
pub async fn cancel_adding(shell: State<'_, Shell>, offer: String) -> Result<(), Problem> {
    shell.wallet().await?.cancel_adding(&offer).await
}

/// Opens the link that came from outside. The link itself never reaches the screens.
#[tauri::command]
pub async fn open_waiting(shell: State<'_, Shell>) -> Result<OpenedView, Problem> {
    let wallet = shell.wallet().await?;
    let Some((kind, link)) = wallet.take_waiting() else {
        return Err(wallet.problem(ProblemCode::NotFound, DataLeft::No));
    };
    let from_picture = shell.take_from_picture();
    Ok(match kind {
        LinkKind::Offer => OpenedView {
            kind,
            offer: Some(wallet.start_adding(&link).await?),
            request: None,
        },
        LinkKind::Request => OpenedView {
            kind,
            offer: None,
            request: Some(wallet.start_sharing(&link, from_picture).await?),
        },
    })
}

/// Reads a QR code in a picture the person chose, and keeps its link as what waits.
#[tauri::command]
pub async fn read_qr_picture(shell: State<'_, Shell>, request: Request<'_>) -> Result<LinkKind, Problem> {
    let wallet = shell.wallet().await?;
    let picture = picture(request.body()).filter(|bytes| bytes.len() <= LARGEST_PICTURE);
    let Some(picture) = picture else {
        return Err(wallet.problem(ProblemCode::LinkNotUnderstood, DataLeft::No));
    };
    let link = wallet.read_picture(&picture)?;
    shell.keep_link(link, true).await
}

/// The picture's bytes: the body itself, or the list `bytes` in it.
fn picture(body: &InvokeBody) -> Option<Vec<u8>> {
    match body {
        InvokeBody::Raw(bytes) => Some(bytes.clone()),
        InvokeBody::Json(arguments) => {
            let bytes = arguments
                .get("bytes")?
                .as_array()
                .filter(|bytes| bytes.len() <= LARGEST_PICTURE)?;
            bytes
                .iter()
                .map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok()))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pictures_come_as_bytes_or_as_a_list() {
        assert_eq!(picture(&InvokeBody::Raw(vec![1, 2])), Some(vec![1, 2]));
        assert_eq!(
            picture(&InvokeBody::Json(json!({ "bytes": [1, 255] }))),
            Some(vec![1, 255])
        );
        for wrong in [
            json!({}),
            json!({ "bytes": [256] }),
            json!({ "bytes": [-1] }),
            json!({ "bytes": "AQI" }),
        ] {
            assert_eq!(picture(&InvokeBody::Json(wrong)), None);
        }
    }
}
