//! What the practice issuers issue: which documents, with which details, named how in English and Welsh.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use wallet_credentials::credential::Format;
use wallet_credentials::time::CivilDate;

use crate::people::{PeopleError, Person, Words};
use crate::portrait::{self, PortraitError};

/// The prefix of every document type invented for practice, so that it shows in every line it appears in.
const INVENTED_DOCTYPE: &str = "uk.gov.sandbox.";
/// The same for SD-JWT VC types (RFC 6963 example URNs).
const INVENTED_VCT: &str = "urn:example:uk-sandbox:";
/// The namespace of ISO/IEC 18013-5:2021, 7.2.1.
const ISO: &str = "org.iso.18013.5.1";
/// The namespace of the British additions to the driving licence.
const ISO_GB: &str = "org.iso.18013.5.1.GB";

/// The practice issuers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Issuer {
    Dvla,
    HomeOffice,
    Age,
    Nhs,
    /// On no list: it signs with a did:web, which wallets believe when the person adds it.
    Defence,
}

impl Issuer {
    /// The issuers on the practice trust list, in the order the pages show them.
    pub(crate) const ALL: [Self; 4] = [Self::Dvla, Self::HomeOffice, Self::Age, Self::Nhs];

    /// The last part of its identifier's path.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Dvla => "dvla",
            Self::HomeOffice => "home-office",
            Self::Age => "age",
            Self::Nhs => "nhs",
            Self::Defence => "mod",
        }
    }

    pub(crate) fn from_path(path: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .chain([Self::Defence])
            .find(|issuer| issuer.path() == path)
    }

    /// Its name, in English and Welsh.
    pub(crate) const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Dvla => ("DVLA (SANDBOX)", "DVLA (BLWCH TYWOD)"),
            Self::HomeOffice => ("Home Office UKVI (SANDBOX)", "Y Swyddfa Gartref UKVI (BLWCH TYWOD)"),
            Self::Age => ("Larkfield Age Check (SANDBOX)", "Larkfield Age Check (BLWCH TYWOD)"),
            Self::Nhs => ("NHS England (SANDBOX)", "GIG Lloegr (BLWCH TYWOD)"),
            Self::Defence => (
                "Ministry of Defence (SANDBOX)",
                "Y Weinyddiaeth Amddiffyn (BLWCH TYWOD)",
            ),
        }
    }

    pub(crate) fn documents(self) -> impl Iterator<Item = DocumentType> {
        DocumentType::every().filter(move |document| document.issuer() == self)
    }
}

/// The documents on offer. The kebab-case name is what `--json`, `/control/offer` and the credential configurations use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DocumentType {
    /// Driving licence, mdoc (ISO/IEC 18013-5 mDL with the British namespace).
    DrivingLicence,
    /// Immigration status with the right to work, mdoc.
    RightToWork,
    /// Proof of age, mdoc.
    ProofOfAgeMdoc,
    /// NHS details, SD-JWT VC.
    NhsDetails,
    /// Proof of age, SD-JWT VC.
    ProofOfAgeSdJwt,
    /// Veteran Card, JWT VC: nothing in it can be hidden. Its issuer is on no list, so it is offered when asked for and
    /// stands on no page.
    VeteranCard,
}

impl DocumentType {
    /// Every document of a listed issuer, in the order the pages list them.
    pub const ALL: [Self; 5] = [
        Self::DrivingLicence,
        Self::RightToWork,
        Self::ProofOfAgeMdoc,
        Self::NhsDetails,
        Self::ProofOfAgeSdJwt,
    ];

