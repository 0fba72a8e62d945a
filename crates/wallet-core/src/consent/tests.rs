//! Walls 1, 3, 4 and 5, each with somebody trying to climb it.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use tempfile::TempDir;
use wallet_credentials::crypto::{PredictableRandom, PublicKey, SigningKey};
use wallet_credentials::mdoc::{IssuerSigned, KeyAuthorizations, MdocBuilder, OfflineProof, ValidityInfo};
use wallet_credentials::trust::{Certificate, TrustAnchors};
use wallet_protocols::endpoint::TransportPolicy;
use wallet_protocols::openid4vp::transaction_data::MDOC_ELEMENT;
use wallet_protocols::openid4vp::{PresentationRequest, RequestLink, RequestStart};

use super::record::{Channel, Record, RecordedDocument};
use super::*;
use crate::clock::{after, lower, seconds};
use crate::keys::{Keys, KeysError, KeystoreKind, Pin, PinError, PinVerified, QuestionId};
use crate::store::documents::{DocumentFormat, StoredCopy, StoredDocument, StoredStatus};
use crate::store::history::{EntryFilter, EntryKind, HistoryEntry};
use crate::store::holder_keys::KeyId;
use crate::store::parties::PartyRole;
use crate::store::requests::StoredRequest;
use crate::store::{DataDir, Store, StoreError, link_digest};
use crate::view::{ClaimView, DocumentKind, ProofView, ShowQuestionView};

mod agreements;
mod choosing;

const PIN: &str = "294817";
const ISO: &str = "org.iso.18013.5.1";
const TYPE: &str = "org.iso.18013.5.1.mDL";
const QUESTION: &str = "the question";

fn now() -> Timestamp {
    seconds(1_793_600_000)
}

/// A wallet with one document in two copies, and a request that was read.
struct Fixture {
    _folder: TempDir,
    keys: Keys,
    store: Store,
    copies: Vec<(String, KeyId, Vec<u8>)>,
}

/// An mdoc bound to this key. Who signed it plays no part here.
fn mdoc(key: PublicKey, copy: u64) -> Vec<u8> {
    let signer = SigningKey::from_random(&mut PredictableRandom::from_seed(1)).unwrap();
    let root = Certificate::from_pem(include_str!("../../practice/root.pem")).unwrap();
    let validity = ValidityInfo {
        signed: lower(now()),
        valid_from: lower(now()),
        valid_until: lower(after(now(), 86_400)),
        expected_update: None,
    };
    MdocBuilder::new(TYPE, key, validity)
        .element(ISO, "age_over_18", true)
        .element(ISO, "family_name", "Specimen")
        .key_authorizations(KeyAuthorizations {
            name_spaces: Vec::new(),
            elements: vec![("org.citizen-wallet.payment.1".into(), MDOC_ELEMENT.to_owned())],
        })
        .sign(&signer, &[root], &mut PredictableRandom::from_seed(copy))
        .unwrap()
}

