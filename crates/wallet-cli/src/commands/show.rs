//! `show`: a code that proves one fact, offline.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use wallet_core::labels::clean;
use wallet_core::pictures::QrCode;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::ShowCodeView;

use super::{Context, Outcome};
use crate::answer::{Answer, Failure, complain};
use crate::args::{QrTarget, Show};

/// No code of ours is narrower than this, in columns with its quiet zone.
const NARROWEST: u32 = 120;

pub async fn run(context: &Context, show: Show, quiet: bool) -> Outcome {
    let Some(proof) = show.proof else {
        return list(context).await;
    };
    let qr = match show.qr {
        None if !quiet => Some(QrTarget::Terminal),
        qr => qr,
    };
    if matches!(qr, Some(QrTarget::Terminal)) && context.paint.is_narrower_than(NARROWEST) {
        return Err(Failure::WrongUse(context.say("cli-window-narrow")));
    }
    let pin = context.unlock().await?;
    let question = context.wallet.start_showing(&proof, show.seconds).await?;
    if !quiet {
        let from = context.say_with("cli-from-document", &[("document", (&question.document_name).into())]);
        complain(&format!(
            "{}\n  {from}\n{}{}\n",
            context.say("cli-they-will-see"),
            context.claims(4, &question.claims),
            not_seen(context, &question.not_shared)
        ));
    }
    // The file is opened before the code is made, so that a code is not used up for a place nobody can write to.
    let file = match &qr {
        Some(QrTarget::Svg(path) | QrTarget::Png(path)) => Some(create(context, path)?),
        _ => None,
    };
    let progress = context.progress("cli-progress-making-code");
    let code = context.wallet.show(&question.id, &question.digest, pin.pin()).await?;
    drop(progress);
    let mut text = String::new();
    match (&qr, file) {
        (Some(QrTarget::Svg(path)), Some(file)) => {
            let qr = QrCode {
                size: code.size,
                version: code.version,
                path: code.path.clone(),
            };
            write(context, file, qr.to_svg().as_bytes(), &code)?;
            text.push_str(&written(context, path));
        }
        (Some(QrTarget::Png(path)), Some(file)) => {
            let defect = |_| context.wallet.problem(ProblemCode::SomethingWentWrong, DataLeft::No);
            write(context, file, &QrCode::to_png(&code.payload).map_err(defect)?, &code)?;
            text.push_str(&written(context, path));
        }
        (Some(QrTarget::Terminal), _) if quiet => complain(&drawn(context, &code)),
        (Some(QrTarget::Terminal), _) => text.push_str(&drawn(context, &code)),
        _ => {}
    }
    let args = [("proof", (&code.proof.name).into()), ("seconds", code.seconds.into())];
    text.push_str(&format!("{}\n", context.say_with("cli-code-works", &args)));
    text.push_str(&format!("{}\n", context.say("cli-code-who")));
    let json = json!({
        "qr": { "bytes": code.bytes, "version": code.version, "parts": 1 },
        "payload": URL_SAFE_NO_PAD.encode(&code.payload),
        "expires_at": code.expires_at,
        "history": code.history,
    });
    Ok(Answer::new(json, text))
}

async fn list(context: &Context) -> Outcome {
    context.unlock().await?;
    let proofs = context.wallet.proofs().await?;
    let rows: Vec<(String, String)> = proofs
        .iter()
        .map(|proof| {
            let there = if proof.available {
                String::new()
            } else {
                format!(" · {}", context.say("cli-proof-not-held"))
            };
            (proof.id.clone(), format!("{}{there}", proof.name))
        })
        .collect();
    Ok(Answer::new(json!({ "proofs": proofs }), crate::paint::rows(0, &rows)))
}

fn not_seen(context: &Context, labels: &[String]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let labels = labels.join(", ");
    format!(
        "    {}\n",
        context.say_with("cli-not-shared", &[("details", (&labels).into())])
    )
}

/// A file only its owner may read: the code shows details of a person.
fn create(context: &Context, path: &Path) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).map_err(|_| {
        let file = clean(&path.display().to_string(), 200);
        Failure::WrongUse(context.say_with("cli-file-not-written", &[("file", (&file).into())]))
    })
}

fn write(context: &Context, mut file: File, bytes: &[u8], code: &ShowCodeView) -> Result<(), Failure> {
    file.write_all(bytes).and_then(|()| file.flush()).map_err(|_| {
        let mut problem = context.wallet.problem(ProblemCode::DiskFull, DataLeft::No);
        problem.history = Some(code.history.clone());
        problem.into()
    })
}

fn written(context: &Context, path: &Path) -> String {
    let file = clean(&path.display().to_string(), 200);
    format!(
        "{}\n",
        context.say_with("cli-code-written", &[("file", (&file).into())])
    )
}

fn drawn(context: &Context, code: &ShowCodeView) -> String {
    let columns = code.size + 8;
    let args = [("columns", columns.into())];
    if context.paint.is_narrower_than(columns) {
        return format!("{}\n", context.say_with("cli-code-too-wide", &args));
    }
    let fits = context.say_with("cli-code-width", &args);
    format!("{}{fits}\n", context.paint.code(code.size, &code.path))
}
