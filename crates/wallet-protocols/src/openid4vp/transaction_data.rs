//! Transaction data: what the person agrees to beyond showing a document (OpenID4VP 1.0, 5.1, 8.4, B.2.1, B.3.3.1).
//!
//! Types are a closed list: an entry of any other type, or with any field its type does not have, fails the whole request. What a
//! type means is said in words on the floors above; here are its fields.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use url::Url;
use wallet_credentials::crypto::sha256;
use wallet_credentials::jose::base64url;
use wallet_credentials::sd_jwt_vc::TransactionDataHashes;

use crate::dcql::{DcqlQuery, RequestedType};
use crate::json;

/// The most entries of one request.
const MAX_ENTRIES: usize = 16;
/// The longest entry, in bytes of base64url.
const MAX_ENTRY: usize = 16 * 1024;
/// The longest text of a field, in characters: it is read by a person before they agree.
const MAX_TEXT: usize = 200;
/// The longest address, in bytes: it is shown whole.
const MAX_ADDRESS: usize = 300;

/// Why transaction data is refused; the answer to the service is `invalid_transaction_data`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransactionDataProblem {
    /// Not a non-empty array of base64url texts of JSON objects, or too large.
    #[error("malformed or too large")]
    Malformed,
    /// A `type` this wallet does not know.
    #[error("of an unknown type")]
    UnknownType,
    /// A field the type does not have, one it lacks, or one of another shape.
    #[error("not as its type demands")]
    Field,
    /// `credential_ids` is missing, or names a credential that is not asked for.
    #[error("about a credential that is not asked for")]
    CredentialIds,
    /// `transaction_data_hashes_alg` names no algorithm this wallet knows (B.3.3.1).
    #[error("with no hash algorithm this wallet knows")]
    HashAlgorithm,
    /// None of the credentials it names is shared, or none of them can carry it.
    #[error("no shared credential can carry it")]
    NoCredential,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// Text for people, one line.
    Text,
    /// A positive amount in decimal, two digits after the point at most: `12.50`.
    Amount,
    /// A currency (ISO 4217).
    Currency,
    /// The base64url SHA-256 of what is agreed to.
    Digest,
    /// An https address.
    Address,
}

/// A field of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name in the entry.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether an entry must have it.
    pub required: bool,
}

/// A type of transaction data this wallet knows.
#[derive(Debug, PartialEq, Eq)]
pub struct TransactionDataType {
    /// `type`. Also the name space of the device-signed element in an mdoc.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// The device-signed element that carries an entry in an mdoc; its value is the SHA-256 of the text received, a byte string
/// (B.2.1: the element is the type's to define).
pub const MDOC_ELEMENT: &str = "transaction_data_hash";

const fn required(name: &'static str, kind: FieldKind) -> Field {
    let required = true;
    Field { name, kind, required }
}

const fn optional(name: &'static str, kind: FieldKind) -> Field {
    let required = false;
    Field { name, kind, required }
}

/// Every type this wallet knows.
pub const TYPES: &[TransactionDataType] = &[
    TransactionDataType {
        name: "org.citizen-wallet.payment.1",
        fields: &[
            required("payee", FieldKind::Text),
            required("amount", FieldKind::Amount),
            required("currency", FieldKind::Currency),
            optional("reference", FieldKind::Text),
        ],
    },
    TransactionDataType {
        name: "org.citizen-wallet.agreement.1",
        fields: &[
            required("title", FieldKind::Text),
            required("document_sha256", FieldKind::Digest),
            optional("document_uri", FieldKind::Address),
        ],
    },
];

/// One entry, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionData {
    received: String,
    kind: &'static TransactionDataType,
    values: BTreeMap<&'static str, String>,
    credentials: Vec<usize>,
}

impl TransactionData {
    /// Its type.
    pub fn data_type(&self) -> &'static TransactionDataType {
        self.kind
    }

    /// The value of a field, as the service wrote it; it holds nothing that changes how it is drawn.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.get(field).map(String::as_str)
    }

    /// The text as received: what hashes are made over.
    pub fn received(&self) -> &str {
        &self.received
    }

    /// The credential queries it may be bound to, as positions in [`DcqlQuery::credentials`], in the order of the request.
    pub fn credentials(&self) -> &[usize] {
        &self.credentials
    }

    /// The value of the device-signed element [`MDOC_ELEMENT`] in the name space of the type.
    pub fn mdoc_hash(&self) -> [u8; 32] {
        sha256(self.received.as_bytes())
    }
}

/// Reads the parameter. All or nothing: one bad entry fails the request.
///
/// # Errors
/// [`TransactionDataProblem`].
pub fn read(value: &Value, query: &DcqlQuery) -> Result<Vec<TransactionData>, TransactionDataProblem> {
    let entries = value
        .as_array()
        .filter(|entries| (1..=MAX_ENTRIES).contains(&entries.len()))
        .ok_or(TransactionDataProblem::Malformed)?;
    entries.iter().map(|entry| read_one(entry, query)).collect()
}

