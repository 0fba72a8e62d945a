//! Agreeing to something beyond sharing details (OpenID4VP 1.0, 5.1 and 8.4): it is shown in words, signed with the answer and
//! kept in the history; what cannot be shown, or carried, is not agreed to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{ChoicesView, HistoryKind, Language, RequestView};
use wallet_sandbox::spec::{MadeRequest, RequestFault, RequestSpec, ResponseModeName, ServiceName};

use crate::program::{command, done, run, said, spawn};
use crate::town::{
    FarTown, all_checks_well, furnished, furnished_at_rest, knows_nothing, learnt, refused, sandbox, say_yes,
};
use crate::veteran::veteran;

const PAYMENT: &str = "org.citizen-wallet.payment.1";

fn payment(queries: &[&str]) -> Value {
    json!({
        "type": PAYMENT, "credential_ids": queries,
        "payee": "Corner Shop", "amount": "12.50", "currency": "GBP", "reference": "Till 3",
    })
}

fn contract(queries: &[&str]) -> Value {
    json!({
        "type": "org.citizen-wallet.agreement.1", "credential_ids": queries,
        "title": "Terms of the shop", "document_sha256": "q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s",
    })
}

/// One detail of a driving licence (mdoc, whose issuer lets its device sign), of a proof of age (mdoc, whose issuer does not) and
/// of the same as an SD-JWT VC.
fn licence() -> Value {
    json!({"id": "licence", "format": "mso_mdoc", "meta": {"doctype_value": "org.iso.18013.5.1.mDL"},
        "claims": [{"path": ["org.iso.18013.5.1", "age_over_18"]}]})
}

fn age_mdoc() -> Value {
    json!({"id": "age", "format": "mso_mdoc", "meta": {"doctype_value": "uk.gov.sandbox.proofOfAge.1"},
        "claims": [{"path": ["org.iso.18013.5.1", "age_over_18"]}]})
}

fn age_sd_jwt() -> Value {
    json!({"id": "age_sd_jwt", "format": "dc+sd-jwt",
        "meta": {"vct_values": ["urn:example:uk-sandbox:proof_of_age:1"]}, "claims": [{"path": ["age_over_18"]}]})
}

fn asking(credentials: &[Value], agreements: &[Value]) -> RequestSpec {
    RequestSpec {
        dcql_query: Some(json!({ "credentials": credentials })),
        transaction_data: Some(agreements.to_vec()),
        ..RequestSpec::of(ServiceName::ShopAge)
    }
}

async fn question(wallet: &wallet_core::Wallet, spec: RequestSpec) -> (MadeRequest, RequestView) {
    let made = sandbox().await.request(spec).unwrap();
    let question = wallet.start_sharing(&made.uri, false).await.unwrap();
    (made, question)
}

fn despite_warnings() -> ChoicesView {
    ChoicesView {
        despite_warnings: true,
        ..ChoicesView::default()
    }
}

/// Every check called `transaction` the service made.
fn transactions(report: &Value) -> Vec<bool> {
    let answers = report["answers"].as_array().unwrap().iter();
    let checks = answers.flat_map(|answer| answer["checks"].as_array().unwrap());
    checks
        .filter(|check| check["name"] == "transaction")
        .map(|check| check["ok"] == true)
        .collect()
}

#[tokio::test]
async fn what_is_agreed_to_is_shown_signed_and_kept_in_both_formats() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    for (credential, query) in [(licence(), "licence"), (age_sd_jwt(), "age_sd_jwt")] {
        for mode in [ResponseModeName::DirectPost, ResponseModeName::DirectPostJwt] {
            let spec = RequestSpec {
                response_mode: Some(mode),
                ..asking(
                    std::slice::from_ref(&credential),
                    &[payment(&[query]), contract(&[query])],
                )
            };
            let (made, question) = question(&wallet, spec).await;
            assert!(question.can_share, "{question:?}");
            let sentences: Vec<&str> = question.transaction_data.iter().map(|one| one.text.as_str()).collect();
            assert_eq!(
                sentences,
                [
                    "Pay £12.50 to “Corner Shop”",
                    "Agree to the document “Terms of the shop”"
                ]
            );
            assert_eq!(question.transaction_data[0].facts[2].text, "Till 3");
            let result = say_yes(&wallet, &question, despite_warnings()).await.unwrap();
            let report = learnt(sandbox, &made);
            all_checks_well(&report);
            assert_eq!(transactions(&report), [true]);
            let entry = wallet.history_entry(&result.history).await.unwrap();
            assert_eq!(entry.agreements, question.transaction_data);
        }
    }
}

