//! Every way an issuer may give a document: signing in, bound tokens, attested wallets and keys, encrypted messages, promises
//! for later, GOV.UK's dialect; and what must end them.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use url::Url;
use wallet_core::problem::{DataLeft, Problem, ProblemCode};
use wallet_core::view::{ArrivedView, DocumentSummary};
use wallet_core::{Client, Wallet, WalletConfig};
use wallet_sandbox::Sandbox;
use wallet_sandbox::spec::{
    By, ClientAuthName, DialectName, DocumentType, EncryptionName, GrantName, OfferFault, OfferSpec, ProofName,
};

use crate::program::http;
use crate::town::{config, empty, inside, no_orphan_keys, open, pin, refused, sandbox};

/// Somebody in a hurry: goes to the page, says yes, and follows where that leads, as far as anybody is there.
#[cfg(unix)]
pub(crate) fn sign_in(address: &str) -> std::io::Result<()> {
    use crate::program::try_http;

    let gone = || std::io::Error::from(std::io::ErrorKind::NotConnected);
    let page = Url::parse(address).map_err(|_| gone())?;
    let origin = page.origin().ascii_serialization();
    let port = page.port().ok_or_else(gone)?;
    let target = format!("GET {}?{}", page.path(), page.query().unwrap_or_default());
    let text = try_http(port, &origin, &target, "text/plain", b"")?;
    let (_, rest) = text.split_once("name=\"request\"").ok_or_else(gone)?;
    let request = rest.split('"').nth(1).ok_or_else(gone)?;
    let body = format!("request={request}&decision=yes");
    let form = "application/x-www-form-urlencoded";
    let answer = try_http(port, &origin, &format!("POST {}", page.path()), form, body.as_bytes())?;
    let back = answer.lines().find_map(|line| line.strip_prefix("location: "));
    let back = Url::parse(back.ok_or_else(gone)?.trim()).map_err(|_| gone())?;
    let target = format!("GET {}?{}", back.path(), back.query().unwrap_or_default());
    let here = back.origin().ascii_serialization();
    try_http(back.port().ok_or_else(gone)?, &here, &target, "text/plain", b"").map(drop)
}

/// A person with a browser: goes to the page, says yes or no, and follows where that leads. Returns the pages' addresses.
fn browse(address: &str, decision: &str) -> Vec<String> {
    let page = Url::parse(address).unwrap();
    let get = |url: &Url| {
        let target = format!("GET {}?{}", url.path(), url.query().unwrap_or_default());
        http(
            url.port().unwrap(),
            &url.origin().ascii_serialization(),
            &target,
            "text/plain",
            b"",
        )
    };
    let text = get(&page);
    let (_, rest) = text
        .split_once("name=\"request\"")
        .expect("the form of the sign-in page");
    let (_, rest) = rest.split_once("value=\"").unwrap();
    let request = rest.split('"').next().unwrap();
    let target = format!("POST {}", page.path());
    let body = format!("request={request}&decision={decision}");
    let origin = page.origin().ascii_serialization();
    let form = "application/x-www-form-urlencoded";
    let answer = http(page.port().unwrap(), &origin, &target, form, body.as_bytes());
    let location = answer
        .lines()
        .find_map(|line| line.strip_prefix("location: "))
        .unwrap_or_else(|| panic!("no way back: {answer}"))
        .trim();
    let back = Url::parse(location).unwrap();
    let goodbye = get(&back);
    assert!(goodbye.starts_with("HTTP/1.1 200"), "{goodbye}");
    assert!(goodbye.contains("You can close this page"), "{goodbye}");
    vec![address.to_owned(), location.to_owned()]
}

/// Gives the wallet a browser whose person decides like this; what was opened is written down.
pub(crate) fn with_browser(wallet: &Wallet, decision: &'static str) -> Arc<Mutex<Vec<String>>> {
    let opened = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&opened);
    let open = move |address: &str| {
        let (address, log) = (address.to_owned(), Arc::clone(&log));
        std::thread::spawn(move || log.lock().unwrap().extend(browse(&address, decision)));
        true
    };
    wallet.set_browser(Arc::new(open), None);
    opened
}

