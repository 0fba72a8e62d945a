//! Who may: client authentication, DPoP, and everything that is good once or for a while: pushed requests, codes, nonces,
//! challenges, the names of proofs that were seen.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use axum::http::HeaderMap;
use url::Url;
use wallet_credentials::crypto::{PublicKey, RandomError, VerificationKey};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Role, TrustAnchor, TrustAnchors};
use wallet_protocols::http::{HttpResponse, decode_form};
use wallet_protocols::oauth::attestation::{self, AttestationError, ClientAttestation};
use wallet_protocols::oauth::client::{ASSERTION_TYPE, verify_assertion};
use wallet_protocols::oauth::dpop::{self, DpopRefusal, DpopServer, Expected};
use wallet_protocols::openid4vci::issuer::{AuthorizationParameters, Refusal};

use crate::house::House;
use crate::offers::{Grant, Offer};
use crate::random::unguessable;
use crate::spec::{ClientAuthName, OfferFault};
use crate::variant::IssuerAt;

/// How many of each thing are remembered; the oldest go first.
const MOST: usize = 2_000;
/// How long a pushed request stands (RFC 9126, 2.2).
pub(crate) const PUSHED_LIFE: Duration = Duration::from_secs(10 * 60);
/// How long a code is good.
const CODE_LIFE: Duration = Duration::from_secs(60);
/// How long nonces, challenges and names are remembered.
const NONCE_LIFE: Duration = Duration::from_secs(10 * 60);

/// Things that are good for a while, by a name nobody can guess.
pub(crate) struct Fleeting<T> {
    entries: VecDeque<(String, Timestamp, T)>,
}

impl<T> Default for Fleeting<T> {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
        }
    }
}

impl<T> Fleeting<T> {
    /// Keeps a thing until `until`.
    pub(crate) fn keep(&mut self, name: String, until: Timestamp, thing: T, now: Timestamp) {
        self.entries.retain(|(_, end, _)| now < *end);
        if self.entries.len() >= MOST {
            self.entries.pop_front();
        }
        self.entries.push_back((name, until, thing));
    }

    /// Makes a name and keeps a thing under it.
    pub(crate) fn make(&mut self, life: Duration, thing: T, now: Timestamp) -> Result<String, RandomError> {
        let name = unguessable(24)?;
        self.keep(name.clone(), now.plus(life), thing, now);
        Ok(name)
    }

    pub(crate) fn find(&self, name: &str, now: Timestamp) -> Option<&T> {
        let found = self.entries.iter().find(|(known, end, _)| known == name && now < *end);
        found.map(|(_, _, thing)| thing)
    }

    pub(crate) fn find_mut(&mut self, name: &str, now: Timestamp) -> Option<&mut T> {
        let mut entries = self.entries.iter_mut();
        let found = entries.find(|(known, end, _)| known == name && now < *end);
        found.map(|(_, _, thing)| thing)
    }

    /// Takes a thing away: it is good once.
    pub(crate) fn take(&mut self, name: &str, now: Timestamp) -> Option<T> {
        let place = self
            .entries
            .iter()
            .position(|(known, end, _)| known == name && now < *end)?;
        self.entries.remove(place).map(|(_, _, thing)| thing)
    }
}

/// An authorization request that waits for the person.
pub(crate) struct Pushed {
    pub(crate) at: IssuerAt,
    pub(crate) parameters: AuthorizationParameters,
}

/// What a code stands for.
pub(crate) struct Code {
    pub(crate) at: IssuerAt,
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: String,
}

/// Everything of this file that is remembered.
#[derive(Default)]
pub(crate) struct Access {
    pub(crate) pushed: Fleeting<Pushed>,
    pub(crate) codes: Fleeting<Code>,
    /// Challenges for wallet attestations, and for the wallet provider.
    pub(crate) challenges: Fleeting<()>,
    dpop_nonces: Fleeting<DpopServer>,
    /// Names of proofs and assertions, so that none is used twice.
    seen: Fleeting<()>,
    /// Keys of clients that authenticate by `private_key_jwt`.
    clients: HashMap<String, PublicKey>,
}

impl Access {
    pub(crate) fn code(&mut self, code: Code, now: Timestamp) -> Result<String, RandomError> {
        self.codes.make(CODE_LIFE, code, now)
    }

    pub(crate) fn challenge(&mut self, now: Timestamp) -> Result<String, RandomError> {
        self.challenges.make(NONCE_LIFE, (), now)
    }

