//! The wallet modules of the OpenID conformance suite for OpenID4VP 1.0 Final and HAIP 1.0, each by its name: the whole wallet against
//! the sandbox's services, in both formats, with every client identifier prefix, every way a request travels and every way an
//! answer does that leads over redirects. The modules for the Digital Credentials API stand beside its functions
//! (`crates/wallet-protocols/src/openid4vp/tests/conformance.rs`).

use serde_json::{Value, json};
use tempfile::TempDir;
use wallet_core::Wallet;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::{ChoicesView, Language, RequestView, ShareResultView};
use wallet_core::words::Words;
use wallet_sandbox::spec::{
    ClientIdPrefix as Prefix, MadeRequest, RequestFault as Fault, RequestMethod, RequestSpec, RequestUriMethod,
    ResponseModeName as Mode, ServiceName,
};

use crate::line::Exchange;
use crate::town::{FarTown, all_checks_well, furnished, knows_nothing, learnt, say_yes};

/// `credential_format` of the suite.
const FORMATS: [&str; 2] = ["sd_jwt_vc", "iso_mdl"];
/// `response_mode` of the suite, without the Digital Credentials API.
const MODES: [Mode; 2] = [Mode::DirectPost, Mode::DirectPostJwt];
/// Every prefix a service can be answered under; a DID three ways.
const PREFIXES: [Prefix; 7] = [
    Prefix::X509Hash,
    Prefix::X509SanDns,
    Prefix::RedirectUri,
    Prefix::VerifierAttestation,
    Prefix::DidJwk,
    Prefix::DidKey,
    Prefix::DidWeb,
];

/// One fact, which anybody may ask for.
fn age(format: &str) -> Value {
    match format {
        "iso_mdl" => {
            json!({"id": "age", "format": "mso_mdoc", "meta": {"doctype_value": "uk.gov.sandbox.proofOfAge.1"},
            "claims": [{"path": ["org.iso.18013.5.1", "age_over_18"]}]})
        }
        _ => {
            json!({"id": "age", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:example:uk-sandbox:proof_of_age:1"]},
            "claims": [{"path": ["age_over_18"]}]})
        }
    }
}

fn asking(format: &str, prefix: Prefix, mode: Mode) -> RequestSpec {
    RequestSpec {
        client_id_prefix: Some(prefix),
        response_mode: Some(mode),
        dcql_query: Some(json!({"credentials": [age(format)]})),
        ..RequestSpec::of(ServiceName::ShopAge)
    }
}

fn with(fault: Fault, spec: RequestSpec) -> RequestSpec {
    RequestSpec {
        fault: Some(fault),
        ..spec
    }
}

/// Every format, prefix and mode.
fn everywhere() -> impl Iterator<Item = RequestSpec> {
    let modes = |format, prefix| MODES.into_iter().map(move |mode| asking(format, prefix, mode));
    let prefixes = move |format| PREFIXES.into_iter().flat_map(move |prefix| modes(format, prefix));
    FORMATS.into_iter().flat_map(prefixes)
}

/// Each format and each prefix once, the modes in turn.
fn in_turn() -> impl Iterator<Item = RequestSpec> {
    everywhere()
        .enumerate()
        .filter(|(at, _)| (at + at / 2) % 2 == 0)
        .map(|(_, spec)| spec)
}

/// The parameters of a form, in their order.
fn form(bytes: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(bytes).into_owned().collect()
}

fn despite_warnings() -> ChoicesView {
    ChoicesView {
        despite_warnings: true,
        ..ChoicesView::default()
    }
}

/// A wallet, and services at the other end of a line.
struct Plan {
    town: FarTown,
    wallet: Wallet,
    _folder: TempDir,
}

/// What came of a request that was answered.
struct Answered {
    question: RequestView,
    result: ShareResultView,
    /// The one message the answer was.
    message: Exchange,
    report: Value,
}

impl Plan {
    async fn new() -> Self {
        let (folder, wallet) = furnished().await;
        Self {
            town: FarTown::new().await,
            wallet,
            _folder: folder,
        }
    }

    fn ask(&self, spec: RequestSpec) -> MadeRequest {
        let what = serde_json::to_string(&spec).unwrap();
        match self.town.sandbox.request(spec) {
            Ok(request) => request,
            Err(refusal) => panic!("{what}: {refusal}"),
        }
    }

