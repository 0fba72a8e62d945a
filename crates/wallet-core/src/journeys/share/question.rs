//! The question of a request: what could answer, narrowed; who asks; what is wrong with it; how it is drawn.

mod asked;
mod candidates;
mod drawn;
mod judged;
mod lately;
mod narrow;
mod not_learned;
mod transaction;
mod warnings;

use std::collections::BTreeSet;

use wallet_credentials::trust::RegisterEntry;
use wallet_protocols::openid4vp::{PresentationRequest, VerifierIdentity};

pub(crate) use narrow::{Source, propose};

use self::asked::{legal_basis, requested};
use self::candidates::{matches, possible};
use self::drawn::Parts;
use self::not_learned::not_learned;
use self::warnings::{blocked, is_sensitive, unregistered};
use super::super::Context;
use super::super::failure::Outcome;
use super::super::trust::{Known, Trust, local};
use crate::clock::{lower, upper};
use crate::consent::record::{Channel, Record, RecordedParty};
use crate::consent::{ConsentPrompt, DisclosureProposal, Drawn, Recipient};
use crate::keys::QuestionId;
use crate::labels::clean;
use crate::store::StoreError;
use crate::store::parties::PartyRole;
use crate::store::requests::StoredRequest;
use crate::view::{AskView, PartyView, RequestView, ServiceView, WarningView};
use crate::words::Words;

/// Makes the question of a verified request.
pub(super) fn build(
    context: &Context<'_>,
    trust: &Trust,
    request: PresentationRequest,
    stored: &StoredRequest,
    cross_device: bool,
) -> Outcome<ConsentPrompt> {
    let words = Words::for_language(context.language);
    let agreements = transaction::agreements(&request, context.language)?;
    let (known, entry) = who(trust, &request, context);
    let possible = possible(context, request.query())?;
    let matches = matches(request.query(), &possible);
    let mut parts = Parts::of(context, request.query(), &matches, &possible)?;
    let not_carried = transaction::settle(&request, &mut parts, words).filter(|_| matches.satisfiable);
    let requested = requested(request.query());
    let service = meet(context, &request, &known, entry)?;
    let party = service.party.id.clone();
    let had = lately::had(context, &party, entry)?;
    let judged = judged::judge(context, request.query(), known.recognition, entry, &requested, &had);
    judged.mark(&mut parts);
    let purpose = judged.purpose;
    let mut warnings: Vec<WarningView> = unregistered(&known, words).into_iter().chain(judged.warnings).collect();
    let sensitive = is_sensitive(&requested, parts.offered());
    let blocked = blocked(&known, sensitive, &matches, &possible, request.query(), context).or(not_carried);
    if blocked.is_some() {
        warnings.retain(|warning| blocked.as_ref().is_none_or(|b| b.code != warning.code));
    }
    let not_learned = not_learned(parts.offered(), words);
    let drawing = parts.draw();
    let language = context.language;
    let view = RequestView {
        id: String::new(),
        digest: String::new(),
        service,
        not_learned,
        asks: drawing.asks,
        alternatives: drawing.alternatives,
        sets: drawing.drawn_sets,
        purpose: purpose.map(|p| clean(&local(&p.text, language), 300)),
        retention: purpose.map(|p| clean(&local(&p.retention, language), 200)),
        legal_basis: purpose.map(|p| legal_basis(&p.lawful_basis, words)),
        privacy_url: entry.map(|e| clean(&e.privacy_url, 300)),
        can_share: blocked.is_none(),
        // Drawn from the agreements themselves.
        transaction_data: Vec::new(),
        expires_at: stored.expires_at.to_string(),
        cross_device,
        warnings,
        blocked,
    };
    let record = Record {
        party: Some(RecordedParty {
            name: view.service.party.name.clone(),
            recognition: known.recognition,
            host: view.service.party.host.clone(),
            intermediary: view.service.intermediary.clone(),
        }),
        asked: view
            .asks
            .iter()
            .flat_map(asked_labels)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        purpose: view.purpose.clone(),
        retention: view.retention.clone(),
        legal_basis: view.legal_basis.clone(),
        privacy_url: view.privacy_url.clone(),
        warnings: view.warnings.iter().map(|warning| warning.code.clone()).collect(),
        channel: Some(Channel::Online),
        ..Record::default()
    };
    Ok(ConsentPrompt::new(DisclosureProposal {
        question: QuestionId::new(stored.id.clone()),
        request: Some(stored.id.clone()),
        party: Some(party),
        recipient: Recipient::Service(Box::new(request)),
        parts: drawing.parts,
        sets: drawing.sets,
        agreements,
        record,
        needs_second_yes: !view.warnings.is_empty(),
        blocked: !view.can_share,
        expires_at: stored.expires_at,
        drawn: Drawn::Request(Box::new(view)),
    }))
}

