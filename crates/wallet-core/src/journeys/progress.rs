//! What whoever shows the wallet is told while a document is fetched.

use std::sync::{Arc, Mutex, PoisonError};

use crate::view::{AddingProgressView, AddingStep};

/// Hears every step. Must not block: it runs in the middle of the journey.
pub type ProgressListener = Arc<dyn Fn(AddingProgressView) + Send + Sync>;

/// Where steps are told, if anywhere.
#[derive(Default)]
pub(crate) struct Progress {
    listener: Mutex<Option<ProgressListener>>,
}

impl Progress {
    /// From now on, this one hears; before, another or nobody did.
    pub(crate) fn listen(&self, listener: ProgressListener) {
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
    }

    /// A step of fetching one document of several was done.
    pub(crate) fn done(&self, step: AddingStep, document: u32, documents: u32) {
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            listener(AddingProgressView {
                step,
                document,
                documents,
            });
        }
    }
}
