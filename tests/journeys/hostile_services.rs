//! Services that mean harm, and speak HTTP of their own: whatever they send, nothing leaves, the problem has a name, and it is there in
//! time. What a well-behaved service can be told to get wrong is in `asking.rs` and `modules.rs`.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use wallet_core::Wallet;
use wallet_core::problem::{DataLeft, ProblemCode};
use wallet_core::view::RequestView;
use wallet_credentials::crypto::SigningKey;
use wallet_credentials::jose::SigningHeader;

use crate::town::{furnished, history, say_yes};

/// Nothing a service sends keeps a person waiting longer.
const PATIENCE: Duration = Duration::from_secs(20);
const TYP: &str = "oauth-authz-req+jwt";

/// A change to an ordinary request, and what it is.
type Case = (String, Box<dyn Fn(&mut Value)>);
/// What is sent back, to the byte.
type Reply = Arc<dyn Fn(&mut TcpStream) + Send + Sync>;

/// A server on a port of this machine that answers everything with the same bytes, and remembers what it was asked.
struct Service {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    reply: Arc<Mutex<Reply>>,
}

impl Service {
    fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let reply: Arc<Mutex<Reply>> = Arc::new(Mutex::new(Arc::new(|_| {})));
        let (seen, says) = (Arc::clone(&asked), Arc::clone(&reply));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let (seen, says) = (Arc::clone(&seen), Arc::clone(&says));
                thread::spawn(move || {
                    let head = head(&mut stream);
                    let line = head.lines().next().unwrap_or_default().to_owned();
                    let lists = line.contains("/trust-list") || line.contains("/register");
                    seen.lock().unwrap().push(line);
                    if lists {
                        let _ = stream
                            .write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                        return;
                    }
                    let reply = Arc::clone(&says.lock().unwrap());
                    reply(&mut stream);
                });
            }
        });
        Self { port, asked, reply }
    }

    fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What a service of the prefix `redirect_uri` is called here.
    fn client_id(&self) -> String {
        format!("redirect_uri:{}/answer", self.base())
    }

    fn says(&self, reply: impl Fn(&mut TcpStream) + Send + Sync + 'static) {
        *self.reply.lock().unwrap() = Arc::new(reply);
        self.asked.lock().unwrap().clear();
    }

    /// Answers with a request object.
    fn serves(&self, object: impl Into<Vec<u8>>) {
        let object = object.into();
        self.says(move |stream| {
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/{TYP}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                object.len()
            );
            let _ = stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(&object));
        });
    }

    /// A link that leads here, for this client.
    fn link(&self, client_id: &str) -> String {
        link(&[
            ("client_id", client_id),
            ("request_uri", &format!("{}/request", self.base())),
        ])
    }

    /// Everything asked but for the request itself and the lists.
    fn heard(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let harmless = |line: &&String| {
            ["/request ", "/trust-list", "/register"]
                .iter()
                .any(|known| line.contains(known))
        };
        asked.iter().filter(|line| !harmless(line)).cloned().collect()
    }

    /// An ordinary request for one fact.
    fn claims(&self) -> Value {
        json!({
            "response_type": "vp_token",
            "response_mode": "direct_post",
            "client_id": self.client_id(),
            "response_uri": format!("{}/answer", self.base()),
            "aud": "https://self-issued.me/v2",
            "nonce": "a-nonce-that-is-long-enough-and-new",
            "state": "a-state",
            "dcql_query": {"credentials": [{
                "id": "age", "format": "mso_mdoc", "meta": {"doctype_value": "uk.gov.sandbox.proofOfAge.1"},
                "claims": [{"path": ["org.iso.18013.5.1", "age_over_18"]}],
            }]},
        })
    }
}

