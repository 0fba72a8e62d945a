//! Share with a service: what it learns is what was agreed, and every way a request is refused.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use wallet_core::keys::Pin;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::store::StoreError;
use wallet_core::view::{ChoicesView, HistoryKind, OutcomeView, RecognitionView};
use wallet_sandbox::SandboxConfig;
use wallet_sandbox::spec::{
    ClientIdPrefix, DocumentType, RequestFault, RequestSpec, RequestUriMethod, ResponseModeName, ServiceName,
};

use crate::town::{
    FarTown, add, adding, agreed, all_checks_well, ask, empty, furnished, history, holds, inside, knows_nothing,
    learnt, pin, received, refused, sandbox, say_yes, start, withdraw, wrong_pin,
};

#[tokio::test]
async fn each_service_learns_exactly_what_was_agreed() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    for (name, optional, details) in [
        (ServiceName::GpRegistration, vec![], 5),
        (ServiceName::GpRegistration, vec!["nhs"], 7),
        (ServiceName::ShopAge, vec![], 2),
        (ServiceName::EmployerRightToWork, vec![], 7),
    ] {
        let request = ask(sandbox, name);
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        assert!(question.can_share && question.warnings.is_empty() && question.blocked.is_none());
        assert_eq!(question.service.party.recognition, RecognitionView::Recognised);
        assert!(question.purpose.is_some() && question.retention.is_some() && question.privacy_url.is_some());
        knows_nothing(sandbox, &request);
        let choices = adding(&optional);
        let result = say_yes(&wallet, &question, choices.clone()).await.unwrap();
        assert_eq!(
            (result.data_left, result.declined, result.details),
            (DataLeft::Yes, false, details)
        );
        let report = learnt(sandbox, &request);
        all_checks_well(&report);
        assert_eq!(received(&report), agreed(&question, &choices));
        // The answer page is offered, once, and only after the answer.
        assert_eq!(
            wallet.take_return(&result.history).unwrap(),
            format!("{}/requests/{}", sandbox.url(), request.id)
        );
        assert!(wallet.take_return(&result.history).is_none());
        let entry = wallet.history_entry(&result.history).await.unwrap();
        assert_eq!(
            (entry.kind, entry.outcome, entry.data_left),
            (HistoryKind::Shared, OutcomeView::Done, DataLeft::Yes)
        );
        let shared: BTreeSet<String> = result
            .shared
            .iter()
            .flat_map(|part| &part.claims)
            .map(|p| json!(p).to_string())
            .collect();
        let written: BTreeSet<String> = entry.claims.iter().map(|path| json!(path).to_string()).collect();
        assert_eq!((shared.len(), written), (details as usize, shared.clone()));
        assert_eq!(entry.purpose, question.purpose);
    }
    holds(wallet.verify_history().await);
}

#[tokio::test]
async fn both_formats_go_every_way_a_service_may_ask() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let choices = adding(&["nhs"]);
    let mut round = 0;
    for prefix in [ClientIdPrefix::X509Hash, ClientIdPrefix::X509SanDns] {
        for mode in [ResponseModeName::DirectPost, ResponseModeName::DirectPostJwt] {
            for method in [RequestUriMethod::Get, RequestUriMethod::Post] {
                let spec = RequestSpec {
                    client_id_prefix: Some(prefix),
                    response_mode: Some(mode),
                    request_uri_method: Some(method),
                    redirect: Some(false),
                    ..RequestSpec::of(ServiceName::GpRegistration)
                };
                let request = sandbox.request(spec).unwrap();
                let question = wallet.start_sharing(&request.uri, false).await.unwrap();
                // Five copies of each are used once; then the last is used again, and that is said.
                let linkable = question
                    .asks
                    .iter()
                    .flat_map(|ask| &ask.candidates)
                    .any(|candidate| candidate.linkable);
                assert_eq!(linkable, round >= 5);
                let result = say_yes(&wallet, &question, choices.clone()).await.unwrap();
                assert_eq!(result.redirect_uri, None);
                let report = learnt(sandbox, &request);
                all_checks_well(&report);
                assert_eq!(received(&report), agreed(&question, &choices));
                let formats: BTreeSet<&str> = report["answers"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|answer| answer["format"].as_str().unwrap())
                    .collect();
                assert_eq!(formats, BTreeSet::from(["dc+sd-jwt", "mso_mdoc"]));
                round += 1;
                let documents = wallet.documents().await.unwrap();
                let licence = documents
                    .iter()
                    .find(|document| document.type_id.ends_with(".mDL"))
                    .unwrap();
                assert_eq!(licence.copies_left, 5_u32.saturating_sub(round));
            }
        }
    }
}

