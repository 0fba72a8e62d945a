//! The sharing history.

use tauri::State;
use wallet_core::Problem;
use wallet_core::view::{HistoryEntryView, HistoryFilter, HistoryProofView};

use crate::shell::Shell;

/// Entries, newest first.
#[tauri::command]
pub async fn history(shell: State<'_, Shell>, filter: HistoryFilter) -> Result<Vec<HistoryEntryView>, Problem> {
    shell.wallet().await?.history(filter).await
}

/// One entry.
#[tauri::command]
pub async fn history_entry(shell: State<'_, Shell>, id: String) -> Result<HistoryEntryView, Problem> {
    shell.wallet().await?.history_entry(&id).await
}

/// Walks the whole chain.
#[tauri::command]
pub async fn verify_history(shell: State<'_, Shell>) -> Result<HistoryProofView, Problem> {
    shell.wallet().await?.verify_history().await
}
