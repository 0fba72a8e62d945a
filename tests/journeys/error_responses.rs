//! Error responses by the book (OpenID4VP 1.0, 8.5): a service this wallet knows, whose request verifies and breaks a rule, is told
//! which. Everybody else hears nothing, not even that there is a wallet. And no no says more than another.

use serde_json::{Value, json};
use wallet_core::problem::DataLeft;
use wallet_sandbox::Sandbox;
use wallet_sandbox::spec::{
    ClientIdPrefix, MadeRequest, RequestFault as F, RequestMethod, RequestSpec, RequestUriMethod, ResponseModeName,
    ServiceName,
};

use crate::town::{FarTown, add, empty, furnished, knows_nothing, learnt, sandbox};
use wallet_sandbox::spec::DocumentType;

fn of(fault: F, prefix: ClientIdPrefix) -> RequestSpec {
    RequestSpec {
        client_id_prefix: Some(prefix),
        fault: Some(fault),
        ..RequestSpec::of(ServiceName::ShopAge)
    }
}

/// What the service was told, if anything.
fn told(sandbox: &Sandbox, request: &MadeRequest) -> Option<String> {
    let report = learnt(sandbox, request);
    match report["stage"].as_str() {
        Some("declined") => Some(report["error"]["code"].as_str().unwrap().to_owned()),
        Some("waiting" | "fetched") => None,
        _ => panic!("{report}"),
    }
}

/// The conformance suite's negative modules, and more of the kind, by what the service hears of it.
#[tokio::test]
async fn a_known_service_is_told_which_rule_its_request_breaks() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    let encrypted = |fault| RequestSpec {
        response_mode: Some(ResponseModeName::DirectPostJwt),
        ..of(fault, ClientIdPrefix::X509Hash)
    };
    let mut cases: Vec<(&str, RequestSpec, &str)> = Vec::new();
    for prefix in [
        ClientIdPrefix::X509Hash,
        ClientIdPrefix::X509SanDns,
        ClientIdPrefix::VerifierAttestation,
    ] {
        for (module, fault, code) in [
            ("negative-test-missing-nonce", F::MissingNonce, "invalid_request"),
            (
                "negative-test-redirect-uri-with-direct-post",
                F::RedirectUri,
                "invalid_request",
            ),
            (
                "negative-test-unknown-transaction-data-type",
                F::UnknownTransactionData,
                "invalid_transaction_data",
            ),
        ] {
            cases.push((module, of(fault, prefix), code));
        }
    }
    for (what, fault, code) in [
        ("a nonce with spaces", F::NonceWithSpace, "invalid_request"),
        ("a scope beside the query", F::QueryAndScope, "invalid_request"),
        ("no query", F::NoQuery, "invalid_request"),
        ("two queries of one name", F::DuplicateQueryIds, "invalid_request"),
        (
            "transaction data that is plain JSON",
            F::MalformedTransactionData,
            "invalid_transaction_data",
        ),
    ] {
        cases.push((what, of(fault, ClientIdPrefix::X509Hash), code));
    }
    for (what, fault) in [
        ("a key that is not on its curve", F::EncryptionKeyOffTheCurve),
        ("a key without alg", F::EncryptionKeyWithoutAlg),
        ("no usable key", F::NoUsableEncryptionKey),
        ("no content encryption known", F::UnsupportedEnc),
    ] {
        cases.push((what, encrypted(fault), "invalid_request"));
    }
    // The same, carried in the link: what it carries names where to answer.
    cases.push((
        "by value",
        RequestSpec {
            request_method: Some(RequestMethod::Value),
            ..of(F::MissingNonce, ClientIdPrefix::X509Hash)
        },
        "invalid_request",
    ));
    for (what, spec, code) in cases {
        let what = format!("{what} {:?}", spec.client_id_prefix);
        let request = sandbox.request(spec).unwrap();
        let problem = wallet.start_sharing(&request.uri, false).await.unwrap_err();
        assert_eq!(problem.data_left, DataLeft::No, "{what}");
        assert_eq!(told(sandbox, &request).as_deref(), Some(code), "{what}");
        knows_nothing(sandbox, &request);
    }
}