/// A query for one detail of the SD-JWT proof of age.
fn age_only() -> Value {
    json!({ "credentials": [{
        "id": "age", "format": "dc+sd-jwt", "meta": { "vct_values": [DocumentType::ProofOfAgeSdJwt.type_id()] },
        "claims": [{ "path": ["age_over_18"] }],
    }] })
}

#[tokio::test]
async fn no_two_services_see_the_same_copy() {
    let (folder, wallet) = furnished().await;
    let far = FarTown::new().await;
    let spec = || RequestSpec {
        dcql_query: Some(age_only()),
        response_mode: Some(ResponseModeName::DirectPost),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    let (first, second) = (
        far.sandbox.request(spec()).unwrap(),
        far.sandbox.request(spec()).unwrap(),
    );
    let one = wallet.start_sharing(&first.uri, false).await.unwrap();
    // Drawn while the same copy was the next one.
    let other = wallet.start_sharing(&second.uri, false).await.unwrap();
    say_yes(&wallet, &one, ChoicesView::default()).await.unwrap();
    // That copy is gone now: the question as drawn no longer stands, and nothing leaves.
    refused(
        say_yes(&wallet, &other, ChoicesView::default()).await,
        ProblemCode::ConsentExpired,
        DataLeft::No,
    );
    knows_nothing(&far.sandbox, &second);
    let other = wallet.start_sharing(&second.uri, false).await.unwrap();
    say_yes(&wallet, &other, ChoicesView::default()).await.unwrap();
    for request in [&first, &second] {
        all_checks_well(&learnt(&far.sandbox, request));
    }
    // What the issuer signed, in each answer as it went over the line.
    let answers: Vec<String> = far
        .line
        .seen()
        .iter()
        .filter(|exchange| exchange.target.contains("/responses/"))
        .map(|exchange| {
            let form: BTreeMap<String, String> = url::form_urlencoded::parse(&exchange.body).into_owned().collect();
            let token: Value = serde_json::from_str(&form["vp_token"]).unwrap();
            let presentation = token["age"][0].as_str().unwrap();
            presentation.split('~').next().unwrap().to_owned()
        })
        .collect();
    assert_eq!(answers.len(), 2);
    assert_ne!(answers[0], answers[1]);
    drop(wallet);
    let store = inside(folder.path());
    let spent = store
        .read::<_, StoreError>(|transaction| {
            let document = transaction
                .documents()?
                .into_iter()
                .find(|d| d.type_id == DocumentType::ProofOfAgeSdJwt.type_id());
            transaction.copies(&document.unwrap().id)
        })
        .unwrap()
        .iter()
        .filter(|copy| copy.spent_at.is_some())
        .count();
    assert_eq!(spent, 2);
}

#[tokio::test]
async fn a_no_tells_the_service_only_that() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    for name in ServiceName::ALL {
        let request = ask(sandbox, name);
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        let result = wallet.decline(&question.id).await.unwrap();
        assert!(result.declined && result.shared.is_empty() && result.details == 0);
        assert_eq!(result.data_left, DataLeft::No);
        let report = learnt(sandbox, &request);
        assert_eq!(report["stage"], "declined");
        assert_eq!(report["error"]["code"], "access_denied");
        knows_nothing(sandbox, &request);
        let entry = wallet.history_entry(&result.history).await.unwrap();
        assert_eq!(
            (entry.kind, entry.outcome, entry.data_left),
            (HistoryKind::Declined, OutcomeView::Declined, DataLeft::No)
        );
        assert!(entry.claims.is_empty() && entry.details.is_empty());
        // No is an answer, given once.
        refused(
            wallet.decline(&question.id).await,
            ProblemCode::ConsentExpired,
            DataLeft::No,
        );
        let again = refused(
            wallet.start_sharing(&request.uri, false).await,
            ProblemCode::AlreadyAnswered,
            DataLeft::No,
        );
        assert_eq!(again.history, Some(result.history));
    }
    // Nothing was used up by saying no.
    assert!(
        wallet
            .documents()
            .await
            .unwrap()
            .iter()
            .all(|document| document.copies_left == document.copies)
    );
    holds(wallet.verify_history().await);
}

