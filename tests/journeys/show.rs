//! Show a proof in person: what the code holds, what a checker makes of it, and what it is no good for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use url::Url;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{HistoryKind, OutcomeView, ShowCodeView};
use wallet_core::{Wallet, pictures};
use wallet_credentials::mdoc::OfflineProof;
use wallet_sandbox::Sandbox;
use wallet_sandbox::spec::{DocumentType, OfferSpec, RequestSpec, ResponseModeName, ServiceName};

use crate::program::{done, http, run};
use crate::town::{
    add_offered, empty, furnished, furnished_at_rest, history, holds, inside, no_orphan_keys, pin, refused, sandbox,
    wrong_pin,
};

/// What the checker's page says of a field of its form.
fn checked(sandbox: &Sandbox, field: &str, content: &[u8]) -> String {
    let start = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"code\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    );
    let body = [start.as_bytes(), content, b"\r\n--edge--\r\n"].concat();
    http(
        sandbox.port(),
        sandbox.url(),
        "POST /checker",
        "multipart/form-data; boundary=edge",
        &body,
    )
}

fn is_good(page: &str) -> bool {
    page.contains("The code is good") && !page.contains("Do not accept")
}

fn is_refused(page: &str) -> bool {
    page.contains("Do not accept this code") || page.contains("This code could not be read")
}

async fn shown(wallet: &Wallet, proof: &str) -> ShowCodeView {
    let question = wallet.start_showing(proof, 120).await.unwrap();
    wallet.show(&question.id, &question.digest, pin()).await.unwrap()
}

#[tokio::test]
async fn a_picture_of_the_code_convinces_a_checker_without_a_line() {
    let (folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let question = wallet.start_showing("age-18", 120).await.unwrap();
    assert_eq!(question.claims.len(), 1, "one fact and nothing else");
    assert!(!question.not_shared.is_empty());
    let code = wallet.show(&question.id, &question.digest, pin()).await.unwrap();
    assert_eq!(code.claims.len(), 1);
    let picture = pictures::QrCode::to_png(&code.payload).unwrap();
    let page = checked(sandbox, "picture", &picture);
    assert!(is_good(&page), "{page}");
    for value in ["Rhiannon", "Specimen", "1992", "Cardiff"] {
        assert!(!page.contains(value), "{value}");
    }
    // Whoever had the code in sight may have it: nobody can tell.
    let entry = wallet.history_entry(&code.history).await.unwrap();
    assert_eq!(
        (entry.kind, entry.outcome, entry.data_left),
        (HistoryKind::Shown, OutcomeView::Done, DataLeft::Unknown)
    );
    assert_eq!(entry.channel.as_deref(), Some("in-person"));
    // The next code is of another copy, so that two checkers cannot compare.
    let next = shown(&wallet, "age-18").await;
    let response = |code: &ShowCodeView| OfflineProof::decode(&code.payload).unwrap().device_response().to_vec();
    let (first, second) = (response(&code), response(&next));
    let same = first.iter().zip(&second).filter(|(a, b)| a == b).count();
    assert_ne!(same, first.len());
    holds(wallet.verify_history().await);
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn the_terminal_writes_the_same_picture() {
    let folder = furnished_at_rest().await.unpack();
    let picture = folder.path().join("code.png");
    let answer = done(
        folder.path(),
        &["show", "age-25", "--for", "60", "--qr", picture.to_str().unwrap()],
    );
    let page = checked(sandbox().await, "picture", &std::fs::read(&picture).unwrap());
    assert!(is_good(&page), "{page}");
    let page = checked(
        sandbox().await,
        "payload",
        answer["payload"].as_str().unwrap().as_bytes(),
    );
    assert!(is_good(&page), "{page}");
    let entries = done(folder.path(), &["history", "show", answer["history"].as_str().unwrap()]);
    assert_eq!(entries["entries"][0]["data_left"], "unknown");
    let (problem, exit) = run(folder.path(), &["show", "age-99"]);
    assert_eq!(
        (exit, &problem["problem"]["code"], &problem["problem"]["data_left"]),
        (1, &json!("not-found"), &json!("no"))
    );
}

#[tokio::test]
async fn a_changed_or_ended_code_is_refused() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let code = shown(&wallet, "age-18").await;
    let text = |payload: &[u8]| URL_SAFE_NO_PAD.encode(payload).into_bytes();
    assert!(is_good(&checked(sandbox, "payload", &text(&code.payload))));
    // One bit anywhere: the version, the claims, the signatures, the times, the salt.
    let length = code.payload.len();
    for place in (0..length).step_by(length / 40).chain([length - 1]) {
        let mut changed = code.payload.clone();
        changed[place] ^= 1;
        let page = checked(sandbox, "payload", &text(&changed));
        assert!(is_refused(&page), "bit at {place} of {length}: {page}");
    }
    // Neither past its end nor with the end put off.
    let proof = OfflineProof::decode(&code.payload).unwrap();
    let seconds = |at: wallet_credentials::time::Timestamp| u64::try_from(at.as_unix()).unwrap();
    let (issued, expires) = (seconds(proof.issued_at()), seconds(proof.expires_at()));
    assert!(proof.is_current_at(proof.expires_at()));
    assert!(!proof.is_current_at(wallet_credentials::time::Timestamp::from_unix(
        proof.expires_at().as_unix() + 1
    )));
    for (issued, expires) in [
        (issued - 9_000, expires - 9_000),
        (issued, expires + 9_000),
        (issued, expires + 1),
    ] {
        let salt = [7; 16].to_vec();
        let changed = OfflineProof::new(proof.device_response().to_vec(), issued, expires, salt).unwrap();
        let page = checked(sandbox, "payload", &text(&changed.encode()));
        assert!(is_refused(&page), "{page}");
    }
}

#[tokio::test]
async fn a_code_is_no_answer_to_a_request() {
    let (_folder, wallet) = furnished().await;
    let sandbox = sandbox().await;
    let code = shown(&wallet, "age-18").await;
    let proof = OfflineProof::decode(&code.payload).unwrap();
    // Somebody who read the code in a shop tries it on a service that asks for the same fact.
    let query = json!({ "credentials": [{
        "id": "age", "format": "mso_mdoc", "meta": { "doctype_value": DocumentType::ProofOfAgeMdoc.type_id() },
        "claims": [{ "path": ["org.iso.18013.5.1", "age_over_18"] }],
    }] });
    let spec = RequestSpec {
        dcql_query: Some(query),
        response_mode: Some(ResponseModeName::DirectPost),
        ..RequestSpec::of(ServiceName::ShopAge)
    };
    let request = sandbox.request(spec).unwrap();
    let link = Url::parse(&request.uri).unwrap();
    let address = link
        .query_pairs()
        .find(|(name, _)| name == "request_uri")
        .unwrap()
        .1
        .into_owned();
    let address = Url::parse(&address).unwrap();
    let object = http(
        sandbox.port(),
        sandbox.url(),
        &format!("GET {}", address.path()),
        "text/plain",
        b"",
    );
    let payload = object.rsplit("\r\n\r\n").next().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let token = json!({ "age": [URL_SAFE_NO_PAD.encode(proof.device_response())] }).to_string();
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("vp_token", &token)
        .append_pair("state", claims["state"].as_str().unwrap())
        .finish();
    let target = Url::parse(claims["response_uri"].as_str().unwrap()).unwrap();
    let what = format!("POST {}", target.path());
    let answer = http(
        sandbox.port(),
        sandbox.url(),
        &what,
        "application/x-www-form-urlencoded",
        form.as_bytes(),
    );
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let report = sandbox.outcome(&request.id).unwrap();
    assert_eq!(
        (&report["stage"], &report["valid"], &report["answers"]),
        (&json!("answered"), &json!(false), &json!([]))
    );
    let wrong = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["ok"] == false)
        .unwrap();
    assert_eq!(
        wrong["name"], "holder",
        "the signature is for another transcript: {report}"
    );
}

