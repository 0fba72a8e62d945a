//! Answering a request.

use tauri::{State, Url};
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{ChoicesView, RequestView, ShareResultView};
use wallet_core::{Pin, Problem};

use crate::shell::Shell;

/// Reads a request and shows the question; sends nothing.
#[tauri::command]
pub async fn start_sharing(shell: State<'_, Shell>, link: String, cross_device: bool) -> Result<RequestView, Problem> {
    shell.wallet().await?.start_sharing(&link, cross_device).await
}

/// Yes, to exactly the question whose digest is repeated, with a PIN typed for it.
#[tauri::command]
pub async fn share(
    shell: State<'_, Shell>,
    request: String,
    digest: String,
    choices: ChoicesView,
    pin: String,
) -> Result<ShareResultView, Problem> {
    let pin = Pin::new(pin);
    shell.wallet().await?.share(&request, &digest, choices, pin).await
}

/// No.
#[tauri::command]
pub async fn decline(shell: State<'_, Shell>, request: String) -> Result<ShareResultView, Problem> {
    shell.wallet().await?.decline(&request).await
}

/// Opens the page the service offered to go back to, in the person's browser. The address stays in Rust.
#[tauri::command]
pub async fn open_return(shell: State<'_, Shell>, history: String) -> Result<(), Problem> {
    let wallet = shell.wallet().await?;
    let address = wallet
        .take_return(&history)
        .and_then(|address| Url::parse(&address).ok());
    let Some(address) = address.filter(|address| may_be_opened(address, shell.is_practice())) else {
        return Err(wallet.problem(ProblemCode::LinkNotUnderstood, DataLeft::Yes));
    };
    tauri_plugin_opener::open_url(address.as_str(), None::<&str>)
        .map_err(|_| wallet.problem(ProblemCode::SomethingWentWrong, DataLeft::Yes))
}

/// Web pages only, over TLS; the sandbox's plain pages on this machine in the practice profile. Anything else could
/// start a program.
pub(super) fn may_be_opened(address: &Url, practice: bool) -> bool {
    let has_host = address.host_str().is_some_and(|host| !host.is_empty());
    match address.scheme() {
        "https" => has_host && address.username().is_empty() && address.password().is_none(),
        "http" => practice && matches!(address.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(address: &str, practice: bool) -> bool {
        may_be_opened(&Url::parse(address).unwrap(), practice)
    }

    #[test]
    fn only_web_pages_are_opened() {
        assert!(opens("https://surgery.example/done?id=1", false));
        for address in [
            "http://surgery.example/done",
            "http://localhost:8930/done",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "ssh://surgery.example/",
            "https://user@surgery.example/",
            "openid4vp://?request_uri=x",
        ] {
            assert!(!opens(address, false), "{address} would be opened");
        }
    }

    #[test]
    fn practice_pages_of_this_machine_are_opened_in_the_practice_profile() {
        assert!(opens("http://localhost:8930/done", true));
        assert!(opens("http://127.0.0.1:8930/done", true));
        assert!(!opens("http://localhost.example/done", true));
        assert!(!opens("http://192.168.0.1/done", true));
    }
}
