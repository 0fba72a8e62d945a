//! What is signed beside a presentation is what was shown in words, all of it, and nothing without a yes to it.

use serde_json::Value;
use wallet_credentials::crypto::sha256;
use wallet_credentials::jose::base64url;
use wallet_credentials::mdoc::{DeviceResponse, ElementValue};

use super::*;
use crate::view::{Language, PartyView, RecognitionView, RequestView, ServiceView};

fn payment(payee: &str) -> Value {
    json!({
        "type": "org.citizen-wallet.payment.1", "credential_ids": ["age"],
        "payee": payee, "amount": "1234.5", "currency": "GBP", "reference": "Invoice 7",
    })
}

fn contract() -> Value {
    json!({
        "type": "org.citizen-wallet.agreement.1", "credential_ids": ["age"],
        "title": "Tenancy", "document_sha256": base64url::encode(&[0xab; 32]), "document_uri": "https://let.example/t.pdf",
    })
}

fn received(entry: &Value) -> String {
    base64url::encode(entry.to_string().as_bytes())
}

fn in_words(request: &PresentationRequest, language: Language) -> Vec<Agreement> {
    let entries = request.transaction_data().iter();
    entries.map(|entry| Agreement::of(entry, language).unwrap()).collect()
}

/// The page of a request, as far as these tests look at it. What stands in `transaction_data` is not what will be drawn.
fn page() -> RequestView {
    RequestView {
        id: String::new(),
        digest: String::new(),
        service: ServiceView {
            party: PartyView {
                id: "shop".to_owned(),
                name: "Shop".to_owned(),
                recognition: RecognitionView::NotListed,
                host: "service.example".to_owned(),
            },
            legal_name: None,
            intermediary: None,
            vouched_by: None,
            registered_purposes: Vec::new(),
            registered_until: None,
            shared_before: 0,
        },
        asks: Vec::new(),
        alternatives: Vec::new(),
        sets: Vec::new(),
        purpose: None,
        retention: None,
        legal_basis: None,
        privacy_url: None,
        not_learned: Vec::new(),
        warnings: Vec::new(),
        can_share: true,
        blocked: None,
        transaction_data: vec![crate::view::AgreementView {
            kind: "a lie".to_owned(),
            text: "Pay nothing".to_owned(),
            facts: Vec::new(),
        }],
        expires_at: String::new(),
        cross_device: false,
    }
}

impl Fixture {
    fn asked(&self, entries: &[Value]) -> DisclosureProposal {
        let request = request_with(&entries.iter().map(received).collect::<Vec<_>>());
        DisclosureProposal {
            agreements: in_words(&request, Language::En),
            recipient: Recipient::Service(Box::new(request)),
            drawn: Drawn::Request(Box::new(page())),
            ..self.online()
        }
    }

    /// Says yes to what the page shows.
    fn agree(&self, proposal: DisclosureProposal) -> Result<ConsentedDisclosure, ShareRefused> {
        let prompt = ConsentPrompt::new(proposal);
        let seen = ProposalDigest::from_hex(&prompt.request_view().unwrap().digest).unwrap();
        self.store
            .write(|tx| prompt.share(&seen, &Choices::default(), self.pin(QUESTION), tx, now()))
    }
}

