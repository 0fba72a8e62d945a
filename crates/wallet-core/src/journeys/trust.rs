//! Whom this wallet believes: the practice profile's signed lists, and the anchors the person added.

mod services;

use wallet_credentials::crypto::VerificationKey;
use wallet_credentials::jose::{Jws, did};
use wallet_credentials::jwt_vc::IssuerKeySource;
use wallet_credentials::mdoc::IssuerSigned;
use wallet_credentials::sd_jwt_vc::IssuerKeyReference;
use wallet_credentials::status::{StatusAnchors, StatusListToken, StatusSigners};
use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{
    Certificate, LocalizedText, Profile, Recognition, Register, Role, TrustAnchors, TrustList, verify_chain,
};
use wallet_credentials::verified::{Unverified, Verified};

use super::add_document::Published;
use super::failure::{Failure, Outcome};
use super::held::Held;
use super::lists::{Lists, PRACTICE_ROOT};
use crate::labels::clean;
use crate::problem::ProblemCode;
use crate::store::anchors::{Anchor, AnchorRole};
use crate::store::{Store, StoreError, new_id};
use crate::view::{Language, RecognitionView};

/// The authorities under and beside it, published as worthless as well.
const PRACTICE_AUTHORITIES: &[&str] = &[
    PRACTICE_ROOT,
    include_str!("../../practice/dvla.pem"),
    include_str!("../../practice/home-office.pem"),
    include_str!("../../practice/age.pem"),
    include_str!("../../practice/nhs.pem"),
    include_str!("../../practice/status.pem"),
    include_str!("../../practice/services.pem"),
    include_str!("../../practice/list-signer.pem"),
    include_str!("../../practice/stranger.pem"),
    include_str!("../../practice/gov-uk.pem"),
    include_str!("../../practice/wallet-provider.pem"),
    include_str!("../../practice/verifier-attester.pem"),
];
/// `typ` of signed issuer metadata (OpenID4VCI 1.0, 12.2.3).
const SIGNED_METADATA: &str = "openidvci-issuer-metadata+jwt";
/// Names are no longer than this.
const NAME_MAX: usize = 120;

/// What is known about an issuer or a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    /// Its name, where a list or an anchor gives one.
    pub(crate) name: Option<String>,
    /// How it is known.
    pub(crate) recognition: RecognitionView,
    /// Who vouches for who it is, where it is known by that alone.
    pub(crate) vouched_by: Option<String>,
    /// An issuer of which the list says that it signs what it says about itself.
    pub(crate) signs_metadata: bool,
}

impl Known {
    const fn new(name: Option<String>, recognition: RecognitionView) -> Self {
        Self {
            name,
            recognition,
            vouched_by: None,
            signs_metadata: false,
        }
    }

    /// Nobody knows who this is.
    pub(crate) const fn stranger() -> Self {
        Self::new(None, RecognitionView::NotListed)
    }
}

/// The snapshot of everybody this wallet believes, for one journey.
pub(crate) struct Trust {
    list: Option<TrustList>,
    register: Option<Register>,
    added: TrustAnchors,
    dids: Vec<(AnchorRole, String)>,
    /// Listed and added anchors together.
    all: TrustAnchors,
    /// What the issuer of this journey says it signs under, where it does.
    published: Option<Published>,
}

impl Trust {
    /// Reads the anchors of the store and, in the practice profile, the newest lists.
    pub(crate) fn load(store: &Store, practice: bool, now: Timestamp) -> Result<Self, StoreError> {
        let stored = store.read(|transaction| transaction.anchors())?;
        let lists = if practice {
            Lists::load(store, now)?
        } else {
            Lists::none()
        };
        Ok(Self::of(&stored, lists, now))
    }

    /// Everybody these anchors and lists name.
    fn of(anchors: &[Anchor], lists: Lists, now: Timestamp) -> Self {
        let mut added = TrustAnchors::new();
        let mut dids = Vec::new();
        for anchor in anchors {
            if anchor.material.starts_with("did:") {
                dids.push((anchor.role, anchor.material.clone()));
            } else if let Ok(certificate) = Certificate::from_pem(&anchor.material) {
                added.add_chosen(certificate, role(anchor.role));
            }
        }
        let list = lists.trust_list.map(|listed| listed.list);
        let register = lists.register.map(|listed| listed.list);
        // A status anchor the person added speaks for the issuers the person added.
        let issuers: Vec<[u8; 32]> = added
            .iter()
            .filter(|anchor| anchor.role() == Role::Issuer)
            .map(|anchor| anchor.certificate().sha256())
            .collect();
        let added: TrustAnchors = added
            .iter()
            .map(|anchor| match anchor.role() {
                Role::Status => anchor.clone().speaking_for(issuers.iter().copied()),
                _ => anchor.clone(),
            })
            .collect();
        let mut all = added.clone();
        if let Some(list) = &list {
            all.extend(list.anchors(now).iter().cloned());
        }
        Self {
            list,
            register,
            added,
            dids,
            all,
            published: None,
        }
    }

