//! The question of a request: what could answer, narrowed; who asks; what is wrong with it; how it is drawn.

use std::collections::BTreeSet;

use wallet_credentials::claim::ClaimPath;
use wallet_credentials::credential::Format;
use wallet_credentials::jwt_vc;
use wallet_credentials::trust::{Detail, Purpose, RegisterEntry};
use wallet_protocols::dcql::{DcqlQuery, HeldCredential as _, HeldIndex, Matches, QueryMatches, RequestedType};
use wallet_protocols::openid4vp::{PresentationRequest, VerifierIdentity};

use super::super::documents::{self, StoredParts};
use super::super::failure::{Failure, Outcome};
use super::super::held::{Held, narrowed_details, path_view};
use super::super::trust::{Known, Trust, local};
use super::super::{Context, IssuerWords, document_name};
use crate::clock::{lower, upper};
use crate::consent::record::{Channel, Record, RecordedDocument, RecordedParty};
use crate::consent::{ConsentPrompt, DisclosureProposal, Drawn, ProposedCandidate, ProposedPart, Recipient};
use crate::keys::QuestionId;
use crate::labels::{clean, document_kind};
use crate::problem::ProblemCode;
use crate::store::StoreError;
use crate::store::documents::{DocumentFormat, StoredDocument};
use crate::store::parties::PartyRole;
use crate::store::requests::StoredRequest;
use crate::view::{
    AskView, CandidateView, ClaimView, DocumentState, PartyView, PathView, RecognitionView, RequestView, ServiceView,
    WarningView,
};
use crate::words::{Arg, Words};

/// A document that could be used, with its next copy.
struct Usable {
    document: StoredDocument,
    parts: StoredParts,
    held: Held,
}

/// A document that cannot be used now, and why.
type Unusable = (Usable, ProblemCode);

/// Makes the question of a verified request.
pub(super) fn build(
    context: &Context<'_>,
    trust: &Trust,
    request: PresentationRequest,
    stored: &StoredRequest,
    cross_device: bool,
) -> Outcome<ConsentPrompt> {
    let words = Words::for_language(context.language);
    let (known, entry) = who(trust, &request, context);
    let (usable, unusable) = candidates(context, request.query())?;
    let matches = matches(request.query(), &usable);
    let answered = answered(&matches);
    let mut parts = Vec::new();
    let mut asks = Vec::new();
    for (position, optional) in &answered {
        let Some(found) = matches.queries.get(*position) else {
            continue;
        };
        let (part, ask) = part(context, found, *optional, &usable)?;
        parts.push(part);
        asks.push(ask);
    }
    if !matches.satisfiable {
        // Nothing can be shared; the screen still says what was asked for.
        asks = matches.queries.iter().map(unanswered).collect();
    }
    let requested = requested(request.query());
    let (purpose, extra) = judged(entry, &requested);
    let mut warnings = warnings(&known, &extra, words, context);
    let sensitive = is_sensitive(&requested, &asks);
    let blocked = blocked(&known, sensitive, &matches, &unusable, request.query(), context);
    if blocked.is_some() {
        warnings.retain(|warning| blocked.as_ref().is_none_or(|b| b.code != warning.code));
    }
    let identifier = party_identifier(&request);
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
            certificate(&request).as_ref(),
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
    let service = ServiceView {
        party: PartyView {
            id: party.clone(),
            name: name.clone(),
            recognition: known.recognition,
            host: host.clone(),
        },
        legal_name: entry.map(|e| clean(&e.legal_name, 120)),
        intermediary: entry
            .and_then(|e| e.intermediary.as_deref())
            .map(|text| clean(text, 120)),
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
    };
    let view = RequestView {
        id: String::new(),
        digest: String::new(),
        service,
        not_learned: not_learned(&asks, words),
        asks,
        purpose: purpose.map(|p| clean(&local(&p.text, language), 300)),
        retention: purpose.map(|p| clean(&local(&p.retention, language), 200)),
        legal_basis: purpose.map(|p| legal_basis(&p.lawful_basis, words)),
        privacy_url: entry.map(|e| clean(&e.privacy_url, 300)),
        can_share: blocked.is_none(),
        transaction_data: Vec::new(),
        expires_at: stored.expires_at.to_string(),
        cross_device,
        warnings,
        blocked,
    };
    let record = Record {
        party: Some(RecordedParty {
            name,
            recognition: known.recognition,
            host,
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
        parts,
        record,
        needs_second_yes: !view.warnings.is_empty(),
        blocked: !view.can_share,
        expires_at: stored.expires_at,
        drawn: Drawn::Request(Box::new(view)),
    }))
}