#[tokio::test]
async fn a_wrong_pin_sends_nothing_and_the_question_stays() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let request = ask(sandbox, ServiceName::GpRegistration);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let before = history(&wallet).await.len();
    let wrong = wallet
        .share(&question.id, &question.digest, ChoicesView::default(), wrong_pin())
        .await;
    assert_eq!(refused(wrong, ProblemCode::WrongPin, DataLeft::No).tries_left, Some(4));
    knows_nothing(sandbox, &request);
    assert_eq!(history(&wallet).await.len(), before);
    let wrong = wallet
        .share(&question.id, &question.digest, ChoicesView::default(), wrong_pin())
        .await;
    assert_eq!(refused(wrong, ProblemCode::WrongPin, DataLeft::No).tries_left, Some(3));
    // The same question, not another: the same link shows it again.
    let again = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert_eq!((&again.id, &again.digest), (&question.id, &question.digest));
    say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
    all_checks_well(&learnt(sandbox, &request));
}

#[tokio::test]
async fn too_many_wrong_pins_block_for_a_time_and_the_right_one_too() {
    let (folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let request = ask(sandbox, ServiceName::GpRegistration);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let try_pin = |pin: Pin| wallet.share(&question.id, &question.digest, ChoicesView::default(), pin);
    for left in (1..5).rev() {
        assert_eq!(
            refused(try_pin(wrong_pin()).await, ProblemCode::WrongPin, DataLeft::No).tries_left,
            Some(left)
        );
    }
    assert!(
        refused(try_pin(wrong_pin()).await, ProblemCode::PinLocked, DataLeft::No)
            .retry_at
            .is_some()
    );
    refused(try_pin(pin()).await, ProblemCode::PinLocked, DataLeft::No);
    knows_nothing(sandbox, &request);
    // Nor does a restart help.
    drop(wallet);
    drop(crate::program::nobody_is_born());
    let wallet = wallet_core::Wallet::open(crate::town::config(folder.path()))
        .await
        .unwrap();
    refused(wallet.unlock(pin()).await, ProblemCode::PinLocked, DataLeft::No);
    assert!(wallet.state().locked);
}

#[tokio::test]
async fn a_request_that_breaks_the_rules_is_refused_and_learns_nothing() {
    use RequestFault as Fault;
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let before = history(&wallet).await.len();
    for (fault, prefix, method, code) in [
        (
            Fault::BadSignature,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Get,
            ProblemCode::ServiceAskedWrongly,
        ),
        (
            Fault::BadSignature,
            ClientIdPrefix::X509SanDns,
            RequestUriMethod::Post,
            ProblemCode::ServiceAskedWrongly,
        ),
        (
            Fault::ClientIdMismatch,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Get,
            ProblemCode::ServiceAskedWrongly,
        ),
        (
            Fault::WrongTyp,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Get,
            ProblemCode::ServiceAskedWrongly,
        ),
        (
            Fault::MissingNonce,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Get,
            ProblemCode::ServiceAskedWrongly,
        ),
        (
            Fault::RedirectUri,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Get,
            ProblemCode::ServiceAskedWrongly,
        ),
        (
            Fault::UnknownTransactionData,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Get,
            ProblemCode::ServiceAskedWrongly,
        ),
        (
            Fault::WrongWalletNonce,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Post,
            ProblemCode::ServiceAskedWrongly,
        ),
        (
            Fault::ForeignResponseUri,
            ClientIdPrefix::X509SanDns,
            RequestUriMethod::Get,
            ProblemCode::ServiceAskedWrongly,
        ),
        (
            Fault::Expired,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Get,
            ProblemCode::LinkExpired,
        ),
        (
            Fault::Error500OnRequest,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Get,
            ProblemCode::ServiceUnreachable,
        ),
        (
            Fault::DropConnectionOnRequest,
            ClientIdPrefix::X509Hash,
            RequestUriMethod::Get,
            ProblemCode::ServiceUnreachable,
        ),
    ] {
        let spec = RequestSpec {
            fault: Some(fault),
            client_id_prefix: Some(prefix),
            request_uri_method: Some(method),
            ..RequestSpec::of(ServiceName::GpRegistration)
        };
        let request = sandbox.request(spec).unwrap();
        let outcome = wallet.start_sharing(&request.uri, false).await;
        assert_eq!(
            outcome.as_ref().err().map(|problem| problem.code),
            Some(code),
            "{fault:?}: {outcome:?}"
        );
        refused(outcome, code, DataLeft::No);
        knows_nothing(sandbox, &request);
    }
    let ended = RequestSpec {
        expires_in: Some(0),
        ..RequestSpec::of(ServiceName::GpRegistration)
    };
    let request = sandbox.request(ended).unwrap();
    refused(
        wallet.start_sharing(&request.uri, false).await,
        ProblemCode::LinkExpired,
        DataLeft::No,
    );
    knows_nothing(sandbox, &request);
    for link in [
        "openid4vp://",
        "openid4vp://?client_id=x509_hash:abc",
        "mailto:someone@example.org",
    ] {
        let problem = wallet.start_sharing(link, false).await.unwrap_err();
        assert!(
            matches!(
                problem.code,
                ProblemCode::LinkNotUnderstood | ProblemCode::ServiceAskedWrongly
            ),
            "{problem:?}"
        );
        assert_eq!(problem.data_left, DataLeft::No);
    }
    assert_eq!(
        history(&wallet).await.len(),
        before,
        "nothing was asked, so nothing is in the history"
    );
    assert!(
        wallet
            .documents()
            .await
            .unwrap()
            .iter()
            .all(|document| document.copies_left == document.copies)
    );
}

#[tokio::test]
async fn a_request_object_changed_on_the_line_is_refused() {
    let (_folder, wallet) = furnished().await;
    let far = FarTown::new().await;
    far.line.change("/requests/", |body| {
        // Whoever sits on the line asks for more than was signed.
        let text = std::str::from_utf8(body).unwrap();
        let mut parts = text.split('.');
        let (head, payload, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        let payload = payload.replace("resident_postal_code", "portrait");
        format!("{head}.{}.{signature}", URL_SAFE_NO_PAD.encode(payload)).into_bytes()
    });
    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    refused(
        wallet.start_sharing(&request.uri, false).await,
        ProblemCode::ServiceAskedWrongly,
        DataLeft::No,
    );
    knows_nothing(&far.sandbox, &request);
}

#[tokio::test]
async fn a_stranger_gets_nothing_sensitive_whatever_the_person_says() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let request = ask(sandbox, ServiceName::TooMuch);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert_eq!(question.service.party.recognition, RecognitionView::NotListed);
    assert!(!question.can_share);
    assert_eq!(question.blocked.as_ref().unwrap().code, "sensitive-to-stranger");
    for despite_warnings in [false, true] {
        let choices = ChoicesView {
            despite_warnings,
            ..ChoicesView::default()
        };
        refused(
            say_yes(&wallet, &question, choices).await,
            ProblemCode::ServiceNotRecognised,
            DataLeft::No,
        );
        knows_nothing(sandbox, &request);
    }
    // A no still gets through.
    wallet.decline(&question.id).await.unwrap();
    assert_eq!(learnt(sandbox, &request)["error"]["code"], "access_denied");
}

#[tokio::test]
async fn a_stranger_that_asks_little_needs_a_second_yes() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let spec = RequestSpec {
        dcql_query: Some(age_only()),
        ..RequestSpec::of(ServiceName::TooMuch)
    };
    let request = sandbox.request(spec).unwrap();
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert!(question.can_share);
    let codes: Vec<&str> = question.warnings.iter().map(|warning| warning.code.as_str()).collect();
    assert_eq!(codes, ["not-registered"]);
    refused(
        say_yes(&wallet, &question, ChoicesView::default()).await,
        ProblemCode::ServiceNotRecognised,
        DataLeft::No,
    );
    knows_nothing(sandbox, &request);
    let despite = ChoicesView {
        despite_warnings: true,
        ..ChoicesView::default()
    };
    let result = say_yes(&wallet, &question, despite.clone()).await.unwrap();
    assert_eq!(received(&learnt(sandbox, &request)), agreed(&question, &despite));
    assert_eq!(
        wallet.history_entry(&result.history).await.unwrap().warnings,
        ["not-registered"]
    );
}

