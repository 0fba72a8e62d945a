//! The same failures through the terminal: each has its code, says whether anything left, and ends with its exit code.

use std::path::Path;

use serde_json::{Value, json};
use wallet_sandbox::SandboxConfig;
use wallet_sandbox::spec::{DocumentType, OfferSpec, RequestFault, RequestSpec, ServiceName};

use crate::line::Moment;
use crate::program::{done, run};
use crate::town::{
    FarTown, PIN, WRONG_PIN, all_checks_well, ask, empty_at_rest, furnished_at_rest, knows_nothing, learnt, sandbox,
    start, withdraw,
};

/// The command failed like this; its words say whether anything left.
#[track_caller]
fn fails(outcome: (Value, i32), code: &str, left: &str, exit: i32) -> Value {
    let (answer, ended) = outcome;
    let problem = &answer["problem"];
    assert_eq!(
        (problem["code"].as_str(), problem["data_left"].as_str(), ended),
        (Some(code), Some(left), exit),
        "{answer}"
    );
    assert_eq!(answer["practice"], true);
    for part in ["title", "happened", "do"] {
        assert!(
            problem[part].as_str().is_some_and(|text| !text.is_empty()),
            "{part}: {answer}"
        );
    }
    let happened = problem["happened"].as_str().unwrap();
    let sentence = match left {
        "no" => "Nothing was shared.",
        _ => "We do not know if your details arrived.",
    };
    assert!(happened.ends_with(sentence), "{happened}");
    problem.clone()
}

#[tokio::test]
async fn a_first_journey_from_init_to_history() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sandbox = sandbox().await;
    fails(run(folder, &["documents"]), "not-initialised", "no", 1);
    assert_eq!(done(folder, &["init"])["key_protection"], "file");
    fails(run(folder, &["init"]), "already-initialised", "no", 1);
    let made = sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    assert_eq!(done(folder, &["offer", &made.uri])["needs_code"], false);
    let added = done(folder, &["add", &made.uri]);
    assert_eq!(
        (added["documents"].as_array().unwrap().len(), &added["pending"]),
        (1, &json!([]))
    );
    let request = ask(sandbox, ServiceName::GpRegistration);
    let question = done(folder, &["request", &request.uri]);
    assert_eq!(question["request"]["can_share"], true);
    // Without the word, nothing: exit 3.
    fails(run(folder, &["share", &request.uri]), "not-approved", "no", 3);
    knows_nothing(sandbox, &request);
    let shared = done(folder, &["share", &request.uri, "--approve"]);
    assert_eq!(shared["shared"][0]["claims"].as_array().unwrap().len(), 5);
    assert_eq!(
        shared["redirect_uri"],
        format!("{}/requests/{}", sandbox.url(), request.id)
    );
    all_checks_well(&learnt(sandbox, &request));
    let listed = done(folder, &["history"]);
    assert_eq!(listed["entries"][0]["id"], shared["history"]);
    assert_eq!(listed["entries"][0]["data_left"], "yes");
    assert_eq!(done(folder, &["history", "verify"])["ok"], true);
    let again = fails(
        run(folder, &["share", &request.uri, "--approve"]),
        "already-answered",
        "no",
        1,
    );
    assert_eq!(again["history"], shared["history"]);
}