    /// Answers a request, and checks what the suite checks inside every module.
    async fn answer(&self, spec: RequestSpec) -> Answered {
        let what = serde_json::to_string(&spec).unwrap();
        let mode = spec.response_mode;
        let state = spec.state != Some(false);
        let request = self.ask(spec);
        let question = match self.wallet.start_sharing(&request.uri, false).await {
            Ok(question) => question,
            Err(problem) => panic!("{what}: {problem:?}"),
        };
        assert!(question.can_share, "{what}: {question:?}");
        let before = self.town.line.seen().len();
        let result = match say_yes(&self.wallet, &question, despite_warnings()).await {
            Ok(result) => result,
            Err(problem) => panic!("{what}: {problem:?}"),
        };
        assert_eq!(result.data_left, DataLeft::Yes, "{what}");
        let message = match &self.town.line.seen()[before..] {
            [message] => message.clone(),
            several => panic!("{what}: one message, not {}", several.len()),
        };
        // POST, an empty query, a form that holds what the mode demands and nothing else; `state` where one was sent.
        assert!(
            message.target.starts_with("POST /services/"),
            "{what}: {}",
            message.target
        );
        assert!(!message.target.contains('?'), "{what}: {}", message.target);
        let form = form(&message.body);
        let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        match (mode, state) {
            (Some(Mode::DirectPostJwt), _) => assert_eq!(names, ["response"], "{what}"),
            (_, true) => assert_eq!(names, ["vp_token", "state"], "{what}"),
            (_, false) => assert_eq!(names, ["vp_token"], "{what}"),
        }
        if let Some((_, token)) = form.iter().find(|(name, _)| name == "vp_token") {
            let token: Value = serde_json::from_str(token).unwrap();
            let entries = token.as_object().unwrap();
            let each = entries
                .values()
                .map(|presentations| presentations.as_array().unwrap().len());
            assert!(
                each.eq(entries.keys().map(|_| 1)),
                "{what}: one presentation for each query"
            );
        }
        let report = learnt(&self.town.sandbox, &request);
        all_checks_well(&report);
        Answered {
            question,
            result,
            message,
            report,
        }
    }

    /// Reads a request that must be refused: nothing leaves but, where one is due, an error response.
    async fn refuse(&self, spec: RequestSpec) {
        let what = serde_json::to_string(&spec).unwrap();
        let request = self.ask(spec);
        let problem = match self.wallet.start_sharing(&request.uri, false).await {
            Ok(question) => panic!("{what}: {question:?}"),
            Err(problem) => problem,
        };
        assert_eq!(
            (problem.code, problem.data_left),
            (ProblemCode::ServiceAskedWrongly, DataLeft::No),
            "{what}: {problem:?}"
        );
        knows_nothing(&self.town.sandbox, &request);
        let tokens = |exchange: &Exchange| {
            let body = String::from_utf8_lossy(&exchange.body);
            body.contains("vp_token") || body.contains("response=")
        };
        assert!(!self.town.line.seen().iter().any(tokens), "{what}");
    }
}

/// Names of the details a service learnt.
fn names(report: &Value) -> Vec<&str> {
    let answers = report["answers"].as_array().unwrap().iter();
    let claims = answers.flat_map(|answer| answer["claims"].as_array().unwrap());
    claims
        .filter_map(|claim| claim["path"].as_array()?.last()?.as_str())
        .collect()
}

#[tokio::test]
async fn happy_flow() {
    let plan = Plan::new().await;
    for spec in everywhere() {
        let spec = RequestSpec {
            state: Some(false),
            ..spec
        };
        let answered = plan.answer(spec).await;
        assert_eq!(names(&answered.report), ["age_over_18"]);
    }
}

