//! Showing documents: every service, both prefixes and modes, what services refuse, faults, withdrawal, offline codes.

use serde_json::{Value, json};
use wallet_credentials::claim::ClaimPath;
use wallet_credentials::mdoc::{IssuerSigned, OfflineProof, SessionTranscript};
use wallet_protocols::openid4vp::transaction_data::{assign, hashes};
use wallet_protocols::openid4vp::{
    ClientIdPrefix as Prefix, RequestError, ResponseMode, TransactionDataProblem, VpToken,
};

use super::holder::{Held, Holder, answer, instant, present_bound, present_paths};
use super::sandbox;
use crate::Sandbox;
use crate::clock::Clock;
use crate::random::OsRandom;
use crate::spec::{
    ClientIdPrefix, DocumentType, OfferSpec, RequestFault, RequestMethod, RequestSpec, RequestUriMethod,
    ResponseModeName, ServiceName,
};

async fn one(sandbox: &Sandbox, holder: &Holder, name: DocumentType) -> Held {
    let made = sandbox.offer(&OfferSpec::of(name)).unwrap();
    holder.add(&made.uri, made.tx_code.as_deref()).await.copies.remove(0)
}

fn checks(report: &Value) -> Vec<(String, bool)> {
    let whole = report["checks"].as_array().unwrap().iter();
    let each = report["answers"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|answer| answer["checks"].as_array().unwrap());
    whole
        .chain(each)
        .map(|check| (check["name"].as_str().unwrap().to_owned(), check["ok"] == true))
        .collect()
}

fn failed(report: &Value) -> Vec<String> {
    checks(report)
        .into_iter()
        .filter(|(_, ok)| !ok)
        .map(|(name, _)| name)
        .collect()
}

#[tokio::test]
async fn every_service_learns_what_it_asked_for_and_nothing_else() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let licence = one(&sandbox, &holder, DocumentType::DrivingLicence).await;
    let nhs = one(&sandbox, &holder, DocumentType::NhsDetails).await;
    let age = one(&sandbox, &holder, DocumentType::ProofOfAgeMdoc).await;
    let age_sd_jwt = one(&sandbox, &holder, DocumentType::ProofOfAgeSdJwt).await;
    let status = one(&sandbox, &holder, DocumentType::RightToWork).await;
    let ways = [
        (
            ServiceName::GpRegistration,
            vec![("licence", &licence), ("nhs", &nhs)],
            7,
        ),
        (ServiceName::GpRegistration, vec![("licence", &licence)], 5),
        (ServiceName::ShopAge, vec![("age", &age)], 2),
        (ServiceName::ShopAge, vec![("age_sd_jwt", &age_sd_jwt)], 2),
        (ServiceName::EmployerRightToWork, vec![("status", &status)], 7),
        (ServiceName::TooMuch, vec![("licence", &licence)], 9),
    ];
    for (service, with, learnt) in ways {
        let made = sandbox.request(RequestSpec::of(service)).unwrap();
        let request = holder.read_request(&made.uri).await.unwrap();
        assert_eq!(sandbox.outcome(&made.id).unwrap()["stage"], "fetched");
        let reply = holder.answer(&request, &with).await.unwrap();
        assert_eq!(
            reply.redirect_uri.unwrap().as_str(),
            format!("{}/requests/{}", sandbox.url(), made.id)
        );
        let report = sandbox.outcome(&made.id).unwrap();
        assert_eq!(
            (&report["stage"], &report["valid"]),
            (&json!("answered"), &json!(true)),
            "{report}"
        );
        let claims: usize = report["answers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|answer| answer["claims"].as_array().unwrap().len())
            .sum();
        assert_eq!(claims, learnt, "{service:?}");
    }
}

