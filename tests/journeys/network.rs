//! The network gone before, during and after: what is told is what can be known, and the history says the same.

use wallet_core::Wallet;
use wallet_core::problem::{DataLeft, Problem, ProblemCode};
use wallet_core::view::{ChoicesView, HistoryKind, OutcomeView, RequestView, ShareResultView};
use wallet_sandbox::spec::{MadeRequest, RequestFault, RequestSpec, ServiceName};

use crate::line::Moment;
use crate::town::{
    FarTown, all_checks_well, ask, furnished, history, holds, knows_nothing, learnt, refused, sandbox, say_yes,
};

/// The one sharing of this wallet failed like this, the history says so, and the question is used up.
async fn recorded(
    wallet: &Wallet,
    request: &MadeRequest,
    question: &RequestView,
    outcome: Result<ShareResultView, Problem>,
    left: DataLeft,
) {
    let problem = refused(outcome, ProblemCode::SendingFailed, left);
    let id = problem.history.expect("a yes that was said is in the history");
    let entry = wallet.history_entry(&id).await.unwrap();
    let ended = if left == DataLeft::No {
        OutcomeView::Failed
    } else {
        OutcomeView::NotSure
    };
    assert_eq!(
        (entry.kind, entry.outcome, entry.data_left),
        (HistoryKind::Shared, ended, left)
    );
    // Whoever asks again is shown that entry; nothing is sent twice.
    let again = refused(
        wallet.start_sharing(&request.uri, false).await,
        ProblemCode::AlreadyAnswered,
        DataLeft::No,
    );
    assert_eq!(again.history, Some(id));
    refused(
        say_yes(wallet, question, ChoicesView::default()).await,
        ProblemCode::ConsentExpired,
        DataLeft::No,
    );
    holds(wallet.verify_history().await);
}

#[tokio::test]
async fn gone_before_the_question_it_is_not_asked() {
    let (_folder, wallet) = furnished().await;
    let mut far = FarTown::new().await;
    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    for when in [Moment::Asked, Moment::Answered] {
        far.line.lose(when, "/requests/");
        refused(
            wallet.start_sharing(&request.uri, false).await,
            ProblemCode::ServiceUnreachable,
            DataLeft::No,
        );
    }
    far.line.hang_up();
    refused(
        wallet.start_sharing(&request.uri, false).await,
        ProblemCode::ServiceUnreachable,
        DataLeft::No,
    );
    knows_nothing(&far.sandbox, &request);
    assert!(
        history(&wallet)
            .await
            .iter()
            .all(|entry| entry.kind == HistoryKind::Added)
    );
}

#[tokio::test]
async fn gone_before_the_answer_nothing_left() {
    let (_folder, wallet) = furnished().await;
    let mut far = FarTown::new().await;
    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    far.line.hang_up();
    let outcome = say_yes(&wallet, &question, ChoicesView::default()).await;
    recorded(&wallet, &request, &question, outcome, DataLeft::No).await;
    knows_nothing(&far.sandbox, &request);
}

#[tokio::test]
async fn gone_while_the_answer_is_on_its_way_nobody_knows() {
    // On the way there: the service has nothing, but the wallet cannot know.
    let (_folder, wallet) = furnished().await;
    let far = FarTown::new().await;
    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    far.line.lose(Moment::Asked, "/responses/");
    let outcome = say_yes(&wallet, &question, ChoicesView::default()).await;
    recorded(&wallet, &request, &question, outcome, DataLeft::Unknown).await;
    knows_nothing(&far.sandbox, &request);

    // On the way back: it has everything, and the wallet cannot know either.
    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    far.line.lose(Moment::Answered, "/responses/");
    let outcome = say_yes(&wallet, &question, ChoicesView::default()).await;
    recorded(&wallet, &request, &question, outcome, DataLeft::Unknown).await;
    all_checks_well(&learnt(&far.sandbox, &request));
}

