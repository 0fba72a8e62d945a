//! OpenID4VCI: offers, metadata, tokens, nonces, credentials; and the issuer's end of each.

use serde_json::Value;
use wallet_credentials::crypto::{PredictableRandom, Signer as _};
use wallet_credentials::jose::ContentEncryption;
use wallet_protocols::endpoint::{Endpoint, IssuerIdentifier, TransportPolicy};
use wallet_protocols::http::{HttpResponse, JSON, JWT};
use wallet_protocols::openid4vci::issuer::{self, ReceivedCredentialRequest, ReceivedProofs, TokenRequest};
use wallet_protocols::openid4vci::{
    AuthorizationServerMetadata, CredentialError, CredentialOffer, CredentialResponse, Display, IssuerMetadata, Nonce,
    OfferLink, ProofToSign, RequestEncryption, ResolvedOffer, ResponseEncryption, TokenGranted, TransactionCode,
    is_offer_link, issuer_metadata_requests, match_to_keys,
};

use crate::world::{ISSUER, NOW, world};

const POLICY: TransportPolicy = TransportPolicy::HttpsOnly;

/// An offer or a link to one: what is read is written as it is read, in both forms.
pub fn offer(data: &[u8]) {
    if let Ok(offer) = CredentialOffer::parse(data, POLICY) {
        one_offer(&offer);
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(link) = OfferLink::parse(text, POLICY) {
        assert!(is_offer_link(text));
        match link {
            OfferLink::ByValue(offer) => one_offer(&offer),
            OfferLink::ByReference(reference) => {
                assert_eq!(reference.endpoint().url().scheme(), "https");
                let link = CredentialOffer::reference_link("openid-credential-offer", reference.endpoint().as_str());
                let Ok(OfferLink::ByReference(again)) = OfferLink::parse(&link, POLICY) else {
                    panic!("a reference reads as it is written");
                };
                assert_eq!(again, reference);
                let _ = reference.read(&HttpResponse::new(200, JSON, data), POLICY);
            }
        }
    }
}

fn one_offer(offer: &CredentialOffer) {
    assert!((1..=32).contains(&offer.credential_configuration_ids.len()));
    assert_eq!(offer.credential_issuer.url().scheme(), "https");
    let json = offer.to_json();
    let again = CredentialOffer::parse(json.to_string().as_bytes(), POLICY).expect("an offer reads as it is written");
    assert_eq!(again.to_json(), json);
    for request in issuer_metadata_requests(&offer.credential_issuer) {
        assert_eq!(
            request.url.host_str(),
            Some(offer.credential_issuer.host()),
            "asked of the issuer itself"
        );
    }
    if json.to_string().len() < 8 * 1024 {
        let Ok(OfferLink::ByValue(again)) = OfferLink::parse(&offer.to_link("openid-credential-offer"), POLICY) else {
            panic!("a link reads as it is written");
        };
        assert_eq!(again.to_json(), json);
    }
}

/// Issuer metadata. The issuer asked is the one the metadata names, so that the rest is reached.
pub fn issuer_metadata(data: &[u8]) {
    let response = HttpResponse::new(200, JSON, data);
    let named = serde_json::from_slice::<Value>(data).ok().and_then(|value| {
        let name = value.get("credential_issuer")?.as_str()?.to_owned();
        IssuerIdentifier::parse(&name, POLICY).ok()
    });
    let Some(issuer) = named else {
        assert!(IssuerMetadata::read(&identifier(), &response, POLICY).is_err());
        return;
    };
    let Ok(metadata) = IssuerMetadata::read(&issuer, &response, POLICY) else {
        return;
    };
    if issuer.as_str() != ISSUER {
        assert!(
            IssuerMetadata::read(&identifier(), &response, POLICY).is_err(),
            "another issuer"
        );
    }
    assert_eq!(metadata.credential_endpoint.url().scheme(), "https");
    assert!(metadata.configurations.len() + metadata.unusable.len() <= 256);
    assert!(metadata.batch_size() >= 1 && !metadata.authorization_servers().is_empty());
    for display in &metadata.display {
        assert!(display.name.chars().count() <= 512);
    }
    assert_eq!(
        Display::for_language(&metadata.display, "cy").is_none(),
        metadata.display.is_empty()
    );
    let json = issuer::metadata_json(&metadata).to_string();
    let again = IssuerMetadata::read(&issuer, &HttpResponse::new(200, JSON, json), POLICY);
    let again = again.expect("metadata reads as it is written");
    let kinds = |metadata: &IssuerMetadata| -> Vec<_> {
        let all = metadata.configurations.iter();
        all.map(|(id, configuration)| (id.clone(), configuration.format.clone()))
            .collect()
    };
    assert_eq!(kinds(&again), kinds(&metadata));
    // The dialect of GOV.UK's issuers is read, and written by their end alone.
    if metadata.gov_uk.is_none() {
        assert_eq!(again.configurations, metadata.configurations);
    }
    assert_eq!(again.display, metadata.display);
    assert_eq!(again.authorization_servers, metadata.authorization_servers);
    assert!(again.unusable.is_empty(), "what is unusable is not written");
    let random = &mut PredictableRandom::from_seed(1);
    if let Ok(Some(_)) = ResponseEncryption::for_issuer(&metadata, random) {
        assert!(matches!(RequestEncryption::for_issuer(&metadata), Ok(Some(_))));
    }
}

fn identifier() -> IssuerIdentifier {
    IssuerIdentifier::parse(ISSUER, POLICY).unwrap()
}

/// Metadata of an authorization server, for the server it names.
pub fn server_metadata(data: &[u8]) {
    let response = HttpResponse::new(200, JSON, data);
    let named = serde_json::from_slice::<Value>(data).ok().and_then(|value| {
        let name = value.get("issuer")?.as_str()?.to_owned();
        IssuerIdentifier::parse(&name, POLICY).ok()
    });
    let server = named.unwrap_or_else(identifier);
    let Ok(metadata) = AuthorizationServerMetadata::read(&server, &response, POLICY) else {
        return;
    };
    assert_eq!(metadata.issuer, server);
    let again = HttpResponse::json(200, &metadata.to_json());
    let again = AuthorizationServerMetadata::read(&server, &again, POLICY).expect("metadata reads as it is written");
    assert_eq!(again.token_endpoint, metadata.token_endpoint);
}

/// A URL: kept as written, https, without credentials; identifiers give well-known addresses on their own host.
pub fn endpoint(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for policy in [TransportPolicy::HttpsOnly, TransportPolicy::HttpAllowed] {
        let Ok(endpoint) = Endpoint::parse(text, policy) else {
            assert!(IssuerIdentifier::parse(text, policy).is_err());
            continue;
        };
        assert_eq!(endpoint.as_str(), text);
        let url = endpoint.url();
        assert!(url.scheme() == "https" || policy == TransportPolicy::HttpAllowed && url.scheme() == "http");
        assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
        assert!(!endpoint.host().is_empty());
        if let Ok(issuer) = IssuerIdentifier::parse(text, policy) {
            for url in [issuer.well_known_inserted("x"), issuer.well_known_appended("x")] {
                assert_eq!(url.host_str(), Some(issuer.host()));
                assert!(url.path().contains("/.well-known/x") && url.query().is_none());
            }
        }
    }
}

/// The metadata of [`granted`].
pub const METADATA: &str = r#"{"credential_issuer":"https://issuer.example.com",
    "credential_endpoint":"https://issuer.example.com/credential","nonce_endpoint":"https://issuer.example.com/nonce",
    "credential_configurations_supported":{"licence":{"format":"mso_mdoc","doctype":"org.iso.18013.5.1.mDL"}}}"#;

