//! The signed lists of the practice scheme: fetched whole, at the start of a journey, and never older than before.
//!
//! Whoever serves a list learns that some wallet looked at it, and nothing of whom it is about to meet: both lists come as
//! a whole, never an entry. They come from the sandbox the journey's own link leads to, which hears of the wallet in any
//! case; no list, and no link, makes the wallet open another place.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;
use wallet_credentials::trust::lists::ListEntry;
use wallet_credentials::trust::{
    Certificate, ListContext, ListState, RegisterEntry, Role, SignedList, TrustAnchor, TrustAnchors, TrustListEntry,
};
use wallet_protocols::http::HttpRequest;

use super::Context;
use crate::clock::{after, lower, upper};
use crate::net::Reach;
use crate::store::lists::{ListKind, StoredList};
use crate::store::{Store, StoreError};

/// The practice root, published as worthless: its private key is in the sandbox, and real stores refuse it.
pub(super) const PRACTICE_ROOT: &str = include_str!("../../practice/root.pem");
/// Signed snapshots of the practice lists: the floor, for a wallet that has not fetched any.
const BUNDLED_TRUST_LIST: &str = include_str!("../../practice/trust-list.jwt");
const BUNDLED_REGISTER: &str = include_str!("../../practice/register.jwt");
/// Who issues the practice lists.
const PRACTICE_LISTS: &str = "https://lists.practice.example";

/// Lists are asked for again after so many seconds.
const GOOD_FOR: u32 = 6 * 60 * 60;
/// After a vain attempt, after so many.
const RETRY: u32 = 10 * 60;
/// No journey waits longer than this for them.
const PATIENCE: Duration = Duration::from_secs(4);
/// A list that was fetched counts for no longer than this after it was issued, whatever it says itself.
const MAX_AGE: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// A list that counts now.
pub(crate) struct Listed<E> {
    pub(crate) list: SignedList<E>,
    /// When it was fetched; `None` for the one that came with the program.
    pub(crate) fetched_at: Option<Timestamp>,
}

/// Both lists, as far as they count now.
pub(crate) struct Lists {
    pub(crate) trust_list: Option<Listed<TrustListEntry>>,
    pub(crate) register: Option<Listed<RegisterEntry>>,
}

impl Lists {
    /// The real profile has no scheme yet.
    pub(crate) const fn none() -> Self {
        Self {
            trust_list: None,
            register: None,
        }
    }

    /// The newest lists of the practice scheme that verify now. Where one was fetched, the bundled one counts only if it
    /// is newer: what was once known to be withdrawn does not come back when a list runs out.
    pub(crate) fn load(store: &Store, now: wallet_credentials::time::Timestamp) -> Result<Self, StoreError> {
        let (trust_list, register) = store.read::<_, StoreError>(|transaction| {
            Ok((
                transaction.list(ListKind::TrustList)?,
                transaction.list(ListKind::Register)?,
            ))
        })?;
        Ok(Self {
            trust_list: newest(trust_list.as_ref(), BUNDLED_TRUST_LIST, now),
            register: newest(register.as_ref(), BUNDLED_REGISTER, now),
        })
    }
}

/// How old the lists of this profile are, for `doctor`.
pub(crate) struct Age {
    /// When they were fetched; `None` for those that came with the program.
    pub(crate) fetched_at: Option<Timestamp>,
    /// Until when both may be used.
    pub(crate) until: Timestamp,
}

impl Lists {
    /// The age of the older of both; `None` where one of them does not count now.
    pub(crate) fn age(&self) -> Option<Age> {
        let (trust_list, register) = (self.trust_list.as_ref()?, self.register.as_ref()?);
        Some(Age {
            fetched_at: trust_list.fetched_at.min(register.fetched_at),
            until: upper(trust_list.until().min(register.until())),
        })
    }
}

impl<E> Listed<E> {
    fn until(&self) -> wallet_credentials::time::Timestamp {
        match self.fetched_at {
            Some(_) => self.list.exp.min(self.list.iat.plus(MAX_AGE)),
            None => self.list.exp,
        }
    }
}

