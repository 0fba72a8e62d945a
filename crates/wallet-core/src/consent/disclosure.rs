//! The proof of a yes, and what it is good for: one presentation.

use std::collections::BTreeMap;

use jiff::Timestamp;
use wallet_credentials::jwt_vc::PresentationBinding;
use wallet_credentials::mdoc::{OfflineProof, SessionTranscript};
use wallet_credentials::sd_jwt_vc::{KeyBinding, TransactionDataHashes};
use wallet_protocols::openid4vp::transaction_data::{self, MDOC_ELEMENT};
use wallet_protocols::openid4vp::{TransactionData, TransactionDataProblem, TransactionDataType};

use super::proposal::{Narrowed, ProposedCandidate, Recipient};
use super::record::RecordedDocument;
use crate::keys::{HolderKeys, KeysError, PinVerified, QuestionId};
use crate::store::holder_keys::KeyId;
use crate::store::{Store, StoreError};
use crate::view::{PathView, SharedView};

/// A part the person agreed to.
pub(super) struct SelectedPart {
    pub(super) query: String,
    pub(super) document: RecordedDocument,
    pub(super) type_id: String,
    pub(super) copy: String,
    pub(super) one_time: bool,
    pub(super) claims: Vec<PathView>,
    pub(super) labels: Vec<String>,
    key: KeyId,
    credential: Narrowed,
    /// Digests of what was agreed to, for the key binding of an SD-JWT VC. An mdoc has its own among its elements.
    agreed: Option<TransactionDataHashes>,
}

impl SelectedPart {
    /// Whether its signature can prove that the person agreed to an entry of this type.
    pub(super) fn can_carry(&self, kind: &TransactionDataType) -> bool {
        self.credential.can_carry(kind)
    }

    /// Binds what was agreed to into what will be signed (OpenID4VP 1.0, B.2.1 and B.3.3.1).
    pub(super) fn carry(&mut self, entries: &[&TransactionData]) -> Result<(), TransactionDataProblem> {
        match &mut self.credential {
            Narrowed::SdJwtVc(_) => self.agreed = Some(transaction_data::hashes(entries)?),
            Narrowed::Mdoc(mdoc) => {
                for entry in entries {
                    mdoc.add_device_signed(entry.data_type().name, MDOC_ELEMENT, &entry.mdoc_hash())
                        .map_err(|_| TransactionDataProblem::NoCredential)?;
                }
            }
            Narrowed::JwtVc(_) => return Err(TransactionDataProblem::NoCredential),
        }
        Ok(())
    }

    pub(super) fn new(query: String, candidate: ProposedCandidate) -> Self {
        let ProposedCandidate {
            document,
            copy,
            one_time,
            key,
            credential,
            claims,
            labels,
            type_id,
            claim_set: _,
        } = candidate;
        Self {
            query,
            document,
            type_id,
            copy,
            one_time,
            claims,
            labels,
            key,
            credential,
            agreed: None,
        }
    }
}

/// Proof that a person agreed to share exactly this, with exactly this recipient, now. Not `Clone`, not `Default`, not
/// `Deserialize`; made only by [`super::ConsentPrompt::share`]; consumed by [`ConsentedDisclosure::sign`].
#[must_use = "somebody said yes; the history already says so"]
pub struct ConsentedDisclosure {
    question: QuestionId,
    party: Option<String>,
    recipient: Recipient,
    parts: Vec<SelectedPart>,
    history: String,
    pin: PinVerified,
}

/// Why an agreed disclosure could not be signed. Nothing left.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// A holder key could not be opened, or could not sign.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The history does not have this yes.
    #[error("the history does not have this yes")]
    NotWritten,
    /// The history could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The credential could not be put into its presentation form.
    #[error("the presentation could not be built")]
    Format,
    /// A document in this form cannot go this way (an SD-JWT VC or a JWT VC in a code shown in person).
    #[error("this document cannot be shown this way")]
    WrongForm,
}

impl ConsentedDisclosure {
    pub(super) fn agreed(
        question: QuestionId,
        party: Option<String>,
        recipient: Recipient,
        parts: Vec<SelectedPart>,
        history: String,
        pin: PinVerified,
    ) -> Self {
        Self {
            question,
            party,
            recipient,
            parts,
            history,
            pin,
        }
    }

    /// The history entry that says so.
    #[must_use]
    pub fn history(&self) -> &str {
        &self.history
    }

