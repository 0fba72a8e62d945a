//! What a service checks about each document it is given, one sentence a check.
//!
//! The checks themselves are those of the lower floors; here they are only told apart for people: whether the issuer signed it
//! and is on the trust list, whether it was presented by its holder for this very request, whether it is in date, whether it
//! was withdrawn, and whether it is what was asked for.

use serde_json::Value;
use wallet_credentials::claim::{ClaimPath, PathElement};
use wallet_credentials::crypto::{Signer as _, VerificationKey};
use wallet_credentials::jwt_vc::{self, JwtVcError};
use wallet_credentials::mdoc::{DeviceResponse, DeviceResponseContext, Document, MdocError, SessionTranscript};
use wallet_credentials::sd_jwt_vc::{
    IssuerKeyReference, PROTECTED_CLAIMS, PresentationCheck, SdJwtError, VerifiedPresentation, verify_presentation,
};
use wallet_credentials::status::{StatusAnchors, StatusListExpectation, StatusListToken, StatusSigners, StatusType};
use wallet_credentials::trust::{Certificate, Profile, Recognition, TrustAnchors, verify_chain};
use wallet_protocols::dcql::{CredentialQuery, RequestedType};

use crate::agreed::Agreed;
use crate::catalogue::{Issuer, label};
use crate::house::House;
use crate::requests::{Answer, Check, Learnt};
use crate::show::{capital, moment};

/// Issuers this sandbox knows use the extended key usage of ISO/IEC 18013-5.
const DOCUMENT_SIGNER: Profile = Profile::DocumentSigner { lenient: false };

/// What was asked for.
pub(crate) struct Asked<'a> {
    /// The query this answers.
    pub(crate) query: Option<&'a CredentialQuery>,
    /// What the person was asked to agree to, and it must be bound to.
    pub(crate) agreed: Agreed,
}

impl Asked<'_> {
    /// Nobody asked: the code was shown as it is.
    pub(crate) fn offline() -> Self {
        Self {
            query: None,
            agreed: Agreed::default(),
        }
    }

    /// What the holder's signature says.
    const fn held(&self) -> &'static str {
        match self.query {
            Some(_) => "The holder’s key signed it for this very request.",
            None => "The holder’s key signed it for this code and its time.",
        }
    }

    fn id(&self) -> String {
        self.query.map(|query| query.id.as_str().to_owned()).unwrap_or_default()
    }
}

/// A check that came out well or not.
pub(crate) fn checked(name: &'static str, outcome: Result<String, String>) -> Check {
    match outcome {
        Ok(detail) => Check { name, ok: true, detail },
        Err(detail) => Check {
            name,
            ok: false,
            detail,
        },
    }
}

/// Checks an mdoc response. Without a readable and verified response there is no answer, only what is wrong with it.
pub(crate) fn mdoc_answers(
    house: &House,
    response: &[u8],
    transcript: &SessionTranscript,
    asked: &Asked<'_>,
) -> (Vec<Answer>, Vec<Check>) {
    let anchors = house.lists().issuers.anchors(house.now());
    let context = DeviceResponseContext {
        anchors: &anchors,
        transcript,
        reader_key: None,
    };
    let verified = DeviceResponse::parse(response).and_then(|response| response.verify(context, house.now()));
    match verified {
        Ok(response) => {
            let answers = response
                .documents()
                .iter()
                .map(|document| mdoc_answer(house, document, asked))
                .collect();
            (answers, Vec::new())
        }
        Err(error) => (
            Vec::new(),
            vec![checked(mdoc_check(error), Err(sentence(&error.to_string())))],
        ),
    }
}

/// Which check an error belongs to.
const fn mdoc_check(error: MdocError) -> &'static str {
    match error {
        MdocError::IssuerAuth(_)
        | MdocError::IssuerAuthAlgorithm
        | MdocError::DocumentSigner(_)
        | MdocError::SignedOutsideCertificate
        | MdocError::NoDigest
        | MdocError::DigestMismatch
        | MdocError::DigestAlgorithm
        | MdocError::ShortRandom
        | MdocError::DuplicateElement
        | MdocError::DocType
        | MdocError::MsoVersion => "signature",
        MdocError::DeviceAuth
        | MdocError::DeviceSignature(_)
        | MdocError::UnexpectedMac
        | MdocError::NotAuthorised
        | MdocError::DeviceKey(_) => "holder",
        MdocError::NotYetValid | MdocError::Expired | MdocError::ValidityInfo => "validity",
        _ => "format",
    }
}

