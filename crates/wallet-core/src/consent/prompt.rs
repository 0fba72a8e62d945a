//! One question, asked once.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use wallet_protocols::openid4vp::transaction_data::assign;
use wallet_protocols::openid4vp::{TransactionData, TransactionDataType};

use super::agreement::Agreement;
use super::disclosure::{ConsentedDisclosure, SelectedPart};
use super::proposal::{DisclosureProposal, Drawn, Recipient};
use super::record::{Record, RecordedShare};
use super::selection::{Choices, select};
use crate::keys::{PinVerified, QuestionId};
use crate::store::history::EntryKind;
use crate::store::{StoreError, Transaction};
use crate::view::{RequestView, ShowQuestionView};

/// SHA-256 of a question as it was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProposalDigest([u8; 32]);

impl ProposalDigest {
    /// Reads 64 hexadecimal digits; anything else is no digest.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        if text.len() != 64 {
            return None;
        }
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(text.chunks_exact(2)) {
            let digit = |c: &u8| (*c as char).to_digit(16);
            *byte = u8::try_from(digit(pair.first()?)? * 16 + digit(pair.last()?)?).ok()?;
        }
        Some(Self(digest))
    }

    /// As 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Why a yes was no yes. Nothing left, and nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShareRefused {
    /// The question ended before the answer.
    #[error("the question has ended")]
    Expired,
    /// The yes is to something else than what was drawn.
    #[error("the answer does not match the question as it was drawn")]
    NotAsShown,
    /// The PIN was typed for another question.
    #[error("the PIN was typed for another question")]
    OtherQuestion,
    /// The wallet does not let this leave, whatever the answer.
    #[error("this request is blocked")]
    Blocked,
    /// There are warnings, and no second yes.
    #[error("the warnings were not answered")]
    Warnings,
    /// A choice names a document or a part that was not proposed.
    #[error("a choice names something that was not proposed")]
    UnknownChoice,
    /// Nothing would be shared.
    #[error("nothing would be shared")]
    Nothing,
    /// None of the documents chosen can carry what would be agreed to.
    #[error("no document that was chosen can carry what would be agreed to")]
    NotCarried,
    /// The history could not be written, so nothing is shared.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One question. It is shown with [`ConsentPrompt::request_view`] or [`ConsentPrompt::show_view`], and used up by its answer.
pub struct ConsentPrompt {
    proposal: DisclosureProposal,
    digest: ProposalDigest,
}

impl ConsentPrompt {
    /// Turns a proposal into a question: the digest is taken over what will be drawn. What is drawn of the agreements are their
    /// own words; a proposal that leaves out something the request wants agreed to is a question without a yes.
    #[must_use]
    pub fn new(mut proposal: DisclosureProposal) -> Self {
        let asked = match &proposal.recipient {
            Recipient::Service(request) => request.transaction_data(),
            Recipient::AnyoneWhoReads(_) => &[],
        };
        let proposed = proposal.agreements.iter().map(Agreement::entry);
        proposal.blocked |= !asked.iter().eq(proposed);
        proposal.record.agreements = proposal.agreements.iter().map(Agreement::recorded).collect();
        let digest = match &mut proposal.drawn {
            Drawn::Request(view) => {
                view.transaction_data = proposal.agreements.iter().map(|one| one.view().clone()).collect();
                view.can_share &= !proposal.blocked;
                view.id = proposal.question.as_str().to_owned();
                view.digest.clear();
                let digest = digest(&**view);
                view.digest = digest.to_hex();
                digest
            }
            Drawn::Show(view) => {
                // This page has no place to draw them, so nobody could agree to them there.
                proposal.blocked |= !proposal.agreements.is_empty();
                view.id = proposal.question.as_str().to_owned();
                view.digest.clear();
                let digest = digest(&**view);
                view.digest = digest.to_hex();
                digest
            }
        };
        Self { proposal, digest }
    }

    /// The question's id.
    #[must_use]
    pub fn id(&self) -> &QuestionId {
        &self.proposal.question
    }

    /// What a window draws for a request.
    #[must_use]
    pub fn request_view(&self) -> Option<&RequestView> {
        match &self.proposal.drawn {
            Drawn::Request(view) => Some(view),
            Drawn::Show(_) => None,
        }
    }

    /// What a window draws before a code is shown.
    #[must_use]
    pub fn show_view(&self) -> Option<&ShowQuestionView> {
        match &self.proposal.drawn {
            Drawn::Show(view) => Some(view),
            Drawn::Request(_) => None,
        }
    }

    /// Lets the time of a code shown in person begin with the answer: for how long it works was drawn, from when is now.
    pub(crate) fn begin_at(&mut self, issued_at: u64, seconds: u32) {
        if let Recipient::AnyoneWhoReads(terms) = &mut self.proposal.recipient {
            terms.issued_at = issued_at;
            terms.expires_at = issued_at + u64::from(seconds);
        }
    }

    /// Has the question ended?
    #[must_use]
    pub fn has_ended(&self, now: Timestamp) -> bool {
        now >= self.proposal.expires_at
    }

