//! What the person agreed to beyond showing a document, and where its proof must be (OpenID4VP 1.0, 5.1, 8.4, B.2.1, B.3.3.1).

use std::collections::BTreeMap;

use serde_json::json;
use wallet_credentials::mdoc::{DeviceElement, ElementValue};
use wallet_credentials::sd_jwt_vc::TransactionDataHashes;
use wallet_protocols::dcql::{DcqlQuery, RequestedType};
use wallet_protocols::openid4vp::transaction_data::{self, MDOC_ELEMENT};
use wallet_protocols::openid4vp::{TransactionData, TransactionDataProblem};

use crate::catalogue::DocumentType;
use crate::requests::{Check, Request};
use crate::verify::checked;
use crate::ways;

/// What one answer must be bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Agreed {
    /// The digests of an SD-JWT VC's key binding.
    pub(crate) hashes: Option<TransactionDataHashes>,
    /// The elements the device of an mdoc signs: name space and value of [`MDOC_ELEMENT`].
    pub(crate) device_signed: Vec<(&'static str, [u8; 32])>,
}

/// What each answer must be bound to, by the id of the query: the transaction data that is its to carry.
pub(crate) fn agreed(
    query: &DcqlQuery,
    request: &Request,
    vp_token: &BTreeMap<String, Vec<String>>,
) -> Result<BTreeMap<String, Agreed>, TransactionDataProblem> {
    let Some(entries) = &request.spec.transaction_data else {
        return Ok(BTreeMap::new());
    };
    let received: Vec<String> = entries.iter().map(ways::transaction_data).collect();
    let entries = transaction_data::read(&json!(received), query)?;
    let credentials = query.credentials().iter().enumerate();
    let answered: Vec<usize> = credentials
        .filter(|(_, one)| vp_token.contains_key(one.id.as_str()))
        .map(|(position, _)| position)
        .collect();
    let asked = |position: usize| query.credentials().get(position);
    let signs = |position: usize, _: &_| match asked(position).map(|asked| &asked.requested) {
        Some(RequestedType::Mdoc(Some(doc_type))) => {
            DocumentType::every().any(|document| document.signs_transactions() && document.type_id() == *doc_type)
        }
        _ => false,
    };
    let assigned = transaction_data::assign(&entries, query, &answered, signs)?;
    let by_id = assigned
        .into_iter()
        .filter_map(|(position, entries)| Some((asked(position)?, entries)));
    by_id
        .map(|(asked, entries)| {
            let agreed = match asked.requested {
                RequestedType::Mdoc(_) => Agreed {
                    hashes: None,
                    device_signed: entries.iter().map(|entry| device_signed(entry)).collect(),
                },
                _ => Agreed {
                    hashes: Some(transaction_data::hashes(&entries)?),
                    device_signed: Vec::new(),
                },
            };
            Ok((asked.id.as_str().to_owned(), agreed))
        })
        .collect()
}

fn device_signed(entry: &TransactionData) -> (&'static str, [u8; 32]) {
    (entry.data_type().name, entry.mdoc_hash())
}

impl Agreed {
    /// Whether the device signed what was agreed to, and nothing else.
    pub(crate) fn device_check(&self, elements: &[DeviceElement]) -> Check {
        let is = |element: &DeviceElement, (name_space, hash): &(&str, [u8; 32])| {
            *element.name_space == **name_space
                && element.identifier == MDOC_ELEMENT
                && matches!(&element.value, ElementValue::Bytes(bytes) if bytes == hash)
        };
        let all = self
            .device_signed
            .iter()
            .all(|wanted| elements.iter().any(|element| is(element, wanted)));
        checked(
            "transaction",
            match (all, elements.len() == self.device_signed.len()) {
                (true, true) => Ok("The holder’s key signed exactly what was agreed to.".to_owned()),
                (true, false) => Err("The device signed more than it was asked to.".to_owned()),
                (false, _) => Err("What was to be agreed to is not in what the device signed.".to_owned()),
            },
        )
    }
}
