//! did:web: keys an organisation publishes under its own domain (W3C CCG did:web method; W3C DID Core 1.0).
//!
//! Nothing is fetched here. [`DidWeb::url`] says where the document is, the caller fetches it, and
//! [`DidDocument::parse`] reads the bytes.

use serde_json::{Map, Value};
use url::{Host, Url};

use super::{did, json};
use crate::crypto::VerificationKey;

/// The longest DID that is read, in bytes.
const MAX_DID_BYTES: usize = 2048;

/// The longest DID document that is read, in bytes.
pub const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// The most verification methods of a document.
const MAX_METHODS: usize = 64;

/// Why a did:web or its document was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DidWebError {
    /// Not `did:web:` with a domain name, perhaps a port (`%3A`) and path segments (did:web, "Method-specific
    /// identifier"). IP addresses are not allowed.
    #[error("not a did:web")]
    Did,
    /// Larger than [`MAX_DOCUMENT_BYTES`], too many keys, or no JSON object of the right shape (DID Core, 4).
    #[error("the DID document is malformed")]
    Document,
    /// The document is about another DID (did:web, "Read").
    #[error("the DID document is about another DID")]
    Subject,
    /// The document has no usable key of this name.
    #[error("the DID document has no such key")]
    NoSuchKey,
    /// The document has the key, and does not list it for assertions (DID Core, 5.3.2).
    #[error("the key is not one the DID asserts with")]
    NotForAssertions,
}

/// A did:web without fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidWeb {
    did: String,
    url: Url,
    in_path: bool,
}

impl DidWeb {
    /// Reads a did:web; a fragment, which names a key, is left out.
    ///
    /// # Errors
    /// [`DidWebError::Did`].
    pub fn parse(did_url: &str) -> Result<Self, DidWebError> {
        let did = did_url.split('#').next().unwrap_or_default();
        let identifier = did.strip_prefix("did:web:").ok_or(DidWebError::Did)?;
        if did.len() > MAX_DID_BYTES {
            return Err(DidWebError::Did);
        }
        let mut segments = identifier.split(':');
        let authority = authority(segments.next().unwrap_or_default())?;
        let mut address = format!("https://{authority}");
        let mut in_path = false;
        for segment in segments {
            if !is_path_segment(segment) {
                return Err(DidWebError::Did);
            }
            in_path = true;
            address.push('/');
            address.push_str(segment);
        }
        if !in_path {
            address.push_str("/.well-known");
        }
        address.push_str("/did.json");
        let url = Url::parse(&address).map_err(|_| DidWebError::Did)?;
        // A domain that only looks like one, such as `127.1`, is an address to the URL standard.
        let by_name = matches!(url.host(), Some(Host::Domain(_)));
        let as_written = url.path().len() == address.len() - "https://".len() - authority.len();
        if !by_name || !as_written {
            return Err(DidWebError::Did);
        }
        Ok(Self {
            did: did.to_owned(),
            url,
            in_path,
        })
    }

    /// The DID.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.did
    }

    /// Where the DID document is, always with https: `/.well-known/did.json` of the domain, or `did.json` in the path of
    /// the DID (did:web, "Read").
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Whether who controls this DID controls `issuer`: the DID itself, or an https URL of the same host and port, at or
    /// below the path of the DID. On the host `localhost`, which never leaves the machine, http will do.
    ///
    /// An issuer that calls itself by URL and names its key by DID, as issuers of GOV.UK Wallet do, is believed only then.
    #[must_use]
    pub fn speaks_for(&self, issuer: &str) -> bool {
        if issuer.starts_with("did:") {
            return issuer == self.did;
        }
        let Ok(issuer) = Url::parse(issuer) else { return false };
        let local = issuer.scheme() == "http" && issuer.host_str() == Some("localhost");
        let same_place =
            issuer.host() == self.url.host() && issuer.port_or_known_default() == self.url.port_or_known_default();
        let nobody_else = issuer.username().is_empty() && issuer.password().is_none();
        let below = |mut path: std::str::Split<'_, char>| {
            let own = self.url.path_segments().into_iter().flatten();
            let own: Vec<_> = own.collect();
            // Without the last segment, `did.json`.
            let own = own.split_last().map_or(&[][..], |(_, own)| own);
            !self.in_path || own.iter().all(|segment| path.next() == Some(*segment))
        };
        (issuer.scheme() == "https" || local) && same_place && nobody_else && issuer.path_segments().is_some_and(below)
    }
}

