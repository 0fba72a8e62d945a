//! From a signer's certificate to a trust anchor (RFC 5280, 6; ISO/IEC 18013-5:2021, 9.3.3 and Annex B).

use x509_cert::der::asn1::ObjectIdentifier;

use super::anchors::{Role, TrustAnchor, TrustAnchors};
use super::annex_b::{self, AnnexBError};
use super::certificate::Certificate;
use crate::time::Timestamp;

/// The most certificates of a chain.
pub const MAX_CHAIN: usize = 8;

/// Extended key usage of document signers (ISO/IEC 18013-5:2021, B.1.4).
pub const MDL_DOCUMENT_SIGNER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.0.18013.5.1.2");

/// Extended key usage of readers (ISO/IEC 18013-5:2021, B.1.7).
pub const MDL_READER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.0.18013.5.1.6");

/// Any extended key usage (RFC 5280, 4.2.1.12).
const ANY_EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");

/// Why a chain does not lead to a trust anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// No certificate at all.
    #[error("there is no certificate")]
    Empty,
    /// More than [`MAX_CHAIN`] certificates.
    #[error("there are too many certificates")]
    TooLong,
    /// A certificate has a critical extension this wallet does not understand (RFC 5280, 4.2).
    #[error("a certificate has a critical extension that is not understood")]
    UnknownCriticalExtension,
    /// A certificate's validity period has not begun.
    #[error("a certificate is not valid yet")]
    NotYetValid,
    /// A certificate's validity period is over.
    #[error("a certificate has expired")]
    Expired,
    /// The signer's certificate may not sign such data: key usage, or a CA certificate.
    #[error("the signer's certificate may not sign data")]
    KeyUsage,
    /// The signer's certificate is for another purpose (extended key usage).
    #[error("the signer's certificate is for another purpose")]
    ExtendedKeyUsage,
    /// The signer's certificate is self-signed, or is itself a CA that is an anchor, and was not pinned.
    #[error("the signer's certificate is self-signed")]
    SelfSigned,
    /// The trust anchor travels in the chain, where the profile forbids it (ISO/IEC 18013-5:2021, 9.1.2.4;
    /// HAIP 1.0, 6.1).
    #[error("the chain includes its trust anchor")]
    AnchorInChain,
    /// No anchor for this role, and no certificate of the chain, is the issuer.
    #[error("the issuer of the certificate is not trusted")]
    UnknownIssuer,
    /// An issuer is no CA or may not sign certificates (RFC 5280, 6.1.4 (k), (n)).
    #[error("an issuer's certificate may not sign certificates")]
    NotAnAuthority,
    /// More CA certificates stand below an issuer than it allows (RFC 5280, 6.1.4 (m)).
    #[error("the chain is longer than an issuer allows")]
    PathLength,
    /// A signature of the chain was not made by its issuer's key.
    #[error("a signature in the chain does not verify")]
    Signature,
    /// A revocation list beside the anchor names a certificate of the chain (RFC 5280, 6.3).
    #[error("a certificate of the chain was revoked")]
    Revoked,
    /// A certificate does not follow its profile, where that was asked for (ISO/IEC 18013-5:2021, Annex B).
    #[error(transparent)]
    AnnexB(#[from] AnnexBError),
}

/// The rules that differ by who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// Issuer of an mdoc. Extended key usage [`MDL_DOCUMENT_SIGNER`]; the anchor must not travel along.
    DocumentSigner {
        /// Accepts a certificate *without* extended key usage, and a chain that its anchor travels in, as issuers
        /// outside ISO's IACA scheme make them. A certificate that names other purposes only is refused in any case.
        lenient: bool,
    },
    /// Issuer of an mdoc whose certificate, and whose IACA root, follow ISO/IEC 18013-5:2021, B.1.4 and B.1.2 to the letter.
    IsoDocumentSigner,
    /// An mdoc reader whose certificate follows ISO/IEC 18013-5:2021, B.1.7 to the letter.
    IsoReader,
    /// A service that asks: `x509_hash`, `x509_san_dns` or reader authentication. OpenID4VP asks for no extended key
    /// usage, so any will do except a document signer's.
    Reader,
    /// Issuer of an SD-JWT VC or of signed metadata.
    JwtSigner,
    /// Issuer of a Status List Token. The anchor must not travel along (HAIP 1.0, 6.1).
    StatusSigner,
    /// Signer of a trust list or register.
    ListSigner,
    /// Signer of wallet and key attestations.
    WalletProvider,
    /// Signer of Verifier Attestation JWTs (OpenID4VP 1.0, 12).
    VerifierAttestation,
}