#[tokio::test]
async fn requests_come_in_every_prefix_mode_and_method() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let age = one(&sandbox, &holder, DocumentType::ProofOfAgeSdJwt).await;
    let licence = one(&sandbox, &holder, DocumentType::DrivingLicence).await;
    for (prefix, named) in [
        (ClientIdPrefix::X509Hash, Prefix::X509Hash),
        (ClientIdPrefix::X509SanDns, Prefix::X509SanDns),
    ] {
        for mode in [ResponseModeName::DirectPost, ResponseModeName::DirectPostJwt] {
            for (method, with) in [
                (RequestUriMethod::Get, ("age_sd_jwt", &age)),
                (RequestUriMethod::Post, ("licence", &licence)),
            ] {
                let spec = RequestSpec {
                    client_id_prefix: Some(prefix),
                    response_mode: Some(mode),
                    request_uri_method: Some(method),
                    ..RequestSpec::of(ServiceName::ShopAge)
                };
                let made = sandbox.request(spec).unwrap();
                assert_eq!(
                    made.uri.contains("request_uri_method=post"),
                    method == RequestUriMethod::Post
                );
                let request = holder.read_request(&made.uri).await.unwrap();
                assert_eq!(request.client_id().prefix(), named);
                assert_eq!(
                    *request.mode() == ResponseMode::DirectPost,
                    mode == ResponseModeName::DirectPost
                );
                holder.answer(&request, &[with]).await.unwrap();
                assert_eq!(sandbox.outcome(&made.id).unwrap()["valid"], true);
            }
        }
    }
}

#[tokio::test]
async fn requests_come_unsigned_attested_by_did_signed_twice_and_through_the_browser() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let age = one(&sandbox, &holder, DocumentType::ProofOfAgeSdJwt).await;
    let licence = one(&sandbox, &holder, DocumentType::DrivingLicence).await;
    let of = |prefix| RequestSpec {
        client_id_prefix: Some(prefix),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    let by = |prefix, method| RequestSpec {
        request_method: Some(method),
        ..of(prefix)
    };
    let legal = |fault| RequestSpec {
        fault: Some(fault),
        response_mode: Some(ResponseModeName::DirectPostJwt),
        ..by(ClientIdPrefix::X509Hash, RequestMethod::MultiSigned)
    };
    let specs = [
        of(ClientIdPrefix::RedirectUri),
        by(ClientIdPrefix::RedirectUri, RequestMethod::UrlQuery),
        of(ClientIdPrefix::VerifierAttestation),
        of(ClientIdPrefix::DidJwk),
        of(ClientIdPrefix::DidKey),
        by(ClientIdPrefix::X509Hash, RequestMethod::MultiSigned),
        legal(RequestFault::OneInvalidSignature),
        legal(RequestFault::UnusableEncryptionKeys),
        legal(RequestFault::Alternate),
    ];
    for spec in specs {
        let modes = [
            ResponseModeName::DirectPost,
            ResponseModeName::DirectPostJwt,
            ResponseModeName::Fragment,
        ];
        for mode in modes {
            for (with, state) in [(("age_sd_jwt", &age), true), (("licence", &licence), false)] {
                let spec = RequestSpec {
                    response_mode: Some(mode),
                    state: Some(state),
                    ..spec.clone()
                };
                let made = sandbox.request(spec.clone()).unwrap();
                let request = holder.read_request(&made.uri).await.unwrap();
                assert_eq!(
                    *request.mode() == ResponseMode::Fragment,
                    mode == ResponseModeName::Fragment
                );
                holder.answer(&request, &[with]).await.unwrap();
                let report = sandbox.outcome(&made.id).unwrap();
                assert_eq!(report["valid"], true, "{spec:?}: {report}");
            }
        }
    }
}

#[tokio::test]
async fn the_page_a_fragment_comes_back_to_hands_it_on() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let spec = RequestSpec {
        response_mode: Some(ResponseModeName::Fragment),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    let made = sandbox.request(spec).unwrap();
    let request = holder.read_request(&made.uri).await.unwrap();
    let page = holder.get(request.response_uri().as_str()).await;
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("data-returned=\"/services/shop/responses/"), "{page}");
    let nobodys = holder
        .get(&format!("{}/services/shop/returns/nobodys", sandbox.url()))
        .await;
    assert_eq!(nobodys.status, 404);
}

