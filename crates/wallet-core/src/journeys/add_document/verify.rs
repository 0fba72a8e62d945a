//! Verify what arrived: all of it, or nothing is kept.

use wallet_credentials::credential::Format;
use wallet_credentials::crypto::{PublicKey, VerificationKey};
use wallet_credentials::jwt_vc::{IssuerKeySource, JwtVc, JwtVcError};
use wallet_credentials::mdoc::{IssuerSigned, MdocError};
use wallet_credentials::sd_jwt_vc::{SdJwtError, SdJwtVc};
use wallet_credentials::trust::{Certificate, Profile};
use wallet_protocols::dcql::HeldCredential as _;
use wallet_protocols::http::HttpRequest;
use wallet_protocols::openid4vci::{CredentialConfiguration, CredentialTarget, IssuedCredential, match_to_keys};

use super::received::{KeptCopy, KeptDocument};
use crate::clock::lower;
use crate::journeys::failure::{Failure, Outcome};
use crate::journeys::held::{Credential, Held};
use crate::journeys::trust::{Known, Trust};
use crate::journeys::{Context, IssuerWords};
use crate::net::Reach;
use crate::problem::ProblemCode;
use crate::store::documents::StoredStatus;
use crate::store::holder_keys::KeyId;
use crate::view::RecognitionView;

/// Verifies every credential that arrived: signature, chain to an anchor, holder key, dates, type. All must be right.
pub(super) async fn verify(
    context: &Context<'_>,
    reach: Reach,
    trust: &Trust,
    target: &CredentialTarget,
    configuration: &CredentialConfiguration,
    (credentials, keys): (Vec<IssuedCredential>, Vec<(PublicKey, KeyId)>),
) -> Outcome<(KeptDocument, Known)> {
    let promised = |cause: &str| Failure::new(ProblemCode::DocumentNotAsPromised, cause);
    let type_id = configuration.format.credential_type();
    let now = lower(context.now());
    let mut verified = Vec::new();
    let mut known = None;
    for credential in credentials {
        let (held, issuer) = verify_one(trust, configuration, credential.as_str(), context, reach, now).await?;
        if held.credential_type() != type_id {
            return Err(promised("the document is of another type than was offered"));
        }
        let key = *held
            .holder_key()
            .ok_or_else(|| promised("the document is bound to no key"))?;
        known = Some(issuer);
        verified.push((key, (credential.as_str().to_owned(), held)));
    }
    let known = known.ok_or_else(|| promised("nothing arrived"))?;
    let matched = match_to_keys(verified, keys).map_err(|error| promised(&error.to_string()))?;
    let first = matched
        .first()
        .map(|(_, (_, held))| held)
        .ok_or_else(|| promised("nothing arrived"))?;
    let signed_by = first
        .chain()
        .first()
        .map(|leaf| hex_sha256(leaf.sha256()))
        .unwrap_or_default();
    let status = match first.status() {
        Some(_) => StoredStatus::NotChecked,
        // Nobody here can ask, and the person should know.
        None if first.has_other_status() => StoredStatus::NotChecked,
        None => StoredStatus::None,
    };
    let copies = matched
        .into_iter()
        .map(|(key, (credential, _))| KeptCopy {
            credential,
            key: key.as_str().to_owned(),
        })
        .collect();
    let document = KeptDocument {
        configuration_id: target.configuration_id.clone(),
        identifier: target.identifier.clone(),
        format: configuration.format.format(),
        type_id: type_id.to_owned(),
        words: IssuerWords::of(configuration),
        signed_by,
        status: status.as_str().to_owned(),
        status_checked_at: None,
        notification: None,
        replaces: None,
        copies,
    };
    Ok((document, known))
}

fn hex_sha256(digest: [u8; 32]) -> String {
    crate::journeys::history::hex(&digest)
}