/// Who signed the request, as this wallet knows them.
fn who<'t>(
    trust: &'t Trust,
    request: &PresentationRequest,
    context: &Context<'_>,
) -> (Known, Option<&'t RegisterEntry>) {
    match request.verifier() {
        VerifierIdentity::Certificate { chain, .. } => trust.service(chain, lower(context.now())),
        VerifierIdentity::Key(_) => (trust.service_did(request.client_id().value()), None),
        // An unsigned request is by nobody this wallet could know.
        _ => (
            Known {
                name: None,
                recognition: RecognitionView::NotListed,
            },
            None,
        ),
    }
}

/// What the party is known by: its certificate, where it has one, so that a new address is still the same party.
fn party_identifier(request: &PresentationRequest) -> String {
    request.client_id().as_str().to_owned()
}

fn certificate(request: &PresentationRequest) -> Option<[u8; 32]> {
    match request.verifier() {
        VerifierIdentity::Certificate { chain, .. } => {
            chain.first().map(wallet_credentials::trust::Certificate::sha256)
        }
        _ => None,
    }
}

/// The documents of a requested type: those that can be used now, and those that cannot, with why.
fn candidates(context: &Context<'_>, query: &DcqlQuery) -> Outcome<(Vec<Usable>, Vec<Unusable>)> {
    let now = context.now();
    let all = context.store.read::<_, StoreError>(|transaction| {
        let documents = transaction.documents()?.into_iter().filter(|d| is_asked(query, d));
        documents
            .map(|document| {
                let parts = documents::parts(transaction, &document)?;
                Ok((document, parts))
            })
            .collect::<Result<Vec<_>, StoreError>>()
    })?;
    let (mut usable, mut unusable) = (Vec::new(), Vec::new());
    for (document, parts) in all {
        let Some(copy) = &parts.next else { continue };
        // A damaged document is shown as such in the list; here it answers nothing.
        let Ok(held) = Held::from_store(document.format, &copy.credential) else {
            continue;
        };
        let state = documents::state(&document, now).state;
        let candidate = Usable { document, parts, held };
        match state {
            DocumentState::Ended | DocumentState::StartsLater => {
                unusable.push((candidate, ProblemCode::DocumentOutOfDate));
            }
            DocumentState::Revoked | DocumentState::Suspended | DocumentState::Broken => {
                unusable.push((candidate, ProblemCode::DocumentWithdrawn));
            }
            DocumentState::Valid | DocumentState::NotChecked | DocumentState::Ending => usable.push(candidate),
        }
    }
    Ok((usable, unusable))
}

fn is_asked(query: &DcqlQuery, document: &StoredDocument) -> bool {
    query
        .credentials()
        .iter()
        .any(|credential| match (&credential.requested, document.format) {
            (RequestedType::SdJwtVc(None), DocumentFormat::SdJwtVc)
            | (RequestedType::Mdoc(None), DocumentFormat::Mdoc)
            // Its types are compared when it has been read.
            | (RequestedType::JwtVc(_), DocumentFormat::JwtVc) => true,
            (RequestedType::SdJwtVc(Some(types)), DocumentFormat::SdJwtVc) => types.contains(&document.type_id),
            (RequestedType::Mdoc(Some(doctype)), DocumentFormat::Mdoc) => *doctype == document.type_id,
            _ => false,
        })
}

fn matches(query: &DcqlQuery, usable: &[Usable]) -> Matches {
    let held: Vec<&Held> = usable.iter().map(|u| &u.held).collect();
    let index = HeldIndex::new(&held);
    query.matches(&held, &index)
}