fn mdoc_answer(house: &House, document: &Document, asked: &Asked<'_>) -> Answer {
    let issuer_signed = document.issuer_signed();
    let mso = issuer_signed.mso();
    let mut claims = Vec::new();
    let mut places = Vec::new();
    for (name_space, element) in issuer_signed.elements() {
        let path = vec![Value::from(name_space), Value::from(element.identifier())];
        claims.push(Learnt {
            path,
            label: label(element.identifier()).en,
            value: element.value().to_json(),
        });
        places.push(vec![
            PathElement::Name(name_space.to_owned()),
            PathElement::Name(element.identifier().to_owned()),
        ]);
    }
    let status = mso.status().map(|status| (status.uri.as_str(), status.index));
    let mut checks = vec![
        signed_by(house, issuer_signed.chain(), DOCUMENT_SIGNER, document.doc_type()),
        checked("holder", Ok(asked.held().to_owned())),
        checked(
            "validity",
            Ok(format!("It is in date, until {}.", moment(mso.validity().valid_until))),
        ),
        status_check(house, issuer_signed.chain(), DOCUMENT_SIGNER, status),
    ];
    if let Some(query) = asked.query {
        let right = matches!(&query.requested, RequestedType::Mdoc(wanted) if wanted.as_deref().is_none_or(|wanted| wanted == document.doc_type()));
        checks.push(query_check(query, right, &places));
    }
    // Also where nobody asked: a device that signs something of its own accord is looked at.
    if !asked.agreed.device_signed.is_empty() || !document.device_elements().is_empty() {
        checks.push(asked.agreed.device_check(document.device_elements()));
    }
    Answer {
        query: asked.id(),
        format: "mso_mdoc".to_owned(),
        type_id: document.doc_type().to_owned(),
        claims,
        checks,
    }
}

/// Checks an SD-JWT VC presentation made for this audience and nonce.
pub(crate) fn sd_jwt_answer(
    house: &House,
    text: &str,
    audience: &str,
    nonce: &str,
    asked: &Asked<'_>,
) -> Result<Answer, Check> {
    let now = house.now();
    let anchors = house.lists().issuers.anchors(now);
    let mut check = PresentationCheck::new(audience, nonce, now);
    check.transaction_data = asked.agreed.hashes.as_ref();
    let mut chain = Vec::new();
    let verified = verify_presentation(text, &check, |reference| {
        chain = certificates(reference)?;
        issuer_key(&chain, &anchors, house)
    });
    match verified {
        Ok(presentation) => Ok(sd_jwt_answer_of(house, &presentation, &chain, asked)),
        Err(error) => Err(checked(sd_jwt_check(error), Err(sentence(&error.to_string())))),
    }
}

/// Checks a JWT VC presentation made for this audience and nonce. This sandbox knows one issuer of such documents, its own.
pub(crate) fn jwt_vc_answer(
    house: &House,
    text: &str,
    audience: &str,
    nonce: &str,
    asked: &Asked<'_>,
) -> Result<Answer, Check> {
    let check = jwt_vc::PresentationCheck::new(audience, nonce, house.now());
    let own = house.issuer_did(Issuer::Defence);
    let key = house.issuer_pki(Issuer::Defence).document_signer.signer().public_key();
    let presentation = jwt_vc::verify_presentation(text, &check, |credential| match credential.issuer_key() {
        Ok(jwt_vc::IssuerKeySource::DidWeb { did, .. }) if did.as_str() == own => Some(key.into()),
        _ => None,
    })
    .map_err(|error| checked(jwt_vc_check(error), Err(sentence(&error.to_string()))))?;
    let credential = presentation.credential();
    let learnt = credential.claims().iter().map(|(name, value)| Learnt {
        path: vec![Value::from(name.as_str())],
        label: label(name).en,
        value: value.clone(),
    });
    let until = match credential.expires_at() {
        Some(until) => format!("It is in date, until {}.", moment(until)),
        None => "It is in date, and names no end.".to_owned(),
    };
    let mut checks = vec![
        checked(
            "signature",
            Ok("The Ministry of Defence (SANDBOX) signed it.".to_owned()),
        ),
        checked("holder", Ok(asked.held().to_owned())),
        checked("validity", Ok(until)),
    ];
    if let Some(query) = asked.query {
        let right = match &query.requested {
            RequestedType::JwtVc(None) => true,
            RequestedType::JwtVc(Some(alternatives)) => alternatives.iter().any(|types| credential.has_types(types)),
            _ => false,
        };
        let places: Vec<Vec<PathElement>> = credential
            .always_disclosed()
            .iter()
            .map(|path| path.elements().to_vec())
            .collect();
        let present = |path: &ClaimPath| places.iter().any(|place| path.covers(place));
        let complete = query.claims.iter().all(|claim| present(&claim.path));
        checks.push(checked(
            "query",
            match (right, complete) {
                (false, _) => Err("It is another document than was asked for.".to_owned()),
                (true, false) => Err("Details that were asked for are missing.".to_owned()),
                // More than was asked for came with it: such a document has no parts.
                (true, true) => Ok("It holds what was asked for. Documents of this kind always come whole.".to_owned()),
            },
        ));
    }
    Ok(Answer {
        query: asked.id(),
        format: jwt_vc::FORMAT.to_owned(),
        type_id: credential
            .specific_types()
            .last()
            .unwrap_or(jwt_vc::BASE_TYPE)
            .to_owned(),
        claims: learnt.collect(),
        checks,
    })
}