#[tokio::test]
async fn what_does_not_verify_or_is_by_a_stranger_is_answered_to_nobody() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    use ClientIdPrefix as P;
    let post = |fault| RequestSpec {
        request_uri_method: Some(RequestUriMethod::Post),
        ..of(fault, P::X509Hash)
    };
    let by_stranger = |fault| RequestSpec {
        fault: Some(fault),
        ..RequestSpec::of(ServiceName::TooMuch)
    };
    for (what, spec) in [
        (
            "negative-test-invalid-request-object-signature",
            of(F::BadSignature, P::X509Hash),
        ),
        (
            "negative-test-invalid-request-object-signature",
            of(F::BadSignature, P::X509SanDns),
        ),
        (
            "negative-test-mismatched-client-id",
            of(F::ClientIdMismatch, P::X509Hash),
        ),
        (
            "negative-test-invalid-client-id-prefix",
            of(F::UnknownPrefix, P::X509Hash),
        ),
        (
            "negative-test-response-uri-not-client-id",
            of(F::ResponseUriNotClientId, P::RedirectUri),
        ),
        ("an answer for another host", of(F::ForeignResponseUri, P::X509SanDns)),
        (
            "an answer the attester does not allow",
            of(F::AttestedElsewhere, P::VerifierAttestation),
        ),
        ("expired", of(F::Expired, P::X509Hash)),
        ("from the future", of(F::FromTheFuture, P::X509Hash)),
        ("another type", of(F::WrongTyp, P::X509Hash)),
        ("unsigned", of(F::Unsigned, P::X509Hash)),
        ("an unknown way of answering", of(F::UnknownResponseMode, P::X509Hash)),
        ("somebody else's wallet_nonce", post(F::WrongWalletNonce)),
        // What is right but for one rule, by somebody nobody knows.
        ("a stranger", by_stranger(F::MissingNonce)),
        ("a stranger", by_stranger(F::UnknownTransactionData)),
        ("a DID nobody knows", of(F::MissingNonce, P::DidJwk)),
        ("a domain nobody knows", of(F::MissingNonce, P::DidWeb)),
        ("nobody", of(F::MissingNonce, P::RedirectUri)),
    ] {
        let request = sandbox.request(spec).unwrap();
        let problem = wallet.start_sharing(&request.uri, false).await.unwrap_err();
        assert_eq!(problem.data_left, DataLeft::No, "{what}");
        assert_eq!(told(sandbox, &request), None, "{what}");
    }
}

/// A no of somebody who has what is asked for, of somebody who has not, and of somebody whose wallet does not let it leave are the
/// same message to the byte, but for the `state` that is theirs to echo.
#[tokio::test]
async fn no_no_says_more_than_another() {
    let town = FarTown::new().await;
    let mut sent: Vec<String> = Vec::new();
    for (holds, service) in [
        (true, ServiceName::ShopAge),
        (false, ServiceName::ShopAge),
        (false, ServiceName::TooMuch),
    ] {
        let (_folder, wallet) = empty().await;
        if holds {
            add(&wallet, &town.sandbox, DocumentType::ProofOfAgeMdoc).await;
            add(&wallet, &town.sandbox, DocumentType::DrivingLicence).await;
        }
        for mode in [ResponseModeName::DirectPost, ResponseModeName::DirectPostJwt] {
            let spec = RequestSpec {
                response_mode: Some(mode),
                ..RequestSpec::of(service)
            };
            let request = town.sandbox.request(spec).unwrap();
            let question = wallet.start_sharing(&request.uri, false).await.unwrap();
            assert_eq!(question.can_share, holds, "{question:?}");
            let before = town.line.seen().len();
            wallet.decline(&question.id).await.unwrap();
            let seen = town.line.seen();
            let [exchange] = &seen[before..] else {
                panic!("one message: {}", seen.len() - before)
            };
            assert!(exchange.target.contains("/responses/"));
            let body = String::from_utf8(exchange.body.clone()).unwrap();
            let (body, state) = body.split_once("&state=").unwrap();
            assert_eq!(state.len(), 64);
            sent.push(body.to_owned());
            assert_eq!(learnt(&town.sandbox, &request)["error"]["code"], json!("access_denied"));
            assert_eq!(learnt(&town.sandbox, &request)["answers"], Value::Array(Vec::new()));
        }
    }
    assert!(sent.iter().all(|body| body == "error=access_denied"), "{sent:?}");
}