#[tokio::test]
async fn adding_fails_by_name() {
    let folder = empty_at_rest().await.unpack();
    let folder = folder.path();
    let mut far = FarTown::new().await;
    let sandbox = &far.sandbox;
    let ended = OfferSpec {
        expires_in: Some(0),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    fails(
        run(folder, &["add", &sandbox.offer(&ended).unwrap().uri]),
        "link-expired",
        "no",
        1,
    );
    let coded = sandbox.offer(&OfferSpec::of(DocumentType::NhsDetails)).unwrap();
    fails(
        run(folder, &["add", &coded.uri, "--code", "000000"]),
        "wrong-code",
        "no",
        1,
    );
    fails(run(folder, &["add", &coded.uri]), "wrong-code", "no", 1);
    fails(run(folder, &["add", "not a link"]), "link-not-understood", "no", 1);
    fails(
        run(folder, &["add", &ask(sandbox, ServiceName::ShopAge).uri]),
        "link-not-understood",
        "no",
        1,
    );
    fails(with_wrong_pin(folder, &["add", &coded.uri]), "wrong-pin", "no", 4);
    assert_eq!(done(folder, &["documents"])["documents"], json!([]));
    // The offer is as good as before.
    let code = coded.tx_code.clone().unwrap();
    done(folder, &["add", &coded.uri, "--code", &code]);
    let made = sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    far.line.hang_up();
    fails(run(folder, &["add", &made.uri]), "service-unreachable", "no", 1);
    assert_eq!(done(folder, &["documents"])["documents"].as_array().unwrap().len(), 1);
}

/// With other digits in the file of the PIN.
#[track_caller]
fn with_wrong_pin(folder: &Path, words: &[&str]) -> (Value, i32) {
    let file = folder.join("pin");
    std::fs::write(&file, WRONG_PIN).unwrap();
    let outcome = run(folder, words);
    std::fs::write(&file, PIN).unwrap();
    outcome
}

#[tokio::test]
async fn sharing_fails_by_name() {
    let folder = furnished_at_rest().await.unpack();
    let folder = folder.path();
    let mut far = FarTown::new().await;
    let share = |uri: &str| run(folder, &["share", uri, "--approve"]);
    let with = |fault| RequestSpec {
        fault: Some(fault),
        ..RequestSpec::of(ServiceName::GpRegistration)
    };

    let stranger = ask(&far.sandbox, ServiceName::TooMuch);
    fails(
        run(folder, &["share", &stranger.uri, "--approve", "--despite-warnings"]),
        "service-not-recognised",
        "no",
        3,
    );
    knows_nothing(&far.sandbox, &stranger);
    let declined = done(folder, &["decline", &stranger.uri]);
    assert_eq!(
        (&declined["declined"], &declined["data_left"]),
        (&json!(true), &json!("no"))
    );
    assert_eq!(learnt(&far.sandbox, &stranger)["error"]["code"], "access_denied");

    for (fault, code) in [
        (RequestFault::BadSignature, "service-asked-wrongly"),
        (RequestFault::ClientIdMismatch, "service-asked-wrongly"),
        (RequestFault::Expired, "link-expired"),
        (RequestFault::NothingMatches, "nothing-matches"),
        (RequestFault::DropConnectionOnRequest, "service-unreachable"),
    ] {
        let request = far.sandbox.request(with(fault)).unwrap();
        fails(share(&request.uri), code, "no", 1);
        knows_nothing(&far.sandbox, &request);
    }

    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    fails(
        with_wrong_pin(folder, &["share", &request.uri, "--approve"]),
        "wrong-pin",
        "no",
        4,
    );
    knows_nothing(&far.sandbox, &request);
    let (_, exit) = run(
        folder,
        &["share", &request.uri, "--approve", "--use", "licence=nothing"],
    );
    assert_eq!(exit, 2);
    let (_, exit) = run(folder, &["share", &request.uri, "--approve", "--add", "nothing"]);
    assert_eq!(exit, 2);
    knows_nothing(&far.sandbox, &request);

    // The line breaks while the answer is on it: unknown, and the history says so.
    for when in [Moment::Asked, Moment::Answered] {
        let request = ask(&far.sandbox, ServiceName::GpRegistration);
        far.line.lose(when, "/responses/");
        let problem = fails(share(&request.uri), "sending-failed", "unknown", 1);
        let entry = done(folder, &["history", "show", problem["history"].as_str().unwrap()]);
        assert_eq!(
            (&entry["entries"][0]["data_left"], &entry["entries"][0]["outcome"]),
            (&json!("unknown"), &json!("not-sure"))
        );
    }
    far.line.plan(|_, _| crate::line::Fate::Pass);
    let request = far.sandbox.request(with(RequestFault::Error500)).unwrap();
    fails(share(&request.uri), "sending-failed", "unknown", 1);

    // Read before, and then nobody is there: nothing left.
    let request = ask(&far.sandbox, ServiceName::GpRegistration);
    done(folder, &["request", &request.uri]);
    far.line.hang_up();
    let problem = fails(share(&request.uri), "sending-failed", "no", 1);
    let entry = done(folder, &["history", "show", problem["history"].as_str().unwrap()]);
    assert_eq!(
        (&entry["entries"][0]["data_left"], &entry["entries"][0]["outcome"]),
        (&json!("no"), &json!("failed"))
    );
    fails(share(&request.uri), "already-answered", "no", 1);
    assert_eq!(done(folder, &["history", "verify"])["ok"], true);
}

#[tokio::test]
async fn a_second_program_waits_its_turn() {
    let (folder, wallet) = crate::town::empty().await;
    fails(run(folder.path(), &["documents"]), "store-in-use", "no", 1);
    drop(wallet);
    done(folder.path(), &["documents"]);
}

#[tokio::test]
async fn too_many_wrong_pins_end_with_a_wait() {
    let folder = empty_at_rest().await.unpack();
    for left in (1..5).rev() {
        let problem = fails(with_wrong_pin(folder.path(), &["documents"]), "wrong-pin", "no", 4);
        assert_eq!(problem["tries_left"], left);
    }
    for words in [["documents"], ["history"]] {
        let problem = fails(with_wrong_pin(folder.path(), &words), "pin-locked", "no", 4);
        assert!(problem["retry_at"].is_string());
    }
    fails(run(folder.path(), &["documents"]), "pin-locked", "no", 4);
}

#[tokio::test]
async fn refresh_shows_what_was_withdrawn() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sandbox = start(SandboxConfig::new()).await;
    done(folder, &["init"]);
    assert_eq!(done(folder, &["refresh"])["documents"], json!([]));
    let made = sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let id = done(folder, &["add", &made.uri])["documents"][0]["id"].clone();
    let before = done(folder, &["refresh"]);
    assert_eq!(before["documents"][0]["id"], id);
    assert_eq!(before["documents"][0]["status"], "valid");
    assert!(before["documents"][0]["checked_at"].is_string());
    withdraw(&sandbox, DocumentType::DrivingLicence, "revoked");
    let after = done(folder, &["refresh", id.as_str().unwrap()]);
    assert_eq!(after["documents"][0]["status"], "revoked");
    fails(run(folder, &["refresh", "unknown"]), "not-found", "no", 1);
    sandbox.stop().await;
    // The issuer is away: what was known stays, and the person hears that it was not checked.
    fails(run(folder, &["refresh"]), "status-unknown", "no", 1);
    assert_eq!(done(folder, &["documents"])["documents"][0]["status"], "revoked");
}