fn newest<E: ListEntry>(
    stored: Option<&StoredList>,
    bundled: &str,
    now: wallet_credentials::time::Timestamp,
) -> Option<Listed<E>> {
    let seen = stored.map(|stored| &stored.state);
    let bundled = verify(bundled, seen, None, now).map(|(list, _)| Listed { list, fetched_at: None });
    // A newer one that came with the program replaces the one that was fetched.
    if bundled.is_some() {
        return bundled;
    }
    let stored = stored?;
    verify(&stored.text, seen, Some(MAX_AGE), now).map(|(list, _)| Listed {
        list,
        fetched_at: Some(stored.fetched_at),
    })
}

fn verify<E: ListEntry>(
    text: &str,
    seen: Option<&ListState>,
    max_age: Option<Duration>,
    now: wallet_credentials::time::Timestamp,
) -> Option<(SignedList<E>, ListState)> {
    let root = Certificate::from_pem(PRACTICE_ROOT).ok()?;
    let anchors: TrustAnchors = [TrustAnchor::authority(root, Role::ListSigner)].into_iter().collect();
    let context = ListContext {
        anchors: &anchors,
        iss: PRACTICE_LISTS,
        seen,
        max_age,
    };
    SignedList::verify_next(text, context, now).ok()
}

/// Fetches both lists from the sandbox a link leads to, if they are due. A journey goes on with the lists it has where that
/// is not possible: nobody answers, or what comes does not verify or is older than what was seen.
pub(crate) async fn refresh(context: &Context<'_>, link: &Url, reach: Reach) -> Result<(), StoreError> {
    if !context.practice || reach != Reach::Local || !is_due(context)? {
        return Ok(());
    }
    let fetched = tokio::time::timeout(PATIENCE, async {
        let trust_list = fetch(context, link, "/trust-list").await?;
        Some((trust_list, fetch(context, link, "/register").await?))
    })
    .await;
    let now = context.now();
    let mut wait = RETRY;
    if let Ok(Some((trust_list, register))) = fetched {
        let taken = [
            take::<TrustListEntry>(context, ListKind::TrustList, &trust_list)?,
            take::<RegisterEntry>(context, ListKind::Register, &register)?,
        ];
        if taken == [true, true] {
            wait = GOOD_FOR;
        }
    }
    context
        .store
        .write::<_, StoreError>(|transaction| transaction.ask_for_lists_again_at(after(now, wait)))
}

/// Whether the lists are worth asking for. A clock that was set back asks again.
fn is_due(context: &Context<'_>) -> Result<bool, StoreError> {
    let now = context.now();
    let again = context
        .store
        .read::<_, StoreError>(|transaction| transaction.lists_ask_again_at())?;
    Ok(again.is_none_or(|again| {
        let wait = again.as_second() - now.as_second();
        wait <= 0 || wait > i64::from(GOOD_FOR)
    }))
}

async fn fetch(context: &Context<'_>, link: &Url, path: &str) -> Option<String> {
    let mut url = link.clone();
    url.set_path(path);
    url.set_query(None);
    url.set_fragment(None);
    let response = context
        .send(&HttpRequest::get(url, "application/jwt"), Reach::Local)
        .await
        .ok()?;
    (response.status == 200)
        .then(|| String::from_utf8(response.body).ok())
        .flatten()
}

/// Keeps a list that verifies and is no older than the one before.
fn take<E: ListEntry>(context: &Context<'_>, kind: ListKind, text: &str) -> Result<bool, StoreError> {
    let now = context.now();
    let stored = context
        .store
        .read::<_, StoreError>(|transaction| transaction.list(kind))?;
    let seen = stored.as_ref().map(|stored| &stored.state);
    let Some((_, state)) = verify::<E>(text, seen, Some(MAX_AGE), lower(now)) else {
        return Ok(false);
    };
    let list = StoredList {
        kind,
        state,
        text: text.trim().to_owned(),
        fetched_at: now,
    };
    context
        .store
        .write::<_, StoreError>(|transaction| transaction.keep_list(&list))?;
    Ok(true)
}