    /// The name used in links and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DrivingLicence => "driving-licence",
            Self::RightToWork => "right-to-work",
            Self::ProofOfAgeMdoc => "proof-of-age-mdoc",
            Self::NhsDetails => "nhs-details",
            Self::ProofOfAgeSdJwt => "proof-of-age-sd-jwt",
            Self::VeteranCard => "veteran-card",
        }
    }

    /// The document of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::every().find(|document| document.as_str() == name)
    }

    /// The documents of every issuer, listed or not.
    pub(crate) fn every() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain([Self::VeteranCard])
    }

    pub(crate) const fn issuer(self) -> Issuer {
        match self {
            Self::DrivingLicence => Issuer::Dvla,
            Self::RightToWork => Issuer::HomeOffice,
            Self::ProofOfAgeMdoc | Self::ProofOfAgeSdJwt => Issuer::Age,
            Self::NhsDetails => Issuer::Nhs,
            Self::VeteranCard => Issuer::Defence,
        }
    }

    /// The credential format.
    #[must_use]
    pub const fn format(self) -> Format {
        match self {
            Self::NhsDetails | Self::ProofOfAgeSdJwt => Format::DcSdJwt,
            Self::VeteranCard => Format::JwtVcJson,
            _ => Format::MsoMdoc,
        }
    }

    /// The doctype, vct or type.
    #[must_use]
    pub fn type_id(self) -> String {
        match self {
            Self::DrivingLicence => format!("{ISO}.mDL"),
            Self::RightToWork => format!("{INVENTED_DOCTYPE}immigrationStatus.1"),
            Self::ProofOfAgeMdoc => format!("{INVENTED_DOCTYPE}proofOfAge.1"),
            Self::NhsDetails => format!("{INVENTED_VCT}nhs_patient:1"),
            Self::ProofOfAgeSdJwt => format!("{INVENTED_VCT}proof_of_age:1"),
            // The name GOV.UK Wallet has for it: its shape is public and no invention of ours.
            Self::VeteranCard => "DigitalVeteranCard".to_owned(),
        }
    }

    /// Its name, in English and Welsh.
    pub(crate) const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::DrivingLicence => ("Driving licence", "Trwydded yrru"),
            Self::RightToWork => ("Immigration status (eVisa)", "Statws mewnfudo (eVisa)"),
            Self::ProofOfAgeMdoc | Self::ProofOfAgeSdJwt => ("Proof of age", "Prawf oedran"),
            Self::NhsDetails => ("NHS details", "Manylion y GIG"),
            Self::VeteranCard => ("Veteran Card", "Cerdyn Cyn-filwr"),
        }
    }

    /// The colour a wallet may give it (experience 4.3).
    pub(crate) const fn colour(self) -> &'static str {
        match self {
            Self::DrivingLicence => "#8C2F5D",
            Self::RightToWork => "#0E5A5E",
            Self::ProofOfAgeMdoc | Self::ProofOfAgeSdJwt => "#46307D",
            Self::NhsDetails => "#1F4E79",
            Self::VeteranCard => "#5A3A1B",
        }
    }

    /// Whom an offer is for when nobody is named.
    pub(crate) const fn usual_person(self) -> &'static str {
        match self {
            Self::RightToWork => "hiroshi-skilled",
            Self::VeteranCard => "tamsin-veteran",
            _ => "rhiannon-specimen",
        }
    }

    /// How many copies a wallet may have at once (OpenID4VCI 1.0, 12.2.4, `batch_size`).
    pub(crate) const fn copies(self) -> usize {
        match self {
            Self::ProofOfAgeMdoc | Self::ProofOfAgeSdJwt => 10,
            _ => 5,
        }
    }

    /// Days a copy is valid for.
    pub(crate) const fn days_valid(self) -> i32 {
        match self {
            Self::ProofOfAgeMdoc | Self::ProofOfAgeSdJwt => 90,
            _ => 365,
        }
    }

    /// Whether the issuer lets the device that holds it sign transactions with it (`keyAuthorizations`, OpenID4VP 1.0, B.2.1):
    /// an mdoc cannot carry what the person agrees to otherwise.
    pub(crate) const fn signs_transactions(self) -> bool {
        matches!(self, Self::DrivingLicence)
    }

    /// Whether the issuer sends a code by another way unless told otherwise.
    pub(crate) const fn usually_with_code(self) -> bool {
        matches!(self, Self::RightToWork | Self::NhsDetails)
    }

    /// Whether this person can have this document.
    pub(crate) const fn is_for(self, person: &Person) -> bool {
        match self {
            Self::DrivingLicence => person.licence.is_some(),
            Self::RightToWork => person.immigration.is_some(),
            Self::ProofOfAgeMdoc | Self::ProofOfAgeSdJwt => true,
            Self::NhsDetails => person.nhs.is_some(),
            Self::VeteranCard => person.service.is_some(),
        }
    }

    /// The names of everything the document can hold: namespace (empty but for mdoc) and element. Issuer metadata lists
    /// them in this order.
    pub(crate) fn elements(self) -> Vec<(String, &'static str)> {
        let own = self.type_id();
        let (iso, rest): (&[&'static str], &[&'static str]) = match self {
            Self::DrivingLicence => (&LICENCE, &["title", "welsh_licence", "provisional_driving_privileges"]),
            Self::RightToWork => (&PERSON_WITH_PHOTO, &IMMIGRATION),
            Self::ProofOfAgeMdoc | Self::ProofOfAgeSdJwt => (&AGE, &AGE_OWN),
            Self::NhsDetails => (
                &[
                    "family_name",
                    "given_name",
                    "birth_date",
                    "issuing_country",
                    "issuing_authority",
                ],
                &NHS,
            ),
            Self::VeteranCard => (&["given_name", "family_name", "birth_date"], &VETERAN),
        };
        let (first, second) = match (self.format(), self) {
            (Format::DcSdJwt | Format::JwtVcJson, _) => (String::new(), String::new()),
            (Format::MsoMdoc, Self::DrivingLicence) => (ISO.to_owned(), ISO_GB.to_owned()),
            (Format::MsoMdoc, _) => (ISO.to_owned(), own),
        };
        let of_iso = iso.iter().map(|element| (first.clone(), *element));
        of_iso
            .chain(rest.iter().map(|element| (second.clone(), *element)))
            .collect()
    }

    /// The details of this person: what [`DocumentType::elements`] names and the person has.
    pub(crate) fn details(
        self,
        person: &Person,
        today: CivilDate,
        expiry: CivilDate,
    ) -> Result<Vec<Detail>, CatalogueError> {
        let facts = Facts {
            person,
            today,
            expiry,
            issuer: self.issuer(),
        };
        let mut details = Vec::new();
        for (namespace, element) in self.elements() {
            if let Some(value) = facts.value(element)? {
                details.push(Detail {
                    namespace,
                    element,
                    value,
                });
            }
        }
        Ok(details)
    }
}