#[tokio::test]
async fn happy_flow_by_every_request_method() {
    let plan = Plan::new().await;
    for (at, (format, prefix)) in FORMATS
        .into_iter()
        .flat_map(|format| PREFIXES.map(|prefix| (format, prefix)))
        .enumerate()
    {
        let mode = MODES[at % 2];
        // request_uri_signed or request_uri_unsigned is what `happy_flow` uses; here the whole request is in the link.
        let by_value = RequestSpec {
            request_method: Some(match prefix {
                Prefix::RedirectUri => RequestMethod::UrlQuery,
                _ => RequestMethod::Value,
            }),
            ..asking(format, prefix, mode)
        };
        plan.answer(by_value).await;
    }
    for format in FORMATS {
        plan.answer(RequestSpec {
            request_method: Some(RequestMethod::MultiSigned),
            ..asking(format, Prefix::X509Hash, Mode::DirectPostJwt)
        })
        .await;
    }
}

#[tokio::test]
async fn happy_flow_in_the_fragment() {
    let plan = Plan::new().await;
    for spec in in_turn() {
        let what = serde_json::to_string(&spec).unwrap();
        let request = plan.ask(RequestSpec {
            response_mode: Some(Mode::Fragment),
            ..spec
        });
        let question = plan.wallet.start_sharing(&request.uri, false).await.unwrap();
        let before = plan.town.line.seen().len();
        let result = say_yes(&plan.wallet, &question, despite_warnings()).await.unwrap();
        assert_eq!(plan.town.line.seen().len(), before, "{what}: the browser carries it");
        let opened = url::Url::parse(result.redirect_uri.as_deref().unwrap()).unwrap();
        let form = form(opened.fragment().unwrap().as_bytes());
        let parameters: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(parameters, ["vp_token", "state"], "{what}");
        let token: Value = serde_json::from_str(&form[0].1).unwrap();
        assert_eq!(token.as_object().unwrap().keys().collect::<Vec<_>>(), ["age"], "{what}");
    }
}

#[tokio::test]
async fn alternate_happy_flow() {
    let plan = Plan::new().await;
    for spec in in_turn() {
        // A long `state`, another `iss`, a parameter nobody knows, an encryption key without `use`.
        let answered = plan.answer(with(Fault::Alternate, spec)).await;
        // The page the service names is the one that is opened, on its own host.
        assert!(answered.result.redirect_uri.is_some());
        assert_eq!(answered.result.return_host.as_deref(), Some("localhost"));
        assert!(plan.wallet.take_return(&answered.result.history).is_some());
    }
}

#[tokio::test]
async fn request_uri_method_post() {
    let plan = Plan::new().await;
    for spec in in_turn() {
        let spec = RequestSpec {
            request_uri_method: Some(RequestUriMethod::Post),
            ..spec
        };
        let before = plan.town.line.seen().len();
        plan.answer(spec).await;
        let seen = plan.town.line.seen();
        let fetch = seen[before..]
            .iter()
            .find(|exchange| exchange.target.contains("/requests/"))
            .unwrap();
        assert!(fetch.target.starts_with("POST "), "{}", fetch.target);
        let form = form(&fetch.body);
        let sent: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        assert!(
            sent.contains(&"wallet_nonce") && sent.contains(&"wallet_metadata"),
            "{sent:?}"
        );
    }
}

#[tokio::test]
async fn ignores_unusable_encryption_key() {
    let plan = Plan::new().await;
    for (format, prefix) in FORMATS
        .into_iter()
        .flat_map(|format| PREFIXES.map(|prefix| (format, prefix)))
    {
        let spec = asking(format, prefix, Mode::DirectPostJwt);
        plan.answer(with(Fault::UnusableEncryptionKeys, spec)).await;
    }
}

#[tokio::test]
async fn fewer_claims_than_available() {
    let plan = Plan::new().await;
    for spec in in_turn() {
        let answered = plan.answer(spec).await;
        let candidate = &answered.question.asks[0].candidates[0];
        assert!(!candidate.not_shared.is_empty(), "there is more in it");
        assert_eq!(candidate.claims.len(), 1);
        assert_eq!(names(&answered.report), ["age_over_18"]);
    }
}

#[tokio::test]
async fn optional_credential_set() {
    let plan = Plan::new().await;
    for spec in in_turn() {
        let answered = plan.answer(with(Fault::OptionalNothingMatches, spec)).await;
        let answers = answered.report["answers"].as_array().unwrap();
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0]["query"], "age");
        assert!(!String::from_utf8_lossy(&answered.message.body).contains("nobodys"));
    }
}