/// Parts that stand for each other.
fn set(required: bool, options: &[&[&str]]) -> ProposedSet {
    let option = |queries: &&[&str]| queries.iter().map(|query| (*query).to_owned()).collect();
    ProposedSet {
        required,
        options: options.iter().map(option).collect(),
    }
}

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = Arc::new(DataDir::open(folder.path(), true).unwrap());
        let (keys, store) = Keys::create(dir, KeystoreKind::File, &Pin::new(PIN.to_owned()), now()).unwrap();
        let copies = store
            .write::<_, KeysError>(|tx| {
                let issuer = tx.meet_party(PartyRole::Issuer, "https://dvla.example", "DVLA", None, now())?;
                tx.add_document(&StoredDocument {
                    id: "licence".to_owned(),
                    type_id: TYPE.to_owned(),
                    format: DocumentFormat::Mdoc,
                    name: "Driving licence".to_owned(),
                    issuer,
                    configuration_id: "mdl".to_owned(),
                    metadata: "{}".to_owned(),
                    signed_by: String::new(),
                    valid_from: None,
                    valid_until: None,
                    status: StoredStatus::None,
                    status_checked_at: None,
                    added_at: now(),
                    practice: true,
                })?;
                tx.keep_request(&StoredRequest {
                    id: QUESTION.to_owned(),
                    link: link_digest("openid4vp://"),
                    fingerprint: [3; 32],
                    content: b"the request".to_vec(),
                    read_at: now(),
                    expires_at: after(now(), 600),
                })?;
                (0..2)
                    .map(|number| {
                        let key = keys.holder_keys().make(tx, "journey", now())?;
                        let copy = StoredCopy {
                            id: format!("copy {number}"),
                            document: "licence".to_owned(),
                            credential: mdoc(key.public_key(), number),
                            holder_key: key.id().clone(),
                            status: None,
                            spent_at: None,
                            linkable: false,
                        };
                        tx.add_copy(&copy)?;
                        Ok((copy.id, copy.holder_key, copy.credential))
                    })
                    .collect()
            })
            .unwrap();
        Self {
            _folder: folder,
            keys,
            store,
            copies,
        }
    }

    /// What would leave: one element of one copy.
    fn candidate(&self, copy: usize) -> ProposedCandidate {
        let (id, key, credential) = &self.copies[copy];
        let whole = IssuerSigned::parse(credential).unwrap().dangerous_assume_verified();
        ProposedCandidate {
            document: RecordedDocument {
                id: "licence".to_owned(),
                name: "Driving licence".to_owned(),
                kind: DocumentKind::DrivingLicence,
            },
            type_id: TYPE.to_owned(),
            claim_set: None,
            copy: id.clone(),
            one_time: true,
            key: key.clone(),
            credential: Narrowed::Mdoc(whole.narrow(&[(ISO, "age_over_18")]).unwrap()),
            claims: vec![vec![json!(ISO), json!("age_over_18")]],
            labels: vec!["Over 18".to_owned()],
        }
    }

    fn part(&self, query: &str, copy: usize) -> ProposedPart {
        ProposedPart {
            query: query.to_owned(),
            multiple: false,
            closed: false,
            candidates: vec![self.candidate(copy)],
        }
    }

    /// A code to show: one required part.
    fn proposal(&self) -> DisclosureProposal {
        DisclosureProposal {
            question: QuestionId::new(QUESTION),
            request: None,
            party: None,
            recipient: Recipient::AnyoneWhoReads(terms()),
            parts: vec![self.part("age", 0)],
            sets: vec![set(true, &[&["age"]])],
            agreements: Vec::new(),
            record: Record {
                asked: vec!["Over 18".to_owned()],
                channel: Some(Channel::InPerson),
                ..Record::default()
            },
            needs_second_yes: false,
            blocked: false,
            expires_at: after(now(), 600),
            drawn: Drawn::Show(Box::new(drawn())),
        }
    }

    /// The same for a service that asked.
    fn online(&self) -> DisclosureProposal {
        DisclosureProposal {
            request: Some(QUESTION.to_owned()),
            recipient: Recipient::Service(Box::new(request())),
            ..self.proposal()
        }
    }

    fn pin(&self, question: &str) -> PinVerified {
        self.keys
            .verify(&Pin::new(PIN.to_owned()), QuestionId::new(question), now())
            .unwrap()
    }

    /// Says yes as shown, in a transaction that is committed when it was one.
    fn yes(&self, prompt: ConsentPrompt, choices: &Choices) -> Result<ConsentedDisclosure, ShareRefused> {
        let seen = seen(&prompt);
        self.store
            .write(|tx| prompt.share(&seen, choices, self.pin(QUESTION), tx, now()))
    }

    fn entries(&self) -> Vec<HistoryEntry> {
        self.store
            .read::<_, StoreError>(|tx| tx.history(&EntryFilter::default()))
            .unwrap()
    }

    fn spent(&self) -> usize {
        let copies = self.store.read::<_, StoreError>(|tx| tx.copies("licence")).unwrap();
        copies.iter().filter(|copy| copy.spent_at.is_some()).count()
    }

    fn is_open(&self) -> bool {
        self.store
            .read::<_, StoreError>(|tx| tx.request(QUESTION, now()))
            .unwrap()
            .is_some()
    }

    /// Nothing happened: no entry, no copy spent, the question open.
    #[track_caller]
    fn untouched(&self) {
        assert_eq!((self.entries().len(), self.spent(), self.is_open()), (0, 0, true));
    }
}

fn terms() -> OfflineTerms {
    let issued_at = u64::try_from(now().as_second()).unwrap();
    OfflineTerms {
        issued_at,
        expires_at: issued_at + 120,
        salt: vec![9; 16],
    }
}