const LICENCE: [&str; 19] = [
    "family_name",
    "given_name",
    "given_name_national_character",
    "portrait",
    "birth_date",
    "age_over_18",
    "age_over_21",
    "age_over_25",
    "birth_place",
    "issue_date",
    "expiry_date",
    "issuing_authority",
    "issuing_country",
    "document_number",
    "resident_address",
    "resident_city",
    "resident_postal_code",
    "driving_privileges",
    "un_distinguishing_sign",
];
const PERSON_WITH_PHOTO: [&str; 7] = [
    "family_name",
    "given_name",
    "birth_date",
    "portrait",
    "issuing_country",
    "issuing_authority",
    "issue_date",
];
const IMMIGRATION: [&str; 11] = [
    "work_permitted",
    "work_restrictions",
    "max_weekly_hours",
    "sponsor_name",
    "permission_start",
    "permission_end",
    "has_time_limit",
    "rent_permitted",
    "status_type",
    "nationality",
    "public_funds",
];
const AGE: [&str; 9] = [
    "portrait",
    "age_over_13",
    "age_over_16",
    "age_over_18",
    "age_over_21",
    "age_over_25",
    "expiry_date",
    "issuing_country",
    "issuing_authority",
];
const AGE_OWN: [&str; 3] = ["born_before_20090101", "identity_confidence", "dvs_registration_id"];
const NHS: [&str; 5] = [
    "nhs_number",
    "identity_proofing_level",
    "gp_ods_code",
    "gp_practice_name",
    "nhs_country",
];

const VETERAN: [&str; 4] = ["expiry_date", "service_number", "service_branch", "portrait"];

