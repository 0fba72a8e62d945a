//! How a request is signed and travels: the link, and the request object in each of the ways OpenID4VP has, faults included.

use serde_json::{Value, json};
use wallet_credentials::crypto::{Signer as _, SigningKey};
use wallet_credentials::jose::{JwsError, SigningHeader, base64url, did};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::Certificate;
use wallet_protocols::http::encode_form;
use wallet_protocols::openid4vp::verifier::{
    AttestationToSign, RequestSignature, answer_in_fragment, multi_sign, request_link as link, sign_attested,
    sign_with_did, unsigned, unsigned_link,
};
use wallet_protocols::openid4vp::{ClientId, RequestUriMethod as Method};

use crate::asking::Parts;
use crate::did_web;
use crate::house::House;
use crate::pki::Certified;
use crate::request_faults::spoil;
use crate::requests::Request;
use crate::services::Service;
use crate::spec::{ClientIdPrefix, RequestFault, RequestMethod, RequestUriMethod, ResponseModeName, ServiceName};

const REQUEST_SCHEME: &str = "openid4vp";
const REQUEST_OBJECT: &str = "oauth-authz-req+jwt";
/// The host every certificate of a service names.
pub(crate) const HOST: &str = "localhost";
/// A day, in seconds.
pub(crate) const DAY: i64 = 86_400;

/// The Client Identifier of a request, faults included (5.9).
pub(crate) fn client_id(house: &House, service: &Service, request: &Request) -> String {
    if request.has_fault(RequestFault::UnknownPrefix) {
        return format!("invalid_scheme:{HOST}");
    }
    let certified = service.certified(house.pki());
    let key = certified.signer().public_key();
    match prefix(service, request) {
        ClientIdPrefix::X509Hash => hash_of(certified),
        ClientIdPrefix::X509SanDns => format!("x509_san_dns:{HOST}"),
        ClientIdPrefix::RedirectUri => format!("redirect_uri:{}", answer_address(house, service, request)),
        ClientIdPrefix::VerifierAttestation => format!("verifier_attestation:{}", service.path),
        ClientIdPrefix::DidJwk => {
            let jwk = base64url::encode(key.to_jwk().to_string().as_bytes());
            format!("decentralized_identifier:did:jwk:{jwk}")
        }
        ClientIdPrefix::DidKey => format!("decentralized_identifier:{}", did::did_key(&key)),
        ClientIdPrefix::DidWeb => {
            let did = did_web::identifier(house, service, Some(request));
            format!("decentralized_identifier:{did}")
        }
        ClientIdPrefix::OpenidFederation => format!("openid_federation:{}/services/{}", house.base(), service.path),
        ClientIdPrefix::PreRegistered => format!("practice-{}", service.path),
    }
}

fn prefix(service: &Service, request: &Request) -> ClientIdPrefix {
    request.spec.client_id_prefix.unwrap_or(service.client_id_prefix)
}

fn hash_of(certified: &Certified) -> String {
    format!("x509_hash:{}", base64url::encode(&certified.certificate().sha256()))
}

/// Whether the answer comes back in the fragment of an address that this device's browser opens.
pub(crate) fn in_fragment(service: &Service, request: &Request) -> bool {
    request.spec.response_mode.unwrap_or(service.response_mode) == ResponseModeName::Fragment
}

/// Where the answer goes when nothing is wrong.
fn answer_address(house: &House, service: &Service, request: &Request) -> String {
    let what = if in_fragment(service, request) {
        "returns"
    } else {
        "responses"
    };
    format!("{}/services/{}/{what}/{}", house.base(), service.path, request.id)
}

/// Where the request says the answer goes.
pub(crate) fn response_uri(house: &House, service: &Service, request: &Request) -> String {
    let address = answer_address(house, service, request);
    match request.spec.fault {
        Some(RequestFault::ForeignResponseUri) => address.replace(HOST, "127.0.0.1"),
        Some(RequestFault::ResponseUriNotClientId) => format!("{address}?other"),
        _ => address,
    }
}

/// The link of a request (5.10); with the whole request in it, when it travels so.
pub(crate) fn request_link(house: &House, service: &Service, request: &Request, now: Timestamp) -> String {
    if request.spec.request_method == Some(RequestMethod::UrlQuery) {
        return match claims(house, service, request, None, now) {
            Some(Value::Object(claims)) => unsigned_link(REQUEST_SCHEME, &claims),
            _ => String::new(),
        };
    }
    let named = if request.has_fault(RequestFault::ClientIdMismatch) {
        // Somebody else than who signs.
        let other = if service.name == ServiceName::TooMuch {
            &house.pki().gp
        } else {
            &house.pki().stranger
        };
        hash_of(other)
    } else {
        client_id(house, service, request)
    };
    if request.spec.request_method == Some(RequestMethod::Value) {
        let object = request_object(house, service, request, None, now).unwrap_or_default();
        let form = encode_form(&[("client_id", &named), ("request", &object)]);
        return format!("{REQUEST_SCHEME}://?{form}");
    }
    let method = match request.spec.request_uri_method.unwrap_or(service.request_uri_method) {
        RequestUriMethod::Get => Method::Get,
        RequestUriMethod::Post => Method::Post,
    };
    let uri = format!("{}/services/{}/requests/{}", house.base(), service.path, request.id);
    ClientId::parse(&named)
        .map(|client_id| link(REQUEST_SCHEME, &client_id, &uri, method))
        .unwrap_or_default()
}

