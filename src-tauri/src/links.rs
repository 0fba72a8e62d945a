//! Links from outside: from the system, from a second start, from the command line. They wait; they never act.

use tauri::{AppHandle, Emitter, Manager, Runtime};

use crate::shell::Shell;
use crate::windows;

/// Keeps the link and tells the screens. A link that is none is left alone: anybody can send one.
pub fn arrived<R: Runtime>(app: &AppHandle<R>, link: String) {
    windows::bring_forward(app);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if app.state::<Shell>().keep_link(link, false).await.is_ok() {
            // Without a window there is nobody to tell; the link waits all the same.
            let _ = app.emit_to(windows::MAIN, windows::LINK_ARRIVED, ());
        }
    });
}
