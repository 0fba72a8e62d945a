//! Making documents: one copy, bound to one key, at one place of the status list.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use wallet_credentials::claim::{ClaimPath, ClaimPathError};
use wallet_credentials::credential::Format;
use wallet_credentials::crypto::{PublicKey, SigningKey};
use wallet_credentials::jose::base64url;
use wallet_credentials::jwt_vc;
use wallet_credentials::mdoc::{ElementValue, KeyAuthorizations, MdocBuilder, MdocError, ValidityInfo};
use wallet_credentials::sd_jwt_vc::{Issuance, IssueError};
use wallet_credentials::status::StatusReference;
use wallet_credentials::time::{CivilDate, Timestamp};
use wallet_protocols::openid4vp::transaction_data::{MDOC_ELEMENT, TYPES};

use crate::catalogue::{CatalogueError, Detail, DetailValue, DocumentType};
use crate::house::House;
use crate::people::{PeopleError, Person, day_after};
use crate::pki::IssuerPki;
use crate::random::OsRandom;
use crate::spec::OfferFault;

/// Why a document could not be made. None of it depends on what a wallet sends.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MakeError {
    /// The details.
    #[error(transparent)]
    Details(#[from] CatalogueError),
    /// The mdoc.
    #[error(transparent)]
    Mdoc(#[from] MdocError),
    /// The SD-JWT VC.
    #[error(transparent)]
    SdJwt(#[from] IssueError),
    /// The JWT VC.
    #[error(transparent)]
    JwtVc(#[from] jwt_vc::IssueError),
    /// A path of the catalogue.
    #[error(transparent)]
    Path(#[from] ClaimPathError),
}

/// What the copies of one document have in common.
pub(crate) struct Maker<'a> {
    house: &'a House,
    document: DocumentType,
    details: Vec<Detail>,
    validity: ValidityInfo,
    fault: Option<OfferFault>,
    signed_by: &'a IssuerPki,
}

impl<'a> Maker<'a> {
    /// Fills the document in for this person, as of a day: a document that is had anew says what the first one said.
    pub(crate) fn new(
        house: &'a House,
        document: DocumentType,
        person: &Person,
        today: CivilDate,
        fault: Option<OfferFault>,
    ) -> Result<Self, MakeError> {
        let now = house.now();
        let ended = fault == Some(OfferFault::ExpiredDocument);
        let days = if ended { -1 } else { document.days_valid() };
        let expiry = day_after(today, days).map_err(CatalogueError::from)?;
        let details = document.details(person, today, expiry)?;
        let signed = if ended {
            now.minus(Duration::from_secs(30 * 86_400))
        } else {
            now
        };
        let validity = ValidityInfo {
            signed,
            valid_from: signed,
            valid_until: start_of(expiry),
            expected_update: next_birthday(person, today, expiry).map_err(CatalogueError::from)?,
        };
        Ok(Self {
            house,
            document,
            details,
            validity,
            fault,
            signed_by: house.issuer_pki(document.issuer()),
        })
    }

    /// Signs with these keys instead of the issuer's usual ones.
    pub(crate) const fn signed_by(mut self, pki: &'a IssuerPki) -> Self {
        self.signed_by = pki;
        self
    }

    /// After the person's details changed: another family name, one detail fewer, and one more.
    pub(crate) fn changed(mut self) -> Self {
        for detail in &mut self.details {
            if let ("family_name", DetailValue::Text(name)) = (detail.element, &mut detail.value) {
                name.push_str("-Newydd");
            }
        }
        let gone = ["birth_place", "gp_practice_name", "dvs_registration_id", "sponsor_name"];
        self.details.retain(|detail| !gone.contains(&detail.element));
        let known = self.details.iter().any(|detail| detail.element == "nationality");
        if let (Some(first), false) = (self.details.first(), known) {
            let namespace = first.namespace.clone();
            self.details.push(Detail {
                namespace,
                element: "nationality",
                value: DetailValue::Text("GBR".to_owned()),
            });
        }
        self
    }

    /// As GOV.UK's profile of the licence has it: without names in other characters, and without the date of the next change.
    pub(crate) fn in_gov_uk_profile(mut self) -> Self {
        self.details
            .retain(|detail| !detail.element.ends_with("_national_character"));
        self.validity.expected_update = None;
        self
    }

    /// One copy for the holder of `key`, as OpenID4VCI delivers it.
    pub(crate) fn copy(&self, key: &PublicKey, place: u32) -> Result<String, MakeError> {
        let type_id = if self.fault == Some(OfferFault::WrongType) {
            format!("{}.other", self.document.type_id())
        } else {
            self.document.type_id()
        };
        let made = match self.document.format() {
            Format::MsoMdoc => self.mdoc(&type_id, key, place)?,
            Format::DcSdJwt => self.sd_jwt(&type_id, key, place)?,
            Format::JwtVcJson => self.jwt_vc(&type_id, key)?,
        };
        Ok(made)
    }

    /// The key that signs: another than the certificate's when the signature is to be broken.
    fn signer(&self) -> &SigningKey {
        if self.fault == Some(OfferFault::BadSignature) {
            return self.house.pki().stranger.signer();
        }
        self.signed_by.document_signer.signer()
    }

    /// In the shape of GOV.UK Wallet's Veteran Card. It names no status list: a did:web is on no list whose status anchors
    /// could speak for it.
    fn jwt_vc(&self, kind: &str, key: &PublicKey) -> Result<String, MakeError> {
        let value = |element: &str| {
            let detail = self.details.iter().find(|detail| detail.element == element);
            detail.map_or(Value::Null, |detail| match &detail.value {
                DetailValue::Jpeg(bytes) => STANDARD.encode(bytes).into(),
                value => json_value(value),
            })
        };
        let mut subject = Map::new();
        subject.insert(
            "name".to_owned(),
            json!([{ "nameParts": [
                { "value": value("given_name"), "type": "GivenName" },
                { "value": value("family_name"), "type": "FamilyName" },
            ] }]),
        );
        subject.insert("birthDate".to_owned(), json!([{ "value": value("birth_date") }]));
        subject.insert(
            "veteranCard".to_owned(),
            json!([{
                "expiryDate": value("expiry_date"),
                "serviceNumber": value("service_number"),
                "serviceBranch": value("service_branch"),
                "photo": value("portrait"),
            }]),
        );
        let did = self.house.issuer_did(self.document.issuer());
        let text = jwt_vc::Issuance::new(&did, kind, subject)
            .kid(&format!("{did}#key-1"))
            .holder_key(key)
            .issued_at(self.validity.signed)
            .valid_from(self.validity.valid_from)
            .valid_until(self.validity.valid_until)
            .sign(self.signer())?;
        Ok(text)
    }

    fn mdoc(&self, doc_type: &str, key: &PublicKey, place: u32) -> Result<String, MakeError> {
        let mut builder = MdocBuilder::new(doc_type, *key, self.validity);
        let mut name_spaces: Vec<String> = Vec::new();
        for detail in &self.details {
            builder = builder.element(&detail.namespace, detail.element, element_value(&detail.value));
            if !name_spaces.contains(&detail.namespace) {
                name_spaces.push(detail.namespace.clone());
            }
        }
        let chain = [self.signed_by.document_signer.certificate().clone()];
        let types = TYPES.iter().filter(|_| self.document.signs_transactions());
        let bytes = builder
            .key_authorizations(KeyAuthorizations {
                name_spaces,
                elements: types.map(|kind| (kind.name.into(), MDOC_ELEMENT.to_owned())).collect(),
            })
            .status(StatusReference {
                index: place.into(),
                uri: self.house.status_uri(),
            })
            .sign(self.signer(), &chain, &mut OsRandom)?;
        Ok(base64url::encode(&bytes))
    }

    fn sd_jwt(&self, vct: &str, key: &PublicKey, place: u32) -> Result<String, MakeError> {
        let mut claims = Map::new();
        let mut disclosable = Vec::new();
        for detail in &self.details {
            claims.insert(detail.element.to_owned(), json_value(&detail.value));
            disclosable.push(ClaimPath::from_names([detail.element])?);
        }
        let issuer = self.document.issuer();
        let certificate = self.signed_by.document_signer.certificate();
        let text = Issuance::new(vct, claims)
            .iss(&self.house.issuer_url(issuer))
            .issued_at(self.validity.signed)
            .not_before(self.validity.valid_from)
            .expires_at(self.validity.valid_until)
            .status(&StatusReference {
                index: place.into(),
                uri: self.house.status_uri(),
            })
            .holder_key(key)
            .x5c(&[certificate.as_der()])
            .selectively_disclosable(disclosable)
            .decoys(2)
            .sign(self.signer(), &mut OsRandom)?;
        Ok(text)
    }
}

/// Where an element of the Veteran Card stands in it (claims path pointer, OpenID4VP 1.0, 7).
pub(crate) fn veteran_path(element: &str) -> Value {
    let subject = "credentialSubject";
    match element {
        "given_name" | "family_name" => json!([subject, "name", null, "nameParts"]),
        "birth_date" => json!([subject, "birthDate", null, "value"]),
        "expiry_date" => json!([subject, "veteranCard", null, "expiryDate"]),
        "service_number" => json!([subject, "veteranCard", null, "serviceNumber"]),
        "service_branch" => json!([subject, "veteranCard", null, "serviceBranch"]),
        _ => json!([subject, "veteranCard", null, "photo"]),
    }
}

/// The first moment of a day, in UTC: from then on a document has ended.
fn start_of(day: CivilDate) -> Timestamp {
    Timestamp::parse_rfc3339(&format!("{day}T00:00:00Z")).unwrap_or(Timestamp::from_unix(0))
}

/// The next 18th, 21st or 25th birthday that falls into the document's life: its facts change then.
fn next_birthday(person: &Person, today: CivilDate, expiry: CivilDate) -> Result<Option<Timestamp>, PeopleError> {
    let born = person.birth_date(today)?;
    let age = born.age_on(today);
    let Some(next) = [18, 21, 25].into_iter().find(|turning| age < *turning) else {
        return Ok(None);
    };
    let year = born.to_jiff().year().saturating_add(next);
    let birthday = jiff::civil::Date::new(year, born.to_jiff().month(), born.to_jiff().day())
        .or_else(|_| jiff::civil::Date::new(year, 3, 1))
        .map_err(|_| PeopleError::Date)?;
    let birthday = CivilDate::parse(&birthday.to_string()).map_err(|_| PeopleError::Date)?;
    Ok((birthday <= expiry).then(|| start_of(birthday)))
}

/// A value as mdoc has it (ISO/IEC 18013-5:2021, 7.2.1).
fn element_value(value: &DetailValue) -> ElementValue {
    let text = |text: &str| ElementValue::Text(text.to_owned());
    match value {
        DetailValue::Text(plain) => text(plain),
        DetailValue::Date(date) => ElementValue::FullDate(*date),
        DetailValue::Flag(flag) => ElementValue::Bool(*flag),
        DetailValue::Number(number) => ElementValue::Integer((*number).into()),
        DetailValue::Jpeg(bytes) => ElementValue::Bytes(bytes.clone()),
        DetailValue::Texts(list) => ElementValue::Array(list.iter().map(|entry| text(entry)).collect()),
        DetailValue::Driving(categories) => ElementValue::Array(
            categories
                .iter()
                .map(|(category, until)| {
                    ElementValue::Map(vec![
                        (text("vehicle_category_code"), text(category)),
                        (text("expiry_date"), ElementValue::FullDate(*until)),
                    ])
                })
                .collect(),
        ),
    }
}

/// A value as JSON has it; a picture is a `data:` URI.
fn json_value(value: &DetailValue) -> Value {
    match value {
        DetailValue::Text(text) => text.clone().into(),
        DetailValue::Date(date) => date.to_string().into(),
        DetailValue::Flag(flag) => (*flag).into(),
        DetailValue::Number(number) => (*number).into(),
        DetailValue::Jpeg(bytes) => format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes)).into(),
        DetailValue::Texts(list) => json!(list),
        DetailValue::Driving(categories) => categories
            .iter()
            .map(|(category, until)| json!({ "vehicle_category_code": category, "expiry_date": until.to_string() }))
            .collect(),
    }
}
