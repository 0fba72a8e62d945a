//! Every way a service may ask, and everything that must be refused: nothing leaves, and the problem has a name.

use serde_json::json;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::ChoicesView;
use wallet_sandbox::spec::{
    ClientIdPrefix, RequestFault, RequestMethod, RequestSpec, RequestUriMethod, ResponseModeName, ServiceName,
};

use crate::town::{all_checks_well, furnished, knows_nothing, learnt, sandbox, say_yes};

fn despite_warnings() -> ChoicesView {
    ChoicesView {
        despite_warnings: true,
        ..ChoicesView::default()
    }
}

#[tokio::test]
async fn every_kind_of_name_and_every_way_of_asking_is_answered() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    let age = RequestSpec::of(ServiceName::ShopAge);
    let by = |prefix| RequestSpec {
        client_id_prefix: Some(prefix),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    // Strangers may ask for nothing sensitive: a fact, and no photo.
    let stranger = |prefix| RequestSpec {
        dcql_query: Some(json!({"credentials": [{
            "id": "age",
            "format": "mso_mdoc",
            "meta": {"doctype_value": "uk.gov.sandbox.proofOfAge.1"},
            "claims": [{"path": ["org.iso.18013.5.1", "age_over_18"]}],
        }]})),
        ..by(prefix)
    };
    let ways = [
        by(ClientIdPrefix::X509Hash),
        by(ClientIdPrefix::X509SanDns),
        stranger(ClientIdPrefix::DidJwk),
        stranger(ClientIdPrefix::DidKey),
        stranger(ClientIdPrefix::DidWeb),
        stranger(ClientIdPrefix::RedirectUri),
        RequestSpec {
            request_method: Some(RequestMethod::UrlQuery),
            ..stranger(ClientIdPrefix::RedirectUri)
        },
        RequestSpec {
            request_method: Some(RequestMethod::Value),
            ..by(ClientIdPrefix::X509Hash)
        },
        RequestSpec {
            request_method: Some(RequestMethod::MultiSigned),
            ..by(ClientIdPrefix::X509Hash)
        },
        RequestSpec {
            request_uri_method: Some(RequestUriMethod::Post),
            ..age.clone()
        },
        RequestSpec {
            request_uri_method: Some(RequestUriMethod::Get),
            response_mode: Some(ResponseModeName::DirectPost),
            ..age.clone()
        },
        RequestSpec {
            response_mode: Some(ResponseModeName::DirectPostJwt),
            state: Some(false),
            ..age.clone()
        },
        RequestSpec {
            fault: Some(RequestFault::Alternate),
            ..age.clone()
        },
        RequestSpec {
            fault: Some(RequestFault::UnusableEncryptionKeys),
            response_mode: Some(ResponseModeName::DirectPostJwt),
            ..age.clone()
        },
        RequestSpec {
            fault: Some(RequestFault::OptionalNothingMatches),
            ..age.clone()
        },
        RequestSpec {
            request_method: Some(RequestMethod::MultiSigned),
            fault: Some(RequestFault::OneInvalidSignature),
            ..by(ClientIdPrefix::X509Hash)
        },
    ];
    for spec in ways {
        let what = serde_json::to_string(&spec).unwrap();
        let request = sandbox.request(spec).unwrap();
        let question = match wallet.start_sharing(&request.uri, false).await {
            Ok(question) => question,
            Err(problem) => panic!("{what}: {problem:?}"),
        };
        assert!(question.can_share, "{what}: {question:?}");
        let result = match say_yes(&wallet, &question, despite_warnings()).await {
            Ok(result) => result,
            Err(problem) => panic!("{what}: {problem:?}"),
        };
        assert_eq!(result.data_left, DataLeft::Yes, "{what}");
        all_checks_well(&learnt(sandbox, &request));
    }
}