#[tokio::test]
async fn only_what_is_true_and_held_can_be_proved() {
    let (_folder, wallet) = empty().await;
    assert!(wallet.proofs().await.unwrap().iter().all(|proof| !proof.available));
    refused(
        wallet.start_showing("age-18", 120).await,
        ProblemCode::NothingMatches,
        DataLeft::No,
    );
    refused(
        wallet.start_showing("age-19", 120).await,
        ProblemCode::NotFound,
        DataLeft::No,
    );
    // Turns 18 tomorrow.
    let amir = OfferSpec {
        person: Some("amir-sandbox".to_owned()),
        ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
    };
    add_offered(&wallet, &sandbox().await.offer(&amir).unwrap()).await;
    let available: Vec<String> = wallet
        .proofs()
        .await
        .unwrap()
        .into_iter()
        // Whether somebody of that age was born before 2009 depends on the day of the test.
        .filter(|proof| proof.available && proof.id.starts_with("age-"))
        .map(|proof| proof.id)
        .collect();
    assert_eq!(available, ["age-16", "age-13"]);
    refused(
        wallet.start_showing("age-18", 120).await,
        ProblemCode::NothingMatches,
        DataLeft::No,
    );
    let code = shown(&wallet, "age-16").await;
    assert_eq!(code.proof.id, "age-16");
}

#[tokio::test]
async fn a_wrong_pin_or_another_question_shows_nothing() {
    let (_folder, wallet) = furnished().await;
    let before = history(&wallet).await.len();
    let question = wallet.start_showing("age-18", 120).await.unwrap();
    refused(
        wallet.show(&question.id, &question.digest, wrong_pin()).await,
        ProblemCode::WrongPin,
        DataLeft::No,
    );
    refused(
        wallet.show("another", &question.digest, pin()).await,
        ProblemCode::ConsentExpired,
        DataLeft::No,
    );
    assert_eq!(history(&wallet).await.len(), before);
    wallet.show(&question.id, &question.digest, pin()).await.unwrap();
    // Used up.
    refused(
        wallet.show(&question.id, &question.digest, pin()).await,
        ProblemCode::ConsentExpired,
        DataLeft::No,
    );
    let question = wallet.start_showing("age-18", 120).await.unwrap();
    let other = "0".repeat(64);
    refused(
        wallet.show(&question.id, &other, pin()).await,
        ProblemCode::ConsentExpired,
        DataLeft::No,
    );
    assert_eq!(history(&wallet).await.len(), before + 1);
}
