//! The documents held.

use tauri::State;
use wallet_core::view::{DocumentSummary, DocumentView, RenewedView, UpkeepView};
use wallet_core::{Pin, Problem};

use crate::shell::Shell;

/// Every document.
#[tauri::command]
pub async fn documents(shell: State<'_, Shell>) -> Result<Vec<DocumentSummary>, Problem> {
    shell.wallet().await?.documents().await
}

/// One document with its details.
#[tauri::command]
pub async fn document(shell: State<'_, Shell>, id: String) -> Result<DocumentView, Problem> {
    shell.wallet().await?.document(&id).await
}

/// Removes a document with its copies and keys.
#[tauri::command]
pub async fn remove_document(shell: State<'_, Shell>, id: String, pin: String) -> Result<(), Problem> {
    let pin = Pin::new(pin);
    shell.wallet().await?.remove_document(&id, pin).await
}

/// Asks the issuer's list whether the document is still good.
#[tauri::command]
pub async fn check_document(shell: State<'_, Shell>, id: String) -> Result<DocumentSummary, Problem> {
    shell.wallet().await?.check_document(&id).await
}

/// Gets fresh copies because the person asks; what says something new waits to be checked.
#[tauri::command]
pub async fn renew_document(shell: State<'_, Shell>, id: String) -> Result<RenewedView, Problem> {
    shell.wallet().await?.renew_document(&id, true).await
}

/// Keeps documents fresh by itself, and says when to call again. Nobody need be there: it does not count as use.
#[tauri::command]
pub async fn keep_fresh(shell: State<'_, Shell>) -> Result<UpkeepView, Problem> {
    shell.unattended().await?.keep_fresh().await
}