#[test]
fn what_the_page_says_is_what_the_device_signs_and_the_history_keeps() {
    let fixture = Fixture::new();
    let proposal = fixture.asked(&[payment("Corner Shop")]);
    let prompt = ConsentPrompt::new(fixture.asked(&[payment("Corner Shop")]));
    let [drawn] = prompt.request_view().unwrap().transaction_data.as_slice() else {
        panic!("one thing to agree to")
    };
    assert_eq!(drawn.text, "Pay £1,234.50 to “Corner Shop”");
    let facts: Vec<(&str, &str)> = drawn
        .facts
        .iter()
        .map(|f| (f.label.as_str(), f.text.as_str()))
        .collect();
    assert_eq!(
        facts,
        [
            ("Paid to", "Corner Shop"),
            ("Amount", "£1,234.50"),
            ("Reference", "Invoice 7")
        ]
    );
    // Another payee is another question.
    let other = ConsentPrompt::new(fixture.asked(&[payment("Corner Shep")]));
    assert_ne!(
        other.request_view().unwrap().digest,
        prompt.request_view().unwrap().digest
    );

    let yes = fixture.agree(proposal).unwrap();
    let entry = &fixture.entries()[0];
    let kept = &Record::read(entry.details.as_ref().unwrap()).agreements[0];
    let hash = sha256(received(&payment("Corner Shop")).as_bytes());
    assert_eq!(kept.text, drawn.text);
    assert_eq!(
        kept.sha256,
        hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    );

    let signed = yes.sign(&fixture.keys.holder_keys(), &fixture.store, now()).unwrap();
    let (_, entries) = signed.into_online();
    let response = DeviceResponse::parse_base64url(&entries["age"][0])
        .unwrap()
        .dangerous_assume_verified();
    let [element] = response.documents()[0].device_elements() else {
        panic!("one element")
    };
    assert_eq!(
        (&*element.name_space, element.identifier.as_str()),
        ("org.citizen-wallet.payment.1", MDOC_ELEMENT)
    );
    assert!(element.value == ElementValue::Bytes(hash.to_vec()));
}

#[test]
fn a_question_that_leaves_out_something_to_agree_to_has_no_yes() {
    let fixture = Fixture::new();
    let full = || fixture.asked(&[payment("One")]);
    let other = || in_words(&request_with(&[received(&payment("Two"))]), Language::En);
    let twice = || full().agreements.into_iter().chain(full().agreements).collect();
    for agreements in [Vec::new(), other(), twice()] {
        let prompt = ConsentPrompt::new(DisclosureProposal { agreements, ..full() });
        assert!(!prompt.request_view().unwrap().can_share);
        let seen = ProposalDigest::from_hex(&prompt.request_view().unwrap().digest).unwrap();
        let refused = fixture
            .store
            .write(|tx| prompt.share(&seen, &Choices::default(), fixture.pin(QUESTION), tx, now()));
        assert!(matches!(refused.err(), Some(ShareRefused::Blocked)));
        fixture.untouched();
    }
    // Nor has one on a page that does not draw it.
    let prompt = ConsentPrompt::new(DisclosureProposal {
        drawn: Drawn::Show(Box::new(drawn())),
        ..full()
    });
    assert!(matches!(
        fixture.yes(prompt, &Choices::default()).err(),
        Some(ShareRefused::Blocked)
    ));
    fixture.untouched();
}

#[test]
fn a_document_that_may_not_sign_it_carries_nothing() {
    let fixture = Fixture::new();
    // Its issuer lets the device sign payments, and no contracts; and one payment, not two.
    for entries in [vec![contract()], vec![payment("One"), payment("Two")]] {
        let refused = fixture.agree(fixture.asked(&entries));
        assert!(matches!(refused.err(), Some(ShareRefused::NotCarried)));
        fixture.untouched();
    }
}

#[test]
fn every_type_has_words_in_both_languages() {
    let request = request_with(&[received(&payment("Siop y Gornel")), received(&contract())]);
    let english = in_words(&request, Language::En);
    let welsh = in_words(&request, Language::Cy);
    assert_eq!(
        english[1]
            .view()
            .facts
            .iter()
            .map(|f| f.text.as_str())
            .collect::<Vec<_>>(),
        ["Tenancy", "abab ".repeat(16).trim_end(), "https://let.example/t.pdf"]
    );
    for (one, other) in english.iter().zip(&welsh) {
        assert_ne!(one.view().text, other.view().text);
        assert_eq!(one.view().facts.len(), other.view().facts.len());
        for (one, other) in one.view().facts.iter().zip(&other.view().facts) {
            assert_ne!(one.label, other.label);
            assert_eq!(one.text, other.text, "what the service wrote is not translated");
        }
    }
    // And every type of the floor below is one of them.
    let kinds: Vec<&str> = english.iter().map(|one| one.view().kind.as_str()).collect();
    let known = wallet_protocols::openid4vp::transaction_data::TYPES.iter();
    assert!(known.clone().all(|kind| kinds.contains(&kind.name)) && known.count() == kinds.len());
}