#[tokio::test]
async fn an_agreed_payment_must_be_in_the_key_binding() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let age = one(&sandbox, &holder, DocumentType::ProofOfAgeSdJwt).await;
    let payment = json!({ "type": "org.citizen-wallet.payment.1", "credential_ids": ["age_sd_jwt"],
        "payee": "Corner Shop", "amount": "3.20", "currency": "GBP" });
    let spec = RequestSpec {
        transaction_data: Some(vec![payment]),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    for agreed in [true, false] {
        let made = sandbox.request(spec.clone()).unwrap();
        let request = holder.read_request(&made.uri).await.unwrap();
        let query = request.query().credential("age_sd_jwt").unwrap();
        let position = request.transaction_data()[0].credentials()[0];
        let bound = assign(request.transaction_data(), request.query(), &[position], |_, _| false).unwrap();
        let digests = hashes(&bound[&position]).unwrap();
        let paths: Vec<ClaimPath> = query.claims.iter().map(|claim| claim.path.clone()).collect();
        let presentation = present_bound(&request, &age, &paths, agreed.then_some(&digests)).unwrap();
        let mut token = VpToken::new();
        token.add(request.query(), "age_sd_jwt", presentation).unwrap();
        holder
            .send(request.respond(&token, &mut OsRandom).unwrap().into_post().unwrap())
            .await;
        let report = sandbox.outcome(&made.id).unwrap();
        assert_eq!(report["valid"], agreed, "{report}");
    }
}

#[tokio::test]
async fn a_refusal_tells_the_service_no_and_nothing_else() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let made = sandbox.request(RequestSpec::of(ServiceName::GpRegistration)).unwrap();
    let request = holder.read_request(&made.uri).await.unwrap();
    holder.decline(&request).await.unwrap();
    let report = sandbox.outcome(&made.id).unwrap();
    assert_eq!(
        (&report["stage"], &report["error"]["code"]),
        (&json!("declined"), &json!("access_denied"))
    );
    assert_eq!(report["answers"], json!([]));
    // It was answered; it cannot be answered again.
    assert_eq!(holder.decline(&request).await.err().unwrap().status, 400);
    assert!(matches!(
        holder.read_request(&made.uri).await.err(),
        Some(RequestError::NotFetched { status: 410 })
    ));
}

#[tokio::test]
async fn a_withdrawn_document_is_noticed() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let licence = one(&sandbox, &holder, DocumentType::DrivingLicence).await;
    for (status, valid) in [("revoked", false), ("suspended", false), ("valid", true)] {
        let body = json!({ "document": "driving-licence", "status": status });
        holder
            .post_json(&format!("{}/control/withdraw", sandbox.url()), &body)
            .await;
        let made = sandbox.request(RequestSpec::of(ServiceName::ShopAge)).unwrap();
        let request = holder.read_request(&made.uri).await.unwrap();
        holder.answer(&request, &[("licence", &licence)]).await.unwrap();
        let report = sandbox.outcome(&made.id).unwrap();
        assert_eq!(report["valid"], valid);
        assert_eq!(failed(&report), if valid { vec![] } else { vec!["status".to_owned()] });
    }
}

#[tokio::test]
async fn viv_gets_documents_that_are_withdrawn_already() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let spec = OfferSpec {
        person: Some("viv-revoked".to_owned()),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let licence = holder
        .add(&sandbox.offer(&spec).unwrap().uri, None)
        .await
        .copies
        .remove(0);
    let made = sandbox.request(RequestSpec::of(ServiceName::ShopAge)).unwrap();
    let request = holder.read_request(&made.uri).await.unwrap();
    holder.answer(&request, &[("licence", &licence)]).await.unwrap();
    assert_eq!(failed(&sandbox.outcome(&made.id).unwrap()), ["status"]);
}

