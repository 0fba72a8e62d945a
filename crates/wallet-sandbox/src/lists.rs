//! The practice scheme's signed lists: whom to believe (trust list) and who may ask for what (register of services).
//!
//! The copies a wallet bundles are fixed texts with the lowest sequence number. What the sandbox serves is signed when it
//! starts, so that it is always newer, and again whenever somebody is withdrawn; it can also be told to serve what no wallet
//! may take.

use std::time::Duration;

use wallet_credentials::time::Timestamp;
use wallet_credentials::trust::{
    CertificateHash, ListError, LocalizedText, Register, RegisterEntry, Role, SignedList, TrustList, TrustListEntry,
};

use crate::catalogue::{DocumentType, Issuer};
use crate::pki::{IssuerPki, Pki};
use crate::services::Service;
use crate::spec::{ListFault, ListSpec, ServiceName};

/// `iss` of both lists.
pub const LIST_ISSUER: &str = "https://lists.practice.example";
/// The sequence number of the lists that are bundled, which grows with each change of them; those that are served count the
/// seconds since 1970.
const BUNDLED_SEQUENCE: u64 = 3;
/// 1 January 2026.
const BUNDLED_AT: Timestamp = Timestamp::from_unix(1_767_225_600);
/// 31 December 2035, the day before the list signer's certificate ends.
const EXPIRES_AT: Timestamp = Timestamp::from_unix(2_082_672_000);
/// How long a list that is served may be used.
const SERVED_FOR: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// The signed lists that are bundled.
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
        let issuers = trust_list(pki, &[], &[]);
        Ok(Self {
            trust_list: issuers.sign(signer.signer(), &chain)?,
            register: register(pki, services, &[]).sign(signer.signer(), &chain)?,
            issuers,
        })
    }
}

/// The lists as they are served now.
pub(crate) struct Served {
    pub(crate) trust_list: String,
    pub(crate) register: String,
    /// When this sandbox first served lists.
    since: Timestamp,
    sequence: u64,
}

impl Served {
    /// The lists of a sandbox that starts now.
    pub(crate) fn make(pki: &Pki, services: &[Service], now: Timestamp) -> Result<Self, ListError> {
        Self::sign(pki, services, &ListSpec::default(), now, 0, now)
    }

    /// What is served from now on, as it was asked for.
    pub(crate) fn next(
        &self,
        pki: &Pki,
        services: &[Service],
        spec: &ListSpec,
        now: Timestamp,
    ) -> Result<Self, ListError> {
        Self::sign(pki, services, spec, now, self.sequence, self.since)
    }

    fn sign(
        pki: &Pki,
        services: &[Service],
        spec: &ListSpec,
        now: Timestamp,
        last: u64,
        since: Timestamp,
    ) -> Result<Self, ListError> {
        let seconds = u64::try_from(now.as_unix()).unwrap_or_default();
        let sequence = seconds.max(last.saturating_add(1));
        let mut claims = Claims {
            iat: now,
            exp: now.plus(SERVED_FOR).min(EXPIRES_AT),
            sequence,
        };
        match spec.fault {
            // One less than anything this sandbox served: whoever took a list from it has seen a later one.
            Some(ListFault::Older) => {
                claims.iat = since;
                claims.sequence = u64::try_from(since.as_unix()).unwrap_or_default().saturating_sub(1);
            }
            Some(ListFault::Expired) => {
                claims.iat = now.minus(SERVED_FOR);
                claims.exp = now.minus(Duration::from_secs(60));
            }
            Some(ListFault::FromTheFuture) => claims.iat = now.plus(Duration::from_secs(24 * 60 * 60)),
            Some(ListFault::Tampered | ListFault::WrongSigner) | None => {}
        }
        // A service's key, certified for asking, signs no lists.
        let signer = match spec.fault {
            Some(ListFault::WrongSigner) => &pki.shop,
            _ => &pki.list_signer,
        };
        let chain = [signer.certificate().clone()];
        let issuers = |documents: &[DocumentType]| documents.iter().map(|document| document.issuer()).collect();
        let (revoked, signing): (Vec<_>, Vec<_>) = (issuers(&spec.revoked_signers), issuers(&spec.signs_metadata));
        let mut texts = [
            claims
                .of(trust_list(pki, &revoked, &signing))
                .sign(signer.signer(), &chain)?,
            claims
                .of(register(pki, services, &spec.withdrawn_services))
                .sign(signer.signer(), &chain)?,
        ];
        if spec.fault == Some(ListFault::Tampered) {
            texts = texts.map(|text| tampered(&text));
        }
        let [trust_list, register] = texts;
        Ok(Self {
            trust_list,
            register,
            since,
            sequence,
        })
    }
}