/// The service as it is drawn; whoever asks is remembered among the parties.
fn meet(
    context: &Context<'_>,
    request: &PresentationRequest,
    known: &Known,
    entry: Option<&RegisterEntry>,
) -> Outcome<ServiceView> {
    let identifier = party_identifier(request);
    let name = known
        .name
        .clone()
        .unwrap_or_else(|| clean(request.response_uri().host(), 120));
    let host = clean(request.response_uri().host(), 253);
    let now = context.now();
    let (party, shared_before) = context.store.write::<_, StoreError>(|transaction| {
        let party = transaction.meet_party(
            PartyRole::Service,
            &identifier,
            &name,
            certificate(request).as_ref(),
            now,
        )?;
        let before = transaction.history(&crate::store::history::EntryFilter {
            party: Some(party.clone()),
            kind: Some(crate::store::history::EntryKind::Sharing),
            since: None,
        })?;
        Ok((party, u32::try_from(before.len()).unwrap_or(u32::MAX)))
    })?;
    let language = context.language;
    Ok(ServiceView {
        party: PartyView {
            id: party,
            name,
            recognition: known.recognition,
            host,
        },
        legal_name: entry.map(|e| clean(&e.legal_name, 120)),
        intermediary: entry
            .and_then(|e| e.intermediary.as_deref())
            .map(|text| clean(text, 120)),
        vouched_by: known.vouched_by.clone(),
        registered_purposes: entry
            .map(|e| {
                e.purposes
                    .iter()
                    .take(20)
                    .map(|p| clean(&local(&p.text, language), 300))
                    .collect()
            })
            .unwrap_or_default(),
        registered_until: entry.map(|e| upper(e.valid_until).to_string()),
        shared_before,
    })
}

/// Who signed the request, as this wallet knows them.
fn who<'t>(
    trust: &'t Trust,
    request: &PresentationRequest,
    context: &Context<'_>,
) -> (Known, Option<&'t RegisterEntry>) {
    trust.verifier(
        request.client_id(),
        request.verifier(),
        context.language,
        lower(context.now()),
    )
}

/// What the party is known by: its certificate, where it has one, so that a new address is still the same party.
fn party_identifier(request: &PresentationRequest) -> String {
    let client_id = request.client_id().as_str();
    match request.verifier() {
        // Two who vouch may give the same name to two services.
        VerifierIdentity::Attested { issuer, .. } => format!("{client_id} {issuer}"),
        _ => client_id.to_owned(),
    }
}

fn certificate(request: &PresentationRequest) -> Option<[u8; 32]> {
    match request.verifier() {
        VerifierIdentity::Certificate { chain, .. } => {
            chain.first().map(wallet_credentials::trust::Certificate::sha256)
        }
        _ => None,
    }
}

fn asked_labels(ask: &AskView) -> Vec<String> {
    ask.candidates
        .first()
        .map(|c| c.claims.iter().map(|row| row.label.clone()).collect())
        .unwrap_or_default()
}