fn drawn() -> ShowQuestionView {
    ShowQuestionView {
        id: "whatever".to_owned(),
        digest: "whatever".to_owned(),
        proof: ProofView {
            id: "age-18".to_owned(),
            name: "I am 18 or over".to_owned(),
            available: true,
        },
        document: "licence".to_owned(),
        document_name: "Driving licence".to_owned(),
        claims: vec![ClaimView {
            path: vec![json!(ISO), json!("age_over_18")],
            label: "Over 18".to_owned(),
            value: json!(true),
            text: "Yes".to_owned(),
            picture: false,
            sensitive: false,
            unnamed: false,
            table: None,
        }],
        not_shared: vec!["Last name".to_owned()],
        seconds: 120,
    }
}

/// The digest a screen was shown.
fn seen(prompt: &ConsentPrompt) -> ProposalDigest {
    ProposalDigest::from_hex(&prompt.show_view().unwrap().digest).unwrap()
}

/// A request of a service that does not say who it is.
fn request() -> PresentationRequest {
    request_with(&[])
}

/// The same, which also wants something agreed to.
fn request_with(transaction_data: &[String]) -> PresentationRequest {
    let query = json!({ "credentials": [{
        "id": "age", "format": "mso_mdoc", "meta": { "doctype_value": TYPE }, "claims": [{ "path": [ISO, "age_over_18"] }],
    }] });
    let mut link = url::Url::parse("openid4vp://").unwrap();
    link.query_pairs_mut()
        .append_pair("client_id", "redirect_uri:https://service.example/answer")
        .append_pair("response_type", "vp_token")
        .append_pair("response_mode", "direct_post")
        .append_pair("response_uri", "https://service.example/answer")
        .append_pair("nonce", "a-nonce-of-this-request")
        .append_pair("dcql_query", &query.to_string());
    if !transaction_data.is_empty() {
        link.query_pairs_mut()
            .append_pair("transaction_data", &json!(transaction_data).to_string());
    }
    let start = RequestLink::parse(link.as_str(), TransportPolicy::HttpsOnly)
        .unwrap()
        .start("wallet nonce".to_owned());
    let RequestStart::Ready(unverified) = start else {
        panic!("everything is in the link")
    };
    unverified.verify(&TrustAnchors::new(), lower(now())).unwrap()
}

// Wall 1: the witness holds what was agreed, for whom it was agreed, and nothing else.

#[test]
fn what_leaves_is_what_was_agreed_and_bound_to_its_time() {
    let fixture = Fixture::new();
    let yes = fixture
        .yes(ConsentPrompt::new(fixture.proposal()), &Choices::default())
        .unwrap();
    assert_eq!(yes.shared().len(), 1);
    assert_eq!(yes.shared()[0].claims, [vec![json!(ISO), json!("age_over_18")]]);
    let payload = yes
        .sign(&fixture.keys.holder_keys(), &fixture.store, now())
        .unwrap()
        .into_offline()
        .unwrap();
    let text = String::from_utf8_lossy(&payload);
    assert!(text.contains("age_over_18") && !text.contains("family_name") && !text.contains("Specimen"));
    let proof = OfflineProof::decode(&payload).unwrap();
    let end = lower(after(now(), 120));
    assert!(proof.is_current_at(lower(now())) && proof.is_current_at(end));
    assert!(!proof.is_current_at(lower(after(now(), 121))), "a code ends");
}

#[test]
fn a_presentation_is_for_the_service_it_was_agreed_for() {
    let fixture = Fixture::new();
    let yes = fixture
        .yes(ConsentPrompt::new(fixture.online()), &Choices::default())
        .unwrap();
    let presentation = yes.sign(&fixture.keys.holder_keys(), &fixture.store, now()).unwrap();
    let (recipient, entries) = presentation.into_online();
    let Recipient::Service(to) = recipient else {
        panic!("agreed for a service")
    };
    assert_eq!(
        (to.response_uri().host(), to.nonce()),
        ("service.example", "a-nonce-of-this-request")
    );
    assert_eq!(entries.len(), 1);
    let response = wallet_credentials::jose::base64url::decode(&entries["age"][0]).unwrap();
    let text = String::from_utf8_lossy(&response);
    assert!(text.contains("age_over_18") && !text.contains("Specimen"));
}

// Wall 3: yes to what was shown, in time, with the PIN typed for it.