#[tokio::test]
async fn an_answer_to_another_request_is_refused() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    for (query, name) in [
        ("licence", DocumentType::DrivingLicence),
        ("age_sd_jwt", DocumentType::ProofOfAgeSdJwt),
    ] {
        let held = one(&sandbox, &holder, name).await;
        let plain = RequestSpec {
            response_mode: Some(ResponseModeName::DirectPost),
            ..RequestSpec::of(ServiceName::ShopAge)
        };
        let first = holder
            .read_request(&sandbox.request(plain.clone()).unwrap().uri)
            .await
            .unwrap();
        let second = sandbox.request(plain).unwrap();
        let second_request = holder.read_request(&second.uri).await.unwrap();
        // Bound to the first request's nonce, sent to the second with its own state.
        let wanted = second_request.query().credential(query).unwrap();
        let paths: Vec<ClaimPath> = wanted.claims.iter().map(|claim| claim.path.clone()).collect();
        let mut token = VpToken::new();
        token
            .add(
                second_request.query(),
                query,
                present_paths(&first, &held, &paths).unwrap(),
            )
            .unwrap();
        let response = holder
            .send(
                second_request
                    .respond(&token, &mut OsRandom)
                    .unwrap()
                    .into_post()
                    .unwrap(),
            )
            .await;
        assert_eq!(response.status, 400);
        let report = sandbox.outcome(&second.id).unwrap();
        assert_eq!(report["valid"], false);
        assert_eq!(failed(&report), ["holder"], "{report}");
        assert_eq!(report["answers"], json!([]), "nothing is believed");
    }
}

#[tokio::test]
async fn more_or_less_than_asked_is_noticed() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let licence = one(&sandbox, &holder, DocumentType::DrivingLicence).await;
    let iso = "org.iso.18013.5.1";
    for elements in [vec!["portrait"], vec!["portrait", "age_over_18", "birth_date"]] {
        let made = sandbox.request(RequestSpec::of(ServiceName::ShopAge)).unwrap();
        let request = holder.read_request(&made.uri).await.unwrap();
        let paths: Vec<ClaimPath> = elements
            .iter()
            .map(|element| ClaimPath::from_names([iso, *element]).unwrap())
            .collect();
        let mut token = VpToken::new();
        token
            .add(
                request.query(),
                "licence",
                present_paths(&request, &licence, &paths).unwrap(),
            )
            .unwrap();
        holder
            .send(request.respond(&token, &mut OsRandom).unwrap().into_post().unwrap())
            .await;
        assert_eq!(failed(&sandbox.outcome(&made.id).unwrap()), ["query"], "{elements:?}");
    }
}

#[tokio::test]
async fn a_standing_request_can_be_answered_again_and_again() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let line = sandbox.first_line().unwrap();
    let age = one(&sandbox, &holder, DocumentType::ProofOfAgeMdoc).await;
    for _ in 0..2 {
        let request = holder.read_request(&line.requests[1].uri).await.unwrap();
        holder.answer(&request, &[("age", &age)]).await.unwrap();
        assert_eq!(sandbox.outcome("shop-age").unwrap()["valid"], true);
    }
    // A service's name stands for the newest request that was answered.
    let request = holder.read_request(&line.requests[1].uri).await.unwrap();
    assert_eq!(sandbox.outcome("shop-age").unwrap()["stage"], "answered");
    holder.decline(&request).await.unwrap();
    assert_eq!(sandbox.outcome("shop-age").unwrap()["stage"], "declined");
}

