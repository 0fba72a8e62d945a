//! The service's end of OpenID4VP 1.0, for the practice sandbox and for tests.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use wallet_credentials::crypto::{AgreementKey, PublicKey, Signer};
use wallet_credentials::jose::{ContentEncryption, EncryptionKey, JwsError, SigningHeader, base64url, jwe};
use wallet_credentials::mdoc::SessionTranscript;
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::Certificate;

use super::client_id::ClientId;
use super::link::RequestUriMethod;
use super::{MAX_MESSAGE, REQUEST_OBJECT, VERIFIER_ATTESTATION};
use crate::http::{HttpResponse, decode_form, encode_form};
use crate::json;

/// The most presentations for one query that are read.
const MAX_PRESENTATIONS: usize = 64;

/// A request a service makes.
pub struct RequestToSend<'a> {
    /// Who asks.
    pub client_id: &'a ClientId,
    /// Where the answer goes.
    pub response_uri: &'a str,
    /// A fresh random text of unreserved characters.
    pub nonce: &'a str,
    /// To be echoed.
    pub state: Option<&'a str>,
    /// What is asked for.
    pub dcql_query: &'a Value,
    /// `direct_post.jwt` with this key, made for this request only; `None` for `direct_post`.
    pub encrypt_to: Option<&'a EncryptionKey>,
    /// What the service calls itself.
    pub client_name: Option<&'a str>,
    /// The wallet's `wallet_nonce`, when it sent one.
    pub wallet_nonce: Option<&'a str>,
    /// When the request was made.
    pub issued_at: Timestamp,
    /// Until when an answer is waited for.
    pub expires_at: Option<Timestamp>,
}

impl RequestToSend<'_> {
    /// The claims of the request object (5.1).
    pub fn claims(&self) -> Value {
        let mut metadata = json!({
            "vp_formats_supported": {
                "dc+sd-jwt": {"sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"]},
                "mso_mdoc": {"issuerauth_alg_values": [-7, -9], "deviceauth_alg_values": [-7, -9]},
            },
        });
        let mut claims = json!({
            "response_type": "vp_token",
            "response_mode": if self.encrypt_to.is_some() { "direct_post.jwt" } else { "direct_post" },
            "client_id": self.client_id.as_str(),
            "response_uri": self.response_uri,
            "aud": "https://self-issued.me/v2",
            "nonce": self.nonce,
            "dcql_query": self.dcql_query,
            "iat": self.issued_at.as_unix(),
        });
        if let Some(members) = metadata.as_object_mut() {
            if let Some(key) = self.encrypt_to {
                let enc = [ContentEncryption::A128Gcm.as_str(), ContentEncryption::A256Gcm.as_str()];
                members.insert("jwks".to_owned(), json!({"keys": [key.to_jwk()]}));
                members.insert("encrypted_response_enc_values_supported".to_owned(), json!(enc));
            }
            if let Some(name) = self.client_name {
                members.insert("client_name".to_owned(), json!(name));
            }
        }
        if let Some(members) = claims.as_object_mut() {
            let optional = [("state", self.state), ("wallet_nonce", self.wallet_nonce)];
            for (name, value) in optional {
                if let Some(value) = value {
                    members.insert(name.to_owned(), json!(value));
                }
            }
            if let Some(end) = self.expires_at {
                members.insert("exp".to_owned(), json!(end.as_unix()));
            }
            members.insert("client_metadata".to_owned(), metadata);
        }
        claims
    }

    /// The request object, signed with the key of the first certificate; the chain goes without its anchor (HAIP 5).
    ///
    /// # Errors
    /// [`JwsError::NotSigned`].
    pub fn sign(&self, chain: &[Certificate], signer: &dyn Signer) -> Result<String, JwsError> {
        let chain: Vec<&[u8]> = chain.iter().map(Certificate::as_der).collect();
        SigningHeader::new(REQUEST_OBJECT)
            .x5c(&chain)
            .sign_json(&self.claims(), signer)
    }

    /// The transcript mdoc presentations must be bound to (B.2.6.1).
    pub fn session_transcript(&self) -> SessionTranscript {
        let thumbprint = self.encrypt_to.map(|key| key.key.thumbprint());
        SessionTranscript::openid4vp(
            self.client_id.as_str(),
            self.nonce,
            thumbprint.as_ref(),
            self.response_uri,
        )
    }
}

/// Turns the claims of a request into one whose answer comes back in the fragment of this address (`fragment`, 8.1).
pub fn answer_in_fragment(claims: &mut Value, redirect_uri: &str) {
    if let Some(members) = claims.as_object_mut() {
        members.remove("response_uri");
        members.insert("response_mode".to_owned(), json!("fragment"));
        members.insert("redirect_uri".to_owned(), json!(redirect_uri));
    }
}