/// Which queries are answered, and whether each is optional. Of a required set the option that shares least is taken; an
/// optional set is offered and left out unless the person adds it.
fn answered(matches: &Matches) -> Vec<(usize, bool)> {
    if !matches.satisfiable {
        return Vec::new();
    }
    if matches.sets.is_empty() {
        return (0..matches.queries.len()).map(|position| (position, false)).collect();
    }
    let cost = |option: &Vec<usize>| {
        let details = |position: &usize| {
            let candidate = matches
                .queries
                .get(*position)
                .and_then(|found| found.candidates.first());
            candidate.map_or(usize::MAX, |candidate| candidate.disclose.len().max(1))
        };
        option.iter().map(details).fold(0_usize, usize::saturating_add)
    };
    let mut required = BTreeSet::new();
    let mut optional = BTreeSet::new();
    for set in &matches.sets {
        if let Some(option) = set.satisfiable_options.iter().min_by_key(|option| cost(option)) {
            let into = if set.required { &mut required } else { &mut optional };
            into.extend(option.iter().copied());
        }
    }
    let mut all: Vec<(usize, bool)> = required.iter().map(|position| (*position, false)).collect();
    all.extend(optional.difference(&required).map(|position| (*position, true)));
    all
}

/// A part that nothing here answers.
fn unanswered(found: &QueryMatches) -> AskView {
    AskView {
        query: found.id.as_str().to_owned(),
        optional: false,
        why: None,
        candidates: Vec::new(),
    }
}