impl Profile {
    const fn roles(self) -> &'static [Role] {
        match self {
            Self::DocumentSigner { .. } | Self::IsoDocumentSigner | Self::JwtSigner => &[Role::Issuer],
            Self::Reader | Self::IsoReader => &[Role::Service],
            Self::StatusSigner => &[Role::Status, Role::Issuer],
            Self::ListSigner => &[Role::ListSigner],
            Self::WalletProvider => &[Role::WalletProvider],
            Self::VerifierAttestation => &[Role::VerifierAttestation],
        }
    }

    fn allows_purposes(self, purposes: Option<&[ObjectIdentifier]>) -> bool {
        let names = |purpose| purposes.is_some_and(|list| list.contains(&purpose));
        match self {
            Self::DocumentSigner { lenient } => match purposes {
                Some(_) => names(MDL_DOCUMENT_SIGNER) || (lenient && names(ANY_EXTENDED_KEY_USAGE)),
                None => lenient,
            },
            Self::IsoDocumentSigner => names(MDL_DOCUMENT_SIGNER),
            Self::IsoReader => names(MDL_READER),
            Self::Reader => !names(MDL_DOCUMENT_SIGNER) || names(MDL_READER),
            Self::JwtSigner
            | Self::StatusSigner
            | Self::ListSigner
            | Self::WalletProvider
            | Self::VerifierAttestation => !names(MDL_READER) || names(ANY_EXTENDED_KEY_USAGE),
        }
    }

    const fn forbids_anchor_in_chain(self) -> bool {
        matches!(
            self,
            Self::DocumentSigner { lenient: false } | Self::IsoDocumentSigner | Self::StatusSigner
        )
    }

    /// The rules of Annex B, for the profiles that promise them. The authority issues such certificates itself.
    fn check_annex_b(self, chain: &[Certificate], anchor: &TrustAnchor) -> Result<(), AnnexBError> {
        let (Self::IsoDocumentSigner | Self::IsoReader, [leaf, above @ ..]) = (self, chain) else {
            return Ok(());
        };
        let authority = anchor.certificate();
        if above.iter().any(|certificate| certificate != authority) {
            return Err(AnnexBError::Intermediate);
        }
        match self {
            Self::IsoDocumentSigner => {
                annex_b::check_iaca(authority)?;
                annex_b::check_document_signer(leaf, authority)
            }
            _ => annex_b::check_reader(leaf, authority),
        }
    }
}

/// Follows `chain` (the signer's certificate first) to an anchor for this profile, checking every link at `now`: names,
/// key identifiers, validity, CA flag, key usage, path length, critical extensions, the signatures, which are checked along a path
/// that is right otherwise, and the revocation lists that stand beside the anchor.
///
/// The anchor need not be in the chain. Where it is, it is accepted, except where the profile forbids it. A certificate that
/// was pinned is accepted as it is, within its validity and purpose, unless a revocation list beside it names it.
///
/// # Errors
/// [`ChainError`] says which rule was broken.
pub fn verify_chain<'a>(
    chain: &[Certificate],
    anchors: &'a TrustAnchors,
    now: Timestamp,
    profile: Profile,
) -> Result<&'a TrustAnchor, ChainError> {
    let leaf = leaf_of(chain, now)?;
    let roles = profile.roles();
    if let Some(anchor) = anchors.pinned(leaf, roles) {
        // Someone chose this very certificate: its purpose need only not contradict.
        let lenient = match profile {
            Profile::DocumentSigner { .. } => Profile::DocumentSigner { lenient: true },
            other => other,
        };
        return if !lenient.allows_purposes(leaf.extended_key_usage()) {
            Err(ChainError::ExtendedKeyUsage)
        } else if anchor.revokes(leaf) {
            Err(ChainError::Revoked)
        } else {
            Ok(anchor)
        };
    }
    signer_rules(chain, profile)?;
    let is_anchor = |certificate: &Certificate| {
        anchors
            .authorities(roles)
            .any(|anchor| anchor.certificate() == certificate)
    };
    if profile.forbids_anchor_in_chain()
        && chain
            .iter()
            .any(|certificate| certificate.is_self_issued() || is_anchor(certificate))
    {
        return Err(ChainError::AnchorInChain);
    }
    let anchor = climb(chain, anchors, now, roles)?;
    profile.check_annex_b(chain, anchor)?;
    // The same authority may have been added by the person too, and stand there without its revocation lists.
    let revoked = anchors
        .authorities(roles)
        .filter(|other| other.certificate() == anchor.certificate())
        .any(|anchor| chain.iter().any(|certificate| anchor.revokes(certificate)));
    if revoked { Err(ChainError::Revoked) } else { Ok(anchor) }
}