#[tokio::test]
async fn the_words_are_the_persons_language_and_the_names_stay() {
    let (_folder, wallet) = furnished().await;
    wallet.set_language(Language::Cy).unwrap();
    let (_, question) = question(&wallet, asking(&[licence()], &[payment(&["licence"])])).await;
    assert_eq!(question.transaction_data[0].text, "Talu £12.50 i “Corner Shop”");
}

/// The digests are made the way the service allows, over each entry as it came (B.3.3.1). Read from the key binding itself.
#[tokio::test]
async fn the_key_binding_has_the_digests_and_names_how_they_were_made() {
    let town = FarTown::new().await;
    let (_folder, wallet) = furnished().await;
    let entry = |algorithms: Value| {
        let mut data = payment(&["age_sd_jwt"]);
        if !algorithms.is_null() {
            data["transaction_data_hashes_alg"] = algorithms;
        }
        data
    };
    for (algorithms, named, length) in [
        (Value::Null, Value::Null, 32),
        (json!(["sha-256"]), json!("sha-256"), 32),
        (json!(["sha-512", "sha-256"]), json!("sha-512"), 64),
        (json!(["md5", "sha-384"]), json!("sha-384"), 48),
    ] {
        let data = entry(algorithms.clone());
        let spec = RequestSpec {
            response_mode: Some(ResponseModeName::DirectPost),
            ..asking(&[age_sd_jwt()], &[data.clone(), data.clone()])
        };
        let made = town.sandbox.request(spec).unwrap();
        let question = wallet.start_sharing(&made.uri, false).await.unwrap();
        let before = town.line.seen().len();
        say_yes(&wallet, &question, despite_warnings()).await.unwrap();
        all_checks_well(&learnt(&town.sandbox, &made));

        let body = town.line.seen()[before].body.clone();
        let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
        let token: Value = serde_json::from_str(&form[0].1).unwrap();
        let presentation = token["age_sd_jwt"][0].as_str().unwrap();
        let key_binding = presentation.rsplit('~').next().unwrap();
        let claims = URL_SAFE_NO_PAD.decode(key_binding.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["transaction_data_hashes_alg"], named, "{algorithms}");
        let hashes = claims["transaction_data_hashes"].as_array().unwrap();
        assert_eq!(hashes.len(), 2, "one for each entry, in their order");
        for hash in hashes {
            let hash = URL_SAFE_NO_PAD.decode(hash.as_str().unwrap()).unwrap();
            assert_eq!(hash.len(), length, "{algorithms}");
            if length == 32 {
                // The sandbox sends an entry as the base64url of its JSON.
                let received = URL_SAFE_NO_PAD.encode(data.to_string());
                assert_eq!(hash, wallet_credentials::crypto::sha256(received.as_bytes()));
            }
        }
    }
}

#[tokio::test]
async fn it_is_bound_to_one_document_that_can_carry_it() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    // The mdoc named first may not sign it; the SD-JWT VC can.
    let (made, first) = question(
        &wallet,
        asking(&[age_mdoc(), age_sd_jwt()], &[payment(&["age", "age_sd_jwt"])]),
    )
    .await;
    say_yes(&wallet, &first, despite_warnings()).await.unwrap();
    let report = learnt(sandbox, &made);
    all_checks_well(&report);
    assert_eq!(transactions(&report), [true], "one document, not both");

    // What the person may leave out, but nothing else can carry, is part of the yes.
    let mut spec = asking(&[licence(), age_sd_jwt()], &[payment(&["age_sd_jwt"])]);
    if let Some(query) = &mut spec.dcql_query {
        query["credential_sets"] =
            json!([{"options": [["licence"]]}, {"options": [["age_sd_jwt"]], "required": false}]);
    }
    let (made, second) = question(&wallet, spec).await;
    assert!(second.asks.iter().all(|ask| !ask.optional));
    say_yes(&wallet, &second, despite_warnings()).await.unwrap();
    all_checks_well(&learnt(sandbox, &made));
}

