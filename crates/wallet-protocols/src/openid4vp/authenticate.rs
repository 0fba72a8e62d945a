//! Who signed a request object: the rules of each client identifier prefix (OpenID4VP 1.0, 5.9.3).

use serde_json::{Map, Value};
use wallet_credentials::crypto::VerificationKey;
use wallet_credentials::jose::did_web::{DidDocument, DidWeb};
use wallet_credentials::jose::{Jws, base64url, did};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{Certificate, ChainError, Profile, TrustAnchor, TrustAnchors, verify_chain};

use super::client_id::{ClientId, ClientIdPrefix};
use super::error::RequestError;
use super::{MAX_MESSAGE, REQUEST_OBJECT, attestation};
use crate::json;

/// The most signatures of a request that are looked at.
const MAX_SIGNATURES: usize = 16;

/// Who asks, as far as cryptography says.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum VerifierIdentity {
    /// A certificate, the signer's first. `trusted_by` is the anchor it leads to; without one somebody signed, and nobody
    /// this wallet knows vouches for them.
    Certificate {
        /// The chain as sent.
        chain: Vec<Certificate>,
        /// The anchor.
        trusted_by: Option<TrustAnchor>,
    },
    /// A key of a DID. `did:jwk` and `did:key` name themselves: the same party as last time, and no more. For `did:web` the
    /// domain in the client identifier vouches.
    Key(VerificationKey),
    /// A key that a Verifier Attestation JWT vouches for (12).
    Attested {
        /// `iss` of the attestation.
        issuer: String,
        /// The certificates of its signer.
        chain: Vec<Certificate>,
        /// The anchor they lead to.
        trusted_by: TrustAnchor,
        /// The key that signed the request.
        key: VerificationKey,
    },
    /// Nobody signed.
    Unsigned,
}

impl VerifierIdentity {
    /// Whether somebody this wallet trusts vouches for the signer.
    pub fn is_trusted(&self) -> bool {
        matches!(
            self,
            Self::Attested { .. }
                | Self::Certificate {
                    trusted_by: Some(_),
                    ..
                }
        )
    }
}

/// What authentication needs beside the request.
pub(super) struct Grounds<'a> {
    pub(super) anchors: &'a TrustAnchors,
    pub(super) now: Timestamp,
    pub(super) did_document: Option<&'a DidDocument>,
}

/// A request whose signer is settled.
pub(super) struct Authenticated {
    pub(super) claims: Map<String, Value>,
    pub(super) identity: VerifierIdentity,
    /// `redirect_uris` of a Verifier Attestation JWT, one of which the answer must go to.
    pub(super) redirect_uris: Option<Vec<String>>,
}

/// Verifies a request object in compact form and gives its claims.
pub(super) fn request_object(
    text: &str,
    client_id: &ClientId,
    grounds: &Grounds<'_>,
) -> Result<Authenticated, RequestError> {
    let jws = Jws::parse(text).map_err(|_| RequestError::Malformed)?;
    let signed = jws.header().alg != "none";
    // Of a JWT that nobody signed nothing can be confused with anything; the conformance suite sends them without `typ`.
    if !jws.header().is_type(REQUEST_OBJECT) && (signed || jws.header().typ.is_some()) {
        return Err(RequestError::Type);
    }
    let mut redirect_uris = None;
    let (payload, identity) = match client_id.prefix() {
        ClientIdPrefix::RedirectUri => {
            // Requests of this prefix cannot be signed; an unsecured JWT is how they travel by reference.
            if signed || !text.ends_with('.') {
                return Err(RequestError::SignedOrNot);
            }
            let payload = jws.dangerous_unverified_payload();
            (
                payload.map_err(|_| RequestError::Malformed)?,
                VerifierIdentity::Unsigned,
            )
        }
        ClientIdPrefix::X509Hash | ClientIdPrefix::X509SanDns => signed_by_certificate(&jws, client_id, grounds)?,
        ClientIdPrefix::DecentralizedIdentifier => {
            let key = did_key(&jws, client_id, grounds)?;
            let payload = jws.verify(&key).map_err(RequestError::Signature)?;
            (payload, VerifierIdentity::Key(key))
        }
        ClientIdPrefix::VerifierAttestation => {
            let attested = attestation::verify(jws.header(), client_id, grounds)?;
            redirect_uris = attested.redirect_uris;
            let payload = jws.verify(&attested.key).map_err(RequestError::Signature)?;
            let identity = VerifierIdentity::Attested {
                issuer: attested.issuer,
                chain: attested.chain,
                trusted_by: attested.trusted_by,
                key: attested.key,
            };
            (payload, identity)
        }
        ClientIdPrefix::OpenidFederation => return Err(RequestError::ClientIdNotSupported),
        ClientIdPrefix::PreRegistered => return Err(RequestError::NotRegistered),
    };
    match json::parse(&payload, MAX_MESSAGE) {
        Ok(Value::Object(claims)) => Ok(Authenticated {
            claims,
            identity,
            redirect_uris,
        }),
        _ => Err(RequestError::Malformed),
    }
}

fn did_key(jws: &Jws<'_>, client_id: &ClientId, grounds: &Grounds<'_>) -> Result<VerificationKey, RequestError> {
    let kid = jws.header().kid.as_deref().ok_or(RequestError::OtherSigner)?;
    if kid.split('#').next() != Some(client_id.value()) {
        return Err(RequestError::OtherSigner);
    }
    if DidWeb::parse(client_id.value()).is_err() {
        return did::resolve(kid).map_err(|_| RequestError::OtherSigner);
    }
    let document = grounds.did_document.ok_or(RequestError::DidDocumentMissing)?;
    document.verification_key(kid).cloned().map_err(RequestError::Did)
}

