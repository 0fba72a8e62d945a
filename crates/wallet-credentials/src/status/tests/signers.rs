//! Whose word counts: the issuer's own, and that of a status authority bound to it.

use super::*;
use crate::trust::tests::{DOCUMENT_SIGNER, Party, at, key as party_key, now, root, signer_params};
use crate::trust::{ChainError, Profile, Role, TrustAnchor, TrustAnchors, verify_chain};

const STATUS_SIGNER: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 30];

/// Two issuers, and two status authorities: one bound to the first issuer, one to nobody.
struct Town {
    issuer: Party,
    other: Party,
    status: Party,
    unbound: Party,
    known: TrustAnchors,
}

impl Town {
    fn new() -> Self {
        let (issuer, other, status, unbound) = (root(), root(), root(), root());
        let known = [
            TrustAnchor::authority(issuer.certificate.clone(), Role::Issuer),
            TrustAnchor::authority(other.certificate.clone(), Role::Issuer),
            TrustAnchor::authority(status.certificate.clone(), Role::Status)
                .speaking_for([issuer.certificate.sha256()]),
            TrustAnchor::authority(unbound.certificate.clone(), Role::Status),
        ];
        Self {
            issuer,
            other,
            status,
            unbound,
            known: known.into_iter().collect(),
        }
    }

    /// Those who may speak of a credential this party's signer made, found as a wallet finds them.
    fn anchors_of(&self, issuer: &Party) -> StatusAnchors {
        let signer = issuer.issue(signer_params("Document signer", DOCUMENT_SIGNER), party_key());
        let profile = Profile::DocumentSigner { lenient: false };
        let anchor = verify_chain(&[signer.certificate], &self.known, now(), profile).unwrap();
        StatusAnchors::of(anchor, &self.known)
    }
}

fn outcome(signed_under: &Party, believed: &StatusAnchors) -> [Result<u8, StatusError>; 2] {
    let signer = signed_under.issue(signer_params("Status signer", STATUS_SIGNER), party_key());
    tokens(&signer, &[&signer]).map(|token| read(&token, believed))
}

/// The same list in both forms, with this chain.
fn tokens(signer: &Party, chain: &[&Party]) -> [Vec<u8>; 2] {
    let mut list = StatusListBuilder::new(StatusSize::One, 8).unwrap();
    list.set(5, StatusType::Invalid).unwrap();
    let der: Vec<_> = chain.iter().map(|party| party.certificate.as_der()).collect();
    let certificates: Vec<_> = chain.iter().map(|party| party.certificate.clone()).collect();
    let header = match chain {
        [] => SigningHeader::new(""),
        _ => SigningHeader::new("").x5c(&der),
    };
    let jwt = list.sign(URI, now(), LIFETIME, header, &signer.signing_key()).unwrap();
    let cwt = list
        .sign_cwt(URI, now(), LIFETIME, &certificates, &signer.signing_key())
        .unwrap();
    [jwt.into_bytes(), cwt]
}

fn read(token: &[u8], believed: &StatusAnchors) -> Result<u8, StatusError> {
    let expected = StatusListExpectation {
        signers: StatusSigners::Anchors(believed),
        uri: URI,
    };
    let token = StatusListToken::parse(token)?.verify(expected, now())?;
    token.status_at(5).map(StatusType::value)
}

#[test]
fn the_issuer_and_the_authority_bound_to_it_are_believed() {
    let town = Town::new();
    let believed = town.anchors_of(&town.issuer);
    assert_eq!(outcome(&town.issuer, &believed), [Ok(1); 2]);
    assert_eq!(outcome(&town.status, &believed), [Ok(1); 2]);
}

#[test]
fn nobody_else_is_believed_however_trusted_for_other_things() {
    let town = Town::new();
    let unknown = [Err(StatusError::Signer(ChainError::UnknownIssuer)); 2];
    // Another issuer that is trusted as much, its status authority, one that is bound to nobody, and a stranger.
    assert_eq!(outcome(&town.other, &town.anchors_of(&town.issuer)), unknown);
    assert_eq!(outcome(&town.status, &town.anchors_of(&town.other)), unknown);
    assert_eq!(outcome(&town.unbound, &town.anchors_of(&town.issuer)), unknown);
    assert_eq!(outcome(&root(), &town.anchors_of(&town.issuer)), unknown);
}

#[test]
fn haip_rules_for_the_certificates_of_a_token() {
    let town = Town::new();
    let believed = town.anchors_of(&town.issuer);
    let signer = town
        .issuer
        .issue(signer_params("Status signer", STATUS_SIGNER), party_key());
    let refused = |signer: &Party, chain: &[&Party]| tokens(signer, chain).map(|token| read(&token, &believed).err());
    assert_eq!(
        refused(&signer, &[&signer, &town.issuer]),
        [Some(StatusError::Signer(ChainError::AnchorInChain)); 2]
    );
    let lone = Party::self_signed(signer_params("Lone", STATUS_SIGNER), party_key());
    assert_eq!(
        refused(&lone, &[&lone]),
        [Some(StatusError::Signer(ChainError::SelfSigned)); 2]
    );
    assert_eq!(refused(&signer, &[]), [Some(StatusError::Signer(ChainError::Empty)); 2]);
    // The certificate is right, the key is another's.
    assert_eq!(refused(&town.other, &[&signer]), [Some(StatusError::Signature); 2]);
    // A reader's certificate signs no status.
    let reader = town
        .issuer
        .issue(signer_params("Reader", crate::trust::tests::READER), party_key());
    assert_eq!(
        refused(&reader, &[&reader]),
        [Some(StatusError::Signer(ChainError::ExtendedKeyUsage)); 2]
    );
}

#[test]
fn a_signer_whose_certificate_has_ended_says_nothing_any_more() {
    let town = Town::new();
    let believed = town.anchors_of(&town.issuer);
    let signer = town
        .issuer
        .issue(signer_params("Status signer", STATUS_SIGNER), party_key());
    let [jwt, _] = tokens(&signer, &[&signer]);
    let expected = StatusListExpectation {
        signers: StatusSigners::Anchors(&believed),
        uri: URI,
    };
    let late = StatusListToken::parse(&jwt)
        .unwrap()
        .verify(expected, at("2027-02-01T00:00:00Z"));
    assert_eq!(late.err(), Some(StatusError::Signer(ChainError::Expired)));
}