#[tokio::test]
async fn a_registered_service_that_asks_for_more_than_it_registered_needs_a_second_yes() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let query = json!({ "credentials": [{
        "id": "licence", "format": "mso_mdoc", "meta": { "doctype_value": DocumentType::DrivingLicence.type_id() },
        "claims": [{ "path": ["org.iso.18013.5.1", "age_over_18"] }, { "path": ["org.iso.18013.5.1", "family_name"] }],
    }] });
    let request = sandbox
        .request(RequestSpec {
            dcql_query: Some(query),
            ..RequestSpec::of(ServiceName::ShopAge)
        })
        .unwrap();
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let codes: Vec<&str> = question.warnings.iter().map(|warning| warning.code.as_str()).collect();
    assert_eq!(codes, ["asks-too-much"]);
    refused(
        say_yes(&wallet, &question, ChoicesView::default()).await,
        ProblemCode::ServiceNotRecognised,
        DataLeft::No,
    );
    knows_nothing(sandbox, &request);
}

#[tokio::test]
async fn where_nothing_matches_only_a_no_is_possible() {
    let sandbox = sandbox().await;
    let (_folder, bare) = empty().await;
    let (_other_folder, full) = furnished().await;
    let nobodys = RequestSpec {
        fault: Some(RequestFault::NothingMatches),
        ..RequestSpec::of(ServiceName::GpRegistration)
    };
    for (wallet, spec) in [(&bare, RequestSpec::of(ServiceName::GpRegistration)), (&full, nobodys)] {
        let request = sandbox.request(spec).unwrap();
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        assert!(!question.can_share);
        assert_eq!(question.blocked.as_ref().unwrap().code, "nothing-matches");
        refused(
            say_yes(wallet, &question, ChoicesView::default()).await,
            ProblemCode::NothingMatches,
            DataLeft::No,
        );
        knows_nothing(sandbox, &request);
        wallet.decline(&question.id).await.unwrap();
        assert_eq!(learnt(sandbox, &request)["error"]["code"], "access_denied");
    }
    // An optional part that nobody can answer hinders nothing; that it was never registered is said.
    let optional = RequestSpec {
        fault: Some(RequestFault::OptionalNothingMatches),
        ..RequestSpec::of(ServiceName::GpRegistration)
    };
    let request = sandbox.request(optional).unwrap();
    let question = full.start_sharing(&request.uri, false).await.unwrap();
    assert!(question.can_share);
    let despite = ChoicesView {
        despite_warnings: true,
        ..ChoicesView::default()
    };
    say_yes(&full, &question, despite).await.unwrap();
    all_checks_well(&learnt(sandbox, &request));
}