fn head(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && text.len() < 16_384 {
        match stream.read(&mut byte) {
            Ok(1) => text.push(byte[0]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn link(parameters: &[(&str, &str)]) -> String {
    let mut link = url::Url::parse("openid4vp://").unwrap();
    link.query_pairs_mut().extend_pairs(parameters);
    link.into()
}

/// A request object nobody signed.
fn unsigned(claims: &Value) -> String {
    with_header(&json!({"alg": "none", "typ": TYP}), claims)
}

fn with_header(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", encode(header), encode(claims))
}

/// The problem a link ends with, in time; `None` for a question.
async fn opened(wallet: &Wallet, link: &str, what: &str) -> Result<RequestView, ProblemCode> {
    match tokio::time::timeout(PATIENCE, wallet.start_sharing(link, false)).await {
        Ok(Ok(question)) => Ok(question),
        Ok(Err(problem)) => {
            assert_eq!(problem.data_left, DataLeft::No, "{what}");
            assert!(!problem.title.is_empty() && !problem.what_to_do.is_empty(), "{what}");
            Err(problem.code)
        }
        Err(_) => panic!("{what}: nothing in {PATIENCE:?}"),
    }
}

const NAMED: &[ProblemCode] = &[
    ProblemCode::ServiceAskedWrongly,
    ProblemCode::LinkNotUnderstood,
    ProblemCode::ServiceUnreachable,
    ProblemCode::LinkExpired,
];

#[tokio::test]
async fn what_these_tests_change_is_answered_when_nothing_is_changed() {
    let (_folder, wallet) = furnished().await;
    let service = Service::new();
    service.serves(unsigned(&service.claims()));
    let question = opened(&wallet, &service.link(&service.client_id()), "as it should be")
        .await
        .unwrap();
    assert!(question.can_share);
}

/// One member of the request object is not what it should be.
#[tokio::test]
async fn a_request_with_one_thing_wrong_gets_nothing() {
    let (_folder, wallet) = furnished().await;
    let service = Service::new();
    let credential = |name: &'static str, value: Value| -> Case {
        let what = format!(
            "{name} of the query is {}",
            value.to_string().chars().take(60).collect::<String>()
        );
        (
            what,
            Box::new(move |claims| claims["dcql_query"]["credentials"][0][name] = value.clone()),
        )
    };
    let member = |name: &'static str, value: Value| -> Case {
        let what = format!("{name} is {}", value.to_string().chars().take(60).collect::<String>());
        (what, Box::new(move |claims| claims[name] = value.clone()))
    };
    let claim = |path: Value| credential("claims", json!([{ "path": path }]));
    let deep = (0..200).fold(json!("x"), |inner, _| json!([inner]));
    let many: Vec<Value> = (0..2_000)
        .map(|number| json!({"id": format!("q{number}"), "format": "mso_mdoc", "meta": {"doctype_value": "x"}}))
        .collect();
    let claims: Vec<Value> = (0..20_000)
        .map(|number| json!({"path": ["a", format!("b{number}")]}))
        .collect();
    let cases = [
        // Mix-up: somebody else's request, somebody else's place to answer.
        member("client_id", json!("redirect_uri:http://127.0.0.1:1/answer")),
        member("client_id", json!("x509_san_dns:localhost")),
        member("response_uri", json!("http://127.0.0.1:1/answer")),
        member("response_uri", json!("https://elsewhere.example/answer")),
        member("response_uri", json!("javascript:alert(1)")),
        member("response_uri", json!("file:///etc/passwd")),
        member("redirect_uri", json!("http://127.0.0.1:1/")),
        // Another way of answering than any there is, or one that was never meant for a link.
        member("response_mode", json!("query")),
        member("response_mode", json!("dc_api")),
        member("response_mode", json!("dc_api.jwt")),
        member("response_mode", json!(["direct_post"])),
        member("response_type", json!("id_token")),
        member("response_type", json!("vp_token id_token")),
        // Encryption that was promised and cannot be had is not done without.
        member("response_mode", json!("direct_post.jwt")),
        // Bound to nothing.
        member("nonce", json!("")),
        member("nonce", json!(17)),
        member("nonce", json!("n".repeat(100_000))),
        member("nonce", json!("a\u{202e}b")),
        member("state", json!("a\r\nset-cookie: b")),
        member("state", json!("s".repeat(100_000))),
        // Old forms and other queries.
        member("dcql_query", json!("{}")),
        member("dcql_query", json!({"credentials": []})),
        member("dcql_query", json!({"credentials": many})),
        member("dcql_query", deep),
        member("scope", json!("everything")),
        // Times.
        member("exp", json!("tomorrow")),
        member("exp", json!(1)),
        member("nbf", json!(99_999_999_999_i64)),
        // The query.
        credential("id", json!("../../age")),
        credential("id", json!("age age")),
        credential("id", json!("")),
        credential("format", json!("ldp_vc")),
        credential("meta", json!({})),
        credential("claims", json!([])),
        credential("claims", json!(claims)),
        credential("claim_sets", json!([["nobody"]])),
        credential("multiple", json!("yes")),
        claim(json!([])),
        claim(json!(["org.iso.18013.5.1", -1])),
        claim(json!(["org.iso.18013.5.1", null])),
        claim(json!(["org.iso.18013.5.1", "age_over_18", "more"])),
        claim(json!("org.iso.18013.5.1")),
        // What is to be agreed to.
        member("transaction_data", json!([])),
        member("transaction_data", json!("x")),
        member("transaction_data", json!(["x".repeat(200_000)])),
    ];
    assert!(cases.len() >= 40);
    for (what, change) in cases {
        let mut changed = service.claims();
        change(&mut changed);
        service.serves(unsigned(&changed));
        match opened(&wallet, &service.link(&service.client_id()), &what).await {
            Err(code) => assert!(NAMED.contains(&code), "{what}: {code:?}"),
            // Legal, and nothing here answers it.
            Ok(question) => assert!(!question.can_share, "{what}: {question:?}"),
        }
        assert_eq!(service.heard(), Vec::<String>::new(), "{what}: it hears nothing");
    }
    assert!(
        history(&wallet)
            .await
            .iter()
            .all(|entry| entry.data_left == DataLeft::No)
    );
}

/// What comes back from the address of the request object is none.
#[tokio::test]
async fn an_address_that_answers_otherwise_gets_nothing() {
    let (_folder, wallet) = furnished().await;
    let (service, inside) = (Service::new(), Service::new());
    inside.serves(unsigned(&service.claims()));
    let client_id = service.client_id();
    let good = unsigned(&service.claims());
    let head =
        |extra: &str| format!("HTTP/1.1 200 OK\r\ncontent-type: application/{TYP}\r\nconnection: close\r\n{extra}\r\n");

    let redirect = |to: String| {
        move |stream: &mut TcpStream| {
            let _ = stream.write_all(
                format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    .as_bytes(),
            );
        }
    };
    // 50 MB, said and unsaid; an object in pieces without end.
    let (said, unsaid) = (head("content-length: 52428800\r\n"), head(""));
    let endless = move |head: String| {
        move |stream: &mut TcpStream| {
            let block = [b'A'; 65_536];
            let mut written = stream.write_all(head.as_bytes());
            for _ in 0..800 {
                written = written.and_then(|()| stream.write_all(&block));
            }
            drop(written);
        }
    };
    let other_type = {
        let good = good.clone();
        move |stream: &mut TcpStream| {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n";
            let _ = stream.write_all(format!("{head}<p>{good}</p>").as_bytes());
        }
    };
    let half = {
        let head = head(&format!("content-length: {}\r\n", good.len()));
        let good = good.clone();
        move |stream: &mut TcpStream| {
            let _ = stream.write_all(format!("{head}{}", &good[..good.len() / 2]).as_bytes());
        }
    };
    let replies: Vec<(&str, Reply)> = vec![
        (
            "a redirect to an internal address",
            Arc::new(redirect(format!("{}/request", inside.base()))),
        ),
        (
            "a redirect to a file",
            Arc::new(redirect("file:///etc/passwd".to_owned())),
        ),
        ("50 MB, said", Arc::new(endless(said))),
        ("50 MB, not said", Arc::new(endless(unsaid))),
        ("a page", Arc::new(other_type)),
        ("half of it", Arc::new(half)),
        ("nothing at all", Arc::new(|_: &mut TcpStream| {})),
        (
            "no HTTP",
            Arc::new(|stream: &mut TcpStream| _ = stream.write_all(b"\x16\x03\x01\x02\x00\x01\x00")),
        ),
    ];
    for (what, reply) in replies {
        service.says(move |stream| reply(stream));
        let code = opened(&wallet, &service.link(&client_id), what).await.unwrap_err();
        assert!(NAMED.contains(&code), "{what}: {code:?}");
        assert_eq!(service.heard(), Vec::<String>::new(), "{what}");
    }
    assert_eq!(
        *inside.asked.lock().unwrap(),
        Vec::<String>::new(),
        "nobody went inside"
    );

    for (what, object) in [
        ("not text", vec![0xff, 0xfe, 0x00]),
        ("not three parts", b"e30.e30".to_vec()),
        ("JSON twice", format!("{good}{good}").into_bytes()),
        (
            "another algorithm",
            with_header(&json!({"alg": "HS256", "typ": TYP}), &service.claims()).into_bytes(),
        ),
        (
            "another type",
            with_header(&json!({"alg": "none", "typ": "JWT"}), &service.claims()).into_bytes(),
        ),
        (
            "a rule nobody knows",
            with_header(
                &json!({"alg": "none", "typ": TYP, "crit": ["x"], "x": 1}),
                &service.claims(),
            )
            .into_bytes(),
        ),
        ("a nonce said twice", {
            let twice = service
                .claims()
                .to_string()
                .replacen('{', "{\"nonce\":\"another-nonce-for-the-same\",", 1);
            let header = URL_SAFE_NO_PAD.encode(json!({"alg": "none", "typ": TYP}).to_string());
            format!("{header}.{}.", URL_SAFE_NO_PAD.encode(twice)).into_bytes()
        }),
    ] {
        service.serves(object);
        let code = opened(&wallet, &service.link(&client_id), what).await.unwrap_err();
        assert!(NAMED.contains(&code), "{what}: {code:?}");
        assert_eq!(service.heard(), Vec::<String>::new(), "{what}");
    }
}

/// The link itself: contradictions, old forms, places no link may lead to.
#[tokio::test]
async fn a_link_that_is_none_opens_nothing() {
    let (_folder, wallet) = furnished().await;
    let service = Service::new();
    service.serves(unsigned(&service.claims()));
    let (client_id, request_uri) = (service.client_id(), format!("{}/request", service.base()));
    let object = unsigned(&service.claims());
    let ours = ("client_id", client_id.as_str());
    let there = ("request_uri", request_uri.as_str());
    for (what, parameters) in [
        (
            "two clients",
            vec![ours, ("client_id", "redirect_uri:https://elsewhere.example/"), there],
        ),
        (
            "two addresses",
            vec![ours, there, ("request_uri", "https://elsewhere.example/")],
        ),
        ("by value and by reference", vec![ours, there, ("request", &object)]),
        ("no client", vec![there]),
        ("another method", vec![ours, there, ("request_uri_method", "PUT")]),
        (
            "the old way of naming",
            vec![("client_id", "did:web:elsewhere.example"), there],
        ),
        (
            "an origin",
            vec![("client_id", "origin:https://elsewhere.example"), there],
        ),
        ("the name of a file", vec![ours, ("request_uri", "file:///etc/passwd")]),
        (
            "unprotected, far away",
            vec![ours, ("request_uri", "http://elsewhere.example/request")],
        ),
        (
            "with a password",
            vec![ours, ("request_uri", "https://user:secret@elsewhere.example/request")],
        ),
        (
            "look-alike letters",
            vec![("client_id", "x509_san_dns:\u{0430}pple.example"), there],
        ),
        (
            "letters from right to left",
            vec![("client_id", "x509_san_dns:elpmaxe\u{202e}.example"), there],
        ),
    ] {
        let code = match opened(&wallet, &link(&parameters), what).await {
            Ok(question) => panic!("{what}: {question:?}"),
            Err(code) => code,
        };
        assert!(NAMED.contains(&code), "{what}: {code:?}");
        assert_eq!(service.heard(), Vec::<String>::new(), "{what}");
    }
    let long = format!("{}&x={}", service.link(&client_id), "y".repeat(1_200_000));
    assert!(NAMED.contains(&opened(&wallet, &long, "more than a megabyte").await.unwrap_err()));
}

/// A service that signs with a key of its own, and does not keep its word.
#[tokio::test]
async fn a_signature_is_for_who_signs_and_nobody_else() {
    let (_folder, wallet) = furnished().await;
    let service = Service::new();
    let key = |seed: u8| SigningKey::from_bytes(&[seed; 32]).unwrap();
    let did = |key: &SigningKey| {
        use wallet_credentials::crypto::Signer as _;
        format!(
            "did:jwk:{}",
            URL_SAFE_NO_PAD.encode(key.public_key().to_jwk().to_string())
        )
    };
    let (own, other) = (key(7), key(8));
    let client_id = format!("decentralized_identifier:{}", did(&own));
    let mut claims = service.claims();
    claims["client_id"] = json!(client_id);
    let sign = |kid: &str, key: &SigningKey, claims: &Value| {
        SigningHeader::new(TYP)
            .kid(&format!("{kid}#0"))
            .sign_json(claims, key)
            .unwrap()
    };
    let right = sign(&did(&own), &own, &claims);
    let swapped = {
        let mut swapped = claims.clone();
        swapped["response_uri"] = json!("http://127.0.0.1:1/answer");
        let parts: Vec<&str> = right.split('.').collect();
        format!(
            "{}.{}.{}",
            parts[0],
            URL_SAFE_NO_PAD.encode(swapped.to_string()),
            parts[2]
        )
    };
    let mixed = {
        let mut mixed = claims.clone();
        mixed["client_id"] = json!(format!("decentralized_identifier:{}", did(&other)));
        sign(&did(&other), &other, &mixed)
    };
    for (what, object) in [
        ("an answer for another, signature kept", swapped),
        ("another service's request", mixed),
        ("another's key under our name", sign(&did(&own), &other, &claims)),
        ("our name, another's key named", sign(&did(&other), &other, &claims)),
        ("no signature", format!("{}.", right.rsplit_once('.').unwrap().0)),
        ("the header says none", unsigned(&claims)),
    ] {
        service.serves(object);
        let code = opened(&wallet, &service.link(&client_id), what).await.unwrap_err();
        assert_eq!(code, ProblemCode::ServiceAskedWrongly, "{what}");
        assert_eq!(service.heard(), Vec::<String>::new(), "{what}");
    }
    service.serves(right);
    assert!(
        opened(&wallet, &service.link(&client_id), "as it should be")
            .await
            .is_ok()
    );
}

/// What a service calls itself is nobody's word for it: it is not drawn, however it is written.
#[tokio::test]
async fn a_name_that_pretends_is_not_shown() {
    let (_folder, wallet) = furnished().await;
    let service = Service::new();
    for name in [
        "HM Revenue & Customs",
        "\u{041d}\u{041c} Revenue",
        "evil\u{202e}ku.vog",
        "Corner Shop\u{200b}, Larkfield",
        "A\nRegistered service: yes",
    ] {
        let mut claims = service.claims();
        claims["nonce"] = json!(format!("a-nonce-for-{}", URL_SAFE_NO_PAD.encode(name)));
        claims["client_metadata"] = json!({"client_name": name, "logo_uri": format!("{}/logo", service.base())});
        service.serves(unsigned(&claims));
        // A link of its own each time: the same one is the same question.
        let link = format!(
            "{}&n={}",
            service.link(&service.client_id()),
            URL_SAFE_NO_PAD.encode(name)
        );
        let question = opened(&wallet, &link, name).await.unwrap();
        let drawn = serde_json::to_string(&question).unwrap();
        let quoted = serde_json::to_string(name).unwrap();
        assert!(!drawn.contains(quoted.trim_matches('"')), "{name:?}");
        assert_eq!(question.service.party.name, "127.0.0.1", "all that is known of it");
        assert!(question.warnings.iter().any(|warning| warning.code == "not-registered"));
        let hasty = say_yes(&wallet, &question, Default::default()).await;
        assert!(hasty.is_err(), "not without a second yes");
        assert_eq!(
            service.heard(),
            Vec::<String>::new(),
            "its picture is not fetched either"
        );
    }
}

/// What the link says beside the request object does not count: an answer that was to be encrypted stays encrypted.
#[tokio::test]
async fn parameters_beside_the_request_object_change_nothing() {
    let (_folder, wallet) = furnished().await;
    let service = Service::new();
    service.serves(unsigned(&service.claims()));
    let elsewhere = Service::new();
    let there = format!("{}/answer", elsewhere.base());
    let outside = link(&[
        ("client_id", &service.client_id()),
        ("request_uri", &format!("{}/request", service.base())),
        ("response_uri", &there),
        ("response_mode", "fragment"),
        ("redirect_uri", &there),
        ("nonce", "another"),
        ("dcql_query", "{}"),
        ("state", "another"),
    ]);
    let question = opened(&wallet, &outside, "parameters outside").await.unwrap();
    assert_eq!(question.asks[0].candidates[0].claims.len(), 1);
    service.says(|stream| {
        let _ = stream.write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}",
        );
    });
    let choices = wallet_core::view::ChoicesView {
        despite_warnings: true,
        ..Default::default()
    };
    let result = say_yes(&wallet, &question, choices).await.unwrap();
    assert_eq!(result.data_left, DataLeft::Yes);
    assert_eq!(service.heard(), ["POST /answer HTTP/1.1"]);
    assert_eq!(*elsewhere.asked.lock().unwrap(), Vec::<String>::new());
}