    /// No. Needs no PIN; written into the history; the question is used up. Returns the entry and whom to tell.
    ///
    /// # Errors
    /// Why the history could not be written.
    pub fn decline(self, transaction: &Transaction<'_>, now: Timestamp) -> Result<(String, Recipient), StoreError> {
        let record = Record {
            told: Some(self.digest.to_hex()),
            ..self.proposal.record
        };
        let entry = record.append(transaction, EntryKind::Declined, self.proposal.party.as_deref(), now)?;
        if let Some(request) = &self.proposal.request {
            transaction.use_request(request, &entry, now)?;
        }
        Ok((entry, self.proposal.recipient))
    }

    /// Yes: the only constructor of a [`ConsentedDisclosure`]. Writes the history entry, uses the question up and spends the
    /// copies, all in `transaction`; the caller commits it before the witness can be used, because signing needs the store.
    ///
    /// # Errors
    /// [`ShareRefused`] says why this is no yes.
    pub fn share(
        self,
        seen: &ProposalDigest,
        choices: &Choices,
        pin: PinVerified,
        transaction: &Transaction<'_>,
        now: Timestamp,
    ) -> Result<ConsentedDisclosure, ShareRefused> {
        if self.has_ended(now) {
            return Err(ShareRefused::Expired);
        }
        if !bool::from(self.digest.0.ct_eq(&seen.0)) {
            return Err(ShareRefused::NotAsShown);
        }
        if pin.question() != &self.proposal.question {
            return Err(ShareRefused::OtherQuestion);
        }
        if self.proposal.blocked {
            return Err(ShareRefused::Blocked);
        }
        if self.proposal.needs_second_yes && !choices.despite_warnings {
            return Err(ShareRefused::Warnings);
        }
        let DisclosureProposal {
            question,
            request,
            party,
            recipient,
            parts,
            sets,
            agreements,
            mut record,
            ..
        } = self.proposal;
        let mut selected = select(parts, &sets, choices)?;
        bind(&mut selected, &agreements, &recipient)?;
        record.told = Some(self.digest.to_hex());
        record.documents = Vec::new();
        for part in &selected {
            if !record.documents.contains(&part.document) {
                record.documents.push(part.document.clone());
            }
            record.shared.push(RecordedShare {
                query: part.query.clone(),
                document: part.document.id.clone(),
                type_id: Some(part.type_id.clone()),
                claims: part.claims.clone(),
                labels: part.labels.clone(),
            });
        }
        let kind = match recipient {
            Recipient::Service(_) => EntryKind::Sharing,
            Recipient::AnyoneWhoReads(_) => EntryKind::Showing,
        };
        let history = record.append(transaction, kind, party.as_deref(), now)?;
        if let Some(request) = &request {
            transaction.use_request(request, &history, now)?;
        }
        for (place, part) in selected.iter().enumerate() {
            // One document may answer two queries of one service; its copy is given away once.
            if selected.iter().take(place).any(|before| before.copy == part.copy) {
                continue;
            }
            if part.one_time {
                transaction.spend_copy(&part.copy, now)?;
            } else {
                transaction.use_copy_again(&part.copy, now)?;
            }
        }
        Ok(ConsentedDisclosure::agreed(
            question, party, recipient, selected, history, pin,
        ))
    }
}

/// Gives each agreement to the document that carries it: one that the request names, that was chosen and that can (OpenID4VP 1.0,
/// 5.1).
fn bind(selected: &mut [SelectedPart], agreements: &[Agreement], recipient: &Recipient) -> Result<(), ShareRefused> {
    let Recipient::Service(request) = recipient else {
        return Ok(());
    };
    let query = request.query();
    let entries: Vec<TransactionData> = agreements.iter().map(|one| one.entry().clone()).collect();
    let id = |position: usize| query.credentials().get(position).map(|asked| asked.id.as_str());
    let answered: Vec<usize> = (0..query.credentials().len())
        .filter(|position| selected.iter().any(|part| id(*position) == Some(&part.query)))
        .collect();
    let able = |part: &SelectedPart, position: usize, kind: &TransactionDataType| {
        id(position) == Some(&part.query) && part.can_carry(kind)
    };
    let assigned = assign(&entries, query, &answered, |position, kind| {
        selected.iter().any(|part| able(part, position, kind))
    })
    .map_err(|_| ShareRefused::NotCarried)?;
    for (position, entries) in assigned {
        let carrier = selected.iter_mut().find(|part| {
            let fits = |entry: &&TransactionData| able(part, position, entry.data_type());
            entries.iter().all(fits)
        });
        let carrier = carrier.ok_or(ShareRefused::NotCarried)?;
        carrier.carry(&entries).map_err(|_| ShareRefused::NotCarried)?;
    }
    Ok(())
}

fn digest(view: &impl serde::Serialize) -> ProposalDigest {
    // View types are plain data: they always serialise. A value that did not would get a digest nobody can repeat.
    let drawn = serde_json::to_vec(view).unwrap_or_default();
    ProposalDigest(Sha256::digest([b"citizen-wallet question 1\0".as_slice(), &drawn].concat()).into())
}
