//! The practice scheme's signed lists: whom to believe (trust list) and who may ask for what (register of services). Both
//! are fixed, so the copies a wallet bundles are these very texts.

use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{
    CertificateHash, ListError, LocalizedText, Register, RegisterEntry, Role, SignedList, TrustList, TrustListEntry,
};

use crate::catalogue::{DocumentType, Issuer};
use crate::pki::Pki;
use crate::services::Service;

/// `iss` of both lists.
pub const LIST_ISSUER: &str = "https://lists.practice.example";
/// Grows with every change of either list, so that no wallet goes back to an older one.
const SEQUENCE: u64 = 1;
/// 1 January 2026.
const ISSUED_AT: Timestamp = Timestamp::from_unix(1_767_225_600);
/// 31 December 2035, the day before the list signer's certificate ends.
const EXPIRES_AT: Timestamp = Timestamp::from_unix(2_082_672_000);

/// The signed lists.
pub(crate) struct Lists {
    pub(crate) trust_list: String,
    pub(crate) register: String,
    /// The trust list again, as the services of the sandbox use it.
    pub(crate) issuers: TrustList,
}

impl Lists {
    /// Signs both lists.
    pub(crate) fn make(pki: &Pki, services: &[Service]) -> Result<Self, ListError> {
        let signer = &pki.list_signer;
        let chain = [signer.certificate().clone()];
        let issuers = trust_list(pki);
        Ok(Self {
            trust_list: issuers.sign(signer.signer(), &chain)?,
            register: register(pki, services).sign(signer.signer(), &chain)?,
            issuers,
        })
    }
}

fn list<E>(entries: Vec<E>) -> SignedList<E> {
    SignedList {
        iss: LIST_ISSUER.to_owned(),
        iat: ISSUED_AT,
        exp: EXPIRES_AT,
        sequence: SEQUENCE,
        entries,
    }
}

/// The issuers with their authorities, and the authority behind the status lists.
fn trust_list(pki: &Pki) -> TrustList {
    let issuer = |issuer: Issuer, authority: &crate::pki::Certified| {
        let (en, cy) = issuer.name();
        TrustListEntry {
            name: LocalizedText {
                en: en.to_owned(),
                cy: Some(cy.to_owned()),
            },
            role: Role::Issuer,
            certificates: vec![authority.certificate().clone()],
            document_types: issuer.documents().map(DocumentType::type_id).collect(),
            speaks_for: Vec::new(),
            valid_until: EXPIRES_AT,
            withdrawn_at: None,
        }
    };
    list(vec![
        issuer(Issuer::Dvla, &pki.dvla.authority),
        issuer(Issuer::HomeOffice, &pki.home_office.authority),
        issuer(Issuer::Age, &pki.age.authority),
        issuer(Issuer::Nhs, &pki.nhs.authority),
        TrustListEntry {
            name: LocalizedText {
                en: "Practice status lists (SANDBOX)".to_owned(),
                cy: Some("Rhestrau statws ymarfer (BLWCH TYWOD)".to_owned()),
            },
            role: Role::Status,
            certificates: vec![pki.status_authority.certificate().clone()],
            document_types: Vec::new(),
            speaks_for: [&pki.dvla, &pki.home_office, &pki.age, &pki.nhs]
                .map(|issuer| CertificateHash(issuer.authority.certificate().sha256()))
                .to_vec(),
            valid_until: EXPIRES_AT,
            withdrawn_at: None,
        },
    ])
}

/// The services that registered.
fn register(pki: &Pki, services: &[Service]) -> Register {
    let entry = |service: &Service| {
        let registration = service.register.clone()?;
        Some(RegisterEntry {
            legal_name: service.legal_name.clone(),
            trading_name: service.trading_name.clone(),
            intermediary: None,
            cert_sha256: vec![CertificateHash(service.certified(pki).certificate().sha256())],
            valid_until: EXPIRES_AT,
            withdrawn_at: None,
            purposes: registration.purposes,
            privacy_url: registration.privacy_url,
            contact: registration.contact,
        })
    };
    list(services.iter().filter_map(entry).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use wallet_credentials::trust::{ListContext, Profile, Recognition, TrustAnchor, TrustAnchors};

    const NOW: Timestamp = Timestamp::from_unix(1_795_564_800);

    fn lists() -> (Pki, TrustList, Register) {
        let pki = Pki::make().unwrap();
        let lists = Lists::make(&pki, &Service::built_in().unwrap()).unwrap();
        let anchors = [TrustAnchor::authority(pki.root.certificate().clone(), Role::ListSigner)]
            .into_iter()
            .collect();
        let context = ListContext {
            anchors: &anchors,
            iss: LIST_ISSUER,
            last_sequence: Some(SEQUENCE),
        };
        let trust_list = TrustList::verify(&lists.trust_list, context, NOW).unwrap();
        let register = Register::verify(&lists.register, context, NOW).unwrap();
        (pki, trust_list, register)
    }

    #[test]
    fn the_lists_verify_with_the_practice_root_alone() {
        let (_, trust_list, register) = lists();
        assert_eq!(trust_list.entries.len(), 5);
        assert_eq!(register.entries.len(), 3);
    }

    #[test]
    fn issuers_are_recognised_for_their_documents_and_nothing_else() {
        let (pki, trust_list, _) = lists();
        let recognise = |signer: &crate::pki::Certified, doc_type: &str| {
            let profile = Profile::DocumentSigner { lenient: false };
            let chain = [signer.certificate().clone()];
            trust_list
                .recognise(&chain, &TrustAnchors::new(), profile, Some(doc_type), NOW)
                .0
        };
        let licence = DocumentType::DrivingLicence.type_id();
        assert_eq!(recognise(&pki.dvla.document_signer, &licence), Recognition::Recognised);
        assert_eq!(recognise(&pki.nhs.document_signer, &licence), Recognition::NotListed);
        assert_eq!(recognise(&pki.gp, &licence), Recognition::NotListed);
    }

    #[test]
    fn registered_services_are_recognised_and_the_stranger_is_not() {
        let (pki, _, register) = lists();
        let recognise = |service: &crate::pki::Certified| {
            register
                .recognise(&[service.certificate().clone()], &TrustAnchors::new(), NOW)
                .0
        };
        for service in [&pki.gp, &pki.shop, &pki.employer] {
            assert_eq!(recognise(service), Recognition::Recognised);
        }
        assert_eq!(recognise(&pki.stranger), Recognition::NotListed);
    }
}