    /// The same for an issuer that says what it signs under: nothing else of it counts.
    pub(crate) fn narrowed(self, published: Option<Published>) -> Self {
        Self { published, ..self }
    }

    /// Whether the issuer of this journey signs under what this document is signed under, as far as it says.
    pub(crate) fn publishes(&self, document: &Verified<IssuerSigned>) -> bool {
        self.published
            .as_ref()
            .is_none_or(|published| published.cover(document))
    }

    /// Every anchor that counts now.
    pub(crate) fn anchors(&self) -> &TrustAnchors {
        &self.all
    }

    /// Who signed an mdoc or an SD-JWT VC with this chain.
    pub(crate) fn issuer(
        &self,
        chain: &[Certificate],
        profile: Profile,
        type_id: Option<&str>,
        language: Language,
        now: Timestamp,
    ) -> Known {
        if let Some(list) = &self.list {
            let (recognition, entry) = list.recognise(chain, &self.added, profile, type_id, now);
            let name = entry
                .map(|entry| local(&entry.name, language))
                .or_else(|| subject(chain));
            return Known {
                signs_metadata: entry.is_some_and(|entry| entry.signs_metadata),
                ..Known::new(name, view(recognition))
            };
        }
        match verify_chain(chain, &self.added, now, profile) {
            Ok(anchor) => Known::new(
                subject(chain).or_else(|| anchor.certificate().subject_name().map(|n| clean(n, NAME_MAX))),
                RecognitionView::AddedByYou,
            ),
            Err(_) => Known::stranger(),
        }
    }

    /// The key an SD-JWT VC must verify with, and who that is; `None` where nobody this wallet believes stands behind it.
    pub(crate) fn issuer_key(
        &self,
        reference: &IssuerKeyReference<'_>,
        type_id: Option<&str>,
        language: Language,
        now: Timestamp,
    ) -> Option<(VerificationKey, Known)> {
        if reference.x5c.is_empty() {
            let (key, did) = issuer_did(reference)?;
            let known = self.added_did(AnchorRole::Issuer, &did);
            let name = Some(clean(&did, NAME_MAX));
            return known.then_some((key, Known::new(name, RecognitionView::AddedByYou)));
        }
        let chain: Vec<Certificate> = reference
            .x5c
            .iter()
            .map(|der| Certificate::from_der(der))
            .collect::<Result<_, _>>()
            .ok()?;
        let known = self.issuer(&chain, Profile::JwtSigner, type_id, language, now);
        match known.recognition {
            RecognitionView::Recognised | RecognitionView::AddedByYou => {
                Some((chain.first()?.verification_key().ok()?, known))
            }
            RecognitionView::NotListed | RecognitionView::VouchedFor | RecognitionView::Withdrawn => None,
        }
    }

    /// Who stands behind the key a JWT VC names; `None` where it is nobody this wallet believes. A DID is believed when the
    /// person added it and never because a list has it: lists name certificates.
    pub(crate) fn jwt_vc_issuer(
        &self,
        source: &IssuerKeySource<'_>,
        issuer: &str,
        type_id: &str,
        language: Language,
        now: Timestamp,
    ) -> Option<Known> {
        let did = match source {
            IssuerKeySource::Named(_) => issuer,
            IssuerKeySource::DidWeb { did, .. } => did.as_str(),
            IssuerKeySource::Certificates(chain) => {
                let chain: Vec<Certificate> = chain
                    .iter()
                    .map(|der| Certificate::from_der(der))
                    .collect::<Result<_, _>>()
                    .ok()?;
                let known = self.issuer(&chain, Profile::JwtSigner, Some(type_id), language, now);
                let believed = matches!(
                    known.recognition,
                    RecognitionView::Recognised | RecognitionView::AddedByYou
                );
                return believed.then_some(known);
            }
            _ => return None,
        };
        self.added_did(AnchorRole::Issuer, did)
            .then(|| Known::new(Some(clean(did, NAME_MAX)), RecognitionView::AddedByYou))
    }

