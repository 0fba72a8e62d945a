//! Proof of possession of the key a token is bound to (RFC 9449).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use url::Url;
use wallet_credentials::crypto::{CryptoError, PublicKey, Random, RandomError, Signer, VerificationKey, sha256};
use wallet_credentials::jose::{self, Jws, JwsError, SigningHeader, base64url};
use wallet_credentials::time::Timestamp;

use super::{challenges, error_code, unguessable};
use crate::http::{HttpRequest, HttpResponse, Method};
use crate::json as bounded;

/// `typ` of a proof.
const TYPE: &str = "dpop+jwt";
/// The header that carries a proof.
const HEADER: &str = "dpop";
/// The header in which a server gives its nonce.
const NONCE_HEADER: &str = "dpop-nonce";
/// The scheme of `Authorization` and `WWW-Authenticate`.
const SCHEME: &str = "DPoP";
/// The longest nonce that is kept, in bytes.
const MAX_NONCE: usize = 4096;
/// The longest proof that is read, in bytes.
const MAX_PROOF: usize = 16 * 1024;
/// How many servers' nonces are kept.
const MAX_SERVERS: usize = 32;
/// How often in a row a server may ask for another nonce.
const MAX_CHALLENGES: u8 = 2;
/// How far the time of a proof may lie from now, in seconds.
const PROOF_AGE: i64 = 300;

/// Which kind of server a request goes to: each gives out nonces of its own, even when both have one address (RFC 9449, 8
/// and 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DpopServer {
    /// The authorization server: pushed requests and tokens.
    Authorization,
    /// The Credential Issuer: nonces for key proofs, credentials, notifications.
    Resource,
}

/// A proof could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DpopError {
    /// The source of randomness failed.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The key could not sign.
    #[error("the proof could not be signed")]
    NotSigned(#[from] JwsError),
}

/// The newest nonce of each server. Lives as long as the journey.
#[derive(Debug, Default)]
pub struct DpopNonces {
    known: BTreeMap<(String, DpopServer), Known>,
}

#[derive(Debug, Default)]
struct Known {
    nonce: Option<String>,
    challenged: u8,
}

impl DpopNonces {
    /// Lays a fresh proof over a request, in place of one that is there: for this method and address, with the server's
    /// newest nonce, and with `ath` where the request carries an access token (RFC 9449, 4.2). A request with a token of
    /// type Bearer is left as it is.
    ///
    /// # Errors
    /// [`DpopError`].
    pub fn prove(
        &self,
        request: &mut HttpRequest,
        server: DpopServer,
        signer: &dyn Signer,
        now: Timestamp,
        random: &mut dyn Random,
    ) -> Result<(), DpopError> {
        let token = match request.header("authorization").and_then(|value| value.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case(SCHEME) => Some(token.to_owned()),
            Some(_) => return Ok(()),
            None => None,
        };
        let mut claims = Map::new();
        claims.insert("jti".to_owned(), json!(unguessable(random)?));
        claims.insert("htm".to_owned(), json!(method(request.method)));
        claims.insert("htu".to_owned(), json!(without_query(&request.url)));
        claims.insert("iat".to_owned(), json!(now.as_unix()));
        if let Some(token) = token {
            claims.insert("ath".to_owned(), json!(base64url::encode(&sha256(token.as_bytes()))));
        }
        if let Some(nonce) = self.nonce(&request.url, server) {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        let header = SigningHeader::new(TYPE).jwk(&signer.public_key());
        let proof = header.sign_json(&Value::Object(claims), signer)?;
        request.set_header(HEADER, proof);
        Ok(())
    }

    /// Remembers the nonce an answer brings, and says whether the answer asks for the request to be sent once more with it:
    /// then [`DpopNonces::prove`] again. A server that keeps asking is told so twice and then believed to have failed.
    ///
    /// Every answer is worth showing to this, those of the nonce endpoint (OpenID4VCI 1.0, 7.2) and errors included.
    pub fn again(&mut self, request: &HttpRequest, server: DpopServer, response: &HttpResponse) -> bool {
        let place = (request.url.origin().ascii_serialization(), server);
        let fresh = response.header(NONCE_HEADER).filter(|nonce| {
            let good = |byte: u8| byte.is_ascii_graphic();
            !nonce.is_empty() && nonce.len() <= MAX_NONCE && nonce.bytes().all(good)
        });
        let asks = asks_for_nonce(response) && request.header(HEADER).is_some();
        if !self.known.contains_key(&place) && (self.known.len() >= MAX_SERVERS || (fresh.is_none() && !asks)) {
            return false;
        }
        let known = self.known.entry(place).or_default();
        if let Some(fresh) = fresh {
            known.nonce = Some(fresh.to_owned());
        }
        if !asks {
            known.challenged = 0;
            return false;
        }
        known.challenged = known.challenged.saturating_add(1);
        fresh.is_some() && known.challenged <= MAX_CHALLENGES
    }

    fn nonce(&self, url: &Url, server: DpopServer) -> Option<&str> {
        let place = (url.origin().ascii_serialization(), server);
        self.known.get(&place)?.nonce.as_deref()
    }
}

/// Whether an answer is the challenge of RFC 9449, 8 (an error of an authorization server) or 9 (a `WWW-Authenticate` of a
/// resource server, whatever the case of its scheme).
fn asks_for_nonce(response: &HttpResponse) -> bool {
    match response.status {
        400 => error_code(response).as_deref() == Some("use_dpop_nonce"),
        401 => {
            let in_header = response
                .headers_named("www-authenticate")
                .flat_map(challenges::read)
                .any(|challenge| challenge.scheme == "dpop" && challenge.parameter("error") == Some("use_dpop_nonce"));
            in_header || error_code(response).as_deref() == Some("use_dpop_nonce")
        }
        _ => false,
    }
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
    }
}