fn read_one(entry: &Value, query: &DcqlQuery) -> Result<TransactionData, TransactionDataProblem> {
    let received = entry.as_str().filter(|text| text.len() <= MAX_ENTRY);
    let received = received.ok_or(TransactionDataProblem::Malformed)?;
    let decoded = base64url::decode(received).map_err(|_| TransactionDataProblem::Malformed)?;
    let Ok(Value::Object(mut members)) = json::parse(&decoded, MAX_ENTRY) else {
        return Err(TransactionDataProblem::Malformed);
    };
    let name = members.remove("type");
    let name = name
        .as_ref()
        .and_then(Value::as_str)
        .ok_or(TransactionDataProblem::Malformed)?;
    let kind = TYPES
        .iter()
        .find(|kind| kind.name == name)
        .ok_or(TransactionDataProblem::UnknownType)?;
    let credentials = credentials(members.remove("credential_ids").as_ref(), query)?;
    // The hash is made here too, so that a request that cannot be answered is refused before anybody is asked.
    TransactionDataHashes::of(&[received]).map_err(|_| TransactionDataProblem::HashAlgorithm)?;
    members.remove("transaction_data_hashes_alg");
    Ok(TransactionData {
        received: received.to_owned(),
        kind,
        values: values(kind, members)?,
        credentials,
    })
}

fn credentials(ids: Option<&Value>, query: &DcqlQuery) -> Result<Vec<usize>, TransactionDataProblem> {
    let problem = TransactionDataProblem::CredentialIds;
    let ids = ids
        .and_then(Value::as_array)
        .filter(|ids| !ids.is_empty())
        .ok_or(problem)?;
    let position = |id: &Value| {
        let asked = query.credentials();
        asked.iter().position(|one| Some(one.id.as_str()) == id.as_str())
    };
    ids.iter().map(position).collect::<Option<_>>().ok_or(problem)
}

fn values(
    kind: &TransactionDataType,
    mut members: Map<String, Value>,
) -> Result<BTreeMap<&'static str, String>, TransactionDataProblem> {
    let mut values = BTreeMap::new();
    for field in kind.fields {
        match members.remove(field.name) {
            Some(Value::String(text)) if fits(field.kind, &text) => _ = values.insert(field.name, text),
            None if !field.required => {}
            _ => return Err(TransactionDataProblem::Field),
        }
    }
    if members.is_empty() {
        Ok(values)
    } else {
        Err(TransactionDataProblem::Field)
    }
}

fn fits(kind: FieldKind, text: &str) -> bool {
    match kind {
        FieldKind::Text => {
            let length = text.chars().count();
            (1..=MAX_TEXT).contains(&length) && is_spaced_plainly(text) && !text.chars().any(changes_drawing)
        }
        FieldKind::Amount => is_amount(text),
        FieldKind::Currency => text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
        FieldKind::Digest => base64url::decode(text).is_ok_and(|digest| digest.len() == 32),
        FieldKind::Address => {
            let url = Url::parse(text).ok();
            text.len() <= MAX_ADDRESS && url.is_some_and(|url| url.scheme() == "https" && url.username().is_empty())
        }
    }
}

/// Words with one space between them: other white space is drawn in ways nobody can tell apart.
fn is_spaced_plainly(text: &str) -> bool {
    text.split(' ').all(|word| !word.is_empty()) && !text.chars().any(|c| c.is_whitespace() && c != ' ')
}

/// Characters that are not drawn, or change how others are. They cannot be cleaned away here as elsewhere: the text is hashed as
/// it came, and what is signed must be what was seen.
fn changes_drawing(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_amount(text: &str) -> bool {
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, cents) = text.split_once('.').unwrap_or((text, "00"));
    let leading_zero = whole.len() > 1 && whole.starts_with('0');
    digits(whole, 12) && !leading_zero && digits(cents, 2) && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
}

/// Which credential carries which entries: for each entry the first credential it names that is shared and can carry it, and
/// that one only (5.1).
///
/// `answered` are the credential queries that are answered. `authorised` says whether the document that answers a query lets its
/// device sign [`MDOC_ELEMENT`] in the name space of a type: `keyAuthorizations` of an mdoc (B.2.1). An SD-JWT VC can carry any
/// entry, an mdoc one of each type it authorises, a JWT VC none.
///
/// # Errors
/// [`TransactionDataProblem::NoCredential`].
pub fn assign<'d>(
    data: &'d [TransactionData],
    query: &DcqlQuery,
    answered: &[usize],
    authorised: impl Fn(usize, &TransactionDataType) -> bool,
) -> Result<BTreeMap<usize, Vec<&'d TransactionData>>, TransactionDataProblem> {
    let mut assigned: BTreeMap<usize, Vec<&TransactionData>> = BTreeMap::new();
    for entry in data {
        let carries = |position: usize| {
            let asked = query.credentials().get(position);
            let taken = || assigned.get(&position).into_iter().flatten();
            match asked.map(|asked| (&asked.requested, asked.require_holder_binding)) {
                Some((RequestedType::SdJwtVc(_), bound)) => bound,
                // Its element has one value.
                Some((RequestedType::Mdoc(_), _)) => {
                    authorised(position, entry.kind) && taken().all(|other| other.kind != entry.kind)
                }
                _ => false,
            }
        };
        let carrier = entry
            .credentials
            .iter()
            .copied()
            .find(|position| answered.contains(position) && carries(*position));
        assigned
            .entry(carrier.ok_or(TransactionDataProblem::NoCredential)?)
            .or_default()
            .push(entry);
    }
    Ok(assigned)
}

/// The digests for the key binding JWT of an SD-JWT VC (B.3.3.1).
///
/// # Errors
/// [`TransactionDataProblem::HashAlgorithm`] when the entries allow no algorithm in common.
pub fn hashes(entries: &[&TransactionData]) -> Result<TransactionDataHashes, TransactionDataProblem> {
    let received: Vec<&str> = entries.iter().map(|entry| entry.received.as_str()).collect();
    TransactionDataHashes::of(&received).map_err(|_| TransactionDataProblem::HashAlgorithm)
}
