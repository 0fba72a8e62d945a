//! The one window: how it opens, where it may go (nowhere), and when it locks the wallet.

use std::time::{Duration, Instant, SystemTime};

use tauri::webview::{Color, NewWindowResponse, PermissionResponse, WebviewWindow, WebviewWindowBuilder};
use tauri::{AppHandle, Emitter, Manager, Runtime, Url, WebviewUrl};

use crate::shell::Shell;

/// The label of the window, named in `capabilities/main.json`.
pub const MAIN: &str = "main";
/// Sent to the screens when the wallet was locked by something other than them.
pub const WALLET_LOCKED: &str = "wallet-locked";
/// Sent to the screens while a document is fetched: the step that was just done.
pub const ADDING_PROGRESS: &str = "adding-progress";
/// Sent to the screens when a link came from outside and waits.
pub const LINK_ARRIVED: &str = "link-arrived";

/// The window's paper, so that it does not flash white before the first screen is drawn.
const PAPER: Color = Color(0xF6, 0xF4, 0xEF, 0xFF);

/// How often the clock is looked at for idleness and sleep.
const TICK: Duration = Duration::from_secs(5);
/// Two ticks this far apart mean that the machine slept in between.
const SLEPT: Duration = Duration::from_secs(30);

/// Opens the main window.
///
/// # Errors
/// The system gives no window.
pub fn open_main<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<WebviewWindow<R>> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
        .title("Citizen Wallet")
        .inner_size(1100.0, 760.0)
        .min_inner_size(360.0, 560.0)
        .background_color(PAPER)
        // Other programs may not film the window where the system can prevent it (not on Linux).
        .content_protected(!cfg!(debug_assertions))
        // Pictures dropped on the window reach the screens as data; no path does.
        .disable_drag_drop_handler()
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .on_document_title_changed(|window, title| {
            // The title comes from our own page; a window that is going needs none.
            let _ = window.set_title(&title);
        });
    // A phone's window has one place and one size.
    #[cfg(desktop)]
    let window = window.center();
    window.build()
}

/// Whether the address is the app's own: its pages are embedded, everything else is refused.
fn is_own_page(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")) => true,
        // The page a webview starts with.
        ("about", None) => url.as_str() == "about:blank",
        // `tauri dev` serves the screens from here; a built app does not.
        ("http", Some("127.0.0.1")) => cfg!(dev) && url.port() == Some(1420),
        _ => false,
    }
}

/// Brings the window to the person.
pub fn bring_forward<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.get_webview_window(MAIN) {
        // Each of these may be unsupported by a window manager; none of them is needed.
        #[cfg(desktop)]
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// Locks the wallet and tells the screens.
pub async fn lock<R: Runtime>(app: &AppHandle<R>) {
    if app.state::<Shell>().lock().await {
        // Without a window there is nobody to tell.
        let _ = app.emit_to(MAIN, WALLET_LOCKED, ());
    }
}

/// Locks the wallet when nobody has touched it for a while, and when the machine has slept.
pub async fn lock_when_left_alone<R: Runtime>(app: AppHandle<R>) {
    let mut before = SystemTime::now();
    loop {
        tokio::time::sleep(TICK).await;
        let now = SystemTime::now();
        let slept = now.duration_since(before).is_ok_and(|passed| passed > SLEPT);
        before = now;
        if slept || app.state::<Shell>().is_idle(Instant::now()) {
            lock(&app).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(address: &str) -> bool {
        is_own_page(&Url::parse(address).unwrap())
    }

    #[test]
    fn only_the_apps_own_pages_are_shown() {
        assert!(own("tauri://localhost/index.html"));
        assert!(own("http://tauri.localhost/"));
        for outside in [
            "https://example.com/",
            "http://localhost/",
            "http://127.0.0.1:8930/",
            "tauri://localhost.example.com/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "about:srcdoc",
            "javascript:alert(1)",
            "openid4vp://?request_uri=x",
        ] {
            assert!(!own(outside), "{outside} would be shown");
        }
    }
}