/// `htu`: the address without query and fragment (RFC 9449, 4.2).
fn without_query(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// The thumbprint of a key as `jkt` and `dpop_jkt` have it (RFC 9449, 6.1 and 10).
#[must_use]
pub fn jkt(key: &PublicKey) -> String {
    base64url::encode(&key.thumbprint())
}

/// Why a proof is refused; the server's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DpopRefusal {
    /// Not a JWT with the claims of RFC 9449, 4.2.
    #[error("the DPoP proof is malformed")]
    Malformed,
    /// The signature does not verify with the key in the header.
    #[error("the DPoP proof is not signed by its key")]
    Signature,
    /// For another method or address.
    #[error("the DPoP proof is for another request")]
    OtherRequest,
    /// Too old, or from the future.
    #[error("the DPoP proof is out of time")]
    Age,
    /// For another access token.
    #[error("the DPoP proof is for another access token")]
    OtherToken,
    /// Without the nonce of this server, or with an old one.
    #[error("the DPoP proof has no nonce of this server")]
    Nonce,
}

/// What a proof is to prove.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The address of the request; its query does not count.
    pub url: &'a Url,
    /// The access token of the request, when it carries one.
    pub access_token: Option<&'a str>,
}

/// A proof that verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedProof {
    /// The key it proves possession of.
    pub key: PublicKey,
    /// Its unique name, to notice a second use.
    pub jti: String,
}

/// Verifies a proof (RFC 9449, 4.3). `is_ours` is asked about the nonce, or about there being none.
///
/// # Errors
/// [`DpopRefusal`].
pub fn verify(
    proof: &str,
    expected: &Expected<'_>,
    is_ours: impl FnOnce(Option<&str>) -> bool,
    now: Timestamp,
) -> Result<VerifiedProof, DpopRefusal> {
    if proof.len() > MAX_PROOF {
        return Err(DpopRefusal::Malformed);
    }
    let jws = Jws::parse(proof).map_err(|_| DpopRefusal::Malformed)?;
    let jwk = jws.header().jwk.as_ref().ok_or(DpopRefusal::Malformed)?;
    let key = PublicKey::from_jwk(jwk).map_err(|_: CryptoError| DpopRefusal::Malformed)?;
    if !jws.header().is_type(TYPE) {
        return Err(DpopRefusal::Malformed);
    }
    let payload = jws
        .verify(&VerificationKey::from(key))
        .map_err(|_| DpopRefusal::Signature)?;
    let claims = bounded::parse(&payload, MAX_PROOF).map_err(|_| DpopRefusal::Malformed)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let htu = text("htu")
        .and_then(|htu| Url::parse(htu).ok())
        .ok_or(DpopRefusal::Malformed)?;
    if text("htm") != Some(expected.method) || without_query(&htu) != without_query(expected.url) {
        return Err(DpopRefusal::OtherRequest);
    }
    let issued_at = claims
        .get("iat")
        .and_then(jose::numeric_date)
        .ok_or(DpopRefusal::Malformed)?;
    if now.seconds_since(issued_at).abs() > PROOF_AGE {
        return Err(DpopRefusal::Age);
    }
    let hash = expected
        .access_token
        .map(|token| base64url::encode(&sha256(token.as_bytes())));
    if hash.is_some() && text("ath") != hash.as_deref() {
        return Err(DpopRefusal::OtherToken);
    }
    if !is_ours(text("nonce")) {
        return Err(DpopRefusal::Nonce);
    }
    Ok(VerifiedProof {
        key,
        jti: text("jti").ok_or(DpopRefusal::Malformed)?.to_owned(),
    })
}

/// The challenge of an authorization server (RFC 9449, 8).
#[must_use]
pub fn authorization_challenge(nonce: &str) -> HttpResponse {
    HttpResponse::json(400, &json!({"error": "use_dpop_nonce"})).with_header(NONCE_HEADER, nonce)
}

/// The challenge of a resource server (RFC 9449, 9); `scheme` is `DPoP` in whatever case.
#[must_use]
pub fn resource_challenge(scheme: &str, nonce: &str) -> HttpResponse {
    HttpResponse::json(401, &json!({"error": "use_dpop_nonce"}))
        .with_header(
            "www-authenticate",
            format!("{scheme} error=\"use_dpop_nonce\", algs=\"ES256\""),
        )
        .with_header(NONCE_HEADER, nonce)
}