/// The claims of a served list.
struct Claims {
    iat: Timestamp,
    exp: Timestamp,
    sequence: u64,
}

impl Claims {
    fn of<E>(&self, list: SignedList<E>) -> SignedList<E> {
        SignedList {
            iat: self.iat,
            exp: self.exp,
            sequence: self.sequence,
            ..list
        }
    }
}

/// The text with another first letter in its payload.
fn tampered(text: &str) -> String {
    let (header, rest) = text.split_once('.').unwrap_or((text, ""));
    let mut letters = rest.chars();
    let other = if letters.next() == Some('f') { 'e' } else { 'f' };
    format!("{header}.{other}{}", letters.as_str())
}

fn list<E>(entries: Vec<E>) -> SignedList<E> {
    SignedList {
        iss: LIST_ISSUER.to_owned(),
        iat: BUNDLED_AT,
        exp: EXPIRES_AT,
        sequence: BUNDLED_SEQUENCE,
        entries,
    }
}

/// The issuers with their authorities, some of which revoked their signer or sign their metadata, and the authority behind the
/// status lists.
fn trust_list(pki: &Pki, revoked: &[Issuer], signing: &[Issuer]) -> TrustList {
    let issuer = |issuer: Issuer, its: &IssuerPki| {
        let (en, cy) = issuer.name();
        let revocations = revoked.contains(&issuer).then(|| its.revocations.clone());
        TrustListEntry {
            name: LocalizedText {
                en: en.to_owned(),
                cy: Some(cy.to_owned()),
            },
            role: Role::Issuer,
            certificates: vec![its.authority.certificate().clone()],
            document_types: issuer.documents().map(DocumentType::type_id).collect(),
            speaks_for: Vec::new(),
            revocations: revocations.into_iter().collect(),
            signs_metadata: signing.contains(&issuer),
            valid_until: EXPIRES_AT,
            withdrawn_at: None,
        }
    };
    list(vec![
        TrustListEntry {
            certificates: [&pki.dvla.authority, &pki.gov_uk.authority]
                .map(|authority| authority.certificate().clone())
                .to_vec(),
            ..issuer(Issuer::Dvla, &pki.dvla)
        },
        issuer(Issuer::HomeOffice, &pki.home_office),
        issuer(Issuer::Age, &pki.age),
        issuer(Issuer::Nhs, &pki.nhs),
        TrustListEntry {
            name: LocalizedText {
                en: "Practice status lists (SANDBOX)".to_owned(),
                cy: Some("Rhestrau statws ymarfer (BLWCH TYWOD)".to_owned()),
            },
            role: Role::Status,
            certificates: vec![pki.status_authority.certificate().clone()],
            document_types: Vec::new(),
            speaks_for: [&pki.dvla, &pki.home_office, &pki.age, &pki.nhs, &pki.gov_uk]
                .map(|issuer| CertificateHash(issuer.authority.certificate().sha256()))
                .to_vec(),
            revocations: Vec::new(),
            signs_metadata: false,
            valid_until: EXPIRES_AT,
            withdrawn_at: None,
        },
        TrustListEntry {
            name: LocalizedText {
                en: "Practice verifier attester (SANDBOX)".to_owned(),
                cy: Some("Tystiwr gwasanaethau ymarfer (BLWCH TYWOD)".to_owned()),
            },
            role: Role::VerifierAttestation,
            certificates: vec![pki.attester_authority.certificate().clone()],
            document_types: Vec::new(),
            speaks_for: Vec::new(),
            revocations: Vec::new(),
            signs_metadata: false,
            valid_until: EXPIRES_AT,
            withdrawn_at: None,
        },
    ])
}

