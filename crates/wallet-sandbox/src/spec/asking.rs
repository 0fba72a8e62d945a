//! What can be asked of the services: the body of `POST /control/request`, and the faults of requests.

use serde::{Deserialize, Serialize};

/// A request to make.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSpec {
    /// The service that asks.
    pub name: ServiceName,
    /// How the service names itself; its custom when absent.
    #[serde(default)]
    pub client_id_prefix: Option<ClientIdPrefix>,
    /// How the answer travels; the service's custom when absent.
    #[serde(default)]
    pub response_mode: Option<ResponseModeName>,
    /// `get` or `post`; the service's custom when absent.
    #[serde(default)]
    pub request_uri_method: Option<RequestUriMethod>,
    /// Seconds until the request is void; 15 minutes when absent.
    #[serde(default)]
    pub expires_in: Option<u32>,
    /// Whether the reply names a page to return to (`redirect_uri`). Yes when absent.
    #[serde(default)]
    pub redirect: Option<bool>,
    /// How the request travels; by reference when absent.
    #[serde(default)]
    pub request_method: Option<RequestMethod>,
    /// Whether the request has a `state`. Yes when absent.
    #[serde(default)]
    pub state: Option<bool>,
    /// `transaction_data` entries as JSON objects (OpenID4VP 1.0, 8.4).
    #[serde(default)]
    pub transaction_data: Option<Vec<serde_json::Value>>,
    /// Another DCQL query than the service's own, as it is (OpenID4VP 1.0, 6).
    #[serde(default)]
    pub dcql_query: Option<serde_json::Value>,
    /// Something to go wrong.
    #[serde(default)]
    pub fault: Option<RequestFault>,
}

impl RequestSpec {
    /// An ordinary request of this service.
    #[must_use]
    pub const fn of(name: ServiceName) -> Self {
        Self {
            name,
            client_id_prefix: None,
            response_mode: None,
            request_uri_method: None,
            expires_in: None,
            redirect: None,
            request_method: None,
            state: None,
            transaction_data: None,
            dcql_query: None,
            fault: None,
        }
    }
}

/// The practice services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ServiceName {
    /// A surgery that registers patients.
    GpRegistration,
    /// A shop that checks an age.
    ShopAge,
    /// An employer's right to work check.
    EmployerRightToWork,
    /// A lender that asks for too much and is on no register.
    TooMuch,
}

impl ServiceName {
    /// Every service.
    pub const ALL: [Self; 4] = [
        Self::GpRegistration,
        Self::ShopAge,
        Self::EmployerRightToWork,
        Self::TooMuch,
    ];

    /// The name used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GpRegistration => "gp-registration",
            Self::ShopAge => "shop-age",
            Self::EmployerRightToWork => "employer-right-to-work",
            Self::TooMuch => "too-much",
        }
    }
}

/// Client Identifier Prefixes the services use (OpenID4VP 1.0, 5.9.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientIdPrefix {
    /// The hash of the certificate.
    X509Hash,
    /// A DNS name of the certificate.
    X509SanDns,
    /// The address of the answer: the request is unsigned.
    RedirectUri,
    /// A key that the practice attester vouches for.
    VerifierAttestation,
    /// `decentralized_identifier` with a did:jwk.
    DidJwk,
    /// `decentralized_identifier` with a did:key.
    DidKey,
    /// `decentralized_identifier` with a did:web of this sandbox; its document is at `/services/SERVICE/did.json`.
    DidWeb,
    /// `openid_federation`, which no wallet here follows.
    OpenidFederation,
    /// A name without prefix, as if registered beforehand.
    PreRegistered,
}

/// How a request travels (OpenID4VP 1.0, 5 and A.3.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RequestMethod {
    /// By reference.
    RequestUri,
    /// The request object in the link (`request`).
    Value,
    /// All of it in the link; for `redirect_uri` only, as nobody signs.
    UrlQuery,
    /// By reference, in JWS JSON serialisation with two signatures; for prefixes with certificates.
    MultiSigned,
}

/// Response modes the services use (OpenID4VP 1.0, 8.2 and 8.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ResponseModeName {
    /// Plain.
    #[serde(rename = "direct_post")]
    DirectPost,
    /// Encrypted.
    #[serde(rename = "direct_post.jwt")]
    DirectPostJwt,
    /// In the fragment of an address that the browser of the same device opens.
    #[serde(rename = "fragment")]
    Fragment,
}

