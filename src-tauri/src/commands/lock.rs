//! First run, PIN and lock.

use tauri::State;
use wallet_core::view::{Language, WalletStateView};
use wallet_core::{Pin, Problem};

use crate::shell::Shell;

/// Where the wallet stands.
#[tauri::command]
pub async fn state(shell: State<'_, Shell>) -> Result<WalletStateView, Problem> {
    Ok(shell.wallet().await?.state())
}

/// Speaks another language from now on.
#[tauri::command]
pub async fn set_language(shell: State<'_, Shell>, language: Language) -> Result<(), Problem> {
    shell.wallet().await?.set_language(language)
}

/// Creates the store with its PIN, and opens it.
#[tauri::command]
pub async fn create_wallet(shell: State<'_, Shell>, pin: String) -> Result<WalletStateView, Problem> {
    let pin = Pin::new(pin);
    shell.wallet().await?.init(pin).await
}

/// Opens the store to look.
#[tauri::command]
pub async fn unlock(shell: State<'_, Shell>, pin: String) -> Result<WalletStateView, Problem> {
    let pin = Pin::new(pin);
    shell.wallet().await?.unlock(pin).await
}

/// Closes the store.
#[tauri::command]
pub async fn lock(shell: State<'_, Shell>) -> Result<(), Problem> {
    shell.lock().await;
    Ok(())
}

/// Somebody moves, types or points: the wallet does not lock yet.
#[tauri::command]
pub fn still_here(shell: State<'_, Shell>) {
    shell.touch();
}