    /// An issuer's signed metadata, and who signed it (OpenID4VCI 1.0, 12.2.3): `None` where it does not verify for this issuer.
    pub(crate) fn signed_metadata(
        &self,
        text: &str,
        issuer: &str,
        language: Language,
        now: Timestamp,
    ) -> Option<(Known, String)> {
        let jws = Jws::parse(text).ok()?;
        if !jws.header().is_type(SIGNED_METADATA) {
            return None;
        }
        let chain: Vec<Certificate> = jws
            .header()
            .x5c
            .iter()
            .map(|der| Certificate::from_der(der))
            .collect::<Result<_, _>>()
            .ok()?;
        let known = self.issuer(&chain, Profile::JwtSigner, None, language, now);
        if !matches!(
            known.recognition,
            RecognitionView::Recognised | RecognitionView::AddedByYou
        ) {
            return None;
        }
        let payload = jws.verify(&chain.first()?.verification_key().ok()?).ok()?;
        let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
        let names = |member: &str| claims.get(member).and_then(serde_json::Value::as_str) == Some(issuer);
        let instant = |member: &str| {
            claims
                .get(member)
                .and_then(serde_json::Value::as_i64)
                .map(Timestamp::from_unix)
        };
        let current = instant("iat").is_some() && instant("exp").is_none_or(|end| now < end);
        let good = names("sub") && names("credential_issuer") && current;
        good.then_some((known, String::from_utf8(payload).ok()?))
    }

    /// Who may say whether this document still counts; `None` where nobody this wallet believes stands behind it.
    pub(crate) fn status_source(&self, held: &Held, now: Timestamp) -> Option<StatusSource<'_>> {
        let chain = held.chain();
        if chain.is_empty() {
            let did = match held.jwt_vc() {
                Some(credential) => match credential.issuer_key().ok()? {
                    IssuerKeySource::DidWeb { did, .. } => did.as_str().to_owned(),
                    _ => credential.issuer().to_owned(),
                },
                None => issuer_did(&held.sd_jwt_vc()?.issuer_key())?.1,
            };
            return self.added_did(AnchorRole::Issuer, &did).then_some(StatusSource::Did {
                trust: self,
                issuer: did,
            });
        }
        let anchor = verify_chain(&chain, &self.all, now, held.issuer_profile()).ok()?;
        Some(StatusSource::Anchors {
            trust: self,
            anchors: StatusAnchors::of(anchor, &self.all),
            added: self
                .added
                .iter()
                .any(|added| added.certificate() == anchor.certificate()),
        })
    }

    fn added_did(&self, role: AnchorRole, did: &str) -> bool {
        self.dids.iter().any(|(known, added)| *known == role && added == did)
    }
}

/// Who may sign the status list of one document.
pub(crate) enum StatusSource<'t> {
    /// The issuer signs with certificates.
    Anchors {
        trust: &'t Trust,
        anchors: StatusAnchors,
        /// The person added this issuer.
        added: bool,
    },
    /// The issuer signs with the key of a DID the person added.
    Did { trust: &'t Trust, issuer: String },
}

impl StatusSource<'_> {
    /// The signers a token from this source counts with; `None` where its key is named by a DID that is neither the
    /// issuer's nor one the person added for status. Such a DID, like every status anchor a person adds, speaks for the
    /// issuers the person added and for nobody on the trust list.
    pub(crate) fn key(&self, token: &Unverified<StatusListToken>) -> Option<StatusKey<'_>> {
        let did_key = |trust: &Trust, issuer: Option<&str>| {
            let kid = token.key_id()?;
            let did = kid.split('#').next()?;
            let speaks = issuer == Some(did) || trust.added_did(AnchorRole::Status, did);
            speaks.then(|| did::resolve(kid).ok()).flatten().map(StatusKey::Did)
        };
        match self {
            Self::Did { trust, issuer } => did_key(trust, Some(issuer)),
            Self::Anchors { trust, anchors, added } => match token.certificates() {
                Ok(chain) if chain.is_empty() && *added => did_key(trust, None),
                _ => Some(StatusKey::Anchors(anchors)),
            },
        }
    }
}

/// What one token is verified with.
pub(crate) enum StatusKey<'s> {
    Anchors(&'s StatusAnchors),
    Did(VerificationKey),
}

