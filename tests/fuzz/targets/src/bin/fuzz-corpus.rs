//! Fills a folder with the corpus and the dictionary of every target: `fuzz-corpus FOLDER`.

use std::path::Path;
use std::process::ExitCode;

use wallet_credentials::crypto::sha256;
use wallet_fuzz_targets::{Target, corpus, targets};

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("fuzz-corpus FOLDER");
        return ExitCode::FAILURE;
    };
    let vectors = corpus::vectors();
    if vectors.is_none() {
        eprintln!("NO PUBLIC VECTORS on this machine: the corpus holds only what our own roles make.");
    }
    for target in targets() {
        match fill(target, vectors.as_deref(), Path::new(&folder)) {
            Ok(seeds) => println!("{:<24} {seeds} seeds", target.name),
            Err(error) => {
                eprintln!("{}: {error}", target.name);
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Writes one target's seeds, named by their content, and its dictionary.
fn fill(target: &Target, vectors: Option<&Path>, folder: &Path) -> std::io::Result<usize> {
    let corpus = folder.join("corpus").join(target.name);
    std::fs::create_dir_all(&corpus)?;
    let seeds = corpus::seeds(target, vectors);
    for seed in &seeds {
        std::fs::write(corpus.join(name(seed)), seed)?;
    }
    let dictionaries = folder.join("dictionaries");
    std::fs::create_dir_all(&dictionaries)?;
    let words: String = target.words.iter().map(|word| entry(word)).collect();
    let words = format!("# Words of {}.\n{words}", target.name);
    std::fs::write(dictionaries.join(format!("{}.dict", target.name)), words)?;
    Ok(seeds.len())
}

fn name(seed: &[u8]) -> String {
    sha256(seed).iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// One line of a libFuzzer dictionary.
fn entry(word: &str) -> String {
    let escaped: String = word.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
    format!("\"{escaped}\"\n")
}
