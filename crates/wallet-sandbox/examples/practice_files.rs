//! Writes the files a wallet bundles to know the sandbox: `cargo run -p wallet-sandbox --example practice_files -- FOLDER`.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: practice_files FOLDER");
        return ExitCode::from(2);
    };
    let written = wallet_sandbox::practice_files()
        .map_err(|error| error.to_string())
        .and_then(|files| {
            std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
            for (name, content) in files {
                std::fs::write(folder.join(name), content).map_err(|error| error.to_string())?;
            }
            Ok(())
        });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