#[tokio::test]
async fn a_document_that_its_issuer_took_back_is_not_used() {
    let (_folder, wallet) = empty().await;
    let sandbox = start(SandboxConfig::new()).await;
    let licence = add(&wallet, &sandbox, DocumentType::DrivingLicence).await;
    for (status, code) in [("suspended", "document-withdrawn"), ("revoked", "document-withdrawn")] {
        withdraw(&sandbox, DocumentType::DrivingLicence, status);
        let checked = wallet.check_document(&licence.id).await.unwrap();
        assert_eq!(serde_json::to_value(checked.status).unwrap(), status);
        let request = ask(&sandbox, ServiceName::GpRegistration);
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        assert_eq!(question.blocked.as_ref().unwrap().code, code);
        refused(
            say_yes(&wallet, &question, ChoicesView::default()).await,
            ProblemCode::DocumentWithdrawn,
            DataLeft::No,
        );
        knows_nothing(&sandbox, &request);
    }
    assert!(wallet.proofs().await.unwrap().iter().all(|proof| !proof.available));
}

#[tokio::test]
async fn an_answered_link_leads_to_its_history_entry() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let request = ask(sandbox, ServiceName::ShopAge);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let result = say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
    let problem = refused(
        wallet.start_sharing(&request.uri, false).await,
        ProblemCode::AlreadyAnswered,
        DataLeft::No,
    );
    assert_eq!(problem.history.as_deref(), Some(result.history.as_str()));
    let entry = wallet.history_entry(&result.history).await.unwrap();
    assert_eq!(entry.data_left, DataLeft::Yes);
    // The question itself is used up.
    refused(
        say_yes(&wallet, &question, ChoicesView::default()).await,
        ProblemCode::ConsentExpired,
        DataLeft::No,
    );
    assert_eq!(
        history(&wallet)
            .await
            .iter()
            .filter(|entry| entry.kind == HistoryKind::Shared)
            .count(),
        1
    );
}

