//! The desktop shell: one window, the commands it may run, and links from outside. It decides nothing about documents:
//! every command is one call of `wallet_core::Wallet`.

pub mod arguments;
pub mod commands;
mod links;
mod shell;
mod windows;

use std::process::ExitCode;

use tauri::{Builder, Context, Manager, RunEvent, Runtime, WindowEvent};
use tauri_plugin_deep_link::DeepLinkExt;

use arguments::Arguments;
pub use shell::Shell;
pub use windows::open_main;

/// The app's configuration and pages, put into the program when it is built.
#[must_use]
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// The commands and their state, on any run-time: the tests use one without a screen.
#[must_use]
pub fn assemble<R: Runtime>(builder: Builder<R>, shell: Shell) -> Builder<R> {
    builder.manage(shell).invoke_handler(commands::handler())
}

/// Runs the app until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = match Arguments::read(std::env::args_os().skip(1)) {
        Ok(arguments) if arguments.help => {
            println!("{}", arguments::HELP);
            return ExitCode::SUCCESS;
        }
        Ok(arguments) => arguments,
        Err(wrong) => {
            eprintln!("{}.\n\n{}", wrong.0, arguments::HELP);
            return ExitCode::from(2);
        }
    };
    match build(arguments) {
        Ok(app) => ExitCode::from(u8::try_from(app.run_return(on_event)).unwrap_or(1)),
        Err(error) => {
            eprintln!(
                "The window could not be opened: {error}.\nIn a terminal the same wallet is the program `wallet`."
            );
            ExitCode::FAILURE
        }
    }
}

fn build(mut arguments: Arguments) -> tauri::Result<tauri::App> {
    arguments.data_dir = arguments
        .data_dir
        .or_else(|| std::env::var_os("WALLET_DATA_DIR").map(Into::into));
    let link = arguments.link.take();
    let shell = Shell::new(&arguments);
    let builder = with_plugins(Builder::default(), arguments.practice);
    assemble(builder, shell)
        .setup(move |app| {
            let handle = app.handle();
            windows::open_main(handle)?;
            tauri::async_runtime::spawn(windows::lock_when_left_alone(handle.clone()));
            listen_for_links(handle);
            if let Some(link) = link {
                links::arrived(handle, link);
            }
            Ok(())
        })
        .build(context())
}

/// single-instance comes first: a second start hands over its link and ends before anything else happens.
fn with_plugins(builder: Builder<tauri::Wry>, practice: bool) -> Builder<tauri::Wry> {
    #[cfg(not(any(target_os = "android", target_os = "ios")))]
    let builder = {
        // A practice wallet does not stand in the way of a real one.
        let name = if practice {
            "org.citizen_wallet.app.practice"
        } else {
            "org.citizen_wallet.app"
        };
        let single = tauri_plugin_single_instance::Builder::new()
            .dbus_id(name)
            .callback(|app, words, _| {
                windows::bring_forward(app);
                let words = words.into_iter().skip(1).map(Into::into);
                if let Some(link) = Arguments::read(words).ok().and_then(|arguments| arguments.link) {
                    links::arrived(app, link);
                }
            });
        builder.plugin(single.build())
    };
    #[cfg(any(target_os = "android", target_os = "ios"))]
    let _ = practice;
    builder.plugin(tauri_plugin_deep_link::init())
}

/// Links the system hands to a running app (macOS, phones), and the schemes this program answers for.
fn listen_for_links(app: &tauri::AppHandle) {
    let handle = app.clone();
    app.deep_link().on_open_url(move |event| {
        for link in event.urls() {
            links::arrived(&handle, link.into());
        }
    });
    // Installed packages name the schemes themselves; a program built here registers them when it starts.
    #[cfg(all(debug_assertions, any(windows, target_os = "linux")))]
    if let Err(error) = app.deep_link().register_all() {
        eprintln!("Links will not open this wallet by themselves: {error}. Paste them instead.");
    }
}

fn on_event(app: &tauri::AppHandle, event: RunEvent) {
    let closing = matches!(
        event,
        RunEvent::WindowEvent {
            event: WindowEvent::CloseRequested { .. },
            ..
        } | RunEvent::ExitRequested { .. }
    );
    if closing {
        tauri::async_runtime::block_on(app.state::<Shell>().lock());
    }
}