/// The claims of a request, faults included.
fn claims(
    house: &House,
    service: &Service,
    request: &Request,
    wallet_nonce: Option<&str>,
    now: Timestamp,
) -> Option<Value> {
    let parts = Parts::of(house, service, request);
    let id = ClientId::parse(&parts.client_id).ok()?;
    let mut claims = parts.to_send(&id, service, request, wallet_nonce, now).claims();
    if in_fragment(service, request) {
        answer_in_fragment(&mut claims, &parts.response_uri);
    }
    let members = claims.as_object_mut()?;
    if let Some(entries) = &request.spec.transaction_data {
        let entries: Vec<String> = entries.iter().map(transaction_data).collect();
        members.insert("transaction_data".to_owned(), json!(entries));
    }
    spoil(members, request, house.base(), now);
    Some(claims)
}

/// An entry as it travels: what its hash is made over (8.4).
pub(crate) fn transaction_data(entry: &Value) -> String {
    base64url::encode(entry.to_string().as_bytes())
}

/// The request object in the way that was asked for.
pub(crate) fn request_object(
    house: &House,
    service: &Service,
    request: &Request,
    wallet_nonce: Option<&str>,
    now: Timestamp,
) -> Result<String, JwsError> {
    let claims = claims(house, service, request, wallet_nonce, now).ok_or(JwsError::NotSigned)?;
    let chain = chain(house, service);
    let chain: Vec<&[u8]> = chain.iter().map(|certificate| certificate.as_der()).collect();
    let typ = if request.has_fault(RequestFault::WrongTyp) {
        "JWT"
    } else {
        REQUEST_OBJECT
    };
    let signer = signer(house, service, request);
    let named = client_id(house, service, request);
    let did = named.split_once(':').map_or("", |(_, did)| did);
    if request.spec.request_method == Some(RequestMethod::MultiSigned) {
        return several(house, service, request, &claims);
    }
    match prefix(service, request) {
        _ if request.has_fault(RequestFault::Unsigned) => Ok(unsigned(&claims)),
        ClientIdPrefix::RedirectUri if !request.has_fault(RequestFault::SignedRedirectUri) => Ok(unsigned(&claims)),
        ClientIdPrefix::X509Hash
        | ClientIdPrefix::X509SanDns
        | ClientIdPrefix::RedirectUri
        | ClientIdPrefix::OpenidFederation
        | ClientIdPrefix::PreRegistered => SigningHeader::new(typ).x5c(&chain).sign_json(&claims, signer),
        ClientIdPrefix::VerifierAttestation => {
            let attestation = attestation(house, service, request, now)?;
            sign_attested(&claims, &attestation, signer)
        }
        ClientIdPrefix::DidWeb => sign_with_did(&claims, &format!("{did}{}", did_web::KEY), signer),
        ClientIdPrefix::DidJwk => sign_with_did(&claims, &format!("{did}#0"), signer),
        ClientIdPrefix::DidKey => {
            let fragment = did.trim_start_matches("did:key:");
            sign_with_did(&claims, &format!("{did}#{fragment}"), signer)
        }
    }
}

/// Signed by the stranger and by the service: whichever the wallet trusts.
fn several(house: &House, service: &Service, request: &Request, claims: &Value) -> Result<String, JwsError> {
    let pki = house.pki();
    let own = ClientId::parse(&client_id(house, service, request)).map_err(|_| JwsError::NotSigned)?;
    let other = ClientId::x509_hash(pki.stranger.certificate());
    let chain = chain(house, service);
    let chain: Vec<&[u8]> = chain.iter().map(|certificate| certificate.as_der()).collect();
    let other_signer = if request.has_fault(RequestFault::OneInvalidSignature) {
        pki.status_signer.signer()
    } else {
        pki.stranger.signer()
    };
    let signatures = [
        RequestSignature {
            client_id: &other,
            header: SigningHeader::new(REQUEST_OBJECT).x5c(&[pki.stranger.certificate().as_der()]),
            signer: other_signer,
        },
        RequestSignature {
            client_id: &own,
            header: SigningHeader::new(REQUEST_OBJECT).x5c(&chain),
            signer: signer(house, service, request),
        },
    ];
    Ok(multi_sign(claims, &signatures)?.to_string())
}

/// What the practice attester says of the service (12).
fn attestation(house: &House, service: &Service, request: &Request, now: Timestamp) -> Result<String, JwsError> {
    let pki = house.pki();
    let address = answer_address(house, service, request);
    let elsewhere = format!("{address}/elsewhere");
    let allowed = match request.spec.fault {
        Some(RequestFault::AttestedElsewhere) => [elsewhere.as_str()],
        _ => [address.as_str()],
    };
    let ended = request.has_fault(RequestFault::AttestationExpired);
    let attestation = AttestationToSign {
        issuer: HOST,
        subject: match request.spec.fault {
            Some(RequestFault::AttestationOfAnother) => "another-service",
            _ => &service.path,
        },
        key: &service.certified(pki).signer().public_key(),
        redirect_uris: Some(&allowed),
        expires_at: Timestamp::from_unix(now.as_unix() + if ended { -DAY } else { DAY }),
    };
    let attester = if request.has_fault(RequestFault::UntrustedAttester) {
        &pki.stranger
    } else {
        &pki.attester
    };
    attestation.sign(std::slice::from_ref(attester.certificate()), attester.signer())
}

/// The service's certificate and its authority, as far as that is not the anchor itself.
fn chain<'a>(house: &'a House, service: &Service) -> Vec<&'a Certificate> {
    let leaf = service.certified(house.pki()).certificate();
    if service.name == ServiceName::TooMuch {
        vec![leaf]
    } else {
        vec![leaf, house.pki().services_authority.certificate()]
    }
}

fn signer<'a>(house: &'a House, service: &Service, request: &Request) -> &'a SigningKey {
    if request.has_fault(RequestFault::BadSignature) {
        // A key that is nobody's here.
        return house.pki().status_signer.signer();
    }
    service.certified(house.pki()).signer()
}