impl StatusKey<'_> {
    pub(crate) fn signers(&self) -> StatusSigners<'_> {
        match self {
            Self::Anchors(anchors) => StatusSigners::Anchors(anchors),
            Self::Did(key) => StatusSigners::Key(key),
        }
    }
}

/// The key of an issuer that signs with a DID, and that DID without its fragment.
fn issuer_did(reference: &IssuerKeyReference<'_>) -> Option<(VerificationKey, String)> {
    let key = reference.did_key().ok()?;
    let did = reference.kid.filter(|kid| kid.starts_with("did:")).or(reference.iss)?;
    Some((key, did.split('#').next().unwrap_or(did).to_owned()))
}

/// Is this the practice root, one of its authorities, or a certificate one of them signed? A real store refuses them all:
/// their private keys are public.
pub(crate) fn is_practice(certificate: &Certificate) -> bool {
    PRACTICE_AUTHORITIES
        .iter()
        .filter_map(|pem| Certificate::from_pem(pem).ok())
        .any(|authority| *certificate == authority || certificate.is_issued_by(&authority))
}

/// Reads what the person wants to trust: a DID, or one or more PEM certificates.
pub(crate) fn anchors_from(text: &str, role: AnchorRole, now: jiff::Timestamp, practice: bool) -> Outcome<Vec<Anchor>> {
    let text = text.trim();
    let not_understood = |cause: &str| Failure::new(ProblemCode::LinkNotUnderstood, cause);
    if text.starts_with("did:") {
        if role == AnchorRole::VerifierAttestation {
            return Err(not_understood("those who vouch for services sign with certificates"));
        }
        if text.len() > 4_096 || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(not_understood("not a DID"));
        }
        let did = text.split('#').next().unwrap_or(text).to_owned();
        return Ok(vec![Anchor {
            id: new_id()?,
            role,
            subject: clean(&did, NAME_MAX),
            material: did,
            not_after: None,
            added_at: now,
            sandbox: false,
        }]);
    }
    let mut anchors = Vec::new();
    for block in text
        .split_inclusive("-----END CERTIFICATE-----")
        .filter(|b| b.contains("-----BEGIN CERTIFICATE-----"))
    {
        let certificate = Certificate::from_pem(block.trim())
            .map_err(|_| not_understood("not a certificate this wallet can read"))?;
        let sandbox = is_practice(&certificate);
        if sandbox && !practice {
            return Err(Failure::new(
                ProblemCode::IssuerNotRecognised,
                "the practice root counts in practice only",
            ));
        }
        let subject = certificate
            .subject_name()
            .map_or_else(|| "?".to_owned(), |name| clean(name, NAME_MAX));
        anchors.push(Anchor {
            id: new_id()?,
            role,
            material: block.trim().to_owned(),
            subject,
            not_after: Some(crate::clock::upper(certificate.not_after())),
            added_at: now,
            sandbox,
        });
    }
    if anchors.is_empty() {
        Err(not_understood("neither a PEM certificate nor a DID"))
    } else {
        Ok(anchors)
    }
}

/// A row of the anchors' list, for one added anchor.
pub(crate) fn anchor_view(anchor: &Anchor) -> crate::view::AnchorView {
    crate::view::AnchorView {
        id: anchor.id.clone(),
        subject: anchor.subject.clone(),
        role: anchor.role.as_str().to_owned(),
        not_after: anchor.not_after.map(|at| at.to_string()),
        sandbox: anchor.sandbox,
    }
}

fn role(role: AnchorRole) -> Role {
    match role {
        AnchorRole::Issuer => Role::Issuer,
        AnchorRole::Service => Role::Service,
        AnchorRole::Status => Role::Status,
        AnchorRole::VerifierAttestation => Role::VerifierAttestation,
    }
}

fn view(recognition: Recognition) -> RecognitionView {
    match recognition {
        Recognition::Recognised => RecognitionView::Recognised,
        Recognition::AddedByYou => RecognitionView::AddedByYou,
        Recognition::Withdrawn => RecognitionView::Withdrawn,
        _ => RecognitionView::NotListed,
    }
}

/// A text of a list in the person's language.
pub(crate) fn local(text: &LocalizedText, language: Language) -> String {
    match language {
        Language::En => text.en.clone(),
        Language::Cy => text.cy_or_en().to_owned(),
    }
}

fn subject(chain: &[Certificate]) -> Option<String> {
    chain.first()?.subject_name().map(|name| clean(name, NAME_MAX))
}

#[cfg(test)]
mod tests;