    /// Id of the service among the parties.
    #[must_use]
    pub fn party(&self) -> Option<&str> {
        self.party.as_deref()
    }

    /// What was agreed, for the result page.
    #[must_use]
    pub fn shared(&self) -> Vec<SharedView> {
        self.parts
            .iter()
            .map(|part| SharedView {
                query: part.query.clone(),
                document: part.document.id.clone(),
                claims: part.claims.clone(),
            })
            .collect()
    }

    /// How many details were agreed to, counted as the question counted them.
    #[must_use]
    pub fn details(&self) -> u32 {
        u32::try_from(self.parts.iter().map(|part| part.labels.len()).sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Opens the keys with the PIN inside, signs each credential for the recipient it was agreed for, and drops the keys.
    ///
    /// # Errors
    /// See [`SignError`].
    pub fn sign(self, keys: &HolderKeys, store: &Store, now: Timestamp) -> Result<Presentation, SignError> {
        let ids: Vec<KeyId> = self.parts.iter().map(|part| part.key.clone()).collect();
        let (pin, question) = (self.pin, self.question);
        let opened = store.read::<_, SignError>(|transaction| {
            // A yes in a transaction that was undone is none: first the history, on the disk, then the keys.
            if transaction.history_entry(&self.history)?.is_none() {
                return Err(SignError::NotWritten);
            }
            Ok(keys.open_agreed(transaction, pin, &question, &ids)?)
        })?;
        let transcript = match &self.recipient {
            Recipient::Service(request) => request.session_transcript(),
            Recipient::AnyoneWhoReads(terms) => {
                SessionTranscript::offline(terms.issued_at, terms.expires_at, &terms.salt)
            }
        };
        let mut entries: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut offline = None;
        for (part, key) in self.parts.into_iter().zip(&opened) {
            if *key.id() != part.key {
                return Err(KeysError::HolderKeyDamaged.into());
            }
            let entry = match (part.credential, &self.recipient) {
                (Narrowed::SdJwtVc(credential), Recipient::Service(request)) => {
                    let binding = KeyBinding {
                        audience: request.client_id().as_str(),
                        nonce: request.nonce(),
                        issued_at: crate::clock::lower(now),
                        transaction_data: part.agreed.as_ref(),
                    };
                    credential.present(&binding, key).map_err(|_| SignError::Format)?
                }
                (Narrowed::Mdoc(mdoc), Recipient::Service(_)) => {
                    let response = mdoc.sign(&transcript, key).map_err(|_| SignError::Format)?;
                    wallet_credentials::jose::base64url::encode(&response)
                }
                (Narrowed::Mdoc(mdoc), Recipient::AnyoneWhoReads(terms)) => {
                    let response = mdoc.sign(&transcript, key).map_err(|_| SignError::Format)?;
                    let proof = OfflineProof::new(response, terms.issued_at, terms.expires_at, terms.salt.clone())
                        .map_err(|_| SignError::Format)?;
                    offline = Some(proof.encode());
                    continue;
                }
                (Narrowed::JwtVc(whole), Recipient::Service(request)) => {
                    let binding = PresentationBinding {
                        audience: request.client_id().as_str(),
                        nonce: request.nonce(),
                        issued_at: crate::clock::lower(now),
                    };
                    whole.present(&binding, key).map_err(|_| SignError::Format)?
                }
                (Narrowed::SdJwtVc(_) | Narrowed::JwtVc(_), Recipient::AnyoneWhoReads(_)) => {
                    return Err(SignError::WrongForm);
                }
            };
            entries.entry(part.query).or_default().push(entry);
        }
        Ok(Presentation {
            recipient: self.recipient,
            entries,
            offline,
        })
    }
}

/// Signed bytes for one recipient, and the recipient with them.
pub struct Presentation {
    recipient: Recipient,
    entries: BTreeMap<String, Vec<String>>,
    offline: Option<Vec<u8>>,
}

impl Presentation {
    /// Takes it apart to be sent: the recipient it was agreed for, and the `vp_token` entries by query.
    #[must_use]
    pub fn into_online(self) -> (Recipient, BTreeMap<String, Vec<String>>) {
        (self.recipient, self.entries)
    }

    /// The payload of a code shown in person.
    #[must_use]
    pub fn into_offline(self) -> Option<Vec<u8>> {
        self.offline
    }
}
