//! The record of who has had what.

use super::{Reply, Wallet};
use crate::journeys::failure::Failure;
use crate::journeys::history;
use crate::problem::ProblemCode;
use crate::view::{HistoryEntryView, HistoryFilter, HistoryProofView};

impl Wallet {
    /// The sharing history, newest first.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn history(&self, filter: HistoryFilter) -> Reply<Vec<HistoryEntryView>> {
        self.with(|context| Ok(history::list(context.store, &filter)?))
    }

    /// One entry.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the store's.
    pub async fn history_entry(&self, id: &str) -> Reply<HistoryEntryView> {
        self.with(|context| {
            history::entry(context.store, id)?
                .ok_or_else(|| Failure::new(ProblemCode::NotFound, "no such history entry"))
        })
    }

    /// Walks the chain of the history.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn verify_history(&self) -> Reply<HistoryProofView> {
        self.with(|context| Ok(history::verify(context.store)?))
    }
}
