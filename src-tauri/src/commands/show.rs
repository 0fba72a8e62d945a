//! Showing a proof in person.

use tauri::State;
use wallet_core::view::{ProofView, ShowCodeView, ShowQuestionView};
use wallet_core::{Pin, Problem};

use crate::shell::Shell;

/// What can be proved with the documents here.
#[tauri::command]
pub async fn proofs(shell: State<'_, Shell>) -> Result<Vec<ProofView>, Problem> {
    shell.wallet().await?.proofs().await
}

/// The question before a code is shown.
#[tauri::command]
pub async fn start_showing(shell: State<'_, Shell>, proof: String, seconds: u32) -> Result<ShowQuestionView, Problem> {
    shell.wallet().await?.start_showing(&proof, seconds).await
}

/// The code, after a yes with the PIN.
#[tauri::command]
pub async fn show(
    shell: State<'_, Shell>,
    question: String,
    digest: String,
    pin: String,
) -> Result<ShowCodeView, Problem> {
    let pin = Pin::new(pin);
    shell.wallet().await?.show(&question, &digest, pin).await
}
