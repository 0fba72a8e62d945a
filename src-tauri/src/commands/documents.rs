//! The documents held.

use tauri::State;
use wallet_core::view::{DocumentSummary, DocumentView};
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
