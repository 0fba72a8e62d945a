//! What the parties of the world made, through this project's own issuing roles: the seeds that verify, and for the
//! targets the list of everything that was ever signed, so that a forgery is noticed.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use wallet_credentials::claim::ClaimPath;
use wallet_credentials::crypto::{AgreementKey, PredictableRandom, Signer as _};
use wallet_credentials::jose::{ContentEncryption, SigningHeader, did, jwe};
use wallet_credentials::jwt_vc;
use wallet_credentials::mdoc::{
    BleOptions, DeviceEngagement, ElementValue, Handover, IssuerSigned, KeyAuthorizations, MdocBuilder, OfflineProof,
    ReaderSession, RetrievalMethod, SessionTranscript, ValidityInfo,
};
use wallet_credentials::sd_jwt_vc::{Issuance, KeyBinding, SdJwtVc};
use wallet_credentials::status::{Lifetime, StatusListBuilder, StatusReference, StatusSize, StatusType};
use wallet_credentials::time::CivilDate;
use wallet_credentials::trust::{
    CertificateHash, Detail, LocalizedText, Purpose, Register, RegisterEntry, Role, TrustList, TrustListEntry,
};
use wallet_protocols::openid4vp::ClientId;
use wallet_protocols::openid4vp::verifier::RequestToSend;

use crate::world::{DAY, LIST_ISSUER, NONCE, NOW, Party, RESPONSE_URI, STATUS_URI, world};

/// The document type of the licence.
pub const MDL: &str = "org.iso.18013.5.1.mDL";
/// Its name space.
pub const ISO: &str = "org.iso.18013.5.1";
/// The kind of the SD-JWT VC.
pub const VCT: &str = "https://credentials.example.com/person";

fn random(seed: u64) -> PredictableRandom {
    PredictableRandom::from_seed(seed)
}

/// The elements of the licence.
pub fn elements() -> Vec<(&'static str, &'static str, ElementValue)> {
    let date = |text: &str| ElementValue::FullDate(CivilDate::parse(text).unwrap());
    let pair = |name: &str, value: ElementValue| (ElementValue::from(name), value);
    let category = ElementValue::Map(vec![
        pair("vehicle_category_code", "B".into()),
        pair("issue_date", date("2018-08-09")),
    ]);
    vec![
        (ISO, "family_name", "Morgan".into()),
        (ISO, "birth_date", date("1976-03-11")),
        (
            ISO,
            "portrait",
            ElementValue::Bytes(vec![0xff, 0xd8, 0xff, 0xe0, 0, 16]),
        ),
        (ISO, "driving_privileges", ElementValue::Array(vec![category])),
        (ISO, "sex", 2_i64.into()),
        (ISO, "age_over_18", true.into()),
        ("org.iso.18013.5.1.GB", "welsh_licence", false.into()),
        ("org.iso.18013.5.1.GB", "issued_at", ElementValue::DateTime(NOW)),
    ]
}

/// An `IssuerSigned`.
pub fn licence() -> &'static [u8] {
    static MADE: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let signed = NOW.minus(DAY);
        let validity = ValidityInfo {
            signed,
            valid_from: signed,
            valid_until: NOW.plus(DAY * 365),
            expected_update: Some(NOW.plus(DAY * 300)),
        };
        let authorizations = KeyAuthorizations {
            name_spaces: vec!["org.example".to_owned()],
            elements: vec![(ISO.into(), "sex".to_owned())],
        };
        let builder = MdocBuilder::new(MDL, world().holder_key(), validity)
            .key_authorizations(authorizations)
            .status(reference());
        elements()
            .into_iter()
            .fold(builder, |builder, (space, name, value)| {
                builder.element(space, name, value)
            })
            .sign(&world().issuer.key, world().issuer.chain(), &mut random(30))
            .unwrap()
    });
    &MADE
}

/// A `DeviceResponse` with three elements, for the session of the world.
pub fn device_response() -> &'static [u8] {
    static MADE: LazyLock<Vec<u8>> = LazyLock::new(|| show(&world().transcript));
    &MADE
}