#[tokio::test]
async fn a_yes_to_something_else_than_was_shown_is_no_yes() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let (first, second) = (
        ask(sandbox, ServiceName::GpRegistration),
        ask(sandbox, ServiceName::ShopAge),
    );
    let gp = wallet.start_sharing(&first.uri, false).await.unwrap();
    let shop = wallet.start_sharing(&second.uri, false).await.unwrap();
    let before = history(&wallet).await.len();
    let zeros = "0".repeat(64);
    for digest in [shop.digest.as_str(), zeros.as_str(), "", "not a digest"] {
        let outcome = wallet.share(&gp.id, digest, ChoicesView::default(), pin()).await;
        refused(outcome, ProblemCode::ConsentExpired, DataLeft::No);
        knows_nothing(sandbox, &first);
    }
    let outcome = wallet
        .share("no such question", &gp.digest, ChoicesView::default(), pin())
        .await;
    refused(outcome, ProblemCode::ConsentExpired, DataLeft::No);
    assert_eq!(history(&wallet).await.len(), before);
    // As shown, it still stands.
    say_yes(&wallet, &gp, ChoicesView::default()).await.unwrap();
    say_yes(&wallet, &shop, ChoicesView::default()).await.unwrap();
}

#[tokio::test]
async fn a_question_drawn_before_the_documents_changed_is_stale() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let licence = wallet
        .documents()
        .await
        .unwrap()
        .into_iter()
        .find(|d| d.type_id.ends_with(".mDL"))
        .unwrap();
    let request = ask(sandbox, ServiceName::GpRegistration);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    wallet.remove_document(&licence.id, pin()).await.unwrap();
    let outcome = say_yes(&wallet, &question, ChoicesView::default()).await;
    assert_eq!(
        outcome.as_ref().err().map(|problem| problem.data_left),
        Some(DataLeft::No),
        "{outcome:?}"
    );
    knows_nothing(sandbox, &request);
    assert!(
        history(&wallet)
            .await
            .iter()
            .all(|entry| entry.kind != HistoryKind::Shared)
    );

    // Another document came: what was drawn is not what would be asked now.
    add(&wallet, sandbox, DocumentType::DrivingLicence).await;
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    add(&wallet, sandbox, DocumentType::DrivingLicence).await;
    let outcome = say_yes(&wallet, &question, ChoicesView::default()).await;
    refused(outcome, ProblemCode::ConsentExpired, DataLeft::No);
    knows_nothing(sandbox, &request);

    // Asked again, there are two licences, and the person says which.
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    assert_eq!(question.asks[0].candidates.len(), 2);
    let second = question.asks[0].candidates[1].document.clone();
    let choices = ChoicesView {
        documents: BTreeMap::from([("licence".to_owned(), vec![second.clone()])]),
        ..ChoicesView::default()
    };
    let result = say_yes(&wallet, &question, choices).await.unwrap();
    assert_eq!(result.shared[0].document, second);
    let used = wallet.document(&second).await.unwrap().summary;
    assert_eq!(used.copies_left, used.copies - 1);
}

