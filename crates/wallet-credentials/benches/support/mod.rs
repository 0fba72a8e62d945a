//! What the benches of every crate measure with: a practice authority, a driving licence with a 10 KB portrait, a
//! credential of twenty disclosures. Made anew in each run from fixed seeds, so that a figure stands for its input.

use std::time::Duration;

use cpu_time::ThreadTime;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use p256::pkcs8::DecodePrivateKey as _;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use serde_json::{Map, Value, json};
use wallet_credentials::claim::ClaimPath;
use wallet_credentials::crypto::{PredictableRandom, PublicKey, Random as _, SigningKey};
use wallet_credentials::jose::base64url;
use wallet_credentials::jwt_vc;
use wallet_credentials::mdoc::{ElementValue, MdocBuilder, ValidityInfo};
use wallet_credentials::sd_jwt_vc::Issuance;
use wallet_credentials::time::{CivilDate, Timestamp};
use wallet_credentials::trust::{Certificate, Role, TrustAnchor, TrustAnchors};

/// Measures the processor time of the benching thread, which other programs on the machine do not change much. For what
/// computes and never waits; what waits for a disk is measured with the clock on the wall.
pub struct ProcessorTime;

impl Measurement for ProcessorTime {
    type Intermediate = ThreadTime;
    type Value = Duration;

    fn start(&self) -> ThreadTime {
        ThreadTime::now()
    }

    fn end(&self, started: ThreadTime) -> Duration {
        started.elapsed()
    }