    pub(crate) fn dpop_nonce(&mut self, server: DpopServer, now: Timestamp) -> Result<String, RandomError> {
        self.dpop_nonces.make(NONCE_LIFE, server, now)
    }

    /// Whether a name was not seen before; it is now.
    fn first_use(&mut self, kind: &str, name: &str, now: Timestamp) -> bool {
        let name = format!("{kind} {name}");
        if self.seen.find(&name, now).is_some() {
            return false;
        }
        self.seen.keep(name, now.plus(NONCE_LIFE), (), now);
        true
    }

    /// Remembers a client and its key; a few only.
    pub(crate) fn register(&mut self, client_id: &str, key: PublicKey) -> bool {
        if self.clients.len() >= MOST && !self.clients.contains_key(client_id) {
            return false;
        }
        self.clients.insert(client_id.to_owned(), key);
        true
    }
}

/// Authenticates the wallet as this form of the issuer asks; gives its name, where it has one.
pub(crate) fn client(
    house: &House,
    at: IssuerAt,
    headers: &HeaderMap,
    form: &[u8],
) -> Result<Option<String>, HttpResponse> {
    let parameters = decode_form(form).map_err(|_| Refusal::InvalidRequest.response())?;
    let find = |name: &str| {
        let found = parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    };
    let named = find("client_id");
    let (now, server) = (house.now(), at.url(house));
    match at.variant.client_auth() {
        ClientAuthName::None => Ok(named.map(str::to_owned)),
        ClientAuthName::PrivateKeyJwt => {
            let refused = || Refusal::InvalidClient.response();
            let client_id = named.ok_or_else(refused)?;
            let assertion = find("client_assertion")
                .filter(|_| find("client_assertion_type") == Some(ASSERTION_TYPE))
                .ok_or_else(refused)?;
            let mut access = house.access();
            let key = access.clients.get(client_id).copied().ok_or_else(refused)?;
            let jti = verify_assertion(assertion, client_id, &VerificationKey::from(key), &server, now)
                .map_err(|_| refused())?;
            if !access.first_use("assertion", &jti, now) {
                return Err(refused());
            }
            Ok(Some(client_id.to_owned()))
        }
        ClientAuthName::Attestation => {
            let found = attested(house, headers, &server);
            let client_id = match found {
                Ok(client_id) => client_id,
                Err(AttestationError::Challenge) => {
                    let fresh = house.access().challenge(now);
                    return Err(match fresh {
                        Ok(challenge) => attestation::challenge_refusal(&challenge),
                        Err(_) => Refusal::InvalidClientAttestation.response(),
                    });
                }
                Err(_) => return Err(Refusal::InvalidClientAttestation.response()),
            };
            if named.is_some_and(|named| named != client_id) {
                return Err(Refusal::InvalidClient.response());
            }
            Ok(Some(client_id))
        }
    }
}

fn attested(house: &House, headers: &HeaderMap, server: &str) -> Result<String, AttestationError> {
    let (Some(jwt), Some(proof)) = (
        only(headers, attestation::HEADER),
        only(headers, attestation::PROOF_HEADER),
    ) else {
        return Err(AttestationError::Malformed);
    };
    let now = house.now();
    let attestation = ClientAttestation::verify_chain(jwt, &provider_anchors(house), now)?;
    let mut access = house.access();
    let challenges = &access.challenges;
    let ours = |given: Option<&str>| given.is_some_and(|given| challenges.find(given, now).is_some());
    let jti = attestation::verify_proof(proof, &attestation, server, ours, now)?;
    if !access.first_use("attestation", &jti, now) {
        return Err(AttestationError::OtherAudience);
    }
    Ok(attestation.client_id().to_owned())
}

/// Whom practice issuers trust for attestations.
pub(crate) fn provider_anchors(house: &House) -> TrustAnchors {
    let authority = house.pki().provider_authority.certificate().clone();
    [TrustAnchor::authority(authority, Role::WalletProvider)]
        .into_iter()
        .collect()
}

/// A request that may carry a DPoP proof.
pub(crate) struct Presented<'a> {
    pub(crate) server: DpopServer,
    pub(crate) headers: &'a HeaderMap,
    /// The last segment of the address.
    pub(crate) endpoint: &'a str,
    pub(crate) access_token: Option<&'a str>,
    /// What is to go wrong.
    pub(crate) fault: Option<OfferFault>,
}