#[test]
fn the_digest_covers_everything_that_is_drawn() {
    let fixture = Fixture::new();
    let digest = |change: fn(&mut ShowQuestionView), question: &str| {
        let mut view = drawn();
        change(&mut view);
        let proposal = DisclosureProposal {
            question: QuestionId::new(question),
            drawn: Drawn::Show(Box::new(view)),
            ..fixture.proposal()
        };
        ConsentPrompt::new(proposal).show_view().unwrap().digest.clone()
    };
    let plain = digest(|_| (), QUESTION);
    assert_eq!(
        digest(|view| view.digest = "0".repeat(64), QUESTION),
        plain,
        "it is not about itself"
    );
    let changes: [fn(&mut ShowQuestionView); 6] = [
        |view| view.claims[0].value = json!(false),
        |view| view.claims[0].label = "Over 21".to_owned(),
        |view| view.claims.clear(),
        |view| view.document = "passport".to_owned(),
        |view| view.not_shared.clear(),
        |view| view.seconds = 121,
    ];
    for change in changes {
        assert_ne!(digest(change, QUESTION), plain);
    }
    assert_ne!(digest(|_| (), "another question"), plain);
}

#[test]
fn a_yes_to_something_else_is_no_yes() {
    let fixture = Fixture::new();
    let mut other = drawn();
    other.claims[0].label = "Last name".to_owned();
    let other = ConsentPrompt::new(DisclosureProposal {
        drawn: Drawn::Show(Box::new(other)),
        ..fixture.online()
    });
    for digest in [seen(&other), ProposalDigest::from_hex(&"0".repeat(64)).unwrap()] {
        let prompt = ConsentPrompt::new(fixture.online());
        let refused = fixture
            .store
            .write(|tx| prompt.share(&digest, &Choices::default(), fixture.pin(QUESTION), tx, now()))
            .err();
        assert!(matches!(refused, Some(ShareRefused::NotAsShown)));
        fixture.untouched();
    }
}

#[test]
fn a_digest_is_64_hexadecimal_digits() {
    let digest = "0123456789abcdefABCDEF0123456789abcdef0123456789abcdef0123456789";
    assert_eq!(
        ProposalDigest::from_hex(digest).unwrap().to_hex(),
        digest.to_lowercase()
    );
    for text in [
        "",
        "00",
        &digest[1..],
        &format!("{digest}0"),
        &digest.replace('0', "g"),
        &digest.replace("01", "ŵ"),
    ] {
        assert_eq!(ProposalDigest::from_hex(text), None, "{text}");
    }
}

#[test]
fn a_question_ends() {
    let fixture = Fixture::new();
    for (late, ended) in [(599, false), (600, true), (601, true)] {
        let prompt = ConsentPrompt::new(fixture.proposal());
        assert_eq!(prompt.has_ended(after(now(), late)), ended);
    }
    for late in [600, 100_000] {
        let prompt = ConsentPrompt::new(fixture.online());
        let seen = seen(&prompt);
        let pin = fixture.pin(QUESTION);
        let refused = fixture
            .store
            .write(|tx| prompt.share(&seen, &Choices::default(), pin, tx, after(now(), late)))
            .err();
        assert!(matches!(refused, Some(ShareRefused::Expired)));
        fixture.untouched();
    }
}

// Wall 4: the PIN is typed for one question.

#[test]
fn a_pin_typed_for_another_question_opens_nothing() {
    let fixture = Fixture::new();
    for other in ["another question", "keep received", "remove licence", ""] {
        let prompt = ConsentPrompt::new(fixture.online());
        let seen = seen(&prompt);
        let refused = fixture
            .store
            .write(|tx| prompt.share(&seen, &Choices::default(), fixture.pin(other), tx, now()))
            .err();
        assert!(matches!(refused, Some(ShareRefused::OtherQuestion)));
        fixture.untouched();
    }
}

#[test]
fn a_wrong_pin_makes_no_witness_at_all() {
    let fixture = Fixture::new();
    let wrong = fixture
        .keys
        .verify(&Pin::new("294818".to_owned()), QuestionId::new(QUESTION), now())
        .err();
    assert_eq!(wrong, Some(PinError::Wrong { tries_left: 4 }.into()));
}

// What the wallet's own rules say.

#[test]
fn what_is_blocked_stays_blocked_whatever_the_answer() {
    let fixture = Fixture::new();
    for despite_warnings in [false, true] {
        let prompt = ConsentPrompt::new(DisclosureProposal {
            blocked: true,
            ..fixture.online()
        });
        let choices = Choices {
            despite_warnings,
            ..Choices::default()
        };
        assert!(matches!(
            fixture.yes(prompt, &choices).err(),
            Some(ShareRefused::Blocked)
        ));
        fixture.untouched();
    }
}