/// A request object nobody signs: how requests of the prefix `redirect_uri` travel by reference.
pub fn unsigned(claims: &Value) -> String {
    let header = json!({"alg": "none", "typ": REQUEST_OBJECT}).to_string();
    let claims = claims.to_string();
    format!(
        "{}.{}.",
        base64url::encode(header.as_bytes()),
        base64url::encode(claims.as_bytes())
    )
}

/// A link that holds a whole unsigned request (5, "url_query").
pub fn unsigned_link(scheme: &str, claims: &Map<String, Value>) -> String {
    let texts: Vec<(&str, String)> = claims
        .iter()
        .map(|(name, value)| {
            (
                name.as_str(),
                value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            )
        })
        .collect();
    let parameters: Vec<(&str, &str)> = texts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    format!("{scheme}://?{}", encode_form(&parameters))
}

/// A request object signed with the key a DID document has under `kid`.
///
/// # Errors
/// [`JwsError::NotSigned`].
pub fn sign_with_did(claims: &Value, kid: &str, signer: &dyn Signer) -> Result<String, JwsError> {
    SigningHeader::new(REQUEST_OBJECT).kid(kid).sign_json(claims, signer)
}

/// A request object signed with a key that a Verifier Attestation JWT vouches for (12).
///
/// # Errors
/// [`JwsError::NotSigned`].
pub fn sign_attested(claims: &Value, attestation: &str, signer: &dyn Signer) -> Result<String, JwsError> {
    SigningHeader::new(REQUEST_OBJECT)
        .member("jwt", attestation.into())
        .sign_json(claims, signer)
}

/// What a Verifier Attestation JWT says (12).
pub struct AttestationToSign<'a> {
    /// Who attests; a host that the attester's certificate names.
    pub issuer: &'a str,
    /// The client identifier without its prefix.
    pub subject: &'a str,
    /// The key the service signs with.
    pub key: &'a PublicKey,
    /// Where answers may go; anywhere, when absent.
    pub redirect_uris: Option<&'a [&'a str]>,
    /// Until when it counts.
    pub expires_at: Timestamp,
}

impl AttestationToSign<'_> {
    /// Signs it with the key of the attester's first certificate.
    ///
    /// # Errors
    /// [`JwsError::NotSigned`].
    pub fn sign(&self, chain: &[Certificate], signer: &dyn Signer) -> Result<String, JwsError> {
        let chain: Vec<&[u8]> = chain.iter().map(Certificate::as_der).collect();
        let mut claims = json!({
            "iss": self.issuer,
            "sub": self.subject,
            "exp": self.expires_at.as_unix(),
            "cnf": {"jwk": self.key.to_jwk()},
        });
        if let (Some(uris), Some(members)) = (self.redirect_uris, claims.as_object_mut()) {
            members.insert("redirect_uris".to_owned(), json!(uris));
        }
        SigningHeader::new(VERIFIER_ATTESTATION)
            .x5c(&chain)
            .sign_json(&claims, signer)
    }
}

/// One signature of a request that is signed for several trust frameworks.
pub struct RequestSignature<'a> {
    /// Who signs in this framework.
    pub client_id: &'a ClientId,
    /// The header with what that client identifier needs: `x5c`, `kid` or `jwt`.
    pub header: SigningHeader,
    /// The key.
    pub signer: &'a dyn Signer,
}