const fn jwt_vc_check(error: JwtVcError) -> &'static str {
    match error {
        JwtVcError::IssuerKey | JwtVcError::IssuerSignature => "signature",
        JwtVcError::NotYetValid | JwtVcError::Expired => "validity",
        JwtVcError::HolderKey
        | JwtVcError::HolderMissing
        | JwtVcError::HolderSignature
        | JwtVcError::PresentationTime
        | JwtVcError::Audience
        | JwtVcError::Nonce => "holder",
        _ => "format",
    }
}

fn certificates(reference: &IssuerKeyReference<'_>) -> Option<Vec<Certificate>> {
    reference
        .x5c
        .iter()
        .map(|der| Certificate::from_der(der).ok())
        .collect()
}

fn issuer_key(chain: &[Certificate], anchors: &TrustAnchors, house: &House) -> Option<VerificationKey> {
    verify_chain(chain, anchors, house.now(), Profile::JwtSigner).ok()?;
    chain.first()?.verification_key().ok()
}

const fn sd_jwt_check(error: SdJwtError) -> &'static str {
    match error {
        SdJwtError::IssuerKey
        | SdJwtError::IssuerSignature
        | SdJwtError::UnreferencedDisclosure
        | SdJwtError::RepeatedDigest => "signature",
        SdJwtError::NotYetValid | SdJwtError::Expired => "validity",
        SdJwtError::HolderKey
        | SdJwtError::KeyBindingMissing
        | SdJwtError::KeyBindingMalformed
        | SdJwtError::KeyBindingSignature
        | SdJwtError::KeyBindingTime
        | SdJwtError::Audience
        | SdJwtError::Nonce
        | SdJwtError::PresentationHash
        | SdJwtError::TransactionData => "holder",
        _ => "format",
    }
}

fn sd_jwt_answer_of(
    house: &House,
    presentation: &VerifiedPresentation,
    chain: &[Certificate],
    asked: &Asked<'_>,
) -> Answer {
    let registered = |name: &str| PROTECTED_CLAIMS.contains(&name) || name == "iat";
    let claims: Vec<Learnt> = presentation
        .claims()
        .iter()
        .filter(|(name, _)| !registered(name))
        .map(|(name, value)| Learnt {
            path: vec![Value::from(name.as_str())],
            label: label(name).en,
            value: value.clone(),
        })
        .collect();
    let places: Vec<Vec<PathElement>> = presentation
        .disclosed()
        .iter()
        .map(|path: &ClaimPath| path.elements().to_vec())
        .collect();
    let until = match presentation.expires_at() {
        Some(until) => format!("It is in date, until {}.", moment(until)),
        None => "It is in date, and names no end.".to_owned(),
    };
    let status = presentation.status().map(|status| (status.uri.as_str(), status.index));
    let mut checks = vec![
        signed_by(house, chain, Profile::JwtSigner, presentation.vct()),
        checked("holder", Ok(asked.held().to_owned())),
        checked("validity", Ok(until)),
        status_check(house, chain, Profile::JwtSigner, status),
    ];
    if asked.agreed.hashes.is_some() {
        // Otherwise it would not have verified.
        checks.push(checked(
            "transaction",
            Ok("The holder’s key signed exactly what was agreed to.".to_owned()),
        ));
    }
    if let Some(query) = asked.query {
        let vct = presentation.vct();
        let right = matches!(&query.requested, RequestedType::SdJwtVc(wanted) if wanted.as_ref().is_none_or(|list| list.iter().any(|wanted| wanted == vct)));
        checks.push(query_check(query, right, &places));
    }
    Answer {
        query: asked.id(),
        format: "dc+sd-jwt".to_owned(),
        type_id: presentation.vct().to_owned(),
        claims,
        checks,
    }
}

