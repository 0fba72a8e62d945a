//! What the screens may ask for: one file per journey, one function per command of `wallet_core::Wallet`.
//!
//! A command decides nothing. It reads bounded data from the window, calls the wallet, and hands back a view or a
//! [`Problem`](wallet_core::Problem). Every command has a line in `permissions/`; `tests/ipc.rs` fails where one lacks.

pub mod add;
pub mod documents;
pub mod history;
pub mod lock;
pub mod share;
pub mod show;

use tauri::Runtime;
use tauri::ipc::Invoke;

macro_rules! commands {
    ($($journey:ident :: $command:ident),+ $(,)?) => {
        /// Every command by its journey and its name.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($journey), stringify!($command))),+];

        /// Answers the commands of [`ALL`].
        pub fn handler<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($journey::$command),+]
        }
    };
}

commands![
    lock::state,
    lock::set_language,
    lock::create_wallet,
    lock::unlock,
    lock::lock,
    lock::still_here,
    documents::documents,
    documents::document,
    documents::remove_document,
    documents::check_document,
    documents::renew_document,
    documents::keep_fresh,
    add::start_adding,
    add::accept_offer,
    add::keep_received,
    add::discard_received,
    add::pending_received,
    add::promised,
    add::collect,
    add::cancel_adding,
    add::open_waiting,
    add::read_qr_picture,
    share::start_sharing,
    share::share,
    share::decline,
    share::open_return,
    show::proofs,
    show::start_showing,
    show::show,
    history::history,
    history::history_entry,
    history::verify_history,
];