/// Verifies one credential and says who signed it.
async fn verify_one(
    trust: &Trust,
    configuration: &CredentialConfiguration,
    text: &str,
    context: &Context<'_>,
    reach: Reach,
    now: wallet_credentials::time::Timestamp,
) -> Outcome<(Held, Known)> {
    let type_id = Some(configuration.format.credential_type());
    match configuration.format.format() {
        Format::DcSdJwt => {
            let parsed = SdJwtVc::parse(text).map_err(sd_jwt_failure)?;
            let (key, known) = trust
                .issuer_key(&parsed.issuer_key(), type_id, context.language, now)
                .ok_or_else(unknown_signer)?;
            let credential = parsed.verify(&key, now).map_err(sd_jwt_failure)?;
            Ok((Held::new(Credential::SdJwtVc(Box::new(credential))), known))
        }
        Format::MsoMdoc => {
            let parsed = IssuerSigned::parse_base64url(text).map_err(mdoc_failure)?;
            let mdoc = parsed.verify(trust.anchors(), now).map_err(mdoc_failure)?;
            if !trust.publishes(&mdoc) {
                return Err(Failure::new(
                    ProblemCode::DocumentNotAsPromised,
                    "the document is signed under none of the authorities its issuer publishes",
                ));
            }
            let known = trust.issuer(
                mdoc.chain(),
                Profile::DocumentSigner { lenient: true },
                type_id,
                context.language,
                now,
            );
            match known.recognition {
                RecognitionView::Recognised | RecognitionView::AddedByYou => {
                    Ok((Held::new(Credential::Mdoc(Box::new(mdoc))), known))
                }
                RecognitionView::NotListed | RecognitionView::VouchedFor | RecognitionView::Withdrawn => {
                    Err(unknown_signer())
                }
            }
        }
        Format::JwtVcJson => {
            let parsed = JwtVc::parse(text).map_err(jwt_vc_failure)?;
            let source = parsed.issuer_key().map_err(jwt_vc_failure)?;
            let type_id = configuration.format.credential_type();
            // Believed before asked: nobody the person does not trust is looked up.
            let known = trust
                .jwt_vc_issuer(&source, parsed.issuer(), type_id, context.language, now)
                .ok_or_else(unknown_signer)?;
            let key = jwt_vc_key(context, &source, reach).await?;
            let credential = parsed.verify(&key, now).map_err(jwt_vc_failure)?;
            Ok((Held::new(Credential::JwtVc(Box::new(credential))), known))
        }
    }
}

/// The key a JWT VC must verify with: named by itself, in a certificate, or in the DID document of a did:web, which is
/// fetched through the one client, where this journey may go and nowhere else.
async fn jwt_vc_key(context: &Context<'_>, source: &IssuerKeySource<'_>, reach: Reach) -> Outcome<VerificationKey> {
    let not_found = |cause: &str| Failure::new(ProblemCode::DocumentNotAsPromised, cause);
    match source {
        IssuerKeySource::Named(key) => Ok(key.clone()),
        IssuerKeySource::Certificates(chain) => chain
            .first()
            .and_then(|der| Certificate::from_der(der).ok()?.verification_key().ok())
            .ok_or_else(|| not_found("the certificate has no key")),
        IssuerKeySource::DidWeb { did, .. } => {
            let mut url = did.url().clone();
            // The name `localhost` never leaves this machine; there, as for every other practice message, plain http will do.
            if reach == Reach::Local && url.host_str() == Some("localhost") {
                url.set_scheme("http")
                    .map_err(|()| not_found("the DID document has no address"))?;
            }
            let response = context
                .send(&HttpRequest::get(url, "application/did+json, application/json"), reach)
                .await?;
            if response.status != 200 {
                return Err(Failure::new(ProblemCode::ServiceUnreachable, "no DID document"));
            }
            source.key_in(&response.body).map_err(jwt_vc_failure)
        }
        _ => Err(unknown_signer()),
    }
}

fn jwt_vc_failure(error: JwtVcError) -> Failure {
    let code = match error {
        JwtVcError::Expired | JwtVcError::NotYetValid => ProblemCode::DocumentOutOfDate,
        _ => ProblemCode::DocumentNotAsPromised,
    };
    Failure::new(code, error)
}

fn unknown_signer() -> Failure {
    Failure::new(
        ProblemCode::IssuerNotRecognised,
        "the document is not signed by an issuer this wallet trusts",
    )
}

fn sd_jwt_failure(error: SdJwtError) -> Failure {
    let code = match error {
        SdJwtError::Expired | SdJwtError::NotYetValid => ProblemCode::DocumentOutOfDate,
        _ => ProblemCode::DocumentNotAsPromised,
    };
    Failure::new(code, error)
}

fn mdoc_failure(error: MdocError) -> Failure {
    let code = match error {
        MdocError::Expired | MdocError::NotYetValid => ProblemCode::DocumentOutOfDate,
        MdocError::DocumentSigner(_) => ProblemCode::IssuerNotRecognised,
        _ => ProblemCode::DocumentNotAsPromised,
    };
    Failure::new(code, error)
}
