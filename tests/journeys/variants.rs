//! The conformance suite's wallet modules for OpenID4VCI 1.0 and HAIP 1.0, by their names, through the whole core and in every
//! variant: both formats, both grants, by value and by reference, at once and later, plain and encrypted, every way a wallet
//! names itself. What the suite checks inside every module is checked here of what went over the line.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use wallet_core::Wallet;
use wallet_credentials::crypto::PublicKey;
use wallet_credentials::jose::{Jws, base64url};
use wallet_sandbox::spec::{
    By, ClientAuthName, DocumentType, EncryptionName, GrantName, OfferFault, OfferSpec, ProofName,
};

use crate::issuance::{accept, keep, signing_in, with_browser, with_provider};
use crate::line::{Exchange, body};
use crate::program::http;
use crate::town::{FarTown, empty, inside, no_orphan_keys, pin};

/// A town, and a wallet that is vouched for and known there by its key.
struct Suite {
    far: FarTown,
    folder: tempfile::TempDir,
    wallet: Wallet,
}

impl Suite {
    async fn new() -> Self {
        let far = FarTown::new().await;
        let (folder, wallet) = empty().await;
        let shown = with_provider(&wallet, &far.sandbox).await;
        let body = json!({ "client_id": "citizen-wallet", "jwk": shown["client_jwks"]["keys"][0] }).to_string();
        let (port, url) = (far.sandbox.port(), far.sandbox.url());
        let told = http(port, url, "POST /control/client", "application/json", body.as_bytes());
        assert!(told.starts_with("HTTP/1.1 201"), "{told}");
        let _opened = with_browser(&wallet, "yes");
        Self { far, folder, wallet }
    }

    /// Goes through one variant; what was on the line.
    async fn run(&self, spec: &OfferSpec) -> Vec<Exchange> {
        let before = self.far.line.seen().len();
        let arrived = accept(&self.wallet, &self.far.sandbox, spec).await;
        let arrived = arrived.unwrap_or_else(|problem| panic!("{spec:?}: {problem:?}"));
        if spec.deferred.is_some() {
            assert_eq!(
                (arrived.pending.len(), arrived.received.is_some()),
                (1, false),
                "{spec:?}"
            );
        } else {
            assert_eq!(keep(&self.wallet, arrived).await.len(), 1, "{spec:?}");
        }
        self.far.line.seen().split_off(before)
    }

    /// Everything promised is collected and kept; what was on the line.
    async fn collect(&self) -> Vec<Exchange> {
        let before = self.far.line.seen().len();
        loop {
            let arrived = self.wallet.collect(None).await.unwrap();
            for received in arrived.into_iter().filter_map(|one| one.received) {
                self.wallet.keep_received(&received.id, pin()).await.unwrap();
            }
            if self.wallet.promised().await.unwrap().is_empty() {
                return self.far.line.seen().split_off(before);
            }
            // The issuers say when they may be asked again, in real seconds.
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// Nothing is left over, and there are this many documents.
    async fn end(self, documents: usize) {
        assert_eq!(self.wallet.documents().await.unwrap().len(), documents);
        drop(self.wallet);
        no_orphan_keys(&inside(self.folder.path()));
    }
}

fn find<'e>(seen: &'e [Exchange], end: &str) -> Vec<&'e Exchange> {
    let path = |exchange: &&Exchange| {
        exchange
            .target
            .split('?')
            .next()
            .is_some_and(|path| path.ends_with(end))
    };
    seen.iter().filter(path).collect()
}

fn form(exchange: &Exchange) -> Vec<(String, String)> {
    url::form_urlencoded::parse(&exchange.body).into_owned().collect()
}

