//! The app's program.

// No console window beside the app's own on Windows.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    citizen_wallet_lib::run()
}