/// Checks what can be checked of a chain whose anchor nobody knows: the signer's certificate as [`verify_chain`] does,
/// and that each certificate was issued by the next. For parties that are met as strangers: passing this proves that
/// the chain is sound, not that anyone vouches for it.
///
/// # Errors
/// [`ChainError`] says which rule was broken; never [`ChainError::UnknownIssuer`] for the last certificate.
pub fn verify_unanchored(chain: &[Certificate], now: Timestamp, profile: Profile) -> Result<(), ChainError> {
    leaf_of(chain, now)?;
    signer_rules(chain, profile)?;
    for (below, pair) in chain.windows(2).enumerate() {
        let [current, issuer] = pair else { continue };
        let below = counted(chain, below);
        if !current.names_as_issuer(issuer) {
            return Err(ChainError::UnknownIssuer);
        }
        issued(current, issuer, below, now)?;
    }
    Ok(())
}

/// The signer's certificate, if the chain is of a sensible length and the certificate may sign data at `now`.
fn leaf_of(chain: &[Certificate], now: Timestamp) -> Result<&Certificate, ChainError> {
    let leaf = chain.first().ok_or(ChainError::Empty)?;
    if chain.len() > MAX_CHAIN {
        return Err(ChainError::TooLong);
    }
    usable(leaf, now)?;
    if leaf.may_sign_data() {
        Ok(leaf)
    } else {
        Err(ChainError::KeyUsage)
    }
}

/// The rules for a signer that was not pinned.
fn signer_rules(chain: &[Certificate], profile: Profile) -> Result<(), ChainError> {
    let leaf = chain.first().ok_or(ChainError::Empty)?;
    if leaf.is_self_issued() {
        Err(ChainError::SelfSigned)
    } else if leaf.is_ca() {
        Err(ChainError::KeyUsage)
    } else if !profile.allows_purposes(leaf.extended_key_usage()) {
        Err(ChainError::ExtendedKeyUsage)
    } else {
        Ok(())
    }
}

/// Goes up link by link; at each, an anchor is preferred to the next certificate of the chain.
fn climb<'a>(
    chain: &[Certificate],
    anchors: &'a TrustAnchors,
    now: Timestamp,
    roles: &'static [Role],
) -> Result<&'a TrustAnchor, ChainError> {
    for (place, current) in chain.iter().enumerate() {
        let below = counted(chain, place);
        let mut refused = None;
        for anchor in anchors
            .authorities(roles)
            .filter(|anchor| current.names_as_issuer(anchor.certificate()))
        {
            match issued(current, anchor.certificate(), below, now) {
                Ok(()) => return Ok(anchor),
                Err(reason) => refused = Some(reason),
            }
        }
        match chain.get(place + 1).filter(|next| current.names_as_issuer(next)) {
            Some(next) => issued(current, next, below, now)?,
            None => return Err(refused.unwrap_or(ChainError::UnknownIssuer)),
        }
    }
    Err(ChainError::UnknownIssuer)
}

/// How many of the CA certificates from the leaf up to `place` a path length counts: those that are not self-issued, as
/// link certificates of a root that changed its key are (RFC 5280, 6.1.4 (l)).
fn counted(chain: &[Certificate], place: usize) -> usize {
    let authorities = chain.iter().skip(1).take(place);
    authorities.filter(|authority| !authority.is_self_issued()).count()
}

/// Whether `issuer`, with `below` CA certificates between it and the leaf, issued `certificate`.
fn issued(certificate: &Certificate, issuer: &Certificate, below: usize, now: Timestamp) -> Result<(), ChainError> {
    usable(issuer, now)?;
    if !issuer.may_sign_certificates() {
        return Err(ChainError::NotAnAuthority);
    }
    if issuer.path_length().is_some_and(|most| below > most) {
        return Err(ChainError::PathLength);
    }
    if certificate.is_signed_by(issuer) {
        Ok(())
    } else {
        Err(ChainError::Signature)
    }
}

fn usable(certificate: &Certificate, now: Timestamp) -> Result<(), ChainError> {
    if certificate.has_unknown_critical_extension() {
        Err(ChainError::UnknownCriticalExtension)
    } else if now < certificate.not_before() {
        Err(ChainError::NotYetValid)
    } else if now > certificate.not_after() {
        Err(ChainError::Expired)
    } else {
        Ok(())
    }
}