#[test]
fn warnings_need_their_own_yes() {
    let fixture = Fixture::new();
    let prompt = || {
        ConsentPrompt::new(DisclosureProposal {
            needs_second_yes: true,
            ..fixture.online()
        })
    };
    assert!(matches!(
        fixture.yes(prompt(), &Choices::default()).err(),
        Some(ShareRefused::Warnings)
    ));
    fixture.untouched();
    let despite = Choices {
        despite_warnings: true,
        ..Choices::default()
    };
    assert!(fixture.yes(prompt(), &despite).is_ok());
}

#[test]
fn an_optional_part_is_left_out_unless_it_is_added() {
    let fixture = Fixture::new();
    let prompt = || {
        let parts = vec![fixture.part("age", 0), fixture.part("more", 1)];
        ConsentPrompt::new(DisclosureProposal {
            parts,
            sets: vec![set(true, &[&["age"]]), set(false, &[&["more"]])],
            ..fixture.proposal()
        })
    };
    let queries = |yes: &ConsentedDisclosure| yes.shared().into_iter().map(|part| part.query).collect::<Vec<_>>();
    assert_eq!(queries(&fixture.yes(prompt(), &Choices::default()).unwrap()), ["age"]);
    assert_eq!(fixture.spent(), 1);
    // The other copy of the first part is proposed now.
    let parts = vec![fixture.part("more", 1)];
    let prompt = ConsentPrompt::new(DisclosureProposal {
        parts,
        sets: vec![set(false, &[&["more"]])],
        ..fixture.proposal()
    });
    let added = Choices {
        add: vec!["more".to_owned()],
        ..Choices::default()
    };
    assert_eq!(queries(&fixture.yes(prompt, &added).unwrap()), ["more"]);
    assert_eq!(fixture.spent(), 2);
}

#[test]
fn nothing_chosen_is_nothing_shared() {
    let fixture = Fixture::new();
    let optional = || vec![fixture.part("more", 0)];
    for parts in [optional(), Vec::new()] {
        let prompt = ConsentPrompt::new(DisclosureProposal {
            parts,
            sets: vec![set(false, &[&["more"]])],
            ..fixture.online()
        });
        assert!(matches!(
            fixture.yes(prompt, &Choices::default()).err(),
            Some(ShareRefused::Nothing)
        ));
        fixture.untouched();
    }
}

#[test]
fn a_choice_of_what_was_not_proposed_is_refused() {
    let fixture = Fixture::new();
    let chosen = |query: &str, document: &str| Choices {
        documents: [(query.to_owned(), vec![document.to_owned()])].into(),
        ..Choices::default()
    };
    let added = Choices {
        add: vec!["portrait".to_owned()],
        ..Choices::default()
    };
    for choices in [chosen("age", "passport"), chosen("portrait", "licence"), added] {
        let refused = fixture.yes(ConsentPrompt::new(fixture.online()), &choices).err();
        assert!(matches!(refused, Some(ShareRefused::UnknownChoice)));
        fixture.untouched();
    }
    assert!(
        fixture
            .yes(ConsentPrompt::new(fixture.online()), &chosen("age", "licence"))
            .is_ok()
    );
}

// Wall 5: history first.

#[test]
fn the_history_has_it_before_anything_is_signed() {
    let fixture = Fixture::new();
    let prompt = ConsentPrompt::new(fixture.online());
    let digest = seen(&prompt);
    let yes = fixture.yes(prompt, &Choices::default()).unwrap();
    // Nothing is signed yet, and it all stands on the disk already.
    let entries = fixture.entries();
    assert_eq!(entries.len(), 1);
    assert_eq!(
        (entries[0].kind, entries[0].id.as_str()),
        (EntryKind::Sharing, yes.history())
    );
    let record = Record::read(entries[0].details.as_ref().unwrap());
    assert_eq!(record.told, Some(digest.to_hex()));
    assert_eq!(record.shared[0].labels, ["Over 18"]);
    assert_eq!(record.data_left, None, "what became of it is not known yet");
    assert_eq!((fixture.spent(), fixture.is_open()), (1, false));
    let answered = fixture
        .store
        .read::<_, StoreError>(|tx| tx.answered(&[3; 32]))
        .unwrap()
        .unwrap();
    assert_eq!(answered.history, yes.history());
    assert!(yes.sign(&fixture.keys.holder_keys(), &fixture.store, now()).is_ok());
}

