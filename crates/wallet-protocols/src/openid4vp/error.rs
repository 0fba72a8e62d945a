//! Why a request is not answered, and what an authenticated service is told about it (OpenID4VP 1.0, 8.5).

use wallet_credentials::jose::JwsError;
use wallet_credentials::jose::did_web::DidWebError;
use wallet_credentials::trust::ChainError;

use super::authenticate::VerifierIdentity;
use super::client_id::{ClientId, ClientIdError};
use super::response::AuthorizationErrorCode;
use super::transaction_data::TransactionDataProblem;
use crate::dcql::DcqlError;
use crate::endpoint::EndpointError;
use crate::http::HttpRequest;

/// Why a request is not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The text is not a link this module knows, or too long.
    #[error("not a presentation request link")]
    NotARequestLink,
    /// Parameters are repeated, too many, or exclude each other.
    #[error("the link's parameters contradict each other")]
    Parameters,
    /// There is no `client_id` beside the `request_uri` (5.10.1).
    #[error("`client_id` is missing")]
    ClientIdMissing,
    /// The client identifier is refused.
    #[error(transparent)]
    ClientId(#[from] ClientIdError),
    /// `request_uri_method` is neither `get` nor `post`, or stands without `request_uri` (5.10).
    #[error("`request_uri_method` is not acceptable")]
    RequestUriMethod,
    /// The address of the request object is not acceptable.
    #[error("`request_uri` is not acceptable: {0}")]
    RequestUri(EndpointError),
    /// The request object could not be fetched (5.10.2).
    #[error("the request object could not be fetched: status {status}")]
    NotFetched {
        /// The HTTP status.
        status: u16,
    },
    /// Not a request object, or members of the wrong type.
    #[error("the request object is malformed")]
    Malformed,
    /// `typ` is not `oauth-authz-req+jwt` (5).
    #[error("the request object has another type")]
    Type,
    /// The client identifier inside differs from the one outside (5.10.1).
    #[error("the client identifiers differ")]
    ClientIdMismatch,
    /// The prefix is one this wallet does not authenticate: `openid_federation`.
    #[error("the kind of client identifier is not supported")]
    ClientIdNotSupported,
    /// No prefix this specification defines: a client that would have to be registered beforehand, and none is (5.9.2).
    #[error("the client is not registered with this wallet")]
    NotRegistered,
    /// The DID document that holds the signer's key was not fetched ([`UnverifiedRequest::to_fetch`]).
    ///
    /// [`UnverifiedRequest::to_fetch`]: super::UnverifiedRequest::to_fetch
    #[error("the DID document was not fetched")]
    DidDocumentMissing,
    /// The did:web or its document is not acceptable, or has no such key.
    #[error("the DID document is not acceptable: {0}")]
    Did(DidWebError),
    /// The Verifier Attestation JWT is missing, malformed, expired, or about another client (12).
    #[error("the verifier attestation is not acceptable")]
    Attestation,
    /// A prefix that needs a signed request came without, or `redirect_uri:` with one (5.9.3).
    #[error("the request is signed and must not be, or the other way round")]
    SignedOrNot,
    /// The certificate, key or name does not fit the client identifier (5.9.3).
    #[error("the signer is not who the client identifier names")]
    OtherSigner,
    /// A certificate of the chain is not usable.
    #[error("the signer's certificate is not acceptable: {0}")]
    Chain(ChainError),
    /// The signature does not verify, or is of an unacceptable algorithm.
    #[error("the request object's signature is not acceptable: {0}")]
    Signature(JwsError),
    /// The request is too old, or from the future.
    #[error("the request has expired or is not valid yet")]
    NotCurrent,
    /// The request object does not repeat the `wallet_nonce` (5.10.1).
    #[error("`wallet_nonce` was not repeated")]
    WalletNonce,
    /// `response_type` is not `vp_token` (5.4).
    #[error("the response type is not supported")]
    ResponseType,
    /// `response_mode` is none of `fragment`, `direct_post` and `direct_post.jwt`, or over the Digital Credentials API neither
    /// `dc_api` nor `dc_api.jwt`.
    #[error("the response mode is not supported")]
    ResponseMode,
    /// `redirect_uri` stands beside `direct_post` (8.2).
    #[error("`redirect_uri` is not allowed with direct post")]
    RedirectUri,
    /// `response_uri` is missing, not acceptable, or not the client's (5.9.3, 8.2).
    #[error("`response_uri` is missing or not acceptable")]
    ResponseUri,
    /// `nonce` is missing, empty, too long, or has other than unreserved characters (5.2).
    #[error("`nonce` is missing or not acceptable")]
    Nonce,
    /// `state` is not acceptable, or is missing although no holder binding is asked for (5.3).
    #[error("`state` is missing or not acceptable")]
    State,
    /// Not exactly one of `dcql_query` and `scope` (5.1); pre-1.0 queries are no query.
    #[error("not exactly one of `dcql_query` and `scope`")]
    QueryOrScope,
    /// A query by `scope`, which this wallet does not know.
    #[error("queries by scope are not supported")]
    Scope,
    /// The query is not valid.
    #[error("the query is not valid: {0}")]
    Query(#[from] DcqlError),
    /// An entry of `transaction_data` is of no known type, or breaks a rule of its type (5.1, 8.4).
    #[error("the transaction data is not acceptable: {0}")]
    TransactionData(#[from] TransactionDataProblem),
    /// `expected_origins` is missing or does not name the caller (A.2).
    #[error("the request is meant for another origin")]
    Origin,
    /// Not a protocol of the Digital Credentials API this wallet speaks (A.1).
    #[error("the protocol is not supported")]
    Protocol,
    /// No key or algorithm to encrypt the response with (8.3).
    #[error("the response cannot be encrypted for this service")]
    Encryption,
}

impl RequestError {
    /// The code a service may be told, once it is sure that it is the one who asked.
    pub fn code(self) -> AuthorizationErrorCode {
        match self {
            Self::RequestUriMethod => AuthorizationErrorCode::InvalidRequestUriMethod,
            Self::TransactionData(_) => AuthorizationErrorCode::InvalidTransactionData,
            Self::Scope => AuthorizationErrorCode::InvalidScope,
            _ => AuthorizationErrorCode::InvalidRequest,
        }
    }
}

/// A request that is not answered with presentations.
#[derive(Debug)]
pub struct RefusedRequest {
    /// Why.
    pub error: RequestError,
    pub(super) answer: Option<Box<ErrorResponse>>,
}

/// An error response, and whom it is for.
#[derive(Debug)]
pub(super) struct ErrorResponse {
    pub(super) client_id: ClientId,
    pub(super) verifier: VerifierIdentity,
    pub(super) message: HttpRequest,
}

impl RefusedRequest {
    /// The error response (8.5), where there is somebody to give it to: the request is signed, by who the client identifier
    /// names, and in date; the `response_uri` is the client's; only what it asks for breaks a rule; and `known` says that the
    /// signer is known. In every other case nothing may leave: an answer tells whoever asks that there is a wallet.
    pub fn answer_to(self, known: impl FnOnce(&ClientId, &VerifierIdentity) -> bool) -> Option<HttpRequest> {
        let answer = self.answer?;
        known(&answer.client_id, &answer.verifier).then_some(answer.message)
    }

    /// The error response for a signer that leads to one of the trust anchors; see [`RefusedRequest::answer_to`].
    pub fn answer(self) -> Option<HttpRequest> {
        self.answer_to(|_, verifier| verifier.is_trusted())
    }
}

impl From<RequestError> for RefusedRequest {
    fn from(error: RequestError) -> Self {
        Self { error, answer: None }
    }
}
