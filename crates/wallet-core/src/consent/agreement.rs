//! What a person agrees to beyond sharing details: an entry of transaction data together with the words it is shown in
//! (OpenID4VP 1.0, 5.1 and 8.4).

use wallet_credentials::jose::base64url;
use wallet_protocols::openid4vp::transaction_data::{FieldKind, MDOC_ELEMENT};
use wallet_protocols::openid4vp::{TransactionData, TransactionDataType};

use super::proposal::Narrowed;
use super::record::RecordedAgreement;
use crate::labels::{clean, money};
use crate::view::{AgreementView, FactView, Language};
use crate::words::{Arg, Words};

/// One thing to agree to. The words are made out of the entry and nothing else, and the two cannot be parted: what is signed is
/// what was shown.
///
/// ```compile_fail,E0451
/// # use wallet_core::consent::Agreement;
/// # fn other(shown: Agreement, meant: Agreement) {
/// let swapped = Agreement { ..shown };
/// # }
/// ```
#[derive(Debug)]
pub struct Agreement {
    entry: TransactionData,
    view: AgreementView,
}

/// An entry that cannot be put into words as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request asks to agree to something this wallet cannot show")]
pub struct Unshowable;

impl Agreement {
    /// Puts an entry into words.
    ///
    /// # Errors
    /// [`Unshowable`] for a type without words here, and for texts that would be drawn otherwise than they are signed.
    pub fn of(entry: &TransactionData, language: Language) -> Result<Self, Unshowable> {
        Ok(Self {
            view: view(entry, language)?,
            entry: entry.clone(),
        })
    }

    /// How it is drawn.
    #[must_use]
    pub fn view(&self) -> &AgreementView {
        &self.view
    }

    /// What is signed.
    #[must_use]
    pub fn entry(&self) -> &TransactionData {
        &self.entry
    }

    /// What the history keeps of it.
    pub(super) fn recorded(&self) -> RecordedAgreement {
        RecordedAgreement {
            kind: self.view.kind.clone(),
            text: self.view.text.clone(),
            facts: self
                .view
                .facts
                .iter()
                .map(|fact| (fact.label.clone(), fact.text.clone()))
                .collect(),
            sha256: hex(&self.entry.mdoc_hash()),
        }
    }
}

impl Narrowed {
    /// Whether a presentation of this can prove that the person agreed to an entry of this type: an SD-JWT VC in its key binding, an mdoc
    /// where its issuer lets the device sign the element of the type, a JWT VC never.
    #[must_use]
    pub fn can_carry(&self, kind: &TransactionDataType) -> bool {
        match self {
            Self::SdJwtVc(_) => true,
            Self::Mdoc(mdoc) => mdoc.may_sign(kind.name, MDOC_ELEMENT),
            Self::JwtVc(_) => false,
        }
    }
}

fn view(entry: &TransactionData, language: Language) -> Result<AgreementView, Unshowable> {
    let words = Words::for_language(language);
    let kind = entry.data_type();
    let id = |part: &str| format!("agreement-{}", part.replace(['.', '_'], "-"));
    // A type the floor below knows and this one has no sentence for.
    let sentence = id(kind.name);
    if !words.has(&sentence) {
        return Err(Unshowable);
    }
    let mut facts = Vec::new();
    for field in kind.fields {
        let Some(value) = entry.value(field.name) else { continue };
        let text = match field.kind {
            FieldKind::Text | FieldKind::Address => value.to_owned(),
            FieldKind::Amount => money(value, entry.value("currency").unwrap_or_default()),
            // Said with the amount.
            FieldKind::Currency => continue,
            FieldKind::Digest => fingerprint(value)?,
            _ => return Err(Unshowable),
        };
        let label = id(&format!("{}-{}", kind.name, field.name));
        if clean(&text, text.len()) != text || !words.has(&label) {
            return Err(Unshowable);
        }
        facts.push((
            field.name,
            FactView {
                label: words.message(&label, &[]),
                text,
            },
        ));
    }
    let args: Vec<(&'static str, Arg<'_>)> = facts
        .iter()
        .map(|(name, fact)| (*name, Arg::Text(&fact.text)))
        .collect();
    Ok(AgreementView {
        kind: kind.name.to_owned(),
        text: words.message(&sentence, &args),
        facts: facts.into_iter().map(|(_, fact)| fact).collect(),
    })
}

/// A digest as people compare them: hexadecimal, in groups of four.
fn fingerprint(digest: &str) -> Result<String, Unshowable> {
    let bytes = base64url::decode(digest).map_err(|_| Unshowable)?;
    let groups: Vec<String> = bytes.chunks(2).map(hex).collect();
    Ok(groups.join(" "))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