#[tokio::test]
async fn a_choice_of_what_was_not_proposed_shares_nothing() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let documents = wallet.documents().await.unwrap();
    let nhs = documents
        .iter()
        .find(|document| document.format == "dc+sd-jwt")
        .unwrap()
        .id
        .clone();
    let request = ask(sandbox, ServiceName::GpRegistration);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let using = |query: &str, document: &str| ChoicesView {
        documents: BTreeMap::from([(query.to_owned(), vec![document.to_owned()])]),
        ..ChoicesView::default()
    };
    for choices in [
        using("licence", "no such document"),
        using("licence", &nhs),
        using("no such query", &nhs),
        adding(&["portrait"]),
    ] {
        refused(
            say_yes(&wallet, &question, choices).await,
            ProblemCode::NotFound,
            DataLeft::No,
        );
        knows_nothing(sandbox, &request);
    }
    assert!(
        history(&wallet)
            .await
            .iter()
            .all(|entry| entry.kind != HistoryKind::Shared)
    );
    assert!(
        wallet
            .documents()
            .await
            .unwrap()
            .iter()
            .all(|document| document.copies_left == document.copies)
    );
}

#[tokio::test]
async fn a_locked_wallet_shares_nothing() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let request = ask(sandbox, ServiceName::ShopAge);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    wallet.lock().await;
    refused(
        say_yes(&wallet, &question, ChoicesView::default()).await,
        ProblemCode::WalletLocked,
        DataLeft::No,
    );
    refused(
        wallet.decline(&question.id).await,
        ProblemCode::WalletLocked,
        DataLeft::No,
    );
    refused(
        wallet.start_sharing(&request.uri, false).await,
        ProblemCode::WalletLocked,
        DataLeft::No,
    );
    knows_nothing(sandbox, &request);
    // The question waits for its time.
    wallet.unlock(pin()).await.unwrap();
    say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
}

#[tokio::test]
async fn one_document_may_answer_two_queries_of_one_service() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let one = |id: &str, element: &str| {
        json!({
            "id": id, "format": "mso_mdoc", "meta": { "doctype_value": DocumentType::DrivingLicence.type_id() },
            "claims": [{ "path": ["org.iso.18013.5.1", element] }],
        })
    };
    let query = json!({ "credentials": [one("name", "family_name"), one("born", "birth_date")] });
    let request = sandbox
        .request(RequestSpec {
            dcql_query: Some(query),
            ..RequestSpec::of(ServiceName::GpRegistration)
        })
        .unwrap();
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let result = say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
    assert_eq!(result.shared.len(), 2);
    let report = learnt(sandbox, &request);
    all_checks_well(&report);
    assert_eq!(received(&report), agreed(&question, &ChoicesView::default()));
}