    fn add(&self, one: &Duration, other: &Duration) -> Duration {
        *one + *other
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        WallTime.to_f64(value)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

/// Extended key usage of an mdoc's signer (ISO/IEC 18013-5:2021, B.1.4).
pub const DOCUMENT_SIGNER: &[u64] = &[1, 0, 18013, 5, 1, 2];
/// Extended key usage of a reader (ISO/IEC 18013-5:2021, B.1.7); request objects may be signed with it.
pub const READER: &[u64] = &[1, 0, 18013, 5, 1, 6];

/// The document type of the licence.
pub const MDL: &str = "org.iso.18013.5.1.mDL";
/// Its name space.
pub const ISO: &str = "org.iso.18013.5.1";
/// What is shown of its twenty elements.
pub const SHOWN: [&str; 3] = ["portrait", "family_name", "age_over_18"];
/// Bytes of its portrait.
pub const PORTRAIT: usize = 10 * 1024;

/// `vct` of the credential with twenty disclosures.
pub const VCT: &str = "https://credentials.example.org/person";

/// A key with its certificate.
pub struct Party {
    params: CertificateParams,
    key: KeyPair,
    /// The certificate.
    pub certificate: Certificate,
    /// The same in PEM.
    pub pem: String,
}

impl Party {
    /// A certification authority of this name.
    pub fn authority(name: &str) -> Self {
        let mut params = named(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = new_key();
        let made = params.self_signed(&key).unwrap();
        Self::of(params, key, &made)
    }

    /// A signer for one purpose, certified by this authority.
    pub fn certify(&self, name: &str, purpose: &[u64]) -> Self {
        let mut params = named(name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Other(purpose.to_vec())];
        let key = new_key();
        let issuer = Issuer::from_params(&self.params, &self.key);
        let made = params.signed_by(&key, &issuer).unwrap();
        Self::of(params, key, &made)
    }

    fn of(params: CertificateParams, key: KeyPair, made: &rcgen::Certificate) -> Self {
        Self {
            params,
            key,
            certificate: Certificate::from_der(made.der()).unwrap(),
            pem: made.pem(),
        }
    }

    /// Its key, to sign with.
    pub fn signing_key(&self) -> SigningKey {
        let secret = p256::SecretKey::from_pkcs8_der(self.key.serialized_der()).unwrap();
        SigningKey::from_bytes(&secret.to_bytes()).unwrap()
    }

    /// Its revocation list, with the serial numbers below `count`.
    pub fn revocation_list(&self, count: u64) -> Vec<u8> {
        let revoked = |serial: u64| rcgen::RevokedCertParams {
            serial_number: serial.into(),
            revocation_time: rcgen::date_time_ymd(2026, 1, 1),
            reason_code: None,
            invalidity_date: None,
        };
        let params = rcgen::CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(2026, 10, 1),
            next_update: rcgen::date_time_ymd(2027, 1, 1),
            crl_number: 1_u64.into(),
            issuing_distribution_point: None,
            revoked_certs: (0..count).map(revoked).collect(),
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        let issuer = Issuer::from_params(&self.params, &self.key);
        params.signed_by(&issuer).unwrap().der().to_vec()
    }

    /// The only anchor, in this role.
    pub fn as_anchor(&self, role: Role) -> TrustAnchors {
        [TrustAnchor::from_certificate(self.certificate.clone(), role)]
            .into_iter()
            .collect()
    }
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2050, 1, 1);
    params.use_authority_key_identifier_extension = true;
    params
}

fn new_key() -> KeyPair {
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap()
}

/// A holder's key.
pub fn holder(seed: u64) -> SigningKey {
    SigningKey::from_random(&mut PredictableRandom::from_seed(seed)).unwrap()
}

/// A licence of twenty elements with a portrait of `portrait` bytes; signed a day before `now`, good for five years.
pub fn licence(issuer: &Party, holder: &PublicKey, doc_type: &str, portrait: &[u8], now: Timestamp) -> Vec<u8> {
    const DAY: Duration = Duration::from_secs(86_400);
    let signed = now.minus(DAY);
    let validity = ValidityInfo {
        signed,
        valid_from: signed,
        valid_until: now.plus(DAY * 1_826),
        expected_update: None,
    };
    let date = |text: &str| ElementValue::FullDate(CivilDate::parse(text).unwrap());
    let category = |code: &str| {
        let pair = |name: &str, value: ElementValue| (ElementValue::from(name), value);
        ElementValue::Map(vec![
            pair("vehicle_category_code", code.into()),
            pair("issue_date", date("2018-08-09")),
            pair("expiry_date", date("2028-08-08")),
        ])
    };
    let elements: [(&str, ElementValue); 20] = [
        ("family_name", "Morgan".into()),
        ("given_name", "Sarah Meredyth".into()),
        ("birth_date", date("1976-03-11")),
        ("issue_date", date("2023-01-19")),
        ("expiry_date", date("2033-01-18")),
        ("issuing_country", "GB".into()),
        ("issuing_authority", "DVLA".into()),
        ("document_number", "MORGA753116SM9IJ 35".into()),
        ("portrait", ElementValue::Bytes(portrait.to_vec())),
        (
            "driving_privileges",
            ElementValue::Array(vec![category("AM"), category("B"), category("BE")]),
        ),
        ("un_distinguishing_sign", "UK".into()),
        ("resident_address", "122 Burns Crescent, Edinburgh".into()),
        ("resident_city", "Edinburgh".into()),
        ("resident_postal_code", "EH1 9GP".into()),
        ("resident_country", "GB".into()),
        ("birth_place", "United Kingdom".into()),
        ("sex", 2_i64.into()),
        ("age_over_18", true.into()),
        ("age_over_21", true.into()),
        ("age_over_25", true.into()),
    ];
    let builder = MdocBuilder::new(doc_type, *holder, validity);
    elements
        .into_iter()
        .fold(builder, |builder, (name, value)| builder.element(ISO, name, value))
        .sign(
            &issuer.signing_key(),
            std::slice::from_ref(&issuer.certificate),
            &mut PredictableRandom::from_seed(7),
        )
        .unwrap()
}

/// Bytes that stand for a portrait.
pub fn portrait() -> Vec<u8> {
    let mut bytes = vec![0; PORTRAIT];
    PredictableRandom::from_seed(20).fill(&mut bytes).unwrap();
    bytes
}

/// Twenty claims about a person, each in a disclosure of its own when issued.
pub fn person() -> Map<String, Value> {
    let claims = json!({
        "given_name": "Sarah Meredyth", "family_name": "Morgan", "birthdate": "1976-03-11", "sex": 2,
        "place_of_birth": "United Kingdom", "nationality": "GB", "email": "sarah.morgan@example.org",
        "phone_number": "+44 131 496 0000", "street_address": "122 Burns Crescent", "locality": "Edinburgh",
        "postal_code": "EH1 9GP", "country": "GB", "nhs_number": "943 476 5919", "practice": "Leith Surgery",
        "practice_code": "S70123", "registered_on": "2019-04-02", "title": "Ms", "language": "en",
        "age_over_18": true, "age_over_21": true,
    });
    match claims {
        Value::Object(claims) => claims,
        _ => Map::new(),
    }
}

/// What is shown of [`person`].
pub fn shown_of_person() -> Vec<ClaimPath> {
    ["given_name", "family_name", "birthdate"]
        .iter()
        .map(|name| ClaimPath::from_names([*name]).unwrap())
        .collect()
}

/// [`person`] as an SD-JWT VC of twenty disclosures.
pub fn person_credential(issuer: &Party, holder: &PublicKey, vct: &str, now: Timestamp) -> String {
    let claims = person();
    let paths: Vec<ClaimPath> = claims
        .keys()
        .map(|name| ClaimPath::from_names([name.as_str()]).unwrap())
        .collect();
    Issuance::new(vct, claims)
        .iss("https://issuer.example.org")
        .issued_at(now)
        .expires_at(now.plus(Duration::from_secs(86_400 * 1_826)))
        .holder_key(holder)
        .x5c(&[issuer.certificate.as_der()])
        .selectively_disclosable(paths)
        .sign(&issuer.signing_key(), &mut PredictableRandom::from_seed(8))
        .unwrap()
}

/// Whoever issues [`veteran_card`]s.
pub const VETERANS: &str = "https://veterans.example.org";

/// A JWT VC in the shape of the Veteran Card, with a photo of [`PORTRAIT`] bytes.
pub fn veteran_card(issuer: &SigningKey, holder: &PublicKey, now: Timestamp) -> String {
    let subject = json!({
        "name": [{"nameParts": [
            {"type": "GivenName", "value": "Sarah"}, {"type": "GivenName", "value": "Meredyth"},
            {"type": "FamilyName", "value": "Morgan"},
        ]}],
        "birthDate": [{"value": "1976-03-11"}],
        "veteranCard": [{
            "expiryDate": "2033-01-18", "serviceNumber": "25057386", "serviceBranch": "HM Naval Service",
            "photo": base64url::encode(&portrait()),
        }],
    });
    let Value::Object(subject) = subject else {
        return String::new();
    };
    jwt_vc::Issuance::new(VETERANS, "DigitalVeteranCard", subject)
        .kid("did:web:veterans.example.org#1")
        .holder_key(holder)
        .issued_at(now)
        .valid_from(now)
        .valid_until(now.plus(Duration::from_secs(86_400 * 1_826)))
        .sign(issuer)
        .unwrap()
}