#[tokio::test]
async fn where_no_document_can_carry_it_there_is_no_yes() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    let (_other_folder, old_soldiers, _) = veteran().await;
    let card = json!({"id": "veteran", "format": "jwt_vc_json",
        "meta": {"type_values": [["VerifiableCredential", "DigitalVeteranCard"]]},
        "claims": [{"path": ["credentialSubject", "veteranCard", null, "serviceBranch"]}]});
    for (wallet, credentials, agreements) in [
        // Its issuer does not let the device sign.
        (&wallet, vec![age_mdoc()], vec![payment(&["age"])]),
        // A JWT VC has no place for it.
        (&old_soldiers, vec![card], vec![payment(&["veteran"])]),
        // The element has one value.
        (
            &wallet,
            vec![licence()],
            vec![payment(&["licence"]), payment(&["licence"])],
        ),
    ] {
        let (made, question) = question(wallet, asking(&credentials, &agreements)).await;
        assert!(!question.can_share);
        assert_eq!(question.blocked.as_ref().unwrap().code, "cannot-agree", "{question:?}");
        refused(
            say_yes(wallet, &question, despite_warnings()).await,
            ProblemCode::ServiceNotRecognised,
            DataLeft::No,
        );
        knows_nothing(sandbox, &made);
        // Told in the words of somebody who does not want to.
        let no = wallet.decline(&question.id).await.unwrap();
        assert_eq!(learnt(sandbox, &made)["error"]["code"], "access_denied");
        let entry = wallet.history_entry(&no.history).await.unwrap();
        assert_eq!(
            (entry.kind, entry.agreements.len()),
            (HistoryKind::Declined, agreements.len())
        );
    }
}

#[tokio::test]
async fn what_has_no_words_is_refused_as_a_whole() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = furnished().await;
    let with = |name: &str, value: Value| {
        let mut data = payment(&["licence"]);
        data[name] = value;
        data
    };
    for bad in [
        with("type", json!("urn:example:unknown")),
        with("surprise", json!("x")),
        with("payee", json!("Corner\u{202e}pohS")),
        with("payee", json!("Corner  Shop")),
        with("payee", json!("x".repeat(201))),
        with("amount", json!("1e3")),
        with("amount", json!("0.00")),
        with("currency", json!("pounds")),
        with("credential_ids", json!(["another"])),
        with("transaction_data_hashes_alg", json!(["md5"])),
    ] {
        let what = bad.to_string();
        let made = sandbox
            .request(asking(&[licence()], &[payment(&["licence"]), bad]))
            .unwrap();
        let outcome = wallet.start_sharing(&made.uri, false).await;
        assert!(outcome.is_err(), "{what}");
        refused(outcome, ProblemCode::ServiceAskedWrongly, DataLeft::No);
        knows_nothing(sandbox, &made);
    }
    let made = sandbox
        .request(RequestSpec {
            fault: Some(RequestFault::UnknownTransactionData),
            ..RequestSpec::of(ServiceName::ShopAge)
        })
        .unwrap();
    refused(
        wallet.start_sharing(&made.uri, false).await,
        ProblemCode::ServiceAskedWrongly,
        DataLeft::No,
    );
    knows_nothing(sandbox, &made);
}

#[tokio::test]
async fn the_terminal_says_what_a_yes_agrees_to_and_keeps_it() {
    let sandbox = sandbox().await;
    let folder = furnished_at_rest().await.unpack();
    let folder = folder.path();
    let made = sandbox.request(asking(&[licence()], &[payment(&["licence"])])).unwrap();
    let question = done(folder, &["request", &made.uri]);
    assert_eq!(
        question["request"]["transaction_data"][0]["text"],
        "Pay £12.50 to “Corner Shop”"
    );
    let mut command = command(folder, &["share", &made.uri, "--approve", "--despite-warnings"]);
    let output = spawn(&mut command).wait_with_output().unwrap();
    let (shared, exit) = said(&output);
    assert_eq!(exit, 0, "{shared}");
    // The question stands before the answer, with every part of what is signed.
    let shown = String::from_utf8(output.stderr).unwrap();
    for line in ["You also agree to this", "Pay £12.50 to “Corner Shop”", "Till 3"] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    all_checks_well(&learnt(sandbox, &made));
    let entry = done(folder, &["history", "show", shared["history"].as_str().unwrap()]);
    assert_eq!(
        entry["entries"][0]["agreements"],
        question["request"]["transaction_data"]
    );

    // What no document can sign is refused as what the wallet's own rules forbid.
    let made = sandbox.request(asking(&[age_mdoc()], &[payment(&["age"])])).unwrap();
    let (answer, exit) = run(folder, &["share", &made.uri, "--approve", "--despite-warnings"]);
    assert_eq!(
        (answer["problem"]["code"].as_str(), exit),
        (Some("blocked"), 3),
        "{answer}"
    );
    knows_nothing(sandbox, &made);
}