pub(crate) async fn accept(wallet: &Wallet, sandbox: &Sandbox, spec: &OfferSpec) -> Result<ArrivedView, Problem> {
    let made = sandbox.offer(spec).unwrap();
    let offer = wallet.start_adding(&made.uri).await?;
    wallet.accept_offer(&offer.id, Vec::new(), None).await
}

pub(crate) async fn keep(wallet: &Wallet, arrived: ArrivedView) -> Vec<DocumentSummary> {
    assert!(arrived.pending.is_empty());
    let received = arrived.received.expect("a document");
    wallet.keep_received(&received.id, pin()).await.unwrap()
}

pub(crate) async fn with_provider(wallet: &Wallet, sandbox: &Sandbox) -> Value {
    let provider = wallet
        .set_provider(&format!("{}/wallet-provider", sandbox.url()))
        .await
        .unwrap();
    serde_json::to_value(provider).unwrap()
}

/// Signing in, in every form the sandbox has.
pub(crate) fn signing_in(name: DocumentType) -> OfferSpec {
    OfferSpec {
        grant: GrantName::AuthorizationCode,
        tx_code: Some(false),
        ..OfferSpec::of(name)
    }
}

#[tokio::test]
async fn test_credential_issuance_by_signing_in() {
    let sandbox = sandbox().await;
    let forms: [fn(DocumentType) -> OfferSpec; 5] = [
        signing_in,
        |name| OfferSpec {
            by: By::Reference,
            dpop: true,
            ..signing_in(name)
        },
        |name| OfferSpec {
            encryption: Some(EncryptionName::Required),
            zip: true,
            ..signing_in(name)
        },
        |name| OfferSpec {
            haip: true,
            ..signing_in(name)
        },
        |name| OfferSpec {
            haip: true,
            encryption: Some(EncryptionName::Required),
            proof: ProofName::JwtWithAttestation,
            ..signing_in(name)
        },
    ];
    for name in [DocumentType::DrivingLicence, DocumentType::ProofOfAgeSdJwt] {
        let (folder, wallet) = empty().await;
        with_provider(&wallet, sandbox).await;
        for form in forms {
            let opened = with_browser(&wallet, "yes");
            let arrived = accept(&wallet, sandbox, &form(name)).await.unwrap();
            let kept = keep(&wallet, arrived).await;
            assert_eq!(kept.len(), 1);
            let opened = opened.lock().unwrap().clone();
            assert!(opened[1].starts_with("http://127.0.0.1:") && opened[1].contains("/callback?"));
        }
        assert_eq!(wallet.documents().await.unwrap().len(), forms.len());
        drop(wallet);
        no_orphan_keys(&inside(folder.path()));
    }
}

#[tokio::test]
async fn a_wallet_may_begin_at_the_issuer() {
    let (_folder, wallet) = empty().await;
    let sandbox = sandbox().await;
    let issuer = format!("{}/issuers/dvla", sandbox.url());
    let made = sandbox.offer(&OfferSpec::of(DocumentType::DrivingLicence)).unwrap();
    let offered = wallet.start_adding(&made.uri).await.unwrap();
    let configuration = offered.documents[0].configuration_id.clone();
    with_browser(&wallet, "yes");
    let offer = wallet.start_adding_at(&issuer, &[configuration]).await.unwrap();
    assert_eq!(offer.grant, "authorization_code");
    let arrived = wallet.accept_offer(&offer.id, Vec::new(), None).await.unwrap();
    assert_eq!(keep(&wallet, arrived).await.len(), 1);
    refused(
        wallet.start_adding_at(&issuer, &["no-such-document".to_owned()]).await,
        ProblemCode::LinkNotUnderstood,
        DataLeft::No,
    );
}