/// A request object in JWS JSON general serialisation (A.3.2.2). `client_id` moves from the claims into each header.
///
/// # Errors
/// [`JwsError::NotSigned`].
pub fn multi_sign(claims: &Value, signatures: &[RequestSignature<'_>]) -> Result<Value, JwsError> {
    let mut claims = claims.clone();
    if let Some(members) = claims.as_object_mut() {
        members.remove("client_id");
    }
    let payload = claims.to_string();
    let signatures = signatures.iter().map(|signature| {
        let header = signature.header.clone().member("typ", REQUEST_OBJECT.into());
        let header = header.member("client_id", signature.client_id.as_str().into());
        let signed = header.sign(payload.as_bytes(), signature.signer)?;
        let mut parts = signed.split('.');
        let (protected, signature) = (parts.next(), parts.next_back());
        Ok(json!({"protected": protected, "signature": signature}))
    });
    Ok(json!({
        "payload": base64url::encode(payload.as_bytes()),
        "signatures": signatures.collect::<Result<Vec<_>, JwsError>>()?,
    }))
}

/// The link that leads to a request object (5.10), in a scheme such as `openid4vp`.
pub fn request_link(scheme: &str, client_id: &ClientId, request_uri: &str, method: RequestUriMethod) -> String {
    let mut parameters = vec![("client_id", client_id.as_str()), ("request_uri", request_uri)];
    if method == RequestUriMethod::Post {
        parameters.push(("request_uri_method", "post"));
    }
    format!("{scheme}://?{}", encode_form(&parameters))
}

/// The response that carries a request object.
pub fn request_object_response(object: String) -> HttpResponse {
    HttpResponse::new(200, &format!("application/{REQUEST_OBJECT}"), object)
}

/// The `wallet_nonce` of a POST to the `request_uri`.
///
/// # Errors
/// [`UnreadableResponse`].
pub fn read_wallet_nonce(body: &[u8]) -> Result<Option<String>, UnreadableResponse> {
    let parameters = decode_form(body).map_err(|_| UnreadableResponse)?;
    Ok(parameters
        .into_iter()
        .find(|(name, _)| name == "wallet_nonce")
        .map(|(_, value)| value))
}

/// What a wallet posted cannot be read: not a form, not decryptable, or not of the shape of section 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the response cannot be read")]
pub struct UnreadableResponse;

/// What a wallet posted to the `response_uri`.
pub enum ReceivedResponse {
    /// Presentations by query identifier; none of them is verified yet.
    Presented {
        /// The `vp_token`.
        vp_token: BTreeMap<String, Vec<String>>,
        /// The echoed state.
        state: Option<String>,
    },
    /// The person said no, or something went wrong.
    Refused {
        /// The error code.
        code: String,
        /// The echoed state.
        state: Option<String>,
    },
}

impl ReceivedResponse {
    /// Reads a form body. With a key only an encrypted response is taken, without one only a plain one; a refusal may be
    /// plain in any case.
    ///
    /// # Errors
    /// [`UnreadableResponse`].
    pub fn read(body: &[u8], key: Option<&AgreementKey>) -> Result<Self, UnreadableResponse> {
        let form = decode_form(body).map_err(|_| UnreadableResponse)?;
        let get = |name: &str| {
            form.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.as_str())
        };
        if let Some(code) = get("error") {
            return Ok(Self::Refused {
                code: code.chars().take(64).collect(),
                state: get("state").map(str::to_owned),
            });
        }
        match (get("response"), get("vp_token"), key) {
            (Some(encrypted), None, Some(key)) => {
                let opened = jwe::decrypt(encrypted, key).map_err(|_| UnreadableResponse)?;
                match json::parse(&opened.plaintext, MAX_MESSAGE) {
                    Ok(Value::Object(members)) => Self::from_members(&members),
                    _ => Err(UnreadableResponse),
                }
            }
            (None, Some(token), None) => Ok(Self::Presented {
                vp_token: vp_token(&json::parse(token.as_bytes(), MAX_MESSAGE).map_err(|_| UnreadableResponse)?)?,
                state: get("state").map(str::to_owned),
            }),
            _ => Err(UnreadableResponse),
        }
    }

    fn from_members(members: &Map<String, Value>) -> Result<Self, UnreadableResponse> {
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        if let Some(code) = text("error") {
            return Ok(Self::Refused {
                code,
                state: text("state"),
            });
        }
        Ok(Self::Presented {
            vp_token: vp_token(members.get("vp_token").ok_or(UnreadableResponse)?)?,
            state: text("state"),
        })
    }
}

fn vp_token(value: &Value) -> Result<BTreeMap<String, Vec<String>>, UnreadableResponse> {
    let entries = value
        .as_object()
        .filter(|entries| !entries.is_empty())
        .ok_or(UnreadableResponse)?;
    entries
        .iter()
        .map(|(id, presentations)| {
            let presentations = presentations
                .as_array()
                .filter(|list| !list.is_empty() && list.len() <= MAX_PRESENTATIONS)
                .ok_or(UnreadableResponse)?;
            let texts = presentations
                .iter()
                .map(|text| text.as_str().map(str::to_owned))
                .collect::<Option<_>>();
            Ok((id.clone(), texts.ok_or(UnreadableResponse)?))
        })
        .collect()
}

/// The service's reply to a response it took (8.2).
pub fn reply(redirect_uri: Option<&str>) -> HttpResponse {
    match redirect_uri {
        Some(uri) => HttpResponse::json(200, &json!({"redirect_uri": uri})),
        None => HttpResponse::json(200, &json!({})),
    }
}