/// The names of the documents a request names.
fn asked_for(query: &DcqlQuery, context: &Context<'_>) -> Vec<String> {
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

/// One part of the question with its candidates, narrowed.
fn part(
    context: &Context<'_>,
    found: &QueryMatches,
    optional: bool,
    usable: &[Usable],
) -> Outcome<(ProposedPart, AskView)> {
    let mut proposed = Vec::new();
    let mut drawn = Vec::new();
    for candidate in &found.candidates {
        let Some(source) = usable.get(candidate.credential) else {
            continue;
        };
        let (one, view) = propose(context, source, &candidate.disclose)?;
        proposed.push(one);
        drawn.push(view);
    }
    let query = found.id.as_str().to_owned();
    Ok((
        ProposedPart {
            query: query.clone(),
            optional,
            candidates: proposed,
        },
        AskView {
            query,
            optional,
            why: None,
            candidates: drawn,
        },
    ))
}

/// Narrows one document to what would leave, and draws exactly that.
pub(crate) fn propose(
    context: &Context<'_>,
    source: &impl Source,
    disclose: &[ClaimPath],
) -> Outcome<(ProposedCandidate, CandidateView)> {
    let document = source.document();
    let language = context.language;
    let issuer_words = IssuerWords::read(&document.metadata);
    let labels = issuer_words.labels(language);
    let damaged = |_| Failure::new(ProblemCode::StoreDamaged, "a document");
    let narrowed = source.held().narrow(disclose).map_err(damaged)?;
    let claims = narrowed_details(&narrowed, &document.type_id, &labels, language);
    let not_shared = source
        .held()
        .details(&labels, language)
        .into_iter()
        .filter(|row| !claims.iter().any(|shown| shown.path == row.path))
        .map(|row| row.label)
        .collect::<Vec<_>>();
    let copy = source
        .parts()
        .next
        .as_ref()
        .ok_or_else(|| Failure::new(ProblemCode::StoreDamaged, "a document without copies"))?;
    let one_time = source.parts().count.all > 1 && copy.spent_at.is_none();
    let name = document_name(&document.type_id, &issuer_words, language);
    let kind = document_kind(&document.type_id);
    let recorded = RecordedDocument {
        id: document.id.clone(),
        name: name.clone(),
        kind,
    };
    let proposed = ProposedCandidate {
        document: recorded,
        copy: copy.id.clone(),
        one_time,
        key: copy.holder_key.clone(),
        credential: narrowed,
        claims: match source.held().format() {
            // All of it leaves, whatever was asked.
            Format::JwtVcJson => claims.iter().map(|row| row.path.clone()).collect(),
            _ => paths(disclose, &claims),
        },
        labels: claims.iter().map(|row| row.label.clone()).collect(),
    };
    let view = CandidateView {
        document: document.id.clone(),
        kind,
        name,
        claims,
        not_shared,
        status: documents::state(document, context.now()),
        linkable: !one_time,
        notes: super::super::document_notes(document.format.as_str(), &document.type_id, language),
    };
    Ok((proposed, view))
}

/// The paths that leave: those asked for, and whatever stands in the clear beside them.
fn paths(disclose: &[ClaimPath], rows: &[ClaimView]) -> Vec<PathView> {
    let mut paths: Vec<PathView> = disclose.iter().map(path_view).collect();
    // A list is one row however deep the request reaches into it, so either may be the longer path.
    let covered = |row: &ClaimView, asked: &PathView| {
        asked
            .iter()
            .zip(&row.path)
            .all(|(asked, row)| asked.is_null() || asked == row)
    };
    let asked = paths.clone();
    let beside = rows.iter().filter(|row| !asked.iter().any(|path| covered(row, path)));
    paths.extend(beside.map(|row| row.path.clone()));
    paths
}

/// A document with its next copy, for [`propose`].
pub(crate) trait Source {
    fn document(&self) -> &StoredDocument;
    fn parts(&self) -> &StoredParts;
    fn held(&self) -> &Held;
}

impl Source for Usable {
    fn document(&self) -> &StoredDocument {
        &self.document
    }

    fn parts(&self) -> &StoredParts {
        &self.parts
    }

    fn held(&self) -> &Held {
        &self.held
    }
}

/// Every detail the request names, whether it can be answered or not: over-asking is judged by what was asked.
fn requested(query: &DcqlQuery) -> Vec<Detail> {
    let mut details = Vec::new();
    for credential in query.credentials() {
        let types: Vec<String> = match &credential.requested {
            RequestedType::SdJwtVc(Some(types)) => types.clone(),
            RequestedType::Mdoc(Some(doctype)) => vec![doctype.clone()],
            RequestedType::JwtVc(Some(alternatives)) => specific(alternatives),
            _ => Vec::new(),
        };
        for document_type in types {
            for claim in &credential.claims {
                details.push(Detail {
                    document_type: document_type.clone(),
                    path: claim.path.clone(),
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

/// The registered purpose that fits best, and what goes beyond it.
fn judged<'e>(entry: Option<&'e RegisterEntry>, requested: &[Detail]) -> (Option<&'e Purpose>, Vec<Detail>) {
    match entry.and_then(|entry| entry.best_purpose(requested)) {
        Some((purpose, extra)) => (Some(purpose), extra.into_iter().cloned().collect()),
        None => (None, Vec::new()),
    }
}

/// The legal basis of UK GDPR, article 6, in words; what is not one of its six stays as the register has it.
fn legal_basis(basis: &str, words: &Words) -> String {
    let id = format!("legal-basis-{}", basis.replace('_', "-"));
    if words.has(&id) {
        words.message(&id, &[])
    } else {
        clean(basis, 200)
    }
}

fn label(detail: &Detail, context: &Context<'_>) -> String {
    crate::labels::claim_label(&detail.document_type, &path_view(&detail.path), None, context.language)
}

fn warnings(known: &Known, extra: &[Detail], words: &Words, context: &Context<'_>) -> Vec<WarningView> {
    let mut warnings = Vec::new();
    if known.recognition == RecognitionView::NotListed {
        warnings.push(warning(
            "not-registered",
            words.message("warning-not-registered", &[]),
            Vec::new(),
        ));
    }
    if !extra.is_empty() {
        let details: Vec<String> = extra
            .iter()
            .map(|detail| label(detail, context))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let count = u32::try_from(details.len()).unwrap_or(u32::MAX);
        warnings.push(warning(
            "asks-too-much",
            words.message("warning-asks-too-much", &[("count", Arg::Count(count))]),
            details,
        ));
    }
    warnings
}

fn warning(code: &str, text: String, details: Vec<String>) -> WarningView {
    WarningView {
        code: code.to_owned(),
        text,
        details,
    }
}

/// Would a detail to be careful with leave, or is one asked for? What stands in the clear beside what was asked counts.
fn is_sensitive(requested: &[Detail], asks: &[AskView]) -> bool {
    let asked = |detail: &Detail| crate::labels::is_sensitive(&detail.document_type, &path_view(&detail.path));
    let rows = || {
        asks.iter()
            .flat_map(|ask| &ask.candidates)
            .flat_map(|candidate| &candidate.claims)
    };
    requested.iter().any(asked) || rows().any(|row| row.sensitive)
}

/// Why the wallet lets nothing leave, where it does not.
fn blocked(
    known: &Known,
    sensitive: bool,
    matches: &Matches,
    unusable: &[Unusable],
    query: &DcqlQuery,
    context: &Context<'_>,
) -> Option<WarningView> {
    let words = Words::for_language(context.language);
    if known.recognition == RecognitionView::Withdrawn {
        let text = words.message("warning-registration-withdrawn", &[]);
        return Some(warning("registration-withdrawn", text, Vec::new()));
    }
    if known.recognition == RecognitionView::NotListed && sensitive {
        let text = words.message("warning-sensitive-to-stranger", &[]);
        return Some(warning("sensitive-to-stranger", text, Vec::new()));
    }
    if matches.satisfiable {
        return None;
    }
    // Would a document that is out of date or withdrawn have answered? Then say so.
    let reason = unusable.iter().find(|(candidate, _)| {
        query
            .credentials()
            .iter()
            .any(|credential| match &credential.requested {
                RequestedType::SdJwtVc(Some(types)) => {
                    candidate.held.format() == Format::DcSdJwt && types.contains(&candidate.document.type_id)
                }
                RequestedType::Mdoc(Some(doctype)) => *doctype == candidate.document.type_id,
                RequestedType::JwtVc(Some(alternatives)) => {
                    candidate.held.format() == Format::JwtVcJson
                        && specific(alternatives).contains(&candidate.document.type_id)
                }
                _ => true,
            })
    });
    let code = reason.map_or(ProblemCode::NothingMatches, |(_, code)| *code);
    let text = words.problem(code, crate::problem::DataLeft::No).title;
    Some(warning(code.as_str(), text, asked_for(query, context)))
}

/// What people most want to know is kept back, and the details that tell it.
const KEPT_BACK: &[(&str, &[&str])] = &[
    (
        "not-learned-name",
        &[
            "family_name",
            "given_name",
            "name",
            "family_name_unicode",
            "given_name_unicode",
            "family_name_latin1",
            "given_name_latin1",
            "family_name_national_character",
            "given_name_national_character",
        ],
    ),
    ("not-learned-birth-date", &["birth_date", "birthdate", "birthDate"]),
    (
        "not-learned-address",
        &["resident_address", "address", "resident_postal_code"],
    ),
    ("not-learned-photo", &["portrait", "picture", "photo"]),
    (
        "not-learned-document-number",
        &["document_number", "travel_document_number"],
    ),
];
/// What they will not learn: computed from what would be shared, never promised.
fn not_learned(asks: &[AskView], words: &Words) -> Vec<String> {
    if asks.is_empty() {
        return Vec::new();
    }
    let offered = || asks.iter().flat_map(|ask| &ask.candidates);
    let names = |rows: &[ClaimView]| -> BTreeSet<String> {
        rows.iter()
            .flat_map(|row| row.path.iter().filter_map(|part| part.as_str().map(str::to_owned)))
            .collect()
    };
    let told: BTreeSet<String> = offered().flat_map(|candidate| names(&candidate.claims)).collect();
    let mut lines: Vec<String> = KEPT_BACK
        .iter()
        .filter(|(_, details)| !details.iter().any(|detail| told.contains(*detail)))
        .map(|(line, _)| words.message(line, &[]))
        .collect();
    lines.push(words.message("not-learned-other-documents", &[]));
    // True only if every copy used is a fresh one: the same signature twice could be recognised.
    let mut used = asks
        .iter()
        .filter(|ask| !ask.optional)
        .filter_map(|ask| ask.candidates.first())
        .peekable();
    if used.peek().is_some() && used.all(|candidate| !candidate.linkable) {
        lines.push(words.message("not-learned-elsewhere", &[]));
    }
    lines
}

fn asked_labels(ask: &AskView) -> Vec<String> {
    ask.candidates
        .first()
        .map(|c| c.claims.iter().map(|row| row.label.clone()).collect())
        .unwrap_or_default()
}
