//! Exactly what would leave, to whom, and why: narrowed before anybody is asked.

use jiff::Timestamp;
use wallet_credentials::jwt_vc;
use wallet_credentials::mdoc::NarrowedMdoc;
use wallet_credentials::sd_jwt_vc;
use wallet_protocols::openid4vp::PresentationRequest;

use super::agreement::Agreement;
use super::record::{Record, RecordedDocument};
use crate::keys::QuestionId;
use crate::store::holder_keys::KeyId;
use crate::view::{PathView, RequestView, ShowQuestionView};

/// A credential reduced to the details that would leave. The rest is not in it.
pub enum Narrowed {
    /// SD-JWT VC.
    SdJwtVc(sd_jwt_vc::Narrowed),
    /// ISO mdoc.
    Mdoc(NarrowedMdoc),
    /// JWT VC: all of it, because it cannot be reduced. What it would show is read out of the very token that would leave.
    JwtVc(Box<jwt_vc::Whole>),
}

/// The values a code shown in person is bound to.
pub struct OfflineTerms {
    /// When it begins, seconds since 1970.
    pub issued_at: u64,
    /// When it ends, seconds since 1970.
    pub expires_at: u64,
    /// Random, so that two codes differ.
    pub salt: Vec<u8>,
}

/// Who would get the details. The proposal is bound to it, so nobody can agree to one and send to another.
pub enum Recipient {
    /// The service that made this verified request.
    Service(Box<PresentationRequest>),
    /// Anyone who reads the code before it ends.
    AnyoneWhoReads(OfflineTerms),
}

/// A document that would answer a part of the question.
pub struct ProposedCandidate {
    /// The document as it is called.
    pub document: RecordedDocument,
    /// Its docType or `vct`.
    pub type_id: String,
    /// Which of the query's `claim_sets` it answers with, where there are several.
    pub claim_set: Option<u32>,
    /// The copy that would be used.
    pub copy: String,
    /// The copy is one of several and is used once.
    pub one_time: bool,
    /// The key it is bound to.
    pub key: KeyId,
    /// What would leave.
    pub credential: Narrowed,
    /// Paths of what would leave.
    pub claims: Vec<PathView>,
    /// Their labels.
    pub labels: Vec<String>,
}

/// One part of the question.
pub struct ProposedPart {
    /// Id of the DCQL query.
    pub query: String,
    /// Several documents may answer it together (OpenID4VP 1.0, 6.1 `multiple`).
    pub multiple: bool,
    /// It leaves in no case: the service may not ask for it.
    pub closed: bool,
    /// What could answer, the one proposed first.
    pub candidates: Vec<ProposedCandidate>,
}

/// Parts that stand for each other (OpenID4VP 1.0, 6.2): each option is a list of DCQL queries, the one proposed first.
#[derive(Debug, Clone)]
pub struct ProposedSet {
    /// One option is answered in any case.
    pub required: bool,
    /// The options.
    pub options: Vec<Vec<String>>,
}

impl ProposedSet {
    /// One set with one option: all of these parts.
    #[must_use]
    pub fn all_of(parts: &[ProposedPart]) -> Self {
        Self {
            required: true,
            options: vec![parts.iter().map(|part| part.query.clone()).collect()],
        }
    }
}

/// The question as it is drawn.
pub enum Drawn {
    /// On the request page.
    Request(Box<RequestView>),
    /// On the page before a code is shown.
    Show(Box<ShowQuestionView>),
}

/// Exactly what would leave, to whom, why, and how it is drawn.
pub struct DisclosureProposal {
    /// Id of the question.
    pub question: QuestionId,
    /// The stored request this question answers; a code shown in person has none.
    pub request: Option<String>,
    /// Id of the service among the parties.
    pub party: Option<String>,
    /// Who would get it.
    pub recipient: Recipient,
    /// What could leave, part by part.
    pub parts: Vec<ProposedPart>,
    /// Which of the parts are answered.
    pub sets: Vec<ProposedSet>,
    /// What a yes agrees to beyond sharing: every entry of the request's transaction data, in order.
    pub agreements: Vec<Agreement>,
    /// The facts of the exchange, for the history.
    pub record: Record,
    /// Warnings stand that need their own yes.
    pub needs_second_yes: bool,
    /// The wallet does not let this leave.
    pub blocked: bool,
    /// When the question ends.
    pub expires_at: Timestamp,
    /// How it is drawn.
    pub drawn: Drawn,
}