/// The services that registered, some of them withdrawn since the start of the scheme.
fn register(pki: &Pki, services: &[Service], withdrawn: &[ServiceName]) -> Register {
    let entry = |service: &Service| {
        let registration = service.register.clone()?;
        Some(RegisterEntry {
            legal_name: service.legal_name.clone(),
            trading_name: service.trading_name.clone(),
            intermediary: registration.intermediary,
            cert_sha256: vec![CertificateHash(service.certified(pki).certificate().sha256())],
            valid_until: EXPIRES_AT,
            withdrawn_at: withdrawn.contains(&service.name).then_some(BUNDLED_AT),
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
    use wallet_credentials::trust::{ListContext, ListState, Profile, Recognition, TrustAnchor, TrustAnchors};

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
            seen: None,
            max_age: None,
        };
        let trust_list = TrustList::verify(&lists.trust_list, context, NOW).unwrap();
        let register = Register::verify(&lists.register, context, NOW).unwrap();
        (pki, trust_list, register)
    }

    #[test]
    fn the_lists_verify_with_the_practice_root_alone() {
        let (_, trust_list, register) = lists();
        assert_eq!(trust_list.entries.len(), 6);
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

    #[test]
    fn what_is_served_is_newer_than_what_is_bundled_and_counts_up() {
        let (pki, services) = (Pki::make().unwrap(), Service::built_in().unwrap());
        let bundled = Lists::make(&pki, &services).unwrap();
        let anchors = [TrustAnchor::authority(pki.root.certificate().clone(), Role::ListSigner)]
            .into_iter()
            .collect();
        let take = |text: &str, seen: Option<&ListState>| {
            let context = ListContext {
                anchors: &anchors,
                iss: LIST_ISSUER,
                seen,
                max_age: None,
            };
            Register::verify_next(text, context, NOW)
        };
        let (_, first) = take(&bundled.register, None).unwrap();
        let served = Served::make(&pki, &services, NOW).unwrap();
        let (_, second) = take(&served.register, Some(&first)).unwrap();
        let spec = ListSpec {
            withdrawn_services: vec![ServiceName::ShopAge],
            ..ListSpec::default()
        };
        let withdrawing = served.next(&pki, &services, &spec, NOW).unwrap();
        let (register, third) = take(&withdrawing.register, Some(&second)).unwrap();
        let shop = [pki.shop.certificate().clone()];
        let nobody = TrustAnchors::new();
        assert_eq!(register.recognise(&shop, &nobody, NOW).0, Recognition::Withdrawn);
        let refused = |fault| {
            let spec = ListSpec {
                fault: Some(fault),
                ..ListSpec::default()
            };
            let next = withdrawing.next(&pki, &services, &spec, NOW).unwrap();
            take(&next.register, Some(&third)).err()
        };
        assert_eq!(refused(ListFault::Older), Some(ListError::OlderThanSeen));
        assert_eq!(refused(ListFault::Expired), Some(ListError::Expired));
        assert_eq!(refused(ListFault::FromTheFuture), Some(ListError::IssuedInFuture));
        assert!(matches!(refused(ListFault::Tampered), Some(ListError::Jws(_))));
        assert!(matches!(refused(ListFault::WrongSigner), Some(ListError::Signer(_))));
    }
}