#[tokio::test]
async fn what_stands_for_what_is_chosen_by_hand() {
    let folder = furnished_at_rest().await.unpack();
    let folder = folder.path();
    let sandbox = sandbox().await;
    let query = json!({
        "credentials": [
            { "id": "licence", "format": "mso_mdoc", "meta": { "doctype_value": DocumentType::DrivingLicence.type_id() },
              "claims": [{ "path": ["org.iso.18013.5.1", "portrait"] }, { "path": ["org.iso.18013.5.1", "age_over_18"] }] },
            { "id": "age", "format": "dc+sd-jwt", "meta": { "vct_values": [DocumentType::ProofOfAgeSdJwt.type_id()] },
              "claims": [{ "id": "photo", "path": ["portrait"] }, { "id": "age", "path": ["age_over_18"] }],
              "claim_sets": [["age"], ["photo", "age"]] },
            { "id": "name", "format": "mso_mdoc", "meta": { "doctype_value": DocumentType::DrivingLicence.type_id() },
              "claims": [{ "path": ["org.iso.18013.5.1", "family_name"] }] },
        ],
        "credential_sets": [{ "options": [["licence"], ["age"]] }, { "options": [["name"]], "required": false }],
    });
    let made = || {
        sandbox
            .request(RequestSpec {
                dcql_query: Some(query.clone()),
                ..RequestSpec::of(ServiceName::ShopAge)
            })
            .unwrap()
    };
    let request = made();
    let question = done(folder, &["request", &request.uri])["request"].clone();
    assert_eq!(question["asks"][0]["query"], "age");
    let licence = question["alternatives"][0]["candidates"][0]["document"]
        .as_str()
        .unwrap();
    let instead = format!("licence={licence}");
    // A mistake shares nothing: exit 2. What the wallet keeps closed stays closed: exit 3.
    for wrong in [
        ["--use", "licence=no-such-document"],
        ["--details", "age=7"],
        ["--details", "licence=0"],
        ["--add", "licence"],
        ["--add", "no-such-part"],
    ] {
        let (answer, exit) = run(
            folder,
            &[&["share", request.uri.as_str(), "--approve"], &wrong[..]].concat(),
        );
        assert_eq!(exit, 2, "{answer}");
        knows_nothing(sandbox, &request);
    }
    let (answer, exit) = run(folder, &["share", &request.uri, "--approve", "--add", "name"]);
    assert_eq!((exit, &answer["problem"]["code"]), (3, &json!("blocked")), "{answer}");
    knows_nothing(sandbox, &request);
    for (choice, part, count) in [
        (&[][..], "age", 1),
        (&["--details", "age=1"][..], "age", 2),
        (&["--use", instead.as_str()][..], "licence", 2),
    ] {
        let request = made();
        let shared = done(
            folder,
            &[&["share", request.uri.as_str(), "--approve"], choice].concat(),
        );
        let parts = shared["shared"].as_array().unwrap();
        assert_eq!((parts.len(), &parts[0]["query"]), (1, &json!(part)));
        assert_eq!(parts[0]["claims"].as_array().unwrap().len(), count);
        all_checks_well(&learnt(sandbox, &request));
    }
}
