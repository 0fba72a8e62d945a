//! What can be asked of the sandbox: the bodies of `POST /control/offer` and `POST /control/request`, the faults it can play,
//! and what it answers.

use serde::{Deserialize, Serialize};

mod asking;

pub use crate::catalogue::DocumentType;
pub use asking::{
    ClientIdPrefix, RequestFault, RequestMethod, RequestSpec, RequestUriMethod, ResponseModeName, ServiceName,
};

/// An offer to make.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferSpec {
    /// The document to offer.
    pub name: DocumentType,
    /// More documents of the same issuer in the same offer.
    #[serde(default)]
    pub also: Vec<DocumentType>,
    /// Whom it is about: an id of `data/people.json`; the usual person of the document when absent.
    #[serde(default)]
    pub person: Option<String>,
    /// Whether a code is needed as well (`tx_code`); the document's custom when absent.
    #[serde(default)]
    pub tx_code: Option<bool>,
    /// Whether the link holds the offer or points at it.
    #[serde(default)]
    pub by: By,
    /// Seconds until the offer is void; 0 makes one that is void already. 15 minutes when absent.
    #[serde(default)]
    pub expires_in: Option<u32>,
    /// How the document is to be had: by a code in the offer, or by signing in.
    #[serde(default)]
    pub grant: GrantName,
    /// How often a wallet that comes for the document is told to wait, where it is not ready at once.
    #[serde(default)]
    pub deferred: Option<u32>,
    /// Whether requests and responses are encrypted.
    #[serde(default)]
    pub encryption: Option<EncryptionName>,
    /// Whether encrypted responses may be compressed (`zip`).
    #[serde(default)]
    pub zip: bool,
    /// How the wallet authenticates itself.
    #[serde(default)]
    pub client_auth: ClientAuthName,
    /// Whether tokens are bound to a key (DPoP), with the server's nonces.
    #[serde(default)]
    pub dpop: bool,
    /// How keys are proved.
    #[serde(default)]
    pub proof: ProofName,
    /// How many copies one request may ask for; the document's custom when absent.
    #[serde(default)]
    pub batch_size: Option<u32>,
    /// HAIP 1.0: attested wallets, pushed requests, bound tokens, `scope`.
    #[serde(default)]
    pub haip: bool,
    /// Another protocol than OpenID4VCI 1.0.
    #[serde(default)]
    pub dialect: Option<DialectName>,
    /// What is different when the document is had anew with a refresh token; nothing when absent.
    #[serde(default)]
    pub again: Option<Again>,
    /// Something to go wrong.
    #[serde(default)]
    pub fault: Option<OfferFault>,
}

impl OfferSpec {
    /// An ordinary offer of this document.
    #[must_use]
    pub const fn of(name: DocumentType) -> Self {
        Self {
            name,
            also: Vec::new(),
            person: None,
            tx_code: None,
            by: By::Value,
            expires_in: None,
            grant: GrantName::PreAuthorizedCode,
            deferred: None,
            encryption: None,
            zip: false,
            client_auth: ClientAuthName::None,
            dpop: false,
            proof: ProofName::Jwt,
            batch_size: None,
            haip: false,
            dialect: None,
            again: None,
            fault: None,
        }
    }
}

/// How a document is to be had (OpenID4VCI 1.0, 4.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum GrantName {
    /// The offer carries a code.
    #[default]
    #[serde(rename = "pre-authorized_code")]
    PreAuthorizedCode,
    /// The person signs in.
    #[serde(rename = "authorization_code")]
    AuthorizationCode,
}

/// How a document that is had anew differs from the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// The person's details changed meanwhile: one is another, one is gone, one is new.
    #[serde(default)]
    pub changed: bool,
    /// Something goes wrong then, and not before.
    #[serde(default)]
    pub fault: Option<OfferFault>,
    /// How often a wallet is told to wait then.
    #[serde(default)]
    pub deferred: Option<u32>,
}

/// Whether messages are encrypted (OpenID4VCI 1.0, 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EncryptionName {
    /// They may be.
    Offered,
    /// They must be.
    Required,
}

/// How a wallet authenticates itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ClientAuthName {
    /// Not at all, or by name.
    #[default]
    #[serde(rename = "none")]
    None,
    /// With a key that was told by `POST /control/client`.
    #[serde(rename = "private_key_jwt")]
    PrivateKeyJwt,
    /// With an attestation of the practice wallet provider.
    #[serde(rename = "attest_jwt_client_auth")]
    Attestation,
}

/// How keys are proved (OpenID4VCI 1.0, F).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ProofName {
    /// By a `jwt` proof each.
    #[default]
    #[serde(rename = "jwt")]
    Jwt,
    /// By a `jwt` proof each, with a key attestation in its header.
    #[serde(rename = "jwt+key_attestation")]
    JwtWithAttestation,
    /// By a key attestation alone.
    #[serde(rename = "attestation")]
    Attestation,
}

/// Another protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum DialectName {
    /// GOV.UK Wallet's profile of draft 14.
    #[serde(rename = "govuk")]
    GovUk,
}

/// How a link carries an offer (OpenID4VCI 1.0, 4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum By {
    /// `credential_offer`.
    #[default]
    Value,
    /// `credential_offer_uri`.
    Reference,
}

/// The signed lists to serve from now on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSpec {
    /// The services whose registration is withdrawn.
    #[serde(default)]
    pub withdrawn_services: Vec<ServiceName>,
    /// The documents whose signer is revoked by its authority: all that issuer signs.
    #[serde(default)]
    pub revoked_signers: Vec<DocumentType>,
    /// The documents whose issuer signs its metadata, so says the list.
    #[serde(default)]
    pub signs_metadata: Vec<DocumentType>,
    /// Something to be wrong with both lists.
    #[serde(default)]
    pub fault: Option<ListFault>,
}