/// The licence shown in a session.
pub fn show(transcript: &SessionTranscript) -> Vec<u8> {
    let document = IssuerSigned::parse(licence()).unwrap().dangerous_assume_verified();
    let shown = [
        (ISO, "family_name"),
        (ISO, "age_over_18"),
        ("org.iso.18013.5.1.GB", "welsh_licence"),
    ];
    let narrowed = document.narrow(&shown).unwrap();
    narrowed.sign(transcript, &world().holder).unwrap()
}

/// A proof for a checker without a connection.
pub fn offline_proof() -> Vec<u8> {
    let (from, until) = (1_780_271_990, 1_780_272_290);
    let salt = vec![7; 16];
    let response = show(&SessionTranscript::offline(from, until, &salt));
    OfflineProof::new(response, from, until, salt).unwrap().encode()
}

/// Where statuses stand.
pub fn reference() -> StatusReference {
    StatusReference {
        index: 42,
        uri: STATUS_URI.to_owned(),
    }
}

/// The claims of the SD-JWT VC.
pub fn claims() -> Map<String, Value> {
    let claims = json!({
        "given_name": "Sarah", "family_name": "Morgan", "birthdate": "1976-03-11", "age_over_18": true,
        "address": {"street_address": "122 Burns Crescent", "locality": "Edinburgh", "geo": {"lat": 55.9, "lon": -3.2}},
        "nationalities": ["GB", "IE"], "degrees": [{"type": "BSc", "year": 1998}, {"type": "MSc", "year": 2001}],
    });
    claims.as_object().cloned().unwrap()
}

/// A path from its JSON.
pub fn path(json: Value) -> ClaimPath {
    serde_json::from_value(json).unwrap()
}

/// An SD-JWT VC with nested, recursive and array disclosures and decoys.
pub fn person() -> &'static str {
    static MADE: LazyLock<String> = LazyLock::new(|| {
        let hidden = [
            json!(["given_name"]),
            json!(["family_name"]),
            json!(["age_over_18"]),
            json!(["address"]),
            json!(["address", "locality"]),
            json!(["address", "geo", "lat"]),
            json!(["nationalities", null]),
            json!(["degrees", 0, "year"]),
        ];
        issuance()
            .selectively_disclosable(hidden.map(path))
            .decoys(2)
            .sign(&world().issuer.key, &mut random(31))
            .unwrap()
    });
    &MADE
}

fn issuance() -> Issuance {
    Issuance::new(VCT, claims())
        .iss("https://issuer.example.com")
        .issued_at(NOW.minus(DAY))
        .expires_at(NOW.plus(DAY))
        .status(&reference())
        .holder_key(&world().holder_key())
        .x5c(&[world().issuer.certificate.as_der()])
}

/// The same without anything hidden.
pub fn open_person() -> String {
    issuance().sign(&world().issuer.key, &mut random(32)).unwrap()
}

/// The audience of [`presentation`].
pub const AUDIENCE: &str = "x509_san_dns:client.example.org";

/// [`person`], narrowed and bound to the service's request.
pub fn presentation() -> String {
    let credential = SdJwtVc::parse(person()).unwrap().dangerous_assume_verified();
    let paths = [
        json!(["given_name"]),
        json!(["address", "locality"]),
        json!(["nationalities", 1]),
    ];
    let binding = KeyBinding {
        audience: AUDIENCE,
        nonce: NONCE,
        issued_at: NOW,
        transaction_data: None,
    };
    let narrowed = credential.narrow(&paths.map(path)).unwrap();
    narrowed.present(&binding, &world().holder).unwrap()
}

/// A list of 1,000 statuses of this size; 42 is suspended, or revoked where there is one bit only.
pub fn statuses(size: StatusSize) -> StatusListBuilder {
    let mut list = StatusListBuilder::new(size, 1_000).unwrap();
    let status = match size {
        StatusSize::One => StatusType::Invalid,
        _ => StatusType::Suspended,
    };
    list.set(42, status).unwrap();
    list
}

/// A Status List Token.
pub fn status_token(size: StatusSize) -> String {
    let lifetime = Lifetime {
        validity: DAY,
        time_to_live: DAY / 24,
    };
    let header = SigningHeader::new("statuslist+jwt").x5c(&[world().issuer.certificate.as_der()]);
    statuses(size)
        .sign(STATUS_URI, NOW.minus(DAY / 24), lifetime, header, &world().issuer.key)
        .unwrap()
}

