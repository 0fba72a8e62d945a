//! The window × command table: what the one window may run, and what nobody may.
//!
//! Tauri refuses a registered command that no capability names; these tests fail when a new command has no permission,
//! and when a permission reaches further than the one window.

#![expect(clippy::unwrap_used, reason = "tests: a failed expectation ends them")]

use citizen_wallet_lib::arguments::Arguments;
use citizen_wallet_lib::{Shell, assemble, commands, context, open_main};
use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::{InvokeRequest, WebviewWindow};
use tauri::{App, WebviewUrl, WebviewWindowBuilder};

/// Commands of Tauri and its plugins that a page could try.
const NEVER: &[&str] = &[
    "plugin:app|version",
    "plugin:deep-link|register",
    "plugin:event|emit",
    "plugin:event|emit_to",
    "plugin:opener|open_path",
    "plugin:opener|open_url",
    "plugin:path|resolve_directory",
    "plugin:resources|close",
    "plugin:webview|create_webview_window",
    "plugin:window|close",
    "plugin:window|set_title",
];

struct World {
    app: App<MockRuntime>,
    _folder: tempfile::TempDir,
}

/// The app with an empty practice wallet in a folder that is thrown away.
fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let arguments = Arguments {
        practice: true,
        data_dir: Some(folder.path().into()),
        key_file: Some(true),
        ..Arguments::default()
    };
    let app = assemble(mock_builder(), Shell::new(&arguments))
        .build(context())
        .unwrap();
    World { app, _folder: folder }
}

fn own_page() -> &'static str {
    if cfg!(any(windows, target_os = "android")) {
        "http://tauri.localhost"
    } else {
        "tauri://localhost"
    }
}

fn call_from(window: &WebviewWindow<MockRuntime>, page: &str, command: &str, arguments: Value) -> Result<Value, Value> {
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: page.parse().unwrap(),
        body: InvokeBody::Json(arguments),
        headers: tauri::http::HeaderMap::default(),
        invoke_key: INVOKE_KEY.into(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

fn call(window: &WebviewWindow<MockRuntime>, command: &str, arguments: Value) -> Result<Value, Value> {
    call_from(window, own_page(), command, arguments)
}

/// Tauri's own refusal is a sentence; a command's is an object, and a missing argument names itself.
fn refused(answer: &Result<Value, Value>) -> bool {
    matches!(answer, Err(Value::String(words)) if words.contains("not allowed") || words.contains("not found"))
}

#[test]
fn the_main_window_may_run_every_command() {
    let world = world();
    let main = open_main(world.app.handle()).unwrap();
    for (_, command) in commands::ALL {
        let answer = call(&main, command, json!({}));
        assert!(!refused(&answer), "{command} has no permission: {answer:?}");
    }
}

#[test]
fn another_window_may_run_none() {
    let world = world();
    let other = WebviewWindowBuilder::new(&world.app, "other", WebviewUrl::default())
        .build()
        .unwrap();
    for (_, command) in commands::ALL {
        let answer = call(&other, command, json!({}));
        assert!(refused(&answer), "another window may run {command}: {answer:?}");
    }
    let answer = call(
        &other,
        "plugin:event|listen",
        json!({ "event": "x", "target": { "kind": "Any" }, "handler": 1 }),
    );
    assert!(refused(&answer), "another window hears events: {answer:?}");
}

#[test]
fn a_page_from_elsewhere_in_the_main_window_may_run_none() {
    let world = world();
    let main = open_main(world.app.handle()).unwrap();
    for page in ["https://example.com/", "http://localhost:8930/"] {
        for (_, command) in commands::ALL {
            let answer = call_from(&main, page, command, json!({}));
            assert!(refused(&answer), "{page} may run {command}: {answer:?}");
        }
    }
}

#[test]
fn what_is_on_no_list_is_refused_to_the_main_window() {
    let world = world();
    let main = open_main(world.app.handle()).unwrap();
    for command in NEVER.iter().chain(&["sign", "export_keys", "read_file"]) {
        let answer = call(&main, command, json!({}));
        assert!(refused(&answer), "the window may run {command}: {answer:?}");
    }
}

#[test]
fn the_main_window_hears_events() {
    let world = world();
    let main = open_main(world.app.handle()).unwrap();
    let listen = json!({ "event": "wallet-locked", "target": { "kind": "Any" }, "handler": 1 });
    let answer = call(&main, "plugin:event|listen", listen);
    assert!(answer.is_ok(), "{answer:?}");
}

#[test]
fn a_new_practice_wallet_says_so() {
    let world = world();
    let main = open_main(world.app.handle()).unwrap();
    let state = call(&main, "state", json!({})).unwrap();
    assert_eq!(state["initialised"], json!(false));
    assert_eq!(state["practice"], json!(true));
    let documents = call(&main, "documents", json!({})).unwrap_err();
    assert_eq!(documents["code"], json!("not-initialised"));
    assert_eq!(documents["data_left"], json!("no"));
}

#[test]
fn every_command_is_named_once_and_has_its_journeys_permission() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/permissions");
    let mut names = std::collections::BTreeSet::new();
    for (journey, command) in commands::ALL {
        assert!(names.insert(*command), "{command} is registered twice");
        let permission = std::fs::read_to_string(format!("{folder}/{journey}.toml")).unwrap();
        assert!(
            permission.contains(&format!("\"{command}\"")),
            "{command} is missing in {journey}.toml"
        );
    }
    let allowed: usize = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .map(|text| {
            text.split("commands.allow")
                .skip(1)
                .map(|list| list.matches('"').count() / 2)
                .sum::<usize>()
        })
        .sum();
    assert_eq!(allowed, names.len(), "a permission names a command that does not exist");
}