/// What can be wrong with the signed lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ListFault {
    /// Older than any list this sandbox served before.
    Older,
    /// Expired a minute ago.
    Expired,
    /// Issued tomorrow.
    FromTheFuture,
    /// Changed after it was signed.
    Tampered,
    /// Signed by a service.
    WrongSigner,
}

/// What can go wrong while a document is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OfferFault {
    /// The issuer's signature on the document is broken.
    BadSignature,
    /// The document is bound to somebody else's key.
    WrongKey,
    /// Another type of document than promised.
    WrongType,
    /// The document ended yesterday.
    ExpiredDocument,
    /// The first nonce is refused with `invalid_nonce`; the next one works.
    InvalidNonceOnce,
    /// Every nonce is refused with `invalid_nonce`.
    InvalidNonceAlways,
    /// One copy fewer than keys were proved.
    MissingCopy,
    /// Every copy is bound to the first of the keys that were proved.
    SharedKey,
    /// The copies come in another order than the proofs; legal (OpenID4VCI 1.0, 8.2).
    ReverseOrder,
    /// The token endpoint answers with a bare 500.
    #[serde(rename = "error-500-on-token")]
    Error500OnToken,
    /// The credential endpoint answers with a bare 500.
    #[serde(rename = "error-500-on-credential")]
    Error500OnCredential,
    /// The credential endpoint breaks the connection in the middle of its reply.
    DropConnectionOnCredential,
    /// The reply of the credential endpoint is not JSON.
    NotJson,
    /// The answer to the sign-in names another authorization server in `iss`.
    WrongIss,
    /// The answer to the sign-in has no `iss`, which the metadata promises.
    MissingIss,
    /// The answer to the sign-in has another `state`.
    WrongState,
    /// The answer to the sign-in has no `state`.
    MissingState,
    /// The token response does not say how long the token is good; legal.
    NoExpiresIn,
    /// `token_type` in odd case; legal.
    OddTokenType,
    /// The scheme of the DPoP challenge in odd case; legal.
    OddDpopScheme,
    /// Every DPoP proof is refused with another nonce.
    DpopNonceForever,
    /// The response is plain although an encrypted one was asked for.
    PlainResponse,
    /// The response is encrypted to somebody else.
    OtherEncryptionKey,
    /// The response is small as it comes and large once it is unpacked.
    ZipBomb,
    /// A deferred document whose handle changes each time.
    ChangingTransaction,
    /// A deferred document that is refused in the end.
    DeferredDenied,
    /// Each refresh is refused.
    NoRefresh,
    /// There is no refresh token.
    NoRefreshToken,
    /// A refresh token is used up by its first use, even where the wallet never hears of the next one; usually it counts until
    /// the next one is used.
    RefreshTokenOnce,
    /// Every copy has the same place in the status list.
    SharedStatus,
    /// Metadata of a hundred megabytes.
    HugeMetadata,
    /// Metadata that comes a byte at a time and never ends.
    SlowMetadata,
    /// Metadata behind redirects that never end.
    EndlessRedirects,
    /// Metadata behind a redirect to another host.
    ForeignRedirect,
    /// Metadata of another issuer.
    OtherIssuerMetadata,
    /// Authorization server metadata with another `issuer`.
    OtherServerMetadata,
    /// Metadata nested a hundred thousand levels deep.
    DeepMetadata,
    /// Names with control characters and marks that turn the direction of text.
    BidiNames,
    /// The credential endpoint is at an address inside the network.
    InternalEndpoint,
}

impl OfferFault {
    /// Those that show before an offer is taken up, and are therefore part of the issuer's address.
    const ABOUT_METADATA: [(&'static str, Self); 9] = [
        ("huge-metadata", Self::HugeMetadata),
        ("slow-metadata", Self::SlowMetadata),
        ("endless-redirects", Self::EndlessRedirects),
        ("foreign-redirect", Self::ForeignRedirect),
        ("other-issuer-metadata", Self::OtherIssuerMetadata),
        ("other-server-metadata", Self::OtherServerMetadata),
        ("deep-metadata", Self::DeepMetadata),
        ("bidi-names", Self::BidiNames),
        ("internal-endpoint", Self::InternalEndpoint),
    ];

    pub(crate) fn is_about_metadata(self) -> bool {
        Self::ABOUT_METADATA.iter().any(|(_, fault)| *fault == self)
    }

    pub(crate) fn about_metadata(word: &str) -> Option<Self> {
        let found = Self::ABOUT_METADATA.iter().find(|(known, _)| *known == word);
        found.map(|(_, fault)| *fault)
    }

    pub(crate) fn word(self) -> String {
        let found = Self::ABOUT_METADATA.iter().find(|(_, fault)| *fault == self);
        found.map_or_else(String::new, |(word, _)| (*word).to_owned())
    }
}

/// An offer that was made.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct MadeOffer {
    /// For `GET /control/offer/ID`.
    pub id: String,
    /// The document.
    pub name: DocumentType,
    /// The link.
    pub uri: String,
    /// The code that goes with it.
    pub tx_code: Option<String>,
}

/// A request that was made.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct MadeRequest {
    /// For `GET /control/request/ID`.
    pub id: String,
    /// The service.
    pub name: ServiceName,
    /// The link.
    pub uri: String,
}