/// An offer with everything an offer may have.
pub const OFFER: &str = r#"{"credential_issuer":"https://issuer.example.com","credential_configuration_ids":["licence"],
    "grants":{"urn:ietf:params:oauth:grant-type:pre-authorized_code":{"pre-authorized_code":"x","tx_code":{}}}}"#;

/// Redeems an offer with this answer of the token endpoint.
fn granted(response: &HttpResponse) -> Option<TokenGranted> {
    let offer = CredentialOffer::parse(OFFER.as_bytes(), POLICY).unwrap();
    let metadata = IssuerMetadata::read(&identifier(), &HttpResponse::new(200, JSON, METADATA), POLICY).unwrap();
    let token_endpoint = Endpoint::parse("https://issuer.example.com/token", POLICY).unwrap();
    let server = AuthorizationServerMetadata::new(identifier(), token_endpoint);
    let offer = ResolvedOffer::new(offer, metadata).unwrap();
    let Ok(accepted) = offer.accept(&[], Some(TransactionCode::new("1234")), server) else {
        panic!("the offer is in order");
    };
    match accepted.granted(response) {
        Ok(granted) => Some(granted),
        Err(refused) => {
            assert!(refused.offer.transaction_code().is_some(), "the offer comes back whole");
            let _ = refused.error.is_wrong_transaction_code();
            None
        }
    }
}

/// A token response, as a success and as an error.
pub fn token_response(data: &[u8]) {
    if let Some(granted) = granted(&HttpResponse::new(200, JSON, data)) {
        assert!(!granted.targets().is_empty());
        assert!(
            granted
                .targets()
                .iter()
                .all(|target| target.configuration_id == "licence")
        );
        for target in granted.targets() {
            assert!(granted.configuration(target).is_some());
            let request = granted.credential_request(target, &[], None, &mut PredictableRandom::from_seed(1));
            let request = request.expect("no encryption is asked for");
            let authorization = request.header("authorization").expect("a token");
            assert!(
                authorization
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() || byte == b' '),
                "a header of one line"
            );
        }
        assert!(granted.nonce_request().is_some());
    }
    assert!(granted(&HttpResponse::new(400, JSON, data)).is_none());
    if let Ok(nonce) = Nonce::read(&HttpResponse::new(200, JSON, data)) {
        let again = Nonce::read(&issuer::nonce_response(nonce.as_str()));
        assert_eq!(again, Ok(nonce), "a nonce reads as it is written");
    }
    assert!(Nonce::read(&HttpResponse::new(500, JSON, data)).is_err());
}