/// The issuer: on the trust list, and for this kind of document.
fn signed_by(house: &House, chain: &[Certificate], profile: Profile, document_type: &str) -> Check {
    let (recognition, entry) =
        house
            .lists()
            .issuers
            .recognise(chain, &TrustAnchors::new(), profile, Some(document_type), house.now());
    let outcome = match (recognition, entry) {
        (Recognition::Recognised, Some(entry)) => Ok(format!(
            "{} signed it, and is on the trust list for this document.",
            entry.name.en
        )),
        (Recognition::Withdrawn, _) => Err("Its issuer was taken off the trust list.".to_owned()),
        _ => Err("Its issuer is not on the trust list for this kind of document.".to_owned()),
    };
    checked("signature", outcome)
}

/// The status list: this sandbox's own, which also counts for documents it issued on another port.
fn status_check(house: &House, chain: &[Certificate], profile: Profile, place: Option<(&str, u64)>) -> Check {
    let Some((uri, index)) = place else {
        return checked(
            "status",
            Err("The document does not say where its status is.".to_owned()),
        );
    };
    let path = url::Url::parse(uri)
        .ok()
        .filter(|uri| uri.host_str() == Some("localhost"))
        .map(|uri| uri.path().to_owned());
    if path.as_deref() != Some("/status/1") {
        return checked(
            "status",
            Err("Its status is kept elsewhere and could not be checked.".to_owned()),
        );
    }
    let outcome = match own_status(house, chain, profile, index) {
        Some(StatusType::Valid) => Ok("It is not withdrawn.".to_owned()),
        Some(StatusType::Invalid) => Err("It was withdrawn.".to_owned()),
        Some(StatusType::Suspended) => Err("It is paused.".to_owned()),
        _ => Err("Its status could not be checked.".to_owned()),
    };
    checked("status", outcome)
}

/// Reads the list the way any service would: signed by the document's issuer or the status authority bound to it, and in
/// date.
fn own_status(house: &House, chain: &[Certificate], profile: Profile, index: u64) -> Option<StatusType> {
    let now = house.now();
    let known = house.lists().issuers.anchors(now);
    let anchors = StatusAnchors::of(verify_chain(chain, &known, now, profile).ok()?, &known);
    let uri = house.status_uri();
    let expected = StatusListExpectation {
        signers: StatusSigners::Anchors(&anchors),
        uri: &uri,
    };
    let token = StatusListToken::parse(&crate::status::jwt(house).ok()?).ok()?;
    token.verify(expected, now).ok()?.status_at(index).ok()
}

/// Whether an answer holds what the query asks for, and nothing else (OpenID4VP 1.0, 6.4.1).
fn query_check(query: &CredentialQuery, right_type: bool, places: &[Vec<PathElement>]) -> Check {
    let present = |path: &ClaimPath| places.iter().any(|place| path.covers(place));
    let all = |positions: &[usize]| {
        positions
            .iter()
            .all(|at| query.claims.get(*at).is_some_and(|claim| present(&claim.path)))
    };
    let complete = if query.claim_sets.is_empty() {
        query.claims.iter().all(|claim| present(&claim.path))
    } else {
        query.claim_sets.iter().any(|set| all(set))
    };
    let extra = places
        .iter()
        .filter(|place| !query.claims.iter().any(|claim| claim.path.covers(place)))
        .count();
    let outcome = if !right_type {
        Err("It is another document than was asked for.".to_owned())
    } else if !complete {
        Err("Details that were asked for are missing.".to_owned())
    } else if extra > 0 {
        Err(format!(
            "It holds {} more than was asked for.",
            if extra == 1 {
                "one detail".to_owned()
            } else {
                format!("{extra} details")
            }
        ))
    } else {
        Ok("It holds what was asked for and nothing else.".to_owned())
    };
    checked("query", outcome)
}

/// An error as a sentence.
fn sentence(text: &str) -> String {
    capital(text.trim_end_matches('.')) + "."
}
