//! The other way round: a foreign holder takes the practice issuers' documents, their status among what it checks, and shows
//! them to the practice services.

use serde_json::{Value, json};
use wallet_sandbox::spec::{DocumentType, OfferSpec, RequestSpec, ServiceName};
use wallet_sandbox::{Sandbox, SandboxConfig};

use crate::peers::Peers;

/// The practice authorities, as PEM.
fn authorities() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/wallet-core/practice");
    ["dvla", "home-office", "age", "nhs", "services", "status"]
        .iter()
        .map(|name| std::fs::read_to_string(format!("{folder}/{name}.pem")).unwrap())
        .collect()
}

#[test]
fn a_foreign_holder_has_our_documents_and_shows_them_to_our_services() {
    let Some(mut peers) = Peers::start() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let sandbox = runtime.block_on(Sandbox::start(SandboxConfig::new())).unwrap();
    peers.ask(&json!({"do": "hold", "roots": authorities()}));
    for name in DocumentType::ALL {
        let made = sandbox.offer(&OfferSpec::of(name)).unwrap();
        let added = peers.ask(&json!({"do": "add", "link": made.uri, "code": made.tx_code}));
        assert_eq!(added[0]["copies"], 2, "{added}");
    }
    for (name, queries) in [
        (ServiceName::GpRegistration, 2),
        (ServiceName::ShopAge, 3),
        (ServiceName::EmployerRightToWork, 1),
    ] {
        let made = sandbox.request(RequestSpec::of(name)).unwrap();
        let shared = peers.ask(&json!({"do": "share", "link": made.uri}));
        assert_eq!(shared["answered"].as_array().unwrap().len(), queries, "{shared}");
        let report = sandbox.outcome(&made.id).unwrap();
        assert_eq!(
            (&report["stage"], &report["valid"]),
            (&json!("answered"), &json!(true)),
            "{report}"
        );
        let answers = report["answers"].as_array().unwrap();
        let mut checks = answers.iter().flat_map(|answer| answer["checks"].as_array().unwrap());
        assert!(
            answers.len() == queries && checks.all(|check| check["ok"] == true),
            "{report}"
        );
    }
    // Nobody the holder trusts stands behind this one.
    let made = sandbox.request(RequestSpec::of(ServiceName::TooMuch)).unwrap();
    let refused = peers.try_ask(&json!({"do": "share", "link": made.uri})).unwrap_err();
    assert!(refused.contains("ends at no trusted certificate"), "{refused}");
    assert_eq!(sandbox.outcome(&made.id).unwrap()["answers"], Value::Array(Vec::new()));
    runtime.block_on(sandbox.stop());
}