fn signed_by_certificate(
    jws: &Jws<'_>,
    client_id: &ClientId,
    grounds: &Grounds<'_>,
) -> Result<(Vec<u8>, VerifierIdentity), RequestError> {
    let chain = certificates(&jws.header().x5c)?;
    let leaf = chain.first().ok_or(RequestError::OtherSigner)?;
    let named = match client_id.prefix() {
        ClientIdPrefix::X509Hash => base64url::encode(&leaf.sha256()) == client_id.value(),
        _ => leaf
            .dns_names()
            .iter()
            .any(|name| name.eq_ignore_ascii_case(client_id.value())),
    };
    if !named {
        return Err(RequestError::OtherSigner);
    }
    let key = leaf.verification_key().map_err(|_| RequestError::OtherSigner)?;
    let payload = jws.verify(&key).map_err(RequestError::Signature)?;
    let trusted_by = match verify_chain(&chain, grounds.anchors, grounds.now, Profile::Reader) {
        Ok(anchor) => Some(anchor.clone()),
        Err(ChainError::UnknownIssuer) => None,
        Err(reason) => return Err(RequestError::Chain(reason)),
    };
    Ok((payload, VerifierIdentity::Certificate { chain, trusted_by }))
}

/// The certificates of an `x5c` header.
pub(super) fn certificates(x5c: &[Vec<u8>]) -> Result<Vec<Certificate>, RequestError> {
    x5c.iter()
        .map(|der| Certificate::from_der(der).map_err(|_| RequestError::Malformed))
        .collect()
}

/// A request in JWS JSON general serialisation (RFC 7515, 7.2.1): one payload, a signature for each client identifier (A.3.2.2).
pub(super) struct MultiSigned {
    payload: String,
    signatures: Vec<(String, String)>,
}

impl MultiSigned {
    pub(super) fn parse(value: &Value) -> Result<Self, RequestError> {
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let signatures = value.get("signatures").and_then(Value::as_array);
        let signatures = signatures
            .filter(|list| (1..=MAX_SIGNATURES).contains(&list.len()))
            .ok_or(RequestError::Malformed)?
            .iter()
            .map(|entry| Some((text(entry, "protected")?, text(entry, "signature")?)))
            .collect::<Option<Vec<_>>>()
            .ok_or(RequestError::Malformed)?;
        let payload = text(value, "payload").ok_or(RequestError::Malformed)?;
        let whole = |part: &String| !part.contains('.');
        if !whole(&payload)
            || !signatures
                .iter()
                .all(|(header, signature)| whole(header) && whole(signature))
        {
            return Err(RequestError::Malformed);
        }
        Ok(Self { payload, signatures })
    }

    /// Finds a signature that is in order: one valid signature is enough, one whose signer is trusted is preferred. Where the
    /// client identifier is settled already, only its own signatures count.
    pub(super) fn authenticate(
        &self,
        expected: Option<&ClientId>,
        grounds: &Grounds<'_>,
    ) -> Result<(ClientId, Authenticated), RequestError> {
        let mut best: Result<(ClientId, Authenticated), RequestError> = Err(RequestError::ClientIdMismatch);
        for (header, signature) in &self.signatures {
            match self.one(header, signature, expected, grounds) {
                Ok(found) if found.1.identity.is_trusted() => return Ok(found),
                Ok(found) if best.is_err() => best = Ok(found),
                // The first refusal of the client's own signature says more than that another is not its own.
                Err(error) if error != RequestError::ClientIdMismatch && best.is_err() => best = Err(error),
                _ => {}
            }
        }
        best
    }

    fn one(
        &self,
        header: &str,
        signature: &str,
        expected: Option<&ClientId>,
        grounds: &Grounds<'_>,
    ) -> Result<(ClientId, Authenticated), RequestError> {
        let text = format!("{header}.{}.{signature}", self.payload);
        let jws = Jws::parse(&text).map_err(|_| RequestError::Malformed)?;
        let members = &jws.header().members;
        let named = members.get("client_id").and_then(Value::as_str);
        let client_id = ClientId::parse(named.ok_or(RequestError::ClientIdMissing)?)?;
        if expected.is_some_and(|expected| *expected != client_id) {
            return Err(RequestError::ClientIdMismatch);
        }
        let mut found = request_object(&text, &client_id, grounds)?;
        // Both belong to a signature, and must not be in what all signatures share.
        for name in ["client_id", "verifier_info"] {
            if found.claims.contains_key(name) {
                return Err(RequestError::Malformed);
            }
            if let Some(value) = members.get(name) {
                found.claims.insert(name.to_owned(), value.clone());
            }
        }
        Ok((client_id, found))
    }
}

/// The client identifier a signed request claims inside: which rule must verify it.
pub(super) fn claimed_client_id(text: &str) -> Result<ClientId, RequestError> {
    let jws = Jws::parse(text).map_err(|_| RequestError::Malformed)?;
    let payload = jws
        .dangerous_unverified_payload()
        .map_err(|_| RequestError::Malformed)?;
    let claims = json::parse(&payload, MAX_MESSAGE).map_err(|_| RequestError::Malformed)?;
    let named = claims.get("client_id").and_then(Value::as_str);
    Ok(ClientId::parse(named.ok_or(RequestError::ClientIdMissing)?)?)
}
