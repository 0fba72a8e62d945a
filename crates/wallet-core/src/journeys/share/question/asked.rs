//! What the request names, in words.

use std::collections::BTreeSet;

use wallet_credentials::jwt_vc;
use wallet_credentials::trust::Detail;
use wallet_protocols::dcql::{DcqlQuery, RequestedType};

use super::super::super::held::path_view;
use super::super::super::{Context, IssuerWords, document_name};
use crate::labels::clean;
use crate::words::Words;

/// A detail the request names, and the place of the query that does.
pub(super) struct Asked {
    pub(super) query: usize,
    pub(super) detail: Detail,
}

/// Every detail the request names, whether it can be answered or not: over-asking is judged by what was asked.
pub(super) fn requested(query: &DcqlQuery) -> Vec<Asked> {
    let mut details = Vec::new();
    for (position, credential) in query.credentials().iter().enumerate() {
        let types: Vec<String> = match &credential.requested {
            RequestedType::SdJwtVc(Some(types)) => types.clone(),
            RequestedType::Mdoc(Some(doctype)) => vec![doctype.clone()],
            RequestedType::JwtVc(Some(alternatives)) => specific(alternatives),
            _ => Vec::new(),
        };
        for document_type in types {
            for claim in &credential.claims {
                details.push(Asked {
                    query: position,
                    detail: Detail {
                        document_type: document_type.clone(),
                        path: claim.path.clone(),
                    },
                });
            }
        }
    }
    details
}

/// The types that say what a JWT VC is, out of the alternatives asked for.
fn specific(alternatives: &[Vec<String>]) -> Vec<String> {
    let last = |types: &Vec<String>| types.iter().rfind(|name| *name != jwt_vc::BASE_TYPE).cloned();
    alternatives.iter().filter_map(last).collect()
}

/// The names of the documents a request names.
pub(super) fn asked_for(query: &DcqlQuery, context: &Context<'_>) -> Vec<String> {
    let types = query
        .credentials()
        .iter()
        .flat_map(|credential| match &credential.requested {
            RequestedType::SdJwtVc(Some(types)) => types.clone(),
            RequestedType::Mdoc(Some(doctype)) => vec![doctype.clone()],
            RequestedType::JwtVc(Some(alternatives)) => specific(alternatives),
            _ => Vec::new(),
        });
    let names: BTreeSet<String> = types
        .map(|type_id| document_name(&type_id, &IssuerWords::default(), context.language))
        .collect();
    names.into_iter().take(10).collect()
}

/// The legal basis of UK GDPR, article 6, in words; what is not one of its six stays as the register has it.
pub(super) fn legal_basis(basis: &str, words: &Words) -> String {
    let id = format!("legal-basis-{}", basis.replace('_', "-"));
    if words.has(&id) {
        words.message(&id, &[])
    } else {
        clean(basis, 200)
    }
}

/// What a detail is called.
pub(super) fn label(detail: &Detail, context: &Context<'_>) -> String {
    crate::labels::claim_label(&detail.document_type, &path_view(&detail.path), None, context.language)
}