/// A credential response, plain, deferred, refused, and where an encrypted one was asked for.
pub fn credential_response(data: &[u8]) {
    for status in [200, 202, 400, 401] {
        let response = HttpResponse::new(status, JSON, data);
        match CredentialResponse::read(&response, None) {
            Ok(CredentialResponse::Issued {
                credentials,
                notification_id,
            }) => {
                assert!(status < 300 && (1..=256).contains(&credentials.len()));
                let texts: Vec<String> = credentials.iter().map(|issued| issued.as_str().to_owned()).collect();
                let id = notification_id.as_ref().map(|id| id.as_str());
                if texts.iter().all(|text| !text.is_empty()) {
                    let again = issuer::credential_response(&texts, id, None, &mut PredictableRandom::from_seed(1));
                    let again = again.expect("nothing is encrypted");
                    let Ok(CredentialResponse::Issued { credentials, .. }) = CredentialResponse::read(&again, None)
                    else {
                        panic!("a response reads as it is written");
                    };
                    assert!(
                        credentials
                            .iter()
                            .map(|issued| issued.as_str())
                            .eq(texts.iter().map(String::as_str))
                    );
                }
            }
            Ok(CredentialResponse::Deferred { interval, .. }) => {
                assert!(status == 202 && interval.is_finite() && interval > 0.0);
            }
            Err(CredentialError::Refused { code }) => assert!(code.len() <= 64 && code.is_ascii()),
            Err(_) => {}
        }
        if status >= 300 {
            continue;
        }
        let key = wallet_credentials::crypto::AgreementKey::from_random(&mut PredictableRandom::from_seed(20)).unwrap();
        let encryption = ResponseEncryption::with_key(key, ContentEncryption::A256Gcm);
        assert!(
            matches!(
                CredentialResponse::read(&response, Some(&encryption)),
                Err(CredentialError::NotEncrypted)
            ),
            "a plain answer where an encrypted one was asked for"
        );
        let _ = CredentialResponse::read(&HttpResponse::new(status, JWT, data), Some(&encryption));
    }
}

/// What a wallet with one key sends to the issuer of [`METADATA`].
pub fn requests() -> Vec<Vec<u8>> {
    let token = HttpResponse::new(200, JSON, r#"{"access_token":"x","token_type":"bearer"}"#);
    let granted = granted(&token).unwrap();
    let nonce = Nonce::read(&issuer::nonce_response("nonce")).unwrap();
    let key = &world().holder;
    let proof = ProofToSign::new(&key.public_key(), &identifier(), Some(&nonce), NOW, None).unwrap();
    let proof = proof.sign(key).unwrap();
    let jwt = proof.as_str().as_bytes().to_vec();
    let random = &mut PredictableRandom::from_seed(1);
    let request = granted
        .credential_request(&granted.targets()[0], &[proof], None, random)
        .unwrap();
    let form =
        b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code&pre-authorized_code=x&tx_code=1";
    let notification = br#"{"notification_id":"n","event":"credential_accepted"}"#;
    vec![jwt, request.body.to_vec(), form.to_vec(), notification.to_vec()]
}

/// What a wallet sends to an issuer: token request, credential request, proof, notification.
pub fn issuer_side(data: &[u8]) {
    if let Ok(TokenRequest::PreAuthorizedCode { code, .. } | TokenRequest::AuthorizationCode { code, .. }) =
        TokenRequest::read(data)
    {
        assert!(!code.is_empty());
    }
    if let Ok(request) = ReceivedCredentialRequest::read(JSON, data, None) {
        let proofs = match request.proofs {
            ReceivedProofs::Jwt(proofs) => proofs,
            ReceivedProofs::Attestation(_) | ReceivedProofs::None => Vec::new(),
        };
        let keys: Vec<_> = proofs
            .iter()
            .filter_map(|jwt| issuer::verify_proof(jwt, ISSUER, |nonce| nonce == "nonce", NOW).ok())
            .collect();
        let pairs = || keys.iter().map(|key| (*key, ()));
        if let Ok(matched) = match_to_keys(pairs(), pairs()) {
            assert_eq!(matched.len(), keys.len());
        }
    }
    let _ = ReceivedCredentialRequest::read(JWT, data, Some(&world().agreement));
    if let Ok((_, event)) = issuer::read_notification(data) {
        assert!(event.as_str().starts_with("credential_"));
    }
    if let Ok(text) = std::str::from_utf8(data) {
        assert!(
            issuer::verify_proof(text, "https://other.example", |_| true, NOW).is_err(),
            "another issuer"
        );
        let _ = issuer::verify_proof(text, ISSUER, |nonce| nonce == "nonce", NOW);
    }
}