/// Checks the DPoP proof of a request, where it has one or needs one; gives the thumbprint of its key.
pub(crate) fn proof_of_possession(
    house: &House,
    at: IssuerAt,
    presented: &Presented<'_>,
) -> Result<Option<String>, HttpResponse> {
    let Presented {
        server,
        headers,
        endpoint,
        access_token,
        fault,
    } = *presented;
    let refused = || match server {
        DpopServer::Authorization => Refusal::InvalidDpopProof.response(),
        DpopServer::Resource => Refusal::InvalidToken.response(),
    };
    let needed = at.variant.needs_dpop();
    let Some(proof) = only(headers, "dpop") else {
        let absent = headers.get("dpop").is_none() && !needed;
        return if absent { Ok(None) } else { Err(refused()) };
    };
    let url = Url::parse(&format!("{}/{endpoint}", at.url(house))).map_err(|_| refused())?;
    let expected = Expected {
        method: "POST",
        url: &url,
        access_token,
    };
    let now = house.now();
    let mut access = house.access();
    let nonces = &access.dpop_nonces;
    let ours = |given: Option<&str>| match given {
        _ if fault == Some(OfferFault::DpopNonceForever) => false,
        Some(given) => nonces.find(given, now) == Some(&server),
        None => !needed,
    };
    match dpop::verify(proof, &expected, ours, now) {
        Ok(verified) if access.first_use("dpop", &verified.jti, now) => Ok(Some(dpop::jkt(&verified.key))),
        Err(DpopRefusal::Nonce) => {
            let nonce = access.dpop_nonce(server, now).map_err(|_| refused())?;
            Err(match server {
                DpopServer::Authorization => dpop::authorization_challenge(&nonce),
                DpopServer::Resource if fault == Some(OfferFault::OddDpopScheme) => {
                    dpop::resource_challenge("dPoP", &nonce)
                }
                DpopServer::Resource => dpop::resource_challenge("DPoP", &nonce),
            })
        }
        _ => Err(refused()),
    }
}

/// The offer and grant of the access token of a request, with proof of possession where the token is bound.
pub(crate) fn token_of(
    house: &House,
    at: IssuerAt,
    headers: &HeaderMap,
    endpoint: &str,
) -> Result<(Offer, Grant), HttpResponse> {
    let refused = || Refusal::InvalidToken.response();
    let (scheme, token) = only(headers, "authorization")
        .and_then(|value| value.split_once(' '))
        .ok_or_else(refused)?;
    let token = token.trim();
    let found = house
        .offers()
        .by_token(at, token, house.now())
        .map(|(offer, grant)| (offer.clone(), grant.clone()));
    let (offer, grant) = found.ok_or_else(refused)?;
    let bound = scheme.eq_ignore_ascii_case("dpop");
    if bound != grant.jkt.is_some() || !(bound || scheme.eq_ignore_ascii_case("bearer")) {
        return Err(refused());
    }
    if bound {
        let presented = Presented {
            server: DpopServer::Resource,
            headers,
            endpoint,
            access_token: Some(token),
            fault: offer.fault,
        };
        let jkt = proof_of_possession(house, at, &presented)?;
        if jkt != grant.jkt {
            return Err(refused());
        }
    }
    Ok((offer, grant))
}

/// A fresh nonce beside an answer, where this form of the issuer wants them (RFC 9449, 8.2 and 9).
pub(crate) fn with_nonce(house: &House, at: IssuerAt, server: DpopServer, response: HttpResponse) -> HttpResponse {
    if !at.variant.needs_dpop() || response.header("dpop-nonce").is_some() {
        return response;
    }
    let made = house.access().dpop_nonce(server, house.now());
    match made {
        Ok(nonce) => response.with_header("dpop-nonce", nonce),
        Err(_) => response,
    }
}

/// The value of a header that is there exactly once.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    #[test]
    fn what_is_fleeting_ends_and_is_taken_once() {
        let mut things = Fleeting::default();
        let name = things.make(Duration::from_secs(10), 7, NOW).unwrap();
        assert_eq!(things.find(&name, NOW), Some(&7));
        let late = NOW.plus(Duration::from_secs(10));
        assert_eq!(things.find(&name, late), None);
        assert_eq!(things.take(&name, NOW), Some(7));
        assert_eq!(things.take(&name, NOW), None);
        for _ in 0..MOST + 5 {
            things.make(Duration::from_secs(10), 1, NOW).unwrap();
        }
        assert_eq!(things.entries.len(), MOST);
    }

    #[test]
    fn a_name_is_used_once_in_each_kind() {
        let mut access = Access::default();
        assert!(access.first_use("dpop", "a", NOW));
        assert!(!access.first_use("dpop", "a", NOW));
        assert!(access.first_use("assertion", "a", NOW));
    }
}