#[tokio::test]
async fn keys_and_wallets_are_vouched_for_where_an_issuer_wants_it() {
    let sandbox = sandbox().await;
    let (folder, wallet) = empty().await;
    let attested = |proof, client_auth| OfferSpec {
        proof,
        client_auth,
        ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
    };
    // Without a provider nobody can vouch, for keys or for the wallet, and that is said before anything is asked.
    let signing_in_attested = OfferSpec {
        client_auth: ClientAuthName::Attestation,
        ..signing_in(DocumentType::ProofOfAgeMdoc)
    };
    with_browser(&wallet, "yes");
    for spec in [
        attested(ProofName::Attestation, ClientAuthName::Attestation),
        attested(ProofName::JwtWithAttestation, ClientAuthName::None),
        attested(ProofName::Jwt, ClientAuthName::Attestation),
        signing_in_attested,
    ] {
        refused(
            accept(&wallet, sandbox, &spec).await,
            ProblemCode::NoWalletProvider,
            DataLeft::No,
        );
    }
    refused(wallet.provider().await, ProblemCode::NotFound, DataLeft::No);
    let shown = with_provider(&wallet, sandbox).await;
    for name in ["trust_anchor_pem", "key_attestation_trust_anchor_pem"] {
        assert!(shown[name].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    }
    assert!(!shown["client_id"].as_str().unwrap().is_empty());
    assert!(shown["issuer"].as_str().unwrap().ends_with("/wallet-provider"));
    for (proof, client_auth) in [
        (ProofName::Jwt, ClientAuthName::Attestation),
        (ProofName::JwtWithAttestation, ClientAuthName::None),
        (ProofName::Attestation, ClientAuthName::Attestation),
    ] {
        let arrived = accept(&wallet, sandbox, &attested(proof, client_auth)).await.unwrap();
        assert_eq!(keep(&wallet, arrived).await.len(), 1);
    }
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn an_issuer_may_know_the_terminal_by_its_key_and_no_issuer_the_app() {
    let sandbox = sandbox().await;
    let (folder, wallet) = empty().await;
    let shown = with_provider(&wallet, sandbox).await;
    let jwk = shown["client_jwks"]["keys"][0].clone();
    let body = json!({ "client_id": "citizen-wallet", "jwk": jwk }).to_string();
    let told = http(
        sandbox.port(),
        sandbox.url(),
        "POST /control/client",
        "application/json",
        body.as_bytes(),
    );
    assert!(told.starts_with("HTTP/1.1 201"), "{told}");
    let spec = OfferSpec {
        client_auth: ClientAuthName::PrivateKeyJwt,
        dpop: true,
        ..signing_in(DocumentType::DrivingLicence)
    };
    with_browser(&wallet, "yes");
    let arrived = accept(&wallet, sandbox, &spec).await.unwrap();
    assert_eq!(keep(&wallet, arrived).await.len(), 1);
    drop(wallet);
    // The app has no such key: it would be the same for every issuer.
    let app = WalletConfig {
        client: Client::App,
        ..config(folder.path())
    };
    let app = Wallet::open(app).await.unwrap();
    app.unlock(pin()).await.unwrap();
    assert_eq!(app.provider().await.unwrap().client_jwks, None);
    with_browser(&app, "yes");
    refused(
        accept(&app, sandbox, &spec).await,
        ProblemCode::IssuerRefused,
        DataLeft::No,
    );
}

#[tokio::test]
async fn the_person_may_say_no_at_the_issuer() {
    let (folder, wallet) = empty().await;
    let sandbox = sandbox().await;
    with_browser(&wallet, "no");
    refused(
        accept(&wallet, sandbox, &signing_in(DocumentType::DrivingLicence)).await,
        ProblemCode::IssuerRefused,
        DataLeft::No,
    );
    assert!(wallet.documents().await.unwrap().is_empty());
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

/// The FAPI 2.0 client modules of the OpenID conformance suite, by their names.
#[tokio::test]
async fn answers_that_are_not_for_this_request_end_it() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = empty().await;
    with_provider(&wallet, sandbox).await;
    for (module, fault) in [
        ("invalid-authorization-response-iss", OfferFault::WrongIss),
        ("remove-authorization-response-iss", OfferFault::MissingIss),
        (
            "ensure-authorization-response-with-invalid-state-fails",
            OfferFault::WrongState,
        ),
        (
            "ensure-authorization-response-with-invalid-missing-state-fails",
            OfferFault::MissingState,
        ),
        ("discovery-issuer-mismatch", OfferFault::OtherServerMetadata),
    ] {
        let spec = OfferSpec {
            haip: true,
            fault: Some(fault),
            ..signing_in(DocumentType::DrivingLicence)
        };
        with_browser(&wallet, "yes");
        let problem = accept(&wallet, sandbox, &spec).await.expect_err(module);
        assert_eq!(problem.data_left, DataLeft::No, "{module}");
        assert!(
            matches!(
                problem.code,
                ProblemCode::IssuerAskedWrongly | ProblemCode::ServiceUnreachable
            ),
            "{module}: {problem:?}"
        );
    }
    assert!(wallet.documents().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_unusual_in_oauth_and_legal_works() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = empty().await;
    with_provider(&wallet, sandbox).await;
    for (module, fault) in [
        ("token-endpoint-response-without-expires_in", OfferFault::NoExpiresIn),
        ("token-type-case-insensitivity", OfferFault::OddTokenType),
        ("rs-dpop-auth-scheme-case-insensitivity", OfferFault::OddDpopScheme),
        ("credentials in another order than the proofs", OfferFault::ReverseOrder),
        ("invalid_nonce once", OfferFault::InvalidNonceOnce),
    ] {
        let spec = OfferSpec {
            haip: true,
            fault: Some(fault),
            ..signing_in(DocumentType::ProofOfAgeSdJwt)
        };
        with_browser(&wallet, "yes");
        match accept(&wallet, sandbox, &spec).await {
            Ok(arrived) => assert_eq!(keep(&wallet, arrived).await.len(), 1, "{module}"),
            Err(problem) => panic!("{module}: {problem:?}"),
        }
    }
}

#[tokio::test]
async fn a_batch_gives_every_copy_a_key_of_its_own() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = empty().await;
    for (offered, copies) in [(1, 1), (3, 3), (50, 10)] {
        let spec = OfferSpec {
            batch_size: Some(offered),
            ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
        };
        let arrived = accept(&wallet, sandbox, &spec).await.unwrap();
        assert_eq!(keep(&wallet, arrived).await[0].copies, copies, "{offered}");
    }
}

#[tokio::test]
async fn what_is_promised_comes_later_through_a_restart() {
    let sandbox = sandbox().await;
    for spec in [
        OfferSpec {
            deferred: Some(1),
            ..OfferSpec::of(DocumentType::DrivingLicence)
        },
        OfferSpec {
            deferred: Some(1),
            haip: true,
            encryption: Some(EncryptionName::Required),
            ..signing_in(DocumentType::ProofOfAgeSdJwt)
        },
    ] {
        let (folder, wallet) = empty().await;
        with_provider(&wallet, sandbox).await;
        with_browser(&wallet, "yes");
        let spec = OfferSpec {
            tx_code: Some(false),
            ..spec
        };
        let arrived = accept(&wallet, sandbox, &spec).await.unwrap();
        assert!(arrived.received.is_none());
        let promised = arrived.pending.into_iter().next().unwrap();
        assert!(promised.poll_after_s <= 1);
        drop(wallet);
        let wallet = open(folder.path()).await;
        assert_eq!(wallet.promised().await.unwrap()[0].id, promised.id);
        refused(
            wallet.collect(Some("unknown")).await,
            ProblemCode::NotFound,
            DataLeft::No,
        );
        // The issuer says when it may be asked again, in real seconds.
        let received = loop {
            let mut arrived = wallet.collect(Some(&promised.id)).await.unwrap();
            match arrived.remove(0).received {
                Some(received) => break received,
                None => tokio::time::sleep(std::time::Duration::from_millis(200)).await,
            }
        };
        assert!(wallet.promised().await.unwrap().is_empty());
        assert_eq!(wallet.pending_received().await.unwrap().len(), 1);
        assert_eq!(wallet.keep_received(&received.id, pin()).await.unwrap().len(), 1);
        drop(wallet);
        no_orphan_keys(&inside(folder.path()));
    }
}

#[tokio::test]
async fn a_promise_that_is_taken_back_is_said_and_forgotten() {
    let sandbox = sandbox().await;
    let (folder, wallet) = empty().await;
    let spec = OfferSpec {
        deferred: Some(1),
        tx_code: Some(false),
        fault: Some(OfferFault::DeferredDenied),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let arrived = accept(&wallet, sandbox, &spec).await.unwrap();
    assert_eq!(arrived.pending.len(), 1);
    let problem = loop {
        match wallet.collect(None).await {
            Ok(_) => tokio::time::sleep(std::time::Duration::from_millis(200)).await,
            Err(problem) => break problem,
        }
    };
    assert_eq!(problem.code, ProblemCode::IssuerRefused);
    assert!(wallet.promised().await.unwrap().is_empty());
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn an_answer_that_should_have_been_encrypted_is_refused() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = empty().await;
    let spec = OfferSpec {
        tx_code: Some(false),
        encryption: Some(EncryptionName::Required),
        fault: Some(OfferFault::PlainResponse),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    refused(
        accept(&wallet, sandbox, &spec).await,
        ProblemCode::DocumentNotAsPromised,
        DataLeft::No,
    );
}

#[tokio::test]
async fn issuers_that_misbehave_are_left_in_time_and_by_name() {
    let sandbox = sandbox().await;
    let (folder, wallet) = empty().await;
    for fault in [
        OfferFault::HugeMetadata,
        OfferFault::EndlessRedirects,
        OfferFault::ForeignRedirect,
        OfferFault::OtherIssuerMetadata,
        OfferFault::OtherServerMetadata,
        OfferFault::DeepMetadata,
        OfferFault::DpopNonceForever,
    ] {
        let spec = OfferSpec {
            tx_code: Some(false),
            dpop: true,
            fault: Some(fault),
            ..OfferSpec::of(DocumentType::DrivingLicence)
        };
        let problem = accept(&wallet, sandbox, &spec).await.expect_err("a hostile issuer");
        assert_eq!(problem.data_left, DataLeft::No, "{fault:?}");
        assert!(
            matches!(
                problem.code,
                ProblemCode::ServiceUnreachable | ProblemCode::IssuerRefused | ProblemCode::LinkNotUnderstood
            ),
            "{fault:?}: {problem:?}"
        );
    }
    assert!(wallet.documents().await.unwrap().is_empty());
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}

#[tokio::test]
async fn names_that_would_turn_the_line_are_shown_plain() {
    let sandbox = sandbox().await;
    let (_folder, wallet) = empty().await;
    let spec = OfferSpec {
        fault: Some(OfferFault::BidiNames),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let made = sandbox.offer(&spec).unwrap();
    let offer = wallet.start_adding(&made.uri).await.unwrap();
    let text = serde_json::to_string(&offer).unwrap();
    let turning = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    assert!(!text.contains(turning), "{text}");
}

#[tokio::test]
async fn the_dialect_of_gov_uk_is_understood() {
    let sandbox = sandbox().await;
    let (folder, wallet) = empty().await;
    let spec = OfferSpec {
        dialect: Some(DialectName::GovUk),
        ..OfferSpec::of(DocumentType::DrivingLicence)
    };
    let arrived = accept(&wallet, sandbox, &spec).await.unwrap();
    assert_eq!(keep(&wallet, arrived).await.len(), 1);
    drop(wallet);
    no_orphan_keys(&inside(folder.path()));
}