#[tokio::test]
async fn bad_requests_are_as_bad_as_asked() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let read = async |fault, prefix, method| {
        let spec = RequestSpec {
            fault: Some(fault),
            client_id_prefix: prefix,
            request_uri_method: method,
            ..RequestSpec::of(ServiceName::ShopAge)
        };
        holder.read_request(&sandbox.request(spec).unwrap().uri).await.err()
    };
    let refused = async |fault| read(fault, None, None).await;
    assert!(matches!(
        refused(RequestFault::BadSignature).await,
        Some(RequestError::Signature(_))
    ));
    assert_eq!(refused(RequestFault::Expired).await, Some(RequestError::NotCurrent));
    // The link names one signer and the object is another's: refused by the name or by the signer, whichever is seen first.
    let mismatch = read(RequestFault::ClientIdMismatch, Some(ClientIdPrefix::X509Hash), None).await;
    assert!(matches!(
        mismatch,
        Some(RequestError::OtherSigner | RequestError::ClientIdMismatch)
    ));
    assert_eq!(
        refused(RequestFault::UnknownPrefix).await,
        Some(RequestError::NotRegistered)
    );
    assert_eq!(refused(RequestFault::WrongTyp).await, Some(RequestError::Type));
    assert_eq!(refused(RequestFault::MissingNonce).await, Some(RequestError::Nonce));
    assert_eq!(
        refused(RequestFault::RedirectUri).await,
        Some(RequestError::RedirectUri)
    );
    assert_eq!(
        refused(RequestFault::UnknownTransactionData).await,
        Some(RequestError::TransactionData(TransactionDataProblem::UnknownType))
    );
    assert_eq!(
        refused(RequestFault::ForeignResponseUri).await,
        Some(RequestError::ResponseUri)
    );
    assert_eq!(
        refused(RequestFault::Error500OnRequest).await,
        Some(RequestError::NotFetched { status: 500 })
    );
    assert_eq!(
        refused(RequestFault::FromTheFuture).await,
        Some(RequestError::NotCurrent)
    );
    assert_eq!(
        read(
            RequestFault::ResponseUriNotClientId,
            Some(ClientIdPrefix::RedirectUri),
            None
        )
        .await,
        Some(RequestError::ResponseUri)
    );
    for (fault, error) in [
        (RequestFault::AttestationExpired, RequestError::Attestation),
        (RequestFault::AttestationOfAnother, RequestError::Attestation),
        (RequestFault::AttestedElsewhere, RequestError::ResponseUri),
    ] {
        assert_eq!(
            read(fault, Some(ClientIdPrefix::VerifierAttestation), None).await,
            Some(error)
        );
    }
    let keyless = RequestSpec {
        fault: Some(RequestFault::NoUsableEncryptionKey),
        response_mode: Some(ResponseModeName::DirectPostJwt),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    let error = holder.read_request(&sandbox.request(keyless).unwrap().uri).await.err();
    assert_eq!(error, Some(RequestError::Encryption));
    let nonce = read(RequestFault::WrongWalletNonce, None, Some(RequestUriMethod::Post)).await;
    assert_eq!(nonce, Some(RequestError::WalletNonce));
}

#[tokio::test]
async fn what_happens_to_the_answer_is_as_asked() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let age = one(&sandbox, &holder, DocumentType::ProofOfAgeMdoc).await;
    let send = async |fault| {
        let made = sandbox
            .request(RequestSpec {
                fault: Some(fault),
                ..RequestSpec::of(ServiceName::ShopAge)
            })
            .unwrap();
        let request = holder.read_request(&made.uri).await.unwrap();
        (
            holder.try_send(answer(&request, &[("age", &age)])).await,
            sandbox.outcome(&made.id).unwrap(),
        )
    };
    let (response, report) = send(RequestFault::DropConnectionOnResponse).await;
    assert!(response.is_err());
    assert_eq!(
        report["valid"], true,
        "the service has it although the wallet cannot know"
    );
    let (response, report) = send(RequestFault::Error500).await;
    assert_eq!((response.unwrap().status, &report["stage"]), (500, &json!("fetched")));
    let (response, report) = send(RequestFault::Error400).await;
    assert_eq!((response.unwrap().status, &report["stage"]), (400, &json!("fetched")));
    for fault in [RequestFault::EmptyReply, RequestFault::HtmlReply] {
        let (response, report) = send(fault).await;
        assert_eq!((response.unwrap().status, &report["valid"]), (200, &json!(true)));
    }
}

#[tokio::test]
async fn sets_nobody_can_answer_are_required_or_not_as_asked() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    for (fault, required) in [
        (RequestFault::NothingMatches, true),
        (RequestFault::OptionalNothingMatches, false),
    ] {
        for service in [ServiceName::ShopAge, ServiceName::TooMuch] {
            let made = sandbox
                .request(RequestSpec {
                    fault: Some(fault),
                    ..RequestSpec::of(service)
                })
                .unwrap();
            let request = holder.read_request(&made.uri).await.unwrap();
            let last = request.query().sets().last().unwrap();
            assert_eq!((last.required, request.query().sets().len()), (required, 2));
        }
    }
}