/// A Status List Token in CWT form.
pub fn status_cwt(size: StatusSize) -> Vec<u8> {
    let lifetime = Lifetime {
        validity: DAY,
        time_to_live: DAY / 24,
    };
    let issuer = &world().issuer;
    statuses(size)
        .sign_cwt(STATUS_URI, NOW.minus(DAY / 24), lifetime, issuer.chain(), &issuer.key)
        .unwrap()
}

/// A signed trust list.
pub fn trust_list() -> TrustList {
    let entry = |name: &str, role| TrustListEntry {
        name: text(name),
        role,
        certificates: vec![world().authority.certificate.clone()],
        document_types: vec![MDL.to_owned()],
        speaks_for: vec![CertificateHash(world().authority.certificate.sha256())],
        revocations: Vec::new(),
        signs_metadata: false,
        valid_until: NOW.plus(DAY),
        withdrawn_at: None,
    };
    let mut withdrawn = entry("Gone", Role::Status);
    withdrawn.withdrawn_at = Some(NOW.minus(DAY));
    TrustList {
        iss: LIST_ISSUER.to_owned(),
        iat: NOW.minus(DAY),
        exp: NOW.plus(DAY),
        sequence: 7,
        entries: vec![entry("DVLA", Role::Issuer), withdrawn],
    }
}

/// A signed register.
pub fn register() -> Register {
    let purpose = Purpose {
        id: "age".to_owned(),
        category: "age_check".to_owned(),
        text: text("To check that you are 18"),
        lawful_basis: "consent".to_owned(),
        retention: text("Not kept"),
        allowed: vec![Detail {
            document_type: MDL.to_owned(),
            path: path(json!([ISO, "age_over_18"])),
        }],
    };
    let entry = RegisterEntry {
        legal_name: "Practice Service Ltd".to_owned(),
        trading_name: "Practice".to_owned(),
        intermediary: Some("Between".to_owned()),
        cert_sha256: vec![CertificateHash(world().service.certificate.sha256())],
        valid_until: NOW.plus(DAY),
        withdrawn_at: None,
        purposes: vec![purpose],
        privacy_url: "https://client.example.org/privacy".to_owned(),
        contact: "help@client.example.org".to_owned(),
    };
    Register {
        iss: LIST_ISSUER.to_owned(),
        iat: NOW.minus(DAY),
        exp: NOW.plus(DAY),
        sequence: 7,
        entries: vec![entry],
    }
}

fn text(english: &str) -> LocalizedText {
    LocalizedText {
        en: english.to_owned(),
        cy: Some("Cymraeg".to_owned()),
    }
}

/// A DCQL query for both formats, with claim sets and credential sets.
pub fn query() -> Value {
    json!({
        "credentials": [
            {"id": "licence", "format": "mso_mdoc", "meta": {"doctype_value": MDL}, "claims": [
                {"id": "a", "path": [ISO, "age_over_18"], "values": [true], "intent_to_retain": false},
                {"id": "b", "path": [ISO, "family_name"]},
                {"id": "c", "path": [ISO, "sex"], "values": [1, 2]}],
             "claim_sets": [["a", "c"], ["a"], ["b"]]},
            {"id": "person", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, "multiple": true, "claims": [
                {"path": ["given_name"]}, {"path": ["nationalities", null], "values": ["GB"]},
                {"path": ["degrees", 1, "type"]}],
             "trusted_authorities": [{"type": "aki", "values": ["AQID"]}]},
            {"id": "other", "format": "ldp_vc", "meta": {}, "require_cryptographic_holder_binding": false}],
        "credential_sets": [{"options": [["licence"], ["person"]]}, {"options": [["other"]], "required": false}],
    })
}

/// The claims of a request object.
pub fn request(encrypted: bool) -> Value {
    let client_id = ClientId::parse(AUDIENCE).unwrap();
    let query = query();
    RequestToSend {
        client_id: &client_id,
        response_uri: RESPONSE_URI,
        nonce: NONCE,
        state: Some("state"),
        dcql_query: &query,
        encrypt_to: encrypted.then_some(&world().encryption),
        client_name: Some("Practice Service"),
        wallet_nonce: None,
        issued_at: NOW,
        expires_at: Some(NOW.plus(DAY)),
    }
    .claims()
}

