//! The documents held, and those the person trusts.

use super::{AnchorRole, Reply, Wallet};
use crate::clock::Clock;
use crate::journeys::{documents, trust};
use crate::keys::Pin;
#[cfg(doc)]
use crate::problem::ProblemCode;
use crate::store::StoreError;
use crate::store::anchors::Anchor;
use crate::view::{AnchorView, DocumentSummary, DocumentView};

impl Wallet {
    /// Every document, newest first.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn documents(&self) -> Reply<Vec<DocumentSummary>> {
        self.with(documents::list)
    }

    /// One document with its details.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the store's.
    pub async fn document(&self, id: &str) -> Reply<DocumentView> {
        self.with(|context| documents::one(context, id))
    }

    /// Removes a document. Tells nobody.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`], [`ProblemCode::WrongPin`]; the store's.
    pub async fn remove_document(&self, id: &str, pin: Pin) -> Reply<()> {
        let verified = self.verify(pin, documents::removal(id)).await?;
        self.with(|context| documents::remove(context, id, verified))
    }

    /// Asks the issuer whether a document is still good.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`], [`ProblemCode::StatusUnknown`]; the store's.
    pub async fn check_document(&self, id: &str) -> Reply<DocumentSummary> {
        let open = self.opened()?;
        documents::check(&self.context(&open), id)
            .await
            .map_err(|failure| self.explain(failure))
    }

    /// The trust anchors of this wallet.
    ///
    /// # Errors
    /// [`ProblemCode::WalletLocked`]; the store's.
    pub async fn anchors(&self) -> Reply<Vec<AnchorView>> {
        self.with(|context| {
            let stored = context
                .store
                .read::<_, StoreError>(|transaction| transaction.anchors())?;
            Ok(stored.iter().map(trust::anchor_view).collect())
        })
    }

    /// Adds a private trust anchor: a PEM certificate, or a DID. A real store refuses the practice root.
    ///
    /// # Errors
    /// [`ProblemCode::LinkNotUnderstood`] for what is neither; the store's.
    pub async fn add_anchor(&self, pem_or_did: &str, role: AnchorRole) -> Reply<Vec<AnchorView>> {
        let now = Clock.now();
        self.with(|context| {
            let anchors = trust::anchors_from(pem_or_did, role, now, context.practice)?;
            context.store.write::<_, StoreError>(|transaction| {
                let known = transaction.anchors()?;
                let new = |a: &&Anchor| !known.iter().any(|k| k.role == a.role && k.material == a.material);
                anchors
                    .iter()
                    .filter(new)
                    .try_for_each(|anchor| transaction.add_anchor(anchor))
            })?;
            Ok(())
        })?;
        self.anchors().await
    }

    /// Removes a trust anchor. Documents and history stay.
    ///
    /// # Errors
    /// [`ProblemCode::NotFound`]; the store's.
    pub async fn remove_anchor(&self, id: &str) -> Reply<()> {
        self.with(|context| {
            Ok(context
                .store
                .write::<_, StoreError>(|transaction| transaction.remove_anchor(id))?)
        })
    }
}