#[tokio::test]
async fn another_query_can_be_asked_and_a_wrong_one_cannot() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let url = format!("{}/control/request", sandbox.url());
    let query = json!({ "credentials": [{ "id": "any", "format": "dc+sd-jwt", "meta": { "vct_values": [DocumentType::NhsDetails.type_id()] } }] });
    let response = holder
        .post_json(&url, &json!({ "name": "gp-registration", "dcql_query": query }))
        .await;
    let made: Value = serde_json::from_slice(&response.body).unwrap();
    let request = holder.read_request(made["uri"].as_str().unwrap()).await.unwrap();
    assert!(request.query().credential("any").unwrap().claims.is_empty());
    for wrong in [
        json!({ "name": "gp-registration", "dcql_query": { "credentials": [] } }),
        json!({ "name": "bank" }),
    ] {
        assert_eq!(holder.post_json(&url, &wrong).await.status, 400);
    }
    assert_eq!(holder.get(&format!("{url}/unknown")).await.status, 404);
}

#[tokio::test]
async fn a_request_ends_when_it_says() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let made = sandbox
        .request(RequestSpec {
            expires_in: Some(0),
            ..RequestSpec::of(ServiceName::ShopAge)
        })
        .unwrap();
    assert_eq!(
        holder.read_request(&made.uri).await.err(),
        Some(RequestError::NotFetched { status: 410 })
    );
    assert!(instant(&sandbox.outcome(&made.id).unwrap(), "expires_at") <= Clock.now());
}

/// An offline code for one element, made at `issued_at` for two minutes.
fn offline(held: &Held, issued_at: i64) -> Vec<u8> {
    let (issued_at, expires_at) = (
        u64::try_from(issued_at).unwrap(),
        u64::try_from(issued_at + 120).unwrap(),
    );
    let salt = [7; 16];
    let document = IssuerSigned::parse_base64url(&held.credential)
        .unwrap()
        .dangerous_assume_verified();
    let narrowed = document.narrow(&[("org.iso.18013.5.1", "age_over_18")]).unwrap();
    let response = narrowed
        .sign(&SessionTranscript::offline(issued_at, expires_at, &salt), &held.key)
        .unwrap();
    OfflineProof::new(response, issued_at, expires_at, salt.to_vec())
        .unwrap()
        .encode()
}

#[tokio::test]
async fn the_checker_takes_a_current_code_and_nothing_else() {
    let (sandbox, holder) = (sandbox().await, Holder::new());
    let age = one(&sandbox, &holder, DocumentType::ProofOfAgeMdoc).await;
    let now = Clock.now().as_unix();
    let check = async |payload: &[u8]| {
        let text = wallet_credentials::jose::base64url::encode(payload);
        let form = format!("--x\r\nContent-Disposition: form-data; name=\"payload\"\r\n\r\n{text}\r\n--x--\r\n");
        let url = format!("{}/checker", sandbox.url()).parse().unwrap();
        let request =
            wallet_protocols::http::HttpRequest::post(url, "multipart/form-data; boundary=x", form.into_bytes());
        String::from_utf8(holder.send(request).await.body).unwrap()
    };
    let good = check(&offline(&age, now)).await;
    assert!(
        good.contains("The code is good") && good.contains("18 or over") && good.contains("Yes"),
        "{good}"
    );
    let old = check(&offline(&age, now - 1_000)).await;
    assert!(old.contains("Do not accept this code") && old.contains("The code ended on"));
    let early = check(&offline(&age, now + 1_000)).await;
    assert!(early.contains("made in the future"));
    // Another time than the one that was signed.
    let proof = OfflineProof::decode(&offline(&age, now - 1_000)).unwrap();
    let (from, until) = (u64::try_from(now).unwrap(), u64::try_from(now + 120).unwrap());
    let forged = OfflineProof::new(proof.device_response().to_vec(), from, until, vec![7; 16]).unwrap();
    let forged = check(&forged.encode()).await;
    assert!(forged.contains("Do not accept this code") && !forged.contains("18 or over"));
    assert!(check(b"nonsense").await.contains("could not be read"));
}