#[tokio::test]
async fn an_answer_the_browser_carries_may_have_arrived_once_it_is_opened() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    let spec = RequestSpec {
        client_id_prefix: Some(ClientIdPrefix::X509Hash),
        response_mode: Some(ResponseModeName::Fragment),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    let request = sandbox.request(spec).unwrap();
    let question = wallet.start_sharing(&request.uri, false).await.unwrap();
    let result = say_yes(&wallet, &question, despite_warnings()).await.unwrap();
    assert_eq!(result.data_left, DataLeft::Unknown);
    assert!(result.redirect_uri.unwrap().contains("#"));
    knows_nothing(sandbox, &request);
    let entry = wallet.history_entry(&result.history).await.unwrap();
    assert_eq!(entry.data_left, DataLeft::Unknown);
}

/// The negative modules of the OpenID conformance suite for wallets, and more of the kind.
#[tokio::test]
async fn hostile_requests_end_with_a_named_problem_and_nothing_leaves() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    let of = |fault, prefix| RequestSpec {
        client_id_prefix: Some(prefix),
        fault: Some(fault),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    let x509 = |fault| of(fault, ClientIdPrefix::X509Hash);
    let encrypted = |fault| RequestSpec {
        response_mode: Some(ResponseModeName::DirectPostJwt),
        ..x509(fault)
    };
    let post = |fault| RequestSpec {
        request_uri_method: Some(RequestUriMethod::Post),
        ..x509(fault)
    };
    use RequestFault as F;
    let requests = [
        x509(F::BadSignature),
        x509(F::Expired),
        x509(F::FromTheFuture),
        x509(F::ClientIdMismatch),
        x509(F::UnknownPrefix),
        x509(F::WrongTyp),
        x509(F::MissingNonce),
        x509(F::NonceWithSpace),
        x509(F::RedirectUri),
        x509(F::UnknownTransactionData),
        x509(F::MalformedTransactionData),
        x509(F::UnknownResponseMode),
        x509(F::QueryAndScope),
        x509(F::NoQuery),
        x509(F::DuplicateQueryIds),
        x509(F::HugeRequestObject),
        x509(F::RedirectedRequest),
        x509(F::Unsigned),
        post(F::WrongWalletNonce),
        of(F::ForeignResponseUri, ClientIdPrefix::X509SanDns),
        of(F::ResponseUriNotClientId, ClientIdPrefix::RedirectUri),
        of(F::SignedRedirectUri, ClientIdPrefix::RedirectUri),
        of(F::NoDidDocument, ClientIdPrefix::DidWeb),
        of(F::DidDocumentOfAnother, ClientIdPrefix::DidWeb),
        of(F::DidDocumentWithAnotherKey, ClientIdPrefix::DidWeb),
        encrypted(F::NoUsableEncryptionKey),
        encrypted(F::EncryptionKeyOffTheCurve),
        encrypted(F::EncryptionKeyWithoutAlg),
        encrypted(F::UnsupportedEnc),
    ];
    for spec in requests {
        let what = serde_json::to_string(&spec).unwrap();
        let request = match sandbox.request(spec) {
            Ok(request) => request,
            Err(refusal) => panic!("{what}: the sandbox does not play it: {refusal}"),
        };
        let problem = match wallet.start_sharing(&request.uri, false).await {
            Ok(question) => panic!("{what}: {question:?}"),
            Err(problem) => problem,
        };
        assert_eq!(problem.data_left, DataLeft::No, "{what}");
        assert!(
            matches!(
                problem.code,
                ProblemCode::ServiceAskedWrongly
                    | ProblemCode::LinkExpired
                    | ProblemCode::LinkNotUnderstood
                    | ProblemCode::ServiceUnreachable
            ),
            "{what}: {problem:?}"
        );
        knows_nothing(sandbox, &request);
    }
    // Two required sets, one of which nothing here answers; sets whose combinations nobody could count: a question without a
    // yes.
    for fault in [F::NothingMatches, F::ExponentialSets] {
        let request = sandbox.request(x509(fault)).unwrap();
        let question = wallet.start_sharing(&request.uri, false).await.unwrap();
        assert!(!question.can_share, "{fault:?}");
        knows_nothing(sandbox, &request);
    }
}