/// One detail of one person.
#[derive(Clone, Debug)]
pub(crate) struct Detail {
    /// The mdoc namespace; empty for SD-JWT VC.
    pub(crate) namespace: String,
    pub(crate) element: &'static str,
    pub(crate) value: DetailValue,
}

/// A value, before a format gives it its encoding.
#[derive(Clone, Debug)]
pub(crate) enum DetailValue {
    Text(String),
    Date(CivilDate),
    Flag(bool),
    Number(u32),
    Jpeg(Vec<u8>),
    Texts(Vec<String>),
    /// Vehicle categories with the day each ends (ISO/IEC 18013-5:2021, 7.2.4).
    Driving(Vec<(String, CivilDate)>),
}

/// What a document is filled from.
struct Facts<'a> {
    person: &'a Person,
    today: CivilDate,
    expiry: CivilDate,
    issuer: Issuer,
}

impl Facts<'_> {
    /// The value of this element, or none where the person has none.
    fn value(&self, element: &str) -> Result<Option<DetailValue>, CatalogueError> {
        use DetailValue::{Date, Flag, Jpeg, Text};
        let person = self.person;
        let age = || person.birth_date(self.today).map(|born| born.age_on(self.today));
        Ok(Some(match element {
            "family_name" => Text(person.family_name.clone()),
            "given_name" => Text(person.given_name.clone()),
            "given_name_national_character" => match &person.given_name_national_character {
                Some(name) => Text(name.clone()),
                None => return Ok(None),
            },
            "title" => Text(person.title.clone()),
            "portrait" => Jpeg(portrait::draw(person.look)?),
            "birth_date" => Date(person.birth_date(self.today)?),
            "birth_place" => Text(birth_place(&person.nationality).to_owned()),
            "nationality" => Text(person.nationality.clone()),
            "issue_date" => Date(self.today),
            "expiry_date" => Date(self.expiry),
            "issuing_authority" => Text(self.issuer.name().0.to_owned()),
            "issuing_country" => Text("GB".to_owned()),
            "un_distinguishing_sign" => Text("UK".to_owned()),
            "document_number" => Text(person.driver_number(self.today)?),
            "resident_address" => Text(person.address.lines.join(", ")),
            "resident_city" => Text(person.address.city.clone()),
            "resident_postal_code" => Text(person.address.postcode.clone()),
            "age_over_13" => Flag(age()? >= 13),
            "age_over_16" => Flag(age()? >= 16),
            "age_over_18" => Flag(age()? >= 18),
            "age_over_21" => Flag(age()? >= 21),
            "age_over_25" => Flag(age()? >= 25),
            "born_before_20090101" => Flag(person.birth_date(self.today)?.to_jiff() < jiff::civil::date(2009, 1, 1)),
            "identity_confidence" => Text("medium".to_owned()),
            "dvs_registration_id" => Text("DVS-SANDBOX-0001".to_owned()),
            _ => return self.special_value(element),
        }))
    }

    /// Values of the licence, the immigration status and the NHS details.
    fn special_value(&self, element: &str) -> Result<Option<DetailValue>, CatalogueError> {
        use DetailValue::{Date, Driving, Flag, Number, Text, Texts};
        if let Some(licence) = &self.person.licence {
            let until =
                |categories: &[String]| Driving(categories.iter().map(|name| (name.clone(), self.expiry)).collect());
            match element {
                "welsh_licence" => return Ok(Some(Flag(licence.welsh))),
                "driving_privileges" => return Ok(Some(until(&licence.full))),
                "provisional_driving_privileges" if !licence.provisional.is_empty() => {
                    return Ok(Some(until(&licence.provisional)));
                }
                _ => {}
            }
        }
        if let Some(status) = &self.person.immigration {
            let end = status.permission_end(self.today)?;
            match element {
                "status_type" => return Ok(Some(Text(status.status_type.clone()))),
                "permission_start" => return Ok(CivilDate::parse(&status.permission_start).map(Date).ok()),
                "permission_end" => return Ok(end.map(Date)),
                "has_time_limit" => return Ok(Some(Flag(end.is_some()))),
                "work_permitted" => return Ok(Some(Text(status.work_permitted.clone()))),
                "work_restrictions" => return Ok(Some(Texts(status.work_restrictions.clone()))),
                "max_weekly_hours" => return Ok(status.max_weekly_hours.map(Number)),
                "sponsor_name" => return Ok(status.sponsor_name.clone().map(Text)),
                "rent_permitted" => return Ok(Some(Text(status.rent_permitted.clone()))),
                "public_funds" => return Ok(Some(Text(status.public_funds.clone()))),
                _ => {}
            }
        }
        if let Some(service) = &self.person.service {
            match element {
                "service_number" => return Ok(Some(Text(service.number.clone()))),
                "service_branch" => return Ok(Some(Text(service.branch.clone()))),
                _ => {}
            }
        }
        let nhs = self.person.nhs.as_ref();
        Ok(match element {
            "nhs_number" => nhs.map(|nhs| Text(nhs.number.clone())),
            "identity_proofing_level" => nhs.map(|nhs| Text(nhs.identity_proofing_level.clone())),
            "gp_ods_code" => nhs.map(|nhs| Text(nhs.gp_ods_code.clone())),
            "gp_practice_name" => nhs.map(|nhs| Text(nhs.gp_practice_name.clone())),
            "nhs_country" => nhs.map(|nhs| Text(nhs.country.clone())),
            _ => None,
        })
    }
}