/// A JWE to the world's agreement key.
pub fn encrypted(content: &[u8], enc: ContentEncryption) -> String {
    let recipient = jwe::Recipient {
        apu: b"apu",
        apv: b"apv",
        ..jwe::Recipient::new(&world().encryption, enc)
    };
    jwe::encrypt(content, &recipient, &mut random(33)).unwrap()
}

/// A signed list of either kind, as its signer signs it.
pub fn sign_list(typ: &str, payload: &[u8]) -> String {
    let header = SigningHeader::new(typ).x5c(&[world().lists.certificate.as_der()]);
    header.sign(payload, &world().lists.key).unwrap()
}

/// The ephemeral key of the device, for one session.
pub fn device_ephemeral() -> AgreementKey {
    AgreementKey::from_random(&mut random(40)).unwrap()
}

/// The reader's end of a session with that device.
pub fn reader_session() -> ReaderSession {
    let engagement = DeviceEngagement::parse(&engagement()).unwrap();
    let key = AgreementKey::from_random(&mut random(41)).unwrap();
    ReaderSession::new(&engagement, &key, &Handover::Qr).unwrap()
}

/// A device engagement with Bluetooth and NFC.
pub fn engagement() -> Vec<u8> {
    let methods = vec![
        RetrievalMethod::Nfc {
            max_command: 255,
            max_response: 256,
        },
        RetrievalMethod::Ble(BleOptions {
            central_client_mode: true,
            central_client_uuid: Some([7; 16]),
            ..BleOptions::default()
        }),
    ];
    DeviceEngagement::new(device_ephemeral().public_key(), methods)
        .as_bytes()
        .to_vec()
}

/// What the reader of [`reader_session`] sends.
pub const SESSION_REQUEST: &[u8] = b"a request";

/// A `SessionEstablishment`.
pub fn session_messages() -> Vec<u8> {
    reader_session().send(SESSION_REQUEST).unwrap()
}

/// A JWT VC as GOV.UK issues them.
pub fn veteran() -> String {
    let subject =
        json!({"name": [{"value": "Tamsin", "type": "GivenName"}], "veteranCard": [{"serviceNumber": "25057386"}]});
    let kid = did::did_key(&world().issuer.key.public_key());
    jwt_vc::Issuance::new(&kid, "DigitalVeteranCard", subject.as_object().cloned().unwrap())
        .kid(&format!("{kid}#{}", kid.trim_start_matches("did:key:")))
        .holder_key(&world().holder_key())
        .id("urn:uuid:1")
        .issued_at(NOW)
        .valid_from(NOW.minus(DAY))
        .valid_until(NOW.plus(DAY))
        .status(&reference())
        .sign(&world().issuer.key)
        .unwrap()
}

/// The same, presented.
pub fn veteran_presentation() -> String {
    let credential = jwt_vc::JwtVc::parse(&veteran()).unwrap().dangerous_assume_verified();
    let binding = jwt_vc::PresentationBinding {
        audience: AUDIENCE,
        nonce: NONCE,
        issued_at: NOW,
    };
    credential.whole().present(&binding, &world().holder).unwrap()
}

/// A revocation list under the name of this party, which may not sign one.
pub fn revocation_list(party: &Party) -> Vec<u8> {
    revoking(party, 3..4)
}

/// The same for the certificates of these serial numbers.
pub fn revoking(party: &Party, serials: std::ops::Range<u64>) -> Vec<u8> {
    let date = |seconds| rcgen::date_time_ymd(2026, 5, 31) + std::time::Duration::from_secs(seconds);
    let revoked = |serial| rcgen::RevokedCertParams {
        serial_number: rcgen::SerialNumber::from(serial),
        revocation_time: date(0),
        reason_code: Some(rcgen::RevocationReason::KeyCompromise),
        invalidity_date: None,
    };
    let list = rcgen::CertificateRevocationListParams {
        this_update: date(0),
        next_update: date(1_000_000),
        crl_number: rcgen::SerialNumber::from(1_u64),
        issuing_distribution_point: None,
        revoked_certs: serials.map(revoked).collect(),
        key_identifier_method: rcgen::KeyIdMethod::Sha256,
    };
    party.sign_revocation_list(list)
}