/// The host and port of a did:web: letters, digits, `-` and `.`, then perhaps `%3A` and a port.
fn authority(text: &str) -> Result<String, DidWebError> {
    let (host, port) = match text.split_once('%') {
        None => (text, None),
        Some((host, rest)) => {
            let port = rest
                .strip_prefix("3A")
                .or_else(|| rest.strip_prefix("3a"))
                .ok_or(DidWebError::Did)?;
            let port: u16 = port
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| port.parse().ok())
                .flatten()
                .ok_or(DidWebError::Did)?;
            (host, Some(port))
        }
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    if host.is_empty() || !host.bytes().all(is_name) {
        return Err(DidWebError::Did);
    }
    Ok(port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Whether this is an `idchar` sequence of DID Core, 3.1, that stays where it is: not `.` or `..`, nor one encoded.
fn is_path_segment(segment: &str) -> bool {
    let mut rest = segment.bytes();
    let mut only_dots = true;
    while let Some(byte) = rest.next() {
        let meant = if byte == b'%' {
            let digits: Option<u32> = (|| {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                Some(high * 16 + low)
            })();
            match digits.and_then(|code| u8::try_from(code).ok()) {
                // An encoded slash or control character would mean one thing here and another to the server.
                Some(code) if code.is_ascii_control() || matches!(code, b'/' | b'\\') => return false,
                Some(code) => code,
                None => return false,
            }
        } else if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            byte
        } else {
            return false;
        };
        only_dots &= meant == b'.';
    }
    !segment.is_empty() && !only_dots
}

/// The keys of a DID document (DID Core, 5.2 and 5.3). Keys of kinds this wallet does not use are left out.
#[derive(Clone, Debug)]
pub struct DidDocument {
    keys: Vec<Method>,
    /// The names in `assertionMethod`.
    assertions: Vec<String>,
}

#[derive(Clone, Debug)]
struct Method {
    id: String,
    key: VerificationKey,
}

impl DidDocument {
    /// Reads the document fetched for `did`. It need not be served as JSON-LD; names of keys must be absolute, as did:web
    /// demands.
    ///
    /// # Errors
    /// [`DidWebError::Document`] and [`DidWebError::Subject`].
    pub fn parse(document: &[u8], did: &DidWeb) -> Result<Self, DidWebError> {
        if document.len() > MAX_DOCUMENT_BYTES {
            return Err(DidWebError::Document);
        }
        let document = json::parse_object(document).map_err(|_| DidWebError::Document)?;
        let subject = document.get("id").and_then(Value::as_str);
        if subject.ok_or(DidWebError::Document)? != did.as_str() {
            return Err(DidWebError::Subject);
        }
        let list = |name: &str| match document.get(name) {
            None => Ok(&[][..]),
            Some(Value::Array(entries)) if entries.len() <= MAX_METHODS => Ok(entries.as_slice()),
            Some(_) => Err(DidWebError::Document),
        };
        let mut found = Self {
            keys: list("verificationMethod")?
                .iter()
                .filter_map(|entry| method(entry.as_object()?, did))
                .collect(),
            assertions: Vec::new(),
        };
        for entry in list("assertionMethod")? {
            match entry {
                Value::String(id) => found.assertions.push(id.clone()),
                // A key may also stand where it is used (DID Core, 5.3).
                Value::Object(entry) => {
                    if let Some(method) = method(entry, did) {
                        found.assertions.push(method.id.clone());
                        found.keys.push(method);
                    }
                }
                _ => return Err(DidWebError::Document),
            }
        }
        // Two keys of one name: nobody could say which is meant.
        let repeated = |at: usize, method: &Method| found.keys.iter().take(at).any(|other| other.id == method.id);
        if found.keys.iter().enumerate().any(|(at, method)| repeated(at, method)) {
            return Err(DidWebError::Document);
        }
        Ok(found)
    }

    /// The key of this name, a DID URL with fragment, whatever it is for: a request for presentations is verified with any key of
    /// `verificationMethod` (OpenID4VP 1.0, 5.9.3).
    ///
    /// # Errors
    /// [`DidWebError::NoSuchKey`].
    pub fn verification_key(&self, kid: &str) -> Result<&VerificationKey, DidWebError> {
        let method = self.keys.iter().find(|method| method.id == kid);
        method.map(|method| &method.key).ok_or(DidWebError::NoSuchKey)
    }

    /// The key that signs credentials under this name, a DID URL with fragment. Without a name the one key for assertions,
    /// if it is the only one.
    ///
    /// # Errors
    /// [`DidWebError::NoSuchKey`] and [`DidWebError::NotForAssertions`].
    pub fn assertion_key(&self, kid: Option<&str>) -> Result<&VerificationKey, DidWebError> {
        let named = match (kid, self.assertions.as_slice()) {
            (Some(kid), _) => kid,
            (None, [only]) => only,
            (None, _) => return Err(DidWebError::NoSuchKey),
        };
        let method = self
            .keys
            .iter()
            .find(|method| method.id == named)
            .ok_or(DidWebError::NoSuchKey)?;
        if !self.assertions.contains(&method.id) {
            return Err(DidWebError::NotForAssertions);
        }
        Ok(&method.key)
    }
}

/// A verification method of the DID itself with a key this wallet can use.
fn method(entry: &Map<String, Value>, did: &DidWeb) -> Option<Method> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let id = text("id")?;
    let own = id
        .split_once('#')
        .is_some_and(|(own, fragment)| own == did.as_str() && !fragment.is_empty());
    if !own || text("controller")? != did.as_str() {
        return None;
    }
    let key = match (entry.get("publicKeyJwk"), text("publicKeyMultibase")) {
        (Some(jwk), None) => VerificationKey::from_jwk(jwk).ok()?,
        (None, Some(name)) => did::from_multibase(name).ok()?,
        _ => return None,
    };
    Some(Method { id: id.to_owned(), key })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::crypto::{Signer, SigningKey};

    fn web(text: &str) -> DidWeb {
        DidWeb::parse(text).unwrap()
    }

    #[test]
    fn a_did_web_says_where_its_document_is() {
        for (did, url) in [
            // The examples of the method.
            (
                "did:web:w3c-ccg.github.io",
                "https://w3c-ccg.github.io/.well-known/did.json",
            ),
            (
                "did:web:w3c-ccg.github.io:user:alice",
                "https://w3c-ccg.github.io/user/alice/did.json",
            ),
            (
                "did:web:example.com%3A3000:user:alice",
                "https://example.com:3000/user/alice/did.json",
            ),
            (
                "did:web:example.com%3a3000",
                "https://example.com:3000/.well-known/did.json",
            ),
            // The default port is not written in a URL; a path may hold encoded characters.
            ("did:web:example.com%3A443:a%20b", "https://example.com/a%20b/did.json"),
            (
                "did:web:localhost%3A8930#key-1",
                "https://localhost:8930/.well-known/did.json",
            ),
        ] {
            assert_eq!(web(did).url().as_str(), url, "{did}");
        }
        for refused in [
            "did:web:",
            "did:web::a",
            "did:web:a::b",
            "did:web:a:",
            "did:key:zDn",
            "DID:web:a",
            "did:web:127.0.0.1",
            "did:web:127.1",
            "did:web:0x7f000001",
            "did:web:%5B::1%5D",
            "did:web:a%40b",
            "did:web:a%3A",
            "did:web:a%3A99999",
            "did:web:a%3A+80",
            "did:web:a/b",
            "did:web:a?b",
            "did:web:user@a",
            "did:web:a:..:b",
            "did:web:a:%2e%2E:b",
            "did:web:a:b%2Fc",
            "did:web:a:b%5cc",
            "did:web:a:%00",
            "did:web:a:%4",
            "did:web:a:%zz",
            "did:web:a:b c",
            "did:web:é.org",
        ] {
            assert_eq!(DidWeb::parse(refused), Err(DidWebError::Did), "{refused}");
        }
        assert!(DidWeb::parse(&format!("did:web:{}", "a".repeat(MAX_DID_BYTES))).is_err());
    }

    #[test]
    fn a_domain_speaks_for_its_own_issuers_only() {
        let host = web("did:web:issuer.example");
        for issuer in [
            "did:web:issuer.example",
            "https://issuer.example",
            "https://issuer.example/veterans",
        ] {
            assert!(host.speaks_for(issuer), "{issuer}");
        }
        for issuer in [
            "did:web:issuer.example:a",
            "https://other.example",
            "https://issuer.example:8443",
            "https://issuer.example.evil.example",
            "http://issuer.example",
            "https://issuer.example@evil.example/",
            "https://user@issuer.example/",
            "issuer.example",
            "",
        ] {
            assert!(!host.speaks_for(issuer), "{issuer}");
        }
        let tenant = web("did:web:issuer.example:tenant:one");
        assert!(tenant.speaks_for("https://issuer.example/tenant/one"));
        assert!(tenant.speaks_for("https://issuer.example/tenant/one/cards"));
        for issuer in [
            "https://issuer.example",
            "https://issuer.example/tenant",
            "https://issuer.example/tenant/two",
            "https://issuer.example/tenant/one-more",
            "https://issuer.example/tenant/one/../two",
        ] {
            assert!(!tenant.speaks_for(issuer), "{issuer}");
        }
        let practice = web("did:web:localhost%3A8930");
        assert!(practice.speaks_for("http://localhost:8930"));
        assert!(!practice.speaks_for("http://localhost:8931"));
        assert!(!practice.speaks_for("http://localhost"));
    }

    fn key(seed: u8) -> VerificationKey {
        SigningKey::from_bytes(&[seed; 32]).unwrap().public_key().into()
    }

    fn jwk(seed: u8) -> Value {
        SigningKey::from_bytes(&[seed; 32]).unwrap().public_key().to_jwk()
    }

    fn document() -> Value {
        let entry = |name: &str, seed: u8| {
            json!({"id": format!("did:web:issuer.example#{name}"), "type": "JsonWebKey2020",
                "controller": "did:web:issuer.example", "publicKeyJwk": jwk(seed)})
        };
        let mut stranger = entry("stranger", 5);
        stranger["controller"] = "did:web:other.example".into();
        json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
            "id": "did:web:issuer.example",
            "verificationMethod": [
                entry("signs", 1),
                entry("only-authenticates", 2),
                stranger,
                {"id": "did:web:issuer.example#rsa", "type": "JsonWebKey2020", "controller": "did:web:issuer.example",
                 "publicKeyJwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
            ],
            "assertionMethod": ["did:web:issuer.example#signs", "did:web:issuer.example#stranger", entry("embedded", 3),
                {"id": "did:web:issuer.example#multikey", "type": "Multikey", "controller": "did:web:issuer.example",
                 "publicKeyMultibase": "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"}],
        })
    }

    fn read(document: &Value) -> Result<DidDocument, DidWebError> {
        DidDocument::parse(document.to_string().as_bytes(), &web("did:web:issuer.example"))
    }

    #[test]
    fn the_key_of_that_name_is_chosen_if_it_may_assert() {
        let document = read(&document()).unwrap();
        let named = |name: &str| {
            document
                .assertion_key(Some(&format!("did:web:issuer.example#{name}")))
                .cloned()
        };
        assert_eq!(named("signs"), Ok(key(1)));
        assert_eq!(named("embedded"), Ok(key(3)));
        assert!(named("multikey").is_ok());
        assert_eq!(named("only-authenticates"), Err(DidWebError::NotForAssertions));
        for absent in ["stranger", "rsa", "signs2", ""] {
            assert_eq!(named(absent), Err(DidWebError::NoSuchKey), "{absent}");
        }
        // Several keys, and none named.
        assert_eq!(document.assertion_key(None), Err(DidWebError::NoSuchKey));
    }

    #[test]
    fn an_only_key_needs_no_name() {
        let mut one = document();
        one["assertionMethod"] = json!(["did:web:issuer.example#signs"]);
        assert_eq!(read(&one).unwrap().assertion_key(None), Ok(&key(1)));
    }

    #[test]
    fn other_documents_are_refused() {
        let refused = |change: &dyn Fn(&mut Value)| {
            let mut changed = document();
            change(&mut changed);
            read(&changed).err()
        };
        assert_eq!(
            refused(&|d| d["id"] = "did:web:other.example".into()),
            Some(DidWebError::Subject)
        );
        assert_eq!(refused(&|d| d["id"] = json!(1)), Some(DidWebError::Document));
        assert_eq!(
            refused(&|d| d["verificationMethod"] = json!({})),
            Some(DidWebError::Document)
        );
        assert_eq!(
            refused(&|d| d["assertionMethod"] = json!([1])),
            Some(DidWebError::Document)
        );
        let twice = |d: &mut Value| {
            let first = d["verificationMethod"][0].clone();
            d["verificationMethod"][1] = first;
        };
        assert_eq!(refused(&twice), Some(DidWebError::Document));
        let many =
            |d: &mut Value| d["assertionMethod"] = vec![json!("did:web:issuer.example#signs"); MAX_METHODS + 1].into();
        assert_eq!(refused(&many), Some(DidWebError::Document));
        let did = web("did:web:issuer.example");
        for text in [
            &b"[]"[..],
            b"",
            br#"{"id":"did:web:issuer.example","id":"did:web:issuer.example"}"#,
        ] {
            assert_eq!(DidDocument::parse(text, &did).err(), Some(DidWebError::Document));
        }
        let long = format!("{}{}", document(), " ".repeat(MAX_DOCUMENT_BYTES));
        assert_eq!(
            DidDocument::parse(long.as_bytes(), &did).err(),
            Some(DidWebError::Document)
        );
        // A private key by mistake: that key is not used.
        let leaked = |d: &mut Value| d["verificationMethod"][0]["publicKeyJwk"]["d"] = "AAAA".into();
        let mut changed = document();
        leaked(&mut changed);
        let named = read(&changed)
            .unwrap()
            .assertion_key(Some("did:web:issuer.example#signs"))
            .cloned();
        assert_eq!(named, Err(DidWebError::NoSuchKey));
    }
}