/// `request_uri_method` (OpenID4VP 1.0, 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RequestUriMethod {
    /// GET.
    Get,
    /// POST, with `wallet_nonce`.
    Post,
}

/// What can go wrong around a request. Most make a request a wallet must refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RequestFault {
    /// The signature of the request object is broken.
    BadSignature,
    /// The request object expired yesterday.
    Expired,
    /// The link names another `client_id` than the request object.
    ClientIdMismatch,
    /// A Client Identifier Prefix that does not exist.
    UnknownPrefix,
    /// `typ` of the request object is `JWT`.
    WrongTyp,
    /// No `nonce`.
    MissingNonce,
    /// `redirect_uri` beside `response_uri`.
    RedirectUri,
    /// `transaction_data` of a type nobody knows.
    UnknownTransactionData,
    /// Another `wallet_nonce` than was sent.
    WrongWalletNonce,
    /// `response_uri` is of another host than `x509_san_dns` names.
    ForeignResponseUri,
    /// `response_uri` is another than the `redirect_uri` client identifier.
    ResponseUriNotClientId,
    /// Issued tomorrow.
    FromTheFuture,
    /// One of two signatures is broken; legal.
    OneInvalidSignature,
    /// Two encryption keys no wallet can use before the one it can; legal.
    UnusableEncryptionKeys,
    /// No encryption key that a wallet could use.
    NoUsableEncryptionKey,
    /// Another `iss`, an unknown parameter, an encryption key without `use`; legal.
    Alternate,
    /// The Verifier Attestation JWT ended yesterday.
    AttestationExpired,
    /// The Verifier Attestation JWT is about another service.
    AttestationOfAnother,
    /// The Verifier Attestation JWT allows answers to another address only.
    AttestedElsewhere,
    /// The Verifier Attestation JWT is by nobody wallets trust.
    UntrustedAttester,
    /// The DID document is not there.
    NoDidDocument,
    /// The DID document is about another DID.
    DidDocumentOfAnother,
    /// The DID document has another key under the name of the signer's.
    DidDocumentWithAnotherKey,
    /// Signed, although requests of the prefix `redirect_uri` cannot be.
    SignedRedirectUri,
    /// Nobody signed, and the client identifier says that somebody did.
    Unsigned,
    /// The key to encrypt to is not a point of its curve.
    EncryptionKeyOffTheCurve,
    /// The key to encrypt to does not say its `alg`.
    EncryptionKeyWithoutAlg,
    /// No content encryption that wallets have.
    UnsupportedEnc,
    /// A response mode that does not exist.
    UnknownResponseMode,
    /// A nonce with spaces.
    NonceWithSpace,
    /// `scope` beside the query.
    QueryAndScope,
    /// No query.
    NoQuery,
    /// Two credential queries of one name.
    DuplicateQueryIds,
    /// A query with 2⁶⁴ ways of answering that nobody can give; legal.
    ExponentialSets,
    /// `transaction_data` that is no base64url.
    MalformedTransactionData,
    /// `transaction_data` that allows no hash algorithm wallets have.
    TransactionDataHashAlgorithm,
    /// The request object is larger than any wallet reads.
    HugeRequestObject,
    /// The request object's address leads to another address.
    RedirectedRequest,
    /// A second required document that nobody has.
    NothingMatches,
    /// An optional set that nobody can answer; legal.
    OptionalNothingMatches,
    /// The connection breaks while the request object is sent.
    DropConnectionOnRequest,
    /// The request object's address answers with a bare 500.
    #[serde(rename = "error-500-on-request")]
    Error500OnRequest,
    /// The answer is received and recorded, and the connection breaks while the reply is sent.
    DropConnectionOnResponse,
    /// The answer's address answers with a bare 500 and records nothing.
    #[serde(rename = "error-500")]
    Error500,
    /// The answer is refused with 400 and `invalid_request`.
    #[serde(rename = "error-400")]
    Error400,
    /// The reply to the answer has an empty body; legal.
    EmptyReply,
    /// The reply to the answer is HTML.
    HtmlReply,
}