fn parameter(exchange: &Exchange, name: &str) -> Option<String> {
    form(exchange)
        .into_iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

fn said(exchange: &Exchange) -> Value {
    serde_json::from_slice(body(&exchange.answer)).unwrap()
}

/// What the suite checks inside every module ("Checks inside every VCI module" of its documentation), as far as it is not
/// encrypted: what is, the practice issuer refuses where it is wrong.
fn conforms(seen: &[Exchange], spec: &OfferSpec) {
    let what = format!("{spec:?}");
    let metadata = find(seen, "")
        .into_iter()
        .find(|exchange| exchange.target.contains("openid-credential-issuer"));
    let first = metadata.expect("the metadata");
    assert!(
        first
            .target
            .starts_with("GET /.well-known/openid-credential-issuer/issuers/"),
        "{what}"
    );
    let issuer = said(first)["credential_issuer"].as_str().unwrap().to_owned();
    for exchange in seen {
        assert!(!exchange.target.contains("token="), "{what}: a token in an address");
    }
    if spec.grant == GrantName::AuthorizationCode {
        pushed_and_asked(seen, spec, &what);
    }
    for token in find(seen, "/token") {
        assert_eq!(
            token.header("content-type"),
            Some("application/x-www-form-urlencoded"),
            "{what}"
        );
        assert!(!spec.haip || parameter(token, "code_verifier").is_some(), "{what}");
    }
    let nonces: Vec<String> = find(seen, "/nonce")
        .into_iter()
        .map(|nonce| {
            assert!(
                nonce.target.starts_with("POST ") && nonce.header("authorization").is_none(),
                "{what}"
            );
            said(nonce)["c_nonce"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(!nonces.is_empty(), "{what}");
    let identified = find(seen, "/token")
        .into_iter()
        .filter(|token| token.status() == 200)
        .any(|token| said(token).get("authorization_details").is_some());
    let answered = find(seen, "/credential")
        .into_iter()
        .filter(|exchange| exchange.status() < 300);
    for request in answered {
        let scheme = request.header("authorization").unwrap().split(' ').next().unwrap();
        // Every server here binds tokens where the wallet proves a key, and this wallet does.
        assert_eq!((scheme, request.header("dpop").is_some()), ("DPoP", true), "{what}");
        if spec.encryption == Some(EncryptionName::Required) {
            assert_eq!(request.header("content-type"), Some("application/jwt"), "{what}");
            assert_eq!(String::from_utf8_lossy(&request.body).split('.').count(), 5, "{what}");
        } else {
            assert_eq!(request.header("content-type"), Some("application/json"), "{what}");
            let request = serde_json::from_slice(&request.body).unwrap();
            credential_request(&request, &issuer, &nonces, spec, identified);
        }
    }
}

fn pushed_and_asked(seen: &[Exchange], spec: &OfferSpec, what: &str) {
    let pushed = find(seen, "/par").into_iter().rfind(|exchange| exchange.status() < 300);
    let pushed = pushed.expect("a pushed request");
    assert_eq!(parameter(pushed, "request_uri"), None, "{what}");
    assert_eq!(
        parameter(pushed, "code_challenge_method").as_deref(),
        Some("S256"),
        "{what}"
    );
    assert!(parameter(pushed, "issuer_state").is_some(), "{what}");
    let (scope, details) = (parameter(pushed, "scope"), parameter(pushed, "authorization_details"));
    assert_ne!(scope.is_some(), details.is_some(), "{what}: one of both");
    assert!(!spec.haip || scope.is_some(), "{what}");
    let page = find(seen, "/authorize")
        .into_iter()
        .find(|exchange| exchange.target.starts_with("GET "));
    let (_, query) = page.expect("the page").target.split_once('?').unwrap();
    let names: BTreeSet<String> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, _)| name.into_owned())
        .collect();
    assert_eq!(
        names,
        BTreeSet::from(["client_id".to_owned(), "request_uri".to_owned()]),
        "{what}"
    );
}

/// A request for credentials, by its schema, with its proofs.
fn credential_request(request: &Value, issuer: &str, nonces: &[String], spec: &OfferSpec, identified: bool) {
    let what = format!("{spec:?}");
    let by_id = request.get("credential_identifier").is_some();
    assert_ne!(
        by_id,
        request.get("credential_configuration_id").is_some(),
        "{what}: one of both"
    );
    // Identifiers come with authorization details, and without them there are none.
    assert_eq!(by_id, identified, "{what}");
    assert!(request.get("proof").is_none(), "{what}");
    let proofs = request["proofs"].as_object().unwrap();
    assert_eq!(proofs.len(), 1, "{what}");
    let (kind, proofs) = proofs.iter().next().unwrap();
    let texts: Vec<&str> = proofs
        .as_array()
        .unwrap()
        .iter()
        .map(|proof| proof.as_str().unwrap())
        .collect();
    let most = spec.batch_size.map_or(10, |size| size.min(10)) as usize;
    let mut used = BTreeSet::new();
    if spec.proof == ProofName::Attestation {
        assert_eq!((kind.as_str(), texts.len()), ("attestation", 1), "{what}");
        let (keys, nonce) = key_attestation(texts[0], &what);
        assert!((1..=most).contains(&keys.len()), "{what}");
        used.insert(nonce);
    } else {
        assert_eq!(kind, "jwt", "{what}");
        assert!((1..=most).contains(&texts.len()), "{what}");
        let keys: Vec<PublicKey> = texts
            .iter()
            .map(|text| {
                let (key, nonce, attestation) = jwt_proof(text, issuer, &what);
                assert_eq!(
                    attestation.is_some(),
                    spec.proof == ProofName::JwtWithAttestation,
                    "{what}"
                );
                if let Some((keys, attested)) = attestation {
                    assert!(keys.contains(&key) && attested == nonce, "{what}");
                }
                used.insert(nonce);
                key
            })
            .collect();
        assert!(
            keys.iter().enumerate().all(|(at, key)| !keys[..at].contains(key)),
            "{what}: a key twice"
        );
    }
    assert!(
        used.len() == 1 && nonces.contains(used.first().unwrap()),
        "{what}: one nonce for all"
    );
}

fn claims(text: &str) -> Value {
    serde_json::from_slice(&base64url::decode(text.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

fn recent(claims: &Value) -> bool {
    let now = jiff::Timestamp::now().as_second();
    claims["iat"]
        .as_i64()
        .is_some_and(|made| (now - 300..=now + 5).contains(&made))
}

/// The key, nonce and key attestation of one `jwt` proof.
fn jwt_proof(text: &str, issuer: &str, what: &str) -> (PublicKey, String, Option<(Vec<PublicKey>, String)>) {
    let jws = Jws::parse(text).unwrap();
    let header = jws.header();
    assert!(
        header.is_type("openid4vci-proof+jwt") && header.alg == "ES256",
        "{what}"
    );
    let members = &header.members;
    let jwk = members.get("jwk").expect("the key itself");
    assert!(members.get("kid").is_none() && members.get("x5c").is_none(), "{what}");
    assert!(jwk.get("d").is_none() && jwk["crv"] == "P-256", "{what}");
    let key = PublicKey::from_jwk(jwk).unwrap();
    jws.verify(&key.into()).unwrap();
    let claims = claims(text);
    assert_eq!(claims["aud"], *issuer, "{what}: one audience");
    assert!(recent(&claims), "{what}");
    let attestation = members
        .get("key_attestation")
        .map(|text| key_attestation(text.as_str().unwrap(), what));
    (key, claims["nonce"].as_str().unwrap().to_owned(), attestation)
}

/// The keys and the nonce of a key attestation.
fn key_attestation(text: &str, what: &str) -> (Vec<PublicKey>, String) {
    let jws = Jws::parse(text).unwrap();
    let header = jws.header();
    assert!(
        header.is_type("key-attestation+jwt") && header.alg == "ES256" && !header.x5c.is_empty(),
        "{what}"
    );
    let claims = claims(text);
    assert!(recent(&claims), "{what}");
    assert!(
        claims["exp"]
            .as_i64()
            .is_some_and(|end| end > claims["iat"].as_i64().unwrap()),
        "{what}"
    );
    let keys = claims["attested_keys"].as_array().unwrap();
    let keys = keys.iter().map(|jwk| PublicKey::from_jwk(jwk).unwrap()).collect();
    (keys, claims["nonce"].as_str().unwrap().to_owned())
}

/// Every variant of the plain plan.
fn plain_plan() -> Vec<OfferSpec> {
    let mut all = Vec::new();
    for name in [DocumentType::ProofOfAgeMdoc, DocumentType::ProofOfAgeSdJwt] {
        for grant in [GrantName::PreAuthorizedCode, GrantName::AuthorizationCode] {
            for client_auth in [
                ClientAuthName::None,
                ClientAuthName::PrivateKeyJwt,
                ClientAuthName::Attestation,
            ] {
                for encryption in [None, Some(EncryptionName::Required)] {
                    for deferred in [None, Some(1)] {
                        for by in [By::Value, By::Reference] {
                            let n = all.len();
                            all.push(OfferSpec {
                                grant,
                                client_auth,
                                encryption,
                                deferred,
                                by,
                                tx_code: Some(false),
                                // What is not a variant of its own there goes along with each of them somewhere.
                                zip: n % 3 == 0,
                                dpop: n % 5 < 2,
                                batch_size: [Some(1), Some(2), Some(3)][n % 3],
                                proof: [ProofName::Jwt, ProofName::JwtWithAttestation, ProofName::Attestation]
                                    [(n / 2) % 3],
                                ..OfferSpec::of(name)
                            });
                        }
                    }
                }
            }
        }
    }
    all
}

/// The three runs of the HAIP plan, in both formats and both ways of the offer.
fn haip_plan() -> Vec<OfferSpec> {
    let mut all = Vec::new();
    for name in [DocumentType::ProofOfAgeMdoc, DocumentType::ProofOfAgeSdJwt] {
        for by in [By::Value, By::Reference] {
            let runs = [(None, None), (Some(1), None), (None, Some(EncryptionName::Required))];
            for (deferred, encryption) in runs {
                all.push(OfferSpec {
                    haip: true,
                    by,
                    deferred,
                    encryption,
                    proof: [ProofName::Jwt, ProofName::JwtWithAttestation][all.len() % 2],
                    batch_size: Some(2),
                    ..signing_in(name)
                });
            }
        }
    }
    all
}

async fn test_credential_issuance(plan: Vec<OfferSpec>) {
    let suite = Suite::new().await;
    for spec in &plan {
        let seen = suite.run(spec).await;
        conforms(&seen, spec);
    }
    // `test-credential-issuance-notification` in every one of them, and the requests for what is deferred.
    suite.collect().await;
    let seen = suite.far.line.seen();
    let told = find(&seen, "/notification");
    assert_eq!(
        told.iter().filter(|exchange| exchange.status() == 204).count(),
        plan.len()
    );
    for exchange in told {
        let message: Value = serde_json::from_slice(&exchange.body).unwrap();
        assert_eq!(message["event"], "credential_accepted");
        assert!(message["notification_id"].is_string() && exchange.header("authorization").is_some());
    }
    let later = find(&seen, "/deferred");
    assert!(later.len() >= plan.iter().filter(|spec| spec.deferred.is_some()).count());
    for exchange in later {
        if exchange.header("content-type") == Some("application/json") {
            let message: Value = serde_json::from_slice(&exchange.body).unwrap();
            assert!(
                message["transaction_id"].is_string() && message.as_object().unwrap().len() == 1,
                "{message}"
            );
        }
    }
    suite.end(plan.len()).await;
}

#[tokio::test]
async fn test_credential_issuance_in_every_variant_of_the_plain_plan() {
    let plan = plain_plan();
    assert_eq!(plan.len(), 96);
    test_credential_issuance(plan).await;
}

#[tokio::test]
async fn test_credential_issuance_in_every_variant_of_the_haip_plan() {
    test_credential_issuance(haip_plan()).await;
}

#[tokio::test]
async fn happy_path_with_scopes_without_authorization_details_in_token_response() {
    let suite = Suite::new().await;
    let spec = OfferSpec {
        haip: true,
        ..signing_in(DocumentType::ProofOfAgeSdJwt)
    };
    let seen = suite.run(&spec).await;
    let token = find(&seen, "/token")
        .into_iter()
        .rfind(|exchange| exchange.status() == 200)
        .unwrap();
    assert!(said(token).get("authorization_details").is_none());
    conforms(&seen, &spec);
    suite.end(1).await;
}

#[tokio::test]
async fn test_client_attestation_challenge() {
    let suite = Suite::new().await;
    for spec in [
        OfferSpec {
            client_auth: ClientAuthName::Attestation,
            ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
        },
        OfferSpec {
            haip: true,
            ..signing_in(DocumentType::ProofOfAgeSdJwt)
        },
    ] {
        let seen = suite.run(&spec).await;
        let challenges: Vec<Value> = find(&seen, "/challenge").into_iter().map(said).collect();
        let issued: Vec<&str> = challenges
            .iter()
            .filter_map(|answer| answer["attestation_challenge"].as_str())
            .collect();
        assert!(!issued.is_empty());
        for request in find(&seen, "/par").into_iter().chain(find(&seen, "/token")) {
            assert!(request.header("oauth-client-attestation").is_some());
            let proof = claims(request.header("oauth-client-attestation-pop").unwrap());
            let given = proof["challenge"].as_str().or(proof["nonce"].as_str()).unwrap();
            assert!(issued.contains(&given), "{given}");
        }
    }
    suite.end(2).await;
}

#[tokio::test]
async fn test_batch_credential_issuance() {
    let suite = Suite::new().await;
    let plain = OfferSpec {
        batch_size: Some(10),
        // As the suite does it: in another order.
        fault: Some(OfferFault::ReverseOrder),
        tx_code: Some(false),
        ..OfferSpec::of(DocumentType::ProofOfAgeMdoc)
    };
    let haip = OfferSpec {
        batch_size: Some(10),
        haip: true,
        fault: Some(OfferFault::ReverseOrder),
        ..signing_in(DocumentType::ProofOfAgeSdJwt)
    };
    for spec in [plain, haip] {
        let seen = suite.run(&spec).await;
        conforms(&seen, &spec);
        let request = find(&seen, "/credential")
            .into_iter()
            .rfind(|exchange| exchange.status() == 200)
            .unwrap();
        let request: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(request["proofs"]["jwt"].as_array().unwrap().len(), 10);
    }
    for document in suite.wallet.documents().await.unwrap() {
        assert_eq!(document.copies, 10);
    }
    suite.end(2).await;
}

/// The FAPI 2.0 client modules that end well; those that do not are in `issuance.rs`.
#[tokio::test]
async fn fapi2_security_profile_final_client_test_happy_path_and_happy_path_no_dpop_nonce() {
    let suite = Suite::new().await;
    for (needs_nonces, spec) in [
        (
            true,
            OfferSpec {
                haip: true,
                ..signing_in(DocumentType::ProofOfAgeSdJwt)
            },
        ),
        (false, signing_in(DocumentType::ProofOfAgeSdJwt)),
    ] {
        let seen = suite.run(&spec).await;
        conforms(&seen, &spec);
        let given = |exchange: &&Exchange| {
            String::from_utf8_lossy(&exchange.answer)
                .to_ascii_lowercase()
                .contains("dpop-nonce:")
        };
        assert_eq!(seen.iter().any(|exchange| given(&exchange)), needs_nonces);
        for request in find(&seen, "/token").into_iter().chain(find(&seen, "/credential")) {
            assert!(request.header("dpop").is_some());
        }
    }
    suite.end(2).await;
}
