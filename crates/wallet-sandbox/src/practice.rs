//! The files a wallet bundles to know this sandbox in its practice profile: public certificates and the signed lists.

use wallet_credentials::trust::ListError;

use crate::lists::Lists;
use crate::pki::{Pki, PkiError};
use crate::services::Service;

/// Why the files could not be made. None of it depends on input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PracticeError {
    /// The practice PKI.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// The lists.
    #[error(transparent)]
    Lists(#[from] ListError),
    /// The services.
    #[error("a built-in file is damaged: {0}")]
    BuiltIn(#[from] serde_json::Error),
}

/// Names and contents of the files: `root.pem` and the other authorities, `list-signer.pem`, `trust-list.jwt`,
/// `register.jwt`. The same on every machine.
///
/// # Errors
/// [`PracticeError`].
pub fn practice_files() -> Result<Vec<(String, String)>, PracticeError> {
    let pki = Pki::make()?;
    let lists = Lists::make(&pki, &Service::built_in()?)?;
    let mut files: Vec<(String, String)> = pki
        .authorities()
        .into_iter()
        .map(|(name, certified)| (name.to_owned(), certified.pem()))
        .collect();
    files.push(("trust-list.jwt".to_owned(), lists.trust_list + "\n"));
    files.push(("register.jwt".to_owned(), lists.register + "\n"));
    Ok(files)
}