#[tokio::test]
async fn no_claims_in_dcql_query() {
    let plan = Plan::new().await;
    for mut spec in in_turn() {
        let query = spec.dcql_query.as_mut().unwrap();
        query["credentials"][0].as_object_mut().unwrap().remove("claims");
        let answered = plan.answer(spec).await;
        assert_eq!(names(&answered.report), Vec::<&str>::new());
        let rows = &answered.question.asks[0].candidates[0].claims;
        assert!(rows.is_empty(), "{rows:?}");
        let said = Words::for_language(Language::En).message("note-only-that-you-have-it", &[]);
        assert!(answered.question.asks[0].candidates[0].notes.contains(&said));
        assert_eq!(answered.result.details, 0);
    }
}

#[tokio::test]
async fn negative_test_response_uri_not_client_id() {
    let plan = Plan::new().await;
    for format in FORMATS {
        for mode in MODES {
            plan.refuse(with(
                Fault::ResponseUriNotClientId,
                asking(format, Prefix::RedirectUri, mode),
            ))
            .await;
            // The same for the other prefix that names a place.
            plan.refuse(with(
                Fault::ForeignResponseUri,
                asking(format, Prefix::X509SanDns, mode),
            ))
            .await;
        }
    }
}

/// Every prefix whose requests are signed.
fn signed() -> impl Iterator<Item = RequestSpec> {
    everywhere().filter(|spec| spec.client_id_prefix != Some(Prefix::RedirectUri))
}

#[tokio::test]
async fn negative_test_invalid_request_object_signature() {
    let plan = Plan::new().await;
    for spec in signed() {
        plan.refuse(with(Fault::BadSignature, spec)).await;
    }
}

#[tokio::test]
async fn multisigned_one_invalid_signature() {
    let plan = Plan::new().await;
    for format in FORMATS {
        let spec = RequestSpec {
            request_method: Some(RequestMethod::MultiSigned),
            ..asking(format, Prefix::X509Hash, Mode::DirectPostJwt)
        };
        plan.answer(with(Fault::OneInvalidSignature, spec)).await;
    }
}

#[tokio::test]
async fn negative_test_mismatched_client_id() {
    let plan = Plan::new().await;
    for spec in signed() {
        plan.refuse(with(Fault::ClientIdMismatch, spec)).await;
    }
}

#[tokio::test]
async fn negative_test_redirect_uri_with_direct_post() {
    let plan = Plan::new().await;
    for spec in everywhere() {
        plan.refuse(with(Fault::RedirectUri, spec)).await;
    }
}

#[tokio::test]
async fn negative_test_missing_nonce() {
    let plan = Plan::new().await;
    for spec in everywhere() {
        plan.refuse(with(Fault::MissingNonce, spec)).await;
    }
}

#[tokio::test]
async fn negative_test_invalid_client_id_prefix() {
    let plan = Plan::new().await;
    for format in FORMATS {
        for mode in MODES {
            plan.refuse(with(Fault::UnknownPrefix, asking(format, Prefix::X509Hash, mode)))
                .await;
            // `openid_federation` and clients that would have to be registered beforehand.
            plan.refuse(asking(format, Prefix::OpenidFederation, mode)).await;
            plan.refuse(asking(format, Prefix::PreRegistered, mode)).await;
        }
    }
}

#[tokio::test]
async fn negative_test_unknown_transaction_data_type() {
    let plan = Plan::new().await;
    for spec in everywhere() {
        plan.refuse(with(Fault::UnknownTransactionData, spec)).await;
    }
}

#[tokio::test]
async fn negative_test_required_non_matching_credential() {
    let plan = Plan::new().await;
    for spec in everywhere() {
        let request = plan.ask(with(Fault::NothingMatches, spec));
        let question = plan.wallet.start_sharing(&request.uri, false).await.unwrap();
        assert!(!question.can_share, "{question:?}");
        let before = plan.town.line.seen().len();
        plan.wallet.decline(&question.id).await.unwrap();
        assert_eq!(plan.town.line.seen().len(), before + 1);
        let report = learnt(&plan.town.sandbox, &request);
        assert_eq!(report["error"]["code"], "access_denied", "{report}");
        knows_nothing(&plan.town.sandbox, &request);
    }
}