#[tokio::test]
async fn what_the_service_does_wrong_with_an_answer_is_told_as_unknown() {
    use RequestFault as Fault;
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    for (fault, has_it) in [
        (Fault::DropConnectionOnResponse, true),
        (Fault::Error500, false),
        (Fault::Error400, false),
        (Fault::HtmlReply, true),
    ] {
        let spec = RequestSpec {
            fault: Some(fault),
            ..RequestSpec::of(ServiceName::GpRegistration)
        };
        let request = sandbox.request(spec).unwrap();
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        let outcome = say_yes(&wallet, &question, ChoicesView::default()).await;
        match &outcome {
            // The answer was taken with status 200; that its page makes no sense does not undo it.
            Ok(result) if fault == Fault::HtmlReply => assert_eq!(result.data_left, DataLeft::Yes),
            _ => recorded(&wallet, &request, &question, outcome, DataLeft::Unknown).await,
        }
        assert_eq!(learnt(sandbox, &request)["stage"] == "answered", has_it, "{fault:?}");
    }
    // An empty reply is legal (OpenID4VP 1.0, 8.2).
    let spec = RequestSpec {
        fault: Some(Fault::EmptyReply),
        ..RequestSpec::of(ServiceName::GpRegistration)
    };
    let request = sandbox.request(spec).unwrap();
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let result = say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
    assert_eq!((result.data_left, result.redirect_uri), (DataLeft::Yes, None));
    all_checks_well(&learnt(sandbox, &request));
}

#[tokio::test]
async fn gone_after_the_answer_it_has_arrived() {
    let (_folder, wallet) = furnished().await;
    let mut far = FarTown::new().await;
    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let result = say_yes(&wallet, &question, ChoicesView::default()).await.unwrap();
    far.line.hang_up();
    assert_eq!(result.data_left, DataLeft::Yes);
    assert_eq!(
        wallet.history_entry(&result.history).await.unwrap().data_left,
        DataLeft::Yes
    );
    let again = refused(
        wallet.start_sharing(&request.uri, false).await,
        ProblemCode::AlreadyAnswered,
        DataLeft::No,
    );
    assert_eq!(again.history, Some(result.history));
    all_checks_well(&learnt(&far.sandbox, &request));
}

#[tokio::test]
async fn a_no_stands_even_if_nobody_hears_it() {
    let (_folder, wallet) = furnished().await;
    let mut far = FarTown::new().await;
    let (first, second) = (
        ask(&far.sandbox, ServiceName::GpRegistration),
        ask(&far.sandbox, ServiceName::ShopAge),
    );
    let one = wallet.start_sharing(&first.uri, false).await.unwrap();
    let other = wallet.start_sharing(&second.uri, false).await.unwrap();
    far.line.lose(Moment::Answered, "/responses/");
    let result = wallet.decline(&one.id).await.unwrap();
    assert_eq!((result.declined, result.data_left), (true, DataLeft::No));
    far.line.hang_up();
    let result = wallet.decline(&other.id).await.unwrap();
    assert_eq!((result.declined, result.data_left), (true, DataLeft::No));
    for request in [&first, &second] {
        knows_nothing(&far.sandbox, request);
        refused(
            wallet.start_sharing(&request.uri, false).await,
            ProblemCode::AlreadyAnswered,
            DataLeft::No,
        );
    }
    assert_eq!(
        history(&wallet)
            .await
            .iter()
            .filter(|entry| entry.kind == HistoryKind::Declined)
            .count(),
        2
    );
}

#[tokio::test]
async fn a_status_nobody_can_tell_is_named_and_changes_nothing() {
    let (_folder, wallet) = crate::town::empty().await;
    let far = FarTown::new().await;
    let licence = crate::town::add(
        &wallet,
        &far.sandbox,
        wallet_sandbox::spec::DocumentType::DrivingLicence,
    )
    .await;
    far.line.lose(Moment::Asked, "/status/");
    refused(
        wallet.check_document(&licence.id).await,
        ProblemCode::StatusUnknown,
        DataLeft::No,
    );
    // A list somebody changed on the way is not believed.
    far.line.change("/status/", |body| {
        let mut body = body.to_vec();
        let end = body.len() - 20;
        body[end] = if body[end] == b'A' { b'B' } else { b'A' };
        body
    });
    refused(
        wallet.check_document(&licence.id).await,
        ProblemCode::StatusUnknown,
        DataLeft::No,
    );
    let after = wallet.document(&licence.id).await.unwrap().summary;
    assert_eq!(
        (after.status, after.status_detail.checked_at),
        (licence.status, licence.status_detail.checked_at)
    );
}