#[test]
fn a_yes_that_was_not_written_down_signs_nothing() {
    let fixture = Fixture::new();
    // A transaction that is undone: what it wrote is gone, and the witness that came out of it is worth nothing.
    let prompt = ConsentPrompt::new(fixture.online());
    let digest = seen(&prompt);
    let yes = fixture
        .store
        .read::<_, ShareRefused>(|tx| prompt.share(&digest, &Choices::default(), fixture.pin(QUESTION), tx, now()))
        .unwrap();
    fixture.untouched();
    let refused = yes.sign(&fixture.keys.holder_keys(), &fixture.store, now()).err();
    assert!(matches!(refused, Some(SignError::NotWritten)));
}

#[test]
fn where_the_history_cannot_be_written_nothing_has_happened() {
    let fixture = Fixture::new();
    let prompt = ConsentPrompt::new(fixture.online());
    let digest = seen(&prompt);
    let refused = fixture
        .store
        .write::<ConsentedDisclosure, ShareRefused>(|tx| {
            let yes = prompt.share(&digest, &Choices::default(), fixture.pin(QUESTION), tx, now())?;
            drop(yes);
            Err(StoreError::DiskFull("no room").into())
        })
        .err();
    assert!(matches!(refused, Some(ShareRefused::Store(StoreError::DiskFull(_)))));
    fixture.untouched();
}

#[test]
fn a_copy_is_given_away_once() {
    let fixture = Fixture::new();
    let _ = fixture
        .yes(ConsentPrompt::new(fixture.proposal()), &Choices::default())
        .unwrap();
    // Another question was drawn with the same copy.
    let refused = fixture
        .yes(ConsentPrompt::new(fixture.online()), &Choices::default())
        .err();
    assert!(matches!(refused, Some(ShareRefused::Store(StoreError::CopySpent))));
    assert_eq!(
        (fixture.entries().len(), fixture.spent(), fixture.is_open()),
        (1, 1, true)
    );
}

#[test]
fn one_document_may_answer_two_queries_of_one_service() {
    let fixture = Fixture::new();
    let parts = vec![fixture.part("age", 0), fixture.part("again", 0)];
    let prompt = ConsentPrompt::new(DisclosureProposal {
        sets: vec![ProposedSet::all_of(&parts)],
        parts,
        ..fixture.online()
    });
    let yes = fixture.yes(prompt, &Choices::default()).unwrap();
    assert_eq!((yes.shared().len(), fixture.spent()), (2, 1));
    let (_, entries) = yes
        .sign(&fixture.keys.holder_keys(), &fixture.store, now())
        .unwrap()
        .into_online();
    assert_eq!(entries.keys().collect::<Vec<_>>(), ["again", "age"]);
}

#[test]
fn a_request_is_answered_once() {
    let fixture = Fixture::new();
    let _ = fixture
        .yes(ConsentPrompt::new(fixture.online()), &Choices::default())
        .unwrap();
    let again = || DisclosureProposal {
        parts: vec![fixture.part("age", 1)],
        ..fixture.online()
    };
    let refused = fixture.yes(ConsentPrompt::new(again()), &Choices::default()).err();
    assert!(matches!(refused, Some(ShareRefused::Store(_))));
    let refused = fixture
        .store
        .write(|tx| ConsentPrompt::new(again()).decline(tx, now()))
        .err();
    assert!(refused.is_some());
    assert_eq!((fixture.entries().len(), fixture.spent()), (1, 1));
}

#[test]
fn a_no_is_written_down_and_spends_nothing() {
    let fixture = Fixture::new();
    let (entry, recipient) = fixture
        .store
        .write(|tx| ConsentPrompt::new(fixture.online()).decline(tx, now()))
        .unwrap();
    assert!(matches!(recipient, Recipient::Service(_)));
    let entries = fixture.entries();
    assert_eq!(
        (entries.len(), entries[0].kind, &entries[0].id),
        (1, EntryKind::Declined, &entry)
    );
    assert!(Record::read(entries[0].details.as_ref().unwrap()).shared.is_empty());
    assert_eq!((fixture.spent(), fixture.is_open()), (0, false));
}