/// The country a licence prints as the place of birth.
fn birth_place(nationality: &str) -> &'static str {
    match nationality {
        "GBR" => "United Kingdom",
        "JPN" => "Japan",
        "NGA" => "Nigeria",
        "CZE" => "Czechia",
        "BGR" => "Bulgaria",
        "FRA" => "France",
        "SDN" => "Sudan",
        _ => "Elsewhere",
    }
}

/// Why a practice document could not be filled in. None of it depends on input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// A date of the person does not exist.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// The portrait could not be drawn.
    #[error(transparent)]
    Portrait(#[from] PortraitError),
}

/// The label of an element, in English and Welsh; its own name where it has none.
pub(crate) fn label(element: &str) -> Words {
    static LABELS: LazyLock<HashMap<String, Words>> =
        LazyLock::new(|| serde_json::from_str(include_str!("../data/labels.json")).unwrap_or_default());
    LABELS.get(element).cloned().unwrap_or_else(|| Words {
        en: element.to_owned(),
        cy: element.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::People;

    #[test]
    fn every_element_has_a_label_in_both_languages() {
        for document in DocumentType::ALL {
            for (_, element) in document.elements() {
                let words = label(element);
                assert!(words.en != element && !words.cy.is_empty(), "{element}");
            }
        }
    }

    #[test]
    fn every_person_can_be_given_every_document_that_is_for_them() {
        let today = CivilDate::parse("2026-11-25").unwrap();
        let expiry = CivilDate::parse("2027-11-25").unwrap();
        for person in People::built_in().unwrap().all() {
            for document in DocumentType::ALL.into_iter().filter(|document| document.is_for(person)) {
                let details = document.details(person, today, expiry).unwrap();
                let authority = details.iter().find(|detail| detail.element == "issuing_authority");
                assert!(
                    matches!(authority.map(|detail| &detail.value), Some(DetailValue::Text(name)) if name.ends_with("(SANDBOX)")),
                    "{} {}",
                    person.id,
                    document.as_str()
                );
            }
        }
    }

    #[test]
    fn the_licence_holds_exactly_what_dvla_will_issue() {
        let people = People::built_in().unwrap();
        let rhiannon = people.find("rhiannon-specimen").unwrap();
        let today = CivilDate::parse("2026-11-25").unwrap();
        let details = DocumentType::DrivingLicence.details(rhiannon, today, today).unwrap();
        let names: Vec<&str> = details.iter().map(|detail| detail.element).collect();
        assert_eq!(names.len(), 21, "{names:?}");
        assert_eq!(names.iter().filter(|name| name.starts_with("age_over_")).count(), 3);
        assert!(
            details
                .iter()
                .any(|detail| detail.namespace == ISO_GB && detail.element == "welsh_licence")
        );
    }
}
